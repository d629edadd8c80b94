"""The pages say what is true."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mleq_lsp import __version__
from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.parse import READERS
from mleq_lsp.completion import complete
from mleq_lsp.regions import Language
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw
from mleq_lsp.settings import CHOICES
from tests.test_layers import MAY_USE

ROOT = Path(__file__).parents[1]
CATALOGUE, _ = load_builtin()
PAGES = [path for path in ROOT.glob("*.md") if path.name != "LICENSE"]


def page(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_readme_lists_every_setting_with_its_values() -> None:
    rows = dict(re.findall(r"^\| `mleq\.([\w.]+)` \| (.*?) \|", page("README.md"), re.MULTILINE))

    assert list(rows) == list(CHOICES)
    for name, choice in CHOICES.items():
        if choice.allowed is not None:
            values = [str(one).lower() if isinstance(one, bool) else f'"{one}"' for one in choice.allowed]
            assert rows[name] == ", ".join(f"`{value}`" for value in values)


def test_readme_s_list_is_the_one_that_is_offered() -> None:
    shown = re.findall(r"^(ddpm-[\w-]+) +(DDPM .+)$", page("README.md"), re.MULTILINE)
    offered = [(offer.entry.id, offer.entry.name) for offer in complete(";ddpm", 5, Language.LATEX, CATALOGUE)]

    assert shown
    assert offered[: len(shown)] == shown


def test_readme_counts_the_equations() -> None:
    assert f"\n{len(CATALOGUE)} equations so far" in page("README.md")


def test_contributing_explains_every_field_of_an_entry() -> None:
    assert page("CONTRIBUTING.md").startswith("# Contributing\n\n## Add an equation\n")
    assert re.findall(r"^\| `(\w+)` \|", page("CONTRIBUTING.md"), re.MULTILINE) == list(READERS)


def test_changelog_begins_with_this_version_and_names_every_entry() -> None:
    assert re.findall(r"^## (.+)$", page("CHANGELOG.md"), re.MULTILINE)[0] == __version__
    assert set(CATALOGUE.entries) <= set(re.findall(r"`([a-z0-9-]+)`", page("CHANGELOG.md")))


def test_architecture_maps_every_module() -> None:
    text = page("ARCHITECTURE.md")
    for room in MAY_USE:
        assert room.partition(".")[2] + ".py" in text or f"{room}.py" in text or f"{room}/" in text, room


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", path.read_text("utf-8")):
        assert (path.parent / target).exists(), target


def test_readme_shows_what_is_drawn() -> None:
    body = CATALOGUE.entries["ddpm-vlb-kl"].body.latex.replace(r"\mathbf{x}", "z")

    assert draw(parse(body).tree) in page("README.md")
