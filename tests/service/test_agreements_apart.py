"""One ledger, whose agreements come and go: what is shown is of those that are loaded, of no other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from tracker.feeds.calendar import calendar_form
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read
from tracker.i18n.translate import Language
from tracker.reminders.recipients import Recipient
from tracker.service.change_planner import ChangePlanner
from tracker.service.publisher import Publisher
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.store.ledger import Ledger
from tracker.timeline.resolver import resolve

#: Whose ids begin alike: none of them is another's by its beginning.
IDS = ("a", "a-b", "a.b", "b")
BEGUN = datetime(2026, 11, 25, 9, tzinfo=UTC)


def text_of(agreement: str, day: str = "2027-03-01", beside: str = "") -> str:
    return (
        f'id = "{agreement}"\ntitle = "Deal {agreement}"\n[[event]]\nid = "hearing"\n'
        f'title = "Hearing of {agreement}"\nwhen = {day}\n{beside}'
    )


class Office:
    """Processes that begin one after the other on one ledger, each with files of its own."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder / 'ledger.sqlite3'}")
        self.ledger = Ledger(self.database)
        self.now = BEGUN
        self.publisher = self.begin()

    def begin(self, recipient: str = "legal") -> Publisher:
        acknowledgements = Acknowledgements(self.database)
        planner = ChangePlanner([Recipient(recipient, "UTC")], self.ledger, acknowledgements)
        self.publisher = Publisher(FeedHistory(self.database), lambda: self.now, planner)
        return self.publisher

    def serve(self, *texts: str, publisher: Publisher | None = None) -> Publisher:
        """A new process, or that one, takes up those files a day later."""
        self.now += timedelta(days=1)
        publisher = publisher or self.begin()
        contents = [text.encode() for text in texts]
        agreements, _ = read([f"{number}.toml" for number in range(len(texts))], contents)
        publisher.publish(resolve(agreements, self.now.date()), contents)
        assert publisher.trouble is None
        return publisher

    def changes_told(self, *agreements: str) -> list[str]:
        """The subjects of change alerts that are listed where those are loaded."""
        rows = self.ledger.history(agreements, BEGUN, self.now + timedelta(days=1), 100)
        return [row.content["subject"] for row in rows if row.key.kind == "change"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    office = Office(tmp_path)
    yield office
    office.database.close()


def news_of(publisher: Publisher) -> str:
    return b"\n".join(publisher.notices("en")).decode()


def calendar_of(publisher: Publisher) -> str:
    edition = publisher.edition("en")
    assert edition is not None
    return calendar_form(edition.published, FeedChoice("en", waiting=True)).decode()


@pytest.mark.parametrize("served", IDS)
@pytest.mark.parametrize("before", IDS)
def test_a_ledger_that_has_served_one_agreement_shows_nothing_of_it_with_another(
    office: Office, before: str, served: str
) -> None:
    office.serve(text_of(before))
    office.serve(text_of(before, "2027-03-08"))
    assert f"Hearing of {before}: moves 7 days later" in news_of(office.publisher)

    alone = office.serve(text_of(served))

    if served == before:
        assert f"Hearing of {before}: moves 7 days sooner" in news_of(alone)
        return
    assert news_of(alone) == ""
    assert f"X-TRACKER-EVENT:{before}/hearing\r\n" not in calendar_of(alone)
    assert office.changes_told(served) == []
    assert office.ledger.counts([served]) == {}
    assert len(office.changes_told(before)) == 1
    assert {entry.event for entry in alone.entries("en").values()} == {f"{served}/hearing"}


def test_what_is_gone_for_a_while_is_there_again_with_its_history(office: Office) -> None:
    office.serve(text_of("a"), text_of("b"))
    office.serve(text_of("a", "2027-03-08"), text_of("b", "2027-03-15"))
    both, news = calendar_of(office.publisher), news_of(office.publisher)

    alone = office.serve(text_of("b", "2027-03-15"))
    assert "Hearing of a" not in news_of(alone) + calendar_of(alone)
    assert "Hearing of b: moves 14 days later" in news_of(alone)
    assert "SEQUENCE:1" in calendar_of(alone)
    again = office.serve(text_of("a", "2027-03-08"), text_of("b", "2027-03-15"))

    assert (calendar_of(again), news_of(again)) == (both, news)


def test_a_change_that_names_another_agreement_is_listed_where_both_are_loaded(
    office: Office,
) -> None:
    report = '[[event]]\nid = "report"\ntitle = "Report"\nwhen = "30 days after a/hearing"\n'
    office.serve(text_of("a"), text_of("b", beside=report))
    office.serve(text_of("a", "2027-03-08"), text_of("b", beside=report))
    office.serve(text_of("b", "2027-03-15"))

    assert "Hearing of a" not in "".join(office.changes_told("b"))
    (first, *_) = office.changes_told("a", "b")
    assert first.startswith("Deal a – Hearing of a: moves to Monday, 8 March 2027")


def test_nobody_learns_from_last_modified_when_another_agreement_changed(office: Office) -> None:
    def modified(publisher: Publisher) -> datetime:
        edition = publisher.edition("en")
        assert edition is not None
        return edition.modified

    b = office.serve(text_of("b"))
    first = modified(b)
    a = office.serve(text_of("a"))
    office.serve(text_of("a", "2027-03-08"), publisher=a)

    office.serve(text_of("b"), publisher=b)
    assert modified(b) == first
    begun_again = office.serve(text_of("b"))
    assert first < modified(a) < modified(begun_again) == office.now  # it never goes back
    assert modified(office.serve(text_of("b"))) == modified(begun_again)


def test_what_was_told_of_an_agreement_alone_is_not_told_again_with_another(office: Office) -> None:
    office.serve(text_of("a"), text_of("b"))
    office.serve(text_of("a", "2027-03-08"))
    told = office.changes_told("a", "b")
    assert len(told) == 1

    again = office.serve(text_of("a", "2027-03-08"), text_of("b", "2027-03-15"))

    assert news_of(again).count("Hearing of a: moves") == 1
    assert news_of(again).count("Hearing of b: moves 14 days later") == 1
    assert sorted(office.changes_told("a", "b")) == sorted([*told, *office.changes_told("b")])
    assert len(office.changes_told("a", "b")) == 2


def test_of_two_processes_that_have_an_agreement_in_common_one_tells_of_its_change(
    office: Office,
) -> None:
    both = office.serve(text_of("a"), text_of("b"))
    alone = office.serve(text_of("a"))
    amended = (
        '[[amendment]]\nid = "n"\non = 2026-12-03\n[[amendment.event]]\nid = "hearing"\n'
        "when = 2027-04-01\n"
    )
    office.serve(text_of("a", "2027-03-08", amended), text_of("b"), publisher=both)
    office.serve(text_of("a", "2027-03-08", amended), publisher=alone)
    for _ in range(8):  # through the day on which the amendment takes effect
        office.serve(text_of("a", "2027-03-08", amended), publisher=alone)
        office.serve(text_of("a", "2027-03-08", amended), text_of("b"), publisher=both)

    told = office.changes_told("a", "b")
    assert [subject.partition(":")[0] for subject in told] == ["Deal a – Hearing of a"] * 2
    for publisher in (both, alone):
        publisher.follow()
        assert news_of(publisher).count("Hearing of a: moves") == 2
    assert "Hearing of b" not in news_of(alone)


def test_a_process_with_an_older_copy_of_a_file_tells_of_nothing_each_midnight(
    office: Office,
) -> None:
    old = office.serve(text_of("a"), text_of("b"))
    new = office.serve(text_of("a", "2027-03-08"))
    told = office.changes_told("a", "b")
    for _ in range(3):
        office.serve(text_of("a"), text_of("b"), publisher=old)
        office.serve(text_of("a", "2027-03-08"), publisher=new)

    assert office.changes_told("a", "b") == told
    assert len(told) == 1


def test_an_extension_is_told_as_such_and_not_that_the_former_day_has_passed(
    office: Office,
) -> None:
    extended = (
        '[[amendment]]\nid = "extension"\non = 2026-12-01\n[[amendment.event]]\n'
        'id = "hearing"\nwhen = 2027-03-01\n'
    )
    publisher = office.serve(text_of("a", "2026-12-10", extended))
    office.now = datetime(2026, 12, 20, 9, tzinfo=UTC)

    office.serve(text_of("a", "2026-12-10", extended), publisher=publisher)

    assert "Hearing of a: moves" in news_of(publisher)
    assert "has passed" not in news_of(publisher)


def test_the_recipients_of_each_process_are_told_though_another_was_faster(office: Office) -> None:
    """Who serves both has other settings than who serves one."""
    both = office.serve(text_of("a"), text_of("b"), publisher=office.begin("board"))
    alone = office.serve(text_of("b"), publisher=office.begin("legal"))
    office.serve(text_of("a"), text_of("b", "2027-03-08"), publisher=both)
    office.serve(text_of("b", "2027-03-08"), publisher=alone)

    rows = office.ledger.history(["a", "b"], BEGUN, office.now + timedelta(days=1), 100)
    assert sorted(row.key.recipient for row in rows) == ["board", "legal"]
    assert all("Hearing of b: moves" in row.content["subject"] for row in rows)
    alone.follow()
    assert news_of(alone).count("Hearing of b: moves 7 days later") == 1


def test_a_change_that_is_made_once_more_is_told_once_more(office: Office) -> None:
    office.serve(text_of("a"), text_of("b"))
    for day in ("2027-03-08", "2027-03-01", "2027-03-08"):
        office.serve(text_of("a", day))
    assert len(office.changes_told("a")) == 3
    office.serve(text_of("a", "2027-03-08"), text_of("b"))
    assert len(office.changes_told("a")) == 3
    for day in ("2027-03-01", "2027-03-08"):
        office.serve(text_of("a", day), text_of("b"))
    assert len(office.changes_told("a")) == 5


def test_without_the_database_nothing_goes_on_of_what_is_not_loaded_any_more(
    office: Office,
) -> None:
    publisher = office.serve(text_of("a"), text_of("b"))
    office.serve(text_of("a", "2027-03-08"), text_of("b"), publisher=publisher)
    with office.database.transaction() as connection:
        connection.execute(text("ALTER TABLE feed RENAME TO gone"))

    with pytest.raises(AssertionError):  # it has trouble
        office.serve(text_of("b"), publisher=publisher)

    assert publisher.edition("en") is None
    assert news_of(publisher) == ""
    with office.database.transaction() as connection:
        connection.execute(text("ALTER TABLE gone RENAME TO feed"))
    office.serve(text_of("b"), publisher=publisher)
    assert "X-TRACKER-EVENT:b/hearing" in calendar_of(publisher)
    assert "Hearing of a" not in calendar_of(publisher) + news_of(publisher)


@pytest.mark.parametrize("day", ["0001-01-01", "0001-01-02"])
@pytest.mark.parametrize("statement", ["record", "amendment"])
def test_what_is_recorded_or_signed_on_the_first_day_of_the_calendar_is_told(
    office: Office, day: str, statement: str
) -> None:
    publisher = office.serve(text_of("a"))
    amended = f'[[amendment]]\nid = "n"\non = {day}\n[[amendment.event]]\nid = "hearing"\n'
    beside = {"record": f"occurred = {day}\n", "amendment": f"{amended}when = 2027-04-01\n"}

    office.serve(text_of("a", beside=beside[statement]), publisher=publisher)

    assert len(office.changes_told("a")) == 1


@pytest.mark.parametrize(
    ("language", "cause"),
    [("en", "because Hearing of a was edited: when"), ("ja", "Hearing of a の編集(when)")],
)
def test_a_message_names_what_has_caused_a_change_by_its_title(
    office: Office, language: Language, cause: str
) -> None:
    report = '[[event]]\nid = "report"\ntitle = "Report"\nwhen = "30 days after hearing"\n'
    recipient = Recipient("legal", "UTC", language=language)
    planner = ChangePlanner([recipient], office.ledger, Acknowledgements(office.database))
    publisher = Publisher(FeedHistory(office.database), lambda: office.now, planner)
    office.serve(text_of("a", beside=report), publisher=publisher)

    office.serve(text_of("a", "2027-03-08", report), publisher=publisher)

    (row,) = office.ledger.history(["a"], BEGUN, office.now + timedelta(days=1), 100)
    assert cause in " ".join(text for _, text in row.content["blocks"])
