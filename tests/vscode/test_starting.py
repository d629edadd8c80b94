"""Finding, installing and losing the server, in a real VS Code."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mleq_lsp import __version__
from tests.vscode.conftest import page_of_notes

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.vscode.code_server import Code
    from tests.vscode.editor import Editor

pytestmark = pytest.mark.vscode

MISSING = "mleq-lsp, which knows the equations, is not installed on this machine."
HELP = ["Install…", "Choose a Path…", "Show the Docs"]


@pytest.fixture(scope="module")
def bare(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Code]:
    """VS Code on a machine without the server."""
    from tests.vscode.code_server import vscode

    with vscode(browser, tmp_path_factory.mktemp("bare"), has_server=False) as code:
        yield code


@pytest.fixture(scope="module")
def wary(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Code]:
    """VS Code that trusts no folder."""
    from tests.vscode.code_server import vscode

    with vscode(browser, tmp_path_factory.mktemp("wary"), trusts=False) as code:
        yield code


def server(folder: Path, before: str = "", version: str = __version__) -> Path:
    """A server in a folder that runs a line of the shell first and may have another version."""
    from tests.vscode.code_server import SERVER, install_server

    other = f"import mleq_lsp; mleq_lsp.__version__ = '{version}'; from mleq_lsp.lsp.server import main; main()"
    script = SERVER.replace("PYTHONPATH", f"{before}\nPYTHONPATH").replace("-m mleq_lsp.lsp.server", f'-c "{other}"')
    return install_server(folder, script)


def show(window: Editor) -> None:
    """Opens the page and waits until the server answers in it."""
    window.open("note.md")
    window.cursor_after("$y")
    window.until(window.has_hover, bool)


@pytest.mark.parametrize(
    ("path", "message"),
    [
        (
            "/nowhere/mleq-lsp",
            "The setting mleq.server.path names /nowhere/mleq-lsp, which is no program on this machine.",
        ),
        ("false", "{false} cannot be started; what it says is in the output channel mleq."),
    ],
    ids=["not there", "ends at once"],
)
def test_a_server_that_cannot_be_started_is_one_message(code: Code, tmp_path: Path, path: str, message: str) -> None:
    with code.window(page_of_notes(tmp_path, {"mleq.server.path": path})) as window:
        window.open("note.md")
        messages = window.messages()
        window.screenshot(f"no server {path}")

        assert messages in ([message.format(false=f"{folder}/false")] for folder in ("/bin", "/usr/bin"))
        assert window.buttons() == HELP


def test_a_server_that_is_too_old_is_one_message(code: Code, tmp_path: Path) -> None:
    old = server(tmp_path / "old", version="0.0.9")
    with code.window(page_of_notes(tmp_path, {"mleq.server.path": str(old)})) as window:
        window.open("note.md")

        assert window.messages() == [
            f"{old} is mleq-lsp 0.0.9, which is too old: this extension needs {__version__} or later."
        ]
        assert window.buttons() == HELP


def test_a_missing_server_is_installed_and_starts_without_a_reload(bare: Code, tmp_path: Path) -> None:
    tools = bare.home / ".local" / "bin"
    there = server(bare.home / "elsewhere")
    uv = bare.home / "bin" / "uv"
    uv.write_text(
        f'#!/bin/sh\n[ "$*" = "tool install --upgrade mleq-lsp" ] && mkdir -p {tools} && cp {there} {tools}\n'
    )
    uv.chmod(0o755)

    with bare.window(page_of_notes(tmp_path, {})) as window:
        window.open("note.md")
        assert window.messages() == [MISSING]
        assert window.buttons() == HELP
        window.screenshot("missing")

        window.page.get_by_role("button", name="Install…").click()
        window.pick("uv", "With uv")
        window.page.locator(".terminal-wrapper.active").wait_for()
        window.until((tools / "mleq-lsp").exists, bool)
        window.screenshot("installed")
        show(window)


def test_the_server_of_the_workspace_comes_first(code: Code, tmp_path: Path) -> None:
    started = tmp_path / "started"
    server(tmp_path / ".venv" / "bin", before=f"touch {started}")
    with code.window(page_of_notes(tmp_path, {})) as window:
        show(window)

        assert started.exists()


def test_a_folder_that_is_not_trusted_has_equations_and_starts_nothing_of_its_own(wary: Code, tmp_path: Path) -> None:
    started = tmp_path / "started"
    own = server(tmp_path / ".venv" / "bin", before=f"touch {started}")
    with wary.window(page_of_notes(tmp_path, {"mleq.server.path": str(own)})) as window:
        show(window)
        window.screenshot("restricted")

        assert not started.exists()


def test_a_server_that_crashes_is_started_again_until_it_does_all_the_time(code: Code, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    mortal = server(tmp_path / "mortal", before=f"echo $$ >> {pids}")
    with code.window(page_of_notes(tmp_path, {"mleq.server.path": str(mortal)})) as window:
        for crashes in range(3):
            show(window)
            started = pids.read_text().split()
            assert len(started) == crashes + 1
            assert window.toasts() == []
            os.kill(int(started[-1]), signal.SIGKILL)

        assert window.messages() == ["mleq-lsp has crashed three times within three minutes and is not started again."]
        window.page.get_by_role("button", name="Start It Again").click()
        show(window)


def test_the_server_is_restarted(code: Code, tmp_path: Path) -> None:
    pids = tmp_path / "pids"
    counted = server(tmp_path / "counted", before=f"echo $$ >> {pids}")
    with code.window(page_of_notes(tmp_path, {"mleq.server.path": str(counted)})) as window:
        show(window)
        window.command("mleq: Restart Server")
        window.until(lambda: len(pids.read_text().split()), lambda count: count == 2)
        show(window)

        assert window.toasts() == []
