"""Messages that are too long: shortened by whole entries to what each service really takes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import apprise
import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from wcwidth import iter_graphemes

from tests.alerts.samples import SIGNER, URL, claimed_alert, reminder
from tests.alerts.servers import HookSink, MailSink
from tests.alerts.test_channels import SECRET, SETTINGS, address, send
from tracker.alerts.change_content import change_contents
from tracker.alerts.channel import Undelivered
from tracker.alerts.channels import open_channel
from tracker.alerts.channels.services import ServiceChannel
from tracker.alerts.composer import Composer
from tracker.alerts.message import Message
from tracker.alerts.service_limits import sent_text
from tracker.alerts.shortening import shorten_to
from tracker.config.sending import DeliverySettings, MailServer
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import load
from tracker.i18n.translate import LANGUAGES, Language
from tracker.reminders.plan import AlertKey
from tracker.reminders.recipients import Recipient
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

EVENTS = 300
LONG = "An obligation whose title nobody has ever shortened, " * 200
HEAD = 'id = "a"\ntimezone = "UTC"\ntitle = { en = "Lease", ja = "賃貸借契約" }\n'
NOW = datetime(2030, 12, 2, 9, 30, tzinfo=UTC)


def _timeline(folder: Path, count: int, first: str = "") -> Timeline:
    events = [
        f'[[event]]\nid = "e{number}"\nwhen = 2030-12-{2 + number % 29:02}\n'
        f'title = {{ en = "Payment <{number}> & *interest*", ja = "第{number}回の支払(利息を含む)𠮷" }}\n'
        for number in range(count)
    ]
    file = folder / "events.toml"
    file.write_text(HEAD + first + "".join(events), encoding="utf-8")
    return resolve(load([file]), date(2030, 12, 2))


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Timeline:
    """An agreement of 300 events, all within 30 days."""
    return _timeline(tmp_path_factory.mktemp("many"), EVENTS)


def message(
    timeline: Timeline, language: Language, kind: str = "digest", page: bool = True
) -> Message:
    recipient = Recipient("legal", "UTC", language=language, reminders=(parse_lead("30 days"),))
    key = AlertKey("legal", "x", "digest", "", "", "", "2030-12-02", "")
    alert = claimed_alert(key, NOW)
    if kind == "change":
        nothing = resolve(timeline.agreements, date(2030, 1, 1))
        earlier = [replace(agreement, events=()) for agreement in nothing.agreements]
        seen = changes(earlier, timeline.agreements, timeline.as_of, timeline.as_of)
        (content,) = change_contents(seen, reportable(seen.changed), language, "UTC", {40}).values()
        alert = claimed_alert(key._replace(kind="change"), NOW, **content)
    signer = SIGNER if page else None
    made = Composer(timeline, [recipient], (), signer).message(alert, NOW)
    assert made is not None
    return made


def _missing(text: str) -> int:
    """How many entries a message says that it leaves out."""
    way = (
        r"and (\d+|one) more$|^\W*ほか(\d+)件$|^\W*(\d+|one) entr.* not fit here$|^\W*(\d+)件\(ここ"
    )
    pairs = re.findall(way, text, re.MULTILINE)
    return sum(int(number.replace("one", "1")) for pair in pairs for number in pair if number)


def entries_in(text: str) -> int:
    return len(re.findall(r"Payment|回の支払", text))


def shown_text(markdown: str) -> str:
    """A text of which Markdown shows the escaped characters as they are."""
    return re.sub(r"\\(?=[^\w\s])", "", markdown)


def long_reminder(folder: Path, language: Language) -> Message:
    """A late reminder of an event with a long title, and a long quote and note."""
    quote = "Quoted, and never summed up. " * 100
    first = (
        f'[[event]]\nid = "long"\nwhen = 2030-12-11\ntitle = "{LONG[:500]}"\n'
        f'quote = "{quote}"\nnote = "{quote}"\n'
    )
    return reminder(_timeline(folder, 0, first), language, event="a/long", late=True)


# -- what each service takes, by its own documentation, and where it finds the text


def _characters(text: str) -> int:
    return len(text)


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _bytes(text: str) -> int:
    return len(text.encode())


SERVICES: dict[str, tuple[str, Callable[[Any], str], Callable[[str], int], int]] = {
    "ntfy": ("ntfy://{host}/deadlines", lambda sent: sent["message"], _bytes, 4096),
    "mattermost": ("mmost://{host}/" + "3ccdd113474722377935511fc8", lambda sent: sent["text"], _utf16, 4000),
    "rocketchat": ("rocket://" + "a" * 20 + "/" + "b" * 43 + "@{host}/%23room", lambda sent: sent["text"], _utf16, 1000),
    "misskey": ("misskey://token@{host}", lambda sent: sent["text"], _utf16, 512),
    "mastodon": ("mastodon://token@{host}", lambda sent: sent["status"], _characters, 500),
    "onebot": ("onebot://{host}/123456", lambda sent: sent["message"][0]["data"]["text"], _utf16, 4500),
    "gotify": ("gotify://{host}/token", lambda sent: sent["message"], _utf16, 32768),
    "matrix": ("matrix://" + "a" * 16 + "@{host}?mode=slack", lambda sent: sent["attachments"][0]["text"], _bytes, 65536),
    "signal": ("signal://{host}/+15551234567/+15557654321", lambda sent: sent["message"], _utf16, 32768),
}  # fmt: skip


@pytest.fixture(scope="module")
def receiver() -> Iterator[HookSink]:
    with HookSink() as sink:
        yield sink


@pytest.fixture
def sink(receiver: HookSink) -> HookSink:
    """A receiver that takes everything, until it is told what is too long."""
    receiver.requests.clear()
    receiver.refused.clear()
    receiver.judge, receiver.taken, receiver.refusal = None, 200, 400
    return receiver


def host(sink: HookSink) -> str:
    return sink.url.split("/")[2]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["digest", "change"])
@pytest.mark.parametrize("service", SERVICES)
def test_a_list_of_300_arrives_as_one_message_that_counts_what_it_leaves_out(
    many: Timeline, sink: HookSink, service: str, kind: str, language: Language
) -> None:
    url, text_of, measure, most = SERVICES[service]
    sink.judge = lambda body: "too long" if measure(text_of(json.loads(body))) > most else None
    to = address(url.format(host=host(sink)))
    send(open_channel(to, SETTINGS), to, message(many, language, kind))

    ((_, body),) = sink.requests
    assert sink.refused == []
    text = shown_text(text_of(json.loads(body)))
    assert entries_in(text) + _missing(text) == EVENTS
    assert f": {URL}/" in text or f":{URL}/" in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("most", [4000, 700])
@pytest.mark.parametrize("refusal", [413, 400])
def test_where_only_the_answer_says_how_much_is_taken_less_is_sent_at_once(
    many: Timeline, sink: HookSink, refusal: int, most: int, language: Language
) -> None:
    sink.refusal = refusal
    sink.judge = lambda body: "Message too long." if len(body) > most else None
    to = address(f"json://{host(sink)}/hook")
    send(open_channel(to, SETTINGS), to, message(many, language))

    ((_, body),) = sink.requests
    text = json.loads(body)["message"]
    assert entries_in(text) + _missing(text) == EVENTS


@pytest.mark.parametrize("mode", ["split", "truncate"])
def test_no_wish_in_an_address_splits_a_message_or_cuts_an_entry(
    many: Timeline, sink: HookSink, mode: str
) -> None:
    to = address(f"rocket://{'a' * 20}/{'b' * 43}@{host(sink)}/%23room?overflow={mode}")
    send(open_channel(to, SETTINGS), to, message(many, "en"))

    ((_, body),) = sink.requests
    text = shown_text(json.loads(body)["text"])
    assert entries_in(text) + _missing(text) == EVENTS


def test_what_is_refused_for_another_reason_is_not_sent_again_at_once(
    many: Timeline, sink: HookSink
) -> None:
    sink.judge = lambda _body: '{"error": "unknown channel"}'
    to = address(f"json://{host(sink)}/hook")
    with pytest.raises(Undelivered) as refused:
        send(open_channel(to, SETTINGS), to, message(many, "en"))

    assert refused.value.reason.case == "http-400"
    assert refused.value.reason.words == '{"error": "unknown channel"}'
    assert len(sink.refused) == 1


@pytest.mark.parametrize("first", [1, 2])
@pytest.mark.parametrize(
    ("status", "words"),
    [
        (429, '{"code":42901,"http":429,"error":"limit reached: too many requests"}'),
        (507, '{"code":50701,"http":507,"error":"cannot publish: topic limit exceeded"}'),
        (401, '{"error":"account limit: token exceeded its validity"}'),
        (500, "maximum number of connections reached"),
    ],
)
def test_what_a_limit_of_another_kind_held_back_goes_out_whole_later(
    many: Timeline, sink: HookSink, status: int, words: str, first: int
) -> None:
    sink.refusal = status
    sink.judge = lambda _body: words if len(sink.refused) < first else None
    to = address(f"ntfy://{host(sink)}/deadlines")
    for number in range(first):
        with pytest.raises(Undelivered) as refused:
            send(open_channel(to, SETTINGS), to, message(many, "en"))
        assert len(sink.refused) == number + 1
        assert refused.value.reason.case == f"http-{status}"
        assert refused.value.reason.words == words
    send(open_channel(to, SETTINGS), to, message(many, "en"))

    assert [body for _, body in sink.requests] == sink.refused[:1]


def test_a_service_that_is_asked_too_often_is_left_alone_for_as_long_as_it_says(
    sink: HookSink,
) -> None:
    sink.refusal = 429
    sink.judge = lambda _body: '{"message": "You are being rate limited.", "retry_after": 42.5}'
    to = address(f"json://{host(sink)}/hook")
    with pytest.raises(Undelivered) as refused:
        send(open_channel(to, SETTINGS), to)

    assert (refused.value.unreachable, refused.value.wait) == (True, 42.5)


def test_a_service_that_takes_nothing_is_asked_a_few_times_and_no_more(
    many: Timeline, sink: HookSink
) -> None:
    sink.judge = lambda _body: "message is too long"
    to = address(f"json://{host(sink)}/hook")
    with pytest.raises(Undelivered) as refused:
        send(open_channel(to, SETTINGS), to, message(many, "en"))

    assert refused.value.reason.case == "http-400"
    assert refused.value.reason.words == "message is too long"
    assert len(sink.refused) < 9


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", [True, False])
def test_an_entry_that_alone_is_too_long_is_cut_and_the_others_stay(
    tmp_path: Path, sink: HookSink, page: bool, language: Language
) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-02\ntitle = "{LONG}"\n'
    to = address(f"mmost://{host(sink)}/3ccdd113474722377935511fc8")
    short = message(_timeline(tmp_path, 3, first), language, page=page)
    send(open_channel(to, SETTINGS), to, short)

    text = json.loads(sink.requests[0][1])["text"]
    assert "An obligation whose title" in text
    assert entries_in(text) == 3
    assert (f"{URL}/" if page else "tracker agenda") in text


#: Services elsewhere, of which Apprise publishes the limits: what it would hand to each is measured.
ELSEWHERE = {
    "telegram": "tgram://123456789:AAEbcdefghijklmnopqrstuvwxyzABCDEFG/12315",
    "discord": "discord://4174216298/JHMHI8qBe7bk2ZwO5U711o3dV_js",
    "slack": "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/#room",
    "pushover": f"pover://{'u' * 30}@{'a' * 30}",
    "google chat": "gchat://workspace/key/token",
    "zulip": f"zulip://bot@org/{'a' * 32}",
    "sms": f"twilio://AC{'a' * 32}:{'b' * 32}@15551234567/15557654321",
    "wecom": f"wecombot://{'a' * 32}",
    "kodi": "kodi://127.0.0.1",
    "irc": "irc://127.0.0.1/#room",
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ["digest", "change", "reminder"])
@pytest.mark.parametrize("service", ELSEWHERE)
def test_what_apprise_would_send_keeps_to_the_limit_that_it_publishes(
    tmp_path: Path, many: Timeline, service: str, kind: str, language: Language
) -> None:
    to = address(ELSEWHERE[service])
    channel = open_channel(to, SETTINGS)
    assert isinstance(channel, ServiceChannel)
    if kind == "reminder":
        whole = long_reminder(tmp_path, language)
    else:
        whole = message(many, language, kind)
    fitting = channel.prepare(whole, to).fitting
    (plugin,) = apprise.Apprise(ELSEWHERE[service])
    sent = sent_text(plugin, fitting)

    together = sent.title + sent.body if plugin.overflow_amalgamate_title else sent.body
    measure = _bytes if service in ("wecom", "irc") else _utf16
    most = 70 if service == "sms" and not together.isascii() else plugin.body_maxlen
    assert measure(together) <= most
    assert len(sent.title) <= plugin.title_maxlen
    assert sent.body.count("\n") < (plugin.body_max_line_count or 1000)
    assert fitting.subject.startswith(whole.subject[:8])
    assert not re.search(
        r"&(?!amp;|lt;|gt;|quot;|nbsp;|#[0-9]+;)", sent.body if "<b>" in sent.body else ""
    )


def test_a_reminder_keeps_its_day_and_what_has_to_be_known_before_its_quote(
    tmp_path: Path, sink: HookSink
) -> None:
    to = address(f"rocket://{'a' * 20}/{'b' * 43}@{host(sink)}/%23room")
    send(open_channel(to, SETTINGS), to, long_reminder(tmp_path, "en"))

    text = shown_text(json.loads(sink.requests[0][1])["text"])
    assert text.startswith("# An obligation whose")
    assert "in 10 days, Wed 11 Dec 2030" in text
    assert "This reminder is late" in text
    assert "Quoted" not in text
    assert f"2 more parts are left out here. The rest: {URL}/events/a/long" in text


@pytest.mark.parametrize("most", range(120, 400, 17))
def test_a_letter_made_of_several_characters_is_never_torn_apart(tmp_path: Path, most: int) -> None:
    letters = {"\U0001f469\u200d\U0001f469\u200d\U0001f467", "\u30f1\u3099"}
    title = "".join(sorted(letters)) * 300
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-11\ntitle = "{title}"\n'
    whole = reminder(_timeline(tmp_path, 0, first), "ja", event="a/long")
    shorter = shorten_to(whole, lambda seen: len(seen.text) + len(seen.subject) <= most)

    seen = set(iter_graphemes(shorter.subject + shorter.text))
    assert len(shorter.subject) + len(shorter.text) <= most
    assert {letter for letter in seen if set(letter) & set(title)} <= letters
    assert "2030年12月11日" in shorter.subject


#: Titles that are long in one way or another.
TITLES = {
    "words": "Deliver the copies " * 700,
    "one word": "x" * 20_000,
    "Japanese": "契約書" * 3000,
    "families": "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 500,
    "marks on one letter": "a" + "\u0301" * 5000,
    "marks on all letters": ("a" + "\u0301" * 40) * 200,
    "Hebrew": "עברית " * 1000,
}


@pytest.mark.parametrize("kind", ["digest", "change"])
@pytest.mark.parametrize("title", TITLES)
def test_a_list_of_entries_that_are_long_shows_the_day_of_as_many_as_it_can(
    tmp_path: Path, title: str, kind: str
) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-02\ntitle = "{TITLES[title]}"\n'
    whole = message(_timeline(tmp_path, 3, first), "en", kind)

    for most in range(400, 4200, 190):

        def fits(shorter: Message, most: int = most) -> bool:
            return len(f"{shorter.subject}{shorter.text}".encode()) <= most

        shorter = shorten_to(whole, fits)
        days = re.findall(r"^- .*[2-4] December 2030", shorter.text, re.MULTILINE)
        assert fits(shorter)
        assert len(days) + _missing(shorter.text) == 4 or "4 more parts" in shorter.text
        assert len(days) == 4 or most < 2500
        assert not re.search(r":\n- and |^- and ", shorter.text)
        assert days or most < 1500


@pytest.mark.parametrize("title", TITLES)
def test_of_a_reminder_whose_title_is_long_the_day_stays(tmp_path: Path, title: str) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-11\ntitle = "{TITLES[title]}"\n'
    whole = reminder(_timeline(tmp_path, 0, first), event="a/long", late=True)

    for most in (4096, 1000, 500, 160, 140):
        shorter = shorten_to(whole, lambda seen, most=most: len(seen.subject.encode()) <= most)  # type: ignore[misc]
        assert shorter.subject.endswith(": in 10 days, Wed 11 Dec 2030")
        assert len(shorter.subject.encode()) <= most


def test_what_runs_from_right_to_left_ends_where_it_is_cut(tmp_path: Path) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-11\ntitle = "{"הודעה על סיום " * 60}"\n'
    whole = reminder(_timeline(tmp_path, 0, first), event="a/long")
    shorter = shorten_to(whole, lambda seen: len(seen.subject) <= 60).subject

    assert shorter.startswith("\u2068")
    assert shorter.count("\u2068") == shorter.count("\u2069")
    assert shorter.endswith(": in 10 days, Wed 11 Dec 2030")


def test_a_title_of_thousands_of_letters_leaves_room_for_what_has_to_be_known(
    tmp_path: Path,
) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-11\ntitle = "{LONG}"\n'
    whole = reminder(_timeline(tmp_path, 0, first), event="a/long", late=True)
    shorter = shorten_to(whole, lambda seen: len(seen.subject) + len(seen.text) <= 1000)

    assert shorter.remarks == whole.remarks
    assert whole.links is not None
    assert whole.links.acknowledge in shorter.text


# -- mail and webhooks


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mail_is_no_larger_than_its_server_takes(many: Timeline, language: Language) -> None:
    with MailSink(size=6000) as sink:
        server = MailServer("127.0.0.1", sink.port, False, None, None, "tracker@example.org")
        settings = SETTINGS._replace(delivery=DeliverySettings(mail=server))
        to = address("mailto:legal@example.org")
        channel = open_channel(to, settings)
        send(channel, to, message(many, language))
        channel.close()

    (mail,) = sink.messages
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert len(sink.raw[0]) <= 6000
    assert entries_in(text) + _missing(text) == EVENTS
    assert f"{URL}/" in text


@pytest.mark.parametrize(
    ("answer", "tries"),
    [
        ("552 5.3.4 Message size exceeds fixed limit", 2),
        ("552 Message exceeds maximum message size", 2),
        ("550 5.2.3 no", 2),
        ("552 5.2.2 Mailbox full: quota exceeded", 1),
        ("451 4.7.1 Greylisted", 1),
    ],
)
def test_a_mail_that_only_the_answer_calls_too_large_is_sent_shorter_at_once(
    many: Timeline, answer: str, tries: int
) -> None:
    whole = message(many, "en")
    with MailSink() as sink:
        sink.answers = [answer]
        server = MailServer("127.0.0.1", sink.port, False, None, None, "tracker@example.org")
        settings = SETTINGS._replace(delivery=DeliverySettings(mail=server))
        to = address("mailto:legal@example.org")
        channel = open_channel(to, settings)
        if tries == 1:
            with pytest.raises(Undelivered) as refused:
                send(channel, to, whole)
            assert refused.value.reason.words == answer
            send(channel, to, whole)  # later, and as it was
        else:
            send(channel, to, whole)
        channel.close()

    (mail,) = sink.messages
    body = mail.get_body(("plain",))
    assert body is not None
    text = body.get_content().replace("\r\n", "\n")
    assert entries_in(text) + _missing(text) == EVENTS
    assert (text.strip() == whole.text) is (tries == 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_webhook_that_is_too_large_for_its_receiver_is_shortened(
    many: Timeline, sink: HookSink, language: Language
) -> None:
    sink.refusal = 413
    sink.judge = lambda body: "" if len(body) > 1500 else None
    to = address(sink.url)
    send(open_channel(to, SETTINGS), to, message(many, language))

    ((headers, body),) = sink.requests
    value = Verifier(SECRET).verify(body, headers)
    assert entries_in(value["text"]) + _missing(value["text"]) == EVENTS
    assert headers["webhook-id"] == value["id"]


#: Fields of an event of which one is long.
FIELDS = {
    "title": f'title = "{LONG}"',
    "quote": f'title = "Rent"\nquote = "{LONG * 6}"',
    "note": f'title = "Rent"\nnote = "{LONG * 6}"',
    "tags": 'title = "Rent"\ntags = [' + ", ".join(f'"t{number}"' for number in range(4000)) + "]",
    "all": f'title = "{"契約書" * 3000}"\nquote = "{LONG}"\nnote = "{LONG}"',
}


@pytest.mark.parametrize("most", [20_000, 5000, 1500])
@pytest.mark.parametrize("field", FIELDS)
def test_a_webhook_arrives_whatever_field_of_the_event_is_long(
    tmp_path: Path, sink: HookSink, field: str, most: int
) -> None:
    first = f'[[event]]\nid = "long"\nwhen = 2030-12-11\n{FIELDS[field]}\n'
    whole = reminder(_timeline(tmp_path, 0, first), event="a/long")
    sink.refusal = 413
    sink.judge = lambda body: "" if len(body) > most else None
    to = address(sink.url)
    send(open_channel(to, SETTINGS), to, whole)

    ((headers, body),) = sink.requests
    value = Verifier(SECRET).verify(body, headers)
    point = whole.point or {}
    assert len(body) <= most
    assert re.search(r": in 10 days, Wed(nesday,)? 11 Dec(ember)? 2030$", value["subject"])
    assert (value["event"], value["counts_to"]) == ("a/long", "2030-12-11")
    differing = [name for name in ("subject", "text") if value[name] != getattr(whole, name)]
    if value["data"] is None:
        differing.append("data")
    else:
        assert value["data"]["id"] == "long"
        differing += [f"data.{name}" for name in point if value["data"][name] != point[name]]
    assert value["shortened"] == differing != []


def test_a_webhook_in_which_all_has_room_says_that_nothing_is_shortened(sink: HookSink) -> None:
    to = address(sink.url)
    send(open_channel(to, SETTINGS), to, reminder())

    value = json.loads(sink.requests[0][1])
    assert value["shortened"] == []
    assert value["data"] == reminder().point


@pytest.mark.parametrize(("taken", "words"), [(200, "message is too long"), (202, "413")])
def test_a_webhook_that_is_taken_is_sent_once_whatever_its_receiver_says(
    sink: HookSink, taken: int, words: str
) -> None:
    sink.taken, sink.refusal = taken, taken
    sink.judge = lambda _body: words
    to = address(sink.url)
    send(open_channel(to, SETTINGS), to, reminder())

    assert len(sink.requests) == 1


def test_a_webhook_whose_receiver_takes_nothing_is_refused_after_a_few_tries(
    many: Timeline, sink: HookSink
) -> None:
    sink.refusal = 413
    sink.judge = lambda _body: ""
    to = address(sink.url)
    with pytest.raises(Undelivered) as refused:
        send(open_channel(to, SETTINGS), to, message(many, "en"))

    assert refused.value.reason.case == "http-413"
    assert len(sink.refused) < 8
