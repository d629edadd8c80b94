"""A catalogue as one text that is read in a moment: each entry is restored when it is first asked for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

from mleq_lsp.catalogue.model import Catalogue, Entry, Reference
from mleq_lsp.latex.tokens import Formula

Value = TypeVar("Value")


class Kept(Mapping[str, Value]):
    """Values by key, of which each is restored from its JSON the first time and is one object from then on."""

    def __init__(self, lines: str, restore: Callable[[str, Any], Value]) -> None:
        self._json = dict(line.split("\t", 1) for line in lines.split("\n") if line)
        self._restore = restore
        self._restored: dict[str, Value] = {}

    def __getitem__(self, key: str) -> Value:
        if key not in self._restored:
            self._restored.setdefault(key, self._restore(key, json.loads(self._json[key])))
        return self._restored[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._json)

    def __len__(self) -> int:
        return len(self._json)


def compiled(catalogue: Catalogue) -> str:
    """The catalogue for `restore`: a line for each entry and, after a blank line, for each reference; all ASCII."""
    entries = "\n".join(line(entry.id, entry_fields(entry)) for entry in catalogue)
    return entries + "\n\n" + "\n".join(line(r.key, reference_fields(r)) for r in catalogue.references.values())


def restore(text: str) -> Catalogue:
    """The catalogue that `compiled` wrote down."""
    entries, _, references = text.rpartition("\n\n")
    return Catalogue(Kept(entries, restore_entry), Kept(references, restore_reference))


def line(key: str, fields: Mapping[str, Any]) -> str:
    return f"{key}\t{json.dumps(fields)}"


def entry_fields(entry: Entry) -> dict[str, Any]:
    return {
        "name": entry.name,
        "aliases": entry.aliases,
        "latex": entry.body.latex,
        "about": entry.about,
        "symbols": dict(entry.symbols),
        "slots": entry.slots,
        "cite": entry.cite,
        "see": entry.see,
        "packages": entry.packages,
        "tags": entry.tags,
        "topic": entry.topic,
        "family": entry.family,
        "unchecked": entry.unchecked,
    }


def restore_entry(entry_id: str, fields: dict[str, Any]) -> Entry:
    return Entry(
        id=entry_id,
        name=fields["name"],
        aliases=tuple(fields["aliases"]),
        body=Formula(fields["latex"]),
        about=fields["about"],
        symbols=MappingProxyType(fields["symbols"]),
        slots=tuple(fields["slots"]),
        cite=tuple(fields["cite"]),
        see=tuple(fields["see"]),
        packages=tuple(fields["packages"]),
        tags=tuple(fields["tags"]),
        topic=fields["topic"],
        family=fields["family"],
        unchecked=fields["unchecked"],
    )


def reference_fields(reference: Reference) -> dict[str, Any]:
    return {
        "authors": reference.authors,
        "title": reference.title,
        "year": reference.year,
        "url": reference.url,
    }


def restore_reference(key: str, fields: dict[str, Any]) -> Reference:
    return Reference(key, tuple(fields["authors"]), fields["title"], fields["year"], fields["url"])
