"""Learning from views, masks and neighbours: losses by loops over samples and dimensions."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import Array, distribution, each, given, holds, matrix, mean, points, vector
from tests.equations.reference import always, sigmoid, softmax


def test_prototypes() -> None:
    weights, query = matrix(2, 3), vector(3)
    support = {k: [(vector(3), k) for _ in range(2 + k)] for k in (1, 2, 3)}

    def embed(x: Array) -> Array:
        return np.asarray(np.tanh(weights @ x))

    centres = {k: np.mean([embed(x) for x, _ in some], axis=0) for k, some in support.items()}
    far = {k: math.dist(embed(query), centre) for k, centre in centres.items()}
    chances = {k: 1 / sum(math.exp(far[k] ** 2 - other**2) for other in far.values()) for k in far}
    holds(
        "metric-prototypical",
        {
            r"\mathbf{c}": centres,
            r"\mathcal{S}": support,
            r"f_{\phi}": embed,
            r"p_{\phi}(y = k \mid \mathbf{x})": given("k", function=chances.__getitem__),
            r"\mathbf{x}": query,
            "k": each(1, 3),
        },
        over=[points("k'", (1, 2, 3))],
    )


def test_vicreg() -> None:
    one, two = matrix(6, 3) * [0.2, 1.0, 2.0], matrix(6, 3) * [0.5, 0.3, 1.0]
    weights, gamma, epsilon = (25.0, 10.0, 3.0), 1.0, 1e-4

    def spread(z: Array) -> float:
        """The hinge on the deviation of each dimension."""
        return sum(max(0.0, gamma - math.sqrt(float(np.var(column, ddof=1)) + epsilon)) for column in z.T) / 3

    def mixed(z: Array) -> float:
        """The squared covariances of each pair of dimensions, both ways round."""
        pairs = itertools.combinations(z.T, 2)
        return 2 * sum(float(np.cov(a, b)[0, 1]) ** 2 for a, b in pairs) / 3

    near = float(np.mean([math.dist(a, b) ** 2 for a, b in zip(one, two, strict=True)]))
    total = weights[0] * near + weights[1] * (spread(one) + spread(two)) + weights[2] * (mixed(one) + mixed(two))
    holds(
        "ssl-vicreg",
        {
            r"\mathcal{L}": always(total),
            "s": always(near),
            "v": spread,
            "c": mixed,
            "C": lambda z: np.cov(z.T),
            r"\operatorname{Var}": lambda column: float(np.var(column, ddof=1)),
            r"\mathbf{Z}": one,
            r"\mathbf{Z}'": two,
            r"\mathbf{z}": one,
            r"\mathbf{z}'": two,
            r"\mathbf{z}^{j}": given("j", function=lambda j: one[:, j - 1]),
            r"\bar{\mathbf{z}}": one.mean(0),
            r"\lambda": weights[0],
            r"\mu": weights[1],
            r"\nu": weights[2],
            r"\gamma": gamma,
            r"\epsilon": epsilon,
            "n": 6,
            "d": 3,
        },
        over=[points("i", (1, 2, 3)), points("j", (1, 2, 3))],
    )


def test_dino() -> None:
    views, student, teacher, centre = list(range(4)), matrix(4, 3), matrix(4, 3), vector(3)
    rate, cold, warm = 0.9, 0.2, 0.5
    of_student = [np.exp(z / warm) / sum(np.exp(z / warm)) for z in student]
    of_teacher = [np.exp((z - centre) / cold) / sum(np.exp((z - centre) / cold)) for z in teacher]
    loss = 0.0
    for x in (0, 1):
        for other in views:
            if other != x:
                loss += float(of_teacher[x] @ -np.log(of_student[other]))
    names = {
        r"\mathcal{L}": loss,
        r"\{\mathbf{x}_{1}^{g}, \mathbf{x}_{2}^{g}\}": [0, 1],
        r"\mathcal{V}": views,
        "P_{t}": lambda x: of_teacher[x],
        "P_{s}": lambda x: of_student[x],
        r"g_{\theta_{s}}": lambda x: student[x],
        r"g_{\theta_{t}}": lambda x: teacher[x],
        r"\operatorname{softmax}": softmax,
        r"\mathbf{c}": centre,
        r"\tau_{s}": warm,
        r"\tau_{t}": cold,
        "m": rate,
        "B": 4,
    }
    holds("ssl-dino", names, rows=[1])
    moved = centre + (1 - rate) * (teacher.mean(0) - centre)
    holds(
        "ssl-dino",
        {**names, r"\mathbf{x}": each(0, 2), r"\mathbf{x}_{i}": given("i", function=lambda i: i - 1)},
        rows=[2, 3],
        after={r"\mathbf{c}": moved},
    )


def test_masked_autoencoder() -> None:
    patches, guesses, masked, epsilon = 3 * matrix(5, 4) + 1, matrix(5, 4), [2, 4, 5], 1e-3
    plain = [(x - x.mean()) * (x.var() + epsilon) ** -0.5 for x in patches]
    holds(
        "ssl-mae",
        {
            r"\mathcal{L}": float(np.mean([(guesses[i - 1] - plain[i - 1]) ** 2 for i in masked])),
            r"\mathcal{M}": masked,
            r"\hat{\mathbf{x}}": guesses,
            r"\tilde{\mathbf{x}}": plain,
            r"\mathbf{x}": patches,
            r"\mu": [x.mean() for x in patches],
            r"\sigma": [x.std() for x in patches],
            r"\epsilon": epsilon,
            "d": 4,
            "i": each(2, 4),
        },
        elementwise=True,
    )


def test_masked_language_model() -> None:
    texts = {1: ([3, 1, 2, 2], [1, 3]), 2: ([2, 2, 1, 3], [2, 3, 4])}
    chances = {key: np.array([distribution(3) for _ in range(4)]) for key in texts}
    losses = [
        -np.mean([math.log(chances[k][i - 1, tokens[i - 1] - 1]) for i in at]) for k, (tokens, at) in texts.items()
    ]
    holds(
        "ssl-mlm",
        {
            r"\mathcal{L}": always(float(np.mean(losses))),
            r"\mathbb{E}": mean("text", list(texts)),
            r"\mathcal{M}": given("text", function=lambda k: texts[k][1]),
            r"p_{\theta}(x_{i} \mid \tilde{\mathbf{x}})": given(
                "text", "i", function=lambda k, i: chances[k][i - 1, texts[k][0][i - 1] - 1]
            ),
            r"\theta": 0.0,
        },
    )


def test_negative_sampling() -> None:
    inputs, outputs, noise, drawn = matrix(4, 3), matrix(4, 3), distribution(4), 2
    word, context = 1, 2
    likely = math.log(1 / (1 + math.exp(-float(outputs[context] @ inputs[word]))))
    unlikely = sum(noise[w] * math.log(1 / (1 + math.exp(float(outputs[w] @ inputs[word])))) for w in range(4))
    holds(
        "word2vec-negative-sampling",
        {
            r"\sigma": sigmoid,
            r"\mathbf{v}_{w_{O}}^{\prime\top}": outputs[context][None, :],
            r"\mathbf{v}_{w_{I}}": inputs[word],
            r"\mathbf{v}_{w_{i}}^{\prime\top}": given("w_{i}", function=lambda w: outputs[w][None, :]),
            r"\mathbb{E}_{w_{i} \sim P_{n}(w)}": mean("w_{i}", range(4), noise),
            "k": drawn,
        },
        objective=likely + drawn * unlikely,
    )


def test_glove() -> None:
    counts = np.array([[5.0, 150.0, 1.0], [20.0, 3.0, 99.0], [2.0, 400.0, 60.0]])
    words, contexts, bias, other, top, power = matrix(3, 2), matrix(3, 2), vector(3), vector(3), 100.0, 0.75
    total = 0.0
    for i, j in itertools.product(range(3), range(3)):
        weight = math.exp(power * math.log(counts[i, j] / top)) if counts[i, j] < top else 1.0
        total += weight * (float(words[i] @ contexts[j]) + bias[i] + other[j] - math.log(counts[i, j])) ** 2
    holds(
        "glove-loss",
        {
            "J": total,
            "X": counts,
            "f": lambda x: min(1.0, (x / top) ** power),
            r"\mathbf{w}": words,
            r"\tilde{\mathbf{w}}": contexts,
            "b": bias,
            r"\tilde{b}": other,
            "x": each(3.0, 100.0, 250.0),
            r"x_{\max}": top,
            r"\alpha": power,
            "V": 3,
        },
    )


def test_information_bottleneck() -> None:
    joint, beta = distribution(3, 2), 2.5
    channels = [np.array([distribution(2) for _ in range(3)]) for _ in range(4)]

    def information(joint: Array) -> float:
        return float((joint * np.log(joint / np.outer(joint.sum(1), joint.sum(0)))).sum())

    def kept(channel: Array) -> float:
        return information(channel.T @ joint)

    def spent(channel: Array) -> float:
        return information(joint.sum(1)[:, None] * channel)

    holds(
        "info-bottleneck",
        {
            "I(X; T)": given(r"p(t \mid x)", function=spent),
            "I(T; Y)": given(r"p(t \mid x)", function=kept),
            r"\beta": beta,
        },
        over=[points(r"p(t \mid x)", channels)],
        objective=min(spent(one) - beta * kept(one) for one in channels),
    )
