"""What changed in files since they were published last, and the notices that a feed has of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
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
from tracker.timeline.differences import Changes, Difference, reportable
from tracker.timeline.points import Timeline


class ChangesSince(NamedTuple):
    """What changed in some agreements since files of theirs were published."""

    files: PublishedFiles
    changes: Changes
    told_since: datetime | None = None  #: from when on another process may have told the same


class Past(NamedTuple):
    """What was published by now of some agreements, and told to the recipients of a process."""

    publications: Sequence[PublishedSet]  #: the newest first
    served: str  #: the set that this process published last; "": it has just begun
    own: str  #: the set that it publishes now
    gone_since: Mapping[str, datetime]  #: agreements of which it was told that they are gone

    def last_of(self, numbers: Sequence[int], as_now: Collection[int]) -> int:
        """Of those publications the one by which these recipients were told last.

        By this process, or by one with just these recipients, or by one with these files: what an
        earlier version published does not say to whom it was told. Those `as_now` have what there
        is now: where this process had it, nobody has edited it here.
        """
        publications = self.publications
        for number in as_now:
            if publications[number].agreements == self.served:
                return number
        for number in numbers:
            if publications[number].is_told or publications[number].agreements == self.served:
                return number
        own = (number for number in numbers if publications[number].agreements == self.own)
        return next(own, numbers[0])


class ToTell(NamedTuple):
    """What changed, as it is to be told to whom."""

    in_news: list[ChangesSince]  #: since whoever published the agreement last
    to_recipients: list[ChangesSince]  #: since they were told of the agreement last
    gone: frozenset[str] = frozenset()  #: agreements of which they are told that they are gone


def changes_to_tell(
    past: Past,
    timeline: Timeline,
    read_before: Callable[[PublishedFiles], Sequence[Agreement] | None],
) -> ToTell:
    """What changed since each agreement was published last.

    News are all readers' alike: what was told while an agreement was served alone, or by another
    process that has it, is not told again. Recipients are told of what changed since they were told
    of that agreement last, whichever were served beside it; not of what another process has told
    them just the same. Where this process has the edition that it had, nobody has edited it here.

    Of what this process had and has no more they are told that it is gone, and then what is there
    again. A process that begins says nothing of agreements that it does not have.
    """
    publications = past.publications
    stated = [_agreements_in(published.files, read_before) for published in publications]
    newest: dict[int, set[str]] = {}
    ours: dict[int, set[str]] = {}
    returned: set[str] = set()
    for agreement in timeline.agreements:
        name = agreement.id
        there = [number for number, agreements in enumerate(stated) if name in agreements]
        if not there:
            continue
        same = [number for number in there if stated[number][name] == agreement]
        last = past.last_of(there, same)
        is_stale = stated[last][name] == agreement != stated[there[0]][name]
        newest.setdefault(last if is_stale else there[0], set()).add(name)
        ours.setdefault(last, set()).add(name)
        if name in past.gone_since and past.gone_since[name] > publications[there[0]].at:
            returned.add(name)
    compare = _Comparing(publications, stated, timeline)
    in_news = compare.since_each(newest)
    gone = _newly_gone(past, stated, timeline)
    if newest == ours and not gone and not returned:
        return ToTell(in_news, in_news)
    to_recipients: list[ChangesSince] = []
    for number, names in ours.items():
        settled = names & newest.get(number, set())
        to_recipients += compare.since(number, settled, returned & settled)
        for name in sorted(names - settled):
            at = publications[number].at
            to_recipients += [
                since._replace(told_since=at)
                for since in compare.since(number, {name}, returned & {name})
            ]
    for number, names in gone.items():
        to_recipients += compare.since(number, names)
    return ToTell(in_news, to_recipients, frozenset().union(*gone.values()))


def _newly_gone(
    past: Past, stated: Sequence[Mapping[str, Agreement]], timeline: Timeline
) -> dict[int, set[str]]:
    """What this process had and has no more, by its publication; not where that was told."""
    loaded = {agreement.id for agreement in timeline.agreements}
    gone: dict[int, set[str]] = {}
    for number, published in enumerate(past.publications):
        if not past.served or published.agreements != past.served:
            continue
        for name in stated[number].keys() - loaded:
            told = past.gone_since.get(name)
            if told is None or told <= published.at:
                gone.setdefault(number, set()).add(name)
    return gone


class _Comparing:
    """Compares the agreements of publications with those that there are now."""

    def __init__(
        self,
        publications: Sequence[PublishedSet],
        stated: Sequence[Mapping[str, Agreement]],
        timeline: Timeline,
    ) -> None:
        self._publications = publications
        self._stated = stated
        self._timeline = timeline

    def since_each(self, names: Mapping[int, Collection[str]]) -> list[ChangesSince]:
        """What changed of those agreements, each since that publication."""
        return [since for number in names for since in self.since(number, names[number])]

    def since(
        self, number: int, names: Collection[str], returned: Collection[str] = ()
    ) -> list[ChangesSince]:
        """The same of some since one; of what returned, all that is there again."""
        files, old = self._publications[number].files, tuple(self._stated[number].values())
        differences = _changes_of(names, files, old, self._timeline)
        if differences is None:
            return []
        return [ChangesSince(files, _with_returned(differences, returned))]


def _with_returned(differences: Changes, returned: Collection[str]) -> Changes:
    """With what is there again and is as it was."""
    if not returned:
        return differences
    reported = {change.key for change in reportable(differences.changed)}
    again = [
        Difference(point.key, point, point, ("returned",))
        for point in differences.after.points
        if point.event.agreement in returned and point.key not in reported
    ]
    return differences._replace(changed=(*reportable(differences.changed), *again))


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
