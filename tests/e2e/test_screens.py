"""Neovim's screen with a preview on it, as a person sees it in a terminal."""

from __future__ import annotations

from pathlib import Path

import pytest

from mleq_lsp.catalogue.load import load_builtin
from tests.contrast import contrast
from tests.e2e.screen import TMUX, Screen, terminal

SCREENS = Path(__file__).parent / "screens"
CATALOGUE, _ = load_builtin()
PAPER = f"""\\documentclass{{article}}
\\begin{{document}}
Training minimises a bound that splits into one term for each step:
\\begin{{align}}
{CATALOGUE.entries["ddpm-vlb-kl"].body.latex}
\\end{{align}}
where the forward process $q(\\mathbf{{x}}_t \\mid \\mathbf{{x}}_{{t-1}})$ is fixed.
\\end{{document}}
"""
TITLE = "DDPM variational bound as KL terms"

ATTACHED = "vim.wait(15000, function() return vim.fn.maparg('K', 'n') ~= '' end)"

pytestmark = pytest.mark.skipif(TMUX is None, reason="there is no tmux: screens of Neovim are not looked at")


def hovered(screen: Screen, word: str) -> str:
    """The screen with the hover on a word."""
    screen.wait("\\documentclass")
    screen.keys(f"/{word}", "Enter")
    screen.keys(f":lua {ATTACHED}", "Enter")
    screen.keys("K")
    return screen.wait(TITLE)


def picture(name: str) -> str:
    return (SCREENS / f"{name}.txt").read_text("utf-8").rstrip("\n")


@pytest.mark.parametrize("columns", [120, 60])
def test_a_hover_over_a_bound(tmp_path: Path, columns: int) -> None:
    with terminal(tmp_path, columns, 40, PAPER) as screen:
        assert hovered(screen, "underbrace") == picture(f"hover-{columns}")


def test_in_a_split_window_the_preview_is_as_wide_as_that(tmp_path: Path) -> None:
    with terminal(tmp_path, 121, 40, PAPER) as screen:
        screen.wait("\\documentclass")
        screen.keys(":vsplit", "Enter")
        assert hovered(screen, "underbrace") == picture("hover-split")


def attached(screen: Screen, command: str) -> None:
    """Waits for the server and types a command."""
    screen.wait("\\documentclass")
    screen.keys(f":lua {ATTACHED}", "Enter")
    screen.keys(f":{command}", "Enter")


@pytest.mark.parametrize("columns", [120, 60])
def test_a_preview_follows_what_is_typed(tmp_path: Path, columns: int) -> None:
    with terminal(tmp_path, columns, 40, PAPER) as screen:
        attached(screen, "Mleq preview auto")
        screen.keys("/fixed", "Enter", "o")
        screen.keys(r"\[ x^2 + \frac{1}{2")
        assert screen.wait("⚠") == picture(f"preview-{columns}")


def test_on_a_small_screen_a_preview_covers_other_lines_than_the_one_of_the_cursor(tmp_path: Path) -> None:
    with terminal(tmp_path, 80, 24, PAPER) as screen:
        attached(screen, "Mleq preview auto")
        screen.keys("/theta", "Enter")
        assert screen.wait("VLB    q(") == picture("preview-small")


@pytest.mark.parametrize("columns", [120, 80])
def test_the_list_and_the_equation_beside_it(tmp_path: Path, columns: int) -> None:
    with terminal(tmp_path, columns, 40, PAPER) as screen:
        attached(screen, "normal G")
        screen.keys("O", ";gan")
        screen.wait("\ngan-minimax")
        screen.keys("C-n")
        assert screen.wait("· gan-minimax") == picture(f"list-{columns}")


@pytest.mark.parametrize("background", ["light", "dark"])
def test_a_preview_is_legible_on_a_light_and_on_a_dark_ground(tmp_path: Path, background: str) -> None:
    with terminal(tmp_path, 120, 40, PAPER, f"vim.o.background = '{background}'\n") as screen:
        assert hovered(screen, "underbrace") == picture("hover-120")
        seen = [(text, color, behind) for text, color, behind in screen.colored() if text.strip()]
        ground = next(behind for text, _, behind in seen if "╰" in text)
        of_float = [(contrast(color, behind), text) for text, color, behind in seen if behind == ground]
        assert any(TITLE in text for _, text in of_float)
        assert min(of_float)[0] >= 4.5
