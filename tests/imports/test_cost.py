"""What an import costs: no more for each entry however many there are, and less than a library's parse."""

from __future__ import annotations

from datetime import date

from icalendar import Calendar

from tests.calls_counted import calls
from tests.imports.desk import ImportDesk, desk, event

__all__ = ["desk"]


def _fill(desk: ImportDesk, count: int) -> bytes:
    entries = (
        event(
            f"{number}@example.org",
            f"Meeting {number % 7}",
            f"DTSTART;TZID=Europe/Berlin:{date(2027, 1 + number % 12, 1 + number % 28):%Y%m%d}T090000",
            f"DESCRIPTION:About what number {number} is\\, and\\nmore",
            "LOCATION:Room 5",
            "SEQUENCE:0",
            "STATUS:CONFIRMED",
            "TRANSP:OPAQUE",
        )
        for number in range(count)
    )
    return desk.calendar(*entries).read_bytes()


def _cost(desk: ImportDesk, count: int) -> int:
    _fill(desk, count)
    (desk.folder / "events.toml").unlink(missing_ok=True)
    return calls(lambda: desk.bring("work.ics"))


def test_ten_times_as_many_entries_cost_ten_times_as_much(desk: ImportDesk) -> None:
    desk.bring("none.ics")
    _cost(desk, 1)
    few, many = _cost(desk, 40), _cost(desk, 400)

    assert many < few * 11


def test_an_import_calls_less_than_a_library_does_to_parse_the_same(desk: ImportDesk) -> None:
    content = _fill(desk, 300)
    by_library = calls(lambda: Calendar.from_ical(content))

    assert calls(lambda: desk.bring("work.ics")) < 1.3 * by_library
