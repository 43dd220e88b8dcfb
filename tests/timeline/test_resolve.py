"""What is said of points, worked by hand from the words' reference."""

from __future__ import annotations

from datetime import date

import pytest

from tests.timeline.scene import TODAY, agreement, event, line, point, timeline
from tracker.agreements.model import Amendment, Change
from tracker.dates.bounds import Window
from tracker.timeline.resolver import resolve

DECLARED = event("agi-declared", when="open")
VERIFIED = event("agi-verified", when="after agi-declared")
RESEARCH = event("research-ip", starts="2025-10-28", ends="earliest of agi-verified, through 2030")


def test_a_choice_with_an_open_event_stands_at_the_other_and_is_possible_from_today() -> None:
    end = point(timeline(DECLARED, VERIFIED, RESEARCH), "end of research-ip")

    assert end.status == "may-move"
    assert (end.earliest, end.latest) == (TODAY, date(2030, 12, 31))
    assert end.stands == Window(date(2030, 12, 31), date(2030, 12, 31))
    assert end.counts_to == date(2030, 12, 31)
    assert end.waits_for_names == ("agi-verified",)
    assert end.state == "in force"


def test_an_open_event_waits_for_nothing_and_one_after_it_for_it() -> None:
    found = timeline(DECLARED, VERIFIED)

    assert [(p.status, p.waits_for_names) for p in found.points] == [
        ("waiting", ()),
        ("waiting", ("agi-declared",)),
    ]


def test_a_recorded_day_settles_what_waited_for_it() -> None:
    verified = VERIFIED._replace(occurred=date(2026, 11, 20))

    end = point(timeline(DECLARED, verified, RESEARCH), "end of research-ip")

    assert (end.status, end.counts_to, end.state) == ("exact", date(2026, 11, 20), "over")
    assert end.waits_for == ()


def test_a_record_is_seen_from_its_own_day_on() -> None:
    verified = VERIFIED._replace(occurred=date(2026, 11, 20))

    before = point(timeline(DECLARED, verified, as_of=date(2026, 11, 19)), "agi-verified")

    assert before.status == "waiting"


def test_after_a_recorded_event_waits_for_nothing_and_may_still_never_come() -> None:
    declared = DECLARED._replace(occurred=date(2026, 11, 1))

    verified = point(timeline(declared, VERIFIED), "agi-verified")

    assert (verified.status, verified.waits_for) == ("waiting", ())
    assert (verified.earliest, verified.latest) == (TODAY, None)


def test_what_was_withdrawn_never_comes_and_drops_out_of_the_earliest() -> None:
    declared = DECLARED._replace(withdrawn=TODAY)
    found = timeline(declared, VERIFIED, RESEARCH)

    assert point(found, "agi-verified").status == "never"
    assert point(found, "end of research-ip").status == "exact"


def test_never_makes_the_latest_never() -> None:
    gone = event("gone", when="open", withdrawn=TODAY)

    later = point(timeline(gone, event("x", when="latest of gone, 2027-01-01")), "x")

    assert (later.status, later.earliest) == ("never", None)


def test_recorded_and_withdrawn_counts_as_recorded() -> None:
    both = event("x", when="open", occurred=date(2026, 1, 1), withdrawn=date(2026, 2, 1))

    assert point(timeline(both), "x").status == "occurred"


@pytest.mark.parametrize(
    ("as_of", "state"),
    [
        (date(2026, 12, 31), "ahead"),
        (date(2027, 1, 1), "in force"),
        (date(2027, 6, 30), "in force"),
        (date(2027, 7, 1), "over"),
    ],
)
def test_a_term_is_in_force_from_its_first_day_through_its_last(as_of: date, state: str) -> None:
    term = event("term", starts="2027-01-01", ends="through 2027-06")

    assert point(timeline(term, as_of=as_of), "end of term").state == state


def test_a_term_without_a_start_is_in_force_until_its_end() -> None:
    right = event("right", ends="2025-10-28")

    assert point(timeline(right, as_of=date(2025, 10, 28)), "end of right").state == "in force"
    assert point(timeline(right, as_of=date(2025, 10, 29)), "end of right").state == "over"


def test_a_start_that_never_comes_leaves_its_end_standing() -> None:
    term = event("term", starts="x", ends="through 2030")
    found = timeline(event("x", when="open", withdrawn=TODAY), term)

    assert point(found, "start of term").status == "never"
    assert point(found, "end of term").counts_to == date(2030, 12, 31)
    assert point(found, "end of term").state == "over"


@pytest.mark.parametrize(
    ("when", "counts_to"),
    [
        ("in 2028-Q1", date(2028, 1, 1)),
        ("through 2028-Q1", date(2028, 3, 31)),
        ("30 days after in 2028-Q1", date(2028, 1, 31)),
        ("earliest of in 2028, through 2028", date(2028, 12, 31)),
        ("earliest of in 2028, through 2030", date(2028, 1, 1)),
        ("latest of in 2028, through 2027", date(2028, 1, 1)),
        ("latest of in 2028, through 2030", date(2030, 12, 31)),
    ],
)
def test_a_forecast_counts_to_its_first_day_and_a_deadline_to_its_last(
    when: str, counts_to: date
) -> None:
    assert point(timeline(event("x", when=when)), "x").counts_to == counts_to


def test_a_branch_that_can_no_longer_win_is_not_waited_for() -> None:
    found = timeline(
        event("a", when="not before 2031-01-01"),
        event("b", when="earliest of a, through 2030"),
        event("c", when="latest of a, through 2030"),
    )

    assert point(found, "b").waits_for == ()
    assert point(found, "b").status == "exact"
    assert point(found, "c").waits_for_names == ("a",)


def test_months_are_clamped_once_to_the_months_last_day() -> None:
    found = timeline(
        event("x", when="2027-01-31"),
        event("y", when="1 month after x"),
        event("z", when="1 day and 1 month after x"),
        event("w", when="9 months after 2026-06-30"),
    )

    assert [point(found, name).counts_to for name in "yzw"] == [
        date(2027, 2, 28),
        date(2027, 3, 1),
        date(2027, 3, 30),
    ]


def test_an_amendment_is_seen_from_the_day_of_signing_on() -> None:
    change = Change("term", (("ends", line("2026-04-27")),), ("quote",))
    amendment = Amendment("first", date(2026, 4, 27), changes=(change,))
    term = event("term", starts="2025-10-28", ends="through 2030", quote="through 2030")
    stated = agreement(term, amendments=(amendment,))

    before = resolve([stated], date(2026, 4, 26))
    after = resolve([stated], date(2026, 4, 27))

    assert point(before, "end of term").counts_to == date(2030, 12, 31)
    assert point(after, "end of term").counts_to == date(2026, 4, 27)
    assert (before.events[0].quote, after.events[0].quote) == ("through 2030", None)


def test_a_past_day_with_nothing_recorded_has_passed_and_a_start_takes_effect() -> None:
    found = timeline(event("x", when="2026-01-01"), event("y", starts="2026-01-01"))

    assert [p.has_passed for p in found.points] == [True, False]


def test_a_chain_of_a_thousand_references_is_resolved_in_any_order() -> None:
    chain = [event("e0", when="2027-01-01")]
    chain += [event(f"e{n}", when=f"1 day after e{n - 1}") for n in range(1, 1000)]

    assert point(timeline(*reversed(chain)), "e999").counts_to == date(2029, 9, 26)


def test_a_branch_that_can_at_best_draw_level_is_not_waited_for() -> None:
    found = timeline(
        event("a", when="not before 2027-03-31"), event("b", when="earliest of a, in 2027-Q1")
    )

    assert (point(found, "b").status, point(found, "b").waits_for) == ("window", ())


def test_a_day_is_past_from_the_next_day_on() -> None:
    today = event("x", when=str(TODAY))

    assert not point(timeline(today), "x").past
    assert point(timeline(today, as_of=date(2026, 11, 26)), "x").past
