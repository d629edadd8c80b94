"""Macros: what an author's commands stand for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto

COMMAND = re.compile(r"%[^\n]*|(\\(?:[A-Za-z@]+|.))", re.DOTALL)
# What each condition asks of its argument, and which branches follow.
CONDITIONS = {
    rf"\If{asked}{branches}": (asked != "NoValue", branches)
    for asked in ("Boolean", "Value", "NoValue")
    for branches in ("TF", "T", "F")
}


class Form(Enum):
    """How an argument is written."""

    MANDATORY = auto()  # {x}, or one token
    OPTIONAL = auto()  # [x]
    STAR = auto()
    DELIMITED = auto()  # everything up to certain tokens


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument that a macro takes."""

    form: Form = Form.MANDATORY
    default: tuple[str, ...] | None = None  # of an optional one; where there is none, the body can ask if it was given
    until: tuple[str, ...] = ()  # the tokens that end a delimited one
    choices: tuple[str, ...] = ()  # all that an optional one is ever given, where that is known


@dataclass(frozen=True, slots=True)
class Macro:
    """A command of the author's and what it stands for."""

    name: str  # with its backslash
    parameters: tuple[Parameter, ...]
    body: tuple[str, ...]  # tokens, with "#1" for the first parameter
    prefix: tuple[str, ...] = ()  # the tokens that \def wants before the first argument
    is_final: bool = False  # \let to a command: it keeps the meaning that the command had then


def command_counts(text: str) -> Counter[str]:
    """How often each command stands in a text, comments left out."""
    counts = Counter(COMMAND.findall(text))
    del counts[""]
    return counts


def joined(texts: Iterable[str]) -> str:
    """Tokens as a text."""
    return "".join(spaced(texts))


def spaced(texts: Iterable[str]) -> Iterator[str]:
    """Tokens, each with a space before it where its letter would run on a command."""
    before = ""
    for text in texts:
        yield f" {text}" if runs_on(before, text) else text
        before = text


def runs_on(token: str, text: str) -> bool:
    """Whether `text`, right after `token`, would be read as part of a command's name."""
    return is_name(token) and is_name_letter(text[:1])


def is_name(token: str) -> bool:
    """Whether the token is a command of letters, so that a letter after it needs a space."""
    return len(token) > 1 and token[0] == "\\" and is_name_letter(token[-1])


def is_name_letter(char: str) -> bool:
    return char == "@" or (char.isascii() and char.isalpha())


def is_parameter(text: str) -> bool:
    return len(text) == 2 and text[0] == "#" and text[1] in "123456789"


def chosen(body: tuple[str, ...], given: Sequence[bool]) -> tuple[str, ...] | None:
    """A body without its conditions, each replaced by a branch of its own; nothing if one cannot be read."""
    while (at := next((at for at, text in enumerate(body) if text in CONDITIONS), -1)) >= 0:
        is_asked, branches = CONDITIONS[body[at]]
        tested, end = argument(body, at + 1)
        if len(tested) != 1 or not is_parameter(tested[0]) or int(tested[0][1:]) > len(given):
            return None
        answer = "T" if given[int(tested[0][1:]) - 1] == is_asked else "F"
        taken: tuple[str, ...] = ()
        for branch in branches:
            if end >= len(body):
                return None
            inside, end = argument(body, end)
            taken = inside if branch == answer else taken
        body = body[:at] + taken + body[end:]
    return body


def argument(body: tuple[str, ...], at: int) -> tuple[tuple[str, ...], int]:
    """The argument at `at`, without its braces, and the index after it."""
    while at < len(body) and body[at].isspace():
        at += 1
    end = closing(body, at)
    return (body[at : at + 1], at + 1) if end == at else (body[at + 1 : end], end + 1)


def closing(texts: Sequence[str], at: int) -> int:
    """The index of the brace that closes the one at `at`; that index itself if none does, or if there is none."""
    depth = 0
    for end in range(at, len(texts)):
        depth += (texts[end] == "{") - (texts[end] == "}")
        if depth <= 0:
            return end
    return at


def is_group(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and texts[0] == "{" and closing(texts, 0) == len(texts) - 1
