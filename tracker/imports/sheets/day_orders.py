"""In which order a column writes day, month and year.

A day is read in the order that other days of its column prove (30/06/2027 among them), and in no
other. Where they prove none, it is asked about, once for the column.
"""

from __future__ import annotations

from typing import NamedTuple

from tracker.imports.foreign import Remark
from tracker.imports.sheets.day_columns import DayCell, DayColumn, answers_of
from tracker.imports.sheets.day_readings import DayText, order_of
from tracker.imports.sheets.settings import SheetSettings, choice_name

_ORDERS = ("day-first", "month-first", "year-first")


class _Dated(NamedTuple):
    """A text of numbers, and the line that it means in each order."""

    cell: DayCell
    by_order: dict[str, str]


def settle_orders(
    column: DayColumn,
    cells: dict[str, DayCell],
    bare: dict[str, str],
    several: dict[str, DayText],
    settings: SheetSettings,
) -> None:
    """What the days with one reading prove of the others, or that they contradict themselves."""
    by_mark: dict[str, list[_Dated]] = {}
    for text in (*column.lines, *several):
        line, day = column.lines.get(text), several.get(text)
        if dated := _orders_of(cells[text], bare[text], line, day):
            mark = next((sign for sign in text if sign in "/.-"), "")
            by_mark.setdefault(mark, []).append(dated)
    wished = settings.choice(column.key, list(_ORDERS))
    of_all = settings.choice("dates", list(_ORDERS))
    for texts in by_mark.values():
        for dated in texts:  # none of them keeps what it had, until its column has an order
            column.lines.pop(dated.cell.text, None)
            several.pop(dated.cell.text, None)
        if wished is not None:
            _apply(column, texts, wished)
            continue
        orders = [o for o in _ORDERS if all(o in dated.by_order for dated in texts)]
        if of_all is not None and (of_all in orders or not orders):
            _apply(column, texts, of_all)
            continue
        if len(orders) == 1:
            _apply(column, texts, orders[0])
            _tell_of_order(column, texts, orders[0])
            continue
        if orders:
            _ask_for_order(column, texts, orders)
        else:
            _ask_of_contradiction(column, texts)


def _orders_of(cell: DayCell, bare: str, line: str | None, day: DayText | None) -> _Dated | None:
    if line is not None:
        order = order_of(bare, line)
        return _Dated(cell, {order: line}) if order else None
    if day is None:
        return None
    by_order = {choice_name(reading.reason): reading.line for reading in day.readings}
    for order, same in (("day-first", "month-first"), ("month-first", "day-first")):
        line = by_order.get(order, "")
        if line[5:7] == line[8:10] != "":  # 05/05/27 is the same in both
            by_order.setdefault(same, line)
    return _Dated(cell, by_order) if set(by_order) <= set(_ORDERS) else None


def _apply(column: DayColumn, texts: list[_Dated], order: str) -> None:
    for dated in texts:
        if line := dated.by_order.get(order):
            column.lines[dated.cell.text] = line
        else:
            column.faults[dated.cell.text] = "other-order"


def _tell_of_order(column: DayColumn, texts: list[_Dated], order: str) -> None:
    """Which day of the column shows how the ambiguous ones are read."""
    unsure = next((dated for dated in texts if len(dated.by_order) > 1), None)
    sure = next((dated for dated in texts if len(dated.by_order) == 1), None)
    if unsure is None or column.remarks:
        return
    values = (
        ("column", column.heading),
        ("text", unsure.cell.text),
        ("line", unsure.by_order[order]),
        ("proof", (sure or unsure).cell.text),
    )
    column.remarks.append(Remark("order-of-days", values))


def _ask_for_order(column: DayColumn, texts: list[_Dated], orders: list[str]) -> None:
    example = texts[0]
    lines = " | ".join(example.by_order[order] for order in orders)
    values = (("text", example.cell.text), ("lines", lines))
    answers = answers_of(column.order_key, orders)
    column.ask("readings", values, answers, [dated.cell for dated in texts])


def _ask_of_contradiction(column: DayColumn, texts: list[_Dated]) -> None:
    """30/06/2027 and 06/30/2027 in one column: which of them is a slip?"""
    sure = [dated for dated in texts if len(dated.by_order) == 1]
    left = next((d for d in sure if "day-first" in d.by_order), sure[0])
    right = next((d for d in sure if not set(d.by_order) & set(left.by_order)), sure[-1])
    answers = answers_of(column.order_key, [next(iter(d.by_order)) for d in (left, right)])
    values = (("left", left.cell.text), ("right", right.cell.text))
    examples = [dated.cell._replace(places=dated.cell.places[:1]) for dated in (left, right)]
    column.ask("both-orders", values, answers, examples)
    for dated in texts:
        column.asked.setdefault(dated.cell.text, answers)
