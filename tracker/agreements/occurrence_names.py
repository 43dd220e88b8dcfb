"""What occurrences are called: by their day, their number, or a name of their own."""

from __future__ import annotations

import re
from datetime import date

from tracker.agreements.keys import Occurrence, OccurrenceKind
from tracker.dates.tokens import ID, KEYWORDS

MOST_IN_NAME = 200
#: A happening that was given no name has its day's; a second one of that day a number behind it.
_NAME_OF_DAY = re.compile(r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})-[1-9][0-9]{0,4}")
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


def occurrence_named(text: str) -> Occurrence | None:
    """The occurrence that people write so; None where it is no day, no number and no name.

    Names are written as ids are; words of the grammar are none.

    >>> occurrence_named("2028-12-31"), occurrence_named("2"), occurrence_named("breach-7")
    (datetime.date(2028, 12, 31), 2, 'breach-7')
    >>> occurrence_named("2028-12-31-2"), occurrence_named("Breach 7"), occurrence_named("open")
    ('2028-12-31-2', None, None)
    """
    if ID.fullmatch(text):
        return text if text not in KEYWORDS and len(text) <= MOST_IN_NAME else None
    if _NUMBER.fullmatch(text):
        return int(text)
    numbered = _NAME_OF_DAY.fullmatch(text)
    try:
        day = date.fromisoformat(numbered["day"] if numbered else text)
    except ValueError:
        return None
    return text if numbered else day if str(day) == text else None


def nearest_name(text: str) -> str | None:
    """The name that is most like what is none; None where there is none like it.

    >>> nearest_name("Breach 7"), nearest_name("7th"), nearest_name("open"), nearest_name("?")
    ('breach-7', 'no-7th', 'no-open', None)
    """
    words = re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60].rstrip("-")
    named = words if ID.fullmatch(words) and words not in KEYWORDS else f"no-{words}"
    return named if words and ID.fullmatch(named) else None


def occurrence_kinds(occurrence: Occurrence) -> tuple[OccurrenceKind, ...]:
    """What an occurrence that is written so can be known by: a day is a name as well."""
    if isinstance(occurrence, date):
        return "day", "name"
    return ("number",) if isinstance(occurrence, int) else ("name",)
