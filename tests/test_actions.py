"""What can be done with a formula, as before and after."""

from __future__ import annotations

import pytest

from mleq_lsp.actions import actions
from mleq_lsp.project import LONE, Project, Root
from mleq_lsp.regions import Language
from tests.marked import marked

PREAMBLE = "\\documentclass{article}\n\\usepackage{amsmath}\n"


def offered(page: str, project: Project = LONE, language: Language = Language.LATEX) -> dict[str, str]:
    """The titles of what can be done at the cursor, and the file that each edits as it is afterwards."""
    text, offset = marked(page)
    after = {}
    for action in actions(text, offset, language, project):
        edited = action.root.text if action.root else text
        after[action.title] = edited[: action.edit.span.start] + action.edit.new + edited[action.edit.span.end :]
    return after


def test_a_package_that_a_formula_needs_is_loaded() -> None:
    page = PREAMBLE + "\\begin{document}\n$\\bm{x}$\n\\end{document}"

    assert offered(page.replace("\\bm{x", "\\bm{<cursor>x")) == {
        "Load bm": page.replace("amsmath}\n", "amsmath}\n\\usepackage{bm}\n")
    }


def test_a_chapter_s_package_is_loaded_in_its_root() -> None:
    root = Root("file:///main.tex", "main.tex", PREAMBLE + "\\begin{document}")

    assert offered("A $\\bm{<cursor>x}$.", Project(root=root)) == {
        "Load bm in main.tex": PREAMBLE + "\\usepackage{bm}\n\\begin{document}"
    }


@pytest.mark.parametrize(
    "page",
    [
        "$\\bm{<cursor>x}$",
        PREAMBLE + "\\begin{document} $<cursor>x$",
        PREAMBLE + "\\begin{document} a<cursor> $\\bm{x}$",
        PREAMBLE + "\\usepackage{bm}\\begin{document} $\\bm{<cursor>x}$",
    ],
)
def test_nothing_is_offered_where_nothing_is_missing_or_no_preamble_is_known(page: str) -> None:
    assert offered(page) == {}


def test_markdown_has_no_packages() -> None:
    assert offered("$\\bm{<cursor>x}$", language=Language.MARKDOWN) == {}
