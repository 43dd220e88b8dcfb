"""`tracker try LINE`: what a line comes to in the context of the files; nothing is written."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from itertools import chain, count
from typing import Annotated

import typer

from tracker.agreements.model import Agreement
from tracker.cli.event_keys import LineKeys, keys_in_file
from tracker.cli.inputs import (
    load_parts,
    reader_clock,
    resolve_request,
    warn_of_supposed,
)
from tracker.cli.options import CallError, Request
from tracker.cli.output import print_json
from tracker.files.cache import ParsedAgreement
from tracker.files.problems import FileErrors, Problem
from tracker.i18n.columns import without_controls
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.agenda import next_of_each
from tracker.timeline.points import Point, Timeline

#: The file that the line is read in beside those that there are. No file has such a name.
_FILE = "\0try"
_NAME = "this-line"
#: What is said of an event whose day has passed; a line that is tried has no records.
_OF_RECORDS = ("passed", "passed-window")
#: So many of what goes on are told.
_NEXT_SHOWN = 5


def command(
    request: Request,
    line: Annotated[str | None, typer.Argument(metavar="LINE")] = None,
    agreement: Annotated[str | None, typer.Option("--agreement", metavar="ID")] = None,
    **keys: LineKeys,
) -> None:
    given = keys_in_file(keys)
    fields = {**_keys_of_line(line, {"when", *keys}), **given}
    if not {"when", "starts", "ends"} & fields.keys():
        raise CallError("call.try.what")
    known = load_parts(request) if request.are_named or request.files[0].exists() else ()
    home = _home([part.agreement for part in known], agreement)
    title = without_controls(", ".join(map(str, fields.values())))
    name = _free_name(home, title)
    title = title if title.strip() else name
    try:
        agreements = _read_with(request, known, home, {"id": name, "title": title, **fields})
    except FileErrors as errors:
        if any(problem.file != _FILE for problem in errors.problems):
            raise
        _print_problems(errors.problems, fields, request)
        raise typer.Exit(1) from None
    timeline = resolve_request(agreements, request)
    if timeline.supposed:
        warn_of_supposed(timeline, request.language)
    _print_warnings(timeline, name, request.language)
    points = [point for point in timeline.points if point.event.id == name]
    _print_points(points, timeline, request)


def _keys_of_line(line: str | None, names: set[str]) -> dict[str, object]:
    """The line as `when`; or, where lines of a file were pasted, the keys that they have."""
    if line is None or "=" not in line:
        return keys_in_file({"when": line})
    import tomllib

    try:
        table = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return {"when": line}
    if not table.keys() <= names or not all(
        isinstance(stated, str | date) for stated in table.values()
    ):
        return {"when": line}
    return {name: str(stated) for name, stated in table.items()}


# -- the line among the files


def _home(agreements: Sequence[Agreement], named: str | None) -> Agreement | None:
    """The agreement whose names the line may use, and whose zone counts; None: there is none."""
    ids = [agreement.id for agreement in agreements]
    if named is not None and named not in ids:
        raise CallError("call.no-agreement", id=named, names=", ".join(ids))
    if named is None and len(agreements) > 1:
        raise CallError("call.which-agreement", names=", ".join(ids))
    return next((known for known in agreements if named in (None, known.id)), None)


def _free_name(home: Agreement | None, line: str) -> str:
    """An id that no event there has, and that the line does not name: it cannot mean itself."""
    taken = {event.id for event in home.events} if home is not None else set()
    numbered = (f"{_NAME}-{number}" for number in count(2))
    return next(
        name for name in chain((_NAME,), numbered) if name not in taken and name not in line
    )


def _read_with(
    request: Request,
    known: Sequence[ParsedAgreement],
    home: Agreement | None,
    fields: dict[str, object],
) -> tuple[Agreement, ...]:
    """What the files state with that event beside theirs."""
    from tracker import clock
    from tracker.files.loading import load_parsed
    from tracker.files.reading import read_file
    from tracker.files.record_edits import table_lines

    if home is None:
        zone = request.timezone or clock.zone_name() or "UTC"
        head = {"id": _NAME, "timezone": zone}
    else:
        head = {"amends": home.id}
    lines = [*table_lines(head), "[[event]]", *table_lines(fields)]
    names = [str(file) for file in request.files] if known else []
    contents = [read_file(file) for file in request.files] if known else []
    parts = load_parsed([*names, _FILE], [*contents, "\n".join(lines).encode()], before=known)
    return tuple(part.agreement for part in parts)


# -- what is said


def _print_problems(
    problems: Sequence[Problem], fields: dict[str, object], request: Request
) -> None:
    """Each with the line, and the part of it that is meant marked."""
    from tracker.i18n.diagnostics import MarkedLine, message_of, report

    rows: list[dict[str, object]] = []
    for problem in problems:
        key = str(problem.path[2]) if len(problem.path) > 2 else "when"
        text, refused = str(fields.get(key, "")), problem.diagnostic
        start, end = refused.span if problem.part == "inside" else (0, len(text))
        if request.as_json:
            rows.append(
                {
                    "key": key,
                    "column": start + 1,
                    "end_column": max(end, start + 1) + 1,
                    "case": refused.case,
                    "message": message_of(refused, request.language),
                    "write": [suggestion.write for suggestion in refused.suggestions],
                }
            )
            continue
        marked = MarkedLine(1, text, start + 1, max(1, end - start)) if text else None
        print(
            report(refused, f"{key}:{start + 1}", marked, None, request.language), file=sys.stderr
        )
    if request.as_json:
        print_json(rows)


def _print_warnings(timeline: Timeline, name: str, language: Language) -> None:
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.warnings import find_warnings

    for located in find_warnings(timeline):
        if located.event.id == name and located.diagnostic.case not in _OF_RECORDS:
            message = message_of(located.diagnostic, language)
            print(translate(language, "check.warning", message=message), file=sys.stderr)


def _print_points(points: list[Point], timeline: Timeline, request: Request) -> None:
    if request.as_json:
        from tracker.feeds.json import why_json

        print_json([why_json(point, timeline, request.language) for point in points])
        return
    from tracker.cli.explanations import print_explanations

    zone = reader_clock(request, timeline).zone
    print_explanations(next_of_each(points), timeline, request.language, zone)
    ahead = [point for point in points if point.occurrence is not None and not point.past]
    if len(ahead) > 1:
        shown = [str(point.occurrence) for point in ahead[:_NEXT_SHOWN]]
        days = comma_list(shown, request.language)
        print(f"\n{translate(request.language, 'try.next', days=days)}")
