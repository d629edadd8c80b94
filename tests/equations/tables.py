"""Cases, matrices and the conditions of both and of sums."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.nodes import EvaluationError, Node, Row, written
from tests.equations.reader import RELATIONS, Reader
from tests.equations.rows import split
from tests.equations.scope import Environment, Expression, Scope, looked_up

OTHERWISE = ("otherwise", "otherwise.", "else")
WORDS = ("if", "for", "when", "with", "where", "and")


def cases(node: Node, scope: Scope) -> Expression:
    """The value of the first line whose condition is true."""
    lines = [line.parts for line in node.parts[0]]
    if any(len(cells) != 2 for cells in lines):
        raise EvaluationError("a case without its condition", written((node,)))
    chosen = [(condition(cells[1], scope), Reader(without_comma(cells[0]), scope).whole()) for cells in lines]

    def value(environment: Environment) -> Value:
        for holds, result in chosen:
            if holds(environment):
                return result(environment)
        raise EvaluationError("no case is true", written((node,)))

    return value


def without_comma(row: Row) -> Row:
    return row[:-1] if row and row[-1].is_sign(",", ";", ".") else row


def condition(row: Row, scope: Scope) -> Callable[[Environment], bool]:
    """Whether what is written is true: relations, joined by commas or by a word; words alone if the test knows them."""
    if row in scope.names:
        return lambda environment: bool(looked_up(environment, row))
    either = divided(row)
    if len(either) > 1:
        choices = [condition(part, scope) for part in either]
        return lambda environment: any(choice(environment) for choice in choices)
    words = [node.text for node in row if node.kind == "text"]
    if len(row) == 1 and words and words[0] in OTHERWISE:
        return lambda _: True
    if any(word not in WORDS for word in words):
        raise EvaluationError("words without a meaning", written(row))
    signed = tuple(Node("sign", ",") if node.kind == "text" else node for node in row if node.kind != "quad")
    parts = [related(part, scope) for part in split(signed, ",") if part]
    return lambda environment: all(part(environment) for part in parts)


def divided(row: Row) -> list[Row]:
    """The parts of a condition between words `or`."""
    parts: list[list[Node]] = [[]]
    for node in row:
        if node.kind == "text" and node.text == "or":
            parts.append([])
        else:
            parts[-1].append(node)
    return [tuple(part) for part in parts]


def related(row: Row, scope: Scope) -> Callable[[Environment], bool]:
    """A chain of relations, each between its neighbours."""
    signs, sides = chain(row)
    if not signs:
        raise EvaluationError("a condition without a relation", written(row))
    values = [Reader(side, scope).whole() for side in sides]
    relations = [relation_of(sign, scope, row) for sign in signs]

    def holds(environment: Environment) -> bool:
        found = [value(environment) for value in values]
        return all(
            bool(relation(left, right)) for relation, left, right in zip(relations, found[:-1], found[1:], strict=True)
        )

    return holds


def chain(row: Row) -> tuple[list[str], list[Row]]:
    """The relations of a row that are not inside of parentheses, and what stands between them."""
    signs: list[str] = []
    sides: list[Row] = []
    start = depth = 0
    for at, node in enumerate(row):
        depth += node.is_sign("(", "[", "{") - node.is_sign(")", "]", "}")
        if depth == 0 and node.kind == "sign" and node.text in RELATIONS:
            signs.append(node.text)
            sides.append(row[start:at])
            start = at + 1
    return signs, [*sides, row[start:]]


def relation_of(sign: str, scope: Scope, row: Row) -> Callable[[Value, Value], bool]:
    own = scope.names.get((Node("sign", sign),))
    if own is not None:
        return own
    if sign not in COMPARED:
        raise EvaluationError(f"the relation {sign} has no meaning here", written(row))
    return COMPARED[sign]


def same(left: Value, right: Value) -> bool:
    return bool(np.shape(left) == np.shape(right) and np.allclose(left, right, rtol=1e-9, atol=1e-12))


def member(value: Value, values: Value) -> bool:
    return any(same(value, one) for one in values)


COMPARED: dict[str, Callable[[Value, Value], bool]] = {
    "=": same,
    "≠": lambda left, right: not same(left, right),
    "<": lambda left, right: bool(np.all(left < right)),
    ">": lambda left, right: bool(np.all(left > right)),
    "≤": lambda left, right: bool(np.all(left <= right)),
    "≥": lambda left, right: bool(np.all(left >= right)),
    "∈": member,
    "∉": lambda value, values: not member(value, values),
}


def matrix(node: Node, scope: Scope) -> Expression:
    """A matrix written out, of numbers or of blocks."""
    if not node.text.endswith("matrix"):
        raise EvaluationError(f"a table that is {node.text}", written((node,)))
    cells = [[Reader(cell, scope).whole() for cell in line.parts] for line in node.parts[0]]

    def value(environment: Environment) -> Value:
        found = [[cell(environment) for cell in line] for line in cells]
        if len(found[0]) == 1:
            return np.concatenate([np.atleast_1d(line[0]) for line in found])
        return np.block([[column(cell) for cell in line] for line in found])

    return value


def column(cell: Value) -> Value:
    """A vector as it stands beside other cells."""
    return np.asarray(cell)[:, np.newaxis] if np.ndim(cell) == 1 else cell
