"""What stands on one line by itself: letters, numbers, signs, words, and the wrappers around something else."""

from __future__ import annotations

from mleq_lsp.render import glyphs
from mleq_lsp.render.boxes import BOTH, Box, beside, blank, framed, line, marked
from mleq_lsp.render.layout import row_of
from mleq_lsp.render.parts import restyled, width_in_em
from mleq_lsp.render.place import Place
from mleq_lsp.render.tree import Tree


def draw_identifier(node: Tree, _place: Place) -> Box:
    return line(glyphs.styled(str(node.get("name", "")), node.get("variant")))


def draw_number(node: Tree, _place: Place) -> Box:
    """A number, its thousands separated where the author did so."""
    value, separator = str(node.get("value", "")), node.get("thousands", "")
    if not separator:
        return line(value)
    whole, point, rest = value.partition(".")
    first = len(whole) % 3
    groups = ([whole[:first]] if first else []) + [whole[at : at + 3] for at in range(first, len(whole), 3)]
    return line(separator.join(groups) + point + rest)


def draw_operator(node: Tree, _place: Place) -> Box:
    symbol = str(node.get("symbol", ""))
    return line(glyphs.OPERATORS.get(symbol, symbol))


def draw_large(node: Tree, place: Place) -> Box:
    """A large operator; an integral in display style takes three lines."""
    symbol = str(node.get("symbol", ""))
    if place.style != "display" or symbol not in glyphs.INTEGRALS:
        return line(symbol)
    signs = [Box(("⌠", middle, "⌡"), 1, 1, BOTH) for middle in glyphs.INTEGRALS[symbol]]
    return beside(signs)


def draw_function(node: Tree, _place: Place) -> Box:
    return line(str(node.get("name", "")))


def draw_word(node: Tree, _place: Place) -> Box:
    return line(str(node.get("value", "")))


def draw_text(node: Tree, place: Place) -> Box:
    return row_of((node,), place)


def draw_space(node: Tree, _place: Place) -> Box:
    return blank(max(0, round(2 * width_in_em(node, "em"))))


def draw_style(node: Tree, place: Place) -> Box:
    return restyled(place, node).draw(node["base"])


def draw_base(node: Tree, place: Place) -> Box:
    """What is drawn as if nothing were around it: a colour, a class, a change of size or height."""
    return place.draw(node["base"])


def draw_unit(node: Tree, place: Place) -> Box:
    """A quantity with its unit."""
    return place.draw(node["unit"])


def draw_phantom(node: Tree, place: Place) -> Box:
    """Empty space as wide as what is not shown."""
    return blank(place.draw(node["base"]).width if node.get("width") else 0)


def draw_rule(node: Tree, _place: Place) -> Box:
    """A filled rectangle; one without width is a strut and not seen."""
    return line("▬" * round(2 * width_in_em(node, "width")) if node.get("height") else "")


def draw_framed(node: Tree, place: Place) -> Box:
    return framed(place.narrower(4).draw(node["base"]))


def draw_canceled(node: Tree, place: Place) -> Box:
    return marked(place.draw(node["base"]), glyphs.STROKE)
