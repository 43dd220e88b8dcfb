"""docs/commands.md and the man page, made from what `--help` says of each command."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tracker.cli.app import make_program
from tracker.cli.help_pages import sentence_of
from tracker.cli.options import SharedOptions
from tracker.i18n.translate import translate


class Described(NamedTuple):
    """A command as its help has it."""

    name: str
    usage: str
    sentence: str
    options: list[tuple[str, str]]  #: of its own, with what each does


def described_commands() -> list[Described]:
    """Every command, in the order of the help; first the program itself."""
    program = make_program()
    with program.make_context("tracker", [], resilient_parsing=True) as context:
        names = program.list_commands(context)
        return [
            _described("tracker", program, context, shared=True),
            *(_described(name, program.get_command(context, name), context) for name in names),
        ]


def _described(name: str, command: Any, parent: Any, shared: bool = False) -> Described:
    """A command with the options of its own, or the program with those that all share."""
    path = name if shared else f"tracker {name}"
    context = parent if shared else command.make_context(name, [], parent, resilient_parsing=True)
    everywhere = {*SharedOptions.__annotations__, "help"}
    return Described(
        name,
        " ".join([path, *command.collect_usage_pieces(context)]),
        translate("en", f"help.{name}"),
        [
            (parameter.get_help_record(context)[0], sentence_of(parameter, "en"))
            for parameter in command.get_params(context)
            if shared == (parameter.name in everywhere)
        ],
    )


# ── Markdown ─────────────────────────────────────────────────────────────────────────────────────

_MARKDOWN_HEAD = """# The commands

After this page you know what each command takes. `tracker COMMAND -h` says the same, in English or Japanese, and so
does `man tracker`. The page is made from it: a test holds it to the program.

A command ends with 0 where all is well, with 1 where the files have errors, `check` or `doctor` found something, or `import` had to leave out a day, and
with 2 where the call itself is wrong, such as a mistyped id. Whatever is wrong is told on standard error.

"""


def commands_page() -> str:
    """docs/commands.md."""
    program, *commands = described_commands()
    lines = ["| command | what it does |", "|---|---|"]
    lines += [f"| [{each.name}](#{each.name}) | {_cell(each.sentence)} |" for each in commands]
    text = "\n".join(lines)
    text += (
        "\n\n## Everywhere\n\nThese options stand before or after the name of a command. Without one `tracker` is "
        "`tracker agenda`.\n`tracker --version` says which version this is.\n\n"
    )
    text += _table(program.options)
    for command in commands:
        text += f"\n## {command.name}\n\n{command.sentence}\n\n    {command.usage}\n"
        if command.options:
            text += f"\n{_table(command.options)}"
    return _MARKDOWN_HEAD + text


def _table(options: list[tuple[str, str]]) -> str:
    rows = "".join(f"| `{_cell(name)}` | {_cell(text)} |\n" for name, text in options)
    return f"| option | |\n|---|---|\n{rows}"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


# ── man ──────────────────────────────────────────────────────────────────────────────────────────

_ENVIRONMENT = (
    ("TRACKER_FILE", "The events files, where no -f names them; several are separated as in PATH."),
    ("TRACKER_CONFIG", "The settings, where no --config names them."),
    ("TRACKER_DATABASE", "The ledger, whatever tracker.toml says of it."),
    ("TRACKER_LANG", "The language, where no --lang names it. Else LC_ALL, LC_MESSAGES, LANG."),
)
_FILES = (
    ("events.toml", "What is agreed and what has happened."),
    ("tracker.toml", "Who is told, and how. It stands beside the events file."),
    (
        "~/.local/state/tracker/ledger.sqlite3",
        "The ledger: what was sent to whom. It is elsewhere where tracker.toml says so.",
    ),
)
_CODES = (
    ("0", "All is well."),
    (
        "1",
        "The files have errors, check or doctor found something, or import had to leave out a day.",
    ),
    ("2", "The call is wrong."),
)


def man_page() -> str:
    """docs/tracker.1, for man(7)."""
    program, *commands = described_commands()
    lines = [
        '.\\" Made from what tracker --help says; tests/end_to_end/test_reference_pages.py.',
        '.TH TRACKER 1 "" "tracker" "User Commands"',
        ".SH NAME",
        "tracker \\- keeps dates as agreements state them, and reminds of them",
        ".SH SYNOPSIS",
        ".B tracker",
        _man(program.usage.removeprefix("tracker ")),
        ".SH DESCRIPTION",
        _man(program.sentence),
        ".SH OPTIONS",
        "These stand before or after the name of a command.",
        *_tagged(program.options),
        ".SH COMMANDS",
    ]
    for command in commands:
        lines += [f".SS {_man(command.name)}", f".B {_man(command.usage)}", ".PP"]
        lines += [_man(command.sentence), *_tagged(command.options)]
    for heading, rows in (
        ("EXIT STATUS", _CODES),
        ("ENVIRONMENT", _ENVIRONMENT),
        ("FILES", _FILES),
    ):
        lines += [f".SH {heading}", *_tagged(rows)]
    return "\n".join(lines) + "\n"


def _tagged(rows: Any) -> Iterator[str]:
    for name, text in rows:
        yield from (".TP", f".B {_man(name)}", _man(text))


def _man(text: str) -> str:
    """Text as roff takes it: what is no ASCII by its number, and nothing as a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("“", "\\(lq").replace("”", "\\(rq")
    text = re.sub(r"[^\x00-\x7f]", lambda sign: f"\\[u{ord(sign[0]):04X}]", text)
    return f"\\&{text}" if text[:1] in ".'" else text.replace('"', "\\(dq")
