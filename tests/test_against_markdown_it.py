"""The same formulas and the same code as an independent parser finds: markdown-it with its plugins.

Where the two differ on purpose, DIFFERENCES shows one text, what each makes of it, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.amsmath import amsmath_plugin
from mdit_py_plugins.colon_fence import colon_fence_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.myst_role import myst_role_plugin

from mleq_lsp.regions import MATH, Kind, Language, Region, regions


class Found(NamedTuple):
    formulas: list[str]
    code: list[str]
    typed: list[str]  # formulas without an end


class Difference(NamedTuple):
    why: str
    text: str
    ours: list[str]  # formulas, or code where the text has no formula for either
    theirs: list[str]


DIFFERENCES = (
    Difference("brackets are no plugin's business", r"a \(x\) b", ["x"], []),
    Difference("nor are doubled ones", r"a \\[x\\] b", ["x"], []),
    Difference("nor is Liquid's math", "{% math %}x{% endmath %}", ["x"], []),
    Difference("HTML is no Markdown, but pages typeset the formulas in it", "<p>\n$x$\n</p>", ["x"], []),
    Difference(
        "an environment may stand in a sentence",
        r"so \begin{align}x\end{align}",
        [r"\begin{align}x\end{align}"],
        [],
    ),
    Difference("a price before a formula is a price", "costs $5 ($x$ is free)", ["x"], ["5 ("]),
    Difference("names of the shell are no formula", "$HOME/bin:$PATH", [], ["HOME/bin:"]),
    Difference("a link's text ends where it ends", "[5 US$](a?$b)", [], ["](a?"]),
    Difference("words in a formula may hold one", r"$\text{if $x$}$", [r"\text{if $x$}"], ["x"]),
    Difference("code is not cut by a dollar", "a $b `c$` d", [], ["b `c"]),
    Difference("a bar in a bracket is no border", "|a|b|\n|-|-|\n|$p(x|y)$|c|", ["p(x|y)"], []),
    Difference("a rule at the top is no front matter", "---\n\n$x$\n\n---", ["x"], []),
    Difference("a display is no row", "|a|b|\n|-|-|\n$$\nx\n$$", ["x"], []),
    Difference("nor does a blank line end one below a line of text", "so\n$$\nx\n\n+ y\n$$", ["x+y"], []),
    Difference("a line of a display is no item", "so\n$$\na\n- b\n$$", ["a-b"], []),
    Difference(
        "an open display ends where a sentence follows a blank line",
        "$$\nx\n\nA sentence begins.\n\n$$",
        [],
        ["x A sentence begins."],
    ),
)

ROOT = Path(__file__).parents[1]
CORPUS = [
    path
    for path in sorted([*(ROOT / "tests" / "corpus").iterdir(), ROOT / "examples" / "note.md"])
    if path.suffix in (".md", ".qmd", ".Rmd")
]
PARSER = (
    MarkdownIt("commonmark", {"html": True})
    .enable("table")
    .use(front_matter_plugin)
    .use(footnote_plugin)
    .use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    .use(amsmath_plugin)
    .use(colon_fence_plugin)
    .use(myst_role_plugin)
)
BRACKETS = ("\\(", "\\[", "\\\\(", "\\\\[")
DELIMITED = ("$", "$$", *BRACKETS, "math", "$`")
# Directives with Markdown in them, and Pandoc's divs.
HOLDS_MARKDOWN = re.compile(r"\{(?:note|tip|admonition|prf:\w+)\}|\{[.#]|[.#\w-]*$")
OPTIONS = re.compile(r"(?::[\w-]+:.*\n)*")
# What the parser has never heard of: Quarto's labels are told to it as MyST's, Liquid's code is kept from it.
QUARTO_LABEL = re.compile(r"(?<=\$\$ )\{#([\w-]+)\}")
LIQUID_CODE = re.compile(r"\{% highlight .*?\{% endhighlight %\}", re.DOTALL)

# In a document, formulas and code that only one of the two finds, each for a reason of the table above.
ONLY_OURS = {
    "analysis.Rmd": [
        r"1 - \beta = \Phi\left(\frac{\lvert \delta \rvert \sqrt{n}}{\sigma \sqrt{2}} - z_{1 - \alpha / 2}\right)"
    ],
    "zh.md": [r"\beta=4"],
}
ONLY_OURS_CODE = {"analysis.Rmd": ["r mean(orders$total)"]}
ONLY_THEIRS = {
    "analysis.Rmd": ["480, on average `r mean(orders"],
    "readme.md": ["30; nothing is sent to <https://example.org/"],
    "zh.md": ["30不是公式，而"],
}
# A made up document is not compared if the other parser finds a formula in it that has code, the end of a link's text,
# or a price and a blank at its beginning: see the table.
READ_OTHERWISE = re.compile(r".*(?:`|\]\()|\d[\x21-\x7e]*[^\x21-\x7e]", re.DOTALL)


def theirs(text: str) -> Found:
    found = Found([], [], [])
    for token in tokens_of(QUARTO_LABEL.sub(r"(\1)", LIQUID_CODE.sub("", text))):
        if token.type in ("math_block", "math_block_label", "math_inline", "math_inline_double", "amsmath"):
            # GitHub's ticks are no part of the formula.
            found.formulas.append(token.content.strip("`"))
        elif token.type == "myst_role" and token.meta["name"] == "math":
            found.formulas.append(token.content)
        elif token.type in ("fence", "colon_fence", "code_block", "code_inline"):
            found.code.append(token.content)
    return found


def tokens_of(text: str) -> Iterator[Token]:
    """All tokens; MyST's directives taken for what they are."""
    for token in flat(PARSER.parse(text)):
        info = token.info.strip()
        if token.type in ("fence", "colon_fence") and info in ("math", "{math}"):
            yield Token("math_block", "", 0, content=OPTIONS.sub("", token.content, count=1))
        elif token.type == "colon_fence" or (token.type == "fence" and info.startswith("{")):
            yield from tokens_of(token.content) if HOLDS_MARKDOWN.match(info) else [token]
        else:
            yield token


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])


def ours(text: str) -> Found:
    found = Found([], [], [])
    for region in outermost(text):
        if region.kind is Kind.VERBATIM:
            found.code.append(region.body.of(text))
        elif region.kind in MATH and region.span.end == region.body.end:
            found.typed.append(region.body.of(text))
        elif region.kind in MATH:
            found.formulas.append((region.body if region.name in DELIMITED else region.span).of(text))
    return found


def outermost(text: str) -> Iterator[Region]:
    """The regions that are in no other, but in HTML; without Liquid's and HTML's own code."""
    end = 0
    for region in regions(text, Language.MARKDOWN):
        if region.span.start >= end and region.kind is not Kind.HTML:
            end = region.span.end
            if region.kind is not Kind.VERBATIM or not region.span.of(text).startswith(("{{", "{%", "<")):
                yield region


def bare(part: str) -> str:
    """Without blanks and the signs of quotes, which stand in front of every line, and with a table's bar as it is."""
    return re.sub(r"[\s>]+", "", part).replace(r"\|", "|")


def without(parts: list[str], left_out: list[str]) -> list[str]:
    parts = [bare(part) for part in parts]
    assert all(bare(part) in parts for part in left_out)
    return [part for part in parts if part not in map(bare, left_out)]


def together(code: list[str]) -> str:
    """All code in one: an indented block is one there, and its lines are several here."""
    return "".join(map(bare, code))


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_documents_have_the_same_formulas_and_code(path: Path) -> None:
    text = path.read_text("utf-8")
    found, expected = ours(text), theirs(text)
    brackets = [region.body.of(text) for region in outermost(text) if region.name in BRACKETS and region.kind in MATH]
    only_ours = [*brackets, *ONLY_OURS.get(path.name, [])]

    assert found.formulas
    assert without(found.formulas, only_ours) == without(expected.formulas, ONLY_THEIRS.get(path.name, []))
    assert together(without(found.code, ONLY_OURS_CODE.get(path.name, []))) == together(expected.code)


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.why)
def test_each_difference_is_one(difference: Difference) -> None:
    assert [bare(one) for one in ours(difference.text).formulas] == [bare(one) for one in difference.ours]
    assert [bare(one) for one in theirs(difference.text).formulas] == [bare(one) for one in difference.theirs]
    assert difference.ours != difference.theirs


INLINE = st.lists(
    st.sampled_from(
        [
            *["word", "and so", "*soft*", "**bold $b$**", "a, b;", "(see $c$)", "设$d$为", "[text $e$](https://a.b/c)"],
            *["$x$", "$x_1^2$", "$p(x)$", "$\\alpha$", "$a + b$", "$5$", "$y$,", "$\\$5$", "$$z$$", "$`w`$"],
            *["`code`", "``a ` b``", "`$v$`", "`\\`", "`$`", "\\$", "\\\\", "\\`", "\\*"],
            *["$5", "$20,000", "USD$30", "5$", "$", "US$", "$ 5", "$7."],
            *["<b>", "</b>", "<!-- $n$ -->", "<https://a.b/$q>", "https://a.b", "!", "^[1]"],
        ]
    ),
    min_size=1,
    max_size=6,
).map(lambda parts: " ".join(["a", *parts]))  # for before a first dollar, the plugin looks at the text's last character
PARAGRAPH = st.lists(INLINE, min_size=1, max_size=3).map("\n".join)
LEAF = st.one_of(
    PARAGRAPH,
    PARAGRAPH,
    INLINE.map(lambda line: f"## {line}"),
    st.lists(INLINE.filter(lambda cell: "`" not in cell), min_size=2, max_size=2).map(
        lambda row: "| a | b |\n|---|---|\n| " + " | ".join(row) + " |\n"
    ),
    st.sampled_from(
        [
            *[
                "$$\na\n$$",
                "$$a$$",
                "\n$$\na\n= b\n\n+ c\n$$",
                "\n$$ a\n- b $$",
                "$$\na\n$$ (label)",
                "text\n$$\na\n$$\ntext",
            ],
            *["\\begin{align}\na &= b \\\\\n\nc\n\\end{align}", "\\begin{equation*}\na\n- b\n\\end{equation*}"],
            *["```\n$a$\n```", "~~~~ python\n```\n\n$b\n~~~~", "```math\na\n```", "```python\nx = `$`\n\n    y\n```"],
            *["    $a$\n    `b`\n\n    c", "<!-- $a$\n\n`b` -->", "***", "[a]: https://b/$c", "<div>\n`a`\n</div>\n"],
            *[
                "heading $a$\n===",
                "> a $b\nc$ d",
                "1. a\n1) `b`\n\n\t$c$",
                "-\n  `a`",
                "a\n-\n`b`",
                "a\n2. `b`\n  3. $c$",
            ],
            *[
                "- `a\n- b`\n\n      c",
                "> - so $a$\n>\n>       b\n> so $c$",
                "* * *\n* a `b\n  c` d",
                "```\na\n  ```\nb $c$",
            ],
        ]
    ),
)


def indented(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def blocks(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    joined = st.tuples(leaf, st.sampled_from(["\n\n", "\n\n", "\n\n\n", "\n"])).map("".join)
    return st.lists(joined, min_size=1, max_size=4).map("".join).map(str.rstrip)


CONTAINED = st.recursive(
    LEAF,
    lambda inner: st.one_of(
        blocks(inner).map(lambda text: indented(text, "> ", "> ")),
        blocks(inner).map(lambda text: indented(text, "- ", "  ")),
        blocks(inner).map(lambda text: indented(text, "12. ", "    ")),
        st.lists(PARAGRAPH, min_size=1, max_size=3).map(
            lambda items: "\n".join(indented(one, "* ", "  ") for one in items)
        ),
    ),
    max_leaves=6,
)
DOCUMENT = st.tuples(st.sampled_from(["", "---\ntitle: $a$\n---\n", "---\na: `b`\n...\n\n"]), blocks(CONTAINED)).map(
    "".join
)


@pytest.mark.parametrize("text", [r"so $\alpha and", "so\n\n$$\nx", "so $x", "\\begin{align}\nx"])
def test_a_formula_that_is_being_typed_is_one_already(text: str) -> None:
    assert ours(text).typed
    assert theirs(text).formulas == []


@given(DOCUMENT)
def test_documents_of_any_such_parts_have_the_same_formulas_and_code(text: str) -> None:
    found, expected = ours(text), theirs(text)
    assume(not any(READ_OTHERWISE.match(formula) for formula in expected.formulas))

    assert [bare(one) for one in found.formulas] == [bare(one) for one in expected.formulas]
    assert together(found.code) == together(expected.code)
