"""Packs from disk: YAML to a catalogue, and what is kept of the built-in one, so that start-up reads no YAML."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from mleq_lsp.catalogue.compiled import compiled, restore
from mleq_lsp.catalogue.forms import forms_of, restore_forms
from mleq_lsp.catalogue.model import Catalogue, Entry, Forms, Located, Problem, Reference

PACKAGE = Path(__file__).parent.parent
COMPILED = PACKAGE / "catalogue.tsv"  # in a wheel, and beside it
FORMS = "forms.json"
SOURCES = PACKAGE / "snippets" if COMPILED.exists() else PACKAGE.parent / "snippets"
# Beside the sources of a checkout, where the same is kept.
CACHE = ".catalogue.cache"
FORMS_CACHE = ".forms.cache"

Stamps = list[list[str | int]]  # of files: path, time of the last change in ns, bytes


@dataclass(frozen=True, slots=True)
class Pack:
    """A folder of equations as it was read."""

    catalogue: Catalogue
    problems: list[Problem]
    located: list[Located]


def load_builtin() -> tuple[Catalogue, list[Problem]]:
    """The catalogue that comes with mleq-lsp: compiled in a wheel, from its sources in a checkout."""
    if COMPILED.exists():
        return restore(COMPILED.read_text("utf-8")), []
    kept = read_cache(SOURCES / CACHE)
    if kept is not None:
        return restore(kept), []
    pack = load_pack(SOURCES)
    if not pack.problems:
        save(SOURCES / CACHE, compiled(pack.catalogue))
    return pack.catalogue, pack.problems


def with_forms(builtin: Catalogue) -> Catalogue:
    """The built-in catalogue with its normal forms, which are not needed to start with and take a second to make."""
    kept = COMPILED.with_name(FORMS).read_text("utf-8") if COMPILED.exists() else read_cache(SOURCES / FORMS_CACHE)
    if kept is None:
        kept = json.dumps(all_forms(builtin))
        save(SOURCES / FORMS_CACHE, kept)
    found = json.loads(kept)
    forms = {entry: restore_forms(found[entry.id]) for entry in builtin if entry.id in found}
    return replace(builtin, forms=MappingProxyType(forms))


def all_forms(catalogue: Catalogue) -> dict[str, Forms]:
    """The forms of all entries by their ids, to be kept as JSON."""
    return {entry.id: forms_of(entry) for entry in catalogue}


def read_cache(path: Path) -> str | None:
    """What is kept, if it was made of the sources and by the code that there are now."""
    try:
        state, _, kept = path.read_text("utf-8").partition("\n")
        return kept if json.loads(state) == fingerprint() else None
    except (OSError, ValueError):
        return None  # none yet, or one of another version


def save(path: Path, kept: str) -> None:
    """Keeps a text in one step; a read-only checkout does without."""
    scratch = path.with_suffix(f".{os.getpid()}.cache")
    try:
        scratch.write_text(f"{json.dumps(fingerprint())}\n{kept}", "utf-8")
        scratch.replace(path)
    except OSError:
        scratch.unlink(missing_ok=True)


def fingerprint() -> Stamps:
    """What a kept text depends on: the sources and the code that makes something of them."""
    code = [*Path(__file__).parent.glob("*.py"), *(PACKAGE / "latex").glob("*.py")]
    return stamps_of(sorted([*pack_files(SOURCES), *SOURCES.glob("*.bib"), *code]))


def stamps_of(files: Iterable[Path]) -> Stamps:
    """What differs where a file has been changed, added or removed."""
    stamps: Stamps = []
    for file in files:
        with suppress(OSError):  # it has gone just now
            status = file.stat()
            stamps.append([str(file), status.st_mtime_ns, status.st_size])
    return stamps


def load_pack(root: Path) -> Pack:
    """Every YAML file and `references.bib` in a folder, or one YAML file."""
    located: list[Located] = []
    problems: list[Problem] = []
    if not root.exists():
        problems.append(Problem(root, 1, 1, "no such file or folder: check the path"))
    for path in pack_files(root):
        found, wrong = load_file(path, root)
        located += found
        problems += wrong
    # Of a single file, the references are beside it or, as in a pack, beside its folder.
    references, wrong = load_references(*((root,) if root.is_dir() else (root.parent, root.parent.parent)))
    entries, doubled = unique(located)
    catalogue = Catalogue(MappingProxyType(entries), MappingProxyType(references))
    kept = [one for one in located if entries[one.entry.id] is one.entry]
    return Pack(catalogue, [*problems, *wrong, *doubled], kept)


def pack_files(root: Path) -> list[Path]:
    if not root.is_dir():
        return [root] if root.exists() else []
    return sorted(path for path in root.rglob("*") if path.suffix in (".yaml", ".yml"))


def load_file(path: Path, root: Path) -> tuple[list[Located], list[Problem]]:
    # Here, and not at the top, because a start from the compiled form needs no YAML.
    from mleq_lsp.catalogue.parse import MAX_BYTES, parse_file

    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return [], [Problem(path, 1, 1, "not a regular file: remove or rename it")]
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        return [], [Problem(path, 1, 1, f"cannot be read ({error.strerror}): check that it exists and its permissions")]
    topic = path.parent.name if path.parent != root and path != root else ""
    return parse_file(path, topic, data)


def load_references(*folders: Path) -> tuple[dict[str, Reference], list[Problem]]:
    from mleq_lsp.catalogue.references import parse_references

    path = next((folder / "references.bib" for folder in folders if (folder / "references.bib").exists()), None)
    if path is None:
        return {}, []
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Problem(path, 1, 1, f"cannot be read ({error}): it must be a UTF-8 file")]
    return parse_references(path, text)


def unique(located: Iterable[Located]) -> tuple[dict[str, Entry], list[Problem]]:
    """The entries by id; of two with one id the first is kept and the second is a problem."""
    first: dict[str, Located] = {}
    problems = []
    for one in located:
        kept = first.setdefault(one.entry.id, one)
        if kept is not one:
            where = f"{kept.path}:{kept.start[0]}"
            line, column = one.fields["id"]
            problems.append(Problem(one.path, line, column, f"id `{one.entry.id}` is taken by {where}: choose another"))
    return {entry_id: one.entry for entry_id, one in first.items()}, problems


def merged(catalogues: Iterable[Catalogue]) -> Catalogue:
    """Several packs as one; a later one's entry replaces an earlier one's of the same id."""
    entries: dict[str, Entry] = {}
    references: dict[str, Reference] = {}
    forms: dict[Entry, Forms] = {}
    for catalogue in catalogues:
        entries.update(catalogue.entries)
        references.update(catalogue.references)
        forms.update(catalogue.forms)
    return Catalogue(MappingProxyType(entries), MappingProxyType(references), MappingProxyType(forms))
