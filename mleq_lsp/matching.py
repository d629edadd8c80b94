"""Which entries answer to what was typed, best first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from mleq_lsp.catalogue.model import Catalogue, Entry

# How well one typed word fits one word of an entry.
EXACT, PREFIX, INSIDE, TYPO = 1.0, 0.9, 0.6, 0.5
IN_FULL = 1.2  # an alias typed in full goes before an id that only begins so
# How telling the place is where it fits.
ID, ALIAS, NAME, TAG = 1.0, 0.9, 0.7, 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """The words and spellings under which the entries of a catalogue are found, each once."""

    entries: tuple[Entry, ...]
    words: Mapping[str, Sequence[tuple[int, float]]]  # by a word the entries that have it, with its weight there
    spellings: Mapping[str, Sequence[tuple[int, float]]]  # the same of ids and aliases without their hyphens
    like: Mapping[str, Sequence[str]]  # by a first letter the words
    spelled_like: Mapping[str, Sequence[str]]  # and the spellings that begin with it


def rank(catalogue: Catalogue, query: str) -> list[Entry]:
    """The entries that every word of the query fits, best first; equally good ones in the catalogue's order."""
    words = split(query)
    if not words:
        return list(catalogue)
    known = vocabulary_of(catalogue)
    scores = scored(known, words)
    return [known.entries[number] for number in sorted(scores, key=lambda number: (-scores[number], number))]


def starting_with(catalogue: Catalogue, word: str) -> list[Entry]:
    """The entries whose id or alias begins with the word, best first."""
    typed = "".join(split(word))
    known = vocabulary_of(catalogue)
    like = [text for text in known.spelled_like.get(typed[:1], ()) if text.startswith(typed)]
    begun = {known.entries[number].id for text in like for number, _ in known.spellings[text]}
    # Most words of a text begin nothing, and need no ranking.
    return [entry for entry in rank(catalogue, word) if entry.id in begun] if begun else []


def evident(catalogue: Catalogue, word: str) -> list[Entry]:
    """The entries that a word of running text may well mean, best first: whoever means others types the trigger.

    An id is typed up to its second word; or of the first word of an id, or of an id or alias as a whole, two thirds.
    """
    typed = word.lower()
    prose = prose_of(catalogue)
    if typed in prose:
        return []
    return [entry for entry in starting_with(catalogue, word) if is_evident(typed, entry, prose)]


def is_evident(typed: str, entry: Entry, prose: frozenset[str]) -> bool:
    """Whether a word that is none of prose says clearly which entry is meant."""
    family = entry.id.partition("-")[0]
    is_far = typed.startswith(f"{family}-") and entry.id.startswith(typed)
    return is_far or any(is_mostly(typed, name, prose) for name in (family, entry.id, *entry.aliases))


def is_mostly(typed: str, name: str, prose: frozenset[str]) -> bool:
    """Whether two thirds of a name are typed, and of one of several words more than the first, which may be any."""
    first, _, rest = name.partition("-")
    joined = name.replace("-", "")
    is_begun = name.startswith(typed) or joined.startswith(typed)
    is_enough = 3 * len(typed) >= 2 * len(joined) and (not rest or len(typed) > len(first))
    return is_begun and is_enough and first not in prose


@lru_cache(maxsize=4)
def prose_of(catalogue: Catalogue) -> frozenset[str]:
    """The words that the catalogue's sentences are made of; abbreviations and names are none, for their capitals."""
    sentences = (text for entry in catalogue for text in (entry.about, *entry.symbols.values()))
    return frozenset(word for text in sentences for word in re.findall(r"\b[a-z]{3,}\b", text))


def named(catalogue: Catalogue, word: str) -> Entry | None:
    """The entry that the word is the id or an alias of."""
    lower = word.lower()
    exact = catalogue.get(lower)
    return exact or next((entry for entry in catalogue if lower in entry.aliases), None)


def spelled(entry: Entry, typed: str) -> str | None:
    """The id or alias of the entry that begins with what was typed."""
    lower = typed.lower()
    return next((spelling for spelling in (entry.id, *entry.aliases) if spelling.startswith(lower)), None)


def scored(known: Vocabulary, words: tuple[str, ...]) -> dict[int, float]:
    """How well entries fit, by number: each word must, and whole ids and aliases stand above single words."""
    fits = [fitting(known, word) for word in words]
    found = {number: sum(fit[number] for fit in fits) / len(fits) for number in set(fits[0]).intersection(*fits[1:])}
    for number, whole in beginning(known, "".join(words)).items():
        found[number] = 10 * whole + min(fit.get(number, 0.0) for fit in fits)
    return found


def fitting(known: Vocabulary, word: str) -> dict[int, float]:
    """How well one typed word fits the best word of each entry that it fits; slips count where nothing else does."""
    fits = {term: value for term in known.words if (value := part(word, term))}
    if not fits:
        fits = {term: TYPO for term in known.like.get(word[0], ()) if is_begun_with_a_slip(word, term)}
    return best(fits, known.words)


def part(word: str, term: str) -> float:
    """How well a typed word is a part of a term."""
    if term.startswith(word):
        return EXACT if term == word else PREFIX
    return INSIDE if len(word) >= 3 and word in term else 0.0


def is_begun_with_a_slip(word: str, term: str) -> bool:
    """Whether a word is the beginning of a term with a slip in it: the rest of a longer term may still be to come."""
    lengths = {len(word) - 1, len(word), len(word) + 1, len(term)}
    return any(is_slip(word, term[:length]) for length in lengths if length <= len(term))


def beginning(known: Vocabulary, typed: str) -> dict[int, float]:
    """How well what was typed begins a whole id or alias, or is one with a slip, by the entries' numbers."""
    like = known.spelled_like.get(typed[0], ())
    fits = {spelling: IN_FULL if spelling == typed else EXACT for spelling in like if spelling.startswith(typed)}
    if not fits:
        fits = {spelling: TYPO for spelling in like if is_slip(typed, spelling)}
    return best(fits, known.spellings)


def best(fits: Mapping[str, float], places: Mapping[str, Sequence[tuple[int, float]]]) -> dict[int, float]:
    """Of texts that fit the best for each entry that has any of them, by the entries' numbers."""
    found: dict[int, float] = {}
    for text, value in fits.items():
        for number, weight in places[text]:
            found[number] = max(found.get(number, 0.0), value * weight)
    return found


def is_slip(word: str, term: str) -> bool:
    """Whether a word of four letters or more is another one with a slip in it, one of eight or more with two."""
    if len(word) < 4 or len(term) < 3 or word[0] != term[0]:
        return False
    allowed = 2 if len(word) >= 8 else 1
    return OSA.distance(word, term, score_cutoff=allowed) <= allowed


@lru_cache(maxsize=4)
def vocabulary_of(catalogue: Catalogue) -> Vocabulary:
    words: dict[str, list[tuple[int, float]]] = defaultdict(list)
    spellings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, entry in enumerate(catalogue):
        for word, weight in words_of(entry).items():
            words[word].append((number, weight))
        for name in (entry.id, *entry.aliases):
            spellings[name.replace("-", "")].append((number, ID if name == entry.id else ALIAS))
    return Vocabulary(tuple(catalogue), words, spellings, by_first_letter(words), by_first_letter(spellings))


def words_of(entry: Entry) -> dict[str, float]:
    """The words of an entry, each with the weight of the most telling place it has."""
    words: dict[str, float] = {}
    rest = [*entry.tags, entry.topic, entry.family]
    for weight, texts in ((ID, [entry.id]), (ALIAS, entry.aliases), (NAME, [entry.name]), (TAG, rest)):
        for word in (word for text in texts for word in split(text)):
            words.setdefault(word, weight)
    return words


def by_first_letter(texts: Iterable[str]) -> dict[str, list[str]]:
    found = defaultdict(list)
    for text in texts:
        found[text[0]].append(text)
    return found


def split(text: str) -> tuple[str, ...]:
    """The words of a text, in lower case: "KL-gauss" is "kl" and "gauss"."""
    return tuple(re.findall(r"\w+", text.lower().replace("_", " ")))
