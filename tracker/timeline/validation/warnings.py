"""What is no error and yet wants a look, as of a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tracker.agreements.keys import Occurrence, key_of
from tracker.agreements.located import FIELDS, RECORDS, LocatedDiagnostic, field_of
from tracker.agreements.model import ByOccurrence, Event, Line, sides
from tracker.dates.bounds import Bounds, precedes
from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Form, Place, Side, references
from tracker.dates.instants import Instant, Moment, day_in
from tracker.dates.words.counted import Offset, Within
from tracker.dates.words.days import Exact
from tracker.dates.words.openings import NotAfter, Open
from tracker.dates.words.windows import Between
from tracker.timeline.lateness import allowed_bounds, days_outside, is_outside, stated_bounds
from tracker.timeline.nearest_occurrences import nearest_occurrence, nearest_of
from tracker.timeline.points import Timeline
from tracker.timeline.validation.certain_clauses import certain_clause_warnings
from tracker.timeline.validation.consistency import counted_forward_from
from tracker.timeline.validation.counting_warnings import counting_warnings
from tracker.timeline.validation.estimate_warnings import estimate_warnings


def find_warnings(timeline: Timeline) -> list[LocatedDiagnostic]:
    """What is no error and yet wants a look, as of the day of the timeline."""
    warnings: list[LocatedDiagnostic] = []
    for point in timeline.points:
        if point.has_passed:
            day = str(point.stands.latest) if point.stands else ""
            case = "passed"
            values: tuple[tuple[str, str], ...] = (("day", day),)
            if point.occurrence is not None:
                case = "passed-occurrence"
                values = (*values, ("point", f"{point.event.id}@{point.occurrence}"))
            elif point.bounds.forecast and not point.bounds.exact:
                case = "passed-window"
            diagnostic = Diagnostic(case, values=values, severity="warning")
            warnings.append(LocatedDiagnostic(diagnostic, point.event, FIELDS[point.side]))
    for event in timeline.events:
        warnings.extend(record_warnings(event, timeline))
        warnings.extend(_order_warnings(event, timeline))
        warnings.extend(_line_warnings(event, timeline))
    warnings.extend(certain_clause_warnings(timeline))
    warnings.extend(counting_warnings(timeline))
    warnings.extend(estimate_warnings(timeline))
    return warnings


def record_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """What of the records of an event wants a look."""
    yield from _own_record_warnings(event, timeline)
    yield from _occurrence_warnings(event, timeline)
    yield from _gap_warnings(event, timeline)


def supposition_warnings(timeline: Timeline) -> list[LocatedDiagnostic]:
    """The suppositions that lie outside what is stated."""
    warnings = [located for event in timeline.events for located in _supposed_late(event, timeline)]
    for event in timeline.events:
        for side, line in sides(event):
            key = event.key(side)
            if key not in timeline.supposed or line is None or event.renews is not None:
                continue
            supposed = timeline.supposed[key]
            if supposed is None and line.fixed is None and line.form.OPEN:
                continue  # it need not happen
            bounds = allowed_bounds(line, event, timeline)
            if is_outside(supposed, bounds, timeline.agreement(event.agreement).timezone):
                diagnostic = Diagnostic("supposed-outside", (0, 0), (), (), "warning")
                warnings.append(LocatedDiagnostic(diagnostic, event, field_of(event, side)))
    return warnings


def _supposed_late(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """Occurrences supposed on a day that is not theirs."""
    line, zone = event.when, timeline.agreement(event.agreement).timezone
    family = timeline.families.get(event.key("when"), {})
    for day, key in family.items():
        if line is None or key not in timeline.supposed:
            continue
        supposed, bounds = timeline.supposed[key], allowed_bounds(line, event, timeline, day)
        if supposed is not None and is_outside(supposed, bounds, zone):
            yield LocatedDiagnostic(
                Diagnostic("supposed-outside", (0, 0), (), (), "warning"), event, "when"
            )


def _own_record_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """Records of days to come, and records that contradict what is stated."""
    zone = timeline.agreement(event.agreement).timezone
    for side, line in sides(event):
        record = event.record(side)
        if record is None:
            continue
        day = (("day", str(record)),)
        if day_in(record, zone) > timeline.as_of:
            yield LocatedDiagnostic(
                Diagnostic("record-ahead", (0, 0), day, (), "warning"), event, RECORDS[side]
            )
        elif line is not None and (_after_named(line) or _is_option(line)):
            bounds = allowed_bounds(line, event, timeline)
            if _is_option(line) and _is_after(record, bounds.latest, zone):
                yield _option_late(event, side, record, bounds, zone)
            if days_outside(record, bounds, zone) < 0:
                values = (*day, ("stated", str(bounds.earliest)))
                diagnostic = Diagnostic("record-too-early", (0, 0), values, (), "warning")
                yield LocatedDiagnostic(diagnostic, event, RECORDS[side])


def _occurrence_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """Records of occurrences that there are not, and notices that were given too late."""
    line = event.when
    if line is None or not isinstance(event.occurred, ByOccurrence):
        return
    zone = timeline.agreement(event.agreement).timezone
    happens = timeline.named.get(event.key()) == "name" and line.each is None
    if happens:
        yield from _happening_warnings(event, line, event.occurred, timeline)
    for day, record in event.occurred.days:
        if day_in(record, zone) > timeline.as_of:
            yield _record_warning("record-ahead", event, day=record)
        elif happens:
            continue
        elif line.each and timeline.named.get(event.key()) == "name":
            yield from _unknown_name(event, line, day, timeline)
        elif (near := nearest_occurrence(event, line, day, timeline)) not in (None, day):
            yield _record_warning("no-such-occurrence", event, day=day, near=near)
        elif near is not None and (renewing := _renewing_by(event, timeline)):
            bounds = stated_bounds(line, event, timeline, day)
            if (late := days_outside(record, bounds, zone)) > 0:
                is_notice = renewing.renews is not None and renewing.renews.unless is not None
                case = "notice-late" if is_notice else "renewal-late"
                yield _record_warning(case, event, day=day, late=late)
        elif _is_option(line) and near is not None:
            bounds = stated_bounds(line, event, timeline, day)
            if _is_after(record, bounds.latest, zone):
                yield _option_late(event, "when", record, bounds, zone)


def _is_option(line: Line) -> bool:
    return line.fixed is None and isinstance(line.form, NotAfter)


def _is_after(record: Moment, last: Moment | None, zone: str) -> bool:
    """Whether a record is later than the last day of an option, or than its last moment."""
    if last is None:
        return False
    if isinstance(record, Instant) and isinstance(last, Instant):
        return last.utc < record.utc
    return day_in(last, zone) < day_in(record, zone)


def _option_late(
    event: Event, side: Side, record: Moment, bounds: Bounds, zone: str
) -> LocatedDiagnostic:
    """An option that was used after its last day."""
    late = days_outside(record, bounds, zone)
    values = (("day", str(record)), ("last", str(bounds.latest)), ("late", str(late)))
    case = "option-late" if late > 1 else "option-late-a-day" if late else "option-late-clock"
    return LocatedDiagnostic(Diagnostic(case, (0, 0), values, (), "warning"), event, RECORDS[side])


def _happening_warnings(
    event: Event, line: Line, occurred: ByOccurrence, timeline: Timeline
) -> Iterator[LocatedDiagnostic]:
    """What happened before it could, by its line, or outside of what bounds it."""
    zone = timeline.agreement(event.agreement).timezone
    stated = stated_bounds(line, event, timeline)
    during = event.during and key_of(event.during, event.agreement)
    start, end = (
        timeline.bounds_by_key.get(during._replace(side=side)) if during else None
        for side in ("start", "end")
    )
    for name, moment in occurred.days:
        day = day_in(moment, zone)
        if days_outside(moment, stated, zone) < 0:
            values = {"day": moment, "stated": stated.earliest}
            yield _record_warning("record-too-early", event, **values)
        before = start is not None and start.earliest and day < day_in(start.earliest, zone)
        after = end is not None and end.latest and day > day_in(end.latest, zone)
        if before or after:
            yield _record_warning("happened-outside", event, which=name, during=event.during)


def _unknown_name(
    event: Event, line: Line, name: Occurrence, timeline: Timeline
) -> Iterator[LocatedDiagnostic]:
    """A record for something that has not happened."""
    of = line.each and line.each.of
    there = timeline.families.get(key_of(of, event.agreement), {}) if of else {}
    if of and name not in there:
        near = nearest_of(there, name)
        values = (("which", str(name)), ("of", str(of)))
        suggestions = () if near is None else (Suggestion(str(near)),)
        diagnostic = Diagnostic("no-such-happening", (0, 0), values, suggestions, "warning")
        yield LocatedDiagnostic(diagnostic, event, "occurred", entry=str(name))


def _record_warning(case: str, event: Event, **values: object) -> LocatedDiagnostic:
    """A warning about what was recorded of an occurrence."""
    told = tuple((name, str(value)) for name, value in values.items())
    return LocatedDiagnostic(Diagnostic(case, (0, 0), told, (), "warning"), event, "occurred")


def _renewing_by(event: Event, timeline: Timeline) -> Event | None:
    """The event of which each further term hangs on that one: its notice, or its renewal."""
    key = event.key("when")
    for renewing in timeline.events:
        condition = renewing.renews and renewing.renews.condition
        if condition and key_of(condition, renewing.agreement) == key:
            return renewing
    return None


def _gap_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """A term of which no renewal is recorded, before one of which it is: it counts as renewed."""
    if not isinstance(event.occurred, ByOccurrence):
        return
    renewing = _renewing_by(event, timeline)
    if renewing is None or renewing.renews is None or renewing.renews.only_if is None:
        return
    recorded = {day for day, record in event.occurred.days if isinstance(day, date)}
    later = max(recorded, default=date.min)
    for day in timeline.families.get(renewing.key("end"), ()):
        if isinstance(day, date) and day < later and day not in recorded:
            yield _record_warning("renewal-gap", event, day=day, later=later)
            return


def _after_named(line: Line) -> bool:
    return bool(references(line.form)) and not isinstance(line.form, Open)


def _order_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """An end that today's bounds let come before its start."""
    start = timeline.bounds_by_key.get(event.key("start"))
    end = timeline.bounds_by_key.get(event.key("end"))
    if start is None or end is None or end.earliest is None or start.earliest is None:
        return
    if event.ends is None and event.lasts is not None:
        return
    if event.ends is not None and counted_forward_from(event, event.ends, "start") is not None:
        return
    zone = timeline.agreement(event.agreement).timezone
    if start.latest is None or precedes(end.earliest, start.latest, zone, end.opens):
        diagnostic = Diagnostic("may-end-before-start", (0, 0), (), (), "warning")
        yield LocatedDiagnostic(diagnostic, event, "ends" if event.ends is not None else "ended")


def _line_warnings(event: Event, timeline: Timeline) -> Iterator[LocatedDiagnostic]:
    """What a line leaves to be read: hours of a bare day, a time of no zone, a turned window."""
    agreement = timeline.agreement(event.agreement)
    for side, line in sides(event):
        key = event.key(side)
        if line is None or line.fixed is not None or key in timeline.settled:
            continue
        for case, form in _form_warnings(line.form, _line_place(event, line, timeline)):
            if case == "time-without-zone" and agreement.zone is not None:
                continue
            yield LocatedDiagnostic(
                Diagnostic(case, form.span, (), (), "warning"), event, field_of(event, side)
            )


def _line_place(event: Event, line: Line, timeline: Timeline) -> Place:
    """Where a line stands; of what hangs on each happening, at one that has no time, if any."""
    place, of = timeline.place(event), line.each and line.each.of
    if of and timeline.named.get(event.key()) == "name":
        for key in timeline.families.get(key_of(of, event.agreement), {}).values():
            bounds, own = timeline.bounds_by_key[key], event.key().at(key.occurrence or 0)
            if not isinstance(bounds.earliest, Instant | None) and own not in timeline.settled:
                return place._replace(each=bounds)
    return place


def _form_warnings(form: Form, place: Place) -> Iterator[tuple[str, Form]]:
    for part in form.parts():
        yield from _form_warnings(part, place)
    match form:
        case Exact(_, clock, zone) if clock is not None and zone is None:
            yield "time-without-zone", form
        case Offset(duration, _, operand) | Within(duration, _, operand) if duration.hours:
            bounds = operand.bounds(place)
            if bounds.latest is not None and not isinstance(bounds.latest, Instant):
                yield "hours-of-a-day", form
        case Between():
            start, end = form.first_bounds(place), form.last_bounds(place)
            if start.earliest is None or end.latest is None:
                return
            if precedes(end.latest, start.earliest, place.zone):
                yield "between-turned", form
        case _:
            return
