"""The request that every command takes: files, day, language, form; and how options become one.

These options stand before or after a command's name alike; what stands after it counts.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, NamedTuple, TypedDict, cast, get_args, get_type_hints

import typer

from tracker.dates.calendars import Uncovered
from tracker.i18n.translate import LANGUAGES, Language, language_of


class CallError(Exception):
    """The call is wrong: `name` names the sentence that says how, with its values."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


class Request(NamedTuple):
    """What was asked of a command."""

    paths: tuple[Path, ...]  #: files and folders, as they were asked for
    files: tuple[Path, ...]  #: of a folder each file
    are_named: bool  #: whether the call named them, and not the environment or nobody
    config: Path | None  #: where it was named, on the command line or in the environment
    as_of: date | timedelta | None  #: so far from today in the agreement's zone; None: today
    suppose: tuple[str, ...]  #: as it was written: POINT=DAY
    language: Language
    as_json: bool
    timezone: str | None = None  #: by whose clock instants are told; None: the machine's


class SharedOptions(TypedDict, total=False):
    """The options of every command, of which its request is made."""

    file: Annotated[list[Path] | None, typer.Option("--file", "-f", metavar="FILE")]
    config: Annotated[Path | None, typer.Option("--config", metavar="FILE")]
    as_of: Annotated[str | None, typer.Option("--as-of", metavar="DAY")]
    suppose: Annotated[list[str] | None, typer.Option("--suppose", metavar="POINT=DAY|never")]
    timezone: Annotated[str | None, typer.Option("--timezone", metavar="ZONE")]
    lang: Annotated[str | None, typer.Option("--lang", metavar="|".join(LANGUAGES))]
    json: Annotated[bool, typer.Option("--json")]


# Options that several commands have.
Everything = Annotated[bool, typer.Option("--all")]
Markdown = Annotated[bool, typer.Option("--markdown")]


class BeyondData(Exception):
    """What was asked for takes a calendar into a year of which it has no data."""

    def __init__(self, missing: Uncovered, request: Request) -> None:
        super().__init__(str(missing))
        self.missing = missing
        self.request = request


def with_request(command: Callable[..., None]) -> Callable[..., None]:
    """`command` as typer takes it: with its own options and the shared ones.

    `command` takes a Request first; its other parameters are its options. For the program itself,
    where a command's name follows, the shared options before that name are only kept.
    """
    own = list(_own_options(command))
    shared = _options_of(SharedOptions)

    def call(ctx: typer.Context, **values: Any) -> None:
        given = {option.name: values.pop(option.name) for option in shared}
        options = _with_earlier(ctx.obj or SharedOptions(), cast(SharedOptions, given))
        if ctx.invoked_subcommand is not None:
            ctx.obj = options
        else:
            request = _request_of(options)
            try:
                command(request, **{name: _text(value) for name, value in values.items()})
            except Uncovered as missing:
                raise BeyondData(missing, request) from None

    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    call.__signature__ = inspect.Signature([context, *own, *shared])  # type: ignore[attr-defined]
    return call


def _text(value: Any) -> Any:
    """A text of the call, or several; raises CallError where its bytes are no UTF-8.

    A locale that knows only ASCII hands bytes over that are: LC_ALL=C without Python's UTF-8 mode.
    Paths stay as they are: a file may have any name.
    """
    if isinstance(value, list):
        return [_text(part) for part in value]
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        value.encode()
        return value
    except UnicodeEncodeError:
        pass
    try:
        return os.fsencode(value).decode()
    except UnicodeDecodeError:
        raise CallError("call.no-text", text=value) from None


def _own_options(command: Callable[..., None]) -> Iterator[inspect.Parameter]:
    """A command's parameters behind its request; its `**keys` are what their annotation gives."""
    _, *parameters = inspect.signature(command, eval_str=True).parameters.values()
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.VAR_KEYWORD:
            yield from get_args(parameter.annotation)[1]()
        else:
            yield parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)


@cache
def _options_of(keys: type) -> list[inspect.Parameter]:
    """An option for each key of a TypedDict."""
    options = []
    for name, annotation in get_type_hints(keys, include_extras=True).items():
        default = False if get_args(annotation)[0] is bool else None
        kind = inspect.Parameter.KEYWORD_ONLY
        options.append(inspect.Parameter(name, kind, default=default, annotation=annotation))
    return options


def _with_earlier(earlier: SharedOptions, given: SharedOptions) -> SharedOptions:
    """The options before a command's name, and those after it, which count; of `suppose` all do."""
    suppose = [*(earlier.get("suppose") or ()), *(given.get("suppose") or ())]
    stated = {name: value for name, value in given.items() if value}
    return cast(SharedOptions, {**earlier, **stated, "suppose": suppose})


def _request_of(options: SharedOptions) -> Request:
    """The request that those options make; the environment fills what they leave open."""
    config = options.get("config") or os.environ.get("TRACKER_CONFIG")
    paths = tuple(options.get("file") or _paths_of_environment() or (Path("events.toml"),))
    as_of = options.get("as_of")
    return Request(
        paths,
        _files_in(paths),
        bool(options.get("file")),
        Path(config) if config else None,
        _read_view(as_of) if as_of else None,
        tuple(options.get("suppose") or ()),
        _read_language(options.get("lang")),
        bool(options.get("json")),
        read_zone(options.get("timezone")),
    )


def with_files(request: Request, paths: Sequence[Path]) -> Request:
    """The request for these files too; for these alone, where the call named no others."""
    if not paths:
        return request
    named = (*request.files, *_files_in(tuple(paths)))
    files = named if request.are_named else named[len(request.files) :]
    once = {file.absolute(): file for file in reversed(files)}
    return request._replace(files=tuple(reversed(once.values())), are_named=True)


def refuse_suppositions(request: Request) -> None:
    """Raises CallError where a command that shows no supposition was called with one."""
    if request.suppose:
        raise CallError("call.no-suppose", suppose=request.suppose[0])


def _files_in(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    try:
        if not any(path.is_dir() for path in paths):
            return paths
        from tracker.files.folders import files_in

        return files_in(paths)
    except FileNotFoundError as missing:
        raise absent_file(missing.filename) from None
    except OSError as error:
        from tracker.failures.exceptions import reason_of

        raise CallError("call.unreadable", file=error.filename, reason=reason_of(error)) from None


def absent_file(name: str) -> CallError:
    """The refusal of a call for a file, or for all of a folder, that is not there."""
    from tracker.cli.absent_files import absence

    sentence, values = absence(name)
    return CallError(sentence, **values)


def _paths_of_environment() -> tuple[Path, ...]:
    names = os.environ.get("TRACKER_FILE", "")
    return tuple(Path(name) for name in names.split(os.pathsep) if name)


def _read_language(tag: str | None) -> Language:
    if tag is not None and language_of(tag) is None:
        known = ", ".join(LANGUAGES)
        raise CallError("call.language", language=tag, known=known, first=LANGUAGES[0])
    return language_of(tag) or requested_language(())


def read_zone(name: str | None) -> str | None:
    """The zone of that name; raises CallError where there is none."""
    if name is None:
        return None
    from tracker.dates.instants import is_zone

    if is_zone(name):
        return name
    from tracker.dates.suggestions.zones import zones_meant

    near = zones_meant(name)
    if near:
        names = ", ".join(zone.write for zone in near)
        raise CallError("call.timezone.near", zone=name, near=names)
    raise CallError("call.timezone", zone=name)


def requested_language(arguments: Sequence[str]) -> Language:
    """The language of help and refusals, before the options are read: --lang, else the locale's."""
    tag = None
    for before, argument in pairwise(("", *arguments)):
        if before == "--lang":
            tag = argument or tag
        elif argument.startswith("--lang="):
            tag = argument.removeprefix("--lang=") or tag
    names = ("TRACKER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), None)
    return language_of(tag or locale) or "en"


def _read_view(text: str) -> date | timedelta:
    """The day of the view; of `yesterday` how far it is from today, in a zone not known yet."""
    from tracker.dates.near_days import NEAR_DAYS

    ahead = NEAR_DAYS.get(text.strip().lower())
    return _read_date(text) if ahead is None else ahead


def read_day(text: str, today: date) -> date:
    """The day that was written; raises Misnamed where it is none."""
    from tracker.dates.near_days import near_day

    return near_day(text, today) or _read_date(text)


def _read_date(text: str) -> date:
    from tracker.dates.periods import parse_period

    try:
        period = parse_period(text.strip())
        if period.kind == "day":
            return period.first
    except ValueError:
        pass
    from tracker.timeline.point_names import misnamed_day  # what is right does not pay for it

    raise misnamed_day(text)
