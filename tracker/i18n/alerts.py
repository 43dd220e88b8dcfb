"""The subject of an alert, and the sentences of its body."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import cached_property

from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.dates.bounds import Window
from tracker.dates.instants import Moment, day_in, has_passed, zone_of
from tracker.dates.lead_times import Lead
from tracker.i18n.dates import countdown, long_day, window_text
from tracker.i18n.estimates import estimated_text
from tracker.i18n.instants import own_moment_text, with_own_clock
from tracker.i18n.points import (
    answer_bounds_text,
    clock_text,
    is_some_day,
    label_of,
    latest_text,
    lead_text,
    moves_text,
    name_of,
    title_of,
    unknown_day_text,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point, Timeline


def subject_of(
    kind: str, point: Point, agreement: Agreement, moment: Moment, reader: AlertReader
) -> str:
    """What and when, and what may move it; all of it by the reader's own clock."""
    language, day = reader.language, reader.day_of(moment)
    values = {
        "label": label_of(point, agreement, language),
        "day": own_moment_text(moment, language, reader.zone),
        "countdown": countdown(reader.today, day, language),
    }
    if kind in ("passed", "last-call", "lapsed"):
        return translate(language, f"alert.{kind}", **values)
    if point.bounds.forecast and day < reader.today and point.stands is not None:
        if (ends := point.bounds.period_end) is not None:
            window = window_text(Window(ends, point.stands.latest), language)
            return translate(language, "alert.since.period", window=window, **values)
        window = window_text(point.stands, language)
        return translate(language, "alert.since", window=window, **values)
    is_due = point.side == "when" and point.status != "option"
    if day < reader.today and is_due:
        return translate(language, "alert.overdue", **values)
    if is_due and not point.bounds.forecast and has_passed(moment, reader.now, reader.zone):
        return translate(language, "alert.passed", **values)
    name = "alert.ahead" if point.side == "when" or point.status == "option" else "alert.ahead.edge"
    last = ""
    if point.stands is not None and is_some_day(point):
        name += ".some-day"
        last = own_moment_text(point.stands.latest, language, reader.zone)
    subject = translate(language, name, last=last, **values)
    if point.status != "may-move":
        return subject
    if not point.waits_for:
        remark = moves_text(point, language) or estimated_text(point, language)
        return translate(language, "and-remark", first=subject, second=remark)
    causes, latest = _first_cause(point, reader), latest_text(point, language, reader.zone)
    name = f"alert.moves.{movement_of(point)}"
    return translate(language, name, subject=subject, causes=causes, latest=latest)


class AlertReader:
    """Whom an alert is for: in what language, on what day of theirs, of what timeline."""

    def __init__(self, language: Language, zone: str, now: datetime, timeline: Timeline) -> None:
        self.language = language
        self.zone = zone
        self.now = now
        self.today = now.astimezone(zone_of(zone)).date()
        self.timeline = timeline

    def day_of(self, moment: Moment) -> date:
        """The day that it is on by their clock."""
        return day_in(moment, self.zone)

    def agreement_of(self, point: Point) -> Agreement:
        """The agreement in which the event of a point stands."""
        return self._agreements[point.event.agreement]

    @cached_property
    def _agreements(self) -> dict[str, Agreement]:
        return {agreement.id: agreement for agreement in self.timeline.agreements}

    def title(self, key: PointKey, within: str) -> str:
        """The title of the event of a point; where it is not shown, its name in that agreement."""
        event = self.timeline.event_of(key)
        if event is None:
            return key.name_in(within)
        return title_of(event, self.timeline.agreement(event.agreement), self.language)


def _first_cause(point: Point, reader: AlertReader) -> str:
    """The title of the first that it waits for, and how many more there are."""
    first, *rest = point.waits_for
    title = reader.title(first, point.event.agreement)
    if not rest:
        return translate(reader.language, "alert.cause", title=title)
    return translate(reader.language, "alert.cause.more", title=title, count=len(rest))


def clock_or_window_text(point: Point, reader: AlertReader) -> str | None:
    """The window of which it is some day, or its time of the day; None where it has neither."""
    return unknown_day_text(point, reader.language, reader.zone) or clock_text(
        point, reader.language, reader.zone
    )


def why_of(point: Point, reader: AlertReader) -> str | None:
    """The line as it is stated, and what it comes to."""
    if point.statement is None:
        return None
    language = reader.language
    bounds = answer_bounds_text(point, language)
    if not point.bounds.exact:  # of an exact one its clock is told beside the subject
        bounds = with_own_clock(bounds, language, reader.zone)
    return translate(language, "alert.why", stated=point.statement, bounds=bounds)


def movers_of(point: Point, reader: AlertReader) -> list[str]:
    """What would move it, each by its title and the name that commands take."""
    if not point.waits_for or point.status not in ("may-move", "waiting", "option"):
        return []
    return [
        translate(
            reader.language,
            "alert.mover",
            title=reader.title(key, point.event.agreement),
            name=key.name_in(point.event.agreement),
        )
        for key in point.waits_for
    ]


def late_text(due: datetime, reader: AlertReader) -> str:
    """That it is late, and when it was due."""
    local = due.astimezone(zone_of(reader.zone))
    day = long_day(local.date(), reader.language)
    return translate(reader.language, "alert.late", day=day, time=f"{local:%H:%M}")


def other_leads_text(leads: Iterable[tuple[Lead, bool]], language: Language) -> str:
    """Which other lead times a message stands for, each with whether it goes out on the eve."""
    texts = comma_list((lead_text(lead, language, eve) for lead, eve in leads), language)
    return translate(language, "alert.named", leads=texts)


def coming_text(point: Point, agreement: Agreement, reader: AlertReader) -> str:
    """A point in a list: its day, how far that is, what it is, and what is to be known of it."""
    language = reader.language
    moment = point.counts_to
    label = label_of(point, agreement, language)
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
        countdown=countdown(reader.today, reader.day_of(moment), language),
        last=last,
    )


def open_text(point: Point, agreement: Agreement, waiting: int, language: Language) -> str:
    """A point that a nudge asks about, and how many points wait for it."""
    name = "alert.open" if waiting else "alert.open.alone"
    label = label_of(point, agreement, language)
    return translate(language, name, label=label, point=name_of(point), count=waiting)
