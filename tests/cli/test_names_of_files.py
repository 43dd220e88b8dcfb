"""A file's name is the choice of whoever adds it to a folder: it is text wherever it is shown."""

from __future__ import annotations

import io
import re

import pytest

from tests.cli.calls import Caller
from tracker.service.log import Log

SOUND = b'id = "lease"\n[[event]]\nid = "rent"\ntitle = "Rent"\nwhen = 2026-01-01\n[[event]]\nid = "end"\ntitle = "End"\nwhen = "1 year after rent"\n'
CONTENTS = (
    SOUND,
    SOUND + b"whenn = 3\n",
    b"id = 5\n",
    SOUND + b'parties = ["x"]\nsource = "none"\n',
    b"id = \n",
    b"\xff\xfe\xff",
    b"",
)
NAMES = {
    "an escape sequence": "esc\x1b[31mred\x1b]0;pwn\x07.toml",
    "a line break": "new\nline.toml",
    "a return": "a\rb\x08.toml",
    "C1": "csi\x9b31mred.toml",
    "an override": "bidi\u202elmot.toml",
    "Hebrew": "חוזה.toml",
}
CALLS: tuple[tuple[str, ...], ...] = (
    ("check",),
    ("check", "--strict", "--sources"),
    ("agenda",),
    ("list",),
    ("timeline",),
    ("show", "rent"),
    ("explain", "end"),
    ("changes",),
    ("changes", "HEAD"),
    ("occurred", "rent", "2026-01-02", "--yes"),
    ("occurred", "--undo", "--yes"),
    ("add", "Notice", "2 days after end", "--yes"),
    ("amend", "end", "2 years after rent", "--yes"),
    ("publish", "site"),
    ("publish", "."),
    ("doctor",),
    ("run", "--until-idle"),
    ("alerts", "list"),
    ("token", "list"),
    ("what-if", "rent", "2026-02-02"),
    ("feed", "--format", "json"),
    ("feed", "-o", "events.ics"),
)
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def assert_text_alone(said: str, name: str) -> None:
    """Nothing in it acts on a terminal or breaks a line, and no direction reaches behind it."""
    assert not _CONTROLS.search(said), said
    assert "\nline.toml" not in said, said
    for line in said.splitlines():
        _, override, behind = line.partition("\u202e")
        assert not override or "\u2069" in behind, line


@pytest.mark.parametrize("is_folder", [True, False])
@pytest.mark.parametrize("kind", NAMES)
def test_nothing_that_is_printed_obeys_the_name_of_a_file(
    kind: str,
    is_folder: bool,
    call: Caller,
) -> None:
    for content in CONTENTS:
        file = call.write(f"texts/{NAMES[kind]}", content)
        for words in CALLS if content == SOUND else CALLS[:3]:
            ran = call("-f", "texts" if is_folder else str(file), *words)

            assert_text_alone(ran.out + ran.err, NAMES[kind])


@pytest.mark.parametrize("kind", NAMES)
@pytest.mark.parametrize("content", ["", 'to = "x"', "x", '[[recipient]]\nname = "x"\nto = "x:y"'])
def test_nor_the_name_of_the_settings(
    kind: str,
    content: str,
    call: Caller,
) -> None:
    call.write("events.toml", SOUND)
    file = call.write(NAMES[kind], content)
    for named in (str(file), f"{file}2"):
        for words in (("doctor",), ("run", "--until-idle"), ("alerts", "list")):
            ran = call("--config", named, *words)

            assert_text_alone(ran.out + ran.err, NAMES[kind])


@pytest.mark.parametrize("kind", NAMES)
def test_nor_does_a_line_of_the_log(kind: str) -> None:
    out = io.StringIO()
    log = Log("en", out=out)
    log.write("run.reloaded", files=[NAMES[kind], "b.toml"])
    log.write("run.vanished", "warning", file=NAMES[kind])

    assert_text_alone(out.getvalue(), NAMES[kind])
    assert len(out.getvalue().splitlines()) == 2


def test_a_name_is_known_by_what_is_shown_of_it(call: Caller) -> None:
    call.write("texts/" + NAMES["an escape sequence"], b"id = 5\n")

    ran = call("-f", "texts", "check")

    assert ran.out.startswith("texts/esc\\x1b[31mred\\x1b]0;pwn\\x07.toml:1:6: ")
