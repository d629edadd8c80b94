"""Which delimiters of a row belong together: by \\left and \\right, by size, as plain parentheses, as bars."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from mleq_lsp.render.delimiters import CLOSING, OPENING
from mleq_lsp.render.spacing import NO_OPERAND, Kind, Kinds, kinds
from mleq_lsp.render.tree import Tree

LEFT_RIGHT = -1  # the size of a delimiter after \left, \middle or \right, which knows its partner
PLAIN = 0
DEEPEST = 50  # delimiters of other kinds between two that belong together
BARS = frozenset("|‖")
PLAIN_DELIMITERS = BARS | frozenset(OPENING + CLOSING)


class Delimiter(NamedTuple):
    """A delimiter in a row that waits for its partner."""

    number: int
    size: int
    bar: str  # which bar it is, if it is one


class Pairs(NamedTuple):
    """The delimiters of a row: its pairs, inner ones first, and those in between them, as in \\middle|."""

    closed: list[tuple[int, int]]
    single: dict[int, tuple[int, int]]  # between which two parts one without a partner stands


def paired(nodes: Sequence[Tree], found: Sequence[Kinds]) -> Pairs:
    """Which delimiters of a row belong together."""
    closed: list[tuple[int, int]] = []
    middles: list[tuple[int, int]] = []  # each with the opening delimiter it stands in
    opened: list[Delimiter] = []
    before: Kind = "edge"
    levels = [size(node) for node in nodes]
    if not any(level is not None for level in levels):
        return Pairs([], {})
    for number, (node, level) in enumerate(zip(nodes, levels, strict=True)):
        side = found[number][1] if level is None else side_of(node, before, opened)
        if level is not None and side == "open":
            opened.append(Delimiter(number, level, bar_of(node)))
        elif level is not None and side == "close":
            closed += [(start, number) for start in partner(opened, level, bar_of(node))]
        elif level:
            middle = (number, opened[-1].number if opened else -1)
            if middles and facing(nodes, middles[-1], middle):
                closed.append((middles.pop()[0], number))
                side = "close"
            else:
                middles.append(middle)
        before = side
    return Pairs(closed, singles(nodes, levels, dict(closed), middles))


def facing(nodes: Sequence[Tree], first: tuple[int, int], second: tuple[int, int]) -> bool:
    """Whether two bars of one size are a norm: one with scripts on it, as in \\big|_{x=0}, opens nothing."""
    left, right = nodes[first[0]], nodes[second[0]]
    is_bar = left.get("type") != "scripts" and bar_of(left) != ""
    return is_bar and first[1] == second[1] and bar_of(left) == bar_of(right) and size(left) == size(right)


def singles(
    nodes: Sequence[Tree], levels: Sequence[int | None], stops: dict[int, int], middles: Sequence[tuple[int, int]]
) -> dict[int, tuple[int, int]]:
    """The parts between which each sized delimiter without a partner stands: a pair, its neighbours, or the rest."""
    result = {
        number: (start, stops[start]) if start in stops else (number - 2, number + 2) for number, start in middles
    }
    have = {*stops, *stops.values(), *result}
    for number, level in enumerate(levels):
        if level and number not in have:
            result[number] = (number, len(nodes)) if kinds(nodes[number])[1] == "open" else (-1, number)
    return result


def bare(node: Tree) -> Tree:
    """The node without the scripts on it."""
    while node.get("type") == "scripts":
        node = node["base"]
    return node


def size(node: Tree) -> int | None:
    """The size of a delimiter, perhaps with scripts on it; None of what is no delimiter."""
    node = bare(node)
    type_ = node.get("type")
    if type_ == "operator":
        return PLAIN if node.get("symbol") in PLAIN_DELIMITERS else None
    return int(node.get("size", 1)) if type_ == "fixed-delimiter" else None


def bar_of(node: Tree) -> str:
    """Which bar a node is that does not say itself whether it opens or closes."""
    node = bare(node)
    symbol = str(node.get("symbol"))
    return symbol if symbol in BARS and node.get("class") == "ord" and size(node) is not None else ""


def side_of(node: Tree, before: Kind, opened: Sequence[Delimiter]) -> Kind:
    """Whether a delimiter opens or closes; a bar opens where nothing stands before it, and closes such a one."""
    bar = bar_of(node)
    if not bar:
        left, right = kinds(node)
        return "open" if right == "open" else left
    if before in NO_OPERAND:
        return "open"
    return "close" if opened and opened[-1].bar == bar and opened[-1].size == size(node) else "ord"


def partner(opened: list[Delimiter], level: int, bar: str) -> list[int]:
    """The number of the delimiter that one of this size closes, if there is one; what was open inside is forgotten."""
    for at in range(len(opened) - 1, max(-1, len(opened) - 1 - DEEPEST), -1):
        one = opened[at]
        if one.size == level and one.bar == bar:
            del opened[at:]
            return [one.number]
        if one.size == LEFT_RIGHT:
            break
    return []
