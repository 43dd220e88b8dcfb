"""Which row has the headings, and which key each column is: as the call says, as its heading says,
or as what stands in it says where exactly one column can be meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches

from tracker.i18n.shell_words import shell_word
from tracker.imports.foreign import Question, Unreadable
from tracker.imports.sheets.day_cells import names_unix_time, read_day_cell, unix_time
from tracker.imports.sheets.headings import (
    ALIASES,
    DAY_KEYS,
    KEYS,
    SEVERAL,
    Heading,
    heading_of,
    plain,
)
from tracker.imports.sheets.parted_days import add_days_of_parts, parts_of_days
from tracker.imports.sheets.ranges import days_of_range
from tracker.imports.sheets.settings import SheetSettings
from tracker.imports.sheets.tables import (
    CellValue,
    SheetRow,
    SheetTable,
    cell_text,
    column_letters,
)
from tracker.imports.texts import one_line

#: So many rows may stand above the headings: titles, addresses, empty ones.
_MOST_ABOVE = 25
_LONGEST_HEADING = 80
_SAMPLE_ROWS = 40
_SAMPLE_COLUMNS = 60
#: What says when an event is; the other keys of days say what happened.
_DATED = DAY_KEYS[:4]


@dataclass
class SheetColumn:
    """A column, and the key that it is; None: none."""

    at: int
    heading: str
    key: str | None = None
    group: int = 0
    is_own: bool = False  #: its program keeps it for itself: when a row was made
    is_part: bool = False  #: a day is put together of it and others
    parts: tuple[int, ...] = ()  #: of which columns it is put together

    @property
    def letters(self) -> str:
        """How a spreadsheet names it."""
        return "+".join(map(column_letters, self.parts or (self.at,)))

    @property
    def name(self) -> str:
        """How it is named to people."""
        return self.heading or self.letters


@dataclass
class SheetPlan:
    """The columns of a sheet, and which rows are below its headings."""

    columns: list[SheetColumn]
    first_row: int  #: index of the first row below the headings
    heading_row: int | None
    questions: list[Question] = field(default_factory=list)

    def of_key(self, *keys: str) -> list[SheetColumn]:
        """The columns that are one of these keys."""
        return [column for column in self.columns if column.key in keys]


class ColumnsByKey:
    """The columns of a plan that is made, by their keys; they are asked for with each row."""

    def __init__(self, plan: SheetPlan) -> None:
        self._plan = plan
        self._by_keys: dict[tuple[str, ...], list[SheetColumn]] = {}

    def of_key(self, *keys: str) -> list[SheetColumn]:
        """The columns that are one of these keys."""
        if keys not in self._by_keys:
            self._by_keys[keys] = self._plan.of_key(*keys)
        return self._by_keys[keys]


def cell_at(row: SheetRow, column: SheetColumn) -> CellValue:
    """What stands in a column of a row."""
    return row.cells[column.at] if column.at < len(row.cells) else ""


def plan_columns(table: SheetTable, settings: SheetSettings) -> SheetPlan:
    """Which column is what. Raises Unreadable where a column that the call names is not there."""
    at = find_headings(table, settings)
    headings = table.rows[at].cells if at is not None else ()
    first = at + 1 if at is not None else 0
    width = max((len(row.cells) for row in table.rows[first:]), default=0)
    columns = [
        SheetColumn(
            n, one_line(cell_text(headings[n]), _LONGEST_HEADING) if n < len(headings) else ""
        )
        for n in range(max(width, len(headings)))
    ]
    filled = _columns_with_cells(table, first)
    plan = SheetPlan([c for c in columns if c.heading or c.at in filled], first, at)
    _take_wished(plan, settings)
    wished = {key for key, _ in settings.columns}
    _take_by_heading(plan, wished, filled)
    _take_parted_days(plan, table, wished)
    _take_by_content(plan, table, wished)
    return plan


def find_headings(table: SheetTable, settings: SheetSettings) -> int | None:
    """Which row has the headings, counted from 0; None: none has."""
    if wish := settings.of_file.get("header"):
        return _wished_row(table, wish)
    wished = {plain(name) for _, name in settings.columns}
    best, best_score = None, 0.0
    for at, row in enumerate(table.rows[:_MOST_ABOVE]):
        texts = [cell for cell in row.cells if isinstance(cell, str) and cell.strip()]
        short = [text for text in texts if len(text) <= _LONGEST_HEADING]
        known = {known.key for text in short if (known := heading_of(text)) is not None}
        named = sum(plain(text) in wished for text in short) if wished else 0
        score = len(known) + 3 * named - (0 if len(texts) > 1 else 0.5)
        if any(_is_dated(cell) for cell in row.cells):
            score -= 2
        if score > best_score:
            best, best_score = at, score
    return best if best is not None else _row_unlike_the_rest(table)


def _wished_row(table: SheetTable, wish: str) -> int | None:
    if wish in ("0", "none"):
        return None
    for at, row in enumerate(table.rows):
        if str(row.number) == wish:
            return at
    raise Unreadable("no-such-row", (("row", one_line(wish, 40)),))


def _row_unlike_the_rest(table: SheetTable) -> int | None:
    """A first row of texts without a day, above rows that have days: headings nobody knows."""
    for at, row in enumerate(table.rows[:_MOST_ABOVE]):
        texts = [cell for cell in row.cells if cell != ""]
        if len(texts) < 2:
            continue
        if any(not isinstance(cell, str) or _is_dated(cell) for cell in texts):
            return None
        below = table.rows[at + 1 : at + 6]
        return at if any(_is_dated(cell) for line in below for cell in line.cells) else None
    return None


def _is_dated(cell: CellValue) -> bool:
    if isinstance(cell, date):
        return True
    if not isinstance(cell, str) or len(cell) > 40 or not any(map(str.isdigit, cell)):
        return False
    if cell.strip().isdigit() and len(cell.strip()) < 8:
        return False
    day = read_day_cell(cell).day
    is_dated = bool(day.readings) or day.fault in ("no-year", "other-weekday", "far-day")
    return is_dated or days_of_range(cell) is not None


def _columns_with_cells(table: SheetTable, first: int) -> set[int]:
    filled: set[int] = set()
    for row in table.rows[first:]:
        if len(filled) < len(row.cells):
            filled.update(n for n, cell in enumerate(row.cells) if cell != "")
    return filled


# -- as the call says


def _take_wished(plan: SheetPlan, settings: SheetSettings) -> None:
    for key, name in settings.columns:
        column = _find_column(plan, name)
        column.key, column.group = key, -1
    by_heading = {plain(column.heading): column.heading for column in plan.columns}
    for name, column_name in settings.meanings.items():
        if plain(column_name) in by_heading and name.isascii() and " " not in name:
            keys = [*KEYS, *ALIASES]
            near = get_close_matches(name.casefold(), keys, n=1, cutoff=0.5) or ["due"]
            heading = by_heading[plain(column_name)]
            values = (("key", name), ("near", f"--map {shell_word(f'{near[0]}={heading}')}"))
            raise Unreadable("no-such-key", values)


def _find_column(plan: SheetPlan, name: str) -> SheetColumn:
    wish = plain(name)
    for column in plan.columns:
        if column.heading and (column.heading == name or plain(column.heading) == wish):
            return column
    for column in plan.columns:
        if name.upper() == column.letters or name == str(column.at + 1):
            return column
    headings = {plain(column.heading): column.heading for column in plan.columns if column.heading}
    near = get_close_matches(wish, list(headings), n=1, cutoff=0.4)
    names = ", ".join(column.name for column in plan.columns[:20])
    values = (("column", one_line(name, 80)), ("near", headings[near[0]] if near else ""))
    raise Unreadable("no-such-column" if near else "no-column-like", (*values, ("names", names)))


# -- as its heading says


def _take_by_heading(plan: SheetPlan, wished: set[str], filled: set[int]) -> None:
    by_key: dict[str, list[tuple[SheetColumn, Heading]]] = {}
    for column in plan.columns:
        known = heading_of(column.heading) if column.heading and column.key is None else None
        if known is None:
            continue
        column.is_own = not known.key
        if known.key and column.at in filled:
            by_key.setdefault(known.key, []).append((column, known))
    if wished & {"due", "when"}:
        by_key.pop("due", None)
        by_key.pop("when", None)
    if "due" in by_key:
        by_key.pop("when", None)
    for key, claims in by_key.items():
        if key in wished and key not in SEVERAL:
            continue
        least = min(known.group for _, known in claims)
        best = [column for column, known in claims if known.group == least]
        if key in SEVERAL:
            best = [column for column, _ in claims]
        elif len(best) > 1 and key in (*DAY_KEYS, "title"):
            _ask_which(plan, key, best)
            continue
        for column in best if key in SEVERAL else best[:1]:
            column.key, column.group = key, least


def _ask_which(plan: SheetPlan, key: str, columns: Iterable[SheetColumn]) -> None:
    names = [column.name for column in columns]
    doubled = len(set(names)) < len(names)
    answers = tuple(
        f"--map {shell_word(f'{key}={column.letters if doubled else column.name}')}"
        for column in columns
    )
    values = (("key", key), ("columns", ", ".join(names)))
    plan.questions.append(Question("which-column", values, answers))


def _take_parted_days(plan: SheetPlan, table: SheetTable, wished: set[str]) -> None:
    """Year, month and day in columns of their own, where no other column has the days."""
    parts = parts_of_days({column.at: column.heading for column in plan.columns})
    if parts is None or wished & set(_DATED) or plan.questions:
        return
    if any(column.at not in parts.values() for column in plan.of_key(*_DATED)):
        return
    at = add_days_of_parts(table, parts, plan.first_row)
    for column in plan.columns:
        if column.at in parts.values():
            column.key, column.is_part = None, True
    headings = {column.at: column.heading for column in plan.columns}
    name = " ".join(headings[part] for part in parts.values())
    plan.columns.append(SheetColumn(at, name, "when", parts=tuple(parts.values())))


# -- as what stands in it says


def _take_by_content(plan: SheetPlan, table: SheetTable, wished: set[str]) -> None:
    asked = {dict(question.values)["key"] for question in plan.questions}
    rows = table.rows[plan.first_row : plan.first_row + _SAMPLE_ROWS]
    free = [c for c in plan.columns if c.key is None and not c.is_own][:_SAMPLE_COLUMNS]
    dated = [column for column in free if _is_of_days(column, rows)]
    if not plan.of_key(*_DATED) and not asked & set(_DATED):
        if len(dated) == 1:
            dated[0].key = "when"
        elif dated:
            _ask_which(plan, "due", dated)
        else:
            names = ", ".join(column.name for column in plan.columns[:20])
            raise Unreadable("no-day-column", (("names", names),))
    if not plan.of_key("title") and "title" not in asked:
        _take_title(plan, [column for column in free if column not in dated], rows)


def _is_of_days(column: SheetColumn, rows: Sequence[SheetRow]) -> bool:
    cells = [cell for cell in _cells(column, rows) if cell != ""]
    if names_unix_time(column.heading) and all(unix_time(cell_text(cell)) for cell in cells):
        return True
    return bool(cells) and sum(map(_is_dated, cells)) >= 0.6 * len(cells)


def _cells(column: SheetColumn, rows: Sequence[SheetRow]) -> list[CellValue]:
    return [row.cells[column.at] for row in rows if column.at < len(row.cells)]


def _take_title(plan: SheetPlan, free: list[SheetColumn], rows: Sequence[SheetRow]) -> None:
    texts = [
        column
        for column in free
        if any(isinstance(c, str) and not c.strip().isdigit() and c for c in _cells(column, rows))
    ]
    notes = plan.of_key("note")
    if len(texts) == 1:
        texts[0].key = "title"
    elif not texts and len(notes) == 1:
        notes[0].key = "title"
    elif texts:
        _ask_which(plan, "title", texts)
    else:
        names = ", ".join(column.name for column in plan.columns[:20])
        raise Unreadable("no-title-column", (("names", names),))
