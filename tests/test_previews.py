"""The pictures of docs/previews.md are those that are drawn today; `python docs/previews.py` draws them anew."""

from __future__ import annotations

import re
from importlib.metadata import version
from pathlib import Path

import pytest

from in_sympy import EXPRESSIONS
from mleq_lsp.render.boxes import cells
from previews import PAGE, WIDTH, Preview, ours, previews, redrawn

TEXT = PAGE.read_text("utf-8")
PREVIEWS = {preview.title: preview for preview in previews(TEXT)}


@pytest.mark.parametrize("preview", PREVIEWS.values(), ids=PREVIEWS)
def test_a_formula_is_drawn_as_the_page_shows_it(preview: Preview) -> None:
    assert ours(preview.latex) == preview.ours
    assert max(map(cells, preview.ours.splitlines())) <= WIDTH


@pytest.mark.skipif(f"SymPy {version('sympy')} " not in TEXT, reason="the page shows another version of SymPy")
def test_the_rest_of_the_page_is_what_the_script_writes() -> None:
    assert redrawn(TEXT) == TEXT


def test_every_formula_is_drawn_by_both() -> None:
    assert list(PREVIEWS) == list(EXPRESSIONS)


def test_the_page_begins_with_the_web_page_s_own_code() -> None:
    pasted = re.findall(r"```latex\n(.*?)```", (Path(__file__).parent / "page.md").read_text("utf-8"), re.DOTALL)

    assert [preview.latex for preview in PREVIEWS.values()][:10] == pasted
