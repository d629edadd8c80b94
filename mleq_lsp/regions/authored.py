"""What authors define that begins or ends a formula, verbatim or a comment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

MOST = 1000  # meanings, so that a text of nothing but definitions costs no more than its length


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a command, or the beginning of an environment, does to the place that it stands in.

    Its arguments are a letter each:
    `a` a name, a file, a measure, which is silent; `o` such options, any number of them, in brackets;
    `r` the same in round brackets; `w` words; `m` part of a formula; `t` text, or whatever is around it.
    """

    takes: str = ""
    formula: str = ""  # what would open the formula that the `m` arguments are in: "equation", "$"
    closes: tuple[str, ...] = ()  # environments, `\\]` and the like that are ended first
    opens: tuple[str, ...] = ()  # what begins then, outer ones first
    like: str = ""  # the command that it is another name of, where that is not a matter of arguments: `\\verb`


@dataclass(frozen=True, slots=True)
class Authored:
    """The meanings of commands ("\\\\be") and environments ("myeq") that an author defined."""

    meanings: Mapping[str, Meaning] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def of(self, name: str) -> Meaning | None:
        return self.meanings.get(name)

    def with_meaning(self, name: str, meaning: Meaning) -> Authored:
        """What is known after one more definition."""
        if self.meanings.get(name) == meaning or len(self.meanings) >= MOST:
            return self
        return Authored(MappingProxyType({**self.meanings, name: meaning}))


NOTHING = Authored()
