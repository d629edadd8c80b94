"""State-space layers against the differential equations and recurrences that they stand for."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import Array, each, holds, matrix, number, vector
from tests.equations.reference import exponential

STEP = 1e-5


def test_state_space_in_continuous_time() -> None:
    a, b, c, d, rate, start = matrix(2, 2), vector(2), matrix(1, 2), 0.7, -0.4, vector(2)
    driven = np.linalg.solve(rate * np.eye(2) - a, b)  # of the input exp(rate t)

    def state(t: float) -> Array:
        return np.asarray(exponential(t * a) @ (start - driven) + math.exp(rate * t) * driven)

    holds(
        "ssm-continuous",
        {
            r"\mathbf{h}": state,
            r"\mathbf{h}'": lambda t: (state(t + STEP) - state(t - STEP)) / (2 * STEP),
            "x": lambda t: math.exp(rate * t),
            "y": lambda t: float(sum(c[0, k] * state(t)[k] for k in range(2))) + d * math.exp(rate * t),
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\mathbf{C}": c,
            "D": d,
            "t": each(0.2, 0.8),
        },
    )


def test_state_space_as_a_convolution() -> None:
    a, b, c, x = matrix(2, 2), vector(2), matrix(1, 2), vector(5)
    states = {-1: np.zeros(2)}
    for k in range(5):
        states[k] = np.array([a[row] @ states[k - 1] + b[row] * x[k] for row in range(2)])
    # The kernel is what comes out of a single impulse.
    impulse, kernel = b, {}
    for j in range(5):
        kernel[j] = float(c[0] @ impulse)
        impulse = a @ impulse
    holds(
        "ssm-convolution",
        {
            r"\mathbf{h}": states,
            "x": dict(enumerate(x)),
            "y": {k: float(np.convolve(x, list(kernel.values()))[k]) for k in range(5)},
            r"\bar{\mathbf{A}}": a,
            r"\bar{\mathbf{B}}": b,
            r"\bar{\mathbf{C}}": c,
            r"\bar{K}": kernel,
            "k": each(0, 1, 4),
            "j": each(0, 3),
        },
    )


def driven(a: Array, b: Array, state: Array, x: float, end: float) -> Array:
    """The state after an input that is held, by many small steps of Runge and Kutta."""
    steps = 200
    h = end / steps
    for _ in range(steps):
        one = a @ state + b * x
        two = a @ (state + h / 2 * one) + b * x
        three = a @ (state + h / 2 * two) + b * x
        four = a @ (state + h * three) + b * x
        state = state + h / 6 * (one + 2 * two + 2 * three + four)
    return state


def test_zero_order_hold() -> None:
    a, b, size = matrix(3, 3), vector(3), 0.6
    holds(
        "ssm-zoh",
        {
            r"\bar{\mathbf{A}}": np.column_stack([driven(a, b, axis, 0.0, size) for axis in np.eye(3)]),
            r"\bar{\mathbf{B}}": driven(a, b, np.zeros(3), 1.0, size),
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\mathbf{I}": np.eye(3),
            r"\Delta": size,
            r"\exp": exponential,
        },
    )


def test_bilinear_is_the_trapezoidal_rule() -> None:
    a, b, size = matrix(3, 3) / 3, vector(3), 0.4

    def after(state: Array, x: float) -> Array:
        """The state that half of the slope at either end leads to, found by repetition."""
        found = state
        for _ in range(200):
            found = state + size * (a @ state + a @ found) / 2 + size * b * x
        return found

    c = matrix(1, 3)
    holds(
        "ssm-bilinear",
        {
            r"\bar{\mathbf{A}}": np.column_stack([after(axis, 0.0) for axis in np.eye(3)]),
            r"\bar{\mathbf{B}}": after(np.zeros(3), 1.0),
            r"\bar{\mathbf{C}}": c,
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\mathbf{C}": c,
            r"\mathbf{I}": np.eye(3),
            r"\Delta": size,
        },
    )


def test_selective_state_space() -> None:
    a, x, read, write, shift = matrix(2, 2), vector(3), matrix(2, 3), vector(3), number()
    b = read @ x
    size = math.log(1 + math.exp(shift + float(write @ x)))
    before = vector(2)
    after = driven(a, b, before, x[1], size)
    holds(
        "mamba-selective",
        {
            r"\mathbf{B}_{t}": b,
            r"\mathbf{C}_{t}": b,
            r"\operatorname{Linear}_{N}": lambda x: read @ x,
            r"\operatorname{softplus}": lambda z: np.logaddexp(0, z),
            r"\Delta_{t,c}": size,
            r"s_{\Delta}": lambda x: write @ x,
            "b_{c}": shift,
            r"\mathbf{x}_{t}": x,
            "x_{t,c}": x[1],
            r"\mathbf{A}_{c}": a,
            r"\bar{\mathbf{A}}_{t,c}": np.column_stack([driven(a, b, axis, 0.0, size) for axis in np.eye(2)]),
            r"\bar{\mathbf{B}}_{t,c}": driven(a, b, np.zeros(2), 1.0, size),
            r"\mathbf{h}_{t-1,c}": before,
            r"\mathbf{h}_{t,c}": after,
            "y_{t,c}": float(after @ b),
            r"\mathbf{I}": np.eye(2),
            r"\exp": exponential,
        },
    )
