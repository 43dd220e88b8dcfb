"""The tree behind an answer: each step with its bounds, its words, the rules that decided it.

A step says what the words come to; its notes say which rule decided where one did: a day number
kept or clamped, a closed day passed or moved off, a tie, a branch dropped.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tracker.dates.forms import Choice, Edge, Exact, Form, Lasts, NotBefore, Ref, parts
from tracker.timeline.bounds import NEVER, Place, Reach, Window, order, precedes, reach_of
from tracker.timeline.events import Event, Key, Line, key_of
from tracker.timeline.notes import Note, notes_on, roll_notes
from tracker.timeline.resolve import Point, Timeline
from tracker.timeline.waits import live_items


class Step(NamedTuple):
    """One step: what the words say, what they come to, and what that rests on."""

    rule: str  #: the form, or recorded, supposed, withdrawn, unstated
    stated: str  #: the words of the step
    reach: Reach
    point: Key | None = None  #: of a point: whose line, record or withdrawal this is
    event: Event | None = None
    below: tuple[Step, ...] = ()
    notes: tuple[Note, ...] = ()  #: which rules decided
    dropped: bool = False  #: of an item in a choice: it can no longer change the answer
    decides: bool = False  #: of an item in a choice: it gives the day that stands


def why(point: Point, timeline: Timeline) -> Step:
    """How the answer for a point came about, down to the sentences and records it rests on."""
    return _of_point(point.key, timeline, set())


def _of_point(key: Key, timeline: Timeline, told: set[Key]) -> Step:
    """The step of a point. `told` are those that stand in the tree already: each does so once."""
    told.add(key)
    event = next(e for e in timeline.events if (e.agreement, e.id) == key[:2])
    line = event.line(key[2])
    stated = line.stated if line is not None else ""
    reach = timeline.reaches.get(key, NEVER)
    if key in timeline.settled:
        return Step(_settled_by(key, event, timeline), stated, reach, key, event)
    if line is None:
        return Step("unstated", stated, reach, key, event)
    place = timeline.place(event)
    step = _of_form(line.form, line, event, timeline, told)
    notes = (*step.notes, *roll_notes(event, step.reach, place), *_start_notes(key, timeline))
    return step._replace(point=key, event=event, notes=notes)


def _settled_by(key: Key, event: Event, timeline: Timeline) -> str:
    if key in timeline.supposed:
        return "supposed"
    return "withdrawn" if timeline.reaches[key] == NEVER else "recorded"


def _start_notes(key: Key, timeline: Timeline) -> Iterator[Note]:
    """A start that never comes leaves its end standing."""
    start = timeline.reaches.get((key[0], key[1], "start"))
    end = timeline.reaches.get(key, NEVER)
    if key[2] == "end" and start is not None and start.earliest is None and end.earliest:
        yield Note("start-never")


def _of_form(form: Form, line: Line, event: Event, timeline: Timeline, told: set[Key]) -> Step:
    place = timeline.place(event)
    words = " ".join(line.text[form.span[0] : form.span[1]].split())

    def below(part: Form) -> Step:
        return _of_form(part, line, event, timeline, told)

    match form:
        case Ref():
            named = key_of(form, event.agreement)
            words = words or str(form)  # the start that `lasts` counts from stands in no line
            rule, reach = "due" if form.side == "due" else "ref", reach_of(form, place)
            if named in told:
                return Step(rule, words, reach, notes=(Note("told-above"),))
            return Step(rule, words, reach, below=(_of_point(named, timeline, told),))
        case Choice():
            return _of_choice(form, words, place, tuple(below(item) for item in form.items))
        case NotBefore():
            rule = "after"
        case Lasts():
            rule, words = "lasts", line.stated
        case Exact(_, clock) if clock is not None:
            rule = "instant"
        case Edge(edge, unit):
            rule = f"edge.{edge}.{unit}"
        case _:
            rule = type(form).__name__.lower()
    steps = tuple(below(part) for part in parts(form))
    return Step(rule, words, reach_of(form, place), below=steps, notes=notes_on(form, place))


def _of_choice(form: Choice, words: str, place: Place, steps: tuple[Step, ...]) -> Step:
    """A choice, with the item that decides, a tie, and the items that no longer matter."""
    reach = reach_of(form, place)
    live = live_items(form, place)
    standing = [step for step in steps if step.reach.stands is not None]
    giving = [step for step in standing if reach.stands and _gives(step.reach, reach.stands, place)]
    giving.sort(key=lambda step: step.reach.forecast)  # on a tie the deadline decides
    items = []
    for item, step in zip(form.items, steps, strict=True):
        decides = bool(giving) and step is giving[0]
        dropped = not decides and not any(item is one for one in live)
        notes = (*step.notes, *_dropped_for(form, step, steps, place)) if dropped else step.notes
        items.append(step._replace(decides=decides, dropped=dropped, notes=notes))
    return Step(form.which, words, reach, below=tuple(items), notes=tuple(_tie(giving)))


def _tie(giving: list[Step]) -> Iterator[Note]:
    """The first item decides; another that gives the same day may be a forecast."""
    for other in giving[1:2]:
        differ = giving[0].reach.forecast != other.reach.forecast
        yield Note("tie.deadline" if differ else "tie", texts=(("stated", other.stated),))


def _gives(reach: Reach, stands: Window, place: Place) -> bool:
    """Whether an item gives the last day that stands; an instant may equal a day's end."""
    if reach.stands is None:
        return False
    return order(reach.stands.latest, place.zone)[0] == order(stands.latest, place.zone)[0]


def _dropped_for(form: Choice, step: Step, steps: tuple[Step, ...], place: Place) -> Iterator[Note]:
    """Why an item of a choice can no longer change the answer."""
    reach = step.reach
    if reach.earliest is None:
        yield Note("dropped.never")
        return
    for other in steps:
        if other is step:
            continue
        texts = (("stated", other.stated),)
        if form.which == "earliest" and other.reach.latest is not None:
            if not precedes(reach.earliest, other.reach.latest, place.zone, reach.opens):
                yield Note("dropped.later", (("day", other.reach.latest),), texts)
                return
        elif form.which == "latest" and reach.latest is not None:
            first = other.reach.earliest
            if first is None:
                yield Note("dropped.beside-never", texts=texts)
                return
            if not precedes(first, reach.latest, place.zone, other.reach.opens):
                yield Note("dropped.sooner", (("day", first),), texts)
                return
