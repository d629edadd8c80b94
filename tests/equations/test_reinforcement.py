"""Values and their updates on decision processes small enough to be solved."""

from __future__ import annotations

import itertools

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
from tests.equations.scope import Points


class Process:
    """Three states, two actions, a reward for each pair, and a policy; values by solving the linear system."""

    gamma = 0.8

    def __init__(self) -> None:
        self.move = np.array([[distribution(3) for _ in range(2)] for _ in range(3)])
        self.reward = matrix(3, 2)
        self.policy = np.array([distribution(2) for _ in range(3)])
        self.v = self.value(self.policy)
        self.q = self.reward + self.gamma * self.move @ self.v

    def value(self, policy: Array) -> Array:
        moves = np.einsum("sa,sat->st", policy, self.move)
        return np.asarray(np.linalg.solve(np.eye(3) - self.gamma * moves, (policy * self.reward).sum(1)))

    def best(self) -> Array:
        """The best of all policies that are sure of their action."""
        sure = [np.eye(2)[list(choice)] for choice in itertools.product((0, 1), repeat=3)]
        return np.asarray(np.max([self.value(policy) for policy in sure], axis=0))

    def visits(self, policy: Array, start: Array) -> Array:
        """Σ γᵗ Pr(sₜ = s)."""
        moves = np.einsum("sa,sat->st", policy, self.move)
        return np.asarray(np.linalg.solve((np.eye(3) - self.gamma * moves).T, start))


STATES, ACTIONS = range(3), range(2)


def test_return() -> None:
    rewards, gamma = vector(12), 0.5
    # Backwards, from the last reward on.
    g = {12: 0.0}
    for t in range(11, -1, -1):
        g[t] = rewards[t] + gamma * g[t + 1]
    holds(
        "mdp-return",
        {
            "G": g,
            "R": {t + 1: rewards[t] for t in range(12)} | dict.fromkeys(range(13, 60), 0.0),
            r"\cdots": sum(gamma**k * rewards[k + 2] for k in range(3, 10)),
            r"\gamma": gamma,
            r"\infty": 30,
            "t": 2,
        },
    )


def test_values_are_mean_returns() -> None:
    # From one of three places the actions 1 and 2 go as many places on, until the last, where nothing happens any more.
    rewards, policy, gamma, start = matrix(3, 2), np.array([distribution(2) for _ in range(3)]), 0.7, distribution(3)
    v, q = np.zeros(5), np.zeros((3, 2))
    for s in (2, 1, 0):
        q[s] = [rewards[s, a - 1] + gamma * v[s + a] for a in (1, 2)]
        v[s] = policy[s] @ q[s]
    paths, chances = [], []
    for first, *actions in itertools.product(range(3), *[(1, 2)] * 4):
        states, gained, likely = [first], [0.0], start[first]
        for a in actions:
            s = states[-1]
            likely *= policy[s, a - 1] if s < 3 else 0.5
            gained.append(rewards[s, a - 1] if s < 3 else 0.0)
            states.append(min(s + a, 3))
        returns = [sum(gamma**k * r for k, r in enumerate(gained[t + 1 :])) for t in range(2)]
        paths.append(tuple(dict(enumerate(one)) for one in (states, actions, gained, returns)))
        chances.append(likely)
    holds(
        "mdp-value-functions",
        {
            r"V^{\pi}": lambda s: v[s],
            r"Q^{\pi}": lambda s, a: q[s, a - 1],
            r"\mathbb{E}_{\pi}": mean(("S", "A", "R", "G"), paths, chances),
            r"\pi": lambda a, s: policy[s, a - 1],
            r"\gamma": gamma,
            r"\infty": 2,
            "t": 1,
            "s": each(1, 2),
            "a": each(1, 2),
        },
        over=[points("a", (1, 2))],
    )


def test_advantage_has_mean_zero() -> None:
    p = Process()
    for s in STATES:
        holds(
            "mdp-advantage",
            {
                r"A^{\pi}": lambda s, a: p.reward[s, a] + p.gamma * p.move[s, a] @ p.v - p.policy[s] @ p.q[s],
                r"V^{\pi}": lambda s: p.v[s],
                r"Q^{\pi}": lambda s, a: p.q[s, a],
                r"\mathbb{E}_{a \sim \pi(\cdot \mid s)}": mean("a", ACTIONS, p.policy[s]),
                "s": s,
                "a": 1,
            },
        )


def outcomes(p: Process) -> dict[str, object]:
    """The process with its rewards as a part of what comes next."""

    def chance(s2: int, r: float, s: int, a: int) -> float:
        return float(p.move[s, a, s2]) if r == p.reward[s, a] else 0.0

    return {
        "p": chance,
        r"\pi": lambda a, s: p.policy[s, a],
        r"\gamma": p.gamma,
        "s": each(0, 2),
        "a": 1,
    }


def ranges(p: Process) -> list[Points]:
    return [
        points("s'", STATES),
        points("r", sorted(set(p.reward.ravel()))),
        points("a", ACTIONS),
        points("a'", ACTIONS),
    ]


def test_bellman_expectation() -> None:
    p = Process()
    holds(
        "bellman-expectation",
        {**outcomes(p), r"V^{\pi}": lambda s: p.v[s], r"Q^{\pi}": lambda s, a: p.q[s, a]},
        over=ranges(p),
    )


def test_bellman_optimality() -> None:
    p = Process()
    best = p.best()
    q = p.reward + p.gamma * p.move @ best
    holds(
        "bellman-optimality",
        {**outcomes(p), r"V^{\ast}": lambda s: best[s], r"Q^{\ast}": lambda s, a: q[s, a]},
        over=ranges(p),
    )


def test_bellman_operator_contracts() -> None:
    p = Process()

    def improved(v: Array) -> Array:
        return np.asarray((p.reward + p.gamma * p.move @ v).max(1))

    v = vector(3)
    holds(
        "bellman-operator",
        {
            r"(\mathcal{T} V)": lambda s: improved(v)[s],
            "r": lambda s, a: p.reward[s, a],
            "P": lambda s2, s, a: p.move[s, a, s2],
            "V": lambda s: v[s],
            r"\gamma": p.gamma,
            "s": each(*STATES),
        },
        over=[points("a", ACTIONS), points("s'", STATES)],
        rows=[1],
    )
    values = {0: v}
    for k in range(4):
        values[k + 1] = improved(values[k])
    holds(
        "bellman-operator",
        {
            r"\mathcal{T} V": improved(v),
            r"\mathcal{T} U": improved(v + 0.3),
            "V": v,
            "U": v + 0.3,  # moved as a whole, the bound is reached
            r"V_{k}": given("k", function=lambda k: values[k]),
            r"V_{k+1}": given("k", function=lambda k: values[k + 1]),
            r"\mathcal{T} V_{k}": given("k", function=lambda k: improved(values[k])),
            r"V_{0}": v,
            r"V^{\ast}": p.best(),
            r"\gamma": p.gamma,
            "k": each(0, 1, 3),
        },
        rows=[2, 3],
        reached=1e-9,
    )


def test_performance_difference() -> None:
    p, start = Process(), distribution(3)
    other = np.array([distribution(2) for _ in range(3)])
    visits = (1 - p.gamma) * p.visits(other, start)
    pairs = [(s, a) for s in STATES for a in ACTIONS]
    moves = np.einsum("sa,sat->st", other, p.move)
    chances = [start]
    for _ in range(120):
        chances.append(chances[-1] @ moves)
    holds(
        "mdp-performance-difference",
        {
            r"J(\pi')": start @ p.value(other),
            r"J(\pi)": start @ p.v,
            r"A^{\pi}": lambda s, a: p.q[s, a] - p.v[s],
            r"\mathbb{E}_{s \sim d^{\pi'}, \, a \sim \pi'(\cdot \mid s)}": mean(
                ("s", "a"), pairs, [visits[s] * other[s, a] for s, a in pairs]
            ),
            r"d^{\pi'}": lambda s: visits[s],
            r"\Pr(s_{t} = s \mid \pi')": given("t", "s", function=lambda t, s: chances[t][s]),
            r"\gamma": p.gamma,
            r"\infty": 120,
            "s": 1,
        },
    )


# Temporal differences


class Step:
    """From state 4 at time 2 to state 5, with a table of values."""

    def __init__(self) -> None:
        self.values, self.q, self.reward, self.gamma, self.rate = vector(6), matrix(6, 2), 0.7, 0.9, 0.3

    def names(self) -> dict[str, object]:
        return {
            "V": lambda s: self.values[s],
            "Q": lambda s, a: self.q[s, a],
            "S": {2: 4, 3: 5, 1: 0},
            "A": {2: 1, 3: 0, 1: 0},
            "R": {3: self.reward, 2: -1.0},
            r"\gamma": self.gamma,
            r"\alpha": self.rate,
            "t": 2,
        }


def test_td_zero() -> None:
    step = Step()
    error = step.reward + step.gamma * step.values[5] - step.values[4]
    after = (1 - step.rate) * step.values[4] + step.rate * (step.reward + step.gamma * step.values[5])
    holds("td-zero", {**step.names(), r"\delta": {2: error, 1: 0.0}}, after={"V": lambda s: after if s == 4 else 0})


def test_sarsa() -> None:
    step = Step()
    after = (1 - step.rate) * step.q[4, 1] + step.rate * (step.reward + step.gamma * step.q[5, 0])
    holds("sarsa-update", step.names(), after={"Q": lambda s, a: after if (s, a) == (4, 1) else 0})


def test_q_learning() -> None:
    step = Step()
    step.q[5] = [0.2, 1.4]
    after = (1 - step.rate) * step.q[4, 1] + step.rate * (step.reward + step.gamma * 1.4)
    holds(
        "q-learning-update",
        step.names(),
        over=[points("a", ACTIONS)],
        after={"Q": lambda s, a: after if (s, a) == (4, 1) else 0},
    )


def test_n_step_return() -> None:
    rewards, values, gamma, rate, t, n = vector(9), vector(9), 0.9, 0.3, 2, 4
    g = values[t + n]
    for k in range(n, 0, -1):
        g = rewards[t + k] + gamma * g
    holds(
        "td-n-step",
        {
            "G_{t:t+n}": g,
            "R": dict(enumerate(rewards)),
            r"\cdots": gamma**2 * rewards[t + 3],
            "V": lambda s: values[s],
            "S": {k: k for k in range(9)},
            r"\gamma": gamma,
            r"\alpha": rate,
            "t": t,
            "n": n,
        },
        after={"V": lambda s: (1 - rate) * values[s] + rate * g},
    )


def test_lambda_return() -> None:
    # Four steps to the end; beyond it every n-step return is the whole one.
    rewards, values, gamma, decay, t, end = vector(7), vector(7), 0.9, 0.6, 2, 6
    values[end] = 0.0
    g = dict.fromkeys(range(7), 0.0)
    lam = 0.0
    for k in range(end - 1, t - 1, -1):
        g[k] = rewards[k + 1] + gamma * g[k + 1]
        lam = rewards[k + 1] + gamma * ((1 - decay) * values[k + 1] + decay * (lam if k + 1 < end else 0))

    def steps(n: int) -> float:
        m = min(int(n), end - t)
        last = gamma**m * values[t + m] if t + m < end else 0.0
        return float(sum(gamma**k * rewards[t + 1 + k] for k in range(m)) + last)

    holds(
        "td-lambda-return",
        {
            r"G_{t}^{\lambda}": lam,
            "G_{t:t+n}": given("n", function=steps),
            "G": g,
            r"\lambda": decay,
            r"\infty": 60,
            "t": t,
            "T": end,
        },
    )
