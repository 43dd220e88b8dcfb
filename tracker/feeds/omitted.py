"""Which points a feed shows and which it omits, and why: nothing is left out in silence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from tracker.feeds.calendar import Draft, Publication, chosen_entries
from tracker.feeds.json import occurrence_json
from tracker.feeds.query import FeedChoice
from tracker.i18n.points import title_of
from tracker.timeline.filters import Where, all_admit, labels_of
from tracker.timeline.points import Point

#: Why: it has no day yet, it can no longer come, it is over, something else was asked for.
Reason: TypeAlias = Literal["waiting", "never", "past", "not-chosen"]
REASONS: tuple[Reason, ...] = ("waiting", "never", "past", "not-chosen")


class OmittedPoint(NamedTuple):
    """A point that a feed does not show, and why."""

    point: Point
    reason: Reason


def shown_and_omitted(
    published: Publication, choice: FeedChoice, within: Sequence[Where] = ()
) -> tuple[int, list[OmittedPoint]]:
    """How many points the feed shows, and those that it omits, in the timeline's order.

    What lies outside `within`, a secret link's filter, is not even counted.
    """
    uids = {entry.uid for entry in chosen_entries(published, choice)}
    drafts = [
        draft
        for draft in published.drafts.by_key.values()
        if all_admit(within, labels_of(draft.point.event))
    ]
    omitted = list(_find_omitted(drafts, choice, uids))
    return len(drafts) - len(omitted), omitted


def _find_omitted(
    drafts: Iterable[Draft], choice: FeedChoice, uids: set[str]
) -> Iterator[OmittedPoint]:
    for draft in drafts:
        point, entry = draft.point, draft.entry
        if entry is not None and entry.uid in uids:
            continue
        if not all_admit(choice.where, labels_of(point.event)):
            yield OmittedPoint(point, "not-chosen")
        elif entry is None or entry.is_cancelled:
            yield OmittedPoint(point, "never")
        elif entry.is_todo and not choice.waiting:
            yield OmittedPoint(point, "waiting")
        else:
            yield OmittedPoint(point, "past")


def counts_by_reason(omitted: list[OmittedPoint]) -> dict[str, int]:
    """How many points are omitted for each reason that occurs."""
    counts = Counter(point.reason for point in omitted)
    return {reason: counts[reason] for reason in REASONS if counts[reason]}


def omitted_json(
    published: Publication, choice: FeedChoice, within: Sequence[Where] = ()
) -> dict[str, Any]:
    """How many points the feed shows, and each that it omits, with its reason."""
    shown, omitted = shown_and_omitted(published, choice, within)
    agreements = {agreement.id: agreement for agreement in published.timeline.agreements}
    return {
        "shown": shown,
        "counts": {reason: counts_by_reason(omitted).get(reason, 0) for reason in REASONS},
        "left_out": [
            {
                "agreement": point.event.agreement,
                "id": point.event.id,
                "point": point.side,
                "occurrence": occurrence_json(point.occurrence),
                "title": title_of(point.event, agreements[point.event.agreement], choice.language),
                "reason": reason,
                "waits_for": list(point.waits_for_names),
            }
            for point, reason in omitted
        ],
    }
