"""What is drawn of each event: marks, spans, and what it waits for. No widths, no places yet.

An exact day is a mark; a window is a bar; what may move is a mark on the line of the days that it
can be; a term is a band, which fades where its end may move; what waits stands at the open end.
What never comes is not drawn, but counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.model import Agreement, Event
from tracker.agreements.references import References, references_among
from tracker.dates.instants import Moment, is_aoe_day, shown_day
from tracker.i18n.dates import short_day
from tracker.i18n.explanation import answer_text
from tracker.i18n.points import (
    foreign_language,
    is_some_day,
    remark_on,
    title_of,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.i18n.until import until_text
from tracker.timeline.agenda import duplicate_ends, ends_of, next_of_each
from tracker.timeline.points import Point, State, Timeline

MarkKind: TypeAlias = Literal[
    "occurred", "exact", "may-move", "option", "lapsed", "passed", "past", "term"
]
#: A "reach" is all the days on which a mark or an end can be; JSON and CSS have it by this name.
SpanKind: TypeAlias = Literal["band", "window", "reach"]
#: How tracks are put together: by nothing, by whom they concern, by what they are about.
Grouping: TypeAlias = Literal["party", "tag"]
GROUPINGS: tuple[Grouping, ...] = ("party", "tag")


def grouping_named(name: str | None) -> Grouping | None:
    """The grouping of that name; None: there is none."""
    return next((grouping for grouping in GROUPINGS if grouping == name), None)


class Mark(NamedTuple):
    """A day on which something is."""

    day: date
    kind: MarkKind


class Span(NamedTuple):
    """Days from one to another, both included; it fades in up to `solid`, and out from `fades`."""

    kind: SpanKind
    first: date | None  #: None: from before the picture
    last: date | None  #: None: to its open end
    solid: date | None = None  #: None: it does not fade in
    fades: date | None = None  #: None: it does not fade out


class Track(NamedTuple):
    """One event."""

    event: Event
    title: str
    foreign_language: str | None  #: the title's language, where it is another
    when: str  #: when it is, in a few words
    about: str  #: the whole answer
    state: State | None
    marks: tuple[Mark, ...] = ()
    spans: tuple[Span, ...] = ()
    waits: bool = False  #: it has no day yet, and stands at the open end
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
    """The tracks, those with days first, by the first of them, then as the files have them."""
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
    builder = _TrackBuilder(timeline, language)
    events = [event for event in timeline.events if points[event.name]]
    tracks = [builder.track(event, points[event.name]) for event in events]
    tracks.sort(key=lambda track: (track.waits, min(track.days(), default=date.min)))
    return Tracks(tuple(_groups(tracks, by, language)), len(timeline.events) - len(tracks))


def _groups(
    tracks: Sequence[Track], by: Grouping | None, language: Language
) -> Iterator[TrackGroup]:
    if by is None:
        yield TrackGroup(None, tuple(tracks))
        return
    groups: dict[tuple[str, ...], list[Track]] = {}
    for track in tracks:
        names = track.event.parties if by == "party" else track.event.tags
        groups.setdefault(tuple(sorted(names)), []).append(track)
    for names in sorted(groups, key=lambda names: (not names, names)):
        heading = comma_list(names, language) or translate(language, f"picture.no-{by}")
        yield TrackGroup(heading, tuple(groups[names]))


class _TrackBuilder:
    """Builds the tracks of one timeline in one language."""

    def __init__(self, timeline: Timeline, language: Language) -> None:
        self._timeline = timeline
        self._language = language
        self._agreements: dict[str, Agreement] = {
            agreement.id: agreement for agreement in timeline.agreements
        }
        self._ends = ends_of(timeline)
        self._references: References = references_among(timeline.events)

    def track(self, event: Event, points: Sequence[Point]) -> Track:
        """The track of an event, of those of its points that can come."""
        agreement, language = self._agreements[event.agreement], self._language
        shown = next_of_each(points)
        answers = [answer_text(point, self._timeline, language)[0] for point in shown]
        bare = Track(
            event,
            title_of(event, agreement, language),
            foreign_language(event, agreement, language),
            "",
            " ".join(answers),
            next((point.state for point in points if point.state), None),
            depends_on=self._references.names.get(event.name, ()),
            dependents=self._references.named_by.get(event.name, ()),
        )
        return self._term(bare, points) if event.is_term else self._moments(bare, points)

    def _moments(self, bare: Track, points: Sequence[Point]) -> Track:
        """What happens, once or again and again."""
        dated = [point for point in points if _drawn_day(point) is not None]
        if not dated:
            return bare._replace(waits=True, when=remark_on(points[0], self._language) or "")
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
            marks.append(Mark(_drawn_day(point) or date.max, _kind(point)))
        return bare._replace(marks=tuple(marks), spans=tuple(spans), when=self._when(dated))

    def _when(self, dated: Sequence[Point]) -> str:
        """The day of the next point that is ahead, else of the last one."""
        point = next((point for point in dated if not point.is_behind), dated[-1])
        day = short_day(_drawn_day(point) or date.max, self._language).strip()
        if is_aoe_day(point.last_day if point.has_lapsed else point.counts_to):
            day = translate(self._language, "day.aoe", day=day)
        if point.status == "option" or point.has_lapsed:
            return translate(self._language, f"picture.{_kind(point)}", day=day)
        if point.status == "window" or is_some_day(point):
            return remark_on(point, self._language) or day
        if point.status == "may-move":
            return translate(self._language, "picture.may-move", day=day)
        return translate(self._language, "picture.passed", day=day) if point.has_passed else day

    def _term(self, bare: Track, points: Sequence[Point]) -> Track:
        """What lasts: a band from its start to its end."""
        start = next((point for point in points if point.side == "start"), None)
        ends = [point for point in points if point.side == "end"]
        end = next((point for point in ends if point.occurrence is None), None)
        terms = [point for point in ends if point.occurrence is not None]
        until = self._ends.get(bare.event.name)
        if start is not None and start.day is None:
            return bare._replace(waits=True, when=remark_on(start, self._language) or "")
        if start is not None and start.status == "option":  # it may not begin at all
            return self._moments(bare, [start])
        if start is None and end is not None and end.day is None and not terms:
            return bare._replace(waits=True, when=remark_on(end, self._language) or "")
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
        if end is not None and end.status == "option" and end.day is not None:
            marks.append(Mark(end.day, "option"))
        when = until_text(until, self._language, self._timeline.as_of)
        return bare._replace(spans=tuple(spans), marks=tuple(marks), when=when)


def _ending(band: Span, end: Point | None) -> Span:
    """The band with its end, which fades over the days on which it can be."""
    if end is None:
        return band
    if end.stands is None:
        return band._replace(fades=_day_or_none(end.earliest, end))
    last = _day(end.stands.latest, end)
    earliest = _day_or_none(end.earliest, end)
    return band._replace(last=last, fades=earliest if earliest != last else None)


def _kind(point: Point) -> MarkKind:
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


def _drawn_day(point: Point) -> date | None:
    """The day on which it is drawn: of what has lapsed, the last on which it could be used."""
    return _day_or_none(point.last_day, point) if point.has_lapsed else point.day


def _day(moment: Moment, point: Point) -> date:
    return shown_day(moment, point.zone)


def _day_or_none(moment: Moment | None, point: Point) -> date | None:
    return None if moment is None else _day(moment, point)
