"""The days that words for a period can mean: `FY2027`, `early 2027`, `the end of summer 2027`.

What these words mean is asked of the rules that refuse them where they stand alone, so a new such
rule is known here too. Of what names no year (`H1`, `mid-March`), the days are counted from the
year of an event, for which `x` stands.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic
from tracker.dates.expressions import quantity
from tracker.dates.periods import parse_period
from tracker.dates.suggestions import feasts, fiscal_years, notations, parts, parts_of_year, phrases
from tracker.dates.suggestions.anchors import SOME_EVENT
from tracker.dates.suggestions.parse_state import ParseState, RefusalRule, existing_period
from tracker.dates.tokens import tokens_of

#: Those that say what a period is that has no name here; the first that leads to days decides.
RULES_OF_PERIODS: tuple[RefusalRule, ...] = (
    parts.range_of_days,
    fiscal_years.year_ending,
    parts.part_of_period,
    notations.other_notation,
    parts_of_year.season_of_feasts,
    feasts.feast,
    parts_of_year.part_of_year,
    parts_of_year.decade,
    fiscal_years.fiscal_year,
    phrases.turn_of_phrase,
)
MOST_TURNS = 3  # "around March 2027" is a notation first, then a guess
MOST_CHARACTERS = 60


class Reading(NamedTuple):
    """One window that is meant: its first and its last day, each as an operand of a line."""

    first: str
    last: str
    period: str | None = None  #: the name of the whole window, where it has one here
    reason: str = ""
    values: tuple[tuple[str, str], ...] = ()

    @property
    def is_day(self) -> bool:
        return self.first == self.last


class VaguePeriod(NamedTuple):
    """What the words of a period can mean."""

    readings: tuple[Reading, ...]
    refused: Diagnostic | None = None  #: why the words are none of a line; None where they are


_END_OF = re.compile(
    r"(?:the )?(?:very )?(?:(?:end|close|last day|expiry|expiration|conclusion)(?: of |[ -])"
    r"|(?:eoy|year[ -]?end|eom|month[ -]?end|eoq|quarter[ -]?end) (?:of )?|eo(?=[hq][1-4]))"
    r"(?:the )?(?:year )?"
    r"(?=\w)",
    re.IGNORECASE,
)
_OF_NO_YEAR = re.compile(
    r"(?:the )?(?:eo[mqh]|(?:month|quarter|half(?:-year)?)[ -]?end) (?:of )?[0-9]{4}$",
    re.IGNORECASE,
)
_START_OF = re.compile(
    r"(?:the )?(?:very )?(?:start|beginning|first day|outset|opening|commencement)(?: of |[ -])"
    r"(?:the )?(?:year )?(?=\w)",
    re.IGNORECASE,
)


#: A time of day as documents write it.
HOUR = (
    r"(?:at |by )?\(?(?:[0-9]{1,2}:[0-9]{2}|[0-9]{1,2}(?:[:.][0-9]{2})? ?[ap]\.?m\b|noon\b"
    r"|midday\b|midnight\b|aoe\b|anywhere on earth)"
)
_WEEKDAY = r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
_NO_PERIOD = re.compile(rf"(?:^|\W){HOUR}|\b(?:business|working|cob|eob|eod)\b", re.IGNORECASE)


@lru_cache(maxsize=256)  # a line of several habits asks for the same at each turn
def vague_period(text: str) -> VaguePeriod | None:
    """What the words of a period mean, None where they are none.

    >>> [reading.last for reading in vague_period("early 2027").readings]
    ['2027-03-31', '2027-06-30']
    >>> [reading.last for reading in vague_period("the end of summer 2027").readings]
    ['2027-06-30', '2027-09-30']
    """
    if match := _EDGE_OF_UNIT.fullmatch(text):
        return _edge_of_unit(match)
    if len(text) > MOST_CHARACTERS or _NO_PERIOD.search(text):
        return None
    if re.search("[0-9]{4}", text):
        return _of_year(text)
    of_year = _of_year(text) if re.search("[0-9]{2}", text) else None
    return of_year or _of_any_year(text)


def _of_year(text: str) -> VaguePeriod | None:
    if _OF_NO_YEAR.match(text):
        return None  # a year has twelve month ends
    if match := _END_OF.match(text):
        return _edge(_of_year(text[match.end() :]), "last")
    if match := _START_OF.match(text):
        early = _meaning(text, MOST_TURNS) if match[0].lower().find("first") < 0 else None
        first = _edge(_of_year(text[match.end() :]), "first")
        if first is None or early is None or all(reading.is_day for reading in early.readings):
            return first
        return VaguePeriod((*first.readings, *early.readings), early.refused)
    return _either(text) or _meaning(text, MOST_TURNS)


_EITHER = re.compile(
    r"(?P<left>[^,]{2,30}?)(?: or | and |(?<=[a-z])/(?=[a-z])|(?<=[QqHh][1-4])/(?=[QqHh]))"
    r"(?P<right>.{2,40})"
)


def _either(text: str) -> VaguePeriod | None:
    """`spring or summer 2027`: what each of them means; the year behind the second is both's."""
    match = _EITHER.fullmatch(text)
    year = match and re.search(r"[0-9]{4}", match["right"])
    if match is None or year is None:
        return None
    left = match["left"] if re.search("[0-9]{4}", match["left"]) else f"{match['left']} {year[0]}"
    both = [_of_year(part) for part in (left, match["right"])]
    readings = dict.fromkeys(reading for part in both if part for reading in part.readings)
    if None in both or not readings:
        return None
    return VaguePeriod(tuple(readings), Diagnostic("part-of-period", (0, 0), (("word", text),)))


def _edge(whole: VaguePeriod | None, side: str) -> VaguePeriod | None:
    """Its last day, or its first: `end of FY2027`."""
    if whole is None:
        return None
    readings = []
    for reading in whole.readings:
        day = reading.last if side == "last" else reading.first
        period = reading.period if side == "last" else None
        readings.append(Reading(day, day, period, reading.reason, reading.values))
    return VaguePeriod(tuple(readings), whole.refused)


def _meaning(text: str, turns: int) -> VaguePeriod | None:
    if (reading := _written(text)) is not None:
        return VaguePeriod((reading,))
    if not turns:
        return None
    tokens = tokens_of(text)
    state = ParseState(text, tokens, len(tokens) - 1, "operand")
    for rule in RULES_OF_PERIODS:
        diagnostic = rule(state)
        if diagnostic is None:
            continue
        readings = dict[Reading, None]()
        for suggestion in diagnostic.suggestions:
            further = _meaning(suggestion.write, turns - 1)
            for reading in () if further is None else further.readings:
                own = (reading.reason, reading.values)
                reason, values = own if own[0] else (suggestion.reason, suggestion.values)
                readings[reading._replace(reason=reason, values=values)] = None
        if readings:
            return VaguePeriod(tuple(readings), diagnostic)
    return None


_IN = re.compile(r"(?:(?:in|through) )?(?P<period>[0-9]{4}(?:-[HQW0-9]+){0,2})")
_BETWEEN = re.compile(r"between (?P<first>[0-9][0-9HQW-]+) and (?P<last>[0-9][0-9HQW-]+)")
_DAYS_LATER = re.compile(r"(?P<days>[0-9]{1,2}) days? after (?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})")


def _written(line: str) -> Reading | None:
    """The window of a line that reads: `in 2027-Q1`, `between 2027-03-01 and 2027-03-10`."""
    if match := _IN.fullmatch(line):
        names = (match["period"], match["period"])
    elif match := _BETWEEN.fullmatch(line):
        names = (match["first"], match["last"])
    elif (match := _DAYS_LATER.fullmatch(line)) and existing_period(match["day"]):
        day = str(parse_period(match["day"]).first + timedelta(days=int(match["days"])))
        names = (day, day)
    else:
        return None
    if not all(map(existing_period, names)):
        return None
    first, last = (parse_period(name) for name in names)
    whole = str(first) if names[0] == names[1] and first.kind != "day" else None
    return Reading(str(first.first), str(last.last), whole)


#: A common year that begins on a Monday: days of it stand for those of any year.
_ANY_YEAR = 2001
_OTHER_YEAR = 2002  # which begins on another day of the week
_OF_THE_YEAR = re.compile(
    r"(?:(?<= of)|^|(?<=-)) ?(?:the |this |that |its )?(?:calendar )?year$"
    r"|(?<!\w)(?:eoy|year[ -]?end)$",
    re.IGNORECASE,
)


def _of_any_year(text: str) -> VaguePeriod | None:
    """`H1`, `mid-March`, `week 12`, `the end of the year`: of the year of some event."""
    if re.search(rf"-[0-9]{{2}}$|{_WEEKDAY}", text, re.IGNORECASE) or not re.search(
        "[a-z]", text, re.IGNORECASE
    ):
        return None  # Dec-28 is a day or a month
    if match := _RELATIVE.fullmatch(text):
        return _relative(match)
    if match := _FISCAL.fullmatch(text):
        return _fiscal(match)
    if match := _OF_THE_MONTH.fullmatch(text):
        return _of_the_month(match)
    whole = _OF_THE_YEAR.sub(f" {_ANY_YEAR}", text).strip()
    if whole != text:
        at_end = re.search(r"eoy|year[ -]?end", text, re.IGNORECASE)
        tried = [f"end of {_ANY_YEAR}" if at_end else whole]
    else:
        tried = [f"{text} {_ANY_YEAR}", f"{text} of {_ANY_YEAR}"]
    for line in tried:
        vague = _of_year(line)
        if vague is None or (vague.refused is not None and vague.refused.case == "no-such-period"):
            continue
        of_other = _of_year(line.replace(str(_ANY_YEAR), str(_OTHER_YEAR)))
        others = () if of_other is None else of_other.readings
        in_other = {_of_its_year(reading, _OTHER_YEAR) for reading in others}
        of_any = (_of_its_year(reading, _ANY_YEAR) for reading in vague.readings)
        same = tuple(reading for reading in of_any if reading in in_other)  # no movable feast
        if same:
            return VaguePeriod(same, Diagnostic("no-year", (0, 0), (("words", text),)))
    return None


_EDGE_OF_UNIT = re.compile(
    r"(?:the )?(?:(?P<short>eo[mqh])"
    r"|(?P<unit>week|month|quarter|half-year|half)[ -]end"
    r"|(?P<edge>(?:very )?(?:end|close|last (?P<open>(?:business |working )?)day|start|beginning"
    r"|first day)) of (?:the |that |its )?"
    r"(?P<whole>week|month|quarter|half-year|half))",
    re.IGNORECASE,
)
_SHORT_UNITS = {"m": "month", "q": "quarter", "h": "half-year"}


def _edge_of_unit(match: re.Match[str]) -> VaguePeriod:
    """`month end`, `EOQ`, `the end of the half-year`: of the one in which an event lies."""
    written = match["unit"] or match["whole"] or _SHORT_UNITS[match["short"][-1].lower()]
    unit = written.lower()
    unit = "half-year" if unit == "half" else unit
    at_start = re.search("start|beginning|first", match["edge"] or "", re.IGNORECASE)
    day = f"{'start' if at_start else 'end'} of {unit} of {SOME_EVENT}"
    if match["open"]:
        length = "6 months" if unit == "half-year" else quantity(1, unit)
        day = f"1 business day before start of {unit} of ({length} after {SOME_EVENT})"
    reading = Reading(day, day, None, "from-its-event", (("event", SOME_EVENT),))
    return VaguePeriod((reading,), Diagnostic("counted-from-what", (0, 0), (("words", match[0]),)))


_OF_THE_MONTH = re.compile(
    r"(?:the )?(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)(?: day)?(?: of (?:the|that|its) month)?"
    r"|mid(?:dle)?[ -](?:of (?:the )?)?month)",
    re.IGNORECASE,
)


def _of_the_month(match: re.Match[str]) -> VaguePeriod | None:
    """`the 15th`, `mid-month`: of the month in which an event lies."""
    number = int(match["day"] or 15)
    if not 1 <= number <= 28:
        return None
    start = f"start of month of {SOME_EVENT}"
    day = f"{quantity(number - 1, 'day')} after {start}" if number > 1 else start
    reading = Reading(day, day, None, "from-its-event", (("event", SOME_EVENT),))
    words = (("words", match[0]),)
    return VaguePeriod((reading,), Diagnostic("counted-from-what", (0, 0), words))


_FISCAL = re.compile(
    r"(?P<edge>(?:the )?(?:end|start|beginning|close) of )?(?:the |its |our )?"
    r"(?:fiscal|financial|business) year(?P<behind>[ -]?end)?",
    re.IGNORECASE,
)


def _fiscal(match: re.Match[str]) -> VaguePeriod:
    """`the end of the fiscal year`: of the one in which an event lies."""
    readings = []
    for month, reason in ((9, "fiscal-to-september"), (3, "fiscal-from-april")):
        start = f"start of year of ({quantity(12 - month, 'month')} after {SOME_EVENT})"
        last = f"1 day before ({quantity(month, 'month')} after {start})"
        first = f"{quantity(12 - month, 'month')} before {start}"
        edge = (match["edge"] or match["behind"] or "").lower()
        if edge:
            first = last = last if re.search("end|close", edge) else first
        readings.append(Reading(first, last, None, reason))
    words = (("words", match[0]),)
    return VaguePeriod(tuple(readings), Diagnostic("counted-from-what", (0, 0), words))


_RELATIVE = re.compile(
    r"(?P<edge>(?:the )?(?:end|start|beginning|close) of )?(?:the )?"
    r"(?P<which>next|following|coming|this|current|same|present) (?:calendar )?"
    r"(?P<unit>week|month|quarter|half-year|year)",
    re.IGNORECASE,
)


def _relative(match: re.Match[str]) -> VaguePeriod:
    """`next year`: of a file, which is read at any time, it can be the year after an event."""
    unit = match["unit"].lower()
    length = "6 months" if unit == "half-year" else quantity(1, unit)
    ahead = match["which"].lower() in ("next", "following", "coming")
    point = f"({length} after {SOME_EVENT})" if ahead else SOME_EVENT
    first, last = (f"{edge} of {unit} of {point}" for edge in _EDGES)
    edge = (match["edge"] or "").lower()
    if edge:
        first = last = last if re.search("end|close", edge) else first
    reading = Reading(first, last, None, "from-its-event", (("event", SOME_EVENT),))
    return VaguePeriod((reading,), Diagnostic("relative-day", (0, 0), (("words", match[0]),)))


def _of_its_year(reading: Reading, year: int) -> Reading:
    """The same days of the year in which some event lies."""
    if "-W" in (reading.period or ""):  # ISO 8601: 4 January lies in week 1
        weeks = int(str(reading.period)[-2:]) - 1
        ahead = f"{quantity(weeks, 'week')} and 3 days" if weeks else "3 days"
        first, last = (f"{edge} of week of ({ahead} after {_YEAR_OF_IT})" for edge in _EDGES)
    else:
        first, last = _day_of_its_year(reading.first, year), _last_of_its_year(reading.last, year)
        first = last if reading.is_day else first
    return Reading(first, last, None, "in-its-year", (("event", SOME_EVENT),))


_EDGES = ("start", "end")
_YEAR_OF_IT = f"start of year of {SOME_EVENT}"


def _day_of_its_year(text: str, year: int) -> str:
    day = date.fromisoformat(text)
    ahead = [
        quantity(number, unit)
        for number, unit in ((day.month - 1, "month"), (day.day - 1, "day"))
        if number
    ]
    start = f"start of year of {_near(day.year - year)}"
    return f"{' and '.join(ahead)} after {start}" if ahead else start


def _near(years: int) -> str:
    """The event, or a day so many years from it."""
    if not years:
        return SOME_EVENT
    way = "after" if years > 0 else "before"
    return f"({quantity(abs(years), 'year')} {way} {SOME_EVENT})"


def _last_of_its_year(text: str, year: int) -> str:
    """The end of a month as such, for February has two."""
    day = date.fromisoformat(text)
    if (day + timedelta(days=1)).day != 1:
        return _day_of_its_year(text, year)
    if day.month == 12:
        return f"end of year of {_near(day.year - year)}"
    inside = _day_of_its_year(str(day.replace(day=1)), year)
    return f"end of month of {f'({inside})' if day.month > 1 else inside}"
