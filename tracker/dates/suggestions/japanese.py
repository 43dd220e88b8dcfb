"""What Japanese documents write: days with 年月日 and of an era, 月末, か月以内, 毎月.

All of it is read as the words write it, whatever else stands in the line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.suggestions.anchors import SOME_EVENT
from tracker.dates.suggestions.deadlines import DEADLINE_WORDS, deadline_of_period
from tracker.dates.suggestions.eras import NUMBER, EraOfAnother, in_years, number
from tracker.dates.suggestions.japanese_periods import periods_in_english, plain_japanese
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.tokens import collapse_spaces, tokens_of

_N = NUMBER
_ERA_DAY = re.compile(
    rf"(?<![\w./-])(?P<era>[RHSTMrhstm])\.? ?(?P<year>元|{_N})(?P<mark>[./-])(?P<month>{_N})"
    rf"(?:(?P=mark)(?P<day>{_N}))?(?![\w/.-]*[A-Za-z0-9])"
    r"|(?<![\w./-])(?i:reiwa|heisei|sh[oō]wa|taish[oō]|meiji|minguo),? (?:year )?"
    r"(?:[0-9]{1,3}|gannen)(?![\w-])"
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
_OF_JAPAN = re.compile(r"(?P<time>[0-9]{2}:[0-9]{2}) ?\(?(?:日本時間|日本標準時|JST)\)?")
_BESIDE = re.compile(
    rf"{_POINT} ?(?:の日)?(?P<word>まで|迄|以前|以降|以後|から|の?前日|の?翌日|当日"
    rf"|の?翌々?月(?P<day>{_N})日)(?:まで)?に?"
)
_MONTHS_BY_LAW = re.compile(rf"(?<=[のら後])(?P<number>{_N})月(?=前|以内|間|を経過|後)")
_MONTH_END = re.compile(
    rf"{_POINT} ?(?:の日)?の?(?:属する月の)?(?P<next>翌々?)?月?の?月?末日?(?:まで|迄)?に?は?"
)
_NO_DAY = re.compile(
    r".*(?:未定|速やかに|すみやかに|直ちに|ただちに|遅滞なく|随時|協議の?上|別途|追って).*",
    re.DOTALL,
)
_WEEKDAYS = dict(zip("月火水木金土日", "MO TU WE TH FR SA SU".split(), strict=True))
_EVERY = re.compile(
    rf"毎(?P<unit>日|週|月|年|四半期)(?:第?(?P<nth>{_N}|末|最終)?(?P<weekday>[月火水木金土日])曜日?"
    rf"|(?P<month>{_N})月(?:(?P<day>{_N})日|末日?)|(?P<of_month>{_N})日|(?P<last>末日?))?"
    rf"|(?P<number>{_N}) ?(?P<length>か月|ヶ月|カ月|ヵ月|箇月|年|週間|週|日)(?:ごと|毎|おき)に?"
)


#: Characters of a line in which spellings are looked for: no day is told in more.
_LONGEST = 200


class _Spelling(NamedTuple):
    pattern: re.Pattern[str]
    write: Callable[[re.Match[str]], str]


def _counted_from(match: re.Match[str]) -> str:
    length = quantity(number(match["number"]), UNITS_IN_JAPANESE[match["unit"]])
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


def _beside(match: re.Match[str]) -> str:
    """xまで, xの前日, xの翌月10日"""
    point, word = match["point"], match["word"]
    if match["day"]:
        months = quantity(word.count("翌") + word.count("々"), "month")
        ahead = quantity(number(match["day"]) - 1, "day")
        return f"{ahead} after start of month of ({months} after {point})"
    if "前日" in word or "翌日" in word:
        return f"1 day {'before' if '前日' in word else 'after'} {point}"
    return f"not before {point}" if word in ("以降", "以後", "から") else point


#: In this order: the later ones find what the earlier ones have written.
_SPELLINGS = (
    _Spelling(_COUNTED, _counted_from),
    _Spelling(_MONTH_END, _month_end),
    _Spelling(_BESIDE, _beside),
)
_NO_YEAR = re.compile("[A-Z][a-z]+(?: [0-9]{1,2})?|[QH][1-4]")
_X = SOME_EVENT
#: What hangs on no day that is written: an event's, for which `x` stands.
_OF_SOME_EVENT = {
    "年末": f"end of year of {_X}", "本年末": f"end of year of {_X}",
    "月末": f"end of month of {_X}", "当月末": f"end of month of {_X}",
    "翌月末": f"end of month of (1 month after {_X})", "期末": f"end of quarter of {_X}",
    "四半期末": f"end of quarter of {_X}", "翌日": f"1 day after {_X}",
    "前日": f"1 day before {_X}",
    "翌々月末": f"end of month of (2 months after {_X})",
    # the first of January that follows lies nine months behind April
    "年度末": f"1 day before (3 months after start of year of (9 months after {_X}))",
}  # fmt: skip


_UNTIL = re.compile(r"^遅くと?も|(?:頃|ごろ)?(?:(?:まで|迄)に?は?|以前に?|期限|締切り?|必着)$")


def _behind_english(line: str, words: str, text: str) -> Diagnostic | None:
    """`by 月末`, `before 2028年3月末`: an English word for a deadline, and Japanese behind it."""
    meant = japanese(text)
    if meant is None:
        return None
    suggestions = tuple(
        further
        for offer in meant.suggestions
        if offer.key is None
        for further in _in_a_line(words, offer)
    )
    return replace(meant, span=(0, len(line)), suggestions=suggestions)


def _english_before(text: str) -> str:
    """The English word for a deadline that Japanese stands behind; nothing where there is none."""
    if text.isascii():
        return ""
    matches = (word.pattern.match(text) for word in DEADLINE_WORDS)
    return next((match[0] for match in matches if match), "in " if text.startswith("in ") else "")


def _in_a_line(words: str, offer: Suggestion) -> tuple[Suggestion, ...]:
    """An offer behind those words; a window behind a word for a deadline is a day of it."""
    if words == "in " and offer.write.startswith("between "):
        return (offer,)
    text = f"{words}{offer.write.replace('through ', 'the end of ')}"
    diagnostic = deadline_of_period(ParseState(text, tokens_of(text), 0, "end"))
    return diagnostic.suggestions if diagnostic else (replace(offer, write=text),)


def japanese(line: str) -> Diagnostic | None:
    """The line in the words' own spelling, where it is one of Japan's; also `R8.11.28`."""
    if len(line) > _LONGEST:
        return None
    text = unicodedata.normalize("NFKC", line).strip(" 。")
    if words := _english_before(text):
        return _behind_english(line, words, text.removeprefix(words))
    whole = _UNTIL.sub("", text)
    whole = whole if whole in _OF_SOME_EVENT else whole.removesuffix("日")
    if write := _OF_SOME_EVENT.get(whole):
        suggestion = Suggestion(write, "from-its-event", (("event", SOME_EVENT),))
        return Diagnostic("counted-from-what", (0, len(line)), (("words", line),), (suggestion,))
    if match := _EVERY.search(text):
        return _how_often(line, match)
    text = _MONTHS_BY_LAW.sub(r"\g<number>か月", text)
    dated, outside = in_years(plain_japanese(text))
    spelt = periods_in_english(plain_japanese(dated))
    if _NO_DAY.fullmatch(text) and not re.search(r"[0-9]", spelt):
        suggestions = (Suggestion("open", "open-with-a-note"),)
        return Diagnostic("no-day-known", (0, len(line)), (("word", line),), suggestions)
    for spelling in _SPELLINGS:
        spelt = spelling.pattern.sub(spelling.write, spelt)
    spelt = _OF_JAPAN.sub(r"\g<time> Asia/Tokyo", spelt)
    if spelt == text:
        return None
    return _diagnostic(line, (0, len(line)), collapse_spaces(spelt), outside)


def _diagnostic(
    line: str, span: tuple[int, int], spelt: str, outside: EraOfAnother | None
) -> Diagnostic:
    if outside is not None:
        suggestions = (Suggestion(spelt),) if outside.is_counted_on else ()
        return Diagnostic(outside.case, span, outside.values, suggestions)
    words = line[slice(*span)]
    if _NO_YEAR.fullmatch(spelt):
        return Diagnostic("no-year", span, (("words", words),))
    try:
        parse_period(spelt)
    except NoSuchPeriod as missing:
        nearest = tuple(map(Suggestion, missing.nearest))
        return Diagnostic("no-such-period", span, (("period", words),), nearest)
    except ValueError:  # words around a period
        pass
    return Diagnostic("other-notation", span, (("words", words),), _meant(line, spelt))


def _meant(line: str, spelt: str) -> tuple[Suggestion, ...]:
    """From one day until another: some day of that, or by its last."""
    window = re.fullmatch("between [0-9-]+ and (?P<last>[0-9-]+)", spelt)
    if window is None or not re.search("(?:まで|迄)(?:に|の間)?$", line):
        return (Suggestion(spelt),)
    last = window["last"]
    return (
        Suggestion(spelt, "a-window"),
        Suggestion(f"through {last}", "its-last-day", (("day", str(parse_period(last).last)),)),
    )


def _how_often(line: str, match: re.Match[str]) -> Diagnostic:
    """毎月第3木曜日, 3か月ごと: the key `repeats`."""
    suggestions = (Suggestion(_repeats(match), key="repeats"),)
    return Diagnostic("repeating-word", (0, len(line)), (("word", match[0]),), suggestions)


def _repeats(match: re.Match[str]) -> str:
    if match["number"]:
        return quantity(number(match["number"]), UNITS_IN_JAPANESE[match["length"]])
    unit = match["unit"]
    frequency = {"日": "DAILY", "週": "WEEKLY", "月": "MONTHLY", "年": "YEARLY"}.get(unit)
    if match["weekday"]:
        nth = {"末": "-1", "最終": "-1"}.get(match["nth"] or "", match["nth"] or "")
        which = nth if nth in ("", "-1") else str(number(nth))
        return f"FREQ={frequency};BYDAY={which}{_WEEKDAYS[match['weekday']]}"
    if match["month"]:
        month, day = number(match["month"]), number(match["day"]) if match["day"] else -1
        return f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}"
    if match["of_month"]:
        return f"FREQ=MONTHLY;BYMONTHDAY={number(match['of_month'])}"
    if match["last"] and unit == "月":
        return "FREQ=MONTHLY;BYMONTHDAY=-1"
    words = {"日": "day", "週": "week", "月": "month", "年": "year", "四半期": "quarter"}
    return quantity(1, words[unit])


def era_day(state: ParseState) -> Diagnostic | None:
    """`R12.3.31`, `H31.4.30`, `31 March Reiwa 9`: a day of a Japanese era in Latin letters."""
    match = _ERA_DAY.search(state.text)
    if match is None:
        return None
    span = match.span()
    name, outside = in_years(match[0])
    if parts := re.fullmatch(r"([0-9]{4})[./-]([0-9]{1,2})(?:[./-]([0-9]{1,2}))?", name):
        name = "-".join((parts[1], *(f"{int(part):02}" for part in parts.groups()[1:] if part)))
    if outside is not None:
        line = state.line_with(span, name)
        suggestions = (Suggestion(line),) if outside.is_counted_on else ()
        return Diagnostic(outside.case, span, outside.values, suggestions)
    try:
        parse_period(name)
    except NoSuchPeriod as missing:
        nearest = tuple(Suggestion(state.line_with(span, day)) for day in missing.nearest)
        return Diagnostic("no-such-period", span, (("period", match[0]),), nearest)
    except ValueError:
        pass
    values = (("words", match[0]),)
    return Diagnostic("other-notation", span, values, (Suggestion(state.line_with(span, name)),))
