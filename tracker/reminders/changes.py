"""Which changes a recipient is alerted of, and how they are grouped into messages.

What one edit changed is one message for each recipient, however many points follow: an import of
5,000 events is one.
"""

from __future__ import annotations

from tracker.reminders.recipients import Recipient
from tracker.timeline.differences import Changes, Difference, DifferenceKind

#: What tracker.toml calls the changes, and what of a difference each of them means.
KINDS: dict[str, frozenset[DifferenceKind]] = {
    "moved": frozenset(
        (
            "moved",
            "has-day",
            "possible-again",
            "settled",
            "may-move",
            "bounds",
            "option-now",
            "option-no-more",
        )
    ),
    "occurred": frozenset(("occurred", "starts", "ends", "resumes", "passed")),
    "waits": frozenset(("waits-now", "waits-for-less", "waits-for-other")),
    "amended": frozenset(("restated", "retold")),
    "withdrawn": frozenset(
        ("withdrawn", "never", "lapsed", "removed", "returned", "cut-off", "possible-again")
    ),
    "added": frozenset(("added", "listed")),
    "unrecorded": frozenset(("unrecorded",)),
}
#: Beside what an amendment changes otherwise, that it is one.
_BY_AMENDMENT = "amended"


def change_names(difference: Difference) -> frozenset[str]:
    """The names in KINDS under which somebody may want to hear of a difference."""
    names = {name for name, kinds in KINDS.items() if kinds & set(difference.kinds)}
    if names and any(cause.kind == "amendment" for cause in difference.causes):
        names.add(_BY_AMENDMENT)
    return frozenset(names)


def wanted_changes(changes: Changes, recipient: Recipient) -> list[Difference]:
    """The changes that this recipient wants, those that were stated before what follows."""
    wanted = [change for change in changes.changed if _is_wanted(change, recipient)]
    return sorted(wanted, key=lambda change: not _is_own(change))


def _is_wanted(change: Difference, recipient: Recipient) -> bool:
    names = change_names(change)
    if not names or (recipient.changes is not None and not names & recipient.changes):
        return False
    views = [point for point in (change.before, change.after) if point is not None]
    return any(recipient.filter.admits(point) for point in views)


def _is_own(change: Difference) -> bool:
    """Whether a cause is in the event itself."""
    event = change.key.event_key
    return any(cause.key.event_key == event for cause in change.causes)
