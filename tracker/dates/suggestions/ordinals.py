"""What is counted by an ordinal: `3rd friday of 2028-03`, `the twentieth day following x`."""

from __future__ import annotations

import re
from datetime import date

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import Period, quantity
from tracker.dates.suggestions.numbers import ORDINALS, ordinal_number
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.suggestions.parts import PERIOD, period_of

_NTH = rf"(?<![\w-])(?:(?:on|by) )?(?:the )?(?P<nth>{ORDINALS}|last|final)"
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = r"(?P<weekday>mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b"
_OPEN_DAY = r"(?:business|working|banking|trading|bank) day"
_OF_PERIOD = re.compile(rf"{_NTH} {_WEEKDAY} (?:of|in) {PERIOD}", re.IGNORECASE)
_OPEN_OF_PERIOD = re.compile(rf"{_NTH} {_OPEN_DAY} (?:of|in) {PERIOD}", re.IGNORECASE)
_UNIT = rf"(?:{_OPEN_DAY}|(?:calendar |clear )?(?:hour|day|week|month|quarter|year))"
_WAY = (
    r"(?:after|following|from|since|subsequent to|past|before|prior to"
    r"|preceding|ahead of)(?! the end)"
)
_COUNTED = re.compile(
    rf"{_NTH} (?P<unit>{_UNIT}) (?:which (?:falls|is) )?(?:immediately |next )?(?P<way>{_WAY})"
    r"(?: the (?:date|day) (?:of|on which))?(?= [a-z0-9(])",
    re.IGNORECASE,
)
_NEXT = re.compile(
    rf"(?<![\w-])(?<![0-9] )(?:(?:on|by) )?(?:the )?(?:very )?(?:next "
    rf"|immediately )?(?P<unit>{_OPEN_DAY}|day)"
    rf"(?: immediately| next)? (?P<way>{_WAY})(?: the (?:date|day) of)?(?= [a-z0-9(])",
    re.IGNORECASE,
)
_OF_NEXT_MONTH = re.compile(
    rf"{_NTH} (?P<unit>{_OPEN_DAY}|day) of (?:the )?(?:(?P<which>next|first|second|third) )?"
    r"(?P<long>month|quarter|half-year|year|week) (?:following|after|of)(?= [a-z0-9(])",
    re.IGNORECASE,
)


def nth_of_period(state: ParseState) -> Diagnostic | None:
    """`3rd friday of 2028-03`, `first Monday in May 2028`: the day itself, computed."""
    match = _OF_PERIOD.search(state.text)
    period = match and period_of(match)
    if match is None or period is None:
        return None
    weekday = _WEEKDAYS.index(match["weekday"][:3].lower())
    day = _weekday_of(match["nth"].lower(), weekday, period)
    suggestions = (Suggestion(state.line_with(match.span(), day)),) if day else ()
    return Diagnostic("nth-weekday", match.span(), (), suggestions)


def _weekday_of(nth: str, weekday: int, period: Period) -> str | None:
    """The nth such weekday of the period as a day, None where it has no such day."""
    span = range(period.first.toordinal(), period.last.toordinal() + 1)
    days = [number for number in span if (number - 1) % 7 == weekday]
    number = len(days) if nth in ("last", "final") else ordinal_number(nth) or 0
    if not 1 <= number <= len(days):
        return None
    return str(period.first.fromordinal(days[number - 1]))


def nth_business_day(state: ParseState) -> Diagnostic | None:
    """`last business day of 2030-Q4`, `5th business day of 2030-10`: days of a calendar."""
    match = _OPEN_OF_PERIOD.search(state.text)
    period = match and period_of(match)
    if match is None or period is None:
        return None
    span = match.span()
    if match["nth"].lower() in ("last", "final"):
        if period.last == date.max:
            return Diagnostic("nth-business-day", span)
        write = f"1 business day before {date.fromordinal(period.last.toordinal() + 1)}"
    elif period.first == date.min:
        return Diagnostic("nth-business-day", span)
    else:
        count = ordinal_number(match["nth"]) or 0
        eve = date.fromordinal(period.first.toordinal() - 1)
        write = f"{quantity(count, 'business day')} after {eve}"
    if re.search(r"\b(?:before|prior to|not (?:before|after)) $", state.text[: span[0]]):
        write = f"({write})"
    suggestion = Suggestion(state.line_with(span, write))
    return Diagnostic("nth-business-day", span, (), (suggestion,))


def nth_after(state: ParseState) -> Diagnostic | None:
    """`the twentieth day following x`, `the next business day after x`: so many days after it."""
    if match := _OF_NEXT_MONTH.search(state.text):
        return _of_next_month(state, match)
    match = _COUNTED.search(state.text) or _NEXT.search(state.text)
    if match is None:
        return None
    nth = match.groupdict().get("nth") or "first"
    last = nth.lower() in ("last", "final")
    way = match["way"].lower()
    back = way in ("before", "prior to", "preceding", "ahead of")
    number = 1 if last else ordinal_number(nth)
    if number is None or (last and not back):
        return None
    unit = match["unit"].lower().removeprefix("calendar ")
    unit = "business day" if re.fullmatch(_OPEN_DAY, unit) else unit
    write = f"{quantity(number, unit)} {'before' if back else 'after'}"
    suggestion = Suggestion(state.line_with(match.span(), write))
    return Diagnostic("synonym", match.span(), (("words", match[0]),), (suggestion,))


def _of_next_month(state: ParseState, match: re.Match[str]) -> Diagnostic | None:
    """`the first business day of the month following x`, `the last day of the month after x`"""
    long, point = match["long"].lower(), state.text[match.end() :].strip()
    which = {"second": 2, "third": 3}.get((match["which"] or "").lower(), 1)
    ahead = 0 if match[0].endswith(" of") and not match["which"] else which
    moved = f"({quantity(ahead, long)} after {point})" if ahead else point
    eve = f"({quantity(ahead - 1, long)} after {point})" if ahead > 1 else point
    last, number = match["nth"].lower() in ("last", "final"), ordinal_number(match["nth"])
    is_open = re.fullmatch(_OPEN_DAY, match["unit"].lower()) is not None
    if last and is_open:
        write = (
            f"1 business day before start of {long} of ({quantity(ahead + 1, long)} after {point})"
        )
    elif last:
        write = f"end of {long} of {moved}"
    elif number == 1 and not is_open:
        write = f"start of {long} of {moved}"
    elif number is None or not ahead:
        return None
    else:
        unit = "business day" if is_open else "day"
        write = f"{quantity(number, unit)} after end of {long} of {eve}"
    span = (match.start(), len(state.text))
    suggestion = Suggestion(state.line_with(span, write))
    return Diagnostic("synonym", match.span(), (("words", match[0]),), (suggestion,))


_BESIDE = re.compile(
    rf"(?:on |by )?(?:the )?(?P<which>first |next |last |previous )?{_WEEKDAY} "
    r"(?:immediately )?(?P<way>after|following|before|preceding|prior to) (?P<point>.{1,200})",
    re.IGNORECASE,
)


def weekday_beside(state: ParseState) -> Diagnostic | None:
    """`first Monday after x`: weeks begin on Monday, so it is the edge of one; so is a Sunday."""
    match = _BESIDE.fullmatch(state.text)
    if match is None:
        return None
    day, point = match["weekday"][:3].lower(), match["point"]
    back = match["way"].lower() not in ("after", "following")
    write = {
        ("mon", False): f"start of week of (1 week after {point})",
        ("mon", True): f"start of week of (1 day before {point})",
        ("sun", False): f"end of week of (1 day after {point})",
        ("sun", True): f"end of week of (1 week before {point})",
    }.get((day, back))
    suggestions = () if write is None else (Suggestion(write),)
    return Diagnostic("weekday-beside", match.span(), (("words", match[0]),), suggestions)
