"""Days that a file closes besides its calendar: `2026-12-29`, `2026-12-29..2027-01-03`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from tracker.dates.calendars import Spans
from tracker.dates.diagnostics import Diagnostic, LineError, Suggestion
from tracker.dates.expressions import Span
from tracker.dates.parser import parse_day
from tracker.dates.periods import NoSuchPeriod, parse_period

MOST_DAYS = 366

_DAY = r"([0-9]{4}-[0-9]{2}-[0-9]{2})"
_RANGE = re.compile(rf"\s*{_DAY}\s*(?:\.\.|\.\.\.|…|-|–|—|~|〜|/|to|until|through)\s*{_DAY}\s*")


def parse_closed(text: str) -> tuple[date, date]:
    """The first and the last day that the text closes.

    >>> [str(day) for day in parse_closed("2026-12-29..2027-01-03")]
    ['2026-12-29', '2027-01-03']

    Raises LineError with what to write instead.
    """
    first, dots, _ = text.partition("..")
    begin = _day(text, (0, len(first)))
    end = _day(text, (len(first) + 2, len(text))) if dots else begin
    if end < begin:
        turned = (Suggestion(f"{end}..{begin}"),)
        raise LineError(Diagnostic("closed-turned", (0, len(text)), (), turned))
    if (end - begin).days >= MOST_DAYS:
        raise LineError(Diagnostic("closed-too-long", (0, len(text))))
    return begin, end


def spans_apart(spans: Iterable[tuple[date, date]]) -> Spans:
    """The same days in order, as few spans as can be.

    >>> first, second = parse_closed("2026-12-30..2026-12-31"), parse_closed("2026-12-29")
    >>> spans_text(spans_apart([first, second]))
    '2026-12-29..2026-12-31'
    """
    apart: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if apart and (first - apart[-1][1]).days <= 1:
            apart[-1] = (apart[-1][0], max(last, apart[-1][1]))
        else:
            apart.append((first, last))
    return tuple(apart)


def spans_text(spans: Spans) -> str:
    """Closed days, as they can be written in a file.

    >>> spans_text(((date(2026, 12, 29), date(2026, 12, 29)),))
    '2026-12-29'
    """
    return ", ".join(str(first) if first == last else f"{first}..{last}" for first, last in spans)


def _day(text: str, span: Span) -> date:
    stated = text[span[0] : span[1]]
    try:
        period = parse_period(stated)
    except NoSuchPeriod as missing:
        raise LineError(
            Diagnostic(
                "no-such-period", span, (("period", stated),), _with(missing.nearest, text, span)
            )
        ) from None
    except ValueError:
        raise LineError(_no_day(text, span)) from None
    if period.kind != "day":
        whole = (Suggestion(f"{period.first}..{period.last}"),) if stated == text else ()
        raise LineError(Diagnostic("closed-day", span, (), whole))
    return period.first


def _with(days: Iterable[str], text: str, span: Span) -> tuple[Suggestion, ...]:
    """The text with each of those days in place of the one that stands there."""
    return tuple(Suggestion(text[: span[0]] + day + text[span[1] :]) for day in days)


def _no_day(text: str, span: Span) -> Diagnostic:
    """Where it is a day or a range written otherwise, it is offered as it is written here."""
    if match := _RANGE.fullmatch(text):
        suggestions = (Suggestion(f"{match[1]}..{match[2]}"),)
        return Diagnostic("closed-day", (0, len(text)), (), suggestions)
    try:
        days = [str(parse_day(text[span[0] : span[1]]))]
    except LineError as refused:
        days = [suggestion.write for suggestion in refused.diagnostic.suggestions]
    return Diagnostic("closed-day", span, (), _with(days, text, span))
