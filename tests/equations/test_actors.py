"""Actors and their critics: gradients through a critic by differences."""

from __future__ import annotations

import itertools
import math

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
    vector,
)
from tests.equations.reference import always, entropy, slope, softmax


def test_ddpg() -> None:
    actor, slow_actor, critic, slow_critic = matrix(2, 2), matrix(2, 2), vector(5), vector(5)
    batch = [(vector(2), vector(2), float(vector(1)[0]), vector(2)) for _ in range(4)]
    gamma, rate = 0.9, 0.05

    def act(theta: Array, s: Array) -> Array:
        return np.asarray(np.tanh(theta.reshape(2, 2) @ s))

    def value(w: Array, s: Array, a: Array) -> float:
        return float(w[:2] @ (s * a) + w[2:4] @ np.sin(a) + w[4] * a[0] * a[1])

    targets = [r + gamma * value(slow_critic, after, act(slow_actor, after)) for _, _, r, after in batch]
    loss = float(np.mean([(y - value(critic, s, a)) ** 2 for y, (s, a, _, _) in zip(targets, batch, strict=True)]))
    by_actor = slope(
        lambda theta: float(np.mean([value(critic, s, act(theta, s)) for s, _, _, _ in batch])), actor.ravel()
    )

    def pull(i: int) -> Array:
        s = batch[int(i) - 1][0]
        return slope(lambda a: value(critic, s, a), act(actor, s))[None, :]

    def jacobian(i: int) -> Array:
        s = batch[int(i) - 1][0]
        return np.kron(np.diag(1 - act(actor, s) ** 2), s)

    holds(
        "ddpg-update",
        {
            "y": targets,
            "r": [r for _, _, r, _ in batch],
            r"\gamma": gamma,
            r"Q_{\theta_{Q}'}": lambda s, a: value(slow_critic, s, a),
            r"Q_{\theta_{Q}}": lambda s, a: value(critic, s, a),
            r"\mu_{\theta_{\mu}'}": lambda s: act(slow_actor, s),
            r"\nabla_{\theta_{\mu}} J": by_actor[None, :],
            r"\nabla_{a} Q_{\theta_{Q}}(s_{i}, a) \big|_{a = \mu_{\theta_{\mu}}(s_{i})}": given("i", function=pull),
            r"\nabla_{\theta_{\mu}} \mu_{\theta_{\mu}}(s_{i})": given("i", function=jacobian),
            "s_{i}": given("i", function=lambda i: batch[i - 1][0]),
            "s_{i+1}": given("i", function=lambda i: batch[i - 1][3]),
            "a_{i}": given("i", function=lambda i: batch[i - 1][1]),
            r"\mathcal{L}": always(loss),
            r"\theta_{Q}": critic,
            r"\theta_{Q}'": slow_critic,
            r"\theta_{\mu}": actor.ravel(),
            r"\theta_{\mu}'": slow_actor.ravel(),
            r"\tau": rate,
            "N": 4,
            "i": each(1, 3),
        },
        after={
            r"\theta_{Q}'": slow_critic + rate * (critic - slow_critic),
            r"\theta_{\mu}'": slow_actor.ravel() + rate * (actor - slow_actor).ravel(),
        },
        within=1e-6,
    )


def test_deterministic_policy_gradient() -> None:
    # Two states, a number for an action, which says how likely the first state comes next.
    gamma, start, weights = 0.8, np.array([0.3, 0.7]), matrix(2, 3)

    def act(theta: Array, s: int) -> Array:
        return np.array([math.tanh(theta[0] + (2 * s - 1) * theta[1])])

    def move(s: int, a: Array) -> Array:
        first = 1 / (1 + math.exp(-float(weights[s, 0] * a[0] + weights[s, 1])))
        return np.array([first, 1 - first])

    def reward(s: int, a: Array) -> float:
        return float(weights[s, 2] * a[0] - a[0] ** 2 / 2 + s)

    def solved(theta: Array) -> tuple[Array, Array]:
        moves = np.array([move(s, act(theta, s)) for s in (0, 1)])
        rewards = np.array([reward(s, act(theta, s)) for s in (0, 1)])
        return np.linalg.solve(np.eye(2) - gamma * moves, rewards), moves

    theta = vector(2)
    values, moves = solved(theta)
    visits = np.linalg.solve((np.eye(2) - gamma * moves).T, start)

    def pull(s: int) -> Array:
        return slope(lambda a: reward(s, a) + gamma * float(move(s, a) @ values), act(theta, s))

    bar = r"\nabla_{a} Q^{\mu}(s, a) \big|_{a = \mu_{\theta}(s)}"
    holds(
        "pg-deterministic",
        {
            r"\nabla_{\theta} J(\theta)": slope(lambda theta: float(start @ solved(theta)[0]), theta),
            r"\mathbb{E}_{s \sim \rho^{\mu}}": mean("s", (0, 1), visits),
            r"\nabla_{\theta} \mu_{\theta}": lambda s: slope(lambda theta: float(act(theta, s)[0]), theta)[:, None],
            bar: given("s", function=pull),
        },
        within=1e-6,
    )


def test_actor_critic_direction() -> None:
    theta, rewards, gamma, weight, ahead = vector(4), vector(3), 0.9, 0.2, 0.7
    taken, value = 1, 0.3
    returned = rewards[0] + gamma * (rewards[1] + gamma * (rewards[2] + gamma * ahead))

    def policy(theta: Array) -> Array:
        return softmax(theta)

    def objective(theta: Array) -> float:
        """With the bracket held constant."""
        return math.log(policy(theta)[taken]) * (returned - value) + weight * entropy(policy(theta))

    holds(
        "pg-actor-critic",
        {
            r"\Delta \theta": 1.7 * slope(objective, theta),
            r"\nabla_{\theta} \log \pi_{\theta}(a_{t} \mid s_{t})": np.eye(4)[taken] - policy(theta),
            r"\pi_{\theta}(\cdot \mid s_{t})": given(r"\theta", function=policy),
            "H": entropy,
            "V": lambda s, _: {0: value, 3: ahead}[s],
            "s_{t}": 0,
            "s_{t+k}": 3,
            r"\theta_{v}": 0.0,
            "R_{t}": returned,
            "r_{t+i}": given("i", function=lambda i: rewards[i]),
            r"\theta": theta,
            r"\beta": weight,
            r"\gamma": gamma,
            "k": 3,
        },
        within=1e-6,
    )


def test_trust_region() -> None:
    old, advantage, visits = softmax(matrix(2, 3)), matrix(2, 3), distribution(2)
    tables = [softmax(np.log(old) + 0.2 * matrix(2, 3)) for _ in range(4)]
    pairs = list(itertools.product(range(2), range(3)))
    gains = [float(visits @ (new * advantage).sum(1)) for new in tables]
    far = [float(visits @ [sum(old[s] * np.log(old[s] / new[s])) for s in range(2)]) for new in tables]
    holds(
        "trpo-objective",
        {
            r"\mathbb{E}_{s \sim \rho_{\theta_{\mathrm{old}}}, \, a \sim \pi_{\theta_{\mathrm{old}}}}": mean(
                ("s", "a"), pairs, [visits[s] * old[s, a] for s, a in pairs]
            ),
            r"\mathbb{E}_{s \sim \rho_{\theta_{\mathrm{old}}}}": mean("s", range(2), visits),
            r"\pi_{\theta}": given(
                r"\theta",
                function=lambda k: lambda a, s: tables[k][s] if a == "·" else tables[k][s, a],
                is_function=True,
            ),
            r"\pi_{\theta_{\mathrm{old}}}": lambda a, s: old[s] if a == "·" else old[s, a],
            r"A_{\theta_{\mathrm{old}}}": lambda s, a: advantage[s, a],
            r"D_{\mathrm{KL}}": lambda p, q: float(sum(p * np.log(p / q))),
            r"\theta": each(0, 1, 2, 3),
            r"\delta": max(far),
        },
        over=[points(r"\theta", range(4))],
        objective=max(gains),
        reached=1e-9,
    )
