"""How an answer came about, as text that can be pasted into a mail."""

from __future__ import annotations

from collections.abc import Iterator

from tracker.dates.business_days import open_days
from tracker.timeline.notes import Note
from tracker.timeline.points import Point, Timeline
from tracker.timeline.reach import Reach, Window
from tracker.timeline.why import Step, why
from tracker.wording.dates import long_day, long_moment, window_text
from tracker.wording.points import grounds_of, label_of, title_of
from tracker.wording.sentences import Language, say


def explained(point: Point, timeline: Timeline, language: Language) -> list[str]:
    """The answer for a point, and below it each step with its words and its source."""
    agreement = timeline.agreement(point.event.agreement)
    label = label_of(point, agreement, language)
    lines = [say(language, "why.answer", label=label, reach=reach_text(point.reach, language))]
    if point.counts_to is not None and point.stands != (point.counts_to, point.counts_to):
        day = long_moment(point.counts_to, language)
        name = "why.counts.forecast" if point.reach.forecast else "why.counts.deadline"
        lines.append(f"  {say(language, name, day=day)}")
    return lines + list(_steps(why(point, timeline), timeline, language, 1))


def reach_text(reach: Reach, language: Language) -> str:
    """What a step comes to."""
    if reach.earliest is None:
        return say(language, "reach.never")
    first = long_moment(reach.earliest, language)
    stands = reach.stands and window_text(reach.stands, language)
    if reach.latest is None:
        name = "reach.open.stands" if stands else "reach.open"
        return say(language, name, first=first, stands=stands)
    window = Window(reach.earliest, reach.latest)
    text = window_text(window, language)
    if stands is None or stands == text:
        return text
    return say(language, "reach.moves", window=text, stands=stands)


def _steps(step: Step, timeline: Timeline, language: Language, depth: int) -> Iterator[str]:
    margin = "  " * depth
    yield margin + _sentence(step, language)
    if step.dropped:
        yield f"{margin}  {say(language, 'why.dropped')}"
    if step.decides:
        yield f"{margin}  {say(language, 'why.decides')}"
    for note in step.notes:
        yield f"{margin}  {note_text(note, language)}"
    for text in _grounds(step, timeline, language):
        yield f"{margin}  {text}"
    for below in step.below:
        yield from _steps(below, timeline, language, depth + 1)


def note_text(note: Note, language: Language) -> str:
    """Which rule decided, in a sentence."""
    values: dict[str, str] = dict(note.texts)
    values |= {name: long_moment(moment, language) for name, moment in note.moments}
    if note.calendar is not None:
        days = open_days(note.calendar)
        closed = [(day, days.closed_for(day, language) or "") for day in note.closed]
        named = [
            say(language, "note.closed-day", day=long_day(day, language), name=name)
            for day, name in closed
        ]
        values |= {"calendar": note.calendar, "days": say(language, "comma").join(named)}
        values |= {"name": closed[0][1] if closed else ""}
    return say(language, f"note.{note.case}", **values)


def _sentence(step: Step, language: Language) -> str:
    reach = reach_text(step.reach, language)
    day = ""
    if step.event is not None and (withdrawn := step.event.withdrawal(step.occurrence)):
        day = long_day(withdrawn, language)
    return say(language, f"why.{step.rule}", stated=step.stated, reach=reach, day=day)


def _grounds(step: Step, timeline: Timeline, language: Language) -> Iterator[str]:
    """The sentence and the source that a point rests on."""
    event = step.event
    if event is None:
        return
    agreement = timeline.agreement(event.agreement)
    title = title_of(event, agreement, language)
    yield say(language, "why.event", title=title, name=event.name)
    yield from grounds_of(event, agreement, language)
