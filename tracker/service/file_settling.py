"""When files that were changed are taken up: once nobody writes them any more.

An editor, a script or a checkout may save in several steps, and what stands there in between can
be valid. Files are read once they have been still for a moment. Where what stood in them is gone,
more than a moment is waited: a reminder that lapses, or a change that is announced, cannot be taken
back.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from tracker.agreements.model import Agreement

#: So many seconds files have to be as they are before they are read.
STILL = 2.0
#: Files that are written again and again are read as they are after so many seconds.
NEVER_STILL = 30.0
#: So many seconds what was there has to be missing before it is gone.
MISSING = 30.0


class Stillness:
    """Whether something that changes has come to rest. Times are steady seconds."""

    def __init__(self) -> None:
        self._last: object = self  #: as it was seen last, or nothing that is ever seen
        self._since = self._began = 0.0  #: from when on it is like that; from when on it changes

    def is_reached(self, seen: object, now: float) -> bool:
        """Whether it is as it was for long enough, or has changed for too long."""
        if self._last is self:
            self._began = now
        if seen != self._last:
            self._last, self._since = seen, now
        if now - self._since < STILL and now - self._began < NEVER_STILL:
            return False
        self.end()
        return True

    def end(self) -> None:
        """It does not change: the next that is seen is the first of a change."""
        self._last = self


class Absence:
    """What is missing from an edition of the files, and until when it may come back."""

    def __init__(self) -> None:
        self.missing: tuple[str, ...] = ()
        self._until = 0.0  #: in steady seconds

    def note(self, missing: tuple[str, ...], now: float) -> bool:
        """Notes what is missing; whether that is something else than before."""
        if missing == self.missing:
            return False
        self.missing, self._until = missing, now + MISSING
        return True

    @property
    def wait(self) -> timedelta:
        """How long it may come back."""
        return timedelta(seconds=MISSING)

    def may_end(self, now: float) -> bool:
        """Whether it may still come back."""
        return bool(self.missing) and now < self._until


def missing_from(before: Iterable[Agreement], after: Iterable[Agreement]) -> tuple[str, ...]:
    """The names of agreements, else of their events and amendments, that are no longer there.

    What was withdrawn still is, and so is what has another id now and says so (`was`).
    """
    there = {agreement.id: agreement for agreement in after}
    missing: list[str] = []
    for agreement in before:
        now = there.get(agreement.id)
        if now is None:
            missing.append(agreement.id)
        elif now is not agreement:
            gone = _event_ids(agreement) - _event_ids(now) | _amendments(agreement) - _amendments(
                now
            )
            missing += [f"{agreement.id}/{name}" for name in sorted(gone)]
    return tuple(missing)


def _event_ids(agreement: Agreement) -> set[str]:
    """By the ids that they had first."""
    return {event.first_id for event in agreement.events}


def _amendments(agreement: Agreement) -> set[str]:
    return {amendment.id for amendment in agreement.amendments}
