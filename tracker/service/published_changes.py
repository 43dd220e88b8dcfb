"""What changed in files since they were published last, and the notices that a feed has of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import Notice, notices_of
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, Language
from tracker.store.feed_history import PublishedFiles, PublishedSet, fingerprint_of
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes
from tracker.timeline.points import Timeline


class ChangesSince(NamedTuple):
    """What changed in some agreements since files of theirs were published."""

    files: PublishedFiles
    changes: Changes
    told_since: datetime | None = None  #: from when on another process may have told the same


class ToTell(NamedTuple):
    """What changed, as it is to be told to whom."""

    in_news: list[ChangesSince]  #: since whoever published the agreement last
    to_recipients: list[ChangesSince]  #: since these agreements were published together


def changes_to_tell(
    publications: Sequence[PublishedSet],
    timeline: Timeline,
    read_before: Callable[[PublishedFiles], Sequence[Agreement] | None],
) -> ToTell:
    """What changed since each agreement was published last, the newest of its sets first.

    News are all readers' alike: what was told while an agreement was served alone, or by another
    process that has it, is not told again. Recipients are those of one process: they are told of
    what changed since that process has told them, unless another has told them just the same: of
    an agreement that another has published meanwhile they are told by itself.
    Where this set has the present edition of an agreement already, nobody has edited it here.
    """
    stated = [_agreements_in(published.files, read_before) for published in publications]
    own = next((at for at, published in enumerate(publications) if published.is_own), None)
    newest: dict[int, set[str]] = {}
    ours: dict[int, set[str]] = {}
    for agreement in timeline.agreements:
        name = agreement.id
        there = [number for number, agreements in enumerate(stated) if name in agreements]
        if not there:
            continue
        last = own if own is not None and own in there else there[0]
        is_stale = stated[last][name] == agreement != stated[there[0]][name]
        newest.setdefault(last if is_stale else there[0], set()).add(name)
        ours.setdefault(last, set()).add(name)

    def compare(number: int, names: Collection[str]) -> list[ChangesSince]:
        files, old = publications[number].files, tuple(stated[number].values())
        found = _changes_of(names, files, old, timeline)
        return [] if found is None else [ChangesSince(files, found)]

    in_news = [since for number, names in newest.items() for since in compare(number, names)]
    if newest == ours or own is None:
        return ToTell(in_news, in_news)
    to_recipients: list[ChangesSince] = []
    for number, names in ours.items():
        contested = names - newest.get(number, set())
        to_recipients += compare(number, names - contested)
        for name in sorted(contested):
            told = (
                since._replace(told_since=publications[own].at) for since in compare(number, [name])
            )
            to_recipients += told
    return ToTell(in_news, to_recipients)


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
