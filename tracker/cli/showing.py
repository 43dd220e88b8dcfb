"""`tracker show ID` and `tracker explain ID`: one event, and how its days came about."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import typer

from tracker.cli.points import (
    check_occurrence,
    event_named,
    key_named,
    point_and_occurrence,
    side_and_name,
)
from tracker.cli.request import CallError, Request
from tracker.cli.screen import show_json, styled, timeline_of, width
from tracker.dates.forms import Side, counts_business_days
from tracker.timeline.compared import days_late
from tracker.timeline.events import Agreement, Event, text_in
from tracker.timeline.points import Point, Timeline, days_of, sides
from tracker.wording.columns import filled, width_of, wrapped
from tracker.wording.dates import long_day, long_moment, window_text
from tracker.wording.points import names_text, title_of
from tracker.wording.sentences import Language, say


def show(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    timeline = timeline_of(request)
    event, points = found(event_id, timeline)
    if request.as_json:
        from tracker.feeds.json_form import event_json

        show_json(event_json(event, timeline, request.language))
        return
    agreement = timeline.agreement(event.agreement)
    columns, language = width(), request.language
    title = title_of(event, agreement, language)
    print("\n".join(styled(line, bold=True) for line in wrapped(title, columns)))
    print(event.name)
    fields = _series_fields(points, timeline, language)
    for point in points:
        if point.occurrence is None or len(points) == 1:
            fields += _point_fields(point, event, timeline, language)
    fields += _event_fields(event, timeline, language)
    print("\n".join(_laid_out(fields, columns, language)))


def explain(request: Request, event_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    from tracker.wording.explaining import explained

    # A tree is as deep as the longest chain of events, and Python's own stack is not used for it.
    sys.setrecursionlimit(1_000_000)
    timeline = timeline_of(request)
    _, points = found(event_id, timeline)
    points = _next_of_each(points)
    if request.as_json:
        from tracker.feeds.json_form import why_json

        show_json([why_json(point, timeline, request.language) for point in points])
        return
    columns = width()
    blocks = []
    for point in points:
        lines = explained(point, timeline, request.language)
        blocks.append("\n".join(part for line in lines for part in _indented(line, columns)))
    print("\n\n".join(blocks))


def found(name: str, timeline: Timeline) -> tuple[Event, list[Point]]:
    """The event of that id (`x`, `agreement/x`) and its points (of `end of x`, `x@DAY`, that)."""
    named, occurrence = point_and_occurrence(name)
    side, wanted = side_and_name(named)
    event = event_named(wanted, timeline.events)
    points = [point for point in timeline.of(event) if side in (None, point.side)]
    if occurrence is not None:
        key = key_named(event, side, named)
        check_occurrence(name, key, occurrence, timeline)
        points = [point for point in points if point.occurrence == occurrence]
    if side is not None and not points:
        raise CallError("call.no-point", point=name, id=event.id)
    return event, points


def _next_of_each(points: list[Point]) -> list[Point]:
    """Of what repeats the next occurrence, else the last: the others are explained alike."""
    if len(points) == 1:
        return points
    chosen: dict[Side, Point] = {}
    for point in points:
        if point.occurrence is not None and (point.side not in chosen or chosen[point.side].past):
            chosen[point.side] = point
    return [point for point in points if point.occurrence is None or point is chosen[point.side]]


#: So many occurrences are shown of an event.
MOST_OCCURRENCES = 12


def _series_fields(
    points: list[Point], timeline: Timeline, language: Language
) -> list[tuple[str, str]]:
    """What repeats, a line for each occurrence from the last one that has passed on."""
    series = [point for point in points if point.occurrence is not None]
    if len(points) == 1 or not series:
        return []
    first = next((at for at, point in enumerate(series) if not point.past), len(series))
    shown = series[max(first - 1, 0) :][:MOST_OCCURRENCES]
    lines = [f"{point.occurrence}  {_in_short(point, timeline, language)}" for point in shown]
    if len(shown) < len(series):
        lines.append(say(language, "show.occurrences.more", count=len(series) - len(shown)))
    return [
        ("", ""),
        ("show.stated", series[0].stated or ""),
        ("show.occurrences", "\n".join(lines)),
    ]


def _in_short(point: Point, timeline: Timeline, language: Language) -> str:
    """What is said of one occurrence, in a line."""
    said = [say(language, f"status.{point.status}")]
    if point.counts_to is not None:
        said.insert(0, long_moment(point.counts_to, language))
    if point.status == "occurred" and (days := days_late(point, timeline)):
        name = "late.days" if days > 0 else "early.days"
        said.append(say(language, name, count=abs(days)))
    if point.waits_for:
        names = names_text(point.waits_for, language)
        said.append(say(language, "waits-for", names=names))
    return say(language, "comma").join(said)


def _point_fields(
    point: Point, event: Event, timeline: Timeline, language: Language
) -> list[tuple[str, str]]:
    """What is said of a point: an empty name begins a new block."""
    fields: list[tuple[str, str]] = []
    if event.is_term:
        fields.append(("", say(language, f"side.{point.side}")))
    if point.line is not None:
        fields.append(("show.stated", point.stated or ""))
    fields.append(("show.status", say(language, f"status.{point.status}")))
    record = point.record
    if point.status == "occurred" and record is not None:
        text = long_moment(record, language)
        days = days_late(point, timeline)
        if days:
            name = "late.days" if days > 0 else "early.days"
            text = f"{text} ({say(language, name, count=abs(days))})"
        fields.append(("show.recorded", text))
        return fields
    if point.stands:
        fields.append(("show.stands", window_text(point.stands, language)))
    if point.earliest and point.status != "exact":
        fields.append(("show.earliest", long_moment(point.earliest, language)))
        latest = point.latest and long_moment(point.latest, language)
        fields.append(("show.latest", latest or say(language, "show.latest.none")))
    if point.waits_for:
        fields.append(("show.waits-for", names_text(point.waits_for, language)))
    return fields


def _event_fields(event: Event, timeline: Timeline, language: Language) -> list[tuple[str, str]]:
    agreement = timeline.agreement(event.agreement)
    state = next((point.state for point in timeline.of(event) if point.state), None)
    source = agreement.source(event.source)
    amendments = [
        amendment.id
        for amendment in agreement.amendments
        if amendment.on <= timeline.as_of
        and any(change.event == event.id for change in amendment.changes)
    ]
    possible: list[tuple[str, Any]] = [
        ("show.state", state and say(language, f"state.{state}")),
        ("show.withdrawn", _withdrawn(event, language)),
        ("show.amended", names_text(tuple(amendments), language)),
        ("show.calendar", _calendar(event, agreement, language)),
        ("show.parties", names_text(event.parties, language)),
        ("show.tags", names_text(event.tags, language)),
        ("show.quote", event.quote),
        ("show.source", source and text_in(source.title, language, agreement.language)),
        ("show.note", event.note and text_in(event.note, language, agreement.language)),
        ("show.url", event.url),
    ]
    return [("", ""), *((name, str(value)) for name, value in possible if value)]


def _withdrawn(event: Event, language: Language) -> str | None:
    day = event.withdrawal()
    return None if day is None else long_day(day, language)


def _calendar(event: Event, agreement: Agreement, language: Language) -> str | None:
    """Whose business days count for the event, and for which years they are known."""
    lines = [line for side, line in sides(event) if line is not None]
    if event.roll is None and not any(counts_business_days(line.form) for line in lines):
        return None
    days = days_of(event, agreement)
    if days is None:
        return None
    first, last = (f"{year:04}" for year in days.covers)
    return say(language, "show.calendar.covers", calendar=days.name, first=first, last=last)


def _laid_out(fields: list[tuple[str, str]], columns: int | None, language: Language) -> list[str]:
    """Names in a column, values wrapped behind them; a field without a name heads a block."""
    names = {name: say(language, name) for name, _ in fields if name}
    margin = max(map(width_of, names.values())) + 2
    room = None if columns is None else columns - margin - 2
    lines = []
    for name, value in fields:
        if not name:
            lines += ["", styled(value, bold=True)] if value else [""]
            continue
        parts = [part for line in value.splitlines() for part in wrapped(line, room)]
        head = f"  {filled(names[name], margin)}"
        lines += [head + parts[0], *(f"{' ' * (margin + 2)}{part}" for part in parts[1:])]
    return lines


def _indented(line: str, columns: int | None) -> list[str]:
    """A line wrapped below its own indentation."""
    text = line.lstrip(" ")
    margin = " " * (len(line) - len(text))
    room = None if columns is None else columns - len(margin) - 2
    first, *rest = wrapped(text, room)
    return [margin + first, *(f"{margin}  {part}" for part in rest)]
