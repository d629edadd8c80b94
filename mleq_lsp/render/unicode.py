"""A formula as text in two dimensions: fractions stacked, limits above and below, delimiters as tall as they need."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from mleq_lsp.render import glyphs
from mleq_lsp.render.boxes import Box, beside, blank, cells, crossed, extended, framed, line, stack, widened
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.layout import Drawer, Place, draw_fixed, draw_row, restyled, row_of
from mleq_lsp.render.spacing import kinds
from mleq_lsp.render.tables import draw_table
from mleq_lsp.render.tree import Tree


def draw(tree: Tree, width: int = 88) -> str:
    """The formula in lines of at most `width` cells, as far as it can be broken."""
    box = Place("display", width, DRAWERS, draw_unknown).draw(tree)
    lines = [text.rstrip(" ") for text in box.lines]
    margin = min((len(text) - len(text.lstrip(" ")) for text in lines if text), default=0)
    return "\n".join(text[margin:] for text in lines).strip("\n")


def draw_line(tree: Tree) -> str | None:
    """The formula on one line, if it can be written on one."""
    try:
        box = Place("text", UNLIMITED, LINE_DRAWERS, draw_unknown).draw(tree)
    except NotOneLineError:
        return None
    return box.lines[0].strip(" ") if box.height == 1 else None


UNLIMITED = 1_000_000


class NotOneLineError(Exception):
    """Something that has no reading on one line."""


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


def draw_function(node: Tree, _place: Place) -> Box:
    return line(str(node.get("name", "")))


def draw_word(node: Tree, _place: Place) -> Box:
    return line(str(node.get("value", "")))


def draw_text(node: Tree, place: Place) -> Box:
    return row_of((node,), place)


def draw_space(node: Tree, _place: Place) -> Box:
    return blank(max(0, round(2 * node.get("em", 0))))


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
    return line("▬" * round(2 * node.get("width", 0)) if node.get("height") else "")


def draw_framed(node: Tree, place: Place) -> Box:
    return framed(place.narrower(4).draw(node["base"]))


def draw_canceled(node: Tree, place: Place) -> Box:
    return crossed(place.draw(node["base"]))


def draw_fraction(node: Tree, place: Place) -> Box:
    """One part above the other, with a rule between them; a/b where both are small."""
    inside = place.of("text").narrower(2)
    above, below = inside.draw(node["num"]), inside.draw(node["den"])
    if node.get("rule") is False:
        return stack([above, blank(1), below], 1)
    if place.tight and above.height == below.height == 1:
        return divided(node, above, below)
    # A rule inside must not look as long as the one outside.
    margin = 2 if above.height + below.height > 2 else 0
    width = max(above.width, below.width, 1) + margin
    return stack([above, line("─" * width), below], 1)


def draw_slashed(node: Tree, place: Place) -> Box:
    """A fraction on one line."""
    above, below = place.draw(node["num"]), place.draw(node["den"])
    if node.get("rule") is False:
        return beside([above, line(" choose "), below])
    return divided(node, above, below)


def divided(node: Tree, above: Box, below: Box) -> Box:
    """a/b, with parentheses around what would not hold together."""
    top = above if is_product(node["num"]) else in_parentheses(above)
    return beside([top, line("/"), wrapped(node["den"], below)])


def wrapped(node: Tree, box: Box) -> Box:
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
    return type_ in ("identifier", "number", "delimited", "root") or (type_ == "operator" and node.get("class") == "ord")


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


def draw_root(node: Tree, place: Place) -> Box:
    """A radical sign whose bar covers the radicand."""
    body = place.of("text").narrower(3).draw(node["radicand"])
    if body.height == 1:
        bar = "_" * max(1, body.width)
        box = Box((" " + bar, "√" + widened(body, 1).lines[0]), 1 + len(bar), 1)
    else:
        lines = (f" ┌{'─' * body.width}", *(f" │{text}" for text in body.lines[:-1]), f"╲│{body.lines[-1]}")
        box = Box(lines, body.width + 2, body.baseline + 1)
    return with_index(node, box, place)


def draw_root_line(node: Tree, place: Place) -> Box:
    """A root on one line."""
    box = beside([line("√"), wrapped(node["radicand"], place.draw(node["radicand"]))])
    return with_index(node, box, place)


def with_index(node: Tree, root: Box, place: Place) -> Box:
    """The root with its index before it."""
    index = node.get("index")
    if index is None:
        return root
    small = glyphs.scripted(plain_text(index) or "", glyphs.SUPERSCRIPTS)
    if small is not None:
        return beside([line(small), root])
    drawn = place.of("script").draw(index)
    if place.width == UNLIMITED:
        return beside([line("["), drawn, line("]"), root])
    return beside([Box(drawn.lines, drawn.width, drawn.height), root])


def draw_scripts(node: Tree, place: Place) -> Box:
    """A base with a subscript, a superscript or limits."""
    base = place.draw(node["base"])
    if takes_limits(node["base"], place):
        return with_limits(base, node.get("sup"), node.get("sub"), place)
    small = small_scripts(node, glyphs.SUBSCRIPTS)
    if small is not None and (base.height == 1 or (base.down == 0 and node["base"].get("type") in BARRED)):
        return beside([base, line(small)])
    return with_corners(node, base, place)


BARRED = ("accent", "bar", "root")  # what rises above the baseline only with its bar
FENCED = ("delimited", "fixed-delimiter", "table")
INTEGRALS = "∫∬∭⨌∮∯∰"


def takes_limits(base: Tree, place: Place) -> bool:
    """Whether scripts stand above and below the base."""
    type_, limits = base.get("type"), base.get("limits")
    if type_ == "large-operator":
        return bool(limits) if limits is not None else place.style == "display" and base["symbol"] not in INTEGRALS
    if type_ == "function":
        return bool(limits) and place.style == "display"
    return type_ == "forced-class" and base.get("class") == "op" and place.style == "display"


def with_limits(base: Box, above: Tree | None, below: Tree | None, place: Place) -> Box:
    """A base with something small above and below it."""
    small = place.of("script")
    over = [small.draw(above)] if above is not None else []
    under = [small.draw(below)] if below is not None else []
    return stack([*over, base, *under], len(over))


def small_scripts(node: Tree, subscripts: dict[str, str]) -> str | None:
    """Both scripts in small characters, if all of them exist."""
    result = ""
    for key, table in (("sub", subscripts), ("sup", glyphs.SUPERSCRIPTS)):
        if node.get(key) is not None:
            small = glyphs.scripted(plain_text(node[key]) or "", table)
            if small is None:
                return None
            result += small
    return result


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


def with_corners(node: Tree, base: Box, place: Place) -> Box:
    """A base with its scripts as boxes on the upper and lower right."""
    small = place.of("script")
    fence = node["base"].get("type") in FENCED
    corners: list[Box] = []
    if node.get("sup") is not None:
        box = small.draw(node["sup"])
        top = base.up if fence and base.up else base.up + 1
        corners.append(Box(box.lines, box.width, box.height - 1 + top))
    if node.get("sub") is not None:
        box = small.draw(node["sub"])
        corners.append(Box(box.lines, box.width, -(base.down if fence and base.down else base.down + 1)))
    return beside([base, overlaid(corners)])


def overlaid(boxes: list[Box]) -> Box:
    """Boxes that may lie wholly above or below the baseline, in one, at its left edge."""
    width = max(box.width for box in boxes)
    top = max(*(box.baseline for box in boxes), 0)
    bottom = max(*(box.height - 1 - box.baseline for box in boxes), 0)
    lines = [" " * width] * (top + bottom + 1)
    for box in boxes:
        first = top - box.baseline
        lines[first : first + box.height] = widened(box, width, "left").lines
    return Box(tuple(lines), width, top)


def draw_scripts_line(node: Tree, place: Place) -> Box:
    """A base with its scripts on one line: xₜ², or x_θ and x^(ab) where the small characters do not exist."""
    parts = [place.draw(node["base"])]
    for key, mark, table in (("sub", "_", glyphs.LINE_SUBSCRIPTS), ("sup", "^", glyphs.SUPERSCRIPTS)):
        if node.get(key) is None:
            continue
        small = glyphs.scripted(plain_text(node[key]) or "", table)
        box = place.of("script").draw(node[key])
        held = box if box.width <= 1 or node[key].get("type") == "delimited" else in_parentheses(box)
        parts += [line(small)] if small is not None else [line(mark), held]
    return beside(parts)


def draw_delimited(node: Tree, place: Place) -> Box:
    """What stands between \\left and \\right, with delimiters of its height."""
    inside = place.narrower(2)
    parts = [inside.draw(part) for part in node.get("parts", ())]
    up, down = max((box.up for box in parts), default=0), max((box.down for box in parts), default=0)
    boxes, gaps = [delimiter(str(node.get("open") or ""), up, down)], [0]
    middles = [None, *node.get("middles", ())]
    for middle, box in zip(middles, parts, strict=False):
        if middle is not None:
            boxes.append(delimiter(middle, up, down))
            gaps.append(1)
        boxes.append(box)
        gaps.append(0 if middle is None else 1)
    return beside([*boxes, delimiter(str(node.get("close") or ""), up, down)], [*gaps, 0])


def draw_accent(node: Tree, place: Place) -> Box:
    """A mark on a letter; over several letters, in a line of its own."""
    base, mark = place.draw(node["base"]), str(node.get("accent", ""))
    if base.height == 1 and base.width == 1 and not node.get("below"):
        return line(glyphs.accented(base.lines[0], glyphs.COMBINING_ARROWS.get(mark, mark)))
    drawn = mark_line(mark, max(1, base.width))
    return stack([base, drawn], 0) if node.get("below") else stack([drawn, base], 1)


def mark_line(mark: str, width: int) -> Box:
    """An accent over or under several letters."""
    if mark in (glyphs.MACRON, glyphs.OVERLINE):
        return line("_" * width)
    if mark in ("⏜", "⏞"):
        return line("╭" + "─" * (width - 2) + "╮")
    if mark in glyphs.ARROWS or mark == glyphs.VECTOR:
        return long_arrow("→" if mark == glyphs.VECTOR else mark, width)
    return line(glyphs.WIDE_MARKS.get(mark, "\u25cc" + mark if cells(mark) == 0 else mark))


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


def draw_bar(node: Tree, place: Place) -> Box:
    """A line over or under its base."""
    base, above = place.draw(node["base"]), node.get("above", True)
    if base.height == 1 and base.width == 1:
        return draw_bar_line(node, place)
    if above:
        return stack([line("_" * base.width), base], 1)
    return stack([base, line("‾" * base.width)], 0)


def draw_bar_line(node: Tree, place: Place) -> Box:
    return marked(place.draw(node["base"]), glyphs.OVERLINE if node.get("above", True) else glyphs.UNDERLINE)


def marked(box: Box, mark: str) -> Box:
    """The box of one line with a mark on every character."""
    return line("".join(char if cells(char) == 0 else char + mark for char in box.lines[0]))


def draw_brace(node: Tree, place: Place) -> Box:
    """A brace over or under the whole of its base, and its label."""
    base = widened(place.draw(node["base"]), 3)
    label = [place.of("script").draw(node["label"])] if node.get("label") else []
    above = node.get("above", False)
    left, right = ("┌┐" if above else "└┘") if node.get("bracket") else ("╭╮" if above else "╰╯")
    middle = "─" if not label else "┴" if above else "┬"
    before = (base.width - 1) // 2 - 1
    piece = line(left + "─" * before + middle + "─" * (base.width - before - 3) + right)
    return stack([*label, piece, base], len(label) + 1) if above else stack([base, piece, *label], 0)


def draw_stacked(node: Tree, place: Place) -> Box:
    """Something small above or below a symbol, as on a relation."""
    return with_limits(place.draw(node["base"]), node.get("above"), node.get("below"), place)


def draw_arrow(node: Tree, place: Place) -> Box:
    """An arrow as long as its labels."""
    small = place.of("script")
    labels = [small.draw(node[key]).width for key in ("above", "below") if node.get(key) is not None]
    arrow = long_arrow(str(node.get("symbol", "→")), max(labels, default=1) + 2)
    return with_limits(arrow, node.get("above"), node.get("below"), place)


def long_arrow(symbol: str, width: int) -> Box:
    if symbol not in glyphs.ARROWS or width < 2:
        return line(symbol)
    tail, shaft, head = glyphs.ARROWS[symbol]
    return line(tail + shaft * (width - 2) + head)


def draw_vertical_arrow(node: Tree, place: Place) -> Box:
    """An arrow down or up in a diagram, its labels beside it."""
    boxes = [place.of("script").draw(node[key]) for key in ("left", "right") if node.get(key) is not None]
    arrow = extended(delimiter(str(node.get("symbol", "↓")), 0, 1), 0, 1)
    return beside([*boxes[:1], arrow, *boxes[1:]] if node.get("left") else [arrow, *boxes])


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
    "large-operator": draw_operator,
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
