"""A formula with the author's macros in it: as it is drawn, and what is said of it in the author's own columns."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from mleq_lsp.card import formula_card
from mleq_lsp.hover import hover
from mleq_lsp.latex.definitions import definitions
from mleq_lsp.latex.expansion import expanded
from mleq_lsp.preview import Style, write
from mleq_lsp.regions import Language
from mleq_lsp.render.tree import parse
from mleq_lsp.render.written import problems_as_written
from tests.marked import marked
from tests.small import SMALL
from tests.test_macros import TEXTS

PLAIN = Style(markdown=False)
DEFINED = r"""
    \newcommand{\E}{\mathbb{E}}
    \newcommand{\half}[1]{\frac{1}{2}#1}
    \newcommand{\loss}{a + \foo}
    \newcommand{\outer}[1]{\loss_{#1}}
    \newcommand{\open}{\left( x}
    \newcommand{\two}[2]{#1 #2}
    \newcommand{\cut}{\two x}
    \def\pair(#1,#2){#1 #2}
    \def\loop{x\loop}
    \def\ping{\pong}
    \def\pong{x\ping}
    \newcommand{\good}{b + \loop}
    \def\a{\b\b\b\b\b\b}\def\b{\c\c\c\c\c\c}\def\c{\d\d\d\d\d\d}\def\d{\f\f\f\f\f\f}\def\f{\g\g\g\g}\def\g{xxx}
    \renewcommand{\vec}{\mathbf{\vec}}
"""


def shown(formula: str) -> list[str]:
    """The drawing, on one line, and under it what is wrong."""
    card = formula_card(expanded(formula, definitions(DEFINED)), None, SMALL)
    lines = write(card, PLAIN).split("\n\n")
    return [lines[0], *"\n".join(lines[1:]).splitlines()]


def problems(formula: str) -> list[tuple[int, str]]:
    """What is wrong with a formula, and at which of its columns."""
    return [
        (problem.column, problem.message) for problem in problems_as_written(expanded(formula, definitions(DEFINED)))
    ]


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        (r"\E x + \foo", [(8, r"unknown command `\foo`")]),
        (r"\half{x} + \half{\foo}", [(18, r"unknown command `\foo`")]),
        (r"\E \loss", [(4, r"in `\loss`: unknown command `\foo`")]),
        (r"\E \outer{y}", [(4, r"in `\outer`: unknown command `\foo`")]),
        (r"\E \outer{\foo}", [(4, r"in `\outer`: unknown command `\foo`"), (11, r"unknown command `\foo`")]),
        (r"\E + \open", [(6, r"in `\open`: `\left` without `\right`")]),
        (r"\E + \half{x} }", [(15, "`}` closes nothing")]),
        (r"\E \frac{1}", [(12, "an argument is missing")]),
        ("% \\E\n\\E x } y", [(11, "`}` closes nothing")]),
        (r"\E \half", [(4, r"`\half` lacks an argument")]),
        (r"\E {\two x}", [(5, r"`\two` lacks an argument")]),
        (r"\E \pair[1]", [(4, r"`\pair` lacks an argument")]),
        (r"\E {\cut}", [(5, r"in `\cut`: `\two` lacks an argument")]),
        (r"\E + \loop + \foo", [(6, r"`\loop` has no end"), (14, r"unknown command `\foo`")]),
        (r"\E + \ping", [(6, r"`\ping` has no end")]),
        (r"\E + \good", [(6, r"in `\good`: `\loop` has no end")]),
        (r"\E + \a", [(6, r"`\a` has no end")]),
        (r"\def\x{\E}\x + \foo", [(16, r"unknown command `\foo`")]),
    ],
)
def test_what_is_wrong_is_said_of_the_formula_that_the_author_wrote(formula: str, found: list[tuple[int, str]]) -> None:
    assert problems(formula) == found


@pytest.mark.parametrize(
    ("formula", "drawn"),
    [
        (r"\E + \loop + \E", r"𝔼 + \loop + 𝔼"),
        (r"\E + \ping + \E", r"𝔼 + \ping + 𝔼"),
        (r"\good + \E", r"b + \loop + 𝔼"),
        (r"\a + \E + \loop", r"\a + 𝔼 + \loop"),
        (r"\E + \half", r"𝔼 + \half"),
        (r"\E + \nobody", r"𝔼 + \nobody"),
        (r"\E + \inlier", r"𝔼 + \inlier"),
        (r"\E + \not", "𝔼+"),
        (r"\def\x{y}\x + \E", "y + 𝔼"),
    ],
)
def test_a_macro_that_fails_costs_itself_and_stands_there_by_its_name(formula: str, drawn: str) -> None:
    picture, *troubles = shown(formula)

    assert picture.strip() == drawn
    assert bool(troubles) == ("def" not in formula)


def test_a_macro_of_a_known_name_that_fails_is_drawn_as_what_is_known() -> None:
    assert shown(r"\vec x")[0] == shown(r"\vec{x}")[0]
    assert problems(r"\vec x") == [(1, r"`\vec` has no end")]


def test_too_many_macros_without_end_leave_the_formula_as_it_is() -> None:
    names = "abcdefghijkl"
    formula = expanded(
        " ".join(rf"\{name}" for name in names), definitions("".join(rf"\def\{name}{{\{name}}}" for name in names))
    )

    assert formula.latex == formula.written
    assert len(formula.failures) == 8


def test_what_would_be_too_long_with_its_macros_is_drawn_without() -> None:
    long = expanded(r"y + \long", definitions(r"\newcommand{\long}{" + r"\mathfrak{xxxxxxxxx}" * 80 + "}"))
    assert formula_card(long, None, SMALL).latex == long.latex

    longer = expanded("y + " + r"\long" * 20, definitions(r"\newcommand{\long}{" + r"\mathfrak{xxxxxxxxx}" * 80 + "}"))
    assert formula_card(longer, None, SMALL).latex == longer.written


def hovered(page: str, language: Language = Language.LATEX) -> str:
    """The formula under the cursor with its macros written out."""
    text, offset = marked(page)
    found = hover(text, offset, language, SMALL)
    assert found is not None
    return found.cards[0].latex


def test_a_macro_means_what_was_defined_last_above_the_formula() -> None:
    page = r"\newcommand{\loss}{L}$\loss$ \renewcommand{\loss}{J}$\phi\loss$"

    assert hovered(page.replace("loss$ ", "loss<cursor>$ ")) == "L"
    assert hovered(page.replace("i\\loss$", "i<cursor>\\loss$")) == r"\phi J"
    assert hovered(r"\renewcommand{\phi}{\varphi}$\phi<cursor>$") == r"\varphi"
    assert hovered(r"$\phi<cursor>$\renewcommand{\phi}{\varphi}") == r"\phi"


def test_a_note_defines_its_macros_in_a_formula() -> None:
    assert hovered("$$\\newcommand{\\loss}{L}$$\n\n$x + \\loss<cursor>$\n", Language.MARKDOWN) == "x + L"


def test_a_definition_inside_the_formula_holds_in_it() -> None:
    assert hovered(r"\newcommand{\x}{a}$\def\x{y}\x<cursor>$").strip() == "y"


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_any_formula_has_its_problems_at_columns_of_its_own(source: str, formula: str) -> None:
    for problem in problems_as_written(expanded(formula, definitions(source))):
        assert 1 <= problem.column <= len(formula) + 1


def test_documents_do_not_see_each_others_macros() -> None:
    one, other, neither = r"\newcommand{\loss}{L}", r"\def\loss{J}", ""
    for _ in range(2):
        assert hovered(one + r"$\loss<cursor>$") == "L"
        assert hovered(other + r"$\loss<cursor>$") == "J"
        assert hovered(neither + r"$\loss<cursor>$") == r"\loss"


def test_what_is_defined_in_one_formula_is_unknown_in_the_next_one() -> None:
    assert parse(r"\gdef\leak#1{a#1}\leak b").problems == ()
    assert [problem.message for problem in parse(r"\leak b").problems] == [r"unknown command `\leak`"]
