"""What is open at a place of a LaTeX text, and the regions that were found before it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from mleq_lsp.regions.model import MATH, Kind, Region
from mleq_lsp.text import Span

NONE = -1  # an offset that is not known


@dataclass(slots=True)
class Frame:
    """A region that is open."""

    kind: Kind | None  # None is the text that everything else stands in
    name: str
    closer: str  # what ends it: "$", "}", "\\end{align}"
    start: int
    body: int
    number: int = 0  # of the region among those found
    depth: int = 0  # braces that are open in it
    until: int = NONE  # where it is known to end, once that was looked for
    rest: str = ""  # arguments that follow the one that it is, in the letters of `Meaning.takes`


class Frames:
    """The stack of what is open; regions get their numbers when they open, so that outer ones come first."""

    def __init__(self, origin: int, base: Kind | None = None) -> None:
        self._origin = origin  # what offsets in regions count from
        self._found: list[Region | None] = []
        self._closers: Counter[str] = Counter()
        self._sheltered: list[int] = []  # where in the stack those are whose end is known
        self.stack = [Frame(base, "", "", origin, origin)]
        self.groups = 0  # braces that are open in all frames
        self.inline = 0  # frames that are inline math

    @property
    def top(self) -> Frame:
        return self.stack[-1]

    @property
    def nothing_open(self) -> bool:
        return len(self.stack) == 1

    @property
    def in_math(self) -> bool:
        return self.stack[-1].kind in MATH

    def reserve(self) -> int:
        """The number of a region that may begin here, before others that would lie in it are found."""
        self._found.append(None)
        return len(self._found) - 1

    def open(self, kind: Kind, name: str, closer: str, start: int, body: int, number: int = NONE) -> Frame:
        frame = Frame(kind, name, closer, start, body, self.reserve() if number == NONE else number)
        self.stack.append(frame)
        self._closers[closer] += 1
        self.groups += closer == "}"
        self.inline += kind is Kind.INLINE_MATH
        return frame

    def close(self, body_end: int, end: int) -> None:
        """Ends the region on top."""
        frame = self.stack.pop()
        self._closers[frame.closer] -= 1
        self.groups -= frame.depth + (frame.closer == "}")
        self.inline -= frame.kind is Kind.INLINE_MATH
        assert frame.kind is not None
        self._found[frame.number] = self._region(frame.kind, frame.start, end, frame.body, body_end, frame.name)

    def add(
        self, kind: Kind, start: int, end: int, body: int, body_end: int, name: str = "", number: int = NONE
    ) -> None:
        """A region that is found at once."""
        number = self.reserve() if number == NONE else number
        self._found[number] = self._region(kind, start, end, body, body_end, name)

    def _region(self, kind: Kind, start: int, end: int, body: int, body_end: int, name: str) -> Region:
        origin = self._origin
        body -= origin
        return Region(kind, Span(start - origin, end - origin), Span(body, max(body, body_end - origin)), name)

    def found(self, at: int) -> list[Region]:
        """All regions, with those that are yet open ended here."""
        while not self.nothing_open:
            self.close(at, at)
        return [region for region in self._found if region is not None]

    def unwind(self, closer: str, at: int) -> bool:
        """Brings the frame to the top that something ends; those that were open in it had no end."""
        if not self._closers[closer]:
            return False
        while self.top.closer != closer:
            self.close(at, at)
        return True

    def ends_at(self, number: int, until: int) -> None:
        """The end of the frame with this number in the stack was found further on."""
        self.stack[number].until = until
        self._sheltered.append(number)

    def sheltered(self, at: int) -> int:
        """The number in the stack of the inmost frame that is known to end later; 0 if there is none."""
        known = self._sheltered
        while known and (known[-1] >= len(self.stack) or self.stack[known[-1]].until < at):
            known.pop()
        return known[-1] if known else 0

    def recover(self, at: int) -> None:
        """Ends what has no end in sight: that was not typed yet."""
        keep = self.sheltered(at) + 1
        while len(self.stack) > keep:
            self.close(at, at)

    def forget_groups(self) -> None:
        """Braces that are open in the text itself are of no importance any more."""
        self.groups -= self.stack[0].depth
        self.stack[0].depth = 0

    def brace_opens(self) -> None:
        self.top.depth += 1
        self.groups += 1

    def brace_closes(self, at: int) -> bool:
        """Whether the frame on top ends with this brace; formulas that were open in the group had no end."""
        if not self.groups:
            return False
        while not self.top.depth and self.top.closer != "}":
            self.close(at, at)
        if not self.top.depth:
            return True
        self.top.depth -= 1
        self.groups -= 1
        return False
