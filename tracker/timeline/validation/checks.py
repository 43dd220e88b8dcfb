"""What is wrong with agreements as stated.

Every view that there ever is is checked: as first stated, and on each day on which amendments were
signed. A diagnostic names the event and the field in which it stands; the files know where that is.
What no turn of events can make true is consistency.py's; what is only doubtful, warnings.py's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from typing import TypeAlias

from tracker.agreements.amendments import events_on
from tracker.agreements.cycles import cycles
from tracker.agreements.keys import PointKey, key_of
from tracker.agreements.located import FIELDS, LocatedDiagnostic, field_of
from tracker.agreements.model import Agreement, ByOccurrence, Event, Line, sides
from tracker.agreements.references import prerequisites
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Duration, Form, Ref, Side
from tracker.dates.suggestions.unclear_times import unclear
from tracker.dates.words.days import Exact
from tracker.dates.words.openings import NotAfter
from tracker.timeline.slugs import slug_diagnostics
from tracker.timeline.validation.consistency import find_contradictions
from tracker.timeline.validation.each_checks import each_diagnostics
from tracker.timeline.validation.recurrence_checks import recurrence_diagnostics

_Events: TypeAlias = dict[tuple[str, str], Event]

#: Names are held against one another so often: nobody reads the thousandth suggestion.
MOST_COMPARED = 30_000
#: Of a line, so many unknown names are helped with. Looking for a habit around one takes
#: as long as the line is, so only in lines that somebody wrote.
MOST_HELPED_NAMES, LONGEST_HELPED = 5, 500


def check(agreements: Sequence[Agreement]) -> list[LocatedDiagnostic]:
    """All that is wrong with the agreements, in any view of them.

    An empty list means that resolve() has an answer for every day.
    """
    by_identity: dict[tuple[str, str, Diagnostic], LocatedDiagnostic] = {}
    for day in _view_days(agreements):
        view = [_agreement_in_view(agreement, day) for agreement in agreements]
        for located in _diagnostics(view):
            identity = (located.event.name, located.field, located.diagnostic)
            by_identity.setdefault(identity, located._replace(seen=day))
    return list(by_identity.values())


def diagnostics_of_record(event: Event, agreements: Sequence[Agreement]) -> list[LocatedDiagnostic]:
    """What is wrong with an event of which something was recorded, where all was sound before.

    A record makes no line wrong, its own event's or another's: only its kind may not fit.
    """
    events = {event.event_key: event for agreement in agreements for event in agreement.events}
    return [*_shape(event), *recurrence_diagnostics(event, events)]


def _view_days(agreements: Sequence[Agreement]) -> list[date | None]:
    signed = {amendment.on for agreement in agreements for amendment in agreement.amendments}
    return [None, *sorted(signed)]


def _agreement_in_view(agreement: Agreement, day: date | None) -> Agreement:
    """The agreement as first stated, or as amended by a day, with nothing left to amend."""
    if not agreement.amendments:
        return agreement
    events = agreement.events if day is None else events_on(agreement, day)
    return replace(agreement, events=events, amendments=())


def _diagnostics(view: Sequence[Agreement]) -> list[LocatedDiagnostic]:
    """What is wrong in one view."""
    events = {event.event_key: event for agreement in view for event in agreement.events}
    agreements = {agreement.id: agreement for agreement in view}
    wrong_so_far = [located for event in events.values() for located in _shape(event)]
    wrong_so_far.extend(slug_diagnostics(events.values()))
    unsound: set[PointKey] = set()  # points whose lines name what is not there, or themselves
    hanging: dict[PointKey, list[PointKey]] = {}
    for event in events.values():
        agreement = agreements[event.agreement]
        mistaken = list(recurrence_diagnostics(event, events)) if _goes_on(event) else []
        wrong_so_far.extend(mistaken)
        for side, line in sides(event):
            key = event.key(side)
            if mistaken:
                unsound.add(key)
            if line is None or (line.fixed is not None and not _goes_on(event)):
                continue
            if not mistaken and (behind := prerequisites(event, side, line, events)):
                hanging[key] = behind
            helped = events if len(wrong_so_far) * len(events) < MOST_COMPARED else {}
            wrong = [*_names(event, side, line, events, helped), *_setting(event, line, agreement)]
            if wrong or (line is event.lasts and event.starts is None):
                unsound.add(key)
                wrong_so_far.extend(
                    LocatedDiagnostic(diagnostic, event, field or field_of(event, side))
                    for diagnostic, field in wrong
                )
    for key in {key for named in hanging.values() for key in named if key.side == "due"}:
        if (whose := key._replace(side="when")) in hanging:
            hanging[key] = hanging[whose]
    for key in {key for named in hanging.values() for key in named if key.side == "first end"}:
        named_event = events.get(key.event_key)
        if named_event is not None and (line := named_event.line("end")) is not None:
            hanging[key] = [key_of(ref, key.agreement) for ref in line.refs]
    circles, knotted = cycles(hanging)
    wrong_so_far.extend(_circle(circle, events) for circle in circles)
    # A due day in a circle is the line of its `when`, which may only lead into it.
    knotted |= {key._replace(side="when") for key in knotted if key.side == "due"}
    knotted |= {key._replace(side="end") for key in knotted if key.side == "first end"}
    wrong_so_far.extend(find_contradictions(view, unsound | knotted))
    return wrong_so_far


def _goes_on(event: Event) -> bool:
    """Whether more than the days of its lines is stated: how it repeats, renews, rolls, counts."""
    return (
        event.roll is not None
        or event.counting is not None
        or event.repeats is not None
        or event.renews is not None
        or event.during is not None
        or isinstance(event.occurred, ByOccurrence)
        or isinstance(event.withdrawn, ByOccurrence)
        or any(line is not None and line.each is not None for _, line in sides(event))
    )


def _shape(event: Event) -> Iterator[LocatedDiagnostic]:
    """An event happens or lasts, never both, and its records are of the same kind."""
    if event.when is not None:
        for field in ("starts", "ends", "lasts", "started", "ended"):
            if getattr(event, field) is not None:
                yield LocatedDiagnostic(
                    Diagnostic("when-and-lasts", values=(("key", field),)), event, field
                )
    elif event.occurred is not None:
        lasting = event.starts is not None or event.line("end") is not None
        suggestions = (Suggestion("started"), Suggestion("ended")) if lasting else ()
        yield LocatedDiagnostic(
            Diagnostic("occurred-of-term", suggestions=suggestions), event, "occurred"
        )
    if event.lasts is not None and event.when is None:
        if event.ends is not None:
            yield LocatedDiagnostic(Diagnostic("ends-and-lasts"), event, "lasts")
        if event.starts is None:
            yield LocatedDiagnostic(Diagnostic("lasts-without-start"), event, "lasts")
    if not sides(event) and event.occurred is None:
        yield LocatedDiagnostic(
            Diagnostic("no-day-stated", values=(("id", event.id),)), event, "id"
        )


def _setting(
    event: Event, line: Line, agreement: Agreement
) -> Iterator[tuple[Diagnostic, str | None]]:
    """What the words of a line need and their file does not have; the field, where not the line's.

    A calendar for business days; a clock that shows each time once in the file's zone.
    """
    calendar = event.calendar or agreement.calendar
    if event.roll not in (None, "none") and calendar is None:
        yield Diagnostic("no-calendar", values=(("word", "roll"),)), "roll"
    if event.roll not in (None, "none") and all(_is_open(stated) for _, stated in sides(event)):
        is_option = line.fixed is None and isinstance(line.form, NotAfter)
        case = "roll-of-option" if is_option else "roll-of-open"
        yield Diagnostic(case, values=(("stated", line.text),)), "roll"
    if event.counting is not None and calendar is None:
        yield Diagnostic("no-calendar", values=(("word", "counting"),)), "counting"
    if line.fixed is not None:
        return
    for form in _all_parts(line.form):
        duration = getattr(form, "duration", None)
        if isinstance(duration, Duration) and duration.business_days and calendar is None:
            yield Diagnostic("no-calendar", form.span, (("word", "business days"),)), None
        # With a zone of its own, the time was held against it when the line was read.
        if isinstance(form, Exact) and form.clock is not None and form.zone is None:
            zone = agreement.timezone
            if diagnostic := unclear(line.text, form.day, form.clock, zone, form.span):
                yield diagnostic, None


def _is_open(line: Line | None) -> bool:
    """Whether it states no day that could be closed: it may happen on any."""
    return line is None or (line.fixed is None and line.form.OPEN)


def _all_parts(form: Form) -> Iterator[Form]:
    yield form
    for part in form.parts():
        yield from _all_parts(part)


def _names(
    event: Event, side: Side, line: Line, events: _Events, helped: _Events
) -> Iterator[tuple[Diagnostic, str | None]]:
    """Every point that a line names is there, and is named by the right side.

    Names that are like an unknown one are looked for in `helped`.
    """
    if line is event.lasts:
        return  # names its own start, whose absence _shape() tells
    mistaken = list(each_diagnostics(event, line, events))
    for diagnostic in mistaken:
        yield diagnostic, None
    unknown = 0
    for ref in line.refs:
        named = events.get((ref.agreement or event.agreement, ref.id))
        if named is None:
            unknown += 1
            yield _unknown(event, line, ref, helped if unknown <= MOST_HELPED_NAMES else {}), None
        elif not mistaken and (misnamed := _wrong_side(line, ref, named)):
            yield misnamed, None


def _with(line: Line, ref: Ref, text: str) -> str:
    return " ".join((line.text[: ref.span[0]] + text + line.text[ref.span[1] :]).split())


def _unknown(
    event: Event, line: Line, ref: Ref, events: dict[tuple[str, str], Event]
) -> Diagnostic:
    from tracker.dates.suggestions.rules import habit_of_name  # what is right does not pay for it

    is_helped = events and len(line.text) <= LONGEST_HELPED
    if is_helped and (habit := habit_of_name(line.text, ref.span)):
        return habit
    home = ref.agreement or event.agreement
    known = sorted(name for agreement, name in events if agreement == home)
    values = (("ref", str(Ref(ref.agreement, ref.id, "when"))),)
    near = get_close_matches(ref.id, known, n=2, cutoff=0.6)
    elsewhere = sorted(agreement for agreement, name in events if name == ref.id)
    names = [str(Ref(ref.agreement, name, ref.side)) for name in near]
    names += [str(Ref(agreement, ref.id, ref.side)) for agreement in elsewhere]
    suggestions = tuple(Suggestion(_with(line, ref, name)) for name in names)
    case = "unknown-ref" if ref.agreement is None else "unknown-ref-elsewhere"
    return Diagnostic(case, ref.span, values, suggestions)


def _wrong_side(line: Line, ref: Ref, named: Event) -> Diagnostic | None:
    """`end of x` where x has `when`; `x` where x lasts; a side that is nowhere stated."""
    bare = str(Ref(ref.agreement, ref.id, "when"))
    values = (("ref", bare),)
    there = [side for side, _ in sides(named)]
    if ref.side == "due" and named.when is not None:
        return _due_of_open(line, ref, named.when)
    if ref.side in there or (ref.side == "first end" and named.renews and "end" in there):
        return None
    if ref.side == "first end" and "end" in there:
        right = Suggestion(_with(line, ref, str(Ref(ref.agreement, ref.id, "end"))))
        return Diagnostic("first-end-of-one", ref.span, values, (right,))
    each = "each " if named.repeating else ""
    rights = [f"{each}{Ref(ref.agreement, ref.id, side)}" for side in there]
    suggestions = tuple(Suggestion(_with(line, ref, right)) for right in rights)
    if ref.side in ("when", "due"):
        return Diagnostic("bare-ref-of-term", ref.span, values, suggestions)
    if named.when is not None:
        return Diagnostic("edge-of-moment", ref.span, values, suggestions)
    field = FIELDS[ref.side]
    return Diagnostic("side-not-stated", ref.span, (*values, ("key", field)), suggestions)


def _due_of_open(line: Line, ref: Ref, when: Line) -> Diagnostic | None:
    """`due day of x` where x states no day that it is due on."""
    if when.fixed is not None or not when.form.OPEN:
        return None
    bare = str(Ref(ref.agreement, ref.id, "when"))
    return Diagnostic(
        "due-of-open", ref.span, (("ref", bare),), (Suggestion(_with(line, ref, bare)),)
    )


def _circle(circle: Sequence[PointKey], events: dict[tuple[str, str], Event]) -> LocatedDiagnostic:
    first = circle[0]
    event, line = events[first.event_key], events[first.event_key].line(first.side)
    several = len({key.agreement for key in circle}) > 1
    names = [str(key) if several else key.name_in(key.agreement) for key in circle]
    values = (("circle", " → ".join([*names, names[0]])),)
    following = circle[1 % len(circle)]
    named = line.refs if line is not None else ()
    span = next((ref.span for ref in named if key_of(ref, first.agreement) == following), (0, 0))
    return LocatedDiagnostic(Diagnostic("cycle", span, values), event, field_of(event, first.side))
