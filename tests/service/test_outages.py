"""One other channel is told, once, of what a channel does not take; nothing is lost, nobody nagged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink, MailSink
from tests.reminders.scene import HEAD, NOTICE, at
from tracker import clock
from tracker.alerts.channel import ChannelSettings
from tracker.alerts.channels import open_channel
from tracker.config import Config
from tracker.config.addresses import Address, read_address
from tracker.config.sending import DeliverySettings, MailServer
from tracker.reminders.acknowledgements import Acknowledgement, acknowledgement_key
from tracker.reminders.recipients import Quiet, Recipient
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.ledger import StoredAlert

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
DUE = at("2030-12-01 09:00")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
REFUSED: list[tuple[int, dict[str, str]]] = [(500, {})] * 10_000


class Office:
    """A whole process by a clock that tests move, with a mail server and receivers of webhooks."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ends = ExitStack()
        self.mail = self._ends.enter_context(MailSink())
        self.hook, self.ops, self.spare = (self._ends.enter_context(HookSink()) for _ in range(3))
        self._folder = folder
        self._url = f"sqlite:///{folder / 'ledger.sqlite3'}"
        self.now = at("2030-11-01 12:00")
        monkeypatch.setattr(clock, "now", lambda: self.now)
        monkeypatch.setattr(clock, "today", lambda _zone: self.now.date())
        steady = clock.steady
        self._ahead = 0.0
        monkeypatch.setattr(clock, "steady", lambda: steady() + self._ahead)
        self.process: Process | None = None

    def begin(
        self,
        people: dict[str, Sequence[str]],
        fallback: Sequence[str] = (),
        *,
        count: int = 2,
        language: str = "en",
        page: str | None = None,
        quiet: Quiet | None = None,
        title: str = "Notice is due",
    ) -> None:
        """The process begins, with these channels of each recipient and of [fallback]."""
        self.close_process()
        notice = NOTICE.replace("Notice is due", title)
        many = "".join(notice.replace("notice", f"n{number}") for number in range(count))
        file = self._folder / "events.toml"
        file.write_text(HEAD + many, encoding="utf-8")
        addresses: dict[str, Address] = {}

        def person(name: str, texts: Sequence[str]) -> Recipient:
            own = [read_address(text, ()) for text in texts]
            named = {each.name: each for each in own if isinstance(each, Address)}
            addresses.update(named)
            return replace(
                Recipient(name, "UTC", channels=tuple(named)),
                language="ja" if language == "ja" else "en",
                quiet=quiet,
            )

        recipients = tuple(person(name, texts) for name, texts in people.items())
        config = Config(
            self._url,
            recipients,
            None,
            frozenset(),
            page,
            addresses,
            DeliverySettings(
                MailServer("127.0.0.1", self.mail.port, False, None, None, "t@example.org"), SECRET
            ),
            fallback=person("fallback", fallback) if fallback else None,
        )
        database = Database(self._url)
        parts = build_parts([file], config, database, Log("en"))
        self.process = Process(parts)
        self.process.once()

    def go_on(self, moment: datetime) -> None:
        """What is due by then is done, and tried."""
        assert self.process is not None
        self.now = moment
        self.process.once()

    def go_through(self, first: datetime, hours: int) -> None:
        """Each half hour of that time."""
        for half in range(2 * hours + 1):
            self.go_on(first + half * HOUR / 2)

    def acknowledge(self, *events: str) -> None:
        """Somebody has seen to those, for everybody."""
        assert self.process is not None
        timeline = self.process.parts.publisher.timeline
        assert timeline is not None
        points = [point for point in timeline.points if point.event.id in events]
        keys = [acknowledgement_key(point) for point in points]
        given = [Acknowledgement(key, self.now, None) for key in keys]
        Acknowledgements(self.process.parts.database).save(given)

    def reload(self) -> None:
        """The files are read again, and taken as they are then."""
        assert self.process is not None
        for _ in range(2):
            self._ahead += 5
            self.process.follow_files()

    def notices(self) -> list[StoredAlert]:
        assert self.process is not None
        rows = self.process.parts.ledger.history(["a"], at("2000-01-01"), at("2100-01-01"), 10_000)
        return [row for row in rows if row.key.kind == "undelivered"]

    def close_process(self) -> None:
        if self.process is not None:
            self.process.close()
            self.process = None

    def close(self) -> None:
        self.close_process()
        self._ends.close()


def notices_at(sink: HookSink) -> list[str]:
    """The texts of what arrived there about channels."""
    import json

    bodies = [json.loads(body) for _, body in sink.requests]
    return [
        f"{body['subject']}\n{body['text']}" for body in bodies if body["kind"] == "undelivered"
    ]


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    office = Office(tmp_path, monkeypatch)
    yield office
    office.close()


LEGAL = "mailto:legal@example.org"
SMS = "twilio://AC123:token@15551234567/15557654321"


def test_another_channel_of_the_recipient_is_told_once_after_an_hour(office: Office) -> None:
    office.begin({"legal": [LEGAL, office.hook.url]}, [office.ops.url])
    office.mail.answers = ["550 no such user"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + 30 * MINUTE)
    before = notices_at(office.hook)
    office.go_on(DUE + HOUR)
    after = notices_at(office.hook)
    office.go_through(DUE + 2 * HOUR, 70)  # it goes on, is given up, and more falls due

    assert before == []
    (text,) = after
    first = "Notice is due, Tuesday, 31 December 2030"
    assert text.startswith(f"2 alerts not delivered, the first: {first}\n")
    assert (
        "Since Sunday, 1 December 2030, 09:00, mail to legal@example.org has not taken 2 alerts for"
        in text
    )
    assert "550 no such user" in text
    assert 'Notice is due, Tuesday, 31 December 2030 (30 days before): tracker show "n0"' in text
    assert "tracker alerts retry" in text
    assert notices_at(office.hook) == after  # once, however long it takes
    assert notices_at(office.ops) == []


def test_with_no_other_channel_the_fallback_is_told(office: Office) -> None:
    office.begin({"legal": [LEGAL], "me": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["451 later"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    (text,) = notices_at(office.ops)  # one channel, one message, whoever misses something
    assert "has not taken 4 alerts for legal, me" in text
    assert "Correct the address" not in text  # which is right: the server puts it off


def test_with_nobody_else_nothing_is_written_and_the_other_signs_remain(office: Office) -> None:
    office.begin({"legal": [LEGAL]})
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    assert office.notices() == []
    assert office.process is not None
    assert office.process.parts.watch.summary is not None


def test_what_was_given_up_is_told_at_once(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    assert office.process is not None
    database = office.process.parts.database
    with database.transaction() as connection:  # as a service does that is gone for good
        connection.exec_driver_sql("UPDATE alert SET status = 'failed' WHERE attempts > 0")
    office.go_on(DUE + MINUTE)

    assert len(notices_at(office.ops)) == 1


def test_what_was_mended_before_it_begins_anew_is_told_to_nobody(office: Office) -> None:
    wrong = "mailto:leagl@example.org"
    office.begin({"legal": [wrong, office.hook.url]}, [office.ops.url])
    office.mail.answers = ["550 no"] * 2
    office.go_on(DUE)
    office.close_process()
    office.now = DUE + 5 * HOUR
    office.begin({"legal": [LEGAL, office.hook.url]}, [office.ops.url])  # the address
    office.mail.answers = ["550 no"] * 2
    office.go_on(at("2030-12-24 09:00"))
    office.close_process()
    office.now = at("2030-12-24 15:00")
    office.begin({"legal": [LEGAL, office.hook.url]}, [office.ops.url])  # the mail server

    assert len(office.mail.messages) == 4
    assert office.notices() == []


def test_an_outage_that_is_over_may_be_told_of_anew_when_it_comes_back(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["550 no"] * 10_000
    office.go_through(DUE, 2)
    office.mail.answers = []
    office.go_through(DUE + 3 * HOUR, 2)  # all of it arrives
    between = len(notices_at(office.ops))
    office.mail.answers = ["550 no"] * 10_000
    later = at("2030-12-24 09:00")  # 7 days before
    office.go_through(later, 3)

    assert between == 1
    assert len(notices_at(office.ops)) == 2
    assert "24 December 2030, 09:00" in notices_at(office.ops)[1]


def test_a_channel_that_takes_some_is_told_of_what_is_new_alone(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["550 no"]  # of one of the two
    office.go_on(DUE)
    for hour in range(1, 4):
        office.mail.answers = ["550 no"]
        office.go_on(DUE + hour * HOUR)
    first = len(notices_at(office.ops))
    assert office.process is not None
    with office.process.parts.database.transaction() as connection:
        connection.exec_driver_sql("UPDATE alert SET status = 'failed' WHERE attempts > 2")
    office.mail.answers = []
    office.go_through(at("2030-12-24 09:00"), 3)  # two more go through

    assert first == 1
    assert len(notices_at(office.ops)) == 1  # what is told already is not told again


def test_two_broken_channels_do_not_tell_of_each_other_for_ever(office: Office) -> None:
    office.begin({"legal": [LEGAL, office.hook.url]})
    office.mail.answers = ["550 no"] * 10_000
    office.hook.answers = list(REFUSED)
    office.go_through(DUE, 72)

    assert office.notices() == []
    office.begin({"legal": [LEGAL, office.hook.url]}, [office.ops.url])
    office.go_on(DUE + 73 * HOUR)
    office.go_on(DUE + 74 * HOUR)

    assert len(notices_at(office.ops)) == 2  # one of each channel


def test_one_that_is_not_taken_goes_to_the_next_and_not_back(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.hook.url, office.ops.url])
    office.mail.answers = ["550 no"] * 10_000
    office.hook.answers = list(REFUSED)
    office.ops.answers = list(REFUSED)
    office.go_through(DUE, 5)
    waiting = [(row.key.channel, row.status) for row in office.notices()]
    office.ops.answers = []
    office.hook.answers = []
    office.go_through(DUE + 6 * HOUR, 3)

    hook, ops = (sink.url.split("//")[1].split(":")[0] for sink in (office.hook, office.ops))
    assert hook == ops == "127.0.0.1"
    assert [status for _, status in waiting] == ["lapsed", "written"]
    assert len(notices_at(office.ops)) == 1
    assert notices_at(office.hook) == []


def test_what_is_over_before_it_could_be_told_is_not_told(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["550 no"] * 10_000
    office.ops.answers = list(REFUSED)
    office.go_through(DUE, 2)
    office.mail.answers = []
    office.go_on(DUE + 4 * HOUR)
    office.ops.answers = []
    office.go_through(DUE + 5 * HOUR, 3)

    assert notices_at(office.ops) == []
    assert [row.status for row in office.notices()] == ["lapsed"]


def test_what_is_taken_up_again_in_vain_is_told_all_the_same(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url])
    office.mail.answers = ["550 no"] * 10_000
    office.ops.answers = list(REFUSED)
    office.go_through(DUE, 2)
    assert office.process is not None
    office.process.parts.outbox.retry(["a"])  # while nothing is known to be missed, it lapses
    assert office.process.parts.outage_planner is not None
    office.go_on(DUE + 2 * HOUR + MINUTE)
    office.ops.answers = []
    office.go_through(DUE + 3 * HOUR, 3)

    assert len(notices_at(office.ops)) == 1


def test_it_is_told_in_the_language_of_who_reads_it_with_links(office: Office) -> None:
    page = "https://deadlines.example.org"
    office.begin({"legal": [LEGAL]}, [office.ops.url], language="ja", page=page)
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    (text,) = notices_at(office.ops)
    assert text.startswith("未送信2件:Notice is due、2030年12月31日(火)\n")
    assert "legal@example.org 宛てのメール" in text
    assert f"{page}/events/a/n0" in text


def test_a_subject_is_no_longer_than_a_line_whatever_the_address(office: Office) -> None:
    long = f"mailto:{'l' * 60}@{'example' * 6}.org"
    title = "Notice is due of the flat"
    office.begin({"legal": [long]}, [office.ops.url], count=60, title=title)
    office.mail.answers = ["550 no"] * 100_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    (text,) = notices_at(office.ops)
    subject, _, body = text.partition("\n")
    assert subject == f"60 alerts not delivered, the first: {title}, Tue 31 Dec 2030"
    assert len(subject) <= 78
    assert "Notice is due" in body
    assert "tracker alerts list" in body


def test_the_fallback_names_each_reminder_and_its_day_on_a_terminal_too(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.begin({"legal": [LEGAL]}, ["terminal"], count=8)
    office.mail.answers = ["550 no such user"] * 10_000
    office.go_on(DUE)  # all eight are one message
    office.go_on(DUE + HOUR)

    shown = capsys.readouterr().out
    first = "Notice is due, Tuesday, 31 December 2030"
    assert shown.startswith(f"[fallback] 8 alerts not delivered, the first: {first}\n")
    assert "mail to legal@example.org has not taken 8 alerts" in shown
    assert "no such user" in shown
    for number in range(8):
        day = "Notice is due, Tuesday, 31 December 2030 (30 days before)"
        assert f'  - {day}: tracker show "n{number}"\n' in shown


def test_of_a_long_list_the_first_forty_are_named_and_the_rest_is_counted(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    office.begin({"legal": [LEGAL]}, ["terminal", office.ops.url], count=60)
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    shown = capsys.readouterr().out
    assert "60 alerts not delivered" in shown
    assert shown.count("- Notice is due, Tuesday, 31 December 2030 (30 days before)") == 40
    assert len(set(re.findall(r'tracker show "(n\d+)"', shown))) == 40
    assert "- and 20 more\n" in shown


@pytest.mark.parametrize(
    ("language", "parts"), [("en", ["60", "Notice is due", "31"]), ("ja", ["60", "12月31日"])]
)
def test_what_has_least_room_says_how_many_and_which_is_the_first_and_its_day(
    office: Office, language: str, parts: list[str]
) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url], count=60, language=language)
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    office.go_on(DUE + HOUR)

    assert office.process is not None
    composer = office.process.parts.planner.composer()
    (notice,) = office.notices()
    assert composer is not None
    address = read_address(SMS, ())
    assert isinstance(address, Address)
    claimed = notice.as_claimed
    key = claimed.key._replace(channel=address.name)
    message = composer.message(claimed._replace(key=key), office.now)
    assert message is not None
    settings = ChannelSettings(DeliverySettings(None, SECRET), lambda: office.now)
    subject = open_channel(address, settings).prepare(message, address).fitting.subject
    assert [part for part in parts if part not in subject] == []


def test_what_is_acknowledged_or_has_moved_meanwhile_is_not_named_of_a_batch(
    office: Office, tmp_path: Path
) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url], count=7)
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    office.acknowledge("n0", "n1", "n2")
    file = tmp_path / "events.toml"
    before, _, last = file.read_text(encoding="utf-8").rpartition("2030-12-31")
    file.write_text(f"{before}2031-03-31{last}", encoding="utf-8")
    office.reload()
    office.go_on(DUE + HOUR)

    (text,) = notices_at(office.ops)
    assert "has not taken 4 alerts" in text  # with the one that says which day has moved
    assert re.findall(r'days before\): tracker show "(n\d+)"', text) == ["n3", "n4", "n5"]


def test_what_is_wholly_acknowledged_is_missed_by_nobody(office: Office) -> None:
    office.begin({"legal": [LEGAL]}, [office.ops.url], count=7)
    office.mail.answers = ["550 no"] * 10_000
    office.go_on(DUE)
    assert office.process is not None
    watch = office.process.parts.watch
    before = watch.summary
    office.acknowledge(*(f"n{number}" for number in range(7)))
    office.go_on(DUE + HOUR)

    assert before is not None
    assert before.number == 7  # each reminder counts
    assert watch.summary is None
    assert notices_at(office.ops) == []


def test_what_quiet_hours_held_is_missed_from_their_end_on(office: Office, tmp_path: Path) -> None:
    night = Quiet(time(20), time(8))
    office.begin({"legal": [LEGAL]}, [office.ops.url], quiet=night)
    office.now = at("2030-11-10 22:00")
    file = tmp_path / "events.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("2030-12-31", "2031-03-31"), encoding="utf-8")
    office.reload()
    office.mail.answers = ["550 no"] * 10_000
    morning = at("2030-11-11 08:00")
    office.go_on(morning)

    assert office.process is not None
    summary = office.process.parts.watch.summary
    assert summary is not None
    assert (summary.since, summary.is_outage) == (morning, False)
    assert notices_at(office.ops) == []
    office.go_on(morning + HOUR)
    assert len(notices_at(office.ops)) == 1


def test_what_its_reader_wants_no_more_is_missed_by_nobody(office: Office) -> None:
    office.begin({"legal": [LEGAL], "me": [LEGAL]}, [office.ops.url], count=3)
    office.mail.answers = ["451 later"] * 10_000
    office.go_on(DUE)
    assert office.process is not None
    parts = office.process.parts
    Acknowledgements(parts.database).unsubscribe("legal", LEGAL, ["a"], office.now)
    parts.watch.look_now()

    assert [(alerts.recipient, alerts.number) for alerts in parts.watch.groups] == [("me", 3)]
    office.go_on(DUE + HOUR)
    assert ["for me: " in text for text in notices_at(office.ops)] == [True]
