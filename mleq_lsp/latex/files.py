"""The files that a TeX source names."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path

# Commands by how TeX completes the names that they are given.
SUFFIXES = {
    **dict.fromkeys("input include subfile subfileinclude InputIfFileExists import subimport".split(), ".tex"),
    **dict.fromkeys("usepackage RequirePackage".split(), ".sty"),
    **dict.fromkeys("documentclass LoadClass".split(), ".cls"),
}
NAMED = re.compile(
    rf"\\(?P<command>{'|'.join(SUFFIXES)})(?![a-zA-Z@])\s*(?:\[[^\[\]]*\])?\s*"
    r"(?:\{(?P<first>[^{}]*)\}(?:(?<=\})\{(?P<second>[^{}]*)\})?|(?P<bare>[\w./-]+))"
)
MAGIC = re.compile(r"^[ \t]*%+[ \t]*!\s*TEX\s+root\s*=\s*(\S.*?)[ \t]*$", re.IGNORECASE | re.MULTILINE)
SUBFILE = re.compile(r"^[^%\n]*\\documentclass\s*\[([^\[\]]*)\]\s*\{subfiles\}", re.MULTILINE)
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
MOST_FILES = 500  # of one project that are read
Read = Callable[[Path], str | None]


def names_in(text: str) -> list[str]:
    """The names of the files that a source names, with their suffixes and folders with `/`."""
    return list(dict.fromkeys(scan_names(text)))


def scan_names(text: str) -> Iterator[str]:
    for found in NAMED.finditer(text):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if COMMENT.search(line):
            continue
        command, suffix = found["command"], SUFFIXES[found["command"]]
        first = (found["first"] or found["bare"] or "").strip().strip('"')
        if command in ("import", "subimport"):
            names = [f"{first.rstrip('/')}/{found['second'] or ''}"]
        else:
            names = re.split(r"\s*,\s*", re.sub(r"%[^\n]*\n\s*", "", first).strip())
        yield from (name if Path(name).suffix == suffix else name + suffix for name in names if name)


def root_named(text: str) -> str | None:
    """The root that a chapter names itself, by a `% !TEX root = ...` comment or as a subfile."""
    found = MAGIC.search(text, 0, 2000) or SUBFILE.search(text, 0, 2000)
    return found[1] if found else None


def is_root(text: str) -> bool:
    """Whether TeX can be run on a source."""
    return uncommented(text, "\\documentclass") != -1


def preamble_of(text: str) -> str:
    """What stands before a document's body; nothing in a chapter."""
    body = uncommented(text, "\\begin{document}")
    if body != -1:
        return text[:body]
    return text if is_root(text) else ""


def uncommented(text: str, command: str) -> int:
    """Where a command stands first that is in no comment; -1 if it does not."""
    at = text.find(command)
    while at != -1 and COMMENT.search(text[text.rfind("\n", 0, at) + 1 : at]):
        at = text.find(command, at + 1)
    return at


def sources(path: Path, text: str, read: Read) -> dict[Path, str]:
    """A source and the files that it names, which `read` gives or does not know, each after those that it names."""
    found: dict[Path, str] = {}
    follow(path, text, read, path.parent, {path}, found)
    return found


def follow(path: Path, text: str, read: Read, home: Path, seen: set[Path], found: dict[Path, str]) -> None:
    for name in names_in(text) if len(found) < MOST_FILES else ():
        # TeX looks from the root's folder, and people write names beside the file too.
        for named_path in dict.fromkeys((normal(home / name), normal(path.parent / name))):
            inside = None if named_path in seen else read(named_path)
            if inside is not None:
                seen.add(named_path)
                follow(named_path, inside, read, home, seen, found)
                break
    found[path] = text


def normal(path: Path) -> Path:
    """A path without `..`, by its letters alone: no file is looked at."""
    return Path(os.path.normpath(path))
