"""Score models and flows against processes whose densities are known."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    given,
    grid,
    holds,
    matrix,
    points,
    positive,
    vector,
)
from tests.equations.reference import always, density, exponential, slope
from tests.equations.scope import Operator

STEP = 1e-5


class Relaxation:
    """dx = −½βx dt + √β dw from a normal start in two dimensions, which stays normal."""

    beta = 0.8

    def __init__(self) -> None:
        self.mean, self.spread = vector(2), covariance(2)

    def drift(self, x: Array, _: float) -> Array:
        return -self.beta / 2 * x

    def noise(self, _: float) -> float:
        return math.sqrt(self.beta)

    def moments(self, t: float) -> tuple[Array, Array]:
        left = math.exp(-self.beta * t)
        return self.mean * math.sqrt(left), left * self.spread + (1 - left) * np.eye(2)

    def density(self, t: float, x: Array) -> float:
        return density(x, *self.moments(t))

    def before(self, t: float, h: float, x: Array) -> tuple[Array, Array]:
        """Mean and covariance of the place a little earlier, given the place now: both are jointly normal."""
        (now, spread), (then, earlier) = self.moments(t), self.moments(t - h)
        gain = math.exp(-self.beta * h / 2) * earlier @ np.linalg.inv(spread)
        return then + gain @ (x - now), earlier - gain @ spread @ gain.T


def test_forward_process() -> None:
    process, x, h = Relaxation(), vector(2), 1e-5
    names = {r"\mathbf{f}": process.drift, "g": process.noise, r"\mathbf{x}": x, "t": 0.4, r"\mathrm{d}t": h}
    drift = (math.exp(-process.beta * h / 2) - 1) * x
    shake = math.sqrt(1 - math.exp(-process.beta * h)) * np.array([1.0, -1.0])
    still = {r"\mathrm{d}\mathbf{x}": 1e5 * drift, r"\mathrm{d}\mathbf{w}": 0 * x, r"\mathrm{d}t": 1e5 * h}
    holds("sde-forward", {**names, **still}, within=1e-4)
    moved = {r"\mathrm{d}\mathbf{x}": drift + shake, r"\mathrm{d}\mathbf{w}": math.sqrt(h) * np.array([1.0, -1.0])}
    holds("sde-forward", {**names, **moved}, within=1e-6)


def test_reverse_process_is_the_conditional_of_the_past() -> None:
    process, x, t, h = Relaxation(), vector(2), 0.6, 1e-6
    past, spread = process.before(t, h, x)
    names = {
        r"\mathbf{f}": process.drift,
        "g": process.noise,
        "p_{t}": lambda x: process.density(t, x),
        r"\mathbf{x}": x,
        "t": t,
    }
    drift = {r"\mathrm{d}\mathbf{x}": (past - x) / h, r"\mathrm{d}t": -1.0, r"\mathrm{d}\bar{\mathbf{w}}": 0 * x}
    holds("sde-reverse", {**names, **drift}, within=1e-4)
    root = np.linalg.cholesky(spread) @ np.array([1.0, 1.0])
    shake = {r"\mathrm{d}\mathbf{x}": past - x + root, r"\mathrm{d}t": -h}
    holds("sde-reverse", {**names, **shake, r"\mathrm{d}\bar{\mathbf{w}}": math.sqrt(h) * np.ones(2)}, within=1e-6)


def test_probability_flow_carries_the_density() -> None:
    process, x, t = Relaxation(), vector(2), 0.5

    def place(process: Relaxation, at: float) -> Array:
        """Where the flow is that is at x at time t: along the eigenvectors, which stay, each by its deviation."""
        (now, spread), (then, other) = process.moments(t), process.moments(at)
        _, axes = np.linalg.eigh(process.spread)
        scale = [math.sqrt((axis @ other @ axis) / (axis @ spread @ axis)) for axis in axes.T]
        return np.asarray(then + axes @ np.diag(scale) @ axes.T @ (x - now))

    holds(
        "sde-probability-flow",
        {
            r"\mathrm{d}\mathbf{x}": (place(process, t + STEP) - place(process, t - STEP)) / (2 * STEP),
            r"\mathrm{d}t": 1.0,
            r"\mathbf{f}": process.drift,
            "g": process.noise,
            "p_{t}": lambda x: process.density(t, x),
            r"\mathbf{x}": x,
            "t": t,
        },
        within=1e-6,
    )


def test_variance_exploding_process() -> None:
    def variance(t: float) -> float:
        return 0.01 * 40 ** (2 * t)

    t, h, start = 0.4, 1e-6, vector(2)
    rate = (variance(t + STEP) - variance(t - STEP)) / (2 * STEP)
    holds(
        "sde-ve",
        {
            r"\mathrm{d}\mathbf{x}": math.sqrt((variance(t + h) - variance(t)) / h) * np.ones(2),
            r"\frac{\mathrm{d}[\sigma^{2}(t)]}{\mathrm{d}t}": rate,
            r"\mathrm{d}\mathbf{w}": np.ones(2),
        },
        within=1e-5,
        rows=[1],
    )
    at, weights = grid(0, t)
    total = sum(w * (variance(s + STEP) - variance(s - STEP)) / (2 * STEP) for s, w in zip(at, weights, strict=True))
    end = start + vector(2)
    holds(
        "sde-ve",
        {
            "p_{0t}": always(density(end, start, total * np.eye(2))),
            r"\mathcal{N}": density,
            r"\mathbf{x}": lambda s: end if s else start,
            r"\sigma^{2}": variance,
            r"\mathbf{I}": np.eye(2),
            "t": t,
        },
        rows=[2],
        within=1e-6,
    )


def test_fokker_planck_of_geometric_motion() -> None:
    # dxᵢ = μᵢxᵢ dt + xᵢ Σⱼ Sᵢⱼ dwⱼ, whose logarithms are normal; its noise depends on the place.
    rates, root, start = np.array([0.3, -0.2]), matrix(2, 2) / 2, positive(2)
    spread = root @ root.T

    def p(x: Array, t: float) -> float:
        middle = np.log(start) + (rates - np.diag(spread) / 2) * t
        return density(np.log(x), middle, t * spread) / float(np.prod(x))

    base, t, step = start * 1.2, 0.7, 1e-3
    axes = np.eye(2)
    first = Operator(points("h", (step, -step)), lambda two: (two[0] - two[1]) / (2 * step))
    corners = list(itertools.product((step, -step), repeat=2))
    second = Operator(points(("h", "k"), corners), lambda four: (four[0] - four[1] - four[2] + four[3]) / (4 * step**2))
    holds(
        "sde-fokker-planck",
        {
            r"\frac{\partial p(\mathbf{x}, t)}{\partial t}": (p(base, t + step) - p(base, t - step)) / (2 * step),
            r"\frac{\partial}{\partial x_{i}}": first,
            r"\frac{\partial^{2}}{\partial x_{i} \, \partial x_{j}}": second,
            r"\mathbf{x}": given(
                "h", "k", "i", "j", function=lambda h, k, i, j: base + h * axes[int(i) - 1] + k * axes[int(j) - 1]
            ),
            "f": [lambda x, _, i=i: rates[i] * x[i] for i in range(2)],
            r"\mathbf{G}": lambda x, _: np.diag(x) @ root,
            "p": p,
            "t": t,
            "d": 2,
            "h": 0.0,
            "k": 0.0,
            "i": 1,
            "j": 1,
        },
        within=1e-4,
    )


def test_continuous_flow_of_a_normal_density() -> None:
    field, middle, spread, begin, end = matrix(2, 2), vector(2), covariance(2), 0.1, 0.9
    start = vector(2)

    def flow(t: float) -> Array:
        """Of the field (1 + t) A, whose values at all times commute."""
        return exponential((t + t * t / 2 - begin - begin * begin / 2) * field)

    def likely(t: float) -> float:
        moved = flow(t)
        return density(moved @ start, moved @ middle, moved @ spread @ moved.T)

    for t in (0.3, 0.7):
        holds(
            "flow-continuous",
            {
                r"\frac{\mathrm{d}\mathbf{z}(t)}{\mathrm{d}t}": (flow(t + STEP) - flow(t - STEP)) @ start / (2 * STEP),
                "f": lambda z, t: (1 + t) * field @ z,
                r"\mathbf{z}": lambda t: flow(t) @ start,
                r"\frac{\partial \log p(\mathbf{z}(t))}{\partial t}": math.log(likely(t + STEP) / likely(t - STEP))
                / (2 * STEP),
                r"\frac{\partial f}{\partial \mathbf{z}(t)}": given("t", function=lambda t: (1 + t) * field),
                r"p(\mathbf{z}(t_{0}))": likely(begin),
                r"p(\mathbf{z}(t_{1}))": likely(end),
                "t": t,
                "t_{0}": begin,
                "t_{1}": end,
            },
            within=1e-6,
        )


def test_classifier_guidance() -> None:
    process, x, middle, spread, scale, kept = Relaxation(), vector(2), vector(2), covariance(2), 1.7, 0.4
    w = vector(2)

    def classifier(_: object, x: Array) -> float:
        return 1 / (1 + math.exp(-float(w @ x)))

    def guided(x: Array) -> float:
        return math.log(process.density(0.5, x)) + scale * math.log(classifier(0, x))

    pull = slope(lambda x: math.log(classifier(0, x)), x)
    shifted = np.linalg.solve(np.linalg.inv(spread), np.linalg.inv(spread) @ middle + scale * pull)
    holds(
        "guidance-classifier",
        {
            r"\mathbf{x}_{t-1}": (shifted, spread),
            r"\sim": lambda one, other: all(np.allclose(a, b, rtol=1e-6) for a, b in zip(one, other, strict=True)),
            r"\mathcal{N}": lambda m, v: (m, v),
            r"\boldsymbol{\mu}": middle,
            r"\boldsymbol{\Sigma}": spread,
            "s": scale,
            r"p_{\phi}": classifier,
            r"\mathbf{x}_{t}": x,
            "y": 1.0,
            r"\bar{\alpha}_{t}": kept,
            r"\hat{\boldsymbol{\epsilon}}": always(-math.sqrt(1 - kept) * slope(guided, x)),
            r"\boldsymbol{\epsilon}_{\theta}": lambda x: (
                -math.sqrt(1 - kept) * slope(lambda x: math.log(process.density(0.5, x)), x)
            ),
        },
        within=1e-6,
    )
