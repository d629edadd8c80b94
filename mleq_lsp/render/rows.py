"""Boxes in a row, and the gaps between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mleq_lsp.render.boxes import Box, leading, touching, trailing
from mleq_lsp.render.parts import Part
from mleq_lsp.render.spacing import Kind, gap
from mleq_lsp.render.tree import Tree

NOTHING: Tree = {}
DISTANCE = 2  # cells between a limit and a script beside it


@dataclass(slots=True)
class Atom:
    """One part of a row; `space` is what the author put before it, in cells."""

    box: Box
    left: Kind = "ord"
    right: Kind = "ord"
    space: int = 0
    part: Part | None = None
    partner: int = 0  # of an opening delimiter that is tall: how many atoms further its partner stands

    @property
    def node(self) -> Tree:
        return self.part.node if self.part else NOTHING

    @property
    def word(self) -> bool:
        """Whether it is a word of a text."""
        return self.node.get("type") == "word"


def gaps_between(atoms: Sequence[Atom], after: Kind, tight: bool) -> list[int]:
    """The empty cells before each atom: TeX's, or the author's where those are more."""
    gaps = [max(atoms[0].space, gap(after, atoms[0].left, tight))]
    for left, right in pairwise(atoms):
        cells = gap(left.right, right.left, tight)
        if right.space > cells:
            cells = right.space
        if not cells and left.word and left.node["value"].startswith("\\"):
            cells = 1  # an unknown command, before its argument
        if len(left.box.lines) > 1:
            cells = cells or int(collide(left, right))
            # What has moved in itself may stand over the limits of a sign further to the left.
            cells -= overlap(left, right, cells) if gaps[-1] >= 0 else 0
        gaps.append(cells)
    return gaps


def collide(left: Atom, right: Atom) -> bool:
    """Whether two scripts or limits would read as one word."""
    return left.right != "open" and right.left != "close" and touching(left.box, right.box)


def overlap(left: Atom, right: Atom, cells: int) -> int:
    """How far an operand may move in over the limits of its operator, which are wider than the operator."""
    if left.right not in ("large", "op") or right.space > 1:
        return 0
    room = min(trailing(left.box.at(0)) + leading(right.box.at(0)), left.box.width, right.box.width)
    if room == 0:
        return 0
    distance = 1 if right.left in ("large", "op") else DISTANCE
    for row in range(-min(left.box.up, right.box.up), min(left.box.down, right.box.down) + 1):
        if row:
            between = trailing(left.box.at(row)) + leading(right.box.at(row)) + cells
            room = min(room, between - distance)
    return max(0, room)


def grown(atom: Atom, up: int, down: int) -> Atom:
    """The delimiter, with the scripts on it, as tall as something that reaches so far above and below the baseline."""
    if atom.part is None:
        return atom
    box = atom.part.place.free.fresh(with_height(atom.part.node, up, down))
    return Atom(box, atom.left, atom.right, atom.space, atom.part, atom.partner)


def with_height(node: Tree, up: int, down: int) -> Tree:
    """The delimiter, or the one under these scripts, with the height it is to be drawn at."""
    if node["type"] == "scripts":
        return {**node, "base": with_height(node["base"], up, down)}
    return {**node, "type": "fixed-delimiter", "up": up, "down": down}
