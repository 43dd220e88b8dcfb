"""The sentences of a message about one point: what it begins with, and what is to be known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from tracker.dates.bounds import Window
from tracker.dates.instants import Moment
from tracker.i18n.alerts import AlertReader, coming_text, form_of
from tracker.i18n.dates import long_moment, window_text
from tracker.i18n.headings import AwaitedTitles
from tracker.i18n.instants import differs_in, own_zone_text, with_own_clock
from tracker.i18n.points import (
    answer_bounds_text,
    is_some_day,
    latest_text,
    moves_text,
    named_title,
    plain_label,
    status_text,
    waiting_text,
)
from tracker.i18n.translate import translate
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point
from tracker.timeline.renewing import TermEnd, term_end, terms_decided_by

#: So many of what hangs on a point are told.
_MOST_DEPENDENTS = 5
#: A line that is a day or an instant and nothing else: it says no more than the day does.
_PLAIN_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2})?)?( \S+)?")


def opening_of(kind: str, point: Point, moment: Moment, reader: AlertReader) -> str:
    """The whole sentence that a message begins with: which event of which agreement, and when."""
    language, form = reader.language, form_of(kind, point, moment, reader)
    first, last = point.stands or Window(moment, moment)
    values = {
        "title": named_title(point, reader.agreement_of(point), language),
        "matter": reader.matter_of(point),
        "day": own_zone_text(moment, language, reader.zone),
        "countdown": reader.countdown(moment),
        "first": own_zone_text(first, language, reader.zone),
        "last": own_zone_text(last, language, reader.zone),
    }
    if form == "since.period" and point.bounds.period_end is not None:
        first = point.bounds.period_end
    window = window_text(Window(first, last), language)
    values["window"] = with_own_clock(window, language, reader.zone)
    if form.endswith(("renews", "renewed")) and (end := term_end(point, reader.lookup)):
        values["next"] = long_moment(end.next_end or moment, language)
    return translate(language, f"alert.opening.{_opening(form, point)}", **values)


def _opening(form: str, point: Point) -> str:
    """The sentence's name: how what it says is said of that side."""
    if form.startswith("some-day"):
        return f"some-day.{point.side}"
    if form == "ahead.edge":
        return "ahead.term" if point.occurrence is not None else f"ahead.{point.side}"
    if form != "ahead":
        return form
    if point.status == "option":
        return f"option.{point.side}"
    is_by = point.stands is not None and point.stands.earliest != point.stands.latest
    return "ahead.by" if is_by else "ahead.when"


def remarks_of(moment: Moment, reader: AlertReader) -> Iterator[str]:
    """What has to be known beside the day: the clock by which it is stated."""
    language = reader.language
    if differs_in(moment, reader.zone):
        yield translate(language, "alert.clock", moment=long_moment(moment, language))


def moves_of(point: Point, reader: AlertReader) -> Iterator[str]:
    """In which direction it may still move."""
    if point.status != "may-move":
        return
    language = reader.language
    movement = movement_of(point)
    if movement in ("stays", "narrows") or (point.estimates and not point.waits_for):
        if text := moves_text(point, language, reader.zone):
            yield translate(language, "alert.moves", moves=text)
        return
    latest = latest_text(point, language, reader.zone)
    moves = translate(language, f"moves.{movement}", latest=latest)
    yield translate(language, "alert.moves", moves=moves)


def consequences_of(kind: str, point: Point, reader: AlertReader) -> Iterator[str]:
    """What follows from it: for the term that ends then, or for the terms that it decides."""
    end = term_end(point, reader.lookup)
    if end is not None and not end.renews and not point.past:
        yield from _at_the_end(end, reader)
    is_over = point.has_passed or point.has_lapsed or kind in ("passed", "lapsed")
    for term in terms_decided_by(point, reader.lookup):
        yield from _decided(term, is_over, reader)


def _at_the_end(end: TermEnd, reader: AlertReader) -> Iterator[str]:
    """What a term hangs on that may end at this day, or go on."""
    condition, language = end.condition, reader.language
    if condition is None or condition.counts_to is None or condition.status == "occurred":
        return
    name = "if" if end.needs_renewal else "unless"
    if not end.needs_renewal and end.next_end is None:
        return
    yield translate(
        language,
        f"alert.term.{name}",
        condition=named_title(condition, reader.agreement_of(condition), language),
        day=own_zone_text(condition.counts_to, language, reader.zone),
        next=long_moment(end.next_end, language) if end.next_end is not None else "",
    )


def _decided(term: TermEnd, is_over: bool, reader: AlertReader) -> Iterator[str]:
    """What a notice, or a renewal, does to a term; once its day has passed, what has become."""
    point, language = term.point, reader.language
    if point.counts_to is None or (not term.needs_renewal and term.next_end is None):
        return
    name = "renewal" if term.needs_renewal else "notice"
    yield translate(
        language,
        f"alert.{name}.{'missed' if is_over else 'open'}",
        term=named_title(point, reader.agreement_of(point), language),
        end=long_moment(point.counts_to, language),
        next=long_moment(term.next_end, language) if term.next_end is not None else "",
    )


def dependents_of(kind: str, point: Point, reader: AlertReader) -> list[str]:
    """What hangs on a point that has passed or lapsed: the first few, as they are now."""
    if not (point.has_passed or point.has_lapsed or kind in ("passed", "lapsed")):
        return []
    decided = {term.point.event.name for term in terms_decided_by(point, reader.lookup)}
    points = (
        dependent
        for event in reader.lookup.events_naming(point.event.name)
        if event.name not in decided
        for dependent in reader.lookup.points_of(event.name)
        if dependent.occurrence in (None, point.occurrence) and dependent.status != "occurred"
    )
    return [_as_dependent(dependent, reader) for dependent in islice(points, _MOST_DEPENDENTS)]


def _as_dependent(point: Point, reader: AlertReader) -> str:
    """Its day; where it has none, that it waits, or can no longer come."""
    agreement, language = reader.agreement_of(point), reader.language
    if point.counts_to is not None and point.status != "never":
        return coming_text(point, agreement, reader)
    label = plain_label(point, agreement, language)
    if point.status == "waiting":
        text = waiting_text(point, language, AwaitedTitles(reader.timeline, language))
        return translate(language, "why.answer", label=label, bounds=text)
    return translate(language, "why.answer", label=label, bounds=status_text(point, language))


def why_of(point: Point, reader: AlertReader) -> str | None:
    """The line as it is stated, and what it comes to, as far as that says more than the day."""
    statement = point.statement
    if statement is None or _PLAIN_DAY.fullmatch(statement):
        return None
    language = reader.language
    is_told = point.bounds.exact or is_some_day(point) or point.status in ("option", "never")
    if is_told and point.status != "may-move":
        return translate(language, "alert.why.stated", stated=statement)
    bounds = with_own_clock(answer_bounds_text(point, language), language, reader.zone)
    return translate(language, "alert.why", stated=statement, bounds=bounds)


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
