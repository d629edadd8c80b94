"""Identities of Gaussians and matrices, the left side by NumPy or by quadrature."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np

from tests.equations.bindings import (
    Array,
    covariance,
    given,
    holds,
    matrix,
    points,
    vector,
)
from tests.equations.reference import density


def parts_of_a_gaussian() -> dict[str, Array]:
    mu, sigma = vector(4), covariance(4)
    return {
        r"\boldsymbol{\mu}": mu,
        r"\boldsymbol{\Sigma}": sigma,
        r"\boldsymbol{\mu}_{a}": mu[:2],
        r"\boldsymbol{\mu}_{b}": mu[2:],
        r"\boldsymbol{\Sigma}_{aa}": sigma[:2, :2],
        r"\boldsymbol{\Sigma}_{ab}": sigma[:2, 2:],
        r"\boldsymbol{\Sigma}_{ba}": sigma[2:, :2],
        r"\boldsymbol{\Sigma}_{bb}": sigma[2:, 2:],
    }


def test_gaussian_conditional() -> None:
    parts, x = parts_of_a_gaussian(), vector(4)
    precision = np.linalg.inv(parts[r"\boldsymbol{\Sigma}"])
    joint = density(x, parts[r"\boldsymbol{\mu}"], parts[r"\boldsymbol{\Sigma}"])
    marginal = density(x[2:], parts[r"\boldsymbol{\mu}_{b}"], parts[r"\boldsymbol{\Sigma}_{bb}"])
    # In terms of the precision, whose blocks give the conditional directly.
    spread = np.linalg.inv(precision[:2, :2])
    holds(
        "gaussian-conditional",
        {
            **parts,
            r"p(\mathbf{x}_{a} \mid \mathbf{x}_{b})": joint / marginal,
            r"\mathcal{N}": density,
            r"\mathbf{x}_{a}": x[:2],
            r"\mathbf{x}_{b}": x[2:],
            r"\boldsymbol{\mu}_{a \mid b}": parts[r"\boldsymbol{\mu}_{a}"]
            - spread @ precision[:2, 2:] @ (x[2:] - parts[r"\boldsymbol{\mu}_{b}"]),
            r"\boldsymbol{\Sigma}_{a \mid b}": spread,
        },
    )


def test_gaussian_marginal() -> None:
    mu, sigma, x = vector(2), covariance(2), 0.3
    at, weights = np.polynomial.legendre.leggauss(200)
    holds(
        "gaussian-marginal",
        {
            r"p(\mathbf{x}_{a})": density(np.array([x]), mu[:1], sigma[:1, :1]),
            r"p(\mathbf{x}_{a}, \mathbf{x}_{b})": given(
                r"\mathbf{x}_{b}", function=lambda b: density(np.array([x, b]), mu, sigma)
            ),
            r"\mathcal{N}": density,
            r"\mathbf{x}_{a}": np.array([x]),
            r"\boldsymbol{\mu}_{a}": mu[:1],
            r"\boldsymbol{\Sigma}_{aa}": sigma[:1, :1],
        },
        over=[points(r"\mathbf{x}_{b}", 20 * at, 20 * weights)],
    )


def test_linear_gaussian_model() -> None:
    # From the joint Gaussian of x and y.
    size, out = 2, 3
    mu, precision, a, b, noise = vector(size), covariance(size), matrix(out, size), vector(out), covariance(out)
    prior, error = np.linalg.inv(precision), np.linalg.inv(noise)
    joint = np.block([[prior, prior @ a.T], [a @ prior, a @ prior @ a.T + error]])
    mean_ = np.concatenate([mu, a @ mu + b])
    x, y = mu + 0.3 * vector(size), a @ mu + b + 0.3 * vector(out)
    both = density(np.concatenate([x, y]), mean_, joint)
    gain = joint[:size, size:] @ np.linalg.inv(joint[size:, size:])
    holds(
        "gaussian-bayes",
        {
            r"p(\mathbf{x})": density(x, mu, prior),
            r"p(\mathbf{y} \mid \mathbf{x})": both / density(x, mu, prior),
            r"p(\mathbf{y})": density(y, mean_[size:], joint[size:, size:]),
            r"p(\mathbf{x} \mid \mathbf{y})": both / density(y, mean_[size:], joint[size:, size:]),
            r"\mathcal{N}": density,
            r"\mathbf{x}": x,
            r"\mathbf{y}": y,
            r"\mathbf{A}": a,
            r"\mathbf{b}": b,
            r"\boldsymbol{\mu}": mu,
            r"\boldsymbol{\Lambda}": precision,
            r"\mathbf{L}": noise,
            r"\boldsymbol{\Sigma}": prior - gain @ joint[size:, :size],
        },
        within=1e-11,  # for densities are small
    )


def test_product_of_gaussians() -> None:
    x, one, two, s, t = vector(2), vector(2), vector(2), covariance(2), covariance(2)
    # As an observation of the first with the noise of the second.
    gain = s @ np.linalg.inv(s + t)
    holds(
        "gaussian-product",
        {
            r"\mathcal{N}": density,
            r"\mathbf{x}": x,
            r"\boldsymbol{\mu}_{1}": one,
            r"\boldsymbol{\mu}_{2}": two,
            r"\boldsymbol{\mu}_{3}": one + gain @ (two - one),
            r"\boldsymbol{\Sigma}_{1}": s,
            r"\boldsymbol{\Sigma}_{2}": t,
            r"\boldsymbol{\Sigma}_{3}": s - gain @ s,
            "c": density(x, one, s) * density(x, two, t) / density(x, one + gain @ (two - one), s - gain @ s),
        },
    )


def gauss_hermite(mean: Array, covariance: Array, function: Callable[[Array], float]) -> float:
    """The mean of a polynomial under a Gaussian, exactly."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(4)
    root, size = np.linalg.cholesky(covariance), len(mean)
    total = sum(
        float(np.prod(weights[list(at)])) * function(mean + root @ nodes[list(at)])
        for at in itertools.product(range(4), repeat=size)
    )
    return total / (2 * np.pi) ** (size / 2)


def test_gaussian_entropy() -> None:
    mu, sigma = vector(3), covariance(3)
    holds(
        "gaussian-entropy",
        {
            "h": lambda gaussian: gauss_hermite(gaussian[0], gaussian[1], lambda x: -math.log(density(x, *gaussian))),
            r"\mathcal{N}": lambda mean, covariance: (mean, covariance),
            r"\boldsymbol{\mu}": mu,
            r"\boldsymbol{\Sigma}": sigma,
            "d": 3,
        },
    )


def test_expected_quadratic_form() -> None:
    mu, sigma, a = vector(3), covariance(3), matrix(3, 3)
    holds(
        "gaussian-quadratic",
        {
            r"\mathbb{E}[\mathbf{x}^{\top} \mathbf{A} \mathbf{x}]": gauss_hermite(
                mu, sigma, lambda x: float(x @ a @ x)
            ),
            r"\mathbf{A}": a,
            r"\boldsymbol{\mu}": mu,
            r"\boldsymbol{\Sigma}": sigma,
        },
    )


# Matrices


def test_woodbury() -> None:
    holds(
        "matrix-woodbury",
        {r"\mathbf{A}": covariance(4), r"\mathbf{B}": covariance(2) + matrix(2, 2) / 5, r"\mathbf{C}": matrix(4, 2)},
    )


def test_sherman_morrison() -> None:
    holds(
        "matrix-sherman-morrison",
        {r"\mathbf{A}": covariance(3) + matrix(3, 3) / 9, r"\mathbf{b}": vector(3), r"\mathbf{c}": vector(3)},
        elementwise=False,
    )


def test_matrix_determinant_lemma() -> None:
    holds("matrix-determinant-lemma", {r"\mathbf{A}": matrix(3, 3), r"\mathbf{u}": vector(3), r"\mathbf{v}": vector(3)})


def test_block_inverse() -> None:
    whole = covariance(5)
    a, b, c = whole[:3, :3], whole[:3, 3:], whole[3:, 3:]
    holds(
        "matrix-block-inverse",
        {
            r"\mathbf{A}": a,
            r"\mathbf{B}": b,
            r"\mathbf{C}": c,
            r"\mathbf{S}": np.linalg.inv(np.linalg.inv(whole)[3:, 3:]),
        },
    )


def test_trace_is_cyclic() -> None:
    holds(
        "matrix-trace",
        {r"\mathbf{A}": matrix(2, 3), r"\mathbf{B}": matrix(3, 4), r"\mathbf{C}": matrix(4, 2)},
        rows=[1],
    )
    holds("matrix-trace", {r"\mathbf{A}": matrix(3, 3), r"\mathbf{x}": vector(3)}, rows=[2])


def test_vec_and_kronecker() -> None:
    def kron(a: Array, b: Array) -> Array:
        return np.einsum("ij,kl->ikjl", a, b).reshape(a.shape[0] * b.shape[0], -1)

    shared = {r"\otimes": kron, r"\operatorname{vec}": lambda x: x.T.ravel()}
    holds(
        "matrix-vec-kron",
        {**shared, r"\mathbf{A}": matrix(2, 3), r"\mathbf{X}": matrix(3, 4), r"\mathbf{B}": matrix(4, 2)},
        rows=[1],
    )
    holds(
        "matrix-vec-kron",
        {
            **shared,
            r"\mathbf{A}": matrix(2, 3),
            r"\mathbf{B}": matrix(3, 2),
            r"\mathbf{C}": matrix(3, 2),
            r"\mathbf{D}": matrix(2, 4),
        },
        rows=[2],
    )
    holds("matrix-vec-kron", {**shared, r"\mathbf{A}": matrix(2, 2), r"\mathbf{B}": matrix(3, 3)}, rows=[3])


def test_singular_value_decomposition() -> None:
    a = matrix(3, 4)
    u, s, v = np.linalg.svd(a, full_matrices=False)
    holds(
        "matrix-svd",
        {
            r"\mathbf{A}": a,
            r"\mathbf{U}": u,
            r"\boldsymbol{\Sigma}": np.diag(s),
            r"\mathbf{V}": v.T,
            r"\sigma": s,
            r"\mathbf{u}": list(u.T),
            r"\mathbf{v}": list(v),
            "r": 3,
        },
    )
