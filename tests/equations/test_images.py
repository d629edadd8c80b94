"""Losses and scores of images and of their segments."""

from __future__ import annotations

import itertools
import math

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
    positive,
    vector,
)


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
