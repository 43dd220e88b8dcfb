"""What changed in files since they were published last, and the notices that a feed has of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import Notice, notices_of
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, Language
from tracker.store.feed_history import PublishedFiles, PublishedSet, fingerprint_of
from tracker.timeline.differences import Changes, changes
from tracker.timeline.points import Timeline


class ChangesSince(NamedTuple):
    """What changed in some agreements since files of theirs were published."""

    files: PublishedFiles
    changes: Changes


def changes_since_all(
    publications: Sequence[PublishedSet],
    timeline: Timeline,
    read_before: Callable[[PublishedFiles], Sequence[Agreement] | None] = lambda _files: None,
) -> Iterator[ChangesSince]:
    """What changed since each agreement was published last, in whatever set, the newest first.

    So a change that was told while others were loaded, or by another process, is not told again.
    Where this set's own edition of an agreement is the present one and another set has published
    another since, nobody has edited it here: it is that process which has other files.
    """
    now = {agreement.id: agreement for agreement in timeline.agreements}
    agreements = {
        number: _agreements_in(published.files, read_before)
        for number, published in enumerate(publications)
    }
    own = next((at for at, published in enumerate(publications) if published.is_own), None)
    since: dict[int, set[str]] = {number: set() for number in agreements}
    for name, present in now.items():
        there = [number for number, stated in agreements.items() if name in stated]
        if not there:
            continue
        newest = there[0]
        is_ours = own in there and agreements[own or 0][name] == present
        is_other = agreements[newest][name] != present
        since[own if is_ours and is_other and own is not None else newest].add(name)
    for number, names in since.items():
        files = publications[number].files
        compared = _changes_of(names, files, tuple(agreements[number].values()), timeline)
        if compared is not None:
            yield ChangesSince(files, compared)


def changes_since(before: PublishedFiles | None, timeline: Timeline) -> Changes | None:
    """What changed in agreements since their files were published on that day.

    None: nobody can know, since nothing was published, or what was is refused by this version.
    """
    if before is None:
        return None
    old = _agreements_in(before, lambda _files: None)
    names = [agreement.id for agreement in timeline.agreements if agreement.id in old]
    return _changes_of(names, before, tuple(old.values()), timeline)


def _agreements_in(
    files: PublishedFiles, read_before: Callable[[PublishedFiles], Sequence[Agreement] | None]
) -> dict[str, Agreement]:
    """The agreements that those files state, by their ids; none where this version refuses them."""
    contents = files[1]
    try:
        stated = read_before(files) or read([str(at) for at in range(len(contents))], contents)[0]
    except FileErrors:
        return {}
    return {agreement.id: agreement for agreement in stated}


def _changes_of(
    names: Collection[str], before: PublishedFiles, old: Sequence[Agreement], timeline: Timeline
) -> Changes | None:
    """What changed of those agreements; one that was not published before floods nobody."""
    if not names:
        return None
    try:
        first = min(before[0], timeline.as_of)
        differences = changes(old, timeline.agreements, first, timeline.as_of)
    except Uncovered:
        return None
    changed = tuple(
        change for change in differences.changed if change.point.event.agreement in names
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
