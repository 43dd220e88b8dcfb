"""What is to be tried again is tried when its time has come, and not half a minute later."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import until
from tests.reminders.scene import HEAD, LEGAL, NOTICE
from tests.store.databases import KINDS
from tracker import clock
from tracker.alerts import delivery
from tracker.config import Config
from tracker.config.addresses import Address, read_address
from tracker.config.sending import DeliverySettings
from tracker.reminders.acknowledgements import Acknowledgement, acknowledgement_key
from tracker.service.log import Log
from tracker.service.process import Process
from tracker.service.wiring import build_parts
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.outbox import Outbox

#: Seconds: less than half of those between two ticks.
SOON = 12.0


@pytest.fixture
def sink() -> Iterator[HookSink]:
    with HookSink() as sink:
        yield sink


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.sqlite3'}"
    address: str = request.getfixturevalue("postgresql").database()
    return address


@pytest.fixture
def process(url: str, sink: HookSink, tmp_path: Path) -> Iterator[Process]:
    """`tracker run`, which has just told of a change: its receiver has refused that once."""
    file = tmp_path / "events.toml"
    file.write_text(HEAD + NOTICE, encoding="utf-8")
    address = read_address(sink.url, ())
    assert isinstance(address, Address)
    recipient = replace(LEGAL, channels=(address.name,))
    sending = DeliverySettings(secret="whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    addresses = {address.name: address}
    config = Config(url, (recipient,), None, frozenset(), None, addresses, sending)
    process = Process(build_parts([file], config, Database(url), Log("en")))
    process.start()
    sink.answers = [(503, {})]
    file.write_text(HEAD + NOTICE.replace("2030-12-31", "2031-06-30"), encoding="utf-8")
    until(lambda: sink.arrived == 1)
    yield process
    process.close()


def seconds_until(condition: Callable[[], bool]) -> float:
    began = time.monotonic()
    until(condition)
    return time.monotonic() - began


@pytest.fixture
def tried_each_second(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BACK_OFF", (1.0,) * 9)


@pytest.fixture
def tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delivery, "BACK_OFF", ())


@pytest.mark.usefixtures("tried_each_second", "process")
def test_what_was_refused_is_tried_again_when_its_time_has_come(sink: HookSink) -> None:
    sink.answers = [(503, {}), (503, {})]

    assert seconds_until(lambda: sink.arrived == 4) < SOON
    assert len(sink.requests) == 1


@pytest.mark.usefixtures("tried_once")
def test_what_another_process_has_taken_up_again_is_sent_at_once(
    url: str, process: Process, sink: HookSink
) -> None:
    until(lambda: process.parts.ledger.counts(["a"]) == {"failed": 1})
    database = Database(url)  # `tracker alerts retry`
    outbox = Outbox(database)

    assert outbox.retry(["a"]) == 1
    assert seconds_until(lambda: len(sink.requests) == 1) < SOON

    outbox.close()
    database.close()


@pytest.mark.usefixtures("tried_once")
def test_what_is_acknowledged_elsewhere_or_taken_back_is_known_at_once(
    url: str, process: Process
) -> None:
    database = Database(url)  # `tracker alerts ack`, or a page of another machine
    acknowledgements, planner = Acknowledgements(database), process.parts.planner
    timeline = process.parts.files.timeline()
    assert timeline is not None
    key = acknowledgement_key(timeline.points[0], "legal")
    for change in (
        lambda: acknowledgements.save([Acknowledgement(key, clock.now(), None)]),
        lambda: acknowledgements.remove(key),
    ):
        before = planner.composer()

        change()

        assert seconds_until(lambda before=before: planner.composer() is not before) < SOON  # type: ignore[misc]
    database.close()
