"""The regions of a LaTeX document, in one walk over the marks that can begin or end one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from mleq_lsp.regions.model import MATH, Block, Kind, Region, State
from mleq_lsp.text import Span

DISPLAY = frozenset(
    "equation align gather multline flalign alignat xalignat xxalignat eqnarray IEEEeqnarray displaymath dmath"
    " dgroup".split()
)
# Environments that only stand in math; alone in a text they are a formula somebody is about to wrap.
INNER = frozenset(
    "aligned alignedat gathered split cases dcases rcases matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix"
    " array subarray multlined".split()
)
# Environments whose rows are aligned at `&`.
ALIGNMENTS = frozenset(
    name + star for name in "align alignat flalign eqnarray aligned alignedat split".split() for star in ("", "*")
)
VERBATIM = frozenset("verbatim Verbatim lstlisting minted comment filecontents BVerbatim LVerbatim alltt".split())

# Commands whose first argument is a name, a file or an address; what follows is text again.
ARGUMENTS = (
    "label|ref|eqref|pageref|autoref|[cC]ref|nameref|vref|hyperref|hypertarget|hyperlink"
    "|cite[a-zA-Z]*|[a-z]+cite[a-z]*|nocite|bibliography|bibliographystyle|addbibresource"
    "|usepackage|RequirePackage|documentclass|input|include|includeonly|includegraphics|subfile|url|href|path"
    "|pagestyle|thispagestyle|bibitem|index|gls|vspace|hspace"
)
# Commands all of whose arguments are a definition.
DEFINITIONS = (
    "newcommand|renewcommand|providecommand|DeclareMathOperator|NewDocumentCommand|RenewDocumentCommand|def"
    "|newenvironment|renewenvironment|newtheorem|setlength"
)
WORDS = "text|mathrm|textrm|textbf|textit|textsf|texttt|textnormal|mbox|hbox|intertext|shortintertext|tag|operatorname"

MARK = re.compile(
    rf"""
      (?P<begin>  \\begin[ \t]*\{{(?P<opened>[^{{}}\n]*)\}}?)
    | (?P<end>    \\end[ \t]*\{{(?P<closed>[^{{}}\n]*)\}}?)
    | (?P<verb>   \\(?:verb|lstinline(?:\[[^\]\n]*\])?|mintinline(?:\[[^\]\n]*\])?\{{\w+\}})\*?(?P<quote>[^a-zA-Z\s*]))
    | (?P<false>  \\iffalse(?![a-zA-Z@]))
    | (?P<argument> \\(?:{ARGUMENTS})(?![a-zA-Z@])\*?)
    | (?P<definition> \\(?:{DEFINITIONS})(?![a-zA-Z@])\*?(?:[ \t]*\\[a-zA-Z@]+[#\d]*)?)
    | (?P<words>  \\(?:{WORDS})(?![a-zA-Z@])\*?[ \t]*\{{)
    | (?P<ensure> \\ensuremath[ \t]*\{{)
    | (?P<section>\\(?:part|chapter|(?:sub)*section|(?:sub)?paragraph)(?![a-zA-Z@]))
    | (?P<delimiter> \\[()\[\]] | \$\$?)
    | (?P<escape> \\(?:[a-zA-Z@]+|.|$))
    | (?P<comment> %[^\n]*)
    | (?P<blank>  \n[ \t]*(?=\n))
    | (?P<brace>  [{{}}])
    """,
    re.VERBOSE | re.DOTALL,
)
ANOTHER_BEGINS = re.compile(rf"\\(?:sub)*section\b|\\begin\s*\{{(?:{'|'.join(DISPLAY)})\*?\}}")
CONDITIONAL = re.compile(r"\\(?:if[a-zA-Z@]+|fi)(?![a-zA-Z@])")
GROUP = re.compile(r"[ \t]*([\[{])")
BRACKET = re.compile(r"\\.|[\[\]{}]|\n[ \t]*\n", re.DOTALL)  # and a blank line, which ends them all
CLOSERS = {"$": "$", "$$": "$$", r"\(": r"\)", r"\[": r"\]"}


@dataclass(slots=True)
class Frame:
    """A region that is open: where it began, and what it waits for."""

    kind: Kind
    start: int
    body: int
    name: str
    depth: int = 0  # braces open inside; those of `\text{` end it
    closes: int = -1  # where it is known to end, once that was looked for


@dataclass(frozen=True, slots=True)
class Authored:
    """What an author defined that begins or ends a formula."""


NOTHING = Authored()


def authored_in(text: str, known: Authored = NOTHING) -> Authored:
    """What is known after the definitions in a text."""
    return known


def latex_begins(text: str, authored: Authored = NOTHING) -> State:
    """What the scan of a text begins with."""
    return authored


def latex_block(text: str, at: int, state: State) -> Block:
    """The block at an offset of a LaTeX document."""
    found = sorted(latex_regions(text), key=lambda region: (region.span.start, -region.span.end))
    return Block(len(text), len(text) + 1, tuple(found), state)


def latex_regions(text: str) -> list[Region]:
    """The regions of a whole document or of a chapter without a preamble."""
    begin, end = document_body(text)
    found = Walk(text, begin, end).regions()
    if begin:
        found.append(Region(Kind.PREAMBLE, Span(0, begin), Span(0, begin - 1)))
    if end < len(text):
        found.append(Region(Kind.COMMENT, Span(end, len(text)), Span(end, len(text))))
    return found


def document_body(text: str) -> tuple[int, int]:
    """From after `\\begin{document}` to after `\\end{document}`; all of a file that has neither."""
    begin = uncommented(r"\\begin\s*\{document\}", text, 0)
    if begin is None:
        # Still nothing but a preamble, which has no end.
        return (len(text) + 1, len(text)) if uncommented(r"\\documentclass\b", text, 0) else (0, len(text))
    end = uncommented(r"\\end\s*\{document\}", text, begin.end())
    return begin.end(), end.end() if end else len(text)


def uncommented(pattern: str, text: str, start: int) -> re.Match[str] | None:
    """The first match that is not in a comment."""
    for found in re.compile(pattern).finditer(text, start):
        line = text[text.rfind("\n", 0, found.start()) + 1 : found.start()]
        if not re.search(r"(?<!\\)%", line):
            return found
    return None


def math_regions(text: str, span: Span) -> list[Region]:
    """The regions inside the body of a formula that was found by other means."""
    return Walk(text, span.start, span.end, inside_math=True).regions()


class Walk:
    """One walk over a text; the stack holds what is open."""

    def __init__(self, text: str, start: int, end: int, *, inside_math: bool = False) -> None:
        self._text = text
        self._at = start
        self._end = end
        self._stack: list[Frame] = []
        self._found: list[Region] = []
        self._inside_math = inside_math
        self._absent: set[str] = set()  # closing texts that were looked for in vain: there are none further on either
        self._steps: dict[str, Callable[[re.Match[str]], None]] = {
            "begin": self.begin,
            "end": self.end,
            "verb": self.verb,
            "false": self.false,
            "argument": self.argument,
            "definition": self.definition,
            "words": self.words,
            "ensure": self.ensure,
            "section": self.section,
            "delimiter": self.delimiter,
            "comment": self.comment,
            "blank": self.blank,
            "brace": self.brace,
        }

    def regions(self) -> list[Region]:
        while mark := MARK.search(self._text, self._at, self._end):
            self._at = mark.end()
            if step := self._steps.get(mark.lastgroup or ""):
                step(mark)
        self.recover(self._end)
        return self._found

    # What is open

    @property
    def top(self) -> Frame | None:
        return self._stack[-1] if self._stack else None

    @property
    def in_math(self) -> bool:
        return self._inside_math if self.top is None else self.top.kind in MATH

    def open(self, kind: Kind, mark: re.Match[str], name: str) -> None:
        self._stack.append(Frame(kind, mark.start(), mark.end(), name))

    def close(self, body_end: int, end: int) -> None:
        """Ends the region on top of the stack."""
        frame = self._stack.pop()
        self.add(frame.kind, Span(frame.start, end), Span(frame.body, max(frame.body, body_end)), frame.name)

    def add(self, kind: Kind, span: Span, body: Span, name: str = "") -> None:
        self._found.append(Region(kind, span, body, name))

    def recover(self, at: int) -> None:
        """Ends everything that is still open: its end was not typed yet."""
        while self._stack:
            self.close(at, at)

    # What each mark does

    def begin(self, mark: re.Match[str]) -> None:
        name = mark.group("opened")
        self.add_argument(mark, "opened")
        plain = name.rstrip("*")
        if plain in VERBATIM:
            self.skip_verbatim(mark, name)
        elif plain in DISPLAY or name == "math":
            self.recover(mark.start())
            self.open(Kind.INLINE_MATH if name == "math" else Kind.DISPLAY_MATH, mark, name)
        elif plain in INNER:
            self.open(Kind.DISPLAY_MATH, mark, name)

    def add_argument(self, mark: re.Match[str], group: str) -> None:
        span = Span(*mark.span(group))
        self.add(Kind.ARGUMENT, span, span)

    def skip_verbatim(self, mark: re.Match[str], name: str) -> None:
        close = f"\\end{{{name}}}"
        end = self._text.find(close, mark.end(), self._end)
        # Without its end, the rest of the file is inside, as it is for TeX.
        body_end = self._end if end == -1 else end
        self._at = body_end if end == -1 else end + len(close)
        self.add(Kind.VERBATIM, Span(mark.start(), self._at), Span(mark.end(), body_end), name)

    def end(self, mark: re.Match[str]) -> None:
        name = mark.group("closed")
        self.add_argument(mark, "closed")
        if any(frame.name == name for frame in self._stack):
            while self._stack[-1].name != name:
                self.close(mark.start(), mark.start())
            self.close(mark.start(), mark.end())
        elif name.rstrip("*") not in INNER:
            self.recover(mark.start())

    def verb(self, mark: re.Match[str]) -> None:
        quote = mark.group("quote")
        end = self._text.find("}" if quote == "{" else quote, mark.end(), self._end)
        newline = self._text.find("\n", mark.end(), self._end)
        if end == -1 or -1 < newline < end:
            end = newline if newline != -1 else self._end
        self._at = min(end + 1, self._end)
        self.add(Kind.VERBATIM, Span(mark.start(), self._at), Span(mark.end(), end))

    def false(self, mark: re.Match[str]) -> None:
        """What `\\iffalse` leaves out, other conditionals in it included."""
        depth, end, close = 1, self._end, self._end
        for found in CONDITIONAL.finditer(self._text, mark.end(), self._end):
            depth += -1 if found.group() == r"\fi" else 1
            if depth == 0:
                close, end = found.span()
                break
        self._at = end
        self.add(Kind.COMMENT, Span(mark.start(), end), Span(mark.end(), close))

    def argument(self, mark: re.Match[str]) -> None:
        """The options of a command and its first argument; `\\hyperref[a]{text}` has none but its option."""
        self.groups(mark.end(), "[" if mark.group().startswith(r"\hyperref") else "{")

    def definition(self, mark: re.Match[str]) -> None:
        """All the arguments of a command."""
        self.groups(mark.end(), "")

    def groups(self, at: int, last: str) -> None:
        """The groups at `at`, up to the first that opens with `last`; one that is not closed ends with its line."""
        while opened := GROUP.match(self._text, at, self._end):
            body = opened.end()
            at = self._at = self.argument_end(body)
            closed = self._text[at - 1] in "}]" and at > body
            self.add(Kind.ARGUMENT, Span(opened.start(1), at), Span(body, at - 1 if closed else at))
            if opened.group(1) == last or not closed:
                break

    def argument_end(self, at: int) -> int:
        depth = 1
        for brace in BRACKET.finditer(self._text, at, self._end):
            if brace.group().isspace():
                break
            depth += {"{": 1, "[": 1, "}": -1, "]": -1}.get(brace.group(), 0)
            if depth == 0:
                return brace.end()
        newline = self._text.find("\n", at, self._end)
        return self._end if newline == -1 else newline

    def words(self, mark: re.Match[str]) -> None:
        if self.in_math:
            self.open(Kind.WORDS, mark, "{")
        else:
            self.descend(1)

    def ensure(self, mark: re.Match[str]) -> None:
        if self.in_math:
            self.descend(1)
        else:
            self.open(Kind.INLINE_MATH, mark, "{")

    def section(self, mark: re.Match[str]) -> None:
        self.recover(mark.start())

    def delimiter(self, mark: re.Match[str]) -> None:
        sign = mark.group()
        if sign == "$$" and self.top is not None and self.top.name == "$":
            # An empty pair while typing, or the end of one formula and the beginning of the next.
            self.close(mark.start(), mark.start() + 1)
            self._at = mark.start() + 1
        elif self.top is not None and CLOSERS.get(self.top.name) == sign:
            self.close(mark.start(), mark.end())
        elif sign in CLOSERS and not self.in_math:
            self.open(Kind.INLINE_MATH if sign in ("$", r"\(") else Kind.DISPLAY_MATH, mark, sign)
        elif sign in (r"\]", r"\)") and any(CLOSERS.get(frame.name) == sign for frame in self._stack):
            while self._stack and CLOSERS.get(self._stack[-1].name) != sign:
                self.close(mark.start(), mark.start())
            self.close(mark.start(), mark.end())

    def comment(self, mark: re.Match[str]) -> None:
        self.add(Kind.COMMENT, Span(*mark.span()), Span(mark.start() + 1, mark.end()))

    def blank(self, mark: re.Match[str]) -> None:
        """A blank line ends inline math, as in TeX, and display math whose end is still to be typed."""
        if self._inside_math or self.top is None:
            return
        if any(frame.kind is Kind.INLINE_MATH for frame in self._stack) or not self.ends_later(mark.end()):
            self.recover(mark.start())

    def ends_later(self, at: int) -> bool:
        """Whether the outermost open region is closed before another one could begin."""
        outermost = self._stack[0]
        if at <= outermost.closes:
            return True
        close = CLOSERS.get(outermost.name, f"\\end{{{outermost.name}}}")
        end = -1 if close in self._absent else self._text.find(close, at, self._end)
        if end == -1:
            self._absent.add(close)
        elif not ANOTHER_BEGINS.search(self._text, at, end):
            outermost.closes = end
        return outermost.closes >= at

    def brace(self, mark: re.Match[str]) -> None:
        self.descend(1 if mark.group() == "{" else -1)
        if self.top is not None and self.top.depth < 0:
            if self.top.name == "{":
                self.close(mark.start(), mark.end())
            else:
                self.top.depth = 0

    def descend(self, by: int) -> None:
        if self.top is not None:
            self.top.depth += by
