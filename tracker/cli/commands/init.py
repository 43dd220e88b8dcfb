"""`tracker init`: a first events.toml, with comments that teach its words, and its tracker.toml."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, TypeVar
from unicodedata import normalize

import typer

from tracker.cli.inputs import unwritable
from tracker.cli.options import CallError, Request, read_day, read_zone, refuse_suppositions
from tracker.cli.questions import ask_line, can_ask
from tracker.files.first_files import (
    BEGINNINGS,
    Beginning,
    FirstFile,
    TooLongAgo,
    first_events,
    first_settings,
    usual_first_day,
)
from tracker.files.folders import SETTINGS
from tracker.i18n.columns import pad, width_of
from tracker.i18n.shell_words import shell_word
from tracker.i18n.translate import Language, translate
from tracker.timeline.point_names import Misnamed

T = TypeVar("T")
_EVENTS = "events.toml"


def command(
    request: Request,
    *,
    template: Annotated[str | None, typer.Option("--template", metavar="NAME")] = None,
    new_title: Annotated[str | None, typer.Option("--title", metavar="TEXT")] = None,
    first_day: Annotated[str | None, typer.Option("--first-day", metavar="DAY")] = None,
) -> None:
    refuse_suppositions(request)
    events, settings = _places(request)
    beginning = _asked(request, template, new_title, first_day)
    try:
        first = first_events(beginning, str(events))
    except TooLongAgo:
        near = usual_first_day(beginning.template, beginning.as_of)
        raise CallError("call.init.first-day", day=beginning.first, near=near) from None
    _write(((events, first.text.encode()), (settings, first_settings(beginning).encode())))
    _print_next(events, settings, first, request.language)


def _places(request: Request) -> tuple[Path, Path]:
    """Where both files will be; raises CallError where either is there, or no folder for it."""
    if len(request.paths) != 1:
        raise CallError("call.init.several")
    (path,) = request.paths
    events = path / _EVENTS if path.is_dir() else path
    settings = request.config or events.parent / SETTINGS
    for folder in (events.parent, settings.parent):
        if not folder.is_dir():
            raise CallError("call.init.folder", folder=shell_word(str(folder)))
    elsewhere = f"tracker init -f {shell_word(str(events.parent / 'NAME' / _EVENTS))}"
    add = f'tracker{_named(events)} add ID "TITLE" --when DAY'
    if _is_there(events):
        show = f"tracker{_named(events)}"
        raise CallError(
            "call.init.there", file=str(events), show=show, add=add, elsewhere=elsewhere
        )
    if _is_there(settings):
        raise CallError(
            "call.init.settings-there", file=str(settings), add=add, elsewhere=elsewhere
        )
    return events, settings


def _is_there(file: Path) -> bool:
    return file.exists() or file.is_symlink()


def _named(events: Path) -> str:
    """The option that names the file, where it is not the one that commands read by themselves."""
    return "" if str(events) == _EVENTS else f" -f {shell_word(str(events))}"


# -- the four questions


def _asked(
    request: Request, template: str | None, title: str | None, first_day: str | None
) -> Beginning:
    """What was said in the call, and what is answered where somebody is there."""
    from tracker import clock

    language = request.language
    asks = can_ask()
    if not asks and None in (template, title, request.timezone):
        raise CallError("call.init.ask", templates=", ".join(BEGINNINGS))
    if template is None:
        template = _ask_template(language)
    kind = _read_template(template)
    if title is None:
        usual = translate(language, f"init.name.{kind}")
        title = _ask("init.title", usual, _read_title, language)
    title = _read_title(title)
    zone = request.timezone
    if zone is None:
        zone = _ask("init.timezone", clock.zone_name() or "UTC", _zone, language)
    today = clock.today(zone)
    shown = request.as_of or timedelta()
    as_of = shown if isinstance(shown, date) else today + shown
    first = usual_first_day(kind, as_of)
    if first_day is not None:
        first = read_day(first_day, as_of)
    elif asks:
        first = _ask(
            f"init.first-day.{kind}",
            str(first),
            lambda text: read_day(_plain(text), as_of),
            language,
        )
    return Beginning(kind, title, zone, first, as_of, language)


def _ask_template(language: Language) -> str:
    print(translate(language, "init.which"), file=sys.stderr)
    most = max(map(len, BEGINNINGS))
    for number, name in enumerate(BEGINNINGS, 1):
        said = translate(language, f"init.template.{name}")
        print(f"  {number}  {name:{most}}  {said}", file=sys.stderr)
    return _ask("init.choose", "1", _read_template, language)


def _ask(question: str, usual: str, read: Callable[[str], T], language: Language) -> T:
    """What is answered, else what is usual; asked again where it cannot be read."""
    from tracker.i18n.reasons import translate_reasons

    while True:
        answer = ask_line(translate(language, question, usual=usual))
        if answer is None:
            print(translate(language, "init.nothing"), file=sys.stderr)
            raise typer.Exit(1)
        try:
            return read(answer or usual)
        except (CallError, Misnamed) as error:
            print(translate_reasons(language, error.name, error.values), file=sys.stderr)


def _plain(text: str) -> str:
    """As it is meant: who writes Japanese types full-width letters and digits as well (NFKC)."""
    return normalize("NFKC", text).strip()


def _read_template(text: str) -> str:
    name = _plain(text).lower()
    if name.isascii() and name.isdigit() and 1 <= int(name[:3]) <= len(BEGINNINGS):
        return BEGINNINGS[int(name[:3]) - 1]
    if name not in BEGINNINGS:
        raise CallError("call.init.template", template=text, templates=", ".join(BEGINNINGS))
    return name


def _read_title(text: str) -> str:
    from tracker.files.values import Reader
    from tracker.i18n.reasons import Reason

    reader, text = Reader(""), text.strip()
    if reader.text(text, ("title",)) is None:
        wrong = reader.problems[0].diagnostic
        reason = Reason(wrong.case, values=wrong.values)
        raise CallError("call.init.title", title=text, reason=reason)
    return text


def _zone(text: str) -> str:
    return read_zone(_plain(text)) or "UTC"


# -- both files, or none


def _write(contents: tuple[tuple[Path, bytes], ...]) -> None:
    """Writes all of them; raises CallError where one cannot be, and takes back those that were."""
    from tracker.files.writing import FileChanged, begin_files

    try:
        begin_files(contents)
    except FileChanged as changed:
        raise CallError("call.changed", file=str(changed)) from None
    except OSError as error:
        raise unwritable(Path(error.filename or contents[0][0]), error) from None


def _print_next(events: Path, settings: Path, first: FirstFile, language: Language) -> None:
    print(
        translate(
            language, "init.written", events=str(events), settings=str(settings), count=first.events
        )
    )
    if first.left_out:
        print(translate(language, "init.left-out", ids=", ".join(first.left_out)))
    named = _named(events)
    commands = {
        "agenda": f"tracker{named}",
        "add": f'tracker{named} add ID "TITLE" --when "DAY"',
        "import": f"tracker{named} import FILE",
        "check": f"tracker{named} check",
        "serve": f"tracker{named} serve",
        "run": f"tracker{named} run",
    }
    print()
    print(translate(language, "init.next"))
    most = max(map(width_of, commands.values()))
    for name, written in commands.items():
        print(f"  {pad(written, most)}  {translate(language, f'init.next.{name}')}")
