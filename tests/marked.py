"""The one fixture language: a text with `<cursor>` in it is the text and the cursor's offset."""

from __future__ import annotations


def marked(text: str) -> tuple[str, int]:
    """`"a<cursor>b"` is `("ab", 1)`."""
    before, cursor, after = text.partition("<cursor>")
    assert cursor, f"no <cursor> in {text!r}"
    return before + after, len(before)
