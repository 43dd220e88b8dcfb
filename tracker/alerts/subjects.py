"""Subjects that fit on one line: the matter first, for on a phone forty characters are seen.

RFC 5322, section 2.1.1: a line of mail should have no more than 78 characters. They are counted as
the RFC counts them, whatever their width. What does not fit is left out by whole parts; only
titles that are long by themselves are cut, in their middle, so that the day stays.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tracker.alerts.shortening import cut_middle
from tracker.dates.instants import Moment
from tracker.i18n.alerts import BREVITIES, AlertReader, Brevity, subject_of
from tracker.i18n.points import title_of
from tracker.i18n.translate import Language, comma_list, translate
from tracker.timeline.points import Point

LONGEST_SUBJECT = 78

#: A subject with a matter and a title in it, each of which may be cut.
SubjectWith: TypeAlias = Callable[[str, str], str]


def point_subject(kind: str, point: Point, moment: Moment, reader: AlertReader) -> str:
    """The subject of a message about a point."""
    agreement, language = reader.agreement_of(point), reader.language
    title = title_of(point.event, agreement, language)

    def subject_with(brevity: Brevity) -> SubjectWith:
        def subject(matter: str, shown: str) -> str:
            text = subject_of(kind, point, agreement, moment, reader, title=shown, brevity=brevity)
            return translate(language, "alert.of", matter=matter, subject=text) if matter else text

        return subject

    is_alone = len(reader.timeline.agreements) == 1  # then nobody takes it for another's
    matter = "" if is_alone else reader.matter_of(point)
    ways = [subject_with(brevity) for brevity in BREVITIES]
    return fit_subject(ways, matter, title)


def fit_subject(ways: Sequence[SubjectWith], matter: str, title: str) -> str:
    """The first way of saying it that fits; else the last, with what is long in it cut.

    >>> fit_subject([lambda matter, title: f"{matter}: {title} today"], "Lease 7", "Break notice")
    'Lease 7: Break notice today'
    >>> fit_subject([lambda matter, title: f"{matter}: {title} today"], "Lease 7", "Breaking" * 20)
    'Lease 7: BreakingBreakingBreakingB…akingBreakingBreakingBreakingBreaking today'
    """
    for way in ways:
        if len(way(matter, title)) <= LONGEST_SUBJECT:
            return way(matter, title)
    way = ways[-1]
    room = len(matter) + len(title)
    while room > 2 and (over := len(way(matter, title)) - LONGEST_SUBJECT) > 0:
        room -= over
        matter = cut_middle(matter, max(room // 2, room - len(title), 1))  # the shorter stays whole
        title = cut_middle(title, max(room - len(matter), 1))
    return cut_subject(way(matter, title))


def titles_subject(
    titles: Sequence[str], language: Language, subject_with: Callable[[str], str]
) -> str:
    """The subject of a message about many matters: the first ones, and how many more there are."""
    subject = ""
    for count in range(len(titles), 0, -1):
        subject = subject_with(first_titles(titles, count, language))
        if len(subject) <= LONGEST_SUBJECT:
            return subject
    over = len(subject) - LONGEST_SUBJECT
    short = cut_middle(titles[0], max(len(titles[0]) - over, 1))
    return cut_subject(subject_with(first_titles([short, *titles[1:]], 1, language)))


def first_titles(titles: Sequence[str], count: int, language: Language) -> str:
    """So many of the titles, and how many more there are.

    >>> first_titles(["Lease 7", "Lease 8", "Lease 9"], 1, "en")
    'Lease 7 and 2 more'
    """
    names = comma_list(titles[:count], language)
    if len(titles) <= count:
        return names
    return translate(language, "alert.titles", titles=names, count=len(titles) - count)


def cut_subject(subject: str) -> str:
    """The subject in one line, whatever it was."""
    return cut_middle(subject, LONGEST_SUBJECT)
