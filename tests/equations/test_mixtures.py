"""Trees, mixtures, components and embeddings: optima that are found in another way."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    covariance,
    each,
    given,
    holds,
    matrix,
    mean,
    number,
    points,
    vector,
)
from tests.equations.reference import always, slope


def test_information_gain_is_a_mutual_information() -> None:
    values, classes = [1, 1, 2, 2, 2, 3, 3, 1], [1, 2, 1, 1, 1, 2, 3, 1]

    def entropy(labels: list[int]) -> float:
        return -sum(labels.count(k) / len(labels) * math.log2(labels.count(k) / len(labels)) for k in set(labels))

    pairs = [10 * v + c for v, c in zip(values, classes, strict=True)]
    holds(
        "tree-information-gain",
        {
            r"\operatorname{Gain}": always(entropy(values) + entropy(classes) - entropy(pairs)),
            "H": entropy,
            "S": classes,
            "S_{v}": given("v", function=lambda v: [c for w, c in zip(values, classes, strict=True) if w == v]),
            r"\mathcal{V}": lambda _: [1, 2, 3],
            "A": 0.0,
            "p": [classes.count(k) / 8 for k in (1, 2, 3)],
            "K": 3,
        },
    )


def stump(edge: float, size: float, x: float) -> float:
    return size if x > edge else -size


def test_gradient_boosting() -> None:
    x, y, shrink = vector(6), vector(6), 0.3
    constants = [float(c) for c in np.linspace(-2, 2, 801)]
    stumps = [partial(stump, edge, size) for edge in (-0.5, 0.1, 0.6) for size in (0.4, 1.0)]
    before = 0.2 * x + 0.1  # of the model so far
    # For squared errors the gradient is the residual, the first model the mean, and a line search a projection.
    residuals = y - before
    learner = min(stumps, key=lambda h: sum((r - h(z)) ** 2 for r, z in zip(residuals, x, strict=True)))
    shape = np.array([learner(z) for z in x])
    length = float(residuals @ shape / (shape @ shape))
    new = 0.37

    def loss(y: float, guess: float) -> float:
        return (y - guess) ** 2 / 2

    names = {
        "L": loss,
        "y": y,
        r"\mathbf{x}": new,
        r"\mathbf{x}_{i}": given("i", function=lambda i: x[i - 1]),
        "F_{0}": always(float(y.mean())),
        "F_{m-1}": lambda z: 0.2 * z + 0.1,
        "F_{m}": lambda z: 0.2 * z + 0.1 + shrink * length * learner(z),
        "r_{i m}": given("i", function=lambda i: residuals[i - 1]),
        r"\left[ \frac{\partial L(y_{i}, F(\mathbf{x}_{i}))}{\partial F(\mathbf{x}_{i})} \right]_{F = F_{m-1}}": given(
            "i", function=lambda i: float(slope(lambda f: loss(y[i - 1], float(f[0])), before[i - 1 : i])[0])
        ),
        "h_{m}": learner,
        r"\rho_{m}": length,
        r"\nu": shrink,
        "n": 6,
        "i": each(1, 4),
    }
    over = [points(r"\rho", constants), points("h", stumps)]
    holds("boost-gradient", names, over=over, rows=[1, 4], within=3e-3)
    holds("boost-gradient", names, over=over, rows=[2, 5], within=1e-6)
    holds("boost-gradient", {**names, "h_{m}": given(function=always(learner))}, over=over, rows=[3])


def test_expectation_maximisation_of_two_coins() -> None:
    # Each throw is of the coin that a fair one chooses; the parameter is the pair of biases.
    heads, throws, old = [8, 3, 7, 2], 10, (0.6, 0.4)
    choices = list(itertools.product((0, 1), repeat=4))

    def complete(z: tuple[int, ...], theta: tuple[float, float]) -> float:
        return math.prod(theta[k] ** h * (1 - theta[k]) ** (throws - h) / 2 for k, h in zip(z, heads, strict=True))

    def share(h: int) -> float:
        """How likely the throws are of the first coin."""
        odds = (old[0] / old[1]) ** h * ((1 - old[0]) / (1 - old[1])) ** (throws - h)
        return odds / (1 + odds)

    weights = [math.prod(share(h) if k == 0 else 1 - share(h) for k, h in zip(z, heads, strict=True)) for z in choices]

    def expected(theta: tuple[float, float], _: object) -> float:
        total = 4 * math.log(0.5)
        for h in heads:
            for part, one in ((share(h), theta[0]), (1 - share(h), theta[1])):
                total += part * (h * math.log(one) + (throws - h) * math.log(1 - one))
        return total

    best = (
        sum(share(h) * h for h in heads) / sum(share(h) * throws for h in heads),
        sum((1 - share(h)) * h for h in heads) / sum((1 - share(h)) * throws for h in heads),
    )
    around = [(best[0] + a, best[1] + b) for a in (-0.02, 0.0, 0.02) for b in (-0.02, 0.0, 0.02)]
    holds(
        "em-steps",
        {
            "Q": expected,
            r"\mathbb{E}_{\mathbf{Z} \sim p(\mathbf{Z} \mid \mathbf{X}, \theta^{(t)})}": mean(
                r"\mathbf{Z}", choices, weights
            ),
            "p": lambda _, z, theta: complete(z, theta),
            r"\mathbf{X}": 0.0,
            r"\theta": (0.7, 0.2),
            r"\theta^{(t)}": old,
            r"\theta^{(t+1)}": best,
        },
        over=[points(r"\theta", around)],
    )


def test_fastica_step_is_newton_on_the_sphere() -> None:
    samples, mixing, sources = matrix(40, 3), matrix(3, 3), vector(3)
    samples = (samples - samples.mean(0)) @ np.linalg.inv(np.linalg.cholesky(np.cov(samples.T, ddof=0)).T)
    w = vector(3)
    w /= np.linalg.norm(w)
    normal = [-1.2, -0.3, 0.4, 1.1]

    def contrast(w: Array) -> float:
        return float(np.log(np.cosh(samples @ w)).mean())

    # The slope of the contrast, less its mean curvature along the projection times w.
    plus = slope(contrast, w) - float((1 - np.tanh(samples @ w) ** 2).mean()) * w
    names = {
        r"\mathbb{E}": mean((r"\mathbf{x}", r"\nu"), list(itertools.product(samples, normal))),
        "G": lambda y: math.log(math.cosh(y)),
        "g": math.tanh,
        "g'": lambda y: 1 / math.cosh(y) ** 2,
        r"\nu": 0.0,
        r"\sim": STATED,
        r"\mathcal{N}": always(0.0),
    }
    ica = {**names, r"\mathbf{w}": w, r"\mathbf{w}^{+}": plus, r"\mathbf{x}": mixing @ sources}
    holds(
        "ica-fastica",
        {**ica, r"\mathbf{A}": mixing, r"\mathbf{s}": sources},
        rows=[1],
    )
    holds("ica-fastica", ica, rows=[3], after={r"\mathbf{w}": plus / math.hypot(*plus)}, within=1e-6)
    gaussian = float(np.mean([math.log(math.cosh(one)) for one in normal]))
    holds(
        "ica-fastica",
        {
            **names,
            "J": given(r"\mathbf{w}", function=lambda w: lambda _: 3 * (contrast(w) - gaussian) ** 2, is_function=True),
            "y": given(r"\mathbf{w}", r"\mathbf{x}", function=lambda w, x: sum(w * x)),
            r"\mathbf{w}": each(w, np.roll(w, 1), np.roll(w, 2)),
            r"\mathbf{x}": samples[0],
        },
        rows=[2],
    )


def test_umap() -> None:
    a, b, places = 1.6, 0.8, matrix(4, 2)
    near = {
        (i, j): 1 / (1 + a * math.dist(places[i - 1], places[j - 1]) ** (2 * b))
        for i in range(1, 5)
        for j in range(1, 5)
    }
    weights = {(i, j): number(0.1, 0.9) for i in range(1, 5) for j in range(i, 5)}
    weights |= {(j, i): weight for (i, j), weight in weights.items()}

    def cost(p: float, q: float) -> float:
        """The divergence of two coins."""
        return float(np.array([p, 1 - p]) @ np.log(np.array([p, 1 - p]) / np.array([q, 1 - q])))

    total = sum(cost(weights[key], near[key]) for key in near if key[0] != key[1])
    names = {"v": near, "w": weights, "C": total, r"\mathbf{y}": places, "a": a, "b": b}
    holds("umap-loss", {**names, "i": each(1, 2), "j": each(3, 4)}, rows=[1])
    holds("umap-loss", names, over=[points("i", range(1, 5)), points("j", range(1, 5))], rows=[2])


def test_alternating_directions() -> None:
    q, r, a, b, c = covariance(2), covariance(2), matrix(3, 2), matrix(3, 2), vector(3)
    z, u, rho = vector(2), vector(3), 1.4

    def f(x: Array) -> float:
        return float(x @ q @ x / 2 - x.sum())

    def g(x: Array) -> float:
        return float(x @ r @ x / 2 + x[0])

    # Where the slopes vanish.
    x = np.linalg.solve(q + rho * a.T @ a, np.ones(2) - rho * a.T @ (b @ z - c + u))
    after = np.linalg.solve(r + rho * b.T @ b, -np.array([1.0, 0.0]) - rho * b.T @ (a @ x - c + u))
    steps = [np.array(step) for step in itertools.product((-0.1, 0.0, 0.1), repeat=2)]
    holds(
        "admm-scaled",
        {
            "f": f,
            "g": g,
            r"\rho": rho,
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\mathbf{c}": c,
            r"\mathbf{x}_{k+1}": x,
            r"\mathbf{z}_{k}": z,
            r"\mathbf{z}_{k+1}": after,
            r"\mathbf{u}_{k}": u,
            r"\mathbf{u}_{k+1}": u + (a @ x + b @ after - c),
        },
        over=[
            points(r"\mathbf{x}", [x + step for step in steps]),
            points(r"\mathbf{z}", [after + step for step in steps]),
        ],
    )
