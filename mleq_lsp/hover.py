"""hover(): the card for what is at an offset."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from mleq_lsp.card import Card, entry_card, formula_card
from mleq_lsp.catalogue.model import Catalogue
from mleq_lsp.labels import Reference, names_of, reference_at
from mleq_lsp.latex.expansion import expand
from mleq_lsp.latex.files import is_root
from mleq_lsp.matching import named, starting_with
from mleq_lsp.project import LONE, Labelled, Project, alike, files, is_known, own_labels
from mleq_lsp.recognition import MAX_LENGTH, recognise
from mleq_lsp.regions import Kind, Language, regions
from mleq_lsp.settings import Settings
from mleq_lsp.text import PARAGRAPH_END, Span
from mleq_lsp.view import View, card_at, card_elsewhere

MIN_WORD = 3  # letters after the trigger that are no variable of `p(x;y)`
MOST_CARDS = 6  # of one reference to several formulas
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")


@dataclass(frozen=True, slots=True)
class Hover:
    """Cards, nearly always one, and the stretch of text that they are about."""

    cards: tuple[Card, ...]
    span: Span


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
        if told is None and region is not None and (card := card_at(region, at, view)):
            told = Hover((card,), region.span)
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


def referred(reference: Reference, view: View) -> Hover | None:
    """The cards of the formulas that a reference is to, or what is to be said of one that is not there."""
    every = (card for name in reference.names for card in cards_of(name, reference, view))
    cards = tuple(islice(every, MOST_CARDS))
    return Hover(cards, reference.span) if cards else None


def cards_of(name: str, reference: Reference, view: View) -> Iterator[Card]:
    found = view.labelled(name) or behind_macro(name, reference, view)
    if found:
        number = len(set(map(identity, found)))
        note = f"{quoted(name)} is the label of {number} equations; this is the first" if number > 1 else ""
        yield from (replace(card_elsewhere(found[0], region, view), note=note) for region in found[0].label.formulas)
    elif note := absence(name, reference, view):
        yield Card(note=note)


def behind_macro(name: str, reference: Reference, view: View) -> list[Labelled]:
    """What an author's own command for references is to, as in `\\eqnref{x}`: that is known once it is written out."""
    latex = f"\\{reference.command}{{{name}}}"
    written = expand(latex, view.macros()) if reference.command.isalpha() else latex
    return [one for other in names_of(written) for one in view.labelled(other)] if written != latex else []


def identity(one: Labelled) -> tuple[object, ...]:
    """What tells two formulas with one label apart; MyST lets one have the label twice."""
    return one.file, one.label.formulas[:1], one.label.span if one.label.rows else None


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
    meant = f": did you mean {' or '.join(map(quoted, near[:2]))}?" if near else ""
    return f"{'no equation' if is_equation else 'nothing'} is labelled {quoted(name)} in {where}{meant}"


def quoted(name: str) -> str:
    """A label in a note, as code: nothing in it may be read as markup."""
    return f"`{name.replace('`', '')}`"


def label_hover(offset: int, view: View) -> Hover | None:
    """The cards of what has its label at an offset, where that is not inside: after a display of Markdown."""
    label = next((one for one in own_labels(view.found, view.language) if one.span.holds(offset)), None)
    cards = [card_at(region, -1, view) for region in label.formulas] if label else []
    if label is None or not any(cards):
        return None
    spans = [label.span, *(region.span for region in label.formulas)]
    span = Span(min(span.start for span in spans), max(span.end for span in spans))
    return Hover(tuple(card for card in cards if card), span)


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
