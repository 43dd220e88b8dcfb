"""A mail server that repeats what it was sent: nobody is shown the password, in whatever form."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.alerts.scripted_mail import ScriptedMail
from tests.alerts.test_mail import address, mail_to, send
from tracker.alerts.channel import Undelivered
from tracker.i18n.reasons import Reason

USER, PASSWORD = "bob", "Geheim%wört&co"


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


#: What a server may repeat of a login.
ECHOES: dict[str, Callable[[str], str]] = {
    "as it is": lambda password: f"no {USER} with password {password}",
    "in capitals": lambda password: f"no {USER} with password {password.upper()}",
    "as in an address": lambda password: f"no smtp://{USER}:{quote(password)}@host",
    "PLAIN": lambda password: f"no: {_base64(f'{chr(0)}{USER}{chr(0)}{password}')}",
    "PLAIN, with the name twice": lambda password: _base64(f"{USER}\0{USER}\0{password}"),
    "PLAIN, cut off": lambda password: _base64(f"\0{USER}\0{password}")[:18] + "...",
    "the command": lambda password: f"AUTH PLAIN {_base64(f'{chr(0)}{USER}{chr(0)}{password}')}?",
    "LOGIN": lambda password: f"no: {_base64(password)}",
    "LOGIN, without its filling": lambda password: f"no: {_base64(password).rstrip('=')}",
}


def _asked(mail: ScriptedMail, password: str) -> list[Reason]:
    """Why nothing goes, by sending a mail and by asking as `tracker doctor` does."""
    channel = mail_to(mail.port, user=USER, password=password)
    with pytest.raises(Undelivered) as sent:
        send(channel)
    try:
        result = asyncio.run(channel.probe([address()]))
        probed = [objection.reason for objection in result.objections]
    except Undelivered as refused:
        probed = [refused.reason]
    channel.close()
    return [sent.value.reason, *probed]


@pytest.mark.parametrize("command", ["AUTH", "RCPT"])
@pytest.mark.parametrize("echo", ECHOES)
@pytest.mark.parametrize("password", [PASSWORD, "pass"])
def test_a_password_that_a_server_repeats_is_shown_nowhere(
    command: str, echo: str, password: str
) -> None:
    words = ECHOES[echo](password)
    with ScriptedMail() as mail:
        mail.password = password
        mail.script[command] = f"535-5.7.8 refused\r\n535 5.7.8 {words}"
        reasons = _asked(mail, password)

    plain, whole = _base64(f"\0{USER}\0{password}"), _base64(password).rstrip("=")
    assert len(reasons) == 2
    for reason in reasons:
        said = reason.stored() + reason.text("en") + reason.text("ja")
        assert "refused" in said  # its words are shown all the same
        assert "…" in said
        assert password.casefold() not in said.replace("password", "").casefold()
        assert quote(password) not in said.replace("password", "")
        assert plain[6:18] not in said
        assert whole[:6] not in said


@pytest.mark.parametrize("command", ["greeting", "AUTH", "MAIL", "DATA", "end"])
def test_what_is_no_mail_server_is_quoted_as_it_says_it(command: str) -> None:
    with ScriptedMail() as mail:
        mail.password = "right"
        mail.script[command] = "ÿHTTP/1.1 400 Bad Request"
        channel = mail_to(mail.port, user=USER, password="right")
        with pytest.raises(Undelivered) as sent:
            send(channel)
        channel.close()

    assert sent.value.reason.words == "ÿHTTP/1.1 400 Bad Request"
