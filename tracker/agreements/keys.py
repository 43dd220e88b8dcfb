"""Which point is meant: the identity of a point, and the texts for it.

Inside, a point is known by its PointKey alone. Its texts stand at the edges: what files and
commands write (`end of lease@2028-12-31`), and what is stored for ever (`a/lease`, `end`,
`2028-12-31`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.expressions import Ref, Side, point_name

#: Which of several: the day that it is for, its number, or the name that it was given.
Occurrence: TypeAlias = date | int | str

#: What an occurrence is known by. `name`: what happens any number of times, and what hangs on each
#: of its happenings; `number`: what is counted from when the one before was done; else its `day`.
OccurrenceKind: TypeAlias = Literal["day", "number", "name"]

#: Occurrences have numbers below this.
MOST_NUMBERED = 1_000_000

#: An event: its agreement, and its id in that.
EventKey: TypeAlias = tuple[str, str]


class PointKey(NamedTuple):
    """One point of one event; with the side `due`, its line as stated."""

    agreement: str
    event: str  #: its id in that agreement
    side: Side = "when"
    occurrence: Occurrence | None = None  #: None: it happens once, or the series as a whole

    @property
    def event_key(self) -> EventKey:
        """The event whose point it is."""
        return self[:2]

    @property
    def series(self) -> PointKey:
        """What it is an occurrence of; itself where it is none."""
        return self if self.occurrence is None else self._replace(occurrence=None)

    def at(self, occurrence: Occurrence) -> PointKey:
        """That occurrence of the point.

        >>> PointKey("a", "lease", "end").at(date(2028, 12, 31)).name_in("a")
        'end of lease@2028-12-31'
        """
        return make_key((self.agreement, self.event, self.side, occurrence))

    def name_in(self, agreement: str) -> str:
        """As files of that agreement name it, and commands: another's with its agreement.

        >>> PointKey("a", "lease").name_in("a"), PointKey("a", "lease", "due").name_in("b")
        ('lease', 'due day of a/lease')
        """
        foreign = None if self.agreement == agreement else self.agreement
        name = point_name(foreign, self.event, self.side)
        return name if self.occurrence is None else f"{name}@{self.occurrence}"

    def __str__(self) -> str:
        """The name with its agreement.

        >>> str(PointKey("a", "lease", "end", 2))
        'end of a/lease@2'
        """
        return self.name_in("")

    @property
    def columns(self) -> tuple[str, str, str]:
        """agreement/event, the side, and the occurrence: as the ledger stores it.

        >>> PointKey("a", "lease", "end").columns, PointKey("a", "incident", "when", "no-7").columns
        (('a/lease', 'end', ''), ('a/incident', 'when', 'no-7'))
        """
        occurrence = "" if self.occurrence is None else str(self.occurrence)
        return f"{self.agreement}/{self.event}", self.side, occurrence

    @classmethod
    def from_columns(cls, event: str, side: str, occurrence: str) -> PointKey:
        """The point that the ledger stores so.

        >>> PointKey.from_columns("a/lease", "end", "2028-12-31") == PointKey(
        ...     "a", "lease", "end", date(2028, 12, 31)
        ... )
        True
        """
        agreement, name = split_name(event)
        which = occurrence_in(occurrence) if occurrence else None
        return cls(agreement, name, side, which)  # type: ignore[arg-type]  # a side was stored

    @property
    def path(self) -> str:
        """agreement/event/side and the occurrence: what a feed's UIDs are made from.

        >>> PointKey("a", "lease", "end", date(2028, 12, 31)).path
        'a/lease/end/2028-12-31'
        """
        path = f"{self.agreement}/{self.event}/{self.side}"
        return path if self.occurrence is None else f"{path}/{self.occurrence}"


#: As PointKey() of the four fields, in a third of the time: there is one for each point of a view.
make_key: Callable[[tuple[str, str, Side, Occurrence | None]], PointKey] = partial(
    tuple.__new__, PointKey
)


def occurrence_order(occurrence: Occurrence) -> tuple[int, str]:
    """What occurrences are ordered by where they have no other order: days, numbers, names."""
    if isinstance(occurrence, date):
        return 0, occurrence.isoformat()
    return (occurrence, "") if isinstance(occurrence, int) else (MOST_NUMBERED, occurrence)


def occurrence_in(text: str) -> Occurrence:
    """The occurrence that is stored so: a day, a number, else a name.

    >>> occurrence_in("2028-12-31"), occurrence_in("2"), occurrence_in("breach-7")
    (datetime.date(2028, 12, 31), 2, 'breach-7')
    """
    if text.isascii() and text.isdigit():
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def split_name(name: str) -> EventKey:
    """The agreement and the event of `agreement/event`.

    >>> split_name("a/lease")
    ('a', 'lease')
    """
    agreement, _, event = name.partition("/")
    return agreement, event


def key_of(ref: Ref, agreement: str) -> PointKey:
    """The point that a reference standing in that agreement names."""
    return make_key((ref.agreement or agreement, ref.id, ref.side, None))
