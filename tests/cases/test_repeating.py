"""Agreements that repeat, renew and change come to the answers worked by hand beside them."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.rows import rows
from tracker.files.loading import read
from tracker.i18n.points import name_of
from tracker.timeline.point_names import parse_suppositions
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

TABLES = ("repeating.txt", "options.txt")
TEXTS = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in TABLES]


class View(NamedTuple):
    """One day of one agreement, with the points that are to be there."""

    title: str
    toml: str
    as_of: date
    suppose: tuple[str, ...]
    points: tuple[str, ...]


def views() -> list[View]:
    found = []
    for case in (case for text in TEXTS for case in re.split(r"(?m)^=== ", text)[1:]):
        title, _, rest = case.partition("\n")
        toml, *days = re.split(r"(?m)^--- ", rest)
        for day in days:
            head, *rows = day.strip().splitlines()
            as_of, _, suppose = head.partition(" ")
            names = tuple(re.findall(r"(?:end of |start of )?\S+=\S+", suppose))
            text = f'id = "a"\ncalendar = "weekdays"\n{toml}'
            points = tuple(row for row in rows if row)
            found.append(View(title, text, date.fromisoformat(as_of), names, points))
    return found


def row(point: Point) -> str:
    """A point as the cases write it."""
    name, first, last = name_of(point), point.earliest, point.latest
    if first is None:
        return f"{name}: never ; lapsed={point.last_day}" if point.has_lapsed else f"{name}: never"
    window = f"{first}" if first == last else f"{first}..{last or ''}"
    text = f"{name}: {window} {point.status}"
    beside = []
    if point.stands is not None and point.status not in ("exact", "occurred"):
        days = dict.fromkeys(map(str, point.stands))
        beside.append(f"stands={'..'.join(days)}")
    if point.waits_for:
        beside.append(f"waits={','.join(point.waits_for_names)}")
    if point.last_day is not None:
        beside.append(f"counts={point.counts_to}")
    return f"{text} ; {' '.join(beside)}" if beside else text


@rows("view", views(), ids=lambda view: f"{view.title[:50]} {view.as_of}")
def test_an_agreement_comes_to_the_points_worked_by_hand(view: View) -> None:
    agreements, _ = read(["events.toml"], [view.toml.encode()])
    suppose = parse_suppositions(view.suppose, agreements, view.as_of)

    rows = [row(point) for point in resolve(agreements, view.as_of, suppose).points]

    wanted = list(view.points)
    if wanted[-1] == "...":
        wanted.pop()
        assert len(rows) > len(wanted)
        rows = rows[: len(wanted)]
    assert rows == wanted


def test_there_are_as_many_cases_as_are_promised() -> None:
    assert sum(len(view.points) for view in views()) > 150
