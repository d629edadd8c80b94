"""What a document can see beyond its own text: the sources it is compiled with, and what else is open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from itertools import chain

from mleq_lsp.labels import Label, Maker, is_mentioned, labels, makers_in, names_like
from mleq_lsp.latex.definitions import definitions
from mleq_lsp.latex.macros import Macro
from mleq_lsp.latex.metadata import as_tex
from mleq_lsp.latex.packages import loaded
from mleq_lsp.regions import (
    NOTHING,
    Authored,
    Kind,
    Language,
    Regions,
    authored_at_end,
    authored_in,
    regions_once,
)
from mleq_lsp.text import PARAGRAPH_END, Span, unquoted

DEFINES = re.compile(
    r"^[ \t>]*\\(?=(?:(?:re)?newcommand|providecommand|DeclareMathOperator|[gex]?def|let)(?![a-zA-Z@]))", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Root:
    """The file that TeX is run on, for a document that is only a part of it."""

    uri: str
    name: str  # as a person calls it: "main.tex"
    text: str


@dataclass(frozen=True, slots=True)
class Project:
    """The rest of a document's project; a lone document has none."""

    sources: tuple[str, ...] = ()  # what TeX reads beside the document, what is read before it last
    files: Mapping[str, str] = field(default_factory=dict)  # the same files by name
    root: Root | None = None  # None for a document that is no part of another one
    others: tuple[str, ...] = ()  # the texts of the other open documents
    pages: Mapping[str, str] = field(default_factory=dict)  # what else the document may refer to, by name

    @property
    def authored(self) -> Authored:
        """What the sources define that begins or ends a formula."""
        return reduce(authored_after, self.sources, NOTHING)


LONE = Project()


@dataclass(frozen=True, slots=True)
class Labelled:
    """A label of formulas, and the file that it stands in: without a name it is the document itself."""

    label: Label
    found: Regions
    file: str = ""


def macros(found: Regions, language: Language, project: Project, before: int | None = None) -> Mapping[str, Macro]:
    """The macros that a document can see, before an offset if one is given; its own go before the rest's."""
    own = list(defined(found))
    if language is not Language.LATEX:
        own = sorted((*own, *defined_in_text(found)))
    read = (source for start, source in own if before is None or start < before)
    return macros_of((*project.sources, "\n".join(read)))


def macros_elsewhere(found: Regions, language: Language, project: Project) -> Mapping[str, Macro]:
    """The macros in the other sources of a document; what a chapter defines anew holds in no other file."""
    own = macros(found, language, project)
    return own if project.root is None else {**own, **macros_of(project.sources)}


def defined(found: Regions) -> Iterator[tuple[int, str]]:
    """What defines macros in a document, and where."""
    for region in found.of_kind(Kind.FRONT_MATTER):
        yield region.span.start, as_tex(region.body.of(found.text))
    for region in found.of_kind(Kind.DEFINITION):
        yield region.span.start, unquoted(found.text, region.span)


def defined_in_text(regions: Regions) -> Iterator[tuple[int, str]]:
    """The same in the text of a page, where pandoc takes definitions as TeX; in a TeX source they are regions."""
    text, done = regions.text, 0
    for found in DEFINES.finditer(text):
        if found.end() >= done and regions.at(found.end()) is None:
            after = PARAGRAPH_END.search(text, found.end())
            span = Span(found.end() - 1, after.start() if after else len(text))
            done = span.end
            yield span.start, unquoted(text, span)


def labelled(name: str, found: Regions, language: Language, project: Project) -> list[Labelled]:
    """Where a label of formulas stands: in the document, or else in the files of its project in their order."""
    known, makers = authored_at_end(found), makers_in(macros(found, language, project))
    own = [Labelled(label, found) for label in own_labels(found, language, makers) if label.name == name]
    written = {name, *filter(None, (maker.argument_for(name) for maker in makers))}
    return own + [
        Labelled(label, scanned(text, language, known), file)
        for file, text in files(project)
        if any(one in text for one in written)
        for label in labels_of(text, language, known, makers)
        if label.name == name
    ]


def is_known(name: str, found: Regions, language: Language, project: Project) -> bool:
    """Whether a name that is no formula's may be the label of something else in a project."""
    if is_mentioned(name, found, language):
        return True
    known = authored_at_end(found)
    return any(
        name in text and is_mentioned(name, scanned(text, language, known), language) for _, text in files(project)
    )


def alike(name: str, found: Regions, language: Language, project: Project) -> list[str]:
    """The labels of formulas that are spelled nearly like a name."""
    near = names_like(name, (found.text, *(text for _, text in files(project))), language)
    return [one for one in near if labelled(one, found, language, project)]


def files(project: Project) -> Iterator[tuple[str, str]]:
    """The names and texts of all that a document may refer to."""
    return chain(project.files.items(), project.pages.items())


def packages(preamble: str, project: Project) -> frozenset[str]:
    """The packages that TeX has loaded and the commands that it knows after a preamble."""
    return packages_of(preamble, tuple(project.files.items()))


# What is remembered here is a text's alone, so a file that has not changed is not read again.


@lru_cache(maxsize=8)
def macros_of(sources: tuple[str, ...]) -> Mapping[str, Macro]:
    found: dict[str, Macro] = {}
    for source in sources:
        found |= definitions_of(source)
    return found


@lru_cache(maxsize=8)
def packages_of(preamble: str, files: tuple[tuple[str, str], ...]) -> frozenset[str]:
    return loaded(preamble, dict(files))


@lru_cache(maxsize=64)
def scanned(text: str, language: Language, known: Authored) -> Regions:
    return regions_once(text, language, known)


@lru_cache(maxsize=8)
def own_labels(found: Regions, language: Language, makers: tuple[Maker, ...] = ()) -> tuple[Label, ...]:
    return labels(found, language, makers)


@lru_cache(maxsize=500)
def labels_of(text: str, language: Language, known: Authored, makers: tuple[Maker, ...]) -> tuple[Label, ...]:
    return labels(scanned(text, language, known), language, makers)


@lru_cache(maxsize=500)
def definitions_of(source: str) -> Mapping[str, Macro]:
    return definitions(source)


@lru_cache(maxsize=500)
def authored_after(known: Authored, source: str) -> Authored:
    return authored_in(source, known)
