"""Several machines on one PostgreSQL: real processes, each with a home of its own."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2
import psycopg

from tests.alerts.servers import HookSink
from tests.end_to_end.processes import SECONDS, Running, environment, get, tracker
from tests.store.databases import Server

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#: That all recipients share.
CHANNELS = 10
_WORKER = (sys.executable, "-u", "-m", "tracker", "worker")
HOST = {"host": "deadlines.example.org"}


class Farm:
    """Machines with the same files and the same ledger, and a receiver of all reminders.

    Each event has one reminder, which is due since today's midnight.
    """

    def __init__(self, folder: Path, server: Server, events: int, recipients: int = 1) -> None:
        self.folder, self.server = folder, server
        self.url = server.database()
        self.events, self.recipients = events, recipients
        self.sink = HookSink()
        self.workers: list[Worker] = []
        self._homes = 0
        self._read = 0  #: how many requests have been looked at
        self._named: set[tuple[str, str]] = set()

    def __enter__(self) -> Farm:
        self.sink.__enter__()
        self.idle(yesterday())  # what is due before the first look is not owed
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self.workers:
            worker.kill()
        self.sink.__exit__()

    @property
    def reminders(self) -> int:
        return self.events * self.recipients

    def home(self) -> Path:
        """A machine."""
        home = self.folder / f"machine-{self._homes}"
        self._homes += 1
        home.mkdir()
        (home / "events.toml").write_text(self.text(), encoding="utf-8")
        (home / "tracker.toml").write_text(self.config(), encoding="utf-8")
        return home

    def text(self) -> str:
        day = (datetime.now(UTC) + timedelta(days=30)).date()
        return 'id = "a"\nreminders = ["30 days"]\n' + "".join(
            f'[[event]]\nid = "n{number}"\ntitle = "Notice {number}"\nwhen = {day}\n'
            for number in range(self.events)
        )

    def config(self) -> str:
        head = f'database = "{self.url}"\n[webhook]\nsecret = "{SECRET}"\n'
        head += '[web]\nurl = "https://deadlines.example.org"\npublic = true\n'
        return head + "".join(
            f'[[recipient]]\nname = "r{number}"\nto = ["{self.sink.url}?{number % CHANNELS}"]\n'
            'timezone = "UTC"\nat = "00:00"\n'
            for number in range(self.recipients)
        )

    def idle(self, at: str) -> None:
        home = self.home()
        done = tracker("run", "--until-idle", "-f", str(home / "events.toml"), home=home, at=at)
        assert (done.returncode, done.stderr) == (0, "")

    def worker(self, *arguments: str) -> Worker:
        """A worker on a machine of its own."""
        self.workers.append(Worker(self.home(), *arguments))
        return self.workers[-1]

    def keep_up(self) -> None:
        """Begins those anew that have ended by themselves, as a service manager does."""
        for worker in self.workers:
            if worker.process.poll() is not None:
                worker.begin()

    def node(self) -> Running:
        """A web node on a machine of its own."""
        home = self.home()
        return Running("-f", str(home / "events.toml"), home=home, command="serve")

    def delivery_counts(self) -> Counter[str]:
        """How often each message arrived, by its identity."""
        return Counter(str(headers["webhook-id"]) for headers, _ in self.sink.requests)

    def arrived(self) -> set[tuple[str, str]]:
        """Which reminders arrived, each by its recipient and its event: alone or with others."""
        requests = self.sink.requests[self._read :]
        self._read += len(requests)
        for _, body in requests:
            with suppress(ValueError):  # a kill has cut it off
                message = json.loads(body)
                for reminder in message["reminders"] or [message]:
                    self._named.add((message["recipient"], reminder["event"]))
        return self._named

    def is_all_sent(self) -> bool:
        """Whether there is something sent, and nothing left to send."""
        statuses = self.statuses()
        return "sent" in statuses and statuses.keys() <= {"sent", "named"}

    def statuses(self) -> dict[str, int]:
        with psycopg.connect(self.url) as connection:
            rows = connection.execute("SELECT status, count(*) FROM alert GROUP BY status")
            return dict(rows.fetchall())


def yesterday() -> str:
    return f"{datetime.now(UTC) - timedelta(days=1):%Y-%m-%d %H:%M:%S}"


class Worker:
    """`tracker worker`, which may be killed and begun again."""

    def __init__(self, home: Path, *arguments: str) -> None:
        self.home, self._arguments = home, arguments
        self.said = home / "said"
        self.begin()

    def begin(self) -> None:
        with self.said.open("a") as said:
            self.process = subprocess.Popen(
                (*_WORKER, *self._arguments, "-f", str(self.home / "events.toml")),
                stdout=said,
                stderr=said,
                env=environment(self.home),
            )

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(SECONDS)

    def stop(self) -> int:
        self.process.terminate()
        return self.process.wait(2 * SECONDS)

    def lines(self) -> list[str]:
        return self.said.read_text(encoding="utf-8").splitlines()


class Asking:
    """Asks web nodes for the feed, all the time, and keeps what they did not answer."""

    def __init__(self, *nodes: str) -> None:
        self.answers: Counter[int] = Counter()
        self.tags: set[tuple[str, str]] = set()
        self.failures: list[str] = []
        self._ended = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=[node]) for node in nodes]
        for thread in self._threads:
            thread.start()

    def _ask(self, node: str) -> None:
        while not self._ended.wait(0.2):
            try:
                response = get(f"{node}calendar.ics", headers=HOST, timeout=20)
            except httpx2.HTTPError as error:
                self.failures.append(repr(error))
                continue
            self.answers[response.status_code] += 1
            self.tags.add((node, response.headers["etag"]))

    def end(self) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join()


def kill_now_and_then(farm: Farm, until_all: int, seconds: float, every: float = 1.0) -> int:
    """Kills a random worker each so often, and begins it again; gives how many kills that were."""
    chance = random.Random(0)
    deadline, kills = time.monotonic() + seconds, 0
    while len(farm.arrived()) < until_all and time.monotonic() < deadline:
        time.sleep(every)
        farm.keep_up()
        victim = chance.choice(farm.workers)
        victim.kill()
        victim.begin()
        kills += 1
    return kills
