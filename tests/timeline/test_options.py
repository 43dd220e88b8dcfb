"""Options: what is wrong with them, what is doubted, and clauses that always decide."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

import pytest

from tests.timeline.scene import TODAY, agreement, event
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Event
from tracker.dates.diagnostics import Diagnostic
from tracker.dates.instants import Moment, instant
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.i18n.until import until_text
from tracker.timeline.agenda import agenda_of, can_move, in_list_order
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check
from tracker.timeline.validation.warnings import find_warnings, supposition_warnings


def _written(diagnostic: Diagnostic) -> list[str]:
    return [suggestion.write for suggestion in diagnostic.suggestions]


@pytest.mark.parametrize(
    ("when", "offered"),
    [
        (
            "not before 2030-01-02, not after 2030-01-01",
            ["not before 2030-01-01, not after 2030-01-02"],
        ),
        ("not before in 2031, not after in 2030", ["not before in 2030, not after in 2031"]),
        (
            "not before (2 weeks after y), not after y",
            ["not before y, not after (2 weeks after y)"],
        ),
        ("not before 2030-01-01, not after 2030-01-01", None),
        ("not before x, not after 2020-01-01", None),  # x may have come in time
        ("not before 2030-01-01, not after x", None),
    ],
)
def test_a_first_day_after_the_last_whatever_happens_is_an_error(
    when: str, offered: list[str] | None
) -> None:
    events = (event("x", when="open"), event("y", when="2027-03-01"), event("o", when=when))

    found = check([agreement(*events)])

    assert [(p.diagnostic.case, _written(p.diagnostic)) for p in found] == (
        [] if offered is None else [("option-backwards", offered)]
    )


@pytest.mark.parametrize(
    "when", ["open", "after x", "not before 2027-01-01", "not after 2027-01-01"]
)
def test_what_may_happen_on_any_day_does_not_roll(when: str) -> None:
    events = (event("x", when="open"), event("o", when=when, roll="next", calendar="US"))

    case = "roll-of-option" if when.startswith("not after") else "roll-of-open"
    assert [p.diagnostic.case for p in check([agreement(*events)])] == [case]


def test_the_last_day_of_an_option_may_be_an_event_of_its_own_that_rolls() -> None:
    day = event("last-day", when="6 months before 2031-03-29", roll="previous", calendar="US")
    option = event("o", when="not after last-day")

    assert check([agreement(day, option)]) == []
    view = resolve([agreement(day, option)], TODAY)
    assert view.points[1].counts_to == date(2030, 9, 27)  # the 29th is a Sunday


def test_of_a_last_day_that_is_closed_no_roll_is_offered_that_would_be_refused() -> None:
    option = event("o", when="not after (6 months before 2031-03-29)", calendar="US")

    (found,) = find_warnings(resolve([agreement(option)], TODAY))

    assert found.diagnostic.case == "counted-to-closed"
    offered = [(s.key, s.write) for s in found.diagnostic.suggestions]
    assert offered == [("roll", "none")]
    stays = option._replace(roll="none")
    assert check([agreement(stays)]) == []
    assert find_warnings(resolve([agreement(stays)], TODAY)) == []


def test_a_term_rolls_where_one_of_its_lines_states_a_day() -> None:
    term = event("o", starts="not after 2027-01-01", ends="2027-12-31", roll="next", calendar="US")

    assert check([agreement(term)]) == []


def test_an_option_has_no_day_on_which_it_is_due_and_is_no_end_to_renew_from() -> None:
    due = (event("o", when="not after 2027-01-01"), event("y", when="due day of o"))

    assert [p.diagnostic.case for p in check([agreement(*due)])] == ["due-of-open"]


@pytest.mark.parametrize(
    ("when", "occurred", "cases"),
    [
        ("not after 2026-11-10", date(2026, 11, 10), []),
        ("not after 2026-11-10", date(2026, 11, 11), [("option-late-a-day", "1")]),
        ("not after 2026-11-10", date(2026, 11, 20), [("option-late", "10")]),
        ("not after 2026-11-10", instant(date(2026, 11, 10), time(23, 59), "UTC"), []),
        ("not after 2026-11-10 17:00 UTC", date(2026, 11, 10), []),
        (
            "not after 2026-11-10 17:00 UTC",
            instant(date(2026, 11, 10), time(17, 1), "UTC"),
            [("option-late-clock", "0")],
        ),
        ("not after 2026-11-10 17:00 UTC", instant(date(2026, 11, 10), time(17), "UTC"), []),
        ("not after x", date(2026, 11, 20), []),  # whose own day is not known
        (
            "not before 2026-11-05, not after 2026-11-10",
            date(2026, 11, 4),
            [("record-too-early", None)],
        ),
    ],
)
def test_an_option_used_after_its_last_day_is_doubted_by_how_much(
    when: str, occurred: Moment, cases: list[tuple[str, str | None]]
) -> None:
    used = event("o", when=when, occurred=occurred)
    whole = replace(agreement(event("x", when="open"), used), zone="UTC")

    view = resolve([whole], TODAY)

    found = [p.diagnostic for p in find_warnings(view)]
    assert [(d.case, dict(d.values).get("late")) for d in found] == cases
    assert view.points[1].earliest == occurred


@pytest.mark.parametrize(
    ("supposed", "doubted"),
    [
        (None, False),
        (date(2027, 6, 30), False),
        (date(2027, 7, 1), True),
        (date(2020, 1, 1), False),
    ],
)
def test_an_option_may_be_supposed_never_to_be_used(supposed: Moment | None, doubted: bool) -> None:
    option = event("o", when="not after 2027-06-30")

    view = resolve([agreement(option)], TODAY, {PointKey("a", "o"): supposed})

    assert bool(supposition_warnings(view)) == doubted
    assert not view.points[0].has_lapsed


# -- clauses that always decide

BREAK = event("lease", starts="2026-03-25", ends="through 2036-03-24, or 2031-03-24 if told")
REQUEST = event("request", when="open")
ANSWER = event("answer", when="1 month after request, or 3 months after request if told")


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ("6 months before 2031-03-24", "not after (6 months before 2031-03-24)"),
        ("2030-09-24", "not after 2030-09-24"),
        ("through 2030-Q3", "not after through 2030-Q3"),
        ("in 2030", "not after through 2030"),
        ("earliest of request, 2030-09-24", "not after (earliest of request, 2030-09-24)"),
        ("end of month of 2030-09-24", "not after end of month of 2030-09-24"),
        ("2037-01-01", None),  # too late, whatever happens
        ("in 2036", None),  # perhaps too late
        ("open", None),
        ("not before 2030-01-01", None),
        ("not after 2030-09-24", None),
        ("1 month after request", None),
        ("latest of request, 2030-09-24", None),
    ],
)
def test_a_clause_that_always_decides_is_doubted_with_the_option_to_write(
    told: str, offered: str | None
) -> None:
    assert _doubted(BREAK, REQUEST, event("told", when=told)) == (
        [] if offered is None else [("told", "when", [offered])]
    )


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ("2 weeks after request", "not after (2 weeks after request)"),
        ("within 2 weeks after request", "not before request, not after (2 weeks after request)"),
        ("within 2 weeks before request", "not before (2 weeks before request), not after request"),
        ("request", "not after request"),
        ("2 months after request", None),
        ("not after (2 weeks after request)", None),
        ("after request", None),
    ],
)
def test_it_is_doubted_too_where_both_sides_hang_on_one_open_event(
    told: str, offered: str | None
) -> None:
    assert _doubted(REQUEST, ANSWER, event("told", when=told)) == (
        [] if offered is None else [("told", "when", [offered])]
    )


@pytest.mark.parametrize(
    ("told", "offered"),
    [
        ("2 weeks after each request", "not after (2 weeks after each request)"),
        (
            "within 2 weeks after each request",
            "not before each request, not after (2 weeks after each request)",
        ),
        ("not after (2 weeks after each request)", None),
        ("not before each request", None),
        ("2 months after each request", None),
        ("10 days after x", None),
    ],
)
@pytest.mark.parametrize("repeats", ["as it happens", "1 year, 5 in all"])
def test_it_is_doubted_too_in_a_line_for_each_of_several(
    told: str, offered: str | None, repeats: str
) -> None:
    when = "open" if repeats == "as it happens" else "2027-03-01"
    request = event("request", when=when, repeats=parse_recurrence(repeats))
    line = "1 month after each request, or 3 months after each request if told"

    doubted = _doubted(
        event("x", when="open"), request, event("told", when=told), event("answer", when=line)
    )

    assert doubted == ([] if offered is None else [("told", "when", [offered])])


def test_what_was_recorded_withdrawn_or_supposed_behind_an_if_is_not_doubted() -> None:
    day = date(2026, 11, 20)

    assert _doubted(BREAK, event("told", when="2030-09-24", occurred=day)) == []
    assert _doubted(BREAK, event("told", when="2030-09-24", withdrawn=day)) == []


def _doubted(*events: Event) -> list[tuple[str, str, list[str]]]:
    found = find_warnings(resolve([agreement(*events)], TODAY))
    return [
        (p.event.id, p.field, _written(p.diagnostic))
        for p in found
        if p.diagnostic.case == "clause-always-decides"
    ]


# -- where people look


@pytest.mark.parametrize(
    ("ends", "english", "japanese"),
    [
        (
            "not after 2027-06-30",
            "may be ended by 30 June 2027 at the latest, or go on",
            "遅くとも2027年6月30日までなら終了できる(終了しないこともある)",
        ),
        (
            "not after 2026-06-30",
            "with no end: it could be ended by 30 June 2026, and was not",
            "終わりなし(2026年6月30日までに終了できたが、終了しなかった)",
        ),
        (
            "not after (30 days after x)",
            "may be ended, or go on: by a last day that depends on x",
            "終了できる(終了しないこともある)。終了できる最終日は x により定まる",
        ),
        (
            "not after w",
            "may be ended on any day, or go on",
            "いつでも終了できる(終了しないこともある)",
        ),
    ],
)
def test_what_is_in_force_says_until_when_it_may_be_ended(
    ends: str, english: str, japanese: str
) -> None:
    term = event("o", starts="2026-01-01", ends=ends)

    gone = event("w", when="open", withdrawn=date(2026, 1, 1))
    end = resolve([agreement(term, event("x", when="open"), gone)], TODAY).points[1]

    assert until_text(end, "en", TODAY) == english
    assert until_text(end, "ja", TODAY) == japanese


def test_an_option_stands_in_the_agenda_on_its_last_day_and_never_passes() -> None:
    events = [
        event("x", when="open"),
        event("fixed", when="not after 2027-06-30"),
        event("moves", when="not after (earliest of x, 2028-01-01)"),
        event("waits", when="not after (30 days after x)"),
        event("gone", when="not after 2026-06-30"),
        event("deadline", when="2027-07-01"),
    ]
    timeline = resolve([agreement(*events)], TODAY)

    agenda = agenda_of(timeline)

    assert [p.event.id for p in agenda.upcoming] == ["fixed", "deadline", "moves"]
    assert [p.event.id for p in agenda.upcoming if can_move(p)] == ["moves"]
    assert [p.event.id for p in agenda.waiting] == ["waits", "x"]
    assert [p.event.id for p in agenda.never] == ["gone"]
    assert agenda.passed == agenda.past == ()
    order = ["fixed", "deadline", "moves", "waits", "x", "gone"]
    assert [p.event.id for p in in_list_order(timeline)] == order
