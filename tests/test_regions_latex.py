"""What kind of place a cursor is in, in LaTeX."""

from __future__ import annotations

import pytest

from mleq_lsp.regions import Kind, Language, authored_in, regions
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


def name(text: str) -> str:
    """What opened the region at the cursor."""
    text, offset = marked(text)
    region = regions(text, Language.LATEX).at(offset)
    assert region is not None
    return region.name


def formulas(text: str) -> list[str]:
    """The bodies of all formulas that are in no other."""
    found, end = [], 0
    for region in regions(text, Language.LATEX):
        if region.kind in (Kind.INLINE_MATH, Kind.DISPLAY_MATH) and region.span.start >= end:
            found.append(region.body.of(text).strip())
            end = region.span.end
    return found


# Formulas


@pytest.mark.parametrize(
    "text",
    [
        "a $x<cursor>$ b",
        r"a \(x<cursor>\) b",
        "a \\(x\n+ y<cursor>\\) b",
        r"\ensuremath{x<cursor>}",
        r"\ensuremath{\frac{a}{b<cursor>}}",
        r"\begin{math}x<cursor>\end{math}",
        "a $x <cursor>",
        "a $x\ny <cursor>$",
        "$a$$b<cursor>$",
        r"$\left\{ a \right. + \left. b \right\} c<cursor>$",
        r"$a \% b<cursor>$",
        r"$\verb|$| x<cursor>$",
        "如果 $x<cursor>$，那么",
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
        r"\begin {equation} x<cursor> \end {equation}",
        r"\begin{align*} x<cursor> \end{align*}",
        r"\begin{gather} \begin{cases} 1 & 2<cursor> \end{cases} \end{gather}",
        r"\begin{align} a \\[2pt] b<cursor> \end{align}",
        r"\begin{aligned} a<cursor> \end{aligned}",
        r"\[ \text{a} b<cursor> \]",
        r"\[ \{ a \} b<cursor> \]",
        r"\[ \mbox{\begin{tabular}{c} a \end{tabular}} b<cursor> \]",
        r"\[ \begin{blockarray}{c} a \\ \begin{block}{[c]} b \end{block} \end{blockarray} c<cursor> \]",
        r"\[ \begin{bmatrix*}[r] a \end{bmatrix*} b<cursor> \]",
        r"\[ \begin{NiceMatrix} a<cursor> \end{NiceMatrix} \]",
        r"\begin{alignat}{2} a<cursor> \end{alignat}",
        r"\begin{array}{>{$}c<{$}} a<cursor> \end{array}",
        r"\begin{IEEEeqnarray}{rCl} a<cursor> \end{IEEEeqnarray}",
        r"\begin{dmath}[label={eq:a}] a<cursor> \end{dmath}",
        r"\begin{dgroup}\begin{dmath} a \end{dmath}\begin{dmath} b<cursor> \end{dmath}\end{dgroup}",
        r"\begin{numcases}{f(x) =} 1 & if $x > 0$ \\ 2<cursor> \end{numcases}",
        r"\begin{empheq}[box=\fbox]{align} a<cursor> \end{empheq}",
        r"\begin{subequations}\begin{align} a<cursor> \end{align}\end{subequations}",
        r"\begin{mini*}{w}{f(w)}{}{} \addConstraint{g(w)<cursor>} \end{mini*}",
        r"\begin{mini!}|l|[2]{w}{f(w)<cursor>}{\label{eq:p}}{} \end{mini!}",
        r"$$\begin{align*} a \end{align*} b<cursor>$$",
        "\\[\n  \\begin{equation} a<cursor> \\end{equation} \\]",
    ],
)
def test_display_math(text: str) -> None:
    assert kind(text) == "DISPLAY_MATH"


@pytest.mark.parametrize(
    "text",
    [
        r"\footnote{A note $x<cursor>$.}",
        "\\footnote{A note.\n\nIts second paragraph, $x<cursor>$.}",
        r"\caption[Short $x<cursor>$]{Long}",
        r"\caption[Short $x$]{Long $y<cursor>$}",
        r"\item[$x<cursor>$] first",
        r"\only<2>{$x<cursor>$}",
        r"\begin{frame}<1->[fragile]{On $x<cursor>$}",
        r"\begin{theorem}[Bound on $x<cursor>$]",
        r"\begin{tabular}{cc} $a$ & $b<cursor>$ \\ \end{tabular}",
        r"\resizebox{\linewidth}{!}{$\displaystyle x<cursor>$}",
        r"\scalebox{0.5}{$x<cursor>$}",
        r"\begin{adjustbox}{width=\linewidth} $x<cursor>$ \end{adjustbox}",
        r"\fbox{$x<cursor>$}",
        r"\parbox[t]{3cm}{$x<cursor>$}",
        r"\textcolor{red}{$x<cursor>$}",
        r"\multicolumn{2}{c}{$x<cursor>$}",
        r"\begin{algorithmic}[1] \State $x<cursor>$ \Comment{$y$} \end{algorithmic}",
        r"\[ a \text{for $x<cursor>$} \]",
        r"$$ a \text{ if $$ or $x<cursor>$} $$",
        r"\begin{align} a \intertext{where $x<cursor>$} b \end{align}",
        r"\[ a \tag{$x<cursor>$} \]",
        r"\[ \begin{tabular}{c} $x<cursor>$ \end{tabular} \]",
        r"\title{On $x<cursor>$}",
    ],
)
def test_a_formula_in_an_argument_is_a_formula(text: str) -> None:
    assert kind(text) == "INLINE_MATH"


@pytest.mark.parametrize(
    "text",
    [
        r"\fbox{\begin{minipage}{3cm} \[ x<cursor> \] \end{minipage}}",
        r"\begin{equation} \boxed{x<cursor>} \end{equation}",
        r"\begin{equation} \textcolor{red}{x<cursor>} \end{equation}",
        r"\resizebox{\linewidth}{!}{\begin{aligned} x<cursor> \end{aligned}}",
    ],
)
def test_a_display_in_a_box_is_a_display(text: str) -> None:
    assert kind(text) == "DISPLAY_MATH"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$x<cursor>$", "$"),
        ("$$x<cursor>$$", "$$"),
        (r"\(x<cursor>\)", r"\("),
        (r"\[x<cursor>\]", r"\["),
        (r"\ensuremath{x<cursor>}", "{"),
        (r"\begin{align*}x<cursor>\end{align*}", "align*"),
        (r"\begin{align}\begin{cases}x<cursor>\end{cases}\end{align}", "cases"),
        (r"\begin{empheq}[left=\empheqlbrace]{align*}x<cursor>\end{empheq}", "align*"),
    ],
)
def test_a_formula_is_named_by_what_opened_it(text: str, expected: str) -> None:
    assert name(text) == expected


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


# Text


@pytest.mark.parametrize(
    "text",
    [
        "<cursor>",
        "a $x$ b<cursor>",
        r"\(x\)<cursor>",
        r"a \\(b<cursor>",
        r"a \\[2pt] b<cursor>",
        r"costs \$5 or b<cursor>",
        r"\emph{b<cursor>}",
        r"\section{b<cursor>}",
        "% $\nb<cursor>",
        r"\begin{itemize} \item b<cursor> \end{itemize}",
        r"\begin{verbatim} $ \end{verbatim} b<cursor>",
        r"\iffalse $ \fi b<cursor>",
        r"\iffalse a \else b<cursor> \fi",
        r"\iftrue b<cursor> \fi",
        r"\iffalse $a \iff b$ \fi c<cursor>",
        r"\iffalse \ifthenelse{a}{b}{c} \fi d<cursor>",
        r"\label{a} b<cursor>",
        r"\newcommand\foo{$} b<cursor>",
        r"\href{http://a}{b<cursor>}",
        r"\cite[p.~2]{a} {b<cursor>}",
        r"\begin{tabular}{@{}l>{$}c<{$}@{}} a & b<cursor> \end{tabular}",
        r"\begin{theorem} b<cursor> \end{theorem}",
        r"\begin{frame}[fragile]{Title<cursor>}",
        r"\string$ b<cursor>",
        r"\char36 b<cursor>",
        r"\char`$ b<cursor>",
        r"\catcode`\$=12 b<cursor>",
        r"\item[a] b<cursor>",
    ],
)
def test_prose(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    "text",
    [
        r"costs \$5 and $x<cursor>$",
        r"\$5 % 100$" + "\n$x<cursor>$",
        r"\verb|$| $x<cursor>$",
        r"\verb*!$! $x<cursor>$",
        r"\verb |$| $x<cursor>$",
        r"\verb X$X $x<cursor>$",
        r"\verb@$@ $x<cursor>$",
        r"\lstinline[language=C]{$} $x<cursor>$",
        r"\lstinline!$! $x<cursor>$",
        r"\mintinline{python}{d['$']} $x<cursor>$",
        r"\mintinline[fontsize=\small]{python}|$| $x<cursor>$",
        r"\url{http://a.b/%7E$} $x<cursor>$",
        r"\href{http://a/%20$}{$x<cursor>$}",
        r"\path{a/$b} $x<cursor>$",
        r"\path|a/$b| $x<cursor>$",
        r"\hyperref[a$]{$x<cursor>$}",
        r"\cite{a} [$x<cursor>$]",
        r"\begin{lstlisting}[escapechar=$] $ \end{lstlisting} $x<cursor>$",
        r"\begin{Verbatim}[a] $ \end{Verbatim} $x<cursor>$",
        r"\begin{minted}[a]{b} $ \end{minted} $x<cursor>$",
        r"\begin{alltt} $ \end{alltt} $x<cursor>$",
        r"\begin{comment} $ \end{comment} $x<cursor>$",
        r"\begin{filecontents*}[overwrite]{a.bib} $ \end{filecontents*} $x<cursor>$",
        r"\iffalse $ \iftrue $ \else \fi $ \fi $x<cursor>$",
        "\\iffalse $\n\n% \\fi\n$\n\\fi $x<cursor>$",
        r"\begin{tabular}{>{$}c<{$} p{2cm}} $x<cursor>$ \end{tabular}",
        "\\begin{tabularx}{3cm}{%\n  l\n  >{$}c<{$}\n} $x<cursor>$ \\end{tabularx}",
        r"\multicolumn{2}{>{$}c<{$}}{$x<cursor>$}",
        r"\newcolumntype{C}{>{$}c<{$}} $x<cursor>$",
        r"\ExplSyntaxOn \tl_set:Nn \l_a_tl { $ } \ExplSyntaxOff $x<cursor>$",
        r"\lstset{escapeinside=$} $x<cursor>$",
        r"\def\a#1$#2{$} $x<cursor>$",
        r"\let\dollar=$ $x<cursor>$",
        r"\begin{cases*} a & if $b$ \end{cases*} $x<cursor>$",
    ],
)
def test_a_dollar_that_is_none_leaves_the_next_formula_alone(text: str) -> None:
    assert kind(text) == "INLINE_MATH"


# Silent places


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("% a<cursor>\nb", "COMMENT"),
        ("% a $x<cursor>$\nb", "COMMENT"),
        (r"$x % a<cursor>$", "COMMENT"),
        (r"\iffalse a<cursor> \fi", "COMMENT"),
        (r"\iffalse \iftrue a \fi b<cursor> \fi", "COMMENT"),
        ("\\iffalse a\n\nb<cursor>\n\\fi", "COMMENT"),
        (r"\begin{comment} $a<cursor>$ \end{comment}", "COMMENT"),
        ("\\begin{document}a\\end{document}\nb<cursor>", "COMMENT"),
        (r"\verb|a<cursor>|", "VERBATIM"),
        (r"\lstinline|a<cursor>|", "VERBATIM"),
        (r"\begin{lstlisting}[language=C] a<cursor> \end{lstlisting}", "VERBATIM"),
        (r"\begin{minted}{python} $a<cursor>", "VERBATIM"),
        (r"\begin{tikzpicture}[scale=2] \node<cursor> {$x$}; \end{tikzpicture}", "VERBATIM"),
        (r"\[ \begin{tikzcd} A \arrow[r] & B<cursor> \end{tikzcd} \]", "VERBATIM"),
        (r"\begin{tikzpicture} \draw ($(a)!0.5!(b<cursor>)$); \end{tikzpicture}", "VERBATIM"),
        (r"\ExplSyntaxOn \tl_new:N <cursor> \ExplSyntaxOff", "VERBATIM"),
        (r"$\mathrm{a<cursor>}$", "WORDS"),
        (r"\[ a \text{for a<cursor>} \]", "WORDS"),
        (r"\[ a \operatorname{soft<cursor>} \]", "WORDS"),
        (r"\[ a \operatorname*{arg\,max<cursor>} \]", "WORDS"),
        (r"\[ \resizebox{1cm}{!}{a<cursor>} \]", "WORDS"),
        (r"\[ \begin{minipage}{1cm} a<cursor> \end{minipage} \]", "WORDS"),
        (r"\[ \text{\begin{tabular}{c} a<cursor> \end{tabular}} \]", "WORDS"),
        (r"\newcommand{\a}[1][$]{b<cursor>}", "DEFINITION"),
        (r"\newcommand{\E}{a<cursor>}", "DEFINITION"),
        (r"\newcomm<cursor>and{\E}{a}", "DEFINITION"),
        ("\\newcommand{\\E}{a\n\nb<cursor>}", "DEFINITION"),
        (r"\def\a#1{b<cursor>}", "DEFINITION"),
        (r"\let\a\b<cursor>", "DEFINITION"),
        (r"\DeclareMathOperator*{\argmax}{arg<cursor>}", "DEFINITION"),
        (r"\DeclarePairedDelimiterX\norm[1]{\lVert}{\rVert}{#1<cursor>}", "DEFINITION"),
        (r"\NewDocumentCommand \x { s m } { a<cursor> }", "DEFINITION"),
        ("\\newenvironment{a}\n  {b}\n  {c<cursor>}", "DEFINITION"),
        (r"\newtheorem{a}[b]{C<cursor>}[d]", "DEFINITION"),
    ],
)
def test_places_where_nothing_is_offered(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        r"\label{eq:a<cursor>}",
        r"\[ a \label{eq:a<cursor>} \]",
        r"\ref{a<cursor>",
        r"\cref{a<cursor>}",
        r"\citep[see][]{a<cursor>}",
        r"\citep[see<cursor>][]{a}",
        r"\textcite{a<cursor>}",
        r"\parencites(see)[p.~2]{a}[p.~3]{b<cursor>}",
        r"\citeauthor*{a<cursor>}",
        r"\gls{a<cursor>}",
        r"\input{a<cursor>}",
        r"\includegraphics[width=\linewidth]{a<cursor>}",
        r"\begin{ali<cursor>",
        r"\begin{ali<cursor>}",
        r"\end{ali<cursor>}",
        r"\begin{figure}[h<cursor>]",
        r"\begin{frame}<2->[fragile<cursor>]{Title}",
        r"\includegraphics<2>[width=\linewidth]{a<cursor>}",
        r"\begin{alignat}{2<cursor>}",
        r"\begin{array}{cc<cursor>}",
        r"\begin{minted}[linenos]{pyt<cursor>hon}",
        r"\begin{itemize}[leftmargin=a<cursor>]",
        r"\url{a<cursor>}",
        r"\href{a<cursor>}{b}",
    ],
)
def test_nothing_is_offered_in_names_files_and_options(text: str) -> None:
    assert kind(text) == "ARGUMENT"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"\begin{tikzpicture} \node at (0,0) {$x<cursor>$}; \end{tikzpicture}", "INLINE_MATH"),
        (r"\begin{tikzpicture} \node {\(x<cursor>\)}; \end{tikzpicture}", "INLINE_MATH"),
        ("\\begin{tikzpicture}\n\n\\node {$x<cursor>$};\n\n\\end{tikzpicture}", "INLINE_MATH"),
        (r"\begin{tikzpicture} \draw ($(a)!0.5!(b)$); \node {$x<cursor>$}; \end{tikzpicture}", "INLINE_MATH"),
    ],
)
def test_the_labels_of_a_drawing_have_formulas(text: str, expected: str) -> None:
    assert kind(text) == expected


# Definitions


@pytest.mark.parametrize(
    ("definition", "use", "expected"),
    [
        (r"\newcommand{\be}{\begin{equation}} \newcommand{\ee}{\end{equation}}", r"\be x<cursor> \ee", "equation"),
        (r"\def\be{\begin{equation}} \def\ee{\end{equation}}", r"\be x<cursor> \ee", "equation"),
        (r"\newcommand\bea{\begin{eqnarray*}}", r"\bea x<cursor>", "eqnarray*"),
        (r"\newcommand{\bal}[1]{\begin{align}\label{#1}}", r"\bal{eq:a} x<cursor>", "align"),
        (r"\def\bal#1{\begin{align}\label{#1}}", r"\bal{eq:a} x<cursor>", "align"),
        (r"\newcommand{\be}{\begin{equation}} \let\beq\be", r"\beq x<cursor>", "equation"),
        (r"\newcommand{\be}{\begin{equation}} \newcommand{\beq}{\be}", r"\beq x<cursor>", "equation"),
        (r"\newcommand{\bes}{\begin{equation}\begin{aligned}}", r"\bes x<cursor>", "aligned"),
        (r"\newcommand{\eq}[1]{\begin{equation}#1\end{equation}}", r"\eq{x<cursor>}", "equation"),
        (r"\newcommand{\eq}[2]{\begin{equation}\label{#1}#2\end{equation}}", r"\eq{a}{x<cursor>}", "equation"),
        (r"\newcommand{\eq}[2]{\begin{equation}#1\label{#2}\end{equation}}", r"\eq{x<cursor>}{a}", "equation"),
        (r"\newcommand{\eq}[2][*]{\begin{equation}\tag{#1}#2\end{equation}}", r"\eq[a]{x<cursor>}", "equation"),
        (r"\newcommand{\m}[1]{\ensuremath{\mathbf{#1}}}", r"\m{x<cursor>}", r"\m"),
        (r"\newcommand{\KL}[2]{$D(#1\|#2)$}", r"\KL{p}{q<cursor>}", r"\KL"),
        (r"\NewDocumentCommand{\eq}{s m}{\begin{gather}#2\end{gather}}", r"\eq*{x<cursor>}", "gather"),
        (
            r"\newenvironment{myeq}{\begin{equation}\small}{\end{equation}}",
            r"\begin{myeq} x<cursor> \end{myeq}",
            "equation",
        ),
        (r"\newenvironment{myeq}[1]{\begin{align}\label{#1}}{\end{align}}", r"\begin{myeq}{a} x<cursor>", "align"),
        ("\\newenvironment{myeq}%\n  {\\begin{align}}\n  {\\end{align}}", r"\begin{myeq} x<cursor>", "align"),
        (
            r"\NewDocumentEnvironment{myeq}{O{a} m}{\begin{align}}{\end{align}}",
            r"\begin{myeq}[a]{b} x<cursor>",
            "align",
        ),
        (r"\newenvironment{myeq}{\align}{\endalign}", r"\begin{myeq} x<cursor> \end{myeq}", "align"),
        (r"\NewDocumentEnvironment{myeq}{+b}{\begin{align}#1\end{align}}{}", r"\begin{myeq} x<cursor>", "align"),
        (r"\NewEnviron{myeq}{\begin{align}\BODY\end{align}}", r"\begin{myeq} x<cursor> \end{myeq}", "align"),
        (r"\def\bd{$$} \def\ed{$$}", r"\bd x<cursor> \ed", "$$"),
        (r"\def\[{\begin{equation}}", r"\begin{math} x<cursor>", "math"),
    ],
)
def test_an_author_may_begin_formulas_in_his_own_way(definition: str, use: str, expected: str) -> None:
    assert name(f"{definition}\n{use}") == expected


@pytest.mark.parametrize(
    ("definition", "use"),
    [
        (r"\newcommand{\be}{\begin{equation}} \newcommand{\ee}{\end{equation}}", r"\be x \ee b<cursor>"),
        (r"\newcommand{\be}{\begin{equation}}", r"\be x \end{equation} b<cursor>"),
        (r"\newcommand{\eq}[1]{\begin{equation}#1\end{equation}}", r"\eq{\frac{a}{b}} b<cursor>"),
        (r"\newcommand{\eq}[2]{\begin{equation}#1\label{#2}\end{equation}}", r"\eq{x}{a} b<cursor>"),
        (r"\newcommand{\KL}[2]{$D(#1\|#2)$}", r"\KL{p}{q} b<cursor>"),
        (r"\newcommand{\m}[1]{\ensuremath{\mathbf{#1}}}", r"$a \m{x}$ b<cursor>"),
        (r"\newenvironment{myeq}{\begin{equation}}{\end{equation}}", r"\begin{myeq} x \end{myeq} b<cursor>"),
        (r"\newtheorem{thm}{Theorem}", r"\begin{thm}[Of $x$] b<cursor>"),
        (r"\newtheorem{thm}{Theorem}", r"\[ x \begin{thm} b<cursor>"),
        (r"\lstnewenvironment{code}[1][]{}{}", r"\begin{code}[a] $ \end{code} b<cursor>"),
        (r"\newminted{python}{}", r"\begin{pythoncode} $ \end{pythoncode} b<cursor>"),
        (r"\newminted[py]{python}{}", r"\begin{py*}{a=$} $ \end{py*} b<cursor>"),
        (r"\newmintinline[py]{python}{}", r"\py{$} \py|$| b<cursor>"),
        (r"\DefineVerbatimEnvironment{code}{Verbatim}{}", r"\begin{code} $ \end{code} b<cursor>"),
        (r"\newtcblisting{code}[2][]{a}", r"\begin{code}[a]{b} $ \end{code} b<cursor>"),
        (r"\newenvironment{code}{\verbatim}{\endverbatim}", r"\begin{code} $ \end{code} b<cursor>"),
        (r"\excludecomment{hidden}", r"\begin{hidden} $ \end{hidden} b<cursor>"),
        (r"\let\code\lstinline", r"\code|$| b<cursor>"),
        (r"\def\bd{$$}", r"\bd x \bd b<cursor>"),
        (r"\newcommand{\be}{\begin{equation}} \renewcommand{\be}{x}", r"\be b<cursor>"),
        (r"% \newcommand{\be}{\begin{equation}}", r"\be b<cursor>"),
        (r"\newcommand{\be}{\begin{equation", r"\be b<cursor>"),
    ],
)
def test_an_author_may_end_them_and_define_what_has_none(definition: str, use: str) -> None:
    assert kind(f"{definition}\n{use}") == "PROSE"


@pytest.mark.parametrize(
    ("definition", "use", "expected"),
    [
        (r"\newcommand{\eq}[2]{\begin{equation}\label{#1}#2\end{equation}}", r"\eq{a<cursor>}{x}", "ARGUMENT"),
        (r"\newcommand{\eq}[2]{\begin{equation}#1\label{#2}\end{equation}}", r"\eq{x}{a<cursor>}", "ARGUMENT"),
        (r"\newcommand{\fig}[1]{Figure~\ref{fig:#1}}", r"\fig{a<cursor>}", "ARGUMENT"),
        (r"\newcommand{\words}[1]{\text{ #1 }}", r"$\words{a<cursor>}$", "WORDS"),
        (r"\newcommand<>{\fig}[1]{Figure~\ref{#1}}", r"\fig<2>{a<cursor>}", "ARGUMENT"),
        (r"\newcommand{\note}[1]{\textcolor{red}{#1}}", r"\note{a<cursor>}", "PROSE"),
        (r"\newcommand{\ac}[1]{\mathcal{#1}}", r"$\ac{a<cursor>}$", "INLINE_MATH"),
        (r"\newenvironment{myeq}[1]{\begin{align}\label{#1}}{\end{align}}", r"\begin{myeq}{a<cursor>}", "ARGUMENT"),
    ],
)
def test_arguments_of_an_authors_commands(definition: str, use: str, expected: str) -> None:
    assert kind(f"{definition}\n{use}") == expected


def test_a_definition_says_nothing_of_the_text_before_it() -> None:
    assert kind("\\be b<cursor>\n\n\\newcommand{\\be}{\\begin{equation}}") == "PROSE"


def test_what_another_file_defines_is_known_from_the_start() -> None:
    package = (
        "\\ProvidesPackage{m}\r\n\\newcommand{\\my@eq}[1]{\\begin{equation}#1\\end{equation}}\r\n\\let\\eq\\my@eq\r\n"
    )
    found = regions(r"\eq{x}", Language.LATEX, authored_in(package))

    region = found.at(len(r"\eq{x"))
    assert region is not None
    assert region.name == "equation"


def test_what_is_known_grows_with_every_file() -> None:
    known = authored_in(r"\newcommand{\be}{\begin{equation}}")

    both = authored_in(r"\newcommand{\beq}{\be}", known)

    assert set(both.meanings) == {r"\be", r"\beq"}
    assert authored_in("no definition", both) == both


# The parts of a document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\\documentclass{article}\n\\newcommand{\\E}{a}<cursor>\n\\begin{document}", "PREAMBLE"),
        ("\\documentclass{article}\n\\use<cursor>", "PREAMBLE"),
        ("\\documentclass{article}\n\\title{On $x<cursor>$}\n\\begin{document}", "INLINE_MATH"),
        ("\\documentclass{article}\n% a<cursor>\n\\begin{document}", "COMMENT"),
        ("\\documentclass{article}\n\\begin{document}<cursor>", "PROSE"),
        ("\\documentclass{article}\n% \\begin{document}\na<cursor>", "PREAMBLE"),
        ("\\documentclass{article}\n\\iffalse\n\\begin{document}\n\\fi\na<cursor>", "PREAMBLE"),
        ("% !TEX root = main.tex\na<cursor>", "PROSE"),
        ("% \\begin{document}\na<cursor>", "PROSE"),
        ("\\begin{verbatim}\n\\documentclass{a}\n\\begin{document}\n\\end{verbatim}\na<cursor>", "PROSE"),
        ("\\input{preamble}\na<cursor>\n\\begin{document}", "PREAMBLE"),
        ("\\begin{document}\na \\verb|\\end{document}| b<cursor>", "PROSE"),
    ],
)
def test_preamble_body_and_what_follows_them(text: str, expected: str) -> None:
    assert kind(text) == expected


def test_formulas_of_the_preamble_are_silent() -> None:
    text, offset = marked("\\documentclass{article}\n\\title{On $x<cursor>$}\n\\begin{document}")

    assert regions(text, Language.LATEX).is_silent(offset)


def test_definitions_of_the_preamble_are_found_there() -> None:
    preamble = "\\documentclass{a}\n\\newcommand{\\E}[1]{e}\n\\def\\x#1{y}\n\\let\\a=\\b\n"
    text = preamble + "\\begin{document}\n\\newtheorem*{b}{B}[c]\n"
    found = regions(text, Language.LATEX).of_kind(Kind.DEFINITION)

    assert [region.span.of(text) for region in found] == [
        r"\newcommand{\E}[1]{e}",
        r"\def\x#1{y}",
        r"\let\a=\b",
        r"\newtheorem*{b}{B}[c]",
    ]


# Broken text


@pytest.mark.parametrize(
    "text",
    [
        "an open $x ends here\n\nb<cursor>",
        "an open \\(x ends here\n\nb<cursor>",
        "an open \\[ x\n\n\\section{One} b<cursor>",
        "an open \\[ x\n\nb<cursor>",
        "an open $$ x\n\nb<cursor>",
        "an open $$ x\n\nb<cursor> $$y$$ and $$z$$",
        "\\begin{equation} x\n\nb<cursor>",
        "\\begin{equation} x\n\nb<cursor> \\begin{equation} y \\end{equation}",
        r"\begin{equation} x \section{Two} b<cursor>",
        r"\begin{equation} x \begin{theorem} b<cursor>",
        "\\begin{itemize}\n\\item $x\n\\item b<cursor>",
        "\\begin{itemize}\n\\item \\[ x\n\\end{itemize} b<cursor>",
        r"\footnote{costs $5} b<cursor>",
        r"\footnote{an open \[ x} b<cursor>",
        "\\footnote{ an open brace\n\nb<cursor> $x$ }",
        "\\begin{verbatim} a\n\nb<cursor>",
        "\\begin{verbatim} a\n\nb<cursor> \\begin{verbatim} c \\end{verbatim}",
        "\\begin{tikzpicture} a\n\nb<cursor>",
        "\\iffalse a\n\nb<cursor>",
        "\\iffalse a\n\nb<cursor> \\iftrue c \\fi",
        "\\label{a\nb<cursor>",
        "\\newcommand{\\a}{\n\nb<cursor>\n\n\\section{c}",
        "\\verb|a\nb<cursor>",
        "\\ExplSyntaxOn a\n\nb<cursor>",
    ],
)
def test_what_is_open_costs_at_most_its_paragraph(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    "text",
    [
        "\\[ a\n\nb<cursor> \\]",
        "$$ a\n\nb<cursor> $$",
        "$$ a\n\nb<cursor> $$ and $$ c $$",
        "\\begin{equation}\n  x<cursor>",
        "\\begin{align}\n  a\n\n  b<cursor>\n\\end{align}",
        "\\begin{align}\n  \\begin{aligned} a\n\n\n\n  b<cursor>\n \\end{aligned}\\end{align}",
        "\\def\\be{\\begin{align}}\\def\\ee{\\end{align}}\n\\be\n  a\n\n  b<cursor>\n\\ee",
    ],
)
def test_a_display_that_is_being_typed_may_have_blank_lines(text: str) -> None:
    assert kind(text) == "DISPLAY_MATH"


@pytest.mark.parametrize(
    "opening",
    ["$", "$$", r"\(", r"\[", "{", "}", r"\begin{equation}", r"\begin{verbatim}", r"\iffalse", r"\text{", r"\label{"],
)
def test_one_paragraph_never_changes_another(opening: str) -> None:
    text = f"One {opening} here.\n\nAnother $x$ and \\(y\\).\n\n\\[ z \\]\n\n\\section{{$w$}}\n"

    assert formulas(text)[-4:] == ["x", "y", "z", "w"]


@pytest.mark.parametrize("opening", ["$a", r"\(a", r"\[a", r"\begin{align} a", r"\begin{gather*} a \text{b"])
def test_a_display_ends_what_was_left_open_before_it(opening: str) -> None:
    text = f"One {opening}\n\\begin{{equation}} x \\end{{equation}} and $y$."

    assert formulas(text)[-2:] == ["x", "y"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    lines = ["% $ <c>", "a $x", "", "b<cursor>"]

    assert kind(end.join(lines)) == "PROSE"
