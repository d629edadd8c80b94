"""Where a row of nodes can be taken apart, without a look at what its nodes mean."""

from __future__ import annotations

from tests.equations.nodes import Row


def scripts_left(name: Row, row: Row) -> tuple[Row, Row] | None:
    """The scripts that a row has beyond those of a name, if it is that name."""
    if len(row) < len(name) or row[:-1] != name[:-1] or row[-1].bare != name[-1].bare:
        return None
    wanted, found = name[-1], row[-1]
    primes = len(wanted.sup) if all(node.is_sign("′") for node in wanted.sup) else len(found.sup)
    if wanted.sub not in ((), found.sub) or wanted.sup not in ((), found.sup[:primes]):
        return None
    return (() if wanted.sub else found.sub), (found.sup[primes:] if wanted.sup else found.sup)


def split(row: Row, *signs: str) -> list[Row]:
    """The parts of a row between signs that are not inside of parentheses."""
    parts: list[Row] = []
    start = depth = 0
    for at, node in enumerate(row):
        depth += node.is_sign("(", "[", "{", "⟨") - node.is_sign(")", "]", "}", "⟩")
        if depth == 0 and node.is_sign(*signs):
            parts.append(row[start:at])
            start = at + 1
    return [*parts, row[start:]]
