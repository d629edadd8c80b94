"""Results of several steps against what they are made for: distilled samplers, estimators of gradients, alternations."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import STATED, Array, distribution, each, given, holds, matrix, mean, points, vector
from tests.equations.reference import slope


def test_progressive_distillation_meets_two_steps_of_the_teacher() -> None:
    angle = {1.0: 1.2, 0.9: 0.9, 0.8: 0.5}
    alpha = {t: math.cos(a) for t, a in angle.items()}
    sigma = {t: math.sin(a) for t, a in angle.items()}
    start = vector(2)

    def guess(z: Array) -> Array:
        return np.tanh(z)

    def step(z: Array, before: float, after: float) -> Array:
        noise = (z - alpha[before] * guess(z)) / sigma[before]
        return alpha[after] * guess(z) + sigma[after] * noise

    half = step(start, 1.0, 0.9)
    end = step(half, 0.9, 0.8)
    # The datum for which one step leads to the same place.
    share = sigma[0.8] / sigma[1.0]
    target = np.linalg.solve((alpha[0.8] - share * alpha[1.0]) * np.eye(2), end - share * start)
    error = math.dist(target, 0.5 * start) ** 2
    at = {"t": 1.0, "t'": 0.9, "t''": 0.8}
    holds(
        "distill-progressive",
        {
            **at,
            **{rf"\alpha_{{{name}}}": alpha[t] for name, t in at.items()},
            **{rf"\sigma_{{{name}}}": sigma[t] for name, t in at.items()},
            r"\mathbf{z}_{t}": start,
            r"\mathbf{z}_{t'}": half,
            r"\mathbf{z}_{t''}": end,
            r"\hat{\mathbf{x}}_{\eta}": guess,
            r"\hat{\mathbf{x}}_{\theta}": lambda z: 0.5 * z,
            r"\tilde{\mathbf{x}}": target,
            r"\mathcal{L}_{\theta}": 0.7 * error,
            "w": lambda _: 0.7,
            r"\lambda_{t}": 2 * math.log(alpha[1.0] / sigma[1.0]),
            "N": 5,
        },
    )


def test_heun_step() -> None:
    levels, x = {1: 2.0, 2: 1.5}, vector(2)

    def denoised(x: Array, sigma: float) -> Array:
        return x / (1 + sigma**2)  # of a standard normal datum

    first = (x - denoised(x, 2.0)) / 2.0
    euler = x - 0.5 * first
    second = (euler - denoised(euler, 1.5)) / 1.5
    holds(
        "edm-heun",
        {
            r"\frac{\mathrm{d}\mathbf{x}}{\mathrm{d}\sigma}": first,
            r"D_{\theta}": denoised,
            r"\sigma": levels,
            r"\mathbf{d}_{i}": first,
            r"\mathbf{d}_{i}'": second,
            r"\mathbf{x}": {1: x, 2: x - 0.25 * (first + second)},
            r"\mathbf{x}_{i+1}'": euler,
            "i": 1,
        },
        rows=[2, 3],
    )


def test_score_function_estimator() -> None:
    theta, f = vector(4), vector(4)

    def p(theta: Array) -> Array:
        return np.asarray(np.exp(theta) / np.exp(theta).sum())

    holds(
        "gradest-score-function",
        {
            r"\nabla_{\theta} \mathbb{E}_{p_{\theta}(\mathbf{x})}[f(\mathbf{x})]": slope(
                lambda t: float(p(t) @ f), theta
            ),
            r"\mathbb{E}_{p_{\theta}(\mathbf{x})}": mean(r"\mathbf{x}", range(4), p(theta)),
            "f": lambda x: f[x],
            r"\nabla_{\theta} \log p_{\theta}": lambda x: np.eye(4)[x] - p(theta),
            # As many samples of each value as it is likely would give the same.
            r"\frac{1}{n} \sum_{i=1}^{n} f(\mathbf{x}_{i}) \nabla_{\theta} \log p_{\theta}(\mathbf{x}_{i})": sum(
                p(theta)[x] * f[x] * (np.eye(4)[x] - p(theta)) for x in range(4)
            ),
            r"\sim": STATED,
        },
        within=1e-6,
    )


def test_alternating_least_squares_sets_the_slope_to_zero() -> None:
    y, ratings, alpha, weight = matrix(4, 2), np.array([3.0, 0, 1, 0]), 2.0, 0.5
    confidence, liked = 1 + alpha * ratings, (ratings > 0).astype(float)
    x = np.linalg.solve(
        sum(c * np.outer(row, row) for c, row in zip(confidence, y, strict=True)) + weight * np.eye(2),
        sum(c * one * row for c, one, row in zip(confidence, liked, y, strict=True)),
    )
    holds(
        "rec-implicit-als",
        {
            "c_{u i}": given("i", function=lambda i: confidence[i - 1]),
            "p_{u i}": given("i", function=lambda i: liked[i - 1]),
            "r_{u i}": given("i", function=lambda i: ratings[i - 1]),
            r"\alpha": alpha,
            r"\mathbf{x}_{u}": x,
            r"\mathbf{Y}": y,
            r"\mathbf{C}^{u}": np.diag(confidence),
            r"\mathbf{p}": lambda _: liked,
            "u": 1,
            r"\lambda": weight,
            r"\mathbf{I}": np.eye(2),
            "i": each(1, 2, 3),
        },
        rows=[2, 3],
    )


def test_problem_of_alternating_least_squares() -> None:
    counts, weight = np.array([[3.0, 0, 1], [0, 2, 0]]), 0.4
    models = [(matrix(2, 2), matrix(3, 2)) for _ in range(3)]

    def cost(x: Array, y: Array) -> float:
        total = weight * float((x**2).sum() + (y**2).sum())
        for u, i in np.ndindex(2, 3):
            total += float(1 + 2 * counts[u, i]) * float((counts[u, i] > 0) - x[u] @ y[i]) ** 2
        return total

    holds(
        "rec-implicit-als",
        {"c": 1 + 2 * counts, "p": (counts > 0).astype(float), r"\lambda": weight},
        over=[points((r"\mathbf{x}", r"\mathbf{y}"), models), points("u", (1, 2)), points("i", (1, 2, 3))],
        rows=[1],
        objective=min(cost(x, y) for x, y in models),
    )


def test_energy_gradient() -> None:
    theta, features, data = vector(2), matrix(4, 2), distribution(4)

    def p(theta: Array) -> Array:
        raw = np.exp(-features @ theta)
        return np.asarray(raw / raw.sum())

    holds(
        "ebm-gradient",
        {
            r"\nabla_{\theta} \mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}}[\log p_{\theta}(\mathbf{x})]": slope(
                lambda t: float(data @ np.log(p(t))), theta
            ),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}}": mean(r"\mathbf{x}", range(4), data),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\theta}}": mean(r"\mathbf{x}", range(4), p(theta)),
            r"\nabla_{\theta} E_{\theta}": lambda x: features[x],
        },
        rows=[1],
        within=1e-6,
    )


def test_uncertainty_in_two_parts() -> None:
    weights, chances = distribution(3), np.array([distribution(4) for _ in range(3)])

    def entropy(p: Array) -> float:
        return float(-(p * np.log(p)).sum())

    joint = weights[:, None] * chances
    information = float((joint * np.log(joint / np.outer(weights, joint.sum(0)))).sum())
    holds(
        "uq-decomposition",
        {
            "H": entropy,
            r"\mathbb{E}_{q(\theta)}": mean(r"\theta", range(3), weights),
            r"p(y \mid \mathbf{x}, \theta)": given(r"\theta", function=lambda k: chances[k]),
            r"I(y; \theta \mid \mathbf{x})": information,
        },
    )


def test_union_of_fuzzy_edges() -> None:
    one, other = 0.3, 0.6
    holds(
        "umap-graph", {"w_{i j}": 1 - (1 - one) * (1 - other), r"w_{j \mid i}": one, r"w_{i \mid j}": other}, rows=[3]
    )


def test_fuzzy_edges_add_up_to_the_logarithm_of_their_number() -> None:
    distances = np.array([0.4, 0.9, 1.3, 2.0])

    def weights(width: float) -> Array:
        return np.array([1.0, *(math.exp((0.4 - d) / width) for d in distances[1:])])

    low, high = 0.01, 100.0
    for _ in range(200):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if weights(middle).sum() < 2 else (low, middle)
    holds(
        "umap-graph",
        {
            r"w_{j \mid i}": given("j", function=lambda j: weights(low)[j - 1]),
            "d": lambda _, j: distances[j - 1],
            r"\mathbf{x}_{i}": 0,
            r"\mathbf{x}_{j}": given("j", function=lambda j: j),
            r"\rho_{i}": 0.4,
            r"\sigma_{i}": low,
            "k": 4,
            "j": each(1, 2, 4),
        },
        rows=[1],
    )
    holds(
        "umap-graph",
        {
            r"w_{j \mid i}": given("j", function=lambda j: weights(low)[j - 1]),
            "d": lambda _, j: [0.0, 0.4, *distances[1:]][int(j) - 1],  # a point on top of another does not count
            r"\mathbf{x}_{i}": 0,
            r"\mathbf{x}_{j}": given("j", function=lambda j: j),
            r"\rho_{i}": 0.4,
            "k": 4,
        },
        over=[points("j", (1, 2, 3, 4, 5))],
        rows=[2],
    )


def test_principal_components() -> None:
    x = matrix(6, 2)
    spread = np.cov(x.T, ddof=0)
    _, vectors = np.linalg.eigh(spread)
    around = [np.array([math.cos(a), math.sin(a)]) for a in np.linspace(0, math.pi, 60)]
    best = vectors[:, -1]
    holds(
        "pca-variance",
        {
            r"\mathbf{u}_{1}": best,
            r"\mathbf{S}": spread,
            r"\mathbf{x}": x,
            r"\bar{\mathbf{x}}": x.mean(0),
            "n": 6,
        },
        over=[points(r"\mathbf{u}", [best, *around])],
        rows=[1],
    )
    holds(
        "pca-variance",
        {
            r"\mathbf{S}": spread,
            r"\mathbf{u}": [best, vectors[:, 0]],
            # What is left of the variance along each of them.
            r"\lambda": [float(np.var(x @ best)), float(np.var(x @ vectors[:, 0]))],
            "j": each(1, 2),
            "d": 2,
        },
        rows=[2],
    )
