"""Which entry a formula in the document is.

An entry's normal form, with its slots left open, is a pattern: a formula that fits it is that entry, whatever its
slots were renamed to. So is one that has the terms of its sums, or the factors of its products, in another order.
A line of an entry stands for it too, and a formula that shares most of an entry's tokens in order is close to it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from itertools import accumulate
from types import MappingProxyType

from rapidfuzz.distance import Indel
from rapidfuzz.process import extractOne

from mleq_lsp.catalogue.forms import LETTERS, SLOT, forms_of
from mleq_lsp.catalogue.model import Catalogue, Entry, Form
from mleq_lsp.latex.normal import commuted, stretch, traced_form
from mleq_lsp.latex.pointing import form_of, runs
from mleq_lsp.latex.tokens import Formula, ends_in_command

CLOSE_ENOUGH = 0.85  # of the tokens shared in order, to be named as close
MIN_CLOSE = 12  # tokens that a formula must have to be close to anything
MIN_LINE = 20  # tokens that one line of an entry must have to stand for it
MIN_FIRST = 7  # the same for the first statement of its first line
MAX_LENGTH = 8000  # characters of a formula; a longer one is no single equation
MAX_SLOT = 12  # tokens that a renamed slot may take
UPPER_FIRST = re.compile(r"\^[^_]*_")
FIRST_CHARACTER = 0x4E00  # of those that stand for tokens


@dataclass(frozen=True, slots=True, eq=False)
class Recognised:
    """An entry that a formula is, or (not `exact`) that it is close to; and what the author writes for its slots."""

    entry: Entry
    exact: bool
    spelled: Mapping[str, str] = field(default_factory=dict)


class Pattern:
    """A formula of an entry, with what it is compared by; each of that is made when it is first needed."""

    def __init__(self, entry: Entry, form: Form) -> None:
        self.entry = entry
        self.form = form

    @cached_property
    def constants(self) -> Counter[str]:
        """What is no slot."""
        return Counter(token for token in self.form.opened.split() if not token.startswith(SLOT))

    @cached_property
    def shape(self) -> re.Pattern[str]:
        """What the tokens of a formula that fits look like."""
        return shape_of(self.form.opened.split())


class Patterns:
    """Patterns in their order, found by the token that the fewest of them have."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self.all = tuple(patterns)
        constants = [{token for token in one.form.opened.split() if not token.startswith(SLOT)} for one in self.all]
        frequency = Counter(token for tokens in constants for token in tokens)
        self._by_rarest: dict[str | None, list[int]] = {}
        for number, tokens in enumerate(constants):
            rarest = min(tokens, key=lambda token: (frequency[token], token), default=None)
            self._by_rarest.setdefault(rarest, []).append(number)

    def with_tokens_of(self, tokens: Iterable[str]) -> Iterator[Pattern]:
        """Those that a formula of these tokens may fit."""
        numbers = [number for token in {None, *tokens} for number in self._by_rarest.get(token, ())]
        return (self.all[number] for number in sorted(numbers))


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """The catalogue's normal forms, ready to be compared with."""

    wholes: Patterns
    lines: Patterns  # first lines before others, for an equation begins with what it is about
    commuted: dict[str, Entry]
    characters: dict[str, str]  # one for each token: what is written in them is compared faster
    spelled: list[str]  # the wholes in these characters

    def spell(self, tokens: Iterable[str]) -> str:
        """Tokens in characters; all that no entry has are one."""
        return "".join(self.characters.get(token, "\0") for token in tokens)


@lru_cache(maxsize=4)
def index_of(catalogue: Catalogue) -> Index:
    """The patterns of all entries; forms that the catalogue does not bring are made here."""
    known = [(entry, catalogue.forms.get(entry) or forms_of(entry)) for entry in catalogue]
    wholes = [Pattern(entry, forms.whole) for entry, forms in known]
    first = [Pattern(entry, forms.first) for entry, forms in known]
    firsts = [one for one, whole in zip(first, wholes, strict=True) if one.form != whole.form]
    others = [Pattern(entry, form) for entry, forms in known for form in forms.others]
    lines = [one for one in (*firsts, *others) if size(one) >= MIN_LINE]
    commutes: dict[str, Entry] = {}
    for pattern in (*wholes, *(one for one in first if size(one) >= MIN_FIRST), *lines):
        commutes.setdefault(pattern.form.commuted, pattern.entry)
    tokens = {token for one in wholes for token in one.form.closed.split()}
    characters = {token: chr(FIRST_CHARACTER + number) for number, token in enumerate(sorted(tokens))}
    spelled = ["".join(characters[token] for token in one.form.closed.split()) for one in wholes]
    return Index(Patterns(wholes), Patterns(lines), commutes, characters, spelled)


def size(pattern: Pattern) -> int:
    """How many tokens a pattern has."""
    return pattern.form.closed.count(" ") + 1


def recognise(latex: str, catalogue: Catalogue) -> Recognised | None:
    """The entry that a formula is or is close to; None below the threshold."""
    return recognised(latex, index_of(catalogue)) if len(latex) <= MAX_LENGTH else None


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
    entry = index.commuted.get(" ".join(commuted(signs)))
    found = Recognised(entry, exact=True) if entry else closest(signs, index)
    return replace(found, spelled=MappingProxyType(faces(latex, found.entry))) if found else None


def shape_of(tokens: Iterable[str]) -> re.Pattern[str]:
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


def fitting(tokens: tuple[str, ...], patterns: Patterns) -> Pattern | None:
    """Of the patterns that the formula fits the one that says most of it; the first of several."""
    have = Counter(tokens)
    line = "".join(token + " " for token in tokens)
    # The comparison of counts is cheap and nearly always enough: what is no slot must be there, as often.
    near = (pattern for pattern in patterns.with_tokens_of(tokens) if pattern.constants <= have)
    fits = (pattern for pattern in near if pattern.shape.fullmatch(line))
    return max(fits, key=lambda pattern: pattern.constants.total(), default=None)


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
    found = extractOne(
        index.spell(tokens), index.spelled, scorer=Indel.normalized_similarity, score_cutoff=CLOSE_ENOUGH
    )
    return Recognised(index.wholes.all[found[2]].entry, exact=False) if found else None
