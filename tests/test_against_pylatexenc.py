"""The same formulas, comments and verbatim as an independent parser finds: pylatexenc.

Where the two differ on purpose, DIFFERENCES shows one text, what each makes of it, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pylatexenc.latexwalker import (
    LatexCommentNode,
    LatexEnvironmentNode,
    LatexMacroNode,
    LatexMathNode,
    LatexWalker,
    LatexWalkerParseError,
    get_default_latex_context_db,
)
from pylatexenc.macrospec import (
    EnvironmentSpec,
    MacroSpec,
    MacroStandardArgsParser,
    ParsedMacroArgs,
    std_environment,
    std_macro,
)

from mleq_lsp.regions import MATH, Kind, Language, Region, authored_in, regions
from mleq_lsp.regions.latex_names import PICTURES

ROOT = Path(__file__).parents[1]
CORPUS = sorted([*(ROOT / "tests" / "corpus").rglob("*.tex"), ROOT / "examples" / "paper.tex"])
PACKAGE = ROOT / "tests" / "corpus" / "thesis" / "macros.sty"


class Found(NamedTuple):
    """Offset and text of each formula that stands in text, and of each comment and verbatim."""

    formulas: list[tuple[int, str]]
    comments: list[tuple[int, str]]
    verbatim: list[tuple[int, str]]


class Difference(NamedTuple):
    why: str
    text: str
    ours: list[str]  # formulas
    theirs: list[str]


DIFFERENCES = (
    Difference(
        "no macro is expanded there: formulas that an author's own command begins",
        r"\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}} \be x \ee",
        [r"\be x \ee"],
        [],
    ),
    Difference(
        "nor is an author's environment",
        r"\newenvironment{eq}{\begin{equation}}{\end{equation}} \begin{eq} x \end{eq}",
        [r"\begin{eq} x \end{eq}"],
        [],
    ),
    Difference("no conditional is decided there", r"\iffalse $x$ \else $y$ \fi", ["$y$"], ["$x$", "$y$"]),
    Difference("the text does not end there", r"\begin{document} $x$ \end{document} $y$", ["$x$"], ["$x$", "$y$"]),
    Difference("the body of a definition is text there", r"\newcommand{\x}{$y$} $x$", ["$x$"], ["$y$", "$x$"]),
    Difference(
        "coordinates of TikZ are no formula",
        r"\begin{tikzpicture}\node at ($(a)!0.5!(b)$) {$x$};\end{tikzpicture}",
        ["$x$"],
        ["$(a)!0.5!(b)$", "$x$"],
    ),
    Difference("a stray dollar is an error there", "costs $5\n\nand $x$ too", ["$5", "$x$"], []),
)


# What pylatexenc is told


class Skipped(MacroStandardArgsParser):  # type: ignore[misc]
    """Arguments that are no text: options, and so many groups in braces."""

    def __init__(self, groups: int, options: bool = True) -> None:
        super().__init__("")
        self.groups = groups
        self.options = options

    def parse_args(self, w: Any, pos: int, **_: Any) -> tuple[Any, int, int]:
        at, groups = pos, self.groups
        while (self.options and w.s.startswith("[", at)) or (groups and w.s.startswith("{", at)):
            groups -= w.s[at] == "{"
            at = after_group(w.s, at)
        return ParsedMacroArgs(), pos, at - pos


class Verb(MacroStandardArgsParser):  # type: ignore[misc]
    """Options, so many groups, and then anything between two equal signs or between braces."""

    def __init__(self, groups: int = 0) -> None:
        super().__init__("")
        self.before = Skipped(groups)

    def parse_args(self, w: Any, pos: int, **_: Any) -> tuple[Any, int, int]:
        length = self.before.parse_args(w, pos)[2]
        at = pos + length + w.s.startswith("*", pos + length)
        end = after_group(w.s, at) if w.s[at] == "{" else w.s.index(w.s[at], at + 1) + 1
        return ParsedMacroArgs(), pos, end - pos


class Body(MacroStandardArgsParser):  # type: ignore[misc]
    """Everything up to the end of an environment."""

    def __init__(self, name: str) -> None:
        super().__init__("")
        self.close = f"\\end{{{name}}}"

    def parse_args(self, w: Any, pos: int, **_: Any) -> tuple[Any, int, int]:
        return ParsedMacroArgs(), pos, w.s.index(self.close, pos) - pos


def after_group(text: str, at: int) -> int:
    """The offset after a group in braces or brackets."""
    depth = 1
    while depth:
        at += 1
        depth += (text[at] in "{[") - (text[at] in "}]")
    return at + 1


CODE_ENVIRONMENTS = "verbatim lstlisting minted Verbatim shell pythoncode python draft comment".split()
VERBATIM = {*CODE_ENVIRONMENTS, r"\verb", r"\lstinline", r"\mintinline"}
FORMULAS = "displaymath math dmath IEEEeqnarray empheq numcases gather* aligned".split()
CONTEXT = get_default_latex_context_db()
CONTEXT.add_context_category(
    "told",
    prepend=True,
    macros=[
        *(MacroSpec(name, args_parser=Skipped(1)) for name in "url href path lstset hypersetup".split()),
        *(MacroSpec(name, args_parser=Skipped(2, options=False)) for name in "multicolumn resizebox".split()),
        *(MacroSpec(name, args_parser=Verb()) for name in "verb lstinline".split()),
        MacroSpec("mintinline", args_parser=Verb(groups=1)),
        *(
            MacroSpec(name, args_parser=MacroStandardArgsParser("{", args_math_mode=[False]))
            for name in "hbox fbox tag intertext textnormal".split()
        ),
        MacroSpec("parbox", args_parser=MacroStandardArgsParser("[{{", args_math_mode=[None, None, False])),
        std_macro("caption", True, 1),
    ],
    environments=[
        *(EnvironmentSpec(name, args_parser=Body(name)) for name in CODE_ENVIRONMENTS),
        *(std_environment(name, None, is_math_mode=True) for name in FORMULAS),
        *(EnvironmentSpec(name, args_parser=Skipped(1)) for name in ("tabular", "array", "figure", "minipage")),
    ],
)


def theirs(text: str) -> Found:
    nodes, _, _ = LatexWalker(text, latex_context=CONTEXT, tolerant_parsing=False).get_latex_nodes()
    found = Found([], [], [])
    for node in everything(nodes):
        span = (node.pos, text[node.pos : node.pos + node.len])
        if isinstance(node, LatexCommentNode):
            found.comments.append((node.pos, "%" + node.comment))
        elif name_of(node) in VERBATIM:
            found.verbatim.append(span)
        elif is_formula(node) and not node.parsing_state.in_math_mode:
            found.formulas.append(span)
    return found


def everything(nodes: Any) -> Iterator[Any]:
    """All nodes in the order of the text, arguments included."""
    for node in nodes or ():
        if node is not None:
            yield node
            arguments = getattr(node, "nodeargd", None)
            yield from everything(arguments.argnlist if arguments else ())
            yield from everything(getattr(node, "nodelist", ()))


def name_of(node: Any) -> str:
    """The name of a command or an environment."""
    if isinstance(node, LatexEnvironmentNode):
        return str(node.environmentname)
    return f"\\{node.macroname}" if isinstance(node, LatexMacroNode) else ""


def is_formula(node: Any) -> bool:
    if isinstance(node, LatexEnvironmentNode):
        return getattr(CONTEXT.get_environment_spec(node.environmentname), "is_math_mode", False) is True
    return isinstance(node, LatexMathNode) or name_of(node) == r"\ensuremath"


NO_VERBATIM = ("", r"\iffalse", r"\ExplSyntaxOn")


def ours(text: str, package: str = "") -> Found:
    found = Found([], [], [])
    around: list[Region] = []
    for region in regions(text, Language.LATEX, authored_in(package)):
        while around and around[-1].span.end <= region.span.start:
            around.pop()
        span = (region.span.start, region.span.of(text))
        if region.kind in MATH and not (around and around[-1].kind in MATH):
            found.formulas.append(span)
        elif region.kind is Kind.COMMENT and span[1].startswith("%"):
            found.comments.append(span)
        elif region.kind in (Kind.VERBATIM, Kind.COMMENT) and region.name not in (*PICTURES, *NO_VERBATIM):
            found.verbatim.append(span)
        around.append(region)
    return found


# The same in documents


def prepared(text: str, package: str) -> str:
    """A document with spaces for what DIFFERENCES tells of: definitions, what conditionals leave out, what follows."""
    for region in regions(text, Language.LATEX, authored_in(package)):
        start, end = region.span.start, region.span.end
        if (
            region.kind is Kind.DEFINITION
            or region.name == r"\iffalse"
            or text.startswith(r"\end{document}", start - 14)
        ):
            text = text[:start] + re.sub(r"[^\n]", " ", text[start:end]) + text[end:]
    return text


AUTHORED = re.compile(r"\\(?!begin|ensuremath|[(\[])|\\begin\{(?:steps|claimed|gongshi)\}")
COORDINATES = re.compile(r"\$\(")


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_documents(path: Path) -> None:
    package = PACKAGE.read_text("utf-8") if "thesis" in path.parts else ""
    text = path.read_text("utf-8")
    one = ours(text, package)
    other = theirs(prepared(text, package))

    expected = [span for span in one.formulas if not AUTHORED.match(span[1])]
    assert expected == [span for span in other.formulas if not COORDINATES.match(span[1])]
    assert one.comments == other.comments
    assert one.verbatim == other.verbatim


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.why)
def test_differences(difference: Difference) -> None:
    assert [text for _, text in ours(difference.text).formulas] == difference.ours
    try:
        found = theirs(difference.text).formulas
    except LatexWalkerParseError:
        found = []
    assert [text for _, text in found] == difference.theirs


# The same in whatever is well-formed

GLUE = st.sampled_from([" ", "\n", "\n\n", " \n \n  ", "~", ", "])
COMMENTS = st.sampled_from(["% costs $5 {\n", "%\n", "  % \\begin{equation} \\verb|\n", "%% $x$\n"])
CODE = st.sampled_from(
    [
        r"\verb|$|",
        r"\verb*!\begin{align}!",
        r"\verb+%+",
        r"\lstinline[language=C]{a % $b}",
        r"\mintinline{python}|d['$']|",
        "\\begin{verbatim}\n $ % \\begin{align} {\n\\end{verbatim}",
        "\\begin{lstlisting}[language=C]\nint a; // $ }\n\\end{lstlisting}",
        "\\begin{minted}[linenos]{python}\nx = '$'  # %\n\\end{minted}",
        "\\begin{comment}\nleft out: $x\n\n\\end{comment}",
    ]
)
PLAIN = st.sampled_from(
    [
        r"\$5",
        r"100\%",
        r"\{ a \}",
        r"\\[2pt]",
        r"a \\ (b)",
        "变分",
        "don't",
        r"\label{sec:a_b}",
        r"\cite[p.~2]{a,b}",
        r"\citep[see][]{a}",
        r"\ref{eq:a}",
        r"\url{http://a.b/%7E$?x=1}",
        r"\includegraphics[width=3cm]{a_b}",
        r"\"a \_ \& \#1",
        r"\string\alpha",
        "in [0, 1)",
    ]
)
SYMBOLS = st.sampled_from(
    [
        "x",
        r"\frac{a}{b}_{i}^{2}",
        r"\left\{ a \right.",
        r"\left[ a \right)",
        r"\$ \%",
        r"\mathbf{x}^\top",
        r"a \\[2pt] &= b",
        r"\label{eq:a}",
        r"\operatorname*{arg\,max}_{x}",
        r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
        r"\sum_{i=1}^{n} \binom{n}{k}",
        "一",
    ]
)
WORDS = st.sampled_from([r"\text{%s}", r"\mbox{%s}", r"\textbf{%s}", r"\tag{%s}", r"\intertext{%s}", r"\fbox{%s}"])
DISPLAYS = "equation equation* align align* gather* multline eqnarray displaymath dmath IEEEeqnarray".split()
BRACKETS = st.sampled_from(
    [("$", "$"), (r"\(", r"\)"), ("$$", "$$"), (r"\[", r"\]"), (r"\ensuremath{", "}")]
    + [(f"\\begin{{{name}}}\n", f"\n\\end{{{name}}}") for name in DISPLAYS]
)
AROUND = st.sampled_from(
    [
        r"\emph{%s}",
        r"\footnote{%s}",
        r"\section{%s}",
        r"\caption[Short $a$]{%s}",
        r"\href{http://a.b/c%%20$}{%s}",
        r"\textcolor{red}{%s}",
        r"\resizebox{\linewidth}{!}{%s}",
        r"\parbox[t]{3cm}{%s}",
        r"\unknown{%s}{b}",
        r"{\bf %s}",
        "\\begin{itemize}\n\\item %s\n\\item[$b$] c\n\\end{itemize}",
        "\\begin{theorem}[On $b$]\n%s\n\\end{theorem}",
        "\\begin{tabular}{@{}l>{$}c<{$}}\na & %s \\\\ $b$ & c\n\\end{tabular}",
        "\\begin{figure}[h]\n%s\n\\end{figure}",
        "\\begin{subequations}\n%s\n\\end{subequations}",
        "\\begin{algorithmic}\n\\STATE %s\n\\end{algorithmic}",
        "\\begin{tikzpicture}\n\\node at (0,0) {%s};\n\\end{tikzpicture}",
    ]
)


def of_these(piece: st.SearchStrategy[str], glue: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(piece, glue).map("".join), min_size=1, max_size=4).map("".join)


def filled(form: tuple[str, str]) -> str:
    outside, inside = form
    return outside % inside


def formula_of(form: tuple[tuple[str, str], str]) -> str:
    (opening, closing), body = form
    return opening + body.strip() + closing


INLINE = st.tuples(st.sampled_from([("$", "$"), (r"\(", r"\)")]), of_these(SYMBOLS, st.just(" "))).map(formula_of)
# Words in a formula have no displays and no paragraphs.
WORDS_WITH_FORMULAS = st.tuples(WORDS, of_these(PLAIN | INLINE, st.sampled_from([" ", "\n"]))).map(filled)
FORMULA = st.tuples(BRACKETS, of_these(SYMBOLS | WORDS_WITH_FORMULAS, st.just(" "))).map(formula_of)


def texts(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Text with formulas and code, and commands with such text in their arguments."""
    return of_these(PLAIN | CODE | FORMULA | COMMENTS | st.tuples(AROUND, inner).map(filled), GLUE)


@given(st.recursive(PLAIN, texts, max_leaves=8))
def test_well_formed_text(text: str) -> None:
    assert ours(text) == theirs(text)
