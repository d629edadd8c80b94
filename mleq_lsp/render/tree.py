"""A formula as a tree, and what is wrong with it in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import mathra

Tree: TypeAlias = dict[str, Any]

LONGEST = 20_000  # characters of a formula
SHOWN = 2_000  # characters of a formula that is longer
DEEPEST = 24  # braces, \left and \begin inside each other


@dataclass(frozen=True, slots=True)
class FormulaProblem:
    """Something wrong with a formula, at a column of it that counts from one."""

    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula as read, as far as it could be."""

    tree: Tree
    problems: tuple[FormulaProblem, ...]
    speech: str
    svg: str = ""  # as mathra draws it; empty where nothing could be read


@lru_cache(maxsize=64)
def parse(latex: str) -> Parsed:
    """Read a formula; whatever is wrong with it is said beside the tree, which nobody changes."""
    refusal = too_much(latex)
    if refusal is not None:
        return unread(latex, refusal)
    try:
        result = read(PREFIX + tidied(latex))
    except (ValueError, RecursionError) as error:
        return unread(latex, problem_in(str(error), latex) or FormulaProblem(1, "this cannot be read"))
    problems = [problem_in(warning["description"], latex) for warning in result["warnings"]]
    found = dict.fromkeys(problem for problem in problems if problem is not None)
    return Parsed(result["tree"], tuple(found), result["speech"].translate(PLAIN_DIGITS), result["svg"])


def read(latex: str) -> mathra.Result:
    """What mathra makes of a formula; where it gives up in a panic, a ValueError like its others."""
    try:
        return mathra.render(latex)
    except BaseException as error:
        # The panic of a Rust extension is no Exception, and its class cannot be imported.
        if type(error).__name__ == "PanicException":
            raise ValueError("this cannot be read") from error
        raise


def too_much(latex: str) -> FormulaProblem | None:
    """What is said of a formula that would take too long to read."""
    if len(latex) > LONGEST:
        return FormulaProblem(LONGEST + 1, f"the formula is longer than {LONGEST:,} characters")
    depth = 0
    for found in NESTING.finditer(latex):
        depth += -1 if found["close"] else 1 if found["open"] else 0
        if depth > DEEPEST:
            return FormulaProblem(found.start() + 1, f"more than {DEEPEST} levels inside each other")
    return None


NESTING = re.compile(
    r"(?P<open>\{|\\left(?![a-zA-Z])|\\begin\b)|(?P<close>\}|\\right(?![a-zA-Z])|\\end\b)|\\.", re.DOTALL
)


def unread(latex: str, problem: FormulaProblem) -> Parsed:
    """The source itself, where it cannot be read as a formula."""
    shown = latex if len(latex) <= LONGEST else latex[:SHOWN] + " …"
    return Parsed({"type": "text", "parts": [{"type": "text", "value": shown}]}, (problem,), shown)


# Without a command of its own, `a \\b` would be taken for one that was escaped twice.
PREFIX = r"\relax "


def tidied(latex: str) -> str:
    """The same formula at the same columns, without what would be misread in it."""
    for pattern, replacement in TIDYINGS:
        latex = pattern.sub(replacement, latex)
    return latex


def erased(found: re.Match[str]) -> str:
    """Spaces in place of what was found."""
    return " " * len(found[0])


def numeral(found: re.Match[str]) -> str:
    """The digits of `\\mathbf{0}` or `\\mathbb{1}` as characters that say so themselves."""
    digits = found["digits"].translate(DIGITS["bb" if found["font"] in DOUBLE_STRUCK else "bf"])
    return digits.ljust(len(found[0]))


def limited(found: re.Match[str]) -> str:
    """`\\operatorname*{\\mathbb{E}}` as an operator that is more than a word."""
    return (r"\mathop" if found["star"] else "").ljust(len(found[0]))


DOUBLE_STRUCK = ("mathbb", "mathbbm", "mathds")
DIGITS = {
    "bb": {ord("0") + digit: chr(0x1D7D8 + digit) for digit in range(10)},
    "bf": {ord("0") + digit: chr(0x1D7CE + digit) for digit in range(10)},
}
PLAIN_DIGITS = {ord(styled): chr(plain) for table in DIGITS.values() for plain, styled in table.items()}

TIDYINGS = (
    # Control characters and halves of a surrogate pair.
    (re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]"), erased),
    # A comment, to the end of its line.
    (re.compile(r"(?<!\\)((?:\\\\)*)%[^\n]*"), lambda found: found[1] + " " * (len(found[0]) - len(found[1]))),
    # The environment of a single displayed equation, and where an inner one is aligned on the line.
    (re.compile(r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}"), erased),
    (re.compile(r"(?<=ed\})\s*\[[tcb]\]"), erased),
    (re.compile(r"\\(?P<font>mathbf|boldsymbol|bm|mathbb|mathbbm|mathds)\s*\{(?P<digits>[0-9]+)\}"), numeral),
    (re.compile(r"\\operatorname(?P<star>\*?)(?=\s*\{[^{}]*\\math(?!rm\b|it\b|sf\b))"), limited),
)


def problem_in(description: str, latex: str) -> FormulaProblem | None:
    """What a warning says about the formula, if it says anything about it and not about the drawing."""
    place = COLUMN.match(description)
    column = int(place[1]) - len(PREFIX) if place else 1
    words = description[place.end() :] if place else description
    for pattern, message in MESSAGES:
        found = pattern.match(words)
        if found:
            text = found.expand(message)
            return FormulaProblem(min(max(column, 1), len(latex) + 1), text) if text else None
    first = " ".join(words.partition(";")[0].split())
    return FormulaProblem(min(max(column, 1), len(latex) + 1), QUOTED.sub(r"`\1`", first))


COLUMN = re.compile(r"column (\d+): ")
QUOTED = re.compile(r"'([^']+)'")
# The first that fits; an empty message is about the drawing and not about the formula.
MESSAGES = tuple(
    (re.compile(pattern), message)
    for pattern, message in (
        (r"unsupported command: (\\\S+)[;]", r"unknown command `\1`"),
        (r"unsupported command: (\\.*)", r"unknown command `\1`"),
        (r"unsupported text command: (\\[^;]+)", r"`\1` does not work inside `\\text`"),
        (r"unsupported environment: ([^;]+)", r"unknown environment `\1`"),
        (r"(\\\w+); JSON", r"unknown command `\1`"),
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
        (r"'(.+)'; backslash before a symbol", r"unknown command `\1`"),
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
