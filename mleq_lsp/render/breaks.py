"""How bad a new line would be between two parts of a row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from mleq_lsp.render.place import Rung
from mleq_lsp.render.rows import Atom

RELATION, OPERATOR, COMMA = 0.0, 1.0, 2.0
INSIDE = (0.0, 8.0, 12.0, 15.0, 17.0)  # more with so many delimiters around it: P(s, a) holds together
PRODUCT = 9.0  # between factors of which one is an operator or a fraction
ANYWHERE = 24.0  # between two letters, after an opening delimiter
ARGUMENT = 40.0  # between a function and its argument
ELSEWHERE = 24.0  # more where the row has several formulas, between which a line should end
TORN = 60.0  # a sign from what belongs to it
DEEPEST = len(INSIDE) - 1  # delimiters that count


class Break(NamedTuple):
    """A new line before an atom: how bad it would be, if there can be one, and inside of how many delimiters."""

    cost: float | None
    depth: int


def breaks(atoms: Sequence[Atom], rung: Rung) -> list[Break]:
    """What a new line before each atom would be."""
    result = [Break(None, 0)]
    depth = int(atoms[0].right == "open")
    for before, atom in pairwise(atoms):
        if atom.left == "close":
            depth = max(0, depth - 1)
        cost = break_cost(before, atom, rung)
        result.append(Break(None if cost is None else cost + INSIDE[min(depth, DEEPEST)], depth))
        if atom.right == "open":
            depth += 1
    if not any(distant(atom, one.depth) for atom, one in zip(atoms[1:], result[1:], strict=True)):
        return result
    return [
        one if one.cost is None or distant(atom, one.depth) else Break(one.cost + ELSEWHERE, one.depth)
        for atom, one in zip(atoms, result, strict=True)
    ]


def distant(atom: Atom, depth: int) -> bool:
    """Whether it begins a condition or a formula of its own, in a distance from what is before it."""
    return atom.space > 1 and not depth


def divides(atom: Atom) -> bool:
    """Whether it is a bar as in p(x | y), which relates nothing to the left-hand side."""
    return atom.node.get("symbol") in ("∣", "|", "‖", "∥")


def break_cost(before: Atom, atom: Atom, rung: Rung) -> float | None:
    """How bad a new line between two atoms would be, delimiters around them aside."""
    if atom.left == "rel" and before.right != "rel":
        return COMMA if divides(atom) else RELATION
    if atom.space > 1 and atom.left != "rel":
        return OPERATOR if before.word else RELATION  # "s.t." goes with what follows
    if atom.left == "bin":
        return OPERATOR
    if before.right == "punct" or atom.word:
        return COMMA
    if before.right in ("rel", "bin", "op", "large") or atom.left in ("close", "punct", "rel"):
        return TORN if rung == Rung.LINEAR else None
    if atom.left == "open":
        return ARGUMENT if rung else None
    if divides(atom):
        return PRODUCT
    if before.right != "open" and (atom.left in ("large", "op", "inner") or before.right in ("close", "inner")):
        return PRODUCT
    return ANYWHERE if rung else None
