"""Workers on one PostgreSQL, each delivering one at a time to a receiver that takes 20 ms.

How much more do 2, 4 and 8 deliver than one does? All of it is on this one machine: the workers,
the database and the receiver. So where the line bends is where its processors are busy, which is
why their time is printed beside it.

`python -m bench.workers`
"""

from __future__ import annotations

import os
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

from tests.end_to_end.farm import Farm, Worker
from tests.store.databases import Server

LATENCY = 0.02
#: For each worker.
COUNT = 400
TICKS = os.sysconf("SC_CLK_TCK")


class Rate(NamedTuple):
    """Deliveries of some workers together."""

    workers: int
    a_second: float
    busy: float  #: milliseconds of processor time that a worker takes for each
    load: float  #: of all processors, in parts of one


def rate(server: Server, workers: int) -> Rate:
    with (
        tempfile.TemporaryDirectory() as folder,
        Farm(Path(folder), server, 4, COUNT // 4 * workers) as farm,  # each a message of its own
    ):
        farm.sink.latency = LATENCY
        gate = farm.sink.hang = threading.Event()
        for _ in range(workers):
            farm.worker("--concurrency", "1")
        while farm.sink.arrived < workers:  # each has one under way
            time.sleep(0.05)
        busy, all_busy, began = _busy(farm.workers), _all_busy(), time.perf_counter()
        gate.set()
        farm.sink.hang = None
        while len(farm.sink.requests) < farm.reminders:
            time.sleep(0.01)
        took = time.perf_counter() - began
        busy, all_busy = _busy(farm.workers) - busy, _all_busy() - all_busy
        assert max(farm.delivery_counts().values()) == 1
    count, cores = farm.reminders, os.cpu_count() or 1
    return Rate(workers, count / took, busy / count * 1000, all_busy / took / cores)


def _busy(workers: list[Worker]) -> float:
    """Seconds of processor time that those processes took."""
    stats = [Path(f"/proc/{one.process.pid}/stat").read_text("ascii") for one in workers]
    return sum(sum(map(int, stat.rpartition(")")[2].split()[11:13])) for stat in stats) / TICKS


def _all_busy() -> float:
    """Seconds that all processors together were not idle."""
    times = [int(one) for one in Path("/proc/stat").read_text("ascii").split()[1:9]]
    return (sum(times) - times[3] - times[4]) / TICKS


def main() -> None:
    server = Server()
    try:
        one: Rate | None = None
        for workers in (1, 2, 4, 8):
            found = rate(server, workers)
            one = one or found
            linear = found.a_second / one.a_second / workers
            bar = " (bar 0.8)" if workers in (2, 4) else ""
            print(
                f"{workers} workers of concurrency 1: {found.a_second:.0f} messages a second,"
                f" {linear:.2f} of linear{bar}; {found.busy:.1f} ms of a processor each,"
                f" all processors {found.load:.0%} busy",
                flush=True,
            )
    finally:
        server.stop()


if __name__ == "__main__":
    main()
