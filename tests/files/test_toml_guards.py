"""What would choke tomllib is found before it; what only looks like it is let through."""

from __future__ import annotations

import sys
import tomllib
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rows import rows
from tracker.files.problems import FileErrors
from tracker.files.reader import assemble
from tracker.files.toml_guards import (
    MOST_DEPTH,
    MOST_DIGITS,
    MOST_KEY_PARTS,
    decode_error_position,
    find_hazards,
)

PARTS_16 = ".".join(["a"] * MOST_KEY_PARTS)
PARTS_17 = PARTS_16 + ".a"
DIGITS = "9" * (MOST_DIGITS + 1)


@rows(
    "before, refused, after, case",
    [
        ("", PARTS_17, " = 1", "key-too-long"),
        ("", ".".join(["a"] * 40_000), " = 1", "key-too-long"),
        ("", ".".join(["1"] * 40_000), " = 1", "key-too-long"),
        ("b = 1\n  ", PARTS_17, "\t= 1", "key-too-long"),
        ("", " . ".join(["a"] * 17), " = 1", "key-too-long"),
        ("", " . ".join(['"a . # b"', "'[c'", '"\\""'] * 6), ' = "x"', "key-too-long"),
        ("[", PARTS_17, "]", "key-too-long"),
        ("[[ ", PARTS_17, " ]] # b", "key-too-long"),
        ("b = { c = 1, ", PARTS_17, " = 1 }", "key-too-long"),
        ('b = [{ c = "x", ', PARTS_17, ' = "x" }]', "key-too-long"),
        ("a = " + "[" * 100, "[", "]" * 101, "nested-too-deep"),
        ("a = " + "[{b = " * 50, "[", "]" + "}]" * 50, "nested-too-deep"),
        ("a = " + "[\n" * 100, "{", "}" + "]" * 100, "nested-too-deep"),
        ("a = " + "[" * 100, "[", "", "nested-too-deep"),
        ("a = " + "{ b.c = " * 50, "{", "}" * 51, "nested-too-deep"),
        ("a = ", DIGITS, "", "number-too-large"),
        ("a = ", "-" + DIGITS, " # b", "number-too-large"),
        ("a = [1,", "_".join(DIGITS), ", 2]", "number-too-large"),
        ("a = ", "0x" + DIGITS, "", "number-too-large"),
        ("a = ", DIGITS + "x", "", "number-too-large"),
        ("a = ", DIGITS + ".x", "", "number-too-large"),
        ("a = ", DIGITS, " = 1", "number-too-large"),
        ("a = [1, ", DIGITS, " = 1", "number-too-large"),
        ("a = [\n[", DIGITS, "]]", "number-too-large"),
        ("a = ", "2029-02-29", "", "impossible-date"),
        ("a = ", "0000-01-01", "\n", "impossible-date"),
        ("a = ", "2029-13-01", "\r\nb = 1", "impossible-date"),
        ("a = ", "2029-02-29", " 10:00:00", "impossible-date"),
        ("a = ", "2029-02-29T10:00:00Z", "", "impossible-date"),
        ("a = { b = ", "2029-04-31", "}", "impossible-date"),
        ("a = [\n [ ", "2029-02-29", " ],\n]", "impossible-date"),
        ("a = [\n[[", "2029-02-29", "]]\n]", "impossible-date"),
    ],
)
def test_what_would_choke_the_parser_is_found_where_it_stands(
    before: str, refused: str, after: str, case: str
) -> None:
    text = before + refused + after

    assert [(hazard.case, text[hazard.start : hazard.end]) for hazard in find_hazards(text)] == [
        (case, refused)
    ]


@rows(
    "text",
    [
        f"{PARTS_16} = 1",
        f"[{PARTS_16}]\n{PARTS_16} = {{ {PARTS_16} = 1 }}",
        f'a = "{PARTS_17} = 1"',
        f'a = "\\"{PARTS_17} = 1"',
        f"a = '{PARTS_17} = 1'",
        f'a = """\n"\\"""{PARTS_17} = 1\n""""',
        f"a = '''\n'{PARTS_17} = 1\n''''",
        f'a = """""" # {PARTS_17}',
        f"# {PARTS_17} 2029-02-29 {DIGITS}",
        f'a = [ # {PARTS_17}\n "x", # [[[ "\n]',
        f'"{PARTS_17}" = 1',
        "a = [" + "1.5, " * 40 + "]",
        "a = '''" + "[" * 200 + "'''",
        'a = "' + "[" * 200 + '"',
        "#" + "[" * 200,
        'a = """\n' + "[" * 200 + '\n"""',
        "a = [" + "[{}]," * 200 + "]",
        "a = [" + "{ b.c.d = [] }," * 200 + "]",
        "a = { b.c.d = " + "[" * 60 + "]" * 60 + "}",
        f"a = [{{ {PARTS_16} = 1 }}, {'[' * 90}{']' * 90}]",
        "[[a]]\n[a.b]\n" * 200,
        "a = " + "[" * MOST_DEPTH + "]" * MOST_DEPTH,
        "a = { b." + "c = " + "{ d = [" * 40 + "]}" * 40 + "}",
        f"{DIGITS} = 1",
        f"a.{DIGITS} = 1",
        f"[{DIGITS}]\n[[b.{DIGITS}]]",
        "a = " + "9" * MOST_DIGITS,
        f"a = 0.{DIGITS}",
        f'a = """{DIGITS}"""',
        "2029-02-29 = 1",
        "[2029-02-29]\n[[a.2029-02-29]]",
        "a = { 2029-02-29 = 1 }",
        'a = "2029-02-29"',
        "a = [2028-02-29, 2029-02-28T23:59:59+01:00, 10:00:00]",
    ],
)
def test_what_is_fine_or_stands_in_texts_keys_and_comments_is_let_through(text: str) -> None:
    assert find_hazards(text) == []
    tomllib.loads(text)


@pytest.mark.parametrize(
    "text",
    [
        'a = "x 2029-02-29',
        f"a = 'x {DIGITS}\nb = 1",
        f'a = """x\n{DIGITS}',
        "a = 2029-02-29-draft",
        "a = 24:00:00",
        "a = ]]]\nb = 1",
    ],
)
def test_what_is_only_no_toml_is_left_to_tomllib_to_tell(text: str) -> None:
    assert find_hazards(text) == []
    with pytest.raises(tomllib.TOMLDecodeError):
        tomllib.loads(text)


SNIPPETS = st.sampled_from(
    ['"""', "'''", '"', "'", "\\", "\n", "\r\n", "#", "[", "]", "{", "}", "=", ".", ",", " ", "a",
     "a.b", "a = ", "[[a]]\n", "[a.b]\n", "[" * 60, "]" * 60, "{a.b = " * 40, "9" * 5000, "0x1",
     "2029-02-29", "T10:00:00", "1.5", "a." * 20, "終", "é", "-", "_", "\x00", "1e9", "inf"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(SNIPPETS, max_size=20).map("".join))
def test_what_is_let_through_is_read_or_refused_as_toml(text: str) -> None:
    if find_hazards(text):
        return
    at = 0
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = decode_error_position(error, text)

    assert 0 <= at <= len(text)


def test_all_that_is_found_is_told_in_the_order_of_the_text() -> None:
    text = f"a = {DIGITS}\n{PARTS_17} = 2029-02-29\nb = 2030-02-30\n"

    assert [hazard.case for hazard in find_hazards(text)] == [
        "number-too-large",
        "key-too-long",
        "impossible-date",
        "impossible-date",
    ]


def test_of_many_brackets_too_deep_only_the_first_is_told() -> None:
    text = "a = " + "[" * 100 + "[]," * 1000 + "]" * 100

    assert [(hazard.case, hazard.start) for hazard in find_hazards(text)] == [
        ("nested-too-deep", 104)
    ]


def test_a_key_of_40_000_parts_is_refused_without_tomllib() -> None:
    called: set[str] = set()

    def note(frame: FrameType, event: str, argument: object) -> None:
        called.add(frame.f_code.co_filename)

    sys.setprofile(note)
    try:
        with pytest.raises(FileErrors) as errors:
            assemble(["f"], [(".".join(["a"] * 40_000) + " = 1").encode()])
    finally:
        sys.setprofile(None)

    assert [problem.diagnostic.case for problem in errors.value.problems] == ["key-too-long"]
    assert sys.modules["tomllib._parser"].__file__ not in called


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("a = ", 3),
        ("a = \n", 4),
        ("a = 1\nb = ?\n", 10),
        ("a = 1\r\nb = ?\r\n", 11),
        ("a = '終了'\r\nb = 'x' y", 18),
        ("a = 1\na = 2 \n", 11),
        ('a = "x', 6),
        ('a = """x\n\n', 8),
    ],
)
def test_the_place_where_tomllib_stopped_is_found_in_the_text(text: str, at: int) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)

    assert decode_error_position(error.value, text) == at
