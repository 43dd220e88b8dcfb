"""Commands with odd arguments, seen from odd days, in both languages.

Each ends with 0, 1 or 2, says why where it is refused, and with `--json` prints JSON. What a call is
refused for does not hang on the reader's language.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from tests.attack import drawing
from tests.attack.drawing import MARKUP, ROOT, odd_line, odd_text
from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.shells import Shell, strangers_machine
from tracker.cli.app import make_program
from tracker.cli.commands import command_names

FILES = {
    "events.toml": ROOT / "events.toml",
    "again.toml": ROOT / "examples" / "again.toml",
    "renewal.toml": ROOT / "examples" / "renewal.toml",
    "lease.toml": ROOT / "examples" / "lease.toml",
}
_SETTINGS = (
    b'database = "sqlite:///ledger.sqlite3"\n[[recipient]]\nname = "legal"\nto = ["terminal"]\n'
)
#: These go on until they are stopped.
_COMMANDS = tuple(sorted({*command_names()} - {"run", "serve", "worker"}))
#: Their points are named in every call that follows.
_ALL_FILES = [word for name in FILES for word in ("-f", name)]
_RECORDING = ("add", "amend", "occurred", "withdraw", "alerts", "token", "migrate", "publish")
_POINTS = (
    "research-ip", "end of research-ip", "start of research-ip", "agi-verified", "rent", "rent@2026-02-01",
    "lease", "end of lease", "breach@laptop", "report@laptop", "lease-notice@2028-12-31", "start of lease@2",
    "microsoft-openai/agi-verified", "x/y/z", "@", "/", "a@b@c", "end of", "each rent", "rent@", "nope",
)  # fmt: skip
_DAYS = (
    *drawing.DAYS, "today", "yesterday", "tomorrow", "+3d", "-1y", "in 3 days", "31.12.2026", "never", "open",
    "2026-12-01 10:00", "2026-12-01 25:00", "2026-12-01 10:00 Europe/Berlin", "2011-12-30 12:00 Pacific/Apia",
)  # fmt: skip
#: The only names under which anything is written.
_OWN_PLACES = (
    "out",
    "site",
    "out.ics",
    "sqlite:///other.sqlite3",
    "sqlite:///ledger.sqlite3",
    "events.toml",
    "",
)
_WRITING = ("-o", "--output", "publish", "migrate")
_READ = (
    "again.toml",
    "renewal.toml",
    "lease.toml",
    "tracker.toml",
    ".",
    "nope.toml",
    "/dev/null",
    "/proc/self/mem",
    "",
)
_OPTIONS = {
    "--as-of": _DAYS, "--lang": ("en", "ja", "xx", "JA", ""), "--timezone": drawing.ZONES, "-f": _READ,
    "--suppose": (), "--config": _READ, "--form": ("ics", "json", "csv", "atom", "pdf"), "--party": (),
    "--tag": (), "--id": _POINTS, "--alarms": ("30d,7d", "0d", "99999d", "1w," * 12, "x"), "--waiting": ("todo", "no"),
    "--past": ("yes", "no", "perhaps"), "--cancelled": ("yes", "no"), "--from": _DAYS, "--to": _DAYS,
    "--by": ("party", "tag", "x"), "--width": drawing.NUMBERS, "--days": drawing.NUMBERS, "--recipient": ("legal", "x"),
    "--on": _DAYS, "--when": (), "--starts": (), "--ends": (), "--lasts": ("1 month", "x"), "--title": (),
    "--note": (), "--repeats": drawing.RULES, "--renews": ("1 year unless agi-verified", "x"), "--url": MARKUP,
    "--remove": ("ends", "title", "x"), "--agreement": drawing.IDS, "--occurred": _DAYS, "--during": drawing.IDS,
    "--output": _OWN_PLACES, "-o": _OWN_PLACES, "--source": drawing.IDS, "--quote": (),
}  # fmt: skip
_FLAGS = (
    "--json", "--all", "--markdown", "--strict", "--sources", "--undo", "--yes", "--svg", "--text", "--help",
    "--version", "-y", "--", "--nope", "-x", "--as-of",
)  # fmt: skip


def draw_call(chance: Random) -> bytes:
    """A command line."""
    command = chance.choice(_COMMANDS)
    words = [command] if chance.random() < 0.97 else []
    words += _usual(chance, command)
    for _ in range(chance.choice((0, 0, 0, 0, 0, 1, 2))):
        words.insert(chance.randrange(1, len(words) + 1) if words else 0, _odd(chance))
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        option = chance.choice(tuple(_OPTIONS) if chance.random() < 0.03 else _options_of(command))
        words += [option, _value(chance, option)]
    if chance.random() < 0.3:
        words += ["--as-of", chance.choice(_DAYS)]
    words += chance.sample(_flags_of(command), chance.choice((0, 0, 1, 1, 2)))
    if chance.random() < 0.03:
        words += [chance.choice(_FLAGS)]
    if command in ("occurred", "withdraw", "add", "amend") and chance.random() < 0.8:
        words.append("--yes")
    if words and words[0] == command and chance.random() < 0.7:
        words[1:1] = _ALL_FILES
    return listed(_within(words))


@cache
def _options_of(command: str) -> tuple[str, ...]:
    """What of the options above that command knows."""
    known = {name for option in _parameters(command) if not option.is_flag for name in option.opts}
    return tuple(option for option in _OPTIONS if option in known)


@cache
def _flags_of(command: str) -> tuple[str, ...]:
    flags = [option.opts[0] for option in _parameters(command) if option.is_flag]
    return (*flags, "--json", "--json")


def _parameters(command: str) -> list[Any]:
    found = make_program().get_command(None, command).params
    return [parameter for parameter in found if parameter.opts[0].startswith("-")]


def _usual(chance: Random, command: str) -> list[str]:
    """What belongs behind that command."""
    points = _POINTS[:11] if chance.random() < 0.8 else _POINTS
    point, day = chance.choice(points), chance.choice(_DAYS)
    match command:
        case "show" | "explain":
            return [point]
        case "what-if":
            return [
                f"{point}={day}",
                *([f"{chance.choice(_POINTS)}=never"] if chance.random() < 0.3 else []),
            ]
        case "changes":
            return [day, *([chance.choice(_DAYS)] if chance.random() < 0.6 else [])]
        case "occurred" | "withdraw":
            return [point, *([day] if chance.random() < 0.7 else [])]
        case "add":
            own = [] if chance.random() < 0.1 else ["--agreement", "microsoft-openai"]
            return [chance.choice(drawing.IDS), odd_text(chance), "--when", odd_line(chance), *own]
        case "amend":
            return ["m", chance.choice(_POINTS), "--ends", odd_line(chance)]
        case "alerts":
            return [chance.choice(("list", "test", "ack", "snooze", "retry", "x")), point, day][
                : chance.randrange(1, 4)
            ]
        case "token":
            return [chance.choice(("add", "list", "widen", "revoke", "x")), odd_text(chance)][
                : chance.randrange(1, 3)
            ]
        case "publish":
            return ["site"]
        case "migrate":
            return ["sqlite:///ledger.sqlite3", "sqlite:///other.sqlite3"][: chance.randrange(1, 3)]
        case _:
            return []


def _value(chance: Random, option: str) -> str:
    values = _OPTIONS[option]
    if values is drawing.ZONES or (values is _DAYS and chance.random() < 0.5):
        return chance.choice(values[:8])
    if option in ("-o", "--output") or (values and chance.random() < 0.8):
        return chance.choice(values)
    return chance.choice((odd_line, odd_text, _odd))(chance)


def _odd(chance: Random) -> str:
    """A word that no shell keeps anybody from typing; no argument can hold a NUL."""
    pools = (
        _POINTS,
        _DAYS,
        MARKUP,
        drawing.SIGNS,
        drawing.NUMBERS,
        ("\udcff", "\x1b[2J", "a\nb", "x" * 5000, ""),
    )
    return chance.choice(chance.choice(pools)).replace("\x00", "")


def _within(words: list[str]) -> list[str]:
    """The same, where nothing is written elsewhere than in the folder of the attack."""
    if not any(word in _WRITING or word.startswith(("-o", "--output=")) for word in words):
        return words
    return [
        word if ("/" not in word and ".." not in word) or word in _OWN_PLACES else "x"
        for word in words
    ]


class _Calls:
    def __init__(self, folder: Path) -> None:
        files = {name: file.read_bytes() for name, file in FILES.items()}
        files["renewal.toml"] = files["renewal.toml"].replace(b'id = "office"', b'id = "house"', 1)
        self._shell = Shell(folder, {**files, "tracker.toml": _SETTINGS})
        self._has_recorded = False  #: whether the call before may have written something

    def attempt(self, case: bytes) -> None:
        words = json.loads(case)
        shell = self._shell
        if self._has_recorded:
            shell.begin_anew()
        self._has_recorded = not words or words[0] in _RECORDING or words[0].startswith("-")
        said = shell.call(*words)
        if said.code == 0 and "--json" in words and not _prints_text(words) and said.out.strip():
            json.loads(said.out)
        if "--lang" in words or not words or words[0] in _RECORDING:
            return
        self._check_files()
        again = shell.call("--lang", "ja", *words)
        if again.code != said.code:
            raise Fault(f"{said.code} in English, {again.code} in Japanese: {again.err}")

    def _check_files(self) -> None:
        """What no command was to change is as it was."""
        for name, content in self._shell.files.items():
            if (self._shell.folder / name).read_bytes() != content:
                self._shell.begin_anew()
                raise Fault(f"{name} was written over")


def _prints_text(words: list[str]) -> bool:
    """What of `--json` is another thing's value, or behind `--`, or beside what prints a file."""
    texts = {"--help", "-h", "help", "--version", "feed", "--svg", "--text", "--markdown", "--"}
    return bool(texts & {*words}) or words.index("--json") == 0


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with strangers_machine(folder / "home"):
        yield Desk(_Calls(folder).attempt)


CALLS = Kind("calls", draw_call, _desk, STEPS)
