"""A TeX source read step by step, and where it defines something."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from mleq_lsp.latex.tokens import commands

MARK = re.compile(r"%[^\n]*|\\[A-Za-z@]+|\\.|[{}]", re.DOTALL)
NAME = re.compile(r"\\(?:[A-Za-z@]+|[^A-Za-z@])", re.DOTALL)
NAME_IN_BRACES = re.compile(rf"\{{\s*({NAME.pattern})\s*\}}", re.DOTALL)
BLANK = re.compile(r"(?:\s|%[^\n]*(?:\n|$))*")
IN_BRACKETS = re.compile(r"\\.|[{}\]]", re.DOTALL)
FI = re.compile(r"\\fi(?![A-Za-z@])")
UNREAD_ENVIRONMENT = re.compile(r"\{(comment|verbatim\*?|lstlisting|minted)\}")
UNREAD = commands("iffalse begin endinput")  # after these, something may follow that TeX does not read
LONGEST = 2_000  # characters of a body: what is longer is no notation
LONGEST_HEAD = 300  # characters of an optional argument or of a parameter text


class Unreadable(Exception):
    """A definition that is none, is not finished, or does more than is understood."""


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be read step by step, and where its groups end."""

    text: str
    ends: Mapping[int, int]  # the offset of each `{` that is closed -> the offset of its `}`
    wanted: Container[str] = ()  # the commands that define something: none is an argument of another

    def after(self, sign: str, at: int) -> int:
        """The offset after `sign`, if it comes next."""
        start = self.after_blank(at)
        return start + len(sign) if self.text.startswith(sign, start) else at

    def after_blank(self, at: int) -> int:
        """The offset of what comes after spaces and comments."""
        found = BLANK.match(self.text, at)
        return found.end() if found else at

    def name(self, at: int) -> tuple[str, int]:
        """The command that comes next, in braces or not, and the offset after it."""
        at = self.after_blank(at)
        found = NAME_IN_BRACES.match(self.text, at, at + LONGEST_HEAD) or NAME.match(self.text, at)
        if found is None:
            raise Unreadable
        return found.group(found.lastindex or 0), found.end()

    def argument(self, at: int) -> tuple[str, int]:
        """The group that comes next, without its braces, or the one token, and the offset after it."""
        at = self.after_blank(at)
        if self.text.startswith("{", at):
            end = self.ends.get(at, len(self.text) + LONGEST)
            if end - at > LONGEST:
                raise Unreadable
            return self.text[at + 1 : end], end + 1
        found = NAME.match(self.text, at)
        token = found.group() if found else self.text[at : at + 1]
        if token in ("", "}") or token in self.wanted:
            raise Unreadable
        return token, at + len(token)

    def optional(self, at: int) -> tuple[str | None, int]:
        """What stands in the brackets that come next, and the offset after them."""
        start = self.after("[", at)
        if start == at:
            return None, at
        inside = start
        while found := IN_BRACKETS.search(self.text, inside, start + LONGEST_HEAD):
            if found.group() == "]":
                return self.text[start : found.start()], found.end()
            inside = self.ends.get(found.start(), found.start()) + 1 if found.group() == "{" else found.end()
        raise Unreadable


def scan(text: str, wanted: Container[str]) -> tuple[Source, list[tuple[int, str]]]:
    """The text with its groups, and where the wanted commands stand that TeX reads."""
    ends: dict[int, int] = {}
    found: list[tuple[int, str]] = []
    opened: list[int] = []
    unread = 0
    for mark in MARK.finditer(text):
        token, at = mark.group(), mark.start()
        if at < unread:
            continue
        if token == "{":
            opened.append(at)
        elif token == "}" and opened:
            ends[opened.pop()] = at
        elif token in wanted:
            found.append((at, token))
        elif token in UNREAD:
            unread = end_of_unread(text, token, mark.end())
    return Source(text, MappingProxyType(ends), wanted), found


def end_of_unread(text: str, command: str, at: int) -> int:
    """The offset up to which TeX reads nothing after this command, or nothing as TeX."""
    if command == r"\iffalse":
        fi = FI.search(text, at)
        return fi.end() if fi else len(text)
    if command == r"\endinput":
        return len(text)
    environment = UNREAD_ENVIRONMENT.match(text, at)
    if environment is None:
        return at
    end = text.find(rf"\end{environment.group()}", at)
    return end if end >= 0 else len(text)
