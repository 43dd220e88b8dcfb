"""What happens any number of times, and what is done again, against their definitions in prose."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

import pendulum
from hypothesis import given
from hypothesis import strategies as st

from tests.property.brute_force import NEVER, days_of, rolled
from tests.property.examples import examples
from tests.property.test_each import points_of
from tests.property.test_resolve import DAYS, ROLLS
from tests.timeline.scene import agreement, event
from tracker.agreements.model import ByOccurrence, Event
from tracker.dates.instants import Instant, Moment
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

FIRST, LAST = date(2027, 1, 1), date(2029, 12, 31)
LENGTHS = {"1 month": {"months": 1}, "1 year": {"years": 1}, "3 weeks": {"weeks": 3}}


def _day(moment: Moment | None) -> date | None:
    assert not isinstance(moment, Instant)
    return moment


class Happenings(NamedTuple):
    """What has happened, by name; what is recorded of the deadline of each; the names withdrawn."""

    happened: dict[str, date]
    met: dict[str, date]
    withdrawn: dict[str, date]
    line: str
    as_of: date

    def events(self) -> tuple[Event, Event]:
        def records(of: dict[str, date]) -> ByOccurrence | None:
            return ByOccurrence(tuple(sorted(of.items()))) if of else None

        own = event(
            "x",
            when="open",
            repeats=parse_recurrence("as it happens"),
            occurred=records(self.happened),
            withdrawn=records(self.withdrawn),
        )
        return own, event("y", when=self.line, occurred=records(self.met))

    def seen(self, of: dict[str, date], name: str) -> date | None:
        return of[name] if name in of and of[name] <= self.as_of else None


@st.composite
def happenings(draw: st.DrawFn) -> Happenings:
    names = draw(st.lists(st.sampled_from("abcdef"), max_size=4, unique=True))
    happened = {name: draw(DAYS) for name in names}

    def some() -> dict[str, date]:
        chosen = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
        return {name: draw(DAYS) for name in chosen}

    line = draw(points_of(()))
    line = line if "each" in line else f"earliest of each x, ({line})"
    return Happenings(happened, some(), some(), line, draw(DAYS))


@examples(120)
@given(happenings())
def test_each_happening_has_what_hangs_on_it_as_if_it_were_the_only_one(scene: Happenings) -> None:
    own, hanging = scene.events()
    whole = replace(agreement(own, hanging), calendar="weekdays")

    points = {(p.event.id, p.occurrence): p for p in resolve([whole], scene.as_of).points}

    there = {name for name in scene.happened if scene.seen(scene.happened, name)}
    assert {name for one, name in points if one == "x"} == {*there, None}
    assert points["x", None].earliest == scene.as_of
    met = {name for name in scene.met if scene.seen(scene.met, name)}
    assert {name for one, name in points if one == "y" and name} == (there | met)
    for name in there:
        gone = scene.seen(scene.withdrawn, name) is not None
        day = NEVER if gone else scene.happened[name]
        assert _day(points["x", name].earliest) == (None if gone else day)
        assert hanging.when is not None
        stated = days_of(hanging.when.form, scene.as_of, {"each x": frozenset((day,))}, True)
        if (record := scene.seen(scene.met, name)) is not None:
            stated = frozenset((record,))
        point = points["y", name]
        assert (_day(point.earliest) or NEVER, _day(point.latest) or NEVER) == (
            min(stated),
            max(stated),
        )


class Checks(NamedTuple):
    """On which days something was done, one after the other, and how long after it is due again."""

    first: date
    length: str
    most: int | None
    done: tuple[date, ...]
    roll: str | None
    as_of: date

    def points(self) -> list[Point]:
        most = "" if self.most is None else f", {self.most} in all"
        records = ByOccurrence(tuple(enumerate(self.done, 1))) if self.done else None
        repeats = parse_recurrence(f"{self.length} after done{most}")
        one = event("x", when=str(self.first), repeats=repeats, roll=self.roll, occurred=records)
        return list(resolve([replace(agreement(one), calendar="weekdays")], self.as_of).points)

    def expected(self) -> list[tuple[int, date, bool]]:
        """Number, day, and whether it was done: read day by day, as one would in a log-book."""
        rows: list[tuple[int, date, bool]] = []
        due, today = self.first, min((*self.done, self.as_of))
        done = list(self.done)
        while today <= self.as_of:
            while done and done[0] == today:
                rows.append((len(rows) + 1, today, True))
                done.pop(0)
                after = pendulum.date(today.year, today.month, today.day)
                moved = after.add(**LENGTHS[self.length])
                due = date(moved.year, moved.month, moved.day)
            today += timedelta(days=1)
        if self.most is None or len(rows) < self.most:
            days = rolled(frozenset((due,)), self.roll) if self.roll else (due,)
            rows.append((len(rows) + 1, min(days), False))
        return rows


@st.composite
def checks(draw: st.DrawFn) -> Checks:
    done = tuple(sorted(draw(st.lists(st.dates(FIRST, LAST), max_size=5))))
    most = draw(st.none() | st.integers(max(1, len(done)), 6))
    first = draw(st.dates(FIRST, LAST) | st.sampled_from([date(2028, 2, 29), date(2027, 1, 31)]))
    roll = draw(st.none() | ROLLS)
    return Checks(first, draw(st.sampled_from(sorted(LENGTHS))), most, done, roll,
                  draw(st.dates(FIRST, LAST)))  # fmt: skip


@examples(200)
@given(checks())
def test_what_was_done_and_what_is_due_is_what_a_log_book_says(scene: Checks) -> None:
    found = [
        (point.occurrence, _day(point.earliest), point.status == "occurred")
        for point in scene.points()
    ]

    assert found == scene.expected()
    assert all(point.bounds.exact for point in scene.points())
