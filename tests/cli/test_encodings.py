"""Whatever a terminal or a pipe can say, every command says all of it, and ends well."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.cli.calls import Caller
from tests.end_to_end.processes import SECONDS, environment
from tests.shipped import ROOT
from tracker import cli
from tracker.cli.app import make_program
from tracker.cli.commands import command_names
from tracker.feeds.picture.text import (
    BAND,
    FADING,
    MARKS,
    OPEN,
    REACH,
    TODAY,
    WAITS,
    WINDOW,
)
from tracker.i18n.columns import width_of
from tracker.i18n.encodings import SPELL_OUT
from tracker.service.log import Log

EVENTS = """\
id = "keiyaku"
title = "業務委託契約 – “定期” ¥ 🙂"
timezone = "Asia/Tokyo"
reminders = ["30 days"]
[sources.deed]
title = "覚書 § 5"
[[event]]
id = "kessai"
title = "決済日 🎉 שלום"
when = 2027-01-31
parties = ["甲社", "Müller & Söhne"]
tags = ["支払い"]
source = "deed"
note = "注記 — あ… 〜"
[[event]]
id = "term"
title = "期間 הסכם"
starts = 2026-01-01
ends = "2 years after kessai"
[[event]]
id = "wait"
title = "待つ ✓"
when = "open"
[[amendment]]
id = "m1"
on = 2026-11-01
title = "第一変更 🙂"
[[amendment.event]]
id = "kessai"
when = 2027-03-15
"""
SETTINGS = '[[recipient]]\nname = "法務 🙂"\nto = "terminal"\ntimezone = "UTC"\n'
#: What is given for an argument or a choice, by its name or by what its help calls it.
VALUES = {
    "new_id": "neu", "ID": "kessai", "TITLE": "新しい契約 🙂", "POINT": "kessai", "DAY": "2027-02-01",
    "POINT=DAY": "kessai=2027-02-01", "first": "2026-10-01", "TO": "2027-12-31", "DIR": "公開",
    "AMENDMENT": "m2", "WHAT": "法務 🙂", "NAME": "甲社", "FILE...": "events.toml",
}  # fmt: skip
#: Without these a command would go on for ever, or state nothing.
NEEDED = {
    "until_idle": ("--until-idle",),
    "host": ("--host", "192.0.2.1"),
    "when": ("--when", "open"),
}
CONSOLES = [
    ("ascii", "en"),
    ("ascii", "ja"),
    ("cp1252", "en"),
    ("shift_jis", "en"),
    ("cp932", "ja"),
]


class Said(NamedTuple):
    """What a call came to, in bytes."""

    code: int
    out: bytes
    err: bytes


def parameters_of(name: str) -> list[Any]:
    """The arguments and options of a command, without those that all have."""
    program = make_program()
    shared = ("file", "config", "as_of", "suppose", "lang")
    return [each for each in program.get_command(None, name).params if each.name not in shared]


def calls_of(name: str) -> Iterator[tuple[str, ...]]:
    """A command with each of its actions, and with each of its flags and choices."""
    parameters = parameters_of(name)
    needed = next((NEEDED[each.name] for each in _by_need(parameters)), ())
    positions: list[tuple[str, ...]] = [(name,)]
    for each in parameters:
        if each.param_type_name == "argument":
            positions = [(*call, value) for call in positions for value in _values(each)]
            if not each.required:
                yield from (call[:-1] for call in positions)
    yield (name, "--help")
    for call in positions:
        yield (*call, *needed)
        for each in parameters:
            option = each.opts[-1]
            if each.param_type_name == "option" and option not in needed:
                if each.is_flag:
                    yield (*call, *needed, option)
                elif "|" in each.metavar:
                    yield from ((*call, *needed, option, value) for value in _values(each))


def _by_need(parameters: list[Any]) -> list[Any]:
    there = {each.name: each for each in parameters}
    return [there[name] for name in NEEDED if name in there]


def _values(parameter: Any) -> list[str]:
    metavar = str(parameter.metavar)
    known = VALUES.get(parameter.name) or VALUES.get(metavar.strip("[]"))
    return [known] if known else metavar.split("|")


class Console:
    """Calls commands with streams that have an encoding, and refuse what it lacks."""

    def __init__(self, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
        self._call = call
        self._monkeypatch = monkeypatch

    def __call__(self, encoding: str, *arguments: str) -> Said:
        """The call, in a folder and with a home where nothing was done yet."""
        for place in (self._call.folder, Path(os.environ["XDG_STATE_HOME"])):
            shutil.rmtree(place, ignore_errors=True)
        self._call.write("events.toml", EVENTS)
        self._call.write("tracker.toml", SETTINGS)
        os.chdir(self._call.folder)
        streams = {
            name: io.TextIOWrapper(io.BytesIO(), encoding) for name in ("stdin", "stdout", "stderr")
        }
        for name, stream in streams.items():
            self._monkeypatch.setattr(sys, name, stream)
        self._monkeypatch.setattr(sys, "argv", ["tracker", *arguments])
        code = cli.call(arguments)
        out, err = (streams[name].buffer.getvalue() for name in ("stdout", "stderr"))
        return Said(code, out, err)


@pytest.fixture
def console(call: Caller, monkeypatch: pytest.MonkeyPatch) -> Console:
    return Console(call, monkeypatch)


#: What differs each time: clocks, and secrets.
CHANGING = re.compile(rb"/s/[\w-]+|\d")


def spelled(content: bytes, encoding: str) -> bytes:
    """What UTF-8 says as that encoding can say it."""
    return CHANGING.sub(b"", content.decode().encode(encoding, SPELL_OUT))


def values_of(lines: bytes, encoding: str) -> list[str]:
    """What JSON holds, whatever it escapes: one document, or one a line."""
    text = lines.decode(encoding)
    documents = text.splitlines() if text.startswith('{"') else [text] if text else []
    plain = [json.dumps(json.loads(document)) for document in documents]
    return [CHANGING.sub(b"", document.encode()).decode() for document in plain]


#: How a workbook, an image and paper begin.
NO_TEXTS = (b"PK", b"\x89PNG", b"%PDF")


@pytest.mark.parametrize("name", sorted(command_names()))
def test_each_command_says_the_same_in_every_encoding(console: Console, name: str) -> None:
    """All that there are, in each of their ways, and those that are yet to come."""
    for number, arguments in enumerate(dict.fromkeys(calls_of(name))):
        # The first way on each console, the others on one of them in turn.
        for encoding, language in CONSOLES if number == 0 else [CONSOLES[number % len(CONSOLES)]]:
            call = ("--lang", language, *arguments)
            expected, said = console("utf-8", *call), console(encoding, *call)

            what = f"{' '.join(call)} in {encoding}"
            assert said.code == expected.code, what
            if said.out.startswith(NO_TEXTS):
                assert said.out[:4] == expected.out[:4], what
                continue
            if is_drawing(arguments):  # its columns have their own test
                assert said.out.decode(encoding), what
                continue
            assert_same(
                said.out, expected.out, "utf-8" if is_of_utf8(arguments) else encoding, what
            )
            assert_same(said.err, expected.err, encoding, what)


def assert_same(said: bytes, expected: bytes, encoding: str, what: str) -> None:
    """A text is spelled out as that encoding can say it; JSON has the same values."""
    if said[:2] in (b"[\n", b"{\n", b'{"'):
        assert values_of(said, encoding) == values_of(expected, "utf-8"), what
    else:
        assert CHANGING.sub(b"", said) == spelled(expected, encoding), what


def is_drawing(arguments: tuple[str, ...]) -> bool:
    """Whether what stands for letters takes columns of what is drawn beside it."""
    return arguments[0] == "timeline" and not {"--help", "--json", "--svg"} & {*arguments}


def is_of_utf8(arguments: tuple[str, ...]) -> bool:
    """Whether a call prints a format whose encoding is not the console's: RFC 5545, section 3.1.4."""
    if "--help" in arguments:
        return False
    is_file = "--svg" in arguments or arguments[0] == "feed"
    return arguments[0] == "export" or (is_file and "--json" not in arguments)


@pytest.mark.parametrize(("encoding", "language"), CONSOLES)
def test_marks_of_one_day_stand_below_one_another_whatever_their_titles_are_spelled_with(
    console: Console, monkeypatch: pytest.MonkeyPatch, encoding: str, language: str
) -> None:
    titles = ("契約", "長い長い契約の名前 🙂", "Müller – “x”", "Plain")
    events = "".join(
        f'[[event]]\nid = "e-{at}"\ntitle = "{title}"\nwhen = 2027-03-15\n'
        for at, title in enumerate(titles)
    )
    head = 'id = "a"\n[[event]]\nid = "far"\ntitle = "Far"\nwhen = 2028-06-30\n'
    monkeypatch.setattr("tests.cli.test_encodings.EVENTS", head + events)

    drawn = console(encoding, "--lang", language, "--as-of", "2027-01-01", "timeline").out

    mark = "◆".encode(encoding, SPELL_OUT).decode(encoding)
    rows = [line for line in drawn.decode(encoding).splitlines()[1:6] if mark in line]
    places = [width_of(line[: line.rindex(mark)]) for line in rows]
    assert len(rows) == 5
    assert len(set(places[:4])) == 1 != len(set(places))


# -- what is behind the streams


def test_a_console_of_ascii_gets_lookalikes_and_loses_nothing(console: Console) -> None:
    shown = console("ascii", "show", "kessai").out.decode("ascii")
    drawn = console("ascii", "timeline").out.decode("ascii")

    assert 'before that "2027-01-31".' in shown
    assert "Source      \\u899a\\u66f8 sec. 5" in shown
    assert "M\\xfcller & S\\xf6hne" in shown
    assert "* happened  # exact" in drawn
    signs = drawn.split("\n\n")[-1]
    assert len(re.findall(r"(?<=[ (])[^\w ()](?=[ )])", signs)) > 5


def test_every_sign_of_the_picture_is_drawn_with_a_letter_of_its_own() -> None:
    signs = [*MARKS.values(), WAITS, TODAY, BAND, FADING, WINDOW, REACH, OPEN]

    letters = [sign.encode("ascii", SPELL_OUT) for sign in signs]

    assert {len(letter) for letter in letters} == {1}
    assert len(set(letters)) == len(signs)


def ended(
    folder: Path,
    *arguments: str,
    redirect: str = "",
    out: int = subprocess.PIPE,
    variables: Mapping[str, str] | None = None,
) -> tuple[int, str, str]:
    """The exit code, the output and the errors of a process, with streams as the shell makes them."""
    (folder / "events.toml").write_text(EVENTS, encoding="utf-8")
    command = f'exec "$@" {redirect}'
    process = subprocess.run(
        ["sh", "-c", command, "-", sys.executable, "-m", "tracker", *arguments],
        cwd=folder, stdout=out, stderr=subprocess.PIPE, check=False, timeout=SECONDS,
        env=environment(folder) | {"PYTHONPATH": str(ROOT)} | dict(variables or {}),
    )  # fmt: skip
    return process.returncode, (process.stdout or b"").decode(), process.stderr.decode()


COMMANDS = ("list", "--help", "feed", "timeline --svg")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk_is_said_in_one_line(tmp_path: Path, command: str) -> None:
    code, _, said = ended(tmp_path, *command.split(), redirect=">/dev/full")

    assert (code, said) == (
        1,
        "tracker: the output could not be written: the disk has no room left\n",
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_who_reads_a_pipe_may_stop_whenever_he_has_seen_enough(
    tmp_path: Path, command: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)

    code, _, said = ended(tmp_path, *command.split(), out=writer)

    os.close(writer)
    assert (code, said) == (141, "")  # as of every program that SIGPIPE ends


@pytest.mark.parametrize(
    ("redirect", "command", "code", "said"),
    [
        (">&-", "list", 1, "tracker: the output could not be written: it is closed\n"),
        (">&-", "check --lang nope", 2, "tracker: there is no language “nope”, only en, ja: --lang en\n"),
        ("2>&-", "show nothing", 2, ""),
        ("2>/dev/full", "show nothing", 1, ""),
        ("<&-", "add n N --when open", 2, "tracker: nothing is written: there is nobody to ask; say --yes\n"),
    ],
)  # fmt: skip
def test_a_stream_that_was_closed_ends_no_command_in_a_traceback(
    tmp_path: Path, redirect: str, command: str, code: int, said: str
) -> None:
    process = ended(tmp_path, *command.split(), redirect=redirect)

    assert (process[0], process[2]) == (code, said)


# -- what is given by a locale that is not UTF-8, and what is no text

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


def test_a_text_that_is_utf8_is_taken_whatever_the_locale_says(tmp_path: Path) -> None:
    code, out, said = ended(
        tmp_path, "add", "neu", "契約", "--when", "open", "--yes", variables=ASCII
    )

    assert (code, said.splitlines()[1:]) == (0, []), said
    assert '+ title = "\\u5951\\u7d04"' in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "n", "T\udcff", "--when", "open"), "“T\\xff” holds bytes that are no text in UTF-8"),
        (("show", "\udcff"), "“\\xff” holds bytes that are no text in UTF-8"),
        (("--as-of", "\udcff", "list"), "“\\xff” is not a day"),
        (("--lang", "\udcff", "list"), "there is no language “\\xff”"),
        (("list", "-f", "\udcff.toml"), "there is no file \\xff.toml"),
        (("feed", "-o", "\udcff/x.ics"), "\\xff/x.ics cannot be written"),
        (("nope\udcff",), "there is no command “nope\\xff”"),
        (("list", "--\udcff"), "there is no option --\\xff"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_text_are_refused_in_one_line_that_shows_them(
    call: Caller, arguments: tuple[str, ...], said: str
) -> None:
    call.write("events.toml", EVENTS)

    called = call(*arguments)

    assert called.code == 2
    assert said in called.err
    assert called.err.count("\n") == 1


def test_a_folder_whose_name_is_no_text_is_read_and_edited(call: Caller) -> None:
    file = str(call.write("\udcff/events.toml", EVENTS))
    add = ("add", "neu", "N", "--when", "open", "--yes")

    added, taken_back = call("-f", file, *add), call("-f", file, "add", "--undo", "--yes")
    found = call("-f", file, "list", "--json")

    assert (added.code, taken_back.code, found.code) == (0, 0, 0), (added.err, taken_back.err)
    assert "\\xff/events.toml" in added.err.encode("utf-8", SPELL_OUT).decode()


def test_a_file_that_the_locale_cannot_name_is_refused_with_the_way_out(tmp_path: Path) -> None:
    source = EVENTS.replace('覚書 § 5"', '覚書"\ntext = "覚書.txt"')
    (tmp_path / "named.toml").write_text(source, encoding="utf-8")

    code, _, said = ended(tmp_path, "check", "named.toml", variables=ASCII)

    assert (code, said.count("\n")) == (1, 1)
    assert "set PYTHONUTF8=1" in said


@pytest.mark.parametrize("columns", ["²", "9" * 30, "0", "-1", "wide"])
def test_a_number_of_columns_that_nobody_means_is_left_alone(
    call: Caller, columns: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    call.write("events.toml", EVENTS)
    plain = call("agenda")
    monkeypatch.setenv("COLUMNS", columns)

    assert call("agenda") == plain


def test_the_log_is_json_in_whatever_encoding() -> None:
    out = io.TextIOWrapper(io.BytesIO(), "ascii", SPELL_OUT)

    Log("ja", as_json=True, out=out).write("run.serving", url="契約 é 🙂")

    entry = json.loads(out.buffer.getvalue())
    assert entry["url"] == "契約 é 🙂"
