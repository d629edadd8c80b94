"""How many arguments the commands of LaTeX take, each of them a group or one token."""

from __future__ import annotations

from mleq_lsp.latex.tokens import FACES, commands

# Commands whose argument is text, or a name or a measure that is read like one: spaces count there.
TEXTS = commands(
    "text textrm textbf textit textsf texttt textnormal textsc textup textsl textmd mbox hbox fbox intertext"
    " shortintertext begin end label tag ref eqref cite hspace vspace color"
)
# Commands whose argument is a name rather than mathematics.
NAMES = frozenset((r"\mathrm", r"\operatorname", r"\operatorname*"))
ACCENTS = commands(
    "hat bar vec dot ddot dddot ddddot tilde check breve acute grave mathring widehat widetilde widecheck overline"
    " underline underbar overbrace underbrace overbracket underbracket overrightarrow overleftarrow"
    " overleftrightarrow underrightarrow underleftarrow underleftrightarrow"
)
OTHERS = commands(
    "mathsfit mathbbm mathds mathbold mathop mathbin mathrel mathord mathopen mathclose mathpunct mathinner sqrt boxed"
    " phantom hphantom vphantom smash substack pmod pod cancel bcancel xcancel xrightarrow xleftarrow xmapsto"
    " mathllap mathrlap mathclap"
)
PAIRS = commands("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel textcolor nicefrac sfrac")

ARGUMENTS: dict[str, int] = {
    **dict.fromkeys(("_", "^"), 1),
    **dict.fromkeys(FACES | TEXTS | NAMES | ACCENTS | OTHERS, 1),
    **dict.fromkeys(PAIRS, 2),
}
