"""A LaTeX document in blocks: whatever the text, they are its parts, and an edit changes nothing but what it must."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.regions import latex
from mleq_lsp.regions.incremental import scanned
from mleq_lsp.regions.latex import latex_begins, latex_block
from mleq_lsp.regions.model import Block, Region, Regions

SIGNS = r"""
    $ $$ \( \) \[ \] { } [ ] % \% \\ \{ & # #1 # * | @ = \ x 𝔼 神 42
    \begin{align} \end{align} \begin{equation*} \end{equation*} \begin{aligned} \end{aligned} \begin{math} \end{math}
    \begin{verbatim} \end{verbatim} \begin{lstlisting}[a=$] \begin{minted}{c} \end{minted} \begin{comment} \end{comment}
    \begin{tikzpicture}[a] \end{tikzpicture} ($(a)!0.5!(b)$) \begin{tabular}{>{$}c<{$}} \end{tabular}
    \begin{foo \end{foo} \begin{itemize} \item \end{itemize} \begin{theorem}[a] \end{theorem}
    \begin{empheq}[box=]{align} \end{empheq}
    \verb| \verb \verb*+a+ \lstinline[a]{ \url{ \href{a%b} \iffalse \else \fi \ifx \iff \ExplSyntaxOn \ExplSyntaxOff
    \text{ \mbox{ \ensuremath{ \tag{ \label{ \cite[a] \citep[a][b]{c \parencites(a){b}{c} \hyperref[a] \string \char`
    \newcommand{\be}{\begin{equation}} \def\ee{\end{equation}} \be \ee \eq{
    \newcommand{\eq}[2]{\begin{align}#1\label{#2}\end{align}} \eq{x}{y} \let\x\be \x
    \newenvironment{my}[1]{\begin{gather}\label{#1}}{\end{gather}} \begin{my}{a} \end{my}
    \newcommand{\a}{ \def\b#1{ \newtheorem{foo} \def\d{$$} \d \newcommand{\m}[1]{\ensuremath{#1}} \m{a}
    \NewDocumentCommand{\n}{smO{a}m}{$#4$} \n*{a}[b]{c} \section{a} \documentclass{a} \begin{document} \end{document}
    \makeatletter \resizebox{a}{b}{
""".split()
SPACES = [
    " ",
    "\n",
    "\n\n",
    "\n  \n",
    "\t",
    "so many words that a block ends after them\n",
]
PIECES = st.sampled_from([*SIGNS, *SPACES])
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@pytest.fixture(autouse=True, scope="module")
def short_blocks() -> Iterator[None]:
    """Blocks that end with nearly every line, so that a short text has many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(latex, "ENOUGH", 20)
        yield


def blocks_of(text: str) -> Regions:
    return scanned(text, latex_begins(text), latex_block)


def lie_in_each_other(regions: tuple[Region, ...]) -> bool:
    """Whether each region begins no earlier than the one before it, and ends inside all that are open there."""
    open_ends: list[int] = []
    last = 0
    for region in regions:
        start, end = region.span.start, region.span.end
        while open_ends and open_ends[-1] <= start and open_ends[-1] < end:
            open_ends.pop()
        if start < last or (open_ends and end > open_ends[-1]):
            return False
        open_ends.append(end)
        last = start
    return True


def is_sound(block: Block, room: int) -> bool:
    return (
        0 < block.length <= block.sees <= room + 1
        and all(
            0 <= region.span.start <= region.body.start <= region.body.end <= region.span.end <= block.length
            for region in block.regions
        )
        and lie_in_each_other(block.regions)
    )


@given(TEXTS)
def test_blocks_cover_any_text_and_their_regions_lie_in_each_other(text: str) -> None:
    found = blocks_of(text)

    assert sum(block.length for block in found.blocks) == len(text)
    for start, block in zip(found.starts, found.blocks, strict=True):
        assert is_sound(block, len(text) - start), block


@given(TEXTS, st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), PIECES), min_size=1, max_size=4))
def test_after_any_edit_the_regions_are_those_of_a_scan_from_scratch(
    text: str, edits: list[tuple[float, float, str]]
) -> None:
    before = blocks_of(text)
    for one, other, piece in edits:
        start, end = sorted((round(one * len(text)), round(other * len(text))))
        end = min(end, start + 9)
        text = text[:start] + piece + text[end:]
        after = scanned(text, latex_begins(text), latex_block, before)

        fresh = blocks_of(text)
        assert list(after) == list(fresh)
        assert [block.leaves for block in after.blocks] == [block.leaves for block in fresh.blocks]
        before = after


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_what_a_block_sees_is_all_that_decides_it(text: str, other: str, lines: int) -> None:
    """After what a block has seen, any text may follow."""
    found = blocks_of(text)
    for start, block in zip(found.starts, found.blocks, strict=True):
        seen = text[: start + block.sees]
        if block.sees <= len(text) - start:
            state = found.first if start == 0 else found.blocks[found.starts.index(start) - 1].leaves
            assert latex_block(seen + "\n" * lines + other, start, state) == block
