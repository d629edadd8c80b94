"""Formulas drawn for a test, and what there is to see in a tree and in a picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from textwrap import dedent
from unicodedata import combining, normalize

from mleq_lsp.render.tables import FENCES
from mleq_lsp.render.tree import Tree, parse
from mleq_lsp.render.unicode import draw, draw_line


def drawn(latex: str, width: int = 88) -> str:
    return draw(parse(latex).tree, width)


def on_one_line(latex: str) -> str | None:
    return draw_line(parse(latex).tree)


def picture(text: str) -> str:
    return dedent(text).strip("\n")


def lost(tree: Tree, shown: str) -> Counter[str]:
    """The letters, digits and symbols of a tree that are not in its picture as often as they should be."""
    return ink(written(tree)) - ink([shown])


def ink(texts: Iterator[str] | list[str]) -> Counter[str]:
    """What there is to see in some texts, whatever the alphabet, the size and the height it is written in."""
    found: Counter[str] = Counter()
    for text in texts:
        for char in normalize("NFKD", text):
            if not char.isspace() and not combining(char) and char.isprintable():
                found.update(ALIKE.get(char, char))
    return found


# One sign under several code points, and the pieces of tall delimiters: what of them counts as the sign.
# A square bracket has a top and a bottom; a ceiling has only the one, a floor only the other.
ALIKE = {
    "⊤": "T",
    "⊺": "T",
    "−": "-",
    "∗": "*",
    "°": "∘",
    "ʹ": "′",
    "∣": "|",
    "│": "|",
    "∥": "‖",
    "⎛": "(",
    "⎞": ")",
    "[": "⎡⎣",
    "]": "⎤⎦",
    "⌈": "⎡",
    "⌉": "⎤",
    "⌊": "⎣",
    "⌋": "⎦",
    "{": "⎧",
    "}": "⎧",
    "⎫": "⎧",
    "⎰": "⎧",
    "⌠": "∫",
    "╲": "√",
    "⟩": "⟨",
    "╱": "⟨",
    "↔": "→",
    "⇔": "⇒",
    "↦": "→",
}


def written(node: object) -> Iterator[str]:
    """The texts of a tree that a reader must find in its picture."""
    if isinstance(node, list):
        for part in node:
            yield from written(part)
    if not isinstance(node, dict) or node.get("type") == "phantom":
        return
    yield from ["√"] if node.get("type") == "root" else ()
    yield from FENCES.get(node.get("shape", ""), ())
    for key, value in node.items():
        if isinstance(value, str):
            yield from [value] if key in SHOWN else ()
        elif key == "middles":
            yield from value
        else:
            yield from written(value)


SHOWN = ("name", "value", "symbol", "open", "close")
