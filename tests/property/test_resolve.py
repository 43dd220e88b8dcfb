"""Laws of the resolver, on random graphs of events."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.brute_force import NEVER, Days, days_of
from tests.timeline.scene import agreement, event
from tracker.dates.parser import parse
from tracker.timeline.events import Event
from tracker.timeline.resolve import Point, Timeline, resolve

DAYS = st.dates(date(2027, 1, 1), date(2027, 6, 30))
PERIODS = st.sampled_from(["2027-02", "2027-W09", "2027-03-15", "2027-01"])
DURATIONS = st.builds(
    "{} {}".format, st.integers(0, 40), st.sampled_from(["days", "weeks", "months"])
) | st.just("1 month and 3 days")


class Scene(NamedTuple):
    """Events in an order in which each names only earlier ones, and a day to look at them."""

    events: tuple[Event, ...]
    as_of: date

    def resolved(self, suppose: dict[tuple[str, str, str], date | None] | None = None) -> Timeline:
        return resolve([agreement(*self.events)], self.as_of, suppose)  # type: ignore[arg-type]


def operands(names: list[str], depth: int) -> st.SearchStrategy[str]:
    options = [
        DAYS.map(str),
        st.builds("{} {}".format, st.sampled_from(["through", "before", "in"]), PERIODS),
    ]
    if names:
        options.append(st.sampled_from(names))
    if depth:
        options.append(points(names, depth - 1).map("({})".format))
    return st.one_of(options)


def points(names: list[str], depth: int) -> st.SearchStrategy[str]:
    operand = operands(names, depth)
    offset = st.builds("{} {} {}".format, DURATIONS, st.sampled_from(["before", "after"]), operand)
    items = st.lists(operand | offset, min_size=2, max_size=3).map(", ".join)
    choice = st.builds("{} of {}".format, st.sampled_from(["earliest", "latest"]), items)
    return operand | offset | choice


@st.composite
def scenes(draw: st.DrawFn, recorded: bool = True) -> Scene:
    names: list[str] = []
    events = []
    for name in draw(st.permutations(["p", "q", "r", "s", "t"]))[: draw(st.integers(1, 5))]:
        lines = [st.just("open"), points(list(names), 1)]
        if names:
            lines.append(st.sampled_from(names).map("after {}".format))
        lines.append(operands(list(names), 0).map("not before {}".format))
        fields: dict[str, Any] = {"when": draw(st.one_of(lines))}
        if recorded:
            fields |= {
                field: day
                for field in ("occurred", "withdrawn")
                if (day := draw(st.none() | st.none() | DAYS)) is not None
            }
        events.append(event(name, **fields))
        names.append(name)
    return Scene(tuple(events), draw(DAYS))


def enumerated(scene: Scene, open_events_happen: bool) -> dict[str, Days]:
    """Every day that each point can be."""
    found: dict[str, Days] = {}
    for one in scene.events:
        assert one.when is not None
        if one.occurred is not None and one.occurred <= scene.as_of:
            found[one.id] = frozenset((one.occurred,))
        elif one.withdrawn is not None and one.withdrawn <= scene.as_of:
            found[one.id] = frozenset((NEVER,))
        else:
            form = parse(one.when.text)
            found[one.id] = days_of(form, scene.as_of, found, open_events_happen)
    return found


def _none_if_never(day: date) -> date | None:
    return None if day == NEVER else day


@settings(max_examples=400, deadline=None)
@given(scenes())
def test_bounds_are_those_of_every_day_tried(scene: Scene) -> None:
    possible, standing = enumerated(scene, True), enumerated(scene, False)

    for point in scene.resolved().points:
        days, stands = possible[point.event.id], standing[point.event.id]
        assert point.earliest == _none_if_never(min(days))
        assert point.latest == _none_if_never(max(days))
        if max(stands) == NEVER:
            assert point.stands is None
        else:
            assert point.stands == (min(stands), max(stands))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@settings(max_examples=10_000, deadline=None)
@given(scenes())
def test_bounds_are_those_of_every_day_tried_on_ten_thousand_graphs(scene: Scene) -> None:
    test_bounds_are_those_of_every_day_tried.hypothesis.inner_test(scene)  # type: ignore[attr-defined]


@settings(max_examples=200, deadline=None)
@given(scenes(), st.randoms())
def test_the_order_of_events_changes_nothing(scene: Scene, random: object) -> None:
    shuffled = list(scene.events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    ours = {point.key: point for point in scene.resolved().points}

    assert ours == {p.key: p for p in Scene(tuple(shuffled), scene.as_of).resolved().points}


def _narrower(after: Point, before: Point) -> bool:
    """Whether every day that is still possible was possible before."""
    if after.earliest is None:
        return before.latest is None
    if before.earliest is None or after.earliest < before.earliest:
        return False
    return before.latest is None or (after.latest is not None and after.latest <= before.latest)


@settings(max_examples=300, deadline=None)
@given(scenes(), st.data())
def test_supposing_a_possible_day_never_widens_a_window(scene: Scene, data: st.DataObject) -> None:
    before = scene.resolved()
    point = data.draw(st.sampled_from(before.points))
    if point.earliest is None:
        return
    last = point.latest or point.earliest + timedelta(days=60)
    day = data.draw(st.dates(point.earliest, last))

    after = scene.resolved({point.key: day})

    assert all(_narrower(new, old) for new, old in zip(after.points, before.points, strict=True))


@settings(max_examples=300, deadline=None)
@given(scenes(recorded=False), st.data())
def test_recording_today_where_it_is_possible_never_widens_a_window(
    scene: Scene, data: st.DataObject
) -> None:
    before = scene.resolved()
    possible = [
        p
        for p in before.points
        if p.earliest
        and p.earliest <= scene.as_of
        and (p.latest is None or p.latest >= scene.as_of)
    ]
    if not possible:
        return
    chosen = data.draw(st.sampled_from(possible)).event
    events = tuple(
        one._replace(occurred=scene.as_of) if one is chosen else one for one in scene.events
    )

    after = Scene(events, scene.as_of).resolved()

    assert all(_narrower(new, old) for new, old in zip(after.points, before.points, strict=True))


@settings(max_examples=200, deadline=None)
@given(scenes())
def test_a_status_is_the_first_that_fits_and_only_what_may_move_or_waits_is_waiting(
    scene: Scene,
) -> None:
    for point in scene.resolved().points:
        if point.status in ("occurred", "never", "exact", "window"):
            assert point.waits_for == ()
        if point.status == "may-move":
            assert point.waits_for
            assert point.stands is not None
        assert point.event.id not in point.waits_for
        assert list(point.waits_for) == sorted(point.waits_for)
        assert (point.counts_to is None) == (point.status in ("waiting", "never"))
        if point.stands is not None:
            assert point.counts_to == (
                point.stands.earliest if point.reach.forecast else point.stands.latest
            )
