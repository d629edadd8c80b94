"""An entry as it is written at this place."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from mleq_lsp.catalogue.model import Entry
from mleq_lsp.latex import tokens
from mleq_lsp.latex.tokens import Formula, commands, tokenize
from mleq_lsp.regions import ALIGNMENTS, Kind, Language, Region, Regions
from mleq_lsp.settings import Settings
from mleq_lsp.snippet import Part, Snippet, Stop, snippet
from mleq_lsp.text import Span, line_span

# What stands before the text of a line in a quote or a list.
CONTAINER = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*")
RELATIONS = frozenset(("=", "<", ">")) | commands(
    "le leq ge geq sim approx propto equiv coloneqq to gets leftarrow rightarrow in subseteq triangleq simeq"
)
TABLE = re.compile(r"\\(begin|end)\{(?:tabular[x*y]?|longtable|tabularray|tblr)\}")
ROW_MARK = re.compile(r"\\.|&", re.DOTALL)  # escapes as well, so that `\&` is not taken for a column
OPENING, CLOSING = frozenset(("(", "[", "{", r"\{")), frozenset((")", "]", "}", r"\}"))
FORMS = ("equation", "equation*", "align", "align*", "brackets", "dollars")
FORM_OF = {**{name: name for name in FORMS}, r"\[": "brackets", "$$": "dollars"}
FORM_OF |= {f"{name}{star}": f"equation{star}" for name in ("gather", "multline") for star in ("", "*")}


@dataclass(frozen=True)
class Place:
    """Where an equation goes: the document, what was typed there, and what is known of it.

    The same for every entry that is offered there, so each thing is found out once.
    """

    text: str
    typed: Span
    language: Language
    regions: Regions

    @cached_property
    def region(self) -> Region | None:
        """The region that the cursor is in."""
        return self.regions.at(self.typed.end)

    @cached_property
    def before(self) -> str:
        """What stands on the line before what was typed."""
        return self.text[line_span(self.text, self.typed.start).start : self.typed.start]

    @cached_property
    def after(self) -> str:
        """What stands on the line after the cursor."""
        return self.text[self.typed.end : line_span(self.text, self.typed.end).end]

    @cached_property
    def indent(self) -> str:
        """The white space at the start of the line: clients repeat it on each line of a snippet."""
        return self.before[: len(self.before) - len(self.before.lstrip(" \t"))]

    @cached_property
    def opened(self) -> str:
        """The marks of the quotes and list items that the line begins with; LaTeX has none."""
        found = CONTAINER.match(self.before) if self.language is Language.MARKDOWN else None
        return found.group() if found else ""

    @property
    def container(self) -> str:
        """What each further line begins with beyond the indent, to stay in the same quote or list item."""
        return re.sub(r"[^>\s]", " ", self.opened)[len(self.indent) :]

    @property
    def is_fresh_line(self) -> bool:
        """Whether nothing but the container's marks stands before what was typed."""
        return not self.before[len(self.opened) :].strip()

    @cached_property
    def has_no_room(self) -> bool:
        """Whether only inline math can stand here: a table's cell, a heading, a caption, a link, emphasised text."""
        if self.language is Language.MARKDOWN:
            before = self.before[len(self.opened) :] if self.container else self.before
            return before.lstrip().startswith(("|", "#")) or before.endswith(("*", "_", "[", "(", "~~"))
        paragraph = self.text[max(0, self.text.rfind("\n\n", 0, self.typed.start)) : self.typed.start]
        table = TABLE.findall(self.text, 0, self.typed.start)
        return depth_of(paragraph) > 0 or bool(table and table[-1] == "begin")

    @cached_property
    def takes_rows(self) -> bool:
        """Whether a row of an alignment can begin here: not in braces, nor in one that has its `&` already."""
        region = self.region
        if region is None or region.name not in ALIGNMENTS:
            return False
        if depth_of(self.text[region.body.start : self.typed.start]) != 0:
            return False
        return not row_is_aligned(self, region)

    @cached_property
    def usual_form(self) -> str:
        """The display form that the document uses most for one equation; `equation` where it shows none.

        `align` says something only where nothing else does: everybody uses it for equations of several rows.
        """
        used = Counter(FORM_OF.get(name) for kind, name in self.regions.outermost_math if kind is Kind.DISPLAY_MATH)
        single = [form for form in FORMS if used[form] and not form.startswith("align")]
        return max(single or FORMS, key=lambda form: used[form])


def insertion(entry: Entry, place: Place, settings: Settings) -> Snippet:
    """What accepting the entry writes in the place of what was typed.

    Lines are relative to the line's own indent, which clients add to each of them.
    """
    region = place.region
    body = stopped(entry, settings)
    if region is None:
        return in_prose(entry, body, place, settings)
    if region.kind is Kind.INLINE_MATH:
        return snippet(on_one_line(wrapped(entry, body)), Stop(0))
    if place.takes_rows:
        return snippet(body if entry.body.is_multiline else aligned(entry, body), Stop(0)).with_prefix(place.container)
    return snippet(wrapped(entry, body), Stop(0)).with_prefix(place.container)


def stopped(entry: Entry, settings: Settings) -> list[Part]:
    """The body with a tab stop wherever a slot occurs."""
    latex = entry.body.latex
    if settings.stops == "none":
        return [latex]
    parts: list[Part] = []
    at = 0
    # Numbered in the order of the slots that occur, from 1: 0 is where the cursor ends.
    found = entry.body.occurrences(entry.slots)
    numbers = {index: number for number, index in enumerate(sorted({index for _, index in found}), start=1)}
    for span, index in found:
        parts += [latex[at : span.start], Stop(numbers[index], span.of(latex))]
        at = span.end
    return [*parts, latex[at:]]


def wrapped(entry: Entry, body: list[Part]) -> list[Part]:
    """The body as one object: several rows go into `aligned`."""
    return environment("aligned", body) if entry.body.is_multiline else body


def environment(name: str, body: list[Part], label: str = "") -> list[Part]:
    return [f"\\begin{{{name}}}\n{label}  ", *indented(body), f"\n\\end{{{name}}}"]


def indented(body: list[Part]) -> list[Part]:
    return [part.replace("\n", "\n  ") if isinstance(part, str) else part for part in body]


def on_one_line(parts: list[Part]) -> list[Part]:
    return [re.sub(r"\s*\n\s*", " ", part) if isinstance(part, str) else part for part in parts]


def in_prose(entry: Entry, body: list[Part], place: Place, settings: Settings) -> Snippet:
    """A display of its own on lines of its own; the text around it stays text."""
    if place.has_no_room:
        return snippet("$", on_one_line(wrapped(entry, body)), "$", Stop(0))
    if place.language is Language.MARKDOWN:
        display: list[Part] = ["$$\n", *wrapped(entry, body), "\n$$"]
    else:
        display = latex_display(entry, body, place, settings)
    opening = "" if place.is_fresh_line else "\n"
    closing = "\n" if place.after.strip() else ""
    return snippet(opening, display, Stop(0), closing).with_prefix(place.container)


def depth_of(latex: str) -> int:
    """How many braces, and how many `\\left`, are open at the end of a piece of LaTeX."""
    depth = 0
    for token in tokenize(latex):
        depth += (token.kind is tokens.Kind.OPEN) - (token.kind is tokens.Kind.CLOSE)
        depth += (token.text == r"\left") - (token.text == r"\right")
    return depth


def latex_display(entry: Entry, body: list[Part], place: Place, settings: Settings) -> list[Part]:
    form = settings.display if settings.display != "auto" else place.usual_form
    if form == "dollars":
        return ["$$\n  ", *indented(wrapped(entry, body)), "\n$$"]
    if form == "brackets":
        return ["\\[\n  ", *indented(wrapped(entry, body)), "\n\\]"]
    label = f"  \\label{{{free_label(entry, place.text)}}}\n" if settings.label and not form.endswith("*") else ""
    if form.startswith("align"):
        return environment(form, body if entry.body.is_multiline else aligned(entry, body), label)
    return environment(form, wrapped(entry, body), label)


def free_label(entry: Entry, text: str) -> str:
    """`eq:<id>`, numbered if the document has it already."""
    label, number = f"eq:{entry.id}", 1
    while f"{{{label}}}" in text:
        number += 1
        label = f"eq:{entry.id}-{number}"
    return label


def aligned(entry: Entry, body: list[Part]) -> list[Part]:
    """A body of one line as a row: `&` before its first relation, if it has one outside brackets."""
    at = relation_offset(entry.body)
    if at is None:
        return body
    parts: list[Part] = []
    for part in body:
        length = len(part) if isinstance(part, str) else len(part.default)
        if isinstance(part, str) and 0 <= at < length:
            part = f"{part[:at]}&{part[at:]}"
        at -= length
        parts.append(part)
    return parts


def relation_offset(body: Formula) -> int | None:
    depth = 0
    for symbol in body.symbols:
        depth += (symbol.text in OPENING) - (symbol.text in CLOSING)
        if depth == 0 and symbol.text in RELATIONS:
            return symbol.span.start
    return None


def row_is_aligned(place: Place, region: Region) -> bool:
    """Whether the row that the cursor is in has an `&` already: what is inserted is then only a part of it."""
    nested = [other.span for other in place.regions.inside(region)]
    marks = [
        mark
        for mark in ROW_MARK.finditer(place.text, region.body.start, region.body.end)
        if mark.group() in (r"\\", "&") and not any(span.holds(mark.start()) for span in nested)
    ]
    row_ends = [mark.start() for mark in marks if mark.group() != "&"]
    start = max((end for end in row_ends if end < place.typed.start), default=region.body.start)
    end = min((end for end in row_ends if end >= place.typed.end), default=region.body.end)
    return any(mark.group() == "&" and start <= mark.start() < end for mark in marks)
