"""The shipped agreement says what its source says."""

from __future__ import annotations

import tomllib
from datetime import date

from tests.shipped import AMENDMENT, EVENTS, ROOT, timeline
from tests.timeline.scene import point
from tracker.timeline.validation.warnings import find_warnings

SOURCE = (ROOT / "sources" / "abmedia.txt").read_text(encoding="utf-8")
TABLES = tomllib.loads(EVENTS.read_text(encoding="utf-8"))


def test_there_are_twenty_one_events_each_in_english_and_japanese() -> None:
    assert len(TABLES["event"]) == 21
    for event in TABLES["event"]:
        assert set(event["title"]) == {"en", "ja"}
        assert set(event.get("note", event["title"])) == {"en", "ja"}


def test_every_quote_stands_in_the_source_word_for_word() -> None:
    for event in TABLES["event"]:
        assert event["quote"] in SOURCE, event["id"]


def test_nothing_about_the_shipped_agreement_is_doubtful() -> None:
    assert find_warnings(timeline()) == []
    assert find_warnings(timeline(amended=True)) == []


def test_research_ip_ends_by_2030_or_sooner_and_model_ip_in_2032() -> None:
    found = timeline()
    research, model = point(found, "end of research-ip"), point(found, "end of model-ip")

    assert (research.status, research.counts_to) == ("may-move", date(2030, 12, 31))
    assert research.earliest == found.as_of
    assert (model.status, model.counts_to) == ("exact", date(2032, 12, 31))
    assert point(found, "agi-verified").status == "waiting"


def test_the_amendment_is_seen_from_its_day_on() -> None:
    before = timeline(date(2026, 4, 26), amended=True)
    after = timeline(date(2026, 4, 27), amended=True)

    assert point(before, "end of ip-exclusivity").status == "waiting"
    assert point(after, "end of ip-exclusivity").counts_to == date(2026, 4, 27)
    assert point(after, "end of revenue-share").counts_to == date(2030, 12, 31)
    assert (len(before.events), len(after.events)) == (21, 24)


def test_the_amendments_note_on_model_ip_keeps_the_words_of_its_reading() -> None:
    amended = tomllib.loads(AMENDMENT.read_text(encoding="utf-8"))["amendment"][0]["event"]
    new = next(event for event in amended if event["id"] == "model-ip")["note"]
    old = next(event for event in TABLES["event"] if event["id"] == "model-ip")["note"]

    assert new["en"].startswith(old["en"])
    assert new["ja"].startswith(old["ja"])
