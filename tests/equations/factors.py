"""The kinds of factors: numbers, fractions, functions, sums, and everything in delimiters."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from tests.equations import arithmetic
from tests.equations.arithmetic import FUNCTIONS, Value
from tests.equations.integrals import gradient, integral
from tests.equations.nodes import Node, Row
from tests.equations.ranges import chosen
from tests.equations.reader import CLOSERS, Reader, applied, applied_to, enclosed, enumerated
from tests.equations.rows import split
from tests.equations.scope import Expression
from tests.equations.sums import extremal, summed
from tests.equations.tables import cases, condition, matrix

CONSTANTS = {"e": math.e, "π": math.pi}
OPENING_A_CONDITION = ((Node("sign", "{"),), (Node("sign", "["),))


def number(reader: Reader, node: Node) -> Expression:
    reader.take()
    number = float(node.text)
    if node.sub:
        raise reader.error("a number with an index")
    return reader.with_power(lambda _: number, node.sup)


def constant(reader: Reader, node: Node) -> Expression:
    if node.text not in CONSTANTS or node.sub:
        raise reader.error("this has no value")
    reader.take()
    number = CONSTANTS[node.text]
    return reader.with_power(lambda _: number, node.sup)


def fraction(reader: Reader, node: Node) -> Expression:
    top, bottom = (reader.of(part) for part in node.parts)
    reader.take()
    return reader.scripted(reader.combined("/", top, bottom, reader.at - 1), node)


def root(reader: Reader, node: Node) -> Expression:
    radicand = reader.of(node.parts[0])
    index = reader.of(node.parts[1]) if node.parts[1] else lambda _: 2.0
    power = arithmetic.loose_power if reader.scope.elementwise else arithmetic.power
    reader.take()
    return reader.scripted(lambda environment: power(radicand(environment), 1 / index(environment)), node)


def binomial(reader: Reader, node: Node) -> Expression:
    top, bottom = (reader.of(part) for part in node.parts)
    reader.take()
    return lambda environment: float(math.comb(int(top(environment)), int(bottom(environment))))


def function(reader: Reader, node: Node) -> Expression:
    if node.text.replace(" ", "") in ("max", "min", "sup", "inf", "argmax", "argmin") and node.sub:
        return extremal(reader, node)
    if node.text == "log" and node.sub:
        base = reader.of(node.sub)
        reader.take()
        return prefixed(reader, lambda environment: arithmetic.logarithm(base(environment)))
    if node.sub or node.text not in FUNCTIONS or (node.sup and [one.kind for one in node.sup] != ["number"]):
        raise reader.error("a function without a meaning")
    reader.take()
    function = FUNCTIONS[node.text]
    return reader.with_power(prefixed(reader, lambda _: function, node.text), node.sup)


def prefixed(reader: Reader, function: Expression, name: str = "") -> Expression:
    if reader.sees("{") and len(split(enclosed(Reader(reader.row[reader.at :], reader.scope)), ":")) > 1:
        return applied_to(function, [reader.factor()])
    if reader.sees("{"):
        arguments, closing = reader.arguments()
        return reader.scripted(applied_to(function, arguments), closing)
    if reader.sees("(", "["):
        arguments, closing = reader.arguments()
        if closing.sup and name in ("log", "ln"):
            raise reader.error("a power after the argument of a logarithm")
        return reader.scripted(applied_to(function, arguments), closing)
    return applied_to(function, [reader.argument()])


def large(reader: Reader, node: Node) -> Expression:
    return integral(reader, node) if node.text == "∫" else summed(reader, node)


def table(reader: Reader, node: Node) -> Expression:
    reader.take()
    return reader.scripted((cases if node.text == "cases" else matrix)(node, reader.scope), node)


def sign(reader: Reader, node: Node) -> Expression:
    if node.is_sign("∇"):
        return gradient(reader, node)
    if node.is_sign("𝟙") or (node.is_sign("𝟏") and reader.row[reader.at + 1 : reader.at + 2] in OPENING_A_CONDITION):
        return indicator(reader, node)
    if node.is_sign("𝟏") and node.sub:
        reader.take()
        return reader.with_power(applied(lambda size: np.ones(int(size)), reader.of(node.sub)), node.sup)
    if node.is_sign("∞"):
        reader.take()
        return lambda _: math.inf
    if node.text in CLOSERS:
        return group(reader, node)
    raise reader.error("this has no value")


def indicator(reader: Reader, node: Node) -> Expression:
    """`\\mathbb{1}[x > 0]`, `\\mathbb{1}\\{…\\}` and `\\mathbb{1}_{x > 0}`."""
    reader.take()
    inside = node.sub
    if not inside:
        inside = enclosed(reader)
    holds = condition(inside, reader.scope)
    return lambda environment: float(holds(environment))


def group(reader: Reader, opening: Node) -> Expression:
    """Parentheses, bars, rounding, inner products; a set where there is more than one value in braces."""
    sign = opening.text
    if sign == "{" and any(node.is_sign("…") for node in reader.row[reader.at : reader.at + 6]):
        return enumerated(enclosed(reader), reader.scope)
    if sign == "{" and len(split(enclosed(Reader(reader.row[reader.at :], reader.scope)), ":")) > 1:
        return chosen(enclosed(reader), reader.scope)
    arguments, closing = reader.arguments()
    if sign == "‖":
        return norm(reader, arguments, closing)
    if sign in "([{" and len(arguments) > 1:
        collect = list if sign == "{" else tuple
        return reader.scripted(lambda environment: collect(one(environment) for one in arguments), closing)
    if sign == "⟨" and len(arguments) == 2:
        return reader.scripted(applied_to(lambda _: inner_product, arguments), closing)
    if len(arguments) != 1 or sign == "⟨":
        raise reader.error(f"{len(arguments)} values in {sign}, before")
    if sign in ROUNDINGS:
        return reader.scripted(applied(ROUNDINGS[sign], arguments[0]), closing)
    return reader.scripted(arguments[0], closing)


def norm(reader: Reader, arguments: list[Expression], closing: Node) -> Expression:
    which = order(reader, closing.sub)
    if len(arguments) != 1:
        raise reader.error("a norm of several values, before")
    (value,) = arguments
    return reader.with_power(lambda environment: arithmetic.norm(value(environment), which(environment)), closing.sup)


def order(reader: Reader, sub: Row) -> Expression:
    if not sub:
        return lambda _: None
    if sub in ((Node("name", "F"),), (Node("name", "upright F"),)):
        return lambda _: "F"
    return reader.of(sub)


def inner_product(left: Value, right: Value) -> Value:
    return float(np.sum(arithmetic.hadamard(left, right)))


ROUNDINGS: dict[str, Callable[[Value], Value]] = {"|": arithmetic.bars, "⌊": np.floor, "⌈": np.ceil}
PRIMARIES: dict[str, Callable[[Reader, Node], Expression]] = {
    "number": number,
    "name": constant,
    "accent": constant,
    "fraction": fraction,
    "root": root,
    "binomial": binomial,
    "function": function,
    "large": large,
    "table": table,
    "sign": sign,
}
