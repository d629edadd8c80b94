"""Inequalities of Markov, Chebyshev and Cauchy, and where they are reached."""

from __future__ import annotations

import numpy as np

from tests.equations.bindings import (
    distribution,
    each,
    given,
    holds,
    mean,
    positive,
    vector,
)


def test_markov_inequality() -> None:
    # Variables that are not negative, as values with their probabilities; the first has only 0 and the threshold.
    variables = [(np.array([0.0, 1.5]), distribution(2)), *((positive(4), distribution(4)) for _ in range(5))]
    holds(
        "ineq-markov",
        {
            r"\mathbb{P}(X \geq a)": given(
                "X", "a", function=lambda x, a: float(variables[x][1][variables[x][0] >= a].sum())
            ),
            r"\mathbb{E}[X]": given("X", function=lambda x: float(variables[x][0] @ variables[x][1])),
            "X": each(*range(6)),
            "a": each(0.4, 1.5),
        },
        reached=1e-9,
    )


def test_chebyshev_inequality() -> None:
    variables = [
        (np.array([-1.5, 0.0, 1.5]) + 2, np.array([0.2, 0.6, 0.2])),
        *((vector(4), distribution(4)) for _ in range(5)),
    ]

    def centre(x: int) -> float:
        values, p = variables[x]
        return float(values @ p)

    def beyond(x: int, t: float) -> float:
        values, p = variables[x]
        return float(p[np.abs(values - centre(x)) >= t - 1e-12].sum())

    holds(
        "ineq-chebyshev",
        {
            r"\mathbb{P}\bigl( \lvert X - \mathbb{E}[X] \rvert \geq t \bigr)": given("X", "t", function=beyond),
            r"\operatorname{Var}[X]": given(
                "X", function=lambda x: float(variables[x][0] ** 2 @ variables[x][1]) - centre(x) ** 2
            ),
            "X": each(*range(6)),
            "t": each(0.4, 1.5),
        },
        reached=1e-9,
    )


def test_cauchy_schwarz_inequality_of_vectors() -> None:
    x = vector(3)
    holds(
        "ineq-cauchy-schwarz",
        {r"\mathbf{x}": x, r"\mathbf{y}": each(vector(3), vector(3), -2 * x)},
        rows=[1],
        reached=1e-9,
    )


def test_cauchy_schwarz_inequality_of_random_variables() -> None:
    p, xs = distribution(4), vector(4)
    for ys, gap in ((vector(4), None), (-2 * xs, 1e-9)):
        holds(
            "ineq-cauchy-schwarz",
            {r"\mathbb{E}": mean(("X", "Y"), list(zip(xs, ys, strict=True)), p)},
            rows=[2],
            reached=gap,
        )
