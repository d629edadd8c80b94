"""A real Neovim with `editors/nvim` on its runtimepath, typed into key by key."""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import pynvim
import pytest

T = TypeVar("T")

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "editors" / "nvim"
PATIENCE = 15.0  # seconds until something that should happen is missed
KEY_PAUSE = 0.03  # seconds between keys: a fast typist

# What a user writes, apart from naming the server of this very environment instead of one on the PATH.
CONFIGURATION = f"""
vim.opt.runtimepath:append({str(PLUGIN)!r})
vim.lsp.config('mleq', {{ cmd = {{ {sys.executable!r}, %s }} }})
vim.lsp.enable('mleq')
"""
SERVER = "'-m', 'mleq_lsp.lsp.server'"
# The same server on a machine that is busy with something else.
SLOW_SERVER = """'-c', [[
import time
from mleq_lsp.lsp import server
at_once = server.complete
server.complete = lambda *arguments: time.sleep(0.15) or at_once(*arguments)
server.main()
]]"""

# What pip makes of the entry point.
SCRIPT = f"""#!{sys.executable}
import sys
sys.path.insert(0, {str(ROOT)!r})
from mleq_lsp.lsp.server import main
main()
"""


FLOATING = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  if vim.api.nvim_win_get_config(window).relative ~= '' then
    return table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\\n')
  end
end
return ''
"""


class Editor:
    """A running Neovim and the keys, text and floats that a person would press and see."""

    def __init__(self, nvim: Any) -> None:
        self.nvim = nvim

    def keys(self, keys: str) -> None:
        """Presses keys in Neovim's notation, such as `<Esc>`, all at once."""
        self.nvim.input(keys)

    def type(self, text: str, pause: float = KEY_PAUSE) -> None:
        """Types a text letter by letter."""
        for char in text:
            self.nvim.input("<lt>" if char == "<" else char)
            time.sleep(pause)

    def text(self) -> str:
        """The buffer's text."""
        return "\n".join(self.nvim.current.buffer[:])

    def lua(self, code: str, *arguments: object) -> Any:
        """What a piece of Lua returns."""
        return self.nvim.exec_lua(code, *arguments)

    def menu(self) -> list[str]:
        """The labels of the completion menu, from top to bottom; empty if there is none."""
        shown = self.nvim.funcs.complete_info(["items", "pum_visible"])
        return [item["abbr"] for item in shown["items"]] if shown["pum_visible"] else []

    def selected(self) -> int:
        """The number of the selected line of the menu, from 0; -1 if none is."""
        return int(self.nvim.funcs.complete_info(["selected"])["selected"])

    def floating(self) -> str:
        """The text of the floating window, or nothing."""
        return str(self.lua(FLOATING))  # one request, for a window may close between two

    def messages(self) -> str:
        """All that was said below the text."""
        return str(self.nvim.command_output("messages"))

    def command(self, command: str) -> None:
        """Types a command."""
        self.keys(f":{command}<CR>")

    def attached(self) -> bool:
        """Whether the server answers for the current buffer."""
        return bool(self.lua("return #vim.lsp.get_clients({ bufnr = 0, name = 'mleq' }) > 0"))

    def cursor_to(self, text: str) -> None:
        """Puts the cursor on the first place where `text` stands."""
        self.nvim.funcs.cursor(1, 1)
        assert self.nvim.funcs.search("\\V" + text.replace("\\", "\\\\"), "c"), f"{text!r} is not in the buffer"

    def wait(self, look: Callable[[], T], what: str) -> T:
        """What `look` gives as soon as it is something."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if seen := look():
                return seen
            time.sleep(0.02)
        raise AssertionError(f"{what}: not seen within {PATIENCE} s\n{self.text()}\nmenu {self.menu()}")


@contextmanager
def neovim(folder: Path, name: str, text: str, server: str = SERVER, configuration: str = "") -> Iterator[Editor]:
    """Neovim with a file open and the server attached to it."""
    (folder / "init.lua").write_text(CONFIGURATION % server + configuration)
    file = folder / name
    file.write_text(text, "utf-8", newline="")
    with running("-n", "--clean", "-u", str(folder / "init.lua"), str(file)) as editor:
        editor.wait(editor.attached, "the server")
        yield editor


@contextmanager
def running(*arguments: str) -> Iterator[Editor]:
    """Neovim, started with these arguments."""
    nvim = pynvim.attach("child", argv=[executable(), "--embed", "--headless", *arguments])
    try:
        nvim.ui_attach(120, 40, rgb=True)
        yield Editor(nvim)
    finally:
        nvim.command("qall!", async_=True)
        nvim.close()


def empty_home(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Makes the folder a home without anything of Neovim's, and puts the server on the PATH; gives the folder."""
    for kind in ("config", "data", "state", "cache"):
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(folder / kind))
    (folder / "config" / "nvim").mkdir(parents=True)
    script = folder / "bin" / "mleq-lsp"
    script.parent.mkdir()
    script.write_text(SCRIPT)
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{script.parent}{os.pathsep}{os.environ['PATH']}")
    return folder


def executable() -> str:
    """The Neovim that came with the test's packages, or else the machine's own."""
    found = shutil.which("nvim", path=os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])))
    assert found, "no nvim: install Neovim 0.11 or later"
    return found
