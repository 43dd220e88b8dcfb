"""What is shown of an event: each value under its name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.agreements.model import Agreement, Event, sides, text_in
from tracker.dates.instants import Moment
from tracker.dates.words.counted import counts_business_days, is_counted
from tracker.i18n.amendments import amendment_sentences
from tracker.i18n.dates import long_day, long_moment, window_text
from tracker.i18n.estimates import estimated_text, estimates_text
from tracker.i18n.points import day_text, punctuality_text, status_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.lateness import days_late
from tracker.timeline.points import Point, Timeline, days_of


class Field(NamedTuple):
    """A name and its value; without a name, the heading of a block."""

    name: str  #: of the sentence that names it
    value: str
    moment: Moment | None = None  #: where the value is one day or instant


#: A block begins, without a heading.
BREAK = Field("", "")


def fields_of(
    event: Event,
    points: Sequence[Point],
    timeline: Timeline,
    language: Language,
    more: str = "show.occurrences.more",
) -> list[Field]:
    """All that is shown of an event, of those of its points.

    `more` names the sentence that says how many occurrences are not shown, and where they are.
    """
    fields = _series_fields(points, timeline, language, more)
    happens = not event.is_term  #: what is stated stands above its occurrences already
    told = {field.value for field in fields if happens and field.name == "show.stated"}
    for point in points:
        if point.occurrence is None or len(points) == 1:
            own = _point_fields(point, timeline, language)
            fields += (each for each in own if each.name != "show.stated" or each.value not in told)
    return [*fields, *_event_fields(event, timeline, language)]


#: So many occurrences are shown of an event.
MOST_OCCURRENCES = 12


def _series_fields(
    points: Sequence[Point], timeline: Timeline, language: Language, more: str
) -> list[Field]:
    """What repeats, a line for each occurrence from the last one that has passed on.

    Of what has happened, from the first whose deadline has passed and that nothing is recorded of.
    """
    series = [point for point in points if point.occurrence is not None]
    if len(points) == 1 or not series:
        return []
    wanted = (at for at, point in enumerate(series) if not point.is_behind or point.has_passed)
    first = next(wanted, len(series))
    if first == len(series) or not series[first].has_passed:
        first = max(first - 1, 0)
    shown = series[first:][:MOST_OCCURRENCES]
    wide = max(len(str(point.occurrence)) for point in shown)
    lines = [
        f"{point.occurrence!s:{wide}}  {_in_short(point, timeline, language)}" for point in shown
    ]
    if len(shown) < len(series):
        lines.append(translate(language, more, count=len(series) - len(shown)))
    return [
        BREAK,
        Field("show.stated", series[0].statement or ""),
        *_amendment_fields(series[0], timeline, language),
        Field("show.occurrences", "\n".join(lines)),
    ]


def _in_short(point: Point, timeline: Timeline, language: Language) -> str:
    """One occurrence in a line: its day, its status, and what it waits for."""
    parts = [status_text(point, language)]
    if point.counts_to is not None:
        parts.insert(0, day_text(point, language))
    if punctuality := punctuality_text(days_late(point, timeline), language):
        parts.append(punctuality)
    if point.waits_for:
        names = comma_list(point.waits_for_names, language)
        parts.append(translate(language, "waits-for", names=names))
    elif point.estimates:
        parts.append(estimated_text(point, language))
    return comma_list(parts, language)


def _point_fields(point: Point, timeline: Timeline, language: Language) -> Iterator[Field]:
    """The fields of a point."""
    if point.event.is_term:
        yield Field("", translate(language, f"side.{point.side}"))
    if point.line is not None:
        yield Field("show.stated", point.statement or "")
    yield from _amendment_fields(point, timeline, language)
    yield Field("show.status", status_text(point, language))
    record = point.record
    if point.status == "occurred" and record is not None:
        text = long_moment(record, language)
        if punctuality := punctuality_text(days_late(point, timeline), language):
            text = f"{text} ({punctuality})"
        yield Field("show.recorded", text, record)
        return
    if point.stands:
        first, last = point.stands.earliest, point.stands.latest
        text = window_text(point.stands, language)
        yield Field("show.stands", text, first if first == last else None)
    if point.last_day is not None:
        yield Field("show.last-day", long_moment(point.last_day, language), point.last_day)
    if point.earliest and point.status != "exact":
        yield Field("show.earliest", long_moment(point.earliest, language), point.earliest)
        latest = point.latest and long_moment(point.latest, language)
        yield Field("show.latest", latest or translate(language, "show.latest.none"), point.latest)
    if point.waits_for:
        yield Field("show.waits-for", comma_list(point.waits_for_names, language))
    if point.estimates:
        yield Field("show.estimates", estimates_text(point, language))


def _amendment_fields(point: Point, timeline: Timeline, language: Language) -> Iterator[Field]:
    """By which amendment it is stated so, with its source and the line that it replaced."""
    agreement = timeline.agreement(point.event.agreement)
    sentences = [*amendment_sentences(point.key, agreement, timeline.as_of, language)]
    if sentences:
        yield Field("show.amended-by", "\n".join(sentences))


def _event_fields(event: Event, timeline: Timeline, language: Language) -> Iterator[Field]:
    agreement = timeline.agreement(event.agreement)
    state = next((point.state for point in timeline.of(event) if point.state), None)
    source = agreement.source(event.source)
    amendments = [
        amendment.id
        for amendment in agreement.amendments
        if amendment.on <= timeline.as_of
        and any(change.event == event.id for change in amendment.changes)
    ]
    withdrawn = event.withdrawal()
    possible = [
        Field("show.state", translate(language, f"state.{state}") if state else ""),
        Field("show.withdrawn", long_day(withdrawn, language) if withdrawn else "", withdrawn),
        Field("show.amended", comma_list(tuple(amendments), language)),
        Field("show.calendar", _calendar(event, agreement, language) or ""),
        Field("show.counting", _counting(event, agreement, language)),
        Field("show.parties", comma_list(event.parties, language)),
        Field("show.tags", comma_list(event.tags, language)),
        Field("show.quote", event.quote or ""),
        Field("show.source", text_in(source.title, language, agreement.language) if source else ""),
        Field("show.note", text_in(event.note, language, agreement.language) if event.note else ""),
        Field("show.url", event.url or ""),
    ]
    yield BREAK
    yield from (field for field in possible if field.value)


def _calendar(event: Event, agreement: Agreement, language: Language) -> str | None:
    """Whose business days count for the event, and for which years they are known."""
    lines = [line for side, line in sides(event) if line is not None]
    days = days_of(event, agreement)
    if days is None:
        return None
    asked = event.roll is not None or _is_counted_by_law(event, agreement)
    if not asked and not any(counts_business_days(line.form) for line in lines):
        return None
    first, last = (f"{year:04}" for year in days.covers)
    return translate(language, "show.calendar.covers", calendar=days.name, first=first, last=last)


def _counting(event: Event, agreement: Agreement, language: Language) -> str:
    """The law by which the event's days are counted, where they are."""
    if not _is_counted_by_law(event, agreement):
        return ""
    return translate(language, f"show.counting.{event.counting or agreement.counting}")


def _is_counted_by_law(event: Event, agreement: Agreement) -> bool:
    if event.counting is None and agreement.counting is None:
        return False
    return any(line is not None and is_counted(line.form) for _, line in sides(event))
