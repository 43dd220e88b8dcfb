"""What changed, when, and why: as it was reported, and between any two days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from tracker.dates.calendars import Uncovered
from tracker.dates.instants import zone_of
from tracker.feeds.atom import News
from tracker.i18n.dates import long_day
from tracker.i18n.diagnostics import message_of
from tracker.i18n.translate import translate
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Difference, group_alike, passing, reportable
from tracker.timeline.points import Timeline
from tracker.timeline.validation.consistency import uncovered_diagnostic
from tracker.web.addresses import ATOM_FEED, Query
from tracker.web.page import Dated, Frame, Pager
from tracker.web.pages.moved_points import Group, MovedPoint, moved_points
from tracker.web.query import Parameters

CHANGES = "changes"
PAGE_SIZE = 100
PARAMETERS = ("from", "to", "page")


class ReportedChange(NamedTuple):
    """One change, as it was reported."""

    title: str
    lines: Sequence[str]
    href: str | None  #: None: its event is gone


class ReportDay(NamedTuple):
    """What was reported on one day."""

    day: Dated
    changes: list[ReportedChange]


class Comparison(NamedTuple):
    """What two days differ in."""

    head: str
    changed: list[MovedPoint]
    passing: list[MovedPoint]
    left_out: int  #: so many more are not shown
    refusal: str | None


class ChangesQuery(NamedTuple):
    """Which days are compared, and which part of what was reported is shown."""

    first: date | None
    last: date | None
    page: int


def read_query(timeline: Timeline, query: Query) -> ChangesQuery:
    """What the parameters ask for; raises BadParameters."""
    parameters = Parameters(query, PARAMETERS)
    first, last = parameters.day("from"), parameters.day("to")
    end = last or timeline.as_of
    if first is None and last is not None:
        parameters.refuse("from", f"… {last}")
    elif first is not None and first > end:
        parameters.refuse("from", f"… {end}")
    page = parameters.number("page")
    parameters.check()
    return ChangesQuery(first, last, page)


def changes_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    asked = read_query(frame.timeline, query)
    addresses = frame.addresses
    news = frame.news()
    days = [("from", str(asked.first or "")), ("to", str(asked.last or ""))]
    pager = Pager.of(
        len(news),
        asked.page,
        PAGE_SIZE,
        lambda page: addresses.page(CHANGES, [*days, ("page", str(page))]),
    )
    return frame.render(
        "changes",
        CHANGES,
        days=_report_days(news[pager.first - 1 : pager.last], frame),
        pager=pager,
        atom=addresses.feed(ATOM_FEED.file),
        first=asked.first,
        last=asked.last,
        comparison=None if asked.first is None else _compare(asked.first, asked.last, frame),
    )


def _report_days(news: Sequence[News], frame: Frame) -> list[ReportDay]:
    events = {event.name: event for event in frame.timeline.events}
    zone = frame.timeline.agreements[0].timezone if frame.timeline.agreements else "UTC"
    days: list[ReportDay] = []
    for change in news:
        day = change.updated.astimezone(zone_of(zone)).date()
        if not days or days[-1].day.iso != day.isoformat():
            days.append(ReportDay(Dated.of(day, long_day(day, frame.language)), []))
        event = events.get(change.labels.event)
        href = None if event is None else frame.addresses.event(event)
        days[-1].changes.append(ReportedChange(change.title, change.lines[:2], href))
    return days


def _compare(first: date, last: date | None, frame: Frame) -> Comparison:
    whole, language = frame.whole, frame.language
    last = last or whole.as_of
    head = translate(
        language, "changes.head", first=long_day(first, language), last=long_day(last, language)
    )
    try:
        compared = changes(whole.agreements, whole.agreements, first, last)
    except Uncovered as error:
        return Comparison(head, [], [], 0, message_of(uncovered_diagnostic(error), language))

    def visible(differences: Sequence[Difference]) -> list[Group]:
        return group_alike(
            [difference for difference in differences if frame.sees(difference.point.event)]
        )

    changed, beside = visible(reportable(compared.changed)), visible(passing(compared))
    return Comparison(
        head,
        list(moved_points(changed[:PAGE_SIZE], compared, frame)),
        list(moved_points(beside[:PAGE_SIZE], compared, frame)),
        max(0, len(changed) - PAGE_SIZE) + max(0, len(beside) - PAGE_SIZE),
        None,
    )
