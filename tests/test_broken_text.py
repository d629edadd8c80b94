"""Documents as they are while somebody types: cut anywhere, or nothing but signs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.completion import complete
from mleq_lsp.hover import hover
from mleq_lsp.preview import Style, write
from mleq_lsp.regions import Language, regions
from tests.documents import DOCUMENTS, language
from tests.small import SMALL

SIGNS = r"""
    $ $$ \( \] \[ \\ { } % ` ``` ~~~ > - | ; ;soft x 𝔼 _ ^ & <!-- --> \frac
    \begin{align} \end{align} \begin{verbatim} \text{ \verb| \iffalse \label{ \section{a} ---
""".split()
SPACES = [" ", "    ", "\n", "\n\n", "\r\n", "\f", "\u2028"]
PIECES = st.sampled_from([*SIGNS, *SPACES])


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_a_document_cut_anywhere_gives_an_answer(path: Path) -> None:
    page, kind = path.read_text("utf-8"), language(path)
    for end in range(len(page) + 1):
        cut = page[:end]
        complete(cut, end, kind, SMALL)
        complete(cut + ";sof", end + 4, kind, SMALL)
        hover(cut, end, kind, SMALL)


@given(st.lists(PIECES, max_size=25).map("".join), st.sampled_from(Language), st.data())
def test_any_signs_give_regions_inside_the_text_and_an_answer(text: str, kind: Language, data: st.DataObject) -> None:
    for region in regions(text, kind):
        assert 0 <= region.span.start <= region.span.end <= len(text)
        assert region.span.start <= region.body.start <= region.body.end

    offset = data.draw(st.integers(0, len(text)))
    for offer in complete(text, offset, kind, SMALL):
        assert offer.span.end == offset
        assert offer.span.of(text) in offer.filter_text
    found = hover(text, offset, kind, SMALL)
    if found is not None:
        assert found.span.touches(offset)
        assert "base64" not in write(found.cards[0], Style())
