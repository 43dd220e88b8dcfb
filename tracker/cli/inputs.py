"""What commands read: the files, their timeline, the settings; and how their errors are printed."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from tracker.agreements.model import Agreement
from tracker.cli.options import BeyondData, CallError, Request, absent_file
from tracker.cli.progress import shown_progress
from tracker.dates.calendars import Uncovered
from tracker.dates.instants import Instant
from tracker.files.cache import Cache, ParsedAgreement
from tracker.files.problems import FileErrors
from tracker.files.reading import read_file
from tracker.i18n.instants import ReaderClock
from tracker.i18n.translate import Language, translate
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

if TYPE_CHECKING:
    from tracker.config import Config


def timeline_of(request: Request) -> Timeline:
    """The timeline of the files that were asked for, as of the day that was."""
    timeline = resolve_request(load_agreements(request), request)
    if timeline.supposed:
        warn_of_supposed(timeline, request.language)
    return timeline


def load_agreements(request: Request) -> tuple[Agreement, ...]:
    """What the files that were asked for state; raises FileErrors."""
    return tuple(part.agreement for part in load_parts(request))


def load_parts(request: Request) -> tuple[ParsedAgreement, ...]:
    """The same, each agreement with the files that state it."""
    from tracker.files.loading import load_parsed

    try:
        contents = tuple(map(read_file, request.files))
        with shown_progress(request.language) as progress:
            names = [str(file) for file in request.files]
            return load_parsed(names, contents, user_cache(), progress=progress)
    except OSError as error:
        raise unreadable(error) from None


def user_cache() -> Cache:
    """The user's cache of parsed files."""
    from platformdirs import user_cache_path

    return Cache(user_cache_path("tracker"))


def resolve_request(agreements: tuple[Agreement, ...], request: Request) -> Timeline:
    """The timeline as of the day that was asked for, with what was supposed."""
    from tracker import clock

    as_of = view_day(request, agreements)
    now = None if request.as_of else clock.now()
    if not request.suppose:
        return resolve(agreements, as_of, now=now)
    from tracker.timeline.point_names import parse_suppositions

    supposed = parse_suppositions(request.suppose, agreements, as_of)
    return resolve(agreements, as_of, supposed, now=now)


def reader_clock(request: Request, timeline: Timeline) -> ReaderClock:
    """By whose clock it is read: by that which was asked for, else by the machine's.

    Where that has no zone with a name, by the agreement's, which is said.
    """
    zone = request.timezone
    own = next((agreement.timezone for agreement in timeline.agreements), "UTC")
    if zone is None and _hangs_on_clock(timeline):
        from tracker import clock

        zone = clock.zone_name()
        if zone is None:
            unnamed = clock.machine_zone(clock.now())
            text = translate(request.language, "call.timezone.unnamed", zone=unnamed, own=own)
            print(f"tracker: {text}", file=sys.stderr)
    return ReaderClock(zone or own, timeline.now)


def _hangs_on_clock(timeline: Timeline) -> bool:
    """Whether it says something else by the machine's clock than by the agreement's.

    To ask for the zone's name takes longer than most commands.
    """
    from tracker import clock

    if timeline.now is not None and clock.machine_day(timeline.now) != timeline.as_of:
        return True
    return any(isinstance(point.counts_to, Instant) for point in timeline.points)


def view_day(request: Request, agreements: tuple[Agreement, ...]) -> date:
    """The day of the view: the one that was asked for, else today."""
    if isinstance(request.as_of, date):
        return request.as_of
    return today_of(agreements) + (request.as_of or timedelta())


def today_of(agreements: tuple[Agreement, ...]) -> date:
    """Today, in the zone of the first agreement."""
    from tracker import clock

    return clock.today(agreements[0].timezone)


def load_config(
    request: Request, timezone: str = "UTC", sends: bool = False, readdresses: bool = False
) -> Config:
    """The configuration; raises FileErrors.

    `sends`: whether all that sending needs has to be there. `readdresses`: whether all addresses.
    """
    from tracker.config import read_config
    from tracker.config.recipients import Defaults

    try:
        defaults = Defaults(timezone, request.language)
        return read_config(request.config, request.files, defaults, sends, readdresses)
    except FileNotFoundError as error:
        raise CallError("call.no-config", file=str(error.filename)) from None
    except OSError as error:
        raise unreadable(error) from None


def unreadable(error: OSError) -> CallError:
    """A file that cannot be read, as an error of the call."""
    if isinstance(error, FileNotFoundError):
        return absent_file(str(error.filename))
    from tracker.failures.exceptions import reason_of

    return CallError("call.unreadable", file=str(error.filename), reason=reason_of(error))


def unwritable(file: Path, error: OSError) -> CallError:
    """A file or folder that cannot be written, as an error of the call."""
    from tracker.failures.exceptions import reason_of

    return CallError("call.unwritable", file=str(file), reason=reason_of(error))


def is_read_by(output: Path, request: Request) -> bool:
    """Whether what is to be written is one of the files that a command reads, or tracker.toml."""
    settings = request.config or request.files[0].parent / "tracker.toml"
    try:
        return any(output.samefile(file) for file in (*request.files, settings) if file.exists())
    except OSError:  # it is not there yet
        return False


def write_file(file: Path, content: bytes) -> None:
    """A file is written whole or not at all; what is none (a pipe, a device) is written to."""
    from tracker.files.reading import real_path
    from tracker.files.writing import replace_file

    try:
        if file.exists() and not file.is_file():
            file.write_bytes(content)
        else:
            real = real_path(file)
            mode = real.stat().st_mode & 0o777 if real.exists() else 0o644
            replace_file(real, content, mode)
    except OSError as error:
        raise unwritable(file, error) from None


def warn_of_supposed(timeline: Timeline, language: Language) -> None:
    """Says of each supposition that lies outside what is stated, beside the result."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.warnings import supposition_warnings

    for located in supposition_warnings(timeline):
        message = f"{located.event.id}: {message_of(located.diagnostic, language)}"
        print(translate(language, "check.warning", message=message), file=sys.stderr)


def print_problems(errors: FileErrors, language: Language, out: TextIO) -> None:
    """Every problem with its place and the way out, then how many there are."""
    from tracker.files.excerpts import reports

    for text in reports(errors.problems, errors.texts, language):
        print(text, file=out)
    count = sum(problem.diagnostic.severity == "error" for problem in errors.problems)
    if count:
        print(translate(language, "check.errors", count=count), file=out)


def print_uncovered(beyond: BeyondData, language: Language) -> None:
    """Says of which year a calendar of business days knows nothing, and where it is asked."""
    from tracker.i18n.diagnostics import message_of
    from tracker.timeline.validation.consistency import uncovered_diagnostic

    missing = beyond.missing
    if (errors := _located(missing, beyond.request)) is not None:
        print_problems(errors, language, sys.stderr)
        return
    message = message_of(uncovered_diagnostic(missing), language)
    name = f"{missing.point}: " if missing.point else ""
    print(f"tracker: {name}{message}", file=sys.stderr)


def _located(missing: Uncovered, request: Request) -> FileErrors | None:
    """The same, where it stands in the files; None where they do not say it, or not any more."""
    from tracker.files.loading import read
    from tracker.timeline.validation.consistency import uncovered_event

    if not all(file.is_file() for file in request.files):  # what was piped is gone
        return None
    names = [str(file) for file in request.files]
    try:
        contents = [read_file(file) for file in request.files]
        agreements, origins = read(names, contents)
    except (OSError, FileErrors):
        return None
    located = uncovered_event(missing, agreements)
    if located is None:
        return None
    texts = dict(zip(names, (content.decode("utf-8-sig") for content in contents), strict=True))
    return FileErrors((origins.problem(located),), texts)
