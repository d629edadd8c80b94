"""Attention and positions against loops over queries and keys."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    each,
    holds,
    matrix,
    vector,
)
from tests.equations.reference import softmax


def outputs(function: Callable[..., float]) -> Callable[[Array], Array]:
    """A function of a number on every number of a vector."""
    return lambda x: np.vectorize(function)(np.asarray(x))


def attended(q: Array, k: Array, v: Array) -> Array:
    """Attention of each query by itself, with the mean of the values weighted by e to the score."""
    rows = []
    for query in q:
        weights = [math.exp(float(query @ key) / math.sqrt(q.shape[1])) for key in k]
        rows.append(sum(w * value for w, value in zip(weights, v, strict=True)) / sum(weights))
    return np.array(rows)


def test_attention_context() -> None:
    h, s, w = matrix(4, 3), matrix(3, 3), matrix(3, 3)
    scores = np.array([[s[i] @ w @ h[j] for j in range(4)] for i in range(3)])
    # Row i of the scores belongs to the state before it.
    weights = softmax(scores)
    holds(
        "attention-context",
        {
            r"\mathbf{c}": dict(enumerate(weights @ h, 1)),
            r"\alpha": weights,
            r"\mathbf{h}": h,
            "e": scores,
            "a": lambda s, h: s @ w @ h,
            r"\mathbf{s}": dict(enumerate(s)),
            "T_{x}": 4,
            "i": each(1, 3),
            "j": each(1, 2),
        },
    )


def test_bahdanau_attention() -> None:
    w, u, v, s, h = matrix(5, 3), matrix(5, 4), vector(5), matrix(3, 3), matrix(4, 4)
    scores = np.array(
        [[sum(v[k] * math.tanh(w[k] @ s[i] + u[k] @ h[j]) for k in range(5)) for j in range(4)] for i in range(3)]
    )
    holds(
        "attention-bahdanau",
        {
            "e": scores,
            r"\mathbf{v}_{a}": v,
            r"\mathbf{W}_{a}": w,
            r"\mathbf{U}_{a}": u,
            r"\mathbf{s}": dict(enumerate(s)),
            r"\mathbf{h}": h,
            "i": 2,
            "j": 4,
        },
    )


def test_luong_output() -> None:
    c, h, w, out = vector(3), vector(3), matrix(4, 6), matrix(5, 4)
    hidden = np.tanh([w[k, :3] @ c + w[k, 3:] @ h for k in range(4)])
    holds(
        "attention-luong-output",
        {
            r"\tilde{\mathbf{h}}_{t}": hidden,
            r"[\mathbf{c}_{t}; \mathbf{h}_{t}]": np.array([*c, *h]),
            r"\mathbf{W}_{c}": w,
            r"\mathbf{W}_{s}": out,
            r"\operatorname{softmax}": softmax,
            r"p(y_{t} \mid y_{<t}, \mathbf{x})": np.exp(out @ hidden) / np.exp(out @ hidden).sum(),
        },
    )


def test_scaled_dot_product_attention() -> None:
    q, k, v = matrix(3, 4), matrix(5, 4), matrix(5, 2)
    holds(
        "attention-scaled-dot-product",
        {
            r"\operatorname{Attention}": attended,
            r"\operatorname{softmax}": softmax,
            r"\mathbf{Q}": q,
            r"\mathbf{K}": k,
            r"\mathbf{V}": v,
            "d_{k}": 4,
        },
    )


def test_multi_head_attention() -> None:
    q, k, v, out = matrix(3, 4), matrix(5, 4), matrix(5, 4), matrix(4, 4)
    wq, wk, wv = ([matrix(4, 2), matrix(4, 2)] for _ in range(3))
    heads = [attended(q @ wq[i], k @ wk[i], v @ wv[i]) for i in range(2)]
    holds(
        "attention-multi-head",
        {
            r"\operatorname{MultiHead}": lambda *_: heads[0] @ out[:2] + heads[1] @ out[2:],
            r"\operatorname{Concat}(\mathrm{head}_{1}, \dots, \mathrm{head}_{h})": np.hstack(heads),
            r"\mathrm{head}": heads,
            r"\operatorname{Attention}": attended,
            r"\mathbf{Q}": q,
            r"\mathbf{K}": k,
            r"\mathbf{V}": v,
            r"\mathbf{W}^{O}": out,
            r"\mathbf{W}^{Q}": wq,
            r"\mathbf{W}^{K}": wk,
            r"\mathbf{W}^{V}": wv,
            "i": each(1, 2),
        },
    )


def test_causal_attention_sees_only_what_was_before() -> None:
    q, k, v = matrix(4, 3), matrix(4, 3), matrix(4, 2)
    rows = np.vstack([attended(q[i : i + 1], k[: i + 1], v[: i + 1]) for i in range(4)])
    mask = np.where(np.tri(4) > 0, 0.0, -np.inf)
    shared = {
        r"\operatorname{Attention}": lambda *_: rows,
        r"\operatorname{softmax}": softmax,
        r"\mathbf{Q}": q,
        r"\mathbf{K}": k,
        r"\mathbf{V}": v,
        r"\mathbf{M}": mask,
        "M": mask,
        "d_{k}": 3,
    }
    holds("attention-causal", shared, rows=[1])
    holds("attention-causal", {**shared, "i": each(1, 2, 3), "j": each(1, 2, 3)}, rows=[2])


def test_cross_attention() -> None:
    x, y, wq, wk, wv = matrix(5, 3), matrix(2, 3), matrix(3, 4), matrix(3, 4), matrix(3, 2)
    holds(
        "attention-cross",
        {
            r"\operatorname{CrossAttention}": lambda y, x: attended(y @ wq, x @ wk, x @ wv),
            r"\operatorname{softmax}": softmax,
            r"\mathbf{X}": x,
            r"\mathbf{Y}": y,
            r"\mathbf{Q}": np.array([row @ wq for row in y]),
            r"\mathbf{K}": np.array([row @ wk for row in x]),
            r"\mathbf{V}": np.array([row @ wv for row in x]),
            r"\mathbf{W}^{Q}": wq,
            r"\mathbf{W}^{K}": wk,
            r"\mathbf{W}^{V}": wv,
            "d_{k}": 4,
        },
    )


def test_grouped_query_attention() -> None:
    # Six heads in two groups of three: heads 1, 2, 3 share the first keys.
    x, wq = matrix(3, 2), [matrix(2, 2) for _ in range(6)]
    wk, wv = [matrix(2, 2), matrix(2, 2)], [matrix(2, 2), matrix(2, 2)]
    heads = [attended(x @ wq[i], x @ wk[i // 3], x @ wv[i // 3]) for i in range(6)]
    holds(
        "attention-gqa",
        {
            r"\mathrm{head}": heads,
            r"\operatorname{Attention}": attended,
            r"\mathbf{X}": x,
            r"\mathbf{W}^{Q}": wq,
            r"\mathbf{W}^{K}": wk,
            r"\mathbf{W}^{V}": wv,
            "g": lambda i: 1 if i <= 3 else 2,
            "i": each(1, 3, 4, 6),
            "G": 2,
            "H": 6,
        },
    )


def test_linear_attention() -> None:
    q, k, v = matrix(3, 2), matrix(4, 2), matrix(4, 3)

    def phi(x: Array) -> Array:
        return np.array([1 + one if one > 0 else math.exp(one) for one in x])

    weights = np.array([[phi(a) @ phi(b) for b in k] for a in q])
    # The quotient of a row vector and a number is the answer as a column.
    shared = {
        r"\mathbf{y}": {i + 1: (weights[i] @ v / weights[i].sum())[None, :] for i in range(3)},
        r"\phi": phi,
        r"\mathbf{q}": q,
        r"\mathbf{k}": k,
        r"\mathbf{v}": v,
        "n": 4,
        "i": each(1, 3),
    }
    holds("attention-linear", shared, rows=[1])
    elu = outputs(lambda x: x if x > 0 else math.expm1(x))
    holds(
        "attention-linear",
        {r"\phi": phi, r"\operatorname{elu}": elu, r"\mathbf{x}": vector(4)},
        rows=[2],
        elementwise=True,
    )


def test_online_softmax_of_a_second_block() -> None:
    rising, v = np.sort(vector(5)), matrix(5, 2)
    for s in (rising, rising[::-1]):
        old, all_ = softmax(s[:3]), softmax(s)
        holds(
            "attention-online-softmax",
            {
                "m": s[:3].max(),
                "m'": s.max(),
                r"\ell": np.exp(s[:3] - s[:3].max()).sum(),
                r"\ell'": np.exp(s - s.max()).sum(),
                r"\mathbf{o}": old @ v[:3],
                r"\mathbf{o}'": all_ @ v,
                r"\mathcal{B}": [4, 5],
                "s": s,
                r"\mathbf{v}": v,
            },
        )


def test_feed_forward_layer() -> None:
    x, w, b, out, c = matrix(1, 3), matrix(3, 4), matrix(1, 4), matrix(4, 2), matrix(1, 2)
    hidden = [max(0.0, float(x[0] @ w[:, j] + b[0, j])) for j in range(4)]
    holds(
        "transformer-ffn",
        {
            r"\operatorname{FFN}": lambda _: np.array([[hidden @ out[:, k] + c[0, k] for k in range(2)]]),
            r"\mathbf{x}": x,
            r"\mathbf{W}_{1}": w,
            r"\mathbf{b}_{1}": b,
            r"\mathbf{W}_{2}": out,
            r"\mathbf{b}_{2}": c,
        },
    )


def test_transformer_block_normalises_first() -> None:
    z = matrix(3, 2)

    def norm(z: Array) -> Array:
        return 0.3 * z + 0.1

    def attend(z: Array) -> Array:
        return z[::-1] * 2

    def feed(z: Array) -> Array:
        return np.maximum(z, 0)

    middle = attend(norm(z)) + z
    holds(
        "transformer-block",
        {
            r"\operatorname{MSA}": attend,
            r"\operatorname{LN}": norm,
            r"\operatorname{MLP}": feed,
            r"\mathbf{Z}": {1: z, 2: feed(norm(middle)) + middle},
            r"\mathbf{Z}'": {2: middle, 1: z},
            r"\ell": 2,
            "L": 3,
        },
    )


# Positions


def test_sinusoidal_positions() -> None:
    width = 6
    angles = {(t, i): t / 10000 ** (i / 3) for t in range(4) for i in range(3)}
    table = {(t, 2 * i): math.sin(a) for (t, i), a in angles.items()}
    table |= {(t, 2 * i + 1): math.cos(a) for (t, i), a in angles.items()}
    holds(
        "pos-sinusoidal",
        {r"\mathrm{PE}": table, "t": each(1, 3), "i": each(0, 1, 2), r"d_{\mathrm{model}}": width},
    )


def test_rotary_positions_depend_on_the_distance() -> None:
    angle = {i: 10000 ** (-(i - 1) / 2) for i in (1, 2)}
    q, k = vector(4), vector(4)

    def turned(m: int) -> Array:
        # As a product of complex numbers.
        result = np.zeros((4, 4))
        for i in (1, 2):
            z = complex(math.cos(m * angle[i]), math.sin(m * angle[i]))
            result[2 * i - 2 : 2 * i, 2 * i - 2 : 2 * i] = [[z.real, -z.imag], [z.imag, z.real]]
        return result

    holds(
        "pos-rope",
        {
            r"\mathbf{R}": {m: turned(m) for m in range(-6, 7)},
            r"\theta": angle,
            r"\mathbf{q}": q,
            r"\mathbf{k}": k,
            "m": 3,
            "n": each(5, 1),
            "i": each(1, 2),
            "d": 4,
        },
        rows=[2, 3],
    )
    z = complex(math.cos(0.7), math.sin(0.7))
    holds(
        "pos-rope",
        {
            r"\mathbf{R}_{m} = \operatorname{diag}\bigl( \mathbf{R}(m \theta_{1}), \dots, \mathbf{R}(m \theta_{d/2}) \bigr)": 0,
            r"\mathbf{R}_{m}": 0,
            r"\operatorname{diag}\bigl( \mathbf{R}(m \theta_{1}), \dots, \mathbf{R}(m \theta_{d/2}) \bigr)": 0,
            r"\mathbf{R}": lambda _: np.array([[z.real, -z.imag], [z.imag, z.real]]),
            r"\phi": 0.7,
        },
        rows=[1],
    )
