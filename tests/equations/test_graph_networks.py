"""Layers on graphs and sets: loops over nodes, and what they must not change under."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import Array, each, given, holds, matrix, number, points, vector
from tests.equations.reference import always, softmax

NEAR = {1: [2, 3], 2: [1], 3: [1, 4], 4: [3]}


def turned(angle: float) -> Array:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def test_message_passing() -> None:
    states = [dict(zip(NEAR, matrix(4, 2), strict=True)) for _ in range(2)]
    edges = {(v, w): number() for v in NEAR for w in NEAR[v]}

    def message(a: Array, b: Array, edge: float) -> Array:
        return np.asarray(edge * (b - 0.3 * a))

    sums = {v: sum(edges[v, w] * (states[0][w] - 0.3 * states[0][v]) for w in NEAR[v]) for v in NEAR}
    after = {v: np.tanh(states[0][v] + sums[v]) for v in NEAR}
    holds(
        "gnn-message-passing",
        {
            r"\mathbf{m}_{v}^{t+1}": given("v", function=sums.__getitem__),
            r"\mathbf{h}_{v}^{t+1}": given("v", function=after.__getitem__),
            r"\mathbf{h}_{v}^{t}": given("v", function=states[0].__getitem__),
            r"\mathbf{h}_{w}^{t}": given("w", function=states[0].__getitem__),
            r"\mathbf{e}_{v w}": given("v", "w", function=lambda v, w: edges[v, w]),
            r"\mathcal{N}": NEAR.__getitem__,
            "M_{t}": message,
            "U_{t}": lambda h, m: np.tanh(h + m),
            "v": each(1, 3),
        },
        rows=[1, 2],
    )


def test_graph_convolution_by_neighbours() -> None:
    states, weights = matrix(4, 3), matrix(3, 2)
    adjacency = np.array([[float(w in NEAR[v]) for w in NEAR] for v in NEAR])
    degrees = {v: 1 + len(NEAR[v]) for v in NEAR}
    rows = [
        np.tanh(sum(states[w - 1] / math.sqrt(degrees[v] * degrees[w]) for w in [v, *NEAR[v]]) @ weights) for v in NEAR
    ]
    holds(
        "gnn-gcn",
        {
            r"\mathbf{H}^{(l+1)}": np.array(rows),
            r"\mathbf{H}^{(l)}": states,
            r"\mathbf{W}^{(l)}": weights,
            r"\tilde{\mathbf{D}}": np.diag([float(one) for one in degrees.values()]),
            r"\tilde{D}": np.diag([float(one) for one in degrees.values()]),
            r"\tilde{\mathbf{A}}": adjacency + np.eye(4),
            r"\tilde{A}": adjacency + np.eye(4),
            r"\mathbf{A}": adjacency,
            r"\mathbf{I}": np.eye(4),
            r"\sigma": np.tanh,
            "i": each(1, 2, 3),
        },
        over=[points("j", (1, 2, 3, 4))],
    )


def test_graph_attention() -> None:
    states, weights, a = matrix(4, 3), matrix(2, 3), vector(4)

    def leaky(x: float) -> float:
        return x if x > 0 else 0.2 * x

    scores = {
        (i, j): leaky(float(a[:2] @ weights @ states[i - 1] + a[2:] @ weights @ states[j - 1]))
        for i in NEAR
        for j in NEAR
    }
    shares = {(i, j): 1 / sum(math.exp(scores[i, k] - scores[i, j]) for k in NEAR[i]) for i in NEAR for j in NEAR[i]}
    after = {i: np.tanh(sum(shares[i, j] * (weights @ states[j - 1]) for j in NEAR[i])) for i in NEAR}
    for i, j in ((1, 2), (1, 3), (3, 4)):
        holds(
            "gnn-gat",
            {
                "e": scores,
                r"\alpha": shares,
                r"\operatorname{LeakyReLU}": leaky,
                r"\mathbf{a}": a,
                r"[\mathbf{W} \mathbf{h}_{i} \,\|\, \mathbf{W} \mathbf{h}_{j}]": given(
                    "i", "j", function=lambda i, j: np.concatenate([weights @ states[i - 1], weights @ states[j - 1]])
                ),
                r"\mathbf{W}": weights,
                r"\mathbf{h}": states,
                r"\mathbf{h}'": after,
                r"\mathcal{N}": NEAR,
                r"\sigma": np.tanh,
                "i": i,
                "j": j,
            },
        )


def test_graph_isomorphism_layer() -> None:
    states, epsilon, weights = matrix(4, 3), 0.3, matrix(3, 3)
    after = {
        v: np.tanh(weights @ (states[v - 1] * 1.3 + np.sum([states[u - 1] for u in NEAR[v]], axis=0))) for v in NEAR
    }
    holds(
        "gnn-gin",
        {
            r"\mathbf{h}_{v}^{(k)}": given("v", function=after.__getitem__),
            r"\mathbf{h}_{v}^{(k-1)}": given("v", function=lambda v: states[v - 1]),
            r"\mathbf{h}_{u}^{(k-1)}": given("u", function=lambda u: states[u - 1]),
            r"\operatorname{MLP}^{(k)}": lambda x: np.tanh(weights @ x),
            r"\epsilon^{(k)}": epsilon,
            r"\mathcal{N}": NEAR.__getitem__,
            "v": each(1, 3),
        },
    )


def test_equivariant_layer_turns_with_its_input() -> None:
    features, places, edges = vector(3), matrix(3, 2), matrix(3, 3)

    def message(h: float, other: float, distance: float, edge: float) -> float:
        return math.tanh((h + 2 * other + distance + edge) / 9)

    def layer(places: Array) -> tuple[Array, Array, Array]:
        """The messages, and where the nodes go: away from the weighted mean of the others."""
        m = np.array(
            [
                [message(features[i], features[j], math.dist(places[i], places[j]) ** 2, edges[i, j]) for j in range(3)]
                for i in range(3)
            ]
        )
        push = [sum(m[i, j] ** 2 * (places[i] - places[j]) / 2 for j in range(3) if j != i) for i in range(3)]
        return m, places + np.array(push), np.array([m[i].sum() - m[i, i] for i in range(3)])

    m, moved, sums = layer(places)
    turn, shift = turned(0.8), vector(2)
    assert np.allclose(layer(places @ turn.T + shift)[1], moved @ turn.T + shift)
    names = {
        r"\mathbf{m}_{i j}": given("i", "j", function=lambda i, j: m[i - 1, j - 1]),
        r"\mathbf{m}_{i}": given("i", function=lambda i: sums[i - 1]),
        r"\mathbf{h}_{i}^{l}": given("i", function=lambda i: features[i - 1]),
        r"\mathbf{h}_{j}^{l}": given("j", function=lambda j: features[j - 1]),
        r"\mathbf{h}_{i}^{l+1}": given("i", function=lambda i: features[i - 1] - sums[i - 1]),
        r"\mathbf{x}_{i}^{l}": given("i", function=lambda i: places[i - 1]),
        r"\mathbf{x}_{j}^{l}": given("j", function=lambda j: places[j - 1]),
        r"\mathbf{x}_{i}^{l+1}": given("i", function=lambda i: moved[i - 1]),
        "a_{i j}": given("i", "j", function=lambda i, j: edges[i - 1, j - 1]),
        r"\phi_{e}": message,
        r"\phi_{x}": lambda m: m * m,
        r"\phi_{h}": lambda h, m: h - m,
        "C": 0.5,
        "M": 3,
        "i": each(1, 2),
    }
    holds("gnn-egnn", {**names, "j": each(2, 3)}, rows=[1])
    holds("gnn-egnn", names, over=[points("j", (1, 2, 3))], rows=[2, 3, 4])


def test_equivariance_of_an_outer_product() -> None:
    turn, x = turned(1.1), vector(2)
    names = {r"T_{g}": turn, r"\mathbf{x}": x}
    outer = {r"\Phi": lambda x: np.outer(x, x).ravel(), r"T'_{g}": np.kron(turn, turn)}
    holds("equi-definition", {**names, **outer}, rows=[1])
    holds("equi-definition", {**names, r"\Phi": lambda x: float(x @ x)}, rows=[2])


def test_deep_sets() -> None:
    things = [vector(2) for _ in range(4)]
    holds(
        "sets-deepsets",
        {
            "f": always(math.tanh(sum(float(x @ x) for x in reversed(things)) / 9)),
            r"\rho": lambda x: math.tanh(x / 9),
            r"\phi": lambda x: float(x @ x),
            r"\mathcal{X}": things,
        },
    )


def test_capsules() -> None:
    weights = {(i, j): matrix(2, 3) for i in (1, 2) for j in (1, 2, 3)}
    inputs, logits = {1: vector(3), 2: vector(3)}, matrix(2, 3)
    votes = {key: weights[key] @ inputs[key[0]] for key in weights}
    shares = softmax(logits)
    sums = {j: sum(shares[i - 1, j - 1] * votes[i, j] for i in (1, 2)) for j in (1, 2, 3)}
    squashed = {}
    for j, s in sums.items():
        size = math.hypot(*s)
        squashed[j] = s / size * (1 - 1 / (1 + size**2))
    names = {
        r"\hat{\mathbf{u}}_{j \mid i}": given("i", "j", function=lambda i, j: votes[i, j]),
        r"\mathbf{W}": weights,
        r"\mathbf{u}": inputs,
        "c": shares,
        "b": logits,
        r"\mathbf{s}": sums,
        r"\mathbf{v}": squashed,
        "j": each(1, 3),
    }
    agreed = logits + [[float(votes[i, j] @ squashed[j]) for j in (1, 2, 3)] for i in (1, 2)]
    over = [points("k", (1, 2, 3))]
    holds("capsule-squash", {**names, "i": each(1, 2)}, over=over, rows=[1, 3], after={"b": agreed})
    holds("capsule-squash", names, over=[points("i", (1, 2))], rows=[2])
