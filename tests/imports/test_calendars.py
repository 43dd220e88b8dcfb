"""What calendar programs write, and the lines that it comes to, each worked by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.imports.desk import event
from tracker.imports.foreign import ForeignFile, Wishes
from tracker.imports.reading import read_foreign_file

#: As Exchange writes it, with a zone of its own.
OWN_ZONE = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""
WEEKLY = ("DTSTART;TZID=Europe/Berlin:20270104T090000", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10")


def _lines(*parts: str, header: str = "") -> dict[str, Any]:
    text = "\r\n".join(("BEGIN:VCALENDAR", header, *parts, "END:VCALENDAR", ""))
    day = date(2026, 12, 1)
    file = ForeignFile("a.ics", text.replace("\n", "\r\n").encode())
    content = read_foreign_file(file, Wishes(day, None, (), day))[1]
    keys = ("when", "starts", "ends", "repeats", "withdrawn", "occurred")
    return {
        known.title: " | ".join(
            f"{key} {value}" for key, value in known.fields if key in keys
        ).replace("datetime.date", "")
        for known in content.events
    }


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DTSTART;VALUE=DATE:20270301",), "when 2027-03-01"),
        (("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270302"), "when 2027-03-01"),
        (
            ("DTSTART;VALUE=DATE:20270301", "DTEND;VALUE=DATE:20270304"),
            "starts 2027-03-01 | ends 2027-03-03",
        ),
        (
            ("DTSTART;VALUE=DATE:20270301", "DURATION:P3D"),
            "starts 2027-03-01 | ends 2027-03-03",
        ),
        (("DTSTART:20270301T090000Z", "DTEND:20270301T100000Z"), "when 2027-03-01 10:00 Europe/Berlin"),
        (("DTSTART:20270301T090000",), "when 2027-03-01 09:00"),
        (
            ("DTSTART;TZID=W. Europe Standard Time:20270301T090000",),
            "when 2027-03-01 09:00 Europe/Berlin",
        ),
        (
            ("DTSTART;TZID=/mozilla.org/20050126_1/Asia/Tokyo:20270301T090000",),
            "when 2027-03-01 09:00 Asia/Tokyo",
        ),
        (
            ("DTSTART;TZID=Customized Time Zone:20270301T090000",),
            "when 2027-03-01 09:00 Europe/Berlin",
        ),
        (
            ("DTSTART;TZID=Europe/Berlin:20270301T220000", "DURATION:PT6H"),
            "starts 2027-03-01 22:00 Europe/Berlin | ends 2027-03-02 04:00 Europe/Berlin",
        ),
        (
            ("DTSTART;TZID=Europe/Berlin:20270104T090000", "RRULE:FREQ=WEEKLY;UNTIL=20270118T075959Z"),
            "when 2027-01-04 09:00 Europe/Berlin | repeats FREQ=WEEKLY;UNTIL=20270117",
        ),
        (
            ("DTSTART;TZID=Europe/Berlin:20270104T090000", "RRULE:FREQ=WEEKLY;UNTIL=20270118T080000Z"),
            "when 2027-01-04 09:00 Europe/Berlin | repeats FREQ=WEEKLY;UNTIL=20270118",
        ),
        (
            (*WEEKLY, "EXDATE;TZID=Europe/Berlin:20270111T090000", "LAST-MODIFIED:20261101T000000Z"),
            ("when 2027-01-04 09:00 Europe/Berlin | repeats FREQ=WEEKLY;BYDAY=MO;COUNT=10"
            " | withdrawn {'2027-01-11': (2026, 11, 1)}"),
        ),
    ],
)  # fmt: skip
def test_an_appointment(lines: tuple[str, ...], said: str) -> None:
    assert _lines(OWN_ZONE, event("1", "A", *lines)) == {"A": said}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("DUE;VALUE=DATE:20261101",), "when 2026-11-01"),
        (("DTSTART;VALUE=DATE:20270301",), "when not before 2027-03-01"),
        ((), "when open"),
        (
            ("DUE;VALUE=DATE:20270301", "STATUS:COMPLETED", "COMPLETED:20261130T101500Z"),
            "when 2027-03-01 | occurred 2026-11-30 10:15 UTC",
        ),
    ],
)
def test_a_task(lines: tuple[str, ...], said: str) -> None:
    assert _lines(event("1", "A", *lines, kind="VTODO")) == {"A": said}


def test_a_time_in_utc_is_by_the_clocks_of_the_calendar_also_where_the_day_differs() -> None:
    late = event("1", "A", "DTSTART:20270301T233000Z")

    assert _lines(late, header="X-WR-TIMEZONE:Asia/Tokyo") == {
        "A": "when 2027-03-02 08:30 Asia/Tokyo"
    }


def test_an_occurrence_that_was_moved_is_an_event_of_its_own() -> None:
    moved = event(
        "1",
        "A moved",
        "DTSTART;TZID=Europe/Berlin:20270112T100000",
        "RECURRENCE-ID;TZID=Europe/Berlin:20270111T090000",
        "LAST-MODIFIED:20261101T000000Z",
    )

    stated = _lines(event("1", "A", *WEEKLY), moved)

    assert stated["A moved"] == "when 2027-01-12 10:00 Europe/Berlin"
    assert stated["A"].endswith("withdrawn {'2027-01-11': (2026, 11, 1)}")


@pytest.mark.parametrize(
    ("start", "after"),
    [
        ("20270125T100000", "when 2027-01-25 10:00 Europe/Berlin | repeats FREQ=WEEKLY;BYDAY=MO;COUNT=7"),
        ("20270127T100000", "when 2027-01-27 10:00 Europe/Berlin | repeats FREQ=WEEKLY;COUNT=7"),
    ],
)  # fmt: skip
def test_this_and_all_following_is_another_series(start: str, after: str) -> None:
    rest = event(
        "1",
        "A later",
        f"DTSTART;TZID=Europe/Berlin:{start}",
        "RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Berlin:20270125T090000",
    )

    assert _lines(event("1", "A", *WEEKLY), rest) == {
        "A": "when 2027-01-04 09:00 Europe/Berlin | repeats FREQ=WEEKLY;BYDAY=MO;UNTIL=20270124",
        "A later": after,
    }
