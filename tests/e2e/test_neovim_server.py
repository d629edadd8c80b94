"""The server as real Neovim starts it, loses it and reports on it."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mleq_lsp import __version__
from tests.e2e.neovim import PLUGIN, ROOT, Editor, empty_home, executable, neovim, running

PAPER = ROOT / "examples" / "paper.tex"
FAILS = "'-c', 'raise SystemExit(3)'"
OLDER_SERVER = """'-c', [[
import mleq_lsp
mleq_lsp.__version__ = '0.0.9'
from mleq_lsp.lsp.server import main
main()
]]"""


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home without anything of Neovim's but one line of configuration, and a PATH with the server on it."""
    (empty_home(tmp_path, monkeypatch) / "config" / "nvim" / "init.lua").write_text("vim.lsp.enable('mleq')\n")
    return tmp_path


def install(home: Path) -> None:
    """What a user does who has no plugin manager."""
    shutil.copytree(PLUGIN, home / "data" / "nvim" / "site" / "pack" / "mleq" / "start" / "mleq")


@contextmanager
def paper(home: Path) -> Iterator[Editor]:
    """Neovim as the user of that home starts it, the example open."""
    shutil.copy(PAPER, home)
    with running("-n", str(home / "paper.tex")) as editor:
        yield editor


def report(editor: Editor) -> str:
    """What `:checkhealth mleq` says, with the marks of Markdown lists but without those of Neovim."""
    editor.command("checkhealth mleq")
    editor.wait(lambda: "mleq: Neovim" in editor.text(), "the report")
    return editor.text()


def servers(editor: Editor) -> list[psutil.Process]:
    """The processes that Neovim has started."""
    return psutil.Process(editor.lua("return vim.uv.os_getpid()")).children()


def killed(editor: Editor) -> None:
    """Kills the server, and waits until Neovim has noticed."""
    (server,) = editor.wait(lambda: servers(editor), "a server")
    server.send_signal(signal.SIGKILL)
    editor.wait(lambda: not server.is_running() or server not in servers(editor), "its end")


def test_installed_by_copying_the_folder_into_an_empty_home(home: Path) -> None:
    install(home)
    with paper(home) as editor:
        editor.wait(editor.attached, "the server")
        editor.cursor_to("$;kl gauss$")
        editor.keys("lct$")
        editor.type(";kl gauss")
        editor.wait(lambda: editor.menu() == ["kl-gaussian", "kl-gaussian-standard"], "the list")
        editor.keys("<C-n><C-y>")
        editor.wait(lambda: r"&\KL{\mathcal{N}(" in editor.text(), "the equation")
        editor.keys("<Esc>")
        editor.cursor_to("KL{")
        editor.keys("K")
        editor.wait(lambda: "`kl-gaussian`" in editor.floating(), "the hover")
        editor.nvim.command(f"helptags {home}/data/nvim/site/pack/mleq/start/mleq/doc")
        editor.nvim.command("help :Mleq-insert")
        assert "*:Mleq-insert*" in editor.nvim.current.line


def test_a_healthy_report(home: Path) -> None:
    install(home)
    with paper(home) as editor:
        editor.wait(editor.attached, "the server")
        shown = report(editor)

    assert "ERROR" not in shown
    assert "WARNING" not in shown
    assert f"OK Found {home}/bin/mleq-lsp" in shown
    assert f"It is run by Python {sys.version.split()[0]} ({sys.executable})" in shown
    assert f"OK It starts: mleq-lsp {__version__}" in shown
    assert "paper.tex (tex) is served by client 1" in shown
    assert "The list is shown by Neovim's own completion" in shown


def test_a_server_that_is_not_there_is_told_and_the_report_says_how_to_get_it(home: Path) -> None:
    install(home)
    (home / "bin" / "mleq-lsp").unlink()
    (home / "config" / "nvim" / "init.lua").write_text("vim.lsp.enable('mleq'); vim.env.PATH = '/usr/bin'\n")
    with paper(home) as editor:
        editor.wait(lambda: "mleq: there is no mleq-lsp; :checkhealth mleq says" in editor.messages(), "the message")
        shown = report(editor)

    assert "ERROR There is no mleq-lsp on the PATH of Neovim" in shown
    assert "Install the server: pipx install mleq-lsp" in shown
    assert "WARNING" in shown
    assert "paper.tex (tex) is not served" in shown


def test_a_report_on_all_that_can_be_wrong(home: Path) -> None:
    install(home)
    (home / "bin" / "mleq-lsp").write_text("#!/no/such/python3\n")
    (home / "config" / "nvim" / "init.lua").write_text(
        f"vim.opt.completeopt = 'menu'; vim.env.PATH = '{home}/bin:/usr/bin'\n"
    )
    with paper(home) as editor:
        editor.wait(lambda: "Generator" in editor.text(), "the paper")
        shown = report(editor)

    assert "It is to be run by /no/such/python3, which does not start" in shown
    assert "Install it again: pipx reinstall mleq-lsp" in shown
    assert "ERROR It does not start:" in shown
    assert "Put vim.lsp.enable('mleq') into your init.lua" in shown
    assert "The first match is written into the text unasked: 'completeopt' has no noselect or noinsert" in shown


def test_a_killed_server_is_started_again(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        killed(editor)
        editor.wait(lambda: "mleq: the server had ended and was started again" in editor.messages(), "the message")
        editor.wait(editor.attached, "another server")
        editor.keys("i")
        editor.type(";minimax")
        editor.wait(lambda: editor.menu() == ["gan-minimax"], "the list")


def test_a_server_that_does_not_stay_is_given_up(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        for _ in range(3):
            killed(editor)
            editor.wait(editor.attached, "another server")
        killed(editor)
        editor.wait(lambda: "mleq: the server ended 4 times within 5 minutes: see :Mleq log" in editor.messages(), "it")
        assert not servers(editor)


def test_a_server_that_cannot_start_is_told_once(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        editor.lua(f"vim.lsp.config('mleq', {{ cmd = {{ {sys.executable!r}, {FAILS} }} }})")
        editor.command("Mleq restart")
        told = "mleq: the server does not start; :checkhealth mleq says why"
        editor.wait(lambda: told in editor.messages(), "the message")
        editor.lua("vim.wait(1000)")
        assert editor.messages().count("mleq:") == 1
        assert "ERROR It does not start: exit code 3" in report(editor)


def test_an_older_server_is_told_and_the_report_says_what_to_do(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "", OLDER_SERVER) as editor:
        told = "mleq: mleq-lsp 0.0.9 is too old for this plugin; :checkhealth mleq says what to do"
        editor.wait(lambda: told in editor.messages(), "the message")
        shown = report(editor)

    assert "ERROR mleq-lsp 0.0.9 is too old: this plugin needs 0.1.0 or later" in shown
    assert "Upgrade it: pipx upgrade mleq-lsp" in shown


def test_wrong_options_are_told_in_one_line_and_the_report_has_all(tmp_path: Path) -> None:
    options = "require('mleq').setup({ previw = 1, insert = { display = 'foo' } })"
    with neovim(tmp_path, "note.md", "", configuration=options) as editor:
        editor.wait(lambda: ", and 1 more; see :checkhealth mleq" in editor.messages(), "the message")
        assert editor.messages().count("\n") == 0
        shown = report(editor)

    assert "WARNING The server said: mleq.previw is no setting of mleq: there are trigger, " in shown
    assert "WARNING The server said: mleq.insert.display cannot be 'foo': use one of " in shown
    assert ":Mleq restart takes new ones" in shown


def test_a_broken_pack_is_told_in_one_line_with_the_place_and_the_report_has_all(tmp_path: Path) -> None:
    (tmp_path / ".mleq").mkdir()
    path = tmp_path / ".mleq" / "sums.yaml"
    path.write_text("- id: own-sum\n  name: Sum\n")
    with neovim(tmp_path, "note.md", "") as editor:
        editor.wait(lambda: "mleq: sums.yaml:1:3: entry `own-sum`" in editor.messages(), "the message")
        assert editor.messages().endswith("see :checkhealth mleq")
        assert editor.messages().count("\n") == 0
        shown = report(editor)

    assert f"WARNING The server said: {path}:1:3: entry `own-sum` has no `latex`" in shown


def test_the_report_says_which_files_are_served_where_none_is_open(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        editor.command("enew | bwipeout! # | setfiletype python")
        wanted = "No file is open whose filetype is one of tex, plaintex, markdown, quarto, rmd; this one's is python"
        assert wanted in report(editor)


def test_a_server_that_neovim_ends_stays_away(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        editor.lua("vim.lsp.enable('mleq', false)")
        editor.wait(lambda: not servers(editor), "its end")
        editor.lua("vim.wait(1000)")
        assert not servers(editor)
        assert "mleq" not in editor.messages()


def test_restart_starts_another_process_with_the_settings_of_now(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        before = servers(editor)
        editor.lua("require('mleq').setup({ trigger = '@' })")
        editor.command("Mleq restart")
        editor.wait(lambda: servers(editor) and servers(editor) != before and editor.attached(), "another server")
        assert len(servers(editor)) == 1
        editor.keys("i")
        editor.type("@minimax")
        editor.wait(lambda: editor.menu() == ["gan-minimax"], "the list")


def test_the_log_is_opened(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        editor.command("Mleq log")
        editor.wait(lambda: editor.nvim.current.buffer.name.endswith("lsp.log"), "the log")


def test_an_unknown_command_is_told(tmp_path: Path) -> None:
    with neovim(tmp_path, "note.md", "") as editor:
        editor.command("Mleq")
        told = "mleq: :Mleq needs one of insert, log, preview, restart"
        editor.wait(lambda: told in editor.messages(), "the message")
        editor.command("Mleq ddpm")
        told = "mleq: there is no :Mleq ddpm, only insert, log, preview, restart"
        editor.wait(lambda: told in editor.messages(), "the message")


def test_options_are_the_settings_and_a_user_s_own_on_attach_is_kept(tmp_path: Path) -> None:
    options = """
    require('mleq').setup({ trigger = '@', insert = { display = 'brackets' } })
    vim.lsp.config('*', { on_attach = function() attached = true end })
    """
    with neovim(tmp_path, "paper.tex", "", configuration=options) as editor:
        assert editor.lua("return attached")
        editor.keys("i")
        editor.type("@minimax")
        editor.wait(lambda: editor.menu() == ["gan-minimax"], "the list")
        editor.keys("<C-n><C-y>")
        editor.wait(lambda: editor.text().startswith("\\[\n"), "the equation")


# What the plugin would miss in an older one.
OLDER = f"""
local has = vim.fn.has
vim.fn.has = function(what) return what == 'nvim-0.11' and 0 or has(what) end
vim.lsp.config, vim.lsp.enable = nil, nil
vim.health = {{
  report_start = print,
  report_error = function(told, advice) print('ERROR ' .. told .. ': ' .. advice[1]) end,
}}
vim.opt.runtimepath:append({str(PLUGIN)!r})
require('mleq').setup({{ trigger = '@' }})
"""
TOO_OLD = "mleq: Neovim 0.11 or later is needed, and this is 0."


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ("", [1, 0]),
        ("Mleq", [2, 0]),
        ("Mleq insert kl", [2, 0]),
        ("lua require('mleq.health').check()", [1, 1]),
    ],
)
def test_an_older_neovim_gets_one_message_and_one_for_each_question(
    tmp_path: Path, command: str, told: list[int]
) -> None:
    (tmp_path / "init.lua").write_text(OLDER)
    options = ("--headless", "-n", "--clean", "-u", str(tmp_path / "init.lua"), str(PAPER))
    commands = ("-c", "lua vim.wait(300)", "-c", command, "-c", "qall!")
    done = subprocess.run(
        [executable(), *options, *commands], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60
    )

    said = done.stderr
    assert [said.count(TOO_OLD), said.count("is too old: Install Neovim 0.11 or later")] == told
    assert "Error" not in said
