"""What goes out by the calendar, whatever the points do: digests and review nudges.

A digest goes out on the days that its recipient names. A nudge asks, at the recipient's hour on the
first Monday of each quarter, whether what is open is still open; it leaves out what became open
within QUIET_FOR and what was acknowledged, and where nothing is left it does not go out. Of several
that an outage has missed, only the last goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import PointKey
from tracker.dates.bounds import order_key
from tracker.dates.instants import Instant, day_in, zone_of
from tracker.dates.months import add_months
from tracker.reminders.acknowledgements import Acknowledgement, is_acknowledged
from tracker.reminders.due import CoverageKey, LedgerView, last_moment, quiet_until
from tracker.reminders.plan import AlertKey, alert_instant
from tracker.reminders.recipients import Recipient
from tracker.timeline.agenda import agenda_of, duplicate_ends
from tracker.timeline.filters import Where, narrow
from tracker.timeline.points import Point, Timeline
from tracker.timeline.waiting_groups import WaitingGroup, waiting_groups

Kind: TypeAlias = Literal["digest", "nudge"]

#: What digests are counted from: a Monday, and the first of a month, quarter and year.
ANCHOR = date(2024, 1, 1)
QUIET_FOR = timedelta(days=30)
#: A digest names what comes in so many days, or before the one after the next.
AHEAD = timedelta(days=30)


class Occasion(NamedTuple):
    """One digest or nudge."""

    key: AlertKey  #: without a channel
    due: datetime
    recipient: Recipient
    day: date


def occasions(recipient: Recipient, first: datetime, last: datetime) -> list[Occasion]:
    """The digests and nudges that fall due after the first instant, up to the last, by instant."""
    kinds: tuple[tuple[Kind, Iterator[date]], ...] = (
        ("digest", _digest_days(recipient, last)),
        ("nudge", _nudge_days(_local_day(recipient, last))),
    )
    within = []
    for kind, days in kinds:
        for day in days:
            due = alert_instant(day, recipient)
            if due <= first:
                break
            if due <= last:
                key = AlertKey(recipient.name, "", kind, "", "", "", str(day), "")
                within.append(Occasion(key, due, recipient, day))
    return sorted(within, key=lambda occasion: (occasion.due, occasion.key))


def due_occasions(
    recipients: Iterable[Recipient],
    agreements: Collection[str],
    ledger: LedgerView,
    now: datetime,
) -> Iterator[tuple[AlertKey, Occasion, list[str]]]:
    """The last digest and the last nudge that each channel has missed since it was covered.

    Each with the agreements of which it is to tell: another process may have told of the others. It
    belongs to the first of them by its id.
    """
    for recipient in recipients:
        if quiet_until(recipient, now) > now:
            continue
        for channel in recipient.channels:
            by_start: dict[datetime, list[str]] = {}
            for agreement in sorted(agreements):
                coverage = ledger.coverage.get(CoverageKey(recipient.name, channel, agreement))
                if coverage is not None:
                    by_start.setdefault(coverage.since(now), []).append(agreement)
            for occasion, names in _last_missed(recipient, by_start, now):
                key = occasion.key._replace(channel=channel)
                left = [name for name in names if key._replace(event=name) not in ledger.done]
                if left:
                    yield key._replace(event=left[0]), occasion, left


def _last_missed(
    recipient: Recipient, by_start: Mapping[datetime, Sequence[str]], now: datetime
) -> list[tuple[Occasion, list[str]]]:
    """The last digest and nudge that agreements covered since those instants have missed."""
    missed: dict[AlertKey, tuple[Occasion, list[str]]] = {}
    for start, names in by_start.items():
        last_by_kind = {given.key.kind: given for given in occasions(recipient, start, now)}
        for occasion in last_by_kind.values():
            missed.setdefault(occasion.key, (occasion, []))[1].extend(names)
    return [(occasion, sorted(names)) for occasion, names in missed.values()]


def told_timeline(
    timeline: Timeline,
    key: AlertKey,
    ended: Collection[CoverageKey],
    named: Collection[str] = (),
) -> Timeline | None:
    """The timeline of the agreements of which that alert tells; None: of none any more.

    It may name some of them alone, and its recipient may have ended its channel for some.
    """
    ids = [agreement.id for agreement in timeline.agreements]
    told = [
        name
        for name in ids
        if (not named or name in named)
        and CoverageKey(key.recipient, key.channel, name) not in ended
    ]
    if told == ids:
        return timeline
    return narrow(timeline, [Where(agreements=tuple(told))]) if told else None


def _digest_days(recipient: Recipient, last: datetime) -> Iterator[date]:
    """The days of digests, from the last one backwards."""
    if recipient.digest is None:
        return
    yield from recipient.digest.before(ANCHOR, _local_day(recipient, last) + timedelta(days=1))


def _local_day(recipient: Recipient, moment: datetime) -> date:
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
    return has_no_day(point) and not point.waits_for


def has_no_day(point: Point) -> bool:
    """Whether it has no day yet, and may still come."""
    return point.counts_to is None and point.status in ("waiting", "option")


def open_points(
    timeline: Timeline,
    recipient: Recipient,
    known_since: Mapping[PointKey, datetime],
    acknowledgements: Sequence[Acknowledgement],
    now: datetime,
) -> list[Point]:
    """The points that wait for nothing but their own record: what a nudge asks about."""
    points = []
    for point in timeline.points:
        if not is_open(point) or not recipient.filter.admits(point):
            continue
        since = known_since.get(point.first_key, now)
        if now - since < QUIET_FOR or is_acknowledged(point, recipient.name, acknowledgements):
            continue
        points.append(point)
    return points


class Digest(NamedTuple):
    """What stands in a digest."""

    until: date
    passed: tuple[Point, ...]  #: and nothing is recorded; by day
    coming: tuple[Point, ...]  #: by day
    later: Point | None  #: the first after that
    waiting: int  #: how many have no day yet
    waiting_groups: tuple[WaitingGroup, ...]  #: these, below what they wait for


def digest_of(timeline: Timeline, recipient: Recipient, day: date, now: datetime) -> Digest:
    """What stands in that recipient's digest of that day, by the recipient's clock at `now`."""
    until, zone = day + AHEAD, recipient.timezone
    if recipient.digest is not None:
        following = islice(recipient.digest.after(ANCHOR, day + timedelta(days=1)), 2)
        until = max((until, *following))
    twice = duplicate_ends(timeline)
    points = [
        point
        for point in timeline.points
        if recipient.filter.admits(point) and point.key not in twice
    ]
    dated = sorted(
        (day_in(moment, zone), order_key(moment, zone)[0], point.event.name, at)
        for at, point in enumerate(points)
        if (moment := point.counts_to) is not None and point.status not in ("occurred", "never")
    )
    by_day = [(when, points[at]) for when, _, _, at in dated]
    ahead = [(when, point) for when, point in by_day if _is_ahead(point, day, now)]
    coming = tuple(point for when, point in ahead if when <= until)
    later = ahead[len(coming)][1] if len(ahead) > len(coming) else None
    still_ahead = {point.key for _, point in ahead}
    passed = tuple(
        point for _, point in by_day if point.has_passed and point.key not in still_ahead
    )
    shown = timeline._replace(points=tuple(points))
    agenda = agenda_of(shown, zone)
    groups = waiting_groups(shown, agenda)
    return Digest(until, passed, coming, later, len(agenda.waiting), groups)


def _is_ahead(point: Point, day: date, now: datetime) -> bool:
    """Whether it is still to come: of a day anywhere on earth until none of it is left.

    Another day is over with the recipient's and with the file's: until then it has not passed.
    """
    moment = last_moment(point)
    if isinstance(moment, Instant):
        return moment.utc > now
    return moment is not None and (moment >= day or not point.past)
