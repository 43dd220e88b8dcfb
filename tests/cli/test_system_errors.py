"""What the system refuses is told in the reader's language, by whichever command comes upon it."""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from tests.cli.calls import Caller
from tracker.i18n.catalogues.ja import SENTENCES as JAPANESE

FILE = 'id = "a"\ntitle = "表"\ntimezone = "UTC"\n[[event]]\nid = "e"\ntitle = "e"\nwhen = "2027-01-01"\n'
#: What stands in Latin letters in a Japanese sentence: names of files, hosts, programs and keys.
NAMES = re.compile(r"[\w.-]*[./:_-][\w./:-]*|tracker|TLS|MB|git")


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    """Calls in a folder with what a system refuses in each of its ways."""
    folder = tmp_path / "a"
    folder.mkdir()
    caller = Caller(folder, monkeypatch, capsys)
    caller.write("events.toml", FILE)
    (folder / "loop.toml").symlink_to("loop.toml")
    return caller


@pytest.fixture
def places(tmp_path: Path) -> Iterator[dict[str, str]]:
    """Addresses at which nobody answers as they should: by name."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    trustme.CA().issue_cert("127.0.0.1").configure_cert(context)
    with (
        socket.create_server(("127.0.0.1", 0)) as bound,
        ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler) as secure,
    ):
        port = bound.getsockname()[1]
        secure.socket = context.wrap_socket(secure.socket, server_side=True)
        secure.handle_error = lambda *_: None  # type: ignore[method-assign]  # who hung up is us
        Thread(target=secure.serve_forever, args=(0.01,), daemon=True).start()
        bound.close()
        yield {
            "REFUSED": f"http://127.0.0.1:{port}/a.ics",
            "UNTRUSTED": f"https://127.0.0.1:{secure.server_port}/a.ics",
            "UNKNOWN": "http://nowhere.invalid/a.ics",
        }
        secure.shutdown()


CASES = [
    ("import none.ics", "no-file"),
    ("import events.toml/a.ics", "not-folder"),
    ("import loop.toml", "link-loop"),
    (f"import {'x' * 300}.ics", "name-too-long"),
    ("import .", "is-folder"),
    ("import REFUSED", "refused.at"),
    ("import UNTRUSTED", "tls-unknown"),
    ("import UNKNOWN", "no-names.at|no-host.at"),
    ("-f loop.toml list", "link-loop"),
    ("-f events.toml/a check", "not-folder"),
    ("-f loop.toml feed", "link-loop"),
    ("-f loop.toml explain e", "link-loop"),
    ("publish events.toml/site", "not-folder|exists"),
    ("feed -o events.toml/a.ics", "not-folder"),
    ("export -o events.toml/a.csv", "not-folder"),
    ("--config loop.toml doctor", "link-loop"),
    ("merge loop.toml events.toml events.toml", "link-loop"),
]


def test_each_command_tells_what_the_system_refuses_in_japanese(
    call: Caller, places: dict[str, str]
) -> None:
    for line, cases in CASES:
        words = [places.get(word, word) for word in line.split()]
        called = call("--lang", "ja", *words)

        sentences = [JAPANESE[f"reason.{case}"] for case in cases.split("|")]
        pieces = [max(re.split(r"\{[^}]*\}", text), key=len) for text in sentences]
        assert called.code, line
        assert any(piece in called.err for piece in pieces), (line, called.err)
        assert re.findall("[a-z]{3,}", NAMES.sub("", called.err)) == [], (line, called.err)


def test_what_comes_of_a_missing_git_is_told_in_japanese(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(call.folder))
    called = call("--lang", "ja", "merge", "events.toml", "events.toml", "events.toml")

    assert JAPANESE["reason.command-missing"].format(program="git") in called.err
    assert "No such file" not in called.err
