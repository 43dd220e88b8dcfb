"""A rule that decided a date, where one did that a reader would not expect: a value."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from tracker.dates.instants import Moment


class Note(NamedTuple):
    """A rule that decided, with what it decided on; `case` names the sentence `note.CASE`."""

    case: str
    moments: tuple[tuple[str, Moment], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    calendar: str | None = None
    closed: tuple[date, ...] = ()  #: days that were closed in that calendar
    besides: tuple[date, ...] = ()  #: those of them that the file itself closes
