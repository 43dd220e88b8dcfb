"""Which changes a recipient is told of, and how they are grouped into messages.

What one edit changed is one message for each recipient, however many points follow: an import of
5,000 events is told in one.
"""

from __future__ import annotations

from tracker.reminders.recipients import Recipient
from tracker.timeline.differences import Changes, Difference, Kind

#: What tracker.toml calls the changes, and what of a difference each of them means.
KINDS: dict[str, frozenset[Kind]] = {
    "moved": frozenset(("moved", "has-day", "settled", "may-move", "bounds")),
    "occurred": frozenset(("occurred", "starts", "ends", "resumes", "passed")),
    "waits": frozenset(("waits-now", "waits-for-less", "waits-for-other")),
    "amended": frozenset(("restated", "retold")),
    "withdrawn": frozenset(("withdrawn", "never", "removed", "cut-off")),
    "added": frozenset(("added", "listed")),
    "unrecorded": frozenset(("unrecorded",)),
}
#: Beside what an amendment changes otherwise, that it is one.
_BY_AMENDMENT = "amended"


def change_names(difference: Difference) -> frozenset[str]:
    """The names in KINDS under which somebody may want to be told of a difference."""
    found = {name for name, kinds in KINDS.items() if kinds & set(difference.kinds)}
    if found and any(cause.kind == "amendment" for cause in difference.causes):
        found.add(_BY_AMENDMENT)
    return frozenset(found)


def wanted_changes(found: Changes, recipient: Recipient) -> list[Difference]:
    """The changes that this recipient is told of, those that were stated before what follows."""
    mine = [one for one in found.changed if _is_wanted(one, recipient)]
    return sorted(mine, key=lambda one: not _is_own(one))


def _is_wanted(one: Difference, recipient: Recipient) -> bool:
    kinds = change_names(one)
    if not kinds or (recipient.changes is not None and not kinds & recipient.changes):
        return False
    views = [point for point in (one.before, one.after) if point is not None]
    return any(recipient.filter.admits(point) for point in views)


def _is_own(one: Difference) -> bool:
    """Whether a cause is in the event itself."""
    name = (one.point.event.agreement, one.point.event.id)
    return any(cause.name == name for cause in one.causes)
