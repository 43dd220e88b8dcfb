"""Values that stand without their quotes: `when = 28.11.2026`, `when = 30 days after x`."""

from __future__ import annotations

import re

from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.parser import parse
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.files.schema import EVENT_KEYS
from tracker.files.values import Reader

_STATEMENT = re.compile(
    r"[ \t]*(?P<key>[A-Za-z0-9_-]+)[ \t]*=[ \t]*(?P<value>[^\s\"'\[{#][^#\n]{0,200}?)[ \t]*(?:#.*)?"
)
#: The keys that hold a line of dates, or a day.
_OF_DATES = {key for key, read in EVENT_KEYS.items() if read in (Reader.line, Reader.moments)}


def unquoted_value(text: str, at: int) -> Diagnostic | None:
    """What to write where the reading of TOML stopped in a line whose value has no quotes."""
    start = text.rfind("\n", 0, at) + 1
    line = text[start:].partition("\n")[0].rstrip("\r")
    match = _STATEMENT.fullmatch(line)
    if match is None or set(match["value"]) & set("\"'\\"):
        return None
    key, value = match["key"], match["value"]
    written = _in_dates(value) if key in _OF_DATES else (value,)
    suggestions = tuple(Suggestion(f'{key} = "{write}"') for write in written)
    span = (start + match.start("value"), start + match.end("value"))
    return Diagnostic("unquoted", span, (("key", key),), suggestions)


def _in_dates(value: str) -> tuple[str, ...]:
    """The value as the words write it; as it is, where that is not known."""
    try:
        parse(value)
    except LineError as refused:
        lines = [offer.write for offer in refused.diagnostic.suggestions if offer.key is None]
        return tuple(lines[:2]) or (value,)
    return (value,)


def nearest_days(written: str) -> tuple[Suggestion, ...]:
    """Days that exist beside one that does not: 2026-02-30."""
    try:
        parse_period(written[: len("YYYY-MM-DD")])
    except NoSuchPeriod as missing:
        return tuple(Suggestion(day) for day in missing.nearest)
    return ()
