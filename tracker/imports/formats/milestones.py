"""Milestones of a project, as GitHub, Gitea, Forgejo and GitLab answer for them (`…/milestones`).

A milestone is due on a day, and the day is the one that is written: GitHub adds an hour of its own
(07:00 or 08:00 in UTC), Gitea the last second of the day by its server's clocks.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from tracker.dates.instants import zone_of
from tracker.files.links import fault_in_link
from tracker.imports.findings import EntryReading, Findings
from tracker.imports.foreign import (
    ForeignContent,
    ForeignEvent,
    ForeignFile,
    ForeignPlace,
    Unreadable,
    Wishes,
)
from tracker.imports.foreign_times import moment_in
from tracker.imports.json_tables import JsonTable, read_json
from tracker.imports.texts import one_line, several_lines

#: What each has besides `title` and `state`; issues have these too, and people that they go to.
_SIGNS = ({"due_on", "open_issues"}, {"due_date", "iid", "updated_at"})
_NO_MILESTONES = {"assignees", "assignee", "done"}
#: What becomes part of the event, and what says nothing outside of the program that keeps it.
_USED = {
    "title", "state", "due_on", "due_date", "description", "closed_at", "html_url", "web_url", "id",
    "iid", "number", "node_id", "url", "labels_url", "creator", "created_at", "updated_at",
    "open_issues", "closed_issues", "project_id", "group_id", "expired",
}  # fmt: skip


def recognises(file: ForeignFile) -> bool:
    """Whether it holds milestones, and not issues, which name theirs."""
    keys = file.keys
    if not file.is_json or not {"title", "state"} <= keys or not keys.isdisjoint(_NO_MILESTONES):
        return False
    return any(signs <= keys for signs in _SIGNS)


def read_foreign(file: ForeignFile, wishes: Wishes) -> ForeignContent:
    """Each milestone with a day as an event; raises Unreadable where nothing is one."""
    value, broken = read_json(file)
    findings = Findings()
    entries = value if isinstance(value, list) else [value]
    if not entries:
        raise Unreadable("no-milestones")
    for number, entry in enumerate(entries, 1):
        at = EntryReading(wishes, findings, ForeignPlace("entry", number))
        if not isinstance(entry, JsonTable):
            at.leave_out(one_line(entry, 40), "no-entry")
            continue
        title = one_line(_text(entry, "title"))
        if not title:
            at.leave_out("title", "no-name")
        elif entry.is_cut or entry.doubled:
            at.leave_out_unsound(title, entry)
        elif not isinstance(entry.get("id"), int):
            at.leave_out(title, "no-id")
        else:
            _read_milestone(entry, title, at)
    if broken is not None:
        findings.leave_out("…", "broken", broken)
    return findings.content()


def _read_milestone(entry: JsonTable, title: str, at: EntryReading) -> None:
    stated = entry.get("due_on") or entry.get("due_date")
    is_closed = _text(entry, "state") == "closed"
    due = moment_in(stated) if isinstance(stated, str) else None
    if stated and due is None:
        at.leave_out(title, "no-day", value=one_line(stated, 60))
        return
    if due is None and (is_closed or at.wishes.since is not None):
        at.leave_out(title, "no-date")
        return
    fields: list[tuple[str, object]] = [("when", due.day.isoformat() if due else "open")]
    if is_closed:
        closed = _closed_on(entry, at.wishes)
        if closed is None:
            at.leave_out(title, "done-unknown-day")
            return
        fields.append(("occurred", closed))
    link = _text(entry, "html_url") or _text(entry, "web_url")
    if link and fault_in_link(link) is None and len(link) < 2000:
        fields += [*_project_tag(link), ("url", link)]
    if note := several_lines(_text(entry, "description")):
        fields.append(("note", note))
    event = ForeignEvent(link or f"milestone/{entry['id']}", title, tuple(fields), at.place)
    since = at.wishes.since
    if is_closed and due is not None and since is not None and due.day < since:
        at.findings.leave_out_over(event, since)
        return
    at.findings.add(event)
    for key in entry:
        if key not in _USED and entry[key] not in (None, "", [], {}, 0, False):
            at.leave_out(one_line(key, 40), "no-place")


def _text(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    return value if isinstance(value, str) else ""


def _closed_on(entry: JsonTable, wishes: Wishes) -> date | None:
    """The day on which it was closed, by the file's clocks; GitLab does not say."""
    closed = moment_in(_text(entry, "closed_at"))
    if closed is None or closed.clock is None or closed.offset is None:
        return None
    try:
        utc = datetime.combine(closed.day, closed.clock, UTC) - closed.offset
        return utc.astimezone(zone_of(wishes.timezone or "UTC")).date()
    except OverflowError:
        return None


def _project_tag(link: str) -> list[tuple[str, object]]:
    """The project in its address: https://github.com/octocat/Hello-World/milestone/1."""
    path = re.match(r"/(?P<project>[^?#]+?)/(?:-/)?milestones?/", urlsplit(link).path)
    return [("tags", [one_line(path["project"], 80)])] if path else []
