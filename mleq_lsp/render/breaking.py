"""Where a row that is too wide is broken: the best of all ways, as TeX finds the lines of a paragraph."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from mleq_lsp.render.boxes import Box, apart, beside, extent, stack
from mleq_lsp.render.breaks import breaks, distant, divides
from mleq_lsp.render.place import NARROWEST, Place, Rung
from mleq_lsp.render.rows import Atom, grown

INDENT = 2  # cells
LINE = 20.0  # what a line costs; where it is broken costs less
SQUEEZED = 6.0  # what it costs to break something inside of an atom
OVERFLOW = 1000.0  # what each cell beyond the width costs
LONELY = 5.0  # what a short left-hand side costs that stands on its line alone
LOOSE = 0.5  # what an empty line would cost; it decides between ways that are as good otherwise
ROOMY = 20  # cells; no delimiters are drawn around lines that are narrower
MOST = 300  # places where a line may begin that are tried
TRIES = 4  # lines in which a part is tried that must be broken inside


@dataclass(frozen=True, slots=True)
class Row:
    """Atoms, the cells between them, and where they are drawn."""

    atoms: Sequence[Atom]
    gaps: Sequence[int]
    place: Place


class Piece(NamedTuple):
    """Atoms that stay together: one, or tall delimiters and all that is between them."""

    start: int
    stop: int
    width: int
    gap: int
    cost: float | None  # of a new line before it, if there can be one
    depth: int  # the delimiters around it

    @property
    def grouped(self) -> bool:
        return self.stop - self.start > 1


class Line(NamedTuple):
    """A line of pieces, of which one may be broken inside."""

    start: int
    stop: int
    margin: int
    cost: float
    squeezed: int = -1
    box: Box | None = None


class Layout(NamedTuple):
    """All lines of a row."""

    cost: float
    lines: list[Line]


def broken(atoms: Sequence[Atom], gaps: Sequence[int], place: Place) -> Box:
    """The atoms on several lines, if they can be had in the width of the place."""
    kept = [atom for atom in atoms if atom.part is not None]
    row = Row(kept, steady(kept, gaps, place.rung), place)
    if not kept:
        return beside([atom.box for atom in atoms])
    opened: frozenset[int] = frozenset()
    while True:
        pieces = pieces_of(row, opened)
        layout = best_layout(row, pieces)
        wide = too_wide(pieces, layout)
        if place.rung == Rung.STACKED or not wide:
            return drawn(row, pieces, layout, opened)
        opened |= wide


def steady(atoms: Sequence[Atom], gaps: Sequence[int], rung: Rung) -> list[int]:
    """The gaps, none of them less than a cell beside what may become another box: that would not tuck in the same."""
    changing = [rung == Rung.LINEAR or atom.partner > 0 or atom.box.width >= NARROWEST for atom in atoms]
    return [
        1 if gap < 0 and (changing[number] or changing[number - 1]) else gap
        for number, gap in enumerate(gaps[: len(atoms)])
    ]


def pieces_of(row: Row, opened: frozenset[int]) -> list[Piece]:
    """The atoms, those in tall delimiters as one piece unless these were opened."""
    found = breaks(row.atoms, row.place.rung)
    pieces: list[Piece] = []
    start = 0
    while start < len(row.atoms):
        stop = start + 1 + (0 if start in opened else row.atoms[start].partner)
        width = sum(atom.box.width for atom in row.atoms[start:stop]) + sum(row.gaps[start + 1 : stop])
        pieces.append(Piece(start, stop, width, row.gaps[start], *found[start]))
        start = stop
    return pieces


def too_wide(pieces: Sequence[Piece], layout: Layout) -> frozenset[int]:
    """The delimiters that are to be opened, because their line has no room for all between them."""
    return frozenset(
        piece.start
        for line in layout.lines
        if line.cost >= OVERFLOW
        for piece in pieces[line.start : line.stop]
        if piece.grouped
    )


def best_layout(row: Row, pieces: Sequence[Piece]) -> Layout:
    """The best lines, the next ones begun under the first relation or, if that is better, near the left edge."""
    relation = first_relation(row, pieces)
    if relation is None:
        return layout_of(row, pieces, margins_of(row, pieces, 0), None)
    at = sum(piece.width + piece.gap for piece in pieces[:relation]) + pieces[relation].gap
    near = at <= row.place.width // 3
    layouts = [
        layout_of(row, pieces, margins_of(row, pieces, indent), relation if near else None)
        for indent in ((at,) if at <= INDENT else (at, INDENT) if near else (INDENT,))
    ]
    return min(layouts, key=lambda layout: layout.cost)


def first_relation(row: Row, pieces: Sequence[Piece]) -> int | None:
    """The piece that is the first relation outside of delimiters."""
    for number, piece in enumerate(pieces):
        atom = row.atoms[piece.start]
        if atom.left == "rel" and not piece.depth and not divides(atom):
            return number
    return None


def margins_of(row: Row, pieces: Sequence[Piece], indent: int) -> list[int]:
    """The empty cells before a line that begins with each piece: none before a relation but the indent."""
    margins: list[int] = []
    for piece in pieces:
        atom = row.atoms[piece.start]
        if not margins:
            margins.append(piece.gap)
        elif distant(atom, piece.depth):
            margins.append(INDENT)
            indent = 2 * INDENT  # for the relations after it, which are its own
        elif atom.word and not piece.depth:
            margins.append(INDENT)
        else:
            margins.append(indent + (2 * INDENT if piece.depth else 0 if atom.left == "rel" else INDENT))
    return margins


def layout_of(row: Row, pieces: Sequence[Piece], margins: Sequence[int], relation: int | None) -> Layout:
    """The cheapest lines: for each place of a break the best line before it, from left to right.

    `relation` is the piece that leaves a short left-hand side alone, if a line ends before it.
    """
    starts = [number for number, piece in enumerate(pieces) if not number or piece.cost is not None]
    ends = list(accumulate((piece.gap + piece.width for piece in pieces), initial=0))
    costs: dict[int, float] = {0: 0.0}
    chosen: dict[int, Line] = {}
    for chunk, stop in enumerate([*starts[1:], len(pieces)]):
        for line in lines_to(row, pieces, starts[: chunk + 1][-MOST:], stop, margins, ends):
            cost = costs[line.start] + line.cost + (pieces[line.start].cost or 0)
            cost += LONELY if stop == relation and not line.start else 0
            if cost < costs.get(stop, math.inf):
                costs[stop], chosen[stop] = cost, line
    return Layout(costs[len(pieces)], followed_back(chosen, len(pieces)))


def followed_back(chosen: dict[int, Line], stop: int) -> list[Line]:
    """The lines from the first to the one that ends before the piece `stop`."""
    lines: list[Line] = []
    while stop:
        lines.append(chosen[stop])
        stop = chosen[stop].start
    return lines[::-1]


def lines_to(
    row: Row,
    pieces: Sequence[Piece],
    starts: Sequence[int],
    stop: int,
    margins: Sequence[int],
    ends: Sequence[int],
) -> Iterator[Line]:
    """The lines that end before the piece `stop`, shortest first; where none has room, broken inside or too wide."""
    width, tries = row.place.width, 0
    for start in reversed(starts):
        used = ends[stop] - ends[start] - pieces[start].gap
        excess = used + margins[start] - width
        if excess <= 0:
            empty = 0 if stop == len(pieces) else -excess / width
            yield Line(start, stop, margins[start], LINE + LOOSE * empty * empty)
        elif start == starts[-1] or tries or row.place.rung == Rung.LINEAR:
            tries += 1
            chunk = start if row.place.rung == Rung.LINEAR else starts[-1]
            line = squeezed(row, pieces, Line(start, stop, margins[start], LINE), chunk, excess)
            if line is not None:
                yield line
            elif start == starts[-1]:
                yield Line(start, stop, margins[start], OVERFLOW * excess)
            if tries > TRIES:
                return
        elif used > width:
            return


def squeezed(row: Row, pieces: Sequence[Piece], line: Line, chunk: int, excess: int) -> Line | None:
    """The line, its widest piece from `chunk` on broken inside so that the line takes fewer cells."""
    number = max(range(chunk, line.stop), key=lambda number: pieces[number].width)
    piece = pieces[number]
    room = piece.width - excess
    box = narrowed(row, piece, room)
    if box is None or box.width > room:
        return None
    height = max(atom.box.height for atom in row.atoms[piece.start : piece.stop])
    more = max(1, (box.height - height) // (height + 1))
    return line._replace(cost=LINE * (1 + more) + SQUEEZED, squeezed=number, box=box)


def narrowed(row: Row, piece: Piece, room: int) -> Box | None:
    """A piece in less room, if it can be drawn there."""
    place = row.place
    if not place.pen.patient() and place.rung != Rung.LINEAR:
        return None
    if piece.grouped:
        return regrouped(row, piece, room) if room >= ROOMY else None
    part = row.atoms[piece.start].part
    if part is None or room < (2 if place.rung == Rung.LINEAR else NARROWEST):
        return None
    at = Place(part.place.style, room, place.pen, place.rung)
    box = at.draw(part.node) if room >= NARROWEST and place.pen.patience else None
    if place.rung == Rung.LINEAR and (box is None or box.width > room):
        return place.pen.linear(part.node, at)
    return box


def regrouped(row: Row, piece: Piece, room: int) -> Box | None:
    """What stands between tall delimiters, on several lines, with the delimiters over all of them."""
    first, last = row.atoms[piece.start], row.atoms[piece.stop - 1]
    inside = row.atoms[piece.start + 1 : piece.stop - 1]
    room -= first.box.width + last.box.width
    if not inside or room < NARROWEST:
        return None
    gaps = [0, *row.gaps[piece.start + 2 : piece.stop - 1]]
    box = broken(inside, gaps, row.place.within(room))
    return beside([grown(first, box.up, box.down).box, box, grown(last, box.up, box.down).box])


def drawn(row: Row, pieces: Sequence[Piece], layout: Layout, opened: frozenset[int]) -> Box:
    """The lines below each other."""
    lines = [drawn_line(row, pieces, line, opened) for line in layout.lines]
    return stack(apart(lines), 0, "left") if len(lines) > 1 else lines[0]


def drawn_line(row: Row, pieces: Sequence[Piece], line: Line, opened: frozenset[int]) -> Box:
    """One line, its delimiters that were opened or are closed elsewhere as tall as what is on the line."""
    first, last = pieces[line.start].start, pieces[line.stop - 1].stop
    boxes = {number: row.atoms[number].box for number in range(first, last)}
    squeezed = pieces[line.squeezed]
    if line.box is not None:
        boxes = {number: box for number, box in boxes.items() if not squeezed.start < number < squeezed.stop}
        boxes[squeezed.start] = line.box
    for start in opened:
        stop = start + row.atoms[start].partner
        if (first <= start < last) == (first <= stop < last):
            continue
        here, between = (start, range(start + 1, last)) if start >= first else (stop, range(first, stop))
        if line.box is None or here != squeezed.start:
            inside = [boxes[number] for number in between if number in boxes]
            taller = grown(row.atoms[here], *extent(inside)).box
            # A taller angle bracket is wider too, and the room on the line is given away.
            if taller.width <= boxes[here].width:
                boxes[here] = taller
    gaps = [line.margin, *(row.gaps[number] for number in list(boxes)[1:])]
    return beside(list(boxes.values()), gaps)
