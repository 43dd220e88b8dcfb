"""Somebody subscribes once: ten years of edits, read back after each by three other programs.

Nothing is duplicated, nothing lost, moves are shown as moves, and SEQUENCE rises for what changed and
for nothing else; whether the feed is served, or published as a file.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.feeds.readers import ReadEntry, read_by_all
from tracker.feeds.calendar import calendar_form
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read
from tracker.service.publisher import Publisher
from tracker.service.static_site import publish_site
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

HEAD = 'id = "a"\ntimezone = "UTC"\n'
DINNER = '[[event]]\nid = "dinner"\ntitle = "Dinner"\nwhen = 2027-06-01\n'
REPORT = '[[event]]\nid = "report"\ntitle = "Report"\nwhen = "30 days after dinner"\n'
CALL = '[[event]]\nid = "call"\ntitle = "Call"\nwhen = "2027-07-15 18:00 Europe/Berlin"\n'
PARDON = '[[event]]\nid = "pardon"\ntitle = "Pardon"\nwhen = "open"\n'
LEASE = (
    '[[event]]\nid = "lease"\ntitle = "Lease"\nends = 2028-12-31\nrenews = "1 year unless notice"\n'
    '[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = "90 days before each end of lease"\n'
)
OTHER = 'id = "b"\n[[event]]\nid = "other"\ntitle = "Other"\nwhen = 2030-01-01\n'
AMENDMENT = (
    '[[amendment]]\nid = "second"\non = 2027-03-01\n'
    '[[amendment.event]]\nid = "report"\nwhen = "45 days after dinner"\n'
)
MOVED = DINNER.replace("2027-06-01", "2027-06-08")
HELD = MOVED + "occurred = 2027-06-08\n"
PARDONED = PARDON + "occurred = 2027-06-09\n"
RENAMED = REPORT.replace('"report"', '"accounts"\nwas = ["report"]')
CHANGE = AMENDMENT.replace('"report"', '"accounts"')
GIVEN = LEASE + 'occurred = { "2028-12-31" = 2028-08-30 }\n'
DROPPED = RENAMED + "withdrawn = 2028-09-02\n"


class Served:
    """A feed that a process serves, and the clock."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.day = date(2026, 11, 25)
        self.content = b""
        self.told: list[bytes] = []
        self.database: Database | None = None
        self.restart()

    def restart(self, forget: bool = False) -> None:
        """The process ends and begins again, if wanted without what it remembered."""
        if self.database is not None:
            self.database.close()
        if forget:
            for file in self.folder.glob("ledger.sqlite3*"):
                file.unlink()
        self.database = Database(f"sqlite:///{self.folder / 'ledger.sqlite3'}")
        self.publisher = Publisher(FeedHistory(self.database), self.now)

    def close(self) -> None:
        assert self.database is not None
        self.database.close()

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 9, tzinfo=UTC)

    def calendar(self, timeline: Timeline, texts: list[bytes]) -> bytes:
        self.publisher.publish(timeline, texts)
        edition = self.publisher.edition("en")
        assert edition is not None
        self.told = list(edition.reported_changes)
        return calendar_form(edition.published, FeedChoice("en"))

    def says(self, *texts: str, more: str = "") -> bytes:
        """The feed's bytes, once the file says that; `more` is another agreement's file."""
        files = ["".join((HEAD, *texts)).encode(), *([more.encode()] if more else [])]
        agreements, _ = read([str(at) for at in range(len(files))], files)
        self.content = self.calendar(resolve(agreements, self.day), files)
        return self.content

    def reads(self, *texts: str) -> dict[str, ReadEntry]:
        """The entries as every reader has them, once the file says that."""
        return read_by_all(self.says(*texts))


class Published(Served):
    """A feed in a folder, for which nothing runs; nothing but the folder remembers."""

    def restart(self, forget: bool = False) -> None:
        if forget:
            shutil.rmtree(self.folder / "site")

    def close(self) -> None:
        pass

    def calendar(self, timeline: Timeline, texts: list[bytes]) -> bytes:
        done = publish_site(self.folder / "site", timeline, texts, self.now(), None)
        self.told = list(done.edition.reported_changes)
        return (self.folder / "site" / "calendar.ics").read_bytes()


@pytest.fixture(params=[Served, Published])
def subscriber(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Served]:
    made = request.param(tmp_path)
    yield made
    made.close()


def entry_named(entries: dict[str, ReadEntry], name: str, start: str | None = None) -> ReadEntry:
    (entry,) = (
        entry
        for entry in entries.values()
        if entry.name == f"a/{name}" and start in (None, entry.start)
    )
    return entry


def changed_events(before: dict[str, ReadEntry], after: dict[str, ReadEntry]) -> set[str]:
    """The events whose entries say that they changed."""
    same = before.keys() & after.keys()
    assert all(after[uid].sequence >= before[uid].sequence for uid in same)
    changed = {uid for uid in same if after[uid].sequence > before[uid].sequence}
    assert all(before[uid] == after[uid] for uid in same - changed)
    return {after[uid].name for uid in changed}


def test_what_says_the_same_is_the_same_bytes(subscriber: Served) -> None:
    first = subscriber.says(DINNER, REPORT, CALL, PARDON)

    assert subscriber.says("# a comment\n", REPORT, "\n\n", PARDON, CALL, DINNER) == first
    for _ in range(10):  # midnights
        subscriber.day += timedelta(days=1)
        assert subscriber.says(DINNER, REPORT, CALL, PARDON) == first
    subscriber.restart()
    assert subscriber.says(DINNER, REPORT, CALL, PARDON) == first
    assert subscriber.told == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('title = "Dinner"', 'title = "Supper"'),
        ("when = 2027-06-01", "when = 2027-06-02"),
        ("when = 2027-06-01", 'when = "in 2027-06"'),
        ("when = 2027-06-01\n", 'when = 2027-06-01\nnote = "At eight"\n'),
    ],
)
def test_a_change_raises_the_sequence_of_that_event_alone(
    subscriber: Served, before: str, after: str
) -> None:
    first = subscriber.reads(DINNER, CALL, LEASE)
    subscriber.day = date(2027, 1, 1)

    second = subscriber.reads(DINNER.replace(before, after), CALL, LEASE)

    assert before in DINNER
    assert changed_events(first, second) == {"a/dinner"}
    assert first.keys() <= second.keys()
    assert b"LAST-MODIFIED:20270101T090000Z\r\n" in subscriber.content


def test_ten_years_of_edits(subscriber: Served) -> None:
    amended = what_is_moved(subscriber)
    ended = what_happens(subscriber, amended)
    what_goes(subscriber, ended)


def what_is_moved(subscriber: Served) -> dict[str, ReadEntry]:
    """The first year: an edit of the file, and an amendment."""
    first = subscriber.reads(DINNER, REPORT, CALL, PARDON, LEASE)
    assert {one.sequence for one in first.values()} == {0}
    assert entry_named(first, "call").start == "2027-07-15T16:00:00.000Z"

    subscriber.day = date(2027, 1, 10)  # the dinner moves, and what hangs on it
    moved = subscriber.reads(MOVED, REPORT, CALL, PARDON, LEASE)
    assert changed_events(first, moved) == {"a/dinner", "a/report"}
    assert (entry_named(moved, "dinner").start, entry_named(moved, "dinner").end) == (
        "2027-06-08",
        "2027-06-09",
    )
    assert entry_named(moved, "report").start == "2027-07-08"
    assert moved.keys() >= first.keys()

    subscriber.day = date(2027, 3, 1)  # an amendment is signed
    amended = subscriber.reads(MOVED, REPORT, CALL, PARDON, LEASE, AMENDMENT)
    assert changed_events(moved, amended) == {"a/report"}
    assert entry_named(amended, "report").start == "2027-07-23"
    assert entry_named(amended, "report").sequence == 2
    assert amended.keys() == moved.keys()
    assert entry_named(amended, "report").uid == entry_named(first, "report").uid
    return amended


def what_happens(subscriber: Served, amended: dict[str, ReadEntry]) -> dict[str, ReadEntry]:
    """Records, a new name, and a notice."""
    subscriber.day = date(2027, 6, 9)  # it happened, a pardon came, and the report was renamed
    happened = subscriber.reads(HELD, RENAMED, CALL, PARDONED, LEASE, CHANGE)
    assert entry_named(happened, "accounts").uid == entry_named(amended, "report").uid
    assert happened.keys() - amended.keys() == {entry_named(happened, "pardon").uid}
    assert amended.keys() <= happened.keys()
    assert changed_events(amended, happened) <= {"a/dinner", "a/accounts"}

    subscriber.day = date(2028, 9, 1)  # notice is given: what would have come after is cut off
    ended = subscriber.reads(HELD, RENAMED, CALL, PARDONED, GIVEN, CHANGE)
    cut = {one.start for uid, one in ended.items() if one.status == "CANCELLED" and uid in happened}
    assert cut >= {"2029-12-31", "2029-10-02"}
    said = {uid for uid, entry in ended.items() if entry.summary.startswith("Cancelled: ")}
    assert said == {uid for uid, entry in ended.items() if entry.status == "CANCELLED"} != set()
    assert happened.keys() <= ended.keys()
    return ended


def what_goes(subscriber: Served, ended: dict[str, ReadEntry]) -> None:
    """What is withdrawn or removed, and the years after."""
    subscriber.day = date(2028, 9, 2)  # the report is withdrawn, the call taken out of the file
    gone = subscriber.reads(HELD, DROPPED, PARDONED, GIVEN, CHANGE)
    assert gone.keys() == ended.keys()
    assert entry_named(gone, "call").status == "CANCELLED"
    assert entry_named(gone, "accounts").status == "CANCELLED"
    assert changed_events(ended, gone) == {"a/call", "a/accounts"}
    before = subscriber.content
    subscriber.restart()
    subscriber.day += timedelta(days=1)
    assert subscriber.says(HELD, DROPPED, PARDONED, GIVEN, CHANGE) == before

    subscriber.day = date(2029, 9, 3)  # a year later nobody needs to be told any more
    later = subscriber.reads(HELD, DROPPED, PARDONED, GIVEN, CHANGE)
    assert {one.status for one in later.values()} == {"CONFIRMED"}
    assert entry_named(later, "dinner") == entry_named(ended, "dinner")

    subscriber.day = date(2036, 11, 25)  # ten years on, and without what was remembered
    subscriber.restart(forget=True)
    last = subscriber.reads(HELD, DROPPED, PARDONED, GIVEN, CHANGE)
    assert last.keys() == later.keys()
    assert {one.sequence for one in last.values()} == {0}


def test_changes_are_told_once_each_with_its_cause(subscriber: Served) -> None:
    subscriber.says(DINNER, REPORT)
    subscriber.day = date(2027, 3, 1)

    subscriber.says(DINNER, REPORT, AMENDMENT)
    told = [one.decode() for one in subscriber.told]
    subscriber.restart()
    subscriber.day += timedelta(days=1)
    subscriber.says("# nothing new\n", DINNER, REPORT, AMENDMENT)

    (only,) = told
    assert "Report: moves 15 days later: from 1 July 2027 to 16 July 2027" in only
    assert "because of the amendment second" in only
    assert "<updated>2027-03-01T09:00:00Z</updated>" in only
    assert [one.decode() for one in subscriber.told] == told


def test_an_agreement_that_is_loaded_for_the_first_time_is_no_news(subscriber: Served) -> None:
    subscriber.says(DINNER)

    subscriber.says(DINNER.replace("Dinner", "Supper"), more=OTHER)

    (only,) = subscriber.told
    assert b"Supper" in only


def test_last_modified_never_goes_back_even_where_the_clock_does(tmp_path: Path) -> None:
    served = Served(tmp_path)
    modified = []
    for back, title in enumerate(("Dinner", "Supper", "Lunch")):
        served.day = date(2026, 11, 25) - timedelta(days=back)
        served.says(DINNER.replace("Dinner", title))
        edition = served.publisher.edition("en")
        assert edition is not None
        modified.append(edition.modified)
    served.restart()
    served.says(DINNER.replace("Dinner", "Lunch"))
    edition = served.publisher.edition("en")

    assert edition is not None
    assert edition.modified == modified[-1]
    assert modified == sorted(set(modified))
    served.close()


def test_without_its_database_the_last_feed_is_served_and_none_is_made_up(tmp_path: Path) -> None:
    served = Served(tmp_path)
    first = served.says(DINNER)
    served.close()
    for file in tmp_path.glob("ledger.sqlite3*"):
        file.unlink()
    (tmp_path / "ledger.sqlite3").mkdir()

    assert served.says(DINNER.replace("Dinner", "Supper")) == first
    assert served.publisher.edition("ja") is None
    assert served.publisher.trouble is not None


def test_what_another_process_has_told_is_taken_up(tmp_path: Path) -> None:
    served = Served(tmp_path)
    served.says(DINNER)
    assert served.database is not None
    other = Publisher(FeedHistory(served.database), served.now)
    texts = [f"{HEAD}{DINNER}".encode()]
    other.publish(resolve(read(["0"], texts)[0], served.day), texts)
    before = other.edition("en")
    served.says(DINNER.replace("Dinner", "Supper"))

    other.follow()

    after, revision = other.edition("en"), other.revision
    assert before is not None
    assert after is not None
    assert (list(before.reported_changes), list(after.reported_changes)) == ([], served.told)
    assert len(served.told) == 1
    other.follow()
    assert other.revision == revision  # nothing new: what is kept stays
    served.close()
