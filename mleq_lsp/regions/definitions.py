r"""What an author's definitions mean for the text after them.

`\newcommand{\be}{\begin{equation}}` is read by the walk that reads documents:
what its body leaves open is what `\be` opens, and what is open at its `#1` is what its first argument is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from mleq_lsp.regions.authored import Authored, Meaning
from mleq_lsp.regions.latex_names import COMMENTS, DISPLAY, SECTIONS, VERBATIM, known_command
from mleq_lsp.regions.latex_steps import STEPS
from mleq_lsp.regions.latex_walk import Part, Walk, kind_of
from mleq_lsp.regions.model import MATH, Kind, Region, innermost

PARAMETER = re.compile(r"#([1-9])")
ONE_COMMAND = re.compile(r"\\[a-zA-Z@]+")
# The arguments of `\NewDocumentCommand`; those with delimiters of their own are not followed.
DOCUMENT_ARGUMENT = re.compile(r"[+!>\s]*(?:(?P<letter>[mosb])|O\s*(?:\{[^{}]*\})?|(?P<other>\S))")
KEY = re.compile(r"([1-9])\s*=")
# An environment of amsmath inside another is begun by its command: `\newenvironment{x}{\align}{\endalign}`.
BEGINS_DISPLAY = re.compile(rf"\\({'|'.join(sorted(DISPLAY))})(?![a-zA-Z])")
BEGINS_VERBATIM = re.compile(rf"\\(?:begin\s*\{{)?({'|'.join(sorted(VERBATIM | COMMENTS))})(?![a-zA-Z])")
# Commands that do under another name what they did under their own.
LIKE = {r"\verb", r"\Verb", r"\lstinline", r"\url", r"\iffalse", r"\begin", r"\end", r"\item", *SECTIONS}


class Definition(NamedTuple):
    """A definition taken apart; its signature has a "{", "[" or "*" for each argument, "b" for a body as argument."""

    name: str
    signature: str
    body: str


def learned(known: Authored, command: str, parts: Sequence[Part]) -> Authored:
    """What is known after one more definition."""
    for name, meaning in meanings(known, command, parts):
        if meaning != Meaning() or known.of(name) or known_command(name):
            known = known.with_meaning(name, meaning)
    return known


def meanings(known: Authored, command: str, parts: Sequence[Part]) -> Iterator[tuple[str, Meaning]]:
    if command in MINTED:
        yield from minted(command, parts)
        return
    shape, meaning = SHAPES.get(command, ("", Meaning()))
    if definition := taken_apart(shape, command, parts):
        yield definition.name, meaning if isinstance(meaning, Meaning) else meaning(known, definition)


# Taking a definition apart


def taken_apart(shape: str, command: str, parts: Sequence[Part]) -> Definition | None:
    """The arguments that a shape tells of: its letters are n for the name, s for the signature, b for the body."""
    braces = {letter: part.text.strip() for letter, part in zip(shape, in_braces(parts), strict=False)}
    if not shape or "n" not in braces or ("b" in shape and "b" not in braces):
        return None
    first = next(number for number, part in enumerate(parts) if part.sign == "{")
    options = [part.text for part in parts[first:] if part.sign == "["]
    if command in (r"\newcommandx", r"\renewcommandx"):
        signature = keyed(options)
    elif command.endswith("def"):
        signature = "{" * len(PARAMETER.findall("".join(options)))
    else:
        signature = documented(braces["s"]) if "s" in braces else counted(options)
    name = braces["n"] if command != r"\csdef" else f"\\{braces['n']}"
    return Definition(name, signature, braces.get("b", ""))


def in_braces(parts: Sequence[Part]) -> Iterator[Part]:
    return (part for part in parts if part.sign == "{")


def counted(options: Sequence[str]) -> str:
    """The signature that `[2][default]` gives."""
    number = int(options[0]) if options and options[0] in tuple("123456789") else 0
    return "[" + "{" * (number - 1) if number and len(options) > 1 else "{" * number


def keyed(options: Sequence[str]) -> str:
    """The signature that `[3][1=a, 2=b]` gives, in the manner of xargs."""
    defaults = KEY.findall(options[1]) if len(options) > 1 else []
    return "".join("[" if str(number) in defaults else "{" for number, _ in enumerate(counted(options[:1]), start=1))


def documented(arguments: str) -> str:
    """The signature that `{s O{default} m}` gives, as far as it is understood."""
    signature = ""
    for found in DOCUMENT_ARGUMENT.finditer(arguments):
        if found.group("other"):
            break
        signature += {"m": "{", "s": "*", "b": "b"}.get(found.group("letter"), "[")
    return signature


# What it means


def macro(known: Authored, definition: Definition) -> Meaning:
    if not definition.signature and ONE_COMMAND.fullmatch(definition.body):
        return same_as(known, definition.body)
    reading = Reading(known, definition.body)
    takes = letters(known, definition, reading).rstrip("t")
    formula = next((reading.formula(number) for number in numbers(definition) if reading.letter(number) == "m"), "")
    return Meaning(takes, formula if "m" in takes else "", tuple(reading.closes), reading.opens)


def same_as(known: Authored, command: str) -> Meaning:
    """What another name of a command does."""
    if command in LIKE:
        return Meaning(like=command)
    return known.of(command) or known_command(command) or Meaning()


def environment(known: Authored, definition: Definition) -> Meaning:
    """What the beginning of an environment does; its body, where that is an argument, may be in a formula."""
    if found := BEGINS_VERBATIM.search(definition.body):
        return Meaning(letters(known, definition, None), opens=(found.group(1),))
    reading = Reading(known, BEGINS_DISPLAY.sub(r"\\begin{\1}", definition.body))
    opens = reading.opens
    for number, sign in enumerate(definition.signature, start=1):
        if sign == "b" and reading.letter(number) == "m":
            opens = (reading.formula(number),)
    return Meaning(letters(known, definition, reading).replace("m", "t").rstrip("t"), opens=opens)


def collected(known: Authored, definition: Definition) -> Meaning:
    r"""`\NewEnviron{x}{... \BODY ...}`."""
    number = len(definition.signature) + 1
    body = definition.body.replace(r"\BODY", f"#{number}")
    return environment(known, definition._replace(body=body, signature=definition.signature + "b"))


def verbatim(known: Authored, definition: Definition) -> Meaning:
    return Meaning("o" + letters(known, definition, None).lstrip("o"), opens=("lstlisting",))


def letters(known: Authored, definition: Definition, reading: Reading | None) -> str:
    """The arguments in the letters of `Meaning.takes`; they are silent where there is no body to read."""
    in_math = Reading(known, definition.body, Kind.DISPLAY_MATH) if reading and definition.signature else None
    found = ""
    for number, sign in enumerate(definition.signature, start=1):
        if sign == "[":
            found += "o"
        elif sign == "{" and reading and in_math:
            letter = reading.letter(number)
            # In the text `\text` is nothing, but the macro may be used in a formula.
            found += "w" if letter == "t" and in_math.letter(number) == "w" else letter
        elif sign == "{":
            found += "a"
    return found


def numbers(definition: Definition) -> range:
    return range(1, len(definition.signature) + 1)


class Reading(Walk):
    """A walk over the body of a definition; other definitions in it are left alone."""

    def __init__(self, known: Authored, body: str, base: Kind | None = None) -> None:
        super().__init__(body, 0, len(body), known, base)
        self.closes: list[str] = []
        self.run(STEPS)
        self.opens = tuple(frame.name for frame in self.frames.stack[1:] if frame.closer != "}" and begins(frame.name))
        self._regions = self.frames.found(len(body))

    def ends_nothing(self, closer: str) -> None:
        self.closes.append(closer)

    def letter(self, number: int) -> str:
        """What an argument is; of several places of it the one that tells most counts."""
        return min((self._letter_at(offset) for offset in self._places(number)), key="mwta".index, default="t")

    def formula(self, number: int) -> str:
        """What would open the formula that an argument is in; in a display that is what has the rows."""
        around = [region for region in self._regions if region.kind in MATH and self._has(region, number)]
        if around[0].kind is Kind.INLINE_MATH:
            return "$"
        return next(region.name for region in reversed(around) if begins(region.name))

    def _places(self, number: int) -> list[int]:
        return [found.start() for found in PARAMETER.finditer(self.text) if found.group(1) == str(number)]

    def _letter_at(self, offset: int) -> str:
        region = innermost(self._regions, offset)
        if region is None:
            return "t"
        return "m" if region.kind in MATH else {Kind.ARGUMENT: "a", Kind.WORDS: "w"}.get(region.kind, "t")

    def _has(self, region: Region, number: int) -> bool:
        return any(region.body.touches(offset) for offset in self._places(number))


def begins(name: str) -> bool:
    """Whether this begins something wherever it stands, as an unknown environment does not."""
    return kind_of(name) is not Kind.INLINE_MATH or name in ("$", r"\(", "math")


def minted(command: str, parts: Sequence[Part]) -> Iterator[tuple[str, Meaning]]:
    r"""`\newminted[name]{language}{...}` and its like: without a name it is the language and an ending."""
    language = next((part.text for part in in_braces(parts)), "")
    name = parts[0].text if parts and parts[0].sign == "[" else language + MINTED[command]
    if command == r"\newminted":
        yield name, Meaning(opens=("minted",))
        yield f"{name}*", Meaning("a", opens=("minted",))
    else:
        yield f"\\{name}", Meaning(like=r"\lstinline")


MINTED = {r"\newminted": "code", r"\newmint": "", r"\newmintinline": "inline"}
SHAPES: dict[str, tuple[str, Meaning | Callable[[Authored, Definition], Meaning]]] = {
    f"\\{command}": (shape, meaning)
    for commands, shape, meaning in (
        (
            "newcommand renewcommand providecommand newcommandx renewcommandx DeclareRobustCommand newrobustcmd"
            " renewrobustcmd providerobustcmd csdef def gdef edef xdef let DeclareMathOperator",
            "nb",
            macro,
        ),
        ("NewDocumentCommand RenewDocumentCommand ProvideDocumentCommand DeclareDocumentCommand", "nsb", macro),
        ("newenvironment renewenvironment", "nb-", environment),
        (
            "NewDocumentEnvironment RenewDocumentEnvironment ProvideDocumentEnvironment DeclareDocumentEnvironment",
            "nsb-",
            environment,
        ),
        ("NewEnviron", "nb", collected),
        ("lstnewenvironment DefineVerbatimEnvironment newtcblisting", "n--", verbatim),
        ("NewTCBListing DeclareTCBListing", "ns-", verbatim),
        ("newtheorem declaretheorem newtcolorbox newtcbtheorem", "n", Meaning(opens=("theorem",))),
        ("excludecomment", "n", Meaning(opens=("comment",))),
    )
    for command in commands.split()
}
