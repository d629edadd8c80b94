"""References to equations, and the labels behind them."""

from __future__ import annotations

import time
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.hover import Hover, hover
from mleq_lsp.labels import labels, reference_at
from mleq_lsp.project import LONE, Project, Root
from mleq_lsp.regions import Language, regions
from tests.marked import marked
from tests.small import SMALL, SOFTMAX

EQUATION = "\\begin{equation}\\label{eq:a}\n  x = 1\n\\end{equation}\n"
ALIGN = r"""\begin{align}
  x &= 1 \label{eq:one} \\
  y &= 2 \label{eq:two} \\[2pt]
    &= 3 \nonumber \\
  z &= \begin{cases} 4 & a \\ 5 & b \end{cases} \notag \\
    &= 6, \label{eq:six} \\
    &= 7  \label{eq:seven}
\end{align}
"""
QUARTO = "$$\nx = 1\n$$ {#eq-a}\n\n"
ROOT = "\\documentclass{book}\n\\newcommand{\\vx}{\\mathbf{x}}\n\\begin{document}\n\\input{one}\n%s\\end{document}\n"


def referred(page: str, kind: Language = Language.LATEX, project: Project = LONE) -> Hover | None:
    text, offset = marked(page)
    return hover(text, offset, kind, SMALL, project=project)


def shown(page: str, kind: Language = Language.LATEX, project: Project = LONE) -> list[str]:
    """What is drawn for the reference at the cursor, on one line each."""
    found = referred(page, kind, project)
    return [" ".join(card.latex.split()) for card in found.cards] if found else []


def said(page: str, kind: Language = Language.LATEX, project: Project = LONE) -> str | None:
    """The note on the card for the reference at the cursor."""
    found = referred(page, kind, project)
    return found.cards[0].note if found else None


@pytest.mark.parametrize(
    "reference",
    [
        r"\eqref{eq<cursor>:a}",
        r"\ref{eq<cursor>:a}",
        r"\autoref{eq<cursor>:a}",
        r"\cref{eq<cursor>:a}",
        r"\Cref*{eq<cursor>:a}",
        r"\vref{eq<cursor>:a}",
        r"\nameref{eq<cursor>:a}",
        r"\pageref{eq<cursor>:a}",
        r"\labelcref{eq<cursor>:a}",
        r"\namecrefs{eq<cursor>:a}",
        r"\zcref[noname]{eq<cursor>:a}",
        r"\hyperref[eq<cursor>:a]{the equation}",
        r"\cref{sec:x, eq<cursor>:a}",
        r"\crefrange{eq:b}{eq<cursor>:a}",
        r"\cpagerefrange{eq:b}{eq<cursor>:a}",
        r"\eqr<cursor>ef{eq:a}",
        r"<cursor>\eqref{eq:a}",
        r"\eqref<cursor>{eq:a}",
        r"\eqref{eq:a<cursor>}",
        r"\eqref{eq:a}<cursor>",
        r"\eqref {eq<cursor>:a}",
        r"$x$ by $y \eqref{eq<cursor>:a}$",
        r"\myeqref{eq<cursor>:a}",
        r"\refeq{eq<cursor>:a}",
    ],
)
def test_a_reference_shows_the_equation_behind_its_label(reference: str) -> None:
    found = referred(EQUATION + "as in " + reference)

    assert found is not None
    assert [(card.latex, card.label, card.where) for card in found.cards] == [(EQUATION.strip(), "eq:a", "line 1")]


@pytest.mark.parametrize(
    ("reference", "about"),
    [
        (r"\eqref{eq:<cursor>a}", "eq:a"),
        (r"\cref{eq:b,  eq:<cursor>a }", "eq:a"),
        (r"\eq<cursor>ref{eq:a}", r"\eqref{eq:a}"),
        (r"\Cref<cursor>*{eq:a,eq:b}", r"\Cref*{eq:a,eq:b}"),
    ],
)
def test_the_hover_is_about_the_name_or_the_whole_reference(reference: str, about: str) -> None:
    found = referred(EQUATION + reference)

    assert found is not None
    assert found.span.of((EQUATION + reference).replace("<cursor>", "")) == about


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("eq:one", r"x = 1 \label{eq:one}"),
        ("eq:two", r"\begin{aligned} y &= 2 \label{eq:two} \\ &= 3 \nonumber \end{aligned}"),
        (
            "eq:six",
            r"\begin{aligned} z &= \begin{cases} 4 & a \\ 5 & b \end{cases} \notag \\"
            r" &= 6, \label{eq:six} \end{aligned}",
        ),
        ("eq:seven", r"= 7 \label{eq:seven}"),
    ],
)
def test_of_several_rows_the_one_with_the_label_and_those_without_a_number_of_their_own(name: str, row: str) -> None:
    assert shown(f"{ALIGN}\\eqref{{{name[:3]}<cursor>{name[3:]}}}") == [row]


def test_in_an_environment_without_numbers_rows_belong_to_the_next_that_has_a_tag() -> None:
    page = "\\begin{align*}\n x &= 1 \\\\\n &= 2 \\tag{A}\\label{a} \\\\\n y &= 3 \n\\end{align*}\n\\ref{<cursor>a}"

    assert shown(page) == [r"\begin{aligned} x &= 1 \\ &= 2 \tag{A}\label{a} \end{aligned}"]


def test_a_row_is_known_by_its_own_line() -> None:
    found = referred(f"Text.\n{ALIGN}\\eqref{{eq<cursor>:two}}")

    assert found is not None
    assert found.cards[0].where == "line 4"


def test_a_row_in_a_quote_of_markdown_has_no_marks() -> None:
    formula = "> $$\n> \\begin{align}\n> x &= 1 \\label{a}\\\\\n> y\n> &= 2\\label{b}\n> \\end{align}\n> $$\n"

    assert shown(formula + "\n\\eqref{<cursor>b}", Language.MARKDOWN) == [r"y = 2\label{b}"]


@pytest.mark.parametrize(
    "formula",
    [
        "\\begin{align}\n x &= 1 \\nonumber \\\\\n &= 2 \\label{eq:a}\n\\end{align}",
        "\\begin{equation}\\begin{split}\n x &= 1 \\\\\n &= 2\n\\end{split}\\label{eq:a}\\end{equation}",
        "\\begin{multline}\n x \\\\\n = 2 \\label{eq:a}\n\\end{multline}",
        "\\[ x = 1 \\tag{A}\\label{eq:a} \\]",
        "\\begin{equation} \\label[theorem]{eq:a} x = \\text{if $y$} \\end{equation}",
        "$$ x = 1 \\label{eq:a} $$",
    ],
)
def test_otherwise_the_whole_formula_is_shown(formula: str) -> None:
    found = shown(f"{formula}\n\\eqref{{eq<cursor>:a}}")

    body = formula[2:-2] if formula[:2] in ("\\[", "$$") else formula
    assert found == [" ".join(body.split())]


def test_a_label_of_subequations_shows_them_all() -> None:
    page = f"\\begin{{subequations}}\n\\label{{eq:all}}\n{ALIGN}so that\n{EQUATION}\\end{{subequations}}\n"

    assert shown(page + "\\eqref{eq<cursor>:all}") == [" ".join(ALIGN.split()), " ".join(EQUATION.split())]
    assert len(shown(page.replace("eq:all", "eq<cursor>:all"))) == 2


def test_on_the_command_of_a_list_all_are_shown_in_order() -> None:
    assert shown(EQUATION + ALIGN + r"\cre<cursor>f{eq:seven,eq:a,sec:x,eq:one}") == [
        r"= 7 \label{eq:seven}",
        " ".join(EQUATION.split()),
        r"x = 1 \label{eq:one}",
    ]


def test_a_list_may_have_a_comment_on_each_line() -> None:
    page = f"{ALIGN}\\cref{{%\n  eq:one,% the first, and\n  eq:<cursor>two %\n}}"

    assert len(shown(page)) == 1
    assert "y &= 2" in shown(page)[0]
    assert len(shown(page.replace("<cursor>", "").replace("cref", "<cursor>cref"))) == 2


def test_a_very_long_list_shows_its_first_equations() -> None:
    equations = "".join(EQUATION.replace("eq:a", f"eq:{number}") for number in range(40))
    names = ",".join(f"eq:{number}" for number in range(40))

    assert len(shown(f"{equations}\\cre<cursor>f{{{names}}}")) == 6


def test_the_equation_behind_a_label_is_known_and_explained() -> None:
    found = referred(
        f"\\begin{{equation}}\\label{{eq:s}} {SOFTMAX.replace('z', 'a')} \\end{{equation}} \\eqref{{<cursor>eq:s}}"
    )

    assert found is not None
    assert found.cards[0].entry is SMALL.entries["soft-max"]
    assert [symbol.latex for symbol in found.cards[0].symbols] == ["a_{i}", "j"]


@pytest.mark.parametrize(
    "page",
    [
        r"% \eqref{eq<cursor>:a}",
        r"\verb|\eqref{eq<cursor>:a}|",
        r"\begin{verbatim}\eqref{eq<cursor>:a}\end{verbatim}",
        r"\href{eq<cursor>:a}{x}",
        r"\section{One}\label{sec:one} \ref{sec<cursor>:one}",
        r"\begin{lstlisting}[label=lst:one]\end{lstlisting} \ref{lst<cursor>:one}",
        r"\begin{figure}\label{fig:one}\end{figure} \cref{fig<cursor>:one}",
        r"\secref{some<cursor>where}",
        r"\ref{}<cursor>",
        r"\ref{a<cursor>",
        r"\newcommand{\x}[1]{\ref{#1<cursor>}}",
    ],
)
def test_silent_where_nothing_refers_to_an_equation(page: str) -> None:
    head = "\\documentclass{article}\n\\begin{document}\n"

    assert referred(head + EQUATION + page) is None


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        (r"\eqref{eq:l<cursor>ost}", "no equation is labelled `eq:lost` in this project"),
        (r"\eqref{lo<cursor>st}", "no equation is labelled `lost` in this project"),
        (r"\cref{eq:l<cursor>ost}", "no equation is labelled `eq:lost` in this project"),
        (r"\ref{sec:l<cursor>ost}", "nothing is labelled `sec:lost` in this project"),
        (
            r"\eqref{eq:oen<cursor>} % \label{eq:oen}",
            "no equation is labelled `eq:oen` in this project: did you mean `eq:one`?",
        ),
        (r"\eqref{seve<cursor>n}", "no equation is labelled `seven` in this project: did you mean `eq:seven`?"),
    ],
)
def test_a_label_that_does_not_exist_says_so(reference: str, note: str) -> None:
    page = (
        f"\\documentclass{{article}}\n\\begin{{document}}\n\\section{{S}}\\label{{sec:once}}\n{ALIGN}as in {reference}"
    )

    assert said(page) == note


def test_in_a_formula_a_reference_to_no_equation_is_a_part_of_the_formula() -> None:
    found = referred("\\section{One}\\label{sec:one} $x \\text{ by \\ref{sec<cursor>:one}}$")

    assert found is not None
    assert found.cards[0].latex == r"x \text{ by \ref{sec:one}}"


def test_nothing_in_a_label_is_markup() -> None:
    assert said("\\eqref{eq:`<b>`<cursor>x}") == said("\\eqref{eq:<b><cursor>x}")


def test_a_part_of_a_project_does_not_know_everything() -> None:
    assert (
        said(r"\eqref{eq:l<cursor>ost}")
        == "no equation is labelled `eq:lost` in the files that are known of this project"
    )
    assert said(r"\ref{l<cursor>ost}") is None
    assert said(r"\documentclass{a}\externaldocument{other} \eqref{eq:l<cursor>ost}") is None


def test_of_two_equations_with_one_label_the_first_is_shown() -> None:
    page = EQUATION + EQUATION.replace("1", "2") + "\\eqref{<cursor>eq:a}"

    assert shown(page) == [" ".join(EQUATION.split())]
    assert said(page) == "`eq:a` is the label of 2 equations; this is the first"


@pytest.mark.parametrize(
    ("definition", "use"),
    [
        (r"\newcommand{\be}[1]{\begin{equation}\label{#1}}\newcommand{\ee}{\end{equation}}", r"\be{eq:a} x \ee"),
        (r"\newcommand{\eqlabel}[1]{\label{eq:#1}}", r"\begin{equation}\eqlabel{a} x \end{equation}"),
        (r"\newcommand{\eqn}[2]{\begin{equation}#1\label{eq:#2}\end{equation}}", r"\eqn{\frac{x}{2}}{a}"),
    ],
)
def test_labels_that_an_author_s_macros_make_are_found(definition: str, use: str) -> None:
    assert len(shown(f"{definition}\n{use}\nas in \\eqref{{<cursor>eq:a}}")) == 1


def test_references_that_an_author_s_macros_make_are_followed() -> None:
    page = "\\newcommand{\\eqnref}[1]{Eq.~(\\ref{eq:#1})}\n" + EQUATION + "\\eqnref{<cursor>a}"

    assert shown(page) == [" ".join(EQUATION.split())]


def files(texts: Mapping[str, str], root: str | None = None) -> Project:
    return Project(tuple(texts.values()), texts, Root("file:///main.tex", root, texts[root]) if root else None)


def test_a_chapter_sees_the_equations_of_the_other_chapters() -> None:
    project = files(
        {"chapters/one.tex": f"Text.\n\n{EQUATION.replace('x', chr(92) + 'vx')}", "main.tex": ROOT % ""}, "main.tex"
    )
    found = referred("In \\eqref{<cursor>eq:a}", project=project)

    assert found is not None
    card = found.cards[0]
    assert (card.label, card.where) == ("eq:a", "chapters/one.tex, line 3")
    assert "\\mathbf{x} = 1" in card.latex


def test_an_equation_is_drawn_with_the_macros_that_it_was_written_in() -> None:
    page = "\\newcommand{\\R}{A}\n" + EQUATION.replace("x", "\\R") + "\\renewcommand{\\R}{B}\n\\eqref{<cursor>eq:a}"

    assert shown(page) == [" ".join(EQUATION.replace("x", "A").split())]


def test_what_a_chapter_defines_anew_holds_in_no_other_chapter() -> None:
    project = files({"one.tex": EQUATION.replace("x", "\\vx"), "main.tex": ROOT % ""}, "main.tex")

    assert shown("\\renewcommand{\\vx}{y}\n\\eqref{<cursor>eq:a}", project=project) == [
        " ".join(EQUATION.replace("x", "\\mathbf{x}").split())
    ]


def test_a_root_sees_the_equations_of_its_chapters_drawn_with_its_own_macros() -> None:
    chapter = "\\be{eq:a} \\vx = 1 \\ee"
    head = "\\newcommand{\\be}[1]{\\begin{equation}\\label{#1}}\\newcommand{\\ee}{\\end{equation}}\n"
    found = referred(head + ROOT % "\\eqref{eq<cursor>:a}", project=files({"one.tex": chapter}))

    assert found is not None
    assert found.cards[0].latex == "\\begin{equation}\\label{eq:a} \\mathbf{x} = 1 \\end{equation}"
    assert found.cards[0].where == "one.tex, line 1"


def test_a_label_of_a_section_in_another_file_is_none_of_ours() -> None:
    project = files({"one.tex": "\\section{One}\\label{one} % \\label{two}", "main.tex": ROOT % ""}, "main.tex")

    assert said("\\ref{<cursor>one}", project=project) is None
    assert said("\\ref{<cursor>two}", project=project) == "nothing is labelled `two` in this project"


@pytest.mark.parametrize(
    ("reference", "about"),
    [
        ("@eq-<cursor>a", "@eq-a"),
        ("see @eq-<cursor>a.", "@eq-a"),
        ("[@eq-<cursor>a]", "@eq-a"),
        ("[-@eq<cursor>-a; @eq-b]", "-@eq-a"),
        ("[<cursor>-@eq-a]", "-@eq-a"),
        ("@Eq-<cursor>a", "@Eq-a"),
        (r"\eqref{eq-<cursor>a}", "eq-a"),
        (r"$y$ by $\eqref{eq-<cursor>a}$", "eq-a"),
    ],
)
def test_references_of_quarto(reference: str, about: str) -> None:
    page = QUARTO + reference
    found = referred(page, Language.QUARTO)

    assert found is not None
    assert (found.cards[0].latex.strip(), found.cards[0].where) == ("x = 1", "line 1")
    assert found.span.of(page.replace("<cursor>", "")) == about


@pytest.mark.parametrize(
    "equation",
    [
        "$$ x = 1 $$ (a)",
        "$$\nx = 1\n$$ (a)",
        "```{math}\n:label: a\nx = 1\n```",
        ":::{math}\n:label: a\nx = 1\n:::",
        "(a)=\n$$\nx = 1\n$$",
        "$$\nx = 1 \\label{a}\n$$",
        "\\begin{equation}\nx = 1 \\label{a}\n\\end{equation}",
        "$$x = 1$${#a}",
        "1. A list\n\n   $$\n   x = 1\n   $$ (a)",
    ],
)
@pytest.mark.parametrize(
    "reference", ["{eq}`a<cursor>`", "{e<cursor>q}`a`", "{numref}`the one <<cursor>a>`", "[](#<cursor>a)"]
)
def test_references_of_myst(equation: str, reference: str) -> None:
    found = referred(f"{equation}\n\nAs in {reference}.", Language.MARKDOWN)

    assert found is not None
    assert "x = 1" in found.cards[0].latex
    assert found.cards[0].label == "a"


def test_references_of_pandoc_crossref_and_of_bookdown() -> None:
    assert shown("$$ x $$ {#eq:a}\n\n@eq:<cursor>a", Language.MARKDOWN) == ["x"]
    assert len(shown("\\begin{align}\nx (\\#eq:a)\n\\end{align}\n\n\\@ref(eq:<cursor>a)", Language.MARKDOWN)) == 1


@pytest.mark.parametrize(
    ("reference", "note"),
    [
        ("@eq-lo<cursor>st", "no equation is labelled `eq-lost` in this project"),
        ("{eq}`lo<cursor>st`", "no equation is labelled `lost` in this project"),
        ("@vaswani<cursor>2017", None),
        ("[](#lo<cursor>st)", None),
        ("{numref}`lo<cursor>st`", None),
        ("@fig-lo<cursor>st", None),
        ("`@eq-lo<cursor>st`", None),
        ("me@eq-lo<cursor>st.org", None),
        ("<!-- @eq-lo<cursor>st -->", None),
    ],
)
def test_in_markdown_too_a_missing_label_says_so(reference: str, note: str | None) -> None:
    assert said(QUARTO + reference, Language.QUARTO) == note


def test_a_page_sees_the_equations_of_the_other_pages() -> None:
    project = Project(
        pages={
            "intro.qmd": f"# Intro\n\n$$\\newcommand{{\\R}}{{\\mathbb{{R}}}}$$\n\n{QUARTO.replace('1', chr(92) + 'R')}"
        }
    )
    found = referred("See @eq-<cursor>a.", Language.QUARTO, project)

    assert found is not None
    assert (found.cards[0].latex.strip(), found.cards[0].where) == (r"x = \mathbb{R}", "intro.qmd, line 5")


def test_a_reference_in_a_long_document_is_found_at_once() -> None:
    page = (EQUATION + ALIGN + "See \\cref{eq:a,eq:lost} and $x$.\n\n") * 1000
    found = regions(page, Language.LATEX)
    started = time.perf_counter()

    assert len(labels(found, Language.LATEX)) == 5000
    assert reference_at(found, page.rindex("eq:lost"), Language.LATEX) is not None
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize(
    "piece", ["\\label{", "\\ref{a,", "\\ref[", "{eq}`", "@eq-", "(a)=\n", "{#eq-", "\\label{a}\\ref{a}\n"]
)
def test_many_pieces_of_one_kind_take_time_proportional_to_them(piece: str) -> None:
    for kind in Language:
        found = regions(piece * 2000, kind)
        started = time.perf_counter()
        labels(found, kind)
        reference_at(found, len(piece) * 1000, kind)
        assert time.perf_counter() - started < 1


SIGNS = r"""
    \label{a} \ref{a} \eqref{a,b} \cref{ \begin{align} \end{align} & \\ $ $$ } { (a) (a)= {#eq-a} @eq-a {eq}`a`
    ```{math} :label:a \nonumber \begin{subequations} \end{subequations} \newcommand{\x}[1]{\label{#1}} \x{a} % > a x
""".split()


@given(st.lists(st.sampled_from([*SIGNS, "\n", "\n\n", " "]), max_size=30).map("".join), st.sampled_from(Language))
def test_any_signs_give_an_answer(text: str, kind: Language) -> None:
    for offset in range(0, len(text) + 1, 3):
        found = hover(text, offset, kind, SMALL, project=Project(files={"other.tex": text}, pages={"page.md": text}))
        assert found is None or found.span.touches(offset)


def test_a_label_with_an_option_is_suggested_too() -> None:
    page = EQUATION.replace(r"\label{eq:a}", r"\label[equation]{ eq:loss }") + r"\eqref{eq:los<cursor>t}"

    assert (
        said(page)
        == "no equation is labelled `eq:lost` in the files that are known of this project: did you mean `eq:loss`?"
    )
    assert "x = 1" in shown(page.replace("los<cursor>t", "lo<cursor>ss"))[0]
