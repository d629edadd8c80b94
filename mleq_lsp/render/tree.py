"""A formula as a tree, and what is wrong with it in plain words."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

import mathra

from mleq_lsp.render.problems import COLUMN, PREFIX, FormulaProblem, problem_in

Tree: TypeAlias = dict[str, Any]

LONGEST = 20_000  # characters of a formula
SHOWN = 2_000  # characters of a formula that is longer
DEEPEST = 24  # braces, \left and \begin inside each other
MOST_REFUSALS = 8  # commands in one formula that keep all of it from being read
COMMAND = re.compile(r"\\[A-Za-z]+")
MISREAD = re.compile(r"(\\[A-Za-z]+); (?:read as|JSON)")  # `\nobody` for what JSON makes of `\n`
LACKED = re.compile(r"the font has no '(.)'", re.DOTALL)
DARK_RED = "#c0392b"  # in which mathra draws the name of a command that it does not know


@dataclass(frozen=True, slots=True)
class Parsed:
    """A formula as read, as far as it could be."""

    tree: Tree
    problems: tuple[FormulaProblem, ...]
    speech: str
    svg: str = ""  # as mathra draws it; empty where nothing could be read
    lacked: str = ""  # the letters that its font lacks: boxes in the picture


@lru_cache(maxsize=64)
def parse(latex: str) -> Parsed:
    """Read a formula, as much of it as can be; what is wrong is said beside the tree, which nobody changes."""
    refusal = too_much(latex)
    if refusal is not None:
        return unread(latex, refusal)
    source, problems = tidied(latex), list[FormulaProblem | None]()
    for _ in range(MOST_REFUSALS):
        try:
            result = read(PREFIX + source)
        except (ValueError, RecursionError) as error:
            problems.append(problem_in(str(error), latex))
            before, source = source, without_refused(source, str(error))
            if source == before:
                break
        else:
            problems += [problem_in(warning["description"], latex) for warning in result["warnings"]]
            named = misread(result)
            hidden = inside_names(source, named)
            found = tuple(dict.fromkeys(one for one in problems if one is not None and one.column not in hidden))
            lacked = "".join(letter[1] for one in result["warnings"] if (letter := LACKED.match(one["description"])))
            result = named_as_written(source, result, named)
            return Parsed(result["tree"], found, result["speech"].translate(PLAIN_DIGITS), result["svg"], lacked)
    return unread(latex, problems[0] or FormulaProblem(1, "this cannot be read"))


def without_refused(source: str, description: str) -> str:
    """The formula with spaces in place of the command that kept all of it from being read."""
    place, named = COLUMN.match(description), COMMAND.search(description)
    start = int(place[1]) - 1 - len(PREFIX) if place else -1
    command = COMMAND.match(source, start) if start >= 0 else None
    if command is None and named is not None:
        command = re.search(re.escape(named[0]) + r"(?![A-Za-z])", source)
    return source[: command.start()] + erased(command) + source[command.end() :] if command else source


def misread(result: mathra.Result) -> frozenset[str]:
    """The unknown commands that were taken for a shorter command and letters."""
    return frozenset(found[1] for one in result["warnings"] if (found := MISREAD.search(one["description"])))


def inside_names(source: str, names: frozenset[str]) -> frozenset[int]:
    """The columns inside of these commands: what is wrong there is none of the writer's."""
    found = [command for command in COMMAND.finditer(source) if command[0] in names] if names else []
    return frozenset(column for command in found for column in range(command.start() + 2, command.end() + 1))


def named_as_written(source: str, result: mathra.Result, misread: frozenset[str]) -> mathra.Result:
    """The same with unknown commands by their names, where one was taken for a shorter command and letters."""
    if not misread:
        return result
    names = "|".join(sorted(map(re.escape, misread)))
    shown = re.sub(rf"(?:{names})(?![A-Za-z])", lambda found: in_red(found[0]), source)
    try:
        return read(PREFIX + shown)
    except (ValueError, RecursionError):
        return result


def in_red(command: str) -> str:
    return rf"\textcolor{{{DARK_RED}}}{{\text{{{command}}}}}"


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
    digits = (found["digits"] or found["digit"]).translate(DIGITS["bb" if found["font"] in DOUBLE_STRUCK else "bf"])
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
    # A line break or tab before letters, which mathra mistakes for the rest of a command: a row that begins with i.
    (re.compile(r"[\t\n]"), " "),
    # The environment of a single displayed equation, and where an inner one is aligned on the line.
    (re.compile(r"\\(?:begin|end)\{(?:equation|displaymath|math)\*?\}"), erased),
    (re.compile(r"(?<=ed\})\s*\[[tcb]\]"), erased),
    (
        re.compile(
            r"\\(?P<font>mathbf|boldsymbol|bm|mathbb|mathbbm|mathds)\s*(?:\{(?P<digits>[0-9]+)\}|(?P<digit>[0-9]))"
        ),
        numeral,
    ),
    (re.compile(r"\\operatornamewithlimits(?![A-Za-z])"), lambda found: r"\operatorname*".ljust(len(found[0]))),
    (re.compile(r"\\operatorname(?P<star>\*?)(?=\s*\{[^{}]*\\math(?!rm\b|it\b|sf\b))"), limited),
)
