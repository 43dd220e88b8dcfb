"""Lanes beside the axis: one for each event that may happen or not and that rows wait for.

A lane is a line from the row of such an event to each row that it would set or move. Two lanes that
have rows in common stand side by side, so that no two lines lie in one place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.feeds.picture.tracks import Track


class Lane(NamedTuple):
    """The line of one event."""

    name: str  #: of the event
    number: int  #: counted from the axis
    names: tuple[str, ...]  #: of every event whose row it touches, its own too


class Lanes(NamedTuple):
    """The lanes of a group of tracks."""

    lanes: tuple[Lane, ...]
    order: dict[str, int]  #: of each event of the group its row, counted from 0
    numbers: dict[str, int]  #: of each event with a lane, which it is
    letters: dict[str, str]  #: of each event for which none is left, the letter that tells of it

    @property
    def abreast(self) -> int:
        """How many lanes stand side by side."""
        return max((lane.number + 1 for lane in self.lanes), default=0)

    def letters_of(self, track: Track) -> str:
        """The letters in its row: its own, and those of what it waits for."""
        names = (track.event.name, *track.awaits)
        return " ".join(self.letters[name] for name in names if name in self.letters)


def lanes_of(tracks: Sequence[Track], most: int) -> Lanes:
    """The lanes of tracks in the order of their rows; at most so many side by side.

    Those that most rows wait for come first; what is left is told by letters.
    """
    rows = [track for track in tracks if not track.stays]
    order = {track.event.name: number for number, track in enumerate(rows)}
    waiting: dict[str, list[str]] = {}
    for track in rows:
        for name in track.awaits:
            if name in order and name != track.event.name:
                waiting.setdefault(name, []).append(track.event.name)
    free: list[list[tuple[int, int]]] = []
    lanes: list[Lane] = []
    letters: dict[str, str] = {}
    for name in sorted(waiting, key=lambda name: (-len(waiting[name]), order[name])):
        touched = [order[name], *(order[of] for of in waiting[name])]
        first, last = min(touched), max(touched)
        number = next(
            (
                number
                for number, taken in enumerate(free)
                if all(last < begin or end < first for begin, end in taken)
            ),
            len(free),
        )
        if number == most:
            letters[name] = _letter(len(letters))
            continue
        if number == len(free):
            free.append([])
        free[number].append((first, last))
        lanes.append(Lane(name, number, (name, *waiting[name])))
    numbers = {lane.name: lane.number for lane in lanes}
    return Lanes(tuple(lanes), order, numbers, letters)


def _letter(number: int) -> str:
    """A … Z, AA … as the columns of a sheet.

    >>> _letter(0), _letter(25), _letter(26)
    ('A', 'Z', 'AA')
    """
    rest, last = divmod(number, 26)
    return (_letter(rest - 1) if rest else "") + chr(ord("A") + last)
