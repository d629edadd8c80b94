"""Convex inequalities, rates, proximal steps and duality on quadratics."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    distribution,
    each,
    given,
    holds,
    points,
    positive,
    vector,
)
from tests.equations.reference import Quadratic, slope


def test_convex_functions() -> None:
    f = Quadratic()
    holds(
        "convex-definition",
        {
            "f": f.value,
            r"\nabla f": f.slope,
            r"\mathbf{x}": each(vector(3), vector(3), 0.1 * vector(3)),
            r"\mathbf{y}": each(vector(3), vector(3), 3 * vector(3)),
            r"\lambda": each(0.2, 0.7),
        },
    )
    # Of a point and itself both bounds are reached.
    x = vector(3)
    one = {r"\mathbf{x}": x, r"\mathbf{y}": x, r"\lambda": 0.2}
    holds("convex-definition", {"f": f.value, r"\nabla f": f.slope, **one}, reached=1e-9)


def test_strongly_convex_functions_touch_the_bound() -> None:
    f = Quadratic()
    values, vectors = np.linalg.eigh(f.a)
    x = vector(3)
    # Along the flattest direction the bound is reached, along any other it is not.
    shared = {"f": f.value, r"\nabla f": f.slope, r"\mu": values[0], r"\mathbf{x}": x}
    holds(
        "convex-strong",
        {**shared, r"\mathbf{y}": each(x + 2 * vectors[:, 0], x - vectors[:, 0], x + vectors[:, 2])},
        reached=1e-9,
    )


def test_smooth_functions_touch_the_bound() -> None:
    f = Quadratic()
    values, vectors = np.linalg.eigh(f.a)
    x = vector(3)
    shared = {"f": f.value, r"\nabla f": f.slope, "L": values[2], r"\mathbf{x}": x}
    holds(
        "convex-smooth",
        {**shared, r"\mathbf{y}": each(x + 2 * vectors[:, 2], x - vectors[:, 2], x + vectors[:, 0])},
        reached=1e-9,
    )


def test_proximal_operator_of_the_absolute_value() -> None:
    # Soft thresholding, among points near to it.
    v, weight = np.array([1.3, -0.2, -0.9]), 0.4
    soft = np.sign(v) * np.maximum(np.abs(v) - weight, 0)
    around = [soft + 0.01 * vector(3) for _ in range(30)] + [v, 0 * v, 2 * soft, 0.5 * soft]
    holds(
        "prox-operator",
        {
            r"\operatorname{prox}_{\lambda f}": lambda _: soft,
            "f": lambda x: float(np.abs(x).sum()),
            r"\mathbf{v}": v,
            r"\lambda": weight,
        },
        over=[points(r"\mathbf{x}", [soft, *around])],
    )


def test_proximal_gradient_step() -> None:
    f, x = Quadratic(), vector(3)
    moved = x - 0.1 * f.slope(x)
    holds(
        "prox-gradient",
        {
            r"\operatorname{prox}_{\gamma g}": lambda v: np.sign(v) * np.maximum(np.abs(v) - 0.1, 0),
            r"\nabla f": f.slope,
            r"\mathbf{x}": {2: x, 3: np.array([math.copysign(max(abs(m) - 0.1, 0), m) for m in moved]), 1: f.b},
            r"\gamma": 0.1,
            "k": 2,
        },
    )


def test_fista() -> None:
    f, x, before, t = Quadratic(), vector(3), vector(3), 1.7
    # The next t solves t'² − t' = t².
    after = float(np.roots([1, -1, -(t**2)]).max())
    holds(
        "prox-fista",
        {
            r"\operatorname{prox}_{\gamma g}": lambda v: 0.5 * v,
            r"\nabla f": f.slope,
            r"\mathbf{x}": {1: before, 2: (y := vector(3)) / 2 - 0.05 * f.slope(y)},
            r"\mathbf{y}": {2: y, 3: (now := y / 2 - 0.05 * f.slope(y)) + (t - 1) / after * (now - before), 1: x},
            "t": {2: t, 3: after},
            r"\gamma": 0.1,
            "k": 2,
        },
    )


def test_rate_of_gradient_descent_on_convex_functions() -> None:
    # The worst of all is a cone with a round tip that the path does not get to: there the bound is near to twice the gap.
    best, curve, value = vector(64), 2.5, 40.0

    def cone(x: Array) -> float:
        away = math.hypot(*(x - best))
        return value + (curve * away**2 / 2 if away < 1 else curve * (away - 0.5))

    for steps, reached in ((1, 0.67), (2, 0.61), (8, 0.54)):
        path = [best + (2 * steps + 1) * np.ones(64) / 8]
        for _ in range(steps + 1):
            path.append(path[-1] - slope(cone, path[-1]) / curve)
        holds(
            "rate-gd-convex",
            {
                "f": cone,
                r"\mathbf{x}": dict(enumerate(path)),
                r"\mathbf{x}^{*}": best,
                r"\gamma": 1 / curve,
                "t": steps,
            },
            reached=reached,
        )


def test_rate_of_gradient_descent_on_strongly_convex_functions() -> None:
    f = Quadratic()
    _, vectors = np.linalg.eigh(f.a)
    gamma, path = 1 / f.curvatures[-1], [f.best + 2.5 * vectors[:, 0]]
    for _ in range(10):
        path.append(path[-1] - gamma * f.slope(path[-1]))
    holds(
        "rate-gd-strongly-convex",
        {
            r"\mathbf{x}": dict(enumerate(path)),
            r"\mathbf{x}^{*}": f.best,
            r"\gamma": gamma,
            r"\mu": f.curvatures[0],
            "t": each(*range(10)),
        },
        reached=1e-9,
    )
    # A step that is the inverse of the one curvature of a round bowl goes straight to the minimum.
    holds(
        "rate-gd-strongly-convex",
        {
            r"\mathbf{x}": {0: path[0], 1: f.best},
            r"\mathbf{x}^{*}": f.best,
            r"\gamma": 0.5,
            r"\mu": 2.0,
            "t": 1,
        },
        reached=1e-9,
    )


def test_dual_of_a_choice_among_points() -> None:
    # Of finitely many points the best one that is allowed costs more than what the dual can show.
    places = [np.array(one) for one in itertools.product((-1.0, 0.0, 1.0), repeat=3)]
    costs: list[Callable[[Array], float]] = [lambda x: x @ x - x[0]]
    inequalities: list[Callable[[Array], float]] = [lambda x: 0.5 - x[1], lambda x: x[0] - 1.5]
    equations: list[Callable[[Array], float]] = [lambda x: x[1] - x[2], lambda x: x[0] * x[1]]
    allowed = [x for x in places if all(f(x) <= 0 for f in inequalities) and all(h(x) == 0 for h in equations)]
    cheapest = min(costs[0](x) for x in allowed)

    def lagrangian(x: Array, multipliers: Array, nu: Array) -> float:
        rows = [f(x) for f in (*costs, *inequalities, *equations)]
        return float(rows @ np.concatenate([[1.0], multipliers, nu]))

    def dual(multipliers: Array, nu: Array) -> float:
        return min(lagrangian(x, multipliers, nu) for x in places)

    tried = [np.array(one) for one in itertools.product((-2.0, 0.0, 0.7, 1.5, 3.0), repeat=2)]
    best = max(dual(one, nu) for one in tried for nu in tried if min(one) >= 0)
    assert best < cheapest < max(dual(one, nu) for one in tried for nu in tried)
    functions = {"L": lagrangian, "g": dual, "f": dict(enumerate([*costs, *inequalities])), "h": equations}
    holds(
        "lagrangian-dual",
        {
            **functions,
            r"\mathbf{x}": each(places[5], places[19]),
            r"\boldsymbol{\lambda}": each(tried[7], tried[23]),
            r"\lambda": given(r"\boldsymbol{\lambda}", function=lambda one: one),
            r"\boldsymbol{\nu}": tried[3],
            r"\nu": given(r"\boldsymbol{\nu}", function=lambda one: one),
            "m": 2,
            "p": 2,
        },
        over=[points(r"\mathbf{x}", places)],
        rows=[1, 2],
    )
    multipliers = [points(name, tried) for name in (r"\boldsymbol{\lambda}", r"\boldsymbol{\nu}")]
    holds("lagrangian-dual", {**functions, "d^{*}": best, "p^{*}": cheapest}, over=multipliers, rows=[3])


def test_kkt_conditions_of_a_projection() -> None:
    # The projection of c onto {x₁ ≤ 1, x₂ + x₃ = 0, x₄ = 2, x₅ = 0}.
    c = np.array([2.0, 0.7, 0.1, 1.5, 0.6])
    best = np.array([1.0, 0.3, -0.3, 2.0, 0.0])
    axes = np.eye(5)
    holds(
        "kkt-conditions",
        {
            r"f_{i}": given("i", function=lambda i: lambda x: [x[0] - 1, x[1] - 5][i - 1], is_function=True),
            r"h_{j}": given("j", function=lambda j: lambda x: [x[1] + x[2], x[3] - 2, x[4]][j - 1], is_function=True),
            r"\mathbf{x}^{*}": best,
            r"\lambda^{*}": np.array([1.0, 0.0]),
            r"\nu^{*}": np.array([0.4, -0.5, 0.6]),
            r"\nabla f": {0: lambda x: x - c, 1: lambda _: axes[0], 2: lambda _: axes[1]},
            r"\nabla h": [lambda _: axes[1] + axes[2], lambda _: axes[3], lambda _: axes[4]],
            r"\mathbf{0}": np.zeros(5),
            "i": each(1, 2),
            "j": each(1, 2, 3),
            "m": 2,
            "p": 3,
        },
    )


def test_mirror_descent_by_entropy_multiplies() -> None:
    x, slope, eta = distribution(3), vector(3), 0.3
    after = x * np.exp(-eta * slope) / (x * np.exp(-eta * slope)).sum()

    def entropy(x: Array) -> float:
        return float((x * np.log(x)).sum())

    near = [after + 1e-3 * (distribution(3) - after) for _ in range(30)]
    holds(
        "mirror-descent",
        {
            r"\mathbf{x}_{t+1}": after,
            r"\mathbf{x}_{t}": x,
            r"\mathcal{X}": [after, x, distribution(3), *near],
            r"\nabla f": lambda _: slope,
            r"D_{\Phi}": lambda x, y: float((x * np.log(x / y)).sum() - x.sum() + y.sum()),
            r"\Phi": entropy,
            r"\nabla \Phi": lambda y: 1 + np.log(y),
            r"\eta": eta,
            r"\mathbf{x}": positive(3),
            r"\mathbf{y}": positive(3),
        },
    )
