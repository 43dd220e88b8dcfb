"""An edit says what it says, and leaves every other character as it is."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.files.toml_edits import (
    NoRoom,
    Replacement,
    append_table,
    quoted_key,
    set_entry,
    set_value,
    toml_text,
)

GAPS = st.sampled_from([" = ", "=", "   = ", " =", "\t= "])
ENDS = st.sampled_from(["", "", "  # a comment = [", " # 日本"])
BETWEEN = st.sampled_from(["", "", "\n", "# [[event]]\n", "\n\n  # about the next\n"])
VALUES = st.sampled_from(
    [
        '"open"', "'literal'", "2028-01-01", '"""\nseveral\nlines"""', "'''a\n[b]\n'''",
        '["a",\n  "b", # c\n]', "{ a = 1, b = { c = 2 } }", "{}", "[]", '"\\u00e9 # no comment"',
    ]
)  # fmt: skip
HEADERS = st.sampled_from(["[[event]]", "[[ event ]]", "  [[event]]", '[["event"]]', "[[event]] #"])


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, int]:
    """A text of events in any layout, and how many there are."""
    margin = draw(st.sampled_from(["", "", "  ", "\t"]))
    parts = ['id = "a"\n', draw(BETWEEN)]
    count = draw(st.integers(1, 4))
    for number in range(count):
        parts += [draw(HEADERS), "\n"]
        for key in ("id", "title", "when", '"odd key"')[: draw(st.integers(1, 4))]:
            value = f'"e{number}"' if key == "id" else draw(VALUES)
            parts += [draw(BETWEEN), margin, key, draw(GAPS), value, draw(ENDS), "\n"]
        if draw(st.booleans()):
            parts += [margin, "note.ja", draw(GAPS), '"x"', draw(ENDS), "\n"]
        if draw(st.booleans()):
            parts += [draw(BETWEEN), "[event.more]\n", 'of = "it"\n']
        if draw(st.booleans()):
            parts += [draw(BETWEEN), f"[sources.s{number}]\n", 'title = "S"\n']
        parts.append(draw(BETWEEN))
    text = "".join(parts)
    if draw(st.booleans()):
        text = text.rstrip("\n")
    if draw(st.booleans()):
        text = text.replace("\n", "\r\n")
    return text, count


def kept(text: str, edit: Replacement) -> dict[str, Any]:
    """What the text says after an edit that left all else, and that can be taken back."""
    after = edit.apply(text)
    assert after[: edit.start] == text[: edit.start]
    assert after[edit.start + len(edit.new) :] == text[edit.end :]
    if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
        assert "\n" not in after.replace("\r\n", "")
    return tomllib.loads(after)


@settings(max_examples=500)
@given(documents(), st.data())
def test_a_key_that_is_set_is_all_that_changes(
    document: tuple[str, int], data: st.DataObject
) -> None:
    text, count = document
    number = data.draw(st.integers(0, count - 1))
    key = data.draw(st.sampled_from(["occurred", "when", "title", "odd key"]))
    wanted = deepcopy(tomllib.loads(text))

    said = kept(text, set_value(text, ("event", number), key, "2028-09-15"))

    wanted["event"][number][key] = date(2028, 9, 15)
    assert said == wanted


@settings(max_examples=300)
@given(documents(), st.data())
def test_occurrences_are_recorded_one_beside_the_other(
    document: tuple[str, int], data: st.DataObject
) -> None:
    text, count = document
    number = data.draw(st.integers(0, count - 1))
    wanted = deepcopy(tomllib.loads(text))
    days = data.draw(st.lists(st.sampled_from(["2028-12-31", "2029-12-31", "2030-12-31"])))

    for day in days:
        edit = set_entry(text, ("event", number), "occurred", day, "2028-09-15")
        said = kept(text, edit)
        wanted["event"][number].setdefault("occurred", {})[day] = date(2028, 9, 15)
        assert said == wanted
        text = edit.apply(text)


@settings(max_examples=300)
@given(documents())
def test_a_new_table_stands_below_all_others(document: tuple[str, int]) -> None:
    text, _ = document
    wanted = deepcopy(tomllib.loads(text))

    said = kept(text, append_table(text, ["[[event]]", 'id = "new"']))

    wanted["event"].append({"id": "new"})
    assert said == wanted


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('id = "x"   # x\n', 'id = "x"   # x\noccurred = 2028-01-01\n'),
        ('id    = "x"\nwhen  = "y"\n', 'id    = "x"\nwhen  = "y"\noccurred = 2028-01-01\n'),
        (
            'id         = "x"\nwhen       = "y"\n',
            'id         = "x"\nwhen       = "y"\noccurred   = 2028-01-01\n',
        ),
        ('id="x"\n', 'id="x"\noccurred=2028-01-01\n'),
        ('  id = "x"\r\n', '  id = "x"\r\n  occurred = 2028-01-01\r\n'),
        ('id = "x"', 'id = "x"\noccurred = 2028-01-01'),
        (
            'id = "x"\n\n# about the next\n[[event]]\nid = "y"\n',
            'id = "x"\noccurred = 2028-01-01\n\n# about the next\n[[event]]\nid = "y"\n',
        ),
        ('id = "x"\noccurred = 2027-01-01 # c\n', 'id = "x"\noccurred = 2028-01-01 # c\n'),
    ],
)
def test_a_new_line_stands_as_its_neighbours_do(before: str, after: str) -> None:
    text = f"[[event]]\n{before}"

    edit = set_value(text, ("event", 0), "occurred", "2028-01-01")

    assert edit.apply(text) == f"[[event]]\n{after}"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('event = [{ id = "x" }]', 'event = [{ id = "x", occurred = { "2028-12-31" = 1 } }]'),
        ("event = [{}]", 'event = [{ occurred = { "2028-12-31" = 1 } }]'),
        (
            "[[event]]\noccurred.a = 2\n",
            '[[event]]\noccurred.a = 2\noccurred."2028-12-31" = 1\n',
        ),
        (
            "[[event]]\nid = 1\n[event.occurred]\na = 2\n[b]\n",
            '[[event]]\nid = 1\n[event.occurred]\na = 2\n"2028-12-31" = 1\n[b]\n',
        ),
    ],
)
def test_an_entry_is_added_where_the_others_stand(before: str, after: str) -> None:
    edit = set_entry(before, ("event", 0), "occurred", "2028-12-31", "1")

    assert edit.apply(before) == after


def test_what_has_no_place_is_refused() -> None:
    with pytest.raises(NoRoom):
        append_table('event = [{ id = "x" }]', ["[[event]]", 'id = "y"'])
    with pytest.raises(NoRoom):
        set_entry("[[event]]\noccurred = 2028-01-01\n", ("event", 0), "occurred", "a", "1")
    with pytest.raises(NoRoom):
        set_value("[[event]]\n[event.occurred]\na = 1\n", ("event", 0), "occurred", "1")


def test_a_table_goes_behind_all_that_belongs_to_another() -> None:
    text = (
        '[[amendment]]\nid = "a"\n[[amendment.event]]\nid = "x"\n\n# b\n[[amendment]]\nid = "b"\n'
    )
    lines = ["[[amendment.event]]", 'id = "y"']

    said = kept(text, append_table(text, lines, inside=("amendment", 0)))

    assert [event["id"] for event in said["amendment"][0]["event"]] == ["x", "y"]
    assert said["amendment"][1] == {"id": "b"}


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_written_as_toml_reads_it(value: str) -> None:
    assert tomllib.loads(f"key = {toml_text(value)}") == {"key": value}


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_any_key_is_written_as_toml_reads_it(key: str) -> None:
    assert tomllib.loads(f"{quoted_key(key)} = 1") == {key: 1}
