"""A formula as a picture for clients that show one: an SVG in the theme's colour, as a data URI."""

from __future__ import annotations

import base64
import re
from functools import lru_cache

from mleq_lsp.render.tree import parse

# What a reader of the picture never sees: the source again, braille, the text layer for copying.
UNSEEN = re.compile(r"<metadata>.*?</metadata>|<text\b.*?</text>|<title\b.*?</title>", re.DOTALL)
VIEW_BOX = re.compile(r'viewBox="(-?[\d.]+) (-?[\d.]+) ([\d.]+) ([\d.]+)"')
SIZE = re.compile(r' width="[\d.]+em" height="[\d.]+em" style="[^"]*"')
UNUSED_ATTRIBUTES = re.compile(r' (?:xmlns:mathra|data-mathra-version|aria-labelledby|role|lang)="[^"]*"')

UNITS_PER_EM = 1000
PX_PER_EM = 17  # a little larger than an editor's text, for scripts of scripts stay legible
MARGIN_PX = 4
MAX_WIDTH_PX = 560  # a hover is about this wide
MAX_BYTES = 70_000  # of the data URI; VS Code stops showing pictures near 75 kB


@lru_cache(maxsize=64)
def data_uri(latex: str, color: str, max_width: int = MAX_WIDTH_PX) -> str | None:
    """The picture of a formula at most `max_width` px wide; None if it cannot be drawn or would be too large."""
    svg = parse(latex).svg
    if not svg:
        return None
    encoded = base64.b64encode(fitted(svg, color, max_width).encode()).decode()
    uri = f"data:image/svg+xml;base64,{encoded}"
    return uri if len(uri) <= MAX_BYTES else None


def fitted(svg: str, color: str, max_width: int) -> str:
    """The picture without what nobody sees, with its colour, a margin and a size in px."""
    svg = UNUSED_ATTRIBUTES.sub("", UNSEEN.sub("", svg))
    svg = svg.replace("svg:root{color:#111}", f"svg:root{{color:{color}}}")
    box = VIEW_BOX.search(svg)
    if box is None:
        return svg
    left, top, width, height = (float(number) for number in box.groups())
    margin = MARGIN_PX * UNITS_PER_EM / PX_PER_EM
    left, top, width, height = left - margin, top - margin, width + 2 * margin, height + 2 * margin
    scale = min(PX_PER_EM / UNITS_PER_EM, max_width / width)
    view = f'viewBox="{left:.0f} {top:.0f} {width:.0f} {height:.0f}"'
    size = f' width="{width * scale:.0f}" height="{height * scale:.0f}"'
    return SIZE.sub(size, svg.replace(box.group(), view), count=1)
