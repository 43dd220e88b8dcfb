"""The ledger, as commands open it: none is begun in place of another without a word."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tracker.i18n.translate import Language, translate

if TYPE_CHECKING:
    from tracker.store.database import Database


def open_ledger(url: str, language: Language, *, writes: bool) -> Database:
    """The ledger at that address. Where there never was one, what writes in it alone begins it.

    Raises LedgerError, also where one that was there is gone: none is begun or shown in its place.
    """
    from tracker.store.database import (
        Database,
        LedgerError,
        has_traces,
        open_to_read,
        without_password,
    )

    where = without_password(url)
    if has_traces(url):
        raise LedgerError("ledger.lost", database=where)
    if writes:
        database = Database(url)
        name = "ledger.new" if database.is_new else None
    else:
        database, is_there = open_to_read(url)
        name = None if is_there else "ledger.missing"
    if name is not None:
        print(translate(language, name, database=where), file=sys.stderr)
    return database
