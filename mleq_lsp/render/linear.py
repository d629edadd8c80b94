"""What has no room in two dimensions: written as on one line, broken between its signs or at last anywhere."""

from __future__ import annotations

import re

from mleq_lsp.render import glyphs
from mleq_lsp.render.boxes import Box, beside, cells, line, stack
from mleq_lsp.render.grids import CASES, EQUATIONS
from mleq_lsp.render.grouping import held, in_parentheses
from mleq_lsp.render.place import Place
from mleq_lsp.render.structures import draw_accent, long_arrow
from mleq_lsp.render.tables import FENCES
from mleq_lsp.render.tree import Tree

# Where a line may end without tearing a word, a number or a script from its mark.
SEAM = re.compile(r"(?<=[ ,;])(?![\u0300-\u036f])|(?<=[^_^(\[{/ ])(?=[(\[{+−=|∑∏∫√])|(?<=[)\]}])(?=[^)\]},;_^])")


def wrapped(text: str, width: int) -> Box:
    """The text in lines of at most `width` cells, broken between its signs if it can be, and otherwise anywhere."""
    lines: list[str] = []
    current = ""
    for piece in SEAM.split(text):
        if cells(current + piece.rstrip(" ")) > width:
            lines.append(current)
            current = ""
        current += piece if current else piece.lstrip(" ")
        while (stop := fitting(current.rstrip(" "), width)) < len(current.rstrip(" ")):
            lines.append(current[:stop])
            current = current[stop:]
    boxes = [line(text.strip(" ")) for text in [*lines, current] if text.strip(" ")]
    return stack(boxes or [line("")], 0, "left")


def fitting(text: str, width: int) -> int:
    """How many characters of a text fit into `width` cells, with the accents on the last one; at least one."""
    used = 0
    for number, char in enumerate(text):
        used += cells(char)
        if used > width and number:
            return number
    return len(text)


def draw_labelled(node: Tree, place: Place) -> Box:
    """A brace, an arrow or a relation with its labels as scripts: =^(def)."""
    base = place.draw(node["base"]) if "base" in node else long_arrow(str(node.get("symbol", "→")), 3)
    parts = [held(node["base"], base) if node.get("type") == "brace" else base]
    labels = {"above": node.get("above"), "below": node.get("below")}
    if node.get("type") == "brace":
        labels = {"above" if node.get("above") else "below": node.get("label")}
    for key, mark in (("below", "_"), ("above", "^")):
        label = labels.get(key)
        if label is not None:
            box = place.of("script").draw(label)
            parts += [line(mark), box if box.width == 1 else in_parentheses(box)]
    return beside(parts)


def draw_marked(node: Tree, place: Place) -> Box:
    """An accent by its name, or before what it stands on or under."""
    base, mark = place.draw(node["base"]), str(node.get("accent", ""))
    if base.width == 1 and not node.get("below"):
        return draw_accent(node, place)
    name = glyphs.MARK_NAMES.get(mark) or glyphs.WIDE_MARKS.get(mark) or ("\u25cc" + mark if cells(mark) == 0 else mark)
    return beside([line("_" * bool(node.get("below")) + name), in_parentheses(base)])


def draw_beside(node: Tree, place: Place) -> Box:
    """An arrow down or up between its labels."""
    labels = {key: place.draw(node[key]) for key in ("left", "right") if node.get(key) is not None}
    parts = [labels.get("left"), line(str(node.get("symbol", "↓"))), labels.get("right")]
    return beside([part for part in parts if part is not None])


def draw_listed(node: Tree, place: Place) -> Box:
    """A table row by row: [a, b; c, d]."""
    shape = node.get("shape", "")
    left, right = FENCES.get(shape, ("", ""))
    boxes = [line(left)]
    for number, row in enumerate(node.get("rows", ())):
        boxes.append(line("; " if number else ""))
        for column, cell in enumerate(row):
            plain = "" if column % 2 else "  "
            between = plain if shape in EQUATIONS else " " if shape in CASES else ", "
            boxes += [line(between if column else ""), place.draw(cell)]
    return beside([*boxes, line(right)])
