"""The same 10,000 milestones for tracker and for Taskwarrior."""

from __future__ import annotations

import json
from datetime import date, timedelta
from uuid import NAMESPACE_DNS, uuid5

FIRST = date(2026, 12, 1)


def day_of(number: int) -> date:
    return FIRST + timedelta(days=number % 3000)


def line_of(number: int) -> str:
    """Of ten: five days, a forecast, a deadline, an open event, an offset and a choice."""
    match number % 10:
        case 5:
            return f"in {2027 + number % 8}-Q{number % 4 + 1}"
        case 6:
            return f"through {2027 + number % 9}"
        case 7:
            return "open"
        case 8:
            return f"30 days after e{number - 8}"
        case 9:
            return f"earliest of e{number - 2}, through 2030"
        case _:
            return str(day_of(number))


def title_of(number: int) -> str:
    return f"Milestone number {number} of the programme"


def events_file(count: int) -> str:
    """An events file of that many events."""
    parts = ['id = "bench"\ntimezone = "UTC"\n']
    parts += [
        f'[[event]]\nid = "e{n}"\ntitle = "{title_of(n)}"\nwhen = "{line_of(n)}"\n'
        f'tags = ["t{n % 7}"]\nparties = ["A", "B"]\n'
        for n in range(count)
    ]
    return "\n".join(parts)


def tasks_file(count: int) -> str:
    """As many tasks, each with a due date, for `task import`."""
    return json.dumps(
        [
            {
                "description": title_of(n),
                "due": f"{day_of(n):%Y%m%d}T090000Z",
                "entry": "20260101T000000Z",
                "status": "pending",
                "uuid": str(uuid5(NAMESPACE_DNS, str(n))),
            }
            for n in range(count)
        ]
    )
