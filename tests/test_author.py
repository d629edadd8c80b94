"""Inserts in the author's notation, as before and after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mleq_lsp.completion import complete
from mleq_lsp.project import LONE, Project
from mleq_lsp.regions import Language
from mleq_lsp.settings import Settings
from mleq_lsp.snippet import to_lsp, to_plain
from tests.marked import marked
from tests.small import catalogue_of

BOLD = r"\mathbf{x}^{\top} \mathbf{A} \boldsymbol{\mu} + c"


def inserted(page: str, latex: str, project: Project = LONE, **settings: str | bool) -> str:
    """What is written for an equation at the cursor of a page."""
    text, offset = marked(page)
    chosen = replace(Settings(), **settings)  # type: ignore[arg-type]  # each test names real fields
    return to_plain(complete(text, offset, Language.LATEX, catalogue_of(latex), chosen, project)[0].snippet)


@pytest.mark.parametrize(
    ("definition", "latex", "written"),
    [
        (r"\newcommand{\E}{\mathbb{E}}", r"\mathbb{E}_{x} [ f(x) ]", r"\E_{x} [ f(x) ]"),
        (r"\def\R{\mathbb{R}}", r"x \in \mathbb{R}^{d}", r"x \in \R^{d}"),
        (r"\DeclareMathOperator*{\argmax}{arg\,max}", r"\operatorname*{arg\,max}_{x} f", r"\argmax_{x} f"),
        (r"\newcommand{\norm}[1]{\lVert #1\rVert}", r"\lVert x - y \rVert^{2}", r"\norm{x - y}^{2}"),
        (r"\DeclarePairedDelimiter{\abs}{\lvert}{\rvert}", r"\lvert x \rvert", r"\abs{x}"),
        (
            r"\newcommand{\KL}[2]{D_{\mathrm{KL}}(#1\,\|\,#2)}",
            r"D_{\mathrm{KL}}(p \,\|\, q) = 0",
            r"\KL{p}{q} = 0",
        ),
        (
            r"\newcommand{\E}{\mathbb{E}} \newcommand{\Ex}{\mathbb{E}_{x}}",
            r"\mathbb{E}_{x} [ f ] + \mathbb{E}_{y} [ f ]",
            r"\Ex [ f ] + \E_{y} [ f ]",
        ),
        (
            r"\newcommand{\KL}[2]{D_{\mathrm{KL}}(#1 \| #2)}",
            r"D_{\mathrm{KL}}(p \,\|\, q)",
            r"D_{\mathrm{KL}}(p \,\|\, q)",
        ),
        (r"\newcommand{\pair}[2]{(#1, #2)}", r"(x, y] + (a, b)", r"(x, y] + \pair{a}{b}"),
        (r"\newcommand{\E}{\mathbf{E}}", r"\mathbb{E} [ f ]", r"\mathbb{E} [ f ]"),
        (r"% \newcommand{\E}{\mathbb{E}}", r"\mathbb{E} [ f ]", r"\mathbb{E} [ f ]"),
    ],
)
def test_the_author_s_macros_are_used_where_they_mean_the_same(definition: str, latex: str, written: str) -> None:
    assert inserted(f"{definition}\n\n$;norm<cursor>$", latex) == written
    assert inserted("$;norm<cursor>$", latex, Project(sources=(definition,))) == written
    assert inserted(f"{definition}\n\n$;norm<cursor>$", latex, macros=False) == latex


def test_tab_stops_survive() -> None:
    text, offset = marked(r"\newcommand{\norm}[1]{\lVert #1\rVert} \newcommand{\vx}{\mathbf{x}} $;norm<cursor>$")
    catalogue = catalogue_of(r"\lVert \mathbf{x} - y \rVert + \mathbf{x}", slots=(r"\mathbf{x}", "y"))
    first = complete(text, offset, Language.LATEX, catalogue)[0]

    assert to_lsp(first.snippet) == r"\\norm{${1:\\vx} - ${2:y}\} + $1$0"


def test_without_the_document_s_own_vectors_the_catalogue_s_stay() -> None:
    assert inserted("$;norm<cursor>$", BOLD) == BOLD


@pytest.mark.parametrize(
    ("used", "written"),
    [
        (r"$\bm{z}$", r"\bm{x}^{\top} \bm{A} \bm{\mu} + c"),
        (r"$\boldsymbol{z}$", r"\boldsymbol{x}^{\top} \boldsymbol{A} \boldsymbol{\mu} + c"),
        (r"$\vec{z}$", r"\vec{x}^{\top} \mathbf{A} \vec{\mu} + c"),
        (r"$\mathbf{z}$", BOLD),
        (r"$\bm{z} \bm{y} \mathbf{z}$", r"\bm{x}^{\top} \bm{A} \bm{\mu} + c"),
        (r"$x + y$ and $f(x)$ and $z$", r"x^{\top} A \mu + c"),
        (r"$z$ and $y$ and $w$", r"x^{\top} A \mu + c"),
        (r"$n$ and $k$ and $i$", BOLD),
        (r"$z$ and $y$", BOLD),
        (r"\newcommand{\vz}{\bm{z}} $\vz$", r"\bm{x}^{\top} \bm{A} \bm{\mu} + c"),
        (r"\newcommand{\vect}[1]{\boldsymbol{#1}} $\vect{z}$", r"\vect{x}^{\top} \vect{A} \vect{\mu} + c"),
        (r"\newcommand{\v}[1]{\bm{#1}} \newcommand{\vz}{\v{z}} $\vz$", r"\v{x}^{\top} \v{A} \v{\mu} + c"),
        (r"\newcommand{\bs}[1]{\mathbf{#1}} $\bs{z}$", r"\bs{x}^{\top} \bs{A} \boldsymbol{\mu} + c"),
        (r"\renewcommand{\vec}[1]{\mathbf{#1}} $\vec{z}$", r"\vec{x}^{\top} \vec{A} \boldsymbol{\mu} + c"),
        (r"\newcommand{\vx}{\bm{x}}", r"\vx^{\top} \bm{A} \bm{\mu} + c"),
    ],
)
def test_the_document_s_vector_style_is_kept(used: str, written: str) -> None:
    assert inserted(f"{used}\n\n$;norm<cursor>$", BOLD) == written


def test_what_is_no_vector_keeps_its_face() -> None:
    latex = r"\mathcal{L}(\theta) = \mathbb{E} [ \mathrm{KL} ] \text{ with } \mathbf{x}"

    assert inserted(r"$\bm{z}$ $;norm<cursor>$", latex) == latex.replace("mathbf", "bm")


def test_two_symbols_never_become_one() -> None:
    assert inserted("$x$ $x$ $x$ $;norm<cursor>$", r"\mathbf{x} = x \mathbf{1}") == r"\mathbf{x} = x \mathbf{1}"


def test_the_setting_goes_before_the_document_s_style() -> None:
    page = r"$\bm{z}$ $;norm<cursor>$"

    assert inserted(page, BOLD, vectors="off") == BOLD
    assert inserted(page, BOLD, vectors="plain") == r"x^{\top} A \mu + c"
    assert inserted(page, BOLD, vectors="mathbf") == BOLD
    assert inserted("$;norm<cursor>$", BOLD, vectors="bm") == r"\bm{x}^{\top} \bm{A} \bm{\mu} + c"


def after(page: str, latex: str, project: Project = LONE, **settings: str | bool) -> str:
    """The preamble of a page after an equation was accepted at its cursor."""
    text, offset = marked(page)
    chosen = replace(Settings(), **settings)  # type: ignore[arg-type]  # each test names real fields
    first = complete(text, offset, Language.LATEX, catalogue_of(latex), chosen, project)[0]
    for edit in first.edits:
        text = text[: edit.span.start] + edit.new + text[edit.span.end :]
    return text.partition("\\begin{document}")[0]


@pytest.mark.parametrize(
    ("preamble", "latex", "needed"),
    [
        ("", r"x = \mathbb{E}", "\\usepackage{amssymb}\n"),
        ("", r"\operatorname{tr} A", "\\usepackage{amsmath}\n"),
        ("\\usepackage{amsmath}\n", r"\operatorname{tr} A", ""),
        ("\\usepackage{mathtools}\n", r"\operatorname{tr} A", ""),
        ("\\usepackage{amsmath,amssymb}\n", r"\mathbb{E}", ""),
        ("\\usepackage{graphicx}\n", r"a \coloneqq \mathbb{E}", "\\usepackage{mathtools}\n\\usepackage{amssymb}\n"),
        ("", r"x = y", ""),
    ],
)
def test_what_the_insert_needs_and_the_preamble_lacks_is_loaded(preamble: str, latex: str, needed: str) -> None:
    page = f"\\documentclass{{article}}\n{preamble}\\begin{{document}}\n;norm<cursor>\n\\end{{document}}"

    assert after(page, latex) == f"\\documentclass{{article}}\n{preamble}{needed}"
    assert after(page, latex, packages=False) == f"\\documentclass{{article}}\n{preamble}"


def test_a_comment_does_not_end_the_preamble() -> None:
    preamble = "\\documentclass{article}\n% \\begin{document} comes later\n\\usepackage{amssymb}\n"
    text, offset = marked(preamble + "\\begin{document}\n;norm<cursor>")

    assert complete(text, offset, Language.LATEX, catalogue_of(r"\mathbb{E}"))[0].edits == ()


@pytest.mark.parametrize(
    "broken",
    [
        r"\DeclarePairedDelimiter{\foo}{(}",
        r"\newcommand{\foo}[2]",
        r"\newcommand{\foo}{\frac{",
        r"\def\foo#1",
        r"\NewDocumentCommand{\foo}{r() d<>}{#1}",
        r"\DeclarePairedDelimiterX{\inp}[2]{\langle}{\rangle}{#1, #2}",
        "\\newcommand{\\F}\n[1]{\\mathbb{F}_{#1}}",
    ],
)
def test_a_definition_that_is_not_understood_costs_no_other(broken: str) -> None:
    page = f"{broken}\n\\newcommand{{\\R}}{{\\mathbb{{R}}}}\n\n$;norm<cursor>$"

    assert inserted(page, r"x \in \mathbb{R}") == r"x \in \R"


def test_a_definition_may_go_on_below() -> None:
    assert inserted("\\newcommand{\\E}\n[1]{\\mathbb{E}_{#1}}\n\n$;norm<cursor>$", r"\mathbb{E}_{x}") == r"\E{x}"


def test_a_chapter_is_not_given_a_preamble() -> None:
    assert after(";norm<cursor>", r"\mathbb{E}") == ";norm"


def test_local_packages_count() -> None:
    page = "\\documentclass{article}\n\\usepackage{house}\n\\begin{document}\n;norm<cursor>\n"

    assert "amssymb" not in after(page, r"\mathbb{E}", Project(files={"house.sty": "\\RequirePackage{amssymb}"}))
