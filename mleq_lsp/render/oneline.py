"""The same things on one line, as far as they can be written so."""

from __future__ import annotations

from mleq_lsp.render import glyphs
from mleq_lsp.render.boxes import Box, beside, line, marked
from mleq_lsp.render.grouping import divided, held, in_parentheses, plain_text
from mleq_lsp.render.place import Place
from mleq_lsp.render.structures import draw_accent, draw_arrow
from mleq_lsp.render.tables import draw_table
from mleq_lsp.render.tree import Tree


class NotOneLineError(Exception):
    """Something that has no reading on one line."""


def draw_slashed(node: Tree, place: Place) -> Box:
    """A fraction on one line."""
    above, below = place.draw(node["num"]), place.draw(node["den"])
    if node.get("rule") is False:
        return beside([above, line(" choose "), below])
    return divided(node, above, below)


def draw_root_line(node: Tree, place: Place) -> Box:
    """A root on one line, an index before it: ⁿ√x, or [k+q]√x."""
    body = place.draw(node["radicand"])
    # √x² would be read as the square of a root.
    root = [line("√"), in_parentheses(body) if has_superscript(node["radicand"]) else held(node["radicand"], body)]
    index = node.get("index")
    if index is None:
        return beside(root)
    small = glyphs.scripted(plain_text(index) or "", glyphs.SUPERSCRIPTS)
    drawn = [line("["), place.of("script").draw(index), line("]")] if small is None else [line(small)]
    return beside([*drawn, *root])


def has_superscript(node: Tree) -> bool:
    """Whether a group ends in a superscript."""
    if node.get("type") == "row" and node.get("children"):
        return has_superscript(node["children"][-1])
    return node.get("type") == "scripts" and node.get("sup") is not None


def draw_scripts_line(node: Tree, place: Place) -> Box:
    """A base with its scripts on one line: xₜ², or x_θ and x^(ab) where the small characters do not exist."""
    base = place.draw(node["base"])
    parts = [in_parentheses(base) if node["base"].get("type") in ("fraction", "root") else base]
    for key, mark, table in (("sub", "_", glyphs.LINE_SUBSCRIPTS), ("sup", "^", glyphs.SUPERSCRIPTS)):
        if node.get(key) is None:
            continue
        small = glyphs.scripted(plain_text(node[key]) or "", table)
        box = place.of("script").draw(node[key])
        inside = box if box.width <= 1 or is_enclosed_or_word(node[key]) else in_parentheses(box)
        parts += [line(small)] if small is not None else [line(mark), inside]
    return beside(parts)


def is_enclosed_or_word(node: Tree) -> bool:
    """Whether a script holds together by itself, as in L_VLB; the letters of x_(ij) do not."""
    if node.get("type") == "text":
        return (plain_text(node) or " ").isalpha()
    inside = node.get("children", ())
    return node.get("type") == "delimited" or bool(inside and all(one.get("variant") == "upright" for one in inside))


def draw_accent_line(node: Tree, place: Place) -> Box:
    """An accent on one line: x̂, or hat(xy) over several letters."""
    base, mark = place.draw(node["base"]), str(node.get("accent", ""))
    if base.width == 1 and not node.get("below"):
        return draw_accent(node, place)
    if mark == glyphs.MACRON:
        return marked(base, glyphs.OVERLINE)
    if mark not in glyphs.MARK_NAMES or node.get("below"):
        raise NotOneLineError
    return beside([line(glyphs.MARK_NAMES[mark] + "("), base, line(")")])


def draw_bar_line(node: Tree, place: Place) -> Box:
    return marked(place.draw(node["base"]), glyphs.OVERLINE if node.get("above", True) else glyphs.UNDERLINE)


def draw_arrow_line(node: Tree, place: Place) -> Box:
    if node.get("above") is not None or node.get("below") is not None:
        raise NotOneLineError
    return draw_arrow(node, place)


def draw_table_line(node: Tree, place: Place) -> Box:
    """A table of a single row."""
    if len(node.get("rows", ())) != 1:
        raise NotOneLineError
    return draw_table(node, place)


def refuse(_node: Tree, _place: Place) -> Box:
    raise NotOneLineError
