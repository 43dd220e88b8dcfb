"""What is owed follows the person's corrections of tracker.toml: nothing is lost, nothing doubled."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import insert, update

from tests.service.settings_desk import EVENTS, RIGHT, WRONG, Desk, recipient
from tracker.service.wiring import Role
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.schema import alert

START, DUE, LATER = "2030-11-20 12:00", "2030-12-01 09:00", "2030-12-01 15:00"
NEXT_LEAD, LAST_LEAD = "2030-12-24 09:00", "2030-12-31 09:00"
LEGAL, LAW = "legal@example.org", "law@example.org"
#: What goes out to each channel from START to the last day: one reminder for each lead.
EACH_LEAD = 4


@pytest.fixture(params=["threads/sqlite", "threads/postgresql", "jobs/postgresql"])
def any_desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    """On each way of running."""
    driver, kind = request.param.split("/")
    url = f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    if kind == "postgresql":
        url = request.getfixturevalue("postgresql").database()
    role: Role = "work" if driver == "jobs" else "all"
    with Desk(tmp_path, url, monkeypatch, role) as desk:
        yield desk


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with Desk(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}", monkeypatch) as desk:
        yield desk


# -- an address is corrected


def test_what_waited_under_a_wrong_address_goes_to_the_corrected_one_once(any_desk: Desk) -> None:
    desk = any_desk
    desk.run(recipient("legal", WRONG), START, DUE)
    assert ["550 5.1.1 no such user" in row.error for row in desk.owed()] == [True]

    log = desk.run(recipient("legal", RIGHT), LATER)
    desk.run(recipient("legal", RIGHT), "2030-12-02 09:00")

    assert len(desk.to(LEGAL)) == 1
    assert f"legal: an alert that waited under {WRONG}, which it no longer has, goes to" in log
    assert [row.status for row in desk.alerts()] == ["lapsed", "sent"]
    if desk.role == "work":
        assert desk.jobs() == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((WRONG,), (RIGHT,)),
        ((WRONG,), (RIGHT, "HOOK")),
        ((WRONG, "HOOK"), (RIGHT, "HOOK")),
        (("HOOK", WRONG), (RIGHT, "HOOK")),
        ((WRONG, RIGHT), (RIGHT,)),
        (("HOOK/gone",), ("HOOK",)),
        (("HOOK/gone", RIGHT), ("HOOK", RIGHT)),
        ((WRONG,), ("HOOK",)),
    ],
)
def test_every_channel_of_the_recipient_gets_each_reminder_once(
    desk: Desk, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    if "HOOK/gone" in before:
        desk.hook.judge = lambda _body: "gone" if not desk.hook.refused else None
    desk.run(recipient("legal", *before), START, DUE)
    assert len(desk.owed()) == 1

    for _ in range(2):
        desk.run(recipient("legal", *after), LATER, NEXT_LEAD, "2030-12-30 09:00", LAST_LEAD)

    reminders = [row for row in desk.alerts("sent") if row.key.kind == "reminder"]
    sent = Counter(row.key.channel.partition(":")[0] for row in reminders)
    expected = {"mailto" if name.startswith("mailto") else "http": EACH_LEAD for name in after}
    assert sent == expected
    assert desk.owed() == []


def test_what_fell_due_while_tracker_was_down_goes_to_the_corrected_address(desk: Desk) -> None:
    desk.run(recipient("legal", WRONG), START)

    desk.run(recipient("legal", RIGHT), "2030-12-25 12:00")

    (subject,) = desk.to(LEGAL)  # of two leads that were missed, the most urgent
    assert subject.startswith("Notice is due: in 6 days")


def test_a_channel_added_beside_the_others_gets_nothing_of_what_was_before(desk: Desk) -> None:
    desk.run(recipient("legal", "HOOK"), START, DUE)

    desk.run(recipient("legal", "HOOK", RIGHT), LATER, NEXT_LEAD)

    assert len(desk.to(LEGAL)) == 1
    assert len(desk.hook.requests) == 2


def test_a_channel_added_at_night_takes_nothing_from_the_others(desk: Desk) -> None:
    quiet = 'quiet = "20:00-08:00"'
    desk.run(recipient("legal", RIGHT, more=quiet), START)
    desk.run(recipient("legal", RIGHT, "HOOK", more=quiet), "2030-12-03 22:00")

    desk.run(recipient("legal", RIGHT, "HOOK", more=quiet), "2030-12-04 12:00")

    assert len(desk.to(LEGAL)) == 1
    assert len(desk.hook.requests) == 0


def test_a_channel_added_soon_after_another_was_corrected_gets_nothing_of_what_was_before(
    desk: Desk,
) -> None:
    desk.run(recipient("legal", WRONG), START)
    desk.run(recipient("legal", RIGHT), "2030-12-01 08:00", DUE)

    desk.run(recipient("legal", RIGHT, "HOOK"), LATER, NEXT_LEAD)

    assert len(desk.to(LEGAL)) == 2
    assert len(desk.hook.requests) == 1


def test_a_channel_that_comes_back_gets_nothing_of_what_the_others_have_had(desk: Desk) -> None:
    desk.run(recipient("legal", RIGHT, "HOOK"), START)
    desk.run(recipient("legal", "HOOK"), "2030-11-21 12:00", DUE, NEXT_LEAD)

    desk.run(recipient("legal", "HOOK", RIGHT), "2030-12-25 12:00", "2030-12-30 09:00")

    assert len(desk.to(LEGAL)) == 1
    assert len(desk.hook.requests) == 3


def test_an_address_that_was_right_after_all_gets_what_waits_when_it_comes_back(
    desk: Desk,
) -> None:
    desk.post.unknown.add(LEGAL)
    for at, address in enumerate((WRONG, RIGHT, WRONG, RIGHT)):
        desk.run(recipient("legal", address), START if at == 0 else DUE, f"2030-12-0{at + 1} 15:00")
    assert [row.key.channel for row in desk.owed()] == [RIGHT]

    desk.post.unknown.clear()
    desk.run(recipient("legal", WRONG), "2030-12-06 09:00")

    assert (desk.to("leagl@example.org"), desk.to(LEGAL)) == (
        [desk.post.messages[0]["subject"]],
        [],
    )
    assert desk.owed() == []


def test_who_begins_again_with_the_address_of_before_repeats_nothing(desk: Desk) -> None:
    desk.run(recipient("legal", RIGHT), START, DUE)
    desk.run(recipient("legal", "mailto:law@example.org"), LATER, NEXT_LEAD)

    desk.run(recipient("legal", RIGHT), "2030-12-25 09:00", LAST_LEAD)

    assert len(desk.post.messages) == 3
    assert (len(desk.to(LEGAL)), len(desk.to(LAW))) == (2, 1)


def test_a_process_with_the_settings_of_before_that_still_runs_sends_nothing_again(
    desk: Desk,
) -> None:
    desk.run(recipient("legal", WRONG), START)
    old = desk.process(recipient("legal", WRONG))
    desk.now = datetime(2030, 12, 1, 9, tzinfo=UTC)
    old.once()
    desk.run(recipient("legal", RIGHT), LATER)
    desk.post.unknown.clear()

    for hour in (16, 17):
        desk.now = datetime(2030, 12, 1, hour, tzinfo=UTC)
        old.once()
    old.close()

    assert (len(desk.to(LEGAL)), len(desk.to("leagl@example.org"))) == (1, 0)


def test_what_another_process_has_under_way_follows_once_that_process_is_gone(desk: Desk) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    old = desk.process(recipient("legal", WRONG))
    with closing(Database(desk.url)) as database, database.transaction() as connection:
        claim = {"status": "sending", "claimed_by": old.parts.outbox.name}
        connection.execute(update(alert).values(claim))
    new = desk.process(recipient("legal", RIGHT))
    desk.now = datetime(2030, 12, 1, 15, tzinfo=UTC)
    new.once()
    assert desk.to(LEGAL) == []

    old.close()
    new.once()
    new.close()

    assert len(desk.to(LEGAL)) == 1


def test_what_a_killed_worker_had_under_way_follows_the_corrected_address(
    postgresql_desk: Desk,
) -> None:
    desk = postgresql_desk
    desk.run(recipient("legal", WRONG), START, DUE)
    with closing(Database(desk.url)) as database, database.transaction() as connection:
        claim = {"status": "sending", "claimed_by": "job 999999"}
        connection.execute(update(alert).values(claim))

    desk.run(recipient("legal", RIGHT), LATER)

    assert len(desk.to(LEGAL)) == 1


@pytest.fixture
def postgresql_desk(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Desk]:
    url = request.getfixturevalue("postgresql").database()
    with Desk(tmp_path, url, monkeypatch, "work") as desk:
        yield desk


def test_what_was_given_up_goes_to_the_corrected_address_unless_it_is_old_and_over(
    desk: Desk,
) -> None:
    over = EVENTS.replace("notice", "hearing").replace("2030-12-31", "2030-11-25")
    desk.events = EVENTS + over[over.index("[[event]]") :].replace("Notice is", "Hearing is")
    desk.run(recipient("legal", WRONG), "2030-10-20 12:00", "2030-11-24 09:00", DUE)
    with closing(Database(desk.url)) as database, database.transaction() as connection:
        connection.execute(update(alert).values(status="failed"))

    log = desk.run(recipient("legal", RIGHT), "2030-12-28 12:00")

    assert all(subject.startswith("Notice is due") for subject in desk.to(LEGAL))
    assert desk.to(LEGAL)
    old = [row for row in desk.owed() if row.key.channel == WRONG]
    assert {row.key.event for row in old} == {"a/hearing"}
    assert "which it no longer has, since more than 30 days ago: tracker alerts retry" in log


def test_what_goes_to_another_channel_keeps_to_quiet_hours(desk: Desk) -> None:
    quiet = 'quiet = "20:00-08:00"'
    desk.run(recipient("legal", WRONG, more=quiet), START, DUE)

    desk.run(recipient("legal", RIGHT, more=quiet), "2030-12-01 22:00")
    at_night = desk.to(LEGAL)
    desk.run(recipient("legal", RIGHT, more=quiet), "2030-12-02 08:00")

    assert (at_night, len(desk.to(LEGAL))) == ([], 1)


def test_what_cannot_wait_for_the_end_of_quiet_hours_is_not_repeated_at_the_new_address(
    desk: Desk,
) -> None:
    quiet = 'quiet = "20:00-08:00"\nreminders = ["2 hours"]'
    desk.events = EVENTS.replace("2030-12-31", '"2030-12-10 23:30"')
    desk.run(recipient("legal", RIGHT, more=quiet), START, "2030-12-10 19:00", "2030-12-10 21:31")
    assert len(desk.to(LEGAL)) == 1

    desk.run(recipient("legal", "mailto:law@example.org", more=quiet), "2030-12-10 22:00")
    desk.run(recipient("legal", "mailto:law@example.org", more=quiet), "2030-12-11 09:00")

    assert desk.to(LAW) == []


def test_who_has_unsubscribed_is_sent_nothing_of_what_waited(desk: Desk) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    with closing(Database(desk.url)) as database:
        Acknowledgements(database).unsubscribe("legal", WRONG, ["a"], desk.now)

    desk.run(recipient("legal", RIGHT), LATER)

    assert desk.to(LEGAL) == []
    assert desk.owed() == []


def test_a_mailbox_in_other_letters_stays_unsubscribed(desk: Desk) -> None:
    desk.run(recipient("legal", RIGHT), START, DUE)
    with closing(Database(desk.url)) as database:
        Acknowledgements(database).unsubscribe("legal", RIGHT, ["a"], desk.now)

    desk.run(recipient("legal", "mailto:Legal@Example.org"), LATER, NEXT_LEAD, LAST_LEAD)

    assert len(desk.post.messages) == 1


def test_changes_digests_and_questions_follow_the_corrected_address_as_well(desk: Desk) -> None:
    more = 'digest = "weekly on monday"'
    desk.events = EVENTS + '[[event]]\nid = "breach"\ntitle = "Breach"\nwhen = "open"\n'
    desk.run(recipient("legal", WRONG, more=more), "2030-11-20 12:00")
    desk.events = desk.events.replace("2030-12-31", "2031-02-05")
    desk.run(recipient("legal", WRONG, more=more), "2031-01-05 12:00", "2031-01-06 09:00")
    kinds = Counter(row.key.kind for row in desk.owed())
    assert {"change", "digest", "nudge", "reminder"} <= set(kinds)

    desk.run(recipient("legal", RIGHT, more=more), "2031-01-06 12:00")

    assert Counter(row.key.kind for row in desk.alerts("sent")) == kinds
    assert len(desk.to(LEGAL)) == kinds.total()


def test_what_a_process_with_the_settings_of_before_wrote_down_last_follows_within_two_hours(
    any_desk: Desk,
) -> None:
    desk = any_desk
    settings = recipient("law", RIGHT, more='was = ["legal"]')
    desk.run(recipient("legal", WRONG), START)
    new = desk.process(settings)
    new.once()
    row = {"recipient": "legal", "channel": WRONG, "kind": "change", "lead": "a/9"}
    rest = dict.fromkeys(("point", "occurrence", "counts_to"), "")
    content = '{"subject": "It moves", "thread": "t", "blocks": [["item", "It moves"]]}'
    times = dict.fromkeys(("due", "written_at"), desk.now)
    values = (
        row
        | rest
        | times
        | {"content": content}
        | {"status": "written", "event": "a", "agreement": "a"}
    )
    with closing(Database(desk.url)) as database, database.transaction() as connection:
        connection.execute(insert(alert).values(values))  # as `tracker serve` does
    new.once()
    assert desk.post.messages == []

    for _ in range(2):
        desk.now += timedelta(minutes=65)
        new.once()
    new.close()

    assert desk.to(LEGAL) == ["It moves"]


@pytest.mark.parametrize("after", [(RIGHT, "HOOK"), (RIGHT,), ("HOOK",)])
@pytest.mark.parametrize("name", ["legal", "law"])
def test_what_waits_as_one_message_follows_and_goes_to_nobody_who_has_had_it(
    desk: Desk, after: tuple[str, ...], name: str
) -> None:
    event = EVENTS[EVENTS.index("[[event]]") :]
    for number in range(6):
        desk.events += event.replace("notice", f"n{number}")
    desk.run(recipient("legal", WRONG, "HOOK"), START, DUE)
    hooks = len(desk.hook.requests)
    assert [row.key.kind for row in desk.owed()] == ["reminders"]

    was = "" if name == "legal" else 'was = ["legal"]'
    desk.run(recipient(name, *after, more=was), LATER, "2030-12-01 16:00")

    assert len(desk.hook.requests) == hooks
    assert len(desk.to(LEGAL)) == (RIGHT in after)
    assert desk.owed() == []


# -- a recipient is renamed


def test_a_renamed_recipient_gets_what_was_owed_to_it_and_nothing_twice(any_desk: Desk) -> None:
    desk = any_desk
    desk.post.unknown = {LAW}
    law = "mailto:law@example.org"
    desk.run(recipient("legal", RIGHT, law), START, DUE)
    assert len(desk.owed()) == 1
    desk.post.unknown.clear()

    renamed = recipient("law", RIGHT, law, more='was = ["legal"]')
    log = desk.run(renamed, LATER, NEXT_LEAD)
    desk.run(renamed, "2030-12-24 10:00")

    assert "legal is law now, to whom all goes that was its own: an alert that is still" in log
    assert (len(desk.to(LEGAL)), len(desk.to(LAW))) == (2, 2)
    assert {row.key.recipient for row in desk.alerts()} == {"law"}


def test_what_is_owed_to_a_name_that_is_gone_is_named_and_does_not_lapse(any_desk: Desk) -> None:
    desk = any_desk
    desk.post.unknown = {LEGAL}
    desk.run(recipient("legal", RIGHT), START, DUE)

    log = desk.run(recipient("law", RIGHT), LATER, "2030-12-01 16:00", "2030-12-01 18:00")

    assert log.count("an alert is owed to legal, whom tracker.toml does not name") == 1
    assert [row.key.recipient for row in desk.owed()] == ["legal"]

    desk.post.unknown.clear()
    desk.run(recipient("law", RIGHT, more='was = ["legal"]'), "2030-12-02 09:00")

    assert len(desk.to(LEGAL)) == 1
    assert desk.owed() == []


def test_renamed_and_readdressed_at_once_it_is_all_there(desk: Desk) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)

    desk.run(recipient("law", RIGHT, more='was = ["legal"]'), LATER, NEXT_LEAD)

    assert len(desk.to(LEGAL)) == 2
    assert desk.owed() == []


def test_what_a_renamed_recipient_acknowledged_and_unsubscribed_from_stays_so(desk: Desk) -> None:
    law = "mailto:law@example.org"
    desk.events += EVENTS[EVENTS.index("[[event]]") :].replace("notice", "hearing")
    desk.run(recipient("legal", RIGHT, law), START, DUE)
    (first, *_) = (row for row in desk.alerts("sent") if row.key.event == "a/notice")
    old = desk.process(recipient("legal", RIGHT, law))
    desk_of_links, signer = old.parts.desk, old.parts.planner._signer
    assert desk_of_links is not None
    assert signer is not None
    old.close()
    with closing(Database(desk.url)) as database:
        Acknowledgements(database).unsubscribe("legal", law, ["a"], desk.now)

    new = desk.process(recipient("law", RIGHT, law, more='was = ["legal"]'))
    new.once()
    timeline, links = new.parts.files.timeline(), new.parts.desk
    assert timeline is not None
    assert links is not None
    link = signer.links(first.message).acknowledge.split("/")[-2:]
    assert links.acknowledge(link[0], link[1], None, timeline, desk.now)  # of a mail sent before
    desk.now = datetime(2030, 12, 24, 9, tzinfo=UTC)
    new.once()
    new.close()

    assert Counter(row.key.event for row in desk.alerts("sent") if row.key.lead == "7 days") == {
        "a/hearing": 1
    }
    assert len(desk.to(LAW)) == 2


def test_two_recipients_that_become_one_get_each_message_once_through_each_channel(
    desk: Desk,
) -> None:
    law = "mailto:law@example.org"
    both = recipient("anna", RIGHT, WRONG) + recipient("bert", law, WRONG)
    desk.run(both, START, DUE)
    assert len(desk.owed()) == 2

    joint = recipient("team", RIGHT, law, more='was = ["anna", "bert"]')
    desk.run(joint, LATER, NEXT_LEAD)
    desk.run(joint, "2030-12-25 09:00")

    assert (len(desk.to(LEGAL)), len(desk.to(LAW))) == (2, 2)
    assert desk.owed() == []


def test_who_joins_a_recipient_that_there_is_repeats_nothing(desk: Desk) -> None:
    desk.run(recipient("anna", RIGHT) + recipient("team", RIGHT), START, DUE)
    assert len(desk.to(LEGAL)) == 2

    team = recipient("team", RIGHT, more='was = ["anna"]')
    desk.run(team, LATER, NEXT_LEAD)

    assert len(desk.to(LEGAL)) == 3


def test_a_recipient_split_in_two_goes_on_as_one_of_them_and_the_other_begins(desk: Desk) -> None:
    law = "mailto:law@example.org"
    desk.run(recipient("team", RIGHT, law), START, DUE)

    split = recipient("anna", RIGHT, more='was = ["team"]') + recipient("bert", law)
    desk.run(split, LATER, NEXT_LEAD)

    assert (len(desk.to(LEGAL)), len(desk.to(LAW))) == (2, 2)


def test_another_agreements_recipient_of_the_same_name_keeps_its_own(desk: Desk) -> None:
    desk.post.unknown = {LEGAL}
    desk.events = EVENTS.replace('id = "a"', 'id = "b"', 1)
    desk.run(recipient("legal", RIGHT), START, DUE)
    desk.events = EVENTS
    desk.run(recipient("legal", RIGHT), DUE)

    desk.run(recipient("law", RIGHT, more='was = ["legal"]'), LATER)

    assert {(row.agreement, row.key.recipient) for row in desk.alerts()} == {("b", "legal")}


def test_one_whose_channel_is_another_recipients_now_is_not_answered_by_that_one(
    desk: Desk,
) -> None:
    desk.post.unknown = {LEGAL}
    desk.run(recipient("anna", RIGHT), START, DUE)
    desk.post.unknown.clear()

    log = desk.run(recipient("bert", RIGHT), LATER)

    assert desk.to(LEGAL) == []
    assert "owed to anna, whom tracker.toml does not name" in log


def test_the_log_is_silent_where_nothing_was_changed(desk: Desk) -> None:
    desk.run(recipient("legal", RIGHT), START, DUE)
    log = io.StringIO()
    process = desk.process(recipient("legal", RIGHT), log)

    process.once()
    process.close()

    assert log.getvalue() == ""


# -- many at once


@pytest.mark.parametrize("other", [(), ("HOOK",), ("mailto:boss@example.org",)])
def test_what_waits_as_one_message_goes_to_the_corrected_address_and_to_no_other_again(
    any_desk: Desk, other: tuple[str, ...]
) -> None:
    desk = any_desk
    desk.events = EVENTS.partition("[[event]]")[0] + "".join(
        f'[[event]]\nid = "n{number}"\ntitle = "Notice {number}"\nwhen = 2030-12-31\n'
        for number in range(6)
    )
    desk.run(recipient("legal", WRONG, *other), START, DUE)
    had = len(desk.post.delivered) + len(desk.hook.requests)
    desk.run(recipient("legal", RIGHT, *other), LATER)
    desk.run(recipient("legal", RIGHT, *other), "2030-12-02 09:00")

    mails = [str(mail["subject"]) for mail in desk.post.messages]
    assert mails.count(
        "6 reminders, the first: Notice 0, in 30 days, Tuesday, 31 December 2030"
    ) == 1 + any("boss" in name for name in other)
    assert len(mails) + len(desk.hook.requests) == 1 + len(other)
    assert had == 0 or other
    assert {row.status for row in desk.alerts()} <= {"sent", "named", "lapsed"}
