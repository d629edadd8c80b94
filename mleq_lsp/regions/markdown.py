"""The regions of a Markdown document (Quarto, R Markdown, MyST and GitHub's included): blocks first, then math."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from mleq_lsp.regions.latex import DISPLAY, INNER, math_regions
from mleq_lsp.regions.model import MATH, Block, Kind, Region, State
from mleq_lsp.text import Span

CONTAINER = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*"
FENCE = re.compile(rf"{CONTAINER}(?P<fence>(?P<sign>[`~])(?P=sign){{2,}})[ \t]*(?P<info>[^\n]*)")
FRONT_MATTER = re.compile(r"\ufeff?(---|\+\+\+)[ \t]*\n")
FRONT_MATTER_END = re.compile(r"^(?:---|\+\+\+|\.\.\.)[ \t]*$", re.MULTILINE)
# What an indented paragraph may continue: an item of a list, or a footnote.
LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)]|\[\^[^\]\n]+\]:)[ \t]")
DISPLAY_SIGN = re.compile(r"(?<!\\)\$\$")
DISPLAY_CLOSES = re.compile(r"^[ \t>]*\$\$|(?<!\\)\$\$[ \t]*$", re.MULTILINE)
BLOCK_BEGINS = re.compile(r"^(?:#{1,6} |```|~~~|---)", re.MULTILINE)
INDENTED = re.compile(r"(?: {4}|\t)[ \t]*\S")
ENVIRONMENT = "|".join(sorted(DISPLAY | INNER, key=len, reverse=True))

# What can begin a region inside a paragraph.
MARK = re.compile(
    rf"""
      (?P<github> \$(?P<ticks>`+)(?!`))
    | (?P<code> `+)
    | (?P<display> \$\$)
    | (?P<inline> \$)
    | (?P<brackets> \\(?P<bracket>[(\[]))
    | (?P<environment> \\begin\{{(?P<name>(?:{ENVIRONMENT})\*?)\}})
    | (?P<html> <!--)
    | (?P<escape> \\.)
    """,
    re.VERBOSE | re.DOTALL,
)
DOLLAR_OR_CODE = re.compile(r"\\.|(?P<ticks>`+)|(?P<dollar>\$)", re.DOTALL)


def markdown_begins(text: str) -> State:
    """What the scan of a text begins with."""
    return ()


def markdown_block(text: str, at: int, state: State) -> Block:
    """The block at an offset of a Markdown document."""
    found = sorted(markdown_regions(text), key=lambda region: (region.span.start, -region.span.end))
    return Block(len(text), len(text) + 1, tuple(found), state)


def markdown_regions(text: str) -> list[Region]:
    """The regions of a whole document."""
    found: list[Region] = []
    for block in blocks(text):
        found.extend([block] if isinstance(block, Region) else paragraph_regions(text, block))
    inside = [part for region in found if region.kind in MATH for part in math_regions(text, region.body)]
    return found + inside


def blocks(text: str) -> Iterator[Region | Span]:
    """The document cut into front matter, code (as regions) and paragraphs (as spans), top to bottom."""
    at = front_matter_end(text)
    if at:
        yield Region(Kind.FRONT_MATTER, Span(0, at), Span(0, at - 1))
    closes = [found.start() for found in DISPLAY_CLOSES.finditer(text)]
    begins = [found.start() for found in BLOCK_BEGINS.finditer(text)]
    paragraph: int | None = None
    in_list = in_display = False
    while at < len(text):
        line = Span(at, line_end(text, at))
        code = fenced(text, line) or (indented(text, line, in_list) if paragraph is None else None)
        if code is None and line.of(text).strip():
            if paragraph is None:
                paragraph = at
                in_display = False
                in_list = bool(LIST_ITEM.match(text, at)) or (in_list and text[at] in " \t")
            in_display ^= len(DISPLAY_SIGN.findall(text, line.start, line.end)) % 2 == 1
        elif paragraph is not None and (code or not (in_display and closes_first(at, closes, begins))):
            yield Span(paragraph, at)
            paragraph = None
        if code is not None:
            yield code
        at = next_line(text, code.span.end if code else at)
    if paragraph is not None:
        yield Span(paragraph, len(text))


def closes_first(at: int, closes: list[int], begins: list[int]) -> bool:
    """Whether a display that is open at `at`, a blank line, is closed before another block begins."""
    close, begin = bisect_left(closes, at), bisect_left(begins, at)
    return close < len(closes) and (begin == len(begins) or closes[close] < begins[begin])


def front_matter_end(text: str) -> int:
    """Where the YAML block at the top ends; 0 if there is none."""
    opened = FRONT_MATTER.match(text)
    if opened is None:
        return 0
    closed = FRONT_MATTER_END.search(text, opened.end())
    return next_line(text, closed.end()) if closed else opened.end()


def line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end == -1 else end


def next_line(text: str, at: int) -> int:
    return min(line_end(text, at) + 1, len(text))


def fenced(text: str, line: Span) -> Region | None:
    """The fenced block that a line opens; ` ```math ` holds a formula, any other one code.

    Without its closing fence it runs to the end of the text, as in every renderer.
    """
    fence = FENCE.match(text, line.start, line.end)
    if fence is None or (fence.group("sign") == "`" and "`" in fence.group("info")):
        return None
    closing = rf"^[ \t>]*{fence.group('sign')}{{{len(fence.group('fence'))},}}[ \t]*$"
    body = next_line(text, line.end)
    end = re.compile(closing, re.MULTILINE).search(text, body)
    language = re.sub(r"[{}.:]", "", fence.group("info")).split(" ")[0].lower()
    kind = Kind.DISPLAY_MATH if language == "math" else Kind.VERBATIM
    body_end = max(body, end.start() - 1) if end else len(text)
    return Region(kind, Span(fence.start("fence"), end.end() if end else len(text)), Span(body, body_end), language)


def indented(text: str, line: Span, in_list: bool) -> Region | None:
    """A line of indented code; in a list the same indent is a continuation of the item."""
    return Region(Kind.VERBATIM, line, line) if INDENTED.match(text, line.start) and not in_list else None


def paragraph_regions(text: str, span: Span) -> Iterator[Region]:
    """The code and the formulas of a paragraph, outer ones only."""
    at = span.start
    while mark := MARK.search(text, at, span.end):
        region = None
        if mark.group("code"):
            region = code_span(text, mark, span.end)
        elif mark.group("html"):
            region = between(text, mark, "-->", Kind.COMMENT, len(text), span.end)
        elif mark.group("github"):
            region = between(text, mark, mark.group("ticks") + "$", Kind.INLINE_MATH, span.end, None)
        elif mark.group("display"):
            region = between(text, mark, "$$", Kind.DISPLAY_MATH, span.end, span.end)
        elif mark.group("inline"):
            region = inline_math(text, mark, span.end)
        elif mark.group("bracket"):
            inline = mark.group("bracket") == "("
            kind = Kind.INLINE_MATH if inline else Kind.DISPLAY_MATH
            region = between(text, mark, r"\)" if inline else r"\]", kind, span.end, None)
        elif mark.group("name"):
            close = f"\\end{{{mark.group('name')}}}"
            region = between(text, mark, close, Kind.DISPLAY_MATH, span.end, span.end, mark.group("name"))
        if region is not None:
            yield region
        at = max(mark.end(), region.span.end if region else 0)


def between(
    text: str, mark: re.Match[str], close: str, kind: Kind, end: int, unclosed: int | None, name: str = ""
) -> Region | None:
    """What stands between a mark and its closing text before `end`; without that, up to `unclosed` or nothing."""
    at = mark.end()
    found = text.find(close, at, end)
    while found > 0 and close[0] == "$" and is_escaped(text, found, at):
        found = text.find(close, found + 1, end)
    if found != -1:
        return Region(kind, Span(mark.start(), found + len(close)), Span(at, found), name or mark.group())
    if unclosed is None:
        return None
    return Region(kind, Span(mark.start(), unclosed), Span(at, max(at, unclosed)), name or mark.group())


def is_escaped(text: str, at: int, start: int) -> bool:
    """Whether the sign at `at` has a backslash before it that is not itself escaped, as after `\\\\` it is not."""
    before = text[start:at]
    return (len(before) - len(before.rstrip("\\"))) % 2 == 1


def code_span(text: str, mark: re.Match[str], end: int) -> Region | None:
    ticks = mark.group()
    close = re.compile(rf"(?<!`){ticks}(?!`)").search(text, mark.end(), end)
    if close is None:
        return None
    return Region(Kind.VERBATIM, Span(mark.start(), close.end()), Span(mark.end(), close.start()), "`")


def inline_math(text: str, mark: re.Match[str], end: int) -> Region | None:
    """`$...$` by Pandoc's rules; a lone dollar before a letter or a command is a formula being typed on its line."""
    at = mark.end()
    if at >= end or text[at].isspace():
        return None
    for sign in DOLLAR_OR_CODE.finditer(text, at, end):
        if sign.group("ticks") and code_span(text, sign, end):
            return None
        if sign.group("dollar"):
            # No space before the closing dollar and no digit after it, so that prices stay prices.
            if text[sign.start() - 1].isspace() or text[sign.end() : sign.end() + 1].isdigit():
                return None
            return Region(Kind.INLINE_MATH, Span(mark.start(), sign.end()), Span(at, sign.start()), "$")
    if text[at].isdigit():
        return None
    end = min(end, line_end(text, at))
    return Region(Kind.INLINE_MATH, Span(mark.start(), end), Span(at, end), "$")
