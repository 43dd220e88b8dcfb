"""Days with their weekday: who reads a message plans a week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from tracker.i18n.dates import days_in, long_day
from tracker.i18n.translate import Language, catalogue, translate


def day_with_weekday(day: date, language: Language) -> str:
    """A day in a sentence, with its weekday.

    >>> day_with_weekday(date(2028, 10, 1), "en"), day_with_weekday(date(2028, 10, 1), "ja")
    ('Sunday, 1 October 2028', '2028年10月1日(日)')
    """
    return _with_weekday(long_day(day, language), day, language)


def with_weekdays(
    text: str, language: Language, quoted: Mapping[str, Sequence[str]] = MappingProxyType({})
) -> str:
    """The text with the weekday at each day that lacks it.

    What somebody else has written stays as it is: a day within one of the `quoted` texts, which
    texts_with_days() gives by the days in them.

    >>> with_weekdays("from 1 October 2028 to Monday, 2 October 2028", "en")
    'from Sunday, 1 October 2028 to Monday, 2 October 2028'
    >>> with_weekdays("from Wed 10 May 2028", "en")
    'from Wed 10 May 2028'
    >>> quoted = texts_with_days(["Lease of 1 May 2026"], "en")
    >>> with_weekdays("Source: Lease of 1 May 2026", "en", quoted)
    'Source: Lease of 1 May 2026'
    """
    days = days_in(text, language)
    if not days:
        return text
    parts: list[str] = []
    at = 0
    for begin, end, day in days:
        whole = _with_weekday(text[begin:end], day, language)
        before, _, behind = whole.partition(text[begin:end])
        has_it = text[:begin].endswith(before) and text[end:].startswith(behind)
        has_it = has_it or text[:end].endswith(short_day_text(day, language))  # Wed 10 May 2028
        if has_it or _is_within((begin, end), text, quoted.get(text[begin:end], ())):
            continue
        parts += [text[at:begin], whole]
        at = end
    return "".join([*parts, text[at:]])


def short_day_text(day: date, language: Language) -> str:
    """A day with its weekday, in as few letters as there can be.

    >>> short_day_text(date(2028, 10, 1), "en"), short_day_text(date(2028, 10, 1), "ja")
    ('Sun 1 Oct 2028', '2028年10月1日(日)')
    """
    sentences = catalogue(language)
    return translate(
        language,
        "day.subject",
        weekday=sentences[f"weekday.{day.weekday()}"],
        day=day.day,
        month=sentences[f"month.{day.month}"],
        year=day.year,
    )


def with_short_days(text: str, language: Language) -> str:
    """The text with each day in few letters.

    >>> with_short_days("from 1 October 2028 to 2 October 2028", "en")
    'from Sun 1 Oct 2028 to Mon 2 Oct 2028'
    >>> with_short_days("Rent, Sunday, 1 October 2028", "en")
    'Rent, Sun 1 Oct 2028'
    """
    parts: list[str] = []
    at = 0
    for begin, end, day in days_in(text, language):
        before, _, behind = _with_weekday("\n", day, language).partition("\n")
        has_it = text[at:begin].endswith(before) and text[end:].startswith(behind)
        first = begin - len(before) if has_it else begin
        parts += [text[at:first], short_day_text(day, language)]
        at = end + len(behind) if has_it else end
    return "".join([*parts, text[at:]])


def texts_with_days(lines: Iterable[str], language: Language) -> dict[str, list[str]]:
    """Those of the lines in which days stand as sentences of that language have them, by the days.

    >>> texts_with_days(["Lease of 1 May 2026", "Rent"], "en")
    {'1 May 2026': ['Lease of 1 May 2026']}
    """
    whole = "\n".join(lines)
    by_day: dict[str, list[str]] = {}
    for begin, end, _ in days_in(whole, language):
        first, last = whole.rfind("\n", 0, begin) + 1, whole.find("\n", end)
        line = whole[first : last if last >= 0 else len(whole)]
        by_day.setdefault(whole[begin:end], []).append(line)
    return by_day


def _with_weekday(day_text: str, day: date, language: Language) -> str:
    weekday = catalogue(language)[f"weekday.{day.weekday()}"]
    return translate(language, "day.weekday", weekday=weekday, day=day_text)


def _is_within(span: tuple[int, int], text: str, quoted: Iterable[str]) -> bool:
    """Whether one of those texts stands there."""
    begin, end = span
    for words in quoted:
        at = text.find(words)
        while 0 <= at <= begin:
            if end <= at + len(words):
                return True
            at = text.find(words, at + 1)
    return False
