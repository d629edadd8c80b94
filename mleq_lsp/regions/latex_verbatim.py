"""Steps of the walk over what is not read as text: verbatim, addresses, conditionals that leave something out."""

from __future__ import annotations

import re

from mleq_lsp.regions.frames import NONE
from mleq_lsp.regions.latex_ahead import end_before_another, environment_end
from mleq_lsp.regions.latex_names import NO_CONDITIONAL
from mleq_lsp.regions.latex_walk import CLOSERS, EXPL, Group, Mark, Walk
from mleq_lsp.regions.model import Kind

DELIMITER = re.compile(r"\*?[ \t]*([^\s])")
LETTER = re.compile(r"[a-zA-Z]")
COMMAND_OR_COMMENT = re.compile(r"\\(?:[a-zA-Z@]+|.)|%[^\n]*")
DEEPEST = 50  # conditionals in each other, so that a text of nothing else costs no more than its length
ANY_TOKEN = re.compile(r"[ \t]*(?:\\(?:[a-zA-Z@]+|.)|.)")
CHARACTER_CODE = re.compile(r"[ \t]*`\\?.")


def verb(walk: Walk, mark: Mark) -> None:
    """`\\verb|...|` with any delimiter, `\\lstinline[...]|...|`, `\\mintinline[...]{...}|...|`."""
    number = walk.frames.reserve()
    walk.take_options("o")
    if mark.group() == r"\mintinline" and (language := walk.group("{")):
        walk.silent(language)
    delimiter = DELIMITER.match(walk.text, walk.at, walk.line_end(walk.at))
    # A letter needs a space before it, for it would be part of the command's name.
    if delimiter is None or (LETTER.match(delimiter.group(1)) and delimiter.group() == delimiter.group(1)):
        return
    body, sign = delimiter.end(), delimiter.group(1)
    if sign == "{":
        walk.at = delimiter.start(1)
        end = group.end if (group := walk.address()) and group.is_closed else NONE
    else:
        end = walk.text.find(sign, body, walk.line_end(walk.at)) + 1 or NONE
    closed = end != NONE
    walk.at = end if closed else walk.line_end(body)
    walk.frames.add(Kind.VERBATIM, mark.start(), walk.at, body, walk.at - closed, mark.group(), number)


def address(walk: Walk, _mark: Mark) -> None:
    """`\\url{...}` or `\\url|...|`, `\\href[...]{...}` with text after it."""
    walk.take_options("o")
    if group := walk.address():
        walk.silent(group)
    elif walk.text[walk.at : walk.at + 1] in tuple("|!+"):
        end = walk.text.find(walk.text[walk.at], walk.at + 1, walk.line_end(walk.at))
        if end != NONE:
            walk.silent(Group(walk.at, end + 1, is_closed=True))


def verbatim_body(walk: Walk, environment: str) -> None:
    """Goes to the end of a verbatim environment, which is on top of what is open."""
    end = environment_end(walk, environment)
    if end == NONE:
        again = walk.text.find(f"\\begin{{{environment}}}", walk.at, walk.end)
        end = walk.at = walk.blank_line(again if again != NONE else walk.end)
    else:
        walk.at = end + len(f"\\end{{{environment}}}")
    walk.frames.close(end, walk.at)


def false(walk: Walk, mark: Mark) -> None:
    """What `\\iffalse` leaves out, up to its `\\else` or `\\fi`; without those it is a paragraph."""
    end = skipped(walk)
    body_end = walk.blank_line(walk.end) if end is None else end.start()
    walk.at = body_end if end is None else end.end()
    walk.frames.add(Kind.COMMENT, mark.start(), walk.at, mark.end(), body_end, mark.group())


def skipped(walk: Walk) -> Mark | None:
    """What ends the conditional that the walk is in, others in it passed over."""
    depth = 1
    for found in COMMAND_OR_COMMENT.finditer(walk.text, walk.at, walk.end):
        command = found.group()
        if command == r"\fi":
            depth -= 1
        elif command.startswith(r"\if") and not NO_CONDITIONAL.fullmatch(command):
            depth += 1
        if depth == 0 or (depth == 1 and command == r"\else"):
            walk.saw(found.end() + 1)
            return found
        if depth > DEEPEST:
            walk.saw(found.end() + 1)
            return None
    walk.saw(walk.end + 1)
    return None


def expl(walk: Walk, mark: Mark) -> None:
    """The programming language between `\\ExplSyntaxOn` and `Off`, in which only definitions are read."""
    off = CLOSERS[EXPL]
    walk.frames.open(Kind.VERBATIM, EXPL, off, mark.start(), mark.end())
    if (until := end_before_another(walk, EXPL, off)) != NONE:
        walk.frames.ends_at(len(walk.frames.stack) - 1, until)


def one_token(walk: Walk, _mark: Mark) -> None:
    """`\\string$`: what follows is only a sign."""
    walk.at = walk.after(ANY_TOKEN)


def character_code(walk: Walk, _mark: Mark) -> None:
    """`\\catcode`$`: what follows the backquote is only a sign."""
    walk.at = walk.after(CHARACTER_CODE)


def comment(walk: Walk, mark: Mark) -> None:
    """From `%` to the line's end."""
    walk.at = walk.line_end(mark.start())
    walk.frames.add(Kind.COMMENT, mark.start(), walk.at, mark.end(), walk.at)
