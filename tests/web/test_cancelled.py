"""What was cancelled can be left out, wherever a feed is asked for."""

from __future__ import annotations

import csv
import re
from datetime import date
from html import unescape
from io import StringIO
from pathlib import Path

import pytest

from tests.feeds.readers import by_ical
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.sites import NOW, client_of
from tracker.cli.app import run
from tracker.service.static_site import publish_site

FILE = """id = "a"
[[event]]
id = "kept"
title = "Kept"
when = 2030-01-01
tags = ["t"]
[[event]]
id = "dropped"
title = "Dropped"
when = 2030-01-02
withdrawn = 2026-11-20
tags = ["t"]
[[event]]
id = "lapsed"
title = "Lapsed"
when = "not after 2026-11-20"
tags = ["t"]
"""
SCENE = timeline_of(
    event("kept", when="2030-01-01", tags=("t",)),
    event("dropped", when="2030-01-02", withdrawn=date(2026, 11, 20), tags=("t",)),
    event("lapsed", when="not after 2026-11-20", tags=("t",)),
)
ALL = {"kept", "dropped", "lapsed"}


@pytest.mark.parametrize("path", ["calendar.ics", "feeds/t.ics"])
def test_a_calendar_has_what_was_cancelled_unless_that_is_not_wanted(path: str) -> None:
    with client_of(SCENE) as client:

        def shown(query: str) -> set[str]:
            content = client.get(f"/{path}{query}").content
            return {entry.name.removeprefix("a/") for entry in by_ical(content).values()}

        assert shown("") == shown("?cancelled=yes") == ALL
        assert shown("?cancelled=no") == {"kept"}
        left_out = client.get("/api/left-out?cancelled=no").json()
    assert (left_out["shown"], left_out["counts"]["never"]) == (1, 2)


@pytest.mark.parametrize("path", ["api/events", "feeds/t"])
def test_lists_for_programs_leave_out_the_same(path: str) -> None:
    of_json, of_csv = (path, f"{path}.csv") if "api" in path else (f"{path}.json", f"{path}.csv")
    with client_of(SCENE) as client:

        def listed(query: str) -> list[set[str]]:
            rows = csv.DictReader(StringIO(client.get(f"/{of_csv}{query}").text.lstrip("\ufeff")))
            items = client.get(f"/{of_json}{query}").json()
            return [{row["id"] for row in rows}, {item["id"] for item in items}]

        assert listed("") == [ALL, ALL]
        assert listed("?cancelled=no") == listed("?cancelled=no&past=yes") == [{"kept"}] * 2


@pytest.mark.parametrize("path", ["calendar.ics", "api/events", "api/events.csv", "feeds/t.ics"])
def test_another_value_is_refused_with_those_that_there_are(path: str) -> None:
    with client_of(SCENE) as client:
        refused = client.get(f"/{path}?cancelled=none")

    assert refused.status_code == 400
    assert "cancelled takes: no | yes" in refused.text


def test_the_command_leaves_it_out_too(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    file = tmp_path / "a.toml"
    file.write_text(FILE)

    def feed(*options: str) -> tuple[int, bytes, bytes]:
        code = run(["-f", str(file), "--as-of", "2026-11-25", "feed", *options])
        return (code, *capfdbinary.readouterr())

    assert feed()[1].count(b"STATUS:CANCELLED") == 2
    code, out, err = feed("--cancelled", "no")
    assert (code, out.count(b"BEGIN:VEVENT"), b"CANCELLED" in out) == (0, 1, False)
    assert b"1 point in the feed, 2 left out that never come" in err
    assert b"dropped" not in feed("--cancelled", "no", "--form", "csv")[1]
    code, _, err = feed("--cancelled", "none")
    assert (code, b"--cancelled takes: no | yes" in err) == (2, True)


def test_who_subscribes_can_choose_it() -> None:
    with client_of(SCENE) as client:
        page = unescape(client.get("/subscribe?cancelled=no").text)
        (address,) = re.findall(r'<code id="address">(.*?)</code>', page)
        calendar = client.get(address.removeprefix("http://127.0.0.1:8765")).text

    assert 'name="cancelled" value="no" checked' in page
    assert calendar.count("BEGIN:VEVENT") == 1


def test_a_published_site_has_the_calendar_with_it_and_without(tmp_path: Path) -> None:
    publish_site(tmp_path, SCENE, [FILE.encode()], NOW, None)

    for folder in (tmp_path, tmp_path / "ja"):
        every, current = (
            by_ical((folder / name).read_bytes())
            for name in ("calendar.ics", "calendar-without-cancelled.ics")
        )
        assert {entry.name for entry in every.values()} == {f"a/{name}" for name in ALL}
        assert current == {uid: e for uid, e in every.items() if e.status != "CANCELLED"}
        assert "calendar-without-cancelled.ics" in (folder / "subscribe.html").read_text()
