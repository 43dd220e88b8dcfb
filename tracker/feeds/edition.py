"""What is published of a timeline in one language, and the forms that it takes.

A form is what a subscriber's program reads: iCalendar, JSON, CSV, Atom. All take the same filters;
FORMS has each with what else it takes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from tracker.feeds.atom import atom_form
from tracker.feeds.calendar import Publication, calendar_form
from tracker.feeds.csv import points_csv
from tracker.feeds.json import points_json
from tracker.feeds.omitted import omitted_json
from tracker.feeds.query import FeedChoice, FormParameters
from tracker.feeds.visible_news import visible_changes
from tracker.i18n.translate import Language, language_of
from tracker.timeline.agenda import in_list_order
from tracker.timeline.filters import Where, agreements_in, narrow
from tracker.timeline.points import Point, Timeline


class Edition(NamedTuple):
    """A publication, when it was made, and the changes that were reported until then."""

    published: Publication
    modified: datetime  #: when the calendar's entries changed last: it never goes back
    made_at: datetime  #: what moves with today may have changed then
    reported_changes: tuple[bytes, ...] = ()  #: as entries, the oldest first


def default_language(timeline: Timeline, within: Sequence[Where] = ()) -> Language:
    """The language where none is asked for: that of the first agreement shown, else English."""
    shown = agreements_in(timeline, within)
    return (language_of(shown[0].language) if shown else None) or "en"


class RenderedForm(NamedTuple):
    """A form of an edition, as bytes."""

    content: bytes
    modified: datetime
    until: datetime | None = None  #: when it has to be rendered again; None: with the next edition


class EditionQuery(NamedTuple):
    """What is asked of an edition: by whose choice, when, and for which address."""

    choice: FeedChoice
    now: datetime
    address: str | None = None  #: the feed's own; None: not known
    within: tuple[Where, ...] = ()  #: what a secret link shows


class PublishedForm(NamedTuple):
    """One form: its ending, its media type, how it is rendered, what parameters it takes."""

    ending: str
    media_type: str
    render: Callable[[Edition, EditionQuery], RenderedForm]
    parameters: FormParameters


def _calendar(edition: Edition, query: EditionQuery) -> RenderedForm:
    # Without the past it moves with today.
    modified = edition.modified if query.choice.past else max(edition.modified, edition.made_at)
    return RenderedForm(calendar_form(edition.published, query.choice), modified)


def _json(edition: Edition, query: EditionQuery) -> RenderedForm:
    timeline, points = _chosen_points(edition, query.choice)
    listed = points_json(points, timeline, query.choice.language)
    return _form_of_today(edition, json_bytes(listed))


def _csv(edition: Edition, query: EditionQuery) -> RenderedForm:
    timeline, points = _chosen_points(edition, query.choice)
    return _form_of_today(edition, points_csv(points, timeline, query.choice.language))


def _chosen_points(edition: Edition, choice: FeedChoice) -> tuple[Timeline, list[Point]]:
    """The points of what was chosen, as a list shows them; what never comes is cancelled."""
    timeline = narrow(edition.published.timeline, choice.where)
    points = in_list_order(timeline, choice.past)
    if not choice.cancelled:
        points = [point for point in points if point.status != "never"]
    return timeline, points


def _atom(edition: Edition, query: EditionQuery) -> RenderedForm:
    timeline = edition.published.timeline
    reported = visible_changes(edition.reported_changes, query.within, timeline)
    feed = atom_form(edition.published, query.choice, reported, query.now, query.address)
    return RenderedForm(
        feed.content, max(edition.modified, edition.made_at, feed.updated), feed.until
    )


def _omitted_points(edition: Edition, query: EditionQuery) -> RenderedForm:
    omitted = omitted_json(edition.published, query.choice, query.within)
    return _form_of_today(edition, json_bytes(omitted))


def _form_of_today(edition: Edition, content: bytes) -> RenderedForm:
    """The content of a form that moves with today."""
    return RenderedForm(content, max(edition.modified, edition.made_at))


def json_bytes(value: object) -> bytes:
    """A value as a JSON document, in UTF-8."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


CALENDAR = PublishedForm(
    "ics",
    "text/calendar; charset=utf-8",
    _calendar,
    FormParameters(("alarms", "waiting", "past", "cancelled")),
)
_OF_LISTS = FormParameters(("past", "cancelled"), past_by_default=False)
JSON = PublishedForm("json", "application/json", _json, _OF_LISTS)
CSV = PublishedForm("csv", "text/csv; charset=utf-8", _csv, _OF_LISTS)
ATOM = PublishedForm(
    "atom", "application/atom+xml; charset=utf-8", _atom, FormParameters(("kind",))
)
OMITTED = PublishedForm(
    "json", "application/json", _omitted_points, FormParameters(("waiting", "past", "cancelled"))
)
FORMS = {form.ending: form for form in (CALENDAR, JSON, CSV, ATOM)}
