"""A row of nodes as an expression: precedence, application, scripts. What cannot be read for certain is an error."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

import numpy as np

from tests.equations import arithmetic
from tests.equations.arithmetic import Value
from tests.equations.nodes import EvaluationError, Node, Row, written
from tests.equations.rows import scripts_left, split
from tests.equations.scope import Environment, Expression, Given, Operator, Scope, is_function, looked_up

CLOSERS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⌊": "⌋", "⌈": "⌉", "|": "|", "‖": "‖"}
RELATIONS = frozenset("= ≔ ≡ ≜ ≈ ≤ ≥ < > ∝ ← → ∼ ∈ ∉ ≠ ⊆ ⊂ ≪ ≫ : ⇒ ⇔ ⟺ ↦ ⟹ ⪯ ⪰ ≻ ≺ ≃".split())
ADDITIONS = frozenset("+ −".split())
PRODUCTS = frozenset("· × ⊙ / ∘ ⊗ ⊕ ⊖ * \\ ∪ ∩ ∧ ∨ ⋆ ± ∓".split())
SEPARATORS = frozenset(", ; ∣ | ‖ :".split())
ENDS = frozenset(") ] } ⟩ ⌋ ⌉ … ⋯ !".split())
NOT_A_FACTOR = RELATIONS | ADDITIONS | PRODUCTS | SEPARATORS | ENDS
CONSTANTS = {"e": math.e, "π": math.pi}
TRANSPOSES = ((Node("sign", "⊤"),), (Node("name", "upright T"),))
OPENING_A_CONDITION = ((Node("sign", "{"),), (Node("sign", "["),))
MINUS = Node("sign", "−")


class Reader:
    """Walks along one row; if that is a problem, the extrema at its beginning are of all that follows."""

    def __init__(self, row: Row, scope: Scope, of_problem: bool = False) -> None:
        self.row, self.scope, self.at = row, scope, 0
        self.of_problem = of_problem
        self.inside: list[str] = []  # the delimiters around us, innermost last; those of arguments as "call"

    # Where we are

    @property
    def next(self) -> Node | None:
        return self.row[self.at] if self.at < len(self.row) else None

    def sees(self, *signs: str) -> bool:
        return self.next is not None and self.next.is_sign(*signs)

    def take(self) -> Node:
        if self.next is None:
            raise self.error("something is missing")
        self.at += 1
        return self.row[self.at - 1]

    def error(self, what: str) -> EvaluationError:
        return EvaluationError(what, written(self.row[self.at :]) or f"the end of {written(self.row)}")

    def whole(self) -> Expression:
        """The row as one expression to its end."""
        result = self.expression()
        if self.next is not None:
            raise self.error("this cannot be read here")
        return result

    def of(self, row: Row) -> Expression:
        return Reader(row, self.scope).whole()

    # Sums and products

    def expression(self) -> Expression:
        start = self.at
        sign = self.take().text if self.sees(*ADDITIONS) else "+"
        result = self.term()
        if sign == "−":
            result = negated(result)
        while self.sees(*ADDITIONS):
            sign = self.take().text
            term = self.term()
            result = self.combined("+", result, negated(term) if sign == "−" else term, start)
        return result

    def term(self) -> Expression:
        """Factors side by side, and such products joined by signs from left to right."""
        start = self.at
        result = self.product()
        while self.sees(*PRODUCTS):
            sign = self.take().text
            if sign != "/":
                result = self.combined(sign, result, self.product(), start)
                continue
            result = self.combined("/", result, self.factor(), start)
            if self.sees_factor():
                raise self.error("a division before a product could end in two places")
        return result

    def product(self) -> Expression:
        start = self.at
        result = self.factor()
        while self.sees_factor():
            apply = self.sees("(")
            result = self.combined("(" if apply else "", result, self.factor(), start)
        return result

    def sees_factor(self) -> bool:
        node = self.next
        if node is None or node.kind in ("text", "quad"):
            return False
        if node.is_sign("|", "‖"):
            return not self.inside or self.inside[-1] in "([{"
        return node.kind != "sign" or node.text not in NOT_A_FACTOR

    def combined(self, sign: str, left: Expression, right: Expression, start: int) -> Expression:
        operation = self.operation(sign)
        place = written(self.row[start : self.at])

        def value(environment: Environment) -> Value:
            try:
                return operation(left(environment), right(environment))
            except EvaluationError as error:
                raise error.at(place) from None

        return value

    def operation(self, sign: str) -> Callable[[Value, Value], Value]:
        """What a sign between two values means: the test's own meaning first."""
        own = self.scope.names.get((Node("sign", sign),))
        if own is not None:
            return own
        if sign not in OPERATIONS:
            raise self.error(f"the operation {sign} has no meaning here")
        strict, loose = OPERATIONS[sign]
        return loose if self.scope.elementwise else strict

    # Factors

    def factor(self) -> Expression:
        result = self.primary()
        while self.sees("!"):
            self.take()
            result = applied(lambda value: math.gamma(value + 1), result)
        return result

    def primary(self) -> Expression:
        found = self.known_name()
        if found is not None:
            return self.named(*found)
        node = self.next
        if node is None:
            raise self.error("something is missing")
        from tests.equations.factors import PRIMARIES  # which read expressions inside of them

        read = PRIMARIES.get(node.kind)
        if read is None:
            raise self.error(f"a {node.kind} cannot be read here")
        return read(self, node)

    def known_name(self) -> tuple[Row, Row, Row] | None:
        """The longest name that stands here, with the scripts that are not part of it."""
        best: tuple[tuple[int, int], tuple[Row, Row, Row]] | None = None
        for name in self.scope.names:
            left = scripts_left(name, self.row[self.at : self.at + len(name)])
            if left is not None:
                size = (len(name), len(name[-1].sub) + len(name[-1].sup))
                if best is None or size > best[0]:
                    best = size, (name, *left)
        return best[1] if best else None

    def named(self, name: Row, sub: Row, sup: Row) -> Expression:
        """A name of the test with its index, its arguments and its power."""
        sample = self.scope.names[name]
        if isinstance(sample, Operator):
            from tests.equations.sums import operated  # which reads what it is over

            if sub or sup:
                raise self.error("scripts that the operator does not have")
            self.at += len(name)
            return operated(self, sample)
        node = self.row[self.at + len(name) - 1]
        self.at += len(name)

        value: Expression = partial(looked_up, name=name)
        if sup and sup[0].is_sign("("):
            end = next(at for at, one in enumerate(sup) if one.is_sign(")"))
            value, sup = self.indexed(value, sup[1:end], node), sup[end + 1 :]
        if sub:
            value = self.indexed(value, sub, node)
        if self.takes_arguments(name):
            if sup:
                raise self.error("a power of a function")
            return self.call(value)
        return self.with_power(value, sup)

    def takes_arguments(self, name: Row) -> bool:
        sample = self.scope.names[name]
        if isinstance(sample, Given):
            return sample.is_function and self.sees("(", "[")
        return is_function(sample) and (self.sees("(", "[") or name[-1].kind == "function")

    def call(self, function: Expression) -> Expression:
        """A function with its arguments in parentheses, or with what follows it."""
        if not self.sees("(", "["):
            return applied_to(function, [self.argument()])
        arguments, closing = self.arguments("call")
        return self.scripted(applied_to(function, arguments), closing)

    def arguments(self, kind: str = "") -> tuple[list[Expression], Node]:
        """What is between parentheses, and the one that closes them with its scripts."""
        opening = self.take()
        self.inside.append(kind or opening.text)
        arguments: list[Expression] = []
        while not self.sees(CLOSERS[opening.text]):
            if self.sees("·"):
                self.take()
                arguments.append(lambda _: "·")
            else:
                arguments.append(self.expression())
            if self.sees(CLOSERS[opening.text]):
                break
            if self.sees(*SEPARATORS):
                self.take()
            else:
                raise self.error(f"this cannot be read inside of {opening.text}")
        self.inside.pop()
        return arguments, self.take()

    def argument(self) -> Expression:
        """What a function takes that has no parentheses: simple factors, or one that is not simple."""
        start = self.at
        result = self.factor()
        simple = all(node.kind in ("name", "number", "accent") for node in self.row[start : self.at])
        while self.sees_factor():
            if self.next is not None and self.next.kind == "function":
                break
            if not simple and not (self.next is not None and self.next.kind == "large"):
                raise self.error("a function without parentheses could end in two places")
            before = self.at
            result = self.combined("", result, self.factor(), start)
            simple = all(node.kind in ("name", "number", "accent") for node in self.row[before : self.at])
        return result

    # Scripts

    def scripted(self, value: Expression, node: Node) -> Expression:
        """A value with the index and the power on the sign that ends it, or what the test has that sign mean."""
        own = self.scope.names.get((node,)) if node.kind == "sign" else None
        if own is not None:
            return applied(own, value)
        if node.sub == (Node("sign", "+"),):
            value = applied(lambda inner: np.maximum(inner, 0.0), value)
        elif node.sub:
            value = self.indexed(value, node.sub, node)
        return self.with_power(value, node.sup)

    def indexed(self, value: Expression, sub: Row, node: Node) -> Expression:
        """`x_{i}`, `x_{t-1}`, `x_{i,j}` and `x_{ij}`; `x_{-i}` is all but the i-th."""
        groups = split(sub, ",")
        if len(groups) == 1 and len(sub) > 1 and all(one.kind in ("name", "number") for one in sub):
            groups = [(one,) for one in sub]
        indices = [self.of(group) for group in groups]
        what = written((node,))

        def element(environment: Environment) -> Value:
            found = tuple(index(environment) for index in indices)
            if sub[0] == MINUS and isinstance(value(environment), np.ndarray):
                return arithmetic.without(value(environment), -found[0])
            return arithmetic.indexed(value(environment), found if len(found) > 1 else found[0], what)

        return element

    def with_power(self, value: Expression, sup: Row) -> Expression:
        if not sup:
            return value
        if sup in TRANSPOSES:
            return applied(arithmetic.transposed, value)
        if sup[:1] == (MINUS,) and sup[1:] in TRANSPOSES:
            return applied(lambda inner: arithmetic.transposed(arithmetic.inverse(inner)), value)
        if sup[0].is_sign("⊙"):
            exponent = self.of(sup[1:])
            return lambda environment: np.asarray(value(environment)) ** exponent(environment)
        if any(node.is_sign("′", "*", "⋆", "†", "+") for node in sup[-1:]):
            raise self.error(f"the name with {written(sup)} is not bound; before it")
        exponent = self.of(sup)
        power = arithmetic.loose_power if self.scope.elementwise else arithmetic.power
        place = written(self.row[: self.at])

        def raised(environment: Environment) -> Value:
            try:
                return power(value(environment), exponent(environment))
            except EvaluationError as error:
                raise error.at(place) from None

        return raised


def enclosed(reader: Reader) -> Row:
    """The nodes up to the delimiter that closes the one here."""
    opening = reader.take()
    start, depth = reader.at, 1
    while depth:
        node = reader.take()
        depth += node.is_sign(opening.text) - node.is_sign(CLOSERS.get(opening.text, ""))
    return reader.row[start : reader.at - 1]


def enumerated(row: Row, scope: Scope) -> Expression:
    """`1, \\dots, n` and `0, 0.1, \\dots, 1`, by steps of one or as the first two show."""
    parts = split(row, ",")
    if len(parts) < 3 or not all(node.is_sign("…", "⋯") for node in parts[-2]):
        raise EvaluationError("this is no enumeration", written(row))
    shown = [Reader(part, scope).whole() for part in (*parts[:-2], parts[-1])]
    return lambda environment: progression([float(one(environment)) for one in shown])


def progression(shown: list[float]) -> Value:
    """The numbers of which the first ones and the last are shown; whole ones as a range."""
    first, *more, last = shown
    step = more[0] - first if more else 1.0
    size = round((last - first) / step) + 1
    if all(one.is_integer() for one in (first, step, last)):
        return range(int(first), int(first) + size * int(step), int(step))
    return [first + at * step for at in range(size)]


def negated(value: Expression) -> Expression:
    return lambda environment: -value(environment)


def applied(function: Callable[[Value], Value], value: Expression) -> Expression:
    return lambda environment: function(value(environment))


def applied_to(function: Expression, arguments: list[Expression]) -> Expression:
    return lambda environment: function(environment)(*(one(environment) for one in arguments))


OPERATIONS: dict[str, tuple[Callable[[Value, Value], Value], Callable[[Value, Value], Value]]] = {
    "+": (arithmetic.plus, arithmetic.loose(np.add)),
    "": (arithmetic.times, arithmetic.times),
    "(": (arithmetic.applied_or_times, arithmetic.applied_or_times),
    "·": (arithmetic.dotted, arithmetic.dotted),
    "×": (arithmetic.times, arithmetic.times),
    "⊙": (arithmetic.hadamard, arithmetic.loose(np.multiply)),
    "/": (arithmetic.divide, arithmetic.loose(np.divide)),
}
