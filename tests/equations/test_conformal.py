"""Prediction sets over all orders of the data, calibrated probabilities and forecasts."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    Array,
    chance,
    distribution,
    each,
    given,
    holds,
    matrix,
    points,
    positive,
    vector,
)
from tests.equations.reference import always, softmax


def smallest_of(scores: Array, level: float) -> float:
    """The first score, from below, that is at least as large as this share of all."""
    return next(float(one) for one in sorted(scores) if np.mean(scores <= one) >= level - 1e-12)


def test_split_conformal_coverage() -> None:
    scores = np.sort(positive(10))
    n = 9
    # At 0.2 the lower bound is reached, just below it the upper one.
    for alpha in (0.2, 0.2 - 1e-9, 0.37):

        def threshold(test: int, alpha: float = alpha) -> float:
            rank = next(k for k in range(n + 2) if k >= (n + 1) * (1 - alpha) - 1e-12)
            return float(np.delete(scores, test)[rank - 1])

        sets = {test: [float(s) for s in scores if s <= threshold(test)] for test in range(n + 1)}
        holds(
            "conformal-split",
            {
                r"\hat{q}": threshold(3),
                r"\operatorname{Quantile}": smallest_of,
                r"s_{1}, \ldots, s_{n}": np.delete(scores, 3),
                "s_{i}": given("i", function=lambda i: np.delete(scores, 3)[i - 1]),
                "s": lambda _, y: y,
                r"\mathbf{x}_{i}": 0.0,
                "y_{i}": given("i", function=lambda i: np.delete(scores, 3)[i - 1]),
                r"\mathcal{C}(\mathbf{x})": sets[3],
                r"\mathbf{x}": 0.0,
                r"\mathbb{P}": chance("test", range(n + 1)),
                "y_{n+1}": given("test", function=lambda test: float(scores[test])),
                r"\mathcal{C}(\mathbf{x}_{n+1})": given("test", function=sets.__getitem__),
                r"\alpha": alpha,
                "n": n,
                "i": each(1, 5),
            },
            over=[points("y", [float(s) for s in scores])],
        )


def test_split_conformal_bounds_are_reached() -> None:
    for n, alpha in ((9, each(0.2, 0.2 - 1e-9)), (3, each(0.5, 0.5 - 1e-9))):
        scores = list(range(n + 1))

        def covered(test: int, alpha: float, scores: list[int] = scores) -> list[int]:
            others = [one for one in scores if one != test]
            return [one for one in scores if one <= others[math.ceil(len(scores) * (1 - alpha) - 1e-12) - 1]]

        holds(
            "conformal-split",
            {
                r"\mathbb{P}": chance("test", scores),
                "y_{n+1}": given("test", function=lambda test: test),
                r"\mathcal{C}(\mathbf{x}_{n+1})": given("test", r"\alpha", function=covered),
                r"\alpha": alpha,
                "n": n,
            },
            rows=[3],
            reached=1e-6,
        )


def test_conformal_quantile_regression() -> None:
    for y in (-1.0, 0.4, 2.5):
        low, high = -0.3, 1.1
        # The least widening, negative for a narrowing, that lets the band hold y.
        widening = next(w for w in np.arange(-3, 3, 1e-4) if low - w <= y <= high + w)
        holds(
            "conformal-cqr",
            {
                "s_{i}": widening,
                "y_{i}": y,
                r"\hat{q}_{\mathrm{lo}}": always(low),
                r"\hat{q}_{\mathrm{hi}}": always(high),
                r"\mathbf{x}_{i}": 0.0,
                r"\mathbf{x}": 0.0,
                r"\mathcal{C}": always((-0.3 - 0.25, 1.1 + 0.25)),
                "Q": 0.25,
            },
            within=2e-4,
        )


def test_adaptive_prediction_sets() -> None:
    p, u = distribution(5), 0.3
    larger = {y: float(sum(p[p > p[y - 1]])) for y in range(1, 6)}
    scores = {y: larger[y] + (1 - u) * p[y - 1] for y in larger}
    edge = sorted(scores.values())[2]
    holds(
        "conformal-aps",
        {
            "s": lambda _, y, __: scores[y],
            r"\hat{\pi}_{(j)}": given("j", function=lambda j: always(sorted(p)[-j]), is_function=True),
            r"\hat{\pi}_{y}": given("y", function=lambda y: always(p[y - 1]), is_function=True),
            "r": lambda _, y: 1 + sum(p > p[y - 1]),
            r"\mathbf{x}": 0.0,
            r"\mathcal{C}": always([y for y in scores if scores[y] <= edge]),
            r"\hat{q}": edge,
            "u": u,
            "y": each(1, 2, 3, 4, 5),
            r"\sim": lambda _, ends: ends == (0, 1),
            r"\mathcal{U}": lambda low, high: (low, high),
        },
        over=[points("y", range(1, 6))],
    )


def test_dropout_at_test_time() -> None:
    passes, precision = matrix(6, 2), 2.5
    middle = passes.sum(0) / 6
    spread = sum(np.outer(one - middle, one - middle) for one in passes) / 6
    holds(
        "uq-mc-dropout",
        {
            r"\mathbb{E}[\mathbf{y}]": middle,
            r"\operatorname{Var}[\mathbf{y}]": spread + np.diag([1 / precision] * 2),
            r"\bar{\mathbf{y}}": middle,
            r"\hat{\mathbf{y}}": [always(one) for one in passes],
            r"\mathbf{x}": 0.0,
            r"\mathbf{I}": np.eye(2),
            r"\tau": precision,
            "T": 6,
        },
    )


def test_temperature() -> None:
    logits, candidates = 4 * matrix(8, 3), [float(t) for t in np.linspace(0.2, 12, 400)]
    labels = [1 + int(np.argmax(z + 3 * vector(3))) for z in logits]

    def loss(t: float) -> float:
        return sum(
            math.log(sum(math.exp((one - z[y - 1]) / t) for one in z)) for z, y in zip(logits, labels, strict=True)
        )

    best = min(candidates, key=loss)
    assert candidates[0] < best < candidates[-1]
    holds(
        "uq-temperature",
        {
            r"\hat{\mathbf{p}}": [np.exp(z / best) / sum(np.exp(z / best)) for z in logits],
            r"\operatorname{softmax}": softmax,
            r"\mathbf{z}": logits,
            "y": labels,
            "T": best,
            "n": 8,
            "i": each(1, 4),
        },
        over=[points(r"\tau", [-1.0, *candidates])],
    )


def test_arima_by_power_series() -> None:
    # The series Σ yₜ zᵗ of a path that starts at rest: the backshift is a product with z, a constant c Σ zᵗ.
    length, z, c = 60, 0.3, 0.7
    phi, theta, noise = [0.5, -0.3], [0.4, 0.2, -0.6], vector(60)
    for d in (0, 1, 2):
        path = np.zeros(length)
        for t in range(length):
            path[t] = c + noise[t]
            path[t] += sum(a * path[t - lag] for lag, a in enumerate(phi, 1) if t >= lag)
            path[t] += sum(a * noise[t - lag] for lag, a in enumerate(theta, 1) if t >= lag)
        for _ in range(d):
            path = np.cumsum(path)
        powers = z ** np.arange(length)
        holds(
            "ts-arima",
            {
                "y_{t}": float(path @ powers),
                "y_{t-1}": float(path[:-1] @ powers[1:]),
                r"\varepsilon_{t}": float(noise @ powers),
                "B": z,
                "c": c * float(powers.sum()),
                r"\phi": phi,
                r"\theta": theta,
                "p": 2,
                "q": 3,
                "d": d,
            },
        )
