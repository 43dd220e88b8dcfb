"""What differs between two timelines, and because of what, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from tracker.agreements.keys import EventKey
from tracker.agreements.model import Agreement, Event, text_in
from tracker.dates.months import calendar_distance
from tracker.i18n.dates import bounds_text, long_moment, spans_text
from tracker.i18n.points import day_text, is_some_day, key_label, name_of, punctuality_text
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.causes import Cause
from tracker.timeline.differences import Changes, Difference, DifferenceKind
from tracker.timeline.lateness import days_late
from tracker.timeline.points import Point, Timeline

#: Kinds that have no sentence beside one of another kind, which implies them.
_IMPLIED: dict[DifferenceKind, frozenset[DifferenceKind]] = {
    "occurred": frozenset(("moved", "settled", "has-day", "waits-for-less", "bounds", "restated")),
    "withdrawn": frozenset(("waits-for-less",)),
    "never": frozenset(("waits-for-less",)),
    "lapsed": frozenset(("waits-for-less",)),
    "has-day": frozenset(("waits-for-less",)),
    "possible-again": frozenset(("waits-for-less",)),
    "waits-now": frozenset(("waits-for-other",)),
    "settled": frozenset(("waits-for-less",)),
}


#: Kinds that say something else of a point that is there and has no day.
_WITH_OR_WITHOUT_DAY = frozenset(("option-now", "option-no-more", "possible-again"))

#: … of a point that only one of two views has, or that is as it was.
_WITH_OR_WITHOUT_DAY_ALONE = frozenset(("added", "returned", "listed", "removed", "cut-off"))

#: Kinds that say "at" a day, and something else of a forecast of several.
_OF_SOME_DAY = frozenset(
    ("removed", "cut-off", "withdrawn", "never", "has-day", "waits-now", "may-move", "bounds")
)

#: By what kinds are told in a few words.
_BRIEF: dict[DifferenceKind, str] = {
    "added": "change.brief.added",
    "removed": "change.removed.no-day",
    "returned": "change.brief.returned",
    "cut-off": "change.cut-off.no-day",
    "occurred": "change.brief.occurred",
    "unrecorded": "change.unrecorded",
    "withdrawn": "change.withdrawn.no-day",
    "never": "change.never.no-day",
    "moved": "change.brief.moved",
}


def sentences_on(difference: Difference, timeline: Timeline, language: Language) -> list[str]:
    """A sentence for each kind of a difference that no other implies.

    `timeline` is the view that its point is in.
    """
    kinds = difference.kinds
    implied: set[DifferenceKind] = set().union(*(_IMPLIED.get(kind, ()) for kind in kinds))
    said = [kind for kind in kinds if kind not in implied]
    return [_sentence(kind, difference, timeline, language) for kind in said]


def _sentence(
    kind: DifferenceKind, difference: Difference, timeline: Timeline, language: Language
) -> str:
    before, after = difference.before, difference.after
    if kind == "occurred" and after is not None:
        return _record_sentence(after, timeline, language)
    if kind == "moved" and before is not None and after is not None:
        return _move_sentence(before, after, language)
    values = {
        "before": day_text(before, language) if before else "",
        "day": day_text(after, language) if after else "",
        "was": (before and before.statement) or "",
        "stated": (after and after.statement) or "",
        "first": _window(before, language),
        "window": _window(after, language),
        "names": comma_list(after.waits_for_names if after else (), language),
        "last": _last_day(after, language),
        "gone": comma_list(_no_longer_awaited(before, after), language),
    }
    name = f"change.{kind}"
    if kind == "possible-again" and before is not None and after is not None:
        name += _why_it_could_not_come(before, after)
    if kind in _WITH_OR_WITHOUT_DAY_ALONE and difference.point.counts_to is None:
        name += ".no-day"
    if kind in ("withdrawn", "never") and (before is None or before.counts_to is None):
        name += ".no-day"
    if kind in _WITH_OR_WITHOUT_DAY and after is not None and after.counts_to is None:
        name += ".no-day"
    if kind == "waits-now" and after is not None and not after.waits_for:
        name += ".nothing"
    if kind in _OF_SOME_DAY and any(map(is_some_day, filter(None, (before, after)))):
        name += ".some-day"
    return translate(language, name, **values)


def brief_sentence_on(difference: Difference, language: Language) -> str:
    """What differs first, where there is no room for more than a few words."""
    name = next((_BRIEF[kind] for kind in difference.kinds if kind in _BRIEF), "change.brief")
    day = day_text(difference.after, language) if difference.after is not None else ""
    return translate(language, name, day=day)


def _why_it_could_not_come(before: Point, after: Point) -> str:
    """Why a point that can come after all could not: the end of the sentence's name."""
    if before.has_lapsed:
        return ".lapsed" if after.status == "option" else ""
    return ".withdrawn" if before.event.withdrawal(before.occurrence) is not None else ""


def _last_day(point: Point | None, language: Language) -> str:
    """The last day of an option."""
    if point is None or point.last_day is None:
        return ""
    return long_moment(point.last_day, language)


def _record_sentence(point: Point, timeline: Timeline, language: Language) -> str:
    """On which day it has happened, and whether that is early or late."""
    day = day_text(point, language)
    punctuality = punctuality_text(days_late(point, timeline), language)
    if punctuality is None:
        return translate(language, "change.occurred", day=day)
    return translate(language, "change.occurred.not-on-day", day=day, punctuality=punctuality)


def _move_sentence(before: Point, after: Point, language: Language) -> str:
    """By how much, which way, from when to when."""
    old, new = before.day, after.day
    values = {"before": day_text(before, language), "day": day_text(after, language)}
    if old is None or new is None or old == new:
        return translate(language, "change.moved.time", **values)
    name = f"change.moved.{'later' if new > old else 'sooner'}"
    if is_some_day(before) or is_some_day(after):
        name += ".some-day"
    span = distance(min(old, new), max(old, new), language)
    return translate(language, name, span=span, **values)


def distance(earlier: date, later: date, language: Language) -> str:
    """How far two days lie apart, to the day.

    >>> distance(date(2029, 5, 1), date(2030, 12, 31), "en")
    '1 year 7 months 30 days'
    """
    parts = zip(("year", "month", "day"), calendar_distance(earlier, later), strict=True)
    return spans_text(parts, language)


def _window(point: Point | None, language: Language) -> str:
    return bounds_text(point.bounds, language) if point is not None else ""


def _no_longer_awaited(before: Point | None, after: Point | None) -> tuple[str, ...]:
    """The names that a point waited for, and waits for no more."""
    if before is None or after is None:
        return ()
    still = frozenset(after.waits_for_names)
    return tuple(name for name in before.waits_for_names if name not in still)


def full_name_on(difference: Difference, timeline: Timeline) -> str:
    """The point as a command takes it: with its agreement, where there are several."""
    return name_of(difference.point, len(timeline.agreements) > 1)


def change_lines(
    difference: Difference, alike: Sequence[Difference], changes: Changes, language: Language
) -> Iterator[str]:
    """What differs, how many more do so alike, and because of what."""
    yield from sentences_on(difference, changes.timeline_of(difference), language)
    if alike:
        last = full_name_on(alike[-1], changes.timeline_of(difference))
        yield translate(language, "change.alike", count=len(alike), last=last)
    if because := causes_text(difference.causes, changes.after.agreements, language):
        yield because


def causes_text(
    causes: Iterable[Cause],
    agreements: Iterable[Agreement],
    language: Language,
    events: Mapping[EventKey, Event] | None = None,
) -> str | None:
    """Because of what something differs; None where that is not known.

    By the titles of those `events`, for who does not know the files; else by their names.
    """
    by_id = {agreement.id: agreement for agreement in agreements}
    texts = list(dict.fromkeys(_causes(causes, by_id, language, events or {})))
    if not texts:
        return None
    return translate(language, "change.because", causes=comma_list(texts, language))


def _causes(
    causes: Iterable[Cause],
    agreements: dict[str, Agreement],
    language: Language,
    events: Mapping[EventKey, Event],
) -> Iterator[str]:
    for cause in causes:
        kind = cause.kind.replace(" ", "-")
        name = f"cause.{kind}"
        agreement = agreements.get(cause.key.agreement)
        event = events.get(cause.key.event_key)
        if event is None or agreement is None:
            point = cause.key.name_in(cause.key.agreement)
        else:
            point = key_label(cause.key, event, agreement, language)
        amendments = agreement.amendments if agreement else ()
        amendment = next((each for each in amendments if each.id == cause.what), None)
        if cause.kind == "amendment" and (amendment is None or amendment.title is None):
            name += ".untitled"
        title = cause.what
        if amendment is not None and amendment.title is not None and agreement is not None:
            title = text_in(amendment.title, language, agreement.language)
        if cause.kind == "supposed" and cause.day is None:
            name += ".never"
        if cause.kind == "edited" and not cause.key.event:
            name += ".head"
        yield translate(
            language,
            name,
            point=point,
            amendment=cause.what,
            title=title,
            fields=comma_list(cause.fields, language),
            day=long_moment(cause.day, language) if cause.day is not None else "",
        )
