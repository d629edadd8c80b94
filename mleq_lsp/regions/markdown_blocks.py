"""The leaf blocks of Markdown: what a line begins or goes on with."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from mleq_lsp.regions.markdown_fences import fence
from mleq_lsp.regions.markdown_inline import STEPS, STEPS_IN_HTML, TARGET, TITLE
from mleq_lsp.regions.markdown_lines import Leaf, Line, Open, begins, entered, is_table, one_line
from mleq_lsp.regions.markdown_stretch import Stretch, end_of_next
from mleq_lsp.regions.markdown_tables import GRID, row, table
from mleq_lsp.regions.markdown_walk import Steps, Walk
from mleq_lsp.regions.model import Kind, Region
from mleq_lsp.text import Span

FRONT_MATTER_SIGN = re.compile(r"\ufeff?(?P<sign>---|\+\+\+)")
FRONT_MATTER = re.compile(FRONT_MATTER_SIGN.pattern + r"[ \t]*\n(?=[^\n]*\S)")
FRONT_MATTER_ENDS = {
    "---": re.compile(r"^(?:---|\.\.\.)[ \t]*$", re.MULTILINE),
    "+++": re.compile(r"^\+\+\+[ \t]*$", re.MULTILINE),
}
KEY = re.compile(r"""[\w"'.-]+[ \t]*[:=]""")
BLANK_LINE = re.compile(r"^[ \t]*$", re.MULTILINE)
DEFINITION = re.compile(rf"\[[^\[\]\n]+\]:[ \t]*({TARGET}(?:[ \t]+{TITLE})?)[ \t]*$")
DISPLAYS = ("$$\n", "\\begin{", "\\[")  # a row does not begin so


def leaf_at(text: str, at: int, before: Open) -> Leaf:
    """The leaf block at an offset."""
    if before.leaf == "top":
        return front_matter(text) or first_leaf(text)
    line = entered(text, at, before)
    name = "blank" if line.is_blank else name_of(text, line)
    return LEAVES[name](text, line)


def first_leaf(text: str) -> Leaf:
    """The first leaf of a document without front matter; what begins like that may still become it."""
    leaf = leaf_at(text, 0, Open())
    return replace(leaf, far=len(text) + 1) if FRONT_MATTER_SIGN.match(text) else leaf


def name_of(text: str, line: Line) -> str:
    """What a line begins or goes on with."""
    if line.closes:
        return "blank"
    if line.leaf == "html":
        return "html"
    name = begins(text, line)
    if name:
        return name
    if line.leaf == "table" and line.indent <= 3 and not text.startswith(DISPLAYS, line.at):
        return "row"
    if line.leaf != "paragraph" and line.indent > 3:
        return "code"
    if line.leaf != "paragraph" and text.startswith("[", line.at) and DEFINITION.match(text, line.at, line.end):
        return "definition"
    if is_table(text, line) or (line.leaf != "paragraph" and GRID.match(text, line.at, line.end)):
        return "table"
    return "paragraph"


def bare(_text: str, line: Line) -> Leaf:
    """A line with nothing in it: a blank one, a rule, what underlines a heading."""
    return one_line(line, [])


def front_matter(text: str) -> Leaf | None:
    """The front matter at the very top; without its end it is what looks like it, up to a blank line."""
    opening = FRONT_MATTER.match(text)
    if opening is None:
        return None
    close = FRONT_MATTER_ENDS[opening.group("sign")].search(text, opening.end())
    if close is None:
        if not KEY.match(text, opening.end()):
            return None
        close = BLANK_LINE.search(text, opening.end())
    body_end = close.start() - 1 if close else len(text)
    end = close.end() + 1 if close else len(text) + 1
    region = Region(Kind.FRONT_MATTER, Span(0, min(end, len(text))), Span(0, max(0, body_end)))
    return Leaf(end, len(text) + 1, [region], Open())


def indented_code(_text: str, line: Line) -> Leaf:
    span = Span(line.at - line.start, line.end - line.start)
    return one_line(line, [Region(Kind.VERBATIM, span, span)])


def heading(text: str, line: Line) -> Leaf:
    walk = Walk(Stretch(text, line), STEPS)
    walk.part(Span(line.at - line.start, line.end - line.start))
    return one_line(line, walk.found)


def definition(text: str, line: Line) -> Leaf:
    found = DEFINITION.match(text, line.at, line.end)
    span = Span(*found.span(1)) if found else Span(line.at, line.end)
    span = Span(span.start - line.start, span.end - line.start)
    return one_line(line, [Region(Kind.ARGUMENT, span, span)])


def paragraph(text: str, line: Line) -> Leaf:
    far = end_of_next(text, line) if text.find("|", line.at, line.end) != -1 else 0
    return stretched(Stretch(text, line, "paragraph"), STEPS, far)


def html(text: str, line: Line) -> Leaf:
    leaf = stretched(Stretch(text, line, "html"), STEPS_IN_HTML)
    end = leaf.length - text.endswith("\n", 0, line.start + leaf.length)
    span = Span(line.at - line.start, end)
    return Leaf(leaf.length, leaf.far, [Region(Kind.HTML, span, span), *leaf.regions], leaf.leaves)


def raw(text: str, line: Line) -> Leaf:
    """A comment, a script...: whatever it is, it ends with the line that it is closed in."""
    return stretched(Stretch(text, line, "raw"), STEPS_IN_HTML)


def stretched(stretch: Stretch, steps: Steps, far: int = 0) -> Leaf:
    regions = Walk(stretch, steps).regions()
    length = stretch.end - stretch.start
    return Leaf(length, max(far, stretch.far) - stretch.start, regions, stretch.leaves)


Step = Callable[[str, Line], Leaf]
LEAVES: dict[str, Step] = {
    "blank": bare,
    "paragraph": paragraph,
    "heading": heading,
    "rule": bare,
    "fence": fence,
    "code": indented_code,
    "definition": definition,
    "table": table,
    "row": row,
    "html": html,
    "raw": raw,
}
