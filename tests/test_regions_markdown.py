"""What kind of place a cursor is in, in Markdown."""

from __future__ import annotations

import pytest

from mleq_lsp.regions import Language, regions
from tests.marked import marked


def kind(text: str) -> str:
    """The kind of place at the cursor; "PROSE" where it is none other."""
    text, offset = marked(text)
    region = regions(text, Language.MARKDOWN).at(offset)
    return region.kind.name if region else "PROSE"


@pytest.mark.parametrize(
    "text",
    [
        "a $x<cursor>$ b",
        "It costs $5 and $10, but $x<cursor>$ is free",
        r"a \$ b $x<cursor>$",
        r"a \(x<cursor>\) b",
        "a $`x<cursor>`$ b",
        "- item $x<cursor>$",
        "- item\n    - below $x<cursor>$",
        "> quote $x<cursor>$",
        "| a | $x<cursor>$ |",
        "# heading $x<cursor>$",
        "`$` $x<cursor>$",
        "a $\\alpha<cursor>",
        "a $x\ny<cursor>$ b",
        "**bold** $5$ and $x<cursor>$",
    ],
)
def test_inline_math(text: str) -> None:
    assert kind(text) == "INLINE_MATH"


@pytest.mark.parametrize(
    "text",
    [
        "$$x<cursor>$$",
        "$$\nx<cursor>\n$$",
        "a $$x<cursor>$$ b",
        "$$\na\n\nb<cursor>\n$$",
        "> $$\n> x<cursor>\n> $$",
        r"\[ x<cursor> \]",
        "\\begin{align}\nx<cursor>\n\\end{align}",
        "```math\nx<cursor>\n```",
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
        "an open $$\nx\n\nb<cursor>",
        "an open $\\alpha\n\nb<cursor>",
        "---\ntitle: x\n---\nb<cursor>",
        "<!-- $x --> b<cursor>",
        "a `code` b<cursor>",
        "- a\n\n    b<cursor>",
        "a lone ` tick b<cursor>",
        "~~~\n```\n~~~\nb<cursor>",
        "$$a \\\\$$ b<cursor>",
        "[^1]: a\n\n    b<cursor>",
    ],
)
def test_prose(text: str) -> None:
    assert kind(text) == "PROSE"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("```python\na<cursor>\n```", "VERBATIM"),
        ("```python\na<cursor>", "VERBATIM"),
        ("````\n```\na<cursor>\n````", "VERBATIM"),
        ("~~~\na<cursor>\n~~~", "VERBATIM"),
        ("- item\n\n  ```\n  a<cursor>\n  ```", "VERBATIM"),
        ("text\n\n    a<cursor>", "VERBATIM"),
        ("a `b<cursor>` c", "VERBATIM"),
        ("a ``b` <cursor>`` c", "VERBATIM"),
        ("<!-- a<cursor> -->", "COMMENT"),
        ("<!-- a<cursor>", "COMMENT"),
        ("---\ntitle: a<cursor>\n---\n", "FRONT_MATTER"),
        ("\ufeff---\ntitle: a<cursor>\n---\n", "FRONT_MATTER"),
        ("+++\ntitle = a<cursor>\n+++\n", "FRONT_MATTER"),
        ("$x \\text{a<cursor>}$", "WORDS"),
        ("$$\n\\label{a<cursor>}\n$$", "ARGUMENT"),
    ],
)
def test_places_where_nothing_is_offered(text: str, expected: str) -> None:
    assert kind(text) == expected


@pytest.mark.parametrize("text", ["a <cursor>$$x$$", "a $<cursor>$x$$", "a $$<cursor>x$$", "a $$x$<cursor>$"])
def test_from_any_character_the_formula_is_found(text: str) -> None:
    text, offset = marked(text)
    region = regions(text, Language.MARKDOWN).math_at(offset)

    assert region is not None
    assert region.span.of(text) == "$$x$$"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_kind(end: str) -> None:
    assert kind(end.join(["---", "a: b", "---", "```", "x", "```", "$$", "y<cursor>", "$$"])) == "DISPLAY_MATH"
    assert kind(end.join(["---", "a: b", "---", "```", "x", "```", "", "y<cursor>"])) == "PROSE"
