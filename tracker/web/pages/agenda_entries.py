"""The entries of the agenda, in words: each is put into them when it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.dates.instants import is_aoe_day, local_day
from tracker.i18n.agenda import before_texts, moved_text, opening_text, then_text
from tracker.i18n.dates import day_of_month, month_text
from tracker.i18n.points import counted_day_text, remark_in, title_in
from tracker.i18n.translate import translate
from tracker.i18n.until import until_text
from tracker.timeline.agenda import day_for
from tracker.timeline.points import Point, Status
from tracker.timeline.waiting_groups import MOST_TOLD, WaitingGroup
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Countdown, Dated, Frame
from tracker.web.title_links import SentencePart, TitleLinks


class AgendaEntry(NamedTuple):
    """One entry of a group, in words."""

    link: EventLink
    matter: str | None  #: the agreement's title, where there are several
    remark: list[SentencePart]
    status: Status | None = None
    status_text: str = ""
    day: Dated | None = None
    countdown: Countdown | None = None


class AgendaMonth(NamedTuple):
    """The entries of a month, or of a list that has none."""

    heading: str
    entries: list[AgendaEntry]


class AgendaCondition(NamedTuple):
    """What is waited for, what comes before that, and what would then happen."""

    kicker: str
    matter: str | None  #: the agreement's title, where there are several, and all of it is in one
    triggers: list[SentencePart]
    before: list[list[SentencePart]]
    remarks: list[str]  #: of the triggers
    then: list[AgendaEntry]
    moved: list[AgendaEntry]


class AgendaEntries:
    """Puts what stands on one agenda into words."""

    def __init__(self, frame: Frame, shown: Frame) -> None:
        """`frame` has all that its reader may see, `shown` what of it was looked for."""
        self._frame = shown
        self._language = frame.language
        self._links = EventLinks(frame)
        self._titles = TitleLinks(frame)
        several = len(frame.timeline.agreements) > 1
        self._matters = {
            agreement.id: title_in(agreement, frame.language) if several else None
            for agreement in frame.timeline.agreements
        }

    def months(self, points: Iterable[Point]) -> list[AgendaMonth]:
        """Points in their order, below the months of their days."""

        def month(point: Point) -> str:
            day = day_for(point, self._frame.clock.zone)
            return "" if day is None else month_text(day, self._language)

        return [
            AgendaMonth(heading, [self.of_point(point, below_month=True) for point in members])
            for heading, members in groupby(points, month)
        ]

    def of_point(self, point: Point, *, below_month: bool = False) -> AgendaEntry:
        """A point with its day, and what must be known beside it."""
        remark = remark_in(self._frame.timeline, point, self._language, None, self._titles.titles)
        return self._entry(
            point,
            self._titles.parts(remark, point.waits_for),
            self._day(point, below_month),
            self._frame.countdown(point),
        )

    def _day(self, point: Point, below_month: bool) -> Dated | None:
        moment = point.counts_to
        if moment is None:
            return None
        text = counted_day_text(point, self._language)
        if below_month:
            text = day_of_month(local_day(moment), self._language)
            if is_aoe_day(moment):
                text = translate(self._language, "day.aoe", day=text)
        return self._frame.dated(moment, text)

    def _entry(
        self,
        point: Point,
        remark: list[SentencePart],
        day: Dated | None = None,
        countdown: Countdown | None = None,
    ) -> AgendaEntry:
        return AgendaEntry(
            self._links.to_point(point),
            self._matters[point.event.agreement],
            remark,
            point.status,
            translate(self._language, f"status.{point.status}"),
            day,
            countdown,
        )

    def condition(self, group: WaitingGroup, first: int, last: int) -> AgendaCondition:
        """One group of what waits, with those of its entries."""
        language, titles = self._language, self._titles.titles
        opening = (opening_text(point, language, titles) for point in group.opening)
        if not group.triggers:
            entries = [
                self._entry(point, self._words(opening_text(point, language, titles)))
                for point in group.then[first:last]
            ]
            return AgendaCondition("", None, [], [], [], entries, [])
        name = "agenda.if" if len(group.triggers) == 1 else "agenda.if.several"
        steps = zip(before_texts(group, titles), group.before, strict=True)
        then, behind = group.then[first:last], len(group.then)
        moved = group.moved[max(0, first - behind) : max(0, last - behind)]
        entries = [self._entry(point, self._words(then_text(point, language))) for point in then]
        entries_moved = [
            self._entry(point, self._words(moved_text(point, language))) for point in moved
        ]
        matters = {entry.matter for entry in (*entries, *entries_moved)}
        agreements = {key.agreement for key in group.triggers}
        matter = None
        if len(matters) == len(agreements) == 1 and matters == {self._matters.get(*agreements)}:
            matter = matters.pop()
            entries = [entry._replace(matter=None) for entry in entries]
            entries_moved = [entry._replace(matter=None) for entry in entries_moved]
        return AgendaCondition(
            translate(language, name),
            matter,
            self._titles.row(group.triggers, MOST_TOLD),
            [self._titles.parts(text, keys, MOST_TOLD) for text, keys in steps],
            [text for text in opening if text],
            entries,
            entries_moved,
        )

    def _words(self, text: str | None) -> list[SentencePart]:
        return [] if text is None else [SentencePart(text)]

    def of_event(self, event: Event, end: Point | None) -> AgendaEntry:
        """What is in force, with how long it lasts; without its end as a standing provision."""
        remark: list[SentencePart] = []
        if end is not None:
            text = until_text(end, self._language, self._frame.timeline.as_of, self._titles.titles)
            remark = self._titles.parts(text, end.waits_for)
        matter = self._matters[event.agreement]
        return AgendaEntry(self._links.to_event(event), matter, remark)
