"""Nuclei, weights of terms, retrieved documents, quantised weights and counts of operations."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, number, points, positive, vector


def test_nucleus_is_the_smallest_set_that_reaches_the_mass() -> None:
    p = np.array([0.1, 0.35, 0.05, 0.3, 0.2])
    ranked = [2, 4, 5, 1, 3]
    for mass in (0.3, 0.6, 0.65 + 1e-9):
        sets = [list(s) for size in range(1, 6) for s in itertools.combinations((1, 2, 3, 4, 5), size)]
        least = min(
            (s for s in sets if sum(p[v - 1] for v in s) >= mass), key=lambda s: (len(s), -sum(p[v - 1] for v in s))
        )
        total = sum(p[v - 1] for v in least)
        holds(
            "decode-top-p",
            {
                r"\mathcal{V}^{(p)}": sorted(least, key=lambda v: -p[v - 1]),
                r"\bigl\{ v_{(1)}, \dots, v_{(m)} \bigr\}": given("m", function=lambda m: ranked[: int(m)]),
                "m": len(least),
                "v_{(i)}": given("i", function=lambda i: ranked[i - 1]),
                "P": lambda v, _: p[v - 1],
                "P'": lambda v, _, total=total, least=least: p[v - 1] / total if v in least else 0.0,
                "x_{<t}": 0.0,
                "p": mass,
                "v": each(1, 2, 3, 4, 5),
            },
            over=[points("j", range(1, 6))],
        )


def test_weights_of_terms() -> None:
    documents = ["a a b c".split(), "b c c".split(), "c d".split(), "c".split()]
    for term, at in (("a", 0), ("b", 1), ("c", 1), ("d", 2)):
        count = documents[at].count(term)
        having = [one for one in documents if term in one]
        surprise = -math.log(len(having) / 4)
        holds(
            "tfidf-weight",
            {
                r"\operatorname{tf-idf}_{t,d}": sum(surprise for word in documents[at] if word == term),
                r"\operatorname{tf}_{t,d}": count,
                r"\operatorname{idf}_{t}": surprise,
                r"\operatorname{df}_{t}": len(having),
                "N": 4,
            },
        )


def test_retrieved_documents_behind_the_whole_or_each_token() -> None:
    documents, chance, tokens = [0, 1, 2], distribution(3), positive(3, 4) / 3
    names = {
        r"\operatorname{top-}k(p(\cdot \mid x))": documents,
        r"p_{\eta}": lambda z, _: chance[z],
        r"p_{\theta}(y_{i} \mid x, z, y_{1:i-1})": given("i", "z", function=lambda i, z: tokens[z, i - 1]),
        "x": 0.0,
        "N": 4,
    }
    same = sum(chance[z] * tokens[z, 0] * tokens[z, 1] * tokens[z, 2] * tokens[z, 3] for z in documents)
    holds("rag-sequence", {**names, r"p_{\text{RAG-Sequence}}(y \mid x)": same})
    # A document of its own for each token: all choices of four documents.
    free = sum(
        math.prod(chance[z] * tokens[z, i] for i, z in enumerate(choice))
        for choice in itertools.product(documents, repeat=4)
    )
    holds("rag-token", {**names, r"p_{\text{RAG-Token}}(y \mid x)": free})


def test_one_weight_is_quantised_and_the_others_make_up_for_it() -> None:
    for _ in range(4):
        quantise_one(np.diag([0.5, 1, 2, 4]) @ matrix(4, 9), 2 * vector(4))


def quantise_one(x: Array, w: Array) -> None:
    hessian = 2 * x @ x.T

    def quantised(one: float) -> float:
        return float(np.floor(2 * one + 0.5)) / 2

    errors, moves = {}, {}
    for q in range(4):
        # The least change of the output with the one weight moved to its grid.
        rest = [k for k in range(4) if k != q]
        move = np.zeros(4)
        move[q] = quantised(w[q]) - w[q]
        move[rest] = np.linalg.lstsq(x[rest].T, -move[q] * x[q])[0]
        errors[q + 1], moves[q + 1] = float(((move @ x) ** 2).sum()), move
    best = min(errors, key=lambda q: errors[q])
    inverse = np.linalg.inv(hessian)
    rest = [k for k in range(4) if k != best - 1]
    holds(
        "quant-gptq",
        {
            "q": best,
            "F": [1, 2, 3, 4],
            "w": w,
            r"\operatorname{quant}": quantised,
            r"\boldsymbol{\delta}_{F}": moves[best],
            r"\mathbf{H}_{F}": hessian,
            r"\mathbf{X}_{F}": x,
            r"(\mathbf{H}_{F}^{-1})_{:, q}": given("q", function=lambda q: inverse[:, int(q) - 1]),
            r"\mathbf{H}_{-q}^{-1}": np.linalg.inv(hessian[np.ix_(rest, rest)]),
            r"\mathbf{H}": hessian,
            r"\mathbf{H}_{:, q}^{-1}": given("q", function=lambda q: inverse[:, int(q) - 1]),
            r"\mathbf{H}_{q, :}^{-1}": given("q", function=lambda q: inverse[None, int(q) - 1]),
        },
    )


def test_power_laws_are_lines_of_logarithms() -> None:
    pairs = {name: (number(2, 5), number(6, 9), number(0.05, 0.5)) for name in ("N", "D", "C")}

    def loss(value: float) -> float:
        """One at its constant, and from there down the line."""
        scale, _, slope = next(one for one in pairs.values() if one[1] == value)
        return math.exp(-slope * (math.log(value) - math.log(scale)))

    holds(
        "scaling-kaplan",
        {
            "L": loss,
            r"N_{\mathrm{c}}": pairs["N"][0],
            "N": pairs["N"][1],
            r"\alpha_{N}": pairs["N"][2],
            r"D_{\mathrm{c}}": pairs["D"][0],
            "D": pairs["D"][1],
            r"\alpha_{D}": pairs["D"][2],
            r"C_{\mathrm{c}}^{\mathrm{min}}": pairs["C"][0],
            r"C_{\mathrm{min}}": pairs["C"][1],
            r"\alpha_{C}^{\mathrm{min}}": pairs["C"][2],
        },
    )


def test_operations_of_a_transformer_counted_one_by_one() -> None:
    model, inner, wide, layers, context, tokens = 20, 24, 70, 3, 2000, 5000
    shapes = [(model, inner)] * 3 + [(inner, model), (model, wide), (wide, model)]
    size = layers * sum(rows * columns for rows, columns in shapes)
    # A multiplication and an addition for each weight, and for each earlier token in its score and in its value.
    scores = layers * sum(2 * inner * earlier + 2 * inner * earlier for earlier in range(1, context + 1)) / context
    forward = 2 * size
    holds(
        "flops-transformer",
        {
            r"C_{\mathrm{forward}}": 2 * size + scores,
            r"C_{\mathrm{train}}": tokens * (forward + 2 * forward),
            "N": size,
            "D": tokens,
            r"n_{\mathrm{layer}}": layers,
            r"n_{\mathrm{ctx}}": context,
            r"d_{\mathrm{attn}}": inner,
            r"d_{\mathrm{model}}": model,
            r"d_{\mathrm{ff}}": wide,
        },
        within=1e-3,
    )


def test_prefix_tuning() -> None:
    prefix, activations, chances = matrix(2, 3), matrix(5, 3), distribution(5)
    states = [*prefix, *activations[2:]]
    holds(
        "prefix-tuning",
        {
            r"\mathbf{h}": states,
            r"\mathbf{P}_{\theta}[i, :]": given("i", function=lambda i: prefix[i - 1]),
            r"\mathcal{P}_{\mathrm{idx}}": [1, 2],
            r"\mathcal{Y}_{\mathrm{idx}}": [4, 5],
            r"\operatorname{LM}_{\phi}": lambda z, _: activations[z - 1],
            "z": [1, 2, 3, 4, 5],
            r"\mathbf{h}_{<i}": given("i", function=lambda i: i),
            r"p_{\theta, \phi}": lambda token, _: chances[token - 1] if token else math.prod(chances[3:]),
            "x": 0.0,
            "y": 0,
            "i": each(1, 2, 3, 5),
        },
    )
