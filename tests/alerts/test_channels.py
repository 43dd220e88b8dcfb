"""Webhooks, commands, Apprise's services and the terminal, each against what it really reaches."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.alerts.samples import reminder
from tests.alerts.servers import HookSink, deaf_port
from tracker.alerts.channel import BadAddress, Channel, ChannelSettings, Undelivered
from tracker.alerts.channels import module_for, open_channel
from tracker.alerts.channels.command import CommandChannel
from tracker.alerts.message import Block, Body, Message
from tracker.config.addresses import Address, command_address, read_address
from tracker.config.sending import DeliverySettings

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
SETTINGS = ChannelSettings(DeliverySettings(secret=SECRET), lambda: datetime.now(UTC))


def address(text: str) -> Address:
    found = read_address(text, ())
    assert isinstance(found, Address)
    return found


def send(channel: Channel, to: Address, message: Message | None = None) -> None:
    async def deliver() -> None:
        try:
            await channel.deliver(channel.prepare(message or reminder(), to))
        finally:
            await channel.release()

    asyncio.run(deliver())


# -- webhooks


def test_a_webhook_is_signed_so_that_others_can_verify_it() -> None:
    with HookSink() as sink:
        to = address(sink.url)
        channel = open_channel(to, SETTINGS)
        send(channel, to)
        channel.close()

    ((headers, body),) = sink.requests
    value = Verifier(SECRET).verify(body, headers)
    assert value["subject"] == reminder().subject
    assert value["data"]["counts_to"] == "2030-12-31"
    assert headers["idempotency-key"] == headers["webhook-id"] == value["id"] == reminder().id
    with pytest.raises(WebhookVerificationError):
        Verifier(SECRET).verify(body.replace(b"2030", b"2031"), headers)


def test_a_webhook_follows_no_redirect() -> None:
    with HookSink() as other, HookSink() as sink:
        sink.answers = [(307, {"location": other.url})]
        to = address(sink.url)
        channel = open_channel(to, SETTINGS)
        with pytest.raises(Undelivered) as refused:
            send(channel, to)
        channel.close()

        assert refused.value.reason.case == "http-moved.to"
        assert other.requests == []


def test_a_webhook_waits_for_as_long_as_its_receiver_asks() -> None:
    with HookSink() as sink:
        sink.answers = [(429, {"retry-after": "120"}), (503, {})]
        to = address(sink.url)
        channel = open_channel(to, SETTINGS)
        found = []
        for _ in range(2):
            with pytest.raises(Undelivered) as refused:
                send(channel, to)
            found.append((refused.value.reason.case, refused.value.unreachable, refused.value.wait))
        channel.close()

    assert found == [("http-429", True, 120), ("http-503", False, None)]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("Payload Too Large", "Payload Too Large"),
        ("<html><h1>No\x1b[2J</h1>\n<p>Ask IT &amp; wait</p></html>", "No [2J Ask IT & wait"),
        (f"not signed with {SECRET}, token abc-123-def", "not signed with …, token …"),
        ("済みません", "済みません"),
    ],
)  # fmt: skip
def test_a_webhook_that_is_refused_is_a_failure_in_its_receivers_own_words(
    words: str, reason: str
) -> None:
    with HookSink() as sink:
        sink.judge, sink.refusal = lambda _body: words, 403
        to = address(f"{sink.url}?key=abc-123-def")
        with pytest.raises(Undelivered) as refused:
            send(open_channel(to, SETTINGS), to)

    assert refused.value.reason.text("en").endswith(f"(403); in its own words: “{reason}”")


def test_a_receiver_that_is_not_there_is_said_so() -> None:
    with deaf_port() as port:
        to = address(f"http://127.0.0.1:{port}/hook")
        channel = open_channel(to, SETTINGS)
        with pytest.raises(Undelivered) as refused:
            send(channel, to)
        channel.close()

    assert refused.value.unreachable


def test_a_webhook_without_a_secret_is_no_channel() -> None:
    with pytest.raises(BadAddress) as refused:
        open_channel(
            address("https://example.org/hook"), SETTINGS._replace(delivery=DeliverySettings())
        )

    assert refused.value.diagnostic.case == "no-webhook-secret"


# -- commands


def test_a_command_gets_the_message_on_its_input_and_no_shell_sees_it(tmp_path: Path) -> None:
    script = (
        "import os, sys; open(sys.argv[1], 'w').write(sys.stdin.read()"
        " + os.environ['TRACKER_MESSAGE_ID'] + ' '.join(sys.argv[2:]))"
    )
    to = command_address(
        (sys.executable, "-c", script, str(tmp_path / "out"), "$(touch x)", "; rm -rf /"), ()
    )
    send(open_channel(to, SETTINGS), to)

    said = (tmp_path / "out").read_text(encoding="utf-8")
    assert said.startswith(f"{reminder().subject}\n\n")
    assert said.endswith(f"{reminder().id}$(touch x) ; rm -rf /")


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (
            (sys.executable, "-c", "import sys; sys.exit('no such room')"),
            "it ended with exit code 1; in its own words: “no such room”",
        ),
        (("/no/such/program",), "there is no program /no/such/program"),
    ],
)
def test_a_command_that_fails_is_a_failure(arguments: tuple[str, ...], reason: str) -> None:
    to = command_address(arguments, ())

    with pytest.raises(Undelivered) as failed:
        send(open_channel(to, SETTINGS), to)

    assert failed.value.reason.text("en") == reason


def test_a_command_that_hangs_is_killed_with_what_it_started(tmp_path: Path) -> None:
    alive = tmp_path / "alive"
    child = f"import time; time.sleep(1); open({str(alive)!r}, 'w')"
    script = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    command = CommandChannel((sys.executable, "-c", script), timeout=0.5)

    with pytest.raises(Undelivered) as failed:
        send(command, command_address(("x",), ()))

    assert "still running after" in failed.value.reason.text("en")
    time.sleep(1.5)  # for what must not happen, nothing can be waited for
    assert not alive.exists()


# -- Apprise


def test_a_service_gets_plain_text_in_which_nobody_is_mentioned() -> None:
    with HookSink() as sink:
        to = address(sink.url.replace("http://", "json://"))
        channel = open_channel(to, SETTINGS)
        body = Body("@everyone: <b>Notice</b>", reminder().blocks)
        message = replace(reminder(), make_body=lambda: body)
        send(channel, to, message)
        channel.close()

    value = json.loads(sink.requests[0][1])
    assert value["title"] == "@\u200beveryone: <b>Notice</b>"
    assert "What would move it:\n- An independent panel" in value["message"]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("", ""),
        (
            '{"error": "token topsecret-42 is not known"}',
            '{"error": "token … is not known"}',
        ),
        (
            "<html><style>p {}</style><p>Sorry &amp; 済みません</p></html>",
            "Sorry & 済みません",
        ),
        ("a\x1b[2Jb\nc", "a [2Jb c"),
    ],
)
def test_a_service_that_does_not_take_it_is_a_failure_in_its_own_words(
    words: str, reason: str
) -> None:
    with HookSink() as sink:
        sink.judge, sink.refusal = lambda _body: words, 500
        to = address(sink.url.replace("http://", "json://user:topsecret-42@"))
        channel = open_channel(to, SETTINGS)
        with pytest.raises(Undelivered) as refused:
            send(channel, to)
        channel.close()

    said = f"; in its own words: “{reason}”" if reason else ""
    assert refused.value.reason.text("en") == f"the server has a fault of its own (500){said}"


def test_a_service_that_is_not_there_is_said_so_without_its_token() -> None:
    with deaf_port() as port:
        to = address(f"gotify://127.0.0.1:{port}/a-secret-token")
        with pytest.raises(Undelivered) as refused:
            send(open_channel(to, SETTINGS), to)

    text = refused.value.reason.text("en")
    assert text == "connection refused: nothing listens there"


def test_a_service_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(BadAddress) as refused:
        open_channel(address("carrierpigeon://loft"), SETTINGS)

    assert refused.value.diagnostic.case == "no-such-service"


# -- all


def test_a_channel_says_what_it_promises_and_is_found_by_being_there() -> None:
    for text in ("terminal", "mailto:a@b.example", "https://example.org", "ntfy://topic"):
        kind = module_for(address(text))
        assert "Promises:" in (kind.__doc__ or "")


def test_no_secret_of_an_address_is_in_its_name() -> None:
    texts = (
        "slack://tokenA/tokenB/tokenC",
        "https://user:password@example.org/hook/token?key=secret",
        "tgram://123456:secret/chat",
    )
    for text in texts:
        name = address(text).name
        assert not any(word in name for word in ("token", "password", "secret", "123456"))


def test_the_receiver_of_the_docs_believes_what_is_signed_and_takes_it_once(
    tmp_path: Path,
) -> None:
    port = _free_port()
    receiver = Path(__file__).parents[2] / "examples" / "webhook_receiver.py"
    process = subprocess.Popen(
        [sys.executable, str(receiver), str(port)],
        stdout=subprocess.PIPE,
        text=True,
        env={"WEBHOOK_SECRET": SECRET, "PYTHONUTF8": "1"},
    )
    assert process.stdout is not None
    to = address(f"http://127.0.0.1:{port}/")
    try:
        _until_there(to)
        for _ in range(2):
            send(open_channel(to, SETTINGS), to)
        other = ChannelSettings(DeliverySettings(secret="whsec_" + "A" * 32), SETTINGS.now)
        with pytest.raises(Undelivered) as refused:
            send(open_channel(to, other), to)
        old = SETTINGS._replace(now=lambda: datetime(2026, 1, 1, tzinfo=UTC))
        with pytest.raises(Undelivered):
            send(open_channel(to, old), to)
    finally:
        process.terminate()
        said = process.stdout.read()
        process.stdout.close()
        process.wait()

    assert refused.value.reason.case == "http-401"
    assert said == f"{reminder().subject}\n"


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def _until_there(to: Address) -> None:
    deadline = time.monotonic() + 30
    while True:
        channel = open_channel(to, SETTINGS)
        try:
            asyncio.run(_probe(channel))
        except Undelivered:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        else:
            return


async def _probe(channel: Channel) -> None:
    try:
        await channel.probe([])
    finally:
        await channel.release()


def test_the_terminal_shows_a_list_and_of_a_point_what_has_to_be_known() -> None:
    to = address("terminal")
    terminal = open_channel(to, SETTINGS)
    blocks = (Block("heading", "Until then:"), Block("item", "A"), Block("quote", "“…”"))
    body = Body("What comes", blocks)
    message = reminder(late=True)
    digest = replace(message, key=message.key._replace(kind="digest"), make_body=lambda: body)

    assert terminal.prepare(digest, to) == "[legal] What comes\n  Until then:\n  - A"
    assert terminal.prepare(message, to) == (
        f"[legal] {message.subject}\n"
        "  This reminder is late: it was due on Sunday, 1 December 2030 at 09:00."
    )
