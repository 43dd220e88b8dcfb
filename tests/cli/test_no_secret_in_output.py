"""No secret stands in anything that tracker says, whatever is wrong and whoever repeats it.

Every secret of the settings is a known mark, and everybody who is asked repeats all that it was
sent: in its words, in base64, as HTML, cut off. Then all that any command, log, page or message
says is searched for what is left of the marks.
"""

from __future__ import annotations

import base64
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.alerts.scripted_mail import ScriptedMail
from tests.cli.calls import Caller
from tests.end_to_end.processes import Running, get
from tests.secret_marks import mark, plain_mark, traces

NAMES = ("hook", "token", "query", "user", "topic", "gotify", "word", "beat", "fail", "bare")
PLAIN = {name: plain_mark(name) for name in NAMES}
PASSWORD, SECRET, LOGIN = mark("mail"), mark("sign"), mark("login")
SECRETS = [*PLAIN.values(), PASSWORD, SECRET, LOGIN]
EVENTS = (
    'id = "lease"\ntimezone = "UTC"\n[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = {day}\n'
)


class Parrot:
    """A server that takes nothing, and repeats whatever it was sent."""

    def __init__(self) -> None:
        parrot = self
        self.status = 401

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                body = self.rfile.read(size).decode(errors="replace")
                sent = f"{self.path} {self.headers} {body}"
                content = repeat(sent).encode()
                self.send_response(parrot.status)
                self.send_header("location", f"{self.path}/{PLAIN['hook']}")
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = do_OPTIONS = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def repeat(sent: str) -> str:
    """What it says of what it was sent, in every way: what may be its words first."""
    marks = [secret for secret in SECRETS if traces(sent, [secret])]
    whole = " ".join(marks)
    ways = (
        *marks,
        *(base64.b64encode(word.encode()).decode() for word in marks),
        *(base64.b64encode(f"bob:{word}".encode()).decode() for word in marks),
        *(f"http://u:{quote(word, safe='')}@host/{quote(word)}" for word in marks),
        *(f"{word[:10]}..." for word in marks if word in PLAIN.values()),
        f"<p>{escape(whole)}</p>",
        json.dumps({"error": whole}),
        sent,
    )
    return " ".join(ways)


@pytest.fixture
def parrot() -> Iterator[Parrot]:
    server = Parrot()
    yield server
    server.close()


@pytest.fixture
def mail() -> Iterator[ScriptedMail]:
    with ScriptedMail() as server:
        server.password = "right"
        login = base64.b64encode(f"\0bob\0{PASSWORD}".encode()).decode()
        server.script["AUTH"] = f"535 5.7.8 no bob {PASSWORD} {quote(PASSWORD, safe='')} {login}"
        yield server


def settings(parrot: Parrot, mail: ScriptedMail, ledger: str) -> str:
    host, login = parrot.host, quote(LOGIN, safe="")
    addresses = {
        "mail": f"mailto:{'legal'}@example.org",
        "hook": f"http://bob:{login}@{host}/{PLAIN['hook']}?token={PLAIN['query']}",
        "json": f"json://bob:{login}@{host}/{PLAIN['token']}",
        "ntfy": f"ntfy://{PLAIN['user']}:{login}@{host}/{PLAIN['topic']}",
        "gotify": f"gotify://{host}/{PLAIN['gotify']}",
    }
    recipients = [
        f'[[recipient]]\nname = "{name}"\nto = "{to}"\nchanges = true\n'
        for name, to in addresses.items()
    ]
    command = ["sh", "-c", "echo no $0 >&2; exit 3", PLAIN["word"]]
    return "\n".join((
        f'database = "{ledger}"\n[smtp]',
        f'url = "smtp://bob:{quote(PASSWORD, safe="")}@127.0.0.1:{mail.port}"',
        f'from = "tracker@example.org"\n[webhook]\nsecret = "{SECRET}-to-sign-with"',
        f'[heartbeat]\nurl = "http://{host}/{PLAIN["beat"]}"',
        f'fail = "http://{host}/{PLAIN["fail"]}"',
        *recipients,
        f'[[recipient]]\nname = "command"\nto = [{json.dumps(command)}]\nchanges = true',
    ))  # fmt: skip


def dump(ledger: Path) -> str:
    """All that is kept in the ledger."""
    with closing(sqlite3.connect(ledger)) as database:
        return "\n".join(database.iterdump())


def said_by(call: Caller, *commands: str) -> str:
    """All that those commands print."""
    said = []
    for command in commands:
        called = call(*command.split())
        said += [called.out, called.err]
        assert "Traceback" not in called.out + called.err
    return "\n".join(said)


def test_what_others_repeat_is_shown_without_secrets(
    call: Caller, parrot: Parrot, mail: ScriptedMail
) -> None:
    ledger = call.folder / "ledger.sqlite3"
    call.write("tracker.toml", settings(parrot, mail, f"sqlite:///{ledger}"))
    call.write("events.toml", EVENTS.format(day="2031-01-01"))
    said = said_by(call, "run --until-idle")
    call.write("events.toml", EVENTS.format(day="2031-02-01"))
    said += said_by(call, "run --until-idle", "alerts retry", "run --until-idle --log json")
    said += said_by(call, "--lang ja doctor", "alerts list", "alerts list --json", "doctor --json")
    for name in ("mail", "hook", "json", "command"):
        said += said_by(call, f"alerts test {name}")
    kept = dump(ledger)

    assert "401" in said
    assert "in its own words" in said
    assert traces(f"{said}\n{kept}", SECRETS) == []


@pytest.mark.parametrize("status", [200, 302, 410, 413, 429, 503])
def test_no_answer_makes_a_secret_be_shown(
    call: Caller, parrot: Parrot, mail: ScriptedMail, status: int
) -> None:
    parrot.status, ledger = status, call.folder / "ledger.sqlite3"
    call.write("tracker.toml", settings(parrot, mail, f"sqlite:///{ledger}"))
    call.write("events.toml", EVENTS.format(day="2031-01-01"))
    said = "".join(
        f"{called.out}{called.err}"
        for name in ("hook", "json", "ntfy", "gotify")
        for called in [call("alerts", "test", name)]
    )
    said += said_by(call, "doctor")

    assert str(status) in said or status == 200
    assert traces(said, SECRETS) == []


def test_nobody_who_is_away_makes_a_secret_be_shown(
    call: Caller, parrot: Parrot, mail: ScriptedMail
) -> None:
    parrot.close()
    mail.stop()
    call.write("tracker.toml", settings(parrot, mail, f"sqlite:///{call.folder / 'ledger'}"))
    call.write("events.toml", EVENTS.format(day="2031-01-01"))
    said = said_by(call, "doctor", *(f"alerts test {name}" for name in ("mail", "hook", "ntfy")))

    assert "connection refused" in said
    assert traces(said, SECRETS) == []


#: Ledgers that cannot be used, with a secret in each.
LEDGERS = (
    f"postgresql://bob:{PLAIN['bare']}@127.0.0.1:1/tracker",
    f"postgresql://bob:{quote(LOGIN, safe='')}@127.0.0.1:1/tracker",
    f"postgresql://bob:{PLAIN['bare']}@name.invalid/tracker",
    f"postgresql://bob@127.0.0.1:1/tracker?password={PLAIN['bare']}",
    f"postgresql://bob:{PLAIN['bare']}@127.0.0.1:1/tracker?nonsense={PLAIN['query']}",
    f"postgresql://bob:{PLAIN['bare']}@127.0.0.1:1/tracker?sslmode={PLAIN['query']}",
    f"postgresql://bob:{PLAIN['bare']}@@127.0.0.1:1/tracker",
    f"postgresql://bob:{PLAIN['bare']}/x@127.0.0.1:1/tracker",
    f"postgresql://bob:{PLAIN['bare']}#x@127.0.0.1:1/tracker",
    f"postgresql://bob:{PLAIN['bare']}@127.0.0.1:port/tracker",
    f"postgresql://bob:{PLAIN['bare']}",
    f"postgresql:bob:{PLAIN['bare']}@127.0.0.1/tracker",
    f"host=127.0.0.1 password={PLAIN['bare']}",
    f"mysql://bob:{PLAIN['bare']}@127.0.0.1/tracker",
    f"{PLAIN['bare']}://127.0.0.1/tracker",
    PLAIN["bare"],
)


@pytest.mark.parametrize("ledger", LEDGERS)
def test_no_ledger_that_cannot_be_used_shows_its_password(
    call: Caller, monkeypatch: pytest.MonkeyPatch, ledger: str
) -> None:
    call.write("events.toml", EVENTS.format(day="2031-01-01"))
    commands = ("alerts list", "doctor", "run --until-idle", "token list", "alerts retry")
    monkeypatch.setenv("TRACKER_DATABASE", ledger)
    said = said_by(call, *commands, "run --until-idle --log json")
    monkeypatch.delenv("TRACKER_DATABASE")
    call.write("tracker.toml", f"database = {json.dumps(ledger)}\n")
    said += said_by(call, *commands)
    stated, copy = ledger.replace(" ", "%20"), f"sqlite:///{call.folder}/copy"
    said += said_by(call, "token list", f"migrate {stated} {copy}", f"migrate {copy} {stated}")

    assert "tracker" in said
    assert traces(said, PLAIN.values()) == []
    assert traces(said, [LOGIN]) == []


def test_no_page_and_no_log_of_a_process_shows_a_secret(
    tmp_path: Path, parrot: Parrot, mail: ScriptedMail
) -> None:
    ledger = tmp_path / "ledger.sqlite3"
    (tmp_path / "events.toml").write_text(EVENTS.format(day="2031-01-01"), encoding="utf-8")
    (tmp_path / "tracker.toml").write_text(
        settings(parrot, mail, f"sqlite:///{ledger}"), encoding="utf-8"
    )
    running = Running("-f", str(tmp_path / "events.toml"), "--log", "json", home=tmp_path)
    line = running.line_with("http://127.0.0.1:")
    url = re.search(r"http://127\.0\.0\.1:\d+", line)[0]  # type: ignore[index]
    (tmp_path / "events.toml").write_text(EVENTS.format(day="2031-02-01"), encoding="utf-8")
    running.line_with("run.not-sent")
    pages = "".join(
        get(f"{url}{path}").text
        for path in ("/", "/healthz", "/metrics", "/changes", "/nothing", "/api/events",
                     "/feed.atom", "/calendar.ics", f"/s/{'x' * 30}/", "/alert/x/y", "/?q=%00")
    )  # fmt: skip
    title = Path(f"/proc/{running.process.pid}/cmdline").read_bytes().decode()
    running.process.terminate()
    running.process.wait(100)

    assert traces("\n".join((pages, title, *running.seen)), SECRETS) == []
