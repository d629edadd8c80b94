"""Risk, regret and large models: by enumeration and by simulation."""

from __future__ import annotations

import itertools
import math
import operator
from functools import partial

import numpy as np

from tests.equations.bindings import (
    Array,
    distribution,
    given,
    holds,
    matrix,
    mean,
    vector,
)
from tests.equations.reference import sigmoid, slope


def test_regret() -> None:
    places, rounds = [vector(2) for _ in range(5)], matrix(4, 2)
    played = [places[k] for k in (1, 3, 0, 2)]
    spent = sum(float((x - z) @ (x - z)) for x, z in zip(played, rounds, strict=True))
    best = min(sum(float((x - z) @ (x - z)) for z in rounds) for x in places)
    holds(
        "regret-definition",
        {
            r"\operatorname{Regret}_{T}": spent - best,
            "f": [lambda x, z=z: float(x @ x - 2 * x @ z + z @ z) for z in rounds],
            r"\mathbf{x}_{t}": given("t", function=lambda t: played[t - 1]),
            r"\mathcal{K}": places,
            "T": 4,
        },
    )


def test_risks() -> None:
    inputs, labels, shares, sample = vector(5), vector(5), distribution(5), [0, 2, 2, 4]
    slopes = [-1.0, 0.2, 0.6, 1.5]
    hypotheses = [partial(operator.mul, s) for s in slopes]

    def found(s: float) -> float:
        return sum((labels[k] - s * inputs[k]) ** 2 for k in sample) / 4

    for penalty in (0.0, 50.0):
        costs = [found(s) + penalty * abs(s) for s in slopes]
        for s, h in zip(slopes, hypotheses, strict=True):
            holds(
                "risk-erm",
                {
                    "R": lambda h: float(sum(shares * (labels - h(inputs)) ** 2)),
                    r"\hat{R}": lambda h: found(slopes[hypotheses.index(h)]),
                    r"\hat{h}": hypotheses[int(np.argmin(costs))],
                    "h": h,
                    r"\mathcal{H}": hypotheses,
                    r"\mathbb{E}_{(\mathbf{x}, y) \sim p_{\mathrm{data}}}": mean(
                        (r"\mathbf{x}", "y"), list(zip(inputs, labels, strict=True)), shares
                    ),
                    r"\mathbf{x}_{i}": given("i", function=lambda i: inputs[sample[i - 1]]),
                    "y_{i}": given("i", function=lambda i: labels[sample[i - 1]]),
                    r"\ell": lambda guess, y: (y - guess) ** 2,
                    r"\lambda": penalty,
                    r"\Omega": lambda h: abs(h(1.0)),
                    "n": 4,
                },
            )
            assert s == h(1.0)


def test_bias_variance_and_noise() -> None:
    fits, shares, truth = vector(4), distribution(4), 0.7
    noises, noise_shares = np.array([-1.0, 0.5, 2.0]), np.array([0.5, 1 / 3, 1 / 6])
    noises = noises - noises @ noise_shares
    pairs = list(itertools.product(fits, noises))
    weights = [a * b for a, b in itertools.product(shares, noise_shares)]
    holds(
        "risk-bias-variance",
        {
            r"\mathbb{E}": mean(("fit", "noise"), pairs, weights),
            r"\hat{f}": given("fit", function=lambda fit: lambda _: fit, is_function=True),
            "f": lambda _: truth,
            "y": given("noise", function=lambda noise: truth + noise),
            r"\mathbf{x}": 0.0,
            r"\sigma^{2}": float(noises**2 @ noise_shares),
        },
    )


def test_tangent_kernel_moves_the_outputs() -> None:
    theta, data, labels = vector(6), matrix(4, 2), vector(4)
    x, other, step = vector(2), vector(2), 1e-6

    def net(theta: Array, x: Array) -> float:
        return float(np.tanh(theta[:4].reshape(2, 2) @ x) @ theta[4:])

    def loss(theta: Array) -> float:
        return sum((net(theta, one) - y) ** 2 for one, y in zip(data, labels, strict=True)) / 8

    flow = -slope(loss, theta)

    def tangent(x: Array) -> Array:
        return slope(lambda theta: net(theta, x), theta)

    kernel = [float(sum(tangent(x) * tangent(one))) for one in (other, *data)]
    holds(
        "ntk-definition",
        {
            r"\Theta(\mathbf{x}, \mathbf{x}')": kernel[0],
            r"\Theta(\mathbf{x}, \mathbf{x}_{i})": given("i", function=lambda i: kernel[i]),
            r"\nabla_{\theta} f_{\theta}": tangent,
            r"\frac{\mathrm{d} f_{\theta}(\mathbf{x})}{\mathrm{d} t}": (
                net(theta + step * flow, x) - net(theta - step * flow, x)
            )
            / (2 * step),
            r"\frac{\partial \ell(f_{\theta}(\mathbf{x}_{i}), y_{i})}{\partial f}": given(
                "i", function=lambda i: net(theta, data[i - 1]) - labels[i - 1]
            ),
            r"\mathbf{x}": x,
            r"\mathbf{x}'": other,
            "n": 4,
        },
        within=1e-5,
    )


def test_double_descent_of_simulated_features() -> None:
    n, noise, signal = 300, 0.8, 1.3
    for p in (90, 210, 500, 1200):
        x = matrix(n, p)
        beta = vector(p)
        beta *= signal / np.linalg.norm(beta)
        inverse = np.linalg.pinv(x)
        missed = beta - inverse @ (x @ beta)
        risk = float(missed @ missed + noise**2 * (inverse**2).sum())
        holds(
            "interp-double-descent",
            {
                r"\lim_{n, p \to \infty} R": risk,
                r"\gamma": p / n,
                r"\sigma": noise,
                "r": signal,
            },
            within=0.05,
        )


def test_steps_come_near_to_a_continuous_function() -> None:
    # A steep sigmoid for each small rise of the function, the first for its value at zero.
    count, steep = 60, 2000.0

    def f(x: Array) -> float:
        return math.cos(5 * float(x[0])) + float(x[0])

    edges = np.arange(count) / count
    rises = np.diff([0.0, *(f(np.array([edge])) for edge in edges)])
    holds(
        "approx-universal",
        {
            "f": f,
            r"[0, 1]^{d}": [np.array([x]) for x in np.linspace(0, 1, 301)],
            r"\alpha": rises,
            r"\sigma": sigmoid,
            r"\mathbf{w}": [np.array([steep])] * count,
            "b": [-steep * (edge - 1e-2) for edge in edges],
            r"\varepsilon": 0.11,
            "N": count,
        },
        rows=[2],
    )
