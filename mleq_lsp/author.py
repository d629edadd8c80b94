"""How an author writes: the macros and the vectors of a document, and an insert put into them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from mleq_lsp.latex.expansion import expand
from mleq_lsp.latex.macros import Macro
from mleq_lsp.latex.vectors import STYLES, Usage, Vectors, collides, restyled, usage_of, vector_style
from mleq_lsp.notation import Identity, fold
from mleq_lsp.snippet import Part, Stop, snippet, to_plain

FACES = frozenset(f"\\{name}" for name in STYLES)  # what vectors are set with
COMMAND = re.compile(r"\\[a-zA-Z@]+")


@dataclass(frozen=True, slots=True)
class Author:
    """What an author's notation is known by."""

    macros: Mapping[str, Macro] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)  # how often each command is there
    usage: Usage | None = None  # what the document shows of its vectors
    vectors: Vectors | None = None  # the style that the user has chosen for them


def in_notation(parts: Sequence[Part], author: Author) -> list[Part]:
    """An insert in the author's notation; its tab stops stay where they are."""
    latex = to_plain(snippet(parts))
    vectors = author.vectors or (vector_style(author.usage, latex) if author.usage else None)
    if vectors is not None and not collides(latex, vectors):
        parts = [styled(part, vectors) for part in parts]
    return fold(parts, author.macros, author.used) if author.macros else list(parts)


def styled(part: Part, vectors: Vectors) -> Part:
    return restyled(part, vectors) if isinstance(part, str) else Stop(part.number, restyled(part.default, vectors))


def vector_usage(formulas: Iterable[str], macros: Mapping[str, Macro]) -> Usage:
    """What formulas, with the macros in them written out, show of an author's vectors.

    Where there is none yet, the macros that are ready to be used show it.
    """
    about_vectors = vector_macros(Identity(macros))
    if not about_vectors:
        return usage_of(formulas)
    usage = usage_of(
        written_out(latex, Identity(macros)) if about_vectors.intersection(COMMAND.findall(latex)) else latex
        for latex in formulas
    )
    if usage.vectors is not None:
        return usage
    ready = usage_of(
        expand(name + "{x}" * len(macros[name].parameters), macros) for name in macros if name in about_vectors
    )
    return ready if ready.vectors is not None else usage


@lru_cache(maxsize=8)
def vector_macros(key: Identity) -> frozenset[str]:
    """The macros that set something in the manner of a vector, be it by way of another one."""
    found: set[str] = set()
    more = True
    while more:
        more = False
        for name, macro in key.macros.items():
            if name not in found and not (FACES | found).isdisjoint(macro.body):
                found.add(name)
                more = True
    return frozenset(found)


@lru_cache(maxsize=4096)
def written_out(latex: str, key: Identity) -> str:
    return expand(latex, key.macros)
