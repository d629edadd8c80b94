"""Which Unicode characters stand for a letter in an alphabet, for a script, for an accent, for a delimiter's pieces."""

from __future__ import annotations

from unicodedata import normalize

LATIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
GREEK = "ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡϴΣΤΥΦΧΨΩ∇αβγδεζηθικλμνξοπρςστυφχψω∂ϵϑϰϕϱϖ"
DIGITS = "0123456789"


def run(letters: str, first: int, holes: str = "") -> dict[str, str]:
    """The alphabet that starts at the code point `first`; `holes` lists the letters Unicode keeps elsewhere."""
    alphabet = {letter: chr(first + number) for number, letter in enumerate(letters)}
    return alphabet | dict(zip(holes[::2], holes[1::2], strict=True))


BOLD = run(LATIN, 0x1D400) | run(GREEK, 0x1D6A8) | run(DIGITS, 0x1D7CE)
# Plain letters are drawn upright although they mean italic ones; bold italic follows them.
ALPHABETS: dict[str, dict[str, str]] = {
    "bold": BOLD,
    "bold-italic": BOLD,
    "double-struck": run(LATIN, 0x1D538, "CℂHℍNℕPℙQℚRℝZℤ") | run(DIGITS, 0x1D7D8),
    "calligraphic": run(LATIN, 0x1D49C, "BℬEℰFℱHℋIℐLℒMℳRℛeℯgℊoℴ"),
    "fraktur": run(LATIN, 0x1D504, "CℭHℌIℑRℜZℨ"),
    "sans-serif": run(LATIN, 0x1D5A0) | run(DIGITS, 0x1D7E2),
}

SUBSCRIPTS = dict(
    zip(
        "0123456789+−-=()aehijklmnoprstuvxβγρφϕχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵩᵪ",
        strict=True,
    )
)
SUPERSCRIPTS = dict(
    zip(
        "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφϕχ′″‴⁗∗*∘°†‡⊤⊺",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵠᵡ′″‴⁗**°°†‡ᵀᵀ",
        strict=True,
    )
)
PRIMES = "′″‴⁗"  # raised by themselves
# In running text a colon or a comma between two subscripts reads well: x₁:ₜ. In a drawing it would look
# like one of the full-size characters beside it.
LINE_SUBSCRIPTS = SUBSCRIPTS | {":": ":", ",": ","}

# One accent over one letter is a combining character; over several letters it is a row of its own above them.
WIDE_MARKS = {
    "\u0302": "^",
    "\u0303": "~",
    "\u0307": "˙",
    "\u0308": "¨",
    "\u20db": "···",
    "\u20dc": "····",
    "\u030c": "ˇ",
    "\u0306": "˘",
    "\u0301": "´",
    "\u0300": "`",
    "\u030a": "˚",
}
MARK_NAMES = {
    "\u0302": "hat",
    "\u0303": "tilde",
    "\u0307": "dot",
    "\u0308": "ddot",
    "\u030c": "check",
    "\u0306": "breve",
    "\u0301": "acute",
    "\u0300": "grave",
    "\u20d7": "vec",
    "→": "vec",
}
COMBINING_ARROWS = {"→": "\u20d7", "←": "\u20d6", "↔": "\u20e1"}
OVERLINE, UNDERLINE, MACRON, VECTOR, STROKE = "\u0305", "\u0332", "\u0304", "\u20d7", "\u0338"

# A long arrow: its tail, its shaft, its head.
ARROWS = {
    "→": ("─", "─", "→"),
    "←": ("←", "─", "─"),
    "↔": ("←", "─", "→"),
    "⇒": ("═", "═", "⇒"),
    "⇐": ("⇐", "═", "═"),
    "⇔": ("⇐", "═", "⇒"),
    "↦": ("├", "─", "→"),
    "=": ("═", "═", "═"),
}

# The same signs under two code points: one look for each.
OPERATORS = {"∣": "|", "∥": "‖"}


# Integrals out of three lines: what stands in the middle of each of their signs.
INTEGRALS = {"∫": "⎮", "∬": "⎮⎮", "∭": "⎮⎮⎮", "⨌": "⎮⎮⎮⎮", "∮": "∮", "∯": "∮∮", "∰": "∮∮∮"}


def styled(name: str, variant: str | None) -> str:
    """A name in its alphabet, as far as Unicode has the letters: E in double-struck is 𝔼."""
    alphabet = ALPHABETS.get(variant or "")
    return name if alphabet is None else "".join(alphabet.get(char, char) for char in name)


def scripted(text: str, table: dict[str, str]) -> str | None:
    """The text in small raised or lowered characters, if every one of them exists."""
    if not text or not all(char in table for char in text):
        return None
    return "".join(table[char] for char in text)


def accented(letter: str, mark: str) -> str:
    """The letter with a combining mark on it, as one character where there is one."""
    return normalize("NFC", letter + mark)
