"""`tracker doctor` asks those who are to take messages, and sends none; a full disk it finds too."""

from __future__ import annotations

import json
import os
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
import trustme
from sqlalchemy import event
from standardwebhooks import Webhook as Verifier

from tests.alerts.scripted_mail import ScriptedMail
from tests.alerts.servers import HookSink, MailSink, deaf_port
from tests.end_to_end.processes import environment
from tests.store.databases import Server
from tracker.config import Config, read_config
from tracker.config.recipients import Defaults
from tracker.files.loading import read
from tracker.service import inquiries, sample_alert
from tracker.service.findings import Finding
from tracker.service.inquiries import Inquiries
from tracker.service.sample_alert import send_sample
from tracker.store.database import Database, LedgerError
from tracker.store.write_check import check_writing
from tracker.timeline.resolver import resolve

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
AWAY = "127.0.0.2"  # this machine too, by a name that counts as another


def ask(home: Path, to: list[Any], *settings: str, language: str = "en") -> list[Finding]:
    """What is said of those addresses of one recipient."""
    return list(Inquiries(configure(home, to, *settings), language).findings())


def configure(
    home: Path, to: list[Any], smtp: str = "smtp://127.0.0.1:9", more: str = ""
) -> Config:
    file = home / "tracker.toml"
    file.write_text(
        f'[smtp]\nurl = "{smtp}"\nfrom = "tracker@example.org"\n[webhook]\nsecret = "{SECRET}"\n'
        f'{more}[[recipient]]\nname = "legal"\nto = {json.dumps(to)}\n',
        encoding="utf-8",
    )
    return read_config(file, [home / "events.toml"], Defaults("UTC", "en"))


# -- webhooks

ANSWERS = [
    # status, location, whether it is in order, what is said, what to do
    ((200, ""), True, "is there", "Only a message shows"),
    ((204, ""), True, "is there", "Only a message shows"),
    ((405, ""), True, "is there", "Only a message shows"),
    ((501, ""), True, "is there", "Only a message shows"),
    ((400, ""), True, "is there", "Only a message shows"),
    ((410, ""), False, "no more of it is wanted there (410)", "or take it out"),
    ((401, ""), False, "is not accepted there (401)", "Correct the secret"),
    ((301, "https://hooks.example.org/abc"), False, "has moved to https://hooks.example.org/… (301)", "no redirect"),
    ((302, "/login?secret=abcdef"), False, "has moved to http://127.0.0.1:", "no redirect"),
    ((307, ""), False, "has moved (307): write the new one", "no redirect"),
    ((308, "//other.example"), False, "has moved to http://other.example/ (308)", "no redirect"),
    ((502, ""), False, "does not work (502)", "has to mend it"),
    ((503, ""), False, "is overloaded or down (503)", "has to mend it"),
    ((504, ""), False, "does not answer (504)", "has to mend it"),
    ((521, ""), False, "a fault of its own (521)", "has to mend it"),
    ((451, ""), False, "for legal reasons (451)", "has to mend it"),
    ((418, ""), False, "does not accept it (418)", "has to mend it"),
    ((403, ""), True, "access is refused there (403)", "Some receivers answer so"),
    ((404, ""), True, "there is no such address there (404)", "Some receivers answer so"),
    ((429, ""), True, "too much was sent at once (429)", "Some receivers answer so"),
    ((500, ""), True, "a fault of its own (500)", "Some receivers answer so"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "ok", "said", "advice"), ANSWERS, ids=[str(row[0][0]) for row in ANSWERS]
)
def test_what_a_receiver_answers_is_said_with_what_to_do(
    tmp_path: Path, answer: tuple[int, str], ok: bool, said: str, advice: str
) -> None:
    status, location = answer
    with HookSink() as sink:
        sink.to_options = (status, {"location": location} if location else {})
        (finding,) = ask(tmp_path, [f"{sink.url}/topsecret"])

        assert finding.ok == ok
        assert finding.note == (ok and "Some receivers" in advice)
        assert said in finding.text
        assert advice in (finding.advice or "")
        assert "within reach" not in finding.text
        assert "secret" not in finding.text.replace("the secret, or", "")
        assert sink.requests == []
        (headers,) = sink.asked
        at = datetime.fromtimestamp(int(headers["webhook-timestamp"]), UTC)
        signed = Verifier(SECRET).sign(headers["webhook-id"], at, "")
        assert headers["webhook-signature"] == signed


def test_a_receiver_that_nobody_runs_or_that_is_no_web_server_is_said_to_be_so(
    tmp_path: Path,
) -> None:
    with deaf_port() as port, MailSink() as mail:
        findings = ask(
            tmp_path,
            [
                f"http://127.0.0.1:{port}/",
                f"http://127.0.0.1:{mail.port}/",
                "https://nowhere.invalid/",
            ],
        )

    texts = [finding.text.partition(": ")[2] for finding in findings]
    assert [finding.ok for finding in findings] == [False, False, False]
    assert texts[:2] == [
        f"connection refused: nothing listens at 127.0.0.1:{port}",
        f"127.0.0.1:{mail.port} ended the connection before it had answered",
    ]
    assert "nowhere.invalid" in texts[2]


# -- mail


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate, whose authority this process trusts."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(AWAY).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


TO = ["mailto:legal@example.org", "mailto:board@example.org"]


def test_a_mail_server_is_asked_for_encryption_for_the_login_and_for_each_mailbox(
    tmp_path: Path, certificates: ssl.SSLContext
) -> None:
    with MailSink(AWAY, certificates, False, ("tracker", "right")) as sink:
        (finding,) = ask(tmp_path, TO, f"smtp://tracker:right@{AWAY}:{sink.port}")

        expected = f"smtp://{AWAY}:{sink.port}: takes mail to legal@example.org, board@example.org"
        assert finding == Finding("channel", True, expected)
        assert (sink.logins, sink.messages, sink.connections) == (1, [], 1)


def test_a_wrong_password_is_tried_once(tmp_path: Path, certificates: ssl.SSLContext) -> None:
    with MailSink(AWAY, certificates, False, ("tracker", "right")) as sink:
        (finding,) = ask(tmp_path, TO, f"smtp://tracker:wrong-one@{AWAY}:{sink.port}")

        assert not finding.ok
        assert (
            "does not take the user name and password; in its own words: “535 5.7.8 "
            in finding.text
        )
        assert "smtp.url" in (finding.advice or "")
        assert "wrong-one" not in str(finding)
        assert sink.refused_logins == 1


def test_a_server_without_encryption_or_with_an_unknown_certificate_is_said_to_be_so(
    tmp_path: Path, certificates: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailSink(AWAY) as bare, MailSink(AWAY, certificates) as sink:
        (without,) = ask(tmp_path, TO, f"smtp://{AWAY}:{bare.port}")
        monkeypatch.delenv("SSL_CERT_FILE")
        (unknown,) = ask(tmp_path, TO, f"smtp://{AWAY}:{sink.port}")

        assert "offers no encryption (STARTTLS)" in without.text
        assert "smtps://" in (without.advice or "")
        assert "the certificate is signed by nobody known here" in unknown.text
        assert "SSL_CERT_FILE" in (unknown.advice or "")
        assert (without.ok, unknown.ok) == (False, False)


@pytest.mark.parametrize(
    ("answer", "ok", "said"),
    [
        ("550 5.1.1 User unknown", False, "there is no mailbox leagl@example.org"),
        ("550 no", False, "the mail server does not take mail to leagl@example.org"),
        ("552 5.2.2 Over quota", False, "the mailbox leagl@example.org is full"),
        ("451 4.7.1 Greylisted", True, "the mail server takes no mail to leagl@example.org now"),
    ],
)
def test_a_mailbox_that_is_mistyped_is_named_and_the_others_are_in_order(
    tmp_path: Path, answer: str, ok: bool, said: str
) -> None:
    with MailSink() as sink:
        sink.to_mailbox = {"leagl@example.org": answer}
        to = ["mailto:leagl@example.org", "mailto:board@example.org"]
        fine, finding = ask(tmp_path, to, f"smtp://127.0.0.1:{sink.port}")

        assert fine.text.endswith("takes mail to board@example.org")
        assert (finding.ok, finding.note) == (ok, ok)
        assert finding.text == f"mailto:leagl@example.org: {said}; in its own words: “{answer}”"
        assert finding.advice
        assert sink.messages == []


@pytest.mark.parametrize(
    ("command", "answer", "said", "advice"),
    [
        ("greeting", "421 4.3.2 Service shutting down", "is not available now", "has to mend it"),
        ("RCPT", "550 5.7.1 <legal@example.org>: Relay access denied", "does not allow mail from here", "of smtp.url right?"),
        ("RCPT", "554 relaying is not permitted", "does not allow mail from here", "of smtp.url right?"),
        ("RCPT", "550 5.1.1 User unknown", "there is no mailbox", "Correct the address"),
        ("RCPT", "450 4.2.0 Greylisted", "takes no mail to legal@example.org now", "put off whom they do not know yet"),
        ("AUTH", "535 5.7.8 no", "does not take the user name", "Correct the user name and the password"),
        ("AUTH", "535 5.7.139 SmtpClientAuthentication is disabled", "does not let this account log in", "Whoever runs the mail server"),
        ("AUTH", "534 5.7.9 Application-specific password required", "does not let this account log in", "an app password"),
        ("EHLO", "250 here", "offers no login", "587"),
        ("EHLO", "250-here\r\n250 AUTH GSSAPI", "in a way that is known here", "PLAIN, LOGIN and CRAM-MD5"),
    ],
)  # fmt: skip
def test_what_a_mail_server_does_not_do_is_said_with_what_mends_it(
    tmp_path: Path, command: str, answer: str, said: str, advice: str
) -> None:
    with ScriptedMail() as mail:
        mail.password = "right-one"
        mail.script[command] = answer
        url = f"smtp://tracker:right-one@127.0.0.1:{mail.port}"
        finding = ask(tmp_path, ["mailto:legal@example.org"], url)[-1]

    assert said in finding.text
    assert advice in (finding.advice or "")


def test_a_mail_server_that_takes_nobody_is_said_to_with_its_words(tmp_path: Path) -> None:
    with HookSink() as sink, _greeting_server(b"554 no service for you\r\n") as port:
        (refused,) = ask(tmp_path, TO, f"smtp://127.0.0.1:{port}")
        (not_mail,) = ask(tmp_path, TO, f"smtps://127.0.0.1:{sink.url.split(':')[2][:-5]}")

    assert refused.text.endswith(
        "the mail server lets nobody in from here; in its own words: “554 no service for you”"
    )
    assert "no TLS is spoken there" in not_mail.text


# -- commands, services, the monitor


def test_a_command_has_to_be_there_and_executable(tmp_path: Path) -> None:
    script = tmp_path / "notify"
    script.write_text("#!/bin/sh\n", encoding="utf-8")
    script.chmod(0o644)
    missing, forbidden, there = ask(
        tmp_path, [["/no/such/program"], [str(script)], [sys.executable, "-V"]]
    )

    assert "there is no program /no/such/program" in missing.text
    assert f"{script} may not be run" in forbidden.text
    assert "whole path in `to` of legal" in (missing.advice or "")
    assert [missing.ok, forbidden.ok, there.ok] == [False, False, True]


def test_a_service_is_not_asked_by_a_message_but_its_server_has_to_be_there(tmp_path: Path) -> None:
    with deaf_port() as port, HookSink() as sink:
        down, there = ask(
            tmp_path,
            [f"gotify://127.0.0.1:{port}/a-secret-token", sink.url.replace("http", "json")],
        )

        assert not down.ok
        assert "connection refused" in down.text
        assert there.ok
        assert "tracker alerts test legal" in (there.advice or "")
        assert (sink.requests, sink.asked) == ([], [])


def test_the_monitor_gets_no_sign_of_life_from_the_doctor(tmp_path: Path) -> None:
    with HookSink() as sink, deaf_port() as port:
        beat = f'[heartbeat]\nurl = "{sink.url}"\nfail = "http://127.0.0.1:{port}/fail"\n'
        (finding,) = ask(tmp_path, ["terminal"], "smtp://127.0.0.1:9", beat)[1:]

        assert finding.text.startswith(f"127.0.0.1:{port}: connection refused")
        assert (finding.check, finding.ok, sink.pings) == ("heartbeat", False, [])


def test_a_channel_of_the_fallback_is_asked_too_and_named(tmp_path: Path) -> None:
    with deaf_port() as port:
        fallback = f'[fallback]\nto = ["http://127.0.0.1:{port}/x", ["/no/such/program"]]\n'
        findings = ask(tmp_path, ["terminal"], "smtp://127.0.0.1:9", fallback)

    assert sorted(finding.ok for finding in findings) == [False, False, True]
    assert any("in `to` of [fallback]" in (finding.advice or "") for finding in findings)


# -- how long it takes


def test_what_hangs_is_asked_with_all_others_and_given_up_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiries, "PATIENCE", 1.0)
    with _silent_server() as first, _silent_server() as second, MailSink() as sink:
        to = [f"http://127.0.0.1:{first}/a", f"http://127.0.0.1:{second}/b", TO[0]]
        before = time.monotonic()
        findings = ask(tmp_path, to, f"smtp://127.0.0.1:{sink.port}")
        took = time.monotonic() - before

    assert took < 5
    assert [finding.ok for finding in findings] == [False, False, True]
    assert findings[0].text.endswith(": no answer within 1 second")


def _silent_server() -> AbstractContextManager[int]:
    """One that takes connections, and says nothing."""
    return _greeting_server(b"")


def test_a_sample_waits_for_no_server_as_long_as_an_alert_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sample_alert, "PATIENCE", 0.5)
    with _silent_server() as port:
        config = configure(tmp_path, [TO[0], "terminal"], f"smtp://127.0.0.1:{port}")
        events = tmp_path / "events.toml"
        events.write_text(
            'id = "lease"\n[[event]]\nid = "x"\ntitle = "X"\nwhen = "2099-01-01"\n',
            encoding="utf-8",
        )
        agreements, _ = read([str(events)], [events.read_bytes()])
        timeline = resolve(agreements, date(2030, 1, 1))
        results = list(send_sample(config, timeline, "legal", "ja"))

    assert results == [(TO[0], "1秒以内に応答がありません"), ("terminal", None)]


@contextmanager
def _greeting_server(greeting: bytes) -> Iterator[int]:
    """One that says that to whoever connects, and nothing more."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        kept = []

        def serve() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                except OSError:
                    return
                connection.sendall(greeting)
                kept.append(connection)

        Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
    for connection in kept:
        connection.close()


# -- the ledger


def test_a_ledger_with_no_room_left_is_found_by_writing_and_is_as_it_was(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'ledger.sqlite3'}")
    with closing(database):
        check_writing(database)
        before = sorted(file.name for file in tmp_path.iterdir())

        def keep_small(connection: Any, *_: object) -> None:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count={pages + 1}")

        event.listen(database.engine, "checkout", keep_small)
        with pytest.raises(LedgerError) as full:
            check_writing(database)

        assert full.value.reason.text("en") == "the disk has no room left"
        assert full.value.reason.text("ja") == "ディスクに空きがありません"
        with database.transaction() as connection:
            names = connection.exec_driver_sql("SELECT name FROM secret WHERE name LIKE 'check%'")
            assert names.all() == []
        assert sorted(file.name for file in tmp_path.iterdir()) == before


def test_a_server_that_takes_no_changes_is_found_by_writing(postgresql: Server) -> None:
    url = postgresql.database()
    database = Database(url)
    with closing(database):
        check_writing(database)
        with database.transaction() as connection:
            assert connection.exec_driver_sql("SELECT count(*) FROM secret").scalar() == 0
            name = connection.exec_driver_sql("SELECT current_database()").scalar()
            connection.exec_driver_sql(
                f"ALTER DATABASE {name} SET default_transaction_read_only = on"
            )

    with closing(Database(url)) as database, pytest.raises(LedgerError) as refused:
        check_writing(database)

    assert refused.value.reason.case == "db-standby"


def test_a_disk_on_which_no_file_can_grow_is_found_although_the_ledger_opens(
    tmp_path: Path,
) -> None:
    file = tmp_path / "ledger.sqlite3"
    Database(f"sqlite:///{file}").close()
    most = file.stat().st_size + 100_000
    program = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}));"
        "from tracker.store.database import Database, LedgerError;"
        "from tracker.store.write_check import check_writing;"
        "database = Database(sys.argv[1])\n"
        "try: check_writing(database)\n"
        "except LedgerError as error: print(error.reason.case)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{file}"],
        capture_output=True,
        text=True,
        env={**environment(tmp_path), "PYTHONPATH": os.getcwd()},  # noqa: PTH109
        check=False,
    )

    assert done.stderr == ""
    assert done.stdout.strip() in ("disk-fault", "no-room", "too-large-file")
