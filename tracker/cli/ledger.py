"""The ledger, as commands open it: none is begun in place of another without a word."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tracker.i18n.translate import Language, translate

if TYPE_CHECKING:
    from tracker.store.database import Database


def open_ledger(url: str, language: Language, *, writes: bool) -> Database:
    """The ledger at that address. Where there is none, one is begun by what writes in it alone.

    Raises LedgerError.
    """
    from tracker.store.database import Database, open_to_read, without_password

    if writes:
        database = Database(url)
        name = "ledger.begun" if database.is_begun_anew else None
    else:
        database, is_there = open_to_read(url)
        name = None if is_there else "ledger.missing"
    if name is not None:
        print(translate(language, name, database=without_password(url)), file=sys.stderr)
    return database
