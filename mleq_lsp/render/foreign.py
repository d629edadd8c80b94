"""Letters that the font of pictures lacks, as `\\text{日本語}` has them, left to the fonts of the client."""

from __future__ import annotations

import re
from functools import lru_cache

from mleq_lsp.render.tree import parse

# Signs as wide as a letter of these scripts: a picture is made with them in their place.
STAND_INS = "".join(map(chr, (*range(0x2491, 0x249B), *range(0x2474, 0x247D), *range(0x249C, 0x24B6))))
GLYPH = re.compile(r'<use href="#(?:mathra-\w+-)?(?P<glyph>g\d+)"(?P<place>[^>]*?)/>')
PLACE = re.compile(r' x="(?P<x>[^"]*)" y="(?P<y>[^"]*)"| transform="(?P<moved>[^"]*)"')
UPRIGHT = ' transform="{} scale(1,-1)" font-size="1000"'  # all of a picture is upside down


def picture_of(latex: str) -> str:
    """A formula as mathra draws it, with text in place of the boxes that it draws for letters of other scripts."""
    parsed = parse(latex)
    places = [sign for sign in STAND_INS if sign not in latex]
    lacked: dict[str, str | int | None] = dict(
        zip((letter for letter in parsed.lacked if letter.isprintable()), places, strict=False)
    )
    if not lacked:
        return parsed.svg
    svg = parse(latex.translate(str.maketrans(lacked))).svg
    letters = {glyphs()[str(sign)]: letter for letter, sign in lacked.items()}
    return GLYPH.sub(lambda use: text_at(use, letters), svg)


@lru_cache(maxsize=1)
def glyphs() -> dict[str, str]:
    """What the glyphs of the stand-ins are called."""
    names = (use["glyph"] for use in GLYPH.finditer(parse(rf"\text{{{STAND_INS}}}").svg))
    return dict(zip(STAND_INS, names, strict=False))


def text_at(use: re.Match[str], letters: dict[str, str]) -> str:
    """A letter as text, where a glyph of ours stood for it."""
    letter = letters.get(use["glyph"])
    place = PLACE.search(use["place"])
    if letter is None or place is None:
        return use[0]
    moved = place["moved"] or f"translate({place['x']} {place['y']})"
    upright = UPRIGHT.format(moved)
    return f"<text{PLACE.sub(upright, use['place'], count=1)}>{letter}</text>"
