"""What is wrong between events is found, in every view."""

from __future__ import annotations

from datetime import date

import pytest

from tests.timeline.scene import agreement, event, line, timeline
from tracker.timeline.doubts import doubts
from tracker.timeline.events import Amendment, Change, Event
from tracker.timeline.faults import check


def _cases(*events: Event) -> list[tuple[str, str, str]]:
    return [(p.event.id, p.field, p.fault.case) for p in check([agreement(*events)])]


def test_an_unknown_event_is_named_with_the_nearest_that_is_known() -> None:
    found = check([agreement(event("signing", when="open"), event("b", when="1 day after sining"))])

    assert found[0].fault.case == "unknown-ref"
    assert [offer.write for offer in found[0].fault.offers] == ["1 day after signing"]


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

    assert [p.fault.values for p in found] == [(("circle", "a → b → c → a"),)]


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
    assert [p.fault.case for p in doubts(timeline(may))] == ["may-end-before-start"]


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

    assert [(p.fault.case, p.seen) for p in found] == [("cycle", date(2026, 1, 1))]


def test_happening_and_lasting_at_once_is_an_error() -> None:
    assert _cases(event("x", when="open", ends="through 2030")) == [("x", "ends", "when-and-lasts")]
    assert _cases(event("x", starts="2026-01-01", occurred=date(2026, 1, 1))) == [
        ("x", "occurred", "occurred-of-term")
    ]


def test_a_passed_day_and_a_record_of_a_day_to_come_are_doubts() -> None:
    found = timeline(
        event("a", when="2026-01-01"), event("b", when="open", occurred=date(2027, 1, 1))
    )

    assert [p.fault.case for p in doubts(found)] == ["passed", "record-ahead"]
