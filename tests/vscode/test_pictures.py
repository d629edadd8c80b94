"""The pictures in the READMEs and the walkthrough, taken in a real VS Code; `make screenshots` keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.vscode.conftest import BOUND
from tests.vscode.editor import HOVER, LIST, PANEL

if TYPE_CHECKING:
    from tests.vscode.editor import Editor

pytestmark = pytest.mark.vscode

SMALL = 200_000  # bytes
NAME = "DDPM variational bound as KL terms"


def test_the_picture_of_the_list(editor: Editor) -> None:
    editor.use_theme("Light Modern", "vs")
    editor.open("paper.tex")
    editor.cursor_after("into one term for each step: ")
    editor.page.keyboard.press("Delete")
    for _ in "ddpm":
        editor.page.keyboard.press("Delete")
    editor.type(";ddpm")
    editor.choose("ddpm-vlb-kl")
    editor.panel(NAME)

    typed = '.view-line:has-text("Training minimises")'
    size = editor.picture_for_people("vscode-list.png", LIST, PANEL, typed)
    editor.page.keyboard.press("Escape")
    assert size < SMALL


def test_the_picture_of_the_hover(editor: Editor) -> None:
    editor.use_theme("Dark Modern", "vs-dark")
    editor.open("paper.tex")
    editor.cursor_after(BOUND[:8])
    assert editor.hover().natural > (0, 0)

    size = editor.picture_for_people("vscode-hover.png", HOVER, '.view-line:has-text("begin{align}") >> nth=-1')
    editor.close()
    assert size < SMALL
