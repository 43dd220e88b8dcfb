"""What an agreement says is text wherever it is sent: no link, no mention, no layout of its own."""

from __future__ import annotations

import email
import email.policy
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import apprise
import pytest
from apprise.conversion import markdown_to_html

from tests.alerts.samples import NOW, SIGNER, claimed_alert, reminder
from tests.alerts.servers import HookSink
from tests.alerts.test_channels import SETTINGS, address, send
from tracker.alerts.channels import open_channel
from tracker.alerts.channels.terminal import TerminalChannel
from tracker.alerts.composer import Composer
from tracker.alerts.message import Block, Body, Message
from tracker.alerts.mime import html_of, mime_of
from tracker.alerts.service_limits import sent_text
from tracker.files.loading import load
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.timeline.resolver import resolve

WIDTHLESS = "\u200b"
TITLES = {
    "a disguised link": "[https://bank.example](https://evil.example)",
    "a link by reference": "[bank][1] and [1]: https://evil.example",
    "an image": "![x](https://evil.example/pixel.png)",
    "a link in angles": "<https://evil.example>",
    "a link of Slack's": "<https://evil.example|https://bank.example>",
    "a mailto": "<mailto:evil@evil.example> <evil@evil.example>",
    "a bare address": "pay at https://evil.example/x_y_z now",
    "a bare host": "pay at www.evil.example now",
    "everybody": "@everyone @here @channel @all",
    "everybody of Slack's": "<!channel> <!here|here> <!subteam^S1>",
    "people": "<@U123> <@!123> <@&123> @**all** @_**Jane|5** <#C123>",
    "channels": "#general #**general** ~town-square",
    "a command of Discord's": "</pay:123> <:smile:123> <t:1700000000:R>",
    "a spoiler": "||the fee|| is 5",
    "layout": "*a* _b_ **c** ~~d~~ `e` ```f```",
    "a heading": "# Paid",
    "a list": "- paid",
    "a number": "1. paid",
    "a quote": "> paid",
    "a line": "---",
    "a table": "a|b",
    "HTML": '<b>x</b> <script>alert(1)</script> <a href="https://evil.example">bank</a>',
    "entities": "&lt;b&gt; &#64;everyone &amp; R&D",
    "backslashes": r"\[bank\](https://evil.example) C:\new \\",
    "everybody of Feishu's": '<at user_id="all">all</at> </pay now:123>',
    "everybody of KOOK's": "(met)all(met) (rol)1(rol) (spl)x(spl)",
    "everybody of OneBot's": "[CQ:at,qq=all]",
    "a formula": r"$$x$$ \(x\) \[x\] $[x2 big]",
    "amounts": "2 * 3 * 4 and ~~5~~ 7 % and __no__ _more_",
    "an autolink that is escaped": r"\<https://evil.example\>",
}
#: By service: its address, and where a title and a body stand in what it is sent.
SERVICES = {
    "discord": ("discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js", "", "content", "markdown"),
    "mattermost": ("mmost://{host}/3ccdd113474722377935511fc8", "", "text", "markdown"),
    "rocketchat": ("rocket://" + "a" * 20 + "/" + "b" * 43 + "@{host}/%23room", "", "text", "markdown"),
    "guilded": (f"guilded://12345678-1234-1234-1234-123456789abc/{'a' * 86}", "", "content", "markdown"),
    "nextcloud talk": ("nctalk://user:pass@{host}/room", "", "message", "markdown"),
    "webex": (f"wxteams://{'a' * 80}", "", "markdown", "markdown"),
    "slack": ("slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#room", "title", "text", "html"),
    "telegram": ("tgram://123456789:AAEbcdefghijklmnopqrstuvwxyzABCDEFG/12315", "", "text", "html"),
    "ntfy": ("ntfy://{host}/deadlines", "title", "message", "text"),
    "gotify": ("gotify://{host}/abcdefghijklmno", "title", "message", "text"),
    "matrix": ("matrix://" + "a" * 16 + "@{host}?mode=slack", "title", "text", "html"),
    "json": ("json://{host}/hook", "title", "message", "text"),
    "mastodon": ("mastodon://token@{host}", "", "status", "text"),
    "signal": ("signal://{host}/+15551234567/+15557654321", "", "message", "text"),
}  # fmt: skip


class Shown(HTMLParser):
    """What a page of HTML shows: its text, and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.text, self.links, self.tags = "", list[tuple[str, str]](), set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag == "a":
            self.links.append((dict(attrs).get("href") or "", ""))

    def handle_data(self, data: str) -> None:
        self.text += data
        if self.links:
            self.links[-1] = (self.links[-1][0], self.links[-1][1] + data)


def message_with(title: str) -> Message:
    """A reminder whose subject and entries hold that title, and its quote too."""
    blocks = (
        Block("heading", "Coming"),
        Block("item", f"{title}: today", below="tracker alerts ack lease/_b_"),
        Block("quote", f"“{title}”"),
        Block("link", "Acknowledge", "https://deadlines.example.org/alert/1/a_b-_c_"),
    )
    return replace(reminder(), make_body=lambda: Body(f"{title}: today", blocks))


@pytest.fixture(scope="module")
def receiver() -> Iterator[HookSink]:
    with HookSink() as sink:
        yield sink


@pytest.fixture
def sink(receiver: HookSink, monkeypatch: pytest.MonkeyPatch) -> HookSink:
    """A server that stands for those of services whose address is their own."""
    receiver.requests.clear()
    receiver.taken, receiver.words = 200, "ok"
    plugins = apprise.manager_plugins.NotificationManager()  # type: ignore[no-untyped-call]
    for scheme in ("discord", "guilded", "slack", "tgram", "wxteams"):
        for name in ("notify_url", "webhook_url", "_url_base"):
            if hasattr(plugins[scheme], name):
                monkeypatch.setattr(plugins[scheme], name, f"{receiver.url}/")
    return receiver


def what_is_sent(sink: HookSink, service: str, message: Message) -> tuple[str, str]:
    """What a service is sent as the title, "" where it has none, and as the text."""
    url, title, body, _ = SERVICES[service]
    to = address(url.format(host=sink.url.split("/")[2]))
    send(open_channel(to, SETTINGS), to, message)
    sent = [json.loads(content) for _, content in sink.requests]
    parts = _parts(sent[-1])
    return parts.get(title, ""), parts[body]


def _parts(sent: Any) -> dict[str, str]:
    """All texts of a JSON value by their keys; those of a card by their ids."""
    if isinstance(sent, list):
        return {key: text for part in sent for key, text in _parts(part).items()}
    if not isinstance(sent, dict):
        return {}
    parts = {key: text for key, text in sent.items() if isinstance(text, str)}
    if "id" in parts and "text" in parts:
        parts[parts["id"]] = parts["text"]
    for part in sent.values():
        parts |= _parts(part)
    return parts


def readable(text: str) -> str:
    return " ".join(text.replace(WIDTHLESS, "").replace("\xa0", " ").split())


def without_angles(text: str) -> str:
    """The text as it is read; this reader of Markdown leaves out those around a mailbox."""
    return readable(text).replace("<", "").replace(">", "")


@pytest.mark.parametrize("service", SERVICES)
def test_a_title_is_text_for_every_service(sink: HookSink, service: str) -> None:
    notation = SERVICES[service][3]
    for kind, title in TITLES.items():
        sent_title, body = what_is_sent(sink, service, message_with(title))
        sink.requests.clear()
        if notation == "markdown":
            # Where Apprise sends Markdown as text, the service knows no tags.
            tags = body if service in ("rocketchat", "webex") else body.replace("<", "&lt;")
            shown = Shown(markdown_to_html(tags))
            assert all(WIDTHLESS in leads for leads, _ in shown.links), kind  # nowhere
            assert shown.tags <= {"p", "br", "h1", "ul", "li", "strong", "a"}, kind
            sent_title, text = "", shown.text
        else:
            text = Shown(body).text if notation == "html" else body

        as_text, seen = f"{title}: today", f"{Shown(sent_title).text} {text}"
        assert without_angles(as_text) in without_angles(seen), kind
        assert f"{without_angles(as_text)} tracker alerts ack lease/_b_" in without_angles(text)
        assert "https://deadlines.example.org/alert/1/a_b-_c_" in unquote(body), kind
        for part in (sent_title, body.partition("“")[0]):
            assert_nothing_special(part, kind)
        assert_no_disguise(body, kind)


def test_a_title_of_its_own_is_escaped_where_the_service_reads_markdown_in_it() -> None:
    (teams,) = apprise.Apprise("workflows://host/wf/sig")
    (phone,) = apprise.Apprise("spush://abc")
    title = message_with(TITLES["a disguised link"] + " *a*")

    assert Shown(markdown_to_html(sent_text(teams, title).title)).tags == {"p"}
    assert "*a*" in sent_text(phone, title).title  # which reads none there
    assert_no_disguise(sent_text(phone, title).title, "on a phone")


#: Services whose address is not their own, and that read Markdown in text or know no escapes.
MARKDOWN_ELSEWHERE = {
    "fluxer": "fluxer://12345678901234567890/" + "a" * 68,
    "humhub": "humhub://user:pass@host/1",
    "notifiarr": "notifiarr://apikey1234567/123456789",
    "revolt": "revolt://bot_token/channelid",
    "kook": "kook://token/123",
    "ryver": "ryver://abc/" + "a" * 15,
    "server chan": "schan://" + "a" * 20,
}
NO_ESCAPES = {
    "zulip": "zulip://bot@acme/" + "a" * 32 + "/room",
    "misskey": "misskey://token@host",
    "threema": "threema://*GATEWAY@secret/ABCDEFGH",
    "viber": "viber://token/id",
    "synology": "synology://host/token",
}


@pytest.mark.parametrize("service", MARKDOWN_ELSEWHERE)
def test_a_title_is_text_where_text_is_read_as_markdown(service: str) -> None:
    (plugin,) = apprise.Apprise(MARKDOWN_ELSEWHERE[service])
    for kind, title in TITLES.items():
        body = sent_text(plugin, message_with(title)).body
        shown = Shown(markdown_to_html(body if service == "kook" else body.replace("<", "&lt;")))

        assert shown.tags <= {"p", "br", "h1", "ul", "li", "strong", "a"}, kind
        assert without_angles(f"- {title}: today") in without_angles(f"- {shown.text}"), kind
        assert "tracker alerts ack lease/_b_" in readable(shown.text)
        assert_nothing_special(body.partition("“")[0], kind)
        assert_no_disguise(body, kind)


@pytest.mark.parametrize("service", NO_ESCAPES)
def test_a_title_is_text_where_a_service_knows_no_escapes(service: str) -> None:
    (plugin,) = apprise.Apprise(NO_ESCAPES[service])
    for kind, title in TITLES.items():
        sent = sent_text(plugin, message_with(title))
        item = sent.body.partition("tracker alerts ack")[0].rpartition("Coming\n- ")[2]
        alike = item.translate(str.maketrans("∗∼ˋˍ", "*~`_"))

        assert readable(alike) == readable(f"{title}: today"), kind
        assert not re.search(r"[*~`]|(?<!\w)_\w|\w_(?!\w)", item), kind
        assert not re.search(r"^\s*(?:[#>+=-]|[0-9]+[.)])", item), kind
        assert "tracker alerts ack lease/_b_" in sent.body
        assert "https://deadlines.example.org/alert/1/a_b-_c_" in unquote(sent.body), kind
        assert_nothing_special(item, kind)
        assert_no_disguise(sent.body, kind)


def test_titles_in_every_part_of_a_digest_and_a_reminder_are_no_links(tmp_path: Path) -> None:
    file = tmp_path / "events.toml"
    evil = "pay https://evil.example/x or evil.example"
    file.write_text(
        f'id = "a"\ntitle = "Lease {evil}"\ntimezone = "UTC"\n[sources.deed]\ntitle = "Deed {evil}"\n'
        f'url = "https://deeds.example.org/a_b"\n[[event]]\nid = "x"\ntitle = "Rent {evil}"\n'
        f'when = 2031-03-15\nsource = "deed"\nparties = ["P {evil}"]\nnote = "See https://w.example/y"\n'
        f'[[event]]\nid = "y"\ntitle = "End {evil}"\nwhen = "2 days after x"\n',
        encoding="utf-8",
    )
    timeline = resolve(load([file]), date(2030, 12, 2))
    (plugin,) = apprise.Apprise("mmost://host/3ccdd113474722377935511fc8")
    key = AlertKey("legal", "x", "digest", "", "", "", "2030-12-02", "")
    composer = Composer(timeline, [Recipient("legal", "UTC")], (), SIGNER)
    digest = composer.message(claimed_alert(key, NOW), NOW)
    assert digest is not None

    texts = [sent_text(plugin, digest).body]
    texts += [sent_text(plugin, reminder(timeline, "en", event=f"a/{name}")).body for name in "xy"]
    for text in texts:
        assert "evil" in text
        assert not re.search(r"https?://evil|\bevil\.example", text)
    assert "\nhttps://deeds.example.org/a_b\n" in texts[1]
    assert "See https://w.example/y" in texts[1]


def test_what_telegram_makes_of_a_text_is_what_its_limit_is_held_against(sink: HookSink) -> None:
    for quote in ("<" + "word " * 1500 + ">", "a<b " * 1500, "R&D " * 1500):
        body = Body("Notice", (Block("quote", quote),))
        _, text = what_is_sent(sink, "telegram", replace(reminder(), make_body=lambda b=body: b))  # type: ignore[misc]

        assert len(text) <= 4096
        assert "left out here" in text
        assert len(sink.requests) == 1
        sink.requests.clear()


def assert_nothing_special(text: str, kind: str) -> None:
    """Nothing in it is a mention, or a link by itself."""
    assert not re.search(
        r"@(?:everyone|here|channel|all|\*|_)|<[!@#:]|</\w[\w ]*:|</?at\b", text
    ), kind
    assert not re.search(r"\(met\)|\(rol\)|\(spl\)|\[CQ:|\$\$|\$\[", text), kind
    assert not re.search(r"https?://evil|www\.evil|evil\.example", text), kind


def assert_no_disguise(text: str, kind: str) -> None:
    assert not re.search(r"\](?:\\?\(|\\?\[|:\s)|\|\||<https?://evil", text), kind


def test_addresses_in_a_quote_can_be_followed_as_they_are(sink: HookSink) -> None:
    where = "https://wiki.example.org/a_b_(c)?d=e*f"
    body = Body("Notice", (Block("quote", f"See {where} for *all*."),))
    for service in ("mattermost", "rocketchat", "discord"):
        _, text = what_is_sent(sink, service, replace(reminder(), make_body=lambda: body))

        assert "See https://wiki.example.org/a_b" in text
        assert r"for \*all\*" in text


# -- mail and the terminal


@pytest.mark.parametrize("kind", TITLES)
def test_a_title_is_text_in_a_mail(kind: str) -> None:
    message = message_with(TITLES[kind])
    shown = Shown(html_of(message))
    mail = email.message_from_bytes(
        mime_of(message, "tracker@example.org", "legal@example.org", NOW),
        policy=email.policy.default,
    )

    assert [leads for leads, _ in shown.links] == ["https://deadlines.example.org/alert/1/a_b-_c_"]
    assert shown.tags.isdisjoint({"script", "img", "b", "table"})
    assert f"{TITLES[kind]}: today" in shown.text
    assert readable(str(mail["Subject"])) == readable(f"{TITLES[kind]}: today")


@pytest.mark.parametrize(
    "title",
    [
        "a\r\nBcc: evil@evil.example",
        "a\nContent-Type: text/html\n\n<b>",
        "a\0b",
        "=?utf-8?b?QUI=?=",
    ],
)
def test_no_title_and_no_name_adds_a_header(title: str) -> None:
    message = replace(reminder(), make_body=lambda: Body(title, ()))
    content = mime_of(message, "tracker@example.org", "legal@example.org", NOW, title)
    mail = email.message_from_bytes(content, policy=email.policy.default)

    usual = email.message_from_bytes(
        mime_of(reminder(), "tracker@example.org", "legal@example.org", NOW),
        policy=email.policy.default,
    )
    assert mail.keys() == usual.keys()
    assert mail["To"] == "legal@example.org"


def test_a_terminal_gets_titles_as_they_are() -> None:
    for title in TITLES.values():
        shown = TerminalChannel().prepare(message_with(title), address("terminal"))

        assert f"{title}: today" in shown
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", shown)
