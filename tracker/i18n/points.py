"""What points and events are called, and what has to be known of them, in one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import TYPE_CHECKING

from tracker.agreements.keys import Occurrence, PointKey
from tracker.agreements.model import Agreement, Event, language_in, text_in
from tracker.dates.bounds import Window
from tracker.dates.expressions import point_name
from tracker.dates.instants import Instant, day_in, is_aoe_day, local_day
from tracker.dates.lead_times import Lead
from tracker.i18n.dates import bounds_text, countdown, long_day, long_moment, short_day, window_text
from tracker.i18n.estimates import estimated_text, estimates_text
from tracker.i18n.instants import (
    ReaderClock,
    differs_in,
    moment_text,
    own_clock_text,
    with_own_clock,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.lateness import days_late
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point, Timeline

if TYPE_CHECKING:
    from tracker.i18n.headings import AwaitedTitles


def title_of(event: Event, agreement: Agreement, language: Language) -> str:
    """The event's title in that language, else in the agreement's."""
    return text_in(event.title, language, agreement.language)


def title_in(agreement: Agreement, language: Language) -> str:
    """The agreement's title in that language, else in its own."""
    return text_in(agreement.title, language, agreement.language)


def titles_text(agreements: Iterable[Agreement], language: Language) -> str:
    """The titles of agreements in that language."""
    return comma_list((title_in(agreement, language) for agreement in agreements), language)


def foreign_language(event: Event, agreement: Agreement, language: Language) -> str | None:
    """The language of its title, where that is another than the page's (WCAG 2.2, 3.1.2)."""
    return language_in(event.title, language, agreement.language)


def label_of(
    point: Point, agreement: Agreement, language: Language, title: str | None = None
) -> str:
    """What a point is called where its day is told: of an option, the last day for it.

    `title` stands for its event's own, where that has no room.
    """
    if point.status != "option" or point.last_day is None:
        return plain_label(point, agreement, language, title)
    title = title or title_of(point.event, agreement, language)
    label = translate(language, f"point.{point.side}.option", title=title)
    return _with_name(label, point.occurrence, language)


def plain_label(
    point: Point, agreement: Agreement, language: Language, title: str | None = None
) -> str:
    """Its event's title, with its side where the event lasts; `title` as in label_of()."""
    return key_label(point.key, point.event, agreement, language, title)


def key_label(
    key: PointKey,
    event: Event,
    agreement: Agreement,
    language: Language,
    title: str | None = None,
) -> str:
    """The same of a point of which only its key is known, whatever has become of it."""
    is_term = key.side == "end" and key.occurrence is not None
    name = "point.end.term" if is_term else f"point.{key.side}"
    label = translate(language, name, title=title or title_of(event, agreement, language))
    return _with_name(label, key.occurrence, language)


def named_title(point: Point, agreement: Agreement, language: Language) -> str:
    """Its event's title, with the name of what has happened where it has one."""
    return _with_name(title_of(point.event, agreement, language), point.occurrence, language)


def _with_name(label: str, occurrence: Occurrence | None, language: Language) -> str:
    """With the name of what has happened, for two may fall on one day."""
    if not isinstance(occurrence, str):
        return label
    return translate(language, "point.named", label=label, name=occurrence)


def name_of(point: Point, several: bool = False) -> str:
    """The point as commands write it: `x`, `start of x`, `end of x`, `x@2028-12-31`.

    With `several` agreements its event is written with its agreement: `end of a/x`.
    """
    event = point.event
    name = point_name(event.agreement if several else None, event.id, point.side)
    return name if point.occurrence is None else f"{name}@{point.occurrence}"


def status_text(point: Point, language: Language) -> str:
    """What can be said of it, in a word or two."""
    return translate(language, f"status.{'lapsed' if point.has_lapsed else point.status}")


def moves_text(
    point: Point,
    language: Language,
    zone: str | None = None,
    titles: AwaitedTitles | None = None,
) -> str | None:
    """In which direction a point may still move, and what for; None where it can not."""
    if point.estimates and not point.waits_for and point.latest is not None:
        return estimated_text(point, language)
    movement = movement_of(point)
    if movement in ("stays", "narrows"):
        return None
    latest = latest_text(point, language, zone)
    text = translate(language, f"moves.{movement}", latest=latest)
    if point.waits_for and titles is not None:
        condition = titles.condition(point.waits_for)
        text = translate(language, f"moves.{movement}.if", latest=latest, condition=condition)
    elif point.waits_for:
        names = comma_list(point.waits_for_names, language)
        text = translate(language, "moves.because", moves=text, names=names)
    if not point.estimates:
        return text
    names = estimates_text(point, language)
    return translate(language, "moves.estimated.too", moves=text, names=names)


def latest_text(point: Point, language: Language, zone: str | None = None) -> str:
    """The last day on which a point can be; empty where there is none."""
    return "" if point.latest is None else moment_text(point.latest, language, zone)


def _waits_for(point: Point, language: Language, titles: AwaitedTitles | None) -> str:
    if titles is not None:
        return translate(language, "waits-for.titles", titles=titles.text(point.waits_for))
    return translate(language, "waits-for", names=comma_list(point.waits_for_names, language))


def waiting_text(point: Point, language: Language, titles: AwaitedTitles | None = None) -> str:
    """What a point without a day waits for."""
    if point.waits_for:
        return _waits_for(point, language, titles)
    if (name := _bounding_name(point, titles)) and point.earliest is not None:
        day = long_moment(point.earliest, language)
        if isinstance(point.occurrence, date) and point.occurrence != local_day(point.earliest):
            own = long_moment(point.occurrence, language)
            return translate(language, "waits-within.own", day=day, own=own, name=name)
        return translate(language, "waits-within", day=day, name=name)
    repeats = point.event.repeats
    again = repeats is not None and repeats.named_by == "name" and point.occurrence is None
    if again:
        return _repeating_text(point, language, titles)
    line = point.line
    if line is None or not line.form.OPEN or not line.form.parts():
        return translate(language, "may-never")
    return translate(language, "may-never.from", stated=line.statement)


def _repeating_text(point: Point, language: Language, titles: AwaitedTitles | None) -> str:
    """On which days something may happen any number of times."""
    line, during = point.line, point.event.during
    text = translate(language, "may-repeat")
    if line is not None and line.form.parts():
        text = translate(language, "may-repeat.from", stated=line.statement)
    if during is None:
        return text
    name = str(during) if titles is None else titles.within(during, point.event.agreement)
    return translate(language, "may-repeat.within", text=text, name=name)


def _bounding_name(point: Point, titles: AwaitedTitles | None) -> str | None:
    """The event that an occurrence must lie within, where it may not; else None."""
    during = point.event.during
    if during is None or point.occurrence is None or point.latest is not None:
        return None
    return str(during) if titles is None else titles.within(during, point.event.agreement)


def remark_on(
    point: Point,
    language: Language,
    zone: str | None = None,
    titles: AwaitedTitles | None = None,
) -> str | None:
    """What a reader must know beside the day that a point counts to; None where that is all.

    An instant is told by the clock of who reads it in that zone, too; None: of nobody. What it
    waits for is told by those titles; without any by the names that files and commands take.
    """
    if point.status == "waiting":
        return with_own_clock(waiting_text(point, language, titles), language, zone)
    if point.status == "option" or point.has_lapsed:
        return option_text(point, language, zone, titles)
    clock = None if unknown_day_text(point, language) else clock_text(point, language, zone)
    return _join(clock, possible_days_text(point, language, zone, titles), language)


def remark_in(
    timeline: Timeline,
    point: Point,
    language: Language,
    zone: str | None = None,
    titles: AwaitedTitles | None = None,
) -> str | None:
    """The same in a list, which has what is past as well: its window, or whether it was early."""
    if not point.past:
        return remark_on(point, language, zone, titles)
    if point.status == "occurred":
        return punctuality_text(days_late(point, timeline), language)
    return unknown_day_text(point, language, zone)


def possible_days_text(
    point: Point,
    language: Language,
    zone: str | None = None,
    titles: AwaitedTitles | None = None,
) -> str | None:
    """All that is known of the days on which a point can be beside the one that it counts to."""
    if point.status not in ("may-move", "window"):
        return None
    window = unknown_day_text(point, language, zone)
    moves = moves_text(point, language, zone, titles)
    if moves is None and point.waits_for:  # some of these days may be ruled out
        moves = _waits_for(point, language, titles)
    return _join(window, moves, language)


def _join(first: str | None, second: str | None, language: Language) -> str | None:
    if first is None or second is None:
        return first or second
    return translate(language, "and-remark", first=first, second=second)


def option_text(
    point: Point,
    language: Language,
    zone: str | None = None,
    titles: AwaitedTitles | None = None,
) -> str:
    """That it may be used or not, until when, and what moves that; or that it no longer can be."""
    if point.has_lapsed and point.last_day is not None:
        return translate(language, "lapsed", day=moment_text(point.last_day, language, zone))
    name = "option" if point.last_day is not None else "option.no-day"
    if not point.waits_for:
        text = translate(language, name)
    elif titles is None:
        names = comma_list(point.waits_for_names, language)
        text = translate(language, f"{name}.moves", names=names)
    else:
        text = translate(language, f"{name}.moves.titles", titles=titles.text(point.waits_for))
    if point.estimates:
        text = _join(text, estimated_text(point, language), language) or text
    clock = clock_text(point, language, zone)
    return text if clock is None else translate(language, "and-remark", first=clock, second=text)


def answer_bounds_text(point: Point, language: Language) -> str:
    """The days on which it can be; of an option through its last day, or that it has lapsed."""
    if point.has_lapsed:
        return option_text(point, language)
    return bounds_text(point.bounds, language, point.last_day)


def unknown_day_text(point: Point, language: Language, zone: str | None = None) -> str | None:
    """The window of which it is some day; None where its day is known, or it waits."""
    window = point.stands
    if window is None or window.earliest == window.latest:
        return None
    if point.bounds.forecast and point.bounds.period_end is not None:
        ends = Window(point.bounds.period_end, window.latest)
        text = with_own_clock(window_text(ends, language), language, zone)
        return translate(language, "sometime.period", window=text)
    # A forecast is some day of its window; a deadline's window ends with it.
    name = "sometime" if point.bounds.forecast else "sometime.deadline"
    text = with_own_clock(window_text(window, language), language, zone)
    return translate(language, name, window=text)


def is_some_day(point: Point) -> bool:
    """Whether it is a forecast of several days: no day of them may be told as the one."""
    window = point.stands
    return window is not None and point.bounds.forecast and window.earliest != window.latest


def column_day(point: Point, language: Language, zone: str | None = None) -> str:
    """The day that a point counts to, in a column; empty where it has none.

    Of an instant the day that it is on by the clock of who reads it in that zone.
    """
    if point.day is None:
        return ""
    moment = point.counts_to
    if zone is not None and isinstance(moment, Instant):
        day = short_day(day_in(moment, zone), language)
        is_aoe = is_aoe_day(moment) and not differs_in(moment, zone)
    else:
        day, is_aoe = short_day(point.day, language), is_aoe_day(moment)
    return translate(language, "day.aoe", day=day) if is_aoe else day


def counted_day_text(point: Point, language: Language) -> str:
    """The day that a point counts to, without its time; empty where it has none.

    Of an instant the day on the clocks by which it was stated.
    """
    if point.counts_to is None:
        return ""
    day = long_day(local_day(point.counts_to), language)
    return translate(language, "day.aoe", day=day) if is_aoe_day(point.counts_to) else day


def countdown_text(point: Point, as_of: date, language: Language, clock: ReaderClock) -> str:
    """How far away the day is that a point counts to; empty where it has none.

    From the reader's own today, whether it is a day or an instant: one day has one countdown.
    """
    moment = point.counts_to
    if moment is None:
        return ""
    return countdown(clock.today(as_of), day_in(moment, clock.zone), language)


def countdowns_around(
    point: Point, as_of: date, language: Language, clock: ReaderClock
) -> tuple[int, list[str]] | None:
    """How many days away a point is by that clock; and the words for three less to three more.

    None where those are one, for it is far away. Clocks on earth are 26 hours apart at most, and a
    page may be a day old.
    """
    moment, today = point.counts_to, clock.today(as_of)
    if moment is None:
        return None
    own = day_in(moment, clock.zone).toordinal()

    def words(more: int) -> str:
        day = min(max(own + more, date.min.toordinal()), date.max.toordinal())
        return countdown(today, date.fromordinal(day), language)

    if words(-3) == words(3):
        return None
    return own - today.toordinal(), [words(more) for more in range(-3, 4)]


def day_text(point: Point, language: Language) -> str:
    """The day that a point counts to, in a sentence; of a forecast the days of which it is one."""
    if point.counts_to is None:
        return ""
    if point.stands is None or not is_some_day(point):
        return long_moment(point.counts_to, language)
    first = point.bounds.period_end or point.stands.earliest
    window = Window(first, point.stands.latest)
    return translate(language, "any-day", window=window_text(window, language))


def clock_text(point: Point, language: Language, zone: str | None = None) -> str | None:
    """The time of day at which it is, also by the clock of who reads it in that zone.

    None where it is a whole day, and where it is one anywhere on earth that nobody's clock tells.
    """
    moment = point.counts_to
    if not isinstance(moment, Instant):
        return None
    if is_aoe_day(moment):
        own = own_clock_text(moment, language, zone)
        return None if own is None else moment_text(moment, language, zone)
    return translate(language, "at-clock", moment=moment_text(moment, language, zone))


def punctuality_text(days_late: int, language: Language) -> str | None:
    """By how many days a record is late, or early; None where it is neither."""
    if not days_late:
        return None
    name = "late.days" if days_late > 0 else "early.days"
    return translate(language, name, count=abs(days_late))


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


def lead_text(lead: Lead, language: Language, on_eve: bool = False) -> str:
    """A lead time in words; `on_eve`: that of the day itself goes out the day before."""
    if not lead.number and lead.unit != "hour":
        return translate(language, "lead.eve" if on_eve else "lead.same")
    span = translate(language, f"span.{lead.unit}", count=lead.number)
    return translate(language, "lead.after" if lead.after else "lead.before", span=span)
