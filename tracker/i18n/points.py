"""What points and events are called, and what has to be known of them, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tracker.agreements.model import Agreement, Event, language_in, text_in
from tracker.dates.bounds import precedes
from tracker.dates.expressions import point_name
from tracker.dates.instants import Instant
from tracker.dates.lead_times import Lead
from tracker.i18n.dates import long_moment, window_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.points import Point


def title_of(event: Event, agreement: Agreement, language: Language) -> str:
    """The event's title in that language, else in the agreement's."""
    return text_in(event.title, language, agreement.language)


def titles_text(agreements: Iterable[Agreement], language: Language) -> str:
    """The titles of agreements in that language."""
    titles = (text_in(agreement.title, language, agreement.language) for agreement in agreements)
    return comma_list(titles, language)


def foreign_language(event: Event, agreement: Agreement, language: Language) -> str | None:
    """The language of its title, where that is another than the page's (WCAG 2.2, 3.1.2)."""
    return language_in(event.title, language, agreement.language)


def label_of(point: Point, agreement: Agreement, language: Language) -> str:
    """What a point is called: its event's title, with its side where the event lasts."""
    is_term = point.side == "end" and point.occurrence is not None
    name = "point.end.term" if is_term else f"point.{point.side}"
    return translate(language, name, title=title_of(point.event, agreement, language))


def name_of(point: Point, several: bool = False) -> str:
    """The point as commands write it: `x`, `start of x`, `end of x`, `x@2028-12-31`.

    With `several` agreements its event is written with its agreement: `end of a/x`.
    """
    event = point.event
    name = point_name(event.agreement if several else None, event.id, point.side)
    return name if point.occurrence is None else f"{name}@{point.occurrence}"


def moves_text(point: Point, language: Language) -> str:
    """In which direction a point may still move, and what for."""
    names = comma_list(point.waits_for_names, language)
    return translate(language, f"moves.{direction_of(point)}", names=names)


def direction_of(point: Point) -> str:
    """In which direction a point may still move: sooner, later, either, or cut-off."""
    sooner, later = _may_be_sooner(point), _may_be_later(point)
    if later and not sooner and point.occurrence is not None and point.latest is None:
        return "cut-off"  # its day is its own; only whether it comes is open
    return "either" if sooner and later else "later" if later else "sooner"


def _may_be_sooner(point: Point) -> bool:
    if point.stands is None or point.earliest is None:
        return False
    return precedes(point.earliest, point.stands.earliest, point.zone, point.bounds.opens)


def _may_be_later(point: Point) -> bool:
    if point.latest is None or point.stands is None:
        return point.latest is None
    return precedes(point.stands.latest, point.latest, point.zone)


def waiting_text(point: Point, language: Language) -> str:
    """What a point without a day waits for."""
    if point.waits_for:
        return translate(language, "waits-for", names=comma_list(point.waits_for_names, language))
    return translate(language, "may-never")


def remark_on(point: Point, language: Language) -> str | None:
    """What a reader must know beside the day that a point counts to; None where that is all."""
    if point.status == "may-move":
        clock, moves = clock_text(point, language), moves_text(point, language)
        return (
            moves if clock is None else translate(language, "and-remark", first=clock, second=moves)
        )
    if point.status == "waiting":
        return waiting_text(point, language)
    return unknown_day_text(point, language) or clock_text(point, language)


def unknown_day_text(point: Point, language: Language) -> str | None:
    """The window of which it is some day; None where its day is known, or it waits."""
    if point.status != "window" or point.stands is None:
        return None
    # A forecast is some day of its window; a deadline's window ends with it.
    name = "sometime" if point.bounds.forecast else "sometime.deadline"
    return translate(language, name, window=window_text(point.stands, language))


def clock_text(point: Point, language: Language) -> str | None:
    """The time of day at which it is; None where it is a whole day."""
    moment = point.counts_to
    if not isinstance(moment, Instant):
        return None
    return translate(language, "at-clock", moment=long_moment(moment, language))


def until_text(end: Point | None, language: Language) -> str:
    """How long what is in force lasts."""
    if end is None or end.status == "never":
        return translate(language, "until.unstated")
    if end.stands is None:
        names = end.waits_for_names or (name_of(end),)
        return translate(language, "until.open", names=comma_list(names, language))
    day = window_text(end.stands, language)
    renews = end.event.renews
    if end.occurrence is not None and renews is not None:
        return translate(language, "until.renews", day=day, renews=renews.text)
    if end.status == "may-move" and _may_be_sooner(end):
        return translate(language, "until.may-move", day=day)
    return translate(language, "until", day=day)


def grounds_of(event: Event, agreement: Agreement, language: Language) -> Iterator[str]:
    """The sentence and the source that an event rests on, and how they were read."""
    if event.quote:
        yield translate(language, "why.quote", quote=event.quote)
    if source := agreement.source(event.source):
        yield translate(
            language, "why.source", title=text_in(source.title, language, agreement.language)
        )
    if event.note:
        yield translate(
            language, "why.note", note=text_in(event.note, language, agreement.language)
        )


def lead_text(lead: Lead, language: Language) -> str:
    """A lead time in words."""
    if not lead.number and lead.unit != "hour":
        return translate(language, "lead.same")
    span = translate(language, f"span.{lead.unit}", count=lead.number)
    return translate(language, "lead.after" if lead.after else "lead.before", span=span)
