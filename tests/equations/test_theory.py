"""Inequalities of probability on cases that reach them, and bounds of learning theory from their parts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np

from tests.equations.bindings import (
    RANDOM,
    Array,
    chance,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    vector,
)
from tests.equations.reference import always
from tests.equations.scope import Operator


def solved(function: Callable[[float], float], low: float = 0.0, high: float = 50.0) -> float:
    """Where a falling function is zero, by bisection."""
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if function(middle) > 0 else (low, middle)
    return low


def failure(n: int, delta: float) -> float:
    """The deviation that a mean of n numbers in [0, 1] exceeds with chance δ at most, as Hoeffding has it."""
    return solved(lambda t: math.exp(-2 * n * t * t) - delta)


# Concentration


def test_jensen() -> None:
    values, shares = vector(5), distribution(5)
    for f in (math.exp, abs, lambda x: max(0.0, 2 * x - 1)):
        holds("ineq-jensen", {"f": f, r"\mathbb{E}": mean("X", values, shares)})
    holds("ineq-jensen", {"f": lambda x: 3 * x - 1, r"\mathbb{E}": mean("X", values, shares)}, reached=1e-9)


def coins(n: int, p: float, low: float, high: float) -> tuple[list[Array], list[float]]:
    """All outcomes of n coins that show `high` with chance p, and their chances."""
    throws = list(itertools.product((0, 1), repeat=n))
    chances = [math.prod(p if one else 1 - p for one in throw) for throw in throws]
    return [np.where(throw, high, low) for throw in throws], chances


def test_hoeffding_near_to_what_coins_do() -> None:
    # A mean as large as it can be: of fair coins that is nearest to the bound, by the factor 0.824 a coin.
    for n, low, high in ((1, 0.0, 1.0), (2, 0.0, 1.0), (2, -1.0, 2.0), (3, 0.0, 0.5)):
        throws, chances = coins(n, 0.5, low, high)
        holds(
            "ineq-hoeffding",
            {
                r"\mathbb{P}": chance("X", throws, chances),
                r"\mathbb{E}[X_{i}]": (low + high) / 2,
                "n": n,
                "a": [low] * n,
                "b": [high] * n,
                "t": each((high - low) / 2 - 1e-9, (high - low) / 4, 3 * (high - low) / 4),
            },
            reached=1.01 - 0.824**n,
        )


def test_mcdiarmid_near_to_what_coins_do() -> None:
    throws, chances = coins(2, 0.5, 0.0, 1.0)
    for sizes in ([1.0, 0.5], [1.0, 1.0], [0.5, 0.0]):

        def f(x: Array, sizes: Sequence[float] = sizes) -> float:
            return float(x @ sizes)

        for i in (1, 2):
            changed = [(x, y) for x in throws for y in throws if x[2 - i] == y[2 - i]]
            holds(
                "ineq-mcdiarmid",
                {
                    r"\mathbb{P}": chance("X", throws, chances),
                    r"f(X_{1}, \dots, X_{n})": given("X", function=f),
                    r"\mathbb{E}[f(X_{1}, \dots, X_{n})]": sum(sizes) / 2,
                    r"\sup_{x_{1}, \dots, x_{n}, \, x_{i}'}": Operator(points(("before", "after"), changed), max),
                    r"f(x_{1}, \dots, x_{i}, \dots, x_{n})": given("before", function=f),
                    r"f(x_{1}, \dots, x_{i}', \dots, x_{n})": given("after", function=f),
                    "c": each(np.array(sizes), 2 * np.array(sizes)),
                    "t": sum(sizes) / 2 - 1e-9,
                    "n": 2,
                    "i": i,
                },
                reached=0.18 if sizes[1] == 0 else 0.4,
            )


# Generalisation


def test_bound_for_a_finite_class() -> None:
    for n, size, delta, found in ((50, 8, 0.1, 0.2), (200, 1000, 0.01, 0.05)):
        # Each of the deviations, up and down, has its share of the chance to fail.
        risk = found + failure(n, delta / (2 * size))
        holds(
            "pac-finite-agnostic",
            {
                "R": each(always(risk), always(found / 2)),
                r"\hat{R}": always(found),
                "h": 0.0,
                r"\mathcal{H}": [float(h) for h in range(size)],
                r"\delta": delta,
                "n": n,
            },
            reached=1e-9,
        )


def labellings(n: int, rays: bool) -> list[tuple[int, ...]]:
    """All labellings of n points on a line by intervals, or by rays to either side."""
    ends = [(a, b) for a in range(n + 1) for b in range(n + 1) if not rays or a == 0 or b == n]
    return sorted({tuple(int(a <= x < b) for x in range(n)) for a, b in ends})


def test_intervals_and_rays_have_vc_dimension_two() -> None:
    for rays in (False, True):
        for n in (3, 4, 5):
            holds(
                "vc-dimension",
                {
                    r"\Pi_{\mathcal{H}}": lambda n, rays=rays: len(labellings(n, rays)),
                    r"\max_{x_{1}, \dots, x_{n}}": Operator(points("once", [0]), max),
                    r"(h(x_{1}), \dots, h(x_{n}))": given("h", function=lambda h, n=n: h[:n]),
                    r"\mathcal{H}": labellings(7, rays),
                    r"\operatorname{VCdim}": always(2),
                    "d": 2,
                    "n": n,
                },
                over=[points("n", range(1, 6))],
            )


def test_vc_bound_by_the_growth_function() -> None:
    for n, d, delta, found in ((100, 3, 0.05, 0.1), (1000, 20, 0.2, 0.0)):
        # Massart: the complexity of a class with so many labellings, of which the losses have half.
        labels = d * math.log(math.e * n / d)
        complexity = math.sqrt(2 * labels / n)
        risk = found + 2 * complexity / 2 + failure(n, delta)
        holds(
            "vc-bound",
            {
                "R": each(always(risk), always(found / 2)),
                r"\hat{R}": always(found),
                "h": 0.0,
                r"\mathcal{H}": [0.0],
                r"\delta": delta,
                "d": d,
                "n": n,
            },
            reached=1e-9,
        )


def test_rademacher_complexity() -> None:
    n, functions = 4, matrix(3, 5)
    samples = [RANDOM.integers(0, 5, size=n) for _ in range(3)]

    def best_of_all(sample: Array) -> float:
        total = 0.0
        for signs in itertools.product((-1, 1), repeat=n):
            total += max(sum(s * g[z] for s, z in zip(signs, sample, strict=True)) for g in functions)
        return total / 2**n / n

    holds(
        "rademacher-complexity",
        {
            r"\hat{\mathfrak{R}}_{S}(\mathcal{G})": given("S", function=best_of_all),
            r"\mathfrak{R}_{n}(\mathcal{G})": float(np.mean([best_of_all(one) for one in samples])),
            r"\mathbb{E}_{\boldsymbol{\sigma}}": mean(
                r"\sigma", [np.array(one) for one in itertools.product((-1, 1), repeat=n)]
            ),
            r"\mathbb{E}_{S}": mean("S", samples),
            r"\mathcal{G}": [lambda z, g=g: g[z] for g in functions],
            "S": each(*samples),
            "z": given("S", function=lambda sample: sample),
            "n": n,
        },
    )


def test_rademacher_bound_by_bounded_differences() -> None:
    n, delta, complexity, found = 60, 0.1, 0.07, np.linspace(0.1, 0.5, 60)
    # One sample changes the largest deviation by 1/n, and so the empirical complexity, of which the bound has two.
    once, half = failure(n, delta), failure(n, delta / 2)
    names = {
        "g": lambda z: z,
        "z_{i}": given("i", function=lambda i: found[i - 1]),
        r"\mathfrak{R}_{n}(\mathcal{G})": complexity,
        r"\hat{\mathfrak{R}}_{S}(\mathcal{G})": complexity,
        r"\delta": delta,
        "n": n,
    }
    mean_found = float(found.mean())
    first = {**names, r"\mathbb{E}[g(z)]": each(mean_found + 2 * complexity + once, 0.1)}
    holds("rademacher-bound", first, rows=[1], reached=1e-9)
    second = {**names, r"\mathbb{E}[g(z)]": each(mean_found + 2 * (complexity + half) + half, 0.1)}
    holds("rademacher-bound", second, rows=[2], reached=1e-9)


def pac_bayes_gap(n: int, kl: float, delta: float) -> float:
    """Maurer: exp(n kl) has at most the mean 2√n; Markov gives 1/δ, a change of measure KL, Pinsker 2Δ² for kl."""
    return solved(lambda t: 2 * math.sqrt(n) / delta - math.exp(2 * n * t * t - kl), 0, 1.5)


def test_pac_bayes_by_a_mean_of_exponentials() -> None:
    found = np.array([0.1, 0.2, 0.15])
    for n, delta in ((100, 0.05), (30, 0.3)):
        q, p = distribution(3), distribution(3)
        kl = float(sum(q * np.log(q / p)))
        risks = found + pac_bayes_gap(n, kl, delta) + vector(3) @ (np.eye(3) - q[:, None])
        holds(
            "pac-bayes",
            {
                r"\mathbb{E}_{h \sim Q}": mean("h", range(3), q),
                "R": each(risks.__getitem__, lambda h: found[h] - 0.01),
                r"\hat{R}": found.__getitem__,
                r"D_{\mathrm{KL}}(Q \,\|\, P)": kl,
                r"\delta": delta,
                "n": n,
            },
            reached=1e-6,
            within=1e-6,
        )
