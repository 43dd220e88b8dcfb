"""What is said of points and terms is what was worked out by hand, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import NamedTuple

import pytest

from tracker.files.loading import read
from tracker.i18n.alerts import AlertReader, coming_text, subject_of
from tracker.i18n.amendments import amendment_sentences
from tracker.i18n.diagnostics import message_of
from tracker.i18n.points import (
    name_of,
    punctuality_text,
    remark_on,
)
from tracker.i18n.translate import Language
from tracker.i18n.until import until_text
from tracker.timeline.agenda import ends_of
from tracker.timeline.lateness import days_late
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

TEXT = (Path(__file__).parent / "sentences.txt").read_text(encoding="utf-8")


class Said(NamedTuple):
    """What is said in one view of one agreement, in English and in Japanese."""

    title: str
    toml: str
    as_of: date
    sentences: dict[str, tuple[str, str]]


def views() -> Iterator[Said]:
    for case in re.split(r"(?m)^=== ", TEXT)[1:]:
        title, _, rest = case.partition("\n")
        toml, *days = re.split(r"(?m)^--- ", rest)
        for day in days:
            as_of, *rows = day.strip().splitlines()
            threes = zip(rows[::3], rows[1::3], rows[2::3], strict=True)
            sentences = {name: (en.strip(), ja.strip()) for name, en, ja in threes}
            yield Said(title, f'id = "a"\n{toml}', date.fromisoformat(as_of), sentences)


def said_of(name: str, timeline: Timeline, language: Language) -> str:
    if name.endswith(" until"):
        end = ends_of(timeline)[f"a/{name.removesuffix(' until')}"]
        return until_text(end, language, timeline.as_of)
    if name.endswith((" subject", " digest")):
        return sent(name, timeline, language)
    if name.endswith(" amended"):
        key = points_by_name(timeline)[name.removesuffix(" amended")].key
        agreement, as_of = timeline.agreements[0], timeline.as_of
        return " | ".join(amendment_sentences(key, agreement, as_of, language)) or "-"
    if name == "check":
        return (
            " | ".join(
                f"{warning.event.id}: {message_of(warning.diagnostic, language)}"
                for warning in find_warnings(timeline)
            )
            or "-"
        )
    points = points_by_name(timeline)
    if name.endswith(" recorded"):
        late = days_late(points[name.removesuffix(" recorded")], timeline)
        return punctuality_text(late, language) or "-"
    return remark_on(points[name], language) or "-"


def points_by_name(timeline: Timeline) -> dict[str, Point]:
    return {name_of(point): point for point in timeline.points}


def sent(name: str, timeline: Timeline, language: Language) -> str:
    """The subject of a reminder that goes out on the day of the view, and its row in a digest."""
    name, _, what = name.rpartition(" ")
    point = points_by_name(timeline)[name]
    midday = datetime.combine(timeline.as_of, time(12), UTC)
    reader = AlertReader(language, "UTC", midday, timeline)
    if what == "digest":
        return coming_text(point, timeline.agreements[0], reader)
    assert point.day is not None
    return subject_of("reminder", point, timeline.agreements[0], point.day, reader)


@pytest.mark.parametrize("view", list(views()), ids=lambda view: f"{view.title[:50]} {view.as_of}")
def test_what_is_said_is_what_was_worked_out_by_hand(view: Said) -> None:
    agreements, _ = read(["events.toml"], [view.toml.encode()])
    timeline = resolve(agreements, view.as_of)

    said = {
        name: (said_of(name, timeline, "en"), said_of(name, timeline, "ja"))
        for name in view.sentences
    }

    assert said == view.sentences
