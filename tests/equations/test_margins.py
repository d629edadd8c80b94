"""Margins and kernels: primal against dual, spectra against samples."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np

from tests.equations.bindings import (
    RANDOM,
    Array,
    each,
    given,
    grid,
    holds,
    mean,
    points,
    vector,
)
from tests.equations.reference import always, density

X = np.array([[2.0, 1.0], [1.5, 2.5], [3.0, 2.0], [-1.0, -0.5], [0.2, -1.3], [-0.5, 0.4]])
Y = np.array([1.0, 1.0, 1.0, -1.0, -1.0, -1.0])


def best_dual(x: Array, y: Array, cost: float) -> Array:
    """Pair by pair: each step is exact for two multipliers while the others stay."""
    alpha, kernel = np.zeros(len(y)), x @ x.T
    for _ in range(400):
        for i, j in itertools.combinations(range(len(y)), 2):
            error = kernel @ (alpha * y) - y
            bend = kernel[i, i] + kernel[j, j] - 2 * kernel[i, j]
            low = max(-y[i] * alpha[i] if y[i] > 0 else alpha[i] - cost, alpha[j] - cost if y[j] > 0 else -alpha[j])
            high = min(cost - alpha[i] if y[i] > 0 else alpha[i], alpha[j] if y[j] > 0 else cost - alpha[j])
            step = min(max((error[j] - error[i]) / bend, low), high)
            alpha[i] += y[i] * step
            alpha[j] -= y[j] * step
    return alpha


def distance_of_hulls() -> float:
    """Of the two triangles: from a corner of one to an edge of the other."""
    found = []
    for corners, others in ((X[:3], X[3:]), (X[3:], X[:3])):
        for corner, (a, b) in itertools.product(corners, itertools.combinations(others, 2)):
            share = min(1.0, max(0.0, float((corner - a) @ (b - a) / ((b - a) @ (b - a)))))
            found.append(math.dist(corner, a + share * (b - a)))
    return min(found)


def test_hard_margin_is_half_the_distance_of_the_hulls() -> None:
    alpha = best_dual(X, Y, 1e3)
    w = (alpha * Y) @ X
    b = float(Y[np.argmax(alpha)] - w @ X[np.argmax(alpha)])
    holds(
        "svm-hard-margin",
        {
            r"\mathbf{w}": w,
            "b": b,
            "y": Y,
            r"\mathbf{x}": X,
            "n": 6,
            "i": each(1, 2, 3, 4, 5, 6),
        },
        over=[points((r"\mathbf{w}", "b"), [(w, b), (1.1 * w, b), (2 * w, 1.5 * b)])],
        objective=1 / (2 * (distance_of_hulls() / 2) ** 2),
        reached=1e-6,
        within=1e-6,
    )


def test_soft_margin_and_its_dual_have_the_same_value() -> None:
    x, cost = X * 0.5 + np.array([[0.0, 0.0]] * 5 + [[1.4, 0.9]]), 0.8
    alpha = best_dual(x, Y, cost)
    w = (alpha * Y) @ x
    free = next(k for k in range(6) if 1e-6 < alpha[k] < cost - 1e-6)
    b = float(Y[free] - w @ x[free])
    slack = np.array([max(0.0, 1 - y * float(w @ one + b)) for y, one in zip(Y, x, strict=True)])
    assert slack.max() > 0.1
    kernel = x @ x.T
    dual = float(alpha.sum() - (alpha * Y) @ kernel @ (alpha * Y) / 2)
    primal = float(w @ w / 2 + cost * slack.sum())
    names = {"y": Y, "C": cost, "b": b, "n": 6, "i": each(1, 2, 3, 4, 5, 6)}
    other = np.array([max(0.0, 1 - y * float(1.2 * w @ one + b)) for y, one in zip(Y, x, strict=True)])
    candidates = [(w, b, slack), (1.2 * w, b, other), (w, b, slack + 0.1)]
    holds(
        "svm-soft-margin",
        {
            **names,
            r"\mathbf{w}": w,
            r"\mathbf{x}": x,
            r"\xi_{i}": given(r"\boldsymbol{\xi}", "i", function=lambda s, i: s[i - 1]),
            r"\boldsymbol{\xi}": slack,
        },
        over=[points((r"\mathbf{w}", "b", r"\boldsymbol{\xi}"), candidates)],
        objective=dual,
        reached=1e-6,
        within=1e-6,
    )
    holds(
        "svm-dual",
        {
            **names,
            r"\boldsymbol{\alpha}": alpha,
            r"\alpha_{i}": given(r"\boldsymbol{\alpha}", "i", function=lambda a, i: a[i - 1]),
            r"\alpha_{j}": given(r"\boldsymbol{\alpha}", "j", function=lambda a, j: a[j - 1]),
            "k": lambda a, b: float(a @ b),
            r"\mathbf{x}_{i}": given("i", function=lambda i: x[i - 1]),
            r"\mathbf{x}_{j}": given("j", function=lambda j: x[j - 1]),
            r"\mathbf{x}": np.array([0.3, -0.7]),
            "f": always(float(w @ [0.3, -0.7]) + b),
        },
        over=[points(r"\boldsymbol{\alpha}", [alpha, 0.9 * alpha, 0.5 * alpha])],
        objective=primal,
        within=1e-6,
    )


# Kernels


def bessel(order: float, z: float) -> float:
    """Of the second kind, modified, by its integral."""
    t, weights = grid(0, 12)
    return float(sum(weights * np.exp(-z * np.cosh(t)) * np.cosh(order * t)))


def test_matern_kernel_of_half_orders() -> None:
    x, other, scale = vector(3), vector(3), 0.8
    r = math.dist(x, other)
    s = {nu: math.sqrt(2 * nu) * r / scale for nu in (0.5, 1.5, 2.5)}
    known = {
        0.5: math.exp(-s[0.5]),
        1.5: (1 + s[1.5]) * math.exp(-s[1.5]),
        2.5: (1 + s[2.5] + s[2.5] ** 2 / 3) * math.exp(-s[2.5]),
    }
    for nu, expected in known.items():
        holds(
            "kernel-matern",
            {
                "k": always(expected),
                r"K_{\nu}": partial(bessel, nu),
                r"\Gamma": math.gamma,
                r"\nu": nu,
                r"\ell": scale,
                "r": r,
                r"\mathbf{x}": x,
                r"\mathbf{x}'": other,
            },
        )


def test_random_fourier_features() -> None:
    scale, size, x = 0.7, 200000, vector(2)
    other = x + np.array([0.4, -0.2])
    frequencies, phases = RANDOM.normal(size=(size, 2)) / scale, RANDOM.uniform(0, 2 * math.pi, size)

    def feature(x: Array) -> Array:
        return np.asarray(math.sqrt(2 / size) * np.cos(frequencies @ x + phases))

    cosines = r"\bigl[ \cos(\boldsymbol{\omega}_{1}^{\top} \mathbf{x} + b_{1}), \dots, \cos(\boldsymbol{\omega}_{D}^{\top} \mathbf{x} + b_{D}) \bigr]^{\top}"
    holds(
        "kernel-rff",
        {
            "k": lambda d: math.exp(-float(d @ d) / (2 * scale**2)),
            r"\boldsymbol{\phi}": feature,
            cosines: np.cos(frequencies @ x + phases),
            r"\mathbf{x}": x,
            r"\mathbf{x}'": other,
            r"\approx": lambda one, two: abs(one - two) < 0.01,
            "D": size,
        },
        rows=[1, 2],
    )
    places, weights = grid(-8, 8)
    for frequency in (0.0, 0.9, -1.7):
        holds(
            "kernel-rff",
            {
                "p": lambda w: density(np.array([w]), np.zeros(1), np.eye(1) / scale**2),
                "k": lambda d: math.exp(-d * d / (2 * scale**2)),
                r"\mathrm{e}": math.e,
                r"\mathrm{i}": 1j,
                r"\boldsymbol{\omega}_{j}": 0.0,
                r"\boldsymbol{\omega}": frequency,
                "b_{j}": 0.0,
                r"\mathcal{U}": lambda low, high: (low, high),
                r"\sim": lambda _, law: not isinstance(law, tuple) or np.allclose(law, (0, math.tau)),
                "d": 1,
            },
            over=[points(r"\boldsymbol{\delta}", places, weights)],
            rows=[3],
        )


def test_prior_of_random_lines() -> None:
    # Functions a + b x with independent a and b, whose covariance follows from their variances.
    lines = [(a, b) for a in (-1.0, 0.5, 2.0) for b in (-2.0, 0.0, 1.0)]
    middle, spread = np.mean(lines, axis=0), np.var(lines, axis=0)
    noise = 0.2 * vector(50)
    x, other = 0.7, -1.2
    holds(
        "gp-prior",
        {
            "f": given("line", function=lambda line: lambda x: line[0] + line[1] * x, is_function=True),
            "m": lambda x: middle[0] + middle[1] * x,
            "k": lambda x, y: spread[0] + spread[1] * x * y,
            r"\mathbb{E}": mean("line", lines),
            r"\mathbf{x}": x,
            r"\mathbf{x}'": other,
            "line": lines[0],
        },
        rows=[2, 3],
    )
    holds(
        "gp-prior",
        {
            "y": 1.1 + noise,
            "f": always(1.1 * np.ones(50)),
            r"\epsilon": noise,
            r"\mathbf{x}": x,
            r"\sim": lambda sample, variance: bool(np.isclose(sample.var(), variance)),
            r"\mathcal{N}": lambda _, variance: variance,
            r"\sigma_{n}": float(noise.std()),
        },
        rows=[4],
    )
