"""What accepting an entry writes, as before and after."""

from __future__ import annotations

from dataclasses import replace

import pytest

from mleq_lsp.completion import complete
from mleq_lsp.project import LONE, Project
from mleq_lsp.regions import Language
from mleq_lsp.settings import Settings
from mleq_lsp.snippet import to_lsp, to_plain
from tests import small
from tests.marked import marked
from tests.small import SMALL, SOFTMAX


def accept(page: str, language: Language = Language.LATEX, project: Project = LONE, **settings: str | bool) -> str:
    """The page after the first offer at its cursor is accepted."""
    text, offset = marked(page)
    chosen = replace(Settings(), **settings)  # type: ignore[arg-type]  # each test names real fields
    first = complete(text, offset, language, SMALL, chosen, project)[0]
    written = to_plain(first.snippet.with_prefix(first.indent))
    return text[: first.span.start] + written + text[first.span.end :]


def accept_markdown(page: str) -> str:
    return accept(page, Language.MARKDOWN)


def test_inside_inline_math_the_bare_body_replaces_what_was_typed() -> None:
    assert accept("so $;sof<cursor>$") == f"so ${SOFTMAX}$"


def test_inside_inline_math_several_rows_stay_on_one_line() -> None:
    row = "p(x, y) &= p(x \\mid y) \\, p(y) \\\\ &= p(y \\mid x) \\, p(x)"
    assert accept("so $;chain-rule<cursor>$") == f"so $\\begin{{aligned}} {row} \\end{{aligned}}$"


def test_on_a_line_of_its_own_an_equation_with_a_label() -> None:
    assert accept("Text.\n\n;soft<cursor>\n") == (
        f"Text.\n\n\\begin{{equation}}\n  \\label{{eq:soft-max}}\n  {SOFTMAX}\n\\end{{equation}}\n"
    )


def test_in_the_middle_of_a_line_the_text_around_stays_text() -> None:
    assert accept("Hence ;soft<cursor> holds.", label=False) == (
        f"Hence \n\\begin{{equation}}\n  {SOFTMAX}\n\\end{{equation}}\n holds."
    )


def test_the_indent_of_the_line_is_kept() -> None:
    assert accept("  ;soft<cursor>", label=False) == f"  \\begin{{equation}}\n    {SOFTMAX}\n  \\end{{equation}}"


def test_several_rows_are_aligned_in_the_display() -> None:
    assert accept(";chain-rule<cursor>") == (
        "\\begin{equation}\n  \\label{eq:chain-rule}\n  \\begin{aligned}\n"
        "    p(x, y) &= p(x \\mid y) \\, p(y) \\\\\n    &= p(y \\mid x) \\, p(x)\n"
        "  \\end{aligned}\n\\end{equation}"
    )


@pytest.mark.parametrize(
    ("used", "written"),
    [
        (r"\[ a \]", f"\\[\n  {SOFTMAX}\n\\]"),
        (r"$$ a $$", f"$$\n  {SOFTMAX}\n$$"),
        (r"\begin{equation*} a \end{equation*}", f"\\begin{{equation*}}\n  {SOFTMAX}\n\\end{{equation*}}"),
        (r"\begin{gather*} a \end{gather*}", f"\\begin{{equation*}}\n  {SOFTMAX}\n\\end{{equation*}}"),
        (
            r"\begin{align*} a \end{align*}",
            "\\begin{align*}\n  " + SOFTMAX.replace("= ", "&= ") + "\n\\end{align*}",
        ),
        (
            r"\[ a \] \[ b \] \begin{equation} c \end{equation} \begin{align} d \end{align}",
            f"\\[\n  {SOFTMAX}\n\\]",
        ),
    ],
)
def test_the_document_s_own_display_form_is_followed(used: str, written: str) -> None:
    assert accept(f"{used}\n\n;soft<cursor>") == f"{used}\n\n{written}"


def test_the_setting_goes_before_the_document_s_form() -> None:
    assert accept("\\[ a \\]\n\n;soft<cursor>", display="dollars") == f"\\[ a \\]\n\n$$\n  {SOFTMAX}\n$$"


def test_a_label_is_unique() -> None:
    page = "\\label{eq:soft-max} \\label{eq:soft-max-2}\n;soft<cursor>"

    assert "\\label{eq:soft-max-3}" in accept(page)


def test_a_label_is_unique_among_the_open_documents() -> None:
    assert "\\label{eq:soft-max-2}" in accept(";soft<cursor>", project=Project(others=("\\label{eq:soft-max}",)))


def test_a_label_that_is_only_referred_to_is_free() -> None:
    assert "\\label{eq:soft-max}" in accept("By \\eqref{eq:soft-max} we have\n;soft<cursor>")


def test_a_label_is_unique_in_the_files_of_the_project() -> None:
    assert "\\label{eq:soft-max-2}" in accept(";soft<cursor>", project=Project(sources=("\\label{eq:soft-max}",)))


@pytest.mark.parametrize(
    ("labels", "label"),
    [
        ("eqn:one", "eqn:soft-max"),
        ("eq_one", "eq_soft-max"),
        ("eq:one_two", "eq:soft_max"),
        ("Eq.one", "Eq.soft-max"),
        ("e:one", "e:soft-max"),
        ("sec:one", "eq:soft-max"),
        ("e-step", "eq:soft-max"),
        ("eqn:one eq:two eq:three", "eq:soft-max"),
    ],
)
def test_a_label_is_in_the_document_s_own_style(labels: str, label: str) -> None:
    used = " ".join(f"\\label{{{one}}}" for one in labels.split())

    assert f"\\label{{{label}}}" in accept(f"{used}\n\n;soft<cursor>")
    assert f"\\label{{{label}}}" in accept(";soft<cursor>", project=Project(others=(used,)))


@pytest.mark.parametrize("form", ["equation*", "align*", "brackets", "dollars"])
def test_a_display_without_a_number_has_no_label(form: str) -> None:
    assert "label" not in accept(";soft<cursor>", display=form)


def test_inside_display_math_the_bare_body() -> None:
    assert accept("\\begin{equation}\n  ;soft<cursor>\n\\end{equation}") == (
        f"\\begin{{equation}}\n  {SOFTMAX}\n\\end{{equation}}"
    )


def test_inside_display_math_several_rows_go_into_aligned() -> None:
    assert accept("\\[\n  ;chain-rule<cursor>\n\\]") == (
        "\\[\n  \\begin{aligned}\n    p(x, y) &= p(x \\mid y) \\, p(y) \\\\\n    &= p(y \\mid x) \\, p(x)\n"
        "  \\end{aligned}\n\\]"
    )


def test_inside_align_rows() -> None:
    assert accept("\\begin{align}\n  a &= b \\\\\n  ;chain-rule<cursor>\n\\end{align}") == (
        "\\begin{align}\n  a &= b \\\\\n"
        "  p(x, y) &= p(x \\mid y) \\, p(y) \\\\\n  &= p(y \\mid x) \\, p(x)\n\\end{align}"
    )


def test_inside_align_a_single_line_is_aligned_at_its_relation() -> None:
    assert accept("\\begin{align}\n  ;soft<cursor> \\\\\n  a &= b\n\\end{align}") == (
        "\\begin{align}\n  " + SOFTMAX.replace("= ", "&= ") + " \\\\\n  a &= b\n\\end{align}"
    )


@pytest.mark.parametrize("row", [r"a &= ;soft<cursor>", r";soft<cursor> &= a", r"\text{a & b} &= ;soft<cursor>"])
def test_inside_a_row_that_is_aligned_already_the_bare_body(row: str) -> None:
    assert accept(f"\\begin{{align}} x &= y \\\\ {row} \\end{{align}}") == (
        f"\\begin{{align}} x &= y \\\\ {row.replace(';soft<cursor>', SOFTMAX)} \\end{{align}}"
    )


@pytest.mark.parametrize(
    "row", [r"\underbrace{;soft<cursor>}_{a}", r"\left[ ;soft<cursor> \right]", r"\frac{a}{;soft<cursor>}"]
)
def test_inside_a_group_in_align_no_ampersand(row: str) -> None:
    assert accept(f"\\begin{{align}} {row} \\end{{align}}") == (
        f"\\begin{{align}} {row.replace(';soft<cursor>', SOFTMAX)} \\end{{align}}"
    )


@pytest.mark.parametrize(
    "page",
    [
        r"\caption{So ;soft<cursor>.}",
        r"\section{;soft<cursor>}",
        r"\begin{tabular}{c} ;soft<cursor> \\ \end{tabular}",
        r"\begin{tabu}{c} ;soft<cursor> \\ \end{tabu}",
        r"\begin{tabular}{cc} \begin{tabular}{c} a \end{tabular} & ;soft<cursor> \end{tabular}",
        r"\begin{theorem}[On ;soft<cursor>]",
        r"\item[;soft<cursor>] a",
        r"\footnote{" + "long " * 1200 + r"} and \caption{so ;soft<cursor>}",
    ],
)
def test_where_no_display_can_stand_inline_math(page: str) -> None:
    assert accept(page) == page.replace(";soft<cursor>", f"${SOFTMAX}$")


@pytest.mark.parametrize(
    "page",
    [
        r"See \url{http://a.b/%20c} and \verb|{| and the bound",
        r"A group {that is open" + "\n \n" + "and the bound",
        r"A group {that is open" + "\r\n\r\n" + "and the bound",
        r"\begin{tabular}{c} a \end{tabular} and the bound",
        r"as in \cite[p.~2]{a} and the bound",
    ],
)
def test_in_a_paragraph_a_display(page: str) -> None:
    assert "\n\\begin{equation}" in accept(f"{page} ;soft<cursor>")


@pytest.mark.parametrize(
    "page",
    [
        "# ;soft<cursor>",
        "**;soft<cursor>**",
        "[;soft<cursor>](u)",
        "- | ;soft<cursor> |",
        "a | b\n--|--\n1 | ;soft<cursor>",
        "*;soft<cursor>*",
        "(;soft<cursor>)",
        "a *word and ;soft<cursor> in* italics",
        "see [the ;soft<cursor> page](u)",
        "We get ;soft<cursor> - see below",
        "We get ;soft<cursor> + noise",
        "We get ;soft<cursor> > 3",
        "We get ;soft<cursor> # a",
    ],
)
def test_where_no_block_can_stand_inline_math(page: str) -> None:
    assert accept_markdown(page) == page.replace(";soft<cursor>", f"${SOFTMAX}$")


def test_inside_inline_math_an_environment_stays_on_its_line() -> None:
    rows = "p(x, y) &= p(x \\mid y) \\, p(y) \\\\ &= p(y \\mid x) \\, p(x)"
    page = "$\\begin{aligned} ;chain-rule<cursor> \\end{aligned}$"

    assert accept(page) == page.replace(";chain-rule<cursor>", rows)
    assert accept_markdown(f"| {page} |") == f"| {page.replace(';chain-rule<cursor>', rows)} |"


def test_eqnarray_aligns_at_two_places_and_is_given_none() -> None:
    assert accept(r"\begin{eqnarray} ;soft<cursor> \end{eqnarray}") == (
        rf"\begin{{eqnarray}} {SOFTMAX} \end{{eqnarray}}"
    )


def test_inside_aligned_in_an_equation_rows() -> None:
    assert accept(r"\[ \begin{aligned} ;soft<cursor> \end{aligned} \]") == (
        r"\[ \begin{aligned} " + SOFTMAX.replace("= ", "&= ") + r" \end{aligned} \]"
    )


def test_in_markdown_a_block_of_dollars() -> None:
    assert accept_markdown("Text.\n\n;soft<cursor>\n") == f"Text.\n\n$$\n{SOFTMAX}\n$$\n"


def test_in_a_markdown_quote_each_line_is_quoted() -> None:
    assert accept_markdown("> ;soft<cursor>") == f"> $$\n> {SOFTMAX}\n> $$"


def test_in_a_markdown_list_each_line_belongs_to_the_item() -> None:
    assert accept_markdown("  - ;soft<cursor>") == f"  - $$\n    {SOFTMAX}\n    $$"
    assert accept_markdown("12. so ;soft<cursor>") == f"12. so \n    $$\n    {SOFTMAX}\n    $$"


def test_in_a_markdown_table_one_line() -> None:
    assert accept_markdown("| a | ;soft<cursor> |") == f"| a | ${SOFTMAX}$ |"


def test_in_a_quoted_display_each_line_is_quoted() -> None:
    assert accept_markdown("> $$\n> ;chain-rule<cursor>\n> $$") == (
        "> $$\n> \\begin{aligned}\n>   p(x, y) &= p(x \\mid y) \\, p(y) \\\\\n>   &= p(y \\mid x) \\, p(x)\n"
        "> \\end{aligned}\n> $$"
    )


@pytest.mark.parametrize(
    ("used", "before", "after"),
    [
        ("\\[ a \\]", "\\[\n", "\n\\]"),
        ("\\\\[ a \\\\]", "\\\\[\n", "\n\\\\]"),
        ("```math\na\n```", "```math\n", "\n```"),
        ("$$\na\n$$", "$$\n", "\n$$"),
    ],
)
def test_in_markdown_the_document_s_own_display_form_is_followed(used: str, before: str, after: str) -> None:
    assert accept_markdown(f"{used}\n\n;soft<cursor>") == f"{used}\n\n{before}{SOFTMAX}{after}"


def test_in_quarto_a_display_is_numbered() -> None:
    assert accept("Text.\n\n;soft<cursor>", Language.QUARTO) == f"Text.\n\n$$\n{SOFTMAX}\n$$ {{#eq-soft-max}}"
    assert accept("$$ {#eq-soft-max}\n\n> ;soft<cursor>", Language.QUARTO).endswith("> $$ {#eq-soft-max-2}")
    assert accept(";soft<cursor>", Language.QUARTO, label=False) == f"$$\n{SOFTMAX}\n$$"


@pytest.mark.parametrize(
    ("page", "written"),
    [("$x^;soft<cursor>$", f"$x^{{{SOFTMAX}}}$"), ("\\[ x_;soft<cursor> \\]", f"\\[ x_{{{SOFTMAX}}} \\]")],
)
def test_a_script_gets_its_braces(page: str, written: str) -> None:
    assert accept(page) == written


@pytest.mark.parametrize(
    ("page", "latex", "written"),
    [
        (r"$\log;norm<cursor>$", "p(x)", r"$\log p(x)$"),
        (r"$a;norm<cursor>$", "p(x)", r"$ap(x)$"),
        (r"$\log;norm<cursor>$", r"\mu", r"$\log\mu$"),
        (r"$;norm<cursor>x$", r"p \theta", r"$p \theta x$"),
        (r"$;norm<cursor>(x)$", r"p \theta", r"$p \theta(x)$"),
    ],
)
def test_no_command_runs_into_a_letter(page: str, latex: str, written: str) -> None:
    text, offset = marked(page)
    first = complete(text, offset, Language.LATEX, small.catalogue_of(latex))[0]

    assert text[: first.span.start] + to_plain(first.snippet) + text[first.span.end :] == written


def test_in_a_markdown_table_no_bar_ends_the_cell() -> None:
    catalogue = small.catalogue_of(r"\| a \|_{2} + |x| \, p(x \mid y)")
    text, offset = marked("| ;norm<cursor> |")
    first = complete(text, offset, Language.MARKDOWN, catalogue)[0]

    assert to_plain(first.snippet) == r"$\Vert a \Vert_{2} + \vert x\vert \, p(x \mid y)$"


def test_every_occurrence_of_a_slot_is_one_tab_stop() -> None:
    text, offset = marked("$;soft<cursor>$")
    first = complete(text, offset, Language.LATEX, SMALL)[0]

    assert to_lsp(first.snippet) == (
        r"\\operatorname{softmax\}(${1:z})_{${2:i}\} = \\frac{\\exp $1_{$2\}\}{\\sum_{j\} \\exp $1_{j\}\}$0"
    )


def test_without_stops_only_the_last_one() -> None:
    text, offset = marked("$;chain-entropy<cursor>$")
    first = complete(text, offset, Language.LATEX, SMALL, Settings(stops="none"))[0]

    assert to_lsp(first.snippet) == r"H(X, Y) = H(X) + H(Y \\mid X)$0"
