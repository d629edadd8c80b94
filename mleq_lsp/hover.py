"""hover(): the card for what is at an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mleq_lsp.catalogue.model import Catalogue
from mleq_lsp.labels import Reference, labels, names_of, reference_at, rows_at
from mleq_lsp.latex.expansion import Expanded, expanded
from mleq_lsp.latex.files import is_root
from mleq_lsp.latex.macros import Macro
from mleq_lsp.latex.pointing import pointed
from mleq_lsp.latex.tokens import tokenize
from mleq_lsp.matching import named, starting_with
from mleq_lsp.preview import Card, entry_card, formula_card
from mleq_lsp.project import LONE, Labelled, Project, alike, files, is_known, labelled, macros
from mleq_lsp.recognition import MAX_LENGTH, recognise
from mleq_lsp.regions import Kind, Language, Region, Regions, regions
from mleq_lsp.settings import Settings
from mleq_lsp.text import PARAGRAPH_END, Lines, Span, line_span

MIN_WORD = 3  # letters after the trigger that are no variable of `p(x;y)`
MOST_CARDS = 6  # of one reference to several formulas
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
# Delimiters that stand round a body; an environment is drawn with its own name, for its rows mean something.
DELIMITERS = ("$", "$$", r"\(", r"\[", r"\\(", r"\\[", "math", "$`", "{")


@dataclass(frozen=True, slots=True)
class Hover:
    """Cards, nearly always one, and the stretch of text that they are about."""

    cards: tuple[Card, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class View:
    """A document, and what there is to tell about it."""

    found: Regions
    language: Language
    catalogue: Catalogue
    project: Project

    @property
    def text(self) -> str:
        return self.found.text


def hover(
    text: str,
    offset: int,
    language: Language,
    catalogue: Catalogue,
    settings: Settings | None = None,
    project: Project = LONE,
) -> Hover | None:
    """The card of the entry that is named at an offset, of the formula around it or of those that are referred to."""
    view = View(regions(text, language, project.authored), language, catalogue, project)
    triggered = triggered_at(text, offset, catalogue, (settings or Settings()).trigger)
    if triggered is not None:
        return triggered
    # Right after a formula, as at the end of a line, a hover is about it.
    for at in (offset, offset - 1):
        reference = reference_at(view.found, at, language)
        region = view.found.math_at(at)
        told = referred(reference, view) if reference else None
        if told is None and region is not None:
            told = formula_hover(region, at, view)
        if told is not None or reference is not None:
            return told
    return label_hover(offset, view) or named_at(view, offset) or unwrapped(offset, view)


def triggered_at(text: str, offset: int, catalogue: Catalogue, trigger: str) -> Hover | None:
    """The card of the entry whose id is after the trigger, or of the first whose id or alias begins so."""
    start = word_start(text, offset + len(trigger) if text.startswith(trigger, offset) else offset)
    word = WORD.match(text, start)
    if word is None or not text.endswith(trigger, 0, start):
        return None
    entry = named(catalogue, word.group())
    if entry is None and len(word.group()) >= MIN_WORD:
        entry = next(iter(starting_with(catalogue, word.group())), None)
    return Hover((entry_card(entry, catalogue),), Span(start - len(trigger), word.end())) if entry else None


def named_at(view: View, offset: int) -> Hover | None:
    """The card of the entry whose id is at an offset."""
    word = WORD.match(view.text, word_start(view.text, offset))
    entry = view.catalogue.get(word.group().lower()) if word else None
    return Hover((entry_card(entry, view.catalogue),), Span(*word.span())) if word and entry else None


def word_start(text: str, offset: int) -> int:
    while offset > 0 and (text[offset - 1].isalnum() or text[offset - 1] == "-"):
        offset -= 1
    return offset


def formula_hover(region: Region, offset: int, view: View) -> Hover | None:
    """The card of a formula, with the symbol at an offset, if that says anything."""
    formula = expanded(formula_of(view.text, region), macros(view.text, view.found, view.project, region.span.start))
    if not formula.latex.strip():
        return None
    card = card_of(formula, view)
    return Hover((with_pointed(card, formula, offset_in(view.text, region, offset)),), region.span)


def card_of(formula: Expanded, view: View) -> Card:
    return formula_card(formula, recognise(formula.latex, view.catalogue), view.catalogue)


def with_pointed(card: Card, formula: Expanded, offset: int) -> Card:
    """The card with the symbol that the author has written at an offset; a macro is what it stands for."""
    token = next((token for token in tokenize(formula.written) if token.start <= offset < token.end), None)
    if not card.symbols or token is None:
        return card
    at = formula.place(token.start)
    number = None if at is None else pointed(formula.latex, at, [symbol.latex for symbol in card.symbols])
    return card if number is None else replace(card, pointed=card.symbols[number])


def formula_of(text: str, region: Region) -> str:
    """The LaTeX of a region, without delimiters and without the marks of a quote that it stands in."""
    span = drawn(region)
    return QUOTE.sub("", span.of(text)) if is_quoted(text, span) else span.of(text)


def offset_in(text: str, region: Region, offset: int) -> int:
    """An offset of the text as one of the formula's LaTeX."""
    span = drawn(region)
    before = text[span.start : max(span.start, offset)]
    return (len(QUOTE.sub("", before)) if is_quoted(text, span) else len(before)) if span.holds(offset) else -1


def drawn(region: Region) -> Span:
    return region.body if region.name in DELIMITERS else region.span


def is_quoted(text: str, span: Span) -> bool:
    """Whether the lines begin with the marks of a quote; elsewhere they may because the formula says so."""
    return QUOTE.match(text[line_span(text, span.start).start : span.start]) is not None


def referred(reference: Reference, view: View) -> Hover | None:
    """The cards of the formulas that a reference is to, or what is to be said of one that is not there."""
    cards = [card for name in reference.names for card in cards_of(name, reference, view)]
    return Hover(tuple(cards[:MOST_CARDS]), reference.span) if cards else None


def cards_of(name: str, reference: Reference, view: View) -> Iterator[Card]:
    found = labelled(name, view.found, view.language, view.project)
    if not found and reference.command:
        # What an author's own `\eqnref{x}` refers to is known once it is written out.
        latex = f"\\{reference.command}{{{name}}}"
        own = names_of(expanded(latex, macros(view.text, view.found, view.project)).latex)
        found = [one for other in own for one in labelled(other, view.found, view.language, view.project)]
    if not found:
        note = absence(name, reference, view)
        if note:
            yield Card(note=note)
        return
    others = len({(one.file, one.label.formulas[0].span) for one in found if one.label.formulas})
    note = f"`{name}` is the label of {others} equations; this is the first" if others > 1 else ""
    for region in found[0].label.formulas:
        yield replace(placed(found[0], region, view), note=note)


def placed(one: Labelled, region: Region, view: View) -> Card:
    """The card of a labelled formula, or of the row that has the label, with where it stands."""
    text, rows = one.found.text, one.label.rows
    at = region.span.start
    latex = rows_at(rows.of(text), one.label.span.start - rows.start) if rows else None
    if latex is not None:
        at = one.label.span.start
    written = (
        formula_of(text, region) if latex is None else QUOTE.sub("", latex) if is_quoted(text, region.span) else latex
    )
    line = f"line {Lines(text).number(at) + 1}"
    where = f"{one.file}, {line}" if one.file else line
    return replace(card_of(expanded(written, macros_for(one, view)), view), label=one.label.name, where=where)


def macros_for(one: Labelled, view: View) -> Mapping[str, Macro]:
    """The macros that a formula of the project is drawn with: a page of Markdown has only its own."""
    if one.file and view.language is not Language.LATEX:
        return macros(one.found.text, one.found, view.project)
    return macros(view.text, view.found, view.project)


def absence(name: str, reference: Reference, view: View) -> str:
    """What is said of a label that is not there; nothing where it may be somewhere else, or no formula's."""
    is_whole = view.language is not Language.LATEX or view.project.root is not None or is_root(view.text)
    is_equation = reference.is_about_equation(name)
    if not is_equation and not (is_whole and reference.is_about_label):
        return ""
    texts = (view.text, *(text for _, text in files(view.project)))
    if any(r"\externaldocument" in text for text in texts):
        return ""
    if is_known(name, view.found, view.language, view.project):
        return ""
    where = "this project" if is_whole else "the files that are known of this project"
    near = alike(name, view.found, view.language, view.project)
    meant = f": did you mean {' or '.join(f'`{one}`' for one in near[:2])}?" if near else ""
    return f"{'no equation' if is_equation else 'nothing'} is labelled `{name}` in {where}{meant}"


def label_hover(offset: int, view: View) -> Hover | None:
    """The cards of what has its label at an offset, where that is not inside: after a display of Markdown."""
    for label in labels(view.found, view.language):
        if label.span.holds(offset) and label.formulas:
            spans = [label.span, *(region.span for region in label.formulas)]
            span = Span(min(span.start for span in spans), max(span.end for span in spans))
            hovers = [formula_hover(region, -1, view) for region in label.formulas]
            return Hover(tuple(card for one in hovers if one for card in one.cards), span)
    return None


def unwrapped(offset: int, view: View) -> Hover | None:
    """The card for a formula that has no delimiters yet, or stands in a code block, if the catalogue knows it."""
    text, region = view.text, view.found.at(offset)
    if region is None:
        start, end = max(0, offset - MAX_LENGTH), min(len(text), offset + MAX_LENGTH)
        before = [found.end() for found in PARAGRAPH_END.finditer(text, start, offset)]
        after = PARAGRAPH_END.search(text, offset, end)
        span = Span(before[-1] if before else start, after.start() if after else end)
    elif region.kind is Kind.VERBATIM and region.name in ("latex", "tex"):
        span = region.body
    else:
        return None
    latex = span.of(text)
    if "\\" not in latex:
        return None
    known = recognise(latex, view.catalogue)
    return Hover((formula_card(latex, known, view.catalogue),), span) if known else None
