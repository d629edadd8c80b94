"""Losses, scores and estimators by counting, enumeration, differences or another algorithm."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
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
from tests.equations.reference import softmax


def slope(function: Callable[[Array], float], at: Array) -> Array:
    """The gradient by central differences."""
    steps = 1e-5 * np.eye(len(at))
    return np.array([(function(at + step) - function(at - step)) / 2e-5 for step in steps])


# Layers


def test_mish_as_a_ratio_of_polynomials() -> None:
    for x in (-3.0, -1.19, 0.0, 0.7, 2.5):
        n = math.exp(x) * (math.exp(x) + 2)  # tanh(log u) = (u² − 1)/(u² + 1)
        holds(
            "act-mish",
            {
                r"\operatorname{Mish}": lambda x, n=n: x * n / (n + 2),
                r"\zeta": lambda x: math.log1p(math.exp(x)),
                "x": x,
            },
        )


def test_weight_normalisation_by_differences() -> None:
    v, g, target = vector(4), 1.7, vector(4)

    def loss(w: Array) -> float:
        return float(np.sum((w - target) ** 3) + np.cos(w).sum())

    def weights(v: Array, g: float) -> Array:
        return g * v / math.sqrt(sum(v * v))

    w = weights(v, g)
    by_g = slope(lambda one: loss(weights(v, one[0])), np.array([g]))[0]
    holds(
        "norm-weight",
        {
            r"\mathbf{w}": w,
            r"\mathbf{v}": v,
            "g": g,
            r"\nabla_{\mathbf{w}} \mathcal{L}": slope(loss, w),
            r"\nabla_{\mathbf{v}} \mathcal{L}": slope(lambda v: loss(weights(v, g)), v),
            r"\nabla_{g} \mathcal{L}": by_g,
        },
        within=1e-6,
    )


def test_size_of_a_transposed_convolution_by_spreading_the_input() -> None:
    for i, s, p, d, k, a in ((4, 2, 1, 1, 3, 1), (5, 1, 0, 2, 3, 0), (3, 3, 2, 2, 4, 2)):
        touched = {at * s + d * tap for at in range(i) for tap in range(k)}
        size = max(touched) + 1 - 2 * p + a
        # The convolution leads back from there.
        starts = [at for at in range(-p, size + p, s) if at + d * (k - 1) < size + p]
        assert len(starts) == i
        holds("conv-transposed-size", {"o": size, "i": i, "s": s, "p": p, "d": d, "k": k, "a": a})


def hopfield() -> tuple[Array, float, Callable[[Array], float]]:
    patterns, beta = matrix(3, 5), 1.3
    longest = max(math.sqrt(sum(x * x)) for x in patterns.T)

    def energy(state: Array) -> float:
        scores = [float(x @ state) for x in patterns.T]
        weighed = math.log(sum(math.exp(beta * one) for one in scores) / 5) / beta
        return -weighed + float(state @ state) / 2 + longest**2 / 2

    return patterns, beta, energy


def test_hopfield_update_is_a_step_down_the_energy() -> None:
    patterns, beta, energy = hopfield()
    state = vector(3)
    new = state - slope(energy, state)
    names = {
        "E": energy,
        r"\boldsymbol{\xi}": state,
        r"\boldsymbol{\xi}^{\mathrm{new}}": new,
        r"\mathbf{X}": patterns,
        r"\mathbf{x}": list(patterns.T),
        r"\beta": beta,
        "N": 5,
        "M": max(math.sqrt(sum(x * x)) for x in patterns.T),
        r"\operatorname{softmax}": softmax,
    }
    holds("hopfield-update", names, over=[points("i", range(1, 6))], within=1e-6)
    assert 0 <= energy(new) <= energy(state)


def test_restricted_boltzmann_machine_by_enumeration() -> None:
    w, b, c = matrix(3, 2), vector(3), vector(2)
    seen = [np.array(bits, float) for bits in itertools.product((0, 1), repeat=3)]
    hidden = [np.array(bits, float) for bits in itertools.product((0, 1), repeat=2)]

    def energy(v: Array, h: Array) -> float:
        pairs = sum(w[i, j] * v[i] * h[j] for i in range(3) for j in range(2))
        return -sum(b[i] * v[i] for i in range(3)) - sum(c[j] * h[j] for j in range(2)) - pairs

    weight = {(tuple(v), tuple(h)): math.exp(-energy(v, h)) for v in seen for h in hidden}
    total = sum(weight.values())
    v, h = seen[5], hidden[1]

    def hidden_on(j: int) -> float:
        given_v = {key: one for key, one in weight.items() if key[0] == tuple(v)}
        return sum(one for key, one in given_v.items() if key[1][j - 1]) / sum(given_v.values())

    def seen_on(i: int) -> float:
        given_h = {key: one for key, one in weight.items() if key[1] == tuple(h)}
        return sum(one for key, one in given_h.items() if key[0][i - 1]) / sum(given_h.values())

    names = {
        "E": energy,
        r"\mathbf{b}": b,
        r"\mathbf{c}": c,
        r"\mathbf{W}": w,
        "b": b,
        "c": c,
        "W": w,
        "Z": total,
    }
    state = {r"\mathbf{v}": v, r"\mathbf{h}": h}
    holds("rbm-energy", {**names, **state}, rows=[1])
    holds(
        "rbm-energy",
        {**names, **state, "p": lambda v, h: weight[tuple(v), tuple(h)] / total},
        over=[points(r"\mathbf{v}", seen), points(r"\mathbf{h}", hidden)],
        rows=[2],
    )
    holds(
        "rbm-energy",
        {
            **names,
            r"p(h_{j} = 1 \mid \mathbf{v})": given("j", function=hidden_on),
            r"p(v_{i} = 1 \mid \mathbf{h})": given("i", function=seen_on),
            "v": v,
            "h": h,
            r"\sigma": lambda x: 1 / (1 + math.exp(-x)),
            "i": each(1, 2, 3),
            "j": each(1, 2),
        },
        over=[points("i", range(1, 4)), points("j", range(1, 3))],
        rows=[3],
    )


# Losses


def test_router_z_loss_from_the_probabilities() -> None:
    logits = matrix(4, 3)
    # The denominator is what the exponential of a logit is divided by.
    denominators = [math.exp(row[0]) / softmax(row)[0] for row in logits]
    expected = sum(math.log(one) ** 2 for one in denominators) / 4
    holds("moe-z-loss", {r"\mathcal{L}_{z}": expected, "x": logits, "B": 4, "N": 3})


def test_cosface_takes_the_margin_from_the_cosine() -> None:
    x, w, labels, scale, margin = matrix(3, 2), matrix(4, 2), [1, 3, 2], 4.0, 0.35
    cosines = np.array([[sum(a * b) / math.sqrt(sum(a * a) * sum(b * b)) for b in w] for a in x])
    loss = 0.0
    for row, label in zip(cosines, labels, strict=True):
        logits = [scale * (one - margin * (j == label - 1)) for j, one in enumerate(row)]
        loss += (math.log(sum(map(math.exp, logits))) - logits[label - 1]) / 3
    angles = np.arccos(cosines)
    holds(
        "metric-cosface",
        {r"\mathcal{L}": loss, r"\theta": angles, "y": labels, "s": scale, "m": margin, "n": 3},
        over=[points("j", range(1, 5))],
        rows=[1],
    )
    holds(
        "metric-cosface",
        {r"\theta": angles, r"\mathbf{w}": w, r"\mathbf{x}": x, "i": each(1, 3), "j": each(1, 4)},
        rows=[2],
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


def test_cutmix_pastes_a_box() -> None:
    # A box of 3 × 2 in an image of 6 × 4: a quarter of it.
    first, second, mask = matrix(6, 4), matrix(6, 4), np.ones((6, 4))
    mixed = first.copy()
    for u, v in itertools.product(range(1, 4), range(2, 4)):
        mixed[u, v], mask[u, v] = second[u, v], 0
    left, right = np.array([1.0, 0, 0]), np.array([0, 0, 1.0])
    holds(
        "loss-cutmix",
        {
            r"\tilde{\mathbf{x}}": mixed,
            r"\mathbf{x}_{A}": first,
            r"\mathbf{x}_{B}": second,
            r"\mathbf{M}": mask,
            r"\mathbf{1}": np.ones((6, 4)),
            r"\tilde{\mathbf{y}}": np.array([0.75, 0, 0.25]),
            r"\mathbf{y}_{A}": left,
            r"\mathbf{y}_{B}": right,
            r"\lambda": mask.mean(),
            r"\sim": lambda *_: True,
            r"\operatorname{Beta}": lambda a, b: (a, b),
            r"\alpha": 1.0,
            "r_{w}": 3,
            "r_{h}": 2,
            "W": 6,
            "H": 4,
        },
    )


def test_pix2pix_over_pairs_and_noise() -> None:
    pairs, chances = [(vector(2), vector(3)) for _ in range(4)], distribution(4)
    noises, shares = [vector(3) for _ in range(3)], distribution(3)
    made = matrix(3, 2)

    def generator(x: Array, z: Array) -> Array:
        return np.asarray(np.tanh(made @ x) + z)

    def discriminator(x: Array, y: Array) -> float:
        return 1 / (1 + math.exp(-float(x.sum() * y[0] + y[1])))

    adversarial, distance = 0.0, 0.0
    for (x, y), chance in zip(pairs, chances, strict=True):
        adversarial += chance * math.log(discriminator(x, y))
        for z, share in zip(noises, shares, strict=True):
            fake = generator(x, z)
            adversarial += chance * share * math.log1p(-discriminator(x, fake))
            distance += chance * share * sum(abs(y[k] - fake[k]) for k in range(3))
    both = [(x, z) for x, _ in pairs for z in noises]
    all_three = [(x, y, z) for x, y in pairs for z in noises]
    weights = np.outer(chances, shares).ravel()
    holds(
        "gan-pix2pix",
        {
            r"\mathbb{E}_{\mathbf{x}, \mathbf{y}}": mean((r"\mathbf{x}", r"\mathbf{y}"), pairs, chances),
            r"\mathbb{E}_{\mathbf{x}, \mathbf{z}}": mean((r"\mathbf{x}", r"\mathbf{z}"), both, weights),
            r"\mathbb{E}_{\mathbf{x}, \mathbf{y}, \mathbf{z}}": mean(
                (r"\mathbf{x}", r"\mathbf{y}", r"\mathbf{z}"), all_three, weights
            ),
            "G": generator,
            "D": discriminator,
            r"\mathcal{L}_{\mathrm{cGAN}}(G, D)": adversarial,
            r"\mathcal{L}_{\mathrm{L1}}(G)": distance,
        },
        rows=[1, 2],
    )


def test_pix2pix_solution_of_a_small_game() -> None:
    # The second generator is best; with another sign, or the least D in place of the greatest, it is not.
    adversarial, distance, weight = np.array([[3.0, -5.0], [1.0, 0.9], [0.0, 0.5]]), [0.1, 0.2, 3.0], 0.6
    worst = [max(row) + weight * one for row, one in zip(adversarial, distance, strict=True)]
    holds(
        "gan-pix2pix",
        {
            "G^{*}": int(np.argmin(worst)),
            r"\mathcal{L}_{\mathrm{cGAN}}": lambda g, d: adversarial[g, d],
            r"\mathcal{L}_{\mathrm{L1}}": lambda g: distance[g],
            r"\lambda": weight,
        },
        over=[points("G", range(3)), points("D", range(2))],
        rows=[3],
    )


# Scores


def test_lpips_over_two_layers() -> None:
    sizes = {1: (2, 3, 4), 2: (1, 2, 5)}
    seen: dict[int, dict[str, Array]] = {}
    total = 0.0
    for layer, (rows, columns, channels) in sizes.items():
        features = [matrix(rows * columns, channels).reshape(rows, columns, channels) for _ in range(2)]
        a, b = (one / np.sqrt((one**2).sum(-1, keepdims=True)) for one in features)
        weight = positive(channels)
        # As the code has it, the squares of the weights multiply the squared differences.
        total += float((((a - b) ** 2) @ weight**2).mean())
        seen[layer] = {"a": a, "b": b, "w": weight}
    names = ("l", "h", "w")
    holds(
        "img-lpips",
        {
            "d": lambda *_: total,
            r"\mathbf{x}": 0.0,
            r"\mathbf{x}_{0}": 0.0,
            r"\hat{\mathbf{y}}_{h,w}^{l}": given(*names, function=lambda l_, h, w: seen[l_]["a"][h - 1, w - 1]),
            r"\hat{\mathbf{y}}_{0,h,w}^{l}": given(*names, function=lambda l_, h, w: seen[l_]["b"][h - 1, w - 1]),
            r"\mathbf{w}": {layer: one["w"] for layer, one in seen.items()},
            "H": {layer: size[0] for layer, size in sizes.items()},
            "W": {layer: size[1] for layer, size in sizes.items()},
        },
        over=[points("l", (1, 2))],
    )


def test_hausdorff_distance_of_covering_balls() -> None:
    a, b = [vector(2) for _ in range(4)], [vector(2) for _ in range(3)]

    def radius(inner: list[Array], outer: list[Array]) -> float:
        """The least radius at which balls about the outer points cover the inner ones."""
        radii = sorted(math.dist(x, y) for x in inner for y in outer)
        return next(r for r in radii if all(any(math.dist(x, y) <= r for y in outer) for x in inner))

    holds(
        "seg-hausdorff",
        {
            r"d_{\mathrm{H}}(\mathcal{A}, \mathcal{B})": max(radius(a, b), radius(b, a)),
            r"h(\mathcal{A}, \mathcal{B})": radius(a, b),
            r"h(\mathcal{B}, \mathcal{A})": radius(b, a),
            r"\mathcal{A}": a,
            r"\mathcal{B}": b,
        },
    )


def test_panoptic_quality_of_drawn_segments() -> None:
    true = {"t": {1, 2, 3, 4}, "u": {5, 6, 7}, "v": {8, 9}}
    found = {"a": {2, 3, 4}, "b": {5, 6, 7, 10}, "c": {8, 11, 12}, "d": {13}}

    def overlap(p: str, g: str) -> float:
        return len(found[p] & true[g]) / len(found[p] | true[g])

    matched = [(p, g) for p in found for g in true if overlap(p, g) > 0.5]
    missed = [g for g in true if all(g != one for _, one in matched)]
    extra = [p for p in found if all(p != one for one, _ in matched)]
    assert (len(matched), len(extra), len(missed)) == (2, 2, 1)
    drawn = (3 / 4 + 3 / 4) / 2
    precision, recall = 2 / 4, 2 / 3
    f1 = 2 * precision * recall / (precision + recall)
    holds(
        "seg-panoptic-quality",
        {
            r"\mathrm{PQ}": drawn * f1,
            r"\mathrm{SQ}": drawn,
            r"\mathrm{RQ}": f1,
            r"\mathrm{TP}": matched,
            r"\mathrm{FP}": extra,
            r"\mathrm{FN}": missed,
            r"\operatorname{IoU}": overlap,
        },
    )


# Estimators and control


def test_kaplan_meier_by_handing_on_the_mass_of_the_censored() -> None:
    # Ties among events, a censoring at the time of an event, and one between events.
    sample = sorted([(2.0, 1), (3.0, 0), (4.0, 1), (4.0, 1), (4.0, 0), (6.0, 1), (8.0, 1), (10.0, 0)], key=later)
    mass = [1 / 8] * 8
    for at, (_, event) in enumerate(sample):
        if not event and at < 7:
            for other in range(at + 1, 8):
                mass[other] += mass[at] / (7 - at)
            mass[at] = 0.0
    times = sorted({t for t, event in sample if event})
    for now in (1.0, 2.0, 5.0, 6.0, 9.0):
        left = sum(m for m, (t, _) in zip(mass, sample, strict=True) if t > now)
        holds(
            "survival-kaplan-meier",
            {
                r"\hat{S}": lambda _, left=left: left,
                "t": now,
                "t_{i}": given("i", function=lambda i: times[i - 1]),
                "d": [sum(t == one and event for t, event in sample) for one in times],
                "n": [sum(t >= one for t, _ in sample) for one in times],
            },
            over=[points("i", range(1, len(times) + 1))],
        )


def later(one: tuple[float, int]) -> tuple[float, int]:
    """By time, and at one time events before those who are censored."""
    return one[0], -one[1]


class Regulator:
    """A linear system whose cost is minimised over all controls at once."""

    def __init__(self) -> None:
        self.a, self.b = matrix(3, 3), matrix(3, 2)
        self.q, self.r, self.last = covariance(3), covariance(2), covariance(3)
        self.horizon = 4

    def path(self, start: Array, controls: Array) -> list[Array]:
        states = [start]
        for control in controls:
            states.append(self.a @ states[-1] + self.b @ control)
        return states

    def cost(self, start: Array, controls: Array) -> float:
        states = self.path(start, controls)
        steps = sum(float(x @ self.q @ x + u @ self.r @ u) for x, u in zip(states[:-1], controls, strict=True))
        return steps + float(states[-1] @ self.last @ states[-1])

    def best(self, start: Array, steps: int) -> Array:
        """The cost is a quadratic in the controls, whose parts are found from its values."""
        size, units = 2 * steps, np.eye(2 * steps)

        def at(flat: Array) -> float:
            return self.cost(start, flat.reshape(steps, 2))

        none = at(np.zeros(size))
        slopes = np.array([(at(e) - at(-e)) / 2 for e in units])
        curves = np.array([[at(e + f) - at(e) - at(f) + none for f in units] for e in units])
        return np.asarray(np.linalg.solve(curves, -slopes).reshape(steps, 2))

    def value(self, steps: int) -> Array:
        """The matrix of the least cost to go, by polarisation."""

        def least(x: Array) -> float:
            return self.cost(x, self.best(x, steps)) if steps else float(x @ self.last @ x)

        units = np.eye(3)
        return np.array([[(least(e + f) - least(e - f)) / 4 for f in units] for e in units])

    def gain(self, steps: int) -> Array:
        return np.array([-self.best(e, steps)[0] for e in np.eye(3)]).T


def test_linear_quadratic_regulator_against_all_controls_at_once() -> None:
    system = Regulator()
    end, start = system.horizon, vector(3)
    controls = system.best(start, end)
    states = system.path(start, controls)
    names = {
        r"\mathbf{A}": system.a,
        r"\mathbf{B}": system.b,
        r"\mathbf{Q}": system.q,
        r"\mathbf{Q}_{f}": system.last,
        r"\mathbf{R}": system.r,
        r"\mathbf{x}": dict(enumerate(states)),
        r"\mathbf{u}": dict(enumerate(controls)),
        "T": end,
    }
    holds("lqr-riccati", {**names, "J": system.cost(start, controls), "t": each(0, 2)}, rows=[1])
    later_names = {
        **names,
        r"\mathbf{u}_{t}^{*}": given("t", function=lambda t: controls[t]),
        r"\mathbf{K}": {t: system.gain(end - t) for t in range(end)},
        r"\mathbf{P}": {t: system.value(end - t) for t in range(end + 1)},
        "t": each(0, 2, 3),
    }
    holds("lqr-riccati", later_names, rows=[2, 3], within=1e-6)
