"""Tasks of Vikunja: what its API answers (`/api/v1/tasks/all`), and the zip of its data export.

A time that is not set is 0001-01-01T00:00:00Z there. Tasks with a due date are events; those with a
start and an end alone last from the one to the other.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time
from typing import Any, NamedTuple

from tracker.dates.instants import zone_of
from tracker.imports.archives import DAMAGED
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.foreign_times import line_of_instant, moment_in
from tracker.imports.html_texts import words_of_html
from tracker.imports.json_tables import MOST_JSON_BYTES, JsonTable, JsonText, list_in, read_json
from tracker.imports.texts import one_line, several_lines

_ZIP = b"PK\x03\x04"
_DATA = "data.json"
_DAY = 86_400
#: What becomes part of the event; and what says nothing outside of the program that keeps it.
_USED = {
    "id", "title", "description", "done", "done_at", "due_date", "start_date", "end_date",
    "project_id", "list_id", "repeat_after", "repeat_mode", "labels", "assignees", "created",
    "updated", "identifier", "index", "bucket_id", "buckets", "position", "kanban_position",
    "created_by", "uid", "hex_color", "cover_image_attachment_id", "is_favorite", "reactions",
    "subscription", "comment_count", "is_unread",
}  # fmt: skip


def recognises(file: ForeignFile) -> bool:
    """Whether it is a zip with the export's data, or holds tasks as the API writes them."""
    if file.content.startswith(_ZIP):
        try:
            with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
                names = archive.namelist()
        except DAMAGED:
            return _DATA.encode() in file.content[:200]
        return _DATA in names
    return file.is_json and {"due_date", "repeat_after", "done"} <= file.keys


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """Each task with a day as an event; raises Unreadable where nothing is one."""
    value, broken = _read(file)
    findings = Findings()
    number = 0
    for number, (project, task) in enumerate(_tasks(value), 1):
        at = EntryReading(wishes, findings, ForeignPlace("entry", number))
        if _is_sound(task, at):
            _read_task(task, project, at)
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    if not number:
        raise Unreadable("no-tasks")
    return findings.content()


def _read(file: ForeignFile) -> JsonText:
    if not file.content.startswith(_ZIP):
        return read_json(file)
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            entry = archive.getinfo(_DATA)
            if entry.file_size > MOST_JSON_BYTES or entry.flag_bits & 1:  # a bomb, or encrypted
                raise Unreadable("zip", (("name", _DATA),))
            with archive.open(entry) as stream:
                content = stream.read(MOST_JSON_BYTES + 1)  # what it says of its size may be a lie
    except (
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
        EOFError,
        NotImplementedError,
    ) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable("zip", (("name", _DATA),)) from None
    except Exception as error:
        # zlib, lzma and bz2 each have an error of their own for data that is damaged.
        if type(error).__module__ not in ("zlib", "_lzma", "_bz2"):
            raise
        raise Unreadable("zip", (("name", _DATA),)) from None
    return read_json(ForeignFile(file.name, content))


def _tasks(value: Any) -> Iterator[tuple[str, Any]]:
    """Each task, with the title of its project: a list of tasks, or of projects that hold them."""
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, dict) and "tasks" in entry and "due_date" not in entry:
            title = entry.get("title")
            for task in list_in(entry, "tasks"):
                yield (one_line(title, 80) if isinstance(title, str) else ""), task
        elif not (isinstance(entry, dict) and "title" in entry and "done" not in entry):
            yield "", entry  # and no project without tasks


def _is_sound(task: Any, at: EntryReading) -> bool:
    if not isinstance(task, JsonTable):
        at.leave_out(one_line(task, 40), "no-entry")
        return False
    title, ident = task.get("title"), task.get("id")
    if not isinstance(title, str) or not one_line(title):
        at.leave_out("title", "no-name")
    elif task.is_cut or task.doubled:
        at.leave_out_unsound(one_line(title), task)
    elif not isinstance(ident, int) or isinstance(ident, bool):
        at.leave_out(one_line(title), "no-id")
    else:
        return True
    return False


class _Times(NamedTuple):
    due: str | None
    starts: str | None
    ends: str | None
    done: str | None


def _read_task(task: JsonTable, project: str, at: EntryReading) -> None:
    title = one_line(task["title"])
    keys = ("due_date", "start_date", "end_date", "done_at")
    times = _Times(*(_line(task.get(key), title, at) for key in keys))
    fields: list[tuple[str, object]] = []
    if times.due is not None:
        fields.append(("when", times.due))
        for key, line in (("start_date", times.starts), ("end_date", times.ends)):
            if line is not None:
                at.leave_out(key, "beside-due")
        fields += _repeats(task, title, at)
    elif times.starts is not None or times.ends is not None:
        sides = (("starts", times.starts), ("ends", times.ends))
        fields += [(key, line) for key, line in sides if line is not None]
    else:
        if any(_is_set(task.get(key)) for key in keys[:3]):
            return  # what its date is has been told
        if at.wishes.since is not None or task.get("done") is True:
            at.leave_out(title, "no-date")
            return
        fields.append(("when", "open"))
    if task.get("done") is True:
        record = times.done or times.due or times.ends
        if record is not None:
            fields.append(("occurred" if times.due else "ended", record))
    fields += _details(task, project)
    at.findings.add(ForeignEvent(f"vikunja/{task['id']}", title, tuple(fields), at.place))
    for key in task.keys() - _USED:
        if task[key] not in (None, "", [], {}, 0, False):
            at.leave_out(one_line(key, 40), "no-place")


def _is_set(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not value.startswith("0001-01-01")


def _line(value: object, title: str, at: EntryReading) -> str | None:
    """The line for a time; None where none is set, or where it is told that it is none."""
    if value in (None, "") or (isinstance(value, str) and not _is_set(value)):
        return None
    stated = moment_in(re.sub(r"\.[0-9]+", "", value)) if isinstance(value, str) else None
    if stated is None or stated.clock is None or stated.offset is None:
        at.leave_out(title, "no-day", value=one_line(value, 60))
        return None
    try:
        utc = datetime.combine(stated.day, stated.clock, UTC) - stated.offset
        local = utc.astimezone(zone_of(at.wishes.timezone or "UTC"))
    except OverflowError:
        at.leave_out(title, "no-day", value=one_line(value, 60))
        return None
    if at.wishes.timezone and local.time() == time():  # a day, as its calendar writes one
        return local.date().isoformat()
    return line_of_instant(utc, at.wishes.timezone)


def _repeats(task: JsonTable, title: str, at: EntryReading) -> list[tuple[str, object]]:
    """How it repeats: by so many seconds (0), by the month (1), or from when it was done (2)."""
    after, mode = task.get("repeat_after"), task.get("repeat_mode")
    if mode == 1:
        return [("repeats", "1 month")]
    if after in (None, 0):
        return []
    is_number = isinstance(after, int) and not isinstance(after, bool)
    days, rest = divmod(after, _DAY) if is_number else (0, 1)
    if rest or not 0 < days <= 36_500 or mode not in (None, 0, 2):
        at.leave_out(title, "no-repeat-length", words=one_line(f"repeat_after {after}", 40))
        return []
    weeks, odd_days = divmod(days, 7)
    number, unit = (days, "day") if odd_days else (weeks, "week")
    length = f"{number} {unit}{'s' * (number != 1)}"
    return [("repeats", f"{length} after done" if mode == 2 else length)]


def _details(task: JsonTable, project: str) -> Iterator[tuple[str, object]]:
    """Its labels and project as tags, who does it as parties, what is written on it as a note."""
    labels = [label for label in list_in(task, "labels") if isinstance(label, dict)]
    tags = [_name_in(label, "title") for label in labels]
    if tags := list(dict.fromkeys(filter(None, [*tags, project]))):
        yield "tags", tags
    people = list_in(task, "assignees")
    parties = [
        _name_in(user, "name") or _name_in(user, "username")
        for user in people
        if isinstance(user, dict)
    ]
    if parties := list(dict.fromkeys(filter(None, parties))):
        yield "parties", parties
    description = task.get("description")
    if isinstance(description, str) and (
        note := several_lines(words_of_html(description[:100_000]))
    ):
        yield "note", note


def _name_in(table: dict[str, Any], key: str) -> str:
    value = table.get(key)
    return one_line(value, 80) if isinstance(value, str) else ""
