"""Densities and mass functions by enumeration, waiting times and mixtures, and what is estimated with them."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    Array,
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
from tests.equations.scope import Operator


def test_poisson_from_its_generating_function() -> None:
    # E[z^x] = exp(λ(z − 1)) on the roots of unity, taken back.
    rate, size = 1.7, 64
    roots = np.exp(2j * np.pi * np.arange(size) / size)
    masses = np.fft.fft(np.exp(rate * (roots - 1))).real / size
    holds("dist-poisson", {r"\operatorname{Poi}": lambda x, _: masses[x], "x": each(0, 1, 4), r"\lambda": rate})


def test_gamma_density_of_the_fourth_event() -> None:
    # The fourth event is later than x if there are fewer than four until x.
    h = 1e-4

    def later(x: float, events: float, rate: float) -> float:
        return sum((rate * x) ** j / math.factorial(j) for j in range(int(events))) * math.exp(-rate * x)

    holds(
        "dist-gamma",
        {
            r"\operatorname{Gam}": lambda x, a, b: (later(x - h, a, b) - later(x + h, a, b)) / (2 * h),
            "x": each(0.6, 2.3),
            r"\alpha": 4,
            r"\beta": 1.7,
            r"\Gamma": math.gamma,
        },
    )


def test_laplace_density_of_a_difference_of_waiting_times() -> None:
    u, weights = grid(0, 40)

    def density(x: float, mu: float, b: float) -> float:
        return float(weights @ (np.exp(-u / b) / b * np.exp(-(u + abs(x - mu)) / b) / b))

    holds("dist-laplace", {r"\operatorname{Lap}": density, "x": each(-0.9, 0.6), r"\mu": 0.4, "b": 0.7})


def test_student_density_as_a_mixture_of_gaussians() -> None:
    # Of precision τ/σ², with τ a chi-squared variable with five degrees of freedom divided by five.
    tau, weights = grid(0, 30)
    chi = 5 * np.exp(-5 * tau / 2) * (5 * tau) ** 1.5 / (3 * math.sqrt(2 * math.pi))

    def density(x: float, mu: float, square: float, _: float) -> float:
        return float(
            weights @ (chi * np.sqrt(tau / (2 * np.pi * square)) * np.exp(-tau * (x - mu) ** 2 / (2 * square)))
        )

    holds(
        "dist-student-t",
        {
            r"\operatorname{St}": density,
            "x": each(-1.1, 2.0),
            r"\mu": 0.4,
            r"\sigma": 1.3,
            r"\nu": 5,
            r"\Gamma": math.gamma,
        },
    )


def test_multinomial_by_all_sequences_of_outcomes() -> None:
    p, counts = distribution(3), [2, 0, 3]
    sequences = itertools.product(range(3), repeat=5)
    total = sum(math.prod(p[k] for k in one) for one in sequences if [one.count(k) for k in range(3)] == counts)
    holds(
        "dist-multinomial",
        {
            r"\operatorname{Mult}": lambda *_: total,
            r"\mathbf{m}": counts,
            "m": np.array(counts),
            "N": 5,
            r"\boldsymbol{\pi}": p,
            r"\pi": p,
            "K": 3,
        },
    )


def test_total_expectation_and_total_variance() -> None:
    joint, values = distribution(3, 4), vector(3)  # of X in the rows and Y in the columns
    px, py = joint.sum(1), joint.sum(0)
    average = float(px @ values)

    def moments(y: int) -> tuple[float, float]:
        p = joint[:, y] / py[y]
        return float(p @ values), float(p @ (values[:, None] - values) ** 2 @ p) / 2

    def spread(found: list[float]) -> float:
        return float(py @ np.square(found) - (py @ np.array(found)) ** 2)

    holds(
        "prob-total-variance",
        {
            r"\mathbb{E}[X]": average,
            r"\operatorname{Var}[X]": float(px @ (values - average) ** 2),
            r"\mathbb{E}[X \mid Y]": given("Y", function=lambda y: moments(y)[0]),
            r"\operatorname{Var}[X \mid Y]": given("Y", function=lambda y: moments(y)[1]),
            r"\mathbb{E}": mean("Y", range(4), py),
            r"\operatorname{Var}": Operator(points("Y", range(4)), spread),
        },
    )


def test_akaike_criterion_is_the_loss_on_another_sample() -> None:
    # Of least squares with the variance 1: both on average over noise of all signs, whose covariance is I.
    n, k = 5, 2
    design = matrix(n, k)
    onto = design @ np.linalg.pinv(design)
    noises = [np.array(signs) for signs in itertools.product((-1.0, 1.0), repeat=n)]

    def log_likelihood(y: Array, fit: Array) -> float:
        return float(-((y - fit) ** 2).sum() / 2 - n * math.log(2 * math.pi) / 2)

    again = np.mean([-2 * log_likelihood(new, onto @ old) for old in noises for new in noises])
    holds(
        "bayes-aic",
        {
            r"\operatorname{AIC}": again,
            r"\log p(\mathcal{D} \mid \hat{\theta})": np.mean([log_likelihood(one, onto @ one) for one in noises]),
            "k": k,
        },
    )


def test_poisson_loss_from_the_probabilities() -> None:
    counts, z = [0, 3, 1, 7], vector(4)
    chances = []
    for count, rate in zip(counts, np.exp(z), strict=True):
        chance = math.exp(-rate)
        for step in range(1, count + 1):
            chance *= rate / step
        chances.append(chance)
    holds(
        "loss-poisson-nll",
        {
            r"\mathcal{L}": -float(np.mean(np.log(chances))),
            r"\hat{\lambda}": np.exp(z),
            "y": counts,
            "z": z,
            "n": 4,
            "i": each(1, 4),
        },
    )
