"""What the author's macros stand for, sign by sign, so that they can be found in a formula."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise, product
from typing import NamedTuple

from mleq_lsp.latex.expansion import expand
from mleq_lsp.latex.macros import Form, Macro, Parameter, joined
from mleq_lsp.latex.signs import SAME, SWITCHES, signs
from mleq_lsp.latex.tokens import tokenize

HOLES = tuple(chr(0xE000 + number) for number in range(1, 10))  # stand for the arguments in what a macro stands for
INTERNAL = re.compile(r"\\(?:old|orig)|.*@", re.DOTALL)
WORDS = re.compile(r"[^\W\d_](?:\.|[^\W\d_])")
STRUCTURE = frozenset((r"\begin", r"\end", "&", r"\\", "$"))  # nothing that an insert should hide in a macro
BRACKETS = frozenset("()[]")
MOST_SPELLINGS = 16  # of one macro, with and without each optional argument


class Hole(NamedTuple):
    """Where an argument goes when a macro is written, and what must not stand bare in it."""

    number: int
    until: str = "}"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write a macro."""

    parts: tuple[str | Hole, ...]
    refuses: frozenset[str]  # signs that would be taken for an argument, if they came next
    rank: int = 0  # of two macros the later has the higher one
    stands_for: str = ""

    @property
    def name(self) -> str:
        return str(self.parts[0])


@dataclass(frozen=True, slots=True)
class Template:
    """What one or more macros stand for: runs of signs, with an argument after each but the last."""

    runs: tuple[tuple[str, ...], ...]
    holes: tuple[int, ...]
    spellings: tuple[Spelling, ...]

    @property
    def is_alias(self) -> bool:
        """Whether it is one sign: the macro is nothing but another name for it."""
        return not self.holes and len(self.runs[0]) == 1


def templates(macros: Mapping[str, Macro]) -> Iterator[Template]:
    """What the macros stand for that can be written for the author; those that stand for the same are together."""
    # A formula that is to be written anew means by these names what the author means by them.
    redefined = {SAME.get(name, name) for name in macros} | set(macros)
    found: dict[tuple[str, ...], list[Spelling]] = {}
    for rank, macro in enumerate(macros.values()):
        for spelling in () if INTERNAL.match(macro.name) else spellings(macro):
            holes = [part.number for part in spelling.parts if isinstance(part, Hole)]
            texts = (HOLES[part.number - 1] if isinstance(part, Hole) else part for part in spelling.parts)
            latex = expand(joined(texts), macros)
            seen = signs(latex)
            if redefined.isdisjoint(seen.texts) and seen.is_balanced and is_fit(seen.texts, holes, latex):
                same = found.setdefault(tuple(seen.texts), [])
                same.append(Spelling(spelling.parts, spelling.refuses, rank, latex))
    for template, spelled in found.items():
        yield Template(*taken_apart(template), tuple(spelled))


def spellings(macro: Macro) -> Iterator[Spelling]:
    """The ways to write a macro: with and without each argument that may be left out."""
    choices = [choices_of(number, parameter) for number, parameter in enumerate(macro.parameters, start=1)]
    for chosen in islice(product(*choices), MOST_SPELLINGS):
        parts: list[str | Hole] = [macro.name, *macro.prefix]
        refused: set[str] = set()
        for parameter, written in zip(macro.parameters, chosen, strict=True):
            if written and written[0] in refused:
                break
            refused = set() if written else refused | {"*" if parameter.form is Form.STAR else "["}
            parts += written
        else:
            yield Spelling(tuple(parts), frozenset(refused))


def choices_of(number: int, parameter: Parameter) -> list[tuple[str | Hole, ...]]:
    """How an argument may be written; nothing stands for leaving it out."""
    if parameter.form is Form.STAR:
        return [(), ("*",)]
    if parameter.choices:
        return [(), *(("[", choice, "]") for choice in parameter.choices)]
    if parameter.form is Form.OPTIONAL:
        return [(), ("[", Hole(number, "]"), "]")]
    if parameter.form is Form.DELIMITED:
        return [(Hole(number, parameter.until[0]), *parameter.until)]
    return [("{", Hole(number), "}")]


def is_fit(texts: Sequence[str], holes: Sequence[int], latex: str) -> bool:
    """Whether this can be looked for in a formula, and has a meaning of its own."""
    places = [at for at, text in enumerate(texts) if text in HOLES]
    bare = [text for text in texts if text not in HOLES]
    if {HOLES.index(texts[at]) + 1 for at in places} != set(holes) or not STRUCTURE.isdisjoint(texts):
        return False
    # Where an argument would begin is a guess if nothing stands before it, and so is where one ends that meets another.
    if not bare or texts[0] in HOLES or texts[0] == "{" or any(after - at == 1 for at, after in pairwise(places)):
        return False
    if BRACKETS.issuperset(bare) or (places and any(token.text in SWITCHES for token in tokenize(latex))):
        return False  # brackets alone, or a macro for text
    if len(texts) == 1:
        return len(texts[0]) > 1 and texts[0][1].isalpha()
    return any(text in "_^" or text[0] == "\\" for text in bare) or not WORDS.search("".join(texts))


def taken_apart(texts: Sequence[str]) -> tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]:
    """The runs between the holes, and the holes."""
    runs: list[tuple[str, ...]] = [()]
    holes: list[int] = []
    for text in texts:
        if text in HOLES:
            holes.append(HOLES.index(text) + 1)
            runs.append(())
        else:
            runs[-1] += (text,)
    return tuple(runs), tuple(holes)
