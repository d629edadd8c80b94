"""What an insert needs and the preamble lacks, and the line that adds it."""

from __future__ import annotations

import pytest

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.latex.package_table import AFTER_AMS, COMMANDS, ENVIRONMENTS, HAS
from mleq_lsp.latex.packages import ORDER, loaded, missing, usepackage_edit


@pytest.mark.parametrize(
    ("latex", "packages"),
    [
        (r"\frac{a}{b} \leq \sqrt{\mathbf{x}} \left( \sum_{i} \mathcal{N} \right)", ()),
        (r"\begin{equation} x \end{equation} \[ x \] \begin{array}{c} x \end{array}", ()),
        (r"\begin{align} x &= 1 \end{align}", ("amsmath",)),
        (r"\begin{equation*} x \end{equation*}", ("amsmath",)),
        (r"\begin{cases} 1 \end{cases}", ("amsmath",)),
        (r"\operatorname{softmax}(z)", ("amsmath",)),
        (r"\boldsymbol{\mu}", ("amsmath",)),
        (r"\text{if } x", ("amsmath",)),
        (r"\mathbb{E}", ("amssymb",)),
        (r"x \leqslant y", ("amssymb",)),
        (r"\bm{x} \mathbb{E} \text{a}", ("amsmath", "amssymb", "bm")),
        (r"x \coloneqq \text{a}", ("mathtools",)),  # which loads amsmath
        (r"\begin{dcases*} 1 \end{dcases*}", ("mathtools",)),
        (r"\mathscr{F} \mathds{1} \mathbbm{1}", ("mathrsfs", "dsfont", "bbm")),
        (r"\llbracket x \rrbracket", ("stmaryrd",)),
        (r"\mathrm{text} text \textbf{a} \mathbbx \mid", ()),
        ("x % \\text{a}\n", ()),
        (r"100\% \text{a}", ("amsmath",)),
        (r"\\text", ()),
        ("\\", ()),
    ],
)
def test_what_a_document_without_packages_lacks(latex: str, packages: tuple[str, ...]) -> None:
    assert missing(latex, frozenset()) == packages


EVERYTHING = r"\begin{align} \boldsymbol{x} \mathbb{E} \leqslant \bm{x} \coloneqq \mathscr{F} \end{align}"


@pytest.mark.parametrize(
    ("preamble", "packages"),
    [
        (r"\documentclass{article}", ("mathtools", "amssymb", "mathrsfs", "bm")),
        (r"\usepackage{amsmath,amssymb}", ("mathtools", "mathrsfs", "bm")),
        (r"\usepackage{mathtools, bm, mathrsfs} \usepackage{amssymb}", ()),
        (r"\documentclass{amsart} \usepackage{mathtools}", ("amssymb", "mathrsfs", "bm")),
        (r"\documentclass[sigconf]{acmart}", ("bm",)),
        (r"\documentclass[aspectratio=169]{beamer}", ("mathtools", "mathrsfs", "bm")),
        (r"\documentclass[prl]{revtex4-2}", ("mathtools", "amssymb", "mathrsfs")),
        (r"\documentclass[prl,amsmath,amssymb]{revtex4-1}", ("mathtools", "mathrsfs")),
        (r"\documentclass{aastex63}", ("mathtools", "mathrsfs")),
        (r"\usepackage{unicode-math}", ("mathtools",)),  # `bm` fails on its Greek letters
        (r"\usepackage{newpxtext,newpxmath}", ("bm",)),
        (r"\usepackage[mathscr]{eucal}", ("mathtools", "amssymb", "bm")),
        (r"\usepackage[bb=boondox, scr=rsfs]{mathalpha}", ("mathtools", "amssymb", "bm")),
        (r"\usepackage{neurips_2024}", ("mathtools", "amssymb", "mathrsfs", "bm")),
        (r"\usepackage{cvpr}", ("mathtools", "mathrsfs", "bm")),
    ],
)
def test_missing(preamble: str, packages: tuple[str, ...]) -> None:
    assert missing(EVERYTHING, loaded(preamble)) == packages


def test_one_package_of_several_is_enough() -> None:
    assert missing(r"\mathbb{E}", loaded(r"\usepackage{amsfonts}")) == ()
    assert missing(r"\mathbb{E}", loaded(r"\usepackage{mathpazo}")) == ()
    assert missing(r"\boldsymbol{x}", loaded(r"\usepackage{bm}")) == ()
    assert missing(r"\text{a}", loaded(r"\usepackage{siunitx}")) == ()


@pytest.mark.parametrize(
    "definition",
    [
        r"\newcommand{\bm}[1]{\mathbf{#1}}",
        r"\newcommand*\bm[1]{\mathbf{#1}}",
        r"\def\bm#1{\mathbf{#1}}",
        r"\let\bm\boldsymbol",
        r"\DeclareMathAlphabet{\bm}{OT1}{cmr}{bx}{n}",
        r"\ifdefined\x\newcommand { \bm }{}\fi",
    ],
)
def test_a_command_of_the_author_needs_no_package(definition: str) -> None:
    assert missing(r"\bm{x}", loaded(definition)) == ()


@pytest.mark.parametrize(
    "text",
    [
        r"\usepackage{amsmath}",
        r"\usepackage[fleqn]{amsmath}",
        "\\usepackage[\n  fleqn, % left\n  tbtags={a]b},\n]{%\n  graphicx, % pictures}\n  amsmath\n}",
        "\\usepackage % why\n  {amsmath}",
        r"\RequirePackage{amsmath}[2020/01/01]",
        r"\IfFileExists{amsmath.sty}{\usepackage{amsmath}}{}",
        r"\ifdraft \usepackage{x} \else \usepackage{amsmath} \fi",
        r"\iffalse \usepackage{x} \else \usepackage{amsmath} \fi",
        r"100\% \usepackage{amsmath}",
        r"\makeatletter\LoadClass[a]{amsart}",
        "\\newcommand{\\x}{%}\n}\\usepackage{amsmath}",
    ],
)
def test_loaded(text: str) -> None:
    assert "amsmath" in loaded(text)


@pytest.mark.parametrize(
    "text",
    [
        r"% \usepackage{amsmath}",
        "\\usepackage{graphicx, % amsmath,\n}",
        r"\iffalse \usepackage{amsmath} \fi",
        r"\begin{document} \usepackage{amsmath}",
        "\\begin{filecontents*}{x.tex}\n\\usepackage{amsmath}\n\\end{filecontents*}",
        r"\usepackages{amsmath} \usepackage[amsmath]{ntheorem} \usepackage{amsmath",
        "\\usepackage{graphicx\n\n}amsmath",
        r"\usepackage",
    ],
)
def test_not_loaded(text: str) -> None:
    assert "amsmath" not in loaded(text)


def test_files_of_the_project_are_followed() -> None:
    files = {
        "paper.cls": r"\LoadClass{article}\RequirePackage{styles/math}",
        "math.sty": r"\RequirePackage{bm, math}\input{more}",
        "more.tex": r"\usepackage{amsmath} \newcommand{\mathds}[1]{\mathbb{#1}}",
    }
    has = loaded(r"\documentclass[12pt]{paper}", files)
    assert missing(r"\bm{x} \text{a} \mathds{1} \mathbb{E}", has) == ("amssymb",)


def test_a_file_of_the_project_is_asked_rather_than_the_table() -> None:
    assert "amssymb" not in loaded(r"\usepackage{cvpr}", {"cvpr.sty": r"\RequirePackage{amsmath}"})


def test_a_part_of_a_document_has_what_the_whole_one_has() -> None:
    assert "bm" in loaded(r"\documentclass[../main]{subfiles}", {"main.tex": r"\usepackage{bm}"})


def added(before: str, *packages: str) -> str | None:
    """The document with the packages."""
    edit = usepackage_edit(before, packages)
    return None if edit is None else before[: edit[0]] + edit[1] + before[edit[0] :]


SHORT = r"""\documentclass{article}
\begin{document}
"""

LONG = r"""% !TeX root
\documentclass[
  11pt, % small
]{article}
\usepackage[T1]{fontenc} % fonts
\usepackage{graphicx}    % pictures
% \usepackage{tikz}
\newcommand{\x}{\usepackage{y}}
\begin{document}
"""

LISTS = r"""\documentclass{article}
\usepackage{graphicx,booktabs}
\title{A}
\begin{document}
"""


def test_after_the_class() -> None:
    assert added(SHORT, "amsmath", "amssymb") == SHORT.replace(
        "{article}\n", "{article}\n\\usepackage{amsmath,amssymb}\n"
    )


def test_after_the_last_package_and_one_a_line_if_the_document_does_so() -> None:
    assert added(LONG, "amsmath", "bm") == LONG.replace(
        "% pictures\n", "% pictures\n\\usepackage{amsmath}\n\\usepackage{bm}\n"
    )


def test_in_one_list_if_the_document_does_so() -> None:
    assert added(LISTS, "amsmath", "bm") == LISTS.replace("tabs}\n", "tabs}\n\\usepackage{amsmath,bm}\n")


@pytest.mark.parametrize("late", sorted(AFTER_AMS))
def test_amsmath_comes_before_what_must_follow_it(late: str) -> None:
    before = f"\\documentclass{{article}}\n\\usepackage{{url}}\n\\usepackage{{{late}}}\n\\usepackage{{tikz}}\n"
    assert added(before, "amsmath") == before.replace("{url}\n", "{url}\n\\usepackage{amsmath}\n")
    assert added(before, "bm") == before + "\\usepackage{bm}\n"


def test_line_ends_are_kept() -> None:
    assert added("\\documentclass{article}\r\n\\begin{document}", "bm") == (
        "\\documentclass{article}\r\n\\usepackage{bm}\r\n\\begin{document}"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"\documentclass{a}", "\\documentclass{a}\n\\usepackage{bm}"),
        (r"\documentclass{a}\begin{document}", "\\documentclass{a}\n\\usepackage{bm}\n\\begin{document}"),
        (
            "\\documentclass{a}\n\\ifpdf\n\\usepackage{x}\n\\fi\n\\begin{document}",
            "\\documentclass{a}\n\\usepackage{bm}\n\\ifpdf\n\\usepackage{x}\n\\fi\n\\begin{document}",
        ),
        (
            "\\documentclass{a}\n\\newif\\ifmine\n\\ifmine\n\\usepackage{x}\n\\fi\n",
            "\\documentclass{a}\n\\usepackage{bm}\n\\newif\\ifmine\n\\ifmine\n\\usepackage{x}\n\\fi\n",
        ),
        (
            "\\documentclass{a}\n\\usepackage{x}\\newcommand{\\y}{%\n  z}\n\\y",
            "\\documentclass{a}\n\\usepackage{x}\\newcommand{\\y}{%\n  z}\n\\usepackage{bm}\n\\y",
        ),
        (
            "\\RequirePackage{fix-cm}\n\\documentclass{a}\n\\makeatletter\n",
            "\\RequirePackage{fix-cm}\n\\documentclass{a}\n\\usepackage{bm}\n\\makeatletter\n",
        ),
        ("\\documentclass{a}\n{\\usepackage{x", "\\documentclass{a}\n\\usepackage{bm}\n{\\usepackage{x"),
    ],
)
def test_never_inside_something(before: str, after: str) -> None:
    assert added(before, "bm") == after


@pytest.mark.parametrize(
    "text",
    [
        "",
        "text",
        r"\usepackage{x}",
        r"\LoadClass{a}",
        r"% \documentclass{a}",
        r"\documentclass[main]{subfiles}",
        r"\documentclass",
    ],
)
def test_no_place_outside_a_root_document(text: str) -> None:
    assert added(text, "bm") is None


def test_nothing_to_add() -> None:
    assert usepackage_edit(LONG, ()) is None


@pytest.mark.parametrize("entry", list(load_builtin()[0]), ids=lambda entry: entry.id)
def test_what_is_added_for_an_entry_is_not_missing_afterwards(entry: Entry) -> None:
    latex = f"\\begin{{align}} {entry.body.latex} \\end{{align}}"
    text = LONG
    packages = missing(latex, loaded(text))
    edit = usepackage_edit(text, packages)
    assert edit is not None
    assert missing(latex, loaded(text[: edit[0]] + edit[1] + text[edit[0] :])) == ()


def test_the_table_names_each_thing_once_and_only_what_it_knows() -> None:
    names = " ".join([*COMMANDS.values(), *ENVIRONMENTS.values()]).split()
    assert len(names) == len(set(names))
    assert {row.split()[0] for row in ENVIRONMENTS} <= set(ORDER)
    commands = {f"\\{name}" for row in COMMANDS.values() for name in row.split()}
    known = {package for row in COMMANDS for package in row.split()} | commands | HAS.keys() | {"revtex4-1"}
    assert {name for row in HAS.values() for name in row.split()} <= known


@pytest.mark.parametrize("end", range(len(LONG)))
def test_a_document_that_is_being_typed(end: int) -> None:
    text = LONG[:end]
    after = added(text, "amsmath")
    assert (after is None) == ("]{article}" not in text)
    assert after is None or missing(r"\text{a}", loaded(after)) == ()
