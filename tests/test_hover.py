"""What a hover is about."""

from __future__ import annotations

import pytest

from mleq_lsp.hover import Hover, hover
from mleq_lsp.project import LONE, Project
from mleq_lsp.regions import Language
from tests.marked import marked
from tests.small import SMALL, SOFTMAX


def hovered(page: str, language: Language = Language.LATEX) -> Hover | None:
    """The hover at the cursor."""
    text, offset = marked(page)
    return hover(text, offset, language, SMALL)


def named(page: str, language: Language = Language.LATEX) -> str | None:
    """The id of the entry that the hover names."""
    found = hovered(page, language)
    return found.cards[0].entry.id if found and found.cards[0].entry else None


def about(page: str, language: Language = Language.LATEX) -> str | None:
    """The text that the hover is about."""
    found = hovered(page, language)
    return found.span.of(page.replace("<cursor>", "")) if found else None


@pytest.mark.parametrize(
    "page",
    [
        "so ;soft-<cursor>max it",
        "so <cursor>;soft-max it",
        "so ;soft-max<cursor> it",
        "so soft-m<cursor>ax it",
        "so ;soft<cursor>argmax",
        "so ;so<cursor>ft it",
        "so ;sof<cursor> it",
        "$;softm<cursor>ax$",
        ";SOFT-<cursor>MAX",
        "% see soft-<cursor>max",
    ],
)
def test_on_a_trigger_word_or_an_id(page: str) -> None:
    assert named(page) == "soft-max"


@pytest.mark.parametrize(
    "page",
    [
        "so ;so<cursor> it",
        "so;tha<cursor>t",
        "so soft<cursor>argmax",
        "so soft<cursor> it",
        "soft-max  <cursor> it",
        "<cursor>",
    ],
)
def test_an_alias_without_the_trigger_is_a_word_like_others(page: str) -> None:
    assert hovered(page) is None


@pytest.mark.parametrize(
    "page",
    [
        f"a $<cursor>{SOFTMAX}$",
        f"a <cursor>${SOFTMAX}$",
        f"a ${SOFTMAX}<cursor>$",
        f"a ${SOFTMAX}$<cursor>",
        f"\\begin{{equa<cursor>tion}}\n\\label{{eq:a}}\n{SOFTMAX}.\n\\end{{equation}}",
        f"\\[ {SOFTMAX.replace('z', 'a')}<cursor> \\]",
        r"\[ \mathrm{softmax}(z)_i = \frac{\exp z<cursor>_i}{\sum_j \exp z_j} \]",
    ],
)
def test_a_formula_is_named_from_any_of_its_characters(page: str) -> None:
    assert named(page) == "soft-max"


def test_the_hover_is_about_the_whole_formula() -> None:
    assert about("a $x <cursor>+ y$ b") == "$x + y$"
    assert about("so ;soft<cursor>-max it") == ";soft-max"


def test_an_unknown_formula_is_just_shown() -> None:
    found = hovered("a $x <cursor>+ y$ b")

    assert found is not None
    assert (found.cards[0].latex, found.cards[0].entry, found.cards[0].problems) == ("x + y", None, ())


def test_what_is_wrong_with_a_formula_is_said_in_words() -> None:
    found = hovered(r"a $\frac{1}{x<cursor>$ b")

    assert found is not None
    assert [(problem.column, "never closed" in problem.message) for problem in found.cards[0].problems] == [(9, True)]


def test_in_a_markdown_quote_the_marks_are_no_part_of_the_formula() -> None:
    found = hovered("> $$\n> x <cursor>+ y\n> $$", Language.MARKDOWN)

    assert found is not None
    assert found.cards[0].latex.split() == ["x", "+", "y"]


@pytest.mark.parametrize(
    ("page", "language"), [("\\[ x\n> <cursor>y \\]", Language.LATEX), ("$$\nx\n> y<cursor>\n$$", Language.MARKDOWN)]
)
def test_elsewhere_a_line_may_begin_with_a_relation(page: str, language: Language) -> None:
    found = hovered(page, language)

    assert found is not None
    assert found.cards[0].latex.split() == ["x", ">", "y"]


@pytest.mark.parametrize("fence", ["latex", "tex"])
def test_a_known_equation_in_a_code_block_of_latex_is_named(fence: str) -> None:
    assert named(f"```{fence}\n<cursor>{SOFTMAX}\n```", Language.MARKDOWN) == "soft-max"


def test_a_known_equation_that_has_no_delimiters_yet_is_named() -> None:
    assert named(f"Text.\n\n{SOFTMAX}<cursor>\n\nMore.") == "soft-max"
    assert hovered(r"Text with \emph{an<cursor> argument}.") is None


@pytest.mark.parametrize(
    "page",
    ["$<cursor>$", r"\(<cursor>\)", "$$ <cursor> $$", "% $x<cursor>$", "\\verb|$x<cursor>$|", r"\url{$x<cursor>$}"],
)
def test_nothing_where_there_is_no_formula(page: str) -> None:
    assert hovered(page) is None


def test_a_formula_in_the_author_s_macros_is_known_and_drawn() -> None:
    macros = "\\newcommand{\\sm}{\\operatorname{softmax}} \\newcommand{\\of}[2]{\\frac{#1}{#2}}"
    formula = r"$\sm(z)_{<cursor>i} = \of{\exp z_{i}}{\sum_{j} \exp z_{j}}$"

    for page, project in ((f"{macros}\n\n{formula}", LONE), (formula, Project(sources=(macros,)))):
        text, offset = marked(page)
        found = hover(text, offset, Language.LATEX, SMALL, project=project)

        assert found is not None
        assert found.cards[0].entry is SMALL.entries["soft-max"]
        assert found.cards[0].problems == ()
