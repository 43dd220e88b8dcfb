"""The identity of an alert's message."""

from __future__ import annotations

from uuid import UUID, uuid5

from tracker.reminders.plan import AlertKey

#: The namespace of every message's identity, for ever.
_MESSAGES = UUID("0b1a3b57-9b61-5b0e-8f5c-3f9a7d2c4e10")


def message_id(key: AlertKey) -> str:
    """The identity of an alert's message: the same however often it is sent."""
    return str(uuid5(_MESSAGES, "\x1f".join(key)))
