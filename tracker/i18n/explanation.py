"""How an answer came about: the tree in words, and as text that can be pasted into a mail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from tracker.dates.calendars import open_days
from tracker.dates.notes import Note
from tracker.i18n.amendments import amendment_sentences, record_sentences
from tracker.i18n.dates import bounds_text, long_day, long_moment
from tracker.i18n.points import (
    answer_bounds_text,
    grounds_of,
    plain_label,
    punctuality_text,
    title_of,
)
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.explanation import MOST_POINTS, Step, explain_point
from tracker.timeline.lateness import record_lateness
from tracker.timeline.points import Point, Timeline


class ExplanationStep(NamedTuple):
    """A step in words."""

    sentence: str  #: the words as stated, and what they come to
    beside: tuple[str, ...]  #: whether it decides, which rules did, and what it rests on
    below: tuple[ExplanationStep, ...]


def explanation_lines(point: Point, timeline: Timeline, language: Language) -> list[str]:
    """The answer for a point, and below it each step with its words and its source."""
    lines = answer_text(point, timeline, language)
    return [
        lines[0],
        *(f"  {line}" for line in lines[1:]),
        *_lines(explanation_tree(point, timeline, language)),
    ]


def answer_text(point: Point, timeline: Timeline, language: Language) -> list[str]:
    """The answer for a point in a sentence; in another which of its days counts."""
    agreement = timeline.agreement(point.event.agreement)
    label = plain_label(point, agreement, language)
    bounds = answer_bounds_text(point, language)
    answer = translate(language, "why.answer", label=label, bounds=bounds)
    counted = counted_text(point, language)
    return [answer] if counted is None else [answer, counted]


def counted_text(point: Point, language: Language) -> str | None:
    """Which of its days counts, and as what; None where there is but one."""
    if point.counts_to is None or point.stands == (point.counts_to, point.counts_to):
        return None
    day = long_moment(point.counts_to, language)
    kind = "forecast" if point.bounds.forecast else "deadline"
    kind = "period" if point.bounds.forecast and point.bounds.period_end else kind
    kind = "option" if point.status == "option" else kind
    return translate(language, f"why.counts.{kind}", day=day)


def explanation_tree(
    point: Point, timeline: Timeline, language: Language, deepest: int = MOST_POINTS
) -> ExplanationStep:
    """The steps behind the answer for a point; `deepest` as in explain_point()."""
    return _in_words(explain_point(point, timeline, deepest), timeline, language)


def _in_words(step: Step, timeline: Timeline, language: Language) -> ExplanationStep:
    beside = [
        *([translate(language, "why.dropped")] if step.dropped else ()),
        *([translate(language, "why.decides")] if step.decides else ()),
        *_punctuality(step, timeline, language),
        *(note_text(note, language) for note in step.notes),
        *_grounds(step, timeline, language),
    ]
    below = tuple(_in_words(part, timeline, language) for part in step.below)
    return ExplanationStep(_sentence(step, language), tuple(beside), below)


def _lines(step: ExplanationStep, depth: int = 1) -> Iterator[str]:
    margin = "  " * depth
    yield margin + step.sentence
    yield from (f"{margin}  {text}" for text in step.beside)
    for below in step.below:
        yield from _lines(below, depth + 1)


def note_text(note: Note, language: Language) -> str:
    """Which rule decided, in a sentence."""
    values: dict[str, str] = dict(note.texts)
    values |= {name: long_moment(moment, language) for name, moment in note.moments}
    if note.calendar is not None:
        closed = [(day, _closed_by(day, note, language)) for day in note.closed]
        named = [
            translate(language, "note.closed-day", day=long_day(day, language), name=name)
            for day, name in closed
        ]
        values |= {"calendar": note.calendar, "days": comma_list(named, language)}
        values |= {"name": closed[0][1] if closed else ""}
    return translate(language, f"note.{note.case}", **values)


def _closed_by(day: date, note: Note, language: Language) -> str:
    """What closes a day: the file, a holiday by its name, or the weekend."""
    if day in note.besides:
        return translate(language, "note.closed-besides")
    name = open_days(note.calendar or "").holiday_name(day, language)
    return name or translate(language, "note.weekend")


def _sentence(step: Step, language: Language) -> str:
    bounds = bounds_text(step.bounds, language, step.last_day)
    day = ""
    if step.event is not None and (withdrawn := step.event.withdrawal(step.occurrence)):
        day = long_day(withdrawn, language)
    return translate(language, f"why.{step.rule}", stated=step.stated, bounds=bounds, day=day)


def _punctuality(step: Step, timeline: Timeline, language: Language) -> Iterator[str]:
    """By how many days a record is early, or late."""
    if step.rule != "recorded" or step.event is None or step.point is None:
        return
    days = record_lateness(step.event, step.point.side, step.occurrence, timeline)
    if punctuality := punctuality_text(days, language):
        yield translate(language, "why.punctuality", punctuality=punctuality)


def _grounds(step: Step, timeline: Timeline, language: Language) -> Iterator[str]:
    """The sentence and the source that a point rests on."""
    event = step.event
    if event is None:
        return
    agreement = timeline.agreement(event.agreement)
    title = title_of(event, agreement, language)
    yield translate(language, "why.event", title=title, name=event.name)
    if step.point is not None and step.rule != "supposed":
        is_settled = step.rule in ("recorded", "withdrawn")
        sentences = record_sentences if is_settled else amendment_sentences
        yield from sentences(step.point, agreement, timeline.as_of, language)
    yield from grounds_of(event, agreement, language)
