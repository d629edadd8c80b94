"""`mleq` on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from mleq_lsp import __version__
from mleq_lsp.cli import app
from mleq_lsp.cli.demo import PLACES, SIGHTS, expanded
from tests.test_catalogue import GOOD, pack


def mleq(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def test_search_lists_the_best_first() -> None:
    found = mleq("search", "kl", "gauss")

    assert found.exit_code == 0
    assert found.output.splitlines()[0].split("  ")[0] == "kl-gaussian"
    assert "[divergences]" in found.output


def test_search_for_nothing() -> None:
    for words in ("xyzzy", "("):
        found = mleq("search", words)

        assert found.exit_code == 1
        assert found.output == f"nothing answers to '{words}': try fewer or other words\n"


@pytest.mark.parametrize("name", ["vae-reparam", ";reparam", "Reparam"])
def test_show_prints_the_card(name: str) -> None:
    found = mleq("show", name)

    assert found.exit_code == 0
    assert found.output.startswith("Reparameterisation trick, diagonal Gaussian (vae-reparam)\n\n𝐳 = 𝛍 + 𝛔 ⊙ 𝛜,")
    assert "Kingma & Welling (2014), Auto-Encoding Variational Bayes https://arxiv.org/abs/1312.6114" in found.output


def test_show_the_latex_alone() -> None:
    assert mleq("show", "--latex", "ddpm-loss-prior").output == (
        r"L_{T} = D_{\mathrm{KL}}(q(\mathbf{x}_{T} \mid \mathbf{x}_{0}) \,\|\, p(\mathbf{x}_{T}))" + "\n"
    )


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_whatever_the_output_s_encoding_equations_come_out(encoding: str) -> None:
    command = [sys.executable, "-m", "mleq_lsp.cli", "show", "elbo"]
    done = subprocess.run(command, env={**os.environ, "PYTHONIOENCODING": encoding}, capture_output=True, check=True)

    assert "𝔼" in done.stdout.decode()


def test_the_version() -> None:
    assert mleq("--version").output == f"mleq {__version__}\n"


def test_show_what_there_is_not() -> None:
    found = mleq("show", "kl-gaus")

    assert found.exit_code == 1
    assert found.output == "no entry 'kl-gaus': did you mean kl-gaussian, kl-gaussian-standard?\n"


def test_check_of_the_shipped_catalogue() -> None:
    found = mleq("check")

    assert found.exit_code == 0
    assert found.output.endswith(" entries checked, no problems\n")


def test_check_of_a_pack_and_of_a_single_file(tmp_path: Path) -> None:
    folder = pack(tmp_path, GOOD.replace("_{y}", "_{y"))
    found = mleq("check", str(folder))

    assert found.exit_code == 1
    assert found.output == (
        f"{folder}/basics/a.yaml:3:22: this `{{` is never closed: add the missing `}}`\n1 entry checked, 1 problem\n"
    )
    assert mleq("check", str(folder / "basics" / "good.yaml")).output == "1 entry checked, no problems\n"


def test_check_of_what_there_is_not(tmp_path: Path) -> None:
    found = mleq("check", str(tmp_path / "none"))

    assert found.exit_code == 1
    assert "no such file or folder: check the path" in found.output


def test_demo_says_where_examples_are_wanted(tmp_path: Path) -> None:
    found = mleq("demo", str(tmp_path))

    assert found.exit_code == 2
    assert "there is no paper.tex here" in found.output


def test_demo_fails_when_the_server_says_something_else(tmp_path: Path) -> None:
    examples = Path(__file__).parents[1] / "examples"
    for name in ("paper.tex", "note.md"):
        page = (examples / name).read_text("utf-8")
        page = page.replace("\\section{Variational", "\\iffalse{Variational").replace(
            "The first line", "\\fi The first line"
        )
        (tmp_path / name).write_text(page, "utf-8")
    found = mleq("demo", str(tmp_path))

    assert found.exit_code == 1
    assert found.output.endswith("mleq demo: in prose, on a line of its own: expected vae-elbo first\n")


def test_demo_shows_every_place_that_was_asked_for() -> None:
    silent = [place.where for place in PLACES if place.offers is None]

    assert {"in a comment", "in a code fence"} <= set(silent)
    assert {before.rpartition(";")[2] for before in (place.before for place in PLACES)} == {
        "ddpm",
        "elbo",
        "gan",
        "kl gauss",
    }
    assert len(SIGHTS) >= 3


def test_a_snippet_as_the_demo_expands_it() -> None:
    assert expanded(r"\\f(${1:\\x\}}, ${2:b}, ${1})$0") == (r"\f(\x}, b, \x})", [r"\x}", "b"])
