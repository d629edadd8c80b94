"""Where a part of a formula is drawn: in which style, in how much room, by whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import IntEnum
from typing import Literal, NamedTuple, TypeAlias

from mleq_lsp.render.boxes import Box
from mleq_lsp.render.tree import Tree

Style = Literal["display", "text", "script"]
Drawer: TypeAlias = "Callable[[Tree, Place], Box]"

UNLIMITED = 1_000_000  # cells
NARROWEST = 12  # cells; nothing inside of something else is broken into narrower lines than these

PATIENCE = 500  # tries of a part in a narrower room; a formula of a paper takes a few dozen
LEAVES = frozenset(("identifier", "number", "operator", "function", "word"))  # sooner drawn again than found


class Rung(IntEnum):
    """What may be done to a formula that is too wide; each rung allows what is above it."""

    STACKED = 0  # lines are broken, delimiters reach over all the lines between them
    OPENED = 1  # delimiters are opened on one line and closed on a later one
    LINEAR = 2  # what still has no room is written as on one line and broken anywhere


class Pen:
    """Who draws each kind of node; what was drawn is kept, for it is tried in several rooms."""

    def __init__(self, drawers: Mapping[str, Drawer], unknown: Drawer, linear: Drawer) -> None:
        self.drawers = drawers
        self.unknown = unknown
        self.linear = linear
        self.patience = PATIENCE
        self.drawn: dict[tuple[int, Style, int, Rung], tuple[Tree, Box]] = {}

    def patient(self) -> bool:
        """Whether one more part may be tried in a narrower room: parts in each other take ever more tries."""
        self.patience = max(0, self.patience - 1)
        return self.patience > 0


class Place(NamedTuple):
    """Where a part of a formula is drawn."""

    style: Style
    width: int
    pen: Pen
    rung: Rung = Rung.STACKED

    @property
    def tight(self) -> bool:
        """Whether relations and operators stand without space around them."""
        return self.style == "script"

    @property
    def free(self) -> Place:
        """The same place with all the room in the world."""
        return self if self.width == UNLIMITED else Place(self.style, UNLIMITED, self.pen)

    def draw(self, node: Tree) -> Box:
        """The box of a node, in lines that are broken only where there is too little room."""
        if node.get("type") in LEAVES:
            return self.fresh(node)
        if self.width != UNLIMITED:
            box = self.free.draw(node)
            if box.width <= self.width:
                return box
        key = (id(node), self.style, self.width, self.rung)
        kept = self.pen.drawn.get(key)
        if kept is not None:
            return kept[1]
        box = self.fresh(node)
        # The node is kept with it, so that no other one can come to have its id.
        self.pen.drawn[key] = (node, box)
        return box

    def fresh(self, node: Tree) -> Box:
        """The box of a node that is not drawn twice."""
        return self.pen.drawers.get(node.get("type", ""), self.pen.unknown)(node, self)

    def of(self, style: Style) -> Place:
        """The same place in another style; what is in a script stays small."""
        return self if self.style in (style, "script") else Place(style, self.width, self.pen, self.rung)

    def narrower(self, cells: int) -> Place:
        """The same place with less room."""
        return self if self.width == UNLIMITED else self.within(max(NARROWEST, self.width - cells))

    def within(self, width: int) -> Place:
        """The same place with this much room."""
        return Place(self.style, width, self.pen, self.rung)
