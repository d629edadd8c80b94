"""Clusters, mixtures and embeddings, counted and by differences."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    distribution,
    each,
    given,
    holds,
    matrix,
    points,
    positive,
    vector,
)
from tests.equations.reference import density, slope


def test_kmeans() -> None:
    x, centres = matrix(5, 2), [vector(2), vector(2)]
    near = [min((0, 1), key=lambda k: float(((x[i] - centres[k]) ** 2).sum())) for i in range(5)]
    member = np.eye(2)[near]
    shared = {r"\mathbf{x}": x, "r": member, "n": 5, "K": 2}
    cost = sum(float(((x[i] - centres[near[i]]) ** 2).sum()) for i in range(5))
    holds("kmeans-objective", {**shared, "J": cost, r"\boldsymbol{\mu}": centres}, rows=[1])
    # The last row has two steps, the nearest centre and the mean of each cluster: at a fixed point both hold.
    while True:
        means = [x[[one == k for one in near]].mean(0) for k in (0, 1)]
        if np.allclose(means, centres):
            break
        centres = means
        near = [min((0, 1), key=lambda k: math.dist(x[i], centres[k])) for i in range(5)]
    holds(
        "kmeans-objective",
        {**shared, "r": np.eye(2)[near], r"\boldsymbol{\mu}": centres, "i": each(1, 2, 3, 4, 5), "k": each(1, 2)},
        over=[points("i", range(1, 6)), points("j", (1, 2))],
        rows=[2],
    )


def test_mixture_density() -> None:
    x, p = matrix(3, 2), distribution(2)
    means, spreads = [vector(2), vector(2)], [covariance(2), covariance(2)]
    values = [p[0] * density(row, means[0], spreads[0]) + p[1] * density(row, means[1], spreads[1]) for row in x]
    shared = {
        r"\pi": p,
        r"\mathcal{N}": density,
        r"\boldsymbol{\mu}": means,
        r"\boldsymbol{\Sigma}": spreads,
        "K": 2,
        "n": 3,
    }
    holds("gmm-density", {**shared, r"p(\mathbf{x})": values[0], r"\mathbf{x}": x[0]}, rows=[1])
    holds(
        "gmm-density",
        {
            **shared,
            r"\log p(\mathbf{X} \mid \boldsymbol{\pi}, \boldsymbol{\mu}, \boldsymbol{\Sigma})": math.log(
                math.prod(values)
            ),
            r"\mathbf{x}": x,
        },
        rows=[2],
    )


def test_mixture_em_step() -> None:
    x, p = matrix(5, 2), distribution(2)
    means, spreads = [vector(2), vector(2)], [covariance(2), covariance(2)]
    raw = np.array([[p[k] * density(row, means[k], spreads[k]) for k in (0, 1)] for row in x])
    share = (raw.T / raw.sum(1)).T
    new = [np.average(x, axis=0, weights=share[:, k]) for k in (0, 1)]
    spread = [np.cov(x.T, aweights=share[:, k], ddof=0) for k in (0, 1)]
    holds(
        "gmm-em",
        {
            r"\gamma": share,
            r"\pi": p,
            r"\mathcal{N}": density,
            r"\mathbf{x}": x,
            r"\boldsymbol{\mu}": means,
            r"\boldsymbol{\Sigma}": spreads,
            "N": share.sum(0),
            r"\boldsymbol{\mu}^{\mathrm{new}}": new,
            r"\boldsymbol{\Sigma}^{\mathrm{new}}": spread,
            r"\pi^{\mathrm{new}}": share.mean(0),
            "n": 5,
            "K": 2,
            "i": each(1, 4),
            "k": each(1, 2),
        },
    )


def test_em_bound() -> None:
    joint, q = distribution(4, 3)[:, 1], distribution(4)
    evidence = joint.sum()
    z = r"\mathbf{Z}"
    holds(
        "em-bound",
        {
            r"\log p(\mathbf{X} \mid \theta)": math.log(evidence),
            r"\mathcal{L}(q, \theta)": math.log(evidence) - float((q * np.log(q * evidence / joint)).sum()),
            r"D_{\mathrm{KL}}(q(\mathbf{Z}) \,\|\, p(\mathbf{Z} \mid \mathbf{X}, \theta))": float(
                (q * np.log(q * evidence / joint)).sum()
            ),
            r"q(\mathbf{Z})": given(z, function=lambda k: q[k]),
            r"p(\mathbf{X}, \mathbf{Z} \mid \theta)": given(z, function=lambda k: joint[k]),
        },
        over=[points(z, range(4))],
        rows=[1, 2],
    )


def test_laplacians() -> None:
    w = covariance(3) ** 2
    degree = np.array([sum(row) for row in w])
    half = np.diag(1 / np.sqrt(degree))
    holds(
        "spectral-laplacian",
        {
            r"\mathbf{W}": w,
            r"\mathbf{D}": np.diag(degree),
            r"\mathbf{L}": np.array([[(degree[i] if i == j else 0) - w[i, j] for j in range(3)] for i in range(3)]),
            r"\mathbf{L}_{\mathrm{sym}}": np.eye(3) - half @ w @ half,
            r"\mathbf{L}_{\mathrm{rw}}": np.eye(3) - (w.T / degree).T,
            r"\mathbf{1}": np.ones(3),
            r"\mathbf{I}": np.eye(3),
        },
    )


def test_problem_of_the_nonnegative_factors() -> None:
    v, pairs = positive(3, 4), [(positive(3, 2), positive(2, 4)) for _ in range(4)]
    costs = [sum((v[i, j] - sum(w[i] * h[:, j])) ** 2 for i in range(3) for j in range(4)) for w, h in pairs]
    holds(
        "nmf-multiplicative",
        {r"\mathbf{V}": v, r"\geq": lambda h, _: bool(np.all(h >= 0))},
        over=[points((r"\mathbf{W}", r"\mathbf{H}"), [*pairs, (-pairs[0][0], -0.9 * pairs[0][1])])],
        rows=[1],
        objective=min(costs),
    )


def test_multiplicative_updates() -> None:
    v, w, h = positive(3, 4), positive(3, 2), positive(2, 4)
    top = np.array([[sum(w[i, a] * v[i, j] for i in range(3)) for j in range(4)] for a in range(2)])
    approx = w @ h
    bottom = np.array([[sum(w[i, a] * approx[i, j] for i in range(3)) for j in range(4)] for a in range(2)])
    left = np.array([[sum(v[i, j] * h[a, j] for j in range(4)) for a in range(2)] for i in range(3)])
    under = np.array([[sum(approx[i, j] * h[a, j] for j in range(4)) for a in range(2)] for i in range(3)])
    shared = {r"\mathbf{V}": v, r"\mathbf{W}": w, r"\mathbf{H}": h, "H": h, "W": w, "a": 2, "j": 3, "i": 3}
    holds("nmf-multiplicative", shared, rows=[2, 3], after={"H": h * top / bottom, "W": w * left / under})


def test_tsne_affinities_are_softmaxes_of_distances() -> None:
    x, y, sigma = matrix(4, 3), matrix(4, 2), positive(4)

    def chosen(one: int, other: int) -> float:
        """The probability that a point chooses another as its neighbour; points count from 0."""
        scores = -((x - x[one]) ** 2).sum(axis=1) / 2 / sigma[one] ** 2
        scores[one] = -math.inf
        return float(np.exp(scores[other]) / np.exp(scores).sum())

    near = 1 / (1 + ((y[:, None] - y[None]) ** 2).sum(axis=2))
    np.fill_diagonal(near, 0)
    holds(
        "tsne-affinities",
        {
            r"p_{j \mid i}": chosen(0, 2),
            r"p_{i \mid j}": chosen(2, 0),
            "p_{i j}": (chosen(0, 2) + chosen(2, 0)) / 8,
            "q_{i j}": near[0, 2] / near.sum(),
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
            r"\sigma": sigma,
            "i": 1,
            "j": 3,
            "n": 4,
        },
        over=[points("k", range(1, 5)), points("l", range(1, 5))],
        rows=[1, 2],
    )


def test_perplexity_of_neighbours_is_a_geometric_mean() -> None:
    p = distribution(5)
    holds(
        "tsne-affinities",
        {
            r"\operatorname{Perp}": lambda p: math.prod((1 / p) ** p),
            "H": lambda p: -float(sum(p * np.log(p))) / math.log(2),
            "P_{i}": p,
            r"p_{j \mid i}": given("j", function=lambda j: p[j - 1]),
        },
        over=[points("j", range(1, 6))],
        rows=[3],
    )


def test_tsne_gradient_by_differences() -> None:
    y, p = matrix(4, 2), distribution(4, 4)
    p = p + p.T
    np.fill_diagonal(p, 0)
    p = p / p.sum()

    def similar(y: Array) -> Array:
        near = np.array([[0 if i == j else 1 / (1 + ((y[i] - y[j]) ** 2).sum()) for j in range(4)] for i in range(4)])
        return np.asarray(near / near.sum())

    def cost(y: Array) -> float:
        q = similar(y)
        return float(sum(p[i, j] * math.log(p[i, j] / q[i, j]) for i in range(4) for j in range(4) if i != j))

    def moved(row: Array) -> float:
        other = y.copy()
        other[1] = row
        return cost(other)

    holds(
        "tsne-loss",
        {
            "C": cost(y),
            r"D_{\mathrm{KL}}": lambda p, q: float((p[p > 0] * np.log(p[p > 0] / q[p > 0])).sum()),
            "P": p,
            "Q": similar(y),
            "p": p,
            "q": similar(y),
            r"\mathbf{y}": y,
        },
        over=[points("i", range(1, 5)), points("j", range(1, 5))],
        rows=[1],
    )
    holds(
        "tsne-loss",
        {
            r"\frac{\partial C}{\partial \mathbf{y}_{i}}": slope(moved, y[1]),
            "p": p,
            "q": similar(y),
            r"\mathbf{y}": y,
            "i": 2,
        },
        over=[points("j", range(1, 5))],
        rows=[2],
        within=1e-6,
    )
