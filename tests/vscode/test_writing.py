"""Writing in a real VS Code: the list, what accepting writes, its tab stops, and the commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.completion import Completion, complete
from mleq_lsp.regions import Language
from mleq_lsp.snippet import Snippet, Stop, to_plain
from tests.vscode.parts import HOVER, QUICK_INPUT

if TYPE_CHECKING:
    from tests.vscode.editor import Editor

pytestmark = pytest.mark.vscode

CATALOGUE = load_builtin()[0]
ROWS = f"{QUICK_INPUT} .monaco-list-row"
INPUT = f"{QUICK_INPUT} input[type=text]"


@pytest.mark.parametrize(
    ("file", "language"), [("accept.tex", Language.LATEX), ("accept.md", Language.MARKDOWN)], ids=["tex", "md"]
)
def test_an_equation_of_the_list_is_written_with_its_stops(editor: Editor, file: str, language: Language) -> None:
    editor.open(file)
    editor.cursor_after("The loss: ")
    before, after = editor.text.split("The loss: ")
    typed = f"{before}The loss: ;ddpm"
    offers = complete(typed + after, len(typed), language, CATALOGUE)

    editor.type(";ddpm")
    editor.until(editor.labels, lambda labels: labels == [offer.entry.id for offer in offers])
    assert editor.panel(offers[0].entry.name).natural > (0, 0)

    editor.page.keyboard.press("Enter")
    editor.page.keyboard.type("w")
    editor.page.keyboard.press("Tab")
    editor.page.keyboard.type("v")

    written = accepted(offers[0], typed + after, {1: "w", 2: "v"})
    assert editor.until(editor.saved, lambda text: ";ddpm" not in text) == written


def test_an_inserted_equation_is_named_by_its_hover(editor: Editor) -> None:
    editor.open("accept.tex")
    editor.cursor_after(r"\label{")
    editor.page.keyboard.press("ArrowDown")
    editor.command("mleq: Preview Equation at Cursor")

    editor.page.locator(f"{HOVER} img").first.wait_for()
    assert "DDPM forward process" in editor.page.locator(HOVER).inner_text()


def test_an_equation_is_picked_from_the_whole_catalogue(editor: Editor) -> None:
    editor.open("pick.tex")
    editor.cursor_after(r"The bound \(")
    editor.command("mleq: Insert Equation…")
    rows = editor.page.locator(ROWS)
    rows.first.wait_for()
    assert rows.first.get_attribute("aria-setsize") == str(len(list(CATALOGUE)))

    editor.page.locator(INPUT).fill("evidence lower")
    picked = editor.page.locator(f"{ROWS}.focused")
    picked.filter(has_text="vae-elbo").wait_for()
    assert CATALOGUE.entries["vae-elbo"].topic in picked.inner_text()
    editor.screenshot("insert equation")
    editor.page.keyboard.press("Enter")

    editor.page.locator(".view-line", has_text="mathbb").wait_for()
    written = editor.saved()
    assert r"\usepackage{amssymb}" in written
    assert re.search(r"The bound \\\(.*\\mathbb\{E\}.*\\\) and", written)

    editor.page.keyboard.press("Escape")
    editor.page.keyboard.press("Control+Z")
    assert editor.until(editor.saved, lambda text: text != written) == editor.text


def test_nothing_is_inserted_when_the_pick_is_escaped(editor: Editor) -> None:
    editor.open("pick.tex")
    editor.cursor_after(r"The bound \(")
    editor.command("mleq: Insert Equation…")
    editor.page.locator(ROWS).first.wait_for()
    editor.page.keyboard.press("Escape")
    editor.page.locator(QUICK_INPUT).wait_for(state="hidden")
    editor.page.keyboard.type("x")

    assert editor.saved() == editor.text.replace(r"The bound \(", r"The bound \(x")
    editor.page.keyboard.press("Backspace")
    assert editor.saved() == editor.text


def test_the_catalogue_is_a_page(editor: Editor) -> None:
    editor.command("mleq: Show Catalogue")
    frame = editor.page.frame_locator("iframe.webview.ready").last.frame_locator("iframe#active-frame")
    frame.get_by_role("heading", name="Catalogue").wait_for()
    editor.screenshot("catalogue")

    shown = frame.locator("body").inner_text()
    editor.page.keyboard.press("Control+F4")
    assert [entry.id for entry in CATALOGUE if entry.id not in shown or entry.name not in shown] == []


def test_a_cell_of_a_notebook_has_equations(editor: Editor) -> None:
    editor.page.keyboard.press("Control+P")
    editor.pick("cells.ipynb", "cells.ipynb")
    cell = editor.page.locator(".notebookOverlay .markdown-cell-row, .notebookOverlay .markup-cell").first
    cell.wait_for(state="attached")  # what is seen of it is in a frame
    editor.page.keyboard.press("Enter")
    editor.page.locator(".notebookOverlay .monaco-editor.focused").wait_for()
    editor.page.keyboard.press("Control+End")
    editor.page.keyboard.type(" ;ddpm", delay=30)
    editor.until(editor.labels, lambda labels: labels[:1] == ["ddpm-forward"])
    editor.screenshot("notebook")

    assert len(editor.labels()) == len(set(editor.labels()))
    editor.page.keyboard.press("Escape")


def accepted(offer: Completion, text: str, renamed: dict[int, str]) -> str:
    """The text after an offer was accepted and stops of it were typed over."""
    parts = (
        Stop(part.number, renamed.get(part.number, part.default)) if isinstance(part, Stop) else part
        for part in offer.snippet.with_prefix(offer.indent).parts
    )
    written = [(offer.span, to_plain(Snippet(tuple(parts))))]
    written += [(edit.span, edit.new) for edit in offer.edits]
    for span, new in sorted(written, key=lambda one: one[0].start, reverse=True):
        text = text[: span.start] + new + text[span.end :]
    return text
