"""A real VS Code on this machine, with the extension installed and an empty home of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.vscode.editor import PATIENCE, Editor
from tests.vscode.install import CODE_SERVER, ROOT, VSIX, chromium, node

WINDOW = {"width": 1280, "height": 900}
# A network that is not there must not be asked, and what the editor offers of itself must not cover the page.
USER_SETTINGS = {
    "workbench.startupEditor": "none",
    "workbench.colorTheme": "Default Light Modern",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "chat.disableAIFeatures": True,
    "telemetry.telemetryLevel": "off",
    "extensions.autoUpdate": False,
    "extensions.autoCheckUpdates": False,
    "editor.wordBasedSuggestions": "off",
    "workbench.reduceMotion": "on",  # a hover that fades in has other colours
}
CHROMIUM_FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
SERVER = f"""#!/bin/sh
PYTHONPATH={ROOT} exec {sys.executable} -m mleq_lsp.lsp.server "$@"
"""


class Code:
    """A running VS Code that any number of windows can be opened on."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address  # of the page

    @contextmanager
    def window(self, folder: Path) -> Iterator[Editor]:
        """A window with a folder open."""
        page = self.browser.new_page(viewport=WINDOW, device_scale_factor=2)
        editor = Editor(page, folder)
        page.goto(f"{self.address}?folder={folder}")
        page.locator(".monaco-workbench").wait_for()
        yield editor
        page.close()


@contextmanager
def vscode(folder: Path) -> Iterator[Code]:
    """VS Code with all that it writes in one folder."""
    user_settings = folder / "data" / "User" / "settings.json"
    user_settings.parent.mkdir(parents=True)
    user_settings.write_text(json.dumps(USER_SETTINGS))
    environment = home(folder / "home")
    command = [str(node()), str(CODE_SERVER / "out" / "node" / "entry.js")]
    command += ["--user-data-dir", str(folder / "data"), "--extensions-dir", str(folder / "extensions")]
    subprocess.run([*command, "--install-extension", str(VSIX)], env=environment, check=True, capture_output=True)
    command += ["--auth", "none", "--bind-addr", "127.0.0.1:0", "--disable-workspace-trust"]
    command += ["--disable-telemetry", "--disable-update-check"]
    log = folder / "log.txt"
    with log.open("wb") as written:
        # In a process group of its own, for it starts others that must end with it.
        process = subprocess.Popen(
            command, env=environment, stdout=written, stderr=subprocess.STDOUT, start_new_session=True
        )
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=CHROMIUM_FLAGS)
            yield Code(browser, address_in(log))
            browser.close()
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(PATIENCE)


def home(folder: Path) -> dict[str, str]:
    """The environment of a user whose login shell finds the server on its PATH."""
    server = folder / "bin" / "mleq-lsp"
    server.parent.mkdir(parents=True)
    server.write_text(SERVER)
    server.chmod(0o755)
    (folder / ".profile").write_text(f'PATH="{server.parent}:$PATH"\n')
    own = {"HOME": str(folder), "SHELL": shutil.which("bash") or "/bin/sh", "EXTENSIONS_GALLERY": '{"serviceUrl": ""}'}
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("XDG_", "VSCODE_"))}
    return kept | own


def address_in(log: Path) -> str:
    """Where VS Code says that it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := re.search(r"listening on (http://127\.0\.0\.1:\d+/)", log.read_text("utf-8")):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(f"VS Code did not start:\n{log.read_text('utf-8')}")
