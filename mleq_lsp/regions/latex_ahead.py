"""Whether what is open ends further on, or its end is yet to be typed."""

from __future__ import annotations

import re

from mleq_lsp.regions.frames import NONE
from mleq_lsp.regions.latex_names import DISPLAY, SECTIONS, TEXTS, plain
from mleq_lsp.regions.latex_walk import NAME, SIGN, Mark, Walk, closer_of

DOLLARS = re.compile(r"\\(?:[a-zA-Z]+|.)|%[^\n]*|\$\$|\n[ \t]*(?=\n)")
LONGEST = 8000  # characters that are searched for the end of a display, after a blank line in it
NO_DISPLAY = SECTIONS | {r"\["}


def environment_end(walk: Walk, name: str) -> int:
    """Where `\\end{...}` of an environment stands that is not read as text."""
    return end_before_another(walk, f"\\begin{{{name}}}", f"\\end{{{name}}}")


def end_before_another(walk: Walk, begin: str, end: str) -> int:
    """Where something ends, unless another such thing begins before that: then its end was not typed yet."""
    again = walk.text.find(begin, walk.at, walk.end)
    found = walk.text.find(end, walk.at, again if again != NONE else walk.end)
    if found != NONE:
        walk.saw(found + len(end))
    else:
        walk.saw(again + len(begin) if again != NONE else walk.end + 1)
    return found


def display_end(walk: Walk, closer: str) -> int:
    """Where a display ends, if it does before anything that no display reaches into."""
    limit = min(walk.at + LONGEST, walk.end)
    if closer == "$$":
        return dollars_end(walk, limit)
    at = walk.at
    while sign := SIGN.search(walk.text, at, limit):
        at = walk.line_end(sign.end()) if sign.group() == "%" else sign.end()
        ended, begun = ends_and_begins(walk, sign)
        if closer in ended or any(is_boundary(name) or closer_of(name) == closer for name in begun):
            walk.saw(walk.line_end(at) + 1)
            return sign.start() if closer in ended else NONE
    walk.saw(limit + 1)
    return NONE


def is_boundary(name: str) -> bool:
    """Whether no display that is open goes on where this begins."""
    return name in SECTIONS or name in ("$$", r"\[") or plain(name) in DISPLAY or plain(name) in TEXTS


def ends_and_begins(walk: Walk, sign: Mark) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What a sign ends, and what begins there."""
    token = sign.group()
    if token in (r"\begin", r"\end"):
        named = NAME.match(walk.text, sign.end(), walk.end)
        name = named.group(1) if named else ""
        if token == r"\end":
            return (closer_of(name),), ()
        meaning = walk.authored.of(name)
        return (), meaning.opens if meaning and meaning.opens else (name,)
    if token == "$":
        return (), ("$$",) if walk.text.startswith("$$", sign.start(), walk.end) else ()
    meaning = walk.authored.of(token)
    return (meaning.closes, meaning.opens) if meaning else ((token,), (token,))


def dollars_end(walk: Walk, limit: int) -> int:
    """Where the next `$$` stands, if its paragraph has an odd number of them: else it begins another display."""
    first, number = NONE, 0
    for found in DOLLARS.finditer(walk.text, walk.at, limit):
        if found.group() == "$$":
            first = found.start() if first == NONE else first
            number += 1
        elif (number and found.group()[0] == "\n") or found.group() in NO_DISPLAY:
            walk.saw(found.end() + 1)
            break
    else:
        walk.saw(limit + 1)
    return first if number % 2 else NONE
