"""What each recipient was told of last, of each agreement, by whichever process.

Who publishes something tells its own recipients alone. What the others know is an earlier edition,
which is kept until they are told of a newer one.

These are rows of `feed` whose names no feed has, and files under a name that no agreement has:
processes of earlier versions go on beside them. A row told/RECIPIENTS/SET has the revision of that
set of which they were told; behind a "?" stand the agreements that it leaves out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, or_, select

from tracker.store.agreement_sets import joined_ids, split_ids
from tracker.store.database import utc
from tracker.store.published_sets import PUBLICATIONS, PublishedSet, published_files
from tracker.store.schema import agreement_set, feed, published
from tracker.store.upsert import insert_new, upsert

_RECIPIENTS, _TOLD, _GONE, _KEPT = "recipients/", "told/", "gone/", "kept:"
#: The longest list of agreements in a row's name: a key of PostgreSQL has at most 2,704 bytes.
_LONGEST = 500


class Telling(NamedTuple):
    """Whom a process tells of what it publishes."""

    recipients: Collection[str] = ()
    left_out: Collection[str] = ()  #: agreements of which they know a newer edition
    gone: Collection[str] = ()  #: agreements of which they are told that they are gone


NOBODY = Telling()


class ToldState(NamedTuple):
    """What some recipients were told of last."""

    recipients: frozenset[str]
    publications: Mapping[str, PublishedSet]  #: by agreement
    gone: frozenset[str]  #: agreements of which they were told since that they are gone


class _Told(NamedTuple):
    """That some recipients were told of a publication."""

    row_name: str
    audience: str  #: all of those recipients together
    agreements: str
    left_out: frozenset[str]
    revision: int
    at: datetime

    @property
    def kept_name(self) -> str:
        """Under which name its files are kept when newer ones are published."""
        digest = sha256(self.agreements.encode()).hexdigest()[:32]
        return f"{_KEPT}{digest}/{self.revision}"


class _Rows(NamedTuple):
    """All that is noted of whom was told what."""

    members: Mapping[str, frozenset[str]]  #: by audience, the marks of its recipients
    told: Sequence[_Told]  #: the newest first
    gone: Mapping[tuple[str, str], datetime]  #: by audience and agreement

    def audiences_of(self, recipient: str) -> frozenset[str]:
        mark = _mark_of(recipient)
        return frozenset(audience for audience, marks in self.members.items() if mark in marks)


def told_states(
    connection: Connection, recipients: Iterable[str], agreements: Collection[str]
) -> list[ToldState]:
    """What those recipients were told of those agreements last, together who knows the same."""
    rows = _read(connection)
    groups: dict[frozenset[str], set[str]] = {}
    for recipient in recipients:
        groups.setdefault(rows.audiences_of(recipient), set()).add(recipient)
    last = {audiences: _last_told(connection, rows, audiences, agreements) for audiences in groups}
    by_told = {told for of_group in last.values() for told in of_group.values()}
    sets = _published(connection, by_told)
    states: list[ToldState] = []
    for audiences, names in groups.items():
        of_group = last[audiences]
        known = {name: sets[told] for name, told in of_group.items() if told in sets}
        gone = {
            agreement
            for (audience, agreement), at in rows.gone.items()
            if audience in audiences
            and agreement in agreements
            and (agreement not in of_group or at > of_group[agreement].at)
        }
        states.append(ToldState(frozenset(names), known, frozenset(gone)))
    return states


def is_told(
    connection: Connection, recipients: Iterable[str], agreements: str, revision: int
) -> bool:
    """Whether those recipients together were told of that edition of the set."""
    own = f"{_TOLD}{audience_of(recipients)}/{agreements}"
    same = or_(feed.c.name == own, feed.c.name.startswith(f"{own}?", autoescape=True))
    return revision in connection.scalars(select(feed.c.revision).where(same)).all()


def note_told(
    connection: Connection, telling: Telling, agreements: str, revision: int, at: datetime
) -> None:
    """Notes whom it is told what is published, in place of what they were told of it before."""
    if telling.recipients:
        audience, left_out = audience_of(telling.recipients), joined_ids(telling.left_out)
        marks = {_mark_of(recipient) for recipient in telling.recipients}
        members = [f"{_RECIPIENTS}{audience}/{mark}" for mark in marks]
        insert_new(connection, feed, _feed_rows(members, 1, at), ("name",))
        if len(left_out) > _LONGEST:
            left_out = ""
        _forget_told(connection, marks, agreements, split_ids(left_out))
        own = f"{_TOLD}{audience}/{agreements}" + (f"?{left_out}" if left_out else "")
        gone = [f"{_GONE}{audience}/{name}" for name in telling.gone]
        upsert(connection, feed, _feed_rows([own], revision, at), ("name",))
        upsert(connection, feed, _feed_rows(gone, 1, at), ("name",))
    _forget_kept(connection)


def _forget_told(
    connection: Connection, marks: Collection[str], agreements: str, left_out: frozenset[str]
) -> None:
    """Forgets of what those recipients were told before, where it is no more than now."""
    rows = _read(connection)
    audiences = {audience for audience, theirs in rows.members.items() if theirs <= {*marks}}
    earlier = [
        told.row_name
        for told in rows.told
        if told.audience in audiences
        and told.agreements == agreements
        and left_out <= told.left_out
    ]
    _forget(connection, earlier)


def keep_told(connection: Connection, agreements: str, revision: int) -> None:
    """Keeps that edition of a set, which is replaced, for those who know no newer one."""
    for told in _read(connection).told:
        if told.agreements == agreements and told.revision == revision:
            files = published_files(connection, [agreements]).get(agreements)
            if files is not None:
                _keep(connection, told.kept_name, files)
            return


def audience_of(recipients: Iterable[str]) -> str:
    """A name for all of those recipients together.

    >>> audience_of(["b", "a"]) == audience_of(["a", "b"]) != audience_of(["a"])
    True
    """
    return sha256("\n".join(sorted(recipients)).encode()).hexdigest()[:32]


def _mark_of(recipient: str) -> str:
    return sha256(recipient.encode()).hexdigest()[:32]


def _read(connection: Connection) -> _Rows:
    query = select(feed.c.name, feed.c.revision, feed.c.modified)
    ours = or_(*(feed.c.name.startswith(kind) for kind in (_RECIPIENTS, _TOLD, _GONE)))
    members: dict[str, set[str]] = {}
    told: list[_Told] = []
    gone: dict[tuple[str, str], datetime] = {}
    for name, revision, modified in connection.execute(query.where(ours)):
        kind, audience, rest = name.split("/", 2)
        if f"{kind}/" == _RECIPIENTS:
            members.setdefault(audience, set()).add(rest)
        elif f"{kind}/" == _GONE:
            gone[audience, rest] = utc(modified)
        else:
            agreements, _, left_out = rest.partition("?")
            without = split_ids(left_out)
            told.append(_Told(name, audience, agreements, without, revision, utc(modified)))
    told.sort(key=lambda given: given.at, reverse=True)
    return _Rows({name: frozenset(marks) for name, marks in members.items()}, told, gone)


def _last_told(
    connection: Connection, rows: _Rows, audiences: Collection[str], agreements: Collection[str]
) -> dict[str, _Told]:
    """By agreement, of which publication those were told last."""
    stored = connection.execute(select(agreement_set))
    ids = {row.agreements: row.ids for row in stored}
    last: dict[str, _Told] = {}
    for told in rows.told:
        if told.audience in audiences:
            of_set = split_ids(ids.get(told.agreements, told.agreements)) - told.left_out
            for name in of_set.intersection(agreements):
                last.setdefault(name, told)
    return last


def _published(connection: Connection, told: Collection[_Told]) -> dict[_Told, PublishedSet]:
    """The files of those publications that are there: the newest of a set, or kept."""
    counted = [PUBLICATIONS + given.agreements for given in told]
    query = select(feed.c.name, feed.c.revision).where(feed.c.name.in_(counted))
    newest = {row.name: row.revision for row in connection.execute(query)}
    names = {
        given: given.agreements
        if newest.get(PUBLICATIONS + given.agreements) == given.revision
        else given.kept_name
        for given in told
    }
    files = published_files(connection, set(names.values()))
    return {
        given: PublishedSet(files[name], given.agreements, given.revision, given.at)
        for given, name in names.items()
        if name in files
    }


def _keep(connection: Connection, name: str, files: tuple[object, list[bytes]]) -> None:
    as_of, contents = files
    _forget_files(connection, [name])
    rows = [
        {"agreements": name, "as_of": as_of, "number": number, "content": content}
        for number, content in enumerate(contents)
    ]
    connection.execute(insert(published), rows)
    # It is a set of no agreements, for whoever looks for those that have some.
    insert_new(connection, agreement_set, [{"agreements": name, "ids": ""}], ("agreements",))


def _forget_kept(connection: Connection) -> None:
    """Forgets the files that nobody needs any more, and groups of recipients that are no more."""
    rows = _read(connection)
    needed = {told.kept_name for told in rows.told}
    kept = select(agreement_set.c.agreements).where(agreement_set.c.agreements.startswith(_KEPT))
    _forget_files(connection, [name for name in connection.scalars(kept) if name not in needed])
    alive = {told.audience for told in rows.told}
    _forget(connection, _names_without(rows, alive))


def _names_without(rows: _Rows, alive: Collection[str]) -> Iterator[str]:
    for audience, marks in rows.members.items():
        if audience not in alive:
            yield from (f"{_RECIPIENTS}{audience}/{mark}" for mark in marks)
    for audience, agreement in rows.gone:
        if audience not in alive:
            yield f"{_GONE}{audience}/{agreement}"


def _forget_files(connection: Connection, names: Sequence[str]) -> None:
    if names:
        connection.execute(delete(published).where(published.c.agreements.in_(names)))
        connection.execute(delete(agreement_set).where(agreement_set.c.agreements.in_(names)))


def _forget(connection: Connection, names: Iterable[str]) -> None:
    for name in names:
        connection.execute(delete(feed).where(feed.c.name == name))


def _feed_rows(names: Iterable[str], revision: int, at: datetime) -> list[dict[str, object]]:
    return [{"name": name, "revision": revision, "modified": at} for name in names]
