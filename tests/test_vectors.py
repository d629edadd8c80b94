"""The document's way to set vectors is found and kept."""

from __future__ import annotations

from itertools import product

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.latex.tokens import identifiers
from mleq_lsp.latex.vectors import BOLD, PLAIN, Style, Vectors, collides, restyled, usage_of, vector_style

CATALOGUE = Vectors("mathbf", "boldsymbol")
BM = Vectors("bm", "bm")
ARROWS = Vectors("vec", "vec")
ENTRIES = list(load_builtin()[0])
LATIN: tuple[Style, ...] = ("mathbf", "bm", "boldsymbol", "vec", "plain")
EVERY = [Vectors(latin, greek) for latin, greek in product(LATIN, LATIN[1:])]

EQUATION = r"\mathbf{x} = \boldsymbol{\mu} + \mathbf{A} \mathbf{1}"


def style_in(*formulas: str, of: str = EQUATION) -> Vectors | None:
    """The style that a document of these formulas gives to the vectors of an equation."""
    return vector_style(usage_of(formulas), of)


@pytest.mark.parametrize(
    ("formula", "latin", "greek"),
    [
        (r"\mathbf{x} + \boldsymbol{\mu}", "mathbf", "boldsymbol"),
        (r"\bm{x} + \bm{\mu}", "bm", "bm"),
        (r"\bm x_t + \bm\mu", "bm", "bm"),
        (r"\vec{x} + \mu", "vec", "vec"),
        (r"\vec{x} + \boldsymbol{\mu}", "vec", "boldsymbol"),
        (r"{\bf x}_{t}", "mathbf", "boldsymbol"),
        (r"\mathbf{x_t}", "mathbf", "boldsymbol"),
        (r"\symbf{x}", "mathbf", "boldsymbol"),
        (r"\boldsymbol{x}", "boldsymbol", "boldsymbol"),
        (r"\pmb{x}", "boldsymbol", "boldsymbol"),
        (r"\boldsymbol{\mu} + x", "mathbf", "boldsymbol"),
        (r"\bm{\mu} + x", "bm", "bm"),
        (r"\mathbf{\mu} + \mathbf{x}", "mathbf", "boldsymbol"),  # TeX would not set it bold
    ],
)
def test_the_style_is_the_one_that_is_there(formula: str, latin: Style, greek: Style) -> None:
    assert style_in(formula) == Vectors(latin, greek)


def test_the_majority_decides() -> None:
    assert style_in(r"\mathbf{x} + \bm{y}", r"\bm{z}") == BM


def test_small_letters_decide_before_matrices() -> None:
    assert style_in(r"\mathbf{A} \mathbf{B} \mathbf{C} \vec{x}") == Vectors("vec", "vec")


@pytest.mark.parametrize(
    "formula",
    [
        r"\mathbf{1}",
        r"\mathbf{xy}",
        r"{\bf this}",
        r"\text{a \bm{x} {b} \bm{y}}",
        r"% \bm{x}",
        r"\\bm{x}",
        r"\bmod x",
        "",
    ],
)
def test_words_digits_and_comments_are_no_vectors(formula: str) -> None:
    assert style_in(formula) is None


def test_plain_vectors_are_plain_letters_in_a_document_without_bold() -> None:
    assert style_in("x = y", "x + 1", "z") == PLAIN


@pytest.mark.parametrize(
    "formulas",
    [
        ("x = y", "x + 1"),  # too few
        ("a", "b", "c"),  # none
        ("x", "x", r"\mathcal{A}"),  # another letter is something else here
        ("x", "x", r"\mathbf{1}"),
        (r"\text{x}", r"\mathrm{x}", r"\max"),
    ],
)
def test_plain_needs_evidence(formulas: tuple[str, ...]) -> None:
    assert style_in(*formulas) is None


def test_in_a_large_document_some_formulas_stand_for_all() -> None:
    assert style_in(*[r"\bm{x}", "y"] * 5000) == BM
    assert style_in(*["x"] * 5000) == PLAIN


@pytest.mark.parametrize(
    ("vectors", "after"),
    [
        (CATALOGUE, EQUATION),
        (BM, r"\bm{x} = \bm{\mu} + \bm{A} \bm{1}"),
        (Vectors("boldsymbol", "boldsymbol"), r"\boldsymbol{x} = \boldsymbol{\mu} + \boldsymbol{A} \boldsymbol{1}"),
        (ARROWS, r"\vec{x} = \vec{\mu} + \mathbf{A} \mathbf{1}"),
        (PLAIN, r"x = \mu + A \mathbf{1}"),
    ],
)
def test_restyled(vectors: Vectors, after: str) -> None:
    assert restyled(EQUATION, vectors) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"\log\mathbf{x}", r"\log x"),
        (r"\boldsymbol{\mu}x", r"\mu x"),
        (r"\boldsymbol{\mu}\mathbf{x}", r"\mu x"),
        (r"\boldsymbol{\mu}_{x}", r"\mu_{x}"),
        (r"2\mathbf{x}_{t}", "2x_{t}"),
        (r"\mathbf x \mathbf  { y }", "x y"),
        (r"\bar{\boldsymbol{\epsilon}}", r"\bar{\epsilon}"),
    ],
)
def test_a_letter_never_runs_into_a_command(before: str, after: str) -> None:
    assert restyled(before, PLAIN) == after


@pytest.mark.parametrize(
    "latex",
    [
        r"\mathbf{xy} \mathbf{x_t} \mathbf{} \mathbf",
        r"\text{for \mathbf{x} {and} \mathbf{y}}",
        r"\operatorname*{\mathbf{x}} \mathrm{\mathbf{x}}",
        "% \\mathbf{x}\n\\mathbb{R}",
        r"\\mathbf{x} \mathcal{N} \mathbfx",
        r"\text{\mathbf{x}",
    ],
)
def test_what_is_no_vector_stays(latex: str) -> None:
    assert [restyled(latex, vectors) for vectors in (BM, ARROWS, PLAIN)] == [latex] * 3


def test_collides_where_two_symbols_would_be_one() -> None:
    assert collides(r"\mathbf{x} = (x_{1}, x_{2})", PLAIN)
    assert not collides(r"\mathbf{x} = (x_{1}, x_{2})", ARROWS)
    assert not collides(r"\mathbf{x} = (y_{1}, y_{2})", PLAIN)
    assert collides(r"\mathbf{x} = \boldsymbol{x}", BM)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_every_entry_goes_into_each_style_and_back(entry: Entry) -> None:
    latex = entry.body.latex
    assert restyled(latex, CATALOGUE) == latex
    for vectors in EVERY:
        there = restyled(latex, vectors)
        assert restyled(there, vectors) == there
        if vectors.latin in BOLD and vectors.greek in BOLD:
            assert restyled(there, CATALOGUE) == latex
        if not collides(latex, vectors) and "vec" not in (vectors.latin, vectors.greek):
            assert len(identifiers(there)) == len(identifiers(latex))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
def test_slots_and_what_is_between_them_can_be_restyled_apart(entry: Entry) -> None:
    latex = entry.body.latex
    for vectors in (BM, ARROWS, PLAIN):
        at, parts = 0, []
        for span, _ in entry.body.occurrences(entry.slots):
            parts += [latex[at : span.start], span.of(latex)]
            at = span.end
        assert "".join(restyled(part, vectors) for part in [*parts, latex[at:]]) == restyled(latex, vectors)
