"""How commands are found, spoken of and refused.

Each command is loaded when it is called, from the module that COMMANDS names. Typer's own
sentences are English only, so usage, headings and refusals are said here, in the user's language.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tracker.cli.options import CallError, with_request
from tracker.i18n.translate import Language, language_of, translate
from tracker.timeline.point_names import Misnamed

#: Each command, the module that holds its function, and the function's name.
COMMANDS = {
    "agenda": ("tracker.cli.agenda", "agenda"),
    "list": ("tracker.cli.list", "list_points"),
    "show": ("tracker.cli.show", "show"),
    "explain": ("tracker.cli.show", "explain"),
    "what-if": ("tracker.cli.changes", "suppose_and_compare"),
    "timeline": ("tracker.cli.timeline", "timeline"),
    "changes": ("tracker.cli.changes", "compare"),
    "occurred": ("tracker.cli.record", "occurred"),
    "withdraw": ("tracker.cli.record", "withdraw"),
    "add": ("tracker.cli.add", "add"),
    "amend": ("tracker.cli.add", "amend"),
    "check": ("tracker.cli.check", "check"),
    "feed": ("tracker.cli.feed", "feed"),
    "publish": ("tracker.cli.publish", "publish"),
    "token": ("tracker.cli.token", "token"),
    "alerts": ("tracker.cli.alerts", "alerts"),
    "migrate": ("tracker.cli.migrate", "migrate"),
    "doctor": ("tracker.cli.doctor", "doctor"),
    "run": ("tracker.cli.run", "run"),
    "serve": ("tracker.cli.run", "serve"),
    "worker": ("tracker.cli.run", "worker"),
}


def language_asked(arguments: Sequence[str]) -> Language:
    """The language of help and refusals, before the options are read: --lang, else the locale's."""
    for at, argument in enumerate(arguments):
        if argument == "--lang" and at + 1 < len(arguments):
            return language_of(arguments[at + 1]) or "en"
        if argument.startswith("--lang="):
            return language_of(argument[7:]) or "en"
    names = ("TRACKER_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    locale = next((os.environ[name] for name in names if os.environ.get(name)), None)
    return language_of(locale) or "en"


class _Spoken:
    """Help in the language that was asked for."""

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))  # type: ignore[attr-defined]
        language = _language(ctx)
        formatter.write_usage(ctx.command_path, pieces, translate(language, "help.usage") + " ")

    def format_help(self, ctx: Any, formatter: Any) -> None:
        language = _language(ctx)
        self.format_usage(ctx, formatter)
        formatter.write_paragraph()
        name = "tracker" if isinstance(self, TyperGroup) else self.name  # type: ignore[attr-defined]
        with formatter.indentation():
            formatter.write_text(translate(language, f"help.{name}"))
        records = []
        for parameter in self.get_params(ctx):  # type: ignore[attr-defined]
            record = parameter.get_help_record(ctx)
            if record is None:
                continue
            known = "help_option" if parameter.name == "help" else parameter.name
            records.append((record[0], translate(language, f"help.{known}")))
        with formatter.section(translate(language, "help.options")):
            formatter.write_dl(records)
        if isinstance(self, TyperGroup):
            with formatter.section(translate(language, "help.commands")):
                formatter.write_dl(
                    [(name, translate(language, f"help.{name}")) for name in COMMANDS]
                )


class Command(_Spoken, TyperCommand):
    """One command."""


class Group(_Spoken, TyperGroup):
    """The program: without a command it prints the agenda."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name]
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        run = getattr(import_module(module), function)
        single.command(cmd_name, cls=Command)(with_request(run))
        return typer.main.get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] not in COMMANDS:
            from difflib import get_close_matches

            near = get_close_matches(args[0], list(COMMANDS), n=1)
            name = "call.no-command.near" if near else "call.no-command"
            values = {"command": args[0], "near": near[0] if near else ""}
            raise CallError(name, **values)
        return args[0], self.get_command(ctx, args[0]), args[1:]


def _language(ctx: Any) -> Language:
    return language_asked(sys.argv[1:])


def _program() -> Any:
    from tracker.cli.agenda import agenda

    app = typer.Typer(add_completion=False, rich_markup_mode=None)
    app.callback(cls=Group, invoke_without_command=True)(with_request(agenda, before=True))
    return typer.main.get_command(app)


def run(arguments: Sequence[str]) -> int:
    """Runs a command; returns the exit code: 0 fine, 1 the file has errors, 2 the call has."""
    language = language_asked(arguments)
    try:
        result = _program().main(list(arguments), prog_name="tracker", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except (CallError, Misnamed) as error:
        return refuse(translate(language, error.name, **error.values))
    except typer.TyperException as error:
        return refuse(_refusal(error, language))


def refuse(message: str) -> int:
    """Says what is wrong with the call."""
    print(f"tracker: {message}", file=sys.stderr)
    return 2


def _refusal(error: Any, language: Language) -> str:
    """Typer's refusal of the call, in the user's language."""
    kind = type(error).__name__
    option = getattr(error, "option_name", None)
    if option is None and getattr(error, "param", None) is not None:
        option = "/".join(error.param.opts) if error.param.opts else error.param.name
    if kind == "NoSuchOption":
        near = list(error.possibilities or ())[:1]
        name = "call.no-option.near" if near else "call.no-option"
        return translate(language, name, option=option, near=near[0] if near else "")
    if kind == "MissingParameter":
        return translate(language, "call.missing", option=error.param.metavar or option)
    if kind == "BadOptionUsage":
        return translate(language, "call.no-value", option=option)
    if kind == "BadParameter":
        return translate(language, "call.bad-value", option=option)
    return translate(language, "call.unexpected")
