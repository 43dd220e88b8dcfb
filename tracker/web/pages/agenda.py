"""The agenda: what has passed, comes, waits, is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.i18n.translate import translate
from tracker.timeline.agenda import agenda_of, ends_of, lasting_and_standing
from tracker.timeline.filters import search_timeline
from tracker.timeline.waiting_groups import WaitingGroup, waiting_groups
from tracker.web.addresses import Query
from tracker.web.page import Frame, Pager
from tracker.web.pages.agenda_entries import (
    AgendaCondition,
    AgendaEntries,
    AgendaEntry,
    AgendaMonth,
)
from tracker.web.pages.filters import filters_of
from tracker.web.pages.subscribe import SUBSCRIBE
from tracker.web.query import FILTERS, Parameters, carried_query, names_in, query_of

AGENDA = ""
#: The groups, in their order; the last two are shown where they are asked for.
GROUPS = ("passed", "upcoming", "waiting", "in-force", "past", "never")
ASIDE = ("past", "never")
PARAMETERS = (*FILTERS, "group", "page")
#: So many entries of a group stand on the agenda, and on a page of the group itself.
MOST, PAGE_SIZE = 60, 200
#: Of what passed fewer, for what comes stands below it; of what waits and is in force it is said
#: in short.
MOST_PASSED, MOST_SHORT = 5, 20


class AgendaGroup(NamedTuple):
    """A heading and what stands below it."""

    name: str
    heading: str
    total: int
    months: Sequence[AgendaMonth] = ()
    conditions: Sequence[AgendaCondition] = ()
    standing: Sequence[AgendaEntry] = ()  #: in force, with no end stated
    standing_text: str = ""  #: how many of these there are
    more: str | None = None  #: where the rest is; None: all is here


def agenda_query(query: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The address as it is today: what may move was a group once, and is a status."""
    moved = {("group", "may-move"): ("status", "may-move")}
    return [moved.get(pair, pair) for pair in query]


def agenda_page(frame: Frame, query: Query) -> str:
    """The page; raises BadParameters."""
    parameters = Parameters(query, PARAMETERS)
    names = names_in(frame.timeline)
    search = parameters.search(names)
    chosen_group = parameters.value("group", GROUPS)
    number = parameters.number("page")
    parameters.check()
    filtered = query_of(search)
    contents = _Groups(frame, frame._replace(timeline=search_timeline(frame.timeline, search)))

    def group_page(name: str, page: int = 1) -> str:
        beside = [("group", name), *([("page", str(page))] if page > 1 else ())]
        return frame.addresses.page(AGENDA, [*filtered, *beside])

    pager = None
    if chosen_group is not None:
        count = contents.rows(chosen_group)
        pager = Pager.of(count, number, PAGE_SIZE, lambda page: group_page(chosen_group, page))
        groups = [contents.group(chosen_group, pager.first - 1, pager.last)]
    elif frame.addresses.static:  # nobody is there to show the rest
        groups = [contents.group(name, 0, contents.rows(name)) for name in GROUPS]
    else:
        groups = [contents.begun(name, group_page(name)) for name in GROUPS if name not in ASIDE]
    aside = [
        (contents.heading(name), contents.count(name), group_page(name))
        for name in ASIDE
        if chosen_group is None and not frame.addresses.static and contents.count(name)
    ]
    return frame.render(
        "agenda",
        AGENDA if chosen_group is None else None,
        groups=[group for group in groups if group.total or chosen_group],
        total=sum(group.total for group in groups),
        aside=aside,
        pager=pager,
        chosen_group=chosen_group,
        search=search,
        filters=filters_of(frame, search, names, AGENDA, [("group", chosen_group or "")]),
        then=translate(frame.language, "agenda.then"),
        free=translate(frame.language, "agenda.free"),
        everything=frame.addresses.page(AGENDA),
        subscribe=frame.addresses.page(SUBSCRIBE, carried_query(SUBSCRIBE, search)),
        has_events=bool(frame.timeline.events),
    )


def _size(group: WaitingGroup) -> int:
    """How many entries it has."""
    return len(group.then) + len(group.moved)


class _Groups:
    """The groups of what was looked for."""

    def __init__(self, frame: Frame, shown: Frame) -> None:
        zone = frame.clock.zone
        agenda = agenda_of(shown.timeline, zone)
        self._language = frame.language
        self._words = AgendaEntries(frame, shown)
        self._points = {
            "passed": agenda.passed,
            "upcoming": agenda.upcoming,
            "waiting": agenda.waiting,
            "past": agenda.past[::-1],
            "never": agenda.never,
        }
        self._waiting = waiting_groups(shown.timeline, agenda)
        self._ends = ends_of(shown.timeline) if agenda.in_force else {}
        self._lasting, self._standing = lasting_and_standing(agenda.in_force, self._ends, zone)

    def count(self, name: str) -> int:
        """How much is in the group."""
        if name == "in-force":
            return len(self._lasting) + len(self._standing)
        return len(self._points[name])

    def rows(self, name: str) -> int:
        """How long its list is: what waits for several things, or is moved, is told with these."""
        return sum(map(_size, self._waiting)) if name == "waiting" else self.count(name)

    def heading(self, name: str) -> str:
        return translate(self._language, f"agenda.{name}")

    def begun(self, name: str, whole: str) -> AgendaGroup:
        """The beginning of the group, as the agenda has it; `whole` is its own page."""
        if name == "in-force":
            lasting, standing = self._lasting[:MOST_SHORT], self._standing[:MOST]
            group = self._in_force(lasting, standing)
            is_cut = len(lasting) + len(standing) < group.total
        else:
            most = {"passed": MOST_PASSED, "waiting": MOST_SHORT}.get(name, MOST)
            group = self.group(name, 0, most)
            is_cut = self.rows(name) > most
        return group._replace(more=whole if is_cut else None)

    def group(self, name: str, first: int, last: int) -> AgendaGroup:
        """Those rows of the group."""
        if name == "in-force":
            behind = len(self._lasting)
            return self._in_force(
                self._lasting[first:last],
                self._standing[max(0, first - behind) : max(0, last - behind)],
            )
        group = AgendaGroup(name, self.heading(name), self.count(name))
        if name == "waiting":
            return group._replace(conditions=self._conditions(first, last))
        points = self._points[name][first:last]
        if name == "passed":
            entries = [self._words.of_point(point) for point in points]
            return group._replace(months=[AgendaMonth("", entries)])
        return group._replace(months=self._words.months(points))

    def _conditions(self, first: int, last: int) -> list[AgendaCondition]:
        """What is waited for, with those of all entries; one may go on on the next page."""
        conditions = []
        for group in self._waiting:
            size = _size(group)
            if first < size and last > 0:
                conditions.append(self._words.condition(group, max(0, first), last))
            first, last = first - size, last - size
            if last <= 0:
                break
        return conditions

    def _in_force(self, lasting: Sequence[Event], standing: Sequence[Event]) -> AgendaGroup:
        entries = [self._words.of_event(event, self._ends[event.name]) for event in lasting]
        return AgendaGroup(
            "in-force",
            self.heading("in-force"),
            self.count("in-force"),
            months=[AgendaMonth("", entries)],
            standing=[self._words.of_event(event, None) for event in standing],
            standing_text=translate(self._language, "agenda.standing", count=len(self._standing)),
        )
