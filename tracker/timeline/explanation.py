"""The tree behind an answer: each step with its bounds, its words, the rules that decided it.

A step says what the words come to; its notes say which rule decided where one did: a day number
kept or clamped, a closed day passed or moved off, a tie, a branch dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tracker.agreements.keys import Occurrence, PointKey, key_of
from tracker.agreements.model import Event, Line
from tracker.dates.bounds import NEVER, Bounds, Window, exact_bounds, order_key, precedes
from tracker.dates.expressions import Form, Place, Ref
from tracker.dates.instants import Moment, day_in, local_day
from tracker.dates.notes import Note
from tracker.dates.words.choices import Choice
from tracker.dates.words.conditions import OrIf
from tracker.dates.words.counted import Lasts
from tracker.dates.words.openings import NotAfter
from tracker.dates.words.repeated import Each
from tracker.timeline.occurrences import Limits, edges_after
from tracker.timeline.points import Point, Timeline, estimates_of_roll
from tracker.timeline.same_occurrence import OccurrencePlaces, series_named_beside

if TYPE_CHECKING:
    from tracker.dates.renewals import Renewal


#: So many points are told below one another. Each can be asked for by itself, to go on from there.
MOST_POINTS = 30
#: So many steps are told below one another, unless one line alone has more: a tree that is deeper
#: than Python's own stack can be neither made nor written.
MOST_LEVELS = 90


class Step(NamedTuple):
    """One step: what the words say, what they come to, and what that rests on."""

    rule: str  #: the form, or recorded, supposed, withdrawn, unstated
    stated: str  #: the words of the step
    bounds: Bounds
    point: PointKey | None = None  #: of a point: whose line, record or withdrawal this is
    event: Event | None = None
    occurrence: Occurrence | None = None
    below: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()  #: which rules decided
    dropped: bool = False  #: of an item in a choice: it can no longer change the answer
    decides: bool = False  #: of an item in a choice: it gives the day that stands
    last_day: Moment | None = None  #: of an option


def explain_point(point: Point, timeline: Timeline, deepest: int = MOST_POINTS) -> Step:
    """How the answer for a point came about, down to the sentences and records it rests on.

    Points that it hangs on are told down to `deepest` of them below one another.
    """
    return _of_point(point.key, point.event, timeline, set(), _Depth(deepest, MOST_LEVELS))


class _Depth(NamedTuple):
    """How much may be told below."""

    points: int
    levels: int

    def below(self, line: Line | None) -> _Depth:
        """What is left below a line."""
        return _Depth(self.points - 1, self.levels - _height(line))

    def has_room(self, line: Line | None) -> bool:
        """Whether a point with that line may be told."""
        return self.points > 0 and self.levels >= _height(line)


def _height(line: Line | None) -> int:
    """How many levels a line takes: its words, which may hold one another, and what they are of."""
    height = 2
    forms = () if line is None else line.form.parts()
    while forms:
        height += 1
        forms = tuple(part for form in forms for part in form.parts())
    return height


class _Line(NamedTuple):
    """A line that is explained: whose it is, and where it stands."""

    line: Line
    event: Event
    place: Place
    timeline: Timeline
    told: set[PointKey]  #: the points that stand in the tree already: each does so once
    depth: _Depth  #: how much may be told below it
    occurrence: Occurrence | None = None

    def words(self, form: Form) -> str:
        """The words of a part of the line."""
        return " ".join(self.line.text[form.span[0] : form.span[1]].split())

    def beside(self) -> frozenset[PointKey]:
        """The series that the line names of which it means the same occurrence."""
        return series_named_beside(self.line, self.event.agreement, self.timeline.families)


def _of_point(
    key: PointKey, event: Event, timeline: Timeline, told: set[PointKey], depth: _Depth
) -> Step:
    """The step of a point. `told` are those that stand in the tree already: each does so once."""
    told.add(key)
    occurrence = key.occurrence
    line = event.line(key.side)
    stated = event.statement(key.side)
    bounds = timeline.bounds_by_key.get(key, NEVER)
    if key in timeline.settled:
        return Step(_settling_rule(key, event, timeline), stated, bounds, key, event, occurrence)
    if line is None:
        return Step("unstated", stated, bounds, key, event)
    place = timeline.place(event)
    if occurrence is not None:
        known, families = timeline.bounds_by_key, timeline.families
        place = OccurrencePlaces(event, place, known, families).of(occurrence)
    elif line.each is not None:  # there are no occurrences yet
        each = _first_each(line.each, event, timeline)
        place = timeline.place(event, lenient=True)._replace(each=each)
    whole = _Line(line, event, place, timeline, told, depth.below(line), occurrence)
    step = _of_form(line.form, whole)
    happens_again = event.repeating and key.side in ("when", "due")
    goes_on = event.renews if key.side == "end" else happens_again
    rolled = () if goes_on else tuple(_roll_notes(event, step.bounds, place))
    if key.side == "end" and event.renews is not None:
        step = _of_term(step, whole, event.renews, bounds)
    elif happens_again:
        step = _of_occurrence(step, whole, bounds)
    notes = (*step.notes, *rolled, *_start_notes(key, timeline))
    return step._replace(point=key, event=event, occurrence=occurrence, notes=notes)


def _first_each(each: Each, event: Event, timeline: Timeline) -> Bounds:
    """What a line is repeated for, while there is none of it: the first that there can be."""
    known, during = timeline.bounds_by_key, event.during and key_of(event.during, event.agreement)
    start = NEVER if not during else known.get(during._replace(side="start"), NEVER)
    earliest = start.earliest or date.min
    if each.of is None:
        first = next(edges_after(each.edge, each.unit, local_day(earliest)), None)
        return Bounds(first, None, None)
    of = known.get(key_of(each.of, event.agreement), NEVER)
    if of.earliest is None or order_key(earliest, "UTC")[0] <= order_key(of.earliest, "UTC")[0]:
        return of
    return of._replace(earliest=earliest)


def _of_term(stated: Step, line: _Line, renewal: Renewal, bounds: Bounds) -> Step:
    """The end of a term, or the end for good; below it the end that is stated."""
    words = f"renews {renewal.text}"
    notes: list[Note] = []
    key: PointKey = line.event.key("end")
    below: tuple[Step, ...] = (stated,)
    if line.occurrence is None:
        rule = "renews.for-good"
        if renewal.only_if is not None and (terms := line.timeline.families.get(key)):
            rule = "renews.lapsed" if bounds.exact else "renews.lapses"
            below += tuple(_of_renewal(renewal.only_if, list(terms)[-1], line))
    else:
        days = line.timeline.families.get(key, ())
        first = stated.bounds.earliest
        rule = "renews.stated" if first and local_day(first) == line.occurrence else "renews"
        if days and bounds.latest is None:
            notes.append(Note("may-be-cut-by-notice"))
        notes += _roll_notes_of(line.occurrence, line)
    return Step(rule, words, bounds, below=below, notes=tuple(notes))


def _of_renewal(ref: Ref, end: Occurrence, line: _Line) -> Iterator[Step]:
    """What would renew the term that ends on that day; nothing where no more can."""
    named = key_of(ref, line.event.agreement).at(end)
    bounds = line.timeline.bounds_by_key.get(named)
    if bounds is not None:
        yield _naming("renews.if", named.name_in(line.event.agreement), bounds, named, line)


def _of_occurrence(stated: Step, line: _Line, bounds: Bounds) -> Step:
    """An occurrence of what repeats, or the one point that stands for them while they wait."""
    event = line.event
    if line.occurrence is None:
        happens = event.repeats is not None and event.repeats.named_by == "name"
        rule = "repeats.happens" if happens and bounds.earliest is not None else "repeats.waiting"
        return Step(rule, event.statement("when"), bounds, below=(stated,))
    notes: list[Note] = []
    if bounds.latest is None and event.during is not None:
        notes += _cut_notes(event.during, line)
    if event.repeats is None:
        rolled = _roll_notes(event, stated.bounds, line.place)
        return stated._replace(bounds=bounds, notes=(*stated.notes, *rolled, *notes))
    if event.repeats.named_by == "number":
        return _of_number(stated, line, bounds, notes)
    notes += _roll_notes_of(line.occurrence, line)
    words = f"repeats {event.repeats.text}"
    return Step("repeats", words, bounds, below=(stated,), notes=tuple(notes))


def _cut_notes(during: Ref, line: _Line) -> Iterator[Note]:
    """Which sides of the event after `during` may still cut the occurrence off."""
    key, bounds_by_key = key_of(during, line.event.agreement), line.timeline.bounds_by_key
    start, end = (bounds_by_key.get(key._replace(side=side)) for side in ("start", "end"))
    zone = line.timeline.agreement(key.agreement).timezone
    day = line.occurrence
    if not isinstance(day, date):  # known by a number or a name: the day that is referred to
        each = line.place.each
        if each is None or each.counts_to is None:
            return
        day = day_in(each.counts_to, zone)
    for side in Limits(start, end, zone).may_cut(day):
        texts = (("stated", f"{side} of {during}"),)
        yield Note(f"may-be-cut-by-{side}", (("day", day),), texts)


def _of_number(stated: Step, line: _Line, bounds: Bounds, notes: list[Note]) -> Step:
    """One that is counted from when the one before was done; the first as it is stated."""
    event, number = line.event, line.occurrence
    if event.repeats is None or not isinstance(number, int) or number == 1:
        return stated._replace(bounds=bounds, notes=(*stated.notes, *notes))
    before = event.key("when").at(number - 1)
    step = Step("repeats.done", f"repeats {event.repeats.text}", bounds, notes=tuple(notes))
    if not line.depth.has_room(line.line):
        return step._replace(notes=(*notes, _elsewhere(before)))
    below = _of_point(before, event, line.timeline, line.told, line.depth)
    return step._replace(below=(below,))


def _settling_rule(key: PointKey, event: Event, timeline: Timeline) -> str:
    if key in timeline.supposed:
        return "supposed"
    return "withdrawn" if timeline.bounds_by_key[key] == NEVER else "recorded"


def _start_notes(key: PointKey, timeline: Timeline) -> Iterator[Note]:
    """A start that never comes leaves its end standing."""
    start = timeline.bounds_by_key.get(key._replace(side="start"))
    end = timeline.bounds_by_key.get(key, NEVER)
    if key.side == "end" and start is not None and start.earliest is None and end.earliest:
        yield Note("start-never")


def _of_form(form: Form, line: _Line) -> Step:
    place, words = line.place, line.words(form)

    def below(part: Form) -> Step:
        return _of_form(part, line)

    match form:
        case Ref():
            return _of_ref(form, words or str(form), line)
        case Each():
            return _of_each(form, words, line)
        case Choice():
            return _of_choice(form, words, place, tuple(below(item) for item in form.items))
        case OrIf():
            return _of_or_if(form, words, line)
        case Lasts():
            words = line.line.statement
        case NotAfter():
            step = Step(form.rule(), words, form.bounds(place), notes=form.notes(place))
            parts = tuple(below(part) for part in form.parts())
            return step._replace(below=parts, last_day=form.last_day(place))
        case _:  # most words are explained by what they come to and the parts behind it
            pass
    steps = tuple(below(part) for part in form.parts())
    return Step(form.rule(), words, form.bounds(place), below=steps, notes=form.notes(place))


def _of_ref(form: Ref, words: str, line: _Line) -> Step:
    """Another point. The start that `lasts` counts from stands in no line."""
    named = key_of(form, line.event.agreement)
    if line.occurrence is not None and named in line.beside():
        named = named.at(line.occurrence)
    return _naming(form.rule(), words, form.bounds(line.place), named, line)


def _naming(rule: str, words: str, bounds: Bounds, named: PointKey, line: _Line) -> Step:
    if named in line.told:
        return Step(rule, words, bounds, notes=(Note("told-above"),))
    event = line.timeline.event_of(named)
    # A timeline may have been narrowed.
    if event is None or not line.depth.has_room(event.line(named.side)):
        return Step(rule, words, bounds, notes=(_elsewhere(named),))
    below = _of_point(named, event, line.timeline, line.told, line.depth)
    return Step(rule, words, bounds, below=(below,), last_day=below.last_day)


def _elsewhere(named: PointKey) -> Note:
    """Where to go on: each point can be asked for by itself."""
    return Note("told-elsewhere", texts=(("name", str(named)),))


def _of_each(form: Each, words: str, line: _Line) -> Step:
    """What the line is repeated for: the one that this occurrence is of."""
    bounds = form.bounds(line.place)
    if form.of is None:
        return Step("each", words, bounds)
    named = key_of(form.of, line.event.agreement)
    if line.occurrence is not None:
        named = named.at(line.occurrence)
    return _naming("each", words, bounds, named, line)


def _of_or_if(form: OrIf, words: str, line: _Line) -> Step:
    """The first point and each clause, with the one that stands and those that no longer can."""
    outcome = form.outcome(line.place)

    def mark(step: Step, point: Form, number: int) -> Step:
        decides = outcome.stands == number
        dropped = not decides and all(point is not part for part in outcome.live)
        return step._replace(decides=decides, dropped=dropped)

    steps = [mark(_of_form(form.first, line), form.first, 0)]
    for number, (point, event) in enumerate(form.clauses, 1):
        below = (_of_form(point, line), _of_form(event, line))
        stated = f"or {line.words(point)} if {line.words(event)}"
        step = Step("if", stated, point.bounds(line.place), below=below)
        steps.append(mark(step, point, number))
    return Step("or-if", words, outcome.bounds, below=tuple(steps))


def _of_choice(form: Choice, words: str, place: Place, steps: tuple[Step, ...]) -> Step:
    """A choice, with the item that decides, a tie, and the items that no longer matter."""
    bounds = form.bounds(place)
    live = form.live_parts(place)
    standing = [step for step in steps if step.bounds.stands is not None]
    giving = [
        step for step in standing if bounds.stands and _gives(step.bounds, bounds.stands, place)
    ]
    giving.sort(key=lambda step: step.bounds.forecast)  # on a tie the deadline decides
    items = []
    for option, step in zip(form.items, steps, strict=True):
        decides = bool(giving) and step is giving[0]
        dropped = not decides and all(option is not part for part in live)
        notes = (*step.notes, *_drop_notes(form, step, steps, place)) if dropped else step.notes
        items.append(step._replace(decides=decides, dropped=dropped, notes=notes))
    return Step(form.which, words, bounds, below=tuple(items), notes=tuple(_tie(giving)))


def _tie(giving: list[Step]) -> Iterator[Note]:
    """The first item decides; another that gives the same day may be a forecast."""
    for rival in giving[1:2]:
        differ = giving[0].bounds.forecast != rival.bounds.forecast
        yield Note("tie.deadline" if differ else "tie", texts=(("stated", rival.stated),))


def _gives(bounds: Bounds, stands: Window, place: Place) -> bool:
    """Whether an item gives the last day that stands; an instant may equal a day's end."""
    if bounds.stands is None:
        return False
    return order_key(bounds.stands.latest, place.zone)[0] == order_key(stands.latest, place.zone)[0]


def _drop_notes(form: Choice, step: Step, steps: tuple[Step, ...], place: Place) -> Iterator[Note]:
    """Why an item of a choice can no longer change the answer."""
    bounds = step.bounds
    if bounds.earliest is None:
        yield Note("dropped.never")
        return
    for rival in steps:
        if rival is step:
            continue
        texts = (("stated", rival.stated),)
        if form.which == "earliest" and rival.bounds.latest is not None:
            if not precedes(bounds.earliest, rival.bounds.latest, place.zone, bounds.opens):
                yield Note("dropped.later", (("day", rival.bounds.latest),), texts)
                return
        elif form.which == "latest" and bounds.latest is not None:
            first = rival.bounds.earliest
            if first is None:
                yield Note("dropped.beside-never", texts=texts)
                return
            if not precedes(first, bounds.latest, place.zone, rival.bounds.opens):
                yield Note("dropped.sooner", (("day", first),), texts)
                return


def _roll_notes_of(occurrence: Occurrence, line: _Line) -> Iterator[Note]:
    """Off what closed day an occurrence was moved that is known by its own day."""
    if isinstance(occurrence, date):
        yield from _roll_notes(line.event, exact_bounds(occurrence), line.place)


def _roll_notes(event: Event, bounds: Bounds, place: Place) -> Iterator[Note]:
    """What day a point was moved off, and why that one was closed; `bounds` is as it was before."""
    if event.roll in (None, "none") or place.open_days is None:
        return
    yield from _rolls(event, bounds, place)
    if estimates := estimates_of_roll(event.roll, bounds, place):
        from tracker.dates.estimates import estimate_notes

        yield from estimate_notes(estimates)


def _rolls(event: Event, bounds: Bounds, place: Place) -> Iterator[Note]:
    if event.roll in (None, "none") or place.open_days is None:
        return
    for moment in dict.fromkeys(bounds.stands or ()):
        day = local_day(moment)
        moved = place.open_days.roll(day, event.roll)
        if moved == day:
            continue
        moments: tuple[tuple[str, Moment], ...] = (("day", day), ("reached", moved))
        name = place.open_days.name
        if place.open_days.is_named(day):
            besides = (day,) if place.open_days.is_closed_besides(day) else ()
            case = f"rolled-holiday.{event.roll}"
            yield Note(case, moments, calendar=name, closed=(day,), besides=besides)
        else:
            yield Note(f"rolled-weekend.{event.roll}", moments, calendar=name)
