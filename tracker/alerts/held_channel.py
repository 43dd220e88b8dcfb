"""When a channel is left alone: it does not know us, or is there no more, until somebody acts.

A wrong password that is tried again and again shuts an account. So it is tried once a round,
whatever waits: three times in little more than an hour, then once a day. What is owed waits so
long, without running out of tries. Where a receiver says that it is gone for good (410), as
Standard Webhooks has it, nothing more is sent there, and what is owed has failed at once.

Other settings end it, and so does a person: `tracker alerts retry`, or a test that gets through.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from hashlib import scrypt

from tracker.alerts.channel import ChannelSettings, Undelivered
from tracker.alerts.channels import channel_key_of
from tracker.config.addresses import Address
from tracker.store.held_channels import HeldChannels, Hold

#: Until the next round, by how many there were.
_ROUNDS = (timedelta(minutes=10), timedelta(hours=1), timedelta(days=1))
#: Seconds for which it is taken as known that nothing holds a channel.
_KNOWN = 10.0


class HeldChannel:
    """What is known of one channel. All of it raises LedgerError."""

    def __init__(
        self, store: HeldChannels, addresses: Sequence[Address], settings: ChannelSettings
    ) -> None:
        self._store = store
        self._address = addresses[0]
        self._key = channel_key_of(addresses[0])
        self._settings = settings
        self._hold: Hold | None = None
        self._looked_at: float | None = None

    @cached_property
    def _digest(self) -> str:
        """Of all that a person could mend, slowly: a password is not to be found by trying many."""
        delivery, address = self._settings.delivery, self._address
        text = delivery.mail if address.scheme == "mailto" else (address[2:4], delivery.secret)
        return scrypt(repr(text).encode(), salt=self._key.encode(), n=2**14, r=8, p=1)[:16].hex()

    def hold(self) -> Hold | None:
        """What holds the channel; None: nothing does."""
        looked_at, now = self._looked_at, time.monotonic()
        if self._hold is not None or looked_at is None or now - looked_at > _KNOWN:
            holds = self._store.find(self._key)
            self._hold = holds.get(self._digest) if holds else None  # a digest takes its time
            self._looked_at = now
        return self._hold

    def outdated_errors(self) -> list[str]:
        """What held it with other settings, unless it is held with these as well."""
        holds = self._store.find(self._key)
        if not holds or self._digest in holds:
            return []
        return [hold.error for hold in holds.values()]

    def bars(self, hold: Hold, now: datetime) -> bool:
        """Whether nothing may be tried now; else it is the turn of who asked, for one message."""
        if hold.barrier == "gone":
            return True
        return not self._store.take_turn(self._key, self._digest, now, _ROUNDS[0])

    def begin(self, error: Undelivered, now: datetime, *, is_new_round: bool) -> Hold:
        """That answer holds it from now on. Of several messages of one round one counts."""
        if error.barrier is None:
            raise ValueError("nothing that a person has to mend")
        before = self.hold()
        if before is not None and not is_new_round:
            return before
        rounds = 0 if before is None else before.rounds
        next_try = now + _ROUNDS[min(rounds, len(_ROUNDS) - 1)]
        hold = Hold(error.barrier, error.reason.stored(), rounds + 1, next_try)
        self._store.save(self._key, self._digest, hold)
        self._hold = hold
        return hold

    def until(self, hold: Hold, now: datetime) -> datetime:
        """When it is looked at again: once who tries it just now, if anybody, is done."""
        return hold.next_try if hold.next_try > now else now + _ROUNDS[0]

    def end(self) -> Hold | None:
        """It takes messages again; what had held it, if anything."""
        hold, self._hold = self._hold, None
        if hold is not None:
            self._store.end(self._key)
        return hold
