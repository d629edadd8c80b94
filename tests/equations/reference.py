"""What the tests of several topics compare equations with."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.bindings import Array, covariance, vector


def density(x: Array, mean: Array, covariance: Array) -> float:
    """Of a Gaussian, as the density of independent standard ones mapped by the root of the covariance."""
    root = np.linalg.cholesky(np.atleast_2d(covariance))
    z = np.linalg.solve(root, np.atleast_1d(x) - np.atleast_1d(mean))
    return float(np.prod(np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi)) / np.prod(np.diag(root)))


def bell(x: Array, mean: float, deviation: float) -> Array:
    """The density of a Gaussian variable, at each of some numbers."""
    return np.asarray(np.exp(-((x - mean) ** 2) / (2 * deviation**2)) / (deviation * np.sqrt(2 * np.pi)))


def entropy(p: Array) -> float:
    """Of probabilities that are all positive, in nats."""
    return -float(sum(p * np.log(p)))


def kl(p: Array, q: Array) -> float:
    """The divergence of the first from the second, all probabilities positive, in nats."""
    return float(sum(p * np.log(p / q)))


def always(value: Value) -> Callable[..., Value]:
    """The function that is this value whatever it is given."""
    return lambda *_: value


def slope(function: Callable[[Array], Value], x: Array, step: float = 1e-5) -> Array:
    """The derivative by each number in `x`, by central differences."""
    found = np.zeros_like(x, dtype=float)
    for at in np.ndindex(x.shape):
        h = np.zeros_like(found)
        h[at] = step
        found[at] = (function(x + h) - function(x - h)) / (2 * step)
    return found


def softmax(values: Array) -> Array:
    """Over the last axis, by the ratio of each to each."""
    values = np.asarray(values)
    with np.errstate(invalid="ignore"):
        ratios = np.exp(values[..., None, :] - values[..., :, None])
    return np.nan_to_num(1 / ratios.sum(-1))


def sigmoid(x: Array) -> Array:
    return (1 + np.tanh(np.asarray(x) / 2)) / 2


def exponential(matrix: Array) -> Array:
    """Of a matrix, by its series."""
    total = term = np.eye(len(matrix))
    for power in range(1, 40):
        term = term @ matrix / power
        total = total + term
    return np.asarray(total)


class Quadratic:
    """½ xᵀAx − bᵀx, whose minimum and curvatures are known."""

    def __init__(self, size: int = 3) -> None:
        self.a, self.b = covariance(size), vector(size)
        self.best = np.linalg.solve(self.a, self.b)
        self.curvatures = np.linalg.eigvalsh(self.a)

    def value(self, x: Array) -> float:
        return float(x @ self.a @ x / 2 - self.b @ x)

    def slope(self, x: Array) -> Array:
        return np.asarray(self.a @ x - self.b)
