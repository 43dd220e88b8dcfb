"""Differences between two timelines as JSON: every key is always there, an absent value is null."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.feeds.json import point_json
from tracker.i18n.points import label_of
from tracker.i18n.translate import Language
from tracker.timeline.causes import Cause
from tracker.timeline.differences import Changes, Difference
from tracker.timeline.points import Point, Timeline


def changes_json(changes: Changes, language: Language) -> dict[str, Any]:
    """Both views' days, what was changed between them, and what follows from the later day."""
    return {
        "from": changes.before.as_of.isoformat(),
        "to": changes.after.as_of.isoformat(),
        "changes": _differences(changes.changed, changes, language),
        "passing": _differences(changes.passing, changes, language),
    }


def _differences(
    found: Iterable[Difference], changes: Changes, language: Language
) -> list[dict[str, Any]]:
    return [_difference(one, changes, language) for one in found if one.kinds]


def _difference(one: Difference, changes: Changes, language: Language) -> dict[str, Any]:
    point = one.point
    timeline = changes.before if one.after is None else changes.after
    agreement = timeline.agreement(point.event.agreement)
    return {
        "agreement": point.event.agreement,
        "id": point.event.id,
        "point": point.side,
        "occurrence": None if point.occurrence is None else point.occurrence.isoformat(),
        "title": label_of(one.point, agreement, language),
        "kinds": list(one.kinds),
        "days": one.days,
        "before": _point(one.before, changes.before, language),
        "after": _point(one.after, changes.after, language),
        "causes": [_cause(cause) for cause in one.causes],
    }


def _point(point: Point | None, timeline: Timeline, language: Language) -> dict[str, Any] | None:
    if point is None:
        return None
    return point_json(point, timeline.agreement(point.event.agreement), language)


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "agreement": cause.agreement,
        "event": cause.event or None,
        "point": cause.side,
        "amendment": cause.what or None,
        "fields": list(cause.fields),
        "day": None if cause.day is None else cause.day.isoformat(),
    }
