"""A title in a sentence is a link to its event, whatever it says, and the sentence stays whole."""

from __future__ import annotations

import re
from html import unescape

import pytest

from tests.timeline.scene import TODAY, agreement, event
from tests.web.sites import client_of
from tracker.timeline.points import Timeline
from tracker.timeline.resolver import resolve

#: Titles that are words of the sentences, signs of these, days, marks of a page, other directions.
TITLES = (
    "a", "o", "or sooner", "if this happens", "if this happens: a", "A: B; C", ";", ":", "; ",
    "31 December 2030", "“quoted”", "「題名」", "が発生した場合", "<b>bold</b> & \"more\"", "דיון",
    "a\u202eb", "depending on these: a; o", "and 1 more",
)  # fmt: skip


def shown(line: str, *titles: str) -> Timeline:
    names = [f"e{at}" for at in range(len(titles))]
    triggers = [
        event(name, when="open")._replace(title=(("en", title),))
        for name, title in zip(names, titles, strict=True)
    ]
    hanging = event("day", when=line.format(", ".join(names)))
    return resolve([agreement(*triggers, hanging)], TODAY)


def remark(page: str) -> str:
    """The sentence beside the first day that comes."""
    upcoming = page.partition('id="upcoming"')[2]
    found = re.search(r'<p class="remark">(.*?)</p>', upcoming, re.DOTALL)
    assert found is not None
    return found[1]


def words(markup: str) -> str:
    return plain(unescape(re.sub(r"<[^>]*>", "", markup)))


def plain(text: str) -> str:
    """Without the signs of direction that are set around titles, or end with them."""
    return " ".join(re.sub("[\u202a-\u202e\u2066-\u2069]", "", text).split())


@pytest.mark.parametrize("language", ["en", "ja"])
def test_each_title_in_a_sentence_leads_to_its_event(language: str) -> None:
    for first, second in zip(TITLES, TITLES[1:] + TITLES[:1], strict=True):
        with client_of(shown("earliest of {}, 2030-12-31", first, second)) as client:
            sentence = remark(client.get(f"/?lang={language}").text)

        links = re.findall(r'<a href="events/a/(e\d)[^"]*"[^>]*>(.*?)</a>', sentence)
        told = {name: words(text) for name, text in links}
        assert told == {"e0": plain(first), "e1": plain(second)}, sentence
        assert "<b>" not in sentence
        expected = (
            f"or sooner depending on these: {first}; {second}"
            if language == "en"
            else f"「{first}」、「{second}」の状況によって、早まることがあります"
        )
        assert words(sentence) == plain(expected)
