"""Alerts beside what they are measured against, each in one run on one machine.

- 10,000 reminders due in the same second, through a channel that only counts, beside one
  APScheduler job for each on its SQLAlchemy store;
- over HTTP to a sink in another process, beside a bare httpx2 loop with as many connections;
- over SMTP, beside a bare smtplib loop that sends the same bytes on one connection;
- the plan of the next 24 hours for 100,000 events and 10 recipients;
- what an idle `run` takes.

`python -m bench.alerting`; each part runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import smtplib
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.commands import ROOT, served
from tracker.alerts.channel import Channel, ChannelSettings
from tracker.alerts.delivery import DeliveryContext
from tracker.alerts.message import Message
from tracker.alerts.thread_delivery import Deliverer
from tracker.config import Config
from tracker.config.addresses import Address, read_address
from tracker.config.sending import DeliverySettings, MailServer
from tracker.dates.lead_times import parse_lead
from tracker.files.loading import read
from tracker.reminders.plan import Plan
from tracker.reminders.recipients import Recipient
from tracker.service.planner import Planner
from tracker.service.publisher import Publisher
from tracker.store.acknowledgements import Acknowledgements
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.store.ledger import Ledger
from tracker.store.outbox import Outbox
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

COUNT = 10_000
#: Reminders of each recipient: from five on they would be one message.
EACH = 4
DAY = date(2030, 12, 31)
DUE = datetime(2030, 12, 31, 9, tzinfo=UTC)
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # noqa: S105 - of a sink of our own


def timeline_of(count: int, day: Callable[[int], date]) -> Timeline:
    """As many events, each with a title, on the days that `day` gives."""
    head = 'id = "a"\ntimezone = "UTC"\nreminders = ["90 days", "30 days", "7 days", "0 days"]\n'
    events = "".join(
        f'[[event]]\nid = "e{at}"\ntitle = "Event number {at}"\nwhen = {day(at)}\n'
        for at in range(count)
    )
    agreements, _ = read(["events.toml"], [(head + events).encode()])
    return resolve(agreements, date(2030, 12, 1))


class Run:
    """Planning and delivery of so many reminders to one address, each a message of its own.

    On a ledger of their own, from one instant on.
    """

    def __init__(
        self, folder: Path, count: int, address: Address, sending: DeliverySettings
    ) -> None:
        timeline = timeline_of(EACH, lambda _: DAY)
        recipients = tuple(
            Recipient(
                f"r{number}", "UTC", reminders=(parse_lead("0 days"),), channels=(address.name,)
            )
            for number in range(count // EACH)
        )
        config = Config("", recipients, None, frozenset(), None, {address.name: address}, sending)
        self.count = count
        self.began = 0.0
        self.database = Database(f"sqlite:///{folder / 'ledger.sqlite3'}")
        self.ledger = Ledger(self.database)
        publisher = Publisher(FeedHistory(self.database), self.now)
        publisher.publish(timeline)  # as in a run: mail attaches what stands in the feed
        self.planner = Planner(
            config.recipients,
            self.ledger,
            Acknowledgements(self.database),
            entries=publisher.entries,
        )
        self.timeline = timeline
        self.address = address
        self.sending = sending
        self.planner.write_due(timeline, DUE - timedelta(hours=1))

    def now(self) -> datetime:
        return DUE + timedelta(seconds=time.perf_counter() - self.began)

    def send(self, **open_channel: Callable[[Address, ChannelSettings], Channel]) -> float:
        """Writes down all that is due and sends it; gives the seconds that sending took."""
        outbox = Outbox(self.database)
        context = DeliveryContext(
            outbox,
            ChannelSettings(self.sending, self.now),
            self.planner.composer,
            _tell,
            **open_channel,
        )
        deliverer = Deliverer(context, [self.address])
        self.began = time.perf_counter()
        written = self.planner.write_due(self.timeline, self.now())
        assert written == self.count, written
        woken = time.perf_counter()
        deliverer.wake()
        deliverer.finish()
        took = time.perf_counter() - woken
        deliverer.close()
        outbox.close()
        counts = self.ledger.counts(["a"])
        assert counts == {"sent": written}, counts
        return took


def _tell(channels: Sequence[str], reason: str, _given_up: bool) -> None:
    raise SystemExit(f"{channels}: {reason}")


class Counter:
    """A channel that only counts, and how late each was."""

    parallel = parallel_to_one = 16

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.late: list[float] = []

    def prepare(self, message: Message, _address: Address) -> str:
        return message.id

    async def deliver(self, _prepared: str) -> None:
        self.late.append((self._now() - DUE).total_seconds())

    async def probe(self) -> None:
        pass

    async def release(self) -> None:
        pass

    def close(self) -> None:
        pass


def _late(late: list[float]) -> str:
    cuts = statistics.quantiles(late, n=100)
    return f"p50 {cuts[49]:.2f} s, p99 {cuts[98]:.2f} s"


def _memory() -> float:
    """The most that this process ever had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


# -- all at once


def storm(found: Any) -> None:
    address = read_address("terminal", ())
    assert isinstance(address, Address)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), COUNT, address, DeliverySettings())
        counter = Counter(run.now)
        run.send(open_channel=lambda _address, _settings: counter)
    assert len(counter.late) == COUNT
    found.put((counter.late, _memory()))


def storm_of_jobs(found: Any) -> None:
    """The same with one APScheduler job for each, as most would do it."""
    from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
    from apscheduler.schedulers.background import BackgroundScheduler

    with tempfile.TemporaryDirectory() as folder:
        store = SQLAlchemyJobStore(url=f"sqlite:///{folder}/jobs.sqlite3")
        scheduler = BackgroundScheduler(
            jobstores={"default": store},
            job_defaults={"misfire_grace_time": None},
            timezone=UTC,
        )
        scheduler.start(paused=True)
        due = datetime.now(UTC)
        began = time.perf_counter()
        for at in range(COUNT):
            scheduler.add_job(_job, "date", run_date=due, args=[at], id=str(at))
        added = time.perf_counter() - began
        _JOBS.append(time.perf_counter())
        scheduler.resume()
        while len(_LATE) < COUNT:
            time.sleep(0.05)
        scheduler.shutdown()
    found.put((_LATE, _memory(), added))


_JOBS: list[float] = []
_LATE: list[float] = []


def _job(_at: int) -> None:
    _LATE.append(time.perf_counter() - _JOBS[0])


# -- over HTTP


def http_sink(ports: Any) -> None:
    """Takes any POST; as bare as a server can be, so that the sender is what is measured."""
    import asyncio

    class Sink(asyncio.Protocol):
        def __init__(self) -> None:
            self.waiting = b""

        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = transport

        def data_received(self, data: bytes) -> None:
            self.waiting += data
            while (end := self.waiting.find(b"\r\n\r\n")) >= 0:
                head = self.waiting[:end].lower()
                length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
                if len(self.waiting) < end + 4 + length:
                    return
                self.waiting = self.waiting[end + 4 + length :]
                assert isinstance(self.transport, asyncio.Transport)
                self.transport.write(b"HTTP/1.1 204 No Content\r\n\r\n")

    async def serve() -> None:
        server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def over_http(found: Any, port: int, count: int) -> None:
    import httpx2

    from tracker.alerts.channels.webhook import WebhookChannel

    url = f"http://127.0.0.1:{port}/hook"
    address = read_address(url, ())
    assert isinstance(address, Address)
    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), count, address, DeliverySettings(secret=SECRET))
        body = b"x" * 2400

        def bare() -> float:
            began = time.perf_counter()
            share = count // WebhookChannel.parallel

            def loop() -> None:
                with httpx2.Client() as client:
                    for _ in range(share):
                        client.post(url, content=body)

            threads = [threading.Thread(target=loop) for _ in range(WebhookChannel.parallel)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return time.perf_counter() - began

        before = bare()
        ours = run.send()
        after = bare()
    found.put((count / ours, count / ((before + after) / 2)))


# -- over SMTP


def smtp_sink(ports: Any) -> None:
    import asyncio

    from aiosmtpd.smtp import SMTP

    class Taking:
        async def handle_DATA(self, *_: object) -> str:  # noqa: N802 - aiosmtpd's name
            return "250 OK"

    async def serve() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: SMTP(Taking(), loop=loop), "127.0.0.1", 0)
        ports.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def over_smtp(found: Any, port: int, count: int) -> None:
    from tracker.alerts.channels import mail

    address = read_address("mailto:legal@example.org", ())
    assert isinstance(address, Address)
    server = MailServer("127.0.0.1", port, False, None, None, "tracker@example.org")
    sent: list[bytes] = []

    def noted(_address: Address, settings: ChannelSettings) -> Channel:
        channel = mail.open_channel(_address, settings)
        prepare = channel.prepare

        def prepare_and_note(message: Message, address: Address) -> Any:
            prepared = prepare(message, address)
            sent.append(prepared.content)
            return prepared

        channel.prepare = prepare_and_note  # type: ignore[method-assign]
        return channel

    def bare() -> float:
        began = time.perf_counter()
        with smtplib.SMTP("127.0.0.1", port) as connection:
            for content in sent:
                connection.sendmail("tracker@example.org", ["legal@example.org"], content)
        return time.perf_counter() - began

    with tempfile.TemporaryDirectory() as folder:
        run = Run(Path(folder), count, address, DeliverySettings(mail=server))
        ours = run.send(open_channel=noted)
    theirs = statistics.mean((bare(), bare()))
    found.put((count / ours, count / theirs))


# -- the plan


def planning(found: Any) -> None:
    timeline = timeline_of(100_000, lambda at: date(2030, 12, 1) + timedelta(days=at % 3650))
    zones = ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "UTC", "Australia/Lord_Howe")
    recipients = [Recipient(f"r{at}", zones[at % 5]) for at in range(10)]
    now = datetime(2030, 12, 1, 12, tzinfo=UTC)
    began = time.perf_counter()
    plan = Plan(timeline, recipients)
    made = time.perf_counter()
    reminders = plan.between(now, now + timedelta(days=1))
    done = time.perf_counter()
    found.put((len(reminders), done - began, made - began))


# -- idle


def idle(seconds: int = 60) -> tuple[float, float]:
    """MB, and the share of a core, of a `run` that has nothing to do."""
    with tempfile.TemporaryDirectory() as folder:
        process, _ = served(ROOT / "events.toml", Path(folder))
        try:
            time.sleep(5)
            first = _cpu(process.pid)
            time.sleep(seconds)
            used = _cpu(process.pid) - first
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
        finally:
            process.terminate()
            process.wait()
    memory = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(memory.split()[1]) / 1024, used / seconds


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# -- all of it


def alone(part: Callable[..., None], *arguments: object) -> Any:
    """What a part puts into its queue, run in a fresh process."""
    context = multiprocessing.get_context("spawn")
    queue = context.Queue()
    process = context.Process(target=part, args=(queue, *arguments))
    process.start()
    found = queue.get()
    process.join()
    return found


def beside(sink: Callable[..., None], part: Callable[..., None], count: int) -> Any:
    """The same, with a sink in a process of its own."""
    context = multiprocessing.get_context("spawn")
    ports = context.Queue()
    process = context.Process(target=sink, args=(ports,), daemon=True)
    process.start()
    try:
        return alone(part, ports.get(), count)
    finally:
        process.terminate()
        process.join()


def main() -> None:
    wanted = sys.argv[1:] or ["storm", "http", "smtp", "plan", "idle"]
    if "storm" in wanted:
        late, memory = alone(storm)
        theirs, their_memory, added = alone(storm_of_jobs)
        print(
            f"alerting, {COUNT} due at once: lateness {_late(late)}, {memory:.0f} MB"
            f" / APScheduler, a job each: {_late(theirs)}, {their_memory:.0f} MB, and {added:.1f} s"
            f" to add them (bar p99 2 s, 100 MB)",
            flush=True,
        )
    for name, sink, part, count in (
        ("http", http_sink, over_http, 4_000),
        ("smtp", smtp_sink, over_smtp, 2_000),
    ):
        if name in wanted:
            pairs = [beside(sink, part, count) for _ in range(3)]
            ours, theirs = (statistics.median(pair[at] for pair in pairs) for at in (0, 1))
            ratio = statistics.median(pair[0] / pair[1] for pair in pairs)
            what = "httpx2" if name == "http" else "smtplib"
            print(
                f"alerting, over {name.upper()} / bare {what}: {ours:.0f}/s / {theirs:.0f}/s ="
                f" {ratio:.2f} (bar 0.8)",
                flush=True,
            )
    if "plan" in wanted:
        count, took, index = alone(planning)
        print(
            f"alerting, the plan of 24 h, 100,000 events, 10 recipients: {took:.2f} s for {count}"
            f" reminders, {index:.2f} s of it for the index (bar 2 s)",
            flush=True,
        )
    if "idle" in wanted:
        memory, share = idle()
        print(
            f"alerting, an idle run: {memory:.0f} MB, {share:.2%} of a core (bar 80 MB, 0.50 %)",
            flush=True,
        )


if __name__ == "__main__":
    main()
