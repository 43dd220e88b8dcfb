"""What changed in files since they were published last, and the notices that a feed has of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import Notice, notices_of
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES, Language
from tracker.store.feed_history import fingerprint_of
from tracker.store.published_sets import PublishedFiles, PublishedSet
from tracker.store.told_recipients import ToldState
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes, Difference, reportable
from tracker.timeline.points import Timeline


class ChangesSince(NamedTuple):
    """What changed in some agreements since files of theirs were published."""

    files: PublishedFiles
    changes: Changes
    told_since: datetime | None = None  #: from when on another process may have told the same


class Past(NamedTuple):
    """What was published by now of some agreements, and what recipients were told of it."""

    publications: Sequence[PublishedSet]  #: the newest first
    own: str  #: the set that this process publishes
    had: PublishedSet | None  #: what this process published last; None: it has just begun
    told: Sequence[ToldState]  #: what the recipients of this process know


class ToRecipients(NamedTuple):
    """What is to be told to recipients who know the same."""

    recipients: frozenset[str]
    changes: list[ChangesSince]
    gone: frozenset[str]  #: agreements of which they are told that they are gone
    left_out: frozenset[str]  #: agreements of which they know another edition than this process


class ToTell(NamedTuple):
    """What changed, as it is to be told to whom."""

    in_news: list[ChangesSince]  #: since whoever published the agreement last
    to_recipients: list[ToRecipients]  #: since they were told of the agreement last

    @property
    def gone(self) -> frozenset[str]:
        """Agreements of which some are told that they are gone."""
        return frozenset().union(*(group.gone for group in self.to_recipients))

    @property
    def left_out(self) -> frozenset[str]:
        """Agreements of which all of them know another edition than this process."""
        left_out = [group.left_out for group in self.to_recipients]
        return left_out[0].intersection(*left_out[1:]) if left_out else frozenset()


def changes_to_tell(
    past: Past,
    timeline: Timeline,
    read_before: Callable[[PublishedFiles], Sequence[Agreement] | None],
) -> ToTell:
    """What changed since each agreement was published last, and since recipients were told of it.

    News are all readers' alike: what was told while an agreement was served alone, or by another
    process that has it, is not told again. Recipients are told of what changed since they were told
    of that agreement last, by whichever process, whichever were served beside it. Where this
    process has the edition that it had, nobody has edited it here.

    Of what this process had and has no more they are told that it is gone, and then what is there
    again. A process that begins says nothing of agreements that it does not have.
    """
    compare = _Comparing(timeline, read_before)
    newest = _Bases()
    for name in compare.now:
        last = compare.first_with(name, past.publications)
        newest.add(past.had if compare.is_stale(past.had, last, name) else last, name)
    in_news = [since for base, names in newest for since in compare.since(base, names)]
    return ToTell(in_news, [_for_recipients(past, state, compare) for state in past.told])


def _for_recipients(past: Past, state: ToldState, compare: _Comparing) -> ToRecipients:
    """What changed since those recipients were told of each agreement last.

    Nobody knows of what they were told by an earlier version: it is taken to be what this process
    had, or what was published last of these agreements together. Where they know another edition
    than the one that this process has and had, changes follow from it here, and not of what another
    process has told them just the same.
    """
    own = [published for published in past.publications if published.agreements == past.own]
    bases, apart = _Bases(), _Bases()
    left_out: set[str] = set()
    for name in compare.now:
        known = compare.first_with(name, [state.publications.get(name)])
        if known is None and compare.first_with(name, [past.had]):
            apart.add(past.had, name)
        elif compare.is_stale(past.had, known, name):
            apart.add(past.had, name)
            left_out.add(name)
        else:
            bases.add(known or compare.first_with(name, [*own, *past.publications]), name)
    returned = state.gone & compare.now.keys()
    changes = [since for base, names in bases for since in compare.since(base, names, returned)]
    for base, names in apart:
        for name in sorted(names):
            changes += [
                since._replace(told_since=base.at)
                for since in compare.since(base, {name}, returned)
            ]
    gone = frozenset(compare.stated(past.had)) - compare.now.keys() - state.gone
    if past.had is not None and gone:
        changes += compare.since(past.had, gone)
    return ToRecipients(state.recipients, changes, gone, frozenset(left_out))


class _Bases:
    """Publications, each with agreements whose changes count from it."""

    def __init__(self) -> None:
        self._names: dict[tuple[str, int], tuple[PublishedSet, set[str]]] = {}

    def add(self, base: PublishedSet | None, name: str) -> None:
        """Has that agreement count from it; one that was never published floods nobody."""
        if base is not None:
            self._names.setdefault(_key_of(base), (base, set()))[1].add(name)

    def __iter__(self) -> Iterator[tuple[PublishedSet, set[str]]]:
        return iter(self._names.values())


class _Comparing:
    """Compares the agreements of publications with those that there are now."""

    def __init__(
        self,
        timeline: Timeline,
        read_before: Callable[[PublishedFiles], Sequence[Agreement] | None],
    ) -> None:
        self.now = {agreement.id: agreement for agreement in timeline.agreements}
        self._timeline = timeline
        self._read_before = read_before
        self._stated: dict[tuple[str, int], dict[str, Agreement]] = {}
        self._differences: dict[tuple[str, int], Changes | None] = {}

    def stated(self, publication: PublishedSet | None) -> Mapping[str, Agreement]:
        """The agreements of that publication, by their ids."""
        if publication is None:
            return {}
        key = _key_of(publication)
        if key not in self._stated:
            self._stated[key] = _agreements_in(publication.files, self._read_before)
        return self._stated[key]

    def first_with(
        self, name: str, publications: Iterable[PublishedSet | None]
    ) -> PublishedSet | None:
        """The first of them that has that agreement."""
        return next((given for given in publications if name in self.stated(given)), None)

    def is_stale(self, had: PublishedSet | None, last: PublishedSet | None, name: str) -> bool:
        """Whether it was edited elsewhere: this process has what it had, the last is another."""
        own = self.stated(had).get(name)
        return own == self.now[name] and last is not None and self.stated(last)[name] != own

    def since(
        self, publication: PublishedSet, names: Collection[str], returned: Collection[str] = ()
    ) -> list[ChangesSince]:
        """What changed of some agreements; of what returned, all that is there again."""
        key = _key_of(publication)
        if key not in self._differences:
            old = tuple(self.stated(publication).values())
            self._differences[key] = _all_changes(publication.files, old, self._timeline)
        differences = self._differences[key]
        if differences is None:
            return []
        differences = _with_returned(_changes_of(names, differences), {*returned} & {*names})
        return [ChangesSince(publication.files, differences)]


def _key_of(publication: PublishedSet) -> tuple[str, int]:
    return publication.agreements, publication.revision


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
    differences = _all_changes(before, tuple(old.values()), timeline) if names else None
    return None if differences is None else _changes_of(names, differences)


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


def _all_changes(
    before: PublishedFiles, old: Sequence[Agreement], timeline: Timeline
) -> Changes | None:
    """What changed since then; None beyond the data of a calendar."""
    first = min(before[0], timeline.as_of)
    try:
        return changes(old, timeline.agreements, first, timeline.as_of)
    except Uncovered:
        return None


def _changes_of(names: Collection[str], differences: Changes) -> Changes:
    """Those of these agreements; one that was not published before floods nobody."""
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
