"""Facts about LaTeX packages, as TeX itself reports them: what each defines, loads and must come after.

Each row was measured with LaTeX of 2022: which commands are undefined before a package is loaded and defined after
it, which files it reads, and what goes wrong when two packages are loaded in either order.
"""

from __future__ import annotations

# The first package of a row is the one to add; any one of them has all that the row names.
# Rows are in the order in which packages are to be loaded: fonts and `bm` come last.
COMMANDS = {
    "amsmath": (
        "allowdisplaybreaks binom boxed cfrac dbinom ddddot dddot dfrac displaybreak dotsb dotsc dotsi dotsm dotso"
        " eqref genfrac hdotsfor impliedby implies intertext leftroot lVert lvert mod mspace MultiIntegral"
        " nobreakdash notag numberwithin overleftrightarrow overset overunderset pod raisetag rVert rvert shoveleft"
        " shoveright sideset substack tag tbinom tfrac underleftarrow underleftrightarrow underrightarrow underset"
        " uproot varDelta varGamma varLambda varOmega varPhi varPi varPsi varSigma varTheta varUpsilon varXi"
        " xleftarrow xrightarrow"
    ),
    "amsmath amsopn": (
        "DeclareMathOperator injlim operatorname operatornamewithlimits projlim varinjlim varliminf varlimsup"
        " varprojlim"
    ),
    "amsmath amstext": "text",
    "amsmath amsbsy": "pmb",
    "amsmath amsbsy bm": "boldsymbol",
    "amsmath esint": "idotsint iiiint iiint iint",
    "mathtools": (
        "adjustlimits Aboxed approxcolon bigtimes colonapprox Colonapprox coloneq Coloneq coloneqq Coloneqq colonsim"
        " Colonsim cramped dblcolon DeclarePairedDelimiter DeclarePairedDelimiterX DeclarePairedDelimiterXPP eqcolon"
        " Eqcolon eqqcolon Eqqcolon lparen mathclap mathllap mathmakebox mathrlap mathtoolsset MoveEqLeft ndownarrow"
        " nuparrow ordinarycolon overbracket prescript refeq rparen shortintertext shortvdotswithin smashoperator"
        " splitdfrac splitfrac underbracket vcentcolon vdotswithin xhookleftarrow xhookrightarrow xLeftarrow"
        " xleftharpoondown xleftharpoonup xLeftrightarrow xleftrightarrow xleftrightharpoons xlongleftarrow"
        " xlongrightarrow xmapsto xRightarrow xrightharpoondown xrightharpoonup xrightleftharpoons"
    ),
    "amssymb": (
        "approxeq backepsilon backprime backsim backsimeq barwedge Bbbk because beth between bigstar blacklozenge"
        " blacksquare blacktriangle blacktriangledown blacktriangleleft blacktriangleright boxdot boxminus boxplus"
        " boxtimes bumpeq Bumpeq Cap centerdot circeq circlearrowleft circlearrowright circledast circledcirc"
        " circleddash circledS complement Cup curlyeqprec curlyeqsucc curlyvee curlywedge curvearrowleft"
        " curvearrowright daleth diagdown diagup digamma divideontimes Doteq doteqdot dotplus doublebarwedge doublecap"
        " doublecup downdownarrows downharpoonleft downharpoonright eqcirc eqsim eqslantgtr eqslantless eth"
        " fallingdotseq Finv Game geqq geqslant ggg gggtr gimel gnapprox gneq gneqq gnsim gtrapprox gtrdot gtreqless"
        " gtreqqless gtrless gtrsim gvertneqq hslash intercal leftarrowtail leftleftarrows leftrightarrows"
        " leftrightharpoons leftrightsquigarrow leftthreetimes leqq leqslant lessapprox lessdot lesseqgtr lesseqqgtr"
        " lessgtr lesssim Lleftarrow lll llless lnapprox lneq lneqq lnsim looparrowleft looparrowright Lsh ltimes"
        " lvertneqq measuredangle multimap ncong nexists ngeq ngeqq ngeqslant ngtr nleftarrow nLeftarrow"
        " nleftrightarrow nLeftrightarrow nleq nleqq nleqslant nless nmid nparallel nprec npreceq nrightarrow"
        " nRightarrow nshortmid nshortparallel nsim nsubseteq nsubseteqq nsucc nsucceq nsupseteq nsupseteqq"
        " ntriangleleft ntrianglelefteq ntriangleright ntrianglerighteq nvdash nVdash nvDash nVDash pitchfork"
        " precapprox preccurlyeq precnapprox precneqq precnsim precsim restriction rightarrowtail rightleftarrows"
        " rightrightarrows rightthreetimes risingdotseq Rrightarrow Rsh rtimes shortmid shortparallel smallfrown"
        " smallsetminus smallsmile sphericalangle Subset subseteqq subsetneq subsetneqq succapprox succcurlyeq"
        " succnapprox succneqq succnsim succsim Supset supseteqq supsetneq supsetneqq therefore thickapprox thicksim"
        " triangledown triangleq twoheadleftarrow twoheadrightarrow upharpoonleft upharpoonright upuparrows varkappa"
        " varnothing varpropto varsubsetneq varsubsetneqq varsupsetneq varsupsetneqq vartriangle Vdash vDash veebar"
        " Vvdash"
    ),
    # What both have is written with `amssymb` by most authors.
    "amssymb amsfonts": (
        "checkmark circledR dasharrow dashleftarrow dashrightarrow llcorner lozenge lrcorner maltese mathbb"
        " mathfrak rightsquigarrow square trianglelefteq trianglerighteq ulcorner urcorner vartriangleleft"
        " vartriangleright yen"
    ),
    "amssymb amsfonts latexsym": "Box Diamond Join leadsto lhd mho rhd sqsubset sqsupset unlhd unrhd",
    "braket": "Bra Braket Ket Set set",
    "braket physics": "bra braket ket",
    "cancel": "bcancel cancel cancelto xcancel",
    "nicefrac": "nicefrac",
    "xfrac": "sfrac",
    "mathrsfs": "mathscr",
    "dsfont": "mathds",
    "bbm": "mathbbm mathbbmss mathbbmtt",
    "stmaryrd": (
        "baro bbslash bigparallel bigsqcap boxast boxbar boxbox boxbslash boxcircle boxempty boxslash fatsemi inplus"
        " interleave leftarrowtriangle leftrightarrowtriangle lightning llbracket llceil llfloor llparenthesis merge"
        " niplus nplus obar oblong obslash ogreaterthan olessthan ovee owedge rightarrowtriangle rrbracket rrceil"
        " rrfloor rrparenthesis shortdownarrow shortleftarrow shortrightarrow shortuparrow sslash subsetplus"
        " supsetplus talloblong"
    ),
    "esint": (
        "dotsint fint landdownint landupint oiint ointclockwise ointctrclockwise sqiint sqint varoiint"
        " varointclockwise varointctrclockwise"
    ),
    "upgreek": (
        "upalpha upbeta upchi updelta Updelta upepsilon upeta upgamma Upgamma upiota upkappa uplambda Uplambda upmu"
        " upnu upomega Upomega upphi Upphi uppi Uppi uppsi Uppsi uprho upsigma Upsigma uptau uptheta Uptheta"
        " upupsilon Upupsilon upvarepsilon upvarphi upvarpi upvarrho upvarsigma upvartheta upxi Upxi upzeta"
    ),
    "bm": "bm hm",
}
ENVIRONMENTS = {
    "amsmath": (
        "align align* alignat alignat* aligned alignedat Bmatrix bmatrix cases equation* flalign flalign* gather"
        " gather* gathered matrix multline multline* pmatrix smallmatrix split subarray subequations vmatrix Vmatrix"
        " xalignat xalignat* xxalignat"
    ),
    "mathtools": (
        "Bmatrix* bmatrix* cases* crampedsubarray dcases dcases* drcases drcases* lgathered matrix* multlined pmatrix*"
        " rcases rcases* rgathered smallmatrix* spreadlines vmatrix* Vmatrix*"
    ),
}

# What a document has by a class or package: what that loads, and what it defines itself in the place of another
# package or of single commands. A row for an option has its name in brackets; `#` is any number.
HAS = {
    # Classes
    "acmart": "newtxmath amsfonts",
    "amsart": "amsmath amsfonts",
    "amsbook": "amsmath amsfonts",
    "amsproc": "amsmath amsfonts",
    "aomart": "amsmath amsfonts",
    "aastex#": "revtex4-1 amssymb",
    "apa7": "bm",
    "asmeconf": "newtxmath mathtools bm",
    "asmejour": "newtxmath mathtools bm",
    "beamer": "amsmath amssymb",
    "cas-dc": "amsmath amssymb stix",
    "cas-sc": "amsmath amssymb stix",
    "cc": "amsmath amssymb",
    "ejpecp": "amsmath amssymb mathtools dsfont",
    "gammas": "amsmath amssymb mathtools mathrsfs",
    "ijmart": "amsmath amsfonts",
    "jmlr": "amsmath amssymb",
    "lni": "newtxmath",
    "mcmthesis": "amsmath amssymb bm mathrsfs",
    "oup-authoring-template": "amsmath amssymb mathrsfs",
    "quantumarticle": "amstext bbm",
    "revtex#-#": r"amstext \bm \dddot \gtrsim \lesssim \mathfrak \triangleq",
    "revtex#-#[amsfonts]": "amsfonts",
    "revtex#-#[amsmath]": "amsmath",
    "revtex#-#[amssymb]": "amssymb",
    "sapthesis": "amsmath",
    "skrapport": "amsmath amssymb mathtools xfrac mathrsfs",
    "smfart": "amsmath amsfonts",
    "smfbook": "amsmath amsfonts",
    "tufte-book": "mathpazo",
    "tufte-handout": "mathpazo",
    # Styles of conferences and journals
    "cvpr": "amsmath amssymb",
    "jmlr2e": "amssymb",
    # Mathematics
    "aligned-overset": "mathtools",
    "amsmath": "amsbsy amsopn amstext",
    "amssymb": "amsfonts",
    "amsxtra": "amsmath",
    "autobreak": "amsmath",
    "autonum": "amsmath",
    "beamerarticle": "amsmath amssymb",
    "bigints": "amsmath",
    "breqn": "amsmath",
    "chemformula": "amsmath nicefrac xfrac",
    "chemmacros": "mathtools bm nicefrac xfrac",
    "commath": "amsmath",
    "cool": "amsmath amssymb bbm",
    "cryptocode": "mathtools",
    "delimset": "amsmath",
    "empheq": "mathtools",
    "extarrows": "amsmath",
    "extpfeil": "mathtools amssymb",
    "glossaries": "amsmath",
    "glossaries-extra": "amsmath",
    "hep-math": "mathtools amssymb cancel nicefrac",
    "leftindex": "mathtools",
    "linop": "bm",
    "markdown": "amsmath amssymb",
    "mathtools": "amsmath",
    "mattens": "amsmath",
    "maybemath": "amsmath bm",
    "mhchem": "amsmath",
    "mismath": "mathtools",
    "nccmath": "amsmath",
    "neuralnetwork": "mathtools",
    "nicematrix": "amsmath",
    "onlyamsmath": "amsmath",
    "optidef": "mathtools",
    "overarrows": "amsmath",
    "phfqit": "mathtools amssymb mathrsfs dsfont",
    "physics": "amsmath",
    "proba": "amsfonts",
    "quantikz": r"mathtools \bra \braket \ket",
    "resizegather": "amsmath",
    "siunitx": "amstext",
    "skmath": "mathtools amssymb xfrac",
    "statmath": "amsmath bm",
    "tcolorbox[all]": "amsmath",
    "tcolorbox[most]": "amsmath",
    "tcolorbox[theorems]": "amsmath",
    "underoverlap": "mathtools",
    "units": "nicefrac",
    "xfrac": "amstext",
    "yhmath": "amsmath",
    # Fonts: they bring signs of their own, and most of them fail when `amssymb` comes on top
    "arev": "amssymb mathrsfs",
    "bbold": r"\mathbb",
    "bboldx": r"\mathbb",
    "classicthesis": "mathpazo",
    "concmath-otf": "unicode-math",
    "dsserif": r"\mathbb",
    "eucal[mathscr]": r"\mathscr",
    "eufrak": r"\mathfrak",
    "euler": r"\mathfrak \mathscr",
    "euler-math": "unicode-math",
    "eulerpx": "newpxmath",
    "euscript[mathscr]": r"\mathscr",
    "fdsymbol": r"amsmath amssymb \oiint \coloneqq \eqqcolon",
    "firamath-otf": "unicode-math",
    "fourier": r"\blacksquare \complement \geqslant \hslash \iiint \iint \leqslant \llbracket \lVert \lvert"
    r" \mathbb \nexists \oiint \rrbracket \rVert \rvert \square",
    "fourier-otf": "unicode-math",
    "fouriernc": "fourier",
    "gfsneohellenicot": "unicode-math",
    "kpfonts": r"amsmath amssymb mathrsfs \coloneqq \eqqcolon \llbracket \oiint \rrbracket",
    "kpfonts-otf": "unicode-math",
    "libertinus-otf": "unicode-math",
    "libertinust1math": r"amsmath upgreek \mathbb \oiint",
    "mathabx": r"\iiint \iint \oiint",
    "mathalfa[bb]": r"\mathbb",
    "mathalfa[frak]": r"\mathfrak",
    "mathalfa[scr]": r"\mathscr",
    "mathalpha[bb]": r"\mathbb",
    "mathalpha[frak]": r"\mathfrak",
    "mathalpha[scr]": r"\mathscr",
    "mathbbol": r"\mathbb",
    "mathdesign": r"amssymb mathrsfs \llbracket \oiint \rrbracket",
    "mathpazo": r"\mathbb",
    "mdsymbol": r"amsmath \oiint \coloneqq \eqqcolon",
    "MnSymbol": r"amsmath \oiint",
    "newpxmath": "newtxmath",
    "newtx": "newtxmath",
    "newtxmath": r"amsmath amssymb mathrsfs upgreek \coloneqq \eqqcolon \llbracket \oiint \rrbracket",
    "newtxsf": r"amsmath amssymb upgreek \coloneqq \eqqcolon \llbracket \oiint \rrbracket",
    "notomath": "newtxmath",
    "pxfonts": "txfonts",
    "stix": r"amssymb mathrsfs \dddot \iiint \iint \oiint",
    "stix2": "stix",
    "txfonts": r"amssymb \coloneqq \eqqcolon \iiint \iint \llbracket \oiint \rrbracket",
    # `bm` stops at the first Greek letter there, before it and after it: it is never added
    "unicode-math": r"amsmath amssymb bm mathrsfs upgreek \oiint",
    "wasysym": r"\iiint \iint \oiint",
    "xcharter-otf": "unicode-math",
}

# Packages that `amsmath` and `amssymb` must come before. `cleveref` and the fonts stop with an error otherwise; with
# `hyperref` the links to tagged equations, and to those of `subequations`, lead to another equation.
AFTER_AMS = frozenset(
    "accents cases cleveref esint hyperref mathabx mdsymbol MnSymbol pxfonts semantic txfonts wasysym".split()
)
