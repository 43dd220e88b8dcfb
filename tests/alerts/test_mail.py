"""Mail, against a real server that misbehaves when it is told to."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote

import pytest
import trustme

from tests.alerts.samples import reminder
from tests.alerts.servers import HANG_UP, STALL, MailSink, deaf_port
from tracker.alerts.channel import Undelivered
from tracker.alerts.channels.mail import MailChannel
from tracker.alerts.smtp_connections import MOST
from tracker.alerts.smtp_session import Patience
from tracker.config import read_config
from tracker.config.addresses import Address, read_address
from tracker.config.recipients import Defaults
from tracker.config.sending import MailServer
from tracker.dates.diagnostics import Diagnostic

SENDER = "tracker@example.org"


@pytest.fixture
def sink() -> Iterator[MailSink]:
    with MailSink() as sink:
        yield sink


def mail_to(port: int, seconds: float = 2, host: str = "127.0.0.1", **more: object) -> MailChannel:
    server = MailServer(host, port, False, None, None, SENDER)._replace(**more)  # type: ignore[arg-type]
    return MailChannel(server, lambda: datetime.now(UTC), Patience(*(seconds,) * 7))


def address(mailbox: str = "legal@example.org") -> Address:
    found = read_address(f"mailto:{mailbox}", ())
    assert isinstance(found, Address)
    return found


def send(mail: MailChannel, language: str = "en") -> None:
    asyncio.run(mail.deliver(mail.prepare(reminder(language=language), address())))


def test_a_mail_has_text_html_and_the_event(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    send(mail)
    mail.close()

    (message,) = sink.messages
    types = [part.get_content_type() for part in message.walk()]
    assert types == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "text/calendar",
    ]  # fmt: skip
    assert sink.recipients == ["legal@example.org"]
    text = message.get_body(("plain",))
    assert text is not None
    assert "What would move it:" in text.get_content()
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "event.ics"
    assert attached.get_content().startswith("BEGIN:VCALENDAR")


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("legal@müller.example", "legal@xn--mller-kva.example"),
        ("legal@例え.テスト", "legal@xn--r8jz45g.xn--zckzah"),
        ("legal@m%C3%BCller.example", "legal@xn--mller-kva.example"),
        ("legal@FAẞ.example", "legal@xn--fa-hia.example"),
    ],
)
def test_a_domain_with_other_letters_is_reached_through_every_server(
    sink: MailSink, written: str, sent: str, tmp_path: Path
) -> None:
    file = tmp_path / "tracker.toml"
    file.write_text(
        f'[smtp]\nurl = "smtp://127.0.0.1:{sink.port}"\nfrom = "Us <{unquote(written)}>"\n'
    )
    server = read_config(file, [], Defaults("UTC", "en")).delivery.mail
    assert server is not None
    mail = MailChannel(server, lambda: datetime.now(UTC), Patience(*(2,) * 7))
    asyncio.run(mail.deliver(mail.prepare(reminder(), address(written))))
    mail.close()

    (message,) = sink.messages
    assert sink.recipients == [sent]
    assert message["From"] == f"Us <{sent}>"
    assert address(written).name == f"mailto:{unquote(written)}"  # by which the ledger knows it


@pytest.mark.parametrize("mailbox", ["a\u200bb@x.example", "a\u202eb@x.example", "a%FFb@x.example"])
def test_a_mailbox_with_a_sign_that_nobody_sees_is_refused_where_it_stands(mailbox: str) -> None:
    refused = read_address(f"mailto:{mailbox}", ())

    assert isinstance(refused, Diagnostic)
    assert refused.case == "bad-mailbox"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_headers_say_what_a_mail_program_goes_by(sink: MailSink, language: str) -> None:
    mail = mail_to(sink.port)
    send(mail, language)
    mail.close()

    (message,) = sink.messages
    expected = reminder(language=language)
    assert expected.links is not None
    assert message["subject"] == expected.subject
    assert message["message-id"] == f"<{expected.id}@example.org>"
    assert message["auto-submitted"] == "auto-generated"
    assert message["from"] == "tracker <tracker@example.org>"
    assert message["list-id"] == "tracker <alerts.example.org>"
    assert message["list-unsubscribe"] == f"<{expected.links.unsubscribe}>"
    assert message["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert message["content-language"] == language
    assert max(len(line) for line in sink.raw[0].split(b"\r\n")) < 999


@pytest.mark.parametrize(
    "name",
    [
        "Deadlines",
        "Deadlines, Legal",
        'The "Deadlines" <of> us \\',
        "Fristen der Müller & Söhne",
        "期限のお知らせ" * 20,
        "=?utf-8?b?5pyf6ZmQ?=",
        "a.b@example.com",
        "x\r\nBcc: everybody@example.org",
        "long " * 60,
    ],
)
def test_a_mail_shows_the_name_that_its_sender_has(sink: MailSink, name: str) -> None:
    mail = mail_to(sink.port, sender_name=name)
    send(mail)
    mail.close()

    (message,) = sink.messages
    (sender,) = message["from"].addresses
    # Between two words of RFC 2047 that follow each other this parser leaves a space in a name.
    assert "".join(sender.display_name.split()) == "".join(name.split())
    assert sender.addr_spec == SENDER
    assert message["bcc"] is None
    assert message["list-id"].endswith(" <alerts.example.org>")
    assert max(len(line) for line in sink.raw[0].split(b"\r\n")) < 999


def test_nobody_answers_but_a_mailbox_that_refuses(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    send(mail)
    mail.close()

    (message,) = sink.messages
    # Neither All, nor DR or NDR: with those, Exchange would keep a bounce to itself.
    assert message["x-auto-response-suppress"] == "OOF, AutoReply"


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (SENDER, "<mailto:tracker@example.org?subject=unsubscribe%20legal%40example.org>"),
        ("a+b&c@example.org", "<mailto:a%2Bb%26c@example.org?subject=unsubscribe%20legal%40example.org>"),
        ("no-reply@example.org", None),
        ("DoNotReply@example.org", None),
        ("%" * 64 + "@" + "%" * 240 + ".example.org", None),
    ],
)  # fmt: skip
def test_without_a_page_a_mail_is_ended_by_mail_if_somebody_reads_it(
    sink: MailSink, sender: str, expected: str | None
) -> None:
    mail = mail_to(sink.port, sender=sender)
    asyncio.run(mail.deliver(mail.prepare(reminder(signer=None), address())))
    mail.close()

    (message,) = sink.messages
    assert message["list-unsubscribe"] == expected
    assert message["list-unsubscribe-post"] is None


def test_messages_about_one_event_are_one_thread(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    for lead in ("30 days", "7 days"):
        message = reminder()
        key = message.key._replace(lead=lead)
        other = replace(message, key=key, id=lead.replace(" ", "-"))
        asyncio.run(mail.deliver(mail.prepare(other, address())))
    mail.close()

    first, second = sink.messages
    assert first["references"] == second["references"]
    assert first["message-id"] != second["message-id"]


def test_many_messages_go_over_one_connection(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    for _ in range(20):
        send(mail)
    mail.close()

    assert (len(sink.messages), sink.connections) == (20, 1)


@pytest.mark.parametrize("answer", ["451 try again later", "550 no such user", "554 refused"])
def test_a_message_that_is_refused_holds_up_no_other(sink: MailSink, answer: str) -> None:
    mail = mail_to(sink.port)
    sink.answers = [answer]

    with pytest.raises(Undelivered) as refused:
        send(mail)
    send(mail)
    mail.close()

    assert refused.value.reason.words == answer
    assert not refused.value.unreachable
    assert (len(sink.messages), sink.connections) == (1, 1)


def test_what_a_server_says_cannot_act_on_a_terminal(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    sink.answers = ["554 no \x1b[2J\x07 more"]

    with pytest.raises(Undelivered) as refused:
        send(mail)
    mail.close()

    assert refused.value.reason.text("en").endswith("in its own words: “554 no [2J more”")


def test_a_server_that_hangs_up_in_the_middle_is_called_again(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    sink.answers = [HANG_UP]

    with pytest.raises(Undelivered) as dropped:
        send(mail)
    send(mail)
    mail.close()

    assert not dropped.value.unreachable
    assert (len(sink.messages), sink.connections) == (1, 2)


def test_a_server_that_stalls_is_given_up_soon_and_holds_up_all_mail(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    sink.answers = [STALL]

    with pytest.raises(Undelivered) as stalled:
        send(mail)
    mail.close()

    assert stalled.value.unreachable
    server = f"127.0.0.1:{sink.port}"
    assert stalled.value.reason.text("en") == f"no answer from {server} within 2 seconds"


def test_a_server_that_is_not_there_is_said_so() -> None:
    with deaf_port() as port, pytest.raises(Undelivered) as refused:
        send(mail_to(port))

    assert refused.value.unreachable
    assert refused.value.reason.case == "refused.at"
    assert f"127.0.0.1:{port}" in refused.value.reason.text("ja")


def test_a_connection_that_was_closed_meanwhile_is_made_again(sink: MailSink) -> None:
    mail = mail_to(sink.port)
    send(mail)
    asyncio.run(mail.release())
    sink.hang_up()
    send(mail)
    mail.close()

    assert (len(sink.messages), sink.connections) == (2, 2)


@pytest.mark.parametrize("how", ["hang up", "421 too many mails"])
def test_a_server_that_ends_the_connection_between_two_mails_is_called_again_at_once(
    sink: MailSink, how: str
) -> None:
    mail = mail_to(sink.port)
    send(mail)
    if how == "hang up":
        sink.hang_up()
    else:
        sink.answer_to_mail = [how]
    send(mail)
    mail.close()

    assert (len(sink.messages), sink.connections) == (2, 2)


# -- servers that take their time


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """After a moment a connection that is busy counts as slow."""
    monkeypatch.setattr("tracker.alerts.smtp_connections.SLOW", 0.05)


@pytest.mark.usefixtures("impatient")
def test_while_a_mail_waits_for_its_answer_others_go_out_and_none_to_that_mailbox(
    sink: MailSink,
) -> None:
    mail = mail_to(sink.port, 60)
    sink.slow = {"slow@example.org"}

    async def deliver() -> tuple[int, int]:
        slow = [deliver_to(mail, "slow@example.org") for _ in range(3)]
        held = asyncio.gather(*slow)
        await asyncio.sleep(0.2)
        await asyncio.gather(*(deliver_to(mail, f"n{number}@example.org") for number in range(9)))
        meanwhile = sink.waiting, len(sink.messages)
        sink.go.set()
        await held
        return meanwhile

    waiting, arrived = asyncio.run(deliver())
    mail.close()

    assert (waiting, arrived) == (1, 9)
    assert len(sink.messages) == 12


@pytest.mark.usefixtures("impatient")
def test_a_server_that_is_slow_for_everybody_gets_a_few_connections_and_no_more(
    sink: MailSink,
) -> None:
    mail = mail_to(sink.port, 60)
    mailboxes = [f"n{number}@example.org" for number in range(40)]
    sink.slow = set(mailboxes)

    async def deliver() -> None:
        all_of_them = asyncio.gather(*(deliver_to(mail, mailbox) for mailbox in mailboxes))
        while sink.waiting < MOST:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
        sink.go.set()
        await all_of_them

    asyncio.run(deliver())
    mail.close()

    assert sink.most_open == MOST
    assert sorted(sink.recipients) == sorted(mailboxes)


def test_an_answer_after_forty_seconds_is_waited_for_and_after_ten_minutes_no_more() -> None:
    patience = Patience()

    assert patience.answer == 600
    assert min(patience[1:6]) >= 120  # RFC 5321, section 4.5.3.2


def test_who_stops_waiting_lets_go_of_the_server_at_once(sink: MailSink) -> None:
    mail = mail_to(sink.port, 60)
    sink.slow = {"legal@example.org"}

    async def deliver() -> None:
        task = asyncio.ensure_future(deliver_to(mail, "legal@example.org"))
        while not sink.waiting:
            await asyncio.sleep(0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        while sink.open:
            await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(deliver(), 10))
    mail.close()


async def deliver_to(mail: MailChannel, mailbox: str) -> None:
    to = address(mailbox)
    await mail.deliver(mail.prepare(reminder(), to))


# -- TLS

AWAY = "127.0.0.2"  # this machine too, by a name that counts as another


@pytest.fixture
def certificates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate, whose authority this process trusts."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(AWAY).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    return context


@pytest.mark.parametrize("implicit", [False, True])
def test_mail_goes_over_tls_with_a_login(certificates: ssl.SSLContext, implicit: bool) -> None:
    login = ("tracker", "secret of 12")
    with MailSink(AWAY, certificates, implicit, login) as sink:
        mail = mail_to(sink.port, host=AWAY, implicit=implicit, user=login[0], password=login[1])
        send(mail)
        mail.close()

        assert (len(sink.messages), sink.logins) == (1, 1)


def test_a_certificate_that_is_not_trusted_stops_all_mail(
    certificates: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with MailSink(AWAY, certificates) as sink:
        with pytest.raises(Undelivered) as refused:
            send(mail_to(sink.port, host=AWAY))

        assert refused.value.unreachable
        assert refused.value.reason.case == "tls-unknown"
        assert sink.messages == []


def test_nothing_is_sent_to_another_machine_without_tls() -> None:
    with MailSink(AWAY) as sink:
        with pytest.raises(Undelivered) as refused:
            send(mail_to(sink.port, host=AWAY))

        assert "STARTTLS" in refused.value.reason.text("en")
        assert sink.messages == []


def test_a_wrong_password_is_said_so(certificates: ssl.SSLContext) -> None:
    with MailSink(AWAY, certificates, False, ("tracker", "right")) as sink:
        mail = mail_to(sink.port, host=AWAY, user="tracker", password="wrong")
        with pytest.raises(Undelivered) as refused:
            send(mail)
        mail.close()

    assert refused.value.unreachable
    said = refused.value.reason.text("en")
    assert said.startswith("the mail server does not take the user name and password")
    assert "“535 5.7.8 " in said
    assert "wrong" not in said


def test_a_wrong_password_is_tried_once_however_many_mails_wait_and_ways_to_log_in_there_are(
    certificates: ssl.SSLContext,
) -> None:
    with MailSink(AWAY, certificates, False, ("tracker", "right")) as sink:
        mail = mail_to(sink.port, host=AWAY, user="tracker", password="wrong")

        async def deliver() -> list[BaseException | None]:
            mailboxes = (f"n{number}@example.org" for number in range(16))
            mails = (deliver_to(mail, mailbox) for mailbox in mailboxes)
            return await asyncio.gather(*mails, return_exceptions=True)

        results = asyncio.run(deliver())
        mail.close()

    assert all(isinstance(result, Undelivered) and result.unreachable for result in results)
    assert sink.auths == ["PLAIN"]


@pytest.mark.parametrize("password", ["secret of 12", "geheim äöü 秘密"])
@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN"])
def test_a_login_is_made_in_the_way_that_the_server_has(
    certificates: ssl.SSLContext, mechanism: str, password: str
) -> None:
    with MailSink(AWAY, certificates, False, ("tracker", password)) as sink:
        sink.no_auth = {"PLAIN", "LOGIN"} - {mechanism}
        mail = mail_to(sink.port, host=AWAY, user="tracker", password=password)
        send(mail)
        mail.close()

    assert (len(sink.messages), sink.auths) == (1, [mechanism])
