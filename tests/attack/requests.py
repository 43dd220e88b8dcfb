"""Requests to a real server: odd heads and queries, conditions, forms, halves, and smuggling.

Every request that is whole has one answer, none of them says that the server failed, its log has no
traceback, and whatever was sent, the next one who asks is served.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote

from tests.attack import drawing
from tests.attack.drawing import odd_line, odd_text
from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.servers import Answer, Served, serving

_PATHS = (
    "/", "/timeline", "/changes", "/subscribe", "/what-if", "/calendar.ics", "/feed.atom", "/api/events",
    "/api/events.csv", "/api/left-out", "/api/schema", "/healthz", "/metrics", "/events/microsoft-openai/research-ip",
    "/events/office/breach", "/feeds/microsoft.ics", "/assets/style.css", "/s/abcdefgh12345678/", "/alert/x/y",
    "/unsubscribe/x/y", "/s/%00/calendar.ics", "/events/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "//evil.example/",
    "/events/%ff/%00", "/nope", "*", "http://evil.example/", "/s//", "/?", "/#a", "/\\evil", "/feeds/" + "a" * 300 + ".ics",
    "/alert/%00/%ff", "/unsubscribe/" + "9" * 300 + "/x", "/s/" + "a" * 5000,
)  # fmt: skip
_PARAMETERS = (
    "lang", "past", "waiting", "alarms", "cancelled", "party", "tag", "id", "from", "to", "by", "page", "q", "kind",
    "if.agi-verified", "never", "also", "if.nope", "nope", "status", "state",
)  # fmt: skip
_HEADERS = {
    "Host": ("127.0.0.1", "localhost", "localhost:1", "evil.example", "", "[::1]", "127.0.0.1:99999999", "a b", "\xff"),
    "If-None-Match": ("*", '"x"', 'W/"x"', '"', '""', ",,,", '"a", ' * 900 + '"b"', "\xff", '"x', "W/"),
    "If-Modified-Since": (
        "Fri, 31 Dec 99999 23:59:59 GMT", "Wed, 25 Nov 2026 09:00:00 GMT", "0", "Thu, 01 Jan 0000 00:00:00 GMT",
        "Fri, 31 Dec 99999999999999999999 23:59:59 GMT", "Wed, 25 Nov 2026 09:00:00 +9999", "x" * 3000, "Fri, 31 Dec 9999 23:59:59 -2359", "Mon, 99 Xxx 2026 99:99:99 GMT",
    ),
    "Accept-Encoding": ("gzip", "identity;q=0", "gzip;q=nan", "br,gzip;q=0", "*;q=0", "gzip;q=1e999", ";;;"),
    "Accept-Language": ("ja", "en;q=0,ja", "ja;q=x", "*", "a-" * 3000, "ja;q=-1, en;q=99", "\xff"),
    "Accept": ("text/html", "*/*", "application/json;q=0", "text/html;" * 500),
    "Range": ("bytes=0-1", "bytes=-99999999999999", "bytes=0-,0-,0-"),
    "Origin": ("null", "http://evil.example", "http://127.0.0.1", "://", "http://localhost"),
    "Content-Type": ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain", ""),
    "Connection": ("keep-alive", "close", "upgrade", "x"), "Upgrade": ("websocket", "h2c"), "Expect": ("100-continue", "x"),
    "Transfer-Encoding": ("chunked", "identity", "chunked, chunked", "xchunked", "chunked\x0b"),
    "Content-Length": ("0", "5", "-1", "99999999999999999999", "5, 5", "+5", "0x5", " 5", "5\x00"),
    "X-Forwarded-For": ("127.0.0.1",), "Forwarded": ("for=127.0.0.1;host=localhost",), "Cookie": ("a=b; " * 500,),
    "X": ("a\x00b", "a" * 70000, "a\tb"), "X-Forwarded-Host": ("localhost",), "Sec-WebSocket-Key": ("x",),
}  # fmt: skip
_METHODS = ("GET",) * 8 + (
    "HEAD",
    "POST",
    "POST",
    "OPTIONS",
    "PUT",
    "DELETE",
    "TRACE",
    "CONNECT",
    "get",
    "G\x00T",
    "PRI",
    "",
)
_FIELDS = (
    "action=acknowledge&occurrence=&point=when",
    "days=7",
    "days=99999999999999999999",
    "a=%00%ff&" * 300,
    "=",
    "",
)
_SMUGGLED = "GET /assets/smuggled HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
#: Whoever has sent this is served and let go, unless what came before has spoilt the connection.
_LAST = b"GET /api/schema HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


def draw_requests(chance: Random) -> bytes:
    """What is sent over one connection, piece by piece."""
    match chance.randrange(8):
        case 0:
            return listed(_smuggling(chance))
        case 1:
            text = _request(chance)
            cut = chance.randrange(len(text))
            return listed([text[:cut]])
        case 2:
            turned = drawing.turned(chance, _request(chance).encode("latin-1", "replace"))
            return listed([turned.decode("latin-1")])
        case 3:
            text = _request(chance)
            cut = chance.randrange(len(text))
            return listed([text[:cut], text[cut:]])
        case _:
            return listed([_request(chance) for _ in range(chance.choice((1, 1, 1, 2, 5)))])


def _request(chance: Random) -> str:
    method, path = chance.choice(_METHODS), chance.choice(_PATHS)
    if chance.random() < 0.6:
        path += "?" + "&".join(_parameter(chance) for _ in range(chance.choice((1, 2, 3, 40))))
    headers = {"Host": "127.0.0.1"}
    for name in chance.sample(tuple(_HEADERS), chance.choice((0, 1, 1, 2, 4))):
        if name not in ("Transfer-Encoding", "Content-Length") or chance.random() < 0.3:
            headers[name] = chance.choice(_HEADERS[name])
    body = ""
    if method == "POST" and "Content-Length" not in headers and "Transfer-Encoding" not in headers:
        body = chance.choice(_FIELDS)
        headers["Content-Length"] = str(len(body))
    lines = [f"{name}: {value}" for name, value in headers.items()]
    if chance.random() < 0.05:
        lines += [f"X-{number}: y" for number in range(chance.choice((50, 1000, 20000)))]
    version = chance.choice(("HTTP/1.1",) * 9 + ("HTTP/1.0", "HTTP/2.0", "HTTP/1.1 x", ""))
    return "\r\n".join((f"{method} {path} {version}", *lines, "", body))


def _parameter(chance: Random) -> str:
    name = chance.choice(_PARAMETERS)
    pools = (
        drawing.DAYS,
        drawing.NUMBERS,
        drawing.MARKUP,
        drawing.SIGNS,
        drawing.IDS,
        ("yes", "no", "todo", "ja", "30d,7d"),
    )
    value = chance.choice(
        (chance.choice(chance.choice(pools)), odd_text(chance, True), odd_line(chance))
    )[:3000]
    return f"{name}={quote(value.encode('utf-8', 'replace')) if chance.random() < 0.9 else '%ff%0'}"


def _smuggling(chance: Random) -> list[str]:
    """One request whose end two readers may see in two places; behind one of them stands another."""
    body = f"0\r\n\r\n{_SMUGGLED}"
    length, coding = chance.choice(
        (
            (f"Content-Length: {len(body)}", "Transfer-Encoding: chunked"),
            (f"Content-Length: {len(body)}", "Transfer-Encoding: xchunked"),
            (f"Content-Length: {len(body)}", "Transfer-Encoding : chunked"),
            (f"Content-Length: {len(body)}", "Transfer-Encoding: identity, chunked"),
            (f"Content-Length: {len(body)}", "Transfer-Encoding:\x0bchunked"),
            (f"Content-Length: {len(body)}", "X: y\nTransfer-Encoding: chunked"),
            (f"Content-Length: {len(body)}", "Content-Length: 5"),
            ("Content-Length: 5", f"Content-Length: {len(body)}"),
            (
                f"Content-Length: {len(body)}",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            ),
        )
    )
    path = chance.choice(("/", "/events/office/breach", "/calendar.ics"))
    lines = [f"{chance.choice(('POST', 'GET'))} {path} HTTP/1.1", "Host: 127.0.0.1", length, coding]
    return ["\r\n".join((*lines, "", body))]


class _Requests:
    def __init__(self, served: Served) -> None:
        self._served = served

    def attempt(self, case: bytes) -> None:
        parts = [part.encode("latin-1", "replace") for part in json.loads(case)]
        answers = self._served.ask([*parts, _LAST])
        for answer in answers:
            _check(answer)
        heads = sum(part.count(b" HTTP/1.") for part in parts) - sum(
            part.count(b"/smuggled") for part in parts
        )
        if len(answers) > heads + 2:
            raise Fault(f"{len(answers)} answers for {heads} requests: {answers}")
        if any(b"/smuggled" in part for part in parts) and len(answers) > 2:
            raise Fault(
                f"what was smuggled in was answered: {[answer.status for answer in answers]}"
            )
        self._served.check()
        if self._served.get("/healthz").status != 200:
            raise Fault("it is no longer well")


def _check(answer: Answer) -> None:
    if (answer.status >= 500 and answer.status != 503) or b"Traceback" in answer.content:
        raise Fault(f"{answer.status}: {answer.content[:1500]!r}")


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    with serving(folder / "office") as served:
        yield Desk(_Requests(served).attempt, served.process.pid)


REQUESTS = Kind("requests", draw_requests, _desk, STEPS, seconds=2.0, megabytes=60.0)
