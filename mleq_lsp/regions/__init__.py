"""What kind of place an offset is in."""

from __future__ import annotations

from mleq_lsp.regions.incremental import scanned
from mleq_lsp.regions.latex import (
    ALIGNMENTS,
    NOTHING,
    Authored,
    authored_at_end,
    authored_in,
    latex_begins,
    latex_block,
)
from mleq_lsp.regions.markdown import markdown_begins, markdown_block
from mleq_lsp.regions.model import MATH, Kind, Language, Region, Regions, innermost

__all__ = [
    "ALIGNMENTS",
    "MATH",
    "NOTHING",
    "Authored",
    "Kind",
    "Language",
    "Region",
    "Regions",
    "authored_at_end",
    "authored_in",
    "forget",
    "innermost",
    "regions",
    "regions_once",
]

REMEMBERED = 8  # scans, of a few open documents
SAMPLES, SAMPLE = 8, 40  # of a text, and their characters: they tell whether it is a version of another
recent: list[tuple[Language, Regions]] = []  # the latest one last


def regions(text: str, language: Language, authored: Authored = NOTHING) -> Regions:
    """The regions of a document; `authored` is what other files define that begins or ends a formula.

    The answer depends on the arguments alone; a text that is like one asked about before is answered sooner.
    """
    text = with_like_ends(text)
    before = earlier_version(text, language)
    found = scan(text, language, authored, before)
    recent[:] = [one for one in recent if one[1] is not before][1 - REMEMBERED :]
    recent.append((language, found))
    return found


def regions_once(text: str, language: Language, authored: Authored = NOTHING) -> Regions:
    """The same for a text that nobody is about to edit, so that the scans of open documents are kept."""
    return scan(with_like_ends(text), language, authored)


def with_like_ends(text: str) -> str:
    """The text with lines of one kind, of the same length as before: the scanners need to know only "\\n"."""
    return text.replace("\r\n", " \n").replace("\r", "\n")


def scan(text: str, language: Language, authored: Authored, before: Regions | None = None) -> Regions:
    if language is Language.LATEX:
        return scanned(text, latex_begins(text, authored), latex_block, before)
    return scanned(text, markdown_begins(text), markdown_block, before)


def earlier_version(text: str, language: Language) -> Regions | None:
    """The scan of the text that is most like this one, if it is an earlier version of it; the later of two such."""
    candidates = [
        (likeness(old.text, text), number, old) for number, (kind, old) in enumerate(recent) if kind is language
    ]
    like, _, best = max(candidates, key=lambda candidate: candidate[:2], default=(0, 0, None))
    # An edit leaves about half of them alike, wherever it is.
    return best if like >= SAMPLES // 2 else None


def likeness(one: str, other: str) -> int:
    """How many of some samples of two texts are equal, as seen from their starts and from their ends."""
    length = min(len(one), len(other))
    places = [length * number // SAMPLES for number in range(SAMPLES)]
    from_start = (one[at : at + SAMPLE] == other[at : at + SAMPLE] for at in places)
    end, other_end = len(one), len(other)
    from_end = (
        one[max(0, end - at - SAMPLE) : end - at] == other[max(0, other_end - at - SAMPLE) : other_end - at]
        for at in places
    )
    return sum(from_start) + sum(from_end)


def forget() -> None:
    """Lets go of all scans."""
    recent.clear()
