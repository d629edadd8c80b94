"""The server's copy of a document under edits, against a model that is nothing but code units."""

from __future__ import annotations

import random
from typing import get_args

import pytest
from lsprotocol import types as lsp

from mleq_lsp.lsp.document import Document, language_of
from mleq_lsp.regions import Language
from mleq_lsp.text import LINE_END, Encoding, Lines, units

PIECES = [
    "a",
    "bc ",
    "𝔼",
    "😀",
    "é",
    "≤",
    "\n",
    "\r\n",
    "\r",
    "\f",
    "\u2028",
    "\u0085",
    "\x0b",
    "$x$",
    "\\begin{a}",
    "",
]


def document(text: str, encoding: Encoding = "utf-16") -> Document:
    return Document("file:///a.tex", Language.LATEX, Lines(text), encoding)


def edit(start: tuple[int, int], end: tuple[int, int], text: str) -> lsp.TextDocumentContentChangePartial:
    return lsp.TextDocumentContentChangePartial(lsp.Range(lsp.Position(*start), lsp.Position(*end)), text)


def model_offset(text: str, line: int, character: int, encoding: Encoding) -> int:
    """Where a position is, by walking over lines and code units one at a time."""
    start = 0
    for _ in range(line):
        end = LINE_END.search(text, start)
        if end is None:
            return len(text)
        start = end.end()
    at = start
    while at < len(text) and text[at] not in "\r\n" and character >= units(text[at], encoding):
        character -= units(text[at], encoding)
        at += 1
    return at


@pytest.mark.parametrize("encoding", get_args(Encoding))
def test_edits_are_never_misapplied(encoding: Encoding) -> None:
    chance = random.Random(encoding)
    ours, model = document("", encoding), ""
    edits = 0
    while edits < 20_000:
        changes = []
        for _ in range(chance.randint(1, 3)):
            lines = len(LINE_END.findall(model)) + 1
            # One line and some columns too far now and then, as clients do.
            places = sorted((chance.randint(0, lines), chance.randint(0, 14)) for _ in "ab")
            text = "".join(chance.choices(PIECES, k=chance.randint(0, 3)))
            changes.append(edit(places[0], places[1], text))
            start, end = (model_offset(model, *place, encoding) for place in places)
            model = model[:start] + text + model[end:]
        ours = ours.changed(changes)
        edits += len(changes)
        assert ours.text == model
        assert len(ours.lines) == len(LINE_END.findall(model)) + 1
        if len(model) > 400:
            ours, model = ours.changed([lsp.TextDocumentContentChangeWholeDocument("")]), ""


def test_an_edit_at_the_very_end_of_a_file_without_a_final_newline() -> None:
    assert document("one\ntwo").changed([edit((1, 3), (1, 3), "!")]).text == "one\ntwo!"


def test_an_edit_in_an_empty_file() -> None:
    assert document("").changed([edit((0, 0), (0, 0), "a")]).text == "a"


def test_an_edit_after_signs_that_end_no_line_for_the_client() -> None:
    assert document("a\f\u2028b\nc").changed([edit((1, 0), (1, 1), "d")]).text == "a\f\u2028b\nd"


def test_a_range_that_is_the_wrong_way_round_is_turned() -> None:
    assert document("abc").changed([edit((0, 2), (0, 1), "x")]).text == "axc"


@pytest.mark.parametrize(
    ("language_id", "uri", "language"),
    [
        ("latex", "file:///a", Language.LATEX),
        ("tex", "file:///a.md", Language.LATEX),
        ("plaintex", "untitled:1", Language.LATEX),
        ("markdown", "vscode-notebook-cell:/a.ipynb#x", Language.MARKDOWN),
        ("quarto", "file:///a.qmd", Language.QUARTO),
        ("markdown", "file:///a.qmd", Language.QUARTO),
        ("quarto", "untitled:1", Language.QUARTO),
        ("rmd", "file:///a.Rmd", Language.MARKDOWN),
        ("", "file:///C%3A/a%20b.TEX", Language.LATEX),
        ("plaintext", "file:///a.md", Language.MARKDOWN),
        ("python", "file:///a.py", None),
        ("latex", "http://[bad", Language.LATEX),
        ("", "http://[bad", None),
    ],
)
def test_language_of(language_id: str, uri: str, language: Language | None) -> None:
    assert language_of(language_id, uri) is language
