"""Delivery to servers that misbehave, on a real ledger: nothing is lost, nothing holds up others.

It is promised of the threads of `tracker run` and of the jobs of `tracker worker` alike.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from gc import collect, get_objects
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest
from sqlalchemy import event

from tests.alerts.servers import HANG_UP, HookSink, MailSink, deaf_port
from tests.end_to_end.processes import until
from tests.reminders.scene import HEAD, LEGAL, NOTICE, Scene, at
from tracker.alerts.channel import ChannelSettings
from tracker.alerts.channels.webhook import WebhookChannel
from tracker.alerts.delivery import BACK_OFF
from tracker.alerts.delivery_context import DeliveryContext
from tracker.alerts.mime import mime_of
from tracker.alerts.thread_delivery import Deliverer
from tracker.config.addresses import Address, command_address, read_address
from tracker.config.sending import DeliverySettings, MailServer
from tracker.failures.supervision import Supervisor
from tracker.reminders.batches import FEWEST
from tracker.reminders.recipients import Recipient
from tracker.service.metrics import Metrics
from tracker.service.workers import Upkeep, Workers
from tracker.store.database import Database, LedgerError
from tracker.store.outbox import Outbox
from tracker.web.status import HealthReport

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DUE = "2030-12-01 09:00"


class Jobs:
    """Workers that do what is due, when they are woken."""

    def __init__(
        self, context: DeliveryContext, addresses: list[Address], database: Database
    ) -> None:
        upkeep = Upkeep(lambda: None, lambda _error: None, lambda: None)
        self._workers = Workers(context, addresses, database, upkeep)
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._workers.finish)
            self._thread.start()

    def finish(self) -> None:
        if self._thread is not None:
            self._thread.join()
        self._thread = None

    def close(self) -> None:
        self._workers.close()
        self.finish()


def let_pass(url: str, time: timedelta) -> None:
    """So much time passes for the database, whose clock says when a job's next try is."""
    with psycopg.connect(url) as connection:
        connection.execute("UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - %s", [time])


class Runner(NamedTuple):
    """Who drives the deliveries, and the ledger that they share."""

    jobs: bool
    url: str


class Post:
    """A scene with a deliverer: what is due goes out, by a clock that tests move.

    So many reminders fall due through each address, each a message of its own: from five on those
    of one recipient would be one.
    """

    def __init__(
        self,
        folder: Path,
        count: int,
        *texts: str | list[str],
        mail_port: int = 0,
        runner: Runner | None = None,
    ) -> None:
        self.runner = runner
        addresses = [
            read_address(text, ()) if isinstance(text, str) else command_address(tuple(text), ())
            for text in texts
        ]
        self.addresses = [address for address in addresses if isinstance(address, Address)]
        alone = count and next(most for most in range(FEWEST - 1, 0, -1) if count % most == 0)
        many = "".join(NOTICE.replace("notice", f"n{number}") for number in range(alone))
        self.readers = count // alone if count else 1  #: of each address
        recipients: list[Recipient] = [
            replace(LEGAL, name=f"r{number}-{reader}", channels=(address.name,))
            for number, address in enumerate(self.addresses)
            for reader in range(self.readers)
        ]
        url = runner.url if runner is not None else None
        self.scene = Scene(folder, *recipients, text=HEAD + many, url=url)
        self.scene.look("2030-11-01 12:00")
        server = MailServer("127.0.0.1", mail_port, False, None, None, "tracker@example.org")
        self.sending = DeliverySettings(server, SECRET)
        self.told: list[tuple[str, bool]] = []
        self.supervisor = Supervisor(time.monotonic)
        self.open()

    def open(self) -> None:
        self.outbox = Outbox(self.scene.database)
        ledger = self.scene.ledger
        self.metrics = Metrics(
            ledger, lambda: ["a"], lambda: self.scene.now, lambda: HealthReport(None, None)
        )
        context = DeliveryContext(
            self.outbox,
            ChannelSettings(self.sending, lambda: self.scene.now),
            self.scene.planner.composer,
            lambda failed: self.told.append((failed.reason.text("en"), failed.given_up)),
            self.supervisor,
            counter=self.metrics,
            note_ledger=lambda _name, error: (
                None if error is None else self.told.append((error.reason.text("en"), False))
            ),
        )
        self.deliverer: Deliverer | Jobs = (
            Jobs(context, self.addresses, self.scene.database)
            if self.runner is not None and self.runner.jobs
            else Deliverer(context, self.addresses)
        )

    def reopen(self) -> None:
        self.deliverer.close()
        self.outbox.close()
        self.open()

    def send(self, moment: str | datetime) -> None:
        """What is due by then goes out."""
        before = self.scene.now
        self.scene.look(moment)
        self._deliver(before)

    def pass_time(self, time: timedelta) -> None:
        """What waits for another try goes out; nothing new falls due, so nothing is planned."""
        before = self.scene.now
        self.scene.now = before + time
        self._deliver(before)

    def _deliver(self, before: datetime) -> None:
        if self.runner is not None and self.runner.jobs:
            let_pass(self.runner.url, self.scene.now - before)
        self.deliverer.wake()
        self.deliverer.finish()

    def statuses(self) -> dict[str, int]:
        return self.scene.ledger.counts(["a"])

    def stop(self) -> None:
        self.deliverer.close()
        self.outbox.close()

    def close(self) -> None:
        self.stop()
        self.scene.database.close()


def ids_of(sink: MailSink) -> list[str]:
    return [str(message["message-id"]) for message in sink.messages]


def test_a_server_that_answers_4xx_and_5xx_and_hangs_up_by_turns_gets_each_message(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as sink:
        sink.answers = ["451 later", "250 OK", "550 no", HANG_UP, "552 full", "250 OK", "421 bye"]
        posts.append(
            post := Post(
                tmp_path, 12, "mailto:legal@example.org", mail_port=sink.port, runner=runner
            )
        )
        post.send(DUE)
        for seconds in BACK_OFF[:4]:
            post.pass_time(timedelta(seconds=seconds))

    assert post.statuses() == {"sent": 12}
    assert len(set(ids_of(sink))) == len(sink.messages) == 12


def test_a_server_that_is_down_for_a_day_gets_everything_when_it_is_back(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with deaf_port() as port:
        posts.append(
            post := Post(tmp_path, 5, "mailto:legal@example.org", mail_port=port, runner=runner)
        )
        post.send(DUE)
        for _ in range(24):
            post.pass_time(timedelta(hours=1))
        assert post.statuses() == {"written": 5}
        assert [given_up for _, given_up in post.told] == [False]  # told of once, not each hour
    sink = MailSink()
    sink.port = port
    with sink:
        post.send(post.scene.now + timedelta(hours=1))

    assert post.statuses() == {"sent": 5}


def test_what_does_not_get_through_for_two_days_ends_as_failed_and_can_be_retried(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as sink:
        sink.answers = ["550 no such user"] * 60
        posts.append(
            post := Post(
                tmp_path, 1, "mailto:legal@example.org", mail_port=sink.port, runner=runner
            )
        )
        post.send(DUE)
        for seconds in BACK_OFF:
            post.pass_time(timedelta(seconds=seconds))
        assert post.statuses() == {"failed": 1}
        reason, given_up = post.told[-1]
        assert given_up
        assert reason.endswith("“550 no such user”")
        assert timedelta(days=1.9) < post.scene.now - at(DUE) < timedelta(days=2.1)

        sink.answers.clear()
        assert post.outbox.retry(["a"]) == 1
        post.send(post.scene.now)

    assert post.statuses() == {"sent": 1}


def test_a_receiver_that_hangs_holds_up_no_other_channel(
    runner: Runner, tmp_path: Path, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    patience = dict.fromkeys(("connect", "read", "write", "pool"), 80.0)
    monkeypatch.setattr("tracker.alerts.channels.webhook._TIMEOUTS", {"timeout": patience})
    with HookSink() as hangs, HookSink() as fine, MailSink() as mail:
        hangs.hang = threading.Event()
        posts.append(
            post := Post(
                tmp_path,
                100,
                hangs.url,
                fine.url,
                "mailto:legal@example.org",
                mail_port=mail.port,
                runner=runner,
            )
        )
        post.scene.look(DUE)
        began = time.monotonic()
        post.deliverer.wake()
        until(lambda: (len(fine.requests), len(mail.messages)) == (100, 100))
        took = time.monotonic() - began
        assert len(hangs.requests) == 0
        hangs.hang.set()
        post.deliverer.finish()

        assert len(hangs.requests) == 100
    assert took < 60  # below the 80 s for which the other one is waited for
    assert post.statuses() == {"sent": 300}


def test_what_a_channel_cannot_make_holds_up_no_other_message(
    runner: Runner, tmp_path: Path, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = mime_of
    broken: list[str] = []

    def breaks_once(message: object, *rest: object) -> bytes:
        if not broken:
            broken.append("x")
            raise ValueError("cannot be made")
        return made(message, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("tracker.alerts.channels.mail.mime_of", breaks_once)
    with MailSink() as sink:
        posts.append(
            post := Post(
                tmp_path, 3, "mailto:legal@example.org", mail_port=sink.port, runner=runner
            )
        )
        post.send(DUE)
        assert post.statuses() == {"sent": 2, "written": 1}
        post.send(post.scene.now + timedelta(seconds=BACK_OFF[0]))

    assert post.statuses() == {"sent": 3}


def test_a_change_of_the_files_takes_back_what_was_not_sent_yet(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with deaf_port() as port:
        posts.append(
            post := Post(tmp_path, 1, "mailto:legal@example.org", mail_port=port, runner=runner)
        )
        post.send(DUE)
        post.scene.text = post.scene.text.replace("2030-12-31", "2031-06-30")
        post.scene.look("2030-12-01 09:01")
    sink = MailSink()
    sink.port = port
    with sink:
        post.send("2030-12-01 10:00")

    assert [str(message["subject"])[:30] for message in sink.messages] == [
        "Notice is due: moves 6 months "
    ]
    assert post.statuses() == {"lapsed": 1, "sent": 1}


@pytest.mark.parametrize(
    ("then", "is_back"),
    [
        ("", True),
        ("", False),
        (NOTICE.replace("2030-12-31", "2031-06-30"), False),
        (NOTICE + "withdrawn = 2030-12-01\n", False),
    ],
    ids=["missing for some days", "missing for good", "moved", "withdrawn"],
)
def test_what_is_owed_of_an_event_that_is_missing_waits_for_it_for_some_days(
    runner: Runner, tmp_path: Path, posts: list[Post], then: str, is_back: bool
) -> None:
    with deaf_port() as port:
        post = Post(tmp_path, 0, "mailto:legal@example.org", mail_port=port, runner=runner)
        posts.append(post)
        stays = post.scene.text + NOTICE.replace("notice", "stays").replace("2030", "2040")
        (recipient,) = post.scene.config.recipients
        post.scene.text = stays + NOTICE
        post.scene.change(replace(recipient, changes=frozenset()))
        post.scene.look("2030-11-01 12:00")
        post.reopen()
        post.send(DUE)
    sink = MailSink()
    sink.port = port
    with sink:
        post.scene.text = stays + then
        post.send("2030-12-01 10:00")
        assert post.statuses() == ({"lapsed": 1} if then else {"written": 1})
        if is_back:
            post.scene.text = stays + NOTICE
        for day in ("2030-12-04 09:00", "2030-12-16 09:00"):
            post.send(day)

    assert post.statuses() == {"sent" if is_back else "lapsed": 1}
    assert len(sink.messages) == is_back


def test_an_event_that_is_missing_keeps_none_of_those_in_the_same_message_waiting(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with deaf_port() as port:
        post = Post(tmp_path, 0, "mailto:legal@example.org", mail_port=port, runner=runner)
        posts.append(post)
        notices = [NOTICE.replace("notice", f"n{number}") for number in range(6)]
        (recipient,) = post.scene.config.recipients
        without = post.scene.text + "".join(notices[:5])
        whole = post.scene.text = without + notices[5]
        post.scene.change(replace(recipient, changes=frozenset()))
        post.scene.look("2030-11-01 12:00")
        post.reopen()
        post.send(DUE)
        assert post.statuses() == {"named": 6, "written": 1}
    sink = MailSink()
    sink.port = port
    with sink:
        post.scene.text = without
        post.send("2030-12-01 10:00")
        post.send("2030-12-01 10:00:30")  # workers that are not to wait may have ended before
        assert [str(mail["subject"])[:11] for mail in sink.messages] == ["5 reminders"]
        post.send("2030-12-01 10:05")
        post.scene.text = whole
        post.send("2030-12-03 10:00")
        post.send("2030-12-03 10:15")

    assert [str(mail["subject"])[:11] for mail in sink.messages] == ["5 reminders", "Notice is d"]
    assert post.statuses() == {"named": 6, "sent": 2}


def test_a_change_while_messages_are_under_way_takes_back_those_that_are_made_already(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with HookSink() as sink:
        sink.hang = threading.Event()
        posts.append(post := Post(tmp_path, 30, sink.url, runner=runner))
        post.scene.look(DUE)
        post.deliverer.wake()
        until(lambda: sink.arrived == WebhookChannel.parallel)
        post.scene.text = post.scene.text.replace("2030-12-31", "2031-06-30")
        post.scene.look("2030-12-01 09:01")
        sink.hang.set()
        post.deliverer.wake()
        post.deliverer.finish()

    under_way = WebhookChannel.parallel
    assert post.statuses() == {"lapsed": 30 - under_way, "sent": under_way + post.readers}


def test_two_processes_on_one_ledger_send_each_message_once(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with HookSink() as sink:
        posts.append(first := Post(tmp_path, 200, sink.url, runner=runner))
        posts.append(second := Post(tmp_path, 200, sink.url, runner=runner))
        for post in (first, second):
            post.scene.look(DUE)
        for post in (first, second):
            post.deliverer.wake()
        for post in (first, second):
            post.deliverer.finish()

        ids = Counter(headers["webhook-id"] for headers, _ in sink.requests)
    assert (first.told, second.told) == ([], [])
    assert (len(ids), max(ids.values())) == (200, 1)
    assert first.statuses() == {"sent": 200}


def test_a_ledger_that_is_locked_loses_nothing(tmp_path: Path, posts: list[Post]) -> None:
    with HookSink() as sink:
        posts.append(post := Post(tmp_path, 20, sink.url))
        file = post.scene.database.file
        assert file is not None
        post.scene.look(DUE)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            post.deliverer.wake()
            post.deliverer.finish()
            other.execute("ROLLBACK")
        assert post.told[0][0] == "another process keeps it locked"
        post.send(DUE)

    ids = Counter(headers["webhook-id"] for headers, _ in sink.requests)
    assert (len(ids), max(ids.values())) == (20, 1)
    assert post.statuses() == {"sent": 20}


def test_a_ledger_that_is_locked_while_messages_are_under_way_sends_none_of_them_twice(
    tmp_path: Path, posts: list[Post]
) -> None:
    def impatient(connection: Any, *_: object) -> None:
        connection.execute("PRAGMA busy_timeout=1")

    with HookSink() as sink:
        sink.hang = threading.Event()
        posts.append(post := Post(tmp_path, 200, sink.url))
        event.listen(post.scene.database.engine, "checkout", impatient)
        impatient(post.outbox.connection.connection.driver_connection)
        file = post.scene.database.file
        assert file is not None
        post.scene.look(DUE)
        post.deliverer.wake()
        until(lambda: sink.arrived == WebhookChannel.parallel)
        with closing(sqlite3.connect(file, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            sink.hang.set()
            post.deliverer.finish()
            under_way = len(sink.requests)
            other.execute("ROLLBACK")

        post.send(DUE)

    ids = Counter(headers["webhook-id"] for headers, _ in sink.requests)
    assert under_way == WebhookChannel.parallel
    assert {reason for reason, _ in post.told} == {"another process keeps it locked"}
    assert (len(ids), max(ids.values())) == (200, 1)
    assert post.statuses() == {"sent": 200}


def test_a_ledger_that_may_only_be_read_sends_nothing_and_loses_nothing(
    tmp_path: Path, posts: list[Post]
) -> None:
    with HookSink() as sink:
        posts.append(post := Post(tmp_path, 10, sink.url))
        post.scene.look(DUE)
        only_read = ["ON"]

        def forbid_writing(connection: Any, *_: object) -> None:
            connection.execute(f"PRAGMA query_only={only_read[0]}")

        event.listen(post.scene.database.engine, "checkout", forbid_writing)
        post.deliverer.wake()
        post.deliverer.finish()
        assert (sink.requests, post.told) == (
            [],
            [("the file can only be read", False)],
        )
        with pytest.raises(LedgerError):
            post.scene.look("2030-12-24 09:00")

        only_read[0] = "OFF"
        post.send("2030-12-24 09:00")

    assert post.statuses() == {"sent": 10, "named": 10}  # those of 30 days, by those of 7


def test_thirty_days_of_running_leave_nothing_behind(tmp_path: Path, posts: list[Post]) -> None:
    import os

    def open_files() -> int:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a number

    with HookSink() as sink:
        posts.append(post := Post(tmp_path, 3, sink.url))
        post.send("2030-12-01 12:00")
        objects: list[int] = []
        files: list[int] = []
        for hour in range(1, 30 * 24):
            if hour % 6 < 5:
                post.pass_time(timedelta(hours=1))
            else:
                post.send(post.scene.now + timedelta(hours=1))
            if hour % 240 == 239:
                collect()
                objects.append(len(get_objects()))
                files.append(open_files())

    assert post.statuses() == {"sent": 12}
    assert objects[-1] - objects[0] < 300
    assert files[-1] <= files[0]
    assert threading.active_count() < 12


@pytest.mark.parametrize("answer", ["451 later", "550 no", "535 5.7.8 wrong password"])
def test_after_an_outage_of_a_server_each_day_is_told_once_by_its_nearest_lead(
    runner: Runner, tmp_path: Path, posts: list[Post], answer: str
) -> None:
    with MailSink() as sink:
        sink.answers = [answer] * 10_000
        posts.append(
            post := Post(
                tmp_path, 3, "mailto:legal@example.org", mail_port=sink.port, runner=runner
            )
        )
        for lead in (DUE, "2030-12-24 09:00", "2030-12-30 09:00"):  # 30 days, 7 days, 1 day
            post.send(lead)
        during = post.statuses()
        sink.answers.clear()
        post.outbox.retry(["a"])
        post.send("2030-12-30 11:00")

    assert during == {"written": 3, "named": 6}
    assert len(sink.messages) == 3
    for message in sink.messages:
        body = message.get_body(("plain",))
        assert body is not None
        assert "tomorrow" in str(message["subject"])
        assert "It stands for these as well: 30 days before, 7 days before." in body.get_content()
