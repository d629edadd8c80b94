"""A row of a formula's parts, laid out at its place: with which spacing, how wide it may be, who draws each part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from mleq_lsp.render.boxes import Box, beside, blank, line
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.rows import Atom, row
from mleq_lsp.render.spacing import Kind, Kinds, juxtaposed, kinds, settled
from mleq_lsp.render.tree import Tree

Style = Literal["display", "text", "script"]
Drawer: TypeAlias = "Callable[[Tree, Place], Box]"

NARROWEST = 12  # cells; nothing is broken into narrower lines than these
HEADROOM = 8  # cells that a part of a row leaves for what stands before it
LONGEST = 20.0  # em; as wide as a space or a rule may be
THIN = 0.3  # em; smaller spaces vanish in scripts and at the edges of a row


@dataclass(frozen=True, slots=True)
class Place:
    """Where a part of a formula is drawn."""

    style: Style
    width: int
    drawers: Mapping[str, Drawer]
    unknown: Drawer
    tables: int = 0  # how many tables it is inside of

    @property
    def tight(self) -> bool:
        """Whether relations and operators stand without space around them."""
        return self.style == "script"

    def draw(self, node: Tree) -> Box:
        """The box of a node."""
        return self.drawers.get(node.get("type", ""), self.unknown)(node, self)

    def of(self, style: Style) -> Place:
        """The same place in another style; what is in a script stays small."""
        return self if self.style in (style, "script") else replace(self, style=style)

    def narrower(self, cells: int) -> Place:
        """The same place with less room."""
        return replace(self, width=max(NARROWEST, self.width - cells))


def draw_row(node: Tree, place: Place) -> Box:
    """A group: whatever stands between two braces."""
    return row_of(node.get("children", ()), place)


def row_of(nodes: Sequence[Tree], place: Place, after: Kind = "edge") -> Box:
    """Nodes beside each other, `after` a neighbour on their left that is not drawn here."""
    parts, trailing = spaced(nodes, place)
    inner = 0 if len(parts) == 1 else HEADROOM
    found = settled([kinds(part.node) for part in parts], after)
    boxes = [None if fixed(part.node) else part.place.narrower(inner).draw(part.node) for part in parts]
    boxes = parenthesised(parts, boxes, found)
    drawn = [part.place.draw(part.node) if box is None else box for part, box in grown(parts, boxes)]
    atoms = [
        Atom(box, left, right, part.space, part.node["type"] == "word")
        for part, box, (left, right) in zip(parts, drawn, found, strict=True)
    ]
    if trailing:
        atoms.append(Atom(blank(trailing)))
    return row(atoms, after, place.tight, place.width)


@dataclass(frozen=True, slots=True)
class Part:
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
        parts.append(Part(node, at, space_cells(em, at.tight or not parts)))
        em = 0.0
    return parts, space_cells(em, True)


def width_in_em(node: Tree, key: str) -> float:
    """A length as it is drawn: one that is longer than a line says no more than a long one."""
    return max(-LONGEST, min(LONGEST, float(node.get(key, 0))))


def space_cells(em: float, tight: bool) -> int:
    """A horizontal space in cells, half an em each."""
    return 0 if em <= 0 or (tight and em < THIN) else max(1, round(2 * em))


def flattened(nodes: Sequence[Tree], place: Place) -> Iterator[tuple[Tree, Place]]:
    """The nodes of a row without the wrappers that a change of colour or style puts around the rest of it."""
    for node in nodes:
        type_ = node.get("type")
        if type_ == "style":
            yield from flattened(children(node["base"]), restyled(place, node))
        elif type_ == "colored":
            yield from flattened(children(node["base"]), place)
        elif type_ == "text":
            for part in node.get("parts", ()):
                yield from ((word, place) for word in words(part))
        else:
            yield node, place


def children(node: Tree) -> Sequence[Tree]:
    """The nodes of a group, or the one node that is not a group."""
    return node.get("children", ()) if node.get("type") == "row" else (node,)


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
    return replace(place, style=style)


def fixed(node: Tree) -> bool:
    """Whether it is a delimiter as in `\\Big(`, perhaps with scripts on it, which waits for its neighbours."""
    if node.get("type") == "scripts":
        return fixed(node.get("base", {}))
    return node.get("type") == "fixed-delimiter"


def grown(parts: Sequence[Part], boxes: Sequence[Box | None]) -> Iterator[tuple[Part, Box | None]]:
    """The parts, their delimiters of a fixed size told how tall their surroundings are."""
    spans = enclosed([part.node if fixed(part.node) else None for part in parts])
    for number, (part, box) in enumerate(zip(parts, boxes, strict=True)):
        if box is not None:
            yield part, box
            continue
        inside = [boxes[index] for index in spans[number]]
        up = max((other.up for other in inside if other), default=0)
        down = max((other.down for other in inside if other), default=0)
        yield replace(part, node=with_height(part.node, up, down)), None


def enclosed(delimiters: Sequence[Tree | None]) -> dict[int, range]:
    """For each delimiter in a row the parts it must be as tall as: those between it and its partner."""
    spans: dict[int, range] = {}
    opened: list[int] = []
    bars: list[tuple[int, int]] = []  # each with the opening delimiter it stands in
    for number, node in enumerate(delimiters):
        kind = kinds(node)[0] if node else "edge"
        if kind == "open":
            opened.append(number)
        elif kind == "close":
            start = opened.pop() if opened else -1
            spans[start] = spans[number] = range(start + 1, number)
        elif node:
            bars.append((number, opened[-1] if opened else -1))
    spans |= {start: range(start + 1, len(delimiters)) for start in opened}
    for number, start in bars:
        around = range(max(0, number - 1), min(len(delimiters), number + 2))
        spans[number] = spans[start] if start >= 0 else around
    return spans


def with_height(node: Tree, up: int, down: int) -> Tree:
    """The delimiter, or the one under these scripts, with the height it is to be drawn at."""
    if node["type"] == "scripts":
        return {**node, "base": with_height(node["base"], up, down)}
    return {**node, "up": up, "down": down}


def draw_fixed(node: Tree, _place: Place) -> Box:
    """A delimiter as in `\\Big(`."""
    return delimiter(node.get("symbol", ""), node.get("up", 0), node.get("down", 0))


def parenthesised(parts: Sequence[Part], boxes: Sequence[Box | None], found: Sequence[Kinds]) -> list[Box | None]:
    """The boxes, with parentheses around each a/b on one line that a neighbour would seem to be multiplied into."""
    result = list(boxes)
    for number, box in enumerate(boxes):
        if parts[number].node.get("type") != "fraction" or box is None or box.height > 1:
            continue
        left, right = found[number]
        before = found[number - 1][1] if number and not is_sign(parts[number - 1].node) else "edge"
        following = found[number + 1][0] if number + 1 < len(found) else "edge"
        if juxtaposed(before, left) or juxtaposed(right, following):
            result[number] = beside([line("("), box, line(")")])
    return result


def is_sign(node: Tree) -> bool:
    """Whether it is an operator that may stand before a number, like the minus of −x."""
    return node.get("type") == "operator" and node.get("class") == "bin"
