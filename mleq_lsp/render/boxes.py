"""Rectangles of text with a baseline: what a two-dimensional drawing is put together from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from unicodedata import category

from wcwidth import wcwidth

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """Lines that are all `width` cells wide; line number `baseline` stands on the baseline of the formula."""

    lines: tuple[str, ...]
    width: int
    baseline: int = 0

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


def cells(text: str) -> int:
    """How many cells of a terminal the text takes: an accent takes none, a Chinese character two."""
    return len(text) if text.isascii() else sum(max(0, wcwidth(char)) for char in text)


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
    """The boxes on one baseline, `gaps[i]` empty cells before the box number i."""
    if len(boxes) == 1 and not gaps:
        return boxes[0]
    margins = [" " * gap for gap in gaps] if gaps else [""] * len(boxes)
    up = max((box.up for box in boxes), default=0)
    down = max((box.down for box in boxes), default=0)
    lines = tuple(
        "".join(margin + box.at(row) for margin, box in zip(margins, boxes, strict=True))
        for row in range(-up, down + 1)
    )
    return Box(lines, sum(box.width for box in boxes) + sum(gaps or ()), up)


def stack(boxes: Sequence[Box], base: int, align: Align = "center") -> Box:
    """The boxes below each other; the baseline of box number `base` is the baseline of the whole."""
    width = max(box.width for box in boxes)
    lines = tuple(fit(text, box.width, width, align) for box in boxes for text in box.lines)
    return Box(lines, width, sum(box.height for box in boxes[:base]) + boxes[base].baseline)


def fit(text: str, have: int, want: int, align: Align) -> str:
    """A text of `have` cells, padded to `want` cells."""
    spare = max(0, want - have)
    left = {"left": 0, "center": spare // 2, "right": spare}[align]
    return " " * left + text + " " * (spare - left)


def widened(box: Box, width: int, align: Align = "center") -> Box:
    """The box, padded to `width` cells."""
    if box.width >= width:
        return box
    return Box(tuple(fit(text, box.width, width, align) for text in box.lines), width, box.baseline)


def framed(box: Box) -> Box:
    """The box inside a rectangle."""
    rule = "─" * (box.width + 2)
    lines = (f"┌{rule}┐", *(f"│ {text} │" for text in box.lines), f"└{rule}┘")
    return Box(lines, box.width + 4, box.baseline + 1)


def marked(box: Box, mark: str) -> Box:
    """The box with a combining mark on every character; one that is on the character already is not repeated."""
    lines = tuple("".join(with_mark(char, mark) for char in text.replace(mark, "")) for text in box.lines)
    return Box(lines, box.width, box.baseline)


def with_mark(char: str, mark: str) -> str:
    return char if char == " " or cells(char) == 0 else char + mark


def touching(left: Box, right: Box) -> bool:
    """Whether something meets off the baseline when the two stand side by side: a limit and a subscript, say."""
    return any(
        row != 0 and left.at(row)[-1:].strip() and right.at(row)[:1].strip()
        for row in range(-min(left.up, right.up), min(left.down, right.down) + 1)
    )
