"""The timeline as a picture, and the same as a table."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date, timedelta
from typing import NamedTuple

from markupsafe import Markup

from tracker.failures.extras import is_installed
from tracker.feeds.picture.extent import Extent, PictureOptions, extent_of
from tracker.feeds.picture.files import PICTURE_FORMS
from tracker.feeds.picture.layout import (
    NARROW_WIDTH,
    WIDE_WIDTH,
    Picture,
    picture_of,
)
from tracker.feeds.picture.legend import legend_of
from tracker.feeds.picture.svg import SvgOptions, panels_svg
from tracker.feeds.picture.tracks import GROUPINGS, grouping_named
from tracker.i18n.headings import AwaitedTitles
from tracker.i18n.points import day_text, remark_on, status_text
from tracker.timeline.agenda import in_list_order
from tracker.timeline.filters import Search, search_timeline
from tracker.web.addresses import Query
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Dated, Frame, Pager
from tracker.web.pages.filters import filters_of
from tracker.web.query import FILTERS, Parameters, names_in, query_of

TIMELINE = "timeline"
PARAMETERS = (*FILTERS, "from", "to", "by", "page")
#: So many events are drawn on a page.
PAGE_SIZE = 300
#: How many days a link shows, by the name of its sentence and the number in it.
SPANS = (("weeks", 6, 42), ("months", 6, 183), ("years", 1, 365), ("years", 3, 1096),
         ("years", 10, 3653), ("years", 30, 10958))  # fmt: skip
#: What asks for no groups where several agreements would have some.
UNGROUPED = "nothing"


class DrawnPanel(NamedTuple):
    """A panel, under its heading."""

    heading: str | None
    svg: Markup


class PointRow(NamedTuple):
    """One point in the table."""

    link: EventLink
    day: Dated | None
    status: str
    remark: str | None


class TimelineQuery(NamedTuple):
    """What is to be drawn, and which part of it."""

    search: Search
    options: PictureOptions
    by: str | None  #: as it is asked for; None: as is usual
    page: int | None  #: None: where today is

    @property
    def beside(self) -> list[tuple[str, str]]:
        """The parameters that ask for how it is drawn."""
        options = {"by": self.by, "from": self.options.first, "to": self.options.last}
        return [(name, str(value)) for name, value in options.items() if value]

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """Those that ask for it, without the page."""
        return [*query_of(self.search), *self.beside]


def read_query(frame: Frame, query: Query) -> TimelineQuery:
    """What the parameters ask for; raises BadParameters."""
    parameters = Parameters(query, PARAMETERS)
    search = parameters.search(names_in(frame.timeline))
    first, last = parameters.day("from"), parameters.day("to")
    if first is not None and last is not None and first >= last:
        parameters.refuse("to", f"{first} …")
    usual = _usual_grouping(frame)
    by = parameters.value("by", (UNGROUPED, *GROUPINGS)) or usual
    page = parameters.number("page") if any(name == "page" for name, _ in query) else None
    parameters.check()
    options = PictureOptions(grouping_named(by), first, last)
    return TimelineQuery(search, options, None if by == usual else by, page)


def _usual_grouping(frame: Frame) -> str:
    """By agreement where there are several: a title alone does not say which it belongs to."""
    return "agreement" if len(frame.timeline.agreements) > 1 else UNGROUPED


def timeline_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    asked = read_query(frame, query)
    timeline = search_timeline(frame.timeline, asked.search)
    language, usual = frame.language, _usual_grouping(frame)
    extent = extent_of(timeline, language, asked.options)
    total = len(extent.tracks)
    parameters = asked.parameters
    pager = Pager.of(
        total,
        asked.page or (1 if frame.addresses.static else _page_of_today(extent)),
        PAGE_SIZE,
        lambda page: frame.addresses.page(TIMELINE, [*parameters, ("page", str(page))]),
    )
    part = extent.part(pager.first - 1, pager.last)
    wide, narrow = (picture_of(part, language, width) for width in (WIDE_WIDTH, NARROW_WIDTH))
    return frame.render(
        "timeline",
        TIMELINE,
        search=asked.search,
        filters=filters_of(frame, asked.search, names_in(frame.timeline), TIMELINE, asked.beside),
        wide=list(_draw_panels(wide, frame)),
        narrow=list(_draw_panels(narrow, frame)),
        legend=legend_of(language),
        left_out=extent.omission_lines(language),
        pager=pager,
        options=asked.options,
        spans=_spans(frame, asked),
        downloads=_downloads(frame, asked),
        groupings=[
            (
                "" if grouping == usual else grouping,
                frame.translate(f"by.{grouping}"),
                grouping == (asked.by or usual),
            )
            for grouping in (UNGROUPED, *GROUPINGS)
        ],
        rows=_rows(frame._replace(timeline=timeline), {track.event.name for track in part.tracks}),
        has_events=total > 0,
    )


def _page_of_today(extent: Extent) -> int:
    """The page on which what is ahead begins, of a picture that goes on over several."""
    if len(extent.tracks) <= PAGE_SIZE or len(extent.groups) > 1:
        return 1
    behind = sum(1 for track in extent.tracks if track.day is not None and track.day < extent.today)
    return min(behind, len(extent.tracks) - 1) // PAGE_SIZE + 1


def _downloads(frame: Frame, asked: TimelineQuery) -> list[tuple[str, str]]:
    """Each form in which the picture can be had as a file, and where; a published site has none."""
    if frame.addresses.static:
        return []
    forms = PICTURE_FORMS if is_installed("picture") else ("svg",)
    return [
        (form.upper(), frame.addresses.page(f"{TIMELINE}.{form}", asked.parameters))
        for form in forms
    ]


def _draw_panels(picture: Picture, frame: Frame) -> Iterator[DrawnPanel]:
    """The panels of a picture."""
    options = SvgOptions(frame.language, frame.addresses.event)
    for panel, svg in zip(picture.panels, panels_svg(picture, options), strict=True):
        heading = None if panel.again else panel.heading
        yield DrawnPanel(heading, Markup(svg))  # noqa: S704 - svg.py escapes every text


def _spans(frame: Frame, asked: TimelineQuery) -> list[tuple[str, str, bool]]:
    """Links to shorter ranges: what is shown, where, and whether it is shown now."""
    shown = asked.options.first, asked.options.last
    beside = asked._replace(options=PictureOptions(asked.options.by)).parameters
    everything = frame.addresses.page(TIMELINE, beside)
    spans = [(frame.translate("span.all"), everything, shown == (None, None))]
    for unit, count, days in SPANS:
        first, last = _range_around(frame.timeline.as_of, days)
        query = [*beside, ("from", str(first)), ("to", str(last))]
        text = frame.translate(f"span.{unit}", count=count)
        spans.append((text, frame.addresses.page(TIMELINE, query), shown == (first, last)))
    return spans


def _range_around(today: date, days: int) -> tuple[date, date]:
    """So many days from today, and a tenth of that before."""
    first = date.fromordinal(max(today.toordinal() - days // 10, 1))
    return first, min(today, date.max - timedelta(days=days)) + timedelta(days=days)


def _rows(frame: Frame, names: Collection[str]) -> list[PointRow]:
    """A row for each point of the events of these names."""
    language, links = frame.language, EventLinks(frame)
    titles = AwaitedTitles(frame.timeline, language)
    return [
        PointRow(
            links.to_point(point),
            None
            if point.counts_to is None
            else frame.dated(point.counts_to, day_text(point, language)),
            status_text(point, language),
            remark_on(point, language, titles=titles),
        )
        for point in in_list_order(frame.timeline, True, frame.clock.zone)
        if point.event.name in names
    ]
