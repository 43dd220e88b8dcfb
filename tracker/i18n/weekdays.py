"""Days with their weekday: who reads a message plans a week."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from tracker.i18n.dates import days_in, long_day
from tracker.i18n.translate import Language, catalogue, translate


def day_with_weekday(day: date, language: Language) -> str:
    """A day in a sentence, with its weekday.

    >>> day_with_weekday(date(2028, 10, 1), "en"), day_with_weekday(date(2028, 10, 1), "ja")
    ('Sunday, 1 October 2028', '2028年10月1日(日)')
    """
    return _with_weekday(long_day(day, language), day, language)


def with_weekdays(text: str, language: Language, quoted: Iterable[str] = ()) -> str:
    """The text with the weekday at each day that lacks it.

    What somebody else has written stays as it is: a day within one of the `quoted` texts.

    >>> with_weekdays("from 1 October 2028 to Monday, 2 October 2028", "en")
    'from Sunday, 1 October 2028 to Monday, 2 October 2028'
    >>> with_weekdays("from Wed 10 May 2028", "en")
    'from Wed 10 May 2028'
    >>> with_weekdays("Source: Lease of 1 May 2026", "en", ["Lease of 1 May 2026"])
    'Source: Lease of 1 May 2026'
    """
    days = days_in(text, language)
    if not days:
        return text
    kept = [span for words in quoted for span in _spans_of(words, text)]
    parts: list[str] = []
    at = 0
    for begin, end, day in days:
        whole = _with_weekday(text[begin:end], day, language)
        before, _, behind = whole.partition(text[begin:end])
        has_it = text[:begin].endswith(before) and text[end:].startswith(behind)
        has_it = has_it or text[:end].endswith(short_day_text(day, language))  # Wed 10 May 2028
        if has_it or any(first <= begin and end <= last for first, last in kept):
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
    """
    parts: list[str] = []
    at = 0
    for begin, end, day in days_in(text, language):
        parts += [text[at:begin], short_day_text(day, language)]
        at = end
    return "".join([*parts, text[at:]])


def texts_with_days(lines: Iterable[str], language: Language) -> frozenset[str]:
    """Those of the lines in which days stand as sentences of that language have them.

    >>> texts_with_days(["Lease of 1 May 2026", "Rent"], "en")
    frozenset({'Lease of 1 May 2026'})
    """
    whole = "\n".join(lines)
    chosen = set()
    for begin, end, _ in days_in(whole, language):
        first, last = whole.rfind("\n", 0, begin) + 1, whole.find("\n", end)
        chosen.add(whole[first : last if last >= 0 else len(whole)])
    return frozenset(chosen)


def _with_weekday(day_text: str, day: date, language: Language) -> str:
    weekday = catalogue(language)[f"weekday.{day.weekday()}"]
    return translate(language, "day.weekday", weekday=weekday, day=day_text)


def _spans_of(words: str, text: str) -> list[tuple[int, int]]:
    """Where those words stand in the text."""
    spans, begin = [], text.find(words)
    while begin >= 0:
        spans.append((begin, begin + len(words)))
        begin = text.find(words, begin + 1)
    return spans
