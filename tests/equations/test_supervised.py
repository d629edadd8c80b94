"""Regression, classification, Gaussian processes and trees against other ways to the same answer."""

from __future__ import annotations

import itertools
import math

import numpy as np

from tests.equations.bindings import (
    STATED,
    Array,
    covariance,
    distribution,
    each,
    given,
    grid,
    holds,
    matrix,
    mean,
    points,
    positive,
    vector,
)
from tests.equations.reference import density, slope
from tests.equations.scope import Points

# Gaussian processes


class Process:
    """Three observations and two places to predict, with an exponential kernel."""

    def __init__(self) -> None:
        self.x, self.at, self.y, self.noise = vector(3), vector(2), vector(3), 0.3
        self.k, self.cross, self.ahead = (
            self.kernel(a, b) for a, b in ((self.x, self.x), (self.x, self.at), (self.at, self.at))
        )
        self.noisy = self.k + self.noise**2 * np.eye(3)

    def kernel(self, a: Array, b: Array) -> Array:
        return np.array([[math.exp(-((one - two) ** 2) / 2) for two in b] for one in a])


def test_posterior_of_a_gaussian_process() -> None:
    # From the precision of all five values together.
    p = Process()
    joint = np.block([[p.noisy, p.cross], [p.cross.T, p.ahead + 1e-12 * np.eye(2)]])
    precision = np.linalg.inv(joint)
    spread = np.linalg.inv(precision[3:, 3:])
    holds(
        "gp-posterior",
        {
            r"\bar{\mathbf{f}}_{*}": -spread @ precision[3:, :3] @ p.y,
            r"\operatorname{cov}(\mathbf{f}_{*})": spread,
            r"\mathbf{K}": p.k,
            r"\mathbf{K}_{*}": p.cross,
            r"\mathbf{K}_{**}": p.ahead,
            r"\mathbf{X}": p.x,
            r"\mathbf{X}_{*}": p.at,
            "k": p.kernel,
            r"\sigma_{n}": p.noise,
            r"\mathbf{I}": np.eye(3),
            r"\mathbf{y}": p.y,
        },
        rows=[2, 3, 4],
        within=1e-6,
    )


def test_marginal_likelihood_of_a_gaussian_process() -> None:
    p = Process()

    def likelihood(scale: float) -> float:
        return math.log(density(p.y, np.zeros(3), scale * p.k + p.noise**2 * np.eye(3)))

    inverse = np.linalg.solve(p.noisy, p.y)
    holds(
        "gp-marginal-likelihood",
        {
            r"\log p(\mathbf{y} \mid \mathbf{X}, \theta)": likelihood(1.0),
            r"\frac{\partial}{\partial \theta_{j}} \log p(\mathbf{y} \mid \mathbf{X}, \theta)": (
                likelihood(1 + 1e-5) - likelihood(1 - 1e-5)
            )
            / 2e-5,
            r"\frac{\partial \mathbf{K}_{y}}{\partial \theta_{j}}": p.k,
            r"\mathbf{K}_{y}": p.noisy,
            r"\boldsymbol{\alpha}": inverse,
            r"\mathbf{y}": p.y,
            "n": 3,
        },
        within=1e-6,
    )


def test_expected_improvement() -> None:
    x, weights = grid(-12, 12, 2000)
    best, mu, sigma = 0.3, 0.6, 0.8
    density_ = weights * np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    values = mu + sigma * x
    holds(
        "bo-expected-improvement",
        {
            r"\operatorname{EI}": lambda _: float(density_ @ np.maximum(best - values, 0)),
            r"\mathbb{E}": mean("Y", values, list(density_)),
            r"f_{\min}": best,
            r"\mu": lambda _: mu,
            r"\sigma": lambda _: sigma,
            r"\Phi": lambda x: (1 + math.erf(x / math.sqrt(2))) / 2,
            r"\phi": lambda x: math.exp(-x * x / 2) / math.sqrt(2 * math.pi),
            r"\mathbf{x}": 0,
            r"\sim": STATED,
        },
        within=3e-5,
    )


def test_rbf_kernel() -> None:
    a, b, length = vector(3), vector(3), 0.7
    product = math.prod(math.exp(-((a[j] - b[j]) ** 2) / (2 * length**2)) for j in range(3))
    holds("kernel-rbf", {"k": lambda *_: product, r"\mathbf{x}": a, r"\mathbf{x}'": b, r"\ell": length})


def test_kernel_ridge_is_ridge_on_features() -> None:
    x, y, lam, at = matrix(5, 2), vector(5), 0.4, vector(2)
    w = np.linalg.solve(x.T @ x + lam * np.eye(2), x.T @ y)
    holds(
        "kernel-ridge",
        {
            r"\hat{f}": lambda x: float(w @ x),
            r"\mathbf{x}": at,
            r"\mathbf{x}_{i}": given("i", function=lambda i: x[i - 1]),
            r"\alpha": np.linalg.inv(x @ x.T + lam * np.eye(5)) @ y,
            r"\boldsymbol{\alpha}": (y - x @ w) / lam,
            "k": lambda a, b: float(a @ b),
            r"\mathbf{K}": x @ x.T,
            r"\lambda": lam,
            r"\mathbf{I}": np.eye(5),
            r"\mathbf{y}": y,
            "n": 5,
        },
        rows=[2],
    )

    # Among linear functions the norm is that of the weights.
    tried = [w, 1.1 * w, 0.9 * w, *[w + 0.05 * vector(2) for _ in range(8)]]
    functions = [one.dot for one in tried]
    holds(
        "kernel-ridge",
        {
            r"\hat{f}": functions[0],
            r"\mathcal{H}": functions,
            "y": y,
            r"\mathbf{x}": x,
            r"\lambda": lam,
            r"\lVert f \rVert_{\mathcal{H}}": given("f", function=lambda f: np.linalg.norm(tried[functions.index(f)])),
            "n": 5,
            r"=": lambda one, two: one == two,
        },
        rows=[1],
    )


# Linear models


class Regression:
    def __init__(self) -> None:
        self.x, self.y = matrix(6, 2), vector(6)

    def names(self, best: Array) -> dict[str, object]:
        return {r"\hat{\mathbf{w}}": best, r"\mathbf{X}": self.x, r"\mathbf{y}": self.y}

    def near(self, best: Array) -> list[Points]:
        around = [best + 0.05 * np.array([math.cos(a), math.sin(a)]) for a in np.linspace(0, 6, 12)]
        return [points(r"\mathbf{w}", [best, *around, 0 * best, 2 * best])]


def test_least_squares() -> None:
    r = Regression()
    best = np.linalg.lstsq(r.x, r.y, rcond=None)[0]
    holds("linreg-least-squares", r.names(best), over=r.near(best))


def test_ridge_is_least_squares_with_more_rows() -> None:
    r, lam = Regression(), 9.0
    best = np.linalg.lstsq(np.vstack([r.x, math.sqrt(lam) * np.eye(2)]), np.append(r.y, [0, 0]), rcond=None)[0]
    holds(
        "linreg-ridge",
        {**r.names(best), r"\lambda": lam, r"\mathbf{I}": np.eye(2)},
        over=r.near(best),
    )


def test_lasso() -> None:
    r, lam = Regression(), 0.7
    r.x = np.linalg.qr(r.x)[0]
    raw = r.x.T @ r.y
    best = np.sign(raw) * np.maximum(np.abs(raw) - lam, 0)
    holds("linreg-lasso", {**r.names(best), r"\lambda": lam}, over=r.near(best))


def test_elastic_net() -> None:
    r, one, two = Regression(), 0.4, 0.6
    r.x = np.linalg.qr(r.x)[0]
    raw = r.x.T @ r.y
    naive = np.sign(raw) * np.maximum(np.abs(raw) - one / 2, 0) / (1 + two)
    holds(
        "linreg-elastic-net",
        {
            **r.names(np.sign(raw) * np.maximum(np.abs(raw) - one / 2, 0)),
            r"\hat{\mathbf{w}}_{\mathrm{naive}}": naive,
            r"\lambda_{1}": one,
            r"\lambda_{2}": two,
        },
        over=r.near(naive),
    )


def test_bayesian_linear_regression() -> None:
    phi, y, alpha, beta, w, at = matrix(4, 2), vector(4), 0.7, 2.0, vector(2), vector(2)
    # As a Gaussian observation of the weights: gain and covariance.
    prior = np.eye(2) / alpha
    gain = prior @ phi.T @ np.linalg.inv(phi @ prior @ phi.T + np.eye(4) / beta)
    m, s = gain @ y, prior - gain @ phi @ prior
    joint = density(w, np.zeros(2), prior) * density(y, phi @ w, np.eye(4) / beta)
    evidence = density(y, np.zeros(4), phi @ prior @ phi.T + np.eye(4) / beta)
    both = np.vstack([phi, at])
    predicted = density(np.append(y, 0.3), np.zeros(5), both @ prior @ both.T + np.eye(5) / beta) / evidence
    holds(
        "linreg-bayesian",
        {
            r"p(\mathbf{w} \mid \mathbf{y})": joint / evidence,
            r"p(y_{*} \mid \mathbf{x}_{*}, \mathbf{y})": predicted,
            r"\mathcal{N}": density,
            r"\mathbf{w}": w,
            r"\mathbf{m}": m,
            r"\mathbf{S}": s,
            r"\boldsymbol{\Phi}": phi,
            r"\boldsymbol{\phi}": lambda _: at,
            r"\mathbf{x}_{*}": 0,
            r"\mathbf{y}": y,
            "y_{*}": 0.3,
            r"\alpha": alpha,
            r"\beta": beta,
            r"\mathbf{I}": np.eye(2),
        },
    )


def test_logistic_model() -> None:
    w, x, b = vector(2), vector(2), 0.3
    odds = math.exp(w @ x + b)
    holds(
        "logreg-model",
        {
            r"p(y = 1 \mid \mathbf{x})": odds / (1 + odds),
            r"p(y = 0 \mid \mathbf{x})": 1 / (1 + odds),
            r"\sigma": lambda z: (1 + math.tanh(z / 2)) / 2,
            r"\mathbf{w}": w,
            r"\mathbf{x}": x,
            "b": b,
        },
    )


def test_logistic_loss_and_its_gradient() -> None:
    x, y, w = matrix(4, 2), np.array([1.0, 0, 0, 1]), vector(2)

    def loss(w: Array) -> float:
        return float(sum(math.log1p(math.exp(x[i] @ w)) - y[i] * (x[i] @ w) for i in range(4)))

    p = 1 / (1 + np.exp(-x @ w))
    holds(
        "logreg-nll",
        {
            r"\operatorname{NLL}": loss,
            r"\nabla_{\mathbf{w}} \operatorname{NLL}": lambda w: slope(loss, w),
            r"\sigma": lambda z: (1 + math.tanh(z / 2)) / 2,
            "p": p,
            r"\mathbf{p}": p,
            "y": y,
            r"\mathbf{y}": y,
            r"\mathbf{x}": x,
            r"\mathbf{X}": x,
            r"\mathbf{w}": w,
            "n": 4,
            "i": each(1, 2),
        },
        within=1e-6,
    )


def test_naive_bayes() -> None:
    for _ in range(12):
        prior, chances = distribution(3), np.array([[distribution(2) for _ in range(3)] for _ in range(3)])
        for x in itertools.product((0, 1), repeat=3):
            posterior = [prior[c] * math.prod(chances[c, j, x[j]] for j in range(3)) for c in range(3)]
            holds(
                "nb-classifier",
                {
                    r"\hat{y}": int(np.argmax(posterior)),
                    r"\pi": dict(enumerate(prior)),
                    r"p(x_{j} \mid y = c)": given(
                        "j", "c", function=lambda j, c, x=x, p=chances: p[c, j - 1, x[j - 1]]
                    ),
                    "d": 3,
                },
                over=[points("c", range(3))],
                rows=[1],
            )
    counts = np.array([[3, 1, 4], [2, 2, 0]])
    # As if each word had been seen α times before.
    before = counts + 0.5
    for c, j in itertools.product((1, 2), (1, 3)):
        holds(
            "nb-classifier",
            {
                r"\hat{\theta}": before / before.sum(1, keepdims=True),
                "N_{cj}": counts[c - 1, j - 1],
                "N_{c}": counts[c - 1].sum(),
                r"\alpha": 0.5,
                "d": 3,
                "c": c,
                "j": j,
            },
            rows=[2],
        )


def test_linear_discriminant() -> None:
    means, spread, prior, x = [vector(2) for _ in range(3)], covariance(2), distribution(3), vector(2)
    shared = math.log(density(x, np.zeros(2), spread))
    scores = [math.log(prior[k] * density(x, means[k], spread)) - shared for k in range(3)]
    holds(
        "lda-discriminant",
        {
            r"\delta_{k}": given("k", function=lambda k: lambda _: scores[k - 1], is_function=True),
            r"\mathbf{x}": x,
            r"\boldsymbol{\Sigma}": spread,
            r"\boldsymbol{\mu}": means,
            r"\pi": prior,
            r"\hat{y}": 1 + int(np.argmax(scores)),
            "k": each(1, 3),
        },
        over=[points("k", (1, 2, 3))],
    )


# Trees and boosting


def test_gini_is_the_chance_that_two_differ() -> None:
    p = distribution(3)
    differ = sum(p[a] * p[b] for a in range(3) for b in range(3) if a != b)
    holds("tree-gini", {"G_{m}": differ, r"\hat{p}": p[None, :], "m": 1, "K": 3})


def test_adaboost_round() -> None:
    y, h, weights = [1, -1, 1, 1], [1, 1, -1, 1], distribution(4)
    error = weights[1] + weights[2]
    rate = math.log(math.sqrt(1 - error) / math.sqrt(error))
    # Afterwards right and wrong weigh the same.
    after = [w / (2 * error) if a != b else w / (2 * (1 - error)) for w, a, b in zip(weights, y, h, strict=True)]
    holds(
        "boost-adaboost",
        {
            "D_{1}": lambda _: 1 / 4,
            "D_{t}": lambda i: weights[i - 1],
            "D_{t+1}": lambda i: after[i - 1],
            r"\varepsilon_{t}": error,
            r"\alpha_{t}": rate,
            "h_{t}": lambda x: h[x - 1],
            r"\mathbf{x}": [1, 2, 3, 4],
            "y": y,
            "Z_{t}": 2 * math.sqrt(error * (1 - error)),
            "n": 4,
            "i": each(1, 2, 3, 4),
        },
        over=[points("i", range(1, 5))],
        rows=[1, 2],
    )


def test_xgboost_leaf_is_the_best_weight() -> None:
    g, h, lam, gamma = vector(5), positive(5), 0.7, 0.2
    leaves = {1: [1, 2, 4], 2: [3, 5]}
    sums = {j: (sum(g[i - 1] for i in one), sum(h[i - 1] for i in one)) for j, one in leaves.items()}

    def cost(total: tuple[float, float]) -> float:
        """The least that a leaf costs, by completing the square."""
        return -(total[0] ** 2) / (2 * (total[1] + lam))

    whole = (sum(g), sum(h))
    leaf_of = {i: j for j, one in leaves.items() for i in one}
    weights = {1: 0.4, 2: -0.9}
    steps = {i: weights[leaf_of[i]] for i in leaf_of}
    # Leaf by leaf: every sample moves by the weight of its leaf.
    parts = [sums[j][0] * w + (sums[j][1] + lam) * w * w / 2 + gamma for j, w in weights.items()]
    holds(
        "boost-xgboost",
        {
            r"\tilde{\mathcal{L}}^{(t)}": sum(parts),
            "g": g,
            "h": h,
            "f_{t}": lambda x: steps[x],
            "f_{t}^{2}": lambda x: steps[x] ** 2,
            r"\mathbf{x}": [1, 2, 3, 4, 5],
            "w": weights,
            r"\lambda": lam,
            r"\gamma": gamma,
            "n": 5,
            "T": 2,
        },
        rows=[1],
    )
    holds(
        "boost-xgboost",
        {
            "w^{*}": {j: -a / (b + lam) for j, (a, b) in sums.items()},
            "g": g,
            "h": h,
            "I": leaves,
            "I_{L}": leaves[1],
            "I_{R}": leaves[2],
            r"\lambda": lam,
            r"\gamma": gamma,
            r"\mathcal{L}_{\mathrm{split}}": cost(whole) - cost(sums[1]) - cost(sums[2]) - gamma,
            "j": each(1, 2),
        },
        rows=[2],
    )
    holds(
        "boost-xgboost",
        {
            "g": g,
            "h": h,
            "I": [1, 2, 3, 4, 5],
            "I_{L}": leaves[1],
            "I_{R}": leaves[2],
            r"\lambda": lam,
            r"\gamma": gamma,
            r"\mathcal{L}_{\mathrm{split}}": cost(whole) - cost(sums[1]) - cost(sums[2]) - gamma,
        },
        rows=[3],
    )
