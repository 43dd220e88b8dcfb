"""Years of the eras of Japan, and of the Republic of China: 令和8年, R8, Reiwa 8, 民國115年.

A year beyond the end of its era (平成40年) stands in older contracts: it is counted on, and said to
be none of that era.
"""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from tracker.dates.months import days_in_month

DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
#: A regular expression for a number, in digits or as Japanese spells it.
NUMBER = r"(?:[0-9]{1,4}|[〇一二三四五六七八九十]{1,4})"


class Era(NamedTuple):
    """An era, from its first day to its last."""

    name: str
    first: date
    last: date | None = None
    names: tuple[str, ...] = ()  #: what else it goes by; a letter stands before figures alone


ERAS = (
    Era("令和", date(2019, 5, 1), None, ("reiwa", "令", "r")),
    Era("平成", date(1989, 1, 8), date(2019, 4, 30), ("heisei", "平", "h")),
    Era("昭和", date(1926, 12, 25), date(1989, 1, 7), ("showa", "shōwa", "昭", "s")),
    Era("大正", date(1912, 7, 30), date(1926, 12, 25), ("taisho", "taishō", "大", "t")),
    Era("明治", date(1868, 1, 25), date(1912, 7, 30), ("meiji", "明", "m")),
    Era("民國", date(1912, 1, 1), None, ("民国", "中華民國", "中華民国", "minguo")),
)
_BY_NAME = {name: era for era in ERAS for name in (era.name, *era.names)}
_WRITTEN = "|".join(
    sorted((n for n in _BY_NAME if len(n) > 1 and not n.isascii()), key=len, reverse=True)
)
_YEAR = re.compile(
    rf"(?P<era>{_WRITTEN}|(?<![\w./-])[RHSTMrhstm]\.?|(?<!\w)[令平昭大明](?=[0-9元])) ?"
    rf"(?P<year>元|{NUMBER})(?P<mark>年|[./-](?![0-9]{{3}})(?={NUMBER}(?:[./月-]{NUMBER}|$)))"
    rf"(?=(?: ?(?P<month>{NUMBER})(?:月|[./-]) ?(?:(?P<day>{NUMBER})(?!月))?)?)"
)
_IN_LATIN = re.compile(
    r"(?<![\w./-])(?P<era>reiwa|heisei|sh[oō]wa|taish[oō]|meiji|minguo),? (?:year )?"
    r"(?P<year>[0-9]{1,3}|gannen)(?![\w-])",
    re.IGNORECASE,
)


class EraOfAnother(NamedTuple):
    """A day that lies outside the era that it is stated in."""

    case: str  #: of the diagnostic
    values: tuple[tuple[str, str], ...]

    @property
    def is_counted_on(self) -> bool:
        """Whether it is a day at all: years of an era begin with the first."""
        return self.case != "era-without-year"


def number(text: str) -> int:
    """三十一 and 31 alike; 元 is the first.

    >>> number("三十一"), number("元")
    (31, 1)
    """
    if text in ("元", "gannen"):
        return 1
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (DIGITS.get(tens, 1)) + DIGITS.get(ones, 0)
    return int("".join(str(DIGITS[character]) for character in text))


def in_years(text: str) -> tuple[str, EraOfAnother | None]:
    """The text with the years of the calendar in place of those of eras; and what is wrong.

    >>> in_years("令和8年3月31日")[0], in_years("R12.3.31")[0]
    ('2026年3月31日', '2030.3.31')
    >>> in_years("平成40年3月31日")[1].case
    'era-over'
    """
    outside: list[EraOfAnother] = []

    def year(match: re.Match[str]) -> str:
        era = _BY_NAME[match["era"].strip(" .").lower()]
        years = era.first.year - 1 + number(match["year"].lower())
        parts = match.groupdict()
        month, day = (number(parts[part]) if parts.get(part) else None for part in ("month", "day"))
        if wrong := _outside(era, match, years, month, day):
            outside.append(wrong)
        return f"{years:04}{parts.get('mark') or ''}"

    text = _IN_LATIN.sub(year, _YEAR.sub(year, text))
    return text, outside[0] if outside else None


def _outside(
    era: Era, match: re.Match[str], year: int, month: int | None, day: int | None
) -> EraOfAnother | None:
    """Whether all of what is named lies before the era's first day, or behind its last."""
    words = (("words", match[0].strip("./-")), ("era", era.name))
    if year < era.first.year:
        return EraOfAnother("era-without-year", words)
    if month is not None and not 1 <= month <= 12:
        return None
    first = (year, month or 1, day or 1)
    last = (year, month or 12, day or days_in_month(year, month or 12))
    if last < era.first.timetuple()[:3]:
        return EraOfAnother("era-not-begun", (*words, ("limit", str(era.first))))
    if era.last is not None and first > era.last.timetuple()[:3]:
        return EraOfAnother("era-over", (*words, ("limit", str(era.last))))
    return None
