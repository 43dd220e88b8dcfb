"""Who names whom: pages, picture, causes and the order of resolving all ask the same module."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.timeline.scene import TODAY
from tests.web.sites import client_of
from tracker.agreements.references import referenced_agreements, references_among
from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.json import picture_json
from tracker.feeds.picture.layout import picture_of
from tracker.feeds.picture.svg import SvgOptions, picture_svg
from tracker.files.loading import read
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

RENEWAL = Path(__file__).parents[2] / "examples" / "renewal.toml"


def office() -> Timeline:
    agreements, _ = read(["renewal.toml"], [RENEWAL.read_bytes()])
    return resolve(agreements, TODAY)


def test_a_lease_that_renews_names_its_notice_and_is_named_by_what_goes_on_during_it() -> None:
    references = references_among(office().events)

    assert references.names["office/lease"] == ("office/lease-notice",)
    assert references.named_by["office/lease"] == (
        "office/lease-notice",
        "office/rent",
        "office/statement",
    )


def test_the_page_of_a_lease_that_renews_links_to_its_notice() -> None:
    with client_of(office()) as client:
        page = _page(client, "/events/office/lease")

    upstream = page.partition("Hangs on")[2].partition("</section>")[0]
    assert "Last day to give notice" in upstream


def test_the_picture_draws_what_a_lease_that_renews_hangs_on() -> None:
    extent = extent_of(office(), "en", PictureOptions())
    picture = picture_json(extent)

    svg = picture_svg(
        picture_of(extent, "en", 880), SvgOptions("en", lambda _event: None), "Office"
    )
    tracks = [track for group in picture["groups"] for track in group["tracks"]]
    drawn = {track["id"]: track["hangs_on"] for track in tracks}
    assert drawn["lease"] == ["office/lease-notice"]
    upward = dict(re.findall(r'data-event="([^"]*)" data-on="([^"]*)"', svg))
    assert upward["office/lease"] == "office/lease-notice"
    assert {name for name, names in upward.items() if "office/lease" in names.split()} == {
        "office/lease-notice",
        "office/rent",
        "office/statement",
    }


@pytest.mark.parametrize(
    "stated",
    [
        'when = "30 days after law/x"',
        'when = 2026-01-31\nrepeats = "1 month"\nduring = "law/x"',
        'starts = 2026-01-01\nlasts = "1 year"\nrenews = "1 year unless law/x"',
    ],
)
def test_an_agreement_is_read_with_those_that_it_names_in_any_field(stated: str) -> None:
    law = 'id = "law"\n[[event]]\nid = "x"\ntitle = "X"\n'
    law += (
        "starts = 2026-01-01\n"
        if "during" in stated
        else 'when = "30 days before each end of deal/y"\n'
        if "renews" in stated
        else 'when = "open"\n'
    )
    deal = f'id = "deal"\n[[event]]\nid = "y"\ntitle = "Y"\n{stated}\n'
    agreements, _ = read(["law.toml", "deal.toml"], [law.encode(), deal.encode()])

    assert referenced_agreements(agreements[1]) == {"law"}


def _page(client: TestClient, path: str) -> str:
    response = client.get(path, headers={"accept": "text/html"})
    assert response.status_code == 200, response.text
    return response.text
