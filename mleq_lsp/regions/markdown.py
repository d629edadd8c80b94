"""The regions of a Markdown document (Pandoc's, Quarto's, MyST's, GitHub's, Jekyll's...), block by block."""

from __future__ import annotations

from mleq_lsp.regions.markdown_blocks import leaf_at
from mleq_lsp.regions.markdown_lines import Open
from mleq_lsp.regions.markdown_stretch import LONG, is_seam
from mleq_lsp.regions.model import Block, Region, State


def markdown_begins(_text: str) -> State:
    """What the scan of a text begins with."""
    return Open(leaf="top")


def markdown_block(text: str, at: int, state: State) -> Block:
    """The block at an offset: some leaf blocks, up to a line after which the next one may begin."""
    assert isinstance(state, Open)
    regions: list[Region] = []
    end = far = at
    while end < len(text):
        leaf = leaf_at(text, end, state)
        regions += [region.moved(end - at) for region in leaf.regions] if end > at else leaf.regions
        far = max(far, end + leaf.far)
        end, state = min(end + leaf.length, len(text)), leaf.leaves
        last = text.rfind("\n", 0, end - 1) + 1
        far = max(far, 2 * end - last)
        if end - at > LONG or is_seam(text, last, end):
            break
    # What is written right at its end concerns it too.
    sees = min(max(far, end + 1), len(text) + 1) - at
    return Block(end - at, sees, tuple(regions), state)
