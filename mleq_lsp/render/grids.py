"""Cells in rows and columns: how wide the columns are, where their cells stand, the rules between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from mleq_lsp.render.boxes import Align, Box, cells, extent, fit
from mleq_lsp.render.tree import Tree

ALIGNMENTS: dict[str, Align] = {"l": "left", "c": "center", "r": "right"}
EQUATIONS = ("aligned", "centered")
CASES = ("cases", "r-cases")


class Cell(NamedTuple):
    """A cell of a table, which may span several columns."""

    box: Box
    column: int
    span: int = 1
    align: Align | None = None

    @property
    def end(self) -> int:
        """The column after it."""
        return self.column + self.span


Grid = Sequence[Sequence[Cell]]


def column_widths(node: Tree, grid: Grid) -> list[int]:
    """The width of every column; a line of text between equations does not count."""
    between = node.get("intertexts", ())
    rows = [row for number, row in enumerate(grid) if number not in between]
    widths = [0] * max((row[-1].end for row in rows if row), default=0)
    for cell in sorted((cell for row in rows for cell in row), key=lambda cell: cell.span):
        missing = cell.box.width - spanned(node, widths, cell)
        widths[cell.end - 1] += max(0, missing)
    return widths


def spanned(node: Tree, widths: Sequence[int], cell: Cell) -> int:
    """The cells of the screen that a cell of the table has, those between the columns it spans among them."""
    gaps = sum(cells(separator(node, column, " ")) for column in range(cell.column + 1, cell.end))
    return sum(widths[cell.column : cell.end]) + gaps


def separator(node: Tree, column: int, fill: str, bar: str = "│") -> str:
    """What stands before a column that is not the first one: a gap, or a bar where the author wants one."""
    if column in node.get("verticals", ()):
        return fill + bar + fill
    return fill * column_gap(node, column)


def column_gap(node: Tree, column: int) -> int:
    """The empty cells before a column."""
    shape = node.get("shape")
    if shape == "aligned":
        return 0 if column % 2 else 3
    return 3 if shape in CASES else 2


def column_align(node: Tree, column: int) -> Align:
    """On which side the cells of a column stand."""
    shape, columns = node.get("shape"), node.get("columns") or ()
    if column < len(columns):
        return ALIGNMENTS.get(columns[column], "left")
    if shape == "aligned":
        return "left" if column % 2 else "right"
    return "left" if shape in (*CASES, "centered") else "center"


def grid_lines(node: Tree, grid: Grid) -> list[str]:
    """The table as text, all lines of one width."""
    widths = column_widths(node, grid)
    rules = {rule.get("row") for rule in node.get("horizontals", ())}
    between = node.get("intertexts", ())
    lines: list[str] = []
    # Rows stand evenly: where two need an empty line between them, all have one. Arrows touch what they lead to.
    is_open = node.get("shape") != "diagram" and any(meet(*rows) for rows in pairwise(grid))
    for number, row in enumerate(grid):
        if number in rules:
            lines.append(rule_line(node, widths, grid, number))
        elif number and (is_open or meet(grid[number - 1], row)):
            lines.append(empty_line(node, widths, row))
        lines += row[0].box.lines if number in between else row_lines(node, row, widths)
    if len(grid) in rules:
        lines.append(rule_line(node, widths, grid, len(grid)))
    width = max(map(cells, lines), default=0)
    return [fit(text, cells(text), width, "left") for text in lines]


def meet(before: Sequence[Cell], after: Sequence[Cell]) -> bool:
    """Whether something would meet between two rows, as a limit and a script do."""
    return extent([cell.box for cell in before])[1] > 0 or extent([cell.box for cell in after])[0] > 0


def row_lines(node: Tree, row: Sequence[Cell], widths: Sequence[int]) -> Iterator[str]:
    """One row of the table."""
    filled = [*row, *(Cell(EMPTY, column) for column in range(row[-1].end if row else 0, len(widths)))]
    up, down = extent([cell.box for cell in filled])
    for at in range(-up, down + 1):
        texts = []
        for cell in filled:
            align = cell.align or column_align(node, cell.column)
            texts.append(fit(cell.box.at(at), cell.box.width, spanned(node, widths, cell), align))
        yield joined(node, filled, texts, " ")


EMPTY = Box(("",), 0)


def empty_line(node: Tree, widths: Sequence[int], row: Sequence[Cell]) -> str:
    """A line between two rows that has nothing but the bars."""
    return joined(node, row, [" " * spanned(node, widths, cell) for cell in row], " ")


def joined(node: Tree, row: Sequence[Cell], texts: Sequence[str], fill: str) -> str:
    """The texts of a row's cells with the gaps between the columns, and bars where the author wants them."""
    wanted = node.get("verticals", ())
    result = "│" + fill if 0 in wanted else ""
    for cell, text in zip(row, texts, strict=True):
        result += (separator(node, cell.column, fill) if cell.column else "") + text
    return result + (fill + "│" if row and row[-1].end in wanted else "")


def rule_line(node: Tree, widths: Sequence[int], grid: Grid, number: int) -> str:
    """A horizontal line above a row, or under the last one, with its crossings."""
    above = bars(node, grid[number - 1], len(widths)) if number else frozenset()
    below = bars(node, grid[number], len(widths)) if number < len(grid) else frozenset()
    result = ""
    for column in range(len(widths) + 1):
        sides = (column > 0, column < len(widths), column in above, column in below)
        if column in node.get("verticals", ()):
            result += "─" * bool(column) + CROSSINGS[sides] + "─" * (column < len(widths))
        elif 0 < column < len(widths):
            result += "─" * column_gap(node, column)
        result += "─" * widths[column] if column < len(widths) else ""
    return result


def bars(node: Tree, row: Sequence[Cell], columns: int) -> frozenset[int]:
    """The bars between columns that no cell of a row spans."""
    inner = {column for cell in row for column in range(cell.column + 1, cell.end)}
    return frozenset(column for column in node.get("verticals", ()) if column not in inner and column <= columns)


# Which sign has arms to the left, to the right, up and down.
CROSSINGS = {
    tuple(arm in arms for arm in "lrud"): sign
    for arms, sign in {
        "lrud": "┼",
        "lru": "┴",
        "lrd": "┬",
        "lr": "─",
        "rud": "├",
        "lud": "┤",
        "rd": "┌",
        "ld": "┐",
        "ru": "└",
        "lu": "┘",
        "r": "─",
        "l": "─",
        "ud": "│",
        "u": "╵",
        "d": "╷",
        "": " ",
    }.items()
}
