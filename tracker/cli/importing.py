"""How `tracker import` goes: the sources are read, planned, tried in the file, shown, written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date

from tracker.cli.event_keys import agreement_named
from tracker.cli.fetching import fetch_source
from tracker.cli.import_values import (
    ImportCall,
    ImportTarget,
    PlannedSource,
    ReadSource,
    TriedImport,
    UnreadSource,
)
from tracker.cli.options import CallError, Request
from tracker.cli.progress import shown_progress
from tracker.cli.recording import files_to_begin, read_files, write_edits
from tracker.files.homes import name_like
from tracker.files.import_edits import TableEdit, edit_for_import
from tracker.files.problems import FileErrors
from tracker.files.record_edits import FileEdit, agreements_after
from tracker.files.toml_edits import NoRoom
from tracker.i18n.translate import Language, translate
from tracker.imports.foreign import ForeignFile, Question, Unreadable, Wishes
from tracker.imports.plan import FreeIds, ImportPlanner, PlannedEvent
from tracker.imports.reading import read_foreign_file
from tracker.imports.sources import source_name

#: What an event is refused for may be another that is refused: so often it is tried again.
_MOST_TRIES = 5


def import_target(request: Request, agreement: str | None) -> ImportTarget:
    """The file and the agreement that are added to."""
    begun = files_to_begin(request)
    if begun is not None:
        from tracker import clock

        zone = request.timezone or clock.zone_name() or "UTC"
        as_of = request.as_of
        day = as_of if isinstance(as_of, date) else clock.today(zone) + (as_of or _NO_TIME)
        name = agreement or name_like(str(request.files[0].absolute()))
        file = begun.names[0]
        return ImportTarget(begun, file, (file,), name, day, True, request.timezone)
    files, day = read_files(request)
    known = agreement_named(agreement or "", files, "call.which-agreement")
    zone = known.zone or request.timezone or "UTC"
    home = files.origins.homes[known.id]
    others = (file for file, of in files.origins.agreements.items() if of == known.id)
    parts = tuple(dict.fromkeys((home, *others)))
    return ImportTarget(files, home, parts, known.id, day, False, zone)


_NO_TIME = date.resolution * 0


def import_sources(request: Request, target: ImportTarget, call: ImportCall, yes: bool) -> bool:
    """Imports what can be; whether every source could be read whole."""
    from tracker.cli.import_preview import print_preview, print_questions, print_unreadable
    from tracker.cli.import_questions import ask_questions
    from tracker.cli.questions import can_ask

    language = request.language
    wishes = Wishes(target.as_of, target.timezone, call.columns, call.since)
    files = [file for name in call.sources for file in _fetch(name, language)]
    sources = _read_sources(files, wishes, language)
    readable = [source for source in sources if isinstance(source, ReadSource)]
    left_open: set[Question] = set()
    while any(source.content.questions for source in readable) and can_ask():
        answers = ask_questions(readable, language, left_open)
        if not answers:
            break
        wishes = wishes._replace(columns=(*wishes.columns, *answers))
        sources = _read_sources(files, wishes, language)
        readable = [source for source in sources if isinstance(source, ReadSource)]
    print_unreadable([source for source in sources if isinstance(source, UnreadSource)], language)
    print_questions(readable, language)
    planned = _plan_all(target, [source for source in readable if _can_be_offered(source)])
    if not planned:
        return False
    attempt = _try_import(request, target, planned)
    print_preview(request, target, planned, attempt)
    if attempt.edits:
        write_edits(request, yes, attempt.edits)
    else:
        print(translate(language, "import.nothing"), file=sys.stderr)
    return len(planned) == len(sources) and all(map(_is_whole, planned))


def _can_be_offered(source: ReadSource) -> bool:
    """Whether nothing of it waits for an answer, or only what is left out until then."""
    return not source.content.questions or source.content.asks_by_entry


def _is_whole(source: PlannedSource) -> bool:
    """Whether each day that it states is in the file, or left out by rule."""
    content = source.read.content
    is_lost = any(left.loses_a_day for left in content.left_out)
    return not (source.refused or content.questions or is_lost)


def _fetch(name: str, language: Language) -> list[ForeignFile | UnreadSource]:
    """What a source holds: a file, or each file of an archive."""
    from tracker.cli.import_preview import print_passed_over
    from tracker.imports.zip_archives import is_archive, open_archive

    try:
        file = ForeignFile(name, fetch_source(name))
        if not is_archive(file):
            return [file]
        archive = open_archive(file)
    except Unreadable as fault:
        return [UnreadSource(name, fault)]
    print_passed_over(name, archive.passed_over, language)
    return [*archive.files, *(UnreadSource(part, fault) for part, fault in archive.unread)]


def _read_sources(
    files: Sequence[ForeignFile | UnreadSource], wishes: Wishes, language: Language
) -> list[ReadSource | UnreadSource]:
    with shown_progress(language) as progress:
        watched = wishes._replace(progress=progress)
        return [_read_source(file, watched) for file in files]


def _read_source(file: ForeignFile | UnreadSource, wishes: Wishes) -> ReadSource | UnreadSource:
    if isinstance(file, UnreadSource):
        return file
    try:
        form, content = read_foreign_file(file, wishes)
    except Unreadable as fault:
        return UnreadSource(file.name, fault)
    return ReadSource(file.name, form, content)


# -- planning


def _plan_all(target: ImportTarget, sources: list[ReadSource]) -> list[PlannedSource]:
    """Plans every source against what the file has, and what the sources before it bring."""
    tables = [table for part in target.tables.values() for table in part]
    here = {str(table.get("id")) for table in tables}
    elsewhere = {
        event.imported.entry: (event.imported.source, event.name)
        for agreement in target.files.agreements
        for event in agreement.events
        if event.imported is not None and (agreement.id != target.agreement or event.id not in here)
    }
    own = [known for known in target.files.agreements if known.id == target.agreement]
    planner = ImportPlanner(tables, elsewhere, FreeIds.of(own), target.agreement)
    return [
        PlannedSource(source, planner.plan(source_name(source.name), source.content))
        for source in sources
    ]


def _try_import(
    request: Request, target: ImportTarget, sources: list[PlannedSource]
) -> TriedImport:
    """The edit without what the program itself would refuse, which is noted with its source."""
    header, guessed = _header(request, target, sources)
    for _ in range(_MOST_TRIES):
        planned = [event for source in sources for event in _to_write(source)]
        new = [event for event in planned if event.kind == "new"]
        changed = [event for event in planned if event.kind == "changed"]
        edits = _edits(target, header, changed, new)
        if not edits:
            return TriedImport((), target.files.agreements, header, guessed)
        try:
            after = agreements_after(target.files, edits)
        except FileErrors as errors:
            by_place = {target.places[event.number or 0]: event for event in changed}
            first = len(target.tables[target.file])
            by_place |= {(target.file, first + at): event for at, event in enumerate(new)}
            if not _refuse(sources, errors, by_place):
                raise
            continue
        return TriedImport(edits, after, header, guessed)
    raise CallError("call.import.refused", file=target.file)


def _to_write(source: PlannedSource) -> list[PlannedEvent]:
    refused = {id(event) for event, _ in source.refused}
    return [
        event for event in source.plan.events if event.kind != "same" and id(event) not in refused
    ]


def _refuse(
    sources: list[PlannedSource],
    errors: FileErrors,
    by_place: dict[tuple[str, int], PlannedEvent],
) -> bool:
    """Notes which of the planned events the errors are of; whether there is any."""
    homes = {id(event): source for source in sources for event in source.plan.events}
    noted: set[int] = set()
    for problem in errors.problems:
        match problem.path:
            case ("event", int(number), *_) if (problem.file, number) in by_place:
                event = by_place[problem.file, number]
                if id(event) not in noted:
                    noted.add(id(event))
                    homes[id(event)].refused.append((event, problem))
    return bool(noted)


def _header(
    request: Request, target: ImportTarget, sources: list[PlannedSource]
) -> tuple[dict[str, object], str | None]:
    """What begins a file that states nothing yet, and the machine's zone where that is written."""
    if not target.begins:
        return {}, None
    from tracker import clock

    contents = [source.read.content for source in sources]
    title = next((content.title for content in contents if content.title), None)
    zone = request.timezone or next((part.timezone for part in contents if part.timezone), None)
    guessed = None if zone else clock.zone_name() or "UTC"
    header: dict[str, object] = {
        "id": target.agreement,
        "title": title,
        "timezone": zone or guessed,
    }
    head = next((dict(part.head) for part in contents if part.head), {})
    if head:  # what tracker exported begins with what its own file begins with
        header, guessed = {**head, "id": target.agreement}, None
    return {key: value for key, value in header.items() if value}, guessed


def _edits(
    target: ImportTarget,
    header: dict[str, object],
    changed: list[PlannedEvent],
    new: list[PlannedEvent],
) -> tuple[FileEdit, ...]:
    """The edit of each file that changes: events where they stand, what is new in the first."""
    by_file: dict[str, list[TableEdit]] = {}
    for event in changed:
        if event.number is not None:
            file, number = target.places[event.number]
            keys = {change.key: change.after for change in event.changes}
            by_file.setdefault(file, []).append(TableEdit(number, keys))
    tables = [{change.key: change.after for change in event.changes} for event in new]
    edits = []
    for file in target.parts:
        begun, below = (header, tables) if file == target.file else ({}, [])
        try:
            if below or file in by_file:
                tables_there = by_file.get(file, [])
                edits.append(edit_for_import(target.files, file, begun, tables_there, below))
        except NoRoom as reason:
            raise CallError("call.import.inline", file=file, key=str(reason)) from None
    return tuple(edits)
