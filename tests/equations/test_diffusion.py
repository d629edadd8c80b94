"""Diffusion by composing its steps, score matching and flow matching by quadrature, and schedules."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.bindings import (
    STATED,
    Array,
    given,
    grid,
    holds,
    mean,
    vector,
)
from tests.equations.reference import slope as gradient


def normal(x: Array, mean: Array, covariance: Array) -> float:
    """The density of a Gaussian with the same variance in each direction."""
    variance = float(np.atleast_2d(covariance)[0, 0])
    away = np.atleast_1d(x) - np.atleast_1d(mean)
    return float(np.exp(-(away @ away) / (2 * variance)) / (2 * np.pi * variance) ** (len(away) / 2))


class Schedule:
    """Five steps; ᾱ as the share of the variance that is left after each."""

    def __init__(self) -> None:
        self.beta = dict(enumerate((0.1, 0.15, 0.2, 0.3, 0.25), 1))
        self.alpha = {t: 1 - beta for t, beta in self.beta.items()}
        self.bar = {0: 1.0}
        for t in range(1, 6):
            self.bar[t] = self.bar[t - 1] - self.bar[t - 1] * self.beta[t]

    def names(self, t: int = 4) -> dict[str, object]:
        return {r"\alpha": self.alpha, r"\beta": self.beta, r"\bar{\alpha}": self.bar, "t": t}

    def posterior(self, start: Array, now: Array, t: int) -> tuple[Array, float]:
        """Of the step before, by the product of the two Gaussians that know of it, with their precisions."""
        ahead, behind = self.alpha[t] / self.beta[t], 1 / (1 - self.bar[t - 1])
        at = (now / math.sqrt(self.alpha[t]) * ahead + math.sqrt(self.bar[t - 1]) * start * behind) / (ahead + behind)
        return at, 1 / (ahead + behind)


def test_ddpm_posterior_by_bayes_rule() -> None:
    schedule, start, now, before, t = Schedule(), vector(2), vector(2), vector(2), 4
    at, variance = schedule.posterior(start, now, t)
    step = normal(now, math.sqrt(schedule.alpha[t]) * before, schedule.beta[t] * np.eye(2))
    earlier = normal(before, math.sqrt(schedule.bar[t - 1]) * start, (1 - schedule.bar[t - 1]) * np.eye(2))
    whole = normal(now, math.sqrt(schedule.bar[t]) * start, (1 - schedule.bar[t]) * np.eye(2))
    holds(
        "ddpm-posterior",
        {
            **schedule.names(),
            r"q(\mathbf{x}_{t-1} \mid \mathbf{x}_{t}, \mathbf{x}_{0})": step * earlier / whole,
            r"\mathcal{N}": normal,
            r"\mathbf{x}": {0: start, t - 1: before, t: now},
            r"\tilde{\boldsymbol{\mu}}_{t}(\mathbf{x}_{t}, \mathbf{x}_{0})": at,
            r"\tilde{\beta}_{t}": variance,
            r"\mathbf{I}": np.eye(2),
        },
    )


def test_ddpm_mean_by_the_datum_that_the_noise_means() -> None:
    schedule, now, noise, t = Schedule(), vector(2), vector(2), 4
    start = (now - math.sqrt(1 - schedule.bar[t]) * noise) / math.sqrt(schedule.bar[t])
    holds(
        "ddpm-mean-eps",
        {
            **schedule.names(),
            r"\boldsymbol{\mu}_{\theta}": lambda *_: schedule.posterior(start, now, t)[0],
            r"\boldsymbol{\epsilon}_{\theta}": lambda *_: noise,
            r"\mathbf{x}_{t}": now,
        },
    )


def test_ddpm_sampling_is_the_mean_and_noise() -> None:
    schedule, now, noise, z, t = Schedule(), vector(2), vector(2), vector(2), 4
    start = (now - math.sqrt(1 - schedule.bar[t]) * noise) / math.sqrt(schedule.bar[t])
    holds(
        "ddpm-sampling",
        {
            **schedule.names(),
            r"\mathbf{x}": {t: now, t - 1: schedule.posterior(start, now, t)[0] + 0.3 * z},
            r"\boldsymbol{\epsilon}_{\theta}": lambda x, t: noise if (x is now and t == 4) else 0 * noise,
            r"\sigma": {t: 0.3, t - 1: 0.7},
            r"\mathbf{z}": z,
        },
        rows=[1],
    )


def test_ddpm_predicts_the_datum() -> None:
    schedule, start, noise, t = Schedule(), vector(2), vector(2), 4
    now = math.sqrt(schedule.bar[t]) * start + math.sqrt(1 - schedule.bar[t]) * noise
    holds(
        "ddpm-predict-x0",
        {
            **schedule.names(),
            r"\hat{\mathbf{x}}_{0}": start,
            r"\mathbf{x}_{t}": now,
            r"\boldsymbol{\epsilon}_{\theta}": lambda *_: noise,
        },
    )


def test_ddpm_score_by_differences() -> None:
    schedule, start, noise, t = Schedule(), vector(2), vector(2), 4
    now = math.sqrt(schedule.bar[t]) * start + math.sqrt(1 - schedule.bar[t]) * noise

    def log_q(x: Array) -> float:
        return math.log(normal(x, math.sqrt(schedule.bar[t]) * start, (1 - schedule.bar[t]) * np.eye(2)))

    slope = np.array([(log_q(now + h) - log_q(now - h)) / 2e-5 for h in 1e-5 * np.eye(2)])
    holds(
        "ddpm-score",
        {
            **schedule.names(),
            r"\nabla_{\mathbf{x}_{t}} \log q(\mathbf{x}_{t} \mid \mathbf{x}_{0})": slope,
            r"\nabla_{\mathbf{x}_{t}} \log q(\mathbf{x}_{t})": slope,
            r"\boldsymbol{\epsilon}": noise,
            r"\boldsymbol{\epsilon}_{\theta}": lambda *_: noise,
            r"\mathbf{x}_{t}": now,
            r"\mathbf{x}_{0}": start,
        },
        within=1e-6,
    )


def test_simple_loss() -> None:
    schedule = Schedule()
    samples = [(t, vector(2), vector(2)) for t in (1, 2, 4, 5)]

    def guess(x: Array, t: int) -> Array:
        return np.tanh(x) * t

    total = 0.0
    for t, start, noise in samples:
        now = [math.sqrt(schedule.bar[t]) * start[j] + math.sqrt(1 - schedule.bar[t]) * noise[j] for j in range(2)]
        total += sum((noise[j] - math.tanh(now[j]) * t) ** 2 for j in range(2))
    names = {name: value for name, value in schedule.names().items() if name != "t"}
    holds(
        "ddpm-simple",
        {
            **names,
            r"L_{\mathrm{simple}}(\theta)": total / 4,
            r"\boldsymbol{\epsilon}_{\theta}": guess,
            r"\mathbb{E}_{t, \mathbf{x}_{0}, \boldsymbol{\epsilon}}": mean(
                ("t", r"\mathbf{x}_{0}", r"\boldsymbol{\epsilon}"), samples
            ),
        },
    )


def test_weighted_loss_of_means_is_one_of_noise() -> None:
    schedule, t, sigma = Schedule(), 4, 0.3
    samples = [(vector(2), vector(2)) for _ in range(4)]

    def now_of(start: Array, noise: Array) -> Array:
        return math.sqrt(schedule.bar[t]) * start + math.sqrt(1 - schedule.bar[t]) * noise

    def guessed_mean(now: Array) -> Array:
        noise = np.tanh(now)
        start = (now - math.sqrt(1 - schedule.bar[t]) * noise) / math.sqrt(schedule.bar[t])
        return schedule.posterior(start, now, t)[0]

    # The divergence of Gaussians with one variance, but for a constant.
    total = 0.0
    for start, noise in samples:
        away = schedule.posterior(start, now_of(start, noise), t)[0] - guessed_mean(now_of(start, noise))
        total += float(away @ away) / (2 * sigma**2) / 4
    holds(
        "ddpm-loss-weighted",
        {
            **schedule.names(t),
            "L": {t - 1: total + 0.7},
            "C": 0.7,
            r"\sigma": {t: sigma, t - 1: 0.9},
            r"\mathbb{E}_{q}": mean(
                (r"\mathbf{x}_{0}", r"\mathbf{x}_{t}"), [(start, now_of(start, noise)) for start, noise in samples]
            ),
            r"\mathbb{E}_{\mathbf{x}_{0}, \boldsymbol{\epsilon}}": mean(
                (r"\mathbf{x}_{0}", r"\boldsymbol{\epsilon}"), samples
            ),
            r"\tilde{\boldsymbol{\mu}}_{t}": lambda now, start: schedule.posterior(start, now, t)[0],
            r"\boldsymbol{\mu}_{\theta}": lambda now, _: guessed_mean(now),
            r"\boldsymbol{\epsilon}_{\theta}": lambda now, _: np.tanh(now),
        },
    )


def test_cosine_schedule() -> None:
    steps, s = 10, 0.008
    # By the half angle: cos² is the mean of one and the cosine of twice the angle.
    f = {t: (1 + math.cos((t / steps + s) / (1 + s) * math.pi)) / 2 for t in range(11)}
    bar = {t: f[t] / f[0] for t in f}
    for t in (1, 4, 10):
        holds(
            "ddpm-schedule-cosine",
            {
                r"\bar{\alpha}": bar,
                "f": lambda t: f[t],
                r"\beta_{t}": min(0.999, (bar[t - 1] - bar[t]) / bar[t - 1]),
                "t": t,
                "T": steps,
                "s": s,
            },
        )


def test_linear_schedule() -> None:
    line = dict(enumerate(np.linspace(1e-4, 0.02, 7), 1))
    for t in (1, 3, 7):
        holds("ddpm-schedule-linear", {r"\beta": line, "t": t, "T": 7})


def test_v_prediction_turns_by_an_angle() -> None:
    # z and v are x and ε turned: both come back exactly.
    angle, x, noise = 0.7, vector(2), vector(2)
    a, s = math.cos(angle), math.sin(angle)
    turned = np.array([[a, s], [-s, a]]) @ np.array([x, noise])
    holds(
        "ddpm-v-prediction",
        {
            r"\mathbf{z}_{t}": turned[0],
            r"\mathbf{v}_{t}": turned[1],
            r"\hat{\mathbf{v}}_{\theta}": lambda _: turned[1],
            r"\hat{\mathbf{x}}": x,
            r"\hat{\boldsymbol{\epsilon}}": noise,
            r"\mathbf{x}": x,
            r"\boldsymbol{\epsilon}": noise,
            r"\alpha_{t}": a,
            r"\sigma_{t}": s,
        },
    )


def test_min_snr_weights_give_one_loss() -> None:
    for a, s in ((0.6, 0.8), (0.96, 0.28)):
        ratio = (a / s) ** 2
        weight = min(ratio, 5.0)
        # The errors of noise and velocity for an error of the datum: a/s and 1/s as large.
        holds(
            "ddpm-min-snr",
            {
                r"\operatorname{SNR}": lambda _, ratio=ratio: ratio,
                r"w_{\mathbf{x}_{0}}": lambda _, w=weight: w,
                r"w_{\boldsymbol{\epsilon}}": lambda _, w=weight, a=a, s=s: w * (s / a) ** 2,
                r"w_{\mathbf{v}}": lambda _, w=weight, s=s: w * s**2,
                r"\alpha_{t}": a,
                r"\sigma_{t}": s,
                r"\gamma": 5.0,
                "t": 1,
            },
        )


def test_ddim_with_all_noise_is_ddpm() -> None:
    schedule, start, noise, fresh, t = Schedule(), vector(2), vector(2), vector(2), 4
    now = math.sqrt(schedule.bar[t]) * start + math.sqrt(1 - schedule.bar[t]) * noise
    at, variance = schedule.posterior(start, now, t)
    shared = {
        **schedule.names(),
        r"\boldsymbol{\epsilon}_{\theta}": lambda x, _: (
            (x - math.sqrt(schedule.bar[t]) * start) / math.sqrt(1 - schedule.bar[t])
        ),
        r"\boldsymbol{\epsilon}_{t}": fresh,
    }
    holds(
        "ddim-sampler",
        {
            **shared,
            r"\mathbf{x}": {t: now, t - 1: at + math.sqrt(variance) * fresh},
            r"\sigma_{t}": math.sqrt(variance),
            r"\eta": 1,
        },
    )
    # Without any, the datum and the noise stay as they were guessed.
    before = math.sqrt(schedule.bar[t - 1]) * start + math.sqrt(1 - schedule.bar[t - 1]) * noise
    holds("ddim-sampler", {**shared, r"\mathbf{x}": {t: now, t - 1: before}, r"\sigma_{t}": 0.0, r"\eta": 0})


# Scores


X, WEIGHTS = grid(-12, 12, 300)


def mixture(x: Array) -> Array:
    """A density with two humps."""
    return np.asarray(0.6 * np.exp(-((x - 1) ** 2) / 2) + 0.4 * np.exp(-((x + 1.5) ** 2) / 0.98) / 0.7) / math.sqrt(
        2 * math.pi
    )


def slope(function: Callable[..., Value], x: float) -> float:
    return float((function(x + 1e-5) - function(x - 1e-5)) / 2e-5)


def test_score_function() -> None:
    x = vector(2)

    def log_p(x: Array) -> float:
        return float(-(x @ x) / 2 - x[0] * x[1] / 3 + math.sin(x[0]))

    holds(
        "score-function",
        {
            r"\mathbf{s}": lambda x: np.array([-x[0] - x[1] / 3 + math.cos(x[0]), -x[1] - x[0] / 3]),
            "p": lambda x: math.exp(log_p(x)),
            r"\mathbf{x}": x,
        },
        within=1e-6,
    )


def test_score_matching_without_the_score() -> None:
    # The constant is half the mean square of the score of the data: two humps, and across them a bent ridge.
    def density(x: Array) -> float:
        return float(mixture(x[0])) * math.exp(-((x[1] - math.tanh(x[0])) ** 2) / 2) / math.sqrt(2 * math.pi)

    def score(x: Array) -> Array:
        return gradient(lambda x: math.log(density(x)), x)

    def guess(x: Array) -> Array:
        return np.array([math.tanh(x[1]) - x[0], x[0] - x[1] / 2])

    places, weights = grid(-7, 7, 60)
    data = [np.array(one) for one in itertools.product(places, places)]
    shares = [w * density(x) for w, x in zip(np.outer(weights, weights).ravel(), data, strict=True)]
    scores = {tuple(x): score(x) for x in data}
    direct = sum(w * sum((guess(x) - scores[tuple(x)]) ** 2) for w, x in zip(shares, data, strict=True)) / 2
    constant = sum(w * sum(scores[tuple(x)] ** 2) for w, x in zip(shares, data, strict=True)) / 2
    holds(
        "score-matching",
        {
            "J": lambda _: direct,
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}}": mean(r"\mathbf{x}", data, shares),
            r"\mathbf{s}_{\theta}": guess,
            r"\nabla_{\mathbf{x}} \mathbf{s}_{\theta}": lambda x: np.array([[-1, 1 - math.tanh(x[1]) ** 2], [1, -0.5]]),
            r"\nabla_{\mathbf{x}} \log p_{\mathrm{data}}": lambda x: scores[tuple(x)],
            "C": constant,
            r"\theta": 0,
        },
        within=1e-5,
    )


def test_denoising_score() -> None:
    sigma, x, noisy = 0.6, vector(2), vector(2)

    def log_q(y: Array) -> float:
        return math.log(normal(y, x, sigma**2 * np.eye(2)))

    gradient = np.array([(log_q(noisy + h) - log_q(noisy - h)) / 2e-5 for h in 1e-5 * np.eye(2)])
    pairs = [(vector(2), vector(2)) for _ in range(3)]
    expected = sum(float(((0.3 * y - (x - y) / sigma**2) ** 2).sum()) for x, y in pairs) / 6
    holds(
        "score-denoising",
        {
            "J": lambda _: expected,
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}(\mathbf{x}), \, \tilde{\mathbf{x}} \sim q_{\sigma}(\tilde{\mathbf{x}} \mid \mathbf{x})}": mean(
                (r"\mathbf{x}", r"\tilde{\mathbf{x}}"), pairs
            ),
            r"\mathbf{s}_{\theta}": lambda y: 0.3 * y,
            r"\nabla_{\tilde{\mathbf{x}}} \log q_{\sigma}": lambda y, x: (x - y) / sigma**2,
            r"\theta": 0,
        },
        rows=[1],
    )
    holds(
        "score-denoising",
        {
            r"\nabla_{\tilde{\mathbf{x}}} \log q_{\sigma}(\tilde{\mathbf{x}} \mid \mathbf{x})": gradient,
            r"q_{\sigma}": lambda y, x: normal(y, x, sigma**2 * np.eye(2)),
            r"\mathcal{N}": normal,
            r"\tilde{\mathbf{x}}": noisy,
            r"\mathbf{x}": x,
            r"\sigma": sigma,
            r"\mathbf{I}": np.eye(2),
        },
        rows=[2],
        within=1e-6,
    )


def test_tweedie_by_bayes_rule() -> None:
    sigma, noisy = 0.8, 0.4

    def likelihood(x: Array, y: float) -> Array:
        return np.asarray(np.exp(-((y - x) ** 2) / (2 * sigma**2)) / (sigma * math.sqrt(2 * math.pi)))

    def smoothed(y: float) -> float:
        return float((WEIGHTS * mixture(X) * likelihood(X, y)).sum())

    posterior = WEIGHTS * mixture(X) * likelihood(X, noisy) / smoothed(noisy)
    holds(
        "score-tweedie",
        {
            r"\mathbb{E}[\mathbf{x} \mid \tilde{\mathbf{x}}]": float(posterior @ X),
            r"\tilde{\mathbf{x}}": noisy,
            r"\sigma": sigma,
            r"\nabla_{\tilde{\mathbf{x}}} \log q_{\sigma}": lambda y: slope(lambda z: math.log(smoothed(z)), y),
            r"\tilde{\mathbf{x}} \mid \mathbf{x}": 0,
            r"\sim": STATED,
        },
        within=1e-6,
    )


def test_annealed_langevin_step() -> None:
    levels = {1: 1.0, 2: 0.5, 3: 0.1}
    x, z, tiny = vector(2), vector(2), 2e-3
    rate = {i: tiny * (s / 0.1) ** 2 for i, s in levels.items()}
    after = x + rate[2] / 2 * (-x / 0.25) + math.sqrt(rate[2]) * z
    holds(
        "score-annealed-langevin",
        {
            r"\tilde{\mathbf{x}}": {1: x, 2: after},
            r"\mathbf{s}_{\theta}": lambda x, s: -x / s**2,
            r"\mathbf{z}": {2: z, 1: 0 * z},
            r"\alpha": rate,
            r"\sigma": levels,
            r"\epsilon": tiny,
            r"\sim": STATED,
            "i": 2,
            "t": 2,
            "L": 3,
        },
    )


def test_kernel_of_the_variance_preserving_sde() -> None:
    # dm = −½βm dt and dv = (1 − v)β dt, by small steps.
    start, now, end, count = vector(2), vector(2), 0.8, 20000

    def beta(s: float) -> float:
        return 0.3 + 2 * s

    mean_, variance, h = 1.0, 0.0, end / count
    for k in range(count):
        rate = beta((k + 0.5) * h)
        mean_, variance = mean_ * math.exp(-rate * h / 2), 1 - (1 - variance) * math.exp(-rate * h)
    holds(
        "sde-vp",
        {
            r"p_{0t}(\mathbf{x}(t) \mid \mathbf{x}(0))": normal(now, mean_ * start, variance * np.eye(2)),
            r"\mathcal{N}": normal,
            r"\mathbf{x}": lambda t: now if t else start,
            r"\beta": beta,
            r"\mathbf{I}": np.eye(2),
            "t": end,
        },
        rows=[2],
        within=1e-6,
    )
    # The drift leads to the mean, and the noise keeps a variance of one: 1 − β dt + β dt.
    x, step, noise = vector(2), 1e-4, vector(2)
    holds(
        "sde-vp",
        {
            r"\mathrm{d}\mathbf{x}": -x * 0.7 / 2 * step + math.sqrt(0.7) * noise,
            r"\mathbf{x}": x,
            r"\beta": lambda _: 0.7,
            "t": end,
            r"\mathrm{d}t": step,
            r"\mathrm{d}\mathbf{w}": noise,
        },
        rows=[1],
    )


# Flow matching


def test_gaussian_path_follows_its_field() -> None:
    # ψ(x) = σ_t x + μ_t: what moves with it has its derivative by time as its speed.
    one, start, t = vector(2), vector(2), 0.4

    def centre(t: float) -> Array:
        return math.sin(t) * one

    def width(t: float) -> float:
        return 1 - 0.7 * t * t

    def at(t: float) -> Array:
        return width(t) * start + centre(t)

    speed = (at(t + 1e-5) - at(t - 1e-5)) / 2e-5
    holds(
        "fm-gaussian-path",
        {
            r"p_{t}(\mathbf{x} \mid \mathbf{x}_{1})": normal(start, np.zeros(2), np.eye(2)) / width(t) ** 2,
            r"\mathcal{N}": normal,
            r"\mathbf{u}_{t}(\mathbf{x} \mid \mathbf{x}_{1})": speed,
            r"\boldsymbol{\mu}_{t}(\mathbf{x}_{1})": centre(t),
            r"\boldsymbol{\mu}_{t}'(\mathbf{x}_{1})": math.cos(t) * one,
            r"\sigma_{t}(\mathbf{x}_{1})": width(t),
            r"\sigma_{t}'(\mathbf{x}_{1})": -1.4 * t,
            r"\mathbf{x}": at(t),
            r"\mathbf{x}_{1}": one,
            r"\mathbf{I}": np.eye(2),
        },
        within=1e-6,
    )


def test_straight_path_has_constant_speed() -> None:
    low = 0.1
    samples = [(t, vector(2), vector(2)) for t in (0.2, 0.5, 0.9)]

    def at(t: float, one: Array, start: Array) -> Array:
        return start + t * (one - (1 - low) * start)

    def guess(x: Array) -> Array:
        return np.tanh(x)

    total = sum(float(((guess(at(*s)) - (at(1, *s[1:]) - at(0, *s[1:]))) ** 2).sum()) for s in samples)
    t, one, start = samples[0]
    holds(
        "fm-ot-path",
        {
            r"\psi_{t}": given(
                "t", r"\mathbf{x}_{1}", function=lambda t, one: lambda x: at(t, one, x), is_function=True
            ),
            r"\mathbf{x}_{0}": start,
            r"\mathbf{x}_{1}": one,
            r"\sigma_{\min}": low,
            "t": t,
            r"\theta": 0,
            r"\mathcal{L}_{\mathrm{CFM}}": lambda _: total / 3,
            r"\mathbf{v}_{t}": lambda x, _: guess(x),
            r"\mathbb{E}_{t, \, \mathbf{x}_{1} \sim q, \, \mathbf{x}_{0} \sim \mathcal{N}(\mathbf{0}, \mathbf{I})}": mean(
                ("t", r"\mathbf{x}_{1}", r"\mathbf{x}_{0}"), samples
            ),
        },
    )
