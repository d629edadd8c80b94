"""What stands in the text of a paragraph: formulas, code, tags, targets, addresses."""

from __future__ import annotations

import re
from functools import lru_cache

from mleq_lsp.regions.markdown_lines import TAG
from mleq_lsp.regions.markdown_math import backslash, dollar
from mleq_lsp.regions.markdown_walk import TICKS, Steps, Walk
from mleq_lsp.regions.model import MATH, Kind
from mleq_lsp.text import Span

COMMENT_END = re.compile(r"(?P<close>-->)|(?P<again><!--)")
AUTOLINK = re.compile(r"<(?:[A-Za-z][A-Za-z0-9+.-]{1,31}:|[\w.+-]+@)[^\s<>]*>")
HTML_TAG = re.compile(TAG, re.IGNORECASE)
ELEMENT = re.compile(r"<(pre|script|style|textarea|code)(?=[\s>])[^<>]*>", re.IGNORECASE)
WIKI_LINK = re.compile(r"\[\[([^\[\]\n]+)\]\]")
TITLE = r"""(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\))"""
TARGET = r"(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)"
LINK = re.compile(rf"\]\(([ \t]*{TARGET}(?:[ \t]+{TITLE})?[ \t]*)\)|\]\[([^\[\]\n]*)\]")
ATTRIBUTES = re.compile(r"\{([#.:][^{}\n]*|[\w-]+=[^{}\n]*)\}")
ROLE = re.compile(r"\{([\w:+-]+)\}(?P<ticks>`+)")
LIQUID_VALUE = re.compile(r"(?P<close>\}\})|(?P<again>\{\{)")
LIQUID_TAG = re.compile(r"\{%-?\s*(\w*)[^{}%]*(?:%(?!\})[^{}%]*)*%\}")
LIQUID_BLOCKS = {
    "highlight": Kind.VERBATIM,
    "comment": Kind.COMMENT,
    "math": Kind.DISPLAY_MATH,
    "katex": Kind.DISPLAY_MATH,
}
SCHEME = re.compile(r"(?:https?|ftp|file)$")
ADDRESS = re.compile(r"://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|^{}]+")
CITATION = re.compile(r"@(?:\{[^{}\n]*\}|\w[\w:.#%&+?~/-]*)")


def backtick(walk: Walk, at: int) -> int:
    """A code span; ticks that are not closed are ticks."""
    ticks = TICKS.match(walk.view, at, walk.end)
    close = walk.close_ticks(ticks) if ticks else None
    body = ticks.end() if ticks else at + 1
    return walk.add_closed(Kind.VERBATIM, at, body, close, "`") if close else body


def angle(walk: Walk, at: int) -> int:
    if walk.view.startswith("<!--", at, walk.end):
        close = walk.close_below(COMMENT_END, at + 4, formula=False) or walk.rest()
        return walk.add_closed(Kind.COMMENT, at, at + 4, close)
    if found := AUTOLINK.match(walk.view, at, walk.end):
        return walk.add_match(Kind.ARGUMENT, found)
    if found := ELEMENT.match(walk.view, at, walk.end):
        return element(walk, found)
    if found := HTML_TAG.match(walk.view, at, walk.end):
        return walk.add(Kind.HTML, Span(*found.span()), Span(at + 1, found.end() - 1))
    return at + 1


def element(walk: Walk, tag: re.Match[str]) -> int:
    """An element whose content is no Markdown; without its end it is the rest of its paragraph, but code is a tag."""
    name, body = tag.group(1).lower(), tag.end()
    if name != "code":
        close = walk.close_below(end_of_element(name), body, formula=False) or walk.rest()
        return walk.add_closed(Kind.VERBATIM, tag.start(), body, close, name)
    end = walk.close(end_of_element(name), body)
    if end is None:
        return walk.add(Kind.HTML, Span(*tag.span()), Span(tag.start() + 1, body - 1))
    return walk.add_closed(Kind.VERBATIM, tag.start(), body, end, name)


@lru_cache(maxsize=8)
def end_of_element(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<close></{name}\s*>)|(?P<again><{name}[\s>])", re.IGNORECASE)


def opening_bracket(walk: Walk, at: int) -> int:
    """A link of a wiki: `[[page]]`."""
    found = WIKI_LINK.match(walk.view, at, walk.end)
    return walk.add_match(Kind.ARGUMENT, found, 1) if found else at + 1


def closing_bracket(walk: Walk, at: int) -> int:
    """The target after the text of a link."""
    found = LINK.match(walk.view, at, walk.end)
    return walk.add_match(Kind.ARGUMENT, found, found.lastindex or 0) if found else at + 1


def brace(walk: Walk, at: int) -> int:
    if found := ROLE.match(walk.view, at, walk.end):
        return role(walk, found)
    if found := LIQUID_TAG.match(walk.view, at, walk.end):
        return liquid(walk, found)
    if walk.view.startswith("{{", at, walk.end):
        close = walk.close(LIQUID_VALUE, at + 2)
        return walk.add_closed(Kind.VERBATIM, at, at + 2, close) if close else at + 2
    found = ATTRIBUTES.match(walk.view, at, walk.end)
    return walk.add_match(Kind.ARGUMENT, found, 1) if found else at + 1


def role(walk: Walk, opening: re.Match[str]) -> int:
    """A role of MyST: ``{math}`x` `` is a formula, the content of any other is a name."""
    close = walk.close_ticks(opening)
    if close is None:
        return opening.end()
    if opening.group(1) == "math":
        return walk.add_closed(Kind.INLINE_MATH, opening.start(), opening.end(), close, "math")
    return walk.add_closed(Kind.ARGUMENT, opening.start(), opening.end(), close)


def liquid(walk: Walk, tag: re.Match[str]) -> int:
    """A tag of Jekyll's, or a block between two: what is between `{% raw %}` and its end is Markdown."""
    name, at, body = tag.group(1), tag.start(), tag.end()
    kind = LIQUID_BLOCKS.get(name)
    if kind is None:
        return walk.add(Kind.VERBATIM, Span(at, body), Span(at + 2, body - 2))
    close = walk.close_below(end_of_liquid(name), body, formula=False) or walk.rest()
    return walk.add_closed(kind, at, body, close, "math" if kind in MATH else name)


@lru_cache(maxsize=8)
def end_of_liquid(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<close>\{{%-?\s*end{name}\s*-?%\}})|(?P<again>\{{%-?\s*{name}\b)")


def colon(walk: Walk, at: int) -> int:
    """A bare address."""
    scheme = SCHEME.search(walk.view[max(0, at - 5) : at])
    found = ADDRESS.match(walk.view, at, walk.end) if scheme else None
    if scheme is None or found is None:
        return at + 1
    # The signs of the sentence around it are none of its own, nor is a parenthesis that was opened before it.
    ends = "?!.,:;*_~'\"$" if "(" in found.group() else "?!.,:;*_~'\"$)]"
    span = Span(at - len(scheme.group()), at + len(found.group().rstrip(ends)))
    return max(walk.add(Kind.ARGUMENT, span, span), at + 1)


def at_sign(walk: Walk, at: int) -> int:
    """A citation: `@key`, also in brackets."""
    before = walk.view[at - 1 : at]
    found = CITATION.match(walk.view, at, walk.end)
    if found is None or (before.isascii() and before.isalnum()):
        return at + 1
    span = Span(at, at + len(found.group().rstrip(".:?-/")))
    return walk.add(Kind.ARGUMENT, span, span)


STEPS: Steps = {
    "\\": backslash,
    "`": backtick,
    "$": dollar,
    "<": angle,
    "[": opening_bracket,
    "]": closing_bracket,
    "{": brace,
    ":": colon,
    "@": at_sign,
}
# In blocks of HTML, which pages typeset formulas in all the same.
STEPS_IN_HTML: Steps = {"\\": backslash, "$": dollar, "<": angle, "{": brace}
