"""Offsets, spans, lines and code units: where things are in a text."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Literal

Encoding = Literal["utf-8", "utf-16", "utf-32"]

# Only these three end a line in the protocol; str.splitlines would also cut at "\f" and U+2028.
LINE_END = re.compile(r"\r\n|\n|\r")
QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)  # the marks of a Markdown quote
PARAGRAPH_END = re.compile(r"(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a text, in offsets, its end not included."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The part of `text` that the span covers."""
        return text[self.start : self.end]

    def holds(self, offset: int) -> bool:
        """Whether the character at `offset` is inside."""
        return self.start <= offset < self.end

    def touches(self, offset: int) -> bool:
        """Whether a cursor at `offset` is inside or at either edge."""
        return self.start <= offset <= self.end


@dataclass(frozen=True, slots=True)
class Edit:
    """A span of a text and what takes its place."""

    span: Span
    new: str


def units(char: str, encoding: Encoding) -> int:
    """How many code units the character `char` takes: "𝔼" is 4 in UTF-8, 2 in UTF-16, 1 in UTF-32."""
    point = ord(char)
    if encoding == "utf-32" or point < 0x80:
        return 1
    if encoding == "utf-16":
        return 1 if point < 0x10000 else 2
    return 2 if point < 0x800 else 3 if point < 0x10000 else 4


class Lines:
    """A text and where its lines start, to translate between offsets and the protocol's positions."""

    def __init__(self, text: str, starts: list[int] | None = None) -> None:
        self.text = text
        self._starts = starts or [0, *(end.end() for end in LINE_END.finditer(text))]

    def __len__(self) -> int:
        return len(self._starts)

    def edited(self, span: Span, new: str) -> Lines:
        """The lines after `new` has taken the place of a span; only those near it are looked for again."""
        text = self.text[: span.start] + new + self.text[span.end :]
        grown = len(text) - len(self.text)
        # From the line of the character before, for that one may be a "\r" which a "\n" now follows.
        first = self.number(max(span.start - 1, 0))
        after = bisect_right(self._starts, span.end)
        later = [start + grown for start in self._starts[after:]]
        ends = LINE_END.finditer(text, self._starts[first], later[0] if later else len(text))
        starts = [*self._starts[: first + 1], *(end.end() for end in ends), *later[1:]]
        return Lines(text, starts)

    def span(self, line: int) -> Span:
        """The line numbered `line` (from 0), its line end not included."""
        start = self._starts[line]
        end = self._starts[line + 1] if line + 1 < len(self._starts) else len(self.text)
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return Span(start, end)

    def number(self, offset: int) -> int:
        """The number (from 0) of the line that `offset` is on."""
        return bisect_right(self._starts, offset) - 1

    def offset(self, line: int, character: int, encoding: Encoding) -> int:
        """The offset of a position; one past a line's or the text's end is taken back to that end."""
        if line >= len(self._starts):
            return len(self.text)
        span = self.span(max(line, 0))
        at = span.start
        while at < span.end:
            character -= units(self.text[at], encoding)
            if character < 0:
                break
            at += 1
        return at

    def position(self, offset: int, encoding: Encoding) -> tuple[int, int]:
        """The line (from 0) and the character, in code units, of an offset."""
        line = self.number(offset)
        start = self._starts[line]
        return line, sum(units(char, encoding) for char in self.text[start:offset])


def line_span(text: str, offset: int) -> Span:
    """The line that `offset` is on, its line end not included."""
    start = max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1
    end = LINE_END.search(text, offset)
    return Span(start, end.start() if end else len(text))


def unquoted(text: str, span: Span) -> str:
    """The part of a text that a span covers, without the marks of a quote that its further lines begin with."""
    first, end, rest = span.of(text).partition("\n")
    return first + end + (QUOTE.sub("", rest) if rest and is_quoted(text, span) else rest)


def is_quoted(text: str, span: Span) -> bool:
    """Whether the lines begin with the marks of a quote; elsewhere they may because the formula says so."""
    return QUOTE.match(text[line_span(text, span.start).start : span.start]) is not None
