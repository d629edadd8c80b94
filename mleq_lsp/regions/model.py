"""Regions: the places of a document that differ in what may be written there."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum, auto

from mleq_lsp.text import Span


class Language(Enum):
    """The two kinds of document."""

    LATEX = auto()
    MARKDOWN = auto()


class Kind(Enum):
    """What kind of place a region is."""

    INLINE_MATH = auto()
    DISPLAY_MATH = auto()
    WORDS = auto()  # `\text{...}` inside math
    ARGUMENT = auto()  # of `\label`, `\cite`, `\begin`, `\newcommand`...
    COMMENT = auto()
    VERBATIM = auto()
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


def innermost(regions: Iterable[Region], offset: int) -> Region | None:
    """The region a cursor at `offset` writes in; None is prose. An edge belongs to the body, a delimiter does not."""
    found = None
    for region in regions:
        if region.span.start > offset:
            break
        if region.body.touches(offset) and (found is None or region.span.start >= found.span.start):
            found = region
    return found


def math_at(regions: Iterable[Region], offset: int) -> Region | None:
    """The outermost math that the character at `offset` belongs to, delimiters included."""
    for region in regions:
        if region.kind in MATH and region.span.holds(offset):
            return region
        if region.span.start > offset:
            break
    return None
