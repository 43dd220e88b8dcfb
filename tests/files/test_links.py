"""What is no address of the web is refused wherever one may stand, with its place and the way out."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from tests.cli.calls import Caller
from tests.rows import rows
from tracker.files.links import fault_in_link

#: An address, what is wrong with it, and what is offered for it.
NO_LINKS = [
    ("http://[::1", "bad-ip-address", None),
    ("http://[", "bad-ip-address", None),
    ("http://]", "bad-ip-address", None),
    ("http://[::1]]/", "bad-ip-address", None),
    ("http://[v1.x]/", "bad-ip-address", None),
    ("http://[example.org]/", "bad-ip-address", None),
    ("http://1.2.3/", "bad-ip-address", None),
    ("http://999.1.1.1/", "bad-ip-address", None),
    ("http://2130706433/", "bad-ip-address", None),
    ("http://0x7f.0.0.0x1/", "bad-ip-address", None),
    ("https://exa mple", "bad-url-character", None),
    ("https://exa\u200bmple.org", "bad-url-character", None),
    ("https://exa\u00admple.org", "bad-url-character", None),
    ("https://example.org\\@evil.example", "bad-url-character", None),
    ("https://example.org/a b", "bad-url-character", "https://example.org/a%20b"),
    ("https://example.org/a\u3000b", "bad-url-character", "https://example.org/a%E3%80%80b"),
    ("https://example.org/\u202egnp", "bad-url-character", "https://example.org/%E2%80%AEgnp"),
    ("https://example.org/<a>", "bad-url-character", "https://example.org/%3Ca%3E"),
    ("https://example.org:99999/", "bad-port", None),
    ("https://example.org:0/", "bad-port", None),
    ("https://example.org:-1/", "bad-port", None),
    ("https://example.org:http/", "bad-port", None),
    ("https://example.org:８０/", "bad-port", None),
    ("https://", "bad-host", None),
    ("https:///path", "bad-host", None),
    ("https://:443/", "bad-host", None),
    ("https://user@/", "bad-host", None),
    ("https://a..b/", "bad-host", None),
    ("https://.a/", "bad-host", None),
    ("https://-a.example/", "bad-host", None),
    (f"https://{'a' * 64}.example/", "bad-host", None),
    (f"https://{'a.' * 128}example/", "bad-host", None),
    ("https://exa%20mple/", "bad-host", None),
    ("https://☃.example/", "bad-host", None),
    ("https://xn--zzzzzzz☃/", "bad-host", None),
    ("https://é-.example/", "bad-host", None),
    ("HTTPS://Example.org/a", "bad-url", "https://Example.org/a"),
    ("//example.org", "bad-url", None),
    ("example.org", "bad-url", None),
    ("javascript:alert(1)", "bad-url", None),
    ("ftp://example.org", "bad-url", None),
]
LINKS = [
    "http://localhost:8765",
    "https://example.org",
    "https://Example.org./a?b=c&d={reason}#e",
    "https://user:pass@hooks.example.org:8443/T0/B1",
    "http://[2001:db8::1]:8443/",
    "http://192.0.2.1/",
    "https://日本語.jp/契約",
    "https://xn--wgv71a119e.jp/",
    "http://db_1:80/",
    "http://3com.example/",
]


@rows("text, case, offered", NO_LINKS)
def test_what_is_no_address_is_refused_and_what_is_offered_is_one(
    text: str, case: str, offered: str | None
) -> None:
    fault = fault_in_link(text)

    assert fault is not None
    assert fault.case == case
    assert [suggestion.write for suggestion in fault.suggestions] == ([offered] if offered else [])
    assert offered is None or fault_in_link(offered) is None


@pytest.mark.parametrize("text", LINKS)
def test_what_is_an_address_is_taken_and_can_be_asked_for(text: str) -> None:
    assert fault_in_link(text) is None
    assert httpx2.URL(text).host


EVENT = '[[event]]\nid = "x"\ntitle = "X"\nwhen = 2040-01-01\n'
#: Where an address may stand: in which file, and what stands around it.
PLACES = [
    ("events.toml", 'id = "a"\n' + EVENT + 'url = "{}"\n'),
    ("events.toml", 'id = "a"\n[sources.s]\ntitle = "S"\nurl = "{}"\n' + EVENT),
    ("tracker.toml", '[web]\nurl = "{}"\n'),
    ("tracker.toml", '[heartbeat]\nurl = "{}"\n'),
    ("tracker.toml", '[heartbeat]\nurl = "https://a.example/"\nfail = "{}"\n'),
    ("tracker.toml", '[[recipient]]\nname = "r"\nto = "{}"\n[webhook]\nsecret = "' + "k" * 40 + '"\n'),
    ("tracker.toml", '[[recipient]]\nname = "r"\nto = ["terminal", "{}"]\n'),
    ("tracker.toml", '[fallback]\nto = "{}"\n'),
]  # fmt: skip
ODD = ["http://[::1", "http://[", "https://exa mple", "https://example.org:99999/", "https://a..b/"]


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    return Caller(tmp_path, monkeypatch, capsys)


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize(("file", "text"), PLACES)
def test_wherever_it_stands_it_is_refused_with_its_line(
    call: Caller, file: str, text: str, odd: str
) -> None:
    call.write("events.toml", 'id = "a"\n' + EVENT)
    call.write(file, text.replace("{}", odd))
    line = text[: text.index("{}")].count("\n") + 1

    called = call(*(("check",) if file == "events.toml" else ("alerts", "list")))

    assert called.code == 1
    assert f"{file}:{line}:" in called.out + called.err
    assert "Traceback" not in called.err


@pytest.mark.parametrize(
    "odd",
    ["smtp://[::1", "smtp://mail:99999", "smtp://exa mple", "smtp://a..b", "smtp://999.1.1.1", "x"],
)
def test_what_is_no_mail_server_is_refused_with_its_line(call: Caller, odd: str) -> None:
    call.write("events.toml", 'id = "a"\n' + EVENT)
    call.write("tracker.toml", f'[smtp]\nfrom = "a@example.org"\nurl = "{odd}"\n')

    called = call("alerts", "list")

    assert called.code == 1
    assert "tracker.toml:3:" in called.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--host", "a" * 70),
        ("--host", "a..b"),
        ("--host", "exa mple"),
        ("--host", "[::1"),
        ("--host", "::1::"),
        ("--port", "0", "--metrics", "[::1"),
        ("--port", "0", "--metrics", "a..b:1"),
        ("--port", "0", "--metrics", f"{'a' * 70}:1"),
        ("--port", "0", "--metrics", "[::1]:99999"),
    ],
)
def test_where_nothing_can_listen_a_sentence_says_so(call: Caller, arguments: tuple[str]) -> None:
    call.write("events.toml", 'id = "a"\n' + EVENT)
    call.write("tracker.toml", "[web]\npublic = true\n")

    called = call("serve", *arguments)

    assert called.code == 2
    assert called.err.count("tracker: ") == 1
