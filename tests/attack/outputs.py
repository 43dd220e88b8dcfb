"""All that is made of a timeline, read back by other eyes, in both languages."""

from __future__ import annotations

import csv
import json
import warnings
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any
from xml.etree import ElementTree as ET

from icalendar import Calendar

from tests.attack.kind import Fault
from tracker.agreements.model import Agreement
from tracker.dates.calendars import Uncovered
from tracker.feeds.atom import atom_form, notices_of
from tracker.feeds.calendar import Publication, calendar_form, publication
from tracker.feeds.csv import points_csv
from tracker.feeds.json import points_json, why_json
from tracker.feeds.picture.extent import PictureOptions, extent_of
from tracker.feeds.picture.layout import picture_of
from tracker.feeds.picture.svg import SvgOptions, picture_svg
from tracker.feeds.picture.text import picture_text
from tracker.feeds.query import FeedChoice
from tracker.files.excerpts import problem_places, reports
from tracker.files.origins import Origins
from tracker.files.problems import FileErrors
from tracker.i18n.changes import change_lines
from tracker.i18n.diagnostics import message_of
from tracker.i18n.explanation import explanation_lines
from tracker.i18n.translate import LANGUAGES, Language
from tracker.timeline.agenda import agenda_of, in_list_order
from tracker.timeline.comparison import changes
from tracker.timeline.differences import reportable
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.consistency import uncovered_diagnostic
from tracker.timeline.validation.warnings import find_warnings

NOW = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
TODAY = NOW.date()
DAYS = (TODAY, date(1, 1, 1), date(9999, 12, 31), date(2101, 1, 1))
#: Of each event a few points say what all of its points would.
_MOST_POINTS = 12
_MOST_READ = 200_000
#: What differs between languages in a row of the JSON.
_IN_WORDS = ("title", "note", "source_title")


def check_refusal(errors: FileErrors) -> None:
    """A refusal says of each problem in which file and line it is, and what it is, in each language."""
    if not errors.problems:
        raise Fault("it was refused without a reason")
    for problem, region, _ in problem_places(errors.problems, errors.texts):
        if not problem.file:
            raise Fault(f"no place: {problem}")
        if region is None and errors.texts.get(problem.file):
            raise Fault(f"no line: {problem}")
    for language in LANGUAGES:
        for text in reports(errors.problems, errors.texts, language):
            check_sentence(text.splitlines()[0])


def check_sentence(text: str) -> None:
    """A sentence is there, and is none of a machine's."""
    if not text.strip() or "Traceback" in text:
        raise Fault(f"no sentence: {text!r}")


def check_agreements(
    agreements: Sequence[Agreement], origins: Origins, texts: dict[str, str]
) -> None:
    """Whatever day it is seen from, and whatever is made of it."""
    views: dict[date, Timeline] = {}
    for day in DAYS:
        try:
            views[day] = resolve(agreements, day)
        except Uncovered as missing:
            check_uncovered(missing)
    for day, view in views.items():
        check_view(view, all_of_it=day == TODAY)
        problems = [origins.problem(each) for each in islice(find_warnings(view), 30)]
        for language in LANGUAGES:
            list(reports(problems, texts, language))
    for first, last in ((date(1, 1, 1), TODAY), (TODAY, date(2029, 6, 30)), (TODAY, TODAY)):
        check_comparison(agreements, first, last)


def check_uncovered(missing: Uncovered) -> None:
    """It says of which point, and of which year, nothing can be known."""
    for language in LANGUAGES:
        check_sentence(message_of(uncovered_diagnostic(missing), language))
    if not missing.point:
        raise Fault(f"it does not say where: {missing!r}")


def check_comparison(agreements: Sequence[Agreement], first: date, last: date) -> None:
    """What changed between two days has sentences, and an entry in the feed."""
    try:
        compared = changes(agreements, agreements, first, last)
    except Uncovered as missing:
        check_uncovered(missing)
        return
    for language in LANGUAGES:
        for difference in islice(reportable(compared.changed), 40):
            check_sentence(" ".join(change_lines(difference, (), compared, language)))
        notices_of(compared, language, NOW, "")


def check_view(view: Timeline, all_of_it: bool) -> None:
    """One day's view: lists, feeds and pictures, which other programs read."""
    listed = [points_json(in_list_order(view, True), view, language) for language in LANGUAGES]
    alike = [[_without_words(row) for row in rows] for rows in listed]
    if alike[0] != alike[1]:
        raise Fault("the languages disagree")
    if not all_of_it:
        return
    agenda_of(view)
    json.loads(json.dumps(listed, ensure_ascii=False).encode())
    for language in LANGUAGES:
        _check_feeds(publication(view, language), language)
        check_picture(view, language)
        for point in _some(view.points):
            for line in explanation_lines(point, view, language):
                check_sentence(line)
            why_json(point, view, language)


def _without_words(row: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _IN_WORDS}


def _some(points: Sequence[Point]) -> Iterator[Point]:
    seen: dict[str, int] = {}
    for point in points:
        seen[point.event.name] = seen.get(point.event.name, 0) + 1
        if seen[point.event.name] <= _MOST_POINTS and len(seen) <= 4 * _MOST_POINTS:
            yield point


def _check_feeds(published: Publication, language: Language) -> None:
    content = calendar_form(published, FeedChoice(language, waiting=True))
    if len(content) > _MOST_READ:  # its library would take longer than all else
        return
    read = read_calendar(content)
    stated = len(list(read.walk("VEVENT"))) + len(list(read.walk("VTODO")))
    uids = {str(each["UID"]) for name in ("VEVENT", "VTODO") for each in read.walk(name)}
    if len(uids) != stated:
        raise Fault("two entries of the calendar have one UID")
    ET.fromstring(atom_form(published, FeedChoice(language), (), NOW).content)  # noqa: S314 - our own
    points = published.timeline.points
    rows = csv.DictReader(
        points_csv(points, published.timeline, language).decode("utf-8-sig").splitlines(True)
    )
    if len(list(rows)) != len(points):
        raise Fault("the table has other rows than there are points")


def read_calendar(content: bytes) -> Calendar:
    """The calendar, as its library reads it; every line has 75 octets at most (RFC 5545, 3.1)."""
    if any(len(line) > 75 for line in content.split(b"\r\n")):
        raise Fault("a line of the calendar is too long")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        read = Calendar.from_ical(content)
    if any(component.errors for component in read.walk()):
        raise Fault(
            f"icalendar: {[component.errors for component in read.walk() if component.errors][:3]}"
        )
    return read


def check_picture(view: Timeline, language: Language) -> None:
    """The picture is XML, and has text of its own."""
    extent = extent_of(view, language, PictureOptions())
    options = SvgOptions(language, lambda event: f"{event.id}?a=1&b=2")
    ET.fromstring(picture_svg(picture_of(extent, language, 800), options, "T"))  # noqa: S314 - as above
    picture_text(extent, language, 100)
