"""An insert in the author's notation: written with the author's own macros wherever they mean exactly the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from mleq_lsp.latex.finder import UNKNOWN, Finder, Index, Use
from mleq_lsp.latex.macros import Macro, is_name, runs_on
from mleq_lsp.latex.signs import signs
from mleq_lsp.latex.templates import Hole, templates
from mleq_lsp.latex.tokens import tokenize
from mleq_lsp.snippet import Part, Stop

DEEPEST = 30  # arguments inside each other


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
                part = chr(ord(UNKNOWN) + part.number % 0xFFFF)
            written.append(part)
            at += len(part)
        self._places = list(self._stops)
        self._source = "".join(written)
        self._signs = signs_of(self._source)
        self._finder = Finder(self._signs, index, used)
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
            use = self._finder.best(at, end) if texts[at] in index and depth < DEEPEST else None
            if use is None:
                at += 1
                continue
            self._copy(start, self._signs.starts[at])
            self._write(use, depth, in_braces=self._finder.is_bare(at) and use.end - at > 1)
            start, at = self._signs.ends[use.end - 1], use.end
        self._copy(start, stop)

    def _write(self, use: Use, depth: int, *, in_braces: bool) -> None:
        """The macro and its arguments, in braces where `x_\\mathbf{a}` had none, though `x^\\T` needs none either."""
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
