"""Activations against identities and integrals."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    each,
    grid,
    holds,
    matrix,
    points,
    vector,
)
from tests.equations.reference import sigmoid, softmax


def test_sigmoid() -> None:
    holds("act-sigmoid", {r"\sigma": sigmoid, "x": each(-1.3, 0.4, 2.0)})


def test_tanh_is_a_sigmoid_of_twice_the_argument() -> None:
    holds("act-tanh", {r"\tanh": math.tanh, r"\sigma": lambda x: float(sigmoid(x)), "x": each(-1.3, 0.4)})


def test_softmax() -> None:
    z = vector(4)
    holds(
        "act-softmax",
        {r"\operatorname{softmax}": softmax, r"\mathbf{z}": z, "z": z, "K": 4, "i": each(1, 2, 4)},
    )


def test_softmax_with_a_temperature() -> None:
    z = vector(4)
    holds(
        "act-softmax-temperature",
        {"q": softmax(z / 1.7), "z": z, "T": 1.7, "i": each(1, 3)},
        over=[points("j", range(1, 5))],
    )


def test_relu() -> None:
    holds("act-relu", {r"\operatorname{ReLU}": lambda x: (x + abs(x)) / 2, "x": each(-1.3, 0.4)})


def test_leaky_relu() -> None:
    slope = 0.1
    holds(
        "act-leaky-relu",
        {"f": lambda x: (1 + slope) / 2 * x + (1 - slope) / 2 * abs(x), "x": each(-1.3, 0.4, 1.6), r"\alpha": slope},
    )


def test_selu_keeps_mean_and_variance() -> None:
    # Of a standard normal, with the constants of the paper.
    scale, alpha = 1.0507009873554805, 1.6732632423543772
    holds(
        "act-selu",
        {
            r"\operatorname{selu}": lambda x: scale * (x if x > 0 else alpha * math.expm1(x)),
            r"\lambda": scale,
            r"\alpha": alpha,
            "x": each(-1.3, -0.2, 0.4, 1.5),
        },
    )


def test_gelu() -> None:
    def below(x: float) -> float:
        at, weights = grid(-12, x)
        return float(np.exp(-(at**2) / 2) @ weights / math.sqrt(2 * math.pi))

    holds(
        "act-gelu",
        {
            r"\operatorname{GELU}": lambda x: x * below(x),
            r"\Phi": below,
            r"\operatorname{erf}": math.erf,
            "x": each(-1.3, 0.4, 2.0),
        },
    )


def test_tanh_form_of_gelu() -> None:
    holds(
        "act-gelu-tanh",
        {
            r"\operatorname{GELU}": lambda x: x / 2 * (1 + math.erf(x / math.sqrt(2))),
            "x": each(-2.0, -1.3, 0.4, 1.0, 2.0),
        },
        within=3e-3,
    )


def test_silu() -> None:
    holds(
        "act-silu",
        {
            r"\operatorname{Swish}_{\beta}": lambda x: x / 2 * (1 + math.tanh(0.85 * x)),
            r"\sigma": lambda x: float(sigmoid(x)),
            r"\beta": 1.7,
            "x": each(-1.3, 0.4),
        },
    )


def test_softplus_is_an_integral_of_the_sigmoid() -> None:
    def area(x: float) -> float:
        at, weights = grid(-40, x, 600)
        return float(sigmoid(at) @ weights)

    holds("act-softplus", {r"\zeta": area, "x": each(-1.3, 0.4)})


def test_swiglu() -> None:
    x, w, v, out = matrix(1, 3), matrix(3, 4), matrix(3, 4), matrix(4, 2)
    gate, value = (x[0] @ w), (x[0] @ v)
    hidden = [gate[j] / (1 + math.exp(-gate[j])) * value[j] for j in range(4)]
    holds(
        "act-swiglu",
        {
            r"\operatorname{FFN}_{\mathrm{SwiGLU}}": lambda _: np.array([hidden]) @ out,
            r"\operatorname{Swish}_{1}": lambda x: x * sigmoid(x),
            r"\mathbf{x}": x,
            r"\mathbf{W}": w,
            r"\mathbf{V}": v,
            r"\mathbf{W}_{2}": out,
        },
    )
