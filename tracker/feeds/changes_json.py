"""Differences between two timelines as JSON: every key is always there, an absent value is null."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tracker.feeds.json import moment_json, occurrence_json, point_json
from tracker.i18n.directions import without_isolates
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
    differences: Iterable[Difference], changes: Changes, language: Language
) -> list[dict[str, Any]]:
    return [
        _difference(difference, changes, language) for difference in differences if difference.kinds
    ]


def _difference(difference: Difference, changes: Changes, language: Language) -> dict[str, Any]:
    point = difference.point
    agreement = changes.timeline_of(difference).agreement(point.event.agreement)
    return {
        "agreement": point.event.agreement,
        "id": point.event.id,
        "point": point.side,
        "occurrence": occurrence_json(point.occurrence),
        "title": without_isolates(label_of(point, agreement, language)),
        "kinds": list(difference.kinds),
        "days": difference.days,
        "before": _point(difference.before, changes.before, language),
        "after": _point(difference.after, changes.after, language),
        "causes": [_cause(cause) for cause in difference.causes],
    }


def _point(point: Point | None, timeline: Timeline, language: Language) -> dict[str, Any] | None:
    if point is None:
        return None
    return point_json(point, timeline.agreement(point.event.agreement), language)


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "kind": cause.kind,
        "agreement": cause.key.agreement,
        "event": cause.key._replace(side="when").name_in(cause.key.agreement) or None,
        "point": cause.key.side,
        "amendment": cause.what or None,
        "fields": list(cause.fields),
        "day": moment_json(cause.day),
    }
