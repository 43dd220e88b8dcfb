"""What `--help` writes: how a command is called, what it does, and its options.

Lines are broken by the width of their characters, which a library for ASCII does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tracker.i18n.columns import pad, width_of, wrap
from tracker.i18n.translate import Language, catalogue, translate

#: Beside names that leave less room than this, texts stand below them.
LEAST_ROOM = 30


def write_command(name: str, ctx: Any, formatter: Any, language: Language) -> None:
    """How a command is called, what it does, and its options."""
    usage = " ".join(ctx.command.collect_usage_pieces(ctx))
    formatter.write_usage(ctx.command_path, usage, translate(language, "help.usage") + " ")
    about = wrap(translate(language, f"help.{name}"), formatter.width - 2)
    formatter.write("\n" + "".join(f"  {line}\n" for line in about))
    rows = [
        (parameter.get_help_record(ctx)[0], sentence_of(parameter, language))
        for parameter in ctx.command.get_params(ctx)
    ]
    write_section("help.options", rows, formatter, language)


def write_section(
    heading: str, rows: Sequence[tuple[str, str]], formatter: Any, language: Language
) -> None:
    """A heading, and below it the names in a column, each with its text beside it."""
    formatter.write(f"\n{translate(language, heading)}:\n")
    margin = max(width_of(name) for name, _ in rows) + 4
    beside = formatter.width - margin >= LEAST_ROOM
    for name, text in rows:
        lines = wrap(text, formatter.width - (margin if beside else 6))
        if beside:
            formatter.write(f"  {pad(name, margin - 2)}{lines.pop(0)}\n")
        else:
            formatter.write(f"  {name}\n")
        indent = " " * (margin if beside else 6)
        formatter.write("".join(f"{indent}{line}\n" for line in lines))


def sentence_of(parameter: Any, language: Language) -> str:
    """What an option does; of an event's key, that it is one."""
    name = f"help.{parameter.name}"
    if name in catalogue("en"):
        return translate(language, name)
    kind = "keys" if parameter.multiple else "key"
    return translate(language, f"help.event-{kind}", key=parameter.name)
