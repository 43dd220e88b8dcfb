"""An answer does not decide whom tracker asks next: no redirect is followed, with or without secrets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.alerts.servers import HookSink
from tests.alerts.test_channels import SETTINGS, address, send
from tracker.alerts.channel import Undelivered
from tracker.alerts.channels import open_channel

#: Channels to a server of one's own, each with a secret that its requests have.
CHANNELS = {
    "webhook": "http://user:secret@{host}/hook?token=secret",
    "json": "json://user:secret@{host}/hook",
    "form": "form://user:secret@{host}/hook",
    "xml": "xml://user:secret@{host}/hook",
    "gotify": "gotify://{host}/abcdefghijklmno",
    "ntfy": "ntfy://user:secret@{host}/topic",
    "mattermost": "mmost://{host}/3ccdd113474722377935511fc8",
    "rocketchat": "rocket://" + "a" * 20 + "/" + "b" * 43 + "@{host}/%23room",
    "signal": "signal://{host}/+15551234567/+15557654321",
    "nextcloud": "nctalk://user:pass@{host}/room",
    "mastodon": "mastodon://token@{host}",
    "bark": "bark://{host}/devicekey",
    "one that wants to": "json://{host}/hook?redirect=yes",
}
#: Where an answer may want to lead: another server, this one's metadata, a file, itself.
PLACES = (
    "{other}",
    "{other}?again",
    "http://169.254.169.254/latest/meta-data",
    "http://[::1]:9/",
    "file:///etc/passwd",
    "//{other_host}/x",
    "/elsewhere",
    "http://",
    "http://[",
    "https://" + "a" * 5000,
    "",
)


@pytest.fixture(scope="module")
def sinks() -> Iterator[tuple[HookSink, HookSink]]:
    """The server that is asked, and the one that it speaks of."""
    with HookSink() as sink, HookSink() as other:
        yield sink, other


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_channel_follows_a_redirect(sinks: tuple[HookSink, HookSink], channel: str) -> None:
    sink, other = sinks
    to = address(CHANNELS[channel].format(host=sink.url.split("/")[2]))
    for place in PLACES if channel == "webhook" else PLACES[:1]:
        for status in (301, 302, 303, 307, 308):
            where = place.format(other=other.url, other_host=other.url.split("/")[2])
            sink.answers = [(status, {"location": where})]
            with pytest.raises(Undelivered) as refused:
                send(open_channel(to, SETTINGS), to)

            assert refused.value.reason.case.startswith("http-moved"), place
            assert "secret" not in refused.value.reason.text("en")
            assert len(refused.value.reason.text("en")) < 500
    assert (sink.requests, sink.pings) == ([], [])
    assert (other.requests, other.pings, other.asked) == ([], [], [])
