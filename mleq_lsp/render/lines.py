"""A formula broken into lines, where a picture has no room for it on one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from mleq_lsp.latex.tokens import Kind, Token, commands, tokenize

Width = Callable[[str], float]
Tokens = Sequence[Token]

# Environments whose rows are lines already, and those of one line.
WRAPPED = re.compile(
    r"\s*\\begin\{(?P<name>(?:aligned|align|gathered|gather|split|multline|equation|displaymath|math)\*?)\}"
    r"(?P<inside>.*)\\end\{(?P=name)\}\s*",
    re.DOTALL,
)
LEADING_GAP = re.compile(r"(?:\s|\\q?quad(?![A-Za-z]))*")
GAPS = commands("quad qquad")
RELATIONS = commands(
    "le leq leqslant ge geq geqslant ll gg lesssim gtrsim approx sim simeq cong equiv propto doteq triangleq"
    " coloneqq coloneq eqqcolon stackrel to rightarrow longrightarrow mapsto leftarrow"
    " Rightarrow Longrightarrow Leftarrow Leftrightarrow Longleftrightarrow iff implies impliedby"
) | {"=", "<", ">", ":="}
LONGEST_NAME = max(map(len, RELATIONS)) + 1  # so that a longer one is seen to be longer
SIGNS = commands("pm mp") | {"+", "-"}
OPENING = commands("{ left begin langle lfloor lceil lvert lVert lbrace lbrack") | {"{", "(", "["}
CLOSING = commands("} right end rangle rfloor rceil rvert rVert rbrace rbrack") | {"}", ")", "]"}
BRACKETS = frozenset(("(", "[", ")", "]", r"\{", r"\}"))  # that may close on another line
MANY = 1_000
BARS = commands("| vert Vert") | {"|"}
GROWING = commands("left middle right")
# A `-` after one of these is no operation.
NO_TERM = RELATIONS | SIGNS | GAPS | OPENING | commands("in times cdot log ln exp , ; ! :") | {*",;:/_^&"}
INDENT = r"\quad "
MUCH = 1.5  # times its room: a line that is wider would be too small to be read
SHORT = 0.4  # of the room: what stands before the first relation may be so wide, for the lines to be aligned there


def in_lines(latex: str, room: float, width: Width) -> str | None:
    """The formula in lines that have so much room each, as far as it can be broken; None if it cannot be."""
    tokens = without_wrapping([token for token in tokenize(latex) if token.kind is not Kind.COMMENT])
    rows = [[text_of(cell) for cell in parts(row, "&")] for row in parts(tokens, r"\\")]
    lines = [line for row in rows for line in broken_row(row, room, width)]
    return r"\begin{aligned} " + r" \\ ".join(lines) + r" \end{aligned}" if len(lines) > len(rows) else None


def without_wrapping(tokens: Tokens) -> Tokens:
    """What stands in the environment round all of it, if one does."""
    found = WRAPPED.fullmatch(text_of(tokens))
    if found is None:
        return tokens
    inside = tokenize(found["inside"])
    # Otherwise one ends before another begins.
    return without_wrapping(inside) if all(depth >= 0 for _, depth in depths(inside)) else tokens


def broken_row(cells: Sequence[str], room: float, width: Width) -> Iterator[str]:
    """One row in as many as it needs, each aligned with the others."""
    if len(cells) > 2 or width(" ".join(cells)) <= room:
        yield " & ".join(cells if len(cells) > 1 else ("", *cells))
    elif len(cells) == 2:
        yield from aligned(cells[0], cells[1], room, width)
    else:
        for statement in packed(parts_at(cells[0], GAPS), room, width):
            yield from aligned(*sides(LEADING_GAP.sub("", statement, count=1), room, width), room, width)


def sides(statement: str, room: float, width: Width) -> tuple[str, str]:
    """What stands before the first relation, if the lines can be aligned there, and the rest."""
    head, *rest = parts_at(statement, RELATIONS)
    if rest and width(statement) > room and width(head) <= SHORT * room and not starts_with_relation(head):
        return head, "".join(rest)
    return "", statement


def starts_with_relation(latex: str) -> bool:
    tokens = tokenize(latex.lstrip()[:LONGEST_NAME])
    return text_of(tokens[:1]) in RELATIONS or text_of(tokens[:2]) == ":="


def aligned(left: str, right: str, room: float, width: Width) -> Iterator[str]:
    """A row broken on its right, with its left before the first line."""
    for line in broken(right, room - (width(left) if left.strip() else 0), width):
        yield f"{left} & {line}"
        left = ""


def broken(latex: str, room: float, width: Width) -> Iterator[str]:
    """The lines of a formula: at its relations, and where that is not enough at its signs, which are indented."""
    # Relations stand below each other, or further right than what comes before the first.
    indent, further = "", "" if starts_with_relation(latex) else INDENT
    for run in packed(parts_at(latex, RELATIONS), room, width):
        first, *others = packed(parts_at(run, SIGNS), room, width)
        yield from (indent + line for line in in_brackets(first, room, width))
        for other in others:
            yield from (indent + INDENT + line for line in in_brackets(other, room, width))
        indent = further


def in_brackets(latex: str, room: float, width: Width) -> Iterator[str]:
    """A term that is much too wide, broken inside its brackets too if these do not grow with what they hold."""
    first, *others = packed(parts_at(latex, SIGNS, inside=1), room, width) if width(latex) > MUCH * room else [latex]
    yield first
    yield from (INDENT + INDENT + other for other in others)


def packed(pieces: Iterable[str], room: float, width: Width) -> Iterator[str]:
    """Pieces put together as long as there is room for them."""
    line = ""
    for piece in pieces:
        if line and width(line + piece) > room:
            yield line
            line = ""
        line += piece
    yield line


def parts_at(latex: str, breaks: Collection[str], inside: int = 0) -> Iterator[str]:
    """The parts of a formula, each but the first with a break at its start that is inside so many brackets at most."""
    tokens = tokenize(latex)
    start, before = 0, ""
    for at in outermost(tokens, inside):
        text = tokens[at].text
        if text == ":" and tokens[at + 1 : at + 2] and tokens[at + 1].text == "=":
            text = ":="
        if text in breaks and before and (before not in NO_TERM or breaks is GAPS):
            yield text_of(tokens[start:at])
            start = at
        before = before if tokens[at].kind is Kind.SPACE else text
    yield text_of(tokens[start:])


def parts(tokens: Tokens, separator: str) -> Iterator[Tokens]:
    """What stands between separators outside all groups."""
    start = 0
    for at in outermost(tokens):
        if tokens[at].text == separator:
            yield tokens[start:at]
            start = at + 1
    yield tokens[start:]


def outermost(tokens: Tokens, inside: int = 0) -> list[int]:
    """The places of the tokens that are in no group, no environment and no delimiters but so many brackets."""
    outside = [at for at, depth in depths(tokens) if depth <= inside]
    counts = Counter(tokens[at].text for at in outside)
    opened: set[str] = set()
    found = []
    for at in outside:
        text = tokens[at].text
        is_paired = text in BARS and counts[text] % 2 == 0
        if is_paired or not opened:
            found.append(at)
        opened ^= {text} if is_paired else set()
    return found


def depths(tokens: Tokens) -> Iterator[tuple[int, int]]:
    """Each place, and how many brackets it is in, of which others count for many; their own tokens are outside."""
    depth = 0
    for at, token in enumerate(tokens):
        is_delimiter = at > 0 and tokens[at - 1].text in GROWING
        weight = 0 if is_delimiter else 1 if token.text in BRACKETS else MANY
        depth -= weight * (token.text in CLOSING)
        yield at, depth
        depth += weight * (token.text in OPENING)


def text_of(tokens: Tokens) -> str:
    return "".join(token.text for token in tokens)
