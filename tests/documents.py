"""Whole documents as people write them: the corpus and the examples."""

from __future__ import annotations

from pathlib import Path

from mleq_lsp.regions import Language

TESTS = Path(__file__).parent
DOCUMENTS = sorted(
    path for folder in (TESTS / "corpus", TESTS.parent / "examples") for path in folder.rglob("*.*") if path.is_file()
)


def language(path: Path) -> Language:
    """The language of a document, by its name."""
    return Language.LATEX if path.suffix in (".tex", ".sty") else Language.MARKDOWN
