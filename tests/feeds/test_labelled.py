"""The feeds of tags and parties of a published site: made in one pass, and the same as alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.calls_counted import calls
from tracker.feeds.atom import notices_of
from tracker.feeds.calendar import publication
from tracker.feeds.edition import FORMS, Edition, EditionQuery
from tracker.feeds.labelled import editions_by_label
from tracker.feeds.query import FeedChoice
from tracker.files.loading import read
from tracker.timeline.comparison import changes
from tracker.timeline.resolver import resolve
from tracker.timeline.slugs import where_of

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
BEFORE = """
[[event]]
id = "x"
title = "X"
when = 2026-12-01
tags = ["ip", "api"]
parties = ["Bob"]
[[event]]
id = "old"
title = "Old"
when = 2026-12-24
tags = ["gone"]
[[event]]
id = "y"
title = "Y"
when = 2026-10-31
tags = ["api"]
repeats = "1 month"
[[event]]
id = "reply"
title = "Open"
when = "open"
parties = ["Acme"]
"""
AFTER = BEFORE.replace('id = "old"', 'id = "new"\nwas = ["old"]').replace(
    "2026-12-01", "2026-12-03"
)
LABELS = [("tag", "ip"), ("party", "Bob"), ("tag", "api"), ("tag", "gone"), ("party", "Acme"),
          ("tag", "never there")]  # fmt: skip


def _edition() -> Edition:
    texts = [f'id = "{name}"\ntitle = "{name.upper()}"\n{AFTER}' for name in "ab"]
    texts[1] = texts[1].replace('["gone"]', "[]")
    befores = [f'id = "{name}"\ntitle = "{name.upper()}"\n{BEFORE}'.encode() for name in "ab"]
    old = read(["a.toml", "b.toml"], befores)[0]
    new = read(["a.toml", "b.toml"], [text.encode() for text in texts])[0]
    first = publication(resolve(old, date(2026, 11, 24)), "en", None, NOW - timedelta(days=1))
    known = {entry.uid: entry for entry in first.entries}
    timeline = resolve(new, NOW.date(), now=NOW)
    compared = changes(old, new, date(2026, 11, 24), NOW.date())
    notices = notices_of(compared, "en", NOW, "0")
    assert notices
    return Edition(
        publication(timeline, "en", known, NOW),
        NOW,
        NOW,
        tuple(notice.content for notice in notices),
    )


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("past", [False, True])
def test_the_feed_of_a_label_is_the_same_as_chosen_from_the_whole(form: str, past: bool) -> None:
    edition = _edition()
    parts = editions_by_label(edition, LABELS)

    for label in LABELS:
        choice = FeedChoice("en", (where_of(*label),), past=past)
        query = EditionQuery(choice, NOW, "https://x.example/feed")
        assert FORMS[form].render(parts[label], query) == FORMS[form].render(edition, query), label


def test_a_thousand_tags_are_no_thousand_passes_over_all_events() -> None:
    costs = []
    for count in (20, 60, 120):
        text = "".join(
            f'[[event]]\nid = "e{number}"\ntitle = "E"\nwhen = 2027-01-01\ntags = ["t{number}"]\n'
            for number in range(count)
        )
        agreements = read(["a"], [f'id = "a"\ntitle = "A"\n{text}'.encode()])[0]
        published = publication(resolve(agreements, NOW.date()), "en", None, NOW)
        edition = Edition(published, NOW, NOW)
        labels = [("tag", f"t{number}") for number in range(count)]

        def all_feeds(edition: Edition = edition, labels: list[tuple[str, str]] = labels) -> None:
            for label, part in editions_by_label(edition, labels).items():
                query = EditionQuery(FeedChoice("en", (where_of(*label),)), NOW)
                for form in FORMS.values():
                    form.render(part, query)

        costs.append(calls(all_feeds))

    assert costs[2] - costs[1] < 1.8 * (costs[1] - costs[0])
