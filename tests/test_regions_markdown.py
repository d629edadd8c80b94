"""What kind of place a cursor is in, in Markdown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mleq_lsp.regions import Kind, Language, Region, regions
from mleq_lsp.regions.incremental import scanned
from mleq_lsp.regions.markdown import markdown_begins, markdown_block
from mleq_lsp.regions.model import MATH, Block, Regions, State
from tests.marked import marked


def kind(text: str) -> str:
    """The kind of place at the cursor; "PROSE" where it is none other."""
    text, offset = marked(text)
    region = regions(text, Language.MARKDOWN).at(offset)
    return region.kind.name if region else "PROSE"


def formulas(text: str) -> list[str]:
    """The formulas of a text with their delimiters, inner ones left out."""
    found: list[Region] = []
    for region in regions(text, Language.MARKDOWN):
        if region.kind in MATH and not (found and region.span.start < found[-1].span.end):
            found.append(region)
    return [region.span.of(text) for region in found]


@pytest.mark.parametrize(
    "text",
    [
        "a $x<cursor>$ b",
        "It costs $5 and $10, but $x<cursor>$ is free",
        r"a \$ b $x<cursor>$",
        r"a \(x<cursor>\) b",
        "a \\(x +\ny<cursor>\\) b",
        r"a \\(x<cursor>\\) b",
        "a $`x<cursor>`$ b",
        "a {math}`x<cursor>` b",
        "a $$x<cursor>$$ b",
        "- item $x<cursor>$",
        "- item\n    - below $x<cursor>$",
        "1. one\n2. two\n\n   so $x<cursor>$",
        "> quote $x<cursor>$",
        "> quote $x\n> y<cursor>$",
        "> quote\nstill the quote $x<cursor>$",
        "> - a\n>   1. $x<cursor>$",
        "| a | $x<cursor>$ |",
        "| a | b |\n|---|---|\n| c | $$x<cursor>$$ |",
        "# heading $x<cursor>$",
        "# heading $$x<cursor>$$",
        "heading $x<cursor>$\n===",
        "[^1]: note $x<cursor>$",
        "**bold $x<cursor>$**",
        "[text $x<cursor>$](https://a.b/$c)",
        "`$` $x<cursor>$",
        "a $\\alpha<cursor>",
        "a $x\ny<cursor>$ b",
        "**bold** $5$ and $x<cursor>$",
        "设$x<cursor>$为",
        "（$x<cursor>$）",
        "נניח $x<cursor>$ אז",
        "a\u200b$x<cursor>$\u200bb",
        "$\u200bx<cursor>",
        "<b>bold $x<cursor>$</b>",
        "{% raw %}$x<cursor>${% endraw %}",
        "```{note}\nso $x<cursor>$\n```",
        ":::{note}\nso $x<cursor>$\n:::",
        "::: {.callout-tip}\nso $x<cursor>$\n:::",
        "> [!NOTE]\n> so $x<cursor>$",
        "!!! note\n    so $x<cursor>$",
    ],
)
def test_inline_math(text: str) -> None:
    assert kind(text) == "INLINE_MATH"


@pytest.mark.parametrize(
    "text",
    [
        "$$x<cursor>$$",
        "$$x<cursor>$$.",
        "$$<cursor>$$",
        "$$\nx<cursor>\n$$",
        "$$ x\n+ y<cursor> $$",
        "so\n$$x<cursor>$$\nand",
        "so\n$$\nx<cursor>\n$$\nand",
        "so $$\nx<cursor>\n$$ and",
        "$$\na\n\nb<cursor>\n$$",
        "$$\na\n= b\n+ c\n- d\n# e\n> f<cursor>\n$$",
        "> $$\n> x<cursor>\n> $$",
        "> $$\n> a\n>\n> b<cursor>\n> $$",
        "- item\n\n  $$\n  x\n  - y<cursor>\n  $$",
        "1. item:\n   $$\n   x<cursor>\n   $$\n2. next",
        "$$x<cursor>$$ {#eq-a}",
        "$$x<cursor>$$ (eq)",
        r"\[ x<cursor> \]",
        "\\[\nx\n= y<cursor>\n\\]",
        "\\[ \\alpha<cursor>",
        "$$\nx\n\n$$\ny<cursor>\n$$",
        "\\\\[\nx \\\\[2pt] y<cursor>\n\\\\]",
        "\\[\n\\begin{aligned} a \\\\[2pt] b<cursor> \\end{aligned}\n\\]",
        "\\begin{align}\nx<cursor>\n\\end{align}",
        "\\begin{align*}\nx\n- y<cursor>\n\\end{align*}",
        "so \\begin{align} x<cursor> \\end{align} and",
        "- item\n\n  \\begin{align}\n  x<cursor>\n  \\end{align}",
        "> \\begin{align}\n> x<cursor>\n> \\end{align}",
        "<p>\n\\begin{align} x<cursor> \\end{align}\n</p>",
        "<p>$$x<cursor>$$</p>",
        "::: {#thm-a}\n\\begin{align}\nx<cursor>\n\\end{align}\n:::",
        "```math\nx<cursor>\n```",
        "- item\n  ```math\n  x<cursor>\n  ```",
        "~~~ math\nx<cursor>\n~~~",
        "```{math}\n:label: a\nx<cursor>\n```",
        "```{math}\nx<cursor>\n```",
        ":::{math}\n:label: a\nx<cursor>\n:::",
        "{% math %}\nx\n\ny<cursor>\n{% endmath %}",
        "{% raw %}\n$$\nx<cursor>\n$$\n{% endraw %}",
        "$$\nx<cursor>",
        "$$\n\\begin{aligned}\nx<cursor>\n\\end{aligned}\n$$",
    ],
)
def test_display_math(text: str) -> None:
    assert kind(text) == "DISPLAY_MATH"


@pytest.mark.parametrize(
    "text",
    [
        "<cursor>",
        "It costs $5 or $10, <cursor>",
        "It costs $5 <cursor>",
        "a $x$ b<cursor>",
        r"a \$5 b<cursor>",
        "```\n$x\n```\nb<cursor>",
        "$$a \\\\$$ b<cursor>",
        "<!-- $x --> b<cursor>",
        "<!--\na\n\nb\n-->\nc<cursor>",
        "a `code` b<cursor>",
        "a lone ` tick b<cursor>",
        "a lone ` tick\n\nand another ` b<cursor>",
        "~~~\n```\n~~~\nb<cursor>",
        "- a\n\n    b<cursor>",
        "1. a\n\n    b<cursor>",
        "[^1]: a\n\n    b<cursor>",
        "a\n    b<cursor>",
        "---\ntitle: x\n---\nb<cursor>",
        "---\n\nb<cursor>\n\n---\n",
        "a\n\n---\nb: c<cursor>\n---\n",
        "<b>bold</b> text<cursor>",
        "<div>\n\ntext<cursor>\n\n</div>",
        "[a link](b) text<cursor>",
        "{% raw %}text<cursor>{% endraw %}",
        "{% highlight python %}\na\n\nb\n{% endhighlight %}\ntext<cursor>",
        "```{note}\ntext<cursor>\n```",
        "````{note}\n```{tip}\na\n```\ntext<cursor>\n````",
        "```{note}\na\n```\n\ntext<cursor>",
        r"a \\[2pt] b<cursor>",
        r"C:\\(x86) b<cursor>",
        r"- \[x\] done<cursor>",
        r"- \[[`a1b2`](https://a.b)] - text<cursor>",
        r"\[0, [`MAX`][]] is a range<cursor>",
        "Set $(PREFIX) to<cursor> it",
        "$(brew --prefix) text<cursor>",
        "$('#a') text<cursor>",
        "$5 or `r b` dollars<cursor> ($c)",
        "($`r b`$) and<cursor> ($`r c`$)",
        "($\\beta = `r b`$) and<cursor> ($\\gamma = `r c`$)",
        r"\[a link\](b) text<cursor>",
        "| a | b |\n|---|---|\n| $5 | text<cursor> |",
    ],
)
def test_prose(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    "text",
    [
        "an open $$\nx\n\nb<cursor>",
        "$$\nx\n\nThis is a sentence again<cursor>\n\n$$\ny\n$$",
        "$$\nx\n\n# Heading<cursor>\n\n$$\ny\n$$",
        "$$\nx\n\n$$\ny\n$$\n\nb<cursor>",
        "$$\nx\n\n$$\n\nb<cursor>",
        "$$\nx\n\n$$\n\\begin{align*}\ny\n\\end{align*}\n$$\nb<cursor>",
        "$$\nx\n\n设为<cursor>\n\n$$\ny\n$$",
        "an open $\\alpha\n\nb<cursor>",
        "an open $\\alpha\nb<cursor>",
        "- an open $$\n- next item<cursor>\n",
        "> an open $$\n\nnext<cursor> $$",
        "\\[\nx\n\nb<cursor>",
        "\\begin{align}\nx\n\nb<cursor>",
        "\\begin{align}\nx\n\n\\begin{align}\ny\n\\end{align}\nb<cursor>",
        "```python\nx\n\nb<cursor>",
        "```python\nx\n\nb<cursor>\n\n```r\ny\n```\n",
        "<!-- x\n\nb<cursor>",
        "<!-- x\n\nb<cursor>\n\n<!-- c -->",
        "<pre>x\n\nb<cursor>",
        "---\na: b\n\nc<cursor>",
        "{% highlight python %}\nx\n\nb<cursor>",
        "```{note}\nx\n\nb<cursor>",
    ],
)
def test_what_is_unclosed_ends_with_its_paragraph(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\na<cursor>\n```", "VERBATIM"),
        ("```python\na<cursor>", "VERBATIM"),
        ("```pyth<cursor>\na\n```", "ARGUMENT"),
        ("````\n```\na<cursor>\n````", "VERBATIM"),
        ("~~~\na<cursor>\n~~~", "VERBATIM"),
        ("```{python}\n#| label: a<cursor>\n```", "VERBATIM"),
        ("```{r, echo=FALSE}\na<cursor>\n```", "VERBATIM"),
        ("```{.python #id}\na<cursor>\n```", "VERBATIM"),
        ("```{code-cell} ipython3\na<cursor>\n```", "VERBATIM"),
        ("- item\n\n  ```\n  a<cursor>\n  ```", "VERBATIM"),
        ("> ```\n> a<cursor>\n> ```", "VERBATIM"),
        ("text\n\n    a<cursor>", "VERBATIM"),
        ("- item\n\n      a<cursor>", "VERBATIM"),
        ("a `b<cursor>` c", "VERBATIM"),
        ("a `$b<cursor>$` c", "VERBATIM"),
        ("a `r b<cursor>` c", "VERBATIM"),
        ("a $`r b<cursor>`$ c", "VERBATIM"),
        ("a $\\beta = `r b$c<cursor>` + x$ c", "VERBATIM"),
        ("a $\\beta = `r b$c` + x<cursor>$ c", "INLINE_MATH"),
        ("$$\nx = `{python} b<cursor>`\n$$", "VERBATIM"),
        ("a `b\\` $x<cursor>$", "INLINE_MATH"),
        ("a ``b` <cursor>`` c", "VERBATIM"),
        ("a `b\nc<cursor>` d", "VERBATIM"),
        ("<code>$x<cursor>$</code>", "VERBATIM"),
        ("<pre>\na\n\n$x<cursor>$\n</pre>", "VERBATIM"),
        ("<script>\na\n\n$x<cursor>$\n</script>", "VERBATIM"),
        ("<style>a<cursor></style>", "VERBATIM"),
        ("{% highlight python %}\na\n\n$x<cursor>$\n{% endhighlight %}", "VERBATIM"),
        ("a {{ site.b<cursor> }} c", "VERBATIM"),
        ("{% include a<cursor> %}", "VERBATIM"),
        ("<!-- a<cursor> -->", "COMMENT"),
        ("<!-- a<cursor>", "COMMENT"),
        ("<!--\na\n\n$x<cursor>$\n-->", "COMMENT"),
        ("text <!-- a<cursor> --> text", "COMMENT"),
        ("---\ntitle: a<cursor>\n---\n", "FRONT_MATTER"),
        ("---\ntitle: a<cursor>\n...\n", "FRONT_MATTER"),
        ("---\ntitle: a<cursor>\n", "FRONT_MATTER"),
        ("\ufeff---\ntitle: a<cursor>\n---\n", "FRONT_MATTER"),
        ("+++\ntitle = a<cursor>\n+++\n", "FRONT_MATTER"),
        ("<div>\ntext<cursor>\n</div>", "HTML"),
        ("<div>\n$x<cursor>$\n</div>", "INLINE_MATH"),
        ('a <span title="b<cursor>">c</span>', "HTML"),
        ("[a](b<cursor>)", "ARGUMENT"),
        ("[a](b$c<cursor>$)", "ARGUMENT"),
        ("![a](b<cursor>)", "ARGUMENT"),
        ("[a][b<cursor>]", "ARGUMENT"),
        ("[[a page<cursor>]]", "ARGUMENT"),
        ("a $`b\nc<cursor>`$", "INLINE_MATH"),
        ("(https://a.b/c<cursor>)", "ARGUMENT"),
        ("![[a picture<cursor>]]", "ARGUMENT"),
        ("[a]: https://b<cursor>", "ARGUMENT"),
        ("see https://a.b/$c;d<cursor>$ there", "ARGUMENT"),
        ("<https://a.b/$c<cursor>$>", "ARGUMENT"),
        ("$$x$$ {#eq-a<cursor>}", "ARGUMENT"),
        ("$$x$$ (a<cursor>)", "ARGUMENT"),
        ("as [@key<cursor>] says", "ARGUMENT"),
        ("see @eq-a<cursor> there", "ARGUMENT"),
        ("see {eq}`a<cursor>`", "ARGUMENT"),
        ("```{math}\n:label: a<cursor>\nx\n```", "ARGUMENT"),
        ("$x \\text{a<cursor>}$", "WORDS"),
        ("$$\n\\label{a<cursor>}\n$$", "ARGUMENT"),
    ],
)
def test_places_where_nothing_is_offered(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$5 and $10", []),
        ("$20,000 and USD$30", []),
        ("It costs $5. Let $x$ be, and $y$.", ["$x$", "$y$"]),
        ("It costs $5 ($x$ is free), and $y$", ["$x$", "$y$"]),
        ("between $20 and $30; see <https://a.b/$c>, $x$", ["$x$"]),
        ("每小时$2，大约$30到$50；$30不是公式，而$x$是", ["$x$"]),
        ("$HOME and $x$", ["$x$"]),
        ("an open `$x", []),
        ("$HOME/bin:$PATH and $x$", ["$x$"]),
        ("US$5, CA$6, $x$", ["$x$"]),
        ("a price in US$ and $x$", ["$x$"]),
        ("$x$ costs 5$ or 6$", ["$x$"]),
        ("$n$th and $k$-means", ["$n$", "$k$"]),
        ("a meal at $$ or $$$ per head", []),
        ("[5 US$](http://a.b/?c=$d) and $x$", ["$x$"]),
        ("$\\mathcal{L}[f](x)$", ["$\\mathcal{L}[f](x)$"]),
        ("$\\text{if $x$ is so}$ and $y$", ["$\\text{if $x$ is so}$", "$y$"]),
        ("$a$$b$", ["$a$", "$b$"]),
    ],
)
def test_no_price_is_a_formula_nor_takes_the_dollar_of_one(text: str, expected: list[str]) -> None:
    assert formulas(text) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| $x$ | $y$ |", ["$x$", "$y$"]),
        ("| $5 | $6 |", []),
        ("| $x | y$ |", ["$x "]),
        ("| US$|EU$|", []),
        ("| $p(x|y)$ | $z$ |", ["$p(x|y)$", "$z$"]),
        ("| $p(x | y)$ | $z$ |", ["$p(x | y)$", "$z$"]),
        ("| $|x|$ | $z$ |", ["$|x|$", "$z$"]),
        (r"| $p(x \| y)$ | $z$ |", [r"$p(x \| y)$", "$z$"]),
        ("| `a | $x$` |", ["$x$"]),
    ],
)
def test_a_formula_stays_in_its_cell_unless_it_would_be_cut(row: str, expected: list[str]) -> None:
    assert formulas(f"| a | b |\n|---|---|\n{row}\n") == expected


@pytest.mark.parametrize("text", ["a <cursor>$$x$$", "a $<cursor>$x$$", "a $$<cursor>x$$", "a $$x$<cursor>$"])
def test_from_any_character_the_formula_is_found(text: str) -> None:
    text, offset = marked(text)
    region = regions(text, Language.MARKDOWN).math_at(offset)

    assert region is not None
    assert region.span.of(text) == "$$x$$"


@pytest.mark.parametrize(
    ("text", "name", "body"),
    [
        ("$x$", "$", "x"),
        ("$$x$$", "$$", "x"),
        (r"\(x\)", r"\(", "x"),
        (r"\\[x\\]", r"\\[", "x"),
        ("$`x`$", "$`", "x"),
        ("{math}`x`", "math", "x"),
        ("```math\nx\n```", "math", "x"),
        ("```{math}\n:label: a\n\nx\n```", "math", "\nx"),
        ("{% math %}x{% endmath %}", "math", "x"),
        ("\\begin{align*}x\\end{align*}", "align*", "x"),
    ],
)
def test_a_formula_has_a_name_and_a_body(text: str, name: str, body: str) -> None:
    region = next(one for one in regions(text, Language.MARKDOWN) if one.kind in MATH)

    assert (region.name, region.body.of(text)) == (name, body)


def test_code_is_named_by_its_language() -> None:
    text = "```latex\na\n```\n\n~~~ {.Python #b}\nc\n~~~\n\n```{r, echo=FALSE}\nd\n```\n"

    found = [one.name for one in regions(text, Language.MARKDOWN) if one.kind is Kind.VERBATIM]

    assert found == ["latex", "python", "r"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    assert kind(end.join(["---", "a: b", "---", "```", "x", "```", "$$", "y<cursor>", "$$"])) == "DISPLAY_MATH"
    assert kind(end.join(["---", "a: b", "---", "```", "x", "```", "", "y<cursor>"])) == "PROSE"


SIGNS = r"""
    $ $$ $$$$ \( \) \[ \] \\( \\) \\[ \\] \\ \begin{align} \end{align} \begin{cases} ` `` ``` ```` ~~~ ```math
    ```{math} ```{note} ```python :::{note} :::{math} ::: :label: > - * + 1. 2. # --- === | |--|--| || a b x5 5 $5 $x
    $x$ [ ] ]( ( ) {#id} {{ }} {%raw%} {%highlight%} {%endhighlight%} {%math%} {%endmath%} <!-- --> <pre> </pre> <div>
    <b> </b> <script> <p> https://a.b @key [[w]] [^1]: [a]: +++ ... ;soft \frac 设 𝔼 % ^ _ & \text{ } { Some prose
""".split()
SPACES = [
    " ",
    " ",
    " ",
    "    ",
    "  ",
    "\t",
    "\n",
    "\n",
    "\n",
    "\n\n",
    "\f",
    "\u2028",
    "\u200b",
    "\ufeff",
    "---\na: b\n",
]
PIECES = st.sampled_from([*SIGNS, *SPACES])


def afresh(text: str) -> Regions:
    return scanned(text, markdown_begins(text), markdown_block)


def well_formed(scan: Regions) -> bool:
    """Whether the blocks cover the text and each region is in its block and within the one around it."""
    for block in scan.blocks:
        assert 0 < block.length <= block.sees
        around = [block.length]
        for region in block.regions:
            span, body = region.span, region.body
            while len(around) > 1 and around[-1] <= span.start:
                around.pop()
            assert 0 <= span.start <= body.start <= body.end <= span.end <= around[-1]
            around.append(span.end)
    return sum(block.length for block in scan.blocks) == len(scan.text)


@given(st.lists(PIECES, max_size=40).map("".join), st.data())
def test_any_signs_give_regions_that_an_edit_leaves_as_a_scan_afresh_would(text: str, data: st.DataObject) -> None:
    scan = afresh(text)
    for _ in range(3):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 8)))
        text = text[:start] + data.draw(st.lists(PIECES, max_size=3).map("".join)) + text[end:]
        scan = scanned(text, markdown_begins(text), markdown_block, before=scan)

        assert well_formed(scan)
        assert list(scan) == list(afresh(text))


LINES = [f"so $x_{{{number}}}$ costs ${number} or `{number}`" for number in range(2000)]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LINES),
        "\n\n".join(LINES),
        "\n".join(f"- {line}" for line in LINES),
        "\n".join(f"> {line}" for line in LINES),
        "\n".join(["| a | b |", "|---|---|", *(f"| {line} | $y$ |" for line in LINES)]),
        "\n".join(["<div>", *LINES, "</div>"]),
        "\n\n".join(f"$$\n{line[4:8]}\n$$ (a)" for line in LINES),
        "the same line with $x$\n" * 2000,
        "- the same item\n" * 2000,
    ],
    ids=["paragraph", "paragraphs", "list", "quote", "table", "html", "displays", "lines", "items"],
)
@pytest.mark.parametrize("typed", ["a", "$", "\n"])  # a tick would turn all code of its paragraph inside out
def test_an_edit_of_a_long_document_costs_a_few_of_its_lines(text: str, typed: str) -> None:
    scan, middle = afresh(text), len(text) // 2
    read: list[Block] = []

    def block(text: str, at: int, state: State) -> Block:
        read.append(markdown_block(text, at, state))
        return read[-1]

    edited = text[:middle] + typed + text[middle:]
    scanned(edited, markdown_begins(edited), block, before=scan)

    assert 0 < sum(one.length for one in read) < 20_000
