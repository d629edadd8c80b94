"""The regions of a Markdown document (Quarto, R Markdown, MyST and GitHub's included): blocks first, then math."""

from __future__ import annotations

import re
from collections.abc import Iterator

from mleq_lsp.regions.latex import DISPLAY, INNER, math_regions
from mleq_lsp.regions.model import MATH, Kind, Region
from mleq_lsp.text import LINE_END, Span

CONTAINER = r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*"
FENCE = re.compile(rf"{CONTAINER}(?P<fence>`{{3,}}|~{{3,}})[ \t]*(?P<info>[^\r\n]*)")
FRONT_MATTER = re.compile(r"---[ \t]*(?:\r\n|\n|\r)")
FRONT_MATTER_END = re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE)
LIST_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
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


def markdown_regions(text: str) -> list[Region]:
    """The regions of a whole document."""
    found: list[Region] = []
    for region, paragraph in blocks(text):
        if region is not None:
            found.append(region)
        if paragraph is not None:
            found.extend(paragraph_regions(text, paragraph))
    inner = [part for region in found if region.kind in MATH for part in math_regions(text, region.body)]
    return found + inner


def blocks(text: str) -> Iterator[tuple[Region | None, Span | None]]:
    """The document cut into code, front matter and paragraphs, top to bottom."""
    at = front_matter_end(text)
    if at:
        yield Region(Kind.FRONT_MATTER, Span(0, at), Span(0, max(at - 1, 0))), None
    paragraph: int | None = None
    in_list = False
    while at < len(text):
        line = Span(at, line_end(text, at))
        after = next_line(text, line.end)
        written = line.of(text)
        fence = FENCE.match(text, line.start, line.end)
        if fence and not ("`" in fence.group("info") and fence.group("fence")[0] == "`"):
            if paragraph is not None:
                yield None, Span(paragraph, line.start)
                paragraph = None
            region = fenced(text, fence, line)
            yield region, None
            at = next_line(text, line_end(text, region.span.end))
            continue
        if not written.strip():
            if paragraph is not None and not inside_display(text, paragraph, line.start):
                yield None, Span(paragraph, line.start)
                paragraph = None
        elif paragraph is None:
            if INDENTED.match(written) and not in_list:
                yield Region(Kind.VERBATIM, line, line), None
            else:
                paragraph = line.start
                in_list = bool(LIST_ITEM.match(written)) or (in_list and written[0] in " \t")
        at = after
    if paragraph is not None:
        yield None, Span(paragraph, len(text))


def front_matter_end(text: str) -> int:
    """Where the YAML block at the top ends; 0 if there is none."""
    opened = FRONT_MATTER.match(text)
    if opened is None:
        return 0
    closed = FRONT_MATTER_END.search(text, opened.end())
    return next_line(text, closed.end()) if closed else opened.end()


def line_end(text: str, at: int) -> int:
    end = LINE_END.search(text, at)
    return end.start() if end else len(text)


def next_line(text: str, at: int) -> int:
    end = LINE_END.match(text, at)
    return end.end() if end else at


def fenced(text: str, fence: re.Match[str], line: Span) -> Region:
    """A fenced block; ` ```math ` holds a formula, any other one code. Without its end it runs to the text's."""
    mark = fence.group("fence")
    close = re.compile(rf"^[ \t>]*{re.escape(mark[0])}{{{len(mark)},}}[ \t]*$", re.MULTILINE)
    body = next_line(text, line.end)
    end = close.search(text, body)
    language = re.sub(r"[{}.:]", "", fence.group("info")).split(" ")[0].lower()
    kind = Kind.DISPLAY_MATH if language == "math" else Kind.VERBATIM
    body_end = max(body, end.start() - 1 if end else len(text))
    return Region(kind, Span(fence.start("fence"), end.end() if end else len(text)), Span(body, body_end), language)


def inside_display(text: str, start: int, at: int) -> bool:
    """Whether `at` is between two `$$` that stand at line ends: such a block may hold blank lines."""
    return len(re.findall(r"(?<!\\)\$\$", text[start:at])) % 2 == 1 and closing_display(text, at) is not None


def closing_display(text: str, at: int) -> re.Match[str] | None:
    """The `$$` that ends a block, before anything that begins another block."""
    end = re.compile(r"^[ \t>]*\$\$|(?<!\\)\$\$[ \t]*$", re.MULTILINE).search(text, at)
    other = re.compile(r"^(?:#{1,6} |```|~~~|---)", re.MULTILINE).search(text, at)
    return None if end is None or (other and other.start() < end.start()) else end


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
    while found > 0 and close[0] == "$" and text[found - 1] == "\\":
        found = text.find(close, found + 1, end)
    if found != -1:
        return Region(kind, Span(mark.start(), found + len(close)), Span(at, found), name or mark.group())
    if unclosed is None:
        return None
    return Region(kind, Span(mark.start(), unclosed), Span(at, max(at, unclosed)), name or mark.group())


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
