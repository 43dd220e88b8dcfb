"""What lies within an event whose start and end may move, against every day that they can be."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from tests.property.brute_force import NEVER, Days, days_of
from tests.property.examples import examples
from tests.timeline.scene import agreement, event
from tracker.agreements.model import Event
from tracker.dates.expressions import Ref
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

FIRST, LAST = date(2027, 1, 1), date(2028, 12, 31)
SOONER, LATER = st.dates(FIRST, date(2027, 6, 30)), st.dates(date(2027, 7, 1), date(2028, 3, 31))


def lines(days: st.SearchStrategy[date]) -> st.SearchStrategy[str]:
    """A day, a window or a choice that x can bring forward or put off."""
    shapes = ["{0}", "between {0} and {1}", "earliest of x, {1}", "{0}, or {1} if x"]
    several = st.lists(days, min_size=2, max_size=2).map(sorted)
    return st.builds(lambda shape, both: shape.format(*both), st.sampled_from(shapes), several)


@st.composite
def rights(draw: st.DrawFn) -> tuple[Event, ...]:
    """A right between two lines, what is due each month while it lasts, and what hangs on that."""
    during = Ref(None, "right", "when")
    return (
        event("x", when="open"),
        event("right", starts=draw(lines(SOONER)), ends=draw(lines(LATER))),
        event("report", when="each start of month", during=during),
        event("answer", when="3 days after each due day of report"),
    )


def possible(events: tuple[Event, ...], as_of: date, open_events_happen: bool) -> list[Days]:
    """Every day on which the right can start, and on which it can end."""
    right = events[1]
    assert right.starts is not None
    assert right.ends is not None
    # x may come on any day of these two years: one that x brings forward lies on each of them.
    x = frozenset((*_each(as_of, LAST), NEVER)) if open_events_happen else frozenset((NEVER,))
    return [
        days_of(line.form, as_of, {"x": x}, open_events_happen)
        for line in (right.starts, right.ends)
    ]


def _each(first: date, last: date) -> list[date]:
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@examples(40)
@given(rights(), st.dates(FIRST, date(2027, 12, 31)))
def test_what_is_there_is_what_some_start_and_end_hold_and_certain_what_all_of_them_do(
    events: tuple[Event, ...], as_of: date
) -> None:
    starts, ends = possible(events, as_of, open_events_happen=True)
    standing = possible(events, as_of, open_events_happen=False)
    terms = set(product((min(starts), max(starts)), (min(ends), max(ends))))
    stands = set(product((max(standing[0]),), (max(standing[1]),)))
    months = [day for day in _each(FIRST, LAST) if day.day == 1]
    there = [day for day in months if any(first <= day <= last for first, last in terms)]

    points = resolve([agreement(*events)], as_of).points

    reports = {p.occurrence: p for p in points if p.event.id == "report" and p.occurrence}
    answers = {p.occurrence: p for p in points if p.event.id == "answer" and p.occurrence}
    assert (list(reports), list(answers)) == (there, there)
    for day in there:
        certain = all(first <= day <= last for first, last in terms)
        holds = all(first <= day <= last for first, last in stands)
        for found, moment in ((reports[day], day), (answers[day], day + timedelta(days=3))):
            assert (found.earliest, found.latest) == (moment, moment if certain else None)
            assert (found.stands is not None) == holds
            assert found.status == ("exact" if certain else _status(found))


def _status(found: Point) -> str:
    if found.stands is None:
        return "waiting"
    return "may-move" if found.waits_for else "window"
