"""mathra's tree as flat rows of small values that can be compared: what a reader of formulas walks along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

from mleq_lsp.render.parts import children
from mleq_lsp.render.tree import Tree, parse


class EvaluationError(Exception):
    """A formula, or a place in it, that has no value here; the message names it."""

    def __init__(self, what: str, place: str = "") -> None:
        super().__init__(f"{what}, at `{place}`" if place else what)
        self.what, self.place = what, place

    def at(self, place: str) -> EvaluationError:
        """The same with the place, where none nearer is known."""
        return self if self.place else EvaluationError(self.what, place)


@dataclass(frozen=True, slots=True)
class Node:
    """One sign or structure with its scripts; two that look the same are the same."""

    kind: str
    text: str = ""
    parts: tuple[Row, ...] = ()
    sub: Row = ()
    sup: Row = ()

    @property
    def bare(self) -> Node:
        return replace(self, sub=(), sup=())

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs


Row: TypeAlias = "tuple[Node, ...]"


@lru_cache(maxsize=4096)
def row_of(latex: str) -> Row:
    """The formula as a row of nodes; one that cannot be read without a warning is an error."""
    parsed = parse(latex)
    if parsed.problems:
        raise EvaluationError(f"{latex}: {parsed.problems[0].message}")
    return tuple(flattened(parsed.tree))


def flattened(tree: Tree) -> Iterator[Node]:
    """The nodes of a tree, one after the other, without what only concerns its looks."""
    kind = tree["type"]
    if kind in LEAVES:
        yield Node(LEAVES[kind], named(tree))
    elif kind in STRUCTURES:
        yield from STRUCTURES[kind](tree)
    else:
        raise EvaluationError(f"a {kind} is not read")


def named(tree: Tree) -> str:
    """The letters of a leaf and what tells them from the same in another alphabet."""
    if "symbol" in tree:
        if tree["symbol"] == "|" and tree.get("class") == "rel":
            return "∣"
        return SAME_SIGNS.get(tree["symbol"], str(tree["symbol"]))
    variant = tree.get("variant", "")
    return f"{variant} {tree['name']}" if variant else str(tree.get("name", tree.get("value", "")))


def part(tree: Tree | None) -> Row:
    return () if tree is None else joined(flattened(tree))


def joined(nodes: Iterator[Node]) -> Row:
    """`:` and `=` as the one sign that they look like."""
    row: list[Node] = []
    for node in nodes:
        if node.is_sign("=") and row and row[-1].is_sign(":"):
            row[-1] = Node("sign", "≔")
        else:
            row.append(node)
    return tuple(row)


def flat_row(tree: Tree) -> Iterator[Node]:
    inside = children(tree)
    yield from joined(node for child in inside for node in flattened(child))


def flat_base(tree: Tree) -> Iterator[Node]:
    yield from flattened(tree["base"])


def flat_brace(tree: Tree) -> Iterator[Node]:
    """What a brace is under or over: a sum as in parentheses, unless it begins with the sign that joins it."""
    base = part(tree["base"])
    if any(node.is_sign("+", "−") for node in base[1:]) and not base[0].is_sign("+", "−"):
        base = (Node("sign", "("), *base, Node("sign", ")"))
    yield from base


def flat_scripts(tree: Tree) -> Iterator[Node]:
    """Scripts belong to the last node of their base; a sum in braces is read as in parentheses."""
    base = part(tree["base"])
    if not base:
        raise EvaluationError("scripts on nothing")
    if len(base) > 1 and tree["base"]["type"] == "row" and any(node.kind == "sign" for node in base):
        base = (Node("sign", "("), *base, Node("sign", ")"))
    yield from base[:-1]
    last = base[-1]
    yield replace(last, sub=last.sub + part(tree.get("sub")), sup=last.sup + part(tree.get("sup")))


def flat_delimited(tree: Tree) -> Iterator[Node]:
    """`\\left( … \\right)` as if it were written without `\\left` and `\\right`; the bar in a set as a colon."""
    if len(tree["parts"]) == 1 and tree["parts"][0].get("rule") is False:
        yield Node("binomial", parts=(part(tree["parts"][0]["num"]), part(tree["parts"][0]["den"])))
        return
    middles = [*tree.get("middles", ()), None]
    yield Node("sign", tree["open"] or "(")
    for inside, middle in zip(tree["parts"], middles, strict=True):
        yield from part(inside)
        if middle is not None:
            yield Node("sign", ":" if (tree["open"], middle) == ("{", "|") else middle)
    yield Node("sign", tree["close"] or ")")


def flat_table(tree: Tree) -> Iterator[Node]:
    rows = tuple(Node("cells", parts=tuple(part(cell) for cell in row)) for row in tree["rows"])
    yield Node("table", tree["shape"], parts=(rows,))


def flat_space(tree: Tree) -> Iterator[Node]:
    """Only a space of a quad and more says something: what follows is another statement."""
    if tree["em"] >= 1:
        yield Node("quad")


def flat_text(tree: Tree) -> Iterator[Node]:
    values = [one["value"] for one in tree["parts"]]
    if not all(isinstance(value, str) for value in values):
        raise EvaluationError("a formula inside of a text")
    yield Node("text", "".join(values).strip())


LEAVES = {
    "identifier": "name",
    "number": "number",
    "operator": "sign",
    "fixed-delimiter": "sign",
    "function": "function",
    "large-operator": "large",
    "word": "name",
}
SAME_SIGNS = {"∖": "\\", "∗": "*", "⩽": "≤", "⩾": "≥", "⟵": "←"}
STRUCTURES: dict[str, Callable[[Tree], Iterator[Node]]] = {
    "row": flat_row,
    "style": flat_base,
    "forced-class": flat_base,
    "scripts": flat_scripts,
    "delimited": flat_delimited,
    "space": flat_space,
    "text": flat_text,
    "table": flat_table,
    "brace": flat_brace,
    "fraction": lambda tree: iter([Node("fraction", parts=(part(tree["num"]), part(tree["den"])))]),
    "root": lambda tree: iter([Node("root", parts=(part(tree["radicand"]), part(tree.get("index"))))]),
    "accent": lambda tree: iter([Node("accent", tree["accent"], (part(tree["base"]),))]),
    "bar": lambda tree: iter([Node("accent", "above" if tree["above"] else "below", (part(tree["base"]),))]),
}


def written(row: Row) -> str:
    """A row for a message, near to how it is written in LaTeX."""
    return " ".join(map(written_node, row))


def written_node(node: Node) -> str:
    text = node.text.split(" ")[-1] or node.kind
    if node.parts and node.kind != "table":
        text = f"{node.kind if node.kind != 'accent' else node.text}{{{'}{'.join(map(written, node.parts))}}}"
    sub = f"_{{{written(node.sub)}}}" if node.sub else ""
    return text + sub + (f"^{{{written(node.sup)}}}" if node.sup else "")
