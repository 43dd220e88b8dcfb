"""Whole calendars as seven programs write them: the days and times are those that other eyes read in them."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from icalendar import Calendar

from tests.imports.desk import DAY, ImportDesk, desk
from tests.imports.reading import SAMPLES

__all__ = ["desk"]

CALENDARS = "apple exchange fastmail google nextcloud outlook thunderbird".split()
FIRST, END = date(2026, 12, 1), date(2029, 6, 1)
#: It is due on another day than the one that repeats: its first occurrence is taken, which is told.
REPEATS_BY_START = "Umsatzsteuer"
ZONE = ZoneInfo("Europe/Berlin")  # of the file, and of what names none


def _moment(value: date) -> str:
    """A day, or an instant in UTC."""
    if not isinstance(value, datetime):
        return value.isoformat()
    local = value if value.tzinfo else value.replace(tzinfo=ZONE)
    return local.astimezone(UTC).isoformat()


def _last(source: Any, start: date) -> date:
    """The last day or time of what goes on for several days; else its beginning."""
    end: date = source.end
    if not isinstance(start, datetime) or not isinstance(end, datetime):
        return max(end - timedelta(days=1), start)
    if start.tzname() == "UTC":  # by the clocks of the calendar
        start, end = start.astimezone(ZONE), end.astimezone(ZONE)
    midnight = datetime.combine(start.date() + timedelta(days=1), time())
    is_one_day = end.date() == start.date() or end.replace(tzinfo=None) == midnight
    return start if is_one_day else end


def _expected(content: bytes) -> list[tuple[str, str, str]]:
    """What happens from now on, as two libraries read it: title, beginning, end."""
    calendar = Calendar.from_ical(content)
    sources = {
        (str(source["UID"]), "RRULE" in source): source
        for source in (*calendar.events, *calendar.todos)
        if "RECURRENCE-ID" not in source
    }
    rows = set()
    between = recurring_ical_events.of(calendar, components=["VEVENT", "VTODO"])
    for entry in between.between(FIRST - timedelta(days=60), END):
        start = entry.start if entry.name == "VEVENT" else entry.get("DUE") and entry.DUE
        if entry.get("STATUS") in ("CANCELLED", "COMPLETED") or not start:
            continue
        alone = sources.get((str(entry["UID"]), False))
        if alone is not None and entry.name == "VTODO" and "DUE" not in alone:
            continue
        last = start if alone is None or entry.name == "VTODO" else _last(alone, start)
        if entry.get("X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE" and isinstance(start, datetime):
            start = last = start.date()  # from midnight to midnight
        if FIRST.isoformat() <= _moment(last)[:10] and _moment(start)[:10] < END.isoformat():
            rows.add((str(entry["SUMMARY"]), _moment(start), _moment(last)))
    return sorted(rows)


def _listed(points: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """The same of what `tracker list --json` has."""
    whole: dict[tuple[str, str | None], dict[str, str]] = {}
    for point in points:
        moment = point["counts_to"]
        if moment is not None and point["status"] not in ("never", "occurred"):
            moment = _moment(datetime.fromisoformat(moment)) if "T" in moment else moment
            there = whole.setdefault((point["id"], point["occurrence"]), {"title": point["title"]})
            there[point["point"]] = moment
    rows = [
        (known["title"], known.get("when") or known["start"], known.get("when") or known["end"])
        for known in whole.values()
    ]
    return sorted(row for row in rows if row[1][:10] < END.isoformat())


@pytest.mark.parametrize("name", CALENDARS)
def test_the_agenda_has_the_days_and_times_of_the_calendar(desk: ImportDesk, name: str) -> None:
    content = (SAMPLES / f"{name}.ics").read_bytes()
    desk.write(f"{name}.ics", content)

    called = desk.bring(f"{name}.ics", "--timezone", "Europe/Berlin")

    assert called.code == (name == "thunderbird"), called.err  # a rule of its is told
    listed = _listed(json.loads(desk("list", "--json", "--as-of", DAY).out))
    expected = _expected(content)
    assert listed == [row for row in expected if row[0] != REPEATS_BY_START or row in listed]
    assert sum(row[0] == REPEATS_BY_START for row in listed) == (name == "thunderbird")
    assert desk("check", "--as-of", DAY).code == 0
    before = desk.text
    again = desk.bring(f"{name}.ics")
    assert (again.code, desk.text) == (called.code, before), again.out


#: What is told of each calendar besides: parts of the file, and parts of what is said.
BESIDES = {
    "google": (
        ["- Mietvertrag\n- Ausweis & Vollmacht", "Akte 17 (https://example.org/akte/17)"],
        ["CLASS:PRIVATE", "STATUS:TENTATIVE", "X-GOOGLE-CONFERENCE"],
    ),
    "outlook": (
        ['when = "2027-03-30 00:30 Europe/Berlin"', 'tags = ["Fristen", "Rote Kategorie"]'],
        ["ATTACH, line", "CLASS:PRIVATE", "X-ALT-DESC"],
    ),
    "exchange": (
        ['when = "2027-01-06"\n', "<https://teams.example.org/l/meetup-join/19%3ameeting_Njg"],
        ["“Customized Time Zone” is written as America/New_York", "PRIORITY, line"],
    ),
    "apple": (['reminders = ["1 hour"]', "Bürgeramt\nKarl-Marx-Straße 83, 12040 Berlin"], []),
    "thunderbird": (
        ['reminders = ["2 days"]', 'tags = ["Fristen", "Steuer, Finanzamt"]', 'when = "open"'],
        ["Umsatzsteuer, line", "VALARM, line", "VTODO, line"],
    ),
    "nextcloud": (['reminders = ["1 day", "2 hours"]'], ["RELATED-TO", "ATTACH"]),
    "fastmail": (['title = "Grant report; first draft"', 'reminders = ["1 day"]'], []),
}


@pytest.mark.parametrize("name", CALENDARS)
def test_what_else_a_calendar_says_is_taken_or_told(desk: ImportDesk, name: str) -> None:
    desk.write(f"{name}.ics", (SAMPLES / f"{name}.ics").read_bytes())

    called = desk.bring(f"{name}.ics", "--timezone", "Europe/Berlin")

    written, said = BESIDES[name]
    assert [part for part in written if part not in desk.text] == []
    assert [part for part in said if part not in called.out] == []
    # A series has the plain id, what is otherwise in it another.
    series = [event for event in desk.events.values() if "repeats" in event]
    assert not any(
        event["id"].endswith("-2")
        and event["id"][:-2] in desk.events
        and "repeats" not in desk.events[event["id"][:-2]]
        for event in series
    )
    # What says nothing is not told: seconds of bookkeeping, middle priorities, alarms that are none.
    assert "LAST-MODIFIED" not in called.out
    assert ("VALARM" in called.out) == (name in ("google", "outlook", "thunderbird"))
