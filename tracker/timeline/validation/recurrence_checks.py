"""What is wrong with how an event repeats, renews or is bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, TypeAlias

from tracker.agreements.keys import Occurrence, OccurrenceKind, key_of
from tracker.agreements.located import LocatedDiagnostic
from tracker.agreements.model import ByOccurrence, Event, Line
from tracker.agreements.occurrence_names import occurrence_kinds
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Form, Ref
from tracker.dates.instants import Moment, local_day
from tracker.dates.words.choices import Choice
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Within
from tracker.dates.words.days import Exact, In
from tracker.dates.words.openings import NotAfter, NotBefore, Open
from tracker.dates.words.repeated import Each, eaches_in
from tracker.dates.words.windows import Between

if TYPE_CHECKING:  # only what repeats pays for it
    from tracker.dates.recurrence import Recurrence

_Events: TypeAlias = Mapping[tuple[str, str], Event]

#: Ends that are no one day to renew from.
_NO_END_TO_RENEW = (In, Between, Within, Choice, Open, NotBefore, NotAfter, OrIf)


def recurrence_diagnostics(event: Event, events: _Events) -> Iterator[LocatedDiagnostic]:
    """What is wrong with the keys `repeats`, `during` and `renews` of an event, and its records."""
    if event.repeats is not None or event.during is not None:
        yield from _of_repeats(event)
        yield from _of_during(event, events)
    if event.renews is not None:
        yield from _of_renews(event)
        yield from _of_condition(event, events)
    yield from _of_each(event, events)
    yield from _of_records(event)
    if event.repeating:
        yield from _of_occurrences(event, occurrences_known_by(event, events))
        yield from _of_done(event)
        yield from _of_withdrawn_names(event)


def _of_repeats(event: Event) -> Iterator[LocatedDiagnostic]:
    if event.repeats is None:
        return
    if event.when is None:
        yield LocatedDiagnostic(_of_term(event, event.repeats), event, "repeats")
    elif event.when.each is not None:
        yield LocatedDiagnostic(Diagnostic("repeats-and-each"), event, "repeats")
    if event.renews is not None:
        yield LocatedDiagnostic(Diagnostic("renews-and-repeats"), event, "renews")
    when = event.when
    if when is None or event.repeats.named_by != "name" or when.each is not None:
        return
    if when.fixed is not None or not when.form.OPEN:
        day = isinstance(when.form, Exact) or (when.fixed is None and isinstance(when.form, Ref))
        writes = ("open", *((f"not before {when.statement}",) if day else ()))
        suggestions = tuple(map(Suggestion, writes))
        yield LocatedDiagnostic(
            Diagnostic("happens-on-a-day", when.form.span, (), suggestions), event, "when"
        )


def _of_term(event: Event, repeats: Recurrence) -> Diagnostic:
    """What lasts does not repeat: it may renew, or begin with something that repeats."""
    length = re.sub(r" after done|,.*", "", repeats.text)
    line = event.starts or event.line("end")
    if repeats.named_by == "name":
        suggestions = [Suggestion("open", key="when")]
    else:
        suggestions = [Suggestion(line.statement, key="when")] if line is not None else []
        if event.renews is None and "=" not in length:
            suggestions.append(Suggestion(length, key="renews"))
    return Diagnostic("repeats-of-term", suggestions=tuple(suggestions))


def _of_during(event: Event, events: _Events) -> Iterator[LocatedDiagnostic]:
    if event.during is None:
        return
    if not event.repeating:
        yield LocatedDiagnostic(Diagnostic("during-alone"), event, "during")
    during = events.get(key_of(event.during, event.agreement)[:2])
    if during is None:
        yield LocatedDiagnostic(_unknown(event.during, event, events), event, "during")
    elif not during.is_term:
        values = (("ref", str(event.during)),)
        yield LocatedDiagnostic(
            Diagnostic("during-of-moment", event.during.span, values), event, "during"
        )


def _unknown(ref: Ref, event: Event, events: _Events) -> Diagnostic:
    home = ref.agreement or event.agreement
    known = sorted(name for agreement, name in events if agreement == home)
    near = get_close_matches(ref.id, known, n=2, cutoff=0.6)
    suggestions = tuple(Suggestion(str(Ref(ref.agreement, name, "when"))) for name in near)
    return Diagnostic("unknown-ref", ref.span, (("ref", str(ref)),), suggestions)


def _of_renews(event: Event) -> Iterator[LocatedDiagnostic]:
    line = event.line("end")
    if event.when is not None or line is None:
        yield LocatedDiagnostic(Diagnostic("renews-without-end"), event, "renews")
    elif event.ends is not None and isinstance(event.ends.form, _NO_END_TO_RENEW):
        yield LocatedDiagnostic(Diagnostic("renews-no-day", event.ends.form.span), event, "ends")


def _of_condition(event: Event, events: _Events) -> Iterator[LocatedDiagnostic]:
    """The notice, or the renewal, is there for each end of the term that renews."""
    renewal = event.renews
    ref = renewal and renewal.condition
    if not renewal or not ref:
        return
    condition = events.get(key_of(ref, event.agreement)[:2])
    if condition is None:
        yield LocatedDiagnostic(_unknown(ref, event, events), event, "renews")
        return
    name = event.id if condition.agreement == event.agreement else event.name
    each = condition.when and condition.when.each
    if not each or each.of is None or key_of(each.of, condition.agreement) != event.key("end"):
        case = "unless-no-notice" if renewal.unless else "if-no-renewal"
    elif renewal.only_if and _is_without_last_day(condition):
        case = "if-without-last-day"
    else:
        return
    write = _for_each_end(condition, event, name)
    diagnostic = Diagnostic(
        case, ref.span, (("ref", str(ref)), ("term", name)), (Suggestion(write, key="when"),)
    )
    yield LocatedDiagnostic(diagnostic, event, "renews")


def _is_without_last_day(condition: Event) -> bool:
    form = condition.when and condition.when.form
    return bool(form) and isinstance(form, Open | NotBefore)


def _for_each_end(condition: Event, event: Event, name: str) -> str:
    """The line of a notice or a renewal, as far as it is stated, for each end of that term."""
    each, line = f"each end of {name}", condition.when
    if line is None:
        return f"not after {each}"
    ends = event.line("end")
    last = None if ends is None or ends.fixed is None else ends.fixed.latest
    for form in _all_parts(line.form):
        ref = form.of if isinstance(form, Each) else form
        names = isinstance(ref, Ref) and key_of(ref, condition.agreement) == event.key("end")
        if names or (isinstance(form, Exact) and form.clock is None and form.day == last):
            start, end = form.span
            write = " ".join(f"{line.text[:start]}{each}{line.text[end:]}".split())
            return f"{write}, not after {each}" if isinstance(line.form, NotBefore) else write
    return f"not after {each}"


def _all_parts(form: Form) -> Iterator[Form]:
    yield form
    for part in form.parts():
        yield from _all_parts(part)


def _of_each(event: Event, events: _Events) -> Iterator[LocatedDiagnostic]:
    for field in ("starts", "ends"):
        line: Line | None = getattr(event, field)
        if line is not None and line.each is not None:
            yield LocatedDiagnostic(Diagnostic("each-not-when", line.each.span), event, field)
    if event.when is None or event.when.each is None:
        return
    each = event.when.each
    if any(each.of is not None for each in eaches_in(event.when.form)):
        return
    during = event.during and events.get(key_of(event.during, event.agreement)[:2])
    if event.during is None:
        values = (("words", str(each)),)
        yield LocatedDiagnostic(Diagnostic("each-needs-during", each.span, values), event, "when")
    elif during and during.is_term and during.starts is None and during.started is None:
        values = (("ref", str(event.during)),)
        yield LocatedDiagnostic(
            Diagnostic("during-without-start", event.during.span, values), event, "during"
        )


def _of_records(event: Event) -> Iterator[LocatedDiagnostic]:
    """What repeats is recorded by occurrence, and nothing else is."""
    for field in ("occurred", "withdrawn"):
        record = getattr(event, field)
        if isinstance(record, ByOccurrence) and not event.repeating:
            suggestion = Suggestion(f"{field} = {record.days[0][1]}")
            yield LocatedDiagnostic(
                Diagnostic("record-of-one", (0, 0), (), (suggestion,)), event, field
            )


def occurrences_known_by(event: Event, events: _Events) -> OccurrenceKind:
    """By what an event's occurrences are known: what hangs on each of others, by theirs."""
    for _ in range(len(events) + 1):
        if event.repeats is not None:
            return event.repeats.named_by
        each = event.when and event.when.each
        of = key_of(each.of, event.agreement) if each and each.of is not None else None
        if of is None or of.side == "end" or of.event_key not in events:
            break
        event = events[of.event_key]
    return "day"


def _of_occurrences(event: Event, known_by: OccurrenceKind) -> Iterator[LocatedDiagnostic]:
    """Records are kept by what the occurrences are known by: days, numbers or names."""
    record = event.occurred
    if record is not None and not isinstance(record, ByOccurrence):
        key = '"1"' if known_by == "number" else f'"{local_day(record)}"'
        day = record if isinstance(record, date) else f'"{record}"'
        suggestion = Suggestion(f"occurred = {{ {key} = {day} }}")
        yield LocatedDiagnostic(
            Diagnostic("record-of-each", (0, 0), (), (suggestion,)), event, "occurred"
        )
    for field in ("occurred", "withdrawn"):
        records = getattr(event, field)
        days = records.days if isinstance(records, ByOccurrence) else ()
        for number, (which, moment) in enumerate(days, 1):
            if known_by not in occurrence_kinds(which):
                near = _right_key(which, known_by, number, moment)
                values = (("key", str(which)),)
                case = f"occurrence-no-{known_by}"
                diagnostic = Diagnostic(case, (0, 0), values, (Suggestion(near),))
                yield LocatedDiagnostic(diagnostic, event, field, entry=str(which))


def _of_done(event: Event) -> Iterator[LocatedDiagnostic]:
    """What is counted from when the one before was done is recorded one after the other."""
    if event.repeats is None or event.repeats.named_by != "number":
        return
    done = _numbered(event.occurred)
    before: Moment | None = None
    for expected, (number, moment) in enumerate(done, 1):
        if number != expected:
            values = (("number", str(number)), ("before", str(number - 1)))
            diagnostic = Diagnostic("done-gap", (0, 0), values, (Suggestion(str(expected)),))
            yield LocatedDiagnostic(diagnostic, event, "occurred", entry=str(number))
            return
        if before is not None and local_day(moment) < local_day(before):
            days = (("number", str(number)), ("day", str(moment)), ("before", str(before)))
            diagnostic = Diagnostic("done-backwards", (0, 0), days)
            yield LocatedDiagnostic(diagnostic, event, "occurred", entry=str(number))
        before = moment
    most = len(done) if event.repeats.count is None else event.repeats.count
    for field, last in (("occurred", most), ("withdrawn", len(done) + 1)):
        for number, _ in _numbered(getattr(event, field)):
            if number > last:
                values = (("number", str(number)), ("last", str(last)))
                diagnostic = Diagnostic("no-such-number", (0, 0), values, (Suggestion(str(last)),))
                yield LocatedDiagnostic(diagnostic, event, field, entry=str(number))


def _of_withdrawn_names(event: Event) -> Iterator[LocatedDiagnostic]:
    """Only what has happened can be withdrawn by its name."""
    by_name = event.repeats is not None and event.repeats.named_by == "name"
    if not by_name or not isinstance(event.withdrawn, ByOccurrence):
        return
    happened = event.occurred.by_occurrence if isinstance(event.occurred, ByOccurrence) else {}
    for name, _ in event.withdrawn.days:
        if name not in happened:
            near = get_close_matches(str(name), map(str, happened), n=1)
            values = (("which", str(name)), ("of", event.id))
            diagnostic = Diagnostic(
                "no-such-happening", (0, 0), values, tuple(map(Suggestion, near))
            )
            yield LocatedDiagnostic(diagnostic, event, "withdrawn", entry=str(name))


def _numbered(records: object) -> list[tuple[int, Moment]]:
    """The records that are kept under numbers, in that order."""
    if not isinstance(records, ByOccurrence):
        return []
    return [(which, moment) for which, moment in records.days if isinstance(which, int)]


def _right_key(which: Occurrence, known_by: OccurrenceKind, number: int, moment: Moment) -> str:
    """The key to write in the place of one of another kind, of the record of that number."""
    if known_by == "name":
        return f"no-{which}"
    if known_by == "day":
        return str(local_day(moment))
    behind = re.search(r"[1-9][0-9]{0,4}$", which) if isinstance(which, str) else None
    return str(number) if behind is None else behind[0]
