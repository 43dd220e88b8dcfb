"""The habits of documents that state dates in words of their own: one short rule each.

"by 2030", "ninety (90) days", "early 2028", "no later than": each is refused with the lines that it
could mean. docs/words.md lists them; rules.py says in which order they are tried.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.periods import parse_period
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.tokens import UNITS, Token, collapse_spaces, tokens_of

_MEASURE = (
    r"(?:(?:business|working|banking|calendar|clear|consecutive) )*"
    r"(?:hour|day|week|month|quarter|year)s?"
)
_IN_BOTH = re.compile(
    rf"(?<![\w-])(?:{NUMBER_WORDS}|an?) ?\( ?(?P<digits>[0-9]{{1,7}}) ?\)", re.IGNORECASE
)
_IN_WORDS = re.compile(
    rf"(?<![\w-])(?P<words>{NUMBER_WORDS}|an?)(?=[ -]{_MEASURE}(?![\w-]))", re.IGNORECASE
)
_DIGITS_TWICE = re.compile(
    r"(?<![\w-])(?P<digits>[0-9]{1,7}) ?\( ?[a-z -]{3,40} ?\)", re.IGNORECASE
)


def spelt_number(state: ParseState) -> Diagnostic | None:
    """`ninety (90) days`, `one month`, `one hundred and twenty days`"""
    for pattern in (_IN_BOTH, _DIGITS_TWICE, _IN_WORDS):
        match = pattern.search(state.text)
        if match is None:
            continue
        if pattern is _IN_WORDS:
            words = match["words"].lower()
            number = 1 if words in ("a", "an") else whole_number(words)
        else:
            number = int(match["digits"])
        if number is not None:
            suggestion = Suggestion(state.line_with(match.span(), f"{number}"))
            return Diagnostic("spelt-number", match.span(), (), (suggestion,))
    return None


def odd_number(state: ParseState) -> Diagnostic | None:
    """`3.5 years`, `-3 days after x`"""
    at = state.at
    match = re.fullmatch(r"([-+]?)([0-9]{1,6})(?:[.,]([0-9]{1,4}))?", state.token.text)
    unit = UNITS.get("".join(state.words(at + 1, 1)))
    if match is None or unit is None or not (match[1] or match[3]):
        return None
    span = state.span_between(at, at + 1)
    whole = _whole(Fraction(f"{match[2]}.{match[3] or 0}"), unit)
    if whole is None:
        return Diagnostic("odd-number", span)
    line = state.line_with(span, whole)
    if match[1] == "-":
        line = re.sub(r"\b(after|before)\b", _opposite, line, count=1)
    return Diagnostic("odd-number", span, (), (Suggestion(line),))


def _opposite(match: re.Match[str]) -> str:
    return "before" if match[0] == "after" else "after"


def _whole(number: Fraction, unit: str) -> str | None:
    """3.5 years as 3 years and 6 months; None where it does not come out whole."""
    smaller, size = {"year": ("month", 12), "quarter": ("month", 3), "week": ("day", 7)}.get(
        unit, (unit, 1)
    )
    whole, rest = divmod(number, 1)
    rest *= size
    if rest.denominator != 1 or (rest and smaller == unit):
        return None
    parts = [quantity(whole, unit)] if whole or not rest else []
    if rest:
        parts.append(quantity(rest.numerator, smaller))
    return " and ".join(parts)


_EVERY_DAY = ("calendar", "consecutive", "civil", "natural", "running")
_OPEN_DAY = ("working", "banking", "trading", "bank", "court", "week")
_ONE_WORD = {"workday": "business day", "workdays": "business days", "weekdays": "business days"}


def kinds_of_days(state: ParseState) -> Diagnostic | None:
    """`30 calendar days`, `5 working days`, `5 workdays`"""
    for at in range(state.at + 2):
        kind, days = (*state.words(at, 2), "", "")[:2]
        if kind in _ONE_WORD:
            span = state.span_between(at, at)
            return Diagnostic(
                "business-days", span, (), (Suggestion(state.line_with(span, _ONE_WORD[kind])),)
            )
        if days not in ("day", "days"):
            continue
        span = state.span_between(at, at + 1)
        if kind in _EVERY_DAY:
            return Diagnostic("calendar-days", span, (), (Suggestion(state.line_with(span, days)),))
        if kind in _OPEN_DAY:
            return Diagnostic(
                "business-days", span, (), (Suggestion(state.line_with(span, f"business {days}")),)
            )
    return None


def until(state: ParseState) -> Diagnostic | None:
    """`until 2030`, `by 2030`: lawyers read both either way."""
    for at in range(state.at + 1):
        word = "".join(state.words(at, 1))
        if word not in ("until", "till", "by", "til"):
            continue
        values = (("word", word),)
        if state.period_at(at + 1):
            return Diagnostic("until", state.tokens[at].span, values, _until_suggestions(state, at))
        if at + 1 < len(state.tokens) - 1:
            head = state.span_between(at, at + 1)
            rest = state.tokens[at + 1].text
            if rest in ("through", "before", "in"):
                suggestions: tuple[Suggestion, ...] = (Suggestion(state.line_with(head, rest)),)
                return Diagnostic("until", state.tokens[at].span, values, suggestions)
            suggestions = (
                Suggestion(state.line_with(head, rest), "that-day-included"),
                Suggestion(state.line_with(head, f"1 day before {rest}"), "that-day-not-included"),
            )
            return Diagnostic("until", state.tokens[at].span, values, suggestions)
        return Diagnostic("until", state.tokens[at].span, values)
    return None


def _until_suggestions(state: ParseState, at: int) -> tuple[Suggestion, ...]:
    span, name = state.tokens[at].span, state.tokens[at + 1].text
    included, excluded = "period-included", "period-not-included"
    if len(name) == len("YYYY-MM-DD"):
        included, excluded = "that-day-included", "that-day-not-included"
    return (
        Suggestion(state.line_with(span, "through"), included),
        Suggestion(state.line_with(span, "before"), excluded),
    )


_DEADLINE_PHRASES = (
    ("no", "later", "than"), ("not", "later", "than"), ("on", "or", "before"), ("on", "or", "by"),
    ("at", "the", "latest"), ("on",),
)  # fmt: skip
#: Counted back, the least that is kept free is the deadline; counted forward, the earliest day.
_LEAST_PHRASES = (
    ("at", "least"), ("no", "fewer", "than"), ("not", "fewer", "than"), ("no", "less", "than"),
    ("not", "less", "than"),
)  # fmt: skip


def deadline_phrases(state: ParseState) -> Diagnostic | None:
    """`no later than 2030-03-15`, `on or before x`, `at least 90 days before x`"""
    for at in range(state.at + 1):
        for phrase in (*_DEADLINE_PHRASES, *_LEAST_PHRASES):
            if state.words(at, len(phrase)) != phrase or at + len(phrase) >= len(state.tokens) - 1:
                continue
            if phrase in _LEAST_PHRASES and not _counts_back(state, at):
                continue
            span = state.span_between(at, at + len(phrase) - 1)
            values = (("words", " ".join(phrase)),)
            return Diagnostic(
                "deadline-phrase", span, values, (Suggestion(state.line_with(span, "")),)
            )
    return None


def _counts_back(state: ParseState, start: int) -> bool:
    words = state.words(start, len(state.tokens))
    ways = (
        word for word in words if word in ("before", "prior", "preceding", "after", "following")
    )
    return next(ways, "") in ("before", "prior", "preceding")


_PARTS_OF_YEAR = {
    "early": ("Q1", "H1"), "mid": ("Q2", "Q3"), "late": ("Q4", "H2"), "spring": ("Q1", "Q2"),
    "summer": ("Q2", "Q3"), "autumn": ("Q3", "Q4"), "fall": ("Q3", "Q4"), "winter": ("Q4", "Q1"),
}  # fmt: skip


def part_of_year(state: ParseState) -> Diagnostic | None:
    """`early 2028`, `mid-2028`, `spring 2028`"""
    for at in range(state.at + 1):
        word, dash, year = state.tokens[at].text.lower().partition("-")
        last = at
        if not dash:
            last = at + 2 if state.words(at + 1, 1) == ("of",) else at + 1
            year = "".join(state.words(last, 1))
        if word not in _PARTS_OF_YEAR or not re.fullmatch(r"[0-9]{4}", year):
            continue
        first = at - 1 if at and state.tokens[at - 1].is_word("in") else at
        span = state.span_between(first, last)
        suggestions = tuple(
            Suggestion(state.line_with(span, f"in {year}-{part}")) for part in _PARTS_OF_YEAR[word]
        )
        return Diagnostic("part-of-year", span, (("word", word),), suggestions)
    return None


def fiscal_year(state: ParseState) -> Diagnostic | None:
    """`FY2027`: whose fiscal year it is, no calendar says; the days of the two that are usual."""
    match = re.search(
        r"(?:\b(?:in|through) )?\b(?:fy|fiscal year|financial year)"
        r"[ -]?(?P<year>[0-9]{4}|[0-9]{2})(?![\w-])",
        state.text,
        re.IGNORECASE,
    )
    if match is None:
        return None
    year = int(match["year"]) + (2000 if len(match["year"]) == 2 else 0)
    if not 1 < year < 9999:
        return Diagnostic("fiscal-year", match.span())
    days = (
        (f"between {year - 1:04}-10-01 and {year:04}-09-30", "fiscal-to-september"),
        (f"between {year:04}-04-01 and {year + 1:04}-03-31", "fiscal-from-april"),
    )
    suggestions = tuple(
        Suggestion(state.line_with(match.span(), write), reason) for write, reason in days
    )
    return Diagnostic("fiscal-year", match.span(), (), suggestions)


_NTH = re.compile(r"(?:[0-9]+(?:st|nd|rd|th)|first|second|third|fourth|fifth|last)")
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def nth_weekday(state: ParseState) -> Diagnostic | None:
    """`3rd friday of 2028-03`: the day itself, computed."""
    for at in range(state.at + 1):
        nth, weekday, of = (*state.words(at, 3), "", "", "")[:3]
        month = state.period_at(at + 3)
        if not (_NTH.fullmatch(nth) and weekday in _WEEKDAYS and of == "of" and month):
            continue
        span = state.span_between(at, at + 3)
        day = _weekday_of(nth, _WEEKDAYS.index(weekday), month)
        return Diagnostic(
            "nth-weekday", span, (), (Suggestion(state.line_with(span, day)),) if day else ()
        )
    return None


def _weekday_of(nth: str, weekday: int, name: str) -> str | None:
    """The nth such weekday of the period as a day, None where it has no such day."""
    period = parse_period(name)
    span = range(period.first.toordinal(), period.last.toordinal() + 1)
    days = [n for n in span if (n - 1) % 7 == weekday]
    number = len(days) if nth == "last" else _number(nth)
    if not 1 <= number <= len(days):
        return None
    return str(period.first.fromordinal(days[number - 1]))


def nth_business_day(state: ParseState) -> Diagnostic | None:
    """`last business day of 2030-Q4`, `5th business day of 2030-10`: days of a calendar."""
    for at in range(state.at + 1):
        nth, kind, day, of = (*state.words(at, 4), "", "", "", "")[:4]
        name = state.period_at(at + 4)
        if not (_NTH.fullmatch(nth) and day == "day" and of == "of" and name):
            continue
        if kind not in ("business", "working", "banking"):
            continue
        span = state.span_between(at, at + 4)
        period = parse_period(name)
        if nth == "last":
            suggestion = Suggestion(state.line_with(span, f"through {name}"), "with-roll-previous")
        elif period.first == date.min:
            return Diagnostic("nth-business-day", span)
        else:
            count = _number(nth)
            eve = date.fromordinal(period.first.toordinal() - 1)
            days = quantity(count, "business day")
            suggestion = Suggestion(state.line_with(span, f"{days} after {eve}"))
        return Diagnostic("nth-business-day", span, (), (suggestion,))
    return None


def _number(nth: str) -> int:
    words = ("first", "second", "third", "fourth", "fifth")
    return words.index(nth) + 1 if nth in words else int(nth[:-2])


OPEN_WORDS = frozenset(
    "tbd tbc tba rolling asap promptly immediately eventually soon ongoing forever never"
    " undated unknown n/a na none indefinitely perpetual perpetually".split()
)

#: How often these words repeat; of `biannually` and `biweekly` nobody can say.
REPEATING_WORDS = {
    "annually": "1 year", "yearly": "1 year", "quarterly": "1 quarter", "monthly": "1 month",
    "weekly": "1 week", "daily": "1 day", "semiannually": "6 months", "fortnightly": "2 weeks",
    "biannually": None, "biweekly": None,
}  # fmt: skip


def repeating_words(state: ParseState) -> Diagnostic | None:
    """`annually`, `monthly`, `every 3 months`, `each year`"""
    for at in range(state.at + 1):
        token = state.tokens[at]
        word, length = token.text.lower(), None
        if word in ("every", "each"):
            length = _every(state.tokens, at + 1)
            if length is None and word == "each":  # of what repeats: a word of the grammar
                continue
        elif word in REPEATING_WORDS:
            length = REPEATING_WORDS[word]
        else:
            continue
        suggestions = (Suggestion(length, key="repeats"),) if length else ()
        return Diagnostic("repeating-word", token.span, (("word", token.text),), suggestions)
    return None


def every(words: str) -> str | None:
    """The length that `every month` or `every 3 months` says; None where it is none."""
    tokens = tokens_of(words)
    return _every(tokens, 1) if len(tokens) > 2 else None


def _every(tokens: Sequence[Token], at: int) -> str | None:
    """The length behind `every`: `month`, `3 months`; None where it is none."""
    number = tokens[at].text if tokens[at].is_number else "1"
    at += tokens[at].is_number
    unit = UNITS.get(tokens[min(at, len(tokens) - 1)].text)
    if unit is None or unit == "hour":
        return None
    return f"{number} {unit}" if number == "1" else f"{number} {unit}s"


_OR_IF = re.compile(r"(?P<first>.+?)(?:,| or|, or) (?P<then>[^,]+) if (?P<event>\S+)")


def or_without_comma(state: ParseState) -> Diagnostic | None:
    """`x or y if z`, `x, y if z`"""
    match = _OR_IF.fullmatch(state.text)
    if match is None or ", or " in state.text or state.expected not in ("end", "comma"):
        return None
    line = f"{match['first']}, or {match['then']} if {match['event']}"
    return Diagnostic("or-if", state.token.span, (), (Suggestion(line),))


def open_words(state: ParseState) -> Diagnostic | None:
    """`TBD`, `rolling`, `asap`; beside a number they say something of a day that is there."""
    if re.search(r"[0-9]", state.text):
        return None
    for at in range(state.at + 1):
        if state.tokens[at].text.lower() in OPEN_WORDS:
            return Diagnostic(
                "no-day-known",
                state.tokens[at].span,
                (("word", state.tokens[at].text),),
                (Suggestion("open", "open-with-a-note"),),
            )
    return None


def conditions(state: ParseState) -> Diagnostic | None:
    """`unless`, `provided`, `subject to`"""
    for at in range(state.at + 1):
        token = state.tokens[at]
        if token.text.lower() in ("unless", "provided", "subject", "if"):
            return Diagnostic("condition", token.span, (("word", token.text),))
    return None


def days_from(state: ParseState) -> Diagnostic | None:
    """`30 days from x`: is x counted?"""
    token = state.token
    if state.expected != "direction" or token.text.lower() not in ("from", "since", "following"):
        return None
    suggestions = [Suggestion(state.line_with(token.span, "after"), "not-counted")]
    length = collapse_spaces(state.text[: token.start])
    if state.tokens[0].is_number and "business" not in length and "hour" not in length:
        suggestions.append(Suggestion(length, "counted", key="lasts"))
    return Diagnostic("days-from", token.span, (("word", token.text),), tuple(suggestions))


def midnight(state: ParseState) -> Diagnostic | None:
    """`midnight 2030-03-15`: a day's beginning, or its end?"""
    for at in range(len(state.tokens) - 1):
        if state.tokens[at].text.lower() != "midnight":
            continue
        last = at + 2 if "".join(state.words(at + 1, 1)) in ("of", "on") else at + 1
        day = state.period_at(last)
        span = state.span_between(at, last) if day else (0, 0)
        if day is None and at and (day := state.period_at(at - 1)):
            span = state.span_between(at - 1, at)
        if day is None:
            return Diagnostic("midnight", state.tokens[at].span)
        suggestions = (
            Suggestion(state.line_with(span, day), "its-end"),
            Suggestion(state.line_with(span, f"1 day before {day}"), "its-beginning"),
        )
        return Diagnostic("midnight", state.tokens[at].span, (), suggestions)
    return None
