"""What is said of a point's bounds is what its bounds are, in every language."""

from __future__ import annotations

from datetime import date

from hypothesis import example, given, settings

from tests.property.agreements import DAYS, agreements
from tests.property.test_changes import sound
from tracker.dates.bounds import precedes
from tracker.i18n.dates import long_moment
from tracker.i18n.points import possible_days_text
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.points import Point
from tracker.timeline.resolver import resolve

#: What each language says of a day that can come sooner, later, or never.
SOONER = {"en": "sooner", "ja": "早ま"}
LATER = {"en": "later", "ja": "遅くな"}
NEVER = {"en": "never", "ja": "到来しない"}

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
    earliest, latest, stands = point.earliest, point.latest, point.stands
    assert earliest is not None
    assert stands is not None
    sooner = precedes(earliest, stands.earliest, point.zone, point.bounds.opens)
    later = latest is not None and precedes(stands.latest, latest, point.zone)
    may_be_later = later or (latest is None and not point.occurrence)
    last_day = later and latest is not None and long_moment(latest, language) not in sentence
    return (
        (SOONER[language] in sentence) == sooner
        and (NEVER[language] in sentence) == (latest is None)
        and (LATER[language] in sentence) == may_be_later
        and not last_day
    )


@settings(max_examples=150)
@example(EVERY_WAY, date(2026, 11, 25))
@given(agreements(), DAYS)
def test_sooner_later_and_never_are_said_where_the_bounds_say_so(text: str, as_of: date) -> None:
    for point in standing_points(text, as_of):
        for language in LANGUAGES:
            assert agrees(point, possible_days_text(point, language) or "", language)


@settings(max_examples=150)
@example(EVERY_WAY, date(2026, 11, 25))
@given(agreements(), DAYS)
def test_what_stands_on_no_single_day_says_on_which_days_it_does(text: str, as_of: date) -> None:
    for point in standing_points(text, as_of):
        for language in LANGUAGES:
            said = possible_days_text(point, language) or ""
            window = point.stands or ()
            assert len(set(window)) == 1 or all(
                long_moment(day, language) in said for day in window
            )


def standing_points(text: str, as_of: date) -> list[Point]:
    timeline = resolve(sound(text), as_of)
    return [point for point in timeline.points if point.stands is not None]
