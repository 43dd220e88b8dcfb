"""What is owed to names and channels that tracker.toml has no more, on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import update

from tests.cli.calls import Called, Caller
from tests.service.settings_desk import HEAD, RIGHT, WRONG, Desk, recipient
from tracker.store.database import Database
from tracker.store.schema import alert

START, DUE, LATER = "2030-11-20 12:00", "2030-12-01 09:00", "2030-12-01 15:00"
LEGAL = "legal@example.org"
#: Without a page, which doctor would ask for.
PLAIN = HEAD[: HEAD.index("[web]")]


class CommandDesk(Desk):
    """A desk at which commands are called."""

    call: Caller

    def asks(self, settings: str, *arguments: str) -> Called:
        self.write(PLAIN + settings)
        return self.call(*arguments)

    def finding(self, settings: str) -> tuple[str, str] | None:
        """What doctor says of what is owed, and its advice; None: nothing."""
        said = self.asks(settings, "doctor", "--json")
        owed = [row for row in json.loads(said.out) if row["check"] == "owed"]
        assert said.code == 1 or not owed
        return (owed[0]["text"], owed[0]["advice"]) if owed else None

    def listed(self, settings: str) -> list[tuple[str, list[str], str | None]]:
        rows = json.loads(self.asks(settings, "alerts", "list", "--json").out)
        went = [row for row in rows if row["message"]]
        return [(row["status"], row["goes_to"], row["remark"]) for row in went]


@pytest.fixture
def desk(call: Caller, monkeypatch: pytest.MonkeyPatch) -> Iterator[CommandDesk]:
    url = f"sqlite:///{call.folder / 'ledger.sqlite3'}"
    with CommandDesk(call.folder, url, monkeypatch) as desk:
        desk.call = call
        yield desk


def give_up(desk: Desk) -> None:
    with closing(Database(desk.url)) as database, database.transaction() as connection:
        connection.execute(update(alert).values(status="failed"))


def test_before_the_restart_each_command_says_what_will_become_of_what_waits(
    desk: CommandDesk,
) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    assert desk.finding(recipient("legal", WRONG)) is None
    right = recipient("legal", RIGHT)

    assert desk.finding(right) == (
        (
            f"an alert waits under {WRONG}, which legal no longer has: at the next start of tracker run"
            f" it goes to {RIGHT}"
        ),
        "Start tracker run, or its workers, anew: they go by tracker.toml as it was when they began.",
    )
    remark = (
        f"legal has this channel no longer: it goes to {RIGHT} at the next start of tracker run"
    )
    assert desk.listed(right) == [("written", [RIGHT], remark)]
    assert f"{WRONG}: {remark}" in desk.asks(right, "alerts", "list").out

    desk.run(right, LATER)

    assert desk.finding(right) is None
    assert desk.listed(right) == [("readdressed", [RIGHT], None), ("sent", [], None)]
    assert f"{WRONG}: it was sent on to {RIGHT}" in desk.asks(right, "alerts", "list").out


def test_retry_sends_to_the_corrected_address_what_was_given_up_however_old(
    desk: CommandDesk,
) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    give_up(desk)
    right = recipient("legal", RIGHT)
    desk.run(right, "2031-06-01 12:00")
    (passed,) = desk.to(LEGAL)  # what fell due since then
    assert "passed 5 months ago" in passed
    found = desk.finding(right)
    assert found is not None
    assert found[0].endswith("which legal no longer has, since more than 30 days ago")

    said = desk.asks(right, "alerts", "retry")

    assert said.err.startswith(f"an alert to legal that waited under {WRONG}, which it no longer")
    desk.run(right, "2031-06-01 13:00")
    assert len(desk.to(LEGAL)) == 2
    assert desk.finding(right) is None


def test_what_is_owed_to_a_name_that_is_gone_is_named_until_it_is_dropped(
    desk: CommandDesk,
) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    law = recipient("law", RIGHT)
    desk.run(law, LATER)

    assert desk.finding(law) == (
        "an alert is owed to legal, whom tracker.toml does not name",
        (
            'If it has another name now, write was = ["legal"] into its [[recipient]] and start'
            ' tracker run anew; else tracker alerts drop --recipient "legal" ends what is owed.'
        ),
    )
    assert desk.listed(law) == [("written", [], "tracker.toml does not name legal")]
    retried = desk.asks(law, "alerts", "retry")
    assert "taken up again" not in retried.err
    assert "owed to legal, whom tracker.toml does not name" in retried.err
    assert desk.asks(law, "alerts", "list", "--recipient", "legal").code == 0

    nobody = desk.asks(law, "alerts", "drop", "--recipient", "legal")
    assert (nobody.code, "nothing is ended" in nobody.err) == (2, True)
    assert "Notice is due, Tuesday, 31 December 2030" in nobody.err
    assert desk.owed()

    dropped = desk.asks(law, "alerts", "drop", "--recipient", "legal", "--yes")

    assert "an alert to legal will not be sent" in dropped.err
    assert desk.finding(law) is None
    assert desk.listed(law) == [("dropped", [], None)]


def test_doctor_says_that_a_recipient_that_has_another_name_takes_over(desk: CommandDesk) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)

    found = desk.finding(recipient("law", RIGHT, more='was = ["legal"]'))

    assert found is not None
    assert found[0] == (
        "an alert waits under the name legal, which is now law: at the next start of tracker run"
        " it goes to law"
    )


def test_drop_ends_what_was_given_up_and_leaves_what_is_still_tried(desk: CommandDesk) -> None:
    desk.post.unknown.add(LEGAL)
    both = recipient("legal", RIGHT)
    desk.run(both, START, DUE)
    tried = desk.asks(both, "alerts", "drop", "--recipient", "legal", "--yes")
    assert (tried.code, len(desk.owed())) == (0, 1)
    assert "nothing that is owed to legal has failed, or waits for nobody" in tried.err

    give_up(desk)
    dropped = desk.asks(both, "alerts", "drop", "--recipient", "legal", "--yes", "--json")

    assert len(json.loads(dropped.out)) == 1
    assert desk.owed() == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("drop",), "--recipient is missing"),
        (("drop", "notice", "--recipient", "legal"), "a word too many"),
        (("drop", "--recipient", "nobody"), "there is no recipient “nobody”; there are: legal"),
        (("list", "--recipient", "nobody"), "there is no recipient “nobody”; there are: legal"),
        (("list", "--yes"), "a word too many"),
        (("ack", "notice", "--yes"), "a word too many"),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(
    desk: CommandDesk, arguments: tuple[str, ...], said: str
) -> None:
    refused = desk.asks(recipient("legal", RIGHT), "alerts", *arguments)

    assert refused.code == 2
    assert said in refused.err


def test_doctor_says_that_what_runs_has_not_read_the_address_that_was_added(
    desk: CommandDesk,
) -> None:
    alone, both = recipient("legal", RIGHT), recipient("legal", RIGHT, "mailto:law@example.org")
    process = desk.process(PLAIN + alone)
    process.once()

    def findings(settings: str) -> list[str]:
        said = desk.asks(settings, "doctor", "--json")
        return [row["text"] for row in json.loads(said.out) if row["check"] == "settings"]

    assert findings(alone) == []
    (found,) = findings(both)
    process.close()

    assert found.startswith("legal: nobody looks after mailto:law@example.org yet")
    assert findings(both) == []  # nothing runs, and what begins now reads it


def test_what_is_owed_of_an_agreement_that_nobody_states_any_more_is_named(
    desk: CommandDesk,
) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    desk.events = desk.events.replace('id = "a"', 'id = "lease"')
    log = desk.run(recipient("legal", RIGHT), LATER, "2030-12-01 15:10")

    said = "an alert is owed of a, an agreement that no file here states: nobody sends it"
    assert log.count(said) == 1
    assert desk.finding(recipient("legal", RIGHT)) == (
        said,
        (
            "Start tracker with its file as well and they go out; where its id was changed, with"
            ' id = "a" for as long as they wait. After 30 days this is said no more.'
        ),
    )
    desk.events = desk.events.replace('id = "lease"', 'id = "a"')
    desk.run(recipient("legal", RIGHT), "2030-12-01 16:00")
    assert desk.finding(recipient("legal", RIGHT)) is None
    assert desk.owed() == []


def test_what_another_process_looks_after_is_nobodys_business_here(desk: CommandDesk) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    desk.events = desk.events.replace('id = "a"', 'id = "b"')

    assert "owed" not in desk.run(recipient("legal", RIGHT), "2030-12-01 09:05")


def test_what_has_another_name_has_one_advice_and_it_is_the_one_that_helps(
    desk: CommandDesk,
) -> None:
    desk.run(recipient("legal", WRONG), START, DUE)
    said = desk.asks(recipient("law", RIGHT), "doctor", "--json")

    about = [row for row in json.loads(said.out) if row["check"] in ("undelivered", "owed")]
    assert [row["advice"] and 'was = ["legal"]' in row["advice"] for row in about] == [None, True]


def test_two_names_are_swapped_as_it_is_said_where_it_is_refused(desk: CommandDesk) -> None:
    bert = "mailto:bert@example.org"
    desk.post.unknown = {LEGAL}
    desk.run(recipient("anna", RIGHT) + recipient("bert", bert), START, DUE)
    at_once = recipient("bert", RIGHT, more='was = ["anna"]') + recipient("anna", bert)
    desk.post.unknown = set()

    assert "Two names are swapped in three steps" in desk.asks(at_once, "doctor").err
    for settings in (
        recipient("third", RIGHT, more='was = ["anna"]') + recipient("bert", bert),
        recipient("third", RIGHT) + recipient("anna", bert, more='was = ["bert"]'),
        recipient("bert", RIGHT, more='was = ["third"]') + recipient("anna", bert),
    ):
        desk.run(settings, LATER)
    assert [len(desk.to(box)) for box in (LEGAL, "bert@example.org")] == [1, 1]
    assert desk.owed() == []
