"""Formulas as two-dimensional text: LaTeX in, the drawn lines out."""

from __future__ import annotations

import re
from collections import Counter
from textwrap import dedent
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mleq_lsp.render.boxes import cells
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw, draw_line


def drawn(latex: str, width: int = 88) -> str:
    return draw(parse(latex).tree, width)


def on_one_line(latex: str) -> str | None:
    return draw_line(parse(latex).tree)


def picture(text: str) -> str:
    return dedent(text).strip("\n")


def test_a_sum_has_its_limits_above_and_below() -> None:
    latex = r"\sum_{t=1}^{T} \frac{a_t}{b}"
    assert drawn(latex) == picture("""
         T  aₜ
         ∑  ──
        t=1 b
    """)


def test_an_inner_rule_is_shorter_than_the_outer_one() -> None:
    latex = r"\frac{\frac{a}{b}}{1 + \frac{c}{d + e}}"
    assert drawn(latex) == picture("""
             a
             ─
             b
        ───────────
               c
         1 + ─────
             d + e
    """)


def test_a_binomial_has_no_rule() -> None:
    latex = r"\binom{n}{k} = \frac{n!}{k!(n-k)!}"
    assert drawn(latex) == picture("""
        ⎛n⎞       n!
        ⎜ ⎟ = ──────────
        ⎝k⎠   k!(n − k)!
    """)


def test_a_bar_covers_what_is_under_the_root() -> None:
    latex = r"\sqrt{1 - \beta_t} x + \sqrt{\frac{a}{b}} + \sqrt{2}"
    assert drawn(latex) == picture("""
                     ┌─
         ______      │a    _
        √1 − βₜ x +  │─ + √2
                    ╲│b
    """)


def test_scripts_are_small_characters_where_all_of_them_exist() -> None:
    latex = r"x_{t-1}^2 + p_2 + \beta_1^t + W^{(l+1)} + f'_a + g''"
    assert drawn(latex) == picture("""
        xₜ₋₁² + p₂ + β₁ᵗ + W⁽ˡ⁺¹⁾ + fₐ′ + g″
    """)


def test_scripts_are_boxes_where_one_character_is_missing() -> None:
    latex = r"x_{1:T} + p_\theta^2 + y_{\text{data}}^{(i)} + x_{t_i} + A^\top"
    assert drawn(latex) == picture("""
                2    (i)           ⊤
        x    + p  + y     + x   + A
         1:T    θ    data    tᵢ
    """)


def test_an_index_stands_on_the_left_of_its_root() -> None:
    latex = r"\sqrt[3]{x} + \sqrt[k+q]{x} + \sqrt[n]{\frac{a}{b}}"
    assert drawn(latex) == picture("""
                       ┌─
          _   k+q _    │a
        ³√x +    √x + ⁿ│─
                      ╲│b
    """)


def test_a_fraction_in_an_exponent_is_written_with_a_slash() -> None:
    latex = r"e^{-\frac{(x-\mu)^2}{2\sigma^2}} + x^{\frac{1}{2}} + y^{\frac{a}{b}c}"
    assert drawn(latex) == picture("""
         −(x−μ)²/(2σ²)    1/2    (a/b)c
        e              + x    + y
    """)


def test_limits_of_a_function_stand_below_it() -> None:
    latex = r"\min_G \max_D V(D, G) = \sup_{x \in X} f(x) + \operatorname*{arg\,min}_\theta L"
    assert drawn(latex) == picture("""
        min max V(D, G) = sup f(x) + argmin L
         G   D            x∈X          θ
    """)


def test_limits_stand_beside_the_sign_inside_a_fraction() -> None:
    latex = r"\frac{\sum_{i=1}^n x_i}{n} + \textstyle\sum_{i=1}^n x_i"
    assert drawn(latex) == picture("""
        ∑ᵢ₌₁ⁿ xᵢ
        ──────── + ∑ᵢ₌₁ⁿ xᵢ
           n
    """)


def test_an_integral_has_its_limits_beside_it() -> None:
    latex = r"\int_0^1 f(x)\,dx + \int_{-\infty}^{\infty} g + \iint\limits_D h"
    assert drawn(latex) == picture("""
                       ∞
        ∫₀¹ f(x) dx + ∫   g + ∬ h
                       −∞     D
    """)


def test_lines_under_a_sum_are_stacked() -> None:
    latex = r"\sum_{\substack{i=1 \\ j \neq i}}^n x_{ij}"
    assert drawn(latex) == picture("""
         n
         ∑  xᵢⱼ
        i=1
        j≠i
    """)


def test_accents() -> None:
    latex = (
        r"\hat{x} + \bar{\alpha} + \tilde{\mathbf{x}} + \vec{v} + \overline{ab} + \underline{cd} + "
        r"\widehat{xyz} + \overrightarrow{AB}"
    )
    assert drawn(latex) == picture("""
                        __         ^    ─→
        x̂ + ᾱ + 𝐱̃ + v⃗ + ab + cd + xyz + AB
                             ‾‾
    """)


def test_braces_reach_over_the_whole_width() -> None:
    latex = r"\underbrace{D(q \| p)}_{L_T} + \overbrace{a + b}^{n \text{ times}} + \underbrace{x}_{k}"
    assert drawn(latex) == picture("""
                 n times
                  ╭─┴─╮
        D(q‖p) +  a + b  +  x
        ╰─┬──╯             ╰┬╯
          L                 k
           T
    """)


def test_relations_with_something_on_them() -> None:
    latex = r"A \overset{\text{def}}{=} B \xrightarrow[n \to \infty]{d} C \underset{x}{\sim} D"
    assert drawn(latex) == picture("""
          def     d
        A  =  B ────→ C ∼ D
                 n→∞    x
    """)


def test_delimiters_grow() -> None:
    latex = (
        r"\left( \frac{a}{b} \middle| c \right] \left\{ \frac{a}{b} \right\} \left\| \frac{a}{b} "
        r"\right\| \left\langle \frac{a}{b} \right\rangle \left\lfloor \frac{a}{b} \right\rfloor "
        r"\left\lceil \frac{a}{b} \right\rceil"
    )
    assert drawn(latex) == picture("""
        ⎛a │  ⎤ ⎧a⎫ ‖a‖ ╱a╲ ⎢a⎥ ⎡a⎤
        ⎜─ │ c⎥ ⎨─⎬ ‖─‖⟨ ─ ⟩⎢─⎥ ⎢─⎥
        ⎝b │  ⎦ ⎩b⎭ ‖b‖ ╲b╱ ⎣b⎦ ⎢b⎥
    """)


def test_delimiters_of_a_fixed_size_grow_too() -> None:
    latex = r"\Big[ \log \frac{p}{q} \,\Big|\, x \Big]^2 + \bigl( x \bigr) + \frac{a}{b}\Big|_{x=0}"
    assert drawn(latex) == picture("""
        ⎡    p │  ⎤2         a │
        ⎢log ─ │ x⎥  + (x) + ─ │
        ⎣    q │  ⎦          b │x=0
    """)


def test_a_superscript_stands_at_the_top_of_a_tall_delimiter() -> None:
    latex = r"\left( \frac{a}{b} \right)^{-1} = \left( x \right)^{-1}"
    assert drawn(latex) == picture("""
        ⎛a⎞−1
        ⎜─⎟   = (x)⁻¹
        ⎝b⎠
    """)


def test_matrices() -> None:
    latex = (
        r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}, B = \begin{bmatrix} b_{11} & \cdots & "
        r"b_{1n} \\ \vdots & \ddots & \vdots \\ b_{m1} & \cdots & b_{mn} \end{bmatrix}"
    )
    assert drawn(latex) == picture("""
                        ⎡b₁₁  ⋯  b₁ₙ⎤
        A = ⎛a  b⎞, B = ⎢ ⋮   ⋱   ⋮ ⎥
            ⎝c  d⎠      ⎣bₘ₁  ⋯  bₘₙ⎦
    """)


def test_a_tall_cell_keeps_its_distance() -> None:
    latex = r"\begin{vmatrix} \frac{a}{b} & 1 \\ 2 & c \end{vmatrix}"
    assert drawn(latex) == picture("""
        │a   │
        │─  1│
        │b   │
        │    │
        │2  c│
    """)


def test_cases() -> None:
    latex = r"f(x) = \begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}"
    assert drawn(latex) == picture("""
               ⎧ 1   if x > 0
        f(x) = ⎨
               ⎩ 0   otherwise
    """)


def test_aligned_rows_are_aligned_at_the_ampersand() -> None:
    latex = r"\begin{aligned} a &= b & c &= d \\ e + f &= -g & h &\le i \end{aligned}"
    assert drawn(latex) == picture("""
            a = b    c = d
        e + f = −g   h ≤ i
    """)


def test_rows_without_an_ampersand_begin_on_the_left() -> None:
    latex = r"a = b \\ = c \\ d = e"
    assert drawn(latex) == picture("""
        a = b
            = c
        d = e
    """)


def test_an_array_with_rules() -> None:
    latex = r"\begin{array}{|l|cr|} \hline a & b & c \\ \hline d & ee & f \\ \hline \end{array}"
    assert drawn(latex) == picture("""
        ┌───┬───────┐
        │ a │ b   c │
        ├───┼───────┤
        │ d │ ee  f │
        └───┴───────┘
    """)


def test_a_tag_stands_at_the_end() -> None:
    latex = r"a = b \tag{1}"
    assert drawn(latex) == picture("""
        a = b    (1)
    """)


def test_a_box_around() -> None:
    latex = r"\boxed{a = \frac{b}{c}}"
    assert drawn(latex) == picture("""
        ┌───────┐
        │     b │
        │ a = ─ │
        │     c │
        └───────┘
    """)


def test_alphabets() -> None:
    latex = (
        r"\mathbb{E} \, \mathbb{R}^n \, \mathcal{N} \, \mathcal{L} \, \mathbf{x} \, \boldsymbol{\mu} "
        r"\, \mathrm{KL} \, \mathbb{1} \, \mathfrak{g}"
    )
    assert drawn(latex) == picture("""
        𝔼 ℝⁿ 𝒩 ℒ 𝐱 𝛍 KL 𝟙 𝔤
    """)


def test_spacing() -> None:
    latex = (
        r"a+b\times -c=-d, p(x\mid y), q(x\vert y), 2\log x, \log(x), \{x\}, x\in\mathbb{R}, "
        r"\text{if }x<y"
    )
    assert drawn(latex) == picture("""
        a + b × −c = −d, p(x | y), q(x|y), 2 log x, log(x), {x}, x ∈ ℝ, if x < y
    """)


def test_text_with_a_formula_in_it() -> None:
    latex = r"\text{where $x_{data}$ is} \quad y"
    assert drawn(latex) == picture("""
        where x     is  y
               data
    """)


def test_attention() -> None:
    latex = r"\operatorname{softmax}\left( \frac{QK^\top}{\sqrt{d_k}} \right) V"
    assert drawn(latex) == picture("""
               ⎛   ⊤ ⎞
               ⎜ QK  ⎟
        softmax⎜─────⎟V
               ⎜  __ ⎟
               ⎝ √dₖ ⎠
    """)


def test_adam() -> None:
    latex = r"\theta_t = \theta_{t-1} - \eta \frac{\hat{m}_t}{\sqrt{\hat{v}_t} + \epsilon}"
    assert drawn(latex) == picture("""
                         m̂ₜ
        θₜ = θₜ₋₁ − η ─────────
                        __
                       √v̂ₜ + ϵ
    """)


def test_gan() -> None:
    latex = (
        r"\min_{G} \max_{D} V(D,G)=\mathbb{E}_{x \sim p_{data}(x)}[\log D(x)]+\mathbb{E}_{z \sim "
        r"p_{z}(z)}[\log(1-D(G(z)))]"
    )
    assert drawn(latex) == picture("""
        min max V(D, G) = 𝔼          [log D(x)] + 𝔼       [log(1 − D(G(z)))]
         G   D             x∼p    (x)              z∼p (z)
                              data                    z
    """)


def test_a_long_formula_is_broken_before_relations_and_signs() -> None:
    latex = r"y = a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 = b"
    assert drawn(latex, 30) == picture("""
        y = a₁ + a₂ + a₃ + a₄ + a₅
            + a₆ + a₇ + a₈ + a₉ = b
    """)


def test_a_long_formula_with_tall_parts_is_broken_with_an_empty_line() -> None:
    latex = r"L = \sum_{i=1}^n x_i + \sum_{j=1}^n y_j + \sum_{k=1}^n z_k"
    assert drawn(latex, 24) == picture("""
             n        n
        L =  ∑  xᵢ +  ∑  yⱼ
            i=1      j=1

               n
            +  ∑  zₖ
              k=1
    """)


def test_an_argument_list_is_broken_after_a_comma() -> None:
    latex = r"f(x_1, x_2, x_3, x_4, x_5, x_6, x_7, x_8)"
    assert drawn(latex, 24) == picture("""
        f(x₁, x₂, x₃, x₄, x₅,
            x₆, x₇, x₈)
    """)


def test_the_inside_of_a_delimiter_is_broken_inside() -> None:
    latex = r"L = \left( a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + \frac{b}{c} \right)"
    assert drawn(latex, 24) == picture("""
        L = ⎛a₁ + a₂ + a₃ ⎞
            ⎜    + a₄ + a₅⎟
            ⎜             ⎟
            ⎜           b ⎟
            ⎜    + a₆ + ─ ⎟
            ⎝           c ⎠
    """)


def test_a_numerator_is_broken_above_its_rule() -> None:
    latex = r"\frac{a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7}{2}"
    assert drawn(latex, 24) == picture("""
         a₁ + a₂ + a₃ + a₄ + a₅
             + a₆ + a₇
        ────────────────────────
                   2
    """)


def test_long_text_is_broken_between_words() -> None:
    latex = r"\text{this is a long piece of text that does not fit}"
    assert drawn(latex, 24) == picture("""
        this is a long piece of
          text that does not fit
    """)


def test_the_widest_column_of_a_table_is_broken() -> None:
    latex = r"f = \begin{cases} a & \text{if this long condition holds} \\ b & \text{otherwise} \end{cases}"
    assert drawn(latex, 30) == picture("""
            ⎧ a   if this long
            ⎪       condition
        f = ⎨       holds
            ⎪
            ⎩ b   otherwise
    """)


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\mathbf{x}_{t-1}", "𝐱ₜ₋₁"),
        (r"q(\mathbf{x}_{1:t} \mid \mathbf{x}_0)", "q(𝐱₁:ₜ | 𝐱₀)"),
        (r"p_{\text{data}}", "p_(data)"),
        (r"p_\theta(x)^2", "p_θ(x)²"),
        (r"x^\top A x", "x^⊤Ax"),
        (r"\frac{a}{b} + \frac{a + b}{2c}", "a/b + (a + b)/(2c)"),
        (r"\frac{1}{2} x", "(1/2) x"),
        (r"\frac{QK^\top}{\sqrt{d_k}}", "QK^⊤/√dₖ"),
        (r"\sqrt{x^2} + \sqrt{x}^2 + \sqrt[3]{a + b}", "√(x²) + (√x)² + ³√(a + b)"),
        (r"\sum_{t=1}^T a_t", "∑ₜ₌₁ᵀ aₜ"),
        (r"\min_\theta L(\theta)", "min_θ L(θ)"),
        (r"\left( \frac{a}{b} \middle| c \right)", "(a/b | c)"),
        (r"\binom{n}{k}", "(n choose k)"),
        (r"\hat{x} + \overline{ab} + \widehat{xy}", "x̂ + a̅b̅ + hat(xy)"),
        (r"\begin{pmatrix} a & b \end{pmatrix}", "(a  b)"),
        (r"", ""),
    ],
)
def test_one_line(latex: str, line: str) -> None:
    found = on_one_line(latex)
    assert found is not None
    assert normalize("NFC", found) == normalize("NFC", line)


@pytest.mark.parametrize(
    "latex",
    [
        r"\begin{cases} a \\ b \end{cases}",
        r"\underbrace{a}_{b}",
        r"A \xrightarrow{d} B",
        r"a \overset{!}{=} b",
        r"\frac{1}{\begin{matrix} a \\ b \end{matrix}}",
    ],
)
def test_what_has_no_reading_on_one_line(latex: str) -> None:
    assert on_one_line(latex) is None


def test_a_formula_that_cannot_be_read_is_drawn_as_its_source() -> None:
    deep = r"\frac{a}{b} " + "{" * 30

    assert drawn(deep) == deep


def test_a_command_that_cannot_be_read_costs_itself() -> None:
    assert drawn(r"\frac{a}{b} \not") == "a\n─\nb"


@pytest.mark.parametrize("line", ["i", "u", "eq", "mid", "abla", "o"])
@pytest.mark.parametrize("white", ["\n", "\t", "\n\t"])
def test_the_letters_after_a_line_break_are_no_command(line: str, white: str) -> None:
    assert drawn(f"a +{white}{line}") == f"a + {line}"


def test_an_unknown_command_is_drawn_by_its_name() -> None:
    assert drawn(r"\foo{a} + b") == r"\fooa + b"


def test_an_unknown_kind_of_node_keeps_its_text() -> None:
    tree = {
        "type": "novelty",
        "color": "red",
        "parts": ["some", {"type": "number", "value": "7"}, {"deep": ["words"]}],
    }
    assert draw(tree) == "some 7 words"


@pytest.mark.parametrize("width", [-1, 0, 1])
def test_without_room_nothing_is_lost(width: int) -> None:
    assert normalize("NFKD", drawn(r"a + \sum_{i} \left( b_i \right)", width)).split() == ["a", "+", "∑", "(bi)", "i"]


def test_nothing_is_drawn_of_nothing() -> None:
    assert drawn("") == ""
    assert draw({"type": "text", "parts": [{"type": "text", "value": "\x00\n"}]}) == ""


NESTINGS = (
    r"\frac{{{}}}{{{}}}",
    r"{{{}}}_{{{}}}",
    r"{{{}}}^{{{}}}",
    r"\sqrt[{}]{{{}}}",
    r"\left( {} \middle| {} \right]",
    r"\sum_{{{}}}^{{{}}}",
    r"\int_{{{}}}^{{{}}}",
    r"\min_{{{}}} {}",
    r"\underbrace{{{}}}_{{{}}}",
    r"\overbrace{{{}}}^{{{}}}",
    r"\overset{{{}}}{{{}}}",
    r"\xrightarrow[{}]{{{}}}",
    r"\binom{{{}}}{{{}}}",
    r"\begin{{pmatrix}} {} & {} \end{{pmatrix}}",
    r"\begin{{cases}} {} \\ {} \end{{cases}}",
    r"\begin{{aligned}} {} &= {} \end{{aligned}}",
    r"\Big[ {} \,\Big|\, {} \Big]",
    r"\overline{{{}}} \hat{{{}}}",
    r"{} + {}",
    r"{} = -{}",
    r"\log {} \text{{ if }} {}",
)
DRESSES = ("{}", r"\mathbf{{{}}}", r"\mathcal{{{}}}", r"\mathrm{{{}}}")


@st.composite
def formulas(choose: st.DrawFn, depth: int = 3) -> str:
    """A formula of constructs inside each other."""
    if depth == 0 or choose(st.booleans()):
        letter = choose(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEXYZ0123456789"))
        dress: str = choose(st.sampled_from(DRESSES[:1] if letter.isdigit() else DRESSES))
        return dress.format(letter)
    inner = formulas(depth=depth - 1)
    nesting: str = choose(st.sampled_from(NESTINGS))
    return nesting.format(choose(inner), choose(inner))


COMMANDS = r"\\[a-zA-Z]+|\{(?:pmatrix|cases|aligned)\}"


def written(latex: str) -> Counter[str]:
    """The letters and digits of the formula, those of its commands left out."""
    words = latex.replace(r"\text{ if }", "").replace(r"\mathbf", "").replace(r"\mathcal", "").replace(r"\mathrm", "")
    return Counter(char for char in re.sub(COMMANDS, "", words) if char.isalnum())


@settings(deadline=None, max_examples=300)
@given(formulas(), st.sampled_from([24, 48, 88]))
def test_every_letter_of_the_formula_is_in_the_picture(latex: str, width: int) -> None:
    shown = Counter(char for char in normalize("NFKD", drawn(latex, width)) if char.isalnum())
    assert not written(latex) - shown


@settings(deadline=None, max_examples=300)
@given(formulas())
def test_every_letter_of_the_formula_is_on_its_one_line(latex: str) -> None:
    found = on_one_line(latex)
    if found is not None:
        assert "\n" not in found
        shown = Counter(char for char in normalize("NFKD", found) if char.isalnum())
        assert not written(latex) - shown


TERMS = st.sampled_from(
    [r"x_i", r"\frac{a}{b}", r"\sqrt{y}", r"\sum_{i=1}^n z_i", r"\log(c)", r"\left( d \right)^2", "p_q"]
)


@settings(deadline=None, max_examples=200)
@given(st.lists(TERMS, min_size=1, max_size=40), st.sampled_from([" + ", " = ", r" \le ", ", "]), st.integers(24, 88))
def test_no_line_is_wider_than_asked_where_a_break_is_possible(terms: list[str], sign: str, width: int) -> None:
    for latex in (
        sign.join(terms),
        f"f = \\left[ {sign.join(terms)} \\right]",
        f"\\begin{{aligned}} f &= {sign.join(terms)} \\end{{aligned}}",
    ):
        assert all(cells(line) <= width for line in drawn(latex, width).split("\n"))


@settings(deadline=None, max_examples=200)
@given(formulas())
def test_no_line_ends_in_a_space(latex: str) -> None:
    assert all(line == line.rstrip(" ") for line in drawn(latex).split("\n"))


@pytest.mark.parametrize("latex", [r"a\hspace{1e9em}b", r"\rule{100000000em}{1em}", r"a\kern 99999em b"])
def test_a_length_beyond_the_line_is_not_drawn_out(latex: str) -> None:
    assert max(map(len, drawn(latex).split("\n"))) <= 88
