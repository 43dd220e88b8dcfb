"""Lead times as people write them: `2w`, `a week before`, `P1DT12H`, `30 minutes`, `1週間前`.

A lead is one whole number of one unit, from hours to years. What comes to none is offered as the
next that is long enough: a reminder may come sooner than was asked for, and never too late.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import get_close_matches
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from tracker.dates.diagnostics import Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.suggestions.japanese import UNITS_IN_JAPANESE
from tracker.dates.suggestions.languages import in_english
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number

#: What each unit comes to: so many hours, days or months.
_UNITS: dict[str, tuple[int | Fraction, str]] = {
    "second": (Fraction(1, 3600), "hour"), "minute": (Fraction(1, 60), "hour"),
    "hour": (1, "hour"), "day": (1, "day"), "night": (1, "day"), "sleep": (1, "day"),
    "business day": (1, "business day"), "week": (7, "day"), "fortnight": (14, "day"),
    "month": (1, "month"), "quarter": (3, "month"), "semester": (6, "month"),
    "half-year": (6, "month"), "year": (12, "month"), "decade": (120, "month"),
}  # fmt: skip
_SHORT = {
    "s": "second", "sec": "second", "min": "minute", "mins": "minute", "h": "hour", "hr": "hour",
    "d": "day", "bd": "business day", "wd": "business day", "w": "week", "wk": "week",
    "mo": "month", "mos": "month", "mth": "month", "mon": "month", "q": "quarter", "qtr": "quarter",
    "y": "year", "yr": "year", "a": "year",
}  # fmt: skip
#: The units that a lead can have, with how they are said where they were written so.
_OF_A_LEAD = ("hour", "day", "week", "month", "quarter", "year")
_SAME_DAY = re.compile(
    r"(?:on )?(?:the )?(?:same |very |due )?(?:day|date)(?: of(?: it)?| itself)?"
    r"|same day|today|day of|0|at due|immediately|now|at once|on the spot|当日"
)
_SAME_TIME = re.compile(
    r"(?:at|on) (?:the )?(?:exact )?(?:time|hour|moment|event|start)(?: of .*)?|on time"
)
_EVE = re.compile(
    r"(?:the |on the )?(?:eve|previous day|day prior|night before)(?: of .*)?|前日|tomorrow"
)
_AFTER = re.compile(r"\b(?:after|later|past|overdue|following|late|thereafter|nachher)\b|^\+|後")
_ISO = re.compile(
    r"[-+]?p(?=.)(?:(?P<year>[0-9.]+)y)?(?:(?P<month>[0-9.]+)m)?(?:(?P<week>[0-9.]+)w)?"
    r"(?:(?P<day>[0-9.]+)d)?(?:t(?:(?P<hour>[0-9.]+)h)?(?:(?P<minute>[0-9.]+)m)?"
    r"(?:(?P<second>[0-9.]+)s)?)?"
)
_CLOCK = re.compile(r"(?:\bat )?\b[0-9]{1,2}(?::[0-9]{2} ?(?:[ap]m)?| ?[ap]m)\b")
_COUNTED = re.compile(
    r"(?P<number>[0-9]{1,5}(?:[.,][0-9]{1,3}|/[0-9]{1,3})?|(?<![a-z0-9])(?:the|a|an)?)[ -]?"
    r"(?P<kind>business |working |banking |calendar |clear )?"
    r"(?P<unit>half-year|[a-z]+?)s?(?![a-z'])"
)
_IN_WORDS = re.compile(rf"(?<![a-z])(?P<words>{NUMBER_WORDS}|an?)(?= [a-z])")
_JAPANESE = re.compile(
    r"(?P<number>[0-9]+) ?(?P<unit>分|秒|"
    rf"{'|'.join(sorted(UNITS_IN_JAPANESE, key=len, reverse=True))})"
)
#: Words beside a count that say nothing of it.
_BESIDE = frozenset(
    "before after prior to the in advance of on due date deadline day it this event notice written"
    " early earlier late later ahead ago beforehand past overdue following and reminder remind me"
    " at until left remaining vorher davor nachher avant antes expiry end start from now t d"
    " thereafter minus plus about roughly".split()
)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|曜", re.IGNORECASE)
_MOST = 99_999


class _Length(NamedTuple):
    """What the counts of a text add up to."""

    hours: Fraction = Fraction()
    days: Fraction = Fraction()
    business_days: Fraction = Fraction()
    months: Fraction = Fraction()

    def with_count(self, number: Fraction, unit: str) -> _Length:
        size, base = _UNITS[unit]
        field = {"hour": "hours", "day": "days", "month": "months"}.get(base, "business_days")
        return self._replace(**{field: getattr(self, field) + number * size})


def leads_meant(text: str) -> tuple[Suggestion, ...]:
    """The lead times that a text can mean; each says why, where they are several.

    >>> (
    ...     [lead.write for lead in leads_meant("2w before")],
    ...     [lead.write for lead in leads_meant("P1DT12H")],
    ... )
    (['2 weeks'], ['36 hours', '2 days'])
    >>> [lead.write for lead in leads_meant("30 minutes")]
    ['1 hour', '0 days']
    """
    if _WEEKDAY.search(text):
        return ()  # the Friday before: so far from it as the week has it
    line = " ".join(unicodedata.normalize("NFKC", text[:80]).replace("\u2044", "/").split())
    entries = [
        entry.strip() for entry in re.split(r"[;|、]|,(?! ?[0-9]{1,3}\b [a-z]*day)|, ", line)
    ]
    if len(entries) > 1:
        return _each_entry(entries)
    leads = tuple(dict.fromkeys(_leads(line)))
    return leads if all(int(lead.write.split()[0]) <= _MOST for lead in leads) else ()


def _each_entry(entries: list[str]) -> tuple[Suggestion, ...]:
    """`30 days, 7 days`, `30, 7, 1 days`: a list in one text."""
    unit = re.sub(r"^[0-9]+", "", entries[-1])
    leads = []
    for entry in entries:
        meant = tuple(_leads(f"{entry}{unit}" if entry.isdecimal() else entry))
        if not meant:
            return ()
        leads.append(Suggestion(meant[0].write, "lead-entry"))
    return tuple(dict.fromkeys(leads))


def _leads(written: str) -> Iterator[Suggestion]:
    line = written.casefold()
    after = " after" if _AFTER.search(line) else ""
    if _SAME_DAY.fullmatch(line) or _CLOCK.fullmatch(line):
        yield Suggestion("0 days")
    elif _EVE.fullmatch(line):
        yield Suggestion("1 day")
    elif _SAME_TIME.fullmatch(line):
        yield Suggestion("0 hours", "lead-of-a-time")
        yield Suggestion("0 days", "lead-on-the-day")
    elif bare := re.fullmatch(r"(?:[td] ?)?[-+]? ?([0-9]{1,5})(?: (?:before|after|prior))?", line):
        yield Suggestion(f"{quantity(int(bare[1]), 'day')}{after}")
    elif glued := re.fullmatch(r"[-+]?([0-9]{1,5}) ?m", line):
        leads = tuple(_short_or_long(int(glued[1]), after))
        yield from (Suggestion(leads[1].write),) if written.endswith("M") else leads
    else:
        yield from _by_counts(line, after)


def _short_or_long(number: int, after: str) -> Iterator[Suggestion]:
    """`15m`: minutes, as calendars write them, or months."""
    hours = ceil(Fraction(number, 60))
    yield Suggestion(f"{quantity(hours, 'hour')}{after}", "lead-minutes")
    yield Suggestion(f"{quantity(number, 'month')}{after}", "lead-months")


def _by_counts(line: str, after: str) -> Iterator[Suggestion]:
    counts = _counts(line)
    if not counts:
        return
    if len(counts) == 1 and counts[0][1] in _OF_A_LEAD and counts[0][0].denominator == 1:
        number, unit = counts[0]
        yield Suggestion(f"{quantity(int(number), unit)}{after}")
        return
    length = _Length()
    for number, unit in counts:
        length = length.with_count(number, unit)
    yield from (
        Suggestion(f"{write}{after}", reason)
        for write, reason in (_in_days_after(length) if after else _in_one_unit(length))
    )


def _counts(line: str) -> list[tuple[Fraction, str]]:
    """Each number with its unit; none where the text says more than these."""
    if match := _ISO.fullmatch(line):
        return [(Fraction(number), unit) for unit, number in match.groupdict().items() if number]
    rest, counts = _CLOCK.sub(" ", line), []
    for match in _JAPANESE.finditer(rest):
        unit = {"分": "minute", "秒": "second"}.get(match["unit"])
        counts.append((Fraction(match["number"]), unit or UNITS_IN_JAPANESE[match["unit"]]))
    if counts:
        return counts if not re.sub(r"[0-9前後に]", "", _JAPANESE.sub("", rest)).strip() else []
    rest = in_english(_in_digits(rest))
    for match in _COUNTED.finditer(rest):
        unit = _unit(match["unit"], bool(match["number"]))
        if unit is None or (not match["number"] and counts):
            continue
        if match["kind"] and match["kind"] not in ("calendar ", "clear "):
            unit = "business day"
        number = match["number"].replace(",", ".")
        counts.append((Fraction(1) if number in ("", "the", "a", "an") else Fraction(number), unit))
        rest = rest.replace(match[0], " ", 1)
    beside = set(re.findall("[a-z0-9]+", rest)) - _BESIDE
    return [] if beside else counts


def _unit(word: str, is_counted: bool) -> str | None:
    if word in _UNITS or word in _SHORT:
        return word if word in _UNITS else _SHORT[word] if is_counted else None
    if not is_counted or len(word) < 2 or word in _BESIDE:
        return None
    near = get_close_matches(word, _UNITS, n=1, cutoff=0.65 if len(word) > 2 else 0.75)
    return near[0] if near else None


def _in_digits(line: str) -> str:
    """`half an hour` as `1/2 hour`, `one and a half weeks` as `1.5 weeks`."""
    line = " ".join(re.sub(r"\([^()]*\)", " ", line.replace("'", " ")).split())
    line = re.sub(r"\b(?:a )?half(?: of)?(?: an?)? (?=[a-z])(?!-)|\ba half-(?=[a-z])", "1/2 ", line)

    def digits(match: re.Match[str]) -> str:
        number = 1 if match["words"] in ("a", "an") else whole_number(match["words"])
        return match[0] if number is None else str(number)

    line = re.sub(r"\b([0-9]+|one) and (?:a half|1/2)(?= )", lambda m: f"{m[1]} and-half", line)
    line = " ".join(_IN_WORDS.sub(digits, line).split())
    line = re.sub(r"\b([0-9]+) and-half", r"\1.5", line)
    return re.sub(r"\b([0-9]+) ([a-z]+) and (?:a|1) half$", r"\1.5 \2", line)


def _in_one_unit(length: _Length) -> Iterator[tuple[str, str]]:
    """The length in one unit, or the shortest that is at least as early."""
    days = length.days + _calendar_days(length.business_days)
    if length.months and not days and not length.hours and length.months.denominator == 1:
        years, rest = divmod(int(length.months), 12)
        yield quantity(int(length.months), "month") if rest else quantity(years, "year"), ""
        return
    days += ceil(31 * length.months)
    hours = length.hours
    whole = ceil(days + hours / 24)
    earlier = "lead-business" if length.business_days else "lead-whole" if length.months else ""
    if hours + 24 * days < 1:
        yield "1 hour", "lead-of-a-time"
        yield "0 days", "lead-on-the-day"
    elif hours or days.denominator != 1:
        yield quantity(ceil(hours + 24 * days), "hour"), "lead-of-a-time"
        yield quantity(whole, "day"), "lead-whole"
    else:
        weeks, rest = divmod(whole, 7)
        in_weeks = not rest and not earlier and not length.months
        yield (quantity(weeks, "week") if in_weeks else quantity(whole, "day")), earlier


def _in_days_after(length: _Length) -> Iterator[tuple[str, str]]:
    """Behind its day nothing is on the day itself."""
    yield from (lead for lead in _in_one_unit(length) if lead[0] != "0 days")


def _calendar_days(business_days: Fraction) -> Fraction:
    """Days that hold so many business days, wherever the weekend falls."""
    weeks, rest = divmod(business_days, 5)
    return 7 * weeks + (rest + 2 if rest else rest)
