"""Resolving 100,000 events in memory: prints seconds and the peak of memory, in a fresh process."""

from __future__ import annotations

import gc
import resource
import time
from datetime import date
from statistics import median

from bench.generate import line_of, title_of
from tracker.dates.parser import parse
from tracker.timeline.events import Agreement, Event, Line
from tracker.timeline.resolve import resolve

COUNT = 100_000
BAR_SECONDS, BAR_MEGABYTES = 0.7, 300


def main() -> None:
    lines = {text: Line.of(text, parse(text)) for text in map(line_of, range(COUNT))}
    events = tuple(
        Event("bench", f"e{n}", (("en", title_of(n)),), when=lines[line_of(n)])
        for n in range(COUNT)
    )
    agreement = Agreement("bench", (("en", "Bench"),), events=events)
    off, on = _seconds(agreement, collecting=False), _seconds(agreement, collecting=True)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"resolve, {COUNT} events: {off:.2f} s as commands run, {on:.2f} s with the garbage"
        f" collector on (bar {BAR_SECONDS}), {peak:.0f} MB (bar {BAR_MEGABYTES})"
    )


def _seconds(agreement: Agreement, collecting: bool) -> float:
    """The median of five rounds. Commands run without the garbage collector, `run` with it."""
    gc.collect()
    gc.freeze()
    if collecting:
        gc.enable()
    else:
        gc.disable()
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        timeline = resolve([agreement], date(2026, 11, 25))
        seconds.append(time.perf_counter() - began)
        assert len(timeline.points) == COUNT
    gc.enable()
    return median(seconds)


if __name__ == "__main__":
    main()
