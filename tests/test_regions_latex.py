"""What kind of place a cursor is in, in LaTeX."""

from __future__ import annotations

import pytest

from mleq_lsp.regions import Language, regions
from tests.marked import marked


def kind(text: str) -> str:
    """The kind of place at the cursor; "PROSE" where it is none other."""
    text, offset = marked(text)
    region = regions(text, Language.LATEX).at(offset)
    return region.kind.name if region else "PROSE"


def formula(text: str) -> str | None:
    """The math around the character at the cursor, delimiters included."""
    text, offset = marked(text)
    region = regions(text, Language.LATEX).math_at(offset)
    return region.span.of(text) if region else None


@pytest.mark.parametrize(
    "text",
    [
        "a $x<cursor>$ b",
        r"a \(x<cursor>\) b",
        r"\ensuremath{x<cursor>}",
        r"\begin{math}x<cursor>\end{math}",
        "a $x <cursor>",
        "a $x\ny <cursor>$",
        r"costs \$5 and $x<cursor>$",
        r"\$5 % 100$" + "\n$x<cursor>$",
        r"\verb|$| $x<cursor>$",
        r"\url{http://a.b/%7E$} $x<cursor>$",
        r"$a \% b<cursor>$",
        "$a$$b<cursor>$",
        r"\lstinline[language=C]{$} $x<cursor>$",
        r"\href{http://a}{$x<cursor>$}",
        r"\hyperref[a]{$x<cursor>$}",
        r"\cite{a} [$x<cursor>$]",
    ],
)
def test_inline_math(text: str) -> None:
    assert kind(text) == "INLINE_MATH"


@pytest.mark.parametrize(
    "text",
    [
        "$$x<cursor>$$",
        r"\[ x<cursor> \]",
        r"\begin{equation} x<cursor> \end{equation}",
        r"\begin{align*} x<cursor> \end{align*}",
        r"\begin{gather} \begin{cases} 1 & 2<cursor> \end{cases} \end{gather}",
        r"\begin{align} a \\[2pt] b<cursor> \end{align}",
        r"\begin{aligned} a<cursor> \end{aligned}",
        "\\[ a\n\nb<cursor> \\]",
        "\\begin{equation}\n  x<cursor>",
        r"\[ \text{a} b<cursor> \]",
        r"\[ \{ a \} b<cursor> \]",
    ],
)
def test_display_math(text: str) -> None:
    assert kind(text) == "DISPLAY_MATH"


@pytest.mark.parametrize(
    "text",
    [
        "<cursor>",
        "a $x$ b<cursor>",
        r"\(x\)<cursor>",
        r"a \\(b<cursor>",
        r"a \\[2pt] b<cursor>",
        r"costs \$5 or b<cursor>",
        "an open $x ends here\n\nb<cursor>",
        "an open \\[ x\n\n\\section{One} b<cursor>",
        r"\begin{equation} x \section{Two} b<cursor>",
        r"\emph{b<cursor>}",
        r"\section{b<cursor>}",
        "% $\nb<cursor>",
        r"\begin{itemize} \item b<cursor> \end{itemize}",
        r"\begin{verbatim} $ \end{verbatim} b<cursor>",
        r"\iffalse $ \fi b<cursor>",
        r"\label{a} b<cursor>",
        r"\newcommand\foo{$} b<cursor>",
        r"\href{http://a}{b<cursor>}",
        r"\cite[p.~2]{a} {b<cursor>}",
    ],
)
def test_prose(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("% a<cursor>\nb", "COMMENT"),
        (r"\iffalse a<cursor> \fi", "COMMENT"),
        (r"\iffalse \iftrue a \fi b<cursor> \fi", "COMMENT"),
        (r"\newcommand{\a}[1][$]{b<cursor>}", "DEFINITION"),
        (r"$\mathrm{a<cursor>}$", "WORDS"),
        (r"$x % a<cursor>$", "COMMENT"),
        (r"\verb|a<cursor>|", "VERBATIM"),
        (r"\begin{lstlisting}[language=C] a<cursor> \end{lstlisting}", "VERBATIM"),
        (r"\begin{minted}{python} $a<cursor>", "VERBATIM"),
        (r"\label{eq:a<cursor>}", "ARGUMENT"),
        (r"\ref{a<cursor>", "ARGUMENT"),
        (r"\citep[see][]{a<cursor>}", "ARGUMENT"),
        (r"\begin{ali<cursor>", "ARGUMENT"),
        (r"\begin{ali<cursor>}", "ARGUMENT"),
        (r"\end{ali<cursor>}", "ARGUMENT"),
        (r"\url{a<cursor>}", "ARGUMENT"),
        (r"\newcommand{\E}{a<cursor>}", "DEFINITION"),
        (r"\[ a \label{eq:a<cursor>} \]", "ARGUMENT"),
        (r"\[ a \text{for a<cursor>} \]", "WORDS"),
        (r"\[ a \text{for $x<cursor>$} \]", "INLINE_MATH"),
        (r"\[ a \operatorname{soft<cursor>} \]", "WORDS"),
        ("\\documentclass{article}\n\\newcommand{\\E}{a}<cursor>\n\\begin{document}", "PREAMBLE"),
        ("\\documentclass{article}\n\\use<cursor>", "PREAMBLE"),
        ("\\begin{document}a\\end{document}\nb<cursor>", "COMMENT"),
    ],
)
def test_places_where_nothing_is_offered(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        r"a <cursor>$x + y$ b",
        r"a $x <cursor>+ y$ b",
        r"a $x + y<cursor>$ b",
    ],
)
def test_from_any_character_the_formula_is_found(text: str) -> None:
    assert formula(text) == "$x + y$"


@pytest.mark.parametrize(
    "text",
    [
        r"<cursor>\begin{align} a &= \text{b} \\ \label{c} \end{align} d",
        r"\beg<cursor>in{align} a &= \text{b} \\ \label{c} \end{align} d",
        r"\begin{al<cursor>ign} a &= \text{b} \\ \label{c} \end{align} d",
        r"\begin{align} a &= \text{<cursor>b} \\ \label{c} \end{align} d",
        r"\begin{align} a &= \text{b} \\ \label{<cursor>c} \end{align} d",
        r"\begin{align} a &= \text{b} \\ \label{c} \end{align<cursor>} d",
    ],
)
def test_the_outermost_formula_is_found_from_anything_in_it(text: str) -> None:
    assert formula(text) == r"\begin{align} a &= \text{b} \\ \label{c} \end{align}"


def test_no_formula_outside() -> None:
    assert formula(r"a $x$<cursor> b") is None


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    lines = ["% $ <c>", "a $x", "", "b<cursor>"]

    assert kind(end.join(lines)) == "PROSE"
