"""What takes several lines: fractions, roots, scripts and limits, accents and braces, arrows with labels."""

from __future__ import annotations

from mleq_lsp.render import glyphs
from mleq_lsp.render.boxes import ABOVE, BELOW, BOTH, Box, beside, blank, cells, line, marked, stack, widened
from mleq_lsp.render.delimiters import delimiter
from mleq_lsp.render.grouping import divided, plain_text
from mleq_lsp.render.place import Place
from mleq_lsp.render.tree import Tree


def draw_fraction(node: Tree, place: Place) -> Box:
    """One part above the other, with a rule between them; a/b where both are small."""
    inside = place.of("text").narrower(2)
    above, below = inside.draw(node["num"]), inside.draw(node["den"])
    if node.get("rule") is False:
        return stack([above, blank(1), below], 1).reaching(BOTH)
    if place.tight and above.height == below.height == 1:
        return divided(node, above, below)
    # A rule inside must not look as long as the one outside.
    margin = 2 if above.height + below.height > 2 else 0
    width = max(above.width, below.width, 1) + margin
    return stack([above, line("─" * width), below], 1).reaching(BOTH)


def draw_root(node: Tree, place: Place) -> Box:
    """A radical sign whose bar covers the radicand, the index on its left."""
    body = widened(place.of("text").narrower(3).draw(node["radicand"]), 1)
    index = root_index(node, place)
    if body.height == 1:
        root = Box((" " + "_" * body.width, "√" + body.lines[0]), 1 + body.width, 1)
        return beside([index, root])
    margin = widened(stack([index, line("╲")], 1, "right"), 1).lines
    bar = [f"┌{'─' * body.width}", *(f"│{text}" for text in body.lines)]
    first = " " * max(1, index.width)
    left = [first] * (len(bar) - len(margin)) + list(margin)
    over = len(left) - len(bar)
    lines = tuple(before + text for before, text in zip(left, [" " * (body.width + 1)] * over + bar, strict=True))
    return Box(lines, len(first) + 1 + body.width, over + 1 + body.baseline, BOTH)


def root_index(node: Tree, place: Place) -> Box:
    """The index of a root: nothing for a square root, small characters, or a box above the baseline."""
    index = node.get("index")
    if index is None:
        return blank(0)
    small = glyphs.scripted(plain_text(index) or "", glyphs.SUPERSCRIPTS)
    if small is not None:
        return line(small)
    drawn = place.of("script").draw(index)
    return Box(drawn.lines, drawn.width, drawn.height)


def draw_scripts(node: Tree, place: Place) -> Box:
    """A base with a subscript, a superscript or limits."""
    base = place.draw(node["base"])
    if takes_limits(node["base"], place):
        return with_limits(base, node.get("sup"), node.get("sub"), place)
    small = small_scripts(node, glyphs.SUBSCRIPTS)
    if small is not None and (base.height == 1 or (base.down == 0 and node["base"].get("type") in BARRED)):
        return beside([base, line(small)])
    corner = corners(node, base, place)
    if base.width + corner.width > place.width:
        base = place.narrower(corner.width).draw(node["base"])
        corner = corners(node, base, place)
    return beside([base, corner])


BARRED = ("accent", "bar", "root")  # what rises above the baseline only with its bar
TALL = ("delimited", "fixed-delimiter", "table", "large-operator")


def takes_limits(base: Tree, place: Place) -> bool:
    """Whether scripts stand above and below the base."""
    type_, limits = base.get("type"), base.get("limits")
    if type_ == "large-operator":
        return (
            bool(limits) if limits is not None else place.style == "display" and base["symbol"] not in glyphs.INTEGRALS
        )
    if type_ == "function":
        return bool(limits) and place.style == "display"
    return type_ == "forced-class" and base.get("class") == "op" and place.style == "display"


def with_limits(base: Box, above: Tree | None, below: Tree | None, place: Place) -> Box:
    """A base with something small above and below it."""
    small = place.of("script")
    over = [small.draw(above)] if above is not None else []
    under = [small.draw(below)] if below is not None else []
    reach = base.reach | (ABOVE if over else 0) | (BELOW if under else 0)
    return stack([*over, base, *under], len(over)).reaching(reach)


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


def corners(node: Tree, base: Box, place: Place) -> Box:
    """The scripts of a base as boxes on its upper and lower right."""
    small = place.of("script")
    # Beside something tall they stand at its ends, and not beyond them.
    inward = int(node["base"].get("type") in TALL)
    boxes: list[Box] = []
    if node.get("sup") is not None:
        box = small.draw(node["sup"])
        on_line = base.down == 0 and base.up == 0 and (plain_text(node["sup"]) or " ") in glyphs.PRIMES
        boxes.append(box if on_line else Box(box.lines, box.width, box.height + base.up - min(inward, base.up)))
    if node.get("sub") is not None:
        box = small.draw(node["sub"])
        boxes.append(Box(box.lines, box.width, min(inward, base.down) - base.down - 1))
    return overlaid(boxes)


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


def draw_accent(node: Tree, place: Place) -> Box:
    """A mark on a letter; over several letters, in a line of its own."""
    base, mark = place.draw(node["base"]), str(node.get("accent", ""))
    if base.height == 1 and base.width == 1 and not node.get("below"):
        return line(glyphs.accented(base.lines[0], glyphs.COMBINING_ARROWS.get(mark, mark)))
    drawn = mark_line(mark, max(1, base.width))
    whole = stack([base, drawn], 0) if node.get("below") else stack([drawn, base], 1)
    return whole.reaching(base.reach)


def mark_line(mark: str, width: int) -> Box:
    """An accent over or under several letters."""
    if mark in (glyphs.MACRON, glyphs.OVERLINE):
        return line("_" * width)
    if mark in ("⏜", "⏞"):
        return line("╭" + "─" * (width - 2) + "╮")
    if mark in glyphs.ARROWS or mark == glyphs.VECTOR:
        return long_arrow("→" if mark == glyphs.VECTOR else mark, width)
    return line(glyphs.WIDE_MARKS.get(mark, "\u25cc" + mark if cells(mark) == 0 else mark))


def draw_bar(node: Tree, place: Place) -> Box:
    """A line over or under its base."""
    base, above = place.draw(node["base"]), node.get("above", True)
    if base.height == 1 and base.width == 1:
        return marked(base, glyphs.OVERLINE if above else glyphs.UNDERLINE)
    over, under = line("_" * base.width), line("‾" * base.width)
    return (stack([over, base], 1) if above else stack([base, under], 0)).reaching(base.reach)


def draw_brace(node: Tree, place: Place) -> Box:
    """A brace over or under the whole of its base, and its label."""
    base = widened(place.draw(node["base"]), 3)
    label = [place.of("script").draw(node["label"])] if node.get("label") else []
    above = bool(node.get("above"))
    left, right = BRACKET_ENDS[above] if node.get("bracket") else BRACE_ENDS[above]
    middle = "─" if not label else "┴" if above else "┬"
    before = (base.width - 1) // 2 - 1
    piece = line(left + "─" * before + middle + "─" * (base.width - before - 3) + right)
    if above:
        return stack([*label, piece, base], len(label) + 1).reaching(base.reach | ABOVE)
    return stack([base, piece, *label], 0).reaching(base.reach | BELOW)


# The ends of a brace below and of one above.
BRACE_ENDS = (("╰", "╯"), ("╭", "╮"))
BRACKET_ENDS = (("└", "┘"), ("┌", "┐"))


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
    arrow = delimiter(str(node.get("symbol", "↓")), 0, 1)
    return beside([*boxes[:1], arrow, *boxes[1:]] if node.get("left") else [arrow, *boxes])
