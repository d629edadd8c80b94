"""A row of a formula's parts, laid out at its place: with which spacing, with delimiters of which height."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from mleq_lsp.render.boxes import BOTH, Box, beside, blank, extent, line
from mleq_lsp.render.breaking import broken
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.pairs import PLAIN, bar_of, paired, size
from mleq_lsp.render.parts import Part, spaced
from mleq_lsp.render.place import Place
from mleq_lsp.render.rows import Atom, gaps_between, grown, moved_in
from mleq_lsp.render.spacing import Kind, Kinds, juxtaposed, kinds, settled
from mleq_lsp.render.tree import Tree


def draw_row(node: Tree, place: Place) -> Box:
    """A group: whatever stands between two braces."""
    return row_of(node.get("children", ()), place)


def row_of(nodes: Sequence[Tree], place: Place, after: Kind = "edge") -> Box:
    """Nodes beside each other, `after` a neighbour on their left that is not drawn here."""
    if len(nodes) == 1 and nodes[0].get("type") in ALONE:
        box = place.draw(nodes[0])
        if box.width <= place.width:
            return box
    parts, trailing = spaced(nodes, place)
    atoms = atoms_of(parts, after)
    if trailing:
        atoms.append(Atom(blank(trailing)))
    if not atoms:
        return blank(0)
    gaps = gaps_between(atoms, after, place.tight)
    whole = beside([atom.box for atom in atoms], moved_in(atoms, gaps, ALL))
    return whole if whole.width <= place.width else broken(atoms, moved_in(atoms, gaps, 1), place)


MOST_NESTED = 8  # pairs of tall delimiters in each other that are kept together on a line
ALL = 40  # atoms that may stand over one limit
# What looks the same alone in a row as by itself.
ALONE = ("identifier", "number", "function")


def atoms_of(parts: Sequence[Part], after: Kind) -> list[Atom]:
    """The parts drawn, their delimiters as tall as what is between them."""
    nodes = [part.node for part in parts]
    found = settled([kinds(node) for node in nodes], after)
    delimiters = paired(nodes, found)
    if any(bar_of(nodes[start]) for start, _ in delimiters.closed):
        for start, stop in delimiters.closed:
            found[start], found[stop] = ("open", "open"), ("close", "close")
        found = settled(found, after)
    boxes = parenthesised(parts, [part.place.free.draw(part.node) for part in parts], found)
    atoms = [
        Atom(box, left, right, part.space, part) for part, box, (left, right) in zip(parts, boxes, found, strict=True)
    ]
    enclose(atoms, dict(delimiters.closed))
    grow_single(atoms, delimiters.single)
    return atoms


def grow_single(atoms: list[Atom], single: Mapping[int, tuple[int, int]]) -> None:
    """Make the delimiters without a partner as tall as what they stand at."""
    boxes = [None if size(atom.node) else atom.box for atom in atoms]
    reaches: dict[tuple[int, int], tuple[int, int]] = {}
    for number, (start, stop) in single.items():
        if (start, stop) not in reaches:
            reaches[start, stop] = extent([box for box in boxes[max(0, start + 1) : stop] if box])
        atoms[number] = grown(atoms[number], *reaches[start, stop])


def enclose(atoms: list[Atom], stops: dict[int, int]) -> None:
    """Make the delimiters of each pair as tall as what is between them, the inner ones first."""
    inside: list[Enclosed] = [Enclosed(-1)]
    for number in range(len(atoms) if stops else 0):
        if number in stops:
            inside.append(Enclosed(number))
            continue
        if number == stops.get(inside[-1].start):
            whole = inside.pop()
            whole.close(atoms, number, len(inside) <= MOST_NESTED)
            inside[-1].add(atoms[whole.start].box, whole.reach)
        inside[-1].add(atoms[number].box, atoms[number].box.reach)


class Enclosed:
    """How far it reaches what stands between a pair of delimiters."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.reach = self.up = self.down = 0

    def add(self, box: Box, reach: int) -> None:
        self.reach |= reach
        self.up, self.down = max(self.up, box.up), max(self.down, box.down)

    def close(self, atoms: list[Atom], stop: int, together: bool) -> None:
        """Let the delimiters grow where it is taller than a line with scripts; plain ones need it on both sides."""
        if self.reach == BOTH or (self.reach and size(atoms[self.start].node) != PLAIN):
            for number in (self.start, stop):
                atoms[number] = grown(atoms[number], self.up, self.down)
            atoms[self.start].partner = stop - self.start if together else 0


def draw_fixed(node: Tree, _place: Place) -> Box:
    """A delimiter as in `\\Big(`."""
    return delimiter(node.get("symbol", ""), node.get("up", 0), node.get("down", 0))


def draw_delimited(node: Tree, place: Place) -> Box:
    """What stands between \\left and \\right."""
    return row_of((node,), place)


def parenthesised(parts: Sequence[Part], boxes: list[Box], found: Sequence[Kinds]) -> list[Box]:
    """The boxes, with parentheses around each a/b on one line that a neighbour would seem to be multiplied into."""
    for number, box in enumerate(boxes):
        if parts[number].node.get("type") != "fraction" or box.height > 1:
            continue
        left, right = found[number]
        before = found[number - 1][1] if number else "edge"
        following = found[number + 1][0] if number + 1 < len(found) else "edge"
        if juxtaposed(before, left) or juxtaposed(right, following):
            boxes[number] = beside([line("("), box, line(")")])
    return boxes
