"""`tracker init`: a first file that is sound, true and whole, or nothing at all."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tracker.cli.questions import can_ask
from tracker.files.first_files import BEGINNINGS
from tracker.i18n.translate import LANGUAGES

WHOLE = ("init", "--title", "Mill Street", "--timezone", "Europe/Berlin", "--template")
#: Days on which somebody may begin: the ends of months and years, a leap day.
TODAYS = ("2026-12-01", "2027-01-31", "2028-02-29", "2026-12-31")
HOSTILE = (
    'the "Term"', "back\\slash", "{title} {first} {: lease.rent}", "x" * 5_000, "#: lease.rent",
    "'''", "🚀", "契約", "עברית", "$HOME `id`", "[[event]]",
)  # fmt: skip


@contextmanager
def terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> Iterator[None]:
    """A real terminal on standard input, at which that is typed."""
    keyboard, screen = os.openpty()
    with os.fdopen(screen) as stdin:
        monkeypatch.setattr(sys, "stdin", stdin)
        os.write(keyboard, typed.encode())
        assert can_ask()
        yield
        os.close(keyboard)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", BEGINNINGS)
@pytest.mark.parametrize("today", TODAYS)
def test_each_template_is_sound_and_has_something_ahead(
    call: Caller, template: str, language: str, today: str
) -> None:
    begun = call(*WHOLE, template, "--lang", language, "--as-of", today)

    assert begun.code == 0, begun.err
    checked = call("check", "--strict", "--as-of", today)
    assert checked.code == 0, checked.out
    assert len(call("list", "--as-of", today).out.splitlines()) >= 3
    agenda = call("--as-of", today).out
    assert "Passed" not in agenda
    assert "Mill Street" in agenda


@pytest.mark.parametrize("first", ["2019-05-31", "2024-02-29", "2026-11-30", "2026-12-01"])
@pytest.mark.parametrize("template", BEGINNINGS)
def test_of_what_began_long_ago_only_what_can_be_true_is_written(
    call: Caller, template: str, first: str
) -> None:
    begun = call(*WHOLE, template, "--first-day", first, "--as-of", "2026-12-01")

    assert begun.code == 0, begun.err
    assert call("check", "--strict", "--as-of", "2026-12-01").code == 0
    stated = {event["id"] for event in tomllib.loads(_events(call))["event"]}
    named = begun.out.partition("hang on some that have: ")[2].partition(".\n")[0]
    assert not stated & set(named.split(", "))


@pytest.mark.parametrize("first", ["0001-01-01", "9999-12-31", "1200-01-01"])
@pytest.mark.parametrize("template", BEGINNINGS)
def test_a_first_day_of_which_nothing_follows_is_refused_in_one_line(
    call: Caller, template: str, first: str
) -> None:
    begun = call(*WHOLE, template, "--first-day", first)

    if begun.code:
        assert begun.code == 2
        assert begun.err.count("\n") == 1
        assert "--first-day 20" in begun.err
        assert list(call.folder.iterdir()) == []
    else:
        assert call("check", "--strict").code == 0


@pytest.mark.parametrize("title", HOSTILE)
def test_any_title_stands_in_the_file_as_it_was_typed(call: Caller, title: str) -> None:
    begun = call("init", "--template", "lease", "--timezone", "Asia/Tokyo", "--title", title)

    assert begun.code == 0, begun.err
    assert tomllib.loads(_events(call))["title"] == title
    assert call("check", "--strict").code == 0


@pytest.mark.parametrize("title", ["", " ", "two\nlines", "bell\x07", "\x1b[31m"])
def test_a_title_that_no_file_can_hold_is_refused(call: Caller, title: str) -> None:
    begun = call("init", "--template", "lease", "--timezone", "Asia/Tokyo", "--title", title)

    assert begun.code == 2
    assert "cannot be written" in begun.err
    assert list(call.folder.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("template", BEGINNINGS)
def test_the_doctor_finds_no_error_in_the_settings(
    call: Caller, template: str, language: str
) -> None:
    call(*WHOLE, template, "--lang", language)

    assert call("doctor").code == 0
    assert tomllib.loads((call.folder / "tracker.toml").read_text())["recipient"]


@pytest.mark.parametrize("settings_line", ["to", "smtp", "web", "database", "digest"])
def test_the_settings_hold_what_they_show_as_a_comment(call: Caller, settings_line: str) -> None:
    """Whoever takes the signs off, as the comments say, has settings that are read."""
    call(*WHOLE, "lease")
    file = call.folder / "tracker.toml"
    lines = file.read_text().splitlines()
    shown = [
        line.removeprefix("# ")
        for line in lines
        if not line.startswith("# :")
        and (line.startswith(("# [", "# url", "# from", "# to ", f"# {settings_line} = ")))
    ]
    assert any(line.startswith((settings_line, f"[{settings_line}]")) for line in shown)
    text = "\n".join(
        line.removeprefix("# ") if line.removeprefix("# ") in shown else line
        for line in lines
        if line != 'to = "terminal"'
    )
    file.write_text(text)

    assert call("alerts", "list").code == 0, call("alerts", "list").err


def test_four_questions_are_asked_and_enter_takes_what_is_usual(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    with terminal(monkeypatch, "lease\nThe Office „A“\nAsia/Tokyo\n2027-04-01\n"):
        begun = call("init", "--as-of", "2026-12-01")

    assert begun.code == 0, begun.err
    data = tomllib.loads(_events(call))
    assert data["title"] == "The Office „A“"
    assert data["timezone"] == "Asia/Tokyo"
    assert data["event"][0]["starts"] == "2027-04-01"
    for name in ("events.toml", "tracker.toml"):
        (call.folder / name).unlink()
    with terminal(monkeypatch, "\n\n\n\n"):
        usual = call("init", "--as-of", "2026-12-01")
    assert usual.code == 0, usual.err
    assert tomllib.loads(_events(call))["event"][0]["starts"] == "2027-01-01"


def test_an_answer_that_cannot_be_read_is_asked_for_again(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = "contract\n２\nRent\nBerlin\nEurope/Berlin\n30/06/2027\n２０２７-06-30\n"
    with terminal(monkeypatch, typed):
        begun = call("init", "--as-of", "2026-12-01")

    assert begun.code == 0, begun.err
    assert "there is no template “contract”" in begun.err
    assert "Europe/Berlin" in begun.err
    data = tomllib.loads(_events(call))
    assert data["event"][0]["id"] == "lease"
    assert data["event"][0]["starts"] == "2027-06-30"


@pytest.mark.parametrize("typed", ["\x04", "lease\n\x04", "lease\nRent\n\x04", "1\nA\nUTC\n\x04"])
def test_whoever_closes_the_terminal_has_written_nothing(
    call: Caller, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    with terminal(monkeypatch, typed):
        begun = call("init")

    assert begun.code == 1
    assert begun.err.endswith("Nothing was written.\n")
    assert list(call.folder.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [(), ("--template", "lease"), ("--template", "lease", "--title", "A"), ("--title", "A")],
)
@pytest.mark.parametrize(("language", "said"), [("en", "say it all"), ("ja", "すべて指定")])
def test_where_nobody_can_be_asked_the_whole_line_is_offered(
    call: Caller, arguments: tuple[str, ...], language: str, said: str
) -> None:
    begun = call("init", *arguments, "--lang", language)

    assert begun.code == 2
    assert said in begun.err
    assert 'tracker init --template lease --title "' in begun.err
    assert list(call.folder.iterdir()) == []


@pytest.mark.parametrize("there", ["events.toml", "tracker.toml"])
@pytest.mark.parametrize("content", ["", 'id = "mine"\n', "[[["])
def test_beside_a_file_that_is_there_nothing_is_changed(
    call: Caller, there: str, content: str
) -> None:
    file = call.write(there, content)

    begun = call(*WHOLE, "lease")

    assert begun.code == 2
    assert begun.err.startswith(f"tracker: {there} is there already, and nothing was changed")
    assert 'tracker add ID "TITLE"' in begun.err
    assert "tracker init -f" in begun.err
    assert [*call.folder.iterdir()] == [file]
    assert file.read_text() == content


@pytest.mark.parametrize("settings", ["/proc/tracker.toml", "/sys/tracker.toml"])
def test_where_one_file_cannot_be_written_none_is(call: Caller, settings: str) -> None:
    begun = call("--config", settings, *WHOLE, "lease")

    assert begun.code == 2
    assert begun.err.startswith(f"tracker: {settings} cannot be written")
    assert list(call.folder.iterdir()) == []


def test_on_a_full_disk_nothing_is_written(call: Caller) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))
    try:
        begun = call(*WHOLE, "lease")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))

    assert begun.code == 2
    assert "events.toml cannot be written: the file would be too large" in begun.err
    assert list(call.folder.iterdir()) == []


@pytest.mark.parametrize("step", [1, 2, 3, 4])
def test_ctrl_c_while_the_files_are_written_leaves_none(
    call: Caller, monkeypatch: pytest.MonkeyPatch, step: int
) -> None:
    """It comes while the disk takes a file, and once its name is there; of either file."""
    real, steps = os.fsync, iter(range(1, 100))

    def sync(descriptor: int) -> None:
        if next(steps) == step:
            raise KeyboardInterrupt
        real(descriptor)

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", sync)
        begun = call(*WHOLE, "lease")

    assert begun.code == 130
    assert list(call.folder.iterdir()) == []
    assert call(*WHOLE, "lease").code == 0


def test_ctrl_c_at_a_question_ends_it_with_nothing_written(tmp_path: Path) -> None:
    keyboard, screen = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", "init", "--lang", "en"],
        stdin=screen, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path,
    )  # fmt: skip
    assert process.stderr is not None
    os.write(keyboard, b"2\n")
    shown = b""
    while b"What is it called" not in shown:
        more = os.read(process.stderr.fileno(), 4096)
        assert more, shown
        shown += more
    process.send_signal(signal.SIGINT)
    rest = process.communicate(timeout=60)[1]
    os.close(keyboard)
    os.close(screen)

    assert process.returncode == 130
    assert b"Traceback" not in rest
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_beside_settings_alone_only_what_does_begin_is_offered(call: Caller, language: str) -> None:
    """`init` writes nothing beside a tracker.toml: the lines that are offered do what they say."""
    call.write("deals/tracker.toml", "")

    for asked in ("deals", "deals/events.toml"):
        absent = call("-f", asked, "--lang", language)
        assert absent.code == 2
        assert "tracker init" not in absent.err
        assert "tracker import FILE -f deals/events.toml" in absent.err
        assert 'tracker add -f deals/events.toml ID "TITLE" --when DAY' in absent.err
    added = call("add", "-f", "deals/events.toml", "a", "A", "--when", "2031-01-02", "--yes")
    assert added.code == 0, added.err
    assert call("-f", "deals").code == 0


def test_a_folder_and_another_name_can_be_begun_in(call: Caller) -> None:
    (call.folder / "leases").mkdir()

    empty = call("-f", "leases", *WHOLE, "lease")
    line = "tracker init -f leases/events.toml"
    inside = call("-f", "leases/events.toml", *WHOLE, "lease")
    named = call("-f", "leases/../deal.toml", *WHOLE, "agreement")
    nowhere = call("-f", "no/such/deal.toml", *WHOLE, "agreement")

    assert empty.code == 2
    assert line in empty.err
    assert inside.code == named.code == 0, inside.err + named.err
    assert sorted(file.name for file in (call.folder / "leases").iterdir()) == [
        "events.toml", "tracker.toml",
    ]  # fmt: skip
    assert 'tracker -f "leases/events.toml" add' in inside.out
    assert nowhere.code == 2
    assert 'mkdir -p "no/such"' in nowhere.err


# -- where there is no file


@pytest.mark.parametrize("command", [(), ("list",), ("check",), ("doctor",), ("serve",), ("run",),
                                     ("publish", "site"), ("feed",), ("show", "x"),
                                     ("occurred", "x", "--yes"), ("timeline",), ("changes", "2026-01-01", "2027-01-01")])  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_command_without_a_file_says_how_to_begin(
    call: Caller, command: tuple[str, ...], language: str
) -> None:
    called = call(*command, "--lang", language)

    assert called.code == 2
    assert called.err.count("\n") == 1
    for way in ("tracker init", "tracker import FILE", "-f FILE"):
        assert way in called.err


@pytest.mark.parametrize(
    ("asked", "near"),
    [
        ("event.toml", "events.toml"),
        ("EVENTS.TOML", "events.toml"),
        ("events", "events.toml"),
        ("lease/mil-street.toml", "leases/mill-street.toml"),
        ("leases/mill.toml", "leases/mill-street.toml"),
        ("leases/anything.toml", "leases/mill-street.toml"),
        ("zzz.toml", None),
        ("no/such/file.toml", None),
        ("events.toml/x", None),
    ],
)
def test_of_a_file_that_is_not_there_the_nearest_is_offered(
    call: Caller, asked: str, near: str | None
) -> None:
    for name in ("events.toml", "deal.toml", "tracker.toml", "leases/mill-street.toml"):
        call.write(name, 'id = "x"\n')

    called = call("-f", asked, "list")

    assert called.code == 2
    if near is None:
        assert "did you mean" not in called.err
    else:
        assert f"did you mean -f {near}?" in called.err
        assert call("-f", near, "list").code == 0


def _events(call: Caller) -> str:
    return (call.folder / "events.toml").read_text(encoding="utf-8")
