"""What a line that is repeated for `each x` hangs on is told of the very same occurrence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from tests.timeline.scene import TODAY, agreement, event, timeline
from tracker.agreements.keys import PointKey
from tracker.agreements.model import ByOccurrence
from tracker.dates.calendars import Uncovered
from tracker.dates.expressions import Ref
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable
from tracker.timeline.explanation import Step, explain_point
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.checks import check

FIRST, SECOND = date(2026, 11, 20), date(2026, 12, 20)
REQUEST = event("request", when=str(FIRST), repeats=parse_recurrence("1 month, 2 in all"))
EXTENDED = event("extended", when="not before each request")
ANSWER = event(
    "answer", when="1 month after each request, or 3 months after each request if extended"
)


def _point(points: tuple[Point, ...], name: str, occurrence: date) -> Point:
    return next(p for p in points if p.event.id == name and p.occurrence == occurrence)


def _steps(step: Step) -> Iterator[Step]:
    yield step
    for below in step.below:
        yield from _steps(below)


def test_an_explanation_tells_the_extension_and_the_request_of_that_answer() -> None:
    view = timeline(REQUEST, EXTENDED, ANSWER)

    answer = explain_point(_point(view.points, "answer", SECOND), view)

    told = {step.point for step in _steps(answer) if step.point}
    assert told == {
        PointKey("a", name, "when", SECOND) for name in ("request", "extended", "answer")
    }


def test_an_extension_that_is_recorded_moves_its_own_answer_and_no_other() -> None:
    before = [agreement(REQUEST, EXTENDED, ANSWER)]
    told = EXTENDED._replace(occurred=ByOccurrence(((FIRST, date(2026, 11, 24)),)))

    found = changes(before, [agreement(REQUEST, told, ANSWER)], TODAY, TODAY)

    told_of = reportable(found.changed)
    assert [change.key.name_in("a") for change in told_of] == [
        "extended@2026-11-20",
        "answer@2026-11-20",
    ]
    assert {cause.key.name_in("a") for change in told_of for cause in change.causes} == {
        "extended@2026-11-20"
    }


def test_what_hangs_on_one_another_for_the_same_occurrence_is_a_circle() -> None:
    told = event("extended", when="earliest of each request, 5 days after answer")

    found = check([agreement(REQUEST, told, ANSWER)])

    assert [located.diagnostic.case for located in found] == ["cycle"]


def test_where_a_calendar_has_no_more_data_what_names_that_occurrence_ends_with_it() -> None:
    yearly = parse_recurrence("1 year, 70 in all")
    events = (
        event("audit", when="2031-01-04", repeats=yearly),
        event("report", when="5 business days after each audit", calendar="JP"),
        event("reply", when="earliest of report, 90 days after each audit"),
    )

    points = resolve([agreement(*events)], date(2096, 6, 1)).points

    listed = {
        name: [p.occurrence for p in points if p.event.id == name]
        for name in ("audit", "report", "reply")
    }
    assert listed["audit"][-1] == date(2100, 1, 4)
    assert listed["reply"] == listed["report"] == listed["audit"][:-1]
    with pytest.raises(Uncovered) as missing:
        resolve([agreement(*events)], date(2099, 6, 1))
    assert missing.value.point == "a/report"


def test_a_view_of_each_file_names_what_it_hangs_on_in_another() -> None:
    other = replace(
        agreement(
            event(
                "reply", agreement="b", when="earliest of a/extended, 9 days after each a/request"
            )
        ),
        id="b",
    )
    view = resolve([agreement(REQUEST, EXTENDED), other], TODAY)

    reply = _point(view.points, "reply", FIRST)

    assert reply.waits_for == (PointKey("a", "extended", "when", FIRST),)
    assert reply.latest == date(2026, 11, 29)


def test_what_waits_as_a_series_is_explained_by_the_first_that_there_can_be() -> None:
    report = event(
        "report", when="5 days after each end of month", during=Ref(None, "right", "when")
    )
    view = timeline(
        event("closing", when="open"),
        event("right", starts="10 days after closing"),
        report,
        event("visit", when="closing", repeats=parse_recurrence("1 month")),
        event("remark", when="not before each visit"),
        event("reply", when="1 month after each visit, or 3 months after each visit if remark"),
    )

    for name, earliest in (("report", date(2027, 1, 5)), ("reply", date(2026, 12, 25))):
        step = explain_point(next(p for p in view.points if p.event.id == name), view)
        assert step.bounds.earliest == earliest
        assert step.below[0].bounds.earliest == earliest
