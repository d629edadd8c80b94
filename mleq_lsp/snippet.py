"""A snippet: text and tab stops, written out for either kind of client."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import zip_longest


@dataclass(frozen=True, slots=True)
class Stop:
    """A tab stop; number 0 is where the cursor ends, equal numbers are mirrors of each other."""

    number: int
    default: str = ""


Part = str | Stop


@dataclass(frozen=True, slots=True)
class Snippet:
    """What is inserted: text and tab stops, in order."""

    parts: tuple[Part, ...]

    def with_prefix(self, prefix: str) -> Snippet:
        """The same with `prefix` at the start of each line but the first."""
        return Snippet(tuple(p.replace("\n", "\n" + prefix) if isinstance(p, str) else p for p in self.parts))


def snippet(*parts: Part | Iterable[Part]) -> Snippet:
    """A snippet of parts and of runs of parts."""
    flat: list[Part] = []
    for part in parts:
        if isinstance(part, str | Stop):
            flat.append(part)
        else:
            flat.extend(part)
    return Snippet(tuple(flat))


def to_lsp(snippet: Snippet) -> str:
    """The snippet in the protocol's snippet grammar: the first stop of a number carries the placeholder."""
    seen: set[int] = set()
    written = []
    for part, after in zip_longest(snippet.parts, snippet.parts[1:], fillvalue=""):
        if isinstance(part, str):
            written.append(escape(part))
        elif part.number in seen or not part.default:
            written.append(bare(part.number, after))
        else:
            seen.add(part.number)
            written.append(f"${{{part.number}:{escape(part.default)}}}")
    return "".join(written)


def bare(number: int, after: Part) -> str:
    """A stop without a placeholder; in braces only before a digit, for yasnippet takes them for a placeholder's."""
    return f"${{{number}}}" if isinstance(after, str) and after[:1].isdigit() else f"${number}"


def to_plain(snippet: Snippet) -> str:
    """The snippet as plain text, each stop replaced by what it stands for."""
    return "".join(part if isinstance(part, str) else part.default for part in snippet.parts)


def escape(text: str) -> str:
    """`text` with the three characters escaped that mean something in a snippet."""
    return re.sub(r"[\\$}]", r"\\\g<0>", text)
