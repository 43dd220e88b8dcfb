"""A clock that runs ahead for a while and is set back: what it named comes when its hour comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.alerts.test_batch_messages import text_of
from tests.reminders.scene import HEAD, NOTICE, Make, Scene, at, composed, kinds
from tracker.reminders.recipients import Recipient
from tracker.service.alert_log import AlertLog
from tracker.store.ledger import StoredAlert
from tracker.store.outbox import Outbox

#: When the reminders of the 31st are due, each with its lead.
HOURS = {
    "30 days": at("2030-12-01 09:00"),
    "7 days": at("2030-12-24 09:00"),
    "1 day": at("2030-12-30 09:00"),
    "0 days": at("2030-12-31 09:00"),
}
BACK = "2030-12-01 09:05"


#: What a clock shows that runs ahead, and the reminder that goes out by it.
AHEAD = {
    "2030-12-24 12:00": "7 days",
    "2030-12-30 09:00": "1 day",
    "2030-12-31 23:00": "0 days",
    "2031-01-15 09:00": "passed",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    return str(request.getfixturevalue("postgresql").database())


@pytest.fixture
def scenes(tmp_path: Path, url: str) -> Iterator[Make]:
    made: list[Scene] = []

    def make(*recipients: Recipient, text: str = HEAD + NOTICE) -> Scene:
        made.append(Scene(tmp_path, *recipients, text=text, url=url))
        return made[-1]

    yield make
    for here in made:
        here.database.close()


def deliver(here: Scene) -> None:
    """All that waits is sent."""
    outbox = Outbox(here.database)
    outbox.mark_sent([row.id for row in outbox.claim(["terminal"], ["a"], here.now, 100)], here.now)
    outbox.close()


def run_ahead(here: Scene, clock: str, until: str = BACK) -> list[StoredAlert]:
    """What goes out by a clock that shows that, before it is set back to the first of December."""
    here.look("2030-11-01 12:00")
    assert here.look("2030-12-01 08:58") == []
    sent = here.look(clock)
    deliver(here)
    here.begin()
    return [*sent, *here.look(until)]


def planned(here: Scene) -> dict[str, str]:
    """What `alerts list` announces, and when."""
    log = AlertLog(here.config, here.database, here.take_up(here.now), "en")
    return {alert.what: f"{alert.when:%Y-%m-%d %H:%M}" for alert in log.upcoming(here.now, 40)}


@pytest.mark.parametrize("clock", AHEAD)
def test_what_was_only_named_by_a_clock_that_ran_ahead_comes_in_its_hour(
    scenes: Make, clock: str
) -> None:
    here = scenes()
    untimely, at_once = run_ahead(here, clock)
    announced = planned(here)
    came = {at_once.key.lead: at_once.due}

    for hour in HOURS.values():
        came |= {row.key.lead: row.due for row in here.look(hour)}
        deliver(here)
        assert here.look(hour + timedelta(minutes=10)) == []  # once
    assert (untimely.key.lead or untimely.key.kind) == AHEAD[clock]
    assert came == {lead: due for lead, due in HOURS.items() if lead != AHEAD[clock]}
    assert sorted(announced.values()) == [
        f"{due:%Y-%m-%d %H:%M}" for lead, due in came.items() if lead != "30 days"
    ]


@pytest.mark.parametrize("clock", AHEAD)
def test_it_is_said_that_a_day_had_not_passed(scenes: Make, clock: str) -> None:
    here = scenes()
    _, at_once = run_ahead(here, clock)

    is_corrected = "That was wrong: the clock" in composed(here, at_once).text
    assert is_corrected == (AHEAD[clock] == "passed")


def test_a_day_that_was_told_as_passed_too_early_is_told_when_it_has(scenes: Make) -> None:
    here = scenes()
    run_ahead(here, "2031-01-15 09:00")

    missed = here.look("2031-01-02 09:00")  # nothing ran for a month

    assert kinds(missed) == ["passed"]
    assert here.look("2031-01-03 09:00") == []


def test_of_a_batch_too_each_day_comes_again(scenes: Make) -> None:
    here = scenes(text=text_of(6))

    batches = run_ahead(here, "2031-01-15 09:00")

    assert kinds(batches) == ["reminders", "reminders"]
    assert "of 6 of these days that they had passed" in composed(here, batches[1]).text
    assert [kinds(here.look(hour)) for hour in HOURS.values()] == [[], *[["reminders"]] * 3]


@pytest.mark.parametrize("minutes", [1, 20, 59])
def test_two_clocks_a_little_apart_send_nothing_twice(scenes: Make, minutes: int) -> None:
    here = scenes()
    here.look("2030-11-01 12:00")
    ahead = at("2030-12-31 09:00")

    (sent,) = here.look(ahead)  # names those before it
    here.begin()

    assert sent.key.lead == "0 days"
    assert here.look(ahead - timedelta(minutes=minutes)) == []
