"""Twice as many events are about twice the work, whatever names whom: nobody is kept waiting."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.calls_counted import calls
from tests.timeline.shapes import SHAPES, TODAY, open_links
from tracker.agreements.model import Agreement
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read
from tracker.i18n.changes import change_lines
from tracker.timeline.agenda import agenda_of
from tracker.timeline.comparison import changes
from tracker.timeline.differences import group_alike, reportable, what_if
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

FIRST = date(2026, 10, 1)


def _changes_in_words(agreements: tuple[Agreement, ...]) -> None:
    compared = changes(agreements, agreements, FIRST, TODAY)
    for difference, alike in group_alike(reportable(compared.changed)):
        list(change_lines(difference, alike, compared, "en"))


def _what_if(agreements: tuple[Agreement, ...]) -> None:
    key = resolve(agreements, TODAY).points[0].key
    for day in (date(2027, 5, 1), None):
        supposed = what_if(agreements, TODAY, {key: day})
        for difference, alike in group_alike(reportable(supposed.changed)):
            list(change_lines(difference, alike, supposed, "en"))


def _feed(timeline: Timeline) -> None:
    calendar_form(publication(timeline, "en"), FeedChoice("en"))


#: What is done with the agreements of a text.
WORK: dict[str, Callable[[tuple[Agreement, ...]], object]] = {
    "resolve": lambda agreements: resolve(agreements, TODAY),
    "agenda": lambda agreements: agenda_of(resolve(agreements, TODAY)),
    "what-if": _what_if,
    "changes": _changes_in_words,
    "feed": lambda agreements: _feed(resolve(agreements, TODAY)),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_as_many_events_are_about_twice_the_work(shape: str) -> None:
    texts = [SHAPES[shape](count) for count in (20, 60, 120)]
    agreements = [read(["e"], [text.encode()])[0] for text in texts]
    costs = {"load": [calls(lambda text=text: read(["e"], [text.encode()])) for text in texts]}  # type: ignore[misc]
    for name, work in WORK.items():
        work(agreements[0])  # what is loaded once is no work of the events
        costs[name] = [calls(lambda there=there: work(there)) for there in agreements]  # type: ignore[misc] # noqa: B023

    grown = {name: twice / once for name, (_, once, twice) in costs.items()}
    assert {name: ratio for name, ratio in grown.items() if ratio > 2.25} == {}


def test_where_each_waits_for_all_before_it_what_is_said_grows_as_the_names_that_are_said() -> None:
    once, twice = (read(["e"], [open_links(count).encode()])[0] for count in (100, 200))
    _what_if(once)  # what is loaded once is no work of the events

    assert calls(lambda: _what_if(twice)) < 4 * calls(lambda: _what_if(once))
