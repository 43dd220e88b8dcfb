"""What the log says of deliveries: which alert, to whom, why, when again, and that it works again."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.alerts.servers import HookSink, MailSink, deaf_port
from tests.reminders.scene import HEAD, NOTICE, at
from tracker import clock
from tracker.config import Config
from tracker.config.addresses import Address, read_address
from tracker.config.sending import DeliverySettings, MailServer
from tracker.i18n.translate import Language
from tracker.reminders.recipients import Recipient
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.database import Database

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DUE = at("2030-12-24 08:00")  # 09:00 in Berlin, 7 days before
HOUR = timedelta(hours=1)


class Logged:
    """A process whose log is read, by a clock that tests move."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = at("2030-11-01 12:00")
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "today", lambda _zone: self.now.date())
        monkeypatch.setattr(clock, "steady", self._steady)
        self.out = io.StringIO()
        self._seconds = 0.0
        self._folder = folder
        self.process: Process | None = None

    def _steady(self) -> float:
        self._seconds += 10  # each look is one
        return self._seconds

    def begin(
        self, *texts: str, mail_port: int = 0, language: Language = "en", as_json: bool = False
    ) -> None:
        self.close()
        file = self._folder / "events.toml"
        file.write_text(HEAD + NOTICE, encoding="utf-8")
        own = [read_address(text, ()) for text in texts]
        addresses = {each.name: each for each in own if isinstance(each, Address)}
        person = Recipient("legal", "Europe/Berlin", channels=tuple(addresses))
        url = f"sqlite:///{self._folder / 'ledger.sqlite3'}"
        server = MailServer("127.0.0.1", mail_port, False, None, None, "t@example.org")
        delivery = DeliverySettings(server, SECRET)
        config = Config(url, (person,), None, frozenset(), None, addresses, delivery)
        log = Log(language, as_json, self.out)
        self.process = Process(build_parts([file], config, Database(url), log))
        self.process.once()

    def lines(self, moment: str | None = None) -> list[str]:
        """What is logged by the deliveries of that moment."""
        assert self.process is not None
        self.out.truncate(0)
        self.out.seek(0)
        if moment is not None:
            self.now = at(moment)
            self.process.once()
        return self.out.getvalue().splitlines()

    def close(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None


@pytest.fixture
def logged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Logged]:
    logged = Logged(tmp_path, monkeypatch)
    yield logged
    logged.close()


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


LEGAL = "mailto:legal@example.org"


def test_an_alert_that_is_refused_is_named_once_and_so_is_that_it_works_again(
    logged: Logged, sink: MailSink
) -> None:
    logged.begin(LEGAL, mail_port=sink.port)
    sink.answers = ["550 no such user"] * 2
    first = logged.lines("2030-12-24 08:00")
    second = logged.lines("2030-12-24 08:01")
    third = logged.lines("2030-12-24 10:10")

    (line,) = first
    assert line.startswith("Notice is due, ")
    assert "(notice, 7 days before) to legal by mail to legal@example.org: not delivered" in line
    assert "tried again at 09:00:10: " in line  # by the clock of who gets it
    assert "550 no such user" in line
    assert second == []
    assert third == ["mail to legal@example.org works again: an alert delivered after 2 h 10 min"]


def test_what_is_given_up_is_named(logged: Logged, sink: MailSink) -> None:
    logged.begin(LEGAL, mail_port=sink.port)
    sink.answers = ["550 no"] * 1000
    logged.lines("2030-12-24 08:00")
    for hour in range(1, 60):
        logged.now = DUE + hour * HOUR
        logged.process.once() if logged.process else None
    text = logged.out.getvalue()

    assert text.count("not delivered, and tried again") == 1
    assert text.count("given up (tracker alerts retry takes it up again)") == 1
    assert "works again" not in text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_a_receiver_that_is_gone_makes_fail_is_named_and_said_to_be_given_up_at_once(
    logged: Logged, language: Language
) -> None:
    with HookSink() as hook:
        hook.judge, hook.refusal = lambda _body: "", 410
        logged.begin(hook.url, language=language)
        first = logged.lines("2030-12-24 08:00")
        later = logged.lines("2031-01-01 08:00")  # what falls due then fails unasked

    (line,) = first
    assert "Notice is due" in line
    assert "(410)" in line
    assert "tracker alerts retry" in line
    for said in (line, *later):
        assert ("at once" if language == "en" else "ただちに") in said
        assert ("two days" if language == "en" else "2日間") not in said
    assert len(later) == 1


def test_a_server_that_is_away_is_one_line_with_what_waits(logged: Logged) -> None:
    logged.begin(LEGAL, mail_port=9)
    first = logged.lines("2030-12-24 08:00")
    later = logged.lines("2030-12-24 08:30")

    (line,) = first
    assert line.startswith("mail to legal@example.org: nothing gets through, and is tried again: ")
    assert "Notice is due, " in line
    assert later == []


def test_what_lapses_or_is_dropped_meanwhile_is_no_recovery(logged: Logged, sink: MailSink) -> None:
    logged.begin(LEGAL, mail_port=sink.port)
    sink.answers = ["550 no"] * 1000
    logged.lines("2030-12-24 08:00")
    assert logged.process is not None
    with logged.process.parts.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alert SET status = 'lapsed' WHERE attempts > 0")

    assert logged.lines("2030-12-24 09:00") == []


def test_programs_have_each_part_by_name_and_no_secret(logged: Logged) -> None:
    with HookSink() as hook:
        hook.answers = [(500, {})]
        secret = f"{hook.url}?token=s3cr3t-of-the-hook"
        logged.begin(secret, as_json=True)
        lines = logged.lines("2030-12-24 08:00") + logged.lines("2030-12-24 09:00")

    assert "s3cr3t" not in "".join(lines)
    entries: list[dict[str, Any]] = [json.loads(line) for line in lines]
    failed = next(entry for entry in entries if entry["event"] == "run.not-sent")
    again = next(entry for entry in entries if entry["event"] == "run.works-again")
    assert failed["level"] == "warning"
    assert (failed["recipient"], failed["kind"], failed["about"]) == (
        "legal",
        "reminder",
        "a/notice",
    )
    assert (failed["counts_to"], failed["lead"]) == ("2030-12-31", "7 days")
    assert failed["next_try"] == "2030-12-24T08:00:10+00:00"
    assert len(failed["channels"]) == 1
    assert failed["channels"][0] == again["channel"]
    assert (again["count"], again["seconds"]) == (1, 3600)


def test_what_was_missed_already_is_said_at_the_start_and_its_end_is_told(
    logged: Logged, sink: MailSink
) -> None:
    logged.begin(LEGAL, mail_port=sink.port)
    sink.answers = ["550 no"] * 1000
    logged.lines("2030-12-24 08:00")
    logged.begin(LEGAL, mail_port=sink.port)
    assert logged.process is not None
    logged.lines()
    logged.process.parts.watch.look_now()
    logged.process.parts.delivery_log.log_what_was_there()
    at_start = logged.out.getvalue()
    sink.answers = []
    after = logged.lines("2030-12-24 12:00")

    assert at_start.startswith("an alert to legal could not be delivered by mail to legal@example")
    assert "since 2030-12-24 09:00: " in at_start
    assert after == ["mail to legal@example.org works again: an alert delivered after 4 h 0 min"]


def test_each_mailbox_behind_a_server_that_was_away_works_again(logged: Logged) -> None:
    with deaf_port() as port:
        logged.begin(LEGAL, "mailto:me@example.org", mail_port=port)
        first = logged.lines("2030-12-24 08:00")
        logged.lines("2030-12-24 09:00")
    sink = MailSink()
    sink.port = port
    with sink:
        after = logged.lines("2030-12-24 12:00")

    assert len(first) == 1  # that the server is away is one line
    assert sorted(after) == [
        f"mail to {name}@example.org works again: an alert delivered after 4 h 0 min"
        for name in ("legal", "me")
    ]


def test_a_run_that_ends_by_itself_says_that_what_an_earlier_one_could_not_send_has_arrived(
    logged: Logged, sink: MailSink
) -> None:
    logged.begin(LEGAL, mail_port=sink.port)
    sink.answers = ["550 no"] * 1000
    logged.lines("2030-12-24 08:00")
    sink.answers = []
    logged.now = at("2030-12-24 12:00")
    logged.lines()
    logged.begin(LEGAL, mail_port=sink.port)  # and does what is due once, as from a cron

    assert logged.out.getvalue().splitlines() == [
        "mail to legal@example.org works again: an alert delivered after 4 h 0 min"
    ]
