"""Rates of convergence by the inequalities of one step, and what scales with the width of a network."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import Array, each, given, holds, matrix, points, vector
from tests.equations.reference import always

# Rates


def test_descent_finds_a_small_slope() -> None:
    # A parabola is the worst case of a single step; for more of them a cone with a round tip, up to a factor of two.
    curve, way = 2.5, np.array([0.6, -0.8])

    def cone(x: float) -> float:
        return (curve * x * x / 2 if abs(x) < 1 else curve * (abs(x) - 0.5)) - 0.3

    for start, steps, reached in ((0.7, 1, 1e-9), (4.5, 4, 0.51), (6.5, 6, 0.51), (1.2, 4, 1.0)):
        places = [max(0.0, start - t) for t in range(steps)]
        holds(
            "rate-gd-nonconvex",
            {
                "L": curve,
                "f": cone,
                "f^{*}": -0.3,
                r"\nabla f": lambda x: curve * min(x, 1.0) * way,
                "T": steps,
                r"\mathbf{x}_{t}": given("t", function=lambda t, places=places: places[int(t)]),
                r"\mathbf{x}_{0}": start,
            },
            over=[points("t", range(7))],
            reached=reached,
        )


def test_stochastic_descent_on_convex_functions() -> None:
    # One step: the mean squared distance falls by γ times the error and rises by 2γ²σ². All of it is used up at T.
    start, best, slopes, step, steps = vector(2), vector(2), matrix(4, 2), 0.07, 9
    noise = float(np.mean([row @ row for row in slopes]))

    def left(error: float) -> float:
        distance = float((start - best) @ (start - best))
        for _ in range(steps):
            distance += 2 * step**2 * noise - step * error
        return distance

    low, high = 0.0, 1e4
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if left(middle) > 0 else (low, middle)
    places = matrix(steps, 2)
    holds(
        "rate-sgd-convex",
        {
            r"\mathbb{E}[f(\bar{\mathbf{x}}_{T}) - f(\mathbf{x}^{*})]": each(low, 0.1 * low),
            r"\mathbf{x}_{0}": start,
            r"\mathbf{x}^{*}": best,
            r"\gamma": step,
            r"\sigma_{*}^{2}": noise,
            r"\bar{\mathbf{x}}_{T}": places.mean(0),
            r"\mathbf{x}_{t}": given("t", function=lambda t: places[int(t)]),
            r"\nabla f_{i}": given("i", function=lambda i: always(slopes[i - 1]), is_function=True),
            "T": steps,
            "n": 4,
        },
        reached=1e-9,
    )


def test_stochastic_descent_on_smooth_functions() -> None:
    # One step gives 2Δ/(γT) + γLσ² for the mean squared slope. The step minimises that, as far as it may be as long.
    smooth, start, least = 1.8, 2.3, 0.4
    for noise, steps, reached in ((1e-9, 7, 1e-6), (0.9, 10**9, 1e-3), (0.5, 40, 1.0)):

        def bound(step: float, noise: float = noise, steps: int = steps) -> float:
            return 2 * (start - least) / (step * steps) + step * smooth * noise**2

        sizes = np.exp(np.linspace(math.log(1e-6), math.log(1 / smooth), 200001))
        best = float(sizes[np.argmin([2 * (start - least) / (sizes * steps) + sizes * smooth * noise**2])])
        holds(
            "rate-sgd-nonconvex",
            {
                r"\mathbb{E} \lVert \nabla f(\mathbf{x}_{R}) \rVert_{2}^{2}": each(bound(best), 0.1 * bound(best)),
                "L": smooth,
                r"\Delta": start - least,
                r"\sigma": noise,
                r"\gamma": best,
                "f": always(start),
                r"\mathbf{x}_{1}": 0.0,
                "f^{*}": least,
                "T": steps,
            },
            reached=reached,
            within=1e-4,
        )


# Width


class Net:
    """Three linear layers of a width, at their start, and how far a unit of learning rate moves what they give."""

    def __init__(self, width: int) -> None:
        self.x = np.array([1.0, -0.5, 2.0, 0.3])
        first, second = matrix(width, 4) / 2, matrix(width, width) / math.sqrt(width)
        self.last = vector(width) / width
        self.inner = first @ self.x
        self.outer = second @ self.inner
        self.back = second.T @ self.last

    def by_slope(self, layer: str) -> float:
        """Of the features after the layer, or at the end of the output, by a step along the slope."""
        if layer == "input":
            return size(self.back * float(self.x @ self.x))
        if layer == "hidden":
            return size(self.last * float(self.inner @ self.inner))
        return float(self.outer @ self.outer)

    def by_sign(self, layer: str) -> float:
        """The same by a step of Adam, which has the signs of the slope only at first."""
        if layer == "input":
            return size(np.sign(self.back) * float(abs(self.x).sum()))
        if layer == "hidden":
            return size(np.sign(self.last) * float(abs(self.inner).sum()))
        return float(abs(self.outer).sum())


def size(features: Array) -> float:
    return math.sqrt(float(np.mean(features**2)))


WIDTHS = (256, 512, 1024)


def test_rates_that_move_features_as_far_at_every_width() -> None:
    nets = {width: Net(width) for width in WIDTHS}
    for layer in ("input", "hidden", "output"):
        names = {
            r"\eta_{\mathrm{Adam}}": given("n", function=lambda n, layer=layer: 1 / nets[n].by_sign(layer)),
            r"\eta_{\mathrm{SGD}}": given("n", function=lambda n, layer=layer: 1 / nets[n].by_slope(layer)),
            r"n_{\mathrm{in}}": given("n", function=lambda n, layer=layer: 4 if layer == "input" else n),
            r"n_{\mathrm{out}}": given("n", function=lambda n, layer=layer: 1 if layer == "output" else n),
            r"\text{input weights, all biases}": layer == "input",
            r"\text{hidden weights}": layer == "hidden",
            r"\text{hidden and output weights}": layer != "input",
            r"\text{output weights}": layer == "output",
            "n": each(*WIDTHS),
        }
        holds("mup-scaling", names, rows=[2, 3], within=0.25)


def test_weights_that_keep_features_and_outputs_of_their_size() -> None:
    # Hidden sums of squares stay one; a move of all features by one moves the output by one.
    draws = {width: vector(width) for width in WIDTHS}
    for output in (False, True):

        def variance(n: int, output: bool = output) -> float:
            return 1 / float(abs(draws[n]).sum()) ** 2 if output else 1 / float(draws[n] @ draws[n])

        holds(
            "mup-scaling",
            {
                r"\operatorname{Var}[W_{i j}]": given(r"n_{\mathrm{in}}", function=variance),
                r"n_{\mathrm{in}}": each(*WIDTHS),
                r"\text{input and hidden weights}": not output,
                r"\text{output weights}": output,
            },
            rows=[1],
            within=0.25,
        )
    query, key = vector(4), vector(4)
    logit = {r"\text{attention logit}": float(np.mean(query * key)), r"\mathbf{q}": query, r"\mathbf{k}": key, "d": 4}
    holds("mup-scaling", logit, rows=[4])
