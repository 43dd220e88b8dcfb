"""What no turn of events can make true: judged from the first day, with nothing recorded."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from tracker.agreements.amendments import events_after
from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.located import FIELDS, LocatedDiagnostic, field_of
from tracker.agreements.model import Agreement, Event, Line, sides
from tracker.dates.arithmetic import edge_of, end_of_term
from tracker.dates.bounds import Bounds, precedes
from tracker.dates.calendars import Uncovered
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Form, Place, Side
from tracker.dates.instants import local_day
from tracker.dates.words.counted import Edge, Lasts, Offset, Within, count_moment
from tracker.dates.words.days import Before, Exact, In, Through
from tracker.dates.words.openings import NotAfter, Open
from tracker.dates.words.windows import Between
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.waits import TooManyNames

_ANY_DAY = Line.of("open", Open())

#: What is earlier is a day of an open event as seen from the first day, and none that a view of
#: today's reaches: nobody states a day so early.
_FIRST_STATED = date(900, 1, 1)

#: What points wait for comes to so many names at most, each point's counted: ten thousand events
#: may each wait for a hundred. A chain of two thousand whose links each wait for one more may not.
MOST_NAMES = 1_000_000


def find_contradictions(
    view: Sequence[Agreement], unsound: set[PointKey]
) -> Iterator[LocatedDiagnostic]:
    """What is wrong in a view whatever happens; lines of `unsound` points may be any day."""
    stated = [
        replace(agreement, events=tuple(_as_stated(e, unsound) for e in agreement.events))
        for agreement in view
    ]
    try:
        timeline = resolve(stated, date.min, lenient=True, most_names=MOST_NAMES)
    except TooManyNames as error:
        yield _too_many_names(error.key, view)
        return
    for event in timeline.events:
        for side, line in sides(event):
            if line is not None:
                yield from _of_line(event, side, line, timeline)
        yield from _ends_before_start(event, timeline)
    if any(event.repeating or event.renews is not None for event in timeline.events):
        from tracker.timeline.validation.occurrence_counts import too_many_occurrences

        yield from too_many_occurrences(timeline, view)


def _too_many_names(key: PointKey, view: Sequence[Agreement]) -> LocatedDiagnostic:
    events = (event for agreement in view for event in agreement.events)
    event = next(event for event in events if event.event_key == key.event_key)
    line = event.line(key.side)
    diagnostic = Diagnostic(
        "too-many-names",
        line.form.span if line is not None else (0, 0),
        (("most", f"{MOST_NAMES:,}"),),
    )
    return LocatedDiagnostic(diagnostic, event, field_of(event, key.side))


def _as_stated(event: Event, unsound: set[PointKey]) -> Event:
    """The event without what was recorded; lines that cannot be worked out may be any day.

    A side that was only recorded keeps its record: nothing else is said of it.
    """
    if unsound:
        lines: dict[str, Any] = {
            field_of(event, side): _ANY_DAY
            for side, _ in sides(event)
            if event.key(side) in unsound
        }
        if lines:
            event = event._replace(**lines, roll=None, repeats=None, renews=None, during=None)
    if event.when is not None:
        return event._replace(occurred=None, withdrawn=None)
    started = event.started if event.starts is None else None
    ended = event.ended if event.line("end") is None else None
    return event._replace(started=started, ended=ended, withdrawn=None)


def _of_line(
    event: Event, side: Side, line: Line, timeline: Timeline
) -> Iterator[LocatedDiagnostic]:
    simple = line.tree is None or isinstance(line.tree, Exact | Through | Before | In | Open)
    if simple and event.roll is None:
        return
    diagnostic = _of_form(line, line.form, _Counting(event, timeline))
    if diagnostic is None and event.roll is not None:
        diagnostic = _of_roll(event, side, line, timeline)
    if diagnostic is not None:
        yield LocatedDiagnostic(diagnostic, event, field_of(event, side))


class _Counting(NamedTuple):
    """Where the lines of an event are counted, as stated."""

    event: Event
    timeline: Timeline

    def place(self) -> Place:
        """Where every year has business days."""
        return self.timeline.place(self.event, lenient=True)

    def strict_place(self) -> Place:
        """Where only years with data have business days."""
        return self.timeline.place(self.event)


def _of_form(line: Line, form: Form, counting: _Counting) -> Diagnostic | None:
    """The first impossible thing in a form, what stands within it before itself."""
    for part in form.parts():
        if diagnostic := _of_form(line, part, counting):
            return diagnostic
    place = counting.place()
    match form:
        case Offset() | Within():
            return _of_count(form, counting)
        case Edge(edge, unit, operand):
            first = operand.bounds(place).earliest
            if first is None or not _leaves(partial(edge_of, edge, unit, local_day(first))):
                return None
            return Diagnostic("off-calendar", form.span)
        case Lasts(duration, start):
            first = place.lookup(start).earliest
            if first is None or not _leaves(partial(end_of_term, duration, local_day(first))):
                return None
            return Diagnostic("off-calendar", form.span)
        case Between():
            return _backwards(line, form, place)
        case NotAfter():
            return _no_day_left(form, place)
        case _:
            return None


def _of_count(form: Offset | Within, counting: _Counting) -> Diagnostic | None:
    """What is wrong with a count: it enters a year without data, or leaves the calendar."""
    place, before = counting.place(), form.direction == "before"
    bounds = form.operand.bounds(place)

    def far(day: date, where: Place = place) -> object:
        return count_moment(form.duration, form.direction, day, where)

    if form.duration.business_days or place.law is not None:
        strict = counting.strict_place()
        if diagnostic := _uncovered_years(form, bounds, lambda day: far(day, strict)):
            return diagnostic
    nearest = bounds.latest if before else bounds.earliest
    if nearest is None or not _leaves(partial(far, local_day(nearest))):
        return None
    return Diagnostic("off-calendar", form.span)


def _of_roll(event: Event, side: Side, line: Line, timeline: Timeline) -> Diagnostic | None:
    """A day that would be moved off a closed one in a year without data."""
    roll, strict = event.roll, _Counting(event, timeline).strict_place().open_days
    if strict is None or roll is None:
        return None
    bounds = timeline.bounds_by_key[event.key(side)]
    if event.repeating or (event.renews is not None and side == "end"):
        bounds = bounds._replace(earliest=bounds.latest)  # a view asks of those near it alone
    return _uncovered_years(line.form, bounds, lambda day: strict.roll(day, roll))


def _leaves(count: Callable[[], object]) -> bool:
    """Whether a count leaves the years 0001 to 9999."""
    try:
        count()
    except OverflowError:
        return True
    return False


def _uncovered_years(
    form: Form, bounds: Bounds, count: Callable[[date], object]
) -> Diagnostic | None:
    """A count that enters a year without data, in any view.

    An earliest day that an open event gives moves with the view, and is judged as it comes.
    """
    for moment in dict.fromkeys((bounds.latest, *(bounds.stands or ()), bounds.earliest)):
        if moment is None:
            continue
        day = local_day(moment)
        if moment == bounds.earliest and not bounds.exact and day < _FIRST_STATED:
            continue
        try:
            count(day)
        except Uncovered as missing:
            return uncovered_diagnostic(missing, form.span)
        except OverflowError:  # as it comes, it is kept in the calendar
            continue
    return None


def uncovered_diagnostic(missing: Uncovered, span: tuple[int, int] = (0, 0)) -> Diagnostic:
    """What is said of a year for which a calendar has no data."""
    values = {"calendar": missing.calendar, "year": f"{missing.year:04}"}
    values |= {"first": f"{missing.first:04}", "last": f"{missing.last:04}"}
    return Diagnostic("uncovered", span, tuple(values.items()))


def uncovered_event(
    missing: Uncovered, agreements: Sequence[Agreement]
) -> LocatedDiagnostic | None:
    """The same, of the event whose count it was as of a day; None: these agreements have it not."""
    events = [
        event for agreement in agreements for event in events_after(agreement, agreement.amendments)
    ]
    event = next((event for event in events if event.name == missing.point), None)
    if event is None:
        return None
    goes_by_start = event.starts is not None and event.renews is None
    side: Side = "when" if event.when is not None else "start" if goes_by_start else "end"
    field = field_of(event, side)
    return LocatedDiagnostic(uncovered_diagnostic(missing), event, field, date.max)


def _backwards(line: Line, form: Between, place: Place) -> Diagnostic | None:
    """`between 2030 and 2029`: the second day lies before the first, whatever happens."""
    start, end = form.first_bounds(place), form.last_bounds(place)
    if start.earliest is None or end.latest is None:
        return None
    if not precedes(end.latest, start.earliest, place.zone):
        return None
    turned = Between(form.last, form.first).text()
    write = f"{line.text[: form.span[0]]}{turned}{line.text[form.span[1] :]}"
    return Diagnostic("between-backwards", form.span, (), (Suggestion(" ".join(write.split())),))


def _no_day_left(form: NotAfter, place: Place) -> Diagnostic | None:
    """`not before 2030, not after 2029`: the first day lies after the last, whatever happens."""
    if form.first is None:
        return None
    first, last = form.first.bounds(place).earliest, form.last.bounds(place).latest
    if first is None or last is None or not precedes(last, first, place.zone):
        return None
    turned = Suggestion(NotAfter(form.last, form.first).text())
    return Diagnostic("option-backwards", form.span, (), (turned,))


def _ends_before_start(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    if event.starts is not None and counted_forward_from(event, event.starts, "end"):
        yield LocatedDiagnostic(
            Diagnostic("start-after-end", event.starts.form.span), event, "starts"
        )
    start = timeline.bounds_by_key.get(event.key("start"))
    end = timeline.bounds_by_key.get(event.key("end"))
    line = event.line("end")
    if event.renews is not None and line is not None:  # the stated end, not the one for good
        end = line.fixed or line.form.bounds(timeline.place(event, lenient=True))
    if start is None or end is None or line is None or event.starts is None:
        return
    if start.earliest is None or end.latest is None:
        return
    if precedes(end.latest, start.earliest, timeline.agreement(event.agreement).timezone):
        values = (("end", str(end.latest)), ("start", str(start.earliest)))
        diagnostic = Diagnostic("end-before-start", line.form.span, values)
        yield LocatedDiagnostic(diagnostic, event, field_of(event, "end"))


def counted_forward_from(event: Event, line: Line, side: Side) -> int | None:
    """By how much a line counts forward from that side of its own event; None: it does not.

    The unit is no matter (months and days are added up): only whether it is nothing is asked.
    """
    form = line.form
    forward = 0
    while isinstance(form, Offset | Within) and form.direction == "after":
        if isinstance(form, Offset):
            forward += sum(number for number, _ in form.duration.parts)
        form = form.operand
    names = getattr(form, "side", None) == side and FIELDS[side] != "when"
    own = names and key_of(form, event.agreement) == event.key(side)  # type: ignore[arg-type]  # has a side: a Ref
    return forward if own else None
