"""How long before or after a day a reminder goes out: "90 days", "2 hours", "3 days after"."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tracker.dates.expressions import Duration, Unit, quantity

_SHAPE = r"([0-9]{1,5}) ([a-z]+)(?: (before|after))?"


@dataclass(frozen=True, slots=True)
class Lead:
    """A lead time, from hours to years, before a day or instant unless `after`.

    Hours are counted from an instant: a day has none to count them from.
    """

    number: int
    unit: Unit
    after: bool = False

    def __str__(self) -> str:
        """As events.toml and the ledger write it: `90 days`, `3 days after`."""
        return f"{quantity(self.number, self.unit)}{' after' if self.after else ''}"

    def instant(self, counted: datetime) -> datetime:
        """The instant at which a reminder of so many hours goes out.

        Raises OverflowError outside the years 0001 to 9999.
        """
        hours = timedelta(hours=self.number)
        return counted + hours if self.after else counted - hours

    def day(self, counted: date) -> date:
        """The day on which the reminder goes out for a point that counts to `counted`.

        >>> parse_lead("1 month").day(date(2030, 12, 31))
        datetime.date(2030, 11, 30)

        Raises OverflowError outside the years 0001 to 9999.
        """
        duration = Duration(((self.number, self.unit),))
        return duration.after(counted) if self.after else duration.before(counted)


def parse_lead(text: str) -> Lead:
    """The lead time that the text states.

    >>> parse_lead("3 days after")
    Lead(number=3, unit='day', after=True)

    Raises LineError with what to write instead.
    """
    # What only reads is loaded only to read: a list of parsed files does not pay for it.
    import re

    from tracker.dates.diagnostics import Diagnostic, LineError
    from tracker.dates.tokens import UNITS, collapse_spaces

    units: dict[str, Unit] = UNITS  # type: ignore[assignment]  # a table of literals
    match = re.fullmatch(_SHAPE, collapse_spaces(text))
    if match is None or match[2] not in units:
        from tracker.dates.suggestions.leads import leads_meant

        raise LineError(Diagnostic("lead", (0, len(text)), (), leads_meant(text)))
    return Lead(int(match[1]), units[match[2]], match[3] == "after")
