"""The picture of a timeline: what is drawn, where it stands, what it is printed as."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from html import unescape
from io import BytesIO
from itertools import combinations, pairwise
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from starlette.testclient import TestClient

from tests.shipped import timeline
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import many
from tests.web.sites import client_of
from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.files import PICTURE_FORMS, PictureFile, picture_bytes
from tracker.feeds.picture.layout import FONT, NARROW_WIDTH, WIDE_WIDTH, picture_of
from tracker.feeds.picture.svg import SvgOptions, picture_svg
from tracker.feeds.picture.text import picture_text
from tracker.feeds.picture.text_widths import text_width
from tracker.feeds.picture.tracks import GROUPINGS, Grouping
from tracker.i18n.columns import width_of
from tracker.i18n.translate import Language


@pytest.mark.parametrize("width", [WIDE_WIDTH, NARROW_WIDTH])
@pytest.mark.parametrize("by", [None, *GROUPINGS])
def test_every_event_has_one_place_and_its_title_gives_way_to_its_day(
    width: int, by: Grouping | None
) -> None:
    for whole in (timeline(), many(2000, tags="a", parties="x")):
        extent = extent_of(whole, "en", PictureOptions(by))
        picture = picture_of(extent, "en", width)
        rows = [row for panel in picture.panels for row in panel.tracks]
        lines = [line for panel in picture.panels for line in panel.block]
        names = [row.track.event.name for row in rows]
        names += [line.track.event.name for line in lines]

        assert sorted(names) == sorted(event.name for event in whole.events)
        for panel in picture.panels:
            tops = [row.top for row in panel.tracks]
            assert all(first + picture.form.row <= second for first, second in pairwise(tops))
        for row in rows:
            day, end = text_width(row.short, FONT), text_width(row.title, FONT)
            begin = row.short_at - day if picture.form.labels else row.short_at
            assert end < begin
            assert begin + day <= (picture.left if picture.form.labels else width)


def test_rows_are_in_the_order_of_the_days_that_they_tell() -> None:
    extent = extent_of(timeline(), "en", PictureOptions())
    days = [extent.texts.short(track) for track in extent.tracks if not track.stays]

    assert days[3:] == [
        "ended 28 Oct 2025",
        "31 Dec 2030 or sooner",
        "31 Dec 2032",
        *["no day yet"] * 3,
        "any day, or never",
        "no day yet",
    ]


def test_what_would_end_if_something_happens_is_joined_to_it() -> None:
    for width in (WIDE_WIDTH, NARROW_WIDTH):
        picture = picture_of(extent_of(timeline(), "en", PictureOptions()), "en", width)
        (panel,) = picture.panels
        rows = {row.top + picture.form.bar_at: row.track.event.id for row in panel.tracks}
        joins = {
            frozenset(rows[round(height)] for _, height in join.branches): rows[round(join.bottom)]
            for join in panel.joins
        }

        ended = {"research-ip", "ip-exclusivity", "azure-api-exclusivity", "revenue-share"}
        assert joins[frozenset(ended)] == "agi-verified"
        assert frozenset({"agi-verified"}) in joins


@given(
    hangs=st.lists(st.lists(st.integers(0, 30), max_size=3, unique=True), min_size=1, max_size=60),
    width=st.sampled_from([WIDE_WIDTH, NARROW_WIDTH]),
)
def test_no_two_lines_lie_in_one_place_and_none_is_lost(hangs: list[list[int]], width: int) -> None:
    opens = [event(f"open-{number}", when="open") for number in range(31)]
    ends = [
        event(f"x{number}", starts="2025-01-01", ends=_earliest(names))
        for number, names in enumerate(hangs)
    ]
    picture = picture_of(extent_of(timeline_of(*opens, *ends), "en", PictureOptions()), "en", width)

    for panel in picture.panels:
        for join, beside in combinations(panel.joins, 2):
            is_apart = join.bottom < beside.top or beside.bottom < join.top
            assert join.at != beside.at or is_apart
        heights = [height for join in panel.joins for _, height in join.branches]
        assert len(heights) == len(set(heights))
    branches = sum(len(join.branches) for panel in picture.panels for join in panel.joins)
    letters = sum(
        len(row.letters.split())
        for panel in picture.panels
        for row in panel.tracks
        if row.track.event.id.startswith("x")
    )
    assert branches + letters == sum(map(len, hangs))


def _earliest(numbers: Sequence[int]) -> str:
    names = ", ".join(f"open-{number}" for number in numbers)
    return f"earliest of {names}" if len(numbers) > 1 else names or "2030-01-01"


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
        (
            {"starts": "2025-05-01", "ends": "2030-05-01"},
            "exact@2030-05-01, band 2025-05-01..2030-05-01",
        ),
        ({"starts": "2025-05-01"}, "band 2025-05-01.."),
        (
            {"starts": "2025-05-01", "ends": "earliest of open-x, through 2030"},
            "may-move@2030-12-31, band 2025-05-01..2030-12-31 fades from 2026-11-25",
        ),
        (
            {"starts": "2025-05-01", "ends": "2030-05-01, or 2031-05-01 if open-x"},
            "may-move@2030-05-01, band 2025-05-01..2030-05-01, reach 2030-05-01..2031-05-01",
        ),
        ({"starts": "2025-05-01", "ends": "open-x"}, "band 2025-05-01.. fades from 2026-11-25"),
        ({"starts": "open-x", "ends": "2030-05-01"}, "waits"),
        (
            {"starts": "in 2027", "ends": "2030-05-01"},
            "exact@2030-05-01, band 2027-01-01..2030-05-01 from 2027-12-31",
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
    text = picture_svg(picture, SvgOptions("ja", lambda _event: None), "<&>")

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
    assert "or sooner if this happens: An independent panel of experts verifies" in table


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
        SvgOptions("en", lambda _event: None),
        "A",
    )

    assert ET.fromstring(text) is not None  # noqa: S314 - we wrote it


def test_the_picture_is_had_as_a_file_in_each_form(shipped: TestClient) -> None:
    page = shipped.get("/timeline?by=tag").text
    begins = {"svg": b"<svg", "png": b"\x89PNG", "pdf": b"%PDF"}

    for form, begin in begins.items():
        (href,) = re.findall(rf'href="(timeline\.{form}[^"]*)"', page)
        answer = shipped.get("/" + unescape(href))
        assert answer.content.startswith(begin)
        assert answer.headers["content-type"] == PICTURE_FORMS[form]
        assert "sandbox" in answer.headers["content-security-policy"]
    assert shipped.get("/timeline.pdf?by=colour").status_code == 400


@pytest.mark.parametrize("language", ["en", "ja"])
def test_on_paper_it_has_its_title_its_day_its_legend_and_its_source(language: Language) -> None:
    file = PictureFile(timeline(), extent_of(timeline(), language, PictureOptions()), language)
    reader = PdfReader(BytesIO(picture_bytes(file, "pdf")))
    (page,) = reader.pages
    text = "".join(page.extract_text().split())

    assert float(page.mediabox.width) > float(page.mediabox.height)
    for line in {
        "en": (
            "Agreement between Microsoft and OpenAI",
            "as of 25 November 2026",
            "Source: ABMedia",
        ),
        "ja": (
            "マイクロソフトとOpenAIの契約",
            "2026年11月25日現在",
            "出典：チェーンニュース ABMediaの記事",
        ),
    }[language]:
        assert "".join(line.split()) in text


def test_no_title_says_anything_to_the_typesetter() -> None:
    odd = event("x", when="2030-01-01")._replace(
        title=(("en", '#read("/etc/passwd") $x$ ]{{ \\ @a "" </svg>'),)
    )
    stated = timeline_of(odd)
    file = PictureFile(stated, extent_of(stated, "en", PictureOptions()), "en")

    for form in ("png", "pdf", "svg"):
        assert picture_bytes(file, form)


def test_of_many_events_the_page_begins_where_today_is() -> None:
    whole = timeline_of(
        *(event(f"a{number}", when="2020-05-01") for number in range(400)),
        *(event(f"b{number}", when="2030-05-01") for number in range(400)),
    )
    with client_of(whole) as client:
        first, chosen = client.get("/timeline").text, client.get("/timeline?page=1").text

    assert 'data-event="a/b0"' in first
    assert 'data-event="a/b0"' not in chosen
