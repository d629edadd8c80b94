"""What a hover is about."""

from __future__ import annotations

from pathlib import Path

import pytest

from mleq_lsp.hover import Hover, hover
from mleq_lsp.labels import reference_at
from mleq_lsp.project import LONE, Project
from mleq_lsp.regions import Language, regions
from mleq_lsp.regions.latex_names import DISPLAY, INNER, environment_takes
from mleq_lsp.text import Span
from tests.documents import DOCUMENTS, language
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


@pytest.mark.parametrize(
    "head",
    [
        "---\nmath:\n  '\\sm': '\\operatorname{softmax}'\n---",  # MyST
        '---\nmath:\n  "\\\\sm": "\\\\operatorname{softmax}"  # of scores\n---',
        "---\nheader-includes:\n  - \\newcommand{\\sm}{\\operatorname{softmax}}\n---",  # pandoc
        "---\nheader-includes: |\n  \\DeclareMathOperator{\\sm}{softmax}\n---",
        '---\nheader-includes: "\\\\newcommand{\\\\sm}{\\\\operatorname{softmax}}"\n---',
        "\\newcommand{\\sm}{\\operatorname{softmax}}",  # pandoc, in the text
        "\\newcommand{\\E}{E}\n\\newcommand{\\sm}{\\operatorname{softmax}}\n\\newcommand",
        "$$\n\\newcommand{\\sm}{\\operatorname{softmax}}\n$$",
        "> $$\n> \\newcommand{\\sm}{\n> \\operatorname{softmax}}\n> $$",
    ],
)
def test_macros_of_a_page_of_markdown_are_known_wherever_it_defines_them(head: str) -> None:
    formula = r"$\sm(z)_{i} = \frac{\exp z_{i}}{\sum_{j} \exp z_{j}}<cursor>$"

    for kind in (Language.MARKDOWN, Language.QUARTO):
        found = hovered(f"{head}\n\n{formula}", kind)

        assert found is not None
        assert found.cards[0].latex == SOFTMAX
        assert found.cards[0].problems == ()
        assert found.cards[0].entry is SMALL.entries["soft-max"]


def test_a_macro_of_myst_s_has_the_arguments_that_it_uses() -> None:
    found = hovered("---\nmath:\n  '\\of': '\\frac{#1}{#2}'\n---\n\n$\\of{a}{b<cursor>}$", Language.MARKDOWN)

    assert found is not None
    assert found.cards[0].latex == r"\frac{a}{b}"


@pytest.mark.parametrize(
    "head",
    [
        "<!-- \n\\newcommand{\\sm}{x}\n-->",
        "```tex\n\\newcommand{\\sm}{x}\n```",
        "---\n# \\newcommand{\\sm}{x}\ntitle: A\n---",
    ],
)
def test_what_is_in_a_comment_or_in_code_defines_nothing(head: str) -> None:
    found = hovered(f"{head}\n\n$\\sm<cursor>$", Language.QUARTO)

    assert found is not None
    assert found.cards[0].latex == "\\sm"


def test_the_label_of_bookdown_is_no_part_of_the_formula() -> None:
    page = f"\\begin{{equation}}\n{SOFTMAX}<cursor>\n(\\#eq:soft)\n\\end{{equation}}"

    assert named(page, Language.QUARTO) == "soft-max"
    found = hovered(page, Language.QUARTO)
    assert found is not None
    assert "eq:soft" not in found.cards[0].latex


@pytest.mark.parametrize(
    ("page", "drawn"),
    [
        (
            r"\begin{IEEEeqnarray}{rCl} a &=& b \IEEEyesnumber \\ c &=& <cursor>d \end{IEEEeqnarray}",
            r"\begin{eqnarray} a &=& b \\ c &=& d \end{eqnarray}",
        ),
        (r"\begin{empheq}[box=\fbox]{align*} a &= <cursor>b \end{empheq}", r"\begin{align*} a &= b \end{align*}"),
        (r"\begin{empheq}[left=x]{alignat=2} a &= <cursor>b \end{empheq}", r"\begin{align} a &= b \end{align}"),
        (r"\begin{dmath}[label={eq:a}] a = <cursor>b \end{dmath}", "a = b"),
        (r"\begin{dmath*} a = <cursor>b \end{dmath*}", "a = b"),
    ],
)
def test_an_environment_of_a_package_is_drawn_as_one_that_everybody_knows(page: str, drawn: str) -> None:
    found = hovered(page)

    assert found is not None
    assert " ".join(found.cards[0].latex.split()) == drawn
    assert found.cards[0].problems == ()
    assert found.span.of(page.replace("<cursor>", "")) == page.replace("<cursor>", "")


def test_in_an_environment_of_a_package_a_trouble_is_told_at_its_column() -> None:
    page = r"\begin{empheq}[box=\fbox]{align} a &= \foo<cursor> \end{empheq}"
    found = hovered(page)

    assert found is not None
    assert [problem.column for problem in found.cards[0].problems] == [page.index(r"\foo") + 1]


def test_a_relation_at_the_start_of_a_formula_in_a_quote_is_no_mark() -> None:
    found = hovered("> so $> b<cursor>$", Language.MARKDOWN)

    assert found is not None
    assert found.cards[0].latex == "> b"


LATEX_FORMULAS = [
    "$x + y$",
    "$$x + y$$",
    r"\(x + y\)",
    "\\[\n  x + y\n\\]",
    r"\ensuremath{x + y}",
    r"\begin{math}x + y\end{math}",
    r"$x \text{ if $y$ is} z$",
    "\\begin{align}\n  x &= y \\tag{1} \\\\\n  % a remark\n  z &= \\text{words} \\label{eq:soft-max}\n\\end{align}",
    "\\[ x \\begin{pmatrix} a & b \\end{pmatrix} \\]",
    r"\begin{empheq}[box=\fbox]{align} x &= y \end{empheq}",
]
MARKDOWN_FORMULAS = [
    "$x + y$",
    "$$\nx + y\n$$",
    r"\(x + y\)",
    "\\[\nx + y\n\\]",
    "\\begin{align}\nx &= y\n\\end{align}",
    "```math\nx + y\n```",
    "```{math}\n:label: here\nx + y\n```",
    "$`x + y`$",
    "{math}`x + y`",
]


def everywhere(text: str, formula: str, kind: Language = Language.LATEX) -> list[str | None]:
    """The texts that hovers from each character of a formula are about."""
    start = text.index(formula)
    found = (hover(text, start + at, kind, SMALL) for at in range(len(formula)))
    return list(dict.fromkeys(one.span.of(text) if one else None for one in found))


@pytest.mark.parametrize("formula", LATEX_FORMULAS)
@pytest.mark.parametrize("page", ["%s", "so %s it", "\\begin{itemize}\n  \\item %s\n\\end{itemize}\n"])
def test_every_character_of_a_formula_is_about_all_of_it(formula: str, page: str) -> None:
    assert everywhere(page % formula, formula) == [formula]


@pytest.mark.parametrize("formula", MARKDOWN_FORMULAS)
@pytest.mark.parametrize("page", ["%s", "Before.\n\n%s\n\nAfter."])
def test_every_character_of_a_formula_in_markdown_is_about_all_of_it(formula: str, page: str) -> None:
    assert everywhere(page % formula, formula, Language.MARKDOWN) == [formula]


@pytest.mark.parametrize("formula", ["$$\n> x\n> $$", "```math\n> x\n> ```"])
def test_in_a_quote_too(formula: str) -> None:
    assert everywhere(f"> {formula}\n\nAfter.", formula, Language.MARKDOWN) == [formula]


@pytest.mark.parametrize("name", sorted(DISPLAY | INNER | {"align*", "gather*", "pmatrix*"}))
def test_every_character_of_an_environment_is_about_all_of_it(name: str) -> None:
    arguments = {"a": "{2}", "oa": "{ll}"}.get(environment_takes(name), "{align}" if name == "empheq" else "")
    formula = f"\\begin{{{name}}}{arguments} x & y \\end{{{name}}}"

    assert everywhere(f"so\n{formula}\nit", formula) == [formula]


def test_an_environment_of_the_author_s_own_is_a_formula_from_end_to_end() -> None:
    formula = "\\begin{eqn}{eq:a} x \\end{eqn}"
    head = "\\newenvironment{eqn}[1]{\\begin{equation}\\label{#1}}{\\end{equation}}\n\n"

    assert everywhere(head + formula, formula) == [formula]
    assert everywhere("\\def\\be{\\begin{equation}}\\def\\ee{\\end{equation}}\n\\be x \\ee", "\\be x \\ee") == [
        "\\be x \\ee"
    ]


@pytest.mark.parametrize(
    ("page", "formula"),
    [("so $x + y", "$x + y"), ("so \\[ x + y", "\\[ x + y"), ("\\begin{align} x", "\\begin{align} x")],
)
def test_a_formula_that_is_being_typed_is_one(page: str, formula: str) -> None:
    assert everywhere(page, formula) == [formula]
    assert about(page + "<cursor>") == formula


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_character_of_every_formula_in_the_corpus(path: Path) -> None:
    text, kind = path.read_text("utf-8"), language(path)
    found = regions(text, kind)
    for region in found.outermost(Span(0, len(text))):
        for at in range(region.span.start, region.span.end) if region.body.of(text).strip() else ():
            told = hover(text, at, kind, SMALL)
            assert told is not None, region.span.of(text)
            assert told.span == region.span or reference_at(found, at, kind), region.span.of(text)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ("$$\nx\n$$ {#eq-<cursor>a}", Language.QUARTO),
        ("$$ x $$ (la<cursor>bel)", Language.MARKDOWN),
        ("(lab<cursor>el)=\n$$\nx\n$$", Language.MARKDOWN),
    ],
)
def test_the_label_of_a_display_belongs_to_it(page: str, kind: Language) -> None:
    assert about(page, kind) == page.replace("<cursor>", "")


@pytest.mark.parametrize(
    ("written", "pointed"),
    [
        (r"\operatorname{softmax}(z)_{i} = \frac{\exp <cursor>z_{i}}{\sum_{j} \exp z_{j}}", "z_{i}"),
        (r"\operatorname{softmax}(a)_{k} = \frac{\exp <cursor>a_{k}}{\sum_{j} \exp a_{j}}", "a_{k}"),
        (r"\operatorname{softmax}(a)_{k} = \frac{\exp a_{<cursor>k}}{\sum_{j} \exp a_{j}}", "a_{k}"),
        (r"\operatorname{softmax}(a)_k = \frac{\exp a_k}{\sum_j \exp <cursor>a_j}", "a_{k}"),
        (r"\operatorname{softmax}(a)_k = \frac{\exp a_k}{\sum_<cursor>j \exp a_j}", "j"),
        (r"\operatorname{softmax}(\vz)_k = \frac{\exp \v<cursor>z_k}{\sum_j \exp \vz_j}", r"\mathbf{z}_{k}"),
        (r"\operatorname{softmax}(\of z)_k = \frac{\exp \<cursor>of z_k}{\sum_j \exp \of z_j}", r"\mathbf{z}_{k}"),
        (r"\operatorname{softmax}(z)_{i} = -\frac{\exp <cursor>z_{i}}{\sum_{j} \exp z_{j}}", "z_{i}"),
        (r"\operatorname{softmax}(z)_{i} = \frac{<cursor>\exp z_{i}}{\sum_{j} \exp z_{j}}", None),
        (r"\operatorname{softma<cursor>x}(z)_{i} = \frac{\exp z_{i}}{\sum_{j} \exp z_{j}}", None),
        (r"<cursor>x_{i} + y", None),
    ],
)
@pytest.mark.parametrize("around", ["$%s$", "\\begin{equation}\\label{eq:a}\n%s\n\\end{equation}"])
def test_the_symbol_under_the_cursor_is_pointed_at_in_the_author_s_letters(
    written: str, pointed: str | None, around: str
) -> None:
    found = hovered("\\newcommand{\\vz}{\\mathbf{z}}\\newcommand{\\of}[1]{\\mathbf{#1}}\n" + around % written)

    assert found is not None
    card = found.cards[0]
    assert (card.pointed.latex if card.pointed else None) == pointed
    assert card.pointed is None or card.pointed in card.symbols


def test_the_symbol_is_found_behind_the_marks_of_a_quote() -> None:
    page = (
        "> $$\n> " + SOFTMAX.replace(" = ", "\n> = ").replace(r"\sum_{j} \exp z", r"\sum_{j} \exp <cursor>z") + "\n> $$"
    )
    found = hovered(page, Language.MARKDOWN)

    assert found is not None
    assert found.cards[0].pointed is not None
    assert found.cards[0].pointed.latex == "z_{i}"


@pytest.mark.parametrize("formula", [r"\mathbf \} x", r"\bm\}", r"\mathcal\}=1", r"\text\}"])
def test_a_face_before_a_brace_that_is_shown(formula: str) -> None:
    assert about(f"so $<cursor>{formula}$ it") == f"${formula}$"
