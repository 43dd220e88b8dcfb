"""`tracker migrate`: a ledger copied to another database."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from tracker.cli.inputs import load_config
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json
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
        copied = copy_to(here, there)
    except LedgerError as error:
        raise CallError(error.name, **error.values) from None
    if request.as_json:
        print_json([one._asdict() for one in copied])
        return
    for line in _table(copied, request.language):
        print(line)


def _address(text: str) -> str:
    """A database's address, which may stand in the environment: it holds a password."""
    from tracker.config.variables import PREFIX

    if not text.startswith(PREFIX):
        return text
    found = os.environ.get(text.removeprefix(PREFIX))
    if not found:
        raise CallError("migrate.no-variable", variable=text.removeprefix(PREFIX))
    return found


def _table(copied: list[CopiedTable], language: Language) -> list[str]:
    widest = max(width_of(one.table) for one in copied)
    lines = [
        f"{pad(one.table, widest)}  "
        + translate(language, "migrate.copied", rows=one.rows, new=one.new)
        for one in copied
    ]
    return [*lines, translate(language, "migrate.done", count=sum(one.rows for one in copied))]
