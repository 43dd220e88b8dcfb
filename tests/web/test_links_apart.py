"""Behind a secret link is what its filter admits: of nothing else is there a word, wherever it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from starlette.testclient import TestClient

from tests.web.sites import FixedSource, client_of
from tracker.agreements.model import Agreement
from tracker.feeds.atom import notices_of
from tracker.files.loading import read
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.comparison import changes
from tracker.timeline.filters import Where
from tracker.timeline.resolver import resolve
from tracker.web.addresses import WHOLE_FEEDS

TODAY = date(2026, 11, 25)
LINK = "/s/SECRET/"
#: What hangs on what its reader may not see, itself on something that nothing names that they see.
REPORT = '[[event]]\nid = "report"\ntitle = "Report"\nwhen = "30 days after named"\ntags = ["ip"]\n'
OWN = '[[event]]\nid = "own"\ntitle = "Own filing"\nwhen = DAY\ntags = ["TAG"]\n'
HIDDEN = """
[[event]]
id = "named"
title = "HIDDEN meeting"
when = "10 days after zz-root"
tags = ["hr"]
quote = "HIDDEN quote"
[[event]]
id = "zz-root"
title = "HIDDEN raid"
when = 2027-01-01
tags = ["zz-police"]
parties = ["HIDDEN LLP"]
note = "HIDDEN note"
source = "zz-memo"
"""
AMENDED = """
[[amendment]]
id = "zz-amendment"
title = "HIDDEN settlement"
on = 2026-11-10
[[amendment.event]]
id = "zz-root"
when = 2027-02-02
"""
PATHS = (
    *(feed.path for feed in WHOLE_FEEDS),
    "", "changes", "changes?from=2026-11-01&to=2026-11-25", "timeline", "timeline?by=tag",
    "timeline?by=party", "subscribe", "what-if", "what-if?if.own=2027-01-20", "events/deal/report",
    "events/deal/own", "events/deal/zz-root", "feed.atom?kind=change", "calendar.ics?waiting=todo",
    "calendar.ics?tag=nothing", "feeds/ip.atom", "feeds/zz-police.ics", "?tag=nothing",
)  # fmt: skip


def agreements(day: str = "2027-01-10", tag: str = "ip", amended: bool = False) -> list[Agreement]:
    head = 'id = "deal"\ntitle = "The deal"\n[sources.zz-memo]\ntitle = "HIDDEN memo"\n'
    own = OWN.replace("DAY", day).replace("TAG", tag)
    text = head + REPORT + own + HIDDEN + (AMENDED if amended else "")
    return list(read(["events.toml"], [text.encode()])[0])


def served(*views: list[Agreement], now: list[Agreement] | None = None) -> FixedSource:
    """A site whose news are the changes from each of the views to the next."""
    source = FixedSource(resolve(now or views[-1], TODAY))
    for language in LANGUAGES:
        notices: list[bytes] = []
        for number, (old, new) in enumerate(pairwise(views)):
            compared = changes(old, new, date(2026, 11, 1), TODAY)
            seen = datetime(2026, 11, 20 + number, tzinfo=UTC)
            of_view = notices_of(compared, language, seen, str(number))
            notices += [notice.content for notice in of_view]
        edition = source.edition(language)
        assert edition is not None
        source.news[language] = notices
        source._editions[language] = edition._replace(reported_changes=tuple(notices))
    return source


def behind(source: FixedSource, where: Where) -> TestClient:
    return client_of(source, filter_of_secret=lambda secret: where if secret == "SECRET" else None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_behind_a_link_is_no_word_of_what_it_does_not_show(language: str) -> None:
    source = served(agreements(), agreements("2027-01-12", amended=True))
    with behind(source, Where(tags=("ip",))) as client:
        for path in PATHS:
            beside = ("&" if "?" in path else "?") + f"lang={language}"
            shown = client.get(LINK + path + beside).text
            assert "HIDDEN" not in shown, path
            assert "zz-" not in shown.replace(path, ""), path
        news = client.get(f"{LINK}feed.atom?kind=change").text
        assert ("Report: moves" in news, "Own filing: moves 2 days" in news) == (True, True)
    with behind(source, Where()) as client:  # who may see everything is told why
        assert "HIDDEN settlement" in client.get(f"{LINK}feed.atom?kind=change").text
        assert "HIDDEN settlement" in client.get(f"{LINK}changes").text


def test_causes_that_an_earlier_version_has_written_are_kept_from_who_may_not_see_all() -> None:
    source = served(agreements(), agreements(amended=True))
    for language in LANGUAGES:
        earlier = [
            entry.replace(b"urn:tracker:cause", b"urn:tracker:none")
            for entry in source.news[language]
        ]
        source.news[language] = earlier
        edition = source.edition(language)
        assert edition is not None
        source._editions[language] = edition._replace(reported_changes=tuple(earlier))
    for path in ("feed.atom?kind=change", "changes", "feed.atom?lang=ja", "changes?lang=ja"):
        with behind(source, Where(tags=("ip",))) as client:
            shown = client.get(LINK + path).text
            assert ("Report" in shown, "HIDDEN" in shown) == (True, False), path
        with behind(source, Where()) as client:
            assert "HIDDEN settlement" in client.get(LINK + path).text


@pytest.mark.parametrize(
    ("before", "then", "now"),
    [
        ("ip", "ip", "ip"),
        ("ip", "ip", "police"),  # it has left the filter: its past went with it
        ("ip", "police", "police"),
        ("police", "police", "ip"),  # it came into the filter, without what was before
    ],
)
@pytest.mark.parametrize("tag", ["ip", "police"])
def test_news_are_shown_of_what_was_inside_the_filter_and_is(
    before: str, then: str, now: str, tag: str
) -> None:
    views = agreements(tag=before), agreements("2027-01-12", tag=then)
    with behind(served(*views, now=agreements(tag=now)), Where(tags=(tag,))) as client:
        for path in ("feed.atom?kind=change", "changes", "events/deal/own"):
            is_told = "moves 2 days later" in client.get(LINK + path).text
            assert is_told == (tag == then == now), path


def test_an_event_that_was_renamed_keeps_its_news_behind_a_link_to_it() -> None:
    moved = agreements("2027-01-12")
    (deal,) = moved
    events = tuple(
        event._replace(id="filing", was=("own",)) if event.id == "own" else event
        for event in deal.events
    )
    source = served(agreements(), moved, now=[replace(deal, events=events)])
    with behind(source, Where(ids=("deal/filing",))) as client:
        for path in ("feed.atom?kind=change", "changes", "events/deal/filing"):
            assert "Own filing: moves 2 days later" in client.get(LINK + path).text, path


def test_nobody_behind_a_link_learns_when_something_else_has_changed() -> None:
    source = served(agreements())
    with behind(source, Where(tags=("ip",))) as client:
        for path in ("calendar.ics", "feed.atom", "api/events", "changes", ""):
            first = client.get(LINK + path)
            assert "last-modified" not in first.headers
            source.now = source.now.replace(hour=17)
            source.change(resolve(agreements(amended=False), TODAY))
            same = client.get(LINK + path, headers={"if-none-match": first.headers["etag"]})
            assert same.status_code == 304, path


def test_a_feed_of_a_link_that_shows_nothing_names_no_agreement() -> None:
    with behind(served(agreements()), Where(tags=("gone",))) as client:
        for path in ("calendar.ics", "feed.atom", ""):
            shown = client.get(LINK + path)
            assert (shown.status_code, "The deal" in shown.text) == (200, False), path


# -- agreements beside the link's own

#: Whose words, language and zone are none of the link's.
BESIDE = """
id = "zz-beside"
title = "HIDDEN deal"
timezone = "Asia/Tokyo"
language = "ja"
[[event]]
id = "own"
title = "HIDDEN filing"
when = DAY
tags = ["ip", "zz-tag"]
parties = ["HIDDEN LLP"]
"""


def beside(day: str) -> list[Agreement]:
    return list(read(["beside.toml"], [BESIDE.replace("DAY", day).encode()])[0])


@pytest.mark.parametrize("where", [Where(), Where(tags=("ip",)), Where(ids=("own",))], ids=str)
def test_a_link_shows_of_its_own_agreements_what_it_shows_where_nothing_else_is_loaded(
    where: Where,
) -> None:
    before, after = agreements(), agreements("2027-01-12", amended=True)
    alone = served(before, after)
    both = served(beside("2027-02-01") + before, beside("2027-02-03") + after)
    where = where._replace(agreements=("deal",))
    with behind(alone, where) as own, behind(both, where) as client:
        for feed in WHOLE_FEEDS:
            for path in (feed.path, f"{feed.path}?tag=ip", f"{feed.path}?tag=zz-tag"):
                shown, expected = client.get(LINK + path), own.get(LINK + path)
                assert (shown.status_code, shown.text) == (expected.status_code, expected.text)
                languages = [page.headers.get("content-language") for page in (shown, expected)]
                assert languages[0] == languages[1], path
        for path in ("", "changes", "timeline", "subscribe", "what-if", "events/zz-beside/own"):
            page = client.get(LINK + path).text
            assert "HIDDEN filing" not in page + client.get(LINK + path + "?lang=ja").text, path
            assert ("HIDDEN deal" in page, "Asia/Tokyo" in page) == (False, False), path
    with behind(both, where._replace(agreements=("deal", "zz-beside"))) as client:
        assert "HIDDEN filing" in client.get(f"{LINK}calendar.ics").text


def test_a_link_to_all_that_is_loaded_is_one_to_everything() -> None:
    with behind(served(agreements()), Where(agreements=("deal", "gone"))) as client:
        for path in ("calendar.ics", "feed.atom", ""):
            assert "last-modified" in client.get(LINK + path).headers, path
