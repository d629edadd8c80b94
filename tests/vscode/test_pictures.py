"""The pictures in the READMEs and the walkthrough, taken in a real VS Code; `make screenshots` keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.vscode.conftest import BOUND

if TYPE_CHECKING:
    from tests.vscode.editor import Editor

pytestmark = pytest.mark.vscode

SMALL = 200_000  # bytes
NAME = "DDPM variational bound as KL terms"


@pytest.fixture
def small(editor: Editor) -> Iterator[Editor]:
    """The window as large as a picture should be, without the bar at its side."""
    usual = editor.page.viewport_size
    assert usual is not None
    editor.page.set_viewport_size({"width": 1000, "height": 600})
    editor.page.keyboard.press("Control+B")
    yield editor
    editor.page.keyboard.press("Control+B")
    editor.page.set_viewport_size(usual)


def test_the_picture_of_the_list(small: Editor) -> None:
    small.use_theme("Light Modern", "vs")
    small.open("list.tex")
    small.cursor_after("bound,\n\n")
    small.type(";ddpm")
    # Until then each answer to a letter starts at the top again.
    small.until(small.labels, lambda labels: bool(labels) and all(label.startswith("ddpm") for label in labels))
    small.choose("ddpm-vlb-kl")
    assert small.panel(NAME).natural > (0, 0)

    size = small.picture_for_people("vscode-list.png")
    small.take_back()
    assert size < SMALL


def test_the_picture_of_the_hover(small: Editor) -> None:
    small.use_theme("Dark Modern", "vs-dark")
    small.open("hover.tex")
    small.cursor_after("{align}\n" + BOUND[:1])
    assert small.hover().natural > (0, 0)

    size = small.picture_for_people("vscode-hover.png")
    small.close()
    assert size < SMALL
