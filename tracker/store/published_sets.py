"""The files of sets of agreements as they were published, by the names that the database has."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import NamedTuple, TypeAlias

from sqlalchemy import Connection, select

from tracker.store.schema import published

#: Events files as they were published, and as of which day.
PublishedFiles: TypeAlias = tuple[date, list[bytes]]
#: Before the agreements' name: the feed whose revision counts their publications; by itself that of
#: all, so that two which have an agreement in common do not tell of the same change at once.
PUBLICATIONS = "published/"


class PublishedSet(NamedTuple):
    """The files of a set of agreements as they were published."""

    files: PublishedFiles
    agreements: str  #: as the database names them together
    revision: int  #: how often they were, by then
    at: datetime  #: when: later than whatever was published before, by any clock


def published_files(connection: Connection, names: Collection[str]) -> dict[str, PublishedFiles]:
    """The files that are there under those names."""
    query = select(published).where(published.c.agreements.in_(names))
    files: dict[str, PublishedFiles] = {}
    for row in connection.execute(query.order_by(published.c.number)):
        files.setdefault(row.agreements, (row.as_of, []))[1].append(row.content)
    return files
