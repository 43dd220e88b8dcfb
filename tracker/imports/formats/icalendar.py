"""Calendars: iCalendar (RFC 5545) of Google, Outlook, Apple, Thunderbird, Nextcloud and others."""

from __future__ import annotations

import re

from tracker.i18n.progress import each
from tracker.imports.calendars.components import Calendar, Component, Property, parse_components
from tracker.imports.calendars.entries import CalendarReading
from tracker.imports.calendars.series import take_entries
from tracker.imports.calendars.zones import Zones
from tracker.imports.findings import Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.texts import file_text, one_line

MOST_BYTES = 50 * 1024 * 1024
_BEGIN = re.compile(r"\s*BEGIN\s*:\s*V[A-Z]+\s*$", re.IGNORECASE | re.MULTILINE)
_END = re.compile(r"^END:VCALENDAR\s*\Z", re.IGNORECASE | re.MULTILINE)
_ENDINGS = (".ics", ".ical", ".icalendar", ".ifb", ".vcs")


def recognises(file: ForeignFile) -> bool:
    """Whether a component begins it, or it is called as calendars are."""
    if file.is_json or file.head.lstrip().startswith("<"):
        return False
    return _BEGIN.match(file.head) is not None or file.ending in _ENDINGS


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """The entries of a calendar; raises Unreadable."""
    text = _text(file, dict(wishes.columns))
    calendar = parse_components(text)
    findings = Findings()
    if not calendar.entries:
        if not calendar.header and not calendar.zones:
            raise Unreadable("no-calendar")
        if not _END.search(text[-200:]):
            raise Unreadable("no-entries")
        findings.remark("calendar-empty")  # whoever exports all has such calendars as well
    header = calendar.header
    own = _own_zone(calendar)
    zones = Zones(calendar.zones, wishes.as_of.year, own, dict(wishes.columns))
    method = _value(header, "METHOD").upper()
    reading = CalendarReading(zones, wishes, findings, method == "CANCEL")
    by_uid = _by_uid(calendar.entries)
    for uid, components in each(wishes.progress, "entries-read", by_uid.items()):
        take_entries(uid, components, reading)
    if calendar.is_cut:
        findings.remark("calendar-cut")
    for name, like in zones.like.items():
        findings.remark("calendar-zone", zone=one_line(name, 100), like=like)
    _leave_out_bookkeeping(calendar, findings)
    title = one_line(_value(header, "X-WR-CALNAME") or _value(header, "NAME"))
    content = findings.content(title or None, zones.own or None)
    return ForeignContent(
        content.events,
        content.left_out,
        content.questions,
        content.title,
        content.timezone,
        remarks=content.remarks,
        has_global_ids=True,
    )


def _text(file: ForeignFile, said: dict[str, str]) -> str:
    """The text, in the letters that the call names, else in UTF-8 (RFC 5545, section 3.1.4)."""
    encoding = said.get("encoding")
    if encoding is None:
        return file_text(file, MOST_BYTES)
    try:
        return file.content.decode(encoding)
    except (LookupError, ValueError):
        raise Unreadable("encoding-said", (("encoding", one_line(encoding, 40)),)) from None


def _own_zone(calendar: Calendar) -> str:
    """The zone that the calendar itself names; of a single VTIMEZONE that one's."""
    return _value(calendar.header, "X-WR-TIMEZONE") or _value(calendar.header, "TIMEZONE-ID")


def _value(header: dict[str, list[Property]], name: str) -> str:
    return header[name][0].text.strip() if name in header else ""


def _by_uid(entries: list[Component]) -> dict[str, list[Component]]:
    """The entries by UID, in the order of the file; one without has what it says for its id."""
    by_uid: dict[str, list[Component]] = {}
    for component in entries:
        uid = one_line(component.value("UID"), 500)
        if not uid:
            texts = (component.name, component.value("DTSTART"), component.value("DUE"))
            uid = one_line("/".join((*texts, component.text("SUMMARY"))), 300)
        by_uid.setdefault(uid, []).append(component)
    return by_uid


def _leave_out_bookkeeping(calendar: Calendar, findings: Findings) -> None:
    """What programs put there for themselves, in one line."""
    names: dict[str, None] = {}
    times, first = 0, 0
    for component in calendar.entries:
        for name in component.properties:
            if name.startswith("X-"):
                names[name] = None
                times += 1
                first = first or component.line
    if times:
        few = ", ".join(one_line(name, 40) for name in list(names)[:3])
        what = few if len(names) <= 3 else f"{few} …"
        findings.leave_out(what, "of-its-program", ForeignPlace("line", first), times)
