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
    rf"\\(?P<command>{'|'.join(SUFFIXES)})(?![a-zA-Z@])(?:\s*\[[^\[\]]*\])?\s*"
    r"(?:\{(?P<first>[^{}]*)\}(?:(?<=\})\{(?P<second>[^{}]*)\})?|(?P<bare>[\w./-]+))"
)
MAGIC = re.compile(r"^[ \t]*%+[ \t]*!\s*TEX\s+root\s*=\s*(\S.*?)[ \t\r]*$", re.IGNORECASE | re.MULTILINE)
SUBFILE = re.compile(r"^[^%\n]*\\documentclass\s*\[([^\[\]]*)\]\s*\{subfiles\}", re.MULTILINE)
CLASS, BODY = re.compile(r"\\documentclass(?![a-zA-Z@])"), re.compile(r"\\begin\{document\}")
COMMENT = re.compile(r"(?<!\\)(?:\\\\)*%")
MOST_FILES = 200  # of one project that are read
Read = Callable[[Path], str | None]


def names_in(text: str) -> list[str]:
    """The names of the files that a source names, with their suffixes and folders with `/`."""
    return list(dict.fromkeys(scan_names(text)))


def scan_names(text: str) -> Iterator[str]:
    for found in uncommented(NAMED, text):
        command, suffix = found["command"], SUFFIXES[found["command"]]
        first = (found["first"] or found["bare"] or "").strip().strip('"')
        if command in ("import", "subimport"):
            names = [f"{first.rstrip('/')}/{found['second'] or ''}"]
        else:
            names = re.split(r"\s*,\s*", re.sub(r"%[^\n]*\n\s*", "", first).strip())
        yield from (name if Path(name).suffix == suffix else name + suffix for name in names if name)


def uncommented(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches that are in no comment; each line is looked through once, however many there are on it."""
    seen, is_commented = 0, False
    for found in pattern.finditer(text):
        line = text.rfind("\n", seen, found.start()) + 1
        if line:
            seen, is_commented = line, False
        is_commented = is_commented or COMMENT.search(text, seen, found.start()) is not None
        seen = found.start()
        if not is_commented:
            yield found


def root_named(text: str) -> str | None:
    """The root that a chapter names itself, by a `% !TEX root = ...` comment or as a subfile."""
    found = MAGIC.search(text, 0, 2000) or SUBFILE.search(text, 0, 2000)
    return found[1] if found else None


def is_root(text: str) -> bool:
    """Whether TeX can be run on a source."""
    return next(uncommented(CLASS, text), None) is not None


def preamble_of(text: str) -> str:
    """What stands before a document's body; nothing in a chapter."""
    body = next(uncommented(BODY, text), None)
    if body is not None:
        return text[: body.start()]
    return text if is_root(text) else ""


def sources(path: Path, text: str, read: Read) -> dict[Path, str]:
    """A source and the files that it names, which `read` gives or does not know, each after those that it names."""
    found: dict[Path, str] = {}
    follow(path, text, read, path.parent, {path}, found)
    return found


def follow(path: Path, text: str, read: Read, home: Path, seen: set[Path], found: dict[Path, str]) -> None:
    for name in names_in(text):
        if len(seen) > MOST_FILES:
            break
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
