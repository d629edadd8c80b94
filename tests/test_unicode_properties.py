"""What holds for every drawing: nothing is lost, nothing is too wide, every box is a rectangle."""

from __future__ import annotations

from collections import Counter
from string import Formatter
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.render.boxes import cells
from mleq_lsp.render.tree import Tree, parse
from mleq_lsp.render.unicode import box_within, draw
from tests.drawings import drawn, lost, on_one_line

CATALOGUE, _ = load_builtin()
WIDTHS = (20, 24, 32, 40, 60, 88)

# As in a note on a diffusion model, on attention, on filters.
FORMULAS = (
    r"\log p_\theta(x) = \mathbb{E}_{q_\phi(z|x)}[\log[\frac{p_\theta(x,z)}{q_\phi(z|x)} \times \frac{a}{b}]]",
    r"\begin{aligned} L &= \mathbb{E}_q \Big[ \underbrace{D_{\mathrm{KL}}(q(\mathbf{x}_T|\mathbf{x}_0) \parallel "
    r"p_\theta(\mathbf{x}_T))}_{L_T} + \sum_{t=2}^T \underbrace{D(q \parallel p)}_{L_{t-1}} \Big] \\ \text{where } "
    r"M &= N \text{ for } 1 \leq t \leq T-1 \end{aligned}",
    r"\operatorname{Attention}(Q,K,V)=\operatorname{softmax}\!\left(\frac{QK^{\top}}{\sqrt{d_k}}\right)V",
    r"\mathbf{H}=\begin{bmatrix}\dfrac{\partial^2 f}{\partial x_1^2}&\cdots&\dfrac{\partial^2 f}{\partial x_1 "
    r"\partial x_n}\\ \vdots&\ddots&\vdots\\ \dfrac{\partial^2 f}{\partial x_n \partial x_1}&\cdots&e\end{bmatrix}",
    r"\operatorname{f}(x)=\begin{cases}x & \text{if } x>0 \\ \alpha\left(e^{x}-1\right) & \text{otherwise}\end{cases}",
    r"\int_{-\infty}^{\infty} e^{-x^2}\,dx=\sqrt{\pi},\quad \oint_C f,\quad \prod_{i=1}^n\left(\sum_j a_{ij}\right)",
    r"\hat{x}_i=\frac{x_i-\mu_{\mathcal{B}}}{\sqrt{\sigma_{\mathcal{B}}^2+\epsilon}},\qquad y_i=\gamma\hat{x}_i+\beta",
    r"x_t = \sqrt{\alpha_t}x_{t-1} + \sqrt{1-\alpha_t}\epsilon_{t-1} \\ = \sqrt{\bar{\alpha}_t}x_0 + \dots",
)

# What a formula is made of; each `{}` takes another formula.
CONSTRUCTS = (
    r"\frac{{{}}}{{{}}}",
    r"\cfrac{{{}}}{{{}}}",
    r"\binom{{{}}}{{{}}}",
    r"\sqrt[{}]{{{}}}",
    r"\sqrt{{{}}}",
    r"{{{}}}_{{{}}}",
    r"{{{}}}^{{{}}}",
    r"x_{{{}}}^{{{}}}",
    r"f'_{{{}}}({})",
    r"\sum_{{{}}}^{{{}}} {}",
    r"\prod_{{\substack{{{} \\ {}}}}} {}",
    r"\int_{{{}}}^{{{}}} {}",
    r"\oint\limits_{{{}}} {}",
    r"\textstyle\sum_{{{}}} {}",
    r"\min_{{{}}} {}",
    r"\operatorname*{{argmax}}_{{{}}} {}",
    r"\mathop{{\mathbb{{E}}}}_{{{}}} {}",
    r"\sideset{{_{{{}}}}}{{^{{{}}}}}\sum {}",
    r"\left( {} \middle| {} \right]",
    r"\left\lfloor {} \right\rceil^{{{}}}",
    r"\left\langle {}, {} \right\rangle",
    r"\left.{}\right|_{{{}}}",
    r"\left\{{ {} \right\}}",
    r"\lVert {} \rVert_{{{}}}",
    r"\|{}\| + |{}|",
    r"({}, {}) [{}]",
    r"\Big[ {} \,\Big|\, {} \Big]",
    r"\bigl( {} \bigr)",
    r"\underbrace{{{}}}_{{{}}}",
    r"\overbrace{{{}}}^{{{}}}",
    r"\underbracket{{{}}}_{{{}}}",
    r"\overset{{{}}}{{{}}}",
    r"\underset{{{}}}{{{}}}",
    r"{} \stackrel{{{}}}{{=}} {}",
    r"{} \xrightarrow[{}]{{{}}} {}",
    r"{} \xleftrightarrow{{{}}} {}",
    r"\hat{{{}}} \bar{{{}}}",
    r"\widetilde{{{}}} \vec{{{}}}",
    r"\overline{{{}}} \underline{{{}}}",
    r"\overrightarrow{{{}}}",
    r"\boxed{{{}}}",
    r"\cancel{{{}}}",
    r"\begin{{pmatrix}} {} & {} \\ {} & {} \end{{pmatrix}}",
    r"\begin{{Bmatrix}} {} \\ {} \end{{Bmatrix}}",
    r"\begin{{smallmatrix}} {} & {} \end{{smallmatrix}}",
    r"\begin{{array}}{{|l|c|}} \hline {} & {} \\ \hline \multicolumn{{2}}{{|c|}}{{{}}} \\ \hline \end{{array}}",
    r"\begin{{cases}} {} & {} \\ {} & {} \end{{cases}}",
    r"\begin{{aligned}} {} &= {} \\ &\le {} \end{{aligned}}",
    r"\begin{{gathered}} {} = {} \\ = {} \end{{gathered}}",
    r"\begin{{split}} {} &= {} \end{{split}}",
    r"{} + {}",
    r"{} = -{}",
    r"{} := {}, \dots, {}",
    r"{} \quad {}",
    r"{} \log {} \text{{ if }} {}",
    r"\text{{日本 for }} {}",
)
DRESSES = ("{}", "{}", r"\mathbf{{{}}}", r"\mathcal{{{}}}", r"\mathrm{{{}}}", r"\mathbb{{{}}}", r"\boldsymbol{{{}}}")


@st.composite
def formulas(choose: st.DrawFn, depth: int = 3) -> str:
    """A formula of constructs inside each other."""
    if depth == 0 or choose(st.booleans()):
        letter = choose(st.sampled_from("abcdefghijklmnopqrstuvwxyzABCDEXYZ0123456789"))
        dress: str = choose(st.sampled_from(DRESSES[:1] if letter.isdigit() else DRESSES))
        return dress.format(letter)
    inner = formulas(depth=depth - 1)
    construct: str = choose(st.sampled_from(CONSTRUCTS))
    fields = [field for _, field, _, _ in Formatter().parse(construct) if field is not None]
    return construct.format(*(choose(inner) for _ in fields))


def check(tree: Tree, width: int) -> None:
    """Nothing is lost, no line is too wide or ends in a space, and the box is a rectangle."""
    shown = draw(tree, width)
    assert not lost(tree, shown), shown
    assert all(cells(line) <= width and line == line.rstrip(" ") for line in shown.split("\n")), shown
    box = box_within(tree, width)
    assert {cells(line) for line in box.lines} == {box.width}


@pytest.mark.parametrize("entry", list(CATALOGUE), ids=lambda entry: entry.id)
def test_entry(entry: Entry) -> None:
    for width in WIDTHS:
        check(parse(entry.body.latex).tree, width)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("latex", FORMULAS)
def test_formula_of_a_note(latex: str, width: int) -> None:
    check(parse(latex).tree, width)


@settings(deadline=None, max_examples=400)
@given(formulas(), st.sampled_from(WIDTHS))
def test_any_formula(latex: str, width: int) -> None:
    check(parse(latex).tree, width)


@settings(deadline=None, max_examples=300)
@given(formulas())
def test_every_letter_of_the_formula_is_on_its_one_line(latex: str) -> None:
    found = on_one_line(latex)
    if found is not None:
        assert "\n" not in found
        assert not letters(lost(parse(latex).tree, found))


def letters(found: Counter[str]) -> Counter[str]:
    return Counter({char: number for char, number in found.items() if char.isalnum()})


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("latex", FORMULAS)
def test_a_lost_character_would_be_noticed(latex: str, width: int) -> None:
    tree = parse(latex).tree
    shown = drawn(latex, width)
    for char in set(shown):
        if normalize("NFKD", char)[0].isalnum() or char in "+=∑∏√∞∂⊤":
            assert lost(tree, shown.replace(char, " ", 1)), char


SIGNS = st.sampled_from([" + ", " = ", r" \le ", ", "])
TERMS = st.sampled_from(
    [r"x_i", r"\frac{a}{b}", r"\sqrt{y}", r"\sum_{i=1}^n z_i", r"\log(c)", r"\left( d \right)^2", "p_q"]
)


@settings(deadline=None, max_examples=100)
@given(
    st.lists(TERMS, min_size=1, max_size=40), st.sampled_from([" + ", " = ", r" \le ", ", "]), st.sampled_from(WIDTHS)
)
def test_a_long_row(terms: list[str], sign: str, width: int) -> None:
    for latex in (
        sign.join(terms),
        f"f = \\left[ {sign.join(terms)} \\right]",
        f"\\begin{{aligned}} f &= {sign.join(terms)} \\end{{aligned}}",
    ):
        check(parse(latex).tree, width)
