"""A formula as a picture for clients that show one: an SVG in the theme's colour, as a data URI."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from typing import NamedTuple

from mleq_lsp.render.foreign import picture_of
from mleq_lsp.render.lines import in_lines
from mleq_lsp.render.tree import DARK_RED, parse

VIEW_BOX = re.compile(r'viewBox="(-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+)"')
SIZE = re.compile(r' width="[\d.]+em" height="[\d.]+em" style="[^"]*"')
UNUSED_ATTRIBUTES = re.compile(r' (?:xmlns:mathra|data-mathra-version|aria-labelledby|role|lang)="[^"]*"')
# What a reader of the picture never sees: its title, the source again, braille, the text layer for copying.
UNSEEN = (("<title", "</title>"), ("<metadata>", "</metadata>"), ('<text x="0" y="0" font-size="1000"', "</text>"))
NAME = re.compile(r"mathra-[0-9a-f]+-")  # before that of each glyph
FRACTION = re.compile(r"\b(?<!scale\()\d+\.\d+")  # of a place
AT_ZERO = (' x="0"', ' y="0"')
OUTLINE_SIGNS = "MLHVCSQTAZ-"  # that need no space before them

# Of commands that nobody knows: mathra's red is hard to read on a dark ground, this has a contrast of 3.5 with any.
RED = "#d9482f"

UNITS_PER_EM = 1000
PX_PER_EM = 17  # a little larger than an editor's text, for scripts of scripts stay legible
MARGIN_PX = 4
MAX_WIDTH_PX = 560  # a hover is about this wide
LEGIBLE = 0.66  # of its size: smaller scripts of scripts cannot be read, so the formula is broken into lines
LONGEST_BROKEN = 1_500  # characters: breaking takes a measurement a term, and what is longer is seldom small enough
MAX_BYTES = 70_000  # of a message with a picture: VS Code cuts what is longer than 75 kB or so


@lru_cache(maxsize=64)
def data_uri(latex: str, color: str, max_width: int = MAX_WIDTH_PX, scale: float = 1) -> str | None:
    """The picture of a formula at most `max_width` px wide; None if it cannot be drawn or would be too large."""
    svg = picture_of(in_shape(latex, max_width / scale))
    if not svg:
        return None
    encoded = base64.b64encode(fitted(svg, color, max_width, scale).encode()).decode()
    uri = f"data:image/svg+xml;base64,{encoded}"
    return uri if len(uri) <= MAX_BYTES else None


def in_shape(latex: str, room: float) -> str:
    """The formula itself, or in lines where it would be too small on one."""
    if pixels(latex) * LEGIBLE <= room or len(latex) > LONGEST_BROKEN:
        return latex
    lines = in_lines(latex, room, pixels)
    return lines if lines is not None and pixels(lines) < pixels(latex) else latex


@lru_cache(maxsize=256)
def pixels(latex: str) -> float:
    """How wide a formula is at its own size, with the margins of a picture."""
    box = box_of(parse(latex).svg)
    return box.width * PX_PER_EM / UNITS_PER_EM if box else 0.0


class Box(NamedTuple):
    """What a picture shows, in its own units."""

    left: float
    top: float
    width: float
    height: float


def box_of(svg: str) -> Box | None:
    """What mathra's picture shows, with a margin."""
    found = VIEW_BOX.search(svg)
    if found is None:
        return None
    left, top, width, height = map(float, found.groups())
    margin = MARGIN_PX * UNITS_PER_EM / PX_PER_EM
    return Box(left - margin, top - margin, width + 2 * margin, height + 2 * margin)


def fitted(svg: str, color: str, max_width: int, scale: float) -> str:
    """The picture without what nobody sees, with its colour, a margin and a size in px."""
    box = box_of(svg)
    svg = shortened(svg).replace("svg:root{color:#111}", f"svg:root{{color:{color}}}").replace(DARK_RED, RED)
    if box is None:
        return svg
    px = min(scale * PX_PER_EM / UNITS_PER_EM, max_width / box.width)
    view = 'viewBox="' + " ".join(f"{number:.0f}" for number in box) + '"'
    size = f' width="{box.width * px:.0f}" height="{box.height * px:.0f}"'
    return SIZE.sub(size, VIEW_BOX.sub(view, svg, count=1), count=1)


def shortened(svg: str) -> str:
    """The same picture in fewer characters: nothing moves by more than the half of a thousandth of an em."""
    for start, end in UNSEEN:
        svg = without(svg, start, end)
    name = NAME.search(svg)
    head, defs, rest = svg.replace(name[0] if name else "\0", "").partition("<defs>")
    outlines, end, shapes = rest.partition("</defs>")
    for sign in OUTLINE_SIGNS:
        outlines = outlines.replace(f" {sign}", sign)
    shapes = FRACTION.sub(lambda number: f"{float(number[0]):.0f}", shapes)
    for attribute in AT_ZERO:
        shapes = shapes.replace(attribute, "")
    return UNUSED_ATTRIBUTES.sub("", head) + defs + outlines + end + shapes


def without(text: str, start: str, end: str) -> str:
    """A text without what begins and ends so."""
    before, found, rest = text.partition(start)
    return before + rest.partition(end)[2] if found else text
