"""How far symbols stand apart: what kind a part of a formula is, as TeX sees it, and the gap between two kinds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from mleq_lsp.render.delimiters import CLOSING, OPENING
from mleq_lsp.render.tree import Tree

# TeX's classes; an operator with a name ("op": log) is told from a large one ("large": a sum), and "edge" is the
# place before the first part and after the last one. A "sign" has one operand only: the minus of −x.
Kind = Literal["ord", "op", "large", "bin", "sign", "rel", "open", "close", "punct", "inner", "edge"]
Kinds = tuple[Kind, Kind]  # how a part meets its left and its right neighbour

FIXED_KINDS: dict[str, Kinds] = {
    "function": ("op", "op"),
    "large-operator": ("large", "large"),
    "fraction": ("inner", "inner"),
    "brace": ("inner", "inner"),
    "root": ("ord", "inner"),
    "long-division": ("inner", "inner"),
    "arrow": ("rel", "rel"),
}
ORDINARY = frozenset(("identifier", "number", "word"))
CLASS_KINDS: dict[str, Kind] = {
    "op": "op",
    "bin": "bin",
    "rel": "rel",
    "open": "open",
    "close": "close",
    "punct": "punct",
    "inner": "inner",
}
# A delimiter that is not seen, as after `\left.`: what it encloses meets the neighbours.
UNSEEN: dict[str, Kinds] = {"open": ("inner", "open"), "close": ("close", "inner")}
# These are of the kind of what they hold.
TRANSPARENT = frozenset({"scripts", "stacked", "phantom", "smashed", "overlapped", "raised", "scaled", "canceled"})
MATRIX_SHAPES = frozenset({"p-matrix", "b-matrix", "brace-matrix", "v-matrix", "v-v-matrix"})

# After one of these there is nothing that a sign could be between, or that a bar could close or divide.
NO_OPERAND = frozenset(("edge", "bin", "sign", "rel", "open", "punct", "op", "large"))


def kinds(node: Tree) -> Kinds:
    """The kinds with which a node meets its neighbours."""
    type_ = node.get("type", "")
    if type_ in ORDINARY:
        return ("ord", "ord")
    if type_ in FIXED_KINDS:
        return FIXED_KINDS[type_]
    if type_ in TRANSPARENT and isinstance(node.get("base"), dict):
        return kinds(node["base"])
    if type_ == "row" and is_function_name(node):
        return ("op", "op")
    if type_ == "forced-class" and node["base"].get("type") == "stacked" and node.get("class") == "ord":
        return kinds(node["base"])
    if type_ == "delimited":
        return ("open" if node.get("open") else "inner", "close" if node.get("close") else "inner")
    if type_ == "table":
        return table_kinds(node.get("shape", ""))
    if type_ == "fixed-delimiter" and not node.get("symbol"):
        return UNSEEN.get(node.get("class", ""), ("ord", "ord"))
    kind = delimiter_kind(node) if type_ == "fixed-delimiter" else CLASS_KINDS.get(node.get("class", ""), "ord")
    return (kind, kind)


def is_function_name(node: Tree) -> bool:
    """Whether a group is nothing but names of functions, as in `\\arg\\min`."""
    nodes = node.get("children", ())
    return bool(nodes) and all(child.get("type") == "function" for child in nodes)


def table_kinds(shape: str) -> Kinds:
    """A matrix meets its neighbours as its delimiters do."""
    if shape in MATRIX_SHAPES:
        return ("open", "close")
    return ("open", "inner") if shape == "cases" else ("inner", "inner")


def delimiter_kind(node: Tree) -> Kind:
    """What a delimiter of a fixed size is: its symbol tells where its command, as in `\\big(`, does not."""
    symbol, class_ = node.get("symbol", ""), node.get("class", "")
    if class_ != "ord" or not symbol:
        return CLASS_KINDS.get(class_, "ord")
    return "open" if symbol in OPENING else "close" if symbol in CLOSING else "ord"


def settled(found: Sequence[Kinds], after: Kind) -> list[Kinds]:
    """The kinds in a row, where a binary operator without two operands is a sign."""
    result: list[Kinds] = []
    for number, (left, right) in enumerate(found):
        before = result[-1][1] if result else after
        following = found[number + 1][0] if number + 1 < len(found) else "edge"
        unary = before in NO_OPERAND or following in ("edge", "rel", "close", "punct")
        result.append(("sign", "sign") if left == "bin" and unary else (left, right))
    return result


def gap(before: Kind, after: Kind, tight: bool) -> int:
    """The empty cells between two kinds; `tight` in scripts, where TeX sets relations without space."""
    pair = {before, after}
    if before in ("edge", "open", "sign") or after in ("edge", "close"):
        return 0
    if pair & {"rel", "bin"}:
        return 0 if tight or pair == {"rel"} else 1
    if after == "punct":
        return 0
    if before == "punct":
        return 0 if tight else 1
    if pair & {"op", "large"}:
        return 0 if (before, after) == ("op", "open") else 1
    return 1 if "inner" in pair and not tight else 0


def juxtaposed(before: Kind, after: Kind) -> bool:
    """Whether two neighbours read as a product or as a function and its argument, with no sign between them."""
    return not {before, after} & {"rel", "bin", "sign", "punct", "edge"} and before != "open" and after != "close"
