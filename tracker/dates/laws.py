"""The laws by which days are counted: what they say of a month's end, and of closed days.

A law acts on what is counted (offsets, `within`), never on a stated day. In all of them the day
that is counted from is not counted, and Saturdays and Sundays are closed; which other days are, the
calendar says.

- `jp-civil`, Japan's Civil Code: months counted from a month's last day end with a month (140,
  143); a period that ends on a closed day ends with the next open one (142).
- `de-bgb`, Germany's BGB: months keep the day number (188); the next open day (193).
- `eu-1182`, Regulation (EEC, Euratom) 1182/71: the next open day (3(4)), and a period of two days
  or more holds two open days at least (3(5)).
- `us-frcp`, Federal Rule of Civil Procedure 6: the next open day, and counted back the previous one
  (6(a)(1), 6(a)(5)); hours that end on a closed day end at the same time of the next (6(a)(2)).
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.calendars import SATURDAY_OPEN, WEEKDAYS, OpenDays, Spans, open_days

Counting: TypeAlias = Literal["jp-civil", "de-bgb", "eu-1182", "us-frcp"]
COUNTINGS: tuple[Counting, ...] = ("jp-civil", "de-bgb", "eu-1182", "us-frcp")


class Law(NamedTuple):
    """A law, and the days that are open by it."""

    name: Counting
    open_days: OpenDays
    moves: bool = True  #: False: the event's own `roll` says what becomes of closed days

    @property
    def keeps_month_end(self) -> bool:
        """Whether months after a month's last day end with a month."""
        return self.name == "jp-civil"


def law_of(
    name: Counting,
    calendar: str,
    closed: Spans,
    announced: Spans,
    *,
    lenient: bool,
    moves: bool,
) -> Law:
    """The law of that name: Saturdays and Sundays are closed, whatever the calendar says."""
    names = [part for part in calendar.split("+") if part not in (SATURDAY_OPEN, WEEKDAYS)]
    days = open_days("+".join((*names, WEEKDAYS)), lenient, closed, calendar, announced)
    return Law(name, days, moves)
