"""Links to the pages of events, under what they or their points are called."""

from __future__ import annotations

from typing import NamedTuple

from tracker.agreements.model import Event
from tracker.i18n.headings import list_heading
from tracker.i18n.points import foreign_language, title_of
from tracker.timeline.points import Point
from tracker.web.page import Frame


class EventLink(NamedTuple):
    """A link to the page of an event."""

    title: str
    foreign: str | None  #: the title's language, where it is another than the page's
    href: str


class EventLinks:
    """Makes the links of one page."""

    def __init__(self, frame: Frame) -> None:
        self._frame = frame
        self._agreements = {agreement.id: agreement for agreement in frame.timeline.agreements}

    def to_event(self, event: Event) -> EventLink:
        """Under the event's title."""
        title = title_of(event, self._agreements[event.agreement], self._frame.language)
        return self.under(title, event)

    def to_point(self, point: Point) -> EventLink:
        """Under what the point is called in a list."""
        event = point.event
        heading = list_heading(point, self._agreements[event.agreement], self._frame.language)
        return self.under(heading, event)

    def under(self, title: str, event: Event) -> EventLink:
        """Under a text that begins with the event's title."""
        agreement = self._agreements[event.agreement]
        foreign = foreign_language(event, agreement, self._frame.language)
        return EventLink(title, foreign, self._frame.addresses.event(event))
