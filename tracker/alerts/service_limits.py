"""How long a message may be for a service of Apprise's, measured as the service measures it.

Apprise publishes a limit for each service, but by itself leaves a message as long as it is. The
limit holds for what is really sent: after Apprise has turned the text into the service's own
notation, in which one character can become several, and with the title, where the service counts
it or has no field for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, NamedTuple

from tracker.alerts.message import Message
from tracker.alerts.service_notation import notation_of

#: Services whose limit counts bytes of UTF-8, as their documentation says.
_IN_BYTES = frozenset({
    "NotifyAprs", "NotifyBark", "NotifyDingTalk", "NotifyFCM", "NotifyFeishu", "NotifyGorush",
    "NotifyIRC", "NotifyLark", "NotifyMatrix", "NotifyNtfy", "NotifyPushy", "NotifySNS",
    "NotifyVapid", "NotifyWeChat", "NotifyWeComBot",
})  # fmt: skip
#: Services that take less than what Apprise lets through. A ntfy server makes a file of a longer
#: message, or refuses it; a push to Apple's phones is 4,096 bytes with all that belongs to it.
_TAKES_LESS = {"NotifyNtfy": 4096, "NotifyBark": 3500}
#: A ntfy server reads twice its limit of JSON, in which Apprise writes é as six characters.
_NTFY_JSON = 7800
#: What Apprise puts between a title and a body that share one limit, and how it counts pieces.
_BETWEEN = 14
#: One SMS has 160 characters of the GSM alphabet, or 70 of all others.
_SMS, _SMS_UNICODE = (140, 160), 70


class SentText(NamedTuple):
    """What Apprise would hand to the service."""

    title: str
    body: str
    most: int  #: that Apprise publishes for a body like that one


def sent_text(service: Any, message: Message) -> SentText:
    """What Apprise hands to a service (an object of its own) of a message, as `notify` does it."""
    import apprise
    from apprise import conversion

    notation = notation_of(service)
    written = notation.write(message)
    subject, text = written.subject, written.text
    source = apprise.NotifyFormat(notation.format)
    target = service.resolve_format(source)
    convert: Callable[..., str] = conversion.convert_between
    title, body = (subject, text) if text else ("", subject)
    if service.title_maxlen <= 0:
        title = convert(source, target, content=title)
    calls = service._build_send_calls(  # the one place that knows how it puts the two together
        body=convert(source, target, content=body),
        title=title,
        body_format=target,
        overflow=apprise.OverflowMode.UPSTREAM,
    )
    # Its limit is asked for before it is done with the call: that of Matrix is another for each.
    sent = [SentText(call["title"], call["body"], service.body_maxlen) for call in calls]
    return sent[0]


def most_characters(scheme: str) -> int:
    """How long a message may be at most for the services of that scheme; 0: there is none."""
    try:
        from apprise import manager_plugins
    except ImportError:  # nothing goes there: opening the channel says what to install
        return 0
    services: Any = manager_plugins.NotificationManager()  # type: ignore[no-untyped-call]
    if scheme not in services:
        return 0
    service = services[scheme]
    most = service.body_maxlen
    if not isinstance(most, int):  # it hangs on the account
        return 0
    return min(most, _TAKES_LESS.get(service.__name__, most))


class ServiceLimit:
    """The limit of one service."""

    def __init__(self, service: Any) -> None:
        self.service = service
        self.notation = notation_of(service)
        self._kind = type(service).__name__

    def fits(self, message: Message) -> bool:
        """Whether the service takes that message."""
        service, sent = self.service, sent_text(self.service, message)
        body, title = self.size(sent.body), self.size(sent.title)
        if service.title_maxlen > 0 and title > service.title_maxlen:
            return False
        if 0 < service.body_max_line_count < len(message.text.splitlines()):
            return False
        if service.overflow_amalgamate_title and title:
            body += title + _BETWEEN
        if self._kind == "NotifyNtfy" and len(json.dumps(sent)) > _NTFY_JSON:
            return False
        return body <= min(sent.most, _TAKES_LESS.get(self._kind, sent.most))

    def size(self, text: str) -> int:
        """How long the text is for the service.

        Where it does not count bytes, in UTF-16, which is never less than what people see.
        """
        if self._kind in _IN_BYTES:
            return len(text.encode())
        units = len(text.encode("utf-16-le")) // 2
        if self._kind == "NotifyTwitter":  # where what is not Latin counts twice
            return units + sum(letter > "\u10ff" for letter in text)
        if self.service.body_maxlen in _SMS and not text.isascii():
            most: int = self.service.body_maxlen
            return -(-units * most // _SMS_UNICODE)
        return units
