"""Normalisation against the mean and the mean square."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    positive,
    vector,
)


def test_batch_normalisation() -> None:
    x, gamma, beta, epsilon = vector(6), 1.7, -0.4, 0.01
    mean_ = sum(x) / 6
    variance = sum(one * one for one in x) / 6 - mean_**2
    normal = [(one - mean_) / math.sqrt(variance + epsilon) for one in x]
    holds(
        "norm-batch",
        {
            r"\mu_{\mathcal{B}}": mean_,
            r"\sigma_{\mathcal{B}}": math.sqrt(variance),
            "x": x,
            r"\hat{x}": np.array(normal),
            "y": np.array([gamma * one + beta for one in normal]),
            r"\gamma": gamma,
            r"\beta": beta,
            r"\epsilon": epsilon,
            "m": 6,
            "i": each(1, 4),
        },
    )


def test_batch_normalisation_at_inference() -> None:
    means, deviations, m = vector(3), positive(3), 4
    mean_ = sum(means) / 3
    variance = sum(s * s for s in deviations) / 3 * 4 / 3
    x, gamma, beta, epsilon = 0.7, 1.7, -0.4, 0.01
    holds(
        "norm-batch-inference",
        {
            r"\mathbb{E}[x]": mean_,
            r"\operatorname{Var}[x]": variance,
            r"\mathbb{E}_{\mathcal{B}}": mean(
                (r"\mu_{\mathcal{B}}", r"\sigma_{\mathcal{B}}"), list(zip(means, deviations, strict=True))
            ),
            "m": m,
            "x": x,
            "y": gamma * (x - mean_) / math.sqrt(variance + epsilon) + beta,
            r"\gamma": gamma,
            r"\beta": beta,
            r"\epsilon": epsilon,
        },
    )


def test_layer_normalisation() -> None:
    x, gamma, beta = vector(5), vector(5), vector(5)
    mean_ = sum(x) / 5
    deviation = math.sqrt(sum(one * one for one in x) / 5 - mean_**2)
    holds(
        "norm-layer",
        {
            r"\mu": mean_,
            r"\sigma": deviation,
            "x": x,
            r"\mathbf{x}": x,
            r"\mathbf{y}": np.array([gamma[i] * (x[i] - mean_) / deviation + beta[i] for i in range(5)]),
            r"\boldsymbol{\gamma}": gamma,
            r"\boldsymbol{\beta}": beta,
            "d": 5,
        },
        elementwise=True,
    )


def test_rms_normalisation() -> None:
    x, gamma = vector(5), vector(5)
    rms = math.hypot(*x) / math.sqrt(5)
    holds(
        "norm-rms",
        {
            "y": gamma * x / rms,
            "x": x,
            r"\mathbf{x}": x,
            r"\operatorname{RMS}": lambda _: rms,
            r"\gamma": gamma,
            "d": 5,
            "i": each(1, 5),
        },
    )


def test_group_normalisation() -> None:
    # Two examples of four channels in two groups, each with two places.
    x, epsilon = vector(16), 0.01
    layout = list(itertools.product((0, 1), range(4), (0, 1)))
    example, channel = ({k: one[at] for k, one in enumerate(layout, 1)} for at in (0, 1))
    scale, shift = dict(enumerate(vector(4))), dict(enumerate(vector(4)))
    grouped = x.reshape(2, 2, 4)
    whole = (grouped - grouped.mean(-1, keepdims=True)) / np.sqrt(grouped.var(-1, keepdims=True) + epsilon)
    normal = whole.ravel()
    for i in (3, 9, 16):
        group = [k for k, (n, c, _) in enumerate(layout, 1) if n == example[i] and c // 2 == channel[i] // 2]
        values = x[np.array(group) - 1]
        holds(
            "norm-group",
            {
                r"\mu_{i}": sum(values) / 4,
                r"\sigma_{i}": math.sqrt(np.var(values) + epsilon),
                r"\mathcal{S}_{i}": group,
                "x": x,
                "y": {i: scale[channel[i]] * normal[i - 1] + shift[channel[i]]},
                r"\gamma": scale,
                r"\beta": shift,
                "i_{N}": example[i],
                "i_{C}": channel[i],
                "k_{N}": given("k", function=lambda k: example[k]),
                "k_{C}": given("k", function=lambda k: channel[k]),
                "C": 4,
                "G": 2,
                "m": 4,
                "i": i,
                r"\epsilon": epsilon,
            },
            over=[points("k", range(1, 17))],
        )


def test_spectral_normalisation_at_its_fixed_point() -> None:
    w = matrix(3, 2)
    left, sizes, right = np.linalg.svd(w)
    shared = {r"\mathbf{W}": w, r"\tilde{\mathbf{u}}": left[:, 0], r"\tilde{\mathbf{v}}": right[0]}
    holds(
        "norm-spectral",
        {**shared, r"\bar{\mathbf{W}}_{\mathrm{SN}}": w / sizes[0], r"\sigma": lambda _: sizes[0]},
        after={r"\tilde{\mathbf{v}}": right[0], r"\tilde{\mathbf{u}}": left[:, 0]},
    )


def test_dropout_keeps_the_mean() -> None:
    h, p = vector(3), 0.3
    for kept in itertools.product((0.0, 1.0), repeat=3):
        scaled = np.array([h[j] / (1 - p) if kept[j] else 0 for j in range(3)])
        holds(
            "dropout-inverted",
            {r"\tilde{\mathbf{h}}": scaled, r"\mathbf{r}": np.array(kept), r"\mathbf{h}": h, "p": p},
            rows=[2],
        )
    holds(
        "dropout-inverted",
        {"r_{j}": 0, r"\operatorname{Bernoulli}": lambda q: q, r"\sim": lambda _, q: math.isclose(q, 0.7), "p": p},
        rows=[1],
    )
