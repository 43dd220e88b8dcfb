"""A day that was put off, or brought forward, is told the same wherever changes are told."""

from __future__ import annotations

import html
import re
from datetime import UTC, date, datetime
from pathlib import Path

from tests.cli.calls import Caller
from tests.web.sites import client_of
from tracker.files.loading import read
from tracker.service.static_site import publish_site
from tracker.timeline.resolver import resolve

FIRST, LAST = date(2027, 1, 1), date(2027, 2, 20)
#: What is stated of an event, and what was agreed in time.
PUT_OFF = [
    ("when = 2027-01-15", "when = 2027-03-15"),
    ('when = "not after 2027-01-15"', 'when = "not after 2027-03-15"'),
    ('when = "in 2027-01"', 'when = "in 2027-03"'),
    ("starts = 2027-01-15", "starts = 2027-03-15"),
    ("starts = 2026-01-01\nends = 2027-01-15", "ends = 2027-03-15"),
]
#: What would be so if nothing had been agreed.
WOULD_BE_SO = ("has passed", "has lapsed", "is over", "takes effect", "can no longer move")
STATED = 'id = "deal"\ntitle = "Deal"\ntimezone = "UTC"\n' + "".join(
    f'[[event]]\nid = "e{at}"\ntitle = "Event {at}"\n{line}\n'
    for at, (line, _) in enumerate(PUT_OFF)
)
HANGS_ON = '[[event]]\nid = "then"\ntitle = "Then"\nwhen = "10 days after e0"\n'
AMENDED = '[[amendment]]\nid = "m"\ntitle = "Extension"\non = 2027-01-10\n' + "".join(
    f'[[amendment.event]]\nid = "e{at}"\n{line}\n' for at, (_, line) in enumerate(PUT_OFF)
)


def on_the_command_line(call: Caller, text: str) -> str:
    call.write("events.toml", text)
    return call("changes", str(FIRST), str(LAST)).out


def on_the_page(text: str) -> str:
    agreements, _ = read(["events.toml"], [text.encode()])
    with client_of(resolve(agreements, LAST)) as client:
        page = client.get(f"/changes?from={FIRST}&to={LAST}").text
    return html.unescape(re.sub(r"<[^>]+>", "", page))


def in_the_news(folder: Path, stated: str, text: str) -> str:
    """What a feed says that was made on the first day, and again on the last."""
    for day, content in ((FIRST, stated), (LAST, text)):
        agreements, _ = read(["events.toml"], [content.encode()])
        now = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        publish_site(folder, resolve(agreements, day), [content.encode()], now, None)
    return html.unescape((folder / "feed.atom").read_text(encoding="utf-8"))


def test_what_was_put_off_in_time_is_told_by_the_day_that_stands(call: Caller) -> None:
    stated, text = STATED + HANGS_ON, STATED + HANGS_ON + AMENDED

    told = {
        "command line": on_the_command_line(call, text),
        "page": on_the_page(text),
        "news": in_the_news(call.folder / "site", stated, text),
    }

    for where, sentences in told.items():
        assert sentences.count("moves 2 months later") >= len(PUT_OFF) + 1, where
        assert "because of Extension" in sentences, where
        assert [sentence for sentence in WOULD_BE_SO if sentence in sentences] == [], where
