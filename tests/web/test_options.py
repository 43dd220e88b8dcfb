"""Options on the pages: their last day, that they are one, and that they have lapsed."""

from __future__ import annotations

from tests.timeline.scene import event
from tests.timeline.scene import timeline as timeline_of
from tests.web.reading import words
from tests.web.sites import client_of

LEASE = event("lease", starts="2026-03-25", ends="through 2036-03-24, or 2031-03-24 if told")
TOLD = event("told", when="not after (6 months before 2031-03-24)")
GONE = event("gone", when="not after 2026-10-31")


def test_agenda_and_event_say_that_it_is_the_last_day_of_what_need_not_be_done() -> None:
    with client_of(timeline_of(LEASE, TOLD)) as client:
        agenda, page = (words(client.get(path).text) for path in ("/", "/events/a/told"))
        japanese = words(client.get("/events/a/told?lang=ja").text)

    assert "TOLD — last day" in agenda
    assert "an option: on any day through this one, or not at all" in agenda
    assert "<h2>Last day</h2>" in page
    assert "any day from 25 November 2026 through 24 September 2030, or never" in page
    assert "with no last day" not in page
    assert "<h2>最終日</h2>" in japanese


def test_what_has_lapsed_is_said_to_have_and_is_not_called_passed() -> None:
    with client_of(timeline_of(GONE)) as client:
        never, page = (words(client.get(path).text) for path in ("/?group=never", "/events/a/gone"))

    for text in (never, page):
        assert "lapsed: its last day was 31 October 2026, and nothing was recorded by then" in text
        assert "Passed, with nothing recorded" not in text


def test_options_are_filtered_by_their_status_and_can_be_supposed() -> None:
    with client_of(timeline_of(LEASE, TOLD, GONE)) as client:
        filtered = client.get("/?status=option").text
        form = client.get("/what-if").text
        used = words(client.get("/what-if?if.told=2028-05-01").text)

    assert "told" in filtered
    assert "gone" not in filtered
    assert 'name="if.told"' in form
    assert "24 March 2031" in used
