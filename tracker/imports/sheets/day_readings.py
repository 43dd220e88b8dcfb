"""What a cell says of days, by the date language's refusals: one reading, several, or none."""

from __future__ import annotations

import re
from collections.abc import Container
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Literal, NamedTuple, TypeAlias

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import references
from tracker.dates.parser import parse
from tracker.dates.suggestions.anchors import SOME_EVENT
from tracker.dates.suggestions.notations import readings_in_other_notation
from tracker.dates.tokens import KEYWORDS

Fault: TypeAlias = Literal[
    "", "no-year", "project-month", "unknown-name", "no-such-day", "no-day", "other-weekday",
    "far-day",
]  # fmt: skip
#: Longer texts are sentences, and looking for habits in them costs.
_LONGEST = 200
#: What people write where there is nothing.
NOTHING = frozenset(
    "- – — --- n/a na n.a. none null nil no nein non / . ? k.a. keine kein entfällt sans"
    " なし 無し ー − 無 該当なし".split()
)
_DAY_AND_MONTH = re.compile(r"[0-9]{1,2}(?P<mark>[./-]) ?[0-9]{1,2}\.?")
_MONTH_AND_NUMBER = re.compile(r"(?P<month>[^\W\d_]{3,9})\.?[ '’-](?P<number>[0-9]{2})")
_YEAR = re.compile(r"[0-9]{4}")
_LONGEST_WITHOUT_YEAR = 24
_NUMBER = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
#: Numbers of days that are days of lifetimes: 1941 to 2201.
_FIRST_NUMBER, _LAST_NUMBER = 15_000, 110_000
#: The day before the first, and what Excel counts besides: 29 February 1900, which there was not.
_FIRST_OF_1900 = date(1899, 12, 30)
_FIRST_OF_1904 = date(1904, 1, 1)
_PARTS = re.compile(r"([0-9]{1,4})[/.-] ?([0-9]{1,2})[/.-] ?([0-9]{1,4})(?![0-9])")
_WORDS = re.compile(r"[a-z]{3,}")
_SURE_CASES = frozenset(
    "other-notation either-order look-alike other-time wrong-case bare-period edge-of-period"
    " part-of-period other-language until deadline-phrase range fiscal-year feast".split()
)


class DayReading(NamedTuple):
    """One line that a text can mean, and why one would choose it."""

    line: str
    reason: str = ""


class DayText(NamedTuple):
    """What a text says of days."""

    readings: tuple[DayReading, ...]
    fault: Fault = ""
    #: Whether the line says all that the text says: it is the same day in another notation.
    is_same: bool = True
    months: str = ""  #: of a month of a project: `18 months after x`


def day_text_of(text: str, names: Container[str] = ()) -> DayText:
    """What a text means; `names` are the events that it may name.

    >>> day_text_of("31.03.2027").readings[0].line, day_text_of("Q3 2027").readings[1].reason
    ('2027-03-31', 'an-unknown-day')
    """
    text = " ".join(text.split())
    if text.casefold() in NOTHING:
        return DayText((), "")
    if len(text) > _LONGEST:
        return DayText((), "no-day")
    if plain_day := readings_in_other_notation(text):
        return DayText(tuple(DayReading(*reading) for reading in plain_day))
    try:
        form = parse(text, names=names)
    except LineError as refused:
        return _of_refusal(text, refused.diagnostic)
    refs = references(form)
    if any(ref.agreement is not None or ref.id not in names for ref in refs):
        return DayText((), "unknown-name" if " " in text else "no-day")
    return DayText((DayReading(text),))


def _of_refusal(text: str, diagnostic: Diagnostic) -> DayText:
    if diagnostic.case in ("no-such-period", "not-a-word"):
        return DayText((), "no-such-day" if diagnostic.case == "no-such-period" else "no-day")
    if (diagnostic.case == "no-year" and not _YEAR.search(text)) or _DAY_AND_MONTH.fullmatch(text):
        return DayText((), "no-year")
    offers = [offer for offer in diagnostic.suggestions if offer.key is None]
    if diagnostic.case == "project-month":
        return _project_month(text, offers)
    readings = tuple(
        DayReading(offer.write, offer.reason)
        for offer in offers
        if all(ref.id != SOME_EVENT for ref in references(parse(offer.write)))
        and not _is_slip(text, offer.write)
    )
    is_same = diagnostic.case in _SURE_CASES and not (
        len(readings) == 1 and readings[0].reason in ("day-unconfirmed", "an-unknown-day")
    )
    return DayText(readings, "" if readings else "no-day", is_same)


def _project_month(text: str, offers: list[Suggestion]) -> DayText:
    """The event that it names, where there is that event; else it is counted from some event."""
    named = [o for o in offers if all(ref.id != SOME_EVENT for ref in references(parse(o.write)))]
    if len(named) == 1:
        return DayText((DayReading(named[0].write),))
    try:
        parse(text)
    except LineError as refused:
        months = [offer.write for offer in refused.diagnostic.suggestions]
        return DayText((), "project-month", months=months[0] if months else text)
    return DayText((), "no-day")


def _is_slip(text: str, line: str) -> bool:
    """Whether the line was had by taking a word for the one most like it: `fin` for `in`."""
    words, there = set(_WORDS.findall(text.casefold())), set(_WORDS.findall(line)) | {"in", "or"}
    for word in words - set(KEYWORDS) - there:
        near = get_close_matches(word, sorted(KEYWORDS), n=1, cutoff=0.75)
        if near and re.search(rf"\b{near[0]}\b", line) and near[0] not in words:
            return not word.startswith(near[0]) and not near[0].startswith(word)
    return False


def lacks_year(text: str, names: Container[str] = ()) -> bool:
    """Whether a text that says no day says one as soon as a year stands behind it.

    >>> lacks_year("KW 12"), lacks_year("27-Mar"), lacks_year("asap"), lacks_year("Room 12")
    (True, True, False, False)
    """
    if len(text) > _LONGEST_WITHOUT_YEAR or _YEAR.search(text):
        return False
    day = day_text_of(f"{text} 2027", names)
    says_more = {reading.line for reading in day.readings} != {"through 2027", "in 2027"}
    return bool(day.readings) and day.is_same and says_more


def month_and_year(text: str) -> DayText | None:
    """What `Mar-27` is as Excel writes a month of a year; None: it is no such text.

    >>> month_and_year("Mar-27").readings[0].line, month_and_year("27-Mar")
    ('through 2027-03', None)
    """
    match = _MONTH_AND_NUMBER.fullmatch(text)
    day = day_text_of(f"{match['month']} 20{match['number']}") if match else None
    return day if day and day.readings else None


def with_year(text: str, year: str, names: Container[str] = ()) -> DayText:
    """What a text without a year means in that year.

    >>> (
    ...     with_year("15.03.", "2027").readings[0].line,
    ...     with_year("end of March", "2027").readings[0].line,
    ... )
    ('2027-03-15', 'through 2027-03')
    """
    text = " ".join(text.split())
    match = _DAY_AND_MONTH.fullmatch(text)
    mark = match["mark"] if match else ""
    tries = (f"{text.rstrip('.')}{mark}{year}",) if mark else ()
    if month := _MONTH_AND_NUMBER.fullmatch(text):
        tries = (f"{month['number']} {month['month']} {year}",)
    for complete in (*tries, f"{text} {year}", f"{year}年{text}"):
        day = day_text_of(complete, names)
        if day.readings:
            return day
    return DayText((), "no-day")


def order_of(text: str, line: str) -> str | None:
    """In which order a text names the day that it means; None where both orders mean it.

    >>> order_of("30/06/2027", "2027-06-30"), order_of("6/30/2027 5 pm", "2027-06-30 17:00")
    ('day-first', 'month-first')
    """
    parts = _PARTS.match(text)
    if parts is None or len(parts[1]) > 2:
        return None
    year, month, day = (int(part) for part in line[:10].split("-")) if _is_iso(line) else (0, 0, 0)
    first, second = int(parts[1]), int(parts[2])
    if not year or month == day:
        return None
    if (first, second) == (day, month):
        return "day-first"
    return "month-first" if (first, second) == (month, day) else None


def _is_iso(line: str) -> bool:
    return re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", line) is not None


def day_of_number(value: object, from_1904: bool = False) -> str | None:
    """The day that a spreadsheet means by a number, None: it is no such number.

    >>> day_of_number(46477), day_of_number("46477.75"), day_of_number(2027)
    ('2027-03-31', '2027-03-31 18:00', None)
    """
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        return None
    if not isinstance(value, int | float | str):
        return None
    days = float(value)
    if not _FIRST_NUMBER <= days <= _LAST_NUMBER:
        return None
    first = _FIRST_OF_1904 if from_1904 else _FIRST_OF_1900
    whole, minutes = divmod(round(days * 24 * 60), 24 * 60)
    day = str(first + timedelta(days=whole))
    return f"{day} {minutes // 60:02}:{minutes % 60:02}" if minutes else day


def is_day(line: str) -> date | None:
    """The day, where a line is one day or one instant."""
    try:
        return date.fromisoformat(line[:10]) if line[10:11] in ("", " ") else None
    except ValueError:
        return None
