"""The hundred others, by Apprise: Slack, ntfy, Telegram, the desktop.

Promises: plain text, escaped as each service reads it (`service_notation.py`): no title mentions
anybody (`@everyone`, `<!channel>`) or is a link, and no text hides where a link leads; one message,
shortened to what the service takes, also where only its answer says how much that is; anything but
a clear yes of Apprise is a failure, reported in the service's own words without the secrets of its
address, and is tried again. No redirect is followed.
"""

from __future__ import annotations

import ast
import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from tracker.alerts.channel import (
    BadAddress,
    BlockingChannel,
    ChannelSettings,
    ProbeResult,
    Undelivered,
)
from tracker.alerts.message import Message
from tracker.alerts.probes import reason_of_no_connection
from tracker.alerts.refusals import (
    TOO_MANY_REQUESTS,
    is_about_length,
    plain_words,
    status_in,
    wait_in,
)
from tracker.alerts.service_limits import ServiceLimit, most_characters
from tracker.alerts.shortening import shorten_to
from tracker.config.addresses import Address
from tracker.dates.diagnostics import Diagnostic
from tracker.failures.exceptions import words_in
from tracker.failures.extras import MissingLibrariesError, libraries_of
from tracker.failures.http_status import reason_of_status
from tracker.failures.secrets import secrets_of_address
from tracker.failures.texts import reason_in
from tracker.i18n.reasons import Reason
from tracker.store.held_channels import Barrier

SCHEMES: tuple[str, ...] = ("*",)
MOST_LISTED: int | None = 40
#: What one of several reminders needs: what and when, and where it is acknowledged.
_ONE_REMINDER = 350
#: Where Apprise logs what a service has answered, and why it could not ask.
_ANSWERED = re.compile(r"Response Details:\s*(.*)", re.DOTALL)
_FAILED = re.compile(r"(?:Socket|I/O) Exception: (.*)", re.DOTALL)
_ADDRESS = re.compile(r"\w+\(host=[^)]*\): |with url: \S+ ")
_STATUS = re.compile(r"error=([0-9]{3})\b")
#: Services that run on one's own server, asked for over HTTP.
_OWN_SERVERS = frozenset({
    "NotifyAppriseAPI", "NotifyBark", "NotifyForm", "NotifyGotify", "NotifyJSON",
    "NotifyMattermost", "NotifyNextcloud", "NotifyNextcloudTalk", "NotifySignalAPI", "NotifyXML",
})  # fmt: skip
#: Seconds to get through, and for the answer.
_CONNECT, _ANSWER = 15.0, 60.0
#: By HTTP's status: what a person has to mend.
_BARRIERS: dict[str, Barrier] = {"401": "login", "403": "login", "410": "gone"}
#: A message is not shortened further than this only because its service refuses it.
_SHORTEST = 100


def most_reminders(scheme: str) -> int:
    """As many as a message of that service has room for, each with its address; an SMS has none."""
    return min(most_characters(scheme) // _ONE_REMINDER, 40)


def channel_key(address: Address) -> str:
    return address.name


def open_channel(address: Address, _settings: ChannelSettings) -> ServiceChannel:
    try:
        with libraries_of("services"):
            import apprise
    except MissingLibrariesError as missing:
        raise BadAddress(missing.diagnostic) from None
    logger = logging.getLogger("apprise")
    logger.setLevel(logging.DEBUG)  # at which it logs what services answer
    logger.propagate = False  # and nobody else is to read it
    asset = apprise.AppriseAsset(secure_logging=True, app_id="tracker")
    services = apprise.Apprise(asset=asset)
    if not services.add(address.text):
        raise BadAddress(Diagnostic("no-such-service", values=(("scheme", address.scheme),)))
    for service in services:  # a message is shortened here, at whole entries, and never split
        service.overflow_mode = apprise.OverflowMode.UPSTREAM
        service.redirects = False  # whoever answers does not choose whom tracker asks next
        _be_patient(service)
    return ServiceChannel(list(services), address)


def _be_patient(service: Any) -> None:
    """Apprise gives up after 4 seconds: a service that takes 5 would get a copy with each try.

    What an address states itself, `?cto=` and `?rto=`, stands.
    """
    import apprise

    usual = apprise.URLBase
    if service.socket_connect_timeout == usual.socket_connect_timeout:
        service.socket_connect_timeout = _CONNECT
    if service.socket_read_timeout == usual.socket_read_timeout:
        service.socket_read_timeout = _ANSWER


class _Refusal(NamedTuple):
    """Why a service did not take a message."""

    status: str  #: HTTP's, "" where there is none
    words: str  #: the service's own where it answered, else Apprise's
    failure: Reason | None  #: why it could not even be asked
    sent: str  #: what it may repeat in its answer

    @property
    def is_about_length(self) -> bool:
        return is_about_length(self.status, self.words, self.sent)

    def as_undelivered(self) -> Undelivered:
        """Too many requests hold up whatever else is to go there as well."""
        if (barrier := _BARRIERS.get(self.status)) is not None:
            return Undelivered(self._reason(), unreachable=True, barrier=barrier)
        is_too_often = self.status == TOO_MANY_REQUESTS
        wait = wait_in(self.words) if is_too_often else None
        return Undelivered(self._reason(), is_too_often, wait)

    def _reason(self) -> Reason:
        if self.failure is not None:
            return self.failure
        if self.status:
            return reason_of_status(int(self.status), self.words)
        return Reason("service-refused", self.words)


class _Prepared(NamedTuple):
    whole: Message
    fitting: Message  #: as much of it as the service is known to take


class ServiceChannel(BlockingChannel):
    """One address of Apprise's."""

    def __init__(self, services: list[Any], address: Address) -> None:
        self._services = services  #: several, where the address names them with commas
        self._limits = [ServiceLimit(service) for service in services]
        self._hide = secrets_of_address(address.text)

    def prepare(self, message: Message, _address: Address) -> _Prepared:
        return _Prepared(message, self._shorten(message))

    def send(self, prepared: _Prepared) -> None:
        """Sends it; where the answer is that it is too long half of it, as often as that helps."""
        message = prepared.fitting
        while (refusal := self._try(message)) is not None:
            size = self._size(message)
            if size <= _SHORTEST or not refusal.is_about_length:
                raise refusal.as_undelivered()
            message = self._shorten(prepared.whole, size // 2)
            if self._size(message) >= size:
                raise refusal.as_undelivered()

    def _shorten(self, message: Message, most: int | None = None) -> Message:
        """The message as the service takes it, and no longer than that."""

        def fits(shortened: Message) -> bool:
            if most is not None and self._size(shortened) > most:
                return False
            return all(limit.fits(shortened) for limit in self._limits)

        return shorten_to(message, fits)

    def _size(self, message: Message) -> int:
        return max(limit.size(limit.notation.write(message).text) for limit in self._limits)

    def _try(self, message: Message) -> _Refusal | None:
        """Sends it; what the service said, where it did not take it."""
        refusals = [self._try_one(limit, message) for limit in self._limits]
        return next((refusal for refusal in refusals if refusal is not None), None)

    def _try_one(self, limit: ServiceLimit, message: Message) -> _Refusal | None:
        import apprise

        services = apprise.Apprise(asset=limit.service.asset)
        services.add(limit.service)
        written = limit.notation.write(message)
        subject, text = written.subject, written.text
        result = services.notify(
            text or subject,
            subject if text else "",
            body_format=apprise.NotifyFormat(limit.notation.format),
            log_level=logging.DEBUG,
        )
        if result:
            return None
        log = [(entry.level, entry.message) for entry in result.logs()]
        return _refusal(log, self._hide, f"{subject}\n{text}")

    def check(self, _addresses: Sequence[Address]) -> ProbeResult:
        """Apprise knows no way to ask without sending; only whether a server of one's own is there.

        Of another service, what Apprise calls its host may be a token.
        """
        for service in self._services:
            if type(service).__name__ in _OWN_SERVERS:
                scheme, port = "https" if service.secure else "http", service.port
                url = f"{scheme}://{service.host}" + (f":{port}" if port else "")
                if (reason := reason_of_no_connection(url)) is not None:
                    raise Undelivered(reason)
        return ProbeResult("unasked")


def _refusal(log: Iterable[tuple[str, str]], hide: Callable[[str], str], sent: str) -> _Refusal:
    """What Apprise has logged of a message that did not get through."""
    warnings, words, reason = [], "", None
    for level, text in log:
        if answer := _ANSWERED.search(text):
            words, reason = _plain(answer[1]) or words, None
        elif failure := _FAILED.search(text):
            reason = reason_in(failure[1]) or reason
            words = words_in(_ADDRESS.sub("", failure[1]))
        elif level in ("WARNING", "ERROR", "CRITICAL"):
            warnings.append(text)
    statuses = [match[1] for text in warnings if (match := _STATUS.search(text))]
    status = statuses[-1] if statuses else status_in(words)
    if not words and not status:
        words = warnings[-1] if warnings else ""
    return _Refusal(status, hide(words), None if status else reason, sent)


def _plain(logged: str) -> str:
    """A service's answer, which Apprise logs as bytes of Python's, without the tags of a page."""
    try:
        answer = ast.literal_eval(logged)
    except (SyntaxError, ValueError):
        answer = logged
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else str(answer)
    return plain_words(text)
