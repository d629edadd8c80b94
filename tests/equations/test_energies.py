"""Networks with an energy, and layers whose gradients or sizes are counted."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    each,
    given,
    holds,
    matrix,
    points,
    vector,
)
from tests.equations.reference import slope, softmax


def test_mish_as_a_ratio_of_polynomials() -> None:
    for x in (-3.0, -1.19, 0.0, 0.7, 2.5):
        n = math.exp(x) * (math.exp(x) + 2)  # tanh(log u) = (u² − 1)/(u² + 1)
        holds(
            "act-mish",
            {
                r"\operatorname{Mish}": lambda x, n=n: x * n / (n + 2),
                r"\zeta": lambda x: math.log1p(math.exp(x)),
                "x": x,
            },
        )


def test_weight_normalisation_by_differences() -> None:
    v, g, target = vector(4), 1.7, vector(4)

    def loss(w: Array) -> float:
        return float(np.sum((w - target) ** 3) + np.cos(w).sum())

    def weights(v: Array, g: float) -> Array:
        return g * v / math.sqrt(sum(v * v))

    w = weights(v, g)
    by_g = slope(lambda one: loss(weights(v, one[0])), np.array([g]))[0]
    holds(
        "norm-weight",
        {
            r"\mathbf{w}": w,
            r"\mathbf{v}": v,
            "g": g,
            r"\nabla_{\mathbf{w}} \mathcal{L}": slope(loss, w),
            r"\nabla_{\mathbf{v}} \mathcal{L}": slope(lambda v: loss(weights(v, g)), v),
            r"\nabla_{g} \mathcal{L}": by_g,
        },
        within=1e-6,
    )


def test_size_of_a_transposed_convolution_by_spreading_the_input() -> None:
    for i, s, p, d, k, a in ((4, 2, 1, 1, 3, 1), (5, 1, 0, 2, 3, 0), (3, 3, 2, 2, 4, 2)):
        touched = {at * s + d * tap for at in range(i) for tap in range(k)}
        size = max(touched) + 1 - 2 * p + a
        # The convolution leads back from there.
        starts = [at for at in range(-p, size + p, s) if at + d * (k - 1) < size + p]
        assert len(starts) == i
        holds("conv-transposed-size", {"o": size, "i": i, "s": s, "p": p, "d": d, "k": k, "a": a})


def hopfield() -> tuple[Array, float, Callable[[Array], float]]:
    patterns, beta = matrix(3, 5), 1.3
    longest = max(math.sqrt(sum(x * x)) for x in patterns.T)

    def energy(state: Array) -> float:
        scores = [float(x @ state) for x in patterns.T]
        weighed = math.log(sum(math.exp(beta * one) for one in scores) / 5) / beta
        return -weighed + float(state @ state) / 2 + longest**2 / 2

    return patterns, beta, energy


def test_hopfield_update_is_a_step_down_the_energy() -> None:
    patterns, beta, energy = hopfield()
    state = vector(3)
    new = state - slope(energy, state)
    names = {
        "E": energy,
        r"\boldsymbol{\xi}": state,
        r"\boldsymbol{\xi}^{\mathrm{new}}": new,
        r"\mathbf{X}": patterns,
        r"\mathbf{x}": list(patterns.T),
        r"\beta": beta,
        "N": 5,
        "M": max(math.sqrt(sum(x * x)) for x in patterns.T),
        r"\operatorname{softmax}": softmax,
    }
    holds("hopfield-update", names, over=[points("i", range(1, 6))], within=1e-6)
    assert 0 <= energy(new) <= energy(state)


def test_restricted_boltzmann_machine_by_enumeration() -> None:
    w, b, c = matrix(3, 2), vector(3), vector(2)
    seen = [np.array(bits, float) for bits in itertools.product((0, 1), repeat=3)]
    hidden = [np.array(bits, float) for bits in itertools.product((0, 1), repeat=2)]

    def energy(v: Array, h: Array) -> float:
        pairs = sum(w[i, j] * v[i] * h[j] for i in range(3) for j in range(2))
        return -sum(b[i] * v[i] for i in range(3)) - sum(c[j] * h[j] for j in range(2)) - pairs

    weight = {(tuple(v), tuple(h)): math.exp(-energy(v, h)) for v in seen for h in hidden}
    total = sum(weight.values())
    v, h = seen[5], hidden[1]

    def hidden_on(j: int) -> float:
        given_v = {key: one for key, one in weight.items() if key[0] == tuple(v)}
        return sum(one for key, one in given_v.items() if key[1][j - 1]) / sum(given_v.values())

    def seen_on(i: int) -> float:
        given_h = {key: one for key, one in weight.items() if key[1] == tuple(h)}
        return sum(one for key, one in given_h.items() if key[0][i - 1]) / sum(given_h.values())

    names = {
        "E": energy,
        r"\mathbf{b}": b,
        r"\mathbf{c}": c,
        r"\mathbf{W}": w,
        "b": b,
        "c": c,
        "W": w,
        "Z": total,
    }
    state = {r"\mathbf{v}": v, r"\mathbf{h}": h}
    holds("rbm-energy", {**names, **state}, rows=[1])
    holds(
        "rbm-energy",
        {**names, **state, "p": lambda v, h: weight[tuple(v), tuple(h)] / total},
        over=[points(r"\mathbf{v}", seen), points(r"\mathbf{h}", hidden)],
        rows=[2],
    )
    holds(
        "rbm-energy",
        {
            **names,
            r"p(h_{j} = 1 \mid \mathbf{v})": given("j", function=hidden_on),
            r"p(v_{i} = 1 \mid \mathbf{h})": given("i", function=seen_on),
            "v": v,
            "h": h,
            r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
            "i": each(1, 2, 3),
            "j": each(1, 2),
        },
        over=[points("i", range(1, 4)), points("j", range(1, 3))],
        rows=[3],
    )


def test_router_z_loss_from_the_probabilities() -> None:
    logits = matrix(4, 3)
    # The denominator is what the exponential of a logit is divided by.
    denominators = [math.exp(row[0]) / softmax(row)[0] for row in logits]
    expected = sum(math.log(one) ** 2 for one in denominators) / 4
    holds("moe-z-loss", {r"\mathcal{L}_{z}": expected, "x": logits, "B": 4, "N": 3})
