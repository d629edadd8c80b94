"""Experts, scores of attention and other gates, with loops over their parts."""

from __future__ import annotations

import math

import numpy as np

from tests.equations.bindings import each, given, holds, matrix, positive, vector
from tests.equations.reference import always, sigmoid, softmax


def test_sparse_mixture_of_experts() -> None:
    gate, noise_gate, x, noise, k = matrix(3, 4), matrix(3, 4), vector(3), vector(4) + np.array([9.0, 0.0, 0.0, 0.0]), 2
    scores = [float(gate[:, i] @ x) + noise[i] * math.log1p(math.exp(float(noise_gate[:, i] @ x))) for i in range(4)]
    kept = sorted(range(4), key=lambda i: -scores[i])[:k]
    shares = [math.exp(scores[i]) / sum(math.exp(scores[j]) for j in kept) if i in kept else 0.0 for i in range(4)]
    cut = [score if i in kept else -math.inf for i, score in enumerate(scores)]
    experts = [lambda x, w=w: w @ x for w in (matrix(2, 3), matrix(2, 3), matrix(2, 3), matrix(2, 3))]
    top = r"\text{if } v_{i} \text{ is in the top } k \text{ elements of } \mathbf{v}"
    holds(
        "moe-top-k",
        {
            r"\mathbf{y}": sum(shares[i] * experts[i](x) for i in kept),
            "G": always(np.array(shares)),
            "E": experts,
            "H": always(np.array(scores)),
            r"\operatorname{softmax}": softmax,
            r"\operatorname{softplus}": lambda z: np.logaddexp(0, z),
            r"\operatorname{KeepTopK}": always(np.array(cut)),
            r"\mathbf{W}_{g}": gate,
            r"\mathbf{W}_{\mathrm{noise}}": noise_gate,
            r"\mathbf{x}": x,
            r"\epsilon": noise,
            r"\mathbf{v}": np.array(scores),
            "v": scores,
            top: given("i", function=lambda i: i - 1 in kept),
            r"\sim": lambda _, law: law == (0, 1),
            r"\mathcal{N}": lambda m, v: (m, v),
            "k": k,
            "n": 4,
            "i": each(1, 2, 3, 4),
        },
    )


def test_attention_with_linear_biases() -> None:
    queries, keys, heads = matrix(5, 4), matrix(5, 4), 8
    # The slopes are a geometric sequence that begins with its own ratio and ends with 2⁻⁸.
    ratio = (2.0**-8) ** (1 / heads)
    for h in (1, 3, 8):
        slope = math.prod([ratio] * h)
        i = 4
        scores = [float(queries[i - 1] @ keys[j - 1]) / 2 - slope * (i - j) for j in range(1, i + 1)]
        holds(
            "pos-alibi",
            {
                r"\operatorname{softmax}": softmax,
                r"\mathbf{q}": queries,
                r"\mathbf{K}": keys[:i],
                r"[-(i-1), \dots, -2, -1, 0]": np.arange(1.0 - i, 1.0),
                "m_{h}": slope,
                "d": 4,
                "h": h,
                "n": heads,
                "i": i,
            },
            objective=np.exp(scores) / sum(np.exp(scores)),
        )


def test_three_ways_to_score() -> None:
    state, other, w, wide, v = vector(3), vector(3), matrix(3, 3), matrix(2, 6), vector(2)
    dot = sum(a * b for a, b in zip(state, other, strict=True))
    general = sum(state[i] * w[i, j] * other[j] for i in range(3) for j in range(3))
    joined = [math.tanh(sum(row[:3] * state) + sum(row[3:] * other)) for row in wide]
    concat = sum(a * b for a, b in zip(v, joined, strict=True))
    for kind, expected in (("dot", dot), ("general", general), ("concat", concat)):
        holds(
            "attention-luong",
            {
                r"\operatorname{score}": always(expected),
                r"\mathbf{h}_{t}": state,
                r"\bar{\mathbf{h}}_{s}": other,
                r"[\mathbf{h}_{t}; \bar{\mathbf{h}}_{s}]": np.concatenate([state, other]),
                r"\mathbf{W}_{a}": wide if kind == "concat" else w,
                r"\mathbf{v}_{a}": v,
                r"\text{dot}": kind == "dot",
                r"\text{general}": kind == "general",
                r"\text{concat}": kind == "concat",
            },
        )


def test_gated_linear_unit() -> None:
    x, w, v, b, c = matrix(4, 3), matrix(3, 2), matrix(3, 2), vector(2), vector(2)
    rows = [[float(x[t] @ w[:, k] + b[k]) * sigmoid(x[t] @ v[:, k] + c[k]) for k in range(2)] for t in range(4)]
    holds(
        "act-glu",
        {
            "h": always(np.array(rows)),
            r"\mathbf{X}": x,
            r"\mathbf{W}": w,
            r"\mathbf{V}": v,
            r"\mathbf{b}": b,
            r"\mathbf{c}": c,
            r"\sigma": sigmoid,
            "*": lambda a, b: a @ b,
        },
        elementwise=True,
    )


def test_hypernetwork() -> None:
    project, embedding, bias, out, base = matrix(4, 3), vector(3), vector(4), positive(2, 5, 4), matrix(2, 5)
    inner = np.array([sum(project[k] * embedding) + bias[k] for k in range(4)])
    holds(
        "hyper-network",
        {
            r"\mathbf{a}_{i}^{j}": inner,
            r"\mathbf{W}_{i}": project,
            r"\mathbf{z}^{j}": embedding,
            r"\mathbf{b}_{i}": bias,
            r"\mathbf{K}_{i}^{j}": sum(out[:, :, k] * inner[k] for k in range(4)) + base,
            r"\langle \mathbf{W}_{\mathrm{out}}, \mathbf{a}_{i}^{j} \rangle": np.tensordot(out, inner, axes=(2, 0)),
            r"\mathbf{B}_{\mathrm{out}}": base,
        },
        rows=[1, 2],
    )
    slices = matrix(3, 2)
    holds(
        "hyper-network",
        {
            r"\mathbf{K}^{j}": np.array([slices[0], slices[1], slices[2]]),
            r"[\mathbf{K}_{1}^{j}; \mathbf{K}_{2}^{j}; \dots; \mathbf{K}_{N_{\mathrm{in}}}^{j}]": slices,
        },
        rows=[3],
    )


def test_encoder_and_decoder() -> None:
    states, inputs, kept = matrix(4, 2), vector(4), {}
    for t in range(1, 4):
        kept[t] = np.array([math.tanh(states[t - 1, 0] + inputs[t]), math.tanh(states[t - 1, 1] - inputs[t])])
    holds(
        "rnn-encoder-decoder",
        {
            r"\mathbf{h}_{t}": kept[2],
            "f": lambda h, x: np.tanh(h + np.array([x, -x])),
            r"\mathbf{h}_{t-1}": states[1],
            r"\mathbf{x}_{t}": inputs[2],
            r"\mathbf{c}": kept[3],
            r"q(\mathbf{h}_{1}, \dots, \mathbf{h}_{T})": kept[3],
        },
        rows=[1],
    )
    state, word = vector(2), 0.4
    after = [math.sin(kept[3][k] * state[k] + word) for k in (0, 1)]
    holds(
        "rnn-encoder-decoder",
        {
            r"\mathbf{s}_{t}": np.array(after),
            r"\mathbf{s}_{t-1}": state,
            "f'": lambda s, y, c: np.sin(c * s + y),
            "y_{t-1}": word,
            r"\mathbf{c}": kept[3],
            r"p(y_{t} \mid y_{1}, \dots, y_{t-1}, \mathbf{c})": float(after[0] * kept[3][0] + after[1] * kept[3][1])
            * word,
            "g": lambda s, y, c: float(s @ c) * y,
        },
        rows=[2, 3],
    )
