"""Reading a formula, and saying in plain words what is wrong with it."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from mleq_lsp.render.problems import FormulaProblem
from mleq_lsp.render.tree import LONGEST, parse


def problems(latex: str) -> list[tuple[int, str]]:
    return [(problem.column, problem.message) for problem in parse(latex).problems]


def symbols(latex: str) -> list[str]:
    """The names and signs of a formula that is a plain row."""
    children = parse(latex).tree["children"]
    return [child.get("name") or child.get("symbol") or child.get("value") for child in children]


def test_a_good_formula_has_a_tree_and_speech_and_no_problem() -> None:
    parsed = parse(r"\sum_{t=1}^{T} \frac{a_t}{b}")
    assert parsed.problems == ()
    assert parsed.tree["children"][1]["type"] == "fraction"
    assert parsed.speech == "sum from t equals 1 to T of a sub t over b"


@pytest.mark.parametrize(
    ("latex", "column", "message"),
    [
        (r"\frac{a}{b", 9, "`{` is never closed"),
        (r"a } b", 3, "`}` closes nothing"),
        (r"x + \foo{a}", 5, r"unknown command `\foo`"),
        (r"\left( a", 1, r"`\left` without `\right`"),
        (r"a \right)", 9, r"`\right` without `\left`"),
        (r"a \middle| b", 10, r"`\middle` outside `\left` and `\right`"),
        (r"\begin{aligned} a", 1, r"`\begin{aligned}` without `\end{aligned}`"),
        (r"\end{aligned} a", 13, r"`\end{aligned}` without `\begin{aligned}`"),
        (r"\begin{aligned} a \end{cases}", 1, r"`\begin{aligned}` is closed by `\end{cases}`"),
        (r"\begin{foo} a \end{foo}", 1, "unknown environment `foo`"),
        (r"\frac{a}", 9, "an argument is missing"),
        (r"x^a^b", 4, "two superscripts on one symbol: write `x^{a^b}`"),
        (r"x_a_b", 4, "two subscripts on one symbol: write `x_{a_b}`"),
        (r"x # y", 3, "`#` outside a macro definition"),
        (r"\left x b \right)", 7, "`x` is not a delimiter"),
        (r"a \not", 3, r"`\not` without a symbol after it"),
        (r"\def\x{\x\x}\x", 13, "a macro calls itself"),
    ],
)
def test_a_slip_is_named_with_its_place(latex: str, column: int, message: str) -> None:
    assert problems(latex) == [(column, message)]


@pytest.mark.parametrize(
    ("latex", "column", "message", "read"),
    [
        (r"a + \not", 5, r"`\not` without a symbol after it", "a+"),
        (r"a + \def b", 5, "a definition without a name", "a+b"),
        (r"a + \let b", 5, "a definition without a name", "a+b"),
        (r"a + \verb|b", 5, r"`\verb` is never closed", "a+|b"),
        (r"a + \ce{\not}", 9, r"`\not` without a symbol after it", "a+"),
    ],
)
def test_a_command_that_cannot_be_read_costs_itself(latex: str, column: int, message: str, read: str) -> None:
    assert problems(latex) == [(column, message)]
    assert "".join(str(symbol) for symbol in symbols(latex) if symbol) == read


@pytest.mark.parametrize("name", ["foo", "inlier", "pdata", "nobody", "rloss", "tnorm", "alphabet"])
def test_an_unknown_command_is_shown_by_its_name(name: str) -> None:
    shown = parse(rf"a \{name} b").tree["children"][1]

    assert shown["base"] == {"type": "text", "parts": [{"type": "text", "value": rf"\{name}"}]}
    assert problems(rf"a \{name} b") == [(3, rf"unknown command `\{name}`")]
    assert problems(rf"\mathbf{{\{name}}}")[0][1] == rf"unknown command `\{name}`"


def test_an_unknown_command_inside_another_one_has_its_place() -> None:
    assert problems(r"a + \mathbf{\foo}") == [(13, r"unknown command `\foo`")]


def test_columns_count_code_points() -> None:
    assert problems("𝔼 a } b") == [(5, "`}` closes nothing")]


def test_columns_stay_right_after_a_comment_and_inside_an_equation_environment() -> None:
    assert problems("a % } {\n}") == [(9, "`}` closes nothing")]
    assert problems(r"\begin{equation} a } \end{equation}") == [(20, "`}` closes nothing")]


def test_what_only_the_renderer_cares_about_is_no_problem() -> None:
    assert problems(r"\text{中文} + é") == []
    assert problems("a\x00b") == []


def test_a_new_line_before_a_letter_is_no_command() -> None:
    assert problems(r"q(x) \\q(y)") == []
    assert parse(r"q(x) \\q(y)").tree["type"] == "table"


def test_a_comment_is_not_drawn_but_a_percent_sign_is() -> None:
    assert symbols("a % not this\n b") == ["a", "b"]
    assert symbols(r"5\%") == ["5", "%"]


def test_digits_keep_their_alphabet() -> None:
    assert symbols(r"\mathbb{1}\mathbf{0}") == ["𝟙", "𝟎"]
    assert parse(r"\mathbb{1}").speech == "1"


@pytest.mark.parametrize("latex", [r"\mathbf 0", r"\mathbf0", r"\bm 0", r"\boldsymbol{0}"])
def test_a_digit_without_braces_keeps_its_alphabet_too(latex: str) -> None:
    assert symbols(latex) == ["𝟎"]


def test_an_operator_with_limits_by_its_older_name() -> None:
    latex = r"\operatornamewithlimits{argmin}_x f }"
    base = parse(latex).tree["children"][0]["base"]
    assert (base["name"], base["limits"]) == ("argmin", True)
    assert problems(latex) == [(len(latex), "`}` closes nothing")]


def test_an_unknown_command_is_one_problem_though_it_begins_like_a_known_one() -> None:
    assert problems(r"h = \bigparallel_k x") == [(5, r"unknown command `\bigparallel`")]


def test_an_operator_may_be_more_than_a_word() -> None:
    tree = parse(r"\operatorname*{\mathbb{E}}_{x} f").tree
    base = tree["children"][0]["base"]
    assert (base["class"], base["base"]["name"], base["base"]["variant"]) == ("op", "E", "double-struck")


def test_a_position_option_is_no_part_of_the_formula() -> None:
    assert parse(r"\begin{aligned}[t] a \end{aligned}").tree == parse(r"\begin{aligned} a \end{aligned}").tree


@pytest.mark.parametrize("latex", ["{" * 10_000, r"\frac{" * 1_000, r"\left(" * 500, r"\begin{matrix}" * 500])
def test_very_deep_input_is_refused_in_words_and_kept_as_text(latex: str) -> None:
    parsed = parse(latex)
    assert [problem.message for problem in parsed.problems] == ["more than 24 levels inside each other"]
    assert parsed.tree == {"type": "text", "parts": [{"type": "text", "value": latex}]}


def test_very_deep_input_without_braces_is_refused_too() -> None:
    assert [problem.message for problem in parse(r"\sqrt" * 500).problems] == ["too many levels inside each other"]


def test_very_long_input_is_refused_in_words() -> None:
    assert parse("x+" * 20_000).problems == (FormulaProblem(20_001, "the formula is longer than 20,000 characters"),)
    assert parse("x" * LONGEST).problems == ()


@pytest.mark.parametrize("latex", ["", " ", "\x00", "\ud800", "a\udfffb", "\\", "\\verb", "&", "^", "_", "'", "$", "%"])
def test_odd_input_is_read_without_an_exception(latex: str) -> None:
    assert parse(latex).tree["type"]


@settings(deadline=None, max_examples=200)
@given(st.text(st.sampled_from("\\{}[]()^_&%$#'~ \n\0abfnrtx12𝔼é\ud800"), max_size=60))
@example(r"\ce{(}")
def test_no_input_raises_and_every_problem_has_a_place(latex: str) -> None:
    for problem in parse(latex).problems:
        assert 1 <= problem.column <= len(latex) + 1
        assert problem.message
