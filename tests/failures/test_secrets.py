"""What is said of a failure has no secret, though nobody knows what its exception repeats."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Callable

import pytest

from tests.secret_marks import plain_mark, traces
from tracker.failures.exceptions import reason_of
from tracker.failures.secrets import hider, secrets_of_arguments, without_credentials
from tracker.service.log import Log

SECRET = plain_mark("any")
BASIC = base64.b64encode(f"bob:{SECRET}".encode()).decode()
WORDS = (
    f"Invalid URL 'https://bob:{SECRET}@example.org/hook'",
    f"404 for url: https://hooks.example.org/T0/{SECRET}?token={SECRET}",
    f'invalid connection option in "postgresql://bob:{SECRET}@db/tracker"',
    f"connection failed: host=db user=bob password={SECRET}",
    f"connection failed: host=db password='{SECRET}' port=5432",
    f'{{"token": "{SECRET}", "text": "x"}}',
    f"b'Authorization: Bearer {SECRET}'",
    f"illegal header: Authorization: Basic {BASIC}",
    f"could not open slack://{SECRET}/{SECRET}/#room",
    f"sslpassword={SECRET}; api-key: {SECRET}",
)


@pytest.mark.parametrize("words", WORDS)
def test_no_exception_shows_a_secret(words: str) -> None:
    reason = reason_of(RuntimeError(words))
    said = reason.text("en") + reason.text("ja") + reason.stored()

    assert "…" in said
    assert traces(said, [SECRET]) == []


@pytest.mark.parametrize("words", WORDS)
def test_no_library_logs_a_secret(words: str) -> None:
    root = logging.getLogger()
    handlers, level, out = root.handlers[:], root.level, io.StringIO()
    try:
        Log("en", True, out)
        logging.getLogger("some.library").warning("it failed: %s", words)
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)

    assert json.loads(out.getvalue())["event"] == "some.library"
    assert traces(out.getvalue(), [SECRET]) == []


@pytest.mark.parametrize(
    "password", ["hunterpassword", "ab/cd\"ef'gh", "pa/ss-word", "4174216298123"]
)
@pytest.mark.parametrize(
    "repeat",
    [
        str,
        lambda word: json.dumps(word).replace("/", r"\/"),  # as PHP writes it
        lambda word: f"{word[:9]}...",
        lambda word: f"{word[:-1]}…",
    ],
)
def test_a_password_without_a_digit_is_left_out_too_as_php_writes_it_or_cut_off(
    password: str, repeat: Callable[[str], str]
) -> None:
    said = f"535 no {repeat(password)} here"

    assert hider([password])(said).strip('"').replace('"', "").startswith("535 no …")
    assert hider([], [password])(said).replace('"', "").startswith("535 no …")
    assert password[:8] not in hider([password])(said)


def test_what_a_command_repeats_of_its_arguments_is_left_out() -> None:
    hide = secrets_of_arguments(
        [
            "/usr/bin/send.sh",
            "--token",
            "correct-horse-battery-staple",
            "--key=horse-power",
            "/etc/send.conf",
        ]
    )

    said = hide("send.sh: correct-horse-battery-staple (--token), horse-power: /etc/send.conf?")
    assert said == "send.sh: … (--token), …: /etc/send.conf?"


@pytest.mark.parametrize(
    "words",
    [
        "the token is not known",
        "535 5.7.8 authentication failed: password expired",
        "no secret was given",
        "Basic authentication is switched off",
        "ntfy: topic reserved",
    ],
)
def test_what_is_no_secret_is_said_as_it_is(words: str) -> None:
    assert without_credentials(words) == words
    assert hider([SECRET])(words) == words
