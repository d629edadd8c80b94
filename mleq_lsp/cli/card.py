"""A card on the terminal, in colour where that shows colours."""

from __future__ import annotations

import shutil

from rich.console import Console
from rich.text import Text

from mleq_lsp.card import Card
from mleq_lsp.preview import Role, Style, plain_blocks

NARROWEST = 20  # cells; a terminal may say that it has none
COLORS: dict[Role, str] = {"symbol": "bold cyan", "label": "bold", "title": "bold", "trouble": "yellow", "see": "dim"}
SYMBOL = r"(?m)^\S.*?(?=   |$)"  # of the symbols in their column
ADDRESS = r"https://\S+"


def print_card(card: Card) -> None:
    """Prints a card as wide as the terminal, a cell at its edge left free."""
    cells = max(shutil.get_terminal_size((88, 24)).columns - 1, NARROWEST)
    console = Console(highlight=False, soft_wrap=True)
    blocks = [block for block in plain_blocks(card, Style(markdown=False, cells=cells)) if block[1]]
    for number, (role, text) in enumerate(blocks):
        shown = Text(text, COLORS.get(role, ""))
        if role == "symbols":
            shown.highlight_regex(SYMBOL, "cyan")
        shown.highlight_regex(ADDRESS, "blue underline")
        console.print(*([Text(), shown] if number else [shown]), sep="\n")
