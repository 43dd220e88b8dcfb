"""The events that the rows of a sheet are."""

from __future__ import annotations

from collections.abc import Iterable

from tracker.dates.diagnostics import LineError
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.files.ids import is_id
from tracker.files.links import fault_in_link
from tracker.i18n.progress import each
from tracker.imports.findings import Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignPlace,
    Question,
    ReadColumn,
    Remark,
    Wishes,
)
from tracker.imports.sheets.columns import SheetColumn, SheetPlan
from tracker.imports.sheets.day_columns import (
    DayCell,
    DayColumn,
    joined_questions,
    settle_days,
)
from tracker.imports.sheets.day_readings import NOTHING, day_of_number, is_day
from tracker.imports.sheets.headings import DAY_KEYS, unit_of
from tracker.imports.sheets.identity import foreign_ids
from tracker.imports.sheets.labels import LabelColumn
from tracker.imports.sheets.lengths import read_length
from tracker.imports.sheets.row_state import RowState, combined_time, day_before
from tracker.imports.sheets.settings import SheetSettings
from tracker.imports.sheets.statuses import is_cancelled, is_done, yes_or_no
from tracker.imports.sheets.tables import CellValue, SheetRow, SheetTable, cell_text, iso_text
from tracker.imports.texts import LONGEST_NOTE, one_line, several_lines

_MOST_PLACES = 3
_MOST_FIRST = 3
_LENGTH_UNITS = ("days", "weeks", "months")
#: What the file states as it stands, where it was exported from one.
_PLAIN_KEYS = ("renews", "during", "roll", "calendar", "counting")


class RowReader:
    """Reads the rows of one sheet."""

    def __init__(
        self, table: SheetTable, plan: SheetPlan, settings: SheetSettings, wishes: Wishes
    ) -> None:
        self.table = table
        self.plan = plan
        self.settings = settings
        self.findings = Findings()
        self.remarks: list[Remark] = [*table.remarks]
        self.rows = table.rows[plan.first_row :]
        self._progress = wishes.progress
        self._years = (wishes.as_of.year, wishes.as_of.year + 1)
        self._by_keys: dict[tuple[str, ...], list[SheetColumn]] = {}
        self._days: dict[int, DayColumn] = {}
        self._labels: dict[int, LabelColumn] = {}
        self._length_questions: list[Question] = []
        self._lengths: dict[tuple[str, str | None], str | None] = {}
        self._heading_texts = self._texts_of_headings()

    def read(self) -> ForeignContent:
        """All of it."""
        questions = [*self.plan.questions]
        self._settle_columns()
        rows = each(self._progress, "rows-read", self.rows)
        states = [state for row in rows if (state := self._state(row)) is not None]
        events = [(state, fields) for state in states if (fields := self._fields(state))]
        self._add_events(events)
        questions += joined_questions([q for c in self._days.values() for q in c.questions])
        self.remarks += [remark for column in self._days.values() for remark in column.remarks]
        questions += self._length_questions
        self._tell_of_columns()
        content = self.findings.content()
        return ForeignContent(
            content.events,
            (*self.table.left_out, *content.left_out),
            tuple(questions),
            columns=tuple(self._read_columns()),
            remarks=tuple(self.remarks),
        )

    # -- columns

    def _of_key(self, *keys: str) -> list[SheetColumn]:
        """As the plan says; it is asked for each row."""
        if keys not in self._by_keys:
            self._by_keys[keys] = self.plan.of_key(*keys)
        return self._by_keys[keys]

    def _texts_of_headings(self) -> tuple[CellValue, ...] | None:
        at = self.plan.heading_row
        return self.table.rows[at].cells if at is not None else None

    def _settle_columns(self) -> None:
        names = self._ids()
        order_key = "dates" if len(self._of_key(*DAY_KEYS)) > 1 else None
        for column in self._of_key(*DAY_KEYS):
            if column.key is None:
                continue
            days = DayColumn(column.key, column.name, order_key=order_key or column.key)
            settle_days(days, self._day_cells(column), self.settings, self._years, names)
            self._days[column.at] = days
        for column in self._of_key("parties", "tags"):
            texts = {cell_text(self._cell(row, column)) for row in self.rows}
            self._labels[column.at] = LabelColumn(texts, splits_always=column.key == "tags")

    def _ids(self) -> frozenset[str]:
        ids = {
            cell_text(self._cell(row, column)).strip()
            for column in self._of_key("id")
            for row in self.rows
        }
        start = self.settings.of_file.get("project-start", "")
        return frozenset(name for name in (*ids, start) if is_id(name))

    def _cell(self, row: SheetRow, column: SheetColumn) -> CellValue:
        return row.cells[column.at] if column.at < len(row.cells) else ""

    def _day_cells(self, column: SheetColumn) -> Iterable[DayCell]:
        places: dict[str, list[ForeignPlace]] = {}
        for row in self.rows:
            cell = self._cell(row, column)
            if not isinstance(cell, str | int | float) or isinstance(cell, bool) or cell == "":
                continue
            if self._day_of_number(cell) is not None:
                continue
            text = " ".join(cell_text(cell).split())
            known = places.setdefault(text, [])
            if len(known) < _MOST_PLACES:
                known.append(self.table.place(row.number))
        return [DayCell(text, tuple(at)) for text, at in places.items() if text]

    def _day_of_number(self, cell: CellValue) -> str | None:
        if isinstance(cell, str) and not cell[:1].isdigit():
            return None
        cell = cell.strip() if isinstance(cell, str) else cell
        return day_of_number(cell, self.table.counts_from_1904 and not isinstance(cell, str))

    # -- one row

    def _state(self, row: SheetRow) -> RowState | None:
        if row.cells == self._heading_texts:  # headings are repeated on each page
            return None
        place = self.table.place(row.number)
        titles = self._of_key("title")
        title = one_line(cell_text(self._cell(row, titles[0]))) if titles else ""
        state = RowState(row, place, title)
        for column in self._of_key(*DAY_KEYS):
            self._read_day(state, column)
        for column in self._of_key("status"):
            status = cell_text(self._cell(row, column))
            is_percent = column.group == 2 and status in ("1", "100")
            state.is_done |= is_percent or (is_done(status) and not status.isdigit())
            state.is_cancelled |= is_cancelled(status)
        if not state.title:
            if state.lines or state.waits:
                self.findings.leave_out(self._title_name(), "no-title", place)
            return None
        return state

    def _title_name(self) -> str:
        titles = self._of_key("title")
        return titles[0].name if titles else "A"

    def _read_day(self, state: RowState, column: SheetColumn) -> None:
        cell = self._cell(state.row, column)
        if cell == "" or column.key is None:
            return
        key, days = column.key, self._days[column.at]
        if isinstance(cell, bool) or (isinstance(cell, str) and key == "occurred"):
            ticked = cell if isinstance(cell, bool) else yes_or_no(cell)
            if ticked is not None or (isinstance(cell, str) and is_done(cell)):
                state.is_done |= ticked is not False
                return
        line = self._line(cell, days)
        if line is not None:
            state.lines[key] = self._with_time(state, column, days.as_whole_day(line))
            if isinstance(cell, str) and " ".join(cell_text(cell).split()) in days.loose:
                state.notes.append(f"{column.name}: {one_line(cell)}")
            return
        text = one_line(cell_text(cell), 80)
        if text.casefold() in NOTHING:
            return
        if text in days.asked:
            state.waits = True
            return
        fault = days.faults.get(text, "no-day")
        state.waits |= key in ("due", "when", "starts", "ends")
        self.findings.leave_out(text, f"day-{fault}", state.place, column=column.name)

    def _line(self, cell: CellValue, days: DayColumn) -> str | None:
        if isinstance(cell, str | int | float) and not isinstance(cell, bool):
            numbered = self._day_of_number(cell)
            if numbered is None:
                return days.lines.get(" ".join(cell_text(cell).split()))
            if not any(remark.name == "numbered-days" for remark in self.remarks):
                values = (("text", cell_text(cell)), ("line", numbered), ("column", days.heading))
                self.remarks.append(Remark("numbered-days", values))
            return numbered
        return iso_text(cell) if hasattr(cell, "year") else None  # type: ignore[arg-type]

    def _with_time(self, state: RowState, column: SheetColumn, line: str) -> str:
        """The day with the time that a column beside it has."""
        keys = {"starts": "start time", "ends": "end time"}.get(column.key or "", "time")
        times = self._of_key(keys)
        if not times or len(line) != 10 or is_day(line) is None:
            return line
        all_day = self._of_key("all day")
        if all_day and yes_or_no(cell_text(self._cell(state.row, all_day[0]))):
            is_after = column.key == "ends" and line > state.lines.get("starts", line)
            midnight = combined_time(line, self._cell(state.row, times[0])) == f"{line} 00:00"
            return day_before(line) if is_after and midnight else line
        timed = combined_time(line, self._cell(state.row, times[0]))
        if timed is None:
            text = one_line(cell_text(self._cell(state.row, times[0])), 80)
            state.notes.append(f"{times[0].name}: {text}")
            self.findings.leave_out(text, "no-time", state.place, column=times[0].name)
        return timed or line

    # -- its fields

    def _fields(self, state: RowState) -> dict[str, object]:
        """The keys of an event beside id and title; empty where it is none."""
        if state.waits:
            return {}
        fields = self._when(state)
        if not fields:
            return {}
        if not self._add_record(state, fields):
            return {}
        self._add_plain(state, fields)
        self._add_labels(state, fields)
        self._add_notes(state, fields)
        return fields

    def _when(self, state: RowState) -> dict[str, object]:
        lines = state.lines
        when = lines.get("due") or lines.get("when")
        starts, ends = lines.get("starts"), lines.get("ends")
        length = self._length(state) if not ends else None
        if when:
            for column in self._of_key("starts", "ends"):
                if line := lines.get(column.key or ""):
                    state.notes.append(f"{column.name}: {line}")
            return {"when": when}
        if starts and starts == ends:
            return {"when": starts}
        if starts and ends and is_day(starts) and is_day(ends) and starts[:10] == ends[:10]:
            state.notes.append(f"{self._of_key('ends')[0].name}: {ends}")
            return {"when": starts}
        if starts and ends and is_day(starts) and is_day(ends) and starts > ends:
            self.findings.leave_out(state.title, "ends-first", state.place, start=starts, end=ends)
            return {}
        if not starts and not ends:
            what = self._title_name()
            self.findings.leave_out(what, "row-without-day", state.place)
            return {}
        if not starts and not self._of_key("starts"):
            return {"when": str(ends)}  # no column of starts: it is the day by which it ends
        if starts and self._of_key("due") and not ends and not length and is_day(starts):
            return {"when": f"not before {starts}"}  # a task without a last day, and no term
        term = {"starts": starts, "ends": ends, "lasts": length}
        return {key: value for key, value in term.items() if value}

    def _length(self, state: RowState) -> str | None:
        for column in self._of_key("lasts"):
            text = cell_text(self._cell(state.row, column))
            if not text or text.casefold() in NOTHING:
                continue
            chosen = self.settings.choice("lasts", ["days", "weeks", "months", "years"])
            unit = chosen.rstrip("s") if chosen else unit_of(column.heading)
            if (text, unit) not in self._lengths:
                self._lengths[text, unit] = read_length(text, unit)
            if length := self._lengths[text, unit]:
                return length
            if text.replace(".", "").isdigit() and unit is None:
                self._ask_unit(state, column, text)
            else:
                self.findings.leave_out(one_line(text, 80), "no-length", state.place)
        return None

    def _ask_unit(self, state: RowState, column: SheetColumn, text: str) -> None:
        if not self._length_questions and state.lines.get("starts"):
            values = (("column", column.name), ("text", text))
            answers = tuple(f"--map lasts={unit}" for unit in _LENGTH_UNITS)
            question = Question("length-unit", values, answers, (state.place,))
            self._length_questions.append(question)

    def _add_record(self, state: RowState, fields: dict[str, object]) -> bool:
        """What is recorded of it; whether it is an event."""
        is_term = "when" not in fields
        done = state.lines.get("ended" if is_term else "occurred") or state.lines.get("occurred")
        if given_up := state.lines.get("withdrawn"):
            fields["withdrawn"] = given_up
        elif state.is_cancelled:
            self.findings.leave_out(self._title_name(), "row-cancelled", state.place)
            return False
        started = state.lines.get("started", "")
        if is_term and is_day(started):
            fields["started"] = started
        if done and is_day(done):
            fields["ended" if is_term else "occurred"] = done
        elif state.is_done and not given_up:
            self.findings.leave_out(self._title_name(), "row-done", state.place)
            return False
        return True

    def _add_plain(self, state: RowState, fields: dict[str, object]) -> None:
        for column in self._of_key(*_PLAIN_KEYS, "repeats", "url", "quote", "source"):
            if column.key is None:
                continue
            text = several_lines(cell_text(self._cell(state.row, column)))
            if not text:
                continue
            if column.key == "repeats":
                self._add_repeats(state, fields, text)
            elif column.key == "url" and fault_in_link(text) is not None:
                state.notes.append(f"{column.name}: {text}")
            elif column.key == "source":
                state.notes.append(f"{column.name}: {one_line(text)}")
            else:
                fields[column.key] = text

    def _add_repeats(self, state: RowState, fields: dict[str, object], text: str) -> None:
        if text.casefold() in NOTHING or text.casefold() in (
            "never",
            "nie",
            "jamais",
            "nunca",
            "しない",
        ):
            return
        try:
            parse_recurrence(text)
        except LineError as refused:
            offers = [o.write for o in refused.diagnostic.suggestions if o.key in (None, "repeats")]
            if len(offers) != 1:
                self.findings.leave_out(one_line(text, 80), "no-recurrence", state.place)
                return
            text = offers[0]
        fields["repeats"] = text

    def _add_labels(self, state: RowState, fields: dict[str, object]) -> None:
        for key in ("parties", "tags"):
            labels: dict[str, None] = {}
            for column in self._of_key(key):
                text = cell_text(self._cell(state.row, column))
                labels |= dict.fromkeys(self._labels[column.at].labels(text))
            if labels:
                fields[key] = list(labels)

    def _add_notes(self, state: RowState, fields: dict[str, object]) -> None:
        columns = self._of_key("note")
        notes = [
            text if column is columns[0] and not column.group else f"{column.name}: {text}"
            for column in columns
            if (text := several_lines(cell_text(self._cell(state.row, column))))
        ]
        if text := "\n".join((*notes, *state.notes)):
            fields["note"] = text[:LONGEST_NOTE]

    # -- all of them

    def _add_events(self, events: list[tuple[RowState, dict[str, object]]]) -> None:
        id_columns = self._of_key("id")
        keys = [
            one_line(cell_text(self._cell(state.row, id_columns[0])), 200) if id_columns else ""
            for state, _ in events
        ]
        titles = [state.title for state, _ in events]
        lines = [str(f.get("when") or f.get("starts") or f.get("ends")) for _, f in events]
        for (state, fields), key, name in zip(
            events, keys, foreign_ids(keys, titles, lines), strict=True
        ):
            wish = (("id", key),) if is_id(key) and not key.isdigit() else ()
            event = ForeignEvent(name, state.title, (*wish, *fields.items()), state.place)
            self.findings.events.append(event)
        self._add_start()

    def _add_start(self) -> None:
        """The event from which months of a project are counted, where the call says its day."""
        start = self.settings.of_file.get("project-start", "")
        if start[:1].isdigit():
            place = self.table.place(self.rows[0].number if self.rows else 1)
            fields = (("id", "project-start"), ("when", start))
            self.findings.events.insert(
                0, ForeignEvent("project-start", "Project start", fields, place)
            )

    def _tell_of_columns(self) -> None:
        """Each column with something in it that became nothing."""
        for column in self.plan.columns:
            if column.key is not None:
                continue
            rows = [row for row in self.rows if self._cell(row, column) != ""]
            if rows:
                places = tuple(self.table.place(row.number) for row in rows[:1])
                reason = "own-column" if column.is_own else "column"
                self.findings.leave_out(column.name, reason, places[0], len(rows))

    def _read_columns(self) -> Iterable[ReadColumn]:
        for column in self.plan.columns:
            first = tuple(
                one_line(cell_text(self._cell(row, column)), 60) for row in self.rows[:_MOST_FIRST]
            )
            yield ReadColumn(column.letters, column.heading, column.key, first)
