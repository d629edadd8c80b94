"""What the operations of a formula mean for numbers, vectors (one-dimensional) and matrices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from tests.equations.nodes import EvaluationError

Array: TypeAlias = npt.NDArray[Any]
Value: TypeAlias = Any  # a number, an array, a function, a set as a list, or a tuple of these


def is_scalar(value: Value) -> bool:
    return not isinstance(value, list | tuple) and np.ndim(value) == 0


def plus(left: Value, right: Value) -> Value:
    """A sum; a number is added to a vector only where the test says that all is elementwise."""
    if np.shape(left) != np.shape(right):
        raise EvaluationError(f"a sum of shapes {np.shape(left)} and {np.shape(right)}")
    return left + right


def times(left: Value, right: Value) -> Value:
    """A product as it is written, without a sign: of numbers, of matrices, inner and outer ones."""
    if callable(left) or callable(right):
        raise EvaluationError("a function without its argument in a product")
    if is_scalar(left) or is_scalar(right):
        return left * right
    left, right = np.asarray(left), np.asarray(right)
    if left.ndim == 1 and right.ndim == 1:
        raise EvaluationError("a product of two vectors of which neither is transposed")
    if left.ndim == 1 and right.shape[0] == 1:
        return np.outer(left, right[0])
    if left.shape[-1] != right.shape[0]:
        raise EvaluationError(f"a product of shapes {left.shape} and {right.shape}")
    product = left @ right
    return product[0] if left.shape[0] == 1 and right.ndim == 1 else product


def applied_or_times(left: Value, right: Value) -> Value:
    """What stands before parentheses: a value that is a function takes what is in them, as in `(K v)(x)`."""
    return left(right) if callable(left) else times(left, right)


def dotted(left: Value, right: Value) -> Value:
    if np.ndim(left) == 1 and np.ndim(right) == 1:
        return left @ right
    return times(left, right)


def hadamard(left: Value, right: Value) -> Value:
    if np.shape(left) != np.shape(right):
        raise EvaluationError(f"an elementwise product of shapes {np.shape(left)} and {np.shape(right)}")
    return np.multiply(left, right)


def divide(left: Value, right: Value) -> Value:
    if not is_scalar(right):
        raise EvaluationError("a division by what is not a number")
    return left / right


def power(base: Value, exponent: Value) -> Value:
    """A power; of a matrix as a product with itself, or its one root without negative eigenvalues."""
    if is_scalar(base) and np.ndim(exponent) == 2:
        return exponential(math.log(base) * exponent)
    if np.ndim(base) == 2:
        return matrix_power(np.asarray(base), exponent)
    if not is_scalar(base) or not is_scalar(exponent):
        raise EvaluationError("a power of a vector, which is only read where the test says elementwise")
    return base**exponent


def matrix_power(base: Value, exponent: Value) -> Value:
    if base.shape[0] != base.shape[1]:
        raise EvaluationError(f"a power of a matrix of shape {base.shape}")
    if float(exponent).is_integer():
        return np.linalg.matrix_power(base, int(exponent))
    if np.allclose(base, base.T):
        values, vectors = np.linalg.eigh(base)
        return (vectors * values**exponent) @ vectors.T
    values, vectors = np.linalg.eig(base)
    if np.iscomplexobj(values) or np.any(values <= 0):
        raise EvaluationError("a root of a matrix that has none or more than one")
    return (vectors * values**exponent) @ np.linalg.inv(vectors)


def exponential(matrix: Value) -> Value:
    """Of a matrix: the series for a small part of it, squared as often as it was halved."""
    part = term = np.asarray(matrix) / 2**10
    result = np.eye(len(part)) + part
    for order in range(2, 12):
        term = term @ part / order
        result = result + term
    return np.linalg.matrix_power(result, 2**10)


def loose(operation: Callable[[Value, Value], Value]) -> Callable[[Value, Value], Value]:
    """NumPy's own meaning, elementwise, for tests that say so."""

    def applied(left: Value, right: Value) -> Value:
        return operation(np.asarray(left, float), np.asarray(right, float))

    return applied


def loose_power(base: Value, exponent: Value) -> Value:
    return np.asarray(base, float) ** exponent


def transposed(value: Value) -> Value:
    """A vector becomes a matrix of one row."""
    value = np.asarray(value)
    return value[np.newaxis, :] if value.ndim == 1 else value.T


def inverse(value: Value) -> Value:
    return 1 / value if is_scalar(value) else np.linalg.inv(value)


def bars(value: Value) -> Value:
    """`|x|`: of a number its size, of a matrix the determinant, of a set how many it has."""
    if isinstance(value, list | set | range | tuple):
        return len(value)
    if np.ndim(value) == 1:
        raise EvaluationError("bars about a vector, which may be its norm or of each component")
    return np.linalg.det(value) if np.ndim(value) == 2 else abs(value)


def norm(value: Value, order: Value) -> Value:
    """A norm: p-norms of vectors, of matrices only those that are named."""
    if order == "F":
        return float(np.sqrt(np.sum(np.square(value))))
    if np.ndim(order) == 2:
        return float(np.sqrt(value @ order @ value))
    if np.ndim(value) == 2 and order is None:
        raise EvaluationError("a norm of a matrix that does not say which")
    if np.ndim(value) == 2 and order == 1:
        raise EvaluationError("the 1-norm of a matrix, of which there are two")
    return float(np.linalg.norm(np.atleast_1d(value), 2 if order is None else order))


def indexed(value: Value, index: Value, what: str) -> Value:
    """`x_{i}`: arrays and lists count from 1, a mapping has its own keys."""
    if isinstance(value, Mapping):
        key = tuple(map(plain, index)) if isinstance(index, tuple) else plain(index)
        if key not in value:
            raise EvaluationError(f"{what} has no index {key}")
        return value[key]
    indices = index if isinstance(index, tuple) else (index,)
    for one in indices:
        if is_scalar(value) or isinstance(value, Mapping):
            raise EvaluationError(f"{what} has too many indices")
        number = plain(one)
        if not isinstance(number, int) or not 1 <= number <= len(value):
            raise EvaluationError(f"{what} has no index {number}")
        value = value[number - 1]
    return value


def without(value: Array, index: float) -> Array:
    """`x_{-i}`: a vector without its i-th entry, a matrix without that row and that column."""
    for axis in range(value.ndim):
        value = np.delete(value, int(index) - 1, axis)
    return value


def plain(index: Value) -> Value:
    """A whole number as an int, so that a mapping finds it."""
    if isinstance(index, float | int | np.number) and float(index).is_integer():
        return int(index)
    return index


def logarithm(base: float) -> Callable[[Value], Value]:
    return lambda value: np.log(value) / math.log(base)


def diagonal(value: Value) -> Value:
    return np.diag(value)


def largest(*values: Value) -> Value:
    return greatest(np.maximum, values)


def smallest(*values: Value) -> Value:
    return greatest(np.minimum, values)


def greatest(choose: Callable[[Value, Value], Value], values: Sequence[Value]) -> Value:
    if len(values) == 1 and isinstance(values[0], tuple | list | set):
        values = tuple(values[0])
    if len(values) < 2:
        raise EvaluationError("a maximum or minimum of one value without what it is over")
    result = values[0]
    for value in values[1:]:
        result = choose(result, value)
    return result


def of_numbers(function: Callable[[Value], Value]) -> Callable[[Value], Value]:
    """A function of a number, or of each component of a vector; of a matrix it could be another thing."""

    def applied(value: Value) -> Value:
        if np.ndim(value) > 1:
            raise EvaluationError("a function of numbers on a matrix; bind it to what is meant")
        return function(value)

    return applied


FUNCTIONS: dict[str, Callable[..., Value]] = {
    **{name: of_numbers(getattr(np, name)) for name in "exp sin cos tan sinh cosh tanh arctan arccos arcsin".split()},
    "log": of_numbers(np.log),
    "ln": of_numbers(np.log),
    "sign": of_numbers(np.sign),
    "sgn": of_numbers(np.sign),
    "det": np.linalg.det,
    "tr": np.trace,
    "Tr": np.trace,
    "diag": diagonal,
    "max": largest,
    "min": smallest,
}
