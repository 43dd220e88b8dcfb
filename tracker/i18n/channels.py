"""Channels of alerts in words, and what they answer."""

from __future__ import annotations

from tracker.i18n.translate import Language, translate

_MAIL = "mailto:"


def channel_text(channel: str, language: Language) -> str:
    """A channel as sentences name it, of its name in the ledger, which holds no secret.

    >>> channel_text("mailto:legal@example.org", "en"), channel_text("slack:5722c4e5", "en")
    ('mail to legal@example.org', 'slack:5722c4e5')
    """
    if not channel.startswith(_MAIL):
        return channel
    return translate(language, "channel.mail", mailbox=channel.removeprefix(_MAIL))


def without_mailbox(channel: str, text: str) -> str:
    """That text of a channel with no more of its mailbox than who knows it needs.

    >>> without_mailbox("mailto:legal@example.org", "550 <legal@example.org>: no such user")
    '550 <l…@example.org>: no such user'
    """
    mailbox = channel.removeprefix(_MAIL)
    if mailbox == channel:
        return text
    return text.replace(mailbox, f"{mailbox[0]}…{mailbox[mailbox.rfind('@') :]}")
