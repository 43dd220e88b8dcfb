"""Where no law is named: what `check` warns of, and what it notes, of days that are counted.

Worked by hand: 1 May 2027 is a Saturday, 3 to 5 May are holidays in Japan; 15 February 2027 is a
Monday and a holiday in the US; 28 February 2027 is a Sunday.
"""

from __future__ import annotations

from datetime import date

import pytest

from tracker.agreements.located import LocatedDiagnostic
from tracker.files.loading import read
from tracker.i18n.diagnostics import message_of
from tracker.timeline.resolver import resolve
from tracker.timeline.validation.warnings import find_warnings

JP, US = 'calendar = "JP"', 'calendar = "US"'
LAST_DAY = '[[event]]\nid = "y"\ntitle = "Y"\nwhen = "2027-02-28"\n'


def located(
    head: str, event: str, more: str = "", as_of: str = "2026-11-25"
) -> list[LocatedDiagnostic]:
    text = f'id = "a"\n{head}\n[[event]]\nid = "x"\ntitle = "X"\n{event}\n{more}'
    agreements, _ = read(["a.toml"], [text.encode()])
    return find_warnings(resolve(agreements, date.fromisoformat(as_of)))


def said(head: str, event: str, more: str = "", as_of: str = "2026-11-25") -> list[str]:
    """What is said: its kind, case, field and days."""
    return [
        " ".join(
            (
                warning.diagnostic.severity,
                warning.diagnostic.case,
                warning.field,
                *(value for name, value in warning.diagnostic.values if name in ("day", "reached")),
            )
        )
        for warning in located(head, event, more, as_of)
    ]


CLOSED = "warning counted-to-closed"


@pytest.mark.parametrize(
    ("head", "event", "expected"),
    [
        (JP, 'when = "10 days after 2027-04-21"', f"{CLOSED} when 2027-05-01"),
        (JP, 'when = "within 10 days after 2027-04-21"', f"{CLOSED} when 2027-05-01"),
        (JP, 'when = "2 weeks before 2027-05-15"', f"{CLOSED} when 2027-05-01"),
        (JP, 'when = "14 clear days after 2027-04-16"', f"{CLOSED} when 2027-05-01"),
        (JP, 'when = "not after (10 days after 2027-04-21)"', f"{CLOSED} when 2027-05-01"),
        (JP, 'when = "earliest of 10 days after 2027-04-21, 2027-06-01"',
         f"{CLOSED} when 2027-05-01"),
        (JP, 'starts = "2027-04-01"\nends = "30 days after start of x"',
         f"{CLOSED} ends 2027-05-01"),
        ("", 'when = "10 days after 2027-04-21"\ncalendar = "JP"', f"{CLOSED} when 2027-05-01"),
        (f'{JP}\nclosed = ["2027-06-01"]', 'when = "1 day after 2027-05-31"',
         f"{CLOSED} when 2027-06-01"),
        (JP, 'when = "10 days after 2027-04-21, or 20 days after 2027-04-21 if z"',
         f"{CLOSED} when 2027-05-01"),
    ],
)  # fmt: skip
def test_a_counted_deadline_on_a_closed_day_is_warned_of(
    head: str, event: str, expected: str
) -> None:
    maybe = '[[event]]\nid = "z"\ntitle = "Z"\nwhen = "open"\n'

    assert said(head, event, maybe) == [expected]


@pytest.mark.parametrize(
    ("head", "event"),
    [
        ("", 'when = "10 days after 2027-04-21"'),  # no calendar is known
        (JP, 'when = "10 days after 2027-04-20"'),  # an open day
        (JP, 'when = "2027-05-01"'),  # stated, not counted
        (JP, 'when = "through 2027-02"'),
        (JP, 'when = "end of month of (10 days after 2027-02-10)"'),  # the edge is not counted
        (JP, 'when = "latest of 10 days after 2027-04-21, 2027-06-01"'),  # it does not decide
        (JP, 'when = "10 days after in 2027-04"'),  # a forecast
        (JP, 'when = "within 10 days before 2027-05-01"'),  # the last day is stated
        (JP, 'when = "5 business days after 2027-04-28"'),
        (JP, 'when = "24 hours after 2027-04-30 12:00 Asia/Tokyo"'),
        (JP, 'when = "10 days after 2027-04-21"\nroll = "next"'),
        (JP, 'when = "10 days after 2027-04-21"\nroll = "none"'),
        (JP, 'when = "10 days after 2027-04-21"\ncounting = "jp-civil"'),
        (f'{JP}\ncounting = "jp-civil"', 'when = "2 weeks before 2027-05-15"'),
        (JP, 'when = "10 days after 2027-04-21"\noccurred = 2026-11-20'),  # it has happened
    ],
)
def test_where_nothing_is_left_open_nothing_is_warned_of(head: str, event: str) -> None:
    assert said(head, event) == []


def test_a_deadline_that_has_passed_is_warned_of_as_passed_alone() -> None:
    warnings = said(JP, 'when = "10 days after 2027-04-21"', as_of="2027-06-01")

    assert warnings == ["warning passed when 2027-05-01"]


def test_of_what_repeats_the_first_deadline_ahead_is_named_once() -> None:
    rent = '[[event]]\nid = "r"\ntitle = "R"\nwhen = "2027-01-10"\nrepeats = "1 month"\n'

    assert said(US, 'when = "5 days after each r"', rent) == [f"{CLOSED} when 2027-02-15"]


def test_what_is_offered_is_the_open_day_on_the_side_that_is_safe() -> None:
    (after,) = located(US, 'when = "30 days after 2027-01-16"')
    (before,) = located(US, 'when = "7 days before 2027-02-22"')

    offered = [(each.key, each.write, each.values) for each in after.diagnostic.suggestions]
    assert offered == [
        ("roll", "next", (("day", "2027-02-16"),)),
        ("roll", "none", (("day", "2027-02-15"),)),
    ]
    assert before.diagnostic.suggestions[0].write == "previous"
    assert before.diagnostic.suggestions[0].values == (("day", "2027-02-12"),)


SHORTENED = "warning notice-shortened"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ('when = "90 days before 2027-12-31"\nroll = "next"', [f"{SHORTENED} when"]),
        ('when = "90 days before 2027-12-31"\nroll = "modified-next"', [f"{SHORTENED} when"]),
        ('when = "3 business days before 2027-12-31"\nroll = "next"', [f"{SHORTENED} when"]),
        ('when = "earliest of 90 days before y, 2028-01-03"\nroll = "next"',
         [f"{SHORTENED} when"]),
        ('when = "90 days before 2027-12-31"\nroll = "previous"', []),
        ('when = "90 days after 2027-12-31"\nroll = "next"', []),
        ('when = "5 days after (90 days before 2027-12-31)"\nroll = "next"', []),
        ('when = "90 days before 2027-12-31"\nroll = "next"\ncounting = "us-frcp"', []),
    ],
)  # fmt: skip
def test_what_is_counted_back_and_rolled_on_shortens_the_notice(
    event: str, expected: list[str]
) -> None:
    assert said(US, event, LAST_DAY) == expected


KEPT = "note day-kept"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ('when = "9 months after 2026-06-30"', [f"{KEPT} when 2026-06-30 2027-03-30"]),
        ('when = "1 month after y"', [f"{KEPT} when 2027-02-28 2027-03-28"]),
        ('when = "within 1 month after y"', [f"{KEPT} when 2027-02-28 2027-03-28"]),
        ('when = "1 month before y"', [f"{KEPT} when 2027-02-28 2027-01-28"]),
        ('when = "earliest of 1 month after y, open-end"', [f"{KEPT} when 2027-02-28 2027-03-28"]),
        ('starts = "1 month after y"\nends = "1 year after start of x"',
         [f"{KEPT} starts 2027-02-28 2027-03-28"]),
        ('when = "1 month after 2027-01-31"', []),  # clamped: a month's end
        ('when = "1 month after 2027-03-30"', []),
        ('when = "30 days after y"', []),
        ('when = "end of month of (1 month after y)"', []),
        ('when = "end of week of (1 month after y)"', [f"{KEPT} when 2027-02-28 2027-03-28"]),
        ('when = "1 month after open-end"', []),
        ('when = "1 month after y"\ncalendar = "DE"\ncounting = "de-bgb"', []),
        ('when = "1 month after y"\ncalendar = "JP"\ncounting = "jp-civil"', []),
        ('when = "1 month after y"\noccurred = 2026-11-20', []),
    ],
)  # fmt: skip
def test_where_a_months_end_keeps_its_day_number_that_is_noted(
    event: str, expected: list[str]
) -> None:
    more = f'{LAST_DAY}[[event]]\nid = "open-end"\ntitle = "O"\nwhen = "open"\n'

    assert said("", event, more) == expected


def test_of_what_repeats_the_first_months_end_that_keeps_its_number_is_noted() -> None:
    # 31 January comes to 31 July; 28 February is the first whose number is kept.
    lease = '[[event]]\nid = "l"\ntitle = "L"\nstarts = "2027-01-01"\nends = "2027-06-30"\n'

    said_of = said("", 'when = "6 months after each end of month"\nduring = "l"', lease)

    assert said_of == [f"{KEPT} when 2027-02-28 2027-08-28"]


def test_the_note_offers_the_months_end() -> None:
    (note,) = located("", 'when = "earliest of 1 month after 2027-02-28, 2028-01-03"')

    assert [suggestion.write for suggestion in note.diagnostic.suggestions] == [
        "earliest of end of month of (1 month after 2027-02-28), 2028-01-03"
    ]
    assert "28" in message_of(note.diagnostic, "ja")
