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


def picture(latex: str, color: str = "#123456", width: int = MAX_WIDTH_PX, scale: float = 1) -> str:
    """The SVG inside the data URI."""
    uri = data_uri(latex, color, width, scale)
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


def test_a_small_formula_is_not_blown_up_and_one_a_little_too_wide_is_scaled_down() -> None:
    letters = " + ".join("abcdefghijklmno")
    small, natural, scaled = size(picture("x")), size(picture(letters)), size(picture(letters, width=320))

    assert small[0] < 40
    assert natural[0] > 320
    assert scaled[0] == 320
    assert scaled[1] == pytest.approx(natural[1] * 320 / natural[0], abs=1)


def test_what_cannot_be_broken_is_scaled_down_however_wide_it_is() -> None:
    assert size(picture("x" * 300))[0] == MAX_WIDTH_PX


def test_a_picture_is_as_large_as_the_user_wants_it_but_never_too_wide() -> None:
    width, height = size(picture(r"\frac{a}{b}"))

    assert size(picture(r"\frac{a}{b}", scale=2)) == pytest.approx((2 * width, 2 * height), abs=1)
    assert size(picture("x" * 50, scale=3))[0] == MAX_WIDTH_PX


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
