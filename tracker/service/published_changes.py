"""What changed in files since they were published last, and the notices that a feed has of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import Notice, notices_of
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, Language
from tracker.store.feed_history import PublishedFiles, fingerprint_of
from tracker.timeline.differences import Changes, changes
from tracker.timeline.points import Timeline


def changes_since(
    before: PublishedFiles | None, timeline: Timeline, agreements: Sequence[Agreement] | None = None
) -> Changes | None:
    """What changed in agreements since their files were published on that day.

    An agreement that was not published before is no change, and floods nobody. None: nobody can
    know, since nothing was published, or what was is refused by this version. `agreements` are
    those that the files state, where they were read before.
    """
    if before is None:
        return None
    day, contents = before
    try:
        old = agreements or read([str(number) for number in range(len(contents))], contents)[0]
        shared = {agreement.id for agreement in old}
        shared &= {agreement.id for agreement in timeline.agreements}
        if not shared:
            return None
        differences = changes(old, timeline.agreements, min(day, timeline.as_of), timeline.as_of)
    except (FileErrors, Uncovered):
        return None
    changed = tuple(
        change for change in differences.changed if change.point.event.agreement in shared
    )
    return differences._replace(changed=changed)


def notices_by_language(
    differences: Changes | None, before: PublishedFiles | None, now: datetime
) -> dict[Language, list[Notice]]:
    """The notices of those changes since `before`; none where nobody can know the changes."""
    if differences is None or before is None:
        return {language: [] for language in LANGUAGES}
    day, contents = before
    since = fingerprint_of(contents, str(day).encode())
    return {language: notices_of(differences, language, now, since) for language in LANGUAGES}
