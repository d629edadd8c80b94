"""Boxes in a row: the gaps between them, and where a row that is too wide is broken."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from mleq_lsp.render.boxes import Box, beside, blank, stack, touching
from mleq_lsp.render.spacing import Kind, gap

INDENT = 2  # cells


@dataclass(frozen=True, slots=True)
class Atom:
    """One part of a row; `space` is what the author put before it, in cells."""

    box: Box
    left: Kind = "ord"
    right: Kind = "ord"
    space: int = 0
    word: bool = False


def row(atoms: Sequence[Atom], after: Kind, tight: bool, width: int) -> Box:
    """The atoms on one line, or on several where that is wider than `width`; `after` is what stands before them."""
    if not atoms:
        return blank(0)
    gaps = gaps_between(atoms, after, tight)
    whole = beside([atom.box for atom in atoms], gaps)
    if whole.width <= width:
        return whole
    return broken(atoms, gaps, width)


def gaps_between(atoms: Sequence[Atom], after: Kind, tight: bool) -> list[int]:
    """The empty cells before each atom: TeX's, or the author's where those are more."""
    gaps = [max(atoms[0].space, gap(after, atoms[0].left, tight))]
    for left, right in pairwise(atoms):
        cells = max(right.space, gap(left.right, right.left, tight))
        gaps.append(cells or int(collide(left, right)))
    return gaps


def collide(left: Atom, right: Atom) -> bool:
    """Whether two scripts or limits would read as one word."""
    return left.right != "open" and right.left != "close" and touching(left.box, right.box)


def broken(atoms: Sequence[Atom], gaps: Sequence[int], width: int) -> Box:
    """The atoms on several lines, each begun at a relation or at an operator where there is one in reach."""
    costs = break_costs(atoms)
    indent = first_relation(atoms, gaps, costs, width)
    lines: list[Box] = []
    start = 0
    while start < len(atoms):
        margin = line_margin(atoms[start], start, indent, gaps)
        stop = line_end(atoms, gaps, costs, start, max(1, width - margin))
        boxes = [atom.box for atom in atoms[start:stop]]
        lines.append(beside(boxes, [margin, *gaps[start + 1 : stop]]))
        start = stop
    return stack(apart(lines), 0, "left") if len(lines) > 1 else lines[0]


def break_costs(atoms: Sequence[Atom]) -> list[float | None]:
    """How bad a new line before each atom would be; None where it must not be."""
    costs: list[float | None] = [None]
    depth = int(atoms[0].right == "open")
    for before, atom in pairwise(atoms):
        if atom.left == "close":
            depth = max(0, depth - 1)
        cost = break_cost(before, atom)
        costs.append(None if cost is None else cost + 3 * depth)
        if atom.right == "open":
            depth += 1
    return costs


def break_cost(before: Atom, atom: Atom) -> float | None:
    """How bad a new line between two atoms would be, delimiters around them aside."""
    if atom.left == "rel":
        return 0 if before.right != "rel" else None
    if atom.space > 1:
        return 0
    if atom.left == "bin":
        return 1
    if before.right == "punct" or atom.word:
        return 2
    if before.right in ("rel", "bin", "open", "op", "large") or atom.left in ("close", "punct", "open"):
        return None
    if atom.left in ("large", "op", "inner") or before.right in ("close", "inner"):
        return 6
    return None


def first_relation(atoms: Sequence[Atom], gaps: Sequence[int], costs: Sequence[float | None], width: int) -> int:
    """The cell in which the first relation stands, for the next lines to begin there; two, if it is far out."""
    at = 0
    for atom, space, cost in zip(atoms, gaps, costs, strict=True):
        at += space
        if atom.left == "rel" and cost in (0, None):
            return at if at <= width // 3 else INDENT
        at += atom.box.width
    return INDENT


def line_margin(atom: Atom, start: int, indent: int, gaps: Sequence[int]) -> int:
    """The empty cells at the beginning of a line: a relation stands under the first one, the rest further in."""
    if start == 0:
        return gaps[0]
    if atom.word:
        return INDENT
    return indent if atom.left == "rel" else indent + INDENT


def line_end(atoms: Sequence[Atom], gaps: Sequence[int], costs: Sequence[float | None], start: int, width: int) -> int:
    """The atom with which the next line begins: the cheapest break on a line that is well filled."""
    best, best_cost = 0, float("inf")
    used = atoms[start].box.width
    for stop in range(start + 1, len(atoms) + 1):
        cost = costs[stop] if stop < len(atoms) else -10.0
        if used > width and best:
            break
        if cost is not None:
            total = cost + 5 * (1 - used / width if used <= width else 0)
            if total <= best_cost:
                best, best_cost = stop, total
            if used > width:
                break
        if stop < len(atoms):
            used += gaps[stop] + atoms[stop].box.width
    return best or len(atoms)


def apart(lines: Sequence[Box]) -> list[Box]:
    """The lines with an empty one between two of which one is tall, so that no limit meets a script of the other."""
    result = [lines[0]]
    for before, after in pairwise(lines):
        if before.height > 1 or after.height > 1:
            result.append(blank(1))
        result.append(after)
    return result
