"""What comes at an instant has passed with that instant, not with the end of its day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.timeline.scene import agreement, event, point
from tracker.agreements.model import Event
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.timeline.agenda import agenda_of, in_list_order
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validity import ALWAYS, valid_between

DAY = date(2027, 1, 16)
#: 23:59 of the day before, anywhere on earth.
AOE = datetime(2027, 1, 16, 11, 59, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
PAPERS = event("papers", when="2027-01-15 23:59 AoE")


def view(*events: Event, at: datetime, as_of: date = DAY) -> Timeline:
    return resolve([agreement(*events)], as_of, now=at)


def group_of(shown: Timeline) -> str:
    """The group of the agenda in which its only point is."""
    groups = agenda_of(shown)._asdict()
    return next(name for name, points in groups.items() if points)


@pytest.mark.parametrize(
    ("fields", "moment"),
    [
        ({"when": "2027-01-15 23:59 AoE"}, AOE),
        ({"when": "2027-01-16 17:00 Europe/Berlin"}, datetime(2027, 1, 16, 16, tzinfo=UTC)),
        ({"when": "2027-01-16 17:00 Asia/Kathmandu"}, datetime(2027, 1, 16, 11, 15, tzinfo=UTC)),
        ({"when": "within 3 hours after 2027-01-16 09:00"}, datetime(2027, 1, 16, 12, tzinfo=UTC)),
        ({"when": "2027-01-16 09:00", "repeats": parse_recurrence("1 year, 1 in all")},
         datetime(2027, 1, 16, 9, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_a_deadline_is_ahead_until_its_instant_and_has_passed_from_it_on(
    fields: dict[str, str], moment: datetime
) -> None:
    due = event("due", **fields)

    before, after = view(due, at=moment - MINUTE), view(due, at=moment)

    assert (group_of(before), group_of(after)) == ("upcoming", "passed")
    assert (len(in_list_order(before)), len(in_list_order(after))) == (1, 0)


def test_a_day_has_not_passed_before_it_is_over_whatever_the_hour() -> None:
    shown = view(event("x", when="2027-01-16"), at=datetime(2027, 1, 16, 23, 59, tzinfo=UTC))

    assert group_of(shown) == "upcoming"


def test_a_view_of_a_whole_day_has_its_instants_ahead() -> None:
    assert group_of(resolve([agreement(PAPERS)], DAY)) == "upcoming"


def test_a_term_is_in_force_from_its_instant_to_its_instant() -> None:
    shift = event("shift", starts="2027-01-16 09:00", ends="2027-01-16 17:00")
    hours = (8, 9, 16, 17)

    states = [
        point(view(shift, at=datetime(2027, 1, 16, hour, tzinfo=UTC)), "end of shift").state
        for hour in hours
    ]

    assert states == ["ahead", "in force", "in force", "over"]


def test_an_option_lapses_at_its_instant_and_what_hangs_on_it_settles() -> None:
    option = event("exit", when="not after 2027-01-15 23:59 AoE")
    fee = event("fee", when="2027-02-01, or 2027-03-01 if exit")

    before, after = view(option, fee, at=AOE - MINUTE), view(option, fee, at=AOE)

    assert (point(before, "exit").status, point(before, "fee").status) == ("option", "may-move")
    assert (point(after, "exit").has_lapsed, point(after, "fee").status) == (True, "exact")


def test_a_timeline_holds_from_the_last_instant_that_passed_to_the_next() -> None:
    early, late = event("early", when="2027-01-16 09:00"), event("late", when="2027-01-16 17:00")
    noon = datetime(2027, 1, 16, 12, tzinfo=UTC)

    until = valid_between(view(early, PAPERS, late, at=noon), noon)

    assert until == (AOE, datetime(2027, 1, 16, 17, tzinfo=UTC))
    assert valid_between(view(event("x", when="2027-01-16"), at=noon), noon) == ALWAYS
