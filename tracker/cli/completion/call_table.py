"""Every command with what it takes, kept so that a shell need not wait for the commands to load.

What is kept is of this program as it stands: other files of commands or catalogues, another table.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

#: `commands`: names with their sentences; `calls`: of each its options and its arguments.
Table: TypeAlias = dict[str, Any]

_ROOM = Path(__file__).parent.parent


def call_table(language: str) -> Table:
    """The table: what was kept of this program, or made now."""
    kept = _folder() / f"calls-{_state(language)}.json"
    with suppress(OSError, ValueError):
        if kept.stat().st_uid == os.getuid():
            table: Table = json.loads(kept.read_bytes())
            return table
    table = make_table(language)
    with suppress(OSError):
        _keep(kept, json.dumps(table).encode())
    return table


def make_table(language: str) -> Table:
    """The table, from the commands themselves."""
    from tracker.cli.app import make_program
    from tracker.i18n.translate import catalogue, language_of, translate

    tongue = language_of(language) or "en"
    program, sentences = make_program(), catalogue(tongue)
    context = program.make_context("tracker", [], resilient_parsing=True)
    names = program.list_commands(context)

    def parameters(command: Any) -> dict[str, Any]:
        options, arguments = [], []
        for parameter in command.params:
            metavar = parameter.metavar or ""
            if parameter.param_type_name == "argument":
                arguments.append((parameter.name, metavar))
                continue
            sentence = sentences.get(f"help.{parameter.name}", "")
            value = "" if getattr(parameter, "is_flag", False) else metavar or "TEXT"
            options.append((list(parameter.opts), value, str(sentence)))
        options.append((["--help"], "", str(sentences["help.help"])))
        return {"options": options, "arguments": arguments}

    calls = {name: parameters(program.get_command(context, name)) for name in names}
    explained = [(name, translate(tongue, f"help.{name}")) for name in names]
    return {"commands": explained, "calls": calls | {"": parameters(program)}}


def _state(language: str) -> str:
    """What the table hangs on: the files of the commands, by their names, times and sizes."""
    digest = sha256(language.encode())
    for folder in (_ROOM, _ROOM / "commands", _ROOM.parent / "i18n" / "catalogues"):
        for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                status = entry.stat()
                digest.update(f"{entry.name} {status.st_mtime_ns} {status.st_size}\n".encode())
    return digest.hexdigest()[:32]


def _folder() -> Path:
    from platformdirs import user_cache_path

    return user_cache_path("tracker")


def _keep(file: Path, content: bytes) -> None:
    """Keeps it, whole or not at all, and lets go of that of another program."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_suffix(f".{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(file)
    kept = sorted(file.parent.glob("calls-*.json"), key=lambda path: -path.stat().st_mtime)
    for old in kept[4:]:
        old.unlink(missing_ok=True)
