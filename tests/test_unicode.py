"""Formulas as two-dimensional text: LaTeX in, the drawn lines out."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from mleq_lsp.render.unicode import draw
from tests.drawings import drawn, picture


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
    latex = r"x_{1:T} + p_\theta^2 + y_{\text{data}}^{(i)} + x_{t_i} + A^\Theta"
    assert drawn(latex) == picture("""
                2    (i)           Θ
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
        ⌠1          ⌠∞    ⌠⌠
        ⎮ f(x) dx + ⎮ g + ⎮⎮ h
        ⌡0          ⌡−∞   ⌡⌡
                          D
    """)


def test_lines_under_a_sum_are_stacked() -> None:
    latex = r"\sum_{\substack{i=1 \\ j \neq i}}^n x_{ij}"
    assert drawn(latex) == picture("""
         n
         ∑ xᵢⱼ
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


def test_a_minus_before_a_fraction_does_not_lengthen_its_rule() -> None:
    latex = r"-\frac12 x + \left(-\frac{a}{2N}\right) - \frac{c}{d}"
    assert drawn(latex) == picture("""
          1     ⎛  a ⎞   c
        − ─ x + ⎜− ──⎟ − ─
          2     ⎝  2N⎠   d
    """)


def test_the_power_of_a_factor_is_not_read_with_the_fraction_after_it() -> None:
    latex = r"\left(\frac{a}{b}\right)^{-1} \frac1n + x_\theta \frac{1}{c}"
    assert drawn(latex) == picture("""
        ⎛a⎞−1  1       1
        ⎜─⎟    ─ + x   ─
        ⎝b⎠    n    θ  c
    """)


def test_a_prime_stands_at_its_letter_whatever_is_below() -> None:
    latex = r"z'_\xi + {v'_{w_O}}^\top u + f''_\theta(x) + s'_t + p'^2_\theta"
    assert drawn(latex) == picture("""
                ⊤                   ′2
        z′ + v′  u + f″(x) + sₜ′ + p
         ξ    w       θ             θ
               O
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
               ⎛ QKᵀ ⎞
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
    assert drawn(r"\foo{a} + b") == r"\foo a + b"


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


@pytest.mark.parametrize("latex", [r"a\hspace{1e9em}b", r"\rule{100000000em}{1em}", r"a\kern 99999em b"])
def test_a_length_beyond_the_line_is_not_drawn_out(latex: str) -> None:
    assert max(map(len, drawn(latex).split("\n"))) <= 88


def test_an_operand_moves_in_over_the_limits_of_its_sign() -> None:
    latex = r"V(s) = \max_{a \in A(s)} \sum_{s',r} p(r) + \sum_{i=1}^n p_\theta(x) + \prod_{t=1}^T \frac{a}{b}"
    assert drawn(latex) == picture("""
                                 n           T  a
        V(s) =  max    ∑ p(r) +  ∑  p (x) +  ∏  ─
               a∈A(s) s′,r      i=1  θ      t=1 b
    """)


def test_integrals_take_three_lines_where_there_is_room() -> None:
    latex = r"\iint_D f + \oint_{\partial D} \omega + \int\limits_a^b g + \textstyle\int_0^1 h + \frac{\int_0^1 f}{2}"
    assert drawn(latex) == picture("""
                     b
        ⌠⌠     ⌠     ⌠             ∫₀¹ f
        ⎮⎮ f + ∮ ω + ⎮ g + ∫₀¹ h + ─────
        ⌡⌡D    ⌡∂D   ⌡               2
                     a
    """)


def test_continued_fractions_and_roots() -> None:
    latex = r"\cfrac{1}{a_1 + \cfrac{1}{a_2 + \cfrac{1}{a_3}}} + \sqrt{1 + \sqrt{1 + \sqrt{x}}} + \sqrt[3]{\frac{1}{b}}"
    assert drawn(latex) == picture("""
                            ┌────────────
                            │     ┌──────    ┌─
               1            │     │     _    │1
        ──────────────── + ╲│1 + ╲│1 + √x + ³│─
                  1                         ╲│b
         a₁ + ─────────
                    1
               a₂ + ──
                    a₃
    """)


def test_labels_wider_than_their_base() -> None:
    latex = r"\overbrace{x}^{\text{a long label}} + \underbracket{a + b}_{c} + A \xleftrightarrow[below]{above} B"
    assert drawn(latex) == picture("""
        a long label
            ╭┴╮                   above
             x       + a + b + A ←─────→ B
                       └─┬─┘      below
                         c
    """)


def test_scripts_on_both_sides_of_a_sign() -> None:
    latex = r"\sideset{_a^b}{_c^d}\sum_x^y f + \operatorname*{ess\,sup}_{x} g + \mathop{\mathbb{E}}_{x \sim p} h"
    assert drawn(latex) == picture("""
           y d
        ₐᵇ ∑  f + esssup g +  𝔼 h
           x c      x        x∼p
    """)


def test_wide_characters_take_two_cells() -> None:
    latex = r"\frac{\text{漢字}}{2} + x^{\text{日本}} + \text{😀}_i"
    assert drawn(latex) == picture("""
        漢字    日本
        ──── + x     + 😀ᵢ
         2
    """)


def test_what_is_not_shown_keeps_its_place() -> None:
    latex = r"a + \phantom{bcd} + \smash{\frac{a}{b}} + \cancel{xy} \not= z \not\in S"
    assert drawn(latex) == picture("""
                  a
        a +     + ─ + x̸y̸ ≠ z ∉ S
                  b
    """)
