"""Bandits, search and planning: choices against other ways to make them."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    RANDOM,
    distribution,
    each,
    given,
    holds,
    matrix,
    mean,
    number,
    points,
    positive,
    vector,
)
from tests.equations.reference import always
from tests.equations.test_reinforcement import ACTIONS, STATES, Process


def test_regret_of_a_player_that_learns() -> None:
    means, n = {1: 0.3, 2: 0.7, 3: 0.5}, 3

    def chance(arm: int, seen: tuple[tuple[int, int], ...]) -> float:
        """Arms that have paid are played more often."""
        paid = {a: 1 + 2 * sum(x for b, x in seen if b == a) for a in means}
        return paid[arm] / sum(paid.values())

    runs = list(itertools.product(itertools.product(means, (0, 1)), repeat=n))
    weights, lost = [], 0.0
    for run in runs:
        weight = 1.0
        for t, (arm, paid) in enumerate(run):
            weight *= chance(arm, run[:t]) * (means[arm] if paid else 1 - means[arm])
        weights.append(weight)
        lost += weight * sum(0.7 - means[arm] for arm, _ in run)
    holds(
        "bandit-regret",
        {
            "R_{n}": lost,
            r"\mathbb{E}": mean("run", runs, weights),
            "X_{t}": given("run", "t", function=lambda run, t: run[t - 1][1]),
            "T_{a}": given(
                "run", "a", function=lambda run, a: always(sum(arm == a for arm, _ in run)), is_function=True
            ),
            r"\mathcal{A}": [1, 2, 3],
            r"\mu": means,
            r"\mu^{\ast}": 0.7,
            r"\Delta": {1: 0.7 - 0.3, 2: 0.0, 3: 0.7 - 0.5},
            "n": n,
            "a": each(1, 3),
        },
    )


def surprise(level: float, count: int) -> float:
    """The deviation of a mean of so many numbers in [0, 1] that Hoeffding gives the chance of `level` at most."""
    return math.sqrt(math.log(1 / level) / (2 * count))


def test_upper_confidence_bounds() -> None:
    for _ in range(40):
        found, counts = RANDOM.uniform(0.4, 0.6, 4), [int(one) for one in RANDOM.integers(1, 30, 4)]
        t = sum(counts)
        bounds = [x + surprise(t**-4.0, n) for x, n in zip(found, counts, strict=True)]
        holds(
            "bandit-ucb1",
            {"a_{t}": 1 + int(np.argmax(bounds)), r"\bar{x}": found, "n": counts, "t": t},
            over=[points("i", (1, 2, 3, 4))],
        )
        # With returns in [0, 1] and 1/√2 for its constant the search has the same bonus, else a multiple.
        for constant in (1 / math.sqrt(2), 0.2, 2.0):
            bonus = [constant * math.sqrt(2) * surprise(t**-4.0, n) for n in counts]
            holds(
                "mcts-uct",
                {
                    r"a^{\ast}": 1 + int(np.argmax(found + bonus)),
                    "Q": lambda _, a, found=found: found[a - 1],
                    "N": lambda *at, t=t, counts=counts: counts[at[1] - 1] if len(at) > 1 else t,
                    "C_{p}": constant,
                    "s": 0,
                },
                over=[points("a", (1, 2, 3, 4))],
            )


def test_puct() -> None:
    for _ in range(10):
        found, prior, counts, c = vector(4) / 3, distribution(4), [int(one) for one in RANDOM.integers(0, 9, 4)], 1.3
        bonus = {a: c * prior[a - 1] / (1 + counts[a - 1]) * math.sqrt(sum(counts)) for a in (1, 2, 3, 4)}
        holds(
            "mcts-puct",
            {
                r"a^{\ast}": 1 + int(np.argmax(found + np.array(list(bonus.values())))),
                "Q": lambda _, a, found=found: found[a - 1],
                "U": lambda _, a, bonus=bonus: bonus[a],
                "P": lambda _, a, prior=prior: prior[a - 1],
                "N": lambda _, a, counts=counts: counts[a - 1],
                r"c_{\mathrm{puct}}": c,
                "s": 0,
                "a": each(1, 2, 3, 4),
            },
            over=[points("a", (1, 2, 3, 4)), points("b", (1, 2, 3, 4))],
        )


def test_thompson_sampling() -> None:
    drawn, wins, losses = [0.4, 0.8, 0.1], 3, 2
    for paid in (0, 1):
        won, lost = wins + paid, losses + 1 - paid
        holds(
            "bandit-thompson",
            {
                r"\hat{\theta}_{t}": 0.0,
                r"\sim": always(True),
                r"\theta": each(0.2, 0.5, 0.9),
                r"p(\theta \mid \mathcal{H}_{t-1})": given(r"\theta", function=lambda p: p**wins * (1 - p) ** losses),
                "a_{t}": 2,
                r"\mathbb{E}[r_{t} \mid a, \hat{\theta}_{t}]": given("a", function=lambda a: drawn[a - 1]),
                r"p(\theta \mid \mathcal{H}_{t})": given(
                    r"\theta", function=lambda p, won=won, lost=lost: p**won * (1 - p) ** lost
                ),
                r"p(r_{t} \mid a_{t}, \theta)": given(r"\theta", function=lambda p, paid=paid: p if paid else 1 - p),
            },
            over=[points("a", (1, 2, 3))],
        )


def test_distributions_of_paths() -> None:
    p, start, horizon = Process(), distribution(3), 3
    paths = list(itertools.product(STATES, ACTIONS, STATES, ACTIONS, STATES, ACTIONS, STATES))

    def chance(path: tuple[int, ...]) -> float:
        total = start[path[0]]
        for s, a, after in zip(path[:-1:2], path[1::2], path[2::2], strict=True):
            total *= p.policy[s, a] * p.move[s, a, after]
        return float(total)

    here, value = start, 0.0
    for t in range(horizon):
        value += p.gamma**t * float(here @ (p.policy * p.reward).sum(1))
        here = here @ np.einsum("sa,sat->st", p.policy, p.move)
    names = {
        r"p_{\theta}": chance,
        r"\rho_{0}": lambda s: start[s],
        r"\pi_{\theta}": lambda a, s: p.policy[s, a],
        "P": lambda after, s, a: p.move[s, a, after],
        "r": lambda s, a: p.reward[s, a],
        "s_{0}": given(r"\tau", function=lambda path: path[0]),
        "s_{t}": given(r"\tau", "t", function=lambda path, t: path[2 * int(t)]),
        "s_{t+1}": given(r"\tau", "t", function=lambda path, t: path[2 * int(t) + 2]),
        "a_{t}": given(r"\tau", "t", function=lambda path, t: path[2 * int(t) + 1]),
        "J": always(value),
        r"\gamma": p.gamma,
        r"\theta": 0.0,
        "T": horizon,
    }
    holds("mdp-objective", {**names, r"\tau": each(paths[5], paths[77], paths[200])}, rows=[1])
    by_path = mean(r"\tau", paths, [chance(path) for path in paths])
    holds("mdp-objective", {**names, r"\mathbb{E}_{\tau \sim p_{\theta}}": by_path}, rows=[2])


def test_maximum_entropy_of_paths() -> None:
    features, theta = matrix(4, 2), vector(2)
    paths = [(0, 1, 3), (0, 2, 3), (0, 1, 2, 3), (0, 3)]
    shown = [paths[0], paths[2], paths[2]]

    def reward(path: tuple[int, ...], theta: np.ndarray) -> float:
        return float(sum(features[s] @ theta for s in path))

    def likelihood(theta: np.ndarray) -> float:
        total = math.log(sum(math.exp(reward(path, theta)) for path in paths))
        return float(np.mean([reward(path, theta) - total for path in shown]))

    step = 1e-5
    by_theta = [(likelihood(theta + step * axis) - likelihood(theta - step * axis)) / (2 * step) for axis in np.eye(2)]
    total = sum(math.exp(reward(path, theta)) for path in paths)
    chances = {path: math.exp(reward(path, theta)) / total for path in paths}
    visits = {s: sum(chance * path.count(s) for path, chance in chances.items()) for s in range(4)}
    holds(
        "irl-maxent",
        {
            "P": lambda path, _: chances[path],
            "Z": always(total),
            r"\boldsymbol{\theta}": theta,
            r"\mathbf{f}_{\zeta}": given(r"\zeta", function=lambda path: features[list(path)].sum(0)),
            r"\mathbf{f}_{s_{j}}": given("s_{j}", function=lambda s: features[s]),
            r"\mathbf{f}_{s}": given("s", function=lambda s: features[s]),
            r"\tilde{\mathbf{f}}": np.mean([features[list(path)].sum(0) for path in shown], axis=0),
            r"\nabla L": always(np.array(by_theta)),
            "D_{s}": given("s", function=visits.__getitem__),
            r"\zeta": each(*paths),
        },
        over=[points(r"\zeta", paths), points("s", range(4))],
        within=1e-6,
    )


def test_behaviour_cloning() -> None:
    visits, expert = distribution(3), [1, 0, 1]
    tables = [np.array([distribution(2) for _ in range(3)]) for _ in range(4)]
    policies = [lambda a, s, table=table: table[s, a] for table in tables]
    losses = [-sum(visits[s] * math.log(table[s, expert[s]]) for s in range(3)) for table in tables]
    best = int(np.argmin(losses))
    for s in range(3):
        holds(
            "imitation-bc",
            {
                r"\hat{\pi}": policies[best],
                r"\Pi": policies,
                r"\pi": policies[best],
                r"\pi^{\ast}": lambda s: expert[s],
                r"\mathbb{E}_{s \sim d_{\pi^{\ast}}}": mean("s", range(3), visits),
                r"\ell": lambda s, policy: -math.log(policy(expert[s], s)),
                "s": s,
            },
        )


def test_adversarial_imitation() -> None:
    pairs = list(itertools.product(range(2), range(2)))
    policies, expert = [distribution(4) for _ in range(3)], distribution(4)
    weight = 0.3

    def entropy(visits: np.ndarray) -> float:
        return -float(sum(visits * np.log(visits)))

    # The best discriminator is the share of the policy in both, and leaves the divergence of Jensen and Shannon.
    best = [p / (p + expert) for p in policies]

    def value(p: np.ndarray) -> float:
        middle = (p + expert) / 2
        shannon = float(sum(p * np.log(p / middle)) + sum(expert * np.log(expert / middle))) / 2
        return 2 * shannon - math.log(4) - weight * entropy(p)

    tables = [dict(zip(pairs, d, strict=True)) for d in [*best, np.full(4, 0.5)]]
    holds(
        "gail-objective",
        {
            r"\mathbb{E}_{\pi}": mean(("s", "a"), pairs, given(r"\pi", function=lambda p: p)),
            r"\mathbb{E}_{\pi_{E}}": mean(("s", "a"), pairs, expert),
            "H": entropy,
            r"\lambda": weight,
        },
        over=[points(r"\pi", policies), points("D", [lambda s, a, table=table: table[s, a] for table in tables])],
        objective=min(map(value, policies)),
    )


def test_muzero() -> None:
    rewards, values, policies, theta, c = vector(5), vector(5), positive(5, 3), vector(3), 0.1
    guessed = {"r": vector(3), "v": vector(3), "p": np.array([distribution(3) for _ in range(3)])}
    t, total = 2, c * sum(theta**2)
    for k in range(3):
        total += abs(values[t + k] - guessed["v"][k])
        total += (rewards[t + k] - guessed["r"][k]) ** 2 if k else 0.0  # the position itself has no reward
        total -= sum(policies[t + k] * np.log(guessed["p"][k]))
    holds(
        "muzero-loss",
        {
            r"\ell_{t}": always(total),
            r"\ell^{r}": lambda u, r: (u - r) ** 2,
            r"\ell^{v}": lambda z, v: abs(z - v),
            r"\ell^{p}": lambda target, p: -float(sum(target * np.log(p))),
            "u": dict(enumerate(rewards)),
            "z": dict(enumerate(values)),
            r"\boldsymbol{\pi}": dict(enumerate(policies)),
            "r_{t}^{k}": given("k", function=lambda k: guessed["r"][k]),
            "v_{t}^{k}": given("k", function=lambda k: guessed["v"][k]),
            r"\mathbf{p}_{t}^{k}": given("k", function=lambda k: guessed["p"][k]),
            r"\theta": theta,
            "c": c,
            "t": t,
            "K": 2,
        },
    )


def test_bound_of_the_recurrent_state_space_model() -> None:
    prior, decode = distribution(2), np.array([distribution(3) for _ in range(2)])
    for o in range(3):
        joint = prior * decode[:, o]
        exact = joint / joint.sum()
        # One step: the bound is reached by the posterior, and by no other.
        guesses = [exact, distribution(2), distribution(2)]
        holds(
            "dreamer-rssm",
            {
                r"p(o_{1:T} \mid a_{1:T})": float(joint.sum()),
                r"\mathbb{E}_{q}": mean("s_{t}", (0, 1), given("q", function=lambda q: q)),
                "q": each(*guesses),
                r"q(s_{t} \mid h_{t}, o_{t})": given("q", function=lambda q: q),
                r"p(s_{t} \mid h_{t})": prior,
                r"p(o_{t} \mid h_{t}, s_{t})": given("s_{t}", function=lambda s, o=o: decode[s, o]),
                r"D_{\mathrm{KL}}": lambda q, p: float(sum(q * np.log(q / p))),
                "T": 1,
            },
            rows=[3],
            reached=1e-9,
        )


def test_steps_of_the_recurrent_state_space_model() -> None:
    w, h, s, a = matrix(2, 4), vector(2), number(), number()

    def step(h: np.ndarray, s: float, a: float) -> np.ndarray:
        return np.tanh(w @ np.array([*h, s, a]))

    holds(
        "dreamer-rssm",
        {
            "h_{t}": np.array([math.tanh(row[0] * h[0] + row[1] * h[1] + row[2] * s + row[3] * a) for row in w]),
            "f": step,
            "h_{t-1}": h,
            "s_{t-1}": s,
            "a_{t-1}": a,
            "s_{t}": 0.0,
            "o_{t}": 0.0,
            "r_{t}": 0.0,
            r"p(s_{t} \mid h_{t})": 0.0,
            r"p(o_{t} \mid h_{t}, s_{t})": 0.0,
            r"p(r_{t} \mid h_{t}, s_{t})": 0.0,
            r"\sim": always(True),
        },
        rows=[1, 2],
    )
