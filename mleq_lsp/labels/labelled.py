"""The labels of formulas in a text, and which formulas they are the labels of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import NamedTuple

from mleq_lsp.latex.macros import Form, Macro
from mleq_lsp.regions import MATH, Kind, Language, Region, Regions, innermost
from mleq_lsp.text import Span

NAMES = r"[^{}\\#%\n]+"
PREFIX = re.compile(r"(?:eqs?|eqn|equ|equation)[:_.-]|e:", re.IGNORECASE)  # that authors mark an equation's label with
LABEL = re.compile(rf"\\label[ \t]*(?:\[[^\[\]\n]*\][ \t]*)?\{{[ \t]*(?P<name>(?![ \t]){NAMES})\}}")
BOOKDOWN = re.compile(r"\(\\#(?P<name>[\w:/-]+)\)")
MADE = re.compile(r"\\label\s*\{(?P<before>[^{}#]*)#(?P<argument>[1-9])(?P<after>[^{}#]*)\}")
GROUP = r"\{(?:[^{}]|\{[^{}]{0,300}\}){0,300}\}"
SUBEQUATIONS = re.compile(r"\\(begin|end)[ \t]*\{subequations\}")
# Environments each of whose rows has a number, and so a label, of its own; the star aside.
ROWS = frozenset("align gather flalign alignat xalignat xxalignat eqnarray IEEEeqnarray".split())

# Of a display in Markdown: after it for Quarto and pandoc-crossref, and for MyST; before it; among the fence's options.
ATTRIBUTE = re.compile(r"(?<![ \t])[ \t]*(?:\n[ \t>]*)?(?P<label>\{#(?P<name>[^\s{}]+)[^{}\n]*\})")
PARENTHESIS = re.compile(r"(?<![ \t])[ \t]*(?P<label>\((?P<name>[^()\s]+)\))[ \t]*$", re.MULTILINE)
TARGET = re.compile(r"^[ \t>]*(?P<label>\((?P<name>[^()\n]+)\)=)[ \t]*\n[ \t>]*\Z", re.MULTILINE)
OPTION = re.compile(r"^[ \t>]*(?P<label>:(?:label|name):[ \t]*(?P<name>\S+))", re.MULTILINE)
LONGEST_TARGET = 200  # characters of a line that names what is below it
DOLLARS = ("$$", r"\[", r"\\[")
# Whatever looks like a label: to find those that are spelled nearly like one that is not there.
TARGETS = re.compile(r"^[ \t>]*\((?P<name>[^()\n]+)\)=", re.MULTILINE)
IN_PAGES = (LABEL, ATTRIBUTE, PARENTHESIS, TARGETS, OPTION, BOOKDOWN)
NAMING = {Language.LATEX: (LABEL,), Language.MARKDOWN: IN_PAGES, Language.QUARTO: IN_PAGES}
SIMILAR = 0.65  # how much of two names must be the same for one to be a slip of the other


@dataclass(frozen=True, slots=True)
class Label:
    """A label of one or more formulas; `rows` is the environment that it stands in a row of."""

    name: str
    span: Span
    formulas: tuple[Region, ...]
    rows: Region | None = None


class Maker(NamedTuple):
    """A macro that labels what it stands in: by which of its arguments, and what that stands between."""

    command: str
    argument: int
    before: str
    after: str

    def argument_for(self, name: str) -> str:
        """What the argument must be for a label to be this; nothing if it cannot be."""
        is_possible = name.startswith(self.before) and name.endswith(self.after)
        return name[len(self.before) : len(name) - len(self.after)] if is_possible else ""


def labels(found: Regions, language: Language, makers: tuple[Maker, ...] = ()) -> tuple[Label, ...]:
    """The labels of formulas in a text, in order."""
    everywhere = in_formulas(found, LABEL)
    if language is Language.LATEX:
        return tuple(sorted(chain(everywhere, of_groups(found), of_macros(found, makers)), key=place))
    return tuple(sorted(chain(everywhere, in_formulas(found, BOOKDOWN), beside(found)), key=place))


def place(label: Label) -> int:
    return label.span.start


def makers_in(macros: Mapping[str, Macro]) -> tuple[Maker, ...]:
    """The macros of an author that make labels of one of their arguments: `\\newcommand{\\be}[1]{...\\label{#1}}`."""
    made = ((name, MADE.search("".join(macro.body)), macro) for name, macro in macros.items())
    return tuple(
        Maker(name, int(found["argument"]), found["before"], found["after"])
        for name, found, macro in made
        if found and all(parameter.form is Form.MANDATORY for parameter in macro.parameters)
    )


def of_macros(found: Regions, makers: tuple[Maker, ...]) -> Iterator[Label]:
    """The labels that an author's macros make."""
    if not makers:
        return
    by_name = {maker.command: maker for maker in makers}
    uses = re.compile(rf"(?P<name>{'|'.join(map(re.escape, by_name))})(?![a-zA-Z@])(?P<arguments>(?:\s*{GROUP})+)")
    for use in uses.finditer(found.text):
        maker, arguments = by_name[use["name"]], re.findall(GROUP, use["arguments"])
        if len(arguments) >= maker.argument:
            name = maker.before + arguments[maker.argument - 1][1:-1].strip() + maker.after
            label = label_at(found, Span(*use.span()), use.start("arguments") + 1, name)
            if label is not None:
                yield label


def in_formulas(found: Regions, pattern: re.Pattern[str]) -> Iterator[Label]:
    """The labels that stand in the formulas they are about."""
    for match in pattern.finditer(found.text):
        label = label_at(found, Span(*match.span()), match.start("name"), match["name"].rstrip())
        if label is not None:
            yield label


def label_at(found: Regions, span: Span, at: int, name: str) -> Label | None:
    """The label that a stretch of a formula makes, and whose name begins at an offset."""
    around = list(found.around(span.start))
    formulas = [region for region in around if region.kind in MATH and region.span.holds(span.start)]
    if not formulas or not is_read(innermost(around, at)):
        return None
    return Label(name, span, (formulas[0],), next((one for one in formulas if one.name.rstrip("*") in ROWS), None))


def is_read(region: Region | None) -> bool:
    """Whether what stands in a region counts: in a comment, in code or in a definition it does not."""
    return region is None or region.kind in MATH or region.kind in (Kind.ARGUMENT, Kind.WORDS)


def of_groups(found: Regions) -> Iterator[Label]:
    """The labels of several formulas together: those of `subequations` that stand in none of them."""
    for group in subequations(found.text):
        formulas: tuple[Region, ...] = ()
        for match in LABEL.finditer(found.text, group.start, group.end):
            if found.math_at(match.start()) is None and is_read(found.at(match.start("name"))):
                formulas = formulas or tuple(one for one in found.outermost(group) if one.kind is Kind.DISPLAY_MATH)
                yield Label(match["name"].rstrip(), Span(*match.span()), formulas)


def subequations(text: str) -> Iterator[Span]:
    begun: int | None = None
    for match in SUBEQUATIONS.finditer(text):
        if match[1] == "end" and begun is not None:
            yield Span(begun, match.start())
        begun = match.end() if match[1] == "begin" else None


def beside(found: Regions) -> Iterator[Label]:
    """The labels of Markdown's displays that stand before, after, or in the head of them."""
    text = found.text
    for region in found.outermost(Span(0, len(text))):
        span = region.span
        matches: Iterable[re.Match[str] | None] = ()
        if region.name == "math":
            matches = OPTION.finditer(text, span.start, region.body.start)
        elif region.name in DOLLARS:
            matches = (ATTRIBUTE.match(text, span.end), PARENTHESIS.match(text, span.end))
        for match in (*matches, target_above(text, region)):
            if match is not None:
                yield Label(match["name"], Span(*match.span("label")), (region,))


def target_above(text: str, region: Region) -> re.Match[str] | None:
    """MyST's `(name)=` on the line above a display."""
    if region.kind is not Kind.DISPLAY_MATH or not text.endswith(("=\n", " "), 0, region.span.start):
        return None
    return TARGET.search(text, max(0, region.span.start - LONGEST_TARGET), region.span.start)


def names_like(name: str, texts: Iterable[str], language: Language) -> list[str]:
    """The labels that are spelled nearly like a name, the likest first; some may be no formula's."""
    known = {one: PREFIX.sub("", one) for text in texts for one in names_in(text, language) if one != name}
    near = get_close_matches(PREFIX.sub("", name), sorted(set(known.values())), n=4, cutoff=SIMILAR)
    return [one for short in near for one in sorted(known) if known[one] == short]


def names_in(text: str, language: Language) -> Iterator[str]:
    """Whatever looks like a label in a text."""
    for pattern in NAMING[language]:
        for match in pattern.finditer(text):
            yield match["name"].strip()
