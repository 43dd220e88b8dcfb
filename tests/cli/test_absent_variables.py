"""A shell that lacks the variables in which the service has its addresses ends nothing."""

from __future__ import annotations

from contextlib import closing

import pytest

from tests.cli.test_owed_alerts import DUE, START, CommandDesk, desk, give_up
from tests.service.settings_desk import RIGHT, WRONG, recipient
from tracker.reminders.recipients import Recipient
from tracker.store.database import Database
from tracker.store.readdressing import Readdressing

__all__ = ["desk"]


@pytest.mark.parametrize("to", [("env:MBOX",), ("env:MBOX", RIGHT), (RIGHT, "env:MBOX")])
@pytest.mark.parametrize("given_up", [False, True])
@pytest.mark.parametrize(
    "action", [("retry",), ("drop", "--recipient", "legal", "--yes")], ids=lambda words: words[0]
)
def test_a_shell_without_the_address_ends_nothing_and_is_told_which_variable(
    desk: CommandDesk,
    monkeypatch: pytest.MonkeyPatch,
    to: tuple[str, ...],
    given_up: bool,
    action: tuple[str, ...],
) -> None:
    settings = recipient("legal", *to)
    monkeypatch.setenv("MBOX", WRONG)
    desk.run(settings, START, DUE)
    if given_up:
        give_up(desk)
    before = desk.owed()
    assert before

    monkeypatch.delenv("MBOX")
    said = desk.asks(settings, "alerts", *action)

    assert said.code != 0
    assert "there is no variable MBOX in the environment" in said.err
    assert desk.owed() == before
    doctor = desk.asks(settings, "doctor")
    assert "there is no variable MBOX in the environment" in doctor.out + doctor.err


def test_what_waits_for_a_fallback_that_this_shell_cannot_read_is_not_ended_either(
    desk: CommandDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = recipient("legal", RIGHT) + '[fallback]\nto = "env:MBOX"\n'
    said = desk.asks(settings, "alerts", "retry")

    assert said.code != 0
    assert "there is no variable MBOX in the environment" in said.err


def test_the_list_of_a_shell_without_the_address_says_so_and_nothing_that_is_not_so(
    desk: CommandDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = recipient("legal", "env:MBOX")
    monkeypatch.setenv("MBOX", WRONG)
    desk.run(settings, START, DUE)
    monkeypatch.delenv("MBOX")

    said = desk.asks(settings, "alerts", "list")

    assert "since the environment has no MBOX" in said.err
    assert f"{WRONG}: whether legal still has this channel cannot be told here" in said.out
    assert "unsubscribed" not in said.out
    assert "planned" in said.out


def test_no_process_that_lacks_an_address_ends_what_waits_under_it(
    desk: CommandDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MBOX", WRONG)
    desk.run(recipient("legal", "env:MBOX"), START, DUE)
    before = desk.owed()

    with closing(Database(desk.url)) as database:
        for channels, absent in (((), ("MBOX",)), ((RIGHT,), ("MBOX",)), ((), ())):
            person = Recipient("legal", "UTC", channels=channels, absent=absent)
            readdressing = Readdressing(database)
            assert readdressing.droppable("legal", [person], ["a"], desk.now) == []
            readdressing.retry([person], ["a"], desk.now)

    assert desk.owed() == before
