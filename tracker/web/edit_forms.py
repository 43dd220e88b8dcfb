"""What the forms of working pages ask to be written: from their fields to edits of the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any, Literal, NamedTuple, TypeAlias

from tracker.agreements.amendments import events_on
from tracker.agreements.keys import Occurrence
from tracker.agreements.located import RECORDS
from tracker.agreements.model import Event, sides
from tracker.dates.instants import Moment, day_in
from tracker.files.event_edits import (
    StatedRecord,
    change_event,
    remove_record,
    stated_values,
    write_as_before,
)
from tracker.files.record_edits import EventFiles, FileEdit, add_event, amend_event, record_moment
from tracker.timeline.point_names import (
    Misnamed,
    check_name,
    check_there,
    free_name,
    happens,
    moment_said,
    point_and_occurrence,
)

FieldKind: TypeAlias = Literal["line", "text", "long", "list"]
#: The keys that the pages edit, in the order of a form.
EDITED_KEYS: dict[str, FieldKind] = {
    "title": "text",
    "when": "line",
    "starts": "line",
    "ends": "line",
    "lasts": "line",
    "renews": "line",
    "repeats": "line",
    "tags": "list",
    "parties": "list",
    "note": "long",
    "quote": "long",
    "url": "text",
}
LINES = tuple(key for key, kind in EDITED_KEYS.items() if kind == "line")
#: What stands before the name of a field: what it is to be, what it was when the form was made, and
#: what is taken for it with one click.
NEW, WAS, USE = "new.", "was.", "use."

SentForm: TypeAlias = Mapping[str, str]


class NotOurForm(ValueError):
    """No form of ours sends that."""


class Conflict(NamedTuple):
    """A field that somebody else has changed since the form was made."""

    name: str
    there: str
    wanted: str


class Conflicts(Exception):
    """The file says something else by now of what was to be changed: both are shown."""

    def __init__(self, fields: Sequence[Conflict]) -> None:
        super().__init__(fields)
        self.fields = fields


class Wish(NamedTuple):
    """What is to be written, and the form that asks for just that whenever it is sent."""

    edits: list[FileEdit]
    form: dict[str, str]

    @property
    def seal(self) -> str:
        """What tells these edits of these files from all others."""
        digest = sha256()
        for edit in self.edits:
            if edit.before == edit.after:
                continue
            for part in (edit.file.encode("utf-8", "surrogateescape"), edit.before, edit.after):
                digest.update(b"%d:" % len(part))
                digest.update(part)
        return digest.hexdigest()


def seal_of(edits: Sequence[FileEdit]) -> str:
    """The seal of edits that no form has asked for."""
    return Wish(list(edits), {}).seal


def event_in_files(files: EventFiles, agreement: str, name: str, as_of: date) -> Event | None:
    """The event of that id as amended by the day, as the files have it now."""
    homes = [known for known in files.agreements if known.id == agreement]
    events = [event for home in homes for event in events_on(home, as_of)]
    return next((event for event in events if event.id == name), None)


def wish_about(files: EventFiles, event: Event, form: SentForm, as_of: date) -> Wish:
    """What a form on an event's page asks for.

    Raises NotOurForm, Misnamed, NoRoom, and Conflicts.
    """
    action = form.get("action", "")
    if action == "record":
        return _record(files, event, form, as_of)
    if action == "withdraw":
        return _withdraw(files, event, form, as_of)
    if action == "take-back":
        record = StatedRecord(form.get("field", ""), form.get("occurrence") or None, "")
        values = stated_values(files, event).get(record.field)
        if record.field not in (*RECORDS.values(), "withdrawn") or values is None:
            raise NotOurForm
        if record.occurrence is not None and record.occurrence not in values:
            raise NotOurForm
        return Wish(
            remove_record(files, event, record), _keep_fields(form, "action", "field", "occurrence")
        )
    if action == "change":
        return _change(files, event, form)
    if action == "amend":
        return _amend(files, event, form, as_of)
    raise NotOurForm


# -- what happened


def _record(files: EventFiles, event: Event, form: SentForm, as_of: date) -> Wish:
    side = next((side for side, _ in sides(event) if side == form.get("side")), None)
    if side is None:
        raise NotOurForm
    zone, moment = files.zone(event), _moment(files, event, form, as_of)
    occurrence = _occurrence(event, form, as_of)
    name = f"{event.id}@{occurrence}"
    if occurrence is not None and side != "when":
        raise Misnamed("call.term-recorded", point=name, id=event.id)
    if happens(event):
        occurrence = occurrence or free_name(event, day_in(moment, zone))
        check_name(name, event, occurrence)
    elif occurrence is not None:
        check_there(name, event.key(side), occurrence, files.agreements, as_of)
    elif event.repeating:
        raise Misnamed("page.edit.which-occurrence")
    edit = record_moment(files, event, RECORDS[side], moment, occurrence)
    pinned = {"day": str(moment), "occurrence": "" if occurrence is None else str(occurrence)}
    return Wish([edit], {**_keep_fields(form, "action", "side"), **pinned})


def _withdraw(files: EventFiles, event: Event, form: SentForm, as_of: date) -> Wish:
    moment, occurrence = _moment(files, event, form, as_of), _occurrence(event, form, as_of)
    if not isinstance(moment, date):
        raise Misnamed("call.day", day=form["day"])
    if occurrence is not None:
        check_there(
            f"{event.id}@{occurrence}", event.key("when"), occurrence, files.agreements, as_of
        )
    edit = record_moment(files, event, "withdrawn", moment, occurrence)
    pinned = {"day": str(moment), "occurrence": "" if occurrence is None else str(occurrence)}
    return Wish([edit], {**_keep_fields(form, "action"), **pinned})


def _moment(files: EventFiles, event: Event, form: SentForm, as_of: date) -> Moment:
    text = form.get("day", "").strip()
    if not text:
        return as_of
    moment = moment_said(text, files.zone(event), as_of)
    if moment is None:
        raise Misnamed("call.never-recorded", id=event.id)
    return moment


def _occurrence(event: Event, form: SentForm, as_of: date) -> Occurrence | None:
    text = form.get("occurrence", "").strip()
    if not text:
        return None
    return point_and_occurrence(f"{event.id}@{text}", as_of)[1]


# -- what is stated


class StatedField(NamedTuple):
    """A field of a form, as the files have it."""

    name: str  #: the key, with the language behind it where it has a text for each: `title.ja`
    kind: FieldKind
    text: str

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self.name.split(".", 1))


def stated_fields(values: Mapping[str, Any]) -> Iterator[StatedField]:
    """The fields of an event; what is written in a way that no field has is left to the file."""
    for key, kind in EDITED_KEYS.items():
        value = values.get(key)
        if isinstance(value, Mapping):
            if kind in ("text", "long") and all(isinstance(text, str) for text in value.values()):
                yield from (StatedField(f"{key}.{tag}", kind, text) for tag, text in value.items())
        elif isinstance(value, list):
            if kind == "list" and all(isinstance(text, str) for text in value):
                yield StatedField(key, kind, "\n".join(value))
        else:
            yield StatedField(key, kind, "" if value is None else str(value))


def _change(files: EventFiles, event: Event, form: SentForm) -> Wish:
    values = stated_values(files, event)
    changed: dict[tuple[str, ...], object | None] = {}
    conflicts, kept = [], {"action": "change"}
    for field in stated_fields(values):
        wanted, was = _text_for(field.name, form), _plain(form.get(WAS + field.name, ""))
        if wanted is None or wanted in (was, field.text):
            continue
        if was != field.text:
            conflicts.append(Conflict(field.name, field.text, wanted))
        kept |= {NEW + field.name: wanted, WAS + field.name: was}
        changed[field.path] = _value(field.kind, wanted, values.get(field.name))
    if conflicts:
        raise Conflicts(conflicts)
    return Wish(change_event(files, event, changed) if changed else [], kept)


def _text_for(name: str, form: SentForm) -> str | None:
    """What a field is to be; None where the form says nothing of it."""
    text = form.get(USE + name, form.get(NEW + name))
    return None if text is None else _plain(text)


def _plain(text: str) -> str:
    """A text as a file has it: forms send the ends of lines as CRLF (HTML, section 4.10.22.8)."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def _value(kind: FieldKind, text: str, stated: object = None) -> object | None:
    """What the file is to hold; None: nothing."""
    if not text:
        return None
    if kind == "list":
        return [part.strip() for part in text.split("\n") if part.strip()]
    return write_as_before(text, stated)


def new_fields(form: SentForm) -> dict[str, object]:
    """What a form gives, by the keys of the file."""
    wanted = {key: _text_for(key, form) for key in EDITED_KEYS}
    return {
        key: value
        for key, text in wanted.items()
        if text is not None and (value := _value(EDITED_KEYS[key], text)) is not None
    }


def wish_to_add(files: EventFiles, agreement: str, form: SentForm) -> Wish:
    """The edit that adds an event. Raises NotOurForm, Misnamed, NoRoom."""
    name = form.get("id", "").strip()
    fields = new_fields(form)
    if not name or "title" not in fields:
        raise Misnamed("page.edit.add.needs")
    edit = add_event(files, agreement, {"id": name, **fields})
    return Wish([edit], {**_keep_fields(form, "agreement", "id"), **_keep_values(form)})


def _amend(files: EventFiles, event: Event, form: SentForm, as_of: date) -> Wish:
    """What parties have agreed of an event: the keys that differ, from a day on."""
    amendment = form.get("amendment", "").strip()
    if not amendment:
        raise Misnamed("page.edit.amend.needs")
    on = moment_said(form.get("on", "").strip() or str(as_of), files.zone(event), as_of)
    if not isinstance(on, date):
        raise Misnamed("call.day", day=form.get("on", ""))
    there = files.agreement(event.agreement).amendments
    known = next((signed for signed in there if signed.id == amendment), None)
    if known is not None and any(change.event == event.id for change in known.changes):
        file = files.origins.amendments[event.agreement, amendment].file
        raise Misnamed("call.amended-there", id=amendment, event=event.id, file=file)
    if known is not None and known.on != on:
        raise Misnamed("call.amendment-there", id=amendment, key="on")
    changed: dict[str, object] = {}
    removed = []
    for field in stated_fields(stated_values(files, event)):
        wanted = _text_for(field.name, form)
        if wanted is None or wanted == field.text or len(field.path) > 1:
            continue
        value = _value(field.kind, wanted)
        if value is not None:
            changed[field.name] = value
        elif field.name != "title":
            removed.append(field.name)
    if removed:
        changed["remove"] = removed
    pinned = {**_keep_fields(form, "action", "amendment"), "on": str(on), **_keep_values(form)}
    if not changed:
        return Wish([], pinned)
    header = {"id": amendment, "on": on}
    return Wish([amend_event(files, event.agreement, header, {"id": event.id, **changed})], pinned)


def _keep_fields(form: SentForm, *names: str) -> dict[str, str]:
    return {name: form[name] for name in names if name in form}


def _keep_values(form: SentForm) -> dict[str, str]:
    """The fields of a form that say what is to be, with what was taken for them."""
    names = [name for name in form if name.startswith((NEW, WAS))]
    taken = {NEW + name.removeprefix(USE): form[name] for name in form if name.startswith(USE)}
    return {**{name: form[name] for name in names}, **taken}
