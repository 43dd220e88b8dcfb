"""What a whole column settles of its days, and what it has to ask, once for the column."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field

from tracker.imports.sheets.centuries import (
    CENTURIES,
    has_two_centuries,
    in_century,
    possible_centuries,
)
from tracker.imports.sheets.day_cells import (
    UNIX_TIME,
    DayCellText,
    fitting,
    names_unix_time,
    read_day_cell,
)
from tracker.imports.sheets.day_columns import DayCell, DayColumn, answer_of, answers_of
from tracker.imports.sheets.day_orders import settle_orders
from tracker.imports.sheets.day_readings import (
    DayText,
    day_text_of,
    is_day,
    month_and_year,
    with_year,
)
from tracker.imports.sheets.ranges import days_of_range
from tracker.imports.sheets.settings import DAY_OF, SheetSettings, choice_name, is_choice

_MONTH_AND_YEAR = "month-and-year"
#: What a range of days in one cell can be: all of them, one of them, or what is due by the last.
_TERM, _WINDOW, _LAST_DAY = "a-term", "a-window", "last-day"
#: What is no day in it, is none in any.
_LEAP_YEAR = "2028"


def settle_days(
    column: DayColumn,
    cells: Iterable[DayCell],
    settings: SheetSettings,
    years: tuple[int, int],
    names: Container[str],
) -> None:
    """Gives each text its line, a question, or a fault; `years` are offered where none is named."""
    _Settling(column, settings, years, names).settle(list(cells))


@dataclass
class _Settling:
    column: DayColumn
    settings: SheetSettings
    years: tuple[int, int]
    names: Container[str]
    _cells: dict[str, DayCell] = field(default_factory=dict)
    _read: dict[str, DayCellText] = field(default_factory=dict)
    _several: dict[str, DayText] = field(default_factory=dict)
    _ranges: dict[str, tuple[str, str]] = field(default_factory=dict)
    #: Texts that are asked for their year, and read in one of those offered until then: so all that
    #: they leave open is asked at once.
    _in_some_year: set[str] = field(default_factory=set)

    def settle(self, cells: list[DayCell]) -> None:
        for cell in cells:
            self._read_cell(cell)
        bare = {text: read.bare for text, read in self._read.items()}
        settle_orders(self.column, self._cells, bare, self._several, self.settings)
        for text, day in self._several.items():
            self._choose(self._cells[text], day)
        for text, read in self._read.items():
            self._settle_century(text, read)
        for text, days in self._ranges.items():
            self._settle_range(self._cells[text], days)
        for text in self._in_some_year:
            self.column.lines.pop(text, None)
            self.column.terms.pop(text, None)
        lines = self.column.lines.values()
        clocks = {line[10:] for line in lines if is_day(line) and line[10:]}
        self.column.is_of_days = clocks == {" 00:00"}

    def _read_cell(self, cell: DayCell) -> None:
        column, text = self.column, cell.text
        self._cells[text] = cell
        if meaning := self.settings.meanings.get(text):
            column.lines[text] = meaning
            self._read[text] = DayCellText(text, DayText(()))
            return
        read = read_day_cell(text, self.names)
        if self._is_range(cell, read.day):
            return
        day = read.day
        if day.fault == "no-year":
            day = self._in_its_year(cell, read)
            if text not in self._in_some_year:
                day = fitting(day, read.weekdays)
        if day.fault == "project-month":
            day = _after_start(day, self.settings)
        self._read[text] = read._replace(day=day)
        if read.zone:
            column.zones[text] = read.zone
        if not day.is_same:
            column.loose.add(text)
        if len(day.readings) == 1 and day.readings[0].reason == UNIX_TIME:
            self._settle_unix_time(cell, day.readings[0].line)
        elif len(day.readings) == 1:
            column.lines[text] = day.readings[0].line
        elif day.readings:
            self._several[text] = day
        elif day.fault == "project-month":
            answers = ("--map project-start=DAY", "--map project-start=ID")
            column.ask(day.fault, (("text", text), ("line", day.months)), answers, [cell])
        elif day.fault and text not in column.asked:
            column.faults[text] = day.fault

    # -- what stands without its year

    def _in_its_year(self, cell: DayCell, read: DayCellText) -> DayText:
        """The text in the year that the call names; else it is asked for, if any makes it a day."""
        year = self.settings.years.get(self.column.key)
        day_of = next(iter(self.settings.choices_like(self.column.key, DAY_OF)), None)
        if month := month_and_year(read.bare):
            years = [year] if year else [str(year) for year in self.years]
            days = [with_year(read.bare, year, self.names) for year in years]
            if self.settings.choice(self.column.key, [_MONTH_AND_YEAR]) or not days[0].readings:
                return month
            if day_of is None:
                self._ask_month_or_day(cell, [month, *days], years)
                return read.day
            year = day_of.removeprefix("day-of-")
        if year:
            return with_year(read.bare, year, self.names)
        day = with_year(read.bare, str(self.years[-1]), self.names)
        if not day.readings and not with_year(read.bare, _LEAP_YEAR, self.names).readings:
            return DayText((), "no-such-day" if read.bare[:1].isdigit() else "no-day")
        answers = answers_of(self.column.key, [str(year) for year in self.years])
        self.column.ask("no-year", (("text", cell.text),), answers, [cell])
        self._in_some_year.add(cell.text)
        return day

    def _ask_month_or_day(self, cell: DayCell, days: list[DayText], years: list[str]) -> None:
        """Whether Mar-27 is March 2027, or 27 March of one of those years."""
        choices = [_MONTH_AND_YEAR, *(f"day-of-{year}" for year in years)]
        lines = " | ".join(day.readings[0].line for day in days if day.readings)
        answers = answers_of(self.column.key, choices)
        self.column.ask("month-or-day", (("text", cell.text), ("lines", lines)), answers, [cell])

    # -- what has several readings

    def _settle_unix_time(self, cell: DayCell, line: str) -> None:
        column = self.column
        if self.settings.choice(column.key, [UNIX_TIME]) or names_unix_time(column.heading):
            column.lines[cell.text] = line
            return
        values = (("text", cell.text), ("line", line))
        column.ask(UNIX_TIME, values, answers_of(column.key, [UNIX_TIME]), [cell])

    def _choose(self, cell: DayCell, day: DayText) -> None:
        """A reading that the call or the heading chose, or the question."""
        key = self.column.key
        names = [choice_name(reading.reason) for reading in day.readings]
        wished = self.settings.choice(key, names)
        if wished is None and key == "due":  # what is due by a period is due by its last day
            wished = _LAST_DAY if _LAST_DAY in names else None
        if wished is not None and names.count(wished) == 1:
            self.column.lines[cell.text] = day.readings[names.index(wished)].line
            return
        lines = " | ".join(reading.line for reading in day.readings)
        values = (("text", cell.text), ("lines", lines))
        if all(map(is_choice, names)) and len(set(names)) == len(names):
            self.column.ask("readings", values, answers_of(key, names), [cell])
        else:
            answers = tuple(answer_of(cell.text, reading.line) for reading in day.readings)
            self.column.ask("reading-of-text", values, answers, [cell])

    def _settle_century(self, text: str, read: DayCellText) -> None:
        """31.12.99 is in one of two centuries."""
        column = self.column
        line = column.lines.get(text)
        late = [r.line for r in read.day.readings if has_two_centuries(read.bare, r.line)]
        if not late or (line is not None and line not in late):
            return
        possible = possible_centuries(line or late[0], read.weekdays)
        wished = self.settings.choice(column.key, list(CENTURIES))
        if wished is None and len(possible) == 1:
            wished = possible[0]
        if wished in possible:
            if line is not None:
                column.lines[text] = in_century(line, wished)
            return
        column.lines.pop(text, None)
        lines = " | ".join(in_century(line or late[0], century) for century in CENTURIES)
        answers = answers_of(column.key, list(CENTURIES))
        column.ask("century", (("text", text), ("lines", lines)), answers, [self._cells[text]])

    # -- two days in one cell

    def _is_range(self, cell: DayCell, day: DayText) -> bool:
        """Whether it is two days: each is read as if it stood in the column alone."""
        is_window = any(reading.line.startswith("between ") for reading in day.readings)
        if day.readings and not is_window:
            return False
        days = days_of_range(cell.text)
        year = self.settings.years.get(self.column.key)
        if days is None and day.fault == "no-year":
            days = days_of_range(f"{cell.text} {year or self.years[-1]}")
            if days is not None and year is None:
                answers = answers_of(self.column.key, [str(year) for year in self.years])
                self.column.ask("no-year", (("text", cell.text),), answers, [cell])
                self._in_some_year.add(cell.text)
        if days is None:
            return False
        self._ranges[cell.text] = days
        for text in days:
            if text not in self._cells:
                self._read_cell(DayCell(text, cell.places))
        return True

    def _settle_range(self, cell: DayCell, days: tuple[str, str]) -> None:
        column, key = self.column, self.column.key
        lines = [column.lines.get(text) for text in days]
        for text in days:
            if text in column.faults:
                column.faults[cell.text] = column.faults[text]
            elif text in column.asked:
                column.asked.setdefault(cell.text, column.asked[text])
        if cell.text in column.faults:
            return
        first, last = lines
        if first and last and first > last:
            column.faults[cell.text] = "range-backwards"
            return
        choices = {"due": [_LAST_DAY, _TERM, _WINDOW], "when": [_TERM, _WINDOW]}.get(key, [_WINDOW])
        wished = self.settings.choice(key, choices) if len(choices) > 1 else _WINDOW
        if wished is None:
            values = (("text", cell.text), ("first", first or days[0]), ("last", last or days[1]))
            column.ask("range", values, answers_of(key, choices), [cell])
        elif first and last:
            self._take_range(cell.text, wished, first, last)

    def _take_range(self, text: str, wished: str, first: str, last: str) -> None:
        if wished == _TERM:
            self.column.terms[text] = first, last
        else:
            window = f"between {first} and {last}"
            self.column.lines[text] = last if wished == _LAST_DAY else window


def _after_start(day: DayText, settings: SheetSettings) -> DayText:
    start = settings.of_file.get("project-start")
    if start is None:
        return day
    name = start if not start[:1].isdigit() else "project-start"
    length = day.months.partition(" after ")[0]
    return day_text_of(f"{length} after {name}", (name,))
