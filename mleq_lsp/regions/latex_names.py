"""What LaTeX and its packages call the things that begin or end a region."""

from __future__ import annotations

import re
from functools import lru_cache

from mleq_lsp.regions.authored import Meaning


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


def commands(text: str) -> frozenset[str]:
    return frozenset(f"\\{name}" for name in text.split())


# Environments, without the star or the "!" of their second forms.

DISPLAY = names(
    "equation align gather multline flalign alignat xalignat xxalignat eqnarray displaymath"  # amsmath
    " dmath dseries darray IEEEeqnarray numcases subnumcases empheq"  # breqn, IEEEtrantools, cases, mathtools
    " mini maxi minie maxie argmini argmaxi"  # optidef
)
# Environments that only stand in math; alone in a text they are a formula somebody is about to wrap.
INNER = names(
    "aligned alignedat gathered lgathered rgathered multlined split cases dcases rcases drcases array subarray"
    " matrix pmatrix bmatrix Bmatrix vmatrix Vmatrix smallmatrix psmallmatrix bsmallmatrix CD IEEEeqnarraybox"
)
# Environments whose rows are aligned at `&`; in `eqnarray` they would be at two of them.
ALIGNMENTS = frozenset(
    name + star for name in "align alignat flalign aligned alignedat split".split() for star in ("", "*")
)
VERBATIM = names(
    "verbatim Verbatim BVerbatim LVerbatim SaveVerbatim VerbatimOut lstlisting minted alltt filecontents tcblisting"
)
COMMENTS = names("comment")
# Drawings: there is nothing to complete in them, but their labels have formulas.
PICTURES = names("tikzpicture tikzcd circuitikz pspicture forest pgfpicture")
# Environments of text that may stand in a formula.
BOXES = names("tabular tabularx minipage varwidth")
# Environments of text that no formula reaches into.
TEXTS = names(
    "document abstract itemize enumerate description list center quote quotation verse flushleft flushright figure"
    " table wrapfigure wraptable subfigure frame block columns column algorithm algorithmic subequations dgroup"
    " theorem lemma corollary proposition definition remark example proof claim conjecture assumption exercise problem"
    " solution hypothesis notation note fact observation property thebibliography appendices titlepage"
)
# What follows the name of an environment, in the letters of `Meaning.takes`.
ENVIRONMENT_TAKES = {
    name: takes
    for takes, environments in {
        "a": "alignat xalignat xxalignat alignedat subarray multicols adjustbox thebibliography varwidth",
        "o": "itemize enumerate description figure table algorithm algorithmic frame tikzpicture tikzcd circuitikz"
        " forest lstlisting Verbatim BVerbatim LVerbatim aligned gathered multlined columns tcolorbox tblr"
        " dmath dseries dgroup matrix* pmatrix* bmatrix* Bmatrix* vmatrix* Vmatrix* smallmatrix*",
        "oa": "array tabular longtable darray minted filecontents minipage subfigure column IEEEeqnarray"
        " IEEEeqnarraybox tcblisting VerbatimOut SaveVerbatim",
        "aa": "CJK list",
        "aoa": "tabular* tabularx tabulary",
        "oaoa": "wrapfigure wraptable",
    }.items()
    for name in environments.split()
}

# Commands that begin a new part of the text, which no formula reaches into.
SECTIONS = commands("part chapter section subsection subsubsection paragraph subparagraph item")
# Commands whose arguments are something else than the place that they stand in.
COMMANDS = {
    command: Meaning(takes)
    for takes, its_commands in {
        "a": "label bibliography bibliographystyle input include includeonly subfile graphicspath index pagestyle"
        " thispagestyle pagenumbering hspace vspace setcounter hypersetup captionsetup geometry sisetup lstset tikzset"
        " pgfplotsset tcbset usetikzlibrary usepgfplotslibrary tcbuselibrary theoremstyle newcounter newlength"
        " hypertarget hyperlink verbatiminput usetheme textcolor colorbox pagecolor",
        "oa": "documentclass usepackage RequirePackage LoadClass includegraphics lstinputlisting addbibresource"
        " color bibitem includepdf setlist gls Gls glspl Glspl acrshort acrlong acrfull ac acp acs acl acf",
        "aa": "setlength addtolength addtocounter numberwithin multicolumn fcolorbox lstdefinestyle import subimport"
        " crefrange Crefrange cpagerefrange Cpagerefrange labelcrefrange vrefrange vpagerefrange",
        "oaa": "inputminted rule",
        "oaaa": "definecolor lstdefinelanguage",
        "o": "hyperref",
        "w": "text mathrm textrm textbf textit textsf texttt textsc textsl textup textmd textnormal emph mbox hbox vbox"
        " fbox intertext shortintertext tag operatorname",
        "ow": "makebox framebox",
        "aw": "scalebox rotatebox",
        "aaw": "resizebox",
        "aow": "raisebox",
        "oaw": "parbox",
    }.items()
    for command in commands(its_commands)
}
COMMANDS |= {r"\ensuremath": Meaning("m", formula="{")}
REFERENCE = re.compile(r"\\[a-zA-Z]*ref|\\[a-zA-Z]*[cC]ite(?P<several>[a-zA-Z]*s)?[a-zA-Z]*")

# Commands that define something, by the number of arguments that they have in braces.
DEFINITIONS = {
    command: number
    for number, its_commands in {
        1: "declaretheorem excludecomment includecomment",
        2: "newcommand renewcommand providecommand newcommandx renewcommandx DeclareRobustCommand DeclareMathOperator"
        " newrobustcmd renewrobustcmd providerobustcmd csdef newtheorem newcolumntype newtcolorbox newtcblisting"
        " newminted newmint newmintinline NewEnviron",
        3: "DeclarePairedDelimiter NewDocumentCommand RenewDocumentCommand"
        " ProvideDocumentCommand DeclareDocumentCommand newenvironment renewenvironment lstnewenvironment"
        " DefineVerbatimEnvironment NewTCBListing DeclareTCBListing",
        4: "NewDocumentEnvironment RenewDocumentEnvironment ProvideDocumentEnvironment DeclareDocumentEnvironment"
        " newtcbtheorem DeclarePairedDelimiterX",
        6: "DeclarePairedDelimiterXPP",
        9: "newtheoremstyle",
    }.items()
    for command in commands(its_commands)
}
# Macros whose names begin as a conditional's does: `\iff`, and those of etoolbox and ifthen.
NO_CONDITIONAL = re.compile(
    r"\\if(?:f|thenelse|blank|toggle|bool|boolexp[er]|inlist(?:cs)?|patchable|rmnum|undef|ltxcounter"
    r"|str(?:equal|empty)|(?:num|dim)(?:comp|equal|greater|less|odd)|def(?!ined)[a-z]*|cs(?!name)[a-z]*)"
)


def plain(name: str) -> str:
    """The name of an environment without the sign of its second form."""
    return name.rstrip("*!")


def environment_takes(name: str) -> str:
    """The arguments that an environment has after its name, in the letters of `Meaning.takes`."""
    return ENVIRONMENT_TAKES.get(name) or ENVIRONMENT_TAKES.get(plain(name), "")


@lru_cache(maxsize=4096)
def known_command(name: str) -> Meaning | None:
    """What a command of LaTeX or of a package does; None if nothing that matters for regions."""
    known = COMMANDS.get(name)
    if known is None and (found := REFERENCE.fullmatch(name)):
        return Meaning("r" + "oa" * 9 if found.group("several") else "oa")
    return known
