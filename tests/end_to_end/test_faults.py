"""Faults, done for real to `tracker run`: kills, disks, clocks, a second process."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import SECONDS, Running, environment, get, set_clock, tracker, until
from tracker.alerts.channels.webhook import WebhookChannel
from tracker.reminders.batches import FEWEST
from tracker.store.database import Database
from tracker.store.ledger import Ledger

BEFORE, AT_NINE = "2030-12-01 08:59:00", "2030-12-01 09:00:30"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SETTINGS = f"""\
[webhook]
secret = "{SECRET}"
"""
RECIPIENT = """\
[[recipient]]
name = "legal-{number}"
to = "{url}"
timezone = "UTC"
changes = false
"""


def events(count: int, day: str = "2030-12-31") -> str:
    head = 'id = "a"\ntimezone = "UTC"\nreminders = ["30 days", "1 day", "0 days"]\n'
    return head + "".join(
        f'[[event]]\nid = "e{at}"\ntitle = "Event {at}"\nwhen = {day}\n' for at in range(count)
    )


def placed(folder: Path, count: int, url: str, alone: bool = True) -> Path:
    """An events file with so many reminders at nine, known since the minute before.

    Each is a message of its own: of several recipients, since from five on those of one would be
    one message. Else all are one recipient's.
    """
    most = FEWEST - 1 if alone else count
    each = next(number for number in range(most, 0, -1) if count % number == 0)
    file = folder / "events.toml"
    file.write_text(events(each), encoding="utf-8")
    recipients = [RECIPIENT.format(number=number, url=url) for number in range(count // each)]
    (folder / "tracker.toml").write_text(SETTINGS + "".join(recipients), encoding="utf-8")
    known = tracker("run", "--until-idle", "-f", str(file), home=folder, at=BEFORE)
    assert (known.returncode, known.stderr) == (0, "")
    return file


def counts(home: Path) -> dict[str, int]:
    database = Database(f"sqlite:///{home / 'state' / 'tracker' / 'ledger.sqlite3'}")
    try:
        return Ledger(database).counts(["a"])
    finally:
        database.close()


def is_all_sent(home: Path) -> bool:
    """Whether there is something sent, and nothing left to send."""
    statuses = counts(home)
    return "sent" in statuses and statuses.keys() <= {"sent", "named"}


def named_in(body: bytes) -> list[tuple[str, str]]:
    """To whom a message tells of which events; of none where a kill has cut it off."""
    try:
        message = json.loads(body)
    except ValueError:
        return []
    return [
        (message["recipient"], reminder["event"]) for reminder in message["reminders"] or [message]
    ]


class SlowSink(HookSink):
    """Takes its time, so that a kill finds deliveries under way."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds = seconds
        self.ids: list[str] = []
        self.first = threading.Event()

    def arrive(self, headers: dict[str, str]) -> None:
        self.ids.append(headers["webhook-id"])
        self.first.set()
        time.sleep(self.seconds)


def storm(folder: Path, count: int, kills: int, seed: int, alone: bool = True) -> str:
    """Kills a run so many times while it sends; gives what came of it."""
    chance = random.Random(seed)
    with SlowSink(0.05) as sink:
        file = placed(folder, count, sink.url, alone)
        killed_while_sending = 0
        for _ in range(kills):
            sink.first.clear()
            running = Running("-f", str(file), home=folder, at=AT_NINE)
            if chance.random() < 0.9 and sink.first.wait(SECONDS):
                time.sleep(chance.uniform(0, 0.1))  # a random moment is what is wanted
                killed_while_sending += 1
            else:
                time.sleep(chance.uniform(0, 1.5))
            running.kill()
            running.rest()
            if is_all_sent(folder):
                break
        last = Running("-f", str(file), home=folder, at=AT_NINE)
        last.address()  # it is told to end once it can hear that
        until(lambda: is_all_sent(folder), 120)
        assert last.stop() == 0
        last.rest()
        found = Counter(sink.ids)
        named = {reminder for _, body in sink.requests for reminder in named_in(body)}
    repeats = sum(found.values()) - len(found)
    assert len(named) == count
    assert len(found) == count if alone else len(found) < count / FEWEST
    assert repeats <= WebhookChannel.parallel * kills
    return (
        f"{kills} kills (seed {seed}), {killed_while_sending} of them while sending: {count} of"
        f" {count} delivered, {repeats} repeats (at most {WebhookChannel.parallel * kills}), each under the"
        " same identity"
    )


@pytest.mark.long
def test_killed_at_random_moments_it_delivers_each_and_repeats_only_what_was_under_way(
    tmp_path: Path,
) -> None:
    print(storm(tmp_path, 150, 5, seed=8))


@pytest.mark.long
def test_killed_while_one_message_is_about_many_reminders_it_delivers_each(tmp_path: Path) -> None:
    print(storm(tmp_path, 300, 4, seed=9, alone=False))


@pytest.mark.soak
def test_killed_at_200_random_moments_of_a_storm_of_2000(tmp_path: Path) -> None:
    print(storm(tmp_path, 2000, 200, seed=8))


def test_two_processes_on_one_ledger_by_mistake_send_each_message_once(tmp_path: Path) -> None:
    with SlowSink(0.02) as sink:
        file = placed(tmp_path, 100, sink.url)
        both = [Running("-f", str(file), home=tmp_path, at=AT_NINE) for _ in range(2)]
        for running in both:
            running.address()
        until(lambda: counts(tmp_path).get("sent", 0) == 100)
        assert [running.stop() for running in both] == [0, 0]
        found = Counter(sink.ids)

    assert (len(found), max(found.values())) == (100, 1)
    for running in both:
        running.rest()


def test_what_one_process_had_under_way_another_takes_over_when_it_is_killed(
    tmp_path: Path,
) -> None:
    with SlowSink(0.05) as sink:
        file = placed(tmp_path, 40, sink.url)
        first = Running("-f", str(file), home=tmp_path, at=AT_NINE)
        sink.first.wait(SECONDS)
        first.kill()
        first.rest()
        second = Running("-f", str(file), home=tmp_path, at=AT_NINE)
        second.address()
        until(lambda: counts(tmp_path).get("sent", 0) == 40)
        assert second.stop() == 0
        second.rest()

    assert len(set(sink.ids)) == 40
    locks = tmp_path / "state" / "tracker" / "ledger.sqlite3.running"
    assert list(locks.iterdir()) == []


def test_a_ledger_that_cannot_be_written_is_said_so_and_the_alert_goes_out_later(
    tmp_path: Path,
) -> None:
    with HookSink() as sink:
        file = placed(tmp_path, 1, sink.url)
        state = tmp_path / "state" / "tracker" / "ledger.sqlite3"
        refused = _with_no_room(file, tmp_path)
        assert "Traceback" not in refused.stderr
        assert "the ledger" in refused.stderr
        assert sink.requests == []
        assert state.stat().st_size > 0

        done = tracker("run", "--until-idle", "-f", str(file), home=tmp_path, at=AT_NINE)

    assert (done.returncode, len(sink.requests)) == (0, 1)


def _with_no_room(file: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """The same, where no file may grow: what a full disk does to writes."""
    program = (
        "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0));"
        "sys.argv = ['tracker', *sys.argv[1:]]; runpy.run_module('tracker', run_name='__main__')"
    )
    return subprocess.run(
        [sys.executable, "-c", program, "run", "--until-idle", "-f", str(file)],
        capture_output=True,
        text=True,
        env=environment(home, AT_NINE),
        timeout=SECONDS,
        check=False,
    )


# -- clocks


@pytest.mark.long
def test_a_clock_that_jumps_forwards_and_backwards_skips_nothing_and_repeats_nothing(
    tmp_path: Path,
) -> None:
    file = tmp_path / "events.toml"
    file.write_text(events(1), encoding="utf-8")
    (tmp_path / "tracker.toml").write_text(
        '[[recipient]]\nname = "legal"\ntimezone = "UTC"\n', encoding="utf-8"
    )
    clock = tmp_path / "clock"
    set_clock(clock, "2030-11-30 12:00:00")
    running = Running("-f", str(file), home=tmp_path, at=clock)
    running.address()

    set_clock(clock, "2030-12-01 12:00:00")  # as after a day of being suspended
    running.lines_with(
        "[legal] Event 0: in 30 days, Tuesday, 31 December 2030", "the clock jumped by +8"
    )

    set_clock(clock, "2030-12-01 08:00:00")
    running.line_with("the clock jumped by -14")
    file.write_text(events(1).replace("Event 0", "The event"), encoding="utf-8")
    running.line_with("read again")  # it does not sleep until its old time comes

    set_clock(clock, "2030-12-30 09:00:00")
    running.line_with("[legal] The event: tomorrow, Tuesday, 31 December 2030")
    assert running.stop() == 0
    said = running.rest()
    assert sum("in 30 days" in line for line in said) == 1
    assert [line for line in said if "skipped" in line or "Traceback" in line] == []


def test_a_monitor_is_pinged_while_all_is_well(tmp_path: Path) -> None:
    with HookSink() as monitor:
        file = placed(tmp_path, 1, monitor.url)
        settings = (tmp_path / "tracker.toml").read_text(encoding="utf-8")
        url = monitor.url.replace("/hook", "/ping/1")
        (tmp_path / "tracker.toml").write_text(
            settings.replace("[webhook]", f'[heartbeat]\nurl = "{url}"\n[webhook]'),
            encoding="utf-8",
        )
        running = Running("-f", str(file), home=tmp_path, at=AT_NINE)
        address = running.address()
        until(lambda: bool(monitor.pings))
        assert get(f"{address}healthz").status_code == 200
        assert running.stop() == 0
        running.rest()

    assert monitor.pings[0] == "/ping/1"


def test_an_address_that_no_channel_takes_is_refused_at_the_start(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    file.write_text(events(1), encoding="utf-8")
    (tmp_path / "tracker.toml").write_text(
        '[[recipient]]\nname = "legal"\nto = ["terminal", "carrierpigeon://loft"]\n',
        encoding="utf-8",
    )

    refused = tracker("run", "--until-idle", "-f", str(file), home=tmp_path)

    assert refused.returncode == 1
    assert "tracker.toml:3:19: `carrierpigeon://` is no service" in refused.stderr
