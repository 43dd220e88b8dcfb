"""Whose a row is: each query gives what is of the agreements that are asked for, and no more."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import insert

from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.due import CoverageKey
from tracker.reminders.plan import AlertKey
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.store.ledger import Ledger, NewAlert
from tracker.store.outbox import Outbox
from tracker.store.schema import unsubscribed

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
#: Whose ids begin alike, and what `_` and `%` would stand for in a pattern.
IDS = ("a", "a-b", "a.b", "a_b", "b")
CHANGE = AlertKey("r", "terminal", "change", "b", "", "", "", "a,b/7")


def key_of(agreement: str) -> AlertKey:
    return AlertKey(
        "r", "terminal", "reminder", f"{agreement}/x", "when", "", "2030-12-31", "1 day"
    )


@pytest.fixture
def filled(database: Database) -> Database:
    """A ledger in which each of the agreements has left the same."""
    ledger, history, outbox = Ledger(database), FeedHistory(database), Outbox(database)
    for agreement in IDS:
        ledger.write([NewAlert(key_of(agreement), agreement, NOW, {})], NOW)
        ledger.begin_coverage([CoverageKey("r", "terminal", agreement)], NOW)
        row: dict[str, object] = {
            "uid": agreement,
            "event": f"{agreement}/x",
            "content": b"BEGIN:VEVENT",
        }
        row |= {"day": date(2030, 1, 1), "sequence": 0, "modified": NOW, "cancelled": None}
        revision = history.feed_state("en", IDS).revision
        history.write_entries("en", [agreement], revision, NOW, [row])
        before, files = history.last_publication([agreement]), (NOW.date(), [b"file"])
        notices = {"en": [(f"id-{agreement}", NOW, agreement.encode(), agreement)]}
        history.publish(before, files, notices, NOW, lambda _: None)
    claimed = outbox.claim(["terminal"], IDS, NOW, 100)
    outbox.retry_later([row.id for row in claimed], LATER, "no route to host")
    outbox.close()
    return database


@pytest.mark.parametrize("asked", [("a",), ("a-b", "a_b"), ("c",), ()], ids=",".join)
def test_what_is_shown_is_of_the_agreements_that_are_asked_for(
    filled: Database, asked: tuple[str, ...]
) -> None:
    ledger, history = Ledger(filled), FeedHistory(filled)
    there = [name for name in IDS if name in asked]

    assert [row.key for row in ledger.history(asked, NOW, LATER, 100)] == [*map(key_of, there)]
    assert ledger.counts(asked) == ({"written": len(there)} if there else {})
    assert ledger.count_due(asked, LATER) == len(there)
    assert ledger.keys_due_since(NOW, asked) == {*map(key_of, there)}
    assert sorted(key.agreement for key in ledger.coverage(asked)) == there
    assert [row["uid"] for row in history.entries("en", asked)] == there
    assert history.notices("en", asked) == [name.encode() for name in there]


def test_what_becomes_of_alerts_becomes_of_those_alone_that_are_asked_for(
    filled: Database,
) -> None:
    ledger, outbox = Ledger(filled), Outbox(filled)

    def attempts() -> dict[str, int]:
        rows = ledger.history(IDS, NOW, LATER, 100)
        return {row.agreement: row.attempts for row in rows if row.attempts != 1}

    outbox.postpone(["terminal"], ["a"], LATER, waits=[timedelta(0)] * 3, error="down")
    assert attempts() == {"a": 2}
    assert outbox.retry(["a-b"]) == 1
    assert attempts() == {"a": 2, "a-b": 0}
    assert outbox.first_to_send(["terminal"], ["b"], NOW) == LATER
    assert outbox.first_to_send(["terminal"], ["a-b"], NOW) == NOW
    assert outbox.first_to_send(["terminal"], ["c"], NOW) is None
    assert outbox.first_to_send(["mailto:x@example.org"], ["b"], NOW) is None
    outbox.hurry(["b"])
    assert outbox.first_to_send(["terminal"], ["b"], NOW) == NOW
    assert outbox.first_to_send(["terminal"], ["a.b"], NOW) == LATER
    outbox.close()


@pytest.mark.parametrize(
    "content", [{}, {"agreements": ["a", "b"]}], ids=["earlier version", "now"]
)
def test_a_change_that_names_two_agreements_is_listed_where_both_are_loaded(
    ledger: Ledger, content: dict[str, object]
) -> None:
    ledger.write([NewAlert(CHANGE, "b", NOW, content)], NOW)

    assert ledger.history(["b"], NOW, LATER, 100) == []
    assert len(ledger.history(["a", "b", "c"], NOW, LATER, 100)) == 1


def test_a_notice_of_an_earlier_version_is_known_by_what_it_says(database: Database) -> None:
    history = FeedHistory(database)
    contents = [
        f'<entry><category scheme="urn:tracker:event" term="{name}/x" /></entry>'.encode()
        for name in IDS
    ]
    notices = {"en": [(str(at), NOW, content, "") for at, content in enumerate(contents)]}
    before = history.last_publication(["a"])
    history.publish(before, (NOW.date(), [b"file"]), notices, NOW, lambda _: None)

    assert history.notices("en", ["a"]) == contents[:1]
    assert history.notices("en", ["a.b", "b"]) == [contents[2], contents[4]]


def test_who_has_unsubscribed_from_one_agreement_is_told_of_another(database: Database) -> None:
    acknowledgements = Acknowledgements(database)

    def ended(*agreements: str) -> str:
        keys = acknowledgements.unsubscribed_channels(agreements)
        assert all(key[:2] == ("r", "mailto:r@example.org") for key in keys)
        return " ".join(sorted(key.agreement for key in keys))

    acknowledgements.unsubscribe("r", "mailto:r@example.org", ["a"], NOW)
    assert [ended("a"), ended("a", "b"), ended("a-b"), ended()] == ["a", "a", "", ""]
    acknowledgements.unsubscribe("r", "mailto:r@example.org", ["b"], LATER)
    assert [ended("a", "b"), ended("c")] == ["a b", ""]
    acknowledgements.subscribe("r", "mailto:r@example.org", ["b"])
    assert ended("a", "b") == "a"
    acknowledgements.subscribe("r", "mailto:r@example.org", ["a", "c"])
    assert ended("a") == ""


def test_what_an_earlier_version_has_ended_is_what_the_ledger_knew_by_then(
    database: Database,
) -> None:
    acknowledgements, ledger = Acknowledgements(database), Ledger(database)
    for agreement, at in (("a", NOW), ("b", NOW), ("c", LATER + timedelta(days=1))):
        ledger.begin_coverage([CoverageKey("r", "t", agreement)], at)
    row = {"recipient": "r", "channel": "t", "at": LATER}
    with database.transaction() as connection:
        connection.execute(insert(unsubscribed).values(row))

    def ended() -> set[str]:
        return {key.agreement for key in acknowledgements.unsubscribed_channels("abc")}

    assert ended() == {"a", "b"}
    acknowledgements.subscribe("r", "t", ["b"])
    assert ended() == {"a"}
    acknowledgements.unsubscribe("r", "t", ["c"], LATER)
    assert ended() == {"a", "c"}


@pytest.mark.parametrize("agreement", IDS)
def test_what_is_acknowledged_is_of_its_agreement(database: Database, agreement: str) -> None:
    acknowledgements = Acknowledgements(database)
    keys = [AcknowledgementKey("r", PointKey(name, "x"), "2030-12-31") for name in IDS]
    acknowledgements.save([Acknowledgement(key, NOW) for key in keys])

    (given,) = acknowledgements.all([agreement])

    assert given.key.point.agreement == agreement


def test_the_same_message_is_known_to_have_been_written(database: Database) -> None:
    ledger = Ledger(database)
    content = {"subject": "S", "blocks": [("item", "X moves")], "agreements": ["b"]}
    ledger.write([NewAlert(CHANGE, "b", NOW, content)], NOW)
    again = NewAlert(CHANGE._replace(lead="b/3"), "b", LATER, content)

    def has(new: NewAlert, since: datetime = NOW) -> bool:
        with database.transaction() as connection:
            return ledger.has_same(connection, new, since)

    assert has(again)
    assert not has(again, LATER)
    assert not has(again._replace(content={**content, "blocks": [("item", "X moves back")]}))
    assert not has(again._replace(key=again.key._replace(recipient="s")))
    assert not has(again._replace(key=again.key._replace(event="b/x")))
