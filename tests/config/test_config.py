"""tracker.toml: what it says, and what is said where it is wrong."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from tracker.config import Config, read_config
from tracker.config.recipients import Defaults
from tracker.files.excerpts import reports
from tracker.files.problems import FileErrors
from tracker.reminders.recipients import Quiet
from tracker.timeline.filters import Where

WHOLE = """\
database = "sqlite:////var/lib/tracker/ledger.sqlite3"
[smtp]
url = "env:SMTP_URL"
from = "tracker@example.org"
[webhook]
secret = "env:WEBHOOK_SECRET"
[heartbeat]
url = "https://monitor.example.org/ping/1"
[web]
url = "https://deadlines.example.org"
public = true
[[recipient]]
name = "legal"
to = ["mailto:legal@example.org", "https://example.org/hook", "ntfy://deadlines", ["notify-send", "-u"]]
timezone = "Europe/Berlin"
at = "09:00"
language = "en"
reminders = ["90 days", "7 days", "0 days", "3 days after", "2 hours"]
changes = ["moved", "withdrawn"]
digest = "weekly on monday"
quiet = "20:00-08:00"
where = { tags = ["ip"], parties = "Microsoft", status = ["may-move"], state = "ahead" }
[[recipient]]
name = "me"
changes = false
"""


@pytest.fixture(autouse=True)
def variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRACKER_DATABASE", raising=False)
    monkeypatch.setenv("SMTP_URL", "smtp://user:p%40ss@mail.example.org")
    monkeypatch.setenv("WEBHOOK_SECRET", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")


def config_of(tmp_path: Path, text: str, sends: bool = True) -> Config:
    file = tmp_path / "tracker.toml"
    file.write_text(text, encoding="utf-8")
    return read_config(file, [], Defaults("Asia/Tokyo", "ja"), sends)


def complaints_about(tmp_path: Path, text: str) -> str:
    with pytest.raises(FileErrors) as refused:
        config_of(tmp_path, text)
    return "\n".join(reports(refused.value.problems, refused.value.texts, "en"))


def test_it_says_who_gets_what_through_what(tmp_path: Path) -> None:
    config = config_of(tmp_path, WHOLE)

    legal, me = config.recipients
    assert [name.partition(":")[0] for name in legal.channels] == [
        "mailto", "https", "ntfy", "command",
    ]  # fmt: skip
    assert (legal.timezone, legal.at, legal.language) == ("Europe/Berlin", time(9), "en")
    assert legal.reminders is not None
    assert [str(lead) for lead in legal.reminders][-2:] == ["3 days after", "2 hours"]
    assert legal.changes == frozenset(("moved", "withdrawn"))
    assert legal.quiet == Quiet(time(20), time(8))
    assert legal.filter.where == Where(("Microsoft",), ("ip",))
    assert (legal.filter.statuses, legal.filter.states) == (("may-move",), ("ahead",))
    assert (me.channels, me.timezone, me.language) == (("terminal",), "Asia/Tokyo", "ja")
    assert (me.changes, me.reminders) == (frozenset(), None)


def test_what_sending_needs_is_read_from_the_environment(tmp_path: Path) -> None:
    sending = config_of(tmp_path, WHOLE).delivery

    assert sending.mail is not None
    assert sending.mail[:5] == ("mail.example.org", 587, False, "user", "p@ss")
    assert config_of(tmp_path, WHOLE).watching.heartbeat == "https://monitor.example.org/ping/1"


def test_who_sends_nothing_needs_no_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SMTP_URL")

    assert config_of(tmp_path, WHOLE, sends=False).delivery.mail is None
    assert "there is no variable SMTP_URL in the environment" in complaints_about(tmp_path, WHOLE)


@pytest.mark.parametrize(
    ("text", "name", "mailbox"),
    [
        ("tracker@example.org", "tracker", "tracker@example.org"),
        ("<tracker@example.org>", "tracker", "tracker@example.org"),
        ("Deadlines <tracker@example.org>", "Deadlines", "tracker@example.org"),
        ("Deadlines, Legal <tracker@example.org>", "Deadlines, Legal", "tracker@example.org"),
        (r"\"Deadlines, \\\"L\\\"\" <t@example.org>", 'Deadlines, "L"', "t@example.org"),
        ("期限のお知らせ <tracker@example.org>", "期限のお知らせ", "tracker@example.org"),
    ],
)
def test_mails_come_from_a_mailbox_with_a_name_or_without(
    tmp_path: Path, text: str, name: str, mailbox: str
) -> None:
    mail = config_of(tmp_path, WHOLE.replace("tracker@example.org", text)).delivery.mail

    assert mail is not None
    assert (mail.sender_name, mail.sender) == (name, mailbox)


@pytest.mark.parametrize(
    ("value", "fail_after"),
    [
        ('"30 minutes"', timedelta(minutes=30)),
        ('"1 hour"', timedelta(hours=1)),
        ('"2 days"', timedelta(days=2)),
        ('"never"', None),
        ("false", None),
    ],
)
def test_after_how_long_undelivered_alerts_are_no_health(
    tmp_path: Path, value: str, fail_after: timedelta | None
) -> None:
    assert config_of(tmp_path, "").watching.fail_after == timedelta(hours=1)
    watching = config_of(tmp_path, f"[health]\nfail_after = {value}\n").watching

    assert watching.fail_after == fail_after


def test_the_fallback_has_addresses_as_a_recipient_has(tmp_path: Path) -> None:
    text = '[fallback]\nto = ["mailto:ops@b.example", ["notify-send"]]\n'
    config = config_of(tmp_path, WHOLE + text)

    assert config.fallback is not None
    assert [name.partition(":")[0] for name in config.fallback.channels] == ["mailto", "command"]
    assert set(config.fallback.channels) <= set(config.addresses)
    assert "fallback" not in [recipient.name for recipient in config.recipients]
    assert config_of(tmp_path, WHOLE.replace('"me"', '"fallback"')).fallback is None


def test_without_a_file_reminders_go_to_the_terminal(tmp_path: Path) -> None:
    config = read_config(None, [tmp_path / "events.toml"], Defaults("Asia/Tokyo", "ja"))

    (alone,) = config.recipients
    assert (alone.channels, alone.at, alone.timezone) == (("terminal",), time(9), "Asia/Tokyo")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"ntfy://deadlines"', '"legal@example.org"', "write  mailto:legal@example.org"),
        ('"ntfy://deadlines"', '"mailto:nobody"', "a mailbox is name@host"),
        ('"ntfy://deadlines"', '"https://"', "behind :// stands no name of a host"),
        ('"ntfy://deadlines"', '"mailto:%00a@b.example"', "a mailbox is name@host"),
        ('"ntfy://deadlines"', '"mailto:a@%1bb.example"', "a mailbox is name@host"),
        (
            'name = "legal"',
            f'name = "{"л" * 101}"',
            "a recipient's name has at most 100 characters",
        ),
        ('["notify-send", "-u"]', "[]", "a program and its arguments"),
        ('"env:SMTP_URL"', '"mail.example.org"', "a mail server is smtp://"),
        ('"env:SMTP_URL"', '"smtp://mail.example.org:x"', "a mail server is smtp://"),
        ('"tracker@example.org"', '"tracker"', "a mailbox is name@host"),
        ('"tracker@example.org"', '"Deadlines <tracker>"', "a mailbox is name@host"),
        (
            '"tracker@example.org"',
            '"Deadlines tracker@example.org"',
            'write  from = "Deadlines <tracker@example.org>"',
        ),
        ('"tracker@example.org"', '"<a@example.org> <b@example.org>"', "a mailbox is name@host"),
        ('"env:WEBHOOK_SECRET"', '"short"', "a secret has 24 characters or more"),
        ('[webhook]\nsecret = "env:WEBHOOK_SECRET"\n', "", "a webhook is signed"),
        ('at = "09:00"', 'at = "21:00"', "which is in the quiet hours"),
        ('at = "09:00"', 'at = "9"', "an hour is HH:MM"),
        ('"20:00-08:00"', '"20-8"', "quiet hours are from one time to another"),
        ('"20:00-08:00"', '"08:00-08:00"', "quiet hours are from one time to another"),
        ('"weekly on monday"', '"monthly on 31"', "a digest is `daily`"),
        ('"weekly on monday"', '"fortnightly"', "a digest is `daily`"),
        ('"moved", "withdrawn"', '"moves"', "`moves` is none of moved, occurred, waits"),
        ('["may-move"]', '["moving"]', "`moving` is none of occurred, never"),
        ('tags = ["ip"]', 'tag = ["ip"]', "tags"),
        ('"3 days after"', '"3 days late"', "3 days"),
        ('name = "me"', 'name = "legal"', "`legal` is the name of another recipient"),
        ('name = "me"\n', "", "name"),
        ('name = "me"\n', 'name = "me"\nwas = "i"\n', "`was` takes a list"),
        ('name = "me"\n', 'name = "me"\nwas = ["legal"]\n', "a recipient that there is"),
        ('name = "me"\n', 'name = "me"\nwas = ["me"]\n', "a recipient that there is"),
        ('name = "me"\n', 'name = "me"\nwas = [""]\n', "is empty"),
        (
            'name = "me"\n',
            'name = "me"\nwas = ["i"]\n[[recipient]]\nname = "she"\nwas = ["i"]\n',
            "`i` was the name of `me`",
        ),
        ("changes = false", "changed = false", "changes"),
        ("[heartbeat]\n", '[health]\nfail_after = "1 hr"\n[heartbeat]\n', '"1 hour", "30 minutes"'),
        ("[heartbeat]\n", "[health]\nfail_after = true\n[heartbeat]\n", '"2 days" or "never"'),
        ("[heartbeat]\n", '[health]\nfail = "1 hour"\n[heartbeat]\n', "fail_after"),
        ("[heartbeat]\nurl", "[heartbeat]\nfail", "url"),
        (
            "[heartbeat]\n",
            '[fallback]\nto = "ops@b.example"\n[heartbeat]\n',
            "mailto:ops@b.example",
        ),
        ("[heartbeat]\n", "[fallback]\n[heartbeat]\n", "to"),
        ("[heartbeat]\n", "[fallback]\nto = []\n[heartbeat]\n", "to"),
        ("[heartbeat]\n", '[fallback]\nname = "ops"\nto = "terminal"\n[heartbeat]\n', "name"),
        (
            'name = "me"',
            'name = "fallback"\n[fallback]\nto = "terminal"\n[[recipient]]\nname = "me"',
            "a recipient cannot be named `fallback`",
        ),
    ],
)
def test_what_is_wrong_is_said_with_its_place(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert old in WHOLE

    text = complaints_about(tmp_path, WHOLE.replace(old, new, 1))

    assert said in text
    assert f"{tmp_path / 'tracker.toml'}:" in text


def test_all_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = complaints_about(
        tmp_path,
        '[[recipient]]\nname = "a"\nto = ["mailto:a@b.example", "x"]\nat = "9"\nquiet = "no"\n',
    )

    assert [line.split(":")[1] for line in text.splitlines() if "tracker.toml:" in line] == [
        "3", "3", "4", "5",
    ]  # fmt: skip


def test_a_secret_is_not_shown_where_its_value_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SMTP_URL", "mail://user:hunter2@host")

    assert "hunter2" not in complaints_about(tmp_path, WHOLE)


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp932", "法務"), ("utf-16", "法務"), ("cp1252", "Bücher")]
)
def test_settings_that_are_not_utf8_are_refused_and_no_name_is_guessed(
    tmp_path: Path, encoding: str, name: str
) -> None:
    file = tmp_path / "tracker.toml"
    file.write_bytes(f'[[recipient]]\nname = "{name}"\n'.encode(encoding))

    with pytest.raises(FileErrors) as refused:
        read_config(file, [tmp_path / "events.toml"], Defaults("UTC", "en"))

    (problem,) = refused.value.problems
    assert problem.diagnostic.case == "not-utf8"


def test_what_visitors_may_take_can_be_set(tmp_path: Path) -> None:
    text = """[web]
url = "https://deadlines.example.org"
proxies = ["10.0.0.0/8", "::1"]
connections = 2000
patience = "1 minute"
page_time = "30 seconds"
"""
    web, without = config_of(tmp_path, text).web, config_of(tmp_path, "").web

    assert [str(network) for network in web.proxies] == ["10.0.0.0/8", "::1/128"]
    assert (web.connections, web.patience, web.page_time) == (2000, 60, 30)
    assert (without.proxies, without.connections) == ((), 500)
    assert (without.patience, without.page_time) == (15, 10)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('proxies = "10.0.0.1"', "is a list"),
        ('proxies = ["10.0.0.7/8"]', "10.0.0.0/8"),
        ('proxies = ["proxy.internal"]', "an address or a network is meant"),
        ("proxies = [10]", "an address or a network is meant"),
        ('proxies = ["fe80::1%eth0/64"]', "an address or a network is meant"),
        ("connections = 5", "from 16 to 100000"),
        ("connections = true", "from 16 to 100000"),
        ('connections = "many"', "from 16 to 100000"),
        ("patience = 15", '"15 seconds"'),
        ('patience = "0 seconds"', '"15 seconds"'),
        ('page_time = "forever"', '"15 seconds"'),
        ('proxy = "10.0.0.1"', "proxies"),
    ],
)
def test_what_visitors_may_take_is_refused_with_what_is_meant(
    tmp_path: Path, line: str, said: str
) -> None:
    assert said in complaints_about(tmp_path, f"[web]\n{line}\n")


@pytest.mark.parametrize(
    ("web", "lacks"),
    [
        ('url = "https://a.example"', True),
        ('url = "https://a.example"\nproxies = ["127.0.0.1"]', False),
        ('url = "http://a.example"', False),
        ("public = true", False),
    ],
)
def test_an_address_with_https_needs_something_in_front(
    tmp_path: Path, web: str, lacks: bool
) -> None:
    assert config_of(tmp_path, f"[web]\n{web}\n").web.lacks_proxies is lacks
