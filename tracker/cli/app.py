"""The program: how a command is found, explained and run, and how a wrong call is refused.

A command is loaded when it is called. Typer's own sentences are English only, so help and refusals
are written here, in the user's language.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

from tracker import __version__
from tracker.cli.commands import command_names, load_command
from tracker.cli.inputs import print_problems, print_uncovered
from tracker.cli.options import (
    BeyondData,
    CallError,
    Everything,
    Request,
    requested_language,
    with_request,
)
from tracker.cli.output import fit_sentence, width
from tracker.files.problems import FileErrors
from tracker.i18n.columns import printable_sentence
from tracker.i18n.encodings import readable
from tracker.i18n.translate import Language, catalogue, translate
from tracker.timeline.point_names import Misnamed

_CONTEXT_SETTINGS = {"help_option_names": ["-h", "--help"]}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"tracker {__version__}")
        raise typer.Exit


Version = Annotated[bool, typer.Option("--version", is_eager=True, callback=_print_version)]


def run(arguments: Sequence[str]) -> int:
    """Runs a command; returns the exit code: 0 fine, 1 the file has errors, 2 the call has."""
    language = requested_language(arguments)
    try:
        # Not its `main`, which keeps a pipe that was closed, and what a terminal ends, to itself.
        entry = make_program()
        with entry.make_context("tracker", list(arguments)) as context:
            entry.invoke(context)
        return 0
    except typer.Exit as end:
        return end.exit_code
    except FileErrors as errors:
        print_problems(errors, language, sys.stderr)
        return 1
    except BeyondData as beyond:
        print_uncovered(beyond, language)
        return 1
    except (CallError, Misnamed) as error:
        from tracker.i18n.reasons import translate_reasons

        return refuse(translate_reasons(language, error.name, error.values))
    except typer.TyperException as error:
        return refuse(_refusal(error, language))
    except ImportError as error:
        return refuse(_missing_libraries(error, language))


def make_program() -> Any:
    """The program as Typer knows it, with every command that there is."""
    program = typer.Typer(add_completion=False, rich_markup_mode=None)
    settings = {**_CONTEXT_SETTINGS, "terminal_width": min(width() or 80, 80) - 2}
    begin = program.callback(cls=_Program, invoke_without_command=True, context_settings=settings)
    begin(with_request(_print_agenda))
    return typer.main.get_command(program)


def refuse(message: str) -> int:
    """Says what is wrong with the call."""
    shown = readable(message)  # a file's name may be no text
    print(fit_sentence(f"tracker: {printable_sentence(shown)}"), file=sys.stderr)
    return 2


def refuse_fault(error: OSError | UnicodeEncodeError, arguments: Sequence[str]) -> None:
    """Says what of the system was in the way: a full disk, or how it names files."""
    language = requested_language(arguments)
    if isinstance(error, UnicodeEncodeError):
        name, encoding = error.object, error.encoding
        refuse(translate(language, "call.file-name", file=name, encoding=encoding))
        return
    from tracker.failures.exceptions import reason_of

    reason = reason_of(error).text(language)
    if error.filename is None:
        refuse(translate(language, "call.output", reason=reason))
    else:
        refuse(f"{error.filename}: {reason}")


def say_interrupted(arguments: Sequence[str]) -> None:
    """Says that Ctrl-C was heeded, on a line of its own: what was on the last one may be cut."""
    print(file=sys.stderr)
    refuse(translate(requested_language(arguments), "call.interrupted"))


def refuse_own_fault(error: Exception, arguments: Sequence[str]) -> None:
    """Says that tracker itself is at fault, and where, in one line.

    What was kept of the files may have been read in place of them: the next call reads them anew.
    """
    from tracker.cli.inputs import user_cache
    from tracker.failures.supervision import reason_of_fault

    user_cache().forget()
    language = requested_language(arguments)
    refuse(translate(language, "call.fault", reason=reason_of_fault(error).text(language)))


def _print_agenda(
    request: Request,
    everything: Everything = False,
    version: Version = False,
) -> None:
    """What the program does where no command is named."""
    from tracker.cli.commands.agenda import command

    command(request, everything)


def _print_help(ctx: Any, _option: Any, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        print(ctx.get_help())
        ctx.exit()


class _Helpful:
    """Its help goes the way of all that is printed; Typer's prints UTF-8 into ASCII."""

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        option.callback = _print_help
        return option


class _Program(_Helpful, TyperGroup):
    """The commands, each taken from its file when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """In the order in which the English catalogue explains them."""
        sentences = list(catalogue("en"))
        return sorted(command_names(), key=lambda name: sentences.index(f"help.{name}"))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name not in command_names():
            raise _no_command(cmd_name)
        single = typer.Typer(add_completion=False, rich_markup_mode=None)
        settings = _CONTEXT_SETTINGS
        single.command(cmd_name, cls=_Command, context_settings=settings)(
            with_request(load_command(cmd_name))
        )
        return typer.main.get_command(single)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """`help COMMAND` is as good as `COMMAND --help`, and `help` as `--help`."""
        if args[0] != "help":
            return super().resolve_command(ctx, args)
        name = args[1] if len(args) > 1 else "help"
        if name == "help" or name.startswith("-"):
            print(ctx.get_help())
            ctx.exit()
        return super().resolve_command(ctx, [name, "--help"])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        language = requested_language(sys.argv[1:])
        from tracker.cli.help_pages import write_command, write_section

        write_command("tracker", ctx, formatter, language)
        names = [*self.list_commands(ctx), "help"]
        rows = [(name, translate(language, f"help.{name}")) for name in names]
        write_section("help.commands", rows, formatter, language)


class _Command(_Helpful, TyperCommand):
    """One command."""

    def format_help(self, ctx: Any, formatter: Any) -> None:
        language = requested_language(sys.argv[1:])
        from tracker.cli.help_pages import write_command

        write_command(str(self.name), ctx, formatter, language)


def _no_command(name: str) -> CallError:
    from difflib import get_close_matches

    near = get_close_matches(name, [*sorted(command_names()), "help"], n=1)
    if not near:
        return CallError("call.no-command", command=name)
    return CallError("call.no-command.near", command=name, near=near[0])


def _missing_libraries(error: ImportError, language: Language) -> str:
    """What has to be installed for that call."""
    from tracker.failures.extras import MissingLibrariesError

    if not isinstance(error, MissingLibrariesError):
        raise error
    return error.reason.text(language)


def _usage(context: Any) -> str:
    """How the command is called, without its options: `tracker explain ID`."""
    words = context.command.collect_usage_pieces(context)
    given = (word.strip("{}") for word in words if word != "[OPTIONS]")
    return " ".join([context.command_path, *given])


def _refusal(error: Any, language: Language) -> str:
    """Typer's refusal of the call, in the user's language."""
    match type(error).__name__:
        case "NoSuchOption":
            option, near = error.option_name, list(error.possibilities or ())
            if not near:
                return translate(language, "call.no-option", option=option)
            return translate(language, "call.no-option.near", option=option, near=near[0])
        case "MissingParameter":
            option = error.param.metavar or "/".join(error.param.opts)
            return translate(language, "call.missing", option=option, usage=_usage(error.ctx))
        case "BadOptionUsage":
            return translate(language, "call.no-value", option=error.option_name)
        case "BadParameter":
            return translate(language, "call.bad-value", option="/".join(error.param.opts))
        case _:
            return translate(language, "call.unexpected")
