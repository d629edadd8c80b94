"""Snippets, as the protocol writes them and as plain text."""

from __future__ import annotations

from mleq_lsp.snippet import Stop, escape, snippet, to_lsp, to_plain


def test_the_first_stop_carries_the_placeholder_and_the_others_mirror_it() -> None:
    pair = snippet("f(", Stop(1, "x"), ", ", Stop(1, "x"), ")", Stop(0))

    assert to_lsp(pair) == "f(${1:x}, $1)$0"
    assert to_plain(pair) == "f(x, x)"


def test_the_three_signs_of_the_grammar_are_escaped() -> None:
    assert escape(r"\frac{a}{$b$}") == r"\\frac{a\}{\$b\$\}"


def test_a_placeholder_is_escaped_too() -> None:
    assert to_lsp(snippet(Stop(1, r"\mathbf{x}"))) == r"${1:\\mathbf{x\}}"


def test_each_line_but_the_first_gets_the_prefix() -> None:
    assert to_plain(snippet("a\nb ", Stop(1, "x"), "\nc").with_prefix("> ")) == "a\n> b x\n> c"


def test_a_mirror_is_in_braces_only_before_a_digit() -> None:
    assert to_lsp(snippet(Stop(1, "x"), " + ", Stop(1, "x"), "2 + ", Stop(1, "x"), "y")) == "${1:x} + ${1}2 + $1y"
