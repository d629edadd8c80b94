"""How long previews take, formula by formula: `python bench/hovers.py`.

The formulas are those of the catalogue and of the page that mleq-lsp was asked for with (`tests/page.md`).
Each is measured several times, and the best time counts: the others tell what else the machine had to do.
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
from mleq_lsp.render.svg import data_uri, pixels
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw

PAGE = (Path(__file__).parents[1] / "tests" / "page.md").read_text("utf-8")
ROUNDS = 7  # times that each formula is drawn
STARTS = 4  # of the server, for a first hover is one only once
MARKDOWN = [lsp.MarkupKind.Markdown]


def formulas() -> list[str]:
    """The formulas, one of each kind."""
    catalogue, _ = load_builtin()
    of_page = re.findall(r"```latex\n(.*?)```", PAGE, re.DOTALL)
    return list(dict.fromkeys([*(entry.body.latex for entry in catalogue), *of_page]))


def timed(action: Callable[[str], object], latex: str) -> float:
    """How long an action takes in ms, nothing remembered of the formula."""
    for remembered in (parse, data_uri, pixels):
        remembered.cache_clear()
    start = time.perf_counter()
    action(latex)
    return (time.perf_counter() - start) * 1000


def best(times: Sequence[Sequence[float]]) -> list[float]:
    """The best time of each formula, out of several rounds."""
    return [min(of_one) for of_one in zip(*times, strict=True)]


def as_unicode(latex: str) -> str:
    return draw(parse(latex).tree)


def as_picture(latex: str) -> str | None:
    return data_uri(latex, "#d4d4d4")


async def hovers(found: Sequence[str], name: str) -> tuple[list[float], list[float]]:
    """The times in ms from asking the real server for a hover on each formula to its answer: at first, and again."""
    client = LanguageClient("mleq bench", __version__)
    await client.start_io(sys.executable, "-m", "mleq_lsp.lsp.server")
    document = lsp.TextDocumentClientCapabilities(hover=lsp.HoverClientCapabilities(content_format=MARKDOWN))
    capabilities = lsp.ClientCapabilities(text_document=document)
    await client.initialize_async(lsp.InitializeParams(capabilities=capabilities, client_info=lsp.ClientInfo(name)))
    client.initialized(lsp.InitializedParams())
    # As in a paper: paragraphs of text, formulas between them.
    uri, text = "file:///paper.tex", "\n\n".join(["$x$", *(f"Text\n\\[\n{latex.strip()}\n\\]" for latex in found)])
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "latex", 1, text)))
    lines = [number for number, line in enumerate(text.split("\n")) if line == "\\["]
    took = []
    for line in [0, *lines, *lines]:  # before the very first answer the server is still starting
        asked = lsp.HoverParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, 0))
        start = time.perf_counter()
        assert await client.text_document_hover_async(asked) is not None
        took.append((time.perf_counter() - start) * 1000)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()  # type: ignore[no-untyped-call]  # pygls has no hints here
    return took[1 : len(lines) + 1], took[len(lines) + 1 :]


def row(what: str, took: Sequence[float], base: float) -> str:
    ordered = sorted(took)
    p50, p99 = statistics.median(ordered), ordered[min(len(ordered) - 1, round(0.99 * len(ordered)))]
    return f"| {what} | {p50:.2f} | {p99:.2f} | {p50 / base:.1f} |"


def main() -> None:
    found = formulas()
    rows: dict[str, Callable[[str], object]] = {
        "reading a formula": parse,
        "and drawing it as Unicode text": as_unicode,
        "and drawing it as a picture": as_picture,
    }
    took = {what: best([[timed(draw, latex) for latex in found] for _ in range(ROUNDS)]) for what, draw in rows.items()}
    for editor, name in (("Neovim", "Neovim"), ("VS Code", "Visual Studio Code")):
        first, again = zip(*(asyncio.run(hovers(found, name)) for _ in range(STARTS)), strict=True)
        took[f"a hover in {editor}, from request to answer"] = best(first)
        took[f"the same hover in {editor} again"] = best(again)
    base = statistics.median(took["reading a formula"])
    print(f"{len(found)} formulas, times in ms\n")
    print("| | p50 | p99 | p50 as a multiple of reading |\n|:--|--:|--:|--:|")
    for what, times in took.items():
        print(row(what, times, base))


if __name__ == "__main__":
    main()
