"""Pictures for clients that show them."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.render.svg import MAX_BYTES, MAX_WIDTH_PX, data_uri

CATALOGUE, _ = load_builtin()


def picture(latex: str, color: str = "#123456", width: int = MAX_WIDTH_PX) -> str:
    """The SVG inside the data URI."""
    uri = data_uri(latex, color, width)
    assert uri is not None
    assert uri.startswith("data:image/svg+xml;base64,")
    return base64.b64decode(uri.partition(",")[2]).decode()


def size(svg: str) -> tuple[int, int]:
    """Width and height, in px."""
    root = ElementTree.fromstring(svg)
    return int(root.attrib["width"]), int(root.attrib["height"])


def test_a_picture_has_the_colour_asked_for_and_nothing_unseen() -> None:
    svg = picture(r"\frac{a}{b}")

    assert "color:#123456" in svg
    assert not re.search("metadata|<text|<title|frac", svg)


def test_a_wide_formula_is_scaled_down_and_a_small_one_is_not_blown_up() -> None:
    small, wide = size(picture("x")), size(picture(" + ".join("abcdefghijklmnop" * 5)))

    assert small[0] < 40
    assert wide[0] == MAX_WIDTH_PX
    assert wide[1] < small[1]


@pytest.mark.parametrize("entry", list(CATALOGUE), ids=lambda entry: entry.id)
@pytest.mark.parametrize("width", [320, MAX_WIDTH_PX])
def test_each_entry_is_drawn_within_bounds(entry: Entry, width: int) -> None:
    uri = data_uri(entry.body.latex, "#000000", width)

    assert uri is not None
    assert len(uri) <= MAX_BYTES
    assert size(picture(entry.body.latex, width=width))[0] <= width


def test_what_would_be_too_large_is_not_drawn() -> None:
    letters = "".join(
        rf"\mathbf{{{a}}}\mathcal{{{a}}}\mathbb{{{a}}}\mathfrak{{{a}}}{a}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    )

    assert data_uri(letters + letters.lower(), "#000000") is None


def test_what_cannot_be_read_is_not_drawn() -> None:
    assert data_uri("x" * 30_000, "#000000") is None
