"""Where an equation goes, and what is known of the document around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from mleq_lsp.author import Author, vector_usage
from mleq_lsp.latex.files import preamble_of
from mleq_lsp.latex.macros import Macro, command_counts
from mleq_lsp.latex.packages import missing, usepackage_edit
from mleq_lsp.latex.vectors import PLAIN, Vectors
from mleq_lsp.project import LONE, Project, macros, packages
from mleq_lsp.regions import ALIGNMENTS, MATH, Kind, Language, Region, Regions
from mleq_lsp.settings import Settings
from mleq_lsp.text import PARAGRAPH_END, Edit, Span, line_span

# What stands before the text of a line in a quote or a list.
CONTAINER = re.compile(r"[ \t]*(?:(?:>|[-*+]|\d{1,9}[.)])[ \t]+|>)*")
TABLE = re.compile(r"\\(begin|end)\{(?:tabular|longtable|tblr|tabu|NiceTabular|tabbing|supertabular|xltabular)")
OPTION = re.compile(r"\\[a-zA-Z@]+\*?(?:\{[^{}]*\})*\[[^\[\]]*$")  # an argument in brackets that is open
# The row under the head of a Markdown table.
DELIMITER_ROW = re.compile(r"^[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)+\|?[ \t]*\r?$", re.MULTILINE)
# What begins a list, a quote or a heading at the start of a line.
BLOCK_SIGN = re.compile(r"[ \t]*(?:(?:[-+*]|#{1,6}|\d{1,9}[.)])(?:[ \t]|$)|>|```|~~~|=+[ \t]*$|-+[ \t]*$)")
ROW_MARK = re.compile(r"\\.|&", re.DOTALL)  # escapes as well, so that `\&` is not taken for a column
BRACE = re.compile(
    r"\\(?:url|nolinkurl|path|href)[ \t]*\{[^{}\n]*\}|\\[vV]erb\*?(?P<quote>[^a-zA-Z\s*]).*?(?P=quote)"
    r"|\\(?:left|right)(?![a-zA-Z])|\\.|%[^\n]*|[{}]",
    re.DOTALL,
)
FORMS = ("equation", "equation*", "align", "align*", "brackets", "dollars")
FORM_OF = {**{name: name for name in FORMS}, r"\[": "brackets", "$$": "dollars", "displaymath": "brackets"}
FORM_OF |= {f"{name}{star}": f"equation{star}" for name in ("gather", "multline") for star in ("", "*")}
MARKDOWN_FORM_OF = {"$$": "dollars", r"\[": "brackets", r"\\[": "doubled brackets", "math": "fence"}
# What the setting for vectors can ask for.
CHOSEN_STYLES = {
    "mathbf": Vectors("mathbf", "boldsymbol"),
    "bm": Vectors("bm", "bm"),
    "boldsymbol": Vectors("boldsymbol", "boldsymbol"),
    "vec": Vectors("vec", "vec"),
    "plain": PLAIN,
}
NEARBY = 20_000  # characters on either side whose notation is counted: a long document is not read whole
LONGEST_ARGUMENT = 5_000  # characters of a caption or a heading
ANY_LABEL = re.compile(r"\\label\{([^{}\n]*)\}")
QUARTO_LABEL = re.compile(r"\{#([\w:.-]+)")
# How authors mark a label as an equation's: `eq:`, `eqn_`, `Eq.`...
LABEL = re.compile(r"\\label\{(?P<mark>(?:eqs?|eqn|equ|equation)[:_.-]|e:)(?P<rest>[^{}\s]*)\}", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """The document, what was typed there, and what is known of it.

    The same for every entry that is offered there, so each thing is found out once.
    """

    text: str
    typed: Span
    language: Language
    regions: Regions
    project: Project = LONE

    @property
    def is_latex(self) -> bool:
        """Whether displays are LaTeX environments here."""
        return self.language is Language.LATEX

    @cached_property
    def region(self) -> Region | None:
        """The formula that the cursor is in; None is prose."""
        region = self.regions.at(self.typed.end)
        return region if region is not None and region.kind in MATH else None

    @cached_property
    def before(self) -> str:
        """What stands on the line before what was typed."""
        return self.text[line_span(self.text, self.typed.start).start : self.typed.start]

    @cached_property
    def after(self) -> str:
        """What stands on the line after the cursor."""
        return self.text[self.typed.end : line_span(self.text, self.typed.end).end]

    @cached_property
    def indent(self) -> str:
        """The white space at the start of the line: clients repeat it on each line of a snippet."""
        return self.before[: len(self.before) - len(self.before.lstrip(" \t"))]

    @cached_property
    def opened(self) -> str:
        """The marks of the quotes and list items that the line begins with; LaTeX has none."""
        found = None if self.is_latex else CONTAINER.match(self.before)
        return found.group() if found else ""

    @property
    def container(self) -> str:
        """What each further line begins with beyond the indent, to stay in the same quote or list item."""
        return re.sub(r"[^>\s]", " ", self.opened)[len(self.indent) :]

    @property
    def is_fresh_line(self) -> bool:
        """Whether nothing but the container's marks stands before what was typed."""
        return not self.before[len(self.opened) :].strip()

    @property
    def is_script(self) -> bool:
        """Whether what was typed is a script without braces: `x^;y`."""
        return self.text[: self.typed.start].endswith(("^", "_"))

    @cached_property
    def is_table_cell(self) -> bool:
        """Whether the line is a row of a Markdown table: it begins with a bar, or has one and stands in a table."""
        if self.is_latex or "|" not in self.before + self.after:
            return False
        text = self.before[len(self.opened) :] if self.container else self.before
        return text.lstrip().startswith("|") or DELIMITER_ROW.search(self.paragraph_before) is not None

    @property
    def paragraph_before(self) -> str:
        """What of the paragraph stands before what was typed, or the last part of it."""
        start = max(0, self.typed.start - LONGEST_ARGUMENT)
        ends = [end.end() for end in PARAGRAPH_END.finditer(self.text, start, self.typed.start)]
        return self.text[ends[-1] if ends else start : self.typed.start]

    @cached_property
    def has_no_room(self) -> bool:
        """Whether only inline math can stand here: a table's cell, a heading, a caption, a link, emphasised text."""
        if self.is_latex:
            return depth_of(self.paragraph_before) > 0 or bool(OPTION.search(self.before)) or self.is_in_table
        before = self.before[len(self.opened) :] if self.container else self.before
        # After a display the rest of the line begins one of its own.
        if self.is_table_cell or before.lstrip().startswith("#") or BLOCK_SIGN.match(self.after):
            return True
        return before.endswith(("*", "_", "[", "(", "~~")) or self.is_in_span(before)

    def is_in_span(self, before: str) -> bool:
        """Whether emphasis or the text of a link is open before, and closed after what was typed."""
        if before.rfind("[") > before.rfind("]") and "]" in self.after:
            return True
        return any(before.count(sign) % 2 == 1 and sign in self.after for sign in ("**", "*", "~~"))

    @property
    def is_in_table(self) -> bool:
        """Whether a LaTeX table has begun nearby and not ended."""
        depth = 0
        for mark in TABLE.finditer(self.text, max(0, self.typed.start - NEARBY), self.typed.start):
            depth = depth + 1 if mark[1] == "begin" else max(depth - 1, 0)
        return depth > 0

    @cached_property
    def is_one_line(self) -> bool:
        """Whether a formula must stay on its line: all that is in inline math or in a cell of a Markdown table."""
        around = self.regions.around(self.typed.end)
        inline = any(one.kind is Kind.INLINE_MATH and one.body.touches(self.typed.end) for one in around)
        return inline or self.is_table_cell

    @cached_property
    def takes_rows(self) -> bool:
        """Whether a row of an alignment can begin here: not in braces, nor in one that has its `&` already."""
        region = self.region
        if region is None or region.name not in ALIGNMENTS:
            return False
        if depth_of(self.text[region.body.start : self.typed.start]) != 0:
            return False
        return not row_is_aligned(self, region)

    @cached_property
    def usual_form(self) -> str:
        """The display form that the document uses most for one equation; `equation` where it shows none.

        `align` says something only where nothing else does: everybody uses it for equations of several rows.
        """
        used: Counter[str] = Counter()
        for name, number in self.regions.displays.items():
            used[(FORM_OF if self.is_latex else MARKDOWN_FORM_OF).get(name, "")] += number
        if not self.is_latex:
            return max(MARKDOWN_FORM_OF.values(), key=lambda form: used[form])
        single = [form for form in FORMS if used[form] and not form.startswith("align")]
        return max(single or FORMS, key=lambda form: used[form])

    @property
    def nearby(self) -> str:
        """The text around, without what was typed."""
        start, end = self.typed.start, self.typed.end
        return self.text[max(0, start - NEARBY) : start] + " " + self.text[end : end + NEARBY]

    @property
    def formulas_nearby(self) -> Iterator[str]:
        """The formulas around, those inside others left out; what is being typed is none yet."""
        formulas = self.regions.formulas(Span(self.typed.start - NEARBY, self.typed.end + NEARBY))
        return (formula for formula in formulas if formula.strip() != self.typed.of(self.text))

    @cached_property
    def packages(self) -> frozenset[str]:
        """The packages and commands that the document's preamble has."""
        return packages(self.preamble, self.project)

    @cached_property
    def preamble(self) -> str:
        """The document's preamble; nothing in a chapter or in Markdown."""
        return preamble_of(self.text) if self.is_latex else ""

    @cached_property
    def macros(self) -> Mapping[str, Macro]:
        """The author's macros."""
        return macros(self.regions, self.language, self.project)

    def free_label(self, words: str) -> str:
        """The label of an equation in the document's own style, numbered if the project has it already."""
        number = 1
        mark, joint = self.label_style
        first = label = mark + words.replace("-", joint)
        while label in self.labels:
            number += 1
            label = f"{first}{joint}{number}"
        return label

    @cached_property
    def labels(self) -> frozenset[str]:
        """The labels of the open documents, and of the files that the project is known to have."""
        pattern = QUARTO_LABEL if self.language is Language.QUARTO else ANY_LABEL
        rest = (labels_in(text, pattern) for text in (*self.project.others, *self.project.sources))
        return frozenset(pattern.findall(self.text)).union(*rest)

    @cached_property
    def label_style(self) -> tuple[str, str]:
        """What equations' labels begin with, and what joins their words; Quarto has no choice."""
        if self.language is Language.QUARTO:
            return "eq-", "-"
        found = list(LABEL.finditer(self.nearby))
        found = found or [label for text in self.project.others for label in LABEL.finditer(text)]
        if not found:
            return "eq:", "-"
        mark = Counter(label.group("mark") for label in found).most_common(1)[0][0]
        words = "".join(label.group("rest") for label in found if label.group("mark") == mark)
        return mark, "_" if words.count("_") > words.count("-") else "-"


@lru_cache(maxsize=64)
def labels_in(text: str, pattern: re.Pattern[str]) -> frozenset[str]:
    return frozenset(pattern.findall(text))


def depth_of(latex: str) -> int:
    """How many braces, and how many `\\left`, are open at the end of a piece of LaTeX."""
    depth = 0
    for mark in BRACE.finditer(latex):
        if mark.group() in ("{", r"\left"):
            depth += 1
        elif mark.group() in ("}", r"\right"):
            depth = max(depth - 1, 0)  # what it closes may have been opened further up
    return depth


def row_is_aligned(place: Place, region: Region) -> bool:
    """Whether the row that the cursor is in has an `&` already: what is inserted is then only a part of it."""
    nested = [other.span for other in place.regions.inside(region)]
    marks = [
        mark
        for mark in ROW_MARK.finditer(place.text, region.body.start, region.body.end)
        if mark.group() in (r"\\", "&") and not any(span.holds(mark.start()) for span in nested)
    ]
    row_ends = [mark.start() for mark in marks if mark.group() != "&"]
    start = max((end for end in row_ends if end < place.typed.start), default=region.body.start)
    end = min((end for end in row_ends if end >= place.typed.end), default=region.body.end)
    return any(mark.group() == "&" and start <= mark.start() < end for mark in marks)


def author_of(place: Place, settings: Settings) -> Author:
    """The author's notation, as it is around the place."""
    known = place.macros
    used = command_counts(place.nearby) if known else Counter[str]()
    macros = known if settings.macros else {}
    if settings.vectors == "auto":
        return Author(macros, used, vector_usage(place.formulas_nearby, known))
    return Author(macros, used, vectors=CHOSEN_STYLES.get(settings.vectors))


def package_edits(latex: str, place: Place, also: tuple[str, ...] = ()) -> tuple[Edit, ...]:
    """What loads the packages that an insert needs, if the document has a preamble that lacks them."""
    if not place.preamble:
        return ()
    lacking = dict.fromkeys((*missing(latex, place.packages), *(name for name in also if name not in place.packages)))
    edit = usepackage_edit(place.preamble, tuple(lacking)) if lacking else None
    return (Edit(Span(edit[0], edit[0]), edit[1]),) if edit else ()
