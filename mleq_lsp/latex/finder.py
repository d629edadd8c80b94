"""Where a macro of the author's stands for what a formula says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mleq_lsp.latex.signs import TAKING, Signs
from mleq_lsp.latex.templates import Hole, Spelling, Template
from mleq_lsp.latex.tokens import commands

UNKNOWN = "\U000f0000"  # this character and those after it are tab stops: anything may be typed there
OPENING = frozenset(("(", "[", r"\{")) | commands("langle lfloor lceil lVert lvert left mathopen begin")
CLOSING = frozenset((")", "]", r"\}")) | commands("rangle rfloor rceil rVert rvert right mathclose end")
NO_ARGUMENT = OPENING | CLOSING | {"&", r"\\", "_", "^", "{", "}", "'"}
# An argument that begins or ends with one of these means the same, but nobody writes it.
SPACES = commands(", : ; > ! quad qquad thinspace medspace thickspace") | {"~", "\\ "}
LONGEST = 1_000  # signs of an argument

Index = dict[str, dict[str, list[Template]]]  # by the first sign, and by the third one if it is known


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of signs that a macro stands for."""

    end: int
    holes: Mapping[int, tuple[int, int]]  # the signs of each argument
    spelling: Spelling


class Finder:
    """Finds macros in the signs of one formula."""

    def __init__(self, signs: Signs, index: Index, used: Mapping[str, int]) -> None:
        self._signs = signs
        self._index = index
        self._used = used

    def best(self, at: int, end: int) -> Use | None:
        """The macro that stands for most signs from here on; of several the one with the fewest characters."""
        texts = self._signs.texts
        if self._signs.inner[at]:
            return None
        by_third = self._index[texts[at]]
        third = texts[at + 2] if at + 2 < end else ""
        best: Use | None = None
        best_rank: tuple[int, ...] = ()
        for template in (*by_third.get(third, ()), *(by_third.get("", ()) if third else ())):
            use = self._use(template, at, end)
            if use is not None:
                used = self._used.get(use.spelling.name, 0)
                rank = (use.end, used > 0, -self._length(use), used, use.spelling.rank)
                if rank > best_rank:
                    best, best_rank = use, rank
        return best

    def _use(self, template: Template, at: int, end: int) -> Use | None:
        """The macro in the place of the signs from `at` on, if it stands for them."""
        found = self._match(template, at, end)
        if found is None:
            return None
        stop, holes = found
        if self.is_bare(at) and self._signs.closing.get(at - 1) != stop:
            return None  # a part of an argument that has no braces
        length = self._signs.ends[stop - 1] - self._signs.starts[at]
        following = self._signs.texts[stop] if stop < len(self._signs.texts) else ""
        fit = [s for s in template.spellings if self._is_wanted(s, template, length) and self._may_stand(s, following)]
        if not fit:
            return None
        return Use(stop, holes, max(fit, key=lambda s: (self._used.get(s.name, 0), s.rank, -len(s.parts))))

    def _is_wanted(self, spelling: Spelling, template: Template, length: int) -> bool:
        """Whether the author would write it so; a long name for a short thing only if the document does."""
        used = self._used.get(spelling.name, 0)
        if template.is_alias:
            plain = self._used.get(spelling.stands_for, 0)
            return used > plain if used != plain else is_short_for(spelling.name, spelling.stands_for)
        return used > 0 or len(spelling.parts) > 1 or len(spelling.name) <= length

    def _may_stand(self, spelling: Spelling, following: str) -> bool:
        """Whether what follows would not be taken for an argument that was left out."""
        return not spelling.refuses or (following not in spelling.refuses and following < UNKNOWN)

    def _match(self, template: Template, at: int, end: int) -> tuple[int, dict[int, tuple[int, int]]] | None:
        """Where the signs from `at` on that are like the template end, and the arguments between them."""
        texts, runs = self._signs.texts, template.runs
        holes: dict[int, tuple[int, int]] = {}
        if not self._is_run(runs[0], at, end):
            return None
        at += len(runs[0])
        for number, run in zip(template.holes, runs[1:], strict=True):
            stop = self._argument_end(at, end, run) if run else self._item_end(at, end)
            if stop < 0 or texts[at] in SPACES or texts[stop - 1] in SPACES:
                return None
            start, known_stop = holes.setdefault(number, (at, stop))
            if texts[start:known_stop] != texts[at:stop]:
                return None
            at = stop + len(run)
        return at, holes

    def _is_run(self, run: Sequence[str], at: int, end: int) -> bool:
        return at + len(run) <= end and tuple(self._signs.texts[at : at + len(run)]) == run

    def _argument_end(self, at: int, end: int, run: Sequence[str]) -> int:
        """Where the shortest argument from `at` on ends that has this run after it; -1 if none does."""
        texts, start, depth = self._signs.texts, at, 0
        while at < min(end, start + LONGEST):
            text = texts[at]
            if text == run[0] and depth == 0 and at > start and self._is_run(run, at, end):
                return at
            if text == "{":
                at = self._signs.closing.get(at, end) + 1
                continue
            depth += (text in OPENING) - (text in CLOSING)
            if depth < 0 or text in ("}", "&", r"\\"):
                return -1
            at += 1
        return -1

    def _item_end(self, at: int, end: int) -> int:
        """Where a lone symbol at `at` ends, with its scripts; -1 if there is none."""
        texts = self._signs.texts
        if at >= end or texts[at] in NO_ARGUMENT:
            return -1
        arguments = TAKING.get(texts[at], 0)
        at += 1
        while at < end and (arguments > 0 or texts[at] in ("_", "^")):
            at = self._signs.closing.get(at if arguments > 0 else at + 1, -2) + 1
            if at < 0:
                return -1
            arguments -= 1
        return at if at <= end else -1

    def _length(self, use: Use) -> int:
        """About how many characters it takes."""
        starts, ends = self._signs.starts, self._signs.ends
        pieces = (
            ends[use.holes[part.number][1] - 1] - starts[use.holes[part.number][0]]
            if isinstance(part, Hole)
            else len(part)
            for part in use.spelling.parts
        )
        return sum(pieces)

    def is_bare(self, at: int) -> bool:
        """Whether an argument begins at `at` that was written without braces."""
        return at > 0 and self._signs.texts[at - 1] == "{" and self._signs.starts[at - 1] == self._signs.ends[at - 1]


def is_short_for(name: str, other: str) -> bool:
    """Whether a command's name is an abbreviation of the other's, as `\\eps` is of `\\varepsilon`."""
    letters = iter(other.lower())
    return len(name) < len(other) and all(letter in letters for letter in name.lower())
