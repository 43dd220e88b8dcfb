"""Every key and value is found where it stands."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.files.problems import KeyPath
from tracker.files.toml_guards import find_hazards
from tracker.files.toml_positions import LineIndex, inside, positions

KEYS = st.sampled_from(
    ["a", "b-c", "x1", "9", '"d e"', "'f.g'", '"a"', '"\\u0061#\\""', '""', "''"]
)
PLAIN = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\"),
    max_size=8,
)
ESCAPED = st.lists(
    PLAIN | st.sampled_from(["'", "\\n", '\\"', "\\\\", "\\t", "\\u00e9", "\\U0001F600", "#[{"]),
    max_size=5,
).map("".join)
LONG = st.lists(ESCAPED | st.sampled_from(["\n", "\\\n  ", "\\ \n\n\t", 'q"', 'q""']), max_size=6)
STRINGS = st.one_of(
    ESCAPED.map('"{}"'.format),
    PLAIN.map("'{}\"\\'".format),
    LONG.map(lambda parts: f'"""{"".join(parts)}"""'),
    LONG.map(lambda parts: f'"""\n{"".join(parts)}"""'),
    st.lists(PLAIN | st.sampled_from(["\n", "q'", "q''", '"', "\\"]), max_size=6).map(
        lambda parts: f"'''{''.join(parts)}'''"
    ),
)
SCALARS = STRINGS | st.sampled_from(
    ["1", "-2.5e3", "0xfF", "true", "-inf", "2030-12-31", "2030-12-31 09:00:00.5Z", "09:00:00"]
)
SPACE = st.sampled_from(["", " ", "\n", " # a [ comment\n", "\t"])


@st.composite
def lists(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    parts = ["[", draw(SPACE)]
    for item in draw(st.lists(values, max_size=3)):
        parts += [item, draw(SPACE), ",", draw(SPACE)]
    if len(parts) > 2 and draw(st.booleans()):
        parts[-2] = ""
    return "".join([*parts, "]"])


def inline_tables(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.lists(st.tuples(dotted(2), values), max_size=3).map(
        lambda pairs: "{ " + ", ".join(f"{key} = {value}" for key, value in pairs) + " }"
    )


def dotted(most: int) -> st.SearchStrategy[str]:
    return st.tuples(st.lists(KEYS, min_size=1, max_size=most), st.sampled_from([".", " . "])).map(
        lambda drawn: drawn[1].join(drawn[0])
    )


VALUES = st.recursive(SCALARS, lambda inner: lists(inner) | inline_tables(inner), max_leaves=6)
STATEMENTS = st.one_of(
    st.tuples(dotted(3), VALUES).map(lambda pair: f"{pair[0]}\t= {pair[1]} # = [ '"),
    dotted(3).map("[{}]".format),
    dotted(3).map("  [[ {} ]] # [x]".format),
    st.sampled_from(["", "# [[comment]]"]),
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Statements as they come, without those that would make the text invalid."""
    text = ""
    for statement in draw(st.lists(STATEMENTS, max_size=14)):
        if _valid(f"{text}{statement}\n"):
            text += f"{statement}\n"
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


def _valid(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _all_of(value: Any, path: KeyPath = ()) -> Iterator[tuple[KeyPath, Any]]:
    """Each value and all that is in it, with its path."""
    yield path, value
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _all_of(inner, (*path, key))
    if isinstance(value, list):
        for at, inner in enumerate(value):
            yield from _all_of(inner, (*path, at))


def _valued(text: str, path: KeyPath) -> str:
    place = positions(text)[path]
    return text[place.start : place.end]


def _keyed(text: str, path: KeyPath) -> str:
    place = positions(text)[path]
    return text[place.key_start : place.key_end]


@settings(max_examples=200, deadline=None)
@given(documents())
def test_every_value_and_every_table_is_found_where_it_stands(text: str) -> None:
    found = positions(text)

    everything = dict(_all_of(tomllib.loads(text)))
    assert found.keys() == everything.keys() - {()}
    for path, place in found.items():
        if not isinstance(everything[path], dict | list):
            written = text[place.start : place.end]
            assert repr(tomllib.loads(f"x = {written}")["x"]) == repr(everything[path])
        if isinstance(path[-1], str):
            key = text[place.key_start : place.key_end]
            assert tomllib.loads(f"{key} = 0") == {path[-1]: 0}
    assert find_hazards(text) == []


@settings(max_examples=200, deadline=None)
@given(STRINGS, st.sampled_from(["\n", "\r\n"]))
def test_a_text_cut_before_a_character_reads_as_what_comes_before_it(
    written: str, line_end: str
) -> None:
    written = written.replace("\n", line_end)
    text = f"a = {written}\n"
    place = positions(text)["a",]
    value = tomllib.loads(text)["a"]

    mark = next(mark for mark in ('"""', "'''", '"', "'") if written.startswith(mark))
    for index in range(len(value) + 1):
        at = inside(text, place, index)
        assert tomllib.loads(f"a = {text[place.start : at]}{mark}")["a"] == value[:index]
    assert inside(text, place, len(value)) == place.end - len(mark)
    assert inside(text, place, len(value) + 9) == place.end - len(mark)


EVENTS = """\
title.ja = "終了"
"quoted \\" key" = 1
sources . abmedia = { title = 'A [', "in ner".deep = [1, { x = 2 }] }

[[event]] # the first
id = "a"
parties = [ # with a ] in a comment
  "A",
  "B",
]
[event.title]
en = "T"

[[event]]
when = 2030-12-31 09:00:00

[[amendment]]
[[amendment.event]]
ends = "x"
[[amendment.event]]
ends = "y"

[other.deep.table]
k = true
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("path", "key", "value"),
    [
        (("title",), "title", "title"),
        (("title", "ja"), "ja", '"終了"'),
        (('quoted " key',), '"quoted \\" key"', "1"),
        (("sources",), "sources", "sources"),
        (("sources", "abmedia", "title"), "title", "'A ['"),
        (("sources", "abmedia", "in ner", "deep"), "deep", "[1, { x = 2 }]"),
        (("sources", "abmedia", "in ner", "deep", 1), "", "{ x = 2 }"),
        (("sources", "abmedia", "in ner", "deep", 1, "x"), "x", "2"),
        (("event",), "event", "event"),
        (("event", 0, "parties", 1), "", '"B"'),
        (("event", 0, "title"), "title", "title"),
        (("event", 0, "title", "en"), "en", '"T"'),
        (("event", 1), "event", "event"),
        (("event", 1, "when"), "when", "2030-12-31 09:00:00"),
        (("amendment", 0, "event", 1, "ends"), "ends", '"y"'),
        (("other", "deep"), "deep", "deep"),
        (("other", "deep", "table", "k"), "k", "true"),
    ],
)
def test_what_stands_at_a_path_is_found(path: KeyPath, key: str, value: str, line_end: str) -> None:
    text = EVENTS.replace("\n", line_end)

    assert (_keyed(text, path), _valued(text, path)) == (key, value)


@pytest.mark.parametrize(
    ("path", "line"),
    [(("event",), 5), (("event", 0), 5), (("event", 1), 14), (("amendment", 0, "event", 1), 20)],
)
def test_an_item_of_an_array_of_tables_stands_at_its_own_header(path: KeyPath, line: int) -> None:
    start = positions(EVENTS)[path].start

    assert LineIndex(EVENTS).line_and_column(start)[0] == line


def test_a_table_that_is_declared_after_its_inner_tables_stands_at_its_own_header() -> None:
    text = "[a.b]\nx = 1\n[a]\ny = 2\n"

    assert positions(text)["a",].start == text.index("[a]\n") + 1


@pytest.mark.parametrize(
    ("written", "index", "at"),
    [
        ('"abc"', 1, 2),
        ('"a\\n\\"b"', 2, 4),
        ('"\\u00e9\\U0001F600b"', 2, 17),
        ("'a\\nb'", 2, 3),
        ('"""\nab"""', 1, 5),
        ('"""\r\na\r\nb"""', 2, 8),
        ("'''\r\na\r\nb'''", 1, 6),
        ('"""one \\\n   two"""', 4, 12),
        ('"""one \\\n   """', 4, 12),
        ('"""\\\n a"""', 0, 6),
        ('""""a""""', 2, 5),
        ('""', 0, 1),
        ('""""""', 0, 3),
        ("2030-12-31", 5, 5),
        ("2030-12-31", 99, 10),
    ],
)
def test_a_character_of_a_value_is_found_in_what_is_written(
    written: str, index: int, at: int
) -> None:
    text = f"a = {written}\n"

    assert inside(text, positions(text)["a",], index) == 4 + at


def test_a_file_that_nests_as_deep_as_it_may_is_walked_to_its_bottom() -> None:
    text = f"a = {'[{b = ' * 50}1{'}]' * 50}"
    bottom: KeyPath = ("a", *(0, "b") * 50)

    assert find_hazards(text) == []
    assert _valued(text, bottom) == "1"


def test_columns_are_counted_in_characters() -> None:
    assert LineIndex("a\n終了 = 1\n").line_and_column(5) == (2, 4)


def test_the_end_of_a_text_has_a_line_and_a_column() -> None:
    assert LineIndex("a\nbc").line_and_column(4) == (2, 3)
    assert LineIndex("a\n").line_and_column(2) == (2, 1)
    assert LineIndex("").line_and_column(0) == (1, 1)


def test_a_line_is_given_without_its_end() -> None:
    assert [LineIndex("a\r\nb").line(number) for number in (1, 2)] == ["a", "b"]
