"""The timeline as a picture, and the same as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.layout import (
    NARROW_WIDTH,
    WIDE_WIDTH,
    Picture,
    picture_of,
)
from tracker.feeds.picture.svg import SvgOptions, panels_svg
from tracker.feeds.picture.tracks import GROUPINGS, grouping_named
from tracker.i18n.dates import long_moment
from tracker.i18n.points import foreign_language, label_of, remark_on
from tracker.i18n.translate import translate
from tracker.timeline.agenda import listed
from tracker.timeline.filters import Search, searched
from tracker.web.addresses import TIMELINE
from tracker.web.page import Dated, Frame, Pager, dated
from tracker.web.pages.agenda import filters_of
from tracker.web.query import FILTERS, Parameters, names_in, query_of

TAKES = (*FILTERS, "from", "to", "by", "page")
#: So many events are drawn on a page.
PAGE = 2000
#: How many years a link shows, from the year before on.
SPANS = (1, 3, 10)


class Drawn(NamedTuple):
    """A panel, under its heading."""

    heading: str | None
    svg: Markup


class Row(NamedTuple):
    """One point in the table."""

    title: str
    foreign: str | None  #: the title's language, where it is another
    href: str
    day: Dated | None
    status: str
    remark: str | None


class Asked(NamedTuple):
    """What is to be drawn."""

    search: Search = Search()
    wanted: PictureOptions = PictureOptions()
    page: int = 1


def read_asked(frame: Frame, parameters: Parameters) -> Asked:
    """What the parameters ask for; raises BadParameters."""
    search = parameters.search(names_in(frame.timeline))
    first, last = parameters.day("from"), parameters.day("to")
    if first is not None and last is not None and first >= last:
        parameters.refuse("to", f"{first} …")
    by = parameters.one("by", GROUPINGS)
    page = parameters.number("page")
    parameters.check()
    wanted = PictureOptions(grouping_named(by), first, last)
    return Asked(search, wanted, page)


def timeline_page(frame: Frame, asked: Asked) -> str:
    """The page."""
    search, wanted = asked.search, asked.wanted
    timeline = searched(frame.timeline, search)
    language = frame.language
    extent = extent_of(timeline, language, wanted)
    total = len(extent.tracks)
    query = _query(asked)
    pager = Pager.of(
        total, asked.page, PAGE,
        lambda page: frame.addresses.page(TIMELINE, [*query, ("page", str(page))]),
    )  # fmt: skip
    part = extent.part(pager.first - 1, pager.last)
    wide, narrow = (picture_of(part, language, width) for width in (WIDE_WIDTH, NARROW_WIDTH))
    return frame.rendered(
        "timeline",
        TIMELINE,
        filters=filters_of(frame, search, names_in(frame.timeline), TIMELINE),
        wide=list(drawn(wide, frame, "w")),
        narrow=list(drawn(narrow, frame, "n")),
        left_out=extent.omission_lines(language),
        pager=pager,
        wanted=wanted,
        spans=_spans(frame, asked),
        groupings=[
            (one, frame.translate(f"by.{one or 'nothing'}"), one == wanted.by)
            for one in (None, *GROUPINGS)
        ],
        rows=_rows(frame._replace(timeline=timeline), {one.event.name for one in part.tracks}),
        has_events=total > 0,
    )


def drawn(picture: Picture, frame: Frame, name: str) -> Iterator[Drawn]:
    """The panels of a picture; `name` tells it from others on the page."""
    printing = SvgOptions(frame.language, frame.addresses.event, name)
    for panel, svg in zip(picture.panels, panels_svg(picture, printing), strict=True):
        heading = None if panel.again else panel.heading
        yield Drawn(heading, Markup(svg))  # noqa: S704 - svg.py escapes every text


def _spans(frame: Frame, asked: Asked) -> list[tuple[str, str, bool]]:
    """Links to shorter ranges: what is shown, where, and whether it is shown now."""
    today, wanted = frame.timeline.as_of, asked.wanted
    beside = _query(asked._replace(wanted=PictureOptions(wanted.by)))
    whole = wanted.first is None and wanted.last is None
    found = [(frame.translate("span.all"), frame.addresses.page(TIMELINE, beside), whole)]
    for years in SPANS:
        first, last = _around(today, years)
        query = [*beside, ("from", str(first)), ("to", str(last))]
        shown = (wanted.first, wanted.last) == (first, last)
        text = frame.translate("span.years", count=years)
        found.append((text, frame.addresses.page(TIMELINE, query), shown))
    return found


def _query(asked: Asked) -> list[tuple[str, str]]:
    """The parameters that ask for it, without the page."""
    wanted = {"by": asked.wanted.by, "from": asked.wanted.first, "to": asked.wanted.last}
    beside = [(name, str(value)) for name, value in wanted.items() if value]
    return [*query_of(asked.search), *beside]


def _around(today: date, years: int) -> tuple[date, date]:
    """So many years from today, and a tenth of that before."""
    days = int(365.25 * years)
    first = date.fromordinal(max(today.toordinal() - days // 10, 1))
    return first, min(today, date.max - timedelta(days=days)) + timedelta(days=days)


def _rows(frame: Frame, shown: Collection[str]) -> list[Row]:
    """A row for each point of the events that are drawn."""
    timeline, language = frame.timeline, frame.language
    agreements = {one.id: one for one in timeline.agreements}
    return [
        Row(
            label_of(point, agreements[point.event.agreement], language),
            foreign_language(point.event, agreements[point.event.agreement], language),
            frame.addresses.event(point.event),
            None
            if point.counts_to is None
            else dated(point.counts_to, long_moment(point.counts_to, language)),
            translate(language, f"status.{point.status}"),
            remark_on(point, language),
        )
        for point in listed(timeline, True)
        if point.event.name in shown
    ]
