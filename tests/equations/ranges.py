"""What stands below a sign, `i = 1`, `x \\in X`, `j \\neq i` or `x`: all ways in which its variables can be chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.nodes import EvaluationError, Node, Row, written
from tests.equations.reader import RELATIONS, Reader
from tests.equations.rows import split
from tests.equations.scope import Environment, Expression, Points, Scope
from tests.equations.tables import condition, member

Step: TypeAlias = Callable[[Environment], Iterable[Environment]]  # one part of a subscript: more variables, or fewer
COMMA = Node("sign", ",")


def ranged(row: Row, sup: Row, scope: Scope) -> tuple[list[Step], Scope, list[Row]]:
    """The parts of a subscript, from left to right, the scope with their variables, and these."""
    variables: dict[Row, Value] = {}
    steps: list[Step] = []
    waiting: list[Row] = []
    groups = subscript_parts(row)
    for number, group in enumerate(groups):
        at = relation_in(group)
        if begins_range(group, at, sup):
            names = [*waiting, group[:at]]
            step, sample = domain(names, group[at].text, group[at + 1 :], sup, scope)
            waiting = []
        elif at < len(group):
            step, sample = filtered(group, scope, sup)
        elif begins_range(after(groups, number), relation_in(after(groups, number)), sup):
            waiting.append(group)  # i, j = 1
            continue
        else:
            step, sample = everywhere([group], scope)
        steps.append(step)
        variables |= sample
        scope = scope.inside(sample)
    return steps, scope, list(variables)


def begins_range(group: Row, at: int, sup: Row) -> bool:
    """Whether it is `x ∈ 𝒳` or `i = 1` with more after it; `y = 1` alone is a condition."""
    if at == len(group):
        return False
    return group[at].is_sign("∈") or (group[at].is_sign("=") and bool(sup or any(one == COMMA for one in group)))


def after(groups: list[Row], number: int) -> Row:
    return groups[number + 1] if number + 1 < len(groups) else ()


def subscript_parts(row: Row) -> list[Row]:
    if len(row) == 1 and row[0].kind == "table":
        return [part for line in row[0].parts[0] for part in split(line.parts[0], ",")]
    parts: list[Row] = []
    for part in split(row, ",", ":"):
        if [node.kind for node in part] == ["number"] and parts:
            parts[-1] = (*parts[-1], COMMA, *part)  # i = 1, 2
        else:
            parts.append(part)
    return parts


def relation_in(row: Row) -> int:
    """Where the first relation of a row is, or its end."""
    return next((at for at, node in enumerate(row) if node.kind == "sign" and node.text in RELATIONS), len(row))


def domain(names: list[Row], relation: str, end: Row, sup: Row, scope: Scope) -> tuple[Step, dict[Row, Value]]:
    """`i = 1` with its upper bound, `i = 1, 2`, or `x ∈ 𝒳`."""
    listed = split(end, ",")
    first = Reader(listed[0], scope).whole()
    last = Reader(sup, scope).whole() if sup and relation == "=" else first

    def values(environment: Environment) -> Iterable[Value]:
        if len(listed) > 1:
            return [int(part[0].text) for part in listed]
        if relation == "=":
            return range(whole(first(environment)), whole(last(environment)) + 1)
        return members(first(environment))

    def step(environment: Environment) -> Iterator[Environment]:
        environments = [environment]
        for name in names:
            environments = [{**one, **bound(name, value)} for one in environments for value in values(environment)]
        yield from environments

    known = scope.names.get(end)
    example = known[0] if relation == "∈" and isinstance(known, list) and known else 0.0
    return step, {part: value for name in names for part, value in bound(name, example).items()}


def bound(name: Row, value: Value) -> dict[Row, Value]:
    """A variable with its value, or several in parentheses with the parts of it."""
    if not name[0].is_sign("("):
        return {name: value}
    parts = split(name[1:-1], ",")
    return dict(zip(parts, value if isinstance(value, tuple) else [value] * len(parts), strict=True))


def members(values: Value) -> Iterable[Value]:
    if not isinstance(values, list | tuple | range | set | np.ndarray):
        raise EvaluationError("a range that is no set")
    return values


def whole(bound: Value) -> int:
    if not float(bound).is_integer():
        raise EvaluationError(f"a sum with the bound {bound}")
    return int(bound)


def filtered(group: Row, scope: Scope, sup: Row) -> tuple[Step, dict[Row, Value]]:
    """`j ≠ i`: of the variables without a value, all that make it true; up to a bound, from one on."""
    if sup:
        name = group[: relation_in(group)]
        within, sample = domain([name], "=", (Node("number", "1"),), sup, scope)
        bounded_holds = condition(group, scope.inside(sample))
        return lambda environment: (one for one in within(environment) if bounded_holds(one)), sample
    free = [name for name in scope.over if name not in scope.names and occurs(name, group)]
    step, sample = everywhere(free, scope) if free else (lambda environment: [environment], {})
    holds = condition(group, scope.inside(sample))
    return lambda environment: (one for one in step(environment) if holds(one)), sample


def occurs(name: Row, row: Row) -> bool:
    return any(row[at : at + len(name)] == name for at in range(len(row)))


def everywhere(names: list[Row], scope: Scope) -> tuple[Step, dict[Row, Value]]:
    """`x`: all that the test says it runs over."""
    for name in names:
        if name not in scope.over:
            raise EvaluationError("the test does not say what this runs over", written(name))
    points = [scope.over[name] for name in names]

    def step(environment: Environment) -> Iterable[Environment]:
        environments: Iterable[Environment] = [environment]
        for one in points:
            environments = [after for before in environments for after in one.environments(before)]
        return environments

    return step, {name: value for one in points for name, value in sample_of(one).items()}


def sample_of(points: Points) -> dict[Row, Value]:
    first = next(iter(points.environments({})))
    return dict(first)


def all_of(steps: list[Step], environment: Environment) -> Iterator[Environment]:
    """Every way in which the variables can be chosen."""
    if not steps:
        yield environment
        return
    for inner in steps[0](environment):
        yield from all_of(steps[1:], inner)


def chosen(row: Row, scope: Scope) -> Expression:
    """`\\{ j : t_{j} \\geq t \\}`, `\\{ x_{j} : j \\leq n \\}`, `\\{ x \\in X : x > 0 \\}`, all that it is true of."""
    value, *conditions = split(row, ":")
    variable = value[: relation_in(value)]
    parts = conditions[0] if variable == value and value not in scope.over else row
    steps, inside, _ = ranged(parts, (), scope)
    body = Reader(variable, inside).whole()
    return lambda environment: different(body(inner) for inner in all_of(steps, environment))


def different(values: Iterable[Value]) -> list[Value]:
    """Each value once, as a set has it."""
    found: list[Value] = []
    for value in values:
        if not member(value, found):
            found.append(value)
    return found
