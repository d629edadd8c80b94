"""The card: what is said of an equation, however it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import MappingProxyType

from mleq_lsp.catalogue.model import Catalogue, Entry, Reference
from mleq_lsp.latex.expansion import Expanded
from mleq_lsp.recognition import Recognised, as_spelled
from mleq_lsp.render.problems import FormulaProblem
from mleq_lsp.render.written import problems_as_written, readable


@dataclass(frozen=True, slots=True)
class Symbol:
    """A symbol, as the author writes it where that is known, and what it means."""

    latex: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Card:
    """What a hover shows: a formula, and the entry that it is or is close to."""

    latex: str = ""
    problems: tuple[FormulaProblem, ...] = ()
    written: str = ""  # the formula as the author wrote it, with macros; the problems are in that
    entry: Entry | None = None
    exact: bool = True
    sources: tuple[Reference, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    pointed: Symbol | None = None  # the one of them that is under the cursor
    label: str = ""  # by which the document refers to the formula, where the card is about that
    where: str = ""  # the file and line of the formula, where that is not under the cursor
    note: str = ""  # what is said where there is no formula to show


def entry_card(entry: Entry, catalogue: Catalogue) -> Card:
    """The card of an entry as the catalogue has it."""
    return Card(entry.body.latex, entry=entry, sources=tuple(catalogue.sources(entry)), symbols=symbols_of(entry))


def symbols_of(entry: Entry, spelled: Mapping[str, str] = MappingProxyType({})) -> tuple[Symbol, ...]:
    """What an entry explains, with its slots as an author spells them."""
    return tuple(Symbol(as_spelled(latex, entry, spelled), meaning) for latex, meaning in entry.symbols.items())


@lru_cache(maxsize=64)
def formula_card(formula: Expanded | str, recognised: Recognised | None, catalogue: Catalogue) -> Card:
    """The card of a formula in a document; of one that nobody knows just the rendering."""
    formula = readable(Expanded(formula, formula) if isinstance(formula, str) else formula)
    card = Card(formula.latex, problems_as_written(formula), formula.written)
    if recognised is None:
        return card
    entry, sources = recognised.entry, tuple(catalogue.sources(recognised.entry))
    return replace(
        card, entry=entry, exact=recognised.exact, sources=sources, symbols=symbols_of(entry, recognised.spelled)
    )
