"""Draws the pictures of docs/previews.md anew: `python docs/previews.py`.

The page is its own source: headings, sentences and LaTeX are written there by hand, the pictures below them here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import in_sympy
import sympy_forms
from mleq_lsp.render.boxes import cells
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw

PAGE = Path(__file__).with_suffix(".md")
WIDTH = 88  # cells

SECTION = re.compile(r"^## (?P<title>.+)\n(?:(?!## ).*\n)*", re.MULTILINE)
FENCED = re.compile(r"^```(?P<language>latex|text)\n(?P<body>(?:(?!```).*\n)*)```$", re.MULTILINE)
SIZES = re.compile(r"(?<=^\| --- \| --: \| --: \|\n)(\|.*\n)*", re.MULTILINE)
DRAWN_WITH = re.compile(r"mathra [\d.]+ and SymPy [\d.]+")


@dataclass(frozen=True, slots=True)
class Preview:
    """A formula of the page, as we and as SymPy draw it."""

    title: str
    latex: str
    ours: str
    theirs: str


def main() -> None:
    PAGE.write_text(dated(redrawn(PAGE.read_text("utf-8"))), "utf-8")


def redrawn(page: str) -> str:
    """The page with its pictures and their sizes as they are drawn today."""
    page = SECTION.sub(lambda found: with_pictures(found["title"], found[0]), page)
    return SIZES.sub("".join(map(sizes, previews(page))), page)


def with_pictures(title: str, section: str) -> str:
    """A section with its pictures, if it is about a formula: below the LaTeX ours, and below that SymPy's."""
    latex = FENCED.search(section)
    if latex is None:
        return section
    bodies = iter([latex["body"], ours(latex["body"]), theirs(title)])
    return FENCED.sub(lambda found: f"```{found['language']}\n{next(bodies)}```", section)


def ours(latex: str) -> str:
    return draw(parse(latex).tree, WIDTH) + "\n"


def theirs(title: str) -> str:
    return sympy_forms.draw(in_sympy.EXPRESSIONS[title](), WIDTH) + "\n"


def previews(page: str) -> Iterator[Preview]:
    """What the page shows, whether or not it would be drawn so today."""
    for section in SECTION.finditer(page):
        bodies = [found["body"] for found in FENCED.finditer(section[0])]
        if bodies:
            yield Preview(section["title"], *bodies)


def sizes(preview: Preview) -> str:
    """A row of the table at the page's end."""
    return f"| {preview.title} | {size(preview.ours)} | {size(preview.theirs)} |\n"


def size(picture: str) -> str:
    lines = picture.splitlines()
    return f"{len(lines)} × {max(map(cells, lines))}"


def dated(page: str) -> str:
    """The page with the versions that it was drawn with."""
    return DRAWN_WITH.sub(f"mathra {version('mathra')} and SymPy {version('sympy')}", page)


if __name__ == "__main__":
    main()
