"""Integrals between bounds or over points of the test, and derivatives by differences."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.nodes import Node, Row, written
from tests.equations.ranges import sample_of
from tests.equations.reader import Reader
from tests.equations.scope import Environment, Expression

DIFFERENTIAL = Node("name", "upright d")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
STEP = 1e-5  # of a derivative
FAR = 40.0  # where an integral to infinity ends


def integral(reader: Reader, node: Node) -> Expression:
    """An integral of what stands before its differential: between bounds, or over the test's points."""
    reader.take()
    start, end = reader.at, differential(reader)
    body_row = reader.row[start:end]
    reader.at = end + 1
    name = variable(reader)
    points = reader.scope.over.get(name)
    if node.sub and node.sup:
        scope = reader.scope.inside({name: 0.5})
        return bounded(name, Reader(body_row, scope).whole(), reader.of(node.sub), reader.of(node.sup))
    if points is None or points.weights is None:
        raise reader.error(f"the test has no points with weights for {written(name)}, before")
    body = Reader(body_row, reader.scope.inside(sample_of(points))).whole()
    weights = points.weights

    def value(environment: Environment) -> Value:
        inner = points.environments(environment)
        return sum(weight * body(one) for weight, one in zip(weights, inner, strict=True))

    return value


def differential(reader: Reader) -> int:
    """Where the `\\mathrm{d}` of the integral is that has just been read."""
    depth = 1
    for at in range(reader.at, len(reader.row)):
        node = reader.row[at]
        depth += (node.kind == "large" and node.text == "∫") - (node.bare == DIFFERENTIAL)
        if depth == 0:
            return at
    raise reader.error("an integral without a differential")


def variable(reader: Reader) -> Row:
    """The variable after `\\mathrm{d}`, or a measure that the test knows points of."""
    for name in sorted(reader.scope.over, key=len, reverse=True):
        if reader.row[reader.at : reader.at + len(name)] == name:
            reader.at += len(name)
            return name
    return (reader.take(),)


def bounded(name: Row, body: Expression, low: Expression, high: Expression) -> Expression:
    """Gauss and Legendre's rule; infinity is not far for what falls as a Gaussian does."""

    def value(environment: Environment) -> Value:
        start, end = (max(-FAR, min(FAR, float(bound(environment)))) for bound in (low, high))
        middle, half = (start + end) / 2, (end - start) / 2
        return half * sum(
            weight * body({**environment, name: middle + half * node})
            for node, weight in zip(NODES, WEIGHTS, strict=True)
        )

    return value


def gradient(reader: Reader, node: Node) -> Expression:
    """`\\nabla_{x}` of the factor that follows, by central differences."""
    if not node.sub or node.sup:
        raise reader.error("a derivative that does not say by what")
    reader.take()
    body = reader.factor()
    name = node.sub
    if name not in reader.scope.names:
        raise reader.error(f"a derivative by {written(name)}, which has no value, before")

    def value(environment: Environment) -> Value:
        def at(point: Value) -> Value:
            return body({**environment, name: point})

        return derivative(at, environment[name])

    return value


def derivative(function: Callable[[Value], Value], point: Value) -> Value:
    """The gradient of a number or the Jacobian of a vector, at a number or a vector."""
    if np.ndim(point) == 0:
        return (function(point + STEP) - function(point - STEP)) / (2 * STEP)
    point = np.asarray(point, float)
    slopes = []
    for index in np.ndindex(point.shape):
        step = np.zeros_like(point)
        step[index] = STEP
        slopes.append((function(point + step) - function(point - step)) / (2 * STEP))
    return np.moveaxis(
        np.array(slopes).reshape(point.shape + np.shape(slopes[0])), range(point.ndim), range(-point.ndim, 0)
    )
