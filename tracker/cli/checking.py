"""`tracker check`: all that is wrong with the files, at once."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.cli.request import Request
from tracker.cli.screen import show_json, today_of, unreadable
from tracker.files.loading import read
from tracker.files.problems import FileFaults, Problem
from tracker.timeline.resolve import resolve
from tracker.wording.sentences import say


def check(
    request: Request,
    strict: Annotated[bool, typer.Option("--strict")] = False,
) -> None:
    try:
        contents = [file.read_bytes() for file in request.files]
    except OSError as error:
        raise unreadable(error) from None
    problems, texts, summary = _checked(request, contents)
    errors = sum(problem.fault.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if request.as_json:
        show_json(_json(problems, texts, request))
    else:
        _say(problems, texts, request, summary)
        counts = (("check.errors", errors), ("check.warnings", warnings))
        for name, count in counts:
            if count:
                print(say(request.language, name, count=count), file=sys.stderr)
    if errors or (warnings and strict):
        raise typer.Exit(1)


def _checked(
    request: Request, contents: Sequence[bytes]
) -> tuple[tuple[Problem, ...], dict[str, str], dict[str, Any]]:
    """The problems of the files, their texts, and how much there is in them."""
    from tracker.files.sources import missing_sources
    from tracker.timeline.faults import doubts

    names = [str(file) for file in request.files]
    try:
        agreements, origins = read(names, contents)
    except FileFaults as faults:
        return faults.problems, faults.texts, {}
    timeline = resolve(agreements, request.as_of or today_of(agreements))
    problems = [origins.problem(placed) for placed in doubts(timeline)]
    problems += missing_sources([Path(name) for name in names], contents)
    texts = {
        name: content.decode("utf-8-sig") for name, content in zip(names, contents, strict=True)
    }
    summary = {"events": len(timeline.events), "points": len(timeline.points)}
    return tuple(problems), texts, summary


def _say(
    problems: Sequence[Problem],
    texts: dict[str, str],
    request: Request,
    summary: dict[str, Any],
) -> None:
    from tracker.files.excerpts import reports

    language = request.language
    if problems:
        print("\n".join(reports(problems, texts, language)))
    else:
        files = say(language, "comma").join(str(file) for file in request.files)
        print(say(language, "check.sound", files=files, **summary))


def _json(
    problems: Sequence[Problem], texts: dict[str, str], request: Request
) -> list[dict[str, Any]]:
    """One object a problem."""
    from tracker.files.excerpts import located
    from tracker.wording.faults import message_of

    return [
        {
            "file": problem.file,
            "line": line,
            "column": column,
            "severity": problem.fault.severity,
            "case": problem.fault.case,
            "message": message_of(problem.fault, request.language),
            "write": [offer.write for offer in problem.fault.offers],
        }
        for problem, line, column in located(problems, texts)
    ]
