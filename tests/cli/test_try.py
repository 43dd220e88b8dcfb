"""`tracker try`: a line is tried among the events that there are, and nothing is written."""

from __future__ import annotations

import json

import pytest

from tests.cli.calls import Caller

LEASE = """\
id = "lease"
title = "Lease"
timezone = "Europe/Berlin"
calendar = "DE"

[[event]]
id = "signed"
title = "Signing"
when = "2027-03-31"

[[event]]
id = "verified"
title = "Verification"
when = "open"
"""


def test_a_line_says_what_it_comes_to_and_why_and_nothing_is_written(call: Caller) -> None:
    file = call.write("events.toml", LEASE)

    called = call("try", "5 business days after signed", "--as-of", "2027-01-01")

    assert called.code == 0
    head, *why = called.out.splitlines()
    assert head == "5 business days after signed: 7 April 2027"
    assert any("counted" in line for line in why)
    assert any("Signing [lease/signed]" in line for line in why)
    assert file.read_text() == LEASE


def test_options_are_the_keys_beside_the_line(call: Caller) -> None:
    call.write("events.toml", LEASE)

    assert "2 April 2027" in call("try", "2027-04-03", "--roll", "previous", "--calendar", "US").out
    ends = call("try", "--starts", "signed", "--lasts", "3 years", "--as-of", "2027-01-01").out
    assert "end: 30 March 2030" in ends


@pytest.mark.parametrize(
    ("pasted", "plain"),
    [
        ('when = "5 business days after signed"', ("5 business days after signed",)),
        ("when = 2027-05-03  # a Monday", ("2027-05-03",)),
        ('starts = "signed"\nlasts = "3 years"', ("--starts", "signed", "--lasts", "3 years")),
    ],
)
def test_what_is_pasted_from_a_file_is_tried_as_it_stands_there(
    call: Caller, pasted: str, plain: tuple[str, ...]
) -> None:
    call.write("events.toml", LEASE)

    assert call("try", pasted).out == call("try", *plain).out != ""


def test_what_goes_on_names_its_next_days(call: Caller) -> None:
    call.write("events.toml", LEASE)

    called = call("try", "2027-01-31", "--repeats", "1 month", "--as-of", "2027-01-01")

    assert called.out.splitlines()[-1] == (
        "Next: 2027-01-31, 2027-02-28, 2027-03-31, 2027-04-30, 2027-05-31"
    )


def test_a_line_that_cannot_be_read_is_marked_with_what_to_write(call: Caller) -> None:
    call.write("events.toml", LEASE)

    called = call("try", "end of Q3 2027")

    assert called.code == 1
    assert called.out == ""
    assert "    1 | end of Q3 2027\n" in called.err
    assert "  write  through 2027-Q3" in called.err


def test_a_name_that_is_not_there_has_the_nearest(call: Caller) -> None:
    call.write("events.toml", LEASE)

    called = call("try", "30 days after sined")

    assert called.code == 1
    assert "signed" in called.err.split("sined", 1)[1]


def test_without_any_file_a_line_of_its_own_is_tried(call: Caller) -> None:
    called = call("try", "through 2027-02", "--timezone", "Asia/Tokyo", "--as-of", "2027-01-01")

    assert called.code == 0
    assert called.out.startswith("through 2027-02: ")
    assert not list(call.folder.iterdir())


def test_what_is_supposed_counts(call: Caller) -> None:
    call.write("events.toml", LEASE)
    line = ("try", "10 days after verified", "--as-of", "2027-01-01")

    waiting = call(*line)
    supposed = call(*line, "--suppose", "verified=2027-06-01")

    assert "11 June 2027" not in waiting.out
    assert "10 days after verified: 11 June 2027" in supposed.out


def test_as_json_it_is_the_point_with_its_steps(call: Caller) -> None:
    call.write("events.toml", LEASE)

    (point,) = json.loads(call("try", "30 days after signed", "--json").out)

    assert point["counts_to"] == "2027-04-30"
    assert point["why"]["stated"] == "30 days after signed"


def test_of_several_agreements_one_has_to_be_named(call: Caller) -> None:
    call.write("events.toml", LEASE)
    call.write("grant.toml", LEASE.replace('"lease"', '"grant"').replace("2027-03", "2027-05"))
    both = ("-f", "events.toml", "-f", "grant.toml")

    assert call("try", "1 day after signed", *both).code == 2
    assert "1 June 2027" in call("try", "1 day after signed", *both, "--agreement", "grant").out


def test_a_faulty_file_says_what_is_wrong_with_it(call: Caller) -> None:
    call.write("events.toml", LEASE.replace("2027-03-31", "2027-02-30"))

    called = call("try", "2027-01-01")

    assert called.code == 1
    assert "events.toml:9" in called.err


def test_a_call_without_a_line_says_what_to_write(call: Caller) -> None:
    called = call("try")

    assert called.code == 2
    assert "tracker try" in called.err


@pytest.mark.parametrize(
    ("line", "case"),
    [
        ("", "line-ends"),
        ("30 days after\x1b[31m signed", "character"),
        ("2027-01-01\u202e", "character"),
        ("30 days after this-line", "unknown-ref"),
        ("30 dyas after signed", ""),
    ],
)
def test_what_is_wrong_with_a_line_is_said_of_the_line_alone(
    call: Caller, line: str, case: str
) -> None:
    call.write("events.toml", LEASE)

    plain, rows = call("try", line), json.loads(call("try", line, "--json").out)

    assert plain.code == 1
    assert plain.out == ""
    assert "\x1b" not in plain.err
    assert "title" not in plain.err
    assert rows
    assert {row["key"] for row in rows} == {"when"}
    assert not case or case in rows[0]["case"]
