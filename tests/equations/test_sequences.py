"""Hidden Markov models by all paths, Kalman filters by the joint Gaussian, time series by simulation."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    STATED,
    covariance,
    distribution,
    each,
    given,
    grid,
    holds,
    matrix,
    points,
    positive,
    vector,
)
from tests.equations.scope import Operator


class Hidden:
    """Three states, four steps; every path with its probability."""

    def __init__(self) -> None:
        self.start = distribution(3)
        self.move = np.array([distribution(3) for _ in range(3)])
        self.emit = np.array([distribution(2) for _ in range(3)])
        self.seen = {1: 0, 2: 1, 3: 1, 4: 0}

    def path(self, z: tuple[int, ...]) -> float:
        """The probability of these states and of what is seen, as far as the path goes."""
        chance = self.start[z[0]] * self.emit[z[0], self.seen[1]]
        for t in range(1, len(z)):
            chance *= self.move[z[t - 1], z[t]] * self.emit[z[t], self.seen[t + 1]]
        return float(chance)

    def paths(self, steps: int) -> list[tuple[int, ...]]:
        return list(itertools.product(range(3), repeat=steps))

    def names(self) -> dict[str, object]:
        return {
            r"\pi": self.start,
            "a": self.move,
            "b": [lambda x, i=i: self.emit[i, x] for i in range(3)],
            r"\mathbf{x}": self.seen,
            "N": 3,
            "T": 4,
        }


def test_hidden_markov_joint() -> None:
    h, z = Hidden(), (2, 0, 1, 1)
    holds(
        "hmm-joint",
        {
            **h.names(),
            r"p(\mathbf{x}_{1:T}, z_{1:T})": h.path(z),
            "z": [one + 1 for one in z],
        },
        rows=[1],
    )


def test_forward_backward() -> None:
    h = Hidden()

    def forward(t: int, i: int) -> float:
        return sum(h.path(z) for z in h.paths(t) if z[-1] == i - 1)

    def backward(t: int, i: int) -> float:
        """Of what is seen after t, given the state there."""
        total = sum(h.path(z) for z in h.paths(4) if z[t - 1] == i - 1)
        return total / forward(t, i)

    whole = sum(map(h.path, h.paths(4)))
    for t, i, j in ((2, 1, 3), (1, 2, 2), (3, 3, 1)):
        holds(
            "hmm-forward-backward",
            {
                **h.names(),
                r"\alpha": {s: lambda i, s=s: forward(s, i) for s in (1, 2, 3, 4)},
                r"\beta": {s: lambda i, s=s: backward(s, i) for s in (1, 2, 3, 4)},
                r"p(z_{t} = i \mid \mathbf{x}_{1:T})": forward(t, i) * backward(t, i) / whole,
                r"p(\mathbf{x}_{1:T})": whole,
                "t": t,
                "i": i,
                "j": j,
            },
        )


def test_viterbi() -> None:
    h = Hidden()

    def best(t: int, j: int) -> float:
        return max(h.path(z) for z in h.paths(t) if z[-1] == j - 1)

    def before(t: int, j: int) -> int:
        path = max((z for z in h.paths(t) if z[-1] == j - 1), key=h.path)
        return path[-2] + 1

    path = max(h.paths(4), key=h.path)
    shared = {
        **h.names(),
        r"\delta": {t: lambda i, t=t: best(t, int(i)) for t in (1, 2, 3, 4)},
        r"\psi": {t: lambda i, t=t: before(t, int(i)) for t in (2, 3, 4)},
        "z^{*}": {t: path[t - 1] + 1 for t in (1, 2, 3, 4)},
        "t": each(2, 3),
    }
    ranges = [points("i", (1, 2, 3))]
    holds("hmm-viterbi", {**shared, "i": each(1, 2, 3)}, rows=[1])
    holds("hmm-viterbi", {**shared, "j": each(1, 2, 3)}, over=ranges, rows=[2, 3])


class Tracked:
    """A state in the plane over two steps, seen through noise; what is known from the joint Gaussian."""

    def __init__(self) -> None:
        self.a, self.q, self.h, self.r = matrix(2, 2), covariance(2), matrix(2, 2), covariance(2)
        self.m, self.p, self.y = vector(2), covariance(2), vector(2)
        # Of the state before, the state now and what is seen of it.
        z = np.zeros((2, 2))
        lift = np.block([[np.eye(2), z], [self.a, np.eye(2)]])
        inner = np.block([[self.p, z], [z, self.q]])
        self.joint = lift @ inner @ lift.T
        self.mean = np.concatenate([self.m, self.a @ self.m])
        see = np.hstack([z, self.h])
        spread = see @ self.joint @ see.T + self.r
        gain = self.joint @ see.T @ np.linalg.inv(spread)
        self.after = self.mean + gain @ (self.y - see @ self.mean)
        self.left = self.joint - gain @ see @ self.joint
        self.spread, self.gain = spread, gain[2:]


def test_kalman_filter() -> None:
    s = Tracked()
    holds(
        "kalman-filter",
        {
            r"\mathbf{A}": {1: s.a, 2: s.a.T},
            r"\mathbf{Q}": {1: s.q, 2: s.p},
            r"\mathbf{H}": {2: s.h, 1: 2 * s.h},
            r"\mathbf{R}": {2: s.r, 1: 2 * s.r},
            r"\mathbf{y}": {2: s.y, 1: 0 * s.y},
            r"\mathbf{m}": {1: s.m, 2: s.after[2:]},
            r"\mathbf{P}": {1: s.p, 2: s.left[2:, 2:]},
            r"\mathbf{m}^{-}": {2: s.mean[2:], 1: s.m},
            r"\mathbf{P}^{-}": {2: s.joint[2:, 2:], 1: s.p},
            r"\mathbf{v}": {2: s.y - s.h @ s.mean[2:]},
            r"\mathbf{S}": {2: s.spread},
            r"\mathbf{K}": {2: s.gain},
            "k": 2,
        },
    )


def test_kalman_smoother() -> None:
    s = Tracked()
    holds(
        "kalman-smoother",
        {
            r"\mathbf{A}": {1: s.a, 2: s.a.T},
            r"\mathbf{Q}": {1: s.q, 2: s.p},
            r"\mathbf{m}": {1: s.m, 2: s.after[2:]},
            r"\mathbf{P}": {1: s.p, 2: s.left[2:, 2:]},
            r"\mathbf{m}^{-}": {2: s.mean[2:], 1: s.m},
            r"\mathbf{P}^{-}": {2: s.joint[2:, 2:], 1: s.p},
            r"\mathbf{G}": {1: s.joint[:2, 2:] @ np.linalg.inv(s.joint[2:, 2:])},
            r"\mathbf{m}^{s}": {1: s.after[:2], 2: s.after[2:]},
            r"\mathbf{P}^{s}": {1: s.left[:2, :2], 2: s.left[2:, 2:]},
            "k": 1,
        },
    )


def test_kalman_model() -> None:
    a, h, x, q, r = matrix(2, 2), matrix(3, 2), vector(2), vector(2), vector(3)
    now = np.array([a[i] @ x + q[i] for i in range(2)])
    holds(
        "kalman-model",
        {
            r"\mathbf{A}": {1: a, 2: a.T},
            r"\mathbf{H}": {2: h, 1: 2 * h},
            r"\mathbf{x}": {1: x, 2: now},
            r"\mathbf{y}": {2: np.array([h[i] @ now + r[i] for i in range(3)])},
            r"\mathbf{q}": {1: q, 2: 0 * q},
            r"\mathbf{r}": {2: r, 1: 0 * r},
            r"\sim": STATED,
            "k": 2,
        },
    )


def test_particle_weights() -> None:
    before, likelihood, move, proposal = distribution(4), positive(4), positive(4), positive(4)
    raw = before * likelihood * move / proposal
    now, x = raw / raw.sum(), vector(4)
    holds(
        "particle-filter",
        {
            r"w_{t}^{(i)}": given("i", function=lambda i: now[i - 1]),
            r"w_{t-1}^{(i)}": given("i", function=lambda i: before[i - 1]),
            r"p(\mathbf{y}_{t} \mid \mathbf{x}_{t}^{(i)})": given("i", function=lambda i: likelihood[i - 1]),
            r"p(\mathbf{x}_{t}^{(i)} \mid \mathbf{x}_{t-1}^{(i)})": given("i", function=lambda i: move[i - 1]),
            r"q(\mathbf{x}_{t}^{(i)} \mid \mathbf{x}_{t-1}^{(i)}, \mathbf{y}_{t})": given(
                "i", function=lambda i: proposal[i - 1]
            ),
            r"\mathbb{E}[f(\mathbf{x}_{t}) \mid \mathbf{y}_{1:t}]": float(now @ x**2),
            "f": lambda x: x**2,
            r"\mathbf{x}_{t}^{(i)}": given("i", function=lambda i: x[i - 1]),
            "N": 4,
            "i": each(1, 2, 4),
        },
        rows=[2, 3],
    )


# Time series


def test_autoregression() -> None:
    past, phi = vector(6), vector(3)
    holds(
        "ts-ar",
        {
            "y": {t: past[t] for t in range(5)} | {5: 0.4 + float(phi @ past[4:1:-1]) + 0.1},
            "c": 0.4,
            r"\phi": phi,
            r"\varepsilon": {5: 0.1, 4: 0.7},
            r"\sim": STATED,
            "p": 3,
            "t": 5,
        },
    )


def test_garch() -> None:
    errors, spreads = vector(6), positive(6)
    alpha, beta = (0.2, 0.1), (0.3,)
    now = 0.1 + alpha[0] * errors[4] ** 2 + alpha[1] * errors[3] ** 2 + beta[0] * spreads[4] ** 2
    holds(
        "ts-garch",
        {
            r"\sigma": {t: spreads[t] for t in range(5)} | {5: math.sqrt(now)},
            r"\epsilon": dict(enumerate(errors)),
            r"\omega": 0.1,
            r"\alpha": alpha,
            r"\beta": beta,
            "q": 2,
            "p": 1,
            "t": 5,
        },
        rows=[2],
    )


def test_holt_winters() -> None:
    a, b, g = 0.3, 0.2, 0.4
    level, trend, season, y = 5.0, 0.5, {1: 1.0, 2: -1.0, 3: 0.5, 4: -0.5}, 7.0
    # In error-correction form.
    error = y - (level + trend + season[1])
    new_level = level + trend + a * error
    new_trend = trend + b * a * error
    new_season = season[1] + g * error
    holds(
        "ts-holt-winters",
        {
            r"\ell": {4: level, 5: new_level, 3: 0.0},
            "b": {4: trend, 5: trend + b * (new_level - level - trend), 3: 0.0},
            "s": {**season, 5: new_season},
            "y": {5: y, 4: 0.0},
            r"\hat{y}_{t+h \mid t}": new_level + 3 * new_trend + season[4],
            r"\alpha": a,
            r"\beta^{*}": b,
            r"\gamma": g,
            "h": 3,
            "k": 0,
            "m": 4,
            "t": 5,
        },
    )


def test_dynamic_time_warping() -> None:
    x, y = vector(4), vector(3)

    def cost(i: int, j: int) -> float:
        """Over all monotone ways to the corner."""
        if i == 0 or j == 0:
            return 0.0 if i == j else math.inf
        here = abs(x[i - 1] - y[j - 1])
        return here + min(cost(i - 1, j), cost(i, j - 1), cost(i - 1, j - 1))

    holds(
        "ts-dtw",
        {
            r"\gamma": lambda i, j: cost(int(i), int(j)),
            "d": lambda a, b: abs(a - b),
            "x": x,
            "y": y,
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
            r"\operatorname{DTW}": lambda *_: cost(4, 3),
            "n": 4,
            "m": 3,
            "i": each(1, 2, 4),
            "j": each(1, 3),
        },
    )


def test_hazard_of_a_weibull_time() -> None:
    shape, t = 1.5, 1.3
    at, weights = grid(t, 40, 400)

    def density(t: float) -> float:
        return shape / 2 * (t / 2) ** (shape - 1) * math.exp(-((t / 2) ** shape))

    alive = float(sum(w * density(s) for s, w in zip(at, weights, strict=True)))

    def soon(step: float) -> float:
        """The chance to fail within a step."""
        inner, shares = grid(t, t + step, 4)
        return float(sum(w * density(s) for s, w in zip(inner, shares, strict=True))) / alive

    holds(
        "survival-functions",
        {
            "S": lambda t: math.exp(-((t / 2) ** shape)),
            "P(T > t)": alive,
            "h": lambda t: shape / 2 * (t / 2) ** (shape - 1),
            "f": density,
            r"\lim_{\Delta \to 0^{+}}": Operator(points(r"\Delta", (1e-7,)), sum),
            r"P(t \leq T < t + \Delta \mid T \geq t)": given(r"\Delta", function=soon),
            r"\frac{\mathrm{d}}{\mathrm{d}t}": Operator(
                points("step", (1e-5, -1e-5)), lambda two: (two[0] - two[1]) / 2e-5
            ),
            "t": given("step", function=lambda step: t + step),
            "step": 0.0,
        },
        rows=[1, 2],
        within=1e-6,
    )


def test_survival_of_a_weibull_time() -> None:
    def alive(t: float) -> float:
        return math.exp(-((t / 2) ** 1.5))

    def rate(t: float) -> float:
        return 0.75 * math.sqrt(t / 2)

    holds(
        "survival-functions",
        {
            "S": alive,
            "H": lambda t: (t / 2) ** 1.5,
            "h": rate,
            "t": 1.3,
        },
        rows=[3],
        within=1e-5,
    )


def test_cox_partial_likelihood() -> None:
    x, times, happened, beta = matrix(4, 2), [3.0, 1.0, 4.0, 2.0], [1, 1, 0, 1], vector(2)
    risk = np.exp(x @ beta)
    chance = 1.0
    for i in range(4):
        if happened[i]:
            chance *= risk[i] / sum(risk[j] for j in range(4) if times[j] >= times[i])
    shared = {
        r"\boldsymbol{\beta}": beta,
        "L": lambda _: chance,
        r"\delta": happened,
        r"\mathcal{R}": lambda t: [j for j in range(1, 5) if times[j - 1] >= t],
    }
    names = {r"h(t \mid \mathbf{x})": 0.3 * risk[0], "h_{0}": lambda _: 0.3, r"\mathbf{x}": x[0], "t": 1.0}
    holds("survival-cox", {**shared, **names}, rows=[1])
    holds(
        "survival-cox",
        {**shared, r"\mathbf{x}": x, "t": times, "i": each(1, 4)},
        over=[points("i", range(1, 5)), points("j", range(1, 5))],
        rows=[2],
    )


def test_hawkes_likelihood() -> None:
    events, mu, alpha, beta, end = [0.5, 1.1, 2.3], 0.4, 0.6, 1.2, 3.0

    def rate(t: float) -> float:
        return mu + sum(alpha * math.exp(-beta * (t - s)) for s in events if s < t)

    # Piece by piece between the events, for the rate jumps there.
    edges = [0.0, *events, end]
    area = 0.0
    for low, high in itertools.pairwise(edges):
        at, weights = grid(low, high, 40)
        area += sum(w * rate(t) for t, w in zip(at, weights, strict=True))
    value = sum(math.log(rate(t)) for t in events) - area
    holds(
        "hawkes-intensity",
        {
            r"\log L": value,
            r"\lambda": rate,
            "t": events,
            r"\int_{0}^{T} \lambda(t) \,\mathrm{d}t": area,
            r"\mathrm{e}": math.e,
            r"\mu": mu,
            r"\alpha": alpha,
            r"\beta": beta,
            "T": end,
            "n": 3,
        },
        rows=[2],
    )
    # Event by event, the excess over the base rate falls by the factor e^(−β) in a time of one.
    for t in (0.3, 0.9, 2.8):
        excess, last = 0.0, 0.0
        for event in [one for one in events if one < t]:
            excess, last = excess * math.exp(-beta * (event - last)) + alpha, event
        holds(
            "hawkes-intensity",
            {
                r"\lambda": lambda t, e=excess, last=last: mu + e * math.exp(-beta * (t - last)),
                r"\mathrm{e}": math.e,
                r"\mu": mu,
                r"\alpha": alpha,
                r"\beta": beta,
                "t": t,
            },
            over=[points("t_{i}", events)],
            rows=[1],
        )
