"""A column of days: what its texts mean, what they ask, and what is wrong with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import NamedTuple

from tracker.i18n.shell_words import shell_word
from tracker.imports.foreign import ForeignPlace, Question, Remark

MOST_PLACES = 3
_PLAIN_WORD = re.compile(r"[A-Za-z0-9=./-]+")
#: So many texts in words are asked about one by one; a column of more is no column of days.
_MOST_QUESTIONS = 20


class DayCell(NamedTuple):
    """A text of a column, and the rows in which it stands."""

    text: str
    places: tuple[ForeignPlace, ...]


@dataclass
class DayColumn:
    """A column of days, settled as far as it can be."""

    key: str
    heading: str
    order_key: str  #: by what its order of days is chosen: `dates` of several columns
    lines: dict[str, str] = field(default_factory=dict)  #: of each text the line it means
    terms: dict[str, tuple[str, str]] = field(default_factory=dict)  #: of a text that is a range
    zones: dict[str, str] = field(default_factory=dict)  #: of a text the zone that it names
    loose: set[str] = field(default_factory=set)  #: texts that say more than their line
    faults: dict[str, str] = field(default_factory=dict)  #: of each text why it has none
    questions: list[Question] = field(default_factory=list)
    #: Texts that wait for an answer, and which.
    asked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    is_of_days: bool = False  #: all its times are midnights: its program writes one behind each day

    def as_whole_day(self, line: str) -> str:
        """The line without a midnight that says nothing."""
        return line[:10] if self.is_of_days and line[10:] == " 00:00" else line

    def ask(
        self,
        name: str,
        values: tuple[tuple[str, str], ...],
        answers: tuple[str, ...],
        cells: list[DayCell],
    ) -> None:
        """Once for all texts with the same answers: the first of them is the example."""
        for cell in cells:
            self.asked.setdefault(cell.text, answers)
        places = tuple(place for cell in cells for place in cell.places)[:MOST_PLACES]
        for at, question in enumerate(self.questions):
            if (question.name, question.answers) == (name, answers):
                both = (*question.places, *places)[:MOST_PLACES]
                self.questions[at] = question._replace(places=both)
                return
        if len(self.questions) < _MOST_QUESTIONS:
            about = (("column", self.heading), *values)
            self.questions.append(Question(name, about, answers, places))


def joined_questions(questions: list[Question]) -> list[Question]:
    """Those of several columns, each asked once where the same answer settles it for all."""
    joined: dict[tuple[str, tuple[str, ...]], Question] = {}
    for question in questions:
        first = joined.setdefault((question.name, question.answers), question)
        places = tuple(dict.fromkeys((*first.places, *question.places)))[:MOST_PLACES]
        joined[question.name, question.answers] = first._replace(places=places)
    return list(joined.values())


def answers_of(key: str, choices: list[str]) -> tuple[str, ...]:
    """What to add to the call for each choice."""
    return tuple(answer_of(key, choice) for choice in choices)


def answer_of(name: str, value: str) -> str:
    """What to add to the call, as a shell takes it.

    >>> answer_of("due", "day-first"), answer_of("early 2027", "in 2027-Q1")
    ('--map due=day-first', '--map "early 2027=in 2027-Q1"')
    """
    word = f"{name}={value}"
    return f"--map {word if _PLAIN_WORD.fullmatch(word) else shell_word(word)}"
