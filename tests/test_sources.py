"""What a document can see of its project: files on the disk and in the editor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from mleq_lsp.latex.files import names_in
from mleq_lsp.lsp.document import Document
from mleq_lsp.lsp.sources import Seen, Sources, look_at
from mleq_lsp.project import Project, macros
from mleq_lsp.regions import Language, regions
from mleq_lsp.text import Lines

ROOT = "\\documentclass{book}\n\\usepackage{macros}\n\\begin{document}\n\\include{chapters/one}\n\\end{document}\n"


class Editor:
    """A workspace folder and the documents that are open in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.documents: dict[str, Document] = {}
        self.sources = Sources(self.documents)
        self.sources.folders = [folder.resolve()]

    def file(self, name: str, text: str) -> Path:
        """Writes a file; a later time of change each time, however fast the test is."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        later = path.stat().st_mtime_ns + 10**9 if path.exists() else 10**18
        path.write_text(text, "utf-8")
        os.utime(path, ns=(later, later))
        return path

    def open(self, name: str, text: str, language: Language = Language.LATEX) -> Document:
        uri = (self.folder / name).as_uri()
        self.documents[uri] = Document(uri, language, Lines(text), "utf-16")
        return self.documents[uri]

    def page(self, name: str, text: str) -> Document:
        """Opens a page of Markdown."""
        return self.open(name, text, Language.MARKDOWN)

    def project(self, document: Document) -> Project:
        return self.sources.project(document)


@pytest.fixture
def editor(tmp_path: Path) -> Editor:
    return Editor(tmp_path)


@pytest.mark.parametrize(
    ("command", "file"),
    [
        (r"\input{math_commands}", "math_commands.tex"),
        (r"\input{math_commands.tex}", "math_commands.tex"),
        (r"\input math_commands ", "math_commands.tex"),
        (r'\input{"math commands"}', "math commands.tex"),
        (r"\input{sub/../math_commands}", "math_commands.tex"),
        (r"\include{parts/one}", "parts/one.tex"),
        (r"\usepackage{amsmath, house}", "house.sty"),
        ("\\usepackage[a=b]{amsmath,% the usual\n  house}", "house.sty"),
        (r"\RequirePackage{styles/house}", "styles/house.sty"),
        (r"\documentclass[11pt]{house}", "house.cls"),
        (r"\import{parts/}{one}", "parts/one.tex"),
        (r"\subfile{parts/one}", "parts/one.tex"),
        (r"% old" + "\n" + r"\input{math_commands}", "math_commands.tex"),
    ],
)
def test_the_files_that_a_document_names_are_read(editor: Editor, command: str, file: str) -> None:
    editor.file(file, "\\newcommand{\\E}{\\mathbb{E}}")

    assert editor.project(editor.open("main.tex", command)).sources == ("\\newcommand{\\E}{\\mathbb{E}}",)


@pytest.mark.parametrize(
    "command",
    [r"% \input{math_commands}", r"\input{missing}", r"\inputencoding{math_commands}", r"\input{", r"\input{}"],
)
def test_what_is_not_named_is_not_read(editor: Editor, command: str) -> None:
    editor.file("math_commands.tex", "x")

    assert editor.project(editor.open("main.tex", command)).sources == ()


def test_files_that_name_each_other_are_read_once_and_in_order(editor: Editor) -> None:
    editor.file("a.tex", "\\input{b} a")
    editor.file("b.tex", "\\input{a} \\input{main} b")

    assert editor.project(editor.open("main.tex", "\\input{a}")).sources == (
        "\\input{a} \\input{main} b",
        "\\input{b} a",
    )


def test_nothing_outside_of_the_workspace_is_read(tmp_path: Path) -> None:
    editor = Editor(tmp_path / "workspace")
    editor.file("../outside.tex", "secret")
    editor.file("inside.tex", "known")
    (editor.folder / "link.tex").symlink_to(tmp_path / "outside.tex")

    assert editor.project(editor.open("main.tex", r"\input{../outside} \input{link} \input{inside}")).sources == (
        "known",
    )


def test_what_is_outside_is_asked_for_once_and_never_read(tmp_path: Path) -> None:
    editor = Editor(tmp_path / "workspace")
    editor.file("../outside.tex", "secret")
    main = editor.open("main.tex", r"\input{../outside}")
    first = editor.project(main)

    assert editor.project(main).sources is first.sources
    assert "secret" not in [seen.text for seen in editor.sources._files.values()]


def test_a_chapter_that_names_another_root_is_seen_at_once(editor: Editor) -> None:
    editor.file("macros.sty", "house style")
    editor.file("main.tex", ROOT)
    assert editor.project(editor.open("text/two.tex", "Text")).root is None

    for line in ("% !TEX root = ../main.tex\n", "% !TEX root = ../main\r\n"):
        named = editor.project(editor.open("text/two.tex", line + "Text")).root
        assert named is not None
        assert named.name == "main.tex"
    assert editor.project(editor.open("text/two.tex", "Text")).root is None


def test_a_page_of_markdown_is_nobody_s_root(editor: Editor) -> None:
    uri = (editor.folder / "README.md").as_uri()
    editor.documents[uri] = Document(uri, Language.MARKDOWN, Lines("\\documentclass{a} \\input{one}"), "utf-16")

    assert editor.project(editor.open("one.tex", "Text")).root is None


def test_files_of_one_name_in_two_folders_are_two(editor: Editor) -> None:
    editor.file("macros.tex", "one")
    editor.file("parts/macros.tex", "two")
    project = editor.project(editor.open("main.tex", "\\input{macros} \\input{parts/macros}"))

    assert project.files == {"macros.tex": "one", "parts/macros.tex": "two"}


def test_a_long_chain_of_files_is_followed_for_a_while(editor: Editor) -> None:
    for number in range(400):
        editor.file(f"f{number}.tex", f"\\input{{f{number + 1}}}")

    assert 100 < len(editor.project(editor.open("main.tex", "\\input{f0}")).sources) < 300


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_not_waited_for(editor: Editor) -> None:
    os.mkfifo(editor.folder / "pipe.tex")

    assert editor.project(editor.open("main.tex", "\\input{pipe}")).sources == ()


def test_many_names_on_one_line_take_time_proportional_to_it() -> None:
    """A line of 100 kB took ten seconds when it was looked through again for each name."""
    assert len(names_in("\\include{a} x" * 8000)) == 1
    assert names_in("\\input" + " " * 50_000 + "!") == []


def test_an_open_file_counts_as_it_is_in_the_editor(editor: Editor) -> None:
    editor.file("macros.tex", "saved")
    main = editor.open("main.tex", "\\input{macros}")
    assert editor.project(main).sources == ("saved",)

    editor.open("macros.tex", "typed")
    assert editor.project(main).sources == ("typed",)
    assert editor.project(main).others == ("typed",)

    editor.open("macros.tex", "typed on")
    assert editor.project(main).sources == ("typed on",)


def test_a_file_is_read_again_when_it_changes_appears_or_goes(editor: Editor) -> None:
    main = editor.open("main.tex", "\\input{macros}")
    assert editor.project(main).sources == ()

    for text in ("one", "two"):
        editor.file("macros.tex", text)
        editor.sources.look()
        assert editor.project(main).sources == (text,)

    (editor.folder / "macros.tex").unlink()
    editor.sources.look()
    assert editor.project(main).sources == ()


def test_a_file_that_is_named_while_typing_is_read(editor: Editor) -> None:
    editor.file("macros.tex", "x")

    assert editor.project(editor.open("main.tex", "\\input{macro}")).sources == ()
    assert editor.project(editor.open("main.tex", "\\input{macros}")).sources == ("x",)


@pytest.mark.parametrize(
    "chapter",
    ["% !TEX root = ../main.tex\nText", "%!TeX root=../main\nText", "\\documentclass[../main.tex]{subfiles}", "Text"],
)
def test_a_chapter_sees_the_preamble_of_its_root(editor: Editor, chapter: str) -> None:
    editor.file("macros.sty", "house style")
    main = editor.file("main.tex", ROOT)
    project = editor.project(editor.open("chapters/one.tex", chapter))

    assert project.root is not None
    assert (project.root.uri, project.root.name, project.root.text) == (main.as_uri(), "main.tex", ROOT)
    assert project.sources == ("house style", ROOT)
    assert project.files == {"macros.sty": "house style", "main.tex": ROOT}


def test_a_root_that_is_open_counts_as_it_is_in_the_editor(editor: Editor) -> None:
    editor.open("main.tex", ROOT)
    project = editor.project(editor.open("chapters/one.tex", "Text"))

    assert project.root is not None
    assert project.root.text == ROOT


def test_a_root_has_no_root(editor: Editor) -> None:
    editor.file("chapters/one.tex", "Text")

    assert editor.project(editor.open("main.tex", ROOT)).root is None


def test_without_a_workspace_the_files_beside_a_document_are_read(editor: Editor) -> None:
    editor.sources.folders = []
    editor.file("macros.tex", "x")

    assert editor.project(editor.open("main.tex", "\\input{macros}")).sources == ("x",)


@pytest.mark.parametrize("name", ["folder.tex", "binary.tex", "huge.tex"])
def test_a_file_that_cannot_be_read_costs_nothing_else(editor: Editor, name: str) -> None:
    (editor.folder / "folder.tex").mkdir()
    (editor.folder / "binary.tex").write_bytes(b"\xff\xfe\x00\\newcommand")
    (editor.folder / "huge.tex").write_bytes(b"x" * 5_000_000)
    editor.file("macros.tex", "x")

    assert editor.project(editor.open("main.tex", f"\\input{{{name}}} \\input{{macros}}")).sources[-1] == "x"


def test_a_path_of_another_system_is_no_file(editor: Editor) -> None:
    document = Document("file:///c%3A/a.tex", Language.LATEX, Lines("x"), "utf-16")

    assert editor.project(document) == Project()


def test_a_document_that_is_no_file_has_only_its_neighbours(editor: Editor) -> None:
    editor.open("main.tex", "a")
    editor.documents["untitled:1"] = Document("untitled:1", Language.LATEX, Lines("\\input{macros}"), "utf-16")

    project = editor.project(editor.documents["untitled:1"])
    assert project == Project(others=("a",), pages={"main.tex": "a"})


def test_a_chapter_without_a_root_may_refer_to_what_is_open(editor: Editor) -> None:
    editor.file("two.tex", "closed")
    one = editor.open("one.tex", "Text")
    editor.open("three.tex", "open")
    assert editor.project(one).pages == {"three.tex": "open"}

    editor.open("main.tex", "\\documentclass{a}\\input{one}\\input{three}")
    editor.sources.forget()
    project = editor.project(one)
    assert project.pages == {}
    assert project.files == {"three.tex": "open", "main.tex": "\\documentclass{a}\\input{one}\\input{three}"}


@pytest.mark.parametrize("book", ["_quarto.yml", "_toc.yml", "myst.yml", "_bookdown.yml", "conf.py"])
def test_a_page_sees_all_pages_of_its_book(editor: Editor, book: str) -> None:
    editor.file(f"docs/{book}", "")
    for name in ("docs/index.md", "docs/part/two.qmd", "docs/part/three.Rmd", "docs/text.txt", "other.md"):
        editor.file(name, name)
    for made in ("docs/_build/index.md", "docs/.cache/x.md", "docs/node_modules/x.md"):
        editor.file(made, made)

    assert editor.project(editor.page("docs/part/one.qmd", "x")).pages == {
        "index.md": "docs/index.md",
        "part/three.Rmd": "docs/part/three.Rmd",
        "part/two.qmd": "docs/part/two.qmd",
    }


def test_without_a_book_a_page_sees_those_beside_it_and_those_that_are_open(editor: Editor) -> None:
    editor.file("notes/two.md", "two")
    editor.file("notes/inside/three.md", "three")
    editor.file("four.md", "four")
    one = editor.page("notes/one.md", "one")
    editor.page("five.md", "five")

    assert editor.project(one).pages == {"two.md": "two", "../five.md": "five"}


def test_a_page_that_is_open_counts_as_it_is_in_the_editor(editor: Editor) -> None:
    editor.file("two.md", "saved")
    one = editor.page("one.md", "one")
    assert editor.project(one).pages == {"two.md": "saved"}

    editor.page("two.md", "typed")
    assert editor.project(one).pages == {"two.md": "typed"}


def test_a_page_that_is_new_is_seen_after_the_next_file_was_opened_or_saved(editor: Editor) -> None:
    editor.file("_quarto.yml", "")
    one = editor.page("one.md", "one")
    assert editor.project(one).pages == {}

    editor.file("part/two.md", "two")
    editor.sources.forget()
    assert editor.project(one).pages == {"part/two.md": "two"}


def test_of_very_many_pages_some_are_seen(editor: Editor) -> None:
    editor.file("_quarto.yml", "")
    for number in range(300):
        editor.file(f"{number}.md", "x")

    assert len(editor.project(editor.page("one.md", "one")).pages) == 200


def test_a_chapter_s_own_macros_do_not_reach_the_chapters_before_it(editor: Editor) -> None:
    editor.file(
        "main.tex", "\\documentclass{book}\n\\input{math}\n\\newcommand{\\E}{root}\n\\include{one}\\include{two}"
    )
    editor.file("math.tex", "\\newcommand{\\E}{file}\\newcommand{\\R}{file}")
    editor.file("two.tex", "\\renewcommand{\\R}{two}\\newcommand{\\V}{two}")
    project = editor.project(editor.open("one.tex", "$\\R$"))
    known = macros(regions("$\\R$", Language.LATEX), Language.LATEX, project)

    assert {name: "".join(macro.body) for name, macro in known.items()} == {
        "\\E": "root",
        "\\R": "file",
        "\\V": "two",
    }


def test_a_book_has_macros_for_all_its_pages(editor: Editor) -> None:
    editor.file("myst.yml", "version: 1\nproject:\n  math:\n    '\\E': '\\mathbb{E}'\n")
    page = editor.page("chapters/a.md", "$\\E$")
    known = macros(regions(page.text, page.language), page.language, editor.project(page))

    assert "".join(known["\\E"].body) == "\\mathbb{E}"

    editor.file("myst.yml", "version: 1\nproject:\n  math:\n    '\\E': 'E'\n")
    editor.sources.look()
    assert "".join(macros(regions(page.text, page.language), page.language, editor.project(page))["\\E"].body) == "E"


@pytest.mark.parametrize("root", ["/", "..", "../../../../../../..", "a\0b", "x" * 5000])
def test_a_root_that_cannot_be_one(editor: Editor, root: str) -> None:
    chapter = editor.open("chapter.tex", f"% !TEX root = {root}\n$x$\n")
    editor.sources.folders = []

    assert editor.project(chapter).root is None


@pytest.mark.parametrize("uri", ["file:///a%00b/x.tex", "file://[/a.tex", "file:///" + "a" * 5000 + "/x.md", "x:y"])
@pytest.mark.parametrize("language", [Language.LATEX, Language.MARKDOWN])
def test_a_document_in_a_place_that_cannot_be(uri: str, language: Language) -> None:
    document = Document(uri, language, Lines("$x$"), "utf-16")

    assert Sources({uri: document}).project(document).root is None


def test_pages_of_one_name_are_told_apart(editor: Editor) -> None:
    page = editor.page("z/a.md", "$x$")
    editor.page("x/r.md", "one")
    editor.page("y/r.md", "two")

    assert editor.project(page).pages == {"../x/r.md": "one", "../y/r.md": "two"}


def test_what_was_seen_late_does_not_hide_what_was_seen_since(editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    path = editor.file("a.tex", "old")
    sources = editor.sources
    sources.read(path)

    def slow(path: Path, before: Seen) -> Seen:
        """The thread is about to say what it has seen when the file is read again."""
        monkeypatch.undo()
        late = look_at(path, before)
        editor.file("a.tex", "new")
        sources.forget()
        return late

    editor.file("a.tex", "newer than old")
    monkeypatch.setattr("mleq_lsp.lsp.sources.look_at", slow)
    sources.look()
    assert sources.read(path) == "new"
