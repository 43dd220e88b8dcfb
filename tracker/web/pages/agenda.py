"""The agenda: what is next, may move, waits, is in force, has passed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.i18n.points import counted_day_text, name_of, remark_in
from tracker.i18n.translate import translate
from tracker.i18n.until import until_text
from tracker.timeline.agenda import Agenda, agenda_of, ends_of
from tracker.timeline.filters import search_timeline
from tracker.timeline.points import Point, Status
from tracker.web.addresses import Query
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Countdown, Dated, Frame, Pager
from tracker.web.pages.filters import filters_of
from tracker.web.pages.subscribe import SUBSCRIBE
from tracker.web.query import FILTERS, Parameters, names_in, query_of

AGENDA = ""
#: The groups, in their order; the last two are shown where they are asked for.
GROUPS = ("upcoming", "may-move", "waiting", "in-force", "passed", "past", "never")
ASIDE = ("past", "never")
PARAMETERS = (*FILTERS, "group", "page")
#: So many entries of a group stand on the agenda, and on a page of the group itself.
MOST, PAGE_SIZE = 60, 200


class AgendaEntry(NamedTuple):
    """One entry of a group, in words."""

    link: EventLink
    name: str
    day: Dated | None
    countdown: Countdown | None
    status: Status | None
    remark: str | None
    stated: str | None


class AgendaGroup(NamedTuple):
    """A heading and what stands below it."""

    name: str
    heading: str
    total: int
    entries: list[AgendaEntry]
    more: str | None  #: where the rest is; None: all is here


def agenda_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    parameters = Parameters(query, PARAMETERS)
    names = names_in(frame.timeline)
    search = parameters.search(names)
    chosen_group = parameters.value("group", GROUPS)
    number = parameters.number("page")
    parameters.check()
    filtered = query_of(search)
    entries = _Entries(frame._replace(timeline=search_timeline(frame.timeline, search)))

    def group_page(name: str, page: int = 1) -> str:
        beside = [("group", name), *([("page", str(page))] if page > 1 else ())]
        return frame.addresses.page(AGENDA, [*filtered, *beside])

    pager = None
    if chosen_group is not None:
        count = entries.count(chosen_group)
        pager = Pager.of(count, number, PAGE_SIZE, lambda page: group_page(chosen_group, page))
        groups = [entries.group(chosen_group, pager.first - 1, pager.last, None)]
    elif frame.addresses.static:  # nobody is there to show the rest
        groups = [entries.group(name, 0, entries.count(name), None) for name in GROUPS]
    else:
        groups = [
            entries.group(name, 0, MOST, group_page(name) if entries.count(name) > MOST else None)
            for name in GROUPS
            if name not in ASIDE
        ]
    aside = [
        (entries.heading(name), entries.count(name), group_page(name))
        for name in ASIDE
        if chosen_group is None and not frame.addresses.static and entries.count(name)
    ]
    return frame.render(
        "agenda",
        AGENDA if chosen_group is None else None,
        groups=[group for group in groups if group.total or chosen_group],
        total=sum(group.total for group in groups),
        aside=aside,
        pager=pager,
        chosen_group=chosen_group,
        filters=filters_of(frame, search, names, AGENDA),
        everything=frame.addresses.page(AGENDA),
        subscribe=frame.addresses.page(SUBSCRIBE, query_of(search._replace(statuses=(), text=""))),
        has_events=bool(frame.timeline.events),
    )


class _Entries:
    """The groups of a timeline, each entry put into words when it is shown."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._links = EventLinks(frame)
        self._several = len(frame.whole.agreements) > 1
        self._ends = ends_of(frame.timeline)
        agenda: Agenda = agenda_of(frame.timeline, frame.clock.zone)
        self._groups: dict[str, Sequence[Point] | Sequence[Event]] = {
            "upcoming": agenda.upcoming,
            "may-move": agenda.may_move,
            "waiting": agenda.waiting,
            "in-force": agenda.in_force,
            "passed": agenda.passed,
            "past": agenda.past[::-1],
            "never": agenda.never,
        }

    def count(self, name: str) -> int:
        return len(self._groups[name])

    def heading(self, name: str) -> str:
        return translate(self._frame.language, f"agenda.{name}")

    def group(self, name: str, first: int, last: int, more: str | None) -> AgendaGroup:
        entries = [
            self._of_point(shown) if isinstance(shown, Point) else self._of_event(shown)
            for shown in self._groups[name][first:last]
        ]
        return AgendaGroup(name, self.heading(name), self.count(name), entries, more)

    def _of_point(self, point: Point) -> AgendaEntry:
        language, moment = self._frame.language, point.counts_to
        day = counted_day_text(point, language)
        return AgendaEntry(
            self._links.to_point(point),
            name_of(point, self._several),
            None if moment is None else self._frame.dated(moment, day),
            self._frame.countdown(point),
            point.status,
            remark_in(self._frame.timeline, point, language),
            point.statement,
        )

    def _of_event(self, event: Event) -> AgendaEntry:
        return AgendaEntry(
            self._links.to_event(event),
            event.name if self._several else event.id,
            None,
            None,
            None,
            until_text(
                self._ends.get(event.name), self._frame.language, self._frame.timeline.as_of
            ),
            None,
        )
