"""What stands in the text of a paragraph: code, formulas, tags, targets, addresses."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from mleq_lsp.regions.latex import DISPLAY, INNER, math_regions
from mleq_lsp.regions.markdown_dollars import TYPED, is_formula, unclosed_at
from mleq_lsp.regions.markdown_lines import TAG
from mleq_lsp.regions.markdown_stretch import REACH, Stretch
from mleq_lsp.regions.model import MATH, Kind, Region
from mleq_lsp.text import Span

ENVIRONMENT = "|".join(sorted(DISPLAY | INNER, key=len, reverse=True))

# What ends each thing; a match without a name is skipped.
PARENTHESIS = re.compile(r"(?P<close>\\\))|(?P<again>\\\()|\\.", re.DOTALL)
BRACKET = re.compile(r"(?P<close>\\\])|(?P<again>\\\[)|\\.", re.DOTALL)
# A row may break with some more space, also where all backslashes are doubled.
LENGTH = r"-?[\d.]+\s*(?:pt|em|ex|mm|cm|in|mu|\\)"
DOUBLED_PARENTHESIS = re.compile(r"(?P<close>\\\\\))|(?P<again>\\\\\()|\\.", re.DOTALL)
DOUBLED_BRACKET = re.compile(rf"(?P<close>\\\\\])|(?P<again>\\\\\[(?!{LENGTH}))|\\.", re.DOTALL)
DOLLARS = re.compile(r"(?P<close>\$\$)(?!\$(?!\$))|\$+|\\.", re.DOTALL)  # `$$$` is a price in a guide
# Words in a formula may hold formulas.
DOLLAR = re.compile(r"\\(?:text\w*|mbox)\{[^{}\n]*\}|\\.|(?P<ticks>`+)|(?P<close>\$)", re.DOTALL)
TICKS = re.compile(r"(?P<ticks>`+)")
COMMENT_END = re.compile(r"(?P<close>-->)|(?P<again><!--)")

RUN = re.compile(r"\$+")
GITHUB = re.compile(r"\$(`+)([^`]+)\1\$")
BEGIN = re.compile(rf"\\begin\{{((?:{ENVIRONMENT})\*?)\}}")
LABEL = re.compile(r"[ \t]*(\([^()\s]+\))[ \t]*$", re.MULTILINE)
# What may stand on the line of a formula without being text beside it.
NOTHING_BEFORE = re.compile(r"(?:<[^<>\n]*>|\s)*$")
NOTHING_AFTER = re.compile(r"[.,;:。，；]?(?:[ \t]|<[^<>\n]*>|\([^()\s]+\)|\{[^{}\n]*\})*$", re.MULTILINE)
# Brackets that are escaped because they are brackets: `\[x\] done`, `\[1\]`, `\[a link\](...)`.
NO_DISPLAY = re.compile(r"\s*(?:[xX]?|\d+|[^\W\d_]{3}[\w ,.'-]*)\s*\\\](?!\s*$)|.*?\\\][(\[]", re.MULTILINE)

AUTOLINK = re.compile(r"<((?:[A-Za-z][A-Za-z0-9+.-]{1,31}:|[\w.+-]+@)[^\s<>]*)>")
HTML_TAG = re.compile(TAG, re.IGNORECASE)
ELEMENT = re.compile(r"<(pre|script|style|textarea|code)(?=[\s>])[^<>]*>", re.IGNORECASE)
WIKI_LINK = re.compile(r"\[\[([^\[\]\n]+)\]\]")
TITLE = r"""(?:"[^"\n]*"|'[^'\n]*'|\([^()\n]*\))"""
TARGET = r"(?:<[^<>\n]*>|(?:[^\s()\\]|\\.|\((?:[^\s()\\]|\\.)*\))*)"
LINK = re.compile(rf"\]\(([ \t]*{TARGET}(?:[ \t]+{TITLE})?[ \t]*)\)|\]\[([^\[\]\n]*)\]")
ATTRIBUTES = re.compile(r"\{([#.:][^{}\n]*|[\w-]+=[^{}\n]*)\}")
ROLE = re.compile(r"\{([\w:+-]+)\}(?P<ticks>`+)")
LIQUID_VALUE = re.compile(r"(?P<close>\}\})|(?P<again>\{\{)")
LIQUID_TAG = re.compile(r"\{%-?\s*(\w*)[^{}%]*(?:%(?!\})[^{}%]*)*%\}")
LIQUID_BLOCKS = {
    "highlight": Kind.VERBATIM,
    "comment": Kind.COMMENT,
    "math": Kind.DISPLAY_MATH,
    "katex": Kind.DISPLAY_MATH,
}
SCHEME = re.compile(r"(?:https?|ftp|file)$")
ADDRESS = re.compile(r"://[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=%|^{}]+")
CITATION = re.compile(r"@(\{[^{}\n]*\}|\w[\w:.#%&+?~/-]*)")

MARK = re.compile(r"[\\`$<\[\]{:@]")
MARK_IN_HTML = re.compile(r"[\\$<{]")


class Inline:
    """One walk over a stretch."""

    def __init__(self, stretch: Stretch, mark: re.Pattern[str] = MARK) -> None:
        self._stretch = stretch
        self._mark = mark
        self._one_line = False
        self._end = len(stretch.view)
        self.found: list[Region] = []

    @property
    def view(self) -> str:
        return self._stretch.view

    def walk(self) -> list[Region]:
        """The regions of the stretch, which grows as far as it takes."""
        at = 0
        while True:
            at = self.walk_to_end(at)
            if self._stretch.at_seam() or not self.grow(1):
                return self.found

    def walk_part(self, span: Span) -> None:
        """Finds the regions of a heading or of a table's cell, which are of one line."""
        self._one_line = True
        self._end = span.end
        self.walk_to_end(span.start)

    def walk_to_end(self, at: int) -> int:
        while mark := self._mark.search(self.view, at, self._end):
            at = STEPS[mark.group()](self, mark.start())
        return max(at, self._end)

    def grow(self, lines: int) -> bool:
        if self._one_line or not self._stretch.grow(lines):
            return False
        self._end = len(self.view)
        return True

    # Looking for an end

    def find(self, mark: re.Pattern[str], at: int) -> re.Match[str] | None:
        """The first match with a name in this paragraph."""
        lines = 2
        while True:
            found = next((one for one in mark.finditer(self.view, at, self._end) if one.lastgroup), None)
            if found is not None or lines > REACH or not self.grow(lines):
                return found
            lines *= 2

    def close_of(self, mark: re.Pattern[str], at: int) -> Span | None:
        """Where `mark` closes what is open at `at`, in this paragraph."""
        found = self.find(mark, at)
        return Span(*found.span()) if found and found.lastgroup == "close" else None

    def reach(self, mark: re.Pattern[str], at: int, *, formula: bool) -> Span | None:
        """Where `mark` closes what is open at `at`, also over blank lines."""
        if self._one_line:
            return self.close_of(mark, at)
        close = self._stretch.reach(mark, at, formula=formula)
        self._end = len(self.view)
        return close

    def rest(self) -> int:
        """The end of the paragraph, for what was never closed."""
        self.grow(REACH)
        return self._end - self.view.endswith("\n", 0, self._end)

    def at_rest(self) -> Span:
        end = self.rest()
        return Span(end, end)

    def before(self, at: int) -> str:
        """What stands before `at` on its line, or as much of it as matters."""
        return self.view[max(0, at - 200) : at].rpartition("\n")[2]

    def line_end(self, at: int) -> int:
        end = self.view.find("\n", at, self._end)
        return self._end if end == -1 else end

    # Finding something

    def add(self, kind: Kind, span: Span, body: Span, name: str = "") -> int:
        """Adds a region, and what is inside if that is a formula; walks on after it."""
        body = Span(body.start, max(body.start, body.end))
        span = Span(span.start, max(span.end, body.end))
        self.found.append(Region(kind, span, body, name))
        if kind in MATH:
            inside = math_regions(self.view, body)
            self.found += sorted(inside, key=lambda region: (region.span.start, -region.span.end))
        return span.end

    def add_match(self, kind: Kind, found: re.Match[str], group: int = 0) -> int:
        span = Span(*found.span(group))
        self.add(kind, span, span)
        return found.end()

    def add_display(self, at: int, body: Span, end: int, name: str) -> int:
        """A formula that is a display, unless it stands in the middle of a line of text."""
        span = Span(at, end)
        self.add(Kind.INLINE_MATH if self.is_beside_text(span) else Kind.DISPLAY_MATH, span, body, name)
        label = LABEL.match(self.view, end, self._end) if name == "$$" else None
        return self.add_match(Kind.ARGUMENT, label, 1) if label else end

    def is_beside_text(self, span: Span) -> bool:
        if "\n" in span.of(self.view):
            return False
        after = NOTHING_AFTER.match(self.view, span.end, self._end)
        return self._one_line or not after or not NOTHING_BEFORE.match(self.before(span.start))

    def add_unclosed(self, at: int, body: int, name: str) -> int:
        """A display whose end is not typed yet has the rest of its paragraph, if it is alone on its line."""
        if self.before(at).strip() and self.view[body : self.line_end(body)].strip():
            return body
        end = self.rest()
        return self.add(Kind.DISPLAY_MATH, Span(at, end), Span(body, end), name)

    # What each mark may begin

    def backslash(self, at: int) -> int:
        if self.view.startswith(("(", "["), at + 1, self._end):
            return self.brackets(at)
        if self.view.startswith(("\\(", "\\["), at + 1, self._end):
            return self.doubled_brackets(at)
        begin = BEGIN.match(self.view, at, self._end)
        return self.environment(begin) if begin else at + 2

    def brackets(self, at: int) -> int:
        body = at + 2
        if self.view[at + 1] == "(":
            close = self.close_of(PARENTHESIS, body)
            if close is None:
                return self.add_typed(at, body, r"\(")
            return self.add(Kind.INLINE_MATH, Span(at, close.end), Span(body, close.start), r"\(")
        if NO_DISPLAY.match(self.view, body, self._end):
            return body
        close = self.reach(BRACKET, body, formula=True)
        if close is None:
            return self.add_unclosed(at, body, r"\[")
        return self.add(Kind.DISPLAY_MATH, Span(at, close.end), Span(body, close.start), r"\[")

    def doubled_brackets(self, at: int) -> int:
        body = at + 3
        inline = self.view[at + 2] == "("
        close = self.close_of(DOUBLED_PARENTHESIS, body) if inline else self.reach(DOUBLED_BRACKET, body, formula=True)
        if close is None:
            return at + 2
        kind = Kind.INLINE_MATH if inline else Kind.DISPLAY_MATH
        return self.add(kind, Span(at, close.end), Span(body, close.start), self.view[at:body])

    def environment(self, begin: re.Match[str]) -> int:
        name, at, body = begin.group(1), begin.start(), begin.end()
        close = self.reach(end_of_environment(name), body, formula=True)
        if close is None:
            close = self.at_rest()
        return self.add(Kind.DISPLAY_MATH, Span(at, close.end), Span(body, close.start), name)

    def backtick(self, at: int) -> int:
        ticks = TICKS.match(self.view, at, self._end)
        assert ticks is not None
        close = self.ticks_again(ticks)
        if close is None:
            return ticks.end()
        return self.add(Kind.VERBATIM, Span(at, close.end), Span(ticks.end(), close.start), "`")

    def ticks_again(self, ticks: re.Match[str]) -> Span | None:
        """The next run of as many ticks, in this paragraph."""
        run, at = ticks.group("ticks"), ticks.end()
        while found := self.find(TICKS, at):
            if found.group() == run:
                return Span(*found.span())
            at = found.end()
        return None

    def dollar(self, at: int) -> int:
        run = RUN.match(self.view, at, self._end)
        assert run is not None
        if len(run.group()) == 1:
            return self.github(at) or self.inline_dollar(at)
        if len(run.group()) == 2:
            return self.double_dollar(at)
        if len(run.group()) == 4:
            return self.add_display(at, Span(at + 2, at + 2), at + 4, "$$")
        return run.end()

    def github(self, at: int) -> int:
        found = GITHUB.match(self.view, at, self._end)
        if found is None:
            return 0
        return self.add(Kind.INLINE_MATH, Span(*found.span()), Span(*found.span(2)), "$`")

    def inline_dollar(self, at: int) -> int:
        """`$...$` by Pandoc's rules; a dollar that has no other before a letter or a command is one being typed."""
        body = at + 1
        if body >= self._end or self.view[body].isspace():
            return body
        close = self.next_dollar(body)
        if close is not None and is_formula(self.view, at, close):
            return self.add(Kind.INLINE_MATH, Span(at, close + 1), Span(body, close), "$")
        return self.add_typed(at, body, "$")

    def next_dollar(self, at: int) -> int | None:
        """The next dollar that is not in code."""
        while found := self.find(DOLLAR, at):
            if found.lastgroup == "close":
                return found.start()
            if self.ticks_again(found):
                return None
            at = found.end()
        return None

    def add_typed(self, at: int, body: int, name: str) -> int:
        """A formula that is just being typed has the rest of its line, as far as nothing else begins there."""
        if not TYPED[name].match(self.view, body, self._end) or not unclosed_at(self.view, at):
            return body
        end = re.compile(r"[^$`\n]*").match(self.view, body, self._end)
        assert end is not None
        return self.add(Kind.INLINE_MATH, Span(at, end.end()), Span(body, end.end()), name)

    def double_dollar(self, at: int) -> int:
        body = at + 2
        close = self.reach(DOLLARS, body, formula=True)
        if close is not None:
            return self.add_display(at, Span(body, close.start), close.end, "$$")
        after = self.add_unclosed(at, body, "$$")
        return after if after > body else self.add_typed(at, body, "$$")

    def angle(self, at: int) -> int:
        if self.view.startswith("<!--", at, self._end):
            return self.comment(at)
        if found := AUTOLINK.match(self.view, at, self._end):
            return self.add_match(Kind.ARGUMENT, found)
        if found := ELEMENT.match(self.view, at, self._end):
            return self.element(found)
        if found := HTML_TAG.match(self.view, at, self._end):
            return self.add(Kind.HTML, Span(*found.span()), Span(at + 1, found.end() - 1))
        return at + 1

    def comment(self, at: int) -> int:
        body = at + 4
        close = self.reach(COMMENT_END, body, formula=False) or self.at_rest()
        return self.add(Kind.COMMENT, Span(at, close.end), Span(body, close.start))

    def element(self, opening: re.Match[str]) -> int:
        """An element whose content is no Markdown; unclosed it is the rest of its paragraph, but ``<code>`` nothing."""
        name = opening.group(1).lower()
        closes = end_of_element(name)
        at, body = opening.span()
        if name == "code":
            close = self.close_of(closes, body)
            if close is None:
                return self.add(Kind.HTML, Span(at, body), Span(at + 1, body - 1))
        else:
            close = self.reach(closes, body, formula=False) or self.at_rest()
        return self.add(Kind.VERBATIM, Span(at, close.end), Span(body, close.start), name)

    def bracket(self, at: int) -> int:
        found = WIKI_LINK.match(self.view, at, self._end)
        return self.add_match(Kind.ARGUMENT, found, 1) if found else at + 1

    def link(self, at: int) -> int:
        """What follows the text of a link."""
        found = LINK.match(self.view, at, self._end)
        return self.add_match(Kind.ARGUMENT, found, found.lastindex or 0) if found else at + 1

    def brace(self, at: int) -> int:
        if found := ROLE.match(self.view, at, self._end):
            return self.role(found)
        if self.view.startswith("{%", at, self._end):
            return self.liquid(at)
        if self.view.startswith("{{", at, self._end):
            close = self.close_of(LIQUID_VALUE, at + 2)
            return self.add(Kind.VERBATIM, Span(at, close.end), Span(at + 2, close.start)) if close else at + 2
        found = ATTRIBUTES.match(self.view, at, self._end)
        return self.add_match(Kind.ARGUMENT, found, 1) if found else at + 1

    def role(self, opening: re.Match[str]) -> int:
        """A role of MyST: ``{math}`x` `` is a formula, the content of any other is a name."""
        close = self.ticks_again(opening)
        if close is None:
            return opening.end()
        span, body = Span(opening.start(), close.end), Span(opening.end(), close.start)
        if opening.group(1) == "math":
            return self.add(Kind.INLINE_MATH, span, body, "math")
        return self.add(Kind.ARGUMENT, span, body)

    def liquid(self, at: int) -> int:
        """A tag of Jekyll's, or a block between two: between `{% raw %}` and its end is Markdown."""
        tag = LIQUID_TAG.match(self.view, at, self._end)
        if tag is None:
            return at + 2
        name, body = tag.group(1), tag.end()
        kind = LIQUID_BLOCKS.get(name)
        if kind is None:
            return self.add(Kind.VERBATIM, Span(at, body), Span(at + 2, body - 2))
        close = self.reach(end_of_liquid(name), body, formula=False) or self.at_rest()
        return self.add(kind, Span(at, close.end), Span(body, close.start), "math" if kind in MATH else name)

    def colon(self, at: int) -> int:
        """A bare address."""
        address = ADDRESS.match(self.view, at, self._end)
        scheme = SCHEME.search(self.view[max(0, at - 5) : at]) if address else None
        if address is None or scheme is None:
            return at + 1
        text = address.group().rstrip("?!.,:;*_~'\"$")
        while text.endswith((")", "]")) and text.count("(") < text.count(")"):
            text = text[:-1].rstrip("?!.,:;*_~'\"$")
        span = Span(at - len(scheme.group()), at + len(text))
        return self.add(Kind.ARGUMENT, span, span)

    def at_sign(self, at: int) -> int:
        """A citation: `@key`, also in brackets."""
        before = self.view[at - 1 : at]
        found = CITATION.match(self.view, at, self._end)
        if found is None or (before.isascii() and before.isalnum()):
            return at + 1
        end = at + len(found.group().rstrip(".:?-/"))
        return self.add(Kind.ARGUMENT, Span(at, end), Span(at, end))


STEPS: dict[str, Callable[[Inline, int], int]] = {
    "\\": Inline.backslash,
    "`": Inline.backtick,
    "$": Inline.dollar,
    "<": Inline.angle,
    "[": Inline.bracket,
    "]": Inline.link,
    "{": Inline.brace,
    ":": Inline.colon,
    "@": Inline.at_sign,
}


@lru_cache(maxsize=128)
def end_of_environment(name: str) -> re.Pattern[str]:
    name = re.escape(name)
    return re.compile(rf"(?P<close>\\end\{{{name}\}})|(?P<again>\\begin\{{{name}\}})|\\.", re.DOTALL)


@lru_cache(maxsize=32)
def end_of_element(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<close></{name}\s*>)|(?P<again><{name}[\s>])", re.IGNORECASE)


@lru_cache(maxsize=32)
def end_of_liquid(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?P<close>\{{%-?\s*end{name}\s*-?%\}})|(?P<again>\{{%-?\s*{name}\b)")
