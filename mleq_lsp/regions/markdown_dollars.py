"""Which dollars are a formula's, and which stand before a price or a name of the shell."""

from __future__ import annotations

import re

# A formula that begins so and is not closed is being typed.
OPENING = r"(?:\\[^\s\\]|[^\W\d]|[(\[{|;])"
SHELL = r"(?:[A-Z_][A-Z0-9_]+(?![\w({\[^|])|\{[A-Z_]+\})"
TYPED = {
    "$": re.compile(rf"\u200b*(?!{SHELL}){OPENING}"),
    "$$": re.compile(rf"\u200b*{OPENING}"),
    # A parenthesis of words may be escaped for its own sake.
    r"\(": re.compile(r"\u200b*(?:\\[A-Za-z]|[A-Za-z](?![A-Za-z]))"),
}
TEX = frozenset("\\^_={}<>+")
PRICE = re.compile(r"\d[^\s]*\s")
SHELL_NAME = re.compile(r"[A-Z_]{2}")


def is_formula(text: str, start: int, end: int) -> bool:
    """Whether a dollar and the next one enclose a formula, by Pandoc's rules and by what it would be a formula of."""
    body, after = text[start + 1 : end], text[end + 1 : end + 2]
    if not body or body[-1].isspace() or after.isdigit():
        return False
    return not is_price(body, after) and not ends_link(body)


def is_price(body: str, after: str) -> bool:
    """Whether the second dollar rather begins something: `$5 ($x$)`, `$HOME/bin:$PATH`."""
    if not (after.isalpha() or after == "\\"):
        return False
    if SHELL_NAME.match(body):
        return after.isupper() and not TEX & set(body) - {"_"}
    return PRICE.match(body) is not None and not TEX & set(body)


def ends_link(body: str) -> bool:
    """Whether the text of a link ends in what would be a formula, which began outside of it."""
    text, target, _ = body.partition("](")
    return target != "" and text.count("[") <= text.count("]")


def unclosed_at(text: str, at: int) -> bool:
    """Whether the sign at `at` may begin a formula that is being typed: `US$` does not."""
    before = text[at - 1 : at] if at else ""
    return not (before.isascii() and before.isalnum())
