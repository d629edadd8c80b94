"""What a user gets: a wheel that holds the catalogue, and an editable install that reads its sources."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from mleq_lsp import __version__
from mleq_lsp.catalogue.compiled import restore
from mleq_lsp.catalogue.load import SOURCES, load_builtin

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(command, check=True)
    return next(folder.glob("*.whl"))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Path:
    """The wheel unpacked as an installer does, apart from the checkout."""
    folder = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as packed:
        packed.extractall(folder)
    return folder


def run(site: Path, *command: str) -> str:
    """What Python prints with the unpacked wheel before everything else on its path."""
    done = subprocess.run(
        [sys.executable, *command], cwd=site, env={"PYTHONPATH": str(site)}, check=True, capture_output=True, text=True
    )
    return done.stdout


def test_the_wheel_holds_the_catalogue_compiled_and_as_sources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as packed:
        names = packed.namelist()
        started = restore(packed.read("mleq_lsp/catalogue.tsv").decode())

    assert list(started.entries) == list(load_builtin()[0].entries)
    shipped = {f"mleq_lsp/snippets/{path.relative_to(SOURCES)}" for path in SOURCES.rglob("*.yaml")}
    assert shipped <= set(names)
    assert {"mleq_lsp/snippets/references.bib", "mleq_lsp/snippets/schema.json", "mleq_lsp/py.typed"} <= set(names)
    assert not [name for name in names if ".cache" in name or name.startswith(("tests", "examples", "editors"))]


def test_the_installed_package_runs_from_its_own_catalogue(site: Path) -> None:
    assert run(site, "-c", "import mleq_lsp; print(mleq_lsp.__file__)").startswith(str(site))
    assert "kl-gaussian" in run(site, "-m", "mleq_lsp.cli", "search", "kl gauss")
    assert run(site, "-m", "mleq_lsp.cli", "check").endswith("checked, no problems\n")
    assert run(site, "-m", "mleq_lsp.lsp.server", "--version") == f"mleq-lsp {__version__}\n"


def test_the_installed_package_has_its_demo(site: Path) -> None:
    assert run(site, "-m", "mleq_lsp.cli", "demo").endswith("the server ended in good order.\n")


def test_start_up_from_the_wheel_reads_no_yaml(site: Path) -> None:
    code = "import sys; from mleq_lsp.lsp.server import server; print(len(server.catalogue), 'yaml' in sys.modules)"

    assert run(site, "-c", code) == f"{len(load_builtin()[0])} False\n"
