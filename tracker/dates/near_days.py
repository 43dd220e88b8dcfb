"""The days that have a name beside their date, as people type them into a command."""

from __future__ import annotations

from datetime import date, timedelta

#: How far each is from today.
NEAR_DAYS = {
    "yesterday": timedelta(days=-1),
    "today": timedelta(),
    "tomorrow": timedelta(days=1),
}


def near_day(text: str, today: date) -> date | None:
    """The day of that name; None where the text is none, or it lies outside all calendars.

    >>> near_day("yesterday", date(2027, 3, 1))
    datetime.date(2027, 2, 28)
    >>> near_day("2027-03-01", date(2027, 3, 1))
    """
    try:
        return today + NEAR_DAYS[text.strip().lower()]
    except (KeyError, OverflowError):
        return None


def with_date(text: str, today: date) -> str:
    """The text with the date in place of the name with which it begins, if it does.

    >>> with_date("Yesterday 17:00", date(2027, 3, 1)), with_date("2027-03-01", date(2027, 3, 1))
    ('2027-02-28 17:00', '2027-03-01')
    """
    name, *rest = text.split(maxsplit=1) or [""]
    day = near_day(name, today)
    return text if day is None else " ".join([day.isoformat(), *rest])
