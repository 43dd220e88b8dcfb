"""How often a task of Taskwarrior comes again, as `repeats` says it.

Its words are months and years of the calendar (`monthly`, `1m`, `P1M`, `2q`, `yearly`), but what it
knows only as a length is days to it: `3mo` is 90 days, `1year` 365, in 2.6. Who wrote `3mo` will
have meant months: so it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import takewhile
from typing import NamedTuple

from tracker.dates.diagnostics import LineError
from tracker.dates.recurrence import Every, Rule
from tracker.dates.recurrence_parser import MOST_IN_ALL, parse_recurrence
from tracker.imports.findings import Findings
from tracker.imports.foreign import ForeignPlace, Wishes
from tracker.imports.foreign_times import argument

_WORDS = {
    "1 day": "daily day P1D",
    "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR": "weekdays",
    "1 week": "weekly week sennight P1W P7D",
    "2 weeks": "biweekly fortnight P2W P14D",
    "1 month": "monthly month mnthly P1M",
    "2 months": "bimonthly P2M",
    "1 quarter": "quarterly qtrly P3M",
    "6 months": "semiannual P6M",
    "1 year": "yearly annual P1Y",
    "2 years": "biannual biyearly P2Y",
}  # fmt: skip
_BY_WORD = {word: text for text, words in _WORDS.items() for word in words.split()}
_COUNTED = re.compile(r"(?P<number>[0-9]{1,4}) ?(?P<unit>[a-zA-Z]*)")
_ISO_MONTHS = re.compile(r"P(?P<number>[0-9]{1,4})M")
_ISO = re.compile(
    r"P(?:(?P<years>[0-9]{1,3})Y)?(?:(?P<months>[0-9]{1,3})M)?"
    r"(?:(?P<weeks>[0-9]{1,3})W)?(?:(?P<days>[0-9]{1,4})D)?"
)
#: Units whose length in days is that of the calendar as well.
_PLAIN = {"day": "day days d", "week": "week weeks wk wks w"}
#: Units that are so many days to the program, and months or years to people.
_DOUBTFUL = {
    ("month", 30): "month months mo mos mnth mnths mth mths mthly",
    ("quarter", 91): "quarter quarters qtr qtrs qrtr qrtrs",
    ("year", 365): "year years yr yrs y",
}  # fmt: skip
_UNITS = {word: unit for unit, words in _PLAIN.items() for word in words.split()}
_DOUBTFUL_UNITS = {word: unit for unit, words in _DOUBTFUL.items() for word in words.split()}


class Repeats(NamedTuple):
    """What `repeats` says, without how often in all."""

    text: str


def task_recurrence(
    words: str, wishes: Wishes, findings: Findings, place: ForeignPlace
) -> Repeats | None:
    """The length that the program's words mean; None where it is asked, or told that it is none.

    >>> from tracker.imports.findings import Findings
    >>> findings = Findings()
    >>> place, wishes = ForeignPlace("entry", 1), Wishes(date(2026, 12, 1))
    >>> [task_recurrence(words, wishes, findings, place) for words in ("monthly", "2wks", "3mo")]
    [Repeats(text='1 month'), Repeats(text='2 weeks'), None]
    >>> findings.content().questions[0].answers
    ('--map "3mo=3 months"', '--map "3mo=90 days"')
    """
    answer = dict(wishes.columns).get(words)
    if answer is not None and _is_repeats(answer):
        return Repeats(answer)
    lengths = _lengths(words)
    if not lengths:
        findings.leave_out("recur", "no-repeat-length", place, words=words)
        return None
    if len(lengths) > 1:
        answers = tuple(f"--map {argument(f'{words}={length}')}" for length in lengths)
        findings.ask("length", (("words", words),), answers, place)
        return None
    return Repeats(lengths[0])


def _is_repeats(text: str) -> bool:
    try:
        parse_recurrence(text)
    except LineError:
        return False
    return True


def _lengths(words: str) -> tuple[str, ...]:
    """The lengths that the words can mean, as people mean them first."""
    if words in _BY_WORD:
        return (_BY_WORD[words],)
    if iso := _ISO_MONTHS.fullmatch(words):
        return _length_text(int(iso["number"]), "month")
    if match := _COUNTED.fullmatch(words):
        number, unit = int(match["number"]), match["unit"].lower()
        if unit == "m":
            return _length_text(number, "month")
        if unit == "q":
            return _length_text(number, "quarter")
        if unit in _UNITS:
            return _length_text(number, _UNITS[unit])
        if unit in _DOUBTFUL_UNITS:
            name, days = _DOUBTFUL_UNITS[unit]
            return (*_length_text(number, name), *_length_text(number * days, "day"))
        return ()
    if words != "P" and (iso := _ISO.fullmatch(words)):
        parts = {unit: int(iso[unit] or 0) for unit in ("years", "months", "weeks", "days")}
        said = [text for unit, number in parts.items() for text in _length_text(number, unit[:-1])]
        days = 365 * parts["years"] + 30 * parts["months"] + 7 * parts["weeks"] + parts["days"]
        if parts["years"] or parts["months"]:
            return (" and ".join(said), *_length_text(days, "day"))
        return (" and ".join(said),) if said else ()
    return ()


def _length_text(number: int, unit: str) -> tuple[str, ...]:
    return (f"{number} {unit}{'s' * (number != 1)}",) if number else ()


def times_through(repeats: Repeats, first: date, last: date) -> str:
    """The same, and how often in all where the last is on that day at the latest.

    >>> times_through(Repeats("1 month"), date(2026, 11, 3), date(2027, 1, 31))
    '1 month, 3 in all'
    """
    if "=" in repeats.text:
        return f"{repeats.text};UNTIL={last:%Y%m%d}"
    days = takewhile(lambda day: day <= last, occurrence_days(repeats.text, first))
    times = sum(1 for _, day in zip(range(MOST_IN_ALL + 1), days, strict=False))
    return repeats.text if times > MOST_IN_ALL else f"{repeats.text}, {max(times, 1)} in all"


def occurrence_days(text: str, first: date) -> Iterator[date]:
    """The days on which it falls, from the first on; of what is counted when done, none."""
    rule = parse_recurrence(text)
    if isinstance(rule, Every | Rule):
        yield from rule.after(first, first)
