"""A document scanned again after an edit: the same as scanned from the start, and not all of it."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from mleq_lsp.regions import NOTHING, Language, forget, regions
from mleq_lsp.regions.incremental import common_end, common_start, scanned
from mleq_lsp.regions.latex import latex_begins, latex_block
from mleq_lsp.regions.model import Block, Kind, Region, State
from mleq_lsp.text import Span
from tests.documents import DOCUMENTS, language

SIGNS = r"""
    $ $$ \( \) \[ \] { } % ` ``` ~~~ > - | \begin{align} \end{align} \begin{verbatim} \end{verbatim} \iffalse \fi
    \begin{document} \end{document} \documentclass{article} <!-- --> <div> --- \newcommand{\be}{\begin{equation}} \be
    \text{ \verb| \section{a} x
""".split()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_after_each_edit_the_regions_are_those_of_a_scan_from_the_start(path: Path) -> None:
    chance = random.Random(path.name)
    text = path.read_text("utf-8")
    kind = language(path)
    forget()
    for _ in range(60):
        regions(text, kind)
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 0, 1, 5, 200)))
        pieces = chance.choices([*SIGNS, "\n", "\n\n", " ", "a"], k=chance.randint(0, 3))
        edited = text[:start] + "".join(pieces) + text[end:]
        after_edit = list(regions(edited, kind))
        forget()
        assert after_edit == list(regions(edited, kind))
        text = edited if chance.random() < 0.7 else text


def line(text: str, at: int, state: State) -> Block:
    """A scanner for the tests below: a block is a line, and everything in it a comment."""
    end = text.find("\n", at)
    length = len(text) - at if end == -1 else end + 1 - at
    sees = length + (end == -1)
    seen_by_this_scan.append(text[at : at + length])
    return Block(length, sees, (Region(Kind.COMMENT, Span(0, length), Span(0, length)),), state)


seen_by_this_scan: list[str] = []


@pytest.mark.parametrize(
    ("before", "after", "scanned_again"),
    [
        ("a\nb\nc\n", "a\nb\nc\n", []),
        ("a\nb\nc\n", "a\nbx\nc\n", ["bx\n"]),
        ("a\nb\nc\n", "x\na\nb\nc\n", ["x\n"]),
        ("a\nb\nc\n", "a\nb\nc\nd", ["d"]),
        ("a\nb\nc", "a\nb\ncd", ["cd"]),
        ("a\nb\nc\n", "a\nc\n", []),
        ("a\nb\nc\n", "a\nbc\n", ["bc\n"]),
        ("a\na\na\n", "a\na\na\na\n", ["a\n"]),
        ("a\n", "", []),
    ],
)
def test_only_the_lines_that_an_edit_concerns_are_scanned_again(
    before: str, after: str, scanned_again: list[str]
) -> None:
    old = scanned(before, None, line)
    seen_by_this_scan.clear()

    new = scanned(after, None, line, old)

    assert [region.span.of(after) for region in new] == after.splitlines(keepends=True)
    assert seen_by_this_scan == scanned_again


def test_documents_that_begin_alike_do_not_take_each_other_s_place() -> None:
    head = "\\documentclass{article}\n\\begin{document}\n"
    one, other = (head + f"{word} $x$.\n\n" * 500 + "\\end{document}" for word in ("One", "Another"))
    forget()
    blocks = set(map(id, regions(one, Language.LATEX).blocks))
    regions(other, Language.LATEX)

    again = regions(one + "\n", Language.LATEX)

    assert len(blocks & set(map(id, again.blocks))) >= len(blocks) - 1


def test_a_key_press_in_a_long_document_costs_a_few_blocks() -> None:
    text = "A sentence with $x$ in it.\n\n" * 2000
    count = 0

    def counting(text: str, at: int, state: State) -> Block:
        nonlocal count
        count += 1
        return latex_block(text, at, state)

    first = latex_begins(text, NOTHING)
    old = scanned(text, first, counting)
    whole, count = count, 0
    middle = len(text) // 2
    scanned(text[:middle] + "y" + text[middle:], first, counting, old)

    assert whole > 100
    assert 0 < count <= 3


@pytest.mark.parametrize(
    ("one", "other", "start", "end"),
    [("", "", 0, 0), ("abc", "abd", 2, 0), ("xbc", "abc", 0, 2), ("aa", "aaa", 2, 2)],
)
def test_what_two_texts_have_in_common(one: str, other: str, start: int, end: int) -> None:
    assert common_start(one, other) == start
    assert common_end(one, other, min(len(one), len(other))) == end
