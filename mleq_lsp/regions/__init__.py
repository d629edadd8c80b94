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
    # Lines of one kind, of the same length as before, so that the scanners need to know only "\n".
    lines = text.replace("\r\n", " \n").replace("\r", "\n")
    return tuple(sorted(scan(lines), key=lambda region: (region.span.start, -region.span.end)))
