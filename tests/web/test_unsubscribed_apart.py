"""Who unsubscribes ends the messages of the agreements that are loaded by then, and of no other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import time, timedelta
from pathlib import Path

import pytest

from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.web.scene import LinkScene
from tracker.dates.recurrence_parser import parse_rule
from tracker.i18n.translate import LANGUAGES
from tracker.reminders.recipients import Quiet
from tracker.service.alert_log import AlertLog
from tracker.service.doctor import Checkup

OPEN = '[[event]]\nid = "audit"\ntitle = "Audit of AAA"\nwhen = "open"\n'
A = HEAD + NOTICE.replace("Notice", "Notice of AAA") + OPEN
B = A.replace('"a"', '"b"').replace("AAA", "BBB")
MAIL = "mailto:legal@example.org"


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[LinkScene]:
    """A is loaded alone, and then with B; its recipient has all kinds of alerts by mail."""
    weekly = parse_rule("FREQ=WEEKLY;BYDAY=MO")
    here = LinkScene(tmp_path, replace(LEGAL, channels=(MAIL,), digest=weekly), text=A)
    here.look("2030-11-01 12:00")
    yield here
    here.database.close()


def unsubscribe(scene: LinkScene, action: str = "unsubscribe") -> str:
    """Presses the button of the last message; gives what its page says then."""
    row = max(
        scene.ledger.history(scene.agreements, scene.now - timedelta(60), scene.now, 99),
        key=lambda row: row.due,
    )
    assert scene.signer is not None
    path = scene.signer.links(row.message).unsubscribe.partition("example.org")[2]
    with scene.client() as client:
        return client.post(path, data={"action": action}).text


def load(scene: LinkScene, text: str, *beside: str) -> None:
    """The files state these from now on."""
    scene.text, scene.beside = text, beside


def texts(scene: LinkScene, instant: str) -> list[str]:
    """The subject and the text of each message that goes out then."""
    rows, composer = scene.look(instant), scene.planner.composer()
    assert composer is not None
    messages = [composer.message(row.as_claimed, scene.now) for row in rows]
    return [f"{message.subject}\n{message.text}" for message in messages if message is not None]


def log_of(scene: LinkScene) -> AlertLog:
    assert scene.publisher.timeline is not None
    return AlertLog(scene.config, scene.database, scene.publisher.timeline, "en")


@pytest.mark.parametrize("loaded", ["ab", "ba", "b"])
def test_the_messages_of_an_agreement_that_was_loaded_later_go_out(
    scene: LinkScene, loaded: str
) -> None:
    scene.look("2030-12-02 09:00")
    unsubscribe(scene)
    files = {"a": A, "b": B}
    load(scene, *(files[name] for name in loaded))
    scene.look("2030-12-03 09:00")

    reminders = texts(scene, "2030-12-24 09:00")
    digests = texts(scene, "2030-12-30 09:00")
    load(scene, *(files[name].replace("2030-12-31", "2031-01-20") for name in loaded))
    changes = texts(scene, "2030-12-30 10:00")
    nudges = texts(scene, "2031-04-07 09:00")

    told = [*reminders, *digests, *changes, *nudges]
    assert "AAA" not in "".join(told)
    assert [len(reminders), len(changes)] == [2, 1]  # with the digest of the day before
    assert sum("Notice of BBB" in text for text in told) >= 4
    assert any("Audit of BBB" in text for text in nudges)


def test_what_has_ended_is_listed_as_ended_and_what_goes_out_as_planned(scene: LinkScene) -> None:
    scene.look("2030-12-02 09:00")
    unsubscribe(scene)
    scene.beside = (B,)
    scene.look("2030-12-03 09:00")

    planned = log_of(scene).upcoming(scene.now, 40)
    states = {(alert.event or alert.kind, alert.status) for alert in planned}
    assert states >= {
        ("a/notice", "unsubscribed"),
        ("b/notice", "planned"),
        ("digest", "planned"),
        ("nudge", "planned"),
    }
    assert ("b/notice", "unsubscribed") not in states
    ended = next(alert for alert in planned if alert.status == "unsubscribed")
    assert (ended.json()["channels"], ended.json()["unsubscribed"]) == ([], [MAIL])
    assert scene.publisher.timeline is not None
    for language in LANGUAGES:
        checkup = Checkup(scene.config, scene.publisher.timeline, language)
        checkup_of = checkup._recipient(scene.config.recipients[0], scene.database, scene.now)
        said = [finding.text for finding in checkup_of]
        assert not any("AAA" in text for text in said)
        assert any(MAIL in text and " a " in text for text in said)

    scene.beside = ()
    scene.look("2030-12-03 10:00")
    assert {alert.status for alert in log_of(scene).upcoming(scene.now, 40)} == {"unsubscribed"}


def test_the_page_says_of_which_agreements_nothing_comes_and_takes_either_back(
    scene: LinkScene,
) -> None:
    scene.look("2030-12-02 09:00")
    assert "receives no more messages from tracker" in unsubscribe(scene)
    scene.beside = (B,)
    scene.look("2030-12-24 09:00")
    row = scene.ledger.history(["a"], scene.now - timedelta(60), scene.now, 1)[0]
    assert scene.signer is not None
    path = scene.signer.links(row.message).unsubscribe.partition("example.org")[2]
    with scene.client() as client:
        page = client.get(path).text
        assert "receives no more messages about a;" in page
        assert ("Send no more" in page, "Send them again" in page) == (True, True)

        page = client.post(path, data={"action": "subscribe"}).text

    assert ("Send no more" in page, "Send them again" in page) == (True, False)
    subjects = scene.subjects("2030-12-30 09:00")
    assert sum("AAA" in subject for subject in subjects) == 1


def test_what_waits_for_the_morning_does_not_go_out_to_who_has_ended_it(scene: LinkScene) -> None:
    scene.look("2030-12-02 09:00")
    night = Quiet(time(20), time(8))
    scene.change(replace(scene.config.recipients[0], quiet=night))
    scene.text = A.replace("2030-12-31", "2031-01-20")
    (waiting,) = [row for row in scene.look("2030-12-02 21:00") if row.key.kind == "change"]
    assert len(scene.messages([waiting])) == 1

    unsubscribe(scene)

    scene.look("2030-12-03 08:00")
    assert scene.messages([waiting]) == []


def test_what_one_process_tells_of_its_agreements_leaves_another_the_rest(
    scene: LinkScene,
) -> None:
    told: dict[str, str] = {}
    for day in ("2031-02-24", "2031-04-07", "2031-04-14"):  # the second is a day for nudges
        for files, hour in (((A,), 9), ((A, B), 10), ((B,), 11)):
            load(scene, *files)
            scene.begin()  # a process of its own has them
            told[f"{day} {hour:02}"] = "".join(texts(scene, f"{day} {hour:02}:00"))

    assert "BBB" not in told["2031-02-24 10"]  # when it was loaded first, that day's had gone out
    assert "Audit of AAA" in told["2031-04-07 09"]
    assert "Audit of BBB" in told["2031-04-07 10"]
    assert "BBB" not in "".join(text for hour, text in told.items() if hour.endswith("09"))
    assert "AAA" not in "".join(text for hour, text in told.items() if hour.endswith(("10", "11")))
    assert ("what comes until" in told["2031-04-14 09"], told["2031-04-14 11"]) == (True, "")
    assert "what comes until" in told["2031-04-14 10"]
