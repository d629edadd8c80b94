"""Which entry a formula in the document is.

An entry's normal form, with its slots left open, is a pattern: a formula that fits it is that entry, whatever its
slots were renamed to. So is one that has the terms of its sums, or the factors of its products, in another order.
A line of an entry stands for it too, and a formula that shares most of an entry's tokens in order is close to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import accumulate
from types import MappingProxyType

from rapidfuzz.distance import Indel

from mleq_lsp.catalogue.model import Catalogue, Entry
from mleq_lsp.latex.normal import ROW_END, commuted, normal_form, stretch, traced_form
from mleq_lsp.latex.pointing import form_of, runs
from mleq_lsp.latex.tokens import Formula, ends_in_command

CLOSE_ENOUGH = 0.85  # of the tokens shared in order, to be named as close
MIN_CLOSE = 12  # tokens that a formula must have to be close to anything
MIN_LINE = 20  # tokens that one line of an entry must have to stand for it
MIN_FIRST = 7  # the same for the first statement of its first line
MAX_LENGTH = 8000  # characters of a formula; a longer one is no single equation
MAX_SLOT = 12  # tokens that a renamed slot may take
SLOT = "\\slot"
UPPER_FIRST = re.compile(r"\^[^_]*_")
LETTERS = "abcdefghijklmnopqrstuvwxyz"  # that tell the slots of an entry apart


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """An entry that a formula is, or (not `exact`) that it is close to; and what the author writes for its slots."""

    entry: Entry
    exact: bool
    spelled: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Pattern:
    """An entry's normal form: as it stands, and with its slots open."""

    entry: Entry
    tokens: tuple[str, ...]
    constants: Counter[str]
    shape: re.Pattern[str]


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The catalogue's normal forms, ready to be compared with."""

    wholes: tuple[Pattern, ...]
    lines: tuple[Pattern, ...]  # first lines before others, for an equation begins with what it is about
    commuted: dict[tuple[str, ...], Entry]


@lru_cache(maxsize=4)
def index_of(entries: tuple[Entry, ...]) -> Index:
    wholes = tuple(pattern_of(entry, entry.body) for entry in entries)
    firsts, others, opening = [], [], []
    for entry in entries:
        first, *rest = [statement(line) for line in ROW_END.split(entry.body.latex)]
        opening.append(pattern_of(entry, Formula(first)))
        if rest or first != entry.body.latex:
            firsts.append(opening[-1])
        others += [pattern_of(entry, Formula(line)) for line in rest]
    lines = tuple(pattern for pattern in (*firsts, *others) if len(pattern.tokens) >= MIN_LINE)
    commutes: dict[tuple[str, ...], Entry] = {}
    for pattern in (*wholes, *(one for one in opening if len(one.tokens) >= MIN_FIRST), *lines):
        commutes.setdefault(commuted(pattern.tokens), pattern.entry)
    return Index(wholes, lines, commutes)


def statement(line: str) -> str:
    """What a line says before a wide space: after that come conditions and remarks."""
    return re.split(r",?\s*\\q?quad\b", line.lstrip("& \n").removeprefix(r"\quad"))[0]


def recognise(latex: str, catalogue: Catalogue) -> Recognised | None:
    """The entry that a formula is or is close to; None below the threshold."""
    return recognised(latex, index_of(tuple(catalogue))) if len(latex) <= MAX_LENGTH else None


@lru_cache(maxsize=256)
def recognised(latex: str, index: Index) -> Recognised | None:
    signs = traced_form(latex)
    if len(signs) < 3:
        return None
    # As written too: where `x` was renamed to `x^{(i)}`, its own script comes before the equation's `_{t}`.
    forms = dict.fromkeys((signs, traced_form(latex, lower_first=False) if UPPER_FIRST.search(latex) else signs))
    for patterns in (index.wholes, index.lines):
        for form in forms:
            pattern = fitting(form, patterns)
            if pattern is not None:
                spelled = spellings(latex, form, pattern)
                return Recognised(pattern.entry, exact=True, spelled=MappingProxyType(spelled))
    entry = index.commuted.get(commuted(signs))
    found = Recognised(entry, exact=True) if entry else closest(signs, index)
    return replace(found, spelled=MappingProxyType(faces(latex, found.entry))) if found else None


def pattern_of(entry: Entry, body: Formula) -> Pattern:
    opened = normal_form(with_open_slots(body, entry.slots))
    constants = Counter(token for token in opened if not token.startswith(SLOT))
    return Pattern(entry, normal_form(body.latex), constants, shape_of(opened))


def with_open_slots(body: Formula, slots: tuple[str, ...]) -> str:
    """The body with a command of our own in place of each slot."""
    latex, at = "", 0
    for span, index in body.occurrences(slots):
        latex += body.latex[at : span.start] + SLOT + LETTERS[index % 26] + " "
        at = span.end
    return latex + body.latex[at:]


def shape_of(tokens: tuple[str, ...]) -> re.Pattern[str]:
    """What tokens joined by spaces must look like: the first of equal slots is free, the others repeat it."""
    seen: set[str] = set()
    shape = ""
    for token in tokens:
        if not token.startswith(SLOT):
            shape += re.escape(token + " ")
        elif token in seen:
            shape += f"(?P={token[1:]})"
        else:
            seen.add(token)
            shape += rf"(?P<{token[1:]}>(?:\S+ ){{1,{MAX_SLOT}}}?)"
    return re.compile(shape)


def fitting(tokens: tuple[str, ...], patterns: tuple[Pattern, ...]) -> Pattern | None:
    """The first pattern that the formula fits."""
    have = Counter(tokens)
    line = "".join(token + " " for token in tokens)
    for pattern in patterns:
        # Cheap and nearly always enough: what is no slot must be there, as often.
        if pattern.constants <= have and pattern.shape.fullmatch(line):
            return pattern
    return None


def spellings(latex: str, signs: tuple[str, ...], pattern: Pattern) -> dict[str, str]:
    """What the author of a formula that fits a pattern writes for each of its slots, where that is first written."""
    fitted = pattern.shape.fullmatch("".join(sign + " " for sign in signs))
    starts = {start: number for number, start in enumerate(accumulate((len(sign) + 1 for sign in signs), initial=0))}
    found: dict[str, str] = {}
    for letter, slot in zip(LETTERS, pattern.entry.slots, strict=False):
        group = SLOT[1:] + letter
        if fitted is not None and group in pattern.shape.groupindex:
            start, end = fitted.span(group)
            span = stretch(latex, signs[starts[start] : starts[end]])
            if span is not None:
                found[slot] = span.of(latex)
    return found


def faces(latex: str, entry: Entry) -> dict[str, str]:
    """What the author of a formula with the letters of an entry writes for its slots: another face, perhaps."""
    signs, found = traced_form(latex), {}
    for slot in entry.slots:
        written = {span.of(latex) for _, span in runs(latex, signs, slot)}
        is_one = len(written) == 1 and [form_of(other) for other in entry.slots].count(form_of(slot)) == 1
        if is_one:
            found[slot] = written.pop()
    return found


def as_spelled(symbol: str, entry: Entry, spelled: Mapping[str, str]) -> str:
    """A symbol of an entry as somebody writes it who spells the slots so."""
    latex, at = "", 0
    for span, index in Formula(symbol).occurrences(entry.slots) if spelled else ():
        mine = spelled.get(entry.slots[index], span.of(symbol))
        after = symbol[span.end : span.end + 1]
        if after in ("_", "^") and after in mine:
            mine = f"{{{mine}}}"  # `x_{i}` with another `_{t}`
        elif after.isalpha() and ends_in_command(mine):
            mine += " "
        latex += symbol[at : span.start] + mine
        at = span.end
    return latex + symbol[at:]


def closest(tokens: tuple[str, ...], index: Index) -> Recognised | None:
    if len(tokens) < MIN_CLOSE:
        return None
    score, best = 0.0, None
    for pattern in index.wholes:
        found = Indel.normalized_similarity(tokens, pattern.tokens, score_cutoff=max(score, CLOSE_ENOUGH))
        if found > score:
            score, best = found, pattern.entry
    return Recognised(best, exact=False) if best else None
