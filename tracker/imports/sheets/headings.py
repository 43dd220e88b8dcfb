"""Which key a column is, by what it is called.

Where two columns have the same key, that of the earlier group is meant; of one group, it is asked.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from tracker.imports.sheets.heading_words import HEADINGS

#: What a call may say instead of a key.
ALIASES = {
    "start": "starts", "begin": "starts", "end": "ends", "duration": "lasts", "owner": "parties",
    "assignee": "parties", "party": "parties", "done": "occurred", "completed": "occurred",
    "tag": "tags", "category": "tags", "deadline": "due", "name": "title", "task": "title",
    "key": "id", "notes": "note", "comment": "note", "link": "url", "date": "when",
    "cancelled": "withdrawn", "repeat": "repeats",
}  # fmt: skip
KEYS = tuple(key for key in HEADINGS if key)
#: Columns of days: their cells are read by the refusals of the date language.
DAY_KEYS = ("due", "when", "starts", "ends", "occurred", "started", "ended", "withdrawn")
#: Any number of columns can be these.
SEVERAL = ("parties", "tags", "note", "status")


class Heading(NamedTuple):
    """What a heading says its column is."""

    key: str  #: empty: what its program keeps for itself
    group: int


def _all_headings() -> dict[str, Heading]:
    known: dict[str, Heading] = {}
    for key, groups in HEADINGS.items():
        for at, group in enumerate(groups.split("/")):
            for heading in group.split("|"):
                known.setdefault(plain(heading), Heading(key, at))
    return known


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SIGNS = re.compile(r"[_\W]+")


def plain(heading: str) -> str:
    """A heading without what does not tell it from another one.

    >>> plain("Due_Date*"), plain("dueDate"), plain(" Fällig am: ")
    ('due date', 'due date', 'fällig am')
    """
    text = unicodedata.normalize("NFKC", heading)[:200]
    text = _SIGNS.sub(" ", _CAMEL.sub(" ", text).casefold()).strip()
    return text or ("#" if "#" in heading or "№" in heading else "")


_KNOWN = _all_headings()


def heading_of(text: str) -> Heading | None:
    """Which key a heading names, None: it says nothing.

    >>> heading_of("Fällig am").key, heading_of("期限（必須）").key, heading_of("Colour")
    ('due', 'due', None)
    """
    name = plain(text)
    if known := _KNOWN.get(name):
        return known
    without = plain(re.sub(r"[(\[（【].*?[)\]）】]", " ", text))
    if without and (known := _KNOWN.get(without)):
        return known
    return None


def unit_of(heading: str) -> str | None:
    """The unit that a heading of lengths names: `Duration (days)`.

    >>> unit_of("Dauer (Wochen)"), unit_of("期間（日）"), unit_of("Duration")
    ('week', 'day', None)
    """
    name = heading.casefold()
    for unit, words in (
        ("month", r"months?|monate?|mois|mes(?:es)?|mesi|ヶ月|か月|月"),
        ("week", r"weeks?|wochen?|semaines?|semanas?|週"),
        ("year", r"years?|jahre?|ans|años?|年"),
        ("day", r"days?|tage?|jours?|días?|日"),
    ):
        if re.search(rf"[(\[（ /](?:in )?(?:{words})[)\]）]?$", name):
            return unit
    return "day" if name == "日数" else None
