"""A few lines cannot bring about more occurrences than can be looked at; what is real has room."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.calls_counted import calls
from tests.timeline.scene import TODAY, agreement, event
from tests.timeline.shapes import open_links
from tracker.agreements.model import Agreement, ByOccurrence, Event
from tracker.dates.expressions import Ref
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.dates.renewals import parse_renewal
from tracker.files.reader import assemble
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check


def _series(count: int, **fields: Any) -> list[Event]:
    return [event(f"r{number}", **fields) for number in range(count)]


def _repeating(count: int, rule: str, when: str = "2020-01-01", **fields: Any) -> list[Event]:
    return _series(count, when=when, repeats=parse_recurrence(rule), **fields)


def _renewing(count: int, renews: str) -> list[Event]:
    return _series(count, starts="2026-01-01", ends="2026-12-31", renews=parse_renewal(renews))


def _month(**fields: Any) -> Event:
    return event("month", starts="2027-01-01", ends="2027-01-31", **fields)


def _happened(times: int, lines: int) -> list[Event]:
    days = ByOccurrence(tuple((f"no-{number}", date(2026, 1, 1)) for number in range(times)))
    incident = event("incident", when="open", repeats=parse_recurrence("as it happens"))
    hanging = _series(lines, when="3 days after each incident")
    return [incident._replace(occurred=days), *hanging]


DAILY_OF_A_MONTH = {"during": Ref(None, "month", "when")}


@pytest.mark.parametrize(
    ("events", "where", "count"),
    [
        (_repeating(200, "1 day"), ("r0", "repeats"), "200,000"),
        (_repeating(300, "FREQ=WEEKLY;BYDAY=MO,TU,WE"), ("r0", "repeats"), "234,900"),
        (_renewing(200, "1 day"), ("r0", "renews"), "200,000"),
        (
            [*_series(100, when="1 day after each d"), event("d", when="2020-01-01", repeats=parse_recurrence("1 day"))],
            ("r0", "when"),
            "101,000",
        ),
        (_happened(2_000, 50), ("incident", "repeats"), "102,000"),
    ],
)  # fmt: skip
def test_more_than_can_be_looked_at_is_refused_where_it_stands(
    events: list[Event], where: tuple[str, str], count: str
) -> None:
    faults = check([agreement(*events)])

    assert [(fault.event.id, fault.field) for fault in faults] == [where]
    assert faults[0].diagnostic.case == "too-many-occurrences"
    assert dict(faults[0].diagnostic.values)["sum"] == count


@pytest.mark.parametrize(
    "events",
    [
        _repeating(50, "FREQ=DAILY;BYDAY=MO,TU,WE,TH,FR"),
        _repeating(1_000, "1 month"),
        _repeating(10_000, "1 year"),
        _repeating(400, "1 day, 30 in all"),
        [_month(), *_repeating(1_000, "1 day", "2027-01-01", **DAILY_OF_A_MONTH)],
        _renewing(400, "1 year"),
        _renewing(300, "1 day, at most 20 times"),
        _happened(10_000, 3),
    ],
)
def test_what_is_real_has_room(events: list[Event]) -> None:
    assert check([agreement(*events)]) == []


def _ahead(timeline: Timeline) -> int:
    return sum(not point.past for point in timeline.points if point.event.id == "r0")


def test_many_series_share_what_is_listed_of_the_past_and_nothing_ahead() -> None:
    few, many = (
        resolve([agreement(*_repeating(count, "1 week", "1990-01-01"))], TODAY)
        for count in (10, 250)
    )

    assert _ahead(few) == _ahead(many) == 261
    assert sum(point.past for point in few.points) == 10 * (1_000 - 261)
    assert sum(point.past for point in many.points) == 250 * 200


@pytest.mark.parametrize(
    ("starts", "ends"), [("9000-01-01", "9500-01-01"), ("0002-01-01", "0003-01-01")]
)
def test_what_lies_within_a_term_far_away_is_not_searched_for_day_by_day(
    starts: str, ends: str
) -> None:
    term = event("term", starts=starts, ends=ends)
    daily = event(
        "r0",
        when="0001-01-01",
        repeats=parse_recurrence("FREQ=DAILY"),
        during=Ref(None, "term", "when"),
    )
    stated = [agreement(term, daily)]
    resolve(stated, TODAY)  # what is loaded once is no work of the events

    assert calls(lambda: resolve(stated, TODAY)) < 100_000


def _stated(text: str) -> Agreement:
    (stated,) = assemble(["a"], [text.encode()], check=False).agreements
    return stated


def test_a_chain_whose_links_each_wait_for_more_is_refused_before_it_fills_the_memory() -> None:
    agreements = [_stated(open_links(count)) for count in (2_000, 4_000)]

    few, many = [check([each]) for each in agreements]

    assert few == []
    assert [(each.event.id, each.field, each.diagnostic.case) for each in many] == [
        ("e2826", "when", "too-many-names")
    ]


def test_what_waits_for_the_same_counts_for_each() -> None:
    conditions = [event(f"c{number}", when="open") for number in range(200)]
    names = ", ".join(f"c{number}" for number in range(200))
    hanging = [event(f"h{number}", when="1 day after all") for number in range(6_000)]
    all_of_them = event("all", when=f"latest of {names}")

    (located,) = check([agreement(*conditions, all_of_them, *hanging)])

    assert located.diagnostic.case == "too-many-names"
    assert check([agreement(*conditions, all_of_them, *hanging[:4_900])]) == []
