"""What kind of place an offset is in."""

from __future__ import annotations

from mleq_lsp.regions.incremental import scanned
from mleq_lsp.regions.latex import ALIGNMENTS, NOTHING, Authored, authored_in, latex_begins, latex_block
from mleq_lsp.regions.markdown import markdown_begins, markdown_block
from mleq_lsp.regions.model import MATH, Kind, Language, Region, Regions

__all__ = [
    "ALIGNMENTS",
    "MATH",
    "NOTHING",
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
SAMPLES, SAMPLE = 8, 40  # of a text, and their characters: they tell whether it is a version of another
recent: list[tuple[Language, Regions]] = []  # the latest one last


def regions(text: str, language: Language, authored: Authored = NOTHING) -> Regions:
    """The regions of a document; `authored` is what other files define that begins or ends a formula.

    The answer depends on the arguments alone; a text that is like one asked about before is answered sooner.
    """
    # Lines of one kind, of the same length as before, so that the scanners need to know only "\\n".
    text = text.replace("\r\n", " \n").replace("\r", "\n")
    first = latex_begins(text, authored) if language is Language.LATEX else markdown_begins(text)
    scan = latex_block if language is Language.LATEX else markdown_block
    before = earlier_version(text, language)
    found = scanned(text, first, scan, before)
    recent[:] = [one for one in recent if one[1] is not before][1 - REMEMBERED :]
    recent.append((language, found))
    return found


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
