"""The user's settings."""

from __future__ import annotations

import pytest

from mleq_lsp.settings import Settings, read_settings


@pytest.mark.parametrize(
    "raw",
    [
        {"mleq": {"preview": "latex", "insert": {"label": False}}},
        {"preview": "latex", "insert": {"label": False}},
        {"mleq": {"preview": "latex", "insert.label": False}},
        {"mleq.preview": "latex", "mleq.insert.label": False},
        {"editor.fontSize": 12, "mleq.preview": "latex", "mleq": {"insert.label": False}},
    ],
)
def test_nested_and_dotted_names_mean_the_same(raw: object) -> None:
    assert read_settings(raw) == (Settings(preview="latex", label=False), [])


@pytest.mark.parametrize("raw", [None, [], {}, {"mleq": []}, {"mleq": {"insert": []}}, {"insert": None}])
def test_nothing_said_is_nothing_wrong(raw: object) -> None:
    """Lua has one empty table for lists and objects, and it is sent as a list."""
    assert read_settings(raw) == (Settings(), [])


def test_what_is_the_editor_s_own_business_is_no_setting_of_ours() -> None:
    assert read_settings({"mleq": {"server": {"path": "x"}, "trace.server": "off"}}) == (Settings(), [])


def test_nothing_sent_is_nothing_changed() -> None:
    changed = Settings(trigger="@")

    assert read_settings(None, changed) == (changed, [])
    assert read_settings({"mleq": {"trigger": None}}, changed) == (changed, [])


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ({"preveiw": "svg"}, "mleq.preveiw is no setting of mleq: there are trigger, "),
        ({"preview": "png"}, 'mleq.preview cannot be \'png\': use one of "auto", "svg", '),
        ({"insert": {"label": "yes"}}, "mleq.insert.label cannot be 'yes': use one of true, false"),
        ({"insert": {"label": 1}}, "mleq.insert.label cannot be 1: use one of true, false"),
        ({"trigger": "abc"}, "mleq.trigger cannot be 'abc': use one sign that is no letter, digit or space"),
        ({"trigger": "a"}, "mleq.trigger cannot be 'a': use one sign"),
        ({"trigger": "\u00a0"}, "mleq.trigger cannot be '\\xa0': use one sign"),
        ({"trigger": "\0"}, "mleq.trigger cannot be '\\x00': use one sign"),
        ({"trigger": "%"}, "mleq.trigger cannot be '%': use one sign"),
        ({"trigger": ["@"]}, "mleq.trigger cannot be ['@']: use one sign"),
        ({"previewScale": 5}, "mleq.previewScale cannot be 5: use a number from 0.5 to 3"),
        ({"previewScale": 0}, "mleq.previewScale cannot be 0: use a number from 0.5 to 3"),
        ({"previewScale": True}, "mleq.previewScale cannot be True: use a number"),
        ({"previewScale": "2"}, "mleq.previewScale cannot be '2': use a number"),
        ({"previewScale": float("nan")}, "mleq.previewScale cannot be nan: use a number"),
        (["x"], "mleq: the settings must be an object"),
    ],
)
def test_a_wrong_setting_gives_one_message_and_the_default(raw: object, message: str) -> None:
    settings, problems = read_settings(raw)

    assert settings == Settings()
    assert len(problems) == 1
    assert problems[0].startswith(message)


def test_the_right_ones_beside_a_wrong_one_are_taken() -> None:
    settings, problems = read_settings({"trigger": "@", "preview": 3})

    assert settings == Settings(trigger="@")
    assert len(problems) == 1


@pytest.mark.parametrize("scale", [0.5, 1, 1.25, 3])
def test_a_number_within_its_bounds_is_taken(scale: float) -> None:
    assert read_settings({"mleq": {"previewScale": scale}}) == (Settings(scale=scale), [])
