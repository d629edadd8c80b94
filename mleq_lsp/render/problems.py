"""What is wrong with a formula, in plain words and with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Without a command of its own, `a \\b` would be taken for one that was escaped twice.
PREFIX = r"\relax "


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """Something wrong with a formula, at a column of it that counts from one."""

    column: int
    message: str


def problem_in(description: str, latex: str) -> FormulaProblem | None:
    """What a warning says about the formula, if it says anything about it and not about the drawing."""
    place = COLUMN.match(description)
    # What is quoted of the formula stands between backticks, so it must have none.
    words = (description[place.end() :] if place else description).replace("`", "'")
    message = next((found.expand(message) for pattern, message in MESSAGES if (found := pattern.match(words))), None)
    if message is None:
        message = QUOTED.sub(r"`\1`", " ".join(words.partition(";")[0].split()))
    column = int(place[1]) - len(PREFIX) if place else 0
    if column < 1:  # counted in a part of the formula
        column = column_of(message, latex)
    return FormulaProblem(min(column, len(latex) + 1), message) if message else None


def unknown(command: str) -> str:
    """What is said of a command that nobody knows."""
    return f"unknown command `{command}`"


def column_of(message: str, latex: str) -> int:
    """Where the command stands that the message is about, or else the formula's start."""
    named = COMMAND_NAMED.search(message)
    found = re.search(re.escape(named[1]) + r"(?![A-Za-z])", latex) if named else None
    return found.start() + 1 if found else 1


COMMAND_NAMED = re.compile(r"`(\\[A-Za-z]+)`")
COLUMN = re.compile(r"column (\d+): ")
QUOTED = re.compile(r"'([^']+)'")
# The first that fits; an empty message is about the drawing and not about the formula.
MESSAGES = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"unsupported command: (\\\S+)[;]", unknown(r"\1")),
        (r"unsupported command: (\\.*)", unknown(r"\1")),
        (r"unsupported text command: (\\[^;]+)", r"`\1` does not work inside `\\text`"),
        (r"unsupported environment: ([^;]+)", r"unknown environment `\1`"),
        (r"(\\\w+); JSON", unknown(r"\1")),
        (r"'\{' without", r"`{` is never closed"),
        (r"group opened with", r"`{` is never closed"),
        (r"'\}' without|stray '\}'", r"`}` closes nothing"),
        (r"\\left (?:without|opened)", r"`\\left` without `\\right`"),
        (r"\\right without|Right\(", r"`\\right` without `\\left`"),
        (r"\\middle outside|Middle\(", r"`\\middle` outside `\\left` and `\\right`"),
        (r"(\\begin\{[^}]*\}) without (\\end\{[^}]*\})", r"`\1` without `\2`"),
        (r"(\\end\{([^}]*)\}) without", r"`\1` without `\\begin{\2}`"),
        (r"(\\begin\{[^}]*\}) closed with (\\end\{[^}]*\})", r"`\1` is closed by `\2`"),
        (r"double superscript", r"two superscripts on one symbol: write `x^{a^b}`"),
        (r"double subscript", r"two subscripts on one symbol: write `x_{a_b}`"),
        (r"missing argument|invalid argument", r"an argument is missing"),
        (r"missing delimiter", r"a delimiter is missing"),
        (r"'(.+)'; backslash before a symbol", unknown(r"\1")),
        (r"unpaired '\$' inside", r"a single `$` inside `\\text`"),
        (r"\\not ", r"`\\not` without a symbol after it"),
        (r"unexpected closing", r"something is closed that was not opened"),
        (r"unrecognized measure: +([^;]*)", r"`\1` is not a length"),
        (r"invalid color: +([^;]*)", r"`\1` is not a color"),
        (r"(?:missing|empty) macro name", r"a definition without a name"),
        (r"\\verb", r"`\\verb` is never closed"),
        (r"lone ", r"a backslash with nothing after it"),
        (r"nesting deeper", r"too many levels inside each other"),
        (r"too many macros", r"a macro calls itself"),
        (r"the font has no", ""),
        (r"doubled backslashes", ""),
        (r"control character", ""),
        (r"JSON control character", ""),
    )
)
