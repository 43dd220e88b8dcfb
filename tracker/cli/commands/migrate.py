"""`tracker migrate`: a ledger copied to another database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.inputs import load_config
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json
from tracker.cli.progress import shown_progress
from tracker.i18n.columns import pad, width_of
from tracker.i18n.translate import Language, translate

if TYPE_CHECKING:
    from tracker.store.copying import CopiedTable


def command(
    request: Request,
    from_ledger: Annotated[str, typer.Argument(metavar="FROM", show_default=False)],
    to_ledger: Annotated[str | None, typer.Argument(metavar="[TO]", show_default=False)] = None,
) -> None:
    from tracker.store.copying import copy_to
    from tracker.store.database import LedgerError, exists, is_same, without_password

    here = _address(from_ledger)
    there = load_config(request).database if to_ledger is None else _address(to_ledger)
    try:
        if not exists(here):
            raise CallError("migrate.nothing", url=without_password(here))
        if is_same(here, there):
            raise CallError("migrate.same")
        with shown_progress(request.language) as progress:
            tables = copy_to(here, there, progress)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None
    if request.as_json:
        print_json([table._asdict() for table in tables])
        return
    for line in _table_lines(tables, request.language):
        print(line)


def _address(text: str) -> str:
    """A database's address, which may stand in the environment: it holds a password."""
    from tracker.config.variables import PREFIX

    if not text.startswith(PREFIX):
        return text
    address = os.environ.get(text.removeprefix(PREFIX))
    if not address:
        raise CallError("migrate.no-variable", variable=text.removeprefix(PREFIX))
    return address


def _table_lines(tables: list[CopiedTable], language: Language) -> list[str]:
    """One line a table: how many rows were copied; then how many in all."""
    widest = max(width_of(table.table) for table in tables)
    lines = [
        f"{pad(table.table, widest)}  "
        + translate(language, "migrate.copied", rows=table.rows, new=table.new)
        for table in tables
    ]
    return [*lines, translate(language, "migrate.done", count=sum(table.rows for table in tables))]
