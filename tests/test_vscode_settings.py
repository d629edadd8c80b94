"""The settings that the VS Code extension offers are the server's, with the same values and defaults."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mleq_lsp import __version__
from mleq_lsp.settings import CHOICES, OF_CLIENTS, Settings

PACKAGE: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "editors" / "vscode" / "package.json").read_text("utf-8")
)
OFFERED: dict[str, dict[str, Any]] = {
    name.removeprefix("mleq."): schema
    for name, schema in PACKAGE["contributes"]["configuration"]["properties"].items()
    if not name.removeprefix("mleq.").startswith(OF_CLIENTS)
}
# What a setting of each type could be, good and bad.
SAMPLES: dict[str, list[object]] = {
    "boolean": [True, False],
    "number": [number / 10 for number in range(-10, 100)],
    "string": [chr(code) for code in range(32, 127)] + ["", ";;", "√", "no such value"],
}


def test_the_versions_are_one() -> None:
    assert PACKAGE["version"] == __version__


def test_the_extension_offers_every_setting_in_the_server_s_order() -> None:
    assert list(OFFERED) == list(CHOICES)


@pytest.mark.parametrize("name", CHOICES)
def test_a_setting_is_what_the_server_takes(name: str) -> None:
    schema, choice = OFFERED[name], CHOICES[name]

    assert schema["description"]
    assert schema["default"] == getattr(Settings(), choice.field)
    for value in [*SAMPLES[schema["type"]], *schema.get("enum", ())]:
        assert allows(schema, value) == choice.accepts(value), value
    if choice.allowed is not None and schema["type"] == "string":
        assert schema["enum"] == list(choice.allowed)
        assert len(schema["enumDescriptions"]) == len(schema["enum"])


def allows(schema: dict[str, Any], value: Any) -> bool:
    """Whether VS Code lets a value of the setting's type pass without a warning."""
    ...
