"""Sums, products, maxima, minima and expectations over a range."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.equations.arithmetic import Value
from tests.equations.nodes import Node, Row
from tests.equations.ranges import all_of, occurs, ranged, sample_of
from tests.equations.reader import ADDITIONS, Reader, enclosed, negated
from tests.equations.rows import split
from tests.equations.scope import Environment, Expression, Operator, Scope
from tests.equations.tables import condition


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


def goes_on(variables: list[Row], reader: Reader) -> bool:
    """Whether what follows a term has a variable that has no value outside of the extremum, and so belongs to it."""
    rest = reader.row[reader.at :]
    return any(name not in reader.scope.names and occurs(name, before_bound(name, rest)) for name in variables)


def before_bound(name: Row, row: Row) -> Row:
    """A row up to the sum or extremum that has the variable for its own."""
    return tuple(
        itertools.takewhile(lambda node: node.kind not in ("large", "function") or not occurs(name, node.sub), row)
    )


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
