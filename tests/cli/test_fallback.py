"""[fallback] is suggested where it is missed, and can be tried before it is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink
from tests.cli.calls import Caller
from tests.reminders.scene import HEAD, NOTICE

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


@pytest.fixture
def call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Caller:
    return Caller(tmp_path, monkeypatch, capsys)


def settings(recipients: dict[str, list[str]], fallback: str = "") -> str:
    text = f'[webhook]\nsecret = "{SECRET}"\n'
    if fallback:
        text += f'[fallback]\nto = "{fallback}"\n'
    for name, to in recipients.items():
        text += f'[[recipient]]\nname = "{name}"\nto = {json.dumps(to)}\n'
    return text


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_sample_goes_to_the_fallback_and_says_what_comes_there(
    call: Caller, language: str
) -> None:
    with HookSink() as legal, HookSink() as ops:
        call.write("events.toml", HEAD + NOTICE)
        call.write("tracker.toml", settings({"legal": [legal.url]}, ops.url))
        called = call("--lang", language, "alerts", "test", "fallback")

    assert called.code == 0
    assert legal.requests == []
    ((_, body),) = ops.requests
    said = json.loads(body)
    assert ("[Sample] what did not arrive" in said["subject"]) == (language == "en")
    assert ("届かなかった通知" in said["subject"]) == (language == "ja")


def test_without_a_fallback_there_is_none_to_try(call: Caller) -> None:
    call.write("events.toml", HEAD + NOTICE)
    call.write("tracker.toml", settings({"legal": ["terminal"]}))

    called = call("alerts", "test", "fallback")

    assert (called.code, "there is no recipient “fallback”" in called.err) == (2, True)


def test_the_doctor_suggests_a_fallback_for_who_has_one_channel_as_a_note(call: Caller) -> None:
    with HookSink() as sink, HookSink() as second:
        recipients = {"legal": [sink.url], "ops": [sink.url, second.url], "desk": ["terminal"]}
        call.write("events.toml", HEAD + NOTICE)
        call.write("tracker.toml", settings(recipients))
        without = call("doctor")
        call.write("tracker.toml", settings(recipients, second.url))
        beside = call("doctor")

    assert (without.code, beside.code) == (0, 0)
    (line,) = [line for line in without.out.splitlines() if "one channel" in line]
    assert line.startswith("--  legal: one channel")
    assert "[fallback]" in without.out
    assert "one channel" not in beside.out
