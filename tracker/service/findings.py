"""What `tracker doctor` finds, and what to do about it."""

from __future__ import annotations

from typing import NamedTuple

from tracker.i18n.reasons import Reason
from tracker.i18n.translate import Language, translate

#: What to do, by the beginning of a reason's case, the longest that fits; `doctor.advice.NAME`.
_ADVICE = {
    "mail-login": "login",
    "mail-login-later": "theirs",
    "mail-login-none": "no-login",
    "mail-login-unknown": "app-password",
    "mail-login-off": "app-password",
    "mail-no-tls": "encryption",
    "mail-needs-tls": "encryption",
    "mail-not-smtp": "place",
    "mail-sender": "sender",
    "mail-no-mailbox": "mailbox",
    "mail-mailbox": "mailbox",
    "mail-mailbox-full": "full-mailbox",
    "mail-mailbox-later": "later",
    "mail-mailbox-policy": "policy",
    "mail-no-foreign": "mailbox",
    "mail-": "theirs",
    "mail-closing": "theirs",
    "mail-later": "later",
    "no-host": "host",
    "no-names": "network",
    "bad-": "host",
    "refused": "place",
    "no-route": "network",
    "no-answer": "place",
    "hung-up": "place",
    "not-http": "place",
    "tls-": "certificate",
    "tls-none": "place",
    "tls-not-yet": "clock",
    "http-": "theirs",
    "http-moved": "moved",
    "http-401": "secret",
    "http-403": "secret",
    "http-404": "gone",
    "http-410": "gone",
    "http-405": "gone",
    "http-429": "later",
    "http-407": "proxy",
    "proxy": "proxy",
    "command-": "program",
    "not-program": "program",
    "no-room": "room",
    "no-quota": "room",
}


class Finding(NamedTuple):
    """One check, and how it came out."""

    check: str
    ok: bool
    text: str
    advice: str | None = None
    #: Of what works as it is: that somebody may want to know of it all the same.
    note: bool = False


def advice_about(reason: Reason, recipient: str, language: Language) -> str | None:
    """What to do about a channel of that recipient; None: nobody knows."""
    beginnings = [start for start in _ADVICE if reason.case.startswith(start)]
    if not beginnings:
        return None
    name = _ADVICE[max(beginnings, key=len)]
    return translate(language, f"doctor.advice.{name}", recipient=recipient)
