"""`tracker run`, as a service manager and its reader see it."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.end_to_end.processes import Running, environment, get, set_clock, tracker, until
from tracker.reminders.plan import AlertKey
from tracker.store.database import Database
from tracker.store.ledger import Ledger

EVENTS = """\
id = "lease"
title = "The lease"
reminders = ["30 days", "7 days", "0 days"]

[[event]]
id = "notice"
title = "Notice is due"
when = "2030-12-31"
"""
REMINDER = "[legal] Notice is due: in 30 days, Tuesday, 31 December 2030"
LONG_AGO, FAR_AHEAD = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
BEFORE, AT_NINE = "2030-12-01 08:30:00", "2030-12-01 09:00:30"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "events.toml"
    file.write_text(EVENTS, encoding="utf-8")
    (tmp_path / "tracker.toml").write_text(
        '[[recipient]]\nname = "legal"\ntimezone = "UTC"\nat = "09:00"\n', encoding="utf-8"
    )
    return file


def sent_keys(home: Path) -> set[AlertKey]:
    """What the ledger of that home has marked as sent."""
    database = Database(f"sqlite:///{home / 'state' / 'tracker' / 'ledger.sqlite3'}")
    try:
        rows = Ledger(database).history(["lease"], LONG_AGO, FAR_AHEAD, 100)
        return {row.key for row in rows if row.status == "sent"}
    finally:
        database.close()


def idle(file: Path, home: Path, at: str) -> str:
    """What one `run --until-idle` at that time prints."""
    done = tracker("run", "--until-idle", "-f", str(file), home=home, at=at)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_who_is_to_be_reminded_next_minute_is_reminded_once_and_not_again(
    file: Path, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    set_clock(clock, BEFORE)
    running = Running("-f", str(file), home=tmp_path, at=clock)
    running.address()  # what was due before it began is not owed
    set_clock(clock, "2030-12-01 08:59:57")
    running.line_with(REMINDER)
    until(lambda: bool(sent_keys(tmp_path)))
    running.kill()

    again = Running("-f", str(file), home=tmp_path, at=AT_NINE)
    again.address()

    assert again.stop() == 0
    assert not any("Notice is due" in line for line in again.rest())


def test_a_page_is_another_at_the_instant_at_which_something_passes(tmp_path: Path) -> None:
    file, clock = tmp_path / "events.toml", tmp_path / "clock"
    file.write_text(EVENTS.replace("2030-12-31", "2030-12-30 23:59 AoE"), encoding="utf-8")
    set_clock(clock, "2030-12-31 11:57:00")
    serving = Running("-f", str(file), home=tmp_path, at=clock, command="serve")
    address = serving.address()
    assert 'id="upcoming"' in get(address).text

    set_clock(clock, "2030-12-31 11:58:58")

    until(lambda: 'id="passed"' in get(address).text)
    assert serving.stop() == 0


def test_what_passed_while_it_was_down_is_said_once_and_that_it_is_late(
    file: Path, tmp_path: Path
) -> None:
    assert idle(file, tmp_path, BEFORE) == ""

    late = idle(file, tmp_path, "2030-12-01 12:00:00")

    assert late.splitlines() == [
        REMINDER,
        "  This reminder is late: it was due on Sunday, 1 December 2030 at 09:00.",
    ]
    assert idle(file, tmp_path, "2030-12-01 12:00:30") == ""


def test_after_forty_days_down_one_message_names_the_leads_it_stands_for(
    file: Path, tmp_path: Path
) -> None:
    idle(file, tmp_path, "2030-11-21 12:00:00")

    late = idle(file, tmp_path, "2030-12-31 12:00:00")

    assert late.splitlines() == [
        "[legal] Notice is due: today, Tuesday, 31 December 2030",
        "  This reminder is late: it was due on Tuesday, 31 December 2030 at 09:00.",
        "  It stands for these as well: 30 days before, 7 days before.",
    ]


def test_what_passed_altogether_while_it_was_down_is_said_as_passed(
    file: Path, tmp_path: Path
) -> None:
    idle(file, tmp_path, "2030-11-21 12:00:00")

    late = idle(file, tmp_path, "2031-01-01 12:00:00")

    assert late.startswith("[legal] Notice is due: passed yesterday, Tuesday, 31 December 2030\n")
    assert idle(file, tmp_path, "2031-01-02 12:00:00") == ""


def test_a_point_with_a_time_names_the_readers_day_and_the_instant_and_passes_with_it(
    file: Path, tmp_path: Path
) -> None:
    """22:59 twelve hours behind is 10:59 of the next day where the recipient is."""
    file.write_text(EVENTS.replace('"2030-12-31"', '"2030-12-30 22:59 AoE"'), encoding="utf-8")
    idle(file, tmp_path, BEFORE)

    own = "Tuesday, 31 December 2030, 10:59"
    assert idle(file, tmp_path, AT_NINE).splitlines() == [
        f"[legal] Notice is due: in 30 days, {own}",
        "  By the clock of the agreement, that is Monday, 30 December 2030, 22:59 (AoE).",
    ]
    today = idle(file, tmp_path, "2030-12-31 09:00:30")
    assert today.startswith(f"[legal] Notice is due: today, {own}\n")


def test_a_day_anywhere_on_earth_is_told_by_the_readers_clock_and_as_that_day(
    file: Path, tmp_path: Path
) -> None:
    """Its last minute is 11:59 of the next day where the recipient is."""
    file.write_text(EVENTS.replace('"2030-12-31"', '"2030-12-30 AoE"'), encoding="utf-8")
    idle(file, tmp_path, BEFORE)

    own = "Tuesday, 31 December 2030, 11:59"
    told = idle(file, tmp_path, AT_NINE).splitlines()[0]
    assert told == f"[legal] Notice is due: in 30 days, {own}"
    today = idle(file, tmp_path, "2030-12-31 09:00:30")
    assert today.startswith(f"[legal] Notice is due: today, {own}\n")


def test_an_instant_that_came_while_it_was_down_is_said_as_passed_on_that_day(
    file: Path, tmp_path: Path
) -> None:
    file.write_text(EVENTS.replace('"2030-12-31"', '"2030-12-30 23:59 AoE"'), encoding="utf-8")
    idle(file, tmp_path, "2030-12-25 12:00:00")

    late = idle(file, tmp_path, "2030-12-31 12:00:00")

    own = "Tuesday, 31 December 2030, 11:59"
    assert late.startswith(f"[legal] Notice is due: passed today, {own}\n")


def test_a_reminder_that_could_not_be_written_is_sent_once_it_can(
    file: Path, tmp_path: Path
) -> None:
    idle(file, tmp_path, BEFORE)
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        failed = subprocess.run(
            [sys.executable, "-m", "tracker", "run", "--until-idle", "-f", str(file)],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(tmp_path, AT_NINE),
            check=False,
        )
    assert failed.returncode == 1
    assert "terminal: nothing gets through, and is tried again" in failed.stderr
    assert "the disk has no room left" in failed.stderr
    assert "Traceback" not in failed.stderr

    done = tracker("run", "--until-idle", "-f", str(file), home=tmp_path, at="2030-12-01 09:01:00")
    assert done.returncode == 0
    assert REMINDER in done.stdout
    assert "terminal works again: an alert delivered after" in done.stderr
    assert idle(file, tmp_path, "2030-12-01 09:01:30") == ""


def test_a_new_file_floods_nobody(file: Path, tmp_path: Path) -> None:
    assert idle(file, tmp_path, "2030-12-30 12:00:00") == ""


def test_it_serves_the_page_the_feed_and_the_api_and_ends_cleanly(
    file: Path, tmp_path: Path
) -> None:
    running = Running("-f", str(file), home=tmp_path)
    address = running.address()

    assert "Notice is due" in get(address).text
    assert get(f"{address}calendar.ics").text.startswith("BEGIN:VCALENDAR")
    assert get(f"{address}api/events").json()[0]["counts_to"] == "2030-12-31"

    asked = time.monotonic()
    assert running.stop() == 0
    assert time.monotonic() - asked < 20  # what hangs is given 50 s


def test_a_good_edit_is_taken_up_and_a_broken_one_reported_while_the_last_good_goes_on(
    file: Path, tmp_path: Path
) -> None:
    running = Running("-f", str(file), home=tmp_path)
    address = running.address()

    file.write_text(EVENTS.replace("2030-12-31", "2031-06-30"), encoding="utf-8")
    running.line_with("read again")
    assert get(f"{address}api/events").json()[0]["counts_to"] == "2031-06-30"

    file.write_text(EVENTS.replace("2030-12-31", "2031"), encoding="utf-8")
    running.line_with("2031 alone does not say which day of it is meant")
    running.line_with("the last good timeline goes on")
    assert get(f"{address}api/events").json()[0]["counts_to"] == "2031-06-30"

    file.unlink()
    running.line_with("is gone; the last good timeline")
    assert get(f"{address}calendar.ics").status_code == 200
    assert running.stop() == 0


def test_a_folder_is_followed_as_files_come_and_go(tmp_path: Path) -> None:
    folder = tmp_path / "agreements"
    folder.mkdir()
    (folder / "a.toml").write_text(EVENTS, encoding="utf-8")
    running = Running("-f", str(folder), home=tmp_path)
    address = running.address()

    (folder / "b.toml").write_text(EVENTS.replace('"lease"', '"office"'), encoding="utf-8")
    running.line_with("read again")
    both = get(f"{address}api/events").json()
    (folder / "a.toml").unlink()
    running.line_with("read again")
    left = get(f"{address}api/events").json()

    assert [one["agreement"] for one in both] == ["lease", "office"]
    assert [one["agreement"] for one in left] == ["office"]
    assert running.stop() == 0


def test_an_amendment_that_comes_into_a_folder_amends_whom_it_names(tmp_path: Path) -> None:
    folder = tmp_path / "agreements"
    folder.mkdir()
    (folder / "alpha.toml").write_text(EVENTS.replace('"lease"', '"alpha"'), encoding="utf-8")
    (folder / "mill-street.toml").write_text(
        EVENTS.replace('"lease"', '"mill-street"'), encoding="utf-8"
    )
    amendment = (
        '[[amendment]]\nid = "later"\non = 2020-01-01\n[[amendment.event]]\nid = "notice"\n'
        'when = "2031-12-31"\n'
    )
    running = Running("-f", str(folder), home=tmp_path)
    address = running.address()

    (folder / "mill-street-amendment.toml").write_text(amendment, encoding="utf-8")
    running.line_with('amends = "mill-street"')
    before = get(f"{address}api/events").json()
    (folder / "mill-street-amendment.toml").write_text(
        f'amends = "mill-street"\n{amendment}', encoding="utf-8"
    )
    running.line_with("read again")
    after = get(f"{address}api/events").json()

    assert [row["counts_to"] for row in before] == ["2030-12-31", "2030-12-31"]
    days = {row["agreement"]: row["counts_to"] for row in after}
    assert days == {"alpha": "2030-12-31", "mill-street": "2031-12-31"}
    assert running.stop() == 0


def test_a_file_that_is_broken_from_the_start_is_served_once_it_is_mended(
    file: Path, tmp_path: Path
) -> None:
    file.write_text("id = ", encoding="utf-8")
    running = Running("-f", str(file), home=tmp_path)
    address = running.address()
    assert get(address).status_code == 503

    file.write_text(EVENTS, encoding="utf-8")
    running.line_with("read again")

    assert get(address).status_code == 200
    assert running.stop() == 0


def test_a_year_without_business_days_is_said_once_and_the_last_good_timeline_goes_on(
    file: Path, tmp_path: Path
) -> None:
    file.write_text(
        'id = "a"\ncalendar = "JP"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "open"\n'
        '[[event]]\nid = "y"\ntitle = "Y"\nwhen = "5 business days after x"\n',
        encoding="utf-8",
    )
    running = Running("-f", str(file), home=tmp_path, at="2150-01-04 12:00:00")
    address = running.address()
    said = [
        line for line in running.seen if "the calendar JP has no data for the year 2150" in line
    ]
    assert said == [f"a/y: {said[0].removeprefix('a/y: ')}"]
    assert get(address).status_code == 503
    file.write_text(EVENTS, encoding="utf-8")
    running.line_with("read again")
    assert get(address).status_code == 200
    assert running.stop() == 0


def test_serving_alone_sends_nothing_and_what_changed_is_told_by_who_sends(
    file: Path, tmp_path: Path
) -> None:
    with (tmp_path / "tracker.toml").open("a", encoding="utf-8") as toml:
        toml.write("changes = true\n")
    idle(file, tmp_path, "2030-12-01 08:00:00")
    serving = Running("-f", str(file), home=tmp_path, at="2030-12-01 09:30:00", command="serve")
    address = serving.address()
    file.write_text(EVENTS.replace("2030-12-31", "2031-06-30"), encoding="utf-8")
    serving.line_with("read again")
    assert get(f"{address}api/events").json()[0]["counts_to"] == "2031-06-30"
    assert "30 June 2031" in get(f"{address}changes").text
    assert serving.stop() == 0

    assert sent_keys(tmp_path) == set()
    assert not any("legal" in line for line in serving.rest())
    told = idle(file, tmp_path, "2030-12-01 09:31:00")
    assert "[legal] Notice is due" in told
    assert "30 June 2031" in told


def test_calls_that_cannot_be_served_are_refused_in_one_line(file: Path, tmp_path: Path) -> None:
    running = Running("-f", str(file), home=tmp_path)
    port = running.address().rstrip("/").rpartition(":")[2]
    refusals = [
        ("--port", port),
        ("--host", "0.0.0.0"),  # noqa: S104 - it must be refused
        ("--as-of", "2030-01-01"),
    ]

    for option in refusals:
        refused = tracker("run", "-f", str(file), *option, home=tmp_path)
        assert (refused.returncode, refused.stderr.count("\n")) == (2, 1), refused.stderr
    assert running.stop() == 0
    left = (tmp_path / "state" / "tracker" / "ledger.sqlite3.running").iterdir()
    assert not list(left)  # nobody says of itself that it sends


def test_a_log_for_machines_is_json_alone_and_says_what_happens(tmp_path: Path, file: Path) -> None:
    idle(file, tmp_path, BEFORE)
    running = Running("--log", "json", "-f", str(file), home=tmp_path, at=AT_NINE)
    serving = json.loads(running.line_with("run.serving"))
    until(lambda: bool(sent_keys(tmp_path)))
    file.write_text("id = ", encoding="utf-8")
    running.line_with("run.refused")

    counts = get(f"{serving['url']}metrics").text
    assert running.stop() == 0
    lines = running.rest()
    entries = [json.loads(line) for line in lines if line.startswith("{")]

    names = [entry["event"] for entry in entries]
    assert any(REMINDER in line for line in lines)  # the terminal's own, on stdout
    assert names[:2] == ["run.planned", "run.serving"]
    assert {"run.refused", "run.kept"} <= set(names)
    assert all({"timestamp", "level"} <= set(entry) for entry in entries)
    assert 'tracker_alerts{status="sent"} 1.0' in counts
    assert "tracker_plan_seconds_count" in counts


def test_the_form_of_the_log_is_text_or_json(tmp_path: Path, file: Path) -> None:
    refused = tracker("run", "--log", "xml", "-f", str(file), home=tmp_path)

    assert refused.returncode == 2
    assert "text | json" in refused.stderr
