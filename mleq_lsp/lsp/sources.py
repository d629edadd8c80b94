"""The files of the projects that open documents belong to, as they are on the disk or in the editor."""

from __future__ import annotations

import os
import stat
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import takewhile
from pathlib import Path, PurePosixPath

from mleq_lsp.latex.files import is_root, names_in, normal, root_named, sources
from mleq_lsp.latex.metadata import as_tex
from mleq_lsp.lsp.document import SUFFIXES, Document
from mleq_lsp.project import Project, Root
from mleq_lsp.regions import Language

SECONDS_BETWEEN_LOOKS = 1.0  # at whether files have changed
MOST_BYTES = 4_000_000  # of a file that is read
MOST_CANDIDATES = 100  # files of a folder that are asked whether they are a chapter's root
MOST_PAGES = 200  # of Markdown that are looked for references in
MOST_FOLDERS = 500  # that are gone through for them
# Files that make one book of the pages in their folder and below it, as Quarto, Jupyter Book, MyST, bookdown and Sphinx
# have them.
BOOKS = ("_quarto.yml", "_quarto.yaml", "_toc.yml", "myst.yml", "_bookdown.yml", "conf.py")
NO_PAGES = frozenset(("node_modules", "venv", "site-packages", "renv"))


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as it was last read; no text where there is none to be read."""

    stamp: tuple[int, int] | None = None  # time of its last change, and bytes
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """A project that was put together, and what that depends on."""

    project: Project
    names: tuple[object, ...]  # what the document said of its project
    reads: Mapping[Path, str | None]  # all that was read, and what it said


class Sources:
    """Puts together what a document can see of its project.

    A file is read when it is first named; after that a thread of its own looks whether it has changed, so that a
    request waits for the disk only where it names a new file, or is the first after one was opened or saved.
    """

    def __init__(self, documents: Mapping[str, Document]) -> None:
        self.folders: list[Path] = []  # of the workspace; nothing outside of them is read
        self._documents = documents
        self._files: dict[Path, Seen] = {}
        self._known: dict[str, Known] = {}  # by the document's URI

    def project(self, document: Document) -> Project:
        """The rest of the document's project."""
        is_latex = document.language is Language.LATEX
        rest = [one for one in self._documents.values() if one is not document]
        rest = [one for one in rest if (one.language is Language.LATEX) == is_latex]
        others = tuple(one.text for one in rest)
        if document.path is None:
            return Project(others=others, pages={PurePosixPath(one.uri).name: one.text for one in rest})
        opened = {one.path: one for one in rest if one.path is not None}
        names: tuple[object, ...] = ()
        if is_latex:
            names = (*names_in(document.text), root_named(document.text), is_root(document.text))
        known = self._known.get(document.uri)
        if known is None or known.names != names or not self.still_says(known.reads, opened):
            reading = Reading(self, opened, document.path, document.text)
            project = reading.project() if is_latex else reading.book()
            known = self._known[document.uri] = Known(project, names, reading.reads)
        return replace(known.project, others=others)

    def still_says(self, reads: Mapping[Path, str | None], opened: Mapping[Path, Document]) -> bool:
        return all((opened[path].text if path in opened else self.read(path)) is text for path, text in reads.items())

    def read(self, path: Path) -> str | None:
        """The text of a file as it was when it was last looked at."""
        if path not in self._files:
            self._files[path] = look_at(path, Seen())
        return self._files[path].text

    def forget(self) -> None:
        """Puts every project together anew when it is next asked for: there may be other files now."""
        used = {path for known in self._known.values() for path in known.reads}
        self._files = {path: seen for path, seen in self._files.items() if path in used}
        self._known.clear()
        self.look()

    def look(self) -> None:
        """Reads again what has changed."""
        for path, seen in list(self._files.items()):
            now = look_at(path, seen)
            # Both threads look: what the other one has found meanwhile, or let go, stays so.
            if self._files.get(path) is seen:
                self._files[path] = now

    def keep_looking(self) -> None:
        """Looks again and again, in a thread of its own."""
        threading.Thread(target=self.look_forever, daemon=True).start()

    def look_forever(self) -> None:
        while True:
            time.sleep(SECONDS_BETWEEN_LOOKS)
            self.look()


def look_at(path: Path, before: Seen) -> Seen:
    """The file as it is now: the same value as before if it has not changed."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Seen()
        stamp = (status.st_mtime_ns, status.st_size)
        if before.stamp == stamp:
            return before
        return Seen(stamp, path.read_text("utf-8", "replace") if stamp[1] <= MOST_BYTES else None)
    except (OSError, ValueError):
        return Seen()


class Reading:
    """One putting together of a document's project, with a record of all that was read for it."""

    def __init__(self, files: Sources, opened: Mapping[Path, Document], path: Path, text: str) -> None:
        self.reads: dict[Path, str | None] = {}
        self._files = files
        self._opened = opened
        self._path = path
        self._text = text
        self._folders = files.folders or real_paths([path.parent])

    def project(self) -> Project:
        """What TeX reads with the document; where its root is not known, what is open may belong to it too."""
        root_path = self.root_path()
        root_text = self.read(root_path) or ""
        found = sources(root_path, root_text, self.read)
        # What a chapter further down defines counts for little here, and what the root defines for most.
        before = dict(takewhile(lambda source: source[0] != self._path, found.items()))
        found.pop(self._path, None)
        ordered = sorted(found, key=lambda path: (path == root_path, path in before))
        read = tuple(found[path] for path in ordered)
        files = {called(path, root_path.parent): text for path, text in found.items()}
        if root_path != self._path:
            uri = self._opened[root_path].uri if root_path in self._opened else root_path.as_uri()
            return Project(read, files, Root(uri, root_path.name, root_text))
        pages = {} if is_root(self._text) else self.pages(sorted(self._opened.keys() - found), root_path.parent)
        return Project(read, files, pages=pages)

    def book(self) -> Project:
        """The pages of the book that a page of Markdown belongs to; without one those beside it, and open ones."""
        home = next((one for one in self.folders() if any(self.read(one / name) is not None for name in BOOKS)), None)
        if home is None:
            beside = [path for path in names_below(self._path.parent) if is_page(path)][:MOST_PAGES]
            return Project(pages=self.pages((*beside, *self._opened), self._path.parent))
        opened = (path for path in self._opened if path.is_relative_to(home))
        defined = (self.read(home / name) for name in BOOKS if not name.endswith(".py"))
        return Project(
            tuple(as_tex(text) for text in defined if text), pages=self.pages((*pages_below(home), *opened), home)
        )

    def pages(self, paths: Iterable[Path], home: Path) -> dict[str, str]:
        """The texts of files other than the document, by their names."""
        texts = ((path, self.read(path)) for path in dict.fromkeys(paths) if path != self._path)
        return {called(path, home): text for path, text in texts if text is not None}

    def read(self, path: Path) -> str | None:
        """The text of a file of the workspace: as it is open, or else as it is on the disk."""
        if path == self._path:
            return self._text
        if path not in self.reads:
            if path in self._opened:
                self.reads[path] = self._opened[path].text
            elif self.is_inside(path):
                self.reads[path] = self._files.read(path)
        return self.reads.get(path)

    def is_inside(self, path: Path) -> bool:
        """Whether a path, links followed, is in the workspace."""
        return any(real.is_relative_to(folder) for real in real_paths([path]) for folder in self._folders)

    def root_path(self) -> Path:
        """The file that TeX is run on to see this one; itself where no other is found."""
        named = root_named(self._text)
        if named is not None:
            root = normal(self._path.parent / named)
            if not self._files.folders:
                self._folders += real_paths([root.parent])
            named_so = (root, root.with_suffix(".tex")) if root.name else ()
            return next((one for one in named_so if self.read(one) is not None), self._path)
        if is_root(self._text):
            return self._path
        return next(filter(self.is_root_of_this, self.candidates()), self._path)

    def candidates(self) -> Iterator[Path]:
        """Files that may be a chapter's root: those that are open, and those in its folder and in the ones above."""
        yield from self._opened
        for folder in self.folders():
            yield from [path for path in names_below(folder) if path.suffix == ".tex"][:MOST_CANDIDATES]

    def folders(self) -> Iterator[Path]:
        """The document's folder, and those above it in the workspace."""
        return takewhile(self.is_inside, self._path.parents)

    def is_root_of_this(self, path: Path) -> bool:
        text = self.read(path)
        return text is not None and is_root(text) and self._path in sources(path, text, self.read)


def real_paths(paths: Iterable[Path]) -> list[Path]:
    """Paths with links followed; those that cannot be one are left out."""
    found = []
    for path in paths:
        with suppress(OSError, RuntimeError, ValueError):
            found.append(path.resolve())
    return found


def names_below(folder: Path) -> list[Path]:
    """What is in a folder, in order; nothing if it cannot be read."""
    try:
        return sorted(folder.iterdir())
    except (OSError, ValueError):
        return []


def called(path: Path, home: Path) -> str:
    """A file as a person calls it who is at home in a folder."""
    try:
        return Path(os.path.relpath(path, home)).as_posix()
    except ValueError:  # on another drive
        return path.as_posix()


def is_page(path: Path) -> bool:
    return SUFFIXES.get(path.suffix.lower()) in (Language.MARKDOWN, Language.QUARTO)


def pages_below(home: Path) -> list[Path]:
    """The pages of Markdown in a folder and below it, but for what was made of them."""
    found: list[Path] = []
    for number, (folder, inner, names) in enumerate(os.walk(home)):
        inner[:] = sorted(name for name in inner if name[0] not in "._" and name not in NO_PAGES)
        found += (path for path in (Path(folder, name) for name in sorted(names)) if is_page(path))
        if len(found) >= MOST_PAGES or number >= MOST_FOLDERS:
            break
    return found[:MOST_PAGES]
