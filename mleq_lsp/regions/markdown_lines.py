"""The lines of a Markdown document: the quotes and list items each stands in, and where its own text begins."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from mleq_lsp.regions.model import Region


class Container(NamedTuple):
    """What holds blocks: a quote `>`, something indented `-` (an item, a footnote), a directive's fence "`"."""

    sign: str
    width: int  # the columns that its lines are indented by; the length of a fence


@dataclass(frozen=True, slots=True)
class Open:
    """What is open where a block begins: this is what the scan knows of the text before."""

    containers: tuple[Container, ...] = ()
    leaf: str = ""  # "paragraph", "html" or "table" if it goes on; "top" at the very top
    columns: int = 0  # of the table


class Line(NamedTuple):
    """A line, and how it reads after the signs of its containers."""

    start: int
    at: int  # the first character that is neither a container's sign nor blank
    end: int  # the line end not included
    indent: int  # columns between the containers and `at`
    containers: tuple[Container, ...]
    leaf: str = ""  # what was open and goes on here
    columns: int = 0  # of the table that does
    closes: bool = False  # whether this is the closing fence of a directive

    @property
    def is_blank(self) -> bool:
        return self.at == self.end

    @property
    def next(self) -> int:
        """Where the next line begins, or one past the end of the text."""
        return self.end + 1


@dataclass(frozen=True, slots=True)
class Leaf:
    """A block without blocks inside; offsets are from its start."""

    length: int
    far: int  # how many characters from its start were looked at
    regions: list[Region]
    leaves: Open


DEEPEST = 100  # containers in each other; nobody writes more
BLANKS = re.compile(r"[ \t]*")
OPENS = re.compile(
    r"""
      (?P<quote> >)
    | (?P<item>  (?:[-+*] | (?P<number>\d{1,9})[.)]) (?=[ \t]|$))
    | (?P<hangs> \[\^[^\]\s]+\]: | (?:!!!|\?\?\?\+?|===)[ ](?=[\w"]).* )  # a footnote, an admonition of MkDocs
    """,
    re.VERBOSE,
)
TAG_NAME = r"[a-z][a-z0-9-]*"
# No "<" in a value, so that a quotation mark which nobody closed costs nothing further on.
ATTRIBUTE = r"""\s+[a-z_:@][\w.:@-]*(?:\s*=\s*(?:"[^"<]*"|'[^'<]*'|[^\s"'=<>`]+))?"""
TAG = rf"<(?:{TAG_NAME}(?:{ATTRIBUTE})*\s*/?|/{TAG_NAME}\s*)>"
BLOCK_TAGS = (
    "address|article|aside|base|basefont|blockquote|body|caption|center|col|colgroup|dd|details|dialog|dir|div|dl|dt"
    "|fieldset|figcaption|figure|footer|form|frame|frameset|h[1-6]|head|header|hr|html|iframe|legend|li|link|main"
    "|menu|menuitem|nav|noframes|ol|optgroup|option|p|param|search|section|summary|table|tbody|td|tfoot|th|thead"
    "|title|tr|track|ul"
)
RULE = r"(?:(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:-[ \t]*){3,})$"
# What a line begins that is no paragraph.
BEGINS = re.compile(
    rf"""
      (?P<fence>   `{{3,}}(?=[^`\n]*$) | ~{{3,}} | :{{3,}})
    | (?P<heading> \#{{1,6}}(?=[ \t]|$))
    | (?P<rule>    {RULE} | (?:-+|=+)[ \t]*$)  # and what makes a heading of the line above
    | (?P<raw>     <(?:!--|\?|![a-z]|!\[CDATA\[|(?:pre|script|style|textarea)(?=[\s>]|$)))
    | (?P<html>    </?(?:{BLOCK_TAGS})(?=[\s>]|/>|$))
    | (?P<tag>     {TAG}[ \t]*$)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
BEGINNERS = frozenset("`~:#*_-=<")
DELIMITER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
THEMATIC = re.compile(RULE)


def entered(text: str, start: int, before: Open) -> Line:
    """The line at `start` in the containers that it is in, after what was open before it."""
    line, kept = matched(text, start, before.containers)
    if line.closes:
        return line
    if kept == len(before.containers):
        if before.leaf:
            line = line._replace(leaf=before.leaf, columns=before.columns)
        return line if line.leaf in ("html", "raw") or line.is_blank else opened(text, line)
    line = opened(text, line)
    lazy = before.leaf == "paragraph" and len(line.containers) == kept and not line.is_blank
    # Nobody writes an environment below a quote to have it inside.
    if lazy and not text.startswith("\\begin{", line.at) and begins(text, line._replace(leaf="paragraph")) == "":
        return line._replace(containers=before.containers, leaf="paragraph")
    return line


def matched(text: str, start: int, containers: tuple[Container, ...]) -> tuple[Line, int]:
    """The line at `start` after the signs of the containers that go on in it, and how many these are."""
    end = text.find("\n", start)
    end = len(text) if end == -1 else end
    at, column = skip_blanks(text, start, end, 0)
    base = kept = 0
    for sign, width in containers:
        if sign == ">":
            if column - base > 3 or not text.startswith(">", at, end):
                break
            at, column, base = after_quote(text, at, end, column)
        elif sign == "-":
            if at < end and column - base < width:
                break
            base = min(base + width, column)
        elif closes_fence(text, at, end, sign, width):
            return Line(start, at, end, column - base, containers[:kept], closes=True), kept
        kept += 1
    return Line(start, at, end, column - base, containers[:kept]), kept


def skip_blanks(text: str, at: int, end: int, column: int) -> tuple[int, int]:
    """The next character that is not blank, and its column."""
    found = BLANKS.match(text, at, end)
    assert found is not None  # it matches nothing as well
    blanks = found.group()
    if "\t" in blanks:
        return found.end(), len((" " * (column % 4) + blanks).expandtabs(4)) + column - column % 4
    return found.end(), column + len(blanks)


def after_quote(text: str, at: int, end: int, column: int) -> tuple[int, int, int]:
    """After a `>`: the next character that is not blank, its column, and the column that the quote's text begins at."""
    base = column + 1 + text.startswith((" ", "\t"), at + 1, end)
    at, column = skip_blanks(text, at + 1, end, column + 1)
    return at, column, base


def closes_fence(text: str, at: int, end: int, sign: str, width: int) -> bool:
    """Whether nothing but a closing fence of at least this length stands at `at`."""
    rest = text[at:end].rstrip()
    return len(rest) >= width and not rest.strip(sign)


def opened(text: str, line: Line) -> Line:
    """The line after the signs of the quotes and items that begin in it."""
    start, at, end, indent, containers, leaf, columns, _ = line
    base = 0
    column = indent
    while column - base <= 3 and len(containers) < DEEPEST and (sign := OPENS.match(text, at, end)):
        if THEMATIC.match(text, at, end) or (leaf == "paragraph" and not interrupts(text, sign, end)):
            break
        leaf = ""
        if sign.group("quote"):
            at, column, base = after_quote(text, at, end, column)
            containers = (*containers, Container(">", 0))
            continue
        outer, marked = base, column + len(sign.group())
        at, column = skip_blanks(text, sign.end(), end, marked)
        if sign.group("hangs"):
            base = column
            containers = (*containers, Container("-", 4))
        else:
            # Five blanks and more are one, and indented code.
            base = column if at < end and column - marked <= 4 else marked + 1
            containers = (*containers, Container("-", base - outer))
    return line if containers is line.containers else Line(start, at, end, column - base, containers, leaf, columns)


def interrupts(text: str, sign: re.Match[str], end: int) -> bool:
    """Whether a container may begin in the middle of a paragraph: an empty item or a year may not."""
    if not sign.group("item"):
        return True
    return sign.group("number") in (None, "1") and text[sign.end() : end].strip() != ""


def begins(text: str, line: Line) -> str:
    """The name of what a line begins; nothing if that is a paragraph, or the line goes on with one."""
    if line.indent > 3 or text[line.at : line.at + 1] not in BEGINNERS:
        return ""
    found = BEGINS.match(text, line.at, line.end)
    name = found.lastgroup if found else None
    if name is None or (name == "tag" and line.leaf == "paragraph"):
        return ""
    return "html" if name == "tag" else name


def masked(text: str, line: Line) -> str:
    """The line with its line end and with blanks for all that is its containers'."""
    if line.at == line.start:
        return text[line.start : line.end + 1]
    return " " * (line.at - line.start) + text[line.at : line.end + 1]


def one_line(line: Line, regions: list[Region], leaves: Open | None = None, far: int = 0) -> Leaf:
    """A leaf that is this line."""
    return Leaf(line.next - line.start, max(far, line.next) - line.start, regions, leaves or Open(line.containers))


def is_table(text: str, line: Line) -> bool:
    """Whether a line is the head of a table: there is a line of dashes below it."""
    if line.indent > 3 or line.next >= len(text) or text.find("|", line.at, line.end) == -1:
        return False
    below, kept = matched(text, line.next, line.containers)
    dashes = kept == len(line.containers) and below.indent <= 3 and DELIMITER.match(text, below.at, below.end)
    return bool(dashes) and text.find("|", below.at, below.end) != -1
