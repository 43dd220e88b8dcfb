"""Events files as they can be read: what is wrong, and what they come to if nothing is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from operator import itemgetter

from tracker.agreements.located import field_of
from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.editor.mentions import Mention, mentions
from tracker.files.loading import read
from tracker.files.origins import Origins
from tracker.files.problems import FileErrors, KeyPath, Problem
from tracker.files.toml_positions import TomlPlace, positions
from tracker.i18n.progress import Progress, unseen
from tracker.timeline.agenda import next_of_each
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.consistency import uncovered_event
from tracker.timeline.validation.warnings import find_warnings


@dataclass(frozen=True)
class FolderReading:
    """What some texts say together, as of a day."""

    texts: Mapping[str, str]
    problems: tuple[Problem, ...]
    timeline: Timeline | None = None  #: None: something is wrong
    origins: Origins | None = None

    @cached_property
    def places(self) -> dict[str, dict[KeyPath, TomlPlace]]:
        """Where everything stands in each text; nothing of what is no TOML."""
        return {name: places_in(text) for name, text in self.texts.items()}

    @cached_property
    def ends_of_lines(self) -> dict[str, list[tuple[int, int, Point]]]:
        """By text the points with the ends and starts of their lines in it, in their order."""
        ends: dict[str, list[tuple[int, int, Point]]] = {name: [] for name in self.texts}
        if self.timeline is None or self.origins is None:
            return ends
        by_event: dict[tuple[str, str], list[Point]] = {}
        for point in self.timeline.points:
            by_event.setdefault((point.event.agreement, point.event.id), []).append(point)
        for points in by_event.values():
            for point in next_of_each(points):
                if point.line is None:
                    continue
                field = field_of(point.event, point.side)
                origin = self.origins.place(point.event, field)
                place = self.places[origin.file].get((*origin.path, field))
                if place is not None:
                    ends[origin.file].append((place.end, place.start, point))
        return {name: sorted(rows, key=itemgetter(0)) for name, rows in ends.items()}

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """Every place of every event's id."""
        if self.origins is None:
            return ()
        return tuple(mentions(self.texts, self.places, self.origins))

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        return self.timeline.agreements if self.timeline else ()


def read_texts(texts: Mapping[str, str], as_of: date, progress: Progress = unseen) -> FolderReading:
    """What the texts say; all that is wrong with them, as `tracker check` has it."""
    try:
        agreements, origins = read(tuple(texts), list(map(_content, texts.values())), progress)
    except FileErrors as errors:
        return FolderReading(texts, errors.problems)
    try:
        progress("resolving", 0, 2)
        timeline = resolve(agreements, as_of)
        progress("resolving", 1, 2)
        warnings = tuple(origins.problem(located) for located in find_warnings(timeline))
    except Uncovered as missing:
        located = uncovered_event(missing, agreements)
        return FolderReading(texts, (origins.problem(located),) if located else ())
    return FolderReading(texts, warnings, timeline, origins)


def _content(text: str) -> bytes:
    """The bytes of a text; what was no UTF-8 in a file is none again, and is reported."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def places_in(text: str) -> dict[KeyPath, TomlPlace]:
    """Where everything stands in a text; nothing of what is no TOML."""
    try:
        return positions(text)
    except (ValueError, IndexError):
        return {}


class Shift:
    """Where in a text stands what stood in it before an edit.

    >>> shift = Shift("one two three", "one four three")
    >>> shift.now(2), shift.now(5), shift.now(9), shift.before(9)
    (2, None, 10, 8)
    """

    def __init__(self, old: str, new: str) -> None:
        least = min(len(old), len(new))
        self._head = least if old == new else _longest(old, new, least)
        self._tail = _longest_end(old, new, least - self._head)
        self._old, self._new = len(old), len(new)

    def now(self, offset: int) -> int | None:
        """Where that is in the newer text; None where it was touched."""
        return self._across(offset, self._old, self._new)

    @property
    def growth(self) -> int:
        """By how many characters the newer text is longer."""
        return self._new - self._old

    def keeps(self, start: int, end: int) -> bool:
        """Whether nothing between two characters of the older text was touched."""
        return end <= self._head or start >= self._old - self._tail

    def before(self, offset: int) -> int | None:
        """Where that was in the older text; None where it was touched."""
        return self._across(offset, self._new, self._old)

    def _across(self, offset: int, size: int, across: int) -> int | None:
        if offset <= self._head:
            return offset
        return offset + across - size if offset >= size - self._tail else None


def _longest(old: str, new: str, most: int) -> int:
    """How many characters both begin with; only what is not known yet is compared."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        same = old[low:middle] == new[low:middle]
        low, high = (middle, high) if same else (low, middle - 1)
    return low


def _longest_end(old: str, new: str, most: int) -> int:
    """How many characters both end with."""
    low, high = 0, most
    before, now = len(old), len(new)
    while low < high:
        middle = (low + high + 1) // 2
        same = old[before - middle : before - low] == new[now - middle : now - low]
        low, high = (middle, high) if same else (low, middle - 1)
    return low
