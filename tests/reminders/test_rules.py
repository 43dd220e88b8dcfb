"""The rules of alerts, each by its name, as tracker run keeps them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE, Make, Scene, at, composed, kinds, leads
from tracker.agreements.keys import PointKey
from tracker.reminders.acknowledgements import Acknowledgement, AcknowledgementKey
from tracker.reminders.recipients import Quiet, Recipient


def test_a_reminder_goes_out_at_the_recipients_hour_in_the_recipients_zone(scene: Make) -> None:
    here = scene(Recipient("tokyo", "Asia/Tokyo", time(9, 30)))
    here.look("2030-11-01 12:00")

    assert here.look("2030-12-01 00:29:59") == []
    assert here.subjects("2030-12-01 00:30") == [
        "Notice is due: in 30 days, Tuesday, 31 December 2030"
    ]
    assert here.look("2030-12-01 00:31") == []


AOE = HEAD + NOTICE.replace("2030-12-31", '"2030-12-30 AoE"')


@pytest.mark.parametrize(
    ("zone", "sends"),
    [  # the hour at which it goes out, and what is said then
        ("Asia/Tokyo", [
            ("2030-12-30 00:30", "tomorrow, Tuesday, 31 December 2030, 20:59"),
            ("2030-12-31 00:30", "today, Tuesday, 31 December 2030, 20:59"),
        ]),
        ("America/Toronto", [  # 06:59 is before 09:30: the last hour before it is the day before
            ("2030-12-30 14:30", "tomorrow, Tuesday, 31 December 2030, 06:59"),
        ]),
        ("Pacific/Kiritimati", [
            ("2030-12-30 19:30", "tomorrow, Wednesday, 1 January 2031, 01:59"),
        ]),
        ("Etc/GMT+12", [
            ("2030-12-29 21:30", "tomorrow, Monday, 30 December 2030 AoE"),
            ("2030-12-30 21:30", "today, Monday, 30 December 2030 AoE"),
        ]),
    ],
)  # fmt: skip
def test_a_day_anywhere_on_earth_is_reminded_of_by_the_readers_own_clock(
    scene: Make, zone: str, sends: list[tuple[str, str]]
) -> None:
    here = scene(Recipient("reader", zone, time(9, 30)), text=AOE)
    here.look("2030-12-24 23:00")

    said = [
        (f"{at('2030-12-29 00:00') + timedelta(minutes=minutes):%Y-%m-%d %H:%M}", subject)
        for minutes in range(0, 3 * 1440, 30)
        for subject in here.messages(here.look(at("2030-12-29 00:00") + timedelta(minutes=minutes)))
    ]

    assert said == [(instant, f"Notice is due: {what}") for instant, what in sends]


def test_a_message_tells_an_instant_as_stated_and_by_the_readers_own_clock(scene: Make) -> None:
    toronto = Recipient("reader", "America/Toronto", reminders=leads("1 day", "0 days"))
    here = scene(toronto, text=HEAD + NOTICE.replace("2030-12-31", '"2030-07-15 AoE"'))
    here.look("2030-07-13 12:00")

    (row,) = here.look("2030-07-15 13:00")

    message = composed(here, row)
    assert message.remarks == [
        "By the clock of the agreement, that is Monday, 15 July 2030 AoE.",
        "It stands for these as well: on the eve.",
    ]


def test_a_change_of_an_instant_is_told_by_the_readers_own_clock(scene: Make) -> None:
    here = scene(Recipient("reader", "Asia/Kolkata"), text=AOE)
    here.look("2030-11-01 12:00")
    here.text = AOE.replace("2030-12-30", "2031-01-30")

    (row,) = here.look("2030-11-02 12:00")
    message = composed(here, row)

    assert message.subject == "Notice is due: moves to Friday, 31 January 2031, 17:29"
    assert (
        "to Thursday, 30 January 2031 AoE, which is Friday, 31 January 2031, 17:29 (Asia/Kolkata)"
    ) in message.text


def test_what_passed_by_its_instant_while_its_message_waited_is_not_said_to_be_today(
    scene: Make,
) -> None:
    here = scene(text=TIMED)
    here.look("2030-12-31 12:00")
    rows = here.look("2030-12-31 20:00")
    here.look("2030-12-31 22:30")

    assert here.messages(rows) == ["Notice is due: passed today, Tuesday, 31 December 2030, 22:00"]


def test_each_channel_has_an_alert_of_its_own(scene: Make) -> None:
    here = scene(replace(LEGAL, channels=("terminal", "mailto:legal@example.org")))
    here.look("2030-11-01 12:00")

    rows = here.look("2030-12-01 09:00")

    assert [row.key.channel for row in rows] == ["terminal", "mailto:legal@example.org"]
    assert len({row.message for row in rows}) == 2


def test_a_lead_after_the_day_goes_out_only_while_nothing_is_recorded(scene: Make) -> None:
    after = HEAD.replace('"0 days"', '"0 days", "3 days after"') + NOTICE
    here = scene(text=after)
    here.look("2030-12-31 12:00")

    assert here.subjects("2031-01-03 09:00") == [
        "Notice is due: was due 3 days ago, Tuesday, 31 December 2030"
    ]

    recorded = scene(text=after)
    recorded.look("2030-12-31 12:00")
    recorded.text += "occurred = 2030-12-31\n"
    assert kinds(recorded.look("2031-01-03 09:00")) == ["change"]


def test_a_forecast_has_one_last_call_on_the_last_day_of_its_window(scene: Make) -> None:
    here = scene(text=HEAD + NOTICE.replace("2030-12-31", '"in 2030-Q4"'))
    here.look("2030-09-30 12:00")

    assert here.subjects("2030-10-01 09:00") == [
        "Notice is due: any day from Tue 1 Oct 2030 (today) to Tue 31 Dec 2030"
    ]
    assert here.look("2030-12-30 09:00") == []
    assert here.subjects("2030-12-31 09:00") == [
        "Last call for “Notice is due”: today, Tuesday, 31 December 2030"
    ]


def test_a_period_after_a_forecast_counts_to_the_first_day_on_which_it_can_end(scene: Make) -> None:
    here = scene(text=HEAD + NOTICE.replace("2030-12-31", '"within 10 days after in 2030-Q4"'))
    here.look("2030-09-30 12:00")

    assert here.look("2030-10-01 09:00") == []
    assert here.subjects("2030-10-11 09:00") == [
        "Notice is due: any day from Fri 11 Oct 2030 (today) to Fri 10 Jan 2031"
    ]
    assert here.look("2031-01-09 09:00") == []
    assert here.subjects("2031-01-10 09:00") == [
        "Last call for “Notice is due”: today, Friday, 10 January 2031"
    ]


def test_a_period_after_a_forecast_that_was_missed_may_have_ended(scene: Make) -> None:
    here = scene(text=HEAD + NOTICE.replace("2030-12-31", '"within 10 days after in 2030-Q4"'))
    here.look("2030-09-30 12:00")

    assert here.subjects("2030-11-15 09:00") == [
        "Notice is due: its period may have ended by Friday, 11 October 2030"
    ]


def test_a_forecast_that_was_missed_has_not_passed_while_its_window_lasts(scene: Make) -> None:
    here = scene(text=HEAD + NOTICE.replace("2030-12-31", '"in 2030-Q4"'))
    here.look("2030-09-30 12:00")

    (row,) = here.look("2030-11-15 09:00")

    assert row.key.kind == "reminder"
    assert here.messages([row]) == ["Notice is due: possible since Tuesday, 1 October 2030"]
    assert kinds(here.look("2031-01-02 09:00")) == ["passed"]


@pytest.mark.parametrize(("up", "kind", "named"), [(0, "reminder", 3), (1, "passed", 4)])
def test_after_forty_days_down_exactly_one_message_goes_out(
    scene: Make, up: int, kind: str, named: int
) -> None:
    here = scene()
    here.look("2030-11-21 12:00")
    here.begin()

    (row,) = here.look(at("2030-12-31 12:00") + timedelta(days=up))

    assert (row.key.kind, len(row.content["leads"])) == (kind, named)
    assert here.look(at("2030-12-31 12:05") + timedelta(days=up)) == []


def test_starting_with_a_file_floods_nobody(scene: Make) -> None:
    many = "".join(
        NOTICE.replace("notice", f"n{at}").replace("2030-12-31", f"2030-12-{at % 28 + 1:02}")
        for at in range(300)
    )

    assert scene(text=HEAD + many).look("2030-12-30 12:00") == []


def test_a_new_recipient_is_not_sent_what_was_due_before(scene: Make) -> None:
    here = scene()
    here.look("2030-12-01 12:00")
    here.change(LEGAL, Recipient("second", "UTC"))

    assert [row.key.recipient for row in here.look("2030-12-24 10:00")] == ["legal"]

    assert [row.key.recipient for row in here.look("2030-12-30 09:00")] == ["legal", "second"]


def test_a_lead_that_had_passed_before_the_day_became_known_is_not_sent(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    here.text = HEAD + NOTICE.replace("2030-12-31", "2030-11-05")

    assert kinds(here.look("2030-11-02 12:00")) == ["change"]
    assert here.subjects("2030-11-04 09:00") == [
        "Notice is due: tomorrow, Tuesday, 5 November 2030"
    ]


def test_a_day_that_moves_takes_its_reminders_with_it(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    here.look("2030-12-01 09:00")
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")

    (change,) = here.look("2030-12-02 12:00")
    assert here.messages([change]) == [
        "Notice is due: moves 1 month later: from Tue 31 Dec 2030 to Fri 31 Jan 2031"
    ]
    assert here.look("2030-12-31 09:00") == []
    assert here.subjects("2031-01-01 09:00") == [
        "Notice is due: in 30 days, Friday, 31 January 2031"
    ]


def test_a_reminder_that_waits_to_be_sent_lapses_when_its_day_moves(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    (waiting,) = here.look("2030-12-01 09:00")
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")
    here.look("2030-12-01 10:00")

    assert here.messages([waiting]) == []


def test_an_hour_that_is_set_earlier_counts_from_the_same_day_on(scene: Make) -> None:
    here = scene(replace(LEGAL, at=time(18)))
    here.look("2030-11-30 12:00")
    here.look("2030-12-01 12:00")
    here.change(LEGAL)

    assert [row.key.lead for row in here.look("2030-12-01 12:05")] == ["30 days"]


# -- quiet hours

NIGHT = Quiet(time(20), time(8))


def test_quiet_hours_hold_back_what_can_wait(scene: Make) -> None:
    here = scene(replace(LEGAL, quiet=NIGHT))
    here.look("2030-11-21 12:00")
    here.begin()

    assert here.look("2030-12-20 21:00") == []
    assert here.look("2030-12-21 07:59") == []
    assert kinds(here.look("2030-12-21 08:00")) == ["reminder"]


def test_what_would_have_passed_by_their_end_goes_out_in_quiet_hours(scene: Make) -> None:
    here = scene(replace(LEGAL, quiet=NIGHT))
    here.look("2030-11-21 12:00")
    here.begin()

    assert kinds(here.look("2030-12-31 21:00")) == ["reminder"]


def test_a_change_in_quiet_hours_waits_for_their_end(scene: Make) -> None:
    here = scene(replace(LEGAL, quiet=NIGHT))
    here.look("2030-11-01 12:00")
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")

    (row,) = here.look("2030-11-01 22:00")

    assert (row.next_try, row.due) == (at("2030-11-02 08:00"), at("2030-11-02 08:00"))


def test_what_fell_due_in_quiet_hours_is_not_late_at_their_end(scene: Make) -> None:
    timed = HEAD.replace('"0 days"', '"11 hours"') + NOTICE.replace(
        "2030-12-31", '"2030-12-31 16:00 UTC"'
    )
    here = scene(replace(LEGAL, quiet=NIGHT), text=timed)
    here.look("2030-12-30 12:00")

    assert here.look("2030-12-31 05:00") == []
    (row,) = here.look("2030-12-31 08:00")
    assert (row.key.lead, row.content.get("late")) == ("11 hours", None)


# -- points with a time


TIMED = HEAD.replace('"0 days"', '"2 hours"') + NOTICE.replace(
    "2030-12-31", '"2030-12-31 17:00 America/New_York"'
)


def test_a_lead_of_hours_is_counted_from_the_instant(scene: Make) -> None:
    here = scene(text=TIMED)
    here.look("2030-12-31 12:00")

    assert here.look("2030-12-31 19:59") == []
    (row,) = here.look("2030-12-31 20:00")
    assert row.key.lead == "2 hours"


def test_no_lead_before_an_instant_is_sent_after_it(scene: Make) -> None:
    here = scene(text=TIMED)
    here.look("2030-12-31 12:00")
    here.begin()

    assert kinds(here.look("2030-12-31 22:00")) == ["passed"]


def test_a_lead_of_hours_is_nothing_to_a_point_with_no_time(scene: Make) -> None:
    here = scene(text=HEAD.replace('"30 days", "7 days", "1 day", "0 days"', '"2 hours"') + NOTICE)

    here.look("2030-11-01 12:00")

    assert here.look("2031-01-05 12:00") == []


# -- answers


def answer(here: Scene, until: date | None = None, who: str = "legal") -> None:
    key = AcknowledgementKey(who, PointKey("a", "notice"), "2030-12-31")
    here.acknowledgements.save([Acknowledgement(key, here.now, until)])


def test_who_acknowledged_is_reminded_no_more_and_the_others_are(scene: Make) -> None:
    here = scene(LEGAL, Recipient("second", "UTC"))
    here.look("2030-11-01 12:00")
    answer(here)

    assert [row.key.recipient for row in here.look("2030-12-01 09:00")] == ["second"]


def test_what_somebody_acknowledged_for_all_is_silent_for_all(scene: Make) -> None:
    here = scene(LEGAL, Recipient("second", "UTC"))
    here.look("2030-11-01 12:00")
    answer(here, who="")

    assert here.look("2030-12-01 09:00") == []


def test_an_acknowledgement_holds_for_the_day_that_was_acknowledged(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    answer(here)
    here.text = HEAD + NOTICE.replace("2030-12-31", "2031-01-31")
    here.look("2030-11-01 13:00")

    assert kinds(here.look("2031-01-01 09:00")) == ["reminder"]


def test_an_acknowledged_point_has_no_lead_after_its_day(scene: Make) -> None:
    here = scene(text=HEAD.replace('"0 days"', '"3 days after"') + NOTICE)
    here.look("2030-12-31 12:00")
    answer(here)

    assert here.look("2031-01-03 09:00") == []


def test_what_is_snoozed_is_reminded_of_on_that_day_and_not_before(scene: Make) -> None:
    here = scene()
    here.look("2030-11-25 12:00")
    answer(here, date(2030, 12, 20))

    assert here.look("2030-12-01 09:00") == []
    (row,) = here.look("2030-12-20 09:00")
    assert here.messages([row]) == ["Notice is due: in 11 days, Tuesday, 31 December 2030"]
    assert [one.key.lead for one in here.look("2030-12-24 09:00")] == ["7 days"]


# -- clocks


def test_a_clock_that_jumps_to_a_far_day_and_back_skips_nothing(scene: Make) -> None:
    here = scene()
    here.look("2030-11-01 12:00")
    jumped = here.look("2030-12-05 12:00")
    assert [row.key.lead for row in jumped] == ["30 days"]

    assert here.look("2030-11-01 12:01") == []
    assert here.look("2030-12-01 09:00") == []  # it was sent, a month early
    assert [row.key.lead for row in here.look("2030-12-24 09:00")] == ["7 days"]


def test_a_clock_that_began_far_ahead_skips_nothing_once_it_is_right(scene: Make) -> None:
    here = scene()
    here.look("2040-01-01 00:00")
    here.begin()
    here.look("2030-11-01 12:00")

    assert [row.key.lead for row in here.look("2030-12-01 09:00")] == ["30 days"]


def test_a_clock_that_began_in_1970_skips_nothing_and_floods_nobody(scene: Make) -> None:
    here = scene()
    here.look("1970-01-01 00:00")
    here.begin()

    rows = here.look("2030-12-30 12:00")

    assert [row.key.lead for row in rows if row.key.kind == "reminder"] == ["1 day"]


@pytest.mark.parametrize("hour", ["02:00", "02:30", "03:00"])
@pytest.mark.parametrize("night", ["2030-03-31", "2030-10-27"])
def test_on_the_nights_on_which_clocks_change_each_reminder_goes_out_once(
    scene: Make, hour: str, night: str
) -> None:
    berlin = Recipient(
        "legal", "Europe/Berlin", time.fromisoformat(hour), reminders=leads("0 days")
    )
    here = scene(berlin, text=HEAD + NOTICE.replace("2030-12-31", night))
    here.look("2030-03-01 12:00")
    begin = at(f"{night} 00:00") - timedelta(hours=2)

    found = [
        row
        for minute in range(0, 8 * 60, 10)
        for row in here.look(begin + timedelta(minutes=minute))
    ]

    assert kinds(found) == ["reminder"]
