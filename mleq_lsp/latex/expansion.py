"""A formula with the macros in it written out, and where the author wrote what it says."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from mleq_lsp.latex.arguments import ARGUMENTS
from mleq_lsp.latex.definitions import undefined
from mleq_lsp.latex.macros import Form, Macro, Parameter, chosen, is_group, is_parameter, spaced
from mleq_lsp.latex.tokens import Kind, tokenize

DEEPEST = 40  # macros written in terms of macros; a chain that is longer has no end
FINAL = 1_000  # the depth of what is not to be read again
MOST = 5_000  # tokens that a formula may grow by
MOST_ENDLESS = 8  # macros without end in one formula, before it is left as it is


class Origin(NamedTuple):
    """Where the author wrote something: its offset, and the macro there that it came out of, if any."""

    start: int
    macro: str = ""


class Failure(NamedTuple):
    """A macro that could not be written out, and why."""

    name: str
    origin: Origin
    reason: str


@dataclass(frozen=True, slots=True)
class Expanded:
    """A formula with macros written out; what could not be written out stays as its name."""

    written: str  # by the author
    latex: str
    pieces: tuple[tuple[int, Origin], ...] = ()  # offsets in `latex` and where they came from; none: from itself
    failures: tuple[Failure, ...] = ()

    def origin(self, offset: int) -> Origin:
        """Where the character at an offset of `latex` came from."""
        if offset >= len(self.latex):
            return Origin(len(self.written))
        at = bisect_right(self.pieces, offset, key=lambda piece: piece[0]) - 1
        if at < 0:
            return Origin(offset)
        start, origin = self.pieces[at]
        return origin if origin.macro else Origin(origin.start + offset - start)

    def place(self, offset: int) -> int | None:
        """Where in `latex` what the author wrote at an offset begins, if it is there."""
        if not self.pieces:
            return offset
        return next((start for start, origin in self.pieces if origin.start == offset), None)


def expand(latex: str, macros: Mapping[str, Macro]) -> str:
    """The formula with these macros written out, as far as that can be done."""
    return expanded(latex, macros).latex


def expanded(latex: str, macros: Mapping[str, Macro]) -> Expanded:
    """The same, with where everything came from; what a formula defines holds in it, and is not drawn."""
    written, (latex, own) = latex, undefined(latex)
    macros = {**macros, **own} if own else macros
    tokens = tokenize(latex)
    if not any(token.text in macros for token in tokens):
        return Expanded(written, latex)
    items = [Item(token.text, token.start) for token in tokens if token.kind is not Kind.COMMENT]
    failures: list[Failure] = []
    while len(failures) < MOST_ENDLESS:
        expansion = Expansion(items, macros)
        try:
            out = expansion.written_out()
        except Endless as endless:
            failures.append(endless.failure)
            macros = {name: macro for name, macro in macros.items() if name != endless.failure.name}
        else:
            failures += expansion.failures
            return Expanded(written, *assembled(out), tuple(failures))
    return Expanded(written, latex, (), tuple(failures))


def assembled(items: Sequence[Item]) -> tuple[str, tuple[tuple[int, Origin], ...]]:
    """Tokens as a text, and where each of them came from."""
    texts = list(spaced(item.text for item in items))
    ends = accumulate(map(len, texts))
    # A space that keeps a letter apart stands before it.
    starts = (end - len(item.text) for end, item in zip(ends, items, strict=True))
    return "".join(texts), tuple((start, item.origin) for start, item in zip(starts, items, strict=True))


class Call(NamedTuple):
    """A use of a macro, and the one whose body it stands in."""

    name: str
    depth: int  # how many macros its body came out of; FINAL for a body that is not to be read again
    outermost: str  # the macro that the author wrote
    within: Call | None

    def names(self) -> list[str]:
        """The macros from this one to the one that the author wrote."""
        names: list[str] = []
        call: Call | None = self
        while call is not None:
            names.append(call.name)
            call = call.within
        return names


class Item(NamedTuple):
    """A token, where the author wrote it or the macro that it came out of, and the innermost such macro."""

    text: str
    start: int
    call: Call | None = None

    @property
    def depth(self) -> int:
        return self.call.depth if self.call else 0

    @property
    def origin(self) -> Origin:
        return Origin(self.start, self.call.outermost if self.call else "")

    def called(self, macro: Macro) -> Call:
        """The use of a macro that this token is."""
        depth = FINAL if macro.is_final else self.depth + 1
        return Call(macro.name, depth, self.call.outermost if self.call else macro.name, self.call)


class ArgumentMissing(Exception):
    """The formula ends, or its group does, before a macro has its arguments."""


class Endless(Exception):
    """A macro would go on without end."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure)
        self.failure = failure


Value = list[Item] | None  # what was given for a parameter


class Expansion:
    """Writes out macros as TeX does: what one stands for is read again, together with what follows it."""

    def __init__(self, items: Sequence[Item], macros: Mapping[str, Macro]) -> None:
        self._macros = macros
        self._rest = list(reversed(items))
        self._read: list[Item] = []  # in search of arguments
        self._out: list[Item] = []
        self._awaited = [0]  # for each open group: how many arguments its last command still takes
        self._put_off: dict[int, int] = {}  # the same, while an optional argument comes first
        self._left = MOST + 10 * len(items)
        self._lacking: Failure | None = None
        self.failures: list[Failure] = []

    def written_out(self) -> list[Item]:
        """The tokens with all macros written out, if that comes to an end."""
        while self._rest:
            item = self._rest.pop()
            macro = self._macros.get(item.text) if item.depth < FINAL else None
            if macro is not None and (item.depth > DEEPEST or self._left < 0):
                if self._lacking and not item.depth:  # what was read in vain was too much, not what was written
                    raise Endless(self._lacking)
                raise Endless(Failure(endless_name(item), item.origin, "has no end"))
            if macro is None or not self._replaced(macro, item):
                self._put(item)
        return self._out

    def _replaced(self, macro: Macro, item: Item) -> bool:
        """Put what the macro stands for in its place, if its arguments are there."""
        self._read.clear()
        call = item.called(macro)
        try:
            body = substituted(macro, self._arguments(macro, item.start, call), item.start, call)
        except ArgumentMissing:
            self._lacking = Failure(macro.name, item.origin, "lacks an argument")
            self.failures.append(self._lacking)
            self._left -= len(self._read)
            self._rest.extend(reversed(self._read))
            return False
        if self._awaited[-1] and not (len(body) == 1 or is_group([one.text for one in body])):
            body = [item._replace(text="{"), *body, item._replace(text="}")]
        self._left -= len(self._read) + len(body)
        self._rest.extend(reversed(body))
        return True

    def _put(self, item: Item) -> None:
        """One token of the result; whether it is an argument decides about braces round the next macro."""
        text, awaited, level = item.text, self._awaited, len(self._awaited)
        before = self._out[-1].text if self._out else ""
        starts_optional = text == "[" and awaited[-1] and before[0] == "\\"
        is_star = text == "*" and before == r"\operatorname"
        self._out.append(item)
        if text.isspace() or is_star:
            return
        if starts_optional:
            self._put_off[level] = awaited[-1]
            awaited[-1] = 0
        elif text == "]" and level in self._put_off:
            awaited[-1] = self._put_off.pop(level)
        elif text == "}":
            self._put_off.pop(level, None)
            if level > 1:
                awaited.pop()
        else:
            awaited[-1] = ARGUMENTS.get(text) or max(awaited[-1] - 1, 0)
            if text == "{":
                awaited.append(0)

    def _arguments(self, macro: Macro, start: int, call: Call) -> list[Value]:
        if macro.parameters:
            self._peek()  # spaces after the name are none
        for text in macro.prefix:
            self._expect(text)
        return [self._argument(parameter, start, call) for parameter in macro.parameters]

    def _argument(self, parameter: Parameter, start: int, call: Call) -> Value:
        if parameter.form is Form.DELIMITED:
            return self._up_to(parameter.until)
        following = self._peek()
        if parameter.form is Form.STAR:
            return [self._pop()] if following == "*" else None
        if parameter.form is Form.OPTIONAL:
            if following == "[":
                self._pop()
                return self._up_to(("]",))
            return None if parameter.default is None else [Item(text, start, call) for text in parameter.default]
        if following in ("", "}", "&", r"\\"):
            raise ArgumentMissing
        first = self._pop()
        return self._up_to(("}",)) if first.text == "{" else [first]

    def _up_to(self, until: tuple[str, ...]) -> list[Item]:
        """Everything before these tokens, which are read as well; braces round all of it are dropped."""
        found: list[Item] = []
        depth = 0
        while True:
            if depth == 0 and self._comes(until):
                for text in until:
                    self._expect(text)
                return found if until == ("}",) else without_braces(found)
            item = self._pop()
            depth += (item.text == "{") - (item.text == "}")
            if depth < 0:
                raise ArgumentMissing
            found.append(item)

    def _comes(self, texts: tuple[str, ...]) -> bool:
        """Whether these tokens come next, with nothing but spaces between them."""
        at = len(self._rest) - 1
        for text in texts:
            if at < 0 or self._rest[at].text != text:
                return False
            at -= 1
            while at >= 0 and self._rest[at].text.isspace():
                at -= 1
        return True

    def _expect(self, text: str) -> None:
        if self._peek() != text:
            raise ArgumentMissing
        self._pop()

    def _peek(self) -> str:
        """The next token that is no space; nothing at the end."""
        while self._rest and self._rest[-1].text.isspace():
            self._pop()
        return self._rest[-1].text if self._rest else ""

    def _pop(self) -> Item:
        if not self._rest:
            raise ArgumentMissing
        self._read.append(self._rest.pop())
        return self._read[-1]


def substituted(macro: Macro, values: Sequence[Value], start: int, call: Call) -> list[Item]:
    """What the macro stands for with these arguments."""
    out: list[Item] = []
    for text in chosen(macro.body, [value is not None for value in values]) or ():
        if is_parameter(text):
            out.extend(values[int(text[1:]) - 1] or ())
        else:
            out.append(Item(text, start, call))
    return out


def without_braces(items: list[Item]) -> list[Item]:
    """An argument without the braces round all of it, as TeX takes one that a delimiter ends."""
    return items[1:-1] if is_group([item.text for item in items]) else items


def endless_name(item: Item) -> str:
    """Of the macros that an endless one came out of, the outermost that comes round again, or else the outermost."""
    names: list[str] = [item.text, *(item.call.names() if item.call else ())]
    again = [name for name in names if names.count(name) > 1]
    return (again or names)[-1]
