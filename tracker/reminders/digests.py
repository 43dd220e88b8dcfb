"""What goes out by the calendar, whatever the points do: digests and review nudges.

A digest goes out on the days that its recipient names. A nudge asks, at the recipient's hour on the
first Monday of each quarter, whether what is open is still open; it leaves out what became open
within QUIET_FOR and what was acknowledged, and where nothing is left it does not go out. Of several
that an outage has missed, only the last goes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.instants import zone_of
from tracker.dates.months import add_months
from tracker.dates.recurrence import Every, Rule
from tracker.reminders.acknowledgements import Acknowledgement, key_in
from tracker.reminders.due import CoverageKey, LedgerView, is_acknowledged, quiet_until
from tracker.reminders.plan import AlertKey, PointKey, alert_instant
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import said_twice
from tracker.timeline.points import Point, Timeline

Kind: TypeAlias = Literal["digest", "nudge"]

#: What digests are counted from: a Monday, and the first of a month, quarter and year.
ANCHOR = date(2024, 1, 1)
QUIET_FOR = timedelta(days=30)
#: A digest tells of what comes in so many days, or before the one after the next.
AHEAD = timedelta(days=30)


class Occasion(NamedTuple):
    """One digest or nudge."""

    key: AlertKey  #: without a channel
    due: datetime
    recipient: Recipient
    day: date


def occasions(recipient: Recipient, first: datetime, last: datetime) -> list[Occasion]:
    """The digests and nudges that fall due after the one instant, up to the other, by instant."""
    kinds: tuple[tuple[Kind, Iterator[date]], ...] = (
        ("digest", _digest_days(recipient, last)),
        ("nudge", _nudge_days(_local(recipient, last))),
    )
    found = []
    for kind, days in kinds:
        for day in days:
            due = alert_instant(day, recipient)
            if due <= first:
                break
            if due <= last:
                key = AlertKey(recipient.name, "", kind, "", "", "", str(day), "")
                found.append(Occasion(key, due, recipient, day))
    return sorted(found, key=lambda one: (one.due, one.key))


def due_occasions(
    recipients: Iterable[Recipient], agreement: str, said: LedgerView, now: datetime
) -> Iterator[tuple[AlertKey, Occasion]]:
    """The last digest and the last nudge that each channel has missed since it was looked at.

    They go by the agreement that is first by its id, whatever they tell of.
    """
    for recipient in recipients:
        if quiet_until(recipient, now) > now:
            continue
        for channel in recipient.channels:
            looked = said.looked.get(CoverageKey(recipient.name, channel, agreement))
            if looked is None:
                continue
            missed = {one.key.kind: one for one in occasions(recipient, looked.since(now), now)}
            for one in missed.values():
                key = one.key._replace(channel=channel, event=agreement)
                if key not in said.done:
                    yield key, one


def _digest_days(recipient: Recipient, last: datetime) -> Iterator[date]:
    """The days of digests, from the last one backwards."""
    if recipient.digest is None:
        return
    yield from recipient.digest.before(ANCHOR, _local(recipient, last) + timedelta(days=1))


def _local(recipient: Recipient, moment: datetime) -> date:
    return moment.astimezone(zone_of(recipient.timezone)).date()


def _nudge_days(last: date) -> Iterator[date]:
    """The first Monday of each quarter, from that day backwards."""
    quarter = date(last.year, (last.month - 1) // 3 * 3 + 1, 1)
    while True:
        monday = quarter + timedelta(days=-quarter.weekday() % 7)
        if monday <= last:
            yield monday
        quarter = add_months(quarter, -3)


def is_open(point: Point) -> bool:
    """Whether it waits for nothing but its own record."""
    return point.status == "waiting" and not point.waits_for


def open_points(
    timeline: Timeline,
    recipient: Recipient,
    known_since: Mapping[PointKey, datetime],
    silences: Sequence[Acknowledgement],
    now: datetime,
) -> list[Point]:
    """The points that wait for nothing but their own record: what a nudge asks about."""
    found = []
    for point in timeline.points:
        if not is_open(point) or not recipient.filter.admits(point):
            continue
        event, side, occurrence, _ = key_in(point)
        since = known_since.get(PointKey(event, side, occurrence), now)
        if now - since >= QUIET_FOR and not is_acknowledged(point, recipient.name, silences):
            found.append(point)
    return found


class Digest(NamedTuple):
    """What a digest tells of."""

    until: date
    passed: tuple[Point, ...]  #: and nothing is recorded
    coming: tuple[Point, ...]  #: by day
    later: Point | None  #: the first after that
    waiting: int  #: how many have no day yet


def digest_of(timeline: Timeline, recipient: Recipient, day: date) -> Digest:
    """What that recipient's digest of that day tells."""
    until = day + AHEAD
    if recipient.digest is not None:
        following = list(islice(_after(recipient.digest, day), 2))
        until = max((until, *following))
    twice = said_twice(timeline)
    mine = [one for one in timeline.points if recipient.filter.admits(one) and one.key not in twice]
    dated = sorted(
        (one for one in mine if one.day is not None and one.status not in ("occurred", "never")),
        key=lambda one: (one.day or day, one.event.name),
    )
    ahead = [one for one in dated if one.day is not None and one.day >= day]
    coming = tuple(one for one in ahead if one.day is not None and one.day <= until)
    later = ahead[len(coming)] if len(ahead) > len(coming) else None
    passed = tuple(one for one in mine if one.passed)
    waiting = sum(one.status == "waiting" for one in mine)
    return Digest(until, passed, coming, later, waiting)


def _after(rule: Every | Rule, day: date) -> Iterator[date]:
    return rule.after(ANCHOR, day + timedelta(days=1))
