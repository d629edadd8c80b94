"""Open documents: their text as the client has it, and positions in it as offsets."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import unquote

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.uris import to_fs_path

from mleq_lsp.latex.files import normal
from mleq_lsp.regions import Language
from mleq_lsp.text import Encoding, Lines, Span

LANGUAGES = {
    **dict.fromkeys(("latex", "tex", "plaintex", "context", "doctex", "latex-expl3"), Language.LATEX),
    **dict.fromkeys(("markdown", "rmd", "rmarkdown", "mdx", "myst", "pandoc"), Language.MARKDOWN),
    "quarto": Language.QUARTO,
}
SUFFIXES = {
    **dict.fromkeys((".tex", ".ltx", ".sty", ".cls"), Language.LATEX),
    **dict.fromkeys((".md", ".markdown", ".rmd", ".mdx"), Language.MARKDOWN),
    ".qmd": Language.QUARTO,
}


@dataclass(frozen=True)
class Document:
    """One open document."""

    uri: str
    language: Language
    lines: Lines
    encoding: Encoding

    @property
    def text(self) -> str:
        return self.lines.text

    @cached_property
    def path(self) -> Path | None:
        """The file that it is; None for what is not on the disk."""
        path = file_of(self.uri)
        return normal(path) if path and path.is_absolute() else None

    def offset(self, position: lsp.Position) -> int:
        """The offset of a position; one outside the text is taken to the nearest place inside."""
        return self.lines.offset(position.line, position.character, self.encoding)

    def span(self, range_: lsp.Range) -> Span:
        start, end = sorted((self.offset(range_.start), self.offset(range_.end)))
        return Span(start, end)

    def position(self, offset: int) -> lsp.Position:
        return lsp.Position(*self.lines.position(offset, self.encoding))

    def range(self, span: Span) -> lsp.Range:
        return lsp.Range(self.position(span.start), self.position(span.end))

    def changed(self, changes: Iterable[lsp.TextDocumentContentChangeEvent]) -> Document:
        """The document after edits, each about the text that the one before left."""
        document = self
        for change in changes:
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                lines = document.lines.edited(document.span(change.range), change.text)
            else:
                lines = Lines(change.text)
            document = replace(document, lines=lines)
        return document


def file_of(uri: str) -> Path | None:
    """The path of a URI; None for what is no file's."""
    try:
        path = to_fs_path(uri) if uri.startswith("file:") else None
    except ValueError:
        return None
    return Path(path) if path else None


def language_of(language_id: str, uri: str) -> Language | None:
    """What kind of document it is, by the client's word or else by the file's name."""
    suffix = PurePosixPath(unquote(uri.partition("#")[0].partition("?")[0])).suffix.lower()
    named = LANGUAGES.get(language_id.lower())
    return SUFFIXES.get(suffix) if named in (None, Language.MARKDOWN) and suffix in SUFFIXES else named


class DocumentProtocol(LanguageServerProtocol):
    """The protocol with a document store of our own.

    pygls cuts lines with str.splitlines, so its copy of a text with a form feed or U+2028 in it goes wrong under
    incremental changes; and its generators leave a future behind for each notification.
    """

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        self.documents: dict[str, Document] = {}  # by URI
        self.registers_completion = False  # later, because the client can be told of a change then
        super().__init__(server, converter)

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        result = yield from super().lsp_initialize(params)
        if self.registers_completion:
            result.capabilities.completion_provider = None
        return result

    @lsp_method(lsp.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: lsp.DidOpenTextDocumentParams) -> None:
        opened = params.text_document
        language = language_of(opened.language_id, opened.uri)
        if language is not None:
            encoding: Encoding = self.server_capabilities.position_encoding or "utf-16"
            self.documents[opened.uri] = Document(opened.uri, language, Lines(opened.text), encoding)
            self.fm.features[lsp.TEXT_DOCUMENT_DID_OPEN](params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> None:
        document = self.documents.get(params.text_document.uri)
        if document is not None:
            self.documents[document.uri] = document.changed(params.content_changes)
            self.fm.features[lsp.TEXT_DOCUMENT_DID_CHANGE](params)

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: lsp.DidCloseTextDocumentParams) -> None:
        self.documents.pop(params.text_document.uri, None)
