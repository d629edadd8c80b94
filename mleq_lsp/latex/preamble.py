"""A preamble, or a class or package file: what it loads, reads and defines, and where a new line would go."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache

LOADING = (
    "documentclass|documentstyle|LoadClassWithOptions|LoadClass|usepackage|RequirePackageWithOptions|RequirePackage"
)
DEFINING = (
    "newcommand|renewcommand|providecommand|DeclareRobustCommand|(?:New|Renew|Provide|Declare)DocumentCommand"
    "|DeclareMath(?:Operator|Symbol|Alphabet|Accent)|DeclareSymbolFontAlphabet|DeclarePairedDelimiter(?:XPP|X)?"
    "|[gex]?def|let"
)
# Conditionals that end with `\fi`. Many other commands begin with `\if` and take their branches in braces.
CONDITIONALS = frozenset(
    "if ifcase ifcat ifcsname ifdefined ifdim ifeof iffalse iffontchar ifhbox ifhmode ifinner ifmmode ifnum ifodd"
    " ifpdf ifpdftex ifPDFTeX iftrue ifluatex ifLuaTeX ifTUTeX ifvbox ifvmode ifvoid ifx ifxetex ifXeTeX".split()
)
MARK = re.compile(
    rf"""
      (?P<comment>  %[^\r\n]*)
    | (?P<begin>    \\begin[ \t]*\{{document\}})
    | (?P<file>     \\begin[ \t]*\{{filecontents\*?\}})
    | (?P<load>     \\(?P<command>{LOADING})(?![a-zA-Z@]))
    | (?P<input>    \\(?:input|include|subfile)(?![a-zA-Z@])[ \t]*(?:\{{(?P<read>[^{{}}\r\n]*)\}}|(?P<bare>[\w./-]+)))
    | (?P<newif>    \\newif[ \t]*\\(?P<new>if[a-zA-Z@]+))
    | (?P<if>       \\(?P<condition>if[a-zA-Z@]*))
    | (?P<else>     \\else(?![a-zA-Z@]))
    | (?P<fi>       \\fi(?![a-zA-Z@]))
    | (?P<define>   \\(?:{DEFINING})
                    \*?(?=[ \t]*(?:\{{[ \t]*)?(?P<name>\\[a-zA-Z@]+)))
    | (?P<escape>   \\(?:[a-zA-Z@]+|.))
    | (?P<open>     \{{)
    | (?P<close>    \}})
    | (?P<line>     \r\n|\n|\r)
    """,
    re.VERBOSE | re.DOTALL,
)
# What stands between a command and its argument, and what counts inside one. No argument holds another command
# that loads, nor an empty line: there it was left unfinished.
BLANK = re.compile(r"(?:[ \t]|%[^\r\n]*(?:\r\n|\n|\r)|(?:\r\n|\n|\r)(?![ \t]*[\r\n]))*")
INSIDE = re.compile(
    rf"(?P<comment>%[^\r\n]*)|(?P<end>\\(?:{LOADING}|begin)(?![a-zA-Z@])|(?:\r\n|\n|\r)[ \t]*(?:\r\n|\n|\r))"
    r"|\\.|[{}\]]",
    re.DOTALL,
)
COMMENT = re.compile(r"%[^\r\n]*\s*")
END_OF_FILE = re.compile(r"\\end[ \t]*\{filecontents\*?\}")


@dataclass(frozen=True, slots=True)
class Load:
    """A command that loads a class or packages; `line_end` is where a line of the same kind can follow it."""

    command: str
    options: tuple[str, ...]
    names: tuple[str, ...]
    line_end: int | None  # None inside a group or a conditional


@dataclass(frozen=True, slots=True)
class Preamble:
    """What stands before `\\begin{document}`, or in a whole class or package file."""

    loads: tuple[Load, ...]
    inputs: tuple[str, ...]
    commands: frozenset[str]  # that it defines: `\\bm`


@lru_cache(maxsize=16)
def read(text: str) -> Preamble:
    """The preamble of a text, whatever the text."""
    return Reader(text).preamble()


class Reader:
    """Walks over a preamble once and knows how deep it is in groups and conditionals."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self._dead: list[bool] = []  # of each open conditional, whether this branch of it is never taken
        self._conditionals = set(CONDITIONALS)
        self._loads: list[Load] = []
        self._inputs: list[str] = []
        self._commands: set[str] = set()
        self._line_is_open = False  # whether the last load's line goes on

    def preamble(self) -> Preamble:
        at = 0
        while (mark := MARK.search(self._text, at)) and mark.lastgroup != "begin":
            at = self.step(mark)
        return Preamble(tuple(self._loads), tuple(self._inputs), frozenset(self._commands))

    def step(self, mark: re.Match[str]) -> int:
        """Notes one mark and says where to go on."""
        kind = mark.lastgroup
        if kind == "load":
            return self.load(mark)
        if kind == "file":
            end = END_OF_FILE.search(self._text, mark.end())
            return end.end() if end else len(self._text)
        if kind in ("open", "close"):
            self._depth = max(0, self._depth + (1 if kind == "open" else -1))
        elif kind == "line":
            self.end_line(mark.start())
        elif kind == "newif":
            self._conditionals.add(mark["new"])
        elif kind in ("if", "else", "fi"):
            self.branch(kind, mark["condition"])
        elif kind == "input" and not any(self._dead):
            self._inputs.append((mark["read"] or mark["bare"] or "").strip())
        elif kind == "define" and not any(self._dead):
            self._commands.add(mark["name"])
        return mark.end()

    def load(self, mark: re.Match[str]) -> int:
        options, at = argument(self._text, mark.end(), "[")
        names, at = argument(self._text, at, "{")
        if names and not any(self._dead):
            self._line_is_open = self.is_outside
            self._loads.append(Load(mark["command"], options, names, at if self.is_outside else None))
        return at

    def end_line(self, at: int) -> None:
        if self._line_is_open and self.is_outside:
            self._loads[-1] = replace(self._loads[-1], line_end=at)
            self._line_is_open = False

    def branch(self, kind: str, condition: str) -> None:
        if kind == "if" and condition in self._conditionals:
            self._dead.append(condition == "iffalse")
        elif kind == "else" and self._dead:
            self._dead[-1] = False
        elif kind == "fi" and self._dead:
            self._dead.pop()

    @property
    def is_outside(self) -> bool:
        """Whether here is in no group and in no conditional."""
        return self._depth == 0 and not self._dead


def argument(text: str, at: int, opening: str) -> tuple[tuple[str, ...], int]:
    """The parts between commas of the argument that begins after `at`, and where it ends; nothing if it does not."""
    start = skip_blank(text, at)
    if not text.startswith(opening, start):
        return (), at
    closing = "]" if opening == "[" else "}"
    depth = 0
    for mark in INSIDE.finditer(text, start + 1):
        if mark.lastgroup == "end":
            break
        if depth == 0 and mark.group() == closing:
            parts = COMMENT.sub("", text[start + 1 : mark.start()]).split(",")
            return tuple(part.strip() for part in parts if part.strip()), mark.end()
        depth += (mark.group() == "{") - (mark.group() == "}")
    return (), at


def skip_blank(text: str, at: int) -> int:
    """The offset of what comes after white space and comments."""
    found = BLANK.match(text, at)
    return found.end() if found else at
