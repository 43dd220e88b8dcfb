"""From the sheets of a file to what it states: which of them is read, and how."""

from __future__ import annotations

from collections.abc import Sequence

from tracker.i18n.shell_words import shell_word
from tracker.imports.foreign import ForeignContent, LeftOut, Question, Remark, Unreadable, Wishes
from tracker.imports.sheets.columns import SheetPlan, plan_columns
from tracker.imports.sheets.rows import RowReader
from tracker.imports.sheets.settings import SheetSettings
from tracker.imports.sheets.tables import SheetTable


def read_tables(
    tables: Sequence[SheetTable], settings: SheetSettings, wishes: Wishes
) -> ForeignContent:
    """What the one sheet that has days states; which, is asked where several have.

    Raises Unreadable.
    """
    plans, faults = [], []
    wished = settings.of_file.get("sheet")
    for table in tables:
        if wished is not None and table.name.casefold() != wished.casefold():
            continue
        try:
            plans.append((table, plan_columns(table, settings)))
        except Unreadable as fault:
            faults.append(fault)
    if wished is not None and not plans and not faults:
        names = ", ".join(table.name for table in tables)
        raise Unreadable("no-such-sheet", (("sheet", wished[:80]), ("names", names)))
    if not plans:
        raise faults[0]
    sure = [pair for pair in plans if not pair[1].questions] or plans
    if len(sure) > 1:
        return _which_sheet([table for table, _ in sure])
    return _read_one(tables, *sure[0], settings, wishes)


def _which_sheet(tables: Sequence[SheetTable]) -> ForeignContent:
    names = ", ".join(table.name for table in tables)
    answers = tuple(f"--map {shell_word(f'sheet={table.name}')}" for table in tables)
    return ForeignContent((), questions=(Question("sheet", (("names", names),), answers),))


def _read_one(
    tables: Sequence[SheetTable],
    table: SheetTable,
    plan: SheetPlan,
    settings: SheetSettings,
    wishes: Wishes,
) -> ForeignContent:
    if len(tables) > 1:
        table.remarks.insert(0, Remark("sheet", (("sheet", table.name),)))
        unread = [LeftOut(t.name, "sheet-not-read") for t in tables if t is not table]
        table.left_out += unread
    if plan.heading_row:
        above = table.rows[: plan.heading_row]
        places = tuple(table.place(row.number) for row in above[:3])
        first = next((str(cell) for cell in above[0].cells if cell != ""), "")
        table.left_out.append(LeftOut(first[:80], "above-headings", (), places, len(above)))
    if plan.heading_row is None:
        table.remarks.append(Remark("no-headings"))
    return RowReader(table, plan, settings, wishes).read()
