"""How often something happens: `every six months`, `the third Thursday of each month`.

What it comes to is a value of the key `repeats`: a length, or a rule of RFC 5545 where a day of the
week, month or year is named.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TypeAlias

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.recurrence import MOST_COUNTED
from tracker.dates.suggestions.months import MONTHS, month_number
from tracker.dates.suggestions.numbers import NUMBER_WORDS, ORDINALS, ordinal_number, whole_number
from tracker.dates.suggestions.parse_state import ParseState

#: The words that say each length; their hyphens can be spaces.
_LENGTHS_BY_WORDS = {
    "1 year": (
        "annually yearly annual per-annum p.a. once-a-year once-yearly once-per-year each-year"
    ),
    "6 months": (
        "semiannually semi-annually semi-annual half-yearly half-annually twice-a-year"
        " twice-yearly twice-per-year twice-annually six-monthly 6-monthly"
    ),
    "4 months": "three-times-a-year thrice-a-year three-times-per-year four-monthly",
    "1 quarter": "quarterly four-times-a-year once-a-quarter four-times-per-year three-monthly",
    "2 months": "six-times-a-year two-monthly",
    "1 month": "monthly once-a-month once-monthly once-per-month twelve-times-a-year",
    "2 weeks": "fortnightly every-fortnight once-a-fortnight",
    "1 week": "weekly once-a-week once-weekly",
    "1 day": "daily once-a-day",
    "2 years": "biennially biennial two-yearly",
    "3 years": "triennially triennial three-yearly",
    "4 years": "quadrennially quadrennial four-yearly",
    "5 years": "quinquennially quinquennial five-yearly",
    "7 years": "septennially septennial",
    "10 years": "decennially decennial once-a-decade ten-yearly",
    "100 years": "centennially",
}
_TWICE_A_MONTH = (("FREQ=MONTHLY;BYMONTHDAY=1,15", "twice-in-a-month"),)
_TWICE_A_YEAR = (("6 months", "twice-in-a-year"), ("2 years", "every-second-year"))
_EVERY_TWO_MONTHS = (("2 months", "every-second-month"), *_TWICE_A_MONTH)
#: How often each word says; of some words nobody can say which of two.
_WORDS: dict[str, tuple[tuple[str, str], ...]] = {
    **{
        word: ((length, ""),)
        for length, words in _LENGTHS_BY_WORDS.items()
        for word in words.split()
    },
    **dict.fromkeys(
        "semimonthly semi-monthly twice-a-month twice-monthly half-monthly".split(), _TWICE_A_MONTH
    ),
    "biannually": _TWICE_A_YEAR,
    "biannual": _TWICE_A_YEAR,
    "bi-annually": _TWICE_A_YEAR,
    "bimonthly": _EVERY_TWO_MONTHS,
    "bi-monthly": _EVERY_TWO_MONTHS,
    # Of these nobody can say which: every second week, or twice a week on two days of it.
    **dict.fromkeys("biweekly bi-weekly semiweekly semi-weekly".split(), ()),
}
_WEEKDAYS = dict(
    zip(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "MO TU WE TH FR SA SU".split(),
        strict=True,
    )
)
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b\.?)"
_AND = r"(?:,? and |, ?|,? or |/)"
_NTH = rf"(?P<nth>{ORDINALS}|last|final|penultimate|second[ -]last)"
_OF_EACH = r"(?:day )?(?:of|in) (?:the )?(?:each|every|a|any|calendar|per)(?: calendar)? ?"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|half[ -]year|year|decade)"
_LENGTHS = {
    "fortnight": (2, "week"), "half-year": (6, "month"), "half year": (6, "month"),
    "decade": (10, "year"),
}  # fmt: skip
_FIRST_MONTHS, _LAST_MONTHS = "1,4,7,10", "3,6,9,12"

#: What a phrase means: values of `repeats`, each with the reason to choose it.
_Means: TypeAlias = Callable[[re.Match[str]], Iterator[tuple[str, str]]]


def _weekdays(text: str) -> str:
    days = [_WEEKDAYS[name[:3].lower()] for name in re.findall(_WEEKDAY, text, re.IGNORECASE)]
    return ",".join(dict.fromkeys(days))


def _position(nth: str) -> int:
    word = nth.lower()
    if word in ("last", "final"):
        return -1
    return -2 if "last" in word or word == "penultimate" else ordinal_number(word) or 0


def _word(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield from _WORDS.get(re.sub(r"[ ]+", "-", match[0].lower().strip()), ())


def _every_length(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """every six months, every other week, every third year, each year"""
    words = (match["number"] or "one").lower()
    number = 2 if words in ("other", "second", "alternate") else None
    number = number or whole_number(words) or ordinal_number(words)
    size, unit = _LENGTHS.get(match["unit"].lower(), (1, match["unit"].lower()))
    if number:
        yield quantity(number * size, unit), ""


def _every_weekday(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """every Monday, each Tuesday and Friday, every other Friday, weekly on Tuesdays"""
    words = match[0].lower()
    interval = (
        ";INTERVAL=2" if re.search(r"\b(?:other|second|alternate|fortnight\w*)\b", words) else ""
    )
    yield f"FREQ=WEEKLY{interval};BYDAY={_weekdays(match['days'])}", ""


def _every_workday(_match: re.Match[str]) -> Iterator[tuple[str, str]]:
    yield "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", ""


def _nth_weekday(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """third Thursday of each month, last Friday of each quarter, first Monday of every May"""
    position, day = _position(match["nth"]), _weekdays(match["days"])
    which = ",".join(f"{position}{name}" for name in day.split(","))
    period = (match.groupdict().get("period") or "month").lower()
    if not 1 <= abs(position) <= 5:
        return
    if period == "year":
        yield f"FREQ=YEARLY;BYDAY={which}", ""
    else:
        yield f"{_frequency(period, position)};BYDAY={which}", ""


def _day_of_month(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """on the 15th of each month, monthly on the first, the last day of each quarter"""
    position = int(match["nth"]) if match["nth"].isdigit() else _position(match["nth"])
    period = (match.groupdict().get("period") or "month").lower()
    if not 1 <= abs(position) <= 31:
        return
    if period == "year":
        yield f"FREQ=YEARLY;BYYEARDAY={position}", ""
    else:
        yield f"{_frequency(period, position)};BYMONTHDAY={position}", ""


def _frequency(period: str, position: int) -> str:
    """How often something is at that position of each month, each quarter or one month."""
    if period == "month":
        return "FREQ=MONTHLY"
    if period == "quarter":
        return f"FREQ=YEARLY;BYMONTH={_LAST_MONTHS if position < 0 else _FIRST_MONTHS}"
    return f"FREQ=YEARLY;BYMONTH={month_number(period)}"


def _day_of_year(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """annually on 1 March, every December 31, 1 March of each year"""
    day, month = int(match["day"]), month_number(match["month"])
    if 1 <= day <= 31:
        yield f"FREQ=YEARLY;BYMONTH={month};BYMONTHDAY={day}", ""


def _month_of_year(match: re.Match[str]) -> Iterator[tuple[str, str]]:
    """every March: on the same day of it, which is that of `when`"""
    yield f"FREQ=YEARLY;BYMONTH={month_number(match['month'])}", ""


def _phrase(text: str, means: _Means) -> tuple[re.Pattern[str], _Means]:
    return re.compile(rf"(?:on |in |at |by )?(?:the )?(?:{text})", re.IGNORECASE), means


_DAYS = rf"(?P<days>{_WEEKDAY}(?:{_AND}{_WEEKDAY})*)"
_PERIOD = rf"(?P<period>month|quarter|year|{MONTHS})s?"
_YEARLY = (
    r"(?:annually|yearly|every year|each year|once a year|per year|per annum|every calendar year)"
)
_MONTHLY = r"(?:monthly|every month|each month|once a month)"
_MONTH_DAY = (
    rf"(?:(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th|\.)?(?: day)?(?: of)? (?P<month>{MONTHS})\.?)"
)
_DAY_MONTH = rf"(?:(?P<month>{MONTHS})\.? (?:the )?(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?)"
_WORD_PATTERN = "|".join(
    re.escape(word).replace(r"\-", "[ -]") for word in sorted(_WORDS, key=len, reverse=True)
)

#: What every phrase has in it: most lines have none of it, and pay for no more.
_HINT = re.compile(
    r"every|each|ly\b|annu|ennial|per |once|twice|thrice|times|p\.a\."
    r"|days?s\b|weekdays|fortnight|month"
    r"|of (?:a|any|the)\b",
    re.IGNORECASE,
)


@cache
def _phrases() -> tuple[tuple[re.Pattern[str], _Means], ...]:
    return (
        _phrase(_WORD_PATTERN, _word),
        _phrase(
            rf"(?:once )?(?:every|each|per)(?: (?P<number>other|alternate|{ORDINALS}"
            rf"|{NUMBER_WORDS}|[0-9]{{1,3}})"
            rf"(?: ?\([0-9]{{1,3}}\))?)? (?:calendar |successive |consecutive )?{_UNIT}s?",
            _every_length,
        ),
        _phrase(
            rf"(?:every|each|weekly(?:,| on)?|once a week on|every week on"
            rf"|fortnightly on|every fortnight on"
            rf"|every (?:other|second) week on)(?: other| second| alternate)? {_DAYS}",
            _every_weekday,
        ),
        _phrase(rf"(?P<days>{_WEEKDAY}(?:{_AND}{_WEEKDAY})*)(?<=s)", _every_weekday),
        _phrase(
            r"(?:every|each) (?:weekday|working day|business day|workday)|on weekdays",
            _every_workday,
        ),
        _phrase(rf"{_NTH} {_DAYS} {_OF_EACH}{_PERIOD}", _nth_weekday),
        _phrase(rf"{_MONTHLY},?(?: on)?(?: the)? {_NTH} {_DAYS}", _nth_weekday),
        _phrase(
            rf"(?:every|each) {_NTH} {_DAYS} (?:of|in) (?:the |each |every )?{_PERIOD}",
            _nth_weekday,
        ),
        _phrase(rf"{_YEARLY},?(?: on)?(?: the)? {_NTH} {_DAYS} (?:of|in) {_PERIOD}", _nth_weekday),
        _phrase(
            (
                rf"{_MONTHLY},?(?: on)?(?: the)? (?:day )?(?P<nth>{ORDINALS}|last"
                rf"|[0-9]{{1,2}})(?: day)?"
            ),
            _day_of_month,
        ),
        _phrase(
            rf"(?:day )?(?P<nth>{ORDINALS}|last|[0-9]{{1,2}}) {_OF_EACH}{_PERIOD}", _day_of_month
        ),
        _phrase(
            rf"(?:every|each) {_NTH}(?: day)? (?:of|in) (?:the |a |each |every )?{_PERIOD}",
            _day_of_month,
        ),
        _phrase(rf"{_YEARLY},?(?: on)?(?: the)? (?:{_MONTH_DAY})", _day_of_year),
        _phrase(rf"{_YEARLY},?(?: on)?(?: the)? (?:{_DAY_MONTH})", _day_of_year),
        _phrase(rf"(?:every|each) (?:{_MONTH_DAY})", _day_of_year),
        _phrase(rf"(?:every|each) (?:{_DAY_MONTH})", _day_of_year),
        _phrase(rf"(?:{_MONTH_DAY}),?(?: of)? {_YEARLY}", _day_of_year),
        _phrase(rf"(?:{_DAY_MONTH}),?(?: of)? {_YEARLY}", _day_of_year),
        _phrase(rf"(?:{_YEARLY} in|every|each) (?P<month>{MONTHS})", _month_of_year),
    )


def _of_phrase(text: str) -> tuple[tuple[str, str], ...]:
    if not _HINT.search(text):
        return ()
    for pattern, means in _phrases():
        match = pattern.fullmatch(text)
        if match and (values := tuple(means(match))):
            return values
    return ()


_TIMES = re.compile(
    (
        rf"(?P<often>.+?),? (?:for )?(?P<number>{NUMBER_WORDS}"
        rf"|[0-9]{{1,4}}) times(?: in (?:all|total))?"
    ),
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"(?P<often>.+?),? (?:until|through|till|to"
    r"|ending(?: on)?) (?P<year>[0-9]{4})-(?P<month>[0-9]{2})"
    r"-(?P<day>[0-9]{2})",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?P<often>.+?),? (?P<word>following|after|from|since|starting(?: on| from)?|beginning(?: on)?"
    r"|commencing(?: on)?|as (?:of|from)) (?P<point>.+)",
    re.IGNORECASE,
)
_BUSINESS_DAY = re.compile(
    rf"(?:on )?(?:the )?(?P<nth>{ORDINALS}|last) (?:business|working"
    rf"|banking) day (?:of|in) (?:each|every|the|a) "
    r"(?P<unit>week|month|quarter|year)",
    re.IGNORECASE,
)
_EDGE = re.compile(
    r"(?:at |on |by )?(?:the )?(?:(?P<edge>end|start|beginning) of"
    r"|(?P<month>month|quarter|year)[ -]end,?)"
    r" (?:each|every) (?P<unit>week|month|quarter|half-year|year)",
    re.IGNORECASE,
)
_ANNIVERSARY = re.compile(
    (
        r"(?:on )?(?:each|every)(?: successive| subsequent"
        r"| yearly)? anniversary of (?:the )?(?P<point>.+)"
    ),
    re.IGNORECASE,
)
_FREQUENCIES = {"year": "YEARLY", "month": "MONTHLY", "week": "WEEKLY", "day": "DAILY"}


def how_often(state: ParseState) -> Diagnostic | None:
    """A whole line that says how often: the key `repeats`, and where it says so the first day."""
    text = state.text
    word = re.match(r"(?:every|each)\b", text, re.IGNORECASE)
    span, values = (0, word.end() if word else len(text)), (("word", text),)
    if offers := _of_each_unit(text):
        return Diagnostic("repeating-line", span, values, offers)
    if offers := tuple(
        Suggestion(write, reason, key="repeats") for write, reason in repeats_of(text)
    ):
        return Diagnostic("repeating-word", span, values, offers)
    if match := _ANNIVERSARY.fullmatch(text):
        return Diagnostic("repeating-word", span, values, _with_first_day(match, (("1 year", ""),)))
    begins = _BEGINS.fullmatch(text)
    if begins is None or not (often := repeats_of(begins["often"])):
        return None
    return Diagnostic("repeating-word", span, values, _with_first_day(begins, often))


def says_how_often(word: str) -> bool:
    """Whether it is a word for how often, be it one that is read both ways."""
    return re.sub(" ", "-", word.lower()) in _WORDS


def often_somewhere(state: ParseState) -> Diagnostic | None:
    """`payable monthly`, `30 days after every x`: how often, behind other words."""
    for at, token in enumerate(state.tokens[: state.at + 1]):
        word = token.text.lower()
        if values := repeats_of(state.text[token.start :]):
            offers = tuple(Suggestion(write, reason, key="repeats") for write, reason in values)
            return Diagnostic("repeating-word", token.span, (("word", token.text),), offers)
        if word == "every" and at + 1 < len(state.tokens) - 1:
            offer = Suggestion(state.line_with(token.span, "each"))
            return Diagnostic("repeating-word", token.span, (("word", token.text),), (offer,))
        if word == "every" or word in _WORDS:  # `each` is a word of the grammar
            return Diagnostic("repeating-word", token.span, (("word", token.text),))
    return None


def repeats_of(text: str) -> tuple[tuple[str, str], ...]:
    """The values of `repeats` that a text can mean, each with the reason to choose it.

    >>> repeats_of("every six months"), repeats_of("third Thursday of each month")
    ((('6 months', ''),), (('FREQ=MONTHLY;BYDAY=3TH', ''),))
    >>> repeats_of("monthly, 12 times")
    (('1 month, 12 in all', ''),)
    """
    if values := _of_phrase(text):
        return values
    if (match := _TIMES.fullmatch(text)) and (values := _of_phrase(match["often"])):
        number = whole_number(match["number"]) or 0
        if not 1 <= number <= MOST_COUNTED:
            return ()
        ends = f";COUNT={number}", f", {number} in all"
        return tuple((write + ends["=" not in write], reason) for write, reason in values)
    if (match := _UNTIL.fullmatch(text)) and (values := _of_phrase(match["often"])):
        until = f";UNTIL={match['year']}{match['month']}{match['day']}"
        return tuple((_as_rule(write) + until, reason) for write, reason in values)
    return ()


def _as_rule(write: str) -> str:
    """A length as a rule, which can say until when."""
    if "=" in write:
        return write
    number, unit = write.split(" ")
    count, unit = int(number), unit.removesuffix("s")
    if unit == "quarter":
        count, unit = 3 * count, "month"
    return f"FREQ={_FREQUENCIES[unit]}" + (f";INTERVAL={count}" if count > 1 else "")


def _with_first_day(
    begins: re.Match[str], often: tuple[tuple[str, str], ...]
) -> tuple[Suggestion, ...]:
    """The first day for `when`, and beside it how often: `yearly from 2027-03-01`."""
    point, word = begins["point"], (begins.groupdict().get("word") or "after").lower()
    write = often[0][0]
    counted = word in ("following", "after", "since") and "=" not in write
    first = f"{write} after {point}" if counted else point
    beside = (("repeats", write),)
    return (
        Suggestion(first, "first-of-several", beside),
        *(
            Suggestion(write, reason or "beside-its-first", key="repeats")
            for write, reason in often
        ),
    )


def _of_each_unit(text: str) -> tuple[Suggestion, ...]:
    """Days of a calendar of business days, and edges of each unit, which `each` says."""
    if match := _BUSINESS_DAY.fullmatch(text):
        unit, position = match["unit"].lower(), _position(match["nth"])
        if position == -1:
            return (Suggestion(f"each end of {unit}", "with-roll-and-during"),)
        days = quantity(position, "business day")
        return (Suggestion(f"{days} after each end of {unit}", "with-during"),)
    if match := _EDGE.fullmatch(text):
        edge = "start" if (match["edge"] or "end").lower() in ("start", "beginning") else "end"
        return (Suggestion(f"each {edge} of {match['unit'].lower()}", "with-during"),)
    return ()
