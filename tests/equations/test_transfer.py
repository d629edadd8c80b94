"""Learning of several tasks: steps, projections, penalties and saddle points."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import Array, covariance, each, given, holds, matrix, points, positive, vector
from tests.equations.reference import always, density, softmax
from tests.equations.scope import Operator


def test_maml_through_the_inner_step() -> None:
    theta, inner, outer, tasks = vector(3), 0.1, 0.05, [1, 2]
    curves, optima = [covariance(3), covariance(3)], [vector(3), vector(3)]
    fresh = [covariance(3), covariance(3)]

    def loss(curves: list[Array], task: int, theta: Array) -> float:
        away = theta - optima[task - 1]
        return float(away @ curves[task - 1] @ away / 2)

    def adapted(theta: Array, task: int) -> Array:
        return np.asarray(theta - inner * curves[task - 1] @ (theta - optima[task - 1]))

    slopes = [(np.eye(3) - inner * curves[k]) @ fresh[k] @ (adapted(theta, k + 1) - optima[k]) for k in range(2)]
    for task in tasks:
        holds(
            "meta-maml",
            {
                r"\theta": theta,
                r"\theta_{i}'": given(r"\theta", r"\mathcal{T}_{i}", function=adapted),
                r"\alpha": inner,
                r"\beta": outer,
                r"\mathcal{L}_{\mathcal{T}_{i}}^{\mathrm{support}}": lambda theta, task=task: loss(curves, task, theta),
                r"\mathcal{L}_{\mathcal{T}_{i}}^{\mathrm{query}}": given(
                    r"\mathcal{T}_{i}", function=lambda task: lambda theta: loss(fresh, task, theta), is_function=True
                ),
                r"\mathcal{T}_{i}": task,
                r"\sim": lambda *_: True,
                r"p(\mathcal{T})": 0.0,
            },
            after={r"\theta": theta - outer * sum(slopes)},
            over=[points(r"\mathcal{T}_{i}", tasks)],
            rows=[1],
        )
    holds(
        "meta-maml",
        {
            r"\theta": theta,
            r"\theta_{i}'": given(r"\theta", r"\mathcal{T}_{i}", function=adapted),
            r"\beta": outer,
            r"\mathcal{L}_{\mathcal{T}_{i}}^{\mathrm{query}}": given(
                r"\mathcal{T}_{i}", function=lambda task: lambda theta: loss(fresh, task, theta), is_function=True
            ),
            r"\sim": lambda *_: True,
            r"p(\mathcal{T})": 0.0,
        },
        after={r"\theta": theta - outer * sum(slopes)},
        over=[points(r"\mathcal{T}_{i}", tasks)],
        rows=[2],
    )


def test_elastic_weights_are_a_gaussian_prior() -> None:
    theta, old, fisher, weight = vector(3), vector(3), positive(3), 0.7
    spread = np.diag(1 / (weight * fisher))
    penalty = math.log(density(old, old, spread) / density(theta, old, spread))
    holds(
        "ewc-loss",
        {
            r"\mathcal{L}(\theta)": 1.3 + penalty,
            r"\mathcal{L}_{B}(\theta)": 1.3,
            r"\lambda": weight,
            "F": fisher,
            r"\theta": theta,
            r"\theta_{A,i}^{*}": given("i", function=lambda i: old[i - 1]),
        },
        over=[points("i", (1, 2, 3))],
    )


def test_uncertainty_weighting() -> None:
    y, guess, label = vector(1), vector(1), 2
    logits = vector(3)
    plain = -math.log(softmax(logits)[label])

    def joint(_: float, first: float, second: float) -> float:
        """The sum of both, with log σ₂ for the change of the normaliser of the logits divided by σ₂²."""
        regression = -math.log(density(y, guess, np.array([[first**2]]))) - math.log(2 * math.pi) / 2
        tempered = -math.log(softmax(logits / second**2)[label])
        change = math.log(np.exp(logits / second**2).sum()) - math.log(np.exp(logits).sum()) / second**2
        return regression + tempered - change + math.log(second)

    holds(
        "mtl-uncertainty-weighting",
        {
            r"\mathcal{L}": joint,
            r"\mathcal{L}_{1}": always(float((y - guess) @ (y - guess))),
            r"\mathcal{L}_{2}": always(plain),
            r"\sigma_{1}": each(0.6, 1.4),
            r"\sigma_{2}": each(1.0, 0.5, 1.7),
            r"\theta": 0.0,
        },
    )


def test_conflicting_gradients_lose_what_conflicts() -> None:
    for _ in range(3):
        g, other = vector(4), vector(4)
        if g @ other > 0:
            g = -g
        basis, _ = np.linalg.qr(np.column_stack([other, matrix(4, 3)]))
        left = sum((basis[:, k] @ g) * basis[:, k] for k in range(1, 4))
        holds(
            "mtl-pcgrad",
            {
                r"\mathbf{g}_{i}^{\mathrm{PC}}": g,
                r"\mathbf{g}_{j}": other,
            },
            after={r"\mathbf{g}_{i}^{\mathrm{PC}}": left},
        )


def test_domain_adversarial_saddle_point() -> None:
    grid = [-1.0, -0.5, 0.0, 0.5, 1.0]
    weight, target = 0.8, 0.9  # whose saddle point is at 0.9 / 1.8

    def label_loss(f: float, y: float) -> float:
        return (f - target) ** 2 + (y - f) ** 2

    def domain_loss(f: float, d: float) -> float:
        return (d - f) ** 2 - f**2

    def total(f: float, y: float, d: float) -> float:
        return label_loss(f, y) + weight * -domain_loss(f, d)

    saddles = [
        (f, y, d)
        for f in grid
        for y in grid
        for d in grid
        if total(f, y, d) == min(total(a, b, d) for a in grid for b in grid)
        and total(f, y, d) == max(total(f, y, c) for c in grid)
    ]
    ((f, y, d),) = saddles
    holds(
        "da-dann",
        {
            "E": total,
            r"\mathcal{L}_{y}": label_loss,
            r"\mathcal{L}_{d}": domain_loss,
            r"\lambda": weight,
            r"\hat{\theta}_{f}": f,
            r"\hat{\theta}_{y}": y,
            r"\hat{\theta}_{d}": d,
            r"\theta_{f}": each(0.3, -0.4),
            r"\theta_{y}": 0.7,
            r"\theta_{d}": 0.2,
        },
        over=[points(r"\theta_{f}", grid), points(r"\theta_{y}", grid), points(r"\theta_{d}", grid)],
    )


def test_invariant_risk() -> None:
    slopes, weight, h = [-0.5, 0.3, 0.9, 1.4], 2.0, 1e-5
    data = {e: (vector(5), vector(5)) for e in (1, 2)}

    def risk(e: int, slope: float) -> float:
        x, y = data[e]
        return float(np.mean((y - slope * x) ** 2))

    def cost(slope: float) -> float:
        # The derivative by a factor of the predictor, of a quadratic.
        by_factor = [float(np.mean(-2 * slope * x * (y - slope * x))) for x, y in data.values()]
        return sum(risk(e, slope) for e in data) + weight * sum(d * d for d in by_factor)

    holds(
        "da-irm",
        {
            r"\mathcal{E}_{\mathrm{tr}}": [1, 2],
            "R^{e}": given("e", function=lambda e: lambda slope: risk(e, slope), is_function=True),
            r"\lambda": weight,
            r"\nabla_{w \mid w = 1.0}": Operator(
                points("w", (1 + h, 1 - h)), lambda ends: (ends[0] - ends[1]) / (2 * h)
            ),
        },
        over=[points(r"\Phi", slopes)],
        objective=min(map(cost, slopes)),
        within=1e-6,
    )


def test_fixmatch() -> None:
    weak, strong = softmax(3 * matrix(6, 3)), softmax(matrix(6, 3))
    threshold = float(np.sort(weak.max(1))[2]) - 1e-3  # four of six are certain enough
    total = 0.0
    for sure, guess in zip(weak, strong, strict=True):
        if any(sure >= threshold):
            total -= math.log(guess[list(sure).index(max(sure))])
    holds(
        "semi-fixmatch",
        {
            r"\mathcal{L}_{u}": total / 6,
            r"\mu": 2,
            "B": 3,
            "q": weak,
            r"\tau": threshold,
            "H": lambda label, p: -math.log(p[label - 1]),
            r"\hat{q}": [int(np.argmax(one)) + 1 for one in weak],
            r"p_{\theta}": lambda _, image: (weak if image > 0 else strong)[abs(image) - 1],
            r"\alpha": lambda image: image,
            r"\mathcal{A}": lambda image: -image,
            r"\mathbf{u}": list(range(1, 7)),
            "y": 0.0,
            "b": each(1, 5),
        },
        over=[points("k", (1, 2, 3))],
    )
