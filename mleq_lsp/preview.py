"""A card as a person reads it: in Markdown or in plain text, with a picture or with two-dimensional text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from wcwidth import wrap

from mleq_lsp.card import Card, Symbol
from mleq_lsp.catalogue.model import Reference
from mleq_lsp.markup import code, fenced, in_cell, prose
from mleq_lsp.render import svg, unicode
from mleq_lsp.render.boxes import cells
from mleq_lsp.render.tree import parse

MIN_COLUMN = 16  # cells of a column of text

Picture = Literal["svg", "unicode", "latex"]

MAX_BYTES = svg.MAX_BYTES  # of a message as well: the rest of it leaves room for less of a picture
MAX_FORMULA_BYTES = 20_000  # of a formula as text
MAX_SPOKEN = 1_000  # characters


@dataclass(frozen=True, slots=True)
class Style:
    """How a client wants its cards."""

    picture: Picture = "unicode"
    markdown: bool = True
    color: str = "#808080"  # of a picture
    scale: float = 1  # of a picture
    cells: int = 88  # width of two-dimensional text
    pixels: int = svg.MAX_WIDTH_PX  # width of a picture
    title: bool = True  # whether the entry's name is on the card; some clients show it above


def write_all(cards: Sequence[Card], style: Style) -> str:
    """Several cards below each other, in a message that every client takes."""
    between = "\n\n---\n\n" if style.markdown else "\n\n"
    written = [write(card, style) for card in cards]
    # The first card is the one that was asked for: it is the last to lose its picture.
    too_much = sum(size_of(text + between) for text in written) - MAX_BYTES
    for number in reversed(range(len(cards))):
        if style.picture == "svg" and too_much > 0:
            with_picture = written[number]
            written[number] = write(cards[number], replace(style, picture="unicode"))
            too_much -= size_of(with_picture) - size_of(written[number])
    return cut(between.join(written), MAX_BYTES)


def size_of(text: str) -> int:
    """The bytes of a text in a message, where what is not ASCII is escaped."""
    return len(json.dumps(text))


def cut(text: str, size: int) -> str:
    """As much of a text as fits, with a mark where something is left out."""
    if size_of(text) <= size:
        return text
    while size_of(text) > size - len("\\u2026"):
        text = text[: len(text) * size // (size_of(text) + size // 20)]
    return f"{text}…"


@lru_cache(maxsize=64)
def write(card: Card, style: Style) -> str:
    """The card as text in the client's way."""
    blocks = markdown_blocks(card, style) if style.markdown else (text for _, text in plain_blocks(card, style))
    return "\n\n".join(block for block in blocks if block)


def markdown_blocks(card: Card, style: Style) -> Iterator[str]:
    entry = card.entry
    if card.pointed:
        symbol = shown(card.pointed) if style.picture == "svg" else code(one_line(card.pointed.latex))
        yield f"{symbol}: {prose(card.pointed.meaning)}\n\n---"
    yield at_label(code(card.label), prose(card.where)) if card.label else ""
    yield card.note
    if entry and style.title:
        yield f"{'' if card.exact else 'Close to: '}**{prose(entry.name)}** · {code(entry.id)}"
    yield picture(card.latex, style)
    yield "  \n".join(f"⚠ {trouble}" for trouble in troubles(card))
    if entry:
        yield paragraph(entry.about, style)
        yield symbol_table(card.symbols) if style.picture == "svg" else fenced(symbol_lines(card.symbols, style.cells))
        yield "  \n".join(linked(source) for source in card.sources)
        if entry.see:
            yield "See also " + ", ".join(map(code, entry.see))


Role = Literal["symbol", "label", "note", "title", "formula", "trouble", "about", "symbols", "sources", "see"]


def plain_blocks(card: Card, style: Style) -> Iterator[tuple[Role, str]]:
    """The blocks of a card without markup, and what each is."""
    entry = card.entry
    if card.pointed:
        yield "symbol", f"{one_line(card.pointed.latex)}: {card.pointed.meaning}"
    yield "label", at_label(card.label, card.where) if card.label else ""
    yield "note", card.note.replace("`", "")
    if entry:
        yield "title", f"{'' if card.exact else 'Close to: '}{entry.name} ({entry.id})"
    is_source = style.picture == "latex"
    yield "formula", cut(card.latex, MAX_FORMULA_BYTES) if is_source else drawing(card.latex, style.cells)
    yield "trouble", "\n".join(f"⚠ {trouble}" for trouble in troubles(card)).replace("`", "")
    if entry:
        yield "about", paragraph(entry.about, style)
        yield "symbols", symbol_lines(card.symbols, style.cells)
        yield "sources", "\n".join(f"{source.short}, {source.title} {link(source)}".rstrip() for source in card.sources)
        if entry.see:
            yield "see", paragraph("See also " + ", ".join(entry.see), style)


def at_label(label: str, where: str) -> str:
    return f"Equation {label}" + (f" · {where}" if where else "")


def picture(latex: str, style: Style) -> str:
    """The formula as the client shows it; a picture that cannot be had is drawn as text instead."""
    if style.picture == "latex":
        return fenced(cut(latex.strip(), MAX_FORMULA_BYTES), "latex")
    if style.picture == "svg" and latex.strip():
        uri = svg.data_uri(latex, style.color, style.pixels, style.scale)
        if uri is not None:
            return f"![{alternative(latex)}]({uri})"
    return fenced(drawing(latex, style.cells)) if latex.strip() else ""


def alternative(latex: str) -> str:
    """The formula as it is spoken, for those who do not see the picture, without what Markdown would read."""
    spoken = " ".join(NOT_SPOKEN.sub(" ", parse(latex).speech).split())
    if len(spoken) <= MAX_SPOKEN:
        return spoken
    return spoken[:MAX_SPOKEN].rpartition(" ")[0] + " …"


NOT_SPOKEN = re.compile(r"[][\\`<>\"*_&!|~]")


@lru_cache(maxsize=64)
def drawing(latex: str, cells: int) -> str:
    return cut(unicode.draw(parse(latex).tree, cells), MAX_FORMULA_BYTES)


@lru_cache(maxsize=2048)
def one_line(latex: str) -> str:
    """A symbol on one line."""
    return unicode.draw_line(parse(latex).tree) or latex


def troubles(card: Card) -> Iterator[str]:
    """What is wrong with the formula, with its place."""
    for problem in card.problems:
        before = card.written[: problem.column - 1]
        line, column = before.count("\n") + 1, len(before) - before.rfind("\n")
        place = f"line {line}, column {column}" if "\n" in card.written.strip() else f"column {column}"
        yield f"{problem.message} ({place} of the formula)"


def symbol_table(symbols: Sequence[Symbol]) -> str:
    rows = [f"| {in_cell(shown(one))} | {in_cell(prose(one.meaning))} |" for one in symbols]
    return "\n".join(["| Symbol | Meaning |", "|:--|:--|", *rows]) if rows else ""


def shown(symbol: Symbol) -> str:
    """A symbol in a window's own letters, whose small ones fit together, and never broken in two."""
    return prose(one_line(symbol.latex)).replace(" ", "\N{NO-BREAK SPACE}")


def symbol_lines(symbols: Sequence[Symbol], width: int) -> str:
    """The symbols in one column and their meanings in another; a symbol that is too long for it has its own line."""
    shown = [(one_line(one.latex), one.meaning) for one in symbols]
    column = max((size for name, _ in shown if (size := cells(name)) <= width // 3), default=0) + 3
    lines: list[str] = []
    for name, meaning in shown:
        start = name + " " * (column - cells(name))
        if cells(name) + 3 > column:
            lines.append(name)
            start = " " * column
        first, *rest = wrap(meaning, max(width - column, MIN_COLUMN), break_on_hyphens=False) or [""]
        lines += [f"{start}{first}".rstrip(), *(" " * column + text for text in rest)]
    return "\n".join(lines)


def paragraph(text: str, style: Style) -> str:
    """A paragraph in lines for a terminal, which would break it within words; a window breaks it by itself."""
    lines = [text] if style.picture == "svg" else wrap(text, style.cells, break_on_hyphens=False)
    return prose("\n".join(lines)) if style.markdown else "\n".join(lines)


def linked(source: Reference) -> str:
    title, url = prose(source.title).replace("[", r"\["), link(source)
    return f"{prose(source.short)}, " + (f"[{title}]({url})" if url else title)


def link(source: Reference) -> str:
    """Where a source is read; other pages than these two may be anything."""
    url = source.url if source.url.startswith(("https://arxiv.org/abs/", "https://doi.org/")) else ""
    return url.replace("(", "%28").replace(")", "%29").replace(" ", "%20")
