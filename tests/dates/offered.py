"""What is offered in place of a line, beside an event `x` that lies in 2027."""

from __future__ import annotations

from datetime import date

from tracker.dates.diagnostics import Suggestion
from tracker.files.loading import read
from tracker.files.problems import FileErrors
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve


def _toml(line: str) -> bytes:
    return f"""
        id = "a"
        calendar = "US"
        event = [
            {{ id = "case", title = "C", when = "{line}" }},
            {{ id = "x", title = "X", when = "2027-05-20" }},
        ]
    """.encode()


def offers(line: str) -> tuple[Suggestion, ...]:
    """What is offered; nothing where the line reads."""
    try:
        read(["case.toml"], [_toml(line)])
    except FileErrors as refused:
        (problem,) = refused.problems
        return problem.diagnostic.suggestions
    return ()


def point_of(line: str) -> Point:
    """What a line that reads comes to."""
    agreements, _ = read(["case.toml"], [_toml(line)])
    timeline = resolve(agreements, date(1999, 1, 1), {})
    return next(point for point in timeline.points if point.event.id == "case")
