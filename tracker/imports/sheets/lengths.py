"""Lengths as sheets have them: `3 months`, `2 Wochen`, `90d`, `3か月`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import LineError
from tracker.dates.expressions import quantity
from tracker.dates.parser import parse_term_length

_UNITS = {
    "day": "d day days tag tage tagen jour jours día dias días giorni dagen 日 日間 天 t j",
    "week": "w wk wks week weeks woche wochen semaine semaines semana semanas 週 週間 周",
    "month": "mo mon mos mth mths month months monat monate monaten mois mes meses mesi maanden"
    " か月 ヶ月 ヵ月 カ月 ケ月 箇月 個月 个月 か月間 ヶ月間",
    "year": "y yr yrs year years jahr jahre jahren an ans année années año años anno anni"
    " jaar 年 年間 a",
}  # fmt: skip
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_COUNTED = re.compile(r"([0-9]+)(?:[.,]0+)? ?([^\W\d_]+)\.?\??")


def read_length(text: str, unit: str | None = None) -> str | None:
    """The length as `lasts` states it; a bare number counts the `unit`. None: it is none.

    >>> read_length("2 Wochen"), read_length("90d"), read_length("3か月"), read_length("4", "week")
    ('2 weeks', '90 days', '3 months', '4 weeks')
    """
    text = " ".join(text.casefold().split())
    if unit and re.fullmatch(r"[0-9]+(?:\.0+)?", text):
        return _term(quantity(int(float(text[:9])), unit))
    if match := _COUNTED.fullmatch(text):
        known = _UNIT_OF.get(match[2])
        if known:
            return _term(quantity(int(match[1][:6]), known))
    return _term(text)


def _term(text: str) -> str | None:
    """The text as it is, or as its refusal would have it, where it is a length of a term."""
    for _ in range(2):
        try:
            parse_term_length(text)
        except LineError as refused:
            offers = {offer.write for offer in refused.diagnostic.suggestions}
            if len(offers) != 1 or len(text) > 100:
                return None
            text = offers.pop()
        else:
            return text
    return None
