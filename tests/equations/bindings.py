"""What a test gives to an equation: random inputs, what variables run over, and the question whether it holds."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Catalogue
from tests.equations.arithmetic import Array, Value
from tests.equations.evaluate import STATED, Situation, Statement, close, named, scope_of, statements, untrue
from tests.equations.nodes import EvaluationError, Row
from tests.equations.scope import Given, Operator, Points

__all__ = ["STATED", "Array", "chance", "each", "given", "holds", "mean", "points"]

Values: TypeAlias = Sequence[Value] | Array
Bindings: TypeAlias = Mapping[str, Value]

RANDOM = np.random.default_rng(0)
SEED = 20261123


def reseed() -> None:
    """The same inputs whichever tests have run before."""
    RANDOM.bit_generator.state = np.random.default_rng(SEED).bit_generator.state


# Random inputs


def number(low: float = 0.5, high: float = 2.0) -> float:
    return float(RANDOM.uniform(low, high))


def vector(size: int) -> Array:
    return RANDOM.normal(size=size)


def positive(*shape: int) -> Array:
    return RANDOM.uniform(0.3, 2.0, size=shape)


def matrix(rows: int, columns: int) -> Array:
    return RANDOM.normal(size=(rows, columns))


def covariance(size: int) -> Array:
    """A symmetric positive definite matrix that is not near to a multiple of another."""
    root = RANDOM.normal(size=(size, size))
    return root @ root.T + np.diag(RANDOM.uniform(0.5, 1.5, size=size))


def distribution(*shape: int) -> Array:
    weights = RANDOM.uniform(0.1, 1.0, size=shape)
    return np.asarray(weights / weights.sum())


# What takes a range


def points(names: str | tuple[str, ...], values: Values, weights: Sequence[float] | Array | None = None) -> Points:
    """What variables run over; with weights also for integrals."""
    return Points((names,) if isinstance(names, str) else names, values, weights)


def mean(
    names: str | tuple[str, ...], values: Values, weights: Sequence[float] | Array | Given | None = None
) -> Operator:
    """An expectation over finitely many points, equally likely unless weights are given."""
    if isinstance(weights, Given):
        return Operator(points(names, values), sum, weights=weights)
    shares = [1 / len(values)] * len(values) if weights is None else weights

    def reduce(found: list[Value]) -> Value:
        return sum(weight * value for weight, value in zip(shares, found, strict=True))

    return Operator(points(names, values, shares), reduce)


def chance(names: str | tuple[str, ...], values: Values, weights: Sequence[float] | Array | None = None) -> Operator:
    """A probability over finitely many points: that what is in the parentheses after it is true."""
    return replace(mean(names, values, weights), of_events=True)


@lru_cache
def rule(size: int) -> tuple[Array, Array]:
    nodes, weights = np.polynomial.legendre.leggauss(size)
    return nodes, weights


def grid(low: float, high: float, size: int = 400) -> tuple[Array, Array]:
    """Points and weights of Gauss and Legendre's rule."""
    nodes, weights = rule(size)
    return (low + high) / 2 + (high - low) / 2 * nodes, (high - low) / 2 * weights


def given(*names: str, function: Callable[..., Value], is_function: bool = False) -> Given:
    """A value that is computed from those of other names each time it is asked for."""
    return Given(names, function, is_function)


class Each(tuple[Value, ...]):
    """Values of which each is tried."""


def each(*values: Value) -> Each:
    return Each(values)


# The question


@lru_cache(maxsize=1)
def catalogue() -> Catalogue:
    return load_builtin()[0]


REPLACED: dict[str, str] = {}  # the bodies of entries that are being tried in another form
ASKED: list[str] = []  # the ids that `holds` has been asked about


def body_of(entry_id: str) -> str:
    ASKED.append(entry_id)
    if entry_id in REPLACED:
        return REPLACED[entry_id]
    entry = catalogue().get(entry_id)
    assert entry is not None, f"there is no entry {entry_id}"
    return entry.body.latex


def holds(
    entry_id: str,
    bindings: Bindings,
    *,
    over: Collection[Points] = (),
    rows: Collection[int | tuple[int, int]] = (),
    after: Bindings | None = None,
    within: float = 1e-7,
    elementwise: bool = False,
    reached: float | None = None,
    objective: Value = None,
) -> None:
    """Asserts that each relation of an entry is true of these values.

    `rows` looks only at what begins on these rows, `(1, 2)` at the second statement on the first.
    `after` has the values that `\\leftarrow` gives.
    `reached` says that each bound is reached, as nearly as that, by one of the values that are tried.
    `objective` is what an expression without a relation comes to, such as `\\min_{x} f(x)` before its constraints.
    """
    found = [
        one for one in statements(body_of(entry_id)) if not rows or one.row in rows or (one.row, one.place) in rows
    ]
    assert found, f"{entry_id} has nothing on the rows {rows}"
    proportions: dict[Row, list[float]] = {}
    gaps: dict[tuple[str, int], float] = {}
    for chosen in choices(bindings):
        names = named(chosen)
        scope = scope_of(names, over, elementwise)
        situation = Situation(scope, names, named(after or {}))
        for statement in found:
            if not statement.signs and objective is not None:
                equals(entry_id, statement, situation.objective(statement.sides[0]), objective, within)
                continue
            look(entry_id, statement, situation, within, proportions)
            for number, gap in enumerate(gaps_of(statement, situation) if reached is not None else ()):
                gaps[str(statement), number] = min(gap, gaps.get((str(statement), number), gap))
    for (said, _), gap in gaps.items():
        assert gap <= (reached or 0.0), f"{entry_id}: {said} is not reached but for {gap}"
    for statement_row, ratios in proportions.items():
        assert len(ratios) > 1, f"{entry_id}: proportional to what, {statement_row}"
        assert np.allclose(ratios, ratios[0], rtol=within), f"{entry_id}: not proportional: {ratios}"


def gaps_of(statement: Statement, situation: Situation) -> Iterator[float]:
    """How far the sides of each inequality are from each other, as a part of the larger one."""
    for number, sign in enumerate(statement.signs):
        if sign in "≤≥":
            left, right = (float(situation.value(side)) for side in statement.sides[number : number + 2])
            yield abs(left - right) / max(abs(left), abs(right), 1e-300)


def look(
    entry_id: str, statement: Statement, situation: Situation, within: float, proportions: dict[Row, list[float]]
) -> None:
    """One statement in one situation; what is said to be proportional is collected."""
    if not statement.signs:
        raise EvaluationError("this says nothing that can be true or not", f"{entry_id}: {statement}")
    if statement.signs == ("∝",):
        left, right = (situation.value(side) for side in statement.sides)
        assert np.shape(left) == np.shape(right), f"{entry_id}: of different shapes, {statement}"
        proportions.setdefault(statement.sides[0], []).extend(np.ravel(np.asarray(left) / np.asarray(right)).tolist())
        return
    wrong = list(untrue(statement, situation, within))
    assert wrong == [], f"{entry_id}, " + "\n".join(wrong)


def equals(entry_id: str, statement: Statement, found: Value, expected: Value, within: float) -> None:
    assert close(found, expected, within), f"{entry_id}: {statement}\n{found!r}\nnot {expected!r}"


def choices(bindings: Bindings) -> Iterator[Bindings]:
    """The bindings with each of the values that are to be tried."""
    many = {name: value for name, value in bindings.items() if isinstance(value, Each)}
    for values in itertools.product(*many.values()):
        yield {**bindings, **dict(zip(many, values, strict=True))}
