"""Pictures in messages: for which client, in which colour, how large, and what is read out in their place."""

from __future__ import annotations

import itertools
import json

import pytest

from mleq_lsp.card import Card, entry_card, formula_card
from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.latex.definitions import definitions
from mleq_lsp.latex.expansion import expanded
from mleq_lsp.lsp.client import COLORS, PANEL_PX, Client
from mleq_lsp.preview import MAX_SPOKEN, Style, alternative, write_all
from mleq_lsp.render.svg import MAX_WIDTH_PX, RED
from mleq_lsp.settings import CHOICES, Settings
from tests.contrast import contrast
from tests.small import SMALL

CATALOGUE, _ = load_builtin()
GUI = Style(picture="svg")
BASE64 = "data:image/svg+xml;base64,"
VSCODE_LIMIT = 75_000  # bytes of a message

# What VS Code's own themes put a hover and the panel beside the list on.
GROUNDS = {
    "light": ("#f8f8f8", "#f3f3f3", "#ffffff"),
    "dark": ("#202020", "#252526", "#1f1f1f"),
    "high-contrast-light": ("#ffffff",),
    "high-contrast-dark": ("#0c141f", "#000000"),
}


def rgb(color: str) -> bytes:
    return bytes.fromhex(color.removeprefix("#"))


@pytest.mark.parametrize(("theme", "ground"), [(theme, one) for theme, grounds in GROUNDS.items() for one in grounds])
def test_a_picture_can_be_read_on_the_ground_that_it_stands_on(theme: str, ground: str) -> None:
    assert contrast(rgb(COLORS[theme]), rgb(ground)) >= 4.5
    assert contrast(rgb(COLORS["auto"]), rgb(ground)) >= 3.5
    assert contrast(rgb(RED), rgb(ground)) >= 3.5


def test_there_is_a_colour_for_each_theme() -> None:
    assert list(COLORS) == [*(CHOICES["theme"].allowed or ())[1:], "auto"]


EDITORS = {
    "VS Code": Client(shows_pictures=True, hover_is_markdown=True, documentation_is_markdown=True),
    "a terminal": Client(hover_is_markdown=True, documentation_is_markdown=True),
    "plain text": Client(),
    "a plain VS Code": Client(shows_pictures=True),
    "plain hovers": Client(shows_pictures=True, documentation_is_markdown=True),
}
# By the editor and the setting: whether the hover and the documentation have a picture.
PICTURES = {
    ("VS Code", "auto"): (True, True),
    ("VS Code", "svg"): (True, True),
    ("a terminal", "svg"): (True, True),
    ("plain hovers", "auto"): (False, True),
    ("plain hovers", "svg"): (False, True),
}


@pytest.mark.parametrize(("editor", "preview"), list(itertools.product(EDITORS, CHOICES["preview"].allowed or ())))
def test_who_gets_base64(editor: str, preview: str) -> None:
    client, card = EDITORS[editor], entry_card(SMALL.entries["soft-max"], SMALL)
    for theme, scale in itertools.product(COLORS, (0.5, 3)):
        settings = Settings(preview=preview, theme=theme, scale=scale)
        styles = client.hover_style(settings), client.panel_style(settings)

        assert tuple(BASE64 in write_all([card], style) for style in styles) == PICTURES.get(
            (editor, preview), (False, False)
        )
        assert [style.pixels for style in styles] == [MAX_WIDTH_PX, PANEL_PX]
        assert {(style.color, style.scale) for style in styles} == {(COLORS[theme], scale)}


@pytest.mark.parametrize("style", [GUI, Style(), Style(markdown=False), Style(picture="latex")])
@pytest.mark.parametrize("formula", ["x", "𝔼", r"\mathfrak{x}", "\n", r"\text{日本}", "|", "\ud800", r"\frac{a}{b}"])
def test_no_message_is_too_large_for_a_client(style: Style, formula: str) -> None:
    for times in (1, 400, 1_500, 9_000, 30_000):
        card = formula_card(formula * times, None, SMALL)
        assert len(json.dumps(write_all([card], style))) < VSCODE_LIMIT


def test_of_several_cards_the_first_one_keeps_its_picture() -> None:
    widest = [entry_card(CATALOGUE.entries[name], CATALOGUE) for name in ("ddpm-vlb", "ddpm-vlb-kl", "ot-kantorovich")]
    written = write_all(widest, GUI)

    assert len(json.dumps(written)) < VSCODE_LIMIT
    assert [BASE64 in part for part in written.split("\n\n---\n\n")] == [True, True, False]
    assert all(card.entry and card.entry.name in written for card in widest)


def test_more_cards_than_a_message_holds_are_cut() -> None:
    cards: list[Card] = [entry_card(entry, CATALOGUE) for entry in CATALOGUE] * 10
    written = write_all(cards, GUI)

    assert len(json.dumps(written)) < VSCODE_LIMIT
    assert written.endswith("…")


@pytest.mark.parametrize(
    ("latex", "spoken"),
    [
        (r"\frac{a}{b}", "a over b"),
        (r"\text{a_b [c] <f> g*h* ![i](j)}", "a b c f g h i (j)"),
        (r"\text{日本語}", "日本語"),
    ],
)
def test_what_is_read_out_has_no_markup(latex: str, spoken: str) -> None:
    assert alternative(latex).replace("\\", "") == spoken


def test_what_is_read_out_ends_with_a_word() -> None:
    spoken = alternative("+".join("abcdefgh" * 60))

    assert MAX_SPOKEN - 10 < len(spoken) <= MAX_SPOKEN + 2
    assert spoken.endswith((" plus …", " g …"))


def test_a_picture_has_the_macros_of_its_author_written_out() -> None:
    known = definitions(r"\newcommand{\loss}{\mathcal{L}}\newcommand{\bad}[1]{#1}")
    written = write_all([formula_card(expanded(r"\loss + \bad", known), None, SMALL)], GUI)

    assert written.startswith("![L plus bad](data:")
    assert written.endswith(r"⚠ `\bad` lacks an argument (column 9 of the formula)")
