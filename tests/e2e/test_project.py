"""The real server in a project of several files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient

from tests.e2e.conftest import Connect
from tests.e2e.test_server import NEOVIM, completion, text_edit
from tests.marked import marked

ROOT = """\\documentclass{article}
\\usepackage{amsmath}
\\input{macros}
\\begin{document}
\\input{one}
%s
\\end{document}
"""
LOSS = "\\newcommand{\\Loss}{\\mathcal{L}}\n"


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def open_file(client: LanguageClient, path: Path, page: str) -> lsp.Position:
    """Opens a marked page as a file, and gives the cursor's position; the page has no astral characters."""
    text, offset = marked(page)
    item = lsp.TextDocumentItem(path.as_uri(), "latex", 1, text)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    before = text[:offset]
    return lsp.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)


async def written(client: LanguageClient, path: Path, position: lsp.Position) -> str:
    return text_edit((await completion(client, position, path.as_uri()))[0]).new_text


async def test_macros_of_the_files_that_are_named_are_used_and_followed(connect: Connect, tmp_path: Path) -> None:
    write(tmp_path, {"macros.tex": LOSS})
    client = await connect(*NEOVIM, folder=tmp_path)
    main = tmp_path / "main.tex"
    position = open_file(client, main, ROOT % "$;vae-elbo<cursor>$")

    assert "\\\\Loss_{" in await written(client, main, position)

    write(tmp_path, {"macros.tex": LOSS.replace("Loss", "Bound")})
    for _ in range(50):
        await asyncio.sleep(0.1)
        if "\\\\Bound_{" in await written(client, main, position):
            break
    else:
        raise AssertionError("the file that changed was not read again")


async def test_macros_of_the_root_are_used_in_a_chapter(connect: Connect, tmp_path: Path) -> None:
    write(tmp_path, {"macros.tex": LOSS, "main.tex": ROOT % "", "one.tex": ""})
    client = await connect(*NEOVIM, folder=tmp_path)
    chapter = tmp_path / "one.tex"

    assert "\\\\Loss_{" in await written(client, chapter, open_file(client, chapter, "So $;vae-elbo<cursor>$."))


async def test_a_package_that_is_missing_comes_with_the_insert(connect: Connect, tmp_path: Path) -> None:
    client = await connect(*NEOVIM, folder=tmp_path)
    main = tmp_path / "main.tex"
    page = "\\documentclass{article}\n\\usepackage{graphicx}\n\\begin{document}\n;gan<cursor>\n\\end{document}\n"
    item = (await completion(client, open_file(client, main, page), main.as_uri()))[0]

    end = lsp.Range(lsp.Position(1, 21), lsp.Position(1, 21))
    assert list(item.additional_text_edits or []) == [lsp.TextEdit(end, "\n\\usepackage{amssymb}")]


async def test_in_a_chapter_an_action_loads_the_package_in_the_root(connect: Connect, tmp_path: Path) -> None:
    write(tmp_path, {"macros.tex": "", "main.tex": ROOT % "", "one.tex": ""})
    client = await connect(*NEOVIM, folder=tmp_path)
    chapter = tmp_path / "one.tex"
    position = open_file(client, chapter, "So $\\mathbb{<cursor>E} ;gan$.")
    params = lsp.CodeActionParams(
        lsp.TextDocumentIdentifier(chapter.as_uri()), lsp.Range(position, position), lsp.CodeActionContext([])
    )
    actions = await client.text_document_code_action_async(params)

    assert [action.title for action in actions] == ["Load amssymb in main.tex"]
    end = lsp.Range(lsp.Position(1, 20), lsp.Position(1, 20))
    changes = actions[0].edit.changes
    assert {uri: list(edits) for uri, edits in changes.items()} == {
        (tmp_path / "main.tex").as_uri(): [lsp.TextEdit(end, "\n\\usepackage{amssymb}")]
    }
    items = await completion(client, lsp.Position(0, position.character + 7), chapter.as_uri())
    assert items
    assert items[0].additional_text_edits is None


async def hovered(client: LanguageClient, path: Path, position: lsp.Position) -> str:
    params = lsp.HoverParams(lsp.TextDocumentIdentifier(path.as_uri()), position)
    found = await client.text_document_hover_async(params)
    assert found is not None
    assert isinstance(found.contents, lsp.MarkupContent)
    return found.contents.value


async def test_a_reference_shows_an_equation_of_a_file_that_is_not_open(connect: Connect, tmp_path: Path) -> None:
    chapter = "Text.\n\n\\begin{equation}\\label{eq:loss}\n  \\Loss = 0\n\\end{equation}\n"
    write(tmp_path, {"macros.tex": LOSS, "main.tex": ROOT % "\\input{two}", "one.tex": chapter, "two.tex": ""})
    client = await connect(*NEOVIM, folder=tmp_path)
    two = tmp_path / "two.tex"
    position = open_file(client, two, "As in \\eqref{eq:lo<cursor>ss}.")

    assert "ℒ = 0" in await hovered(client, two, position)

    open_file(client, tmp_path / "one.tex", chapter.replace("0", "1") + "<cursor>")
    assert "ℒ = 1" in await hovered(client, two, position)


async def test_a_page_of_quarto_sees_the_equations_of_the_other_pages(connect: Connect, tmp_path: Path) -> None:
    write(tmp_path, {"_quarto.yml": "", "intro.qmd": "$$\nx = 1\n$$ {#eq-one}\n"})
    client = await connect(*NEOVIM, folder=tmp_path)
    page = tmp_path / "two.qmd"
    item = lsp.TextDocumentItem(page.as_uri(), "quarto", 1, "See @eq-one.")
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))

    assert "x = 1" in await hovered(client, page, lsp.Position(0, 6))
