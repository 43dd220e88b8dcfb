"""What changed, when, and why: as it was told, and between any two days."""

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
from tracker.timeline.differences import Difference, changes, grouped, passing, said
from tracker.timeline.points import Timeline
from tracker.timeline.validation.consistency import uncovered_diagnostic
from tracker.web.addresses import ATOM, CHANGES
from tracker.web.page import Dated, Frame, Pager, dated
from tracker.web.pages.what_if import Moved, moved_of
from tracker.web.query import Parameters

PAGE = 100
TAKES = ("from", "to", "page")


class Told(NamedTuple):
    """One change, as it was told."""

    title: str
    lines: Sequence[str]
    href: str | None  #: None: its event is gone


class Day(NamedTuple):
    """What was told on one day."""

    day: Dated
    told: list[Told]


class Compared(NamedTuple):
    """What two days differ in."""

    head: str
    changed: list[Moved]
    passing: list[Moved]
    left: int  #: so many more are not shown
    refusal: str | None


class Asked(NamedTuple):
    """Which days are compared, and which part of what was told is shown."""

    first: date | None = None
    last: date | None = None
    page: int = 1


def read_asked(timeline: Timeline, parameters: Parameters) -> Asked:
    """What the parameters ask for; raises BadParameters."""
    first, last = parameters.day("from"), parameters.day("to")
    end = last or timeline.as_of
    if first is None and last is not None:
        parameters.refuse("from", f"… {last}")
    elif first is not None and first > end:
        parameters.refuse("from", f"… {end}")
    asked = Asked(first, last, parameters.number("page"))
    parameters.check()
    return asked


def changes_page(frame: Frame, news: Sequence[News], asked: Asked) -> str:
    """The page; `news` is what was told, the newest first."""
    addresses = frame.addresses
    days = [("from", str(asked.first or "")), ("to", str(asked.last or ""))]
    pager = Pager.of(
        len(news),
        asked.page,
        PAGE,
        lambda page: addresses.page(CHANGES, [*days, ("page", str(page))]),
    )
    return frame.rendered(
        "changes",
        CHANGES,
        days=_days(news[pager.first - 1 : pager.last], frame),
        pager=pager,
        atom=addresses.feed(ATOM),
        asked=asked,
        compared=None if asked.first is None else _compared(asked.first, asked, frame),
    )


def _days(news: Sequence[News], frame: Frame) -> list[Day]:
    events = {event.name: event for event in frame.timeline.events}
    zone = frame.timeline.agreements[0].timezone if frame.timeline.agreements else "UTC"
    days: list[Day] = []
    for one in news:
        day = one.updated.astimezone(zone_of(zone)).date()
        if not days or days[-1].day.iso != day.isoformat():
            days.append(Day(dated(day, long_day(day, frame.language)), []))
        event = events.get(one.labels.event)
        href = None if event is None else frame.addresses.event(event)
        days[-1].told.append(Told(one.title, one.lines[:2], href))
    return days


def _compared(first: date, asked: Asked, frame: Frame) -> Compared:
    whole, language = frame.whole, frame.language
    last = asked.last or whole.as_of
    head = translate(
        language, "changes.head", first=long_day(first, language), last=long_day(last, language)
    )
    try:
        found = changes(whole.agreements, whole.agreements, first, last)
    except Uncovered as missing:
        return Compared(head, [], [], 0, message_of(uncovered_diagnostic(missing), language))

    def ours(differences: list[Difference]) -> list[tuple[Difference, list[Difference]]]:
        return grouped([one for one in differences if frame.sees(one.point.event)])

    changed, beside = ours(said(found.changed)), ours(passing(found))
    left = max(0, len(changed) - PAGE) + max(0, len(beside) - PAGE)
    return Compared(
        head,
        list(moved_of(changed[:PAGE], found, frame)),
        list(moved_of(beside[:PAGE], found, frame)),
        left,
        None,
    )
