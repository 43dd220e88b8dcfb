"""An event that tracker exported, as it comes back."""

from __future__ import annotations

from typing import Any

from tracker.files.schema import EVENT_KEYS
from tracker.imports.findings import EntryReading
from tracker.imports.foreign import ForeignEvent, Unreadable
from tracker.imports.json_tables import parse_json
from tracker.imports.texts import one_line


def add_exported(fields: dict[str, Any], mark: object, at: EntryReading) -> None:
    """Adds an event by its keys and by the mark that was written with it."""
    name, _, wrote = mark.partition(" ") if isinstance(mark, str) else ("", "", "")
    title = fields.get("title")
    words = next(iter(title.values()), "") if isinstance(title, dict) else title
    if not words:
        at.leave_out(one_line(fields.get("id") or name or "title"), "no-name")
        return
    ident = name.partition("/")[2]
    if ident and fields.get("id", ident) != ident:
        at.leave_out(one_line(fields["id"]), "id-stays", id=ident)
    if ident:
        fields["id"] = ident
    unknown = [key for key in fields if key not in EVENT_KEYS]
    for key in unknown:
        at.leave_out(one_line(key), "no-place")
        del fields[key]
    # A row that was added there has no mark: it is an event that is new.
    foreign_id = name or f"new/{one_line(fields.get('id') or words)}"
    event = ForeignEvent(foreign_id, one_line(words), tuple(fields.items()), at.place, wrote)
    at.findings.add(event)


def head_in(text: object) -> dict[str, Any]:
    """The head of the file, where it is still there."""
    if not isinstance(text, str) or not text.startswith("{"):
        return {}
    try:
        value = parse_json(text).value
    except Unreadable:
        return {}
    return dict(value) if isinstance(value, dict) else {}
