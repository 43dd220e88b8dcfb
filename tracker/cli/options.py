"""What every command is asked with: files, day, language, form.

These options stand before or after a command's name alike; what stands after it counts.
"""

from __future__ import annotations

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from tracker.i18n.translate import LANGUAGES, Language, language_of


class CallError(Exception):
    """The call is wrong: `name` names the sentence that says how, with its values."""

    def __init__(self, name: str, **values: object) -> None:
        super().__init__(name)
        self.name = name
        self.values = values


@dataclass(frozen=True)
class Request:
    """What was asked of a command."""

    named: tuple[Path, ...]  #: files and folders, as they were asked for
    files: tuple[Path, ...]  #: of a folder each file
    config: Path | None  #: where it was named, on the command line or in the environment
    as_of: date | None  #: None: today in the agreement's zone
    suppose: tuple[str, ...]  #: as it was written: POINT=DAY
    language: Language
    as_json: bool


_OPTIONS: dict[str, Any] = {
    "file": Annotated[list[Path] | None, typer.Option("--file", "-f", metavar="FILE")],
    "config": Annotated[Path | None, typer.Option("--config", metavar="FILE")],
    "as_of": Annotated[str | None, typer.Option("--as-of", metavar="DAY")],
    "suppose": Annotated[list[str] | None, typer.Option("--suppose", metavar="POINT=DAY|never")],
    "lang": Annotated[str | None, typer.Option("--lang", metavar="|".join(LANGUAGES))],
    "json": Annotated[bool, typer.Option("--json")],
}


def with_request(function: Callable[..., Any], before: bool = False) -> Callable[..., Any]:
    """The command for typer: the options of every command, and those of `function` itself.

    `function` takes a Request first. With `before` it is the program itself, whose options stand
    before the name of a command and which runs only where none is named.
    """
    own = list(inspect.signature(function, eval_str=True).parameters.values())[1:]
    shared = [
        inspect.Parameter(
            name, inspect.Parameter.KEYWORD_ONLY, default=False if name == "json" else None,
            annotation=kind,
        )
        for name, kind in _OPTIONS.items()
    ]  # fmt: skip
    context = inspect.Parameter("ctx", inspect.Parameter.KEYWORD_ONLY, annotation=typer.Context)
    own = [parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY) for parameter in own]

    @wraps(function)
    def command(ctx: typer.Context, **values: Any) -> Any:
        given = {name: values.pop(name) for name in _OPTIONS}
        earlier = ctx.obj or {}
        asked = {**earlier, **{name: value for name, value in given.items() if value}}
        asked["suppose"] = [*earlier.get("suppose", ()), *(given["suppose"] or ())]
        if before and ctx.invoked_subcommand is not None:
            ctx.obj = asked
            return None
        return function(request_of(asked), **values)

    parameters = [context, *own, *shared]
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {one.name: one.annotation for one in parameters}
    del command.__wrapped__  # its signature is not the command's
    return command


def request_of(asked: dict[str, Any]) -> Request:
    """The request that those options make; the environment fills what they leave open."""
    config = asked.get("config") or os.environ.get("TRACKER_CONFIG")
    named = tuple(asked.get("file") or _files_of_environment() or (Path("events.toml"),))
    return Request(
        named,
        _files_in(named),
        Path(config) if config else None,
        day_said(asked["as_of"]) if asked.get("as_of") else None,
        tuple(asked.get("suppose") or ()),
        _language(asked.get("lang")),
        bool(asked.get("json")),
    )


def _files_in(named: tuple[Path, ...]) -> tuple[Path, ...]:
    if not any(one.is_dir() for one in named):
        return named
    from tracker.files.folders import files_in

    try:
        return files_in(named)
    except FileNotFoundError as missing:
        raise CallError("call.no-file", file=missing.filename) from None


def _files_of_environment() -> tuple[Path, ...]:
    names = os.environ.get("TRACKER_FILE", "")
    return tuple(Path(name) for name in names.split(os.pathsep) if name)


def _language(tag: str | None) -> Language:
    from tracker.cli.app import language_asked

    if tag is not None and language_of(tag) is None:
        known = ", ".join(LANGUAGES)
        raise CallError("call.language", language=tag, known=known, first=LANGUAGES[0])
    return language_of(tag) or language_asked(())


def day_said(text: str) -> date:
    """The day that was written; raises CallError where it is none."""
    from tracker.dates.periods import NoSuchPeriod, parse_period

    try:
        period = parse_period(text.strip())
    except NoSuchPeriod as missing:
        raise CallError("call.no-such-day", day=text, near=missing.nearest[0]) from None
    except ValueError:
        raise CallError("call.day", day=text) from None
    if period.kind != "day":
        raise CallError("call.day", day=text)
    return period.first
