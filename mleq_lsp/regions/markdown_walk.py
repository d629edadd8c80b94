"""A walk over the text of a paragraph, from one sign that may begin something to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from mleq_lsp.regions.latex import math_regions
from mleq_lsp.regions.markdown_stretch import REACH, Stretch, first
from mleq_lsp.regions.model import MATH, Kind, Region
from mleq_lsp.text import Span

TICKS = re.compile(r"(?P<ticks>`+)")
# A number that R Markdown or Quarto puts into the text, also in the middle of a formula.
COMPUTED = re.compile(r"`(?:r +[A-Za-z.(]|\{\w+\} )[^`\n]*`")
# What may stand on the line of a formula without being text beside it.
NOTHING_BEFORE = re.compile(r"(?:<[^<>\n]*>|\s)*$")
NOTHING_AFTER = re.compile(r"[.,;:。，；]?(?:[ \t]|<[^<>\n]*>|\([^()\s]+\)|\{[^{}\n]*\})*$", re.MULTILINE)


class Walk:
    """One walk over a stretch, which grows as far as somebody has to look.

    A step is for the sign that something begins with; it adds what it finds and answers where to go on.
    """

    def __init__(self, stretch: Stretch, steps: Steps) -> None:
        self._stretch = stretch
        self._steps = steps
        self._sign = any_of("".join(steps))
        self._one_line = False
        self.end = len(stretch.view)
        self.found: list[Region] = []

    @property
    def view(self) -> str:
        return self._stretch.view

    def regions(self) -> list[Region]:
        """The regions of the stretch, and of as many lines more as it takes."""
        at = 0
        while True:
            at = self._to_end(at)
            if self._is_one_display():
                self._stretch.end_paragraph()
            if self._stretch.at_seam() or not self._grow(1):
                return self.found

    def part(self, span: Span) -> None:
        """Finds the regions of a heading or of a table's cell, which are of one line."""
        self._one_line = True
        self.end = span.end
        self._to_end(span.start)

    def _to_end(self, at: int) -> int:
        while sign := self._sign.search(self.view, at, self.end):
            at = self._steps[sign.group()](self, sign.start())
        return max(at, self.end)

    def _is_one_display(self) -> bool:
        """Whether the stretch is a display from its first line to its last: then it is a block like a fence."""
        if not self.found or self.found[0].kind is not Kind.DISPLAY_MATH or not self._stretch.begins_paragraph:
            return False
        span = self.found[0].span
        return not self.view[: span.start].strip() and self.view.find("\n", span.end) in (-1, len(self.view) - 1)

    def _grow(self, lines: int) -> bool:
        if self._one_line or not self._stretch.grow(lines):
            return False
        self.end = len(self.view)
        return True

    # Looking around

    def find(self, mark: re.Pattern[str], at: int) -> re.Match[str] | None:
        """The first match with a name in this paragraph."""
        lines = 2
        while True:
            found = first(mark, self.view, at, self.end)
            if found is not None or lines > REACH or not self._grow(lines):
                return found
            lines *= 2

    def close(self, mark: re.Pattern[str], at: int) -> Span | None:
        """Where `mark` closes what is open at `at`, in this paragraph."""
        found = self.find(mark, at)
        return Span(*found.span()) if found and found.lastgroup == "close" else None

    def close_below(self, mark: re.Pattern[str], at: int, *, formula: bool) -> Span | None:
        """Where `mark` closes what is open at `at`, also over blank lines."""
        if self._one_line:
            return self.close(mark, at)
        close = self._stretch.reach(mark, at, formula=formula)
        self.end = len(self.view)
        return close

    def close_ticks(self, ticks: re.Match[str]) -> Span | None:
        """The next run of as many ticks, in this paragraph."""
        run, at = ticks.group("ticks"), ticks.end()
        while found := self.find(TICKS, at):
            if found.group() == run:
                return Span(*found.span())
            at = found.end()
        return None

    def rest(self) -> Span:
        """The end of the paragraph, in place of the close of what was never closed."""
        self._grow(REACH)
        end = self.end - self.view.endswith("\n", 0, self.end)
        return Span(end, end)

    def is_beside_text(self, span: Span) -> bool:
        """Whether something of one line has text of its paragraph on that line."""
        if "\n" in span.of(self.view):
            return False
        after = NOTHING_AFTER.match(self.view, span.end, self.end)
        return self._one_line or not after or not NOTHING_BEFORE.match(self._before(span.start))

    def is_within_line(self, at: int, body: int) -> bool:
        """Whether something that begins at `at` has text both before it and in its body's first line."""
        end = self.view.find("\n", body, self.end)
        return bool(self._before(at).strip() and self.view[body : self.end if end == -1 else end].strip())

    def _before(self, at: int) -> str:
        """What stands before `at` on its line, or as much of it as matters."""
        return self.view[max(0, at - 200) : at].rpartition("\n")[2]

    # Finding something

    def add(self, kind: Kind, span: Span, body: Span, name: str = "") -> int:
        """Adds a region, and what is inside if that is a formula; the walk goes on after it."""
        self.found.append(Region(kind, span, body, name))
        if kind in MATH:
            inside = math_regions(self.view, body)
            for code in COMPUTED.finditer(self.view, body.start, body.end):
                inside.append(Region(Kind.VERBATIM, Span(*code.span()), Span(code.start() + 1, code.end() - 1), "`"))
            self.found += sorted(inside, key=lambda region: (region.span.start, -region.span.end))
        return span.end

    def add_closed(self, kind: Kind, at: int, body: int, close: Span, name: str = "") -> int:
        """Adds a region that begins at `at` and ends with its close."""
        return self.add(kind, Span(at, close.end), Span(body, close.start), name)

    def add_match(self, kind: Kind, found: re.Match[str], group: int = 0) -> int:
        """Adds a match, or a group of it, as a region without delimiters."""
        span = Span(*found.span(group))
        self.add(kind, span, span)
        return found.end()


Step = Callable[[Walk, int], int]
Steps = Mapping[str, Step]


@lru_cache(maxsize=8)
def any_of(signs: str) -> re.Pattern[str]:
    return re.compile(f"[{re.escape(signs)}]")
