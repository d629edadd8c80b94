"""What takes a range: sums, products, maxima, expectations, integrals and derivatives."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.nodes import EvaluationError, Node, Row, written
from tests.equations.reader import ADDITIONS, RELATIONS, Reader, enclosed, negated, split
from tests.equations.scope import Environment, Expression, Operator, Points, Scope
from tests.equations.tables import condition, member

Step: TypeAlias = Callable[[Environment], Iterable[Environment]]  # one part of a subscript: more variables, or fewer
COMMA = Node("sign", ",")
DIFFERENTIAL = Node("name", "upright d")
NODES, WEIGHTS = np.polynomial.legendre.leggauss(200)
STEP = 1e-5  # of a derivative
FAR = 40.0  # where an integral to infinity ends


# Below the sign: i = 1, x ∈ 𝒳, j ≠ i, x


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


# Sums, maxima, expectations


def summed(reader: Reader, node: Node) -> Expression:
    """A sum or a product over the term that follows."""
    if node.text not in ("∑", "∏"):
        raise reader.error("a sign without a meaning")
    reader.take()
    steps, scope, _ = ranged(node.sub, node.sup, reader.scope)
    body = body_of(reader, scope)
    combine = reader.operation("+" if node.text == "∑" else "")

    def value(environment: Environment) -> Value:
        result: Value = None
        for inner in all_of(steps, environment):
            result = body(inner) if result is None else combine(result, body(inner))
        return result if result is not None else float(node.text == "∏")

    return value


def body_of(reader: Reader, scope: Scope, read: Callable[[Reader], Expression] = Reader.term) -> Expression:
    """What stands after a sum: a term, which may begin with a sign."""
    outer, reader.scope = reader.scope, scope
    sign = reader.take() if reader.sees(*ADDITIONS) and read is Reader.term else None
    body = read(reader)
    reader.scope = outer
    return negated(body) if sign is not None and sign.text == "−" else body


def extremal(reader: Reader, node: Node) -> Expression:
    """A maximum, an infimum or where one is, over what is below it."""
    opens_problem = reader.of_problem and all(before.bare.kind == "function" for before in reader.row[: reader.at])
    reader.take()
    if node.sup:
        raise reader.error("a power of an extremum, before")
    steps, scope, variables = ranged(node.sub, (), reader.scope)
    kind = node.text.replace(" ", "")
    # Where a sum is least is no number that something could be added to: all that follows belongs to it.
    start = reader.at
    body = body_of(reader, scope, Reader.expression if opens_problem or kind.startswith("arg") else Reader.term)
    if reader.sees(*ADDITIONS) and goes_on(variables, reader):
        reader.at = start
        body = body_of(reader, scope, Reader.expression)
    choose = max if kind in ("max", "sup", "argmax") else min

    def value(environment: Environment) -> Value:
        found = [(body(inner), inner) for inner in all_of(steps, environment)]
        best = choose(found, key=lambda one: float(one[0]))
        places = tuple(best[1][variable] for variable in variables)
        return (places if len(places) > 1 else places[0]) if kind.startswith("arg") else best[0]

    return value


def operated(reader: Reader, operator: Operator) -> Expression:
    """An expectation of what is in the brackets after it, given what is after a bar, or of the term that follows."""
    scope = reader.scope.inside(sample_of(operator.points))
    if not operator.of_events and not reader.sees("[", "(", "{"):
        return reduced(operator, body_of(reader, scope))
    what, *conditions = split(enclosed(reader), "∣")
    closing = reader.row[reader.at - 1]
    body = truth(what, scope) if operator.of_events else Reader(what, scope).whole()
    if not conditions:
        return reader.scripted(reduced(operator, body), closing)
    (known,) = (truth(one, scope) for one in conditions)
    both = reduced(operator, lambda environment: body(environment) * known(environment))
    share = reduced(operator, known)
    return reader.scripted(lambda environment: both(environment) / share(environment), closing)


def truth(row: Row, scope: Scope) -> Expression:
    """1 where the relations of a row are true and else 0."""
    holds = condition(row, scope)
    return lambda environment: float(holds(environment))


def reduced(operator: Operator, body: Expression) -> Expression:
    def value(environment: Environment) -> Value:
        return operator.value([body(inner) for inner in operator.points.environments(environment)], environment)

    return value


def goes_on(variables: list[Row], reader: Reader) -> bool:
    """Whether what follows a term has a variable that has no value outside of the extremum, and so belongs to it."""
    rest = reader.row[reader.at :]
    return any(name not in reader.scope.names and occurs(name, before_bound(name, rest)) for name in variables)


def before_bound(name: Row, row: Row) -> Row:
    """A row up to the sum or extremum that has the variable for its own."""
    return tuple(
        itertools.takewhile(lambda node: node.kind not in ("large", "function") or not occurs(name, node.sub), row)
    )


# Integrals and derivatives


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
