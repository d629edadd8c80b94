"""Macros, and formulas with them written out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from mleq_lsp.latex.arguments import ARGUMENTS
from mleq_lsp.latex.tokens import Kind, tokenize

COMMAND = re.compile(r"%[^\n]*|(\\(?:[A-Za-z@]+|.))", re.DOTALL)
DEEPEST = 40  # macros written in terms of macros; a chain that is longer has no end
FINAL = 1_000  # the depth of what is not to be read again
MOST = 5_000  # tokens that a formula may grow by
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


def expand(latex: str, macros: Mapping[str, Macro]) -> str:
    """The formula with these macros written out; one that would grow without end stays as it is."""
    tokens = tokenize(latex)
    if not any(token.text in macros for token in tokens):
        return latex
    texts = [token.text for token in tokens if token.kind is not Kind.COMMENT]
    written = Expansion(texts, macros).written_out()
    return latex if written is None else joined(written)


def joined(texts: Iterable[str]) -> str:
    """Tokens as a text, with a space wherever a letter would run on a command."""
    out: list[str] = []
    for text in texts:
        if out and runs_on(out[-1], text):
            out.append(" ")
        out.append(text)
    return "".join(out)


def runs_on(token: str, text: str) -> bool:
    """Whether `text`, right after `token`, would be read as part of a command's name."""
    return is_name(token) and is_name_letter(text[:1])


def is_name(token: str) -> bool:
    """Whether the token is a command of letters, so that a letter after it needs a space."""
    return len(token) > 1 and token[0] == "\\" and is_name_letter(token[-1])


def is_name_letter(char: str) -> bool:
    return char == "@" or (char.isascii() and char.isalpha())


class ArgumentMissing(Exception):
    """The formula ends, or its group does, before a macro has its arguments."""


Item = tuple[str, int]  # a token, and how many macros it came out of
Value = list[Item] | None  # what was given for a parameter


class Expansion:
    """Writes out macros as TeX does: what one stands for is read again, together with what follows it."""

    def __init__(self, texts: Sequence[str], macros: Mapping[str, Macro]) -> None:
        self._macros = macros
        self._rest = [(text, 0) for text in reversed(texts)]
        self._read: list[Item] = []  # in search of arguments
        self._out: list[str] = []
        self._awaited = [0]  # for each open group: how many arguments its last command still takes
        self._put_off: dict[int, int] = {}  # the same, while an optional argument comes first
        self._left = MOST + 10 * len(texts)

    def written_out(self) -> list[str] | None:
        """The tokens with all macros written out, if that comes to an end."""
        while self._rest:
            text, depth = self._rest.pop()
            macro = self._macros.get(text) if depth < FINAL else None
            if macro is not None and (depth > DEEPEST or self._left < 0):
                return None
            if macro is None or not self._replaced(macro, depth):
                self._put(text)
        return self._out

    def _replaced(self, macro: Macro, depth: int) -> bool:
        """Put what the macro stands for in its place, if its arguments are there."""
        self._read.clear()
        try:
            body = substituted(macro, self._arguments(macro, depth + 1), FINAL if macro.is_final else depth + 1)
        except ArgumentMissing:
            self._left -= len(self._read)
            self._rest.extend(reversed(self._read))
            return False
        if self._awaited[-1] and not (len(body) == 1 or is_group([text for text, _ in body])):
            body = [("{", depth), *body, ("}", depth)]
        self._left -= len(self._read) + len(body)
        self._rest.extend(reversed(body))
        return True

    def _put(self, text: str) -> None:
        """One token of the result; whether it is an argument decides about braces round the next macro."""
        awaited, level = self._awaited, len(self._awaited)
        starts_optional = text == "[" and awaited[-1] and self._out[-1][0] == "\\"
        is_star = text == "*" and self._out[-1:] == [r"\operatorname"]
        self._out.append(text)
        if text.isspace() or is_star:
            return
        if starts_optional:
            self._put_off[level] = awaited[-1]
            awaited[-1] = 0
        elif text == "]" and level in self._put_off:
            awaited[-1] = self._put_off.pop(level)
        elif text == "}":
            self._put_off.pop(level, None)
            if level > 1:
                awaited.pop()
        else:
            awaited[-1] = ARGUMENTS.get(text) or max(awaited[-1] - 1, 0)
            if text == "{":
                awaited.append(0)

    def _arguments(self, macro: Macro, depth: int) -> list[Value]:
        if macro.parameters:
            self._peek()  # spaces after the name are none
        for text in macro.prefix:
            self._expect(text)
        return [self._argument(parameter, depth) for parameter in macro.parameters]

    def _argument(self, parameter: Parameter, depth: int) -> Value:
        if parameter.form is Form.DELIMITED:
            return self._up_to(parameter.until)
        following = self._peek()
        if parameter.form is Form.STAR:
            return [self._pop()] if following == "*" else None
        if parameter.form is Form.OPTIONAL:
            if following == "[":
                self._pop()
                return self._up_to(("]",))
            return None if parameter.default is None else [(text, depth) for text in parameter.default]
        if following in ("", "}", "&", r"\\"):
            raise ArgumentMissing
        first = self._pop()
        return self._up_to(("}",)) if first[0] == "{" else [first]

    def _up_to(self, until: tuple[str, ...]) -> list[Item]:
        """Everything before these tokens, which are read as well; braces round all of it are dropped."""
        found: list[Item] = []
        depth = 0
        while True:
            if depth == 0 and self._comes(until):
                for text in until:
                    self._expect(text)
                return found if until == ("}",) else without_braces(found)
            item = self._pop()
            depth += (item[0] == "{") - (item[0] == "}")
            if depth < 0:
                raise ArgumentMissing
            found.append(item)

    def _comes(self, texts: tuple[str, ...]) -> bool:
        """Whether these tokens come next, with nothing but spaces between them."""
        at = len(self._rest) - 1
        for text in texts:
            if at < 0 or self._rest[at][0] != text:
                return False
            at -= 1
            while at >= 0 and self._rest[at][0].isspace():
                at -= 1
        return True

    def _expect(self, text: str) -> None:
        if self._peek() != text:
            raise ArgumentMissing
        self._pop()

    def _peek(self) -> str:
        """The next token that is no space; nothing at the end."""
        while self._rest and self._rest[-1][0].isspace():
            self._pop()
        return self._rest[-1][0] if self._rest else ""

    def _pop(self) -> Item:
        if not self._rest:
            raise ArgumentMissing
        self._read.append(self._rest.pop())
        return self._read[-1]


def substituted(macro: Macro, values: Sequence[Value], depth: int) -> list[Item]:
    """What the macro stands for with these arguments."""
    out: list[Item] = []
    for text in chosen(macro.body, [value is not None for value in values]) or ():
        if is_parameter(text):
            out.extend(values[int(text[1:]) - 1] or ())
        else:
            out.append((text, depth))
    return out


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


def without_braces(items: list[Item]) -> list[Item]:
    """An argument without the braces round all of it, as TeX takes one that a delimiter ends."""
    return items[1:-1] if is_group([text for text, _ in items]) else items


def is_group(texts: Sequence[str]) -> bool:
    return len(texts) > 1 and texts[0] == "{" and closing(texts, 0) == len(texts) - 1
