"""Recommenders on a few users and items."""

from __future__ import annotations

import math
from typing import TypeAlias

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, number, points, vector
from tests.equations.reference import softmax

Factors: TypeAlias = dict[int, Array]

USERS, ITEMS = (11, 12), (21, 22, 23)


def test_matrix_factorisation() -> None:
    ratings = {(11, 21): 4.0, (11, 23): 2.0, (12, 22): 5.0}
    middle, weight = 3.5, 0.2
    models = [
        ({u: vector(2) for u in USERS}, {i: vector(2) for i in ITEMS}, {one: number(-1, 1) for one in USERS + ITEMS})
        for _ in range(3)
    ]

    def guess(p: Factors, q: Factors, b: dict[int, float], u: int, i: int) -> float:
        return float(middle + sum(p[u][k] * q[i][k] for k in range(2)) + b[u] + b[i])

    costs = [
        sum(
            (r - guess(p, q, b, u, i)) ** 2 + weight * (sum(p[u] ** 2) + sum(q[i] ** 2) + b[u] ** 2 + b[i] ** 2)
            for (u, i), r in ratings.items()
        )
        for p, q, b in models
    ]
    p, q, b = models[0]
    holds(
        "rec-mf",
        {
            r"\mathcal{K}": list(ratings),
            "r": ratings,
            r"\hat{r}_{u i}": given(r"\mathbf{p}", r"\mathbf{q}", "b", "u", "i", function=guess),
            r"\lambda": weight,
            r"\mu": middle,
            r"\mathbf{p}": p,
            r"\mathbf{q}": q,
            "b": b,
            "u": each(*USERS),
            "i": each(*ITEMS),
        },
        over=[points((r"\mathbf{p}", r"\mathbf{q}", "b"), models)],
        objective=min(costs),
    )


def test_lightgcn_by_the_normalised_graph() -> None:
    nodes, edges, layers = (*USERS, *ITEMS), [(11, 21), (11, 22), (12, 22), (12, 23), (12, 21)], 2
    near = {node: [b for b in nodes if (node, b) in edges or (b, node) in edges] for node in nodes}
    graph = np.array([[float(b in near[a]) for b in nodes] for a in nodes])
    scale = np.diag(graph.sum(1) ** -0.5)
    step = scale @ graph @ scale
    start = matrix(5, 2)
    states = [np.linalg.matrix_power(step, k) @ start for k in range(layers + 2)]
    final = np.mean(states[: layers + 1], axis=0)
    tables = {k: dict(zip(nodes, state, strict=True)) for k, state in enumerate(states)}
    holds(
        "rec-lightgcn",
        {
            r"\mathbf{e}": {**tables, **dict(zip(nodes, final, strict=True))},
            r"\mathcal{N}": near,
            r"\hat{y}": {(u, i): float(final[nodes.index(u)] @ final[nodes.index(i)]) for u in USERS for i in ITEMS},
            "u": each(*USERS),
            "i": each(*ITEMS),
            "k": each(0, 1, 2),
            "K": layers,
        },
    )


def test_two_towers() -> None:
    users, items, rewards, chances = matrix(4, 3), matrix(4, 3), [1.0, 0.5, 2.0, 1.0], distribution(4)
    logits = users @ items.T
    shares = [np.exp(row) / chances / sum(np.exp(row) / chances) for row in logits]
    loss = -sum(r * math.log(share[i]) for i, (r, share) in enumerate(zip(rewards, shares, strict=True))) / 4
    corrected = np.log(np.exp(logits) / chances)
    holds(
        "rec-two-tower",
        {
            r"\mathcal{L}": loss,
            "r": rewards,
            "s^{c}": lambda i, j: corrected[i, j],
            "s": lambda i, j: logits[i, j],
            r"u_{\theta}": lambda i: users[i],
            r"v_{\theta}": lambda j: items[j],
            r"\mathbf{x}_{i}": given("i", function=lambda i: i - 1),
            r"\mathbf{y}_{j}": given("j", function=lambda j: j - 1),
            r"\mathbf{y}_{i}": given("i", function=lambda i: i - 1),
            r"\mathbf{x}": each(0, 2),
            r"\mathbf{y}": each(1, 3),
            "p": chances,
            "B": 4,
            "i": each(1, 3),
            "j": each(2, 4),
        },
    )
    assert np.allclose(softmax(corrected), shares)
