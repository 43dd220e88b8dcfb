"""What is wrong with a text, as a value; i18n gives it its sentence in each language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tracker.dates.expressions import Span


@dataclass(frozen=True, slots=True)
class Offer:
    """What to write instead, whole, as it can be pasted; and why one would choose it."""

    write: str
    reason: str = ""  #: names the sentence `offer.REASON`; empty where the text says it all
    values: tuple[tuple[str, str], ...] = ()
    key: str | None = None  #: where it is the value of another key than the one refused


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong (or doubtful), where it stands in its text, and the way out."""

    case: str  #: names the sentence `fault.CASE`
    span: Span = (0, 0)
    values: tuple[tuple[str, str], ...] = ()
    offers: tuple[Offer, ...] = ()
    severity: Literal["error", "warning"] = "error"


class LineError(ValueError):
    """A line of dates that is refused; its fault says where, why and what to write."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.case} at {fault.span[0]}..{fault.span[1]}")
        self.fault = fault
