"""Every edit of tracker.toml that people make to mend something, while alerts are owed.

Each is a row: what tracker.toml said, and what it says then. It is tried where all that was due
waits, since nobody took it, and where all of it had gone out. Nothing is lost, nothing doubled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.service.settings_desk import HEAD, RIGHT, WRONG, Desk, recipient
from tracker.files.problems import FileErrors
from tracker.store.copying import copy_to
from tracker.store.database import Database
from tracker.store.ledger import Ledger, StoredAlert

LEGAL, LAW = "legal@example.org", "law@example.org"
BOTH = recipient("legal", RIGHT, "HOOK")
OTHER = recipient("other", "mailto:other@example.org")


def legal(more: str) -> str:
    return recipient("legal", RIGHT, "HOOK", more=more)


class Edit(NamedTuple):
    """What tracker.toml says before, and afterwards; how many channels the recipient has then."""

    before: str
    after: str
    channels: int = 2


EDITS = {
    "nothing": Edit(BOTH, BOTH),
    "the hour": Edit(BOTH, legal('at = "16:30"')),
    "the hour, and back": Edit(legal('at = "16:30"'), BOTH),
    "the zone, to the east": Edit(BOTH, legal('timezone = "Asia/Tokyo"')),
    "the zone, to the west": Edit(BOTH, legal('timezone = "America/New_York"')),
    "quiet hours": Edit(BOTH, legal('quiet = "20:00-08:00"')),
    "quiet hours, no more": Edit(legal('quiet = "20:00-08:00"'), BOTH),
    "what is wanted": Edit(BOTH, legal('where = { ids = ["notice"] }')),
    "the language": Edit(BOTH, legal('language = "ja"')),
    "a digest": Edit(BOTH, legal('digest = "monthly on 15"')),
    "leads": Edit(BOTH, legal('reminders = ["31 days", "30 days", "7 days", "1 day", "0 days"]')),
    "no changes": Edit(BOTH, legal("changes = false")),
    "the mail server": Edit(HEAD.replace("127.0.0.1", "localhost") + BOTH, BOTH),
    "the sender": Edit(HEAD.replace("tracker@example.org", "deadlines@example.org") + BOTH, BOTH),
    "the secret of webhooks": Edit(HEAD.replace("MfKQ", "AfKQ") + BOTH, BOTH),
    "the page's address": Edit(HEAD.replace("deadlines.", "days.") + BOTH, BOTH),
    "the order of addresses": Edit(BOTH, recipient("legal", "HOOK", RIGHT)),
    "a text in place of a list": Edit(
        recipient("legal", RIGHT), f'[[recipient]]\nname = "legal"\nto = "{RIGHT}"\n', 1
    ),
    "the order of tables": Edit(BOTH + OTHER, OTHER + BOTH),
    "another recipient": Edit(BOTH, BOTH + OTHER),
    "another recipient, no more": Edit(BOTH + OTHER, BOTH),
    "a mailbox's letters": Edit(BOTH, recipient("legal", "mailto:Legal@Example.org", "HOOK")),
    "a mailbox's notation": Edit(BOTH, recipient("legal", "mailto:legal%40example.org", "HOOK")),
    "a webhook's slash": Edit(BOTH, recipient("legal", RIGHT, "HOOK/")),
    "a webhook in the environment": Edit(
        BOTH, recipient("legal", RIGHT, "env:TRACKER_TEST_RECEIVER")
    ),
    "an address, corrected": Edit(recipient("legal", WRONG, "HOOK"), BOTH),
    "both addresses": Edit(recipient("legal", WRONG, "HOOK/gone"), BOTH),
    "an address taken away": Edit(BOTH, recipient("legal", "HOOK"), 1),
    "a webhook in place of mail": Edit(recipient("legal", RIGHT), recipient("legal", "HOOK"), 1),
    "the name": Edit(BOTH, recipient("law", RIGHT, "HOOK", more='was = ["legal"]')),
    "the name and an address": Edit(
        recipient("legal", WRONG, "HOOK"),
        recipient("law", RIGHT, "HOOK", more='was = ["legal"]'),
    ),
    "the name, and others join": Edit(
        BOTH + OTHER, recipient("law", RIGHT, "HOOK", more='was = ["legal", "other"]')
    ),
    "the name, and another one there": Edit(
        BOTH, OTHER + recipient("law", RIGHT, "HOOK", more='was = ["legal"]')
    ),
}


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    with Desk(tmp_path, f"sqlite:///{tmp_path / 'ledger.sqlite3'}", monkeypatch) as desk:
        monkeypatch.setenv("TRACKER_TEST_RECEIVER", desk.hook.url)
        yield desk


def said(row: StoredAlert) -> tuple[str, ...]:
    """What an alert says, to whomever and through whichever channel."""
    return tuple(row.key[2:])


def make_due(desk: Desk, settings: str, refuses: bool) -> set[tuple[str, ...]]:
    """A change and a reminder fall due, and are sent or wait; what they say.

    What one channel says of another that takes nothing (`undelivered`) is not owed by itself.
    """
    if refuses:
        desk.post.unknown |= {LEGAL, LAW, "other@example.org"}
        desk.hook.judge = lambda _body: "not now"
    desk.run(settings, "2030-11-20 12:00")
    desk.events = desk.events.replace("2030-12-30", "2030-12-31")
    desk.run(settings, "2030-11-25 12:00", "2030-12-01 16:30")
    desk.post.unknown = {"leagl@example.org"}
    desk.hook.judge = None
    owed = (row for row in desk.alerts() if row.key.kind != "undelivered")
    return {said(row) for row in owed if row.key.recipient == "legal"}


@pytest.mark.parametrize("refuses", [True, False], ids=["while they wait", "once they are sent"])
@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_nothing_is_lost_and_nothing_doubled(desk: Desk, edit: Edit, refuses: bool) -> None:
    desk.events = desk.events.replace("2030-12-31", "2030-12-30")
    due = make_due(desk, edit.before, refuses)
    assert {key[0] for key in due} == {"change", "reminder"}

    desk.run(edit.after, "2030-12-01 17:00", "2030-12-24 16:30", "2030-12-30 10:00")
    desk.run(edit.after, "2030-12-30 16:30", "2030-12-31 10:00", "2030-12-31 16:30")

    ours = [row for row in desk.alerts("sent") if row.key.recipient in ("legal", "law")]
    times = Counter(map(said, ours))
    leads = {key[-1] for key in times if key[0] == "reminder"}
    assert {"30 days", "7 days", "1 day", "0 days"} <= leads
    assert due <= set(times)
    through = Counter((said(row), row.key.channel) for row in ours)
    assert max(through.values()) == 1
    # Each through each channel, of before or of now; and one that joins has had it as well.
    assert max(times.values()) <= 2 + edit.after.count('"other"]')
    if refuses:
        assert {key: times[key] for key in due} == dict.fromkeys(due, edit.channels)
    gone = {"other"} if OTHER not in edit.after and "other" not in edit.after else set()
    assert {row.key.recipient for row in desk.owed()} <= gone
    identities = [message["message-id"] for message in desk.post.messages]
    assert len(identities) == len(set(identities))


#: tracker.toml while tracker is down over an hour at which something falls due: before, and after.
WHILE_DOWN = {
    "the name, without was": Edit(recipient("legal", RIGHT), recipient("Legal", RIGHT)),
    "the name, with was": Edit(
        recipient("legal", RIGHT), recipient("Legal", RIGHT, more='was = ["legal"]')
    ),
    "the name, and a channel beside": Edit(
        recipient("legal", RIGHT), recipient("Legal", RIGHT, "HOOK")
    ),
    "one name split in two, without was": Edit(
        recipient("all", RIGHT, "mailto:law@example.org"),
        recipient("legal", RIGHT) + recipient("law", "mailto:law@example.org"),
    ),
    "one name split in two": Edit(
        recipient("all", RIGHT, "mailto:law@example.org"),
        recipient("legal", RIGHT, more='was = ["all"]')
        + recipient("law", "mailto:law@example.org"),
    ),
    "a mailbox goes to another": Edit(
        recipient("legal", RIGHT, "mailto:law@example.org") + OTHER,
        recipient("legal", RIGHT)
        + recipient("other", "mailto:other@example.org", "mailto:law@example.org"),
    ),
    "two names joined, without was": Edit(
        recipient("legal", RIGHT) + recipient("law", "mailto:law@example.org"),
        recipient("both", RIGHT, "mailto:law@example.org"),
    ),
}


@pytest.mark.parametrize("edit", WHILE_DOWN.values(), ids=WHILE_DOWN)
def test_a_mailbox_gets_what_fell_due_while_tracker_was_down_and_its_recipient_was_edited(
    desk: Desk, edit: Edit
) -> None:
    boxes = [LEGAL, *([LAW] if LAW in edit.before else [])]
    desk.run(edit.before, "2030-11-20 12:00", "2030-12-01 08:58")

    desk.run(edit.after, "2030-12-01 09:10", "2030-12-01 09:20")
    desk.run(edit.after, "2030-12-24 09:00")

    assert [len(desk.to(box)) for box in boxes] == [2] * len(boxes)


def test_what_went_out_under_the_former_name_is_not_sent_again_under_the_new(desk: Desk) -> None:
    quiet = 'quiet = "20:00-08:00"'
    desk.run(recipient("legal", RIGHT, more=quiet), "2030-12-20 12:00", "2030-12-30 10:00")
    desk.run(recipient("legal", RIGHT, more=quiet), "2030-12-31 21:00")  # what cannot wait
    before = desk.to(LEGAL)

    desk.run(recipient("Legal", RIGHT, more=quiet), "2030-12-31 21:10", "2031-01-01 08:10")

    assert before[-1] == "Notice is due: today, Tuesday, 31 December 2030"
    assert desk.to(LEGAL) == before


@pytest.mark.parametrize(
    "address", ["mailto:Legal Team <legal@example.org>", "mailto:legal", "legal@example.org"]
)
def test_an_address_that_cannot_be_used_is_refused_and_what_is_owed_waits(
    desk: Desk, address: str
) -> None:
    desk.run(recipient("legal", WRONG), "2030-11-20 12:00", "2030-12-01 09:00")

    with pytest.raises(FileErrors):
        desk.process(recipient("legal", address))
    desk.run(recipient("legal", RIGHT), "2030-12-01 15:00")

    assert len(desk.to(LEGAL)) == 1


def test_a_ledger_that_is_copied_to_another_place_owes_the_same(desk: Desk, tmp_path: Path) -> None:
    desk.run(recipient("legal", WRONG), "2030-11-20 12:00", "2030-12-01 09:00")
    elsewhere = f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}"
    copy_to(desk.url, elsewhere)
    desk.url = elsewhere

    desk.run(recipient("law", RIGHT, more='was = ["legal"]'), "2030-12-01 15:00")

    assert len(desk.to(LEGAL)) == 1
    assert desk.owed() == []


def test_a_webhook_whose_address_in_the_environment_is_another_one_gets_what_waited(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook = recipient("legal", "env:TRACKER_TEST_RECEIVER")
    monkeypatch.setenv("TRACKER_TEST_RECEIVER", "http://127.0.0.1:9/hook")
    desk.run(hook, "2030-11-20 12:00", "2030-12-01 09:00")
    assert len(desk.owed()) == 1
    monkeypatch.setenv("TRACKER_TEST_RECEIVER", desk.hook.url)

    desk.run(hook, "2030-12-01 15:00")

    assert len(desk.hook.requests) == 1


def test_a_ledger_of_which_two_recipients_share_a_channel_keeps_them_apart(desk: Desk) -> None:
    both = recipient("anna", WRONG) + recipient("bert", WRONG)
    desk.run(both, "2030-11-20 12:00", "2030-12-01 09:00")

    desk.run(
        recipient("anna", RIGHT) + recipient("bert", "mailto:law@example.org"), "2030-12-01 15:00"
    )

    assert (len(desk.to(LEGAL)), len(desk.to(LAW))) == (1, 1)
    with closing(Database(desk.url)) as database:
        covered = Ledger(database).coverage(["a"])
    now = datetime(2030, 12, 1, 15, tzinfo=UTC)
    assert {key.channel for key, span in covered.items() if span.last == now} == {
        RIGHT,
        "mailto:law@example.org",
    }
