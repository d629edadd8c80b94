"""Which entry a formula in the document is.

An entry's normal form, with its slots left open, is a pattern: a formula that fits it is that entry, whatever its
slots were renamed to. A formula with the same tokens in another order is it as well (sums and products commute), and
one that shares most of its tokens in order is close to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Indel

from mleq_lsp.catalogue.model import Catalogue, Entry
from mleq_lsp.latex.normal import ROW_END, normal_form
from mleq_lsp.latex.tokens import Formula

CLOSE_ENOUGH = 0.85  # of the tokens shared in order, to be named as close
MIN_CLOSE = 12  # tokens that a formula must have to be close to anything
MIN_PART = 7  # tokens that one line of an entry must have to stand for it
MAX_SLOT = 12  # tokens that a renamed slot may take
MAX_TOKENS = 1500  # of a formula; a longer one is no single equation
SLOT = "\\slot"


@dataclass(frozen=True, slots=True)
class Recognised:
    """An entry that a formula is, or (not `exact`) that it is close to."""

    entry: Entry
    exact: bool


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

    patterns: tuple[Pattern, ...]
    bags: dict[tuple[str, ...], Entry]  # sorted tokens of whole entries and of their lines


@lru_cache(maxsize=4)
def index_of(entries: tuple[Entry, ...]) -> Index:
    patterns = tuple(pattern_of(entry) for entry in entries)
    bags: dict[tuple[str, ...], Entry] = {}
    for pattern in patterns:
        bags.setdefault(tuple(sorted(pattern.tokens)), pattern.entry)
    for entry in entries:
        for part in parts(entry):
            bags.setdefault(tuple(sorted(part)), entry)
    return Index(patterns, bags)


def recognise(latex: str, catalogue: Catalogue) -> Recognised | None:
    """The entry that a formula is or is close to; None below the threshold."""
    tokens = normal_form(latex)
    if not 3 <= len(tokens) <= MAX_TOKENS:
        return None
    index = index_of(tuple(catalogue))
    # As written too: where `x` was renamed to `x^{(i)}`, its own script comes before the equation's `_{t}`.
    entry = fitting(tokens, index) or fitting(normal_form(latex, lower_first=False), index)
    entry = entry or index.bags.get(tuple(sorted(tokens)))
    if entry is not None:
        return Recognised(entry, exact=True)
    return closest(tokens, index)


def pattern_of(entry: Entry) -> Pattern:
    opened = normal_form(with_open_slots(entry.body, entry.slots))
    constants = Counter(token for token in opened if not token.startswith(SLOT))
    return Pattern(entry, normal_form(entry.body.latex), constants, shape_of(opened))


def with_open_slots(body: Formula, slots: tuple[str, ...]) -> str:
    """The body with a command of our own in place of each slot."""
    latex, at = "", 0
    for span, index in body.occurrences(slots):
        latex += body.latex[at : span.start] + SLOT + "abcdefghijklmnopqrstuvwxyz"[index % 26] + " "
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


def parts(entry: Entry) -> Iterator[tuple[str, ...]]:
    """The lines of an entry, and what stands before the first wide space of each."""
    for line in ROW_END.split(entry.body.latex):
        for part in {line, re.split(r",?\s*\\q?quad\b", line)[0]}:
            tokens = normal_form(part)
            if len(tokens) >= MIN_PART:
                yield tokens


def fitting(tokens: tuple[str, ...], index: Index) -> Entry | None:
    """The entry whose pattern the formula fits."""
    have = Counter(tokens)
    line = "".join(token + " " for token in tokens)
    for pattern in index.patterns:
        # Cheap and nearly always enough: what is no slot must be there, as often.
        if pattern.constants <= have and pattern.shape.fullmatch(line):
            return pattern.entry
    return None


def closest(tokens: tuple[str, ...], index: Index) -> Recognised | None:
    if len(tokens) < MIN_CLOSE:
        return None
    score, best = 0.0, None
    for pattern in index.patterns:
        found = Indel.normalized_similarity(tokens, pattern.tokens, score_cutoff=max(score, CLOSE_ENOUGH))
        if found > score:
            score, best = found, pattern.entry
    return Recognised(best, exact=False) if best else None
