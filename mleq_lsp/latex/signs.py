"""A formula as TeX takes it: two that have the same signs are set alike, down to the spaces.

Spaces that TeX ignores are gone, arguments without braces have got them, and of several names for one sign one is left.
Nothing else is changed, unlike in `normal.py`, where two formulas are the same if they say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from mleq_lsp.latex.arguments import ARGUMENTS, NAMES, TEXTS
from mleq_lsp.latex.tokens import FACES, Kind, Token, commands, group_end, tokenize

# Names of one mathematical character or of one space, as fontmath.ltx, amsmath and bm define them.
SAME = {
    r"\leq": r"\le",
    r"\geq": r"\ge",
    r"\neq": r"\ne",
    r"\rightarrow": r"\to",
    r"\leftarrow": r"\gets",
    r"\lbrace": r"\{",
    r"\rbrace": r"\}",
    r"\lbrack": "[",
    r"\rbrack": "]",
    r"\Vert": r"\|",
    r"\vert": "|",
    r"\ast": "*",
    r"\owns": r"\ni",
    r"\land": r"\wedge",
    r"\lor": r"\vee",
    r"\lnot": r"\neg",
    r"\thinspace": r"\,",
    r"\medspace": r"\:",
    r"\>": r"\:",
    r"\thickspace": r"\;",
    r"\negthinspace": r"\!",
    r"\bm": r"\boldsymbol",
    r"\operatornamewithlimits": r"\operatorname*",
}
# Old switches of the face, which hold up to the end of their group.
SWITCHES = {rf"\{switch}": rf"\math{switch}" for switch in ("rm", "bf", "it", "sf", "tt", "cal")}
INNER = TEXTS | NAMES | FACES
# A command of size takes the delimiter after it, and makes an opening or a closing bar a bar like any other.
SIZES = commands("left right middle big Big bigg Bigg")
BARS = {r"\lVert": r"\|", r"\rVert": r"\|", r"\lvert": "|", r"\rvert": "|"}
TAKING = ARGUMENTS | dict.fromkeys(SIZES, 1)
# \bigl( is \mathopen{\big(}.
SIDES = {
    rf"{size}{side}": (kind, size)
    for size in (r"\big", r"\Big", r"\bigg", r"\Bigg")
    for side, kind in (("l", r"\mathopen"), ("r", r"\mathclose"), ("m", r"\mathrel"))
}
BRACES = (Kind.OPEN, Kind.CLOSE)
SPECIAL = frozenset((*SAME, *TAKING, *SIDES))


@dataclass(slots=True)
class Signs:
    """The signs of a formula, and where each stands in it; a brace that is not written has no width."""

    texts: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    inner: list[bool] = field(default_factory=list)  # in a text, a name or another face: no macro is put there
    closing: dict[int, int] = field(default_factory=dict)  # the index of each opening brace -> that of its closing one

    @property
    def is_balanced(self) -> bool:
        """Whether every brace has its other one."""
        return self.texts.count("{") == self.texts.count("}") == len(self.closing)

    def add(self, text: str, start: int, end: int, inner: bool) -> None:
        self.texts.append(text)
        self.starts.append(start)
        self.ends.append(end)
        self.inner.append(inner)


@dataclass(slots=True)
class Level:
    """A group that is open, in braces that are written or not."""

    opened: int  # the index of its opening brace
    is_written: bool
    is_text: bool = False
    is_inner: bool = False
    awaited: int = 0  # arguments that its last command still takes
    command: str = ""  # that command
    lasts: bool = False  # though it is not written: up to the end of the group around it


def signs(latex: str) -> Signs:
    """The signs of a formula; an unfinished one has signs as well."""
    return Reader(tokenize(latex)).signs()


class Reader:
    """Walks over the tokens once, with the groups that are open around them."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._signs = Signs()
        self._levels = [Level(-1, is_written=True)]

    def signs(self) -> Signs:
        at = 0
        while at < len(self._tokens):
            kind, text, start = self._tokens[at]
            level = self._levels[-1]
            # Most tokens are signs as they are; only the others are worth a closer look.
            if kind in BRACES or level.awaited or level.is_text or text in SPECIAL:
                at = self._step(at)
                continue
            if kind is not Kind.SPACE and kind is not Kind.COMMENT:
                self._signs.add(text, start, start + len(text), level.is_inner)
            at += 1
        self._close_unwritten()
        return self._signs

    def _step(self, at: int) -> int:
        """Read the token at `at`, or a little more; the index of the next one."""
        token = self._tokens[at]
        kind, text, start = token
        if kind is Kind.OPEN:
            return self._open(at)
        if kind is Kind.CLOSE:
            self._close(token)
        elif kind is not Kind.COMMENT and self._levels[-1].is_text:
            self._signs.add(" " if kind is Kind.SPACE else text, start, token.end, True)
        elif kind is not Kind.COMMENT and kind is not Kind.SPACE:
            self._math(at, SAME.get(text, text))
        return at + 1

    def _math(self, at: int, text: str) -> None:
        """A token of math that is no brace; what a command awaits gets braces round it."""
        level = self._levels[-1]
        _, written, start = self._tokens[at]
        end = start + len(written)
        if level.awaited:
            if level.command in SIZES:
                text = BARS.get(text, text)
            if text == "*" and level.command == r"\operatorname":
                level.command = self._signs.texts[-1] = r"\operatorname*"
                self._signs.ends[-1] = end
                return
            if text == "[" and self._signs.texts[-1] == level.command and len(level.command) > 1:
                level.awaited = 0  # an optional argument: what follows it stays as it is written
            elif self._may_take_arguments(at, text, level):
                level.awaited -= 1
            else:
                inner = is_inner(level)
                level.awaited -= 1
                level = self._enter(start, start, is_written=False, is_inner=inner)
        self._signs.add(text, start, end, level.is_inner)
        if text in TAKING:
            level.awaited, level.command = TAKING[text], text
        elif text in SIDES:
            self._side(SIDES[text], end)
        else:
            self._settle()

    def _may_take_arguments(self, at: int, text: str, level: Level) -> bool:
        """Whether a script begins with a command that is not known and may take the group after it."""
        if level.command not in ("_", "^") or len(text) == 1 or text in TAKING:
            return False
        return at + 1 < len(self._tokens) and self._tokens[at + 1].text in ("{", "[")

    def _side(self, side: tuple[str, str], end: int) -> None:
        """A delimiter of a size and a side: two commands, the second in braces of its own."""
        self._signs.texts[-1], size = side
        level = self._enter(end, end, is_written=False, is_inner=True)
        self._signs.add(size, end, end, True)
        level.awaited, level.command = 1, size

    def _open(self, at: int) -> int:
        """A written group: an argument, or one that holds a face which is switched in it, or neither."""
        level, token = self._levels[-1], self._tokens[at]
        is_argument, is_text, inner = level.awaited > 0, level.is_text, is_inner(level)
        if is_argument:
            level.awaited -= 1
            is_text = level.command in TEXTS
        switch = -1 if is_text else self._switch_after(at)
        if switch < 0:
            self._enter(token.start, token.end, is_text=is_text, is_inner=inner)
            return at + 1
        switched = self._tokens[switch]
        if is_argument:
            self._enter(token.start, token.end, is_inner=inner)
        self._signs.add(SWITCHES[switched.text], switched.start if is_argument else token.start, switched.end, inner)
        if is_argument and self._is_one_group(switch + 1):
            self._levels[-1].awaited, self._levels[-1].command = 1, SWITCHES[switched.text]
        else:
            self._enter(switched.end, switched.end, is_written=not is_argument, is_inner=True).lasts = True
        return switch + 1

    def _switch_after(self, at: int) -> int:
        """The index of the switch of the face that the group at `at` begins with, if it does."""
        at += 1
        while at < len(self._tokens) and self._tokens[at].kind is Kind.SPACE:
            at += 1
        return at if at < len(self._tokens) and self._tokens[at].text in SWITCHES else -1

    def _is_one_group(self, at: int) -> bool:
        """Whether the rest of the group that `at` is in is a group itself."""
        tokens = self._tokens
        if at >= len(tokens) or tokens[at].kind is not Kind.OPEN:
            return False
        end = group_end(tokens, at)
        return end < len(tokens) and tokens[end].kind is Kind.CLOSE

    def _close(self, token: Token) -> None:
        self._close_unwritten()
        if len(self._levels) == 1:
            self._signs.add("}", token.start, token.end, False)
            return
        self._leave(token.start, token.end)
        self._settle()

    def _settle(self) -> None:
        """Close the braces that are not written round what is complete by now."""
        while not (level := self._levels[-1]).is_written and not level.awaited and not level.lasts:
            self._leave(self._signs.ends[-1], self._signs.ends[-1])

    def _close_unwritten(self) -> None:
        while not self._levels[-1].is_written:
            self._leave(self._signs.ends[-1], self._signs.ends[-1])

    def _enter(
        self, start: int, end: int, *, is_written: bool = True, is_text: bool = False, is_inner: bool = False
    ) -> Level:
        self._levels.append(Level(len(self._signs.texts), is_written, is_text, is_inner))
        self._signs.add("{", start, end, True)
        return self._levels[-1]

    def _leave(self, start: int, end: int) -> None:
        level = self._levels.pop()
        self._signs.closing[level.opened] = len(self._signs.texts)
        self._signs.add("}", start, end, True)


def is_inner(level: Level) -> bool:
    """Whether what comes next on this level is in a text, a name or another face."""
    return level.is_inner or (level.awaited > 0 and level.command in INNER)
