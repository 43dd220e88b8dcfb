"""An event that is missing from the file for a while, by a mistake: no reminder of it is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE, Make, Scene, at
from tests.reminders.test_rules import NIGHT
from tracker.store.ledger import StoredAlert

#: Hears of no changes.
HEARS = replace(LEGAL, changes=frozenset())
OTHER = '[[event]]\nid = "other"\ntitle = "Other"\nwhen = 2040-12-31\n'
WEEKLY = NOTICE.replace("2030-12-31", '2030-12-03\nrepeats = "1 week"\nreminders = ["0 days"]')


def leads(rows: Sequence[StoredAlert]) -> list[str]:
    return [row.key.lead or row.key.kind for row in rows]


def watch(here: Scene, first: str, last: str) -> list[StoredAlert]:
    """What is written down from the first instant to the last."""
    rows, now = list[StoredAlert](), at(first)
    while now < at(last):
        rows += here.look(now)
        now += timedelta(days=4)
    return rows + here.look(last)


@pytest.mark.parametrize(
    ("gone", "back", "sent"),
    [
        ("2030-12-01 08:59", "2030-12-01 09:01", ["30 days"]),
        ("2030-12-01 08:59", "2030-12-01 14:00", ["30 days"]),
        ("2030-11-30 12:00", "2030-12-02 12:00", ["30 days"]),
        ("2030-11-28 12:00", "2030-12-08 12:00", ["30 days"]),
        ("2030-12-20 12:00", "2031-01-02 12:00", ["passed"]),  # for all that was missed
        ("2030-12-02 12:00", "2030-12-08 12:00", []),  # nothing fell due
        ("2030-11-10 12:00", "2030-12-08 12:00", []),  # gone too long: new, and floods nobody
    ],
)
def test_what_fell_due_while_an_event_was_missing_goes_out_once_it_is_back(
    scene: Make, gone: str, back: str, sent: list[str]
) -> None:
    here = scene(HEARS, text=HEAD + NOTICE + OTHER)
    watch(here, "2030-11-01 12:00", gone)

    here.text = HEAD + OTHER
    while_gone = watch(here, gone, back)
    here.text = HEAD + NOTICE + OTHER
    returned = here.look(back)
    later = here.look(at(back) + timedelta(minutes=1))

    assert (while_gone, leads(returned), later) == ([], sent, [])


def test_what_fell_due_while_a_rule_left_a_time_out_goes_out_once_it_is_back(scene: Make) -> None:
    here = scene(HEARS, text=HEAD + WEEKLY)
    watch(here, "2030-11-25 12:00", "2030-12-09 12:00")

    here.text = HEAD + WEEKLY.replace("1 week", "2 weeks")
    assert watch(here, "2030-12-09 13:00", "2030-12-12 12:00") == []
    here.text = HEAD + WEEKLY

    (row,) = here.look("2030-12-12 13:00")
    assert row.key.counts_to == "2030-12-10"


def test_an_event_that_comes_back_on_another_day_is_known_from_then_on(scene: Make) -> None:
    here = scene(HEARS, text=HEAD + NOTICE + OTHER)
    here.look("2030-11-01 12:00")
    here.text = HEAD + OTHER
    here.look("2030-11-30 12:00")

    here.text = HEAD + NOTICE.replace("-12-31", "-12-30") + OTHER

    assert here.look("2030-12-02 12:00") == []


def test_who_is_asleep_when_an_event_comes_back_hears_of_it_in_the_morning(scene: Make) -> None:
    here = scene(replace(HEARS, quiet=NIGHT), text=HEAD + NOTICE + OTHER)
    watch(here, "2030-11-01 12:00", "2030-11-26 12:00")
    here.text = HEAD + OTHER
    watch(here, "2030-11-26 13:00", "2030-12-05 13:00")
    here.text = HEAD + NOTICE + OTHER

    at_night = here.look("2030-12-05 23:00")
    in_the_morning = here.look("2030-12-06 08:30")

    assert (at_night, leads(in_the_morning)) == ([], ["30 days"])


def test_a_process_that_ends_before_it_has_planned_what_came_back_loses_nothing(
    scene: Make,
) -> None:
    here = scene(HEARS, text=HEAD + NOTICE + OTHER)
    watch(here, "2030-11-01 12:00", "2030-11-26 12:00")
    here.text = HEAD + OTHER
    watch(here, "2030-11-26 13:00", "2030-12-05 13:00")
    here.text = HEAD + NOTICE + OTHER
    here.take_up("2030-12-05 14:00")  # and dies

    here.begin()

    assert leads(here.look("2030-12-05 14:05")) == ["30 days"]
