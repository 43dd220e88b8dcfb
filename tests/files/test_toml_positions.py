"""Every key and value is found where it stands."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tracker.files.problems import Path
from tracker.files.toml_guards import guard
from tracker.files.toml_positions import LineIndex, inside, positions

KEYS = st.sampled_from(["a", "b-c", '"d e"', "'f.g'", "x1"])
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"], exclude_characters="\"'\\"),
    max_size=8,
)
STRINGS = st.one_of(
    WORDS.map('"{}"'.format),
    WORDS.map("'{}'".format),
    WORDS.map('"""\n{}"""'.format),
    WORDS.map("'''{}'''".format),
    WORDS.map('"{}\\n\\u00e9\\"[#"'.format),
)
SCALARS = STRINGS | st.sampled_from(["1", "-2.5e3", "true", "2030-12-31", "2030-12-31 09:00:00"])


def _inline(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.lists(st.tuples(KEYS, values), max_size=3, unique_by=lambda pair: pair[0])
    return st.one_of(
        st.lists(values, max_size=3).map(lambda items: f"[ {', '.join(items)} ]"),
        st.lists(values, max_size=3).map(
            lambda items: "[ # a [ comment\n" + "".join(f"  {item},\n" for item in items) + "]"
        ),
        pairs.map(lambda all_: "{ " + ", ".join(f"{k} = {v}" for k, v in all_) + " }"),
    )


VALUES = st.recursive(SCALARS, _inline, max_leaves=6)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for header in ("", "[t]", "[t.u]", "[[e]]", "[[e.sub]]", "[[e]]", "[e.v]"):
        lines.append(f"  {header} # {header}")
        pairs = draw(st.lists(st.tuples(KEYS, VALUES), max_size=3, unique_by=lambda pair: pair[0]))
        lines += [f"{key}\t= {value} # = [ '" for key, value in pairs]
        if draw(st.booleans()):
            lines.append(f"dotted . k{len(lines)} = {draw(SCALARS)}")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def _leaves(value: Any, path: Path = ()) -> list[tuple[Path, Any]]:
    if isinstance(value, dict):
        return [leaf for key, inner in value.items() for leaf in _leaves(inner, (*path, key))]
    if isinstance(value, list):
        return [leaf for at, inner in enumerate(value) for leaf in _leaves(inner, (*path, at))]
    return [(path, value)]


@settings(max_examples=150, deadline=None)
@given(documents())
def test_every_value_is_found_where_it_stands(text: str) -> None:
    found = positions(text)

    for path, value in _leaves(tomllib.loads(text)):
        place = found[path]
        assert tomllib.loads("x = " + text[place.start : place.end])["x"] == value
    assert guard(text) == []


@settings(max_examples=100, deadline=None)
@given(STRINGS)
def test_every_character_of_a_text_is_found_where_it_stands(written: str) -> None:
    text = f"a = {written}"
    place = positions(text)["a",]

    for index, character in enumerate(tomllib.loads(text)["a"]):
        at = inside(text, place, index)
        assert text[at] in (character, "\\")


def test_a_line_ending_backslash_is_no_character_of_the_text() -> None:
    text = 'a = """one \\\n   two"""'
    place = positions(text)["a",]

    assert text[inside(text, place, 4)] == "t"


def test_columns_are_counted_in_characters() -> None:
    assert LineIndex("a\n終了 = 1\n").line_and_column(5) == (2, 4)
    assert LineIndex("a\r\nb").line(1) == "a"


@pytest.mark.parametrize(
    ("text", "case"),
    [
        (".".join(["a"] * 40_000) + " = 1", "key-too-long"),
        ("[" + " . ".join(["a"] * 17) + "]", "key-too-long"),
        ("a = " + "[" * 10_000 + "]" * 10_000, "nested-too-deep"),
        ("a = " + "9" * 5_000, "number-too-large"),
        ("a = 2029-02-29", "impossible-date"),
        ("a = 2029-02-29T10:00:00Z", "impossible-date"),
    ],
)
def test_what_would_choke_the_parser_is_found_before_it(text: str, case: str) -> None:
    assert [found.case for found in guard(text)] == [case]


@pytest.mark.parametrize(
    "text",
    [
        ".".join(["a"] * 16) + " = 1",
        'a = "' + ".".join(["a"] * 50) + '"',
        "a = '''" + "[" * 200 + "'''",
        "# " + ".".join(["a"] * 50) + " 2029-02-29",
        'a = "2029-02-29"',
        'a = """' + "9" * 5_000 + '"""',
    ],
)
def test_what_stands_in_texts_and_comments_is_no_matter(text: str) -> None:
    assert guard(text) == []
