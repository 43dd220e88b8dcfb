"""Clauses of `or … if` that always decide: what stands behind `if` is certain to come in time.

It should be open. A deadline there says that something is done by a day, not that it may be; the
clause then changes the day whether or not anybody acts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tracker.agreements.keys import EventKey, PointKey, key_of
from tracker.agreements.located import LocatedDiagnostic, field_of
from tracker.agreements.model import Event, Line, sides
from tracker.dates.bounds import NEVER, Bounds, exact_bounds
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Form, Place, Ref, references
from tracker.dates.instants import Moment
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Offset, Within
from tracker.dates.words.days import In, Through
from tracker.dates.words.openings import NotAfter
from tracker.dates.words.repeated import each_in
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve


class _Clause(NamedTuple):
    """A clause of a line, and what stands behind its `if`: not open by its own line."""

    event: Event  #: in which the clause stands
    form: OrIf
    number: int  #: from 1
    named: PointKey
    roots: frozenset[PointKey]  #: the open points that it hangs on, as the first point does


def certain_clause_warnings(timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """A warning at each line behind an `if` that is certain, with the option to write instead."""
    events = {event.event_key: event for event in timeline.events}
    clauses = list(_doubtful_clauses(timeline, events))
    if not clauses:
        return
    roots = frozenset().union(*(clause.roots for clause in clauses)) - timeline.settled
    happened: dict[PointKey, Moment | None] = dict.fromkeys(roots, timeline.as_of)
    suppose = {**timeline.supposed, **happened}
    view = (
        resolve(timeline.agreements, timeline.as_of, suppose, lenient=True) if roots else timeline
    )
    reported = set()
    for clause in clauses:
        outcome = clause.form.outcome(_place_of(clause, view, events))
        if clause.number in outcome.certain and clause.named not in reported:
            reported.add(clause.named)
            yield _warning(clause, events[clause.named.event_key])


def _doubtful_clauses(timeline: Timeline, events: dict[EventKey, Event]) -> Iterator[_Clause]:
    for event in timeline.events:
        for _, line in sides(event):
            if line is None or line.fixed is not None or not isinstance(line.form, OrIf):
                continue
            for number, (_, ref) in enumerate(line.form.clauses, 1):
                named = key_of(ref, event.agreement)
                if named not in timeline.settled and not _is_open(named, events):
                    yield from _if_by_its_line(event, line.form, number, timeline, events)


def _if_by_its_line(
    event: Event,
    form: OrIf,
    number: int,
    timeline: Timeline,
    events: dict[EventKey, Event],
) -> Iterator[_Clause]:
    """The clause, unless a record is what makes its event certain."""
    named = key_of(form.clauses[number - 1].event, event.agreement)
    first = [key_of(ref, event.agreement) for ref in references(form.first)]
    roots, behind_first = _open_behind([named], events), _open_behind(first, events)
    if not (roots - behind_first) & timeline.settled:
        yield _Clause(event, form, number, named, roots & behind_first)


def _place_of(clause: _Clause, view: Timeline, events: dict[EventKey, Event]) -> Place:
    """Where the line stands; of one for each of several, for one that there is today."""
    place = view.place(clause.event, lenient=True)
    if each_in(clause.form) is None:
        return place
    today = exact_bounds(view.as_of)

    def bounds_of_ref(ref: Ref) -> Bounds:
        key = key_of(ref, clause.event.agreement)
        event = events[key.event_key]
        line = event.when
        if line is None or line.each is None or key == event.key("end"):
            return view.bounds_by_key.get(key, NEVER)
        return line.form.bounds(view.place(event, lenient=True)._replace(each=today))

    return place._replace(each=today, lookup=bounds_of_ref)


def _open_behind(keys: Iterable[PointKey], events: dict[EventKey, Event]) -> frozenset[PointKey]:
    """The points behind those, themselves among them, that no line makes certain."""
    seen, waiting, roots = set(keys), list(keys), set()
    while waiting:
        key = waiting.pop()
        line = _line_of(events[key.event_key], key)
        if line is None or _is_open(key, events):
            roots.add(key)
            continue
        for ref in line.refs:
            behind = key_of(ref, key.agreement)
            if behind not in seen:
                seen.add(behind)
                waiting.append(behind)
    return frozenset(roots)


def _is_open(key: PointKey, events: dict[EventKey, Event]) -> bool:
    """Whether no line gives a point its day: it may come on any, or more than a line decides."""
    line = _line_of(events[key.event_key], key)
    return line is None or (line.fixed is None and line.form.OPEN)


def _line_of(event: Event, key: PointKey) -> Line | None:
    """The line that gives a point its day; None where more than a line does."""
    if key.side == "end" and event.renews is not None:
        return None
    return event.line("when" if key.side == "due" else key.side)


def _warning(clause: _Clause, named: Event) -> LocatedDiagnostic:
    side = clause.named.side
    line = named.line(side)
    form = None if line is None else line.form
    option = None if form is None or isinstance(form, OrIf) else _as_option(form)
    suggestions = () if option is None else (Suggestion(option.text()),)
    own = named.agreement == clause.event.agreement
    values = (
        ("ref", str(clause.form.clauses[clause.number - 1].event)),
        ("event", clause.event.id if own else clause.event.name),
    )
    span = (0, 0) if form is None else form.span
    diagnostic = Diagnostic("clause-always-decides", span, values, suggestions, "warning")
    return LocatedDiagnostic(diagnostic, named, field_of(named, side))


def _as_option(form: Form) -> NotAfter:
    """What may be done where that form says when it is done."""
    match form:
        case In(period):
            return NotAfter(None, Through(period))
        case Within(duration, "after", operand):
            return NotAfter(operand, Offset(duration, "after", operand))
        case Within(duration, "before", operand):
            return NotAfter(Offset(duration, "before", operand), operand)
        case _:
            return NotAfter(None, form)
