"""Graphical models by sums over all of their states."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, points, positive, vector

STATES = list(itertools.product((0, 1), repeat=3))


def test_bayesian_network_of_a_collider() -> None:
    first, second = distribution(2), distribution(2)
    last = np.array([[distribution(2) for _ in range(2)] for _ in range(2)])
    joint = np.einsum("a,b,abc->abc", first, second, last)

    def conditional(j: int, x: tuple[int, ...]) -> float:
        """Of a variable given its parents, from the joint alone."""
        if j < 3:
            return float(joint.sum(axis=tuple(k for k in range(3) if k != j - 1))[x[j - 1]])
        return float(joint[x] / joint.sum(axis=2)[x[:2]])

    for x in STATES:
        holds(
            "bayesnet-factorization",
            {
                r"p(x_{1}, \dots, x_{d})": float(joint[x]),
                r"p(x_{j} \mid \mathbf{x}_{\operatorname{pa}(j)})": given(
                    "j", function=lambda j, x=x: conditional(j, x)
                ),
                "d": 3,
            },
        )


def test_autoregressive_likelihood() -> None:
    joint = distribution(2, 2, 2)

    def conditional(i: int, x: tuple[int, ...]) -> float:
        return float(joint[x[: int(i)]].sum() / joint[x[: int(i) - 1]].sum())

    for x in STATES:
        holds(
            "ar-factorization",
            {
                r"p(\mathbf{x})": float(joint[x]),
                r"p(x_{i} \mid x_{1}, \dots, x_{i-1})": given("i", function=lambda i, x=x: conditional(i, x)),
                "D": 3,
            },
        )


def test_energy_based_density_of_a_quartic() -> None:
    at, weights = np.polynomial.legendre.leggauss(120)
    at, weights = 5 * at, 5 * weights

    def energy(x: float) -> float:
        return x**4 / 4 - x * x + 0.3 * x

    # The norm by a plain sum of small steps.
    total = sum(math.exp(-energy(x)) for x in np.arange(-5, 5, 1e-3)) * 1e-3
    holds(
        "ebm-density",
        {
            r"p_{\theta}": lambda x: 1 / (total * math.exp(energy(x))),
            r"E_{\theta}": energy,
            "Z": lambda _: total,
            r"\theta": 0.0,
            r"\mathbf{x}": each(-0.4, 1.2),
        },
        over=[points(r"\mathbf{x}", at, weights)],
        within=1e-6,
    )


def test_markov_field_of_a_chain() -> None:
    one, two = positive(2, 2), positive(2, 2)
    total = float((one @ two).sum())
    tables = {1: one, 2: two}
    places = {1: (0, 1), 2: (1, 2)}

    def part(x: tuple[int, ...], clique: int) -> tuple[int, int]:
        return x[places[clique][0]], x[places[clique][1]]

    holds(
        "mrf-gibbs",
        {
            r"p(\mathbf{x})": given(r"\mathbf{x}", function=lambda x: one[x[0], x[1]] * two[x[1], x[2]] / total),
            "Z": total,
            r"\mathcal{C}": [1, 2],
            r"\phi_{C}": given("C", function=lambda c: lambda x: tables[c][x], is_function=True),
            "E_{C}": given("C", function=lambda c: lambda x: math.log(1 / tables[c][x]), is_function=True),
            r"\mathbf{x}_{C}": given(r"\mathbf{x}", "C", function=part),
            r"\mathbf{x}": each(*STATES),
        },
        over=[points(r"\mathbf{x}", STATES)],
    )


def test_belief_propagation_on_a_tree() -> None:
    # x is in the factors f (with y and z), g and h; y and z have a factor of their own.
    table, of_g, of_h, of_y, of_z = positive(2, 2, 2), positive(2), positive(2), positive(2), positive(2)
    below = np.einsum("xyz,y,z->x", table, of_y, of_z)
    marginal = below * of_g * of_h
    arriving = {"f": below, "g": of_g, "h": of_h}
    for x in (0, 1):
        holds(
            "bp-sum-product",
            {
                r"\mu_{x \to f}(x)": of_g[x] * of_h[x],
                r"\mu_{g \to x}(x)": given("g", function=lambda g, x=x: arriving[g][x]),
                r"\mu_{f \to x}(x)": below[x],
                r"\mu_{y \to f}(y)": given(
                    "y",
                    r"\mathbf{x}_{f} \setminus x",
                    function=lambda y, rest: of_y[rest[0]] if y == "y" else of_z[rest[1]],
                ),
                r"f(\mathbf{x}_{f})": given(
                    r"\mathbf{x}_{f} \setminus x", function=lambda rest, x=x: table[(x, *rest)]
                ),
                r"\operatorname{ne}": lambda node: ["x", "y", "z"] if node == "f" else ["f", "g", "h"],
                r"\setminus": lambda all_, one: [other for other in all_ if other != one],
                r"\{f\}": "f",
                r"\{x\}": "x",
                "f": "f",
                "x": "x",
            },
            over=[points(r"\mathbf{x}_{f} \setminus x", list(itertools.product((0, 1), repeat=2)))],
            rows=[1, 2],
        )
    holds(
        "bp-sum-product",
        {
            "p": lambda x: marginal[x] / marginal.sum(),
            r"\operatorname{ne}": lambda _: ["f", "g", "h"],
            r"\mu_{f \to x}": given("f", function=lambda f: lambda x: arriving[f][x], is_function=True),
            "x": each(0, 1),
        },
        rows=[3],
    )


def test_linear_chain() -> None:
    weights, table, start = vector(2), np.array([matrix(3, 2), matrix(3, 2), matrix(3, 2)]), 2
    inputs = [0, 2, 1, 1]

    def feature(k: int, label: int, before: int, x: int) -> float:
        return float(table[x, before, label]) if k == 1 else float(label * x - before)

    def factor(x: int) -> Array:
        """From each label before to each label, by matrices: the recursion of the forward algorithm."""
        return np.array(
            [[math.exp(sum(weights[k - 1] * feature(k, b, a, x) for k in (1, 2))) for b in (0, 1)] for a in (0, 1, 2)]
        )

    message = factor(inputs[0])[start]
    for x in inputs[1:]:
        message = message @ factor(x)[:2]
    total = float(message.sum())

    def label(y: tuple[int, ...], t: float) -> int:
        return (start, *y)[int(t)]

    for y in ((0, 1, 1, 0), (1, 1, 0, 0)):
        steps = [factor(x)[a, b] for x, (a, b) in zip(inputs, itertools.pairwise((start, *y)), strict=True)]
        holds(
            "crf-linear-chain",
            {
                r"p(\mathbf{y} \mid \mathbf{x})": math.prod(steps) / total,
                "Z": lambda _: total,
                r"\theta": weights,
                "f": [lambda *at: feature(1, *at), lambda *at: feature(2, *at)],
                "y_{t}": given("t", function=lambda t, y=y: label(y, t)),
                "y_{t-1}": given("t", function=lambda t, y=y: label(y, t - 1)),
                "y_{t}'": given(r"\mathbf{y}'", "t", function=label),
                "y_{t-1}'": given(r"\mathbf{y}'", "t", function=lambda y, t: label(y, t - 1)),
                r"\mathbf{x}_{t}": given("t", function=lambda t: inputs[t - 1]),
                r"\mathbf{x}": 0.0,
                "K": 2,
                "T": 4,
            },
            over=[points(r"\mathbf{y}'", list(itertools.product((0, 1), repeat=4)))],
        )


def test_topics_of_a_document() -> None:
    alpha, topics, shares = positive(3) + 1, np.array([distribution(4) for _ in range(3)]), distribution(3)
    z, w = [1, 3, 3, 2], [2, 4, 1, 2]
    gammas = [math.gamma(one) for one in alpha]
    prior = math.gamma(sum(alpha)) / math.prod(gammas) * math.prod(shares ** (alpha - 1))
    expected = prior
    for topic, word in zip(z, w, strict=True):
        expected *= shares[topic - 1] * topics[topic - 1, word - 1]
    holds(
        "topic-lda",
        {
            r"p(\boldsymbol{\theta}, \mathbf{z}, \mathbf{w} \mid \boldsymbol{\alpha}, \boldsymbol{\beta})": expected,
            r"p(\boldsymbol{\theta} \mid \boldsymbol{\alpha})": prior,
            r"p(z_{n} \mid \boldsymbol{\theta})": given("n", function=lambda n: shares[z[n - 1] - 1]),
            r"p(w_{n} \mid z_{n}, \boldsymbol{\beta})": given(
                "n", function=lambda n: topics[z[n - 1] - 1, w[n - 1] - 1]
            ),
            "N": 4,
        },
        rows=[2],
    )
