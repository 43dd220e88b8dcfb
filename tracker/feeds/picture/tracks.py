"""What is drawn of each event: marks, spans, and what it waits for. No widths, no places yet.

An exact day is a mark; a window is a bar; what may move is a mark on the line of the days that it
can be; a term is a band, pale where it may have ended, with a mark where it ends; what waits stands
at the open end. What never comes is not drawn, but counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.model import Event
from tracker.agreements.references import References, references_among
from tracker.dates.instants import Moment, shown_day
from tracker.i18n.points import (
    title_in,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.agenda import duplicate_ends, ends_of, next_of_each
from tracker.timeline.points import Point, State, Status, Timeline

MarkKind: TypeAlias = Literal[
    "occurred", "exact", "may-move", "option", "lapsed", "passed", "past", "term"
]
#: A "reach" is all the days on which a mark or an end can be; JSON and CSS have it by this name.
SpanKind: TypeAlias = Literal["band", "window", "reach"]
#: How tracks are put together: by what states them, whom they concern, what they are about, and
#: what can be said of them.
Grouping: TypeAlias = Literal["agreement", "party", "tag", "status"]
#: What can be said of a track, in the order of its groups; None: it stays.
_STATUSES: tuple[Status | None, ...] = (
    "exact", "may-move", "window", "option", "waiting", None, "occurred", "never",
)  # fmt: skip
GROUPINGS: tuple[Grouping, ...] = ("agreement", "party", "tag", "status")


def grouping_named(name: str | None) -> Grouping | None:
    """The grouping of that name; None: there is none."""
    return next((grouping for grouping in GROUPINGS if grouping == name), None)


class Mark(NamedTuple):
    """A day on which something is."""

    day: date
    kind: MarkKind


class Span(NamedTuple):
    """Days from one to another, both included; it is pale up to `solid`, and from `fades` on."""

    kind: SpanKind
    first: date | None  #: None: from before the picture
    last: date | None  #: None: to its open end
    solid: date | None = None  #: None: it begins on its first day
    fades: date | None = None  #: None: it ends on its last day


class Track(NamedTuple):
    """One event."""

    event: Event
    points: tuple[Point, ...]  #: of what repeats the next one alone
    state: State | None
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    told: Point | None = None  #: the point whose day is told; None: what lasts has no end stated
    lasts: bool = False  #: what is told is until when
    day: date | None = None  #: of that point; by it tracks are in order
    waits: bool = False  #: it has no day yet, and stands at the open end
    stays: bool = False  #: it is in force, and no end of it is stated
    awaits: tuple[str, ...] = ()  #: events by name, which may happen or not, that set it or move it
    depends_on: tuple[str, ...] = ()  #: events by name
    dependents: tuple[str, ...] = ()  #: the events that depend on it

    def days(self) -> Iterator[date]:
        """Every day that is drawn of it."""
        yield from (mark.day for mark in self.marks)
        for span in self.spans:
            yield from (day for day in (span.first, span.last, span.fades) if day is not None)


class TrackGroup(NamedTuple):
    """Tracks under a heading; without one, all of them."""

    heading: str | None
    tracks: tuple[Track, ...]


class Tracks(NamedTuple):
    """What is to be drawn of a timeline."""

    groups: tuple[TrackGroup, ...]
    never: int  #: so many events never come, and are left out


def tracks_of(timeline: Timeline, language: Language, by: Grouping | None = None) -> Tracks:
    """The tracks: by the day that is told of them, then what has none yet, then what stays."""
    points: dict[str, list[Point]] = {event.name: [] for event in timeline.events}
    twice = duplicate_ends(timeline)
    unstarted = {
        point.event.name
        for point in timeline.points
        if point.side == "start" and point.status == "never"
    }
    for point in timeline.points:
        event = point.event.name
        is_drawn = point.status != "never" or (point.has_lapsed and point.side == "when")
        if is_drawn and point.key not in twice and event not in unstarted:
            points[event].append(point)
    builder = _TrackBuilder(timeline)
    events = [event for event in timeline.events if points[event.name]]
    tracks = [builder.track(event, points[event.name]) for event in events]
    tracks.sort(key=lambda track: (track.stays, track.waits, track.day or date.max))
    return Tracks(
        tuple(_groups(tracks, by, timeline, language)), len(timeline.events) - len(tracks)
    )


def _groups(
    tracks: Sequence[Track], by: Grouping | None, timeline: Timeline, language: Language
) -> Iterator[TrackGroup]:
    """The tracks below their headings; within one they stay in order."""
    if by is None:
        yield TrackGroup(None, tuple(tracks))
    elif by == "agreement":
        for agreement in timeline.agreements:
            of_it = tuple(track for track in tracks if track.event.agreement == agreement.id)
            if of_it:
                yield TrackGroup(title_in(agreement, language), of_it)
    elif by == "status":
        statuses = {_status(track): None for track in tracks}
        for status in sorted(statuses, key=_STATUSES.index):
            heading = translate(language, f"status.{status}" if status else "picture.stays")
            yield TrackGroup(heading, tuple(track for track in tracks if _status(track) == status))
    else:
        yield from _groups_by_names(tracks, by, language)


def _status(track: Track) -> Status | None:
    return None if track.told is None else track.told.status


def _groups_by_names(
    tracks: Sequence[Track], by: Literal["party", "tag"], language: Language
) -> Iterator[TrackGroup]:
    groups: dict[tuple[str, ...], list[Track]] = {}
    for track in tracks:
        names = track.event.parties if by == "party" else track.event.tags
        groups.setdefault(tuple(sorted(names)), []).append(track)
    for names in sorted(groups, key=lambda names: (not names, names)):
        heading = comma_list(names, language) or translate(language, f"picture.no-{by}")
        yield TrackGroup(heading, tuple(groups[names]))


class _TrackBuilder:
    """Builds the tracks of one timeline."""

    def __init__(self, timeline: Timeline) -> None:
        self._ends = ends_of(timeline)
        self._references: References = references_among(timeline.events)

    def track(self, event: Event, points: Sequence[Point]) -> Track:
        """The track of an event, of those of its points that can come."""
        shown = tuple(next_of_each(points))
        bare = Track(
            event,
            shown,
            next((point.state for point in points if point.state), None),
            depends_on=self._references.names.get(event.name, ()),
            dependents=self._references.named_by.get(event.name, ()),
            awaits=_awaited(shown),
        )
        return self._term(bare, points) if event.is_term else self._moments(bare, points)

    def _moments(self, bare: Track, points: Sequence[Point]) -> Track:
        """What happens, once or again and again."""
        dated = [point for point in points if drawn_day(point) is not None]
        if not dated:
            return bare._replace(waits=True, told=points[0])
        marks, spans = [], []
        for point in dated:
            if point.status == "window" and point.stands is not None:
                first, last = (_day(moment, point) for moment in point.stands)
                spans.append(Span("window", first, last))
                continue
            if point.status == "may-move":
                spans.append(
                    Span(
                        "reach",
                        _day_or_none(point.earliest, point),
                        _day_or_none(point.latest, point),
                    )
                )
            if point.status == "option":
                spans.append(Span("reach", _day_or_none(point.earliest, point), point.day))
            marks.append(Mark(drawn_day(point) or date.max, mark_kind(point)))
        told = next((point for point in dated if not point.is_behind), dated[-1])
        return bare._replace(marks=tuple(marks), spans=tuple(spans), told=told, day=drawn_day(told))

    def _term(self, bare: Track, points: Sequence[Point]) -> Track:
        """What lasts: a band from its start to its end."""
        start = next((point for point in points if point.side == "start"), None)
        ends = [point for point in points if point.side == "end"]
        end = next((point for point in ends if point.occurrence is None), None)
        terms = [point for point in ends if point.occurrence is not None]
        until = self._ends.get(bare.event.name)
        if start is not None and start.day is None:
            return bare._replace(waits=True, told=start)
        if start is not None and start.status == "option":  # it may not begin at all
            return self._moments(bare, [start])
        if start is None and end is not None and end.day is None and not terms:
            return bare._replace(waits=True, told=end)
        band = Span("band", None, None)
        if start is not None and start.stands is not None:
            first, solid = _day_or_none(start.earliest, start), _day(start.stands.latest, start)
            band = Span("band", first, None, solid if solid != first else None)
        spans = [_ending(band, end)]
        if end is not None and end.stands is not None and end.latest != end.counts_to:
            latest = _day_or_none(end.latest, end)
            if latest is None or latest > (spans[0].last or date.max):
                spans.append(Span("reach", end.day, latest))
        marks = [Mark(term.day, "term") for term in terms if term.day is not None]
        if end is not None and end.day is not None and not end.is_behind and end.status != "window":
            marks.append(Mark(end.day, mark_kind(end)))
        return bare._replace(
            spans=tuple(spans),
            marks=tuple(marks),
            told=until,
            lasts=True,
            day=None if until is None else until.day,
            stays=until is None and bare.state == "in force",
        )


def _ending(band: Span, end: Point | None) -> Span:
    """The band with its end, which fades over the days on which it can be."""
    if end is None:
        return band
    if end.stands is None:
        return band._replace(fades=_day_or_none(end.earliest, end))
    last = _day(end.stands.latest, end)
    earliest = _day_or_none(end.earliest, end)
    return band._replace(last=last, fades=earliest if earliest != last else None)


def _awaited(points: Sequence[Point]) -> tuple[str, ...]:
    """The events by name that these points wait for, each once."""
    keys = (key for point in points for key in point.waits_for)
    return tuple(dict.fromkeys(f"{key.agreement}/{key.event}" for key in keys))


def mark_kind(point: Point) -> MarkKind:
    """What its mark says of a point that has a day."""
    if point.status == "occurred":
        return "occurred"
    if point.status == "option":
        return "option"
    if point.has_lapsed:
        return "lapsed"
    if point.has_passed:
        return "passed"
    if point.past:  # nobody misses its record: a later one has passed
        return "past"
    return "may-move" if point.status == "may-move" else "exact"


def drawn_day(point: Point) -> date | None:
    """The day on which it is drawn: of what has lapsed, the last on which it could be used."""
    return _day_or_none(point.last_day, point) if point.has_lapsed else point.day


def _day(moment: Moment, point: Point) -> date:
    return shown_day(moment, point.zone)


def _day_or_none(moment: Moment | None, point: Point) -> date | None:
    return None if moment is None else _day(moment, point)
