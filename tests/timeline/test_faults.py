"""What is wrong between events is found, in every view."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.timeline.scene import TODAY, agreement, event, line, timeline
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Amendment, Change, Event
from tracker.dates.instants import Moment, instant
from tracker.timeline.explanation import Step, explain_point
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check
from tracker.timeline.validation.warnings import find_warnings, supposition_warnings


def _cases(*events: Event) -> list[tuple[str, str, str]]:
    return [(p.event.id, p.field, p.diagnostic.case) for p in check([agreement(*events)])]


def test_an_unknown_event_is_named_with_the_nearest_that_is_known() -> None:
    found = check([agreement(event("signing", when="open"), event("b", when="1 day after sining"))])

    assert found[0].diagnostic.case == "unknown-ref"
    assert [suggestion.write for suggestion in found[0].diagnostic.suggestions] == [
        "1 day after signing"
    ]


@pytest.mark.parametrize(
    ("when", "case"),
    [
        ("end of moment", "edge-of-moment"),
        ("term", "bare-ref-of-term"),
        ("end of term", "side-not-stated"),
        ("tbd", "no-day-known"),
    ],
)
def test_an_event_is_named_by_the_right_side(when: str, case: str) -> None:
    events = (event("moment", when="open"), event("term", starts="2027-01-01"))

    assert _cases(*events, event("x", when=when)) == [("x", "when", case)]


@pytest.mark.parametrize(
    ("fields", "case", "right"),
    [
        ({"starts": "2026-01-01", "ends": "2027-12-31"}, "first-end-of-one", "end of term"),
        ({"when": "2026-01-01"}, "edge-of-moment", "term"),
        ({"starts": "2026-01-01"}, "side-not-stated", "start of term"),
    ],
)
def test_the_first_end_is_of_what_renews_alone(
    fields: dict[str, str], case: str, right: str
) -> None:
    wrong = check(
        [agreement(event("term", **fields), event("x", when="2 days after first end of term"))]
    )

    (found,) = wrong
    assert found.diagnostic.case == case
    assert [offer.write for offer in found.diagnostic.suggestions] == [f"2 days after {right}"]


def test_a_circle_is_named_whole_and_only_once() -> None:
    found = check(
        [
            agreement(
                event("a", when="1 day after b"),
                event("b", when="1 day after c"),
                event("c", when="1 day after a"),
                event("leads-into-it", when="a"),
            )
        ]
    )

    assert [p.diagnostic.values for p in found] == [(("circle", "a → b → c → a"),)]


def test_a_start_may_hang_on_another_events_end_but_not_in_a_circle() -> None:
    events = (
        event("x", starts="2027-01-01", ends="30 days after start of x"),
        event("y", starts="end of x", ends="30 days after end of x"),
    )

    assert _cases(*events) == []


def test_an_end_that_is_forced_before_its_start_is_an_error() -> None:
    assert _cases(event("x", starts="in 2030", ends="in 2029")) == [
        ("x", "ends", "end-before-start")
    ]


def test_an_end_that_only_may_come_before_its_start_is_a_doubt() -> None:
    may = event("x", starts="in 2030", ends="open")

    assert _cases(may) == []
    assert [p.diagnostic.case for p in find_warnings(timeline(may))] == ["may-end-before-start"]


def test_a_start_counted_forward_from_its_own_end_is_an_error() -> None:
    assert _cases(event("x", starts="1 day after end of x", ends="open")) == [
        ("x", "starts", "start-after-end")
    ]


def test_a_line_that_leaves_the_calendar_is_an_error() -> None:
    events = (event("x", when="open"), event("y", when="9999 years after x"))

    assert _cases(*events) == [("y", "when", "off-calendar")]
    assert _cases(event("x", when="open"), event("y", when="90 days before x")) == []


def test_a_view_after_an_amendment_is_checked_as_well() -> None:
    change = Change("x", (("when", line("1 day after x")),))
    amendment = Amendment("first", date(2026, 1, 1), changes=(change,))

    found = check([agreement(event("x", when="open"), amendments=(amendment,))])

    assert [(p.diagnostic.case, p.seen) for p in found] == [("cycle", date(2026, 1, 1))]


def test_happening_and_lasting_at_once_is_an_error() -> None:
    assert _cases(event("x", when="open", ends="through 2030")) == [("x", "ends", "when-and-lasts")]
    assert _cases(event("x", starts="2026-01-01", occurred=date(2026, 1, 1))) == [
        ("x", "occurred", "occurred-of-term")
    ]


def test_a_passed_day_and_a_record_of_a_day_to_come_are_doubts() -> None:
    found = timeline(
        event("a", when="2026-01-01"), event("b", when="open", occurred=date(2027, 1, 1))
    )

    assert [p.diagnostic.case for p in find_warnings(found)] == ["passed", "record-ahead"]


def _doubted(*events: Event, zone: str | None = None, as_of: date = TODAY) -> list[str]:
    whole = replace(agreement(*events), zone=zone)
    return [placed.diagnostic.case for placed in find_warnings(resolve([whole], as_of))]


def test_hours_counted_from_a_day_without_a_time_are_doubted_once_the_day_is_known() -> None:
    hours = event("y", when="72 hours after x")

    assert _doubted(event("x", when="open"), hours) == []
    assert _doubted(event("x", when="2027-03-02"), hours) == ["hours-of-a-day"]
    recorded = event("x", when="open", occurred=date(2026, 11, 20))
    assert "hours-of-a-day" in _doubted(recorded, hours)
    known = event("x", when="open", occurred=instant(date(2026, 11, 24), time(9), "UTC"))
    assert "hours-of-a-day" not in _doubted(known, hours)


def test_a_time_without_a_zone_in_a_file_without_one_is_doubted() -> None:
    assert _doubted(event("x", when="2028-03-15 17:00")) == ["time-without-zone"]
    assert _doubted(event("x", when="2028-03-15 17:00"), zone="Europe/Berlin") == []
    assert _doubted(event("x", when="2028-03-15 17:00 UTC")) == []


def test_a_window_that_a_record_turns_around_is_doubted_and_taken_in_the_order_of_the_calendar() -> (
    None
):
    events = (
        event("x", when="open", occurred=date(2026, 11, 20)),
        event("y", when="between x and 2026-11-10"),
    )

    assert "between-turned" in _doubted(*events)
    point = resolve([agreement(*events)], TODAY).points[1]
    assert (point.earliest, point.latest) == (date(2026, 11, 10), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("when", "supposed", "outside"),
    [
        ("2027-03-01", date(2027, 3, 1), False),
        ("2027-03-01", date(2027, 3, 2), True),
        ("2027-03-01", None, True),
        ("open", None, False),
        ("open", date(2020, 1, 1), False),
        ("in 2027", date(2027, 5, 1), False),
        ("not before 2027-01-01", date(2026, 12, 31), True),
        ("2027-03-01 12:00 UTC", instant(date(2027, 3, 1), time(13), "UTC"), True),
        ("2027-03-01 12:00 UTC", instant(date(2027, 3, 1), time(13), "Europe/Berlin"), False),
    ],
)
def test_a_supposition_is_doubted_where_it_lies_outside_what_is_stated(
    when: str, supposed: Moment | None, outside: bool
) -> None:
    view = resolve([agreement(event("x", when=when))], TODAY, {PointKey("a", "x"): supposed})

    assert bool(supposition_warnings(view)) == outside


def test_an_explanation_says_that_a_start_never_comes_and_its_end_stands() -> None:
    view = timeline(
        event("w", when="open", withdrawn=date(2026, 1, 1)),
        event("x", starts="w", ends="2030-12-31"),
    )

    assert [note.case for note in explain_point(view.points[-1], view).notes] == ["start-never"]


def test_an_explanation_tells_each_event_once_however_often_it_is_named() -> None:
    events = [event("x0", when="open")]
    events += [
        event(f"x{n}", when=f"earliest of x{n - 1}, 1 day after x{n - 1}") for n in range(1, 60)
    ]

    def steps(step: Step) -> int:
        return 1 + sum(map(steps, step.below))

    view = timeline(*events)
    assert steps(explain_point(view.points[-1], view)) < 5 * len(events)


def test_every_unknown_name_of_a_line_is_told_and_the_first_few_are_helped_with() -> None:
    """Each habit is looked for along the whole line: 99 names in brackets had taken minutes."""
    line_of_many = "earliest of " + ", ".join(f"signing{number}" for number in range(60))

    found = check([agreement(event("signing", when="open"), event("b", when=line_of_many))])

    assert [located.diagnostic.case for located in found] == ["unknown-ref"] * 60
    assert [bool(located.diagnostic.suggestions) for located in found] == [True] * 5 + [False] * 55
