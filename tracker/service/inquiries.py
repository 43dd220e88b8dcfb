"""What `tracker doctor` asks others: mail servers, receivers, services, the page, the monitor.

All are asked at once, and none is waited for longer than PATIENCE: what hangs is a finding too.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from shlex import quote
from threading import Thread
from typing import NamedTuple

from tracker import clock
from tracker.alerts.channel import (
    BadAddress,
    ChannelSettings,
    Objection,
    ProbeResult,
    Undelivered,
    use_once,
)
from tracker.alerts.channels import channel_key_of, open_channel
from tracker.alerts.probes import reason_of_no_connection
from tracker.alerts.refusals import plain_words
from tracker.config import Config
from tracker.config.addresses import Address
from tracker.failures.exceptions import reason_of
from tracker.failures.http_status import place_of, reason_of_status
from tracker.i18n.reasons import Reason
from tracker.i18n.translate import Language, comma_list, translate
from tracker.service.findings import Finding, advice_about

#: Seconds for all that is asked together, and for one answer over HTTP.
PATIENCE, _ANSWER = 15.0, 10.0


class _Question(NamedTuple):
    check: str
    about: str
    recipient: str
    ask: Callable[[], list[Finding]]


class Inquiries:
    """Asks, in a thread for each; the findings come in the order of tracker.toml."""

    def __init__(self, config: Config, language: Language) -> None:
        self._config = config
        self._language = language
        self._questions = [*self._channel_questions(), *self._page_questions()]
        self._answers: dict[int, list[Finding]] = {}
        self._until = clock.steady() + PATIENCE
        self._threads = [
            Thread(target=self._ask, args=(number,), daemon=True)
            for number in range(len(self._questions))
        ]
        for thread in self._threads:
            thread.start()

    def findings(self) -> Iterator[Finding]:
        """One after the other, as they are there."""
        for number, (question, thread) in enumerate(
            zip(self._questions, self._threads, strict=True)
        ):
            thread.join(max(self._until - clock.steady(), 0))
            found = self._answers.get(number)
            if found is None:
                late = Reason("no-answer.within", values=(("seconds", round(PATIENCE)),))
                found = [self._failure(question, late)]
            yield from found

    def _ask(self, number: int) -> None:
        question = self._questions[number]
        try:
            self._answers[number] = question.ask()
        except Exception as error:  # noqa: BLE001 - a library's; the other questions go on
            self._answers[number] = [self._failure(question, reason_of(error))]

    def _failure(self, question: _Question, reason: Reason) -> Finding:
        text = self._say("doctor.fails", what=question.about, reason=reason.text(self._language))
        advice = advice_about(reason, question.recipient, self._language)
        return Finding(question.check, False, text, advice)

    def _say(self, name: str, **values: object) -> str:
        return translate(self._language, name, **values)

    # -- channels

    def _channel_questions(self) -> Iterator[_Question]:
        groups: dict[str, list[Address]] = {}
        for address in self._config.addresses.values():
            groups.setdefault(channel_key_of(address), []).append(address)
        for addresses in groups.values():
            name = addresses[0].name
            if addresses[0].scheme == "mailto":
                name = self._mail_server()
            recipient = self._recipient_of(addresses[0].name)

            def ask(addresses: Sequence[Address] = addresses, name: str = name) -> list[Finding]:
                return self._ask_channel(addresses, name)

            yield _Question("channel", name, recipient, ask)

    def _mail_server(self) -> str:
        server = self._config.delivery.mail
        if server is None:
            return "mailto"
        return f"{'smtps' if server.implicit else 'smtp'}://{server.host}:{server.port}"

    def _recipient_of(self, address: str) -> str:
        """Whom that address is of, for a sentence that names somebody."""
        names = (who.name for who in self._config.recipients if address in who.channels)
        return next(names, "[fallback]")

    def _ask_channel(self, addresses: Sequence[Address], name: str) -> list[Finding]:
        settings = ChannelSettings(self._config.delivery, clock.now)
        recipient = self._recipient_of(addresses[0].name)
        question = _Question("channel", name, recipient, list)
        try:
            channel = open_channel(addresses[0], settings)
            result = asyncio.run(use_once(channel, channel.probe(addresses)))
        except (BadAddress, Undelivered) as error:
            return [self._failure(question, error.reason)]
        objections = [self._objection_finding(name, given) for given in result.objections]
        if any(not given.address for given in result.objections):
            return objections
        return [*self._state_findings(name, addresses, result), *objections]

    def _state_findings(
        self, name: str, addresses: Sequence[Address], result: ProbeResult
    ) -> list[Finding]:
        """That the other side is there, and which mailboxes it takes mail to."""
        refused = {given.address for given in result.objections}
        mailboxes = [
            address.mailbox
            for address in addresses
            if address.scheme == "mailto" and address.name not in refused
        ]
        if mailboxes:
            listed = comma_list(mailboxes, self._language)
            return [
                Finding("channel", True, self._say("doctor.mail", server=name, mailboxes=listed))
            ]
        recipient = self._recipient_of(addresses[0].name)
        state = "answers" if refused else result.state
        text = self._say(f"doctor.channel.{state}", channel=name)
        advice = None
        if state != "takes" and not refused:
            name = recipient.strip("[]") if recipient == "[fallback]" else recipient
            advice = self._say("doctor.advice.sample", word=quote(name))
        return [Finding("channel", True, text, advice)]

    def _objection_finding(self, name: str, given: Objection) -> Finding:
        what = given.address or name
        text = self._say("doctor.fails", what=what, reason=given.reason.text(self._language))
        recipient = self._recipient_of(what)
        if given.is_certain:
            advice = advice_about(given.reason, recipient, self._language)
            return Finding("channel", False, text, advice)
        if given.address:
            advice = advice_about(given.reason, recipient, self._language)
        else:
            advice = self._say("doctor.advice.unsure")
        return Finding("channel", True, text, advice, note=True)

    # -- the page and the monitor

    def _page_questions(self) -> Iterator[_Question]:
        if (url := self._config.url) is not None:
            address = f"{url.rstrip('/')}/healthz"
            yield _Question("page", address, "", lambda: [self._ask_health(address)])
        watching = self._config.watching
        for url in (watching.heartbeat, watching.heartbeat_fail):
            if url is not None:
                host = place_of(url)

                def ask(url: str = url, host: str = host) -> list[Finding]:
                    return self._ask_monitor(url, host)

                yield _Question("heartbeat", host, "", ask)

    def _ask_health(self, address: str) -> Finding:
        import httpx2

        try:
            response = httpx2.get(address, timeout=_ANSWER, follow_redirects=False)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            reason = reason_of(error, place_of(address), _ANSWER)
        else:
            if response.is_success:
                return Finding("page", True, self._say("doctor.page", url=address))
            words = plain_words(response.text[:1000])
            location = response.headers.get("location", "")
            reason = reason_of_status(response.status_code, words, address, location)
        text = self._say("doctor.fails", what=address, reason=reason.text(self._language))
        return Finding("page", False, text, self._say("doctor.page.advice"))

    def _ask_monitor(self, url: str, host: str) -> list[Finding]:
        """Only connects: each question there would be taken for a sign of life, or for none."""
        reason = reason_of_no_connection(url)
        if reason is None:
            return []
        return [self._failure(_Question("heartbeat", host, "", list), reason)]
