"""Transforms and alignments of sound against transforms by a library and all alignments in turn."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, vector
from tests.equations.reference import softmax

BLANK = 0
T = 4
CHANCES = np.array([[0.2, 0.5, 0.3], [0.4, 0.1, 0.5], [0.3, 0.3, 0.4], [0.25, 0.6, 0.15]])  # of blank and two labels


def test_short_time_fourier_transform() -> None:
    size, hop, window, sound = 8, 3, vector(8), vector(40)
    found = np.array([np.fft.fft(window * sound[m * hop : m * hop + size]) for m in range(5)])
    holds(
        "sig-stft",
        {
            "X": lambda m, k: found[m, k],
            "w": lambda n: window[int(n)],
            "x": lambda n: sound[int(n)],
            r"\mathrm{e}": math.e,
            r"\mathrm{i}": 1j,
            "m": each(0, 2, 4),
            "k": each(0, 5, 7),
            "H": hop,
            "N": size,
        },
    )


def collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(label for label, _ in itertools.groupby(path) if label != BLANK)


def likelihood(path: tuple[int, ...]) -> float:
    return math.prod(CHANCES[t, label] for t, label in enumerate(path))


def with_blanks(labels: tuple[int, ...]) -> list[int]:
    return [BLANK, *(one for label in labels for one in (label, BLANK))]


def forward(labels: tuple[int, ...], t: int, s: int) -> float:
    """All paths through the labels and blanks that are at the s-th of them at time t."""
    states = with_blanks(labels)
    total = 0.0
    for steps in itertools.product((0, 1, 2), repeat=t - 1):
        for first in (1, 2):
            places = list(itertools.accumulate(steps, initial=first))
            if places[-1] != s or any(not allowed(states, a, b) for a, b in itertools.pairwise(places)):
                continue
            total += likelihood(tuple(states[place - 1] for place in places))
    return total


def allowed(states: list[int], before: int, after: int) -> bool:
    """Whether the step leaves no label out and lets no two that are equal run into one."""
    return after <= len(states) and (
        after - before < 2 or (states[after - 1] != BLANK and states[after - 1] != states[before - 1])
    )


def test_ctc_likelihood() -> None:
    for labels in ((1, 2), (2, 2), (1,)):
        paths = [path for path in itertools.product((0, 1, 2), repeat=T) if collapsed(path) == labels]
        states = len(with_blanks(labels))
        total = forward(labels, T, states) + forward(labels, T, states - 1)
        holds(
            "ctc-loss",
            {
                r"p(\mathbf{l} \mid \mathbf{x})": total,
                r"\mathcal{L}": math.log(1 / total),
                r"\mathcal{B}^{-1}(\mathbf{l})": paths,
                r"y_{\pi_{t}}^{t}": given(
                    r"\boldsymbol{\pi}", "t", function=lambda path, t: CHANCES[t - 1, path[t - 1]]
                ),
                "T": T,
            },
        )


def test_ctc_forward_recursion() -> None:
    for labels in ((1, 2), (2, 2)):
        states = with_blanks(labels)
        paths = [path for path in itertools.product((0, 1, 2), repeat=T) if collapsed(path) == labels]
        names = {
            r"\alpha": [lambda s, t=t, labels=labels: forward(labels, t, int(s)) for t in range(1, T + 1)],
            "l'_{s}": given("s", function=lambda s, states=states: states[s - 1]),
            "l'_{s-2}": given("s", function=lambda s, states=states: states[s - 3] if s > 2 else -1),
            "y_{l'_{s}}^{t}": given("s", "t", function=lambda s, t, states=states: CHANCES[t - 1, states[s - 1]]),
            r"y_{\varnothing}^{1}": CHANCES[0, BLANK],
            "y_{l'_{2}}^{1}": CHANCES[0, labels[0]],
            r"\varnothing": BLANK,
            r"\mathbf{l}'": states,
            r"p(\mathbf{l} \mid \mathbf{x})": sum(map(likelihood, paths)),
            "T": T,
        }
        holds("ctc-forward", {**names, "t": each(2, 3, 4), "s": each(1, 2, 3, 4, 5)}, rows=[1])
        holds("ctc-forward", {**names, "s": each(3, 4, 5)}, rows=[2, 3])


def test_transducer() -> None:
    steps, labels = 3, 2
    emits = np.array([[0.3, 0.6, 0.0], [0.5, 0.2, 0.0], [0.1, 0.7, 0.0]])  # of the next label after u of them
    blank = 1 - emits

    def reached(t: int, u: int) -> float:
        """All orders of t − 1 blanks and u labels."""
        if t < 1 or u < 0:
            return 0.0
        total = 0.0
        for order in set(itertools.permutations([0] * (int(t) - 1) + [1] * int(u))):
            at, done, chance = 0, 0, 1.0
            for one in order:
                chance *= emits[at, done] if one else blank[at, done]
                at, done = (at, done + 1) if one else (at + 1, done)
            total += chance
        return total

    total = reached(steps, labels) * blank[steps - 1, labels]
    for t, u in itertools.product((1, 2, 3), (0, 1, 2)):
        if (t, u) == (1, 0):
            continue
        holds(
            "rnnt-loss",
            {
                r"\alpha": reached,
                r"\varnothing": lambda t, u: blank[int(t) - 1, int(u)] if t > 0 else 0.0,
                "y": lambda t, u: emits[int(t) - 1, int(u)] if u >= 0 else 0.0,
                r"p(\mathbf{y} \mid \mathbf{x})": total,
                r"\mathcal{L}": math.log(1 / total),
                "T": steps,
                "U": labels,
                "t": t,
                "u": u,
            },
        )


def test_wav2vec() -> None:
    context, codes, warmth, weight = vector(3), matrix(4, 3), 0.4, 0.3

    def cosine(a: Array, b: Array) -> float:
        return float(a @ b / math.hypot(*a) / math.hypot(*b))

    share = softmax(np.array([cosine(context, code) / warmth for code in codes]))
    uses = np.array([distribution(5), distribution(5)])
    perplexities = [1 / math.prod(p**p for p in use) for use in uses]
    contrast, diversity = -math.log(share[0]), -math.log(math.prod(perplexities)) / 10
    holds(
        "w2v-loss",
        {
            r"\mathcal{L}": contrast + weight * diversity,
            r"\mathcal{L}_{m}": contrast,
            r"\mathcal{L}_{d}": diversity,
            r"\alpha": weight,
            r"\operatorname{sim}": cosine,
            r"\mathbf{c}_{t}": context,
            r"\mathbf{q}_{t}": codes[0],
            r"\mathcal{Q}_{t}": list(codes),
            r"\kappa": warmth,
            "H": lambda p: -float(sum(np.log(p) * p)),
            r"\bar{p}": uses,
            "G": 2,
            "V": 5,
            "g": each(1, 2),
        },
    )
