"""Which of some symbols a place in a formula belongs to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain, takewhile
from typing import NamedTuple

from mleq_lsp.latex.arguments import ACCENTS
from mleq_lsp.latex.normal import Sign, normal_form, stretch, traced_form
from mleq_lsp.latex.tokens import symbols
from mleq_lsp.text import Span


class Occurrence(NamedTuple):
    """Where a symbol stands in a formula; the least of several is the one that is meant."""

    is_around: bool  # the place is in the symbol's brackets, where another one stands: `q(x)` is around `x`
    length: int  # in tokens, negative
    is_restyled: bool  # the same but for its face
    number: int


def pointed(latex: str, at: int, wanted: Sequence[str]) -> int | None:
    """The number of the wanted symbol that the character at an offset is a part of.

    That is the longest that stands there; or one that differs in its scripts; or one that has the place in brackets.
    """
    signs = traced_form(latex)
    every = (occurrences(latex, at, signs, symbol, number) for number, symbol in enumerate(wanted))
    found = min(chain.from_iterable(every), default=None)
    if found is not None and not found.is_around:
        return found.number
    other = with_other_scripts(latex, at, signs, [form_of(symbol) for symbol in wanted])
    return found.number if other is None and found is not None else other


def occurrences(latex: str, at: int, signs: Sequence[str], symbol: str, number: int) -> Iterator[Occurrence]:
    """Where a symbol stands so that the place is in it."""
    texts = [one.text for one in symbols(symbol)]
    for run, span in runs(latex, signs, symbol):
        if span.holds(at):
            is_restyled = [one.text for one in symbols(span.of(latex))] != texts
            yield Occurrence(depth(run, at) > 0, -len(run), is_restyled, number)


def runs(latex: str, signs: Sequence[str], symbol: str) -> Iterator[tuple[Sequence[str], Span]]:
    """The signs of a formula that are a symbol, in whatever face, and the stretches that they come from."""
    form = form_of(symbol)
    for start in range(len(signs) - len(form) + 1 if form else 0):
        if signs[start] != form[0]:
            continue
        run = signs[start : start + len(form)]
        span = stretch(latex, run) if tuple(run) == form and is_whole(signs, start, start + len(form)) else None
        if span is not None:
            yield run, span


@lru_cache(maxsize=1024)
def form_of(symbol: str) -> tuple[str, ...]:
    return normal_form(symbol)


def is_whole(signs: Sequence[str], start: int, end: int) -> bool:
    """Whether a run of signs begins and ends with a symbol: `x` is none in `exp`, nor is `a` with a bar on it."""
    before = signs[start - 1] if start else ""
    after = signs[end] if end < len(signs) else ""
    return before not in ACCENTS and not are_one(before, signs[start]) and not are_one(signs[end - 1], after)


def are_one(sign: str, other: str) -> bool:
    return isinstance(sign, Sign) and isinstance(other, Sign) and sign.span == other.span


def depth(run: Sequence[str], at: int) -> int:
    """How many brackets of a run are open at an offset."""
    signs = [sign for sign in run if isinstance(sign, Sign)]
    opened = sum(sign == "(" and sign.span.end <= at for sign in signs)
    return opened - sum(sign == ")" and sign.span.start <= at for sign in signs)


def with_other_scripts(latex: str, at: int, signs: Sequence[str], forms: Sequence[tuple[str, ...]]) -> int | None:
    """The symbol that has the base of what stands at an offset, if there is one: `x_{t}` explains `x_{t-1}` too."""
    atom = atom_at(latex, at, signs)
    alike = [
        (number, form)
        for number, form in enumerate(forms)
        if atom and atom_end(form, 0) == len(form) and base(form) == base(atom)
    ]
    if len(alike) > 1:
        alike = [(number, form) for number, form in alike if set(form) <= set(atom)]
    return alike[0][0] if len(alike) == 1 else None


def atom_at(latex: str, at: int, signs: Sequence[str]) -> tuple[str, ...]:
    """The innermost base with scripts that an offset is in."""
    for start in reversed(range(len(signs))):
        run = signs[start : atom_end(signs, start)]
        if isinstance(run[0], Sign) and run[0].span.start <= at and is_whole(signs, start, start + len(run)):
            span = stretch(latex, run)
            if base(run) and span is not None and span.holds(at):
                return tuple(run)
    return ()


def base(atom: Sequence[str]) -> tuple[str, ...]:
    """A letter with its accents, at the start of an atom; nothing if it is another sign."""
    accents = tuple(takewhile(ACCENTS.__contains__, atom))
    letter = atom[len(accents)] if len(atom) > len(accents) else ""
    return (*accents, letter) if letter[-1:].isalpha() else ()


def atom_end(signs: Sequence[str], at: int) -> int:
    """The index after the base that begins at `at`, and its scripts."""
    while at < len(signs) - 1 and signs[at] in ACCENTS:
        at += 1
    at += 1
    while at < len(signs) and signs[at] in ("_", "^"):
        at = closing(signs, at + 1) + 1
    return min(at, len(signs))


def closing(signs: Sequence[str], at: int) -> int:
    """The index of the brace that closes the one at `at`."""
    level = 0
    for end in range(at, len(signs)):
        level += (signs[end] == "{") - (signs[end] == "}")
        if level <= 0:
            return end
    return len(signs)
