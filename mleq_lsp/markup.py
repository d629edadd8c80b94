"""Words as Markdown that shows just them."""

from __future__ import annotations

import re


def code(text: str) -> str:
    """A text as inline code."""
    ticks = "`" * (longest_run(text) + 1)
    pad = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def fenced(text: str, language: str = "text") -> str:
    """Text that is shown letter by letter, in letters of one width."""
    ticks = "`" * max(longest_run(text) + 1, 3)
    return f"{ticks}{language}\n{text}\n{ticks}" if text else ""


def longest_run(text: str) -> int:
    """How many backticks stand beside each other at most."""
    return max(map(len, re.findall("`+", text)), default=0)


def in_cell(text: str) -> str:
    """Markdown in a cell of a table, which a bar would end."""
    return text.replace("|", "\\|")


def prose(text: str) -> str:
    """A text of a pack as Markdown that shows just that: no emphasis, link, picture, HTML or formula comes of it."""
    return LINE_START.sub(r"\1\3\\\2\4", MARKUP.sub(r"\\\g<0>", text))


# Of signs that are common in such texts only where they would start something: not the bracket of [0, 1], the star
# of V* or the sign of 0 < x.
MARKUP = re.compile(r"[\\`$~]|\*(?=\S)|(?<!\w)_|_(?!\w)|\](?=[(\[:])|<(?=[a-zA-Z/!?])|&(?=#?\w+;)")
# Inside a paragraph no other number than 1 begins a list.
LINE_START = re.compile(r"(?m)^(\s*)([#>+=*-])|(\A\s*\d+|^\s*0*1)([.)](?!\S))")
