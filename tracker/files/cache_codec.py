"""Agreements as plain values, and back: what the cache keeps.

One rule holds for every class: an object is kept as a list of its class's name and its fields, and
any other value as itself. So a new word of the date language needs no line here. Two things are
kept otherwise, because they are many and reading them back has to be fast: events by column, with
each different value once; and of a line that hangs on nothing but the calendar its words and days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, time
from functools import lru_cache
from itertools import repeat
from typing import Any, TypeAlias

from tracker.agreements.model import (
    Agreement,
    Amendment,
    ByOccurrence,
    Change,
    Event,
    Imported,
    Line,
    Source,
)
from tracker.dates.bounds import Bounds, Window
from tracker.dates.expressions import Duration, Form, Period, references
from tracker.dates.instants import Instant
from tracker.dates.lead_times import Lead
from tracker.dates.words import all_words
from tracker.dates.words.conditions import Clause
from tracker.dates.words.repeated import each_in

Plain: TypeAlias = Any  #: lists, tuples, texts, numbers and None, nested
#: A field of all events: its different values, and the number of each event's. No numbers: one
#: value that all have, or plain values, of each event its own.
Column: TypeAlias = tuple[Sequence[Plain], Sequence[int] | None]

_PLAIN = frozenset((str, int, bool, type(None)))


def encode(agreement: Agreement) -> Plain:
    """The agreement as plain values."""
    return _encode(agreement)


def decode(plain: Plain) -> Agreement:
    """The agreement that encode() made plain."""
    agreement: Agreement = _decode(*plain)
    return agreement


def _encode(value: Any) -> Plain:
    """An object as [name, parts]; the parts are a list where one of them is an object."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple and value and type(value[0]) is Event:
        return ["events", (len(value), *map(_encode_column, zip(*value, strict=True)))]
    name, parts = _name_and_parts(value)
    encoded = [part if type(part) in _PLAIN else _encode(part) for part in parts]
    if list in map(type, encoded):
        return [name, encoded]
    return tuple(encoded) if kind is tuple else [name, tuple(encoded)]


def _name_and_parts(value: Any) -> tuple[str, Iterable[Any]]:
    """What an object is made of, and the name in _MAKERS of what makes it of them."""
    kind = type(value)
    name = kind.__name__
    if kind is Line:
        return _line_parts(value)
    if isinstance(value, tuple):
        return name, value
    if kind is date:
        return name, (value.toordinal(),)
    if kind is datetime:
        return name, (value.replace(tzinfo=None).isoformat(),)
    if kind is time:
        return name, (value.isoformat("minutes"),)
    if name in _FROM_TEXT:
        return name, (value.text,)
    return name, [getattr(value, field) for field in value.__match_args__]  # what it is made of


def _line_parts(line: Line) -> tuple[str, Iterable[Any]]:
    match line.fixed:
        case Bounds(date() as first, date() as last, _, forecast, period_end=None):
            return "fixed line", (line.text, first.toordinal(), last.toordinal(), forecast)
        case _:
            return "line", (line.text, line.form, line.each is not None)


def _decode(name: str, parts: Sequence[Plain]) -> Any:
    if type(parts) is list:
        parts = [_decode(*part) if type(part) is list else part for part in parts]
    return _MAKERS[name](*parts)


# -- events by column

_TEXT, _TEXT_OR_NONE, _TUPLE = frozenset((str,)), frozenset((str, type(None))), frozenset((tuple,))
_LINE = frozenset((Line, type(None)))
_OF_EVENT = {
    **dict.fromkeys(("agreement", "id"), _TEXT),
    **dict.fromkeys(("title", "parties", "tags", "was"), _TUPLE),
    **dict.fromkeys(("when", "starts", "ends", "lasts"), _LINE),
    **dict.fromkeys(("roll", "calendar", "source", "quote", "url"), _TEXT_OR_NONE),
}


def _encode_column(values: Sequence[Any]) -> Column:
    numbers: dict[Any, int] = {}
    row = [numbers.setdefault(value, len(numbers)) for value in values]
    encoded = [_encode(value) for value in numbers]
    if len(encoded) == 1:
        return encoded, None
    return (encoded, row) if list in map(type, encoded) else (values, None)


def _decode_column(
    field: str, length: int, values: Sequence[Plain], numbers: Sequence[int] | None
) -> Iterable[Any]:
    """The values of a field. Raises TypeError where they are nothing that it can have."""
    is_plain = numbers is None and len(values) > 1
    decoded = values
    if not is_plain:
        decoded = [_decode(*value) if type(value) is list else value for value in values]
    if field in _OF_EVENT and not _OF_EVENT[field].issuperset(map(type, decoded)):
        raise TypeError(field)
    if is_plain:
        return values
    if numbers is None:
        return repeat(decoded[0], length)
    return [decoded[number] for number in numbers]


def _events(length: int, *columns: Column) -> tuple[Event, ...]:
    fields = zip(Event._fields, columns, strict=True)
    decoded = [_decode_column(field, length, *column) for field, column in fields]
    return tuple(map(Event._make, zip(*decoded, strict=True)))


# -- what makes an object of its parts


def _line(text: str, form: Form, has_each: bool) -> Line:
    """As Line.of() makes it, without asking anew what is known."""
    return Line(text, None, references(form), form, each_in(form) if has_each else None)


def _fixed_line(text: str, first: int, last: int, forecast: bool) -> Line:
    earliest = date.fromordinal(first)
    latest = earliest if first == last else date.fromordinal(last)
    return Line(text, Bounds(earliest, latest, Window(earliest, latest), forecast))


def _datetime(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def _tuple(*parts: Any) -> tuple[Any, ...]:
    return parts


@lru_cache(maxsize=4096)
def _renewal(text: str) -> object:
    from tracker.dates.renewals import parse_renewal  # few files have any

    return parse_renewal(text)


@lru_cache(maxsize=4096)
def _recurrence(text: str) -> object:
    from tracker.dates.recurrence_parser import parse_recurrence

    return parse_recurrence(text)


#: What is kept as its text and read again, by the names of the classes, which are not loaded here.
_FROM_TEXT = {
    "Renewal": _renewal,
    **dict.fromkeys(("Every", "Rule", "AfterDone", "AsItHappens"), _recurrence),
}
_CLASSES = (
    *all_words(), Agreement, Amendment, ByOccurrence, Change, Clause, Duration, Imported, Instant,
    Lead, Period, Source,
)  # fmt: skip
_MAKERS: dict[str, Callable[..., Any]] = {
    **{kind.__name__: kind for kind in _CLASSES},
    **_FROM_TEXT,
    "line": _line,
    "fixed line": _fixed_line,
    "events": _events,
    "date": date.fromordinal,
    "datetime": _datetime,
    "time": time.fromisoformat,
    "tuple": _tuple,
}

#: What the classes have for fields: where one has others, what was kept is read by nobody.
CLASS_FIELDS = repr(
    [(kind.__name__, getattr(kind, "__match_args__", ())) for kind in (*_CLASSES, Event, Line)]
).encode()

_OF_AGREEMENT = {
    **dict.fromkeys(("id", "language"), _TEXT),
    **dict.fromkeys(("zone", "calendar"), _TEXT_OR_NONE),
    **dict.fromkeys(
        ("title", "closed", "announced", "reminders", "sources", "events", "amendments"), _TUPLE
    ),
}
_PARTS = {"sources": Source, "events": Event, "amendments": Amendment, "reminders": Lead}


def is_agreement(value: object) -> bool:
    """Whether it is one whose fields, and those of its events, have the kinds of the model."""
    if type(value) is not Agreement:
        return False
    if any(type(getattr(value, name)) not in kinds for name, kinds in _OF_AGREEMENT.items()):
        return False
    parts = ((kind, getattr(value, name)) for name, kind in _PARTS.items())
    return all({kind}.issuperset(map(type, values)) for kind, values in parts)
