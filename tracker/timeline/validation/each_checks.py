"""What is wrong with the names in a line that repeat: which want an `each`, and which must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from tracker.agreements.keys import EventKey, key_of
from tracker.agreements.model import Event, Line
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Form, Ref, Side, Span
from tracker.dates.tokens import EDGE_UNITS
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.repeated import Each
from tracker.timeline.same_occurrence import Thing, repeated_for

_Events: TypeAlias = Mapping[EventKey, Event]


class _Repeated(NamedTuple):
    """A place in a line that names what happens more than once."""

    form: Each | Ref  #: with an `each`, or bare
    thing: Thing  #: whose occurrences they are
    chain: tuple[Thing, ...]  #: what that is repeated for, and so on

    @property
    def root(self) -> Thing:
        """What names the occurrences: those of one root have the same."""
        return self.chain[-1] if self.chain else self.thing

    @property
    def has_each(self) -> bool:
        return isinstance(self.form, Each)

    @property
    def name(self) -> str:
        """What is named, without `each`."""
        return str(self.form).removeprefix("each ")


def each_diagnostics(event: Event, line: Line, events: _Events) -> Iterator[Diagnostic]:
    """What is wrong with the `each` of a line, and with what it names without."""
    if line.fixed is not None:
        return
    repeated = list(_repeated_in(line.form, event, events))
    wrong = [wrong for place in repeated if (wrong := _each_of_other(event, line, place, events))]
    if wrong:
        yield from wrong
    elif len({place.root for place in repeated}) > 1:
        yield _of_two(line, repeated)
    elif misplaced := _misplaced(repeated):
        case = "each-beside" if misplaced.has_each else "repeats-needs-each"
        write = _with_each(line, repeated)
        suggestions = () if write is None else (Suggestion(write),)
        yield Diagnostic(case, misplaced.form.span, (("ref", misplaced.name),), suggestions)


def _repeated_in(form: Form, event: Event, events: _Events) -> Iterator[_Repeated]:
    """Where a form has an `each`, or names what happens more than once, in the line's order."""
    if isinstance(form, Each) and form.of is None:
        yield _Repeated(form, (form.edge, form.unit), ())
    elif isinstance(form, Each | Ref):
        ref = form if isinstance(form, Ref) else form.of
        key = key_of(ref, event.agreement)  # type: ignore[arg-type]  # an `each` of a unit is above
        named = events.get(key.event_key)
        chain = () if named is None or key.side == "end" else repeated_for(named, events)
        bare = isinstance(form, Ref)
        if not bare or (chain and key.side in ("when", "due")):
            yield _Repeated(form, key if key.side == "end" else key._replace(side="when"), chain)
    else:
        for part in form.parts():
            yield from _repeated_in(part, event, events)


def _each_of_other(
    event: Event, line: Line, place: _Repeated, events: _Events
) -> Diagnostic | None:
    """`each x` where x happens once, or where another of its points is the one that repeats."""
    ref = place.form.of if isinstance(place.form, Each) else None
    named = None if ref is None else events.get(key_of(ref, event.agreement).event_key)
    if ref is None or named is None:
        return None
    right: Side | None = "when" if named.repeating else None
    if named.renews is not None:
        right = "end"
    if right == ref.side or (right == "when" and ref.side == "due"):
        return None
    span, values = place.form.span, (("ref", str(Ref(ref.agreement, ref.id, "when"))),)
    if right is None:
        write = _replaced(line, [(span, str(ref))])
        return Diagnostic("each-of-one", span, values, (Suggestion(write),))
    write = _replaced(line, [(span, f"each {Ref(ref.agreement, ref.id, right)}")])
    return Diagnostic("each-of-other", span, values, (Suggestion(write),))


def _misplaced(repeated: Sequence[_Repeated]) -> _Repeated | None:
    """The first name that wants an `each`, or has one too many; None where all is well."""
    first = next((place for place in repeated if place.has_each), None)
    if first is None:
        return repeated[0] if repeated else None
    return next(
        (place for place in repeated if place.has_each != (place.thing == first.thing)), None
    )


def _with_each(line: Line, repeated: Sequence[_Repeated], within: Span | None = None) -> str | None:
    """The line with `each` before what all others are repeated for; None where none can have it."""
    conditions = _conditions(line.form)
    kept = min(repeated, key=lambda place: len(place.chain)).thing
    if any(place.thing == kept and place.form.span in conditions for place in repeated):
        return None
    changes = [
        (place.form.span, f"each {place.name}" if place.thing == kept else place.name)
        for place in repeated
    ]
    return _replaced(line, changes, within)


def _conditions(form: Form) -> set[Span]:
    """Where the events stand that the clauses of `or … if` ask for: names without `each`."""
    return {clause.event.span for clause in form.clauses} if isinstance(form, OrIf) else set()


def _of_two(line: Line, repeated: Sequence[_Repeated]) -> Diagnostic:
    """Things of which none is repeated for the other."""
    first = next((place for place in repeated if place.has_each), repeated[0])
    second = next(place for place in repeated if place.root != first.root)
    lines = _by_one_unit(line, repeated) or [*_apart(line, line.form, repeated)]
    if second.form.span in _conditions(line.form):
        lines = []  # without its condition, the line would say something else
    return Diagnostic(
        "each-of-two",
        second.form.span,
        (("first", str(first.form)), ("second", str(second.form))),
        tuple(Suggestion(write) for write in dict.fromkeys(lines)),
    )


def _by_one_unit(line: Line, repeated: Sequence[_Repeated]) -> list[str]:
    """`each end of quarter` beside `each invoice`: the end of the invoice's quarter."""
    units = [place for place in repeated if isinstance(place.form, Each) and not place.form.of]
    others = [place for place in repeated if place not in units]
    finest = min(units, key=lambda place: EDGE_UNITS.index(place.thing[1]), default=None)
    if finest is None or len({place.root for place in others}) > 1:
        return []
    whose = others[0] if others else finest
    if others and (_misplaced(others) is not None):
        return []
    changes = [
        (place.form.span, f"{place.name} of {whose.form}")
        for place in units
        if place.thing != whose.thing
    ]
    return [_replaced(line, changes)]


def _apart(line: Line, form: Form, repeated: Sequence[_Repeated]) -> Iterator[str]:
    """The longest parts of a line that are repeated for one thing each."""
    start, end = form.span
    within = [place for place in repeated if start <= place.form.span[0] < end]
    if len({place.root for place in within}) > 1:
        for part in form.parts():
            yield from _apart(line, part, repeated)
    elif within and (write := _with_each(line, within, form.span)):
        yield write


def _replaced(line: Line, changes: Sequence[tuple[Span, str]], within: Span | None = None) -> str:
    """The line, or that part of it, with other words at those places."""
    first, last = within or (0, len(line.text))
    words, at = [], first
    for (start, end), text in sorted(changes):
        words += [line.text[at:start], text]
        at = end
    return " ".join("".join([*words, line.text[at:last]]).split())
