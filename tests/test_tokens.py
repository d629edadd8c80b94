"""Tokens, symbols and slots of a formula."""

from __future__ import annotations

import pytest

from mleq_lsp.latex.tokens import Formula, identifiers, symbols, tokenize


@pytest.mark.parametrize("latex", [r"\frac{a}{b} % why" + "\n x_{i}^2", "", "\\", r"\\[2pt] \{ é 𝔼", "}{"])
def test_the_tokens_are_the_formula(latex: str) -> None:
    assert "".join(token.text for token in tokenize(latex)) == latex


def test_symbols() -> None:
    assert [s.text for s in symbols(r"\mathbf{x}_t \mathrm{data} \bar{\alpha} \mathbf y % c")] == (
        [r"\mathbf{x}", "_", "t", r"\mathrm{data}", r"\bar", "{", r"\alpha", "}", r"\mathbf{y}"]
    )


def test_identifiers_are_letters_in_whatever_face() -> None:
    assert identifiers(r"\mathbb{E}_{q} [\log p_{\theta}(\mathbf{x})] \mathbf{0} \text{if}") == (
        {r"\mathbb{E}", "q", "p", r"\theta", r"\mathbf{x}"}
    )


def slotted(latex: str, *slots: str) -> str:
    """The formula with each occurrence of a slot replaced by its number."""
    for span, index in reversed(Formula(latex).occurrences(slots)):
        latex = f"{latex[: span.start]}<{index}>{latex[span.end :]}"
    return latex


def test_a_slot_is_matched_by_token_and_never_by_character() -> None:
    assert slotted(r"t \beta_{t} \text{total} \tanh t \mathrm{data}", "t", "a") == (
        r"<0> \beta_{<0>} \text{total} \tanh <0> \mathrm{data}"
    )


def test_a_letter_in_another_face_is_another_symbol() -> None:
    assert slotted(r"x \mathbf{x} \mathbf x", "x", r"\mathbf{x}") == "<0> <1> <1>"


def test_of_two_slots_at_one_place_the_longer_one_is_meant() -> None:
    assert slotted(r"x_{0} x_{1}", "x", "x_{0}") == "<1> <0>_{1}"


def test_a_slot_under_an_accent_is_found() -> None:
    assert slotted(r"\bar{\alpha}_{t}", r"\alpha") == r"\bar{<0>}_{t}"


@pytest.mark.parametrize(
    ("latex", "several"),
    [("a &= b", True), (r"a \\ b", True), (r"\begin{cases} 1 & x \\ 2 \end{cases}", False), ("a = b", False)],
)
def test_is_multiline(latex: str, several: bool) -> None:
    assert Formula(latex).is_multiline == several
