"""No equation is shipped that nobody has evaluated."""

from __future__ import annotations

from pathlib import Path

from mleq_lsp.catalogue.load import load_builtin

TESTS = "".join(path.read_text("utf-8") for path in Path(__file__).parent.glob("test_*.py"))


def test_each_entry_is_named_in_a_test_of_this_folder() -> None:
    catalogue, _ = load_builtin()

    assert [entry.id for entry in catalogue if f'"{entry.id}"' not in TESTS] == []
