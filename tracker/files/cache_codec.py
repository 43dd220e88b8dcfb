"""Agreements as plain tuples, and back: what the cache keeps.

Made for reading back fast. Each different line stands once; of a line that hangs on nothing but
the calendar only its words and days are kept, of any other the form as well.
"""

from __future__ import annotations

from collections.abc import Sequence
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
    Line,
    Recorded,
    Source,
)
from tracker.dates.bounds import Bounds, Window
from tracker.dates.expressions import (
    Before,
    Between,
    Bound,
    Choice,
    Clause,
    Duration,
    Each,
    Edge,
    Exact,
    Form,
    In,
    Lasts,
    NotBefore,
    Offset,
    Open,
    OrIf,
    Period,
    Ref,
    Through,
    Within,
)
from tracker.dates.instants import Instant, Moment
from tracker.dates.lead_times import Lead

Plain: TypeAlias = Any  #: tuples, texts, numbers and None, nested

_PERIOD_FORMS: dict[str, type[Through] | type[Before] | type[In]] = {
    "Through": Through,
    "Before": Before,
    "In": In,
}
_LINES = ("when", "starts", "ends", "lasts")
_MOMENTS = ("occurred", "started", "ended", "withdrawn")
_RULES = ("renews", "repeats")


def encode(agreements: Sequence[Agreement]) -> Plain:
    """The agreements as plain tuples."""
    lines: dict[object, int] = {}
    forms: list[Plain] = []

    def line_number(line: Line | None) -> int | None:
        if line is None:
            return None
        key = line.text if line.fixed is not None else (line.text, line.tree)
        if key not in lines:
            lines[key] = len(forms)
            forms.append(_plain_line(line))
        return lines[key]

    def plain_field(name: str, value: Any) -> Plain:
        if name in _LINES:
            return line_number(value)
        if name in _MOMENTS:
            return value and _plain_moment(value)
        if name == "reminders":
            return value and _plain_leads(value)
        if name in _RULES:
            return value and value.text
        if name == "during":
            return value and (value.agreement, value.id, value.span)
        return value

    def plain_amendment(amendment: Amendment) -> Plain:
        changes = [
            (
                change.event,
                [(name, plain_field(name, value)) for name, value in change.sets],
                change.removes,
            )
            for change in amendment.changes
        ]
        texts = (amendment.source, amendment.title, amendment.note)
        return (amendment.id, amendment.on.toordinal(), *texts, changes)

    rows = []
    for one in agreements:
        header = (one.id, one.title, one.language, one.zone, one.calendar)
        sources = [(s.id, s.title, s.language, s.url, s.text) for s in one.sources]
        events = [
            _plain_column([plain_field(name, getattr(event, name)) for event in one.events])
            for name in Event._fields
        ]
        amendments = [plain_amendment(amendment) for amendment in one.amendments]
        rows.append((header, _plain_leads(one.reminders), sources, events, amendments))
    return forms, rows


def decode(plain: Plain) -> tuple[Agreement, ...]:
    """The agreements that encode() made plain."""
    forms, rows = plain
    lines = [_line(*form) for form in forms]
    return tuple(_agreement(row, lines) for row in rows)


def _agreement(row: Plain, lines: Sequence[Line]) -> Agreement:
    (name, title, language, timezone, calendar), reminders, sources, events, amendments = row
    return Agreement(
        name,
        title,
        language,
        timezone,
        calendar,
        _leads(reminders),
        tuple(Source(*source) for source in sources),
        _events(events, lines),
        tuple(_amendment(amendment, lines) for amendment in amendments),
    )


def _plain_column(values: list[Plain]) -> Plain:
    """A field of all events; where it is the same for all, once."""
    same = all(value == values[0] for value in values)
    return (values[0],) if same and values else values


def _events(columns: Sequence[Plain], lines: Sequence[Line]) -> tuple[Event, ...]:
    """The events whose fields those columns hold."""
    length = max((len(column) for column in columns if isinstance(column, list)), default=1)
    if not columns[0]:
        return ()
    restored_columns = [
        _column(name, column, lines) for name, column in zip(Event._fields, columns, strict=True)
    ]
    every = (repeat(c[0], length) if isinstance(c, tuple) else c for c in restored_columns)
    return tuple(map(Event._make, zip(*every, strict=True)))


def _column(name: str, column: Plain, lines: Sequence[Line]) -> Plain:
    if name in _LINES:
        values = [None if number is None else lines[number] for number in column]
    elif name in _MOMENTS:
        values = [None if moment is None else _moment(moment) for moment in column]
    elif name == "reminders":
        values = [None if leads is None else _leads(leads) for leads in column]
    elif name in _RULES:
        values = [None if text is None else _rule(name, text) for text in column]
    elif name == "during":
        values = [None if row is None else _during(row) for row in column]
    else:
        return column
    return tuple(values) if isinstance(column, tuple) else values


def _amendment(row: Plain, lines: Sequence[Line]) -> Amendment:
    name, on, source, title, note, changes = row
    restored_changes = tuple(
        Change(event, tuple((key, _field(key, value, lines)) for key, value in sets), removes)
        for event, sets, removes in changes
    )
    return Amendment(name, date.fromordinal(on), source, title, note, restored_changes)


def _field(name: str, value: Plain, lines: Sequence[Line]) -> object:
    if value is None:
        return None
    if name in _LINES:
        return lines[value]
    if name in _MOMENTS:
        return _moment(value)
    if name in _RULES:
        return _rule(name, value)
    if name == "during":
        return _during(value)
    return _leads(value) if name == "reminders" else value


@lru_cache(maxsize=4096)
def _rule(name: str, text: str) -> object:
    """How something renews or repeats, read again from its words, which few files have."""
    if name == "renews":
        from tracker.dates.renewals import parse_renewal

        return parse_renewal(text)
    from tracker.dates.recurrence_parser import parse_recurrence

    return parse_recurrence(text)


def _during(row: Plain) -> Ref:
    agreement, event, span = row
    return Ref(agreement, event, "when", span)


def _plain_leads(leads: Sequence[Lead]) -> Plain:
    return tuple((lead.number, lead.unit, lead.after) for lead in leads)


def _leads(rows: Plain) -> tuple[Lead, ...]:
    return tuple(Lead(*row) for row in rows)


# -- days, instants and lines


def _plain_moment(moment: Recorded) -> Plain:
    if isinstance(moment, ByOccurrence):
        return [(day.toordinal(), _plain_moment(one)) for day, one in moment.days]
    if isinstance(moment, Instant):
        return moment.utc.replace(tzinfo=None).isoformat(), moment.zone
    return moment.toordinal()


def _moment(plain: Plain) -> Recorded:
    if isinstance(plain, int):
        return date.fromordinal(plain)
    if isinstance(plain, list):
        return ByOccurrence(tuple((date.fromordinal(day), _one(one)) for day, one in plain))
    return _one(plain)


def _one(plain: Plain) -> Moment:
    if isinstance(plain, int):
        return date.fromordinal(plain)
    utc, zone = plain
    return Instant(datetime.fromisoformat(utc).replace(tzinfo=UTC), zone)


def _plain_line(line: Line) -> Plain:
    if line.fixed is None:
        return (line.text, _plain(line.form))
    first, last = (moment and _plain_moment(moment) for moment in line.fixed[:2])
    return (line.text, None, first, last, line.fixed.forecast)


def _line(text: str, tree: Plain, first: int = 0, last: int = 0, forecast: bool = False) -> Line:
    if tree is not None:
        return Line.of(text, _form(tree))
    earliest = date.fromordinal(first)
    latest = earliest if first == last else date.fromordinal(last)
    return Line(text, Bounds(earliest, latest, Window(earliest, latest), forecast))


def _plain(form: Form) -> Plain:
    name = type(form).__name__
    match form:
        case Exact(day, clock, zone):
            return (name, form.span, day.toordinal(), clock and f"{clock:%H:%M}", zone)
        case Through(period) | Before(period) | In(period):
            days = (period.first.toordinal(), period.last.toordinal())
            return (name, form.span, period.kind, *days)
        case Ref(agreement, event, side):
            return (name, form.span, agreement, event, side)
        case Each(of, edge, unit):
            return (name, form.span, of and _plain(of), edge, unit)
        case OrIf(first, clauses):
            pairs = [(_plain(point), _plain(event)) for point, event in clauses]
            return (name, form.span, _plain(first), pairs)
        case Choice(which, items):
            return (name, form.span, which, [_plain(item) for item in items])
        case Between(first, last):
            return (name, form.span, _plain_bound(first), _plain_bound(last))
        case Edge(edge, unit, operand):
            return (name, form.span, edge, unit, _plain(operand))
        case Lasts(duration, operand):
            return (name, form.span, duration.parts, _plain(operand))
        case Offset(duration, direction, operand) | Within(duration, direction, operand):
            return (name, form.span, duration.parts, direction, _plain(operand))
        case Open():
            return (name, form.span)
        case NotBefore(operand):
            return (name, form.span, _plain(operand))


def _ref(plain: Plain) -> Ref:
    _, span, agreement, event, side = plain
    return Ref(agreement, event, side, span)


def _plain_bound(bound: Bound) -> Plain:
    if isinstance(bound, Period):
        return (None, bound.kind, bound.first.toordinal(), bound.last.toordinal())
    return _plain(bound)


def _bound(plain: Plain) -> Bound:
    if plain[0] is None:
        _, kind, first, last = plain
        return Period(kind, date.fromordinal(first), date.fromordinal(last))
    return _form(plain)


def _form(plain: Plain) -> Form:
    match plain:
        case ("Ref", span, agreement, event, side):
            return Ref(agreement, event, side, span)
        case ("Offset", span, parts, direction, operand):
            return Offset(Duration(parts), direction, _form(operand), span)
        case ("Choice", span, which, items):
            return Choice(which, tuple(_form(item) for item in items), span)
        case ("Exact", span, day, clock, zone):
            return Exact(date.fromordinal(day), clock and time.fromisoformat(clock), zone, span)
        case ("Within", span, parts, direction, operand):
            return Within(Duration(parts), direction, _form(operand), span)
        case ("Between", span, first, last):
            return Between(_bound(first), _bound(last), span)
        case ("Edge", span, edge, unit, operand):
            return Edge(edge, unit, _form(operand), span)
        case ("Lasts", span, parts, ("Ref", *_) as start):
            return Lasts(Duration(parts), _ref(start), span)
        case ("Each", span, of, edge, unit):
            return Each(of and _ref(of), edge, unit, span)
        case ("OrIf", span, first, clauses):
            pairs = tuple(Clause(_form(point), _ref(event)) for point, event in clauses)
            return OrIf(_form(first), pairs, span)
        case ("Open", span):
            return Open(span)
        case ("NotBefore", span, operand):
            return NotBefore(_form(operand), span)
        case (name, span, kind, first, last):
            period = Period(kind, date.fromordinal(first), date.fromordinal(last))
            return _PERIOD_FORMS[name](period, span)
        case _:
            raise ValueError("no form that is known")
