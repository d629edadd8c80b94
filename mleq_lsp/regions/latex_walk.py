"""A walk over a stretch of LaTeX, from one sign that can begin or end a region to the next."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from mleq_lsp.regions.authored import NOTHING, Authored, Meaning
from mleq_lsp.regions.braces import ADDRESS, ARGUMENT, DEFINITION, Braces
from mleq_lsp.regions.frames import Frame, Frames
from mleq_lsp.regions.latex_names import DISPLAY, INNER, PICTURES, known_command, plain
from mleq_lsp.regions.model import MATH, Kind
from mleq_lsp.text import Span

# The first class makes the search for a sign fast; what follows a backslash belongs to it.
# "@" is a letter in packages only, elsewhere it may delimit `\verb`.
SIGN = re.compile(r"[\\$%{}\n](?:(?<=\\)(?:(?:verb|Verb|lstinline|mintinline)(?![a-zA-Z])|[a-zA-Z@]+|[^\n]))?")
SPACE = re.compile(r"(?:[ \t]|%[^\n]*\n|\n(?![ \t]*\n))*")  # all that TeX passes over before an argument
BLANK = re.compile(r"\n[ \t]*(?=\n)")
INDENT = re.compile(r"[ \t]*")
FORM = re.compile(r"\*?(?:<[^<>\n]*>)?")  # a star, and the slides on which something of beamer is seen
ROUND = re.compile(r"\([^()\n]*\)")
NAME = re.compile(r"[ \t]*\{([^{}\\$%\n]*)(\}?)")
EXPL = r"\ExplSyntaxOn"
CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]", "{": "}", EXPL: r"\ExplSyntaxOff"}

Mark = re.Match[str]
Step = Callable[["Walk", Mark], None]


class Part(NamedTuple):
    """An argument of a definition: "[" or "{", and what stands inside."""

    sign: str
    text: str


class Group(NamedTuple):
    """An argument with its braces or brackets; one that is yet to be closed ends with its line."""

    start: int
    end: int
    is_closed: bool

    @property
    def body_end(self) -> int:
        return self.end - 1 if self.is_closed else self.end

    def part(self, text: str) -> Part:
        return Part(text[self.start], text[self.start + 1 : self.body_end])


class Walk:
    """Where the walk is, what is open there, and what was found; the steps it takes are functions elsewhere."""

    def __init__(self, text: str, start: int, end: int, authored: Authored = NOTHING, base: Kind | None = None) -> None:
        self.text = text
        self.start = start
        self.at = start
        self.end = end
        self.authored = authored
        self.frames = Frames(start, base)
        self.is_over = False
        self.seen = start  # how far the text has decided something, beyond where the walk is
        self._line = Span(0, -1)  # the one that was searched last
        self._arguments, self._addresses, self._definitions = (
            Braces(sign, text, end) for sign in (ARGUMENT, ADDRESS, DEFINITION)
        )

    def run(self, steps: Mapping[str, Step]) -> None:
        """Goes from sign to sign up to the end; commands without a step of their own have arguments at most."""
        while not self.is_over and (mark := SIGN.search(self.text, self.at, self.end)):
            self.at = mark.end()
            sign = mark.group()
            step, meaning = steps.get(sign), None
            if step is None and (meaning := self.authored.of(sign) or known_command(sign)):
                step = steps.get(meaning.like)
            if step:
                step(self, mark)
            elif meaning:
                self.apply(meaning, mark)

    # What becomes of definitions and of the document's ends is for those to say who walk over documents.

    def define(self, command: str, parts: list[Part]) -> None:
        """A definition was passed."""

    def document_begins(self) -> None:
        """`\\begin{document}` was passed."""

    def ends_nothing(self, closer: str) -> None:
        """Something ended that was not open."""

    # What lies ahead

    def after(self, pattern: re.Pattern[str]) -> int:
        """The offset after what is matched here; where nothing is, the walk stands there already."""
        found = pattern.match(self.text, self.at, self.end)
        return found.end() if found else self.at

    def saw(self, offset: int) -> None:
        """The characters before an offset, and there the end of the text, have decided something."""
        self.seen = max(self.seen, offset)

    def line_end(self, at: int) -> int:
        """Where the line ends that an offset is on; a line is searched once, however much stands on it."""
        if not self._line.start <= at <= self._line.end:
            found = self.text.find("\n", at, self.end)
            self._line = Span(at, self.end if found == -1 else found)
        return self._line.end

    def blank_line(self, end: int) -> int:
        """Where the paragraph ends, if it does before an offset."""
        found = BLANK.search(self.text, self.at, end)
        self.saw((found.end() if found else end) + 1)
        return found.start() if found else end

    def group(self, opening: str, braces: Braces | None = None) -> Group | None:
        """The argument that comes next, if it opens with this sign; brackets stand on the same line."""
        may_be_below = opening == "{" or braces is self._definitions
        start = self.after(SPACE if may_be_below else INDENT)
        at_blank_line = may_be_below and self.text.startswith("\n", start, self.end)
        self.saw((self.line_end(start + 1) if at_blank_line else start) + 1)
        if not self.text.startswith(opening, start, self.end):
            return None
        braces = braces or self._arguments
        end = braces.end(start)
        self.saw(braces.at + (end is None))
        return Group(start, end or self.line_end(start), end is not None)

    def address(self) -> Group | None:
        """An argument in which `%` is a sign like any other."""
        return self.group("{", self._addresses)

    def definition_part(self, opening: str) -> Group | None:
        """An argument that may go on over several paragraphs."""
        return self.group(opening, self._definitions)

    # What is found

    def silent(self, group: Group) -> None:
        """An argument in which nothing is to be found is passed over."""
        self.frames.add(Kind.ARGUMENT, group.start, group.end, group.start + 1, group.body_end)
        self.at = group.end

    def apply(self, meaning: Meaning, mark: Mark) -> None:
        """What a command does: it ends something, begins something, and has arguments."""
        for closer in meaning.closes:
            self.ends(closer, mark.start())
        opened = [self.begins(name, closer_of(name), mark.start()) for name in meaning.opens]
        self.take(meaning, mark)
        for frame in filter(None, opened):
            frame.body = self.at

    def begins(self, name: str, closer: str, start: int) -> Frame | None:
        """A formula or a drawing begins, known by its environment or its delimiter."""
        kind, top = kind_of(name), self.frames.top
        if name in ("$", "$$") and top.closer == name:
            self.frames.close(start, self.at)
            return None
        if top.name == EXPL or (self.frames.in_math and name in ("$", r"\(")):
            return None
        if kind is Kind.DISPLAY_MATH and plain(name) not in INNER:
            self.recover_formula(start)
        return self.frames.open(kind, name, closer, start, self.at)

    def recover_formula(self, at: int) -> None:
        """A formula that is open does not go on here: its end was not typed yet.

        One that only just began, as `$$` before `align`, is the same as what begins here.
        """
        top = self.frames.top
        if top.kind in (*MATH, Kind.WORDS) and self.text[top.body : at].strip():
            self.frames.recover(at)

    def ends(self, closer: str, start: int) -> None:
        """Something ends, if it is open."""
        if self.frames.unwind(closer, start):
            self.frames.close(start, self.at)
        else:
            self.ends_nothing(closer)

    # Arguments

    def take(self, meaning: Meaning, mark: Mark) -> None:
        """Passes over silent arguments, up to one that is words or a formula: that is gone into."""
        if not meaning.takes:
            return
        self.at = self.after(FORM)
        number = self.frames.reserve()
        for place, letter in enumerate(meaning.takes):
            if letter in "or":
                self.take_options(letter)
            elif letter in "wm":
                self.go_into(letter, meaning, mark, number, meaning.takes[place + 1 :])
                return
            elif letter == "a" and (group := self.group("{")):
                self.silent(group)
            else:
                return

    def take_options(self, letter: str) -> None:
        while letter == "o" and (group := self.group("[")):
            self.silent(group)
        while letter == "r" and (options := ROUND.match(self.text, self.at, self.end)):
            self.silent(Group(options.start(), options.end(), is_closed=True))

    def go_into(self, letter: str, meaning: Meaning, mark: Mark, number: int, rest: str) -> None:
        """Opens an argument, if it is something else than the place that the command stands in."""
        brace = self.after(INDENT)
        if (letter == "w") is not self.frames.in_math or not self.text.startswith("{", brace, self.end):
            return
        self.at = brace + 1
        kind = Kind.WORDS if letter == "w" else kind_of(meaning.formula)
        # To be read by itself a formula in an author's command needs the command.
        by_itself = kind is not Kind.INLINE_MATH or meaning.formula == "{"
        name = "{" if letter == "w" else meaning.formula if by_itself else mark.group()
        self.frames.open(kind, name, "}", mark.start(), self.at, number).rest = rest

    def argument_ends(self, at: int) -> None:
        """The brace at an offset ends the argument on top; the next one may be part of the same formula."""
        frame = self.frames.top
        for number, letter in enumerate(frame.rest):
            if letter == "m" and self.text.startswith("{", self.at, self.end):
                frame.rest = frame.rest[number + 1 :]
                self.at += 1
                return
            group = self.group("{") if letter == "a" else None
            if group is None:
                break
            self.silent(group)
        self.frames.close(at, self.at)


def kind_of(name: str) -> Kind:
    """What an environment or a delimiter begins."""
    if plain(name) in PICTURES or name == EXPL:
        return Kind.VERBATIM
    if plain(name) in DISPLAY or plain(name) in INNER or name in ("$$", r"\["):
        return Kind.DISPLAY_MATH
    return Kind.INLINE_MATH


def closer_of(name: str) -> str:
    """What ends something that begins with this."""
    return CLOSERS.get(name) or f"\\end{{{name}}}"
