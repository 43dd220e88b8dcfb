"""Where no law says how days are counted: closed days, notices cut short, months' ends.

A warning says that something may be wrong, a note that there is another way to read what is stated.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from tracker.agreements.keys import PointKey
from tracker.agreements.located import LocatedDiagnostic, field_of
from tracker.agreements.model import Event, Line, sides
from tracker.dates.bounds import order_key
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Duration, Form, Place, Side
from tracker.dates.instants import Moment, local_day
from tracker.dates.months import is_month_end
from tracker.dates.notes import Note
from tracker.dates.words.choices import Choice
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Edge, Offset, Within, is_counted
from tracker.dates.words.openings import NotAfter
from tracker.timeline.points import Point, Timeline
from tracker.timeline.same_occurrence import OccurrencePlaces

#: Of what repeats so many occurrences are looked at for a month's end: a year of months.
MOST_OCCURRENCES = 13


def counting_warnings(timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """What of the lines that are counted wants a look, once for each line."""
    lines = {event.key(side): line for event, side, line in _counted_lines(timeline)}
    points: dict[PointKey, list[Point]] = {key: [] for key in lines}
    for point in timeline.points:
        key = point.event.key(point.side)
        if key in points and not point.past and point.key not in timeline.settled:
            points[key].append(point)
    places: dict[tuple[object, ...], Place] = {}
    for key, ahead in points.items():
        if not ahead:
            continue
        event = ahead[0].event
        alike = event.agreement, event.calendar, event.counting, event.roll
        if alike not in places:
            places[alike] = timeline.place(event, lenient=True)
        if places[alike].law is None:
            yield from _of_line(lines[key], ahead, timeline, places[alike])


def _counted_lines(timeline: Timeline) -> Iterator[tuple[Event, Side, Line]]:
    """The lines that are counted, without a law; the ends of what renews come of themselves."""
    for event in timeline.events:
        for side, line in sides(event):
            if line is None or (event.renews is not None and side == "end"):
                continue
            if ("after" in line.text or "before" in line.text) and is_counted(line.form):
                yield event, side, line


def _of_line(
    line: Line, points: Sequence[Point], timeline: Timeline, place: Place
) -> Iterator[LocatedDiagnostic]:
    event, side = points[0].event, points[0].side
    found: Iterable[Diagnostic] = ()
    if event.roll in ("next", "modified-next"):
        found = _shortened(line.form)
    elif event.roll is None and event.repeats is None and place.open_days is not None:
        found = _on_closed_day(line, points, timeline, place)
    some = points[:MOST_OCCURRENCES] if line.each is not None else points[:1]
    places = [_place_of(point, timeline, place) for point in some]
    for diagnostic in (*found, *_day_numbers_kept(line, places)):
        yield LocatedDiagnostic(diagnostic, event, field_of(event, side))


def _place_of(point: Point, timeline: Timeline, place: Place) -> Place:
    """The place of the point's line: that of its occurrence."""
    if point.occurrence is None or point.line is None or point.line.each is None:
        return place
    known = timeline.bounds_by_key
    return OccurrencePlaces(point.event, place, known, timeline.families).of(point.occurrence)


# -- closed days


def _on_closed_day(
    line: Line, points: Sequence[Point], timeline: Timeline, place: Place
) -> Iterator[Diagnostic]:
    """The first deadline ahead that was counted to a closed day."""
    for point in points:
        moment = point.counts_to
        if moment is None or point.bounds.forecast or place.open_days is None:
            continue
        day = local_day(moment)
        if place.open_days.is_open(day):
            continue
        form = _counted_to(line.form, moment, _place_of(point, timeline, place))
        if form is not None:
            yield _closed_diagnostic(form, day, place, is_option=line.form.OPEN)
            return


def _counted_to(form: Form, moment: Moment, place: Place) -> Offset | Within | None:
    """The part of a line that was counted to that moment, in days."""
    match form:
        case Offset(duration):
            return form if _counts_days(duration) else None
        case Within(duration, "after"):
            return form if _counts_days(duration) else None
        case NotAfter(_, last):
            return _counted_to(last, moment, place)
        case Choice(_, items):
            giving = (item for item in items if _stands_at(item, moment, place))
            return next(
                (part for item in giving if (part := _counted_to(item, moment, place))), None
            )
        case OrIf(first, clauses):
            number = form.outcome(place).stands
            point = first if not number else clauses[number - 1].point
            return _counted_to(point, moment, place)
        case _:
            return None


def _counts_days(duration: Duration) -> bool:
    return not (duration.hours or duration.is_nothing)


def _stands_at(form: Form, moment: Moment, place: Place) -> bool:
    stands = form.bounds(place).stands
    if stands is None:
        return False
    return order_key(stands.latest, place.zone)[0] == order_key(moment, place.zone)[0]


def _closed_diagnostic(
    form: Offset | Within, day: date, place: Place, is_option: bool
) -> Diagnostic:
    """The day, and what `roll` would make of it; of an option it moves none."""
    days = place.open_days
    if days is None:
        raise ValueError("no day is closed without a calendar")
    back = isinstance(form, Offset) and form.direction == "before"
    way = "previous" if back else "next"
    moved = (("day", str(days.roll(day, "previous" if back else "next"))),)
    stays = Suggestion("none", "roll-none", (("day", str(day)),), "roll")
    rolls = Suggestion(way, f"roll-{way}", moved, "roll")
    suggestions = (stays,) if is_option else (rolls, stays)
    values = (("day", str(day)), ("calendar", days.name))
    return Diagnostic("counted-to-closed", form.span, values, suggestions, "warning")


# -- what is counted back and rolled on


def _shortened(form: Form) -> Iterator[Diagnostic]:
    """What is counted back and would be moved to a later day."""
    match form:
        case Offset(_, "before"):
            suggestions = (Suggestion("previous", key="roll"),)
            yield Diagnostic("notice-shortened", form.span, (), suggestions, "warning")
        case Choice(_, items):
            yield from (diagnostic for item in items for diagnostic in _shortened(item))
        case OrIf(first, clauses):
            for point in (first, *(clause.point for clause in clauses)):
                yield from _shortened(point)
        case _:
            return


# -- months' ends


def _day_numbers_kept(line: Line, places: Sequence[Place]) -> Iterator[Diagnostic]:
    """Where months from a month's last day do not come to one, in the first of those places."""
    for part in _counted_parts(line.form):
        if not part.duration.months:
            continue
        for note in (note for place in places for note in _month_notes(part, place)):
            values = tuple((name, str(moment)) for name, moment in note.moments)
            yield Diagnostic("day-kept", part.span, values, _month_end(line, part), "note")
            break


def _month_notes(part: Offset | Within, place: Place) -> Iterator[Note]:
    start = part.operand.bounds(place).earliest
    if start is not None and is_month_end(local_day(start)):
        yield from (note for note in part.notes(place) if note.case == "day-kept")


def _counted_parts(form: Form) -> Iterator[Offset | Within]:
    """The parts of a form whose day number matters: of `end of month of` it does not."""
    if isinstance(form, Edge) and form.unit != "week":
        return
    if isinstance(form, Offset | Within):
        yield form
    for part in form.parts():
        yield from _counted_parts(part)


def _month_end(line: Line, part: Offset | Within) -> tuple[Suggestion, ...]:
    """The line with the month's end, where whole months are counted."""
    if isinstance(part, Within) or part.duration.days or part.duration.business_days:
        return ()
    start, end = part.span
    text = f"{line.text[:start]}end of month of ({line.text[start:end]}){line.text[end:]}"
    return (Suggestion(" ".join(text.split())),)
