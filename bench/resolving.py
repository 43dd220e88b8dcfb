"""Resolving in memory, in a fresh process: seconds, the peak of memory, and how the cost grows."""

from __future__ import annotations

import gc
import resource
import time
from datetime import date
from math import log
from statistics import median
from typing import Any

from bench.generate import line_of, title_of
from tracker.agreements.model import Agreement, ByOccurrence, Event, Line
from tracker.dates.expressions import Ref
from tracker.dates.parser import parse
from tracker.dates.recurrence_parser import parse_recurrence
from tracker.timeline.resolver import resolve

COUNT = 100_000
BAR_SECONDS, BAR_MEGABYTES = 0.7, 300
CHAINED, LINKS, BAR_CHAINED = 10_000, 50, 0.2
GROWING = (25_000, 50_000, 100_000, 200_000)
COUNTING, BAR_COUNTING = 2_000, 0.5
REPEATING, BAR_REPEATING = 1_000, 0.5
HAPPENINGS, BAR_HAPPENINGS = 10_000, 0.5
TODAY = date(2026, 11, 25)


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
    chained = _seconds(_chains(CHAINED), collecting=False)
    print(f"resolve, {CHAINED} events in chains of {LINKS}: {chained:.3f} s (bar {BAR_CHAINED})")
    costs = [_seconds(_chains(count), collecting=False) for count in GROWING]
    grown = log(costs[-1] / costs[0]) / log(GROWING[-1] / GROWING[0])
    listed = ", ".join(f"{count}: {cost:.2f} s" for count, cost in zip(GROWING, costs, strict=True))
    print(f"resolve, growing: {listed}; cost grows with the power {grown:.2f} of the number")
    print(f"resolve, {COUNTING} lines with business days: {_first(_business(COUNTING)):.2f} s,"
          f" holidays loaded with it (bar {BAR_COUNTING})")  # fmt: skip
    for what, fields in _REPEATING.items():
        seconds = _seconds(_repeating(fields), collecting=False)
        print(f"resolve, {REPEATING} events that repeat monthly over 5 years, {what}:"
              f" {seconds:.2f} s (bar {BAR_REPEATING})")  # fmt: skip
    seconds = _seconds(_happening(HAPPENINGS), collecting=False)
    print(f"resolve, {HAPPENINGS} happenings of one event, with {len(_HANGING)} that hang on each:"
          f" {seconds:.2f} s (bar {BAR_HAPPENINGS})")  # fmt: skip


#: What hangs on each happening.
_HANGING = (
    "72 hours after each incident", "30 days after each incident", "1 month after each incident",
)  # fmt: skip


def _happening(count: int) -> Agreement:
    """One event that has happened that often over ten years, and what hangs on each of those."""
    days = [date.fromordinal(TODAY.toordinal() - 3650 * at // count) for at in range(count)]
    records = ByOccurrence(tuple((f"no-{at}", day) for at, day in enumerate(days)))
    again = {"repeats": parse_recurrence("as it happens"), "occurred": records}
    incident = _event(0, "open")._replace(id="incident", **again)
    hanging = [_event(number, text) for number, text in enumerate(_HANGING)]
    return Agreement("bench", (("en", "Bench"),), events=(incident, *hanging))


_REPEATING: dict[str, dict[str, Any]] = {
    "plain": {},
    "while a right lasts that may end": {"during": Ref(None, "right", "when")},
    "moved off closed days": {"roll": "next", "calendar": "weekdays"},
}


def _repeating(fields: dict[str, Any]) -> Agreement:
    rule = parse_recurrence("1 month")
    events = [
        _event(number, str(date.fromordinal(TODAY.toordinal() + number % 28)))._replace(
            repeats=rule, **fields
        )
        for number in range(REPEATING)
    ]
    ends = "earliest of open-end, through 2060"
    starts = Line.of("2026-01-01", parse("2026-01-01"))
    right = Event("bench", "right", (("en", "Right"),), starts=starts)
    right = right._replace(ends=Line.of(ends, parse(ends)))
    open_end = Event("bench", "open-end", (("en", "End"),), when=Line.of("open", parse("open")))
    return Agreement("bench", (("en", "Bench"),), events=(open_end, right, *events))


def _chains(count: int) -> Agreement:
    """Events that hang on one another, each on the one before, LINKS of them in a row."""
    events = []
    for number in range(count):
        first = number % LINKS == 0
        text = _LINKED[number % len(_LINKED)].format(f"e{number - 1}") if not first else "open"
        events.append(_event(number, text))
    return Agreement("bench", (("en", "Bench"),), events=tuple(events))


_LINKED = (
    "30 days after {}",
    "1 month and 2 days after {}",
    "end of month of {}",
    "earliest of {}, through 2030",
    "within 2 weeks after {}",
)


def _business(count: int) -> Agreement:
    """Lines that each count business days from a day of their own, over ten years."""
    days = [date.fromordinal(TODAY.toordinal() + number % 3650) for number in range(count)]
    events = tuple(
        _event(number, f"{number % 60} business days after {day}")
        for number, day in enumerate(days)
    )
    return Agreement("bench", (("en", "Bench"),), calendar="US+JP", events=events)


def _event(number: int, text: str) -> Event:
    return Event(
        "bench", f"e{number}", (("en", title_of(number)),), when=Line.of(text, parse(text))
    )


def _first(agreement: Agreement) -> float:
    """The seconds of the very first round, with all that it loads."""
    began = time.perf_counter()
    resolve([agreement], TODAY)
    return time.perf_counter() - began


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
        timeline = resolve([agreement], TODAY)
        seconds.append(time.perf_counter() - began)
        assert len(timeline.points) >= len(agreement.events)
    gc.enable()
    return median(seconds)


if __name__ == "__main__":
    main()
