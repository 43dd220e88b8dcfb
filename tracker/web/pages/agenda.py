"""The agenda: what is next, may move, waits, is in force, has passed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.i18n.dates import countdown, long_day
from tracker.i18n.points import foreign_language, label_of, name_of, remark_on, title_of, until_text
from tracker.i18n.translate import translate
from tracker.timeline.agenda import Agenda, agenda_of, ends_of
from tracker.timeline.filters import Search, searched
from tracker.timeline.points import Point, Status
from tracker.web.addresses import AGENDA, SUBSCRIBE
from tracker.web.page import Dated, Frame, Pager, dated
from tracker.web.query import FILTERS, STATUSES, Names, Parameters, names_in, query_of

#: The groups, in their order; the last two are shown where they are asked for.
GROUPS = ("upcoming", "may-move", "waiting", "in-force", "passed", "past", "never")
ASIDE = ("past", "never")
TAKES = (*FILTERS, "group", "page")
#: So many entries of a group stand on the agenda, and on a page of the group itself.
MOST, PAGE = 60, 200


class Entry(NamedTuple):
    """One entry of a group, in words."""

    title: str
    foreign: str | None  #: the title's language, where it is another
    href: str
    name: str
    day: Dated | None
    countdown: str | None
    status: Status | None
    remark: str | None
    stated: str | None


class Group(NamedTuple):
    """A heading and what stands below it."""

    name: str
    heading: str
    total: int
    entries: list[Entry]
    more: str | None  #: where the rest is; None: all is here


class Chosen(NamedTuple):
    """One value that is chosen, and the address without it."""

    name: str
    without: str


class Filters(NamedTuple):
    """The form that narrows a page."""

    names: Names
    search: Search
    statuses: list[tuple[Status, str]]
    chosen: list[Chosen]
    further: list[tuple[str, str]]  #: values beside the one that a field shows
    none: str  #: the page without any


def filters_of(frame: Frame, search: Search, names: Names, page: str) -> Filters:
    """The form, as it is filled in."""
    query = query_of(search)
    texts = {one: translate(frame.language, f"status.{one}") for one in STATUSES}
    chosen = [
        Chosen(
            texts.get(value, value) if name == "status" else value,  # type: ignore[call-overload]
            frame.addresses.page(page, [one for one in query if one != (name, value)]),
        )
        for name, value in query
    ]
    fields = {"party": search.where.parties, "tag": search.where.tags, "status": search.statuses}
    further = [(name, value) for name, values in fields.items() for value in values[1:]]
    none = frame.addresses.page(page)
    return Filters(names, search, list(texts.items()), chosen, further, none)


def agenda_page(frame: Frame, parameters: Parameters) -> str:
    """The page; raises BadParameters."""
    names = names_in(frame.timeline)
    search = parameters.search(names)
    wanted = parameters.one("group", GROUPS)
    number = parameters.number("page")
    parameters.check()
    query = query_of(search)
    found = _Entries(frame._replace(timeline=searched(frame.timeline, search)))

    def group_page(name: str, page: int = 1) -> str:
        beside = [("group", name), *([("page", str(page))] if page > 1 else ())]
        return frame.addresses.page(AGENDA, [*query, *beside])

    pager = None
    if wanted is not None:
        count = found.count(wanted)
        pager = Pager.of(count, number, PAGE, lambda page: group_page(wanted, page))
        groups = [found.group(wanted, pager.first - 1, pager.last, None)]
    elif frame.addresses.static:  # nobody is there to show the rest
        groups = [found.group(name, 0, found.count(name), None) for name in GROUPS]
    else:
        groups = [
            found.group(name, 0, MOST, group_page(name) if found.count(name) > MOST else None)
            for name in GROUPS
            if name not in ASIDE
        ]
    aside = [
        (found.heading(name), found.count(name), group_page(name))
        for name in ASIDE
        if wanted is None and not frame.addresses.static and found.count(name)
    ]
    return frame.rendered(
        "agenda",
        AGENDA if wanted is None else None,
        groups=[group for group in groups if group.total or wanted],
        found=sum(group.total for group in groups),
        aside=aside,
        pager=pager,
        wanted=wanted,
        filters=filters_of(frame, search, names, AGENDA),
        everything=frame.addresses.page(AGENDA),
        subscribe=frame.addresses.page(SUBSCRIBE, query_of(search._replace(statuses=(), text=""))),
        has_events=bool(frame.timeline.events),
    )


class _Entries:
    """The groups of a timeline, each entry put into words when it is shown."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        timeline = frame.timeline
        self._agreements = {one.id: one for one in timeline.agreements}
        self._several = len(frame.whole.agreements) > 1
        self._ends = ends_of(timeline)
        agenda: Agenda = agenda_of(timeline)
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

    def group(self, name: str, first: int, last: int, more: str | None) -> Group:
        of: Callable[[Point | Event], Entry] = self._entry
        shown = self._groups[name][first:last]
        return Group(name, self.heading(name), self.count(name), [of(one) for one in shown], more)

    def _entry(self, shown: Point | Event) -> Entry:
        return self._of_point(shown) if isinstance(shown, Point) else self._of_event(shown)

    def _of_point(self, point: Point) -> Entry:
        language, event, day = self._frame.language, point.event, point.day
        return Entry(
            label_of(point, self._agreements[event.agreement], language),
            foreign_language(event, self._agreements[event.agreement], language),
            self._frame.addresses.event(event),
            name_of(point, self._several),
            None if day is None else dated(day, long_day(day, language)),
            None if day is None else countdown(self._frame.timeline.as_of, day, language),
            point.status,
            None if point.past else remark_on(point, language),
            point.stated,
        )

    def _of_event(self, event: Event) -> Entry:
        language = self._frame.language
        return Entry(
            title_of(event, self._agreements[event.agreement], language),
            foreign_language(event, self._agreements[event.agreement], language),
            self._frame.addresses.event(event),
            event.name if self._several else event.id,
            None,
            None,
            None,
            until_text(self._ends.get(event.name), language),
            None,
        )
