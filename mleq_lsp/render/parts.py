"""The nodes of a row one by one: wrappers taken off, words told apart, the author's spaces counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from mleq_lsp.render.pairs import LEFT_RIGHT
from mleq_lsp.render.place import Place, Style
from mleq_lsp.render.tree import Tree

LONGEST = 20.0  # em; as wide as a space or a rule may be
THIN = 0.3  # em; smaller spaces vanish in scripts and at the edges of a row


class Part(NamedTuple):
    """A node in a row, its place, and the cells the author left before it."""

    node: Tree
    place: Place
    space: int


def spaced(nodes: Sequence[Tree], place: Place) -> tuple[list[Part], int]:
    """The parts of a row, the author's spaces counted, and the cells after the last one."""
    parts: list[Part] = []
    em = 0.0
    for node, at in flattened(nodes, place):
        if node.get("type") == "space":
            em += width_in_em(node, "em")
            continue
        parts.append(Part(node, at, space_cells(em, at.tight or not parts) if em else 0))
        em = 0.0
    return parts, space_cells(em, True)


def width_in_em(node: Tree, key: str) -> float:
    """A length as it is drawn: one that is longer than a line says no more than a long one."""
    return max(-LONGEST, min(LONGEST, float(node.get(key, 0))))


def space_cells(em: float, tight: bool) -> int:
    """A horizontal space in cells, half an em each."""
    return 0 if em <= 0 or (tight and em < THIN) else max(1, round(2 * em))


def flattened(nodes: Sequence[Tree], place: Place) -> Iterator[tuple[Tree, Place]]:
    """The nodes of a row, what \\left and \\right enclose among them, without the wrappers that change the style."""
    for node in nodes:
        type_ = node.get("type")
        if type_ == "style":
            yield from flattened(children(node["base"]), restyled(place, node))
        elif type_ == "colored":
            yield from flattened(children(node["base"]), place)
        elif type_ == "text":
            yield from ((word, place) for part in node.get("parts", ()) for word in words(part))
        elif type_ == "delimited":
            yield from flattened(list(enclosed(node)), place)
        elif type_ == "scripts" and node["base"].get("type") == "delimited":
            *inside, last = enclosed(node["base"])
            yield from flattened(inside, place)
            yield {**node, "base": last}, place
        else:
            yield node, place


def children(node: Tree) -> Sequence[Tree]:
    """The nodes of a group, or the one node that is not a group."""
    return node.get("children", ()) if node.get("type") == "row" else (node,)


def enclosed(node: Tree) -> Iterator[Tree]:
    """What stands between \\left and \\right, between delimiters that know each other."""
    yield fence(node.get("open"), "open")
    for middle, part in zip([None, *node.get("middles", ())], node.get("parts", ()), strict=False):
        if middle is not None:
            yield fence(middle, "rel")
        yield from children(part)
    yield fence(node.get("close"), "close")


def fence(symbol: str | None, class_: str) -> Tree:
    """A delimiter after \\left, \\middle or \\right."""
    return {"type": "fixed-delimiter", "symbol": symbol or "", "class": class_, "size": LEFT_RIGHT}


def words(part: Tree) -> Iterator[Tree]:
    """A part of a `\\text{...}`: its words and the spaces between them, or a formula in it."""
    value = part.get("value")
    if isinstance(value, dict):
        yield value
        return
    for piece in re.findall(r"\s+|\S+", str(value)):
        yield {"type": "space", "em": 0.5} if piece.isspace() else {"type": "word", "value": piece}


def restyled(place: Place, node: Tree) -> Place:
    """The place after `\\displaystyle`, `\\textstyle` or a smaller one."""
    level = node.get("level", 1)
    style: Style = "display" if level == 0 else "text" if level == 1 else "script"
    return Place(style, place.width, place.pen, place.rung)
