"""The agreements in examples/ come to the days that a lawyer works out by hand."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.cases.test_repeating import row
from tracker.files.loading import read
from tracker.timeline.point_names import parse_suppositions
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

EXAMPLES = Path(__file__).parents[2] / "examples"
TEXT = Path(__file__).with_name("examples.txt").read_text(encoding="utf-8")


class View(NamedTuple):
    """A day of an agreement, and the points of some of its events."""

    folder: str
    as_of: date
    suppose: tuple[str, ...]
    points: dict[str, list[str]]  #: by event


def views() -> list[View]:
    views = []
    for text in re.split(r"(?m)^=== ", TEXT)[1:]:
        folder, *days = re.split(r"(?m)^--- ", text)
        for day in days:
            head, *rows = (line for line in day.splitlines() if line and line[0] != "#")
            as_of, *suppose = head.split()
            points: dict[str, list[str]] = {}
            name = ""
            for line in rows:
                name = name if line == "..." else event_of(line)
                points.setdefault(name, []).append(line)
            views.append(View(folder.strip(), date.fromisoformat(as_of), tuple(suppose), points))
    return views


def event_of(line: str) -> str:
    """Which event the point is of, side and occurrence left out."""
    return re.split("[@:]", re.sub("^(start|end) of ", "", line))[0]


def load(folder: str) -> tuple[str, bytes]:
    file = EXAMPLES / folder / "events.toml"
    return str(file), file.read_bytes()


@pytest.mark.parametrize("view", views(), ids=lambda view: f"{view.folder} {view.as_of}")
def test_an_example_comes_to_the_days_that_a_lawyer_works_out(view: View) -> None:
    name, content = load(view.folder)
    agreements, _ = read([name], [content])
    suppose = parse_suppositions(view.suppose, agreements, view.as_of)

    rows = [row(point) for point in resolve(agreements, view.as_of, suppose).points]

    for event, wanted in view.points.items():
        points = [line for line in rows if event_of(line) == event]
        if wanted[-1] == "...":
            assert len(points) >= len(wanted)
            points = [*points[: len(wanted) - 1], "..."]
        assert points == wanted


@pytest.mark.parametrize("folder", sorted({view.folder for view in views()}))
def test_nothing_about_an_example_is_doubtful(folder: str) -> None:
    name, content = load(folder)
    agreements, _ = read([name], [content])

    assert find_warnings(resolve(agreements, date(2026, 11, 30))) == []
