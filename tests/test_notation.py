"""Inserts in the author's notation: before, the author's macros, and after."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry
from mleq_lsp.insertion import stopped
from mleq_lsp.latex.definitions import definitions
from mleq_lsp.latex.expansion import expand
from mleq_lsp.latex.macros import Macro
from mleq_lsp.latex.signs import signs
from mleq_lsp.notation import fold
from mleq_lsp.snippet import Part, Snippet, Stop, to_plain

MATH_COMMANDS = (Path(__file__).parent / "corpus" / "math_commands.tex").read_text("utf-8")
USUAL = r"""
    \newcommand{\E}{\mathbb{E}}
    \newcommand{\vx}{\mathbf{x}}
    \newcommand{\vtheta}{\boldsymbol{\theta}}
    \newcommand{\pdata}{p_{\mathrm{data}}}
    \DeclareMathOperator*{\argmax}{arg\,max}
    \DeclareMathOperator{\softmax}{softmax}
    \newcommand{\norm}[1]{\lVert #1\rVert}
    \newcommand{\KL}[2]{D_{\mathrm{KL}}(#1\,\|\,#2)}
    \newcommand{\T}{^{\top}}
    \newcommand{\grad}[1][\theta]{\nabla_{#1}}
"""


def folded(latex: str, source: str, used: Mapping[str, int] | None = None) -> str:
    return plain(fold([latex], definitions(source), used))


def plain(parts: list[Part]) -> str:
    return to_plain(Snippet(tuple(parts)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r"\mathbb{E}[x]", r"\E[x]"),
        (r"\mathbb{E}x", r"\E x"),
        (r"\mathbb{E}_{\mathbf{x} \sim p_{\mathrm{data}}} x", r"\E_{\vx \sim \pdata} x"),
        (r"\boldsymbol{\theta}_{t}", r"\vtheta_{t}"),
        (r"\boldsymbol\theta 2 \boldsymbol{\theta}2", r"\vtheta 2 \vtheta2"),
        (r"\operatorname*{arg\,max}_{x} \operatorname{softmax}(x)", r"\argmax_{x} \softmax(x)"),
        (r"\operatorname*{arg\thinspace max}_x", r"\argmax_x"),
        (r"\operatorname{arg\,max}_x", r"\operatorname{arg\,max}_x"),
        (r"\lVert x - y \rVert_{2}", r"\norm{x - y}_{2}"),
        (r"\lVert \lVert x \rVert \mathbf{x} \rVert", r"\norm{\norm{x} \vx}"),
        (r"\left\lVert x \right\rVert", r"\left\lVert x \right\rVert"),
        (r"D_{\mathrm{KL}}(p(x) \, \Vert \, q(x))", r"\KL{p(x)}{q(x)}"),
        (r"D_{\text{KL}}(p\,\|\,q)", r"D_{\text{KL}}(p\,\|\,q)"),
        (r"D_\mathrm{KL}\left(p\,\|\,q\right)", r"D_\mathrm{KL}\left(p\,\|\,q\right)"),
        (r"D_{\mathrm{KL}}(p\|q)", r"D_{\mathrm{KL}}(p\|q)"),
        (r"D_{\mathrm{KL}}(p \,\|\, q \,\|\, r)", r"\KL{p}{q \,\|\, r}"),
        (r"a \lVert x & y \rVert", r"a \lVert x & y \rVert"),
        (r"\mathbf{x}^{\top} \mathbf x^\top y", r"\vx\T \vx\T y"),
        (r"\nabla_{\theta} f + \nabla_\phi f", r"\grad f + \grad[\phi] f"),
        (r"\nabla_{\theta} [f]", r"\grad[\theta] [f]"),
        (r"x_\mathbf{x} + \sqrt\mathbf{x}", r"x_{\vx} + \sqrt{\vx}"),
        (r"\mathbf{xy} + \mathbf{X} + x", r"\mathbf{xy} + \mathbf{X} + x"),
        (r"\text{where \mathbf{x} is}", r"\text{where \mathbf{x} is}"),
        ("\\mathbb{E} % of \\mathbb{E}\n x", "\\E % of \\mathbb{E}\n x"),
    ],
)
def test_an_insert_is_written_with_the_authors_macros(before: str, after: str) -> None:
    assert folded(before, USUAL) == after


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        # Of several, the one that stands for most.
        (r"\def\p{p_\theta}\def\px{p_\theta(x)}", r"p_{\theta}(x) p_{\theta}(y)", r"\px \p(y)"),
        (r"\newcommand{\b}[1]{\mathbf{#1}}\def\vx{{\mathbf x}}", r"\mathbf{x}\mathbf{y}", r"\vx\b{y}"),
        # Of two that mean the same, the later one.
        (r"\def\data{\mathcal{D}}\def\gD{{\mathcal{D}}}", r"\mathcal{D}", r"\gD"),
        # Macros written with macros.
        (r"\def\dkl{D_{\mathrm{KL}}}\newcommand{\KL}[2]{\dkl(#1\|#2)}", r"D_{\mathrm{KL}}(p \| q)", r"\KL{p}{q}"),
        # Arguments in another order, twice, or with delimiters.
        (r"\newcommand{\q}[2]{q(#2\mid #1)}", r"q(x \mid y, z)", r"\q{y, z}{x}"),
        (r"\newcommand{\sq}[1]{(#1)^\top(#1)}", r"(x - y)^{\top} (x-y)", r"\sq{x - y}"),
        (r"\newcommand{\sq}[1]{(#1)^\top(#1)}", r"(x - y)^{\top} (x-z)", r"(x - y)^{\top} (x-z)"),
        (r"\def\inner<#1,#2>{\langle #1,#2\rangle}", r"\langle x,y\rangle", r"\inner<x,y>"),
        (r"\def\inner<#1,#2>{\langle #1:#2\rangle}", r"\langle (x,y):z\rangle", r"\inner<{(x,y)},z>"),
        (r"\newcommand{\dd}[1]{\,\mathrm{d}#1}", r"\int f \, \mathrm{d}\mathbf{x}_t y", r"\int f \dd{\mathbf{x}_t} y"),
        (r"\newcommand{\pder}[2]{\frac{\partial #1}{\partial #2}}", r"\frac{\partial f}{\partial x}", r"\pder{f}{x}"),
        (
            r"\newcommand{\nm}[2][]{\lVert#2\rVert_{#1}}",
            r"\lVert x\rVert_2 \lVert x\rVert",
            r"\nm[2]{x} \lVert x\rVert",
        ),
        (
            r"\NewDocumentCommand{\e}{s m}{\mathbb{\IfBooleanTF{#1}{P}{E}}[#2]}",
            r"\mathbb{P}[x]\mathbb{E}[x]",
            r"\e*{x}\e{x}",
        ),
        # Pairs of delimiters: mathtools makes an opening and a closing sign of a bar, which a bar alone is not.
        (
            r"\DeclarePairedDelimiter{\norm}{\|}{\|}",
            r"\lVert x\rVert \|x\| \bigl\lVert x\bigr\rVert \left\|x\right\|",
            r"\norm{x} \|x\| \norm[\big]{x} \left\|x\right\|",
        ),
        # Old switches of the face.
        (r"\def\pd{p_{\rm data}}\def\vx{{\bf x}}", r"p_{\mathrm{data}} + \mathbf{x}", r"\pd + \vx"),
        # Other names of one sign.
        (r"\newcommand{\geqd}{\geq 0}", r"x \ge 0", r"x \geqd"),
        (r"\def\vx{\bm{x}}", r"\boldsymbol{x}", r"\vx"),
        (r"\newcommand{\S}[1]{\mathcal{S}_{#1}}", r"\mathcal S_i", r"\S{i}"),
    ],
)
def test_macros_of_many_kinds(source: str, before: str, after: str) -> None:
    assert folded(before, source) == after


@pytest.mark.parametrize(
    ("source", "latex"),
    [
        (r"\newcommand{\x}{x}\newcommand{\one}{1}\newcommand{\none}{}\newcommand{\same}[1]{#1}", "x + 1 + y"),
        (r"\newcommand{\parents}{Pa}\newcommand{\eg}{e.g.\xspace}", r"P a + e.g. x"),
        (r"\let\oldphi\phi\newcommand{\my@phi}{\phi_0}\let\origphi\phi", r"\phi_0"),
        (r"\newcommand{\lr}{\alpha}\newcommand{\sigmoid}{\sigma}\let\sum\oplus", r"\alpha + \sigma \oplus x"),
        (r"\newcommand{\normltwo}{L^2}", "L^{2}"),
        (r"\newcommand{\paren}[1]{(#1)}", "f(x)"),
        (r"\newcommand{\newterm}[1]{{\bf #1}}", r"\mathbf{x}"),
        (
            r"\newcommand{\sep}{ & }\newcommand{\ba}{\begin{aligned}}\newcommand{\nl}{\\}",
            r"\begin{aligned} a & b \\ \end{aligned}",
        ),
        (r"\newcommand{\inv}[1]{#1^{-1}}", "A x^{-1}"),
        (r"\renewcommand{\le}{\leqslant}\newcommand{\small}{\leq 1}", r"x \le 1"),
        (r"\let\oldphi\phi\renewcommand{\phi}{\varphi}\newcommand{\f}{\oldphi_0}", r"\phi_0"),
        (r"\newcommand{\loop}{x_0\loop}", "x_0"),
    ],
)
def test_what_the_author_would_not_write_so_or_is_not_the_same_stays(source: str, latex: str) -> None:
    assert folded(latex, source) == latex


def test_another_name_of_one_sign_is_used_where_it_is_short_for_it_or_the_document_prefers_it() -> None:
    source = r"\newcommand{\eps}{\varepsilon}\newcommand{\lr}{\alpha}"
    assert folded(r"\varepsilon \alpha", source) == r"\eps \alpha"
    assert folded(r"\varepsilon \alpha", source, {r"\lr": 3, r"\alpha": 1}) == r"\eps \lr"
    assert folded(r"\varepsilon \alpha", source, {r"\eps": 1, r"\varepsilon": 4}) == r"\varepsilon \alpha"


def test_what_the_document_uses_more_is_preferred() -> None:
    source = r"\def\data{\mathcal{D}}\def\gD{{\mathcal{D}}}\newcommand{\normltwo}{L^2}"
    assert folded(r"\mathcal{D} L^{2}", source, {r"\data": 2, r"\gD": 1}) == r"\data L^{2}"
    assert folded(r"\mathcal{D} L^{2}", source, {r"\normltwo": 1}) == r"\gD \normltwo"


def test_a_tab_stop_is_whole_and_its_placeholder_is_folded_by_itself() -> None:
    x, y = Stop(1, r"\mathbf{x}"), Stop(2, "y")
    assert fold([r"\mathbb{E}_{", x, r"}[\lVert ", x, " - ", y, r"\rVert]"], definitions(USUAL)) == [
        r"\E_{",
        Stop(1, r"\vx"),
        r"}[\norm{",
        Stop(1, r"\vx"),
        " - ",
        y,
        "}]",
    ]


def test_a_macro_never_swallows_a_tab_stop_of_its_own_body() -> None:
    parts: list[Part] = [r"\mathbf{", Stop(1, "x"), r"} D_{\mathrm{KL}}(p\,", Stop(2, r"\|"), r"\,q)"]
    assert fold(parts, definitions(USUAL)) == parts


def test_a_letter_never_runs_on_a_macro() -> None:
    parts: list[Part] = [
        r"\mathbb{E}",
        Stop(1, r"\mathbf{x}"),
        "y",
        Stop(1, r"\mathbf{x}"),
        Stop(2, "z"),
        r"\mathbb{E}",
        Stop(0),
    ]
    assert fold(parts, definitions(USUAL)) == [
        r"\E ",
        Stop(1, r"\vx"),
        " y",
        Stop(1, r"\vx"),
        " ",
        Stop(2, "z"),
        r"\E",
        Stop(0),
    ]


def test_without_macros_nothing_changes() -> None:
    parts: list[Part] = [r"\mathbb{E}", Stop(1, "x"), "", Stop(0)]
    assert fold(parts, {}) == parts


SMALL_FILES = (
    USUAL,
    r"""
        \newcommand{\KL}[2]{D_{\mathrm{KL}}(#1\,\|\,#2)} \newcommand{\norm}[1]{\|#1\|}
        \newcommand{\vx}{\mathbf x}
    """,
    r"""
        \newcommand{\bb}[1]{\mathbb{#1}} \newcommand{\E}{\bb{E}} \newcommand{\ex}[2]{\E_{#1}\left[ #2 \right]}
        \newcommand{\b}{\mathbf}
    """,
    r"""
        \DeclarePairedDelimiter{\norm}{\lVert}{\rVert} \DeclarePairedDelimiter{\br}{(}{)}
        \DeclarePairedDelimiterX{\cond}[2]{(}{)}{#1\mid#2}
    """,
    r"""
        \NewDocumentCommand{\p}{O{\theta} m}{p_{#1}(#2)}
        \NewDocumentCommand{\q}{s m m}{q\IfBooleanT{#1}{_\phi}(#2 \mid #3)}
    """,
    r"""
        \def\t{_{t}} \def\tm{_{t-1}} \def\x{\mathbf{x}} \def\half{\frac12}
        \def\N(#1;#2,#3){\mathcal{N}(#1;#2,#3)} \def\d#1{\,\mathrm{d}#1}
    """,
    r"""
        \let\eps\epsilon \let\bs\boldsymbol \let\le\leqslant \let\oldphi\phi \let\phi\varphi
        \newcommand{\Ps}{p_\phi}
    """,
    r"""
        \newcommand{\ptheta}[1][]{p_{\theta}#1} \newcommand{\xt}[1][t]{\mathbf{x}_{#1}}
        \newcommand{\abs}[1]{|#1|} \newcommand{\set}[1]{\{#1\}}
    """,
    r"""
        \newcommand{\given}{\,|\,} \newcommand{\cgiv}{\mid} \newcommand{\lp}{\left(} \newcommand{\rp}{\right)}
        \newcommand{\lb}{\left[} \newcommand{\lbi}{\bigl(}
    """,
    r"""
        \newcommand{\sumt}[1]{\sum_{t=#1}^{T}} \newcommand{\lsum}{\sum\limits} \newcommand{\mean}[1]{\bar{#1}}
        \newcommand{\fr}[2]{\frac{#1}{#2}}
    """,
    r"""
        \newcommand{\Lvlb}{L_{\rm VLB}} \newcommand{\sg}{{\bm\Sigma}} \newcommand{\m}{{\boldsymbol{\mu}}}
        \newcommand{\tr}{^{\top}} \newcommand{\sub}[2]{#1_{#2}}
    """,
)
NOTATIONS = [definitions(source) for source in (MATH_COMMANDS, *SMALL_FILES)]


def assert_means_the_same(parts: list[Part], macros: Mapping[str, Macro]) -> None:
    """Written out, with placeholders for what they are, the folded insert is the one that was asked for."""
    written = fold(parts, macros)
    before, after = plain(parts), plain(written)
    assert signs(expand(after, macros)).texts == signs(expand(before, macros)).texts, after
    assert {p.number for p in written if isinstance(p, Stop)} == {p.number for p in parts if isinstance(p, Stop)}


@pytest.mark.parametrize("entry", list(load_builtin()[0]), ids=lambda entry: entry.id)
def test_every_equation_means_the_same_in_every_notation(entry: Entry) -> None:
    for macros in NOTATIONS:
        assert_means_the_same([entry.body.latex], macros)
        assert_means_the_same(list(stopped(entry)), macros)
        used = dict.fromkeys(macros, 1)
        folded_more = plain(fold([entry.body.latex], macros, used))
        assert signs(expand(folded_more, macros)).texts == signs(expand(entry.body.latex, macros)).texts


@pytest.mark.parametrize("number", range(len(NOTATIONS)))
def test_every_notation_is_used_somewhere(number: int) -> None:
    entries = load_builtin()[0]
    assert any(plain(fold([entry.body.latex], NOTATIONS[number])) != entry.body.latex for entry in entries)


ATOMS = st.sampled_from(
    [
        *r"x y D \theta \epsilon \le \leq \to \| \Vert | \mid ( ) [ ] , \, = + 1 12 ' \lVert \rVert \{ \}".split(),
        *r"\mathrm{KL} \T \mathbf{x} \left( \right) \bigl\| \operatorname*{a\,b}".split(),
        r"\mathbf x",
        r"\text{if $a$ b}",
        r"{\rm a b}",
    ]
)
FORMULAS = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        inner.map(lambda latex: f"{{{latex}}}"),
        st.tuples(st.sampled_from(["_", "^", r"\mathbb", r"\bar", r"\sqrt", r"\unknown"]), inner).map(
            "{0[0]}{{{0[1]}}}".format
        ),
        st.tuples(st.sampled_from("_^"), ATOMS.filter(lambda a: not a.startswith(r"\text"))).map(" ".join),
        st.tuples(inner, inner).map(r"\frac{{{0[0]}}}{{{0[1]}}}".format),
        st.tuples(inner, inner).map(r"D({0[0]} \, \| \, {0[1]})".format),
        st.tuples(inner).map(r"\lVert {0[0]} \rVert".format),
    ),
    max_leaves=12,
)
NAMES = st.sampled_from([r"\A", r"\B", r"\C", r"\T", r"\le", r"\1"])


@st.composite
def macro_sources(draw: st.DrawFn) -> str:
    """A definition whose body is a formula, some of its letters made arguments."""
    name, body = draw(NAMES), draw(FORMULAS)
    kind = draw(st.sampled_from(["0", "1", "2", "optional", "def", "delimited"]))
    one, two = body.replace("x", "#1"), body.replace("x", "#1").replace("y", "#2")
    return {
        "0": rf"\newcommand{{{name}}}{{{body}}}",
        "1": rf"\newcommand{{{name}}}[1]{{{one}}}",
        "2": rf"\newcommand{{{name}}}[2]{{{two}}}",
        "optional": rf"\newcommand{{{name}}}[2][\theta]{{{two}}}",
        "def": rf"\def{name}#1#2{{{two}}}",
        "delimited": rf"\def{name}(#1,#2){{{two}}}",
    }[kind]


@given(st.lists(macro_sources(), min_size=1, max_size=4), st.lists(FORMULAS, max_size=3), st.data())
def test_any_formula_means_the_same_with_any_macros(sources: list[str], pieces: list[str], data: st.DataObject) -> None:
    macros = definitions("\n".join(sources))
    bodies = ["".join(macro.body) for macro in macros.values()]
    filled = [body.replace("#1", r"\mathbf{x}").replace("#2", "y_{1}") for body in bodies]
    formula = " ".join(data.draw(st.permutations([*pieces, *filled])))
    parts: list[Part] = [formula]
    for at in data.draw(st.lists(st.integers(0, len(pieces)), max_size=2)):
        parts += [Stop(at + 1, r"\mathbf{x}"), f" {formula}"]
    if any(name in formula for name in macros):
        fold(parts, macros)  # such a formula means whatever the author makes of it
    else:
        assert_means_the_same(parts, macros)


SCRAPS = (
    r"\ { } _ ^ x a b [ ] ( ) , & % $ | \bf \rm \mathbf \bigl \left \text \operatorname * \lVert \frac \sqrt \x".split()
)


@given(st.lists(st.sampled_from([*SCRAPS, " ", "\n", "\0", "\ue001", "\U000f0001"]), max_size=40).map("".join))
def test_any_text_is_folded(latex: str) -> None:
    for macros in NOTATIONS[:3]:
        fold([latex, Stop(1, latex), latex, Stop(0)], macros)


def test_a_long_formula_is_folded_in_time_proportional_to_its_length() -> None:
    start = time.perf_counter()
    for unit in (r"\lVert x", r"\lVert {", r"D_{\mathrm{KL}}(", r"\nabla_{", r"\mathbf{x}"):
        fold([unit * 1_000], NOTATIONS[1])
    assert time.perf_counter() - start < 5


def test_a_long_list_is_folded_at_once() -> None:
    inserts = [stopped(entry) for entry in load_builtin()[0]]
    for insert in inserts:
        fold(insert, NOTATIONS[0])
    start = time.perf_counter()
    for _ in range(10):
        for insert in inserts:
            fold(insert, NOTATIONS[0])
    assert (time.perf_counter() - start) / (10 * len(inserts)) < 0.002
