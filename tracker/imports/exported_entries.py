"""The entries of a calendar that `tracker export` wrote, and what was made of them since."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Calendar
from icalendar.cal import Component

from tracker.imports.exported_calendar import (
    DAY_PROPERTY,
    HEAD_PROPERTY,
    MARK_PROPERTY,
    STATED_PROPERTY,
    stated_moment,
)
from tracker.imports.exported_events import add_exported, head_in
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import ForeignFile, ForeignPlace, Unreadable, Wishes
from tracker.imports.texts import file_text, one_line, several_lines

_MOST_BYTES = 20_000_000


def read_entries(file: ForeignFile, wishes: Wishes, findings: Findings) -> dict[str, Any]:
    """Adds the event of each entry; gives the head of the file that it came from."""
    text = file_text(file, _MOST_BYTES)
    try:
        calendar = Calendar.from_ical(text.lstrip())
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise Unreadable("no-calendar") from None
    entries = [part for part in calendar.subcomponents if part.name in ("VEVENT", "VTODO")]
    for number, entry in enumerate(entries, 1):
        _read_entry(entry, EntryReading(wishes, findings, ForeignPlace("entry", number)))
    return head_in(str(calendar.get(HEAD_PROPERTY, "")))


def _read_entry(entry: Component, at: EntryReading) -> None:
    summary = one_line(entry.get("SUMMARY", ""))
    stated = head_in(str(entry.get(STATED_PROPERTY, "")))
    if not stated:
        _read_new(entry, summary, at)
        return
    title = stated.get("title", "")
    _take_text(stated, "title", summary, str(title) if isinstance(title, str) else None, at)
    note = stated.get("note", "")
    words = several_lines(entry.get("DESCRIPTION", ""))
    _take_text(stated, "note", words, note if isinstance(note, str) else None, at)
    _take_days(entry, stated, at)
    add_exported(stated, str(entry.get(MARK_PROPERTY, "")), at)


def _take_text(
    stated: dict[str, Any], key: str, words: str, before: str | None, at: EntryReading
) -> None:
    """A title or note that was edited in the calendar; of one in several languages it is told."""
    if before is None:
        if words and words not in stated[key].values():
            at.leave_out(words[:80], "several-languages")
    elif words and words != one_line(before) and words != several_lines(before):
        stated[key] = words


def _take_days(entry: Component, stated: dict[str, Any], at: EntryReading) -> None:
    """The day to which somebody has moved it."""
    first, last = _moment(entry, "DTSTART"), _last_day(entry)
    days = str(entry.get(DAY_PROPERTY, "")).split(" ")
    changes = {}
    if first is not None and stated_moment(first) != days[0]:
        changes["when" if "when" in stated else "starts"] = _line(first)
    if last is not None and "ends" in stated and days[-1] != str(last):
        changes["ends"] = str(last)
    if not changes:
        return
    if "repeats" in stated or "lasts" in stated or "each " in str(stated.get("when", "")):
        at.leave_out(one_line(entry.get("SUMMARY", "")), "moved-in-calendar")
        return
    stated.update(changes)


def _moment(entry: Component, name: str) -> date | None:
    moment = getattr(entry.get(name), "dt", None)
    return moment if isinstance(moment, date) else None


def _last_day(entry: Component) -> date | None:
    """The day before DTEND, which is none of its days (RFC 5545, section 3.6.1)."""
    end = _moment(entry, "DTEND")
    if end is None or isinstance(end, datetime) or end == date.min:
        return None
    return end - timedelta(days=1)


def _line(moment: date) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    utc = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    return f"{utc:%Y-%m-%d %H:%M} UTC"


def _read_new(entry: Component, summary: str, at: EntryReading) -> None:
    """An entry that somebody has added to the calendar."""
    first = _moment(entry, "DTSTART") or _moment(entry, "DUE")
    if first is None or not summary:
        at.leave_out(summary or "VEVENT", "no-date" if summary else "no-name")
    elif "RRULE" in entry:
        at.leave_out(summary, "moved-in-calendar")
    else:
        add_exported({"title": summary, "when": _line(first)}, "", at)
