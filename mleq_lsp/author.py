"""How an author writes: the macros and the vectors of a document, and an insert put into them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from mleq_lsp.latex.macros import Macro, expand
from mleq_lsp.latex.vectors import Usage, Vectors, collides, restyled, usage_of, vector_style
from mleq_lsp.notation import fold
from mleq_lsp.snippet import Part, Stop

MOST_USES = 50  # of a macro that are counted


@dataclass(frozen=True, slots=True)
class Author:
    """What an author's notation is known by."""

    macros: Mapping[str, Macro] = field(default_factory=dict)
    used: Mapping[str, int] = field(default_factory=dict)  # how often each command is there
    usage: Usage | None = None  # what the document shows of its vectors
    vectors: Vectors | None = None  # the style that the user has chosen for them


def in_notation(parts: Sequence[Part], author: Author) -> list[Part]:
    """An insert in the author's notation; its tab stops stay where they are."""
    latex = "".join(part if isinstance(part, str) else part.default for part in parts)
    vectors = author.vectors or (vector_style(author.usage, latex) if author.usage else None)
    if vectors is not None and not collides(latex, vectors):
        parts = [styled(part, vectors) for part in parts]
    return fold(parts, author.macros, author.used) if author.macros else list(parts)


def styled(part: Part, vectors: Vectors) -> Part:
    return restyled(part, vectors) if isinstance(part, str) else Stop(part.number, restyled(part.default, vectors))


def vector_usage(formulas: Iterable[str], macros: Mapping[str, Macro], used: Mapping[str, int]) -> Usage:
    """What formulas, and the macros that they use, show of an author's vectors.

    Where there is none yet, the macros that are ready to be used show it.
    """
    bodies = list(formulas)
    usage = usage_of([*bodies, *written_out(macros, used)])
    if usage.vectors is not None:
        return usage
    ready = usage_of(written_out(macros, dict.fromkeys(macros, 1)))
    return ready if ready.vectors is not None else usage


def written_out(macros: Mapping[str, Macro], used: Mapping[str, int]) -> Iterator[str]:
    """What the uses of macros without arguments say, one by one."""
    for name in used.keys() & macros.keys():
        if not macros[name].parameters:
            yield from [expand(name, macros)] * min(used[name], MOST_USES)
