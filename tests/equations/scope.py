"""What the names in a formula stand for while it is read and evaluated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from tests.equations.arithmetic import Array, Value
from tests.equations.nodes import EvaluationError, Row, row_of, written

Environment: TypeAlias = Mapping[Row, Value]
Expression: TypeAlias = Callable[[Environment], Value]


@dataclass(frozen=True)
class Given:
    """A value that depends on others: `p_{\\theta}` on what `\\theta` is, a derivative by `z_{i}` on `i`."""

    names: tuple[str, ...]
    function: Callable[..., Value]
    is_function: bool = False

    def value(self, environment: Environment) -> Value:
        return self.function(*(looked_up(environment, row_of(name)) for name in self.names))


@dataclass(frozen=True)
class Points:
    """What variables run over: their values together, and the weight of each."""

    names: tuple[str, ...]
    values: Sequence[Value] | Array
    weights: Sequence[float] | Array | None = None

    @property
    def rows(self) -> tuple[Row, ...]:
        return tuple(map(row_of, self.names))

    def environments(self, environment: Environment) -> Iterable[Environment]:
        for value in self.values:
            values = (value,) if len(self.names) == 1 else value
            yield {**environment, **dict(zip(self.rows, values, strict=True))}


@dataclass(frozen=True)
class Operator:
    """A sign such as `\\mathbb{E}_{x \\sim p}` that takes what follows at each of its points.

    One of events, such as `\\mathbb{P}`, takes 1 where the relations that follow are true and else 0.
    """

    points: Points
    reduce: Callable[[list[Value]], Value]
    of_events: bool = False
    weights: Given | None = None  # where those of an expectation depend on other names, such as a policy

    def value(self, found: list[Value], environment: Environment) -> Value:
        if self.weights is None:
            return self.reduce(found)
        return sum(weight * value for weight, value in zip(self.weights.value(environment), found, strict=True))


@dataclass(frozen=True)
class Scope:
    """The names that are known where something is read, and how arithmetic is meant."""

    names: Mapping[Row, Value]
    over: Mapping[Row, Points] = field(default_factory=dict)
    elementwise: bool = False

    def inside(self, names: Mapping[Row, Value]) -> Scope:
        """The scope below a sum, with an example of what each of its variables can be."""
        return replace(self, names={**self.names, **names})


def looked_up(environment: Environment, name: Row) -> Value:
    if name not in environment:
        raise EvaluationError("this has no value", written(name))
    value = environment[name]
    return value.value(environment) if isinstance(value, Given) else value


def is_function(value: Value) -> bool:
    """Whether parentheses after it hold its arguments, or after one of its elements."""
    if isinstance(value, Mapping):
        value = tuple(value.values())
    if isinstance(value, list | tuple) and value:
        return is_function(value[0])
    return callable(value)
