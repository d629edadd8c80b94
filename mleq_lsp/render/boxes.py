"""Rectangles of text with a baseline: what a two-dimensional drawing is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache, reduce
from itertools import pairwise
from operator import or_
from typing import Literal, NamedTuple
from unicodedata import category

from wcwidth import wcwidth

Align = Literal["left", "center", "right"]

# In which directions a box reaches beyond the line by more than scripts, so that delimiters around it grow.
ABOVE, BELOW, BOTH = 1, 2, 3


class Box(NamedTuple):
    """Lines that are all `width` cells wide; line number `baseline` stands on the baseline of the formula."""

    lines: tuple[str, ...]
    width: int
    baseline: int = 0
    reach: int = 0

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def up(self) -> int:
        """How many lines stand above the baseline."""
        return self.baseline

    @property
    def down(self) -> int:
        """How many lines hang below the baseline."""
        return len(self.lines) - 1 - self.baseline

    def at(self, row: int) -> str:
        """The line `row` below the baseline (above it, if negative); blank outside of the box."""
        index = row + self.baseline
        return self.lines[index] if 0 <= index < len(self.lines) else " " * self.width

    def reaching(self, reach: int) -> Box:
        """The same box, which reaches so far for the delimiters around it."""
        return Box(self.lines, self.width, self.baseline, reach)


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """How many cells of a terminal the text takes: an accent takes none, a Chinese character two."""
    return len(text) if text.isascii() else sum(max(0, wcwidth(char)) for char in text)


@lru_cache(maxsize=4096)
def line(text: str) -> Box:
    """A box of one line."""
    shown = visible(text)
    return Box((shown,), cells(shown))


def visible(text: str) -> str:
    """The text without the characters that would move or hide something in a terminal."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else STAND_INS.get(category(char), char) for char in text)


# Control characters, surrogates and odd spaces become a space, invisible marks nothing.
STAND_INS = {"Cc": " ", "Cs": " ", "Zs": " ", "Zl": " ", "Zp": " ", "Cf": ""}


def blank(width: int) -> Box:
    """Nothing, `width` cells wide."""
    return Box((" " * width,), width)


def beside(boxes: Sequence[Box], gaps: Sequence[int] | None = None) -> Box:
    """The boxes on one baseline, `gaps[i]` empty cells before the box number i; less than none lets it tuck in."""
    if len(boxes) == 1 and not gaps:
        return boxes[0]
    gaps = gaps or [0] * len(boxes)
    if min(gaps, default=0) < 0:
        return tucked(boxes, gaps)
    width = sum([box.width for box in boxes]) + sum(gaps)
    up, down = extent(boxes)
    margins = [" " * gap for gap in gaps]
    if up == down == 0:
        return Box(("".join([margin + box.lines[0] for margin, box in zip(margins, boxes, strict=True)]),), width)
    # Every box with a blank line for the rows that it does not reach.
    columns = [(margin, box.lines, box.baseline, " " * box.width) for margin, box in zip(margins, boxes, strict=True)]
    lines = tuple(
        "".join(
            [
                margin + (texts[row + base] if 0 <= row + base < len(texts) else empty)
                for margin, texts, base, empty in columns
            ]
        )
        for row in range(-up, down + 1)
    )
    return Box(lines, width, up, reduce(or_, [box.reach for box in boxes]))


def extent(boxes: Sequence[Box]) -> tuple[int, int]:
    """How many lines the boxes, on one baseline, reach above and below it."""
    up = max([box.baseline for box in boxes], default=0)
    return up, max([len(box.lines) - 1 - box.baseline for box in boxes], default=0)


def tucked(boxes: Sequence[Box], gaps: Sequence[int]) -> Box:
    """The boxes beside each other, where some begin over blank cells of the boxes before."""
    up, down = extent(boxes)
    texts, ends = [""] * (up + down + 1), [0] * (up + down + 1)
    at = width = 0
    for box, gap in zip(boxes, gaps, strict=True):
        at += gap
        for row, text in enumerate(box.lines, up - box.baseline):
            ink = text.strip(" ")
            if ink:
                texts[row] += " " * (at + leading(text) - ends[row]) + ink
                ends[row] = at + box.width - trailing(text)
        at += box.width
        width = max(width, at)
    lines = tuple(text + " " * (width - end) for text, end in zip(texts, ends, strict=True))
    return Box(lines, width, up, reduce(or_, [box.reach for box in boxes]))


def trailing(text: str) -> int:
    """The blank cells at the end of a text."""
    return len(text) - len(text.rstrip(" "))


def leading(text: str) -> int:
    """The blank cells at the beginning of a text."""
    return len(text) - len(text.lstrip(" "))


def stack(boxes: Sequence[Box], base: int, align: Align = "center") -> Box:
    """The boxes below each other; the baseline of box number `base` is the baseline of the whole."""
    width = max(box.width for box in boxes)
    lines = tuple(fit(text, box.width, width, align) for box in boxes for text in box.lines)
    return Box(lines, width, sum(box.height for box in boxes[:base]) + boxes[base].baseline)


def apart(lines: Sequence[Box]) -> list[Box]:
    """Lines with an empty one between two that would meet off their baselines: a limit and a script, say."""
    result = list(lines[:1])
    for before, after in pairwise(lines):
        if before.down or after.up:
            result.append(blank(1))
        result.append(after)
    return result


def fit(text: str, have: int, want: int, align: Align) -> str:
    """A text of `have` cells, padded to `want` cells."""
    spare = max(0, want - have)
    left = 0 if align == "left" else spare // 2 if align == "center" else spare
    return " " * left + text + " " * (spare - left)


def widened(box: Box, width: int, align: Align = "center") -> Box:
    """The box, padded to `width` cells."""
    if box.width >= width:
        return box
    return Box(tuple(fit(text, box.width, width, align) for text in box.lines), width, box.baseline, box.reach)


def framed(box: Box) -> Box:
    """The box inside a rectangle."""
    rule = "─" * (box.width + 2)
    lines = (f"┌{rule}┐", *(f"│ {text} │" for text in box.lines), f"└{rule}┘")
    return Box(lines, box.width + 4, box.baseline + 1, BOTH)


def marked(box: Box, mark: str) -> Box:
    """The box with a combining mark on every character; one that is on the character already is not repeated."""
    lines = tuple("".join(with_mark(char, mark) for char in text.replace(mark, "")) for text in box.lines)
    return box._replace(lines=lines)


def with_mark(char: str, mark: str) -> str:
    return char if char == " " or cells(char) == 0 else char + mark


def touching(left: Box, right: Box) -> bool:
    """Whether something meets off the baseline when the two stand side by side: a limit and a subscript, say."""
    if len(left.lines) == 1 or len(right.lines) == 1:
        return False
    return any(
        row != 0 and left.at(row)[-1:].strip() and right.at(row)[:1].strip()
        for row in range(-min(left.up, right.up), min(left.down, right.down) + 1)
    )
