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
    Question,
    ReadColumn,
    Remark,
    Wishes,
)
from tracker.imports.sheets.columns import ColumnsByKey, SheetColumn, SheetPlan, cell_at
from tracker.imports.sheets.day_readings import NOTHING, is_day
from tracker.imports.sheets.headings import unit_of
from tracker.imports.sheets.identity import foreign_ids, names_of_rows
from tracker.imports.sheets.labels import LabelColumn
from tracker.imports.sheets.lengths import read_length
from tracker.imports.sheets.row_days import RowDays
from tracker.imports.sheets.row_state import RowState
from tracker.imports.sheets.settings import SheetSettings
from tracker.imports.sheets.statuses import is_cancelled, is_done
from tracker.imports.sheets.tables import CellValue, SheetRow, SheetTable, cell_text
from tracker.imports.texts import LONGEST_NOTE, one_line, several_lines

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
        columns = ColumnsByKey(plan)
        self._of_key = columns.of_key
        self._days = RowDays(table, columns, self.rows, settings, wishes, self.findings)
        self._labels = self._label_columns()
        self._length_questions: list[Question] = []
        self._lengths: dict[tuple[str, str | None], str | None] = {}
        self._heading_texts = self._texts_of_headings()

    def read(self) -> ForeignContent:
        """All of it."""
        questions = [*self.plan.questions]
        if not questions:  # else no row is known for what it is
            rows = each(self._progress, "rows-read", self.rows)
            states = [state for row in rows if (state := self._state(row)) is not None]
            events = [(state, fields) for state in states if (fields := self._fields(state))]
            self._add_events(events, [state for state in states if state.waits])
            self._tell_of_columns()
        questions += self._days.questions()
        self.remarks += self._days.remarks()
        questions += self._length_questions
        content = self.findings.content()
        questions += content.questions
        return ForeignContent(
            content.events,
            (*self.table.left_out, *content.left_out),
            tuple(questions),
            asks_by_entry=True,
            columns=tuple(self._read_columns()),
            remarks=tuple(self.remarks),
        )

    # -- columns

    def _label_columns(self) -> dict[int, LabelColumn]:
        return {
            column.at: LabelColumn(
                {cell_text(cell_at(row, column)) for row in self.rows},
                splits_always=column.key == "tags",
            )
            for column in self._of_key("parties", "tags")
        }

    def _texts_of_headings(self) -> tuple[CellValue, ...] | None:
        at = self.plan.heading_row
        return self.table.rows[at].cells if at is not None else None

    # -- one row

    def _state(self, row: SheetRow) -> RowState | None:
        if row.cells == self._heading_texts:  # headings are repeated on each page
            return None
        place = self.table.place(row.number)
        titles = self._of_key("title")
        title = one_line(cell_text(cell_at(row, titles[0]))) if titles else ""
        state = RowState(row, place, title)
        self._days.read(state)
        for column in self._of_key("status"):
            status = cell_text(cell_at(row, column))
            is_percent = column.group == 2 and status in ("1", "100")
            state.is_done |= is_percent or (is_done(status) and not status.isdigit())
            state.is_cancelled |= is_cancelled(status)
        if not state.title:
            if state.lines or state.waits or state.is_refused:
                self.findings.leave_out(self._title_name(), "no-title", place)
            elif any(cell not in ("", False) for cell in row.cells):  # a box that is not ticked
                self.findings.leave_out(self._title_name(), "row-bare", place)
            return None
        return state

    def _title_name(self) -> str:
        titles = self._of_key("title")
        return titles[0].name if titles else "A"

    # -- its fields

    def _fields(self, state: RowState) -> dict[str, object]:
        """The keys of an event beside id and title; empty where it is none."""
        if state.waits or state.is_refused:
            return {}
        fields = self._when(state)
        if not fields or state.waits:
            return {}
        if not self._add_record(state, fields):
            return {}
        self._add_plain(state, fields)
        self._add_labels(state, fields)
        self._add_notes(state, fields)
        return fields

    def _when(self, state: RowState) -> dict[str, object]:
        lines = state.lines
        when = lines.get("due") or lines.get("when") or state.term
        starts, ends = lines.get("starts"), lines.get("ends")
        length = self._length(state) if not ends else None
        if when:
            for column in self._of_key("starts", "ends"):
                if line := lines.get(column.key or ""):
                    state.notes.append(f"{column.name}: {line}")
            if isinstance(when, tuple):
                first, last = when
                return {"when": first} if first == last else {"starts": first, "ends": last}
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
            text = cell_text(cell_at(state.row, column))
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
        if not state.lines.get("starts"):
            return
        answers = tuple(f"--map lasts={unit}" for unit in _LENGTH_UNITS)
        if not self._length_questions:
            values = (("column", column.name), ("text", text))
            question = Question("length-unit", values, answers, (state.place,))
            self._length_questions.append(question)
        state.waits = True
        write = " | ".join(answers)
        self.findings.leave_out(column.name, "waits", state.place, write=write)

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
            text = several_lines(cell_text(cell_at(state.row, column)))
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
                text = cell_text(cell_at(state.row, column))
                labels |= dict.fromkeys(self._labels[column.at].labels(text))
            if labels:
                fields[key] = list(labels)

    def _add_notes(self, state: RowState, fields: dict[str, object]) -> None:
        columns = self._of_key("note")
        notes = [
            text if column is columns[0] and not column.group else f"{column.name}: {text}"
            for column in columns
            if (text := several_lines(cell_text(cell_at(state.row, column))))
        ]
        if text := "\n".join((*notes, *state.notes)):
            fields["note"] = text[:LONGEST_NOTE]

    # -- all of them

    def _add_events(
        self, events: list[tuple[RowState, dict[str, object]]], waiting: list[RowState]
    ) -> None:
        """Adds them; of equal titles none where one waits, for it may come before the others."""
        states = [state for state, _ in events]
        keys = [self._key(state) for state in (*states, *waiting)]
        titles = [state.title for state in (*states, *waiting)]
        lines = [str(f.get("when") or f.get("starts") or f.get("ends")) for _, f in events]
        names = names_of_rows(keys, titles)
        held = set(names[len(states) :])
        ids = foreign_ids(keys, titles, [*lines, *[""] * len(waiting)])
        for (state, fields), key, name, known in zip(events, keys, names, ids, strict=False):
            if name in held:
                self.findings.leave_out(state.title, "beside-waiting", state.place)
                continue
            wish = (("id", key),) if is_id(key) and not key.isdigit() else ()
            event = ForeignEvent(known, state.title, (*wish, *fields.items()), state.place)
            self.findings.events.append(event)
        self._add_start()

    def _key(self, state: RowState) -> str:
        """What its key column says."""
        columns = self._of_key("id")
        return one_line(cell_text(cell_at(state.row, columns[0])), 200) if columns else ""

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
            if column.key is not None or column.is_part:
                continue
            rows = [row for row in self.rows if cell_at(row, column) != ""]
            if rows:
                places = tuple(self.table.place(row.number) for row in rows[:1])
                reason = "own-column" if column.is_own else "column"
                self.findings.leave_out(column.name, reason, places[0], len(rows))

    def _read_columns(self) -> Iterable[ReadColumn]:
        for column in self.plan.columns:
            first = tuple(
                one_line(cell_text(cell_at(row, column)), 60) for row in self.rows[:_MOST_FIRST]
            )
            yield ReadColumn(column.letters, column.heading, column.key, first)
