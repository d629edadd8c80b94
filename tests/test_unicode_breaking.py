"""Formulas that are wider than their room: where their lines are broken."""

from __future__ import annotations

import time

import pytest

from mleq_lsp.render.boxes import cells
from tests.drawings import drawn, picture


def test_a_long_formula_is_broken_before_relations_and_signs() -> None:
    latex = r"y = a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 = b"
    assert drawn(latex, 30) == picture("""
        y = a₁ + a₂ + a₃ + a₄ + a₅
            + a₆ + a₇ + a₈ + a₉ = b
    """)


def test_a_long_formula_with_tall_parts_is_broken_with_an_empty_line() -> None:
    latex = r"L = \sum_{i=1}^n x_i + \sum_{j=1}^n y_j + \sum_{k=1}^n z_k"
    assert drawn(latex, 24) == picture("""
             n       n
        L =  ∑ xᵢ +  ∑ yⱼ
            i=1     j=1

               n
            +  ∑ zₖ
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
        L = ⎛a₁ + a₂ + a₃ + a₄⎞
            ⎜                 ⎟
            ⎜              b  ⎟
            ⎜  + a₅ + a₆ + ─  ⎟
            ⎝              c  ⎠
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
        f = ⎨       condition holds
            ⎪
            ⎩ b   otherwise
    """)


VLB = (
    r"L_{\mathrm{VLB}} = \mathbb{E}_q\Big[\underbrace{D(q \,\|\, p_\theta)}_{L_T}"
    r" + \sum_{t=2}^{T} \underbrace{D(q(x_t) \,\|\, p(x_t))}_{L_{t-1}} \underbrace{-\log p_\theta(x_0)}_{L_0}\Big]"
)


def test_a_short_left_hand_side_does_not_stand_alone() -> None:
    assert drawn(VLB, 48) == picture("""
        L    = 𝔼  ⎡D(q ‖ p )                           ⎤
         VLB    q ⎢       θ                            ⎥
                  ⎢╰───┬───╯                           ⎥
                  ⎢   L                                ⎥
                  ⎢    T                               ⎥
                  ⎢                                    ⎥
                  ⎢     T                              ⎥
                  ⎢  +  ∑  D(q(xₜ) ‖ p(xₜ)) −log p (x₀)⎥
                  ⎢    t=2 ╰──────┬───────╯       θ    ⎥
                  ⎢              Lₜ₋₁       ╰────┬────╯⎥
                  ⎣                             L₀     ⎦
    """)


def test_delimiters_without_room_are_opened_on_one_line_and_closed_on_another() -> None:
    assert drawn(VLB, 24) == picture("""
        L    = 𝔼  ⎡D(q ‖ p )
         VLB    q ⎢       θ
                  ⎢╰───┬───╯
                  ⎢   L
                  ⎣    T

                 T
              +  ∑  D(q(xₜ)
                t=2     ‖ p(xₜ))
                    ╰────┬─────╯
                        Lₜ₋₁

              −log p (x₀)⎤
                    θ    ⎥
              ╰────┬────╯⎥
                  L₀     ⎦
    """)


def test_lines_are_broken_outside_of_parentheses_first() -> None:
    latex = r"y = f(a + b, c + d) + g(e + f, h + k) + m"
    assert drawn(latex, 34) == picture("""
        y = f(a + b, c + d)
            + g(e + f, h + k) + m
    """)


def test_a_bar_is_no_relation_to_the_left_hand_side() -> None:
    latex = r"p(x \mid y) = \frac{p(y \mid x)p(x)}{p(y)} = \frac{a + b + c}{d}"
    assert drawn(latex, 30) == picture("""
                   p(y | x)p(x)
        p(x | y) = ────────────
                       p(y)

                   a + b + c
                 = ─────────
                       d
    """)


def test_formulas_in_a_distance_have_their_own_relations() -> None:
    latex = r"a = b + c, \qquad d + e + f = g + h, \qquad k = l"
    assert drawn(latex, 24) == picture("""
        a = b + c,
          d + e + f = g + h,
          k = l
    """)


ALIGNED = (
    r"\begin{aligned} \log p(x, y, z) &= \log a + \log b + \log c \\ &\ge \log d + \log e + \log f + \log g"
    r" \end{aligned}"
)


def test_aligned_rows_keep_their_columns_while_there_is_room() -> None:
    assert drawn(ALIGNED, 42) == picture("""
        log p(x, y, z) = log a + log b + log c
                       ≥ log d + log e + log f
                         + log g
    """)


def test_right_hand_sides_stand_under_a_wide_left_hand_side() -> None:
    assert drawn(ALIGNED, 26) == picture("""
        log p(x, y, z)
          = log a + log b + log c
          ≥ log d + log e + log f
            + log g
    """)


def test_cases_without_room_have_their_conditions_on_lines_of_their_own() -> None:
    latex = r"f = \begin{cases} \alpha(e^x - 1) & \text{if } x < 0 \\ x & \text{otherwise} \end{cases}"
    assert drawn(latex, 20) == picture("""
            ⎧ α(eˣ − 1)
        f = ⎨   if x < 0
            ⎪
            ⎩ x  otherwise
    """)


def test_a_matrix_without_room_is_written_out() -> None:
    latex = r"H = \begin{bmatrix} \frac{a + b}{x + y} & \frac{a + c}{x} & \cdots \\ d & e & \frac{f}{g} \end{bmatrix}"
    assert drawn(latex, 20) == picture("""
        H = [(a + b)/(x +
            y), (a + c)/x,
            ⋯; d, e, f/g]
    """)


def test_a_word_without_room_is_broken_anywhere() -> None:
    assert drawn(r"\text{antidisestablishmentarianism}", 20) == picture("""
        antidisestablishment
        arianism
    """)


def test_what_stands_in_parentheses_holds_together_longer_than_factors_do() -> None:
    latex = r"L(x, y) = \mathbb{E}_q[\log p(x, z) - \log q(z \mid x)]"
    assert drawn(latex, 36) == picture("""
        L(x, y)
          = 𝔼 [log p(x, z) − log q(z | x)]
             q
    """)


def test_subject_to_stands_before_its_condition_and_not_at_the_end_of_a_line() -> None:
    latex = r"\min_w \|w\|^2 + C b \quad\text{s.t.}\quad y(w^\top x + b) \ge 1"
    assert drawn(latex, 28) == picture("""
        min‖w‖² + Cb
         w

          s.t.  y(wᵀx + b) ≥ 1
    """)


def test_angle_brackets_that_are_opened_take_no_more_room_than_there_is() -> None:
    latex = (
        r"\left\langle \text{abcdefghij klmno}_{\begin{matrix} a \\ b \\ c \end{matrix}}, "
        r"\frac{b}{a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + \frac{b}{c} + a_9 + \frac{d}{e}} \right\rangle"
    )
    for width in range(20, 30):
        assert max(map(cells, drawn(latex, width).split("\n"))) <= width


def test_parentheses_far_inside_each_other_are_drawn_in_no_time() -> None:
    start = time.perf_counter()
    shown = drawn("(" * 200 + r"\frac{a}{b}" + ")" * 200)
    assert shown.count("─") == 1
    assert time.perf_counter() - start < 10


@pytest.mark.parametrize("latex", ["1" * 100, r"\operatorname{" + "ab" * 30 + "}"])
def test_what_stands_alone_is_broken_too(latex: str) -> None:
    assert max(map(len, drawn(latex, 40).split("\n"))) <= 40
