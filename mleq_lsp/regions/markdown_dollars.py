"""Which dollars are a formula's, and which stand before a price or a name of the shell."""

from __future__ import annotations

import re

# A formula that begins so and is not closed is being typed.
OPENING = r"(?:\\[^\s\\]|[^\W\d]|[(\[{|;])"
# `$PATH`, `${PATH}`, `$(PREFIX)`, `$(pwd)`, `$(brew --prefix)`; jQuery's `$("a")` is none of a formula's either.
CALL = r"\((?:[A-Z_]{2,}\)|[a-z]{3,}(?:[ ][^()\n]*)?\)|[\"'])"
SHELL = rf"(?:[A-Z_][A-Z0-9_]+(?![\w({{\[^|])|\{{[A-Z_]+\}}|{CALL})"
TYPED = {
    "$": re.compile(rf"\u200b*(?!{SHELL}){OPENING}"),
    "$$": re.compile(rf"\u200b*{OPENING}"),
    # A parenthesis of words may be escaped for its own sake.
    r"\(": re.compile(r"\u200b*(?:\\[A-Za-z]|[A-Za-z](?![A-Za-z]))"),
    # So may a bracket: `\[[a link](b)]`, `\[0, 1)`.
    r"\[": re.compile(r"\s*(?:\\[A-Za-z]|[A-Za-z](?![A-Za-z])|[;{]|$)|[ \t]*\n"),
}
TEX = frozenset("\\^_={}")
# A number and the end of its word, which in Chinese no blank shows.
PRICE = re.compile(r"\d[\x21-\x7e]*[^\x21-\x7e]")
SHELL_NAME = re.compile(r"[A-Z_]{2}")


def is_formula(text: str, start: int, end: int) -> bool:
    """Whether a dollar and the next one enclose a formula, by Pandoc's rules and by what it would be a formula of."""
    body, after = text[start + 1 : end], text[end + 1 : end + 2]
    if not body or body[-1].isspace() or after.isdigit():
        return False
    return (
        not (is_price(body) and (begins_formula(after) or "`" in body))
        and not is_path(body, after)
        and not ends_link(body)
    )


def is_price(body: str) -> bool:
    """Whether a number and words follow a dollar, as in `$5 ($x$ is free)` up to the second one."""
    return PRICE.match(body) is not None and not TEX & set(body)


def begins_formula(after: str) -> bool:
    """Whether a dollar with this right of it may as well be a first one."""
    return after.isalpha() or after == "\\"


def is_path(body: str, after: str) -> bool:
    """Whether the dollars are before names of the shell: `$HOME/bin:$PATH`."""
    return SHELL_NAME.match(body) is not None and after.isupper() and not TEX & set(body) - {"_"}


def ends_link(body: str) -> bool:
    """Whether the text of a link ends in what would be a formula, which began outside of it."""
    text, target, _ = body.partition("](")
    return target != "" and text.count("[") <= text.count("]")


def may_open(text: str, at: int) -> bool:
    """Whether the sign at `at` may begin a formula that is being typed: not in `US$`, nor in code without an end."""
    before = text[at - 1 : at] if at else ""
    return before != "`" and not (before.isascii() and before.isalnum())
