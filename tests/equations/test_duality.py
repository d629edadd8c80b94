"""Divergences as optima, and the games that are played for them."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tests.equations.bindings import (
    Array,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    positive,
    vector,
)
from tests.equations.reference import always, sigmoid


class Table:
    """A distribution over the first numbers, that is asked as a function."""

    def __init__(self, p: Array) -> None:
        self.p = p

    def __call__(self, x: int) -> float:
        return float(self.p[x])


def kl(p: Table, q: Table) -> float:
    return float(sum(p.p * np.log(p.p / q.p)))


def test_forward_and_reverse_fits() -> None:
    # Two modes: the forward fit lies between them, the reverse one chooses the larger.
    x = np.arange(21)
    p = np.exp(-((x - 4) ** 2) / 4) + 0.7 * np.exp(-((x - 16) ** 2) / 4) + 1e-4
    target = Table(p / p.sum())
    models = {}
    for middle in range(2, 19):
        raw = np.exp(-((x - middle) ** 2) / 18) + 1e-6
        models[middle] = Table(raw / raw.sum())
    forward = min(models, key=lambda k: kl(target, models[k]))
    reverse = min(models, key=lambda k: kl(models[k], target))
    assert reverse < forward
    holds(
        "kl-forward-reverse",
        {
            r"\theta_{\mathrm{fwd}}": forward,
            r"\theta_{\mathrm{rev}}": reverse,
            r"D_{\mathrm{KL}}": kl,
            "p": target,
            r"q_{\theta}": given(r"\theta", function=models.__getitem__, is_function=True),
            r"\mathbb{E}_{\mathbf{x} \sim p}": mean(r"\mathbf{x}", x, target.p),
            r"\mathbb{E}_{\mathbf{x} \sim q_{\theta}}": mean(
                r"\mathbf{x}", x, given(r"\theta", function=lambda k: models[k].p)
            ),
        },
        over=[points(r"\theta", list(models))],
    )


def test_donsker_and_varadhan() -> None:
    p, q = distribution(4), distribution(4)
    tables = [np.log(p / q) + 0.7, np.log(p / q) - vector(4), vector(4), vector(4)]
    holds(
        "kl-donsker-varadhan",
        {
            r"D_{\mathrm{KL}}(P \,\|\, Q)": kl(Table(p), Table(q)),
            r"\mathbb{E}_{x \sim P}": mean("x", range(4), p),
            r"\mathbb{E}_{x \sim Q}": mean("x", range(4), q),
            r"\Omega": 0.0,
            r"\mathbb{R}": 0.0,
            r"\to": always(True),
        },
        over=[points("T", [Table(one) for one in tables])],
    )


class Measure:
    """Masses at the points of a line; a product with the values of a function is its integral."""

    def __init__(self, masses: Array) -> None:
        self.masses = masses

    def __mul__(self, values: Array) -> float:
        return float(self.masses @ values)


def test_kantorovich_and_rubinstein() -> None:
    places = np.cumsum(positive(6))
    one, two = distribution(6), distribution(6)
    gaps = np.diff(places)
    above = np.cumsum(one - two)[:-1]
    distance = float(sum(abs(above) * gaps))
    # The best function climbs as fast as it may where mass has to move, to the side that it comes from.
    best = np.concatenate([[0.0], np.cumsum(-np.sign(above) * gaps)])

    def steepness(values: Array) -> float:
        return float(max(abs(np.diff(values)) / gaps))

    holds(
        "wasserstein-dual",
        {
            "W_{1}": always(distance),
            r"\mu": 0.0,
            r"\nu": 0.0,
            r"\|\psi\|_{\mathrm{Lip}}": given(r"\psi", function=steepness),
        },
        over=[
            points(r"\psi", [0.9 * best, best - 3.0, 2 * best, vector(6) / 20]),
            points(r"\mu", [0], [Measure(one)]),  # type: ignore[list-item]
            points(r"\nu", [0], [Measure(two)]),  # type: ignore[list-item]
        ],
    )


def test_sliced_distance_of_a_shift() -> None:
    sample, shift, order = matrix(5, 2), vector(2), 2
    angles = (np.arange(12) + 0.5) * math.pi / 6
    directions = [np.array([math.cos(a), math.sin(a)]) for a in angles]

    def transport(one: Array, two: Array) -> float:
        """Between samples of a line, by their order."""
        return float(np.mean(abs(np.sort(one) - np.sort(two)) ** order))

    of = r"\sigma(\boldsymbol{\theta})"
    for direction in directions[:2]:
        holds(
            "wasserstein-sliced",
            {
                r"\operatorname{SW}_{p}": always(math.hypot(*shift) / math.sqrt(2)),
                "W_{p}^{p}": transport,
                r"\pi^{\boldsymbol{\theta}}_{\sharp} \mu": given(of, function=lambda theta: sample @ theta),
                r"\pi^{\boldsymbol{\theta}}_{\sharp} \nu": given(of, function=lambda theta: (sample + shift) @ theta),
                r"\pi^{\boldsymbol{\theta}}": lambda x, d=direction: sum(a * b for a, b in zip(d, x, strict=True)),
                r"\boldsymbol{\theta}": direction,
                r"\mathbf{x}": sample[0],
                r"\mu": 0.0,
                r"\nu": 0.0,
                "p": order,
            },
            over=[points(of, directions, [1 / 12] * 12)],
        )


def test_entropic_transport() -> None:
    cost, one, two, warmth = abs(matrix(2, 3)), distribution(2), distribution(3), 0.3
    scale = np.exp(-cost / warmth)
    left, right = np.ones(2), np.ones(3)
    for _ in range(2000):
        left = one / (scale @ right)
        right = two / (scale.T @ left)
    plan = left[:, None] * scale * right
    # The value by the dual potentials, and other plans with the same margins.
    value = warmth * (float(one @ np.log(left)) + float(two @ np.log(right)) - 1)
    swap = plan.min() / 2 * np.array([[1.0, -1.0, 0.0], [-1.0, 1.0, 0.0]])
    others = [plan, plan + swap, plan - swap, np.outer(one, two)]

    def entropy(p: Array) -> float:
        return float(sum(x - x * math.log(x) for x in p.ravel()))

    names = {r"\mathbf{C}": cost, "H": entropy, r"\varepsilon": warmth, r"\mathbf{a}": one, r"\mathbf{b}": two}
    over = [points("i", (1, 2)), points("j", (1, 2, 3))]
    regularised = {r"L_{\mathbf{C}}^{\varepsilon}": always(value), "U": always(others)}
    holds("ot-entropic", {**names, **regularised}, over=over, rows=[(1, 1)])
    holds("ot-entropic", {**names, r"\mathbf{P}": each(*others)}, over=over, rows=[(1, 2)])
    margins = {
        **names,
        "U": always([plan, np.outer(one, two)]),
        r"\mathbb{R}_{+}^{n \times m}": [plan, np.full((2, 3), 1 / 6), np.outer(one, two), plan.max() - plan],
        "n": 2,
        "m": 3,
    }
    holds("ot-entropic", margins, rows=[2])


# Games


def test_noise_contrastive_estimation() -> None:
    data, noise, model, ratio = distribution(4), distribution(4), positive(4), 3.0
    odds = np.log(model) - np.log(noise) - math.log(ratio)
    value = float(data @ np.log(sigmoid(odds)) + ratio * noise @ np.log(sigmoid(-odds)))
    holds(
        "nce-loss",
        {
            "J": always(value),
            "h": lambda x, _: sigmoid(odds[x]),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}}": mean(r"\mathbf{x}", range(4), data),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{n}}}": mean(r"\mathbf{x}", range(4), noise),
            r"p_{\mathrm{m}}": lambda x, _: model[x],
            r"p_{\mathrm{n}}": lambda x: noise[x],
            r"\nu": ratio,
            r"\theta": 0.0,
            r"\mathbf{x}": each(0, 3),
        },
    )


def test_conditional_game() -> None:
    real, drawn = matrix(4, 2), vector(3)

    def judge(slope: float, x: float, y: float = 0.7) -> float:
        return float(sigmoid(np.array(slope * (x - y))))

    def draw(shift: float, z: float, y: float) -> float:
        return math.sin(z) + y + shift

    def value(d: partial[float], g: partial[float]) -> float:
        likely = np.mean([math.log(d(x, y)) for x, y in real])
        return float(likely + np.mean([math.log(1 - d(g(z, 0.7))) for z in drawn]))

    judges = [partial(judge, slope) for slope in (-2.0, -0.3, 0.4, 1.5)]
    generators = [partial(draw, shift) for shift in (-1.0, 0.2, 2.0)]
    generator = min(generators, key=lambda g: max(value(d, g) for d in judges))
    holds(
        "gan-conditional",
        {
            "V": value,
            "D": max(judges, key=lambda d: value(d, generator)),
            "G": generator,
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}(\mathbf{x})}": mean((r"\mathbf{x}", r"\mathbf{y}"), real),
            r"\mathbb{E}_{\mathbf{z} \sim p_{\mathbf{z}}(\mathbf{z})}": mean(r"\mathbf{z}", drawn),
            r"\mathbf{y}": 0.7,
        },
        over=[points("G", generators), points("D", judges)],
    )


def test_wasserstein_game() -> None:
    data, noise = vector(5), vector(5)
    generators = [lambda z, a=a, b=b: a * z + b for a, b in ((1.0, 2.0), (0.5, -1.0), (0.8, 0.1))]
    slopes = [-1.0, -0.4, 0.3, 1.0, 1.8]

    def gap(a: float, b: float) -> float:
        """Of critics that are lines, the steepest that is allowed."""
        return abs(float(data.mean()) - a * float(noise.mean()) - b)

    holds(
        "gan-wgan",
        {
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}(\mathbf{x})}": mean(r"\mathbf{x}", data),
            r"\mathbb{E}_{\mathbf{z} \sim p_{\mathbf{z}}(\mathbf{z})}": mean(r"\mathbf{z}", noise),
            r"\lVert f \rVert_{\mathrm{L}}": given("f", function=lambda f: abs(f(1.0) - f(0.0))),
        },
        over=[points("G", generators), points("f", [lambda x, s=s: s * x for s in slopes])],
        objective=min(gap(1.0, 2.0), gap(0.5, -1.0), gap(0.8, 0.1)),
    )


def test_cycles() -> None:
    xs, ys, weight = [vector(2) for _ in range(3)], [vector(2) for _ in range(4)], 10.0
    to, back, w, u = matrix(2, 2), matrix(2, 2), vector(2), vector(2)

    def judge_y(y: Array) -> float:
        return float(sigmoid(w @ y))

    def judge_x(x: Array) -> float:
        return float(sigmoid(u @ x))

    def game(judge: object, real: list[Array], drawn: list[Array]) -> float:
        assert callable(judge)
        return float(np.mean([math.log(judge(y)) for y in real]) + np.mean([math.log(1 - judge(x)) for x in drawn]))

    there = game(judge_y, ys, [to @ x for x in xs])
    here = game(judge_x, xs, [back @ y for y in ys])
    around = float(
        np.mean([sum(abs(back @ to @ x - x)) for x in xs]) + np.mean([sum(abs(to @ back @ y - y)) for y in ys])
    )
    same = float(np.mean([sum(abs(to @ y - y)) for y in ys]) + np.mean([sum(abs(back @ x - x)) for x in xs]))
    holds(
        "gan-cycle",
        {
            r"\mathcal{L}_{\mathrm{GAN}}": lambda *names: there if names[1] is judge_y else here,
            r"\mathcal{L}_{\mathrm{cyc}}": always(around),
            r"\mathcal{L}_{\mathrm{identity}}": always(same),
            r"\mathcal{L}": always(there + here + weight * around),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}(\mathbf{x})}": mean(r"\mathbf{x}", xs),
            r"\mathbb{E}_{\mathbf{y} \sim p_{\mathrm{data}}(\mathbf{y})}": mean(r"\mathbf{y}", ys),
            "G": lambda x: to @ x,
            "F": lambda y: back @ y,
            "D_{Y}": judge_y,
            "D_{X}": judge_x,
            "X": 0.0,
            "Y": 0.0,
            r"\lambda": weight,
        },
    )
