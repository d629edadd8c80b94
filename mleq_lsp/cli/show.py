"""`mleq show`: the card of an entry."""

from __future__ import annotations

import shutil
import sys

import typer
from rich.console import Console

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.matching import named, rank
from mleq_lsp.preview import Style, entry_card, write


def show(
    entry_id: str = typer.Argument(..., metavar="ID", help="An entry's id, or one of its aliases."),
    latex: bool = typer.Option(False, "--latex", help="Only the LaTeX, to pipe into something else."),
) -> None:
    """Print the card of an entry."""
    catalogue, _ = load_builtin()
    entry = named(catalogue, entry_id.lstrip(";"))
    if entry is None:
        near = ", ".join(other.id for other in rank(catalogue, entry_id)[:3])
        hint = f": did you mean {near}?" if near else "; see `mleq search`"
        print(f"no entry {entry_id!r}{hint}", file=sys.stderr)
        raise typer.Exit(1)
    if latex:
        print(entry.body.latex)
        return
    cells = max(shutil.get_terminal_size((88, 24)).columns - 1, 20)
    title, *rest = write(entry_card(entry, catalogue), Style(markdown=False, cells=cells)).split("\n", 1)
    console = Console(highlight=False, soft_wrap=True)
    console.print(title, style="bold", markup=False)
    console.print("".join(rest), markup=False)
