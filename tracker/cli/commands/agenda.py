"""`tracker agenda`, and `tracker` alone: what is next, may move, waits, is in force."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from tracker.agreements.model import Agreement, Event
from tracker.cli.inputs import reader_clock, timeline_of
from tracker.cli.options import Everything, Request
from tracker.cli.output import print_json, style, width
from tracker.i18n.columns import pad, width_of, wrap
from tracker.i18n.dates import long_day
from tracker.i18n.directions import isolate
from tracker.i18n.instants import with_own_clock
from tracker.i18n.points import (
    column_day,
    countdown_text,
    label_of,
    name_of,
    remark_in,
    title_of,
    titles_text,
)
from tracker.i18n.translate import translate
from tracker.i18n.until import until_text
from tracker.timeline.agenda import Agenda, agenda_of, ends_of
from tracker.timeline.points import Point, Timeline

T = TypeVar("T")

#: How many rows a group shows before it says how many more there are.
MOST_ROWS = 20
#: The columns that an entry's text has at least beside its day.
LEAST_ROOM = 24


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
        for name, points in (
            ("upcoming", agenda.upcoming),
            ("may-move", agenda.may_move),
            ("waiting", agenda.waiting),
        ):
            self.group(name, [self.row(point) for point in self.first_rows(points)], len(points))
        if not (agenda.upcoming or agenda.may_move or agenda.waiting):
            self.lines += ["", translate(self.language, "agenda.nothing")]
        in_force = self.first_rows(agenda.in_force)
        self.group("in-force", self.rows_in_force(in_force), len(agenda.in_force))
        passed = [self.row(point) for point in self.first_rows(agenda.passed)]
        self.group("passed", passed, len(agenda.passed))
        if self.everything:
            self.group("past", [self.row(point) for point in agenda.past], len(agenda.past))
            self.group("never", [self.row(point) for point in agenda.never], len(agenda.never))

    def first_rows(self, entries: Sequence[T]) -> Sequence[T]:
        return entries if self.everything else entries[:MOST_ROWS]

    def row(self, point: Point) -> AgendaRow:
        language = self.language
        return AgendaRow(
            column_day(point, language, self.clock.zone),
            countdown_text(point, self.timeline.as_of, language, self.clock),
            isolate(label_of(point, self.agreement(point.event), language)),
            name_of(point, len(self.agreements) > 1),
            remark_in(self.timeline, point, language, self.clock.zone),
        )

    def rows_in_force(self, events: Sequence[Event]) -> list[AgendaRow]:
        """What is in force, with how long it lasts."""
        ends = ends_of(self.timeline)
        rows = []
        for event in events:
            title = isolate(title_of(event, self.agreement(event), self.language))
            until = with_own_clock(
                until_text(ends.get(event.name), self.language, self.timeline.as_of),
                self.language,
                self.clock.zone,
            )
            rows.append(
                AgendaRow(
                    "", "", title, event.name if len(self.agreements) > 1 else event.id, until
                )
            )
        return rows

    def agreement(self, event: Event) -> Agreement:
        return self.agreements[event.agreement]

    def group(self, name: str, rows: Sequence[AgendaRow], count: int) -> None:
        """A heading and its rows; nothing where there are none."""
        if not rows:
            return
        self.lines += ["", style(translate(self.language, f"agenda.{name}"), bold=True)]
        days = max(width_of(row.day) for row in rows)
        counts = max(width_of(row.countdown) for row in rows)
        for row in rows:
            head = f"  {pad(row.day, days)}  {pad(row.countdown, counts)}  " if days else "  "
            self.entry(head, row)
        if count > len(rows):
            more = translate(self.language, "agenda.more", count=count - len(rows))
            self.lines.append(f"  {more}")

    def entry(self, head: str, row: AgendaRow) -> None:
        """One entry: in a pipe on one line, on a screen wrapped behind its day."""
        name = f"[{row.name}]"
        if self.width is None:
            parts = [row.text, name, *([row.remark] if row.remark else ())]
            self.lines.append(head + "  ".join(parts))
            return
        # Without a column of days before them, further lines are set in, so that entries stand out.
        margin = width_of(head) if row.day else width_of(head) + 2
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
