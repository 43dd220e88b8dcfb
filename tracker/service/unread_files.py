"""What could not be read is read again, whether it has changed or not.

A file may be away for a moment: no descriptor is left, another program holds it, a network share
does not answer. Nothing that is looked at changes when that ends.
"""

from __future__ import annotations

#: After so many seconds it is tried again, and each time after twice as many.
SOON, LATEST = 1.0, 30.0


class Unread:
    """Whether the last try to read failed, why, and when the next one is."""

    def __init__(self) -> None:
        self.error: OSError | None = None
        self._wait = SOON
        self._next = 0.0  #: in steady seconds

    def note(self, error: OSError, now: float) -> bool:
        """It could not be read; whether that is something else than was said before."""
        before, self.error = self.error, error
        self._wait = SOON if before is None else min(2 * self._wait, LATEST)
        self._next = now + self._wait
        return before is None or _identity(before) != _identity(error)

    def is_due(self, now: float) -> bool:
        """Whether it is to be tried again by now."""
        return self.error is not None and now >= self._next

    def end(self) -> OSError | None:
        """It was read; what had been in the way."""
        before, self.error = self.error, None
        return before


def _identity(error: OSError) -> tuple[object, int | None]:
    return error.filename, error.errno
