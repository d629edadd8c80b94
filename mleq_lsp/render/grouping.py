"""What reads as one thing on a line, and the parentheses around what does not."""

from __future__ import annotations

from collections.abc import Sequence

from mleq_lsp.render.boxes import Box, beside, line
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.spacing import kinds
from mleq_lsp.render.tree import Tree


def divided(node: Tree, above: Box, below: Box) -> Box:
    """a/b, with parentheses around what would not hold together."""
    top = above if is_product(node["num"]) else in_parentheses(above)
    return beside([top, line("/"), held(node["den"], below)])


def held(node: Tree, box: Box) -> Box:
    """The box of a node, in parentheses unless it holds together by itself."""
    return box if is_single(node) else in_parentheses(box)


def in_parentheses(box: Box) -> Box:
    return beside([delimiter("(", box.up, box.down), box, delimiter(")", box.up, box.down)])


def is_single(node: Tree) -> bool:
    """Whether a node is one symbol, perhaps with scripts, or stands in delimiters of its own."""
    type_, inside = node.get("type"), node.get("children", ())
    if type_ == "row":
        return is_single(inside[0]) if len(inside) == 1 else is_enclosed(inside)
    if type_ in ("scripts", "accent", "bar", "colored", "style"):
        return is_single(node["base"])
    if type_ == "operator":
        return bool(node.get("class") == "ord")
    return type_ in ("identifier", "number", "delimited", "root")


def is_enclosed(nodes: Sequence[Tree]) -> bool:
    """Whether the first of the nodes opens a delimiter that only the last one closes."""
    bars = [number for number, node in enumerate(nodes) if plain_text(node.get("base", node)) in ("|", "‖")]
    if bars:
        return bars == [0, len(nodes) - 1]
    depth = 0
    for number, node in enumerate(nodes):
        left, right = kinds(node)
        depth += (right == "open") - (left == "close")
        if depth == 0:
            return number == len(nodes) - 1 and number > 0
    return False


def is_product(node: Tree) -> bool:
    """Whether a node is nothing but single symbols side by side."""
    return is_single(node) or (node.get("type") == "row" and all(map(is_single, node.get("children", ()))))


def plain_text(node: Tree) -> str | None:
    """The characters of a node that is nothing but plain characters."""
    type_ = node.get("type")
    if type_ == "row":
        parts = [plain_text(child) for child in node.get("children", ())]
        return None if None in parts else "".join(part for part in parts if part)
    if type_ == "text":
        values = [part.get("value") for part in node.get("parts", ())]
        return "".join(values) if all(isinstance(value, str) for value in values) else None
    if type_ == "identifier" and node.get("variant") not in (None, "upright", "italic"):
        return None
    key = {"identifier": "name", "number": "value", "operator": "symbol", "function": "name"}.get(str(type_))
    return str(node.get(key, "")) if key and "thousands" not in node else None
