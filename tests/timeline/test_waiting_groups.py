"""What waits, grouped by what it waits for: worked out by hand, and for whatever waits for whom."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.calls_counted import calls
from tests.property.examples import examples
from tests.timeline.scene import TODAY, event, timeline
from tests.timeline.shapes import SHAPES, open_links
from tracker.agreements.model import Event
from tracker.files.loading import read
from tracker.timeline.agenda import GroupName, agenda_group, agenda_of
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.waiting_groups import MOST_TOLD, WaitingGroup, waiting_groups


def groups_of(shown: Timeline) -> tuple[WaitingGroup, ...]:
    return waiting_groups(shown, agenda_of(shown))


def told(group: WaitingGroup) -> tuple[str, str, str, str]:
    """What is waited for, what comes before it, what would then happen, and what would move."""
    return (
        " ".join(key.name_in("a") for key in group.triggers),
        " < ".join(" ".join(key.name_in("a") for key in step) for step in group.before),
        " ".join(point.key.name_in("a") for point in group.then),
        " ".join(point.key.name_in("a") for point in group.moved),
    )


#: Events, and the groups in which what waits is told.
CASES: dict[str, tuple[list[Event], list[tuple[str, str, str, str]]]] = {
    "what stands in the chain of the only one that hangs on it has no group of its own": (
        [
            event("declared", when="open"),
            event("verified", when="after declared"),
            event("paid", when="30 days after verified"),
            event("rights", ends="earliest of verified, through 2030"),
        ],
        [("verified", "declared", "paid", "end of rights")],
    ),
    "what hangs on both ends of a chain stands below each": (
        [
            event("declared", when="open"),
            event("verified", when="after declared"),
            event("told", when="declared"),
            event("paid", when="30 days after verified"),
        ],
        [("declared", "", "verified told", ""), ("verified", "declared", "paid", "")],
    ),
    "what waits for several is in a group of those": (
        [
            event("x", when="open"),
            event("y", when="open"),
            event("both", when="latest of x, y"),
            event("alone", when="x"),
        ],
        [("x", "", "alone", ""), ("x y", "", "both", "")],
    ),
    "what nothing hangs on stands in a list of its own, at the end": (
        [event("z", when="open"), event("x", when="open"), event("y", when="x"),
         event("option", when="not after (10 days after z)")],
        [("z", "", "option", ""), ("x", "", "y", "")],
    ),
    "what may happen and moves nothing": (
        [event("z", when="open"), event("day", when="2027-01-01"),
         event("later", when="not before 2028-01-01")],
        [("", "", "z later", "")],
    ),
    "what only moves a day that stands": (
        [event("x", when="open"), event("day", when="2027-01-10, or 2027-04-10 if x")],
        [("x", "", "", "day")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_what_waits_is_told_below_what_it_waits_for(case: str) -> None:
    events, expected = CASES[case]

    assert [told(group) for group in groups_of(timeline(*events))] == expected


LINES = (
    "open", "after {}", "not before {}", "{}", "10 days after {}", "latest of {}, {}",
    "earliest of {}, {}", "earliest of {}, 2030-01-01", "not after (10 days after {})",
    "2027-03-01, or 2027-06-01 if {}", "within 30 days after {}", "2027-05-05",
)  # fmt: skip


@st.composite
def hanging(draw: st.DrawFn) -> Timeline:
    """Up to thirty events, each on any of those before it."""
    events = [event("e0", when="open")]
    for number in range(1, draw(st.integers(1, 30))):
        line = draw(st.sampled_from(LINES))
        names = [f"e{draw(st.integers(0, number - 1))}" for _ in range(line.count("{}"))]
        assume(len(set(names)) == len(names))
        text = line.format(*names)
        lasts = draw(st.booleans()) and "not after" not in text
        events.append(event(f"e{number}", **{"ends" if lasts else "when": text}))
        if lasts:  # others name what happens
            events.append(event(f"f{number}", when="open"))
            events[-2:] = [
                events[-1]._replace(id=f"e{number}"),
                events[-2]._replace(id=f"f{number}"),
            ]
    return timeline(*events)


@examples(100)
@given(hanging())
def test_each_waiting_point_stands_in_one_group_or_is_what_others_wait_for(shown: Timeline) -> None:
    agenda, groups = agenda_of(shown), groups_of(shown)
    listed = {name: getattr(agenda, name) for name in get_args(GroupName)}
    assert [name for name, points in listed.items() for _ in points] == sorted(
        map(agenda_group, shown.points), key=list(listed).index
    )
    assert all(agenda_group(point) == name for name in listed for point in listed[name])
    then = [point.key for group in groups for point in group.then]
    named = {key for group in groups for key in group.triggers[:MOST_TOLD]}
    named |= {key for group in groups for step in group.before for key in step}

    assert len(then) == len(set(then))
    waiting = {point.key for point in agenda.waiting}
    assert set(then) <= waiting
    assert waiting <= set(then) | named
    for group in groups:
        assert all(point.waits_for == group.triggers for point in (*group.then, *group.moved))
        assert group.triggers or group is groups[-1]
    movable = [point.key for point in agenda.upcoming if point.waits_for]
    assert sorted(point.key for group in groups for point in group.moved) == sorted(movable)


def test_what_is_cut_from_a_long_chain_has_a_group_of_its_own() -> None:
    chain = [event("e0", when="open")]
    chain += [event(f"e{number}", when=f"after e{number - 1}") for number in range(1, 30)]

    groups = groups_of(timeline(*chain))

    names = {key.event for group in groups for key in group.triggers}
    names |= {key.event for group in groups for step in group.before for key in step}
    names |= {point.event.id for group in groups for point in group.then}
    assert names == {each.id for each in chain}
    assert all(sum(map(len, group.before)) <= MOST_TOLD for group in groups)
    assert [group.is_cut for group in groups] == [False, True, True, True]


@pytest.mark.parametrize("shape", [*SHAPES, "open links"])
def test_twice_as_many_events_are_about_twice_the_work(shape: str) -> None:
    write = SHAPES.get(shape, open_links)
    views = [resolve(read(["e"], [write(count).encode()])[0], TODAY) for count in (60, 120)]

    once, twice = (calls(lambda shown=shown: groups_of(shown)) for shown in views)  # type: ignore[misc]

    # of open links each waits for all before it: it grows as the names that are said
    assert twice < (4 if shape == "open links" else 2.25) * once + 100
