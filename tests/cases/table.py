"""Reads tables of cases: what is given, the line, and its answer.

dates.txt has those that were worked by hand, docs/words.md the examples of the reference page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

BY_HAND = Path(__file__).with_name("dates.txt")
DOCS = Path(__file__).parents[2] / "docs"
#: The pages that show what lines come to.
PAGES = ("words.md", "counting.md")


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    number: int  #: of its line in the file
    line: str
    answer: str
    checks: dict[str, str]
    sentence: str
    given: tuple[tuple[str, str, str], ...] = ()  #: (what, of which event, value)

    def toml(self, line: str | None = None) -> str:
        """The events file that states the case, with another line in place of its own if given."""
        head = ['id = "a"']
        own = ['[[event]]\nid = "case"\ntitle = "Case"']
        others: dict[str, list[str]] = {}
        for what, event, value in self.given:
            if what == "timezone":
                head.append(f'timezone = "{value}"')
            elif what == "calendar":
                head.append(f'calendar = "{value}"')
            elif what == "counting":
                head.append(f'counting = "{value}"')
            elif what in ("closed", "announced"):
                head.append(f"{what} = {value.split()}")
            elif what == "roll":
                own.append(f'roll = "{value}"')
            elif what == "event":
                others[event] = [f'[[event]]\nid = "{event}"\ntitle = "{event}"\nwhen = "{value}"']
            elif what in ("recorded", "withdrawn"):
                key = "occurred" if what == "recorded" else "withdrawn"
                others[event].append(f'{key} = "{value}"')
        text = self.line if line is None else line
        if term := re.fullmatch(r"starts (.+) lasts (.+)", text):
            own.append(f'starts = "{term[1]}"\nlasts = "{term[2]}"')
        elif text.startswith("lasts = "):
            own.append(f'starts = "2026-01-01"\nlasts = "{text.removeprefix("lasts = ")}"')
        else:
            own.append(f'when = "{text}"')
        return "\n".join([*head, *own, *(line for lines in others.values() for line in lines), ""])

    def of(self, what: str) -> dict[str, str]:
        """What is given of that kind, by event."""
        return {event: value for kind, event, value in self.given if kind == what}


@dataclass
class _Given:
    settings: dict[tuple[str, str], str] = field(default_factory=dict)

    def add(self, text: str) -> None:
        head, value = text.split(":", 1)
        what, _, event = head.strip().partition(" ")
        self.settings[what, event] = value.strip()

    def rows(self) -> tuple[tuple[str, str, str], ...]:
        return tuple((what, event, value) for (what, event), value in self.settings.items())


def by_hand() -> Iterator[Case]:
    """Every case that was worked by hand."""
    return _cases(BY_HAND.read_text(encoding="utf-8").splitlines())


def of_docs() -> Iterator[Case]:
    """Every example of the pages that show what lines come to."""
    rows = []
    inside = False
    text = "\n".join((DOCS / page).read_text(encoding="utf-8") for page in PAGES)
    for row in text.splitlines():
        inside = row == "```words" or (inside and row != "```")
        # An example forgets what was given in the one before it.
        rows.append("# as the page says" if row == "```words" else row if inside else "")
    return _cases(rows)


def _cases(rows: Iterable[str]) -> Iterator[Case]:
    given, sentence = _Given(), ""
    for number, row in enumerate(rows, 1):
        if row.startswith("#"):
            given, sentence = _Given(), row.removeprefix("#").strip()
        elif row.startswith("@"):
            given.add(row[1:])
        elif " => " in row and sentence:
            line, answer = row.split(" => ")
            answer, _, checks = answer.partition(" ; ")
            found = dict(check.split("=", 1) for check in checks.split())
            yield Case(number, line, answer.strip(), found, sentence, given.rows())
