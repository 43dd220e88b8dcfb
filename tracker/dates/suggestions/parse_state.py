"""Where the reading of a line stopped: what every refusal looks at."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from tracker.dates.diagnostics import Diagnostic
from tracker.dates.expressions import Span
from tracker.dates.periods import NoSuchPeriod, parse_period
from tracker.dates.tokens import Token, collapse_spaces


class ParseState(NamedTuple):
    """Where the reading stopped: at `tokens[at]`, where `expected` should have stood."""

    text: str
    tokens: Sequence[Token]
    at: int
    expected: str

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def words(self, start: int, count: int) -> tuple[str, ...]:
        """The next few tokens in lower case, to be held against a habit."""
        return tuple(token.text.lower() for token in self.tokens[start : start + count])

    def line_with(self, span: Span, text: str) -> str:
        """The whole line with that part of it replaced."""
        return collapse_spaces(self.text[: span[0]] + text + self.text[span[1] :])

    def span_between(self, first: int, last: int) -> Span:
        return self.tokens[first].start, self.tokens[last].end

    def period_at(self, index: int) -> str | None:
        """The period that stands at that token, if one does that exists."""
        if index >= len(self.tokens) or self.tokens[index].kind != "period":
            return None
        return existing_period(self.tokens[index].text)


#: Gives the diagnostic, where its habit is the one at hand.
RefusalRule: TypeAlias = Callable[[ParseState], Diagnostic | None]


def existing_period(text: str) -> str | None:
    """The name of the period, None where the calendar has none of that name."""
    try:
        return str(parse_period(text))
    except (NoSuchPeriod, ValueError):
        return None
