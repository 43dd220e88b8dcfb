"""A point as a program reads it: values of Python's own, under the names that the JSON has."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeAlias

from tracker.agreements.model import text_in
from tracker.dates.bounds import Window
from tracker.dates.expressions import Side
from tracker.dates.instants import Instant, Moment
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.points import label_of, status_text
from tracker.i18n.translate import Language
from tracker.timeline.agenda import GroupName, agenda_group
from tracker.timeline.points import Point, State, Status, Timeline

#: A day, or an instant with the offset of its zone.
Day: TypeAlias = date | datetime


@dataclass(frozen=True, slots=True)
class PointView:
    """One point of an event as of one day. Days are dates, instants aware datetimes."""

    agreement: str  #: the id of its agreement
    id: str  #: of its event
    point: Side  #: `when` of what happens; `start` or `end` of what lasts
    occurrence: date | int | str | None  #: of what repeats: its day, number or name
    title: str
    status: Status  #: occurred, never, option, waiting, exact, may-move or window
    state: State | None  #: of what lasts: ahead, in force or over
    earliest: Day | None  #: the first day on which it can be; None: it never comes
    latest: Day | None  #: the last one; None: it may never come
    stands: tuple[Day, Day] | None  #: its days if no open event ever happens; None: it waits
    counts_to: Day | None  #: the one day of order, countdown, reminders and feed
    waits_for: tuple[str, ...]  #: what has to happen first
    as_stated: str | None  #: the line, as the file has it
    parties: tuple[str, ...]
    tags: tuple[str, ...]
    source: str | None
    quote: str | None  #: the source's own words
    group: GroupName  #: of the agenda: passed, upcoming, waiting, past or never
    is_past: bool  #: whether it is no longer looked forward to
    _inner: tuple[Point, Timeline, Language] = field(repr=False, compare=False)

    @property
    def name(self) -> str:
        """As commands and files name it: `lease`, `end of lease`, `rent@2027-03-01`."""
        return self._inner[0].key.name_in(self.agreement)

    @property
    def label(self) -> str:
        """Its title, with the side of what lasts: `Lease: end`."""
        point, timeline, language = self._inner
        return label_of(point, timeline.agreement(self.agreement), language)

    @property
    def status_text(self) -> str:
        """The status as people read it."""
        return status_text(self._inner[0], self._inner[2])

    def explain(self) -> str:
        """How its days came about, down to the sentences they rest on, as indented lines."""
        return "\n".join(explanation_lines(*self._inner))


@dataclass(frozen=True, slots=True)
class PointChange:
    """What differs for one point between two views."""

    name: str  #: of the point, with its agreement where there are several: `end of lease`
    kinds: tuple[str, ...]  #: such as `moved`, `added`, `gone`
    before: PointView | None  #: None: it was not there
    after: PointView | None  #: None: it is no longer there
    sentences: tuple[str, ...]  #: what people are told


def point_view(point: Point, timeline: Timeline, language: Language) -> PointView:
    """The point as a program reads it."""
    event = point.event
    agreement = timeline.agreement(event.agreement)
    return PointView(
        event.agreement,
        event.id,
        point.side,
        point.occurrence,
        text_in(event.title, language, agreement.language),
        point.status,
        point.state,
        _day(point.earliest),
        _day(point.latest),
        _days(point.stands),
        _day(point.counts_to),
        point.waits_for_names,
        point.statement,
        event.parties,
        event.tags,
        event.source,
        event.quote,
        agenda_group(point),
        point.is_behind,
        (point, timeline, language),
    )


def _day(moment: Moment | None) -> Day | None:
    return moment.local if isinstance(moment, Instant) else moment


def _days(window: Window | None) -> tuple[Day, Day] | None:
    if window is None:
        return None
    first, last = _day(window.earliest), _day(window.latest)
    return None if first is None or last is None else (first, last)
