"""Diffusion over finitely many states, by all of its paths."""

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
    mean,
)
from tests.equations.reference import kl


def test_categorical_forward_process() -> None:
    steps = [np.array([distribution(3) for _ in range(3)]) for _ in range(3)]
    start, last = 1, 2
    # By all paths of three steps.
    paths = [path for path in itertools.product(range(3), repeat=4) if path[0] == start]
    chances = {
        path: math.prod(q[a, b] for q, (a, b) in zip(steps, itertools.pairwise(path), strict=True)) for path in paths
    }
    whole = np.array(
        [
            [
                sum(
                    math.prod(q[a, b] for q, (a, b) in zip(steps, itertools.pairwise((i, *inner, j)), strict=True))
                    for inner in itertools.product(range(3), repeat=2)
                )
                for j in range(3)
            ]
            for i in range(3)
        ]
    )
    for end in range(3):
        holds(
            "d3pm-forward",
            {
                r"q(\mathbf{x}_{t} \mid \mathbf{x}_{t-1})": steps[2][last, end],
                r"q(\mathbf{x}_{t} \mid \mathbf{x}_{0})": sum(c for path, c in chances.items() if path[3] == end),
                r"\operatorname{Cat}": lambda x, p: float(x @ p),
                r"\mathbf{x}_{t}": np.eye(3)[end],
                r"\mathbf{p} = \mathbf{x}_{t-1}": np.eye(3)[last],
                r"\mathbf{p} = \mathbf{x}_{0}": np.eye(3)[start],
                r"\mathbf{Q}": steps,
                r"q(x_{t} = j \mid x_{t-1} = i)": given("i", "j", function=lambda i, j: steps[2][i - 1, j - 1]),
                r"\overline{\mathbf{Q}}_{t}": whole,
                r"\mathbf{Q}_{2} \cdots \mathbf{Q}_{t}": steps[1] @ steps[2],
                "t": 3,
                "i": each(1, 3),
                "j": each(2, 3),
            },
        )


def test_masked_diffusion_bound_of_two_tokens() -> None:
    # The model knows nothing of the other token: the bound is the plain cross-entropy whatever the schedule.
    chances, axes = (0.3, 0.6), np.eye(3)
    at = (np.arange(40) + 0.5) / 40

    def kept(t: float) -> float:
        return 1 - t**1.5

    def guess(token: int, t: float, drawn: float) -> Array:
        """The network copies what is not masked: a token is masked where the draw is above what is kept."""
        chance = chances[token - 1] if drawn > kept(t) else 1.0
        return np.array([chance, 1 - chance, 0.0])

    holds(
        "mdlm-loss",
        {
            r"\mathcal{L}_{\mathrm{NELBO}}^{\infty}": -math.log(chances[0]) - math.log(chances[1]),
            r"\mathbb{E}_{q}": mean("drawn", at),
            r"\alpha_{t}'": given("t", function=lambda t: -1.5 * t**0.5),
            r"\alpha_{t}": given("t", function=kept),
            r"\mathbf{x}_{\theta}^{\ell}(\mathbf{z}_{t}^{1:L}, t)": given(r"\ell", "t", "drawn", function=guess),
            r"\mathbf{x}^{\ell}": axes[0],
            "L": 2,
        },
        rows=[2],
        within=0.02,
    )
    for end, expected in ((0, kept(0.4)), (1, 0.0), (2, 1 - kept(0.4))):
        holds(
            "mdlm-loss",
            {
                r"q(\mathbf{z}_{t}^{\ell} \mid \mathbf{x}^{\ell})": expected,
                r"\operatorname{Cat}": lambda z, p: float(z @ p),
                r"\mathbf{z}_{t}^{\ell}": axes[end],
                r"\mathbf{x}^{\ell}": axes[0],
                r"\mathbf{m}": axes[2],
                r"\alpha_{t}": kept(0.4),
            },
            rows=[1],
        )


def test_terms_of_the_bound_of_a_chain_of_coins() -> None:
    # Two noising steps from a given datum, and any model of the way back, all over two states.
    noising, prior = [np.array([distribution(2) for _ in range(2)]) for _ in range(2)], distribution(2)
    back, first = np.array([distribution(2) for _ in range(2)]), np.array([distribution(2) for _ in range(2)])
    datum = 1
    joint = np.array([[noising[0][datum, a] * noising[1][a, b] for b in range(2)] for a in range(2)])
    bound = -sum(
        joint[a, b] * math.log(prior[b] * back[b, a] * first[a, datum] / joint[a, b])
        for a in range(2)
        for b in range(2)
    )
    last = kl(joint.sum(0), prior)
    step = [kl(joint[:, b] / joint[:, b].sum(), back[b]) for b in range(2)]
    rest = float(joint.sum(0) @ step - joint.sum(1) @ np.log(first[:, datum]))
    holds("ddpm-loss-terms", {r"L_{\mathrm{VLB}}": bound, "L_{T}": last, r"L_{T-1} + \dots + L_{0}": rest}, rows=[1])
    for b in range(2):
        names = {
            r"D_{\mathrm{KL}}": kl,
            r"q(\mathbf{x}_{T} \mid \mathbf{x}_{0})": joint.sum(0),
            "t": 1,
            "T": 2,
            "L_{T}": last,
            "L_{t}": step[b],
            "L_{0}": -math.log(first[b, datum]),
            r"p_{\theta}(\mathbf{x}_{T})": prior,
            r"q(\mathbf{x}_{t} \mid \mathbf{x}_{t+1}, \mathbf{x}_{0})": joint[:, b] / joint[:, b].sum(),
            r"p_{\theta}(\mathbf{x}_{t} \mid \mathbf{x}_{t+1})": back[b],
            r"p_{\theta}(\mathbf{x}_{0} \mid \mathbf{x}_{1})": first[b, datum],
        }
        holds("ddpm-loss-terms", names, rows=[2, 3, 4])
        holds("ddpm-loss-prior", {**names, r"p(\mathbf{x}_{T})": prior})
        holds(
            "ddpm-loss-step",
            {
                **names,
                "t": 2,
                "L_{t-1}": step[b],
                r"q(\mathbf{x}_{t-1} \mid \mathbf{x}_{t}, \mathbf{x}_{0})": joint[:, b] / joint[:, b].sum(),
                r"p_{\theta}(\mathbf{x}_{t-1} \mid \mathbf{x}_{t})": back[b],
            },
        )
    assert np.isclose(bound, last + rest)
