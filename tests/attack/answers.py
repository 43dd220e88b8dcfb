"""Hostile answers of servers, and hostile ids, titles and names, in a ledger of either database.

An agreement is made of odd texts, and its alerts go to a receiver of webhooks and to a mail server
that answer what they please: control characters, no text at all, megabytes, other numbers than
there are. What is kept can be listed, acknowledged and changed; once the servers mean no harm, what
was refused has arrived, or is named as given up.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

from tests.attack.drawing import CONTROLS, MARKUP, SIGNS, odd_text, quoted
from tests.attack.houses import House, house_in
from tests.attack.kind import STEPS, Desk, Fault, Kind, listed
from tests.attack.liars import END, Liar, lying_servers
from tests.attack.shells import Shell, strangers_machine
from tests.service.settings_desk import SECRET
from tests.store.databases import Server
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.columns import without_controls

_USUAL = {"agreement": "a", "event": "hearing", "occurrence": "first", "title": "Hearing",
          "party": "Legal", "recipient": "legal"}  # fmt: skip
_DAY = date(2030, 2, 1)
#: What a text of a server may be that no text is: in UTF-8 no letter may be half, and no surrogate alone.
_BYTES = (b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\xc3", b"\x80" * 9, b"\x1b]0;x\x07", b'{"error": "\\ud800\\u0000"}',
          b'{"error": ' + b"[" * 5000, b"\r", b"\n", b"%00")  # fmt: skip
_STATUSES = (200, 204, 301, 307, 400, 401, 404, 410, 413, 429, 500, 503, 999, 99, "-1", "abc", "")
_HEADERS = (
    b"Retry-After: 1e999", b"Retry-After: 99999999999999999999", b"Retry-After: -5", b"Retry-After: \xff",
    b"Retry-After: Fri, 31 Dec 99999 23:59:59 GMT", b"Location: http://127.0.0.1:1/\x00", b"Location: \xff://[::1",
    b"Location: javascript:alert(1)", b"Content-Encoding: gzip", b"Content-Encoding: nope", b"Content-Length: 99999",
    b"Content-Length: -1", b"Content-Type: text/html; charset=\xff", b"Content-Type: application/json; charset=utf-16",
    b"Transfer-Encoding: chunked", b"Set-Cookie: a=" + b"b" * 9000, b"X" * 70_000 + b": y", b"no header at all",
)  # fmt: skip
_CODES = ("200", "220", "250", "251", "354", "421", "450", "452", "535", "550", "552", "999", "000",
          "-1", "abc", "")  # fmt: skip
_COMMANDS = ("GREETING", "EHLO", "MAIL", "RCPT", "DATA", END, "QUIT")
_EXTENSIONS = (b"SIZE -1", b"SIZE 99999999999999999999999", b"SIZE x\xff", b"AUTH \xff", b"STARTTLS\x00",
               b"SMTPUTF8 \x00", b"8BITMIME" * 9000)  # fmt: skip
#: Of their tries, and of what waits for the next day.
_HOURS = (0, 1, 3, 9, 24, 48, 72)
_MOST_KEPT = 2000


def draw_answers(chance: Random) -> bytes:
    """On which database, which texts, and what is answered."""
    steps: list[Any] = [["database", chance.choice(("sqlite", "postgresql", "postgresql"))]]
    places = chance.sample(tuple(_USUAL), chance.choice((0, 1, 2, 6)))
    steps += [["text", place, odd_text(chance, chance.random() < 0.3)] for place in places]
    steps.append(["POST", _http(chance).decode("latin-1"), True])
    for _ in range(chance.choice((1, 1, 2))):
        command = chance.choice(_COMMANDS)
        steps.append(["mail", command, _smtp(chance, command).decode("latin-1"), True])
    return listed(steps)


def _words(chance: Random) -> bytes:
    pools: tuple[tuple[bytes | str, ...], ...] = (
        _BYTES,
        MARKUP,
        SIGNS,
        CONTROLS,
        ("no such user", "5.1.1", "拒否"),
    )
    parts = (chance.choice(chance.choice(pools)) for _ in range(chance.randrange(1, 6)))
    words = b"".join(part if isinstance(part, bytes) else part.encode() for part in parts)
    return words * (chance.choice((50, 20_000)) if chance.random() < 0.1 else 1)


def _http(chance: Random) -> bytes:
    """A response, or nearly one; the connection ends behind it."""
    if chance.random() < 0.1:
        return _words(chance)
    status, words, headers = chance.choice(_STATUSES), _words(chance), []
    if chance.random() < 0.6:
        headers = chance.sample(_HEADERS, chance.choice((1, 1, 2)))
    if b"Content-Encoding: gzip" in headers and chance.random() < 0.5:
        words = gzip.compress(bytes(20_000_000))
    reason = words[:80] if chance.random() < 0.2 else b"x"
    version = chance.choice((b"HTTP/1.1", b"HTTP/1.1", b"HTTP/1.1", b"HTTP/9.9", b"HTTP/1.0"))
    head = b" ".join((version, str(status).encode(), reason))
    return b"\r\n".join((head, *headers, b"", words))


def _smtp(chance: Random, command: str) -> bytes:
    """An answer of one line or many, or nearly one; the connection ends behind it."""
    code = chance.choice(_CODES).encode()
    if command == "EHLO" and chance.random() < 0.5:
        return b"250-here\r\n250 " + chance.choice(_EXTENSIONS) + b"\r\n"
    lines = [_words(chance)[:900]] * chance.choice((0, 0, 1, 400))
    more = b"".join(code + b"-" + line + b"\r\n" for line in lines)
    return more + code + chance.choice((b" ", b" ", b"-", b"")) + _words(chance) + b"\r\n"


class _Answers:
    def __init__(self, folder: Path, servers: tuple[Liar, Liar], databases: Server) -> None:
        self._texts = dict(_USUAL)
        self._shell = Shell(folder, {})
        self._receiver, self._mail = servers
        self._databases = databases

    def attempt(self, case: bytes) -> None:
        texts, kind = dict(_USUAL), "sqlite"
        for server in (self._receiver, self._mail):
            server.lies.clear()
        for what, *values in json.loads(case):
            if what == "database":
                (kind,) = values
            elif what == "text":
                texts[values[0]] = values[1]
            else:
                server = self._receiver if what == "POST" else self._mail
                command = what if what == "POST" else values[0]
                server.lies[command] = values[-2].encode("latin-1"), values[-1]
        self._shell.begin_anew()
        url = self._databases.database() if kind == "postgresql" else ""
        with house_in(self._shell.folder, url) as house:
            os.chdir(house.folder)
            self._write(house, texts)
            self._live(house)

    def _write(self, house: House, texts: dict[str, str]) -> None:
        """The agreement and the settings with those texts, as far as they are not refused."""
        for place, usual in _USUAL.items():
            if place == "recipient":
                continue
            try:
                read(["a.toml"], [_agreement(_USUAL | {place: texts[place]}, _DAY).encode()])
            except FileErrors:
                texts[place] = usual
        self._texts = texts
        self._save(house, _DAY)
        self._settings(house, texts["recipient"])
        if house.begin():
            return
        self._settings(house, _USUAL["recipient"])
        if not house.begin():
            raise Fault(f"it does not begin: {house.log.getvalue()}")

    def _save(self, house: House, day: date) -> None:
        house.write(house.agreements / "a.toml", _agreement(self._texts, day).encode())

    def _settings(self, house: House, recipient: str) -> None:
        text = f'database = "{house.url}"\n[webhook]\nsecret = "{SECRET}"\n[smtp]\n'
        text += f'url = "smtp://127.0.0.1:{self._mail.port}"\nfrom = "t@example.org"\n'
        hook = f"http://127.0.0.1:{self._receiver.port}/"
        text += f"[[recipient]]\nname = {quoted(recipient)}\n"
        text += f'to = ["{hook}", "mailto:legal@example.org"]\nreminders = ["1 day"]\n'
        house.write(house.folder / "tracker.toml", text.encode())

    def _live(self, house: House) -> None:
        """A reminder and a change meet the lies; then all is well."""
        house.pass_time(24 * 3600, 20 * 24 * 3600)
        self._save(house, _DAY + timedelta(days=9))
        house.pass_time(1, 3)
        house.pass_time(18 * 24 * 3600)
        self._look(house)
        for server in (self._receiver, self._mail):
            server.lies.clear()
        for hours in _HOURS:
            house.pass_time(3600 * hours)
        self._look(house)
        rows = house.alerts(self._texts["agreement"])
        status, words = house.health()
        left = [row.status for row in rows if row.status not in ("sent", "lapsed", "named")]
        if not rows or (left and (status == 200 or set(left) != {"failed"})):
            raise Fault(f"{left or 'nothing was due'}, and it says {words}")
        if left:
            self._expect("alerts", "retry")
            house.pass_time(1)
        if not left and status != 200:
            raise Fault(f"all has arrived, and it says {words}")

    def _look(self, house: House) -> None:
        """What was kept is read by everything that shows it."""
        for row in house.alerts(self._texts["agreement"]):
            if len(row.error) > _MOST_KEPT or without_controls(row.error) != row.error:
                raise Fault(f"kept: {row.error[:500]!r}")
        listed_rows = json.loads(self._expect("alerts", "list", "--json", "--days", "99"))
        if not listed_rows:
            raise Fault("nothing is listed")
        self._expect("alerts", "list", "--days", "99")
        name = f"{self._texts['agreement']}/report"
        self._expect("alerts", "ack", name, codes=(0, 2))
        self._expect("alerts", "ack", "--undo", name, codes=(0, 2))

    def _expect(self, *words: str, codes: tuple[int, ...] = (0, 1)) -> str:
        """What a command says, beside the process that goes on."""
        said = self._shell.call(*words, "-f", "agreements")
        if said.code not in codes:
            raise Fault(f"{words} is refused: {said.err}")
        return said.out


def _agreement(texts: dict[str, str], day: date) -> str:
    """Something has happened under that name, something is due at its day."""
    event = quoted(texts["event"])
    return (
        f'id = {quoted(texts["agreement"])}\ntitle = {quoted(texts["title"])}\ntimezone = "UTC"\n'
        f'[[event]]\nid = {event}\ntitle = {quoted(texts["title"])}\nwhen = "open"\n'
        f'repeats = "as it happens"\noccurred = {{ {quoted(texts["occurrence"])} = 2029-12-20 }}\n'
        f'[[event]]\nid = "report"\ntitle = {quoted(texts["title"])}\nparties = [{quoted(texts["party"])}]\n'
        f"when = {day}\n"
    )


@contextmanager
def _desk(folder: Path) -> Iterator[Desk]:
    databases = Server()
    try:
        with strangers_machine(folder / "home"), lying_servers() as servers:
            yield Desk(_Answers(folder, servers, databases).attempt)
    finally:
        databases.stop()


ANSWERS = Kind("answers", draw_answers, _desk, STEPS, seconds=20.0, share=0.1)
