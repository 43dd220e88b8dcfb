"""One entry of a calendar, as the keys of an event: what it is called, when it is, what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from tracker.files.links import fault_in_link
from tracker.imports.calendars.components import Component, Property, comma_parts
from tracker.imports.calendars.times import NoTime, Time, by_clocks_of, duration_in, time_of
from tracker.imports.calendars.zones import UnknownZone, Zones
from tracker.imports.findings import Findings
from tracker.imports.foreign import ForeignPlace, Wishes
from tracker.imports.foreign_times import lead_of_length
from tracker.imports.html_texts import is_html, words_of_html
from tracker.imports.texts import one_line, several_lines

#: What calendar programs keep for themselves; it says nothing of when or what.
BOOKKEEPING = {
    "UID", "DTSTAMP", "CREATED", "LAST-MODIFIED", "SEQUENCE", "TRANSP", "COLOR", "REQUEST-STATUS",
    "RECURRENCE-ID", "PERCENT-COMPLETE", "IMAGE",
}  # fmt: skip
#: What becomes part of an event.
_TAKEN = {
    "SUMMARY", "DTSTART", "DTEND", "DURATION", "DUE", "COMPLETED", "STATUS", "RRULE", "RDATE",
    "EXDATE", "DESCRIPTION", "LOCATION", "CATEGORIES", "URL", "CLASS",
}  # fmt: skip
_PEOPLE = {"ATTENDEE", "ORGANIZER", "CONTACT"}
_PASSED_OVER = BOOKKEEPING | _TAKEN
_WHOLE_DAY = ("X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-MSNCALENDAR-ALLDAYEVENT")
_NO_TITLE = "-"


class CalendarReading(NamedTuple):
    """What entries of one file are read with."""

    zones: Zones
    wishes: Wishes
    findings: Findings
    is_cancelled: bool  #: whether the whole file takes back what it names (METHOD:CANCEL)


class EntrySpan(NamedTuple):
    """When an entry is: `when` alone, or from `when` to `end`."""

    start: Time
    end: Time | None
    is_open: bool = False  #: it may be done from then on


class CalendarEntry:
    """A component as it is read. What cannot be said is told as it is come upon."""

    def __init__(self, component: Component, reading: CalendarReading) -> None:
        self.component = component
        self.reading = reading
        self.place = ForeignPlace("line", component.line)

    def leave_out(self, what: str, reason: str, **values: str) -> None:
        """Tells what of it was not taken over."""
        self.reading.findings.leave_out(what, reason, self.place, 1, **values)

    @cached_property
    def title(self) -> str:
        """What it is called; where it is not, the first words that it says."""
        component = self.component
        for name in ("SUMMARY", "DESCRIPTION", "LOCATION", "UID"):
            text = one_line(component.text(name)) if name in component.properties else ""
            if text:
                if name != "SUMMARY":
                    self.leave_out(text, "no-summary")
                return text
        return _NO_TITLE

    @property
    def label(self) -> str:
        """What it is called where something is wrong with it."""
        return one_line(self.component.text("SUMMARY") or self.component.text("UID") or "…", 80)

    @property
    def is_task(self) -> bool:
        """Whether it is something to be done."""
        return self.component.name == "VTODO"

    @property
    def is_cancelled(self) -> bool:
        """Whether it will not be."""
        return self.reading.is_cancelled or self.status == "CANCELLED"

    @property
    def status(self) -> str:
        """Its STATUS."""
        return self.component.value("STATUS").upper()

    def time(self, name: str) -> Time | None:
        """The day or time of a property; None: there is none. Raises NoTime, UnknownZone."""
        stated = self.component.first(name)
        if stated is None or not stated.value.strip():
            return None
        time = time_of(stated, self.reading.zones)
        if time.has_seconds:
            self.leave_out(name, "seconds-of-time")
        return time

    # -- when

    def span(self) -> EntrySpan | None:
        """When it is; None: no day is stated. Raises NoTime, UnknownZone."""
        start = self.time("DTSTART")
        if self.is_task:
            return self._span_of_task(start)
        if start is None:
            return None
        start = self._as_day(start)
        return EntrySpan(start, self._end(start))

    def _as_day(self, time: Time) -> Time:
        """A midnight that its program says is a whole day: Exchange writes both."""
        is_day = time.clock == "00:00" and any(
            self.component.value(name).upper() == "TRUE" for name in _WHOLE_DAY
        )
        return time._replace(clock="") if is_day else time

    def _span_of_task(self, start: Time | None) -> EntrySpan | None:
        due = self.time("DUE")
        if due is None and start is not None and "DURATION" in self.component.properties:
            due = self._after_duration(start)
        if due is not None:
            if start is not None and start.line != due.line:
                self.leave_out("DTSTART", "start-of-task")
            return EntrySpan(due, None)
        return None if start is None else EntrySpan(start, None, is_open=True)

    def _end(self, start: Time) -> Time | None:
        """Its last day or time, where it lasts beyond the day on which it begins."""
        end = self.time("DTEND")
        if end is None and "DURATION" in self.component.properties:
            end = self._after_duration(start)
        if end is None:
            return None
        if not start.clock and end.clock:
            end = self._as_day(by_clocks_of(end, start.zone))
        if not start.clock or not end.clock:  # RFC 5545, section 3.8.2.2: the day after
            last = end.day if end.clock else end.day - timedelta(days=1)
            if last < start.day:
                if end.day < start.day:
                    self.leave_out("DTEND", "end-before-start")
                return None
            return None if last == start.day else Time(last)
        end = by_clocks_of(end, start.zone) if not _is_elsewhere(start, end) else end
        if end.day < start.day or (end.day == start.day and end.clock < start.clock):
            self.leave_out("DTEND", "end-before-start")
            return None
        if end.day == start.day:
            if end.clock != start.clock:
                self.leave_out("DTEND", "end-of-day")
            return None
        if end.clock == "00:00" and end.day - start.day == timedelta(days=1):  # its midnight
            self.leave_out("DTEND", "end-of-day")
            return None
        return end

    def _after_duration(self, start: Time) -> Time | None:
        length = duration_in(self.component.value("DURATION"))
        if length is None:
            self.leave_out(
                "DURATION", "no-length", words=one_line(self.component.value("DURATION"))
            )
            return None
        try:
            if not start.clock:
                return Time(start.day + length)
            return start.later_by(length)
        except OverflowError:
            raise NoTime(self.component.value("DURATION")) from None

    # -- what else is said

    def other_fields(self) -> dict[str, Any]:
        """Its note, link, tags and reminders."""
        component = self.component
        fields: dict[str, Any] = {}
        there = component.properties.keys()
        if "DESCRIPTION" in there or "LOCATION" in there:
            texts = [_lines_of(component.text(name)) for name in ("LOCATION", "DESCRIPTION")]
            note = "\n\n".join(text for text in texts if text)
            if note:
                fields["note"] = note
        if "CATEGORIES" in there:
            names = [
                one_line(name, 100)
                for stated in component.properties["CATEGORIES"]
                for name in comma_parts(stated.value)
            ]
            if tags := list(dict.fromkeys(filter(None, names))):
                fields["tags"] = tags
        if "URL" in there and (url := component.value("URL")):
            if fault_in_link(url) is None and url.isprintable():
                fields["url"] = url
            else:
                self.leave_out(one_line(url, 80), "no-link")
        if component.parts:
            self._add_reminders(fields)
        self._leave_out_rest(there)
        return fields

    def _add_reminders(self, fields: dict[str, Any]) -> None:
        leads: dict[str, None] = {}
        for alarm in component_parts(self.component, "VALARM"):
            if alarm.value("ACTION").upper() == "NONE":  # Apple's mark of an entry without any
                continue
            trigger = alarm.first("TRIGGER")
            lead = None
            if trigger is not None and self._is_of_day(trigger):
                lead = lead_of(trigger.value)
            if lead is None:
                self.leave_out("VALARM", "no-lead")
            else:
                leads[lead] = None
        if leads:
            fields["reminders"] = list(leads)

    def _is_of_day(self, trigger: Property) -> bool:
        """Whether an alarm counts from the day that is taken: of a task from DUE."""
        is_of_end = trigger.parameter("RELATED").upper() == "END"
        properties = self.component.properties
        if not self.is_task or "DUE" not in properties:
            return not is_of_end
        is_same = self.component.value("DTSTART") in ("", self.component.value("DUE"))
        return is_of_end or is_same

    def _leave_out_rest(self, there: Any) -> None:
        for name in there - _PASSED_OVER:
            if name in _PEOPLE:
                self.leave_out(name, "people")
            elif not name.startswith("X-") and not self._is_usual(name):
                self.leave_out(one_line(name, 40), "no-place")
        if "CLASS" in there and (level := self.component.value("CLASS").upper()) != "PUBLIC":
            self.leave_out(f"CLASS:{one_line(level, 40)}", "private")
        if self.status == "TENTATIVE":
            self.leave_out("STATUS:TENTATIVE", "tentative")

    def _is_usual(self, name: str) -> bool:
        """Whether it says what holds of all entries: no priority (0), or a middle one (5)."""
        return name == "PRIORITY" and self.component.value(name) in ("0", "5")

    # -- records

    def withdrawn(self) -> date:
        """The day on which it was taken back, as far as its program says."""
        today = self.reading.wishes.as_of
        try:
            stated = self.component.first("LAST-MODIFIED")
            changed = None if stated is None else time_of(stated, self.reading.zones)
        except (NoTime, UnknownZone):
            changed = None
        return min(changed.day, today) if changed is not None else today


def _lines_of(text: str) -> str:
    """A text as a note has it; Google writes HTML where RFC 5545 has plain words."""
    return several_lines(words_of_html(text[:100_000]) if is_html(text) else text)


def _is_elsewhere(start: Time, end: Time) -> bool:
    """Whether it ends by the clocks of another place: a flight."""
    return bool(end.zone) and end.zone not in (start.zone, "UTC")


def component_parts(component: Component, name: str) -> list[Component]:
    """The inner components of that name."""
    return [part for part in component.parts if part.name == name]


def lead_of(trigger: str) -> str | None:
    """The lead time of an alarm; None: it has none that can be said.

    >>> lead_of("-P1D"), lead_of("-PT120M"), lead_of("-PT15M"), lead_of("PT0S")
    ('1 day', '2 hours', None, None)
    """
    length = duration_in(re.sub(r"^VALUE=DURATION:", "", trigger))
    return lead_of_length(-length) if length is not None else None


#: What puts an entry that was read among the events.
Add = Callable[[str, str, dict[str, Any], ForeignPlace], None]
