"""Tasks of Vikunja: what its API answers (`/api/v1/tasks`), and the zip of its data export.

The export holds projects with their tasks; before 0.21 they lay in namespaces, and were lists
before 0.20. A time that is not set is 0001-01-01T00:00:00Z there. Tasks with a due date are events;
those with a start and an end alone last from the one to the other.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
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
from tracker.imports.foreign_times import lead_of_length, line_of_instant, moment_in
from tracker.imports.html_texts import words_of_html
from tracker.imports.json_tables import MOST_JSON_BYTES, JsonTable, JsonText, list_in, read_json
from tracker.imports.texts import one_line, several_lines

_ZIP = b"PK\x03\x04"
_DATA = "data.json"
_DAY = 86_400
#: Under what projects hold tasks and one another, and namespaces hold projects (lists, once).
_HOLDERS = ("tasks", "projects", "lists", "child_projects")
_MOST_DEPTH = 20
_TIMES = ("due_date", "start_date", "end_date", "done_at")
_LONGEST = 10**10  # seconds: three hundred years
_UNSET = re.compile("000[01]-")  # Go's zero time; in a zone west of Greenwich it is of the year 0
#: What becomes part of the event; and what says nothing outside of the program that keeps it.
_USED = {
    "id", "title", "description", "done", "done_at", "due_date", "start_date", "end_date",
    "project_id", "list_id", "repeat_after", "repeat_mode", "labels", "assignees", "created",
    "updated", "identifier", "index", "bucket_id", "buckets", "position", "kanban_position",
    "created_by", "uid", "hex_color", "cover_image_attachment_id", "is_favorite", "reactions",
    "subscription", "comment_count", "is_unread", "reminders", "reminder_dates",
    "time_entries_count", "deleted_at",
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
    for number, (project, task) in enumerate(_tasks(value, _NO_PROJECT), 1):
        at = EntryReading(wishes, findings, ForeignPlace("entry", number))
        if not _is_sound(task, at):
            continue
        if project.is_archived and wishes.since is not None:
            at.leave_out(one_line(task["title"]), "archived")
        elif _is_set(task.get("deleted_at")):
            at.leave_out(one_line(task["title"]), "deleted")
        else:
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


class _Project(NamedTuple):
    """Whose task it is."""

    title: str = ""
    is_archived: bool = False


_NO_PROJECT = _Project()


def _tasks(value: Any, project: _Project, depth: int = 0) -> Iterator[tuple[_Project, Any]]:
    """Each task with its project: of a list of tasks, or of whatever holds such lists."""
    if depth > _MOST_DEPTH:
        raise Unreadable("too-deep")
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, dict) or "done" in entry or "title" not in entry:
            yield project, entry
            continue
        is_archived = project.is_archived or entry.get("is_archived") is True
        inner = _Project(_name_in(entry, "title"), is_archived)
        for key in _HOLDERS:
            yield from _tasks(list_in(entry, key), inner, depth + 1)


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


def _read_task(task: JsonTable, project: _Project, at: EntryReading) -> None:
    title = one_line(task["title"])
    times = _Times(*(_line(task.get(key), title, at) for key in _TIMES))
    fields = _when(task, title, times, at)
    if fields is None:
        return
    is_done = task.get("done") is True
    if is_done:
        record = times.done or times.due or times.ends
        if record is not None:
            fields.append(("occurred" if times.due else "ended", record))
    elif times.done is not None:  # of what repeats, when it was done last
        at.leave_out("done_at", "no-place")
    fields += [*_details(task, project), *_reminders(task, at)]
    at.findings.add(ForeignEvent(f"vikunja/{task['id']}", title, tuple(fields), at.place))
    for key in task:
        if key not in _USED and task[key] not in (None, "", [], {}, 0, False):
            at.leave_out(one_line(key, 40), "no-place")


def _when(
    task: JsonTable, title: str, times: _Times, at: EntryReading
) -> list[tuple[str, object]] | None:
    """What says when it is; None where nothing does, which is told."""
    repeats = _repeats(task, title, at)
    sides = [(key, line) for key, line in (("starts", times.starts), ("ends", times.ends)) if line]
    if times.due is not None:
        for key, _ in sides:
            at.leave_out({"starts": "start_date", "ends": "end_date"}[key], "beside-due")
        return [("when", times.due), *repeats]
    if repeats and times.starts is not None:
        if times.ends is not None:
            at.leave_out("end_date", "length-of-each")
        return [("when", times.starts), *repeats]
    if repeats:
        at.leave_out("repeat_after", "no-place")
    if sides:
        return [*sides]
    if any(_is_set(task.get(key)) for key in _TIMES[:3]):
        return None  # what its date is has been told
    if at.wishes.since is not None or task.get("done") is True:
        at.leave_out(title, "no-date")
        return None
    return [("when", "open")]


def _reminders(task: JsonTable, at: EntryReading) -> Iterator[tuple[str, object]]:
    """How long before it reminds; before 0.21 there were times alone."""
    leads: dict[str, None] = {}
    for reminder in [*list_in(task, "reminders"), *list_in(task, "reminder_dates")]:
        stated = reminder if isinstance(reminder, dict) else {"reminder": reminder}
        lead = _lead(stated, task)
        if lead is None:
            at.leave_out("reminders", "no-lead")
        else:
            leads[lead] = None
    if leads:
        yield "reminders", list(leads)


def _lead(reminder: dict[str, Any], task: JsonTable) -> str | None:
    """How long before the day or time that its event has."""
    counted_from = "due_date" if _is_set(task.get("due_date")) else "start_date"
    period, relative_to = reminder.get("relative_period"), reminder.get("relative_to")
    if relative_to:
        is_number = isinstance(period, int) and abs(period) < _LONGEST
        is_ours = relative_to == counted_from and is_number
        return (
            lead_of_length(timedelta(seconds=-period)) if is_ours and period is not None else None
        )
    at, then = _instant(reminder.get("reminder")), _instant(task.get(counted_from))
    return lead_of_length(then - at) if at is not None and then is not None else None


def _is_set(value: object) -> bool:
    return isinstance(value, str) and bool(value) and not _UNSET.match(value)


def _line(value: object, title: str, at: EntryReading) -> str | None:
    """The line for a time; None where none is set, or where it is told that it is none."""
    if value in (None, "") or (isinstance(value, str) and not _is_set(value)):
        return None
    utc = _instant(value)
    try:
        local = utc.astimezone(zone_of(at.wishes.timezone or "UTC")) if utc else None
    except OverflowError:
        local = None
    if utc is None or local is None:
        at.leave_out(title, "no-day", value=one_line(value, 60))
        return None
    if at.wishes.timezone and local.time() == time():  # a day, as its calendar writes one
        return local.date().isoformat()
    return line_of_instant(utc, at.wishes.timezone)


def _instant(value: object) -> datetime | None:
    """The instant that a time of RFC 3339 is."""
    stated = moment_in(value) if isinstance(value, str) and _is_set(value) else None
    if stated is None or stated.clock is None or stated.offset is None:
        return None
    try:
        return datetime.combine(stated.day, stated.clock, UTC) - stated.offset
    except OverflowError:
        return None


def _repeats(task: JsonTable, title: str, at: EntryReading) -> list[tuple[str, object]]:
    """How it repeats: by so many seconds (0), by the month (1), or from when it was done (2)."""
    after, mode = task.get("repeat_after"), task.get("repeat_mode")
    if task.get("done") is True:  # its program opens it again until it repeats no more
        if mode == 1 or after not in (None, 0):
            at.leave_out("repeat_after", "no-place")
        return []
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


def _details(task: JsonTable, project: _Project) -> Iterator[tuple[str, object]]:
    """Its labels and project as tags, who does it as parties, what is written on it as a note."""
    labels = [label for label in list_in(task, "labels") if isinstance(label, dict)]
    tags = [_name_in(label, "title") for label in labels]
    if tags := list(dict.fromkeys(filter(None, [*tags, project.title]))):
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
