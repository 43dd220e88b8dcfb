"""Sentences of a page in which titles are links to the pages of their events."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tracker.agreements.keys import PointKey
from tracker.i18n.directions import without_isolates
from tracker.i18n.headings import MOST_TITLES, AwaitedTitles
from tracker.web.event_links import EventLink, EventLinks
from tracker.web.page import Frame


class SentencePart(NamedTuple):
    """A part of a sentence."""

    text: str
    link: EventLink | None = None  #: where it is a title; None: it is words


class TitleLinks:
    """Finds the titles of what is waited for in sentences of one page."""

    def __init__(self, frame: Frame) -> None:
        self.titles = AwaitedTitles(frame.timeline, frame.language)
        self._links = EventLinks(frame)

    def to_key(self, key: PointKey) -> EventLink | None:
        """The link to a point, under its title; None where its event is not shown."""
        event = self.titles.event_of(key)
        if event is None:
            return None
        return self._links.under(self.titles.of_key(key), event)

    def row(self, keys: Sequence[PointKey], most: int = MOST_TITLES) -> list[SentencePart]:
        """Titles in a row, as a sentence has them."""
        return self.parts(self.titles.text(keys, most), keys, most)

    def parts(
        self, sentence: str | None, keys: Sequence[PointKey], most: int = MOST_TITLES
    ) -> list[SentencePart]:
        """The sentence in parts: each title of those points that it tells is one of its own."""
        if sentence is None:
            return []
        row = self.titles.text(keys, most)
        # A title may be as short as a word of the sentence: the row of them stands behind a colon.
        at = (
            max(sentence.find(f": {row}") + 2, 1) if f": {row}" in sentence else sentence.rfind(row)
        )
        if not keys or at < 0:
            return [SentencePart(sentence)]
        parts, begin = [], 0
        for key in keys[:most]:
            link = self.to_key(key)
            place = -1 if link is None else sentence.find(link.title, at)
            if link is None or place < 0:
                continue
            parts += [SentencePart(without_isolates(sentence[begin:place])), SentencePart("", link)]
            begin = at = place + len(link.title)
        parts.append(SentencePart(without_isolates(sentence[begin:])))
        return [part for part in parts if part.text or part.link]
