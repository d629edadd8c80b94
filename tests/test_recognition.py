"""Which entry a formula is, whatever it looks like."""

from __future__ import annotations

import pytest

from mleq_lsp.card import symbols_of
from mleq_lsp.recognition import recognise
from tests.small import SMALL, SOFTMAX


def name(latex: str) -> str | None:
    """The id of the entry, with `~` before it where the formula is only close to it."""
    found = recognise(latex, SMALL)
    return None if found is None else ("" if found.exact else "~") + found.entry.id


@pytest.mark.parametrize(
    "latex",
    [
        SOFTMAX,
        SOFTMAX.replace("z", "a"),
        SOFTMAX.replace("z", r"\boldsymbol{\ell}").replace("i", "k"),
        SOFTMAX.replace("z", "z^{(t)}"),
        r"\text{softmax}\left(z\right)_i=\dfrac{\exp z_i}{\sum_j\exp z_j}.",
        r"\label{eq:s} \operatorname{softmax}[z]_{i} &= \frac{\exp z_{i}}{\sum_{j} \exp z_{j}} \\",
    ],
)
def test_an_entry_with_its_slots_renamed_or_not(latex: str) -> None:
    assert name(latex) == "soft-max"


def test_a_slot_must_be_renamed_everywhere() -> None:
    assert name(SOFTMAX.replace(r"\exp z_{i}", r"\exp y_{i}")) != "soft-max"


def test_several_rows_are_one_formula() -> None:
    assert name(r"p(x, y) = p(x|y)p(y) \\ = p(y|x)p(x)") == "chain-rule"


def test_a_row_stands_for_its_entry() -> None:
    assert name(r"p(x, y) = p(x|y) \, p(y)") == "chain-rule"


def test_the_order_of_terms_does_not_matter() -> None:
    assert name(r"H(X, Y) = H(Y \mid X) + H(X)") == "chain-entropy"


@pytest.mark.parametrize(
    "latex",
    [
        r"H(X, Y) = H(X) - H(Y \mid X)",
        r"H(X) = H(X, Y) + H(Y \mid X)",
        SOFTMAX.replace(r"\frac{\exp z_{i}}{\sum_{j} \exp z_{j}}", r"\frac{\sum_{j} \exp z_{j}}{\exp z_{i}}"),
        r"p(x, y) = p(y \mid x) \, p(y)",
    ],
)
def test_the_same_signs_in_another_role_are_another_formula(latex: str) -> None:
    assert name(latex) in (None, "~soft-max", "~chain-entropy", "~chain-rule")


@pytest.mark.parametrize("latex", ["x^{" * 300, "{" * 1000, "^" * 3000, r"\frac" * 3000, "(" * 3000, r"(\frac{" * 500])
def test_what_is_nested_without_end_is_no_equation(latex: str) -> None:
    assert name(latex) is None


def test_a_formula_with_one_more_sign_is_close() -> None:
    assert name(SOFTMAX.replace("= ", "= -")) == "~soft-max"


@pytest.mark.parametrize("latex", ["", "x", "x + y = z", r"p(x)", r"\frac{1}{2}", "{", r"\sum_{j} x_{j}"])
def test_silent_about_what_it_does_not_know(latex: str) -> None:
    assert name(latex) is None


def test_a_very_long_formula_is_no_single_equation() -> None:
    assert name(SOFTMAX + " + x" * 2000) is None


@pytest.mark.parametrize(
    ("latex", "spelled"),
    [
        (SOFTMAX, {"z": "z", "i": "i"}),
        (SOFTMAX.replace("z", r"\boldsymbol{\ell}").replace("i", "k"), {"z": r"\boldsymbol{\ell}", "i": "k"}),
        (SOFTMAX.replace("z", "{z^{(t)}}"), {"z": "z^{(t)}", "i": "i"}),
        (SOFTMAX.replace("z", r"\bar{z}"), {"z": r"\bar{z}", "i": "i"}),
        (r"p(u, y) &= p(u|y)p(y) \\[2pt] &= p(y|u)p(u)", {"x": "u", "p": "p"}),
        (r"\pi(u, y) = \pi(u|y)\pi(y) \\ = \pi(y|u)\pi(u)", {"x": "u", "p": r"\pi"}),
        (r"\mathcal{H}(X, Y) = \mathcal{H}(Y \mid X) + \mathcal{H}(X)", {"H": r"\mathcal{H}"}),
        (r"\mathcal{H}(X, Y) = H(Y \mid X) + H(X)", {}),
        (SOFTMAX.replace("= ", "= -").replace("z", r"\mathbf{z}"), {"z": r"\mathbf{z}", "i": "i"}),
    ],
)
def test_what_the_author_writes_for_each_slot(latex: str, spelled: dict[str, str]) -> None:
    found = recognise(latex, SMALL)

    assert found is not None
    assert found.spelled == spelled


@pytest.mark.parametrize(
    ("z", "i", "symbols"),
    [
        ("a", "k", ["a_{k}", "j"]),
        (r"\ell", "k", [r"\ell_{k}", "j"]),
        ("{z_{1}}", "k", ["{z_{1}}_{k}", "j"]),
    ],
)
def test_symbols_are_explained_in_the_author_s_letters(z: str, i: str, symbols: list[str]) -> None:
    found = recognise(SOFTMAX.replace("z", z).replace("_{i}", f"_{{{i}}}"), SMALL)

    assert found is not None
    assert [symbol.latex for symbol in symbols_of(found.entry, found.spelled)] == symbols
