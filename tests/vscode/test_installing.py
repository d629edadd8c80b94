"""Installing a server that is missing, in a real VS Code; what installs it here is a script of a few lines."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.vscode.conftest import page_of_notes
from tests.vscode.parts import HELP, INPUT, ROWS
from tests.vscode.servers import server, show

if TYPE_CHECKING:
    from tests.vscode.code_server import Code

pytestmark = pytest.mark.vscode

MISSING = "mleq-lsp, which knows the equations, is not installed on this machine."


@pytest.fixture
def machine(bare: Code) -> Iterator[Code]:
    """The machine without anything, as it is again after the test."""
    yield bare
    for folder in (bare.home / ".local", bare.home / "bin", bare.user / "globalStorage" / "mleq.mleq"):
        shutil.rmtree(folder, ignore_errors=True)
    (bare.home / "bin").mkdir()
    bare.settings.unlink(missing_ok=True)


def script(file: Path, asked: str, act: str) -> None:
    """A program that does something only if it is asked just that."""
    file.write_text(f'#!/bin/sh\nPATH=/usr/bin:/bin\n[ "$*" = "{asked}" ] && {act}\n')
    file.chmod(0o755)


def add_tool(machine: Code, tool: str) -> None:
    """Puts one of the tools there, which installs our server."""
    there, programs = server(machine.home / "elsewhere"), machine.home / "bin"
    put = f"install -D -t {{}} {there}"
    if tool == "pip":
        # An environment is made first, and in that is what installs.
        script(programs / "in-environment", "-m pip install --upgrade mleq-lsp", put.format('"${0%/*}"'))
        script(programs / "python3", "-m venv $3", f'install -D {programs / "in-environment"} "$3/bin/python"')
    else:
        asked = {"uv": "tool install --upgrade mleq-lsp", "pipx": "install --force mleq-lsp"}[tool]
        script(programs / tool, asked, put.format("$HOME/.local/bin"))


@pytest.mark.parametrize("tool", ["uv", "pipx", "pip"])
def test_a_missing_server_is_installed_and_starts_without_a_reload(machine: Code, tmp_path: Path, tool: str) -> None:
    add_tool(machine, tool)
    with machine.window(page_of_notes(tmp_path, {})) as window:
        window.open("note.md")
        assert window.messages() == [MISSING]
        assert window.buttons() == HELP
        window.screenshot("missing")

        window.page.get_by_role("button", name="Install…").click()
        window.page.locator(ROWS).first.wait_for()
        assert window.page.locator(ROWS).count() == 1  # no other tool is on this machine
        window.pick(tool, f"With {tool}")
        window.page.locator(".terminal-wrapper.active").wait_for()
        window.page.get_by_text("mleq-lsp is running").wait_for()
        window.screenshot(f"installed with {tool}")
        show(window)


def test_a_machine_without_any_tool_says_what_it_needs(machine: Code, tmp_path: Path) -> None:
    with machine.window(page_of_notes(tmp_path, {})) as window:
        window.open("note.md")
        assert window.messages() == [MISSING]
        window.page.get_by_role("button", name="Install…").click()
        window.until(window.toasts, lambda toasts: toasts != [MISSING] and toasts != [])

        assert window.toasts() == [
            "Neither uv nor pipx nor Python is on this machine's PATH: install one of them first."
        ]
        assert window.buttons() == HELP


def test_the_docs_are_shown(machine: Code, tmp_path: Path) -> None:
    with machine.window(page_of_notes(tmp_path, {})) as window:
        window.open("note.md")
        window.messages()
        window.page.get_by_role("button", name="Show the Docs").click()
        page = window.page.locator(".extension-editor")
        page.get_by_text("mleq: Machine-Learning Equations").first.wait_for()
        window.screenshot("docs")


def test_a_server_whose_path_is_chosen_starts(machine: Code, tmp_path: Path) -> None:
    elsewhere = server(tmp_path / "elsewhere")
    with machine.window(page_of_notes(tmp_path, {})) as window:
        window.open("note.md")
        window.messages()
        window.page.get_by_role("button", name="Choose a Path…").click()
        rows = window.page.locator(ROWS)
        rows.filter(has_text="note.md").wait_for()  # it writes the folder's path by itself, then lists it
        window.page.locator(INPUT).fill(str(elsewhere))
        rows.filter(has_text=elsewhere.name).wait_for()
        window.page.get_by_role("button", name="Use This One").click()
        window.screenshot("choosing")
        show(window)
        window.screenshot("chosen")

        assert json.loads(machine.settings.read_text()) == {"mleq.server.path": str(elsewhere)}
