"""The values that a key can have where it has but some: names of zones, calendars, ways to roll."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from tracker.dates.calendars import ROLLS, calendar_names, calendars_near
from tracker.dates.instants import zone_names
from tracker.dates.laws import COUNTINGS
from tracker.dates.suggestions.zones import zones_meant
from tracker.files.key_model import Key
from tracker.i18n.translate import LANGUAGES

#: So short a text is near to everything.
_SHORTEST = 2


class Word(NamedTuple):
    """What can stand there, what it is (`key`, `word`, `name`), and what is said beside it."""

    text: str
    kind: str
    beside: str = ""
    is_near: bool = False  #: it does not begin with what is begun, which means it all the same


def zones(begun: str) -> list[Word]:
    """Time zones; "berlin" and "JST" mean one as well."""
    near = [zone.write for zone in zones_meant(begun)] if len(begun) >= _SHORTEST else []
    return _with_near(begun, near, (zone for zone in zone_names() if zone != "AoE"))


def calendars(begun: str) -> list[Word]:
    """Calendars, of several joined the last; "Germany" means one as well."""
    joined, plus, last = begun.rpartition("+")
    near = calendars_near(last) if len(last) >= _SHORTEST else ()
    before = joined + plus
    names = (before + name for name in calendar_names())
    return _with_near(begun, [before + name for name in near], names)


def _with_near(begun: str, near: Sequence[str], names: Iterable[str]) -> list[Word]:
    """First what is meant, then the others."""
    first = [Word(name, "name", is_near=not name.startswith(begun)) for name in near]
    return first + [Word(name, "name") for name in names if name not in near]


#: By key, of events files.
CHOICES: Mapping[str, Callable[[str], Iterable[Word]]] = {
    "roll": lambda _begun: (Word(name, "word") for name in ROLLS),
    "counting": lambda _begun: (Word(name, "word") for name in COUNTINGS),
    "timezone": zones,
    "calendar": calendars,
}
#: What values of a kind begin with, or usually are.
_USUAL = {
    "addresses": ("terminal", "mailto:", "https://", "ntfy://", "ntfys://", "slack://", "env:"),
    "secret": ("env:",),
    "address": ("env:", "https://"),
    "language": LANGUAGES,
    "leads": ("90 days", "30 days", "7 days", "1 day", "0 days", "2 hours", "3 days after"),
    "digest": ("daily", "weekly on monday", "monthly on 1"),
    "quiet": ("20:00-08:00",),
    "clock": ("09:00",),
    "outage": ("30 minutes", "1 hour", "1 day", "never"),
    "seconds": ("10 seconds", "15 seconds", "1 minute"),
}


def values_of(key: Key, begun: str) -> Iterator[Word]:
    """The texts that a key of tracker.toml can have, or that its texts begin with."""
    if key.kind.name == "zone":
        yield from zones(begun)
    usual = _USUAL.get(key.kind.name, ())
    yield from (Word(text, "word") for text in dict.fromkeys((*usual, *_texts(key.kind.shape))))


def is_yes_or_no(key: Key) -> bool:
    """Whether it can be true or false."""
    return any(shape.get("type") == "boolean" for shape in _shapes(key.kind.shape))


def _texts(shape: Mapping[str, Any]) -> Iterator[str]:
    for part in _shapes(shape):
        yield from (text for text in part.get("enum", ()) if isinstance(text, str))


def _shapes(shape: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield shape
    for part in (*shape.get("anyOf", ()), *filter(None, [shape.get("items")])):
        yield from _shapes(part)
