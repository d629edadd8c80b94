"""Regions: the places of a document that differ in what may be written there."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from itertools import chain

from mleq_lsp.text import Span


class Language(Enum):
    """The kinds of document: Quarto is Markdown with numbered displays."""

    LATEX = auto()
    MARKDOWN = auto()
    QUARTO = auto()


class Kind(Enum):
    """What kind of place a region is."""

    INLINE_MATH = auto()
    DISPLAY_MATH = auto()
    WORDS = auto()  # `\text{...}` inside math
    ARGUMENT = auto()  # of `\label`, `\cite`, `\begin`...; the target of a link, an address
    DEFINITION = auto()  # `\newcommand...` with all its arguments
    COMMENT = auto()
    VERBATIM = auto()
    HTML = auto()
    PREAMBLE = auto()
    FRONT_MATTER = auto()


MATH = frozenset((Kind.INLINE_MATH, Kind.DISPLAY_MATH))
# Where the writer is never disturbed.
SILENT = frozenset(Kind) - MATH


@dataclass(frozen=True, slots=True)
class Region:
    """A place of one kind: `span` with its delimiters, `body` without them."""

    kind: Kind
    span: Span
    body: Span
    name: str = ""  # what opened it: "$", "\\[", an environment such as "align*", a fence's language

    def moved(self, by: int) -> Region:
        """The same region `by` characters further on."""
        span, body = self.span, self.body
        return Region(self.kind, Span(span.start + by, span.end + by), Span(body.start + by, body.end + by), self.name)


State = Hashable


@dataclass(frozen=True)
class Block:
    """A stretch of a document that was scanned by itself."""

    length: int  # in characters, at least one
    # How many characters from its start on decided what it is: more than `length` where an end was looked for further
    # on, and one more than there are where the end of the text was met.
    sees: int
    regions: tuple[Region, ...]  # offsets from the block's start, outer ones before those inside
    leaves: State  # what the scan knows at its end, and the next block begins with

    @cached_property
    def kinds(self) -> frozenset[Kind]:
        """The kinds of its regions."""
        return frozenset(region.kind for region in self.regions)

    @cached_property
    def formulas(self) -> tuple[Region, ...]:
        """Its formulas that are in no other."""
        found: list[Region] = []
        for region in self.regions:
            if region.kind in MATH and (not found or region.span.start >= found[-1].span.end):
                found.append(region)
        return tuple(found)

    @cached_property
    def displays(self) -> tuple[str, ...]:
        """The names of its displays."""
        return tuple(region.name for region in self.formulas if region.kind is Kind.DISPLAY_MATH)


class Regions:
    """The regions of one text, block by block; what is in none is prose."""

    def __init__(self, text: str, first: State, blocks: Sequence[Block], starts: Sequence[int]) -> None:
        self.text = text
        self.first = first  # the state that the first block began with
        self.blocks = blocks
        self.starts = starts

    def __iter__(self) -> Iterator[Region]:
        """All regions in order, outer ones before those inside."""
        for number in range(len(self.blocks)):
            yield from self.block(number)

    def block(self, number: int) -> Iterator[Region]:
        """The regions of one block."""
        start = self.starts[number]
        return (region.moved(start) for region in self.blocks[number].regions)

    def around(self, offset: int) -> Iterator[Region]:
        """The regions of the block that an offset is in, and of the one before it at a block's very start."""
        number = bisect_right(self.starts, offset) - 1
        if number > 0 and self.starts[number] == offset:
            yield from self.block(number - 1)
        if number >= 0:
            yield from self.block(number)

    def at(self, offset: int) -> Region | None:
        """The region a cursor at `offset` writes in; None is prose.

        An edge belongs to the body, a delimiter does not.
        """
        return innermost(self.around(offset), offset)

    def is_silent(self, offset: int) -> bool:
        """Whether the writer is not to be disturbed at an offset: formulas of the preamble are nobody's business."""
        region = self.at(offset)
        if region is not None and region.kind in SILENT:
            return True
        return any(one.kind is Kind.PREAMBLE and one.body.touches(offset) for one in self.around(offset))

    def math_at(self, offset: int) -> Region | None:
        """The outermost math that the character at `offset` belongs to, delimiters included."""
        return next((one for one in self.around(offset) if one.kind in MATH and one.span.holds(offset)), None)

    def inside(self, region: Region) -> list[Region]:
        """The regions inside another one, itself excluded."""
        return [
            one
            for one in self.around(region.span.start)
            if one != region and region.span.start <= one.span.start and one.span.end <= region.span.end
        ]

    def formulas(self, within: Span) -> Iterator[str]:
        """What the formulas say in the blocks that a span touches, those inside others left out."""
        first = max(bisect_right(self.starts, within.start) - 1, 0)
        for number in range(first, bisect_right(self.starts, within.end)):
            start = self.starts[number]
            for region in self.blocks[number].formulas:
                yield self.text[start + region.body.start : start + region.body.end]

    def outermost(self, within: Span) -> Iterator[Region]:
        """The formulas that begin in a span, those inside others left out."""
        first = max(bisect_right(self.starts, within.start) - 1, 0)
        for number in range(first, bisect_right(self.starts, within.end)):
            moved = (region.moved(self.starts[number]) for region in self.blocks[number].formulas)
            yield from (region for region in moved if within.holds(region.span.start))

    @cached_property
    def displays(self) -> Counter[str]:
        """How often there is a display of each name."""
        return Counter(chain.from_iterable(block.displays for block in self.blocks))

    def of_kind(self, kind: Kind) -> Iterator[Region]:
        """The regions of one kind."""
        for number, block in enumerate(self.blocks):
            if kind in block.kinds:
                yield from (region for region in self.block(number) if region.kind is kind)


def innermost(regions: Iterable[Region], offset: int) -> Region | None:
    found = None
    for region in regions:
        if region.body.touches(offset) and (found is None or region.span.start >= found.span.start):
            found = region
    return found
