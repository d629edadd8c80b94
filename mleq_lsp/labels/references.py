"""What refers to a label: `\\eqref` and its kin in both languages, `@eq-...` and MyST's roles in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mleq_lsp.labels.labelled import PREFIX
from mleq_lsp.regions import MATH, Kind, Language, Regions
from mleq_lsp.text import Span

GROUP = r"\{[^{}]*\}"
# Any command whose name ends so: those of LaTeX and its packages, and most that authors define for themselves.
COMMAND = re.compile(
    rf"\\(?P<command>[a-zA-Z]*(?:refs?|refrange|refeq))(?![a-zA-Z@])\*?[ \t]*(?:\[(?P<option>[^\[\]{{}}]*)\][ \t]*)*"
    rf"(?P<names>(?:{GROUP})?)(?P<last>(?:(?<=\}}){GROUP})?)"
)
ADDRESS = frozenset(("href", "xref"))
AT = re.compile(r"-?@\{?(?P<name>[A-Za-z][\w:.#$%&+?~/-]*)\}?")
ROLE = re.compile(
    r"\{(?P<command>eq|numref|ref|math:numref)\}(?P<ticks>`+)(?:[^`<>\n]*<)?(?P<name>[^`<>\n]+)>?(?P=ticks)"
)
LINK = re.compile(r"\]\(#(?P<name>[^()\s]+)\)")
BOOKDOWN = re.compile(r"\\@ref\((?P<name>[^()\s]+)\)")
ABOUT_EQUATIONS = frozenset("eqref refeq eq math:numref".split())
OF_LATEX = frozenset(
    "ref autoref cref Cref vref Vref pageref nameref cpageref Cpageref labelcref labelcpageref vpageref crefrange"
    " Crefrange hyperref fullref zcref".split()
)
NAME = re.compile(r"%[^\n]*|(?P<name>[^\s,%][^,%]*)")  # in a list, which may have comments
AFTER = ".:?-/#$%&+~"  # what ends a sentence and no name
FAR = 1000  # characters on either side of the cursor that one reference may take
SILENT = frozenset((Kind.COMMENT, Kind.VERBATIM, Kind.DEFINITION, Kind.FRONT_MATTER, Kind.HTML))


@dataclass(frozen=True, slots=True)
class Reference:
    """Names of labels, the stretch of text that refers to them, and what that says of what they must be."""

    names: tuple[str, ...]
    span: Span
    command: str = ""  # of LaTeX, or a role of MyST; "@" in Markdown, and nothing for a link

    def is_about_equation(self, name: str) -> bool:
        """Whether it can be nothing else than an equation that is meant."""
        return self.command in ABOUT_EQUATIONS or PREFIX.match(name) is not None

    @property
    def is_about_label(self) -> bool:
        """Whether there must be such a label, of whatever it is."""
        return self.command in ABOUT_EQUATIONS or self.command in OF_LATEX


def reference_at(found: Regions, offset: int, language: Language) -> Reference | None:
    """The reference that the character at an offset belongs to: one of its names, or all if it is at none."""
    for span, command, names in references(found.text, offset, language):
        if span.holds(offset) and is_read(found, names[0][1].start + 1, command):
            here = next(((name, one) for name, one in names if one.holds(offset)), None)
            if here is not None:
                return Reference((here[0],), here[1], command)
            return Reference(tuple(dict.fromkeys(name for name, _ in names)), span, command)
    return None


def names_of(latex: str) -> list[str]:
    """All the names in the references of a piece of LaTeX."""
    return [
        name
        for found in COMMAND.finditer(latex)
        for group in groups(found)
        for name, _ in names_in(latex, found.span(group))
    ]


Found = tuple[Span, str, list[tuple[str, Span]]]


def references(text: str, offset: int, language: Language) -> Iterator[Found]:
    """The references near an offset, each with its command and with its names and where they stand."""
    start, end = max(0, offset - FAR), min(len(text), offset + FAR)
    for found in COMMAND.finditer(text, start, end):
        names = [one for group in groups(found) for one in names_in(text, found.span(group))]
        if names and found["command"] not in ADDRESS:
            yield Span(*found.span()), found["command"], names
    for pattern in () if language is Language.LATEX else (AT, ROLE, LINK, BOOKDOWN):
        for found in pattern.finditer(text, start, end):
            yield one_name(found, pattern)


def groups(found: re.Match[str]) -> tuple[str, ...]:
    if found["command"] == "hyperref":
        return ("option",) if found["option"] else ()
    return ("names", "last") if found["command"].endswith("range") else ("names",)


def names_in(text: str, argument: tuple[int, int]) -> Iterator[tuple[str, Span]]:
    """The names in an argument, separated by commas."""
    start, end = argument
    brace = text.startswith("{", start)
    for part in NAME.finditer(text, start + brace, end - brace):
        name = (part["name"] or "").rstrip()
        if name and not set(name) & set("\\#{}\n"):
            yield name, Span(part.start("name"), part.start("name") + len(name))


def one_name(found: re.Match[str], pattern: re.Pattern[str]) -> Found:
    """A reference of Markdown, which has one name; that is the whole of it."""
    name, span = found["name"].strip(), Span(*found.span())
    if pattern is AT:
        # Quarto takes `@Eq-x` for `@eq-x` at the start of a sentence.
        short = name.rstrip(AFTER)
        span = Span(span.start, span.end - (len(name) - len(short)))
        name = short[0].lower() + short[1:] if PREFIX.match(short) else short
    command = found["command"] if pattern is ROLE else "@" if pattern is AT else ""
    return span, command, [(name, span)]


def is_read(found: Regions, at: int, command: str) -> bool:
    """Whether a reference that stands at an offset is one: in a comment or in code it is not, nor in an address."""
    region = found.at(at)
    if command == "@":
        return region is not None and region.kind is Kind.ARGUMENT
    return region is None or region.kind not in SILENT


def is_mentioned(name: str, found: Regions, language: Language) -> bool:
    """Whether a name stands in a text as an argument, but not of a reference: as the label of a section, perhaps."""
    for match in re.finditer(rf"[{{\[=(,#][ \t]*{re.escape(name)}(?![\w:-])", found.text):
        at = match.end() - 1
        region = found.at(at)
        if region is not None and region.kind in SILENT | MATH:
            continue
        if not any(span.holds(at) for span, _, _ in references(found.text, at, language)):
            return True
    return False
