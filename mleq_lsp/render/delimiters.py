"""Delimiters at the height of what they enclose."""

from __future__ import annotations

from mleq_lsp.render.boxes import Box, line

# The top, the repeated and the bottom piece of each.
PIECES = {
    "(": "⎛⎜⎝",
    ")": "⎞⎟⎠",
    "[": "⎡⎢⎣",
    "]": "⎤⎥⎦",
    "⌈": "⎡⎢⎢",
    "⌉": "⎤⎥⎥",
    "⌊": "⎢⎢⎣",
    "⌋": "⎥⎥⎦",
    "|": "│││",
    "∣": "│││",
    "‖": "‖‖‖",
    "∥": "‖‖‖",
    "↑": "↑││",
    "↓": "││↓",
    "↕": "↑│↓",
}
# The top, the repeated, the middle and the bottom piece.
BRACES = {"{": "⎧⎪⎨⎩", "}": "⎫⎪⎬⎭"}
OPENING, CLOSING = "([{⟨⌈⌊⎰", ")]}⟩⌉⌋⎱"


def delimiter(symbol: str, up: int, down: int) -> Box:
    """The delimiter as tall as something that reaches `up` lines above and `down` lines below the baseline."""
    if not symbol or up + down == 0:
        return line(symbol)
    if symbol in BRACES:
        return brace(symbol, up, down)
    if symbol in PIECES:
        top, repeated, bottom = tuple(PIECES[symbol])
        return column(top + repeated * (up + down - 1) + bottom, up)
    if symbol in "⟨⟩":
        return angle(symbol, up, down)
    if symbol in "/\\":
        return slash(symbol, up, down)
    return line(symbol)


def column(pieces: str, baseline: int) -> Box:
    """One character a line."""
    return Box(tuple(pieces), 1, baseline)


def brace(symbol: str, up: int, down: int) -> Box:
    """A curly brace, its point on the baseline where that is not its first or last line."""
    height = up + down + 1
    if height == 2:
        return column("⎰⎱" if symbol == "{" else "⎱⎰", up)
    top, repeated, middle, bottom = tuple(BRACES[symbol])
    point = min(max(1, up), height - 2)
    return column(top + repeated * (point - 1) + middle + repeated * (height - 2 - point) + bottom, up)


def angle(symbol: str, up: int, down: int) -> Box:
    """An angle bracket out of diagonals, its point halfway."""
    height = up + down + 1
    reach = (height + 1) // 2
    depths = [abs(2 * row - (height - 1)) // 2 for row in range(height)]
    upper, lower = ("╱", "╲") if symbol == "⟨" else ("╲", "╱")
    lines = []
    for row, depth in enumerate(depths):
        char = symbol if height % 2 and depth == 0 else upper if 2 * row < height - 1 else lower
        left = depth if symbol == "⟨" else reach - 1 - depth
        lines.append(" " * left + char + " " * (reach - 1 - left))
    return Box(tuple(lines), reach, up)


def slash(symbol: str, up: int, down: int) -> Box:
    """A slash or backslash across all lines."""
    height = up + down + 1
    char = "╱" if symbol == "/" else "╲"
    lefts = range(height - 1, -1, -1) if symbol == "/" else range(height)
    return Box(tuple(" " * left + char + " " * (height - 1 - left) for left in lefts), height, up)
