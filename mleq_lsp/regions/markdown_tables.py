"""Tables: rows, their cells, and the pipes that are no borders."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from itertools import pairwise

from mleq_lsp.regions.markdown_inline import STEPS
from mleq_lsp.regions.markdown_lines import Leaf, Line, Open, matched, one_line
from mleq_lsp.regions.markdown_stretch import Stretch
from mleq_lsp.regions.markdown_walk import Walk
from mleq_lsp.regions.model import Region
from mleq_lsp.text import Span

GRID = re.compile(r"\+(?:[-=:]+\+)+[ \t]*$")
PIPE = re.compile(r"\\.|\|", re.DOTALL)
TABLE_FORMULA = re.compile(r"\\.|`[^`\n]*`|(?P<formula>\$\$?(?![\s$])(?:[^$\\\n]|\\.)*(?<![\s$])\$\$?(?!\d))")


def table(text: str, line: Line) -> Leaf:
    """The head of a table, with the dashes below it."""
    if GRID.match(text, line.at, line.end):
        return one_line(line, [], Open(line.containers, "table", text.count("+", line.at, line.end) - 1))
    below = matched(text, line.next, line.containers)[0]
    columns = len(cells(text[below.at : below.end], 0, 0))
    length = below.next - line.start
    return Leaf(length, length, row_regions(text, line, columns), Open(line.containers, "table", columns))


def row(text: str, line: Line) -> Leaf:
    return one_line(line, row_regions(text, line, line.columns), Open(line.containers, "table", line.columns))


def row_regions(text: str, line: Line, columns: int) -> list[Region]:
    walk = Walk(Stretch(text, line), STEPS)
    for cell in cells(text[line.start : line.end], line.at - line.start, columns):
        walk.part(cell)
    return walk.found


def cells(view: str, start: int, columns: int) -> list[Span]:
    """The cells of a row; a pipe in a formula is no border where a bracket is open, or if there was a cell too many."""
    borders = [pipe.start() for pipe in PIPE.finditer(view, start) if pipe.group() == "|"]
    parts = between(view, start, borders)
    whole = [
        formula
        for found in TABLE_FORMULA.finditer(view, start)
        if found.lastgroup and is_whole(view, formula := Span(*found.span()), borders, len(parts) > columns > 0)
    ]
    return between(view, start, [one for one in borders if not any_holds(whole, one)]) if whole else parts


def between(view: str, start: int, borders: list[int]) -> list[Span]:
    """What is between the borders of a row, an empty first and last one left out."""
    edges = [start - 1, *borders, len(view)]
    spans = [Span(left + 1, right) for left, right in pairwise(edges)]
    if len(spans) > 1 and not spans[0].of(view).strip():
        del spans[0]
    if len(spans) > 1 and not spans[-1].of(view).strip():
        del spans[-1]
    return spans


def is_whole(view: str, formula: Span, borders: list[int], has_extra: bool) -> bool:
    """Whether what looks like a formula with a border in it is one formula, and the border a bar."""
    number = bisect_left(borders, formula.start)
    if number == len(borders) or borders[number] >= formula.end:
        return False
    before = view[formula.start : borders[number]]
    return has_extra or sum(map(before.count, "([{")) > sum(map(before.count, ")]}"))


def any_holds(spans: list[Span], offset: int) -> bool:
    number = bisect_right(spans, offset, key=lambda span: span.start) - 1
    return number >= 0 and spans[number].holds(offset)
