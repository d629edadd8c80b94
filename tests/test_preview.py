"""The card, written for each kind of client."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from mleq_lsp.card import Card, Symbol, entry_card, formula_card
from mleq_lsp.catalogue.load import load_builtin
from mleq_lsp.catalogue.model import Entry, Reference
from mleq_lsp.preview import Style, paragraph, write
from mleq_lsp.recognition import Recognised
from tests.small import SMALL

SOFT = SMALL.entries["soft-max"]
TERMINAL = Style()
PLAIN = Style(markdown=False)
GUI = Style(picture="svg")
SOURCE = Style(picture="latex")
CATALOGUE, _ = load_builtin()

# What a card may be made of, as markdown-it-py names it.
BLOCKS = {"paragraph_open", "inline", "paragraph_close", "fence"} | {
    f"{part}_{end}" for part in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")
}
INLINE = {"text", "softbreak", "hardbreak", "code_inline", "image", "strong_open", "strong_close"}
INLINE |= {"link_open", "link_close"}
READER = MarkdownIt("commonmark").enable("table")
# As VS Code, which shows pictures that are data.
READER.validateLink = bool  # type: ignore[method-assign,assignment]
PAPERS = ("https://arxiv.org/abs/", "https://doi.org/")


def test_in_a_terminal() -> None:
    assert write(entry_card(SOFT, SMALL), TERMINAL) == (
        """\
**Softmax** · `soft-max`

```text
               exp zᵢ
softmax(z)ᵢ = ─────────
              ∑ⱼ exp zⱼ
```

Turns scores into probabilities.

```text
zᵢ   score of class i, in ℝ
j    index of the sum
```

Bridle (1990), [Training Stochastic Model Recognition Algorithms](https://doi.org/10.1000/b)

See also `chain-rule`"""
    )


def test_as_plain_text() -> None:
    assert write(entry_card(SOFT, SMALL), PLAIN) == (
        """\
Softmax (soft-max)

               exp zᵢ
softmax(z)ᵢ = ─────────
              ∑ⱼ exp zⱼ

Turns scores into probabilities.

zᵢ   score of class i, in ℝ
j    index of the sum

Bridle (1990), Training Stochastic Model Recognition Algorithms https://doi.org/10.1000/b

See also chain-rule"""
    )


def test_in_a_window_a_picture_with_the_spoken_form_and_a_table() -> None:
    written = write(entry_card(SOFT, SMALL), GUI)

    assert "![softmax open paren z close paren sub i equals " in written
    assert "](data:image/svg+xml;base64," in written
    assert "| Symbol | Meaning |\n|:--|:--|\n| zᵢ | score of class i, in ℝ |\n" in written


def test_a_bar_in_a_table_s_cell_is_escaped() -> None:
    barred = replace(entry_card(SMALL.entries["chain-rule"], SMALL), symbols=(Symbol(r"p(x \mid y)", "density"),))

    assert "| p(x\N{NO-BREAK SPACE}\\|\N{NO-BREAK SPACE}y) | density |" in write(barred, GUI)


def test_text_is_broken_at_the_width_of_a_terminal() -> None:
    symbols = (
        Symbol("z_{i}", "score of class i, in ℝ"),
        Symbol(r"\operatorname{softmax}(z)_{i}", "probability of class i, in (0, 1)"),
        Symbol(r"\theta", ""),
    )
    narrow = replace(PLAIN, cells=30)

    assert write(replace(entry_card(SOFT, SMALL), symbols=symbols), narrow) == (
        """\
Softmax (soft-max)

               exp zᵢ
softmax(z)ᵢ = ─────────
              ∑ⱼ exp zⱼ

Turns scores into
probabilities.

zᵢ   score of class i, in ℝ
softmax(z)ᵢ
     probability of class i,
     in (0, 1)
θ

Bridle (1990), Training Stochastic Model Recognition Algorithms https://doi.org/10.1000/b

See also chain-rule"""
    )


def test_the_symbol_under_the_cursor_comes_first() -> None:
    card = replace(entry_card(SOFT, SMALL), pointed=Symbol("z_{i}", "score of class i, in ℝ"))

    assert write(card, TERMINAL).startswith("`zᵢ`: score of class i, in ℝ\n\n---\n\n**Softmax** · `soft-max`\n\n")
    assert write(card, PLAIN).startswith("zᵢ: score of class i, in ℝ\n\nSoftmax (soft-max)\n\n")


def test_a_formula_elsewhere_says_where() -> None:
    card = replace(formula_card("a = b", None, SMALL), label="eq:a_b", where="model.tex, line 42")

    assert write(card, TERMINAL) == "Equation `eq:a_b` · model.tex, line 42\n\n```text\na = b\n```"
    assert write(card, PLAIN) == "Equation eq:a_b · model.tex, line 42\n\na = b"


def test_where_there_is_no_formula_a_note_says_why() -> None:
    card = Card(note="no equation is labelled `eq:x`")

    assert write(card, TERMINAL) == "no equation is labelled `eq:x`"
    assert write(card, PLAIN) == "no equation is labelled eq:x"


@pytest.mark.parametrize("url", ["https://example.org/", "javascript:alert(1)", "command:x", ""])
def test_links_go_to_papers_only(url: str) -> None:
    card = replace(entry_card(SOFT, SMALL), sources=(Reference("b", ("Bridle",), "Training", "1990", url),))

    assert "Bridle (1990), Training\n" in write(card, TERMINAL)
    assert "Bridle (1990), Training\n" in write(card, PLAIN)


def test_an_address_with_parentheses_is_one_link() -> None:
    url = "https://doi.org/10.1016/0893(91)90009-T"
    card = replace(entry_card(SOFT, SMALL), sources=(Reference("b", ("Bridle",), "Training", "1990", url),))

    assert ", [Training](https://doi.org/10.1016/0893%2891%2990009-T)\n" in write(card, TERMINAL)


def shown(markdown: str) -> str:
    """What a Markdown renderer shows of a text, in plain characters."""
    tokens = READER.parse(markdown)
    kinds = {token.type for token in tokens} | {one.type for token in tokens for one in token.children or ()}
    assert kinds <= {"paragraph_open", "inline", "paragraph_close", "text", "text_special", "softbreak"}, kinds
    return "".join(one.content or " " for token in tokens for one in token.children or ())


@given(st.text("ab 1.)(x*_[]<>`$\\~|#+-=&;:!/é∑", max_size=40))
def test_a_pack_s_words_are_shown_as_they_are(words: str) -> None:
    for style in (GUI, replace(TERMINAL, cells=20)):
        assert "".join(shown(paragraph(words, style)).split()) == "".join(words.split())


@pytest.mark.parametrize("style", [TERMINAL, GUI], ids=["terminal", "window"])
@pytest.mark.parametrize("entry", list(CATALOGUE), ids=lambda entry: entry.id)
def test_every_card_is_markdown_with_nothing_stray(entry: Entry, style: Style) -> None:
    tokens = READER.parse(write(entry_card(entry, CATALOGUE), style))
    inline = [one for token in tokens for one in token.children or ()]
    prose = "".join(one.content for one in inline if one.type == "text")

    assert {token.type for token in tokens} <= BLOCKS
    assert {one.type for one in inline} <= INLINE
    assert [one.content for one in inline if one.type == "image"] or style is TERMINAL
    assert not set("$`\\") & set(prose)
    assert all(str(one.attrs["href"]).startswith(PAPERS) for one in inline if one.type == "link_open")


def test_as_latex() -> None:
    assert "```latex\n\\operatorname{softmax}(z)_{i} = " in write(entry_card(SOFT, SMALL), SOURCE)


def test_a_formula_that_is_only_close_says_so() -> None:
    card = formula_card("a = b", Recognised(SOFT, exact=False), SMALL)

    assert write(card, TERMINAL).startswith("Close to: **Softmax** · `soft-max`\n\n```text\na = b\n```")


def test_an_unknown_formula_is_only_drawn() -> None:
    assert write(formula_card("x^{2}", None, SMALL), TERMINAL) == "```text\nx²\n```"


def test_what_is_wrong_is_said_with_its_place() -> None:
    one = write(formula_card(r"\frac{1}{x", None, SMALL), TERMINAL)
    several = write(formula_card("a\n+ \\frac{1}{x", None, SMALL), TERMINAL)

    assert one.endswith("⚠ `{` is never closed (column 9 of the formula)")
    assert several.endswith("⚠ `{` is never closed (line 2, column 11 of the formula)")


def test_an_empty_formula_is_an_empty_card() -> None:
    assert write(formula_card("", None, SMALL), GUI) == ""
    assert write(formula_card("  ", None, SMALL), TERMINAL) == ""


def test_a_picture_that_cannot_be_had_is_drawn_as_text() -> None:
    assert write(formula_card("x" * 30_000, None, SMALL), GUI).startswith("```text\n")


def test_what_a_problem_quotes_is_not_read_as_markdown() -> None:
    card = formula_card("\\begin{a`![x](http://e/x.png)`b} x \\end{a`![x](http://e/x.png)`b}", None, SMALL)
    inline = [one for token in READER.parse(write(card, TERMINAL)) for one in token.children or ()]

    assert card.problems
    assert not [one for one in inline if one.type == "image"]


def test_a_fence_is_longer_than_what_it_holds() -> None:
    fences = list(READER.parse(write(formula_card(r"\text{```}", None, SMALL), SOURCE)))

    assert [(token.type, token.content) for token in fences] == [("fence", "\\text{```}\n")]
    assert write(Card(note="nothing"), SOURCE) == "nothing"
