"""Macros as an author defines them, and formulas with them written out."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.latex.definitions import definitions
from mleq_lsp.latex.expansion import expand
from mleq_lsp.latex.macros import command_counts
from mleq_lsp.latex.signs import signs

MATH_COMMANDS = Path(__file__).parent / "corpus" / "math_commands.tex"


def written_out(formula: str, source: str) -> str:
    """The formula with what the source defines written out."""
    return expand(formula, definitions(source))


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        (r"\newcommand{\E}{\mathbb{E}}", r"\E_x [x]", r"\mathbb{E}_x [x]"),
        (r"\newcommand\E{\mathbb{E}}", r"\E x", r"\mathbb{E} x"),
        (r"\newcommand*{\E}[1]{\mathbb{E}[#1]}", r"\E{x y}", r"\mathbb{E}[x y]"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}}", r"\vec x \vec{y}", r"\mathbf{x} \mathbf{y}"),
        (r"\DeclareRobustCommand{\given}{\mid}", r"p(x\given y)", r"p(x\mid y)"),
        (r"\newcommand { \E } [ 1 ] {[#1]}", r"\E{x}", "[x]"),
        ("\\newcommand{\\E}[1]% one\n  {% two\n    [#1]% three\n  }", r"\E{x}", "[x]"),
        (r"\newcommand{\E}[2][p]{\mathbb{E}_{#1}[#2]}", r"\E{x}", r"\mathbb{E}_{p}[x]"),
        (r"\newcommand{\E}[2][p]{\mathbb{E}_{#1}[#2]}", r"\E[q]{x}", r"\mathbb{E}_{q}[x]"),
        (r"\def\E{\mathbb{E}}", r"\E", r"\mathbb{E}"),
        (r"\long\gdef\norm#1{\|#1\|}", r"\norm{x}_2 \norm y", r"\|x\|_2 \|y\|"),
        (r"\def\pair(#1,#2){\langle #1, #2\rangle}", r"\pair(a,{b,c})", r"\langle a, b,c\rangle"),
        (r"\def\to#1:#2.{#1 \rightarrow #2}", r"\to a:b.c", r"a \rightarrow bc"),
        (r"\let\eps=\varepsilon", r"\eps_0", r"\varepsilon_0"),
        (r"\newcommand{\E}{\mathbb{E}}\let\Exp\E", r"\Exp x", r"\mathbb{E} x"),
        (r"\let\old\phi\let\phi\varphi\let\varphi\old", r"\phi\varphi", r"\varphi\phi"),
        (r"\let\oldvec\vec\renewcommand{\vec}[1]{\oldvec{\mathbf{#1}}}", r"\vec x", r"\vec{\mathbf{x}}"),
        (r"\DeclareMathOperator{\tr}{tr}", r"\tr x", r"\operatorname{tr} x"),
        (r"\DeclareMathOperator*\argmax{arg\,max}", r"\argmax_x", r"\operatorname*{arg\,max}_x"),
        (r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}", r"\norm{x}", r"\lVert x\rVert"),
        (r"\DeclarePairedDelimiter\norm\|\|", r"\norm{x}", r"\lVert x\rVert"),
        (
            r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}",
            r"\norm*{x}",
            r"\mathopen{}\mathclose{\left\lVert x\right\rVert}",
        ),
        (
            r"\DeclarePairedDelimiter{\norm}{\lVert}{\rVert}",
            r"\norm[\big]{x}",
            r"\mathopen{\big\lVert}x\mathclose{\big\rVert}",
        ),
        (r"\DeclarePairedDelimiterX{\kl}[2]{(}{)}{#1\,\delimsize\|\,#2}", r"D\kl{p}{q}", r"D(p\,\|\,q)"),
        (
            r"\DeclarePairedDelimiterX{\kl}[2]{(}{)}{#1\,\delimsize\|\,#2}",
            r"\kl*{p}{q}",
            r"\mathopen{}\mathclose{\left(p\,\middle\|\,q\right)}",
        ),
        (r"\NewDocumentCommand{\E}{O{p} m}{E_{#1}[#2]}", r"\E{x}\E[q]{x}", "E_{p}[x]E_{q}[x]"),
        (r"\NewDocumentCommand\E{s m}{\IfBooleanTF{#1}{P}{E}[#2]}", r"\E{x}\E*{x}", "E[x]P[x]"),
        (r"\DeclareDocumentCommand{\E}{o m}{E\IfValueT{#1}{_{#1}}[#2]}", r"\E{x}\E[q]{x}", "E[x]E_{q}[x]"),
        (r"\NewDocumentCommand{\E}{o m}{E\IfNoValueTF{#1}{}{_{#1}}[#2]}", r"\E{x}\E[q]{x}", "E[x]E_{q}[x]"),
        (r"\newcommandx{\at}[3][1=1, 3=n]{(#2_{#1},#2_{#3})}", r"\at{x}\at[0]{x}[m]", "(x_{1},x_{n})(x_{0},x_{m})"),
        (r"\newcommand{\my@E}{\mathbb{E}}\newcommand{\E}{\my@E}", r"\E", r"\mathbb{E}"),
    ],
)
def test_a_definition_is_read_and_written_out(source: str, before: str, after: str) -> None:
    assert written_out(before, source) == after


def test_of_two_definitions_the_later_one_holds() -> None:
    assert written_out(r"\a", r"\newcommand{\a}{x}\renewcommand{\a}{y}") == "y"
    assert written_out(r"\a", r"\newcommand{\a}{x}\providecommand{\a}{y}") == "x"
    assert written_out(r"\a\b", r"\providecommand{\a}{x}\ProvideDocumentCommand\b{}{y}") == "xy"
    assert written_out(r"\a", r"\newcommand{\a}{x}\let\a\relax") == r"\a"


@pytest.mark.parametrize(
    "hidden",
    [
        r"% \newcommand{\a}{x}",
        r"\iffalse \newcommand{\a}{x} \fi",
        r"\begin{comment}\newcommand{\a}{x}\end{comment}",
        r"\begin{verbatim}\newcommand{\a}{x}\end{verbatim}",
        r"\endinput \newcommand{\a}{x}",
        r"\\newcommand{\a}{x}",
    ],
)
def test_what_tex_does_not_read_defines_nothing(hidden: str) -> None:
    assert definitions(hidden + "\n") == {}


@pytest.mark.parametrize(
    "bad",
    [
        r"\newcommand{\a}{\frac{x}",
        r"\newcommand{\a}[x]{y}",
        r"\newcommand{\a}[1]{#2}",
        r"\newcommand{\a}[1]{\def\x##1{}}",
        r"\newcommand{\a}",
        r"\newcommand",
        r"\newcommand{\a}[1",
        r"\def\a#2{x}",
        r"\def\a",
        r"\let\a",
        r"\NewDocumentCommand{\a}{v}{x}",
        r"\NewDocumentCommand{\a}{m}{\IfBooleanTF{x}{y}{z}}",
        r"\DeclarePairedDelimiterX{\a}[2]{(}{)",
        r"\newcommandx{\a}[1][usedefault, 1=x]{y}",
        r"\mathchardef\a=42",
        r"\DeclareMathSymbol{\a}{\mathord}{letters}{42}",
        r"\newcommand{\a}{#²}",
    ],
)
def test_what_cannot_be_understood_does_not_cost_the_next_definition(bad: str) -> None:
    known = definitions(bad + "\n" + r"\newcommand{\E}{\mathbb{E}}")
    assert r"\a" not in known
    assert expand(r"\E", known) == r"\mathbb{E}"


def test_what_means_nothing_in_math_is_left_out() -> None:
    source = r"\newcommand{\R}{\ensuremath{\mathbb{R}}\xspace}\def\vx{{\bm{x}}}\def\c{{,}}"
    assert written_out(r"\R^d \vx_t 1\c 0", source) == r"\mathbb{R}^d \bm{x}_t 1{,} 0"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"x_\a", "x_{bc}"),
        (r"x_{\a}", "x_{bc}"),
        (r"\sqrt\a\sqrt[3]\a", r"\sqrt{bc}\sqrt[3]{bc}"),
        (r"\frac\a\a\a", r"\frac{bc}{bc}bc"),
        (r"\mathbf\a \a", r"\mathbf{bc} bc"),
        (r"\operatorname*\a\a", r"\operatorname*{bc}bc"),
        (r"x_\one y", "x_1 y"),
        (r"\greek b", r"\beta b"),
        (r"\greek1", r"\beta1"),
        (r"\twice b\twice{\greek}a", r"bb\beta\beta a"),
        (r"\face xy", r"\mathbf xy"),
        (r"\text{\twice{a b}}", r"\text{a ba b}"),
        (r"\twice", r"\twice"),
        (r"{\twice} \a", r"{\twice} bc"),
        (r"\twice{x", r"\twice{x"),
        (r"a & \twice & \twice \\ b", r"a & \twice & \twice \\ b"),
        ("\\a % \\a\n x", "bc \n x"),
        (r"\alpha x % kept", r"\alpha x % kept"),
    ],
)
def test_expansion_is_the_formula_that_tex_sets(before: str, after: str) -> None:
    source = r"\def\a{bc}\def\one{1}\def\greek{\beta}\newcommand{\twice}[1]{#1#1}\def\face{\mathbf}"
    assert written_out(before, source) == after


def test_what_never_ends_stays_as_it_is_and_is_given_up_soon() -> None:
    source = r"\def\loop{x\loop}\def\a{\b\b\b}\def\b{\c\c\c}\def\c{\d\d\d}" + "".join(
        rf"\def\{x}{{\{y}\{y}\{y}\{y}}}" for x, y in zip("defghijkl", "efghijklm", strict=True)
    )
    known = definitions(source)
    start = time.perf_counter()
    assert expand(r"y \loop", known) == r"y \loop"
    assert expand(r"y \a", known) == r"y \a"
    assert time.perf_counter() - start < 0.5


def test_commands_are_counted_outside_comments() -> None:
    assert command_counts(r"\E x \E_\theta % \E" + "\n" + r"\\ \%\E") == {
        r"\E": 3,
        r"\theta": 1,
        r"\\": 1,
        r"\%": 1,
    }


def test_the_file_of_a_conference_is_understood() -> None:
    known = definitions(MATH_COMMANDS.read_text("utf-8"))
    assert len(known) > 300
    assert expand(r"\E_{\rvx\sim\pdata} \KL \argmin_\vx \tA \1 \ceil{x}", known) == (
        r"\mathbb{E}_{\mathbf{x}\sim p_{\rm{data}}} D_{\mathrm{KL}} \operatorname*{arg\,min}_{\bm{x}}"
        r" {\bm{\mathsfit{A}}} \bm{1} \lceil x \rceil"
    )


WORDS = r"""
    \newcommand \def \let \DeclareMathOperator \NewDocumentCommand \newcommandx \DeclarePairedDelimiterX * { } [ ] #
    #1 #2 1 \a \b \E x = ( ) , % \iffalse \fi \begin{comment} \IfBooleanTF \ensuremath \xspace _ ^ & \\ \frac \sqrt
    ## {#1} {\a} [1] {s o m} \text
""".split()
PIECES = st.sampled_from([*WORDS, " ", "\n", "\\", "\0", "𝔼"])
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS, TEXTS)
def test_any_text_defines_something_or_nothing_and_expands(source: str, formula: str) -> None:
    known = definitions(source)
    assert all(name == macro.name for name, macro in known.items())
    own = definitions(formula)
    assert expand(formula, known) == formula or any(name in formula for name in {**known, **own})
    assert len(signs(formula).texts) >= len(signs(formula).closing) * 2


@pytest.mark.parametrize(
    "unit",
    [
        r"\newcommand{\a}{",
        r"\def\a",
        r"\newcommand{\a}[",
        "{",
        r"\iffalse ",
        r"\begin{verbatim}",
        r"\let\a\b",
        r"\newcommand{\a}{\IfBooleanTF{#1}{",
    ],
)
def test_a_long_source_is_read_in_time_proportional_to_its_length(unit: str) -> None:
    start = time.perf_counter()
    definitions(unit * (100_000 // len(unit)))
    assert time.perf_counter() - start < 5


@pytest.mark.parametrize("unit", [r"\a", r"\a{", r"\b{", r"\c ", "x_", r"\frac{", r"\c(x"])
def test_a_long_formula_is_written_out_in_time_proportional_to_its_length(unit: str) -> None:
    known = definitions(r"\newcommand{\a}[1]{#1#1}\newcommand{\b}[2][x]{#1}\def\c(#1.{x}")
    start = time.perf_counter()
    expand(unit * (50_000 // len(unit)) + r"\a", known)
    assert time.perf_counter() - start < 5
