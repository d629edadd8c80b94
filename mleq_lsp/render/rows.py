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
DISTANCES = {"large": 1, "op": 1, "close": 0}  # between a limit and other limits, or a delimiter around it


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
        if not cells and left.box.lines[0][:1] == "\\" and left.word:
            cells = 1  # an unknown command, before its argument
        if not cells and len(right.box.lines) > 1 and lengthened(left.box, right.box):
            cells = 1
        elif not cells and len(left.box.lines) > 1:
            cells = int(collide(left, right))
        elif cells == 1 and scripts_over_rule(left, right):
            cells = 2
        gaps.append(cells)
    return gaps


def lengthened(left: Box, right: Box) -> bool:
    """Whether a sign or a rule would make the rule beside it longer: the minus of −½."""
    return left.at(0)[-1:] in LEVEL and right.at(0)[:1] == "─"


LEVEL = ("−", "-", "─")


def scripts_over_rule(left: Atom, right: Atom) -> bool:
    """Whether scripts would be read with a part of the fraction beside them."""
    is_scripted = left.node.get("type") == "scripts" and left.right not in ("large", "op")
    return is_scripted and right.node.get("type") == "fraction" and touching(left.box, right.box)


def collide(left: Atom, right: Atom) -> bool:
    """Whether two scripts or limits would read as one word."""
    return left.right != "open" and right.left != "close" and touching(left.box, right.box)


def moved_in(atoms: Sequence[Atom], gaps: Sequence[int], farthest: int) -> list[int]:
    """The gaps, less than none where an operand moves in over the limits of its operator.

    The limits may reach beyond as many atoms after the operator as `farthest` says.
    """
    result = list(gaps)
    for number in range(len(atoms) - 1):
        left, right = atoms[number], atoms[number + 1]
        # What has moved in itself may stand over the limits of an operator further to the left.
        if left.right in ("large", "op") and right.space <= 1 and result[number] >= 0 and len(left.box.lines) > 1:
            room = min(trailing(left.box.at(0)) + leading(right.box.at(0)), left.box.width)
            if room:
                after = atoms[number + 1 : number + 1 + farthest]
                spaces = gaps[number + 1 : number + 1 + farthest]
                result[number + 1] -= overlap(left.box, after, spaces, room, len(after) == farthest)
    return result


def overlap(limits: Box, after: Sequence[Atom], gaps: Sequence[int], room: int, bounded: bool) -> int:
    """By how many cells, `room` at the most, atoms may move in over limits before them."""
    end = 0  # where the next atom would begin, counted from the end of the limits
    for atom, cells in zip(after, gaps, strict=False):
        end += cells
        if end - room >= DISTANCE:
            break
        distance = DISTANCES.get(atom.left, DISTANCE)
        for row in range(-min(limits.up, atom.box.up), min(limits.down, atom.box.down) + 1):
            if row and limits.at(row).strip() and atom.box.at(row).strip():
                between = trailing(limits.at(row)) + leading(atom.box.at(row)) + end
                room = min(room, between - distance)
        end += atom.box.width
    else:
        if bounded:
            room = min(room, end - gaps[0])  # the limits end where the last atom ends
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
