"""The normal form: the same mathematics in two people's hands."""

from __future__ import annotations

import pytest

from mleq_lsp.latex.normal import normal_form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (r"p(x|z)", r"p\left( \mathbf{x} \mid \mathbf{z} \right)"),
        (r"\prod_{t=1}^T x_t", r"\prod^{T}_{t=1} x_{t}"),
        (r"D_{KL}(p || q)", r"D_\mathrm{KL}\bigl(p \,\|\, q\bigr)."),
        (r"D_{\text{KL}}(p \parallel q)", r"D_{KL}[p \Vert q]"),
        (r"p_{data}", r"p_{\mathrm{data}}"),
        (r"\frac12 x", r"\frac{1}{2}x"),
        (r"a \\ = b", "a &= b \\\\[2pt]"),
        (r"\log x", r"\operatorname{log} x"),
        (r"[\log [\frac{a}{b} ]]", r"\left[\log \frac{a}{b}\right]"),
        (r"a \leq b, \dots", r"a \le b, \cdots"),
        (r"\begin{aligned} a &= b \end{aligned}", r"a = b % so \label{x}"),
        (r"\mathbb{L}_{\theta,\phi}", r"\mathcal{L}_{\theta, \phi} \label{eq:elbo} \nonumber"),
    ],
)
def test_the_same_mathematics_has_one_form(one: str, other: str) -> None:
    assert normal_form(one) == normal_form(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a + b", "a - b"),
        ("x_{i}", "x^{i}"),
        (r"\frac{a}{b}", r"\frac{b}{a}"),
        ("p(x)", "q(x)"),
        (r"\bar{x}", r"\hat{x}"),
        ("x_{ij}", "x_{i}j"),
    ],
)
def test_different_mathematics_has_two_forms(one: str, other: str) -> None:
    assert normal_form(one) != normal_form(other)


@pytest.mark.parametrize("latex", ["", "{", "}", "x_", "^", r"\frac", r"\frac{", r"\text{", "\\", r"\mathbf"])
def test_an_unfinished_formula_has_a_normal_form(latex: str) -> None:
    assert isinstance(normal_form(latex), tuple)
