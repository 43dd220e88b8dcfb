"""Which reminders there are, when they are due, and which messages are to be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tests.timeline.scene import TODAY, agreement, event
from tracker.agreements.model import Event
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import read
from tracker.reminders.due import Coverage, CoverageKey, DueMessage, LedgerView, due_messages
from tracker.reminders.plan import (
    AlertKey,
    Plan,
    Reminder,
    alert_instant,
    all_reminders,
    is_in_time,
)
from tracker.reminders.recipients import Recipient
from tracker.timeline.resolver import resolve

LEADS = tuple(map(parse_lead, ("30 days", "7 days", "1 day", "0 days")))
UTC_AT_NINE = Recipient("r", "UTC", reminders=LEADS)
LONG_KNOWN = datetime(2020, 1, 1, tzinfo=UTC)


def reminders_of(*events: Event, recipient: Recipient = UTC_AT_NINE) -> list[Reminder]:
    return all_reminders(resolve([agreement(*events)], TODAY), [recipient])


def due_at(
    now: datetime,
    reminders: list[Reminder],
    since: datetime = LONG_KNOWN,
    done: frozenset[AlertKey] = frozenset(),
) -> list[DueMessage]:
    known = {reminder.point.first_key: since for reminder in reminders}
    long_covered = Coverage(LONG_KNOWN, LONG_KNOWN)
    coverage = {
        CoverageKey(reminder.recipient.name, "terminal", "a"): long_covered
        for reminder in reminders
    }
    return due_messages(reminders, LedgerView(known, done, coverage), now)


def test_each_point_has_a_reminder_for_each_lead_at_the_recipients_hour() -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))

    assert [reminder.due for reminder in reminders] == [
        datetime(2030, 12, 1, 9, tzinfo=UTC),
        datetime(2030, 12, 24, 9, tzinfo=UTC),
        datetime(2030, 12, 30, 9, tzinfo=UTC),
        datetime(2030, 12, 31, 9, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("fields", "nagging"),
    [
        ({"when": "2030-12-31"}, ["x"]),
        ({"when": "through 2030"}, ["x"]),
        ({"when": "before 2031"}, ["x"]),
        ({"when": "2030-12-31 17:00"}, ["x"]),
        ({"when": "within 30 days after 2030-12-01"}, ["x"]),
        ({"when": "30 days after 2030-12-01"}, ["x"]),
        ({"when": "in 2030-Q4"}, []),
        ({"when": "between 2030-10-01 and 2030-12-31"}, []),
        ({"when": "within 30 days after (in 2030-11)"}, []),
        ({"starts": "2030-12-01", "ends": "2030-12-31"}, []),
        ({"starts": "through 2030"}, []),
        ({"ends": "earliest of (30 days after 2030-12-01), through 2030"}, []),
    ],
)
def test_a_lead_after_the_day_is_for_what_somebody_has_to_do(
    fields: dict[str, str], nagging: list[str]
) -> None:
    after = (parse_lead("7 days after"), parse_lead("1 week after"))
    recipient = replace(UTC_AT_NINE, reminders=(*LEADS, *after))

    reminders = reminders_of(event("x", **fields), recipient=recipient)

    assert [r.point.event.id for r in reminders if r.lead and r.lead.after] == nagging * 2
    assert any(reminder.lead in LEADS for reminder in reminders)


def test_a_lead_after_the_day_follows_each_occurrence_that_is_not_recorded() -> None:
    text = """id = "a"
reminders = ["7 days after"]
[[event]]
id = "lease"
title = "Lease"
starts = 2027-01-01
lasts = "1 year"
renews = "1 year, at most 2 times unless notice"
[[event]]
id = "notice"
title = "Notice"
when = "90 days before each end of lease"
[[event]]
id = "rent"
title = "Rent"
when = 2027-01-31
repeats = "1 month, 3 in all"
occurred = { "2027-01-31" = 2027-01-15 }
"""
    agreements, _ = read(["events.toml"], [text.encode()])

    reminders = all_reminders(resolve(agreements, date(2027, 1, 20)), [Recipient("r", "UTC")])

    named = {(r.point.event.id, str(r.point.occurrence)) for r in reminders}
    assert named == {
        ("rent", "2027-02-28"),
        ("rent", "2027-03-31"),
        ("notice", "2027-12-31"),
        ("notice", "2028-12-31"),
        ("notice", "2029-12-31"),
    }


@pytest.mark.parametrize(
    ("day", "at", "zone", "utc"),
    [
        (date(2027, 3, 28), time(2, 30), "Europe/Berlin", (1, 30)),  # skipped: an hour later
        (date(2027, 10, 31), time(2, 30), "Europe/Berlin", (0, 30)),  # comes twice: the first
        (date(2027, 7, 1), time(9), "Asia/Tokyo", (0, 0)),
        (date(2027, 7, 1), time(9), "America/Los_Angeles", (16, 0)),
    ],
)
def test_the_hour_strikes_in_the_recipients_zone(
    day: date, at: time, zone: str, utc: tuple[int, int]
) -> None:
    struck = alert_instant(day, Recipient("r", zone, at))

    assert struck == datetime(day.year, day.month, day.day, *utc, tzinfo=UTC)


def test_what_waits_or_was_recorded_has_no_reminder() -> None:
    recorded = event("y", when="2030-01-01", occurred=TODAY)

    assert reminders_of(event("x", when="open"), recorded) == []


def test_an_events_own_leads_always_count() -> None:
    own = event("x", when="2030-12-31", reminders=(parse_lead("90 days"),))
    with_own = Recipient("r", "UTC", reminders=(parse_lead("1 day"),))
    without = Recipient("r", "UTC")

    assert [str(reminder.lead) for reminder in reminders_of(own, recipient=with_own)] == [
        "90 days",
        "1 day",
    ]
    assert [str(reminder.lead) for reminder in reminders_of(own, recipient=without)] == ["90 days"]


def test_a_reminder_that_is_due_is_sent_once() -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))
    now = reminders[0].due + timedelta(seconds=1)

    (first,) = due_at(now, reminders)

    assert (first.key.lead, first.late, first.missed) == ("30 days", False, ())
    assert due_at(now, reminders, done=frozenset((first.key,))) == []
    assert due_at(reminders[0].due - timedelta(seconds=1), reminders) == []


def test_a_lead_that_had_passed_before_the_day_became_known_is_not_sent() -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))
    now = datetime(2030, 12, 25, tzinfo=UTC)

    assert due_at(now, reminders, since=now) == []


def test_after_an_outage_only_the_most_urgent_goes_out_and_names_the_others() -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))

    (message,) = due_at(datetime(2030, 12, 31, 11, tzinfo=UTC), reminders)

    assert (message.key.lead, message.key.kind, message.late) == ("0 days", "reminder", True)
    assert [str(lead) for lead in message.missed] == ["30 days", "7 days", "1 day"]
    assert len(message.keys) == 3


def test_a_day_that_passed_during_an_outage_goes_out_as_passed_once() -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))
    now = datetime(2031, 1, 1, 10, tzinfo=UTC)

    (message,) = due_at(now, reminders)

    assert message.key.kind == "passed"
    assert due_at(now, reminders, done=frozenset((message.key, *message.keys))) == []


@pytest.mark.parametrize(
    ("minutes", "late"), [(0, False), (2, False), (61, False), (75, False), (91, True), (600, True)]
)
def test_a_reminder_is_late_where_an_hourly_run_would_have_sent_it(
    minutes: int, late: bool
) -> None:
    reminders = reminders_of(event("x", when="2030-12-31"))

    (message,) = due_at(reminders[0].due + timedelta(minutes=minutes), reminders)

    assert (message.late, message.missed) == (late, ())


def test_a_day_that_moves_has_reminders_of_its_own() -> None:
    before = {reminder.key for reminder in reminders_of(event("x", when="2030-12-31"))}
    after = {reminder.key for reminder in reminders_of(event("x", when="2031-12-31"))}

    assert before.isdisjoint(after)


def test_no_lead_before_an_instant_is_sent_after_it() -> None:
    # 23:59 anywhere on earth is 11:59 UTC of the next day, 06:00 UTC is before nine.
    late = reminders_of(event("x", when="2030-12-31 23:59 AoE"))
    early = reminders_of(event("x", when="2030-12-31 06:00 UTC"))

    assert [reminder.due for reminder in late][-1] == datetime(2031, 1, 1, 9, tzinfo=UTC)
    assert [reminder.due for reminder in early][-1] == datetime(2030, 12, 30, 9, tzinfo=UTC)


def test_a_reminder_can_be_put_off_to_no_hour_that_is_behind_the_instant() -> None:
    (reminder, *_) = reminders_of(event("x", when="2027-01-15 AoE"))
    toronto = Recipient("r", "America/Toronto", time(9))
    moment = reminder.point.counts_to
    assert moment is not None

    days = (date(2027, 1, 15), date(2027, 1, 16))

    assert [is_in_time(day, moment, toronto) for day in days] == [True, False]
    assert [is_in_time(day, date(2027, 1, 15), toronto) for day in days] == [True, False]


RENEWAL = (
    'id = "a"\ntimezone = "UTC"\n'
    '[[event]]\nid = "lease"\ntitle = "Lease"\nends = 2027-12-31\nrenews = "1 year unless notice"\n'
    '[[event]]\nid = "notice"\ntitle = "Notice"\nwhen = "90 days before each end of lease"\n'
)


def keys_of(text: str) -> list[tuple[str, str, str]]:
    """Event, point and occurrence of each reminder on the day itself, in their order."""
    agreements, _ = read(["events.toml"], [text.encode()])
    on_the_day = Recipient("r", "UTC", reminders=(parse_lead("0 days"),))
    reminders = all_reminders(resolve(agreements, TODAY), [on_the_day])
    return [
        (reminder.key.event, reminder.key.point, reminder.key.occurrence) for reminder in reminders
    ]


def test_each_notice_and_each_term_is_reminded_of_by_its_own_name() -> None:
    assert keys_of(RENEWAL)[:4] == [
        ("a/notice", "when", "2027-12-31"),
        ("a/lease", "end", "2027-12-31"),
        ("a/notice", "when", "2028-12-31"),
        ("a/lease", "end", "2028-12-31"),
    ]


def test_once_notice_was_given_the_end_is_said_once_and_nothing_comes_after_it() -> None:
    given = RENEWAL + 'occurred = { "2027-12-31" = 2026-11-01 }\n'

    assert keys_of(given) == [("a/lease", "end", "")]


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "UTC", "Pacific/Pago_Pago"])
def test_looked_at_hour_by_hour_a_plan_holds_what_it_holds_as_a_whole(zone: str) -> None:
    """Months before 1 March and before 28 February lie four days apart."""
    leads = tuple(map(parse_lead, ("1 month", "1 quarter", "1 year", "30 hours", "1 month after")))
    days = ("2030-02-28", "2030-03-01", "2030-03-02", "2032-02-29", "2032-03-01", "2030-12-31")
    events = [
        event(f"e{at}", when=when)
        for at, when in enumerate(
            (
                *days,
                *(f"{day} {clock} UTC" for day in days for clock in ("00:30", "12:00", "23:30")),
            )
        )
    ]
    recipient = Recipient("r", zone, reminders=leads)
    timeline = resolve([agreement(*events)], TODAY)
    first, hours = datetime(2030, 1, 20, tzinfo=UTC), 24 * 70
    last = first + timedelta(hours=hours)

    looked_at = Plan(timeline, [recipient])
    hour_by_hour = [
        reminder
        for at in range(hours)
        for reminder in looked_at.between(
            first + timedelta(hours=at), first + timedelta(hours=at + 1)
        )
    ]

    assert hour_by_hour == [
        reminder
        for reminder in all_reminders(timeline, [recipient])
        if first < reminder.due <= last
    ]
