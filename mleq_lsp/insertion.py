"""An entry as it is written at this place."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mleq_lsp.author import Author, in_notation
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.latex.tokens import Formula, commands, ends_in_command
from mleq_lsp.place import Place
from mleq_lsp.regions import Language
from mleq_lsp.settings import Settings
from mleq_lsp.snippet import Part, Snippet, Stop, snippet, to_plain

RELATIONS = frozenset(("=", "<", ">")) | commands(
    "le leq ge geq sim approx propto equiv coloneqq to gets leftarrow rightarrow in subseteq triangleq simeq"
)
OPENING, CLOSING = frozenset(("(", "[", "{", r"\{")), frozenset((")", "]", "}", r"\}"))
# What stands round a display that is no environment; the body of some is indented.
MARKS = {
    "brackets": ("\\[\n  ", "\n\\]"),
    "dollars": ("$$\n  ", "\n$$"),
}
MARKDOWN_MARKS = {
    "dollars": ("$$\n", "\n$$"),
    "brackets": ("\\[\n", "\n\\]"),
    "doubled brackets": ("\\\\[\n", "\n\\\\]"),
    "fence": ("```math\n", "\n```"),
}


def insertion(entry: Entry, place: Place, author: Author, settings: Settings) -> Snippet:
    """What accepting the entry writes in the place of what was typed.

    Lines are relative to the line's own indent, which clients add to each of them.
    """
    region = place.region
    body = in_notation([entry.body.latex] if settings.stops == "none" else stopped(entry), author)
    if region is None:
        return in_prose(entry, body, place, settings)
    body = rows(entry, body) if place.takes_rows else wrapped(entry, body)
    return in_formula(in_cell(on_one_line(body), place) if place.is_one_line else body, place)


def in_formula(body: list[Part], place: Place) -> Snippet:
    """The body as a part of a formula: as a script in braces, and not run together with a command's name."""
    if place.is_script:
        return snippet("{", body, "}", Stop(0)).with_prefix(place.container)
    written = to_plain(snippet(body))
    before = " " if ends_in_command(place.before) and written[:1].isalpha() else ""
    after = " " if ends_in_command(written) and place.after[:1].isalpha() else ""
    return snippet(before, body, after, Stop(0)).with_prefix(place.container)


@lru_cache(maxsize=2048)
def stopped(entry: Entry) -> tuple[Part, ...]:
    """The body with a tab stop wherever a slot occurs."""
    latex = entry.body.latex
    parts: list[Part] = []
    at = 0
    # Numbered in the order of the slots that occur, from 1: 0 is where the cursor ends.
    found = entry.body.occurrences(entry.slots)
    numbers = {index: number for number, index in enumerate(sorted({index for _, index in found}), start=1)}
    for span, index in found:
        parts += [latex[at : span.start], Stop(numbers[index], span.of(latex))]
        at = span.end
    return (*parts, latex[at:])


def wrapped(entry: Entry, body: list[Part]) -> list[Part]:
    """The body as one object: several rows go into `aligned`."""
    return environment("aligned", body) if entry.body.is_multiline else body


def rows(entry: Entry, body: list[Part]) -> list[Part]:
    """The body as rows of an alignment."""
    return body if entry.body.is_multiline else aligned(body)


def environment(name: str, body: list[Part], label: str = "") -> list[Part]:
    return [f"\\begin{{{name}}}\n{label}  ", *indented(body), f"\n\\end{{{name}}}"]


def in_text(parts: list[Part], change: Callable[[str], str]) -> list[Part]:
    """The parts with what is no tab stop changed."""
    return [change(part) if isinstance(part, str) else part for part in parts]


def indented(body: list[Part]) -> list[Part]:
    return in_text(body, lambda text: text.replace("\n", "\n  "))


def on_one_line(parts: list[Part]) -> list[Part]:
    return in_text(parts, lambda text: re.sub(r"\s*\n\s*", " ", text))


def in_cell(parts: list[Part], place: Place) -> list[Part]:
    """The parts without a bar, if they go into a cell of a Markdown table, which a bar would end."""
    if not place.is_table_cell:
        return parts
    return in_text(parts, lambda text: re.sub(r"\\?\|(?=([a-zA-Z])?)", named_bar, text))


def named_bar(bar: re.Match[str]) -> str:
    return (r"\Vert" if bar.group().startswith("\\") else r"\vert") + (" " if bar.group(1) else "")


def in_prose(entry: Entry, body: list[Part], place: Place, settings: Settings) -> Snippet:
    """A display of its own on lines of its own; the text around it stays text."""
    if place.has_no_room:
        return snippet("$", in_cell(on_one_line(wrapped(entry, body)), place), "$", Stop(0))
    display = latex_display if place.is_latex else markdown_display
    opening = "" if place.is_fresh_line else "\n"
    closing = "\n" if place.after.strip() else ""
    return snippet(opening, display(entry, body, place, settings), Stop(0), closing).with_prefix(place.container)


def markdown_display(entry: Entry, body: list[Part], place: Place, settings: Settings) -> list[Part]:
    opening, closing = MARKDOWN_MARKS[place.usual_form]
    if place.language is Language.QUARTO and settings.label:
        # Quarto numbers what stands between dollars.
        opening, closing = MARKDOWN_MARKS["dollars"]
        closing += f" {{#{place.free_label(entry.id)}}}"
    return [opening, *wrapped(entry, body), closing]


def latex_display(entry: Entry, body: list[Part], place: Place, settings: Settings) -> list[Part]:
    form = settings.display if settings.display != "auto" else place.usual_form
    if form in MARKS:
        opening, closing = MARKS[form]
        return [opening, *indented(wrapped(entry, body)), closing]
    has_label = settings.label and not form.endswith("*")
    label = f"  \\label{{{place.free_label(entry.id)}}}\n" if has_label else ""
    return environment(form, rows(entry, body) if form.startswith("align") else wrapped(entry, body), label)


def aligned(body: list[Part]) -> list[Part]:
    """A body of one line as a row: `&` before its first relation, if it has one outside brackets."""
    at = relation_offset(to_plain(snippet(body)))
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


def relation_offset(latex: str) -> int | None:
    depth = 0
    for symbol in Formula(latex).symbols:
        depth += (symbol.text in OPENING) - (symbol.text in CLOSING)
        if depth == 0 and symbol.text in RELATIONS:
            return symbol.span.start
    return None
