"""Where the groups of a LaTeX text end."""

from __future__ import annotations

import re

# What can matter between a group's signs; the last alternative is where no group goes on.
ARGUMENT = re.compile(r"\\.|%[^\n]*|[\[\]{}]|(?P<stop>\n[ \t]*\n)", re.DOTALL)
# In an address `%` and `\` are signs like any other.
ADDRESS = re.compile(r"[{}]|(?P<stop>\n[ \t]*\n)")
# A definition may go on after a blank line, but not where the next one begins, or the text itself.
DEFINITION = re.compile(
    r"""\\.|%[^\n]*|[\[\]{}]
    |(?P<stop>\n[ \t]*\n\\(?:[a-zA-Z]*(?:new|def|New|Declare|section|chapter|begin[ ]*\{document)))""",
    re.DOTALL | re.VERBOSE,
)
LONGEST = 8000  # characters of a group; one that seems longer is one whose end is yet to be typed
OPENING = {"}": "{", "]": "["}
YET_OPEN, NEVER = -1, -2


class Braces:
    """Which sign ends which group, found in one pass that goes only as far as it is asked."""

    def __init__(self, sign: re.Pattern[str], text: str, end: int) -> None:
        self._sign = sign
        self._text = text
        self._end = end
        self._ends: dict[int, int] = {}  # where the groups end that the signs at these offsets begin
        self._open: list[int] = []  # offsets of signs that are yet open
        self._stopped = False
        self.at = 0  # how far the text was looked at

    def end(self, opened: int) -> int | None:
        """Where the group ends that the sign at `opened` begins, its closing sign included."""
        if opened >= self.at or opened not in self._ends:
            self._open, self._stopped, self.at = [], False, opened
        limit = min(opened + LONGEST, self._end)
        while self._ends.get(opened, YET_OPEN) == YET_OPEN and self.at < limit and not self._stopped:
            self._step(limit)
        end = self._ends.get(opened, NEVER)
        return end if end > 0 else None

    def _step(self, limit: int) -> None:
        sign = self._sign.search(self._text, self.at, limit)
        self.at = sign.end() if sign else limit
        if sign is None:
            return
        if sign.lastgroup == "stop":
            self._stopped = True
        elif sign.group() in OPENING.values():
            self._ends[sign.start()] = YET_OPEN
            self._open.append(sign.start())
        elif sign.group() in OPENING:
            self._close(OPENING[sign.group()], sign.end())

    def _close(self, opening: str, end: int) -> None:
        """A brace ends the brackets in its group as well, a bracket nothing but a bracket."""
        while opening == "{" and self._open and self._text[self._open[-1]] == "[":
            self._ends[self._open.pop()] = NEVER
        if self._open and self._text[self._open[-1]] == opening:
            self._ends[self._open.pop()] = end
