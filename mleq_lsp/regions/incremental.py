"""A document scanned block by block, and again after an edit with only the blocks that the edit concerns."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator

from mleq_lsp.regions.model import Block, Regions, State

# The block at an offset of a text, which begins with what the one before it left.
Scan = Callable[[str, int, State], Block]


def scanned(text: str, first: State, scan: Scan, before: Regions | None = None) -> Regions:
    """The regions of a text; the blocks of an earlier version of it are kept where nothing has changed for them."""
    if before is None or before.first != first:
        before = Regions("", first, (), ())
    elif before.text == text:
        return before
    edit = Difference(before, text)
    blocks: list[Block] = []
    starts: list[int] = []
    at, state = 0, first
    while at < len(text):
        kept = edit.kept_from(at, state)
        if kept:
            shift = at - before.starts[kept.start]
            blocks += before.blocks[kept.start : kept.stop]
            old = before.starts[kept.start : kept.stop]
            starts += [start + shift for start in old] if shift else old
        else:
            blocks.append(scan(text, at, state))
            starts.append(at)
        at, state = starts[-1] + blocks[-1].length, blocks[-1].leaves
    return Regions(text, first, blocks, starts)


class Difference:
    """The difference between two versions of a text, and what of the blocks of the old one outlives it."""

    def __init__(self, before: Regions, text: str) -> None:
        old = before.text
        self._before = before
        self._same = common_start(old, text)  # characters at the start
        same_end = common_end(old, text, min(len(old), len(text)) - self._same)
        self._old_end = len(old) - same_end  # where the old version is the same again
        self._new_end = len(text) - same_end
        self._changed = list(self.changed())

    def changed(self) -> Iterator[int]:
        """The numbers of the blocks that have seen something which is no longer so."""
        for number, (start, block) in enumerate(zip(self._before.starts, self._before.blocks, strict=True)):
            if start >= self._old_end:
                break
            if start + block.sees > self._same:
                yield number

    def kept_from(self, at: int, state: State) -> range:
        """The numbers of the old blocks that stand unchanged from an offset of the new text on."""
        starts, blocks = self._before.starts, self._before.blocks
        stop = len(starts)
        if at >= self._new_end:
            at -= self._new_end - self._old_end
        elif at < self._same:
            stop = bisect_left(starts, self._same)  # what follows the edit has moved, even if no block has changed
        else:
            return range(0)
        first = bisect_left(starts, at)
        if first == len(starts) or starts[first] != at:
            return range(0)
        if state != (blocks[first - 1].leaves if first else self._before.first):
            return range(0)
        later = bisect_left(self._changed, first)
        return range(first, min(stop, self._changed[later]) if later < len(self._changed) else stop)


def common_start(one: str, other: str) -> int:
    """How many characters two texts have in common at their starts."""
    return longest(min(len(one), len(other)), lambda low, high: one[low:high] == other[low:high])


def common_end(one: str, other: str, most: int) -> int:
    """How many characters two texts have in common at their ends, at most so many."""
    end, other_end = len(one), len(other)
    return longest(most, lambda low, high: one[end - high : end - low] == other[other_end - high : other_end - low])


def longest(most: int, same: Callable[[int, int], bool]) -> int:
    """The largest length up to `most` on which `same(from, to)` holds: slices are compared at the speed of memory."""
    if same(0, most):
        return most
    low, step = 0, 64
    while same(low, min(low + step, most)):
        low += step
        step *= 2
    high = min(low + step, most) - 1
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if same(low, middle) else (low, middle - 1)
    return low
