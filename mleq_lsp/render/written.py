"""What is wrong with a formula whose macros were written out, told of the formula that the author wrote."""

from __future__ import annotations

from mleq_lsp.latex.expansion import Expanded, Origin
from mleq_lsp.render.problems import FormulaProblem, unknown
from mleq_lsp.render.tree import parse, too_much


def readable(formula: Expanded) -> Expanded:
    """The formula, or where that would be too much with its macros written out, without."""
    if too_much(formula.latex) and not too_much(formula.written):
        return Expanded(formula.written, formula.written)
    return formula


def problems_as_written(formula: Expanded) -> tuple[FormulaProblem, ...]:
    """What is wrong with a formula, at the columns of what its author wrote."""
    # The name that a macro without its arguments leaves is no unknown command.
    said = {unknown(failure.name) for failure in formula.failures}
    problems = [at_origin(failure.origin, f"`{failure.name}` {failure.reason}") for failure in formula.failures]
    for problem in parse(formula.latex).problems:
        if problem.message not in said:
            problems.append(at_origin(formula.origin(problem.column - 1), problem.message))
    return tuple(sorted(dict.fromkeys(problems), key=lambda problem: problem.column))


def at_origin(origin: Origin, message: str) -> FormulaProblem:
    """A problem at the place of the author's that it came from; of a macro there, what is wrong inside it."""
    inside = origin.macro and not message.startswith(f"`{origin.macro}`")
    return FormulaProblem(origin.start + 1, f"in `{origin.macro}`: {message}" if inside else message)
