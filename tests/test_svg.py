"""Pictures for clients that show them."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.render.foreign import STAND_INS
from mleq_lsp.render.svg import (
    FRACTION,
    MAX_BYTES,
    MAX_WIDTH_PX,
    PX_PER_EM,
    RED,
    UNITS_PER_EM,
    data_uri,
    fitted,
)
from mleq_lsp.render.tree import DARK_RED, parse

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


ODD = (
    r"\cancel{x} + \boxed{y} + \color{red}{z} + \textcolor{blue}{w}",
    r"\begin{array}{c|c} \hline a & b \\ c & d \end{array} \xrightarrow{f} \sqrt[3]{x} \widehat{abc}",
    r"\left( \frac{\frac{a^{2^{n}}}{b}}{c} \right)^{2} \text{für \textbf{x}} \foo \not= \overbrace{a}^{b}",
)


@pytest.mark.parametrize("latex", [*(entry.body.latex for entry in CATALOGUE), *ODD])
def test_nothing_that_is_seen_is_lost(latex: str) -> None:
    """A picture has all shapes of mathra's own, each at its place."""
    theirs, ours = parse(latex).svg, fitted(parse(latex).svg, DARK_RED, 10_000, 1)

    assert list(shapes(ours.replace(RED, DARK_RED))) == list(shapes(theirs))
    assert len(ours) < 0.7 * len(theirs)


def shapes(svg: str) -> Iterator[tuple[str, ...]]:
    """What a picture shows: each shape with its outline, its place in whole units and its colour."""
    root = ElementTree.fromstring(svg)
    outlines = {path.get("id"): path.get("d", "") for path in root.iter(f"{SVG}path")}
    for group in root.findall(f"{SVG}g"):
        assert group.attrib == {"fill": "currentColor", "stroke": "none", "transform": "scale(1,-1)"}
        for shape in group:
            place = {"x": "0", "y": "0"} if "transform" not in shape.attrib else {}
            attributes = sorted({**place, **shape.attrib}.items())
            outline = re.findall(r"[A-Z]|-?\d+", outlines.get(shape.get("href", "#")[1:], ""))
            yield (
                shape.tag,
                *outline,
                *(
                    f"{name} {FRACTION.sub(lambda number: f'{float(number[0]):.0f}', value)}"
                    for name, value in attributes
                    if name != "href"
                ),
            )


SVG = "{http://www.w3.org/2000/svg}"


def test_a_picture_is_valid_xml_of_its_own_size() -> None:
    root = ElementTree.fromstring(picture(r"\frac{a}{b} < \text{\&}"))

    assert root.tag == f"{SVG}svg"
    assert root.attrib.keys() == {"viewBox", "width", "height"}
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    assert int(root.attrib["width"]) == pytest.approx(width * PX_PER_EM / UNITS_PER_EM, abs=0.5)
    assert int(root.attrib["height"]) == pytest.approx(height * PX_PER_EM / UNITS_PER_EM, abs=0.5)


def test_letters_that_the_font_lacks_are_text_at_their_place_and_size() -> None:
    root = ElementTree.fromstring(picture(r"x_{\text{日}} + \textcolor{red}{\text{本}} + \square"))
    texts = [
        (text.text, text.get("fill"), text.get("transform", "").partition(") ")[2]) for text in root.iter(f"{SVG}text")
    ]

    assert texts == [("日", None, "scale(0.7) scale(1,-1)"), ("本", "red", "scale(1,-1)")]
    assert len(list(root.iter(f"{SVG}use"))) == len("x++□")


def test_more_foreign_letters_than_there_are_stand_ins_are_boxes() -> None:
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 2 * len(STAND_INS))))
    drawn = list(ElementTree.fromstring(picture(rf"\text{{{letters}}}", width=100_000)).iter(f"{SVG}text"))

    assert "".join(str(text.text) for text in drawn) == letters[: len(STAND_INS)]


def test_what_cannot_be_read_is_not_drawn() -> None:
    assert data_uri("x" * 30_000, "#000000") is None
