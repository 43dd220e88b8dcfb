"""The days of a whole column: what the column settles of its ambiguous days, and what it asks.

A day is read in the order that other days of its column prove (30/06/2027 among them), and in no
other. Where they prove none, it is asked about, once for the column.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.i18n.shell_words import shell_word
from tracker.imports.foreign import ForeignPlace, Question, Remark
from tracker.imports.sheets.day_readings import (
    DayText,
    day_text_of,
    is_day,
    lacks_year,
    month_and_year,
    names_other_weekday,
    order_of,
    with_year,
)
from tracker.imports.sheets.settings import SheetSettings, choice_name, is_choice

_MONTH_AND_YEAR = "month-and-year"
_ORDERS = ("day-first", "month-first", "year-first")
_MOST_PLACES = 3
_PLAIN_WORD = re.compile(r"[A-Za-z0-9=./-]+")
#: So many texts in words are asked about one by one; a column of more is no column of days.
_MOST_QUESTIONS = 20


class DayCell(NamedTuple):
    """A text of a column, and the rows in which it stands."""

    text: str
    places: tuple[ForeignPlace, ...]


@dataclass
class DayColumn:
    """A column of days, settled as far as it can be."""

    key: str
    heading: str
    order_key: str  #: by what its order of days is chosen: `dates` of several columns
    lines: dict[str, str] = field(default_factory=dict)  #: of each text the line it means
    loose: set[str] = field(default_factory=set)  #: texts that say more than their line
    faults: dict[str, str] = field(default_factory=dict)  #: of each text why it has none
    questions: list[Question] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)  #: texts that wait for an answer
    remarks: list[Remark] = field(default_factory=list)
    is_of_days: bool = False  #: all its times are midnights: its program writes one behind each day

    def as_whole_day(self, line: str) -> str:
        """The line without a midnight that says nothing."""
        return line[:10] if self.is_of_days and line[10:] == " 00:00" else line


def settle_days(
    column: DayColumn,
    cells: Iterable[DayCell],
    settings: SheetSettings,
    years: tuple[int, int],
    names: Container[str],
) -> None:
    """Gives each text its line, a question, or a fault; `years` are offered where none is named."""
    several: dict[str, DayText] = {}
    by_text: dict[str, DayCell] = {}
    for cell in cells:
        by_text[cell.text] = cell
        if meaning := settings.meanings.get(cell.text):
            column.lines[cell.text] = meaning
            continue
        day = day_text_of(cell.text, names)
        if day.fault == "no-day" and lacks_year(cell.text, names):
            day = DayText((), "no-year")
        if day.fault == "no-year":
            day = _in_its_year(column, cell.text, day, settings, names)
        if day.fault == "project-month":
            day = _after_start(day, settings)
        if len(day.readings) == 1 and names_other_weekday(cell.text, day.readings[0].line):
            column.faults[cell.text] = "other-weekday"
        elif len(day.readings) == 1:
            column.lines[cell.text] = day.readings[0].line
        elif day.readings:
            several[cell.text] = day
        elif day.fault in ("no-year", "project-month"):
            _ask_of_fault(column, cell, day, years)
        elif day.fault:
            column.faults[cell.text] = day.fault
        if not day.is_same:
            column.loose.add(cell.text)
    _settle_orders(column, by_text, several, settings)
    for text, day in several.items():
        _choose(column, by_text[text], day, settings)
    clocks = {line[10:] for line in column.lines.values() if is_day(line) and line[10:]}
    column.is_of_days = clocks == {" 00:00"}


def _in_its_year(
    column: DayColumn, text: str, day: DayText, settings: SheetSettings, names: Container[str]
) -> DayText:
    """The text in the year that the call names; of `Mar-27` it may say that 27 is the year."""
    if settings.choice(column.key, [_MONTH_AND_YEAR]) and (month := month_and_year(text)):
        return month
    year = settings.years.get(column.key)
    return with_year(text, year, names) if year else day


def _after_start(day: DayText, settings: SheetSettings) -> DayText:
    start = settings.of_file.get("project-start")
    if start is None:
        return day
    name = start if not start[:1].isdigit() else "project-start"
    length = day.months.partition(" after ")[0]
    return day_text_of(f"{length} after {name}", (name,))


class _Dated(NamedTuple):
    """A text of numbers, and the line that it means in each order."""

    cell: DayCell
    by_order: dict[str, str]


def _settle_orders(
    column: DayColumn,
    cells: dict[str, DayCell],
    several: dict[str, DayText],
    settings: SheetSettings,
) -> None:
    """What the days with one reading prove of the others, or that they contradict themselves."""
    by_mark: dict[str, list[_Dated]] = {}
    for text in (*column.lines, *several):
        if dated := _orders_of(cells[text], column.lines.get(text), several.get(text)):
            mark = next(sign for sign in text if sign in "/.-")
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
        column.asked |= {dated.cell.text for dated in texts}
        if orders:
            _ask_for_order(column, texts, orders)
        else:
            _ask_of_contradiction(column, texts)


def _orders_of(cell: DayCell, line: str | None, day: DayText | None) -> _Dated | None:
    if line is not None:
        order = order_of(cell.text, line)
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
    values = (("column", column.heading), ("text", example.cell.text), ("lines", lines))
    places = tuple(place for dated in texts for place in dated.cell.places)[:_MOST_PLACES]
    _ask(column, "readings", values, _answers(column.order_key, orders), places)


def _ask_of_contradiction(column: DayColumn, texts: list[_Dated]) -> None:
    """30/06/2027 and 06/30/2027 in one column: which of them is a slip?"""
    sure = [dated for dated in texts if len(dated.by_order) == 1]
    left = next((d for d in sure if "day-first" in d.by_order), sure[0])
    right = next((d for d in sure if not set(d.by_order) & set(left.by_order)), sure[-1])
    orders = [next(iter(dated.by_order)) for dated in (left, right)]
    values = (
        ("column", column.heading),
        ("left", left.cell.text),
        ("right", right.cell.text),
    )
    places = (*left.cell.places[:1], *right.cell.places[:2])
    _ask(column, "both-orders", values, _answers(column.order_key, orders), places)


def _choose(column: DayColumn, cell: DayCell, day: DayText, settings: SheetSettings) -> None:
    """A reading that the call or the heading chose, or the question."""
    names = [choice_name(reading.reason) for reading in day.readings]
    wished = settings.choice(column.key, names)
    if wished is None and column.key == "due":  # what is due by a period is due by its last day
        wished = "last-day" if "last-day" in names else None
    if wished is not None and names.count(wished) == 1:
        column.lines[cell.text] = day.readings[names.index(wished)].line
        return
    column.asked.add(cell.text)
    lines = " | ".join(reading.line for reading in day.readings)
    values = (("column", column.heading), ("text", cell.text), ("lines", lines))
    if all(map(is_choice, names)) and len(set(names)) == len(names):
        name, answers = "readings", _answers(column.key, names)
    else:
        name = "reading-of-text"
        answers = tuple(_answer(cell.text, reading.line) for reading in day.readings)
    _ask(column, name, values, answers, cell.places)


def _ask_of_fault(column: DayColumn, cell: DayCell, day: DayText, years: tuple[int, int]) -> None:
    column.asked.add(cell.text)
    if day.fault == "no-year":
        choices = [str(year) for year in years]
        if month_and_year(cell.text):
            choices.insert(0, _MONTH_AND_YEAR)
        answers = _answers(column.key, choices)
        values: tuple[tuple[str, str], ...] = (("column", column.heading), ("text", cell.text))
    else:
        answers = ("--map project-start=DAY", "--map project-start=ID")
        values = (("column", column.heading), ("text", cell.text), ("line", day.months))
    _ask(column, day.fault, values, answers, cell.places)


def _ask(
    column: DayColumn,
    name: str,
    values: tuple[tuple[str, str], ...],
    answers: tuple[str, ...],
    places: tuple[ForeignPlace, ...],
) -> None:
    """Once for all texts with the same answers: the first of them is the example."""
    for at, question in enumerate(column.questions):
        if (question.name, question.answers) == (name, answers):
            both = (*question.places, *places)[:_MOST_PLACES]
            column.questions[at] = question._replace(places=both)
            return
    if len(column.questions) < _MOST_QUESTIONS:
        column.questions.append(Question(name, values, answers, places))


def joined_questions(questions: list[Question]) -> list[Question]:
    """Those of several columns, each asked once where the same answer settles it for all."""
    joined: dict[tuple[str, tuple[str, ...]], Question] = {}
    for question in questions:
        first = joined.setdefault((question.name, question.answers), question)
        places = tuple(dict.fromkeys((*first.places, *question.places)))[:_MOST_PLACES]
        joined[question.name, question.answers] = first._replace(places=places)
    return list(joined.values())


def _answers(key: str, choices: list[str]) -> tuple[str, ...]:
    return tuple(_answer(key, choice) for choice in choices)


def _answer(name: str, value: str) -> str:
    word = f"{name}={value}"
    return f"--map {word if _PLAIN_WORD.fullmatch(word) else shell_word(word)}"
