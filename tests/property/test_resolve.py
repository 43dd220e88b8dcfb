"""Laws of the resolver, on random graphs of events."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeAlias

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.property.brute_force import NEVER, Days, days_of, rolled
from tests.property.examples import examples
from tests.property.grammar import sentences
from tests.timeline.scene import agreement, event
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event, Line, sides
from tracker.dates.expressions import Ref
from tracker.dates.instants import Moment
from tracker.dates.parser import parse_duration
from tracker.dates.words.counted import Lasts
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check

DAYS = st.dates(date(2027, 1, 1), date(2027, 6, 30))
PERIODS = st.sampled_from(["2027-02", "2027-W09", "2027-03-15", "2027-01"])
UNITS = ["day", "clear day", "week", "month", "business day", "hour"]
DURATIONS = st.builds(
    "{} {}".format, st.integers(0, 30), st.sampled_from([f"{unit}s" for unit in UNITS])
) | st.sampled_from(
    [
        "1 month and 3 days",
        "1 month and 14 clear days",
        "2 business days and 1 month",
        "1 quarter and 30 hours",
    ]
)
TERMS = st.builds("{} {}".format, st.integers(1, 20), st.sampled_from(["days", "weeks", "months"]))
ROLLS = st.sampled_from(["next", "previous", "modified-next"])
Suppose: TypeAlias = dict[PointKey, Moment | None]


class Scene(NamedTuple):
    """Events in an order in which each names only earlier ones, and a day to look at them."""

    events: tuple[Event, ...]
    as_of: date

    def resolved(self, suppose: Suppose | None = None) -> Timeline:
        whole = replace(agreement(*self.events), calendar="weekdays")
        return resolve([whole], self.as_of, suppose)


def exact_days() -> st.SearchStrategy[str]:
    """A day, or the last of a period or before it; no time."""
    periods = st.builds("{} {}".format, st.sampled_from(["through", "before"]), PERIODS)
    return DAYS.map(str) | periods


def operands(names: list[str]) -> st.SearchStrategy[str]:
    """A day, a period or an event, and nothing that hangs on others."""
    options = [
        DAYS.map(str),
        st.builds("{} {}".format, st.sampled_from(["through", "before", "in"]), PERIODS),
    ]
    return st.one_of([*options, st.sampled_from(names)] if names else options)


def points(names: list[str]) -> st.SearchStrategy[str]:
    """A sentence of the grammar of days near one another; `each` is worked by hand alone."""
    leaf = operands(names)
    named = st.sampled_from(names) if names else leaf
    leaves = {"exact": exact_days(), "PERIOD": PERIODS}
    leaves |= {"DURATION": DURATIONS, "ref": named, "each": named, "ID": leaf}
    return sentences("point", leaves, deepest=3)


@st.composite
def scenes(draw: st.DrawFn, recorded: bool = True) -> Scene:
    names: list[str] = []
    events = []
    for name in draw(st.permutations(["p", "q", "r", "s", "t", "u"]))[: draw(st.integers(1, 6))]:
        lines = [points(list(names))]
        if names:
            bare = [one for one in names if not one.startswith("due")]
            lines.append(st.sampled_from(bare).map("after {}".format))
        first = operands(list(names)).map("not before {}".format)
        last = operands(list(names)).map("not after {}".format)
        lines += [st.just("open"), first, last, st.tuples(first, last).map(", ".join)]
        stated = draw(st.one_of(lines))
        is_open = stated.startswith(("open", "after", "not "))
        fields: dict[str, Any] = {"roll": None if is_open else draw(st.none() | ROLLS)}
        if draw(st.integers(0, 3)) == 0:
            length = draw(TERMS)
            lasts = Lasts(parse_duration(length), Ref(None, name, "start"))
            fields |= {"starts": stated, "lasts": Line.of(length, lasts)}
            records = ["started", "ended", "withdrawn"]
            names += [f"start of {name}", f"end of {name}"]
        else:
            fields |= {"when": stated}
            records = ["occurred", "withdrawn"]
            names += [name] if is_open else [name, f"due day of {name}"]
        if recorded:
            fields |= {
                field: day
                for field in records
                if (day := draw(st.none() | st.none() | st.none() | DAYS)) is not None
            }
        events.append(event(name, **fields))
    return Scene(tuple(events), draw(DAYS))


def enumerated(scene: Scene, open_events_happen: bool) -> dict[str, Days]:
    """Every day that each point can be, by the name that lines give it."""
    found: dict[str, Days] = {}
    for one in scene.events:
        for side, line in sides(one):
            assert line is not None
            form = line.form
            stated = days_of(form, scene.as_of, found, open_events_happen)
            if one.roll is not None:
                stated = rolled(stated, one.roll)
            name = str(Ref(None, one.id, side))
            if side == "when":
                found[f"due day of {name}"] = stated
            record = one.record(side)
            if isinstance(record, date) and record <= scene.as_of:
                found[name] = frozenset((record,))
            elif (gone := one.withdrawal()) is not None and gone <= scene.as_of:
                found[name] = frozenset((NEVER,))
            else:
                found[name] = stated
    return found


@examples(80)
@given(scenes())
def test_no_calendar_is_asked_for_years_that_no_view_reaches(scene: Scene) -> None:
    whole = replace(agreement(*scene.events), calendar="US")

    assert "uncovered" not in {located.diagnostic.case for located in check([whole])}
    assert resolve([whole], scene.as_of).points


def _none_if_never(day: date) -> date | None:
    return None if day == NEVER else day


@given(scenes())
def test_bounds_are_those_of_every_day_tried(scene: Scene) -> None:
    possible, standing = enumerated(scene, True), enumerated(scene, False)

    for point in scene.resolved().points:
        name = str(Ref(None, point.event.id, point.side))
        days, stands = possible[name], standing[name]
        assert point.earliest == _none_if_never(min(days))
        assert point.latest == _none_if_never(max(days))
        if max(stands) == NEVER:
            assert point.stands is None
        else:
            assert point.stands == (min(stands), max(stands))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@examples(4_000)
@given(scenes())
def test_bounds_are_those_of_every_day_tried_on_ten_thousand_graphs(scene: Scene) -> None:
    test_bounds_are_those_of_every_day_tried.hypothesis.inner_test(scene)  # type: ignore[attr-defined]


@given(scenes(), st.randoms())
def test_the_order_of_events_changes_nothing(scene: Scene, random: object) -> None:
    shuffled = list(scene.events)
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    ours = {point.key: point for point in scene.resolved().points}

    assert ours == {p.key: p for p in Scene(tuple(shuffled), scene.as_of).resolved().points}


def _day(moment: Moment | None) -> date | None:
    """The moment as the day that it is: no line of these tests states a time."""
    assert moment is None or isinstance(moment, date)
    return moment


def _narrower(after: Point, before: Point) -> bool:
    """Whether every day that is still possible was possible before."""
    first, last = _day(after.earliest), _day(after.latest)
    was_first, was_last = _day(before.earliest), _day(before.latest)
    if first is None:
        return was_last is None
    if was_first is None or first < was_first:
        return False
    return was_last is None or (last is not None and last <= was_last)


@given(scenes(), st.integers(1, 60))
def test_a_later_view_widens_no_window_where_nothing_was_recorded_meanwhile(
    scene: Scene, days: int
) -> None:
    later = scene.as_of + timedelta(days=days)
    records = ("occurred", "started", "ended", "withdrawn")
    events = tuple(
        _with(one, {n: None for n in records if _is_within(one, n, scene.as_of, later)})
        for one in scene.events
    )

    before = Scene(events, scene.as_of).resolved().points
    after = Scene(events, later).resolved().points

    assert all(_narrower(new, old) for new, old in zip(after, before, strict=True))


def _with(one: Event, fields: dict[str, Any]) -> Event:
    return one._replace(**fields)


def _is_within(one: Event, field: str, first: date, last: date) -> bool:
    day = getattr(one, field)
    return day is not None and first < day <= last


@given(scenes(), st.data())
def test_supposing_a_possible_day_never_widens_a_window(scene: Scene, data: st.DataObject) -> None:
    before = scene.resolved()
    point = data.draw(st.sampled_from(before.points))
    if point.earliest is None:
        return
    first = _day(point.earliest)
    assert first is not None
    last = _day(point.latest) or first + timedelta(days=60)

    after = scene.resolved({point.key: data.draw(st.dates(first, last))})

    assert all(_narrower(new, old) for new, old in zip(after.points, before.points, strict=True))


@given(scenes(recorded=False), st.data())
def test_recording_today_where_it_is_possible_never_widens_a_window(
    scene: Scene, data: st.DataObject
) -> None:
    before = scene.resolved()
    possible = [
        p
        for p in before.points
        if (first := _day(p.earliest)) is not None
        and first <= scene.as_of
        and ((last := _day(p.latest)) is None or last >= scene.as_of)
    ]
    if not possible:
        return
    chosen = data.draw(st.sampled_from(possible))
    field = {"when": "occurred", "start": "started", "end": "ended"}[chosen.side]
    events = tuple(
        _with(one, {field: scene.as_of}) if one is chosen.event else one for one in scene.events
    )

    after = Scene(events, scene.as_of).resolved()

    assert all(_narrower(new, old) for new, old in zip(after.points, before.points, strict=True))


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
        assert point.key not in point.waits_for
        ids = [key.event for key in point.waits_for]
        assert ids == sorted(ids)
        if point.status != "option":  # whose last day may wait
            assert (point.counts_to is None) == (point.status in ("waiting", "never"))
        if point.stands is not None:
            first = point.bounds.period_end or point.stands.earliest
            assert point.counts_to == (first if point.bounds.forecast else point.stands.latest)
            assert point.stands.earliest <= point.counts_to <= point.stands.latest  # type: ignore[operator]  # days


@given(scenes(), st.data())
def test_or_if_is_never_narrower_than_the_truth_and_exact_where_all_is_certain(
    scene: Scene, data: st.DataObject
) -> None:
    events = [one for one in scene.events if one.when is not None]
    assume(events)
    names = [one.id for one in events]
    first, other = data.draw(operands(names)), data.draw(operands(names))
    line = f"({first}), or ({other}) if {data.draw(st.sampled_from(names))}"
    clause = event("v", when=line)
    alone = Scene((*scene.events, event("f", when=first)), scene.as_of).resolved()
    before = next(one for one in alone.points if one.event.id == "f")
    # Of a window that nothing moves the last day is the one that stands (docs/words.md): no other
    # is tried.
    assume(before.waits_for or before.bounds.exact or before.status in ("waiting", "never"))

    whole = Scene((*scene.events, clause), scene.as_of)

    point = next(one for one in whole.resolved().points if one.event.id == "v")
    possible, standing = enumerated(whole, True)["v"], enumerated(whole, False)["v"]
    earliest, latest = _day(point.earliest), _day(point.latest)
    assert earliest is None or earliest <= min(possible)
    assert latest is None or latest >= max(possible)
    if len(possible) == 1:
        assert _none_if_never(min(standing)) == (point.stands and point.stands.latest)
    if point.bounds.exact:
        assert (point.earliest, point.waits_for) == (min(possible), ())
