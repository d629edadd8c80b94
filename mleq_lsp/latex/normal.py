"""A formula whatever its dress: the same mathematics, written by two people, has one normal form.

Fonts, spacing, bracket sizes and shapes, alignment, line breaks and the many spellings of one sign are dropped;
what is left is a sequence of plain tokens with every script in braces.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from mleq_lsp.latex.tokens import Symbol, commands, symbols
from mleq_lsp.text import Span

SYNONYMS = {
    **dict.fromkeys((r"\mid", r"\vert", r"\lvert", r"\rvert"), "|"),
    **dict.fromkeys((r"\|", r"\Vert", r"\lVert", r"\rVert", r"\parallel"), "‖"),
    **dict.fromkeys((r"\cdot", r"\times", r"\odot", r"\circ", "*"), "·"),
    **dict.fromkeys((r"\dots", r"\ldots", r"\cdots", r"\dotsc", r"\dotsb", "…"), "…"),
    **dict.fromkeys(("[", r"\{", r"\lbrack", r"\lbrace"), "("),
    **dict.fromkeys(("]", r"\}", r"\rbrack", r"\rbrace"), ")"),
    **dict.fromkeys((r"\dfrac", r"\tfrac", r"\cfrac"), r"\frac"),
    r"\leq": r"\le",
    r"\leqslant": r"\le",
    r"\geq": r"\ge",
    r"\geqslant": r"\ge",
    r"\neq": r"\ne",
    r"\rightarrow": r"\to",
    r"\varepsilon": r"\epsilon",
    r"\varphi": r"\phi",
    r"\vartheta": r"\theta",
    r"\colon": ":",
    r"\prime": "'",
    r"\coloneqq": "=",
    r"\triangleq": "=",
    r"\overline": r"\bar",
    r"\widehat": r"\hat",
    r"\widetilde": r"\tilde",
}
DROPPED = commands(
    ", ; : ! > quad qquad enspace thinspace medspace thickspace left right middle big Big bigg Bigg bigl bigr bigm"
    " Bigl Bigr Bigm biggl biggr biggm Biggl Biggr Biggm nonumber notag displaystyle textstyle limits nolimits rm"
    " bf it cal hfill allowbreak"
) | {"&", "~", r"\\", "\\ ", "\\\n", "\\\t"}
# Named operators: `\log`, `\mathrm{log}` and `\operatorname{log}` are one, letter by letter.
OPERATORS = commands(
    "log ln exp sin cos tan cot sinh cosh tanh min max sup inf lim arg det dim ker deg gcd Pr hom limsup liminf"
    " argmin argmax"
)
ARGUMENT_OF_WORDS = re.compile(r"^\\([A-Za-z]+)\*?\{?(.*?)\}?$", re.DOTALL)
DEEPEST = 60  # groups inside each other; what is deeper stays as it is, for it is no equation
# Commands with as many arguments that are put into braces; their other arguments tell nothing apart.
FOLDED = {r"\frac": 2, r"\binom": 2, r"\overset": 2, r"\underset": 2, r"\sqrt": 1}
ROW_END = re.compile(r"(?<!\\)\\\\\*?[ \t]*(?:\[-?[\d.]+ ?[a-z]{2}\])?")
BRACE = re.compile(r"\\.|[{}]", re.DOTALL)
ANNOTATIONS = frozenset(("label", "tag", "ref", "eqref", "begin", "end", "hspace", "vspace", "color"))


def normal_form(latex: str, *, lower_first: bool = True) -> tuple[str, ...]:
    """The normal tokens of a formula; an unfinished one has a normal form as well.

    A lower script comes before an upper one unless they are to stay in the order they were written in.
    """
    return folded([token for symbol in symbols(ROW_END.sub(" ", latex)) for token in spell(symbol)], lower_first)


class Sign(str):
    """A normal token that knows which symbol of the formula it comes from; a brace that was not written is none."""

    __slots__ = ("span",)

    def __new__(cls, token: str, span: Span) -> Sign:
        sign = super().__new__(cls, token)
        sign.span = span
        return sign

    span: Span


@lru_cache(maxsize=32)
def traced_form(latex: str, *, lower_first: bool = True) -> tuple[str, ...]:
    """The same normal tokens, as signs."""
    rows = ROW_END.sub(lambda end: " " * len(end.group()), latex)
    return folded([Sign(token, symbol.span) for symbol in symbols(rows) for token in spell(symbol)], lower_first)


def stretch(latex: str, tokens: Sequence[str]) -> Span | None:
    """The stretch of a formula that some of its signs come from; None if that would cut a group in two."""
    spans = [token.span for token in tokens if isinstance(token, Sign)]
    if not spans:
        return None
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    depth = 0
    for brace in BRACE.finditer(latex, start):
        if depth == 0 and brace.start() >= end:
            break
        depth += (brace.group() == "{") - (brace.group() == "}")
        end = max(end, brace.end())
        if depth < 0:
            return None
    return Span(start, end)


def folded(spelled: Sequence[str], lower_first: bool) -> tuple[str, ...]:
    return tuple(without_final_punctuation(without_idle_brackets(Folder(spelled, lower_first).row())))


def spell(symbol: Symbol) -> tuple[str, ...]:
    """One symbol in plain tokens, without its face; words become their letters."""
    return spelling(symbol.text, symbol.is_words)


@lru_cache(maxsize=4096)
def spelling(text: str, is_words: bool) -> tuple[str, ...]:
    if text in DROPPED:
        return ()
    if is_words:
        parsed = ARGUMENT_OF_WORDS.match(text)
        if parsed is None or parsed.group(1) in ANNOTATIONS:
            return ()
        # In braces, so that as a script it stays one.
        return ("{", *re.sub(r"[\s{}]|\\[,;:! ]", "", parsed.group(2)), "}")
    if text.endswith("}") and text not in ("}", r"\}"):
        return ("{", *(token for inner in symbols(text[text.index("{") + 1 : -1]) for token in spell(inner)), "}")
    return tuple(text[1:]) if text in OPERATORS else (SYNONYMS.get(text, text),)


class Folder:
    """Walks over spelled tokens once, putting scripts and arguments into braces and dropping other braces."""

    def __init__(self, spelled: Sequence[str], lower_first: bool) -> None:
        self._spelled = spelled
        self._depth = 0
        self._lower_first = lower_first
        self._at = 0

    def row(self) -> list[str]:
        """The rest of the row, up to a closing brace or the end."""
        out: list[str] = []
        while self._at < len(self._spelled):
            token = self._spelled[self._at]
            if token == "}":
                break
            out.extend(self.item())
        return doubled_bars(out)

    def item(self) -> list[str]:
        """One token with its arguments, or the inside of a group, or scripts with the lower one first."""
        token = self._spelled[self._at]
        if self._depth > DEEPEST:
            self._at += 1
            return [token]
        self._depth += 1
        try:
            return self.folded(token)
        finally:
            self._depth -= 1

    def folded(self, token: str) -> list[str]:
        if token in ("_", "^"):
            return self.scripts()
        self._at += 1
        if token == "{":
            inside = self.row()
            self._at += 1
            return inside
        out = [token]
        for _ in range(FOLDED.get(token, 0)):
            out.extend(self.argument())
        return out

    def scripts(self) -> list[str]:
        found: dict[str, list[str]] = {}
        while self._at < len(self._spelled) and self._spelled[self._at] in ("_", "^"):
            mark = self._spelled[self._at]
            self._at += 1
            found.setdefault(mark, []).extend(self.argument())
        order = ("_", "^") if self._lower_first else tuple(found)
        return [token for mark in order if mark in found for token in (mark, *found[mark])]

    def argument(self) -> list[str]:
        inside = self.item() if self._at < len(self._spelled) and self._spelled[self._at] != "}" else []
        return ["{", *inside, "}"]


def doubled_bars(tokens: list[str]) -> list[str]:
    """`||` as the one sign it stands for."""
    out: list[str] = []
    for token in tokens:
        if token == "|" and out and out[-1] == "|":
            out[-1] = "‖"
        else:
            out.append(token)
    return out


def without_final_punctuation(tokens: list[str]) -> list[str]:
    while tokens and tokens[-1] in ".,;":
        tokens.pop()
    return tokens


def without_idle_brackets(tokens: list[str]) -> list[str]:
    """Without the brackets round a lone fraction: its line holds it together already."""
    idle: set[int] = set()
    for at, token in enumerate(tokens):
        end = fraction_end(tokens, at + 1) if token == "(" else None
        if end is not None and tokens[end : end + 1] == [")"]:
            idle |= {at, end}
    return [token for at, token in enumerate(tokens) if at not in idle]


def fraction_end(tokens: list[str], at: int) -> int | None:
    """The index after the fraction that starts at `at`, if one does."""
    if tokens[at : at + 1] != [r"\frac"]:
        return None
    depth = groups = 0
    for index in range(at + 1, len(tokens)):
        depth += (tokens[index] == "{") - (tokens[index] == "}")
        groups += depth == 0
        if groups == 2:
            return index + 1
    return None


RELATIONS = frozenset(
    ("=", "<", ">", r"\le", r"\ge", r"\ne", r"\sim", r"\approx", r"\propto", r"\to", r"\in", r"\equiv")
)
SEPARATORS = RELATIONS | {",", ";", ":", "|", "‖"}


def commuted(tokens: tuple[str, ...]) -> tuple[str, ...]:
    """The same with the terms of each sum and the factors of each written product in one order.

    `a + b` and `b + a` are one then, and so are the two sides of a `·`; `a - b` and `b - a` are not.
    """
    groups: list[list[str]] = [[]]
    for token in tokens:
        if token in ("(", "{"):
            groups.append([])
        elif token in (")", "}") and len(groups) > 1:
            inside = in_order(groups.pop())
            groups[-1].append(f"{'(' if token == ')' else '{'} {inside} {token}")
        else:
            groups[-1].append(token)
    while len(groups) > 1:
        inside = in_order(groups.pop())
        groups[-1].append(f"( {inside}")
    return tuple(in_order(groups[0]).split())


def in_order(tokens: list[str]) -> str:
    """The tokens of one group, those of inner groups joined already."""
    pieces: list[str] = []
    at = 0
    for end in [*(i for i, token in enumerate(tokens) if token in SEPARATORS), len(tokens)]:
        pieces += [sum_in_order(tokens[at:end]), *tokens[end : end + 1]]
        at = end + 1
    return " ".join(piece for piece in pieces if piece)


def sum_in_order(tokens: list[str]) -> str:
    terms: list[tuple[str, str]] = []
    sign, at = "+", 0
    for end in [*(i for i, token in enumerate(tokens) if token in ("+", "-")), len(tokens)]:
        # A sign at the beginning, or after another one, belongs to the term that follows.
        if end > at:
            terms.append((product_in_order(tokens[at:end]), sign))
        sign = tokens[end] if end < len(tokens) else sign
        at = end + 1
    return " ".join(f"{sign} {term}" for term, sign in sorted(terms))


def product_in_order(tokens: list[str]) -> str:
    return " · ".join(sorted(" ".join(tokens).split(" · ")))
