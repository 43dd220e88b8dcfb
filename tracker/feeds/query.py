"""What a subscriber asks for: which points, in which language, with what beside them.

The parameters of an address, of a secret link and of `tracker feed` are the same and mean the same:
`party`, `tag`, `id` and `agreement` may be repeated (any value within a key, all keys); `lang`,
`alarms`, `waiting`, `past` and `cancelled` are given once; `kind` belongs to the Atom feed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Literal, NamedTuple, TypeAlias

from tracker.agreements.keys import split_name
from tracker.agreements.model import Event
from tracker.i18n.translate import LANGUAGES, Language, language_of, translate
from tracker.timeline.filters import Labels, Where

NewsKind: TypeAlias = Literal["change", "reminder"]
KINDS: tuple[NewsKind, ...] = ("change", "reminder")
#: As Where has them, in its order.
FILTERS = ("party", "tag", "id", "agreement")
MOST_ALARMS, LONGEST_ALARM = 10, timedelta(days=3650)
MOST_LISTED = 40
_ALARM = re.compile(r"([0-9]{1,4})([dw])")


class FeedChoice(NamedTuple):
    """One subscriber's choice."""

    language: Language
    where: tuple[Where, ...] = ()  #: all of them; a secret link's, and the address's
    alarms: tuple[timedelta, ...] = ()  #: how long before each point, longest first
    waiting: bool = False  #: what has no day yet is there as a to-do
    past: bool = True  #: what is over is there too
    kinds: tuple[NewsKind, ...] = KINDS
    cancelled: bool = True  #: what was cancelled is there too


class BadParameter(ValueError):
    """A parameter that does not exist, or has a value that it cannot have."""

    def __init__(self, name: str, allowed: str, known: bool = True) -> None:
        super().__init__(name)
        self.name = name
        self.allowed = allowed
        self.known = known

    def sentence(self, language: Language) -> str:
        """What is wrong, and what may stand there."""
        name = "query.value" if self.known else "query.unknown"
        return translate(language, name, parameter=self.name, allowed=self.allowed)


class FormParameters(NamedTuple):
    """The parameters that a form takes beside filters and language."""

    names: tuple[str, ...] = ()
    past_by_default: bool = True  #: what is over is there unless `past=no`; else only if `yes`


#: The values that each filter can have.
FilterValues: TypeAlias = Mapping[str, Sequence[str]]


def read_choice(
    parameters: Iterable[tuple[str, str]],
    default: Language,
    values: FilterValues,
    accepted: FormParameters,
    within: tuple[Where, ...] = (),
) -> FeedChoice:
    """The choice that those parameters make, within a secret link's. Raises BadParameter."""
    parameters = tuple(parameters)
    allowed = (*FILTERS, "lang", *accepted.names)
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        if name not in allowed:
            raise BadParameter(name, ", ".join(allowed), known=False)
        given.setdefault(name, []).append(value)
    for name in FILTERS:
        if set(given.get(name, ())) - set(values[name]):
            raise BadParameter(name, listed_values(values[name]))
    where = where_in(parameters)
    kinds = given.get("kind", list(KINDS))
    if set(kinds) - set(KINDS):
        raise BadParameter("kind", " | ".join(KINDS))
    return FeedChoice(
        _language(given, default),
        (*within, where) if where != Where() else within,
        _alarms(given),
        _is_set(given, "waiting", "no", "todo"),
        _with_past(given, accepted.past_by_default),
        tuple(kind for kind in KINDS if kind in kinds),
        not _is_set(given, "cancelled", "yes", "no"),
    )


def listed_values(values: Sequence[str], between: str = " | ") -> str:
    """The first of many values, as a refusal names them."""
    shown = list(values[:MOST_LISTED]) + ["…"] * (len(values) > MOST_LISTED)
    return between.join(shown) or "—"


def _single(given: Mapping[str, list[str]], name: str, allowed: str) -> str | None:
    values = set(given.get(name, ()))
    if len(values) > 1:
        raise BadParameter(name, allowed)
    return values.pop() if values else None


def _language(given: Mapping[str, list[str]], default: Language) -> Language:
    allowed = " | ".join(LANGUAGES)
    tag = _single(given, "lang", allowed)
    if tag is None:
        return default
    if tag not in LANGUAGES:
        raise BadParameter("lang", allowed)
    return language_of(tag) or default


def _is_set(given: Mapping[str, list[str]], name: str, default: str, alternative: str) -> bool:
    """Whether the alternative to the default was asked for."""
    allowed = f"{alternative} | {default}"
    value = _single(given, name, allowed) or default
    if value not in (default, alternative):
        raise BadParameter(name, allowed)
    return value == alternative


def _with_past(given: Mapping[str, list[str]], default: bool) -> bool:
    if default:
        return not _is_set(given, "past", "yes", "no")
    return _is_set(given, "past", "no", "yes")


def _alarms(given: Mapping[str, list[str]]) -> tuple[timedelta, ...]:
    """`30d,2w,0d`: days or weeks before; whole days ring at nine in the morning."""
    allowed = f"30d,2w,0d (≤ {MOST_ALARMS}, ≤ {LONGEST_ALARM.days}d)"
    alarms = set()
    for text in ",".join(given.get("alarms", ())).split(",") if "alarms" in given else ():
        match = _ALARM.fullmatch(text.strip())
        if match is None:
            raise BadParameter("alarms", allowed)
        alarms.add(timedelta(days=int(match[1]) * (7 if match[2] == "w" else 1)))
    if len(alarms) > MOST_ALARMS or max(alarms, default=timedelta()) > LONGEST_ALARM:
        raise BadParameter("alarms", allowed)
    return tuple(sorted(alarms, reverse=True))


def where_in(parameters: Iterable[tuple[str, str]]) -> Where:
    """The filter that those parameters make; all others are passed over."""
    given = tuple(parameters)
    return Where(
        *(
            tuple(sorted({value for name, value in given if name == filter_name}))
            for filter_name in FILTERS
        )
    )


def with_current_ids(
    parameters: Iterable[tuple[str, str]], events: Iterable[Event]
) -> list[tuple[str, str]]:
    """The parameters, with the id that an event has for one that it had before (`was`).

    Whoever subscribed to an event keeps it: no address that was given out ceases to be one.
    """
    given = list(parameters)
    if not any(name == "id" for name, _ in given):
        return given
    now: dict[str, str] = {}
    for event in events:
        for old in event.was:
            now.setdefault(old, event.name)
            now.setdefault(f"{event.agreement}/{old}", event.name)
    for event in events:
        now.pop(event.id, None)
        now.pop(event.name, None)
    return [(name, now.get(value, value) if name == "id" else value) for name, value in given]


def filter_values(labels: Sequence[Labels]) -> FilterValues:
    """The values that each filter can have for events with these labels."""
    names = [of_event.event for of_event in labels]
    return {
        "party": sorted({party for of_event in labels for party in of_event.parties}),
        "tag": sorted({tag for of_event in labels for tag in of_event.tags}),
        "id": sorted({*names, *(split_name(name)[1] for name in names)}),
        "agreement": sorted({split_name(name)[0] for name in names}),
    }
