"""hover(): the card for what is at an offset."""

from __future__ import annotations

import re
from dataclasses import dataclass

from mleq_lsp.catalogue.model import Catalogue, Entry
from mleq_lsp.latex.expansion import expanded
from mleq_lsp.matching import named, starting_with
from mleq_lsp.preview import Card, entry_card, formula_card
from mleq_lsp.project import LONE, Project, macros
from mleq_lsp.recognition import MAX_LENGTH, recognise
from mleq_lsp.regions import Kind, Language, Region, regions
from mleq_lsp.settings import Settings
from mleq_lsp.text import PARAGRAPH_END, Span, line_span

MIN_WORD = 3  # letters after the trigger that are no variable of `p(x;y)`
WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
# Delimiters that stand round a body; an environment is drawn with its own name, for its rows mean something.
DELIMITERS = ("$", "$$", r"\(", r"\[", r"\\(", r"\\[", "math", "$`", "{")


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
    """The card of the entry that is named at an offset, or of the formula around it."""
    found = regions(text, language, project.authored)
    word = named_at(text, offset, catalogue, (settings or Settings()).trigger)
    if word is not None:
        entry, span = word
        return Hover((entry_card(entry, catalogue),), span)
    # Right after a formula, as at the end of a line, a hover is about it.
    region = found.math_at(offset) or found.math_at(offset - 1)
    if region is not None:
        formula = expanded(formula_of(text, region), macros(text, found, project, region.span.start))
        if not formula.latex.strip():
            return None
        return Hover((formula_card(formula, recognise(formula.latex, catalogue), catalogue),), region.span)
    return unwrapped(text, offset, found.at(offset), catalogue)


def named_at(text: str, offset: int, catalogue: Catalogue, trigger: str) -> tuple[Entry, Span] | None:
    """The entry whose id is at an offset, or after the trigger the first whose id or alias begins so."""
    start = offset + len(trigger) if text.startswith(trigger, offset) else offset
    while start > 0 and (text[start - 1].isalnum() or text[start - 1] == "-"):
        start -= 1
    word = WORD.match(text, start)
    if word is not None and text.endswith(trigger, 0, start):
        entry = named(catalogue, word.group())
        if entry is None and len(word.group()) >= MIN_WORD:
            entry = next(iter(starting_with(catalogue, word.group())), None)
        return (entry, Span(start - len(trigger), word.end())) if entry else None
    entry = catalogue.get(word.group().lower()) if word else None
    return (entry, Span(start, word.end())) if word and entry else None


def formula_of(text: str, region: Region) -> str:
    """The LaTeX of a region, without delimiters and without the marks of a quote that it stands in."""
    span = region.body if region.name in DELIMITERS else region.span
    before = text[line_span(text, span.start).start : span.start]
    # Elsewhere a line may begin with `>` because the formula says so.
    return QUOTE.sub("", span.of(text)) if QUOTE.match(before) else span.of(text)


def unwrapped(text: str, offset: int, region: Region | None, catalogue: Catalogue) -> Hover | None:
    """The card for a formula that has no delimiters yet, or stands in a code block, if the catalogue knows it."""
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
    known = recognise(latex, catalogue)
    return Hover((formula_card(latex, known, catalogue),), span) if known else None
