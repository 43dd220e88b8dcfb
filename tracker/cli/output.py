"""What reaches the screen: its width, its colours, and problems as people read them."""

from __future__ import annotations

import os
import sys
from datetime import date
from typing import TYPE_CHECKING, NoReturn, TextIO

import typer

from tracker.agreements.model import Agreement
from tracker.cli.options import CallError, Request
from tracker.dates.calendars import Uncovered
from tracker.files.cache import Cache
from tracker.files.problems import FileErrors
from tracker.i18n.translate import translate
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

if TYPE_CHECKING:
    from tracker.config import Config


def width() -> int | None:
    """The columns to fill: COLUMNS, else the terminal's; None in a pipe, where lines stay whole."""
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit() and int(columns) > 0:
        return max(int(columns), 40)
    if sys.stdout.isatty():
        return max(os.get_terminal_size(sys.stdout.fileno()).columns or 80, 40)
    return None


def styled(text: str, **style: bool) -> str:
    """The text in bold or dim, where the terminal is one and nobody asked for none."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    if plain or not sys.stdout.isatty():
        return text
    return typer.style(text, **style)


def show_json(value: object) -> None:
    """The value as JSON, one document, in UTF-8."""
    import json

    print(json.dumps(value, ensure_ascii=False, indent=1))


def cache() -> Cache:
    """The user's cache of parsed files."""
    from platformdirs import user_cache_path

    return Cache(user_cache_path("tracker"))


def loaded(request: Request) -> tuple[Agreement, ...]:
    """The files that were asked for; where they have errors, says all of them and ends."""
    from tracker.files.loading import load

    try:
        return load(request.files, cache())
    except FileErrors as errors:
        refuse_files(errors, request)
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> CallError:
    """A file that cannot be read, as an error of the call."""
    if isinstance(error, FileNotFoundError):
        return CallError("call.no-file", file=str(error.filename))
    reason = error.strerror or type(error).__name__
    return CallError("call.unreadable", file=str(error.filename), reason=reason)


def timeline_of(request: Request) -> Timeline:
    """The timeline of the files that were asked for, as of the day that was."""
    agreements = loaded(request)
    try:
        timeline = resolved(agreements, request)
    except Uncovered as missing:
        refuse_uncovered(missing, request)
    if timeline.supposed:
        warn_of_supposed(timeline, request)
    return timeline


def refuse_uncovered(missing: Uncovered, request: Request) -> NoReturn:
    """Says of which year a calendar of business days knows nothing, and ends with 1."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.consistency import uncovered_diagnostic

    message = message_of(uncovered_diagnostic(missing), request.language)
    print(f"tracker: {missing.point}: {message}", file=sys.stderr)
    raise typer.Exit(1) from None


def resolved(agreements: tuple[Agreement, ...], request: Request) -> Timeline:
    """The timeline as of the day that was asked for, with what was supposed."""
    as_of = request.as_of or today_of(agreements)
    if not request.suppose:
        return resolve(agreements, as_of)
    from tracker.timeline.point_names import supposed

    return resolve(agreements, as_of, supposed(request.suppose, agreements, as_of))


def warn_of_supposed(timeline: Timeline, request: Request) -> None:
    """Says of each supposition that lies outside what is stated, beside the result."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.warnings import supposed_outside

    language = request.language
    for placed in supposed_outside(timeline):
        message = f"{placed.event.id}: {message_of(placed.diagnostic, language)}"
        print(translate(language, "check.warning", message=message), file=sys.stderr)


def today_of(agreements: tuple[Agreement, ...]) -> date:
    """Today, in the zone of the first agreement."""
    from tracker import clock

    return clock.today(agreements[0].timezone)


def refuse_files(errors: FileErrors, request: Request) -> NoReturn:
    """Says all that is wrong with the files, and ends with 1."""
    say_problems(errors, request, sys.stderr)
    raise typer.Exit(1)


def say_problems(errors: FileErrors, request: Request, out: TextIO) -> None:
    """Every problem with its place and the way out, then how many there are."""
    from tracker.files.excerpts import reports

    language = request.language
    for text in reports(errors.problems, errors.texts, language):
        print(text, file=out)
    count = sum(problem.diagnostic.severity == "error" for problem in errors.problems)
    if count:
        print(translate(language, "check.errors", count=count), file=out)


def configured(request: Request, timezone: str = "UTC", sends: bool = False) -> Config:
    """The configuration; where it has errors, says all of them and ends.

    `sends`: whether all that sending needs has to be there.
    """
    from tracker.config import read_config
    from tracker.config.recipients import Defaults

    try:
        defaults = Defaults(timezone, request.language)
        return read_config(request.config, request.files, defaults, sends)
    except FileErrors as errors:
        refuse_files(errors, request)
    except FileNotFoundError as error:
        raise CallError("call.no-config", file=str(error.filename)) from None
    except OSError as error:
        raise unreadable(error) from None
