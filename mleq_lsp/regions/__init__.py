"""What kind of place an offset is in."""

from __future__ import annotations

from mleq_lsp.regions.incremental import scanned
from mleq_lsp.regions.latex import ALIGNMENTS, NOTHING, Authored, authored_in, latex_begins, latex_block
from mleq_lsp.regions.markdown import markdown_begins, markdown_block
from mleq_lsp.regions.model import MATH, SILENT, Kind, Language, Region, Regions

__all__ = [
    "ALIGNMENTS",
    "MATH",
    "NOTHING",
    "SILENT",
    "Authored",
    "Kind",
    "Language",
    "Region",
    "Regions",
    "authored_in",
    "forget",
    "regions",
]

REMEMBERED = 8  # scans, of a few open documents
recent: list[tuple[Language, Regions]] = []  # the latest one last


def regions(text: str, language: Language, authored: Authored = NOTHING) -> Regions:
    """The regions of a document; `authored` is what other files define that begins or ends a formula.

    The answer depends on the arguments alone; a text that is like one asked about before is answered sooner.
    """
    # Lines of one kind, of the same length as before, so that the scanners need to know only "\\n".
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    first = latex_begins(text, authored) if language is Language.LATEX else markdown_begins(text)
    scan = latex_block if language is Language.LATEX else markdown_block
    before = next((scan for scan in reversed(recent) if is_like(scan, text, language)), None)
    found = scanned(text, first, scan, before[1] if before else None)
    remember(language, found, before)
    return found


def is_like(scan: tuple[Language, Regions], text: str, language: Language) -> bool:
    """Whether a scan is of an earlier version of a text, as far as its ends tell."""
    known, old = scan[0], scan[1].text
    return known is language and (old[:200] == text[:200] or old[-200:] == text[-200:])


def remember(language: Language, found: Regions, instead: tuple[Language, Regions] | None) -> None:
    """Keeps a scan for the next question, in the place of the one that it came from."""
    if instead is not None:
        recent.remove(instead)
    recent.append((language, found))
    del recent[:-REMEMBERED]


def forget() -> None:
    """Lets go of all scans."""
    recent.clear()
