"""Distances and divergences against their definitions, on finite sets, by quadrature and by sampling."""

from __future__ import annotations

import itertools

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    distribution,
    given,
    grid,
    holds,
    matrix,
    mean,
    points,
    positive,
    vector,
)
from tests.equations.reference import bell, kl


def kl_of_gaussians(one: tuple[Array, Array], two: tuple[Array, Array]) -> float:
    """The mean of the log ratio at the nodes of a Gauss and Hermite rule, exact for these densities."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(5)
    size, root = len(one[0]), np.linalg.cholesky(one[1])
    total = 0.0
    for chosen in itertools.product(range(5), repeat=size):
        x = one[0] + root @ nodes[list(chosen)]
        total += float(np.prod(weights[list(chosen)])) * (log_density(x, *one) - log_density(x, *two))
    return total / (2 * np.pi) ** (size / 2)


def log_density(x: Array, mean: Array, covariance: Array) -> float:
    away = np.linalg.solve(np.linalg.cholesky(covariance), x - mean)
    return float(
        -0.5 * away @ away - np.log(np.diag(np.linalg.cholesky(covariance))).sum() - 0.5 * len(x) * np.log(2 * np.pi)
    )


def test_js_divergence_is_the_gain_in_entropy_of_the_mixture() -> None:
    p, q = distribution(4), distribution(4)

    def entropy(weights: Array) -> float:
        return float(-(weights * np.log(weights)).sum())

    holds(
        "js-divergence",
        {
            r"D_{\mathrm{JS}}": lambda p, q: entropy((p + q) / 2) - entropy(p) / 2 - entropy(q) / 2,
            r"D_{\mathrm{KL}}": kl,
            "P": p,
            "Q": q,
            "M": (p + q) / 2,
        },
    )


def test_kl_divergence_on_a_finite_set() -> None:
    p, q = distribution(4), distribution(4)
    holds(
        "kl-divergence",
        {r"D_{\mathrm{KL}}": kl, "P": p, "Q": q, "p": lambda x: p[x], "q": lambda x: q[x]},
        over=[points("x", range(4))],
        rows=[1],
    )


def test_kl_divergence_of_densities() -> None:
    x, weights = grid(-20, 20)
    a, b, s, t = 0.3, -0.4, 0.8, 1.3
    holds(
        "kl-divergence",
        {
            r"D_{\mathrm{KL}}": kl_of_gaussians,
            "P": (np.array([a]), np.array([[s**2]])),
            "Q": (np.array([b]), np.array([[t**2]])),
            "p": lambda x: bell(x, a, s),
            "q": lambda x: bell(x, b, t),
        },
        over=[points("x", x, weights)],
        rows=[2],
    )


def test_kl_of_gaussians() -> None:
    holds(
        "kl-gaussian",
        {
            r"D_{\mathrm{KL}}": kl_of_gaussians,
            r"\mathcal{N}": lambda mean, covariance: (mean, covariance),
            r"\boldsymbol{\mu}_{1}": vector(3),
            r"\boldsymbol{\mu}_{2}": vector(3),
            r"\boldsymbol{\Sigma}_{1}": covariance(3),
            r"\boldsymbol{\Sigma}_{2}": covariance(3),
            "d": 3,
        },
    )


def test_kl_of_a_diagonal_gaussian_and_the_standard_one() -> None:
    mu, sigma = vector(3), positive(3)
    holds(
        "kl-gaussian-standard",
        {
            r"D_{\mathrm{KL}}": kl_of_gaussians,
            r"\mathcal{N}": lambda mean, covariance: (mean, covariance),
            r"\boldsymbol{\mu}": mu,
            r"\mu": mu,
            r"\boldsymbol{\sigma}": sigma,
            r"\sigma": sigma,
            r"\mathbf{0}": np.zeros(3),
            r"\mathbf{I}": np.eye(3),
            "J": 3,
        },
        elementwise=True,
    )


def test_mmd_is_reached_by_the_difference_of_the_means() -> None:
    # Functions f(x) = w·φ(x) with φ(x) ∈ ℝ³ and the norm of w: the unit ball is a sphere of directions.
    features_p, features_q = matrix(4, 3), matrix(5, 3)
    away = features_p.mean(0) - features_q.mean(0)
    best = away / np.linalg.norm(away)
    directions = [*matrix(20, 3) * 0.2, best, 3 * best]
    functions = [w.dot for w in directions]
    holds(
        "mmd-definition",
        {
            r"\operatorname{MMD}": lambda p, q: np.sqrt(((p.mean(0) - q.mean(0)) ** 2).sum()),
            "P": features_p,
            "Q": features_q,
            r"\mathcal{H}": functions,
            r"\|f\|_{\mathcal{H}}": given("f", function=lambda f: np.linalg.norm(directions[functions.index(f)])),
            r"\mathbb{E}_{x \sim P}": mean("x", features_p),
            r"\mathbb{E}_{y \sim Q}": mean("y", features_q),
            r"\|\mu_{P} - \mu_{Q}\|_{\mathcal{H}}": np.linalg.norm(away),
        },
    )


def test_mmd_by_kernels() -> None:
    xs, ys, p, q = vector(4), vector(5), distribution(4), distribution(5)

    def kernel(x: float, y: float) -> float:
        return 1 + x * y + (x * y) ** 2  # of the features 1, x, x²

    moments = [xs**k @ p - ys**k @ q for k in (0, 1, 2)]
    pairs = [(x, y) for x in xs for y in ys]
    holds(
        "mmd-kernel",
        {
            r"\operatorname{MMD}^{2}(P, Q)": sum(moment**2 for moment in moments),
            "k": kernel,
            r"\mathbb{E}_{x, x' \sim P}": mean(("x", "x'"), list(itertools.product(xs, xs)), np.outer(p, p).ravel()),
            r"\mathbb{E}_{x \sim P, \, y \sim Q}": mean(("x", "y"), pairs, np.outer(p, q).ravel()),
            r"\mathbb{E}_{y, y' \sim Q}": mean(("y", "y'"), list(itertools.product(ys, ys)), np.outer(q, q).ravel()),
        },
    )


def couplings(size: int, count: int) -> list[Array]:
    """Couplings of two uniform distributions: mixtures of permutations, and the permutations themselves."""
    corners = [np.eye(size)[list(order)] / size for order in itertools.permutations(range(size))]
    return corners + [np.tensordot(distribution(len(corners)), corners, 1) for _ in range(count)]


def test_wasserstein_distance_of_points_on_a_line() -> None:
    # Between as many points on a line, the best plan joins them in order.
    xs, ys, p = vector(3), vector(3), 3.0
    plans = couplings(3, 5)
    holds(
        "wasserstein-p",
        {
            r"W_{p}(\mu, \nu)": float((np.abs(np.sort(xs) - np.sort(ys)) ** p).mean() ** (1 / p)),
            r"\Pi(\mu, \nu)": plans,
            r"\mathcal{X}": None,
            r"\int_{\mathcal{X} \times \mathcal{X}} d(x, y)^{p} \,\mathrm{d}\pi(x, y)": given(
                "\\pi", function=lambda plan: float((np.abs(xs[:, None] - ys) ** p * plan).sum())
            ),
            "p": p,
        },
    )


def test_optimal_transport_of_points() -> None:
    cost, plans = positive(3, 3), couplings(3, 6)
    best = min(float(np.trace(cost[:, list(order)])) / 3 for order in itertools.permutations(range(3)))
    holds(
        "ot-kantorovich",
        {
            r"L_{\mathbf{C}}(\mathbf{a}, \mathbf{b})": best,
            r"U(\mathbf{a}, \mathbf{b})": plans,
            r"\mathbf{C}": cost,
            r"\mathbf{P}": np.eye(3),
            "n": 3,
            "m": 3,
        },
        rows=[1],
    )


def test_couplings_of_two_histograms() -> None:
    cost, one, two = positive(2, 3), distribution(2), distribution(3)
    # The corners of the set: two rows, of which the first is filled up from some bins, one after the other.
    corners = []
    for order in itertools.permutations(range(3)):
        left, row = one[0], np.zeros(3)
        for k in order:
            row[k] = min(left, two[k])
            left -= row[k]
        corners.append(np.array([row, two - row]))
    best = min(float((cost * plan).sum()) for plan in corners)
    names = {
        r"L_{\mathbf{C}}": lambda *_: best,
        "U": lambda *_: corners,
        r"\mathbf{C}": cost,
        r"\mathbf{a}": one,
        r"\mathbf{b}": two,
        "n": 2,
        "m": 3,
    }
    holds("ot-kantorovich", names, rows=[1])
    plans = [np.full((2, 3), 1 / 6), np.outer(one, two)]
    admissible = {"U": lambda *_: plans[1:], r"\mathbb{R}_{+}^{n \times m}": plans}
    holds("ot-kantorovich", {**names, **admissible}, rows=[2])
