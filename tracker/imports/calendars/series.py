"""The entries of one UID together: a series, what is otherwise in it, and what was added to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from tracker.dates.diagnostics import LineError
from tracker.imports.calendars.components import Component
from tracker.imports.calendars.entries import CalendarEntry, CalendarReading, EntrySpan
from tracker.imports.calendars.recurrences import Series
from tracker.imports.calendars.times import NoTime, Time, by_clocks_of, time_in
from tracker.imports.calendars.zones import UnknownZone
from tracker.imports.foreign import ForeignEvent
from tracker.imports.texts import one_line

#: So many single days are taken over of one series.
_MOST_DAYS = 400
#: So many are read of EXDATE, and of RDATE.
_MOST_STATED = 10_000


def take_entries(uid: str, components: Iterable[Component], reading: CalendarReading) -> None:
    """Takes over the entries of one UID."""
    entries = [CalendarEntry(component, reading) for component in components]
    masters = [entry for entry in entries if "RECURRENCE-ID" not in entry.component.properties]
    changed = [entry for entry in entries if "RECURRENCE-ID" in entry.component.properties]
    if len(masters) > 1:
        masters.sort(key=_newness, reverse=True)
        for entry in masters[1:]:
            if _is_version(entry, masters[0]):
                entry.leave_out(entry.label, "older-version")
            else:
                entry.leave_out(entry.label, "same-id", id=one_line(uid, 80))
    group = _Group(uid, reading)
    if masters:
        at = len(reading.findings.events)
        group.take_master(masters[0], changed)
        reading.findings.put_before(uid, at)  # so the series has the plain id
    else:
        for entry in changed:
            group.take_single(entry, f"{uid}#{entry.component.value('RECURRENCE-ID')}")


def _newness(entry: CalendarEntry) -> tuple[int, str]:
    text = entry.component.value("SEQUENCE")
    number = int(text) if text.isdecimal() and len(text) < 10 else 0
    return number, entry.component.value("LAST-MODIFIED") or entry.component.value("DTSTAMP")


def _is_version(entry: CalendarEntry, newest: CalendarEntry) -> bool:
    """Whether it was replaced by the newest, or says the same; else two entries share a UID."""
    names = ("SUMMARY", "DTSTART", "DUE", "RRULE")
    same = all(entry.component.value(name) == newest.component.value(name) for name in names)
    return same or _newness(entry)[0] < _newness(newest)[0]


class _Group:
    """The entries of one UID as they are taken over."""

    def __init__(self, uid: str, reading: CalendarReading) -> None:
        self.uid = uid
        self.reading = reading

    # -- one entry alone

    def take_single(self, entry: CalendarEntry, foreign_id: str) -> None:
        """An entry that does not repeat."""
        if (span := self._span(entry)) is None:
            return
        self._add(entry, foreign_id, self._when(span), span)

    def _span(self, entry: CalendarEntry) -> EntrySpan | None:
        """When it is; None: it is told why not."""
        component = entry.component
        if not component.is_closed:
            entry.leave_out(entry.label, "cut-off")
            return None
        if component.broken:
            entry.leave_out(entry.label, "no-line", line=str(component.broken))
        try:
            span = entry.span()
        except NoTime as error:
            entry.leave_out(entry.label, "no-day", value=one_line(error, 60))
            return None
        except UnknownZone as unknown:
            self._ask_zone(unknown.name, entry)
            return None
        if span is None:
            if entry.is_task:
                return EntrySpan(Time(date.max), None, is_open=True)
            entry.leave_out(entry.label, "no-start")
        return span

    def _ask_zone(self, name: str, entry: CalendarEntry) -> None:
        from tracker.imports.foreign_times import argument

        shown = one_line(name, 100)
        answers = tuple(
            f"--map {argument(f'{shown}={zone}')}" for zone in ("Europe/Berlin", "Asia/Tokyo")
        )
        self.reading.findings.ask("calendar-zone", (("zone", shown),), answers, entry.place)

    def _when(self, span: EntrySpan) -> dict[str, Any]:
        if span.end is not None:
            return {"starts": span.start.line, "ends": span.end.line}
        if span.is_open:
            open_end = span.start.day == date.max
            return {"when": "open" if open_end else f"not before {span.start.line}"}
        return {"when": span.start.line}

    def _add(
        self,
        entry: CalendarEntry,
        foreign_id: str,
        fields: dict[str, Any],
        span: EntrySpan,
        **more: Any,
    ) -> bool:
        """Adds an event, unless it was over before what is wished; whether it did."""
        since = self.reading.wishes.since
        repeats = "repeats" in fields
        last = (span.end or span.start).day
        record = self._record(entry, repeats)
        if record is None:
            entry.leave_out(entry.label, "done-unknown-day")
            return False
        done = record.get("occurred")
        may_go = not repeats and (not entry.is_task or done or entry.is_cancelled)
        if since is not None and last < since and may_go:
            entry.leave_out(entry.component.name, "over", day=since.isoformat())
            return False
        whole = {**fields, **record, **entry.other_fields(), **more}
        self.reading.findings.add(
            ForeignEvent(foreign_id, entry.title, tuple(whole.items()), entry.place)
        )
        return True

    def _record(self, entry: CalendarEntry, repeats: bool) -> dict[str, Any] | None:
        """What its program says of what has been; None: that it was done, and not when."""
        if entry.is_cancelled:
            return {"withdrawn": entry.withdrawn()}
        if not entry.is_task or repeats or entry.status not in ("COMPLETED", ""):
            return {}
        done = self._completion(entry)
        if done is not None:
            return {"occurred": done}
        return None if entry.status == "COMPLETED" else {}

    def _completion(self, entry: CalendarEntry) -> date | str | None:
        try:
            done = entry.time("COMPLETED")
        except (NoTime, UnknownZone):
            return None
        if done is None:
            return None
        return done.line if done.clock else done.day

    # -- a series

    def take_master(self, entry: CalendarEntry, changed: list[CalendarEntry]) -> None:
        """An entry with its rules, its dates, and what is otherwise in it."""
        properties = entry.component.properties
        if not changed and not any(name in properties for name in ("RRULE", "RDATE")):
            self.take_single(entry, self.uid)
            return
        if (span := self._span(entry)) is None:
            for part in changed:
                self.take_single(part, f"{self.uid}#{part.component.value('RECURRENCE-ID')}")
            return
        if self._repeats_by_start(entry, span):
            rule = one_line(entry.component.value("RRULE"), 100)
            entry.leave_out(entry.label, "rule-of-start", rule=rule)
            self.take_single(entry, self.uid)
            for part in changed:
                self.take_single(part, f"{self.uid}#{part.component.value('RECURRENCE-ID')}")
            return
        series = self._series(entry, span)
        if series is None and "RRULE" in properties:
            for part in changed:
                self.take_single(part, f"{self.uid}#{part.component.value('RECURRENCE-ID')}")
            return
        otherwise = sorted(self._changes(changed, span), key=lambda pair: pair[0].line)
        excluded = list(self._times(entry, "EXDATE", span))
        self._take_series(entry, span, series, otherwise, excluded)
        self._take_other_rules(entry, span)
        gone = {time.line for time in (*(time for time, _ in otherwise), *excluded)}
        self._take_dates(entry, span, series, gone)

    def _repeats_by_start(self, entry: CalendarEntry, span: EntrySpan) -> bool:
        """Whether a task repeats by days on which it can be begun, and is due on others."""
        if not entry.is_task or "RRULE" not in entry.component.properties:
            return False
        start = entry.time("DTSTART")
        return start is not None and by_clocks_of(start, span.start.zone).day != span.start.day

    def _series(self, entry: CalendarEntry, span: EntrySpan) -> Series | None:
        """Its first rule; None: there is none, or it is told why it cannot be said."""
        rule = entry.component.value("RRULE")
        if not rule:
            return None
        try:
            return Series(rule, span.start, self.reading.zones)
        except LineError as refused:
            self._leave_out_rule(entry, rule, refused)
            return None

    def _leave_out_rule(self, entry: CalendarEntry, rule: str, refused: LineError) -> None:
        is_fast = refused.diagnostic.case == "rule-frequency"
        reason = "rule-too-fast" if is_fast else "rule-unsaid"
        entry.leave_out(entry.label, reason, rule=one_line(rule, 100))

    def _take_series(
        self,
        entry: CalendarEntry,
        span: EntrySpan,
        series: Series | None,
        otherwise: list[tuple[Time, CalendarEntry]],
        excluded: list[Time],
    ) -> None:
        gone: dict[str, date | str] = {}
        rule = series.text if series is not None else ""
        since = self.reading.wishes.since
        begins = all(time.day != span.start.day for time in excluded)
        for time, part in otherwise:
            foreign_id = f"{self.uid}#{part.component.value('RECURRENCE-ID')}"
            stated = part.component.properties["RECURRENCE-ID"][0]
            if stated.parameter("RANGE").upper() == "THISANDFUTURE" and series is not None:
                rule = self._take_rest(part, foreign_id, time, series, rule)
            elif self._is_same(part, time, entry):
                part.leave_out("RECURRENCE-ID", "same-time")
            else:
                begins = begins and time.day != span.start.day
                if series is None or series.has(time.day):
                    gone[time.day.isoformat()] = part.withdrawn()
                if not part.is_cancelled:
                    self.take_single(part, foreign_id)
        if series is None:
            if begins:
                self.take_single(entry, self.uid)
            return
        for time in excluded:
            if series.has(time.day):
                gone[time.day.isoformat()] = entry.withdrawn()
        if since is not None and series.is_over(since):
            entry.leave_out(entry.component.name, "over", day=since.isoformat())
            return
        if span.end is not None:
            entry.leave_out("DTEND", "length-of-each")
        if series.first is None:
            entry.leave_out(entry.label, "rule-empty", rule=one_line(series.text, 100))
            return
        if series.first != span.start.day and begins:
            # RFC 5545, section 3.8.5.3: its beginning is one of its days, whatever the rule says.
            self._add(
                entry, f"{self.uid}#first", {"when": span.start.line}, EntrySpan(span.start, None)
            )
        fields: dict[str, Any] = {"when": span.start.line, "repeats": rule}
        if gone and not entry.is_cancelled:
            fields["withdrawn"] = dict(sorted(gone.items()))
        self._add(entry, self.uid, fields, EntrySpan(span.start, None))

    def _changes(
        self, changed: list[CalendarEntry], span: EntrySpan
    ) -> Iterator[tuple[Time, CalendarEntry]]:
        """What is otherwise in the series, each with the time that it had by the rule."""
        for part in changed:
            stated = part.component.properties["RECURRENCE-ID"][0]
            try:
                time = time_in(stated.value.strip(), stated.parameter("TZID"), self.reading.zones)
            except NoTime:
                part.leave_out(part.label, "no-day", value=one_line(stated.value, 60))
                continue
            except UnknownZone as unknown:
                self._ask_zone(unknown.name, part)
                continue
            yield by_clocks_of(time, span.start.zone), part

    def _is_same(self, part: CalendarEntry, time: Time, master: CalendarEntry) -> bool:
        """Whether it is when the rule says, and is called as the series is."""
        if part.is_cancelled or part.title != master.title or part.is_task:
            return False
        try:
            start = part.time("DTSTART")
        except (NoTime, UnknownZone):
            return False
        return start is not None and by_clocks_of(start, time.zone).line == time.line

    def _take_rest(
        self, part: CalendarEntry, foreign_id: str, time: Time, series: Series, rule: str
    ) -> str:
        """From a day on it is otherwise: another series. The rule of what comes before."""
        span = self._span(part)
        if span is not None and not part.is_cancelled:
            own_rule = part.component.value("RRULE")
            text = own_rule or series.following(time.day, is_moved=span.start.day != time.day)
            fields: dict[str, Any] = {"when": span.start.line}
            try:
                own = Series(text, span.start, self.reading.zones)
            except LineError as refused:
                self._leave_out_rule(part, text, refused)
            else:
                if own.first == span.start.day:
                    fields["repeats"] = own.text
                else:  # moved to days that the rule does not name: which of them, nobody says
                    part.leave_out(part.label, "rule-unsaid", rule=one_line(text, 100))
            self._add(part, foreign_id, fields, EntrySpan(span.start, None))
        return series.before(time.day) if rule == series.text else rule

    def _take_other_rules(self, entry: CalendarEntry, span: EntrySpan) -> None:
        """RFC 5545 lets several rules stand, which nobody should: each is a series of its own."""
        for number, stated in enumerate(entry.component.properties.get("RRULE", ())[1:10], 2):
            try:
                series = Series(stated.value, span.start, self.reading.zones)
            except LineError as refused:
                self._leave_out_rule(entry, stated.value, refused)
                continue
            fields = {"when": span.start.line, "repeats": series.text}
            self._add(entry, f"{self.uid}#rule-{number}", fields, EntrySpan(span.start, None))

    def _take_dates(
        self, entry: CalendarEntry, span: EntrySpan, series: Series | None, gone: set[str]
    ) -> None:
        """RDATE: single days besides the rule's, each an event of its own.

        RFC 5545, section 3.8.5.2: what the rule has already counts once; section 3.8.5.1: what is
        left out stays out. `gone` are the lines and days that are left out, or are otherwise.
        """
        known = {span.start.line} | gone
        added = 0
        for time in self._times(entry, "RDATE", span):
            is_of_rule = time.clock in ("", span.start.clock) and (
                series is not None and series.has(time.day)
            )
            if is_of_rule or time.line in known or time.day.isoformat() in known:
                continue
            if added == _MOST_DAYS:
                self.reading.findings.leave_out(
                    "RDATE", "more-dates", entry.place, 1, most=str(_MOST_DAYS)
                )
                continue
            known.add(time.line)
            added += 1
            self._add(entry, f"{self.uid}#{time.line}", {"when": time.line}, EntrySpan(time, None))

    def _times(self, entry: CalendarEntry, name: str, span: EntrySpan) -> Iterator[Time]:
        """The times of EXDATE or RDATE by the clocks of the beginning; what is none is told."""
        number = 0
        for stated in entry.component.properties.get(name, ()):
            for text in stated.value.split(","):
                number += 1
                if number > _MOST_STATED:
                    self.reading.findings.leave_out(
                        name, "more-dates", entry.place, 1, most=str(_MOST_STATED)
                    )
                    continue
                shown = text.partition("/")[0].strip()  # a period begins with its time
                try:
                    time = time_in(shown, stated.parameter("TZID"), self.reading.zones)
                except NoTime:
                    entry.leave_out(name, "no-day", value=one_line(text, 60))
                except UnknownZone as unknown:
                    self._ask_zone(unknown.name, entry)
                else:
                    yield by_clocks_of(time, span.start.zone)
