"""The other forms of what is published, and that nothing is left out in silence."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import feedparser
import pytest
from ical.calendar_stream import IcsCalendarStream
from jsonschema import Draft202012Validator

from tests.feeds.readers import by_ical_js
from tests.shipped import AMENDMENT, EVENTS, ROOT, TODAY, timeline
from tests.timeline.scene import agreement, event
from tests.timeline.scene import timeline as timeline_of
from tracker.dates.lead_times import parse_lead
from tracker.feeds.atom import atom_form, notices_of
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.csv import points_csv
from tracker.feeds.history import entries_in
from tracker.feeds.json import agenda_json, points_json
from tracker.feeds.json_schema import POINTS_SCHEMA
from tracker.feeds.omitted import shown_and_omitted
from tracker.feeds.query import FeedChoice
from tracker.feeds.zones import rules_of
from tracker.files.loading import load
from tracker.timeline.agenda import agenda_of, in_list_order
from tracker.timeline.comparison import changes
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIXTURES = [
    [EVENTS],
    [EVENTS, AMENDMENT],
    [ROOT / "examples" / "lease.toml"],
    [ROOT / "examples" / "renewal.toml"],
    [ROOT / "examples" / "again.toml"],
]
CHOICES = [
    FeedChoice("en"),
    FeedChoice("ja", waiting=True),
    FeedChoice("en", past=False),
    FeedChoice("en", waiting=True, past=False),
]


@pytest.mark.parametrize("files", FIXTURES, ids=lambda files: files[-1].stem)
@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("day", [TODAY, date(2033, 6, 1)])
def test_each_point_of_the_list_is_in_the_feed_or_counted_with_its_reason(
    files: list[Path], choice: FeedChoice, day: date
) -> None:
    stated = resolve(load(files), day)
    published = publication(stated, choice.language)

    shown, omitted = shown_and_omitted(published, choice)

    content = calendar_form(published, choice)
    calendar = IcsCalendarStream.calendar_from_ics(content.decode())
    assert len(calendar.events) + len(calendar.todos) == shown
    keys = [point.key for point, _ in omitted]
    assert len(set(keys)) == len(keys)
    assert set(keys) <= {point.key for point in in_list_order(stated, everything=True)}
    assert shown + len(omitted) == len(in_list_order(stated, everything=True))


@pytest.mark.parametrize("files", FIXTURES, ids=lambda files: files[-1].stem)
def test_what_list_prints_as_json_is_as_its_schema_says(files: list[Path]) -> None:
    shipped = resolve(load(files), TODAY)
    Draft202012Validator.check_schema(POINTS_SCHEMA)

    rows = json.loads(json.dumps(points_json(in_list_order(shipped, True), shipped, "en")))

    assert rows
    Draft202012Validator(POINTS_SCHEMA).validate(rows)
    assert set(rows[0]) == set(POINTS_SCHEMA["items"]["required"])


def test_json_and_csv_tell_of_each_point_in_which_group_of_the_agenda_it_is() -> None:
    stated = timeline_of(
        event("late", when="2026-01-01"),
        event("done", when="2026-01-01", occurred=date(2026, 1, 1)),
        event("told", when="open"),
        event("hangs-2", when="open"),
        event("hung", when="10 days after told"),
        event("day", when="2030-01-01, or 2031-01-01 if told"),
        event("lapsed", when="not after 2026-01-01"),
    )
    expected = {"late": "passed", "done": "past", "told": "waiting", "hangs-2": "waiting",
                "hung": "waiting", "day": "upcoming", "lapsed": "never"}  # fmt: skip

    rows = points_json(stated.points, stated, "en")
    cells = csv.DictReader(points_csv(stated.points, stated, "en").decode("utf-8-sig").splitlines())
    agenda = agenda_json(stated, agenda_of(stated), "en")

    assert {row["id"]: row["group"] for row in rows} == expected
    assert {row["id"]: row["group"] for row in cells} == expected
    listed = ("passed", "next", "may_move", "waiting", "past", "never")
    assert {row["id"]: row["group"] for name in listed for row in agenda[name]} == expected
    assert [row["id"] for row in agenda["may_move"]] == ["day"]
    assert agenda["waiting_groups"] == [
        {"waits_for": ["a/told"], "before": [], "then": ["a/hung"], "moves": ["a/day"]},
        {"waits_for": [], "before": [], "then": ["a/hangs-2"], "moves": []},
    ]


def test_the_schema_refuses_what_is_none_of_ours() -> None:
    rows = json.loads(json.dumps(points_json(timeline().points, timeline(), "en")))
    del rows[0]["counts_to"]
    rows[1]["status"] = "maybe"

    assert len(list(Draft202012Validator(POINTS_SCHEMA).iter_errors(rows))) == 2


@pytest.mark.parametrize(
    "title", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "＝1", "|calc", "%x"]
)
def test_no_cell_is_a_formula(title: str) -> None:
    hostile = event("x", when="2030-01-01")._replace(title=(("en", title),), tags=(title,))
    stated = timeline_of(hostile)

    rows = csv.DictReader(points_csv(stated.points, stated, "en").decode("utf-8-sig").splitlines())

    (row,) = rows
    assert row["title"] == row["tags"] == f"'{title}"
    assert row["counts_to"] == "2030-01-01"


def test_a_cell_holds_quotes_commas_and_lines() -> None:
    title = 'a "b", c'
    odd = event("x", when="2030-01-01")._replace(title=(("en", title),), quote="one\ntwo, 三")
    stated = timeline_of(odd)

    text = points_csv(stated.points, stated, "en").decode("utf-8-sig")

    (row,) = csv.DictReader(text.splitlines(keepends=True))
    assert (row["title"], row["quote"]) == (title, "one\ntwo, 三")


def events_after(day: date = date(2026, 4, 27)) -> tuple[Timeline, list[bytes]]:
    """The shipped agreement after its amendment, and the changes as entries of the news."""
    before, after = load([EVENTS]), load([EVENTS, AMENDMENT])
    differences = changes(before, after, day, day)
    notices = notices_of(differences, "en", NOW, "")
    return differences.after, [notice.content for notice in notices]


def test_the_news_tell_each_change_with_its_cause() -> None:
    after, reported = events_after()

    reading = atom_form(
        publication(after, "en"), FeedChoice("en"), reported, NOW, "https://x.example/a"
    )

    feed = feedparser.parse(reading.content)
    assert not feed.bozo
    assert feed.feed.links[0].href == "https://x.example/a"
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) == len(reported) > 0
    assert all("because of" in entry.content[0].value for entry in feed.entries)
    assert feed.entries[0].updated == "2026-11-25T12:00:00Z"


def test_the_news_of_a_tag_are_of_that_tag_alone() -> None:
    after, reported = events_after()
    from tracker.timeline.filters import Where

    chosen = FeedChoice("en", (Where(tags=("ip",)),))
    feed = feedparser.parse(atom_form(publication(after, "en"), chosen, reported, NOW).content)

    assert 0 < len(feed.entries) < len(reported)
    assert all("ip" in [tag.term for tag in entry.tags] for entry in feed.entries)


def test_a_reminder_among_the_news_counts_its_days_by_the_agreements_clock() -> None:
    leads = tuple(map(parse_lead, ("1 day", "0 days")))
    papers = event("papers", when="2027-01-15 AoE", reminders=leads)
    toronto = replace(agreement(papers), zone="America/Toronto")
    now = datetime(2027, 1, 15, 15, tzinfo=UTC)
    published = publication(resolve([toronto], now.date(), now=now), "en")

    feed = feedparser.parse(atom_form(published, FeedChoice("en"), (), now).content)

    told = "16 January 2027, 06:59 (15 January 2027 AoE)"
    assert {entry.title for entry in feed.entries} == {f"Reminder: PAPERS, {told}"}
    assert {entry.updated for entry in feed.entries} == {"2027-01-15T14:00:00Z"}
    becauses = {lead for entry in feed.entries for lead in ("1 day before", "on the eve of")
                if f"{lead} {told}" in entry.content[0].value}  # fmt: skip
    assert becauses == {"1 day before", "on the eve of"}


def test_hostile_words_are_only_text_in_the_news() -> None:
    title = '<b>&amp;"]]>\ufffe</entry>'
    hostile = event("x", when="2026-11-25")._replace(title=(("en", title),))
    before, after = agreement(), agreement(hostile)
    differences = changes([before], [after], TODAY, TODAY)
    reported = [notice.content for notice in notices_of(differences, "en", NOW, "")]

    feed = feedparser.parse(
        atom_form(publication(differences.after, "en"), FeedChoice("en"), reported, NOW).content
    )

    assert not feed.bozo
    assert len(feed.entries) == 1
    assert "<b>" in feed.entries[0].title.replace("&lt;", "<").replace("&gt;", ">")


def test_what_was_published_is_read_back_as_it_was() -> None:
    events = (
        event("x", when="2030-01-01"),
        event("y", when="open"),
        event("z", when="2030-01-01 18:00 America/New_York"),
    )
    tagged = [stated._replace(parties=("A, B", "C;D"), tags=("e\\f",)) for stated in events]
    published = publication(timeline_of(*tagged), "en")

    back = entries_in(calendar_form(published, FeedChoice("en", waiting=True)))

    assert back == {entry.uid: entry for entry in published.entries}


def test_the_second_run_through_an_hour_is_written_in_utc() -> None:
    events = (event("x", when="2026-10-25 01:30 Europe/Berlin"), event("y", when="2 hours after x"))
    content = calendar_form(publication(timeline_of(*events), "en"), FeedChoice("en"))

    assert content.count(b"DTSTART;TZID=Europe/Berlin:20261025T013000\r\n") == 1
    assert content.count(b"DTSTART:20261025T013000Z\r\n") == 1
    starts = {entry.start for entry in by_ical_js(content).values()}

    assert starts == {"2026-10-24T23:30:00.000Z", "2026-10-25T01:30:00.000Z"}


@pytest.mark.parametrize(
    ("zone", "since"),
    [("Europe/Berlin", 1997), ("America/New_York", 2008), ("Asia/Tokyo", 1971)],
)
def test_a_zone_is_written_as_the_rules_that_it_follows_since(zone: str, since: int) -> None:
    rules = rules_of(zone)

    assert rules is not None
    assert rules.since == since


@pytest.mark.parametrize(
    "when", ["2030-07-01 18:00 Africa/Casablanca", "1980-07-01 18:00 Europe/Berlin",
             "2026-10-25 01:30 UTC", "2130-07-01 18:00 Europe/Berlin"]
)  # fmt: skip
def test_what_no_rule_covers_is_written_in_utc(when: str) -> None:
    content = calendar_form(publication(timeline_of(event("x", when=when)), "en"), FeedChoice("en"))

    assert b"TZID" not in content
    assert b"Z\r\n" in content.split(b"DTSTART:")[1][:20]
