"""The packages that a piece of LaTeX needs, those that a document has, and the line that adds what is missing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from mleq_lsp.latex.package_table import AFTER_AMS, COMMANDS, ENVIRONMENTS, HAS
from mleq_lsp.latex.preamble import Load, Preamble, read
from mleq_lsp.text import LINE_END

# By the name of a command or an environment: the packages that have it, the one to add first.
GIVERS = {f"\\{name}": row.split() for row, names in COMMANDS.items() for name in names.split()}
GIVERS |= {name: row.split() for row, names in ENVIRONMENTS.items() for name in names.split()}
ORDER = tuple(dict.fromkeys(row.split()[0] for row in COMMANDS))
NAME = re.compile(r"%[^\r\n]*|\\begin[ \t]*\{(?P<environment>[a-zA-Z]+\*?)\}|(?P<command>\\(?:[a-zA-Z]+|.))", re.DOTALL)
AMS = frozenset(("amsmath", "amssymb", "mathtools"))
DOCUMENT = ("documentclass", "documentstyle")
CLASS = (*DOCUMENT, "LoadClass", "LoadClassWithOptions")
NO_FILES: Mapping[str, str] = MappingProxyType({})


def missing(latex: str, has: frozenset[str]) -> tuple[str, ...]:
    """The packages to add to a document that has the packages and commands `has`, in the order to load them in."""
    wanted = {GIVERS[name][0] for name in names_in(latex) if name not in has and has.isdisjoint(GIVERS[name])}
    brought = {other for package in wanted for other in all_of(package) if other != package}
    return tuple(package for package in ORDER if package in wanted - brought)


def names_in(latex: str) -> Iterator[str]:
    """The commands and environments of a piece of LaTeX that are not plain LaTeX, outside comments."""
    for found in NAME.finditer(latex):
        name = found["environment"] or found["command"]
        if name in GIVERS:
            yield name


def loaded(text: str, files: Mapping[str, str] = NO_FILES) -> frozenset[str]:
    """What a document has by its preamble: packages by their names, and the commands that it defines itself.

    `files` are the sources of the project by file name; what those that the preamble loads or reads have counts as
    well. Of a class or package that is neither among them nor in the table nothing is known.
    """
    has: set[str] = set()
    todo, seen = [text], set[str]()
    while todo:
        preamble = read(todo.pop())
        has |= preamble.commands
        for file, names in loaded_files(preamble):
            source = files.get(file, files.get(file.rpartition("/")[2]))
            if source is None:
                has.update(*map(all_of, names))
            elif file not in seen:
                has.update(names)
                todo.append(source)
            seen.add(file)
    return frozenset(has)


def loaded_files(preamble: Preamble) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each file that a preamble loads or reads, and what it is as a row of the table, alone and with its options."""
    for name in preamble.inputs:
        yield name, ()
        yield f"{name}.tex", ()
    for load in preamble.loads:
        ending = ".cls" if load.command in CLASS else ".sty"
        for name in load.names:
            options = (f"{name}[{option.partition('=')[0].strip()}]" for option in load.options)
            yield name + ending, (name, *filter(row, options))
        if is_subfile(load):
            yield from ((option, ()) for option in load.options)
            yield from ((f"{option}.tex", ()) for option in load.options)


@lru_cache(maxsize=1024)
def all_of(name: str) -> frozenset[str]:
    """A class, package or option with all that it loads or stands in for."""
    found: set[str] = set()
    todo = [name]
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += row(one).split()
    return frozenset(found)


def row(name: str) -> str:
    """The table's row of a class, package or option, which may leave its number open; empty where it has none."""
    return HAS.get(name) or HAS.get(re.sub(r"\d+", "#", name), "")


def is_subfile(load: Load) -> bool:
    """Whether the document is a part of another one, whose preamble is used and named as the option."""
    return load.command in DOCUMENT and load.names == ("subfiles",)


def usepackage_edit(text: str, packages: Sequence[str]) -> tuple[int, str] | None:
    """Where to insert what into a root document so that it loads the packages; None where there is no place.

    The line goes after the last `\\usepackage`; one with `amsmath` goes before the packages that it must precede.
    """
    preamble = read(text)
    after = load_before(preamble, packages)
    if after is None or after.line_end is None or not packages:
        return None
    at = after.line_end
    end = LINE_END.search(text)
    line_end = end.group() if end else "\n"
    closing = "" if at == len(text) or text[at] in "\r\n" else line_end
    lines = [f"\\usepackage{{{names}}}" for names in written(preamble, packages)]
    return at, line_end + line_end.join(lines) + closing


def load_before(preamble: Preamble, packages: Sequence[str]) -> Load | None:
    """The command after which the packages are to be loaded: the class or the last package that may precede them."""
    last = None
    for load in preamble.loads:
        if load.command in DOCUMENT and last is None and not is_subfile(load):
            last = load
        elif last is not None:
            if not AFTER_AMS.isdisjoint(load.names) and not AMS.isdisjoint(packages):
                break
            last = last if load.line_end is None else load
    return last


def written(preamble: Preamble, packages: Sequence[str]) -> Sequence[str]:
    """The arguments of the new commands: one with all packages, or one each in a document that does it so."""
    lists = [load.names for load in preamble.loads if load.command == "usepackage"]
    singles = sum(len(names) == 1 for names in lists)
    return packages if singles > len(lists) - singles else [",".join(packages)]
