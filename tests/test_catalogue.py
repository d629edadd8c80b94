"""Packs: what loads, and what is said about what does not."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema
import pytest
import yaml

from mleq_lsp.catalogue.compiled import compiled, restore
from mleq_lsp.catalogue.forms import forms_of
from mleq_lsp.catalogue.load import SOURCES, load_builtin, load_pack, merged, with_forms
from mleq_lsp.catalogue.model import Catalogue, Entry
from mleq_lsp.catalogue.parse import MAX_BYTES, READERS, REQUIRED
from mleq_lsp.catalogue.rules import RULES, check

GOOD = r"""- id: sum-rule
  name: Sum rule
  latex: p(x) = \sum_{y} p(x, y)
  about: Adds up.
  symbols:
    p: density
    x: variable
    "y": other
  slots:
    - x
  cite:
    - bishop2006
"""
BIB = "@book{bishop2006, author = {Bishop, Christopher M.}, title = {Patterns}, year = {2006}}\n"
OTHER = GOOD.replace("sum-rule", "other-rule")


def pack(folder: Path, content: str | bytes, name: str = "a.yaml") -> Path:
    """A folder with one family beside a good one."""
    (folder / "basics").mkdir()
    data = content.encode() if isinstance(content, str) else content
    (folder / "basics" / name).write_bytes(data)
    (folder / "basics" / "good.yaml").write_text(OTHER)
    (folder / "references.bib").write_text(BIB)
    return folder


def problems(folder: Path) -> list[str]:
    """What `mleq check` says of a pack, without the folder."""
    read = load_pack(folder)
    return [str(problem).removeprefix(f"{folder}/basics/") for problem in check(read, read.catalogue)]


def test_a_good_entry_loads(tmp_path: Path) -> None:
    read = load_pack(pack(tmp_path, GOOD))
    entry = read.catalogue.get("sum-rule")

    assert problems(tmp_path) == []
    assert entry is not None
    assert (entry.name, entry.topic, entry.family) == ("Sum rule", "basics", "a")
    assert entry.body.latex == r"p(x) = \sum_{y} p(x, y)"
    assert [source.short for source in read.catalogue.sources(entry)] == ["Bishop (2006)"]


def test_scalars_are_texts_as_they_are_written(tmp_path: Path) -> None:
    read = load_pack(pack(tmp_path, GOOD.replace('"y": other', "y: no").replace("x: variable", "x: 1.0")))

    assert dict(read.catalogue.entries["sum-rule"].symbols) == {"p": "density", "x": "1.0", "y": "no"}


BOMB = "- &a [x, x]\n- &b [*a, *a]\n- &c [*b, *b]\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("- id: [a\n", "a.yaml:2:1: not YAML here ("),
        ("a: b: c\n", "a.yaml:1:5: not YAML here (mapping values are not allowed in this context): quote a value"),
        (GOOD.replace("p(x) =", "[\\mathbf{x}] ="), "a.yaml:3:18: not YAML here ("),
        (GOOD.replace("Adds up.", '"\\e[31mred"'), "a.yaml:4:10: a control character"),
        (GOOD.replace("Sum rule", '"\\alpha"'), "a.yaml:2:9: a control character"),
        (GOOD.replace("p(x) =", "x^^5cinput{a} ="), "a.yaml:3:11: `^^` is TeX's way to write hidden characters"),
        (GOOD.replace("    - x\n", "    - x\n    - x\n"), "a.yaml:9:3: sum-rule: slot x is there twice: keep one"),
        (BOMB, "a.yaml:2:7: YAML aliases (`*name`) are not allowed: write the value out"),
        ("[" * 5000, "a.yaml:1:9: nested too deeply"),
        ("", "a.yaml:1:1: the file is empty: write a list of entries, or remove it"),
        ("# nothing yet\n", "a.yaml:1:1: the file is empty"),
        ("id: x\n", "a.yaml:1:1: expected a list of entries: begin each with `- id: ...`"),
        ("- x\n", "a.yaml:1:3: expected an entry"),
        ("x: \x00", "a.yaml:1:1: not YAML"),
        (b"# caf\xe9\n", "a.yaml:1:6: not UTF-8: save the file with that encoding"),
        ("- id: a-b\n".encode("utf-16"), "a.yaml:1:1: not UTF-8"),
        (GOOD.replace("  name:", "  title:"), "a.yaml:2:3: unknown field `title`: an entry has id, name, "),
        (GOOD.replace("  about: Adds up.\n", ""), "a.yaml:1:3: entry `sum-rule` has no `about`: add it"),
        (GOOD.replace("- id: sum-rule\n ", "-"), "a.yaml:1:3: this entry has no `id`: add it"),
        (GOOD.replace("Adds up.", ""), "a.yaml:4:9: this is empty: write something or remove the field"),
        (GOOD.replace("sum-rule", "Sum_Rule"), "a.yaml:1:7: `Sum_Rule`: an id is lower-case words joined by hyphens"),
        (GOOD.replace("sum-rule", "sum"), "a.yaml:1:7: `sum`: an id is lower-case words joined by hyphens"),
        (GOOD.replace("_{y}", "_{y"), "a.yaml:3:22: this `{` is never closed: add the missing `}`"),
        (GOOD.replace("_{y}", "_y}"), "a.yaml:3:23: this `}` closes nothing: remove it"),
        (GOOD.replace("p(x) =", r"\input{/etc/passwd} p(x) ="), "a.yaml:3:10: `\\input` is not allowed"),
        (GOOD.replace("p(x) =", r"p(x) \write18{ls} ="), "a.yaml:3:15: `\\write` is not allowed"),
        (GOOD.replace("p(x) =", "$p(x) ="), "a.yaml:3:10: a `$`: give the equation's body alone"),
        (
            GOOD.replace("latex: p(x) =", "latex: |\n    p(x)\n\n    ="),
            "a.yaml:4:9: a blank line would end the equation",
        ),
        (GOOD.replace("latex: p(x) =", "latex: |\n\n    p(x)\n    {="), "a.yaml:6:5: this `{` is never closed"),
        (GOOD.replace("    p: density\n", "    p: a\n    p: b\n"), "a.yaml:7:5: `p` stands here twice: keep one"),
        (GOOD.replace("  slots:\n    - x", "  slots: x"), "a.yaml:9:10: expected a list"),
        (GOOD.replace("    - x\n", "    - [x]\n"), "a.yaml:10:7: expected a text; quote LaTeX that begins with `[`"),
        (GOOD.replace("name: Sum rule", "name: [Sum]"), "a.yaml:2:9: expected a text"),
        (
            GOOD.replace("  symbols:\n    p: density\n", "  symbols: a\n  about2:\n"),
            "a.yaml:6:3: unknown field `about2`",
        ),
        # Below here the entry loads, and a rule speaks.
        (GOOD.replace("    - x\n", "    - x\n    - z\n"), "a.yaml:9:3: sum-rule: slot z is not in the equation"),
        (GOOD.replace("    - x\n", "    - \\x\n"), "a.yaml:9:3: sum-rule: slot \\x is not in the equation"),
        (GOOD.replace("p(x) =", r"p(x) \foo ="), "a.yaml:3:15: sum-rule: unknown command `\\foo`: correct it"),
        (GOOD.replace("latex: p(x)", "latex: |\n    p(x)\n    + \\foo p(x)"), "a.yaml:5:7: sum-rule: unknown command"),
        (GOOD.replace("    x: variable\n", ""), "a.yaml:5:3: sum-rule: x is not explained: add it"),
        (GOOD.replace("    p: density", "    p: d\n    q: e"), "a.yaml:5:3: sum-rule: q is explained but not in the"),
        (GOOD.replace("bishop2006", "nobody1900"), "a.yaml:11:3: sum-rule: `nobody1900` is not in references.bib"),
        (GOOD + "  see:\n    - no-such\n", "a.yaml:13:3: sum-rule: `no-such` is no other entry"),
        (GOOD + "  aliases:\n    - other-rule\n", "a.yaml:13:3: sum-rule: `other-rule` means other-rule already"),
        (GOOD.replace("x, y)", "x, y).", 1), "a.yaml:3:33: sum-rule: ends with `.`: remove it"),
        (GOOD.replace("p(x) =", r"p_x(x) ="), "a.yaml:3:12: sum-rule: the script x is a slot: write it in braces"),
        (
            GOOD.replace("p(x) =", r"\mathbb{1} p(x) ="),
            r"a.yaml:3:10: sum-rule: `\mathbb{1` has no such sign in amssymb",
        ),
        (GOOD.replace("p(x) =", "p(xy) ="), "a.yaml:3:13: sum-rule: write a blank after the slot x"),
        (GOOD.replace("Adds up.", "Adds $x$."), "a.yaml:4:3: sum-rule: write Unicode instead of markup"),
        (GOOD.replace("Adds up.", "See <b>x</b>."), "a.yaml:4:3: sum-rule: write Unicode instead of markup"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_the_rest_still_loads(
    tmp_path: Path, content: str | bytes, said: str
) -> None:
    found = problems(pack(tmp_path, content))

    assert len(found) == 1, found
    assert found[0].startswith(said)
    assert "other-rule" in load_pack(tmp_path).catalogue.entries


def test_a_duplicate_id_names_the_first_one(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD + GOOD.replace("Sum rule", "Again"))

    assert problems(folder) == [f"a.yaml:13:3: id `sum-rule` is taken by {folder}/basics/a.yaml:1: choose another"]
    assert load_pack(folder).catalogue.entries["sum-rule"].name == "Sum rule"


def test_one_broken_entry_does_not_cost_its_neighbours(tmp_path: Path) -> None:
    broken = GOOD.replace("sum-rule", "broken-rule").replace("  name: Sum rule\n", "")

    assert list(load_pack(pack(tmp_path, broken + GOOD)).catalogue.entries) == ["sum-rule", "other-rule"]


def test_one_slip_of_yaml_costs_one_entry(tmp_path: Path) -> None:
    folder = pack(
        tmp_path,
        GOOD + OTHER.replace("other", "broken").replace("p(x) =", "[p(x)] =") + OTHER.replace("other", "third"),
    )

    assert list(load_pack(folder).catalogue.entries) == ["sum-rule", "third-rule", "other-rule"]
    assert [text.partition(" (")[0] for text in problems(folder)] == ["a.yaml:15:17: not YAML here"]


def test_a_file_of_nothing_but_slips_has_one_problem(tmp_path: Path) -> None:
    assert len(problems(pack(tmp_path, "- x: [\n" * 100_000))) == 1


def test_a_file_of_fifty_megabytes_is_refused_unread(tmp_path: Path) -> None:
    assert MAX_BYTES < 50_000_000
    folder = pack(tmp_path, b"- id: x\n" * 6_250_000)

    assert problems(folder) == ["a.yaml:1:1: larger than 1 MB: split it into one file a family"]


def test_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD)
    (folder / "basics" / "gone.yaml").symlink_to(tmp_path / "nowhere")
    (folder / "basics" / "folder.yaml").mkdir()
    os.mkfifo(folder / "basics" / "pipe.yaml")

    assert problems(folder) == [
        "folder.yaml:1:1: not a regular file: remove or rename it",
        "gone.yaml:1:1: cannot be read (No such file or directory): check that it exists and its permissions",
        "pipe.yaml:1:1: not a regular file: remove or rename it",
    ]


@contextmanager
def an_ordinary_user() -> Iterator[None]:
    """Not the superuser, to whom nothing is unreadable."""
    me = os.geteuid()
    os.seteuid(me or 65534)
    try:
        yield
    finally:
        os.seteuid(me)


def test_a_file_without_permission() -> None:
    with an_ordinary_user(), TemporaryDirectory() as name:
        folder = pack(Path(name), GOOD)
        (folder / "basics" / "a.yaml").chmod(0)

        assert problems(folder) == [
            "a.yaml:1:1: cannot be read (Permission denied): check that it exists and its permissions"
        ]


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    assert [problem.message for problem in load_pack(tmp_path / "none").problems] == (
        ["no such file or folder: check the path"]
    )


def test_references_that_cannot_be_read_are_said(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD)
    (folder / "references.bib").write_text(BIB + "\n@book{broken, title = {x\n")
    read = load_pack(folder)

    assert [problem.line for problem in read.problems] == [3]
    assert "bishop2006" in read.catalogue.references


def test_a_later_pack_replaces_an_earlier_one_s_entry(tmp_path: Path) -> None:
    mine = load_pack(pack(tmp_path, GOOD.replace("Sum rule", "My rule"))).catalogue
    both = merged((Catalogue({"sum-rule": load_pack(tmp_path).catalogue.entries["other-rule"]}), mine))

    assert both.entries["sum-rule"].name == "My rule"


def values(entry: Entry) -> dict[str, Any]:
    found = {field.name: getattr(entry, field.name) for field in fields(Entry)}
    return found | {"symbols": dict(entry.symbols)}


def test_the_compiled_form_is_the_same_catalogue() -> None:
    read = load_pack(SOURCES).catalogue
    again = restore(compiled(read))

    assert [values(entry) for entry in again] == [values(entry) for entry in read]
    assert dict(again.references) == dict(read.references)


def test_an_entry_is_restored_once() -> None:
    again = restore(compiled(load_pack(SOURCES).catalogue))

    assert again.get("vae-elbo") is next(entry for entry in again if entry.id == "vae-elbo")
    assert again.get("no-such-entry") is None


def test_start_up_reads_what_the_sources_say() -> None:
    started, wrong = load_builtin()

    assert wrong == []
    assert list(started.entries) == list(load_pack(SOURCES).catalogue.entries)


SCHEMA = json.loads((SOURCES / "schema.json").read_text("utf-8"))


def test_the_schema_and_the_loader_agree_about_fields() -> None:
    entry = SCHEMA["items"]

    assert list(entry["properties"]) == list(READERS)
    assert sorted(entry["required"]) == sorted(REQUIRED)
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("path", sorted(SOURCES.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_files_fit_the_schema(path: Path) -> None:
    jsonschema.validate(yaml.safe_load(path.read_text("utf-8")), SCHEMA)


def test_every_rule_can_fail() -> None:
    tried = {rule.__name__ for rule in RULES}

    assert tried == {
        "latex_parses",
        "body_is_bare",
        "scripts_are_braced",
        "slots_stand_apart",
        "signs_are_in_their_fonts",
        "slots_occur",
        "symbols_are_explained",
        "texts_are_plain",
        "sources_exist",
        "related_exist",
        "aliases_are_unique",
    }


def test_forms_that_are_ready_made_are_those_that_would_be_made() -> None:
    builtin, _ = load_builtin()
    ready = with_forms(builtin)

    assert dict(ready.forms) == {entry: forms_of(entry) for entry in builtin}
    assert dict(with_forms(builtin).forms) == dict(ready.forms)  # as they were kept, where they can be
