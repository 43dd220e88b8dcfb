"""Texts that some place takes for more than text: pages, mails, feeds, pictures and tables.

The same agreement is shown with a harmless text in each place and with a hostile one. Whatever the
text, a page has the elements and attributes that it had, a mail its headers, a feed its entries.
"""

from __future__ import annotations

import email
import email.policy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from tests.alerts.samples import NOW, reminder
from tests.attack.drawing import odd_text, quoted
from tests.attack.kind import TEXT, Desk, Fault, Kind
from tests.attack.outputs import TODAY, check_view, read_calendar
from tests.web.sites import client_of
from tracker.alerts.mime import mime_of
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

_FILE = """id = "a"
title = TITLE
timezone = "UTC"
reminders = ["30 days"]
[sources.s]
title = SOURCE
url = "https://example.org/?a=1&b=2"
[[event]]
id = "hearing"
title = TITLE
when = "open"
parties = [PARTY]
[[event]]
id = "report"
title = TITLE
when = 2030-06-30
parties = [PARTY]
tags = [TAG]
source = "s"
quote = QUOTE
note = NOTE
[[event]]
id = "lease"
title = TITLE
starts = 2026-01-01
ends = "earliest of hearing, 2030-12-31"
tags = [TAG]
[[amendment]]
id = "second"
on = 2026-06-01
title = TITLE
[[amendment.event]]
id = "report"
when = "earliest of 30 days after hearing, 2030-12-31"
"""
_PLACES = ("TITLE", "SOURCE", "PARTY", "TAG", "QUOTE", "NOTE")
_HARMLESS = [f"Rent of house {number}" for number in range(len(_PLACES))]
_PATHS = (
    "/", "/timeline", "/changes", "/subscribe", "/what-if", "/events/a/report", "/events/a/lease",
    "/what-if?if.hearing=2027-01-01", "/timeline?by=party", "/?lang=ja", "/changes?from=2026-01-01",
)  # fmt: skip
#: What a link of a page may lead to.
_SCHEMES = ("", "http", "https", "webcal", "mailto")


def draw_texts(chance: Random) -> bytes:
    """A text for each place."""
    return "\n".join(json.dumps(odd_text(chance)) for _ in _PLACES).encode()


class Structure(HTMLParser):
    """Which elements a page has, with which attributes, and where it leads."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: set[tuple[str, ...]] = set()
        self.comments: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        # Which way a text runs hangs on its letters.
        self.elements |= {(tag, name) for name, _ in attrs if name != "dir"} | {(tag,)}
        for name, value in attrs:
            if name in ("href", "src", "action", "xlink:href"):
                self._check_address(value or "")

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)

    def _check_address(self, address: str) -> None:
        scheme = address.partition(":")[0] if ":" in address.partition("/")[0] else ""
        if scheme.lower() not in _SCHEMES:
            raise Fault(f"a link leads to {address!r}")


class _Texts:
    def __init__(self) -> None:
        usual = _timeline(_HARMLESS)
        assert usual is not None
        self._page, self._mail = _pages(usual), _mails(usual)

    def attempt(self, case: bytes) -> None:
        texts = [json.loads(line) for line in case.splitlines()]
        shown = _timeline([*texts, *_HARMLESS[len(texts) :]][: len(_PLACES)])
        if shown is None:
            return
        check_view(shown, all_of_it=True)
        if more := _pages(shown) - self._page:
            raise Fault(f"a page has {sorted(more)[:5]} more")
        if more := _mails(shown) ^ self._mail:
            raise Fault(f"a mail differs in {sorted(more)[:5]}")


def _timeline(texts: list[str]) -> Timeline | None:
    """The agreement with those texts; None where it is refused."""
    content = _FILE
    for place, text in zip(_PLACES, texts, strict=True):
        content = content.replace(place, quoted(text))
    try:
        agreements, _ = read(["a.toml"], [content.encode()])
    except FileErrors:
        return None
    return resolve(agreements, TODAY)


def _pages(shown: Timeline) -> set[tuple[str, ...]]:
    elements: set[tuple[str, ...]] = set()
    with client_of(shown) as client:
        for path in _PATHS:
            response = client.get(path, headers={"accept": "text/html"})
            if response.status_code != 200:
                raise Fault(f"{path}: {response.status_code}")
            structure = Structure(response.text)
            elements |= structure.elements | {("comment", each) for each in structure.comments}
        for path in ("/calendar.ics", "/calendar.ics?lang=ja&waiting=todo&alarms=1d"):
            read_calendar(client.get(path).content)
        ET.fromstring(client.get("/feed.atom").content)  # noqa: S314 - our own
        client.get("/api/events").json()
    return elements


def _mails(shown: Timeline) -> set[tuple[str, ...]]:
    """The headers and parts of a mail, and the elements of its HTML."""
    names: set[tuple[str, ...]] = set()
    for language in LANGUAGES:
        message = reminder(shown, language, event="a/report")
        content = mime_of(message, "t@example.org", "legal@example.org", NOW)
        if any(len(line) > 998 for line in content.split(b"\r\n")):
            raise Fault("a line of the mail is too long")
        mail = email.message_from_bytes(content, policy=email.policy.default)
        for number, part in enumerate(mail.walk()):
            names |= {(str(number), part.get_content_type(), name.lower()) for name in part}
            if part.defects:
                raise Fault(f"a mail has {part.defects}")
            if part.get_content_type() == "text/html":
                names |= Structure(part.get_content()).elements
    return names


@contextmanager
def _desk(_folder: Path) -> Iterator[Desk]:
    yield Desk(_Texts().attempt)


TEXTS = Kind("texts", draw_texts, _desk, TEXT._replace(ending="txt"), seconds=5.0, share=0.5)
