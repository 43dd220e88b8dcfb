"""What stands in a page's address after the question mark, read one by one.

A form sends its empty fields too: a parameter without a value asks for nothing. All that is wrong
is reported at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from tracker.feeds.query import BadParameter, listed_values
from tracker.i18n.translate import LANGUAGES, Language, language_of
from tracker.timeline.filters import Search, Where
from tracker.timeline.points import Status, Timeline

STATUSES: tuple[Status, ...] = (
    "exact",
    "may-move",
    "window",
    "option",
    "waiting",
    "occurred",
    "never",
)
#: What is followed: feeds are chosen by these too.
FOLLOWED = ("agreement", "party", "tag")
FILTERS = (*FOLLOWED, "status", "q")
#: Which filters of a page go along to which of the others.
_CARRIED = {"": FILTERS, "timeline": FILTERS, "subscribe": FOLLOWED}
LONGEST_TEXT = 200
#: So many wrong parameters are reported: an address with more was not written by a reader.
MOST_REPORTED = 20
_DAY = "2029-05-01"


class BadParameters(ValueError):
    """Parameters that there are not, or with values that they do not take."""

    def __init__(self, parameters: Sequence[BadParameter]) -> None:
        super().__init__(", ".join(parameter.name for parameter in parameters))
        self.parameters = tuple(parameters)


class Names(NamedTuple):
    """What there is to choose from."""

    parties: tuple[str, ...]
    tags: tuple[str, ...]
    agreements: tuple[str, ...]  #: their ids


def names_in(timeline: Timeline) -> Names:
    """The parties and tags of a timeline's events, and its agreements."""
    parties = {event.parties for event in timeline.events}  # of thousands of events few differ
    tags = {event.tags for event in timeline.events}
    return Names(
        tuple(sorted({party for several in parties for party in several})),
        tuple(sorted({tag for several in tags for tag in several})),
        tuple(agreement.id for agreement in timeline.agreements),
    )


class Parameters:
    """The parameters of one address; check() reports what was wrong with them."""

    def __init__(self, query: Iterable[tuple[str, str]], allowed: Sequence[str]) -> None:
        self._values: dict[str, list[str]] = {}
        self._bad: dict[str, BadParameter] = {}
        allowed = (*allowed, "lang")
        for name, value in query:
            if name not in allowed:
                self._bad.setdefault(
                    name, BadParameter(name, listed_values(allowed, ", "), known=False)
                )
            elif value.strip():
                self._values.setdefault(name, []).append(value)

    def check(self) -> None:
        """Raises BadParameters where any was wrong."""
        if self._bad:
            raise BadParameters(tuple(self._bad.values())[:MOST_REPORTED])

    def refuse(self, name: str, allowed: str) -> None:
        """That parameter does not take its value."""
        self._bad.setdefault(name, BadParameter(name, allowed))

    def values(self, name: str, allowed: Sequence[str]) -> tuple[str, ...]:
        """Any of the allowed values, each once."""
        values = tuple(dict.fromkeys(self._values.get(name, ())))
        if set(values) - set(allowed):
            self.refuse(name, listed_values(allowed))
            return ()
        return values

    def value(self, name: str, allowed: Sequence[str]) -> str | None:
        """One of the allowed values."""
        values = self.values(name, allowed)
        if len(values) > 1:
            self.refuse(name, listed_values(allowed))
        return values[0] if values else None

    def text(self, name: str) -> str:
        """Whatever was written."""
        return " ".join(self._values.get(name, ())).strip()[:LONGEST_TEXT]

    def day(self, name: str) -> date | None:
        """A day as YYYY-MM-DD."""
        text = self.text(name)
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            day = None
        if text and (day is None or text != day.isoformat()):
            self.refuse(name, _DAY)
        return day

    def number(self, name: str) -> int:
        """A number from 1 on; 1 where none is given."""
        text = self.text(name) or "1"
        if not (text.isascii() and text.isdigit() and int(text[:6]) > 0 and len(text) <= 6):
            self.refuse(name, "1, 2, 3, …")
            return 1
        return int(text)

    def language(self) -> Language | None:
        """The language that was asked for."""
        return language_of(self.value("lang", LANGUAGES))

    def search(self, names: Names) -> Search:
        """What FILTERS say."""
        statuses = set(self.values("status", STATUSES))
        return Search(
            Where(
                tuple(sorted(self.values("party", names.parties))),
                tuple(sorted(self.values("tag", names.tags))),
                agreements=tuple(sorted(self.values("agreement", names.agreements))),
            ),
            tuple(status for status in STATUSES if status in statuses),
            self.text("q"),
        )


def query_of(search: Search) -> list[tuple[str, str]]:
    """The parameters that ask for that."""
    query = [("agreement", agreement) for agreement in search.where.agreements]
    query += [("party", party) for party in search.where.parties]
    query += [("tag", tag) for tag in search.where.tags]
    query += [("status", status) for status in search.statuses]
    return [*query, *([("q", search.text)] if search.text else ())]


def followed_query(search: Search) -> list[tuple[str, str]]:
    """Those of them that a feed takes."""
    return [(name, value) for name, value in query_of(search) if name in FOLLOWED]


def carried_query(page: str, search: Search) -> list[tuple[str, str]]:
    """Those of them that the page of that name takes, for a link to it."""
    names = _CARRIED.get(page, ())
    return [(name, value) for name, value in query_of(search) if name in names]
