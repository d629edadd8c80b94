"""The equations of the page that mleq-lsp was asked for with, pasted into documents."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.hover import hover
from mleq_lsp.preview import Style, write
from mleq_lsp.regions import Language

CATALOGUE, _ = load_builtin()
PATH = Path(__file__).parent / "page.md"

# With the slips mended (the product's bounds), the catalogue's form is only close to what the page has.
CLOSE = ("ddpm-forward-reparam",)
PAGE = dict(re.findall(r"^## (\S+)\n\n```latex(.*?)```", PATH.read_text("utf-8"), re.MULTILINE | re.DOTALL))

PLACES = {
    "display in LaTeX": (Language.LATEX, "Text.\n\\[\n{}\\]\n"),
    "equation": (Language.LATEX, "\\begin{{equation}}\n  \\label{{eq:a}}{}\\end{{equation}}"),
    "dollars in LaTeX": (Language.LATEX, "$${}$$"),
    "bare in LaTeX": (Language.LATEX, "Text.\n\n{}\n\nText."),
    "display in Markdown": (Language.MARKDOWN, "# Text\n\n$${}$$\n"),
    "code in Markdown": (Language.MARKDOWN, "# Text\n\n```latex{}```\n"),
    "math fence": (Language.MARKDOWN, "```math{}```\n"),
}


def test_all_of_the_page_is_here() -> None:
    assert len(PAGE) == 10


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("entry_id", PAGE)
def test_the_page_s_own_code_is_named_and_shown(entry_id: str, place: str) -> None:
    language, around = PLACES[place]
    text = around.format(PAGE[entry_id])
    found = hover(text, text.index(PAGE[entry_id].strip()) + 10, language, CATALOGUE)

    assert found is not None
    assert found.cards[0].entry is not None
    assert (found.cards[0].entry.id, found.cards[0].exact) == (entry_id, entry_id not in CLOSE)
    assert found.cards[0].problems == ()
    assert "```text\n" in write(found.cards[0], Style())
