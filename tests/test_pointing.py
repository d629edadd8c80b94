"""Which symbol a place in a formula belongs to."""

from __future__ import annotations

import pytest

from mleq_lsp.latex.pointing import pointed
from tests.marked import marked

DENSITY, SAMPLE, NOISE, MEAN = (
    r"q(\mathbf{x}_{t} \mid \mathbf{x}_{t-1})",
    r"\mathbf{x}_{t}",
    r"\bar{\alpha}_{t}",
    r"\mu_{1}",
)
SYMBOLS = (DENSITY, SAMPLE, NOISE, r"\alpha_{t}", MEAN, r"\mu_{2}", r"D_{\mathrm{KL}}", "t", "e")


def meant(page: str) -> str | None:
    latex, at = marked(page)
    number = pointed(latex, at, SYMBOLS)
    return None if number is None else SYMBOLS[number]


@pytest.mark.parametrize(
    ("page", "symbol"),
    [
        (r"<cursor>q(\mathbf{x}_{t} \mid \mathbf{x}_{t-1})", DENSITY),
        (r"q(\mathbf{x}_{t} <cursor>| \mathbf{x}_{t-1})", DENSITY),
        (r"q(\mathbf{x}_{t} | \mathbf{x}_{t-1}<cursor>)", DENSITY),
        (r"q\left(<cursor>\mathbf{x}_{t} \mid \mathbf{x}_{t-1}\right)", SAMPLE),
        (r"q(\mathbf{<cursor>x}_{t} \mid \mathbf{x}_{t-1})", SAMPLE),
        (r"q(\mathbf{x}_{<cursor>t} \mid \mathbf{x}_{t-1})", SAMPLE),
        (r"q(\mathbf{x}_{t} \mid \mathbf{<cursor>x}_{t-1})", SAMPLE),
        (r"\mathbf{x}<cursor>_t + 1", SAMPLE),
        (r"<cursor>x_t", SAMPLE),
        (r"\mathbf{x}_{<cursor>0}", SAMPLE),
        (r"\mathbf{x}_{s-<cursor>t}", "t"),
        (r"\sqrt{\bar<cursor>\alpha_t}", NOISE),
        (r"\bar{<cursor>\alpha}_{t}", NOISE),
        (r"1 - <cursor>\alpha_{t}", r"\alpha_{t}"),
        (r"\hat{<cursor>\alpha}_{t}", None),
        (r"<cursor>\mu_2^\top", r"\mu_{2}"),
        (r"<cursor>\mu_{3}", None),
        (r"D_{\mathrm{K<cursor>L}}(P)", r"D_{\mathrm{KL}}"),
        (r"\mathrm{th<cursor>e} x", None),
        (r"\<cursor>exp x", None),
        (r"\frac{1}{<cursor>t}", "t"),
        (r"x <cursor>= t", None),
        (r"<cursor>", None),
        (r"{{{<cursor>t", "t"),
    ],
)
def test_the_longest_symbol_that_stands_there_unless_another_one_is_in_its_brackets(
    page: str, symbol: str | None
) -> None:
    assert meant(page) == symbol
