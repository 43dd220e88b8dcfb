"""What stands in a page's address after the question mark, read one by one.

A form sends its empty fields too: a parameter without a value asks for nothing. All that is wrong
is told at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.feeds.query import BadParameter, listed_values
from tracker.i18n.translate import LANGUAGES, Language, language_of
from tracker.timeline.filters import Labels, Search, Where, labels_of
from tracker.timeline.points import Status, Timeline

STATUSES: tuple[Status, ...] = ("exact", "may-move", "window", "waiting", "occurred", "never")
FILTERS = ("party", "tag", "status", "q")
LONGEST_TEXT = 200
#: So many wrong parameters are told: an address with more was not written by a reader.
MOST_TOLD = 20
_DAY = "2029-05-01"


class BadParameters(ValueError):
    """Parameters that there are not, or with values that they do not take."""

    def __init__(self, faults: Sequence[BadParameter]) -> None:
        super().__init__(", ".join(fault.name for fault in faults))
        self.faults = tuple(faults)


class Names(NamedTuple):
    """What there is to choose from."""

    parties: tuple[str, ...]
    tags: tuple[str, ...]


def names_in(timeline: Timeline) -> Names:
    """The parties and tags of a timeline's events."""
    labels: list[Labels] = [labels_of(event) for event in timeline.events]
    return Names(
        tuple(sorted({party for one in labels for party in one.parties})),
        tuple(sorted({tag for one in labels for tag in one.tags})),
    )


class Parameters:
    """The parameters of one address; check() tells what was wrong with them."""

    def __init__(self, given: Iterable[tuple[str, str]], allowed: Sequence[str]) -> None:
        self._values: dict[str, list[str]] = {}
        self._diagnostics: dict[str, BadParameter] = {}
        allowed = (*allowed, "lang")
        for name, value in given:
            if name not in allowed:
                self._diagnostics.setdefault(
                    name, BadParameter(name, listed_values(allowed, ", "), known=False)
                )
            elif value.strip():
                self._values.setdefault(name, []).append(value)

    def check(self) -> None:
        """Raises BadParameters where any was wrong."""
        if self._diagnostics:
            raise BadParameters(tuple(self._diagnostics.values())[:MOST_TOLD])

    def refuse(self, name: str, allowed: str) -> None:
        """That parameter does not take its value."""
        self._diagnostics.setdefault(name, BadParameter(name, allowed))

    def many(self, name: str, known: Sequence[str]) -> tuple[str, ...]:
        """Any of the known values, each once."""
        found = tuple(dict.fromkeys(self._values.get(name, ())))
        if set(found) - set(known):
            self.refuse(name, listed_values(known))
            return ()
        return found

    def one(self, name: str, known: Sequence[str]) -> str | None:
        """One of the known values."""
        found = self.many(name, known)
        if len(found) > 1:
            self.refuse(name, listed_values(known))
        return found[0] if found else None

    def text(self, name: str) -> str:
        """Whatever was written."""
        return " ".join(self._values.get(name, ())).strip()[:LONGEST_TEXT]

    def day(self, name: str) -> date | None:
        """A day as YYYY-MM-DD."""
        text = self.text(name)
        try:
            found = date.fromisoformat(text) if text else None
        except ValueError:
            found = None
        if text and (found is None or text != found.isoformat()):
            self.refuse(name, _DAY)
        return found

    def number(self, name: str) -> int:
        """A number from 1 on; 1 where none is given."""
        text = self.text(name) or "1"
        if not (text.isascii() and text.isdigit() and int(text[:6]) > 0 and len(text) <= 6):
            self.refuse(name, "1, 2, 3, …")
            return 1
        return int(text)

    def language(self) -> Language | None:
        """The language that was asked for."""
        return language_of(self.one("lang", LANGUAGES))

    def search(self, names: Names) -> Search:
        """What FILTERS say."""
        statuses = set(self.many("status", STATUSES))
        return Search(
            Where(
                tuple(sorted(self.many("party", names.parties))),
                tuple(sorted(self.many("tag", names.tags))),
            ),
            tuple(one for one in STATUSES if one in statuses),
            self.text("q"),
        )


def query_of(search: Search) -> list[tuple[str, str]]:
    """The parameters that ask for that."""
    found = [("party", one) for one in search.where.parties]
    found += [("tag", one) for one in search.where.tags]
    found += [("status", one) for one in search.statuses]
    return [*found, *([("q", search.text)] if search.text else ())]
