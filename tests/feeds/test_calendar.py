"""The feed, read back by another library than the one that wrote it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as Entry

from tests.shipped import TODAY, timeline
from tests.timeline.scene import agreement, event
from tracker.agreements.keys import PointKey
from tracker.agreements.model import Agreement
from tracker.dates.bounds import Window
from tracker.feeds.calendar import EntryWrapper, calendar_form, drafts, publication
from tracker.feeds.omitted import counts_by_reason, shown_and_omitted
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read as read_files
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve


def read(content: bytes) -> dict[str, Entry]:
    """The entries of a feed, by the name at the end of their description and their summary."""
    calendar = IcsCalendarStream.calendar_from_ics(content.decode())
    return {f"{(e.description or '').splitlines()[-1]}|{e.summary}": e for e in calendar.events}


def entry_named(entries: dict[str, Entry], name: str) -> Entry:
    return next(entry for key, entry in entries.items() if key.startswith(name))


def feed(published: Timeline, language: str = "en") -> bytes:
    return calendar_form(publication(published, language), FeedChoice(language))


def feed_of(*agreements: Agreement, as_of: date = TODAY) -> bytes:
    return feed(resolve(agreements, as_of))


def test_a_day_that_may_move_is_tentative_on_the_day_it_counts_to_and_says_so() -> None:
    entries = read(feed(timeline(), "en"))

    end = entry_named(
        entries, "microsoft-openai/research-ip|Microsoft's rights to research IP: end"
    )
    assert (end.dtstart, end.dtend) == (date(2030, 12, 31), date(2031, 1, 1))
    assert end.status == "TENTATIVE"
    assert end.summary is not None
    assert "may come sooner: waits for agi-verified" in end.summary
    model = entry_named(entries, "microsoft-openai/model-ip|Microsoft's IP rights to OpenAI's models and"
                " products: end")  # fmt: skip
    assert (model.dtstart, model.status) == (date(2032, 12, 31), "CONFIRMED")


def test_a_day_anywhere_on_earth_stands_on_that_day_and_says_so() -> None:
    papers, call = (
        event("papers", when="2027-01-15 AoE"),
        event("call", when="2027-01-15 17:00 AoE"),
    )
    published = replace(agreement(papers, call), zone="Asia/Tokyo")

    entries = read(feed_of(published))

    shown = entry_named(entries, "a/papers")
    assert (shown.dtstart, shown.dtend) == (date(2027, 1, 15), date(2027, 1, 16))
    assert shown.summary == "PAPERS (AoE)"
    told = "15 January 2027 AoE, which is Saturday, 16 January 2027, 20:59 (Asia/Tokyo)"
    assert told in (shown.description or "")
    timed = entry_named(entries, "a/call")
    assert timed.dtstart == datetime(2027, 1, 16, 5, 0, tzinfo=UTC)
    assert "15 January 2027, 17:00 (AoE), which is Saturday" in (timed.description or "")
    in_japanese = read(feed(resolve([published], TODAY), "ja"))
    assert entry_named(in_japanese, "a/papers").summary == "PAPERS(AoE)"


def test_what_waits_has_no_made_up_day_and_is_counted() -> None:
    published = publication(timeline(), "en")

    shown, omitted = shown_and_omitted(published, FeedChoice("en"))

    assert not any("agi-verified|" in key for key in read(feed(timeline())))
    assert (shown, counts_by_reason(omitted)) == (21, {"waiting": 5})
    assert shown + 5 == len(timeline().points)


def test_a_points_uid_is_the_same_for_ever() -> None:
    (entry,) = read(feed_of(agreement(event("x", when="2030-01-01")))).values()

    assert entry.uid == "10dc1e1c-043c-52c3-aede-71d80c56c290"


def test_two_builds_of_the_same_facts_are_the_same_bytes_on_any_day_and_in_any_order() -> None:
    events = (event("x", when="2030-01-01"), event("y", when="open"), event("z", starts="x"))
    first = feed_of(agreement(*events))

    assert first == feed_of(agreement(*reversed(events)))
    assert first == feed_of(agreement(*events), as_of=TODAY + timedelta(days=400))
    assert feed(timeline()) == feed(timeline(date(2029, 1, 1)))


def test_a_deadline_makes_nobody_busy_invites_nobody_and_rings_no_alarm() -> None:
    content = feed(timeline(), "en").decode()

    assert content.count("TRANSP:TRANSPARENT") == content.count("BEGIN:VEVENT") == 21
    assert "\nMETHOD" not in content
    assert "VALARM" not in content


def test_the_stamp_is_the_newest_day_that_the_file_names_as_past() -> None:
    bare = agreement(event("x", when="2030-01-01"))
    recorded = agreement(
        event("x", when="2030-01-01"), event("y", when="open", occurred=date(2026, 5, 1))
    )

    assert b"DTSTAMP:19700101T000000Z" in feed_of(bare)
    assert b"DTSTAMP:20260501T000000Z" in feed_of(recorded)
    assert b"DTSTAMP:19700101T000000Z" in feed_of(recorded, as_of=date(2026, 4, 30))


def test_a_withdrawn_event_stays_as_cancelled_for_a_year() -> None:
    withdrawn = agreement(event("x", when="2030-01-01", withdrawn=date(2026, 11, 1)))

    (entry,) = read(feed_of(withdrawn)).values()

    assert (entry.status, entry.dtstart) == ("CANCELLED", date(2030, 1, 1))
    assert read(feed_of(withdrawn, as_of=date(2027, 11, 1))) == {}


@pytest.mark.parametrize(
    "title",
    [
        "a, b; c \\ d",
        "END:VEVENT",
        "📅 期限 עברית",
        "終" * 3000,
        'quote " and : colon',
    ],
)
def test_no_title_breaks_out_of_its_property(title: str) -> None:
    hostile = event("x", when="2030-01-01")._replace(
        title=(("en", title),), note=(("en", f"line\nEND:VCALENDAR\n{title}"),)
    )
    stated = replace(agreement(hostile), title=(("en", f"BEGIN:VCALENDAR {title} END:VCALENDAR"),))

    content = feed_of(stated)
    alone = EntryWrapper(resolve([stated], TODAY), "en").wrap_all(
        publication(resolve([stated], TODAY), "en").entries
    )

    assert read(alone).keys() == read(content).keys()

    (entry,) = read(content).values()
    assert entry.summary == title
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    content.decode("utf-8")


def test_a_window_counts_to_its_first_day_and_names_all_of_it() -> None:
    quarter = resolve([agreement(event("x", when="in 2030-Q4"))], TODAY)

    (entry,) = read(feed(quarter, "en")).values()

    assert quarter.points[0].stands == Window(date(2030, 10, 1), date(2030, 12, 31))
    assert entry.dtstart == date(2030, 10, 1)
    assert entry.summary == "X (on an unknown day, 1 October 2030 to 31 December 2030)"


def test_texts_are_in_the_language_that_was_asked_for() -> None:
    content = feed(timeline(), "ja")

    assert b"SUMMARY;LANGUAGE=ja:" in content


def test_an_instant_is_an_entry_at_that_instant_whatever_the_zone() -> None:
    content = feed_of(agreement(event("x", when="2027-01-15 22:59 AoE")))

    entry = entry_named(read(content), "a/x")
    assert entry.dtstart == datetime(2027, 1, 16, 10, 59, tzinfo=UTC)
    assert b"DTSTART:20270116T105900Z" in content
    assert "15 January 2027, 22:59 (AoE)" in (entry.description or "")


def test_one_change_among_many_makes_that_entry_anew_and_no_other() -> None:
    text = 'id = "a"\n' + "".join(
        f'[[event]]\nid = "e{at}"\ntitle = "T{at}"\nwhen = "{at} days after launch"\n'
        for at in range(1, 300)
    )
    text += '[[event]]\nid = "launch"\ntitle = "Launch"\nwhen = 2030-01-01\n'

    def timeline_in(stated: str, day: date) -> Timeline:
        return resolve(read_files(["f"], [stated.encode()])[0], day)

    before = drafts(timeline_in(text, TODAY), "en")
    changed = timeline_in(text.replace('"T7"', '"Seven"'), TODAY + timedelta(days=1))
    after = drafts(changed, "en", before)

    anew = [key for key, draft in after.by_key.items() if draft is not before.by_key[key]]
    assert anew == [PointKey("a", "e7")]
    assert b"Seven" in after.by_key[anew[0]].entry.content  # type: ignore[union-attr]
