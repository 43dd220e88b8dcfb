"""From five reminders in one hour on, one message for a recipient: on a real ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.reminders.scene import HEAD, LEGAL, Make, Scene, at, composed, kinds
from tests.store.databases import Server
from tracker.alerts.channels import most_reminders
from tracker.reminders.acknowledgements import Acknowledgement, acknowledgement_key
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.store.batches import entries_of, gather
from tracker.store.ledger import StoredAlert
from tracker.store.outbox import Outbox

MAIL = replace(LEGAL, channels=("mailto:legal@example.org",), changes=frozenset())
SENT_AT = "2030-12-01 09:00"


def notices(count: int, day: str = "2030-12-31", agreement: str = "a", first: int = 0) -> str:
    """So many events of one agreement, reminded of 30 days before the day, and on it."""
    head = HEAD.replace('id = "a"', f'id = "{agreement}"\ntitle = "Lease {agreement}"')
    return head + "".join(
        f'[[event]]\nid = "n{number}"\ntitle = "Notice {number}"\nwhen = {day}\n'
        for number in range(first, first + count)
    )


def events_of(text: str) -> str:
    """A text without its head."""
    return text[text.index("[[event]]") :]


def named_in(rows: Iterable[StoredAlert]) -> Counter[AlertKey]:
    """The reminders that those alerts are to tell of: each itself, a batch all that it names."""
    return Counter(
        key
        for row in rows
        for key in (
            [entry.key for entry in entries_of(row.as_claimed)]
            if row.key.kind == "reminders"
            else [row.key]
        )
    )


def open_rows(here: Scene) -> list[StoredAlert]:
    rows = here.ledger.history(here.agreements, at("2000-01-01"), at("2100-01-01"), 100_000)
    return [row for row in rows if row.status in ("written", "failed")]


@pytest.mark.parametrize(("count", "messages"), [(1, 1), (4, 4), (5, 1), (40, 1), (41, 2), (90, 3)])
def test_from_five_on_they_are_one_message_of_at_most_forty(
    scene: Make, count: int, messages: int
) -> None:
    here = scene(MAIL, text=notices(count))
    here.look("2030-11-01 12:00")

    rows = here.look(SENT_AT)

    assert len(rows) == messages
    assert set(named_in(rows).values()) == {1}
    assert len(named_in(rows)) == count


def test_each_recipient_and_each_channel_counts_for_itself(scene: Make) -> None:
    both = replace(MAIL, channels=("mailto:legal@example.org", "https://example.org:1"))
    here = scene(both, replace(MAIL, name="me", reminders=()), text=notices(5))
    here.look("2030-11-01 12:00")

    rows = here.look(SENT_AT)

    assert sorted((row.key.recipient, row.key.channel) for row in rows) == [
        ("legal", "https://example.org:1"),
        ("legal", "mailto:legal@example.org"),
    ]


@pytest.mark.parametrize("channel", ["twilio:1", "pover:1"])
def test_what_has_no_room_for_five_has_each_for_itself(scene: Make, channel: str) -> None:
    here = scene(replace(LEGAL, channels=(channel,)), text=notices(6))
    here.look("2030-11-01 12:00")

    assert kinds(here.look(SENT_AT)) == ["reminder"] * 6


def test_those_of_several_agreements_are_one_message_by_day_with_what_passed_first(
    scene: Make,
) -> None:
    here = scene(MAIL, text=notices(3, "2030-12-31"))
    here.beside = (notices(2, "2030-12-20", "b"), notices(1, "2030-11-30", "c"))
    here.look("2030-11-01 12:00")

    (row,) = here.look("2030-12-02 09:00")  # after an outage

    message = composed(here, row)
    items = [block.text for block in message.blocks if block.kind == "item"]
    day = "2 days ago, Sat 30 Nov 2030"
    assert message.subject == f"6 reminders, the first: Lease c – Notice 0, {day}"
    assert items[0] == "Lease c – Notice 0: passed 2 days ago, Saturday, 30 November 2030"
    assert items[1] == "Lease b – Notice 0: in 18 days, Friday, 20 December 2030"
    assert len(items) == 6
    headings = [block.text for block in message.blocks if block.kind == "heading"]
    assert headings == ["Passed, with nothing recorded:", "Coming:"]


def test_after_a_month_off_thirty_six_are_one_message(scene: Make) -> None:
    days = [f"2030-12-{day:02}" for day in range(2, 14)]
    here = scene(MAIL, text=notices(12, days[0]))
    here.beside = (notices(12, days[5], "b"), notices(12, days[11], "c"))
    here.look("2030-11-01 12:00")

    (row,) = here.look("2030-12-01 12:00")

    assert len(named_in([row])) == 36


def test_those_that_fall_due_within_the_hour_after_four_were_sent_are_one_message(
    scene: Make,
) -> None:
    text = notices(4, "2031-01-01") + "".join(
        f'[[event]]\nid = "call{number}"\ntitle = "Call"\nwhen = "2030-12-02 11:30 UTC"\nreminders = ["2 hours"]\n'
        for number in range(3)
    )
    here = scene(MAIL, text=text)
    here.look("2030-11-01 12:00")

    first = here.look("2030-12-02 09:00")
    mark(here, first, "sent")
    later = here.look("2030-12-02 09:30")

    assert kinds(first) == ["reminder"] * 4
    assert kinds(later) == ["reminders"]


def test_what_is_sent_an_hour_later_has_its_own_count(scene: Make) -> None:
    text = notices(4, "2031-01-01") + (
        '[[event]]\nid = "call"\ntitle = "Call"\nwhen = "2030-12-02 12:30 UTC"\nreminders = ["2 hours"]\n'
        '[[event]]\nid = "other"\ntitle = "Call"\nwhen = "2030-12-02 12:30 UTC"\nreminders = ["2 hours"]\n'
    )
    here = scene(MAIL, text=text)
    here.look("2030-11-01 12:00")
    mark(here, here.look("2030-12-02 09:00"), "sent")

    assert kinds(here.look("2030-12-02 10:30")) == ["reminder"] * 2


# -- what waits


def mark(here: Scene, rows: Iterable[StoredAlert], status: str) -> None:
    """What is to be sent was sent, or refused once, or given up."""
    outbox = Outbox(here.database)
    try:
        channels = sorted({row.key.channel for row in rows})
        claimed = outbox.claim(channels, here.agreements, here.now, 1000)
        numbers = [row.id for row in claimed]
        if status == "sent":
            outbox.mark_sent(numbers, here.now)
        elif status == "failed":
            outbox.give_up(numbers, "550 no")
        else:
            outbox.retry_later(numbers, here.now + timedelta(hours=1), "451 later")
    finally:
        outbox.close()


def day_after_day(here: Scene, count: int) -> None:
    """A reminder a day, which is refused."""
    for day in range(1, count + 1):
        mark(here, here.look(f"2030-12-0{day} 09:00"), "refused")


def text_of_days(count: int) -> str:
    return HEAD + "".join(
        f'[[event]]\nid = "d{day}"\ntitle = "D"\nwhen = 2030-12-{day + 30:02}\n' if day < 2 else
        f'[[event]]\nid = "d{day}"\ntitle = "D"\nwhen = 2031-01-{day - 1:02}\n'
        for day in range(1, count + 1)
    )  # fmt: skip


def test_what_was_refused_one_by_one_is_one_message_once_there_are_five(scene: Make) -> None:
    here = scene(MAIL, text=text_of_days(5))
    here.look("2030-11-01 12:00")
    day_after_day(here, 5)

    here.look("2030-12-05 09:20")

    (row,) = open_rows(here)
    assert len(named_in([row])) == 5
    assert (row.key.kind, row.error) == ("reminders", "451 later")
    assert row.attempts  # whoever asks what did not get through is told


def test_what_is_new_does_not_wait_with_what_was_refused(scene: Make) -> None:
    here = scene(MAIL, text=text_of_days(3))
    here.look("2030-11-01 12:00")
    day_after_day(here, 3)
    here.text += (
        notices(5, "2031-01-03", first=10).partition("\n[[event]]")[2].join(["[[event]]", ""])
    )
    here.look("2030-12-03 10:00")

    rows = here.look("2030-12-04 09:00")

    (row,) = rows
    assert (row.key.kind, row.attempts, len(named_in(rows))) == ("reminders", 0, 5)
    assert kinds(open_rows(here)) == ["reminder"] * 3 + ["reminders"]


def test_what_may_have_arrived_is_repeated_alone_under_its_own_identity(scene: Make) -> None:
    here = scene(MAIL, text=text_of_days(2))
    here.look("2030-11-01 12:00")
    (first,) = here.look("2030-12-01 09:00")
    dead = Outbox(here.database)
    dead.claim(MAIL.channels, here.agreements, here.now, 10)
    dead.close()  # and it had not marked what it sent
    here.text += (
        notices(6, "2031-01-01", first=10).partition("\n[[event]]")[2].join(["[[event]]", ""])
    )
    here.look("2030-12-01 10:00")
    survivor = Outbox(here.database)
    survivor.recover_abandoned()
    here.look("2030-12-02 09:00")
    survivor.close()

    alone = [row for row in open_rows(here) if row.key.kind == "reminder"]
    assert [row.message for row in alone] == [first.message]


def test_what_was_given_up_one_by_one_is_taken_up_again_as_one_message(scene: Make) -> None:
    here = scene(MAIL, text=text_of_days(6))
    here.look("2030-11-01 12:00")
    for day in range(1, 7):
        mark(here, here.look(f"2030-12-0{day} 09:00"), "failed")
    here.look("2030-12-06 10:00")
    assert kinds(open_rows(here)) == ["reminder"] * 6

    outbox = Outbox(here.database)
    put_together = partial(gather, agreements=["a"], now=here.now, most=most_reminders)
    assert outbox.retry(["a"], None, put_together) == 6
    outbox.close()

    (row,) = open_rows(here)
    assert len(named_in([row])) == 6


# -- nearer leads of what waits


@pytest.mark.parametrize("outcome", ["refused", "not tried"])
def test_a_nearer_lead_stands_for_those_that_wait_in_a_message_of_several(
    scene: Make, outcome: str
) -> None:
    here = scene(MAIL, text=notices(6))
    here.look("2030-11-01 12:00")
    for day in (SENT_AT, "2030-12-24 09:00", "2030-12-30 09:00"):
        here.look(day)
        if outcome == "refused":
            mark_all(here, outcome)

    (row,) = open_rows(here)
    told = entries_of(row.as_claimed)
    assert {entry.key.lead for entry in told} == {"1 day"}
    assert [entry.content["leads"] for entry in told] == [["30 days", "7 days"]] * 6


def test_what_waits_in_a_message_beside_what_is_told_nearer_waits_on(scene: Make) -> None:
    nearer = notices(2, "2030-12-08", first=10)
    text = notices(6) + events_of(nearer)
    here = scene(MAIL, text=text)
    here.look("2030-11-05 12:00")
    mark(here, here.look("2030-12-01 09:00"), "refused")  # 30 days before six, 7 before two
    here.look("2030-12-07 09:00")

    rows = named_in(open_rows(here))
    assert Counter(key.lead for key in rows) == {"30 days": 6, "1 day": 2}
    assert set(rows.values()) == {1}


def test_what_may_have_arrived_is_repeated_beside_the_nearer_lead(scene: Make) -> None:
    here = scene(MAIL)
    here.look("2030-11-01 12:00")
    here.look(SENT_AT)
    dead, survivor = Outbox(here.database), Outbox(here.database)
    dead.claim(MAIL.channels, here.agreements, here.now, 10)
    dead.close()  # and it had not marked what it sent
    survivor.recover_abandoned()
    here.look("2030-12-24 09:00")
    survivor.close()

    assert [row.key.lead for row in open_rows(here)] == ["30 days", "7 days"]


def test_what_passed_while_its_reminder_waited_is_told_once(scene: Make) -> None:
    here = scene(MAIL)
    here.look("2030-11-01 12:00")
    mark(here, here.look(SENT_AT), "refused")
    here.look("2031-01-05 09:00")

    (row,) = open_rows(here)
    assert row.key.kind == "passed"
    assert row.content["leads"] == ["30 days", "7 days", "1 day", "0 days"]


# -- what has changed by the time it is sent


@pytest.fixture
def six(scene: Make) -> Scene:
    """Six reminders in one message, not sent yet."""
    here = scene(MAIL, text=notices(6).replace(', "7 days", "1 day", "0 days"', ""))
    here.look("2030-11-01 12:00")
    return here


def texts(here: Scene, row: StoredAlert) -> list[str]:
    return [block.text for block in composed(here, row).blocks if block.kind == "item"]


def test_what_moves_is_left_out_and_its_new_day_is_reminded_of(six: Scene) -> None:
    (row,) = six.look(SENT_AT)

    six.text = six.text.replace('"Notice 3"\nwhen = 2030-12-31', '"Notice 3"\nwhen = 2031-01-31')
    six.look("2030-12-01 09:01")

    assert [text[:8] for text in texts(six, row)] == [f"Notice {n}" for n in (0, 1, 2, 4, 5)]
    assert six.subjects("2031-01-01 09:00") == ["Notice 3: in 30 days, Friday, 31 January 2031"]


def test_where_one_is_left_it_is_said_as_alone_and_where_none_is_nothing_is(six: Scene) -> None:
    (row,) = six.look(SENT_AT)
    recorded = six.text
    for number in range(5):
        recorded = recorded.replace(
            f'"Notice {number}"\n', f'"Notice {number}"\noccurred = 2030-11-30\n'
        )
    six.text = recorded
    six.look("2030-12-01 09:01")

    message = composed(six, row)
    assert message.subject == "Notice 5: in 30 days, Tuesday, 31 December 2030"
    assert message.id == row.message
    six.text = recorded.replace('"Notice 5"\n', '"Notice 5"\noccurred = 2030-11-30\n')
    six.look("2030-12-01 09:02")
    assert six.messages([row]) == []


def test_who_has_acknowledged_or_unsubscribed_is_not_told_of_that(six: Scene) -> None:
    six.beside = (notices(1, agreement="b"),)
    six.look("2030-11-02 12:00")
    (row,) = six.look(SENT_AT)
    timeline = six.publisher.timeline
    assert timeline is not None
    key = acknowledgement_key(timeline.points[0], "legal")
    six.acknowledgements.save([Acknowledgement(key, six.now)])
    six.acknowledgements.unsubscribe("legal", MAIL.channels[0], {"b"}, six.now)
    six.look("2030-12-01 09:01")

    assert [text[:8] for text in texts(six, row)] == [f"Notice {n}" for n in range(1, 6)]


def test_an_agreement_that_is_not_loaded_any_more_strands_no_other(six: Scene) -> None:
    six.beside = (notices(6, agreement="b"),)
    six.look("2030-11-02 12:00")
    (row,) = six.look(SENT_AT)
    mark(six, [row], "refused")

    six.beside = ()
    six.look("2030-12-01 10:30")
    without = named_in(open_rows(six))
    six.beside = (notices(6, agreement="b"),)
    six.look("2030-12-01 10:45")

    assert {key.event[0] for key in without} == {"a"}
    assert len(without) == 6
    both = named_in(open_rows(six))
    assert (len(both), set(both.values())) == (12, {1})


def test_an_earlier_version_leaves_a_batch_to_others(six: Scene) -> None:
    (row,) = six.look(SENT_AT)

    # It sends nothing about an agreement that it has not loaded, and nobody has this one.
    assert "" in row.content["agreements"]
    assert row.agreements == {"a"}


# -- the law

CHANNELS = ("mailto:legal@example.org", "https://example.org:1", "pover:1")
HOURS = st.integers(0, 20 * 24).map(lambda hours: at("2030-12-01 00:00") + timedelta(hours=hours))


@given(
    days=st.lists(st.integers(0, 20), min_size=1, max_size=14),
    looks=st.lists(
        st.tuples(HOURS, st.sampled_from(["sent", "refused", "failed", "restart", "both", "one"])),
        max_size=6,
    ),
)
@settings(
    max_examples=15,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_each_reminder_ends_in_one_message_whatever_the_order_of_looks_and_restarts(
    tmp_path_factory: pytest.TempPathFactory, days: list[int], looks: list[tuple[object, str]]
) -> None:
    follow_the_law(Scene(tmp_path_factory.mktemp("law"), *PEOPLE, text=dated(days)), days, looks)


@pytest.mark.long
def test_each_reminder_ends_in_one_message_on_a_server_too(
    tmp_path: Path, postgresql: Server
) -> None:
    days = [0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2, 9]
    looks = [
        (at("2030-12-01 10:00"), "refused"),
        (at("2030-12-02 10:00"), "restart"),
        (at("2030-12-02 11:00"), "one"),
        (at("2030-12-03 11:00"), "failed"),
        (at("2030-12-04 11:00"), "both"),
    ]
    follow_the_law(
        Scene(tmp_path, *PEOPLE, text=dated(days), url=postgresql.database()), days, looks
    )


PEOPLE = (
    replace(MAIL, channels=CHANNELS),
    Recipient("me", "Asia/Tokyo", channels=CHANNELS[:1], changes=frozenset()),
)


def dated(days: list[int]) -> str:
    """Events of two agreements, one reminder for each, so many days after 1 December."""
    head = 'id = "a"\ntimezone = "UTC"\nreminders = ["30 days"]\n'
    return head + "".join(
        f'[[event]]\nid = "e{number}"\ntitle = "E"\nwhen = {at("2030-12-31 00:00").date() + timedelta(day)}\n'
        for number, day in enumerate(days)
    )


def follow_the_law(here: Scene, days: list[int], looks: Iterable[tuple[object, str]]) -> None:
    """Looks and sends in that order; in the end all is sent, each reminder in one message."""
    arrived: Counter[AlertKey] = Counter()
    beside = dated([0, 0, 0]).replace('id = "a"', 'id = "b"')
    here.beside = (beside,)
    here.look("2030-11-01 12:00")
    ahead = sorted((moment, what) for moment, what in looks)
    for moment, what in [*ahead, (at("2031-03-01 12:00"), "both")]:
        if what == "restart":
            here.begin()
        here.beside = () if what == "one" else (beside,)
        here.look(moment)  # type: ignore[arg-type]
        if what in ("sent", "refused", "failed"):
            before = open_rows(here)
            mark_all(here, what)
            if what == "sent":
                left = {row.id for row in open_rows(here)}
                arrived += named_in(row for row in before if row.id not in left)
    outbox = Outbox(here.database)
    outbox.retry(here.agreements)
    outbox.close()
    here.look("2031-03-01 12:30")
    arrived += named_in(open_rows(here))

    expected = Counter(
        (person.name, channel, event)
        for person in PEOPLE
        for channel in person.channels
        for event in [f"a/e{number}" for number in range(len(days))] + [f"b/e{n}" for n in range(3)]
    )
    assert (
        Counter((key.recipient, key.channel, key.event) for key in arrived.elements()) == expected
    )
    here.database.close()


def mark_all(here: Scene, status: str) -> None:
    mark(here, [row for row in open_rows(here) if row.status == "written"], status)
