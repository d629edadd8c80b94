"""The steps of the walk: what each sign and each command does."""

from __future__ import annotations

import re

from mleq_lsp.regions.authored import Meaning
from mleq_lsp.regions.frames import NONE, Frame
from mleq_lsp.regions.latex_ahead import display_end, environment_end
from mleq_lsp.regions.latex_names import (
    BOXES,
    COMMENTS,
    DEFINITIONS,
    DISPLAY,
    INNER,
    PICTURES,
    SECTIONS,
    TEXTS,
    VERBATIM,
    environment_takes,
    plain,
)
from mleq_lsp.regions.latex_verbatim import (
    address,
    character_code,
    comment,
    expl,
    false,
    one_token,
    verb,
    verbatim_body,
)
from mleq_lsp.regions.latex_walk import EXPL, FORM, NAME, Mark, Part, Step, Walk, closer_of
from mleq_lsp.regions.model import Kind

BLANK_LINE = re.compile(r"[ \t]*\n")
CALCULATION = re.compile(r"[ \t]*[(\d+-][^$\n]*\$\)")  # coordinates of TikZ: `($(a)!0.5!(b)$)`
CONTROL = re.compile(r"[ \t]*(\\(?:[a-zA-Z@]+|[^\n]))")
DEF = re.compile(r"[ \t]*(\\(?:[a-zA-Z@]+|[^\n])|[^\s\\{}])([^{}\n]*)")
LET = re.compile(r"[ \t]*(\\(?:[a-zA-Z@]+|[^\n])|[^\s\\])[ \t]*=?[ \t]?(\\(?:[a-zA-Z@]+|[^\n])|[^\s])")


def dollar(walk: Walk, mark: Mark) -> None:
    """`$` and `$$`; after `$x` two of them are an empty pair, or the end of one formula and the start of the next."""
    start, frames = mark.start(), walk.frames
    if frames.top.closer == "$":
        frames.close(start, walk.at)
        return
    # In words, as TeX sets them, there is no display.
    if walk.text.startswith("$", walk.at, walk.end) and frames.top.kind is not Kind.WORDS:
        walk.at += 1
        walk.begins("$$", "$$", start)
        return
    in_picture = frames.top.kind is Kind.VERBATIM and walk.text.endswith("(", 0, start)
    if in_picture and (calculation := CALCULATION.match(walk.text, walk.at, walk.end)):
        walk.at = calculation.end()
        return
    walk.begins("$", "$", start)


def delimiter_opens(walk: Walk, mark: Mark) -> None:
    walk.begins(mark.group(), closer_of(mark.group()), mark.start())


def delimiter_closes(walk: Walk, mark: Mark) -> None:
    walk.ends(mark.group(), mark.start())


def brace_opens(walk: Walk, _mark: Mark) -> None:
    walk.frames.brace_opens()


def brace_closes(walk: Walk, mark: Mark) -> None:
    if walk.frames.brace_closes(mark.start()):
        walk.argument_ends(mark.start())


def section(walk: Walk, mark: Mark) -> None:
    walk.frames.recover(mark.start())


def item(walk: Walk, mark: Mark) -> None:
    if walk.frames.in_math:
        walk.frames.recover(mark.start())


def newline(walk: Walk, mark: Mark) -> None:
    """A blank line ends inline math, as in TeX, and display math whose end is still to be typed."""
    frames = walk.frames
    if frames.nothing_open and not frames.groups:
        return
    blank = BLANK_LINE.match(walk.text, walk.at, walk.end)
    walk.saw(blank.end() if blank else walk.line_end(walk.at) + 1)
    if blank:
        if frames.inline or not goes_on(walk):
            frames.recover(mark.start())
        frames.forget_groups()


def goes_on(walk: Walk) -> bool:
    """Whether what is open goes on after a blank line, because it ends before another display could begin."""
    frames = walk.frames
    number = frames.sheltered(walk.at)
    if number == len(frames.stack) - 1 or frames.stack[number].kind is Kind.DISPLAY_MATH:
        return True
    outermost = frames.stack[number + 1]
    until = display_end(walk, outermost.closer) if outermost.kind is Kind.DISPLAY_MATH else NONE
    if until != NONE:
        frames.ends_at(number + 1, until)
    return until != NONE


def begin(walk: Walk, mark: Mark) -> None:
    """`\\begin{...}` with the arguments that the environment has."""
    named = NAME.match(walk.text, walk.at, walk.end)
    if named is None:
        return
    walk.at = named.end()
    if not named.group(2):  # it is being typed
        walk.frames.add(Kind.ARGUMENT, *named.span(1), *named.span(1))
        return
    name = named.group(1)
    meaning = walk.authored.of(name) or Meaning(environment_takes(name))
    closers = (closer_of(name), *map(closer_of, meaning.opens[1:]))
    begun = zip(meaning.opens or (name,), closers, strict=True)
    opened = [frame for inner, closer in begun if (frame := enters(walk, inner, closer, mark.start()))]
    walk.frames.add(Kind.ARGUMENT, *named.span(1), *named.span(1))
    if name == "document":
        walk.document_begins()
    else:
        walk.take(meaning, mark)
        inside(walk, name, opened)


def enters(walk: Walk, name: str, closer: str, start: int) -> Frame | None:
    """Opens what an environment is; most are nothing but text."""
    frames, family = walk.frames, plain(name)
    if family in VERBATIM:
        return frames.open(Kind.VERBATIM, name, closer, start, walk.at)
    if family in COMMENTS:
        return frames.open(Kind.COMMENT, name, closer, start, walk.at)
    if family in PICTURES or family in DISPLAY or family in INNER or name == "math":
        return walk.begins(name, closer, start)
    if family in BOXES and (frames.in_math or frames.top.kind is Kind.WORDS):
        return frames.open(Kind.WORDS, name, closer, start, walk.at)
    # The rows of a `blockarray` are in a `block`, which elsewhere is one of beamer's.
    if frames.in_math and family in TEXTS and frames.top.name != "blockarray":
        frames.recover(start)
    elif frames.in_math:
        return frames.open(Kind.DISPLAY_MATH, name, closer, start, walk.at)
    return None


def inside(walk: Walk, name: str, opened: list[Frame]) -> None:
    """After the arguments of an environment its body begins."""
    for frame in opened:
        frame.body = walk.at
    if not opened:
        return
    frame = opened[0]
    if plain(frame.name) in VERBATIM | COMMENTS:
        verbatim_body(walk, name)
    elif frame.kind is Kind.VERBATIM and (until := environment_end(walk, name)) != NONE:
        walk.frames.ends_at(walk.frames.stack.index(frame), until)
    elif frame.name == "empheq":
        wrapped_body(walk, frame)


def wrapped_body(walk: Walk, frame: Frame) -> None:
    """`\\begin{empheq}[...]{align}` is an `align` in a box."""
    walk.take_options("o")
    if group := walk.group("{"):
        walk.silent(group)
        frame.name = group.part(walk.text).text.split("=")[0]
        frame.body = walk.at


def end(walk: Walk, mark: Mark) -> None:
    """`\\end{...}`, which also ends what was open in the environment."""
    named = NAME.match(walk.text, walk.at, walk.end)
    if named is None:
        return
    walk.at = named.end()
    name, start = named.group(1), mark.start()
    is_open = bool(named.group(2)) and walk.frames.unwind(closer_of(name), start)
    if not is_open and plain(name) not in INNER:
        walk.recover_formula(start)
    walk.frames.add(Kind.ARGUMENT, *named.span(1), *named.span(1))
    if is_open:
        walk.frames.close(start, walk.at)
    elif named.group(2):
        walk.ends_nothing(closer_of(name))


def definition(walk: Walk, mark: Mark) -> None:
    """`\\newcommand` and its like, with all arguments."""
    command = mark.group()
    missing = DEFINITIONS[command]
    walk.at = walk.after(FORM)
    parts: list[Part] = []
    while missing and (part := definition_part(walk)):
        parts.append(part)
        missing -= part.sign == "{"
    if command == r"\newtheorem" and (option := walk.group("[")):
        walk.at = option.end
    defined(walk, mark, parts)


def definition_part(walk: Walk) -> Part | None:
    """The next argument of a definition; the name that is defined may stand without its braces."""
    if control := CONTROL.match(walk.text, walk.at, walk.end):
        if control.group(1) in DEFINITIONS:  # this one is being typed, and that is the next
            return None
        walk.at = control.end()
        return Part("{", control.group(1))
    group = walk.definition_part("[") or walk.definition_part("{")
    if group is None:
        return None
    walk.at = group.end
    return group.part(walk.text)


def defined(walk: Walk, mark: Mark, parts: list[Part]) -> None:
    """The region of a definition, and what is known after it."""
    closed = walk.text[walk.at - 1] in "}]"
    walk.frames.add(Kind.DEFINITION, mark.start(), walk.at, mark.start() + 1, walk.at - closed, mark.group())
    walk.define(mark.group(), parts)


def tex_definition(walk: Walk, mark: Mark) -> None:
    """`\\def\\x#1{...}`."""
    head = DEF.match(walk.text, walk.at, walk.end)
    if head is None:
        return
    walk.at = head.end()
    parts = [Part("{", head.group(1)), Part("[", head.group(2))]
    if group := walk.definition_part("{"):
        walk.at = group.end
        parts.append(group.part(walk.text))
    defined(walk, mark, parts)


def alias(walk: Walk, mark: Mark) -> None:
    """`\\let\\x=\\y`."""
    names = LET.match(walk.text, walk.at, walk.end)
    if names is None:
        return
    walk.at = names.end()
    defined(walk, mark, [Part("{", names.group(1)), Part("{", names.group(2))])


STEPS: dict[str, Step] = {
    "$": dollar,
    r"\(": delimiter_opens,
    r"\[": delimiter_opens,
    r"\)": delimiter_closes,
    r"\]": delimiter_closes,
    "{": brace_opens,
    "}": brace_closes,
    "\n": newline,
    "%": comment,
    r"\begin": begin,
    r"\end": end,
    **dict.fromkeys(DEFINITIONS, definition),
    **dict.fromkeys((r"\def", r"\gdef", r"\edef", r"\xdef"), tex_definition),
    r"\let": alias,
    **dict.fromkeys((r"\verb", r"\Verb", r"\lstinline", r"\mintinline"), verb),
    **dict.fromkeys((r"\url", r"\href", r"\nolinkurl", r"\path"), address),
    r"\iffalse": false,
    EXPL: expl,
    r"\ExplSyntaxOff": delimiter_closes,
    r"\string": one_token,
    **dict.fromkeys((r"\catcode", r"\char", r"\lccode", r"\uccode", r"\mathcode"), character_code),
    **dict.fromkeys(SECTIONS, section),
    r"\item": item,
}
