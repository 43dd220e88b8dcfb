"""What a call settles of a sheet, by `--map`: which column, which order of days, which sheet."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from tracker.imports.foreign import Wishes
from tracker.imports.sheets.headings import ALIASES, DAY_KEYS, KEYS

#: Which reading of an ambiguous day is meant, by the reason that its refusal gives.
CHOICES = {
    "day-month-year": "day-first",
    "month-day-year": "month-first",
    "year-month-day": "year-first",
    "its-last-day": "last-day",
    "an-unknown-day": "unknown-day",
    "that-day-included": "included",
    "that-day-not-included": "not-included",
}
_UNITS = ("days", "weeks", "months", "years", "business-days")
_OF_THE_FILE = ("sheet", "encoding", "separator", "header", "project-start")
_YEAR = re.compile(r"[12][0-9]{3}")
_WORD = re.compile(r"[a-z-]+")
#: Of `Mar-27`: it is 27 March, of that year.
DAY_OF = re.compile(r"day-of-[12][0-9]{3}")
_SEPARATORS = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


@dataclass
class SheetSettings:
    """All of it."""

    columns: list[tuple[str, str]] = field(default_factory=list)  #: key, column
    choices: dict[str, list[str]] = field(default_factory=dict)  #: of a key's column
    years: dict[str, str] = field(default_factory=dict)  #: of days that name none
    meanings: dict[str, str] = field(default_factory=dict)  #: a cell's text, and the line it means
    of_file: dict[str, str] = field(default_factory=dict)

    def choice(self, key: str, of: list[str]) -> str | None:
        """Which of these the call chose for a column, None: it did not say."""
        return next((choice for choice in self.choices.get(key, ()) if choice in of), None)

    def choices_like(self, key: str, pattern: re.Pattern[str]) -> list[str]:
        """What the call chose for a column of such a name."""
        return [choice for choice in self.choices.get(key, ()) if pattern.fullmatch(choice)]


def settings_of(wishes: Wishes) -> SheetSettings:
    """What `--map` says of a sheet.

    >>> from datetime import date
    >>> settings_of(Wishes(date(2027, 1, 1), None, (("due", "C"), ("due", "day-first")))).choices
    {'due': ['day-first']}
    """
    settings = SheetSettings()
    for name, value in wishes.columns:
        key = ALIASES.get(name, name)
        if name == "separator":
            settings.of_file[name] = _SEPARATORS.get(value.casefold(), value)
        elif name in _OF_THE_FILE:
            settings.of_file[name] = value
        elif key == "dates" and is_choice(value):
            settings.choices.setdefault(key, []).append(value)
        elif key not in KEYS:
            settings.meanings[" ".join(name.split())] = value
        elif key in DAY_KEYS and _YEAR.fullmatch(value):
            settings.years[key] = value
        elif (key in DAY_KEYS and is_choice(value)) or (key == "lasts" and value in _UNITS):
            settings.choices.setdefault(key, []).append(value)
        else:
            settings.columns.append((key, value))
    return settings


def is_choice(value: str) -> bool:
    """Whether a call can choose a reading by that name."""
    return (
        value in CHOICES.values() or value in _OTHER_CHOICES or DAY_OF.fullmatch(value) is not None
    )


#: Reasons of refusals that stand for themselves.
_OTHER_CHOICES = frozenset(
    "a-third-of-it a-half-of-it its-middle-day fiscal-to-september fiscal-from-april a-window"
    " a-term unix-time 1900s 2000s"
    " month-and-year its-end its-last-instant the-first the-last".split()
)


def choice_name(reason: str) -> str:
    """How a call names a reading: the refusals' own reason, or a shorter word for it."""
    return CHOICES.get(reason, reason)
