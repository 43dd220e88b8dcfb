"""A title is text on every page and in every feed: it is no link, no tag, no property and no field."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from starlette.testclient import TestClient

from tests.alerts.test_hostile_titles import TITLES, Shown
from tests.feeds.readers import by_ical
from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.sites import client_of

MORE = {
    "a property": "x\\nATTACH:https://evil.example/x;VALUE=URI",
    "a comma and a semicolon": "a,b;c:d\\,e",
    "the end of an element": "]]></title></text><script>alert(1)</script>",
    "an attribute": '" onmouseover="alert(1)" x=\'',
    "a style": "</style><style>*{display:none}</style>",
    "an address of a script": "javascript:alert(1)",
    "a template": "{{ 7 * 7 }} ${7*7} {% raw %}",
    "an override": "a\u202eb\u2066c",
    "no width": "a\u200bb\u200dc\ufeff",
}
ALL = {**TITLES, **MORE}
PAGES = (
    "/",
    "/timeline",
    "/timeline?by=tag",
    "/subscribe",
    "/what-if",
    "/changes",
    "/?q=evil",
    "/nothing",
)


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    events = [
        event(f"e{number}", when=f"2027-01-{number % 28 + 1:02}")._replace(
            title=(("en", title),),
            tags=("tag",),
            parties=(title,),
            quote=title,
            note=(("en", title),),
        )
        for number, title in enumerate(ALL.values())
    ]
    with client_of(timeline_of(*events)) as here:
        yield here


def test_no_page_has_a_link_or_a_tag_of_a_title(client: TestClient) -> None:
    details = [f"/events/a/e{number}" for number in range(len(ALL))]
    for path in (*PAGES, *details):
        text = client.get(path).text
        shown = Shown(text)

        leads = [urlsplit(target) for target, _ in shown.links]
        assert not [lead for lead in leads if re.search("evil|bank", lead.netloc)], path
        assert {lead.scheme for lead in leads} <= {"", "http", "https", "webcal"}, path
        assert not re.search(r"<script>|<style>\*|onmouseover=\"|<b>x|>49<", text), path


def test_each_title_is_what_a_calendar_shows(client: TestClient) -> None:
    content = client.get("/calendar.ics").content
    names = {entry.summary for entry in by_ical(content).values()}

    for kind, title in ALL.items():
        if kind != "an override":  # which is set apart
            assert any(title in name for name in names), kind
    assert b"\nATTACH" not in content
    assert b"\r\n" in content
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)


@pytest.mark.parametrize("path", ["/feed.atom", "/timeline"])
def test_what_is_xml_has_no_element_of_a_title(client: TestClient, path: str) -> None:
    text = client.get(path).text
    parts = re.findall(r"<svg.*?</svg>|<feed.*</feed>", text, re.DOTALL)
    tree = ET.fromstring(max(parts, key=len))  # noqa: S314 - we wrote it
    tags = {element.tag.rpartition("}")[2] for element in tree.iter()}

    assert tags.isdisjoint({"script", "image", "foreignObject", "iframe", "b"})
    addresses = [
        value
        for element in tree.iter()
        for name, value in element.attrib.items()
        if name.rpartition("}")[2] in ("href", "src")
    ]
    assert not [address for address in addresses if re.search("evil|bank|javascript", address)]
