"""The reminders that a timeline holds.

For each point with a day that it counts to, and each lead time, one reminder for each recipient,
at the hour that the recipient set, in the recipient's zone. An hour that the zone skips that night
is taken an hour later; of one that comes twice, the first is taken. An event's own lead times
always count, beside the recipient's or, where the recipient has none, in place of the agreement's.
A lead after the day is for what somebody has to do: a `when` that is a deadline. Starts and ends
take effect by themselves, and a forecast is nobody's duty. It is there only while nothing is
recorded; a recorded point has none at all. A forecast, which counts to the first day of its window,
has one last call on the last. An option that has lapsed has one reminder that says so, at the next
hour. A lead of hours is counted from an instant; a point with no time of the day has none of those.

Days before an instant are counted from the day on which it is by the recipient's clock, so that
"1 day before" goes out on the day on which it is tomorrow. Where the hour of that day itself is not
before it, "0 days" goes out at the last hour that is.

Whatever the size of the agreements, only what falls due in the requested span is made.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple, TypeAlias

import pendulum
from pendulum.tz.exceptions import AmbiguousTime, NonExistingTime

from tracker.agreements.keys import PointKey
from tracker.dates.instants import Instant, Moment, day_in, end_of_day
from tracker.dates.lead_times import Lead
from tracker.reminders.acknowledgements import (
    Acknowledgement,
    AcknowledgementKey,
    acknowledgement_key,
    counts_to_text,
)
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import duplicate_ends
from tracker.timeline.points import Point, Timeline

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)
#: How far the day on which something is due can lie from the one that is looked up: zones are a day
#: apart at most, an instant may count to the day before, and a month before those two days are
#: up to five days (a month before 27 February and before 1 March).
_SLACK = timedelta(days=8)
_ONE_DAY = timedelta(days=1)


class AlertKey(NamedTuple):
    """What an alert is: announced once, however often and by however many it is planned."""

    recipient: str
    channel: str
    kind: str
    event: str  #: agreement/event
    point: str
    occurrence: str  #: "" where nothing repeats
    counts_to: str
    lead: str  #: or what else no other alert of its kind has

    @property
    def point_key(self) -> PointKey:
        """The point that it is about, by the id that its event had first."""
        return PointKey.from_columns(self.event, self.point, self.occurrence)

    @property
    def subject(self) -> tuple[str, str, str, str]:
        """The point that it is about and the day that it counts to, as alert_subject() has them."""
        return self[3:7]


def alert_subject(point: Point) -> tuple[str, str, str, str]:
    """A point and the day that it counts to, as the columns of an AlertKey have them."""
    return *point.first_key.columns, counts_to_text(point)


class Reminder(NamedTuple):
    """One reminder, and the instant at which it is due."""

    key: AlertKey  #: without a channel: it goes to each of the recipient's
    due: datetime
    recipient: Recipient
    point: Point
    lead: Lead | None  #: None: a last call, a lapse, or one that was snoozed until then
    day: date  #: that it counts to, where the recipient is


#: The lead times of an event's own and of its agreement: points that share both share all leads.
_Leads: TypeAlias = tuple[tuple[Lead, ...] | None, tuple[Lead, ...]]
_Dated: TypeAlias = tuple[date, Point, Moment]


class Plan:
    """All reminders of a timeline for some recipients, made as they are asked for."""

    def __init__(
        self,
        timeline: Timeline,
        recipients: Sequence[Recipient],
        acknowledgements: Iterable[Acknowledgement] = (),
    ) -> None:
        self._recipients = tuple(recipients)
        self._snoozed = {given.key: given for given in acknowledgements if given.until is not None}
        self._groups: dict[_Leads, list[_Dated]] = {}
        self._last_days: list[tuple[date, Point, Moment, _Leads]] = []
        self._lapses: list[tuple[date, Point, _Leads]] = []
        self._by_key: dict[AcknowledgementKey, Point] = {}
        twice = duplicate_ends(timeline)
        general = {agreement.id: agreement.reminders for agreement in timeline.agreements}
        for point in timeline.points:
            moment = point.counts_to
            if point.has_lapsed and point.last_day is not None:
                leads = point.event.reminders, general[point.event.agreement]
                self._lapses.append((_utc_day(point.last_day), point, leads))
            if moment is None or point.status == "occurred" or (twice and point.key in twice):
                continue
            leads = point.event.reminders, general[point.event.agreement]
            self._groups.setdefault(leads, []).append((_utc_day(moment), point, moment))
            if point.bounds.forecast and point.stands is not None and not point.bounds.exact:
                last = point.stands.latest
                if last != moment:
                    self._last_days.append((_utc_day(last), point, last, leads))
            if self._snoozed:
                self._by_key[acknowledgement_key(point)] = point
        for group in self._groups.values():
            group.sort(key=itemgetter(0))
        self._last_days.sort(key=itemgetter(0))

    def between(self, first: datetime, last: datetime) -> list[Reminder]:
        """Those due after the first instant and not after the last, by instant."""
        days = _DaySpan(first, last)
        due = [
            reminder
            for recipient in self._recipients
            for reminder in self._reminders_for(recipient, days)
            if first < reminder.due <= last
        ]
        return sorted(due, key=lambda reminder: (reminder.due, reminder.key))

    def next_after(self, now: datetime) -> Reminder | None:
        """The next one that is still ahead."""
        first, days = now, 1
        while True:
            try:
                last = now + timedelta(days=days)
            except OverflowError:
                last = LATEST
            if ahead := self.between(first, last):
                return ahead[0]
            if last == LATEST:
                return None
            first, days = last, days * 8

    # -- one recipient's

    def _reminders_for(self, recipient: Recipient, days: _DaySpan) -> Iterator[Reminder]:
        hours = _Hours(recipient)
        for leads, dated in self._groups.items():
            for lead in _leads_for(recipient, leads):
                for point, moment in days.points_due(dated, lead):
                    if lead.after and not _has_to_be_done(point):
                        continue
                    if recipient.filter.admits(point):
                        due = hours.due(moment, lead)
                        if due is not None:
                            yield _reminder(recipient, point, moment, lead, due)
        for day, point, moment, leads in self._last_days:
            if not (days.first <= day <= days.last and _leads_for(recipient, leads)):
                continue
            if recipient.filter.admits(point):
                yield _last_call(recipient, point, moment, hours.last_before(moment))
        for day, point, leads in self._lapses:
            if not (days.first <= day <= days.last and _leads_for(recipient, leads)):
                continue
            if recipient.filter.admits(point):
                yield _lapse(recipient, point, hours.instant_after(_lapses_at(point)))
        for given in self._snoozed.values():
            if given.until is None or given.key.recipient not in ("", recipient.name):
                continue
            snoozed = self._by_key.get(given.key._replace(recipient=""))
            if snoozed is not None and recipient.filter.admits(snoozed):
                due = hours.instant_on(given.until)
                yield _snoozed_reminder(recipient, snoozed, given.until, due)


class _DaySpan:
    """From when to when something falls due, in days of UTC and wide enough for every zone."""

    def __init__(self, first: datetime, last: datetime) -> None:
        self.first = (first - _SLACK).date() if first - EARLIEST > _SLACK else date.min
        self.last = (last + _SLACK).date() if LATEST - last > _SLACK else date.max

    def points_due(self, dated: Sequence[_Dated], lead: Lead) -> Iterator[tuple[Point, Moment]]:
        """The points whose reminder with that lead may fall due in the span.

        A later day never has an earlier reminder: so they are looked up, not looked through.
        """

        def due(entry: _Dated) -> date:
            return _due_day(lead, entry[0])

        first = bisect_left(dated, self.first, key=due)
        for entry in dated[first:]:
            if due(entry) > self.last:
                return
            yield entry[1], entry[2]


class _Hours:
    """When the recipient's hour strikes, by day."""

    def __init__(self, recipient: Recipient) -> None:
        self._recipient = recipient
        self._instants: dict[date, datetime] = {}

    def instant_on(self, day: date) -> datetime:
        instant = self._instants.get(day)
        if instant is None:
            instant = self._instants[day] = alert_instant(day, self._recipient)
        return instant

    def instant_after(self, moment: datetime) -> datetime:
        """The first on which the hour strikes after an instant."""
        day = day_in(Instant(moment, "UTC"), self._recipient.timezone)
        struck = self.instant_on(day)
        return struck if struck > moment or day == date.max else self.instant_on(day + _ONE_DAY)

    def last_before(self, moment: Moment) -> datetime:
        """The last before an instant on which the hour strikes; of a day, its own."""
        if not isinstance(moment, Instant):
            return self.instant_on(moment)
        day = day_in(moment, self._recipient.timezone)
        while (struck := self.instant_on(day)) >= moment.utc:  # a zone may have skipped a day
            day -= _ONE_DAY
        return struck

    def due(self, moment: Moment, lead: Lead) -> datetime | None:
        """When a reminder with that lead is due; None: never."""
        try:
            if lead.unit == "hour":
                return lead.instant(moment.utc) if isinstance(moment, Instant) else None
            due = self.instant_on(lead.day(day_in(moment, self._recipient.timezone)))
            if lead.after or not isinstance(moment, Instant) or due < moment.utc:
                return due
            return self.last_before(moment)
        except OverflowError:  # before the first day there is, or after the last
            return None


def all_reminders(timeline: Timeline, recipients: Sequence[Recipient]) -> list[Reminder]:
    """Every reminder of the timeline, by the instant at which it is due."""
    return Plan(timeline, recipients).between(EARLIEST, LATEST)


def _has_to_be_done(point: Point) -> bool:
    """Whether somebody has to do it by its day: it does not come by itself."""
    is_due = point.side == "when" and point.status != "option"
    return is_due and not point.bounds.forecast


def _utc_day(moment: Moment) -> date:
    return moment.utc.date() if isinstance(moment, Instant) else moment


def _due_day(lead: Lead, day: date) -> date:
    """About the day on which that is due, at the edges of the calendar its last or first."""
    try:
        if lead.unit == "hour":
            days = timedelta(days=lead.number // 24)
            return day + days if lead.after else day - days
        return lead.day(day)
    except OverflowError:
        return date.max if lead.after else date.min


def _leads_for(recipient: Recipient, leads: _Leads) -> tuple[Lead, ...]:
    own, general = leads
    if recipient.reminders is None:
        return general if own is None else own
    return tuple(dict.fromkeys((*(own or ()), *recipient.reminders)))


def _reminder(
    recipient: Recipient, point: Point, moment: Moment, lead: Lead, due: datetime
) -> Reminder:
    key = _key(recipient, point, "reminder", str(lead))
    return Reminder(key, due, recipient, point, lead, day_in(moment, recipient.timezone))


def _lapses_at(point: Point) -> datetime:
    """When it has lapsed: at its instant, or with the end of its last day."""
    last = point.last_day or date.min
    if isinstance(last, Instant):
        return last.utc
    return end_of_day(day_in(last, point.zone), point.zone)


def _lapse(recipient: Recipient, point: Point, due: datetime) -> Reminder:
    last = point.last_day or date.min
    key = _key(recipient, point, "lapsed", "")
    return Reminder(key, due, recipient, point, None, day_in(last, recipient.timezone))


def _last_call(recipient: Recipient, point: Point, last: Moment, due: datetime) -> Reminder:
    key = _key(recipient, point, "last-call", str(last))
    return Reminder(key, due, recipient, point, None, day_in(last, recipient.timezone))


def _snoozed_reminder(recipient: Recipient, point: Point, until: date, due: datetime) -> Reminder:
    key = _key(recipient, point, "reminder", f"snoozed until {until}")
    moment = point.counts_to
    day = until if moment is None else day_in(moment, recipient.timezone)
    return Reminder(key, due, recipient, point, None, day)


def is_on_eve(lead: Lead, moment: Moment | None, recipient: Recipient) -> bool:
    """Whether a lead of 0 days goes out the day before: its hour on the day itself is too late."""
    if lead.number or lead.unit == "hour" or not isinstance(moment, Instant):
        return False
    return alert_instant(day_in(moment, recipient.timezone), recipient) >= moment.utc


def is_in_time(day: date, moment: Moment, recipient: Recipient) -> bool:
    """Whether the recipient's hour on that day is any use for a moment: it is not behind it."""
    if isinstance(moment, Instant):
        return alert_instant(day, recipient) < moment.utc
    return day <= moment


def _key(recipient: Recipient, point: Point, kind: str, lead: str) -> AlertKey:
    return AlertKey(recipient.name, "", kind, *alert_subject(point), lead)


def alert_instant(day: date, recipient: Recipient) -> datetime:
    """The instant, in UTC, at which the recipient's hour strikes on that day.

    >>> from datetime import time
    >>> alert_instant(date(2027, 3, 28), Recipient("a", "Europe/Berlin", time(2, 30)))
    datetime.datetime(2027, 3, 28, 1, 30, tzinfo=datetime.timezone.utc)
    """
    struck = datetime.combine(day, recipient.at)  # fold 0: of an hour that comes twice, the first
    zone = pendulum.timezone(recipient.timezone)
    try:
        local = zone.convert(struck, raise_on_unknown_times=True)
    except NonExistingTime:  # pendulum moves a skipped hour forward with fold 1, back with 0
        local = zone.convert(struck.replace(fold=1))
    except AmbiguousTime:
        local = zone.convert(struck)
    except OverflowError:  # at the very edges of the calendar
        return struck.replace(tzinfo=UTC)
    try:
        return datetime.fromtimestamp(local.timestamp(), UTC)
    except ValueError:  # of the year 0 or 10000 in UTC
        return struck.replace(tzinfo=UTC)
