"""Real Emacs in a terminal, set up as docs/editors.md says and typed into as a writer does."""

from __future__ import annotations

import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.completion import complete
from mleq_lsp.regions import Language
from tests.e2e.screen import TMUX, Screen

ROOT = Path(__file__).parents[2]
CATALOGUE, _ = load_builtin()

# What a writer pastes; the first block of the page is Eglot's.
CONFIGURATION = re.findall(r"```elisp\n(.*?)```", (ROOT / "docs/editors.md").read_text("utf-8"), re.DOTALL)[0]
# Emacs would compile its own files beside the test.
EARLY = "(setq native-comp-deferred-compilation nil native-comp-jit-compilation nil)"
MISSING = """(progn (package-initialize)
  (princ (seq-remove #'locate-library '("eglot" "company" "yasnippet" "markdown-mode"))))"""

PAGE = """\\documentclass{article}
\\usepackage{amsmath}
\\begin{document}
\\begin{itemize}
  \\item The forward process of a diffusion model is
    |
\\end{itemize}
\\end{document}
"""


@functools.cache
def missing() -> str:
    """What this machine lacks for Emacs with Eglot in a terminal; nothing where it has all."""
    programs = [name for name in ("emacs", "tmux") if shutil.which(name) is None]
    if programs:
        return ", ".join(programs)
    asked = subprocess.run(["emacs", "--batch", "--eval", MISSING], capture_output=True, text=True, check=True)
    return "" if asked.stdout == "nil" else f"for Emacs {asked.stdout.strip('()')}"


class Emacs:
    """A running Emacs with a file open."""

    def __init__(self, screen: Screen, file: Path) -> None:
        self.screen = screen
        self.file = file

    def keys(self, *keys: str) -> None:
        """Presses keys in tmux's notation."""
        self.screen.keys(*keys)

    def type(self, text: str) -> None:
        self.screen.tmux("send-keys", "-l", text)

    def saved(self) -> str:
        """The file's text, after it was saved."""
        self.keys("C-x", "C-s")
        self.screen.wait("Wrote ")
        return self.file.read_text("utf-8")


Open = Callable[..., Emacs]


@pytest.fixture
def emacs(tmp_path: Path) -> Iterator[Open]:
    """Opens a file in Emacs, with the cursor where the bar is and options for the server."""
    if missing():
        pytest.skip(f"not on this machine: {missing()}")
    with ExitStack() as stack:
        yield lambda name, text, options="": stack.enter_context(running(tmp_path, name, text, options))


@contextmanager
def running(folder: Path, name: str, text: str, options: str) -> Iterator[Emacs]:
    settings = f'("mleq-lsp" :initializationOptions {options})' if options else '("mleq-lsp")'
    install(folder, CONFIGURATION.replace('("mleq-lsp")', settings))
    (folder / name).write_text(text.replace("|", ""), "utf-8")
    line, column = line_and_column(text)
    path = f"{folder / 'bin'}:{os.environ['PATH']}"
    environment = {**os.environ, "HOME": str(folder), "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    command = f"cd {folder} && exec env TERM=tmux-256color emacs -nw +{line}:{column} {name}"
    socket = str(folder / "tmux")
    tmux = [str(TMUX), "-S", socket, "-f", "/dev/null", "new-session", "-d", "-x", "160", "-y", "50", command]
    subprocess.run(tmux, check=True, env=environment)
    screen = Screen(folder / "tmux")
    try:
        screen.wait("Connected!")
        yield Emacs(screen, folder / name)
    finally:
        screen.tmux("kill-server")


def install(folder: Path, configuration: str) -> None:
    """A home with that configuration and with the server of this environment on the PATH."""
    (folder / ".emacs.d").mkdir()
    (folder / ".emacs.d/early-init.el").write_text(EARLY)
    (folder / ".emacs.d/init.el").write_text(configuration)
    (folder / "bin").mkdir()
    (folder / "bin/mleq-lsp").write_text(f"#!/bin/sh\nexec {sys.executable} -m mleq_lsp.lsp.server\n")
    (folder / "bin/mleq-lsp").chmod(0o755)


def line_and_column(text: str) -> tuple[int, int]:
    """Where the bar is, counted from one."""
    before = text[: text.index("|")].split("\n")
    return len(before), len(before[-1]) + 1


def offered(typed: str) -> list[str]:
    """The ids that the server offers, in its order."""
    return [offer.entry.id for offer in complete(typed, len(typed), Language.LATEX, CATALOGUE)]


@pytest.mark.parametrize("typed", [";ddpm", ";ddpm bound", ";noise"])
def test_the_list_is_the_server_s(emacs: Open, typed: str) -> None:
    editor = emacs("paper.tex", PAGE)
    editor.type(typed)

    seen = editor.screen.wait(f" {offered(typed)[-1]} ")
    assert re.findall(r" (ddpm-[\w-]+) +DDPM ", seen) == offered(typed)


def test_an_equation_is_written_and_shown(emacs: Open) -> None:
    editor = emacs("paper.tex", PAGE, '(:insert (:stops "none"))')
    editor.type(";ddpm")
    editor.screen.wait(" ddpm-marginal ")
    editor.keys("Enter")
    editor.screen.wait(r"\end{equation}")

    assert editor.saved() == PAGE.replace(
        "|",
        r"""\begin{equation}
      \label{eq:ddpm-forward}
      \begin{aligned}
        q(\mathbf{x}_{t} \mid \mathbf{x}_{t-1}) &= \mathcal{N}(\mathbf{x}_{t}; \sqrt{1 - \beta_{t}} \, \mathbf{x}_{t-1}, \beta_{t} \mathbf{I}) \\
        q(\mathbf{x}_{1:T} \mid \mathbf{x}_{0}) &= \prod_{t=1}^{T} q(\mathbf{x}_{t} \mid \mathbf{x}_{t-1})
      \end{aligned}
    \end{equation}""",  # noqa: E501  # as it is written
    )

    editor.keys("C-r")
    editor.type("prod")
    editor.keys("Enter", "C-h", ".")
    seen = editor.screen.wait("density of one noising step")
    assert "DDPM forward process · ddpm-forward" in seen
    assert "q(𝐱    | 𝐱₀) =  ∏ q(𝐱ₜ | 𝐱ₜ₋₁)" in seen


def test_a_quote_in_quarto(emacs: Open) -> None:
    editor = emacs("page.qmd", "# Notes\n\n> As in\n>\n> |\n", '(:insert (:stops "none"))')
    editor.type(";ddpm")
    editor.screen.wait(" ddpm-marginal ")
    editor.keys("M-n", "Enter")
    editor.screen.wait("{#eq-ddpm-marginal}")

    assert editor.saved() == (
        r"""# Notes

> As in
>
> $$
> \begin{aligned}
>   q(\mathbf{x}_{t} \mid \mathbf{x}_{0}) &= \mathcal{N}(\mathbf{x}_{t}; \sqrt{\bar{\alpha}_{t}} \, \mathbf{x}_{0}, (1 - \bar{\alpha}_{t}) \mathbf{I}) \\
>   \alpha_{t} &= 1 - \beta_{t}, \quad \bar{\alpha}_{t} = \prod_{s=1}^{t} \alpha_{s}
> \end{aligned}
> $$ {#eq-ddpm-marginal}
"""  # noqa: E501  # as it is written
    )


def test_a_new_name_takes_its_place_everywhere(emacs: Open) -> None:
    editor = emacs("page.md", "A variational bound:\n\n|\n")
    editor.type(";ddpm")
    editor.screen.wait(" ddpm-marginal ")
    editor.keys("M-n", "Enter")
    editor.screen.wait(r"\end{aligned}")
    editor.type("y")
    editor.keys("Tab")
    editor.type("a")

    line = r"q(y_{t} \mid y_{0}) &= \mathcal{N}(y_{t}; \sqrt{\bar{a}_{t}} \, y_{0}, (1 - \bar{a}_{t}) \mathbf{I}) \\"
    assert line in editor.saved().splitlines()
