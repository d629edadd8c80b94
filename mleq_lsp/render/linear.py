"""What has no room in two dimensions: written as on one line, broken between its signs or at last anywhere."""

from __future__ import annotations

import re

from mleq_lsp.render.boxes import Box, cells, line, stack

# Where a line may end without tearing a word or a number: before or after these.
SEAM = re.compile(r"(?<=[ ,;(\[{|+−=/])|(?=[)\]} (\[{|+−=∑∏∫√^_])")


def wrapped(text: str, width: int) -> Box:
    """The text in lines of at most `width` cells, broken between its signs if it can be, and otherwise anywhere."""
    lines: list[str] = []
    current = ""
    for piece in SEAM.split(text):
        if cells(current + piece.rstrip(" ")) > width:
            lines.append(current)
            current = ""
        current += piece if current else piece.lstrip(" ")
        while (stop := fitting(current.rstrip(" "), width)) < len(current.rstrip(" ")):
            lines.append(current[:stop])
            current = current[stop:]
    boxes = [line(text.strip(" ")) for text in [*lines, current] if text.strip(" ")]
    return stack(boxes or [line("")], 0, "left")


def fitting(text: str, width: int) -> int:
    """How many characters of a text fit into `width` cells, with the accents on the last one; at least one."""
    used = 0
    for number, char in enumerate(text):
        used += cells(char)
        if used > width and number:
            return number
    return len(text)
