"""The picture of a timeline: what is drawn, where it stands, what it is printed as."""

from __future__ import annotations

import re
from datetime import date
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import many
from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.layout import NARROW_WIDTH, WIDE_WIDTH, PlacedTrack, picture_of
from tracker.feeds.picture.svg import SvgOptions, picture_svg
from tracker.feeds.picture.text import picture_text
from tracker.i18n.columns import width_of


@pytest.mark.parametrize("width", [WIDE_WIDTH, NARROW_WIDTH])
@pytest.mark.parametrize("by", [None, "party", "tag"])
def test_in_a_lane_nothing_touches_and_every_event_is_there_once(width: int, by: str) -> None:
    for whole in (timeline(), many(2000, tags="a", parties="x")):
        extent = extent_of(whole, "en", PictureOptions(by))  # type: ignore[arg-type]
        picture = picture_of(extent, "en", width)
        names = [placed.track.event.name for panel in picture.panels for placed in panel.tracks]
        assert sorted(names) == sorted(event.name for event in whole.events)
        for panel in picture.panels:
            lanes: dict[int, list[PlacedTrack]] = {}
            for placed in panel.tracks:
                assert placed.label_at >= -0.01
                assert placed.label_at + placed.label_width <= width + 0.01
                lanes.setdefault(placed.lane, []).append(placed)
            for lane in lanes.values():
                lane.sort(key=lambda placed: placed.left)
                assert all(left.right < right.left for left, right in pairwise(lane))


@pytest.mark.parametrize(
    ("fields", "drawn"),
    [
        ({"when": "2030-05-01"}, "exact@2030-05-01"),
        ({"when": "2026-05-01"}, "passed@2026-05-01"),
        ({"when": "2026-05-01", "occurred": date(2026, 5, 3)}, "occurred@2026-05-03"),
        ({"when": "in 2030"}, "window 2030-01-01..2030-12-31"),
        ({"when": "through 2030"}, "exact@2030-12-31"),
        (
            {"when": "2030-05-01, or 2031-05-01 if open-x"},
            "may-move@2030-05-01, reach 2030-05-01..2031-05-01",
        ),
        ({"when": "after open-x"}, "waits"),
        ({"starts": "2025-05-01", "ends": "2030-05-01"}, "band 2025-05-01..2030-05-01"),
        ({"starts": "2025-05-01"}, "band 2025-05-01.."),
        (
            {"starts": "2025-05-01", "ends": "earliest of open-x, through 2030"},
            "band 2025-05-01..2030-12-31 fades from 2026-11-25",
        ),
        (
            {"starts": "2025-05-01", "ends": "2030-05-01, or 2031-05-01 if open-x"},
            "band 2025-05-01..2030-05-01, reach 2030-05-01..2031-05-01",
        ),
        ({"starts": "2025-05-01", "ends": "open-x"}, "band 2025-05-01.. fades from 2026-11-25"),
        ({"starts": "open-x", "ends": "2030-05-01"}, "waits"),
        (
            {"starts": "in 2027", "ends": "2030-05-01"},
            "band 2027-01-01..2030-05-01 from 2027-12-31",
        ),
        ({"ends": "2026-05-01"}, "band ..2026-05-01"),
        ({"starts": "2027-05-01", "withdrawn": date(2026, 5, 1)}, None),
    ],
)
def test_what_is_drawn_of_an_event(fields: dict[str, Any], drawn: str | None) -> None:
    stated = timeline_of(event("x", **fields), event("open-x", when="open"))
    tracks = {track.event.id: track for track in extent_of(stated, "en", PictureOptions()).tracks}

    assert ("x" in tracks) == (drawn is not None)
    if "x" in tracks:
        track = tracks["x"]
        shapes = [f"{mark.kind}@{mark.day}" for mark in track.marks]
        for span in track.spans:
            text = f"{span.kind} {span.first or ''}..{span.last or ''}"
            text += f" from {span.solid}" if span.solid else ""
            shapes.append(text + (f" fades from {span.fades}" if span.fades else ""))
        assert ", ".join([*shapes, *(["waits"] if track.waits else [])]) == drawn


def test_each_event_in_the_picture_is_a_link_to_its_page(shipped: TestClient) -> None:
    page = shipped.get("/timeline").text
    wide = page.partition('class="narrow-picture"')[0]

    links = re.findall(r'<a class="event[^"]*" href="(events/[^"]+)"', wide)
    assert sorted(links) == sorted(f"events/{each.name}" for each in timeline().events)


def test_the_picture_is_an_xml_file_that_stands_alone() -> None:
    picture = picture_of(extent_of(timeline(), "ja", PictureOptions("tag")), "ja", WIDE_WIDTH)
    text = picture_svg(picture, SvgOptions("ja", lambda _event: None, "p"), "<&>")

    root = ET.fromstring(text)  # noqa: S314 - we wrote it
    shown = {title.text for title in root.iter("{http://www.w3.org/2000/svg}title")}
    assert "<&>" in shown
    assert len(shown) == len(timeline().events) + 1
    assert "http://" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_range_leaves_out_what_lies_outside_and_says_so(shipped: TestClient) -> None:
    page = shipped.get("/timeline?from=2033-01-01&to=2040-01-01").text

    assert "announce a new stage" not in page.partition("<table>")[0]
    assert "events lie outside these days." in page


def test_the_table_says_what_the_picture_shows(shipped: TestClient) -> None:
    table = shipped.get("/timeline").text.partition("<tbody")[2]

    assert table.count("<tr>") == len(timeline().points)
    assert "may come sooner: waits for agi-verified" in table


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("columns", [40, 80, 200])
def test_in_characters_it_is_no_wider_than_the_screen(columns: int, language: str) -> None:
    for stated in (timeline(), many(50)):
        lines = picture_text(extent_of(stated, language, PictureOptions("tag")), language, columns)

        assert max(map(width_of, lines)) <= columns
        assert any("●" in line or "◆" in line for line in lines[:-3])


@pytest.mark.parametrize(
    "options", [PictureOptions(first=date(2099, 1, 1)), PictureOptions(last=date(1990, 1, 1))]
)
def test_a_range_beyond_everything_still_has_an_axis(options: PictureOptions) -> None:
    picture = picture_of(extent_of(timeline(), "en", options), "en", WIDE_WIDTH)

    assert len(picture.ticks) > 2


def test_a_picture_is_xml_whatever_a_title_holds() -> None:
    odd = event("x", when="2030-01-01")._replace(title=(("en", "a\ufffeb\uffffc"),))
    text = picture_svg(
        picture_of(extent_of(timeline_of(odd), "en", PictureOptions()), "en", WIDE_WIDTH),
        SvgOptions("en", lambda _event: None, "p"),
        "A",
    )

    assert ET.fromstring(text) is not None  # noqa: S314 - we wrote it
