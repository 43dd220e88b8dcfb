"""The days of each row: with the time and the zone that stand beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tracker.files.ids import is_id
from tracker.imports.findings import Findings
from tracker.imports.foreign import ForeignPlace, Question, Remark, Wishes
from tracker.imports.sheets.columns import ColumnsByKey, SheetColumn, cell_at
from tracker.imports.sheets.day_cells import is_far, split_zone
from tracker.imports.sheets.day_columns import (
    MOST_PLACES,
    DayCell,
    DayColumn,
    joined_questions,
)
from tracker.imports.sheets.day_readings import NOTHING, day_of_number, is_day
from tracker.imports.sheets.day_settling import settle_days
from tracker.imports.sheets.headings import DAY_KEYS
from tracker.imports.sheets.row_state import RowState, combined_time, day_before
from tracker.imports.sheets.settings import SheetSettings
from tracker.imports.sheets.statuses import is_done, yes_or_no
from tracker.imports.sheets.tables import CellValue, SheetRow, SheetTable, cell_text, iso_text
from tracker.imports.sheets.zone_names import ZoneNames
from tracker.imports.texts import one_line

#: Columns without whose day a row is no event.
_NEEDED = ("due", "when", "starts", "ends")


@dataclass
class RowDays:
    """Settles the columns of days, and reads them row by row."""

    table: SheetTable
    columns: ColumnsByKey
    rows: Sequence[SheetRow]
    settings: SheetSettings
    wishes: Wishes
    findings: Findings
    _days: list[tuple[SheetColumn, DayColumn]] = field(default_factory=list)
    _numbered: list[Remark] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._zones = ZoneNames(self.settings.meanings, self.findings)
        self._settle()

    def questions(self) -> list[Question]:
        """What the columns ask."""
        return joined_questions([q for _, days in self._days for q in days.questions])

    def remarks(self) -> list[Remark]:
        """How they were read, where that is not plain."""
        remarks = [remark for _, days in self._days for remark in days.remarks]
        return [*self._numbered[:1], *remarks]

    def read(self, state: RowState) -> None:
        """Gives a row its lines."""
        for column, days in self._days:
            cell = cell_at(state.row, column)
            if cell != "":
                self._read_day(state, column, days, cell)

    # -- columns

    def _settle(self) -> None:
        names = self._ids()
        years = (self.wishes.as_of.year, self.wishes.as_of.year + 1)
        columns = self.columns.of_key(*DAY_KEYS)
        for column in columns:
            if column.key is None:
                continue
            order_key = "dates" if len(columns) > 1 else column.key
            days = DayColumn(column.key, column.name, order_key)
            settle_days(days, self._day_cells(column), self.settings, years, names)
            self._days.append((column, days))

    def _ids(self) -> frozenset[str]:
        ids = {
            cell_text(cell_at(row, column)).strip()
            for column in self.columns.of_key("id")
            for row in self.rows
        }
        start = self.settings.of_file.get("project-start", "")
        return frozenset(name for name in (*ids, start) if is_id(name))

    def _day_cells(self, column: SheetColumn) -> Iterable[DayCell]:
        places: dict[str, list[ForeignPlace]] = {}
        for row in self.rows:
            cell = cell_at(row, column)
            if cell == "" or not isinstance(cell, str | int | float) or isinstance(cell, bool):
                continue
            if isinstance(cell, float) and not cell.is_integer():
                continue  # 1.5 is no 1 May
            if self._day_of_number(cell) is not None:
                continue
            known = places.setdefault(_key(cell), [])
            if len(known) < MOST_PLACES:
                known.append(self.table.place(row.number))
        return [DayCell(text, tuple(at)) for text, at in places.items() if text]

    def _day_of_number(self, cell: CellValue) -> str | None:
        if isinstance(cell, str):
            if not cell[:1].isdigit() or not cell[1:5].isdigit():
                return None
            cell = cell.strip()
        return day_of_number(cell, self.table.counts_from_1904 and not isinstance(cell, str))

    # -- one row

    def _read_day(
        self, state: RowState, column: SheetColumn, days: DayColumn, cell: CellValue
    ) -> None:
        if isinstance(cell, bool) or (isinstance(cell, str) and days.key == "occurred"):
            ticked = cell if isinstance(cell, bool) else yes_or_no(cell)
            if ticked is not None or (isinstance(cell, str) and is_done(cell)):
                state.is_done |= ticked is not False
                return
        text = _key(cell) if isinstance(cell, str | int | float) else ""
        if term := days.terms.get(text):
            state.term = term
            return
        line = self._line(cell, text, days)
        if line is None:
            self._tell_of_fault(state, column, days, text or cell_text(cell))
            return
        line = self._with_time(state, column, days.as_whole_day(line), days.zones.get(text, ""))
        state.lines[days.key] = line
        if text in days.loose:
            state.notes.append(f"{column.name}: {one_line(text)}")

    def _line(self, cell: CellValue, text: str, days: DayColumn) -> str | None:
        if text:
            if (line := days.lines.get(text)) is not None:
                return line
            numbered = self._day_of_number(cell)
            if numbered is not None and not self._numbered:
                values = (("text", text), ("line", numbered), ("column", days.heading))
                self._numbered.append(Remark("numbered-days", values))
            return numbered
        if not hasattr(cell, "year"):
            return None
        line = iso_text(cell)  # type: ignore[arg-type]
        if is_far(line):
            days.faults[cell_text(cell)] = "far-day"
            return None
        return line

    def _tell_of_fault(
        self, state: RowState, column: SheetColumn, days: DayColumn, text: str
    ) -> None:
        if text.casefold() in NOTHING:
            return
        if answers := days.asked.get(text):
            self._wait(state, column.name, answers)
            return
        shown = one_line(text, 80)
        state.is_refused |= days.key in _NEEDED
        fault = days.faults.get(text, "no-day")
        self.findings.leave_out(shown, f"day-{fault}", state.place, column=column.name)

    def _wait(self, state: RowState, what: str, answers: tuple[str, ...]) -> None:
        """The row waits for an answer; it is told once, by the first of what it waits for."""
        if not state.waits:
            write = " | ".join(answers[:4])
            self.findings.leave_out(one_line(what, 80), "waits", state.place, write=write)
        state.waits = True

    # -- its time and zone

    def _with_time(self, state: RowState, column: SheetColumn, line: str, zone: str) -> str:
        """The day with the time and the zone that columns beside it have."""
        zones = self.columns.of_key("timezone")
        beside = cell_text(cell_at(state.row, zones[0])) if zones else ""
        if len(line) == 10 and is_day(line) is not None:
            line, own = self._with_clock(state, column, line)
            zone = own or zone
        if zone or (beside and beside.casefold() not in NOTHING):
            return self._with_zone(state, line, zone or beside)
        return line

    def _with_clock(self, state: RowState, column: SheetColumn, line: str) -> tuple[str, str]:
        """The day with its time, and the zone that stands behind that."""
        times = self.columns.of_key({"starts": "start time", "ends": "end time"}.get(
            column.key or "", "time"
        ))  # fmt: skip
        if not times:
            return line, ""
        cell = cell_at(state.row, times[0])
        text, zone = split_zone(cell) if isinstance(cell, str) else ("", "")
        if zone:
            cell = text
        all_day = self.columns.of_key("all day")
        if all_day and yes_or_no(cell_text(cell_at(state.row, all_day[0]))):
            is_after = column.key == "ends" and line > state.lines.get("starts", line)
            midnight = combined_time(line, cell) == f"{line} 00:00"
            return (day_before(line) if is_after and midnight else line), ""
        timed = combined_time(line, cell)
        if timed is None:
            text = one_line(cell_text(cell), 80)
            state.notes.append(f"{times[0].name}: {text}")
            self.findings.leave_out(text, "no-time", state.place, column=times[0].name)
        return timed or line, zone

    def _with_zone(self, state: RowState, line: str, name: str) -> str:
        if is_day(line) is None or len(line) not in (10, 16):
            return line  # no day, or one with a zone of its own
        zoned = self._zones.line(line, name, state.place)
        if zoned.state == "asked":
            self._wait(state, name, zoned.write)
        elif zoned.state == "unknown":
            state.is_refused = True
            write = " | ".join(zoned.write)
            self.findings.leave_out(one_line(name, 80), "zone-unknown", state.place, write=write)
        elif zoned.state == "twice":
            state.is_refused = True
            first, second = zoned.write
            self.findings.leave_out(line, "two-instants", state.place, first=first, second=second)
        elif zoned.line == line and name != self.wishes.timezone:
            state.notes.append(f"{self._zone_name()}: {one_line(name, 80)}")
        return zoned.line

    def _zone_name(self) -> str:
        zones = self.columns.of_key("timezone")
        return zones[0].name if zones else "Timezone"


def _key(cell: str | float) -> str:
    """By what a text is known in its column."""
    return " ".join(cell_text(cell).split())
