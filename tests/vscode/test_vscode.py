"""What a writer sees in a real VS Code; `make test-editors` runs this and keeps screenshots."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.vscode.conftest import BOUND, OWN, page_of_notes

if TYPE_CHECKING:
    from tests.vscode.code_server import Code
    from tests.vscode.editor import Editor, Picture

pytestmark = pytest.mark.vscode

# Themes that come with VS Code, and the kind of each.
THEMES = {
    "Light Modern": "vs",
    "Dark Modern": "vs-dark",
    "Light High Contrast": "hc-light",
    "Dark High Contrast": "hc-black",
}
ENOUGH_CONTRAST = 4.5  # for text, by the Web Content Accessibility Guidelines


@pytest.fixture(scope="module", params=THEMES)
def theme(request: pytest.FixtureRequest, editor: Editor) -> None:
    """The window in each of the themes."""
    name = str(request.param)
    editor.use_theme(name, THEMES[name])


@pytest.fixture
def themed(request: pytest.FixtureRequest, editor: Editor, theme: None) -> Iterator[Editor]:  # noqa: ARG001
    """The same, with a screenshot of how each test leaves it, for people to look at."""
    yield editor
    editor.screenshot(request.node.name)
    editor.take_back()


def assert_drawn_whole(picture: Picture) -> None:
    """The picture is there in its own shape, in a colour that can be read, and nothing of it is cut off."""
    width, height = picture.natural
    assert width > 0
    assert height > 0
    assert picture.box.width / picture.box.height == pytest.approx(width / height, rel=0.01)

    ground, _ = picture.pixels
    assert ground == pytest.approx(picture.ground, abs=2)
    assert picture.contrast >= ENOUGH_CONTRAST

    assert picture.viewport.holds(picture.box)
    assert picture.line.holds(picture.box)
    assert not picture.scrolls_sideways


@pytest.mark.parametrize("formula", [BOUND, OWN], ids=["bound", "own"])
@pytest.mark.parametrize("file", ["paper.tex", "note.md"])
def test_a_hover_shows_the_formula(themed: Editor, file: str, formula: str) -> None:
    themed.open(file)
    themed.cursor_after(formula[:8])

    assert_drawn_whole(themed.hover())


def test_the_panel_beside_the_list_shows_the_formula_while_one_types(themed: Editor) -> None:
    themed.open("paper.tex")
    themed.cursor_after("learns to take them back.")
    themed.type(" ;ddpm")

    themed.until(themed.labels, lambda labels: labels[:2] == ["ddpm-forward", "ddpm-marginal"])
    assert_drawn_whole(themed.panel("DDPM forward process"))


def test_the_panel_beside_the_list_shows_a_wide_formula(themed: Editor) -> None:
    themed.open("note.md")
    themed.cursor_after("> ;ddpm")
    themed.ask_for_list()
    themed.choose("ddpm-vlb-kl")

    assert_drawn_whole(themed.panel("DDPM variational bound as KL terms"))


def test_another_theme_shows_in_the_next_hover(editor: Editor) -> None:
    editor.open("note.md")
    editor.cursor_after(OWN[:8])
    editor.use_theme("Light Modern", "vs")
    light = editor.hover()
    editor.use_theme("Dark Modern", "vs-dark")
    dark = editor.hover()
    editor.screenshot("another theme")

    assert_drawn_whole(light)
    assert_drawn_whole(dark)
    assert light.pixels != dark.pixels


def test_the_user_s_own_theme_of_pictures_wins(code: Code, editor: Editor, tmp_path: Path) -> None:
    editor.use_theme("Light Modern", "vs")
    with code.window(page_of_notes(tmp_path, {"mleq.theme": "dark"})) as window:
        window.open("note.md")
        window.cursor_after("$y")
        window.until(window.has_hover, bool)
        picture = window.hover()
        window.screenshot("own theme")

    assert picture.ground > (200, 200, 200)
    assert picture.contrast < 2
