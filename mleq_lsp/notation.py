"""An insert in the author's notation: written with the author's own macros wherever they mean exactly the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mleq_lsp.latex.macros import Macro, is_name, runs_on
from mleq_lsp.latex.signs import TAKING, Signs, signs
from mleq_lsp.latex.templates import Hole, Spelling, Template, templates
from mleq_lsp.latex.tokens import commands, tokenize
from mleq_lsp.snippet import Part, Stop

FIRST_STOP = 0xF0000  # from here on, a character stands for the tab stop of a number
OPENING = frozenset(("(", "[", r"\{")) | commands("langle lfloor lceil lVert lvert left mathopen begin")
CLOSING = frozenset((")", "]", r"\}")) | commands("rangle rfloor rceil rVert rvert right mathclose end")
NO_ARGUMENT = OPENING | CLOSING | {"&", r"\\", "_", "^", "{", "}", "'"}
DEEPEST = 30  # arguments inside each other

Index = dict[str, dict[str, list[Template]]]  # by the first sign, and by the third one if it is known


def fold(parts: Sequence[Part], macros: Mapping[str, Macro], used: Mapping[str, int] | None = None) -> list[Part]:
    """The same with the author's macros in it; `used` says how often the document uses each command.

    Written out again, it is what it was. A tab stop stays whole, and its placeholder is folded by itself.
    """
    index = index_of(Identity(macros))
    return Folding(parts, index, used or {}).folded() if index else list(parts)


@dataclass(frozen=True, slots=True, eq=False)
class Identity:
    """Macros as a key of what is remembered: the same only if they are one object, which the key keeps alive."""

    macros: Mapping[str, Macro]

    def __hash__(self) -> int:
        return id(self.macros)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Identity) and self.macros is other.macros


@lru_cache(maxsize=8)
def index_of(key: Identity) -> Index:
    """What the macros stand for, by the signs to look for."""
    index: Index = {}
    for template in templates(key.macros):
        first = template.runs[0]
        index.setdefault(first[0], {}).setdefault(first[2] if len(first) > 2 else "", []).append(template)
    return index


signs_of = lru_cache(maxsize=1024)(signs)  # nobody changes them


@dataclass(frozen=True, slots=True)
class Use:
    """A stretch of signs that a macro stands for."""

    end: int
    holes: Mapping[int, tuple[int, int]]  # the signs of each argument
    spelling: Spelling


class Folding:
    """Writes an insert anew, from its first sign to its last."""

    def __init__(self, parts: Sequence[Part], index: Index, used: Mapping[str, int]) -> None:
        self._index = index
        self._used = used
        self._stops: dict[int, Stop] = {}
        at = 0
        written = []
        for part in parts:
            if isinstance(part, Stop):
                self._stops[at] = part
                part = chr(FIRST_STOP + part.number % 0xFFFF)
            written.append(part)
            at += len(part)
        self._places = list(self._stops)
        self._source = "".join(written)
        self._signs: Signs = signs_of(self._source)
        self._out: list[Part] = []
        self._last = ""  # the command that was written last, which the next letter must not be taken for a part of
        self._defaults: dict[str, str] = {}

    def folded(self) -> list[Part]:
        self._range(0, len(self._signs.texts), 0, len(self._source), 0)
        return self._out

    def _range(self, at: int, end: int, start: int, stop: int, depth: int) -> None:
        """Write the signs from `at` to `end`, and all else between two offsets of the source."""
        texts, index = self._signs.texts, self._index
        while at < end:
            use = self._best(at, end) if texts[at] in index and depth < DEEPEST else None
            if use is None:
                at += 1
                continue
            self._copy(start, self._signs.starts[at])
            self._write(use, depth, in_braces=self._needs_braces(at, use))
            start, at = self._signs.ends[use.end - 1], use.end
        self._copy(start, stop)

    def _best(self, at: int, end: int) -> Use | None:
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
        if self._is_unwritten(at - 1) and self._signs.closing[at - 1] != stop:
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
        return not spelling.refuses or (following not in spelling.refuses and following[:1] < chr(FIRST_STOP))

    def _match(self, template: Template, at: int, end: int) -> tuple[int, dict[int, tuple[int, int]]] | None:
        """Where the signs from `at` on that are like the template end, and the arguments between them."""
        texts, runs = self._signs.texts, template.runs
        holes: dict[int, tuple[int, int]] = {}
        if not self._is_run(runs[0], at, end):
            return None
        at += len(runs[0])
        for number, run in zip(template.holes, runs[1:], strict=True):
            stop = self._argument_end(at, end, run) if run else self._item_end(at, end)
            if stop < 0:
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
        while at < end:
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

    def _is_unwritten(self, at: int) -> bool:
        """Whether the sign is an opening brace that nobody wrote."""
        return at >= 0 and self._signs.texts[at] == "{" and self._signs.starts[at] == self._signs.ends[at]

    def _needs_braces(self, at: int, use: Use) -> bool:
        """Whether the macro is an argument that gets braces: `x_\\mathbf{a}` is `x_{\\va}`, `x^\\top` is `x^\\T`."""
        return self._is_unwritten(at - 1) and use.end - at > 1

    def _write(self, use: Use, depth: int, *, in_braces: bool) -> None:
        """The macro and its arguments."""
        self._add("{" if in_braces else "")
        for part in use.spelling.parts:
            if isinstance(part, Hole):
                self._argument(*use.holes[part.number], part.until, depth)
            elif part is use.spelling.name:
                self._add_name(part)
            else:
                self._add(part)
        self._add("}" if in_braces else "")

    def _argument(self, at: int, end: int, until: str, depth: int) -> None:
        start, stop = self._signs.starts[at], self._signs.ends[end - 1]
        in_braces = until != "}" and (until in self._source[start:stop] or "[" in self._source[start:stop])
        self._add("{" if in_braces else "")
        self._range(at, end, start, stop, depth + 1)
        self._add("}" if in_braces else "")

    def _copy(self, start: int, end: int) -> None:
        """A stretch of the source as it is, but for its tab stops."""
        places = self._places
        for at in places[bisect_left(places, start) : bisect_left(places, end)]:
            self._add(self._source[start:at])
            self._add_stop(self._stops[at])
            start = at + 1
        self._add(self._source[start:end])

    def _add(self, text: str) -> None:
        if not text:
            return
        if runs_on(self._last, text):
            text = f" {text}"
        before = self._out[-1] if self._out else None
        if isinstance(before, str):
            self._out[-1] = before + text
        else:
            self._out.append(text)
        self._last = ""

    def _add_name(self, name: str) -> None:
        """The name of a macro, which no letter must come right after."""
        self._add(name)
        self._last = name

    def _add_stop(self, stop: Stop) -> None:
        """A tab stop, away from the name before it, for any letter may be typed there."""
        if is_name(self._last) and (stop.number or stop.default):
            self._add(" ")
        default = self._default(stop.default)
        self._out.append(Stop(stop.number, default))
        self._last = last_token(default) if default != stop.default else ""

    def _default(self, default: str) -> str:
        """A placeholder in the author's notation."""
        if default not in self._defaults:
            folded = Folding([default], self._index, self._used).folded()
            self._defaults[default] = "".join(part for part in folded if isinstance(part, str))
        return self._defaults[default]


def last_token(latex: str) -> str:
    tokens = tokenize(latex)
    return tokens[-1].text if tokens else ""


def is_short_for(name: str, other: str) -> bool:
    """Whether a command's name is an abbreviation of the other's, as `\\eps` is of `\\varepsilon`."""
    letters = iter(other.lower())
    return len(name) < len(other) and all(letter in letters for letter in name.lower())
