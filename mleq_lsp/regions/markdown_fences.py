"""Fenced blocks: code, formulas, and MyST's directives."""

from __future__ import annotations

import re
from typing import NamedTuple

from mleq_lsp.regions.latex import math_regions
from mleq_lsp.regions.markdown_lines import (
    BEGINS,
    Container,
    Leaf,
    Line,
    Open,
    begins,
    closes_fence,
    masked,
    matched,
    one_line,
)
from mleq_lsp.regions.model import Kind, Region
from mleq_lsp.text import Span

LANGUAGE = re.compile(r"[^\s{}.:,=#]+")
DIRECTIVE = re.compile(r"[`~:]+[ \t]*\{([\w:-]+)\}")
OPTIONS = re.compile(r"(?:[ \t>]*:[\w-]+:[^\n]*\n)+")
# Directives of MyST that hold Markdown; any other name in braces is a language's.
HOLDS_MARKDOWN = re.compile(
    r"(?:admonition|attention|caution|danger|error|hint|important|note|seealso|tip|warning|todo|versionadded"
    r"|versionchanged|deprecated|figure|margin|sidebar|aside|dropdown|details|card(?:-\w+)?|grid(?:-item)?(?:-\w+)?"
    r"|tab-set|tab-item|epigraph|pull-quote|blockquote|topic|container|div|table|list-table|exercise|solution"
    r"|(?:prf:)?(?:proof|theorem|lemma|definition|corollary|proposition|remark|example|algorithm|axiom|conjecture"
    r"|criterion|observation|property|assumption)|exercise-start|solution-start)$"
)
COLON_FENCE = re.compile(r"(?:math|code|code-block|code-cell)$")


def fence(text: str, line: Line) -> Leaf:
    """Code, a formula, or the line that begins a directive with Markdown in it."""
    opening = BEGINS.match(text, line.at, line.end)
    sign, width = text[line.at], opening.end() - line.at if opening else 3
    info = Span(line.at + width - line.start, line.end - line.start)
    directive = DIRECTIVE.match(text, line.at, line.end)
    name = directive.group(1) if directive else ""
    if sign == ":" and not COLON_FENCE.match(name):
        return one_line(line, [Region(Kind.ARGUMENT, info, info)])
    fenced, far = closed_fence(text, line, sign, width)
    if HOLDS_MARKDOWN.match(name):
        inside = (Container(sign, width),) if fenced else ()
        return one_line(line, [Region(Kind.ARGUMENT, info, info)], Open((*line.containers, *inside)), far)
    if fenced is None:
        end = end_of_paragraph(text, line)
        fenced = Fenced(end, end, end + 1)
    far = max(far, fenced.next)
    return Leaf(
        fenced.next - line.start, far - line.start, fence_regions(text, line, info, fenced), Open(line.containers)
    )


class Fenced(NamedTuple):
    """Where the content of a fence ends, where the fence itself does, and where the next line begins."""

    body_end: int
    end: int
    next: int


def closed_fence(text: str, line: Line, sign: str, width: int) -> tuple[Fenced | None, int]:
    """The fence that ends with a line like its first or with its container, and how far that was looked for.

    None is closed if another one is opened before.
    """
    fences = re.compile(rf"^ {{0,3}}{re.escape(sign)}{{{width},}}", re.MULTILINE)
    at = line.next
    while at < len(text):
        if not line.containers:
            candidate = fences.search(text, at)
            if candidate is None:
                break
            at = candidate.start()
        below, kept = matched(text, at, line.containers)
        if kept < len(line.containers):
            return Fenced(at - 1, at - 1, at), below.next
        if below.indent <= 3 and text.startswith(sign * width, below.at):
            if closes_fence(text, below.at, below.end, sign, width):
                return Fenced(max(line.next, at - 1), below.end, below.next), below.next
            if begins(text, below) == "fence":
                return None, below.next
        at = below.next
    return None, len(text) + 1


def end_of_paragraph(text: str, line: Line) -> int:
    """The end of the last line before a blank one."""
    while line.next < len(text):
        below, kept = matched(text, line.next, line.containers)
        if below.is_blank or kept < len(line.containers):
            break
        line = below
    return line.end


def fence_regions(text: str, line: Line, info: Span, fenced: Fenced) -> list[Region]:
    start = line.start
    language = LANGUAGE.search(text, start + info.start, line.end)
    name = language.group().lower() if language else ""
    span = Span(line.at - start, fenced.end - start)
    body = Span(min(line.next, fenced.body_end) - start, fenced.body_end - start)
    argument = Region(Kind.ARGUMENT, info, info)
    if name != "math":
        return [Region(Kind.VERBATIM, span, body, name), argument]
    options = OPTIONS.match(text, start + body.start, fenced.end)
    found = [argument]
    if options:
        span_of_options = Span(body.start, min(options.end() - start, body.end))
        found.append(Region(Kind.ARGUMENT, span_of_options, span_of_options))
        body = Span(span_of_options.end, body.end)
    view = unmarked(text, line, fenced.end)
    return [Region(Kind.DISPLAY_MATH, span, body, name), *found, *inside_formula(view, body)]


def unmarked(text: str, line: Line, end: int) -> str:
    """The text from a line on without the signs of its containers."""
    if not line.containers:
        return text[line.start : end]
    pieces = [masked(text, line)]
    while line.next < end:
        line = matched(text, line.next, line.containers)[0]
        pieces.append(masked(text, line))
    return "".join(pieces)


def inside_formula(view: str, body: Span) -> list[Region]:
    return sorted(math_regions(view, body), key=lambda region: (region.span.start, -region.span.end))
