"""Actors and critics: targets, soft values and gradients through a critic, against recursions and differences."""

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
from tests.equations.reference import always, slope, softmax
from tests.equations.test_reinforcement import ACTIONS, STATES, Process


def looked_up(table: Array, s: int, a: int) -> float:
    return float(table[s, a])


def entropy(p: Array) -> float:
    return -float(sum(p * np.log(p)))


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


# Soft values


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
