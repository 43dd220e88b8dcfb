"""What readings are kept to answer about, and what of each an editor is told at once.

A desk stands where reading takes long and holds up nobody. What it hands out is plain and small, so
that it can be sent from one process to another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from tracker.agreements.keys import EventKey
from tracker.editor.hints import LineAnswers, hover, line_answers
from tracker.editor.mentions import Mention
from tracker.editor.names import edits_of_rename, mention_at, mentions_of
from tracker.editor.problems import PlacedProblem, placed_problems
from tracker.editor.readings import FolderReading, read_texts
from tracker.editor.settings import settings_problems, settings_tables
from tracker.files.toml_edits import Replacement
from tracker.i18n.columns import without_controls
from tracker.i18n.points import title_of
from tracker.i18n.translate import Language

#: Problems that are shown in one text: nobody reads more, and an editor is to stay quick.
MOST_PROBLEMS = 200


class Symbols(NamedTuple):
    """The events of a text in their order: ids, titles, and where the ids stand."""

    ids: tuple[str, ...]
    titles: tuple[str, ...]
    starts: tuple[int, ...]


@dataclass(frozen=True)
class Report:
    """What a reading comes to, by text."""

    problems: Mapping[str, list[PlacedProblem]]
    more_problems: Mapping[str, int]  #: how many there are beside those
    is_good: bool  #: whether nothing hinders a timeline
    lines: Mapping[str, LineAnswers]
    symbols: Mapping[str, Symbols]


class Outdated(Exception):
    """What was asked about is no longer what is kept, or is about to be read again."""


@dataclass(frozen=True)
class _Shelf:
    """Of some texts that belong together: the number of the newest, and the last good reading."""

    newest: int = 0
    number: int = -1
    good: FolderReading | None = None


class Desk:
    """The last good reading of each group of texts, which has a name; texts come numbered.

    >>> texts = {"a.toml": 'id = "x"\\n[[event]]\\nid = "a"\\ntitle = "A"\\nwhen = "2030-01-01"\\n'}
    >>> desk = Desk()
    >>> report = desk.read("", 1, texts, date(2029, 1, 1), "en")
    >>> report.is_good, report.lines["a.toml"].answers
    (True, ('1 January 2030',))
    >>> desk.event_at("", 1, "a.toml", 25)
    ('x', 'a')
    """

    def __init__(self) -> None:
        self._shelves: dict[str, _Shelf] = {}

    def announce(self, group: str, number: int) -> None:
        """Says that texts of that number come: a reading of older ones that is under way ends."""
        shelf = self._shelves.get(group, _Shelf())
        self._shelves[group] = replace(shelf, newest=max(number, shelf.newest))

    def read(
        self, group: str, number: int, texts: Mapping[str, str], as_of: date, language: Language
    ) -> Report:
        """Reads the texts; raises Outdated once newer ones are announced."""
        self.announce(group, number)

        def go_on(_step: str, _done: int, _total: int) -> None:
            if self._shelves[group].newest > number:
                raise Outdated

        reading = read_texts(texts, as_of, go_on)
        go_on("", 0, 0)
        problems = {name: placed_problems(reading, name) for name in texts}
        report = Report(
            {name: those[:MOST_PROBLEMS] for name, those in problems.items()},
            {name: max(0, len(those) - MOST_PROBLEMS) for name, those in problems.items()},
            reading.timeline is not None,
            {name: line_answers(reading, name, language) for name in texts},
            {name: _symbols(reading, name, language) for name in texts},
        )
        if report.is_good:
            reading.mentions  # noqa: B018 - worked out here, and not when the first is asked for
            shelf = self._shelves[group]
            self._shelves[group] = replace(shelf, number=number, good=reading)
        return report

    def read_settings(
        self, group: str, number: int, texts: Mapping[str, str], _as_of: date, _language: Language
    ) -> Report:
        """Reads a tracker.toml, of which there is one text; raises Outdated as read() does."""
        self.announce(group, number)
        if self._shelves[group].newest > number:
            raise Outdated
        ((name, text),) = texts.items()
        problems = settings_problems(name, text)
        return Report(
            {name: problems[:MOST_PROBLEMS]},
            {name: max(0, len(problems) - MOST_PROBLEMS)},
            True,
            {name: LineAnswers((), (), ())},
            {name: Symbols(*settings_tables(text))},
        )

    def reason(self, group: str, number: int, name: str, at: int, language: Language) -> str | None:
        """How the days came about whose line stands there."""
        return hover(self._reading(group, number), name, at, language)

    def event_at(self, group: str, number: int, name: str, at: int) -> EventKey | None:
        """The event whose id stands there."""
        mention = mention_at(self._reading(group, number), name, at)
        return None if mention is None else mention.event

    def mentions(self, group: str, number: int, event: EventKey) -> list[Mention]:
        """Where an event's id stands."""
        return mentions_of(self._reading(group, number), event)

    def rename(
        self, group: str, number: int, event: EventKey, new: str
    ) -> dict[str, list[Replacement]] | str:
        """The edits that give an event another id, or the sentence that says why not."""
        return edits_of_rename(self._reading(group, number), event, new)

    def _reading(self, group: str, number: int) -> FolderReading:
        shelf = self._shelves.get(group)
        if shelf is None or shelf.good is None or shelf.number != number:
            raise Outdated
        return shelf.good


def _symbols(reading: FolderReading, name: str, language: Language) -> Symbols:
    titles = {
        (agreement.id, event.id): title_of(event, agreement, language)
        for agreement in reading.agreements
        for event in agreement.events
    }
    stated = [there for there in reading.mentions if there.file == name and there.states]
    return Symbols(
        tuple(there.event[1] for there in stated),
        tuple(without_controls(titles.get(there.event, "")) for there in stated),
        tuple(there.start for there in stated),
    )
