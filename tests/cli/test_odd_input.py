"""What nobody should type, and somebody does: refused in one line, and the file stays as it was."""

from __future__ import annotations

import tomllib

import pytest

from tests.cli.calls import Caller

TEXT = (
    'id = "x"\ntimezone = "Europe/Berlin"\n[[event]]\nid = "report"\ntitle = "The report"\n'
    'when = 2030-01-31\n[[event]]\nid = "lease"\ntitle = "The lease"\nstarts = 2020-01-01\n'
    'ends = 2029-12-31\n[[event]]\nid = "rent"\ntitle = "The rent"\nwhen = 2026-01-01\n'
    'repeats = "1 month"\n'
)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        # -- what no file can hold
        (("add", "n\udcff", "T", "--when", "open"), "holds bytes that are no text in UTF-8"),
        (("amend", "m", "report", "--note", "\udcff"), "holds bytes that are no text in UTF-8"),
        (("check", "\udcff.toml"), "there is no file \\xff.toml"),
        (("show", "\x1b[2J"), "there is no event “\\x1b[2J”"),
        (("occurred", "report", "\u202e2026-01-01"), "“ 2026-01-01” is not a day"),
        # -- an amendment changes an event, and something of it
        (("amend", "m", "report"), "say what is amended"),
        (("amend", "m", "report", "--amendment-title", "T"), "say what is amended"),
        (("amend", "m", "end of lease", "--ends", "open"), "changes the event: lease"),
        (("amend", "m", "rent@2026-02-01", "--when", "open"), "changes the event: rent"),
        (("amend", "m", "y/lease", "--ends", "open"), "there is no agreement “y”, only x"),
        (("amend", "m", "report", "--when", "open", "--on", "31.01.2027"), "write 2027-01-31"),
        (("amend", "m", "report", "--when", "open", "--on", "now"), "“now” is not a day"),
        (("add", "n", "T", "--agreement", "X", "--when", "open"), "there is no agreement “X”, only"),
        # -- what is shown as it is alone
        (("changes", "today", "--suppose", "report=today"), 'tracker what-if "report=today"'),
        (("occurred", "report", "--suppose", "report=today"), "takes no --suppose"),
        (("add", "n", "T", "--when", "open", "--suppose", "n=today"), "takes no --suppose"),
        # -- days
        (("occurred", "report", "never"), "tracker withdraw report"),
        (("occurred", "report", "10:00"), "“10:00” is not a day"),
        (("occurred", "report", "today 25:00"), "23:00"),
        (("withdraw", "report", "today 10:00"), "“today 10:00” is not a day"),
        (("occurred", "report", "x" * 5000), "is not a day"),
        (("occurred", "start of report", "today"), "the event happens and does not last"),
        (("withdraw", "start of lease", "today"), "did you mean lease?"),
    ],
)  # fmt: skip
def test_a_call_that_is_wrong_is_refused_in_one_line(
    call: Caller, arguments: tuple[str, ...], said: str
) -> None:
    file = call.write("events.toml", TEXT)

    called = call(*arguments, *(("--yes",) if arguments[0] in ("add", "amend") else ()))

    assert (called.code, called.out) == (2, "")
    assert called.err.count("\n") == 1
    assert said in called.err
    assert file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "ünïcode", "T", "--when", "open"), 'write  id = "unicode"'),
        (("add", "契約", "T", "--when", "open"), "an id is lower-case letters"),
        (("add", "end", "T", "--when", "open"), "`end` is a word of the date language"),
        (("add", "report", "T", "--when", "open"), "`report` is the id of another event"),
        (("add", "n", "", "--when", "open"), "`title` is empty"),
        (("add", "", "T", "--when", "open"), "`id` is empty"),
        (("add", "n", "T\n2", "--when", "open"), "holds no control characters"),
        (("add", "n", "T", "--when", ""), "the line ends where"),
        (("add", "n", "T", "--when", "open", "--tag", "a", "--tag", ""), "`tags` is empty"),
        (("add", "n", "T", "--when", "x" * 20_000), "at most 10,000 characters"),
        (("add", "n", "T", "--when", "(" * 200), "at most 100 deep"),
        (("add", "n", "T", "--when", "open", "--url", "javascript:x"), "https:// or http://"),
        (("add", "n", "T", "--when", "open", "--source", "nope"), "there is no source `nope`"),
        (("add", "n", "T"), "`n` states no day"),
        (("amend", "m", "reprt", "--when", "open"), 'write  id = "report"'),
        (("amend", "m", "report", "--title", ""), "`title` is empty"),
        (("amend", "m", "report", "--when", "open", "--amendment-title", ""), "`title` is empty"),
        (("amend", "Ä", "report", "--when", "open"), 'write  id = "a"'),
        (("amend", "m", "lease", "--remove", "endz"), "`endz` cannot be removed"),
        (("amend", "m", "lease", "--ends", "open", "--remove", "ends"), "both set and removed"),
    ],
)
def test_what_the_file_may_not_hold_is_not_written(
    call: Caller, arguments: tuple[str, ...], said: str
) -> None:
    file = call.write("events.toml", TEXT)

    called = call(*arguments, "--yes")

    assert (called.code, called.out) == (1, "")
    assert called.err.startswith("Nothing is written: the file would have errors.\n")
    assert said in called.err
    assert file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize("title", ['the "Term"', "Übergabe \\ 契約 🙂", "'''", "#", "="])
@pytest.mark.parametrize("note", ['a\n"""\nb\\', "\\\n", "x" * 50_000])
def test_whatever_text_is_given_is_read_back_as_it_was(call: Caller, title: str, note: str) -> None:
    file = call.write("events.toml", TEXT)

    called = call("add", "n", title, "--note", note, "--when", "open", "--yes")

    assert called.code == 0, called.err
    event = tomllib.loads(file.read_text(encoding="utf-8"))["event"][-1]
    assert (event["title"], event["note"]) == (title, note)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        ("2030-01-05 10:00", '"2030-01-05 10:00 Europe/Berlin"'),
        ("today 10:00", '"2030-01-05 10:00 Europe/Berlin"'),
        ("Yesterday 23:59 UTC", '"2030-01-04 23:59 UTC"'),
        (" tomorrow ", "2030-01-06"),
    ],
)
def test_a_time_may_stand_behind_the_name_of_a_day(call: Caller, day: str, written: str) -> None:
    file = call.write("events.toml", TEXT)

    called = call("--as-of", "2030-01-05", "occurred", "report", day, "--yes")

    assert called.code == 0, called.err
    assert f"occurred = {written}\n" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "amendments",
    [
        '[[amendment]]\nid = "m"\non = 2026-01-01\nevent = [{ id = "lease", note = "n" }]\n',
        'amendment = [{ id = "m", on = 2026-01-01 }]\n',
    ],
)
def test_what_is_written_as_one_value_is_left_to_its_writer(call: Caller, amendments: str) -> None:
    text = TEXT + amendments if amendments.startswith("[[") else amendments + TEXT
    file = call.write("events.toml", text)

    called = call("amend", "m", "report", "--when", "open", "--yes")

    assert called.code == 2
    assert "is written in a way that this command does not edit" in called.err
    assert file.read_text(encoding="utf-8") == text


def test_a_text_of_several_lines_ends_them_as_the_file_does(call: Caller) -> None:
    file = call.write("events.toml", TEXT.replace("\n", "\r\n"))

    called = call("add", "n", "N", "--note", "a\nb", "--when", "open", "--yes")

    assert called.code == 0, called.err
    written = file.read_bytes()
    assert written.count(b"\n") == written.count(b"\r\n")
    assert call("show", "n", "--json").out.count('"a\\nb"') == 1


@pytest.mark.parametrize(
    ("repeats", "call_of", "written"),
    [
        ("2 days", ("occurred", "x/check@yesterday", "today"), '{ "2030-01-04" = 2030-01-05 }'),
        (
            "as it happens",
            ("occurred", "check@today", "yesterday"),
            '{ "2030-01-05" = 2030-01-04 }',
        ),
        ("as it happens", ("occurred", "check", "today"), '{ "2030-01-05" = 2030-01-05 }'),
    ],
)
def test_the_name_of_a_day_names_the_occurrence_of_that_day(
    call: Caller, repeats: str, call_of: tuple[str, ...], written: str
) -> None:
    """Written as a date: tomorrow, the name would be that of another one."""
    event = f'[[event]]\nid = "check"\ntitle = "C"\nwhen = 2030-01-02\nrepeats = "{repeats}"\n'
    file = call.write("events.toml", TEXT + event.replace("2030-01-02", '"not before 2030-01-01"'))
    if repeats == "2 days":
        file.write_text(TEXT + event, encoding="utf-8")

    called = call("--as-of", "2030-01-05", *call_of, "--yes")

    assert called.code == 0, called.err
    assert f"occurred = {written}\n" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "arguments",
    [("show", "rent@yesterday"), ("explain", "rent@yesterday"), ("what-if", "rent@yesterday=today"),
     ("withdraw", "rent@yesterday", "--yes")],
)  # fmt: skip
def test_every_command_takes_an_occurrence_by_the_name_of_its_day(
    call: Caller, arguments: tuple[str, ...]
) -> None:
    call.write("events.toml", TEXT)

    called = call("--as-of", "2030-02-02", *arguments)

    assert called.code == 0, called.err
    assert "2030-02-01" in called.out or "1 February 2030" in called.out


@pytest.mark.parametrize("command", ["occurred", "withdraw"])
def test_what_happens_each_day_is_recorded_on_the_next_one(call: Caller, command: str) -> None:
    """Of more than a thousand occurrences, those that are past are listed no longer."""
    event = '[[event]]\nid = "check"\ntitle = "C"\nwhen = 2020-01-31\nrepeats = "1 day"\n'
    file = call.write("events.toml", TEXT + event)

    there = call("--as-of", "2030-01-05", command, "check@yesterday", "today", "--yes")
    before = call("--as-of", "2030-01-05", command, "check@2020-01-30", "today", "--yes")

    assert there.code == 0, there.err
    assert '{ "2030-01-04" = 2030-01-05 }\n' in file.read_text(encoding="utf-8")
    assert (before.code, before.out) == (2, "")
    assert "there is no occurrence check@2020-01-30" in before.err


@pytest.mark.parametrize("name", ["events.toml", "link.toml", "./events.toml", "tracker.toml"])
def test_a_feed_is_not_written_over_what_is_read(call: Caller, name: str) -> None:
    file, settings = call.write("events.toml", TEXT), call.write("tracker.toml", "")
    (call.folder / "link.toml").symlink_to("events.toml")

    called = call("feed", "-o", name)

    assert (called.code, called.out) == (2, "")
    assert called.err == (
        f"tracker: {name.removeprefix('./')} is read here, and not written over: give -o another name\n"
    )
    assert (file.read_text(encoding="utf-8"), settings.read_bytes()) == (TEXT, b"")
    assert call("feed", "-o", "new.ics").code == call("feed", "-o", "new.ics").code == 0
