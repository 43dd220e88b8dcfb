"""When a point is, in the few words that stand beside its mark."""

from __future__ import annotations

from tracker.dates.instants import is_aoe_day, shown_day
from tracker.i18n.dates import short_day
from tracker.i18n.translate import Language, translate
from tracker.timeline.movement import movement_of
from tracker.timeline.points import Point


def short_when(point: Point, language: Language) -> str:
    """The day of a point, and which way it can move: `31 Dec 2030 or sooner`.

    A window is told with both its days, an option with the last on which it can be used.
    """
    day = point.last_day if point.has_lapsed else point.counts_to
    if day is None:
        is_open = not point.waits_for and point.line is not None and point.line.form.OPEN
        return translate(language, "picture.short.open" if is_open else "picture.short.none")
    text = short_day(shown_day(day, point.zone), language).strip()
    if is_aoe_day(day):
        text = translate(language, "day.aoe", day=text)
    if point.status == "option" or point.has_lapsed:
        return translate(
            language, "picture.lapsed" if point.has_lapsed else "picture.option", day=text
        )
    if point.status in ("window", "may-move") and point.stands is not None:
        first, last = (shown_day(moment, point.zone) for moment in point.stands)
        if first != last:
            days = {"first": first, "last": last}
            texts = {name: short_day(day, language).strip() for name, day in days.items()}
            return translate(language, "picture.short.window", **texts)
        movement = movement_of(point)
        if movement not in ("stays", "narrows"):
            return translate(language, f"picture.short.{movement}", day=text)
    if point.has_passed:
        return translate(language, "picture.passed", day=text)
    return text


def short_until(end: Point | None, language: Language) -> str:
    """The same of the end of what lasts; of one that is over, that it has ended."""
    if end is None:
        return ""
    if end.state == "over" and end.day is not None:
        day = short_day(end.day, language).strip()
        return translate(language, "picture.short.ended", day=day)
    if end.counts_to is None:
        return translate(language, "picture.short.none")
    return short_when(end, language)
