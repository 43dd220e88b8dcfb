"""The habits of documents that state dates in words of their own: one short rule each.

"by 2030", "ninety (90) days", "early 2028", "no later than": each is refused with the lines that it
could mean. docs/words.md lists them; rules.py says in which order they are tried.
"""

from __future__ import annotations

import re
from fractions import Fraction

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number
from tracker.dates.suggestions.parse_state import ParseState
from tracker.dates.tokens import EDGE_UNITS, ID, UNITS, collapse_spaces

_MEASURE = (
    r"(?:(?:business|working|banking|calendar|clear|consecutive) )*"
    r"(?:hour|day|week|month|quarter|year|fortnight|half-year|semester|decade)s?"
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


_OTHER_UNITS = {
    "fortnight": (2, "week"), "half-year": (6, "month"), "semester": (6, "month"),
    "decade": (10, "year"), "century": (100, "year"), "trimester": (3, "month"),
}  # fmt: skip
_OTHER_UNIT = re.compile(
    rf"(?<![\w-])(?P<number>[0-9]{{1,5}}) (?P<unit>{'|'.join(_OTHER_UNITS)})s?(?![\w-])",
    re.IGNORECASE,
)


def other_units(state: ParseState) -> Diagnostic | None:
    """`2 fortnights after x`, `1 decade`: in the units that there are."""
    match = _OTHER_UNIT.search(state.text)
    if match is None:
        return None
    size, unit = _OTHER_UNITS[match["unit"].lower()]
    write = quantity(int(match["number"]) * size, unit)
    suggestions = (Suggestion(state.line_with(match.span(), write)),)
    return Diagnostic("synonym", match.span(), (("words", match[0]),), suggestions)


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
_ONE_WORD = {
    "workday": "business day", "workdays": "business days", "weekdays": "business days",
    "werktag": "business day", "werktage": "business days", "werktagen": "business days",
    "arbeitstag": "business day", "arbeitstage": "business days", "arbeitstagen": "business days",
}  # fmt: skip
_CLEAR = re.compile(
    r"\b(?P<number>[0-9]{1,6}) "
    r"(?:clear (?P<open>business|working|banking|court) days?|days?'? clear)\b"
)


def clear_days_otherwise(state: ParseState) -> Diagnostic | None:
    """`14 days clear`; `3 clear business days`, which end on the fourth business day."""
    match = _CLEAR.search(state.text)
    if match is None:
        return None
    number = int(match["number"])
    length = (
        quantity(number + 1, "business day") if match["open"] else quantity(number, "clear day")
    )
    line = collapse_spaces(state.text[: match.start()] + length + state.text[match.end() :])
    case = "clear-business-days" if match["open"] else "clear-days-behind"
    return Diagnostic(case, match.span(), (), (Suggestion(line),))


def kinds_of_days(state: ParseState) -> Diagnostic | None:
    """`30 calendar days`, `5 working days`, `5 workdays`"""
    for at in range(state.at + 2):
        kind, days = (*state.words(at, 2), "", "")[:2]
        if kind in _ONE_WORD:
            span = state.span_between(at, at)
            case = "werktage" if kind.startswith("werktag") else "business-days"
            suggestion = Suggestion(state.line_with(span, _ONE_WORD[kind]))
            return Diagnostic(case, span, (), (suggestion,))
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
        if at and ID.fullmatch(
            state.tokens[at - 1].text
        ):  # `x until y` is how long something lasts
            return Diagnostic("range", state.tokens[at].span, (("words", state.text),))
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
            if rest == "end" and state.words(at + 3, 1)[0] in EDGE_UNITS:
                suggestions = suggestions[:1]  # the end of a month is by its last day
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


_OR_IF = re.compile(r"(?P<first>.+?)(?:,| or|, or) (?P<then>[^,]+) if (?P<event>\S+)")


def or_without_comma(state: ParseState) -> Diagnostic | None:
    """`x or y if z`, `x, y if z`"""
    match = _OR_IF.fullmatch(state.text)
    if match is None or ", or " in state.text or state.expected not in ("end", "comma"):
        return None
    line = f"{match['first']}, or {match['then']} if {match['event']}"
    return Diagnostic("or-if", state.token.span, (), (Suggestion(line),))


_CONDITION = re.compile(
    r"(?P<day>.{1,300}?),? (?P<word>unless|provided(?: that)?|providing(?: that)?|subject to|if"
    r"|on condition that|so long as|except(?: that)?(?: if)?"
    r"|save(?: that)?(?: if)?|assuming) (?P<rest>.{1,300})",
    re.IGNORECASE,
)


_CONDITION_FIRST = re.compile(
    r"(?P<word>unless|except if|save if|provided(?: that)?) (?P<rest>[^,]{1,100}), "
    r"(?P<day>.{1,300})",
    re.IGNORECASE,
)
_RENEWAL = re.compile(
    r"(?:renew(?:s|ed|able)? (?:for |by )?)?(?P<length>[0-9]{1,4} (?:day"
    r"|week|month|quarter|year)s?)"
    r"(?P<most>, at most [0-9]+ times?)?,? (?P<word>if"
    r"|unless) (?P<event>[a-z][a-z0-9]*(?:[-._/][a-z0-9]+)*)"
)


def conditions(state: ParseState) -> Diagnostic | None:
    """`unless`, `provided`, `subject to`: the day alone, or what waits for the condition."""
    match = _CONDITION.fullmatch(state.text) or _CONDITION_FIRST.fullmatch(state.text)
    if match is None or " or " in match["day"]:
        for token in state.tokens[: state.at + 1]:
            if token.text.lower() in ("unless", "provided", "subject", "if"):
                return Diagnostic("condition", token.span, (("word", token.text),))
        return None
    word, day = match["word"].lower(), match["day"]
    if renewal := _RENEWAL.fullmatch(state.text):
        return _of_term(renewal)
    waits = word in ("if", "provided", "providing", "provided that", "subject to")
    suggestions = [Suggestion(day, "the-day-alone")]
    if waits and ID.fullmatch(match["rest"]):
        suggestions.append(Suggestion(f"latest of {day}, {match['rest']}", "waits-for-it"))
    span = match.span("word")
    return Diagnostic("condition", span, (("word", match["word"]),), tuple(suggestions))


def _of_term(renewal: re.Match[str]) -> Diagnostic:
    """`10 years if renewal`: how a term goes on."""
    write = "{length}{most} {word} {event}".format_map(renewal.groupdict(""))
    suggestions = (Suggestion(write, "term-that-renews", key="renews"),)
    values = (("word", renewal["word"]),)
    return Diagnostic("condition-of-term", renewal.span("word"), values, suggestions)


def days_from(state: ParseState) -> Diagnostic | None:
    """`30 days from x`: is x counted?"""
    token = state.token
    if state.expected != "direction" or token.text.lower() not in ("from", "since", "following"):
        return None
    suggestions = [Suggestion(state.line_with(token.span, "after"), "not-counted")]
    length = collapse_spaces(state.text[: token.start])
    if state.tokens[0].is_number and not re.search(r"business|clear|hour", length):
        suggestions.append(Suggestion(length, "counted", key="lasts"))
    return Diagnostic("days-from", token.span, (("word", token.text),), tuple(suggestions))


_UNTIL_MIDNIGHT = re.compile(
    r"(?:(?:on|at|by) or )?(?:by|until|till|up to|before|(?:no|not) later than|(?:at the )?latest"
    r"|due) $"
)


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
        if match := _UNTIL_MIDNIGHT.search(state.text, 0, span[0]):
            span = (match.start(), span[1])
        suggestions = (
            Suggestion(state.line_with(span, day), "its-end"),
            Suggestion(state.line_with(span, f"1 day before {day}"), "its-beginning"),
        )
        return Diagnostic("midnight", state.tokens[at].span, (), suggestions)
    return None
