"""`tracker agenda`, and `tracker` alone: what has passed, comes, waits, is in force."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple, TypeVar

from tracker.agreements.model import Agreement, Event
from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.options import Everything, Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.columns import pad, width_of, wrap
from tracker.i18n.dates import long_day, month_text
from tracker.i18n.directions import isolate
from tracker.i18n.headings import AwaitedTitles, list_heading
from tracker.i18n.instants import with_own_clock
from tracker.i18n.points import (
    column_day,
    countdown_text,
    name_of,
    remark_in,
    title_of,
    titles_text,
)
from tracker.i18n.translate import translate
from tracker.i18n.until import until_text
from tracker.timeline.agenda import (
    Agenda,
    agenda_of,
    day_for,
    ends_of,
    lasting_and_standing,
)
from tracker.timeline.points import Point, Timeline
from tracker.timeline.waiting_groups import MOST_TOLD, WaitingGroup, waiting_groups

T = TypeVar("T")

#: How many rows a group shows before it says how many more there are; of what passed fewer, for
#: what comes stands below it.
MOST_ROWS, MOST_PASSED = 20, 5
#: The columns that an entry's text has at least beside its day.
LEAST_ROOM = 24
#: Months stand above their days on a screen that is wider than this, with more rows than that.
MONTHS_FROM_WIDTH, MONTHS_FROM_ROWS = 60, 8


class AgendaRow(NamedTuple):
    """One entry: its day and countdown, what it is, and what must be known beside it."""

    day: str
    countdown: str
    text: str
    name: str
    remark: str | None


def command(request: Request, everything: Everything = False) -> None:
    timeline = timeline_of(request)
    if request.as_json:
        from tracker.feeds.json import agenda_json

        print_json(agenda_json(timeline, agenda_of(timeline), request.language))
        return
    page = _Page(timeline, request, everything)
    page.head()
    page.groups(agenda_of(timeline, page.clock.zone))
    print("\n".join(page.lines))


class _Page:
    def __init__(self, timeline: Timeline, request: Request, everything: bool) -> None:
        self.timeline = timeline
        self.language = request.language
        self.clock = reader_clock(request, timeline)
        self.titles = AwaitedTitles(timeline, request.language, names=True)
        self.everything = everything
        self.width = width()
        self.lines: list[str] = []
        self.agreements = {agreement.id: agreement for agreement in timeline.agreements}

    def head(self) -> None:
        """The agreements' titles, and the day of the view."""
        language = self.language
        title = isolate(titles_text(self.timeline.agreements, language))
        as_of = translate(language, "agenda.as-of", day=long_day(self.timeline.as_of, language))
        zone, today = self.clock.zone, self.clock.today(self.timeline.as_of)
        if today != self.timeline.as_of:
            day = long_day(today, language)
            as_of = translate(language, "agenda.as-of.own", as_of=as_of, day=day, zone=zone)
        room = self.width or 80
        if width_of(title) + width_of(as_of) + 2 <= room:
            gap = " " * (room - width_of(title) - width_of(as_of))
            self.lines.append(style(title, bold=True) + gap + as_of)
        else:
            self.lines += [style(line, bold=True) for line in wrap(title, self.width)]
            self.lines += wrap(as_of, self.width)

    def groups(self, agenda: Agenda) -> None:
        """All groups; what waits by what it waits for."""
        self.group("passed", agenda.passed, MOST_PASSED)
        self.group("upcoming", agenda.upcoming)
        self.waiting(agenda)
        if not (agenda.upcoming or agenda.waiting):
            self.lines += ["", translate(self.language, "agenda.nothing")]
        self.in_force(agenda.in_force)
        if self.everything:
            self.group("past", agenda.past)
            self.group("never", agenda.never)

    def group(self, name: str, points: Sequence[Point], most: int = MOST_ROWS) -> None:
        """A heading and its rows, on a wide screen by months; nothing where there are none."""
        if not points:
            return
        shown = self.first_rows(points, most)
        rows = [self.row(point) for point in shown]
        self.heading(name)
        days = max(width_of(row.day) for row in rows)
        counts = max(width_of(row.countdown) for row in rows)
        for month, members in self.by_month(shown, rows):
            if month:
                self.lines.append(f"  {style(month, dim=True)}")
            for row in members:
                head = f"  {pad(row.day, days)}  {pad(row.countdown, counts)}  "
                self.entry(head if days else "  ", row)
        self.more(len(points) - len(rows))

    def by_month(
        self, points: Sequence[Point], rows: Sequence[AgendaRow]
    ) -> Iterable[tuple[str, list[AgendaRow]]]:
        """The rows below the months of their days, where these are shown."""
        if self.width is None or self.width <= MONTHS_FROM_WIDTH or len(rows) <= MONTHS_FROM_ROWS:
            return [("", list(rows))]

        def month(pair: tuple[Point, AgendaRow]) -> str:
            day = day_for(pair[0], self.clock.zone)
            return "" if day is None else month_text(day, self.language)

        pairs = zip(points, rows, strict=True)
        return [(name, [row for _, row in members]) for name, members in groupby(pairs, month)]

    def heading(self, name: str) -> None:
        self.lines += ["", style(translate(self.language, f"agenda.{name}"), bold=True)]

    def more(self, count: int) -> None:
        """How many rows are left out, and the command that shows them."""
        if count > 0:
            self.lines.append(f"  {translate(self.language, 'agenda.more', count=count)}")

    def first_rows(self, entries: Sequence[T], most: int = MOST_ROWS) -> Sequence[T]:
        return entries if self.everything else entries[:most]

    def row(self, point: Point) -> AgendaRow:
        language = self.language
        return AgendaRow(
            column_day(point, language, self.clock.zone),
            countdown_text(point, self.timeline.as_of, language, self.clock),
            isolate(list_heading(point, self.agreement(point.event), language)),
            name_of(point, len(self.agreements) > 1),
            remark_in(self.timeline, point, language, self.clock.zone, self.titles),
        )

    def waiting(self, agenda: Agenda) -> None:
        """What waits, below what it waits for; so many of both as there is room for."""
        groups = waiting_groups(self.timeline, agenda)
        if not groups:
            return
        self.heading("waiting")
        left, hidden = MOST_ROWS, 0
        for group in groups:
            members = len(group.then) + len(group.moved)
            most = members if self.everything else min(left, members)
            if most > 0:
                self.waiting_group(group, most)
            hidden += members - most
            left -= most
        self.more(hidden)

    def waiting_group(self, group: WaitingGroup, most: int) -> None:
        """What is waited for, what comes before that, and what would then happen or move."""
        from tracker.i18n.agenda import before_texts, moved_text, opening_text, then_text

        language = self.language
        if not group.triggers:
            self.hanging(translate(language, "agenda.free"), 2)
            for point in group.then[:most]:
                self.entry(
                    "    ", self.waiting_row(point, opening_text(point, language, self.titles))
                )
            return
        name = "agenda.if.these" if len(group.triggers) > 1 else "agenda.if.this"
        triggers = self.titles.text(group.triggers, MOST_TOLD)
        self.hanging(translate(language, name, titles=triggers), 2)
        for text in before_texts(group, self.titles):
            self.hanging(text, 4)
        for point in group.opening:
            if own := opening_text(point, language, self.titles):
                self.hanging(own, 4)
        head = f"    {translate(language, 'agenda.then')}  "
        rows = [self.waiting_row(point, then_text(point, language)) for point in group.then]
        rows += [self.waiting_row(point, moved_text(point, language)) for point in group.moved]
        for row in rows[:most]:
            self.entry(head, row, width_of(head) + 2)
            head = " " * width_of(head)

    def waiting_row(self, point: Point, remark: str | None) -> AgendaRow:
        heading = list_heading(point, self.agreement(point.event), self.language)
        name = name_of(point, len(self.agreements) > 1)
        return AgendaRow("", "", isolate(heading), name, remark)

    def hanging(self, text: str, margin: int) -> None:
        """A sentence on lines of its own, those behind the first set in further."""
        first, *rest = wrap(text, self.width and self.width - margin - 2)
        self.lines.append(" " * margin + first)
        self.lines += [" " * (margin + 2) + line for line in rest]

    def in_force(self, events: Sequence[Event]) -> None:
        """What ends, the soonest first; of what has no end stated how much there is."""
        if not events:
            return
        ends = ends_of(self.timeline)
        lasting, standing = lasting_and_standing(events, ends, self.clock.zone)
        self.heading("in-force")
        for event in self.first_rows(lasting):
            self.entry("  ", self.row_in_force(event, ends.get(event.name)))
        self.more(0 if self.everything else len(lasting) - MOST_ROWS)
        if standing:
            self.hanging(translate(self.language, "agenda.standing", count=len(standing)), 2)
        for event in standing if self.everything else ():
            self.entry("    ", self.row_in_force(event, None)._replace(remark=None))

    def row_in_force(self, event: Event, end: Point | None) -> AgendaRow:
        """What is in force, with how long it lasts."""
        until = until_text(end, self.language, self.timeline.as_of, self.titles)
        name = event.name if len(self.agreements) > 1 else event.id
        title = isolate(title_of(event, self.agreement(event), self.language))
        return AgendaRow("", "", title, name, with_own_clock(until, self.language, self.clock.zone))

    def agreement(self, event: Event) -> Agreement:
        return self.agreements[event.agreement]

    def entry(self, head: str, row: AgendaRow, margin: int = 0) -> None:
        """One entry: in a pipe on one line, on a screen wrapped behind its day, or that margin."""
        name = f"[{row.name}]"
        if self.width is None:
            parts = [row.text, name, *([row.remark] if row.remark else ())]
            self.lines.append(head + "  ".join(parts))
            return
        # Without a column of days before them, further lines are set in, so that entries stand out.
        margin = margin or (width_of(head) if row.day else width_of(head) + 2)
        # Where too little is left for that, the day has a line of its own. A name stays whole.
        if row.day and self.width - margin < max(LEAST_ROOM, width_of(name)):
            self.lines.append(head.rstrip())
            margin, head = 4, " " * 4
        room = self.width - margin
        texts = wrap(row.text, room)
        if width_of(texts[-1]) + 2 + width_of(name) <= room:
            texts[-1] += "  " + style(name, dim=True)
        else:
            texts.append(style(name, dim=True))
        if row.remark:
            texts += wrap(row.remark, room)
        self.lines.append(head + texts[0])
        self.lines += [" " * margin + text for text in texts[1:]]
