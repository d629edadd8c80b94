"""Contrastive and self-supervised losses, metric learning and recommenders on a few vectors."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, mean, points, positive, vector
from tests.equations.reference import sigmoid


def cosine(a: Array, b: Array) -> float:
    return float(a @ b / math.hypot(*a) / math.hypot(*b))


def test_infonce_with_the_best_score_stays_below_the_information() -> None:
    joint = distribution(3, 3)
    px, pc = joint.sum(1), joint.sum(0)
    ratio = joint / np.outer(px, pc)
    # The right sample first, another from the marginal after it.
    cases = [((x, y), c) for c in range(3) for x in range(3) for y in range(3)]
    weights = [joint[x, c] * px[y] for (x, y), c in cases]
    loss = sum(
        w * -math.log(ratio[x, c] / (ratio[x, c] + ratio[y, c])) for w, ((x, y), c) in zip(weights, cases, strict=True)
    )
    holds(
        "ssl-infonce",
        {
            r"\mathcal{L}_{N}": loss,
            r"\mathbb{E}_{\mathcal{X}}": mean((r"\mathcal{X}", r"\mathbf{c}_{t}"), cases, weights),
            r"\mathbf{x}_{t+k}": given(r"\mathcal{X}", function=lambda pair: pair[0]),
            "f_{k}": lambda x, c: ratio[x, c],
            r"I(\mathbf{x}_{t+k}; \mathbf{c}_{t})": float((joint * np.log(ratio)).sum()),
            "N": 2,
        },
        rows=[2],
    )
    z, w, c = vector(2), matrix(2, 3), vector(3)
    others = [z, vector(2), vector(2)]
    scores = [math.exp(sum(w[i, j] * one[i] * c[j] for i in range(2) for j in range(3))) for one in others]
    holds(
        "ssl-infonce",
        {
            r"\mathcal{L}_{N}": -math.log(scores[0] / sum(scores)),
            r"\mathbb{E}_{\mathcal{X}}": mean("once", [0]),
            r"\mathcal{X}": [0, 1, 2],
            r"\mathbf{x}_{t+k}": 0,
            r"\mathbf{z}_{t+k}": z,
            r"\mathbf{W}_{k}": w,
            r"\mathbf{c}_{t}": c,
            "f_{k}": lambda x, _: scores[x],
        },
        rows=[1],
    )


def test_simclr() -> None:
    z, tau = matrix(4, 3), 0.5
    near = [[math.exp(cosine(a, b) / tau) for b in z] for a in z]

    def loss(i: int, j: int) -> float:
        return -math.log(near[i - 1][j - 1] / (sum(near[i - 1]) - near[i - 1][i - 1]))

    table = {(i, j): loss(i, j) for i in range(1, 5) for j in range(1, 5)}
    holds(
        "ssl-simclr",
        {
            r"\ell": table,
            r"\operatorname{sim}": cosine,
            r"\mathbf{z}": z,
            r"\mathbf{u}": z[0],
            r"\mathbf{v}": z[1],
            r"\tau": tau,
            r"\mathcal{L}": (table[1, 2] + table[2, 1] + table[3, 4] + table[4, 3]) / 4,
            "N": 2,
            "i": each(1, 4),
            "j": each(2, 3),
        },
    )


def test_moco() -> None:
    q, k, tau = vector(3), matrix(4, 3), 0.2
    scores = [math.exp(float(q @ key) / tau) for key in k]
    holds(
        "ssl-moco",
        {
            r"\mathcal{L}_{q}": math.log(sum(scores)) - math.log(scores[0]),
            r"\mathbf{q}": q,
            r"\mathbf{k}": dict(enumerate(k)),
            r"\mathbf{k}_{+}": k[0],
            r"\tau": tau,
            "K": 3,
            r"\theta_{\mathrm{k}}": 0.4,
            r"\theta_{\mathrm{q}}": 1.4,
            "m": 0.9,
        },
        after={r"\theta_{\mathrm{k}}": 0.5},
    )


def test_supervised_contrast() -> None:
    z, labels, tau = matrix(4, 3), [0, 1, 0, 0], 0.5
    others = {i: [j for j in range(1, 5) if j != i] for i in range(1, 5)}
    same = {i: [j for j in others[i] if labels[j - 1] == labels[i - 1]] for i in (1, 3, 4)}

    def log_share(i: int, p: int) -> float:
        scores = {j: float(z[i - 1] @ z[j - 1]) / tau for j in others[i]}
        return scores[p] - math.log(sum(map(math.exp, scores.values())))

    holds(
        "ssl-supcon",
        {
            r"\mathcal{L}": -sum(sum(log_share(i, p) for p in same[i]) / len(same[i]) for i in same),
            r"\mathcal{I}": [1, 3, 4],
            r"\mathcal{P}": lambda i: same[i],
            r"\mathcal{A}": lambda i: others[i],
            r"\mathbf{z}": z,
            r"\tau": tau,
        },
    )


def test_clip() -> None:
    x, y, t = matrix(3, 2), matrix(3, 2), 0.7
    s = np.array([[math.exp(t) * cosine(a, b) for b in y] for a in x])
    rows = [s[i, i] - math.log(sum(np.exp(s[i]))) for i in range(3)]
    columns = [s[i, i] - math.log(sum(np.exp(s[:, i]))) for i in range(3)]
    holds(
        "ssl-clip",
        {
            r"\mathcal{L}": -(np.mean(rows) + np.mean(columns)) / 2,
            "s": s,
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
            "t": t,
            "n": 3,
            "i": each(1, 3),
            "j": each(2, 3),
        },
    )


def test_siglip() -> None:
    x, y, t, b = matrix(3, 2), matrix(3, 2), 1.7, -0.4
    scores = t * x @ y.T + b
    loss = sum(math.log1p(math.exp(-scores[i, j] if i == j else scores[i, j])) for i in range(3) for j in range(3)) / 3
    holds(
        "ssl-siglip",
        {
            r"\mathcal{L}": loss,
            r"\mathcal{B}": [1, 2, 3],
            r"\sigma": sigmoid,
            "z": 2 * np.eye(3) - 1,
            "t": t,
            "b": b,
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
            "i": each(1, 2),
            "j": each(1, 3),
        },
    )


def test_byol() -> None:
    q, z = vector(3), vector(3)
    unit = (q / math.hypot(*q), z / math.hypot(*z))
    loss = math.dist(*unit) ** 2
    holds(
        "ssl-byol",
        {
            r"\mathcal{L}_{\theta,\xi}": loss,
            r"q_{\theta}(\mathbf{z}_{\theta})": q,
            r"\mathbf{z}'_{\xi}": z,
            r"\tilde{\mathcal{L}}_{\theta,\xi}": 0.3,
            r"\mathcal{L}^{\mathrm{BYOL}}_{\theta,\xi}": loss + 0.3,
            r"\xi": 0.4,
            r"\theta": 1.4,
            r"\tau": 0.9,
        },
        after={r"\xi": 0.5},
    )


def test_barlow_twins() -> None:
    a, b, weight = matrix(5, 2), matrix(5, 2), 0.3
    c = np.array([[cosine(a[:, i], b[:, j]) for j in (0, 1)] for i in (0, 1)])
    loss = (1 - c[0, 0]) ** 2 + (1 - c[1, 1]) ** 2 + weight * (c[0, 1] ** 2 + c[1, 0] ** 2)
    holds(
        "ssl-barlow-twins",
        {r"\mathcal{L}": loss, "C": c, r"\lambda": weight, "z^{A}": a, "z^{B}": b},
        over=[points("i", (1, 2)), points("j", (1, 2)), points("b", range(1, 6))],
        rows=[1],
    )
    holds(
        "ssl-barlow-twins",
        {"C": c, "z^{A}": a, "z^{B}": b, "i": each(1, 2), "j": each(1, 2)},
        over=[points("b", range(1, 6))],
        rows=[2],
    )


def test_contrastive_loss() -> None:
    for y, distance in ((0, 0.7), (1, 0.7), (1, 1.7)):
        pull = distance**2 / 2 if y == 0 else (1.2 - distance) ** 2 / 2 if distance < 1.2 else 0.0
        holds(
            "metric-contrastive",
            {
                r"\mathcal{L}": lambda _, one, two, pull=pull: pull if one[1] < two[1] else -1.0,
                "D": distance,
                r"f_{\theta}": lambda x: x,
                r"\mathbf{x}_{1}": np.array([0.6 * distance, 0.3]),
                r"\mathbf{x}_{2}": np.array([0.0, 0.3 + 0.8 * distance]),
                "m": 1.2,
                "y": y,
            },
        )


def test_triplet_loss() -> None:
    a, p, n = matrix(4, 2), matrix(4, 2), matrix(4, 2)
    gaps = [math.dist(a[i], p[i]) ** 2 - math.dist(a[i], n[i]) ** 2 + 0.5 for i in range(4)]
    holds(
        "metric-triplet",
        {
            r"\mathcal{L}": sum(gap for gap in gaps if gap > 0),
            "f": lambda x: x,
            r"\mathbf{x}^{a}": a,
            r"\mathbf{x}^{p}": p,
            r"\mathbf{x}^{n}": n,
            r"\alpha": 0.5,
            "N": 4,
        },
    )


def test_arcface_adds_to_the_angle() -> None:
    x, w, labels, scale, margin = matrix(3, 2), matrix(4, 2), [1, 3, 2], 4.0, 0.2
    angles = np.arccos(np.array([[cosine(a, b) for b in w] for a in x]))
    loss = 0.0
    for i, label in enumerate(labels):
        logits = [scale * math.cos(angle + (margin if j == label - 1 else 0)) for j, angle in enumerate(angles[i])]
        loss += (math.log(sum(map(math.exp, logits))) - logits[label - 1]) / 3
    holds(
        "metric-arcface",
        {
            r"\mathcal{L}": loss,
            r"\theta": angles,
            r"\mathbf{w}": w,
            r"\mathbf{x}": x,
            "y": labels,
            "s": scale,
            "m": margin,
            "n": 3,
            "i": each(1, 2),
        },
        over=[points("j", range(1, 5))],
        rows=[1],
    )
    holds(
        "metric-arcface",
        {r"\theta": angles, r"\mathbf{w}": w, r"\mathbf{x}": x, "i": each(1, 3), "j": each(1, 4)},
        rows=[2],
    )


# Recommenders


def test_factorisation_machine() -> None:
    x, w, v, bias = vector(4), vector(4), matrix(4, 3), 0.3
    pairs = sum(float(v[i] @ v[j]) * x[i] * x[j] for i, j in itertools.combinations(range(4), 2))
    holds(
        "rec-fm",
        {
            r"\hat{y}": lambda _: bias + float(w @ x) + pairs,
            r"\mathbf{x}": x,
            "x": x,
            "w": w,
            "w_{0}": bias,
            r"\mathbf{v}": v,
            "v": v,
            "n": 4,
            "k": 3,
        },
    )


def test_bayesian_personalised_ranking() -> None:
    scores, triples = matrix(2, 3), [(1, 1, 2), (2, 3, 1)]
    value = -sum(math.log1p(math.exp(scores[u - 1, j - 1] - scores[u - 1, i - 1])) for u, i, j in triples) - 0.3 * 4
    holds(
        "rec-bpr",
        {
            r"\text{BPR-Opt}": value,
            r"\hat{x}": scores,
            r"\mathcal{D}": triples,
            r"\sigma": sigmoid,
            r"\lambda": 0.3,
            r"\Theta": np.array([2.0, 0.0]),
        },
    )


# Signals and steps in time


def test_fourier_transform() -> None:
    x = vector(5)
    spectrum = np.fft.fft(x)
    holds(
        "sig-dft",
        {
            "X": lambda k: spectrum[int(k)],
            "x": lambda n: x[int(n)],
            r"\mathrm{e}": math.e,
            r"\mathrm{i}": 1j,
            "N": 5,
            "k": each(0, 1, 4),
            "n": each(0, 3),
        },
    )


def test_mel_scale_and_back() -> None:
    holds("sig-mel", {"m": 2595 * math.log(1 + 440 / 700) / math.log(10), "f": 440.0})


def test_runge_kutta_is_exact_to_the_fourth_power() -> None:
    def f(t: float, y: float) -> float:
        return 0.3 * y + t

    h, y = 0.1, 0.7
    # For a linear equation the step is the series of e up to the fourth power.
    k = [f(0, y)]
    k.append(f(h / 2, y + h / 2 * k[0]))
    k.append(f(h / 2, y + h / 2 * k[1]))
    k.append(f(h, y + h * k[2]))
    series = sum((0.3 * h) ** p / math.factorial(p) for p in range(5))
    forced = sum(0.3 ** (p - 2) * h**p / math.factorial(p) for p in range(2, 5))
    holds(
        "rk-rk4",
        {
            "k": k,
            "f": f,
            "t_{n}": 0.0,
            "y_{n}": y,
            "y_{n+1}": series * y + forced,
            "h": h,
        },
    )


# Measures


def test_overlap_of_sets() -> None:
    sets = {
        r"\mathcal{A}": {1, 2, 3, 4},
        r"\mathcal{B}": {3, 4, 5},
        r"\cap": lambda a, b: a & b,
        r"\cup": lambda a, b: a | b,
    }
    holds("seg-iou", {**sets, r"\operatorname{IoU}": lambda *_: 2 / 5})
    holds("sim-jaccard", {**sets, "J": lambda *_: 2 / 5})
    holds("seg-dice", {**sets, r"\mathrm{DSC}": lambda *_: 2 * (2 / 4) * (2 / 3) / (2 / 4 + 2 / 3)})


def test_mean_intersection_over_union() -> None:
    truth, guess = [1, 1, 2, 3, 3, 3, 2], [1, 2, 2, 3, 1, 3, 2]
    counts = np.array(
        [[sum((a, b) == (i, j) for a, b in zip(truth, guess, strict=True)) for j in (1, 2, 3)] for i in (1, 2, 3)]
    )
    shares = []
    for c in (1, 2, 3):
        a, b = ({k for k, one in enumerate(labels) if one == c} for labels in (truth, guess))
        shares.append(len(a & b) / len(a | b))
    holds(
        "seg-miou", {r"\mathrm{mIoU}": float(np.mean(shares)), "n": counts, "t": counts.sum(1), "C": 3, "i": each(1, 3)}
    )


def test_cosine_similarity() -> None:
    x, y = vector(3), vector(3)
    # By the law of cosines for the sides of the triangle.
    value = (math.hypot(*x) ** 2 + math.hypot(*y) ** 2 - math.dist(x, y) ** 2) / (2 * math.hypot(*x) * math.hypot(*y))
    holds(
        "sim-cosine",
        {
            r"\cos(\mathbf{x}, \mathbf{y})": value,
            r"d_{\cos}(\mathbf{x}, \mathbf{y})": 1 - value,
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
        },
    )


def test_linear_cka() -> None:
    x, y = (a - a.mean(0) for a in (matrix(5, 2), matrix(5, 3)))
    k, m = x @ x.T, y @ y.T
    names = {
        r"\mathrm{CKA}_{\mathrm{linear}}": lambda *_: float((k * m).sum() / math.sqrt((k * k).sum() * (m * m).sum())),
        r"\mathrm{CKA}": lambda *_: float((k * m).sum() / math.sqrt((k * k).sum() * (m * m).sum())),
        r"\operatorname{HSIC}": lambda a, b: float((a * b).sum()) / 16,
        r"\mathbf{X}": x,
        r"\mathbf{Y}": y,
        r"\mathbf{K}": k,
        r"\mathbf{L}": m,
        r"\mathbf{H}": np.eye(5) - np.ones((5, 5)) / 5,
        "n": 5,
    }
    holds("sim-cka", names)


def test_errors_of_a_forecast() -> None:
    y, guess = positive(5), positive(5)
    holds("regr-rmse", {r"\mathrm{RMSE}": math.dist(y, guess) / math.sqrt(5), "y": y, r"\hat{y}": guess, "n": 5})
    percent = sum(100 * abs(1 - b / a) for a, b in zip(y, guess, strict=True)) / 5
    holds("regr-mape", {r"\mathrm{MAPE}": percent, "y": y, r"\hat{y}": guess, "n": 5})
    season, known, ahead = 2, 6, 3
    series, forecast = positive(9), positive(9)
    naive = np.mean([abs(series[t] - series[t - season]) for t in range(season, known)])
    error = np.mean([abs(series[t] - forecast[t]) for t in range(known, known + ahead)])
    holds(
        "regr-mase",
        {r"\mathrm{MASE}": error / naive, "y": series, r"\hat{y}": forecast, "T": known, "h": ahead, "m": season},
    )
