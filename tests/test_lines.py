"""A formula broken into lines; here every sign and every command is as wide as any other."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.latex.tokens import Kind, tokenize
from mleq_lsp.render.lines import in_lines
from mleq_lsp.render.svg import in_shape, pixels
from mleq_lsp.render.tree import parse

CATALOGUE, _ = load_builtin()


def width(latex: str) -> float:
    return sum(token.kind not in (Kind.SPACE, Kind.OPEN, Kind.CLOSE) for token in tokenize(latex))


def broken(latex: str, room: float) -> list[str]:
    """The lines, with the place where they are aligned."""
    found = in_lines(latex, room, width)
    if found is None:
        return []
    rows = found.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}").split(r"\\")
    return [" ".join(row.split()) for row in rows]


@pytest.mark.parametrize(
    ("latex", "room", "lines"),
    [
        ("L = a + b = c", 20, []),
        ("L = a + b = c", 6, ["L & = a + b", "& = c"]),
        ("L = a + b = c", 4, ["L & = a", r"& \quad + b", "& = c"]),
        ("a + b + c + d", 3, ["& a + b", r"& \quad + c", r"& \quad + d"]),
        (r"abcdefg \leq a + b", 8, ["& abcdefg", r"& \quad \leq a + b"]),
        ("L := a + b = c", 7, ["L & := a + b", "& = c"]),
        ("L = -a + b", 5, ["L & = -a", r"& \quad + b"]),
        ("L = e^{-a - b} + c", 8, ["L & = e^{-a - b}", r"& \quad + c"]),
        ("L = (a + b) + c", 6, ["L & = (a + b)", r"& \quad + c"]),
        ("L = [0, a) + c + d", 7, ["L & = [0, a)", r"& \quad + c + d"]),
        ("L = |a - b| + c", 6, ["L & = |a - b|", r"& \quad + c"]),
        (r"L = \|a - b\| + c", 6, [r"L & = \|a - b\|", r"& \quad + c"]),
        (r"L = p(a | b) + c", 7, ["L & = p(a | b)", r"& \quad + c"]),
        (r"L = \left( a + b \right) + c", 8, [r"L & = \left( a + b \right)", r"& \quad + c"]),
        (r"L = \frac{a + b}{c - d} + e", 9, [r"L & = \frac{a + b}{c - d}", r"& \quad + e"]),
        (r"a = b, \qquad c = d", 6, ["& a = b,", "& c = d"]),
        (r"L &= a + b \\ &= c + d", 4, ["L & = a", r"& \quad + b", "& = c + d"]),
        (r"\begin{align} L &= a + b \\ M &= c \end{align}", 4, ["L & = a", r"& \quad + b", "M & = c"]),
        (r"\begin{equation} L = a + b \end{equation}", 4, ["L & = a", r"& \quad + b"]),
        (r"\begin{gather} a + b \\ c + d + e \end{gather}", 3, ["& a + b", "& c + d", r"& \quad + e"]),
        (r"a & b & c + d + e", 4, []),
        ("L = a % + b\n + c", 3, ["L & = a", r"& \quad + c"]),
        # What is much too wide is broken inside its brackets, but not inside those that grow, nor inside braces.
        (
            r"E \Bigl[ a + b + c + d + e \Bigr]",
            7,
            [r"& E \Bigl[ a + b", r"& \quad \quad + c + d", r"& \quad \quad + e \Bigr]"],
        ),
        ("E [ a + b + c ]", 7, []),
        (r"E \left[ a + b + c + d + e \right]", 4, []),
        (r"\frac{a + b + c + d + e}{f}", 4, []),
        (r"\begin{cases} a + b & c \\ d & e + f \end{cases}", 4, []),
        ("{ a + b", 2, []),
    ],
)
def test_lines_are_broken_at_relations_and_then_at_signs(latex: str, room: float, lines: list[str]) -> None:
    assert broken(latex, room) == lines


@pytest.mark.parametrize("entry", list(CATALOGUE), ids=lambda entry: entry.id)
@pytest.mark.parametrize("room", [320, 560])
def test_an_entry_in_lines_says_the_same_and_is_parsed_as_well(entry: Entry, room: int) -> None:
    latex = entry.body.latex
    shaped = in_shape(latex, room)

    assert parse(shaped).problems == ()
    assert pixels(shaped) <= max(pixels(latex), room)
    if shaped != latex:
        kept = [token.text for token in tokenize(latex) if token.kind is not Kind.SPACE and token.text not in LAYOUT]
        now = [token.text for token in tokenize(shaped) if token.kind is not Kind.SPACE]
        body = now[len("1aligned12") : -len("1aligned12")]
        assert [text for text in body if text not in LAYOUT] == kept


LAYOUT = ("&", r"\\", r"\quad", r"\qquad")
PIECES = st.sampled_from(
    [
        *r"\left( \right) \begin{aligned} \end{aligned} \begin{align} \end{align} \\ & | \| \qquad \Bigl(".split(),
        *("\\", r"\le ", *"{}()[]ab,^_%\n:<=+-"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join), st.floats(0, 20))
def test_any_text_is_broken_or_not_without_an_exception(latex: str, room: float) -> None:
    found = in_lines(latex, room, width)
    assert found is None or found.startswith(r"\begin{aligned} ")


@pytest.mark.parametrize("unit", ["a+", "a=", "(", "{", "|", r"\left(", r"\begin{align}", r"\\", "& a", r"\quad "])
def test_a_long_formula_is_broken_in_time_proportional_to_its_length(unit: str) -> None:
    start = time.perf_counter()
    in_lines(unit * (20_000 // len(unit)), 50, lambda latex: len(latex))
    assert time.perf_counter() - start < 3
