"""Attacks, certificates and worst cases by trying all that is allowed."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist

import numpy as np

from tests.equations.bindings import (
    Array,
    chance,
    distribution,
    given,
    holds,
    matrix,
    mean,
    number,
    points,
    vector,
)
from tests.equations.reference import sigmoid, slope

NORMAL = NormalDist()


def logistic(theta: Array, x: Array, y: float) -> float:
    return math.log1p(math.exp(-y * float(np.tanh(x) @ theta)))


def steepest_corner(theta: Array, x: Array, y: float) -> Array:
    """The change of each feature by one, up or down, that raises the loss most to first order."""
    slopes = slope(lambda x: logistic(theta, x, y), x)
    return max((np.array(corner) for corner in itertools.product((-1.0, 1.0), repeat=len(x))), key=lambda s: s @ slopes)


def test_fast_gradient_sign() -> None:
    theta, x, y, size = vector(3), vector(3), -1.0, 0.2
    holds(
        "adv-fgsm",
        {
            r"\mathbf{x}_{\mathrm{adv}}": x + size * steepest_corner(theta, x, y),
            r"\mathbf{x}": x,
            r"\epsilon": size,
            "J": logistic,
            r"\theta": theta,
            "y": y,
        },
    )


def test_projected_gradient_stays_around_the_clean_input() -> None:
    theta, x, y, step, radius = vector(3), vector(3), 1.0, 0.3, 0.35
    last = x + radius * np.array([0.9, -0.5, 0.1])
    ahead = last + step * steepest_corner(theta, last, y)
    nearest = np.array([sorted((low, one, low + 2 * radius))[1] for low, one in zip(x - radius, ahead, strict=True)])
    holds(
        "adv-pgd",
        {
            r"\mathbf{x}^{t+1}": nearest,
            r"\mathbf{x}^{t}": last,
            r"\Pi_{\mathbf{x} + \mathcal{S}}": lambda z: np.minimum(np.maximum(z, x - radius), x + radius),
            r"\alpha": step,
            "L": logistic,
            r"\theta": theta,
            "y": y,
        },
    )


def test_adversarial_training() -> None:
    weights, data, labels = [vector(2) for _ in range(4)], matrix(3, 2), [1.0, -1.0, 1.0]
    box = [0.3 * np.array(corner) for corner in itertools.product((-0.5, 0, 1), repeat=2)]
    shares = distribution(3)

    def risk(theta: Array) -> float:
        worst = [max(logistic(theta, x + d, y) for d in box) for x, y in zip(data, labels, strict=True)]
        return float(shares @ worst)

    holds(
        "adv-training",
        {
            r"\rho": risk,
            r"\theta": weights[0],
            r"\mathbb{E}_{(\mathbf{x}, y) \sim \mathcal{D}}": mean(
                (r"\mathbf{x}", "y"), list(zip(data, labels, strict=True)), shares
            ),
            r"\mathcal{S}": box,
            "L": logistic,
        },
        over=[points(r"\theta", weights)],
        objective=min(map(risk, weights)),
    )


def test_trades() -> None:
    data, labels, weight, radius = vector(3), [1.0, -1.0, 1.0], 0.4, 0.25
    slopes = [-1.0, 0.5, 2.0]

    def near(x: float, radius: float) -> list[float]:
        return [x - radius, x - radius / 2, x, x + radius]

    def risk(w: float) -> float:
        clean = [math.log1p(math.exp(-y * w * x)) for x, y in zip(data, labels, strict=True)]
        moved = [max(math.log1p(math.exp(-w * x * w * z)) for z in near(x, radius)) for x in data]
        return float(np.mean(clean) + np.mean(moved) / weight)

    holds(
        "adv-trades",
        {
            r"\mathbb{E}": mean((r"\mathbf{x}", "y"), list(zip(data, labels, strict=True))),
            r"\mathcal{L}": lambda score, y: -math.log(sigmoid(score * y)),
            r"\mathbb{B}": near,
            r"\epsilon": radius,
            r"\lambda": weight,
        },
        over=[points("f", [lambda x, w=w: w * x for w in slopes])],
        objective=min(map(risk, slopes)),
    )


def test_smoothing_certifies_how_far_the_likeliest_class_stays_so() -> None:
    width, noise = 0.8, vector(200)
    noise *= width / noise.std()
    classes = [1, 2, 3]

    def classify(x: float) -> int:
        return 1 if x < -0.2 else 2 if x < 0.3 else 3

    counts = [sum(classify(0.3 + one) == c for one in noise) for c in classes]
    # With one half-space for either class: the shift at which the second has become as likely as the first.
    likely, other = 0.7, 0.2
    near, far = 0.0, 10.0
    for _ in range(80):
        shift = (near + far) / 2
        first = NORMAL.cdf(NORMAL.inv_cdf(likely) - shift / width)
        second = NORMAL.cdf(NORMAL.inv_cdf(other) + shift / width)
        near, far = (shift, far) if first > second else (near, shift)
    holds(
        "adv-smoothing",
        {
            "g": lambda _: classes[int(np.argmax(counts))],
            r"\mathbb{P}": chance(r"\boldsymbol{\epsilon}", noise),
            "f": classify,
            r"\mathbf{x}": 0.3,
            r"\boldsymbol{\epsilon}": noise,
            r"\sim": lambda sample, variance: bool(np.isclose(sample.var(), variance)),
            r"\mathcal{N}": lambda _, variance: variance,
            r"\mathbf{0}": 0.0,
            r"\mathbf{I}": 1.0,
            "R": near,
            r"\sigma": width,
            r"\Phi^{-1}": NORMAL.inv_cdf,
            r"\Phi": NORMAL.cdf,
            r"\underline{p_{A}}": likely,
            r"\overline{p_{B}}": other,
        },
        over=[points("c", classes)],
    )


def test_distributional_robustness() -> None:
    p = distribution(4)
    others = [distribution(4) for _ in range(40)]
    radius = 0.15
    losses = {theta: vector(4) for theta in (1, 2, 3)}

    def divergence(q: Array) -> float:
        """Of chi squared, with f(t) = (t − 1)²."""
        return float(sum((q - p) ** 2 / p))

    inside = [q for q in others if divergence(q) <= radius]
    assert 2 < len(inside) < 38
    holds(
        "dro-objective",
        {
            r"D_{f}(Q \,\|\, P_{0})": given("Q", function=divergence),
            r"\mathbb{E}_{Q}[\ell(\theta; \mathbf{x})]": given(
                "Q", r"\theta", function=lambda q, theta: float(q @ losses[theta])
            ),
            r"\rho": radius,
            "f": lambda t: (t - 1) ** 2,
            r"\frac{\mathrm{d}Q}{\mathrm{d}P_{0}}": given("Q", "P_{0}", function=lambda q, at: q[at] / p[at]),
            "Q": others[0],
        },
        over=[points("Q", others), points(r"\theta", list(losses)), points("P_{0}", range(4), p)],
        objective=min(max(float(q @ loss) for q in inside) for loss in losses.values()),
    )


def test_group_robustness() -> None:
    groups = {1: matrix(5, 2), 2: matrix(5, 2), 3: matrix(5, 2)}
    slopes = [number(-1, 1) for _ in range(5)]

    def worst(theta: float) -> float:
        return max(sum((y - theta * x) ** 2 for x, y in group) / 5 for group in groups.values())

    holds(
        "dro-group",
        {
            r"\mathcal{G}": list(groups),
            r"\mathbb{E}_{(\mathbf{x}, y) \sim P_{g}}": mean("at", range(5)),
            r"(\mathbf{x}, y)": given("g", "at", function=lambda g, at: groups[g][at]),
            r"\ell": lambda theta, pair: (pair[1] - theta * pair[0]) ** 2,
        },
        over=[points(r"\theta", slopes)],
        objective=min(map(worst, slopes)),
    )
