"""The hundred others, by Apprise: Slack, ntfy, Telegram, the desktop.

Promises: plain text, in which no title can mention everybody (`@everyone`, `<!channel>`) or become
a link of its own; anything but a clear yes of Apprise is a failure, and is tried again.
"""

from __future__ import annotations

import re
from typing import Any

from tracker.alerts.channel import BadAddress, BlockingChannel, ChannelSettings, Undelivered
from tracker.alerts.message import Message
from tracker.config.addresses import Address
from tracker.dates.diagnostics import Diagnostic

SCHEMES: tuple[str, ...] = ("*",)
#: A zero-width space breaks what a service would read as a mention, and nothing that people read.
_BREAK = "\u200b"
_MENTION = re.compile(r"@(?=\w)|<(?=[!@#&])")


def harmless(text: str) -> str:
    """The text, in which nobody is mentioned.

    >>> harmless("@everyone, <!channel>").encode("ascii", "namereplace").decode()
    '@\\\\N{ZERO WIDTH SPACE}everyone, <\\\\N{ZERO WIDTH SPACE}!channel>'
    """
    return _MENTION.sub(lambda match: match[0] + _BREAK, text)


def channel_key(address: Address) -> str:
    return address.name


def open_channel(address: Address, _settings: ChannelSettings) -> ServiceChannel:
    import apprise

    service = apprise.Apprise(asset=apprise.AppriseAsset(secure_logging=True, app_id="tracker"))
    if not service.add(address.text):
        raise BadAddress(Diagnostic("no-such-service", values=(("scheme", address.scheme),)))
    return ServiceChannel(service)


class ServiceChannel(BlockingChannel):
    """One address of Apprise's."""

    def __init__(self, service: Any) -> None:
        self._service = service

    def prepare(self, message: Message, _address: Address) -> tuple[str, str]:
        return harmless(message.subject), harmless(message.text)

    def send(self, prepared: tuple[str, str]) -> None:
        import apprise

        subject, body = prepared
        if not self._service.notify(body, subject, body_format=apprise.NotifyFormat.TEXT):
            raise Undelivered("the service did not take it")

    def check(self) -> None:
        """Apprise knows no way to ask without sending: the address is whole, or it was refused."""
