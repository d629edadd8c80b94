"""Scores of texts, sounds, images, rankings and clusterings by counting and by trying all matches."""

from __future__ import annotations

import itertools
import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from tests.equations.bindings import RANDOM, Array, distribution, each, given, holds, matrix, mean, points, vector
from tests.equations.reference import always

Words = Sequence[str]


def entropy(labels: Sequence[object]) -> float:
    return -sum(count / len(labels) * math.log(count / len(labels)) for count in Counter(labels).values())


def test_information_of_two_clusterings() -> None:
    u, v = RANDOM.integers(1, 4, size=40), RANDOM.integers(1, 3, size=40)
    pairs = Counter(zip(u, v, strict=True))
    information = entropy(list(u)) + entropy(list(v)) - entropy(list(zip(u, v, strict=True)))
    a, b = [sum(u == i) for i in (1, 2, 3)], [sum(v == j) for j in (1, 2)]
    names = {"a": a, "b": b, "n": 40, "R": 3, "C": 2, "U": u, "V": v, "I": always(information)}
    holds("clust-mi", {**names, "n_{i j}": given("i", "j", function=lambda i, j: pairs[i, j])})
    share = information / ((entropy(list(u)) + entropy(list(v))) / 2)
    holds("clust-nmi", {**names, r"\operatorname{NMI}": always(share), "H": lambda labels: entropy(list(labels))})


def test_inception_score_by_entropies() -> None:
    chances = [distribution(4) for _ in range(3)]
    middle = np.mean(chances, axis=0)

    def spread(p: Array) -> float:
        return -float(sum(p * np.log(p)))

    holds(
        "img-inception-score",
        {
            r"\mathrm{IS}": math.exp(spread(middle) - float(np.mean([spread(p) for p in chances]))),
            r"\mathbb{E}_{\mathbf{x} \sim p_{g}}": mean(r"\mathbf{x}", range(3)),
            r"D_{\mathrm{KL}}": lambda p, q: float(sum(p * np.log(p / q))),
            "p": lambda _, x=None: middle if x is None else chances[x],
            "y": 0.0,
        },
    )


def test_clip_score_by_the_angle() -> None:
    for degrees in (20, 75, 130):
        turn = np.array([math.cos(math.radians(degrees)), math.sin(math.radians(degrees))])
        holds(
            "img-clip-score",
            {
                r"\operatorname{CLIP-S}": always(2.5 * math.sin(math.radians(90 - degrees)) if degrees < 90 else 0.0),
                r"\mathbf{c}": np.array([3.0, 0.0]),
                r"\mathbf{v}": 0.4 * turn,
                "w": 2.5,
            },
        )


def test_precision_and_recall_at_k() -> None:
    relevant = [1, 0, 1, 1, 0, 0, 1, 0]
    for k in (1, 3, 5):
        hits = len([one for one in relevant[:k] if one])
        holds("rank-precision-at-k", {r"\mathrm{P}@k": hits / k, "y": relevant, "k": k})
        holds("rank-recall-at-k", {r"\mathrm{R}@k": hits / 4, "y": relevant, "k": k, "m": 4})


def test_mean_average_precision() -> None:
    thresholds = [0.5 + 0.05 * step for step in range(10)]
    ranked = {c: vector(12) for c in (1, 2)}  # how well each detection fits, from the surest on; 8 objects a class

    def curve(c: int, tau: float) -> tuple[Array, Array]:
        right = np.cumsum(ranked[c] > tau - 0.7)
        return right / np.arange(1, 13), np.minimum(right / 8, 1.0)

    def precision(c: int, tau: float, recall: float) -> float:
        """Of the first detections that reach a recall."""
        at, reached = curve(c, tau)
        return float(next((p for p, r in zip(at, reached, strict=True) if r >= recall - 1e-9), 0.0))

    def average(c: int, tau: float) -> float:
        """From the right, by the largest precision so far."""
        at, reached = curve(c, tau)
        envelope = np.maximum.accumulate(at[::-1])[::-1]
        places = np.searchsorted(reached, np.arange(101) / 100 - 1e-9)
        return float(np.mean([envelope[place] if place < 12 else 0.0 for place in places]))

    table = {(c, step): average(c, tau) for c in (1, 2) for step, tau in enumerate(thresholds)}
    recalls = [at / 100 for at in range(101)]
    holds(
        "det-map-coco",
        {
            r"\mathrm{mAP}": float(np.mean(list(table.values()))),
            r"\mathcal{T}": thresholds,
            r"\mathcal{R}": recalls,
            "C": 2,
            r"\mathrm{AP}_{c}^{\tau}": given("c", r"\tau", function=average),
            r"p_{c}^{\tau}": given(
                "c", r"\tau", function=lambda c, tau: lambda r: precision(c, tau, r), is_function=True
            ),
            "c": each(1, 2),
            r"\tau": each(0.5, 0.85),
        },
        over=[points(r"\tilde{r}", recalls)],
    )


def edits(reference: Words, text: Words) -> tuple[int, int, int, int]:
    """How many words are substituted, deleted, inserted and right in the best of all alignments."""
    if not reference or not text:
        return 0, len(reference), len(text), 0
    s, d, i, h = edits(reference[1:], text[1:])
    right = reference[0] == text[0]
    found = [(s + (not right), d, i, h + right)]
    s, d, i, h = edits(reference[1:], text)
    found.append((s, d + 1, i, h))
    s, d, i, h = edits(reference, text[1:])
    found.append((s, d, i + 1, h))
    return min(found, key=lambda one: sum(one[:3]))


def distance(reference: Words, text: Words) -> int:
    """By the table of prefixes."""
    row = list(range(len(text) + 1))
    for at, word in enumerate(reference, 1):
        before, row = row, [at]
        for place, other in enumerate(text, 1):
            row.append(min(before[place] + 1, row[-1] + 1, before[place - 1] + (word != other)))
    return row[-1]


def test_word_error_rate() -> None:
    reference = "the cat sat on the mat".split()
    for text in ("the bat sat on mat", "a the cat has sat on the the mat now", "cat"):
        s, d, i, h = edits(reference, text.split())
        wer = distance(reference, text.split()) / 6
        holds("asr-wer", {r"\mathrm{WER}": wer, "S": s, "D": d, "I": i, "H": h, "N": 6})


def test_scale_invariant_distortion_by_the_angle() -> None:
    target, estimate = vector(20), vector(20)
    cosine = float(target @ estimate) / math.sqrt(float(target @ target) * float(estimate @ estimate))
    holds(
        "asr-si-sdr",
        {
            r"\text{SI-SDR}": -20 * math.log10(math.tan(math.acos(abs(cosine)))),
            r"\alpha": float(np.linalg.lstsq(target[:, None], estimate)[0][0]),
            r"\mathbf{s}": target,
            r"\hat{\mathbf{s}}": estimate,
        },
    )


def grams(words: Words, n: int) -> list[tuple[str, ...]]:
    return [tuple(words[at : at + n]) for at in range(len(words) - n + 1)]


CANDIDATES = ["the the the cat sat".split(), "a dog ran away from the cat".split()]
REFERENCES = [["the cat sat on the mat".split(), "a cat sat there".split()], ["the dog ran away".split()] * 2]


def test_bleu() -> None:
    def kept(candidate: Words, references: list[list[str]], n: int) -> int:
        """How many n-grams can be struck out one by one in the reference that has most of them."""
        total = 0
        for gram in set(grams(candidate, n)):
            total += min(grams(candidate, n).count(gram), max(grams(one, n).count(gram) for one in references))
        return total

    precisions = []
    for n in (1, 2, 3):
        matched = sum(kept(c, r, n) for c, r in zip(CANDIDATES, REFERENCES, strict=True))
        precisions.append(matched / sum(len(c) - n + 1 for c in CANDIDATES))
        texts = [[(at, gram) for gram in set(grams(c, n))] for at, c in enumerate(CANDIDATES)]

        def clipped(gram: tuple[int, tuple[str, ...]], n: int = n) -> int:
            at, words = gram
            most = max(grams(one, n).count(words) for one in REFERENCES[at])
            return min(most, grams(CANDIDATES[at], n).count(words))

        holds(
            "text-bleu",
            {
                "p_{n}": precisions[-1],
                r"\operatorname{Count}_{\mathrm{clip}}": clipped,
                r"\operatorname{Count}": lambda gram, n=n: grams(CANDIDATES[gram[0]], n).count(gram[1]),
            },
            over=[points(r"\mathcal{C}", texts)],
            rows=[2],
        )
    for c, r in ((12, 9), (12, 12), (12, 15)):
        penalty = 1.0 if c > r else math.e / math.e ** (r / c)
        holds(
            "text-bleu",
            {
                r"\mathrm{BLEU}": penalty * (precisions[0] * precisions[1] * precisions[2]) ** (1 / 3),
                r"\mathrm{BP}": penalty,
                "w": [1 / 3] * 3,
                "p": precisions,
                "N": 3,
                "c": c,
                "r": r,
            },
            rows=[1],
        )


def common(x: Words, y: Words) -> int:
    """The length of the longest common subsequence, from the longest candidate down."""
    for size in range(len(x), 0, -1):
        those = set(itertools.combinations(y, size))
        if any(one in those for one in itertools.combinations(x, size)):
            return size
    return 0


def test_rouge() -> None:
    reference, text = "the cat sat on the mat".split(), "the fat cat on a mat slept".split()
    length = common(reference, text)
    for beta in (1.0, 2.5):
        harmonic = (1 / (length / 7) + beta**2 / (length / 6)) / (1 + beta**2)
        holds(
            "text-rouge-l",
            {
                r"F_{\mathrm{lcs}}": 1 / harmonic,
                r"R_{\mathrm{lcs}}": length / 6,
                r"P_{\mathrm{lcs}}": length / 7,
                r"\operatorname{LCS}": common,
                "X": reference,
                "Y": text,
                "m": 6,
                "n": 7,
                r"\beta": beta,
            },
        )
    references = REFERENCES[0]
    left = [Counter(grams(one, 2)) & Counter(grams(CANDIDATES[0], 2)) for one in references]
    holds(
        "text-rouge-n",
        {
            r"\text{ROUGE-}n": sum(one.total() for one in left) / sum(len(one) - 1 for one in references),
            r"\mathcal{R}": [[(at, gram) for gram in set(grams(one, 2))] for at, one in enumerate(references)],
            r"\operatorname{Count}_{\mathrm{match}}": lambda gram: min(
                grams(references[gram[0]], 2).count(gram[1]), grams(CANDIDATES[0], 2).count(gram[1])
            ),
            r"\operatorname{Count}": lambda gram: grams(references[gram[0]], 2).count(gram[1]),
        },
    )


def test_bertscore() -> None:
    one, two = ([v / math.hypot(*v) for v in matrix(size, 3)] for size in (4, 5))
    likeness = np.array(one) @ np.array(two).T
    recall, precision = float(likeness.max(1).mean()), float(likeness.max(0).mean())
    holds(
        "text-bertscore",
        {
            r"R_{\mathrm{BERT}}": recall,
            r"P_{\mathrm{BERT}}": precision,
            r"F_{\mathrm{BERT}}": 1 / ((1 / recall + 1 / precision) / 2),
            "x": list(range(4)),
            r"\hat{x}": list(range(5)),
            r"\mathbf{x}_{i}": given("x_{i}", function=lambda at: one[at]),
            r"\hat{\mathbf{x}}_{j}": given(r"\hat{x}_{j}", function=lambda at: two[at]),
        },
    )


def test_pass_at_k_over_all_choices() -> None:
    def solved(n: int, c: int, k: int) -> float:
        choices = list(itertools.combinations([1] * c + [0] * (n - c), k))
        return sum(map(any, choices)) / len(choices)

    problems = [(6, 0), (6, 2), (8, 3), (5, 4)]
    for k in (1, 2, 4):
        holds(
            "text-pass-at-k",
            {
                r"\mathrm{pass}@k": float(np.mean([solved(n, c, k) for n, c in problems])),
                r"\mathbb{E}_{\text{problems}}": mean(("n", "c"), problems),
                "k": k,
            },
        )
