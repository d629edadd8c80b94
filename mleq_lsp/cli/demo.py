"""`mleq demo`: the real server, spoken to as an editor does, about the example documents."""

from __future__ import annotations

import asyncio
import re
import sys
from collections.abc import Awaitable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import typer
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient
from rich.console import Console

from mleq_lsp import __version__
from mleq_lsp.lsp.document import Document, language_of
from mleq_lsp.text import Lines

T = TypeVar("T")

PACKAGE = Path(__file__).parents[1]
EXAMPLES = next((home / "examples" for home in (PACKAGE, PACKAGE.parent) if (home / "examples").exists()), PACKAGE)
SECONDS = 10  # that any one answer may take
STOP = re.compile(r"\$\{(\d+):((?:\\.|[^\\}])*)\}|\$\{?(\d+)\}?|\\(.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere in an example: what stands there, and the first offer that is right there (None: silence)."""

    file: str
    where: str
    before: str  # text in the file that ends at the cursor
    offers: str | None


@dataclass(frozen=True, slots=True)
class Sight:
    """Something in an example to hover over, and what its card must say."""

    file: str
    where: str
    before: str
    says: str


PLACES = (
    Place("paper.tex", "in prose, on a line of its own", "decoder $p_\\theta$ it is\n\n;elbo", "vae-elbo"),
    Place("paper.tex", "in prose, at the end of a line", "one term for each step: ;ddpm", "ddpm-forward"),
    Place("paper.tex", "inside $...$", "are Gaussian, as in $;kl gauss", "kl-gaussian"),
    Place("paper.tex", "inside equation", "\\label{eq:game}\n  ;gan", "gan-minimax"),
    Place("paper.tex", "inside align", "\\mathcal{N}(0, I) \\\\\n  ;kl gauss", "kl-gaussian"),
    Place("paper.tex", "in a comment", "% Reviewer 2 asked for the objective of the ;gan", None),
    Place("paper.tex", "in verbatim", "python train.py ;ddpm", None),
    Place("note.md", "in Markdown prose", "The game of Goodfellow et al. is\n\n;gan", "gan-minimax"),
    Place("note.md", "in a Markdown list", "- The bound of a variational autoencoder: ;elbo", "vae-elbo"),
    Place("note.md", "in a Markdown quote", "many fixed encoders.\n>\n> ;ddpm", "ddpm-forward"),
    Place("note.md", "inside $...$ in Markdown", "against another, $;kl gauss", "kl-gaussian"),
    Place("note.md", "in a code fence", "# the ;elbo", None),
    Place("note.md", "in front matter", 'title: "Reading notes: ;gan', None),
)
SIGHTS = (
    Sight("paper.tex", "on a trigger word", "decoder $p_\\theta$ it is\n\n;el", "Evidence lower bound"),
    Sight("paper.tex", "on an equation typed by hand", "\\begin{align}\n  q(\\mathbf{x}_{t}", "DDPM forward process"),
    Sight("note.md", "on the same mathematics in other letters and another order", "z = \\mu +", "Reparameterisation"),
    Sight("note.md", "on a formula with a slip in it", "The entropy term $\\mathbb{E}_{q_\\phi", "never closed"),
)


class Misbehaviour(Exception):
    """The server answered something else than it should."""


def demo(
    examples: Path = typer.Argument(EXAMPLES, help="The folder with paper.tex and note.md."),
) -> None:
    """Start the real server and show what it offers, writes and says in the example documents."""
    if not (examples / "paper.tex").is_file():
        print(f"{examples}: there is no paper.tex here; give the `examples` folder of a checkout", file=sys.stderr)
        raise typer.Exit(2)
    try:
        asyncio.run(converse(examples))
    except (Misbehaviour, asyncio.TimeoutError) as wrong:
        print(f"\nmleq demo: {wrong or f'no answer within {SECONDS} s'}", file=sys.stderr)
        raise typer.Exit(1) from None


async def converse(examples: Path) -> None:
    client = LanguageClient("mleq demo", __version__)
    await client.start_io(sys.executable, "-m", "mleq_lsp.lsp.server")
    process = client._server
    if process is None or process.stderr is None:
        raise Misbehaviour("the server did not start")
    try:
        await talk(client, examples)
    except RuntimeError:  # what the client raises when the server is gone
        raise Misbehaviour(f"the server stopped:\n{(await process.stderr.read()).decode()}") from None
    code = await patiently(process.wait())
    complaints = (await process.stderr.read()).decode()
    if code != 0 or complaints:
        raise Misbehaviour(f"the server ended with status {code}:\n{complaints}")
    print(f"{len(PLACES)} places and {len(SIGHTS)} hovers as they should be; the server ended in good order.")


async def talk(client: LanguageClient, examples: Path) -> None:
    started = await patiently(client.initialize_async(hello()))
    client.initialized(lsp.InitializedParams())
    encoding = started.capabilities.position_encoding or "utf-16"
    documents = {name: opened(client, examples / name, encoding) for name in ("paper.tex", "note.md")}
    console = Console(highlight=False, soft_wrap=True)
    for place in PLACES:
        console.rule(f"[bold]{place.file}[/], {place.where}", align="left")
        await show_place(client, documents[place.file], place)
    for sight in SIGHTS:
        console.rule(f"[bold]{sight.file}[/], hover {sight.where}", align="left")
        await show_sight(client, documents[sight.file], sight)
    await patiently(client.shutdown_async(None))
    client.exit(None)
    console.rule(align="left")


async def patiently(answer: Awaitable[T]) -> T:
    """An answer, if it comes in time."""
    return await asyncio.wait_for(answer, SECONDS)


def hello() -> lsp.InitializeParams:
    """What a terminal editor says of itself."""
    markup = [lsp.MarkupKind.PlainText]
    item = lsp.ClientCompletionItemOptions(snippet_support=True, documentation_format=markup)
    document = lsp.TextDocumentClientCapabilities(
        completion=lsp.CompletionClientCapabilities(completion_item=item),
        hover=lsp.HoverClientCapabilities(content_format=markup),
    )
    return lsp.InitializeParams(capabilities=lsp.ClientCapabilities(text_document=document))


def opened(client: LanguageClient, path: Path, encoding: str) -> Document:
    text = path.read_text("utf-8")
    language_id = "latex" if path.suffix == ".tex" else "markdown"
    language = language_of(language_id, path.as_uri())
    if language is None or encoding not in ("utf-8", "utf-16", "utf-32"):
        raise Misbehaviour(f"position encoding {encoding}")
    item = lsp.TextDocumentItem(path.as_uri(), language_id, 1, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    return Document(path.as_uri(), language, Lines(text), encoding)  # type: ignore[arg-type]  # checked above


async def show_place(client: LanguageClient, document: Document, place: Place) -> None:
    offset = cursor_after(document, place.before)
    position = document.position(offset)
    at = lsp.TextDocumentIdentifier(document.uri)
    found = await patiently(client.text_document_completion_async(lsp.CompletionParams(at, position)))
    items = found.items if isinstance(found, lsp.CompletionList) else found or []
    typed = place.before.rpartition(";")[2]
    print(f"  typed ;{typed}, offered: " + (", ".join(item.label for item in items) or "nothing"))
    if [item.label for item in items][:1] != ([place.offers] if place.offers else []):
        raise Misbehaviour(f"{place.where}: expected {place.offers or 'nothing'} first")
    if items:
        show_accepted(document, items[0])


def show_accepted(document: Document, item: lsp.CompletionItem) -> None:
    """What accepting an item leaves in the document."""
    edit = item.text_edit
    if not isinstance(edit, lsp.TextEdit):
        raise Misbehaviour(f"{item.label}: no text edit")
    start, end = document.offset(edit.range.start), document.offset(edit.range.end)
    line = document.text[document.text.rfind("\n", 0, start) + 1 : start]
    indent = line[: len(line) - len(line.lstrip())]
    written, stops = expanded(edit.new_text)
    print(f"  accepting {item.label} writes (tab stops: {', '.join(stops)})")
    for shown in (line + written.replace("\n", "\n" + indent) + document.text[end:].split("\n", 1)[0]).split("\n"):
        print(f"  │ {shown}")


def expanded(snippet: str) -> tuple[str, list[str]]:
    """A snippet's text, and what its tab stops stand for at first."""
    defaults: dict[str, str] = {}

    def fill(stop: re.Match[str]) -> str:
        number, default, mirror, escaped = stop.groups()
        if escaped is not None:
            return str(escaped)
        if number is not None:
            defaults[number] = re.sub(r"\\(.)", r"\1", default)
        return defaults.get(number or mirror, "")

    return STOP.sub(fill, snippet), [defaults[number] for number in sorted(defaults, key=int)]


async def show_sight(client: LanguageClient, document: Document, sight: Sight) -> None:
    position = document.position(cursor_after(document, sight.before) - 1)
    at = lsp.TextDocumentIdentifier(document.uri)
    found = await patiently(client.text_document_hover_async(lsp.HoverParams(at, position)))
    card = found.contents.value if found and isinstance(found.contents, lsp.MarkupContent) else ""
    for line in card.split("\n"):
        print(f"  │ {line}".rstrip())
    if sight.says not in card:
        raise Misbehaviour(f"{sight.where}: the card does not say {sight.says!r}")


def cursor_after(document: Document, before: str) -> int:
    at = document.text.find(before)
    if at == -1:
        raise Misbehaviour(f"{before!r} is not in {document.uri}")
    return at + len(before)
