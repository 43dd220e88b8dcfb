"""Options in what is published: on their last day, tentative, and cancelled once they have lapsed."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest

from tests.feeds.test_calendar import entry_named, feed, read
from tests.shipped import TODAY
from tests.timeline.scene import agreement, event
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.omitted import counts_by_reason, shown_and_omitted
from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.text import picture_text
from tracker.feeds.picture.track_texts import TrackTexts
from tracker.feeds.picture.tracks import Mark, tracks_of
from tracker.feeds.query import FeedChoice
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

BREAK = event("break", when="not after (6 months before 2031-03-24)")


def _view(as_of: str, *events: object) -> Timeline:
    return resolve([agreement(*(events or (BREAK,)))], date.fromisoformat(as_of))  # type: ignore[arg-type]


def _at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(1), UTC)


def test_an_option_is_an_entry_on_its_last_day_tentative_and_named_so() -> None:
    entry = entry_named(read(feed(_view("2026-11-25"))), "a/break")

    assert (entry.dtstart, entry.status) == (date(2030, 9, 24), "TENTATIVE")
    assert entry.summary == "Last day for “BREAK”"
    assert "an option: on any day through this one, or not at all" in (entry.description or "")
    japanese = entry_named(read(feed(_view("2026-11-25"), "ja")), "a/break")
    assert japanese.summary == "BREAKが可能な最終日"


def test_its_entry_is_the_same_on_every_day_on_which_it_can_be_used() -> None:
    first, last = _view("2026-11-25"), _view("2030-09-24")

    published = [publication(view, "en").entries[0].content for view in (first, last)]

    assert published[0] == published[1]


def test_one_with_an_hour_is_cancelled_from_that_instant_on() -> None:
    agreements = [agreement(event("break", when="not after 2030-09-24 17:00"))]
    noon, evening = (datetime(2030, 9, 24, hour, tzinfo=UTC) for hour in (12, 17))
    before = publication(resolve(agreements, noon.date(), now=noon), "en", now=noon)
    earlier = {entry.uid: entry for entry in before.entries}

    after = resolve(agreements, evening.date(), now=evening)
    lapsed = publication(after, "en", earlier, evening)

    shown = [
        entry_named(read(calendar_form(published, FeedChoice("en"))), "a/break")
        for published in (before, lapsed)
    ]
    assert [entry.status for entry in shown] == ["TENTATIVE", "CANCELLED"]
    assert [entry.dtstart for entry in shown] == [datetime(2030, 9, 24, 17, tzinfo=UTC)] * 2


def test_one_that_has_lapsed_is_cancelled_for_a_year_as_what_is_withdrawn_is() -> None:
    before = publication(_view("2030-09-24"), "en", now=_at("2030-09-24"))
    earlier = {entry.uid: entry for entry in before.entries}

    lapsed = publication(_view("2030-09-25"), "en", earlier, _at("2030-09-25"))

    entry = entry_named(read(calendar_form(lapsed, FeedChoice("en"))), "a/break")
    assert (entry.dtstart, entry.status) == (date(2030, 9, 24), "CANCELLED")
    assert (entry.summary, entry.sequence) == ("Cancelled: BREAK (lapsed)", 1)
    assert "lapsed: its last day was 24 September 2030" in (entry.description or "")
    later = {entry.uid: entry for entry in lapsed.entries}
    gone = publication(_view("2031-09-26"), "en", later, _at("2031-09-26"))
    assert gone.entries == ()


def test_one_that_was_used_is_confirmed_on_the_day_of_its_use() -> None:
    used = BREAK._replace(occurred=date(2028, 5, 1))

    entry = entry_named(read(feed(_view("2028-05-02", used))), "a/break")

    assert (entry.dtstart, entry.status, entry.summary) == (date(2028, 5, 1), "CONFIRMED", "BREAK")


def test_one_whose_last_day_waits_is_counted_and_a_to_do_where_that_is_asked_for() -> None:
    view = _view(
        "2026-11-25", event("x", when="open"), event("o", when="not after (1 month after x)")
    )
    published = publication(view, "en")

    _, omitted = shown_and_omitted(published, FeedChoice("en"))

    assert counts_by_reason(omitted) == {"waiting": 2}
    content = calendar_form(published, FeedChoice("en", waiting=True)).decode()
    assert content.count("BEGIN:VTODO") == 2
    assert "its last day depends on x" in content.replace("\r\n ", "")


def test_a_term_that_may_be_begun_or_ended_by_a_day_is_drawn_to_that_day() -> None:
    view = _view(
        "2026-11-25",
        event("begun", starts="not after 2027-06-30", ends="2028-12-31"),
        event("ended", starts="2026-01-01", ends="not after 2027-12-31"),
        event("waits", starts="not after (30 days after end of ended)", ends="2029-12-31"),
    )

    (group,) = tracks_of(view, "en").groups
    texts = TrackTexts(view, "en")
    drawn = {track.event.id: (track.marks, texts.when(track)) for track in group.tracks}

    assert drawn["begun"] == ((Mark(date(2027, 6, 30), "option"),), "last day 30 Jun 2027")
    assert drawn["ended"][0] == (Mark(date(2027, 12, 31), "option"),)
    assert drawn["ended"][1] == "may be ended by 31 December 2027 at the latest, or go on"
    assert drawn["waits"][1].startswith("an option, to be used or not: its last day depends on")


@pytest.mark.parametrize(
    ("when", "as_of", "line"),
    [
        ("not after 2027-11-25", TODAY, "◁"),
        ("not after 2026-10-25", TODAY, "⊘"),
    ],
)
def test_the_picture_marks_the_last_day_and_that_it_has_lapsed(
    when: str, as_of: date, line: str
) -> None:
    view = resolve([agreement(event("o", when=when), event("x", when="2028-01-01"))], as_of)

    (group,) = tracks_of(view, "en").groups
    track = next(track for track in group.tracks if track.event.id == "o")

    drawn = picture_text(extent_of(view, "en", PictureOptions()), "en", 80)
    assert line in next(text for text in drawn if text.startswith("O "))
    assert "last day of an option" in " ".join(drawn)
    assert TrackTexts(view, "en").when(track) == (
        "last day 25 Nov 2027" if line == "◁" else "lapsed 25 Oct 2026"
    )
