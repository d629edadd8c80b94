"""Divergences of Pearson, Hellinger and Rényi in closed form, and what processing does to information."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    distribution,
    each,
    given,
    grid,
    holds,
    points,
)
from tests.equations.reference import bell


def information(joint: Array) -> float:
    return float((joint * np.log(joint / np.outer(joint.sum(1), joint.sum(0)))).sum())


def test_data_processing() -> None:
    channels = [distribution(3, 4), distribution(4, 4), np.eye(4)[[2, 0, 3, 1]] + 1e-15]
    start, *kernels = (one / one.sum(1, keepdims=True) for one in channels)
    xy = distribution(3)[:, None] * start
    informations = [information(xy @ kernel) for kernel in kernels]  # the second only gives other names
    holds(
        "info-data-processing",
        {
            r"\to": STATED,
            r"\Longrightarrow": STATED,
            "I(X; Y)": information(xy),
            "I(X; Z)": each(*informations),
            "X": None,
            "Y": None,
            "Z": None,
        },
        reached=1e-9,
    )


def test_chi_square_divergence_as_the_best_signal_to_noise_ratio() -> None:
    # The largest squared difference of the means of one function over its variance under Q.
    p, q = distribution(4), distribution(4)
    away, spread = (p - q)[:3], np.diag(q[:3]) - np.outer(q[:3], q[:3])
    holds(
        "fdiv-chi-square",
        {
            r"\chi^{2}(P \,\|\, Q)": float(away @ np.linalg.solve(spread, away)),
            "p": lambda x: p[x],
            "q": lambda x: q[x],
        },
        over=[points("x", range(4), [1.0] * 4)],
    )


def test_hellinger_distance_of_gaussians() -> None:
    x, weights = grid(-20, 20)
    a, b, s, t = 0.3, -0.6, 0.8, 1.3
    both = s**2 + t**2
    holds(
        "fdiv-hellinger",
        {
            "H^{2}(P, Q)": 2 - 2 * math.sqrt(2 * s * t / both) * math.exp(-((a - b) ** 2) / (4 * both)),
            "p": lambda x: bell(x, a, s),
            "q": lambda x: bell(x, b, t),
        },
        over=[points("x", x, weights)],
    )


def test_bounds_between_divergences() -> None:
    # What the notes say of them, the Hellinger distance in the convention without the half.
    for _ in range(20):
        p, q = distribution(4) ** 3, distribution(4) ** 3
        p, q = p / p.sum(), q / q.sum()
        square, half = float(((np.sqrt(p) - np.sqrt(q)) ** 2).sum()), float(np.abs(p - q).sum()) / 2
        kl, chi = float((p * np.log(p / q)).sum()), float((p**2 / q).sum()) - 1
        assert square / 2 <= half <= math.sqrt(square)
        assert kl <= math.log1p(chi) <= chi


def test_renyi_divergence_of_gaussians() -> None:
    x, weights = grid(-20, 20)
    a, b, s, t = 0.3, -0.4, 0.8, 1.1

    def closed(order: float) -> float:
        mixed = order * t**2 + (1 - order) * s**2
        return math.log(t / s) + math.log(t**2 / mixed) / (2 * (order - 1)) + order * (a - b) ** 2 / (2 * mixed)

    holds(
        "renyi-divergence",
        {
            r"D_{\alpha}(P \,\|\, Q)": given(r"\alpha", function=closed),
            r"\alpha": each(0.4, 1.5),
            "p": lambda x: bell(x, a, s),
            "q": lambda x: bell(x, b, t),
        },
        over=[points("x", x, weights)],
    )


def test_renyi_divergence_at_the_orders_of_the_note() -> None:
    p, q = distribution(4), distribution(4)
    square = float(((np.sqrt(p) - np.sqrt(q)) ** 2).sum())
    kl = float(sum(a * math.log(a / b) for a, b in zip(p, q, strict=True)))
    known = {0.5: -2 * math.log(1 - square / 2), 1 - 1e-6: kl, 1 + 1e-6: kl, 2.0: math.log(float((p**2 / q).sum()))}
    for order, expected in known.items():
        holds(
            "renyi-divergence",
            {
                r"D_{\alpha}(P \,\|\, Q)": expected,
                r"\alpha": order,
                "p": lambda x: p[x],
                "q": lambda x: q[x],
            },
            over=[points("x", range(4), [1.0] * 4)],
            within=1e-5,
        )
