"""The subject of an alert, and the entries of its lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.dates.bounds import Window
from tracker.dates.instants import Moment, day_in, has_passed, is_aoe_day, zone_of
from tracker.dates.lead_times import Lead
from tracker.i18n.dates import countdown, long_day, window_text
from tracker.i18n.estimates import estimated_text
from tracker.i18n.instants import own_clock_of, own_moment_text
from tracker.i18n.points import (
    is_some_day,
    label_of,
    latest_text,
    lead_text,
    moves_text,
    name_of,
    title_in,
    title_of,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.i18n.weekdays import day_with_weekday, short_day_text, with_weekdays
from tracker.timeline.lookup import TimelineLookup
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point, Timeline
from tracker.timeline.renewing import term_end


class Brevity(NamedTuple):
    """What a subject leaves out where it would be too long."""

    one_clock: bool = False  #: an instant as it is stated; and because of what its day may move
    letters: bool = False  #: of weekdays and months
    one_day: bool = False  #: the last day of a window; and that its day may move


#: One after another, until a subject fits.
BREVITIES = (
    Brevity(),
    Brevity(one_clock=True),
    Brevity(one_clock=True, letters=True),
    Brevity(one_clock=True, one_day=True),
    Brevity(True, True, True),
)


class AlertReader:
    """Whom an alert is for: in what language, on what day of theirs, of what timeline."""

    def __init__(
        self,
        language: Language,
        zone: str,
        now: datetime,
        timeline: Timeline,
        lookup: TimelineLookup | None = None,
    ) -> None:
        """`lookup` is of that timeline; several messages may share one."""
        self.language = language
        self.zone = zone
        self.now = now
        self.today = now.astimezone(zone_of(zone)).date()
        self.timeline = timeline
        self._lookup = lookup

    @cached_property
    def lookup(self) -> TimelineLookup:
        """What there is in the timeline."""
        return self._lookup or TimelineLookup(self.timeline)

    def day_of(self, moment: Moment) -> date:
        """The day that it is on by their clock."""
        return day_in(moment, self.zone)

    def agreement_of(self, point: Point) -> Agreement:
        """The agreement in which the event of a point stands."""
        return self.lookup.agreement_of(point)

    def matter_of(self, point: Point) -> str:
        """The title of that agreement."""
        return title_in(self.agreement_of(point), self.language)

    def title(self, key: PointKey, within: str) -> str:
        """The title of the event of a point; where it is not shown, its name in that agreement."""
        event = self.lookup.event("/".join(key.event_key))
        if event is None:
            return key.name_in(within)
        return title_of(event, self.lookup.agreements[event.agreement], self.language)

    def countdown(self, moment: Moment) -> str:
        """How far away it is from their today."""
        return countdown(self.today, self.day_of(moment), self.language)


def form_of(kind: str, point: Point, moment: Moment, reader: AlertReader) -> str:
    """What an alert of that kind says of a point that counts to that moment: its sentences' name.

    By the reader's own clock, by which a day is ahead or behind.
    """
    day = reader.day_of(moment)
    if kind in ("last-call", "lapsed"):
        return kind
    if kind == "passed":
        return _form_of_passed(point, reader)
    if point.bounds.forecast and day < reader.today and point.stands is not None:
        return "since" if point.bounds.period_end is None else "since.period"
    is_due = point.side == "when" and point.status != "option"
    if day < reader.today:
        return "overdue" if is_due else _form_of_passed(point, reader)
    if is_due and not point.bounds.forecast and has_passed(moment, reader.now, reader.zone):
        return "passed.when"
    if point.stands is not None and is_some_day(point):
        return "some-day" if is_due else "some-day.edge"
    if is_due or point.status == "option":
        return "ahead"
    end = term_end(point, reader.lookup)
    return "ahead.renews" if end is not None and end.renews else "ahead.edge"


def _form_of_passed(point: Point, reader: AlertReader) -> str:
    if is_some_day(point):
        return "passed.some-day"
    end = term_end(point, reader.lookup)
    return "passed.renewed" if end is not None and end.renews else f"passed.{point.side}"


def subject_of(
    kind: str,
    point: Point,
    agreement: Agreement,
    moment: Moment,
    reader: AlertReader,
    *,
    title: str | None = None,
    brevity: Brevity = BREVITIES[0],
) -> str:
    """What and when, and what may move it; all of it by the reader's own clock.

    `title` stands for the event's own; `brevity` says how much is left out.
    """
    language, form = reader.language, form_of(kind, point, moment, reader)
    last = point.stands.latest if point.stands is not None else moment
    values = {
        "label": label_of(point, agreement, language, title),
        "title": title or title_of(point.event, agreement, language),
        "day": day_in_subject(moment, reader, brevity),
        "countdown": reader.countdown(moment),
        "last": day_in_subject(last, reader, brevity),
    }
    if form.endswith(("renews", "renewed")) and (end := term_end(point, reader.lookup)):
        values["next"] = day_in_subject(end.next_end or moment, reader, brevity)
    if form in ("since", "since.period", "some-day", "some-day.edge"):
        first = point.bounds.period_end if form == "since.period" else None
        if point.stands is not None:
            window = Window(first or point.stands.earliest, last)
            values["window"] = with_weekdays(window_text(window, language), language)
        if brevity.one_day:
            form += ".brief"
    subject = translate(language, f"alert.{form}", **values)
    is_ahead = form.startswith(("ahead", "some-day"))
    return _with_movement(subject, point, reader, brevity) if is_ahead else subject


def _with_movement(subject: str, point: Point, reader: AlertReader, brevity: Brevity) -> str:
    """The subject, and which way its day may move because of what; or only that it may."""
    language = reader.language
    if point.status != "may-move" or brevity.one_day:
        return subject
    if brevity.one_clock:
        return translate(language, "alert.may-move", subject=subject)
    if not point.waits_for:
        remark = moves_text(point, language) or estimated_text(point, language)
        return translate(language, "and-remark", first=subject, second=remark)
    causes, latest = _first_cause(point, reader), latest_text(point, language, reader.zone)
    return translate(
        language,
        f"alert.moves.{movement_of(point)}",
        subject=subject,
        causes=causes,
        latest=with_weekdays(latest, language),
    )


def day_in_subject(moment: Moment, reader: AlertReader, brevity: Brevity) -> str:
    """A day with its weekday, an instant with its hour; short where there is no room."""
    language = reader.language
    if not brevity.one_clock:
        return with_weekdays(own_moment_text(moment, language, reader.zone), language)
    day, clock = reader.day_of(moment), own_clock_of(moment, reader.zone)
    text = (short_day_text if brevity.letters else day_with_weekday)(day, language)
    if clock is not None:
        return translate(language, "instant.subject", day=text, clock=clock)
    return translate(language, "day.aoe", day=text) if is_aoe_day(moment) else text


def _first_cause(point: Point, reader: AlertReader) -> str:
    """The title of the first that it waits for, and how many more there are."""
    first, *rest = point.waits_for
    title = reader.title(first, point.event.agreement)
    if not rest:
        return translate(reader.language, "alert.cause", title=title)
    return translate(reader.language, "alert.cause.more", title=title, count=len(rest))


def late_text(due: datetime, reader: AlertReader) -> str:
    """That it is late, and when it was due."""
    local = due.astimezone(zone_of(reader.zone))
    day = long_day(local.date(), reader.language)
    return translate(reader.language, "alert.late", day=day, time=f"{local:%H:%M}")


def other_leads_text(leads: Iterable[tuple[Lead, bool]], language: Language) -> str:
    """Which other lead times a message stands for, each with whether it goes out on the eve."""
    texts = comma_list((lead_text(lead, language, eve) for lead, eve in leads), language)
    return translate(language, "alert.named", leads=texts)


def entry_label(point: Point, agreement: Agreement, reader: AlertReader) -> str:
    """What a point is called in a list: with its agreement, where there are several."""
    label = label_of(point, agreement, reader.language)
    if len(reader.timeline.agreements) == 1:
        return label
    return translate(reader.language, "alert.of", matter=reader.matter_of(point), subject=label)


def coming_text(point: Point, agreement: Agreement, reader: AlertReader) -> str:
    """A point in a list: its day, how far that is, what it is, and what is to be known of it."""
    language = reader.language
    moment = point.counts_to
    label = entry_label(point, agreement, reader)
    if moment is None:
        return label
    last = ""
    name = "alert.coming.moves" if point.status == "may-move" else "alert.coming"
    if point.stands is not None and is_some_day(point):
        name += ".some-day"
        last = own_moment_text(point.stands.latest, language, reader.zone)
    return translate(
        language,
        name,
        label=label,
        day=own_moment_text(moment, language, reader.zone),
        countdown=reader.countdown(moment),
        last=last,
    )


def open_text(point: Point, waiting: int, reader: AlertReader) -> str:
    """A point that a nudge asks about, and how many points wait for it."""
    name = "alert.open" if waiting else "alert.open.alone"
    label = entry_label(point, reader.agreement_of(point), reader)
    return translate(reader.language, name, label=label, point=name_of(point, True), count=waiting)
