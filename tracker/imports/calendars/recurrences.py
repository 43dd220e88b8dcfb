"""What repeats in a calendar: its rule as `repeats` says it, and the days that are left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice

from tracker.dates.diagnostics import LineError
from tracker.dates.recurrence import Rule
from tracker.dates.recurrence_parser import parse_rule
from tracker.imports.calendars.times import NoTime, Time, by_clocks_of, time_in
from tracker.imports.calendars.zones import Zones

_UNTIL = re.compile(r"UNTIL=([0-9TZtz]+)")
#: Of a series so many days are counted through.
_MOST = 1000


class Series:
    """A rule from its first day on."""

    def __init__(self, text: str, start: Time, zones: Zones) -> None:
        """Raises LineError where it is no rule that repeats can say."""
        self.start = start
        self.text = _plain_rule(text, start, zones)
        self.rule: Rule = parse_rule(self.text)

    @property
    def first(self) -> date | None:
        """Its first day; None: it has none."""
        return next(self.rule.after(self.start.day, self.start.day), None)

    def has(self, day: date) -> bool:
        """Whether it comes on that day."""
        return next(self.rule.after(self.start.day, day), None) == day

    def is_over(self, since: date) -> bool:
        """Whether all of it was before that day."""
        return next(self.rule.after(self.start.day, since), None) is None

    def before(self, day: date) -> str:
        """The rule of what comes before that day."""
        until = f"UNTIL={(day - timedelta(days=1)):%Y%m%d}"
        return f"{_without_end(self.text)};{until}"

    def following(self, day: date, is_moved: bool) -> str:
        """The rule from that day on, for what is left of it; a week's day may have moved."""
        text = self.text
        if is_moved and self.rule.frequency == "WEEKLY" and len(self.rule.weekdays) == 1:
            text = ";".join(part for part in text.split(";") if not part.startswith("BYDAY="))
        if self.rule.count is None:
            return text
        gone = sum(1 for _ in islice(self.rule.before(self.start.day, day), _MOST))
        return f"{_without_end(text)};COUNT={max(self.rule.count - gone, 1)}"

    def days(self) -> Iterator[date]:
        """All of its days."""
        return self.rule.after(self.start.day, self.start.day)


def _without_end(text: str) -> str:
    return ";".join(part for part in text.split(";") if not part.startswith(("UNTIL=", "COUNT=")))


def _plain_rule(text: str, start: Time, zones: Zones) -> str:
    """The rule by days: its end by the clocks of its beginning, and no hours but its own."""
    text = re.sub(r"\s", "", text).upper().strip(";").removeprefix("RRULE:")
    if start.clock:
        hour, minute = start.clock.split(":")
        own = {"BYHOUR": hour, "BYMINUTE": minute, "BYSECOND": "0"}
        for name, value in own.items():
            text = re.sub(rf";?{name}=0*{int(value)}(?=;|$)", "", text).strip(";")
    return _UNTIL.sub(lambda match: f"UNTIL={_last_day(match[1], start, zones):%Y%m%d}", text)


def _last_day(until: str, start: Time, zones: Zones) -> date:
    """The last day on which something may begin: UNTIL is an instant where DTSTART is one."""
    try:
        last = time_in(until, "", zones)
    except NoTime:
        from tracker.dates.diagnostics import Diagnostic

        values = (("part", f"UNTIL={until}"),)
        raise LineError(Diagnostic("rule-part", (0, 0), values)) from None
    if not last.clock:
        return last.day
    if not start.clock:  # a midnight in its zone, where a whole day is written as one
        return by_clocks_of(last, start.zone).day
    there = by_clocks_of(last, start.zone)
    is_before = there.clock < start.clock
    return there.day - timedelta(days=1) if is_before else there.day
