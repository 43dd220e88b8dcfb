"""Lines that are repeated for `each x`, against each occurrence tried on every day by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import NamedTuple

from hypothesis import given
from hypothesis import strategies as st

from tests.property.brute_force import NEVER, Days, days_of, rolled
from tests.property.examples import examples
from tests.property.grammar import sentences
from tests.property.test_resolve import DAYS, DURATIONS, PERIODS, ROLLS, exact_days, operands
from tests.timeline.scene import agreement, event
from tracker.agreements.keys import PointKey
from tracker.agreements.model import ByOccurrence, Event
from tracker.dates.instants import Instant, Moment
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

DAY = date(2027, 1, 31)
OCCURRENCES = (DAY, date(2027, 2, 28), date(2027, 3, 31))


class Series(NamedTuple):
    """What repeats three times, and events that name `each` of it and those before them."""

    events: tuple[Event, ...]
    as_of: date

    def points(self) -> dict[tuple[str, object], Point]:
        whole = replace(agreement(*self.events), calendar="weekdays")
        return {(p.event.id, p.occurrence): p for p in resolve([whole], self.as_of).points}

    def enumerated(self, occurrence: date, open_events_happen: bool) -> dict[str, Days]:
        """Every day that each event can be of that occurrence, as if it happened only once."""
        found: dict[str, Days] = {}
        for one in self.events:
            assert one.when is not None
            repeats, stated = one.repeats is not None, frozenset((occurrence,))
            if not repeats:
                stated = days_of(one.when.form, self.as_of, found, open_events_happen)
            if one.roll is not None:
                stated = rolled(stated, one.roll)
            record, gone = one.record("when", occurrence), one.withdrawal(occurrence)
            if isinstance(record, date) and record <= self.as_of:
                stated = frozenset((record,))
            elif gone is not None and gone <= self.as_of:
                stated = frozenset((NEVER,))
            found[f"each {one.id}" if repeats else one.id] = stated
        return found


@cache
def points_of(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """A sentence with `each x`, perhaps several times, and with names of the same occurrence."""
    each = st.just("each x")
    leaf = st.one_of(operands([]), each, *[st.sampled_from(names)] * bool(names))
    named = st.sampled_from(names) if names else each
    leaves = {"exact": exact_days(), "PERIOD": PERIODS}
    leaves |= {"DURATION": DURATIONS, "ref": named, "each": each, "ID": leaf}
    return sentences("point", leaves, deepest=2)


@st.composite
def lines(draw: st.DrawFn, names: tuple[str, ...]) -> str:
    """A line that is repeated for `each x`."""
    kind = draw(st.sampled_from(["point", "point", "open", "clause" if names else "point"]))
    if kind == "open":
        operand = draw(st.sampled_from(["each x", "(latest of each x, 2027-03-10)"]))
        first = f"not before {operand}"
        last = f"not after ({draw(DURATIONS)} after {draw(st.sampled_from(['each x', *names]))})"
        return draw(st.sampled_from([first, f"{first}, {last}"]))
    line = draw(points_of(names))
    if kind == "clause":
        return f"{draw(DURATIONS)} after each x, or ({line}) if {draw(st.sampled_from(names))}"
    return line if "each" in line else f"earliest of each x, ({line})"


@st.composite
def series(draw: st.DrawFn) -> Series:
    def records() -> ByOccurrence | None:
        of = draw(st.lists(st.sampled_from(OCCURRENCES), max_size=2, unique=True))
        return ByOccurrence(tuple((day, draw(DAYS)) for day in of)) if of else None

    repeats = parse_recurrence("1 month, 3 in all")
    roll = draw(st.none() | ROLLS)
    events = [event("x", when=str(DAY), repeats=repeats, roll=roll, occurred=records())]
    names: list[str] = []
    for name in ["p", "q", "r"][: draw(st.integers(1, 3))]:
        stated = draw(lines(tuple(names)))
        opened = stated.startswith("not ")
        roll = None if opened else draw(st.none() | ROLLS)
        events.append(event(name, when=stated, roll=roll, occurred=records(), withdrawn=records()))
        names.append(name)
    return Series(tuple(events), draw(DAYS))


def _never_last(moment: Moment | None) -> date:
    assert not isinstance(moment, Instant)
    return NEVER if moment is None else moment


@examples(80)
@given(series())
def test_each_occurrence_is_what_its_line_comes_to_of_that_occurrence_alone(scene: Series) -> None:
    points = scene.points()

    for day in OCCURRENCES:
        possible = scene.enumerated(day, open_events_happen=True)
        standing = scene.enumerated(day, open_events_happen=False)
        clauses = False  #: whether an `or … if` decides: its bounds may be wider than the truth
        for one in scene.events[1:]:
            clauses = clauses or " if " in one.statement("when")
            point, days, stands = points[one.id, day], possible[one.id], standing[one.id]
            earliest, latest = _never_last(point.earliest), _never_last(point.latest)
            if clauses:
                assert earliest <= min(days)
                assert latest >= max(days)
                continue
            assert (earliest, latest) == (min(days), max(days))
            if max(stands) == NEVER:
                assert point.stands is None
            else:
                assert point.stands == (min(stands), max(stands))


@examples(50)
@given(series())
def test_an_occurrence_waits_for_those_of_its_own_key(scene: Series) -> None:
    for point in scene.points().values():
        for key in point.waits_for:
            assert key == PointKey("a", key.event, "when", point.occurrence)
            assert scene.points()[key.event, point.occurrence].event.when is not None
        if point.status in ("exact", "never", "occurred"):
            assert point.waits_for == ()
