"""The formulas in the text of a paragraph: between dollars, in brackets, in environments."""

from __future__ import annotations

import re
from functools import lru_cache

from mleq_lsp.regions.latex import DISPLAY, INNER
from mleq_lsp.regions.markdown_dollars import TYPED, is_formula, may_open
from mleq_lsp.regions.markdown_walk import COMPUTED, Walk
from mleq_lsp.regions.model import Kind
from mleq_lsp.text import Span

ENVIRONMENT = "|".join(sorted(DISPLAY | INNER, key=len, reverse=True))
BEGIN = re.compile(rf"\\begin\{{((?:{ENVIRONMENT})\*?)\}}")

# What closes each; a match without a name is skipped.
PARENTHESIS = re.compile(r"(?P<close>\\\))|(?P<again>\\\()|\\.", re.DOTALL)
BRACKET = re.compile(r"(?P<close>\\\])|(?P<again>\\\[)|\\.", re.DOTALL)
DOUBLED_PARENTHESIS = re.compile(r"(?P<close>\\\\\))|(?P<again>\\\\\()|\\.", re.DOTALL)
# A row may break with some more space, also where all backslashes are doubled.
LENGTH = r"-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|\\)"
DOUBLED_BRACKET = re.compile(rf"(?P<close>\\\\\])|(?P<again>\\\\\[(?!{LENGTH}))|\\.", re.DOTALL)
DOUBLE_DOLLAR = re.compile(r"(?P<close>\$\$)(?!\$(?!\$))|\$+|\\.", re.DOTALL)  # `$$$` is a price in a guide
# Words in a formula may hold formulas.
DOLLAR = re.compile(
    rf"\\(?:text\w*|mbox)\{{[^{{}}\n]*\}}|\\.|(?<!\$){COMPUTED.pattern}|(?P<ticks>`+)|(?P<close>\$)", re.DOTALL
)

DOLLARS = re.compile(r"\$+")
GITHUB = re.compile(r"\$(?P<ticks>`+)")
LABEL = re.compile(r"[ \t]*(\([^()\s]+\))[ \t]*$", re.MULTILINE)
UP_TO_ANOTHER = re.compile(r"[^$`\n]*")
# What is in brackets that are escaped because they are brackets: `\[x\] done`, `\[1\]`, `\[some words\]`.
NO_DISPLAY = re.compile(r"\s*(?:[xX]?|\d+|[^\W\d_]{3}[\w ,.'-]*)\s*$")


def backslash(walk: Walk, at: int) -> int:
    sign = walk.view[at + 1 : min(at + 3, walk.end)]
    if sign[:1] == "(":
        return parenthesis(walk, at)
    if sign[:1] == "[":
        return bracket(walk, at)
    if sign in ("\\(", "\\["):
        return doubled(walk, at)
    begin = BEGIN.match(walk.view, at, walk.end)
    return environment(walk, begin) if begin else at + 2


def parenthesis(walk: Walk, at: int) -> int:
    close = walk.close(PARENTHESIS, at + 2)
    if close is None:
        return add_typed(walk, at, at + 2, r"\(")
    return walk.add_closed(Kind.INLINE_MATH, at, at + 2, close, r"\(")


def bracket(walk: Walk, at: int) -> int:
    body = at + 2
    close = walk.close_below(BRACKET, body, formula=True)
    if close is None:
        return add_unclosed(walk, at, body, r"\[") if TYPED[r"\["].match(walk.view, body, walk.end) else body
    is_link = walk.view.startswith(("(", "["), close.end, walk.end)
    if is_link or (walk.is_beside_text(Span(at, close.end)) and NO_DISPLAY.match(walk.view, body, close.start)):
        return close.end
    return walk.add_closed(Kind.DISPLAY_MATH, at, body, close, r"\[")


def doubled(walk: Walk, at: int) -> int:
    """Brackets with two backslashes, one of which Jekyll and Hugging Face's pages take away."""
    body = at + 3
    if walk.view[at + 2] == "(":
        close, kind = walk.close(DOUBLED_PARENTHESIS, body), Kind.INLINE_MATH
    else:
        close, kind = walk.close_below(DOUBLED_BRACKET, body, formula=True), Kind.DISPLAY_MATH
    return walk.add_closed(kind, at, body, close, walk.view[at:body]) if close else at + 2


def environment(walk: Walk, begin: re.Match[str]) -> int:
    name, body = begin.group(1), begin.end()
    close = walk.close_below(end_of_environment(name), body, formula=True) or walk.rest()
    return walk.add_closed(Kind.DISPLAY_MATH, begin.start(), body, close, name)


@lru_cache(maxsize=128)
def end_of_environment(name: str) -> re.Pattern[str]:
    name = re.escape(name)
    return re.compile(rf"(?P<close>\\end\{{{name}\}})|(?P<again>\\begin\{{{name}\}})|\\.", re.DOTALL)


def dollar(walk: Walk, at: int) -> int:
    run = DOLLARS.match(walk.view, at, walk.end)
    count = len(run.group()) if run else 1
    if count == 1:
        return github(walk, at) or single_dollar(walk, at)
    if count == 2:
        return double_dollar(walk, at)
    if count == 4:
        return add_display(walk, at, Span(at + 2, at + 4))
    return at + count


def github(walk: Walk, at: int) -> int:
    """A formula between a dollar with ticks and ticks with a dollar; 0 if there is none."""
    ticks = GITHUB.match(walk.view, at, walk.end)
    close = walk.close_ticks(ticks) if ticks else None
    if ticks is None or close is None or not walk.view.startswith("$", close.end, walk.end):
        return 0
    kind = Kind.VERBATIM if COMPUTED.match(walk.view, at + 1, close.end) else Kind.INLINE_MATH
    return walk.add_closed(kind, at, ticks.end(), Span(close.start, close.end + 1), "$`")


def single_dollar(walk: Walk, at: int) -> int:
    """`$...$` by Pandoc's rules; a dollar before a letter or a command that has no other begins one being typed."""
    body = at + 1
    if body >= walk.end or walk.view[body].isspace():
        return body
    close = next_dollar(walk, body)
    if close is not None and is_formula(walk.view, at, close):
        return walk.add_closed(Kind.INLINE_MATH, at, body, Span(close, close + 1), "$")
    return add_typed(walk, at, body, "$")


def next_dollar(walk: Walk, at: int) -> int | None:
    """The next dollar, unless code comes before it."""
    while found := walk.find(DOLLAR, at):
        if found.lastgroup == "close":
            return found.start()
        if walk.close_ticks(found):
            return None
        at = found.end()
    return None


def double_dollar(walk: Walk, at: int) -> int:
    body = at + 2
    close = walk.close_below(DOUBLE_DOLLAR, body, formula=True)
    if close is not None:
        return add_display(walk, at, close)
    if walk.is_within_line(at, body):
        return add_typed(walk, at, body, "$$")
    return add_unclosed(walk, at, body, "$$")


def add_display(walk: Walk, at: int, close: Span) -> int:
    """A formula between double dollars is a display, unless it stands in the middle of a line of text."""
    kind = Kind.INLINE_MATH if walk.is_beside_text(Span(at, close.end)) else Kind.DISPLAY_MATH
    walk.add_closed(kind, at, at + 2, close, "$$")
    label = LABEL.match(walk.view, close.end, walk.end)
    return walk.add_match(Kind.ARGUMENT, label, 1) if label else close.end


def add_unclosed(walk: Walk, at: int, body: int, name: str) -> int:
    """A display whose close is not typed yet has the rest of its paragraph, but not in the middle of a line."""
    if walk.is_within_line(at, body):
        return body
    return walk.add_closed(Kind.DISPLAY_MATH, at, body, walk.rest(), name)


def add_typed(walk: Walk, at: int, body: int, name: str) -> int:
    """A formula that is just being typed has the rest of its line, as far as nothing else begins there."""
    if not TYPED[name].match(walk.view, body, walk.end) or not may_open(walk.view, at):
        return body
    rest = UP_TO_ANOTHER.match(walk.view, body, walk.end)
    end = rest.end() if rest else body
    return walk.add_closed(Kind.INLINE_MATH, at, body, Span(end, end), name)
