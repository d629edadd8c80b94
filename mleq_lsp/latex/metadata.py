"""The macros that the YAML of a page or of a book defines."""

from __future__ import annotations

import re
from collections.abc import Iterator

COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
IN_DOUBLE_QUOTES = re.compile(r'"((?:[^"\\\n]|\\.)*)"')
# MyST's `'\name': 'body'`, under `math`, perhaps with a comment after it.
NAMED = re.compile(
    r"^[ \t]+'?(?P<name>\\[A-Za-z]+)'?[ \t]*:[ \t]+(?P<quote>'?)(?P<body>\S.*?)(?P=quote)"
    r"(?:[ \t]{1,20}#[ \t].*)?[ \t\r]{0,20}$",
    re.MULTILINE,
)
PARAMETER = re.compile(r"#([1-9])")


def as_tex(yaml: str) -> str:
    """A TeX source of the same macros: those of MyST's `math`, and definitions such as in `header-includes`."""
    plain = IN_DOUBLE_QUOTES.sub(without_escapes, COMMENT.sub("", yaml))
    return "\n".join((NAMED.sub("", plain), *definitions_of(plain)))


def without_escapes(found: re.Match[str]) -> str:
    return found[1].replace("\\\\", "\\")


def definitions_of(yaml: str) -> Iterator[str]:
    for found in NAMED.finditer(yaml):
        count = max(map(int, PARAMETER.findall(found["body"])), default=0)
        yield f"\\newcommand{{{found['name']}}}[{count}]{{{found['body']}}}"
