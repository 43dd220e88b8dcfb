"""The calendar entry of one point: a VEVENT on its day, or a VTODO while it has none.

Only what an entry says is made here; since when it says so is history.py's. Nothing here moves
with today. One VEVENT is one day long, or an instant: a right of seven years is two days in a
calendar, not a banner.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from icalendar import Event, Todo
from icalendar.prop import vCategory

from tracker.agreements.model import Agreement
from tracker.dates.instants import Instant, Moment, is_aoe_day, local_day
from tracker.feeds.content_lines import unfolded_lines
from tracker.feeds.zones import zone_in
from tracker.i18n.directions import without_isolates
from tracker.i18n.points import (
    grounds_of,
    label_of,
    possible_days_text,
    remark_on,
    status_text,
)
from tracker.i18n.translate import Language, translate
from tracker.timeline.filters import Labels
from tracker.timeline.points import Point

#: The namespace of every UID, for ever: whoever changes it duplicates every subscriber's calendar.
NAMESPACE = UUID("6f0d3c1e-4b57-5c0a-9a43-0c6a2f1b7d52")
#: CSS3 names (RFC 7986, section 5.9), by the status of a point.
#: cancelled.py has the one of what is gone.
COLORS = {"occurred": "seagreen", "exact": "steelblue", "may-move": "goldenrod"}
_OTHER_COLOR = "darkorange"  # a window, or no day yet


def uid_of(point: Point) -> str:
    """The identity of a point's entry, for ever.

    RFC 7986, section 5.3, asks for a globally unique value that tells nothing of its maker.
    """
    return str(uuid5(NAMESPACE, point.first_key.path))


def todo_uid_of(point: Point) -> str:
    """The identity of a point's to-do: its entry may be there as well, cancelled."""
    return str(uuid5(NAMESPACE, f"{point.first_key.path}/todo"))


class CalendarPoint(NamedTuple):
    """A point with its moment and status in the calendar."""

    point: Point
    moment: Moment | None  #: None: it waits
    status: str


def content_of(shown: CalendarPoint, agreement: Agreement, language: Language) -> bytes:
    """One VEVENT or VTODO, without DTSTAMP, LAST-MODIFIED and SEQUENCE."""
    point, moment, status = shown
    entry: Event | Todo = Todo() if moment is None else Event()
    entry.add("UID", todo_uid_of(point) if moment is None else uid_of(point))
    if moment is not None:
        _add_moment(entry, moment)
        entry.add("TRANSP", "TRANSPARENT")  # a deadline makes nobody busy
        entry.add("X-MICROSOFT-CDO-BUSYSTATUS", "FREE")
    spoken: dict[str, str] = {"LANGUAGE": language}
    # A program sets the texts in its own way, and what says the same is the same bytes.
    summary = without_isolates(_summary(point, agreement, status, language))
    description = without_isolates(_description(point, agreement, language))
    entry.add("SUMMARY", summary, parameters=spoken)
    entry.add("DESCRIPTION", description, parameters=spoken)
    event = point.event
    if event.tags:
        entry.add("CATEGORIES", list(event.tags))
    if event.parties:
        entry.add("X-TRACKER-PARTIES", vCategory(list(event.parties)))
    entry.add("X-TRACKER-EVENT", event.name)
    if event.url:
        entry.add("URL", event.url)
    entry.add("STATUS", status)
    entry.add("COLOR", COLORS.get(point.status, _OTHER_COLOR))
    content: bytes = entry.to_ical()
    return content


def _add_moment(entry: Event | Todo, moment: Moment) -> None:
    """RFC 5545, section 3.6.1: a whole day is a DATE, an instant ends as it begins.

    A day anywhere on earth is that day: its last minute lies on the next one for most who read.
    """
    if is_aoe_day(moment):
        moment = local_day(moment)
    if isinstance(moment, Instant):
        entry.add("DTSTART", moment.local if zone_in(moment) else moment.utc)
        return
    entry.add("DTSTART", moment)
    if moment != date.max:
        entry.add("DTEND", moment + timedelta(days=1))


def _summary(point: Point, agreement: Agreement, status: str, language: Language) -> str:
    label = label_of(point, agreement, language)
    if is_aoe_day(point.counts_to):
        label = translate(language, "feed.aoe", label=label)
    if point.has_lapsed:
        return translate(
            language, "feed.tentative", label=label, remark=status_text(point, language)
        )
    if point.status == "option" and not point.waits_for:
        return label
    if status == "TENTATIVE":
        zone = point.zone
        remark = possible_days_text(point, language, zone) or remark_on(point, language, zone)
        return translate(language, "feed.tentative", label=label, remark=remark)
    return label


def _description(point: Point, agreement: Agreement, language: Language) -> str:
    """What is stated, what may move it, and the sentence and the source that it rests on."""
    return "\n".join(_sentences(point, agreement, language))


def _sentences(point: Point, agreement: Agreement, language: Language) -> Iterator[str]:
    event = point.event
    if point.statement is not None:
        yield translate(language, "feed.stated", stated=point.statement)
    remark = remark_on(point, language, point.zone)  # nobody knows who reads: the agreement's clock
    if remark:
        yield remark
    yield from grounds_of(event, agreement, language)
    yield event.name


def labels_in(content: bytes) -> Labels:
    """What an entry's event can be filtered by, as the entry itself has it."""
    lines = unfolded_lines(content)
    return Labels(
        _value(lines, b"X-TRACKER-EVENT") or "",
        _values(lines, b"X-TRACKER-PARTIES"),
        _values(lines, b"CATEGORIES"),
    )


def _value(lines: list[bytes], name: bytes) -> str | None:
    line = next((line for line in lines if line.startswith(name + b":")), None)
    return None if line is None else line[len(name) + 1 :].decode("utf-8")


def _values(lines: list[bytes], name: bytes) -> tuple[str, ...]:
    text = _value(lines, name)
    return () if text is None else tuple(map(str, vCategory.from_ical(text)))
