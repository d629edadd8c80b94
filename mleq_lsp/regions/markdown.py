"""The regions of a Markdown document (Pandoc's, Quarto's, MyST's, GitHub's, Jekyll's...), block by block."""

from __future__ import annotations

from mleq_lsp.regions.markdown_blocks import leaf_at
from mleq_lsp.regions.markdown_lines import Open
from mleq_lsp.regions.markdown_stretch import is_seam
from mleq_lsp.regions.model import Block, Region, State

LONG = 4000  # characters after which a block ends without a seam


def markdown_begins(text: str) -> State:
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
        if end - at > LONG or is_seam(text[text.rfind("\n", 0, end - 1) + 1 : end]):
            break
    return Block(end - at, min(far, len(text) + 1) - at, tuple(regions), state)
