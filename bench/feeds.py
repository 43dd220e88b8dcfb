"""The feed of 10,000 events: made cold, after one change, and from a saved file to its reader.

The cold build stands beside what icalendar itself needs to make and print the same components.
"""

from __future__ import annotations

import gc
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from statistics import median, quantiles

from icalendar import Calendar, Event

from bench.commands import EVENTS, TRACKER, served
from bench.generate import events_file
from tracker.feeds.calendar import calendar_form, publication
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read
from tracker.service.publisher import Publisher
from tracker.store.database import Database
from tracker.store.feed_history import FeedHistory
from tracker.timeline.resolver import resolve

TODAY = date(2026, 11, 25)
ROUNDS, SAVES = 5, 20
BAR_COLD, BAR_MEGABYTES, BAR_CHANGE, BAR_SERVED = 1.2, 200, 0.1, 3.0


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def cold(text: str) -> None:
    agreements, _ = read(["e"], [text.encode()])
    timeline = resolve(agreements, TODAY)
    published = publication(timeline, "en")
    components = list(Calendar.from_ical(calendar_form(published, FeedChoice("en"))).walk("VEVENT"))
    values = [[(name, one[name]) for name in one] for one in components]
    del components

    def theirs() -> bytes:
        """The same properties, made and printed by icalendar alone."""
        calendar = Calendar()
        for properties in values:
            entry = Event()
            for name, value in properties:
                entry.add(name, _plain(value), parameters=dict(getattr(value, "params", {})))
            calendar.add_component(entry)
        printed: bytes = calendar.to_ical()
        return printed

    def ours() -> bytes:
        return calendar_form(publication(timeline, "en"), FeedChoice("en"))

    pairs = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    mine, other = (median(times) for times in zip(*pairs, strict=True))
    print(
        f"feed, {EVENTS} events, cold / icalendar: {mine:.2f} s / {other:.2f} s ="
        f" {mine / other:.2f} (bar {BAR_COLD})",
        flush=True,
    )


def _plain(value: object) -> object:
    """What was given to make that property."""
    if hasattr(value, "cats"):
        return [str(one) for one in value.cats]
    return getattr(value, "dt", value)


def memory(text: str) -> None:
    """The most that one cold build takes, as a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.toml"
        file.write_text(text, encoding="utf-8")
        environment = {**os.environ, "HOME": folder, "XDG_CACHE_HOME": folder}
        command = (TRACKER, "feed", "-f", str(file), "-o", os.devnull)
        subprocess.run(command, env=environment, check=True, capture_output=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"feed, {EVENTS} events, cold: {peak:.0f} MB (bar {BAR_MEGABYTES})", flush=True)


def changed(text: str) -> None:
    """From a timeline with one change to the bytes of the feed, in a running process."""
    texts = [re.sub(r'title = "', f'title = "{number} ', text, count=1) for number in range(ROUNDS)]
    timelines = [resolve(read(["e"], [one.encode()])[0], TODAY) for one in texts]
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/ledger.sqlite3")
        publisher = Publisher(FeedHistory(database), lambda: datetime.now(UTC))
        publisher.publish(timelines[0])

        def again(number: int) -> None:
            publisher.publish(timelines[number])
            edition = publisher.edition("en")
            assert edition is not None
            assert f"{number} ".encode() in calendar_form(edition.published, FeedChoice("en"))

        found = [seconds(lambda number=number: again(number)) for number in range(1, ROUNDS)]  # type: ignore[misc]
        database.close()
    print(
        f"feed, {EVENTS} events, one changed: {median(found):.3f} s, most {max(found):.3f}"
        f" (bar {BAR_CHANGE})",
        flush=True,
    )


def saved(text: str) -> None:
    """From a file that is saved to the feed that says so."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.toml"
        file.write_text(text, encoding="utf-8")
        process, address = served(file, Path(folder))

        tags: dict[str, str] = {}

        def one(number: int) -> float:
            time.sleep(random.uniform(1, 3))  # as a person saves; at any moment between two looks
            file.write_text(text.replace('title = "', f'title = "{number} ', 1), encoding="utf-8")
            began = time.perf_counter()
            wanted = f"SUMMARY;LANGUAGE=en:{number} ".encode()
            while True:
                request = urllib.request.Request(address, headers=tags)  # noqa: S310 - our own
                try:
                    with urllib.request.urlopen(request) as answer:  # noqa: S310 - the same
                        tags["If-None-Match"] = answer.headers["etag"]
                        if wanted in answer.read():
                            return time.perf_counter() - began
                except urllib.error.HTTPError as unchanged:
                    if unchanged.code != 304:
                        raise
                time.sleep(0.02)

        found = [one(number) for number in range(1, SAVES + 1)]
        process.terminate()
        process.wait()
    p95 = quantiles(found, n=20)[-1]
    print(
        f"feed, {EVENTS} events, saved to served: median {median(found):.2f} s, p95 {p95:.2f} s"
        f" (bar {BAR_SERVED})",
        flush=True,
    )


def main() -> None:
    text = events_file(EVENTS)
    for measure in (memory, cold, changed, saved):
        measure(text)


if __name__ == "__main__":
    sys.exit(main())
