"""What `task export` of Taskwarrior writes: an array of tasks, or one a line.

Its times are in UTC, and a day is the midnight that begins it by the clock of whoever wrote it: so
the zone has to be known. A task that recurs is an event that repeats; what was made of it already
(its children) are occurrences, and those that were done are recorded.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from itertools import islice, takewhile
from typing import Any, NamedTuple

from tracker.dates.instants import is_zone, zone_of
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.foreign_times import line_of_instant
from tracker.imports.json_tables import JsonTable, JsonText, list_in, parse_json, read_json
from tracker.imports.recurring_tasks import Repeats, occurrence_days, task_recurrence, times_through
from tracker.imports.texts import file_text, one_line, several_lines

_STAMP = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})T([0-9]{2})([0-9]{2})([0-9]{2})Z")
_STATUSES = ("pending", "waiting", "recurring", "completed", "deleted")
#: What becomes part of the event, what the program works out itself, and what its children repeat.
_USED = {
    "description", "due", "status", "uuid", "tags", "project", "annotations", "end", "recur",
    "until", "parent", "imask", "mask", "rtype", "template", "last", "id", "urgency", "entry",
    "modified",
}  # fmt: skip
_MOST_BYTES = 50_000_000
#: What `someday` and `later` are to the program.
_SOMEDAY = date(9999, 12, 30)


def recognises(file: ForeignFile) -> bool:
    """Whether it holds tasks with a uuid, a status and the time of their entry."""
    return file.is_json and {"uuid", "status", "description", "entry"} <= file.keys


class _Moment(NamedTuple):
    """A time of the export, and the line for it by the clock of who wrote it."""

    local: datetime
    line: str

    @property
    def is_day(self) -> bool:
        return self.local.time().replace(second=0) == time()


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """Each task with a day as an event; raises Unreadable where nothing is one."""
    findings = Findings()
    tasks = _tasks(file, wishes, findings)
    if not tasks:
        raise Unreadable("no-tasks")
    answer = dict(wishes.columns).get("timezone")
    if answer is not None and is_zone(answer):
        wishes = wishes._replace(timezone=answer)
    elif any(_has_days(task) for _, task in tasks) and not _has_midnights(tasks, wishes.timezone):
        # Without the zone the 10th in Berlin would be 23:00 of the 9th.
        zones = dict.fromkeys(("Europe/Berlin", "America/New_York", wishes.timezone or "UTC"))
        answers = tuple(f"--map timezone={zone}" for zone in zones)
        findings.ask("zone-of-days", (("program", "Taskwarrior"),), answers, tasks[0][0])
        return findings.content()
    children = defaultdict(list)
    for place, task in tasks:
        if isinstance(task.get("parent"), str):
            children[task["parent"]].append((place, task))
    parents = {task.get("uuid") for _, task in tasks if task.get("status") == "recurring"}
    for place, task in tasks:
        if task.get("parent") not in parents:
            made = children.get(str(task.get("uuid")), [])
            if task.get("parent") and task["status"] in ("pending", "waiting"):
                findings.leave_out(one_line(task["description"]), "series-not-there", place)
            _Task(task, place, wishes, findings).read(made)
    return replace(findings.content(), has_global_ids=True)


def _has_midnights(tasks: list[tuple[ForeignPlace, JsonTable]], zone: str | None) -> bool:
    """Whether most tasks are due at a midnight of that zone, as days are: then it is theirs.

    One alone may be an hour of another zone: 09:00 in Tokyo is a midnight of UTC.
    """
    quiet = Findings()
    wishes = Wishes(date.min, zone)
    dues = [
        _Task(task, place, wishes, quiet).moment(key)
        for place, task in tasks
        for key in ("due", "scheduled")
    ]
    known = [due for due in dues if due is not None]
    return zone is not None and 2 * sum(due.is_day for due in known) > len(known)


def _has_days(task: JsonTable) -> bool:
    return any(isinstance(task.get(key), str) for key in ("due", "scheduled", "wait"))


def _tasks(
    file: ForeignFile, wishes: Wishes, findings: Findings
) -> list[tuple[ForeignPlace, JsonTable]]:
    """Those that are sound, of an array or of lines; of all else it is told."""
    text = file_text(file, _MOST_BYTES)
    entries: list[tuple[ForeignPlace, Any]] = []
    if text.lstrip()[:1] == "{":  # rc.json.array=off
        # Not splitlines: U+2028 and U+0085 may stand in a text of JSON as they are.
        for number, line in enumerate(text.split("\n"), 1):
            if not line.strip():
                continue
            place = ForeignPlace("line", number)
            value, broken = _line_of_json(line)
            if broken is not None:
                findings.leave_out(one_line(line, 40), "broken-entry", place)
            else:
                entries.append((place, value))
    else:
        value, broken = read_json(file)
        for number, entry in enumerate(value if isinstance(value, list) else [], 1):
            entries.append((ForeignPlace("entry", number), entry))
        if broken is not None:
            findings.leave_out("…", "broken", broken)
    return list(_sound(entries, wishes, findings))


def _line_of_json(line: str) -> JsonText:
    try:
        return parse_json(line.strip().rstrip(","))
    except Unreadable:
        return JsonText(None, ForeignPlace("line", 1))


def _sound(
    entries: Iterable[tuple[ForeignPlace, Any]], wishes: Wishes, findings: Findings
) -> Iterable[tuple[ForeignPlace, JsonTable]]:
    for place, entry in entries:
        at = EntryReading(wishes, findings, place)
        if not isinstance(entry, JsonTable):
            at.leave_out(one_line(entry, 40), "no-entry")
            continue
        title = entry.get("description")
        if not isinstance(title, str) or not one_line(title):
            findings.leave_out(one_line(entry.get("uuid") or "description", 60), "no-name", place)
        elif entry.is_cut or entry.doubled:
            at.leave_out_unsound(one_line(title), entry)
        elif not isinstance(entry.get("uuid"), str) or entry.get("status") not in _STATUSES:
            findings.leave_out(one_line(title), "no-id", place)
        else:
            yield place, entry


class _Task:
    """One task, on its way to an event."""

    def __init__(
        self, task: JsonTable, place: ForeignPlace, wishes: Wishes, findings: Findings
    ) -> None:
        self.task, self.place, self.wishes, self.findings = task, place, wishes, findings
        self.title = one_line(task["description"])

    def leave_out(self, reason: str, **values: str) -> None:
        self.findings.leave_out(self.title, reason, self.place, 1, **values)

    def read(self, made: list[tuple[ForeignPlace, JsonTable]]) -> None:
        """Adds its event, and of one that recurs those of its children that are no occurrences."""
        status = self.task["status"]
        if status == "deleted":
            self.leave_out("deleted")
            return
        due = self.moment("due")
        if due is None:
            if "due" not in self.task:
                self.read_undated()
            return
        if due.local.date() == _SOMEDAY and status in ("pending", "waiting"):
            self.leave_out("not-known-yet", value=str(_SOMEDAY))
            due = due._replace(line="open")
        fields: list[tuple[str, object]] = [("when", due.line)]
        if status == "recurring":
            fields += self.recurrence(due, made)
            if "repeats" not in dict(fields) and self.is_among(made):
                return  # its first child is that task, and has been read
        elif status == "completed":
            ended = self.moment("end")
            if ended is not None:
                fields.append(("occurred", ended.local.date() if due.is_day else ended.line))
        fields += self.details()
        self.findings.add(ForeignEvent(self.task["uuid"], self.title, tuple(fields), self.place))
        for key in self.task:
            if key not in _USED and self.task[key] not in (None, "", []):
                self.findings.leave_out(one_line(key, 40), "no-place", self.place)
        if "until" in self.task and status != "recurring":
            self.findings.leave_out("until", "no-place", self.place)

    def read_undated(self) -> None:
        """A task without a due date is open; from when on it can be begun, where that is said."""
        scheduled = self.moment("scheduled")
        line = f"not before {scheduled.local.date()}" if scheduled else "open"
        is_asked_for = scheduled is not None or self.wishes.since is None
        if self.task["status"] not in ("pending", "waiting") or not is_asked_for:
            self.leave_out("no-date")
            return
        fields = (("when", line), *self.details())
        self.findings.add(ForeignEvent(self.task["uuid"], self.title, fields, self.place))

    def moment(self, key: str) -> _Moment | None:
        """A time of it; None where there is none, or where it is told that it is none."""
        text = self.task.get(key)
        if text is None:
            return None
        match = _STAMP.fullmatch(text) if isinstance(text, str) else None
        try:
            utc = datetime(*map(int, match.groups()), tzinfo=UTC) if match else None  # type: ignore[arg-type, misc]
            local = utc.astimezone(zone_of(self.wishes.timezone or "UTC")) if utc else None
        except (ValueError, OverflowError):
            local = None
        if local is None:
            self.leave_out("no-day", value=one_line(text, 60))
            return None
        is_day = local.time().replace(second=0) == time()
        line = local.date().isoformat() if is_day else line_of_instant(local, self.wishes.timezone)
        return _Moment(local, line)

    def recurrence(
        self, due: _Moment, made: list[tuple[ForeignPlace, JsonTable]]
    ) -> list[tuple[str, object]]:
        """How it repeats, and what was recorded of its occurrences; its other children besides."""
        words = self.task.get("recur")
        if not isinstance(words, str) or not words.strip():
            self.leave_out("no-repeat-length", words=one_line(words, 40))
            return self.apart(made)
        repeats = task_recurrence(one_line(words, 40), self.wishes, self.findings, self.place)
        if repeats is None:
            return self.apart(made)
        text = self.until(repeats, due)
        named = _occurrences(text, due.local.date(), self.last_day(made))
        occurred: dict[str, object] = {}
        withdrawn: dict[str, object] = {}
        for place, child in made:
            each = _Task(child, place, self.wishes, self.findings)
            day = each.moment("due")
            if day is None or day.local.date() not in named:
                each.read([])
                continue
            name = day.local.date().isoformat()
            ended = each.moment("end")
            if child["status"] == "completed" and ended is not None:
                occurred[name] = ended.local.date() if due.is_day else ended.line
            elif child["status"] == "deleted":
                withdrawn[name] = ended.local.date() if ended else day.local.date()
            self.findings.leave_out(self.title, "occurrence", place)
        records = (("occurred", occurred), ("withdrawn", withdrawn))
        return [("repeats", text), *((key, days) for key, days in records if days)]

    def is_among(self, made: list[tuple[ForeignPlace, JsonTable]]) -> bool:
        """Whether a child of it stands for the very day that it has itself."""
        return any(child.get("due") == self.task["due"] for _, child in made)

    def apart(self, made: list[tuple[ForeignPlace, JsonTable]]) -> list[tuple[str, object]]:
        """Where the length cannot be said, each child is an event of its own."""
        for place, child in made:
            _Task(child, place, self.wishes, self.findings).read([])
        return []

    def last_day(self, made: list[tuple[ForeignPlace, JsonTable]]) -> date:
        """The last day that a child of it has."""
        quiet = Findings()  # what is wrong with them is told where they are read
        days = [_Task(child, place, self.wishes, quiet).moment("due") for place, child in made]
        return max((day.local.date() for day in days if day), default=date.min)

    def until(self, repeats: Repeats, due: _Moment) -> str:
        """The length, with how often in all where the task says until when."""
        until = self.moment("until")
        if until is None:
            return repeats.text
        return times_through(repeats, due.local.date(), until.local.date())

    def details(self) -> list[tuple[str, object]]:
        """Its tags, with its project, and its annotations."""
        task = self.task
        tags = [one_line(tag, 80) for tag in list_in(task, "tags") if isinstance(tag, str)]
        project = task.get("project")
        if isinstance(project, str) and one_line(project):
            tags.append(one_line(project, 80))
        notes = [
            each["description"]
            for each in list_in(task, "annotations")
            if isinstance(each, dict) and isinstance(each.get("description"), str)
        ]
        fields: list[tuple[str, object]] = []
        if tags := list(dict.fromkeys(filter(None, tags))):
            fields.append(("tags", tags))
        if note := several_lines("\n".join(notes)):
            fields.append(("note", note))
        return fields


def _occurrences(text: str, first: date, last: date) -> frozenset[date]:
    """The days on which it falls, through that one; of a rule of ages, not all of them."""
    days = takewhile(lambda day: day <= last, occurrence_days(text, first))
    return frozenset(islice(days, 20_000))
