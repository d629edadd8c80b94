"""Knowledge graphs, ranks, walks and hyperbolic distances."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import Array, each, given, holds, matrix, number, points, positive, vector
from tests.equations.reference import always, sigmoid


def complex_matrix(rows: int, columns: int) -> Array:
    return matrix(rows, columns) + 1j * matrix(rows, columns)


def length(x: Array) -> float:
    return math.sqrt(sum(abs(one) ** 2 for one in x))


def test_transe() -> None:
    entities, relations, margin = matrix(4, 3), matrix(2, 3), 1.5
    true = [(0, 0, 1), (2, 1, 3)]
    corrupted = {(0, 0, 1): [(2, 0, 1), (0, 0, 3)], (2, 1, 3): [(2, 1, 0), (1, 1, 3), (2, 1, 1)]}

    def distance(h: int, r: int, t: int) -> float:
        return length(entities[h] + relations[r] - entities[t])

    loss = 0.0
    for triple in true:
        for other in corrupted[triple]:
            loss += max(0.0, margin - (distance(*other) - distance(*triple)))
    holds(
        "kg-transe",
        {
            "d": lambda a, b: length(a - b),
            r"\mathbf{h}": given("h", function=lambda h: entities[h]),
            r"\mathbf{r}": given("r", function=lambda r: relations[r]),
            r"\mathbf{t}": given("t", function=lambda t: entities[t]),
            r"\mathbf{h}'": given("h'", function=lambda h: entities[h]),
            r"\mathbf{t}'": given("t'", function=lambda t: entities[t]),
            r"\mathcal{S}": true,
            r"\mathcal{S}'_{(h, r, t)}": given("h", "r", "t", function=lambda *triple: corrupted[triple]),
            r"\mathcal{L}": loss,
            r"\gamma": margin,
            "h": 0,
            "r": 1,
            "t": 2,
        },
    )


def test_distmult() -> None:
    h, r, t = vector(4), vector(4), vector(4)
    # By a tensor of three axes that has ones on its diagonal.
    cube = np.zeros((4, 4, 4))
    for k in range(4):
        cube[k, k, k] = 1
    holds(
        "kg-distmult",
        {
            "f_{r}": lambda *_: float(np.einsum("ijk,i,j,k", cube, h, r, t)),
            r"\mathbf{h}": h,
            r"\mathbf{r}": r,
            r"\mathbf{t}": t,
            "h": h,
            "r": r,
            "t": t,
            "d": 4,
        },
    )


def test_complex_is_the_same_by_real_and_imaginary_parts() -> None:
    h, r, t = complex_matrix(3, 4)
    score = float(
        sum(h.real * r.real * t.real + h.imag * r.real * t.imag + h.real * r.imag * t.imag - h.imag * r.imag * t.real)
    )
    holds(
        "kg-complex",
        {
            "f_{r}": lambda *_: score,
            r"\operatorname{Re}": np.real,
            r"\overline{t_{k}}": given("k", function=lambda k: t[k - 1].conjugate()),
            "h": h,
            "r": r,
            "t": t,
            "d": 4,
        },
    )


def test_rotate() -> None:
    angles, margin, alpha = vector(3), 2.0, 0.7
    heads, tails = complex_matrix(4, 3), complex_matrix(4, 3)

    def distance(h: Array, t: Array) -> float:
        """With rotations of the plane."""
        turned = [
            (x.real * math.cos(a) - x.imag * math.sin(a), x.real * math.sin(a) + x.imag * math.cos(a))
            for x, a in zip(h, angles, strict=True)
        ]
        return math.sqrt(sum((x - one.real) ** 2 + (y - one.imag) ** 2 for (x, y), one in zip(turned, t, strict=True)))

    distances = [distance(h, t) for h, t in zip(heads, tails, strict=True)]
    shares = np.array([1 / sum(math.exp(alpha * (one - other)) for other in distances[1:]) for one in distances[1:]])
    likely = math.log(1 + math.exp(distances[0] - margin)), np.log1p(np.exp(margin - np.array(distances[1:])))
    holds(
        "kg-rotate",
        {
            "d_{r}": distance,
            r"\mathbf{h}": heads[0],
            r"\mathbf{t}": tails[0],
            r"\mathbf{r}": np.exp(1j * angles),
            "r": np.exp(1j * angles),
            r"\mathbf{h}'": heads[1:],
            r"\mathbf{t}'": tails[1:],
            r"\mathcal{L}": likely[0] + float(shares @ likely[1]),
            "p": shares,
            r"\sigma": sigmoid,
            r"\gamma": margin,
            r"\alpha": alpha,
            "n": 3,
            "k": each(1, 2, 3),
            "i": each(1, 3),
        },
    )


def test_pagerank_is_stationary() -> None:
    links = {1: [2, 3], 2: [3], 3: [1, 4], 4: [1, 2, 3]}
    damping = 0.85
    walk = np.full((4, 4), (1 - damping) / 4)
    for page, targets in links.items():
        for target in targets:
            walk[page - 1, target - 1] += damping / len(targets)
    ranks = np.linalg.matrix_power(walk, 200)[0]
    holds(
        "graph-pagerank",
        {
            r"\operatorname{PR}": lambda page: ranks[page - 1],
            "p": [1, 2, 3, 4],
            r"\mathcal{M}": lambda page: [one for one in links if page in links[one]],
            "L": lambda page: len(links[page]),
            "d": damping,
            "N": 4,
            "i": each(1, 2, 3, 4),
        },
    )


def test_node2vec() -> None:
    tables = [matrix(4, 2), matrix(4, 2), matrix(4, 2)]
    met = {0: [1, 2, 1], 1: [0], 2: [3, 3], 3: [2, 0]}

    def likelihood(z: Array) -> float:
        scores = z @ z.T
        return sum(scores[u, v] - math.log(np.exp(scores[u]).sum()) for u, near in met.items() for v in near)

    # The walk came from node 0 to node 1, with 2 a neighbour of both and 3 one step further.
    distances, weights, p, q = {0: 0, 2: 1, 3: 2}, dict(zip((0, 2, 3), positive(3), strict=True)), 0.25, 3.0
    chances = np.array([weights[0] * 4, weights[2], weights[3] / 3])
    chance = dict(zip((0, 2, 3), chances / chances.sum(), strict=True))
    holds(
        "graph-node2vec",
        {
            r"\mathcal{V}": list(range(4)),
            r"\mathcal{N}_{S}": lambda u: met[u],
            r"P(c_{i} = x \mid c_{i-1} = v, c_{i-2} = t)": given("x", function=lambda x: chance[x]),
            r"\alpha_{p q}": lambda _, x: {0: 1 / p, 1: 1.0, 2: 1 / q}[distances[x]],
            "w_{v x}": given("x", function=lambda x: weights[x]),
            "d_{t x}": given("x", function=lambda x: distances[x]),
            "t": 0,
            "x": each(0, 2, 3),
            "p": p,
            "q": q,
        },
        over=[points("f", [lambda u, z=z: z[u] for z in tables])],
        objective=max(likelihood(z) for z in tables),
    )


def test_poincare_distance_by_a_motion_of_the_disc() -> None:
    for _ in range(4):
        u, v = (number(0.1, 0.9) * np.exp(1j * number(0, 6)) for _ in range(2))
        # The motion that brings u to the origin, from which the distance is 2 artanh of the norm.
        expected = 2 * math.atanh(abs((v - u) / (1 - u.conjugate() * v)))
        holds(
            "graph-poincare",
            {
                "d": always(expected),
                r"\operatorname{arcosh}": np.arccosh,
                r"\mathbf{u}": np.array([u.real, u.imag]),
                r"\mathbf{v}": np.array([v.real, v.imag]),
            },
        )
