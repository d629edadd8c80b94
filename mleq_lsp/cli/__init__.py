"""`mleq`: the catalogue on the command line."""

from __future__ import annotations

import typer

from mleq_lsp.cli.check import check
from mleq_lsp.cli.demo import demo
from mleq_lsp.cli.search import search
from mleq_lsp.cli.show import show

app = typer.Typer(help="Named machine-learning equations: look them up and check packs.", no_args_is_help=True)
for command in (search, show, check, demo):
    app.command()(command)


def main() -> None:
    """Runs the command that was asked for."""
    app(prog_name="mleq")
