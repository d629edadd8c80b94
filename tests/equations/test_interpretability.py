"""Attributions against orders, paths, perturbed inputs and refits."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, each, given, holds, matrix, points, vector
from tests.equations.reference import sigmoid, slope


def test_shapley_is_the_mean_gain_over_all_orders() -> None:
    players = {1, 2, 3, 4}
    subsets = [set(some) for size in range(5) for some in itertools.combinations(players, size)]
    values = dict(zip(map(frozenset, subsets), vector(16), strict=True))
    gains = {
        i: [
            values[frozenset(order[: order.index(i) + 1])] - values[frozenset(order[: order.index(i)])]
            for order in orders
        ]
        for orders in [list(itertools.permutations(players))]
        for i in players
    }
    for i in players:
        holds(
            "attr-shapley",
            {
                r"\phi_{i}": float(np.mean(gains[i])),
                r"\mathcal{N}": players,
                r"\subseteq": lambda some, all_: some <= all_,
                r"\setminus": lambda some, one: some - {one},
                r"\cup": lambda some, one: some | {one},
                "v": lambda some: values[frozenset(some)],
                "n": 4,
                "i": i,
            },
            over=[points(r"\mathcal{S}", subsets)],
        )


def test_integrated_gradients() -> None:
    w, x, baseline = matrix(3, 3), vector(3), vector(3)

    def model(x: Array) -> float:
        return float(np.tanh(w @ x) @ [1.0, -0.5, 2.0] + x[0] * x[1] ** 2)

    steps = (np.arange(20000) + 0.5) / 20000
    path = baseline + steps[:, None] * (x - baseline)
    outer = (np.array([1.0, -0.5, 2.0]) * (1 - np.tanh(path @ w.T) ** 2)) @ w
    outer += np.stack([path[:, 1] ** 2, 2 * path[:, 0] * path[:, 1], 0 * path[:, 0]], axis=1)
    attribution = outer.mean(0) * (x - baseline)

    def partial(alpha: float, i: int) -> float:
        return float(slope(model, baseline + alpha * (x - baseline))[i - 1])

    holds(
        "attr-integrated-gradients",
        {
            r"\operatorname{IG}_{i}(\mathbf{x})": given("i", function=lambda i: attribution[i - 1]),
            r"\frac{\partial F(\mathbf{x}' + \alpha (\mathbf{x} - \mathbf{x}'))}{\partial x_{i}}": given(
                r"\alpha", "i", function=partial
            ),
            "F": model,
            r"\mathbf{x}": x,
            r"\mathbf{x}'": baseline,
            "x": x,
            "x'": baseline,
            "n": 3,
            "i": each(1, 2, 3),
        },
        within=1e-6,
    )


def test_lime_chooses_the_line_that_fits_near_to_the_input() -> None:
    samples, slopes = vector(30), [-1.0, 0.0, 0.5, 1.0, 2.0]
    near = np.exp(-((samples - 0.3) ** 2))

    def model(z: Array) -> Array:
        return np.asarray(np.sin(2 * z))

    def loss(_: object, slope: float, near: Array) -> float:
        return float(near @ (model(samples) - slope * samples) ** 2)

    for weight in (0.0, 30.0):
        costs = [
            sum(n * (math.sin(2 * z) - s * z) ** 2 for n, z in zip(near, samples, strict=True)) + weight * abs(s)
            for s in slopes
        ]
        holds(
            "attr-lime",
            {
                r"\xi(\mathbf{x})": slopes[int(np.argmin(costs))],
                r"\mathcal{G}": slopes,
                r"\mathcal{L}": loss,
                "f": 0.0,
                r"\pi_{\mathbf{x}}": near,
                r"\Omega": lambda slope, weight=weight: weight * abs(slope),
            },
        )


def test_gradcam_of_a_linear_head() -> None:
    maps = np.stack([matrix(2, 3), matrix(2, 3)])
    head = np.stack([matrix(2, 3), matrix(2, 3)])

    def score(maps: Array) -> float:
        return float((maps * head).sum() + 0.1 * (maps**2).sum())

    means = (head + 0.2 * maps).mean(axis=(1, 2))
    heat = sum(mean * one for mean, one in zip(means, maps, strict=True))
    by_position = slope(score, maps)
    holds(
        "attr-gradcam",
        {
            r"\alpha_{k}^{c}": given("k", function=lambda k: means[k - 1]),
            r"\frac{\partial y^{c}}{\partial A_{i j}^{k}}": given(
                "i", "j", "k", function=lambda i, j, k: by_position[k - 1, i - 1, j - 1]
            ),
            r"L_{\text{Grad-CAM}}^{c}": np.where(heat > 0, heat, 0.0),
            r"\operatorname{ReLU}": lambda x: np.maximum(x, 0.0),
            r"\mathbf{A}^{k}": given("k", function=lambda k: maps[k - 1]),
            "Z": 6,
            "k": each(1, 2),
        },
        over=[points("i", (1, 2)), points("j", (1, 2, 3)), points("k", (1, 2))],
        within=1e-6,
    )


class Logistic:
    """Logistic regression with a penalty, fitted by Newton's steps."""

    def __init__(self, size: int) -> None:
        self.x, self.y = matrix(size, 2), np.where(vector(size) > 0, 1.0, -1.0)

    def loss(self, at: int, theta: Array) -> float:
        return float(np.log1p(np.exp(-self.y[at] * (self.x[at] @ theta))) + 0.05 * theta @ theta)

    def slope(self, at: int, theta: Array) -> Array:
        return np.asarray(-self.y[at] * self.x[at] * sigmoid(-self.y[at] * (self.x[at] @ theta)) + 0.1 * theta)

    def curvature(self, at: int, theta: Array) -> Array:
        chance = sigmoid(self.x[at] @ theta)
        return np.asarray(chance * (1 - chance) * np.outer(self.x[at], self.x[at]) + 0.1 * np.eye(2))

    def fitted(self, weights: Array) -> Array:
        theta = np.zeros(2)
        for _ in range(30):
            slopes = sum(weight * self.slope(at, theta) for at, weight in enumerate(weights))
            curvatures = sum(weight * self.curvature(at, theta) for at, weight in enumerate(weights))
            theta = theta - np.linalg.solve(curvatures, slopes)
        return theta


def test_influence_is_what_a_refit_shows() -> None:
    size, point, step = 400, 7, 1e-5
    model, test = Logistic(size), 3
    even = np.full(size, 1 / size)
    one = np.eye(size)[point]
    best = model.fitted(even)
    up, down = model.fitted(even + step * one), model.fitted(even - step * one)
    holds(
        "attr-influence",
        {
            r"\mathcal{I}_{\text{up,params}}": lambda _: (up - down) / (2 * step),
            r"\mathcal{I}_{\text{up,loss}}": lambda *_: (model.loss(test, up) - model.loss(test, down)) / (2 * step),
            r"\hat{\theta}_{-z}": model.fitted(even - one / size),
            r"\hat{\theta}": best,
            r"\mathbf{H}_{\hat{\theta}}": sum(model.curvature(at, best) for at in range(size)) / size,
            r"\nabla_{\theta} L": model.slope,
            r"\nabla_{\theta}^{2} L": model.curvature,
            "z": point,
            "z_{i}": given("i", function=lambda i: i - 1),
            r"z_{\mathrm{test}}": test,
            "n": size,
            r"\approx": lambda left, right: bool(np.allclose(left, right, rtol=0.03, atol=0)),
        },
        within=1e-6,
    )


def test_sparse_autoencoder() -> None:
    encoder, decoder, inner, outer = matrix(5, 3), matrix(3, 5), vector(5), vector(3)
    data, penalty = [vector(3) for _ in range(4)], 0.3

    def features(x: Array) -> Array:
        sums = [inner[j] + sum(encoder[j, k] * (x[k] - outer[k]) for k in range(3)) for j in range(5)]
        return np.array([one if one > 0 else 0.0 for one in sums])

    def rebuilt(x: Array) -> Array:
        return np.array([outer[k] + sum(decoder[k, j] * one for j, one in enumerate(features(x))) for k in range(3)])

    holds(
        "sae-loss",
        {
            r"\mathbf{f}": given(r"\mathbf{x}", function=features),
            r"\hat{\mathbf{x}}": given(r"\mathbf{x}", function=rebuilt),
            r"\mathcal{L}": float(np.mean([sum((x - rebuilt(x)) ** 2) + penalty * sum(features(x)) for x in data])),
            r"\operatorname{ReLU}": lambda x: np.maximum(x, 0.0),
            r"\mathbf{W}_{e}": encoder,
            r"\mathbf{W}_{d}": decoder,
            r"\mathbf{b}_{e}": inner,
            r"\mathbf{b}_{d}": outer,
            r"\mathbf{x}": each(*data),
            r"\mathcal{X}": data,
            r"\lambda": penalty,
        },
    )
