"""Delimiters as tall as what they enclose, and tables."""

from __future__ import annotations

from tests.drawings import drawn, picture


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


def test_plain_parentheses_grow_with_what_reaches_above_and_below_the_line() -> None:
    latex = r"\log[\frac{a}{b}\times\frac{c}{d}] + (p_\theta(x)) + |\frac{a}{b}| + \|\sum_{i=1}^n x_i\|_2^2"
    assert drawn(latex) == picture("""
           ⎡a   c⎤             │a│   ‖ n   ‖2
        log⎢─ × ─⎥ + (p (x)) + │─│ + ‖ ∑ xᵢ‖
           ⎣b   d⎦     θ       │b│   ‖i=1  ‖2
    """)


def test_small_parentheses_stay_small_around_scripts() -> None:
    latex = r"\left(\mathbf{K}_\theta^\top + x\right)^{-1} + \exp(\max_{a} Q(s, a)) + f(\sqrt{x})"
    assert drawn(latex) == picture("""
          ⊤                                _
        (𝐊  + x)⁻¹ + exp(max Q(s, a)) + f(√x)
          θ               a
    """)


def test_a_bar_opens_where_nothing_stands_before_it() -> None:
    latex = r"|-x| + \|-y\|^2 + p(x|y) = |\frac{a}{b}|"
    assert drawn(latex) == picture("""
                                │a│
        |−x| + ‖−y‖² + p(x|y) = │─│
                                │b│
    """)


def test_a_bar_between_two_parts_is_as_tall_as_the_parentheses() -> None:
    latex = r"\left( a \middle| \frac{b}{c} \middle\| d \right) + \left.\frac{df}{dx}\right|_{x=0}"
    assert drawn(latex) == picture("""
        ⎛  │ b ‖  ⎞   df│
        ⎜a │ ─ ‖ d⎟ + ──│
        ⎝  │ c ‖  ⎠   dx│x=0
    """)


def test_big_bars_are_a_norm_and_a_big_bar_alone_divides_or_evaluates() -> None:
    latex = (
        r"\mathbb{E}_{t,q}\big\|v_\theta - u\big\|^2 + \big\|{-}w_\theta\big\|"
        r" + \frac{a}{b}\Big|_{x=0} - \frac{c}{d}\Big|_{x=1} + p\big(y\,\big|\,x\big)"
    )
    assert drawn(latex) == picture("""
                                a │      c │
        𝔼   ‖v  − u‖² + ‖−w ‖ + ─ │    − ─ │    + p(y | x)
         t,q  θ            θ    b │x=0   d │x=1
    """)


def test_a_cell_may_span_columns() -> None:
    latex = (
        r"\begin{array}{|l|c|r|} \hline a & b & c \\ \hline \multicolumn{2}{|c|}{abcdefghi} & d \\ "
        r"\hline \end{array}"
    )
    assert drawn(latex) == picture("""
        ┌───┬───────┬───┐
        │ a │   b   │ c │
        ├───┴───────┼───┤
        │ abcdefghi │ d │
        └───────────┴───┘
    """)


def test_tags_stand_below_each_other() -> None:
    latex = r"\begin{align} a &= b + c \tag{1} \\ d &= e \tag{2} \end{align}"
    assert drawn(latex) == picture("""
        a = b + c   (1)
        d = e       (2)
    """)


def test_a_row_that_goes_on_with_an_operator() -> None:
    latex = r"\begin{multline} a + b \\ + c \\ - d \end{multline}"
    assert drawn(latex) == picture("""
        a + b
            + c
            − d
    """)


def test_cases_inside_a_fraction() -> None:
    latex = r"\frac{\begin{cases} a & x > 0 \\ b & y \end{cases}}{c} \begin{pmatrix} 1 \\ 2 \end{pmatrix}^{-1}"
    assert drawn(latex) == picture("""
         ⎧ a   x > 0
         ⎨
         ⎩ b   y         −1
        ───────────── ⎛1⎞
              c       ⎝2⎠
    """)


def test_a_diagram() -> None:
    latex = r"\begin{CD} A @>f>> B \\ @VgVV @VVhV \\ C @>k>> D \end{CD}"
    assert drawn(latex) == picture("""
             f
        A   ──→  B
        g│       │h
         ↓       ↓

             k
        C   ──→  D
    """)


def test_a_delimiter_that_is_not_seen_keeps_its_distance() -> None:
    latex = r"x \left.\frac{a}{b}\right|_0^1 = \left.f\right|_{x=0} = \left\{ \frac{a}{b} \right. c"
    assert drawn(latex) == picture("""
          a│1           ⎧a
        x ─│  = f|ₓ₌₀ = ⎨─ c
          b│0           ⎩b
    """)
