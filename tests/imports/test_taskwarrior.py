"""Taskwarrior: a day is a day of who wrote it, what recurs repeats, what was done is recorded."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from tests.imports.reading import left_out, lines, read, sample
from tracker.imports.foreign import ForeignFile


def _export(*tasks: dict[str, Any], one_a_line: bool = False) -> ForeignFile:
    whole = [
        {"uuid": f"u{number}", "status": "pending", "entry": "20261201T014411Z"} | task
        for number, task in enumerate(tasks)
    ]
    text = "\n".join(map(json.dumps, whole)) if one_a_line else json.dumps(whole)
    return ForeignFile("tasks.json", text.encode())


def test_the_midnight_of_who_wrote_it_is_a_day() -> None:
    stated = lines(read("taskwarrior", sample("taskwarrior.json"), "Europe/Berlin"))

    assert stated == {
        "File the VAT return": "2027-01-10",
        "Call the landlord": "2026-12-15 14:30 Europe/Berlin",
        "Pay the rent": "2026-11-03, 1 month, 13 in all",
        "Water filter": "2026-11-30, 3 weeks",
        "Send the contract": "2026-12-20",
        "Deliver the slides": "2026-11-20",
    }


def test_without_a_zone_nobody_guesses_which_day_is_meant() -> None:
    content = read("taskwarrior", sample("taskwarrior.json"))

    assert content.events == ()
    assert content.questions[0].name == "zone-of-days"
    assert "--map timezone=Europe/Berlin" in content.questions[0].answers


def test_the_zone_of_the_file_is_not_taken_for_that_of_who_wrote_the_tasks() -> None:
    file = sample("taskwarrior.json")

    assert read("taskwarrior", file, "UTC").questions[0].name == "zone-of-days"
    answered = read("taskwarrior", file, "UTC", timezone="Europe/Berlin")
    assert lines(answered)["File the VAT return"] == "2027-01-10"


def test_one_hour_that_is_a_midnight_elsewhere_settles_no_zone() -> None:
    at_nine_in_tokyo = {"description": "Call", "due": "20270110T000000Z"}
    days_of_tokyo = [
        {"description": f"Day {day}", "due": f"202701{day}T150000Z"} for day in (11, 12, 13)
    ]
    content = read("taskwarrior", _export(at_nine_in_tokyo, *days_of_tokyo), "UTC")

    assert content.events == ()
    assert content.questions[0].name == "zone-of-days"


def test_what_was_done_is_recorded_and_an_occurrence_under_its_day() -> None:
    events = {
        event.title: dict(event.fields)
        for event in read("taskwarrior", sample("taskwarrior.json"), "Europe/Berlin").events
    }

    assert events["Deliver the slides"]["occurred"] == date(2026, 12, 1)
    assert events["Pay the rent"]["occurred"] == {"2026-11-03": date(2026, 12, 1)}
    assert "occurred" not in events["Water filter"]


def test_what_is_not_taken_over_is_told() -> None:
    told = left_out(read("taskwarrior", sample("taskwarrior.json"), "Europe/Berlin"))

    assert told["deleted"] == ["Old thing"]
    assert told["no-date"] == ["Someday: learn Go"]
    assert set(told["no-place"]) == {"client", "priority", "wait", "scheduled", "depends"}
    assert told["occurrence"] == ["Pay the rent", "Water filter"]


def test_one_task_a_line_is_the_same_and_a_broken_line_costs_itself_alone() -> None:
    file = _export(
        {"description": "A", "due": "20270110T000000Z"},
        {"description": "B", "due": "20270111T000000Z"},
        one_a_line=True,
    )
    broken = ForeignFile("tasks.json", b'{"uuid": "x", oops\n' + file.content)

    assert lines(read("taskwarrior", broken, "UTC")) == {"A": "2027-01-10", "B": "2027-01-11"}
    assert left_out(read("taskwarrior", broken, "UTC"))["broken-entry"] == ['{"uuid": "x", oops']


@pytest.mark.parametrize(
    ("words", "repeats"),
    [
        ("daily", "1 day"),
        ("weekdays", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
        ("2wks", "2 weeks"),
        ("fortnight", "2 weeks"),
        ("monthly", "1 month"),
        ("3m", "3 months"),
        ("P1M", "1 month"),
        ("P18M", "18 months"),
        ("2q", "2 quarters"),
        ("semiannual", "6 months"),
        ("yearly", "1 year"),
        ("90days", "90 days"),
        ("P10D", "10 days"),
    ],
)
def test_what_recurs_repeats_as_often(words: str, repeats: str) -> None:
    file = _export(
        {"description": "A", "due": "20270110T000000Z", "recur": words, "status": "recurring"}
    )

    assert lines(read("taskwarrior", file, "UTC")) == {"A": f"2027-01-10, {repeats}"}


@pytest.mark.parametrize("words", ["3mo", "2months", "1y", "1year", "1quarter", "P1Y2M"])
def test_months_that_are_days_to_the_program_are_asked_about(words: str) -> None:
    file = _export(
        {"description": "A", "due": "20270110T000000Z", "recur": words, "status": "recurring"}
    )

    content = read("taskwarrior", file, "UTC")
    answered = read("taskwarrior", file, "UTC", **{words: "3 months"})

    assert [question.name for question in content.questions] == ["length"]
    assert len(content.questions[0].answers) == 2
    assert lines(answered) == {"A": "2027-01-10, 3 months"}


@pytest.mark.parametrize("words", ["hourly", "P", "PT3H", "0days", "sometimes", "", 7])
def test_what_cannot_be_said_of_a_length_is_told(words: object) -> None:
    file = _export(
        {"description": "A", "due": "20270110T000000Z", "recur": words, "status": "recurring"}
    )

    content = read("taskwarrior", file, "UTC")

    assert lines(content) == {"A": "2027-01-10"}
    assert "no-repeat-length" in left_out(content)


def test_a_child_that_was_moved_is_an_event_of_its_own() -> None:
    file = _export(
        {
            "description": "Rent",
            "due": "20270110T000000Z",
            "recur": "monthly",
            "status": "recurring",
        },
        {"description": "Rent", "due": "20270213T000000Z", "parent": "u0", "imask": 1},
    )

    content = read("taskwarrior", file, "UTC")

    assert [dict(event.fields)["when"] for event in content.events] == ["2027-02-13", "2027-01-10"]


def test_a_task_without_a_date_is_open_where_all_are_asked_for() -> None:
    file = _export({"description": "A"}, {"description": "B", "scheduled": "20270110T000000Z"})

    assert lines(read("taskwarrior", file, "UTC")) == {"B": "not before 2027-01-10"}
    assert lines(read("taskwarrior", file, "UTC", None)) == {
        "A": "open",
        "B": "not before 2027-01-10",
    }


def test_someday_is_no_day() -> None:
    content = read(
        "taskwarrior",
        _export(
            {"description": "Sort the cellar", "due": "99991229T230000Z"},
            {"description": "Pay", "due": "20270109T230000Z"},
        ),
        "Europe/Berlin",
    )

    assert lines(content) == {"Sort the cellar": "open", "Pay": "2027-01-10"}
    assert left_out(content) == {"not-known-yet": ["Sort the cellar"]}


def test_of_what_recurs_by_the_hour_its_first_task_is_one_event() -> None:
    due = {"description": "Look at the oven", "due": "20270109T110000Z", "recur": "12h"}
    content = read(
        "taskwarrior",
        _export(
            due | {"status": "recurring"},
            due | {"parent": "u0", "imask": 0},
            due | {"parent": "u0", "imask": 1, "due": "20270109T230000Z"},
        ),
        timezone="Europe/Berlin",
    )

    assert [event.foreign_id for event in content.events] == ["u1", "u2"]
    assert left_out(content)["no-repeat-length"] == ["recur"]


@pytest.mark.parametrize("sign", ["\u2028", "\x85", "\x0c"])
def test_a_sign_that_only_looks_like_the_end_of_a_line_ends_no_task(sign: str) -> None:
    task = {"uuid": "u", "status": "pending", "entry": "", "due": "20270109T230000Z"}
    text = json.dumps(task | {"description": "Pay \u2028 rent"}, ensure_ascii=False)
    file = ForeignFile(
        "tasks.json", text.replace("\u2028", sign if sign != "\x0c" else "\\f").encode()
    )

    assert list(lines(read("taskwarrior", file, "Europe/Berlin"))) == ["Pay rent"]


def test_one_of_a_series_that_is_not_in_the_file_is_taken_alone_and_told() -> None:
    """What `task status:pending export` writes: the task that recurs has a status of its own."""
    child = {
        "description": "Rent",
        "due": "20270110T000000Z",
        "recur": "monthly",
        "rtype": "periodic",
        "parent": "25914d28-83a2-4bb3-9e01-2bf31e1eec95",
        "imask": 2,
    }

    content = read("taskwarrior", _export(child), "UTC")

    assert lines(content) == {"Rent": "2027-01-10"}
    assert left_out(content) == {"series-not-there": ["Rent"]}


def test_what_version_3_writes_is_read_whole() -> None:
    """Waiting is a status that it works out; `depends` is a list; a task may be under way."""
    waits = {
        "id": 1, "description": "Order", "due": "20270310T000000Z", "wait": "20270301T000000Z",
        "scheduled": "20270305T000000Z", "status": "waiting", "until": "20270401T000000Z",
        "depends": ["u1"], "start": "20261201T080000Z", "tags": ["home"], "urgency": 4.2,
        "annotations": [
            {"entry": "20261201T014411Z", "description": "call first"},
            {"entry": "20261202T014411Z", "description": "then write"},
        ],
    }  # fmt: skip
    master = {
        "id": 2, "description": "Rent", "due": "20270110T000000Z", "recur": "P1M", "mask": "+W",
        "rtype": "periodic", "status": "recurring", "last": "2", "until": "20270610T000000Z",
    }  # fmt: skip
    first = {
        "id": 0, "description": "Rent", "due": "20270110T000000Z", "recur": "P1M", "imask": 0,
        "parent": "u1", "rtype": "periodic", "status": "completed", "end": "20270109T101500Z",
    }  # fmt: skip
    second = first | {"due": "20270210T000000Z", "imask": 1, "status": "waiting"}
    second |= {"wait": "20270201T000000Z"}
    del second["end"]

    content = read("taskwarrior", _export(waits, master, first, second), "UTC")

    events = {event.title: dict(event.fields) for event in content.events}
    assert events == {
        "Order": {"when": "2027-03-10", "tags": ["home"], "note": "call first\nthen write"},
        "Rent": {
            "when": "2027-01-10",
            "repeats": "1 month, 6 in all",
            "occurred": {"2027-01-10": date(2027, 1, 9)},
        },
    }
    assert left_out(content) == {
        "no-place": ["wait", "scheduled", "depends", "start", "until"],
        "occurrence": ["Rent"],
    }
