"""What `changes` says of what was amended and of what has passed by then: worked by hand.

Each row: what is stated, what the amendment of 10 January 2027 puts in its place, the two days, and
the lines. Behind "apart" stands what follows from the later day alone.
"""

from __future__ import annotations

from datetime import date

import pytest

from tests.rows import rows
from tracker.agreements.model import Agreement
from tracker.files.loading import read
from tracker.i18n.changes import sentences_on
from tracker.i18n.points import name_of
from tracker.i18n.translate import LANGUAGES
from tracker.timeline.comparison import changes
from tracker.timeline.differences import Changes, Difference, passing, reportable

PASSED = "apart x: has passed, with nothing recorded"
LATER = "x: moves 2 months later: from 15 January 2027 to 15 March 2027"
SOONER = "x: moves 3 months sooner: from 15 May 2027 to 15 February 2027"
AFTER_ALL = "x: moves 2 months 10 days later: from 5 January 2027 to 15 March 2027"
LAPSED = "apart x: has lapsed: its last day, 15 March 2027, passed with nothing recorded"
HANGING = (
    'when = "2027-01-15"\n[[event]]\nid = "y"\ntitle = "Y"\nwhen = "5 days after x"\n'
    '[[event]]\nid = "z"\ntitle = "Z"\nwhen = "not after (10 days after x)"'
)
RECORDED = '\n[[event]]\nid = "y"\ntitle = "Y"\nwhen = "open"\noccurred = 2027-01-05'
HAPPENED = "y: has happened: 5 January 2027"
HANGING_MOVED = [
    LATER,
    "y: moves 2 months later: from 20 January 2027 to 20 March 2027",
    "z: moves 2 months later: from 25 January 2027 to 25 March 2027",
]


def _agreement(stated: str, amended: str = "") -> tuple[Agreement, ...]:
    text = f'id = "a"\ntimezone = "UTC"\n[[event]]\nid = "x"\ntitle = "X"\n{stated}\n'
    if amended:
        text += '[[amendment]]\nid = "ext"\non = 2027-01-10\n[[amendment.event]]\nid = "x"\n'
        text += amended
    return read(["events.toml"], [text.encode()])[0]


def _between(agreements: tuple[Agreement, ...], first: str, last: str) -> Changes:
    return changes(agreements, agreements, date.fromisoformat(first), date.fromisoformat(last))


def _lines(found: Changes) -> list[str]:
    """Every sentence but that the line was changed, which is so of each row."""

    def lines(differences: list[Difference], head: str) -> list[str]:
        return [
            f"{head}{name_of(difference.point)}: {sentence}"
            for difference in differences
            for sentence in sentences_on(difference, found.timeline_of(difference), "en")
            if not sentence.startswith("is stated as")
        ]

    return [*lines(reportable(found.changed), ""), *lines(passing(found), "apart ")]


@rows(
    "stated, amended, first, last, expected",
    [
        # a deadline put off
        ('when = "2027-01-15"', 'when = "2027-03-15"', "2027-01-01", "2027-02-20", [LATER]),
        ('when = "2027-01-15"', 'when = "2027-03-15"', "2027-01-01", "2027-03-20", [LATER, PASSED]),
        ('when = "2027-01-15"', 'when = "2027-03-15"', "2027-01-12", "2027-03-20", [PASSED]),
        # … after it had passed, before the first day and behind it
        ('when = "2027-01-05"', 'when = "2027-03-15"', "2027-01-06", "2027-02-20", [AFTER_ALL]),
        ('when = "2027-01-05"', 'when = "2027-03-15"', "2027-01-06", "2027-03-20", [AFTER_ALL, PASSED]),
        ('when = "2027-01-05"', 'when = "2027-03-15"', "2027-01-03", "2027-03-20", [AFTER_ALL, PASSED]),
        # … brought forward
        ('when = "2027-05-15"', 'when = "2027-02-15"', "2027-01-01", "2027-02-01", [SOONER]),
        ('when = "2027-05-15"', 'when = "2027-02-15"', "2027-02-01", "2027-03-20", [PASSED]),
        ('when = "2027-05-15"', 'when = "2027-02-15"', "2027-01-01", "2027-03-20", [SOONER, PASSED]),
        # … that got its day, or lost it
        ('when = "open"', 'when = "2027-03-15"', "2027-01-01", "2027-03-20",
         ["x: no longer waits: it stands at 15 March 2027", PASSED]),
        ('when = "2027-01-15"', 'when = "open"', "2027-01-01", "2027-02-20",
         ["x: no longer stands at 15 January 2027: no day is known"]),
        # an instant
        ('when = "2027-01-15 12:00"', 'when = "2027-03-15 12:00"', "2027-01-01", "2027-03-20",
         ["x: moves 2 months later: from 15 January 2027, 12:00 (UTC) to 15 March 2027, 12:00 (UTC)",
          PASSED]),
        # a forecast
        ('when = "in 2027-01"', 'when = "in 2027-03"', "2027-01-01", "2027-04-20",
         [("x: moves 2 months later: any day from 1 March 2027 to 31 March 2027,"
           " before that any day from 1 January 2027 to 31 January 2027"), PASSED]),
        # an option
        ('when = "not after 2027-01-15"', 'when = "not after 2027-03-15"', "2027-01-01", "2027-02-20", [LATER]),
        ('when = "not after 2027-01-15"', 'when = "not after 2027-03-15"', "2027-01-01", "2027-03-20",
         [LATER, LAPSED]),
        ('when = "not after 2027-05-15"', 'when = "not after 2027-02-15"', "2027-01-01", "2027-03-20",
         [SOONER, "apart x: has lapsed: its last day, 15 February 2027, passed with nothing recorded"]),
        # … that had lapsed
        ('when = "not after 2027-01-05"', 'when = "not after 2027-03-15"', "2027-01-07", "2027-02-20",
         ["x: had lapsed, and can be used again through 15 March 2027"]),
        ('when = "not after 2027-01-05"', 'when = "not after 2027-03-15"', "2027-01-07", "2027-03-20",
         ["x: had lapsed, and can be used again through 15 March 2027", LAPSED]),
        ('when = "not after 2027-01-05"', 'when = "through 2027-03-15"', "2027-01-07", "2027-03-20",
         ["x: can come after all: 15 March 2027", PASSED]),
        # … that becomes a deadline, and the other way round
        ('when = "not after 2027-01-15"', 'when = "through 2027-03-15"', "2027-01-01", "2027-03-20",
         ["x: is no longer an option: its day is 15 March 2027", PASSED]),
        ('when = "2027-01-15"', 'when = "not after 2027-03-15"', "2027-01-01", "2027-03-20",
         ["x: is an option now: on any day through 15 March 2027, or not at all", LAPSED]),
        # what was withdrawn, and is so no longer
        ('when = "2027-01-15"\nwithdrawn = 2027-01-05', 'remove = ["withdrawn"]\nwhen = "2027-03-15"',
         "2027-01-07", "2027-02-20", ["x: was withdrawn, and is so no longer: 15 March 2027"]),
        ('when = "2027-01-15"\nwithdrawn = 2027-01-05', 'remove = ["withdrawn"]\nwhen = "2027-03-15"',
         "2027-01-07", "2027-03-20", ["x: was withdrawn, and is so no longer: 15 March 2027", PASSED]),
        ('when = "2027-01-15"\nwithdrawn = 2027-01-05', 'remove = ["withdrawn"]\nwhen = "open"',
         "2027-01-07", "2027-02-20", ["x: was withdrawn, and is so no longer; it has no day yet"]),
        # a term
        ('starts = "2027-03-10"', 'starts = "2027-01-15"', "2027-01-01", "2027-02-20",
         ["start of x: moves 1 month 23 days sooner: from 10 March 2027 to 15 January 2027",
          "apart start of x: takes effect"]),
        ('starts = "2026-01-01"\nends = "2027-01-15"', 'ends = "2027-03-15"', "2027-01-01", "2027-02-20",
         ["end of x: moves 2 months later: from 15 January 2027 to 15 March 2027"]),
        ('starts = "2026-01-01"\nends = "2027-01-15"', 'ends = "2027-03-15"', "2027-01-01", "2027-03-20",
         ["end of x: moves 2 months later: from 15 January 2027 to 15 March 2027",
          "apart end of x: is over"]),
        # … that was over
        ('starts = "2026-01-01"\nends = "2027-01-05"', 'ends = "2027-03-15"', "2027-01-07", "2027-03-20",
         ["start of x: is in force again",
          "end of x: moves 2 months 10 days later: from 5 January 2027 to 15 March 2027",
          "apart end of x: is over"]),
        # what hangs on it
        (HANGING, 'when = "2027-03-15"', "2027-01-01", "2027-02-20", HANGING_MOVED),
        (HANGING, 'when = "2027-03-15"', "2027-01-01", "2027-04-20",
         [*HANGING_MOVED, PASSED, "apart y: has passed, with nothing recorded",
          "apart z: has lapsed: its last day, 25 March 2027, passed with nothing recorded"]),
        # what was recorded is told as that
        ('when = "2027-01-15"\noccurred = 2027-02-01', 'when = "2027-03-15"', "2027-01-01", "2027-03-20",
         ["x: has happened: 1 February 2027 (42 days early)"]),
        ('when = "2027-01-15"\nwithdrawn = 2027-02-01', 'when = "2027-03-15"', "2027-01-01", "2027-03-20",
         ["x: is withdrawn; it stood at 15 January 2027"]),
        # what a record of something else has set, or moved
        (f'when = "10 days after y"{RECORDED}', "", "2027-01-01", "2027-01-12",
         ["x: no longer waits: it stands at 15 January 2027", HAPPENED]),
        (f'when = "10 days after y"{RECORDED}', "", "2027-01-01", "2027-02-20",
         ["x: no longer waits: it stands at 15 January 2027", HAPPENED, PASSED]),
        (f'when = "not after (10 days after y)"{RECORDED}', "", "2027-01-01", "2027-02-20",
         ["x: no longer waits: it stands at 15 January 2027", HAPPENED,
          "apart x: has lapsed: its last day, 15 January 2027, passed with nothing recorded"]),
        (f'when = "not after (earliest of y, 2027-02-10)"{RECORDED}', "", "2027-01-01", "2027-02-20",
         ["x: moves 1 month 5 days sooner: from 10 February 2027 to 5 January 2027",
          "x: no longer waits for y", HAPPENED,
          "apart x: has lapsed: its last day, 5 January 2027, passed with nothing recorded"]),
        (f'starts = "y"\nlasts = "1 month"{RECORDED}', "", "2027-01-01", "2027-02-20",
         ["start of x: no longer waits: it stands at 5 January 2027",
          "end of x: no longer waits: it stands at 4 February 2027", HAPPENED,
          "apart end of x: is over"]),
        (f'when = "2027-01-20, or 2027-02-10 if y"{RECORDED}', "", "2027-01-01", "2027-02-20",
         ["x: moves 21 days later: from 20 January 2027 to 10 February 2027",
          "x: no longer waits for y", HAPPENED, PASSED]),
        (f'when = "2027-01-15"{RECORDED}', 'when = "earliest of (30 days after y), 2027-03-15"',
         "2027-01-01", "2027-02-20",
         ["x: moves 20 days later: from 15 January 2027 to 4 February 2027", HAPPENED, PASSED]),
        (('when = "30 days after each y"\n[[event]]\nid = "y"\ntitle = "Y"\nwhen = "open"\n'
          'repeats = "as it happens"\noccurred = { a = 2027-01-05 }'), "", "2027-01-01", "2027-02-20",
         ["x@a: comes as well: 4 February 2027", "y@a: has happened: 5 January 2027",
          "apart x@a: has passed, with nothing recorded"]),
    ],
)  # fmt: skip
def test_what_was_amended_and_what_has_passed_are_told_each_once_and_apart(
    stated: str, amended: str, first: str, last: str, expected: list[str]
) -> None:
    found = _between(_agreement(stated, amended), first, last)

    assert _lines(found) == expected
    for difference in (*found.changed, *found.passing):
        for language in LANGUAGES:
            sentences_on(difference, found.timeline_of(difference), language)


@pytest.mark.parametrize(
    ("amended", "last"),
    [
        ("", "x@2027-04-15"),
        ('when = "2027-03-16"', "x@2027-04-16"),
        ('repeats = "2 months"', "x@2027-03-15"),
        ('repeats = "1 month, 3 in all"', "x@2027-03-15"),
    ],
)
def test_of_what_repeats_the_last_that_has_passed_is_told_apart_as_it_is_amended(
    amended: str, last: str
) -> None:
    monthly = 'when = "2027-01-15"\nrepeats = "1 month"'

    found = _between(_agreement(monthly, amended), "2027-01-01", "2027-04-20")

    lines = [line for line in _lines(found) if "has passed" in line]
    assert lines == [f"apart {last}: has passed, with nothing recorded"]
