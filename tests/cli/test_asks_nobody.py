"""What an agreement says makes tracker ask nobody: only tracker.toml names whom it asks."""

from __future__ import annotations

import pytest

from tests.alerts.servers import HookSink
from tests.cli.calls import Caller

EVENTS = """\
id = "lease"
timezone = "UTC"
[sources.contract]
title = "The contract, {url}/contract"
url = "{url}/contract"
[[event]]
id = "notice"
title = "Notice, {url}/title"
when = 2031-01-01
url = "{url}/event"
source = "contract"
quote = "See {url}/quote and [here]({url}/link)."
note = "![image]({url}/image)"
parties = ["{url}/party"]
tags = ["{url}/tag"]
"""
COMMANDS = (
    "check", "list", "list --json", "agenda", "explain notice", "show notice", "feed",
    "publish site", "run --until-idle", "alerts test terminal", "doctor", "changes 2026-01-01 2027-01-01",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_address_in_an_agreement_is_asked_for(call: Caller, language: str) -> None:
    with HookSink() as sink:
        call.write("events.toml", EVENTS.format(url=sink.url))
        for command in COMMANDS:
            called = call("--lang", language, *command.split())
            assert called.code in (0, 1), (command, called.err)

        assert (sink.pings, sink.requests, sink.asked, sink.arrived) == ([], [], [], 0)
