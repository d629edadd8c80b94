"""Matrices, cases, aligned equations and other tables."""

from __future__ import annotations

from collections.abc import Sequence

from mleq_lsp.render.boxes import BOTH, Box, beside, blank, cells
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.flowing import flowing_body, rows_of
from mleq_lsp.render.grids import ALIGNMENTS, CASES, EQUATIONS, Cell, column_widths, grid_lines, separator
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
FLOWING = EQUATIONS + CASES
MUCH = 0.6  # a drawing is worth giving up columns for if it takes at most so much of their height


def draw_table(node: Tree, place: Place) -> Box:
    """A table with its delimiters."""
    shape = node.get("shape", "")
    inside = place.of("display" if shape in EQUATIONS else "text").narrower(4 if shape in FENCES else 0)
    body = grid_body(node, inside)
    if shape in FLOWING and place.width != UNLIMITED:
        body = body_in_room(node, inside, body, place.free.draw(node).height)
    return fenced(body, *FENCES.get(shape, ("", "")))


def body_in_room(node: Tree, place: Place, columns: Box, least: int) -> Box:
    """The columns, or rows as lines of their own where columns do not fit or are much taller than the least lines."""
    fits = columns.width <= place.width
    if fits and MUCH * columns.height <= least:
        return columns
    flowing = flowing_body(node, place)
    shorter = flowing.width <= place.width and flowing.height < MUCH * columns.height
    return flowing if shorter or not fits else columns


def grid_body(node: Tree, place: Place) -> Box:
    """The cells of a table in columns."""
    lines = grid_lines(node, grid_of(node, place))
    if not lines:
        return blank(0)
    if node.get("shape") in CASES and len(lines) == 2:
        lines.insert(1, " " * cells(lines[0]))
    return Box(tuple(lines), cells(lines[0]), (len(lines) - 1) // 2, BOTH if len(lines) > 1 else 0)


def fenced(body: Box, left: str, right: str) -> Box:
    """The body of a table between its delimiters."""
    boxes = [delimiter(left, body.up, body.down)] if left else []
    boxes.append(body)
    gaps = [0, 1] if left == "{" and not right else [0] * len(boxes)
    if right:
        boxes.append(delimiter(right, body.up, body.down))
        gaps.append(1 if not left else 0)
    return beside(boxes, gaps)


def grid_of(node: Tree, place: Place) -> list[list[Cell]]:
    """Every cell with its box; the widest columns are broken into lines where the table is too wide."""
    rows = rows_of(node, place)
    grid = [row_cells(node, row, place.free) for row in rows]
    if place.width == UNLIMITED:
        return grid
    widths = column_widths(node, grid)
    gaps = sum(cells(separator(node, column, " ")) for column in range(1, len(widths)))
    cap = column_cap(widths, place.width - gaps - 4 * bool(node.get("verticals")))
    if max(widths, default=0) <= cap:
        return grid
    narrow = [row_cells(node, row, place.within(cap)) for row in rows]
    return [
        [other if cell.box.width > cap else cell for cell, other in zip(row, others, strict=True)]
        for row, others in zip(grid, narrow, strict=True)
    ]


def row_cells(node: Tree, row: Sequence[Tree], place: Place) -> list[Cell]:
    """The cells of a row, each at its column."""
    result: list[Cell] = []
    column = 0
    for tree in row:
        span, align = 1, None
        if tree.get("type") == "multicolumn":
            span, align = max(1, int(tree.get("columns", 1))), ALIGNMENTS.get(str(tree.get("alignment")))
        result.append(Cell(cell_box(node, tree, column, place), column, span, align))
        column += span
    return result


def cell_box(node: Tree, cell: Tree, column: int, place: Place) -> Box:
    """One cell; a relation at the beginning of an aligned column keeps its distance to the column before."""
    after_left_side = node.get("shape") == "aligned" and column % 2
    return row_of(children(cell), place, "ord" if after_left_side else "edge")


def column_cap(widths: Sequence[int], room: int) -> int:
    """The widest a column may be for all of them to fit."""
    left = len(widths)
    for width in sorted(widths):
        if width * left > room:
            return max(NARROWEST, room // left)
        room -= width
        left -= 1
    return max(widths, default=0)
