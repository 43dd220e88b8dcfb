"""What a cell leaves open is asked about, or refused with what to write: never guessed."""

from __future__ import annotations

import shlex
from typing import NamedTuple

import pytest

from tests.imports.reading import left_out, lines, read
from tests.imports.test_sheet_days import sheet
from tracker.imports.foreign import ForeignContent, ForeignFile


class Asked(NamedTuple):
    """A cell, what is asked of it, and what one answer makes of it."""

    written: str
    question: str
    answer: tuple[str, str]
    line: str


_ASKED = [
    # years of two digits
    Asked("31.12.99", "century", ("due", "1900s"), "1999-12-31"),
    Asked("31.12.99", "century", ("due", "2000s"), "2099-12-31"),
    Asked("12/31/85", "century", ("due", "2000s"), "2085-12-31"),
    Asked("99-12-31", "century", ("due", "1900s"), "1999-12-31"),
    Asked("31-Dec-85", "century", ("due", "1900s"), "1985-12-31"),
    Asked("31. März 60", "century", ("due", "1900s"), "1960-03-31"),
    Asked("Q3 99", "century", ("due", "1900s"), "through 1999-Q3"),
    Asked("Dec 99", "century", ("due", "2000s"), "through 2099-12"),
    # a month and a number
    Asked("Mar-27", "month-or-day", ("due", "month-and-year"), "through 2027-03"),
    Asked("Mar-27", "month-or-day", ("due", "day-of-2026"), "2026-03-27"),
    Asked("Mrz 27", "month-or-day", ("due", "month-and-year"), "through 2027-03"),
    # abbreviations of zones
    Asked(
        "2027-07-31 17:00 EST",
        "zone-name",
        ("EST", "America/New_York"),
        "2027-07-31 17:00 America/New_York",
    ),
    Asked("31.1.2027 5 pm EST", "zone-name", ("EST", "Etc/GMT+5"), "2027-01-31 17:00 Etc/GMT+5"),
    Asked(
        "2027-07-31 17:00 (CET)", "zone-name", ("CET", "Etc/GMT-1"), "2027-07-31 17:00 Etc/GMT-1"
    ),
    Asked(
        "31.03.2027 17:00 MEZ",
        "zone-name",
        ("MEZ", "Europe/Berlin"),
        "2027-03-31 17:00 Europe/Berlin",
    ),
    Asked(
        "2027-03-31 17:00 IST", "zone-name", ("IST", "Asia/Kolkata"), "2027-03-31 17:00 Asia/Kolkata"
    ),
    Asked(
        "2027-03-31 17:00 CST",
        "zone-name",
        ("CST", "Asia/Shanghai"),
        "2027-03-31 17:00 Asia/Shanghai",
    ),
    Asked("2027-03-31 17:00 GMT", "zone-name", ("GMT", "UTC"), "2027-03-31 17:00 UTC"),
    # seconds since 1970
    Asked("1806512400", "unix-time", ("due", "unix-time"), "2027-03-31 17:00 UTC"),
    Asked("1806512400000", "unix-time", ("due", "unix-time"), "2027-03-31 17:00 UTC"),
    # two days
    Asked("1–3 May 2027", "range", ("due", "last-day"), "2027-05-03"),
    Asked("1–3 May 2027", "range", ("due", "a-term"), "2027-05-01..2027-05-03"),
    Asked(
        "2027-05-01 to 2027-05-03",
        "range",
        ("due", "a-window"),
        "between 2027-05-01 and 2027-05-03",
    ),
]  # fmt: skip


def test_what_has_two_readings_is_asked_once_and_read_as_answered() -> None:
    for case in _ASKED:
        asked = sheet(case.written, case.written, "2027-01-01")
        settled = sheet(case.written, **dict([case.answer]))

        (question,) = asked.questions
        assert (question.name, [place.number for place in question.places]) == (
            case.question,
            [2, 3],
        ), case
        assert f"{case.answer[0]}={case.answer[1]}" in _offers(asked), case
        assert lines(asked) == {"C": "2027-01-01"}, case
        assert (lines(settled), settled.questions) == ({"A": case.line}, ()), case


def _offers(content: ForeignContent) -> list[str]:
    return [shlex.split(text)[1] for question in content.questions for text in question.answers]


def test_a_year_of_two_digits_that_every_program_reads_alike_is_not_asked_about() -> None:
    given = {
        "31.12.49": "2049-12-31",
        "31.01.00": "2000-01-31",
        "Fri 31.12.99": "1999-12-31",  # in 2099 it is a Thursday
        "Thu 31.12.99": "2099-12-31",
        "31.12.2099": "2099-12-31",
        "S60.1.31": "1985-01-31",  # of an era
    }

    assert {text: lines(sheet(text)).get("A") for text in given} == given


def test_a_zone_that_has_one_clock_all_year_is_not_asked_about() -> None:
    given = {
        "2027-07-31 17:00 JST": "2027-07-31 17:00 Asia/Tokyo",
        "2027-07-31 17:00 UTC": "2027-07-31 17:00 UTC",
        "2027-07-31 17:00 ET": "2027-07-31 17:00 America/New_York",
        "2027-07-31T17:00:00+02:00": "2027-07-31 15:00 UTC",
        "2027-07-31 AoE": "2027-07-31 AoE",
    }

    assert {text: lines(sheet(text)).get("A") for text in given} == given


def test_a_year_for_the_column_does_not_say_that_a_number_is_a_day() -> None:
    content = sheet("Mar-27", "15.03.", due="2026")

    assert lines(content) == {"B": "2026-03-15"}
    assert _offers(content) == ["due=month-and-year", "due=day-of-2026"]


def test_what_a_day_leaves_open_is_asked_all_at_once() -> None:
    content = sheet("01/02")

    assert [question.name for question in content.questions] == ["no-year", "readings"]
    assert [q.name for q in sheet("03/04/99").questions] == ["readings", "century"]


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("2027-13-01", "day-no-such-day"),
        ("31/02", "day-no-such-day"),
        ("1900-01-00", "day-no-such-day"),
        ("9999-12-31", "day-far-day"),
        ("31.12.1899", "day-far-day"),
        ("0027-03-31", "day-far-day"),
        ("3 May – 30 April 2027", "day-range-backwards"),
        ("60", "day-no-day"),
        ("12:30", "day-no-day"),
        ("MAR27", "day-no-day"),
        ("31 марта 2027", "day-no-day"),
        ("Mai/Juni 2027", "day-no-day"),
    ],
)
def test_what_cannot_be_a_day_is_refused_and_the_rest_is_read(written: str, reason: str) -> None:
    content = sheet("2027-01-01", written)

    assert lines(content) == {"A": "2027-01-01"}
    assert list(left_out(content)) == [reason]


def test_a_weekday_before_or_behind_a_day_must_be_its() -> None:
    right = [
        "Mi, 31. März 2027", "Mittwoch, den 31. März 2027", "Mi 31.03.2027", "Wed, March 31, 2027",
        "Wednesday 31st March 2027", "mercredi 31 mars 2027", "mié. 31/03/2027",
        "miércoles, 31 de marzo de 2027", "woensdag 31 maart 2027", "2027年3月31日(水)",
        "2027年3月31日 水曜日", "2027/03/31（水）", "31 Mar 2027 (Wed)", "31.03.2027 Mi",
        "quarta-feira, 31 de março de 2027", "Mi 31.03.27",
    ]  # fmt: skip
    wrong = [
        "Di, 31. März 2027", "Donnerstag, den 31. März 2027", "Thu, March 31, 2027",
        "mardi 31 mars 2027", "2027年3月31日(火)", "2027/03/31（木）", "31 Mar 2027 (Tue)",
    ]  # fmt: skip

    assert {text: lines(sheet(text)) for text in right} == {
        text: {"A": "2027-03-31"} for text in right
    }
    assert {text: list(left_out(sheet(text))) for text in wrong} == {
        text: ["day-other-weekday"] for text in wrong
    }
    assert lines(sheet("Mar 31, 2027")) == {"A": "2027-03-31"}  # a month, and no martes


def test_ranges_are_read_however_they_are_written() -> None:
    written = [
        "1–3 May 2027", "1-3 May 2027", "1. - 3. Mai 2027", "vom 1. bis 3. Mai 2027", "1.-3.5.2027",
        "01.05. – 03.05.2027", "01.05.2027 - 03.05.2027", "May 1-3, 2027", "May 1 – May 3, 2027",
        "2027-05-01 to 2027-05-03", "2027-05-01/2027-05-03", "2027/05/01-2027/05/03",
        "2027/05/01〜05/03", "2027年5月1日〜3日", "2027年5月1日から5月3日まで",
        "du 1 au 3 mai 2027", "del 1 al 3 de mayo de 2027", "Sat 1 May – Mon 3 May 2027",
        "between 1 and 3 May 2027",
    ]  # fmt: skip

    given = {text: lines(sheet(text, heading="Date", when="a-term")) for text in written}

    assert given == {text: {"A": "2027-05-01..2027-05-03"} for text in written}


def test_a_range_is_read_in_the_order_that_its_column_proves() -> None:
    content = sheet("01/05/2027 - 03/05/2027", "30/06/2027", heading="Date", when="a-term")

    assert lines(content) == {"A": "2027-05-01..2027-05-03", "B": "2027-06-30"}


def _zoned(*rows: str, heading: str = "Timezone", **answers: str) -> ForeignContent:
    text = f"Task,Date,Time,{heading}\n" + "".join(f"{row}\n" for row in rows)
    return read("separated", ForeignFile("zones.csv", text.encode()), "Europe/Berlin", **answers)


@pytest.mark.parametrize("heading", ["Timezone", "Time zone", "Zeitzone", "タイムゾーン", "TZ"])
def test_a_column_of_zones_says_by_which_clocks_the_rows_times_are(heading: str) -> None:
    content = _zoned(
        "A,2027-03-31,17:00,America/New_York",
        "B,2027-03-31,17:00,Tokyo",
        "C,2027-03-31,17:00,UTC+5:30",
        "D,2027-03-31,17:00,W. Europe Standard Time",
        "E,2027-03-31,17:00,",
        "F,2027-03-31,,AoE",
        "G,2027-03-31,17:00 UTC,Asia/Tokyo",
        heading=heading,
    )

    assert lines(content) == {
        "A": "2027-03-31 17:00 America/New_York",
        "B": "2027-03-31 17:00 Asia/Tokyo",
        "C": "2027-03-31 11:30 UTC",
        "D": "2027-03-31 17:00 Europe/Berlin",
        "E": "2027-03-31 17:00",
        "F": "2027-03-31 AoE",
        "G": "2027-03-31 17:00 UTC",
    }


def test_an_unknown_zone_is_refused_row_by_row_with_those_like_it() -> None:
    rows = ["A,2027-03-31,17:00,Europe/Berln", "B,2027-03-31,17:00,Asia/Tokyo"]
    content = _zoned(*rows)

    assert list(lines(content)) == ["B"]
    (left,) = [left for left in content.left_out if left.reason == "zone-unknown"]
    assert dict(left.values)["write"] == "--map Europe/Berln=Europe/Berlin"
    said = {"Europe/Berln": "Europe/Berlin"}
    assert lines(_zoned(*rows, **said))["A"] == "2027-03-31 17:00 Europe/Berlin"


def test_an_abbreviation_of_a_zone_is_asked_about_once_for_the_file() -> None:
    content = _zoned(
        "A,2027-03-31,17:00,CST", "B,2027-03-31,17:00 CST,", "C,2027-03-31 09:00 CST,,"
    )

    (question,) = content.questions
    assert (question.name, len(question.places)) == ("zone-name", 3)
    assert lines(content) == {}


def test_a_day_without_a_time_keeps_its_zone_in_the_note() -> None:
    content = _zoned("A,2027-03-31,,America/New_York", "B,2027-03-31,,Europe/Berlin")

    assert [dict(event.fields) for event in content.events] == [
        {"when": "2027-03-31", "note": "Timezone: America/New_York"},
        {"when": "2027-03-31"},
    ]


def test_a_column_called_unix_time_is_read_as_that() -> None:
    for heading in ("Due (Unix)", "Due (epoch)", "Unix timestamp"):
        assert lines(sheet("1806512400", heading=heading)) == {"A": "2027-03-31 17:00 UTC"}


def test_year_month_and_day_in_three_columns_are_one_day() -> None:
    def parted(head: str, *rows: str) -> ForeignContent:
        text = "\n".join((head, *rows, ""))
        return read("separated", ForeignFile("parts.csv", text.encode()))

    content = parted(
        "Task,Year,Month,Day", "A,2027,3,31", "B,2027,April,1", "C,99,1,2", "D,2027,13,1"
    )

    assert lines(content) == {"A": "2027-03-31", "B": "2027-04-01"}
    assert _offers(content) == ["when=1900s", "when=2000s"]
    assert left_out(content)["day-no-such-day"] == ["2027-13-01"]
    assert [(c.letters, c.key) for c in content.columns if c.key] == [
        ("A", "title"),
        ("B+C+D", "when"),
    ]
    assert lines(parted("件名,年,月,日", "A,令和9,3,31")) == {"A": "2027-03-31"}
    assert lines(parted("Aufgabe,Tag,Monat,Jahr", "A,31,März,2027")) == {"A": "2027-03-31"}
    # where another column has the days, the year is a column like any other
    assert lines(parted("Task,Due,Year,Month", "A,2027-03-31,2026,1")) == {"A": "2027-03-31"}
