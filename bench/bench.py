"""How long things take, as ratios within one run: `python bench/bench.py`.

Times differ from machine to machine and from day to day; what is compared here is measured side by side.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from pathlib import Path

from mleq_lsp.card import entry_card, formula_card
from mleq_lsp.catalogue.compiled import compiled, restore
from mleq_lsp.catalogue.load import SOURCES, all_forms, load_pack, with_forms
from mleq_lsp.catalogue.model import Catalogue
from mleq_lsp.completion import complete
from mleq_lsp.hover import hover
from mleq_lsp.insertion import insertion
from mleq_lsp.matching import rank
from mleq_lsp.place import Place, author_of
from mleq_lsp.preview import Style, drawing, one_line, write
from mleq_lsp.recognition import recognise, recognised
from mleq_lsp.regions import Language, forget, regions
from mleq_lsp.render.svg import data_uri
from mleq_lsp.render.tree import parse
from mleq_lsp.render.unicode import draw
from mleq_lsp.settings import Settings
from mleq_lsp.text import Lines, Span

EXAMPLE = (Path(__file__).parents[1] / "examples" / "paper.tex").read_text("utf-8")
SETTINGS = Settings()
REMEMBERED = (parse, data_uri, drawing, one_line, write, formula_card, recognised)
HEAD = EXAMPLE[: EXAMPLE.index("\\section{Introduction}")]
BODY = EXAMPLE[EXAMPLE.index("\\section{Introduction}") : EXAMPLE.index("\\end{document}")]


def median(action: Callable[[], object], times: int = 15) -> float:
    """The median time of an action in ms; what is remembered from one call to the next is forgotten before each."""
    took = []
    for _ in range(times):
        forget()
        for remembered in REMEMBERED:
            remembered.cache_clear()
        start = time.perf_counter()
        action()
        took.append((time.perf_counter() - start) * 1000)
    return statistics.median(took)


def document(size: int) -> str:
    """A LaTeX document of about `size` characters."""
    return HEAD + BODY * (size // len(BODY) + 1)


class Typing:
    """Somebody who types `;elbo` in the middle of a document, key by key, and is offered a list after each key."""

    def __init__(self, text: str, catalogue: Catalogue) -> None:
        self._lines = Lines(text)
        self._at = text.index("\n\n", len(text) // 2) + 1
        self._catalogue = catalogue
        forget()
        for key in "\n;elb":
            self.press(key)

    def press(self, key: str) -> None:
        """What a key press costs the server: the edit, the scan that follows it, and the list."""
        self._lines = self._lines.edited(Span(self._at, self._at), key)
        self._at += len(key)
        regions(self._lines.text, Language.LATEX)
        complete(self._lines.text, self._at, Language.LATEX, self._catalogue)

    def once(self) -> float:
        """The time in ms of one key press that brings a list."""
        start = time.perf_counter()
        self.press("o")
        took = (time.perf_counter() - start) * 1000
        self._lines = self._lines.edited(Span(self._at - 1, self._at), "")
        self._at -= 1
        regions(self._lines.text, Language.LATEX)
        return took


def main() -> None:
    catalogue = with_forms(load_pack(SOURCES).catalogue)
    saved = compiled(catalogue).encode("ascii")
    small, large = document(10_000), document(1_000_000)
    typing_small, typing_large = Typing(small, catalogue), Typing(large, catalogue)
    formula = catalogue.entries["ddpm-vlb-kl"].body.latex
    page = f"Text $${formula}$$"
    place = Place(";x", Span(0, 2), Language.LATEX, regions(";x", Language.LATEX))
    author = author_of(place, SETTINGS)
    rows: list[tuple[str, float, str, float]] = [
        (
            "reading the compiled catalogue",
            median(lambda: restore(saved.decode("ascii"))),
            "with all its entries",
            median(lambda: list(restore(saved.decode("ascii")))),
        ),
        (
            "all entries of the compiled catalogue",
            median(lambda: list(restore(saved.decode("ascii")))),
            "from YAML",
            median(lambda: load_pack(SOURCES), 3),
        ),
        (
            "normal forms of all entries",
            median(lambda: with_forms(catalogue)),
            "read and made anew",
            median(lambda: all_forms(load_pack(SOURCES).catalogue), 3),
        ),
        (
            "looking up `kl gaus`",
            median(lambda: rank(catalogue, "kl gaus")),
            "recognising a formula",
            median(lambda: recognise(formula, catalogue)),
        ),
        (
            "a key press and its list in 10 kB",
            statistics.median(typing_small.once() for _ in range(25)),
            "in 1 MB",
            statistics.median(typing_large.once() for _ in range(25)),
        ),
        (
            "the first scan of 10 kB",
            median(lambda: regions(small, Language.LATEX)),
            "of 1 MB",
            median(lambda: regions(large, Language.LATEX), 5),
        ),
        (
            "one insert",
            median(lambda: insertion(catalogue.entries["gan-minimax"], place, author, SETTINGS)),
            "the widest one",
            median(lambda: insertion(catalogue.entries["ddpm-vlb"], place, author, SETTINGS)),
        ),
        (
            "drawing the widest equation",
            median(lambda: draw(parse(formula).tree)),
            "a whole hover on it",
            median(
                lambda: (
                    write(found.cards[0], Style()) if (found := hover(page, 10, Language.LATEX, catalogue)) else None
                )
            ),
        ),
        (
            "a card as text",
            median(lambda: write(entry_card(catalogue.entries["ddpm-vlb-kl"], catalogue), Style())),
            "with a picture",
            median(lambda: write(entry_card(catalogue.entries["ddpm-vlb-kl"], catalogue), Style(picture="svg"))),
        ),
    ]
    for one, took, other, longer in rows:
        print(f"{one:<36}{took:9.2f} ms   {other:<22}{longer:9.2f} ms   × {longer / took:.1f}")


if __name__ == "__main__":
    main()
