"""Reminders of one recipient that are to be sent together: from five in one hour on, one message.

Forty mails at nine o'clock do not say which of them matters. So what waits to be sent to one
recipient through one channel is gathered into batches: one message that names each of them, as
many as the channel has room for. Where four or fewer fall due within an hour, each is a message.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import TypeVar

#: The kind of an alert that names several others.
BATCH = "reminders"
#: The kinds of those that it can name. Each is about one point.
SINGLE_KINDS = ("reminder", "last-call", "passed", "lapsed")
#: From so many within so long on, they are one message.
FEWEST = 5
WITHIN = timedelta(hours=1)

_Entry = TypeVar("_Entry")


def even_parts(entries: Sequence[_Entry], most: int) -> Iterator[Sequence[_Entry]]:
    """The entries in as few parts of at most so many as there can be, none much longer.

    >>> [len(part) for part in even_parts(range(41), 40)], list(even_parts("", 40))
    ([20, 21], [])
    """
    count = -(-len(entries) // most)
    for number in range(count):
        yield entries[number * len(entries) // count : (number + 1) * len(entries) // count]


def is_batch(waiting: int, recent: int) -> bool:
    """Whether so many that wait are one message, where so many were sent within the hour before.

    >>> is_batch(5, 0), is_batch(2, 3), is_batch(4, 0), is_batch(1, 30)
    (True, True, False, False)
    """
    return waiting > 1 and waiting + recent >= FEWEST
