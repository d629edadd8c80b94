"""The same formulas and the same code as an independent parser finds: markdown-it with its plugins.

Where the two differ on purpose, DIFFERENCES shows one text, what each makes of it, and why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
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
from mleq_lsp.text import Span


class Found(NamedTuple):
    formulas: list[str]
    code: list[str]


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
    Difference("a formula being typed is one already", r"so $\alpha and", [r"\alpha and"], []),
    Difference("so is a display", "so\n\n$$\nx", ["\nx"], []),
    Difference("a price before a formula is a price", "costs $5 ($x$ is free)", ["x"], ["5 ("]),
    Difference("names of the shell are no formula", "$HOME/bin:$PATH", [], ["HOME/bin:"]),
    Difference("a link's text ends where it ends", "[5 US$](a?$b)", [], ["](a?"]),
    Difference("words in a formula may hold one", r"$\text{if $x$}$", [r"\text{if $x$}"], ["x"]),
    Difference("code is not cut by a dollar", "a $b `c$` d", ["b"], ["b `c"]),
    Difference("a bar in a bracket is no border", "|a|b|\n|-|-|\n|$p(x|y)$|c|", ["p(x|y)"], []),
    Difference("a line of a display is no item", "so\n$$\na\n- b\n$$", ["a-b"], []),
    Difference(
        "an open display ends where a sentence follows a blank line",
        "$$\nx\n\nA sentence begins.\n\n$$",
        ["x", ""],
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
DELIMITED = ("$", "$$", "\\(", "\\[", "math", "$`")
# Directives with Markdown in them, and Pandoc's divs.
HOLDS_MARKDOWN = re.compile(r"\{(?:note|tip|admonition|prf:\w+)\}|\{[.#]|[.#\w-]*$")
OPTIONS = re.compile(r"(?::[\w-]+:.*\n)*")
# What the parser has never heard of: Quarto's labels are told to it as MyST's, Liquid's code is kept from it.
QUARTO_LABEL = re.compile(r"(?<=\$\$ )\{#([\w-]+)\}")
LIQUID_CODE = re.compile(r"\{% highlight .*?\{% endhighlight %\}", re.DOTALL)

# In a document, formulas and code that only one of the two finds, each for a reason of the table above.
ONLY_OURS = {
    "analysis.Rmd": [
        r"1-\beta=\Phi\left(\frac{\lvert\delta\rvert\sqrt{n}}{\sigma\sqrt{2}}-z_{1-\alpha/2}\right)",
        "rmean(orders$total)",
    ],
}
ONLY_THEIRS = {"analysis.Rmd": ["480,onaverage`rmean(orders"]}


def theirs(text: str) -> Found:
    found = Found([], [])
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
    found = Found([], [])
    before: Region | None = None
    for region in outermost(text):
        if region.kind in MATH:
            found.formulas.append((region.body if region.name in DELIMITED else region.span).of(text))
        elif region.kind is Kind.VERBATIM and before and continues(text, before, region):
            found.code[-1] += "\n" + region.body.of(text)
        elif region.kind is Kind.VERBATIM:
            found.code.append(region.body.of(text))
        before = region if region.kind is Kind.VERBATIM else None
    return found


def outermost(text: str) -> Iterator[Region]:
    """The regions that are in no other, but in HTML; without Liquid's and HTML's own code."""
    end = 0
    for region in regions(text, Language.MARKDOWN):
        if region.span.start >= end and region.kind is not Kind.HTML:
            end = region.span.end
            if region.kind is not Kind.VERBATIM or not region.span.of(text).startswith(("{{", "{%", "<")):
                yield region


def continues(text: str, before: Region, region: Region) -> bool:
    """Whether two lines of indented code are one block."""
    if before.span != before.body or region.span != region.body:
        return False
    return not Span(before.span.end, region.span.start).of(text).strip(" \t\n>")


def bare(part: str) -> str:
    """Without blanks and the signs of quotes, which stand in front of every line, and with a table's bar as it is."""
    return re.sub(r"[\s>]+", "", part).replace(r"\|", "|")


def without(parts: list[str], left_out: list[str]) -> list[str]:
    parts = [bare(part) for part in parts]
    assert all(bare(part) in parts for part in left_out)
    return [part for part in parts if part not in map(bare, left_out)]


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_documents_have_the_same_formulas_and_code(path: Path) -> None:
    text = path.read_text("utf-8")
    found, expected = ours(text), theirs(text)
    brackets = [
        region.body.of(text) for region in outermost(text) if region.name in ("\\(", "\\[") and region.kind in MATH
    ]
    only_ours = [*brackets, *ONLY_OURS.get(path.name, [])]

    assert found.formulas
    everything = without([*found.formulas, *found.code], only_ours)
    assert everything == without([*expected.formulas, *expected.code], ONLY_THEIRS.get(path.name, []))


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
).map(" ".join)
PARAGRAPH = st.lists(INLINE.filter(lambda line: line[0].isalpha()), min_size=1, max_size=3).map("\n".join)
LEAF = st.one_of(
    PARAGRAPH,
    PARAGRAPH,
    INLINE.map(lambda line: f"## {line}"),
    st.lists(INLINE.filter(lambda cell: "`" not in cell), min_size=2, max_size=2).map(
        lambda row: "| a | b |\n|---|---|\n| " + " | ".join(row) + " |"
    ),
    st.sampled_from(
        [
            *[
                "$$\na\n$$",
                "$$a$$",
                "$$\na\n= b\n\n+ c\n$$",
                "$$ a\n- b $$",
                "$$\na\n$$ (label)",
                "text\n$$\na\n$$\ntext",
            ],
            *["\\begin{align}\na &= b \\\\\n\nc\n\\end{align}", "\\begin{equation*}\na\n- b\n\\end{equation*}"],
            *["```\n$a$\n```", "~~~~ python\n```\n\n$b\n~~~~", "```math\na\n```", "```python\nx = `$`\n\n    y\n```"],
            *["    $a$\n    `b`\n\n    c", "<!-- $a$\n\n`b` -->", "---", "[a]: https://b/$c", "<div>\n`a`\n</div>"],
        ]
    ),
)


def indented(text: str, first: str, rest: str) -> str:
    return first + text.replace("\n", "\n" + rest)


def blocks(leaf: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(leaf, min_size=1, max_size=4).map("\n\n".join)


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


@given(DOCUMENT)
def test_documents_of_any_such_parts_have_the_same_formulas_and_code(text: str) -> None:
    found, expected = ours(text), theirs(text)

    assert [bare(one) for one in found.formulas] == [bare(one) for one in expected.formulas]
    assert [bare(one) for one in found.code] == [bare(one) for one in expected.code]
