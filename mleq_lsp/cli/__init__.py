"""`mleq`: the catalogue on the command line."""

from __future__ import annotations

import io
import sys

import typer

from mleq_lsp import __version__
from mleq_lsp.cli.check import check
from mleq_lsp.cli.demo import demo
from mleq_lsp.cli.preview import preview
from mleq_lsp.cli.search import search
from mleq_lsp.cli.show import show

app = typer.Typer(no_args_is_help=True, pretty_exceptions_enable=False)
for command in (search, show, preview, check, demo):
    app.command()(command)


def say_version(wanted: bool) -> None:
    if wanted:
        print(f"mleq {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: bool = typer.Option(False, "--version", is_eager=True, callback=say_version, help="Print the version."),
) -> None:
    """Named machine-learning equations: look them up and check packs."""


def main() -> None:
    """Runs the command that was asked for."""
    for stream in (sys.stdout, sys.stderr):
        # Equations are Unicode: a pipe or an old terminal gets what it can show, and no traceback.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app(prog_name="mleq")
