"""What Japanese documents write: days with 年月日 and of an era, 月末, か月以内, 毎月.

All of it is read as the words write it, whatever else stands in the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.tokens import collapse_spaces

#: The year before the first of each era: the first of Reiwa is 2019.
_ERAS = {
    "令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867,
    "R": 2018, "H": 1988, "S": 1925, "T": 1911, "M": 1867,
}  # fmt: skip
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_N = r"(?:[0-9]{1,4}|[〇一二三四五六七八九十]{1,4})"
_ERA_NAME = r"(?:令和|平成|昭和|大正|明治)"

_ERA_DAY = re.compile(
    rf"(?<![\w./-])(?P<era>{_ERA_NAME} ?|[RHSTMrhstm]\.? ?)(?P<year>元|{_N})"
    rf"(?:年 ?|(?P<mark>[./-]))(?P<month>{_N})(?:月 ?(?P<last>末日?)?|(?=[./-]|$|\s))"
    rf"(?:[./-]?(?P<day>{_N})日?)?(?![\w/.-]*[A-Za-z0-9])"
)
_ERA_YEAR = re.compile(
    rf"(?P<era>{_ERA_NAME} ?|[RHSTM]\.? ?)(?P<year>元|{_N})(?P<what>年度末?|年末?)"
)
_DAY = re.compile(
    rf"(?P<year>[0-9]{{4}})(?:年|년) ?(?:(?P<month>{_N})(?:月|월) ?"
    rf"(?:(?P<day>{_N})(?:日|号|일)|(?P<last>末日?))?)?(?P<what>度末?|末)?"
)
#: What a day or period, as the words write it, becomes before a particle.
_BEHIND = (
    (re.compile(r"(?:まで|迄|以前)に?"), {"day": r"\g<0>", "period": "through {}"}),
    (re.compile(r"(?:以降|以後|から)"), {"day": "not before {}", "period": "not before {}"}),
    (re.compile(r"(?:より前|の?前日まで)に?"), {"day": "before {}", "period": "before {}"}),
    (re.compile(r"(?:中|頃|ごろ)に?"), {"day": "in {}", "period": "in {}"}),
)
UNITS_IN_JAPANESE = {
    "営業日": "business day", "週間": "week", "週": "week", "日間": "day", "日": "day",
    "年間": "year", "年": "year", "時間": "hour", "か月": "month", "ヶ月": "month",
    "カ月": "month", "ヵ月": "month", "箇月": "month", "ケ月": "month", "か月間": "month",
}  # fmt: skip
_UNIT = "|".join(sorted(UNITS_IN_JAPANESE, key=len, reverse=True))
_POINT = r"(?P<point>[a-z][a-z0-9._/-]*|[0-9]{4}-[0-9]{2}-[0-9]{2})"
_COUNTED = re.compile(
    rf"{_POINT} ?(?:の(?:発生)?日?)?(?:の?翌日)?(?:から|より|の|後|以後)?(?:起算して)? ?"
    rf"(?P<number>{_N}) ?(?P<unit>{_UNIT})(?P<way>以内|前|後|を経過した日|目)?(?:まで|の日)?に?"
)
_MONTH_END = re.compile(
    rf"{_POINT} ?(?:の日)?の?(?:属する月の)?(?P<next>翌々?)?月?の?月?末日?(?:まで)?に?"
)
_NO_DAY = re.compile(
    r".*(?:未定|速やかに|すみやかに|直ちに|ただちに|遅滞なく|随時|協議の?上|別途|追って).*",
    re.DOTALL,
)
_WEEKDAYS = dict(zip("月火水木金土日", "MO TU WE TH FR SA SU".split(), strict=True))
_EVERY = re.compile(
    rf"毎(?P<unit>日|週|月|年|四半期)(?:第?(?P<nth>{_N}|末|最終)?(?P<weekday>[月火水木金土日])曜日?"
    rf"|(?P<month>{_N})月(?P<day>{_N})日|(?P<of_month>{_N})日|(?P<last>末日?))?"
    rf"|(?P<number>{_N}) ?(?P<length>か月|ヶ月|カ月|ヵ月|箇月|年|週間|週|日)(?:ごと|毎|おき)に?"
)


#: Characters of a line in which spellings are looked for: no day is told in more.
_LONGEST = 200


class _Spelling(NamedTuple):
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str | None]  #: None where it means nothing


def _number(text: str) -> int:
    """三十一 and 31 alike; 元 is the first."""
    if text == "元":
        return 1
    if text.isascii():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return 10 * (_DIGITS.get(tens, 1)) + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[character]) for character in text))


def _of_era(match: re.Match[str]) -> int:
    return _ERAS[match["era"].strip(" .").upper()] + _number(match["year"])


def _era_day(match: re.Match[str]) -> str:
    name = f"{_of_era(match):04}-{_number(match['month']):02}"
    if match["last"]:
        return f"through {name}"
    return f"{name}-{_number(match['day']):02}" if match["day"] else name


def _era_year(match: re.Match[str]) -> str:
    return _whole_year(_of_era(match), match["what"].removeprefix("年"))


def _whole_year(year: int, what: str) -> str:
    """A year, its end, or a fiscal year, which is from April to March."""
    if what == "度":
        return f"between {year:04}-04-01 and {year + 1:04}-03-31"
    if what == "度末":
        return f"{year + 1:04}-03-31"
    return f"through {year:04}" if what == "末" else f"{year:04}"


def _spelt_day(match: re.Match[str]) -> str:
    if not match["month"]:
        return _whole_year(int(match["year"]), match["what"] or "")
    name = f"{match['year']}-{_number(match['month']):02}"
    if match["last"] or match["what"]:
        return f"through {name}"
    return f"{name}-{_number(match['day']):02}" if match["day"] else name


def _counted_from(match: re.Match[str]) -> str:
    length = quantity(_number(match["number"]), UNITS_IN_JAPANESE[match["unit"]])
    if match["way"] == "前":
        return f"{length} before {match['point']}"
    within = "within " if match["way"] == "以内" else ""
    return f"{within}{length} after {match['point']}"


def _month_end(match: re.Match[str]) -> str:
    months = len(match["next"] or "")
    point = match["point"]
    if not months:
        return f"end of month of {point}"
    return f"end of month of ({quantity(months, 'month')} after {point})"


#: In this order: the later ones find what the earlier ones have written.
_SPELLINGS = (
    _Spelling(_ERA_DAY, _era_day),
    _Spelling(_ERA_YEAR, _era_year),
    _Spelling(_DAY, _spelt_day),
    _Spelling(_COUNTED, _counted_from),
    _Spelling(_MONTH_END, _month_end),
)
_PERIOD = re.compile(
    r"(?P<head>through )?(?P<name>[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?)"
    r"(?P<behind>[ぁ-ん中頃迄以前降後日より]{1,6})"
)


def _particle(match: re.Match[str]) -> str | None:
    """2028年3月31日まで, 2028年度以降: what stands behind the day says how it is meant."""
    name = match["name"]
    for particle, writes in _BEHIND:
        if particle.fullmatch(match["behind"]):
            kind = "day" if len(name) == len("YYYY-MM-DD") else "period"
            write = writes[kind].replace(r"\g<0>", "{}").format(name)
            if match["head"]:  # 2028年3月末まで
                return f"{match['head']}{name}"
            if write.startswith("not before") and kind == "period":
                return f"not before {parse_period(name).first}"
            return write
    return None


def japanese(line: str) -> Diagnostic | None:
    """The line in the words' own spelling, where it is one of Japan's; also `R8.11.28`."""
    if len(line) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", line)
    if match := _EVERY.search(text):
        return _how_often(line, match)
    if _NO_DAY.fullmatch(text):
        suggestions = (Suggestion("open", "open-with-a-note"),)
        return Diagnostic("no-day-known", (0, len(line)), (("word", line),), suggestions)
    spelt, first = text, None
    for spelling in _SPELLINGS:
        for match in spelling.pattern.finditer(spelt):
            if write := spelling.write(match):
                first = first or match
                spelt = spelt.replace(match[0], write, 1)
    if first is None:
        return None
    spelt = _PERIOD.sub(lambda match: _particle(match) or match[0], spelt)
    span = first.span() if len(text) == len(line) and first.string == text else (0, len(line))
    return _diagnostic(line, span, collapse_spaces(spelt))


def _diagnostic(line: str, span: tuple[int, int], spelt: str) -> Diagnostic:
    words = line[slice(*span)]
    try:
        parse_period(spelt)
    except NoSuchPeriod as missing:
        nearest = tuple(map(Suggestion, missing.nearest))
        return Diagnostic("no-such-period", span, (("period", words),), nearest)
    except ValueError:  # words around a period
        pass
    return Diagnostic("other-notation", span, (("words", words),), (Suggestion(spelt),))


def _how_often(line: str, match: re.Match[str]) -> Diagnostic:
    """毎月第3木曜日, 3か月ごと: the key `repeats`."""
    suggestions = (Suggestion(_repeats(match), key="repeats"),)
    return Diagnostic("repeating-word", (0, len(line)), (("word", match[0]),), suggestions)


def _repeats(match: re.Match[str]) -> str:
    if match["number"]:
        return quantity(_number(match["number"]), UNITS_IN_JAPANESE[match["length"]])
    unit = match["unit"]
    frequency = {"日": "DAILY", "週": "WEEKLY", "月": "MONTHLY", "年": "YEARLY"}.get(unit)
    if match["weekday"]:
        nth = {"末": "-1", "最終": "-1"}.get(match["nth"] or "", match["nth"] or "")
        number = nth if nth in ("", "-1") else str(_number(nth))
        return f"FREQ={frequency};BYDAY={number}{_WEEKDAYS[match['weekday']]}"
    if match["month"]:
        month, day = _number(match["month"]), _number(match["day"])
        return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    if match["of_month"]:
        return f"FREQ=MONTHLY;BYMONTHDAY={_number(match['of_month'])}"
    if match["last"] and unit == "月":
        return "FREQ=MONTHLY;BYMONTHDAY=-1"
    words = {"日": "day", "週": "week", "月": "month", "年": "year", "四半期": "quarter"}
    return quantity(1, words[unit])


def era_day(state: ParseState) -> Diagnostic | None:
    """`R12.3.31`, `H31.4.30`: a day of a Japanese era in Latin letters."""
    match = _ERA_DAY.search(state.text)
    return match and _diagnostic_of_era(state, match)


def _diagnostic_of_era(state: ParseState, match: re.Match[str]) -> Diagnostic:
    name, span = _era_day(match), match.span()
    values = (("words", match[0]),)
    try:
        parse_period(name)
    except NoSuchPeriod as missing:
        nearest = tuple(Suggestion(state.line_with(span, day)) for day in missing.nearest)
        return Diagnostic("no-such-period", span, (("period", match[0]),), nearest)
    except ValueError:
        pass
    return Diagnostic("other-notation", span, values, (Suggestion(state.line_with(span, name)),))
