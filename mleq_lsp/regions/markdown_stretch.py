"""The text of a paragraph, without its containers' signs, taken in line by line as far as somebody has to look."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zlib import crc32

from mleq_lsp.regions.markdown_lines import Line, Open, begins, entered, is_table, masked, matched, opened
from mleq_lsp.text import Span

REACH = 64  # lines that the end of something is looked for in
LONG = 4000  # characters after which a block ends without a seam
# What plainly begins something else after a blank line, if a formula is still open there.
WORD = r"[^\W\d_]{2,}[,;:]?"
NO_FORMULA = re.compile(
    rf"""
      \#{{1,6}}[ \t]+\S | (?:---|\*\*\*|___)[ \t]*$ | <[a-z!/] | \[\^?[^\]\n]+\]: | !\[ | \[\[ | \|.*\|
    | \\begin\{{(?:equation|align|gather|multline) | \\\[ | \{{%
    | .*(?:(?<![\\$])\$(?!\$)|\]\()
    # Words, of which a formula has none outside of braces.
    | (?:[-+*]|\d{{1,9}}[.)])?[ \t]* [*_]* (?:[^\W\d_]+[,;:]?[ ]){{0,3}} {WORD}[ ]{WORD}
    | [^\W\d_]{{3,}}[.:!?]?$
    | [\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]
    """,
    re.VERBOSE | re.IGNORECASE,
)


def is_seam(text: str, start: int, end: int) -> bool:
    """Whether a block may end after the line between two offsets: after one in four, and between two that are equal.

    That depends on nothing further up, so that soon after an edit the old blocks fit again.
    """
    line = text[start:end]
    return crc32(line.encode("utf-8", "surrogatepass")) % 4 == 0 or text.startswith(line, end)


def end_of_next(text: str, line: Line) -> int:
    """The end of the line after a line, its line end included; one more than the text has if that ends before."""
    end = text.find("\n", line.next)
    return len(text) + 1 if end == -1 else end + 1


class Stretch:
    """Some lines of a paragraph: `view` is as long as they are, so that offsets into it are theirs."""

    def __init__(self, text: str, line: Line, leaf: str = "") -> None:
        self._text = text
        self._leaf = leaf
        self.begins_paragraph = line.leaf != "paragraph"
        self._state = Open(line.containers, leaf)
        self.start = line.start
        self.view = masked(text, line)
        self.end = min(line.next, len(text))  # where the view ends in the text
        self.far = line.next  # how far the text was looked at
        self._last = line.start  # where the last line begins in the text

    @property
    def goes_on(self) -> bool:
        """Whether there may be more lines of the same paragraph."""
        return self._state.leaf != ""

    @property
    def leaves(self) -> Open:
        return self._state if self._leaf != "raw" else Open(self._state.containers)

    def at_seam(self) -> bool:
        """Whether the walk may end here if nothing is open."""
        self._saw(2 * self.end - self._last)
        return self._leaf == "raw" or len(self.view) > LONG or is_seam(self._text, self._last, self.end)

    def grow(self, lines: int = 1) -> bool:
        """Takes in the next lines of the paragraph; false if there is none."""
        before = self.end
        pieces: list[str] = []
        while len(pieces) < lines and self.goes_on:
            line = self._next_line()
            if line is None:
                self.end_paragraph()
            else:
                pieces.append(masked(self._text, line))
                self._take(line)
        self.view = "".join([self.view, *pieces])
        return self.end > before

    def end_paragraph(self) -> None:
        self._state = Open(self._state.containers)

    def _take(self, line: Line) -> None:
        self._last = line.start
        self.end = min(line.next, len(self._text))

    def _next_line(self) -> Line | None:
        if self.end == len(self._text):
            self._saw(self.end + 1)
            return None
        line = entered(self._text, self.end, self._state)
        self._saw(line.next)
        if line.is_blank or line.leaf != self._state.leaf:
            return None
        if line.leaf == "paragraph":
            if begins(self._text, line):
                return None
            if self._text.find("|", line.at, line.end) != -1:
                self._saw(end_of_next(self._text, line))
                if is_table(self._text, line):
                    return None
        return line

    def _saw(self, end: int) -> None:
        self.far = max(self.far, end)

    def reach(self, mark: re.Pattern[str], at: int, *, formula: bool) -> Span | None:
        """Where the mark `close` is first found from `at` on: here, or further below, and all up to there belongs here.

        There is none if the mark `again` comes first: then what is open was never closed. A formula also has none if
        after a blank line something else plainly begins.
        """
        here = first(mark, self.view, at, len(self.view))
        if here is not None:
            return Span(*here.span()) if here.lastgroup == "close" else None
        pieces: list[str] = []
        length = len(self.view)
        for line in self._lines_below(formula):
            piece = masked(self._text, line)
            pieces.append(piece)
            found = first(mark, piece, 0, len(piece))
            if found is not None:
                if found.lastgroup != "close":
                    return None
                self.view = "".join([self.view, *pieces])
                self._take(line)
                self._state = Open(self._state.containers, self._leaf)
                return Span(length + found.start(), length + found.end())
            length += len(piece)
        return None

    def _lines_below(self, formula: bool) -> Iterator[Line]:
        """The lines that follow in the same containers, whatever they are, as far as something may go on in them."""
        at, containers, after_blank = self.end, self._state.containers, False
        while at < len(self._text):
            line, kept = matched(self._text, at, containers)
            self._saw(line.next)
            if kept < len(containers) and (after_blank or line.is_blank or self._begins_another(line)):
                return
            if formula and not line.is_blank and self._is_other(line, after_blank):
                return
            yield line
            after_blank = line.is_blank
            at = line.next
        self._saw(len(self._text) + 1)

    def _begins_another(self, line: Line) -> bool:
        """Whether a line that is not in all the containers begins a block of its own."""
        return line.closes or opened(self._text, line).containers != line.containers or begins(self._text, line) != ""

    def _is_other(self, line: Line, after_blank: bool) -> bool:
        if line.indent <= 3 and begins(self._text, line) == "fence":
            return True
        if not after_blank:
            return False
        return NO_FORMULA.match(self._text, line.at, line.end) is not None or self._begins_display(line)

    def _begins_display(self, line: Line) -> bool:
        """Whether double dollars after a blank line have the first line of a formula below them."""
        if self._text[line.at : line.end].rstrip() != "$$" or line.next >= len(self._text):
            return False
        below, kept = matched(self._text, line.next, line.containers)
        self._saw(below.next)
        if kept < len(line.containers) or below.is_blank or self._text.startswith("$$", below.at):
            return False
        is_environment = self._text.startswith("\\begin{", below.at)
        return is_environment or NO_FORMULA.match(self._text, below.at, below.end) is None


def first(mark: re.Pattern[str], text: str, at: int, end: int) -> re.Match[str] | None:
    """The first match with a name; those without one are escapes."""
    return next((found for found in mark.finditer(text, at, end) if found.lastgroup), None)
