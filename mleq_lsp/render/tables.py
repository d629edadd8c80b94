"""Matrices, cases, aligned equations and other tables."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from mleq_lsp.render.boxes import BOTH, Align, Box, beside, blank, cells, fit, line
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.flowing import flowing_body, rows_of
from mleq_lsp.render.layout import row_of
from mleq_lsp.render.parts import children
from mleq_lsp.render.place import NARROWEST, UNLIMITED, Place
from mleq_lsp.render.tree import Tree

# The delimiters around each shape of table.
FENCES = {
    "p-matrix": ("(", ")"),
    "b-matrix": ("[", "]"),
    "brace-matrix": ("{", "}"),
    "v-matrix": ("|", "|"),
    "v-v-matrix": ("‖", "‖"),
    "border-matrix": ("(", ")"),
    "cases": ("{", ""),
    "r-cases": ("", "}"),
}
EQUATIONS = ("aligned", "centered")
CASES = ("cases", "r-cases")
FLOWING = EQUATIONS + CASES
MUCH = 0.75  # a drawing is worth giving up columns for if it takes at most so much of their height
ALIGNMENTS: dict[str, Align] = {"l": "left", "c": "center", "r": "right"}
Grid = Sequence[Sequence[Box]]


def draw_table(node: Tree, place: Place) -> Box:
    """A table with its delimiters."""
    shape = node.get("shape", "")
    inside = place.of("display" if shape in EQUATIONS else "text").narrower(4 if shape in FENCES else 0)
    body = grid_body(node, inside)
    if shape in FLOWING and inside.width != UNLIMITED:
        flowing = flowing_body(node, inside)
        if body.width > inside.width or (flowing.width <= inside.width and flowing.height < MUCH * body.height):
            body = flowing
    return fenced(body, *FENCES.get(shape, ("", "")))


def grid_body(node: Tree, place: Place) -> Box:
    """The cells of a table in columns."""
    lines = grid_lines(node, cell_boxes(node, place))
    if node.get("shape") in CASES and len(lines) == 2:
        lines.insert(1, " " * len(lines[0]))
    return Box(tuple(lines) or ("",), cells(lines[0]) if lines else 0, middle(lines), BOTH if len(lines) > 1 else 0)


def middle(lines: Sequence[object]) -> int:
    """The line of a table that is its baseline."""
    return (max(1, len(lines)) - 1) // 2


def fenced(body: Box, left: str, right: str) -> Box:
    """The body of a table between its delimiters."""
    boxes = [delimiter(left, body.up, body.down)] if left else []
    boxes.append(body)
    gaps = [0, 1] if left == "{" and not right else [0] * len(boxes)
    if right:
        boxes.append(delimiter(right, body.up, body.down))
        gaps.append(1 if not left else 0)
    return beside(boxes, gaps)


def cell_boxes(node: Tree, place: Place) -> list[list[Box]]:
    """The box of every cell; the widest columns are broken into lines where the table is too wide."""
    rows = [spread(row) for row in rows_of(node, place)]
    grid = [[cell_box(node, cell, column, place.free) for column, cell in enumerate(row)] for row in rows]
    widths = column_widths(node, grid)
    cap = column_cap(widths, place.width - sum(column_gap(node, column) for column in range(1, len(widths))))
    if max(widths, default=0) <= cap:
        return grid
    narrow = place.within(cap)
    return [
        [
            cell_box(node, cell, column, narrow) if box.width > cap else box
            for column, (cell, box) in enumerate(zip(row, boxes, strict=True))
        ]
        for row, boxes in zip(rows, grid, strict=True)
    ]


def column_cap(widths: Sequence[int], room: int) -> int:
    """The widest a column may be for all of them to fit."""
    left = len(widths)
    for width in sorted(widths):
        if width * left > room:
            return max(NARROWEST, room // left)
        room -= width
        left -= 1
    return max(widths, default=0)


def spread(row: Sequence[Tree]) -> list[Tree]:
    """The cells of a row, empty ones added behind a cell that spans several columns."""
    result: list[Tree] = []
    for cell in row:
        extra = cell.get("columns", 1) - 1 if cell.get("type") == "multicolumn" else 0
        result += [cell, *[{"type": "row", "children": []}] * extra]
    return result


def cell_box(node: Tree, cell: Tree, column: int, place: Place) -> Box:
    """One cell; a relation at the beginning of an aligned column keeps its distance to the column before."""
    nodes = children(cell)
    if node.get("shape") == "aligned" and column % 2:
        return row_of(nodes, place, "ord")
    return row_of(nodes, place)


def column_widths(node: Tree, grid: Grid) -> list[int]:
    """The width of every column; a line of text between equations does not count."""
    between = node.get("intertexts", ())
    rows = [boxes for number, boxes in enumerate(grid) if number not in between]
    columns = zip_longest(*rows)
    return [max((box.width for box in boxes if box is not None), default=0) for boxes in columns]


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
    for number, boxes in enumerate(grid):
        if number in rules:
            lines.append(rule_line(node, widths, "├┼┤" if number else "┌┬┐"))
        elif number and max(height(boxes), height(grid[number - 1])) > 1:
            lines.append(joined(node, [" " * width for width in widths], " ", "│││"))
        lines += boxes[0].lines if number in between else row_lines(node, boxes, widths)
    if len(grid) in rules:
        lines.append(rule_line(node, widths, "└┴┘"))
    return evened(lines)


def height(boxes: Sequence[Box]) -> int:
    """How many lines a row of the table takes."""
    return max((box.up for box in boxes), default=0) + max((box.down for box in boxes), default=0) + 1


def row_lines(node: Tree, boxes: Sequence[Box], widths: Sequence[int]) -> list[str]:
    """One row of the table."""
    filled = [*boxes, *[blank(0)] * (len(widths) - len(boxes))]
    up, down = max((box.up for box in filled), default=0), max((box.down for box in filled), default=0)
    return [
        joined(
            node,
            [
                fit(box.at(at), box.width, width, column_align(node, column))
                for column, (box, width) in enumerate(zip(filled, widths, strict=True))
            ],
            " ",
            "│││",
        )
        for at in range(-up, down + 1)
    ]


def rule_line(node: Tree, widths: Sequence[int], crossings: str) -> str:
    """A horizontal line through the table."""
    return joined(node, ["─" * width for width in widths], "─", crossings)


def joined(node: Tree, texts: Sequence[str], fill: str, bars: str) -> str:
    """The texts of a line with the gaps between the columns, and bars where the author wants them.

    `bars` has the bar at the left edge, one between two columns, and the one at the right edge.
    """
    left, between, right = tuple(bars)
    wanted = node.get("verticals", ())
    result = left + fill if 0 in wanted else ""
    for column, text in enumerate(texts):
        if column:
            result += fill + between + fill if column in wanted else fill * column_gap(node, column)
        result += text
    return result + (fill + right if len(texts) in wanted else "")


def evened(lines: Sequence[str]) -> list[str]:
    """The lines, padded to the width of the widest."""
    boxes = [line(text) for text in lines]
    width = max((box.width for box in boxes), default=0)
    return [fit(box.lines[0], box.width, width, "left") for box in boxes]
