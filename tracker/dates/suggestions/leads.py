"""Lead times as people write them: `2w`, `a week before`, `the day before`, `one month prior`."""

from __future__ import annotations

import re

from tracker.dates.expressions import quantity
from tracker.dates.suggestions.numbers import NUMBER_WORDS, whole_number

_UNITS = {
    "h": "hour", "hr": "hour", "hrs": "hour", "hour": "hour", "hours": "hour", "d": "day",
    "day": "day", "days": "day", "w": "week", "wk": "week", "wks": "week", "week": "week",
    "weeks": "week", "m": "month", "mo": "month", "mos": "month", "month": "month",
    "months": "month", "q": "quarter", "quarter": "quarter", "quarters": "quarter", "y": "year",
    "yr": "year", "yrs": "year", "year": "year", "years": "year",
}  # fmt: skip
_TIMES = {"fortnight": (2, "week"), "fortnights": (2, "week"), "night": (1, "day")}
_AFTER = re.compile(r"\b(?:after|later|past|overdue|following|late)\b|^\+")
_SAME_DAY = re.compile(
    r"(?:on )?(?:the )?(?:same |very |due )?(?:day|date)(?: of| itself)?"
    r"|same day|today|day of|0|at due"
)
_UNIT = "|".join(sorted({*_UNITS, *_TIMES}, key=len, reverse=True))
_COUNTED = re.compile(
    rf"(?<![a-z])[-+]?(?:the )?(?P<number>[0-9]{{1,5}}|{NUMBER_WORDS}|an?"
    rf"|the)?(?: ?\([0-9]{{1,5}}\))?[ -]?"
    rf"(?:calendar )?(?P<unit>{_UNIT})(?![a-z])",
    re.IGNORECASE,
)


def lead_meant(text: str) -> str | None:
    """The lead time that a text means, None where it means none.

    >>> lead_meant("2w before"), lead_meant("the day before"), lead_meant("one month later")
    ('2 weeks', '1 day', '1 month after')
    """
    line = re.sub(r"^-?pt?(?=[0-9])", "", " ".join(text.lower().split()))  # of ISO 8601: P7D
    after = " after" if _AFTER.search(line) else ""
    if _SAME_DAY.fullmatch(line):
        return "0 days"
    if re.search(r"\b(?:business|working|banking)\b", line):  # reminders go out on any day
        return None
    match = _COUNTED.search(line)
    if match is None:
        return f"{int(line)} days{after}" if re.fullmatch(r"[0-9]{1,5}", line) else None
    words = (match["number"] or "1").strip()
    number = 1 if words in ("a", "an", "the") else whole_number(words)
    if number is None:
        return None
    unit = match["unit"].lower()
    size, name = _TIMES.get(unit) or (1, _UNITS[unit])
    return f"{quantity(number * size, name)}{after}"
