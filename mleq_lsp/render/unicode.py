"""A formula as text in two dimensions: fractions stacked, limits above and below, delimiters as tall as they need."""

from __future__ import annotations

from collections.abc import Iterator

from mleq_lsp.render.boxes import Box, beside, blank, line
from mleq_lsp.render.layout import draw_delimited, draw_fixed, draw_row, row_of
from mleq_lsp.render.linear import draw_beside, draw_labelled, draw_listed, draw_marked, wrapped
from mleq_lsp.render.oneline import (
    NotOneLineError,
    draw_accent_line,
    draw_arrow_line,
    draw_bar_line,
    draw_root_line,
    draw_scripts_line,
    draw_slashed,
    draw_table_line,
    refuse,
)
from mleq_lsp.render.parts import children
from mleq_lsp.render.place import NARROWEST, UNLIMITED, Drawer, Pen, Place, Rung
from mleq_lsp.render.structures import (
    draw_accent,
    draw_arrow,
    draw_bar,
    draw_brace,
    draw_fraction,
    draw_root,
    draw_scripts,
    draw_stacked,
    draw_vertical_arrow,
)
from mleq_lsp.render.symbols import (
    draw_base,
    draw_canceled,
    draw_framed,
    draw_function,
    draw_identifier,
    draw_large,
    draw_number,
    draw_operator,
    draw_phantom,
    draw_rule,
    draw_space,
    draw_style,
    draw_text,
    draw_unit,
    draw_word,
)
from mleq_lsp.render.tables import draw_table
from mleq_lsp.render.tree import Tree


def draw(tree: Tree, width: int = 88) -> str:
    """The formula in lines of at most `width` cells."""
    box = box_within(tree, max(NARROWEST, width))
    lines = [text.rstrip(" ") for text in box.lines]
    margin = min((len(text) - len(text.lstrip(" ")) for text in lines if text), default=0)
    return "\n".join(text[margin:] for text in lines).strip("\n")


def box_within(tree: Tree, width: int) -> Box:
    """The formula in a box of this width, done to it no more than is needed."""
    place = Place("display", UNLIMITED, Pen(DRAWERS, draw_unknown, draw_linear))
    nodes = children(tree)
    box = row_of(nodes, place)
    for rung in Rung:
        if box.width <= width:
            break
        box = row_of(nodes, Place("display", width, place.pen, rung))
    return box


def draw_linear(node: Tree, place: Place) -> Box:
    """A node as on one line, whatever it is, broken into lines of the width of the place."""
    box = Place("text", UNLIMITED, Pen(LINEAR_DRAWERS, draw_unknown, draw_linear)).draw(node)
    return wrapped(" ".join(text for text in box.lines), place.width)


def draw_line(tree: Tree) -> str | None:
    """The formula on one line, if it can be written on one."""
    try:
        box = Place("text", UNLIMITED, Pen(LINE_DRAWERS, draw_unknown, draw_linear)).draw(tree)
    except NotOneLineError:
        return None
    return box.lines[0].strip(" ") if box.height == 1 else None


def draw_unknown(node: Tree, place: Place) -> Box:
    """Every text in a node that nobody knows how to draw, in the order it is written."""
    boxes = [place.draw(part) if isinstance(part, dict) else line(part) for part in texts(node)]
    return beside(boxes or [blank(0)], [0, *[1] * (len(boxes) - 1)] if len(boxes) > 1 else None)


def texts(value: object) -> Iterator[Tree | str]:
    """The strings and the known nodes in a value, in order; names of colours, shapes and the like left out."""
    if isinstance(value, dict):
        for key, part in value.items():
            if isinstance(part, dict) and part.get("type") in DRAWERS:
                yield part
            elif key not in ATTRIBUTES:
                yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            if isinstance(part, dict) and part.get("type") in DRAWERS:
                yield part
            else:
                yield from texts(part)
    elif isinstance(value, str):
        yield value


ATTRIBUTES = frozenset(
    {"type", "class", "style", "variant", "color", "background", "border", "shape", "side", "alignment", "kind"}
    | {"position", "head", "tail", "notation", "label"}
)

DRAWERS: dict[str, Drawer] = {
    "identifier": draw_identifier,
    "number": draw_number,
    "operator": draw_operator,
    "function": draw_function,
    "large-operator": draw_large,
    "word": draw_word,
    "text": draw_text,
    "space": draw_space,
    "row": draw_row,
    "fraction": draw_fraction,
    "root": draw_root,
    "scripts": draw_scripts,
    "delimited": draw_delimited,
    "fixed-delimiter": draw_fixed,
    "accent": draw_accent,
    "bar": draw_bar,
    "brace": draw_brace,
    "stacked": draw_stacked,
    "arrow": draw_arrow,
    "vertical-arrow": draw_vertical_arrow,
    "table": draw_table,
    "style": draw_style,
    "colored": draw_base,
    "forced-class": draw_base,
    "raised": draw_base,
    "scaled": draw_base,
    "smashed": draw_base,
    "overlapped": draw_base,
    "multicolumn": draw_base,
    "unit": draw_base,
    "quantity": draw_unit,
    "phantom": draw_phantom,
    "rule": draw_rule,
    "framed": draw_framed,
    "canceled": draw_canceled,
}

# On one line; what is not listed here is drawn as above.
LINE_DRAWERS: dict[str, Drawer] = DRAWERS | {
    "large-operator": draw_operator,
    "fraction": draw_slashed,
    "root": draw_root_line,
    "scripts": draw_scripts_line,
    "accent": draw_accent_line,
    "bar": draw_bar_line,
    "arrow": draw_arrow_line,
    "table": draw_table_line,
    "brace": refuse,
    "stacked": refuse,
    "framed": refuse,
    "vertical-arrow": refuse,
}

# On one line, whatever it is.
LINEAR_DRAWERS: dict[str, Drawer] = LINE_DRAWERS | {
    "accent": draw_marked,
    "arrow": draw_labelled,
    "brace": draw_labelled,
    "stacked": draw_labelled,
    "vertical-arrow": draw_beside,
    "table": draw_listed,
    "framed": draw_base,
}
