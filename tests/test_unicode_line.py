"""Formulas on one line."""

from __future__ import annotations

from unicodedata import normalize

import pytest

from tests.drawings import on_one_line


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\mathbf{x}_{t-1}", "𝐱ₜ₋₁"),
        (r"q(\mathbf{x}_{1:t} \mid \mathbf{x}_0)", "q(𝐱₁:ₜ | 𝐱₀)"),
        (r"p_{\text{data}}", "p_data"),
        (r"p_\theta(x)^2", "p_θ(x)²"),
        (r"x^\top A x", "xᵀAx"),
        (r"\frac{a}{b} + \frac{a + b}{2c}", "a/b + (a + b)/(2c)"),
        (r"\frac{1}{2} x", "(1/2) x"),
        (r"\frac{QK^\top}{\sqrt{d_k}}", "QKᵀ/√dₖ"),
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
