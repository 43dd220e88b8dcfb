"""`tracker check`: all that is wrong with the files, at once."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.cli.inputs import resolve_request, unreadable
from tracker.cli.options import CallError, Request, with_files
from tracker.cli.output import print_json
from tracker.dates.calendars import Uncovered
from tracker.files.folders import SETTINGS
from tracker.files.loading import read
from tracker.files.problems import FileErrors, Problem
from tracker.files.reading import read_file
from tracker.i18n.translate import comma_list, translate

FORMS = ("text", "github", "sarif", "json")


def command(
    request: Request,
    paths: Annotated[list[Path] | None, typer.Argument(metavar="FILE...")] = None,
    problem_form: Annotated[str | None, typer.Option("--format", metavar="|".join(FORMS))] = None,
    strict: Annotated[bool, typer.Option("--strict")] = False,
    sources: Annotated[bool, typer.Option("--sources")] = False,
) -> None:
    wanted = [path for path in paths or () if path.name != SETTINGS]  # handed over by a "*.toml"
    form = _form(problem_form, request)
    if paths and not wanted and not request.are_named:
        print(translate(request.language, "check.settings", file=str(paths[0])), file=sys.stderr)
        return
    request = with_files(request, wanted)
    try:
        contents = [read_file(file) for file in request.files]
    except OSError as error:
        raise unreadable(error) from None
    problems, texts, summary = _find_problems(request, contents, sources)
    severities = Counter(problem.diagnostic.severity for problem in problems)
    if form == "text":
        _print(problems, texts, request, summary)
    else:
        _print_for_programs(form, problems, texts, request)
    if form in ("text", "github"):
        for severity in ("error", "warning", "note"):
            if count := severities[severity]:
                words = translate(request.language, f"check.{severity}s", count=count)
                print(words, file=sys.stderr)
    if severities["error"] or (severities["warning"] and strict):
        raise typer.Exit(1)


def _find_problems(
    request: Request, contents: Sequence[bytes], sources: bool
) -> tuple[tuple[Problem, ...], dict[str, str], dict[str, Any]]:
    """The problems of the files, their texts, and how much there is in them."""
    from tracker.files.sources import check_quotes, missing_sources
    from tracker.timeline.validation.consistency import uncovered_event
    from tracker.timeline.validation.warnings import find_warnings

    names = [str(file) for file in request.files]
    try:
        agreements, origins = read(names, contents)
    except FileErrors as errors:
        return errors.problems, errors.texts, {}
    files = [Path(name) for name in names]
    problems = missing_sources(files, contents)
    texts = {
        name: content.decode("utf-8-sig") for name, content in zip(names, contents, strict=True)
    }
    try:
        timeline = resolve_request(agreements, request)
        warnings = [origins.problem(located) for located in find_warnings(timeline)]
    except Uncovered as missing:
        if (located := uncovered_event(missing, agreements)) is None:
            raise
        return (*problems, origins.problem(located)), texts, {}
    problems += warnings
    summary = {"events": len(timeline.events), "points": len(timeline.points)}
    if sources:
        checked = check_quotes(files, contents, agreements, origins)
        problems += checked.problems
        summary |= {"found": checked.word_for_word, "unread": checked.unread}
    return tuple(problems), texts, summary


def _print(
    problems: Sequence[Problem],
    texts: dict[str, str],
    request: Request,
    summary: dict[str, Any],
) -> None:
    from tracker.files.excerpts import reports

    language = request.language
    if problems:
        print("\n".join(reports(problems, texts, language)))
    if all(problem.diagnostic.severity == "note" for problem in problems):
        files = comma_list((str(file) for file in request.files), language)
        counts = {
            name: translate(language, f"check.{name}", count=summary[name])
            for name in ("events", "points")
        }
        print(translate(language, "check.sound", files=files, **counts))
    for name in ("found", "unread"):
        if summary.get(name):
            print(translate(language, f"check.quotes.{name}", count=summary[name]))


def _print_for_programs(
    form: str, problems: Sequence[Problem], texts: dict[str, str], request: Request
) -> None:
    from tracker.files.excerpts import problem_places
    from tracker.files.problem_forms import github_commands, problems_json, sarif

    places = list(problem_places(problems, texts))
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or ".")
    if form == "json":
        print_json(problems_json(places, request.language))
    elif form == "sarif":
        print_json(sarif(places, workspace, request.language))
    else:
        for line in github_commands(places, workspace, request.language):
            print(line)


def _form(form: str | None, request: Request) -> str:
    """In what form it is printed; raises CallError where there is no such form."""
    if form is None:
        return "json" if request.as_json else "text"
    if form not in FORMS:
        raise CallError("call.check.format", format=form, known=", ".join(FORMS))
    if request.as_json and form != "json":
        raise CallError("call.check.two-formats", format=form)
    return form
