"""Language models: decoding, tuning by preference, compression and scaling."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    STATED,
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


def sigmoid(x: float) -> float:
    return (1 + math.tanh(x / 2)) / 2


# Likelihood


def test_language_model_objective() -> None:
    p = distribution(5)
    holds(
        "lm-objective",
        {
            r"p_{\theta}(x_{1:T})": math.exp(sum(math.log(one) for one in p)),
            r"p_{\theta}(x_{t} \mid x_{<t})": given("t", function=lambda t: p[t - 1]),
            r"\mathcal{L}": lambda _: float(np.mean(-np.log(p))),
            r"\theta": 0,
            "T": 5,
        },
    )


def test_perplexity_is_the_geometric_mean_of_the_choices() -> None:
    p = distribution(5)
    holds(
        "lm-perplexity",
        {
            r"\operatorname{PPL}(x_{1:T})": math.prod((1 / p) ** (1 / 5)),
            r"p_{\theta}(x_{1:T})": math.prod(p),
            r"p_{\theta}(x_{t} \mid x_{<t})": given("t", function=lambda t: p[t - 1]),
            "T": 5,
        },
    )


def test_bits_per_byte() -> None:
    p, size = distribution(5), 17
    holds(
        "lm-bits-per-byte",
        {
            r"\operatorname{BPB}": -sum(math.log2(one) for one in p) / size,
            r"L_{\mathrm{T}}": 5,
            r"L_{\mathrm{B}}": size,
            r"\ell": -sum(math.log(one) for one in p) / 5,
        },
    )


# Decoding


def test_temperature() -> None:
    u = vector(4)
    raw = np.exp(u) ** (1 / 0.7)
    holds(
        "decode-temperature",
        {
            r"P(v \mid x_{<t})": given("v", function=lambda v: raw[v - 1] / raw.sum()),
            "u": u,
            r"\tau": 0.7,
            r"\mathcal{V}": [1, 2, 3, 4],
            "v": each(1, 3),
        },
    )


def test_top_k() -> None:
    p = np.array([0.4, 0.1, 0.3, 0.2])
    subsets = [list(one) for size in range(5) for one in itertools.combinations((1, 2, 3, 4), size)]
    kept = {1: 0.4 / 0.7, 2: 0.0, 3: 0.3 / 0.7, 4: 0.0}
    holds(
        "decode-top-k",
        {
            r"\mathcal{V}^{(k)}": [1, 3],
            r"\mathcal{V}": [1, 2, 3, 4],
            r"\subseteq": lambda part, whole: set(part) <= set(whole),
            "P": lambda v, _: p[v - 1],
            "P'": lambda v, _: kept[v],
            "x_{<t}": 0,
            "k": 2,
            "v": each(1, 2, 3),
        },
        over=[points(r"\mathcal{S}", subsets)],
    )


def test_length_penalty() -> None:
    holds(
        "decode-beam",
        {
            "s": lambda *_: math.log(0.01) / math.exp(0.6 * math.log(9 / 6)),
            r"\operatorname{lp}": lambda _: math.exp(0.6 * math.log(9 / 6)),
            r"P(y \mid x)": 0.01,
            "y": ["a", "b", "c", "d"],
            "x": 0,
            r"\alpha": 0.6,
        },
    )


def test_speculative_sampling_keeps_the_distribution() -> None:
    # What is accepted of the draft and what is drawn again add up to the target.
    p, q = distribution(4), distribution(4)
    accepted = np.minimum(p, q)
    again = (p - accepted) / (p - accepted).sum()
    for x in range(4):
        holds(
            "spec-acceptance",
            {
                r"\Pr(\text{accept } x)": accepted[x] / q[x],
                "p": lambda x: p[x],
                "q": lambda x: q[x],
                "p'": lambda x: again[x],
                "x": x,
                r"\sim": STATED,
            },
            over=[points("x'", range(4))],
        )


# Tuning


def test_low_rank_update() -> None:
    w, b, a, x = matrix(4, 3), matrix(4, 2), matrix(2, 3), vector(3)
    change = np.array([[1.6 / 2 * sum(b[i, k] * a[k, j] for k in range(2)) for j in range(3)] for i in range(4)])
    holds(
        "lora-update",
        {
            r"\mathbf{h}": (w + change) @ x,
            r"\mathbf{W}_{0}": w,
            r"\Delta \mathbf{W}": change,
            r"\mathbf{x}": x,
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\alpha": 1.6,
            "r": 2,
        },
    )


PAIRS = [(0, 1, 2), (1, 0, 2), (2, 2, 1)]  # a prompt, the answer that is liked, the one that is not


class Preferences:
    """Two policies over three answers to three prompts, with the same pairs for all."""

    def __init__(self) -> None:
        self.policy = np.array([distribution(3) for _ in range(3)])
        self.reference = np.array([distribution(3) for _ in range(3)])

    def names(self) -> dict[str, object]:
        return {
            r"\pi_{\theta}": lambda y, x: self.policy[x, y],
            r"\pi_{\mathrm{ref}}": lambda y, x: self.reference[x, y],
            r"\sigma": sigmoid,
            r"\mathbb{E}_{(x, y_{w}, y_{l}) \sim \mathcal{D}}": mean(("x", "y_{w}", "y_{l}"), PAIRS),
        }

    def ratio(self, x: int, y: int) -> float:
        return math.log(self.policy[x, y]) - math.log(self.reference[x, y])


def test_bradley_terry() -> None:
    reward = matrix(3, 3)
    odds = [math.exp(reward[x, w]) / math.exp(reward[x, k]) for x, w, k in PAIRS]
    holds(
        "rm-bradley-terry",
        {
            r"P_{\theta}(y_{w} \succ y_{l} \mid x)": odds[0] / (1 + odds[0]),
            r"r_{\theta}": lambda x, y: reward[x, y],
            r"\sigma": sigmoid,
            "x": 0,
            "y_{w}": 1,
            "y_{l}": 2,
            "K": 4,
            r"\mathcal{L}": lambda _: -sum(math.log(o / (1 + o)) for o in odds) / 3 / 6,
            r"\mathbb{E}_{(x, y_{w}, y_{l}) \sim \mathcal{D}}": mean(("x", "y_{w}", "y_{l}"), PAIRS),
            r"\theta": 0,
        },
    )


def test_dpo_is_bradley_terry_of_the_ratios() -> None:
    p, beta = Preferences(), 0.3
    loss = sum(math.log1p(math.exp(beta * (p.ratio(x, k) - p.ratio(x, w)))) for x, w, k in PAIRS) / 3
    holds(
        "dpo-loss",
        {**p.names(), r"\mathcal{L}_{\mathrm{DPO}}(\pi_{\theta}; \pi_{\mathrm{ref}})": loss, r"\beta": beta},
    )


def test_ipo() -> None:
    p, tau = Preferences(), 0.4
    gaps = [p.ratio(x, w) - p.ratio(x, k) for x, w, k in PAIRS]
    holds(
        "ipo-loss",
        {
            **p.names(),
            r"\mathcal{L}_{\mathrm{IPO}}(\pi_{\theta})": sum((gap - 1.25) ** 2 for gap in gaps) / 3,
            r"h_{\theta}": lambda x, w, k: p.ratio(x, w) - p.ratio(x, k),
            r"\tau": tau,
            "x": 1,
            "y_{w}": 0,
            "y_{l}": 2,
        },
    )


def test_simpo_has_no_reference() -> None:
    p, beta, margin = Preferences(), 2.0, 0.5
    # The answers are the numbers of their words here: of 1, 2 and 3 words.
    words = {0: ["a"], 1: ["a", "b"], 2: ["a", "b", "c"]}
    loss = 0.0
    for x, w, k in PAIRS:
        gap = beta * math.log(p.policy[x, w]) / len(words[w]) - beta * math.log(p.policy[x, k]) / len(words[k]) - margin
        loss += math.log1p(math.exp(-gap)) / 3
    pairs = [(x, words[w], words[k]) for x, w, k in PAIRS]
    holds(
        "simpo-loss",
        {
            r"\mathcal{L}_{\mathrm{SimPO}}(\pi_{\theta})": loss,
            r"\pi_{\theta}": lambda y, x: p.policy[x, len(y) - 1],
            r"\sigma": sigmoid,
            r"\mathbb{E}_{(x, y_{w}, y_{l}) \sim \mathcal{D}}": mean(("x", "y_{w}", "y_{l}"), pairs),
            r"\beta": beta,
            r"\gamma": margin,
        },
    )


def test_best_policy_of_the_penalised_reward() -> None:
    reference, reward, beta = distribution(4), vector(4), 0.7
    raw = reference * np.exp(reward / beta)
    best = raw / raw.sum()
    holds(
        "rlhf-optimal-policy",
        {
            r"\pi_{r}(y \mid x)": given("y", function=lambda y: best[y]),
            r"\pi_{\mathrm{ref}}(y \mid x)": given("y", function=lambda y: reference[y]),
            "r": lambda _, y: reward[y],
            "Z": lambda _: raw.sum(),
            r"\beta": beta,
            "x": 0,
            "y": each(0, 2),
        },
        over=[points("y", range(4))],
    )


def test_group_relative_objective() -> None:
    lengths, width, beta = {1: 2, 2: 1, 3: 3}, 0.2, 0.1
    rewards = np.array([1.0, 0.0, 0.5])
    new, old, ref = (
        {(i, t): float(one) for (i, t), one in zip(cells(lengths), positive(6), strict=True)} for _ in range(3)
    )
    scores = (rewards - rewards.mean()) / rewards.std()

    def least(ratio: float, score: float) -> float:
        return min(ratio * score, min(max(ratio, 1 - width), 1 + width) * score)

    total = 0.0
    for i, t in cells(lengths):
        gap = ref[i, t] / new[i, t] - math.log(ref[i, t] / new[i, t]) - 1
        total += (least(new[i, t] / old[i, t], scores[i - 1]) - beta * gap) / lengths[i] / 3
    for i, t in cells(lengths):
        holds(
            "grpo-objective",
            {
                r"\mathcal{J}": lambda _: total,
                r"\theta": 0,
                r"\mathbb{E}_{q, \{o_{i}\} \sim \pi_{\theta_{\mathrm{old}}}}": mean("q", [0]),
                "o": {k: range(size) for k, size in lengths.items()},
                "m": {key: least(new[key] / old[key], scores[key[0] - 1]) for key in new},
                r"\rho": {key: new[key] / old[key] for key in new},
                r"\hat{A}": {key: scores[key[0] - 1] for key in new},
                "d": {key: ref[key] / new[key] - math.log(ref[key] / new[key]) - 1 for key in new},
                r"\pi_{\theta}(o_{i,t} \mid q, o_{i,<t})": given("i", "t", function=lambda i, t: new[i, t]),
                r"\pi_{\theta_{\mathrm{old}}}(o_{i,t} \mid q, o_{i,<t})": given(
                    "i", "t", function=lambda i, t: old[i, t]
                ),
                r"\pi_{\mathrm{ref}}(o_{i,t} \mid q, o_{i,<t})": given("i", "t", function=lambda i, t: ref[i, t]),
                r"\operatorname{clip}": lambda x, low, high: sorted([low, x, high])[1],
                r"\operatorname{mean}(r_{1}, \dots, r_{G})": rewards.mean(),
                r"\operatorname{std}(r_{1}, \dots, r_{G})": rewards.std(),
                "r": rewards,
                r"\epsilon": width,
                r"\beta": beta,
                "G": 3,
                "i": i,
                "t": t,
            },
        )


def cells(lengths: dict[int, int]) -> list[tuple[int, int]]:
    return [(i, t) for i, size in lengths.items() for t in range(1, size + 1)]


# Compression and scaling


def test_affine_quantisation() -> None:
    scale, zero = 0.1, 3
    for r in (-0.52, 0.24, 9.0):
        q = min(max(round(r / scale) + zero, 0), 15)
        holds(
            "quant-affine",
            {
                "q": q,
                r"\hat{r}": scale * q - scale * zero,
                r"\operatorname{clamp}": lambda x, low, high: sorted([low, x, high])[1],
                r"\operatorname{round}": np.round,
                "r": r,
                "S": scale,
                "Z": zero,
                r"q_{\mathrm{min}}": 0,
                r"q_{\mathrm{max}}": 15,
            },
        )


def test_absmax_quantisation() -> None:
    x = matrix(2, 3)
    top = max(abs(one) for one in x.ravel())
    coarse = np.array([[round(one / top * 127) for one in row] for row in x])
    holds(
        "quant-absmax",
        {
            r"\mathbf{X}^{\mathrm{i8}}": coarse,
            r"\hat{\mathbf{X}}": coarse / 127 * top,
            r"\mathbf{X}": x,
            "X": x,
            r"\operatorname{round}": np.round,
        },
        over=[points("i", (1, 2)), points("j", (1, 2, 3))],
    )


def test_compute_optimal_sizes_minimise_the_loss() -> None:
    a, b, alpha, beta, compute = 400.0, 410.0, 0.34, 0.28, 1e20
    # Along 6ND = C, by the zero of the slope, found by halving.
    low, high = 0.0, 60.0
    for _ in range(200):
        middle = (low + high) / 2
        n = math.exp(middle)
        d = compute / 6 / n
        low, high = (low, middle) if alpha * a / n**alpha < beta * b / d**beta else (middle, high)
    n = math.exp(low)
    exponent = beta / (alpha + beta)
    holds(
        "scaling-compute-optimal",
        {
            r"N_{\mathrm{opt}}": lambda _: n,
            r"D_{\mathrm{opt}}": lambda _: compute / 6 / n,
            "G": n / (compute / 6) ** exponent,
            "C": compute,
            "A": a,
            "B": b,
            r"\alpha": alpha,
            r"\beta": beta,
            "a": exponent,
            "b": 1 - exponent,
        },
        within=1e-6,
    )


def test_chinchilla_loss() -> None:
    holds(
        "scaling-chinchilla",
        {
            r"\hat{L}": lambda n, d: 1.7 + 400 / math.exp(0.34 * math.log(n)) + 410 / math.exp(0.28 * math.log(d)),
            "N": 1e6,
            "D": 1e7,
            "E": 1.7,
            "A": 400,
            "B": 410,
            r"\alpha": 0.34,
            r"\beta": 0.28,
        },
    )


def test_size_of_the_cache() -> None:
    keys = np.zeros((2, 7, 3, 4, 5), dtype=np.float16)  # batch, length, layers, heads, size of each
    holds(
        "kvcache-size",
        {
            r"M_{\mathrm{KV}}": 2 * keys.nbytes,
            "b": 2,
            r"\ell": 7,
            r"n_{\mathrm{layer}}": 3,
            r"n_{\mathrm{kv}}": 4,
            r"d_{\mathrm{head}}": 5,
            "s": keys.itemsize,
        },
    )


# Retrieval


def test_bm25() -> None:
    counts, matches, documents = [3, 1], [5, 20], 100
    total = 0.0
    for tf, n in zip(counts, matches, strict=True):
        weight = math.log((documents - n + 0.5) / (n + 0.5))
        total += weight / (1.2 * (0.25 + 0.75 * 90 / 120) / tf + 1)
    holds(
        "bm25-score",
        {
            r"\operatorname{BM25}": lambda *_: total,
            "d": 0,
            "q": [1, 2],
            "w": [math.log((documents - n + 0.5) / (n + 0.5)) for n in matches],
            r"\mathit{tf}": counts,
            r"\mathit{dl}": 90,
            r"\mathit{avdl}": 120,
            "k_{1}": 1.2,
            "b": 0.75,
            "N": documents,
            "n": matches,
            "i": each(1, 2),
        },
    )
