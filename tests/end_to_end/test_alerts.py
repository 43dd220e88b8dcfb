"""`tracker alerts` and `tracker doctor`, as people use them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink, MailSink, deaf_port
from tests.end_to_end.processes import tracker

EVENTS = """\
id = "lease"
title = { en = "The lease", ja = "賃貸借契約" }
timezone = "Europe/Berlin"
reminders = ["30 days", "7 days", "0 days"]

[[event]]
id = "notice"
title = { en = "Notice is due", ja = "通知の期限" }
when = "2030-12-31"

[[event]]
id = "term"
title = "The term"
starts = 2020-01-01
ends = 2031-01-15
"""
NOW = "2030-12-01 12:00:00"
SETTINGS = """\
[smtp]
url = "smtp://127.0.0.1:PORT"
from = "tracker@example.org"
[webhook]
secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
[[recipient]]
name = "legal"
to = ["mailto:legal@example.org", "HOOK"]
timezone = "America/New_York"
[[recipient]]
name = "東京"
timezone = "Asia/Tokyo"
language = "ja"
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "events.toml").write_text(EVENTS, encoding="utf-8")
    settings(tmp_path)
    return tmp_path


def settings(home: Path, port: int = 9, hook: str = "https://example.org/hook") -> None:
    text = SETTINGS.replace("PORT", str(port)).replace("HOOK", hook)
    (home / "tracker.toml").write_text(text, encoding="utf-8")


def ask(home: Path, *arguments: str, at: str = NOW) -> subprocess.CompletedProcess[str]:
    return tracker(*arguments, "-f", str(home / "events.toml"), home=home, at=at)


def test_list_says_what_will_go_out_to_whom_and_when_where_they_are(home: Path) -> None:
    listed = ask(home, "alerts", "list", "--days", "31")

    assert listed.returncode == 0
    assert listed.stdout.splitlines() == [
        "In the last 31 days nothing went out.",
        "The next 31 days:",
        "  2030-12-01 09:00  legal  planned  Notice is due, Tuesday, 31 December 2030 [30 days before]",
        "  2030-12-16 09:00  東京   planned  The term: end, Wednesday, 15 January 2031 [30 days before]",
        "  2030-12-16 09:00  legal  planned  The term: end, Wednesday, 15 January 2031 [30 days before]",
        "  2030-12-24 09:00  東京   planned  Notice is due, Tuesday, 31 December 2030 [7 days before]",
        "  2030-12-24 09:00  legal  planned  Notice is due, Tuesday, 31 December 2030 [7 days before]",
        "  2030-12-31 09:00  東京   planned  Notice is due, Tuesday, 31 December 2030 [on the day]",
        "  2030-12-31 09:00  legal  planned  Notice is due, Tuesday, 31 December 2030 [on the day]",
    ]


def test_list_says_what_went_and_what_failed(home: Path) -> None:
    with HookSink() as hook, deaf_port() as port:
        settings(home, port, hook.url)
        ask(home, "run", "--until-idle", at="2030-11-30 12:00:00")
        sent = ask(home, "run", "--until-idle", at="2030-12-01 16:00:00")
        assert sent.returncode == 1  # for who runs it from a cron or a timer
        channel = "mail to legal@example.org: nothing gets through, and is tried again: "
        waits = "Notice is due, Tuesday, 31 December 2030 (notice, 30 days before) to legal waits"
        assert f"{channel}connection refused" in sent.stderr
        assert waits in sent.stderr
        assert "an alert could not be delivered (tracker alerts list shows which)" in sent.stderr

        listed = ask(home, "alerts", "list", "--json", at="2030-12-01 16:01:00")

    rows = json.loads(listed.stdout)
    went = [row for row in rows if row["status"] != "planned"]
    assert [
        (row["recipient"], row["channels"][0].split(":")[0], row["status"]) for row in went
    ] == [
        ("東京", "terminal", "sent"),
        ("legal", "mailto", "written"),
        ("legal", "http", "sent"),
    ]
    assert went[1]["error"] == f"connection refused: nothing listens at 127.0.0.1:{port}"
    assert went[1]["due"] == "2030-12-01T09:00:00-05:00"
    assert {frozenset(row) for row in rows} == {frozenset(rows[0])}


def test_retry_takes_up_what_has_failed(home: Path) -> None:
    with HookSink() as hook, deaf_port() as port:
        settings(home, port, hook.url)
        ask(home, "run", "--until-idle", at="2030-11-30 12:00:00")
        ask(home, "run", "--until-idle", at="2030-12-01 16:00:00")
    mail = MailSink()
    mail.port = port
    with mail:
        retried = ask(home, "alerts", "retry", at="2030-12-01 16:00:05")
        ask(home, "run", "--until-idle", at="2030-12-01 16:00:06")

    assert retried.stderr == "1 alert is taken up again by tracker run, or a worker\n"
    assert len(mail.messages) == 1


def test_a_sample_goes_out_through_each_channel_and_is_written_down_nowhere(home: Path) -> None:
    with HookSink() as hook, MailSink() as mail:
        settings(home, mail.port, hook.url)
        done = ask(home, "alerts", "test", "legal")
        listed = ask(home, "alerts", "list", "--json")

    assert done.returncode == 0
    assert done.stderr.count(": delivered") == 2
    subject = "[Sample] Notice is due: in 30 days, Tuesday, 31 December 2030"
    assert [str(message["subject"]) for message in mail.messages] == [subject]
    assert json.loads(hook.requests[0][1])["subject"] == subject
    assert {row["status"] for row in json.loads(listed.stdout)} == {"planned"}


def test_a_sample_that_does_not_arrive_says_why(home: Path) -> None:
    with deaf_port() as port:
        settings(home, port, f"http://127.0.0.1:{port}/hook")
        done = ask(home, "alerts", "test", "legal")

    assert done.returncode == 1
    assert (
        f"mailto:legal@example.org: not delivered: connection refused: nothing listens at 127.0.0.1:{port}"
        in done.stderr
    )


def test_what_is_acknowledged_goes_out_no_more_until_it_is_taken_back(home: Path) -> None:
    done = ask(home, "alerts", "ack", "notice", "--recipient", "legal")
    assert done.stderr.endswith(
        "begun now\nnotice is acknowledged: legal is not reminded of it any more, unless its day moves\n"
    )
    listed = ask(home, "alerts", "list").stdout
    assert listed.count("Notice is due") == 2

    undone = ask(home, "alerts", "ack", "notice", "--recipient", "legal", "--undo")
    assert undone.stderr == "reminders of notice go out again\n"
    assert ask(home, "alerts", "list").stdout.count("Notice is due") == 4


def test_what_is_snoozed_goes_out_on_that_day(home: Path) -> None:
    done = ask(home, "alerts", "snooze", "end of term", "3 weeks")

    assert done.stderr.endswith(
        "begun now\nend of term is snoozed: the next reminder of it goes out on 22 December 2030\n"
    )
    listed = [line for line in ask(home, "alerts", "list").stdout.splitlines() if "term" in line]
    assert [line[2:12] for line in listed] == ["2030-12-22"] * 2
    assert listed[0].endswith("[snoozed until then]")


def test_leads_of_hours_and_forecasts_are_listed_and_snoozed_like_others(home: Path) -> None:
    (home / "events.toml").write_text(
        EVENTS.replace('"0 days"]', '"1 hour"]')
        .replace('"2030-12-31"', '"2030-12-31 17:00"')
        .replace("ends = 2031-01-15", 'ends = "in 2031-Q1"'),
        encoding="utf-8",
    )

    assert ask(home, "alerts", "snooze", "end of term", "2031-02-15").returncode == 0
    for language, lead in (("en", "[1 hour before]"), ("ja", "[1時間前]")):
        listed = ask(home, "alerts", "list", "--days", "90", "--lang", language)
        assert listed.stdout.count(lead) == 2
        assert listed.stdout.count("2031-02-15 09:00") == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("alerts", "lst"), "alerts takes: list | test | ack | snooze | retry"),
        (("alerts", "ack"), "POINT"),
        (("alerts", "ack", "notic"), "notice"),
        (("alerts", "ack", "term"), "end of term"),
        (("alerts", "ack", "notice", "--recipient", "legl"), "there are: legal, 東京"),
        (("alerts", "ack", "notice", "--undo"), "neither acknowledged nor snoozed"),
        (("alerts", "snooze", "notice"), "DAY"),
        (("alerts", "snooze", "notice", "2030-11-30"), "is not ahead"),
        (("alerts", "snooze", "notice", "2031-02-01"), "would be too late"),
        (("alerts", "snooze", "notice", "soon"), "soon"),
        (("alerts", "test"), "RECIPIENT"),
        (("alerts", "test", "nobody"), "there is no recipient"),
        (("alerts", "list", "--as-of", "2030-01-01"), "follow the clock"),
        (("alerts", "list", "notice"), ""),
        (("alerts", "list", "--days", "0"), "--days"),
        (("doctor", "--suppose", "notice=never"), "follow the clock"),
    ],
)
def test_a_call_that_is_wrong_is_refused_in_one_line(
    home: Path, arguments: tuple[str, ...], said: str
) -> None:
    refused = ask(home, *arguments)
    lines = [line for line in refused.stderr.splitlines() if "no ledger" not in line]

    assert (refused.returncode, len(lines)) == (2, 1), refused.stderr
    assert said in lines[0]


def test_once_a_command_has_ended_the_ledger_is_one_file(home: Path) -> None:
    for arguments in (
        ("token", "add", "board"),
        ("alerts", "list"),
        ("alerts", "ack", "notice", "--undo"),  # refused
        ("token", "revoke", "nobody"),  # refused
    ):
        ask(home, *arguments)

        state = home / "state" / "tracker"
        assert [file.name for file in state.iterdir()] == ["ledger.sqlite3"], arguments


# -- doctor


def test_the_doctor_finds_everything_in_place(home: Path) -> None:
    with HookSink() as hook, MailSink() as mail:
        settings(home, mail.port, hook.url)
        found = ask(home, "doctor")

    assert (found.returncode, found.stderr) == (0, "")
    lines = found.stdout.splitlines()
    assert lines[0] == f"ok  what counts is {home / 'tracker.toml'}"
    assert lines[1] == (
        "ok  lease: its days are those of Europe/Berlin, where it is 13:00 on 1 December 2030"
    )
    assert "runs in UTC; no hour below depends on it" in lines[2]
    assert "ok  legal: at 09:00 in America/New_York, where it is 07:00" in lines
    assert [line for line in lines if line.startswith("ok  legal, ")] == [
        "ok  legal, 2030-12-01 09:00 EST: Notice is due, Tuesday, 31 December 2030",
        "ok  legal, 2030-12-16 09:00 EST: The term: end, Wednesday, 15 January 2031",
        "ok  legal, 2030-12-24 09:00 EST: Notice is due, Tuesday, 31 December 2030",
    ]
    assert f"ok  smtp://127.0.0.1:{mail.port}: takes mail to legal@example.org" in lines
    assert any(line.startswith("--  no monitor is pinged;") for line in lines)
    assert (mail.messages, hook.requests) == ([], [])


def test_the_doctor_says_what_is_wrong_and_what_to_do(home: Path) -> None:
    with deaf_port() as port:
        settings(home, port, f"http://127.0.0.1:{port}/hook")
        text = (home / "tracker.toml").read_text(encoding="utf-8")
        (home / "tracker.toml").write_text(
            f'[web]\nurl = "http://127.0.0.1:{port}"\n{text}where = {{ tags = ["none"] }}\n',
            encoding="utf-8",
        )
        found = ask(home, "doctor", "--json")

    assert found.returncode == 1
    bad = [one for one in json.loads(found.stdout) if not one["ok"]]
    assert [one["check"] for one in bad] == ["recipient", "channel", "channel", "page"]
    assert "look at its `where`" in bad[0]["advice"]
    refused = f"connection refused: nothing listens at 127.0.0.1:{port}"
    assert [one["text"].endswith(refused) for one in bad] == [False, True, True, True]
    assert "are host and port right" in bad[1]["advice"]
    assert "Is tracker run up" in bad[3]["advice"]
    assert all(one["text"].count("Errno") == 0 for one in bad)


def test_the_doctor_says_what_did_not_get_through_in_the_words_of_who_refused_it(
    home: Path,
) -> None:
    with HookSink() as sink:
        sink.judge = lambda _body: '{"error": "channel legal-room was archived 済"}'
        address = sink.url.replace("http://", "json://")
        (home / "tracker.toml").write_text(
            f'[[recipient]]\nname = "legal"\nto = ["{address}"]\ntimezone = "Asia/Tokyo"\n',
            encoding="utf-8",
        )
        ask(home, "run", "--until-idle", at="2030-11-30 12:00:00")
        ask(home, "run", "--until-idle")
        english, japanese = ask(home, "doctor"), ask(home, "--lang", "ja", "doctor")
        sink.judge, sink.taken = None, 200
        ask(home, "run", "--until-idle", at="2030-12-01 12:05:00")
        after = ask(home, "doctor")

    words = '{"error": "channel legal-room was archived 済"}'
    assert (english.returncode, japanese.returncode, after.returncode) == (1, 1, 0)
    assert "due on 1 December 2030 at 09:00, for legal: what was sent is not" in english.stdout
    assert f"(400); in its own words: “{words}”\n" in english.stdout
    assert "tracker alerts retry" in english.stdout
    assert "within reach" not in english.stdout
    assert "最初の送信予定は2030年12月1日 09:00)。理由:送信した内容が" in japanese.stdout
    assert f"相手に理解されません(400)(応答:「{words}」)\n" in japanese.stdout
    assert "archived" not in after.stdout


def test_the_doctor_names_a_ledger_that_cannot_be_used(home: Path) -> None:
    (home / "file").write_text("no ledger", encoding="utf-8")
    text = (home / "tracker.toml").read_text(encoding="utf-8")
    (home / "tracker.toml").write_text(
        f'database = "sqlite:///{home / "file"}"\n{text}', encoding="utf-8"
    )

    found = ask(home, "--lang", "ja", "doctor")

    assert found.returncode == 1
    assert "要対応  台帳 sqlite:///" in found.stdout
    assert "Traceback" not in found.stderr
