"""What is cancelled says so in its title and colour, once, for programs that pass over STATUS."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import NamedTuple

import pytest

from tests.feeds.readers import ReadEntry, by_ical, by_vobject
from tracker.feeds.calendar import publication
from tracker.feeds.history import Entry, entries_in
from tracker.files.loading import read
from tracker.timeline.resolver import resolve

HEAD = 'id = "a"\n[[event]]\nid = "kept"\ntitle = "Kept"\nwhen = 2030-01-01\n'
X = '[[event]]\nid = "x"\ntitle = { en = "Hearing (main)", ja = "審理" }\n'
OPEN = '[[event]]\nid = "call"\ntitle = "Call"\nwhen = "open"\n'
MOVES = f'{OPEN}{X}when = "earliest of call, 2027-06-01"\n'
WINDOW = f'{X}when = "in 2027-06"\n'
OPTION = f'{OPEN}{X}when = "not after (earliest of call, 2027-06-01)"\n'
DAY = f"{X}when = 2027-06-01\n"
AGAIN = f'{X}when = "open"\nrepeats = "as it happens"\n'
LEASE = (
    f'{X.replace("x", "lease")}ends = 2028-12-31\nrenews = "1 year unless notice"\n'
    '[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = "90 days before each end of lease"\n'
)
GIVEN = LEASE + 'occurred = { "2028-12-31" = 2027-01-10 }\n'


class Ending(NamedTuple):
    """How something that a feed holds comes to be cancelled."""

    before: str
    after: str
    start: str  #: of the entry that is cancelled
    en: str  #: its title before and after, and what its description says
    ja: str
    cause: str


ENDINGS = {
    "withdrawn": Ending(
        DAY, f"{DAY}withdrawn = 2027-01-10\n", "2027-06-01",
        "Hearing (main)", "審理", "withdrawn on 10 January 2027",
    ),
    "withdrawn, might have moved": Ending(
        MOVES, f"{MOVES}withdrawn = 2027-01-10\n", "2027-06-01",
        "Hearing (main)", "審理", "withdrawn on 10 January 2027",
    ),
    "removed": Ending(
        MOVES, OPEN, "2027-06-01", "Hearing (main)", "審理", "no longer in the file",
    ),
    "a window that is removed": Ending(
        WINDOW, "", "2027-06-01", "Hearing (main)", "審理", "no longer in the file",
    ),
    "an instant that might have moved": Ending(
        f'{OPEN}{X}when = "earliest of call, 2027-06-01 18:00 Europe/Berlin"\n', OPEN,
        "2027-06-01T16:00:00.000Z", "Hearing (main)", "審理", "no longer in the file",
    ),
    "a forecast in another zone": Ending(
        f'{OPEN}{X}when = "between 2027-06-01 and 2027-06-20"\ntags = ["t"]\n', OPEN, "2027-06-01",
        "Hearing (main)", "審理", "no longer in the file",
    ),
    "an option that is removed": Ending(
        OPTION, OPEN, "2027-06-01", "Last day for “Hearing (main)”", "審理が可能な最終日",
        "no longer in the file",
    ),
    "has no day any more": Ending(
        DAY, f'{OPEN}{X}when = "after call"\n', "2027-06-01", "Hearing (main)", "審理",
        "no longer falls on this day",
    ),
    "a record that is taken back": Ending(
        f'{X}when = "open"\noccurred = 2027-01-04\n', f'{X}when = "open"\n', "2027-01-04",
        "Hearing (main)", "審理", "no longer recorded",
    ),
    "one record of several that is taken back": Ending(
        f"{AGAIN}occurred = {{ a = 2027-01-02, b = 2027-01-04 }}\n",
        f"{AGAIN}occurred = {{ b = 2027-01-04 }}\n", "2027-01-02",
        "Hearing (main) (a)", "審理（a）", "no longer recorded",
    ),
    "a term that is cut off": Ending(
        LEASE, GIVEN, "2029-12-31", "Hearing (main): end of the term", "審理:期間の終了",
        "no longer falls on this day",
    ),
}  # fmt: skip


def entries(text: str, day: str, language: str, earlier: dict[str, Entry]) -> dict[str, Entry]:
    """The entries that follow, once the file says that."""
    as_of = date.fromisoformat(day)
    agreements, _ = read(["f"], [f"{HEAD}{text}".encode()])
    now = datetime.combine(as_of, time(9), UTC)
    published = publication(resolve(agreements, as_of), language, earlier, now)
    return {entry.uid: entry for entry in published.entries}


def shown(held: dict[str, Entry], start: str) -> ReadEntry:
    """The entry of the hearing on that day, as two readers have it."""
    content = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n"
    content += b"".join(entry.to_ical() for entry in held.values()) + b"END:VCALENDAR\r\n"
    by_uid = by_ical(content)
    assert by_vobject(content) == by_uid
    return next(e for e in by_uid.values() if e.start == start and e.name != "a/notice")


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ENDINGS)
def test_what_becomes_cancelled_says_so_once_in_title_and_colour(name: str, language: str) -> None:
    ending = ENDINGS[name]
    before = entries(ending.before, "2027-01-05", language, {})
    was = shown(before, ending.start)

    after = entries(ending.after, "2027-01-11", language, before)
    now = shown(after, ending.start)

    said = f"Cancelled: {ending.en}" if language == "en" else f"取消:{ending.ja}"
    assert (now.status, now.summary) == ("CANCELLED", said)
    assert (now.uid, now.sequence) == (was.uid, was.sequence + 1)
    assert b"COLOR:gray\r\n" in after[now.uid].content
    assert "may" not in now.description
    assert now.description.splitlines()[0].startswith(("As stated: ", "原文の定め:"))
    if language == "en":
        assert ending.cause in now.description.splitlines()[1]
    assert entries(ending.after, "2027-03-01", language, after) == after
    assert b"Cancelled" not in b"".join(e.content for e in after.values() if not e.is_cancelled)


def test_what_comes_back_is_no_longer_called_cancelled() -> None:
    first = entries(MOVES, "2027-01-05", "en", {})
    gone = entries("", "2027-01-11", "en", first)

    back = shown(entries(MOVES, "2027-01-12", "en", gone), "2027-06-01")

    assert back == shown(first, "2027-06-01")._replace(sequence=2)


@pytest.mark.parametrize("is_read_back", [False, True])
def test_what_an_earlier_version_cancelled_says_so_from_the_next_publication_on(
    is_read_back: bool,
) -> None:
    first = entries(MOVES, "2027-01-05", "en", {})
    uid = shown(first, "2027-06-01").uid
    old = first | {
        uid: first[uid]._replace(  # as versions before wrote it
            content=first[uid].content.replace(b"STATUS:TENTATIVE", b"STATUS:CANCELLED"),
            sequence=1,
            modified=datetime(2027, 1, 6, 9, tzinfo=UTC),
            cancelled=date(2027, 1, 6),
        )
    }
    del old[shown(first, "2030-01-01").uid]
    if is_read_back:
        old = entries_in(b"".join(entry.to_ical() for entry in old.values()))

    next_ = entries("", "2027-02-01", "en", old)
    later = entries("", "2027-02-02", "en", next_)

    assert shown(next_, "2027-06-01").summary == "Cancelled: Hearing (main)"
    assert (next_[uid].sequence, b"COLOR:gray\r\n" in next_[uid].content) == (2, True)
    assert next_[uid].cancelled == old[uid].cancelled  # it goes when it would have gone
    assert later == next_
    assert not any(e.cancelled for e in entries("", "2028-02-01", "en", later).values())


def test_a_title_that_says_it_already_does_not_say_it_twice() -> None:
    own = DAY.replace("Hearing (main)", "Cancelled: hearing")
    before = entries(own, "2027-01-05", "en", {})

    after = entries("", "2027-01-11", "en", before)

    assert shown(after, "2027-06-01").summary == "Cancelled: hearing"
    assert shown(after, "2027-06-01").status == "CANCELLED"


def test_what_happened_too_long_ago_to_be_listed_stays_as_it_was() -> None:
    """A thousand occurrences are listed; the record of an older one is still there."""
    weekly = (
        f'{X}when = "2024-01-01"\nrepeats = "1 week"\noccurred = {{ "2024-01-01" = 2024-01-01 }}\n'
    )
    before = entries(weekly, "2024-01-05", "en", {})

    after = entries(weekly, "2045-01-05", "en", before)

    assert shown(after, "2024-01-01") == shown(before, "2024-01-01")


def test_a_past_day_of_which_nothing_was_recorded_stays_when_the_series_moves_on() -> None:
    before = entries(f'{X}when = "2027-01-04"\nrepeats = "1 month"\n', "2027-02-10", "en", {})

    after = entries(f'{X}when = "2027-02-05"\nrepeats = "1 month"\n', "2027-02-11", "en", before)

    assert shown(after, "2027-01-04") == shown(before, "2027-01-04")
