"""What is owed follows its recipient in the database, also what earlier versions wrote."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.store.test_migrations import RELEASED, restore
from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.ledger import Ledger, NewAlert, StoredAlert
from tracker.store.outbox import Outbox
from tracker.store.readdressing import Readdressing

NOW = datetime(2030, 12, 1, 9, tzinfo=UTC)
MAIL, HOOK = "mailto:legal@example.org", "https://example.org:1a2b3c4d"


def reminder(recipient: str, channel: str, number: int = 0, agreement: str = "a") -> NewAlert:
    subject = (f"{agreement}/e{number}", "when", "", "2030-12-31")
    key = AlertKey(recipient, channel, "reminder", *subject, "30 days")
    return NewAlert(key, agreement, NOW, {})


def rows_of(ledger: Ledger, *agreements: str) -> list[StoredAlert]:
    long = timedelta(days=3650)
    return ledger.history(agreements or ("a",), NOW - long, NOW + long, 10_000)


@pytest.mark.parametrize("dump", RELEASED, ids=lambda dump: dump.stem)
def test_what_each_released_version_wrote_goes_on_under_another_name(
    sqlite_url: str, dump: Path
) -> None:
    restore(sqlite_url, dump)
    database = Database(sqlite_url)
    ledger = Ledger(database)
    before = {row.message: row.key for row in rows_of(ledger, "lease")}
    assert before
    law = Recipient("law", "UTC", channels=("terminal",), was=("legal",))

    for _ in range(2):
        Readdressing(database).follow_settings([law], ["lease"], NOW)

    after = {row.message: row.key for row in rows_of(ledger, "lease")}
    assert after == {message: key._replace(recipient="law") for message, key in before.items()}
    assert list(ledger.coverage(["lease"])) == [CoverageKey("law", "terminal", "lease")]
    database.close()


def test_thousands_follow_at_once_and_of_other_agreements_none(database: Database) -> None:
    ledger = Ledger(database)
    ours = [reminder("legal", MAIL, number) for number in range(1_100)]
    ledger.write([*ours, reminder("legal", MAIL, agreement="b")], NOW)
    law = Recipient("law", "UTC", channels=(HOOK,), was=("legal",))

    result = Readdressing(database).follow_settings([law], ["a"], NOW)

    assert [named.owed for named in result.renamed] == [1_100]
    rows = rows_of(ledger)
    to_send = [row for row in rows if row.status == "written"]
    assert {(row.key.recipient, row.key.channel) for row in to_send} == {("law", HOOK)}
    assert (len(to_send), len(rows)) == (1_100, 2_200)
    (other,) = rows_of(ledger, "b")
    assert (other.key.recipient, other.status) == ("legal", "written")


@pytest.mark.parametrize(
    ("former", "present", "left"),
    [
        ("sent", "written", []),
        ("written", "sent", []),
        ("written", "written", ["law"]),
        ("failed", "lapsed", []),
        ("failed", "written", ["law"]),
        ("sent", "failed", []),
    ],
)
def test_of_two_that_meet_under_one_name_one_goes_on_unless_one_has_arrived(
    database: Database, former: str, present: str, left: list[str]
) -> None:
    ledger, outbox = Ledger(database), Outbox(database)
    for name, status in (("legal", former), ("law", present)):
        ledger.write([reminder(name, MAIL)], NOW)
        if status == "written":
            continue
        claimed = outbox.claim([MAIL], ["a"], NOW, 10)
        numbers = [row.id for row in claimed if row.key.recipient == name]
        outbox.put_back([row.id for row in claimed if row.key.recipient != name])
        if status == "sent":
            outbox.mark_sent(numbers, NOW)
        elif status == "failed":
            outbox.give_up(numbers, "no")
        else:
            outbox.mark_lapsed(numbers)
    law = Recipient("law", "UTC", channels=(MAIL,), was=("legal",))

    for _ in range(2):
        Readdressing(database).follow_settings([law], ["a"], NOW)

    owed = [row for row in rows_of(ledger) if row.status in ("written", "failed")]
    assert [row.key.recipient for row in owed] == left
    outbox.close()


@pytest.mark.parametrize("first", ["legal", "law"])
def test_of_two_acknowledgements_of_one_point_the_last_word_holds(
    database: Database, first: str
) -> None:
    acknowledgements = Acknowledgements(database)
    second = "law" if first == "legal" else "legal"
    point = PointKey("a", "notice")
    until = NOW.date() + timedelta(days=7)
    for name, at, day in ((first, NOW, None), (second, NOW + timedelta(days=1), until)):
        key = AcknowledgementKey(name, point, "2030-12-31")
        acknowledgements.save([Acknowledgement(key, at, day)])

    law = Recipient("law", "UTC", channels=(MAIL,), was=("legal",))
    Readdressing(database).follow_settings([law], ["a"], NOW)

    (given,) = acknowledgements.all(["a"])
    assert (given.key.recipient, given.until) == ("law", until)


def test_what_one_of_two_has_unsubscribed_from_stays_so_for_both_and_for_others_agreements(
    database: Database,
) -> None:
    acknowledgements = Acknowledgements(database)
    acknowledgements.unsubscribe("legal", MAIL, ["a", "c"], NOW)
    acknowledgements.unsubscribe("law", MAIL, ["b"], NOW)

    law = Recipient("law", "UTC", channels=(MAIL,), was=("legal",))
    Readdressing(database).follow_settings([law], ["a", "b"], NOW)

    ended = {
        (key.recipient, key.agreement) for key in acknowledgements.unsubscribed_channels("abc")
    }
    assert ended == {("law", "a"), ("law", "b"), ("legal", "c")}
