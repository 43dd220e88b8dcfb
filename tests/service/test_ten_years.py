"""Somebody subscribes once: ten years of edits, read back after each by another library.

Nothing is duplicated, nothing lost, moves are shown as moves, and SEQUENCE rises for what changed and
for nothing else.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from ical.calendar_stream import IcsCalendarStream
from ical.event import Event as Entry

from tracker.files.loading import read
from tracker.service.publishing import Publisher
from tracker.store.ledger import Ledger
from tracker.timeline.resolve import resolve

DINNER = '[[event]]\nid = "dinner"\ntitle = "Dinner"\nwhen = 2027-06-01\n'
REPORT = '[[event]]\nid = "report"\ntitle = "Report"\nwhen = "30 days after dinner"\n'
LEASE = (
    '[[event]]\nid = "lease"\ntitle = "Lease"\nends = 2028-12-31\nrenews = "1 year unless notice"\n'
    '[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = "90 days before each end of lease"\n'
)
HEAD = 'id = "a"\ntimezone = "UTC"\n'


class Subscriber:
    """A feed, what its reader has of it, and the clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = date(2026, 11, 25)
        self.content = b""
        self.restart()

    def restart(self, forget: bool = False) -> None:
        """The process ends and begins again, if wanted without its database."""
        database = self.folder / "ledger.sqlite3"
        if forget:
            database.unlink()
        self.ledger = Ledger(f"sqlite:///{database}")
        self.publisher = Publisher(self.ledger, self.now)

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)

    def reads(self, *texts: str) -> dict[str, Entry]:
        """The entries by their name and occurrence's day, once the file says that."""
        agreements, _ = read(["events.toml"], ["".join((HEAD, *texts)).encode()])
        content = self.publisher.calendar(resolve(agreements, self.day), "en")
        assert content is not None
        self.content = content
        calendar = IcsCalendarStream.calendar_from_ics(self.content.decode())
        assert len({entry.uid for entry in calendar.events}) == len(calendar.events)
        return {entry.uid or "": entry for entry in calendar.events}


@pytest.fixture
def subscriber(tmp_path: Path) -> Subscriber:
    return Subscriber(tmp_path)


def named(entries: dict[str, Entry], summary: str) -> Entry:
    return next(one for one in entries.values() if (one.summary or "").startswith(summary))


def raised(before: dict[str, Entry], after: dict[str, Entry]) -> set[str]:
    """The summaries of the entries that say that they changed."""
    return {
        (one.summary or "").split(" (")[0]
        for uid, one in after.items()
        if uid in before and (one.sequence or 0) > (before[uid].sequence or 0)
    }


def test_what_says_the_same_is_the_same_bytes(subscriber: Subscriber) -> None:
    subscriber.reads(DINNER, REPORT)
    first = subscriber.content

    subscriber.reads("# a comment\n", REPORT, "\n\n", DINNER)
    assert subscriber.content == first
    for _ in range(10):
        subscriber.day += timedelta(days=1)
        subscriber.reads(DINNER, REPORT)
        assert subscriber.content == first
    subscriber.restart()
    subscriber.reads(DINNER, REPORT)
    assert subscriber.content == first


def test_ten_years_of_edits(subscriber: Subscriber) -> None:
    first = subscriber.reads(DINNER, REPORT, LEASE)
    assert {one.sequence for one in first.values()} == {0}

    subscriber.day = date(2027, 1, 10)  # the dinner moves, and what hangs on it
    moved = subscriber.reads(DINNER.replace("2027-06-01", "2027-06-08"), REPORT, LEASE)
    assert raised(first, moved) == {"Dinner", "Report"}
    assert named(moved, "Dinner").dtstart == date(2027, 6, 8)
    assert named(moved, "Dinner").uid == named(first, "Dinner").uid
    assert named(moved, "Dinner").dtstamp == datetime(2027, 1, 10, 9, tzinfo=UTC)

    subscriber.day = date(2027, 6, 9)  # it happened, and the report was renamed
    held = DINNER.replace("2027-06-01", "2027-06-08\noccurred = 2027-06-08")
    renamed = REPORT.replace('"report"', '"accounts"\nwas = ["report"]')
    happened = subscriber.reads(held, renamed, LEASE)
    assert set(happened) == set(moved)
    assert named(happened, "Report").uid == named(first, "Report").uid

    subscriber.day = date(2028, 9, 1)  # notice is given: what would have come after is cut off
    given = LEASE + 'occurred = { "2028-12-31" = 2028-08-30 }\n'
    ended = subscriber.reads(held, renamed, given)
    cut = [one for uid, one in ended.items() if one.status == "CANCELLED" and uid in happened]
    assert {one.dtstart for one in cut} >= {date(2029, 12, 31), date(2029, 10, 2)}
    assert set(happened) <= set(ended)

    subscriber.day = date(2028, 9, 2)  # the report is withdrawn, the dinner taken out of the file
    withdrawn = renamed.replace('"30 days after dinner"', "2029-01-01\nwithdrawn = 2028-09-02")
    gone = subscriber.reads(withdrawn, given)
    assert named(gone, "Report").status == "CANCELLED"
    assert named(gone, "Dinner").status == "CANCELLED"
    before = subscriber.content
    subscriber.restart()
    assert subscriber.reads(withdrawn, given) == gone
    assert subscriber.content == before

    subscriber.day = date(2029, 9, 3)  # a year later nobody needs to be told any more
    later = subscriber.reads(withdrawn, given)
    assert {one.status for one in later.values()} == {"CONFIRMED"}

    subscriber.day = date(2036, 11, 25)  # ten years on, and without the database
    subscriber.restart(forget=True)
    last = subscriber.reads(withdrawn, given)
    assert set(last) == set(later)
    assert {one.sequence for one in last.values()} == {0}


def test_without_its_database_the_last_feed_is_served_and_none_is_made_up(
    subscriber: Subscriber,
) -> None:
    subscriber.reads(DINNER)
    first = subscriber.content
    timeline = resolve(read(["e"], [f"{HEAD}{DINNER}".encode()])[0], subscriber.day)
    subscriber.ledger.close()
    for file in subscriber.folder.glob("ledger.sqlite3*"):
        file.unlink()
    (subscriber.folder / "ledger.sqlite3").mkdir()

    assert subscriber.publisher.calendar(timeline, "en") == first
    assert subscriber.publisher.calendar(timeline, "ja") is None
