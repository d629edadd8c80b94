"""Privacy by exact curves of small mechanisms, federated training by pooled data, fairness of small populations."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from functools import partial
from statistics import NormalDist

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    chance,
    covariance,
    distribution,
    each,
    given,
    grid,
    holds,
    matrix,
    mean,
    points,
    vector,
)
from tests.equations.reference import slope

NORMAL = NormalDist()

# Differential privacy


def slack(p: Array, q: Array, epsilon: float) -> float:
    """The least δ with which P is no likelier than Q by more than ε: what of P lies above."""
    return float(np.maximum(p - math.exp(epsilon) * q, 0).sum())


def test_definition_of_differential_privacy() -> None:
    outputs = {"D": distribution(4), "E": distribution(4)}
    for one, other in itertools.permutations(outputs):
        for epsilon in (0.0, 0.2, 0.5):
            # Each of 100 equally likely draws gives an output, so that both mechanisms share their randomness.
            draws = {name: np.round(np.cumsum(p) * 100) for name, p in outputs.items()}
            p, q = (np.diff(draws[name], prepend=0) / 100 for name in (one, other))
            holds(
                "dp-definition",
                {
                    r"\mathbb{P}": chance("u", range(100)),
                    r"\mathcal{M}": given(
                        "u", function=lambda u, draws=draws: lambda d: int(sum(draws[d] <= u)), is_function=True
                    ),
                    "D": one,
                    "D'": other,
                    r"\mathcal{S}": each(*(list(s) for k in range(1, 5) for s in itertools.combinations(range(4), k))),
                    r"\epsilon": epsilon,
                    r"\delta": slack(p, q, epsilon),
                    r"\simeq": STATED,
                },
                reached=1e-9,
            )


def test_sensitivities_are_over_all_neighbours() -> None:
    answers = matrix(5, 3)
    neighbours = {(0, 1), (1, 0), (1, 2), (2, 1), (3, 4), (4, 3)}
    changes = [answers[d] - answers[e] for d, e in neighbours]
    for entry, name, size in (
        ("dp-laplace", r"\Delta_{1} f", max(sum(map(abs, change)) for change in changes)),
        ("dp-gaussian", r"\Delta_{2} f", max(math.hypot(*change) for change in changes)),
    ):
        holds(
            entry,
            {name: size, "f": lambda d: answers[d], r"\simeq": lambda d, e: (d, e) in neighbours},
            over=[points("D", range(5)), points("D'", range(5))],
            rows=[1],
        )


def test_laplace_noise_loses_no_more_than_is_said() -> None:
    change, epsilon, noise = vector(3), 0.7, vector(3)
    answer = vector(3)

    def loss(_: float, law: tuple[float, float]) -> float:
        """The largest logarithm of a ratio of densities, which the answers have each for itself."""

        def log_density(x: Array) -> Array:
            return np.log(np.exp(-abs(x - law[0]) / law[1]) / (2 * law[1]))

        outputs = np.linspace(-5, 5, 201)
        return float(sum((log_density(outputs) - log_density(outputs - one)).max() for one in change))

    holds(
        "dp-laplace",
        {
            r"\mathcal{M}": lambda _: answer + noise,
            "f": lambda _: answer,
            "D": 0,
            r"(\xi_{1}, \ldots, \xi_{k})": noise,
            r"\xi": noise,
            "i": each(1, 2, 3),
            r"\operatorname{Lap}": lambda place, scale: (place, scale),
            r"\sim": lambda one, law: math.isclose(loss(one, law), epsilon),
            r"\Delta_{1} f": float(sum(abs(change))),
            r"\epsilon": epsilon,
        },
        rows=[2],
    )


def gaussian_slack(shift: float, epsilon: float) -> float:
    """The least δ of the normal distributions with unit variance and means that differ by `shift`."""
    x, weights = grid(-12, 12 + shift, 1000)
    p, q = (np.array([NORMAL.pdf(one - at) for one in x]) for at in (shift, 0.0))
    return slack(weights * p, weights * q, epsilon)


def test_gaussian_noise_is_enough_and_not_far_too_much() -> None:
    answer, draw = vector(3), vector(3)
    for epsilon, delta, size in ((0.5, 1e-5, 2.0), (0.5, 1e-6, 1.0), (0.9, 1e-7, 0.4)):

        def suffices(
            _: float, bound: float, epsilon: float = epsilon, delta: float = delta, size: float = size
        ) -> bool:
            enough, too_little = (gaussian_slack(size / (share * bound), epsilon) for share in (1, 0.7))
            return enough <= delta < too_little

        holds(
            "dp-gaussian",
            {
                r"\mathcal{M}": lambda _: answer + 1.3 * draw,
                "f": lambda _: answer,
                "D": 0,
                r"\mathcal{N}": lambda mean, cov: mean + np.linalg.cholesky(cov) @ draw,
                r"\mathbf{0}": np.zeros(3),
                r"\mathbf{I}": np.eye(3),
                r"\sigma": 1.3,
                ">": suffices,
                r"\Delta_{2} f": size,
                r"\epsilon": epsilon,
                r"\delta": delta,
            },
            rows=[2],
        )


def test_advanced_composition() -> None:
    for k, epsilon, delta, extra in ((40, 0.1, 1e-6, 1e-4), (200, 0.05, 0.0, 1e-3)):
        # Each loss lies in [−ε, ε] and has a mean of at most ε times what a density can exceed another by; Hoeffding.
        low, high = -epsilon, epsilon
        average = epsilon * max(math.exp(low) - 1, math.exp(high) - 1)
        total = k * average + math.sqrt(k * (high - low) ** 2 * -math.log(extra) / 2)
        # Answers that are true with the chance e^ε / (1 + e^ε), of which any number can be true.
        truth = 1 / (1 + math.exp(-epsilon))
        p, q = (
            np.array([math.comb(k, n) * one**n * (1 - one) ** (k - n) for n in range(k + 1)])
            for one in (truth, 1 - truth)
        )
        assert slack(p, q, total) <= extra
        holds(
            "dp-composition",
            {
                r"\epsilon_{\mathrm{tot}}": total,
                r"\delta_{\mathrm{tot}}": sum([delta] * k) + extra,
                r"\epsilon": epsilon,
                r"\delta": delta,
                r"\delta'": extra,
                "k": k,
            },
        )


def renyi(p: Array, q: Array, alpha: float) -> float:
    """Of chances of the same outcomes."""
    return math.log(sum(p**alpha * q ** (1 - alpha))) / (alpha - 1)


def test_renyi_divergence_of_gaussians() -> None:
    def gaussian(mean: float, deviation: float) -> Callable[[Array], Array]:
        return lambda x: np.exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * math.sqrt(2 * math.pi))

    p, q = gaussian(0.4, 0.8), gaussian(-0.3, 1.1)
    x, weights = grid(-12, 12)
    for alpha in (1.5, 2.0):
        mixed = alpha * 1.1**2 + (1 - alpha) * 0.8**2
        closed = alpha * 0.7**2 / (2 * mixed) + math.log(math.sqrt(mixed) / (0.8 ** (1 - alpha) * 1.1**alpha)) / (
            1 - alpha
        )
        holds(
            "dp-renyi",
            {
                r"D_{\alpha}": lambda *_, closed=closed: closed,
                "P": p,
                "Q": q,
                r"\mathbb{E}_{x \sim Q}": mean("x", x, weights * q(x)),
                r"\alpha": alpha,
            },
            rows=[1],
        )


def test_renyi_privacy_of_gaussian_noise() -> None:
    x, weights = grid(-12, 12)
    density = np.vectorize(NORMAL.pdf)
    for alpha in (1.5, 4.0):
        holds(
            "dp-renyi",
            {
                r"D_{\alpha}": lambda a, b, alpha=alpha: renyi(
                    weights * density(x - a), weights * density(x - b), alpha
                ),
                r"\mathcal{M}": lambda d: d,
                "D": each(0.0, 0.6, 1.0),
                "D'": each(0.0, 1.0),
                r"\epsilon": lambda alpha: alpha / 2,
                r"\alpha": alpha,
                r"\simeq": STATED,
            },
            rows=[2],
            reached=1e-7,
        )


def test_renyi_composition_and_conversion() -> None:
    alpha = 2.5
    mechanisms = [(distribution(3), distribution(3)) for _ in range(3)]
    together, apart = (
        np.array([math.prod(one) for one in itertools.product(*laws)]) for laws in zip(*mechanisms, strict=True)
    )
    bounds, total, delta = [renyi(p, q, alpha) for p, q in mechanisms], renyi(together, apart, alpha), 1e-3
    # A set with the chance s under Q has at most (e^ε s)^(1 − 1/α) under P: as small as δ at this s, and for all larger
    # ones at most in this proportion.
    share = delta ** (alpha / (alpha - 1)) / math.exp(total)
    holds(
        "dp-renyi",
        {
            r"\epsilon_{\mathrm{tot}}(\alpha)": total,
            r"\epsilon_{t}(\alpha)": given("t", function=lambda t: bounds[t - 1]),
            r"\epsilon(\alpha)": total,
            r"\epsilon_{\delta}": math.log(delta / share),
            r"\alpha": alpha,
            r"\delta": delta,
            "T": 3,
        },
        rows=[3, 4],
    )
    assert slack(together, apart, math.log(delta / share)) <= delta


def test_private_gradients_are_clipped_one_by_one() -> None:
    theta, data, bound, multiplier, size = vector(3), matrix(5, 3), 0.9, 1.4, 4
    rates = {1: 0.05, 2: 0.2}

    def loss(theta: Array, x: Array) -> float:
        return float(np.sin(theta @ x) + 0.1 * theta @ theta)

    gradients = [slope(partial(loss, x=x), theta) for x in data]
    assert 0 < sum(math.hypot(*g) > bound for g in gradients) < 5
    clipped = [g if math.hypot(*g) <= bound else bound * g / math.hypot(*g) for g in gradients]
    lots, draw = {1: [1, 2], 2: [1, 3, 5]}, vector(3)
    noisy = (clipped[0] + clipped[2] + clipped[4] + multiplier * bound * draw) / size
    holds(
        "dp-sgd",
        {
            r"\bar{\mathbf{g}}": clipped,
            r"\mathbf{g}": gradients,
            r"\tilde{\mathbf{g}}": noisy,
            r"\mathcal{L}": loss,
            r"\theta": theta,
            r"\theta_{t}": given(r"\theta", function=lambda theta: theta),
            r"\theta_{t+1}": theta - rates[2] * noisy,
            r"\mathbf{x}": data,
            "C": bound,
            "L": size,
            r"\mathcal{B}": lots,
            r"\mathcal{N}": lambda mean, cov: mean + np.linalg.cholesky(cov) @ draw,
            r"\mathbf{0}": np.zeros(3),
            r"\mathbf{I}": np.eye(3),
            r"\sigma": multiplier,
            r"\eta": rates,
            "t": 2,
            "i": each(*range(1, 6)),
        },
    )


# Federated learning


class Clients:
    """Four clients with numbers of their own, each example with a quadratic loss."""

    def __init__(self) -> None:
        self.data = [vector(size) for size in (2, 5, 1, 3)]
        self.pooled = np.concatenate(self.data)
        ends = np.cumsum([len(one) for one in self.data])
        self.examples = [
            list(range(end - len(one) + 1, end + 1)) for one, end in zip(self.data, ends.tolist(), strict=True)
        ]


def test_federated_averaging() -> None:
    clients, theta = Clients(), 0.3
    trained, sampled = matrix(4, 2), {1: [1, 2], 2: [2, 3, 4]}
    sizes = [len(clients.data[k - 1]) for k in sampled[2]]
    of_each_example = np.repeat(trained[[k - 1 for k in sampled[2]]], sizes, axis=0)
    holds(
        "fed-avg",
        {
            r"\min_{\theta} f(\theta)": float(np.mean((clients.pooled - theta) ** 2)),
            "F": [lambda theta, own=own: float(np.mean((own - theta) ** 2)) for own in clients.data],
            r"\ell": [lambda theta, x=x: (x - theta) ** 2 for x in clients.pooled],
            r"\theta": theta,
            r"\mathcal{P}": clients.examples,
            "n_{k}": given("k", function=lambda k: len(clients.data[k - 1])),
            "n": len(clients.pooled),
            "K": 4,
            "k": each(1, 2, 3, 4),
            r"\theta_{t+1}": of_each_example.mean(0),
            r"\theta_{t+1}^{k}": given("k", function=lambda k: trained[k - 1]),
            r"\mathcal{S}": sampled,
            "m_{t}": len(of_each_example),
            "t": 2,
        },
    )


def test_federated_proximal_steps() -> None:
    curvatures, centres, start, weight = [covariance(2) for _ in range(4)], matrix(4, 2), vector(2), 0.8

    def best(k: int, weight: float) -> Array:
        """Where the loss of a client and the penalty pull equally."""
        return np.linalg.solve(curvatures[k] + weight * np.eye(2), curvatures[k] @ centres[k] + weight * start)

    sampled = {1: [1, 2], 2: [1, 2, 4]}
    holds(
        "fed-prox",
        {
            r"\theta_{t+1}^{k}": given("k", function=lambda k: best(k - 1, weight)),
            "F": [
                lambda theta, a=a, c=c: float((theta - c) @ a @ (theta - c)) / 2
                for a, c in zip(curvatures, centres, strict=True)
            ],
            r"\theta_{t}": start,
            r"\theta_{t+1}": np.mean([best(k - 1, weight) for k in sampled[2]], axis=0),
            r"\mu": weight,
            r"\mathcal{S}": sampled,
            "K": 3,
            "k": each(1, 2, 3, 4),
            "t": 2,
        },
        over=[points(r"\theta", [best(k, scale * weight) for k in range(4) for scale in np.linspace(0, 4, 41)])],
    )


# Fairness


def people(rates: Sequence[tuple[float, float, float]]) -> tuple[list[tuple[int, int, int]], list[float]]:
    """All of A, Y and Ŷ, by the share of Y = 1 in each group and the chances of Ŷ = 1 for either label."""
    found = list(itertools.product((1, 2, 3), (0, 1), (0, 1)))
    shares = distribution(3)

    def share(a: int, y: int, guess: int) -> float:
        positive, *accepted = rates[a - 1]
        return shares[a - 1] * (positive if y else 1 - positive) * (accepted[y] if guess else 1 - accepted[y])

    return found, [share(*one) for one in found]


GROUPS = {"A": 1, "a": each(1, 2, 3), "b": each(1, 2, 3)}
NAMES = ("A", "Y", r"\hat{Y}")


def test_demographic_parity_looks_at_all_of_a_group() -> None:
    # As many are accepted in each group, by rates that differ for those with the same label.
    rates = [(0.5, 0.2, 0.6), (0.2, 0.4, 0.4), (0.8, 0.0, 0.5)]
    holds("fair-demographic-parity", {**GROUPS, r"\mathbb{P}": chance(NAMES, *people(rates))})


def test_equalised_odds_look_at_each_label() -> None:
    rates = [(0.5, 0.2, 0.6), (0.2, 0.2, 0.6), (0.7, 0.2, 0.6)]
    holds("fair-equalized-odds", {**GROUPS, r"\mathbb{P}": chance(NAMES, *people(rates)), "y": each(0, 1)})


def test_equal_opportunity_looks_at_those_who_deserve_it() -> None:
    rates = [(0.5, 0.2, 0.6), (0.2, 0.4, 0.6), (0.7, 0.0, 0.6)]
    holds("fair-equal-opportunity", {**GROUPS, r"\mathbb{P}": chance(NAMES, *people(rates))})
