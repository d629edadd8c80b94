"""How a document sets its vectors: bold by one of several commands, with an arrow, or like any other letter.

The catalogue writes `\\mathbf{x}` for Latin letters and `\\boldsymbol{\\mu}` for Greek ones. Capitals are matrices, and
digits are vectors of ones or zeros; these are bold as well.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from mleq_lsp.latex.tokens import FACES, GREEK, WORDS, ends_in_command, identifiers

Style = Literal["mathbf", "bm", "boldsymbol", "vec", "plain"]
BOLD = ("mathbf", "boldsymbol", "bm")
STYLES: Mapping[str, Style] = {
    **dict.fromkeys(("mathbf", "bf", "mathbfit", "symbf"), "mathbf"),
    **dict.fromkeys(("bm", "bs", "hm"), "bm"),
    **dict.fromkeys(("boldsymbol", "pmb", "symbfit"), "boldsymbol"),
    "vec": "vec",
}
# What letters of the other kind have where a document shows only one: `\mathbf` does nothing to Greek letters, so
# that `\boldsymbol` for these says nothing about the Latin ones.
GREEK_BESIDE: Mapping[Style, Style] = {"mathbf": "boldsymbol", "bm": "bm", "boldsymbol": "boldsymbol", "vec": "vec"}
LATIN_BESIDE: Mapping[Style, Style] = {"boldsymbol": "mathbf", "bm": "bm", "vec": "vec"}

NAMES = "|".join(sorted(name[1:] for name in GREEK))
SYMBOL = rf"(?:[a-zA-Z]|\\(?:{NAMES})(?![a-zA-Z]))"
SKIPPED = rf"%[^\n]*|\\[^a-zA-Z]|(?P<words>\\(?:{'|'.join(sorted(name[1:] for name in WORDS))})(?![a-zA-Z])\*?\s*\{{)"
# A vector in a document, which may have its script inside the braces, and one in the catalogue.
USED = re.compile(
    rf"{SKIPPED}|\\(?P<style>bf(?=\s+{SYMBOL}\s*\}})|{'|'.join(STYLES.keys() - {'bf'})})(?![a-zA-Z])\s*"
    rf"(?:(?P<alone>{SYMBOL})|\{{\s*(?P<letter>{SYMBOL})\s*[_^}}])",
    re.DOTALL,
)
WRITTEN = re.compile(
    rf"{SKIPPED}|\\(?:{'|'.join(BOLD)})(?![a-zA-Z])\s*(?:(?P<alone>{SYMBOL}|\d)|\{{\s*(?P<letter>{SYMBOL}|\d)\s*\}})",
    re.DOTALL,
)
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
# A plain letter, or the inside of an argument that is in another face or is no mathematics.
PLAIN_LETTER = re.compile(
    rf"%[^\n]*|(?P<plain>{SYMBOL})|\\(?:(?P<face>{'|'.join(sorted(name[1:] for name in FACES))})"
    rf"|{'|'.join(sorted(name[1:] for name in WORDS))})(?![a-zA-Z])\*?\s*\{{(?P<inside>[^{{}}]*)\}}|\\[a-zA-Z]+|\\."
)

STYLED = re.compile(rf"\\(?:{'|'.join(STYLES)})(?![a-zA-Z])")
ENOUGH = 500  # formulas that show how a document is written
TELLING = frozenset("xyzwuvh")  # letters that vectors mostly have
FORMULAS = 3  # so many a document must have before plain letters in it say anything


@dataclass(frozen=True, slots=True)
class Vectors:
    """The style of the vectors that are Latin letters, and of those that are Greek ones."""

    latin: Style
    greek: Style


PLAIN = Vectors("plain", "plain")


@dataclass(frozen=True, slots=True)
class Usage:
    """What the formulas of a document show of its vectors."""

    vectors: Vectors | None
    plain: frozenset[str]  # where nothing at all is bold or has an arrow, the letters that are plain
    faced: frozenset[str]  # and the letters that stand in another face: `\\mathcal{X}`
    formulas: int


def usage_of(formulas: Iterable[str]) -> Usage:
    """How a document sets its vectors, by its formulas, in which the author's own commands are expanded."""
    bodies = list(formulas)
    styled = sample([body for body in bodies if STYLED.search(body)])
    vectors = most_used(Counter(used for body in styled for used in vectors_in(body)))
    if styled:
        return Usage(vectors, frozenset(), frozenset(), len(bodies))
    return Usage(None, *plain_letters(sample(bodies)), len(bodies))


def sample(formulas: Sequence[str]) -> Sequence[str]:
    """Some hundred formulas from all over a document: a book does not show more than they do."""
    return formulas[:: 1 + len(formulas) // ENOUGH]


def vector_style(usage: Usage, latex: str) -> Vectors | None:
    """The style in which a document would set the vectors of an equation; None where it shows none.

    It is plain only if nothing in the document is bold or has an arrow, if none of the equation's vectors stands in
    another face there, and if one of them, or of the letters that vectors mostly have, is plain in a document of three
    formulas or more.
    """
    if usage.vectors is not None:
        return usage.vectors
    letters = {name_of(found) for found in marks(WRITTEN, latex)}
    if usage.formulas < FORMULAS or not letters.isdisjoint(usage.faced - usage.plain):
        return None
    return PLAIN if letters and not usage.plain.isdisjoint(letters | TELLING) else None


@lru_cache(maxsize=8192)
def restyled(latex: str, vectors: Vectors) -> str:
    """The same with each bold letter, Greek letter or digit in that style, character by character otherwise."""
    pieces: list[str] = []
    at = 0
    for found in marks(WRITTEN, latex):
        new = written(name_of(found), vectors)
        if new is not None:
            pieces += [latex[at : found.start()], new]
            at = found.end()
    return joined([*pieces, latex[at:]])


def joined(pieces: Iterable[str]) -> str:
    """The pieces as one, with a space where a letter would run into the name of a command: `\\log x`, `\\mu x`."""
    out: list[str] = []
    for piece in filter(None, pieces):
        if piece[0].isalpha() and out and ends_in_command(out[-1]):
            out.append(" ")
        out.append(piece)
    return "".join(out)


@lru_cache(maxsize=2048)
def collides(latex: str, vectors: Vectors) -> bool:
    """Whether two symbols of an equation would be written the same in that style: `\\mathbf{x}` and `x`."""
    names = identifiers(latex)
    return len({restyled(name, vectors) for name in names}) < len(names)


def marks(pattern: re.Pattern[str], latex: str) -> Iterator[re.Match[str]]:
    """The vectors in a formula, outside words and comments."""
    at = 0
    while found := pattern.search(latex, at):
        at = found.end()
        if found["words"]:
            at = group_end(latex, at)
        elif name_of(found):
            yield found


def group_end(latex: str, at: int) -> int:
    """The offset after the group that `at` is in."""
    depth = 1
    for brace in BRACE.finditer(latex, at):
        depth += (brace.group() == "{") - (brace.group() == "}")
        if depth == 0:
            return brace.end()
    return len(latex)


def name_of(found: re.Match[str]) -> str:
    """The letter, Greek letter or digit of a vector: `x`, `\\mu`."""
    return found["alone"] or found["letter"] or ""


def written(name: str, vectors: Vectors) -> str | None:
    """A symbol in its style; None where it stays as it is."""
    style = vectors.greek if name[0] == "\\" else vectors.latin
    if style in BOLD:
        return f"\\{style}{{{name}}}"
    if name.isdigit() or (style == "vec" and not is_lower(name)):
        return None
    return name if style == "plain" else f"\\vec{{{name}}}"


def is_lower(name: str) -> bool:
    return name.lstrip("\\")[0].islower()


def vectors_in(formula: str) -> Iterator[tuple[bool, bool, Style]]:
    """Of each vector in a formula, whether it is Greek, whether it is a small letter, and its style."""
    for found in marks(USED, formula):
        name = name_of(found)
        yield name[0] == "\\", is_lower(name), STYLES[found["style"]]


def most_used(counts: Counter[tuple[bool, bool, Style]]) -> Vectors | None:
    """The style of most Latin and of most Greek vectors; where one is not known it follows the other."""
    latin, greek = favourite(counts, is_greek=False), favourite(counts, is_greek=True)
    if greek == "mathbf":
        greek = "boldsymbol"
    if latin and not greek:
        greek = GREEK_BESIDE[latin]
    elif greek and not latin:
        latin = LATIN_BESIDE[greek]
    return Vectors(latin, greek) if latin and greek else None


def favourite(counts: Counter[tuple[bool, bool, Style]], *, is_greek: bool) -> Style | None:
    """The style of most small letters, or of capitals where there are no others: those are matrices mostly."""
    for small in (True, False):
        styles = {style: n for (greek, lower, style), n in counts.items() if (greek, lower) == (is_greek, small)}
        if styles:
            return max(styles, key=lambda style: styles[style])
    return None


def plain_letters(formulas: Iterable[str]) -> tuple[frozenset[str], frozenset[str]]:
    """The letters that stand plain in some formula, and those that stand in another face somewhere."""
    found = [mark for formula in formulas for mark in PLAIN_LETTER.finditer(formula)]
    plain = frozenset(mark["plain"] for mark in found if mark["plain"])
    return plain, frozenset(mark["inside"].strip() for mark in found if mark["face"])
