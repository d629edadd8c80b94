"""The macros that a TeX source defines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from mleq_lsp.latex.macros import Form, Macro, Parameter, argument, chosen, is_group, is_parameter
from mleq_lsp.latex.source import LONGEST_HEAD, Source, Unreadable, scan
from mleq_lsp.latex.tokens import FACES, GREEK, Kind, commands, tokenize

PARAMETER_TEXT = re.compile(r"(?:[^{}\\%]|\\.)*", re.DOTALL)
POSITION = re.compile(r"\s*([1-9])\s*=(.*)", re.DOTALL)
PROVIDES = re.compile(r"\\provide", re.IGNORECASE)
FORGOTTEN = commands("relax undefined @undefined")  # what a name is \let to, to be free again
SIZES = (r"\big", r"\Big", r"\bigg", r"\Bigg")
# The same bar as an opening and as a closing one, which is what a pair of delimiters makes of it.
OPENING = {**dict.fromkeys((r"\|", r"\Vert"), r"\lVert"), **dict.fromkeys(("|", r"\vert"), r"\lvert")}
CLOSING = {bar: opening.replace(r"\l", r"\r") for bar, opening in OPENING.items()}


def definitions(text: str) -> dict[str, Macro]:
    """The macros by name, of two with one name the later; a definition that cannot be understood is left out."""
    known: dict[str, Macro] = {}
    for start, _, macro in read(text):
        if macro.name not in known or not PROVIDES.match(text, start):
            define(macro, known)
    return known


def undefined(latex: str) -> tuple[str, dict[str, Macro]]:
    """A formula with spaces in place of the definitions in it, and these definitions."""
    if not DEFINES.search(latex):
        return latex, {}
    rest, done = "", 0
    for start, end, _ in read(latex):
        rest += latex[done:start] + " " * (end - start)
        done = end
    return rest + latex[done:], definitions(latex)


def read(text: str) -> Iterator[tuple[int, int, Macro]]:
    """Each definition that can be understood, with its start and end."""
    source, found = scan(text, READERS)
    done = 0
    for start, command in found:
        if start < done:
            continue  # inside another definition
        try:
            macro, done = READERS[command](source, start + len(command))
        except Unreadable:
            continue
        if is_cut_short(macro):
            done = start
        else:
            yield start, done, macro


def is_cut_short(macro: Macro) -> bool:
    """Whether the definition ran into the next one, as it does while it is being typed."""
    ends = (text for parameter in macro.parameters for text in parameter.until)
    body = macro.body if len(macro.body) == 1 else ()
    return not READERS.keys().isdisjoint((macro.name, *macro.prefix, *ends, *body))


def define(macro: Macro, known: dict[str, Macro]) -> None:
    """Enter a macro as the latest; a name that is \\let to another takes the other's meaning, or its lack of one."""
    other = known.get(macro.body[0]) if macro.is_final else None
    known.pop(macro.name, None)
    if other is not None:
        known[macro.name] = replace(other, name=macro.name)
    elif not (macro.is_final and macro.body[0] in FORGOTTEN):
        known[macro.name] = macro


def macro_of(name: str, parameters: Sequence[Parameter], body: Sequence[str], prefix: Sequence[str] = ()) -> Macro:
    """A macro, if its body uses the parameters that it has."""
    if any(is_parameter(text) and int(text[1:]) > len(parameters) for text in body):
        raise Unreadable
    for given in (True, False):
        if chosen(tuple(body), [given] * len(parameters)) is None:
            raise Unreadable
    return Macro(name, tuple(parameters), undressed(body), tuple(prefix))


def texts_of(latex: str) -> tuple[str, ...]:
    """The tokens of a body, with `#1` as one of them and without comments, nor spaces around it."""
    texts: list[str] = []
    after_comment = False
    for token in tokenize(latex):
        if texts and texts[-1] == "#":
            texts[-1] = f"#{token.text}"
            if not is_parameter(texts[-1]):
                raise Unreadable
        elif token.kind is Kind.SPACE:
            texts.extend(() if after_comment else " ")
        elif token.kind is not Kind.COMMENT:
            texts.append(token.text)
        after_comment = token.kind is Kind.COMMENT
    if texts and texts[-1] == "#":
        raise Unreadable
    return stripped(texts)


def stripped(texts: Sequence[str]) -> tuple[str, ...]:
    start, end = 0, len(texts)
    while start < end and texts[start] == " ":
        start += 1
    while start < end and texts[end - 1] == " ":
        end -= 1
    return tuple(texts[start:end])


def undressed(body: Sequence[str]) -> tuple[str, ...]:
    """A body without what means nothing in math: `\\xspace`, `\\ensuremath`, and braces round one symbol."""
    body = stripped([text for text in body if text != r"\xspace"])
    while r"\ensuremath" in body:
        at = body.index(r"\ensuremath")
        inside, end = argument(body, at + 1)
        body = stripped(body[:at] + inside + body[end:])
    inside = stripped(body[1:-1])
    return inside if is_group(body) and is_symbol([text for text in inside if text != " "]) else body


def is_symbol(texts: Sequence[str]) -> bool:
    """Whether this is a letter, a digit or a Greek letter, in whatever face: braces round it change nothing then."""
    if not all(text in FACES or text in GREEK or text in ("{", "}") or text.isalnum() for text in texts):
        return False
    return len(texts) == 1 or (len(texts) > 1 and texts[0] in FACES and (len(texts) == 2 or is_group(texts[1:])))


def new_command(source: Source, at: int) -> tuple[Macro, int]:
    """`\\newcommand{\\name}[2][default]{body}` and its kin."""
    name, at = source.name(source.after("*", at))
    count, at = source.optional(at)
    default, at = source.optional(at)
    body, at = source.argument(at)
    parameters = mandatory(count)
    if default is not None:
        parameters = [Parameter(Form.OPTIONAL, texts_of(default)), *parameters[1:]]
    return macro_of(name, parameters, texts_of(body)), at


def mandatory(count: str | None) -> list[Parameter]:
    """As many parameters as `[n]` says."""
    number = (count or "0").strip()
    if number not in tuple("0123456789"):
        raise Unreadable
    return [Parameter()] * int(number)


def new_command_x(source: Source, at: int) -> tuple[Macro, int]:
    """`\\newcommandx{\\name}[3][1=a, 3=b]{body}`, of the package xargs."""
    name, at = source.name(source.after("*", at))
    count, at = source.optional(at)
    defaults, at = source.optional(at)
    body, at = source.argument(at)
    parameters = mandatory(count)
    for item in split(texts_of(defaults or ""), ","):
        found = POSITION.fullmatch("".join(item))
        if found is None or int(found.group(1)) > len(parameters):
            raise Unreadable
        value = stripped(texts_of(found.group(2)))
        default = value[1:-1] if is_group(value) else value
        parameters[int(found.group(1)) - 1] = Parameter(Form.OPTIONAL, default)
    return macro_of(name, parameters, texts_of(body)), at


def split(texts: Sequence[str], separator: str) -> Iterator[Sequence[str]]:
    """The runs between separators outside braces; none of nothing."""
    start = depth = 0
    for at, text in enumerate(texts):
        depth += (text == "{") - (text == "}")
        if text == separator and depth == 0:
            yield texts[start:at]
            start = at + 1
    if texts:
        yield texts[start:]


def plain_definition(source: Source, at: int) -> tuple[Macro, int]:
    """`\\def\\name#1#2{body}`, its arguments perhaps with tokens before and after them."""
    name, at = source.name(at)
    found = PARAMETER_TEXT.match(source.text, at, at + LONGEST_HEAD)
    end = found.end() if found else at
    if not source.text.startswith("{", end):
        raise Unreadable
    runs: list[list[str]] = [[]]  # what comes before the first parameter, and after each
    for text in texts_of(source.text[at:end]):
        if is_parameter(text):
            if int(text[1:]) != len(runs):
                raise Unreadable
            runs.append([])
        elif text != " ":
            runs[-1].append(text)
    parameters = [Parameter(Form.DELIMITED, until=tuple(run)) if run else Parameter() for run in runs[1:]]
    body, end = source.argument(end)
    return macro_of(name, parameters, texts_of(body), runs[0]), end


def let(source: Source, at: int) -> tuple[Macro, int]:
    """`\\let\\name=\\other`: what the other one means by now."""
    name, at = source.name(at)
    other, at = source.argument(source.after("=", at))
    if len(tokenize(other)) != 1:
        raise Unreadable
    return Macro(name, (), (other,), is_final=True), at


def operator(source: Source, at: int) -> tuple[Macro, int]:
    """`\\DeclareMathOperator*{\\name}{text}`."""
    start = source.after("*", at)
    name, end = source.name(start)
    text, end = source.argument(end)
    star = ("*",) if start > at else ()
    return macro_of(name, (), (r"\operatorname", *star, "{", *texts_of(text), "}")), end


def document_command(source: Source, at: int) -> tuple[Macro, int]:
    """`\\NewDocumentCommand{\\name}{s O{x} m}{body}` and its kin."""
    name, at = source.name(at)
    specification, at = source.argument(at)
    body, at = source.argument(at)
    return macro_of(name, list(document_parameters(texts_of(specification))), texts_of(body)), at


def document_parameters(specification: Sequence[str]) -> Iterator[Parameter]:
    forms = {"m": Form.MANDATORY, "o": Form.OPTIONAL, "s": Form.STAR, "O": Form.OPTIONAL}
    at = 0
    while at < len(specification):
        letter = specification[at]
        at += 1
        if letter in (" ", "+", "!"):
            continue
        if letter not in forms:
            raise Unreadable
        default = None
        if letter == "O":
            default, at = argument(tuple(specification), at)
        yield Parameter(forms[letter], default)


def paired_delimiter(source: Source, at: int) -> tuple[Macro, int]:
    """`\\DeclarePairedDelimiter{\\norm}{\\lVert}{\\rVert}`, of the package mathtools."""
    name, at = source.name(at)
    left, at = source.argument(at)
    right, at = source.argument(at)
    return paired(name, 1, left, ("#1",), right), at


def paired_delimiter_x(source: Source, at: int) -> tuple[Macro, int]:
    """`\\DeclarePairedDelimiterX{\\KL}[2]{(}{)}{#1 \\delimsize\\| #2}`."""
    name, at = source.name(at)
    count, at = source.optional(at)
    left, at = source.argument(at)
    right, at = source.argument(at)
    body, at = source.argument(at)
    return paired(name, len(mandatory(count)), left, texts_of(body), right), at


def paired(name: str, count: int, left: str, inside: Sequence[str], right: str) -> Macro:
    """A pair of delimiters, which grows with `*` and takes a size in brackets; mathtools spaces it so."""
    inside = [f"#{int(text[1:]) + 2}" if is_parameter(text) else text for text in inside]
    opening, closing = texts_of(left), texts_of(right)
    grown = [r"\left", *opening, *sized(inside, r"\middle"), r"\right", *closing]
    larger = [r"\mathopen", "{", "#2", *opening, "}", *sized(inside, "#2"), r"\mathclose", "{", "#2", *closing, "}"]
    plain = [OPENING.get(left, left), *sized(inside), CLOSING.get(right, right)]
    body = [
        *(r"\IfBooleanTF", "#1", "{", r"\mathopen", "{", "}", r"\mathclose", "{", *grown, "}", "}"),
        *("{", r"\IfValueTF", "#2", "{", *larger, "}", "{", *plain, "}", "}"),
    ]
    return macro_of(name, [Parameter(Form.STAR), Parameter(Form.OPTIONAL, choices=SIZES), *[Parameter()] * count], body)


def sized(inside: Sequence[str], *size: str) -> Iterator[str]:
    """The same with this size where the body asks for that of the delimiters."""
    for text in inside:
        yield from size if text == r"\delimsize" else (text,)


READERS: dict[str, Callable[[Source, int], tuple[Macro, int]]] = {
    **dict.fromkeys(commands("newcommand renewcommand providecommand DeclareRobustCommand"), new_command),
    **dict.fromkeys(commands("newrobustcmd renewrobustcmd providerobustcmd"), new_command),
    **dict.fromkeys(commands("newcommandx renewcommandx providecommandx DeclareRobustCommandx"), new_command_x),
    **dict.fromkeys(commands("def gdef edef xdef"), plain_definition),
    r"\let": let,
    r"\DeclareMathOperator": operator,
    r"\DeclarePairedDelimiter": paired_delimiter,
    r"\DeclarePairedDelimiterX": paired_delimiter_x,
    **dict.fromkeys(
        (
            rf"\{verb}{kind}DocumentCommand"
            for verb in ("New", "Renew", "Provide", "Declare")
            for kind in ("", "Expandable")
        ),
        document_command,
    ),
}
DEFINES = re.compile(rf"(?:{'|'.join(map(re.escape, READERS))})(?![A-Za-z@])")
