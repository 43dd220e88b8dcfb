"""Counts without the event that they are counted from: `M18`, `T+2`, `within 30 days`, `±3 days`.

Where a line names no event, `x` stands for it, as in the pages that explain the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tracker.dates.diagnostics import Diagnostic, Suggestion
from tracker.dates.expressions import quantity
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number
from tracker.dates.suggestions.parse_state import ParseState

#: Stands for an event that the line does not name.
SOME_EVENT = "x"
_FROM_IT = (("event", SOME_EVENT),)

_UNITS = {
    "bd": "business day", "bds": "business day", "wd": "business day", "h": "hour", "hr": "hour",
    "hrs": "hour", "d": "day", "w": "week", "wk": "week", "wks": "week", "m": "month",
    "mo": "month", "mos": "month", "mth": "month", "mths": "month", "q": "quarter", "y": "year",
    "yr": "year", "yrs": "year", "working day": "business day", "banking day": "business day",
    "trading day": "business day", "calendar day": "day", "cd": "day",
}  # fmt: skip
_UNIT = (
    r"(?P<unit>(?:(?:business|working|banking|trading|calendar|clear) )?"
    r"(?:hour|day|week|month|quarter|year)s?|[A-Za-z]{1,4}\b)"
)
_LENGTH = (
    r"(?:(?:[0-9]{1,5}|" + NUMBER_WORDS + r")(?: ?\([0-9]{1,5}\))? (?:(?:business|working|clear) )?"
    r"(?:hour|day|week|month|quarter|year)s?(?: and )?)+"
)
_ID = r"[A-Za-z][A-Za-z0-9]*(?:[-._/][a-z0-9]+)*"

_PROJECT_MONTH = re.compile(
    r"(?<![\w./-])(?:(?:in|by|at|on|through|until|end of|the end of|due) )*"
    r"(?:M ?(?P<short>[0-9]{1,3})|(?:(?:project |contract )(?P<kind>month"
    r"|week|year|day|quarter)|(?P<plain>month|year))"
    r" (?P<number>[0-9]{1,3}))(?: (?:of|after|from) (?:the )?(?P<event>[a-z][a-z0-9._/-]*))?"
    r"(?![\w/.-]| [0-9])",
    re.IGNORECASE,
)


def project_month(state: ParseState) -> Diagnostic | None:
    """`M18`, `project month 18`, `end of month 6`: so long after the project's start."""
    match = _PROJECT_MONTH.search(state.text)
    if match is None:
        return None
    number = int(match["short"] or match["number"])
    event = (match["event"] or SOME_EVENT).lower()
    length = quantity(number, (match["kind"] or match["plain"] or "month").lower())
    line = state.line_with(match.span(), f"{length} after {event}")
    suggestion = Suggestion(line, "" if match["event"] else "from-its-event", _FROM_IT)
    return Diagnostic("project-month", match.span(), (("words", match[0]),), (suggestion,))


_PLUS = re.compile(
    rf"(?<![\w./+-])(?P<event>{_ID}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}})"
    rf"(?P<sign> ?\+ ?| - |(?<=[A-Z])-)"
    rf"(?P<number>[0-9]{{1,5}})(?: ?{_UNIT})?(?![\w+])"
)


def plus_days(state: ParseState) -> Diagnostic | None:
    """`T+2`, `x + 30 days`, `D-5BD`: so long after or before an event."""
    for match in _PLUS.finditer(state.text):
        if match["sign"] == "-" and len(match["event"]) > 1:
            continue  # a name such as AGI-2
        unit = (match["unit"] or "").lower()
        unit = _UNITS.get(unit) or _UNITS.get(unit.removesuffix("s")) or unit.removesuffix("s")
        if unit and unit.split(" ")[-1] not in ("hour", "day", "week", "month", "quarter", "year"):
            continue
        suggestions = tuple(
            Suggestion(state.line_with(match.span(), write), reason)
            for write, reason in _counted_from(match, unit)
        )
        return Diagnostic("synonym", match.span(), (("words", match[0]),), suggestions)
    return None


_MINUS = re.compile(r"(?P<event>[a-z])(?P<sign>-)(?P<number>[0-9]{1,4})")


def minus_days(state: ParseState) -> Diagnostic | None:
    """`t-30`, which has the shape of an id: so long before an event of one letter."""
    match = _MINUS.fullmatch(state.token.text)
    if match is None:
        return None
    suggestions = tuple(
        Suggestion(state.line_with(state.token.span, write), reason)
        for write, reason in _counted_from(match, "")
    )
    return Diagnostic("synonym", state.token.span, (("words", match[0]),), suggestions)


def _counted_from(match: re.Match[str], unit: str) -> Iterator[tuple[str, str]]:
    """Without a unit, a settlement (T+2) is counted in business days, all else in days first."""
    event, number = match["event"].lower(), int(match["number"])
    way = "after" if "+" in match["sign"] else "before"
    if unit:
        yield f"{quantity(number, unit)} {way} {event}", ""
        return
    days = (f"{quantity(number, 'day')} {way} {event}", "every-day-counts")
    open_days = (f"{quantity(number, 'business day')} {way} {event}", "business-days-count")
    yield from (open_days, days) if event == "t" else (days, open_days)


_AROUND = r"(?:,? ?(?:±|\+ ?/ ?-|\+-|plus/minus|plus or minus|give or take|either side(?: of)?))"
_TOLERANCE = re.compile(
    rf"(?:(?:in|on) )?(?P<point>{_ID}|[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}"
    rf"|\([^()]{{1,200}}\))?{_AROUND} ?"
    rf"(?P<length>(?P<number>{NUMBER_WORDS}"
    rf"|[0-9]{{1,5}})(?: (?P<unit>(?:business )?[a-z]{{3,8}}))?)",
    re.IGNORECASE,
)
_TOLERANCE_BEFORE = re.compile(
    rf"(?:(?:with)?in )?(?P<length>(?P<number>{NUMBER_WORDS}"
    rf"|[0-9]{{1,5}}) (?P<unit>(?:business )?[a-z]{{3,8}}))"
    r" (?:on )?(?:either|both|each) sides? of (?P<point>.{1,200})"
    r"|(?:(?:with)?in )?(?P<length_or>(?P<number_or>[0-9]{1,5})"
    r" (?P<unit_or>(?:business )?[a-z]{3,8}))"
    r" (?:before or after|before and after|before/after|after or before) (?P<point_or>.{1,200})",
    re.IGNORECASE,
)


def tolerance(state: ParseState) -> Diagnostic | None:
    """`2028-03-15 ±3 days`, `3 days either side of x`: a window around a day."""
    match = _TOLERANCE.fullmatch(state.text) or _TOLERANCE_BEFORE.fullmatch(state.text)
    if match is None:
        return None
    parts = {name.removesuffix("_or"): text for name, text in match.groupdict().items() if text}
    number = whole_number(parts["number"])
    if number is None:
        return None
    length = quantity(number, parts.get("unit", "day").lower().removesuffix("s"))
    point = parts.get("point", SOME_EVENT)
    line = f"between {length} before {point} and {length} after {point}"
    reason = "a-window" if "point" in parts else "from-its-event"
    suggestion = Suggestion(line, reason, _FROM_IT)
    return Diagnostic("around", match.span(), (("words", match[0]),), (suggestion,))


_BARE = re.compile(rf"(?:(?:for|a (?:term|period) of) )*(?P<length>{_LENGTH})", re.IGNORECASE)
_BARE_WITHIN = re.compile(
    rf"(?:within|in|inside|no later than|not later than|at the latest|up to|not more than|by)"
    rf"(?: a (?:period|term) of)? (?P<length>{_LENGTH})(?: (?:thereafter|later|afterwards?))?",
    re.IGNORECASE,
)
_LATER = re.compile(
    rf"(?P<length>{_LENGTH}) (?:later|thereafter|afterwards?|after|from now"
    rf"|hence|before|prior|earlier"
    r"|in advance|beforehand|ahead|notice|prior notice|prior written notice|written notice)",
    re.IGNORECASE,
)


def bare_length(state: ParseState) -> Diagnostic | None:
    """`30 days`, `within one month`: counted from what?"""
    text, span = state.text, (0, len(state.text))
    is_length = state.expected == "number" and not state.at
    if is_length or not re.search(r"[0-9]", text):  # what is wanted, or a number in words first
        return None
    if match := _BARE_WITHIN.fullmatch(text):
        write = f"within {match['length']} after {SOME_EVENT}"
        suggestions: tuple[Suggestion, ...] = (Suggestion(write, "from-its-event", _FROM_IT),)
    elif match := _LATER.fullmatch(text):
        back = re.search(r"\b(?:before|prior|earlier|advance|beforehand|ahead|notice)\b", text)
        write = f"{match['length']} {'before' if back else 'after'} {SOME_EVENT}"
        suggestions = (Suggestion(write, "from-its-event", _FROM_IT),)
    elif match := _BARE.fullmatch(text):
        write = f"{match['length'].strip()} after {SOME_EVENT}"
        suggestions = (Suggestion(write, "from-its-event", _FROM_IT),)
        length = match["length"].strip()
        if re.fullmatch(r"(?=.*[1-9])[0-9 a-z]+", length) and not re.search(
            r"hour|business|working|clear", length
        ):
            suggestions += (Suggestion(length, "length-of-term", key="lasts"),)
    else:
        return None
    return Diagnostic("counted-from-what", span, (("words", text),), suggestions)


_NET = re.compile(
    r"(?:payable |due )?(?:net[ -]?(?P<net>[0-9]{1,3})(?: days)?|(?P<days>[0-9]{1,3}) days?,? net)"
    r"(?: (?:of|from|after) (?:the )?(?P<event>[a-z][a-z0-9._-]*))?",
    re.IGNORECASE,
)
_NET_OF_MONTH = re.compile(
    r"(?:payable |due |net )?(?P<days>[0-9]{1,3}) days?,? (?:net )?(?:eom"
    r"|(?:from |after )?(?:the )?end of (?:the )?month)"
    r"(?: (?:of|after) (?:the )?(?P<event>[a-z][a-z0-9._-]*))?",
    re.IGNORECASE,
)


def payment_term(state: ParseState) -> Diagnostic | None:
    """`net 30`, `30 days EOM`: so long after the invoice, or after the end of its month."""
    match = _NET.fullmatch(state.text) or _NET_OF_MONTH.fullmatch(state.text)
    if match is None:
        return None
    parts = match.groupdict()
    event = (parts["event"] or SOME_EVENT).lower()
    days = quantity(int(parts.get("net") or parts["days"]), "day")
    reason = "" if parts["event"] else "from-its-event"
    if "net" in parts:
        suggestions = [Suggestion(f"{days} after {event}", reason, _FROM_IT)]
    else:
        suggestions = [
            Suggestion(f"{days} after end of month of {event}", "from-end-of-month", _FROM_IT),
            Suggestion(f"end of month of ({days} after {event})", "end-of-its-month", _FROM_IT),
        ]
    values = (("words", match[0]),)
    return Diagnostic("counted-from-what", match.span(), values, tuple(suggestions))


_EDGE = re.compile(
    r"(?:by |at |on |before |until )?(?:the )?(?:(?P<edge>end|start"
    r"|beginning|last day|first day) of"
    r" (?:the )?(?P<which>following |next |same |calendar |current |relevant )?"
    r"(?P<unit>week|month|quarter|half-year|year)|(?P<short>week|month|quarter|year)[ -]end)",
    re.IGNORECASE,
)


def edge_alone(state: ParseState) -> Diagnostic | None:
    """`end of month`, `end of the following month`: of which event's month?"""
    match = _EDGE.fullmatch(state.text)
    if match is None:
        return None
    unit = (match["unit"] or match["short"]).lower()
    edge = (
        "start"
        if (match["edge"] or "end").lower() in ("start", "beginning", "first day")
        else "end"
    )
    ahead = (match["which"] or "").strip().lower() in ("following", "next")
    point = f"({quantity(1, unit)} after {SOME_EVENT})" if ahead else SOME_EVENT
    suggestions = (Suggestion(f"{edge} of {unit} of {point}", "from-its-event", _FROM_IT),)
    return Diagnostic("counted-from-what", match.span(), (("words", match[0]),), suggestions)


_ABBREVIATED = re.compile(
    r"(?<![\w-])(?P<number>[0-9]{1,5}) ?(?P<unit>bds?|wd|hrs?|wks?|mos?|mths?|mnths?|yrs?|qtrs?)\.?"
    r"(?= (?:after|before|from|following|prior|of)\b)",
    re.IGNORECASE,
)


def unit_abbreviation(state: ParseState) -> Diagnostic | None:
    """`3 mos after x`, `10 bd before x`: units are whole words."""
    match = _ABBREVIATED.search(state.text)
    if match is None:
        return None
    unit = match["unit"].lower()
    name = {"mnth": "month", "mnths": "month", "qtr": "quarter", "qtrs": "quarter"}.get(unit)
    write = quantity(int(match["number"]), name or _UNITS[unit])
    suggestions = (Suggestion(state.line_with(match.span(), write)),)
    return Diagnostic("synonym", match.span(), (("words", match[0]),), suggestions)
