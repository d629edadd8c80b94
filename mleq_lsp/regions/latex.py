"""The regions of a LaTeX document, block by block."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from mleq_lsp.regions.authored import NOTHING, Authored
from mleq_lsp.regions.definitions import learned
from mleq_lsp.regions.latex_names import ALIGNMENTS, DISPLAY, INNER, VERBATIM
from mleq_lsp.regions.latex_steps import STEPS, newline
from mleq_lsp.regions.latex_walk import Mark, Part, Walk
from mleq_lsp.regions.model import Block, Kind, Region, Regions, State
from mleq_lsp.text import Span

__all__ = [
    "ALIGNMENTS",
    "DISPLAY",
    "INNER",
    "NOTHING",
    "Authored",
    "authored_at_end",
    "authored_in",
    "latex_begins",
    "latex_block",
    "math_regions",
]

ENOUGH = 400  # characters after which a block ends with its line: longer ones cost more in each edit, short ones in all
NEARBY = 4000  # characters that are searched for what makes a comment or verbatim of a command


class Stage(Enum):
    """How far a document has come."""

    PREAMBLE = auto()
    BODY = auto()  # also all of a file that is read into another
    AFTER = auto()  # what TeX does not read


@dataclass(frozen=True, slots=True)
class Known:
    """What is known at the end of a block."""

    stage: Stage
    authored: Authored


def latex_begins(text: str, authored: Authored = NOTHING) -> State:
    """What the scan of a text begins with: a document has a preamble, a chapter in a file of its own has none."""
    has_preamble = stands(r"\begin{document}", text) or stands(r"\documentclass", text)
    return Known(Stage.PREAMBLE if has_preamble else Stage.BODY, authored)


def latex_block(text: str, at: int, state: State) -> Block:
    """The block at an offset of a LaTeX document."""
    assert isinstance(state, Known)
    if state.stage is Stage.AFTER:
        rest = Span(0, len(text) - at)
        return Block(rest.end, rest.end + 1, (Region(Kind.COMMENT, rest, rest),), state)
    walk = BlockWalk(text, at, state)
    walk.run(BLOCK_STEPS)
    return walk.block()


def math_regions(text: str, span: Span) -> list[Region]:
    """The regions inside the body of a formula that was found by other means."""
    walk = Walk(text, span.start, span.end, base=Kind.DISPLAY_MATH)
    walk.run(STEPS)
    return [region.moved(span.start) for region in walk.frames.found(span.end)]


def authored_in(text: str, known: Authored = NOTHING) -> Authored:
    """What is known after the definitions in a file that a document reads."""
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    at = 0
    while at < len(text):
        block = latex_block(text, at, Known(Stage.BODY, known))
        assert isinstance(block.leaves, Known)
        at, known = at + block.length, block.leaves.authored
    return known


def authored_at_end(found: Regions) -> Authored:
    """What is known at the end of a document that was scanned; Markdown defines nothing."""
    leaves = found.blocks[-1].leaves if found.blocks else found.first
    return leaves.authored if isinstance(leaves, Known) else NOTHING


def stands(command: str, text: str) -> bool:
    """Whether a command stands in a text, comments and verbatim aside."""
    at = text.find(command)
    while at != -1 and is_left_out(text[max(0, at - NEARBY) : at]):
        at = text.find(command, at + 1)
    return at != -1


def is_left_out(before: str) -> bool:
    """Whether what stands before a command makes it part of a comment, or of verbatim that has not ended."""
    line = before[before.rfind("\n") + 1 :].replace(r"\\", "").replace(r"\%", "")
    return "%" in line or any(before.rfind(f"\\begin{{{name}") > before.rfind(f"\\end{{{name}") for name in VERBATIM)


class BlockWalk(Walk):
    """A walk over one block of a document, which takes note of what the document defines."""

    def __init__(self, text: str, start: int, state: Known) -> None:
        super().__init__(text, start, len(text), state.authored)
        self._begins = state
        self._leaves = state.stage

    def define(self, command: str, parts: Sequence[Part]) -> None:
        self.authored = learned(self.authored, command, parts)

    def document_begins(self) -> None:
        if self._begins.stage is Stage.PREAMBLE:
            self._leaves, self.is_over = Stage.BODY, True

    def ends_nothing(self, closer: str) -> None:
        if closer == r"\end{document}":
            self._leaves, self.is_over = Stage.AFTER, True

    def block(self) -> Block:
        """The block that was walked over."""
        end = self.at if self.is_over else self.end
        if not self.is_over:
            self.saw(end + 1)
        regions = self.frames.found(end)
        length = end - self.start
        if self._begins.stage is Stage.PREAMBLE:
            # After `\begin{document}` the cursor is in the text.
            body = Span(0, length - (self._leaves is Stage.BODY))
            regions.insert(0, Region(Kind.PREAMBLE, Span(0, length), body))
        sees = min(max(self.seen, end), self.end + 1) - self.start
        known = Known(self._leaves, self.authored)
        return Block(length, sees, tuple(regions), self._begins if known == self._begins else known)


def line_of_block(walk: Walk, mark: Mark) -> None:
    """A block ends with a line, if it is long enough and nothing is open."""
    newline(walk, mark)
    walk.is_over = walk.frames.nothing_open and walk.at - walk.start >= ENOUGH


BLOCK_STEPS = {**STEPS, "\n": line_of_block}
