"""How long previews take, formula by formula: `python bench/hovers.py`.

The formulas are those of the catalogue and of the page that mleq-lsp was asked for with (`tests/page.md`).
"""

from __future__ import annotations

import asyncio
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

from mleq_lsp import __version__
from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.render.svg import data_uri
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw

PAGE = (Path(__file__).parents[1] / "tests" / "page.md").read_text("utf-8")
ROUNDS = 5  # each formula is drawn as often
MARKDOWN = [lsp.MarkupKind.Markdown]


def formulas() -> list[str]:
    """The formulas, one of each kind."""
    catalogue, _ = load_builtin()
    of_page = re.findall(r"```latex\n(.*?)```", PAGE, re.DOTALL)
    return list(dict.fromkeys([*(entry.body.latex for entry in catalogue), *of_page]))


def timed(action: Callable[[str], object], latex: str) -> float:
    """How long an action takes in ms, nothing remembered of the formula."""
    parse.cache_clear()
    data_uri.cache_clear()
    start = time.perf_counter()
    action(latex)
    return (time.perf_counter() - start) * 1000


def as_unicode(latex: str) -> str:
    return draw(parse(latex).tree)


def as_picture(latex: str) -> str | None:
    return data_uri(latex, "#d4d4d4")


async def hovers(found: Sequence[str], name: str, rounds: int = 1) -> list[list[float]]:
    """The times in ms from asking the real server for a hover on each formula to its answer, round by round."""
    client = LanguageClient("mleq bench", __version__)
    await client.start_io(sys.executable, "-m", "mleq_lsp.lsp.server")
    document = lsp.TextDocumentClientCapabilities(hover=lsp.HoverClientCapabilities(content_format=MARKDOWN))
    await client.initialize_async(
        lsp.InitializeParams(
            capabilities=lsp.ClientCapabilities(text_document=document), client_info=lsp.ClientInfo(name)
        )
    )
    client.initialized(lsp.InitializedParams())
    # As in a paper: paragraphs of text, formulas between them.
    uri, text = "file:///paper.tex", "\n\n".join(f"Text\n\\[\n{latex.strip()}\n\\]" for latex in found)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "latex", 1, text)))
    lines = [number + 1 for number, line in enumerate(text.split("\n")) if line == "\\["]
    took = []
    for line in [lines[0], *lines * rounds]:  # the very first hover waits for the document to be scanned
        asked = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, 0))
        start = time.perf_counter()
        assert await client.text_document_hover_async(asked) is not None
        took.append((time.perf_counter() - start) * 1000)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]  # pygls has no hints here
    return [took[1 + number * len(lines) : 1 + (number + 1) * len(lines)] for number in range(rounds)]


def row(what: str, took: Sequence[float], base: float) -> str:
    ordered = sorted(took)
    p50, p99 = statistics.median(ordered), ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return f"| {what} | {p50:.2f} | {p99:.2f} | {p50 / base:.1f} |"


def main() -> None:
    found = formulas()
    reading = [timed(lambda latex: parse(latex).tree, latex) for latex in found * ROUNDS]
    text = [timed(as_unicode, latex) for latex in found * ROUNDS]
    picture = [timed(as_picture, latex) for latex in found * ROUNDS]
    first, second = asyncio.run(hovers(found, "a terminal", 2))
    first_picture, second_picture = asyncio.run(hovers(found, "Visual Studio Code", 2))
    base = statistics.median(reading)
    print(f"{len(found)} formulas, times in ms\n")
    print("| | p50 | p99 | p50 as a multiple of reading |\n|:--|--:|--:|--:|")
    print(row("reading a formula", reading, base))
    print(row("reading and drawing it as Unicode text", text, base))
    print(row("reading and drawing it as a picture", picture, base))
    print(row("a hover in a terminal, from request to answer", first, base))
    print(row("the same hover again", second, base))
    print(row("a hover in VS Code, from request to answer", first_picture, base))
    print(row("the same hover again", second_picture, base))


if __name__ == "__main__":
    main()
