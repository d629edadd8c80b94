"""Rows of equations that have no room for their columns: each as lines of its own."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

from mleq_lsp.render.boxes import BOTH, Box, apart, beside, stack
from mleq_lsp.render.breaking import INDENT
from mleq_lsp.render.layout import row_of
from mleq_lsp.render.parts import children
from mleq_lsp.render.place import Place
from mleq_lsp.render.spacing import kinds
from mleq_lsp.render.tree import Tree

QUAD: Tree = {"type": "space", "em": 1.0}


def flowing_body(node: Tree, place: Place) -> Box:
    """The rows of a table below each other, what has no room on its line further in on the next ones."""
    between = node.get("intertexts", ())
    lines: list[Box] = []
    for number, row in enumerate(node.get("rows", ())):
        if node.get("shape") == "aligned" and number not in between:
            lines += sided(row, place)
        else:
            lines.append(row_of(joined_cells(row), place))
    lines = apart(lines)
    body = stack(lines, 0, "left")
    return Box(body.lines, body.width, (body.height - 1) // 2, BOTH)


def sided(row: Sequence[Tree], place: Place) -> list[Box]:
    """The equations of an aligned row, the right-hand side under the left-hand one where both do not fit."""
    lines: list[Box] = []
    for left, right in zip(row[::2], [*row[1::2], None], strict=False):
        sides = [children(side) for side in (left, right) if side is not None and children(side)]
        whole = row_of([*chain(*sides)], place.free)
        if whole.width <= place.width and len(sides) == 2:
            lines.append(whole)
            continue
        if children(left):
            lines.append(row_of(children(left), place))
        if right is not None and children(right):
            lines.append(beside([row_of(children(right), place.narrower(INDENT))], [INDENT]))
    return lines


def joined_cells(row: Sequence[Tree]) -> list[Tree]:
    """The nodes of all cells, spaces between them."""
    nodes: list[Tree] = []
    for number, cell in enumerate(row):
        nodes += [QUAD, *children(cell)] if number else children(cell)
    return nodes


def rows_of(node: Tree, place: Place) -> list[Sequence[Tree]]:
    """The rows of a table; a row that goes on with a relation is moved under the relation of the row before."""
    rows: list[Sequence[Tree]] = list(node.get("rows", ()))
    if node.get("shape") != "centered":
        return rows
    result: list[Sequence[Tree]] = []
    indent = INDENT
    for row in rows:
        nodes = children(row[0]) if row else ()
        side = [kinds(child)[0] for child in nodes]
        if side[:1] in (["rel"], ["bin"]):
            shift = indent if side[0] == "rel" else indent + INDENT
            row = [{"type": "row", "children": [{"type": "space", "em": shift / 2}, *nodes]}, *row[1:]]
        elif "rel" in side:
            before = row_of(nodes[: side.index("rel")], place.free).width + 1
            indent = before if before <= place.width // 3 else INDENT
        result.append(row)
    return result
