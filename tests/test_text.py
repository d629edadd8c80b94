"""Offsets, positions and code units."""

from __future__ import annotations

import pytest

from mleq_lsp.text import Encoding, Lines, Span, line_span, units


@pytest.mark.parametrize(
    ("char", "encoding", "count"),
    [
        ("x", "utf-8", 1),
        ("é", "utf-8", 2),
        ("≤", "utf-8", 3),
        ("𝔼", "utf-8", 4),
        ("≤", "utf-16", 1),
        ("𝔼", "utf-16", 2),
        ("😀", "utf-16", 2),
        ("𝔼", "utf-32", 1),
    ],
)
def test_units(char: str, encoding: Encoding, count: int) -> None:
    assert units(char, encoding) == count


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 7), ("utf-16", 5), ("utf-32", 4)])
def test_positions_after_an_astral_character(encoding: Encoding, character: int) -> None:
    text = "one\nat 𝔼|"
    offset = text.index("|")
    lines = Lines(text)

    assert lines.position(offset, encoding) == (1, character)
    assert lines.offset(1, character, encoding) == offset


def test_only_three_line_ends_count() -> None:
    text = "a\fb\u2028c\x0bd\r\ne\rf\ng"

    assert [span.of(text) for span in map(Lines(text).span, range(4))] == ["a\fb\u2028c\x0bd", "e", "f", "g"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
def test_every_offset_survives_the_way_there_and_back(encoding: Encoding) -> None:
    text = "𝔼 one\r\n\rtwo\u2028😀\n\f𝒩"
    lines = Lines(text)

    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":  # no position is between these two
            assert lines.offset(*lines.position(offset, encoding), encoding) == offset


@pytest.mark.parametrize(
    ("line", "character", "offset"),
    [(0, 99, 2), (1, 0, 3), (1, 99, 4), (9, 0, 4), (0, 0, 0)],
)
def test_positions_outside_are_taken_to_the_nearest_place(line: int, character: int, offset: int) -> None:
    assert Lines("ab\nc").offset(line, character, "utf-16") == offset


def test_a_position_inside_a_character_is_before_it() -> None:
    assert Lines("𝔼x").offset(0, 1, "utf-16") == 0
    assert Lines("𝔼x").offset(0, 3, "utf-8") == 0


def test_an_empty_text_has_one_line() -> None:
    assert len(Lines("")) == 1
    assert Lines("").position(0, "utf-16") == (0, 0)
    assert Lines("").offset(3, 3, "utf-16") == 0


def test_line_span() -> None:
    assert line_span("one\r\ntwo", 6) == Span(5, 8)
    assert line_span("one\r\ntwo", 1) == Span(0, 3)
