"""The tree behind an answer: each step with its bounds, its words and its source."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tracker.dates.forms import Choice, Form, NotBefore, Offset, Ref
from tracker.timeline.bounds import NEVER, Reach, reach_of
from tracker.timeline.events import Event, Key, Line, key_of
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
    dropped: bool = False  #: of an item in a choice: it can no longer change the answer
    decides: bool = False  #: of an item in a choice: it gives the day that stands


def why(point: Point, timeline: Timeline) -> Step:
    """How the answer for a point came about, down to the sentences and records it rests on."""
    return _of_point(point.key, timeline, frozenset())


def _of_point(key: Key, timeline: Timeline, seen: frozenset[Key]) -> Step:
    event = next(e for e in timeline.events if (e.agreement, e.id) == key[:2])
    line = event.line(key[2])
    stated = line.stated if line is not None else ""
    reach = timeline.reaches.get(key, NEVER)
    if key in timeline.settled:
        record = event.record(key[2])
        if record is not None and reach.earliest == record:
            return Step("recorded", stated, reach, key, event)
        withdrawn = event.withdrawn is not None and event.withdrawn <= timeline.as_of
        rule = "withdrawn" if withdrawn and reach == NEVER else "supposed"
        return Step(rule, stated, reach, key, event)
    if line is None:
        return Step("unstated", stated, reach, key, event)
    step = _of_form(line.form, line, event, timeline, seen | {key})
    return step._replace(point=key, event=event)


def _of_form(
    form: Form, line: Line, event: Event, timeline: Timeline, seen: frozenset[Key]
) -> Step:
    reach = _reach(event, timeline)
    words = " ".join(line.text[form.span[0] : form.span[1]].split())

    def below(part: Form) -> Step:
        return _of_form(part, line, event, timeline, seen)

    match form:
        case Ref():
            named = key_of(form, event.agreement)
            inner = () if named in seen else (_of_point(named, timeline, seen),)
            return Step("ref", words, reach(form), below=inner)
        case Choice():
            items = _items(form, reach, below)
            return Step(form.which, words, reach(form), below=items)
        case Offset():
            return Step("offset", words, reach(form), below=(below(form.operand),))
        case NotBefore():
            return Step("after", words, reach(form), below=(below(form.operand),))
        case _:
            return Step(type(form).__name__.lower(), words, reach(form))


def _items(
    form: Choice, reach: Callable[[Form], Reach], below: Callable[[Form], Step]
) -> tuple[Step, ...]:
    live = live_items(form, reach)
    stands = reach(form).stands
    steps = []
    decided = False
    for item in form.items:
        step = below(item)
        decides = not decided and stands is not None and step.reach.stands is not None
        decides = decides and step.reach.counts_to == reach(form).counts_to
        decided = decided or decides
        dropped = not any(item is one for one in live)
        steps.append(step._replace(dropped=dropped and not decides, decides=decides))
    return tuple(steps)


def _reach(event: Event, timeline: Timeline) -> Callable[[Form], Reach]:
    def named(ref: Ref) -> Reach:
        return timeline.reaches[key_of(ref, event.agreement)]

    return lambda form: reach_of(form, timeline.as_of, named)
