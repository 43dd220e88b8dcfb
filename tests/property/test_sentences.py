"""What is said of a point's bounds is what its bounds are, in every language."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from hypothesis import example, given

from tests.property.agreements import DAYS, agreements
from tests.property.examples import examples
from tests.property.test_changes import sound
from tracker.dates.bounds import precedes
from tracker.i18n.alerts import AlertReader, subject_of
from tracker.i18n.dates import long_moment
from tracker.i18n.points import possible_days_text
from tracker.i18n.translate import LANGUAGES, Language
from tracker.i18n.until import until_text
from tracker.timeline.points import Point, Timeline
from tracker.timeline.resolver import resolve

#: What each language says of a day that can come sooner, later, or never.
SOONER = {"en": "sooner", "ja": "早ま"}
LATER = {"en": "later", "ja": "遅くな"}
NEVER = {"en": "never", "ja": "到来しない"}
#: The same of what is in force, and in the subject of a reminder.
ENDLESS = {"en": "no end", "ja": "終わらない"}
LATER_OR_ENDLESS = {"en": ("later", "no end"), "ja": ("遅くな", "終わらない")}
AFTERWARDS = {"en": "later", "ja": "遅れる"}
NOT_AT_ALL = {"en": ("never", "not at all"), "ja": ("到来しない", "到来しません")}

EVERY_WAY = """id = "a"
timezone = "UTC"
[[event]]
id = "x"
title = "X"
when = "open"
[[event]]
id = "z"
title = "Z"
when = "open"
[[event]]
id = "moved"
title = "Moved"
when = "2027-06-30, or 2027-09-30 if z"
[[event]]
id = "sooner"
title = "Sooner"
when = "earliest of x, in 2028"
[[event]]
id = "either"
title = "Either"
when = "earliest of x, moved"
[[event]]
id = "never"
title = "Later or never"
when = "2027-06-30, or 30 days after (latest of z, 2027-12-31) if x"
[[event]]
id = "any"
title = "Any"
when = "2027-06-30, or 90 days after x if z"
[[event]]
id = "term"
title = "Term"
starts = 2026-01-01
ends = "earliest of x, through 2027"
[[event]]
id = "report"
title = "Report"
when = "10 days after each end of quarter"
during = "term"
"""


def agrees(point: Point, sentence: str, language: str) -> bool:
    """Whether a sentence says of the bounds of a point that stands what they are."""
    sooner, later, never = ways(point)
    latest = point.latest
    may_be_later = later or (never and not is_one_of_several(point))
    last_day = later and latest is not None and long_moment(latest, language) not in sentence
    return (
        (SOONER[language] in sentence) == sooner
        and (NEVER[language] in sentence) == never
        and (LATER[language] in sentence) == may_be_later
        and not last_day
    )


@examples(40)
@example(EVERY_WAY, date(2026, 11, 25))
@given(agreements(), DAYS)
def test_sooner_later_and_never_are_said_where_the_bounds_say_so(text: str, as_of: date) -> None:
    for point in filter(stands, resolve(sound(text), as_of).points):
        for language in LANGUAGES:
            assert agrees(point, possible_days_text(point, language) or "", language)


@examples(40)
@example(EVERY_WAY, date(2026, 11, 25))
@given(agreements(), DAYS)
def test_what_stands_on_no_single_day_says_on_which_days_it_does(text: str, as_of: date) -> None:
    for point in filter(stands, resolve(sound(text), as_of).points):
        for language in LANGUAGES:
            said = possible_days_text(point, language) or ""
            window = point.stands or ()
            assert len(set(window)) == 1 or all(
                long_moment(day, language) in said for day in window
            )


@examples(40)
@example(EVERY_WAY, date(2026, 11, 25))
@given(agreements(), DAYS)
def test_what_is_in_force_and_what_is_reminded_of_say_the_same(text: str, as_of: date) -> None:
    timeline = resolve(sound(text), as_of)
    for point in filter(stands, timeline.points):
        sooner, later, never = ways(point)
        for language in LANGUAGES:
            if point.side == "end" and not point.occurrence and not lapses(point):
                said = until_text(point, language, as_of)
                assert (SOONER[language] in said) == sooner
                assert any(word in said for word in LATER_OR_ENDLESS[language]) == (later or never)
                assert (ENDLESS[language] in said) == never
            if point.status == "may-move":
                said = subject(point, timeline, language)
                assert (SOONER[language] in said) == sooner
                assert (AFTERWARDS[language] in said) == (
                    later or (never and not is_one_of_several(point))
                )
                assert any(word in said for word in NOT_AT_ALL[language]) == never


def lapses(point: Point) -> bool:
    """Whether it ends unless it is renewed, which is said in words of its own."""
    return point.event.renews is not None and point.event.renews.only_if is not None


def is_one_of_several(point: Point) -> bool:
    """Whether only its coming is open where it has no last day: its line names nothing else."""
    line, each = point.line, point.line and point.line.each
    return point.occurrence is not None and (
        line is None or each is None or all(ref == each.of for ref in line.refs)
    )


def ways(point: Point) -> tuple[bool, bool, bool]:
    """Whether a point that stands can come sooner, later, never."""
    earliest, latest, stands = point.earliest, point.latest, point.stands
    assert earliest is not None
    assert stands is not None
    sooner = precedes(earliest, stands.earliest, point.zone, point.bounds.opens)
    later = latest is not None and precedes(stands.latest, latest, point.zone)
    return sooner, later, latest is None


def subject(point: Point, timeline: Timeline, language: Language) -> str:
    """That of a reminder of the point which goes out on the day of the view."""
    as_of = timeline.as_of
    reader = AlertReader(language, "UTC", datetime.combine(as_of, time(12), UTC), timeline)
    assert point.day is not None
    return subject_of("reminder", point, timeline.agreements[0], max(point.day, as_of), reader)


def stands(point: Point) -> bool:
    return point.stands is not None
