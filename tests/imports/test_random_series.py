"""Series of calendars, drawn at random: the days that are listed are those of dateutil's rruleset."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from random import Random

import pytest
from dateutil.rrule import rrulestr

from tests.imports.desk import DAY, ImportDesk, desk, event  # noqa: F401 - a fixture

WEEKDAYS = "MO TU WE TH FR SA SU".split()
SEEDS = [1, 2, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(3, 60))]
#: Of what is endless or far ahead the list shows no more than so far.
HORIZON = date(2029, 6, 1)


def _rule(chance: Random, start: datetime) -> str:
    frequency = chance.choice(["DAILY", "WEEKLY", "WEEKLY", "MONTHLY", "MONTHLY", "YEARLY"])
    parts = [f"FREQ={frequency}", f"INTERVAL={chance.choice([1, 1, 2, 3])}"]
    if chance.random() < 0.3:
        parts.append("WKST=SU")
    if frequency == "WEEKLY" and chance.random() < 0.7:
        parts.append(f"BYDAY={','.join(chance.sample(WEEKDAYS, chance.randint(1, 3)))}")
    if frequency == "MONTHLY":
        several = ",".join(chance.sample(WEEKDAYS, chance.randint(2, 5)))
        ways = [
            f"BYMONTHDAY={chance.choice([-1, 1, 15, 28, 30, 31])}",
            f"BYDAY={chance.choice(['1', '2', '-1', '5'])}{chance.choice(WEEKDAYS)}",
            f"BYDAY={several};BYSETPOS={chance.choice([1, -1, 2])}",
        ]
        parts.append(chance.choice(ways))
    if frequency == "YEARLY":
        parts.append(f"BYMONTH={chance.randint(1, 12)};BYDAY=-1{chance.choice(WEEKDAYS)}")
    rule = ";".join(parts)
    count = chance.randint(1, 8)
    days = list(rrulestr(f"{rule};COUNT={count}", dtstart=start))
    ends = [f"COUNT={count}", f"UNTIL={days[-1]:%Y%m%dT%H%M%S}" if days else "COUNT=3"]
    return f"{rule};{chance.choice(ends)}"


def _series(chance: Random, number: int) -> tuple[list[str], list[date]]:
    """The entries of a series in a calendar, and the days that it comes to."""
    is_timed = chance.random() < 0.5
    start = datetime.fromisoformat("2027-01-01T09:00" if is_timed else "2027-01-01")
    start += timedelta(days=chance.randrange(200))
    rule = _rule(chance, start)
    begin = next(iter(rrulestr(rule, dtstart=start)), start)
    start = begin if chance.random() < 0.8 else start
    zone = ";TZID=Europe/Berlin:" if is_timed else ";VALUE=DATE:"
    written = "%Y%m%dT%H%M%S" if is_timed else "%Y%m%d"
    if not is_timed:
        rule = rule.replace("T000000", "")

    days = {start, *rrulestr(rule, dtstart=start)}
    lines, others = [f"DTSTART{zone}{start:{written}}", f"RRULE:{rule}"], []
    added = {start + timedelta(days=chance.randint(0, 40)) for _ in range(chance.randrange(3))}
    lines += [f"RDATE{zone}{day:{written}}" for day in sorted(added)]
    for day in sorted(days | added):
        fate = chance.random()
        if fate < 0.2:
            days, added = days - {day}, added - {day}
        if fate < 0.1:
            lines.append(f"EXDATE{zone}{day:{written}}")
        elif fate < 0.2:
            moved = day + timedelta(days=chance.randint(1, 9), minutes=5 if is_timed else 0)
            is_cancelled = chance.random() < 0.3
            state = ["STATUS:CANCELLED"] if is_cancelled else []
            times = [f"RECURRENCE-ID{zone}{day:{written}}", f"DTSTART{zone}{moved:{written}}"]
            others.append((None if is_cancelled else moved, [*times, *state]))
    entries = [event(f"u{number}", f"Series {number}", *lines)]
    entries += [event(f"u{number}", f"Series {number}", *lines) for _, lines in others]
    all_days = [*(days | added), *(moved for moved, _ in others if moved is not None)]
    return entries, sorted(day.date() for day in all_days)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_series_has_the_days_that_it_has_in_a_calendar(desk: ImportDesk, seed: int) -> None:  # noqa: F811
    chance = Random(seed)
    series = {f"Series {number}": _series(chance, number) for number in range(40)}
    desk.calendar(*(entry for entries, _ in series.values() for entry in entries))

    imported = desk.bring("work.ics", "--all", "--timezone", "Europe/Berlin")

    assert imported.code == 0, imported.err
    listed: dict[str, list[date]] = {}
    for point in json.loads(desk("list", "--json", "--as-of", DAY).out):
        if point["counts_to"] is not None:
            listed.setdefault(point["title"], []).append(
                date.fromisoformat(point["counts_to"][:10])
            )
    for title, (entries, days) in series.items():
        there = sorted(day for day in listed.get(title, []) if day < HORIZON)
        assert there == [day for day in days if day < HORIZON], "\n".join(entries)
