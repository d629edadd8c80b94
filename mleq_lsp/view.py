"""A document, and the cards of the formulas in it and in its project."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from mleq_lsp.card import Card, formula_card
from mleq_lsp.catalogue.model import Catalogue
from mleq_lsp.labels import rows_at
from mleq_lsp.latex.expansion import Expanded, expanded
from mleq_lsp.latex.macros import Macro
from mleq_lsp.latex.pointing import pointed
from mleq_lsp.latex.tokens import tokenize
from mleq_lsp.project import Labelled, Project, labelled, macros, macros_elsewhere
from mleq_lsp.recognition import recognise
from mleq_lsp.regions import Language, Region, Regions
from mleq_lsp.text import QUOTE, Lines, Span, is_quoted, unquoted

# The label of bookdown and the numbers of IEEEeqnarray, which are no part of what is drawn.
UNDRAWN = re.compile(r"\(\\#eq:[\w:/-]+\)|\\IEEE(?:yes|no)(?:sub)?number(?![a-zA-Z])\*?")
# Environments of packages, and what they are drawn as: one that everybody knows, or just the body.
DRAWN_AS = {
    "IEEEeqnarray": "eqnarray",
    "xalignat": "align",
    "xxalignat": "align",
    "subnumcases": "numcases",
    "dmath": "",
    "dseries": "",
}
EMPHEQ = r"\begin{empheq}"
# Delimiters that stand round a body; an environment is drawn with its own name, for its rows mean something.
DELIMITERS = ("$", "$$", r"\(", r"\[", r"\\(", r"\\[", "math", "$`", "{")


@dataclass(frozen=True, slots=True)
class View:
    """A document, and all that is known to tell about it."""

    found: Regions
    language: Language
    catalogue: Catalogue
    project: Project

    @property
    def text(self) -> str:
        return self.found.text

    def macros(self, before: int | None = None) -> Mapping[str, Macro]:
        """The macros that the document can see, all or those before an offset."""
        return macros(self.found, self.language, self.project, before)

    def labelled(self, name: str) -> list[Labelled]:
        """Where in the project the label of a formula stands."""
        return labelled(name, self.found, self.language, self.project)

    def card(self, formula: Expanded) -> Card:
        return formula_card(formula, recognise(formula.latex, self.catalogue), self.catalogue)


def card_at(region: Region, offset: int, view: View) -> Card | None:
    """The card of a formula, with the symbol that stands at an offset; an empty formula has none."""
    formula = expanded(formula_of(view.text, region), view.macros(region.span.start))
    if not formula.latex.strip():
        return None
    return with_pointed(view.card(formula), formula, offset_in(view.text, region, offset))


def with_pointed(card: Card, formula: Expanded, offset: int) -> Card:
    """The card with the symbol that the author has written at an offset; a macro is what it stands for."""
    token = next((token for token in tokenize(formula.written) if token.start <= offset < token.end), None)
    at = formula.place(token.start) if card.symbols and token else None
    number = pointed(formula.latex, at, [symbol.latex for symbol in card.symbols]) if at is not None else None
    return card if number is None else replace(card, pointed=card.symbols[number])


def card_elsewhere(one: Labelled, region: Region, view: View) -> Card:
    """The card of a labelled formula, or of the row of it that has the label, with where that is."""
    latex, at = formula_of(one.found.text, region), region.span.start
    row = row_of(one, region)
    if row is not None:
        latex, at = row, one.label.span.start
    line = f"line {Lines(one.found.text).number(at) + 1}"
    where = f"{one.file}, {line}" if one.file else line
    formula = expanded(drawable(latex), macros_at(one, region, view))
    return replace(view.card(formula), label=one.label.name, where=where)


def macros_at(one: Labelled, region: Region, view: View) -> Mapping[str, Macro]:
    """The macros that a labelled formula is written in."""
    if not one.file:
        return view.macros(region.span.start)
    # A page of Markdown has its own, and all files of a TeX project have the same.
    if view.language is not Language.LATEX:
        return macros(one.found, view.language, view.project, region.span.start)
    return macros_elsewhere(view.found, view.language, view.project)


def row_of(one: Labelled, region: Region) -> str | None:
    """The row that has a label, where the formula has several that are numbered by themselves."""
    text, rows = one.found.text, one.label.rows
    if rows is None:
        return None
    row = rows_at(rows.body.of(text), one.label.span.start - rows.body.start, not rows.name.endswith("*"))
    return QUOTE.sub("", row).strip() if row and is_quoted(text, drawn(region)) else row


def formula_of(text: str, region: Region) -> str:
    """The LaTeX of a region, without delimiters and without the marks of a quote that it stands in."""
    span = drawn(region)
    latex, head = unquoted(text, span), region.body.start - span.start
    name = DRAWN_AS.get(region.name.removesuffix("*"))
    if text.startswith(EMPHEQ, span.start):
        name = region.name.replace("alignat", "align")
    if head and name is not None:
        # With a head as long as it was, every sign of the body stays at its column.
        begin, end = (f"\\begin{{{name}}}", f"\\end{{{name}}}") if name else ("", "")
        latex = begin.ljust(head) + latex[head : head + len(unquoted(text, region.body))] + end
    return drawable(latex)


def drawable(latex: str) -> str:
    """A formula with spaces in place of what is not to be drawn."""
    return UNDRAWN.sub(lambda found: " " * len(found.group()), latex)


def offset_in(text: str, region: Region, offset: int) -> int:
    """An offset of the text as one of the formula's LaTeX; -1 outside of that."""
    span = drawn(region)
    if not span.holds(offset):
        return -1
    return len(unquoted(text, Span(span.start, offset)))


def drawn(region: Region) -> Span:
    return region.body if region.name in DELIMITERS else region.span
