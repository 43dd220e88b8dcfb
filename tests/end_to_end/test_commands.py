"""The commands, most run as processes; their whole output compared."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import Caller
from tests.end_to_end.pages import blocks
from tests.end_to_end.processes import environment, tracker
from tests.shipped import AMENDMENT, EVENTS, ROOT
from tracker.i18n.columns import width_of
from tracker.i18n.translate import LANGUAGES

SHIPPED = ("-f", str(EVENTS), "--as-of", "2026-11-25")
EXPECTED = Path(__file__).parent / "expected"


def output(home: Path, *arguments: str) -> str:
    """What a command that is fine prints on standard output."""
    done = tracker(*arguments, home=home)
    assert done.returncode == 0, done.stderr
    return done.stdout


def on_screen(home: Path, columns: int, *arguments: str, **variables: str) -> list[str]:
    """What a command prints on a terminal of that width."""
    reader, writer = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "tracker", *arguments],
        stdout=writer,
        stderr=subprocess.DEVNULL,
        env={**environment(home), "COLUMNS": str(columns), "TERM": "xterm", **variables},
    )
    os.close(writer)
    parts = []
    while True:
        try:
            part = os.read(reader, 65536)
        except OSError:  # a terminal whose other end is closed
            break
        if not part:
            break
        parts.append(part)
    assert process.wait() == 0
    os.close(reader)
    return b"".join(parts).decode().replace("\r\n", "\n").splitlines()


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("agenda.txt", ()),
        ("agenda-ja.txt", ("--lang", "ja")),
        ("list.txt", ("list",)),
        ("list-all.txt", ("list", "--all")),
        ("list.json", ("list", "--json")),
        ("show.txt", ("show", "research-ip")),
        ("explain.txt", ("explain", "research-ip")),
        ("explain-ja.txt", ("explain", "end of research-ip", "--lang", "ja")),
        ("feed.ics", ("feed",)),
    ],
)
def test_a_command_prints_exactly_this(tmp_path: Path, name: str, arguments: tuple[str]) -> None:
    printed = output(tmp_path, *SHIPPED, *arguments)

    # TRACKER_WRITE=1 writes what is printed; the difference is then read before it is committed.
    if os.environ.get("TRACKER_WRITE"):
        (EXPECTED / name).write_text(printed, encoding="utf-8")
    assert printed == (EXPECTED / name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("lease-agenda.txt", ()),
        ("lease-list.txt", ("list",)),
        ("lease-why.txt", ("explain",)),
        ("lease-why-ja.txt", ("explain", "--lang", "ja")),
        ("lease-why.json", ("explain", "--json")),
    ],
)
def test_every_word_explains_itself(call: Caller, name: str, arguments: tuple[str, ...]) -> None:
    called = ("-f", str(ROOT / "examples" / "lease.toml"), "--as-of", "2026-11-25")
    asked = [arguments]
    if "explain" in arguments:
        asked = [("explain", event, *arguments[1:]) for event in EXPLAINED]
    printed = "\n".join(call(*called, *words).out for words in asked)

    if os.environ.get("TRACKER_WRITE"):
        (EXPECTED / name).write_text(printed, encoding="utf-8")
    assert printed == (EXPECTED / name).read_text(encoding="utf-8")


#: Day number kept, clamped and rolled, holidays passed, a tie, dropped branches, clocks and hours.
EXPLAINED = (
    "extension-notice", "end of term", "rent", "closing", "wire", "inspection", "exit", "report",
    "reply", "handover",
)  # fmt: skip


def test_what_is_supposed_replaces_what_is_stated_in_every_command(tmp_path: Path) -> None:
    suppose = ("--suppose", "agi-verified=2029-05-01")

    points = json.loads(output(tmp_path, *SHIPPED, "list", "--json", "--all", *suppose))
    end = next(p for p in points if (p["id"], p["point"]) == ("research-ip", "end"))
    assert (end["status"], end["counts_to"]) == ("exact", "2029-05-01")
    for command in ((), ("list",), ("show", "research-ip"), ("explain", "research-ip"), ("feed",)):
        printed = output(tmp_path, *SHIPPED, *suppose, *command)
        assert "2029" in printed
    never = output(tmp_path, *SHIPPED, "--suppose", "agi-verified = never", "list", "--json")
    end = next(p for p in json.loads(never) if p["id"] == "research-ip")
    assert (end["status"], end["latest"]) == ("exact", "2030-12-31")


def test_suppositions_before_and_after_the_command_all_count(tmp_path: Path) -> None:
    two = ("--suppose", "agi-verified=2029-05-01", "list", "--suppose", "agi-declared=never")
    points = {p["id"]: p for p in json.loads(output(tmp_path, *SHIPPED, *two, "--json"))}

    assert points["agi-verified"]["counts_to"] == "2029-05-01"
    assert points["agi-declared"]["status"] == "never"


def test_a_supposition_outside_what_is_stated_is_said_beside_the_result(tmp_path: Path) -> None:
    done = tracker(*SHIPPED, "list", "--suppose", "end of research-ip=2034-01-01", home=tmp_path)

    assert done.returncode == 0
    assert "research-ip: what is supposed lies outside what is stated" in done.stderr
    assert "2034-01-01  exact" in done.stdout
    inside = tracker(*SHIPPED, "list", "--suppose", "agi-declared=2034-01-01", home=tmp_path)
    assert inside.stderr == ""


@pytest.mark.parametrize(
    ("suppositions", "said"),
    [
        (("agi-verifed=2029-05-01",), "did you mean agi-verified?"),
        (
            ("research-ip=2029-05-01",),
            '“research-ip” lasts, so a side of it is meant: "end of research-ip"',
        ),
        (("end of agi-verified=2029-05-01",), "does not last: agi-verified"),
        (
            ("agi-verified=2029-02-29",),
            '2029-02-29 is not in the calendar; 2029-02-28 is: --suppose "agi-verified=2029-02-28"',
        ),
        (("agi-verified=through 2029",), "is not a day: --suppose"),
        (
            ("agi-verified=3/4/2029",),
            'write --suppose "agi-verified=2029-04-03" or --suppose "agi-verified=2029-03-04"',
        ),
        (("agi-verified",), "supposes nothing: --suppose x=2029-05-01"),
        (("agi-verified=",), "supposes nothing"),
        (("agi-verified@2028-12-31=never",), "has no occurrences"),
        (("agi-verified@2028=never",), "agi-verified has no occurrences"),
        (("agi-verified=never", "agi-verified=2029-05-01"), "“agi-verified” is supposed twice"),
        (("start of revenue-sharing=never",), "there is no"),
    ],
)
def test_a_wrong_supposition_is_an_error_of_the_call_with_the_right_form(
    tmp_path: Path, suppositions: tuple[str, ...], said: str
) -> None:
    options = [part for one in suppositions for part in ("--suppose", one)]

    done = tracker(*SHIPPED, "list", *options, home=tmp_path)

    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_count_that_enters_a_year_without_data_is_an_error_with_its_event(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text(
        'id = "a"\ncalendar = "JP"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n'
        '[[event]]\nid = "y"\ntitle = "Y"\nwhen = "5 business days after x"\n',
        encoding="utf-8",
    )

    done = tracker("-f", str(file), "list", "--suppose", "x=2150-01-04", home=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"{file}:10:8: the calendar JP has no data for the year 2150" in done.stderr
    checked = tracker("-f", str(file), "check", "--as-of", "2150-01-04", home=tmp_path)
    assert checked.returncode == 1
    assert f"{file}:10:8: the calendar JP has no data for the year 2150" in checked.stdout
    assert tracker("-f", str(file), "check", home=tmp_path).returncode == 0


@pytest.mark.parametrize(
    "lines", ['when = "2150-01-31"\nrepeats = "1 month"', 'ends = "2150-01-31"\nrenews = "1 month"']
)
def test_what_comes_next_in_a_year_without_data_is_an_error_with_its_line(
    tmp_path: Path, lines: str
) -> None:
    file = tmp_path / "events.toml"
    head = 'id = "a"\ncalendar = "JP"\n[[event]]\nid = "x"\ntitle = "X"\nroll = "next"\n'
    file.write_text(f"{head}{lines}\n", encoding="utf-8")

    checked = tracker("-f", str(file), "check", home=tmp_path)

    assert (checked.returncode, checked.stderr) == (1, "1 error\n")
    assert f"{file}:7:8: the calendar JP has no data for the year 2150" in checked.stdout


def test_check_holds_quotes_against_their_sources(tmp_path: Path) -> None:
    (tmp_path / "source.txt").write_text(
        "The exclusivity remains until AGI is\n  verified by an independent panel.",
        encoding="utf-8",
    )
    head = (
        'id = "a"\n[sources.s]\ntitle = "S"\ntext = "source.txt"\n[sources.t]\ntitle = "T"\n'
        '[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\nsource = "{}"\nquote = "{}"\n'
    )
    file = tmp_path / "events.toml"

    def checked(source: str, quote: str) -> tuple[int, str]:
        file.write_text(head.format(source, quote), encoding="utf-8")
        done = tracker("-f", str(file), "check", "--sources", home=tmp_path)
        return done.returncode, done.stdout

    code, said = checked("s", "until AGI is verified by")
    assert (code, said.splitlines()[-1]) == (0, "1 quote stands in its source")
    code, said = checked("t", "anything")
    assert (code, said.splitlines()[-1]) == (
        0, "1 quote was not checked: its source has no `text`"
    )  # fmt: skip
    code, said = checked("s", "until AGI is declared by an independent panel")
    assert code == 1
    assert f"{file}:12:9: the quote does not stand so in s" in said
    assert "until AGI is [-declared-]{+verified+} by an independent panel" in said
    code, said = checked("s", "zzz qqq")
    assert code == 1
    assert "nor does anything like it" in said


def test_options_stand_before_or_after_the_command(tmp_path: Path) -> None:
    before = output(tmp_path, *SHIPPED, "--lang", "ja", "list", "--json")

    assert before == output(tmp_path, "list", *SHIPPED, "--json", "--lang", "ja")
    assert before == output(tmp_path, "--json", *SHIPPED, "list", "--lang", "ja")


def test_list_says_what_the_agreement_says(tmp_path: Path) -> None:
    rows = {
        (row["id"], row["point"]): row
        for row in json.loads(output(tmp_path, *SHIPPED, "list", "--json"))
    }

    research = rows["research-ip", "end"]
    assert research["stands"] == {"earliest": "2030-12-31", "latest": "2030-12-31"}
    assert (research["earliest"], research["status"]) == ("2026-11-25", "may-move")
    assert rows["model-ip", "end"]["status"] == "exact"
    assert rows["agi-verified", "when"]["status"] == "waiting"


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("columns", [80, 60])
def test_nothing_is_wider_than_the_screen(tmp_path: Path, language: str, columns: int) -> None:
    for arguments in ((), ("list",), ("show", "research-ip"), ("explain", "research-ip")):
        call = (*SHIPPED, "--lang", language, *arguments)
        lines = on_screen(tmp_path, columns, *call, NO_COLOR="1")
        assert lines
        assert max(map(width_of, lines)) <= columns, arguments


def test_colours_are_for_terminals_and_for_nobody_who_asked_for_none(tmp_path: Path) -> None:
    assert "\x1b[1m" in "".join(on_screen(tmp_path, 80, *SHIPPED))
    assert "\x1b" not in "".join(on_screen(tmp_path, 80, *SHIPPED, NO_COLOR="1"))
    assert "\x1b" not in output(tmp_path, *SHIPPED)


def test_the_amendment_is_followed(tmp_path: Path) -> None:
    amended = ("-f", str(EVENTS), "-f", str(AMENDMENT))

    before = output(tmp_path, *amended, "--as-of", "2026-04-26", "list")
    after = output(tmp_path, *amended, "--as-of", "2026-04-27", "list")

    assert "2030-12-31  exact     end of revenue-share" in after
    assert "-           waiting   end of revenue-share" in before


def test_the_feed_is_written_into_a_file_whole(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"

    done = tracker(*SHIPPED, "feed", "-o", str(file), home=tmp_path)

    assert done.stderr == "21 points in the feed, 5 left out that wait and have no day\n"
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    assert [path.name for path in tmp_path.glob("*.ics*")] == ["calendar.ics"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("lst",), "tracker: there is no command “lst”; did you mean list?"),
        (("list", "--jso"), "tracker: there is no option --jso; did you mean --json?"),
        (("show",), "tracker: ID is missing: tracker show ID; --help tells more"),
        (("changes",), "tracker: FROM is missing: tracker changes FROM [TO]; --help tells more"),
        (("alerts", "test"), ("tracker: RECIPIENT is missing: tracker alerts test RECIPIENT; --help"
         " tells more")),
        (("show", "reserch-ip"), ("tracker: there is no event “reserch-ip”; did you mean"
         " research-ip?")),
        (("--as-of", "2029-02-29"), ("tracker: 2029-02-29 is not in the calendar; 2029-02-28"
         " is")),
        (("--as-of", "28.11.2026"), ("tracker: days are written as 2026-11-25: for “28.11.2026” write"
         " 2026-11-28")),
        (("--as-of", "R8.11.28"), ("tracker: days are written as 2026-11-25: for “R8.11.28” write"
         " 2026-11-28")),
        (("--as-of", "03/04/2027"), ("tracker: “03/04/2027” can be 2027-04-03 or 2027-03-04: write the"
         " one that is meant")),
        (("occurred", "agi-verified", "28.11.2026"), ("tracker: days are written as 2026-11-25: for"
         " “28.11.2026” write 2026-11-28")),
        (("--suppose", "agi-verified=Nov 28 2029"), ("tracker: days are written as 2026-11-25: for “Nov"
         ' 28 2029” write --suppose "agi-verified=2029-11-28"')),
        (("--as-of", "soon"), "tracker: “soon” is not a day: write it like 2026-11-25"),
        (("--lang", "qq"), f"tracker: there is no language “qq”, only {', '.join(LANGUAGES)}: --lang en"),
        (("-f", "nowhere.toml"), ("tracker: there is no file nowhere.toml; name one with -f FILE or"
         " TRACKER_FILE, or begin: tracker init asks four questions and writes one, tracker import FILE"
         " brings in a calendar or a sheet, tracker add begins with one event")),
        (("list", "more"), "tracker: there is a word too many; --help tells what is taken"),
        (("--as-of",), "tracker: --as-of needs a value; --help tells which"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_refused_in_one_line(
    call: Caller, arguments: tuple[str, ...], message: str
) -> None:
    files = () if "-f" in arguments else ("-f", str(EVENTS))

    assert call(*files, *arguments) == (2, "", f"{message}\n")


def test_errors_of_the_file_end_with_one_and_warnings_only_if_asked(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    passed = 'id = "x"\n[[event]]\nid = "a"\ntitle = "t"\nwhen = "2026-01-01"\n'

    file.write_text(passed, encoding="utf-8")
    call = ("check", "-f", str(file), "--as-of", "2026-11-25")
    assert tracker(*call, home=tmp_path).returncode == 0
    assert tracker(*call, "--strict", home=tmp_path).returncode == 1
    file.write_text(passed.replace("2026-01-01", "2026"), encoding="utf-8")

    for command in ("check", "list", "feed"):
        done = tracker(command, "-f", str(file), home=tmp_path)
        assert done.returncode == 1
        assert "2026 alone does not say" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", ["list", "feed"])
def test_a_full_disk_behind_the_output_is_said_in_one_line(tmp_path: Path, command: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            [sys.executable, "-m", "tracker", command, *SHIPPED],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(tmp_path),
            check=False,
        )

    assert done.returncode == 1
    assert done.stderr == "tracker: the output could not be written: the disk has no room left\n"


def test_a_source_that_is_not_there_or_lies_outside_is_an_error(tmp_path: Path) -> None:
    folder = tmp_path / "agreement"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("x", encoding="utf-8")
    (folder / "link.txt").symlink_to(tmp_path / "outside.txt")
    file = folder / "events.toml"
    for name in ("nowhere.txt", "link.txt"):
        file.write_text(f'id = "x"\n[sources.s]\ntext = "{name}"\n', encoding="utf-8")

        done = tracker("check", "-f", str(file), home=tmp_path)

        assert done.returncode == 1
        assert "events.toml:3:8: there is no such file beside the events file" in done.stdout


def test_help_is_in_both_languages(tmp_path: Path) -> None:
    english, japanese = (output(tmp_path, "--help", "--lang", one) for one in ("en", "ja"))

    assert english.startswith("Usage: tracker [OPTIONS] COMMAND")
    assert japanese.startswith("使い方: tracker [OPTIONS] COMMAND")
    for command in ("agenda", "list", "show", "explain", "check", "feed", "run"):
        assert command in english
        assert output(tmp_path, command, "--help").startswith(f"Usage: tracker {command}")


def test_the_readme_shows_what_a_line_of_two_meanings_is_told(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (example,) = [block for block in blocks(readme) if block.title == "lease.toml"]
    file = tmp_path / example.title
    file.write_text(example.text.replace('"in 2026-12"', '"2026-Q4"'), encoding="utf-8")

    done = tracker("-f", str(file), "check", home=tmp_path)

    assert done.returncode == 1
    assert done.stdout.replace(f"{tmp_path}/", "") in readme
    file.write_text(example.text, encoding="utf-8")
    assert tracker("-f", str(file), "check", home=tmp_path).returncode == 0


def test_a_command_is_one_file_and_its_help_stands_where_its_sentence_does(tmp_path: Path) -> None:
    package = tmp_path / "tracker"
    shutil.copytree(ROOT / "tracker", package, ignore=shutil.ignore_patterns("__pycache__"))
    (package / "cli" / "commands" / "first_day.py").write_text(
        "from tracker.cli.inputs import timeline_of\n"
        "from tracker.cli.options import Everything, Request\n"
        "def command(request: Request, everything: Everything = False) -> None:\n"
        "    print(timeline_of(request).as_of, everything)\n"
    )
    catalogue = package / "i18n" / "catalogues" / "en.py"
    text = catalogue.read_text(encoding="utf-8")
    before = '    "help.show":'
    catalogue.write_text(text.replace(before, f'    "help.first-day": "A day.",\n{before}'))

    def run(*arguments: str) -> str:
        return subprocess.run(
            (sys.executable, "-m", "tracker", *arguments),
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**environment(tmp_path), "PYTHONPATH": str(tmp_path)},
            check=True,
        ).stdout

    listed = re.findall(r"(?m)^  ([a-z-]+)", run("--help").split("Commands:")[1])
    assert listed[:4] == ["agenda", "list", "first-day", "show"]
    assert "A day." in run("first-day", "--help")
    assert run(*SHIPPED, "first-day", "--all") == "2026-11-25 True\n"


def test_a_feed_can_be_written_to_a_pipe_and_through_a_link(tmp_path: Path) -> None:
    link = tmp_path / "calendar.ics"
    link.symlink_to(tmp_path / "real.ics")

    linked = tracker(*SHIPPED, "feed", "-o", str(link), home=tmp_path)
    piped = tracker(*SHIPPED, "feed", "-o", "/dev/stdout", home=tmp_path)

    assert (linked.returncode, piped.returncode) == (0, 0)
    assert link.is_symlink()
    assert piped.stdout.startswith("BEGIN:VCALENDAR")
    assert (tmp_path / "real.ics").read_text(encoding="utf-8").splitlines() == (
        piped.stdout.splitlines()
    )


def test_a_folder_stands_for_its_files_by_name(tmp_path: Path) -> None:
    folder = tmp_path / "agreements"
    folder.mkdir()
    for name in ("b", "a"):
        (folder / f"{name}.toml").write_text(
            f'id = "{name}"\n[[event]]\nid = "x"\ntitle = "X of {name}"\nwhen = 2030-01-01\n'
        )
    (folder / "tracker.toml").write_text('[[recipient]]\nname = "legal"\n')
    (folder / ".hidden.toml").write_text("no TOML at all")
    (folder / "notes.txt").write_text("neither")

    listed = tracker("list", "-f", str(folder), home=tmp_path)
    empty = tracker("list", "-f", str(tmp_path), home=tmp_path)

    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[2] for line in listed.stdout.splitlines()] == ["a/x", "b/x"]
    assert empty.returncode == 2
    assert f"there is no file {tmp_path / '*.toml'}" in empty.stderr
