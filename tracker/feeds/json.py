"""The timeline as JSON: the shape that `tracker list --json` and the web API share.

Days are YYYY-MM-DD, instants RFC 3339 with the offset of their zone; an absent value is null, a
list is a list, and every key is always there.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.agreements.keys import Occurrence
from tracker.agreements.model import Agreement, Event, text_in
from tracker.dates.bounds import Window
from tracker.dates.estimated_holidays import Estimate
from tracker.dates.instants import Moment
from tracker.dates.notes import Note
from tracker.i18n.estimates import festival_name
from tracker.i18n.translate import Language
from tracker.timeline.agenda import Agenda, agenda_group, can_move
from tracker.timeline.explanation import Step, explain_point
from tracker.timeline.points import Point, Timeline
from tracker.timeline.waiting_groups import WaitingGroup, waiting_groups


def points_json(
    points: Iterable[Point], timeline: Timeline, language: Language
) -> list[dict[str, Any]]:
    """One object a point, in the order given."""
    agreements = {agreement.id: agreement for agreement in timeline.agreements}
    return [point_json(point, agreements[point.event.agreement], language) for point in points]


def point_json(point: Point, agreement: Agreement, language: Language) -> dict[str, Any]:
    """One point."""
    event = point.event
    return {
        "agreement": event.agreement,
        "id": event.id,
        "point": point.side,
        "occurrence": occurrence_json(point.occurrence),
        "title": text_in(event.title, language, agreement.language),
        "status": point.status,
        "state": point.state,
        "earliest": moment_json(point.earliest),
        "latest": moment_json(point.latest),
        "stands": _window_json(point.stands),
        "counts_to": moment_json(point.counts_to),
        "waits_for": list(point.waits_for_names),
        "estimated": [_estimate_json(estimate, language) for estimate in point.estimates],
        "as_stated": point.statement,
        "parties": list(event.parties),
        "tags": list(event.tags),
        "source": event.source,
        "quote": event.quote,
        "group": agenda_group(point),
    }


def _estimate_json(estimate: Estimate, language: Language) -> dict[str, Any]:
    """A holiday by whose estimate a point was counted."""
    return {
        "holiday": festival_name(estimate.calendar, estimate.festival.first, language),
        "calendar": estimate.calendar,
        "first": str(estimate.festival.first),
        "last": str(estimate.festival.last),
    }


def event_json(event: Event, timeline: Timeline, language: Language) -> dict[str, Any]:
    """One event, with all that is known of it, and its points."""
    agreement = timeline.agreement(event.agreement)
    source = agreement.source(event.source)
    return {
        "agreement": event.agreement,
        "id": event.id,
        "title": text_in(event.title, language, agreement.language),
        "note": None if event.note is None else text_in(event.note, language, agreement.language),
        "url": event.url,
        "withdrawn": moment_json(event.withdrawal()),
        "was": list(event.was),
        "source": source
        and {
            "id": source.id,
            "title": text_in(source.title, language, agreement.language),
            "url": source.url,
        },
        "points": points_json(timeline.of(event), timeline, language),
    }


def agenda_json(timeline: Timeline, agenda: Agenda, language: Language) -> dict[str, Any]:
    """The groups of the agenda; what is in force as events, all else as points.

    What comes stands in two lists, as it always has: what can still move is the second. What
    waits stands there by its id, and once more below what it waits for.
    """
    fixed = [point for point in agenda.upcoming if not can_move(point)]
    movable = [point for point in agenda.upcoming if can_move(point)]
    return {
        "as_of": timeline.as_of.isoformat(),
        "next": points_json(fixed, timeline, language),
        "may_move": points_json(movable, timeline, language),
        "waiting": points_json(agenda.waiting, timeline, language),
        "waiting_groups": [_group_json(group) for group in waiting_groups(timeline, agenda)],
        "in_force": [event_json(event, timeline, language) for event in agenda.in_force],
        "passed": points_json(agenda.passed, timeline, language),
        "past": points_json(agenda.past, timeline, language),
        "never": points_json(agenda.never, timeline, language),
    }


def _group_json(group: WaitingGroup) -> dict[str, Any]:
    """What is waited for, by step what comes before it, and what would then happen or move."""
    return {
        "waits_for": [str(key) for key in group.triggers],
        "before": [[str(key) for key in step] for step in group.before],
        "then": [str(point.key) for point in group.then],
        "moves": [str(point.key) for point in group.moved],
    }


def why_json(point: Point, timeline: Timeline, language: Language) -> dict[str, Any]:
    """A point with the tree of steps behind it."""
    agreement = timeline.agreement(point.event.agreement)
    return {
        **point_json(point, agreement, language),
        "why": _step_json(explain_point(point, timeline)),
    }


def _step_json(step: Step) -> dict[str, Any]:
    event = step.event
    return {
        "rule": step.rule,
        "stated": step.stated,
        "event": event.name if event is not None else None,
        "point": step.point[2] if step.point is not None else None,
        "earliest": moment_json(step.bounds.earliest),
        "latest": moment_json(step.bounds.latest),
        "stands": _window_json(step.bounds.stands),
        "decides": step.decides,
        "dropped": step.dropped,
        "notes": [_note_json(note) for note in step.notes],
        "source": event.source if event is not None else None,
        "quote": event.quote if event is not None else None,
        "why": [_step_json(below) for below in step.below],
    }


def _note_json(note: Note) -> dict[str, Any]:
    """Which rule decided, and on what."""
    return {
        "rule": note.case,
        **{name: moment.isoformat() for name, moment in note.moments},
        **dict(note.texts),
        "calendar": note.calendar,
        "closed": [day.isoformat() for day in note.closed],
    }


def moment_json(moment: Moment | None) -> str | None:
    """A day or instant as JSON writes it."""
    return None if moment is None else moment.isoformat()


def occurrence_json(occurrence: Occurrence | None) -> str | None:
    """What an occurrence is known by, as JSON writes it: a day, a number or a name."""
    return None if occurrence is None else str(occurrence)


def _window_json(window: Window | None) -> dict[str, Any] | None:
    if window is None:
        return None
    return {"earliest": moment_json(window.earliest), "latest": moment_json(window.latest)}
