"""The one tokenizer of LaTeX math, and the symbols that tokens make."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property, lru_cache
from typing import NamedTuple

from mleq_lsp.text import Span


class Kind(Enum):
    """What a token is to TeX."""

    COMMAND = auto()
    LETTER = auto()
    OPEN = auto()
    CLOSE = auto()
    SPACE = auto()
    COMMENT = auto()
    OTHER = auto()


class Token(NamedTuple):
    """One token and the offset it starts at."""

    kind: Kind
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


SHORT = 4_000  # characters of a formula that is remembered
TOKEN = re.compile(r"(\\[A-Za-z@]+|\\.|\\$)|(%[^\n]*)|(\s+)|(.)", re.DOTALL)
COMMAND_AT_END = re.compile(r"\\[A-Za-z@]+$")
KINDS = {"{": Kind.OPEN, "}": Kind.CLOSE}


def commands(names: str) -> frozenset[str]:
    """Commands by their names: "alpha beta" are `\\alpha` and `\\beta`."""
    return frozenset(f"\\{name}" for name in names.split())


# Commands that set their argument in another face: `\mathbf{x}` is one symbol, not the symbol `x`.
FACES = commands(
    "mathbf mathbb mathcal mathsf mathfrak mathscr mathit mathtt mathnormal boldsymbol bm pmb bs"
    " mathbfit mathbfcal symbf symbfit"
)
# Commands whose argument is words, names or measures: no symbol of the formula stands in it.
WORDS = commands(
    "mathrm text textrm textbf textit textsf texttt textnormal mbox hbox operatorname mathop"
    " begin end label ref eqref tag hspace vspace color textcolor"
)
GREEK = commands(
    "alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa varkappa lambda mu nu xi pi varpi"
    " rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon"
    " Phi Psi Omega ell hbar imath jmath aleph"
)


def ends_in_command(latex: str) -> bool:
    """Whether a letter right after it would become a part of a command's name."""
    return COMMAND_AT_END.search(latex) is not None


def tokenize(latex: str) -> tuple[Token, ...]:
    """The tokens of a formula, spaces and comments included; together they are the formula."""
    return remembered_tokens(latex) if len(latex) <= SHORT else scanned_tokens(latex)


def scanned_tokens(latex: str) -> tuple[Token, ...]:
    return tuple(token_of(match) for match in TOKEN.finditer(latex))


def token_of(match: re.Match[str]) -> Token:
    text = match.group()
    if match.lastindex == 1:
        kind = Kind.COMMAND
    elif match.lastindex == 2:
        kind = Kind.COMMENT
    elif match.lastindex == 3:
        kind = Kind.SPACE
    else:
        kind = KINDS.get(text) or (Kind.LETTER if text.isalpha() else Kind.OTHER)
    return Token(kind, text, match.start())


def group_end(tokens: Sequence[Token], at: int) -> int:
    """The index after the argument that starts at or after `at`: a group in braces, or one token."""
    while at < len(tokens) and tokens[at].kind in (Kind.SPACE, Kind.COMMENT):
        at += 1
    depth = 0
    while at < len(tokens):
        kind = tokens[at].kind
        depth += (kind is Kind.OPEN) - (kind is Kind.CLOSE)
        if depth < 0:
            return at
        at += 1
        if depth == 0:
            return at
    return at


@dataclass(frozen=True, slots=True)
class Symbol:
    """What a mathematician would point at: `x`, `\\theta`, `\\mathbf{x}`, `\\text{data}`, or a lone token."""

    text: str
    span: Span
    is_identifier: bool = False
    is_words: bool = False


def symbols(latex: str) -> tuple[Symbol, ...]:
    """The symbols of a formula in order, spaces and comments left out."""
    return remembered_symbols(latex) if len(latex) <= SHORT else scanned_symbols(latex)


def scanned_symbols(latex: str) -> tuple[Symbol, ...]:
    return tuple(scan_symbols(latex))


# Several questions are asked of one formula after the other.
remembered_tokens = lru_cache(maxsize=64)(scanned_tokens)
remembered_symbols = lru_cache(maxsize=128)(scanned_symbols)


def scan_symbols(latex: str) -> Iterator[Symbol]:
    tokens = tokenize(latex)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.text in FACES or token.text in WORDS:
            starred = at + 1 < len(tokens) and tokens[at + 1].text == "*"
            end = max(group_end(tokens, at + 1 + starred), at + 1)
            argument = "".join(t.text for t in tokens[at + 1 : end] if t.kind not in (Kind.SPACE, Kind.COMMENT))
            if not (argument.startswith("{") and argument.endswith("}")):
                argument = f"{{{argument}}}"
            span = Span(token.start, tokens[end - 1].end)
            named = token.text in FACES and not argument.strip("{}").isdigit()
            yield Symbol(token.text + argument, span, named, token.text in WORDS)
            at = end
            continue
        if token.kind not in (Kind.SPACE, Kind.COMMENT):
            named = token.kind is Kind.LETTER or token.text in GREEK
            yield Symbol(token.text, Span(token.start, token.end), named)
        at += 1


def identifiers(latex: str) -> set[str]:
    """The letters, Greek letters and letters in another face that a formula is about."""
    return {symbol.text for symbol in symbols(latex) if symbol.is_identifier}


@dataclass(frozen=True)
class Formula:
    """The body of an entry: LaTeX math without its delimiters, taken apart once."""

    latex: str

    @cached_property
    def symbols(self) -> tuple[Symbol, ...]:
        """Its symbols in order."""
        return symbols(self.latex)

    @cached_property
    def is_multiline(self) -> bool:
        """Whether it has rows or an alignment of its own, outside any environment in it."""
        depth = 0
        for token in tokenize(self.latex):
            if token.text in (r"\begin", r"\end"):
                depth += 1 if token.text == r"\begin" else -1
            elif depth == 0 and token.text in (r"\\", "&"):
                return True
        return False

    def occurrences(self, slots: Sequence[str]) -> list[tuple[Span, int]]:
        """Where the slots occur, in order, each with the slot's index; of two at one place the longer one."""
        found = []
        wanted = sorted(((texts_of(slot), index) for index, slot in enumerate(slots)), key=lambda w: -len(w[0]))
        here = self.symbols
        at = 0
        while at < len(here):
            for texts, index in wanted:
                run = here[at : at + len(texts)]
                if texts and [symbol.text for symbol in run] == texts:
                    found.append((Span(run[0].span.start, run[-1].span.end), index))
                    at += len(texts)
                    break
            else:
                at += 1
        return found


@lru_cache(maxsize=1024)
def texts_of(latex: str) -> list[str]:
    """The symbols of a slot, as they are compared; a catalogue has few different slots."""
    return [symbol.text for symbol in symbols(latex)]
