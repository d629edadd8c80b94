"""Who may import whom: the walls of the house, as ARCHITECTURE.md draws them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "mleq_lsp"

FEATURES = ("actions", "completion", "hover")
ROOMS = ("text", "settings", "snippet", "latex", "regions", "catalogue.model", "render", "matching", "recognition")

# Each room and the rooms below it that it may use.
MAY_USE: dict[str, tuple[str, ...]] = {
    "text": (),
    "settings": (),
    "snippet": ("text",),
    "latex": ("text",),
    "notation": ("latex", "snippet", "text"),
    "regions": ("text",),
    "render": ("latex", "text"),
    "catalogue.model": ("latex", "text"),
    "catalogue.parse": ("catalogue.model", "latex"),
    "catalogue.references": ("catalogue.model",),
    "catalogue.forms": ("catalogue.model", "latex"),
    "catalogue.compiled": ("catalogue.model", "latex"),
    "catalogue.load": (
        *("catalogue.compiled", "catalogue.forms", "catalogue.model", "catalogue.parse", "catalogue.references"),
        "latex",
    ),
    "catalogue.packs": ("catalogue.load", "catalogue.model"),
    "catalogue.rules": ("catalogue.load", "catalogue.model", "latex", "render"),
    "matching": ("catalogue.model", "latex", "text"),
    "recognition": ("catalogue.forms", "catalogue.model", "latex", "text"),
    "card": ("catalogue.model", "recognition", "render", "latex"),
    "markup": (),
    "preview": ("card", "markup", "catalogue.model", "render"),
    "labels": ("regions", "latex", "text"),
    "project": ("labels", "regions", "latex", "text"),
    "author": ("latex", "notation", "snippet"),
    "place": ("author", "regions", "project", "settings", "latex", "text"),
    "insertion": ("author", "catalogue.model", "place", "regions", "settings", "snippet", "latex", "text"),
    "actions": ("regions", "project", "latex", "text"),
    "completion": (
        *("regions", "project", "place", "matching", "author", "insertion", "catalogue.model"),
        *("settings", "snippet", "text"),
    ),
    "view": ("labels", "project", "recognition", "card", "catalogue.model", "regions", "latex", "text"),
    "hover": (
        *("view", "regions", "labels", "project", "matching", "recognition", "card", "catalogue.model"),
        *("settings", "latex", "text"),
    ),
    "lsp": (
        *FEATURES,
        "catalogue.model",
        "regions",
        "project",
        "card",
        "preview",
        "settings",
        "snippet",
        "matching",
        "latex",
        "text",
        "catalogue.packs",
    ),
    "cli": (
        *(*FEATURES, *ROOMS, "project", "card", "preview", "insertion"),
        *("catalogue.load", "catalogue.packs", "catalogue.rules", "lsp"),
    ),
}
# Where a library may be used; any other library anywhere is fine by this test.
ONLY_IN = {
    "pygls": ("lsp", "cli"),
    "lsprotocol": ("lsp", "cli"),
    "yaml": ("catalogue.parse",),
    "bibtexparser": ("catalogue.references",),
    "mathra": ("render",),
    "wcwidth": ("render", "preview"),
    "rapidfuzz": ("matching", "recognition"),
    "typer": ("cli",),
    "rich": ("cli",),
    "psutil": ("lsp",),
    "logging": ("lsp",),
}
FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def room_of(module: str) -> str:
    """The room of a module of ours: the package it is in, or in `catalogue` the module itself."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "catalogue" and len(parts) > 1 else parts[0]


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> Iterator[str]:
    """The full names of what a file imports, inside functions as well."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_imports_go_downwards(path: Path) -> None:
    room = room_of(module_of(path))
    if room == "catalogue":
        return  # the package's docstring
    for name in imports(path):
        if name.startswith("mleq_lsp."):
            used = room_of(name.removeprefix("mleq_lsp."))
            allowed = (room, "__version__", *MAY_USE[room])
            assert used in allowed, f"{room} must not use {used}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    room = room_of(module_of(path))
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or room in rooms, f"{name} is for {rooms}"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_only_loading_serving_and_the_command_line_touch_files(path: Path) -> None:
    if room_of(module_of(path)) in ("catalogue.load", "lsp", "cli"):
        return
    opened = {"open", "read_text", "read_bytes", "write_text", "write_bytes"}
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            assert name not in opened or (name == "open" and isinstance(node.func, ast.Attribute)), f"{name}() here"
            assert name != "print", "stdout belongs to the protocol"


def test_the_features_do_not_know_each_other() -> None:
    for feature in FEATURES:
        assert not set(FEATURES) & set(MAY_USE[feature])
