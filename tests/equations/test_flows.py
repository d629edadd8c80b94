"""Flows by the density they lead to, and the noise levels of diffusion."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    each,
    given,
    holds,
    matrix,
    vector,
)


def test_flow_log_likelihood() -> None:
    # Three linear maps of a standard Gaussian make a Gaussian.
    maps = [matrix(2, 2) for _ in range(3)]
    f = [lambda z, one=one: one @ z for one in maps]
    path = [vector(2)]
    for one in maps:
        path.append(one @ path[-1])
    together = maps[2] @ maps[1] @ maps[0]
    spread = together @ together.T
    density = math.exp(-path[3] @ np.linalg.solve(spread, path[3]) / 2) / math.sqrt(np.linalg.det(2 * np.pi * spread))
    names = {r"\mathbf{x}": path[3], r"\mathbf{z}": dict(enumerate(path)), "f": f, "K": 3}
    composed = {r"\cdots": f[1], r"\circ": lambda f, g: (lambda z: f(g(z))) if callable(g) else f(g)}
    holds("flow-log-likelihood", {**names, **composed, "k": each(1, 2, 3)}, rows=[1])
    holds(
        "flow-log-likelihood",
        {
            **names,
            "p": lambda _: density,
            "p_{0}": lambda z: math.exp(-z @ z / 2) / (2 * math.pi),
            r"\frac{\partial f_{k}(\mathbf{z}_{k-1})}{\partial \mathbf{z}_{k-1}}": given(
                "k", function=lambda k: maps[k - 1]
            ),
        },
        rows=[2],
    )


def test_coupling_layer() -> None:
    x = vector(5)

    def scale(first: Array) -> Array:
        return np.array([math.sin(first[0]), first[1], first[0] * first[1]])

    def shift(first: Array) -> Array:
        return np.array([first[1], first[0], 1.0])

    def layer(x: Array) -> Array:
        return np.concatenate([x[:2], [x[2 + j] * math.exp(scale(x[:2])[j]) + shift(x[:2])[j] for j in range(3)]])

    jacobian = np.array([(layer(x + h) - layer(x - h)) / 2e-5 for h in 1e-5 * np.eye(5)]).T
    holds(
        "flow-realnvp",
        {
            r"\mathbf{x}_{1:d}": x[:2],
            r"\mathbf{x}_{d+1:D}": x[2:],
            r"\mathbf{y}_{1:d}": layer(x)[:2],
            r"\mathbf{y}_{d+1:D}": layer(x)[2:],
            r"\frac{\partial \mathbf{y}}{\partial \mathbf{x}^{\top}}": jacobian,
            "s": scale,
            "t": shift,
            "d": 2,
            "D": 5,
        },
        within=1e-6,
    )


def test_masked_autoregressive_flow() -> None:
    u = vector(3)
    x = np.zeros(3)

    def mean_(first: Array) -> float:
        return float(np.sin(first).sum())

    def log_scale(first: Array) -> float:
        return float(0.3 * first.sum() - 0.1)

    for i in range(3):
        x[i] = u[i] * math.exp(log_scale(x[:i])) + mean_(x[:i])

    def back(x: Array) -> Array:
        return np.array([(x[i] - mean_(x[:i])) / math.exp(log_scale(x[:i])) for i in range(3)])

    jacobian = np.array([(back(x + h) - back(x - h)) / 2e-5 for h in 1e-5 * np.eye(3)]).T
    density = math.exp(-u @ u / 2) / (2 * math.pi) ** 1.5 * abs(np.linalg.det(jacobian))
    holds(
        "flow-maf",
        {
            "x": x,
            r"\mathbf{x}": x,
            "u": u,
            r"\mu": [mean_(x[:i]) for i in range(3)],
            r"\alpha": [log_scale(x[:i]) for i in range(3)],
            r"f_{\mu_{i}}": mean_,
            r"f_{\alpha_{i}}": log_scale,
            r"\mathbf{x}_{1:i-1}": given("i", function=lambda i: x[: i - 1]),
            r"\mathcal{N}": lambda x, m, v: math.exp(-((x - m) ** 2) / (2 * v)) / math.sqrt(2 * math.pi * v),
            "p": lambda _: density,
            "D": 3,
            "i": each(1, 3),
            r"\sim": STATED,
        },
        within=1e-6,
    )


def test_bits_per_dimension() -> None:
    # A uniform density on the unit cube needs eight bits for each of 256 levels.
    holds("flow-bits-per-dim", {r"\mathrm{BPD}": 8 - 1.3, r"p(\mathbf{x})": 2 ** (1.3 * 12), "D": 12})


def test_preconditioning_keeps_the_variance() -> None:
    sigma, data, x = 0.7, 0.5, vector(2)

    def network(x: Array, noise: float) -> Array:
        return np.tanh(x) + noise

    total = math.hypot(sigma, data)
    shrunk = (data / total) ** 2
    out = sigma * data / total
    holds(
        "edm-preconditioning",
        {
            r"D_{\theta}": lambda x, _: shrunk * x + out * network(x / total, math.log(sigma) / 4),
            r"F_{\theta}": network,
            r"c_{\mathrm{skip}}": lambda _: shrunk,
            r"c_{\mathrm{out}}": lambda _: out,
            r"c_{\mathrm{in}}": lambda _: 1 / total,
            r"c_{\mathrm{noise}}": lambda _: math.log(sigma) / 4,
            r"\mathbf{x}": x,
            r"\sigma": sigma,
            r"\sigma_{\mathrm{data}}": data,
        },
    )


def test_noise_levels_between_the_ends() -> None:
    low, high, rho, n = 0.002, 80.0, 7.0, 5
    roots = np.linspace(high ** (1 / rho), low ** (1 / rho), n)
    holds(
        "edm-schedule",
        {
            r"\sigma": {i: root**rho for i, root in enumerate(roots)} | {n: 0.0},
            r"\sigma_{\max}": high,
            r"\sigma_{\min}": low,
            r"\rho": rho,
            "N": n,
            "i": each(0, 2, 4),
        },
    )


def test_guidance() -> None:
    with_, without = vector(2), vector(2)

    def noise(_: float, *condition: float) -> Array:
        return with_ if condition else without

    shared = {r"\boldsymbol{\epsilon}_{\theta}": noise, r"\mathbf{x}_{t}": 0, r"\mathbf{c}": 0}
    ahead = with_ + 1.5 * (with_ - without)
    holds("guidance-cfg", {**shared, r"\tilde{\boldsymbol{\epsilon}}_{\theta}": lambda *_: ahead, "w": 1.5})
    holds("guidance-cfg-scale", {**shared, r"\tilde{\boldsymbol{\epsilon}}_{\theta}": lambda *_: ahead, "s": 2.5})
