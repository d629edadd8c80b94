"""Losses of denoisers, of consistency models and of flow matching on a few samples."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    Array,
    each,
    given,
    holds,
    matrix,
    mean,
    points,
    vector,
)
from tests.equations.reference import always, slope


def test_edm_loss_weighs_the_network_by_one() -> None:
    data, noises = [vector(2) for _ in range(3)], [vector(2) for _ in range(3)]
    levels, spread = [0.3, 1.1, 2.5], 0.6
    gains = [spread * s / math.hypot(s, spread) for s in levels]  # of the network, EDM's c_out
    triples = list(zip(levels, data, noises, strict=True))
    samples = 0.9 * (noises[0] - noises[0].mean()) / noises[0].std()
    logs = vector(5)
    loss = np.mean([((0.5 * (y + n) - y) ** 2).sum() / g**2 for (_, y, n), g in zip(triples, gains, strict=True)])
    holds(
        "edm-loss",
        {
            r"\mathcal{L}": always(float(loss)),
            r"\mathbb{E}_{\sigma, \mathbf{y}, \mathbf{n}}": mean((r"\sigma", r"\mathbf{y}", r"\mathbf{n}"), triples),
            r"\lambda": lambda s: 1 / gains[levels.index(s)] ** 2 if s in levels else 1 / 0.36 + 1 / 0.81,
            "D_{\\theta}": lambda noisy, _: 0.5 * noisy,
            r"\sigma": 0.9,
            r"\sigma_{\mathrm{data}}": spread,
            r"\mathbf{n}": samples,
            r"\ln \sigma": logs,
            r"\sim": lambda sample, variance: bool(np.isclose(np.var(sample), variance)),
            r"\mathcal{N}": lambda _, variance: variance,
            r"\mathbf{0}": 0.0,
            r"\mathbf{I}": 1.0,
            r"P_{\mathrm{mean}}": float(logs.mean()),
            r"P_{\mathrm{std}}": float(logs.std()),
            r"\theta": 0.0,
        },
    )


def test_noise_conditional_scores() -> None:
    data, noises, levels = [vector(2) for _ in range(3)], [vector(2) for _ in range(4)], [0.3, 1.2]

    def score(x: Array, s: float) -> Array:
        return np.asarray(-x / (1 + s * s))

    def one(s: float) -> float:
        pairs = itertools.product(data, noises)
        return float(np.mean([sum((score(x + s * n, s) + n / s) ** 2) for x, n in pairs])) / 2

    noisy = given(r"\mathbf{x}", r"\sigma", "noise", function=lambda x, s, n: x + s * n)
    holds(
        "score-ncsn",
        {
            r"\mathcal{L}": always(sum(s * s * one(s) for s in levels) / 2),
            r"\lambda": lambda s: s * s,
            r"\ell": lambda _, s: one(s),
            r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}}": mean(r"\mathbf{x}", data),
            r"\mathbb{E}_{\tilde{\mathbf{x}} \sim \mathcal{N}(\mathbf{x}, \sigma^{2} \mathbf{I})}": mean(
                "noise", noises
            ),
            r"\mathbf{s}_{\theta}": score,
            r"\tilde{\mathbf{x}}": noisy,
            r"\sigma": each(*levels),
            r"\sigma_{i}": given("i", function=lambda i: levels[i - 1]),
            r"\theta": 0.0,
            "L": 2,
        },
    )


def test_consistency_function() -> None:
    spread, least = 0.5, 0.002
    for t in (least, 0.7, 4.0):
        ratio = (t - least) / spread
        skip, out = 1 / (1 + ratio * ratio), (t - least) * math.cos(math.atan(t / spread))
        x, answer = vector(2), vector(2)
        holds(
            "consistency-function",
            {
                r"f_{\theta}": always(np.array([skip * a + out * b for a, b in zip(x, answer, strict=True)])),
                r"F_{\theta}": always(answer),
                r"c_{\mathrm{skip}}": always(skip),
                r"c_{\mathrm{out}}": always(out),
                r"\sigma_{\mathrm{data}}": spread,
                r"\epsilon": least,
                r"\mathbf{x}": x,
                "t": t,
            },
        )


def test_consistency_losses() -> None:
    times, theta, slow, rate = [0.1, 0.5, 1.3], 1.4, 1.1, 0.9
    data, noises = [vector(2) for _ in range(3)], [vector(2) for _ in range(3)]

    def f(theta: float, x: Array, t: float) -> Array:
        return np.asarray(x / (1 + theta * t))

    def away(a: Array, b: Array) -> float:
        return float(sum(abs(a - b)))

    cases = [(n, x, z) for n in (1, 2) for x, z in zip(data, noises, strict=True)]

    def field(x: Array, t: float, _: object = None) -> Array:
        return np.asarray(x * t / (1 + t * t))

    distilled = trained = 0.0
    for n, x, z in cases:
        early, late = times[n - 1], times[n]
        noisy = x + late * z
        back = noisy - (late - early) * field(noisy, late)
        distilled += away(f(theta, noisy, late), f(slow, back, early)) / early / len(cases)
        trained += away(f(theta, noisy, late), f(slow, x + early * z, early)) / early / len(cases)
    names = {
        r"\mathbb{E}": mean(("n", r"\mathbf{x}", r"\mathbf{z}"), cases),
        r"\lambda": lambda t: 1 / t,
        "d": away,
        r"f_{\theta}": lambda x, t: f(theta, x, t),
        r"f_{\theta^{-}}": lambda x, t: f(slow, x, t),
        "t": times,
        r"\theta": theta,
        r"\theta^{-}": slow,
    }
    holds("consistency-training", {**names, r"\mathcal{L}_{\mathrm{CT}}^{N}": always(trained)})
    later = given("n", r"\mathbf{x}", r"\mathbf{z}", function=lambda n, x, z: x + times[n] * z)

    def behind(n: int, x: Array, z: Array) -> Array:
        noisy = x + times[n] * z
        return noisy - (times[n] - times[n - 1]) * field(noisy, times[n])

    holds(
        "consistency-distillation",
        {
            **names,
            r"\mathcal{L}_{\mathrm{CD}}^{N}": always(distilled),
            r"\mathbf{x}_{t_{n+1}}": later,
            r"\hat{\mathbf{x}}_{t_{n}}^{\phi}": given("n", r"\mathbf{x}", r"\mathbf{z}", function=behind),
            r"\Phi": field,
            r"\phi": 0.0,
            r"\sim": lambda x, law: np.allclose((x - law[0]) / math.sqrt(law[1]), noises[0]),
            r"\mathcal{N}": lambda mean, variance: (mean, variance),
            r"\mathbf{I}": 1.0,
            r"\operatorname{stopgrad}": lambda x: x,
            r"\mu": rate,
            "n": each(1, 2),
            r"\mathbf{x}": data[0],
            r"\mathbf{z}": noises[0],
        },
        after={r"\theta^{-}": slow + (1 - rate) * (theta - slow)},
    )


def test_latent_diffusion() -> None:
    encode, images, conditions, noises = matrix(2, 4), matrix(3, 4), vector(3), matrix(3, 2)
    kept = [0.9, 0.5, 0.2]

    def network(z: Array, t: float, condition: float) -> Array:
        return np.asarray(z * condition + t)

    cases = list(zip(images, conditions, noises, (1, 2, 3), strict=True))
    total = 0.0
    for image, condition, noise, t in cases:
        angle = math.acos(math.sqrt(kept[t - 1]))
        z = math.cos(angle) * (encode @ image) + math.sin(angle) * noise
        total += sum((network(z, t, 2 * condition) - noise) ** 2) / 3

    def latent(image: Array, noise: Array, t: int) -> Array:
        angle = math.acos(math.sqrt(kept[t - 1]))
        return np.asarray(math.cos(angle) * (encode @ image) + math.sin(angle) * noise)

    names = (r"\mathbf{x}", r"\mathbf{y}", r"\boldsymbol{\epsilon}", "t")
    expectation = r"\mathbb{E}_{\mathcal{E}(\mathbf{x}), \mathbf{y}, \boldsymbol{\epsilon} \sim \mathcal{N}(\mathbf{0}, \mathbf{I}), t}"
    holds(
        "ldm-objective",
        {
            r"\mathcal{L}_{\mathrm{LDM}}": total,
            expectation: mean(names, cases),
            r"\boldsymbol{\epsilon}_{\theta}": network,
            r"\tau_{\theta}": lambda y: 2 * y,
            r"\mathbf{z}_{t}": given(r"\mathbf{x}", r"\boldsymbol{\epsilon}", "t", function=latent),
            r"\mathcal{E}": lambda image: encode @ image,
            r"\bar{\alpha}": kept,
            r"\mathbf{x}": images[0],
            r"\boldsymbol{\epsilon}": noises[0],
            "t": each(1, 3),
        },
    )


def test_flow_matching() -> None:
    cases = [(t, vector(2), vector(2)) for t in (0.2, 0.5, 0.9)]

    def field(x: Array, theta: float) -> Array:
        return theta * np.asarray(x)

    def target(x: Array, datum: Array | None = None) -> Array:
        return 1 - x if datum is None else datum - x

    one, two = (
        float(np.mean([sum(((0.7 + 1) * x - (1 if plain else datum)) ** 2) for _, x, datum in cases]))
        for plain in (True, False)
    )
    names = {r"\mathbf{v}_{t}": field, r"\mathbf{u}_{t}": target, r"\theta": 0.7}
    by = mean(("t", r"\mathbf{x}", r"\mathbf{x}_{1}"), cases)
    holds(
        "fm-objective",
        {
            **names,
            r"\mathcal{L}_{\mathrm{FM}}": always(one),
            r"\mathbb{E}_{t, \, \mathbf{x} \sim p_{t}(\mathbf{x})}": by,
        },
    )
    conditional = r"\mathbb{E}_{t, \, \mathbf{x}_{1} \sim q(\mathbf{x}_{1}), \, \mathbf{x} \sim p_{t}(\mathbf{x} \mid \mathbf{x}_{1})}"
    holds("fm-conditional", {**names, r"\mathcal{L}_{\mathrm{CFM}}": always(two), conditional: by})


def test_rectified_flow() -> None:
    pairs = [(vector(2), vector(2)) for _ in range(3)]

    def loss(scale: float) -> float:
        """Of the field v(x, t) = a x, whose square is a polynomial in the time."""
        at, weights = np.polynomial.legendre.leggauss(4)
        total = 0.0
        for noise, datum in pairs:
            for t, weight in zip((at + 1) / 2, weights / 2, strict=True):
                total += weight * sum((datum - noise - scale * (noise + t * (datum - noise))) ** 2) / 3
        return total

    scales = [-0.5, 0.3, 1.0]

    def place(noise: Array, datum: Array, t: float) -> Array:
        return np.asarray(noise + t * (datum - noise))

    holds(
        "rf-objective",
        {
            r"\mathbb{E}": mean((r"\mathbf{x}_{0}", r"\mathbf{x}_{1}"), pairs),
            r"\mathbf{x}_{t}": given(r"\mathbf{x}_{0}", r"\mathbf{x}_{1}", "t", function=place),
            r"\mathbf{x}_{0}": pairs[0][0],
            r"\mathbf{x}_{1}": pairs[0][1],
            "t": each(0.0, 0.3, 1.0),
        },
        over=[points(r"\mathbf{v}", [lambda x, _, a=a: a * x for a in scales])],
        objective=min(map(loss, scales)),
    )


def test_score_distillation_leaves_the_network_out() -> None:
    theta, noises, times = vector(3), [vector(2) for _ in range(3)], [0.2, 0.5, 0.8]
    w = matrix(2, 3)

    def render(theta: Array) -> Array:
        return np.asarray(np.tanh(w @ theta))

    def predicted(x: Array, t: float, noise: Array) -> Array:
        return np.asarray(np.sin((1 - t) * x + t * noise))

    cases = list(zip(times, noises, strict=True))
    # The slope of the inner product of the picture with residuals that are held constant.
    held = [(1 - t) * (predicted(render(theta), t, n) - n) for t, n in cases]
    expected = slope(lambda theta: float(np.mean([render(theta) @ one for one in held])), theta)
    holds(
        "sds-gradient",
        {
            r"\nabla_{\theta} \mathcal{L}_{\mathrm{SDS}}(\phi, \mathbf{x} = g(\theta))": expected,
            r"\mathbb{E}_{t, \boldsymbol{\epsilon}}": mean(("t", r"\boldsymbol{\epsilon}"), cases),
            "w": lambda t: 1 - t,
            r"\hat{\boldsymbol{\epsilon}}_{\phi}": lambda z, *_: np.sin(z),
            r"\mathbf{z}_{t}": given(
                "t", r"\boldsymbol{\epsilon}", function=lambda t, n: (1 - t) * render(theta) + t * n
            ),
            r"\frac{\partial \mathbf{x}}{\partial \theta}": np.diag(1 - np.tanh(w @ theta) ** 2) @ w,
            "y": 0.0,
        },
        within=1e-6,
    )
