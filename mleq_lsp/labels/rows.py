"""The rows of an environment that has a number for each."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mleq_lsp.latex.normal import ROW_END
from mleq_lsp.latex.tokens import Kind, Token, tokenize

# What a row may hold before its `&` without saying anything.
SILENT = re.compile(r"\\(?:label|tag|nonumber|notag|q?quad)(?![a-zA-Z])\*?(?:[ \t]*\{[^{}]*\})?|[\s~]|%[^\n]*\n?")
NUMBERED, UNNUMBERED = (r"\label", r"\tag"), (r"\nonumber", r"\notag", r"\IEEEnonumber")


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its end is that of its line break."""

    latex: str
    end: int
    marks: tuple[int, ...]  # offsets in it of the `&` that align it
    commands: frozenset[str]

    @property
    def goes_on(self) -> bool:
        """Whether it begins at its `&`, and so goes on with what the row before it says."""
        return bool(self.marks) and not SILENT.sub("", self.latex[: self.marks[0]])

    def has_number(self, is_usual: bool) -> bool:
        return not self.commands.isdisjoint(NUMBERED) or (is_usual and self.commands.isdisjoint(UNNUMBERED))

    @property
    def bare(self) -> str:
        """What it says, without its `&`."""
        cut = (-1, *self.marks, len(self.latex))
        return "".join(self.latex[before + 1 : after] for before, after in itertools.pairwise(cut)).strip()


def rows_at(latex: str, at: int, is_numbered: bool) -> str | None:
    """The row that is at an offset of an environment's body, with those that share its number; None if those are all.

    A row that only goes on with the one before it shares a number with it if no more than one of them has any.
    """
    rows = list(rows_of(latex))
    number = next((number for number, row in enumerate(rows) if at < row.end), len(rows) - 1)
    group = next(group for group in groups(rows, is_numbered) if number in group)
    if len(group) == len(rows):
        return None
    if len(group) == 1:
        return rows[number].bare
    inside = " \\\\\n".join(rows[number].latex.strip() for number in group)
    return f"\\begin{{aligned}}\n{inside}\n\\end{{aligned}}"


def groups(rows: Sequence[Row], is_numbered: bool) -> Iterator[range]:
    """The rows that share a number, where all have one unless they say no, or where none has unless it says so."""
    start, has_number = 0, False
    for number, row in enumerate(rows):
        if number and not (row.goes_on and not (has_number and row.has_number(is_numbered))):
            yield range(start, number)
            start, has_number = number, False
        has_number = has_number or row.has_number(is_numbered)
    yield range(start, len(rows))


def rows_of(latex: str) -> Iterator[Row]:
    """The rows of an environment's body; those of environments in it are none."""
    start, marks, commands, depth = 0, [], set(), 0
    for token in tokenize(latex):
        depth = max(depth + step(token), 0)
        if token.start < start:
            continue
        if token.kind is Kind.COMMAND:
            commands.add(token.text)
        if depth == 0 and token.text == "&":
            marks.append(token.start - start)
        elif depth == 0 and token.text == r"\\":
            found = ROW_END.match(latex, token.start)
            end = found.end() if found else token.end
            yield Row(latex[start : token.start], end, tuple(marks), frozenset(commands - {r"\\"}))
            start, marks, commands = end, [], set()
    if latex[start:].strip() or not start:
        yield Row(latex[start:], len(latex) + 1, tuple(marks), frozenset(commands))


def step(token: Token) -> int:
    """How much deeper it is after a token: in braces, in an environment."""
    if token.text == r"\begin" or token.kind is Kind.OPEN:
        return 1
    return -1 if token.text == r"\end" or token.kind is Kind.CLOSE else 0
