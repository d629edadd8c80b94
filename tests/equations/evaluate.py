"""An equation as statements, and whether each of its relations is true of given values."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tests.equations.arithmetic import Value
from tests.equations.nodes import EvaluationError, Node, Row, row_of, written
from tests.equations.reader import ADDITIONS, RELATIONS, Reader, enumerated
from tests.equations.rows import split
from tests.equations.scope import Environment, Points, Scope
from tests.equations.tables import chain, without_comma

WORDS = frozenset(
    ["for", "for all", "if", "where", "when", "with", "and", "or", "else", "Let", "let", "subject to", "s.t."]
)
ASIDE = ("(", "if ")  # "(discrete)", "if there are no ties": a condition in words, which the test has to meet


@dataclass(frozen=True)
class Statement:
    """Values joined by relations, the row of the equation on which it begins, and which it is on that row."""

    signs: tuple[str, ...]
    sides: tuple[Row, ...]
    row: int
    place: int = 1

    def __str__(self) -> str:
        parts = [written(self.sides[0])]
        for sign, side in zip(self.signs, self.sides[1:], strict=True):
            parts += [sign, written(side)]
        return " ".join(parts)


def value_of(
    latex: str, bindings: Mapping[str, Value], over: Collection[Points] = (), elementwise: bool = False
) -> Value:
    """What an expression comes to."""
    names = named(bindings)
    return Reader(row_of(latex), scope_of(names, over, elementwise)).whole()(names)


def scope_of(names: Environment, over: Collection[Points], elementwise: bool = False) -> Scope:
    return Scope(names, {row: one for one in over for row in one.rows}, elementwise)


def named(bindings: Mapping[str, Value]) -> dict[Row, Value]:
    return {row_of(name): value for name, value in bindings.items()}


def statements(latex: str) -> list[Statement]:
    """All that an equation says, one chain of relations after the other."""
    found: list[tuple[int, Row]] = []
    main = 0  # what a row that begins with a relation goes on with: not with an aside after it
    for number, cells in enumerate(lines(row_of(latex)), 1):
        goes_on = begins_inside(cells) and bool(found)
        for first, piece in enumerate(pieces(tuple(node for cell in cells for node in cell))):
            at = main if goes_on and not first else len(found) - 1
            if found and ((goes_on and not first) or begins_with_relation(piece)):
                found[at] = found[at][0], (*found[at][1], *piece)
            else:
                found.append((number, piece))
                main = main if first else len(found) - 1
    chains = [(number, *chain(part)) for number, row in found for part in parted(row)]
    rows = [number for number, _, _ in chains]
    return [
        Statement(tuple(signs), tuple(sides), number, rows[: at + 1].count(number))
        for at, (number, signs, sides) in enumerate(chains)
    ]


def parted(row: Row) -> list[Row]:
    """The relations of a row between commas, `x \\in X, y \\in Y`, if each part is one."""
    parts = split(row, ",")
    return parts if len(parts) > 1 and all(chain(part)[0] for part in parts) else [row]


def begins_with_relation(row: Row) -> bool:
    return row[0].kind == "sign" and row[0].text in RELATIONS


BREAK = Node("quad")


def begins_statement(node: Node) -> bool:
    """Whether it is a word such as `\\text{for}`; any other text is a name."""
    return node.kind == "text" and (node.text in WORDS or node.text.startswith(ASIDE))


def lines(row: Row) -> Iterator[tuple[Row, ...]]:
    if len(row) == 1 and row[0].kind == "table" and row[0].text in ("aligned", "centered", "gathered", "split"):
        yield from (line.parts for line in row[0].parts[0])
    else:
        yield (row,)


def begins_inside(cells: tuple[Row, ...]) -> bool:
    """Whether a row goes on with the one before: nothing on the left, and then a relation or a sign."""
    if len(cells) < 2 or cells[0]:
        return False
    first = next((node for cell in cells for node in cell if node.kind != "quad"), None)
    return first is not None and first.kind == "sign" and first.text in RELATIONS | ADDITIONS | {"·", "×"}


def pieces(row: Row) -> Iterator[Row]:
    """A row cut where a wide space or a word begins another statement."""
    piece: list[Node] = []
    depth = 0
    for node in (*row, BREAK):
        depth += node.is_sign("(", "[", "{") - node.is_sign(")", "]", "}")
        if (depth > 0 and node is not BREAK) or not (node.kind == "quad" or begins_statement(node)):
            piece.append(node)
            continue
        if stripped := without_comma(tuple(piece)):
            yield stripped
        piece = []


def untrue(statement: Statement, situation: Situation, within: float) -> Iterator[str]:
    """What is not true of a statement, in words; a relation that the test calls stated is not looked at."""
    last = statement.sides[0]
    for sign, right in zip(statement.signs, statement.sides[1:], strict=True):
        if is_omission(right):
            continue  # a = b = ⋯ = c says a = b = c
        left, last = last, right
        own = situation.scope.names.get((Node("sign", sign),))
        if own is STATED or is_omission(left):
            continue
        if own is None and sign not in COMPARED:
            raise EvaluationError(f"the relation {sign} has no meaning here", str(statement))
        values = situation.value(left, sign == "←"), situation.value(right)
        if not (own(*values) if own is not None else COMPARED[sign](*values, within)):
            yield f"row {statement.row}: {statement}\n{values[0]!r}\n{sign}\n{values[1]!r}"


def STATED(_left: Value, _right: Value) -> bool:  # noqa: N802 - it is used as a constant
    """The meaning of a relation that says what something is and cannot be looked at, such as `x \\sim p`."""
    return True


def is_omission(row: Row) -> bool:
    return all(node.is_sign("⋯", "…") for node in row)


@dataclass(frozen=True)
class Situation:
    """One choice of all values; `after` has those that an assignment changes."""

    scope: Scope
    environment: Environment
    after: Environment

    def value(self, row: Row, becomes: bool = False) -> Value:
        environment = {**self.environment, **self.after} if becomes else self.environment
        if any(part and is_omission(part) for part in split(row, ",")[1:]):
            return enumerated(row, self.scope)(environment)
        return Reader(row, self.scope).whole()(environment)

    def objective(self, row: Row) -> Value:
        """What a problem such as `\\min_{x} f(x) + g(x)` comes to."""
        return Reader(row, self.scope, of_problem=True).whole()(self.environment)


def close(left: Value, right: Value, within: float) -> bool:
    """Whether two values are the same but for rounding, in proportion to their size; a number is not a vector."""
    if isinstance(right, range):
        return left in right
    if callable(left) or callable(right):
        return left is right
    if isinstance(left, list | tuple) or isinstance(right, list | tuple):
        return len(left) == len(right) and all(close(one, two, within) for one, two in zip(left, right, strict=True))
    if np.shape(left) != np.shape(right):
        return False
    size = min(1.0, float(np.max(np.abs(right), initial=0.0)))
    return bool(np.allclose(left, right, rtol=within, atol=within * max(size, 1e-3)))


COMPARED: dict[str, Callable[[Value, Value, float], bool]] = {
    **dict.fromkeys("=≔≡≜≈←", close),
    "∈": lambda left, right, within: any(close(left, one, within) for one in right),
    "≤": lambda left, right, within: bool(np.all(left <= right + within)),
    "≥": lambda left, right, within: bool(np.all(left >= right - within)),
    "<": lambda left, right, _: bool(np.all(left < right)),
    ">": lambda left, right, _: bool(np.all(left > right)),
}
