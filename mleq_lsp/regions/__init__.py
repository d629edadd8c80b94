"""What kind of place an offset is in."""

from __future__ import annotations

from functools import lru_cache

from mleq_lsp.regions.latex import ALIGNMENTS, latex_regions
from mleq_lsp.regions.markdown import markdown_regions
from mleq_lsp.regions.model import MATH, SILENT, Kind, Language, Region, innermost, math_at

__all__ = ["ALIGNMENTS", "MATH", "SILENT", "Kind", "Language", "Region", "innermost", "math_at", "regions"]


@lru_cache(maxsize=8)
def regions(text: str, language: Language) -> tuple[Region, ...]:
    """The regions of a document, outer ones before those inside them; what is in none is prose."""
    scan = latex_regions if language is Language.LATEX else markdown_regions
    return tuple(sorted(scan(text), key=lambda region: (region.span.start, -region.span.end)))
