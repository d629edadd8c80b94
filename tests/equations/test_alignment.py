"""Objectives that learn from preferences and rewards, on small policies."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from tests.equations.bindings import Array, distribution, given, holds, matrix, mean, points, positive, vector
from tests.equations.reference import always, kl, sigmoid


def policy() -> Array:
    """The chances of three answers to each of two prompts."""
    return np.array([distribution(3), distribution(3)])


def test_penalised_reward_of_the_best_policy() -> None:
    reward, reference, prompts, beta = matrix(2, 3), policy(), distribution(2), 0.6
    best = reference * np.exp(reward / beta)
    best /= best.sum(1, keepdims=True)
    # Its value is that of the log-partition functions.
    value = beta * float(prompts @ np.log((reference * np.exp(reward / beta)).sum(1)))
    holds(
        "rlhf-objective",
        {
            r"\mathbb{E}_{x \sim \mathcal{D}}": mean("x", (0, 1), prompts),
            r"\mathbb{E}_{y \sim \pi_{\theta}(y \mid x)}": mean(
                "y", (0, 1, 2), given(r"\pi_{\theta}", "x", function=lambda table, x: table[x])
            ),
            r"\pi_{\theta}(y \mid x)": given(r"\pi_{\theta}", "x", function=lambda table, x: table[x]),
            r"\pi_{\mathrm{ref}}(y \mid x)": given("x", function=lambda x: reference[x]),
            r"r_{\phi}": lambda x, y: reward[x, y],
            r"D_{\mathrm{KL}}": kl,
            r"\beta": beta,
        },
        over=[points(r"\pi_{\theta}", [policy(), best, policy()])],
        objective=value,
    )


def test_ppo_with_pretraining() -> None:
    reward, new, old, texts, beta, gamma = matrix(2, 3), policy(), policy(), distribution(3), 0.4, 1.7
    pairs = [(x, y) for x in range(2) for y in range(3)]
    value = float(np.sum(new * reward)) / 2 - beta * sum(kl(new[x], old[x]) for x in range(2)) / 2
    holds(
        "rlhf-ppo-ptx",
        {
            "J": always(value + gamma * float(np.mean(np.log(texts)))),
            r"\mathbb{E}_{(x, y) \sim \mathcal{D}_{\pi_{\phi}^{\mathrm{RL}}}}": mean(
                ("x", "y"), pairs, [new[x, y] / 2 for x, y in pairs]
            ),
            r"\mathbb{E}_{x \sim \mathcal{D}_{\mathrm{pretrain}}}": mean("x", range(3)),
            r"r_{\theta}": lambda x, y: reward[x, y],
            r"\pi_{\phi}^{\mathrm{RL}}": lambda *at: new[at[1], at[0]] if len(at) > 1 else texts[at[0]],
            r"\pi^{\mathrm{SFT}}": lambda y, x: old[x, y],
            r"\beta": beta,
            r"\gamma": gamma,
            r"\phi": 0.0,
        },
    )


def test_kto() -> None:
    new, old, beta, weights = policy(), policy(), 1.3, {True: 1.5, False: 0.8}
    new[0, 0], old[0, 0] = 0.6, 0.2  # so that the first pairs are likelier than before
    ratios = np.log(new / old)
    batch = [(0, 2, True), (1, 0, False), (1, 1, True), (0, 1, False)]
    mismatched = [ratios[x, y] for x, y in zip((0, 1, 1, 0), (0, 1, 1, 2), strict=True)]
    for start in (0, 2):
        pairs = mismatched[start : start + 2]
        zero = sum(pairs) / 2 if sum(pairs) > 0 else 0.0

        def value(good: bool, x: int, y: int, zero: float = zero) -> float:
            """The weight times the chance of a win against the reference point, or of a loss."""
            odds = math.exp(beta * (ratios[x, y] - zero))
            return weights[good] * (odds / (1 + odds) if good else 1 / (1 + odds))

        for x, y, good in batch:
            holds(
                "kto-loss",
                {
                    r"\mathcal{L}_{\mathrm{KTO}}": always(
                        sum(weights[good] - value(good, x, y) for x, y, good in batch) / 4
                    ),
                    r"\mathbb{E}_{(x, y) \sim \mathcal{D}}": mean(("x", "y", "good"), batch),
                    r"\lambda_{y}": given("good", function=weights.__getitem__),
                    "v": given("good", function=partial(partial, value), is_function=True),
                    r"\lambda_{\mathrm{D}}": weights[True],
                    r"\lambda_{\mathrm{U}}": weights[False],
                    r"\sigma": sigmoid,
                    r"r_{\theta}": lambda x, y: ratios[x, y],
                    "z_{0}": zero,
                    r"\text{if } y \text{ is desirable}": good,
                    r"\text{if } y \text{ is undesirable}": not good,
                    r"\pi_{\theta}": lambda y, x: new[x, y],
                    r"\pi_{\mathrm{ref}}": lambda y, x: old[x, y],
                    "x_{i}": given("i", function=lambda i, start=start: ((0, 1), (1, 0))[start // 2][i - 1]),
                    "y_{i+1}": given("i", function=lambda i, start=start: ((0, 1), (1, 2))[start // 2][i - 1]),
                    r"\beta": beta,
                    "m": 2,
                    "x": x,
                    "y": y,
                    "good": good,
                },
            )


def test_kto_clamps_its_reference_point() -> None:
    signs = set()
    for _ in range(6):
        new, old = policy(), policy()
        found = float(np.log(new / old)[[0, 1], [1, 2]].mean())
        signs.add(found > 0)
        holds(
            "kto-loss",
            {
                r"r_{\theta}": lambda x, y, new=new, old=old: math.log(new[x, y] / old[x, y]),
                "z_{0}": (abs(found) + found) / 2,
                r"\pi_{\theta}": lambda y, x, new=new: new[x, y],
                r"\pi_{\mathrm{ref}}": lambda y, x, old=old: old[x, y],
                "x_{i}": given("i", function=lambda i: i - 1),
                "y_{i+1}": given("i", function=lambda i: i),
                "m": 2,
                "x": 1,
                "y": 0,
            },
            rows=[3],
        )
    assert signs == {True, False}


def test_orpo() -> None:
    weight, tokens = 0.7, {"w": positive(3) / 3, "l": positive(4) / 3}
    likely = {name: math.prod(p) ** (1 / len(p)) for name, p in tokens.items()}
    odds = {name: p / (1 - p) for name, p in likely.items()}
    supervised, ranked = -math.log(likely["w"]), math.log(1 + odds["l"] / odds["w"])
    answers = {"w": list(range(3)), "l": list(range(4))}

    def of(y: list[int]) -> str:
        return "w" if len(y) == 3 else "l"

    for name in ("w", "l"):
        holds(
            "orpo-loss",
            {
                r"\mathcal{L}_{\mathrm{ORPO}}": supervised + weight * ranked,
                r"\mathcal{L}_{\mathrm{SFT}}": supervised,
                r"\mathcal{L}_{\mathrm{OR}}": ranked,
                r"\mathbb{E}_{(x, y_{w}, y_{l})}": mean("once", [0]),
                r"P_{\theta}": lambda y, *_: likely[of(y)],
                r"\operatorname{odds}_{\theta}": lambda y, _: odds[of(y)],
                r"P_{\theta}(y_{t} \mid x, y_{<t})": given("t", function=lambda t, name=name: tokens[name][t - 1]),
                r"\lambda": weight,
                r"\sigma": sigmoid,
                "x": 0.0,
                "y": answers[name],
                "y_{w}": answers["w"],
                "y_{l}": answers["l"],
            },
        )


class Group:
    """Three responses of different lengths with their rewards, and the chances of their tokens."""

    def __init__(self) -> None:
        self.lengths = {1: 2, 2: 2, 3: 3}
        self.cells = [(i, t) for i, size in self.lengths.items() for t in range(1, size + 1)]
        self.ratios = dict(zip(self.cells, (0.5, 1.6, 0.7, 1.7, 1.1, 1.9, 0.4), strict=True))
        self.old = dict(zip(self.cells, map(float, positive(7)), strict=True))
        self.new = {key: ratio * self.old[key] for key, ratio in self.ratios.items()}
        self.rewards = vector(3)

    def clipped(self, key: tuple[int, int], scores: Array, low: float, high: float) -> float:
        """No gain beyond the range: for a good response above, for a bad one below."""
        ratio, score = self.ratios[key], float(scores[key[0] - 1])
        return score * (min(ratio, 1 + high) if score > 0 else max(ratio, 1 - low))

    def names(self) -> dict[str, object]:
        return {
            r"\theta": 0.0,
            "o": {k: range(size) for k, size in self.lengths.items()},
            r"\rho": self.ratios,
            r"\pi_{\theta}(o_{i,t} \mid q, o_{i,<t})": given("i", "t", function=lambda i, t: self.new[i, t]),
            r"\pi_{\theta_{\mathrm{old}}}(o_{i,t} \mid q, o_{i,<t})": given(
                "i", "t", function=lambda i, t: self.old[i, t]
            ),
            r"\operatorname{clip}": lambda x, low, high: sorted([low, x, high])[1],
            r"\operatorname{mean}(R_{1}, \dots, R_{G})": sum(self.rewards) / 3,
            r"\operatorname{std}(R_{1}, \dots, R_{G})": math.sqrt(sum((self.rewards - sum(self.rewards) / 3) ** 2) / 3),
            "R": self.rewards,
            "G": 3,
        }


def test_group_objective_without_its_normalisers() -> None:
    group, width = Group(), 0.2
    scores = group.rewards - group.rewards.mean()
    total = sum(group.clipped(key, scores, width, width) for key in group.cells) / 3
    for i, t in ((1, 2), (3, 3)):
        holds(
            "grpo-dr",
            {
                **group.names(),
                r"\mathcal{J}": always(total),
                r"\mathbb{E}_{q, \{o_{i}\} \sim \pi_{\theta_{\mathrm{old}}}}": mean("q", [0]),
                r"\tilde{A}": {key: scores[key[0] - 1] for key in group.cells},
                r"\epsilon": width,
                "i": i,
                "t": t,
            },
        )


def test_dapo() -> None:
    group, low, high = Group(), 0.2, 0.28
    scores = (group.rewards - group.rewards.mean()) / group.rewards.std()
    parts = {key: group.clipped(key, scores, low, high) for key in group.cells}
    # Two of the three answers are right.
    right = r"\{ o_{i} : o_{i} \text{ is equivalent to } a \}"
    for i, t in ((1, 2), (3, 3), (2, 1)):
        holds(
            "dapo-objective",
            {
                **group.names(),
                r"\mathcal{J}": always(sum(parts.values()) / 7),
                r"\mathbb{E}_{(q, a) \sim \mathcal{D}, \, \{o_{i}\} \sim \pi_{\theta_{\mathrm{old}}}}": mean("q", [0]),
                r"\hat{A}": {key: scores[key[0] - 1] for key in group.cells},
                "m": parts,
                right: [1, 3],
                r"\epsilon_{\mathrm{low}}": low,
                r"\epsilon_{\mathrm{high}}": high,
                "i": i,
                "t": t,
            },
        )
