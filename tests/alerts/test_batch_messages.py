"""What one message about several reminders says, on each channel, and what its links do."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import icalendar
import pytest

from tests.reminders.scene import HEAD, LEGAL, Scene, composed
from tests.web.scene import URL, LinkScene
from tracker.alerts.channels import most_reminders
from tracker.alerts.channels.terminal import TerminalChannel
from tracker.alerts.message import Message
from tracker.alerts.mime import mime_of
from tracker.alerts.shortening import shorten_to
from tracker.alerts.webhook_body import body_within
from tracker.config.addresses import THE_TERMINAL
from tracker.i18n.translate import Language
from tracker.service.alert_log import AlertLog, with_messages
from tracker.store.ledger import StoredAlert

TITLE = "Notice of termination to the landlord of Mill Street"
MAIL = replace(LEGAL, channels=("mailto:legal@example.org",), changes=frozenset())


def text_of(count: int, title: str = TITLE) -> str:
    return HEAD.replace('id = "a"', 'id = "a"\ntitle = "Lease"') + "".join(
        f'[[event]]\nid = "n{number}"\ntitle = "{title} {number}"\nwhen = 2030-12-31\n'
        for number in range(count)
    )


def one_batch(here: Scene) -> StoredAlert:
    here.look("2030-11-01 12:00")
    (row,) = here.look("2030-12-01 09:00")
    return row


@pytest.fixture
def here(tmp_path: Path) -> Iterator[LinkScene]:
    scene = LinkScene(tmp_path, MAIL, text=text_of(6))
    yield scene
    scene.database.close()


def mail_of(message: Message, now: datetime) -> EmailMessage:
    content = mime_of(message, "tracker@example.org", "legal@example.org", now)
    mail = message_from_bytes(content, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_mail_has_each_with_its_link_and_all_events(here: LinkScene) -> None:
    row = one_batch(here)
    message = composed(here, row)
    mail = mail_of(message, here.now)

    plain, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert plain is not None
    assert html is not None
    lines = plain.get_content().splitlines()
    for reminder in message.reminders:
        assert f"  {reminder['answer']}" in lines
        assert f'<a href="{reminder["answer"]}">' in html.get_content()
    assert len(str(mail["subject"])) <= 78
    assert str(mail["subject"]).startswith("6 reminders, the first: Notice of")
    assert mail["list-unsubscribe"] == f"<{URL}{here.links(row).unsubscribe}>"
    (attached,) = mail.iter_attachments()
    calendar = icalendar.Calendar.from_ical(attached.get_content())
    assert len({str(event["uid"]) for event in calendar.walk("VEVENT")}) == 6


def test_the_link_of_each_acknowledges_that_one(here: LinkScene) -> None:
    row = one_batch(here)
    first = composed(here, row).reminders[0]

    with here.client() as client:
        path = first["answer"].removeprefix(URL)
        assert f"{TITLE} 0, 31 December 2030" in client.get(path).text
        assert client.post(path, data={"action": "acknowledge"}).status_code == 200
    here.look("2030-12-01 09:01")

    left = [reminder["event"] for reminder in composed(here, row).reminders]
    assert left == [f"a/n{number}" for number in range(1, 6)]


def test_its_link_to_unsubscribe_ends_the_address(here: LinkScene) -> None:
    row = one_batch(here)
    path = here.links(row).unsubscribe
    with here.client() as client:
        done = client.post(path, data={"List-Unsubscribe": "One-Click"}, follow_redirects=False)
        assert done.status_code == 200
    here.look("2030-12-01 09:01")

    assert here.messages([row]) == []


@pytest.mark.parametrize("language", ["en", "ja"])
def test_without_a_page_each_has_its_command(tmp_path: Path, language: Language) -> None:
    here = Scene(tmp_path, replace(MAIL, language=language), text=text_of(5))
    message = composed(here, one_batch(here))

    assert [line for line in message.text.splitlines() if "alerts ack" in line] == [
        f'  tracker alerts ack "a/n{number}"' for number in range(5)
    ]
    shown = TerminalChannel().prepare(message, THE_TERMINAL)
    assert all(f"{TITLE} {number}" in shown for number in range(5))
    here.database.close()


def test_a_webhook_has_all_that_is_known_of_each(tmp_path: Path) -> None:
    hook = replace(MAIL, channels=("https://example.org:1",))
    here = LinkScene(tmp_path, hook, text=text_of(most_reminders("https://example.org:1")))
    message = composed(here, one_batch(here))
    body = json.loads(body_within(20_000, message))

    assert body["kind"] == "reminders"
    assert (body["event"], body["point"], body["lead"], body["answer"]) == (None,) * 4
    assert {reminder["event"] for reminder in body["reminders"]} == {f"a/n{n}" for n in range(20)}
    assert {reminder["counts_to"] for reminder in body["reminders"]} == {"2030-12-31"}
    assert set(body["shortened"]) <= {"reminders.data"}
    here.database.close()


@pytest.mark.parametrize("most", [500, 1_000, 3_000, 8_000])
def test_what_a_receiver_has_no_room_for_is_said(here: LinkScene, most: int) -> None:
    body = body_within(most, composed(here, one_batch(here)))

    assert len(body) <= most
    named = json.loads(body)
    assert (len(named["reminders"]) == 6) is ("reminders" not in named["shortened"])


@pytest.mark.parametrize("channel", ["ntfy:1", "tgram:1", "discord:1", "slack:1"])
@pytest.mark.parametrize("title", ["Notice", TITLE * 6, "解約の通知" * 40])
def test_what_fits_by_number_fits_whole_however_long_its_titles_are(
    tmp_path: Path, channel: str, title: str
) -> None:
    from tracker.alerts.service_limits import most_characters

    count = most_reminders(channel)
    recipient = replace(MAIL, channels=(channel,))
    here = LinkScene(tmp_path, recipient, text=text_of(count, title))
    message = composed(here, one_batch(here))
    most = most_characters(channel.partition(":")[0])
    shorter = shorten_to(message, lambda kept: len(kept.subject) + len(kept.text) <= most)

    assert all(reminder["answer"] in shorter.text for reminder in message.reminders)
    here.database.close()


def test_a_hostile_title_is_text_in_each_entry(tmp_path: Path) -> None:
    here = LinkScene(tmp_path, MAIL, text=text_of(5, "<script>alert(1)</script> & co"))
    mail = mail_of(composed(here, one_batch(here)), here.now)

    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
    assert html.get_content().count("&lt;script&gt;") >= 5
    here.database.close()


def test_what_is_overdue_stands_with_what_has_passed(tmp_path: Path) -> None:
    """Also of rents whose next one has passed since, so that nobody misses their record."""
    rents = text_of(6).replace("when = 2030-12-31", 'when = 2030-12-01\nrepeats = "1 month"')
    scene = Scene(tmp_path, MAIL, text=rents.replace('"1 day"', '"1 day", "3 days after"'))
    scene.look("2030-11-30 12:00")
    rows = [row for row in scene.look("2031-01-20 09:00") if row.key.kind == "reminders"]

    message = composed(scene, rows[0])

    passed, _, coming = message.text.partition("\n\nComing:\n")
    assert " ago" in passed
    assert " ago" not in coming
    scene.database.close()


@pytest.mark.parametrize(("hour", "late"), [("09:00", False), ("13:00", True)])
def test_it_begins_with_what_it_is_and_says_that_all_are_late(
    here: LinkScene, hour: str, late: bool
) -> None:
    here.look("2030-11-01 12:00")
    (row,) = here.look("2030-12-01 09:00")
    here.look(f"2030-12-01 {hour}")
    text = composed(here, row).text

    assert text.startswith(
        "These are 6 reminders for legal, from Lease; the first is about"
        " Tuesday, 31 December 2030.\n"
    )
    assert ("All of these reminders are late" in text) == late


def test_the_list_of_alerts_has_it_once_with_what_it_names(here: LinkScene) -> None:
    one_batch(here)
    assert here.publisher.timeline is not None
    log = AlertLog(here.config, here.database, here.publisher.timeline, "en")
    rows = log.past(here.now, 30)
    (message,) = with_messages(rows, "en")

    assert len(rows) == 7
    assert [name.text for name in message.named] == [
        f"{TITLE} {number}, Tuesday, 31 December 2030" for number in range(6)
    ]


def test_the_list_leaves_out_what_was_acknowledged_before_it_went(here: LinkScene) -> None:
    row = one_batch(here)
    first = composed(here, row).reminders[0]
    with here.client() as client:
        client.post(first["answer"].removeprefix(URL), data={"action": "acknowledge"})
    assert here.publisher.timeline is not None
    log = AlertLog(here.config, here.database, here.publisher.timeline, "en")
    (message,) = with_messages(log.past(here.now, 30), "en")

    assert message.text.startswith("5 reminders, the first: ")
    assert [name.text for name in message.named] == [
        f"{TITLE} {number}, Tuesday, 31 December 2030" for number in range(1, 6)
    ]


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Notice", "12 reminders, the first: Notice 0, in 30 days, Tuesday, 31 December 2030"),
        (
            "Notice to the landlord, Mill St.",
            "12 reminders, the first: Notice to the landlord, Mill St. 0, Tue 31 Dec 2030",
        ),
    ],
)
def test_its_subject_has_the_day_of_the_first(tmp_path: Path, title: str, subject: str) -> None:
    here = LinkScene(tmp_path, MAIL, text=text_of(12, title))

    assert composed(here, one_batch(here)).subject == subject
    here.database.close()


def test_of_one_day_they_stand_as_people_count(tmp_path: Path) -> None:
    here = LinkScene(tmp_path, MAIL, text=text_of(12))
    reminders = composed(here, one_batch(here)).reminders

    assert [reminder["event"] for reminder in reminders] == [f"a/n{number}" for number in range(12)]
    here.database.close()


def test_on_a_terminal_a_title_that_the_subject_cuts_stands_whole_below(tmp_path: Path) -> None:
    here = Scene(tmp_path, MAIL, text=text_of(1, TITLE * 3))
    shown = TerminalChannel().prepare(composed(here, one_batch(here)), THE_TERMINAL)

    assert "…" in shown.splitlines()[0]
    assert f"“{TITLE * 3} 0” in “Lease”" in shown
    here.database.close()
