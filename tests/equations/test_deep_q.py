"""Deep Q-learning and its relatives on a few samples."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
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
from tests.equations.test_reinforcement import ACTIONS


def replay(count: int = 5) -> tuple[list[tuple[int, int, float, int]], dict[str, object]]:
    samples = [(int(k) % 3, int(k) % 2, float(vector(1)[0]), (int(k) + 1) % 3) for k in range(count)]
    return samples, {r"\gamma": 0.8, r"\theta": 0, r"\theta^{-}": 1}


def test_dqn_loss() -> None:
    samples, shared = replay()
    q = {0: matrix(3, 2), 1: matrix(3, 2)}
    expected = sum((r + 0.8 * max(q[1][s2]) - q[0][s, a]) ** 2 for s, a, r, s2 in samples) / 5
    holds(
        "dqn-loss",
        {
            **shared,
            r"\mathcal{L}": lambda _: expected,
            r"\mathbb{E}_{(s, a, r, s') \sim \mathcal{D}}": mean(("s", "a", "r", "s'"), samples),
            "Q": lambda s, a, theta: q[theta][s, a],
        },
        over=[points("a'", ACTIONS)],
    )


def test_double_dqn_chooses_by_one_and_values_by_the_other() -> None:
    q = {0: np.array([0.3, 0.9]), 1: np.array([2.0, 0.4])}
    holds(
        "dqn-double",
        {
            "y": 0.7 + 0.8 * 0.4,
            "r": 0.7,
            r"\gamma": 0.8,
            r"\theta": 0,
            r"\theta^{-}": 1,
            "s'": 0,
            "Q": lambda _, a, theta: q[theta][a],
        },
        over=[points("a'", ACTIONS)],
    )


def test_dueling_network() -> None:
    advantage, value = vector(3), 0.7
    holds(
        "dqn-dueling",
        {
            r"Q(s, a; \theta, \alpha, \beta)": given(
                "a", function=lambda a: value + advantage[a] - float(np.mean(advantage))
            ),
            r"V(s; \theta, \beta)": value,
            r"A(s, a; \theta, \alpha)": given("a", function=lambda a: advantage[a]),
            r"A(s, a'; \theta, \alpha)": given("a'", function=lambda a: advantage[a]),
            r"\mathcal{A}": [0, 1, 2],
            "a": each(0, 2),
        },
        over=[points("a'", range(3))],
    )


def test_prioritised_replay() -> None:
    errors, alpha, beta, tiny = vector(4), 0.6, 0.4, 0.01
    priority = [abs(e) + tiny for e in errors]
    chances = np.exp(alpha * np.log(priority))
    chances = chances / chances.sum()
    weights = [(min(chances) / c) ** beta for c in chances]
    holds(
        "dqn-prioritized",
        {
            "P": lambda i: chances[int(i) - 1],
            "p": priority,
            r"\delta": errors,
            "w": weights,
            r"\alpha": alpha,
            r"\beta": beta,
            r"\epsilon": tiny,
            "N": 4,
            "i": each(1, 3),
        },
        over=[points("k", range(1, 5)), points("j", range(1, 5))],
    )


def test_quantile_regression_dqn() -> None:
    size, kappa, gamma, r = 3, 0.6, 0.8, 0.4
    now, later = vector(3), {0: vector(3), 1: vector(3)}
    best = max(later, key=lambda a: later[a].mean())

    def huber(u: float) -> float:
        return u * u / 2 if abs(u) <= kappa else kappa * (abs(u) - kappa / 2)

    levels = [1 / 6, 1 / 2, 5 / 6]
    errors = [[r + gamma * later[best][j] - now[i] for j in range(3)] for i in range(3)]
    expected = sum((levels[i] if u >= 0 else 1 - levels[i]) * huber(u) / size for i in range(3) for u in errors[i])

    def rho(level: float, u: float) -> float:
        return (level if u >= 0 else 1 - level) * huber(u)

    shared = {
        r"\mathcal{L}(\theta)": expected,
        r"\rho_{\hat{\tau}_{i}}^{\kappa}": given(
            "i", function=lambda i: lambda u: rho(levels[i - 1], u), is_function=True
        ),
        r"\theta_{j}(s', a^{\ast})": given("j", function=lambda j: later[best][j - 1]),
        r"\theta_{i}(s, a)": given("i", function=lambda i: now[i - 1]),
        r"\theta_{j}(s', a')": given("j", "a'", function=lambda j, a: later[a][j - 1]),
        r"a^{\ast}": best,
        r"\hat{\tau}": levels,
        r"\rho_{\tau}^{\kappa}": lambda u: rho(0.3, u),
        r"\tau": 0.3,
        r"\kappa": kappa,
        "L_{\\kappa}": huber,
        r"\gamma": gamma,
        "r": r,
        "N": size,
        "i": each(1, 3),
        "u": each(-1.3, -0.2, 0.4, 2.0),
    }
    holds("dqn-quantile", shared, over=[points("a'", ACTIONS)])


def test_td3_target() -> None:
    limit, action, deviation = 0.5, 0.4, 0.8
    # The noise is cut at its limits, and then the action at its own.
    for noise, tried in ((0.9, 0.9), (-0.9, -0.1), (0.2, 0.6)):
        for q in ({1: 0.9, 2: 0.4}, {1: 0.4, 2: 0.9}):
            holds(
                "td3-target",
                {
                    "y": 0.3 + 0.8 * 0.4,
                    "r": 0.3,
                    r"\gamma": 0.8,
                    r"Q_{\theta_{i}'}": given("i", function=lambda i, q=q: lambda *_: q[i], is_function=True),
                    "s'": 0,
                    r"\tilde{a}": tried,
                    r"\mu_{\phi'}": lambda _: action,
                    r"\operatorname{clip}": lambda x, low, high: sorted([low, x, high])[1],
                    r"\boldsymbol{\epsilon}": noise,
                    "c": limit,
                    r"a_{\mathrm{low}}": -0.95,
                    r"a_{\mathrm{high}}": 0.95,
                    r"\sim": lambda _, variance: math.isclose(variance, 0.64),
                    r"\mathcal{N}": lambda _, variance: variance,
                    r"\mathbf{0}": 0.0,
                    r"\mathbf{I}": 1.0,
                    r"\sigma": deviation,
                },
            )


def test_sac_temperature() -> None:
    p = distribution(3)
    entropy = -sum(one * math.log(one) for one in p)
    holds(
        "sac-temperature",
        {
            "J": lambda a: a * (entropy - 0.6),
            r"\mathbb{E}_{a \sim \pi_{\phi}(\cdot \mid s)}": mean("a", range(3), p),
            r"\pi_{\phi}": lambda a, _: p[a],
            r"\bar{\mathcal{H}}": 0.6,
            r"\alpha": 0.3,
            "s": 0,
        },
    )


def test_implicit_q_learning() -> None:
    q, v, chance = vector(4), vector(4), positive(4)
    samples = [(s, 0) for s in range(4)]
    tau, beta = 0.7, 1.3

    def expectile(u: float) -> float:
        return (tau if u > 0 else 1 - tau) * u * u

    experience = [(s, 0, 0.1 * s, (s + 1) % 4) for s in range(4)]
    holds(
        "iql-losses",
        {
            r"\mathcal{L}_{V}(\psi)": sum(expectile(q[s] - v[s]) for s in range(4)) / 4,
            r"\mathcal{L}_{Q}(\theta)": sum((0.1 * s + 0.8 * v[(s + 1) % 4] - q[s]) ** 2 for s in range(4)) / 4,
            r"\mathcal{L}_{\pi}(\phi)": -sum(math.exp(beta * (q[s] - v[s])) * math.log(chance[s]) for s in range(4))
            / 4,
            r"\mathbb{E}_{(s, a) \sim \mathcal{D}}": mean(("s", "a"), samples),
            r"\mathbb{E}_{(s, a, r, s') \sim \mathcal{D}}": mean(("s", "a", "r", "s'"), experience),
            r"L_{2}^{\tau}": expectile,
            r"Q_{\hat{\theta}}": lambda s, _: q[s],
            r"Q_{\theta}": lambda s, _: q[s],
            r"V_{\psi}": lambda s: v[s],
            r"\pi_{\phi}": lambda _, s: chance[s],
            r"\tau": tau,
            r"\beta": beta,
            r"\gamma": 0.8,
            "u": each(-0.4, 0.9),
        },
    )
