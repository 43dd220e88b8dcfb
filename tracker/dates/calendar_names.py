"""The names of calendars and of laws of counting: those that there are, and what others mean."""

from __future__ import annotations

from difflib import get_close_matches

from tracker.dates.calendars import NoSuchCalendar, open_days
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.laws import COUNTINGS, Counting


def parse_calendar(text: str) -> str:
    """The name, where there is a calendar of that name.

    >>> parse_calendar("JP:bank+US")
    'JP:bank+US'

    Raises LineError with what to write instead.
    """
    try:
        open_days(text)
    except NoSuchCalendar as missing:
        raise LineError(_no_such_calendar(text, missing)) from None
    return text


def _no_such_calendar(text: str, missing: NoSuchCalendar) -> Diagnostic:
    before, _, behind = text.partition(missing.part)
    suggestions = tuple(Suggestion(before + name + behind) for name in missing.nearest)
    if missing.categories is None:
        values: tuple[tuple[str, str], ...] = (("calendar", missing.part),)
        return Diagnostic("no-such-calendar", (0, len(text)), values, suggestions)
    place, _, category = missing.part.partition(":")
    known = ", ".join(missing.categories)
    values = (("calendar", place), ("category", category), ("known", known))
    return Diagnostic("no-such-category", (0, len(text)), values, suggestions)


def parse_counting(text: str) -> Counting:
    """The law of that name.

    >>> parse_counting("jp-civil")
    'jp-civil'

    Raises LineError with those that are meant: of `bgb` de-bgb, else all of them.
    """
    for counting in COUNTINGS:
        if counting == text:
            return counting
    word = text.lower()[:60]
    near: list[str] = [law for law in COUNTINGS if word in law.split("-")]
    near = near or get_close_matches(word, COUNTINGS, n=1) or list(COUNTINGS)
    suggestions = tuple(map(Suggestion, near))
    raise LineError(Diagnostic("bad-counting", (0, len(text)), (("counting", text),), suggestions))
