"""The card: an equation as a person reads it, in Markdown or in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

from mleq_lsp.catalogue.model import Catalogue, Entry, Reference
from mleq_lsp.latex.expansion import Expanded
from mleq_lsp.recognition import Recognised, as_spelled
from mleq_lsp.render import svg, unicode
from mleq_lsp.render.problems import FormulaProblem
from mleq_lsp.render.tree import parse
from mleq_lsp.render.written import problems_as_written, readable

Picture = Literal["svg", "unicode", "latex"]


@dataclass(frozen=True, slots=True)
class Style:
    """How a client wants its cards."""

    picture: Picture = "unicode"
    markdown: bool = True
    color: str = "#808080"  # of a picture
    cells: int = 88  # width of two-dimensional text
    pixels: int = svg.MAX_WIDTH_PX  # width of a picture


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


def write_all(cards: Sequence[Card], style: Style) -> str:
    """Several cards below each other."""
    return ("\n\n---\n\n" if style.markdown else "\n\n").join(write(card, style) for card in cards)


def write(card: Card, style: Style) -> str:
    """The card as text in the client's way."""
    blocks = markdown_blocks(card, style) if style.markdown else plain_blocks(card, style)
    return "\n\n".join(block for block in blocks if block)


def markdown_blocks(card: Card, style: Style) -> Iterator[str]:
    entry = card.entry
    if entry:
        close = "" if card.exact else "Close to: "
        yield f"{close}**{entry.name}** · `{entry.id}`"
    yield picture(card.latex, style)
    yield "  \n".join(f"⚠ {trouble}" for trouble in troubles(card))
    if entry:
        yield entry.about
        yield symbol_table(card.symbols) if style.picture == "svg" else symbol_list(card.symbols)
        yield "  \n".join(linked(source) for source in card.sources)
        if entry.see:
            yield "See also " + ", ".join(f"`{other}`" for other in entry.see)


def plain_blocks(card: Card, style: Style) -> Iterator[str]:
    entry = card.entry
    if entry:
        yield f"{'' if card.exact else 'Close to: '}{entry.name} ({entry.id})"
    yield card.latex if style.picture == "latex" else drawing(card.latex, style.cells)
    yield "\n".join(troubles(card))
    if entry:
        yield entry.about
        yield "\n".join(f"{one_line(symbol.latex)}: {symbol.meaning}" for symbol in card.symbols)
        yield "\n".join(f"{source.short}, {source.title} {source.url}".rstrip() for source in card.sources)
        if entry.see:
            yield "See also " + ", ".join(entry.see)


def picture(latex: str, style: Style) -> str:
    """The formula as the client shows it; a picture that cannot be had is drawn as text instead."""
    if style.picture == "latex":
        return f"```latex\n{latex.strip()}\n```"
    if style.picture == "svg" and latex.strip():
        uri = svg.data_uri(latex, style.color, style.pixels)
        if uri is not None:
            return f"![{alternative(latex)}]({uri})"
    return f"```text\n{drawing(latex, style.cells)}\n```" if latex.strip() else ""


def alternative(latex: str) -> str:
    """The formula as it is spoken, for those who do not see the picture."""
    return " ".join(parse(latex).speech.translate({ord(sign): " " for sign in "[]\\`<>"}).split())


def drawing(latex: str, cells: int) -> str:
    return unicode.draw(parse(latex).tree, cells)


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
    rows = [f"| {cell(one_line(symbol.latex))} | {symbol.meaning} |" for symbol in symbols]
    return "\n".join(["| Symbol | Meaning |", "|:--|:--|", *rows])


def cell(text: str) -> str:
    return f"`{text}`".replace("|", "\\|")


def symbol_list(symbols: Sequence[Symbol]) -> str:
    return "\n".join(f"- `{one_line(symbol.latex)}`: {symbol.meaning}" for symbol in symbols)


def linked(source: Reference) -> str:
    title = f"[{source.title}]({source.url})" if source.url else source.title
    return f"{source.short}, {title}"
