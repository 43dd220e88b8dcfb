"""What is wrong with a text, as a value; i18n gives it its sentence in each language."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from tracker.dates.expressions import Span


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What to write instead, whole, as it can be pasted; and why one would choose it."""

    write: str
    reason: str = ""  #: names the sentence `suggestion.REASON`; empty where the text says it all
    values: tuple[tuple[str, str], ...] = ()
    key: str | None = None  #: where it is the value of another key than the one refused


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing that is wrong (or doubtful), where it stands in its text, and the way out."""

    case: str  #: names the sentence `diagnostic.CASE`
    span: Span = (0, 0)
    values: tuple[tuple[str, str], ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    #: A note says how something was read; --strict lets it pass.
    severity: Literal["error", "warning", "note"] = "error"


def expected_diagnostic(expected: str, found: str, span: Span, at_end: bool) -> Diagnostic:
    """That something else should stand there, where no habit is known."""
    if expected == "smaller-number":
        return Diagnostic("number-too-large", span)
    values = (("expected", expected), ("found", found))
    return Diagnostic("line-ends" if at_end else "expected", span, values)


class LineError(ValueError):
    """A line of dates that is refused; its diagnostic says where, why and what to write."""

    def __init__(self, diagnostic: Diagnostic, others: Iterator[Diagnostic] | None = None) -> None:
        """`others` are what else could be said of it, should what is suggested not be readable."""
        super().__init__(f"{diagnostic.case} at {diagnostic.span[0]}..{diagnostic.span[1]}")
        self.diagnostic = diagnostic
        self._others = others

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Its diagnostic, then what else could be said; once."""
        yield self.diagnostic
        yield from self._others or ()
