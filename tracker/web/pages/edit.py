"""Working at an event: its forms, what would follow, and what was written last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from tracker.agreements.keys import occurrence_order
from tracker.agreements.model import Event, sides
from tracker.dates.diagnostics import Diagnostic
from tracker.editor.live_lines import answer_lines
from tracker.files.event_edits import StatedRecord, stated_records
from tracker.files.problems import FileErrors, Problem, suggested_key
from tracker.files.record_edits import FileEdit
from tracker.files.undo_log import UndoEntry
from tracker.i18n.dates import occurrence_text
from tracker.i18n.diagnostics import message_of
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.points import title_of
from tracker.timeline.differences import Changes, group_alike, reportable
from tracker.timeline.point_names import happens
from tracker.timeline.points import Point, Timeline
from tracker.web.addresses import event_path
from tracker.web.edit_forms import (
    EDITED_KEYS,
    LINES,
    NEW,
    WAS,
    Conflict,
    Conflicts,
    SentForm,
    stated_fields,
)
from tracker.web.page import Frame, template
from tracker.web.pages.moved_points import moved_points

#: So many occurrences are there to choose from.
MOST_OFFERED = 12
#: So many points of a line being typed are told, and so many sentences of each.
MOST_ANSWERED, MOST_REASONS = 2, 4
#: So much of what was shown before is shown again where the file changed meanwhile.
MOST_SHOWN_AGAIN = 2000


class RecordForm(NamedTuple):
    """What can be recorded of one side of an event."""

    side: str
    label: str
    occurrences: list[tuple[str, str]]  #: to choose from: what is sent, and how it is called
    takes_name: bool  #: it happens any number of times, each of which has a name


class Offer(NamedTuple):
    """What to write instead: a button."""

    field: str
    text: str


class FieldRefusal(NamedTuple):
    """Something that is wrong with what was typed, and what to write instead."""

    field: str
    message: str
    offers: list[Offer]


class EventWork(NamedTuple):
    """What whoever may write can do on an event's page."""

    refusal: str | None  #: why it cannot be done here
    records: list[RecordForm]
    action: str  #: where the forms are sent
    today: date


def event_work(frame: Frame, event: Event, refusal: str | None) -> EventWork:
    """The forms on the event's page."""
    timeline = frame.timeline
    said = None if refusal is None else frame.translate(refusal)
    action = frame.addresses.page(f"edit/{event_path(event).removeprefix('events/')}")
    records = [] if said else record_forms(event, timeline, frame)
    return EventWork(said, records, action, timeline.as_of)


def record_forms(event: Event, timeline: Timeline, frame: Frame) -> list[RecordForm]:
    """What can be recorded of it now: nothing of what is recorded already."""
    forms = []
    for side, _ in sides(event):
        points = [point for point in timeline.of(event) if point.side == side]
        label = frame.translate(f"edit.record.{side}")
        if side == "when" and happens(event):
            forms.append(RecordForm(side, label, [], True))
        elif side == "when" and event.repeating:
            if offered := _recordable_occurrences(event, points, frame):
                forms.append(RecordForm(side, label, offered, False))
        elif not any(point.status == "occurred" for point in points if point.occurrence is None):
            forms.append(RecordForm(side, label, [], False))
    return forms


def _recordable_occurrences(
    event: Event, points: Sequence[Point], frame: Frame
) -> list[tuple[str, str]]:
    """The occurrences of which something may be recorded next, the nearest to today first."""
    there = [
        point
        for point in points
        if point.occurrence is not None and point.status not in ("occurred", "never")
    ]
    if event.repeats is not None and event.repeats.named_by == "number":
        there = there[:1]  # the one that is due

    def distance(point: Point) -> int:
        own = point.occurrence if isinstance(point.occurrence, date) else point.day
        return abs(((own or date.max) - frame.timeline.as_of).days)

    nearest = sorted(there, key=distance)[:MOST_OFFERED]
    chosen = {point.occurrence for point in nearest[:1]}
    ordered = sorted(
        (point.occurrence for point in nearest if point.occurrence is not None),
        key=lambda occurrence: (occurrence not in chosen, occurrence_order(occurrence)),
    )
    return [(str(each), occurrence_text(each, frame.language)) for each in ordered]


def edit_page(frame: Frame, event: Event, values: Mapping[str, Any], refusal: str | None) -> str:
    """All that can be done about an event."""
    agreement = frame.whole.agreement(event.agreement)
    fields = list(stated_fields(values))
    return frame.render(
        "edit",
        None,
        title=title_of(event, agreement, frame.language),
        event=event,
        back=frame.addresses.event(event),
        work=event_work(frame, event, refusal),
        records=[(record, _record_text(record, frame)) for record in stated_records(values)],
        lines=[field for field in fields if field.kind == "line"],
        titles=[field for field in fields if field.path[0] == "title"],
        texts=[field for field in fields if field.kind != "line" and field.path[0] != "title"],
        labels=_labels(frame),
        new=NEW,
        was=WAS,
        is_withdrawn=any(record.field == "withdrawn" for record in stated_records(values)),
        occurrences=_recordable_occurrences(event, frame.timeline.of(event), frame)
        if event.repeating
        else [],
        amendment=f"amendment-{len(agreement.amendments) + 1}",
    )


def _labels(frame: Frame) -> dict[str, str]:
    return {key: frame.translate(f"edit.field.{key}") for key in EDITED_KEYS}


def _record_text(record: StatedRecord, frame: Frame) -> str:
    which = "" if record.occurrence is None else f" ({record.occurrence})"
    return f"{frame.translate(f'edit.recorded.{record.field}')}{which}: {record.value}"


def live_answer(
    frame: Frame, home: str, event_id: str | None, lines: Mapping[str, str], key: str
) -> str:
    """What lines come to while they are typed: a part of a page."""
    whole, language = frame.whole, frame.language
    answer = answer_lines(whole.agreements, home, event_id, lines, whole.as_of, now=whole.now)
    problems = [
        (field, message_of(problem, language), [meant.write for meant in problem.suggestions])
        for field, problem in answer.problems
    ]
    timeline = answer.timeline
    explained = (
        []
        if timeline is None
        else [
            line.strip()
            for point in answer.points[:MOST_ANSWERED]
            for line in explanation_lines(point, timeline, language)[:MOST_REASONS]
        ]
    )
    return template("line.html").render(
        problems=[row for row in problems if row[0] in (key, "")] or problems,
        lines=explained,
        language=language,
        zone=frame.clock.zone,
        translate=frame.translate,
    )


def add_page(frame: Frame) -> str:
    """The form of a new event."""
    fields = list(stated_fields({}))
    return frame.render(
        "add",
        None,
        agreements=[agreement.id for agreement in frame.timeline.agreements],
        lines=[field for field in fields if field.kind == "line"],
        texts=[field for field in fields if field.kind != "line" and field.name != "title"],
        labels=_labels(frame),
        new=NEW,
    )


class Preview(NamedTuple):
    """What would be written, and what follows."""

    form: SentForm  #: the fields that ask for it again
    seal: str = ""
    edits: Sequence[FileEdit] = ()
    changes: Changes | None = None
    doubts: Sequence[Diagnostic] = ()
    refusals: Sequence[FieldRefusal] = ()
    conflicts: Sequence[Conflict] = ()
    shown_before: str = ""  #: where the file changed since: what was shown then
    is_changed: bool = False
    action: str = ""  #: where the form is sent; "": to the page itself


def preview_page(frame: Frame, preview: Preview, back: str, heading: str) -> str:
    """What would be written, what follows from it, and the button that writes it."""
    changes = preview.changes
    groups = [] if changes is None else group_alike(reportable(changes.changed))
    return frame.render(
        "preview",
        None,
        heading=frame.translate(heading),
        preview=preview,
        shown=shown_lines(preview.edits),
        moved=[] if changes is None else list(moved_points(groups, changes, frame)),
        doubts=[message_of(doubt, frame.language) for doubt in preview.doubts],
        fields=_fields_again(preview.form),
        back=back,
        new=NEW,
        was=WAS,
    )


def _fields_again(form: SentForm) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.items() if name not in ("seal", "shown")]


def shown_lines(edits: Sequence[FileEdit]) -> str:
    """The lines that edits change, as the commands print them."""
    lines = []
    for edit in edits:
        if edit.after != edit.before:
            lines += [f"{Path(edit.file).name}:{edit.line}"]
            lines += [f"- {line}" for line in edit.removed] + [f"+ {line}" for line in edit.added]
    return "\n".join(lines)


def refusals_of(errors: FileErrors, form: SentForm, frame: Frame) -> list[FieldRefusal]:
    """What is wrong with what was typed, with the offers that its fields can take."""
    return [_field_refusal(problem, form, frame) for problem in errors.problems]


def _field_refusal(problem: Problem, form: SentForm, frame: Frame) -> FieldRefusal:
    key = suggested_key(problem)
    field = str(problem.path[-1]) if problem.path and isinstance(problem.path[-1], str) else ""
    message = message_of(problem.diagnostic, frame.language)
    takes = key if key in LINES and f"{NEW}{key}" in form else None
    suggestions = [suggestion.write for suggestion in problem.diagnostic.suggestions]
    if takes is None:
        return FieldRefusal(field, " ".join([message, *suggestions]), [])
    return FieldRefusal(field, message, [Offer(takes, text) for text in suggestions])


def written_page(
    frame: Frame,
    entries: Sequence[UndoEntry],
    preview: Preview | None,
    refusal: str | None,
    notes: Sequence[str] = (),
) -> str:
    """What was written last, and the button that takes it back."""
    changes = None if preview is None else preview.changes
    groups = [] if changes is None else group_alike(reportable(changes.changed))
    return frame.render(
        "written",
        None,
        entries=entries,
        shown="" if preview is None else shown_lines(preview.edits),
        seal="" if preview is None else preview.seal,
        moved=[] if changes is None else list(moved_points(groups, changes, frame)),
        refusal=refusal,
        notes=notes,
    )


def conflict_form(form: SentForm, conflicts: Conflicts) -> dict[str, str]:
    """The same form, made of what the file says now: sent again, it writes what was wanted."""
    return {**form, **{WAS + field.name: field.there for field in conflicts.fields}}
