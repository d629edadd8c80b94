"""The card, written for each kind of client."""

from __future__ import annotations

from dataclasses import replace

from mleq_lsp.preview import Style, Symbol, entry_card, formula_card, write
from mleq_lsp.recognition import Recognised
from tests.small import SMALL

SOFT = SMALL.entries["soft-max"]
TERMINAL = Style()
PLAIN = Style(markdown=False)
GUI = Style(picture="svg")
SOURCE = Style(picture="latex")


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

- `zᵢ`: score of class i, in ℝ
- `j`: index of the sum

Bridle (1990), [Training Stochastic Model Recognition Algorithms](https://example.org/b)

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

zᵢ: score of class i, in ℝ
j: index of the sum

Bridle (1990), Training Stochastic Model Recognition Algorithms https://example.org/b

See also chain-rule"""
    )


def test_in_a_window_a_picture_with_the_spoken_form_and_a_table() -> None:
    written = write(entry_card(SOFT, SMALL), GUI)

    assert "![softmax open paren z close paren sub i equals " in written
    assert "](data:image/svg+xml;base64," in written
    assert "| Symbol | Meaning |\n|:--|:--|\n| `zᵢ` | score of class i, in ℝ |\n" in written


def test_a_bar_in_a_table_s_cell_is_escaped() -> None:
    barred = replace(entry_card(SMALL.entries["chain-rule"], SMALL), symbols=(Symbol(r"p(x \mid y)", "density"),))

    assert "| `p(x \\| y)` | density |" in write(barred, GUI)


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
