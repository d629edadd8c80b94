"""Every shipped entry, expanded by VS Code's own snippet engine."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.completion import complete
from mleq_lsp.regions import Language
from mleq_lsp.snippet import to_plain
from tests.marked import marked
from tests.vscode.parts import PATIENCE

if TYPE_CHECKING:
    from tests.vscode.code_server import Code

pytestmark = pytest.mark.vscode

CATALOGUE = load_builtin()[0]
IDS = [entry.id for entry in CATALOGUE]
PLACES = {
    "paragraph": (Language.LATEX, "so\n\n;{}<cursor>\n\nand on\n"),
    "list": (Language.LATEX, "\\begin{{itemize}}\n  \\item ;{}<cursor> and on\n\\end{{itemize}}\n"),
    "inline": (Language.LATEX, "so $;{}<cursor>$ and on\n"),
    "rows": (Language.LATEX, "\\begin{{align}}\n\t;{}<cursor>\n\\end{{align}}\n"),
    "notes": (Language.MARKDOWN, "- so\n\n  ;{}<cursor>\n\nand on\n"),
}


@pytest.fixture(scope="module")
def expanded(code: Code, tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], str]:
    """What VS Code has written, by entry and place."""
    folder = tmp_path_factory.mktemp("expand")
    keys = [(id_, place) for place in PLACES for id_ in IDS]
    # One document of each language; the places of a language stand together.
    languages = dict.fromkeys(language for language, _ in PLACES.values())
    (folder / "expand.json").write_text(json.dumps([asked(language, keys) for language in languages]))
    with code.window(folder):
        texts = json.loads(awaited(folder / "expanded.json", PATIENCE + len(keys)))
    return dict(zip(keys, texts, strict=True))


def asked(language: Language, keys: list[tuple[str, str]]) -> dict[str, object]:
    """What is to be written in documents of a language."""
    cases = [case(*key) for key in keys if PLACES[key[1]][0] is language]
    return {"language": language.name.lower(), "cases": cases}


def case(id_: str, place: str) -> dict[str, object]:
    text, offset = marked(PLACES[place][1].format(id_))
    return {"id": id_, "text": text, "offset": offset}


def awaited(file: Path, seconds: float) -> str:
    """A file's text as soon as it is there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if file.exists() and (text := file.read_text("utf-8")):
            return text
        time.sleep(0.1)
    raise AssertionError(f"{file.name} was not written")


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("id_", IDS)
def test_vs_code_writes_the_plain_latex(expanded: dict[tuple[str, str], str], id_: str, place: str) -> None:
    language, pattern = PLACES[place]
    text, offset = marked(pattern.format(id_))
    offer = next(offer for offer in complete(text, offset, language, CATALOGUE) if offer.entry.id == id_)
    plain = to_plain(offer.snippet.with_prefix(offer.indent))

    assert expanded[id_, place] == text[: offer.span.start] + plain + text[offer.span.end :]
