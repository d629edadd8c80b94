"""Small mistakes made in each tested equation: `python -m tests.equations.mutants [id ...]` says which no test sees."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator

import numpy as np

from tests.equations import bindings
from tests.equations.equivalent import is_equivalent

Test = Callable[[], None]


def main(wanted: list[str]) -> int:
    """Tries every mutant of every tested entry; less than nine in ten seen is a failure."""
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    seen = total = 0
    for entry_id, tests in sorted(tests_by_entry().items()):
        if wanted and entry_id not in wanted:
            continue
        body = bindings.catalogue().entries[entry_id].body.latex
        for mutant in mutants(body):
            if is_equivalent(entry_id, body, mutant):
                continue
            total += 1
            if is_seen(entry_id, mutant, tests):
                seen += 1
            else:
                sys.stdout.write(f"{entry_id}: {difference(body, mutant)}\n")
    sys.stdout.write(f"{seen} of {total} mutants seen, {100 * seen / max(1, total):.1f} %\n")
    return 0 if seen >= 0.9 * total else 1


def tests_by_entry() -> dict[str, list[Test]]:
    """Which tests ask about an entry, found out by running them."""
    found: defaultdict[str, list[Test]] = defaultdict(list)
    for test in tests():
        bindings.ASKED.clear()
        try:
            run(test)
        except Exception as error:
            reason = str(error).partition("\n")[0]
            sys.stdout.write(f"{test.__name__} fails without any mutation: {reason}\n")
            continue
        for entry_id in dict.fromkeys(bindings.ASKED):
            found[entry_id].append(test)
    return found


def tests() -> Iterator[Test]:
    """All tests of this folder that are about entries."""
    package = importlib.import_module("tests.equations")
    for module in pkgutil.iter_modules(package.__path__):
        if module.name.startswith("test_") and module.name != "test_evaluator":
            names = vars(importlib.import_module(f"tests.equations.{module.name}"))
            yield from (value for name, value in names.items() if name.startswith("test_"))


def run(test: Test) -> None:
    bindings.reseed()
    test()


def is_seen(entry_id: str, mutant: str, tests: list[Test]) -> bool:
    """Whether a test fails of the mutant."""
    bindings.REPLACED[entry_id] = mutant
    try:
        for test in tests:
            run(test)
    except Exception:
        return True
    finally:
        del bindings.REPLACED[entry_id]
    return False


def mutants(latex: str) -> list[str]:
    """Every form with one mistake in it."""
    found = (
        latex[: place.start()] + place.expand(replacement) + latex[place.end() :]
        for pattern, replacement in MISTAKES
        for place in pattern.finditer(latex)
    )
    return [mutant for mutant in dict.fromkeys((*found, *swapped_fractions(latex))) if mutant != latex]


def swapped_fractions(latex: str) -> Iterator[str]:
    """Each fraction upside down."""
    for place in re.finditer(r"\\[dt]?frac", latex):
        middle = end_of_group(latex, place.end())
        end = end_of_group(latex, middle)
        yield latex[: place.end()] + latex[middle:end] + latex[place.end() : middle] + latex[end:]


def end_of_group(latex: str, at: int) -> int:
    depth = 0
    for end in range(at, len(latex)):
        depth += (latex[end] == "{") - (latex[end] == "}")
        if depth == 0:
            return end + 1
    return len(latex)


def difference(body: str, mutant: str) -> str:
    """What was changed, with a little around it."""
    start = next((at for at, pair in enumerate(zip(body, mutant, strict=False)) if pair[0] != pair[1]), len(mutant))
    end = next((at for at, pair in enumerate(zip(body[::-1], mutant[::-1], strict=False)) if pair[0] != pair[1]), 0)
    end = min(end, len(body) - start, len(mutant) - start)
    before, after = (text[max(0, start - 25) : len(text) - end + 12] for text in (body, mutant))
    return f"{before!r} -> {after!r}"


# What goes wrong when an equation is copied, as patterns over its LaTeX. Names are left whole: `\mu` has no `u`.
MISTAKES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"(?<![\\\w])\+", "-"),
        (r"-(?!\\infty)", "+"),
        (r"(?<![\w.:])1(?![\w.:])", "2"),
        (r"(?<![\w.:])2(?![\w.:])", "1"),
        (r"(?<![\w.:])2(?![\w.:])", "3"),
        (r"(?<=_\{)t-1(?=\})", "t"),
        (r"(?<=_\{)t(?=\})", "t-1"),
        (r"(?<=_\{)i(?=\})", "j"),
        (r"(?<=_\{)j(?=\})", "i"),
        (r"(?<=_\{)k(?=\})", "i"),
        (r"(?<=_\{)i ?j(?=\})", "j i"),
        (r"(?<=_\{)i,\s*j(?=\})", "j,i"),
        (r"(?<=_\{)1(?=\})", "2"),
        (r"(?<=_\{)i\s*=\s*1(?=\})", "i=2"),
        (r"(?<=_\{)t\s*=\s*1(?=\})", "t=2"),
        (r"\^\{\\top\}", ""),
        (r"\^\{-1\}", ""),
        (r"\^\{-\\top\}", r"^{-1}"),
        (r"\^\{2\}", ""),
        (r"\^\{1/2\}", ""),
        (r"\\sqrt(?=\{)", ""),
        (r"\\log(?![a-z])", r"\\exp"),
        (r"\\exp(?![a-z])", r"\\log"),
        (r"\\max(?![a-z])", r"\\min"),
        (r"\\min(?![a-z])", r"\\max"),
        (r"\\sum(?![a-z])", r"\\prod"),
        (r"\\prod(?![a-z])", r"\\sum"),
        (r"\\leq(?![a-z])|\\le(?![a-z])", r"\\geq"),
        (r"\\geq(?![a-z])|\\ge(?![a-z])", r"\\leq"),
        (r"\\neq(?![a-z])", "="),
        (r"\\sin(?![a-z])", r"\\cos"),
        (r"\\cos(?![a-z])", r"\\sin"),
        (r"\\mu(?![a-z])", r"\\sigma"),
        (r"\\alpha(?![a-z])", r"\\beta"),
        (r"\\beta(?![a-z])", r"\\alpha"),
    )
)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
