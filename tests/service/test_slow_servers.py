"""Servers that take their time, stops meanwhile, and a ledger that fails while messages go out."""

from __future__ import annotations

import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from tests.alerts.servers import HookSink, MailSink
from tests.end_to_end.processes import until
from tests.service.test_delivery import DUE, Post, Runner, ids_of

SLOW, FAST = "mailto:slow@example.org", "mailto:fast@example.org"


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes a moment counts as slow."""
    monkeypatch.setattr("tracker.alerts.smtp_connections.SLOW", 0.1)
    monkeypatch.setattr("tracker.alerts.thread_delivery._SLOW", 0.1)
    monkeypatch.setattr("tracker.alerts.job_delivery._SLOW", 2.0)
    for module in ("thread_delivery", "job_delivery"):
        monkeypatch.setattr(f"tracker.alerts.{module}.PATIENCE", 0.2)


def test_a_mailbox_whose_server_takes_its_time_gets_each_mail_once_and_holds_up_no_other(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as sink:
        sink.slow = {"slow@example.org"}
        post = Post(tmp_path, 30, SLOW, FAST, mail_port=sink.port, runner=runner)
        posts.append(post)
        post.scene.look(DUE)
        post.deliverer.wake()
        until(lambda: sink.recipients == ["fast@example.org"] * 30)
        assert sink.waiting == 1
        sink.go.set()
        post.deliverer.finish()
        while post.statuses() != {"sent": 60}:
            post.send(post.scene.now + timedelta(seconds=20))

    assert (len(sink.messages), len(set(ids_of(sink)))) == (60, 60)
    assert post.told == []


def test_what_falls_due_while_a_mail_waits_for_its_answer_goes_out_at_once(
    tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as sink:
        sink.slow = {"slow@example.org"}
        posts.append(post := Post(tmp_path, 1, SLOW, FAST, mail_port=sink.port))
        post.scene.look(DUE)
        post.deliverer.wake()
        until(lambda: (sink.waiting, len(sink.messages)) == (1, 1))
        post.scene.look("2030-12-24 09:00")
        post.deliverer.wake()
        until(lambda: len(sink.messages) == 2)
        sink.go.set()
        post.deliverer.finish()

    assert post.statuses() == {"sent": 4}


def test_a_stop_waits_for_no_slow_server_and_what_is_unanswered_goes_out_again(
    runner: Runner, tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as sink:
        sink.slow = {"slow@example.org"}
        post = Post(tmp_path, 3, SLOW, mail_port=sink.port, runner=runner)
        posts.append(post)
        post.scene.look(DUE)
        post.deliverer.wake()
        until(lambda: sink.waiting == 1)
        began = time.monotonic()
        post.stop()
        took = time.monotonic() - began
        assert post.statuses() == {"written": 3}
        sink.go.set()
        post.open()
        post.send(post.scene.now + timedelta(seconds=20))

    assert took < 8
    assert post.statuses() == {"sent": 3}
    ids = Counter(ids_of(sink))
    assert (len(ids), sum(ids.values()) <= 4) == (3, True)


# -- a ledger that fails


@contextmanager
def full_disk(post: Post, first: int, times: int) -> Iterator[list[str]]:
    """From its n-th change on, so many changes of the ledger fail."""
    changes: list[str] = []

    def fail(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("UPDATE"):
            changes.append(statement)
            if first <= len(changes) < first + times:
                error = sqlite3.OperationalError("database or disk is full")
                raise OperationalError(statement, {}, error)

    event.listen(post.scene.database.engine, "before_cursor_execute", fail)
    yield changes
    event.remove(post.scene.database.engine, "before_cursor_execute", fail)


def _script(folder: Path) -> str:
    return f"import sys; open({str(folder / 'out')!r}, 'a').write(sys.stdin.readline())"


@pytest.mark.parametrize("channel", ["mail", "webhook", "service", "command"])
@pytest.mark.parametrize(("first", "times"), [(1, 1), (2, 1), (3, 2), (4, 1), (2, 6)])
def test_a_disk_that_is_full_for_a_while_costs_no_message_and_repeats_none_that_was_answered(
    channel: str, first: int, times: int, tmp_path: Path, posts: list[Post]
) -> None:
    with MailSink() as mail, HookSink() as hook:
        command = [sys.executable, "-c", _script(tmp_path)]
        to: dict[str, str | list[str]] = {
            "mail": FAST,
            "webhook": hook.url,
            "service": hook.url.replace("http", "json"),
            "command": command,
        }
        count = 4 if channel == "command" else 20
        posts.append(post := Post(tmp_path, count, to[channel], mail_port=mail.port))
        post.scene.look(DUE)
        with full_disk(post, first, times) as changes:
            while len(changes) < first + times:
                post.deliverer.wake()
                post.deliverer.finish()
        post.send(DUE)
        arrived: dict[str, Callable[[], int]] = {
            "mail": lambda: len(mail.messages),
            "webhook": lambda: len(hook.requests),
            "service": lambda: len(hook.requests),
            "command": lambda: len((tmp_path / "out").read_text("utf-8").splitlines()),
        }

        assert post.statuses() == {"sent": count}
        assert arrived[channel]() == count
    assert {reason for reason, _ in post.told} == {"the disk has no room left"}


def test_a_report_that_cannot_be_written_ends_no_channel(
    tmp_path: Path, posts: list[Post], monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailSink() as sink:
        sink.answers = ["451 later"]
        posts.append(post := Post(tmp_path, 5, FAST, mail_port=sink.port))
        reports: list[str] = []

        def cannot_report(_sender: object, *_: object) -> None:
            reports.append("lost")
            raise OSError(28, "No space left on device")

        monkeypatch.setattr("tracker.alerts.delivery.ChannelSender.retry_later", cannot_report)
        post.send(DUE)
        monkeypatch.undo()
        post.send(post.scene.now + timedelta(minutes=1))

    assert reports == ["lost"]
    assert post.statuses() == {"sent": 5}
    assert len(sink.messages) == 5
