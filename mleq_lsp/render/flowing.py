"""Rows of equations that have no room for their columns: each as lines of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from mleq_lsp.render.boxes import BOTH, Box, apart, beside, stack
from mleq_lsp.render.breaking import INDENT
from mleq_lsp.render.grouping import plain_text
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
    rows = list(node.get("rows", ()))
    for number, row in enumerate(hanging(rows, place) if node.get("shape") == "centered" else rows):
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
            # Its operators have an operand before them: the left-hand side.
            lines.append(beside([row_of(children(right), place.narrower(INDENT), "ord")], [INDENT - 1]))
    return lines


def joined_cells(row: Sequence[Tree]) -> list[Tree]:
    """The nodes of all cells, spaces between them."""
    nodes: list[Tree] = []
    for number, cell in enumerate(row):
        nodes += [QUAD, *children(cell)] if number else children(cell)
    return nodes


def rows_of(node: Tree, place: Place) -> list[Sequence[Tree]]:
    """The rows of a table as they stand in its columns: tags in a column of their own, relations under relations."""
    rows: list[Sequence[Tree]] = list(node.get("rows", ()))
    if node.get("shape") == "aligned":
        return with_tags(rows)
    return list(hanging(rows, place)) if node.get("shape") == "centered" else rows


def with_tags(rows: list[Sequence[Tree]]) -> list[Sequence[Tree]]:
    """The rows, with what `\\tag` put at their ends behind the last column."""
    columns = max(map(len, rows), default=0)
    columns += columns % 2
    result: list[Sequence[Tree]] = []
    for row in rows:
        *nodes, space, tag = [EMPTY, EMPTY, *children(row[-1])] if row else [EMPTY, EMPTY]
        if is_tag(space, tag):
            filling = [EMPTY] * (columns - len(row))
            row = [*row[:-1], {"type": "row", "children": nodes[2:]}, *filling, tag]
        result.append(row)
    return result


def is_tag(space: Tree, node: Tree) -> bool:
    """Whether two nodes are a space and a text in parentheses, as `\\tag` makes them."""
    text = plain_text(node) or "" if node.get("type") == "text" else ""
    return space.get("type") == "space" and space.get("em") == 2 and text.startswith("(") and text.endswith(")")


def hanging(rows: Sequence[Sequence[Tree]], place: Place) -> Iterator[Sequence[Tree]]:
    """The rows; one that goes on with a relation or an operator is moved under the relation of a row before."""
    indent = INDENT
    for row in rows:
        nodes = children(row[0]) if row else ()
        sides = [kinds(child)[0] for child in nodes]
        if sides[:1] in (["rel"], ["bin"]):
            # Something empty stands before an operator, or it would be taken for a sign.
            before = [shift(indent)] if sides[0] == "rel" else [shift(indent + INDENT - 1), EMPTY]
            row = [{"type": "row", "children": [*before, *nodes]}, *row[1:]]
        elif "rel" in sides:
            before_relation = row_of(nodes[: sides.index("rel")], place.free).width + 1
            indent = before_relation if before_relation <= place.width // 3 else INDENT
        yield row


def shift(cells: int) -> Tree:
    """A space of so many cells."""
    return {"type": "space", "em": cells / 2}


EMPTY: Tree = {"type": "row", "children": []}
