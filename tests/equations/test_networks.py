"""Convolutions, cells and networks against loops over single numbers, gradients against differences."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    distribution,
    each,
    given,
    holds,
    matrix,
    points,
    vector,
)
from tests.equations.reference import sigmoid

# Convolution


def test_convolution_by_sliding() -> None:
    x, w, bias, stride, pad = RNG_IMAGE, RNG_KERNEL, np.array([0.3, -0.2]), 2, 1
    padded = np.zeros((2, 7, 7))
    padded[:, 1:6, 1:6] = x
    result = np.array(
        [
            [[bias[i] + (padded[:, j : j + 3, k : k + 2] * w[i]).sum() for k in (0, 2, 4)] for j in (0, 2, 4)]
            for i in range(2)
        ]
    )
    holds(
        "conv-2d",
        {
            "Z": result,
            "b": bias,
            "X": {(c + 1, j, k): padded[c, j, k] for c in range(2) for j in range(7) for k in range(7)},
            "W": w,
            "s": stride,
            "p": pad,
            "k_{h}": 3,
            "k_{w}": 2,
            "i": each(1, 2),
            "j": each(1, 3),
            "k": each(1, 2),
        },
        over=[points("l", (1, 2))],
    )


RNG_IMAGE = np.random.default_rng(1).normal(size=(2, 5, 5))
RNG_KERNEL = np.random.default_rng(2).normal(size=(2, 2, 3, 2))


def test_size_of_a_convolution_counts_where_the_kernel_fits() -> None:
    for size, pad, kernel, stride, dilation in ((7, 1, 3, 2, 1), (10, 2, 3, 1, 2), (9, 0, 4, 3, 2)):
        reach = len(range(0, dilation * kernel, dilation)) + (dilation - 1) * (kernel - 1)
        places = [at for at in range(0, size + 2 * pad, stride) if at + reach <= size + 2 * pad]
        holds(
            "conv-output-size",
            {
                "o": float(len(places)),
                "i": size,
                "p": pad,
                r"\hat{k}": reach,
                "k": kernel,
                "s": stride,
                "d": dilation,
            },
        )


def test_max_pooling() -> None:
    x = RNG_IMAGE
    holds(
        "pool-max",
        {
            "Z": np.array(
                [[[x[c, 2 * j : 2 * j + 3, 2 * k : 2 * k + 2].max() for k in (0, 1)] for j in (0, 1)] for c in (0, 1)]
            ),
            "X": x,
            "s": 2,
            "k_{h}": 3,
            "k_{w}": 2,
            "c": each(1, 2),
            "j": each(1, 2),
            "k": each(1, 2),
        },
        over=[points("m", range(8)), points("n", range(8))],
    )


# Networks


def test_multilayer_perceptron() -> None:
    x, w, b = vector(3), [matrix(4, 3), matrix(2, 4)], [vector(4), vector(2)]
    sums = [np.array([w[0][k] @ x + b[0][k] for k in range(4)])]
    states = [x, np.tanh(sums[0])]
    sums.append(np.array([w[1][k] @ states[1] + b[1][k] for k in range(2)]))
    states.append(np.tanh(sums[1]))
    holds(
        "mlp-forward",
        {
            r"\mathbf{x}": x,
            r"\mathbf{h}": dict(enumerate(states)),
            r"\mathbf{a}": sums,
            r"\mathbf{W}": w,
            r"\mathbf{b}": b,
            "f": np.tanh,
            r"\hat{\mathbf{y}}": states[2],
            "l": each(1, 2),
            "L": 2,
        },
    )


def test_backpropagation_by_differences() -> None:
    x, target, w, b = vector(3), vector(2), [matrix(4, 3), matrix(2, 4)], [vector(4), vector(2)]

    def loss(w: list[Array], b: list[Array]) -> float:
        return float(((np.tanh(w[1] @ np.tanh(w[0] @ x + b[0]) + b[1]) - target) ** 2).sum() / 2)

    def slopes(parts: list[Array], of: Callable[[list[Array]], float]) -> list[Array]:
        found = []
        for layer, part in enumerate(parts):
            slope = np.zeros_like(part)
            for at in np.ndindex(part.shape):
                values = []
                for step in (1e-5, -1e-5):
                    moved = [one.copy() for one in parts]
                    moved[layer][at] += step
                    values.append(of(moved))
                slope[at] = (values[0] - values[1]) / 2e-5
            found.append(slope)
        return found

    by_w, by_b = slopes(w, lambda w: loss(w, b)), slopes(b, lambda b: loss(w, b))
    sums = [w[0] @ x + b[0]]
    sums.append(w[1] @ np.tanh(sums[0]) + b[1])
    for layer, rows in ((1, [1, 2, 3]), (2, [1, 3])):
        holds(
            "backprop-equations",
            {
                r"\boldsymbol{\delta}": by_b,
                r"\nabla_{\hat{\mathbf{y}}} \mathcal{L}": np.tanh(sums[1]) - target,
                "f'": lambda a: 1 - np.tanh(a) ** 2,
                r"\mathbf{a}": sums,
                r"\mathbf{W}": w,
                r"\mathbf{h}": {0: x, 1: np.tanh(sums[0]), 2: np.tanh(sums[1])},
                r"\frac{\partial \mathcal{L}}{\partial \mathbf{W}^{(l)}}": by_w[layer - 1],
                r"\frac{\partial \mathcal{L}}{\partial \mathbf{b}^{(l)}}": by_b[layer - 1],
                "l": layer,
                "L": 2,
            },
            rows=rows,
            within=1e-6,
        )


def test_residual_block() -> None:
    x, w, v = vector(3), matrix(4, 3), matrix(3, 4)
    inner = np.array([sum(v[i, k] * max(0, w[k] @ x) for k in range(4)) for i in range(3)])
    holds(
        "residual-block",
        {
            r"\mathcal{F}": lambda _: inner,
            r"\mathbf{x}": x,
            r"\mathbf{y}": inner + x,
            r"\mathbf{x}'": np.where(inner + x > 0, inner + x, 0),
            r"\mathbf{W}_{1}": w,
            r"\mathbf{W}_{2}": v,
            r"\sigma": lambda a: np.maximum(a, 0),
        },
    )


def test_xavier_variance_is_that_of_its_range() -> None:
    low, high = -math.sqrt(6 / 14), math.sqrt(6 / 14)
    holds(
        "init-xavier",
        {
            r"\operatorname{Var}[W_{ij}]": (high - low) ** 2 / 12,
            "W_{ij}": 0,
            r"\sim": lambda _, ends: math.isclose(ends[0], low) and math.isclose(ends[1], high),
            r"\mathcal{U}": lambda low, high: (low, high),
            r"n_{\mathrm{in}}": 5,
            r"n_{\mathrm{out}}": 9,
        },
    )


def test_he_variance_keeps_the_mean_square() -> None:
    # E f(a)² = (1 + a²)/2 Var for a leaky ReLU of slope a: n Var (1 + a²)/2 must be 1.
    slope, size = 0.3, 6
    holds(
        "init-he",
        {
            "W_{ij}": 0,
            r"\sim": lambda _, variance: math.isclose(size * variance * (1 + slope**2) / 2, 1),
            r"\mathcal{N}": lambda mean, variance: variance if mean == 0 else 0,
            "a": slope,
            r"n_{\mathrm{in}}": size,
        },
    )


# Recurrent cells


def test_elman_network() -> None:
    w, u, b, out, c, x, h = matrix(3, 2), matrix(3, 3), vector(3), matrix(2, 3), vector(2), vector(2), vector(3)
    state = np.array([math.tanh(w[k] @ x + u[k] @ h + b[k]) for k in range(3)])
    holds(
        "rnn-elman",
        {
            r"\mathbf{h}": {1: h, 2: state},
            r"\mathbf{x}": {1: 0 * x, 2: x},
            r"\mathbf{y}": {2: np.array([out[k] @ state + c[k] for k in range(2)])},
            r"\mathbf{W}_{h}": w,
            r"\mathbf{U}_{h}": u,
            r"\mathbf{b}_{h}": b,
            r"\mathbf{W}_{y}": out,
            r"\mathbf{b}_{y}": c,
            r"\sigma_{h}": np.tanh,
            r"\sigma_{y}": lambda x: x,
            "t": 2,
        },
    )


def test_lstm_cell() -> None:
    x, h, c = vector(2), vector(3), vector(3)
    w, u, b = {g: matrix(3, 2) for g in "fioc"}, {g: matrix(3, 3) for g in "fioc"}, {g: vector(3) for g in "fioc"}
    sums = {gate: [w[gate][k] @ x + u[gate][k] @ h + b[gate][k] for k in range(3)] for gate in "fioc"}
    gates = {gate: [1 / (1 + math.exp(-one)) for one in sums[gate]] for gate in "fio"}
    new = [math.tanh(one) for one in sums["c"]]
    cell = [gates["f"][k] * c[k] + gates["i"][k] * new[k] for k in range(3)]
    names = {
        rf"\mathbf{{{name}}}_{{{gate}}}": values[gate]
        for name, values in (("W", w), ("U", u), ("b", b))
        for gate in "fioc"
    }
    holds(
        "lstm-cell",
        {
            **names,
            **{rf"\mathbf{{{gate}}}_{{t}}": np.array(gates[gate]) for gate in "fio"},
            r"\tilde{\mathbf{c}}_{t}": np.array(new),
            r"\mathbf{c}": {1: c, 2: np.array(cell)},
            r"\mathbf{h}": {1: h, 2: np.array([gates["o"][k] * math.tanh(cell[k]) for k in range(3)])},
            r"\mathbf{x}": {1: 0 * x, 2: x},
            r"\sigma": sigmoid,
            "t": 2,
        },
    )


def test_gru_cell() -> None:
    x, h = vector(2), vector(3)
    w, u = {g: matrix(3, 2) for g in "rzh"}, {g: matrix(3, 3) for g in "rzh"}
    gate = {g: [1 / (1 + math.exp(-(w[g][k] @ x + u[g][k] @ h))) for k in range(3)] for g in "rz"}
    reset = np.array([gate["r"][k] * h[k] for k in range(3)])
    new = [math.tanh(w["h"][k] @ x + u["h"][k] @ reset) for k in range(3)]
    holds(
        "gru-cell",
        {
            **{rf"\mathbf{{{g}}}_{{t}}": np.array(gate[g]) for g in "rz"},
            **{rf"\mathbf{{W}}_{{{g}}}": w[g] for g in "rz"},
            **{rf"\mathbf{{U}}_{{{g}}}": u[g] for g in "rz"},
            r"\mathbf{W}": w["h"],
            r"\mathbf{U}": u["h"],
            r"\tilde{\mathbf{h}}_{t}": np.array(new),
            r"\mathbf{h}": {1: h, 2: np.array([new[k] + gate["z"][k] * (h[k] - new[k]) for k in range(3)])},
            r"\mathbf{x}": {1: 0 * x, 2: x},
            r"\sigma": sigmoid,
            "t": 2,
        },
        elementwise=True,
    )


# Mixtures of experts


def test_load_balancing_loss() -> None:
    tokens = np.array(
        [np.roll(np.sort(distribution(3)), k) for k in range(5)]
    )  # so that each expert is the best of some
    share = {i: sum(row.argmax() == i - 1 for row in tokens) / 5 for i in (1, 2, 3)}
    holds(
        "moe-load-balance",
        {
            r"\mathcal{L}_{\mathrm{aux}}": 0.3 * 3 * sum(share[i] * tokens[:, i - 1].mean() for i in share),
            r"\alpha": 0.3,
            "N": 3,
            "f": share,
            "P": dict(enumerate(tokens.mean(0), 1)),
            "p": [lambda x, i=i: x[i] for i in range(3)],
            r"\operatorname*{arg\,max} \, p(\mathbf{x})": given(r"\mathbf{x}", function=lambda x: int(x.argmax()) + 1),
            r"\mathcal{B}": list(tokens),
            "T": 5,
            "i": each(1, 2, 3),
        },
    )
