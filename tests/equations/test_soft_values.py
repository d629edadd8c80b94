"""Soft and distributional values: by recursion, by all noise, and mass by mass."""

from __future__ import annotations

import itertools
import math
from functools import partial

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    vector,
)
from tests.equations.reference import always, entropy
from tests.equations.test_reinforcement import ACTIONS, STATES, Process


def looked_up(table: Array, s: int, a: int) -> float:
    return float(table[s, a])


def test_soft_values() -> None:
    p, start, alpha, horizon = Process(), distribution(3), 0.4, 3
    pairs = list(itertools.product(STATES, ACTIONS))
    paid = p.reward + alpha * np.array([entropy(row) for row in p.policy])[:, None]
    # The objective from its end to its beginning, and the values by repetition.
    left = np.zeros(3)
    for _ in range(horizon + 1):
        left = (p.policy * (paid + p.move @ left)).sum(1)
    q = np.zeros((3, 2))
    for _ in range(400):
        v = (p.policy * q).sum(1) + alpha * np.array([entropy(row) for row in p.policy])
        q = p.reward + p.gamma * p.move @ v
    chances = [start]
    for _ in range(horizon):
        chances.append(chances[-1] @ np.einsum("sa,sat->st", p.policy, p.move))

    def weights(t: int) -> list[float]:
        return [chances[int(t)][s] * p.policy[s, a] for s, a in pairs]

    holds(
        "sac-objective",
        {
            "J": always(float(start @ left)),
            r"\mathbb{E}_{(s_{t}, a_{t}) \sim \rho_{\pi}}": mean(
                ("s_{t}", "a_{t}"), pairs, given("t", function=weights)
            ),
            r"\mathbb{E}_{a_{t} \sim \pi}": mean("a_{t}", ACTIONS, given("s_{t}", function=lambda s: p.policy[s])),
            r"\mathbb{E}_{s_{t+1} \sim p}": mean(
                "s_{t+1}", STATES, given("s_{t}", "a_{t}", function=lambda s, a: p.move[s, a])
            ),
            "r": lambda s, a: p.reward[s, a],
            r"\pi": lambda a, s: p.policy[s] if a == "·" else p.policy[s, a],
            "H": entropy,
            "V": lambda s: v[s],
            "Q": lambda s, a: q[s, a],
            "s_{t}": each(0, 2),
            "a_{t}": each(0, 1),
            r"\alpha": alpha,
            r"\gamma": p.gamma,
            "T": horizon,
        },
    )


def test_soft_critic_and_actor() -> None:
    p, alpha = Process(), 0.3
    batch = [(0, 1, 0.5, 2), (2, 0, -0.3, 1), (1, 1, 0.9, 0)]
    drawn, critic, slow = {0: 1, 1: 0, 2: 0}, matrix(3, 2), {1: matrix(3, 2), 2: matrix(3, 2)}

    def target(r: float, after: int) -> float:
        a = drawn[after]
        return r + p.gamma * min(one[after, a] + alpha * math.log(1 / p.policy[after, a]) for one in slow.values())

    loss = float(np.mean([(critic[s, a] - target(r, after)) ** 2 / 2 for s, a, r, after in batch]))
    for s, a, r, after in batch:
        holds(
            "sac-critic",
            {
                "J_{Q}": always(loss),
                r"\mathbb{E}_{(s, a, r, s') \sim \mathcal{D}}": mean(("s", "a", "r", "s'"), batch),
                r"Q_{\theta_{i}}": lambda s, a: critic[s, a],
                r"Q_{\bar{\theta}_{j}}": given("j", function=lambda j: partial(looked_up, slow[j]), is_function=True),
                "y": given("r", "s'", function=target),
                r"\pi_{\phi}": lambda a, s: p.policy[s, a] if a != "·" else 0.0,
                "a'": given("s'", function=drawn.__getitem__),
                r"\sim": STATED,
                r"\alpha": alpha,
                r"\gamma": p.gamma,
                r"\theta_{i}": 0.0,
                "s": s,
                "a": a,
                "r": r,
                "s'": after,
            },
        )
    # An action from noise: the first where the noise is small. Over all of it the loss is that of the policy.
    cases = [(s, a) for s in STATES for a in ACTIONS]
    total = sum(p.policy[s] @ (alpha * np.log(p.policy[s]) - critic[s]) for s in STATES) / 3
    holds(
        "sac-actor",
        {
            r"J_{\pi}": always(float(total)),
            r"\mathbb{E}_{s \sim \mathcal{D}, \, \boldsymbol{\epsilon} \sim \mathcal{N}}": mean(
                ("s", r"\boldsymbol{\epsilon}"), cases, [p.policy[s, a] / 3 for s, a in cases]
            ),
            r"f_{\phi}": lambda noise, _: noise,
            r"\pi_{\phi}": lambda a, s: p.policy[s, a],
            r"Q_{\theta}": lambda s, a: critic[s, a],
            r"\alpha": alpha,
            r"\phi": 0.0,
        },
    )


def test_categorical_projection() -> None:
    atoms, low, high, gamma, reward = 6, -1.0, 2.0, 0.9, 0.35
    width = (high - low) / 5
    supports = [low + i * width for i in range(atoms)]
    ahead, now = {a: distribution(atoms) for a in (1, 2)}, distribution(atoms)
    best = max(ahead, key=lambda a: float(ahead[a] @ supports))
    # Mass by mass, to the atoms on either side.
    mass = [0.0] * atoms
    for z, share in zip(supports, ahead[best], strict=True):
        place = (min(max(reward + gamma * z, low), high) - low) / width
        below, above = math.floor(place), math.ceil(place)
        mass[below] += share * (1 - (place - below))
        mass[above] += share * (place - below)
    holds(
        "dqn-c51",
        {
            "m": dict(enumerate(mass)),
            "z": dict(enumerate(supports)),
            "r": reward,
            r"\gamma": gamma,
            r"]_{V_{\mathrm{min}}}^{V_{\mathrm{max}}}": lambda x: min(max(x, low), high),
            "]_{0}^{1}": lambda x: min(max(x, 0.0), 1.0),
            r"V_{\mathrm{min}}": low,
            r"V_{\mathrm{max}}": high,
            r"\Delta z": width,
            "p_{i}": given("i", function=lambda i: lambda s, a, _: (ahead[a] if s else now)[int(i)], is_function=True),
            "p_{j}": given("j", function=lambda j: lambda _, a, __: ahead[a][int(j)], is_function=True),
            r"a^{\ast}": best,
            r"\mathcal{L}": always(-float(np.array(mass) @ np.log(now))),
            r"\theta": 0.0,
            r"\theta^{-}": 0.0,
            "s": 0,
            "s'": 1,
            "a": 1,
            "N": atoms,
            "i": each(0, 2, 5),
        },
        over=[points("a'", (1, 2))],
    )


def test_network_distillation_bonus() -> None:
    target, inputs = matrix(3, 2), [vector(2) for _ in range(4)]
    guesses = [matrix(3, 2) for _ in range(3)]
    losses = [np.mean([sum((w @ o - target @ o) ** 2) for o in inputs]) for w in guesses]
    holds(
        "explore-rnd",
        {
            r"r^{\mathrm{i}}": lambda o: float(sum(((guesses[0] - target) @ o) ** 2)),
            r"\hat{\mathbf{f}}_{\theta}": given(r"\theta", function=lambda w: lambda o: w @ o, is_function=True),
            r"\mathbf{f}": lambda o: target @ o,
            r"\mathbb{E}_{o}": mean("o", inputs),
            r"\theta": guesses[0],
            "o": inputs[1],
        },
        over=[points(r"\theta", guesses)],
        objective=float(min(losses)),
    )


def test_conservative_q_learning() -> None:
    weight, behaviour, targets = 0.6, np.array([distribution(2) for _ in range(3)]), matrix(3, 2)
    states, data = distribution(3), [(0, 1, 2), (1, 0, 0), (2, 1, 1), (0, 0, 1)]
    critics = [matrix(3, 2) for _ in range(4)]

    def loss(q: Array) -> float:
        over = sum(states[s] * (math.log(np.exp(q[s]).sum()) - float(behaviour[s] @ q[s])) for s in STATES)
        return weight * over + sum((q[s, a] - targets[s, a]) ** 2 for s, a, _ in data) / 8

    holds(
        "cql-loss",
        {
            r"\mathbb{E}_{s \sim \mathcal{D}}": mean("s", STATES, states),
            r"\mathbb{E}_{a \sim \hat{\pi}_{\beta}(a \mid s)}": mean(
                "a", ACTIONS, given("s", function=lambda s: behaviour[s])
            ),
            r"\mathbb{E}_{(s, a, s') \sim \mathcal{D}}": mean(("s", "a", "s'"), data),
            r"\hat{\mathcal{B}}^{\pi_{k}} \hat{Q}^{k}": lambda s, a: targets[s, a],
            r"\alpha": weight,
        },
        over=[points("Q", [lambda s, a, q=q: q[s, a] for q in critics]), points("a", ACTIONS)],
        objective=min(map(loss, critics)),
    )
